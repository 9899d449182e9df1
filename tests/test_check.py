"""The whole way in memory: from the bytes of SBOMs to a verdict."""

import json
import tracemalloc
from typing import Any

import pytest
from msgspec.structs import replace

from sbomguard.check import check
from sbomguard.errors import SbomguardError, SourceError, UsageError
from sbomguard.finding import Finding
from sbomguard.pack import Pack
from sbomguard.source import Source
from sbomguard.verdict import Allowance, Verdict
from sbomguard.waiver import Waiver
from tests import made

TODAY = "2026-11-21"
HUAWEI = {"name": "agent", "version": "1.2", "supplier": "Huawei Technologies Co., Ltd."}
KASPERSKY = {"name": "kav-sdk", "version": "8", "supplier": "AO Kaspersky Lab"}
CLEAN = {"name": "zlib", "version": "1.3", "supplier": "Jean-loup Gailly and Mark Adler", "purl": "pkg:github/madler/zlib@1.3"}
NAMELESS = {"name": "blob", "version": "7"}

FORMS = pytest.mark.parametrize("form", made.FORMATS)


def cyclonedx(pack: Pack, *components: dict[str, Any], **top: Any) -> Verdict:
    """The verdict on a CycloneDX document with those members as they stand."""
    return on({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": components, **top}, pack)


def on(document: dict[str, Any], pack: Pack, **options: Any) -> Verdict:
    return check([Source("made.json", json.dumps(document).encode())], pack, **{"today": TODAY, **options})


def found(verdict: Verdict) -> set[tuple[str, str, str]]:
    """Component, rule and level of each finding."""
    return {(item.component.name, item.rule, item.level) for item in verdict.findings}


# ---- findings


@FORMS
def test_components_of_listed_vendors_are_found_and_others_are_not(pack: Pack, form: str) -> None:
    verdict = made.verdict([HUAWEI, KASPERSKY, CLEAN], pack, form)
    assert found(verdict) == {
        ("agent", "fcc-covered-list/huawei", "review"),
        ("kav-sdk", "fcc-covered-list/kaspersky", "prohibited"),
        ("kav-sdk", "fcc-covered-list/kaspersky-us", "prohibited"),
        ("kav-sdk", "us-commerce-kaspersky/kaspersky", "prohibited"),
    }
    assert (verdict.outcome, verdict.exit_code) == ("fail", 1)


@FORMS
def test_a_clean_document_passes(pack: Pack, form: str) -> None:
    verdict = made.verdict([CLEAN], pack, form)
    assert (verdict.outcome, verdict.findings, verdict.unidentified, verdict.reasons) == ("pass", (), (), ())


@FORMS
@pytest.mark.parametrize(
    ("kind", "level"),
    [("library", "review"), ("firmware", "review"), ("operating-system", "review"), ("device", "prohibited")],
)
def test_the_level_depends_on_what_the_entry_covers(pack: Pack, form: str, kind: str, level: str) -> None:
    (only,) = made.findings({**HUAWEI, "type": kind}, pack, form)
    assert only.level == level


@FORMS
def test_a_radio_module_is_known_by_its_fcc_id(pack: Pack, form: str) -> None:
    (only,) = made.findings({"name": "modem", "type": "firmware", "fcc_id": "QISME909S-120"}, pack, form)
    assert (only.rule, only.level, only.component.component_class) == ("fcc-covered-list/huawei", "prohibited", "module")


@FORMS
def test_a_finding_says_what_was_found_where(pack: Pack, form: str) -> None:
    raw = made.FORMATS[form]([CLEAN, HUAWEI])
    (only,) = check([Source("dir/made.json", raw)], pack, today=TODAY).findings
    fact = only.evidence[0]
    assert (fact.vendor, fact.signal, fact.found, fact.relation, fact.strength) == (
        "huawei", "party", HUAWEI["supplier"], "made-by", "decisive",
    )  # fmt: skip
    assert only.location.path == "dir/made.json"
    assert HUAWEI["supplier"] in text_at(raw, only)
    assert "DA 21-309" in [document.number for document in only.documents]
    assert all((only.message, only.why_level, only.remedy, only.entry_title, only.entry_meaning, only.vendor_name, only.fingerprint))


def text_at(raw: bytes, finding: Finding) -> str:
    """What stands at the place of a finding, on its one line."""
    place = finding.location.place
    assert place.line == place.end_line
    return raw.decode().split("\n")[place.line - 1][place.column - 1 : place.end_column - 1]


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ({"metadata": {"component": {"name": "x", "supplier": {"name": "Huawei"}}}}, "/metadata/component"),
        ({"components": [{"name": "a", "components": [{"name": "x", "supplier": {"name": "Huawei"}}]}]}, "/components/0/components/0"),
        ({"services": [{"name": "x", "provider": {"name": "Huawei"}}]}, "/services/0"),
        ({"components": [{"name": "x", "pedigree": {"ancestors": [{"name": "y", "supplier": {"name": "Huawei"}}]}}]}, "/components/0"),
    ],
    ids=str,
)
def test_vendors_are_found_in_every_part_of_a_document(pack: Pack, document: dict[str, Any], pointer: str) -> None:
    verdict = on({"bomFormat": "CycloneDX", "specVersion": "1.6", **document}, pack)
    assert [item.location.pointer for item in verdict.findings] == [pointer]
    assert verdict.outcome == "fail"


