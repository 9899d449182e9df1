"""CycloneDX XML: the same as from JSON, whatever the XML looks like; what hides or multiplies text is refused; places are exact."""

import contextlib
import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr, unescape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from packageurl import PackageURL

from sbomguard import matchers, readers
from sbomguard.errors import DocumentError, NotAnSbomError, SbomguardError
from sbomguard.model import Component, Document, Place
from sbomguard.pack import Pack
from sbomguard.policy import Policy
from sbomguard.readers import cyclonedx_json, cyclonedx_xml, xmltext
from sbomguard.source import Source
from tests import made

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
NAMESPACE = "http://cyclonedx.org/schema/bom/"
HUAWEI = "Huawei Technologies Co., Ltd."

TREE: dict[str, Any] = {
    **json.loads(made.cyclonedx([
        {"name": "libacme.so", "version": "1.10", "supplier": "Acmé & Söhne", "purl": "pkg:github/acme/x@1?a=b&c=d"},
        {"name": "radio", "group": "com.acme", "author": "B. Ody <b@acme.example>", "fcc_id": "ABC-123", "type": "device"},
        {"name": "os", "manufacturer": "华为", "cpe": "cpe:2.3:o:acme:os:1:*:*:*:*:*:*:*", "url": "https://dl.acme.example/os",
         "type": "operating-system", "file": "/lib/os.ko"},
    ])),
    "metadata": {
        "tools": [{"vendor": "acme", "name": "maker", "version": "3"}, {"name": "helper"}],
        "component": {"bom-ref": "root", "type": "firmware", "name": "product", "components": [{"type": "library", "name": "inner"}]},
    },
    "services": [{"bom-ref": "s", "name": "updates", "provider": {"name": "Cloud Inc."}, "services": [{"name": "mirror"}]}],
    "dependencies": [{"ref": "root", "dependsOn": ["c0", "c1"]}, {"ref": "c1", "dependsOn": ["gone"]}, {"ref": "c2"}],
    "compositions": [{"aggregate": "complete"}, {"aggregate": "incomplete_first_party_only"}],
}  # fmt: skip
TREE["components"][0].update(
    supplier={"name": "Acmé & Söhne", "url": ["https://acme.example", "https://acme.test"], "contact": [{"email": "a@acme.example"}]},
    authors=[{"name": "C. Oder", "email": "c@acme.example"}, {"name": "D. Esigner"}],
    swid={"tagId": "acme.example_x", "name": "x", "url": "https://acme.example/swid"},
    pedigree={
        "ancestors": [
            {"type": "library", "name": "old", "publisher": HUAWEI, "pedigree": {"ancestors": [{"type": "file", "name": "a.so"}]}}
        ],
        "commits": [{"url": "https://gitee.com/acme/old/commit/1"}],
    },
    components=[{"bom-ref": "in", "type": "library", "name": "nested", "components": [{"type": "file", "name": "deep.so"}]}],
    services=[{"name": "inside"}],
    properties=[
        {"name": "of no use", "value": "1"},
        {"name": "syft:location:0:path", "value": "/lib/a.so"},
        {"name": "SrcFile", "value": "b.dll"},
    ],
    licenses=[{"license": {"id": "MIT"}}],
)
TREE["components"][1]["publisher"] = "Acme <Radio> Ltd."


# ---- the tree as XML

NAMES = ("authors", "author", "publisher", "group", "name", "version", "cpe", "purl")


def as_xml(tree: dict[str, Any], version: str = "") -> str:
    """That CycloneDX JSON document as XML, in one line."""
    version = version or tree["specVersion"]
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<bom xmlns="{NAMESPACE}{version}" version="1">{"".join(_parts(tree))}</bom>\n'


def _parts(tree: dict[str, Any]) -> Iterator[str]:
    if "metadata" in tree:
        tools = "".join(f"<tool>{_texts(tool, 'vendor', 'name', 'version')}</tool>" for tool in tree["metadata"].get("tools", ()))
        subject = _component(tree["metadata"]["component"]) if "component" in tree["metadata"] else ""
        yield f"<metadata><tools>{tools}</tools>{subject}</metadata>"
    yield f"<components>{''.join(map(_component, tree.get('components', ())))}</components>"
    yield f"<services>{''.join(_component(item, 'service') for item in tree.get('services', ()))}</services>"
    yield f"<dependencies>{''.join(map(_dependency, tree.get('dependencies', ())))}</dependencies>"
    aggregates = (f"<composition>{_texts(item, 'aggregate')}</composition>" for item in tree.get("compositions", ()))
    yield f"<compositions>{''.join(aggregates)}</compositions>"


def _dependency(item: dict[str, Any]) -> str:
    needed = "".join(f"<dependency ref={quoteattr(ref)}/>" for ref in item.get("dependsOn", ()))
    return f"<dependency ref={quoteattr(item['ref'])}>{needed}</dependency>"


def _texts(item: dict[str, Any], *names: str) -> str:
    return "".join(f"<{name}>{escape(item[name])}</{name}>" for name in names if name in item)


