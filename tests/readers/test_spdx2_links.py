"""Names and links of SPDX 2 documents: by which URI others mean them, and what they mean of others, in every form alike."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from sbomguard import readers
from sbomguard.check import check
from sbomguard.errors import DocumentError
from sbomguard.model import Document, Link
from sbomguard.pack import Pack
from sbomguard.source import Source
from tests import made
from tests.readers import test_spdx2_other as other

NAMESPACE, OTHER, THIRD = "https://acme.example/made", "https://acme.example/other", "https://acme.example/third"
SHA1 = "A94A8FE5CCB19BA61C4C0873D391E987982FBBD3"


def relation(one: str, kind: str, related: str) -> dict[str, str]:
    return {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": related}


TREE: dict[str, Any] = {
    "spdxVersion": "SPDX-2.3",
    "SPDXID": "SPDXRef-DOCUMENT",
    "documentNamespace": NAMESPACE,
    "creationInfo": {"creators": ["Tool: by-hand"]},
    "externalDocumentRefs": [
        {"externalDocumentId": "DocumentRef-o", "spdxDocument": OTHER, "checksum": {"algorithm": "SHA1", "checksumValue": SHA1}},
        {"externalDocumentId": "DocumentRef-t", "spdxDocument": THIRD, "checksum": {"algorithm": "SHA256", "checksumValue": "ab"}},
    ],
    "packages": [{"SPDXID": "SPDXRef-a", "name": "a"}],
    "relationships": [
        relation("SPDXRef-a", "CONTAINS", "DocumentRef-o:SPDXRef-x"),
        relation("SPDXRef-a", "DEPENDS_ON", "DocumentRef-o:SPDXRef-x"),
        relation("DocumentRef-o:SPDXRef-y", "BUILD_DEPENDENCY_OF", "SPDXRef-a"),
        relation("SPDXRef-a", "CONTAINS", "DocumentRef-gone:SPDXRef-x"),
    ],
}
WANTED = [
    Link(target=OTHER, local="DocumentRef-o", algorithm="SHA-1", digest=SHA1.lower()),
    Link(target=THIRD, local="DocumentRef-t", algorithm="SHA-256", digest="ab", needed=False),
    Link(target=OTHER, element="SPDXRef-x", ref="SPDXRef-a", local="DocumentRef-o:SPDXRef-x"),
    Link(target=OTHER, element="SPDXRef-y", ref="SPDXRef-a", local="DocumentRef-o:SPDXRef-y"),
]


def as_tagvalue(tree: dict[str, Any]) -> str:
    lines = ["SPDXVersion: SPDX-2.3", "SPDXID: SPDXRef-DOCUMENT", f"DocumentNamespace: {tree['documentNamespace']}"]
    for item in tree["externalDocumentRefs"]:
        checksum = item["checksum"]
        words = (item["externalDocumentId"], item["spdxDocument"], f"{checksum['algorithm']}: {checksum['checksumValue']}")
        lines.append(f"ExternalDocumentRef: {' '.join(words)}")
    lines += ["PackageName: a", "SPDXID: SPDXRef-a", "PackageDownloadLocation: NONE"]
    for item in tree["relationships"]:
        lines.append(f"Relationship: {item['spdxElementId']} {item['relationshipType']} {item['relatedSpdxElement']}")
    return "\n".join((*lines, ""))


def as_rdf(tree: dict[str, Any]) -> str:
    """RDF/XML names elements of other documents by their IRIs; what has none cannot be named."""
    spaces = {item["externalDocumentId"]: item["spdxDocument"] for item in tree["externalDocumentRefs"]}
    inside = "".join(map(rdf_document, tree["externalDocumentRefs"]))
    start = f'<spdx:SpdxDocument rdf:about="{NAMESPACE}#SPDXRef-DOCUMENT"><spdx:specVersion>SPDX-2.3</spdx:specVersion>'
    elements = {"SPDXRef-a": '<spdx:Package rdf:about="%s#SPDXRef-a"><spdx:name>a</spdx:name>%s</spdx:Package>'}
    elements["DocumentRef-o:SPDXRef-y"] = f'<rdf:Description rdf:about="{OTHER}#SPDXRef-y"><!--%s-->%s</rdf:Description>'
    said = dict.fromkeys(elements, "")
    for item in tree["relationships"]:
        document, _, element = item["relatedSpdxElement"].rpartition(":")
        head, *rest = item["relationshipType"].lower().split("_")
        kind = head + "".join(word.title() for word in rest)
        space = spaces.get(document, NAMESPACE)
        said[item["spdxElementId"]] += (
            f'<spdx:relationship><spdx:Relationship><spdx:relationshipType rdf:resource="{other.TERMS}relationshipType_{kind}"/>'
            f'<spdx:relatedSpdxElement rdf:resource="{space}#{element}"/></spdx:Relationship></spdx:relationship>'
        )
    return other.rdf(f"{start}{inside}</spdx:SpdxDocument>", *(text % (NAMESPACE, said[name]) for name, text in elements.items()))


def rdf_document(item: dict[str, Any]) -> str:
    checksum = item["checksum"]
    return (
        f"<spdx:externalDocumentRef><spdx:ExternalDocumentRef><spdx:externalDocumentId>{item['externalDocumentId']}</spdx:externalDocumentId>"
        f'<spdx:spdxDocument rdf:resource="{item["spdxDocument"]}"/><spdx:checksum><spdx:Checksum>'
        f'<spdx:algorithm rdf:resource="{other.TERMS}checksumAlgorithm_{checksum["algorithm"].lower()}"/>'
        f"<spdx:checksumValue>{checksum['checksumValue']}</spdx:checksumValue></spdx:Checksum></spdx:checksum>"
        "</spdx:ExternalDocumentRef></spdx:externalDocumentRef>"
    )


FORMS: dict[str, Callable[[dict[str, Any]], str]] = {
    "json": json.dumps,
    "yaml": yaml.safe_dump,
    "xml": other.as_xml,
    "rdf-xml": as_rdf,
    "tag-value": as_tagvalue,
}


def read(text: str) -> Document:
    return readers.read(Source("made", text.encode()))


def without_places(document: Document) -> list[Link]:
    return [Link(**{field: getattr(link, field) for field in link.__struct_fields__ if field != "pointer"}) for link in document.links]


@pytest.mark.parametrize("form", FORMS)
def test_what_a_document_is_called_and_which_others_it_means(form: str) -> None:
    document = read(FORMS[form](TREE))
    assert document.serialisation == form
    assert document.names == (NAMESPACE,)
    assert without_places(document) == WANTED


@pytest.mark.parametrize("form", FORMS)
def test_a_link_points_at_where_it_is_said(form: str) -> None:
    text = FORMS[form](TREE)
    source = Source("made", text.encode())
    document = readers.read(source)
    places, lines = readers.locate(source), text.split("\n")
    for link in document.links:
        place = places.locate(link.pointer)
        said = "\n".join(lines[place.line - 1 : place.end_line])
        assert (link.element or link.local) in said, link


@pytest.mark.parametrize("form", FORMS)
def test_what_no_reference_explains_stays_a_gap(form: str) -> None:
    gap, *_ = read(FORMS[form](TREE)).gaps
    assert gap.ref == ("SPDXRef-x" if form == "rdf-xml" else "DocumentRef-gone:SPDXRef-x")


def test_what_the_document_describes_in_another_is_meant_too() -> None:
    tree = {**TREE, "relationships": [], "documentDescribes": ["SPDXRef-a", "DocumentRef-t:SPDXRef-z"]}
    link = read(json.dumps(tree)).links[-1]
    assert (link.target, link.element, link.ref, link.pointer) == (THIRD, "SPDXRef-z", "SPDXRef-DOCUMENT", "/documentDescribes/1")


@pytest.mark.parametrize(
    "reference", [None, 5, {}, {"externalDocumentId": "DocumentRef-o"}, {"spdxDocument": 5}, {"spdxDocument": OTHER, "checksum": "sha1"}]
)
def test_an_odd_reference_spoils_no_other(reference: Any) -> None:
    document = read(json.dumps({**TREE, "externalDocumentRefs": [reference, *TREE["externalDocumentRefs"]]}))
    assert [link for link in without_places(document) if link in WANTED] == WANTED
    assert bool(made.notes(document)) == (not isinstance(reference, dict) or 5 in reference.values() or "checksum" in reference)


@pytest.mark.parametrize("value", ["DocumentRef-o", ""])
def test_a_line_that_is_no_reference_is_a_problem(value: str) -> None:
    text = as_tagvalue({**TREE, "externalDocumentRefs": []}).replace("PackageName", f"ExternalDocumentRef: {value}\nPackageName", 1)
    document = read(text)
    assert [problem.pointer for problem in made.notes(document)] == ["line 4"]
    assert document.links == ()


def test_a_second_namespace_is_refused() -> None:
    with pytest.raises(DocumentError, match="line 3: has a second DocumentNamespace"):
        read(f"SPDXVersion: SPDX-2.3\nDocumentNamespace: {OTHER}\nDocumentNamespace: {THIRD}\n")


@pytest.mark.parametrize("form", ["json", "yaml", "xml", "tag-value"])
def test_what_is_described_is_told_as_the_edges_tell_it(form: str) -> None:
    root, part = "SPDXRef-DOCUMENT", "SPDXRef-a"
    said = [(root, "DESCRIBES", part), (part, "CONTAINS", "SPDXRef-b"), (part, "DESCRIBED_BY", root)]
    document = read(FORMS[form]({**TREE, "relationships": [relation(*words) for words in said]}))
    assert document.described == ("SPDXRef-a",)
    assert {child for edge in document.edges if edge.parent == document.root for child in edge.children} == {"SPDXRef-a"}


@pytest.mark.parametrize("form", FORMS)
def test_the_namespace_of_another_document_is_an_address_of_who_wrote_it(form: str) -> None:
    document = read(FORMS[form](TREE))
    found = [item for item in document.components if not item.counted]
    assert [(item.name, item.aside, [signal.value for signal in item.signals]) for item in found] == [
        ("DocumentRef-o", "other", [OTHER]),
        ("DocumentRef-t", "other", [THIRD]),
    ]
    assert [item.pointer for item in found] == [link.pointer for link in document.links[:2]]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("host", "levels"), [("huawei.com", ["review"]), ("spdx.org", []), ("huawei.acme.example", ["note"])])
def test_another_document_of_a_listed_vendor_is_for_review(form: str, host: str, levels: list[str], pack: Pack) -> None:
    given = {**TREE["externalDocumentRefs"][0], "spdxDocument": f"https://{host}/spdx/os"}
    text = FORMS[form]({**TREE, "externalDocumentRefs": [given], "relationships": []})
    assert [finding.level for finding in check([Source("made", text.encode())], pack, today=made.TODAY).findings] == levels
