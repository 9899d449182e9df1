"""Which reader is chosen, by what the bytes say; what two tools would read differently, and what is no SBOM, is refused."""

import io
import json
import tarfile
from typing import Any

import pytest

from sbomguard import readers
from sbomguard.check import check
from sbomguard.errors import DocumentError, NotAnSbomError, SbomguardError
from sbomguard.pack import Pack
from sbomguard.readers import jsontext
from sbomguard.source import FOUND, NAMED, PASSED, Source
from tests import made
from tests.readers.test_cyclonedx_json import answer, signals

CDX = {"bomFormat": "CycloneDX", "specVersion": "1.6"}
SPDX = {"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT"}
PART = {"name": "a", "supplier": {"name": "Huawei"}}
PACKAGE = {"SPDXID": "SPDXRef-a", "name": "a", "supplier": "Organization: Huawei"}
PADDING = {"x-padding": "x" * (readers.HEAD + 100)}
LARGE = "x" * (jsontext.STRICT_BELOW + 100)

CDX_BYTES = made.cyclonedx([{"name": "ä", "supplier": "Huawei"}, {"name": "b", "purl": "pkg:npm/b@1"}])
SPDX_BYTES = made.spdx([{"name": "ä", "supplier": "Huawei"}, {"name": "b", "purl": "pkg:npm/b@1"}])


def read(raw: bytes | dict[str, Any] | str) -> Any:
    """The document in those bytes, or in that value written as JSON."""
    if isinstance(raw, dict):
        raw = json.dumps(raw)
    return readers.read(Source("made", raw.encode() if isinstance(raw, str) else raw))


# ---- which format


