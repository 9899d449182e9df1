"""SPDX 2 as YAML, XML and RDF/XML: the same as its JSON form, strict where tools differ, with places; spdx-tools as the oracle."""

import contextlib
import gc
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sbomguard.errors import DocumentError, SbomguardError
from sbomguard.limits import Limits
from sbomguard.model import Component, Document
from sbomguard.readers import spdx2_json, spdx2_rdf, spdx2_xml, spdx2_yaml
from sbomguard.source import Source
from tests import made

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
NAMESPACE = "https://acme.example/made"
TERMS = "http://spdx.org/rdf/terms#"

TREE: dict[str, Any] = {
    **json.loads(made.spdx([
        {"name": "libacme.so", "version": "1.10", "supplier": "Acmé & Söhne (a@acme.example)", "purl": "pkg:github/acme/x@1"},
        {"name": "radio", "version": "2", "author": "B. Ody <b@acme.example>", "fcc_id": "ABC-123", "type": "device"},
        {"name": "os", "manufacturer": "华为", "cpe": "cpe:2.3:o:acme:os:1:*:*:*:*:*:*:*", "url": "https://dl.acme.example/os",
         "type": "operating-system"},
    ])),
    "documentNamespace": NAMESPACE,
    "files": [{"SPDXID": "SPDXRef-f", "fileName": "./lib/acme.ko", "fileContributors": ["Acme", "Person: B. Ody"]}],
    "relationships": [
        {"spdxElementId": "SPDXRef-c0", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "SPDXRef-c1"},
        {"spdxElementId": "SPDXRef-c2", "relationshipType": "CONTAINS", "relatedSpdxElement": "NOASSERTION"},
    ],
}  # fmt: skip


# ---- the tree in each form


def as_yaml(tree: dict[str, Any]) -> str:
    return yaml.safe_dump(tree, sort_keys=False, allow_unicode=True)


def as_xml(tree: dict[str, Any]) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_xml("Document", tree)}\n'


def _xml(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_xml(name, item) for item in value)
    if isinstance(value, dict):
        inside = "\n".join(_xml(key, item) for key, item in value.items())
        return f"<{name}>\n{inside}</{name}>\n"
    return f"<{name}>{escape(str(value))}</{name}>"


def as_rdf(tree: dict[str, Any]) -> str:
    """RDF/XML as the SPDX tools write it: elements in relationships, values of a vocabulary as resources."""
    described = "".join(f"<spdx:describesPackage rdf:resource={_iri(ref)}/>" for ref in tree["documentDescribes"])
    creators = "".join(_literal("creator", creator) for creator in tree["creationInfo"]["creators"])
    info = f"<spdx:creationInfo><spdx:CreationInfo>{creators}</spdx:CreationInfo></spdx:creationInfo>"
    head = _literal("specVersion", tree["spdxVersion"]) + info
    nodes = [f"<spdx:SpdxDocument rdf:about={_iri('SPDXRef-DOCUMENT')}>{head}{described}</spdx:SpdxDocument>"]
    nodes += [_rdf_package(item, tree["relationships"]) for item in tree["packages"]]
    for item in tree["files"]:
        contributors = "".join(_literal("fileContributor", name) for name in item["fileContributors"])
        nodes.append(f"<spdx:File rdf:about={_iri(item['SPDXID'])}>{_literal('fileName', item['fileName'])}{contributors}</spdx:File>")
    return rdf(*nodes)


def rdf(*nodes: str) -> str:
    spaces = "".join(f' xmlns:{prefix}="{iri}"' for prefix, iri in (("rdf", spdx2_rdf.RDF), ("rdfs", spdx2_rdf.RDFS), ("spdx", TERMS)))
    return "\n".join((f"<rdf:RDF{spaces}>", *nodes, "</rdf:RDF>"))