@FORMS
def test_fingerprints_outlive_versions_refs_and_lines(pack: Pack, form: str) -> None:
    before = made.verdict([CLEAN, HUAWEI], pack, form).findings
    after = made.verdict([NAMELESS, CLEAN, CLEAN | {"name": "b"}, {**HUAWEI, "version": "2.0"}], pack, form).findings
    assert [item.fingerprint for item in before] == [item.fingerprint for item in after]
    other = made.verdict([{**HUAWEI, "name": "another"}], pack, form).findings
    assert other[0].fingerprint != before[0].fingerprint


# ---- beside the parts

MAKER = {"name": "Huawei Technologies Co., Ltd."}
MADE = {"type": "device", "name": "thing", "supplier": MAKER}
OTHER = {"type": "library", "name": "zlib", "supplier": {"name": "Zlib Works GmbH"}}
BOX = {"type": "device", "name": "box"}
SOURCE = {"externalReference": {"type": "vcs", "url": "https://gitee.com/LiteOS/LiteOS"}}


@pytest.mark.parametrize(
    ("top", "level"),
    [
        ({"components": [MADE]}, "prohibited"),
        ({"metadata": {"component": BOX, "manufacture": MAKER}}, "prohibited"),
        ({"metadata": {"component": BOX, "supplier": MAKER}}, "prohibited"),
        ({"metadata": {"component": BOX, "manufacturer": MAKER}}, "review"),
        ({"metadata": {"component": BOX, "authors": [{"email": "li@huawei.com"}]}}, "review"),
        ({"metadata": {"tools": {"components": [MADE]}}}, "note"),
        ({"metadata": {"tools": [{"vendor": MAKER["name"], "name": "scanner"}]}}, "note"),
        ({"formulation": [{"components": [MADE]}]}, "review"),
        ({"formulation": [{"workflows": [{"inputs": [{"resource": SOURCE}]}]}]}, "review"),
        ({"declarations": {"targets": {"components": [MADE]}}}, "review"),
        ({"declarations": {"assessors": [{"organization": MAKER}]}}, "note"),
        ({"definitions": {"standards": [{"owner": MAKER["name"]}]}}, "note"),
        ({"annotations": [{"annotator": {"organization": MAKER}, "text": "fine"}]}, "note"),
        ({"annotations": [{"annotator": {"individual": {"name": "A"}}, "text": "supplied by Huawei"}]}, "note"),
        ({"components": [{**OTHER, "pedigree": {"variants": [MADE]}}]}, "review"),
        ({"components": [{**OTHER, "pedigree": {"descendants": [MADE]}}]}, "note"),
    ],
    ids=str,
)
def test_how_far_a_finding_goes_depends_on_how_near_to_the_product_it_is(pack: Pack, top: dict[str, Any], level: str) -> None:
    document = {"bomFormat": "CycloneDX", "specVersion": "1.6", **top, "components": [OTHER, *top.get("components", ())]}
    verdict = on(document, pack)
    assert {(item.vendor, item.level) for item in verdict.findings} == {("huawei", level)}
    assert verdict.exit_code == (level != "note")


def test_a_tool_that_is_a_part_too_may_be_told_in_other_words(pack: Pack) -> None:
    tools = {"components": [{"type": "application", "bom-ref": "same", "name": "gen", "publisher": "Gen Works"}]}
    part = {**OTHER, "bom-ref": "same"}
    assert cyclonedx(pack, part, metadata={"tools": tools}).exit_code == 0
    assert cyclonedx(pack, part, {**part, "name": "other"}).exit_code == 2


