"""What syft's catalogers find out about a part (Debian package, kernel module, Go module, npm package), and the CPEs it guesses."""

import re
from typing import NamedTuple
from urllib.parse import quote

from parts import Part


class Found(NamedTuple):
    """What a cataloger of syft found out about one part."""

    kind: str
    name: str
    version: str
    purl: str
    sources: str
    properties: tuple[tuple[str, str], ...]
    locations: tuple[str, ...]
    owners: tuple[str, ...]
    metadata: tuple[tuple[str, str], ...]
    author: str = ""
    publisher: str = ""
    description: str = ""
    homepage: str = ""
    files: tuple[str, ...] = ()


def found(part: Part) -> Found:
    """A part as one of the catalogers sees it; a listed vendor's part is never a kernel module, which would only name an author."""
    catalogers = (deb, go, npm) if part.listed else (deb, deb, deb, deb, module, module, module, go, npm, npm)
    return part.dice("cataloger").pick(catalogers)(part)


def deb(part: Part) -> Found:
    dice = part.dice("deb")
    version = f"{dice.pick(('', '', '1:'))}{part.version}-{dice.below(6) + 1}+deb12u{dice.below(4) + 1}"
    lib = f"usr/lib/aarch64-linux-gnu/lib{part.name}.so.{part.version}"
    return Found(
        kind="deb",
        name=part.name,
        version=version,
        purl=f"pkg:deb/debian/{part.name}@{quote(version, safe='')}?arch=arm64&distro=debian-12",
        sources="DPKG DB",
        properties=named("package", foundBy="dpkg-db-cataloger", type="deb", metadataType="dpkg-db-entry"),
        locations=(f"/usr/share/doc/{part.name}/copyright", f"/var/lib/dpkg/info/{part.name}.md5sums", "/var/lib/dpkg/status"),
        owners=prefixes(part.name),
        metadata=named("metadata", installedSize=str(dice.below(9000) + 40), source=part.name, sourceVersion=version),
        publisher=part.contact,
        files=(f"usr/share/doc/{part.name}/changelog.Debian.gz", lib)[: dice.below(3)],
    )


def module(part: Part) -> Found:
    dice = part.dice("module")
    name, kernel, author = part.name.replace("-", "_"), "6.1.0-50-arm64", f"{part.person} <dev@{part.maker.domain}>"
    path = f"/lib/modules/{kernel}/kernel/drivers/{dice.pick(('net', 'i2c', 'media', 'usb', 'spi', 'iio'))}/{part.name}.ko"
    knobs = tuple((f"syft:metadata:parameters:{knob}:description", f"{name}: {knob} (0-{dice.below(64)})") for knob in ("debug", "budget"))
    return Found(
        kind="linux-kernel-module",
        name=name,
        version="UNKNOWN",
        purl=f"pkg:generic/{name}",
        sources="linux kernel module files",
        properties=named("package", foundBy="linux-kernel-cataloger", type="linux-kernel-module", metadataType="linux-kernel-module"),
        locations=(path,),
        owners=prefixes(part.name),
        metadata=(
            *named("metadata", author=author, description=part.summary, kernelVersion=kernel, license="GPL", name=name),
            *knobs,
            *named("metadata", path=path, versionMagic=f"{kernel} SMP mod_unload modversions aarch64"),
        ),
        author=author,
    )


def go(part: Part) -> Found:
    path, version = f"github.com/{part.maker.handle}/{part.name}", f"v{part.version}"
    program = f"/usr/bin/{part.name.split('-')[0]}d"
    return Found(
        kind="go-module",
        name=path,
        version=version,
        purl=f"pkg:golang/{path}@{version}",
        sources="go module information",
        properties=named(
            "package", foundBy="go-module-binary-cataloger", language="go", type="go-module", metadataType="go-module-buildinfo-entry"
        ),
        locations=(program,),
        owners=(part.maker.handle, *prefixes(part.name)),
        metadata=named(
            "metadata", architecture="arm64", goCompiledVersion="go1.23.4", h1Digest=f"h1:{part.digest('h1', 21)}=", mainModule=path + "/v2"
        ),
    )


def npm(part: Part) -> Found:
    scope = f"@{part.maker.handle}/" if part.listed or part.number % 3 == 0 else ""
    homepage = f"https://github.com/{part.maker.handle}/{part.name}#readme"
    return Found(
        kind="npm",
        name=scope + part.name,
        version=part.version,
        purl=f"pkg:npm/{scope.replace('@', '%40')}{part.name}@{part.version}",
        sources="installed node module manifest file",
        properties=named(
            "package", foundBy="javascript-package-cataloger", language="javascript", type="npm", metadataType="javascript-npm-package"
        ),
        locations=(f"/srv/www/node_modules/{scope}{part.name}/package.json",),
        owners=(*([part.maker.handle] if scope else []), *prefixes(part.name)),
        metadata=(),
        author=f"{part.person} <dev@{part.maker.domain}>",
        description=part.summary,
        homepage=homepage,
    )


def named(group: str, **values: str) -> tuple[tuple[str, str], ...]:
    return tuple((f"syft:{group}:{name}", value) for name, value in values.items())


def prefixes(name: str) -> tuple[str, ...]:
    """Owners that syft guesses for a CPE: the whole name, then ever fewer of its words."""
    words = name.split("-")
    return tuple("-".join(words[:size]) for size in range(len(words), 0, -1))


def spellings(name: str) -> dict[str, None]:
    return dict.fromkeys((name, name.replace("-", "_")))


def cpes(fact: Found) -> list[str]:
    """Every guessed owner with every spelling of the product."""
    product, version = fact.name.rpartition("/")[2], escaped(fact.version.replace("UNKNOWN", "*"))
    owners = {spelling: None for owner in fact.owners for spelling in spellings(owner)}
    return [f"cpe:2.3:a:{escaped(owner)}:{escaped(name)}:{version}:*:*:*:*:*:*:*" for owner in owners for name in spellings(product)]


def escaped(text: str) -> str:
    return re.sub(r"[^\w.*-]", r"\\\g<0>", text)
