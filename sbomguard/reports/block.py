"""One component in the text report: what it is, who made it and how that shows, which entries it meets, what to do."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from sbomguard.finding import LEVELS, Evidence, Finding
from sbomguard.reports import Style
from sbomguard.reports.escape import PROSE_LIMIT, terminal
from sbomguard.reports.layout import INDENT, headed, limited, row, rows
from sbomguard.reports.words import plural

SIGNALS = {
    "party": "party name", "word": "component name", "domain": "domain", "purl": "package URL", "forge": "code forge account",
    "cpe": "CPE", "file": "file name", "fcc": "FCC grantee code", "hardware": "hardware id", "text": "text beside the components",
    "named": "named by the list",
}  # fmt: skip
STRENGTHS = {"decisive": "this vendor's alone", "supporting": "not this vendor's alone", "mention": "a mention"}
SOURCES = {"confirmed": "confirmed", "single": "one source", "unverified": "unverified"}
RELATIONS = {
    "made-by": "made by",
    "contributed": "contributed by",
    "about": "about",
    "named": "named by",
    "declared": "decided by what is declared",
}

_EVIDENCE = 4
_HOPS = 7


Group = tuple[Finding, ...]


def by_component(findings: Iterable[Finding]) -> list[Group]:
    """Findings of one component together, in the order of the first of each."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.location.path, finding.location.pointer), []).append(finding)
    return [tuple(group) for group in groups.values()]


def worst(findings: Iterable[Finding]) -> str:
    """The highest level among findings that no waiver lifts; empty when all are waived."""
    return max((finding.level for finding in findings if not finding.waiver), key=LEVELS.index, default="")


def title(finding: Finding) -> str:
    """The component as a person calls it: name, version, type."""
    item = finding.component
    kind = f"({terminal(item.type)})" if item.type else ""
    return " ".join(part for part in (terminal(item.name) or "(no name)", terminal(item.version), kind) if part)


def where(finding: Finding) -> str:
    """`path:line:column`, which editors and terminals can follow."""
    place = finding.location.place
    return f"{terminal(finding.location.path)}:{place.line}:{place.column}"


def maker(finding: Finding) -> str:
    """How the component relates to which vendor, or which rule names it."""
    who = finding.rule if finding.relation == "named" else finding.vendor_name or finding.vendor
    return f"{RELATIONS.get(finding.relation, terminal(finding.relation))} {terminal(who)}".rstrip()


def sections(groups: Iterable[Group], fail_on: str, style: Style) -> list[list[str]]:
    """A section for each component with a finding above a note, or of that level if it fails the build; and one for all others."""
    full = LEVELS[0 if fail_on == LEVELS[0] else 1 :]
    told = [group for group in groups if worst(group) in full]
    noted = [group for group in groups if worst(group) and worst(group) not in full]
    return [*(render(group, style) for group in told), _notes(noted, style)]


def _notes(groups: list[Group], style: Style) -> list[str]:
    if not groups:
        return []
    head = f"{plural(len(groups), 'component')} to know of, which {'does' if len(groups) == 1 else 'do'} not fail this check"
    return headed("note", head, style) + [INDENT + line for line in limited([_note(group) for group in groups], style)]


def _note(group: Group) -> str:
    live = [finding for finding in group if not finding.waiver]
    rules = ", ".join(dict.fromkeys(terminal(finding.rule) for finding in live))
    makers = ", ".join(dict.fromkeys(map(maker, live)))
    new = "".join(dict.fromkeys(f"; {terminal(finding.news)}" for finding in live if finding.news))
    return f"{where(live[0])}: {title(live[0])}, {makers}; {rules}{new}"


def render(group: Sequence[Finding], style: Style) -> list[str]:
    """The block of one component, whose findings these are."""
    first = group[0]
    return [
        *headed(worst(group), title(first), style),
        *_unique(_place(finding) for finding in group),
        *_makers(group, style),
        *_entries(group, style),
        *row("path", _path(first.path_names or first.dependency_path, style), style),
        *rows("do", _unique(terminal(finding.remedy, PROSE_LIMIT) for finding in group if not finding.waiver), style),
    ]