def _rdf_package(item: dict[str, Any], relationships: list[dict[str, str]]) -> str:
    texts = [
        _literal(field, item[field])
        for field in ("name", "versionInfo", "supplier", "originator", "packageFileName", "summary")
        if field in item
    ]
    place = item["downloadLocation"]
    texts.append(_literal("downloadLocation", place) if ":" in place else f'<spdx:downloadLocation rdf:resource="{TERMS}noassertion"/>')
    texts.append(f'<spdx:primaryPackagePurpose rdf:resource="{TERMS}purpose_{item["primaryPackagePurpose"].lower()}"/>')
    for reference in item["externalRefs"]:
        kind = f'<spdx:referenceType rdf:resource="http://spdx.org/rdf/references/{reference["referenceType"]}"/>'
        locator = _literal("referenceLocator", reference["referenceLocator"])
        texts.append(f"<spdx:externalRef><spdx:ExternalRef>{kind}{locator}</spdx:ExternalRef></spdx:externalRef>")
    for annotation in item.get("annotations", ()):
        comment = f"<rdfs:comment>{escape(annotation['comment'])}</rdfs:comment>"
        texts.append(f"<spdx:annotation><spdx:Annotation>{comment}</spdx:Annotation></spdx:annotation>")
    for relation in relationships:
        if relation["spdxElementId"] == item["SPDXID"]:
            other = relation["relatedSpdxElement"]
            related = _iri(other) if other.startswith("SPDXRef") else f'"{TERMS}{other.lower()}"'
            head, *rest = relation["relationshipType"].lower().split("_")
            kind = f'<spdx:relationshipType rdf:resource="{TERMS}relationshipType_{head}{"".join(word.title() for word in rest)}"/>'
            inside = f"{kind}<spdx:relatedSpdxElement rdf:resource={related}/>"
            texts.append(f"<spdx:relationship><spdx:Relationship>{inside}</spdx:Relationship></spdx:relationship>")
    return f"<spdx:Package rdf:about={_iri(item['SPDXID'])}>\n" + "\n".join(texts) + "</spdx:Package>"


def _literal(name: str, text: str) -> str:
    return f"<spdx:{name}>{escape(text)}</spdx:{name}>"


def _iri(ref: str) -> str:
    return quoteattr(f"{NAMESPACE}#{ref}")


FORMS: list[tuple[ModuleType, Callable[[dict[str, Any]], str]]] = [(spdx2_yaml, as_yaml), (spdx2_xml, as_xml), (spdx2_rdf, as_rdf)]
every_form = pytest.mark.parametrize(("reader", "write"), FORMS, ids=["yaml", "xml", "rdf"])


def read(reader: ModuleType, text: str) -> Document:
    document: Document = reader.read(Source("made", text.encode()))
    return document


