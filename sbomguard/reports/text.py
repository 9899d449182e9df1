"""The report for a person at a terminal: the verdict, a block for each component that matters, the rest in a line each."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sbomguard.finding import LEVELS
from sbomguard.model import Problem
from sbomguard.policy import Folder, ListInForce, overridden
from sbomguard.production import ASKED, CLEAR, COVERED, OPEN, SPARED, Category
from sbomguard.reports import Style
from sbomguard.reports.escape import PROSE_LIMIT, terminal
from sbomguard.reports.layout import INDENT, headed, limited, row, rows
from sbomguard.reports.words import plural, without_makers
from sbomguard.verdict import INVALID, Read, Verdict

if TYPE_CHECKING:
    from sbomguard.waiver import Waiver

_NAMES = 8


def render(verdict: Verdict, style: Style) -> str:
    """The verdict as text; its first and its last line stand for the whole."""
    found, levels = _found(verdict, style)
    sections = [
        _opening(verdict, style),
        _failures(verdict, style),
        *found,
        *_unidentified(verdict, style),
        _problems(verdict, style),
        _waivers(verdict, style),
        _checked(verdict, style),
        _closing(verdict, levels, style),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def _found(verdict: Verdict, style: Style) -> tuple[list[list[str]], list[str]]:
    """The sections of the components that findings are about, and the worst level of each."""
    if not verdict.findings:
        return [], []
    from sbomguard.reports import block  # most runs find nothing

    groups = block.by_component(verdict.findings)
    return block.sections(groups, verdict.fail_on, style), [block.worst(group) or "waived" for group in groups]


def _opening(verdict: Verdict, style: Style) -> list[str]:
    reasons = [terminal(reason, PROSE_LIMIT) for reason in verdict.reasons]
    if not reasons:
        reasons = [f"no component of a listed vendor at level {verdict.fail_on} or above"]
    return headed(verdict.outcome.upper(), reasons[0], style) + rows("also", limited(reasons[1:], style), style)


def _failures(verdict: Verdict, style: Style) -> list[str]:
    """Inputs that could not be checked or are not valid, all of them, whatever else was found."""
    lines = []
    for item in verdict.failures:
        path = f"{terminal(item.path)}:{item.line}:{item.column}" if item.line else terminal(item.path)
        where = " at ".join(part for part in (path, terminal(item.pointer)) if part)
        said = f"{where}: {terminal(item.problem, PROSE_LIMIT)}. {terminal(item.advice)}"
        lines += headed("invalid" if item.kind == INVALID else "error", " ".join(said.split()), style)
    return lines


def _unidentified(verdict: Verdict, style: Style) -> list[list[str]]:
    """A section for each document in which components do not say who made them."""
    poor = [document for document in verdict.documents if document.unidentified]
    shown = poor if style.verbose else poor[:_NAMES]
    sections = [_unidentified_in(document, verdict, style, _first_to_say(document, shown)) for document in shown]
    if len(poor) > len(shown):
        sections.append([f"... and {plural(len(poor) - len(shown), 'more document')} with unidentified components (--verbose lists all)"])
    return sections


def _first_to_say(document: Read, shown: Sequence[Read]) -> str:
    """The generator's fix, unless a section above has said the same."""
    first = next(other for other in shown if other.advice == document.advice)
    return document.advice if first is document else ""


def _unidentified_in(document: Read, verdict: Verdict, style: Style, advice: str) -> list[str]:
    items = [item for item in verdict.unidentified if item.document == document.path]
    names = [terminal(item.name) or terminal(item.ref) or "(no name)" for item in items]
    head = headed("unidentified", without_makers(document, terminal(document.path), terminal(advice, PROSE_LIMIT)), style)
    if style.verbose:
        return head + _indented(f"{name}: {terminal(item.reason, PROSE_LIMIT)}" for name, item in zip(names, items, strict=True))
    return head + (row("such as", ", ".join(limited(names, style, _NAMES)), style) if names else [])