def _place(finding: Finding) -> str:
    return f"{INDENT}--> {where(finding)}  {terminal(finding.location.pointer)}".rstrip()


def _makers(group: Sequence[Finding], style: Style) -> list[str]:
    """Who, and under it why, once for each vendor and relation."""
    lines = []
    for who, findings in groupby(sorted(group, key=maker), maker):
        facts = _unique(_fact(item) for finding in findings for item in telling(finding.evidence, style))
        lines += [*row("who", who, style), *rows("why", limited(facts, style, _EVIDENCE), style)]
    return lines


def telling(evidence: Sequence[Evidence], style: Style) -> list[Evidence]:
    """The evidence that a person needs: mentions only where there is nothing better, a value once for each field."""
    if style.verbose:
        return list(evidence)
    best = [item for item in evidence if item.strength != "mention"] or list(evidence)
    return list({(item.field, item.found): item for item in reversed(best)}.values())[::-1]


def _fact(item: Evidence) -> str:
    """The value with its field, the entry's value unless it is the same, how sure that is, and what lies between the two."""
    meets = "" if item.found == item.expected else f', which meets "{terminal(item.expected)}"'
    if item.signal == "declared":
        return f'{terminal(item.field)} is "{terminal(item.found)}", {terminal(item.explanation, PROSE_LIMIT)}, by declaration'
    if item.signal == "named":
        notes = "; ".join(terminal(note, PROSE_LIMIT) for note in (item.explanation, *item.folded) if note)
        return f'{terminal(item.field)} is "{terminal(item.found)}"{meets or ", which the list names"}' + (f": {notes}" if notes else "")
    sure = f"{SIGNALS.get(item.signal, item.signal)}, {STRENGTHS.get(item.strength, item.strength)}, {SOURCES.get(item.confidence, '')}"
    notes = "; ".join(terminal(note, PROSE_LIMIT) for note in (item.explanation, *item.folded) if note)
    return f'{terminal(item.field)} is "{terminal(item.found)}"{meets} ({sure})' + (f": {notes}" if notes else "")


def _entries(group: Sequence[Finding], style: Style) -> list[str]:
    """A row for each entry with its documents, and under those that share it why that level."""
    lines = []
    for why, findings in groupby(group, lambda finding: finding.why_level):
        for finding in findings:
            lines += row("waived" if finding.waiver else finding.level, _entry(finding), style)
            lines += row("new", terminal(finding.news), style)
            lines += row("rule", _origin(finding), style)
        lines += row("level", terminal(why, PROSE_LIMIT), style)
    return lines


def _entry(finding: Finding) -> str:
    numbers = ", ".join(terminal(item.number) for item in finding.documents)
    name = f"{terminal(finding.rule)}: {terminal(finding.entry_title)}" + (f" ({numbers})" if numbers else "")
    if not finding.waiver:
        return name
    waiver = finding.waiver
    return f"{name}; {finding.level}, waived by {terminal(waiver.owner)} until {waiver.expires}: {terminal(waiver.reason, PROSE_LIMIT)}"


def _origin(finding: Finding) -> str:
    """Where rule and vendor come from, if not from what is shipped."""
    told = (finding.origin.told if finding.origin else "", finding.vendor_origin.told if finding.vendor_origin else "")
    return "; ".join(terminal(text) for text in told if text)


def _path(refs: Sequence[str], style: Style) -> str:
    """From the product to the component, when there is anything between; the middle of a long way is counted."""
    if len(refs) < 2:
        return ""
    if style.verbose or len(refs) <= _HOPS:
        return " > ".join(map(terminal, refs))
    hidden = len(refs) - _HOPS + 1
    return " > ".join((*map(terminal, refs[:3]), f"({hidden} more)", *map(terminal, refs[3 + hidden :])))


def _unique(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))