def problem_of(reader: ModuleType, text: str | bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        reader.read(Source("made", text if isinstance(text, bytes) else text.encode()))
    return str(caught.value)


def parts(document: Document) -> list[tuple[Any, ...]]:
    return [
        (item.ref, item.name, item.version, item.component_class, item.purl, item.counted, signals(item)) for item in document.components
    ]


def signals(component: Component) -> list[tuple[str, str, str]]:
    return sorted((signal.kind, signal.role, signal.value) for signal in component.signals)


# ---- what all of them have in common


@every_form
def test_a_document_says_the_same_as_its_json_form(reader: ModuleType, write: Callable[[dict[str, Any]], str]) -> None:
    document, twin = read(reader, write(TREE)), spdx2_json.read(Source("made", json.dumps(TREE).encode()))
    assert parts(document) == parts(twin)
    assert {(edge.parent, child) for edge in document.edges for child in edge.children} == {
        (edge.parent, child) for edge in twin.edges for child in edge.children
    }
    assert [gap.message for gap in document.gaps] == [gap.message for gap in twin.gaps]
    assert (document.version, document.root, document.generator) == (twin.version, twin.root, twin.generator)


@every_form
def test_each_is_told_from_the_others_by_its_bytes(reader: ModuleType, write: Callable[[dict[str, Any]], str]) -> None:
    text = write(TREE).encode()
    assert [other for other, _ in FORMS if other.accepts(text)] == [reader]
    assert not reader.accepts(json.dumps({"bomFormat": "CycloneDX"}).encode())


@every_form
def test_every_value_is_where_its_place_says(reader: ModuleType, write: Callable[[dict[str, Any]], str]) -> None:
    text = write(TREE)
    source = Source("made", text.encode())
    places, lines = reader.locate(source), text.split("\n")
    for component in reader.read(source).components:
        for signal in component.signals:
            place = places.locate(component.pointer + signal.at)
            line = lines[place.line - 1]
            found = line[place.column - 1 : place.end_column - 1] if place.end_line == place.line else line[place.column - 1 :]
            wanted = signal.value.replace("&", "&amp;") if reader is not spdx2_yaml else signal.value
            assert wanted in found, signal


@every_form
def test_what_is_not_there_is_at_its_nearest_ancestor(reader: ModuleType, write: Callable[[dict[str, Any]], str]) -> None:
    places = reader.locate(Source("made", write(TREE).encode()))
    assert places.locate("/packages/1/homepage/x") == places.locate("/packages/1")
    assert places.locate("/packages/1").line > places.locate("/packages/0").line


@every_form
@pytest.mark.parametrize("version", ["SPDX-2.1", "SPDX-3.0", "2.3", ""])
def test_other_versions_are_refused(reader: ModuleType, write: Callable[[dict[str, Any]], str], version: str) -> None:
    assert "/spdxVersion" in problem_of(reader, write({**TREE, "spdxVersion": version}))


@every_form
def test_utf16_with_a_mark_is_read(reader: ModuleType, write: Callable[[dict[str, Any]], str]) -> None:
    source = Source("made", write(TREE).encode("utf-16"))
    assert len(reader.read(source).components) == 4


@every_form
def test_bytes_that_are_no_utf8_are_refused(reader: ModuleType, write: Callable[[dict[str, Any]], str]) -> None:
    assert "UTF-8" in problem_of(reader, write(TREE).encode().replace("华".encode(), b"\xff"))


@every_form
@given(data=st.data())
def test_only_our_errors_come_out_whatever_is_done_to_the_bytes(
    reader: ModuleType, write: Callable[[dict[str, Any]], str], data: st.DataObject
) -> None:
    whole = write(TREE).encode()
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 30)))
    middle = data.draw(
        st.binary(max_size=4) | st.sampled_from([b"<", b"&#0;", b"<a/>", b"- ", b": ", b"? ", b"!", b"*a", b"&a ", b"[", b"{", b"'"])
    )
    with contextlib.suppress(SbomguardError):
        source = Source("made", whole[:start] + middle + whole[end:])
        assert reader.read(source).format == "SPDX"
        reader.locate(source).locate("/packages/0/name")


def large(packages: int) -> dict[str, Any]:
    """A document of so many packages, the first of which needs the others."""
    parts = [{"name": f"lib{number}", "version": f"1.{number}", "supplier": f"Acme {number % 7}"} for number in range(packages)]
    tree = json.loads(made.spdx(parts))
    needs = {"spdxElementId": "SPDXRef-c0", "relationshipType": "DEPENDS_ON"}
    relationships = [{**needs, "relatedSpdxElement": item["SPDXID"]} for item in tree["packages"][1:]]
    described = [{**item, "summary": "What is said of it at length. " * 8} for item in tree["packages"]]
    return {**tree, "documentNamespace": NAMESPACE, "packages": described, "files": [], "relationships": relationships}


def peak(job: Callable[[], object]) -> int:
    """The most bytes that a job has at a time, without what it loads but once."""
    job()
    gc.collect()
    tracemalloc.start()
    job()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


@pytest.mark.parametrize(("reader", "write"), FORMS[1:], ids=["xml", "rdf"])
def test_to_read_takes_memory_near_the_size_of_the_text(reader: ModuleType, write: Callable[[dict[str, Any]], str]) -> None:
    source = Source("made", write(large(2000)).encode())  # as JSON it is no longer small, which would be read twice
    assert peak(lambda: reader.read(source)) < 3 * len(source.data), "with the text itself that is 4 times"


@every_form
def test_places_take_memory_near_the_size_of_the_text(reader: ModuleType, write: Callable[[dict[str, Any]], str]) -> None:
    source = Source("made", write(large(300 if reader is spdx2_yaml else 2000)).encode())  # the parser of YAML is slow
    assert peak(lambda: reader.locate(source)) < 3 * len(source.data), "with the text itself that is 4 times"


# ---- YAML

