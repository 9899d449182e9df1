"""SPDX 2 under `--strict`: all five forms, the same answer as the official validator's on the whole, and places."""

import json
from collections import Counter
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from spdx_tools.spdx.model.document import Document
from spdx_tools.spdx.parser.jsonlikedict.json_like_dict_parser import JsonLikeDictParser
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
from spdx_tools.spdx.writer.rdf import rdf_writer
from spdx_tools.spdx.writer.tagvalue import tagvalue_writer
from spdx_tools.spdx.writer.xml import xml_writer

from sbomguard.strict.spdx2_words import plain
from tests.strict.documents import quoted, spdx2, told, violations


def official(tree: dict[str, Any]) -> Document:
    """The tree as the official library has it."""
    parser: Any = JsonLikeDictParser
    document: Document = parser().parse(deepcopy(tree))
    return document


def changed(*path: Any, value: Any) -> dict[str, Any]:
    """The document with one value replaced, or with one more at the end of a list."""
    tree = spdx2()
    part: Any = tree
    for step in path[:-1]:
        part = part[step]
    if isinstance(part, list) and path[-1] == len(part):
        part.append(value)
    else:
        part[path[-1]] = value
    return tree


RELATIONSHIP = {"spdxElementId": "SPDXRef-b", "relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-f"}

BROKEN_RULES: dict[str, tuple[dict[str, Any], str]] = {
    "licence that is not listed": (changed("packages", 0, "licenseDeclared", value="LicenseRef-none"), "/packages/0"),
    "licence of a file": (changed("files", 0, "licenseConcluded", value="Nonsense-1.0"), "/files/0"),
    "licence of a snippet": (changed("snippets", 0, "licenseInfoInSnippets", value=["Nonsense-1.0"]), "/snippets/0"),
    "reference to nothing": (changed("relationships", 3, value={**RELATIONSHIP, "relatedSpdxElement": "SPDXRef-x"}), "/relationships/3"),
    "relationship of nothing": (changed("relationships", 3, value={**RELATIONSHIP, "spdxElementId": "SPDXRef-x"}), "/relationships/3"),
    "reference to another document": (
        changed("relationships", 3, value={**RELATIONSHIP, "relatedSpdxElement": "DocumentRef-x:SPDXRef-y"}), "/relationships/3"),
    "file in a package whose files were not analysed": (changed("relationships", 3, value=RELATIONSHIP), "/packages/1"),
    "files in a package by its own list": (changed("packages", 1, "hasFiles", value=["SPDXRef-f"]), "/packages/1"),
    "snippet of nothing": (changed("snippets", 0, "snippetFromFile", value="SPDXRef-a"), "/snippets/0"),
    "annotation of nothing": (changed("files", 0, "annotations", 0, "SPDXID", value="SPDXRef-x"), "/files/0/annotations/0"),
    "absolute file name": (changed("files", 0, "fileName", value="/inflate.c"), "/files/0"),
    "odd SPDXID": (changed("packages", 1, "SPDXID", value="SPDXRef-a b"), "/packages/1"),
    "odd purl": (changed("packages", 1, "externalRefs", 0, "referenceLocator", value="agent"), "/packages/1"),
    "odd checksum": (changed("files", 0, "checksums", 0, "checksumValue", value="abc"), "/files/0"),
    "odd namespace": (changed("documentNamespace", value="made"), ""),
    "odd address": (changed("packages", 0, "homepage", value="zlib"), "/packages/0"),
    "range that ends before it begins": (changed("snippets", 0, "ranges", 0, "endPointer", "offset", value=0), "/snippets/0"),
    "data licence": (changed("dataLicense", value="MIT"), ""),
    "licence text without its text": (changed("hasExtractedLicensingInfos", 0, "extractedText", value=""), "/hasExtractedLicensingInfos/0"),
}  # fmt: skip


def test_a_valid_document() -> None:
    assert violations("a.spdx.json", json.dumps(spdx2())) == ()


@pytest.mark.parametrize("what", BROKEN_RULES)
def test_a_broken_rule_is_told_at_its_element(what: str) -> None:
    tree, pointer = BROKEN_RULES[what]
    assert pointer in [pointer for pointer, _ in told(violations("a.spdx.json", json.dumps(tree)))]


@pytest.mark.parametrize("what", BROKEN_RULES)
def test_the_rules_say_the_same_as_the_official_validator_on_the_whole(what: str) -> None:
    """Element by element with what is around it, against the library's own way, which looks at everything each time."""
    tree, _ = BROKEN_RULES[what]
    ours = Counter(problem for _, problem in told(violations("a.spdx.json", json.dumps(tree))))
    whole = official(tree)
    theirs = Counter(" ".join(message.validation_message.split())[:300] for message in validate_full_spdx_document(whole))
    assert Counter({said.removesuffix(" ..."): number for said, number in ours.items()}) == theirs != {}


