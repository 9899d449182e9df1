"""The verdict: which outcome outranks which, what a waiver lifts, how many unidentified are borne, and what is no answer at all."""

import re
from fractions import Fraction
from itertools import permutations
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sbomguard.finding import LEVELS, Finding, Location
from sbomguard.model import Place, Problem
from sbomguard.policy import Folder, ListInForce
from sbomguard.product import Product
from sbomguard.production import Category
from sbomguard.verdict import INVALID, Allowance, Failure, Verdict, judge
from sbomguard.waiver import Waiver
from tests.reports import verdicts

TODAY = "2026-11-21"
RULE = "fcc-covered-list/huawei"
BROKEN = Failure(path="broken.json", pointer="line 1", problem="is not JSON", advice="")
GAP = Problem(pointer="/compositions/0", message="it says of itself that its parts list is 'incomplete'")


def finding(level: str = "review", name: str = "agent", rule: str = RULE, **other: Any) -> Finding:
    fact = verdicts.evidence("huawei", "supplier.name", "Huawei", "Huawei")
    return verdicts.finding(rule, level, verdicts.component(name, "1.0"), (fact,), **other)


def waiver(**conditions: str) -> Waiver:
    fields = {"rule": RULE, "name": "agent", "reason": "not in the image", "owner": "jan@maker.example", "expires": TODAY}
    return Waiver(**fields | conditions)


def verdict(
    findings: tuple[Finding, ...] = (),
    *,
    failures: tuple[Failure, ...] = (),
    documents: tuple[Any, ...] = (verdicts.read(components=10),),
    waivers: tuple[Waiver, ...] = (),
    unidentified: int = 0,
    today: str = TODAY,
    fail_on: str = "review",
    allowance: Allowance = Allowance(),  # noqa: B008
    lists: tuple[ListInForce, ...] = (verdicts.FCC,),
    **other: Any,
) -> Verdict:
    """A verdict on one identified document of ten components unless told otherwise."""
    return judge(
        findings, documents, verdicts.nameless(unidentified), failures,
        lists=lists, waivers=waivers, as_of=TODAY, today=today, fail_on=fail_on, allowance=allowance, **other,
    )  # fmt: skip


# ---- which outcome


@pytest.mark.parametrize(
    ("failing", "broken", "open_ended", "outcome", "code"),
    [
        (False, False, False, "pass", 0),
        (True, False, False, "fail", 1),
        (False, True, False, "error", 2),
        (False, False, True, "incomplete", 3),
        (True, True, False, "error", 2),
        (True, False, True, "fail", 1),
        (False, True, True, "error", 2),
        (True, True, True, "error", 2),
    ],
)
def test_an_error_outranks_a_failure_and_that_an_open_question(
    failing: bool, broken: bool, open_ended: bool, outcome: str, code: int
) -> None:
    found = verdict(
        (finding(),) * failing,
        failures=(BROKEN,) * broken,
        documents=(verdicts.read(components=10, gaps=(GAP,) * open_ended),),
    )
    assert (found.outcome, found.exit_code) == (outcome, code)
    assert len(found.reasons) == failing + broken + open_ended
    assert (len(found.findings), len(found.failures)) == (failing, broken)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("fail_on", LEVELS)
def test_the_threshold_decides_which_level_fails(level: str, fail_on: str) -> None:
    expected = "fail" if LEVELS.index(level) >= LEVELS.index(fail_on) else "pass"
    assert verdict((finding(level),), fail_on=fail_on).outcome == expected


def test_no_input_at_all_is_never_a_pass() -> None:
    assert verdict(documents=()).outcome == "incomplete"


