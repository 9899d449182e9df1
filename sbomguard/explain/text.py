"""Explanations for a person: the answer first, then each value with what became of it, then each vendor with what follows."""

from collections.abc import Iterable, Sequence

from sbomguard.explain import Explanation, Reading, Refused, Weighed
from sbomguard.explain.near import Near
from sbomguard.explain.trace import Trace
from sbomguard.finding import LEVELS, Evidence, Finding
from sbomguard.matchers.index import Index
from sbomguard.names import Step
from sbomguard.reports import Style
from sbomguard.reports.block import RELATIONS, SIGNALS, SOURCES, STRENGTHS
from sbomguard.reports.escape import PROSE_LIMIT, terminal
from sbomguard.reports.layout import headed, limited, row, rows
from sbomguard.reports.words import plural

_HOPS = 12
_KEYS = 6


def render(explanations: Iterable[tuple[str, Explanation]], terms: str, style: Style) -> str:
    """All explanations, each with the title that the caller gives it (empty: the component's own), and what they were held against."""
    sections = [section for title, item in explanations for section in _sections(title, item, style)]
    sections.append(row("as of", terms, style))
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def _sections(title: str, item: Explanation, style: Style) -> list[list[str]]:
    return [
        _head(title, item, style),
        *([] if title else [_about(item, style)]),
        *(_reading(reading, bool(title), style) for reading in _shown(item, bool(title), style)),
        _passed_over(item, bool(title), style),
        *(_vendor(weighed, bool(title) and not style.verbose, style) for weighed in item.vendors),
    ]


def _head(title: str, item: Explanation, style: Style) -> list[str]:
    """The answer in one line."""
    level = max((finding.level for finding in item.findings), key=LEVELS.index, default="")
    component = item.component
    what = terminal(title, PROSE_LIMIT) or " ".join(filter(None, (terminal(component.name) or "(no name)", terminal(component.version))))
    if level:
        makers = [f"{RELATIONS[weighed.standing.relation]} {terminal(weighed.vendor_name)}" for weighed in item.vendors if weighed.findings]
        return headed(level, f"{what}: {', '.join(makers)}", style)
    if item.vendors:
        others = ", ".join(f"{RELATIONS[weighed.standing.relation]} {terminal(weighed.vendor_name)}" for weighed in item.vendors)
        return headed("no finding", f"{what}: {others}, whom no entry in force on the chosen lists names", style)
    if item.unidentified:
        sense = "by itself it does not say who made anything" if title else "it does not say who made it: a pass means little"
        return headed("unidentified", f"{what}: no finding, and {sense}", style)
    return headed("no finding", f"{what}: nothing in it meets a vendor", style)


def _about(item: Explanation, style: Style) -> list[str]:
    component, document = item.component, item.document
    kind = " ".join(part for part in (document.format, document.version, document.serialisation) if part)
    makers = list(dict.fromkeys(terminal(reading.signal.field) for reading in item.readings if reading.names_maker))
    counted = "" if component.counted else "; not itself counted as a part of the product"
    return [
        f"  --> {terminal(item.source)}:{item.place.line}:{item.place.column}  {terminal(component.pointer)}".rstrip(),
        *row("component", f"{terminal(component.type) or 'no type'}, taken as {component.component_class}{counted}; {kind}", style),
        *row("ref", terminal(component.ref), style),
        *row("path", _way(item.way_names or item.way, style) or "nothing in the document leads from the product to it", style),
        *row("identified", "by " + ", ".join(limited(makers, style, _KEYS)) if not item.unidentified and makers else "", style),
        *row("no maker", terminal(item.unidentified, PROSE_LIMIT), style),
        *row("half-read", terminal(component.malformed, PROSE_LIMIT), style),
        *rows("odd", [terminal(text, PROSE_LIMIT) for text in item.odd if text != component.malformed], style),
    ]


def _way(refs: Sequence[str], style: Style) -> str:
    if len(refs) == 1:
        return f"{terminal(refs[0])} is what the document describes"
    hidden = 0 if style.verbose else max(0, len(refs) - _HOPS)
    middle = (f"({hidden} more)",) if hidden else ()
    return " > ".join((*map(terminal, refs[:3]), *middle, *map(terminal, refs[3 + hidden :])))


def _shown(item: Explanation, bare: bool, style: Style) -> list[Reading]:
    """Every reading; of many that met nothing and nearly meet nothing only the first, unless verbose."""
    readings = [reading for reading in item.readings if not (bare and reading.signal.kind == "name" and not reading.signal.value)]
    if style.verbose:
        return readings
    plain = [reading for reading in readings if not (reading.met or reading.refused or reading.near)][_PLAIN:]
    return [reading for reading in readings if reading not in plain]


_PLAIN = 12


