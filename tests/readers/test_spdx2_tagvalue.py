"""SPDX tag-value: the same as from JSON; every line is a tag that SPDX knows; what tools read differently is refused; places are exact."""

import contextlib
import csv
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sbomguard import matchers
from sbomguard.errors import DocumentError, SbomguardError
from sbomguard.model import Component, Document, Place
from sbomguard.pack import Pack
from sbomguard.policy import Policy
from sbomguard.readers import spdx2_json, spdx2_tagvalue, tagvalue
from sbomguard.source import Source
from tests import made

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
HUAWEI = "Organization: Huawei Technologies Co., Ltd."

TREE: dict[str, Any] = {
    **json.loads(made.spdx([
        {"name": "libacme.so", "version": "1.10", "supplier": "Acmé & Söhne (a@acme.example)", "purl": "pkg:github/acme/x@1"},
        {"name": "radio", "version": "2", "author": "B. Ody <b@acme.example>", "fcc_id": "ABC-123", "type": "device"},
        {"name": "os", "manufacturer": "华为", "cpe": "cpe:2.3:o:acme:os:1:*:*:*:*:*:*:*", "url": "https://dl.acme.example/os",
         "type": "operating-system", "file": "os.img"},
        {"name": "bare"},
    ])),
    "files": [
        {"SPDXID": "SPDXRef-f", "fileName": "./lib/acme.ko", "fileContributors": ["Acme", "Person: B. Ody"]},
        {"SPDXID": "SPDXRef-g", "fileName": "./README"},
    ],
    "relationships": [
        {"spdxElementId": "SPDXRef-c0", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "SPDXRef-c1"},
        {"spdxElementId": "SPDXRef-c1", "relationshipType": "CONTAINED_BY", "relatedSpdxElement": "SPDXRef-c3"},
        {"spdxElementId": "SPDXRef-c2", "relationshipType": "CONTAINS", "relatedSpdxElement": "NOASSERTION"},
        {"spdxElementId": "SPDXRef-c2", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "DocumentRef-x:SPDXRef-y"},
    ],
}  # fmt: skip
TREE["packages"][0].update(
    homepage="https://acme.example",
    sourceInfo="acquired from /lib/a.so and /lib/b.ko",
    comment="PackageSupplier: Organization: nobody\n\nsee <text> and </tex> \x0c",
    copyrightText="(c) Acme\n  All rights reserved.\n",
)
del TREE["documentDescribes"]


# ---- the tree as tag-value

TAGS = {
    "name": "PackageName",
    "SPDXID": "SPDXID",
    "versionInfo": "PackageVersion",
    "packageFileName": "PackageFileName",
    "supplier": "PackageSupplier",
    "originator": "PackageOriginator",
    "downloadLocation": "PackageDownloadLocation",
    "homepage": "PackageHomePage",
    "sourceInfo": "PackageSourceInfo",
    "copyrightText": "PackageCopyrightText",
    "comment": "PackageComment",
    "primaryPackagePurpose": "PrimaryPackagePurpose",
}


def as_tagvalue(tree: dict[str, Any]) -> str:
    return "".join(f"{line}\n" for line in _lines(tree))


def _lines(tree: dict[str, Any]) -> Iterator[str]:
    yield from ("# made by hand", f"SPDXVersion: {tree['spdxVersion']}", "DataLicense: CC0-1.0", f"SPDXID: {tree['SPDXID']}")
    yield from (f"Creator: {creator}" for creator in tree["creationInfo"]["creators"])
    for item in tree.get("files", ()):
        yield from ("", "##### File", f"FileName: {item['fileName']}", f"SPDXID: {item['SPDXID']}", "LicenseConcluded: NOASSERTION")
        yield from (f"FileContributor: {contributor}" for contributor in item.get("fileContributors", ()))
    for item in tree.get("packages", ()):
        yield from ("", f"##### Package: {item.get('name')}", "")
        yield from (f"{tag}: {_value(item[name])}" for name, tag in TAGS.items() if name in item)
        yield from ("FilesAnalyzed: True", "PackageChecksum: SHA1: 00", "PackageChecksum: MD5: 00")
        for reference in item.get("externalRefs", ()):
            yield f"ExternalRef: {reference['referenceCategory']} {reference['referenceType']} {reference['referenceLocator']}"
    for item in tree.get("packages", ()):
        for note in item.get("annotations", ()):
            yield from (
                "",
                f"Annotator: {note['annotator']}",
                f"AnnotationComment: {_value(note['comment'])}",
                f"SPDXREF: {item['SPDXID']}",
            )
    for item in tree.get("relationships", ()):
        yield f"Relationship: {item['spdxElementId']} {item['relationshipType']} {item['relatedSpdxElement']}"


