"""Rules of SPDX 2 that are broken in parts that nobody reads: one note a document, in every form that has the parts."""

import json
from typing import Any

import pytest

from sbomguard import readers
from sbomguard.model import Problem
from sbomguard.readers import jsontext
from sbomguard.source import Source
from tests.strict.documents import spdx2


def notes(text: str, name: str = "made") -> list[Problem]:
    return list(readers.read(Source(name, text.encode())).problems)


def changed(path: str, value: Any) -> str:
    """The sound document with another value at a path; None takes it away."""
    tree = spdx2()
    *steps, last = path.split("/")
    part: Any = tree
    for step in steps:
        part = part[int(step) if isinstance(part, list) else step]
    if value is None:
        del part[last]
    else:
        part[int(last) if isinstance(part, list) else last] = value
    return json.dumps(tree)


def test_a_sound_document_has_no_note() -> None:
    assert notes(json.dumps(spdx2())) == []


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ("creationInfo/created", "2026-01-01T00:00:00.123Z", "creationInfo"),
        ("creationInfo/creators", ["by hand"], "creationInfo"),
        ("creationInfo/creators", [], "creationInfo"),
        ("creationInfo/licenseListVersion", "redacted", "creationInfo"),
        ("dataLicense", "MIT", "dataLicense"),
        ("name", None, "name"),
        ("documentNamespace", "https://made.example/1#x", "documentNamespace"),
        ("packages/0/SPDXID", "SPDXRef-a+b", "packages/0"),
        ("packages/0/downloadLocation", None, "packages/0"),
        ("packages/0/downloadLocation", "somewhere", "packages/0"),
        ("packages/0/supplier", "Aurora GmbH", "packages/0"),
        ("packages/0/licenseConcluded", "BSD-3", "packages/0"),
        ("packages/0/licenseConcluded", "MIT OR", "packages/0"),
        ("packages/0/licenseConcluded", "(MIT", "packages/0"),
        ("packages/0/licenseDeclared", "LicenseRef-gone", "packages/0"),
        ("packages/0/licenseInfoFromFiles", ["nothing"], "packages/0"),
        ("packages/0/checksums", [{"algorithm": "SHA256", "checksumValue": "abc"}], "packages/0"),
        ("packages/0/checksums", [{"algorithm": "SHA1", "checksumValue": "A" * 40}], "packages/0"),
        ("packages/0/checksums", [{"algorithm": "FOO", "checksumValue": "a"}], "packages/0"),
        ("packages/0/filesAnalyzed", False, "packages/0"),
        ("packages/0/primaryPackagePurpose", "TOY", "packages/0"),
        ("packages/1/licenseInfoFromFiles", ["MIT"], "packages/1"),
        ("packages/1/hasFiles", ["SPDXRef-f"], "packages/1"),
        ("packages/1/externalRefs/0/referenceCategory", "FOO", "packages/1"),
        ("packages/1/externalRefs/0/referenceCategory", "SECURITY", "packages/1"),
        ("packages/1/externalRefs/0/referenceLocator", "agent", "packages/1"),
        ("files/0/fileName", "/lib/inflate.c", "files/0"),
        ("files/0/checksums", [], "files/0"),
        ("files/0/fileTypes", ["FOO"], "files/0"),
        ("files/0/licenseConcluded", "BSD-3", "files/0"),
        ("hasExtractedLicensingInfos/0/extractedText", "", "hasExtractedLicensingInfos/0"),
    ],
)
def test_a_broken_rule_is_noted_at_its_element(path: str, value: Any, place: str) -> None:
    (note,) = notes(changed(path, value))
    assert (note.pointer, note.message.startswith("SPDX 2.3 does not allow this: it ")) == (f"/{place}", True), note


@pytest.mark.parametrize(
    "licence",
    ["MIT", "mit", "GPL-2.0+", "GPL-2.0-or-later WITH Classpath-exception-2.0", "(MIT AND (ISC or Zlib))", "LicenseRef-own", "NONE",
     "NOASSERTION", "DocumentRef-other:LicenseRef-x"],
)  # fmt: skip
def test_licence_expressions_that_are_in_order(licence: str) -> None:
    assert notes(changed("packages/0/licenseConcluded", licence)) == []