def test_a_finding_beside_the_parts_says_so(pack: Pack) -> None:
    (only,) = cyclonedx(pack, OTHER, formulation=[{"components": [MADE]}]).findings
    assert only.why_level.endswith("it takes part in building the product and is not listed as a part of it")
    assert only.location.pointer == "/formulation/0/components/0"


# ---- dependency paths

TREE = {
    "metadata": {"component": {"bom-ref": "root", "name": "camera"}},
    "dependencies": [
        {"ref": "root", "dependsOn": ["a", "b"]},
        {"ref": "a", "dependsOn": ["b", "x"]},
        {"ref": "b", "dependsOn": ["c"]},
        {"ref": "c", "dependsOn": ["x", "root"]},
    ],
}


def test_the_dependency_path_is_the_shortest_from_the_product(pack: Pack) -> None:
    parts = [{"bom-ref": ref, "name": ref} for ref in "abc"]
    (only,) = cyclonedx(pack, *parts, {"bom-ref": "x", "name": "x", "supplier": {"name": "Huawei"}}, **TREE).findings
    assert only.dependency_path == ("root", "a", "x")


def test_a_component_that_nothing_depends_on_has_no_path(pack: Pack) -> None:
    parts = [{"bom-ref": ref, "name": ref} for ref in "abcx"]
    (only,) = cyclonedx(pack, *parts, {"bom-ref": "y", "name": "y", "supplier": {"name": "Huawei"}}, **TREE).findings
    assert only.dependency_path == ()


def test_the_dependency_path_of_spdx_starts_at_the_document(pack: Pack) -> None:
    packages = [{"SPDXID": "SPDXRef-p", "name": "p"}, {"SPDXID": "SPDXRef-x", "name": "x", "supplier": "Organization: Huawei"}]
    relationships = [{"spdxElementId": "SPDXRef-x", "relationshipType": "DEPENDENCY_OF", "relatedSpdxElement": "SPDXRef-p"}]
    document = {"spdxVersion": "SPDX-2.3", "packages": packages, "relationships": relationships, "documentDescribes": ["SPDXRef-p"]}
    (only,) = on(document, pack).findings
    assert only.dependency_path == ("SPDXRef-DOCUMENT", "SPDXRef-p", "SPDXRef-x")


def test_a_long_chain_of_dependencies_costs_no_more_than_its_length(pack: Pack) -> None:
    length = 4000
    parts = [{"bom-ref": f"c{number}", "name": f"c{number}"} for number in range(length)]
    parts[-1]["publisher"] = "Huawei"
    chain = [{"ref": f"c{number}", "dependsOn": [f"c{number + 1}"]} for number in range(length - 1)]
    tracemalloc.start()
    (only,) = cyclonedx(pack, *parts, metadata={"component": {"bom-ref": "c0", "name": "c0"}}, dependencies=chain).findings
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(only.dependency_path) == length
    assert peak < 20_000_000


# ---- days and lists


@pytest.mark.parametrize(
    ("as_of", "rules"),
    [
        ("2022-03-24", set()),
        ("2022-03-25", {"fcc-covered-list/kaspersky"}),
        ("2024-07-19", {"fcc-covered-list/kaspersky"}),
        ("2024-07-20", {"fcc-covered-list/kaspersky", "us-commerce-kaspersky/kaspersky"}),
        ("2024-07-23", {"fcc-covered-list/kaspersky", "us-commerce-kaspersky/kaspersky", "fcc-covered-list/kaspersky-us"}),
    ],
)
def test_the_lists_are_taken_as_they_stood_that_day(pack: Pack, as_of: str, rules: set[str]) -> None:
    verdict = made.verdict([KASPERSKY], pack, as_of=as_of)
    assert {item.rule for item in verdict.findings} == rules
    assert verdict.as_of == as_of
    assert verdict.outcome == ("fail" if rules else "pass")


def test_a_day_before_every_list_is_no_pass(pack: Pack) -> None:
    verdict = made.verdict([KASPERSKY], pack, as_of="2020-01-01")
    assert (verdict.findings, verdict.outcome) == ((), "incomplete")


def test_today_stands_in_where_no_other_day_is_named(pack: Pack) -> None:
    assert found(made.verdict([HUAWEI], pack, today="2021-03-11")) == set()
    assert found(made.verdict([HUAWEI], pack, today="2021-03-12")) == {("agent", "fcc-covered-list/huawei", "review")}