YAML = """\
spdxVersion: SPDX-2.3
SPDXID: SPDXRef-DOCUMENT
creationInfo: {creators: [Tool: x]}
packages:
- SPDXID: SPDXRef-a
  name: zlib
  supplier: "Organization: Acme"
"""


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("name: zlib", "name: &a zlib", "line 6: uses an anchor or alias"),
        ("name: zlib", "name: *a", "line 6: uses an anchor or alias"),
        ("name: zlib", "name: !!str zlib", "line 6: uses a tag"),
        ("name: zlib", "name: !!python/name:os.system", "line 6: uses a tag"),
        ("name: zlib", "name: zlib\n  'name': huawei", "line 7: says 'name' twice"),
        ("name: zlib", 'name: zlib\n  "n\\x61me": huawei', "line 7: says 'name' twice"),
        ("name: zlib", "name: zlib\n  <<: {supplier: x}", "line 7: has a key that is not text"),
        ("name: zlib", "name: zlib\n  1: x", "line 7: has a key that is not text"),
        ("name: zlib", "name: zlib\n  ? {a: b}\n  : x", "line 7: has a key that is not text"),
        ("name: zlib", "name: zlib # clean\u2028  supplier: x", "line 6: has a line break that only some readers"),
        ("name: zlib", f"name: {'[' * 80}x{']' * 80}", "line 6: is nested more than 64 levels deep"),
        ("spdxVersion", "%YAML 2.0\n---\nspdxVersion", "line 1: is not YAML"),
        ("spdxVersion", "%TAG ! tag:x.example:\n---\nspdxVersion", "line 1: uses a tag"),
        ("Acme\"\n", "Acme\"\n---\nspdxVersion: SPDX-2.3\n", "line 8: holds a second document"),
        ("Acme\"\n", "Acme\"\n...\n%junk", "is not YAML"),
        ("zlib", "z\0lib", "is not YAML"),
        ("zlib", '"\\ud800"', "half a surrogate pair"),
        ("zlib", '"\\Uffffffff"', "is not YAML"),
        (YAML, "", "is empty"),
        (YAML, "# spdxVersion: SPDX-2.3\n", "is empty"),
        (YAML, "- spdxVersion: SPDX-2.3\n", "no mapping"),
    ],
)  # fmt: skip
def test_yaml_that_tools_read_differently_is_refused(old: str, new: str, problem: str) -> None:
    assert old in YAML
    assert problem in problem_of(spdx2_yaml, YAML.replace(old, new, 1))


@pytest.mark.parametrize("word", ["NO", "on", "360", "1.5", "0x1F", "1_000", ".nan", "12:30:45", "2026-11-01", "~", ""])
def test_a_name_that_yaml_does_not_read_as_text_is_noted_and_kept(word: str) -> None:
    (component,) = read(spdx2_yaml, YAML.replace("zlib", word)).components
    assert "name" in component.malformed
    assert component.name == (word if word not in ("~", "") else "")
    assert ("party", "supplier", "Acme") in signals(component)


@pytest.mark.parametrize("word", ["1.10", "2026-11-01", "null", "3"])
def test_a_version_without_quotes_is_taken_as_it_stands(word: str) -> None:
    (component,) = read(spdx2_yaml, YAML.replace("name: zlib", f"name: zlib\n  versionInfo: {word}")).components
    assert (component.version, component.malformed) == (word if word != "null" else "", "")


def test_creators_without_quotes_are_texts_again() -> None:
    assert read(spdx2_yaml, YAML).generator == "x"


def test_yaml_that_may_have_been_cut_short_has_a_gap() -> None:
    assert ["cut short" in gap.message for gap in read(spdx2_yaml, YAML).gaps] == [True]
    assert read(spdx2_yaml, YAML + "documentDescribes: [SPDXRef-a]\n").gaps == ()


def test_places_and_lines_of_yaml_count_characters_and_only_line_feeds() -> None:
    text = (
        YAML.replace("zlib", '"华为 𝔸\r  é"').replace("supplier:", "sourceInfo: 摄像头\n  supplier:")
        + f"comment: {'é' * 10_000}\nname: x\n"
    )
    places = spdx2_yaml.locate(Source("made", text.encode()))
    lines = text.split("\n")
    for pointer, value in (("/packages/0/supplier", '"Organization: Acme"'), ("/packages/0/sourceInfo", "摄像头"), ("/name", "x")):
        place = places.locate(pointer)
        assert lines[place.line - 1][place.column - 1 : place.end_column - 1] == value
    assert f"line {len(lines)}: has a key that is not text" in problem_of(spdx2_yaml, text + "1: x")