def _value(text: str) -> str:
    return f"<text>{text}</text>" if "\n" in text or text.startswith("<text>") else text


# ---- reading


def read(text: str | bytes) -> Document:
    return spdx2_tagvalue.read(Source("made.spdx", text.encode() if isinstance(text, str) else text))


HEAD = "SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\n"
PACKAGE = "PackageName: a\nSPDXID: SPDXRef-a\nPackageDownloadLocation: NONE\n"


def package(*lines: str) -> Component:
    """The only package, with those lines in it."""
    (only,) = read(_document(*lines)).components
    return only


def _document(*lines: str) -> str:
    return HEAD + PACKAGE + "".join(f"{line}\n" for line in lines)


def facts(document: Document) -> list[Any]:
    """What must be the same for the same SBOM in any form: all but where things stand."""
    return [
        (c.ref, c.name, c.version, c.type, c.component_class, c.purl, c.counted, c.malformed,
         [(s.kind, s.role, s.field, s.value) for s in c.signals]) for c in document.components
    ]  # fmt: skip


def from_json(tree: dict[str, Any]) -> Document:
    return spdx2_json.read(Source("made.json", json.dumps(tree).encode()))


def parties(item: Component) -> list[str]:
    return [signal.value for signal in item.signals if signal.kind == "party"]


# ---- the same as from JSON


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_everything_that_json_gives(ending: str) -> None:
    text = as_tagvalue(TREE)
    want, found = from_json(TREE), read(text.replace("\n", ending))
    assert facts(found) == facts(want)
    assert tuple(found.edges) == tuple(want.edges)
    assert (found.root, found.generator, found.format, found.version) == (want.root, want.generator, want.format, want.version)
    assert [gap.message for gap in found.gaps][1:] == [gap.message for gap in want.gaps]
    assert "lines that look like a package" in found.gaps[0].message
    assert found.serialisation == "tag-value"


def test_pointers_are_lines() -> None:
    text = as_tagvalue(TREE)
    lines = text.split("\n")
    found = read(text)
    for item in found.components:
        assert lines[int(item.pointer.removeprefix("line ")) - 1] in (f"PackageName: {item.name}", f"FileName: {item.name}")
    assert [lines[int(gap.pointer.removeprefix("line ")) - 1] for gap in found.gaps[1:]] == [
        "Relationship: SPDXRef-c2 CONTAINS NOASSERTION", "Relationship: SPDXRef-c2 DEPENDS_ON DocumentRef-x:SPDXRef-y",
    ]  # fmt: skip


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
DESCRIPTION = st.fixed_dictionaries(
    {"name": WORDS},
    optional={
        **dict.fromkeys(("version", "supplier", "manufacturer", "author", "file", "fcc_id"), WORDS),
        "purl": st.builds("pkg:generic/{}@1".format, WORDS),
        "url": st.builds("https://{}.example/".format, WORDS),
        "type": st.sampled_from(["library", "firmware", "device", "file"]),
    },
)


@given(st.lists(DESCRIPTION, max_size=4), st.integers(1, 300))
@example([{"name": "</text>", "supplier": "<text>", "author": "#"}], 1)
@example([{"name": "a", "supplier": ";"}], 1)
def test_any_packages_are_the_same_as_from_json(described: list[Any], piece: int) -> None:
    tree = json.loads(made.spdx(described))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tagvalue, "PIECE", piece)
        found = read(as_tagvalue(tree))
    assert facts(found) == facts(from_json(tree))