@pytest.mark.parametrize(
    ("document", "form"),
    [
        ({**CDX, "components": [PART]}, "CycloneDX"),
        ({"components": [PART], "specVersion": "1.6", "bomFormat": "CycloneDX"}, "CycloneDX"),
        ({**PADDING, "components": [PART], **CDX}, "CycloneDX"),
        ({**PADDING, **CDX, "components": [PART], "x-more": PADDING}, "CycloneDX"),
        ({**SPDX, "packages": [PACKAGE]}, "SPDX"),
        ({**PADDING, "packages": [PACKAGE], **SPDX}, "SPDX"),
        ({**PADDING, **SPDX, "packages": [PACKAGE], "x-more": PADDING}, "SPDX"),
        ({**CDX, "components": [PART, {"name": "spdxVersion"}]}, "CycloneDX"),
        ({"components": [{"name": "spdxVersion"}, PART], **PADDING, **CDX, "x-more": PADDING}, "CycloneDX"),
        ({**SPDX, "packages": [PACKAGE, {"SPDXID": "SPDXRef-b", "name": "CycloneDX"}]}, "SPDX"),
        ({**SPDX, "packages": [PACKAGE, {"SPDXID": "SPDXRef-b", "name": "bomFormat"}]}, "SPDX"),
        ({**SPDX, "packages": [PACKAGE], "creationInfo": {"creators": ["Tool: x"], "comment": "CycloneDX"}}, "SPDX"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_the_format_is_found_wherever_its_mark_stands(document: dict[str, Any], form: str) -> None:
    found = read(document)
    assert found.format == form
    assert ("party", "supplier", "Huawei") in [signal for item in found.components for signal in signals(item)]


@pytest.mark.parametrize(("key", "value"), [("bom\\u0046ormat", "CycloneDX"), ("bomFormat", "Cyclone\\u0044X")])
def test_escapes_do_not_hide_a_format(key: str, value: str) -> None:
    assert read(f'{{"{key}": "{value}", "specVersion": "1.6"}}').format == "CycloneDX"


@pytest.mark.parametrize("around", [b"\n\n%s\n\n", b" \r\n\t%s \t", b" " * 5000 + b"%s"])
@pytest.mark.parametrize("raw", [CDX_BYTES, SPDX_BYTES], ids=["cyclonedx", "spdx"])
def test_white_space_around_it_is_no_matter(raw: bytes, around: bytes) -> None:
    assert len(read(around % raw).components) == 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("raw", [CDX_BYTES, SPDX_BYTES], ids=["cyclonedx", "spdx"])
def test_other_encodings_are_read_where_a_mark_says_so(raw: bytes, encoding: str) -> None:
    plain, marked = read(raw), read(raw.decode().encode(encoding))
    assert [signals(item) for item in marked.components] == [signals(item) for item in plain.components]


@pytest.mark.parametrize("order", ["le", "be"])
def test_either_byte_order_is_read(order: str) -> None:
    for width, mark in (("16", {"le": b"\xff\xfe", "be": b"\xfe\xff"}), ("32", {"le": b"\xff\xfe\0\0", "be": b"\0\0\xfe\xff"})):
        assert len(read(mark[order] + CDX_BYTES.decode().encode(f"utf-{width}-{order}")).components) == 2


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "latin-1", "cp037"])
@pytest.mark.parametrize("raw", [CDX_BYTES, SPDX_BYTES], ids=["cyclonedx", "spdx"])
def test_other_encodings_are_refused_where_none_does(raw: bytes, encoding: str) -> None:
    with pytest.raises(DocumentError):
        read(raw.decode().encode(encoding))


# ---- what is no SBOM that is read

CDX_XML = '<?xml version="1.0"?>\n<bom xmlns="http://cyclonedx.org/schema/bom/1.4" version="1"/>'
PREFIXED = '<c:bom version="1" xmlns:c="http://cyclonedx.org/schema/bom/1.6"/>'
RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:spdx="http://spdx.org/rdf/terms#"/>'
SPDX_XML = "<?xml version='1.0'?>\n<Document><spdxVersion>SPDX-2.3</spdxVersion></Document>"
SPDX_3 = '{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": []}'


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (CDX_XML, "CycloneDX"),
        (PREFIXED, "CycloneDX"),
        (RDF, "SPDX"),
        (SPDX_XML, "SPDX"),
        (SPDX_3, "SPDX"),
        ("SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\n", "SPDX"),
        ("# made by hand\r\n\r\nSPDXVersion: SPDX-2.2\r\n", "SPDX"),
        ('spdxVersion: "SPDX-2.3"\npackages: []\n', "SPDX"),
    ],
)
def test_every_format_goes_to_its_reader(text: str, form: str) -> None:
    found = answer(text)
    if isinstance(found, DocumentError):
        assert not isinstance(found, NotAnSbomError)
        assert found.problem
    else:
        assert found.format == form


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        '{"name": "app", "dependencies": {"left-pad": "1.0"}}',
        '{"name": "sbom-tool", "keywords": ["sbom", "CycloneDX"]}',
        '{"properties": {"bomFormat": {"type": "string", "enum": ["CycloneDX"]}}}',
        '{"properties": {"spdxVersion": {"type": "string"}}}',
        '["CycloneDX", "SPDX"]',
        '[{"name": "CycloneDX"}]',
        "hello",
        "<html><body>404</body></html>",
        "name: x\n",
        "-----BEGIN CERTIFICATE-----\n",
    ],
)
def test_what_is_no_sbom_is_told_apart_from_a_broken_one(text: str) -> None:
    with pytest.raises(NotAnSbomError):
        read(text)


