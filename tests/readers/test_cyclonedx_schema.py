"""What the official schema of CycloneDX refuses in parts that nobody reads: one note a document, and none on a valid one."""

import json
from typing import Any

import pytest

from sbomguard import readers
from sbomguard.model import Problem
from sbomguard.readers import cyclonedx_schema, jsontext
from sbomguard.source import Source

LATER = ("1.4", "1.5", "1.6", "1.7")
SOUND: dict[str, Any] = {
    "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
    "version": 1,
    "metadata": {"timestamp": "2026-11-01T00:00:00Z", "licenses": [{"license": {"id": "CC0-1.0"}}],
                 "component": {"type": "device", "name": "camera", "bom-ref": "camera"}},
    "components": [
        {"type": "library", "name": "a", "bom-ref": "a", "version": "1", "scope": "required",
         "hashes": [{"alg": "SHA-256", "content": "0" * 64}],
         "licenses": [{"license": {"id": "MIT", "text": {"contentType": "text/plain", "encoding": "base64", "content": "AA=="}}}],
         "pedigree": {"patches": [{"type": "backport", "resolves": [{"type": "security", "id": "1"}]}]}},
        {"type": "library", "name": "b", "bom-ref": "b", "version": "1", "licenses": [{"expression": "MIT OR ISC"}]},
    ],
    "services": [{"name": "s", "data": [{"flow": "inbound", "classification": "public"}]}],
    "dependencies": [{"ref": "camera", "dependsOn": ["a", "b"]}],
}  # fmt: skip
"""A document that every schema from 1.4 takes."""


def notes(text: str) -> list[Problem]:
    document = readers.read(Source("made", text.encode()))
    assert not document.gaps
    return list(document.problems)


def changed(path: str, value: Any, version: str = "1.6") -> str:
    """The sound document with another value at a path; None takes it away."""
    tree = json.loads(json.dumps({"bomFormat": "CycloneDX", "specVersion": version, **SOUND}))
    *steps, last = path.split("/")
    part = tree
    for step in steps:
        part = part[int(step) if isinstance(part, list) else step]
    if value is None:
        del part[last]
    else:
        part[int(last) if isinstance(part, list) else last] = value
    return json.dumps(tree)


@pytest.mark.parametrize("version", LATER)
def test_a_sound_document_has_no_note(version: str) -> None:
    assert notes(changed("version", 2, version)) == []


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ("components/0/scope", "foo", ""),
        ("components/0/hashes/0/alg", "FOO", ""),
        ("components/0/hashes/0/content", "foo", ""),
        ("components/0/hashes/0/content", None, "components/0/hashes/0"),
        ("components/0/licenses/0/license/id", "Apache-2", ""),
        ("components/0/licenses/0/license/text/encoding", "base85", ""),
        ("components/0/pedigree/patches/0/type", "foo", ""),
        ("components/0/pedigree/patches/0/resolves/0/type", "foo", ""),
        ("components/0/properties", [{"value": "x"}], "components/0/properties/0/name"),
        ("components/0/tags", "x", ""),
        ("components/0/colour", "red", ""),
        ("services/0/bom-ref", "", ""),
        ("services/0/data/0/flow", "foo", ""),
        ("metadata/licenses/0/license/id", "Apache-2", ""),
        ("metadata/colour", "red", ""),
        ("signature", {"algorithm": "ES256"}, "signature/algorithm"),
        ("vulnerabilities", [{"id": "1", "ratings": [{"score": "8"}]}], "vulnerabilities/0/ratings/0/score"),
        ("dependencies/0/colour", "red", ""),
    ],
)  # fmt: skip
def test_a_fault_in_a_part_that_nobody_reads_is_noted_at_its_place(path: str, value: Any, place: str) -> None:
    (note,) = (note for note in notes(changed(path, value)) if "signed" not in note.message)
    assert note.pointer == f"/{place or path}" or f"/{place or path}".startswith(f"{note.pointer}/")
    assert note.message.startswith("the schema of CycloneDX 1.6 does not allow this: it ")
    assert "--strict" in note.message


def test_only_the_first_fault_is_told() -> None:
    text = changed("components/0/scope", "foo").replace('"base64"', '"base85"')
    assert len(notes(text)) == 1


def test_a_place_that_is_noted_already_is_not_told_twice() -> None:
    (note,) = notes(changed("components/0/type", "foo"))
    assert "type" in note.message
    assert "schema" not in note.message


@pytest.mark.parametrize(
    ("version", "member", "known"),
    [("1.5", {"omniborId": ["gitoid:blob:sha1:0000"]}, False), ("1.6", {"omniborId": ["gitoid:blob:sha1:0000"]}, True),
     ("1.6", {"versionRange": "vers:generic/1"}, False), ("1.4", {"modelCard": {}}, False), ("1.5", {"modelCard": {}}, True)],
)  # fmt: skip
def test_the_schema_is_that_of_the_version(version: str, member: dict[str, Any], known: bool) -> None:
    component = {"type": "library", "name": "a", **member}
    assert bool(notes(changed("components/0", component, version).replace('"dependsOn": ["a", "b"]', '"dependsOn": ["b"]'))) is not known


