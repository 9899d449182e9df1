"""What stands where a component belongs and can be none, and what can be read although it does not stand as it should."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from sbomguard import readers
from sbomguard.errors import DocumentError
from sbomguard.model import Document
from sbomguard.source import Source
from tests.readers.test_spdx2_other import as_xml

XMLNS = "http://cyclonedx.org/schema/bom/1.6"
HEAD = {"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "documentNamespace": "https://acme.example/made"}


def cyclonedx(**top: Any) -> str:
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", **top})


def cyclonedx_xml(inside: str) -> str:
    return f'<bom xmlns="{XMLNS}"><components>{inside}</components></bom>'


def spdx(*packages: Any) -> str:
    return json.dumps({**HEAD, "packages": packages})


def spdx_yaml(*packages: Any) -> str:
    return yaml.safe_dump({**HEAD, "packages": list(packages)})


def spdx_xml(*packages: Any) -> str:
    return as_xml({**HEAD, "packages": list(packages)})


def read(text: str) -> Document:
    return readers.read(Source("made", text.encode()))


def refused(text: str) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        read(text)
    return caught.value


GOOD = {"type": "library", "name": "good"}
NO_OBJECTS = [(5, "int"), ("Huawei LiteOS", "str"), ([], "array"), ([GOOD], "array"), (True, "bool")]
ELSEWHERE = {"$ref": "https://acme.example/part.json"}


# ---- CycloneDX

PLACES: list[tuple[str, Callable[[Any], dict[str, Any]]]] = [
    ("/components/1", lambda item: {"components": [GOOD, item]}),
    ("/components/0/components/1", lambda item: {"components": [{**GOOD, "components": [GOOD, item]}]}),
    ("/services/0", lambda item: {"services": [item]}),
    ("/components/0/services/0", lambda item: {"components": [{**GOOD, "services": [item]}]}),
    ("/metadata/component", lambda item: {"metadata": {"component": item}, "components": [GOOD]}),
    ("/metadata/component/components/0", lambda item: {"metadata": {"component": {**GOOD, "components": [item]}}}),
]
every_place = pytest.mark.parametrize(("place", "around"), PLACES, ids=[place for place, _ in PLACES])


@every_place
@pytest.mark.parametrize(("item", "kind"), NO_OBJECTS, ids=repr)
def test_what_is_no_object_is_no_component(place: str, around: Callable[[Any], dict[str, Any]], item: Any, kind: str) -> None:
    error = refused(cyclonedx(**around(item)))
    assert (error.pointer, error.problem) == (place, f"is no component: expected `object`, got `{kind}`")
    assert error.advice


@every_place
@pytest.mark.parametrize("item", [ELSEWHERE, {**GOOD, **ELSEWHERE}, {**GOOD, "$ref": {"id": 5}}], ids=["alone", "beside", "object"])
def test_a_reference_is_no_component(place: str, around: Callable[[Any], dict[str, Any]], item: dict[str, Any]) -> None:
    error = refused(cyclonedx(**around(item)))
    assert (error.pointer, error.problem) == (place, "has a $ref in the place of a component")
    assert error.advice


def test_a_reference_is_seen_in_a_large_document_and_however_it_is_spelt() -> None:
    pad = [{"name": "pad", "value": "x" * (1 << 20)}]
    text = cyclonedx(components=[GOOD, ELSEWHERE], properties=pad)
    assert refused(text).pointer == "/components/1"
    assert refused(text.replace("$ref", "\\u0024ref")).pointer == "/components/1"


@pytest.mark.parametrize("key", ["components", "services"])
@pytest.mark.parametrize("parts", [{"0": GOOD}, GOOD, "Huawei LiteOS", 0, False])
def test_a_list_of_parts_that_is_none_is_refused_at_any_depth(key: str, parts: Any) -> None:
    assert refused(cyclonedx(**{key: parts})).pointer == f"/{key}"
    assert refused(cyclonedx(components=[{**GOOD, key: parts}])).pointer == f"/components/0/{key}"


@every_place
def test_a_null_is_noted_and_hides_nothing_beside_it(place: str, around: Callable[[Any], dict[str, Any]]) -> None:
    text = cyclonedx(**around(None))
    found = {item.pointer: item for item in read(text).components}
    assert "null" in found[place].malformed
    assert sum(item.name == GOOD["name"] for item in found.values()) == text.count(json.dumps(GOOD["name"]))


def test_a_nested_list_that_is_null_is_none() -> None:
    (item,) = read(cyclonedx(components=[{"name": 5, "purl": "pkg:npm/a@1", "components": None}])).components
    assert item.purl == "pkg:npm/a@1"


# ---- CycloneDX XML


@pytest.mark.parametrize(
    ("inside", "place", "problem"),
    [
        ("Huawei LiteOS", "", "has text between elements"),
        ("<component>Huawei LiteOS</component>", "/component[1]", "is a text where a component belongs"),
        ("<component><name>a</name><components>Huawei LiteOS</components></component>", "/component[1]/components",
         "has text between elements"),
        ("<component><name>a</name><components><component>b</component></components></component>",
         "/component[1]/components/component[1]", "is a text where a component belongs"),
        ("<library/>", "", "has an element <library> among its components"),
    ],
)  # fmt: skip
def test_what_is_no_element_of_its_own_is_no_component(inside: str, place: str, problem: str) -> None:
    error = refused(cyclonedx_xml(inside))
    assert (error.pointer, error.problem) == (f"/bom/components{place}", problem)
    assert error.advice


def test_white_space_holds_no_part() -> None:
    (item,) = read(cyclonedx_xml("<component type='library'>\n<name>a</name><components>\n</components></component>")).components
    assert not item.malformed


# ---- SPDX


@pytest.mark.parametrize("form", [spdx, spdx_yaml])
@pytest.mark.parametrize(("item", "kind"), NO_OBJECTS, ids=repr)
def test_what_is_no_object_is_no_package(form: Callable[..., str], item: Any, kind: str) -> None:
    error = refused(form({"name": "good"}, item))
    assert error.pointer == "/packages/1"
    assert error.problem in [f"is no package: expected `object`, got `{one}`" for one in (kind, "str")]  # all that YAML has are texts
    assert error.advice


def test_a_text_is_no_package_in_xml() -> None:
    assert refused(spdx_xml({"name": "good"}, "Huawei LiteOS")).problem == "is no package: expected `object`, got `str`"


@pytest.mark.parametrize("form", [spdx, spdx_yaml])
@pytest.mark.parametrize("item", [ELSEWHERE, {"name": "a", **ELSEWHERE}], ids=["alone", "beside"])
def test_a_reference_is_no_package(form: Callable[..., str], item: dict[str, Any]) -> None:
    error = refused(form({"name": "good"}, item))
    assert (error.pointer, error.problem) == ("/packages/1", "has a $ref in the place of a package")


# ---- one thing where a list of such belongs


def signals(document: Document) -> list[tuple[str, str, str]]:
    return [(signal.kind, signal.role, signal.value) for signal in document.components[0].signals]


@pytest.mark.parametrize(
    "field",
    [
        {"externalReferences": [{"type": "vcs", "url": "https://gitee.com/acme/x"}]},
        {"authors": [{"name": "Acme", "email": "a@acme.example"}]},
        {"properties": [{"name": "syft:metadata:vendor", "value": "Acme"}]},
        {"licenses": [{"license": {"id": "MIT", "licensing": {"licensor": {"organization": {"name": "Acme"}}}}}]},
    ],
    ids=lambda field: next(iter(field)),
)
def test_what_stands_by_itself_in_a_component_is_read_as_a_list_of_one(field: dict[str, list[Any]]) -> None:
    as_it_should, alone = ({"name": "x", **dict.fromkeys(field, given)} for given in (*field.values(), *next(iter(field.values()))))
    found, expected = (read(cyclonedx(components=[item])) for item in (alone, as_it_should))
    assert found.components[0].malformed
    assert len(signals(expected)) > 1
    assert signals(found) == signals(expected)


@pytest.mark.parametrize("form", [spdx, spdx_yaml])
def test_what_stands_by_itself_in_a_package_is_read_as_a_list_of_one(form: Callable[..., str]) -> None:
    reference = {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:npm/%40acme/x@1"}
    found, expected = (read(form({"name": "x", "externalRefs": given})) for given in (reference, [reference]))
    assert found.components[0].malformed
    assert found.components[0].purl == "pkg:npm/%40acme/x@1"
    assert signals(found) == signals(expected)


def test_what_fits_in_no_way_is_noted_and_names_nobody() -> None:
    (item,) = read(cyclonedx(components=[{"name": "x", "externalReferences": 5}])).components
    assert item.malformed
    assert [signal.kind for signal in item.signals] == ["name"]