def test_large_yaml_is_refused() -> None:
    with pytest.raises(DocumentError, match=r"more than 100 bytes.*--limit yaml=N"):
        spdx2_yaml.read(Source("x", YAML.encode(), limits=Limits(yaml=100)))


# ---- XML

XML = "<Document><spdxVersion>SPDX-2.3</spdxVersion><SPDXID>SPDXRef-DOCUMENT</SPDXID><packages><name>zlib</name></packages></Document>"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("<Document>", '<!DOCTYPE Document [<!ENTITY a "b">]><Document>', "has a DOCTYPE"),
        ("<Document>", '<!DOCTYPE Document SYSTEM "file:///etc/passwd"><Document>', "has a DOCTYPE"),
        ("<Document>", '<?xml version="1.0" encoding="GBK"?><Document>', "says that its encoding is 'GBK'"),
        ("<Document>", '<?xml version="1.0" encoding="UTF-16"?><Document>', "says that its encoding is 'UTF-16'"),
        ("<Document>", '<?xml version="2.0"?><Document>', "is "),
        ("<Document>", ' <?xml version="1.0"?><Document>', "is not XML"),
        ("zlib</name>", "zlib</name><name>huawei</name>", "says 'name' twice in one element"),
        ("zlib</name>", "zlib</name>huawei", "has text among elements"),
        ("zlib", "zl<b/>ib", "has text among elements"),
        ("<name>", '<name xmlns="urn:x">', "in another namespace"),
        ("zlib", "&#0;", "is not XML"),
        ("zlib", "&huawei;", "is not XML"),
        ("</Document>", "", "is not XML"),
        ("zlib", "<a>" * 200 + "</a>" * 200, "is nested more than 128 levels deep"),
        ("Document>", "Bom>", "root 'Bom'"),
        (XML, "", "is not XML"),
    ],
)
def test_xml_that_tools_read_differently_is_refused(old: str, new: str, problem: str) -> None:
    assert old in XML
    assert problem in problem_of(spdx2_xml, XML.replace(old, new) if old == "Document>" else XML.replace(old, new, 1))


@pytest.mark.parametrize("text", ["Hua<!-- -->wei", "<![CDATA[Hua]]><![CDATA[wei]]>", "Hua<?pi x?>wei", "&#72;uawei", "\n  Huawei "])
def test_text_is_read_whole(text: str) -> None:
    (component,) = read(spdx2_xml, XML.replace("zlib", text)).components
    assert component.name == "Huawei"


def test_of_several_faults_of_xml_the_first_is_told() -> None:
    text = XML.replace("<packages>", '<files><x xmlns="urn:x"/></files>\n<packages><name>a</name>')
    assert "line 1 column" in problem_of(spdx2_xml, text)
    assert "is not XML" in problem_of(spdx2_xml, text.replace("</Document>", ""))


def test_lists_whose_elements_stand_apart_are_one() -> None:
    text = XML.replace("</Document>", "<files><fileName>a.so</fileName></files>\n<packages><name>b</name></packages><files/><name>x</name>"
                       "<files><fileName>b.so</fileName></files></Document>")  # fmt: skip
    assert [item.name for item in read(spdx2_xml, text).components] == ["zlib", "b", "a.so", "b.so"]
    places = spdx2_xml.locate(Source("made", text.encode()))
    assert [places.locate(f"/packages/{number}/name").line for number in (0, 1)] == [1, 2]


def test_empty_lists_are_empty() -> None:
    assert read(spdx2_xml, XML.replace("</Document>", "<files/><packages/></Document>")).components[0].name == "zlib"


def test_long_text_of_many_lines_takes_time_in_proportion() -> None:
    (component,) = read(spdx2_xml, XML.replace("zlib", "a\n" * 200_000)).components
    assert len(component.name) == 399_999