def _component(item: dict[str, Any], tag: str = "component") -> str:
    attributes = "".join(f" {name}={quoteattr(item[name])}" for name in ("type", "bom-ref") if name in item)
    inside = "".join((
        *(_organisation(name, item[name]) for name in ("supplier", "manufacturer", "provider") if name in item),
        _wrapped(item, "authors", lambda author: f"<author>{_texts(author, 'name', 'email')}</author>"),
        _texts(item, "author", "publisher", "group", "name", "version"),
        _wrapped(item, "licenses", lambda licence: f"<license>{_texts(licence['license'], 'id')}</license>"),
        _texts(item, "cpe", "purl"),
        f'<swid tagId="{item["swid"]["tagId"]}" name="x">{_texts(item["swid"], "url")}</swid>' if "swid" in item else "",
        _pedigree(item["pedigree"]) if "pedigree" in item else "",
        _wrapped(item, "externalReferences", lambda ref: f"<reference type={quoteattr(ref['type'])}>{_texts(ref, 'url')}</reference>"),
        _wrapped(item, "properties", lambda prop: f"<property name={quoteattr(prop['name'])}>{escape(prop['value'])}</property>"),
        _wrapped(item, "components", _component),
        _wrapped(item, "services", lambda service: _component(service, "service")),
        f"<evidence>{_wrapped(item['evidence'], 'occurrences', _occurrence)}</evidence>" if "evidence" in item else "",
    ))  # fmt: skip
    return f"<{tag}{attributes}>{inside}</{tag}>"


def _occurrence(item: dict[str, Any]) -> str:
    return f"<occurrence>{_texts(item, 'location')}</occurrence>"


def _wrapped(item: dict[str, Any], name: str, each: Any) -> str:
    return f"<{name}>{''.join(map(each, item[name]))}</{name}>" if name in item else ""


def _organisation(tag: str, item: dict[str, Any]) -> str:
    urls = "".join(f"<url>{escape(url)}</url>" for url in item.get("url", ()))
    contacts = "".join(f"<contact>{_texts(contact, 'name', 'email')}</contact>" for contact in item.get("contact", ()))
    return f"<{tag}>{_texts(item, 'name')}{urls}{contacts}</{tag}>"


def _pedigree(item: dict[str, Any]) -> str:
    commits = _wrapped(item, "commits", lambda commit: f"<commit>{_texts(commit, 'url')}</commit>")
    return f"<pedigree>{_wrapped(item, 'ancestors', _component)}{commits}</pedigree>"


def pretty(text: str) -> str:
    """The same with each element on a line of its own."""
    root = ElementTree.fromstring(text.encode())
    ElementTree.indent(root, "  ")
    ElementTree.register_namespace("", root.tag[1:].partition("}")[0])
    return ElementTree.tostring(root, encoding="unicode")


def prefixed(text: str) -> str:
    """The same with a prefix on each element."""
    body = re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1b:", text)
    return body.replace("xmlns=", "xmlns:b=")


# ---- reading


def read(text: str | bytes) -> Document:
    return cyclonedx_xml.read(Source("made.xml", text.encode() if isinstance(text, str) else text))


def bom(inside: str, version: str = "1.6") -> str:
    return f'<bom xmlns="{NAMESPACE}{version}">{inside}</bom>'


def component(inside: str) -> Component:
    """The only component, with those elements in it."""
    (only,) = read(bom(f'<components><component type="library">{inside}</component></components>')).components
    return only


def facts(document: Document) -> list[Any]:
    """What must be the same for the same SBOM in any form: all but where things stand."""
    return [
        (c.ref, c.name, c.version, c.type, c.component_class, c.purl, c.counted, c.malformed,
         [(s.kind, s.role, s.field, s.value) for s in c.signals]) for c in document.components
    ]  # fmt: skip


def suppliers(document: Document) -> list[str]:
    return [s.value for c in document.components for s in c.signals if s.kind == "party"]


def from_json(tree: dict[str, Any]) -> Document:
    return cyclonedx_json.read(Source("made.json", json.dumps(tree).encode()))


# ---- the same as from JSON


@pytest.mark.parametrize(
    "form", [as_xml, lambda tree: pretty(as_xml(tree)), lambda tree: prefixed(as_xml(tree))], ids=["line", "pretty", "prefix"]
)
def test_everything_that_json_gives(form: Any) -> None:
    want, found = from_json(TREE), read(form(TREE))
    assert facts(found) == facts(want)
    assert tuple(found.edges) == tuple(want.edges)
    assert (found.root, found.generator, found.format, found.version) == (want.root, want.generator, want.format, want.version)
    assert [gap.message for gap in found.gaps] == [gap.message for gap in want.gaps]
    assert found.serialisation == "xml"


def test_paths_are_those_of_elements() -> None:
    found = read(as_xml(TREE))
    assert [item.pointer for item in found.components[:3]] == [
        "/bom/metadata/component", "/bom/metadata/component/components/component[1]", "/bom/components/component[1]",
    ]  # fmt: skip
    paths = {s.at for c in found.components for s in c.signals}
    assert {"/supplier/name", "/supplier/url[2]", "/supplier/contact[1]/email", "/authors/author[2]/name", "/properties/property[3]",
            "/pedigree/ancestors/component[1]/publisher", "/pedigree/ancestors/component[1]/pedigree/ancestors/component[1]/name",
            "/pedigree/commits/commit[1]/url", "/externalReferences/reference[1]/url", "/evidence/occurrences/occurrence[1]/location",
            "/swid/url"} <= paths  # fmt: skip
    assert [gap.pointer for gap in found.gaps] == ["/bom/compositions/composition[2]", "/bom/dependencies"]


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
DESCRIPTION = st.fixed_dictionaries(
    {"name": WORDS},
    optional={
        **dict.fromkeys(("version", "group", "supplier", "manufacturer", "publisher", "author", "file", "fcc_id"), WORDS),
        "purl": st.builds("pkg:generic/{}@1".format, WORDS),
        "url": st.builds("https://{}.example/".format, WORDS),
        "type": st.sampled_from(["library", "firmware", "device", "file"]),
    },
)


@given(st.lists(DESCRIPTION, max_size=4), st.integers(1, 300), st.booleans())
@example([{"name": "]]>", "supplier": "&amp;", "publisher": "<!-- -->"}], 1, False)
def test_any_components_are_the_same_as_from_json(described: list[Any], piece: int, indented: bool) -> None:
    tree = json.loads(made.cyclonedx(described))
    text = pretty(as_xml(tree)) if indented else as_xml(tree)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xmltext, "PIECE", piece)
        found = read(text)
    assert facts(found) == facts(from_json(tree))


