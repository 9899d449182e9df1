"""CycloneDX XML that is made shorter before it is parsed: what comes of it is the same, whatever the text looks like."""

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sbomguard import readers
from sbomguard.errors import DocumentError, SbomguardError
from sbomguard.model import Document
from sbomguard.readers import cyclonedx_xml, xmltext
from sbomguard.readers.cyclonedx_xml_thin import Thinner
from sbomguard.source import Source

CORPUS = Path(__file__).parents[3] / "shared"
NAMESPACE = "http://cyclonedx.org/schema/bom/1.6"


def picture(document: Document) -> Any:
    """All that is read of a document."""
    components = [
        (*(getattr(item, name) for name in item.__struct_fields__ if name not in ("signals", "text")), tuple(item.signals))
        for item in document.components
    ]
    others = {name: getattr(document, name) for name in document.__struct_fields__ if name not in ("components", "edges")}
    return components, sorted((edge.parent, edge.children) for edge in document.edges), others


def same(data: bytes) -> bool:
    """Whether the text could be read in short form; that and the long form must then give the same."""
    try:
        short = cyclonedx_xml._document(Source("made.xml", data), thin=True)
    except DocumentError:
        return False
    assert picture(short) == picture(cyclonedx_xml._document(Source("made.xml", data), thin=False))
    return True


def bom(inside: str, dependencies: str = "") -> bytes:
    text = f'<bom xmlns="{NAMESPACE}"><components><component type="library" bom-ref="a"><name>x</name>{inside}</component></components>'
    return f"{text}{dependencies and f'<dependencies>{dependencies}</dependencies>'}</bom>".encode()


SHORT = [
    "<description>It is &lt;fast&gt; &amp; free</description>",
    "<scope>required</scope>",
    '<scope>required</scope><hashes><hash alg="SHA-256">00ff</hash></hashes>',
    "<copyright>© Acme</copyright>",
    '<licenses><license acknowledgement="declared"><id>MIT</id><url>https://mit.test</url></license></licenses>',
    "<licenses><expression>MIT OR ISC</expression></licenses>",
    "<tags><tag>one</tag>\n<tag>two</tag></tags>",
    "<evidence><identity><field>purl</field><concludedValue>a.lock</concludedValue></identity></evidence>",
    "<evidence><occurrences><occurrence><location>src/a.c</location></occurrence></occurrences></evidence>",
    '<properties><property name="cdx:x">1</property>\n <property name="cdx:y">2</property></properties>',
    '<properties><property name="cdx:x">1</property><property name="cdx:device:vendor">Acme</property></properties>',
    '<properties><property name="SrcFile">package-lock.json</property><property name="cdx:x">1</property></properties>',
    "<description>fast</description>\n <scope>required</scope>\n <licenses>\n <license><id>MIT</id></license></licenses>\n ",
    '<scope>required</scope><hashes><hash alg="MD5">00</hash></hashes><licenses><expression>&amp;</expression></licenses>',
]
TELLING = [
    '<licenses><license><id>MIT</id><licensing><licensor><organization><name>Acme</name></organization></licensor></licensing></license></licenses>',
    "<evidence><occurrences><occurrence><location>src/a.c</location></occurrence><occurrence><location>lib/a.so</location></occurrence>"
    "</occurrences></evidence>",
    "<evidence><identity><field>purl</field><concludedValue> pkg:npm/acme/x</concludedValue></identity></evidence>",
    "<evidence><identity><field>name</field><concludedValue>acme</concludedValue></identity></evidence>",
    "<evidence><identity><field>purl</field><methods><method><technique>filename</technique><confidence>1</confidence>"
    "<value>/lib/acme.KO</value></method></methods></identity></evidence>",
    '<properties><property name="cdx:x">1</property><property name="SrcFile">lib/acme.so</property></properties>',
    '<properties><property name="cdx:x">1</property><property name="SrcFile">acme.\N{KELVIN SIGN}o</property></properties>',
    '<properties><property name="cdx:x">1</property><property name="SrcFile">acme.so\N{NO-BREAK SPACE}</property></properties>',
    '<properties><property name="fcc:id">ABC-123</property><property name="cdx:x">1</property></properties>',
    '<externalReferences><reference type="bom"><url>urn:cdx:1</url><hashes><hash alg="SHA-256">00ff</hash></hashes></reference>'
    "</externalReferences>",
]  # fmt: skip
ODD = [
    "<!-- ", " -->", "<![CDATA[", "]]>", "<?pi ", "?>", "&#65;", "&lt;", "&huawei;", "&", "<", ">", '"', "\x01", "￿", "text", "</scope>",
    "<scope>", '<x:y xmlns:x="urn:x" xmlns="urn:y">', "</x:y>", '<description lang="', '">', "<property/>", "<properties>", "</properties>",
]  # fmt: skip
DEPENDENCIES = [
    '<dependency ref="a"/>', '<dependency ref="b&amp;c"/>', '<dependency ref="a"><dependency ref="b"/>\n<dependency ref="c"/></dependency>',
    '<dependency ref="a"><dependency ref="b"><dependency ref="c"/></dependency></dependency>', "<dependency/>", '<dependency ref=""/>',
    '<dependency ref="a"><provides ref="p"/></dependency>', "<dependency ref='a'><dependency ref=\"urn:cdx:1/1#x\"/></dependency>",
    '<x:y xmlns:x="urn:x" xmlns="urn:y"><dependency ref="z"/></x:y>', '<!-- <dependency ref="z"/> -->', '<dependency ref="a">',
    "</dependency>", '<dependency ref="urn:cdx:1/1#y"/>',
]  # fmt: skip


