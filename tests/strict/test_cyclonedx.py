"""CycloneDX under `--strict`: the schemas of every version, places, plain sentences, and the examples of the specification."""

import io
import json
import tarfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from sbomguard import gather
from sbomguard.errors import SbomguardError
from sbomguard.source import Source
from sbomguard.strict import validate
from tests.strict.documents import CYCLONEDX_JSON, CYCLONEDX_XML, cyclonedx, cyclonedx_xml, quoted, told, violations

pytest.importorskip("jsonschema_rs")
pytest.importorskip("lxml")

EXAMPLES = Path(__file__).parents[3] / "shared" / "corpus" / "cyclonedx-specification-test-resources.tar.zst"


@pytest.mark.parametrize("version", CYCLONEDX_JSON)
def test_json_of_each_version(version: str) -> None:
    assert violations("a.json", cyclonedx(version)) == ()
    text = cyclonedx(version, {"scope": "perhaps"})
    (found,) = violations("a.json", text)
    assert (found.pointer, quoted(text, found)[:9]) == ("/components/1/scope", '"perhaps"')
    assert found.problem.startswith('"perhaps" is not one of')


@pytest.mark.parametrize("version", CYCLONEDX_XML)
def test_xml_of_each_version(version: str) -> None:
    assert violations("a.xml", cyclonedx_xml(version)) == ()
    text = cyclonedx_xml(version, "<nam>agent</nam>")
    (found,) = violations("a.xml", text)
    assert (found.pointer, quoted(text, found)) == ("/bom/components/component[2]/nam", "agent</nam>")
    assert found.problem.startswith("Element 'nam': This element is not expected.")
    assert "http" not in found.problem


@pytest.mark.parametrize("version", CYCLONEDX_JSON)
def test_a_member_that_the_version_does_not_know_is_told(version: str) -> None:
    assert [pointer for pointer, _ in told(violations("a.json", cyclonedx(version, {"colour": "red"})))] == ["/components/1"]


@pytest.mark.parametrize(
    ("component", "pointer", "said"),
    [
        ({"licenses": [{"license": {"id": "Nonsense-1.0"}}]}, "/components/1/licenses/0/license/id", '"Nonsense-1.0" is not one of'),
        ({"externalReferences": [{"type": "vcs", "url": "https://a b"}]}, "/components/1/externalReferences/0/url", '"https://a b" is not'),
        ({"hashes": [{"alg": "MD5", "content": "xyz"}]}, "/components/1/hashes/0/content", '"xyz" does not match'),
        ({"supplier": ["Aurora"]}, "/components/1/supplier", 'the value is not of type "object"'),
        ({"name": 7}, "/components/1/name", '7 is not of type "string"'),
    ],
)
def test_what_is_wrong_is_said_at_its_place(component: dict[str, object], pointer: str, said: str) -> None:
    (found,) = violations("a.json", cyclonedx("1.6", component))
    assert found.pointer == pointer
    assert found.problem.startswith(said)


def test_a_date_that_is_none_is_a_violation() -> None:
    (found,) = violations("a.json", cyclonedx("1.6", metadata={"timestamp": "yesterday"}))
    assert told((found,)) == [("/metadata/timestamp", '"yesterday" is not a "date-time"')]


def test_a_component_that_stands_twice_is_a_violation() -> None:
    twice = {"type": "library", "name": "a"}
    assert told(violations("a.json", cyclonedx("1.5", components=[twice, twice]))) == [("/components", "the value has non-unique elements")]


def test_two_elements_of_one_ref_in_xml_are_a_violation() -> None:
    text = cyclonedx_xml("1.6").replace('<component type="library">', '<component type="library" bom-ref="a">')
    with pytest.raises(SbomguardError, match="belongs to two different components"):  # the reader is as strict
        violations("a.xml", text)
    text = text.replace('bom-ref="a">', 'bom-ref="a" >', 1).replace("<name>agent</name>", "<name>zlib</name>").replace(">2<", ">1.3<")
    assert any("Duplicate key-sequence ['a']" in found.problem for found in violations("a.xml", text))


def test_licences_that_the_schema_lists_are_not_all_quoted() -> None:
    text = cyclonedx_xml("1.6").replace("<modified>", "<licenses><license><id>None</id></license></licenses><modified>")
    for found in violations("a.xml", text):
        assert "is not an element of the set that the schema lists" in found.problem
        assert found.pointer.endswith("/licenses/license/id")


def test_many_violations_are_counted() -> None:
    components = [{"type": "library", "name": f"n{number}", "scope": "perhaps"} for number in range(50)]
    found = violations("a.json", cyclonedx("1.6", components=components))
    assert len(found) == 21
    assert found[-1].problem == "and 30 more violations of CycloneDX 1.6"
    assert [item.pointer for item in found[:-1]] == [f"/components/{number}/scope" for number in range(20)]


@pytest.mark.parametrize("text", [cyclonedx("1.6").replace('"1.6"', '"1.9"'), cyclonedx_xml("1.6").replace("bom/1.6", "bom/1.9")])
def test_a_version_without_a_schema_does_not_pass(text: str) -> None:
    try:
        (found,) = violations("a", text)
    except SbomguardError:  # the reader may refuse it first
        return
    assert "there is no" in found.problem


# ---- the examples of the specification


@cache
def examples() -> tuple[tuple[str, bytes], ...]:
    """Name and bytes of the JSON and XML examples, but those of extensions, which have schemas of their own."""
    if not EXAMPLES.is_file():
        return ()
    zstd = pytest.importorskip("backports.zstd")
    with tarfile.open(fileobj=io.BytesIO(zstd.decompress(EXAMPLES.read_bytes()))) as archive:
        return tuple(_contents(archive))


def _contents(archive: tarfile.TarFile) -> Iterator[tuple[str, bytes]]:
    for member in archive:
        name = member.name.rpartition("/")[2]
        if name.startswith(("valid-", "invalid-")) and name.endswith((".json", ".xml")) and "/ext/" not in member.name:
            handle = archive.extractfile(member)
            assert handle is not None
            yield name, handle.read()


@pytest.mark.skipif(not EXAMPLES.is_file(), reason="the examples are not beside the repository")
def test_the_examples_of_the_specification() -> None:
    wrong = [name for name, raw in examples() if _is_valid(name, raw) != name.startswith("valid-")]
    assert len(examples()) > 700
    assert wrong == []


def _is_valid(name: str, raw: bytes) -> bool:
    try:
        return not any(validate(source, document) for source, document in gather.read_all(Source(name, raw)))
    except SbomguardError:
        return False


def test_the_schema_files_are_all_there() -> None:
    for version in CYCLONEDX_JSON:
        assert json.loads(cyclonedx(version))["specVersion"] == version
        assert not any("gave up" in found.problem for found in violations("a.json", cyclonedx(version, {"licenses": [{"expression": 1}]})))