def with_entry(pack: Pack, **changes: Any) -> Pack:
    """The shipped policies with the entry for Huawei on the FCC list changed."""
    listed = pack.policy.lists["fcc-covered-list"]
    entries = tuple(replace(entry, **changes) if entry.entry == "huawei" else entry for entry in listed.entries)
    lists = {**pack.policy.lists, "fcc-covered-list": replace(listed, entries=entries)}
    return replace(pack, policy=replace(pack.policy, lists=lists))


@pytest.mark.parametrize(
    ("changes", "as_of", "level"),
    [
        ({}, "2023-06-01", "review"),
        ({"until": "2023-06-02"}, "2023-06-01", "review"),
        ({"until": "2023-06-01"}, "2023-06-01", ""),
        ({"until": "2022-01-01"}, "2023-06-01", ""),
        ({"since": "2023-06-01"}, "2023-06-01", "review"),
        ({"since": "2023-06-02"}, "2023-06-01", ""),
        ({"status": "ended"}, "2023-06-01", ""),
        ({"status": "proposed"}, "2023-06-01", "note"),
        ({"status": "proposed", "covers": ("software",)}, "2023-06-01", "note"),
        ({"covers": ("software",)}, "2023-06-01", "prohibited"),
        ({"covers": (), "otherwise": "note"}, "2023-06-01", "note"),
    ],
    ids=str,
)
def test_an_entry_reaches_what_it_says_while_it_is_in_force(pack: Pack, changes: dict[str, Any], as_of: str, level: str) -> None:
    verdict = made.verdict([HUAWEI, CLEAN], with_entry(pack, **changes), as_of=as_of)
    assert [item.level for item in verdict.findings] == [level] * bool(level)
    assert verdict.outcome == ("fail" if level in ("review", "prohibited") else "pass")


@pytest.mark.parametrize(
    ("lists", "rules"),
    [
        (("fcc-covered-list",), {"fcc-covered-list/kaspersky", "fcc-covered-list/kaspersky-us"}),
        (("us-commerce-kaspersky",), {"us-commerce-kaspersky/kaspersky"}),
        (("us-commerce-kaspersky", "us-commerce-kaspersky"), {"us-commerce-kaspersky/kaspersky"}),
        (("us-ndaa-2019-889",), set()),
    ],
)
def test_only_the_lists_that_were_asked_for_are_held_against_it(pack: Pack, lists: tuple[str, ...], rules: set[str]) -> None:
    verdict = made.verdict([KASPERSKY], pack, lists=lists)
    assert [item.rule for item in verdict.findings if item.rule not in rules] == []
    assert {item.rule for item in verdict.findings} == rules
    assert [item.id for item in verdict.lists] == list(dict.fromkeys(lists))


def test_an_unknown_list_is_an_error_that_names_the_nearest(pack: Pack) -> None:
    with pytest.raises(UsageError, match="fcc-coverd-list.*Did you mean 'fcc-covered-list'"):
        made.verdict([CLEAN], pack, lists=("fcc-coverd-list",))


# ---- what cannot be answered


@FORMS
@pytest.mark.parametrize("supplier", ["NOASSERTION", "---", "Ltd.", "unknown", "\u200b", "OpenEmbedded ()", "N/A", ""])
def test_a_supplier_that_names_nobody_identifies_nobody(pack: Pack, form: str, supplier: str) -> None:
    verdict = made.verdict([CLEAN, {"name": "blob", "supplier": supplier}], pack, form, allowance=Allowance(count=0))
    assert [(item.name, item.document, bool(item.reason)) for item in verdict.unidentified] == [("blob", f"made.{form}.json", True)]
    assert verdict.exit_code == 3


@FORMS
def test_one_unidentified_component_is_borne_unless_told_otherwise(pack: Pack, form: str) -> None:
    assert made.verdict([CLEAN, NAMELESS], pack, form).exit_code == 0
    assert made.verdict([CLEAN, NAMELESS], pack, form, allowance=Allowance(count=0)).exit_code == 3
    assert made.verdict([CLEAN, NAMELESS], pack, form, allowance=Allowance(percent=50)).exit_code == 0
    assert made.verdict([HUAWEI, NAMELESS], pack, form, allowance=Allowance(count=0)).exit_code == 1


