"""Documents of an image built with Yocto: CycloneDX of the meta-cyclonedx layer, SPDX 2.2 of OpenEmbedded's create-spdx class."""

from collections.abc import Iterator

from jsontext import Layout, Members, stream
from parts import WHEN, Part, Product

CYCLONEDX_LAYOUT = Layout(indent=2, colon=": ", ascii_only=True, end="")
SPDX_LAYOUT = Layout(comma=", ", colon=": ", ascii_only=True, sort_keys=True, end="")
SUPPLIER = "Organization: OpenEmbedded ()"
MOST_NEEDS = 24
FILES = ("usr/lib/lib{}.so.{}", "usr/bin/{}", "etc/{}.conf", "usr/share/{}/defaults.json")


def cyclonedx(product: Product) -> Iterator[str]:
    """CycloneDX 1.6 JSON: a component for a recipe, without supplier; indented by two."""
    return stream(CYCLONEDX_LAYOUT, cyclonedx_members(product))


def cyclonedx_members(product: Product) -> Members:
    tool = {"type": "application", "name": "yocto", "bom-ref": product.uuid("tool")}
    return [
        ("bomFormat", "CycloneDX"),
        ("specVersion", "1.6"),
        ("serialNumber", f"urn:uuid:{product.uuid('serial')}"),
        ("version", 1),
        ("metadata", {"timestamp": WHEN.replace("Z", ".250817+00:00"), "tools": {"components": [tool]}}),
        ("components", map(component, product.parts())),
        ("dependencies", dependencies(product)),
    ]


def component(part: Part) -> dict[str, object]:
    """Every third recipe states the owner in CVE_PRODUCT, which becomes the group; so does a listed vendor's."""
    owner = part.maker.handle if part.listed or part.number % 3 == 0 else ""
    members: dict[str, object] = {
        "name": part.name,
        "version": part.version,
        "type": "library",
        "cpe": f"cpe:2.3:*:{owner or '*'}:{part.name}:{part.version}:*:*:*:*:*:*:*",
        "purl": f"pkg:yocto/{layer(part)}/{part.name}@{part.version}",
        "bom-ref": reference(part),
        "group": owner,
        "licenses": [{"license": {"id": licence, "acknowledgement": "declared"}} for licence in part.licences],
        "scope": "required",
    }
    return {name: value for name, value in members.items() if value}


def layer(part: Part) -> str:
    return part.dice("layer").pick(("core", "openembedded-layer", "networking-layer", "meta-python", "example-bsp"))


def reference(part: Part) -> str:
    known = part.digest("ref", 16)
    return f"{known[:8]}-{known[8:12]}-4{known[13:16]}-a{known[17:20]}-{known[20:]}"


def dependencies(product: Product) -> Iterator[dict[str, object]]:
    for part in product.parts():
        needed = [reference(product.part(index)) for index in product.needs(part.number, MOST_NEEDS)]
        if needed:
            yield {"ref": reference(part), "dependsOn": needed}


def spdx(product: Product) -> Iterator[str]:
    """SPDX 2.2 JSON. The class writes one document a recipe and one a package; here all stand in one, in turn a recipe and its package."""
    creation = {
        "comment": "This document was created by analyzing packages created during the build.",
        "created": WHEN,
        "creators": ["Tool: OpenEmbedded Core create-spdx.bbclass", "Organization: OpenEmbedded ()", "Person: N/A ()"],
        "licenseListVersion": "3.14",
    }
    return stream(
        SPDX_LAYOUT,
        [
            ("SPDXID", "SPDXRef-DOCUMENT"),
            ("creationInfo", creation),
            ("dataLicense", "CC0-1.0"),
            ("documentNamespace", f"http://spdx.org/spdxdoc/{product.name}-{product.uuid('namespace')}"),
            ("files", spdx_files(product)),
            ("name", product.name),
            ("packages", packages(product)),
            ("relationships", relationships(product)),
            ("spdxVersion", "SPDX-2.2"),
        ],
    )


def is_recipe(product: Product, part: Part) -> bool:
    """Even numbers are recipes. Beside a listed vendor's part both are, so that each such part is one component."""
    return part.number % 2 == 0 or part.listed or product.is_listed(part.number - 1)