def met(document: Document, pack: Pack) -> list[Any]:
    """What ties each component to a vendor."""
    return [
        (item.ref, [(e.vendor, e.signal, e.field, e.found, e.strength, e.relation) for e in evidence])
        for item, evidence in matchers.match(document.components, pack.index, made.TODAY)
    ]


@pytest.mark.parametrize("indented", [False, True])
def test_every_example_of_the_shipped_vendors_meets_the_same(shipped: Policy, pack: Pack, indented: bool) -> None:
    for vendor in shipped.vendors.values():
        tree = json.loads(made.cyclonedx([item for items in vendor.examples.values() for item in items]))
        text = pretty(as_xml(tree)) if indented else as_xml(tree)
        assert met(read(text), pack) == met(from_json(tree), pack)


@pytest.mark.parametrize("version", cyclonedx_xml.VERSIONS)
def test_versions_that_are_read(version: str) -> None:
    found = read(bom('<components><component type="library"><name>a</name></component></components>', version))
    assert (found.version, [item.name for item in found.components]) == (version, ["a"])


def test_tools_of_either_shape_are_the_generator() -> None:
    tools = "<tools><components><component type='application'><name>syft</name><version>1.0</version></component></components></tools>"
    assert read(bom(f"<metadata>{tools}</metadata>")).generator == "syft 1.0"
    assert (
        read(
            bom("<metadata><tools><tool><name>a</name></tool><tool><name>b</name><version>2</version></tool></tools></metadata>")
        ).generator
        == "a, b 2"
    )


def test_metadata_may_come_last() -> None:
    parts = [
        '<components><component type="library"><name>a</name><cpe>cpe:2.3:a:guess:a:1:*:*:*:*:*:*:*</cpe></component></components>',
        "<metadata><tools><tool><name>syft</name></tool></tools></metadata>",
    ]
    assert facts(read(bom("".join(parts)))) == facts(read(bom("".join(reversed(parts)))))


def test_dependencies_in_dependencies() -> None:
    edges = read(
        bom('<dependencies><dependency ref="a"><dependency ref="b"><dependency ref="c"/></dependency></dependency></dependencies>')
    ).edges
    assert [(edge.parent, edge.children) for edge in edges] == [("a", ("b",)), ("b", ("c",))]


def test_several_addresses_of_one_contact() -> None:
    inside = "<supplier><name>A</name><contact><email>a@x.example</email><email>b@y.example</email></contact></supplier>"
    assert [s.value for s in component(inside).signals if s.kind == "email"] == ["a@x.example", "b@y.example"]


# ---- how XML may be written


