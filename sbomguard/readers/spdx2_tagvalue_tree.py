"""SPDX 2 tag-value as the tree of the JSON form, for rules that look at all of a small document; and the lines where its elements begin."""

from collections.abc import Iterable, Iterator
from typing import Any

from sbomguard.model import Problem
from sbomguard.readers import spdx2_parts, tagvalue
from sbomguard.readers.spdx2_tagvalue_package import NAMES
from sbomguard.source import Source

_DOCUMENT = {"SPDXVersion": "spdxVersion", "DataLicense": "dataLicense", "DocumentName": "name", "DocumentNamespace": "documentNamespace"}
_CREATION = {"Created": "created", "LicenseListVersion": "licenseListVersion"}
_ELEMENTS = {"PackageName": "packages", "FileName": "files", "SnippetSPDXID": "snippets", "LicenseID": "hasExtractedLicensingInfos"}
_FIELDS = {
    **NAMES,
    "FilesAnalyzed": "filesAnalyzed",
    "PackageVerificationCode": "packageVerificationCode",
    "PackageLicenseConcluded": "licenseConcluded",
    "PackageLicenseDeclared": "licenseDeclared",
    "PackageCopyrightText": "copyrightText",
    "ReleaseDate": "releaseDate",
    "BuiltDate": "builtDate",
    "ValidUntilDate": "validUntilDate",
    "FileName": "fileName",
    "LicenseConcluded": "licenseConcluded",
    "FileCopyrightText": "copyrightText",
    "SnippetSPDXID": "SPDXID",
    "LicenseID": "licenseId",
    "ExtractedText": "extractedText",
}
_LISTS = {"PackageLicenseInfoFromFiles": "licenseInfoFromFiles", "LicenseInfoInFile": "licenseInfoInFiles", "FileType": "fileTypes"}
_OWNERS = {**dict.fromkeys(tagvalue.PACKAGE, "packages"), **dict.fromkeys(tagvalue.FILE, "files"),
           **dict.fromkeys(tagvalue.LICENCE, "hasExtractedLicensingInfos")}  # fmt: skip


def note(source: Source, version: str, noted: Iterable[str]) -> Iterator[Problem]:
    """At most one note on what the specification does not allow, as `spdx2_parts.note`."""
    tree = Tree(source)
    found = list(spdx2_parts.note(tree.tree, version, tree.pointer, noted))
    if not found and tree.misplaced:
        message = f"SPDX {version} does not allow this: it has a tag of another element than the one that is open {spdx2_parts.MORE}"
        found = [Problem(pointer=f"line {tree.misplaced}", message=message)]
    yield from found


class Tree:
    """The tree of a document that was read. `misplaced` is the first line whose tag belongs to another element than the open one."""

    def __init__(self, source: Source) -> None:
        self.tree: dict[str, Any] = {"SPDXID": "SPDXRef-DOCUMENT", "creationInfo": {"creators": []}, "relationships": []}
        self.lines: dict[tuple[str, int], int] = {}
        self.misplaced = 0
        self._open, self._kind = self.tree, ""
        self._package: dict[str, Any] = {}
        lines = tagvalue.Lines(source)
        for number, line in lines:
            tag, colon, value = line.partition(":")
            if not colon or tag not in tagvalue.TAGS:
                tag = lines.tag(number, line) if line else ""
            if tag:
                self._take(number, tag, lines.text(number, value).strip())

    def pointer(self, key: str, number: int) -> str:
        """The line where element N of a list begins, or else where the document does."""
        return f"line {self.lines.get((key, number), 1)}"

    def _take(self, number: int, tag: str, value: str) -> None:
        if tag in _ELEMENTS:
            self._begin(number, _ELEMENTS[tag])
        elif _OWNERS.get(tag, self._kind) != self._kind and not self.misplaced:
            self.misplaced = number
        if tag in _DOCUMENT:
            self.tree[_DOCUMENT[tag]] = value
        elif tag in _CREATION:
            self.tree["creationInfo"][_CREATION[tag]] = value
        elif tag == "Creator":
            self.tree["creationInfo"]["creators"].append(value)
        elif tag in _LISTS:
            self._open.setdefault(_LISTS[tag], []).append(value)
        elif tag in ("PackageChecksum", "FileChecksum"):
            name, _, digest = value.partition(":")
            self._open.setdefault("checksums", []).append({"algorithm": name.strip(), "checksumValue": digest.strip()})
        elif tag == "ExternalRef":
            names = ("referenceCategory", "referenceType", "referenceLocator")
            self._open.setdefault("externalRefs", []).append(dict(zip(names, value.split(None, 2), strict=False)))
        elif tag == "Relationship":
            self._relate(number, value)
        elif tag in _FIELDS:
            self._open[_FIELDS[tag]] = value

    def _begin(self, number: int, key: str) -> None:
        items = self.tree.setdefault(key, [])
        self._open, self._kind = {}, key
        self.lines[key, len(items)] = number
        items.append(self._open)
        if key == "packages":
            self._package = self._open
        elif key == "files" and self._package:
            self._package.setdefault("hasFiles", []).append(number)  # it belongs to the package that it follows (SPDX 2.3 clause 8)

    def _relate(self, number: int, value: str) -> None:
        parts = value.split(None, 2)
        if len(parts) == 3:
            self.lines["relationships", len(self.tree["relationships"])] = number
            self.tree["relationships"].append({"spdxElementId": parts[0], "relationshipType": parts[1], "relatedSpdxElement": parts[2]})
