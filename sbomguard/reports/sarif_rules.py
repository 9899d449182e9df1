"""SARIF rules: one for each list entry that a finding met, and one for components that do not say who made them."""

from collections.abc import Sequence

from sbomguard.finding import LEVELS, Finding
from sbomguard.policy import Document, ListInForce
from sbomguard.reports.escape import markdown, sarif
from sbomguard.reports.json import Fields
from sbomguard.verdict import Verdict

UNIDENTIFIED = "sbomguard/unidentified"

LEVEL = {"prohibited": "error", "review": "warning", "note": "note"}
"""Our level -> SARIF level."""

# GitHub sorts alerts by a number from 0 to 10: 9.0 and above is critical, 4.0 medium, below low. They say how bad, not how likely.
_SEVERITY = {"prohibited": "9.5", "review": "6.0", "note": "1.0"}
_PROBLEM = {"prohibited": "error", "review": "warning", "note": "recommendation"}
_PRECISION = {"decisive": "high", "supporting": "medium", "mention": "low"}
_STRENGTHS = tuple(_PRECISION)
_MAX_TAGS = 10
_MAX_TEXT = 900
_MAX_HELP = 4000
_MAX_DESCRIPTION = 1024
"""GitHub refuses longer descriptions."""

_LEVELS_TEXT = (
    "prohibited: the entry covers this component as it is. review: a listed vendor made it, but the entry does not reach this kind of "
    "component by itself. note: it is only mentioned, or the entry does not bind."
)


def rules(verdict: Verdict) -> list[Fields]:
    """Rules in the order of their ids; a rule is as severe as its worst finding here."""
    groups: dict[str, list[Finding]] = {}
    for finding in verdict.findings:
        groups.setdefault(finding.rule, []).append(finding)
    lists = {item.id: item for item in verdict.lists}
    entries = [_rule(groups[rule], lists.get(groups[rule][0].list_id)) for rule in sorted(groups)]
    return [*entries, _unidentified()] if any(document.unidentified for document in verdict.documents) else entries


def _rule(findings: Sequence[Finding], item: ListInForce | None) -> Fields:
    first = findings[0]
    level = max((finding.level for finding in findings), key=LEVELS.index)
    about = _about(first, item)
    numbers = ", ".join(document.number for document in first.documents)
    return {
        "id": first.rule,
        "name": first.entry_title or first.rule,
        "shortDescription": {"text": sarif(f"Component of a vendor on a list: {first.entry_title or first.rule}")[:_MAX_DESCRIPTION]},
        "fullDescription": {"text": sarif(f"{about} Documents: {numbers}.", _MAX_TEXT)[:_MAX_DESCRIPTION]},
        "help": {"text": sarif(f"{about} Documents: {numbers}. {_LEVELS_TEXT}", _MAX_HELP), "markdown": _help(first, about)},
        "defaultConfiguration": {"level": LEVEL[level]},
        "properties": {
            "tags": _tags(findings),
            "precision": _PRECISION[_weakest(findings)],
            "problem.severity": _PROBLEM[level],
            "security-severity": _SEVERITY[level],
        },
    }


def _about(finding: Finding, item: ListInForce | None) -> str:
    entry = f"Entry {finding.entry} ({finding.entry_title})"
    words = " ".join(part for part in (finding.entry_meaning, finding.entry_limits) if part)
    if item is None:
        return f"{entry} of the list {finding.list_id}. {words}".rstrip()
    return f"{entry} of the list {item.id}: {item.title}, {item.authority}, snapshot {item.snapshot} ({item.document}). {words}".rstrip()


def _help(finding: Finding, about: str) -> str:
    lines = [markdown(about, _MAX_HELP), "", *(f"- {_cited(document)}" for document in finding.documents), "", _LEVELS_TEXT]
    # Braces are placeholders in every SARIF message (3.11.5); markdown() leaves them alone.
    return "\n".join(lines).replace("{", "{{").replace("}", "}}")


def _cited(document: Document) -> str:
    words = ", ".join(markdown(part) for part in (document.number, document.title, document.date) if part)
    linked = document.url.startswith("https://") and document.url.isascii() and not set(document.url) & set(" <>")
    return f"{words}: <{document.url}>" if linked else words


def _tags(findings: Sequence[Finding]) -> list[str]:
    vendors = sorted({finding.vendor for finding in findings if finding.vendor})
    return ["security", "supply-chain", "sbom", findings[0].list_id, *vendors][:_MAX_TAGS]


def _weakest(findings: Sequence[Finding]) -> str:
    """The strength of the finding that is least sure, each taken at its best evidence."""
    best = [min((item.strength for item in finding.evidence), key=_STRENGTHS.index, default="mention") for finding in findings]
    return max(best, key=_STRENGTHS.index)


def _unidentified() -> Fields:
    words = "Components that do not say who made them cannot be held against a list: a pass means little for them."
    fix = "Let the generator write suppliers, package URLs or source addresses; sbomguard check --max-unidentified makes a limit of it."
    return {
        "id": UNIDENTIFIED,
        "name": "Components without a maker",
        "shortDescription": {"text": "Components that do not say who made them"},
        "fullDescription": {"text": words},
        "help": {"text": f"{words} {fix}", "markdown": f"{words}\n\n{fix}"},
        "defaultConfiguration": {"level": "note"},
        "properties": {"tags": ["supply-chain", "sbom"], "precision": "very-high", "problem.severity": "recommendation"},
    }
