"""SPDX 3.0.1 under `--strict`: what the official bindings do not take, element by element."""

import json
from typing import Any

import pytest

from tests.strict.documents import quoted, spdx3, told, violations

pytest.importorskip("spdx_python_model")

BASE = "https://made.example/"


def found(tree: dict[str, Any]) -> list[tuple[str, str]]:
    return told(violations("a.spdx3.json", json.dumps(tree, indent=1)))


def test_a_valid_graph() -> None:
    relationship = {"type": "Relationship", "spdxId": BASE + "r", "creationInfo": "_:creation", "relationshipType": "contains",
                    "from": BASE + "doc", "to": [BASE + "a"]}  # fmt: skip
    assert found(spdx3(relationship)) == []


@pytest.mark.parametrize(
    ("package", "member", "said"),
    [
        ({"colour": "red"}, "/colour", "Unknown property 'colour'"),
        ({"software_packageVersion": 3}, "/software_packageVersion", "Value must be of type str. Got NoneType"),
        ({"software_primaryPurpose": "toy"}, "/software_primaryPurpose", "'toy' is not a valid value."),
        ({"builtTime": "yesterday"}, "/builtTime", "'yesterday' is not"),
    ],
)
def test_a_member_that_the_model_does_not_take(package: dict[str, Any], member: str, said: str) -> None:
    text = json.dumps(spdx3(**package), indent=1)
    (violation,) = violations("a.spdx3.json", text)
    assert violation.pointer == f"/@graph/3{member}"
    assert said.split("'")[0] in violation.problem
    assert quoted(text, violation).startswith(json.dumps(next(iter(package.values()))))


def test_an_element_without_what_it_must_have() -> None:
    tree = spdx3()
    del tree["@graph"][3]["creationInfo"]
    assert found(tree) == [("/@graph/3", "Property 'creationInfo' in software_Package is required (currently None)")]


def test_a_reference_to_an_element_of_a_wrong_class() -> None:
    assert [pointer for pointer, _ in found(spdx3({"type": "Annotation", "spdxId": BASE + "n", "creationInfo": "_:creation",
            "annotationType": "other", "subject": BASE + "a"}, suppliedBy=BASE + "n"))] == ["/@graph/3"]  # fmt: skip


def test_every_odd_element_is_told() -> None:
    odd = [{"type": "software_Package", "spdxId": f"{BASE}x{number}", "name": "x"} for number in range(3)]
    assert [pointer for pointer, _ in found(spdx3(*odd))] == ["/@graph/4", "/@graph/5", "/@graph/6"]


def test_the_same_document_gives_the_same_words() -> None:
    tree = spdx3({"type": "software_Package", "spdxId": "no-iri", "creationInfo": "_:creation", "name": "x"})
    assert found(tree) == found(tree) != []


def test_a_version_without_a_model_does_not_pass() -> None:
    tree = spdx3()
    tree["@context"] = "https://spdx.org/rdf/3.0.0/spdx-context.jsonld"
    tree["@graph"][0]["specVersion"] = "3.0.0"
    ((pointer, said),) = found(tree)
    assert pointer == "/@context"
    assert "no official model of SPDX 3.0" in said