# ---- RDF/XML

DOCUMENT = f'<spdx:SpdxDocument rdf:about="{NAMESPACE}#SPDXRef-DOCUMENT"><spdx:specVersion>SPDX-2.3</spdx:specVersion></spdx:SpdxDocument>'


def rdf_package(inside: str, name: str = "SPDXRef-a") -> str:
    return f'<spdx:Package rdf:about="{NAMESPACE}#{name}">{inside}</spdx:Package>'


@pytest.mark.parametrize(
    "node",
    [
        rdf_package("<spdx:name>zlib</spdx:name>"),
        f'<spdx:Package rdf:about="{NAMESPACE}#SPDXRef-a" spdx:name="zlib"/>',
        f'<rdf:Description rdf:about="{NAMESPACE}#SPDXRef-a" spdx:name="zlib"><rdf:type rdf:resource="{TERMS}Package"/></rdf:Description>',
        f'<rdf:Description rdf:about="{NAMESPACE}#SPDXRef-a" spdx:name="zlib" rdf:type="{TERMS}Package"/>',
        '<spdx:Package rdf:ID="SPDXRef-a"><spdx:name>zlib</spdx:name></spdx:Package>',
        rdf_package("") + rdf_package("<spdx:name>zlib</spdx:name>"),
        rdf_package("<spdx:name>zlib</spdx:name>") * 2,
    ],
    ids=["element", "attribute", "description", "type attribute", "ID", "in two places", "twice the same"],
)
def test_one_statement_can_be_written_in_many_ways(node: str) -> None:
    (component,) = read(spdx2_rdf, rdf(DOCUMENT, node)).components
    assert (component.ref, component.name) == ("SPDXRef-a", "zlib")


def test_references_written_without_an_element_of_their_own_are_read() -> None:
    kind = '<spdx:referenceType rdf:resource="http://spdx.org/rdf/references/purl"/>'
    inside = f"{kind}<spdx:referenceLocator>pkg:npm/x@1</spdx:referenceLocator>"
    node = rdf_package(f'<spdx:externalRef rdf:parseType="Resource">{inside}</spdx:externalRef>')
    assert read(spdx2_rdf, rdf(DOCUMENT, node)).components[0].purl == "pkg:npm/x@1"


def test_elements_of_other_documents_have_the_reference_of_their_document() -> None:
    ident = "<spdx:externalDocumentId>DocumentRef-o</spdx:externalDocumentId>"
    other = f'<spdx:ExternalDocumentRef>{ident}<spdx:spdxDocument rdf:resource="urn:o"/></spdx:ExternalDocumentRef>'
    end = "</spdx:SpdxDocument>"
    document = DOCUMENT.replace(end, f"<spdx:externalDocumentRef>{other}</spdx:externalDocumentRef>{end}")
    kind = f'<spdx:relationshipType rdf:resource="{TERMS}relationshipType_dependsOn"/>'
    inside = f'{kind}<spdx:relatedSpdxElement rdf:resource="urn:o#SPDXRef-x"/>'
    node = rdf_package(f"<spdx:relationship><spdx:Relationship>{inside}</spdx:Relationship></spdx:relationship>")
    (edge,) = read(spdx2_rdf, rdf(document, node)).edges
    assert edge.children == ("DocumentRef-o:SPDXRef-x",)