def met(document: Document, pack: Pack) -> list[Any]:
    """What ties each component to a vendor."""
    return [
        (item.ref, [(e.vendor, e.signal, e.field, e.found, e.strength, e.relation) for e in evidence])
        for item, evidence in matchers.match(document.components, pack.index, made.TODAY)
    ]


def test_every_example_of_the_shipped_vendors_meets_the_same(shipped: Policy, pack: Pack) -> None:
    for vendor in shipped.vendors.values():
        tree = json.loads(made.spdx([item for items in vendor.examples.values() for item in items]))
        text = as_tagvalue(tree)
        assert met(read(text), pack) == met(from_json(tree), pack)


@pytest.mark.parametrize("version", ["SPDX-2.1", "SPDX-2.2", "SPDX-2.3"])
def test_versions_that_are_read(version: str) -> None:
    found = read(f"SPDXVersion: {version}\n{PACKAGE}Relationship: SPDXRef-DOCUMENT describes SPDXRef-a\n")
    assert (found.version, found.root) == (version.removeprefix("SPDX-"), "SPDXRef-DOCUMENT")
    assert [(edge.parent, edge.children) for edge in found.edges] == [("SPDXRef-DOCUMENT", ("SPDXRef-a",))]


def test_cpes_that_the_generator_guessed_are_left_out_wherever_it_is_named() -> None:
    refs = ["ExternalRef: SECURITY cpe23Type cpe:2.3:a:huawei:a:1:*:*:*:*:*:*:*", "ExternalRef: PACKAGE-MANAGER purl pkg:npm/a@1"]
    text = _document(*refs)
    for creators in (text.replace("PackageName", "Creator: Tool: syft-1.0\nPackageName"), text + "Creator: Tool: syft-1.0\n"):
        (found,) = read(creators).components
        assert [(signal.kind, signal.at) for signal in found.signals if signal.kind != "name"] == [
            ("purl", "/externalRefs/1/referenceLocator")
        ]
    assert {signal.kind for signal in package(*refs).signals} == {"name", "cpe", "purl"}


GUESS = "ExternalRef: SECURITY cpe23Type cpe:2.3:a:huawei:a:1:*:*:*:*:*:*:*"
SYFT = f"{HEAD}Creator: Tool: syft-1.0\n"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("piece", [1, 60, 200, 1 << 14])
def test_what_stands_between_guessed_cpes_is_read_in_any_pieces(piece: int, ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagvalue, "PIECE", piece)
    guessed = f"{GUESS}\n{GUESS}\nExternalRef: PACKAGE-MANAGER purl pkg:npm/a@1\n{GUESS}\n"
    text = f"{SYFT}{PACKAGE}{guessed}PackageSupplier: Huawei\n{guessed}\n# b\nPackageName: b\n{guessed}PackageComment: <text>\n\n</text>\n"
    found = read(f"{text}{guessed}PackageName: c\n{GUESS}".replace("\n", ending)).components
    assert [(item.name, item.pointer, parties(item)) for item in found] == [
        ("a", "line 4", ["Huawei"]), ("b", "line 18", []), ("c", "line 30", [])
    ]  # fmt: skip
    want = [["purl", f"/externalRefs/{number}/referenceLocator"] for number in (2, 6)]
    assert [[[signal.kind, signal.at] for signal in item.signals if signal.kind in ("purl", "cpe")] for item in found] == [want, want, []]
    assert "may be cut off" in found[2].malformed


@pytest.mark.parametrize("before", ["FileName: x\n", "FileName: x\n# y\n", f"{PACKAGE}{GUESS}\nFileName: x\n", ""])
def test_a_guessed_cpe_outside_a_package_is_refused(before: str) -> None:
    text = "\n" * tagvalue.PIECE + before  # the generator is told in a piece before
    number = text.count("\n") + SYFT.count("\n") + 1
    with pytest.raises(DocumentError, match=f"at line {number}: has ExternalRef outside a package"):
        read(f"{SYFT}{text}{GUESS}\n{GUESS}\nPackageName: a\n")