def _problems(verdict: Verdict, style: Style) -> list[str]:
    """What was odd in the documents, and what is missing unless the reasons have told it, at least the first and how much more."""
    told = "\n".join(verdict.reasons)
    found = [
        f"{terminal(document.path)} {terminal(problem.pointer)}".rstrip() + f": {terminal(problem.message, PROSE_LIMIT)}"
        for document in verdict.documents
        for problem in (*document.problems, *_untold(document.gaps, told, style))
    ]
    return [f"problems: {len(found)} in the documents", *_indented(limited(found, style))] if found else []


def _untold(gaps: tuple[Problem, ...], told: str, style: Style) -> tuple[Problem, ...]:
    return gaps if style.verbose or (gaps and gaps[0].message not in told) else ()


def _waivers(verdict: Verdict, style: Style) -> list[str]:
    used = [f"{_waiver(waiver)}; {_lifted(waiver, verdict)}, {_answer(waiver)}" for waiver in verdict.waivers_used]
    unused = [f"{_waiver(waiver)}; meets no finding: remove it ({terminal(waiver.origin)})" for waiver in verdict.waivers_unused]
    expired = [
        f"{_waiver(waiver)}; ended {terminal(waiver.expires)}, no longer counts ({terminal(waiver.origin)})"
        for waiver in verdict.waivers_expired
    ]
    kinds = (("used", used), ("unused", unused), ("expired", expired))
    lines = [line for label, texts in kinds for line in rows(label, limited(texts, style), style)]
    return ["waivers:", *lines] if lines else []


def _waiver(waiver: "Waiver") -> str:
    component = " ".join(terminal(part) for part in (waiver.purl or waiver.name, waiver.version) if part)
    return f"{terminal(waiver.rule)} for {component}"


def _lifted(waiver: "Waiver", verdict: Verdict) -> str:
    return "lifts " + plural(sum(waiver.covers(finding.rule, finding.component) for finding in verdict.findings), "finding")


def _answer(waiver: "Waiver") -> str:
    return f"{terminal(waiver.owner)} answers until {terminal(waiver.expires)}: {terminal(waiver.reason, PROSE_LIMIT)}"


def _checked(verdict: Verdict, style: Style) -> list[str]:
    """What was read, what it was held against, and on which terms."""
    above = "" if verdict.fail_on == LEVELS[-1] else " and above"
    return [
        *rows("checked", limited([_document(document) for document in verdict.documents], style), style),
        *rows("suppliers", limited(_suppliers(verdict.documents), style), style),
        *rows("lists", [_list(item, style) for item in verdict.lists], style),
        *rows("policy", [line for item in verdict.folders if item.path for line in _folder(item)], style),
        *rows("hint", [terminal(hint) for hint in verdict.hints], style),
        *rows("origin", _origin(verdict, style), style),
        *row("as of", f"{verdict.as_of}; {verdict.fail_on}{above} fails. Not legal advice.", style),
    ]


def _document(document: Read) -> str:
    generator = f" by {terminal(document.generator)}" if document.generator else ""
    kind = " ".join(terminal(part) for part in (document.format, document.version, document.serialisation) if part)
    unidentified = f", {document.unidentified} unidentified" if document.unidentified else ""
    return f"{terminal(document.path)}: {kind}{generator}, {plural(document.components, 'component')}{unidentified}"


def _suppliers(documents: Sequence[Read]) -> list[str]:
    """What the supplier fields are worth, a line for each generator, with its fix where no other section has told it."""
    groups: dict[str, list[Read]] = {}
    for document in documents:
        if document.components:
            groups.setdefault(document.generator or document.path, []).append(document)
    return [_worth(group) for group in groups.values()]


def _worth(group: list[Read]) -> str:
    first = group[0]
    what = terminal(first.path) if len(group) == 1 else f"{len(group)} documents by {terminal(first.generator)}"
    totals: Counter[str] = Counter()
    for document in group:
        totals.update(dict(document.suppliers))
    counts = ", ".join(f"{number} {kind}" for kind, number in totals.items() if number)
    told = any(document.unidentified for document in group)
    advice = "" if told else next((terminal(document.advice, PROSE_LIMIT) for document in group if document.advice), "")
    return f"{what}: {counts}" + (f". {advice}" if advice else "")


