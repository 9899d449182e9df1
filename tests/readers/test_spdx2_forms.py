"""What is noted, counted and read alike in all five forms of SPDX 2: poor suppliers, what is missing, what a path tells."""

import json
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

import pytest
import yaml

from sbomguard import readers
from sbomguard.check import check
from sbomguard.identity import why_unidentified
from sbomguard.model import Document
from sbomguard.pack import Pack
from sbomguard.source import Source
from sbomguard.suppliers import Suppliers
from tests import made
from tests.readers import test_spdx2_other as other

NAMESPACE = "https://acme.example/made"


def tree(*packages: dict[str, Any], relationships: tuple[dict[str, str], ...] = (), namespace: str = NAMESPACE) -> dict[str, Any]:
    """A document of those packages, which are numbered `SPDXRef-0` and on."""
    return {
        "spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "documentNamespace": namespace,
        "packages": [{"SPDXID": f"SPDXRef-{number}", "downloadLocation": "NONE", **item} for number, item in enumerate(packages)],
        "relationships": list(relationships),
    }  # fmt: skip


def relation(one: str = "", kind: str = "", related: str = "") -> dict[str, str]:
    ends = {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": related}
    return {name: value for name, value in ends.items() if value}


DESCRIBES = relation("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-0")
TAGS = {"name": "PackageName", "SPDXID": "SPDXID", "supplier": "PackageSupplier", "originator": "PackageOriginator",
        "downloadLocation": "PackageDownloadLocation"}  # fmt: skip


def as_tagvalue(written: dict[str, Any]) -> str:
    lines = ["SPDXVersion: SPDX-2.3", "SPDXID: SPDXRef-DOCUMENT", f"DocumentNamespace: {written['documentNamespace']}"]
    for item in written["packages"]:
        lines += [f"{tag}: {item.get(name, '')}" for name, tag in TAGS.items() if name in item or name == "name"]
    lines += ["Relationship: " + " ".join(item.values()) for item in written["relationships"]]
    return "\n".join((*lines, ""))


def as_rdf(written: dict[str, Any]) -> str:
    space = written["documentNamespace"]
    said: dict[str, str] = {"SPDXRef-DOCUMENT": "<spdx:specVersion>SPDX-2.3</spdx:specVersion>"}
    for item in written["packages"]:
        fields = (f"<spdx:{name}>{escape(value)}</spdx:{name}>" for name, value in item.items() if name != "SPDXID")
        said[item["SPDXID"]] = "".join(fields)
    for item in written["relationships"]:
        head, *rest = item["relationshipType"].lower().split("_")
        kind = f'<spdx:relationshipType rdf:resource="{other.TERMS}relationshipType_{head}{"".join(word.title() for word in rest)}"/>'
        end = f'<spdx:relatedSpdxElement rdf:resource="{space}#{item["relatedSpdxElement"]}"/>' if "relatedSpdxElement" in item else ""
        said[item["spdxElementId"]] += f"<spdx:relationship><spdx:Relationship>{kind}{end}</spdx:Relationship></spdx:relationship>"
    kinds = {name: "SpdxDocument" if name == "SPDXRef-DOCUMENT" else "Package" for name in said}
    return other.rdf(*(f'<spdx:{kinds[name]} rdf:about="{space}#{name}">{inside}</spdx:{kinds[name]}>' for name, inside in said.items()))


FORMS: dict[str, Callable[[dict[str, Any]], str]] = {
    "json": json.dumps,
    "yaml": yaml.safe_dump,
    "xml": other.as_xml,
    "rdf-xml": as_rdf,
    "tag-value": as_tagvalue,
}
every_form = pytest.mark.parametrize("form", FORMS)


def read(form: str, written: dict[str, Any]) -> Document:
    document = readers.read(Source("made", FORMS[form](written).encode()))
    assert document.serialisation == form
    return document


def classes(document: Document) -> dict[str, int]:
    return {kind: number for kind, number in Suppliers(document).count() if number}


# ---- suppliers


@every_form
def test_a_field_that_asserts_nothing_is_a_placeholder_and_no_missing_one(form: str) -> None:
    document = read(form, tree({"name": "a", "supplier": "NOASSERTION"}, {"name": "b", "originator": "NONE"}, {"name": "c"}))
    assert classes(document) == {"placeholder": 2, "missing": 1}
    assert [why_unidentified(component) for component in document.components] == ["it has a name only"] * 3
    assert not [signal for component in document.components for signal in component.signals if signal.kind == "party"]


@every_form
def test_a_field_that_asserts_nothing_takes_nothing_from_the_other(form: str) -> None:
    document = read(form, tree({"name": "a", "supplier": "NOASSERTION", "originator": "Organization: Norfolk Valves"}))
    assert classes(document) == {"vendor": 1}
    assert why_unidentified(document.components[0]) == ""


# ---- what is missing


def noted(document: Document) -> list[str]:
    return [problem.message for problem in made.notes(document)]


@every_form
def test_a_document_of_several_packages_that_does_not_say_what_it_describes_is_noted(form: str) -> None:
    packages = {"name": "a"}, {"name": "b"}
    document = read(form, tree(*packages, relationships=(relation("SPDXRef-0", "CONTAINS", "SPDXRef-1"),)))
    if form == "yaml":  # which may have been cut short unseen: more than a note
        assert noted(document) == []
        assert [gap.message[:36] for gap in document.gaps] == ["it does not say what it describes: p"]
    else:
        message = "it does not say which of its 2 packages it describes: no way leads from the product to its parts"
        assert noted(document) == [message]
        assert document.gaps == ()
    told = read(form, tree(*packages, relationships=(DESCRIBES,)))
    assert (made.notes(told), told.gaps) == ((), ())


@every_form
def test_a_document_of_one_package_describes_it(form: str) -> None:
    assert noted(read(form, tree({"name": "a"}))) == []


@every_form
def test_packages_without_a_name_are_noted_once(form: str) -> None:
    text = FORMS[form](tree({"name": "a"}, {}, {"name": ""}, relationships=(DESCRIBES,)))
    source = Source("made", text.encode())
    document = readers.read(source)
    (problem,) = made.notes(document)
    assert problem.message == "2 packages have no name"
    assert problem.pointer == document.components[1].pointer
    (one,) = made.notes(read(form, tree({"name": "a"}, {}, relationships=(DESCRIBES,))))
    assert one.message == "a package has no name"


@pytest.mark.parametrize("form", [form for form in FORMS if form != "tag-value"])
def test_relationships_without_an_end_are_noted_once(form: str) -> None:
    half = relation("SPDXRef-0", "CONTAINS")
    (problem,) = made.notes(read(form, tree({"name": "a"}, relationships=(DESCRIBES, half, dict(half)))))
    assert problem.message == "2 relationships do not name both their ends: what holds what is not told whole"
    if form != "rdf-xml":  # which has an order of its own
        assert problem.pointer == "/relationships/1"
    (one,) = made.notes(read(form, tree({"name": "a"}, relationships=(DESCRIBES, half))))
    assert one.message == "a relationship does not name both its ends: what holds what is not told whole"


@pytest.mark.parametrize("end", [{}, {"spdxElementId": None}, {"spdxElementId": ""}])
def test_it_does_not_matter_which_end_is_missing_and_how(end: dict[str, Any]) -> None:
    half = {"relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-0", **end}
    assert len(made.notes(read("json", tree({"name": "a"}, relationships=(DESCRIBES, half))))) == 1


def test_a_relationship_that_is_malformed_is_noted_as_that_alone() -> None:
    odd: Any = {"spdxElementId": {}, "relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-0"}
    (problem,) = made.notes(read("json", tree({"name": "a"}, relationships=(DESCRIBES, odd))))
    assert problem.pointer == "/relationships/1"
    assert "Expected" in problem.message


def test_a_line_without_an_end_is_noted_in_tag_value() -> None:
    document = read("tag-value", tree({"name": "a"}, relationships=(DESCRIBES, relation("SPDXRef-0", "CONTAINS"))))
    assert noted(document) == ["a relationship is not two elements and what is between them: 'SPDXRef-0 CONTAINS'"]


# ---- what a path tells

ANDROID = "https://www.google.com/sbom/spdx/android/acme/phone:16"
STAMP = {"supplier": "Organization: Acme Phones"}


def prebuilt(form: str, *names: str, namespace: str = ANDROID) -> bytes:
    """As the Android build writes: the product, and under their paths what it did not build, all of one supplier."""
    packages = ({"name": name, **STAMP} for name in ("PRODUCT", *names))
    return FORMS[form](tree(*packages, relationships=(DESCRIBES,), namespace=namespace)).encode()


@every_form
def test_the_directory_of_a_prebuilt_part_tells_who_made_it(form: str, pack: Pack) -> None:
    source = Source("made", prebuilt(form, "vendor/qcom/proprietary/camera"))
    (document,) = check([source], pack, today=made.TODAY).documents
    assert {kind: number for kind, number in document.suppliers if number} == {"self": 1, "vendor": 1}
    assert document.unidentified == 1  # the product, of which nobody but the generator's stamp tells who made it
    part = readers.read(source).components[1]
    (found,) = (signal for signal in part.signals if signal.kind == "party" and signal.at == "/name")
    assert (found.role, found.field, found.value) == ("supplier", "name (vendor directory)", "qcom")
    assert part.parties == ("Organization: Acme Phones", "qcom")


@every_form
@pytest.mark.parametrize("name", ["vendor/hikvision/libs/camera", "device/hikvision/x/y", "hardware/hikvision/sensors"])
def test_the_directory_of_a_listed_vendor_is_a_finding(form: str, name: str, pack: Pack) -> None:
    verdict = check([Source("made", prebuilt(form, name))], pack, today=made.TODAY)
    assert verdict.outcome == "fail"
    (finding,) = verdict.findings
    assert (finding.vendor, finding.component.name) == ("hikvision", name)
    assert "name (vendor directory)" in {item.field for item in finding.evidence}


@pytest.mark.parametrize(
    "name",
    ["hardware/interfaces/camera/x", "device/generic/goldfish/x", "vendor/lib64/x.so", "vendor/acme", "packages/acme/x", "vendor//x"],
)
def test_other_paths_tell_nobody(name: str) -> None:
    document = readers.read(Source("made", prebuilt("json", name)))
    assert document.components[1].parties == ("Organization: Acme Phones",)


def test_paths_of_other_documents_tell_nobody() -> None:
    document = readers.read(Source("made", prebuilt("json", "vendor/qcom/camera/x", namespace=NAMESPACE)))
    assert document.components[1].parties == ("Organization: Acme Phones",)