@pytest.mark.parametrize(
    ("nodes", "problem"),
    [
        ([DOCUMENT, rdf_package("<spdx:name>zlib</spdx:name><spdx:name>huawei</spdx:name>")], "gives a second value of 'name'"),
        (
            [DOCUMENT, rdf_package("<spdx:name>zlib</spdx:name>"), rdf_package("<spdx:name>huawei</spdx:name>")],
            "gives a second value of 'name'",
        ),
        ([DOCUMENT, rdf_package('<spdx:supplier rdf:parseType="Literal"><b>Hua</b></spdx:supplier>')], "parseType 'Literal'"),
        (
            [DOCUMENT, rdf_package(f'<spdx:supplier rdf:datatype="{spdx2_rdf.XSD}base64Binary">SHVh</spdx:supplier>')],
            "has a value of the datatype",
        ),
        ([DOCUMENT, rdf_package("<spdx:externalRef><spdx:ExternalRef/><spdx:ExternalRef/></spdx:externalRef>")], "holds two values"),
        ([DOCUMENT, '<spdx:Package rdf:about="urn:a" rdf:nodeID="a"/>'], "has two names"),
        ([DOCUMENT, rdf_package('<spdx:name xml:base="urn:x">zlib</spdx:name>')], "changes the base"),
        ([], "describes no SPDX document"),
        ([DOCUMENT.replace("spdx:Spdx", "rdfs:Spdx")], "describes no SPDX document"),
        ([DOCUMENT, DOCUMENT.replace("made#", "other#")], "describes 2 SPDX documents"),
        (['<!DOCTYPE x [<!ENTITY a "b">]>'], "is not XML"),
    ],
)
def test_rdf_that_tools_read_differently_is_refused(nodes: list[str], problem: str) -> None:
    assert problem in problem_of(spdx2_rdf, rdf(*nodes))


def test_of_several_faults_the_first_is_told_and_broken_xml_before_all() -> None:
    inner = '<spdx:Package rdf:about="urn:a" rdf:nodeID="a"/>'
    twice = rdf_package(f"<spdx:hasFile>{inner}\n<spdx:File/></spdx:hasFile>")
    assert "line 3 column" in problem_of(spdx2_rdf, rdf(DOCUMENT, twice, inner))
    assert "holds two values" in problem_of(spdx2_rdf, rdf(DOCUMENT, twice, inner))
    assert "is not XML" in problem_of(spdx2_rdf, rdf(DOCUMENT, twice, "<a>"))


def test_statements_may_go_round_in_circles() -> None:
    nodes = [rdf_package(f'<spdx:name>{name}</spdx:name><spdx:hasFile rdf:resource="#{other}"/>', name) for name, other in ("ab", "ba")]
    assert [item.name for item in read(spdx2_rdf, rdf(DOCUMENT, *nodes)).components] == ["a", "b"]


def test_a_dtd_is_refused_in_rdf_too() -> None:
    assert "has a DOCTYPE" in problem_of(spdx2_rdf, '<!DOCTYPE rdf:RDF [<!ENTITY spdx "http://spdx.org/rdf/terms#">]>' + rdf(DOCUMENT))


# ---- real documents, against the official library


def _real(*endings: str) -> list[Any]:
    names = sorted(CORPUS.glob("spdx-tools-*/*")) + sorted(CORPUS.glob("ntia-checker/*")) if CORPUS.is_dir() else []
    return [
        pytest.param(name, id=name.name)
        for name in names
        if name.name.endswith(endings) and "invalid" not in name.name and "UTF-16" not in name.name
    ]


def _known(path: Path) -> Document:
    source = Source(path.name, path.read_bytes())
    (reader,) = (reader for reader, _ in FORMS if reader.accepts(source.data))
    return read(reader, source.data.decode())


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the repository")
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", _real(".yaml", ".yml", ".spdx.xml", ".rdf", ".rdf.xml"))
def test_the_official_library_reads_the_same(path: Path, tmp_path: Path) -> None:
    parser = pytest.importorskip("spdx_tools.spdx.parser.parse_anything")
    name = path.name if not path.name.endswith(".rdf") else f"{path.name}.xml"
    copy = tmp_path / name.replace(".yml", ".yaml").replace(".spdx.spdx", ".spdx")
    copy.write_bytes(path.read_bytes())
    official, document = parser.parse_file(str(copy)), _known(path)
    packages = {component.ref: component for component in document.components if component.counted}
    assert packages.keys() == {package.spdx_id for package in official.packages}
    for package in official.packages:
        ours = packages[package.spdx_id]
        assert (ours.name, ours.version) == (package.name, package.version or "")
        locators = {reference.locator for reference in package.external_references if reference.locator.startswith(("cpe:", "pkg:"))}
        assert {signal.value for signal in ours.signals if signal.kind in ("cpe", "purl")} == locators
        for role, actor in (("supplier", package.supplier), ("originator", package.originator)):
            if getattr(actor, "name", ""):
                assert actor.name in {signal.value for signal in ours.signals if signal.field == role}
