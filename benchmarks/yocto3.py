"""Documents of an image built with Yocto 5.1 and later: SPDX 3.0.1 of OpenEmbedded's create-spdx class, one graph in one line.

Of four parts three are what a recipe downloads (a source package with patches and files), and one is a package that the build puts into
the image, with its files and the vulnerabilities that do not touch it. The numbers of elements are those of a real minimal image.
"""

from collections.abc import Iterator

from jsontext import Layout, stream
from parts import WHEN, Part, Product

LAYOUT = Layout(end="")
CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
BITBAKE = "http://spdx.org/spdxdocs/bitbake-3a9e2f6c-51d4-5c9b-9d52-6b6f0a3c7e10/bitbake"
AGENT, TOOL = f"{BITBAKE}/agent/OpenEmbedded", f"{BITBAKE}/tool/oe-spdx-creator_1_0"
FILES = ("usr/lib/lib{}.so.{}", "usr/bin/{}", "etc/{}.conf", "usr/share/{}/defaults-{}.json", "usr/share/{}/table-{}.bin")
MOST_NEEDS = 8

Element = dict[str, object]


def spdx(product: Product) -> Iterator[str]:
    """SPDX 3.0.1 JSON-LD."""
    return stream(LAYOUT, [("@context", CONTEXT), ("@graph", graph(product))])


def graph(product: Product) -> Iterator[Element]:
    """First who made the elements and when, then the elements by recipe, then the document and its root."""
    for part in product.parts():
        for number in range(2):
            yield {
                "type": "CreationInfo",
                "@id": creation(part, number),
                "created": WHEN,
                "createdBy": [AGENT],
                "createdUsing": [TOOL],
                "specVersion": "3.0.1",
            }
    about = creation(product.part(0))
    yield {"type": "Organization", "spdxId": AGENT, "creationInfo": about, "name": "OpenEmbedded"}
    yield {"type": "Tool", "spdxId": TOOL, "creationInfo": about, "name": "oe-spdx-creator 1.0"}
    for part in product.parts():
        yield from installed(product, part) if is_installed(part) else recipe(product, part)
    yield from ends(product, about)


def is_installed(part: Part) -> bool:
    return part.number % 4 == 3


def creation(part: Part, number: int = 0) -> str:
    return f"_:CreationInfo{2 * part.number + number}"


def base(part: Part) -> str:
    """What the identifiers of a recipe's elements begin with."""
    return f"http://spdx.org/spdxdocs/{part.name}-{part.digest('uuid', 16)}/{part.digest('hash', 32)}"


def element(kind: str, part: Part, path: str, **members: object) -> Element:
    return {"type": kind, "spdxId": f"{base(part)}/{path}", "creationInfo": creation(part), **members}


def related(part: Part, kind: str, source: str, how: str, targets: list[str], **members: object) -> Element:
    path = f"relationship/{part.digest(f'{source} {how}', 16)}"
    return element(kind, part, path, **{"from": source, "relationshipType": how, "to": targets, **members})


def hashed(part: Part, path: str) -> list[Element]:
    return [{"type": "Hash", "algorithm": "sha256", "hashValue": part.digest(path, 32)}]


def recipe(product: Product, part: Part) -> Iterator[Element]:
    """A build, what it downloads, and what it needs."""
    build = f"{base(part)}/build/recipe"
    sources = [f"source/{number}" for number in range(1, part.dice("sources").below(8) + 2)]
    yield element(
        "build_Build",
        part,
        "build/recipe",
        name=f"{part.name}:do_create_spdx:recipe",
        build_buildType="http://openembedded.org/bitbake/do_create_spdx/recipe",
    )
    yield element(
        "software_Package",
        part,
        sources[0],
        name=f"{part.name}-{part.version}.tar.gz",
        verifiedUsing=hashed(part, "tarball"),
        software_primaryPurpose="source",
        software_downloadLocation=f"https://download.{part.maker.domain}/releases/{part.name}-{part.version}.tar.gz",
    )
    for number, path in enumerate(sources[1:]):
        patch = part.dice(path).below(3) > 0
        yield element(
            "software_File",
            part,
            path,
            name=f"000{number}-{part.name}-use-the-build-flags.patch" if patch else f"run-{part.name}",
            verifiedUsing=hashed(part, path),
            software_primaryPurpose="patch" if patch else "source",
        )
    licence = element(
        "simplelicensing_LicenseExpression",
        part,
        f"license/3_24_0/{'_AND_'.join(part.licences)}",
        simplelicensing_licenseExpression=" AND ".join(part.licences),
        simplelicensing_licenseListVersion="3.24.0",
    )
    if part.number % 2 == 0:
        yield licence
    for path in sources:
        yield related(part, "Relationship", f"{base(part)}/{path}", "hasConcludedLicense", [str(licence["spdxId"])])
    yield related(part, "LifecycleScopedRelationship", build, "hasInput", [f"{base(part)}/{path}" for path in sources], scope="build")
    needed = [
        f"{base(other)}/build/recipe" for other in map(product.part, product.needs(part.number, MOST_NEEDS)) if not is_installed(other)
    ]
    if needed:
        yield related(part, "LifecycleScopedRelationship", build, "dependsOn", needed, scope="build")