@pytest.mark.parametrize(
    ("documents", "reasons"),
    [
        ([verdicts.read("a", components=0)], ["a lists no component"]),
        ([verdicts.read("a", components=3, unidentified=3)], ["a: none of .*3 components says who made it"]),
        ([verdicts.read("a", components=1, unidentified=1)], ["a: none of .*1 component says who made it"]),
        ([verdicts.read("a", components=3, unidentified=2)], []),
        ([verdicts.read("a", components=3, gaps=(GAP, GAP))], [f"a: {GAP.message}"] * 2),
        ([verdicts.read("a", components=3, problems=(GAP,))], []),
        ([verdicts.read("a", components=9), verdicts.read("b", components=0)], ["b lists no component"]),
        (
            [verdicts.read("a", components=9), verdicts.read("b", components=2, unidentified=2, gaps=(GAP,))],
            ["b: none of .*2 components says who made it", f"b: {GAP.message}"],
        ),
    ],
)
def test_a_document_that_cannot_answer_is_told_in_a_sentence(documents: list[Any], reasons: list[str]) -> None:
    found = verdict(documents=tuple(documents))
    assert len(found.reasons) == len(reasons)
    for reason, expected in zip(found.reasons, reasons, strict=True):
        assert re.fullmatch(expected, reason)
    assert found.outcome == ("incomplete" if reasons else "pass")


# ---- the unidentified


@pytest.mark.parametrize(
    ("allowance", "unidentified", "components", "exceeded"),
    [
        (Allowance(), 9, 10, False),
        (Allowance(count=0), 0, 10, False),
        (Allowance(count=0), 1, 10, True),
        (Allowance(count=5), 5, 10, False),
        (Allowance(count=5), 6, 10, True),
        (Allowance(percent=0), 0, 10, False),
        (Allowance(percent=0), 1, 10, True),
        (Allowance(percent=10), 1, 10, False),
        (Allowance(percent=10), 2, 10, True),
        (Allowance(percent=10), 1, 9, True),
        (Allowance(percent=100), 10, 10, False),
        (Allowance(percent=33.3), 333, 1000, False),
        (Allowance(percent=33.3), 334, 1000, True),
        (Allowance(percent=0.57), 57, 10_000, False),
        (Allowance(percent=33.33), 1, 3, True),
        (Allowance(percent=33.34), 1, 3, False),
        (Allowance(percent=10), 0, 0, False),
    ],
)
def test_an_allowance_bears_exactly_what_it_says(allowance: Allowance, unidentified: int, components: int, exceeded: bool) -> None:
    assert allowance.exceeded(unidentified, components) is exceeded


@given(st.integers(0, 100_000), st.integers(0, 5000), st.integers(0, 5000))
def test_a_share_is_reckoned_exactly(thousandths: int, unidentified: int, others: int) -> None:
    components = unidentified + others
    exact = Fraction(unidentified) > Fraction(thousandths, 100_000) * components
    assert Allowance(percent=thousandths / 1000).exceeded(unidentified, components) is exact


@pytest.mark.parametrize(
    ("allowance", "reason"),
    [
        (Allowance(count=2), "3 of 20 components unidentified, more than the 2 allowed"),
        (Allowance(percent=12.5), "3 of 20 components unidentified, more than the 12.5% allowed"),
        (Allowance(count=3), ""),
        (Allowance(percent=15), ""),
    ],
)
def test_the_allowance_is_for_all_documents_together(allowance: Allowance, reason: str) -> None:
    documents = (verdicts.read("a", components=10, unidentified=3), verdicts.read("b", components=10))
    found = verdict(documents=documents, unidentified=3, allowance=allowance)
    assert list(found.reasons) == [reason] * bool(reason)
    assert found.exit_code == (3 if reason else 0)


def test_too_many_unidentified_do_not_hide_a_failure() -> None:
    found = verdict((finding(),), unidentified=3, allowance=Allowance(count=0))
    assert found.exit_code == 1
    assert len(found.reasons) == 2


# ---- waivers