@pytest.mark.parametrize("raw", [b"", b" ", b"\n\t\r\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_nothing_is_called_empty(raw: bytes) -> None:
    with pytest.raises(DocumentError, match="is empty"):
        read(raw)


# ---- what two tools would read differently


@pytest.mark.parametrize(
    "document",
    [
        {**CDX, **SPDX, "components": [PART], "packages": [PACKAGE]},
        {**SPDX, **CDX, "components": [PART], "packages": [PACKAGE]},
        {**PADDING, **SPDX, "components": [PART], **PADDING, "bomFormat": "CycloneDX", "specVersion": "1.6"},
        {**CDX, "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [], "components": []},
        {**SPDX, "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [], "packages": []},
        {**CDX, "spdxVersion": None},
    ],
    ids=lambda value: "-".join(value),
)
def test_two_formats_in_one_object_are_refused(document: dict[str, Any]) -> None:
    with pytest.raises(DocumentError):
        read(document)


@pytest.mark.parametrize("padding", ["", LARGE], ids=["small", "large"])
@pytest.mark.parametrize(
    "text",
    [
        '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[],"components":[PART],"x":"PAD"}',
        '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[PART],"components":[],"x":"PAD"}',
        '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"supplier":{"name":"Huawei"},"supplier":{"name":"a"}}],"x":"PAD"}',
        '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"supplier":{"name":"Huawei"},"\\u0073upplier":{}}],"x":"PAD"}',
        '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"a","na\\u006de":"b"}],"x":"PAD"}',
        '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"supplier":{"name":"a","name":"Huawei"}}],"x":"PAD"}',
        '{"bomFormat":"SPDX","bomFormat":"CycloneDX","specVersion":"1.6","x":"PAD"}',
        '{"spdxVersion":"SPDX-2.3","packages":[],"x":"PAD","packages":[]}',
        '{"spdxVersion":"SPDX-2.3","packages":[{"supplier":"Organization: Huawei","supplier":"NOASSERTION"}],"x":"PAD"}',
    ],
)
def test_a_key_twice_is_refused_in_small_and_large_documents(text: str, padding: str) -> None:
    with pytest.raises(DocumentError, match="twice"):
        read(text.replace("PART", json.dumps(PART)).replace("PAD", padding))


@pytest.mark.parametrize("padding", ["", LARGE], ids=["small", "large"])
@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", '"\\ud800"', '["\\udc00"]', "01", "'a'", "undefined", '"\t"'])
def test_what_is_no_json_value_is_refused_wherever_it_stands(value: str, padding: str) -> None:
    for text in (
        f'{{"bomFormat":"CycloneDX","specVersion":"1.6","x":{value},"y":"{padding}"}}',
        f'{{"spdxVersion":"SPDX-2.3","packages":[{{"name":"a","versionInfo":{value}}}],"y":"{padding}"}}',
    ):
        with pytest.raises(DocumentError) as caught:
            read(text)
        assert caught.value.problem
        assert "line 1 " in str(caught.value), str(caught.value)


@pytest.mark.parametrize("padding", ["", LARGE], ids=["small", "large"])
@pytest.mark.parametrize("behind", ["{}", "\n[]", '\n{"bomFormat":"CycloneDX","specVersion":"1.6"}', "x", ",", "}", "\0", "\x1a", "// end"])
def test_data_behind_the_document_is_refused(behind: str, padding: str) -> None:
    with pytest.raises(DocumentError):
        read(json.dumps({**CDX, "x": padding}) + behind)


@pytest.mark.parametrize("before", ["x", "// hello\n", "WARN: slow\n", "\ufeff\ufeff", "\0", ")]}'\n", "var bom = "])
def test_data_in_front_of_it_is_refused(before: str) -> None:
    with pytest.raises(DocumentError):
        read(before + json.dumps(CDX))


@pytest.mark.parametrize("padding", ["", LARGE], ids=["small", "large"])
@pytest.mark.parametrize("raw", [b"Hua\xffwei", b"Hua\xc0\x80wei", b"Hua\xed\xa0\x80wei", b"M\xfcller"])
def test_bytes_that_are_no_utf_8_are_refused_in_every_field(raw: bytes, padding: str) -> None:
    for field in (b"name", b"x"):
        text = b'{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"%s":"%s"}],"y":"%s"}'
        with pytest.raises(DocumentError, match="UTF-8"):
            read(text % (field, raw, padding.encode()))


@pytest.mark.parametrize("depth", [300, 400, 600, 1_200, 20_000])
@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ('{"bomFormat":"CycloneDX","specVersion":"1.6","components":[%s]}', '{"components":[%s]}'),
        ('{"bomFormat":"CycloneDX","specVersion":"1.6","components":[%s]}', '{"pedigree":{"ancestors":[%s]}}'),
        ('{"bomFormat":"CycloneDX","specVersion":"1.6","components":[%s]}', '{"supplier":[%s]}'),
        ('{"bomFormat":"CycloneDX","specVersion":"1.6","services":[%s]}', '{"services":[%s]}'),
        ('{"bomFormat":"CycloneDX","specVersion":"1.6","x":[%s]}', "[%s]"),
        ('{"spdxVersion":"SPDX-2.3","packages":[{"supplier":%s}]}', "[%s]"),
        ('{"spdxVersion":"SPDX-2.3","x":%s}', '{"x":%s}'),
    ],
    ids=["components", "pedigree", "supplier", "services", "unread", "spdx-supplier", "spdx-unread"],
)
def test_deep_nesting_is_read_or_refused_and_never_a_crash(opening: str, closing: str, depth: int) -> None:
    front, back = closing.split("%s")
    found = answer(opening % (front * depth + '{"name":"x"}' + back * depth))
    assert not isinstance(found, DocumentError) or "deep" in found.problem


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("raw", [CDX_BYTES, SPDX_BYTES], ids=["cyclonedx", "spdx"])
def test_a_truncated_document_is_never_read(raw: bytes, encoding: str) -> None:
    whole = raw.decode().encode(encoding)
    assert len(read(whole).components) == 2
    for length in [*range(0, len(whole) - 1, 10), len(whole) - 1]:
        with pytest.raises(SbomguardError) as caught:
            read(whole[:length])
        assert caught.value.problem


@pytest.mark.parametrize("raw", [CDX_BYTES, SPDX_BYTES], ids=["cyclonedx", "spdx"])
def test_places_are_found_in_every_format(raw: bytes) -> None:
    source = Source("made", raw)
    for item in readers.read(source).components:
        place = readers.locate(source).locate(item.pointer + "/name")
        line = raw.decode().split("\n")[place.line - 1]
        assert line[place.column - 1 : place.end_column - 1] == json.dumps(item.name, ensure_ascii=False)


@pytest.mark.parametrize(
    ("raw", "marked"),
    [
        (CDX_BYTES, True),
        (SPDX_BYTES, True),
        (b'{"bomFormat": "CycloneDX", "compo', True),
        (b'{"a": 1', False),
        (CDX_XML.encode(), True),
        (b"SPDXVersion: SPDX-2.3", True),
        (b"\x89PNG\r\n", False),
        (b"", False),
    ],
)
def test_marks_tell_a_broken_sbom_from_other_broken_files(raw: bytes, marked: bool) -> None:
    assert readers.has_marks(Source("made", raw)) is marked


def test_a_source_remembers_its_reader() -> None:
    for raw, name in ((CDX_BYTES, "cyclonedx_json"), (SPDX_BYTES, "spdx2_json")):
        source = Source("made", raw)
        readers.read(source)
        assert source.reader == name


# ---- forms that are not read

NOT_READ = {
    "protobuf": (b"\n\x031.6\x10\x01\x1a-urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79", "cyclonedx convert"),
    "protobuf without a serial number": (b"\n\x031.5\x2a\x0e\n\x01a", "cyclonedx convert"),
    "protobuf text": (b'# a comment\nspec_version: "1.6"\nversion: 1\ncomponents: {\n  name: "a"\n}\n', "protoc"),
    "turtle": (b"@prefix spdx: <http://spdx.org/rdf/terms#> .\n<#a> a spdx:Package .\n", "RDF/XML"),
    "syft": (b'{"artifacts": [], "descriptor": {"name": "syft"}, "schema": {"version": "16"}}', "syft convert"),
    "surfactant": (b'{"bomFormat": "cytrics", "software": [], "hardware": [], "relationships": []}', "--output_format"),
    "submission": (b'{"version": 0, "job": {}, "detector": {"name": "x"}, "manifests": {}}', "CycloneDX or SPDX"),
    "swid": (b'<?xml version="1.0"?><SoftwareIdentity name="a" xmlns="http://standards.iso.org/iso/19770/-2/2015/schema.xsd"/>', "uswid"),
}


@pytest.mark.parametrize("name", NOT_READ)
def test_an_sbom_in_a_form_that_is_not_read_is_an_error_with_the_way_out(name: str) -> None:
    raw, advice = NOT_READ[name]
    with pytest.raises(DocumentError) as caught:
        read(raw)
    assert advice in caught.value.advice


@pytest.mark.parametrize("name", NOT_READ)
@pytest.mark.parametrize("claim", [NAMED, PASSED, FOUND])
def test_such_a_form_is_passed_over_nowhere(name: str, claim: str, pack: Pack) -> None:
    verdict = check([Source(name, NOT_READ[name][0], claim)], pack, today=made.TODAY)
    assert verdict.exit_code == 2


@pytest.mark.parametrize("name", NOT_READ)
def test_such_a_form_in_an_archive_beside_an_sbom_is_an_error_too(name: str, pack: Pack) -> None:
    raw, advice = NOT_READ[name]
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for inner, data in (("a.json", CDX_BYTES), ("data.bin", raw)):
            info = tarfile.TarInfo(inner)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    verdict = check([Source("x.tar", out.getvalue())], pack, today=made.TODAY)
    assert (verdict.exit_code, [advice in failure.advice for failure in verdict.failures]) == (2, [True])


RDF_HEAD = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://spdx.org/rdf/terms#">'
LATE = {
    "yaml": "SPDXID: SPDXRef-DOCUMENT\nname: {}\npackages:\n- {{SPDXID: SPDXRef-a, name: a}}\nspdxVersion: SPDX-2.3\n",
    "yaml with tags in a text": "SPDXID: SPDXRef-DOCUMENT\nname: |\n  SPDXVersion: 1\n  PackageName: x\ncomment: {}\npackages:\n"
                                "- {{SPDXID: SPDXRef-a, name: a}}\nspdxVersion: SPDX-2.3\n",
    "xml": "<Document><SPDXID>SPDXRef-DOCUMENT</SPDXID><comment>{}</comment><packages><SPDXID>SPDXRef-a</SPDXID><name>a</name></packages>"
           "<spdxVersion>SPDX-2.3</spdxVersion></Document>",
    "rdf-xml": "<!-- {} -->" + RDF_HEAD + '<SpdxDocument rdf:about="urn:x#SPDXRef-DOCUMENT"><specVersion>SPDX-2.3</specVersion>'
               '</SpdxDocument><Package rdf:about="urn:x#SPDXRef-a"><name>a</name></Package></rdf:RDF>',
    "tag-value": "# {}\nSPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nPackageName: a\nSPDXID: SPDXRef-a\n"
                 "PackageDownloadLocation: NONE\nPackageComment: <text>\nspdxVersion: x</text>\n",
    "cyclonedx": '<!-- {} --><bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components>'
                 '<component type="library"><name>a</name></component></components></bom>',
}  # fmt: skip


@pytest.mark.parametrize("text", LATE.values(), ids=LATE)
def test_a_mark_may_stand_far_behind_the_beginning(text: str) -> None:
    """As in what writers make that sort their keys, and behind a long comment."""
    for padding in ("x", "x" * (readers.HEAD + 100)):
        assert [item.name for item in read(text.format(padding)).components] == ["a"]


@pytest.mark.parametrize("key", ["__proto__", "__class__", "__init__", "__setattr__", "__defineGetter__"])
@pytest.mark.parametrize("document", [{**CDX, "components": [PART]}, {**SPDX, "packages": [PACKAGE]}], ids=["cyclonedx", "spdx"])
def test_members_that_change_the_objects_of_other_tools_are_refused(key: str, document: dict[str, Any]) -> None:
    for text in (json.dumps({**document, "x": {key: {}}}, indent=1), json.dumps({**document, key: 1}).replace("__", r"\u005f_")):
        with pytest.raises(DocumentError, match="has the member"):
            read(text)


@pytest.mark.parametrize("value", [{"x": "__proto__"}, {"x": '{"__proto__": 1}'}, {"__typename": 1}, {"__proto__pollution": 1}])
def test_their_names_in_values_and_in_longer_names_are_not(value: dict[str, Any]) -> None:
    assert len(read({**CDX, "components": [{**PART, **value}]}).components) == 1
