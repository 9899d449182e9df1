"""SARIF 2.1.0 with all that GitHub code scanning reads: rules, places with four numbers, own fingerprints, suppressions, the policy."""

import re
from collections import Counter
from hashlib import sha256

from sbomguard.finding import LEVELS, Finding
from sbomguard.model import Place
from sbomguard.reports import Style
from sbomguard.reports import json as report
from sbomguard.reports.escape import PROSE_LIMIT, json_text, mapped, portable, sarif
from sbomguard.reports.json import Fields
from sbomguard.reports.sarif_notices import MAX_RESULTS, invocation, poor
from sbomguard.reports.sarif_places import category, location, uri
from sbomguard.reports.sarif_rules import LEVEL, UNIDENTIFIED, rules
from sbomguard.verdict import Read, Verdict

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_START = Place(line=1, column=1, end_line=1, end_column=2)


def render(verdict: Verdict, style: Style) -> str:
    """The verdict as one SARIF run."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(verdict, style)]}
    return json_text(mapped(_without_blanks(log), portable))


def _run(verdict: Verdict, style: Style) -> Fields:
    descriptors = rules(verdict)
    index = {str(rule["id"]): number for number, rule in enumerate(descriptors)}
    results = _results(verdict, index)
    return {
        "tool": {"driver": {"name": "sbomguard", **_version(style.version), "rules": descriptors}},
        "automationDetails": {"id": category(verdict)},
        "invocations": [invocation(verdict, len(results))],
        "artifacts": list({document.path: _artifact(document) for document in verdict.documents}.values()),
        "columnKind": "unicodeCodePoints",
        "results": results[:MAX_RESULTS],
        "properties": {"verdict": verdict.outcome, "reasons": verdict.reasons, "policy": report.policy(verdict)},
    }


def _version(version: str) -> Fields:
    # SARIF asks for Semantic Versioning in semanticVersion; a Python development version is none.
    semantic = version if re.fullmatch(r"\d+\.\d+\.\d+", version) else ""
    return {"version": version, "semanticVersion": semantic}


def _results(verdict: Verdict, index: dict[str, int]) -> list[Fields]:
    """Worst first, so that a cut takes notes; the word on the unidentified stands before the notes."""
    findings = sorted(verdict.findings, key=lambda finding: -LEVELS.index(finding.level))
    serious = [finding for finding in findings if finding.level != "note"]
    seen: Counter[str] = Counter()
    return [
        *(_result(finding, index, seen) for finding in serious),
        *(_unidentified(document, index) for document in verdict.documents if document.unidentified),
        *(_result(finding, index, seen) for finding in findings[len(serious) :]),
    ]


def _result(finding: Finding, index: dict[str, int], seen: Counter[str]) -> Fields:
    seen[finding.fingerprint] += 1
    return {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": LEVEL[finding.level],
        "message": {"text": _message(finding)},
        "locations": [location(finding.location.path, finding.location.pointer, finding.location.place)],
        "partialFingerprints": _fingerprints(finding.fingerprint, seen[finding.fingerprint]),
        "suppressions": _suppressions(finding),
        "properties": _properties(finding),
    }


def _message(finding: Finding) -> str:
    """What, why, where (GitHub shows no pointer of its own) and what to do."""
    facts = "; ".join(f'{sarif(item.field)} is "{sarif(item.found)}" ({item.strength})' for item in finding.evidence[:3])
    place = f"{sarif(finding.location.path)} at {sarif(finding.location.pointer)}" if finding.location.pointer else ""
    parts = (_sentence(finding.message or finding.rule), sarif(finding.why_level, PROSE_LIMIT), facts and f"Evidence: {facts}.",
             finding.news and _sentence(finding.news[0].upper() + finding.news[1:]), place and f"Place: {place}.",
             sarif(finding.remedy, PROSE_LIMIT))  # fmt: skip
    return " ".join(part for part in parts if part)


def _sentence(text: str) -> str:
    return sarif(text, PROSE_LIMIT).rstrip(".") + "."


def _fingerprints(fingerprint: str, occurrence: int) -> Fields:
    # GitHub merges results of one hash; the number keeps two versions of a component in one document apart, as CodeQL does it.
    return {"primaryLocationLineHash": f"{fingerprint}:{occurrence}", "sbomguard/v1": fingerprint}


def _suppressions(finding: Finding) -> list[Fields]:
    waiver = finding.waiver
    if not waiver:
        return []
    words = f"{waiver.reason} ({waiver.owner} answers for it until {waiver.expires})"
    return [{"kind": "external", "status": "accepted", "justification": words}]


def _properties(finding: Finding) -> Fields:
    return {
        "level": finding.level,
        "relation": finding.relation,
        "vendor": finding.vendor,
        "vendor_name": finding.vendor_name,
        "list": finding.list_id,
        "component": report.component(finding.component),
        "evidence": [report.evidence(item) for item in finding.evidence],
        "dependency_path": finding.dependency_path,
        "documents": [report.document(item) for item in finding.documents],
        "entry_since": finding.since,
        "rule_origin": report.origin(finding.origin),
        "vendor_origin": report.origin(finding.vendor_origin),
        "new_since_last_pass": report.news(finding),
    }


def _unidentified(document: Read, index: dict[str, int]) -> Fields:
    fingerprint = sha256(f"{UNIDENTIFIED}\x1f{document.path}".encode("utf-8", "surrogatepass")).hexdigest()
    return {
        "ruleId": UNIDENTIFIED,
        "ruleIndex": index[UNIDENTIFIED],
        "level": "note",
        "message": {"text": poor(document)},
        "locations": [location(document.path, "", _START)],
        "partialFingerprints": _fingerprints(fingerprint, 1),
        "suppressions": [],
        "properties": {"unidentified": document.unidentified, "components": document.components},
    }


def _artifact(document: Read) -> Fields:
    return {"location": {"uri": uri(document.path)}, "roles": ["analysisTarget"], "hashes": {"sha-256": document.digest}}


def _without_blanks(tree: object) -> object:
    """The tree without empty strings and nulls, which GitHub refuses; empty sequences stay, for they say that there is nothing."""
    if isinstance(tree, dict):
        return {key: _without_blanks(value) for key, value in tree.items() if value is not None and value != ""}
    if isinstance(tree, list | tuple):
        return [_without_blanks(value) for value in tree if value is not None and value != ""]
    return tree