def _list(item: ListInForce, style: Style) -> str:
    """Which list in which state; what it is called and the digest of our file only if verbose."""
    snapshot = f"{terminal(item.id)} of {terminal(item.snapshot)} ({terminal(item.document)})"
    age = "of unknown age" if item.age is None else f"{plural(item.age, 'day')} old"
    told = item.origin.told if item.origin else ""
    parts = [f"{snapshot}, {age}", f"sha256 {item.digest if style.verbose else item.digest[:_DIGEST]}", *([terminal(told)] if told else [])]
    parts += [terminal(item.title), terminal(item.authority)] if style.verbose else []
    return ", ".join(parts)


_DIGEST = 12
"""So many digits of a digest tell two files apart."""


def _folder(item: Folder) -> list[str]:
    """A folder beside the shipped one, and all that it overrides, whether or not that made a difference."""
    signed = f", signed by {terminal(item.signed_by)}" if item.signed_by else ""
    lines = [f"{terminal(item.path)}: {plural(item.files, 'file')}, sha256 {item.digest[:_DIGEST]}{signed}"]
    return lines + [f"{terminal(file)} overrides {terminal(overridden(other))}" for file, other in item.overrides]


def _origin(verdict: Verdict, style: Style) -> list[str]:
    """Entries that no SBOM can decide, for they go by what a product is and where it is made: what was declared, and what follows."""
    product = verdict.product
    if product is None:
        titles = [terminal(item.title) for item in verdict.categories]
        return [f"not declared, so not decided (--product): {'; '.join(titles)}"] if titles else []
    places = ", ".join(map(terminal, product.produced_in)) or "a place not told"
    told = f"{terminal(product.name)} is declared: sector {terminal(product.sector)}, produced in {places}. An SBOM cannot show either."
    reached = [item for item in verdict.categories if style.verbose or item.answer != CLEAR]
    others = len(verdict.categories) - len(reached)
    return [
        told,
        *(line for item in reached for line in _category(item)),
        *([f"entries of that kind that do not reach it as declared: {others}"] if others else []),
        *(_stated(document) for document in verdict.documents if document.countries),
    ]


def _stated(document: Read) -> str:
    """The countries that a document states of makers or parts."""
    counts = ", ".join(f"{terminal(country)} ({number})" for country, number in document.countries)
    return f"{terminal(document.path)} states countries: {counts}"


def _category(item: Category) -> list[str]:
    """One category entry: its answer, and unless it does not reach the product the evidence that it asks for."""
    lines = [f"{terminal(item.rule)}: {_ANSWERS[item.answer]}: {terminal(item.why, PROSE_LIMIT)}"]
    for word, texts in (("keep as evidence", item.asks), ("spared are", item.exemptions)) if item.answer != CLEAR else ():
        lines += [f"{word}: {'; '.join(terminal(text, PROSE_LIMIT) for text in texts)}"] if texts else []
    return lines


_ANSWERS = {OPEN: "open", ASKED: "cannot tell", CLEAR: "not reached", SPARED: "spared, as declared", COVERED: "covered"}


def _closing(verdict: Verdict, levels: list[str], style: Style) -> list[str]:
    """Components counted by their worst finding; notes and waived ones only when there are any."""
    counts = [f"{levels.count(level)} {level}" for level in ("prohibited", "review")]
    counts += [f"{levels.count(level)} {level}" for level in ("note", "waived") if level in levels]
    counts.append(f"{len(verdict.unidentified)} unidentified")
    components = sum(document.components for document in verdict.documents)
    return headed(verdict.outcome.upper(), f"{plural(components, 'component')}: {', '.join(counts)}", style)


def _indented(lines: Iterable[str]) -> list[str]:
    return [INDENT + line for line in lines]
