"""Answers of the policy commands as text and as plain data: reviews, trials, comparisons and imports."""

import os
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from sbomguard.finding import Finding
from sbomguard.reports import Style
from sbomguard.reports.escape import PROSE_LIMIT, terminal
from sbomguard.reports.layout import headed, limited, row, rows
from sbomguard.reports.words import plural
from sbomguard.upkeep.compare import Change, Effect, Side
from sbomguard.upkeep.intake import Intake
from sbomguard.upkeep.review import ERROR, Fault, Reviewed
from sbomguard.upkeep.trials import Outcome, Trial

# ---- policy check


def review_text(reviewed: Sequence[Reviewed], verbose: bool) -> str:
    """A line for each fault, `file:line: problem`, and one that counts them; informations only if verbose."""
    lines = []
    for item in reviewed:
        errors = [fault for fault in item.faults if fault.grade == ERROR]
        lines += [_fault(item.folder, fault) for fault in item.faults if verbose or fault.grade == ERROR]
        hidden = 0 if verbose else len(item.faults) - len(errors)
        more = f" ({hidden} more to know: -v)" if hidden else ""
        entries = f"{item.entries} {'entry' if item.entries == 1 else 'entries'}"
        size = f"{plural(item.vendors, 'vendor')}, {plural(item.values, 'value')}, {plural(item.lists, 'list')}, {entries}"
        unsure = f", {item.unverified} values and entries unverified" if item.unverified else ""
        wrong = plural(len(errors), "error") if errors else "nothing is wrong"
        lines.append(f"{terminal(item.folder)}: {wrong}{more}; {size}, {plural(item.examples, 'example')}{unsure}")
    return "\n".join(lines) + "\n"


def _fault(folder: str, fault: Fault) -> str:
    where = f"{os.path.join(folder, fault.file)}" + (f":{fault.line}" if fault.line else "")
    advice = f". {fault.advice}" if fault.advice else ""
    return terminal(f"{where}: {fault.grade}: {fault.problem}{advice}", PROSE_LIMIT)


def review_data(reviewed: Sequence[Reviewed]) -> dict[str, Any]:
    """The same as plain data."""
    return {"schema": "sbomguard.policy-check/1", "folders": msgspec.to_builtins(list(reviewed))}


# ---- policy test


def trials_text(outcomes: Sequence[tuple[str, Outcome]]) -> str:
    """Each failed example with what came of it and why, and a line that counts."""
    lines: list[str] = []
    for folder, outcome in outcomes:
        for trial in outcome.failed:
            lines += _trial(folder, trial)
        failed = f"{len(outcome.failed)} failed" if outcome.failed else "all come out as they say"
        without = f"; {plural(len(outcome.without), 'vendor')} without examples" if outcome.without else ""
        lines.append(f"{terminal(folder)}: {plural(outcome.examples, 'example')} of {plural(outcome.vendors, 'vendor')}: {failed}{without}")
    return "\n".join(lines) + "\n"


def _trial(folder: str, trial: Trial) -> Iterator[str]:
    example = ", ".join(f"{key}: {value}" for key, value in trial.example.items())
    found = " and ".join(trial.found) or "clear"
    where = os.path.join(folder, trial.origin)
    yield terminal(f"{where}: examples/{trial.said}/{trial.number} {{{example}}} comes out as {found}, not as {trial.said}", PROSE_LIMIT)
    yield from (f"  {terminal(why, PROSE_LIMIT)}" for why in trial.why)


def trials_data(outcomes: Sequence[tuple[str, Outcome]]) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "schema": "sbomguard.policy-test/1",
        "folders": [{"folder": folder, **msgspec.to_builtins(outcome)} for folder, outcome in outcomes],
    }


# ---- policy diff


