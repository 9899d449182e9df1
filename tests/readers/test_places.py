"""The printed line and column are those of the very value that convicts, in every format, minified and wrapped files included.

Each row is a whole file with one finding. The place is taken from the text report, as a person or an editor would; the JSON report and
SARIF must give the same; the file is read at that place, and what stands there must be the evidence's `found` as the format writes it.
"""

import base64
import gzip
import html
import json
import lzma
import re
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sbomguard import readers, reports
from sbomguard.check import check
from sbomguard.finding import Finding
from sbomguard.model import Document
from sbomguard.pack import Pack
from sbomguard.readers.cursor import Cursor
from sbomguard.reports import Style
from sbomguard.source import Source
from sbomguard.verdict import Verdict
from tests import made, writers
from tests.readers.test_corpus import CORPUS, manifest, read, source_of

HUAWEI = "Huawei Technologies Co., Ltd."
CAMERA = {"name": "camera", "version": "1", "supplier": "Aurora GmbH"}


class Row(NamedTuple):
    """A file, the field that convicts, and how its format writes that value at the place."""

    raw: bytes
    field: str
    read: Callable[[str], Any]


def plain(text: str) -> str:
    return text


def beside(**part: Any) -> list[dict[str, Any]]:
    """A listed vendor's part behind one that is not."""
    return [CAMERA, {"name": "part", "version": "2", **part}]


# ---- CycloneDX JSON


def cyclonedx(components: list[Any]) -> bytes:
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": components}).encode()


def nested() -> bytes:
    """The third level of components, and the second of its external references."""
    inner = {
        "type": "library", "name": "sdk", "purl": "pkg:generic/sdk@1",
        "externalReferences": [
            {"type": "vcs", "url": "https://git.example/sdk"}, {"type": "distribution", "url": "https://www.huawei.com/sdk.tgz"},
        ],
    }  # fmt: skip
    middle = {"type": "library", "name": "hal", "components": [inner]}
    return cyclonedx([{"type": "firmware", "name": "fw", "components": [middle]}])


def ancestor() -> bytes:
    old = {"type": "library", "name": "old", "manufacturer": {"name": HUAWEI}}
    return cyclonedx([{"type": "library", "name": "new", "pedigree": {"ancestors": [{"type": "library", "name": "x"}, old]}}])


def escaped(value: str) -> bytes:
    """A document in one line, where names in other scripts stand before the value, which is written with escapes."""
    party = "".join(f"\\u{ord(character):04x}" if character in "Hä华" else character for character in value).replace("/", "\\/")
    return (
        '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","name":"дом 𝔸 摄像头",'
        f'"description":"\\"supplier\\":{{\\"name\\":\\"nobody\\"}}","supplier":{{"name":"{party}"}}}}]}}'
    ).encode()


# ---- CycloneDX XML


def cyclonedx_xml(inside: str, head: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>{head}<bom xmlns="http://cyclonedx.org/schema/bom/1.5"><components>'
        f"<component type='library'><name>b&lt;ö</name></component><component type='library'>{inside}</component></components></bom>"
    ).encode()


def prefixed() -> bytes:
    return (
        '<b:bom xmlns:b="http://cyclonedx.org/schema/bom/1.4" xmlns:o="urn:o"><b:components><!-- <b:component> -->'
        '<b:component type="library"><b:name>摄像头 𝔸</b:name><o:cpe>cpe:/a:nobody</o:cpe>'
        "<b:cpe>cpe:2.3:a:huawei:agent:1:*:*:*:*:*:*:*</b:cpe></b:component></b:components></b:bom>"
    ).encode()


# ---- SPDX 2


def tag_value(*lines: str) -> bytes:
    """A document whose second package has those lines. In the first stands a text with a line that is no supplier."""
    return (
        "SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: made\n\n"
        "PackageName: zlib\nSPDXID: SPDXRef-z\nPackageDownloadLocation: NONE\nPackageComment: <text>\nPackageSupplier: nobody\n</text>\n\n"
        "PackageName: part\nSPDXID: SPDXRef-p\nPackageDownloadLocation: NONE\n" + "".join(f"{line}\n" for line in lines)
    ).encode()


