"""Declared facts: entries that go by the product's sector and origin, and its radio modules."""

from pathlib import Path
from typing import Any

import pytest

from sbomguard.check import check
from sbomguard.errors import UsageError
from sbomguard.finding import Finding
from sbomguard.pack import Pack
from sbomguard.policy import Document
from sbomguard.product import Product, RadioModule, load
from sbomguard.source import Source
from sbomguard.verdict import Verdict
from tests import made

CLEAN = {"name": "zlib", "supplier": "Example Works GmbH"}
ROUTER = "fcc-covered-list/routers-foreign-produced"


def verdict(pack: Pack, product: Product | None, **options: Any) -> Verdict:
    return made.verdict([CLEAN], pack, product=product, **options)


def router(*countries: str, relies_on: str = "") -> Product:
    return Product(name="Home router", sector="router", produced_in=countries, relies_on=relies_on)


def answer(verdict: Verdict, rule: str = ROUTER) -> str:
    return next(item.answer for item in verdict.categories if item.rule == rule)


def of_rule(verdict: Verdict, rule: str = ROUTER) -> list[Finding]:
    return [finding for finding in verdict.findings if finding.rule == rule]


def test_without_a_declaration_the_categories_are_open_and_decide_nothing(pack: Pack) -> None:
    told = verdict(pack, None)
    assert told.outcome == "pass"
    assert {item.answer for item in told.categories} == {"open"}


@pytest.mark.parametrize(
    ("countries", "relies_on", "expected", "outcome"),
    [
        (("VN",), "", "covered", "fail"),
        (("US", "TW"), "", "covered", "fail"),
        (("US",), "", "clear", "pass"),
        ((), "", "asked", "incomplete"),
        (("VN",), "DA 99-9999", "spared", "pass"),
    ],
)
def test_a_router_by_where_it_is_produced(pack: Pack, countries: tuple[str, ...], relies_on: str, expected: str, outcome: str) -> None:
    told = verdict(pack, router(*countries, relies_on=relies_on))
    assert (answer(told), told.outcome) == (expected, outcome)
    assert bool(of_rule(told)) == (expected == "covered")


def test_a_covered_product_is_a_finding_with_its_document(pack: Pack) -> None:
    (finding,) = of_rule(verdict(pack, router("VN")))
    assert (finding.level, finding.relation, finding.component.name) == ("prohibited", "declared", "Home router")
    assert "DA 26-278" in [document.number for document in finding.documents]


@pytest.mark.parametrize(("day", "expected"), [("2026-03-22", False), ("2026-03-23", True)])
def test_a_category_counts_from_its_day(pack: Pack, day: str, expected: bool) -> None:
    assert bool(of_rule(verdict(pack, router("VN"), as_of=day))) is expected


def test_a_product_of_another_sector_is_not_reached(pack: Pack) -> None:
    told = verdict(pack, Product(name="Meter", sector="other", produced_in=("VN",)))
    assert {item.answer for item in told.categories} == {"clear"}
    assert told.outcome == "pass"


def test_an_approval_that_has_ended_spares_nothing(pack: Pack) -> None:
    from msgspec.structs import replace

    from sbomguard.policy import Approval

    listed = pack.policy.lists["fcc-covered-list"]
    approval = Approval(holder="Example Works", products="Router 1", document="DA 26-1", since="2026-04-01", until="2026-10-01")
    entries = tuple(replace(entry, approvals=(approval,)) if entry.entry.startswith("routers") else entry for entry in listed.entries)
    changed = Pack(pack.key, replace(pack.policy, lists={**pack.policy.lists, listed.list: replace(listed, entries=entries)}), pack.index)
    product = router("VN", relies_on="DA 26-1")
    assert answer(verdict(changed, product, as_of="2026-09-30")) == "spared"
    assert answer(verdict(changed, product, as_of="2026-10-01")) == "covered"


def test_a_declared_radio_module_is_matched_by_its_fcc_id(pack: Pack) -> None:
    product = Product(name="Meter", sector="other", radio_modules=(RadioModule(name="LTE module", fcc_id="QISME909S-120"),))
    (finding,) = (item for item in verdict(pack, product).findings if item.list_id == "fcc-covered-list")
    assert (finding.level, finding.vendor, finding.component.component_class) == ("prohibited", "huawei", "module")