@pytest.mark.parametrize(
    "name",
    ["Huawei", "<!-- x -->Huawei", "Hua<!-- x -->wei", "Hua<?x y?>wei", "<![CDATA[Hua]]><![CDATA[wei]]>", "&#72;&#x75;&#97;wei",
     " \n\t Huawei \n", "Hua<![CDATA[wei]]><!-- <!DOCTYPE x> -->"],
)  # fmt: skip
def test_text_is_read_across_what_is_no_text(name: str) -> None:
    inside = f"<supplier><name>{name}</name></supplier><name>a</name>"
    assert [s.value for s in component(inside).signals if s.kind == "party"] == ["Huawei"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("declared", ["UTF-8", "UTF-16", "utf-16le"])
def test_utf_16_is_read_where_a_mark_says_so(encoding: str, declared: str) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?>' + bom("<components><component><name>ä</name></component></components>")
    if encoding == "utf-8-sig" and declared != "UTF-8":
        with pytest.raises(DocumentError, match="says that its encoding is"):
            read(text.encode(encoding))
    else:
        assert [item.name for item in read(text.encode(encoding)).components] == ["ä"]


def test_extensions_are_no_matter() -> None:
    inside = '<name>a</name><x:any xmlns:x="urn:x"><x:name>Huawei</x:name></x:any>'
    text = bom(
        f'<x:part xmlns:x="urn:x"/><components><component type="library">{inside}</component><x:component xmlns:x="urn:x"/></components>'
    )
    (only,) = read(text).components
    assert (only.name, only.malformed) == ("a", "")


def test_attributes_of_others_are_no_matter() -> None:
    xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://cyclonedx.org/schema/bom/1.6 http://127.0.0.1/x.xsd"'
    found = read(
        f'<bom xmlns="{NAMESPACE}1.6" {xsi}><components><component xsi:nil="true" type="file"><name>a</name></component></components></bom>'
    )
    assert [(item.type, item.name) for item in found.components] == [("file", "a")]


# ---- what is refused


@pytest.mark.parametrize(
    "doctype",
    ["<!DOCTYPE bom>", '<!DOCTYPE bom SYSTEM "http://127.0.0.1/x.dtd">', '<!DOCTYPE bom PUBLIC "x" "file:///etc/passwd">',
     '<!DOCTYPE bom [<!ENTITY x SYSTEM "file:///etc/passwd">]>', '<!-- a --><?b c?>\n <!DOCTYPE bom [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>',
     '<!DOCTYPE bom [<!ATTLIST component type CDATA "file">]>'],
)  # fmt: skip
@pytest.mark.parametrize("head", ["", '<?xml version="1.0"?>\n'])
def test_any_doctype_is_refused(head: str, doctype: str) -> None:
    with pytest.raises(DocumentError, match=r"made\.xml at line \d column \d+: has a DOCTYPE"):
        read(head + doctype + bom("<components><component><name>a</name></component></components>"))


@pytest.mark.parametrize("text", ["<!-- <!DOCTYPE a> -->", "<?a <!DOCTYPE a> ?>"])
def test_what_only_names_a_doctype_is_none(text: str) -> None:
    assert not read(text + bom("<components/>")).components


@pytest.mark.parametrize(
    ("declaration", "problem"),
    [
        ('<?xml version="1.0" encoding="UTF-7"?>', "says that its encoding is 'UTF-7'"),
        ("<?xml version='1.0' encoding='GBK'?>", "says that its encoding is 'GBK'"),
        ('<?xml version="1.0" encoding="UTF-16"?>', "says that its encoding is 'UTF-16'"),
        ('<?xml version="1.1"?>', "is XML '1.1'"),
        ('<?xml version="2.0"?>', "is XML '2.0'"),
        ('  <?xml version="1.0"?>', "is not XML"),
    ],
)
def test_declarations_that_are_refused(declaration: str, problem: str) -> None:
    with pytest.raises(DocumentError, match=re.escape(problem)):
        read(declaration + bom("<components/>"))


@pytest.mark.parametrize(
    ("inside", "problem", "place"),
    [
        ("<components/><components/>", "is there twice", "/bom/components"),
        ("<metadata/><metadata/>", "is there twice", "/bom/metadata"),
        ("<metadata><component><name>a</name></component><component/></metadata>", "has <component> twice", "/bom/metadata"),
        ("<Components><component/></Components>", "is an element that CycloneDX does not know", "/bom/Components"),
        ("<component/>", "is an element that CycloneDX does not know", "/bom/component"),
        ("<components><Component/></components>", "has an element <Component> among its components", "/bom/components"),
        ("<components>Huawei<component/></components>", "has text between elements", "/bom/components"),
        ("<components><component/>Huawei</components>", "has text between elements", "/bom/components"),
        ("Huawei<components/>", "has text between elements", "/bom"),
        ("<components/>Huawei", "has text between elements", "/bom/components"),
        ('<components xmlns=""><component/></components>', "has an element <components> in no namespace", "/bom"),
        ('<components><component xmlns=""/></components>', "has an element <component> in no namespace", "/bom/components"),
        (f'<components><component xmlns="{NAMESPACE}1.4"/></components>', "has an element <component> in the namespace", "/bom/components"),
    ],
)
def test_parts_that_are_refused(inside: str, problem: str, place: str) -> None:
    with pytest.raises(DocumentError, match=re.escape(problem)) as caught:
        read(bom(inside))
    assert caught.value.pointer == place


@pytest.mark.parametrize(
    ("inside", "problem"),
    [
        ("<name>a</name><name>b</name>", "has <name> twice"),
        ("<supplier><name>Huawei</name></supplier><supplier><name>Acme</name></supplier>", "has <supplier> twice"),
        ("<supplier><name>Huawei</name><name>Acme</name></supplier>", "has <name> twice"),
        ("<components/><components><component/></components>", "has <components> twice"),
        ("<externalReferences><reference><url>a</url><url>b</url></reference></externalReferences>", "has <url> twice"),
        ("<name>Hua<b xmlns='urn:x'>x</b>wei</name>", "has an element inside the text of <name>"),
        ('<supplier><name xmlns="">Huawei</name></supplier>', "has an element <name> in no namespace"),
        (
            '<properties><property name="SrcFile">a<b xmlns="urn:x"/>.so</property></properties>',
            "has an element inside the text of <property>",
        ),
        ("<components><service/></components>", "has an element <service> among its components"),
        ("<components>Huawei<component/></components>", "has text between elements"),
    ],
)
def test_components_that_tools_would_read_differently(inside: str, problem: str) -> None:
    with pytest.raises(DocumentError, match=re.escape(problem)) as caught:
        component(inside)
    assert caught.value.pointer.startswith("/bom/components/component[1]")


@pytest.mark.parametrize(
    ("text", "error", "problem"),
    [
        ("", DocumentError, "is empty"),
        ("<html><body/></html>", NotAnSbomError, "is XML, but no CycloneDX"),
        ("<bom/>", DocumentError, "has the root element <bom> in no namespace"),
        (f'<BOM xmlns="{NAMESPACE}1.6"/>', DocumentError, "has the root element <BOM>"),
        (f'<components xmlns="{NAMESPACE}1.6"/>', DocumentError, "has the root element <components>"),
        (bom("", "1.8"), DocumentError, "in the namespace 'http://cyclonedx.org/schema/bom/1.8'"),
        (bom("", "1.6/"), DocumentError, "in the namespace"),
        ('<bom xmlns="http://www.cyclonedx.org/schema/bom/1.6"/>', DocumentError, "in the namespace"),
        (bom("<components/>") * 2, DocumentError, "is not XML: junk after document element"),
        (bom("<components><component>"), DocumentError, "is not XML: mismatched tag"),
        (bom("<components>&x;</components>"), DocumentError, "is not XML: undefined entity"),
        (bom("<components>&#0;</components>"), DocumentError, "is not XML: reference to invalid character number"),
        (bom('<components a="1" a="2"/>'), DocumentError, "is not XML: duplicate attribute"),
    ],
)
def test_documents_that_are_refused(text: str, error: type[DocumentError], problem: str) -> None:
    with pytest.raises(error, match=re.escape(problem)):
        read(text)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_text_that_is_cut_off_is_refused_where_it_ends(share: float) -> None:
    text = as_xml(TREE).rstrip()
    with pytest.raises(DocumentError, match=r"made\.xml at line 2 column \d+: is not whole"):
        read(text[: int(len(text) * share)])


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("<component><components>", "</components></component>"), ("<component><pedigree><ancestors>", "</ancestors></pedigree></component>"),
     ("<component><licenses>", "</licenses></component>")],
)  # fmt: skip
@pytest.mark.parametrize("times", [2000, 100_000])
def test_deep_nesting_is_refused(opening: str, closing: str, times: int) -> None:
    with pytest.raises(DocumentError, match="is nested more than 512 levels deep"):
        read(bom(f"<components>{opening * times}{closing * times}</components>"))