def test_the_older_version_has_its_own_rules() -> None:
    tree = spdx2(spdxVersion="SPDX-2.2")
    assert violations("a.spdx.json", json.dumps(tree)) == ()
    tree["packages"][1]["primaryPackagePurpose"] = "LIBRARY"
    assert told(violations("a.spdx.json", json.dumps(tree))) == [("/packages/1", "primary_package_purpose is not supported in SPDX-2.2")]


@pytest.mark.parametrize(
    ("tree", "pointer", "said"),
    [
        (changed("packages", 1, "downloadLocation", value=None), "/packages/1", "Package: download_location is missing"),
        (changed("packages", 1, "comment", value=7), "/packages/1", "Package: comment is 7, and must be Optional[str]"),
        (changed("packages", 1, "supplier", value="Aurora"), "/packages/1", "Package: Actor Aurora doesn't match"),
        (changed("files", 0, value="agent"), "/files/0", "is not of the type that it should have"),
        (changed("packages", 0, "hasFiles", value=[5]), "/packages/0/hasFiles/0", ""),
        (changed("files", 0, "checksums", value=None), "/files/0", "File: checksums is missing"),
        (
            changed("relationships", 2, "relationshipType", value="LIKES"),
            "/relationships/2",
            "Relationship: Invalid RelationshipType: LIKES",
        ),
        (changed("creationInfo", "created", value="yesterday"), "", "Document: time data 'yesterday' does not match"),
        (changed("annotations", value=[{"comment": "?"}]), "/annotations/0", "Annotation: "),
        (changed("hasExtractedLicensingInfos", value={}), "/hasExtractedLicensingInfos", "is no list"),
    ],
)
def test_what_the_model_does_not_take_is_told_in_plain_words(tree: dict[str, Any], pointer: str, said: str) -> None:
    found = told(violations("a.spdx.json", json.dumps(tree)))
    assert any(where == pointer and problem.startswith(said) for where, problem in found), found


def test_every_element_that_the_model_does_not_take_is_told() -> None:
    tree = spdx2()
    for package in tree["packages"]:
        del package["downloadLocation"]
    assert [pointer for pointer, _ in told(violations("a.spdx.json", json.dumps(tree)))] == ["/packages/0", "/packages/1"]


def test_a_document_that_describes_nothing() -> None:
    tree = spdx2()
    del tree["relationships"][0]
    ((pointer, said),) = told(violations("a.spdx.json", json.dumps(tree)))
    assert (pointer, said.partition(":")[0]) == ("", "nothing says what the document describes")
    tree["documentDescribes"] = ["SPDXRef-a"]
    assert violations("a.spdx.json", json.dumps(tree)) == ()


def test_references_to_other_documents() -> None:
    other = {"externalDocumentId": "DocumentRef-x", "spdxDocument": "https://made.example/2",
             "checksum": {"algorithm": "SHA1", "checksumValue": "d6a770ba38583ed4bb4525bd96e50461655d2758"}}  # fmt: skip
    tree = changed("relationships", 3, value={**RELATIONSHIP, "relatedSpdxElement": "DocumentRef-x:SPDXRef-y"})
    tree["packages"][0]["licenseDeclared"] = "DocumentRef-x:LicenseRef-y"
    tree["externalDocumentRefs"] = [other]
    assert violations("a.spdx.json", json.dumps(tree)) == ()
    tree["externalDocumentRefs"] = [{**other, "externalDocumentId": "DocumentRef-z"}]
    assert [pointer for pointer, _ in told(violations("a.spdx.json", json.dumps(tree)))] == ["/packages/0", "/relationships/3"]


def test_values_that_would_keep_the_library_busy_for_ever_are_violations() -> None:
    slashes = changed("packages", 1, "externalRefs", 0, "referenceLocator", value="pkg:" + "/a@b?c#d" * 5000 + "\n\nx")
    ((pointer, said),) = told(violations("a.spdx.json", json.dumps(slashes)))
    assert (pointer, said[:22]) == ("/packages/1", "the locator 'pkg:/a@b?")
    brackets = "Organization: " + "(" * 90_000
    ((pointer, said),) = told(violations("a.spdx.json", json.dumps(changed("packages", 1, "supplier", value=brackets))))
    assert (pointer, said) == ("/packages/1", "supplier has more than 2000 characters")
    ((_, said),) = told(violations("a.spdx", TAG_VALUE.replace("PackageComment: ", f"PackageSupplier: {brackets}\nPackageComment: ")))
    assert said == "a person or organisation has more than 2000 characters"


def test_types_of_references_may_be_iris() -> None:
    tree = changed("packages", 1, "externalRefs", 0, "referenceType", value="http://spdx.org/rdf/references/purl")
    assert violations("a.spdx.json", json.dumps(tree)) == ()


# ---- the other forms