def test_annotations_are_on_what_they_name_wherever_they_stand() -> None:
    comment = "Annotator: Person: x\nSPDXREF: SPDXRef-b\nAnnotationComment: <text>radio\nFCC ID: ABC123</text>\n"
    other = "PackageName: b\nSPDXID: SPDXRef-b\nPackageDownloadLocation: NONE\nPrimaryPackagePurpose: DEVICE\n"
    for text in (HEAD + comment + PACKAGE + other, HEAD + PACKAGE + other + comment, HEAD + PACKAGE + comment + other):
        first, second = read(text).components
        assert [signal.value for signal in second.signals if signal.kind == "fcc-id"] == ["ABC123"]
        assert (first.component_class, second.component_class) == ("software", "module")
        assert not [signal for signal in first.signals if signal.kind == "fcc-id"]


def test_utf_16_is_read_where_a_mark_says_so() -> None:
    assert [item.name for item in read((HEAD + PACKAGE).encode("utf-16")).components] == ["a"]


# ---- lines


@pytest.mark.parametrize(
    "line",
    ["PackageSupplier: Organization: Huawei", "PackageSupplier:Organization: Huawei", "PackageSupplier:\tOrganization: Huawei",
     "  PackageSupplier: Organization: Huawei  ", "PackageSupplier: <text>Organization: Huawei</text>",
     "PackageSupplier:   <text> Organization: Huawei </text> ", "PackageSupplier: <text>Organization:\nHuawei\n</text>",
     "PackageSupplier: Huawei"],
)  # fmt: skip
def test_how_a_value_may_be_written(line: str) -> None:
    assert parties(package(line)) == ["Huawei"]


@pytest.mark.parametrize("line", ["", "   ", "\t", "# PackageSupplier: x", "  # x", "#"])
def test_blank_lines_and_comments_are_no_matter(line: str) -> None:
    assert parties(package(line, "PackageSupplier: Organization: Huawei", line)) == ["Huawei"]


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ("PackageSuplier: Organization: Huawei", "PackageSupplier is meant?"),
        ("packagesupplier: Organization: Huawei", "PackageSupplier is meant?"),
        ("PackageSuppliers: Organization: Huawei", "PackageSupplier is meant?"),
        ("PackageSupplier : Organization: Huawei", "PackageSupplier is meant?"),
        ("\u00a0PackageSupplier: Organization: Huawei", "PackageSupplier is meant?"),
        ("PackageSupplier", "PackageSupplier is meant?"),
        ("Supplier Organization Huawei", "A text of several lines stands between <text> and </text>"),
        ("</text>", "A text of several lines stands between <text> and </text>"),
        ("PackageComment: <TEXT>x\n</TEXT>", "A text of several lines stands between <text> and </text>"),
        ("- x", "A text of several lines stands between <text> and </text>"),
    ],
)
def test_a_line_that_is_no_tag_is_refused(line: str, advice: str) -> None:
    with pytest.raises(DocumentError, match=r"made\.spdx at line [67]: has a line that is neither a tag of SPDX nor a comment") as caught:
        package(line)
    assert caught.value.advice == advice


