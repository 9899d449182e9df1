"""From evidence to findings: every part of one, in the words that a person reads."""

import json
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from sbomguard import convict, pack, relation
from sbomguard.check import check
from sbomguard.finding import Evidence, Finding, Location, fingerprint
from sbomguard.model import ASIDES, Place
from sbomguard.policy import Document, Entry, Origin
from sbomguard.product import Product, RadioModule
from sbomguard.relation import Standing
from sbomguard.source import Source
from tests import made
from tests.made import component

VENDOR: dict[str, Any] = {
    "vendor": "acme",
    "name": "Acme Limited",
    "summary": "A made-up maker that stands here as an example.",
    "sources": {"web": {"title": "Their site"}},
    "identities": [
        {"signal": "party", "match": "token", "confidence": "confirmed", "source": ["web"], "values": ["Acmetronic"]},
        {"signal": "fcc", "confidence": "confirmed", "source": ["web"], "values": ["AC1"]},
    ],
    "examples": {"made-by": [{"name": "part", "supplier": "Acmetronic"}], "clear": [{"name": "part", "supplier": "Other"}]},
}

LIST: dict[str, Any] = {
    **made.OUR_LIST,
    "entries": [
        {
            "entry": "acme",
            "title": "Acme and its brands",
            "vendors": ["acme"],
            "since": "2026-02-03",
            "covers": ["software"],
            "covers_in": {"uas": ["module"]},
            "otherwise": "review",
            "documents": [{"number": "No. 1", "date": "2026-02-03"}, {"number": "No. 2", "classes": ["hardware", "module"]}],
            "meaning": "Software of Acme stays outside.",
            "limits": "What others make with it is not meant.",
            "confidence": "confirmed",
        },
        {
            "entry": "aircraft",
            "title": "Aircraft from elsewhere",
            "category": "equipment",
            "sectors": ["uas"],
            "asks": ["a declaration of origin"],
            "since": "2026-03-04",
            "covers": ["hardware"],
            "otherwise": "note",
            "documents": [{"number": "No. 3"}],
            "meaning": "Aircraft that are produced elsewhere stay outside.",
            "limits": "Those with an approval are spared.",
            "confidence": "single",
        },
    ],
}


def compiled(**entry: Any) -> pack.Pack:
    """The pack of the vendor and the list, whose entries all have those fields besides."""
    entries = [item | entry for item in LIST["entries"]]
    files = {"lists/home.json": LIST | {"entries": entries}, "vendors/acme.json": VENDOR}
    return pack.compile_files({name: json.dumps(item).encode() for name, item in files.items()}, "key")


@pytest.fixture(scope="module")
def home() -> pack.Pack:
    return compiled()


def findings(document: bytes, home: pack.Pack, **options: Any) -> tuple[Finding, ...]:
    return check([Source("made.cdx.json", document)], home, **{"today": made.TODAY, "lists": ("home",), **options}).findings


def test_a_finding_has_the_words_of_the_entry_and_the_place_and_the_way_of_the_component(home: pack.Pack) -> None:
    document = made.cyclonedx(
        [
            {"name": "app", "supplier": "Other"},
            {"name": "agent", "version": "1.2", "supplier": "Acmetronic"},
            {"name": "camera", "type": "device", "manufacturer": "Acmetronic"},
        ],
        metadata={"component": {"bom-ref": "root", "name": "router", "type": "firmware"}},
        dependencies=[{"ref": "root", "dependsOn": ["c0", "c2"]}, {"ref": "c0", "dependsOn": ["c1"]}],
    )
    agent, camera = findings(document, home)
    (fact,) = agent.evidence
    assert agent == Finding(
        rule="home/acme",
        level="prohibited",
        relation="made-by",
        vendor="acme",
        vendor_name="Acme Limited",
        list_id="home",
        entry="acme",
        entry_title="Acme and its brands",
        entry_meaning="Software of Acme stays outside.",
        entry_limits="What others make with it is not meant.",
        component=agent.component,
        evidence=agent.evidence,
        location=Location(path="made.cdx.json", pointer="/components/1", place=place_of(document, b'"Acmetronic"')),
        dependency_path=("root", "c0", "c1"),
        path_names=("router", "app", "agent 1.2"),
        documents=(Document(number="No. 1", date="2026-02-03"),),
        message="agent 1.2 is made by Acme Limited: supplier.name is 'Acmetronic'",
        why_level="A value that only this vendor has; the entry covers software",
        remedy="Remove or replace it: the entry covers this kind of component as it stands",
        fingerprint=fingerprint("home/acme", agent.component, "made.cdx.json"),
        since="2026-02-03",
        origin=Origin(file="lists/home.json"),
        vendor_origin=Origin(file="vendors/acme.json"),
    )
    assert (agent.component.ref, agent.component.name) == ("c1", "agent")
    assert (fact.vendor, fact.found, fact.at) == ("acme", "Acmetronic", "/supplier/name")
    assert (camera.level, [item.number for item in camera.documents]) == ("review", ["No. 1", "No. 2"])
    assert camera.why_level == "A value that only this vendor has; the entry does not by itself cover hardware"
    assert camera.dependency_path == ("root", "c2")