def installed(product: Product, part: Part) -> Iterator[Element]:
    """What the recipe before it puts into the image, with its files and its vulnerabilities."""
    origin = product.part(part.number - 1)
    name = f"package/{part.name}"
    owner = part.maker.handle if part.listed else "*"
    yield element(
        "software_Package",
        part,
        name,
        description=part.summary,
        externalIdentifier=[
            {
                "type": "ExternalIdentifier",
                "externalIdentifierType": "cpe23",
                "identifier": f"cpe:2.3:*:{owner}:{part.name}:{part.version}:*:*:*:*:*:*:*",
            }
        ],
        name=part.name,
        summary=part.summary,
        software_primaryPurpose="install",
        software_homePage=f"https://{part.name}.{part.maker.domain}/",
        software_packageVersion=part.version,
    )
    paths = [f"{name}/file/{number}" for number in range(1, part.dice("files").below(20) + 2)]
    for number, path in enumerate(paths):
        shown = FILES[number % len(FILES)].format(origin.name, f"{part.version}.{number}")
        yield element("software_File", part, path, name=shown, verifiedUsing=hashed(part, path))
    yield related(part, "Relationship", f"{base(part)}/{name}", "contains", [f"{base(part)}/{path}" for path in paths])
    yield related(part, "LifecycleScopedRelationship", f"{base(origin)}/build/recipe", "hasOutput", [f"{base(part)}/{name}"], scope="build")
    for number in range(part.dice("cves").below(4) + 1):
        yield from vulnerability(part, f"CVE-2025-{part.dice(f'cve {number}').below(89999) + 10000}", f"{base(part)}/{name}")


def vulnerability(part: Part, name: str, target: str) -> Iterator[Element]:
    yield element(
        "security_Vulnerability",
        part,
        f"vulnerability/{name}",
        externalIdentifier=[
            {
                "type": "ExternalIdentifier",
                "externalIdentifierType": "cve",
                "identifier": name,
                "identifierLocator": [f"https://cveawg.mitre.org/api/cve/{name}", f"https://www.cve.org/CVERecord?id={name}"],
            }
        ],
    )
    yield {
        **related(
            part, "security_VexNotAffectedVulnAssessmentRelationship", f"{base(part)}/vulnerability/{name}", "doesNotAffect", [target]
        ),
        "security_vexVersion": "1.0.0",
        "security_impactStatement": "Another operating system only; the code is not built here.",
    }


def ends(product: Product, about: str) -> Iterator[Element]:
    """The image, the document and what it describes."""
    start = f"http://spdx.org/spdxdocs/{product.name}-{product.uuid('document')}"
    image, bill = f"{start}/rootfs/{product.name}", f"{start}/sbom/{product.name}"
    yield {"type": "software_Package", "spdxId": image, "creationInfo": about, "name": product.name, "software_primaryPurpose": "archive"}
    yield {
        "type": "Relationship",
        "spdxId": f"{start}/relationship/contains",
        "creationInfo": about,
        "from": image,
        "relationshipType": "contains",
        "to": [f"{base(part)}/package/{part.name}" for part in product.parts() if is_installed(part)] or [AGENT],
    }
    yield {
        "type": "software_Sbom",
        "spdxId": bill,
        "creationInfo": about,
        "name": product.name,
        "rootElement": [image],
        "software_sbomType": ["build"],
    }
    yield {
        "type": "SpdxDocument",
        "spdxId": f"{start}/document/{product.name}",
        "creationInfo": about,
        "name": product.name,
        "profileConformance": ["build", "core", "security", "simpleLicensing", "software"],
        "rootElement": [bill],
    }
