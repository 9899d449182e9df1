"""SARIF notifications: what limits the answer, said beside the results."""

from sbomguard.model import Place
from sbomguard.policy import overridden
from sbomguard.reports.escape import PROSE_LIMIT, sarif
from sbomguard.reports.json import Fields
from sbomguard.reports.sarif_places import location
from sbomguard.reports.words import without_makers
from sbomguard.verdict import INVALID, Failure, Read, Verdict
from sbomguard.waiver import Waiver

MAX_RESULTS = 5000
"""GitHub keeps that many results of a run and drops the others without a word, so the report cuts and says so."""

MAX_NOTIFICATIONS = 1000


def invocation(verdict: Verdict, results: int) -> Fields:
    """How the run went, with notifications; `results` is how many there were before any cut."""
    return {
        "executionSuccessful": not verdict.failures,
        "exitCode": verdict.exit_code,
        "exitCodeDescription": verdict.outcome,
        "toolExecutionNotifications": _execution(verdict, results),
        "toolConfigurationNotifications": [
            *(_notice("policy", "note", sarif(hint, PROSE_LIMIT)) for hint in verdict.hints),
            *(_override(file, other) for folder in verdict.folders for file, other in folder.overrides),
            *(_waiver(waiver, "unused", "meets no finding") for waiver in verdict.waivers_unused),
            *(_waiver(waiver, "expired", f"ended {waiver.expires}") for waiver in verdict.waivers_expired),
        ],
    }


def _override(file: str, other: str) -> Fields:
    return _notice("override", "note", sarif(f"{file} overrides {overridden(other)}", PROSE_LIMIT))


def poor(document: Read) -> str:
    """The sentence on a document that leaves makers out."""
    return without_makers(document, sarif(document.path), sarif(document.advice, PROSE_LIMIT))


def _execution(verdict: Verdict, results: int) -> list[Fields]:
    """What limits the answer: a cut report first, then documents that leave makers out, say that parts are missing, or are odd."""
    notices = [_failure(item) for item in verdict.failures]
    notices += [_notice("unidentified", "note", poor(item), item.path) for item in verdict.documents if item.unidentified]
    for document in verdict.documents:
        for kind, problems in (("gap", document.gaps), ("problem", document.problems)):
            notices += [_notice(kind, "warning", sarif(item.message, PROSE_LIMIT), document.path, item.pointer) for item in problems]
    return _cut("results", results, MAX_RESULTS) + _cut("notifications", len(notices), MAX_NOTIFICATIONS) + notices[:MAX_NOTIFICATIONS]


def _failure(item: Failure) -> Fields:
    """An input that could not be checked, or one place in a document that is not valid."""
    said = sarif(f"{item.problem}. {item.advice}".strip(), PROSE_LIMIT)
    if item.kind != INVALID:
        return _notice(item.kind, "error", said, item.path)
    place = Place(line=item.line, column=item.column, end_line=item.line, end_column=item.column + 1) if item.line else None
    return _notice(item.kind, "error", said, item.path, item.pointer, place)


def _cut(what: str, number: int, most: int) -> list[Fields]:
    words = f"Only the worst {most} of {number} {what} are in this file; the JSON report has all."
    return [_notice("truncated", "warning", words)] if number > most else []


def _notice(kind: str, level: str, text: str, path: str = "", pointer: str = "", place: Place | None = None) -> Fields:
    return {
        "descriptor": {"id": f"sbomguard/{kind}"},
        "level": level,
        "message": {"text": text or kind},
        "locations": [location(path, pointer, place)] if path else None,
    }


def _waiver(waiver: Waiver, kind: str, words: str) -> Fields:
    component = " ".join(part for part in (waiver.purl or waiver.name, waiver.version) if part)
    return _notice(f"waiver-{kind}", "warning", sarif(f"Waiver of {waiver.rule} for {component} {words} ({waiver.origin})", PROSE_LIMIT))