FILE = """\
product:
  name: Home router
  sector: router
  produced_in: [VN, US]
  radio_modules:
    - name: Wi-Fi module
      fcc_id: 2AEXA-WM1
      manufacturer: Huawei Technologies Co., Ltd.
"""


def test_a_file_is_read_and_its_findings_point_at_its_lines(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "product.yaml"
    path.write_text(FILE, encoding="utf-8")
    told = verdict(pack, load(str(path)))
    assert [(item.rule, item.location.place.line) for item in told.findings if item.list_id == "fcc-covered-list"] == [
        (ROUTER, 4), ("fcc-covered-list/huawei", 8),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("sector: router", "sector: ruter"), "line 3"),
        (("sector: router", "sektor: router"), "Did you mean 'sector'?"),
        (("[VN, US]", "[Vietnam]"), "line 4"),
        (("fcc_id: 2AEXA-WM1", "fcc_id: 2A"), "line 7"),
        (("product:", "produkt:"), "line 1"),
    ],
)
def test_a_fault_in_the_file_is_one_line_with_its_place(tmp_path: Path, change: tuple[str, str], problem: str) -> None:
    path = tmp_path / "product.yaml"
    path.write_text(FILE.replace(*change), encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load(str(path))
    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("sector", "expected"), [("uas", "prohibited"), ("other", "review"), ("", "review")])
def test_an_entry_may_reach_further_in_products_of_a_sector(pack: Pack, sector: str, expected: str) -> None:
    from msgspec.structs import replace

    listed = pack.policy.lists["fcc-covered-list"]
    entries = tuple(replace(entry, covers_in={"uas": ("software",)}) if entry.entry == "dji" else entry for entry in listed.entries)
    changed = Pack(pack.key, replace(pack.policy, lists={**pack.policy.lists, listed.list: replace(listed, entries=entries)}), pack.index)
    library = {"name": "flight-kit", "supplier": "SZ DJI Technology Co., Ltd.", "type": "library"}
    product = Product(name="Camera", sector=sector) if sector else None
    told = made.verdict([library], changed, product=product)
    assert [item.level for item in told.findings if item.vendor == "dji"] == [expected]


def test_countries_that_the_document_states_are_told_with_the_declaration(pack: Pack) -> None:
    component = {"type": "device", "name": "router", "supplier": {"name": "Example Works", "address": {"country": "DE"}}}
    source = Source("stated.json", made.cyclonedx([], metadata={"component": component}))
    told = check([source], pack, today=made.TODAY, product=router("US"))
    assert told.documents[0].countries == (("DE", 1),)
    assert check([source], pack, today=made.TODAY).documents[0].countries == ()


def test_a_document_for_other_classes_is_not_cited(pack: Pack) -> None:
    from msgspec.structs import replace

    listed = pack.policy.lists["fcc-covered-list"]
    extra = Document(number="DA 1-1", date="2021-03-12", classes=("module",))
    entries = tuple(replace(entry, documents=(*entry.documents, extra)) for entry in listed.entries)
    changed = Pack(pack.key, replace(pack.policy, lists={**pack.policy.lists, listed.list: replace(listed, entries=entries)}), pack.index)
    library, module = ({"name": "part", "supplier": "Huawei Technologies", "type": kind, **more} for kind, more in (
        ("library", {}), ("device", {"fcc_id": "QISME909S-120"}),
    ))  # fmt: skip
    cited = [[document.number for document in made.findings(item, changed)[0].documents] for item in (library, module)]
    assert ["DA 1-1" in numbers for numbers in cited] == [False, True]


@pytest.mark.parametrize("name", ["us-eo-13873", "us-bis-connected-vehicles"])
def test_a_list_that_names_nobody_decides_nothing_about_an_sbom(pack: Pack, name: str) -> None:
    told = verdict(pack, None, lists=(name,))
    assert told.outcome == "incomplete"
    assert "names a maker" in told.reasons[0]
    assert verdict(pack, None, lists=(name, "fcc-covered-list")).outcome == "pass"
