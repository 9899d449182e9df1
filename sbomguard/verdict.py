"""The verdict: findings weighed against waivers, the unidentified counted, one outcome."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from sbomguard.finding import LEVELS, Finding, Waived
from sbomguard.model import Problem
from sbomguard.policy import Folder, ListInForce
from sbomguard.production import ASKED, Category

if TYPE_CHECKING:
    from sbomguard.product import Product
    from sbomguard.waiver import Waiver

PASS, FAIL, ERROR, INCOMPLETE = 0, 1, 2, 3
"""Exit codes; 2 outranks 1 outranks 3."""

_GAPS = 3
"""So many gaps of a document are told one by one among the reasons; the document has them all."""


class Unidentified(Struct, frozen=True, kw_only=True):
    """A component that does not say who made it."""

    document: str
    ref: str
    name: str
    reason: str


class Doubt(Struct, frozen=True, kw_only=True):
    """A component that does not say who made it, and a listed vendor of whom it speaks; `found` is the text."""

    document: str
    pointer: str
    name: str
    vendor: str
    vendor_name: str
    found: str


class Read(Struct, frozen=True, kw_only=True):
    """One document as read: what it is and how much of it says who made what. `problems` and `gaps` as in model.Document;
    `suppliers` counts components by what their party fields are worth (suppliers.CLASSES, all of them, best first); `advice` is the fix
    for the generator that left makers out; `countries` are those that the document states, with how often, if the product was declared."""

    path: str
    digest: str
    format: str
    version: str
    serialisation: str
    generator: str
    components: int
    unidentified: int
    problems: tuple[Problem, ...]
    gaps: tuple[Problem, ...]
    suppliers: tuple[tuple[str, int], ...] = ()
    advice: str = ""
    countries: tuple[tuple[str, int], ...] = ()


UNREADABLE, INVALID = "unreadable", "invalid"
"""Kinds of failure: an input that could not be checked; one that was, and does not meet the specification of its format (`--strict`)."""


class Failure(Struct, frozen=True, kw_only=True):
    """Why an input has no answer that counts: the parts of the error. `line` and `column` from 1, 0 where they are not known."""

    path: str
    pointer: str
    problem: str
    advice: str
    kind: str = UNREADABLE
    line: int = 0
    column: int = 0


class Verdict(Struct, frozen=True, kw_only=True):
    """The answer: `outcome` is pass, fail, incomplete or error; `reasons` say in plain sentences why it is not pass.

    `findings` are sorted by level (worst first), place and rule, and include waived ones; waivers are split into used, unused, expired.
    `product` is what was declared of the product, `categories` the entries that go by it. `folders` are those that the policy came from,
    `hints` what a person should know of it, `last_pass` the day that findings were asked to be new since.
    """

    outcome: str
    reasons: tuple[str, ...]
    as_of: str
    fail_on: str
    lists: tuple[ListInForce, ...]
    documents: tuple[Read, ...]
    findings: tuple[Finding, ...]
    unidentified: tuple[Unidentified, ...]
    failures: tuple[Failure, ...] = ()
    waivers_used: "tuple[Waiver, ...]" = ()
    waivers_unused: "tuple[Waiver, ...]" = ()
    waivers_expired: "tuple[Waiver, ...]" = ()
    product: "Product | None" = None
    categories: tuple[Category, ...] = ()
    folders: tuple[Folder, ...] = ()
    hints: tuple[str, ...] = ()
    last_pass: str = ""

    @property
    def exit_code(self) -> int:
        """0 pass, 1 fail, 2 error, 3 incomplete."""
        return {"pass": PASS, "fail": FAIL, "error": ERROR, "incomplete": INCOMPLETE}[self.outcome]


class Allowance(Struct, frozen=True, kw_only=True):
    """How many unidentified components are borne: `count` of them, or `percent` of all; None bears any number short of all."""

    count: int | None = None
    percent: float | None = None

    def exceeded(self, unidentified: int, components: int) -> bool:
        """Whether that many unidentified among that many components is too many."""
        if self.count is not None:
            return unidentified > self.count
        return self.percent is not None and unidentified * 100 > round(self.percent * components, 6)


def judge(
    findings: Iterable[Finding],
    documents: tuple[Read, ...],
    unidentified: tuple[Unidentified, ...],
    failures: tuple[Failure, ...] = (),
    *,
    lists: tuple[ListInForce, ...],
    waivers: "tuple[Waiver, ...]",
    as_of: str,
    today: str,
    fail_on: str,
    allowance: Allowance,
    product: "Product | None" = None,
    categories: tuple[Category, ...] = (),
    folders: tuple[Folder, ...] = (),
    hints: tuple[str, ...] = (),
    max_age: int | None = None,
    last_pass: str = "",
    doubts: tuple[Doubt, ...] = (),
) -> Verdict:
    """Weigh findings against waivers and thresholds. A waiver lifts a finding only through `today`, its last day included.

    Doubts make the answer incomplete, unless all findings on their vendor in their document are waived.
    """
    live = tuple(waiver for waiver in waivers if waiver.expires >= today)
    weighed = tuple(sorted((waive(finding, live) for finding in findings), key=_order))
    failing = [finding for finding in weighed if finding.waiver is None and LEVELS.index(finding.level) >= LEVELS.index(fail_on)]
    used = tuple(w for w in live if any(_lifts(w, finding) for finding in weighed))
    expired = tuple(w for w in waivers if w.expires < today)
    incomplete = _why_incomplete(documents, len(unidentified), allowance)
    incomplete += _count_doubts([doubt for doubt in doubts if not _is_settled(doubt, weighed)])
    if not lists:
        incomplete = ("no list was chosen", *incomplete)
    elif not any(item.entries is None or item.entries for item in lists):
        incomplete = (f"no entry of {', '.join(item.id for item in lists)} was in force on {as_of}", *incomplete)
    elif product is None and not any(item.naming is None or item.naming for item in lists):
        chosen = ", ".join(item.id for item in lists)
        incomplete = (f"no entry of {chosen} that was in force on {as_of} names a maker: no SBOM can meet it", *incomplete)
    incomplete += tuple(f"{item.rule}: {item.why}" for item in categories if item.answer == ASKED and item.status == "in-force")
    incomplete += _too_old(lists, max_age)
    reasons = _count_failures(failures)
    made = [finding for finding in failing if finding.vendor]
    named = [finding for finding in failing if finding.relation == "named"]
    reasons += [_count_failing(made, "of listed vendors")] if made else []
    reasons += [_count_failing(named, "that a list names")] if named else []
    reasons += _count_declared([finding for finding in failing if not finding.vendor and finding.relation != "named"])
    return Verdict(
        outcome="error" if failures else "fail" if failing else "incomplete" if incomplete else "pass",
        reasons=(*reasons, *incomplete),
        failures=failures,
        as_of=as_of,
        fail_on=fail_on,
        lists=lists,
        documents=documents,
        findings=weighed,
        unidentified=unidentified,
        waivers_used=used,
        waivers_unused=tuple(w for w in live if w not in used),
        waivers_expired=expired,
        product=product,
        categories=categories,
        folders=folders,
        hints=hints,
        last_pass=last_pass,
    )


def waive(finding: Finding, waivers: "tuple[Waiver, ...]") -> Finding:
    """The finding, with the first of the waivers that covers it."""
    for waiver in waivers:
        if waiver.covers(finding.rule, finding.component):
            return replace(finding, waiver=Waived(reason=waiver.reason, owner=waiver.owner, expires=waiver.expires))
    return finding


def _lifts(waiver: "Waiver", finding: Finding) -> bool:
    """Whether it is this waiver that the finding falls under (the first that covers it)."""
    return finding.waiver is not None and waiver.covers(finding.rule, finding.component) and waiver.reason == finding.waiver.reason


def _is_settled(doubt: Doubt, findings: tuple[Finding, ...]) -> bool:
    """Whether somebody has answered for the vendor in that document."""
    mine = [finding for finding in findings if finding.vendor == doubt.vendor and finding.location.path == doubt.document]
    return bool(mine) and all(finding.waiver for finding in mine)


def _count_doubts(doubts: list[Doubt]) -> tuple[str, ...]:
    """Sentences on components without a maker that speak of a vendor; the first of each document stand for all."""
    by_document: dict[str, list[Doubt]] = {}
    for doubt in doubts:
        by_document.setdefault(doubt.document, []).append(doubt)
    return tuple(
        f"{path}: {items[0].name or items[0].pointer} does not say who made it and names {items[0].vendor_name} ('{items[0].found}')"
        + (f", and {len(items) - 1} more of that kind" if len(items) > 1 else "")
        for path, items in by_document.items()
    )


def _order(finding: Finding) -> tuple[int, str, int, int, str, str]:
    place = finding.location.place
    return (-LEVELS.index(finding.level), finding.location.path, place.line, place.column, finding.location.pointer, finding.rule)


def _count_failures(failures: tuple[Failure, ...]) -> list[str]:
    unreadable = sum(failure.kind != INVALID for failure in failures)
    invalid = len({failure.path for failure in failures if failure.kind == INVALID})
    reasons = [f"{_plural(unreadable, 'input')} could not be checked"] if unreadable else []
    verb = "does not meet the specification of its format" if invalid == 1 else "do not meet the specifications of their formats"
    return reasons + ([f"{_plural(invalid, 'document')} {verb}"] if invalid else [])


def _count_failing(failing: list[Finding], which: str) -> str:
    worst: dict[tuple[str, str], str] = {}
    for finding in failing:  # sorted worst first
        worst.setdefault((finding.location.path, finding.location.pointer), finding.level)
    counts = [f"{list(worst.values()).count(level)} {level}" for level in reversed(LEVELS) if level in worst.values()]
    return f"{_plural(len(worst), 'component')} {which} ({', '.join(counts)})"


def _too_old(lists: tuple[ListInForce, ...], max_age: int | None) -> tuple[str, ...]:
    """Sentences on lists that are older than allowed: what has been added since, nobody was held against."""
    if max_age is None:
        return ()
    undated = tuple(f"{item.id} does not say of when it is, so nobody can tell its age" for item in lists if item.age is None)
    old = tuple(f"{item.id} is {item.age} days old, more than the {max_age} allowed" for item in lists if (item.age or 0) > max_age)
    return undated + old


def _count_declared(failing: list[Finding]) -> list[str]:
    """What fails by what is declared of the product, not by a component of it."""
    rules = ", ".join(finding.rule for finding in failing)
    return [f"the product itself, as it is declared, is covered by {rules}"] if failing else []


def _why_incomplete(documents: tuple[Read, ...], unidentified: int, allowance: Allowance) -> tuple[str, ...]:
    """Sentences that say why a document cannot answer the question (contract: exit code 3)."""
    reasons = [] if documents else ["nothing was checked"]
    for document in documents:
        if document.components == 0:
            reasons.append(f"{document.path} lists no component")
        elif document.unidentified == document.components:
            reasons.append(f"{document.path}: none of its {_plural(document.components, 'component')} says who made it")
        reasons.extend(f"{document.path}: {gap.message}" for gap in document.gaps[:_GAPS])
        if len(document.gaps) > _GAPS:
            reasons.append(f"{document.path}: and {_plural(len(document.gaps) - _GAPS, 'more gap')} of that kind")
    components = sum(document.components for document in documents)
    if allowance.exceeded(unidentified, components):
        limit = f"{allowance.percent:g}%" if allowance.count is None else str(allowance.count)
        reasons.append(f"{unidentified} of {_plural(components, 'component')} unidentified, more than the {limit} allowed")
    return tuple(reasons)


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