@pytest.mark.parametrize("place", ["git+git@git.example:acme/x", "git+https://git.example/x@v1#sub", "zlib.example", "NOASSERTION",
                                   "ssh://git@git.example:22/x", "svn+http://svn.example/x"])  # fmt: skip
def test_download_locations_that_are_in_order(place: str) -> None:
    assert notes(changed("packages/0/downloadLocation", place)) == []


@pytest.mark.parametrize("key", ["licenseConcluded", "licenseDeclared", "copyrightText"])
def test_spdx_2_2_asks_for_more(key: str) -> None:
    (note,) = notes(changed(f"packages/1/{key}", None).replace("SPDX-2.3", "SPDX-2.2"))
    assert (note.pointer, key in note.message) == ("/packages/1", True)


def test_a_large_document_is_left_to_strict() -> None:
    text = changed("packages/0/licenseConcluded", "BSD-3")
    assert notes(text + " " * jsontext.STRICT_BELOW) == []


def test_what_is_noted_already_is_not_told_twice() -> None:
    (note,) = notes(changed("packages/1/name", None))
    assert note.message == "a package has no name"


@pytest.mark.parametrize(
    ("kinds", "said"), [(["DEPENDSON"], "'DEPENDSON': "), (["x", "y"], "'x' and 1 more"), ([None], "does not say its type")]
)
def test_relationships_of_unknown_types_are_counted_in_one_note(kinds: list[str | None], said: str) -> None:
    tree = spdx2()
    for kind in kinds:
        tree["relationships"].append({"spdxElementId": "SPDXRef-a", "relationshipType": kind, "relatedSpdxElement": "SPDXRef-b"})
    (note,) = notes(json.dumps(tree))
    assert (note.pointer, said in note.message) == ("/relationships/3", True), note


# ---- tag-value

TEXT = """SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: made
DocumentNamespace: https://made.example/1
Creator: Tool: by-hand
Created: 2026-01-01T00:00:00Z
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-a

PackageName: zlib
SPDXID: SPDXRef-a
PackageSupplier: Organization: Aurora GmbH
PackageDownloadLocation: https://zlib.example/zlib.tar.gz
FilesAnalyzed: true
PackageLicenseDeclared: Zlib AND LicenseRef-own
PackageChecksum: SHA1: d6a770ba38583ed4bb4525bd96e50461655d2758
ExternalRef: PACKAGE-MANAGER purl pkg:generic/zlib@1

FileName: ./inflate.c
SPDXID: SPDXRef-f
FileChecksum: SHA1: d6a770ba38583ed4bb4525bd96e50461655d2758
LicenseConcluded: Zlib

LicenseID: LicenseRef-own
ExtractedText: <text>do
as you like</text>
"""


def test_sound_tag_value_has_no_note() -> None:
    assert notes(TEXT) == []


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("T00:00:00Z", "T00:00:00.1Z", 1),
        ("Creator: Tool: by-hand\n", "", 1),
        ("Zlib AND", "BSD-3 AND", 10),
        ("SHA1: d6", "SHA1: D6", 10),
        ("FilesAnalyzed: true", "FilesAnalyzed: false", 10),
        ("SPDXRef-a", "SPDXRef-a+", 10),
        ("PACKAGE-MANAGER purl", "PACKAGE-MANAGER cpe", 10),
        ("./inflate.c", "/inflate.c", 19),
        ("FileChecksum: SHA1:", "FileChecksum: MD5:", 19),
        ("FileChecksum:", "PackageChecksum:", 21),
        ("LicenseID: LicenseRef-own", "LicenseID: own", 10),
        ("DESCRIBES SPDXRef-a", "describes SPDXRef-a", 8),
    ],
)
def test_the_same_rules_in_tag_value_have_the_line_of_their_element(old: str, new: str, line: int) -> None:
    (note,) = notes(TEXT.replace(old, new))
    assert note.pointer == f"line {line}", note


def test_a_tag_of_another_element_than_the_open_one_is_noted() -> None:
    (note,) = notes(TEXT + "FileComment: late\n")
    assert "of another element" in note.message


def test_yaml_and_xml_are_held_to_the_same_rules() -> None:
    import yaml

    tree = json.loads(changed("files/0/fileName", "/lib/inflate.c"))
    (note,) = notes(yaml.safe_dump(tree))
    assert (note.pointer, "absolute" in note.message) == ("/files/0", True)
    assert notes(yaml.safe_dump(spdx2())) == []
