"""Documents as syft writes them of a device's root file system, in one line."""

import re
from collections.abc import Iterator

from catalogers import Found, cpes, found
from jsontext import Layout, Members, stream
from parts import WHEN, Part, Product

LAYOUT = Layout()
TOOL = ("anchore", "syft", "1.18.1")
MOST_NEEDS = 4


def cyclonedx(product: Product) -> Iterator[str]:
    """CycloneDX 1.6 JSON."""
    return stream(LAYOUT, cyclonedx_members(product))


def cyclonedx_members(product: Product) -> Members:
    author, tool, version = TOOL
    metadata = {
        "timestamp": WHEN,
        "tools": {"components": [{"type": "application", "author": author, "name": tool, "version": version}]},
        "component": {"bom-ref": product.uuid("root")[-12:], "type": "file", "name": product.name, "version": product.version},
    }
    return [
        ("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json"),
        ("bomFormat", "CycloneDX"),
        ("specVersion", "1.6"),
        ("serialNumber", f"urn:uuid:{product.uuid('serial')}"),
        ("version", 1),
        ("metadata", metadata),
        ("components", map(component, product.parts())),
        ("dependencies", dependencies(product)),
    ]


def component(part: Part) -> dict[str, object]:
    fact = found(part)
    best, *others = cpes(fact)
    properties = [
        *fact.properties,
        *(("syft:cpe23", cpe) for cpe in others),
        *((f"syft:location:{number}:path", path) for number, path in enumerate(fact.locations)),
        *fact.metadata,
    ]
    members: dict[str, object] = {
        "bom-ref": reference(part, fact),
        "type": "library",
        "author": fact.author if fact.kind == "npm" else "",
        "publisher": fact.publisher,
        "name": fact.name,
        "version": fact.version,
        "description": fact.description,
        "licenses": [] if fact.kind == "go-module" else [{"license": {"id": licence}} for licence in part.licences],
        "cpe": best,
        "purl": fact.purl,
        "externalReferences": [{"url": fact.homepage, "type": "website"}] if fact.homepage else [],
        "properties": [{"name": name, "value": value} for name, value in properties],
    }
    return {name: value for name, value in members.items() if value}


def reference(part: Part, fact: Found) -> str:
    return f"{fact.purl}{'&' if '?' in fact.purl else '?'}package-id={part.digest('id', 8)}"


def dependencies(product: Product) -> Iterator[dict[str, object]]:
    for part in product.parts():
        needed = [product.part(index) for index in product.needs(part.number, MOST_NEEDS)]
        if needed:
            yield {"ref": reference(part, found(part)), "dependsOn": [reference(other, found(other)) for other in needed]}


def spdx(product: Product) -> Iterator[str]:
    """SPDX 2.3 JSON."""
    return stream(LAYOUT, spdx_members(product))


def spdx_members(product: Product) -> Members:
    creators = ["Organization: Anchore, Inc", "Tool: {1}-{2}".format(*TOOL)]
    creation = {"licenseListVersion": "3.25", "creators": creators, "created": WHEN}
    return [
        ("spdxVersion", "SPDX-2.3"),
        ("dataLicense", "CC0-1.0"),
        ("SPDXID", "SPDXRef-DOCUMENT"),
        ("name", product.name),
        ("documentNamespace", f"https://anchore.com/syft/dir/{product.name}-{product.uuid('namespace')}"),
        ("creationInfo", creation),
        ("packages", packages(product)),
        ("files", (spdx_file(part, path) for part in product.parts() for path in found(part).files)),
        ("hasExtractedLicensingInfos", [{"licenseId": "LicenseRef-GPL", "extractedText": "GPL"}]),
        ("relationships", relationships(product)),
    ]


def packages(product: Product) -> Iterator[dict[str, object]]:
    """The parts, then the directory that was read, which the document describes."""
    yield from map(package, product.parts())
    yield {
        "name": product.name,
        "SPDXID": root_id(product),
        "versionInfo": product.version,
        **dict.fromkeys(("supplier", "downloadLocation"), "NOASSERTION"),
        "filesAnalyzed": False,
        **dict.fromkeys(("licenseConcluded", "licenseDeclared", "copyrightText"), "NOASSERTION"),
        "primaryPackagePurpose": "FILE",
    }


def package(part: Part) -> dict[str, object]:
    fact = found(part)
    person = f"Person: {fact.author.replace('<', '(').replace('>', ')')}" if fact.author else ""
    members: dict[str, object] = {
        "name": fact.name,
        "SPDXID": package_id(part, fact),
        "versionInfo": fact.version,
        "supplier": person or "NOASSERTION",
        "originator": person,
        "downloadLocation": "NOASSERTION",
        "homepage": fact.homepage,
        "filesAnalyzed": bool(fact.files),
        "packageVerificationCode": {"packageVerificationCodeValue": part.digest("code", 20)} if fact.files else "",
        "sourceInfo": f"acquired package info from {fact.sources}: {', '.join(fact.locations)}",
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "LicenseRef-GPL" if fact.kind == "linux-kernel-module" else " AND ".join(part.licences),
        "copyrightText": "NOASSERTION",
        "description": fact.description,
        "externalRefs": [
            *(spdx_reference("SECURITY", "cpe23Type", cpe) for cpe in cpes(fact)),
            spdx_reference("PACKAGE-MANAGER", "purl", fact.purl),
        ],
    }
    return {name: value for name, value in members.items() if value != ""}


def spdx_reference(category: str, kind: str, locator: str) -> dict[str, str]:
    return {"referenceCategory": category, "referenceType": kind, "referenceLocator": locator}


def package_id(part: Part, fact: Found) -> str:
    return f"SPDXRef-Package-{fact.kind}-{spdx_word(fact.name)}-{part.digest('id', 8)}"


def file_id(part: Part, path: str) -> str:
    return f"SPDXRef-File-...{spdx_word('/'.join(path.split('/')[-3:]))}-{part.digest(path, 8)}"


def root_id(product: Product) -> str:
    return f"SPDXRef-DocumentRoot-Directory-{product.name}"


def spdx_word(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]+", "-", text)


def spdx_file(part: Part, path: str) -> dict[str, object]:
    sums = [("SHA1", part.digest(path, 20)), ("SHA256", part.digest(path, 32))]
    return {
        "fileName": path,
        "SPDXID": file_id(part, path),
        "fileTypes": ["APPLICATION", "BINARY"],
        "checksums": [{"algorithm": algorithm, "checksumValue": value} for algorithm, value in sums],
        "licenseConcluded": "NOASSERTION",
        "licenseInfoInFiles": ["NOASSERTION"],
        "copyrightText": "NOASSERTION",
    }


def relationships(product: Product) -> Iterator[dict[str, str]]:
    for part in product.parts():
        fact = found(part)
        own = package_id(part, fact)
        for path in fact.files:
            yield related(own, file_id(part, path), "CONTAINS")
        for other in map(product.part, product.needs(part.number, MOST_NEEDS)):
            yield related(package_id(other, found(other)), own, "DEPENDENCY_OF")
        yield related(root_id(product), own, "CONTAINS")
    yield related("SPDXRef-DOCUMENT", root_id(product), "DESCRIBES")


def related(one: str, other: str, how: str) -> dict[str, str]:
    return {"spdxElementId": one, "relatedSpdxElement": other, "relationshipType": how}