def spdx_yaml(lines: str) -> bytes:
    return (
        "spdxVersion: 'SPDX-2.3'\nSPDXID: SPDXRef-DOCUMENT\npackages:\n"
        f"- {{SPDXID: SPDXRef-z, name: zlib, downloadLocation: NONE}}\n- SPDXID: SPDXRef-p\n  name: part\n{lines}"
        "relationships:\n- {spdxElementId: SPDXRef-DOCUMENT, relationshipType: DESCRIBES, relatedSpdxElement: SPDXRef-p}\n"
    ).encode()


def rdf(package: str) -> bytes:
    return (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:s="http://spdx.org/rdf/terms#">'
        '<s:SpdxDocument rdf:about="urn:x#SPDXRef-DOCUMENT"><s:specVersion>SPDX-2.3</s:specVersion></s:SpdxDocument>'
        f'<s:Package rdf:about="urn:x#SPDXRef-p"><s:name>part</s:name>{package}</s:Package></rdf:RDF>'
    ).encode()


# ---- SPDX 3


def agents_inline() -> bytes:
    """An agent that is written where it is named."""
    graph: list[Any] = [
        {"type": "SpdxDocument", "spdxId": "urn:x:d", "rootElement": ["urn:x:p"]},
        {"type": "software_Package", "spdxId": "urn:x:p", "name": "part", "suppliedBy": {"type": "Organization", "name": HUAWEI}},
    ]
    return json.dumps({"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": graph}).encode()


def yaml_value(text: str) -> Any:
    return yaml.safe_load(f"x: {text}")["x"]


PARTY = beside(supplier=HUAWEI)
CPE = beside(cpe="cpe:2.3:a:huawei:agent:1:*:*:*:*:*:*:*")
PURL = beside(purl="pkg:npm/%40huawei/agent@1")
RADIO = beside(fcc_id="QISME909S-120", type="device")