def place_of(document: bytes, value: bytes) -> Place:
    """Where a value stands that is there once or more: its first place."""
    before = document[: document.index(value)].decode()
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return Place(line=line, column=column, end_line=line, end_column=column + len(value))


def test_a_declared_module_and_a_declared_product_are_findings_of_the_declaration(home: pack.Pack) -> None:
    raw = b"product:\n  name: drone\n  sector: uas\n  produced_in: [FR, US]\n  radio_modules:\n    - name: radio\n      fcc_id: AC1-77\n"
    product = Product(
        name="drone", sector="uas", produced_in=("FR", "US"), radio_modules=(RadioModule(name="radio", fcc_id="AC1-77"),),
        origin="product.yaml", raw=raw,
    )  # fmt: skip
    module, itself = findings(made.cyclonedx([{"name": "app", "supplier": "Other"}]), home, product=product)[::-1]
    assert (module.rule, module.level, module.vendor, module.dependency_path, module.path_names) == (
        "home/acme",
        "prohibited",
        "acme",
        (),
        (),
    )
    assert module.location == Location(path="product.yaml", pointer="/product/radio_modules/0", place=line(7))
    assert module.message == "radio is made by Acme Limited: fcc_id is 'AC1-77'"
    assert module.why_level == "A value that only this vendor has; the entry covers module in a product of the sector uas"
    assert itself == Finding(
        rule="home/aircraft",
        level="prohibited",
        relation="declared",
        vendor="",
        vendor_name="",
        list_id="home",
        entry="aircraft",
        entry_title="Aircraft from elsewhere",
        entry_meaning="Aircraft that are produced elsewhere stay outside.",
        entry_limits="Those with an approval are spared.",
        component=product.itself(),
        evidence=(
            Evidence(
                vendor="", signal="declared", field="produced_in", at="/produced_in", found="FR, US", expected="Aircraft from elsewhere",
                strength="decisive", relation="declared", explanation="sector uas", confidence="single",
            ),
        ),
        location=Location(path="product.yaml", pointer="/product", place=line(4)),
        dependency_path=(),
        documents=(Document(number="No. 3"),),
        message="drone is covered by where it is produced: the product is declared to be of the sector uas produced in FR",
        why_level="The product is declared to be of the sector uas produced in FR",
        remedy="Keep the evidence that the entry asks for, or name the approval or exemption that the product has under relies_on",
        fingerprint=fingerprint("home/aircraft", product.itself(), "product.yaml"),
        since="2026-03-04",
        origin=Origin(file="lists/home.json"),
    )  # fmt: skip


def line(number: int) -> Place:
    return Place(line=number, column=1, end_line=number, end_column=2)


def test_a_product_that_a_proposed_entry_would_reach_is_a_note() -> None:
    product = Product(name="drone", sector="uas", produced_in=("FR",))
    found = findings(made.cyclonedx([{"name": "app", "supplier": "Other"}]), compiled(status="proposed"), product=product)
    assert [(item.rule, item.level) for item in found] == [("home/aircraft", "note")]


def test_a_vendor_that_two_entries_name_is_held_against_both(home: pack.Pack) -> None:
    twice = replace(home.policy.lists["home"], list="other")
    both = replace(home, policy=replace(home.policy, lists={**home.policy.lists, "other": twice}))
    document = made.cyclonedx([{"name": "agent", "supplier": "Acmetronic"}])
    assert [item.rule for item in findings(document, both, lists=("other", "home"))] == ["home/acme", "other/acme"]


def test_a_vendor_that_no_entry_names_on_that_day_is_no_finding(home: pack.Pack) -> None:
    document = made.cyclonedx([{"name": "agent", "supplier": "Acmetronic"}])
    assert [len(findings(document, home, as_of=day)) for day in ("2026-02-02", "2026-02-03")] == [0, 1]


# ---- sentences


def fact(relation: str = "made-by", strength: str = "decisive", found: str = "Acme") -> Evidence:
    return Evidence(vendor="acme", signal="party", field="supplier.name", at="/s", found=found, expected="acme", strength=strength,
                    relation=relation)  # fmt: skip


def test_what_convicts_stands_first_and_equals_stay_in_the_order_of_the_document() -> None:
    in_order = [
        fact("made-by", "decisive"),
        fact("made-by", "supporting"),
        fact("made-by", "mention"),
        fact("contributed", "decisive"),
        fact("contributed", "mention"),
        fact("about", "decisive"),
        fact("about", "supporting"),
    ]
    assert list(convict.strongest_first(reversed(in_order))) == in_order
    equals = [fact("made-by", found="a"), fact("named", found="b"), fact("made-by", found="c")]
    assert list(convict.strongest_first(equals)) == equals