@FORMS
def test_a_document_in_which_nobody_is_named_is_no_pass(pack: Pack, form: str) -> None:
    verdict = made.verdict([NAMELESS, NAMELESS], pack, form)
    assert (verdict.outcome, len(verdict.unidentified)) == ("incomplete", 2)
    assert verdict.documents[0].advice


@pytest.mark.parametrize(
    "document",
    [
        {"bomFormat": "CycloneDX", "specVersion": "1.6"},
        {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": []},
        {"bomFormat": "CycloneDX", "specVersion": "1.6", "services": [{"name": "cloud", "provider": {"name": "Aurora Inc."}}]},
        {"bomFormat": "CycloneDX", "specVersion": "1.6", "vulnerabilities": [{"id": "CVE-2026-1"}]},
        {"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"component": {"name": "p", "supplier": {"name": "Aurora Inc."}}}},
        {"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT"},
        {"spdxVersion": "SPDX-2.3", "packages": []},
        {"spdxVersion": "SPDX-2.3", "files": [{"SPDXID": "SPDXRef-f", "fileName": "a.so"}]},
    ],
    ids=str,
)
def test_a_document_without_components_is_no_pass(pack: Pack, document: dict[str, Any]) -> None:
    verdict = on(document, pack)
    assert (verdict.outcome, verdict.documents[0].components) == ("incomplete", 0)


def test_nothing_to_check_is_no_pass(pack: Pack) -> None:
    assert check([], pack, today=TODAY).outcome != "pass"


def test_no_list_to_check_against_is_no_pass(pack: Pack) -> None:
    assert made.verdict([HUAWEI], pack, lists=()).outcome != "pass"


GOOD = {"bom-ref": "g", "name": "zlib", "supplier": {"name": "Aurora GmbH"}}
PACKAGE = {"SPDXID": "SPDXRef-g", "name": "zlib", "supplier": "Organization: Aurora GmbH"}
SPDX = {"spdxVersion": "SPDX-2.3", "packages": [PACKAGE]}


@pytest.mark.parametrize(
    "document",
    [
        {"compositions": [{"aggregate": "incomplete"}]},
        {"dependencies": [{"ref": "g", "dependsOn": ["gone"]}]},
        {"components": [GOOD, {"name": "x", "supplier": {"name": "Aurora"}, "purl": 5}]},
        {"services": [{"name": "x", "provider": {"name": "Aurora"}, "version": 5}]},
        {"metadata": {"component": {"name": "x", "supplier": {"name": "Aurora"}, "version": 5}}},
        {**SPDX, "relationships": [{"spdxElementId": "SPDXRef-g", "relationshipType": "CONTAINS", "relatedSpdxElement": "NOASSERTION"}]},
        {**SPDX, "relationships": [{"spdxElementId": "SPDXRef-g", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "SPDXRef-x"}]},
        {**SPDX, "packages": [PACKAGE, {"name": "x", "supplier": "Organization: Aurora", "versionInfo": 5}]},
    ],
    ids=str,
)
def test_parts_that_are_missing_or_unread_are_no_pass(pack: Pack, document: dict[str, Any]) -> None:
    head = {} if "spdxVersion" in document else {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [GOOD]}
    assert on({**head, **document}, pack).outcome == "incomplete"


def test_a_component_that_was_read_in_part_counts_as_unidentified_and_is_still_found(pack: Pack) -> None:
    verdict = cyclonedx(pack, GOOD, {"name": "x", "supplier": "Huawei"})
    assert [item.name for item in verdict.unidentified] == ["x"]
    assert found(verdict) == {("x", "fcc-covered-list/huawei", "review")}
    assert verdict.outcome == "fail"


# ---- shadows


@pytest.mark.parametrize(
    ("second", "refused"),
    [
        ({"bom-ref": "g", "name": "zlib", "supplier": {"name": "Aurora GmbH"}}, False),
        ({"bom-ref": "h", "name": "other"}, False),
        ({"bom-ref": "g", "name": "other", "supplier": {"name": "Aurora GmbH"}}, True),
        ({"bom-ref": "g", "name": "zlib", "supplier": {"name": "Huawei"}}, True),
        ({"bom-ref": "g", "name": "zlib"}, True),
        ({"bom-ref": "g", "name": "zlib", "supplier": {"name": "Aurora GmbH"}, "purl": "pkg:npm/z"}, True),
        ({"bom-ref": "g", "name": "zlib", "supplier": {"name": "Aurora GmbH"}, "version": "9"}, True),
    ],
    ids=str,
)
def test_two_components_of_one_ref_must_be_the_same(pack: Pack, second: dict[str, Any], refused: bool) -> None:
    for verdict in (cyclonedx(pack, GOOD, second), cyclonedx(pack, {**GOOD, "components": [second]}), cyclonedx(pack, second, GOOD)):
        assert (verdict.outcome == "error") is refused
        assert all(failure.path == "made.json" and failure.pointer.startswith("/components/") for failure in verdict.failures)


@pytest.mark.parametrize(("times", "more"), [(2, ""), (4, " and 2 more")])
def test_components_of_one_ref_that_are_the_same_leave_one_note(pack: Pack, times: int, more: str) -> None:
    twins = [{**GOOD, "description": str(number)} for number in range(times)]
    (document,) = cyclonedx(pack, *twins).documents
    (note,) = (problem for problem in document.problems if "equal" in problem.message)
    assert (note.pointer, note.ref) == ("/components/1", "g")
    assert note.message == f"the ref 'g' is that of two equal components (/components/0 is the other){more}"
    (other,) = cyclonedx(pack, GOOD, {**GOOD, "bom-ref": "h"}).documents
    assert not any("equal" in problem.message for problem in other.problems)


def test_components_without_refs_are_not_the_same(pack: Pack) -> None:
    assert cyclonedx(pack, {"name": "a", "publisher": "A GmbH"}, {"name": "b", "publisher": "B GmbH"}).outcome == "pass"


# ---- several inputs


def test_an_input_that_cannot_be_read_keeps_the_findings_of_the_others(pack: Pack) -> None:
    sources: list[Source | SbomguardError] = [
        Source("broken.json", b'{"bomFormat": "CycloneDX"'),
        Source("good.json", made.cyclonedx([HUAWEI])),
        SourceError("cannot be opened", source="gone.json"),
        Source("clean.json", made.spdx([CLEAN])),
    ]
    verdict = check(sources, pack, today=TODAY)
    assert (verdict.outcome, verdict.exit_code) == ("error", 2)
    assert [failure.path for failure in verdict.failures] == ["broken.json", "gone.json"]
    assert [document.path for document in verdict.documents] == ["good.json", "clean.json"]
    assert [item.location.path for item in verdict.findings] == ["good.json"]


@FORMS
def test_a_document_is_described(pack: Pack, form: str) -> None:
    source = Source("made.json", made.FORMATS[form]([HUAWEI, CLEAN, NAMELESS]))
    (document,) = check([source], pack, today=TODAY).documents
    assert (document.path, document.digest, document.components, document.unidentified) == ("made.json", source.digest, 3, 1)
    assert (document.format, document.version, document.serialisation) == (
        ("CycloneDX", "1.6", "json") if form == "cyclonedx" else ("SPDX", "2.3", "json")
    )


# ---- waivers, end to end


def waiver(**fields: str) -> Waiver:
    return Waiver(**{"rule": "fcc-covered-list/huawei", "name": "agent", "reason": "r", "owner": "o", "expires": TODAY} | fields)


@FORMS
@pytest.mark.parametrize(
    ("fields", "today", "outcome"),
    [
        ({}, TODAY, "pass"),
        ({}, "2026-11-22", "fail"),
        ({"version": "1.2"}, TODAY, "pass"),
        ({"version": "1.3"}, TODAY, "fail"),
        ({"rule": "fcc-covered-list/zte"}, TODAY, "fail"),
    ],
    ids=str,
)
def test_a_waiver_lifts_what_it_names_while_it_lasts(pack: Pack, form: str, fields: dict[str, str], today: str, outcome: str) -> None:
    verdict = made.verdict([HUAWEI, CLEAN], pack, form, waivers=(waiver(**fields),), today=today)
    assert verdict.outcome == outcome
    assert len(verdict.findings) == 1


def test_a_waiver_lasts_by_the_calendar_and_not_by_the_day_of_the_lists(pack: Pack) -> None:
    expired = waiver(expires="2026-01-01")
    assert made.verdict([HUAWEI], pack, waivers=(expired,), as_of="2025-06-01").outcome == "fail"


@FORMS
@pytest.mark.parametrize(("fail_on", "code"), [("note", 1), ("review", 1), ("prohibited", 0)])
def test_the_threshold_is_the_callers(pack: Pack, form: str, fail_on: str, code: int) -> None:
    assert made.verdict([HUAWEI], pack, form, fail_on=fail_on).exit_code == code