ROWS = {
    "cyclonedx json, indented": Row(writers.cyclonedx_json(PARTY), "supplier.name", json.loads),
    "cyclonedx json, minified": Row(writers.minified(PARTY), "supplier.name", json.loads),
    "cyclonedx json, purl, minified": Row(writers.minified(PURL), "purl", json.loads),
    "cyclonedx json, cpe": Row(writers.cyclonedx_json(CPE), "cpe", json.loads),
    "cyclonedx json, fcc id": Row(writers.minified(RADIO), "properties[fcc:id]", json.loads),
    "cyclonedx json, nested, second reference": Row(nested(), "externalReferences", json.loads),
    "cyclonedx json, ancestor": Row(ancestor(), "pedigree.ancestors.manufacturer.name", json.loads),
    "cyclonedx json, escapes behind other scripts": Row(escaped("Huawei Technologies Co., Ltd."), "supplier.name", json.loads),
    "cyclonedx json, chinese as escapes": Row(escaped("华为技术有限公司"), "supplier.name", json.loads),
    "cyclonedx json, utf-16": Row(escaped("华为技术有限公司").decode().encode("utf-16"), "supplier.name", json.loads),
    "cyclonedx json, byte order mark": Row(b"\xef\xbb\xbf" + writers.minified(PARTY), "supplier.name", json.loads),
    "cyclonedx json, crlf": Row(writers.cyclonedx_json(PARTY).replace(b"\n", b"\r\n"), "supplier.name", json.loads),
    "cyclonedx xml, one line": Row(writers.cyclonedx_xml(PARTY), "supplier.name", html.unescape),
    "cyclonedx xml, indented": Row(writers.cyclonedx_xml(PURL, indent="\t"), "purl", html.unescape),
    "cyclonedx xml, entities": Row(
        cyclonedx_xml("<publisher>&#72;uawei Technologies &#x43;o., Ltd&#46;</publisher>"), "publisher", html.unescape
    ),
    "cyclonedx xml, cdata and comments": Row(
        cyclonedx_xml("<!-- <publisher>no</publisher> --><publisher>\n  <![CDATA[Huawei]]> Technologies <!-- x -->Co., Ltd.\n</publisher>"),
        "publisher",
        lambda text: re.sub(r"<!--.*?-->|<!\[CDATA\[|\]\]>", "", text),
    ),
    "cyclonedx xml, prefix, other scripts before it": Row(prefixed(), "cpe", html.unescape),
    "cyclonedx xml, extension that takes over the name": Row(
        cyclonedx_xml('<cpe xmlns="urn:o">no</cpe><x:cpe xmlns:x="urn:o">no</x:cpe><cpe>cpe:/a:huawei:agent:1</cpe>'), "cpe", html.unescape
    ),
    "cyclonedx xml, address of a contact": Row(
        cyclonedx_xml("<supplier><name>A</name><contact/><contact><email>x@huawei.com</email></contact></supplier>"),
        "supplier.contact.email",
        html.unescape,
    ),
    "cyclonedx xml, property": Row(writers.cyclonedx_xml(RADIO), "properties[fcc:id]", html.unescape),
    "spdx json, indented": Row(writers.spdx_json(PARTY), "supplier", json.loads),
    "spdx json, locator": Row(writers.spdx_json(CPE), "externalRefs.cpe23Type", json.loads),
    "spdx json, fcc id in a comment": Row(writers.spdx_json(RADIO), "annotations.comment", json.loads),
    "tag-value": Row(writers.tag_value(PARTY), "supplier", plain),
    "tag-value, locator": Row(writers.tag_value(CPE), "externalRefs.cpe23Type", plain),
    "tag-value, comment in text marks": Row(writers.tag_value(RADIO), "annotations.comment", plain),
    "tag-value, text of several lines": Row(
        tag_value("PackageSourceInfo: <text>read from\n  the image, /lib/libc.a\n  and /opt/libHCNetSDK.so\n</text>"), "sourceInfo", plain
    ),
    "tag-value, second reference": Row(
        tag_value("ExternalRef: PACKAGE-MANAGER purl pkg:generic/part", "ExternalRef:  OTHER  url\thttps://www.huawei.com/x"),
        "externalRefs.url",
        plain,
    ),
    "tag-value, cr": Row(tag_value(f"PackageSupplier: Organization: {HUAWEI}").replace(b"\n", b"\r"), "supplier", plain),
    "tag-value, utf-16": Row(tag_value("PackageOriginator: Organization: 华为").decode().encode("utf-16"), "originator", plain),
    "tag-value, address": Row(tag_value("PackageSupplier: Person: É Li (eli@huawei.com)"), "supplier", plain),
    "tag-value, tabs, crlf": Row(tag_value(f" \tPackageSupplier:\tOrganization:  {HUAWEI} ").replace(b"\n", b"\r\n"), "supplier", plain),
    "tag-value, party in text marks": Row(tag_value(f"PackageSupplier: <text>Organization: {HUAWEI}</text>"), "supplier", plain),
    "yaml": Row(writers.spdx_yaml(PARTY), "supplier", yaml_value),
    "yaml, quotes": Row(spdx_yaml('  supplier: "Organization: \\u0048uawei Technologies\\x20Co., Ltd."\n'), "supplier", yaml_value),
    "yaml, folded": Row(spdx_yaml("  supplier: 'Organization: Huawei Technologies\n    Co., Ltd.'\n"), "supplier", yaml_value),
    "yaml, flow": Row(
        spdx_yaml("  externalRefs: [{referenceType: url, referenceLocator: 'https://www.huawei.com/x'}]\n"), "externalRefs.url", yaml_value
    ),
    "yaml, block": Row(spdx_yaml("  supplier: |-\n    Organization: Huawei Technologies Co., Ltd.\n"), "supplier", yaml_value),
    "spdx xml, one line": Row(writers.spdx_xml(PARTY), "supplier", html.unescape),
    "spdx xml, indented": Row(writers.spdx_xml(CPE, indent="  "), "externalRefs.cpe23Type", html.unescape),
    "rdf/xml, one line": Row(writers.rdf_xml(PARTY), "supplier", html.unescape),
    "rdf/xml, indented": Row(writers.rdf_xml(CPE, indent="  "), "externalRefs.cpe23Type", html.unescape),
    "rdf/xml, entities": Row(rdf("<s:supplier>\n &#x48;uawei Technologies Co., Ltd.</s:supplier>"), "supplier", html.unescape),
    "rdf/xml, utf-16": Row(writers.rdf_xml(PARTY).decode().replace("UTF-8", "UTF-16").encode("utf-16"), "supplier", html.unescape),
    "spdx 3, indented, agent by id": Row(writers.spdx3(PARTY), "suppliedBy.name", json.loads),
    "spdx 3, minified, agent by id": Row(writers.spdx3(PARTY, indent=None), "suppliedBy.name", json.loads),
    "spdx 3, minified, cpe": Row(writers.spdx3(CPE, indent=None), "externalIdentifier.cpe23", json.loads),
    "spdx 3, minified, annotation": Row(writers.spdx3(RADIO, indent=None), "annotation.statement", json.loads),
    "spdx 3, agent on the spot": Row(agents_inline(), "suppliedBy.name", json.loads),
}  # fmt: skip