@pytest.mark.parametrize(
    ("fields", "standing", "message"),
    [
        ({}, relation.CERTAIN, "part 1.0 is made by Acme: supplier.name is 'Acme'"),
        ({"version": ""}, relation.TWICE, "part is made by Acme: supplier.name is 'Acme'"),
        ({"name": ""}, relation.LIKELY, "ref 1.0 points to Acme: supplier.name is 'Acme'"),
        ({"name": "", "ref": "", "version": ""}, relation.NAMED, "an unnamed component is named by Acme: supplier.name is 'Acme'"),
        ({}, relation.LED, "part 1.0 has code of Acme: supplier.name is 'Acme'"),
        ({}, relation.MENTION, "part 1.0 mentions Acme: supplier.name is 'Acme'"),
    ],
)
def test_a_finding_is_one_sentence(fields: dict[str, str], standing: Standing, message: str) -> None:
    assert convict.message(replace(component(), **fields), standing, "Acme", fact()) == message


def entry(**fields: Any) -> Entry:
    return msgspec.convert({**LIST["entries"][0], **fields}, Entry)


@pytest.mark.parametrize(
    ("standing", "fields", "item", "sector", "why"),
    [
        (relation.CERTAIN, {}, {}, "", "A value that only this vendor has; the entry covers software"),
        (relation.CERTAIN, {}, {}, "uas", "A value that only this vendor has; the entry covers software"),
        (
            relation.CERTAIN, {}, {"component_class": "module"}, "uas",
            "A value that only this vendor has; the entry covers module in a product of the sector uas",
        ),
        (
            relation.NAMED, {}, {"component_class": "module"}, "",
            "The list names this component itself; the entry does not by itself cover module",
        ),
        (
            relation.CERTAIN, {"covers": [], "covers_in": {}}, {}, "",
            "A value that only this vendor has; the entry reaches services of a carrier only",
        ),
        (
            relation.CERTAIN, {"covers": [], "covers_in": {}, "reach": "contracts"}, {}, "",
            "A value that only this vendor has; the entry reaches contracts only",
        ),
        (
            relation.CERTAIN, {"status": "proposed"}, {}, "",
            "A value that only this vendor has; the rule is proposed and binds nobody yet",
        ),
        (relation.LED, {}, {}, "", "The vendor started, leads or donated this project"),
        (relation.MENTION, {}, {"aside": "tool"}, "", f"The vendor is only mentioned; {ASIDES['tool'][1]}"),
    ],
)  # fmt: skip
def test_why_it_is_this_level(standing: Standing, fields: dict[str, Any], item: dict[str, str], sector: str, why: str) -> None:
    assert convict.why_level(standing, replace(component(), **item), entry(**fields), sector) == why


SERVES = (
    "Find out whether a part or a service of the vendor comes with it (the chip it drives, the cloud it talks to), then remove it "
    "or waive it with a reason"
)
REMOVE = "Remove or replace the component, or waive it with a reason"
FIND = "Find out who made it: ask the supplier, or set supplier.name; then remove it or waive it with a reason"


@pytest.mark.parametrize(
    ("level", "standing", "component_class", "remedy"),
    [
        ("note", relation.CERTAIN, "software", "Nothing to do for the build; know that the vendor is named here"),
        ("prohibited", relation.NAMED, "software", "Remove or replace it: the entry covers this kind of component as it stands"),
        ("review", relation.UNSURE, "software",
         "Find out its version: set it in the SBOM in the notation of its ecosystem; then remove it or waive it with a reason"),
        ("review", relation.LED, "software",
         "Decide whether a project that the vendor leads may be in the product, and waive it by name with a reason if so"),
        ("review", relation.LIKELY, "software", FIND),
        ("review", relation.AUTHOR, "firmware", FIND),
        ("review", relation.SOLD, "hardware", FIND),
        ("review", relation.CERTAIN, "software", SERVES),
        ("review", relation.CERTAIN, "firmware", SERVES),
        ("review", relation.CERTAIN, "operating-system", SERVES),
        ("review", relation.CERTAIN, "data", SERVES),
        ("review", relation.CERTAIN, "hardware", REMOVE),
        ("review", relation.TWICE, "module", REMOVE),
        ("review", relation.NAMED, "software", REMOVE),
    ],
)  # fmt: skip
def test_what_a_person_should_do_next(level: str, standing: Standing, component_class: str, remedy: str) -> None:
    assert convict.remedy(level, standing, component(component_class=component_class)) == remedy


def test_a_component_that_a_rule_names_is_no_vendors() -> None:
    rule = {key: value for key, value in LIST["entries"][0].items() if key != "vendors"} | {"components": [{"name": "leftpad"}]}
    files = {"lists/home.json": json.dumps(LIST | {"entries": [rule]}).encode()}
    (found,) = findings(made.cyclonedx([{"name": "leftpad", "supplier": "Other"}]), pack.compile_files(files, "key"))
    assert (found.rule, found.relation, found.vendor, found.vendor_name, found.vendor_origin) == ("home/acme", "named", "", "", None)
    assert found.message == "leftpad is named by Acme and its brands: name is 'leftpad'"