@pytest.mark.parametrize("mark", "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
def test_a_character_at_which_only_some_readers_end_a_line_is_refused_but_in_texts(mark: str) -> None:
    with pytest.raises(DocumentError, match="at line 6: has a character at which some readers end a line"):
        package(f"PackageComment: x{mark}PackageSupplier: Organization: Acme", "PackageSupplier: Organization: Huawei")
    with pytest.raises(DocumentError, match="at line 6: has a character at which some readers end a line"):
        read(_document(f"PackageSupplier: Organization: Huawei {mark}{mark}").removesuffix("\n"))
    assert parties(package(f"PackageComment: <text>x\n{mark}y</text>", "PackageSupplier: Organization: Huawei")) == ["Huawei"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (_document("PackageComment: <text>x", "PackageSupplier: Organization: Huawei"), "at line 6: has a <text> that never ends"),
        (_document("PackageComment: <text>a</text> b</text>"), "at line 6: has something behind </text>: 'b</text>'"),
        (_document("PackageComment: <text>a", "b</text> PackageName: c"), "at line 7: has something behind </text>"),
        (_document("PackageVersion: 1\0"), "at line 6: has a NUL character"),
        (
            _document("PackageSupplier: NONE", "PackageSupplier: Organization: Huawei"),
            "at line 7: says PackageSupplier twice of one element",
        ),
        (_document("SPDXID: SPDXRef-b"), "at line 6: says SPDXID twice of one element"),
        (_document("PackageComment: a", "PackageComment: b"), "at line 7: says PackageComment twice of one element"),
        (_document("FileName: x", "PackageSupplier: Organization: Huawei"), "at line 7: has PackageSupplier outside a package"),
        (_document("FileName: x", "ExternalRef: a b c"), "at line 7: has ExternalRef outside a package"),
        (f"{HEAD}PackageSupplier: Organization: Huawei\n{PACKAGE}", "at line 3: has PackageSupplier outside a package"),
        (_document("SPDXVersion: SPDX-2.3"), "at line 6: has a second SPDXVersion"),
        (PACKAGE + HEAD, "at line 1: has PackageName before SPDXVersion"),
        ("DataLicense: CC0-1.0\n", "at line 1: has no SPDXVersion"),
        ("SPDXVersion: SPDX-2.4\n", "at line 1: says SPDXVersion 'SPDX-2.4'"),
    ],
)
def test_what_tools_read_differently_is_refused(text: str, problem: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read(text)
    assert f"made.spdx {problem}" in str(caught.value)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(DocumentError, match="is not valid UTF-8"):
        read(_document("PackageSupplier: Organization: Hua\xffwei").encode("latin-1"))


# ---- what is odd


def test_a_text_that_looks_like_a_package_is_a_gap() -> None:
    found = read(_document("PackageComment: <text>start", "PackageName: liteos", f"PackageSupplier: {HUAWEI}", "</text>"))
    assert [item.name for item in found.components] == ["a"]
    assert [gap.pointer for gap in found.gaps] == ["line 6"]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("ExternalRef: purl pkg:npm/a@1", "it has an ExternalRef that is not a category, a type and a locator"),
        ("PackageSupplier: Vendor: Huawei", "its PackageSupplier begins with 'Vendor:"),
        ("PackageSupplier: Organization:", "its PackageSupplier names nobody: 'Organization:'"),
        ("PackageOriginator: Person: ", "its PackageOriginator names nobody"),
    ],
)
def test_an_odd_package_is_noted_and_the_rest_is_read(line: str, problem: str) -> None:
    odd, sound = read(_document(line, *PACKAGE.split("\n"))).components
    assert odd.malformed.startswith(problem)
    assert sound.malformed == ""


@pytest.mark.parametrize("party", ["", "NOASSERTION", "Organization: OpenEmbedded ()", "Person: (a@b.example)", "Organization: ()", "Acme"])
def test_a_party_that_is_poor_or_left_out_is_not_odd(party: str) -> None:
    (item,) = read(_document(f"PackageSupplier: {party}")).components
    assert item.malformed == ""


def test_a_package_at_which_the_file_is_cut_off_is_noted() -> None:
    text = f"{HEAD}PackageName: a\nSPDXID: SPDXRef-a\nPackageSupplier: Organization: Hua"
    assert "may be cut off" in read(text).components[0].malformed
    assert read(f"{text}\nPackageDownloadLocation: NONE").components[0].malformed == ""


RELATIONSHIPS = ["Relationship: SPDXRef-a CONTAINS SPDXRef-b", "Relationship: SPDXRef-DOCUMENT describes SPDXRef-a",
                 "Relationship: SPDXRef-b DEPENDENCY_OF SPDXRef-gone"]  # fmt: skip


