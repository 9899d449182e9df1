"""SPDX tag-value made of the members of an SPDX 2 JSON document, an item at a time, in the order in which syft writes it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from jsontext import Members
from parts import Product

Line = tuple[str, object]

# fmt: off
PACKAGE = {
    "name": "PackageName", "SPDXID": "SPDXID", "versionInfo": "PackageVersion", "supplier": "PackageSupplier",
    "originator": "PackageOriginator", "downloadLocation": "PackageDownloadLocation", "primaryPackagePurpose": "PrimaryPackagePurpose",
    "filesAnalyzed": "FilesAnalyzed", "packageVerificationCode": "PackageVerificationCode", "homepage": "PackageHomePage",
    "sourceInfo": "PackageSourceInfo", "licenseConcluded": "PackageLicenseConcluded",
    "licenseInfoFromFiles": "PackageLicenseInfoFromFiles", "licenseDeclared": "PackageLicenseDeclared",
    "copyrightText": "PackageCopyrightText", "summary": "PackageSummary", "description": "PackageDescription",
    "externalRefs": "ExternalRef",
}
FILE = {
    "fileName": "FileName", "SPDXID": "SPDXID", "fileTypes": "FileType", "checksums": "FileChecksum",
    "licenseConcluded": "LicenseConcluded", "licenseInfoInFiles": "LicenseInfoInFile", "copyrightText": "FileCopyrightText",
}
LICENCE = {"licenseId": "LicenseID", "extractedText": "ExtractedText"}
# fmt: on


def writer(members: Callable[[Product], Members]) -> Callable[[Product], Iterator[str]]:
    """The writer for the tag-value text of what a style writes as JSON."""
    return lambda product: stream(members(product))


def stream(members: Members) -> Iterator[str]:
    """The document in pieces; an iterator's items are made one at a time."""
    known: dict[str, Any] = dict(members)
    yield lines(head(known)) + "\n##### Unpackaged files\n\n"
    for item in known["files"]:
        yield lines(tagged(FILE, item)) + "\n"
    for item in known["packages"]:
        yield f"##### Package: {item['name']}\n\n{lines(tagged(PACKAGE, item))}\n"
    yield "##### Other Licenses\n\n"
    for item in known["hasExtractedLicensingInfos"]:
        yield lines(tagged(LICENCE, item)) + "\n"
    yield "##### Relationships\n\n"
    for item in known["relationships"]:
        yield f"Relationship: {item['spdxElementId']} {item['relationshipType']} {item['relatedSpdxElement']}\n"
    yield "\n"


def head(known: dict[str, Any]) -> Iterator[Line]:
    made = known["creationInfo"]
    yield from (("SPDXVersion", known["spdxVersion"]), ("DataLicense", known["dataLicense"]), ("SPDXID", known["SPDXID"]))
    yield from (("DocumentName", known["name"]), ("DocumentNamespace", known["documentNamespace"]))
    yield "LicenseListVersion", made["licenseListVersion"]
    yield from (("Creator", creator) for creator in made["creators"])
    yield "Created", made["created"]


def tagged(tags: dict[str, str], item: dict[str, Any]) -> Iterator[Line]:
    """The lines of an item, in the order of the tags; a list is a line for each value."""
    for name, tag in tags.items():
        if name in item:
            value = item[name]
            yield from ((tag, spelled(one)) for one in (value if isinstance(value, list) else [value]))


def spelled(value: Any) -> str:
    """A value as a line has it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return ": ".join(value.values()) if "algorithm" in value else " ".join(value.values())
    return f"<text>{value}</text>" if "\n" in value else str(value)


def lines(pairs: Iterable[Line]) -> str:
    return "".join(f"{tag}: {value}\n" for tag, value in pairs)