def _passed_over(item: Explanation, bare: bool, style: Style) -> list[str]:
    hidden = len(item.readings) - len(_shown(item, bare, style))
    text = f"{plural(hidden, 'more value')} met nothing (--verbose shows each)"
    return row("and", text, style) if hidden > 0 and not style.verbose and len(item.readings) > _PLAIN else []


def _reading(reading: Reading, bare: bool, style: Style) -> list[str]:
    signal = reading.signal
    role = f"{signal.kind}, {terminal(signal.role)}" if signal.role else signal.kind
    where = "" if bare else f" ({role}; line {reading.place.line}, column {reading.place.column}, {terminal(reading.pointer)})"
    telling = "" if reading.names_maker or signal.kind in ("name", "file") else "by itself it names no maker"
    lines = [
        *headed("value", f'{terminal(signal.field)} is "{terminal(signal.value)}"{where}', style),
        *rows("became", limited([_step(step) for step in reading.trace.steps], style), style),
        *row("", telling, style),
        *row("unreadable", terminal(reading.trace.lost), style),
        *row("odd", terminal(reading.trace.note, PROSE_LIMIT), style),
        *row("looked up", _keys(reading.trace, style), style),
        *rows("met", [_met(item) for item in reading.met], style),
        *rows("met in vain", [_refused(item) for item in reading.refused], style),
    ]
    if not reading.met:
        lines += row("not met", "no vendor has this value", style)
    return lines + rows("near", [_near(item) for item in reading.near], style)


def _step(step: Step) -> str:
    return f'{step.name}: "{terminal(step.text)}"' if step.text else f"{step.name}: nothing is left"


def _keys(trace: Trace, style: Style) -> str:
    """What was looked up, if it is not simply what the last step left."""
    if len(trace.keys) == 1 and trace.steps and trace.steps[-1].text == trace.keys[0]:
        return ""
    return ", ".join(f'"{key}"' if "more (" not in key else key for key in limited([terminal(key) for key in trace.keys], style, _KEYS))


def _met(item: Evidence) -> str:
    signal, strength, sure = SIGNALS.get(item.signal, item.signal), STRENGTHS[item.strength], SOURCES.get(item.confidence, "")
    notes = "; ".join(
        terminal(note, PROSE_LIMIT) for note in (item.explanation, *(f"only by folding: {step}" for step in item.folded)) if note
    )
    cited = f" [{', '.join(terminal(source) for source in item.sources)}]" if item.sources else ""
    if item.signal == "named":
        known = f'"{terminal(item.expected)}" of {terminal(item.vendor)} ({signal})'
        return known + (f": {notes}" if notes else "")
    known = f'"{terminal(item.expected)}" of {terminal(item.vendor)} ({signal}, {RELATIONS[item.relation]}, {strength}, {sure}{cited})'
    return known + (f": {notes}" if notes else "")


def _refused(item: Refused) -> str:
    return f'"{terminal(item.expected)}" of {terminal(item.vendor)}: {item.why}'


def _near(item: Near) -> str:
    alike = f", {item.alike} % alike" if item.alike else ""
    return f'only a suggestion, never a finding: "{terminal(item.expected)}" of {terminal(item.vendor)} ({terminal(item.why)}{alike})'


def _vendor(weighed: Weighed, brief: bool, style: Style) -> list[str]:
    """How the component stands to one vendor and what follows; `brief` gives the documents by number only."""
    standing = weighed.standing
    lines = headed("vendor", f"{terminal(weighed.vendor_name)}: {standing.relation}, {standing.grade}", style)
    lines += row("because", standing.why, style)
    for finding in weighed.findings:
        lines += row(finding.level, _entry(finding, brief), style)
        lines += row("level", terminal(finding.why_level, PROSE_LIMIT), style)
        if finding.waiver:
            told = f"by {finding.waiver.owner} until {finding.waiver.expires}: {finding.waiver.reason}"
            lines += row("waived", terminal(told, PROSE_LIMIT), style)
        if not brief:
            lines += rows("documents", [_document(item.number, item.date, item.title) for item in finding.documents], style)
            lines += row("do", terminal(finding.remedy, PROSE_LIMIT), style)
    return lines + row("no entry", terminal(weighed.unlisted, PROSE_LIMIT), style)


def _entry(finding: Finding, brief: bool) -> str:
    numbers = ", ".join(terminal(item.number) for item in finding.documents) if brief else ""
    return f"{terminal(finding.rule)}: {terminal(finding.entry_title)}" + (f" ({numbers})" if numbers else "")


def _document(number: str, date: str, title: str) -> str:
    return ", ".join(terminal(part) for part in (number, date, title) if part)


def terms_in_words(lists: Sequence[str], day: str, indexes: Sequence[Index]) -> str:
    """What was held against what, in one line."""
    values = sum(len(block.values) for index in indexes for block in index.blocks)
    known = f"{plural(values, 'value')} of {plural(sum(len(index.vendor_names) for index in indexes), 'vendor')}"
    return f"{day}; lists: {', '.join(map(terminal, lists))}; {known}. Not legal advice."
