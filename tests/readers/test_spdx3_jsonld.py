"""SPDX 3 JSON-LD: who made an element through links, what is a component, what other tools would read differently, and places."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sbomguard import readers
from sbomguard.check import check
from sbomguard.errors import DocumentError, SbomguardError
from sbomguard.identity import why_unidentified
from sbomguard.model import Component, Document, Link
from sbomguard.pack import Pack
from sbomguard.readers import jsontext, spdx2_json, spdx3_jsonld, spdx3_plain
from sbomguard.source import Source
from sbomguard.suppliers import Suppliers
from tests import made

TERMS = "https://spdx.org/rdf/3.0.1/terms"
CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
INFO = {"type": "CreationInfo", "@id": "_:info", "specVersion": "3.0.1", "created": "2026-01-01T00:00:00Z", "createdBy": ["urn:x:me"]}
CORPUS = Path(__file__).parents[3] / "shared" / "corpus"


def text_of(*elements: dict[str, Any], **top: Any) -> str:
    return json.dumps({"@context": CONTEXT, "@graph": [INFO, *elements], **top}, ensure_ascii=False)


def read_text(text: str) -> Document:
    """The document; a large one that says the same, which is read in another way, must come to the same."""
    document = spdx3_jsonld.read(Source("made.spdx3.json", text.encode()))
    assert facts(spdx3_jsonld.read(Source("made.spdx3.json", larger(text).encode()))) == facts(document)
    return document


def larger(text: str, size: int = spdx3_plain.FROM) -> str:
    """The same document with a long comment on its creation."""
    return text.replace('"specVersion"', f'"comment": "{"x" * size}", "specVersion"', 1)


def facts(document: Document) -> tuple[Any, ...]:
    """Everything in the document, the signals of its components made."""
    components = [msgspec.structs.replace(component, signals=tuple(component.signals)) for component in document.components]
    return components, msgspec.structs.replace(document, components=())


def read(*elements: dict[str, Any], **top: Any) -> Document:
    return read_text(text_of(*elements, **top))


def element(kind: str, ident: str, **fields: Any) -> dict[str, Any]:
    return {"type": kind, "spdxId": f"urn:x:{ident}", "creationInfo": "_:info", **fields}


def package(**fields: Any) -> dict[str, Any]:
    return element("software_Package", "p", **fields)


def agent(ident: str, name: str, kind: str = "Organization", **fields: Any) -> dict[str, Any]:
    return element(kind, ident, name=name, **fields)


def relation(kind: str, source: str, *targets: str, **fields: Any) -> dict[str, Any]:
    to = [target if ":" in target else f"urn:x:{target}" for target in targets]
    return element("Relationship", f"r-{kind}-{source}-{targets}", relationshipType=kind, **{"from": f"urn:x:{source}", "to": to}, **fields)


def identifier(kind: str, value: str) -> dict[str, str]:
    return {"type": "ExternalIdentifier", "externalIdentifierType": kind, "identifier": value}


def only(document: Document) -> Component:
    (component,) = document.components
    return component


def signals(component: Component) -> list[tuple[str, str, str]]:
    return sorted((signal.kind, signal.role, signal.value) for signal in component.signals)


def problem_of(text: str) -> str:
    with pytest.raises(DocumentError) as large:
        spdx3_jsonld.read(Source("made.spdx3.json", larger(text).encode()))
    with pytest.raises(DocumentError) as caught:
        spdx3_jsonld.read(Source("made.spdx3.json", text.encode()))
    assert large.value.problem == caught.value.problem
    return str(caught.value)


# ---- what is left unsaid


def test_a_package_without_a_name_is_noted() -> None:
    (problem,) = read(element("software_Package", "p"), element("software_Package", "q", name="q")).problems
    assert (problem.message, problem.pointer) == ("a package has no name", "/@graph/1")
    (several,) = read(element("software_Package", "p"), element("software_Package", "q", name="")).problems
    assert several.message == "2 packages have no name"


def test_an_element_that_does_not_say_who_created_it_is_noted() -> None:
    bare = {"type": "software_Package", "spdxId": "urn:x:bare", "name": "bare"}
    (problem,) = read(package(name="x"), bare).problems
    assert problem.message == "an element does not say who created it and when (creationInfo)"
    listed = {"type": "ExternalIdentifier", "@id": "_:i", **identifier("email", "a@acme.example")}
    assert read(package(name="x"), agent("m", "Acme", externalIdentifier=["_:i"]), listed).problems == ()


@pytest.mark.parametrize("field", ["externalIdentifier", "externalRef"])
def test_an_identifier_or_reference_that_is_not_there_is_noted(field: str) -> None:
    (problem,) = read(package(name="x", **{field: ["_:b", "_:a"]})).problems
    assert problem.message == "external identifiers or references are named by an id and were not found: '_:a' and 1 more"


@pytest.mark.parametrize("listed", ["_:r", ["_:r"]])
def test_a_reference_that_stands_in_the_graph_is_followed(listed: Any) -> None:
    apart = {"type": "ExternalRef", "@id": "_:r", "externalRefType": "vcs", "locator": ["https://git.acme.example/x"]}
    document = read(package(name="x", externalRef=listed), apart)
    assert document.problems == ()
    (component,) = (item for item in document.components if item.counted)
    assert ("url", "vcs", "https://git.acme.example/x") in signals(component)
    assert component.text is not None
    assert "git.acme.example" in component.text


@pytest.mark.parametrize("field", ["suppliedBy", "originatedBy"])
def test_a_maker_without_name_and_id_is_noted(field: str) -> None:
    (problem,) = read(package(name="x", **{field: {"x": "y"}})).problems
    assert problem.message == "a maker is named without a name and an id: nobody can tell who that is"
    whole = {"type": "Organization", "name": "Acme", "spdxId": "urn:x:acme", "creationInfo": "_:info"}
    assert read(package(name="x", **{field: whole})).problems == ()
    for key in ("spdxId", "creationInfo"):
        (problem,) = read(package(name="x", **{field: {name: value for name, value in whole.items() if name != key}})).problems
        assert problem.message == "a maker is written where it is named, without an spdxId or a creationInfo of its own"


@pytest.mark.parametrize(
    ("kinds", "said"), [(["dependson"], "'dependson': "), (["x", "y", "contains"], "'x' and 1 more"), ([""], "its type")]
)
def test_relationships_of_unknown_types_are_counted_in_one_note(kinds: list[str], said: str) -> None:
    (problem,) = read(package(name="x"), *(relation(kind, "p", "p") for kind in kinds)).problems
    assert (said in problem.message, problem.pointer) == (True, "/@graph/2")


# ---- who made it


@pytest.mark.parametrize(
    "named",
    [
        "urn:x:maker",
        ["urn:x:maker"],
        {"spdxId": "urn:x:maker"},
        {"@id": "urn:x:maker"},
        {"type": "Organization", "spdxId": "_:here", "name": "Acme"},
        {"@type": "Organization", "name": "Acme"},
    ],
    ids=["id", "list", "reference", "node reference", "on the spot", "without an id"],
)
def test_a_supplier_is_found_however_it_is_named(named: Any) -> None:
    assert ("party", "supplier", "Acme") in signals(only(read(package(suppliedBy=named), agent("maker", "Acme"))))


def test_a_person_is_an_author_whatever_the_property() -> None:
    person = agent("maker", "A. Body", "Person", externalIdentifier=[identifier("email", "a@acme.example")])
    found = signals(only(read(package(originatedBy=["urn:x:maker"]), person)))
    assert found == [("email", "author", "a@acme.example"), ("party", "author", "A. Body")]


def test_prefixes_that_generators_leave_in_names_are_taken_off() -> None:
    assert signals(only(read(package(suppliedBy="urn:x:maker"), agent("maker", "Organization: Acme")))) == [("party", "supplier", "Acme")]


def test_an_organization_named_noassertion_identifies_nobody() -> None:
    component = only(read(package(name="zlib", suppliedBy="urn:x:maker"), agent("maker", "NOASSERTION")))
    assert why_unidentified(component) == "suppliedBy.name is placeholder ('NOASSERTION')"


@pytest.mark.parametrize("nobody", ["https://spdx.org/rdf/3.0.1/terms/Core/NoAssertionElement", "spdx:Core/NoneElement", "NOASSERTION"])
def test_no_assertion_is_nobody_and_nothing_missing(nobody: str) -> None:
    for named in (nobody, [nobody], {"spdxId": nobody}):
        document = read(package(name="zlib", suppliedBy=named))
        assert signals(only(document)) == [("name", "", "zlib")]
        assert document.gaps == ()
        assert dict(Suppliers(document).count())["placeholder"] == 1
        assert why_unidentified(only(document)) == "it has a name only"
    assert dict(Suppliers(read(package(suppliedBy=[nobody, "urn:x:m"]), agent("m", "Acme"))).count())["vendor"] == 1


def test_an_agent_that_is_not_there_leaves_a_gap_and_its_address() -> None:
    document = read(package(suppliedBy="https://www.acme.example/agents/1"))
    assert signals(only(document)) == [("url", "supplier", "https://www.acme.example/agents/1")]
    assert [gap.message for gap in document.gaps] == ["agents are named that are not in it: 'https://www.acme.example/agents/1'"]


@pytest.mark.parametrize("ident", ["https://acme.example/sbom#agent1", "https://acme.example/sbom/agents/1", "https://acme.example/boms/1"])
@pytest.mark.parametrize("there", [True, False])
def test_an_id_in_a_namespace_of_the_document_tells_nobody(ident: str, there: bool) -> None:
    """Its host is that of whoever wrote the document."""
    item = package(spdxId="https://acme.example/sbom#p", name="zlib", suppliedBy=ident)
    listed = {"type": "Organization", "spdxId": ident, "creationInfo": "_:info"}
    sbom = {"type": "SpdxDocument", "spdxId": "https://acme.example/boms/x", "creationInfo": "_:info", "rootElement": [item["spdxId"]]}
    whole = {"type": "software_Sbom", "spdxId": "https://acme.example/sbom/b", "creationInfo": "_:info", "element": []}
    component = only(read(sbom, whole, item, *[listed] * there))
    assert signals(component) == [("name", "", "zlib")]
    assert why_unidentified(component)


def test_the_id_of_an_agent_without_a_name_elsewhere_is_its_address() -> None:
    item = package(spdxId="https://acme.example/sbom#p", suppliedBy="https://norfolk.example/ids/1")
    listed = {"type": "Organization", "spdxId": "https://norfolk.example/ids/1", "creationInfo": "_:info"}
    assert signals(only(read(item, listed))) == [("url", "supplier", "https://norfolk.example/ids/1")]


def test_an_additional_supplier_in_a_relationship_counts() -> None:
    document = read(package(), agent("maker", "Acme"), relation("availableFrom", "p", "maker"))
    assert signals(only(document)) == [("party", "supplier", "Acme")]


def test_hardware_is_made_by_its_product_agent() -> None:
    board = element("hardware_PhysicalHardware", "b", name="board", hardware_productAgent="urn:x:maker", hardware_hardwareVersion="B2")
    component = only(read(board, agent("maker", "Acme"), **{"@context": CONTEXT.replace("3.0.1", "3.1")}))
    assert (component.component_class, component.version) == ("hardware", "B2")
    assert ("party", "manufacturer", "Acme") in signals(component)


def test_a_package_of_an_image_says_layer_supplier_cpe_home_and_origin() -> None:
    """As Yocto writes it: one agent for all, the layer as namespace of the purl and in the source information."""
    image = package(
        name="libacme1", software_primaryPurpose="install", software_packageVersion="1.2", software_homePage="https://www.acme.example/",
        software_packageUrl="pkg:yocto/meta-acme/acme@1.2", software_sourceInfo="meta-acme", suppliedBy="urn:x:m",
        externalIdentifier=[identifier("cpe23", "cpe:2.3:*:acme:acme:1.2:*:*:*:*:*:*:*")],
    )  # fmt: skip
    assert signals(only(read(image, agent("m", "OpenEmbedded")))) == [
        ("cpe", "", "cpe:2.3:*:acme:acme:1.2:*:*:*:*:*:*:*"),
        ("name", "", "libacme1"),
        ("name", "group", "meta-acme"),
        ("party", "supplier", "OpenEmbedded"),
        ("purl", "", "pkg:yocto/meta-acme/acme@1.2"),
        ("url", "website", "https://www.acme.example/"),
    ]


def test_hardware_is_known_by_part_number_and_added_information() -> None:
    entries = [("vendor", "x"), ("FCC ID", "ABC-123")]
    added = [{"type": "DictionaryEntry", "key": key, "value": value} for key, value in entries]
    board = element("hardware_PhysicalHardware", "b", name="board", hardware_partNumber="AC-1", hardware_additionalInformation=added)
    component = only(read(board, **{"@context": CONTEXT.replace("3.0.1", "3.1")}))
    assert component.component_class == "module"
    assert signals(component) == [("fcc-id", "", "ABC-123"), ("name", "", "board"), ("name", "part", "AC-1")]


@pytest.mark.parametrize("kind", ["hardware_Taxonomy", "hardware_ProductSpecification", "SupportRelationship"])
def test_what_3_1_says_about_hardware_is_no_hardware(kind: str) -> None:
    assert read(element(kind, "t", name="x"), **{"@context": CONTEXT.replace("3.0.1", "3.1")}).components == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("meta-acme", [("name", "group", "meta-acme")]),
        ("layer: meta-acme, revision 7", [("name", "group", "meta-acme")]),
        ("Built from https://git.acme.example/x.git at commit 1.", [("url", "vcs", "https://git.acme.example/x.git")]),
        ("from /usr/lib/a.so.2, /etc/b", [("file", "", "/usr/lib/a.so.2")]),
        ("built by hand", []),
    ],
)
def test_source_information_is_read_for_layers_addresses_and_binaries(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert signals(only(read(package(software_sourceInfo=text)))) == expected


def test_an_fcc_id_in_an_annotation_makes_a_device_a_module() -> None:
    note = element("Annotation", "n", subject="urn:x:p", statement="FCC ID: ABC-123", annotationType="other")
    component = only(read(package(software_primaryPurpose="device"), note))
    assert ("fcc-id", "", "ABC-123") in signals(component)
    assert component.component_class == "module"


def test_identifiers_that_stand_in_the_graph_are_followed() -> None:
    listed = element("ExternalIdentifier", "i", externalIdentifierType="purl", identifier="pkg:npm/%40acme/x@1")
    component = only(read(package(externalIdentifier=["urn:x:i"]), listed))
    assert component.purl == "pkg:npm/%40acme/x@1"
    assert signals(component) == [("purl", "", "pkg:npm/%40acme/x@1")]


def test_properties_that_a_converter_carried_over_are_read() -> None:
    entries = [("group", "@acme"), ("publisher", "Acme"), ("properties.syft:metadata:author", "B. Ody"), ("tags", "[]")]
    carried = [
        {"type": "extension_CdxPropertyEntry", "extension_cdxPropName": name, "extension_cdxPropValue": value} for name, value in entries
    ]
    component = only(read(package(extension=[{"type": "extension_CdxPropertiesExtension", "extension_cdxProperty": carried}])))
    assert signals(component) == [("name", "group", "@acme"), ("party", "author", "B. Ody"), ("party", "publisher", "Acme")]


DESCRIPTIONS: list[dict[str, str]] = [
    {
        "name": "libx.so",
        "version": "1",
        "supplier": "Acme (a@acme.example)",
        "purl": "pkg:github/acme/x@1",
        "url": "https://dl.acme.example/x",
    },
    {"name": "x", "manufacturer": "Acme", "cpe": "cpe:2.3:a:acme:x:1:*:*:*:*:*:*:*", "type": "firmware"},
    {"name": "x", "author": "B. Ody <b@acme.example>", "cpe": "cpe:/a:acme:x:1", "type": "operating-system"},
    {"name": "radio", "supplier": "Acme", "fcc_id": "ABC-123", "type": "device"},
]


@pytest.mark.parametrize("described", DESCRIPTIONS, ids=lambda item: item.get("type", "library"))
def test_a_component_says_the_same_in_spdx_3_as_in_spdx_2(described: dict[str, str]) -> None:
    old = only(spdx2_json.read(Source("made.json", made.spdx([described]))))
    new = only(read(*as_elements(described)))
    assert signals(new) == signals(old)
    assert (new.name, new.version, new.purl, new.component_class) == (old.name, old.version, old.purl, old.component_class)


def as_elements(described: dict[str, str]) -> list[dict[str, Any]]:
    """The description as a package, its agents and annotations."""
    purposes = {"operating-system": "operatingSystem"}
    kind = described.get("type", "library")
    out: dict[str, Any] = {"software_primaryPurpose": purposes.get(kind, kind), "externalIdentifier": []}
    agents = []
    for field, property_, whose in (
        ("supplier", "suppliedBy", ""),
        ("manufacturer", "originatedBy", ""),
        ("author", "originatedBy", "Person"),
    ):
        if field in described:
            name, _, address = described[field].partition(" (" if "(" in described[field] else " <")
            mails = [identifier("email", address.strip(")>"))] if address else []
            agents.append(agent(field, name, whose or "Organization", externalIdentifier=mails))
            out[property_] = f"urn:x:{field}" if property_ == "suppliedBy" else [f"urn:x:{field}"]
    for field, name in (("name", "name"), ("version", "software_packageVersion"), ("url", "software_downloadLocation"),
                        ("purl", "software_packageUrl")):  # fmt: skip
        if field in described:
            out[name] = described[field]
    if "cpe" in described:
        out["externalIdentifier"].append(identifier("cpe23" if ":2.3:" in described["cpe"] else "cpe22", described["cpe"]))
    if "fcc_id" in described:
        agents.append(element("Annotation", "n", subject="urn:x:p", statement=f"FCC ID: {described['fcc_id']}"))
    return [package(**out), *agents]


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        ("vcs", "vcs"),
        ("altWebPage", "website"),
        ("altDownloadLocation", "distribution"),
        ("sourceArtifact", "source-distribution"),
        ("other", "other"),
    ],
)
def test_external_references_have_the_roles_of_other_formats(kind: str, role: str) -> None:
    reference = {"type": "ExternalRef", "externalRefType": kind, "locator": ["https://acme.example/x"]}
    assert signals(only(read(package(externalRef=[reference])))) == [("url", role, "https://acme.example/x")]


# ---- what is a component


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("software_Package", "software"), ("ai_AIPackage", "data"), ("dataset_DatasetPackage", "data"), ("hardware_Hardware", "hardware")],
)
def test_packages_of_every_profile_are_counted(kind: str, expected: str) -> None:
    component = only(read(element(kind, "p", name="x")))
    assert (component.component_class, component.counted) == (expected, True)


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [("library", "software"), ("operatingSystem", "operating-system"), ("firmware", "firmware"), ("device", "hardware"), ("model", "data"),
     ("install", "software"), ("module", "software")],
)  # fmt: skip
def test_the_purpose_gives_the_class(purpose: str, expected: str) -> None:
    assert only(read(package(software_primaryPurpose=purpose))).component_class == expected


@pytest.mark.parametrize("kind", ["software_File", "software_Snippet", "build_Build", "security_Vulnerability", "service_SoftwareService"])
def test_what_is_no_package_is_read_where_it_says_who_made_it_and_not_counted(kind: str) -> None:
    document = read(element(kind, "f", name="x", suppliedBy="urn:x:maker"), element(kind, "g", name="plain.c"), agent("maker", "Acme"))
    component = only(document)
    assert not component.counted
    assert ("party", "supplier", "Acme") in signals(component)


def test_components_stand_in_the_order_of_the_document() -> None:
    kinds = ["software_Package", "ai_AIPackage", "software_Package", "dataset_DatasetPackage", "ai_AIPackage"]
    document = read(*(element(kind, f"p{number}", name=f"p{number}") for number, kind in enumerate(kinds)))
    assert [component.name for component in document.components] == ["p0", "p1", "p2", "p3", "p4"]


def test_a_class_that_is_not_known_is_noted_on_the_component() -> None:
    component = only(read(element("software_Pakage", "p", name="x")))
    assert component.counted
    assert component.malformed == "'software_Pakage' is no class of SPDX 3.0.1"


def test_classes_that_3_1_may_add_are_passed_over_unless_they_have_a_maker() -> None:
    newer = {"@context": CONTEXT.replace("3.0.1", "3.1")}
    assert read(element("Thought", "p", name="x"), **newer).components == ()
    assert only(read(element("Thought", "p", name="x", suppliedBy="urn:x:m"), agent("m", "Acme"), **newer)).malformed


def test_an_odd_package_does_not_keep_the_rest_from_being_read() -> None:
    document = read(
        package(name="x", software_packageVersion=7, suppliedBy="urn:x:m"), element("software_Package", "q", name="y"), agent("m", "Acme")
    )
    first, second = document.components
    assert "software_packageVersion" in first.malformed
    assert ("party", "supplier", "Acme") in signals(first)
    assert (second.name, second.malformed) == ("y", "")


def test_an_odd_agent_is_a_gap() -> None:
    document = read(package(suppliedBy="urn:x:m"), element("Organization", "m", name={"en": "Acme"}))
    assert signals(only(document)) == [("party", "supplier", "Acme")]
    assert [gap.pointer for gap in document.gaps] == ["/@graph/2"]


def test_one_element_without_a_graph_is_a_document() -> None:
    text = json.dumps({"@context": CONTEXT, **package(name="x", suppliedBy={"type": "Organization", "spdxId": "urn:x:m", "name": "Acme"})})
    component = only(read_text(text))
    assert (component.pointer, signals(component)) == ("", [("name", "", "x"), ("party", "supplier", "Acme")])


def test_a_list_of_elements_with_a_context_each_is_a_document() -> None:
    items = [{"@context": CONTEXT, **package(suppliedBy="urn:x:m")}, {"@context": CONTEXT, "@graph": [agent("m", "Acme")]}]
    component = only(read_text(json.dumps(items)))
    assert (component.pointer, signals(component)) == ("/0", [("party", "supplier", "Acme")])


# ---- relations and gaps


@pytest.mark.parametrize(
    ("kind", "down"), [("contains", True), ("dependsOn", True), ("hasInput", True), ("DEPENDS_ON", True), ("hasOutput", False)]
)
def test_relationships_lead_from_the_whole_to_its_parts(kind: str, down: bool) -> None:
    document = read(package(), element("software_Package", "q"), relation(kind, "p", "q"))
    assert [(edge.parent, edge.children) for edge in document.edges] == [("urn:x:p", ("urn:x:q",)) if down else ("urn:x:q", ("urn:x:p",))]


def test_the_document_leads_to_its_root_elements() -> None:
    document = read(
        element("SpdxDocument", "d", rootElement=["urn:x:s"]), element("software_Sbom", "s", rootElement=["urn:x:p"]), package()
    )
    assert document.root == "urn:x:d"
    assert [(edge.parent, edge.children) for edge in document.edges] == [("urn:x:d", ("urn:x:s",)), ("urn:x:s", ("urn:x:p",))]


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ([relation("contains", "p", "urn:y:away")], "it names elements that are not in it: 'urn:y:away'"),
        ([element("Bom", "b", element=["urn:y:away"], rootElement=["urn:x:p"])], "it names elements that are not in it: 'urn:y:away'"),
        ([element("SpdxDocument", "d", **{"import": [{"type": "ExternalMap", "externalSpdxId": "urn:y:away"}]})],
         "it imports elements of other documents: 'urn:y:away'"),
        ([relation("dependsOn", "p", f"{TERMS}/Core/NoAssertionElement")], "it does not say all that urn:x:p dependsOn"),
        ([relation("contains", "p", "p", completeness="incomplete")], "it does not say all that urn:x:p contains"),
    ],
    ids=["relationship", "collection", "import", "no assertion", "incomplete"],
)  # fmt: skip
def test_what_the_document_says_is_missing_is_a_gap(elements: list[dict[str, Any]], expected: str) -> None:
    assert [gap.message for gap in read(package(), *elements).gaps] == [expected]


MAP = {
    "type": "ExternalMap",
    "externalSpdxId": "other:part",
    "locationHint": "https://acme.example/other.spdx.json",
    "verifiedUsing": [
        {"type": "Hash", "algorithm": "sha1", "hashValue": "AB" * 20},
        {"type": "Hash", "algorithm": "sha256", "hashValue": "CD" * 32},
    ],
}
SPACE = {"type": "NamespaceMap", "prefix": "other", "namespace": "https://acme.example/other#"}


def test_a_document_is_known_by_the_id_of_its_document_element() -> None:
    assert read(element("SpdxDocument", "d"), element("software_Sbom", "s"), package()).names == ("urn:x:d",)
    assert read(package()).names == ()


def test_an_import_is_a_link_to_the_element_as_its_namespace_writes_it() -> None:
    document = read(
        element("SpdxDocument", "d", namespaceMap=[SPACE], **{"import": [MAP]}), package(), relation("contains", "p", "other:part")
    )
    assert document.links == (
        Link(target="https://acme.example/other#part", ref="urn:x:d", pointer="/@graph/1/import/0", local="other:part",
             algorithm="SHA-256", digest="cd" * 32),
    )  # fmt: skip
    assert [gap.ref for gap in document.gaps] == ["other:part"]


def test_an_import_has_the_digest_of_the_artifact_that_defines_it() -> None:
    file = element("software_File", "f", name="other.json", verifiedUsing=[{"type": "Hash", "algorithm": "sha512", "hashValue": "ef"}])
    mapped = {"type": "ExternalMap", "externalSpdxId": "urn:y:part", "definingArtifact": "urn:x:f"}
    (link,) = read(element("SpdxDocument", "d", **{"import": [mapped]}), file).links
    assert (link.target, link.algorithm, link.digest, link.needed) == ("urn:y:part", "SHA-512", "ef", True)


@pytest.mark.parametrize("kind", ["hasDeclaredLicense", "hasAssociatedVulnerability", "other"])
def test_an_import_that_is_no_part_of_the_product_is_no_gap(kind: str) -> None:
    mapped = {"type": "ExternalMap", "externalSpdxId": "urn:y:away"}
    document = read(element("SpdxDocument", "d", **{"import": [mapped]}), package(), relation(kind, "p", "urn:y:away"))
    assert [(link.target, link.needed) for link in document.links] == [("urn:y:away", False)]
    assert document.gaps == ()


def test_an_import_that_has_the_supplier_leaves_the_gap_that_who_it_is_was_not_read() -> None:
    mapped = {"type": "ExternalMap", "externalSpdxId": "urn:y:m"}
    document = read(element("SpdxDocument", "d", **{"import": [mapped]}), package(suppliedBy="urn:y:m"))
    assert [(link.local, link.needed) for link in document.links] == [("urn:y:m", False)]
    assert [(gap.message, gap.ref) for gap in document.gaps] == [("agents are named that are not in it: 'urn:y:m'", "")]


def test_an_element_that_is_named_and_not_there_is_a_link_where_it_is_named_first() -> None:
    document = read(package(), relation("contains", "p", "p", "urn:y:away"), relation("dependsOn", "p", "urn:y:away"))
    (link,) = document.links
    assert (link.target, link.local, link.needed) == ("urn:y:away", "urn:y:away", True)
    assert link.pointer == "/@graph/2/to/1"


def test_very_many_elements_that_are_not_there_are_one_gap() -> None:
    document = read(package(), relation("contains", "p", *(f"urn:y:{number}" for number in range(200))))
    assert document.links == ()
    assert [gap.message for gap in document.gaps] == ["it names elements that are not in it: 'urn:y:0' and 199 more"]


@pytest.mark.parametrize(("name", "known"), [("sha1", "SHA-1"), ("sha3_256", "SHA3-256"), ("blake2b512", "BLAKE2b-512"), ("md6", "md6")])
def test_digests_are_called_as_in_other_formats(name: str, known: str) -> None:
    sums = [{"type": "Hash", "algorithm": name, "hashValue": "ab"}]
    mapped = {"type": "ExternalMap", "externalSpdxId": "urn:y:away", "verifiedUsing": sums}
    (link,) = read(element("SpdxDocument", "d", **{"import": [mapped]})).links
    assert (link.algorithm, link.digest) == (known, "ab")


def test_no_assertion_is_seen_wherever_it_stands_in_a_list() -> None:
    document = read(package(), relation("contains", "p", f"{TERMS}/Core/NoAssertionElement", "p"))
    assert [gap.message for gap in document.gaps] == ["it does not say all that urn:x:p contains"]
    assert document.links == ()


def test_a_statement_that_there_is_nothing_more_is_no_gap() -> None:
    none = relation("dependsOn", "p", "https://spdx.org/rdf/3.0.1/terms/Core/NoneElement", completeness="complete")
    licence = relation("hasDeclaredLicense", "p", "https://spdx.org/licenses/MIT")
    assert read(package(), none, licence).gaps == ()


def test_the_generator_is_the_tool_that_made_the_document() -> None:
    made_with = {**INFO, "createdUsing": ["urn:x:t"]}
    text = json.dumps({"@context": CONTEXT, "@graph": [made_with, element("Tool", "t", name="Tool: maker-1.0"), package()]})
    assert read_text(text).generator == "maker-1.0"


@pytest.mark.parametrize(("tool", "cpes"), [("syft-1.20", 0), ("maker-1.0", 1)])
def test_a_cpe_that_the_generator_made_up_identifies_nobody(tool: str, cpes: int) -> None:
    made_with = {**INFO, "createdUsing": ["urn:x:t"]}
    part = package(name="x", externalIdentifier=[identifier("cpe23", "cpe:2.3:a:acme:x:1:*:*:*:*:*:*:*")])
    text = json.dumps({"@context": CONTEXT, "@graph": [made_with, element("Tool", "t", name=tool), part]})
    assert sum(signal.kind == "cpe" for signal in only(read_text(text)).signals) == cpes


# ---- what tools would read differently


@pytest.mark.parametrize(
    "context",
    [CONTEXT, [CONTEXT], CONTEXT.replace("3.0.1", "3.0.0"), CONTEXT.replace("3.0.1", "3.1"), CONTEXT.removesuffix("ld")],
)
def test_contexts_of_spdx_are_accepted(context: Any) -> None:
    assert read(package(name="x"), **{"@context": context}).components


@pytest.mark.parametrize(
    "context",
    [
        None, {}, [], 1, "", "https://spdx.org/rdf/3.0.1/spdx-context.jsonld/", "http://spdx.org/rdf/3.0.1/spdx-context.jsonld",
        "https://spdx.org.example/rdf/3.0.1/spdx-context.jsonld", "https://spdx.org/rdf/3.2/spdx-context.jsonld", "./spdx-context.jsonld",
        [CONTEXT, "https://acme.example/context"], [CONTEXT, {"maker": "https://spdx.org/rdf/3.0.1/terms/Core/name"}],
        [CONTEXT, {"@vocab": "https://acme.example/"}], [CONTEXT, {"name": "https://acme.example/"}],
        [CONTEXT, {"x": "https://spdx.org/rdf/"}], [CONTEXT, {"x": "https://spdx.org/"}], [CONTEXT, {"contains": "https://acme.example/"}],
        [CONTEXT, {"x": {"@id": "https://acme.example/"}}],
    ],
)  # fmt: skip
def test_other_contexts_are_refused(context: Any) -> None:
    text = text_of(package(name="x"), relation("contains", "p", "p"), **{"@context": context})
    assert "at /@context: " in problem_of(text)


def test_a_missing_context_is_refused() -> None:
    assert "at /@context: " in problem_of(json.dumps({"@graph": [package(name="x")]}))


def test_prefixes_that_only_shorten_ids_are_written_out() -> None:
    short = {"@context": [CONTEXT, {"acme": "https://acme.example/spdx#"}]}
    supplier = {"type": "Organization", "spdxId": "https://acme.example/spdx#maker", "name": "Acme"}
    component = only(read({"type": "software_Package", "spdxId": "acme:p", "suppliedBy": "acme:maker"}, supplier, **short))
    assert (component.ref, signals(component)) == ("https://acme.example/spdx#p", [("party", "supplier", "Acme")])


@pytest.mark.parametrize(
    "game",
    [
        '"@reverse": {"suppliedBy": {"@id": "urn:x:q"}}',
        '"@included": []',
        '"@graph": []',
        '"@context": {}',
        '"name": {"@value": "y"}',
        '"spdx:Core/suppliedBy": "urn:x:q"',
        '"https://spdx.org/rdf/3.0.1/terms/Core/suppliedBy": "urn:x:q"',
        '"snippet": {"type": "software_P\\u0061ckage", "name": "y"}',
        '"software_snippetFromFile": {"type": "software_Package", "name": "y"}',
        '"software_snippetFromFile": {"type": "hardware_Hardware", "spdxId": "urn:x:h"}',
        '"to": [{"type": "software_Package", "spdxId": "urn:x:q", "name": "y"}]',
        '"@id": "urn:x:other"',
        '"@type": "software_File"',
    ],
)
def test_what_json_ld_and_plain_json_read_differently_is_refused(game: str) -> None:
    text = text_of(package()).replace('"creationInfo": "_:info"', f'"creationInfo": "_:info", {game}')
    assert problem_of(text).startswith("made.spdx3.json")


MAKING = package(
    name="x", software_packageUrl="pkg:npm/x", software_downloadLocation="https://a.example/x", software_homePage="https://b.example/",
    software_sourceInfo="from /lib/x.so", suppliedBy="urn:x:m", originatedBy=["urn:x:m"],
    externalIdentifier=[identifier("cpe23", "cpe:2.3:a:acme:x:1:*:*:*:*:*:*:*")],
    externalRef=[{"type": "ExternalRef", "externalRefType": "vcs", "locator": ["https://c.example/x"]}],
)  # fmt: skip
IN_FULL = (
    MAKING,
    element("software_File", "f", name="libx.so"),
    agent("m", "Acme"),
    element("Annotation", "n", subject="urn:x:p", statement="."),
)


def in_full(change: str = "", to: str = "") -> str:
    """A document of more than the size up to which every text is looked through, after a change."""
    text = larger(text_of(*IN_FULL), jsontext.STRICT_BELOW)
    assert change in text
    return text.replace(change, to)


def test_a_large_document_in_the_usual_form_is_decoded_at_one_go() -> None:
    assert spdx3_plain.read(Source("made", in_full().encode())) is not None


@pytest.mark.parametrize(
    "twice",
    [
        '"name": "x"', '"name": "libx.so"', '"name": "Acme"', '"software_packageUrl": "pkg:npm/x"', '"suppliedBy": "urn:x:m"',
        '"originatedBy": ["urn:x:m"]', '"software_downloadLocation": "https://a.example/x"', '"software_homePage": "https://b.example/"',
        '"software_sourceInfo": "from /lib/x.so"', '"identifier": "cpe:2.3:a:acme:x:1:*:*:*:*:*:*:*"', '"locator": ["https://c.example/x"]',
        '"subject": "urn:x:p"', '"statement": "."', '"spdxId": "urn:x:m"', f'"@context": "{CONTEXT}"', '"type": "software_File"',
    ],
)  # fmt: skip
def test_a_value_that_is_given_twice_is_refused_in_a_large_document_too(twice: str) -> None:
    key, _, value = twice.partition(": ")
    other = value.replace('"]', 'y"]') if value[0] == "[" else f'{value[:-1]}y"'
    with pytest.raises(DocumentError):
        spdx3_jsonld.read(Source("made", in_full(twice, f"{key}: {other}, {twice}").encode()))


@pytest.mark.parametrize("key", ["externalIdentifier", "externalRef"])
def test_a_list_that_is_given_twice_is_refused_in_a_large_document_too(key: str) -> None:
    other = json.dumps(MAKING[key]).replace("acme", "other").replace("c.example", "d.example")
    with pytest.raises(DocumentError):
        spdx3_jsonld.read(Source("made", in_full(f'"{key}": [', f'"{key}": {other}, "{key}": [').encode()))


@pytest.mark.parametrize("key", ["originatedBy", "locator"])
def test_a_list_that_is_given_twice_is_refused_also_if_it_is_empty_once(key: str) -> None:
    with pytest.raises(DocumentError):
        spdx3_jsonld.read(Source("made", in_full(f'"{key}": [', f'"{key}": [], "{key}": [').encode()))


def test_a_context_in_a_list_is_as_plain_as_without() -> None:
    listed = in_full(f'"@context": "{CONTEXT}"', f'"@context": ["{CONTEXT}"]')
    assert spdx3_plain.read(Source("made", listed.encode())) is not None
    for first in ("[]", '["urn:x"]', '"urn:x"'):
        with pytest.raises(DocumentError):
            spdx3_jsonld.read(Source("made", listed.replace('"@context": [', f'"@context": {first}, "@context": [').encode()))


def test_a_key_with_escapes_is_refused_where_texts_are_searched() -> None:
    text = text_of(package()).replace('"creationInfo": "_:info"', '"creationInfo": "_:info", "n\\u0061me": "y"')
    with pytest.raises(DocumentError, match="escapes"):
        spdx3_jsonld.read(Source("made", text.encode()))
    assert only(spdx3_jsonld.read(Source("made", larger(text).encode()))).name == "y"


MEMBERS = [
    '"@reverse": {"suppliedBy": {"@id": "urn:x:q"}}', '"@included": []', '"@graph": []', '"@context": {}', '"@id": "urn:x:q"',
    '"@type": "software_File"', '"name": {"@value": "y"}', '"name": null', '"name": ["y"]', '"name": "y"', '"spdxId": "urn:x:q"',
    '"https://spdx.org/rdf/3.0.1/terms/Core/suppliedBy": "urn:x:m"', '"comment": {"type": "software_Package", "name": "y"}',
    '"suppliedBy": {"type": "Organization", "spdxId": "urn:x:q", "name": "y"}', '"suppliedBy": "urn:x:m"', '"originatedBy": ["urn:x:m"]',
    '"verifiedUsing": [{"type": "software_File", "spdxId": "urn:x:q"}]', '"extension": []', '"software_packageUrl": "pkg:npm/%40acme/y"',
    '"type": "software_Snippet"', '"from": "urn:x:p"', '"to": ["urn:x:p"]', '"element": ["urn:x:p"]', '"import": []', '"summary": "y"',
    '"externalIdentifier": [{"type": "ExternalIdentifier", "identifier": "pkg:npm/%40acme/y", "spdxId": "urn:x:q"}]',
    '"hardware_additionalInformation": [{"type": "software_Package", "spdxId": "urn:x:q"}]', '"locator": "https://e.example/"',
    '"hardware_productAgent": {"type": "Organization", "spdxId": "urn:x:q", "name": "y"}',
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.booleans(), st.sampled_from(MEMBERS)), min_size=1, max_size=3))
def test_a_large_document_is_read_or_refused_as_a_small_one_is(changes: list[tuple[int, bool, str]]) -> None:
    others = [element("Bom", "b", rootElement=["urn:x:p"]), element("build_Build", "c", name="c"), relation("contains", "p", "f")]
    text = text_of(*IN_FULL, *others)
    for number, first, member in changes:
        starts = [found.start() for found in re.finditer(r'\{"(?!@con)', text)]
        at = starts[number % len(starts)] + 1
        end = at + json.JSONDecoder().raw_decode(text[at - 1 :])[1] - 2
        text = f"{text[:at]}{member}, {text[at:]}" if first else f"{text[:end]}, {member}{text[end:]}"
    small, large = outcome(text), outcome(larger(text, jsontext.STRICT_BELOW))
    if small != "twice":  # of a large one only the keys that carry identity are counted
        assert large == small


def outcome(text: str) -> Any:
    """The facts of the document, or that it is refused; `twice` if a key in it is."""
    try:
        return facts(readers.read(Source("made.spdx3.json", text.encode())))
    except DocumentError as error:
        return "twice" if "twice" in error.problem else "refused"


def test_elements_that_are_plain_are_taken_as_such_beside_others() -> None:
    """What stands twice in one of them is seen, and so is a game in one of the others, at its place."""
    odd = element("software_Package", "odd", name="odd", futureMember=True, suppliedBy="urn:x:m")
    text = larger(text_of(*IN_FULL, odd), jsontext.STRICT_BELOW)
    document = spdx3_jsonld.read(Source("made", text.encode()))
    assert [component.name for component in document.components] == ["x", "odd", "libx.so"]
    with pytest.raises(DocumentError, match="twice"):
        spdx3_jsonld.read(Source("made", text.replace('"name": "x"', '"name": "y", "name": "x"').encode()))
    with pytest.raises(DocumentError, match="twice"):
        spdx3_jsonld.read(Source("made", text.replace('"name": "odd"', '"name": "y", "name": "odd"').encode()))
    game = text.replace('"futureMember": true', '"@included": []')
    column = game.index('"@included"') + 1
    with pytest.raises(DocumentError, match=f"line 1 column {column}: uses @included"):
        spdx3_jsonld.read(Source("made", game.encode()))


def test_keywords_in_values_are_only_text() -> None:
    component = only(read(package(name="@graph", summary='"@reverse": "spdx:Core/name": say \\ "x"')))
    assert component.name == "@graph"


def test_one_id_for_two_different_elements_is_refused() -> None:
    assert "urn:x:p" in problem_of(text_of(package(name="x"), package(name="y")))
    assert len(read(package(name="x"), package(name="x")).components) == 1


def test_one_id_for_two_agents_is_refused() -> None:
    inline = {"type": "Organization", "spdxId": "urn:x:m", "name": "Other"}
    assert "two names" in problem_of(text_of(package(suppliedBy=inline), agent("m", "Acme")))


@pytest.mark.parametrize(
    "text",
    [
        text_of(package(), bomFormat="CycloneDX"),
        text_of(package(), spdxVersion="SPDX-2.3"),
        text_of(package(), type="SpdxDocument", spdxId="urn:x:d"),
        json.dumps({"@context": CONTEXT, "@graph": []}),
        json.dumps({"@context": CONTEXT, "@graph": None}),
        json.dumps({"@context": CONTEXT, "@graph": {"type": "Bom"}}),
        "[]",
        "7",
        "",
        text_of(package())[:-20],
    ],
)
def test_what_is_no_such_document_is_refused(text: str) -> None:
    assert problem_of(text)


@given(st.data())
def test_only_our_errors_come_out_whatever_is_done_to_the_bytes(data: st.DataObject) -> None:
    whole = text_of(package(name="x", suppliedBy="urn:x:m", externalIdentifier=[identifier("email", "a@b.example")]), agent("m", "Acme"),
                    relation("contains", "p", "p")).encode()  # fmt: skip
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 20)))
    middle = data.draw(st.sampled_from([b"", b"null", b"[]", b"{}", b'"', b'"urn:x:p"', b"7", b"\\u0000", b"@", b"\xff"]))
    try:
        document = spdx3_jsonld.read(Source("made", whole[:start] + middle + whole[end:]))
    except SbomguardError:
        return
    assert document.format == "SPDX"


# ---- places


PLACED = (
    package(
        name="libx.so", software_packageUrl="pkg:github/acme/x@1", software_downloadLocation="https://dl.acme.example/x",
        suppliedBy="urn:x:m",
        originatedBy=[{"type": "Person", "spdxId": "_:b", "name": "Bödy"}],
        externalRef=[{"type": "ExternalRef", "externalRefType": "vcs", "locator": ["https://git.acme.example/x"]}],
    ),
    agent("m", "Acmé", externalIdentifier=[identifier("email", "a@acme.example")]),
    element("Annotation", "n", subject="urn:x:p", statement="FCC ID: ABC-123"),
)  # fmt: skip


@pytest.mark.parametrize("indent", [None, 1, 3])
def test_every_value_is_where_its_place_says(indent: int | None) -> None:
    text = json.dumps({"@context": CONTEXT, "@graph": [INFO, *PLACED]}, indent=indent, ensure_ascii=False)
    source = Source("made.json", text.encode())
    places = spdx3_jsonld.locate(source)
    component = only(spdx3_jsonld.read(source))
    assert len(list(component.signals)) == 9
    for signal in component.signals:
        place = places.locate(component.pointer + signal.at)
        line = text.split("\n")[place.line - 1]
        assert place.line == place.end_line
        assert signal.value in line[place.column - 1 : place.end_column - 1]
        assert line[place.column - 1] == '"'


def test_findings_point_at_the_name_that_convicts(pack: Pack) -> None:
    source = Source("made.json", text_of(package(name="x", suppliedBy="urn:x:m"), agent("m", "Huawei Technologies Co., Ltd.")).encode())
    finding = check([source], pack, today="2026-11-21").findings[0]
    place = finding.location.place
    assert source.data.decode()[place.column - 1 : place.end_column - 1] == '"Huawei Technologies Co., Ltd."'


# ---- real documents


def _listed() -> list[tuple[str, int]]:
    if not CORPUS.is_dir():
        return []
    with (CORPUS / "manifest.tsv").open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            (row["path"], int(row["component_count"])) for row in rows if row["serialisation"] == "jsonld" and row["path"].endswith(".json")
        ]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the repository")
@pytest.mark.parametrize(("path", "count"), _listed())
def test_real_documents_have_the_packages_that_the_manifest_counts(path: str, count: int) -> None:
    raw = (CORPUS / path).read_bytes()
    assert readers.JSON_READERS["spdx3_jsonld"](raw[:4096] + raw[-4096:])
    document = spdx3_jsonld.read(Source(path, raw))
    alone = b'"@graph"' not in raw  # the manifest counts packages of a graph only
    assert sum(component.counted for component in document.components) == count + (alone and bool(document.components))