def verdict(raw: bytes, pack: Pack, name: str = "made.sbom") -> Verdict:
    answer = check([Source(name, raw)], pack, today=made.TODAY)
    assert not answer.failures
    return answer


def printed(answer: Verdict) -> tuple[str, int, int]:
    """Path, line and column as the text report prints them for the only component that is found."""
    (place,) = re.findall(r"--> (.+):(\d+):(\d+)", reports.render("text", answer, Style(version="0")))
    return place[0], int(place[1]), int(place[2])


def at_place(text: str, line: int, column: int, end_line: int, end_column: int) -> str:
    """What stands there. Lines end at LF, or at CR where there is no LF; columns count characters."""
    lines = text.split("\n" if "\n" in text else "\r")[line - 1 : end_line]
    lines[-1] = lines[-1][: end_column - 1]
    lines[0] = lines[0][column - 1 :]
    return "\n".join(lines)


def shown(answer: Verdict, finding: Finding, text: str) -> str:
    """What the file holds at the printed place; all reports must name the same one."""
    told = json.loads(reports.render("json", answer, Style(version="0")))["findings"][0]["location"]
    result = json.loads(reports.render("sarif", answer, Style(version="0")))["runs"][0]["results"][0]
    region = result["locations"][0]["physicalLocation"]["region"]
    span = (told["line"], told["column"], told["end_line"], told["end_column"])
    assert (region["startLine"], region["startColumn"], region["endLine"], region["endColumn"]) == span
    assert printed(answer) == (told["path"], *span[:2])
    assert finding.location.path == told["path"]
    return at_place(text, *span)


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_the_printed_place_is_that_of_the_value_that_convicts(row: Row, pack: Pack) -> None:
    answer = verdict(row.raw, pack)
    finding = answer.findings[0]
    text = row.raw.decode("utf-16" if row.raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    value = row.read(shown(answer, finding, text))
    assert (finding.evidence[0].field, finding.component.malformed) == (row.field, "")
    assert_is(value, finding)


def assert_is(value: str, finding: Finding) -> None:
    """Whether the text at a place is what was found, or the party text, path list or comment that it was taken from."""
    found, field = finding.evidence[0].found, finding.evidence[0].field
    assert value.strip().removeprefix("Organization:").removeprefix("FCC ID:").strip() == found or (
        found in re.split(r"[\s()]", value) and field in ("sourceInfo", "supplier")
    )


def dsse(predicate: bytes) -> bytes:
    head = b'{"_type":"https://in-toto.io/Statement/v1","subject":[],"predicateType":"https://cyclonedx.org/bom","predicate":'
    payload = base64.b64encode(head + predicate + b"}").decode()
    return json.dumps({"payloadType": "application/vnd.in-toto+json", "payload": payload, "signatures": [{"sig": "eA=="}]}).encode()


def unwrapped(raw: bytes) -> str:
    """The payload of an envelope."""
    return base64.b64decode(json.loads(raw)["payload"]).decode()


WRAPPED: dict[str, tuple[bytes, Callable[[bytes], str], str]] = {
    "gzip": (gzip.compress(writers.minified(PARTY)), lambda raw: gzip.decompress(raw).decode(), "made.sbom"),
    "xz": (lzma.compress(writers.cyclonedx_json(PARTY)), lambda raw: lzma.decompress(raw).decode(), "made.sbom"),
    "dsse": (dsse(writers.minified(PARTY)), unwrapped, "made.sbom!payload!predicate"),
    "dsse, indented": (dsse(writers.cyclonedx_json(PARTY)), unwrapped, "made.sbom!payload!predicate"),
    "export": (b'{"x": "\xc3\xa9", "sbom":' + writers.spdx_json(PARTY) + b"}", lambda raw: raw.decode(), "made.sbom!sbom"),
    "dsse in gzip": (
        gzip.compress(dsse(writers.minified(PARTY))), lambda raw: unwrapped(gzip.decompress(raw)), "made.sbom!payload!predicate",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("raw", "take_off", "path"), WRAPPED.values(), ids=WRAPPED)
def test_in_a_wrapper_the_place_is_that_in_what_the_wrapper_holds(
    raw: bytes, take_off: Callable[[bytes], str], path: str, pack: Pack
) -> None:
    """A compressed file: the place in the text that comes out. An envelope: in its decoded payload. JSON around an SBOM: in the file."""
    answer = verdict(raw, pack)
    finding = answer.findings[0]
    value = json.loads(shown(answer, finding, take_off(raw)))
    assert_is(value, finding)
    assert finding.location.path == path


# ---- real documents

CAP = 250_000


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the repository")
def test_every_value_of_real_documents_is_where_its_place_says() -> None:
    """All signals of all components, findings or not; at least a few of each form of each format."""
    seen: Counter[tuple[str, str]] = Counter()
    for row in manifest():
        document = read(row) if int(row["bytes"]) <= CAP else None
        if not isinstance(document, Document):
            continue
        source = source_of(row)
        readers.read(source)  # a source remembers its reader, which knows the places
        places, text = readers.locate(source), source.data.decode().replace("\r\n", " \n").replace("\r", "\n")
        for component in document.components:
            for signal in component.signals:
                place = places.locate(component.pointer + signal.at)
                there = at_place(text, place.line, place.column, place.end_line, place.end_column)
                told = f"{row['path']} {component.pointer}{signal.at}"
                assert bare(signal.value) in bare(unescaped(document.serialisation, there)), told
                seen[document.format, document.serialisation] += 1
    assert len(seen) == 8
    assert min(seen.values()) >= 20


def unescaped(form: str, text: str) -> str:
    """A value without what its form of text writes around or for it."""
    if form in ("json", "jsonld"):
        return str(json.loads(text))
    if form in ("xml", "rdf-xml"):
        return html.unescape(re.sub(r"<!--.*?-->|<!\[CDATA\[|\]\]>", "", text))
    return str(yaml_value(text)) if form == "yaml" else text


def bare(text: str) -> str:
    """Without white space and brackets, which are left out of party names where an address stood in them."""
    return re.sub(r"[\s()<>]", "", text)


@given(text=st.text(alphabet="aé漢\n😀", min_size=1), data=st.data())
def test_places_are_the_same_in_whatever_order_they_are_asked(text: str, data: st.DataObject) -> None:
    cursor = Cursor(text.encode())
    for end in data.draw(st.lists(st.integers(0, len(text)), max_size=9)):
        before = text[:end]
        assert cursor.position(len(before.encode())) == (before.count("\n") + 1, len(before) - before.rfind("\n"))