@pytest.mark.parametrize("piece", [1, 40, 60, 100, 170, 1000])
@pytest.mark.parametrize(
    ("extra", "odd"),
    [
        ("", False),
        ("Relationship: SPDXRef-a CONTAINS", True),
        ("Relationship: Relationship: CONTAINS SPDXRef-x SPDXRef-y", False),
        ("Relationship: SPDXRef-a CONTAINS SPDXRef-c and more", False),
        ("Relationship: <text>SPDXRef-a CONTAINS SPDXRef-c</text>", False),
        ("Relationship: <text>SPDXRef-a\nCONTAINS SPDXRef-c</text>", False),
        ("Relationship:SPDXRef-a CONTAINS SPDXRef-c", False),
        ("Relationship:  SPDXRef-a  CONTAINS\tSPDXRef-c ", False),
        ("# Relationship: SPDXRef-a CONTAINS SPDXRef-c", False),
        ("\nPackageName: late\nSPDXID: SPDXRef-late\nPackageDownloadLocation: NONE\n", False),
    ],
)
def test_relationships_are_the_same_in_any_pieces(extra: str, odd: bool, piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    text = _document(*RELATIONSHIPS * 3, extra, *RELATIONSHIPS * 3)
    whole = read(text)
    monkeypatch.setattr(tagvalue, "PIECE", piece)
    found = read(text)
    assert (found.gaps, found.problems, found.links, found.described) == (whole.gaps, whole.problems, whole.links, whole.described)
    assert tuple(found.edges) == tuple(whole.edges)
    assert len(tuple(found.edges)) == 18 + (not odd and "CONTAINS" in extra and not extra.startswith("#"))
    assert [problem.pointer for problem in made.notes(found) if "type" not in problem.message] == ["line 15"] * odd
    assert [gap.pointer for gap in found.gaps] == ["line 6"]


@pytest.mark.parametrize("mark", "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
@pytest.mark.parametrize("piece", [60, 1000])
def test_a_broken_line_among_relationships_is_refused(mark: str, piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagvalue, "PIECE", piece)
    with pytest.raises(DocumentError, match="at line 15: has a character at which some readers end a line"):
        read(_document(*RELATIONSHIPS * 3, f"Relationship: SPDXRef-a{mark}CONTAINS SPDXRef-b", *RELATIONSHIPS * 3))


def test_a_snippet_is_there_for_relationships() -> None:
    text = _document("Relationship: SPDXRef-a CONTAINS SPDXRef-s")
    assert [gap.ref for gap in read(text).gaps] == ["SPDXRef-s"]
    assert read(f"{text}SnippetSPDXID: SPDXRef-s\n").gaps == ()


def test_a_relationship_that_is_none_is_a_problem() -> None:
    found = read(_document("Relationship: SPDXRef-a CONTAINS"))
    assert [(problem.pointer, tuple(found.edges)) for problem in made.notes(found)] == [("line 6", ())]


@given(st.data())
def test_damage_raises_nothing_but_our_errors(data: st.DataObject) -> None:
    raw = bytearray(as_tagvalue(TREE).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(raw)))
        raw[start : start + data.draw(st.integers(0, 9))] = data.draw(
            st.binary(max_size=9) | st.sampled_from([b"\n", b"\r", b":", b"<text>"])
        )
    with contextlib.suppress(SbomguardError):
        read(bytes(raw))


# ---- places


def at(text: str, place: Place) -> str:
    """What stands at a place."""
    lines = text.replace("\r\n", "\n").split("\n")
    if place.line == place.end_line:
        return lines[place.line - 1][place.column - 1 : place.end_column - 1]
    first, *middle, last = lines[place.line - 1 : place.end_line]
    return "\n".join((first[place.column - 1 :], *middle, last[: place.end_column - 1]))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_places_are_exact(ending: str, encoding: str) -> None:
    text = as_tagvalue(TREE).replace("\n", ending)
    source = Source("made.spdx", text.encode(encoding))
    places = spdx2_tagvalue.locate(source)
    for item in spdx2_tagvalue.read(source).components:
        assert at(text, places.locate(item.pointer)) == item.name
        for signal in item.signals:
            found = at(text, places.locate(item.pointer + signal.at))
            assert signal.value in found
            assert found == found.strip()
            assert signal.kind not in ("purl", "cpe", "url") or found == signal.value


@pytest.mark.parametrize(
    ("line", "want"),
    [
        ("PackageSupplier: Organization: Huawei", "Organization: Huawei"),
        ("PackageSupplier:Organization: Huawei  ", "Organization: Huawei"),
        (" \tPackageSupplier: \tOrganization: Huawei", "Organization: Huawei"),
        ("PackageSupplier: <text>Organization: Huawei</text>", "Organization: Huawei"),
        ("PackageSupplier: <text>Organization:\nHuawei</text>", "Organization:\nHuawei"),
        ("PackageComment: <text>\nPackageSupplier: no\n</text>\nPackageSupplier: Organization: Hüa", "Organization: Hüa"),
    ],
)
def test_the_place_of_a_value(line: str, want: str) -> None:
    text = _document(line) + PACKAGE + "PackageSupplier: Organization: other\n"
    places = spdx2_tagvalue.locate(Source("made.spdx", text.encode()))
    assert at(text, places.locate("line 3/supplier")) == want
    assert at(text, places.locate("line 3/originator")) == "a"


def test_the_place_of_an_annotation() -> None:
    notes = "".join(
        f"Annotator: x\nSPDXREF: {ref}\nAnnotationComment: FCC ID: {text}\n" for ref, text in (("SPDXRef-b", "B1"), ("SPDXRef-a", "A1"))
    )
    text = HEAD + notes + PACKAGE
    places = spdx2_tagvalue.locate(Source("made.spdx", text.encode()))
    assert at(text, places.locate("line 9/annotations/0/comment")) == "FCC ID: A1"


# ---- real documents


def manifest() -> list[Any]:
    if not CORPUS.is_dir():
        return [pytest.param({}, marks=pytest.mark.skip(reason="the corpus is not beside the repository"))]
    with (CORPUS / "manifest.tsv").open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [pytest.param(row, id=row["path"]) for row in rows if row["serialisation"].startswith("tag-value")]


ODD = {
    "malformed/spdx-tv-unclosed-text.spdx": "has a <text> that never ends",
    "malformed/spdx-tv-multiline-text.spdx": "1 of 2 is in a text",
}


@pytest.mark.parametrize("row", manifest())
def test_real_documents(row: dict[str, str]) -> None:
    source = Source(row["path"], (CORPUS / row["path"]).read_bytes())
    assert spdx2_tagvalue.accepts(source.data[:4096])
    if row["path"] in ODD:
        with contextlib.suppress(DocumentError):
            assert spdx2_tagvalue.read(source).gaps
        return
    found = spdx2_tagvalue.read(source)
    assert sum(item.counted for item in found.components) == int(row["component_count"])
    assert row["path"].startswith("malformed/") or not [item for item in found.components if item.malformed]


@pytest.mark.filterwarnings("ignore")  # the library leaves files open
@pytest.mark.parametrize("row", manifest())
def test_real_documents_as_the_official_library_reads_them(row: dict[str, str]) -> None:
    parse = pytest.importorskip("spdx_tools.spdx.parser.parse_anything")
    if row["path"].startswith("malformed/") or int(row["bytes"]) > 20_000:
        pytest.skip("hand-made, or slow to read for the library")
    logging.disable(logging.CRITICAL)
    try:
        library = parse.parse_file(str(CORPUS / row["path"]))
    except Exception as error:  # the library aborts on odd values with errors of many kinds
        pytest.skip(f"the library does not read it: {type(error).__name__}")
    finally:
        logging.disable(logging.NOTSET)
    found = spdx2_tagvalue.read(Source(row["path"], (CORPUS / row["path"]).read_bytes()))
    want = sorted((item.spdx_id, item.name, item.version or "") for item in library.packages)
    assert sorted((item.ref, item.name, item.version) for item in found.components if item.counted) == want