@pytest.mark.parametrize(
    ("today", "outcome", "kind"),
    [
        ("2026-11-20", "pass", "used"),
        ("2026-11-21", "pass", "used"),
        ("2026-11-22", "fail", "expired"),
        ("2027-01-01", "fail", "expired"),
    ],
)
def test_a_waiver_holds_through_its_last_day(today: str, outcome: str, kind: str) -> None:
    found = verdict((finding(),), waivers=(waiver(expires="2026-11-21"),), today=today)
    assert found.outcome == outcome
    assert {name: len(getattr(found, f"waivers_{name}")) for name in ("used", "unused", "expired")} == {
        "used": 0, "unused": 0, "expired": 0, kind: 1,
    }  # fmt: skip


def test_a_lifted_finding_is_kept_with_who_answers_for_it() -> None:
    (kept,) = verdict((finding(),), waivers=(waiver(),)).findings
    assert kept.waiver is not None
    assert (kept.waiver.reason, kept.waiver.owner, kept.waiver.expires) == ("not in the image", "jan@maker.example", TODAY)


@pytest.mark.parametrize(
    ("conditions", "lifts"),
    [
        ({}, True),
        ({"version": "1.0"}, True),
        ({"version": "2.0"}, False),
        ({"name": "other"}, False),
        ({"rule": "fcc-covered-list/zte"}, False),
    ],
    ids=str,
)
def test_only_what_a_waiver_names_is_lifted(conditions: dict[str, str], lifts: bool) -> None:
    found = verdict((finding(), finding(name="bystander")), waivers=(waiver(**conditions),))
    assert [bool(item.waiver) for item in found.findings if item.component.name == "agent"] == [lifts]
    assert [bool(item.waiver) for item in found.findings if item.component.name == "bystander"] == [False]
    assert len(found.waivers_used if lifts else found.waivers_unused) == 1
    assert found.outcome == "fail"


def test_one_waiver_may_lift_several_findings() -> None:
    found = verdict((finding(path="a.json"), finding(path="b.json")), waivers=(waiver(),))
    assert (found.outcome, len(found.waivers_used)) == ("pass", 1)


def test_every_waiver_is_told_exactly_once() -> None:
    waivers = (
        waiver(), waiver(version="1.0", reason="another good reason"), waiver(name="gone"), waiver(name="old", expires="2020-01-01"),
    )  # fmt: skip
    found = verdict((finding(),), waivers=waivers)
    told = (*found.waivers_used, *found.waivers_unused, *found.waivers_expired)
    assert sorted(told, key=waivers.index) == list(waivers)
    assert found.waivers_expired == waivers[3:]


def test_an_expired_waiver_does_not_hide_a_live_one() -> None:
    found = verdict((finding(),), waivers=(waiver(expires="2020-01-01"), waiver(version="1.0")))
    assert found.outcome == "pass"


def test_a_waiver_lifts_no_error_and_no_gap() -> None:
    documents = (verdicts.read(components=10, gaps=(GAP,)),)
    assert verdict((finding(),), waivers=(waiver(),), documents=documents).outcome == "incomplete"
    assert verdict((finding(),), waivers=(waiver(),), failures=(BROKEN,)).outcome == "error"


# ---- order


def test_findings_are_sorted_worst_first_and_then_by_place() -> None:
    wanted = [
        finding("prohibited", path="b.json", line=9),
        finding("review", path="a.json", line=2),
        finding("review", path="a.json", line=10),
        finding("review", path="b.json", line=1),
        finding("note", path="a.json", line=1),
    ]
    for order in permutations(wanted):
        assert list(verdict(order).findings) == wanted


def test_many_gaps_of_a_document_are_cut_among_the_reasons_and_kept_in_the_document() -> None:
    gaps = tuple(Problem(pointer=f"/{number}", message=f"part {number} is missing") for number in range(9))
    result = verdict(documents=(verdicts.read(gaps=gaps),))
    assert result.outcome == "incomplete"
    told = [reason.partition(": ")[2] for reason in result.reasons]
    assert told == ["part 0 is missing", "part 1 is missing", "part 2 is missing", "and 6 more gaps of that kind"]
    assert len(result.documents[0].gaps) == 9