@pytest.mark.parametrize("element", SHORT)
def test_elements_that_tell_no_maker_never_reach_the_parser(element: str) -> None:
    source = Source("made.xml", bom(element))
    assert len(Thinner(source).thin(source.data)) < len(source.data)
    assert same(source.data)


@pytest.mark.parametrize("element", TELLING)
def test_elements_that_tell_a_maker_are_read(element: str) -> None:
    assert same(bom(element))


@pytest.mark.parametrize("name", ["licenses", "description", "properties", "evidence"])
def test_an_element_that_is_there_twice_is_refused(name: str) -> None:
    twice = next(element for element in SHORT if element.startswith(f"<{name}>")) * 2
    with pytest.raises(DocumentError, match=f"has <{name}> twice"):
        cyclonedx_xml._document(Source("made.xml", bom(twice)), thin=True)


@pytest.mark.parametrize(
    ("first", "behind"), [("description", "scope"), ("scope", "hashes"), ("scope", "licenses"), ("description", "licenses")]
)
def test_an_element_that_is_there_twice_is_refused_behind_others(first: str, behind: str) -> None:
    text = f"<{first}>x</{first}>\n<{behind}></{behind}>\n"
    assert same(bom(text))
    with pytest.raises(DocumentError, match=f"has <{behind}> twice"):
        cyclonedx_xml._document(Source("made.xml", bom(f"{text}<{behind}></{behind}>")), thin=True)


@given(st.lists(st.sampled_from([*SHORT, *TELLING, *ODD])), st.lists(st.sampled_from(DEPENDENCIES)), st.integers(20, 400))
@example(["<![CDATA[", SHORT[0], "]]>"], [], 400)
@example(['<description lang="', SHORT[4], '"></description>'], [], 400)
@example([TELLING[5].replace(".so", ".s&#111;")], [], 400)
def test_whatever_the_text_looks_like(inside: list[str], dependencies: list[str], piece: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xmltext, "THINNED_PIECE", piece)
        same(bom("".join(inside), "".join(dependencies)))


@given(st.lists(st.sampled_from(DEPENDENCIES[:9]), min_size=1), st.integers(20, 200))
def test_dependencies_that_stand_across_pieces(dependencies: list[str], piece: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xmltext, "THINNED_PIECE", piece)
        assert same(bom("", "".join(dependencies)))


def large(tail: str = "") -> bytes:
    """A document that is large enough to be made shorter."""
    rng = random.Random(1)
    part = "<component type='library' bom-ref='c{0}'>\n<name>c{0}</name>{1}</component>\n"
    parts = "".join(part.format(number, "".join(rng.sample(SHORT[:2] + SHORT[3:4], 2) + SHORT[9:10])) for number in range(6000))
    return f'<bom xmlns="{NAMESPACE}">\n<components>\n{parts}{tail}</components>\n</bom>'.encode()


def test_places_and_errors_are_those_of_the_whole_text() -> None:
    part = "<component type='library'><name>last</name><publisher>Huawei</publisher></component>\n"
    source = Source("made.xml", large(part))
    assert len(source.data) >= Thinner.MIN_BYTES
    found = readers.read(source).components[-1]
    assert source.data.decode().splitlines()[readers.locate(source).locate(f"{found.pointer}/publisher").line - 1] == part.rstrip()
    with pytest.raises(SbomguardError, match=f"line {large().count(10)} column 12"):
        readers.read(Source("made.xml", large("<component/x>")))


def test_a_cdata_section_is_read_as_text() -> None:
    part = "<component type='library'><name><![CDATA[a<scope>b</scope>]]></name></component>"
    assert readers.read(Source("made.xml", large(part))).components[-1].name == "a<scope>b</scope>"


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not here")
@pytest.mark.parametrize("folder", ["corpus", "attacks"])
def test_the_same_of_every_file_at_hand(folder: str) -> None:
    read = 0
    for path in sorted((CORPUS / folder).rglob("*")):
        if path.is_file() and path.stat().st_size < 1 << 25 and cyclonedx_xml.accepts((data := path.read_bytes())[:4096]):
            try:
                source = Source(path.name, data)
            except SbomguardError:
                continue
            read += same(source.data)
    assert read