def written(form: str, tree: dict[str, Any], folder: Path) -> str:
    """The tree in another form, as the official library writes it."""
    if form == "yaml":
        return yaml.safe_dump(tree, sort_keys=False)
    path = folder / f"a.spdx.{form}"
    writer = {"spdx": tagvalue_writer, "rdf": rdf_writer, "xml": xml_writer}[form]
    writer.write_document_to_file(official(tree), str(path), validate=False)
    return path.read_text()


FORMS = ("yaml", "xml", "rdf", "spdx")


@pytest.mark.parametrize("form", FORMS)
def test_a_valid_document_in_another_form(form: str, tmp_path: Path) -> None:
    assert violations(f"a.spdx.{form}", written(form, spdx2(), tmp_path)) == ()


@pytest.mark.parametrize("form", FORMS)
def test_a_broken_rule_in_another_form(form: str, tmp_path: Path) -> None:
    tree = changed("files", 0, "fileName", value="/inflate.c")
    text = written(form, tree, tmp_path)
    (found,) = violations(f"a.spdx.{form}", text)
    assert found.problem == 'file name must not be an absolute path starting with "/", but is: /inflate.c'
    assert found.line > 1


def test_a_number_where_text_belongs_in_yaml() -> None:
    text = yaml.safe_dump(spdx2(), sort_keys=False).replace("versionInfo: '2'", "versionInfo: 2.5")
    (found,) = violations("a.spdx.yaml", text)
    assert told((found,)) == [("/packages/1", "Package: version is 2.5, and must be Optional[str]")]


def test_an_unquoted_date_in_yaml_is_no_violation() -> None:
    text = yaml.safe_dump(spdx2(), sort_keys=False).replace("created: '2026-01-01T00:00:00Z'", "created: 2026-01-01T00:00:00Z")
    assert "created: 2026" in text
    assert violations("a.spdx.yaml", text) == ()


TAG_VALUE = """SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: made
DocumentNamespace: https://made.example/1
Creator: Tool: by-hand
Created: 2026-01-01T00:00:00Z
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-a

PackageName: zlib
SPDXID: SPDXRef-a
PackageDownloadLocation: https://zlib.example/
FilesAnalyzed: false

PackageName: agent
SPDXID: SPDXRef-b
PackageDownloadLocation: NOASSERTION
FilesAnalyzed: false
PackageComment: <text>PackageName: not one
SPDXID: SPDXRef-c</text>
"""


@pytest.mark.parametrize(
    ("before", "after", "line", "there"),
    [
        ("Created: 2026-01-01T00:00:00Z", "Created: yesterday", 7, "yesterday"),
        ("FilesAnalyzed: false\n\n", "FilesAnalyzed: no\n\n", 13, "no"),
        ("PackageComment: ", "PackageSupplier: Aurora\nPackageComment: ", 19, "Aurora"),
        ("PackageComment: ", "PackageLicenseDeclared: MIT AND AND\nPackageComment: ", 19, "MIT AND AND"),
        ("PackageComment: ", "PackageHomePage: agent\nPackageComment: ", 16, "SPDXRef-b"),
    ],
)
def test_tag_value_has_lines(before: str, after: str, line: int, there: str) -> None:
    assert violations("a.spdx", TAG_VALUE) == ()
    text = TAG_VALUE.replace(before, after)
    (found,) = violations("a.spdx", text)
    assert (found.line, found.pointer, quoted(text, found)) == (line, f"line {line}", there)


def test_the_same_complaint_twice_has_two_lines() -> None:
    text = TAG_VALUE.replace("FilesAnalyzed: false", "FilesAnalyzed: no")
    assert [found.line for found in violations("a.spdx", text)] == [13, 18]


def test_an_element_of_tag_value_that_lacks_something_has_its_line() -> None:
    text = TAG_VALUE.replace("PackageDownloadLocation: NOASSERTION\n", "")
    (found,) = violations("a.spdx", text)
    assert (found.line, found.problem) == (15, "Package lacks download_location")


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_tag_value_make_no_difference(end: str) -> None:
    assert violations("a.spdx", TAG_VALUE.replace("\n", end)) == ()


def test_rdf_that_the_official_parser_gives_up_on_is_not_valid(tmp_path: Path) -> None:
    """It leaves the process where the document's namespace is not that of its name."""
    text = written("rdf", spdx2(), tmp_path).replace('rdf:about="https://made.example/1#SPDXRef-DOCUMENT"', 'rdf:about="SPDXRef-DOCUMENT"')
    assert violations("a.spdx.rdf", text) != ()


def test_nested_complaints_become_plain() -> None:
    assert plain("""Error while parsing Package: ['Error while parsing Checksum: ["no x"]', 'bad y']""") == "Package: Checksum: no x; bad y"
    assert plain("nothing nested [here") == "nothing nested [here"