def test_a_list_that_must_have_different_items_is_looked_at_as_json_means_it() -> None:
    twins = [{"type": "file", "name": "x"}, {"name": "x", "type": "file"}]
    (note,) = notes(changed("components/0/components", twins))
    assert (note.pointer, "twice" in note.message) == ("/components/0/components/1", True)


def test_a_large_document_is_left_to_strict() -> None:
    text = changed("components/0/scope", "foo")
    assert notes(text + " " * (jsontext.STRICT_BELOW - len(text))) == []
    assert len(notes(text + " " * (jsontext.STRICT_BELOW - len(text) - 1))) == 1


def test_a_document_of_a_version_without_schema_is_not_held_against_any() -> None:
    assert list(cyclonedx_schema.of_json(Source("made", b"{}"), "9.9", [])) == []
    assert list(cyclonedx_schema.of_xml(Source("made", b"<bom/>"), "9.9", [])) == []


def test_what_is_nested_too_deeply_is_told_and_no_crash() -> None:
    tree: Any = {"type": "file", "name": "x"}
    for _ in range(300):
        tree = {"type": "file", "name": "x", "components": [tree]}
    found = list(cyclonedx_schema.of_json(Source("made", json.dumps({"components": [tree]}).encode()), "1.6", []))
    assert len(found) == 1


# ---- XML

COMPONENT = """<component type="library" bom-ref="a"><name>a</name><version>1</version><scope>required</scope>
<hashes><hash alg="MD5">{}</hash></hashes>
<licenses><license><id>MIT</id><text content-type="text/plain" encoding="base64">AA==</text></license></licenses>
<pedigree><patches><patch type="backport"><resolves><issue type="security"><id>1</id></issue></resolves></patch></patches></pedigree>
</component>""".format("0" * 32)
XML = f"""<bom xmlns="http://cyclonedx.org/schema/bom/1.6" serialNumber="urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79" version="1">
<metadata><timestamp>2026-11-01T00:00:00Z</timestamp><component type="device" bom-ref="camera"><name>camera</name></component></metadata>
<components>{COMPONENT}<component type="library" bom-ref="b"><name>b</name>
<licenses><expression>MIT</expression></licenses></component></components>
<services><service><name>s</name><data><classification flow="inbound">public</classification></data></service></services></bom>"""


@pytest.mark.parametrize("version", LATER)
def test_sound_xml_has_no_note(version: str) -> None:
    assert notes(XML.replace("bom/1.6", f"bom/{version}")) == []
    extended = XML.replace("<name>b</name>", '<name ext:y="z">b</name>').replace("</bom>", "<ext:more><ext:z/></ext:more></bom>")
    extended = extended.replace("<bom ", '<bom xmlns:ext="https://ext.example/x" ')
    assert notes(extended.replace("bom/1.6", f"bom/{version}")) == []


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (">required<", ">foo<", "components/component/scope"),
        ('alg="MD5"', 'alg="FOO"', "components/component/hashes/hash"),
        ("0" * 32, "foo", "components/component/hashes/hash"),
        (">MIT</id>", ">Apache-2</id>", "components/component/licenses/license/id"),
        ("base64", "base85", "components/component/licenses/license/text"),
        ("</license>", "</license><expression>MIT</expression>", "components/component/licenses"),
        ("<id>MIT</id>", "<id>MIT</id><id>ISC</id>", "components/component/licenses/license"),
        ("<id>MIT</id>", "", "components/component/licenses/license"),
        ('"backport"', '"foo"', "components/component/pedigree/patches/patch"),
        ('"security"', '"foo"', "components/component/pedigree/patches/patch/resolves/issue"),
        ('flow="inbound"', 'flow="foo"', "services/service/data/classification"),
        ("2026-11-01T00:00:00Z", "2026-11-01", "metadata/timestamp"),
        ("<version>1</version><scope>required</scope>", "<scope>required</scope><version>1</version>", "components/component"),
        ('bom-ref="camera"', 'bom-ref="b"', "components/component[2]"),
        ('type="device"', 'type="device" colour="red"', ""),
        ("</metadata>", "<colour>red</colour></metadata>", "metadata"),
        ("</component></metadata>", "<properties><property>x</property></properties></component></metadata>",
         "metadata/component/properties/property"),
    ],
)  # fmt: skip
def test_the_same_faults_in_xml_are_noted_at_their_place(old: str, new: str, place: str) -> None:
    document = readers.read(Source("made", XML.replace(old, new, 1).encode()))
    if not place:  # CycloneDX lets attributes of any name be added
        assert document.problems == ()
        return
    (note,) = document.problems
    assert (note.pointer, "schema of CycloneDX 1.6" in note.message) == (f"/bom/{place}", True)


def test_values_of_any_length_are_no_crash() -> None:
    rating = "<vulnerabilities><vulnerability><ratings><rating><score>{}</score></rating></ratings></vulnerability></vulnerabilities></bom>"
    for text, told in (("8.5", 0), ("1" * 5000, 0), ("x" * 5000, 0), ("x", 1), ("", 1)):
        assert len(notes(XML.replace("</bom>", rating.format(text)))) == told, text[:5]
    confidence = "<evidence><identity><field>purl</field><confidence>{}</confidence></identity></evidence></component>"
    for text, told in (("0.5", 0), ("1.5", 1), ("x" * 5000, 0), ("x", 1)):
        assert len(notes(XML.replace("</component><component", confidence.format(text) + "<component"))) == told, text[:5]