def test_nesting_up_to_the_limit_is_read() -> None:
    opening, closing = '<component type="file"><name>a</name><components>', "</components></component>"
    assert len(read(bom(f"<components>{opening * 250}{closing * 250}</components>")).components) == 250


# ---- what is odd


@pytest.mark.parametrize(
    ("inside", "problem", "parties"),
    [
        ("<suplier><name>Huawei</name></suplier>", "it has an element <suplier>, which CycloneDX does not know", []),
        ("<supplier>Huawei</supplier>", "its supplier has a text where an organisation belongs", ["Huawei"]),
        ("Huawei<name>a</name>", "it has text between its elements", []),
        ("<name>a</name>Huawei", "it has text between its elements", []),
    ],
)
def test_an_odd_component_is_noted_and_the_rest_is_read(inside: str, problem: str, parties: list[str]) -> None:
    text = f'<components><component type="file">{inside}</component><component type="file"><name>next</name></component></components>'
    odd, sound = read(bom(text)).components
    assert (odd.malformed, [s.value for s in odd.signals if s.kind == "party"]) == (problem, parties)
    assert (sound.name, sound.malformed) == ("next", "")


@given(st.data())
def test_damage_raises_nothing_but_our_errors(data: st.DataObject) -> None:
    raw = bytearray(as_xml(TREE).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(raw)))
        raw[start : start + data.draw(st.integers(0, 9))] = data.draw(
            st.binary(max_size=9) | st.sampled_from([b"<", b">", b"&", b"]]>", b"<!--"])
        )
    with contextlib.suppress(SbomguardError):
        read(bytes(raw))


# ---- places


def at(text: str, place: Place) -> str:
    """What stands at a place."""
    lines = text.split("\n")
    if place.line == place.end_line:
        return lines[place.line - 1][place.column - 1 : place.end_column - 1]
    first, *middle, last = lines[place.line - 1 : place.end_line]
    return "\n".join((first[place.column - 1 :], *middle, last[: place.end_column - 1]))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    "form", [as_xml, lambda tree: pretty(as_xml(tree)), lambda tree: prefixed(as_xml(tree))], ids=["line", "pretty", "prefix"]
)
def test_places_are_exact(form: Any, encoding: str) -> None:
    text = form(TREE)
    source = Source("made.xml", text.encode(encoding))
    places = cyclonedx_xml.locate(source)
    for item in cyclonedx_xml.read(source).components:
        whole = at(text, places.locate(item.pointer))
        assert re.match(r"<(b:)?(component|service|tool)\b", whole)
        assert whole.endswith((">",))
        for signal in item.signals:
            found = unescape(at(text, places.locate(item.pointer + signal.at)))
            assert signal.value in found
            assert found == found.strip()
            assert "<" not in found or signal.value == "Acme <Radio> Ltd." or signal.kind == "email" or "<b@" in found


@pytest.mark.parametrize(
    ("name", "want"),
    [("Huawei", "Huawei"), ("\n  Huawei\n ", "Huawei"), ("<!-- x -->Huawei<!-- y -->", "Huawei"), ("<![CDATA[Huawei]]>", "Huawei"),
     ("<?p?>Hua<!-- x -->wei", "Hua<!-- x -->wei"), ("&#72;uawei", "&#72;uawei"), ("ä<!-- ß --> Huawei", "ä<!-- ß --> Huawei"),
     ("", "<name></name>")],
)  # fmt: skip
def test_the_place_of_a_text_leaves_out_what_is_around_it(name: str, want: str) -> None:
    text = bom(f"<components>\n<component/>\n<component><name>ö</name><supplier><name>{name}</name></supplier></component></components>")
    places = cyclonedx_xml.locate(Source("made.xml", text.encode()))
    assert at(text, places.locate("/bom/components/component[2]/supplier/name")) == want


def test_what_only_looks_like_an_element_moves_no_place() -> None:
    sham = "<component><name>sham</name></component>"
    parts = f'<!-- {sham} --><?x {sham}?><component type="a>b" bom-ref=\'"/>\'><description><![CDATA[{sham}</component>]]></description>'
    inside = f"<components>{parts}<name>ä</name></component><component/><component><name>b</name></component></components>"
    text = f"<!-- <bom> -->{bom(inside)}"
    places = cyclonedx_xml.locate(Source("made.xml", text.encode()))
    assert [item.name for item in read(text).components] == ["ä", "", "b"]
    assert at(text, places.locate("/bom/components/component[1]/name")) == "ä"
    assert at(text, places.locate("/bom/components/component[2]")) == "<component/>"
    assert at(text, places.locate("/bom/components/component[3]/name")) == "b"


def test_what_is_not_there_has_the_place_of_what_is_around_it() -> None:
    text = bom("<components><component><supplier>Huawei</supplier></component></components>")
    places = cyclonedx_xml.locate(Source("made.xml", text.encode()))
    assert at(text, places.locate("/bom/components/component[1]/supplier/name")) == "Huawei"
    assert at(text, places.locate("/bom/components/component[1]/publisher")) == "<component><supplier>Huawei</supplier></component>"
    assert at(text, places.locate("/elsewhere")) == text


# ---- real documents