def diff_text(sides: tuple[Side, Side], changes: Sequence[Change], effect: Effect | None, style: Style) -> str:
    """Each change under what it concerns, then what it does to the SBOMs."""
    lines: list[str] = []
    last = ""
    for change in changes:
        if change.subject != last:
            lines += headed(terminal(change.subject), "", style)
            last = change.subject
        lines += row(change.kind.split("-")[1], terminal(change.text, PROSE_LIMIT), style)
    names = " and ".join(_side(side) for side in sides)
    lines += [*([""] if lines else []), f"{plural(len(changes), 'change')} between {names}. Not legal advice."]
    if effect is not None:
        lines += ["", *_effect(effect, style)]
    return "\n".join(lines) + "\n"


def _side(side: Side) -> str:
    return terminal(side.name) if side.name == side.day else f"{terminal(side.name)} (as of {side.day})"


def _effect(effect: Effect, style: Style) -> Iterator[str]:
    yield from headed(effect.outcomes[1], f"for these SBOMs; before {effect.outcomes[0]}; {effect.same} findings stay as they are", style)
    changed = [f"{_finding(now)}; before {was.level}, {was.relation}" for was, now in effect.changed]
    yield from rows("changed", limited(changed, style), style)
    yield from rows("new", limited([_finding(item) for item in effect.new], style), style)
    yield from rows("gone", limited([_finding(item) for item in effect.gone], style), style)


def _finding(item: Finding) -> str:
    return terminal(f"{item.level}: {item.rule}: {item.message} ({item.location.path}:{item.location.place.line})", PROSE_LIMIT)


def diff_data(sides: tuple[Side, Side], changes: Sequence[Change], effect: Effect | None) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "schema": "sbomguard.policy-diff/1",
        "old": {"name": sides[0].name, "as_of": sides[0].day},
        "new": {"name": sides[1].name, "as_of": sides[1].day},
        "changes": msgspec.to_builtins(list(changes)),
        "effect": None if effect is None else _effect_data(effect),
    }


def _effect_data(effect: Effect) -> dict[str, Any]:
    return {
        "old_verdict": effect.outcomes[0],
        "new_verdict": effect.outcomes[1],
        "same": effect.same,
        "changed": [{**_finding_data(now), "old_level": was.level, "old_relation": was.relation} for was, now in effect.changed],
        "new": [_finding_data(item) for item in effect.new],
        "gone": [_finding_data(item) for item in effect.gone],
        "errors": msgspec.to_builtins(list(effect.failures)),
    }


def _finding_data(item: Finding) -> dict[str, Any]:
    return {
        "rule": item.rule,
        "level": item.level,
        "relation": item.relation,
        "vendor": item.vendor,
        "component": {
            "ref": item.component.ref,
            "name": item.component.name,
            "version": item.component.version,
            "purl": item.component.purl,
        },
        "path": item.location.path,
        "pointer": item.location.pointer,
        "line": item.location.place.line,
        "message": item.message,
        "fingerprint": item.fingerprint,
    }


# ---- policy import


def intake_text(made: Intake, folder: str) -> str:
    """What was made, and how to use it."""
    lists = " ".join(f"--list {name}" for name in made.lists)
    counts = (
        f"{plural(made.vendors, 'vendor')} with {plural(made.names, 'name')}, {made.entries} entries, {made.categories} of them categories"
    )
    lines = [f"{plural(made.parties, 'row')}: {counts}"]
    lines += [f"  {terminal(os.path.join(folder, name), PROSE_LIMIT)}" for name in made.files]
    lines.append(f"Check with: sbomguard check --policy {terminal(folder, PROSE_LIMIT)} {lists} PATH...")
    return "\n".join(lines) + "\n"


def intake_data(made: Intake, folder: str) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "schema": "sbomguard.policy-import/1",
        "folder": folder,
        "files": list(made.files),
        "lists": list(made.lists),
        "rows": made.parties,
        "vendors": made.vendors,
        "names": made.names,
        "entries": made.entries,
        "categories": made.categories,
        "notes": list(made.oddities),
    }