# ---- the sentences, as a person reads them


def at(path: str, pointer: str, level: str) -> Finding:
    location = Location(path=path, pointer=pointer, place=Place(line=1, column=1, end_line=1, end_column=2))
    return replace(finding(level), location=location)


@pytest.mark.parametrize(
    ("findings", "reason"),
    [
        ([at("a", "/1", "review")], "1 component of listed vendors (1 review)"),
        ([at("a", "/1", "review"), at("a", "/1", "prohibited")], "1 component of listed vendors (1 prohibited)"),
        ([at("a", "/1", "review"), at("b", "/1", "review")], "2 components of listed vendors (2 review)"),
        (
            [at("a", "/1", "review"), at("a", "/2", "prohibited"), at("a", "/3", "prohibited"), at("a", "/4", "note")],
            "4 components of listed vendors (2 prohibited, 1 review, 1 note)",
        ),
    ],
)
def test_components_are_counted_once_at_their_worst_level(findings: list[Finding], reason: str) -> None:
    found = verdict(tuple(findings), fail_on="note")
    assert found.reasons == (reason,)
    assert found.fail_on == "note"


def invalid(path: str) -> Failure:
    return Failure(path=path, pointer="", problem="has no name", advice="", kind=INVALID)


@pytest.mark.parametrize(
    ("failures", "reasons"),
    [
        ([BROKEN], ["1 input could not be checked"]),
        ([BROKEN, BROKEN], ["2 inputs could not be checked"]),
        ([invalid("a")], ["1 document does not meet the specification of its format"]),
        ([invalid("a"), invalid("a")], ["1 document does not meet the specification of its format"]),
        ([invalid("a"), invalid("b")], ["2 documents do not meet the specifications of their formats"]),
        ([BROKEN, invalid("a")], ["1 input could not be checked", "1 document does not meet the specification of its format"]),
    ],
)
def test_inputs_that_could_not_be_checked_and_invalid_ones_are_counted_apart(failures: list[Failure], reasons: list[str]) -> None:
    assert list(verdict(failures=tuple(failures)).reasons) == reasons


def test_what_was_not_held_against_anything_is_no_pass() -> None:
    assert verdict(documents=()).reasons == ("nothing was checked",)
    none = verdict(lists=())
    assert (none.outcome, none.reasons) == ("incomplete", ("no list was chosen",))
    ended = (replace(verdicts.FCC, id="one", entries=0), replace(verdicts.FCC, id="two", entries=0))
    idle = verdict(lists=ended)
    assert (idle.outcome, idle.reasons) == ("incomplete", (f"no entry of one, two was in force on {TODAY}",))
    assert verdict(lists=(ended[0], replace(verdicts.FCC, entries=1))).outcome == "pass"


def test_lists_that_name_no_maker_answer_nothing_about_an_sbom() -> None:
    lists = (replace(verdicts.FCC, id="one", entries=2, naming=0), replace(verdicts.FCC, id="two", entries=1, naming=0))
    told = verdict(lists=lists)
    reason = f"no entry of one, two that was in force on {TODAY} names a maker: no SBOM can meet it"
    assert (told.outcome, told.reasons) == ("incomplete", (reason,))
    assert verdict(lists=lists, product=Product(name="router", sector="router")).outcome == "pass"
    assert verdict(lists=(lists[0], replace(lists[1], naming=1))).outcome == "pass"


def test_what_a_list_names_itself_is_counted_apart_from_what_vendors_made() -> None:
    named = replace(at("a", "/1", "prohibited"), relation="named", vendor="")
    declared = replace(at("a", "/product", "prohibited"), relation="declared", vendor="", rule="home/aircraft")
    other = replace(declared, rule="home/vehicles")
    found = verdict((at("a", "/2", "review"), named, declared, other))
    assert found.reasons == (
        "1 component of listed vendors (1 review)",
        "1 component that a list names (1 prohibited)",
        "the product itself, as it is declared, is covered by home/aircraft, home/vehicles",
    )