def manifest() -> list[Any]:
    if not CORPUS.is_dir():
        return [pytest.param({}, marks=pytest.mark.skip(reason="the corpus is not beside the repository"))]
    with (CORPUS / "manifest.tsv").open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [pytest.param(row, id=row["path"]) for row in rows if (row["format"], row["serialisation"]) == ("CycloneDX", "xml")]


def walked(root: ElementTree.Element) -> list[tuple[str, str, str]]:
    """Name, version and purl of every component of the product, by a plain walk."""
    found = []
    tag = f"{root.tag.rpartition('}')[0]}}}"
    queue = [root, *root.iterfind(f"{tag}metadata/{tag}component")]
    for element in queue:
        items = element.findall(f"{tag}components/{tag}component")
        found += [tuple((item.findtext(f"{tag}{name}") or "").strip() for name in ("name", "version", "purl")) for item in items]
        queue += items
    return sorted(found)  # type: ignore[arg-type]


@pytest.mark.parametrize("row", manifest())
def test_real_documents(row: dict[str, str]) -> None:
    raw = (CORPUS / row["path"]).read_bytes()
    try:
        document = cyclonedx_xml.read(Source(row["path"], raw))
    except DocumentError:
        assert row["path"].startswith("malformed/")
        return
    root = ElementTree.fromstring(raw)
    assert sorted((item.name, item.version, item.purl) for item in document.components if item.counted) == walked(root)
    assert not [item for item in document.components if item.malformed]
    if row["component_count"]:
        assert int(row["component_count"]) == len(root.findall(".//{*}component"))


@pytest.mark.parametrize("row", manifest())
def test_real_documents_as_the_official_library_reads_them(row: dict[str, str]) -> None:
    model = pytest.importorskip("cyclonedx.model.bom")
    root = ElementTree.fromstring((CORPUS / row["path"]).read_bytes()) if not row["path"].startswith("malformed/") else None
    if root is None or int(row["bytes"]) > 200_000:
        pytest.skip("hand-made, or slow to read for the library")
    try:
        library = model.Bom.from_xml(root)
    except Exception as error:  # the library aborts on odd values with errors of many kinds
        pytest.skip(f"the library does not read it: {type(error).__name__}")
    queue = list(library.components)
    if library.metadata.component:
        queue += library.metadata.component.components
    for item in queue:
        queue += item.components
    found = cyclonedx_xml.read(Source(row["path"], (CORPUS / row["path"]).read_bytes())).components
    want = {(item.name, item.version if item.version not in (None, "None") else "", str(item.purl or "")) for item in queue}
    assert {(item.name, item.version, normal(item.purl)) for item in found if item.counted} == want


def normal(purl: str) -> str:
    """The purl as the library writes it."""
    return str(PackageURL.from_string(purl)) if purl else ""


# ---- beside the parts

TOLD = """<metadata><timestamp>2026-11-01T00:00:00Z</timestamp>
  <tools><components><component type="application"><publisher>ZTE</publisher><name>scan</name></component></components></tools>
  <authors><author><name>A</name></author><author><email>b@zte.com.cn</email></author></authors>
  <component type="device" bom-ref="box"><name>box</name></component>
  <manufacture><name>Huawei</name><url>https://huawei.com</url></manufacture>
  <properties><property name="x">y</property><property name="fcc:id">QISX1</property></properties></metadata>
<components><component type="library" bom-ref="a"><name>a</name><externalReferences>
  <reference type="bom"><url>urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1#x</url></reference></externalReferences></component>
</components>
<externalReferences><reference type="vcs"><url>https://gitee.com/a/b</url></reference></externalReferences>
<dependencies><dependency ref="a"><dependency ref="urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1#y"/></dependency></dependencies>
<annotations><annotation><subjects><subject ref="box"/></subjects><annotator><organization><name>DJI</name></organization></annotator>
  <timestamp>2026-11-01T00:00:00Z</timestamp><text>FCC ID: QISX1</text></annotation></annotations>
<formulation><formula><components><component type="library"><publisher>ZTE</publisher><name>cc</name></component></components></formula>
  <formula><components><component type="library"><publisher>ZTE</publisher><name>ld</name></component></components></formula></formulation>
<declarations><targets><components><component type="library"><publisher>ZTE</publisher><name>t</name></component></components></targets>
  </declarations>
<definitions><standards><standard><name>s</name><version>1</version><description>d</description><owner>ZTE</owner></standard></standards></definitions>"""


def told() -> str:
    return bom(TOLD).replace("<bom ", '<bom serialNumber="urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79" version="2" ')


def test_what_is_told_beside_the_parts_is_read_with_its_place() -> None:
    source = Source("made.xml", told().encode())
    document, places = cyclonedx_xml.read(source), cyclonedx_xml.locate(source)
    found = [(item.name, item.aside, item.component_class) for item in document.components if not item.counted]
    assert found == [
        ("box", "", "hardware"), ("scan", "tool", "software"), ("cc", "build", "software"), ("ld", "build", "software"),
        ("t", "target", "software"), ("box", "", "module"), ("box", "writer", "hardware"), ("box", "", "module"),
        ("box", "party", "software"), ("definitions", "party", "software"),
    ]  # fmt: skip
    for item in document.components:
        for signal in item.signals:
            assert signal.value in at(told(), places.locate(item.pointer + signal.at)), (item.pointer, signal)


def test_names_links_and_faults_are_read() -> None:
    document = read(told())
    assert document.names == ("urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/2", "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79")
    assert [(link.target, link.element, link.ref, link.pointer) for link in document.links] == [
        ("urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1", "x", "a", "/bom/components/component[1]/externalReferences/reference[1]/url"),
        ("urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1", "y", "", "/bom/dependencies"),
    ]
    assert (document.gaps, document.problems) == ((), ())
    odd = told().replace("urn:uuid:3e671687", "urn:uuid:").replace('version="2"', 'version="0"').replace('type="library" bom-ref="a"', "")
    assert sorted(problem.pointer for problem in read(odd).problems) == ["/bom", "/bom", "/bom/components/component[1]"]