def recipe(product: Product, part: Part) -> Part:
    return product.part(part.number - part.number % 2)


def files(part: Part) -> range:
    return range(1, part.dice("files").below(5) + 2)


def packages(product: Product) -> Iterator[dict[str, object]]:
    for part in product.parts():
        yield spdx_recipe(part) if is_recipe(product, part) else spdx_package(recipe(product, part), part)


def spdx_recipe(part: Part) -> dict[str, object]:
    owner = part.maker.handle if part.listed else "*"
    cpe = f"cpe:2.3:a:{owner}:{part.name}:{part.version}:*:*:*:*:*:*:*"
    return {
        "SPDXID": f"SPDXRef-Recipe-{part.name}",
        "copyrightText": "NOASSERTION",
        "description": f"{part.summary}. Written by {part.maker.name} and kept by {part.person}.",
        "downloadLocation": f"git+https://git.{part.maker.domain}/{part.name}.git@{part.digest('commit', 20)}",
        "externalRefs": [
            {"referenceCategory": "SECURITY", "referenceLocator": cpe, "referenceType": "http://spdx.org/rdf/references/cpe23Type"},
        ],
        "homepage": f"https://{part.name}.{part.maker.domain}/",
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": " AND ".join(part.licences),
        "licenseInfoFromFiles": ["NOASSERTION"],
        "name": part.name,
        "sourceInfo": f"CVEs fixed: CVE-2025-{part.dice('cve').below(8999) + 1000}",
        "summary": part.summary,
        "supplier": SUPPLIER,
        "versionInfo": part.version,
    }


def spdx_package(source: Part, part: Part) -> dict[str, object]:
    """The package of a recipe; it carries nothing of the maker."""
    return {
        "SPDXID": f"SPDXRef-Package-{source.name}",
        "copyrightText": "NOASSERTION",
        "downloadLocation": "NOASSERTION",
        "hasFiles": [spdx_file_id(source, number) for number in files(part)],
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": " AND ".join(source.licences),
        "licenseInfoFromFiles": ["NOASSERTION"],
        "name": source.name,
        "packageVerificationCode": {"packageVerificationCodeValue": part.digest("code", 20)},
        "supplier": SUPPLIER,
        "versionInfo": source.version,
    }


def spdx_file_id(source: Part, number: int) -> str:
    return f"SPDXRef-PackagedFile-{source.name}-{number}"


def spdx_files(product: Product) -> Iterator[dict[str, object]]:
    for part in product.parts():
        if not is_recipe(product, part):
            source = recipe(product, part)
            yield from (spdx_file(source, part, number) for number in files(part))


def spdx_file(source: Part, part: Part, number: int) -> dict[str, object]:
    sums = [("SHA1", part.digest(f"file {number}", 20)), ("SHA256", part.digest(f"file {number}", 32))]
    return {
        "SPDXID": spdx_file_id(source, number),
        "checksums": [{"algorithm": algorithm, "checksumValue": value} for algorithm, value in sums],
        "copyrightText": "NOASSERTION",
        "fileName": FILES[number % len(FILES)].format(source.name, source.version),
        "fileTypes": ["BINARY"],
        "licenseConcluded": "NOASSERTION",
        "licenseInfoInFiles": ["NOASSERTION"],
    }


def relationships(product: Product) -> Iterator[dict[str, str]]:
    for part in product.parts():
        if is_recipe(product, part):
            yield related("SPDXRef-DOCUMENT", f"SPDXRef-Recipe-{part.name}", "DESCRIBES")
            for number in sorted({index - index % 2 for index in product.needs(part.number, MOST_NEEDS)}):
                yield related(f"SPDXRef-Recipe-{product.part(number).name}", f"SPDXRef-Recipe-{part.name}", "BUILD_DEPENDENCY_OF")
            continue
        source = recipe(product, part)
        yield related(f"SPDXRef-Package-{source.name}", f"SPDXRef-Recipe-{source.name}", "GENERATED_FROM")
        for number in files(part):
            yield related(f"SPDXRef-Package-{source.name}", spdx_file_id(source, number), "CONTAINS")


def related(one: str, other: str, how: str) -> dict[str, str]:
    return {"relatedSpdxElement": other, "relationshipType": how, "spdxElementId": one}