def category(**fields: str) -> Category:
    return msgspec.convert(
        {"rule": "home/aircraft", "title": "Aircraft", "answer": "asked", "why": "nobody said where", **fields}, Category
    )


@pytest.mark.parametrize(
    ("fields", "open_ended"),
    [({}, True), ({"answer": "open"}, False), ({"answer": "covered"}, False), ({"status": "proposed"}, False)],
)
def test_a_category_in_force_that_asks_for_more_is_no_pass(fields: dict[str, str], open_ended: bool) -> None:
    told = verdict(categories=(category(**fields),))
    assert told.reasons == (("home/aircraft: nobody said where",) if open_ended else ())
    assert told.categories == (category(**fields),)


@pytest.mark.parametrize(
    ("ages", "max_age", "reasons"),
    [
        ((50,), None, []),
        ((50,), 50, []),
        ((51,), 50, ["fcc-covered-list is 51 days old, more than the 50 allowed"]),
        ((0,), 0, []),
        ((1,), 0, ["fcc-covered-list is 1 days old, more than the 0 allowed"]),
        ((None,), None, []),
        ((None, 9), 3, ["fcc-covered-list does not say of when it is, so nobody can tell its age",
                        "fcc-covered-list is 9 days old, more than the 3 allowed"]),
    ],
)  # fmt: skip
def test_a_list_may_be_too_old_for_an_answer(ages: tuple[int | None, ...], max_age: int | None, reasons: list[str]) -> None:
    lists = tuple(replace(verdicts.FCC, age=age) for age in ages)
    assert list(verdict(lists=lists, max_age=max_age).reasons) == reasons


def test_a_verdict_carries_what_it_was_made_from() -> None:
    folders, product = (Folder(path="team", digest="d", files=1),), Product(name="router", sector="router")
    told = verdict(
        failures=(BROKEN,), unidentified=2, fail_on="note", folders=folders, product=product, hints=("old",), last_pass="2025-01-01"
    )
    assert (told.folders, told.product, told.hints, told.last_pass, told.as_of) == (folders, product, ("old",), "2025-01-01", TODAY)
    assert (told.lists, told.unidentified, told.failures, told.fail_on) == ((verdicts.FCC,), verdicts.nameless(2), (BROKEN,), "note")


def test_findings_of_one_place_are_sorted_by_pointer_and_rule() -> None:
    wanted = [at("a", "/1", "review"), replace(at("a", "/1", "review"), rule="z/z"), at("a", "/2", "review")]
    for order in permutations(wanted):
        assert list(verdict(order).findings) == wanted


def test_a_waiver_that_lifts_nothing_is_unused_beside_one_that_does() -> None:
    lifting, idle = waiver(), waiver(name="other")
    found = verdict((finding(), finding(name="third")), waivers=(idle, lifting))
    assert (found.waivers_used, found.waivers_unused) == ((lifting,), (idle,))
    assert [item.waiver is None for item in found.findings] == [False, True]


def test_only_as_many_gaps_as_are_shown_need_no_count() -> None:
    gaps = tuple(Problem(pointer=str(number), message=f"gap {number}") for number in range(30))
    shown = next(number for number in range(1, 30) if len(verdict(documents=(verdicts.read("a", gaps=gaps[:number]),)).reasons) < number)
    assert "more gap" not in " ".join(verdict(documents=(verdicts.read("a", gaps=gaps[: shown - 2]),)).reasons)
    cut = verdict(documents=(verdicts.read("a", gaps=gaps),)).reasons
    assert cut[-1] == f"a: and {30 - len(cut) + 1} more gaps of that kind"