LIBRARY = "<components><component type='library' bom-ref='a'><name>a</name>{}</component></components>"


@pytest.mark.parametrize(
    ("inside", "pointer"),
    [
        ("<components><component type='library'/></components>", "/bom/components/component[1]"),
        ("<components><component type='library'><name> </name></component></components>", "/bom/components/component[1]"),
        (LIBRARY.format("<externalReferences><reference type='vcs'/></externalReferences>"),
         "/bom/components/component[1]/externalReferences/reference[1]"),
        ("<dependencies><dependency/></dependencies>", "/bom/dependencies"),
        (LIBRARY.format("") + "<dependencies><dependency ref='a'><dependency ref=''/></dependency></dependencies>", "/bom/dependencies"),
        ("<compositions><composition/></compositions>", "/bom/compositions/composition[1]"),
        ("<metadata><tools>syft</tools></metadata>", "/bom/metadata/tools"),
    ],
)  # fmt: skip
def test_what_the_official_schema_refuses_leaves_a_note(inside: str, pointer: str) -> None:
    document = read(bom(inside))
    assert ([problem.pointer for problem in document.problems], document.gaps) == ([pointer], ())


@pytest.mark.parametrize(
    ("inside", "pointer"),
    [
        ("<compositions><composition><aggregate>Complete</aggregate></composition></compositions>", "/bom/compositions/composition[1]"),
        (LIBRARY.format("") + "<dependencies><dependency ref='b'/><dependency ref='c'/></dependencies>", "/bom/dependencies"),
    ],
)
def test_what_says_that_parts_are_missing_is_a_gap(inside: str, pointer: str) -> None:
    document = read(bom(inside))
    assert ([gap.pointer for gap in document.gaps], document.problems) == ([pointer], ())


def test_dependencies_of_a_product_without_ref_are_its_own() -> None:
    tree = {"specVersion": "1.6", "components": [{"type": "library", "bom-ref": "a", "name": "a"}],
            "dependencies": [{"ref": "product", "dependsOn": ["a"]}, {"ref": "a"}]}  # fmt: skip
    for document in (read(as_xml(tree)), from_json({"bomFormat": "CycloneDX", **tree})):
        assert (document.root, document.gaps, document.problems) == ("product", (), ())


def test_what_a_part_provides_hangs_below_it() -> None:
    document = read(bom(LIBRARY.format("") + "<dependencies><dependency ref='a'><provides ref='b'/></dependency></dependencies>"))
    assert [(edge.parent, edge.children) for edge in document.edges] == [("a", ("b",))]


RARE: dict[str, Any] = {
    "type": "library",
    "bom-ref": "rare",
    "name": "rare",
    "endpoints": ["https://api.huaweicloud.com"],
    "licenses": [
        {"license": {"id": "MIT"}},
        {
            "license": {
                "name": "own",
                "licensing": {
                    "licensor": {"organization": {"name": "Hikvision", "contact": [{"name": "L", "email": "l@hikvision.com"}]}},
                    "licensee": {"organization": {"name": "ZTE"}},
                },
            }
        },
    ],
    "evidence": {
        "identity": [
            {
                "field": "purl",
                "concludedValue": "pkg:npm/%40hmscore/x",
                "methods": [{"technique": "filename", "value": "/lib/libhi_msp.so"}],
            },
            {
                "field": "name",
                "methods": [
                    {"technique": "binary-analysis", "value": "/lib/libother.so"},
                    {"technique": "other", "value": "pkg:github/huawei/x"},
                ],
            },
        ],
        "occurrences": [{"location": "/lib/liba.so"}],
    },
    "pedigree": {
        "ancestors": [{"type": "library", "name": "old"}],
        "variants": [
            {"type": "library", "bom-ref": "v", "name": "twin", "publisher": "Dahua", "components": [{"type": "file", "name": "inner.so"}]}
        ],
        "descendants": [{"type": "library", "name": "child"}, {"type": "library", "name": "second", "purl": "pkg:npm/%40hmscore/y"}],
        "commits": [{"url": "https://gitee.com/acme/x/commit/1"}],
        "patches": [{"type": "backport"}, {"type": "unofficial", "diff": {"url": "https://gitee.com/openeuler/x.patch"}}],
    },
    "data": [
        {
            "type": "dataset",
            "name": "d",
            "contents": {"url": "https://data.example/x"},
            "governance": {
                "owners": [{"organization": {"name": "Huawei", "url": ["https://huawei.com"]}}],
                "stewards": [{"contact": {"email": "s@acme.example"}}],
            },
        },
        {"type": "other", "governance": {"custodians": [{"organization": {"name": "Dahua"}}]}},
    ],
    "modelCard": {
        "modelParameters": {"datasets": [{"type": "dataset", "governance": {"owners": [{"organization": {"name": "SenseTime"}}]}}]}
    },
    "cryptoProperties": {"assetType": "certificate", "certificateProperties": {"subjectName": "CN=x, O=Kaspersky", "issuerName": "O=DJI"}},
}
RARE_XML = """<component type="library" bom-ref="rare"><name>rare</name><endpoints><endpoint>https://api.huaweicloud.com</endpoint></endpoints>
<licenses><license><id>MIT</id></license><license><name>own</name><licensing>
  <licensor><organization><name>Hikvision</name><contact><name>L</name><email>l@hikvision.com</email></contact></organization></licensor>
  <licensee><organization><name>ZTE</name></organization></licensee></licensing></license></licenses>
<evidence>
  <identity><field>purl</field><confidence>1</confidence><concludedValue>pkg:npm/%40hmscore/x</concludedValue>
    <methods><method><technique>filename</technique><value>/lib/libhi_msp.so</value></method></methods></identity>
  <identity><field>name</field><methods><method><technique>binary-analysis</technique><value>/lib/libother.so</value></method>
    <method><technique>other</technique><value>pkg:github/huawei/x</value></method></methods></identity>
  <occurrences><occurrence><location>/lib/liba.so</location></occurrence></occurrences></evidence>
<pedigree><ancestors><component type="library"><name>old</name></component></ancestors>
  <descendants><component type="library"><name>child</name></component>
    <component type="library"><name>second</name><purl>pkg:npm/%40hmscore/y</purl></component></descendants>
  <variants><component type="library" bom-ref="v"><publisher>Dahua</publisher><name>twin</name>
    <components><component type="file"><name>inner.so</name></component></components></component></variants>
  <commits><commit><url>https://gitee.com/acme/x/commit/1</url></commit></commits>
  <patches><patch type="backport"/><patch type="unofficial"><diff><url>https://gitee.com/openeuler/x.patch</url></diff></patch></patches>
</pedigree>
<data><type>dataset</type><name>d</name><contents><url>https://data.example/x</url></contents><governance>
  <owners><owner><organization><name>Huawei</name><url>https://huawei.com</url></organization></owner></owners>
  <stewards><steward><contact><email>s@acme.example</email></contact></steward></stewards></governance></data>
<data><type>other</type><governance><custodians><custodian><organization><name>Dahua</name></organization></custodian></custodians>
  </governance></data>
<modelCard><modelParameters><datasets><dataset><type>dataset</type><governance><owners><owner><organization><name>SenseTime</name>
  </organization></owner></owners></governance></dataset></datasets></modelParameters></modelCard>
<cryptoProperties><assetType>certificate</assetType><certificateProperties><subjectName>CN=x, O=Kaspersky</subjectName>
  <issuerName>O=DJI</issuerName></certificateProperties></cryptoProperties></component>"""


def test_the_rare_parts_of_a_component_say_what_they_say_in_json_with_their_places() -> None:
    text = bom(f"<components>{RARE_XML}</components>")
    document, places = read(text), cyclonedx_xml.locate(Source("made.xml", text.encode()))
    want = from_json({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [RARE]})
    assert sorted(facts(document)) == sorted(facts(want))
    assert {(item.name, item.aside) for item in document.components} == {(item.name, item.aside) for item in want.components}
    for problem in (*document.problems, *want.problems):  # endpoints are a service's
        assert (problem.pointer.startswith(("/bom/components/component", "/components/0")), "endpoints" in str(problem)) == (True, True)
    assert document.gaps == want.gaps == ()
    for item in document.components:
        for signal in item.signals:
            assert signal.value in at(text, places.locate(item.pointer + signal.at)), (item.pointer, signal)


def test_the_data_of_a_service_says_who_owns_it() -> None:
    data = (
        """<dataflow><governance><owners><owner><organization><name>Huawei</name></organization></owner></owners></governance></dataflow>"""
    )
    document = read(bom(f"<services><service><name>s</name><data>{data}{data}</data></service></services>"))
    assert suppliers(document) == ["Huawei", "Huawei"]


def test_a_relative_of_a_part_is_swept_and_matched_like_one(pack: Pack) -> None:
    text = bom(f"<components>{RARE_XML}</components>")
    met = {item.name: {piece.field for piece in found} for item, found in matchers.match(read(text).components, pack.index, "2026-11-21")}
    assert met.keys() >= {"rare", "twin", "second"}
    assert any(field.startswith("licenses.licensing") for field in met["rare"])


def test_pedigrees_in_pedigrees_beyond_all_bounds_are_refused() -> None:
    deep = 5000
    text = "<component><name>a</name><pedigree><variants>" * deep + "</variants></pedigree></component>" * deep
    with pytest.raises(DocumentError, match="nested"):
        readers.read(Source("made.xml", bom(f"<components>{text}</components>").encode()))


HASHES = '<hashes><hash alg="MD5">AA</hash><hash alg="SHA-256">BB</hash></hashes>'


def test_references_to_other_documents_carry_their_digests_and_compositions_their_links() -> None:
    uuid = "f08a6ccd-4dce-4759-bd84-c626675d60a7"
    reference = f'<externalReferences><reference type="bom"><url>x.xml</url>{HASHES}</reference></externalReferences>'
    composition = f'<composition><aggregate>complete</aggregate><assemblies><assembly ref="urn:cdx:{uuid}/1#z"/></assemblies></composition>'
    document = read(bom(LIBRARY.format(reference) + reference + f"<compositions>{composition}</compositions>"))
    assert [(link.target, link.element, link.algorithm, link.digest, link.pointer) for link in document.links] == [
        ("x.xml", "", "SHA-256", "bb", "/bom/components/component[1]/externalReferences/reference[1]/url"),
        (f"urn:cdx:{uuid}/1", "z", "", "", "/bom/compositions/composition[1]"),
        ("x.xml", "", "SHA-256", "bb", "/bom/externalReferences/reference[1]/url"),
    ]


def test_components_beside_the_parts_are_read_once_however_the_text_is_cut() -> None:
    formula = "<formula><components><component type='library'><name>{0}</name><publisher>{1}</publisher></component></components></formula>"
    text = bom(f"<formulation>{''.join(formula.format(number, 'x' * 300) for number in range(3000))}</formulation>")
    found = [item for item in read(text).components if item.type]
    assert [item.name for item in found] == [str(number) for number in range(3000)]
    assert [item.pointer for item in found][-1] == "/bom/formulation/formula[3000]/components[1]/component[1]"
