"""Explanations as JSON, schema `sbomguard.explanation/1`: every key is always there, keys are only added."""

from collections.abc import Iterable

from sbomguard.explain import Explanation, Reading, Weighed
from sbomguard.finding import LEVELS, Finding
from sbomguard.model import Place
from sbomguard.reports.escape import json_text
from sbomguard.reports.json import component, document, evidence, waived

SCHEMA = "sbomguard.explanation/1"

Fields = dict[str, object]


def render(explanations: Iterable[tuple[Fields, Explanation]], lists: tuple[str, ...], day: str, version: str) -> str:
    """All explanations, each with the fields that the caller adds to it."""
    return json_text(
        {
            "schema": SCHEMA,
            "tool": {"name": "sbomguard", "version": version},
            "policy": {"as_of": day, "lists": lists},
            "explanations": [{**extra, **_explanation(item)} for extra, item in explanations],
        }
    )


def _explanation(item: Explanation) -> Fields:
    return {
        "path": item.source,
        "component": component(item.component),
        "counted": item.component.counted,
        "malformed": item.component.malformed,
        "pointer": item.component.pointer,
        **_place(item.place),
        "level": max((finding.level for finding in item.findings), key=LEVELS.index, default=None),
        "identified": not item.unidentified,
        "unidentified": item.unidentified,
        "problems": item.odd,
        "dependency_path": item.way,
        "path_names": item.way_names,
        "signals": [_reading(reading) for reading in item.readings],
        "vendors": [_weighed(weighed) for weighed in item.vendors],
    }


def _place(place: Place) -> Fields:
    return {"line": place.line, "column": place.column, "end_line": place.end_line, "end_column": place.end_column}


def _reading(reading: Reading) -> Fields:
    signal = reading.signal
    return {
        "signal": signal.kind,
        "role": signal.role,
        "field": signal.field,
        "value": signal.value,
        "pointer": reading.pointer,
        **_place(reading.place),
        "names_maker": reading.names_maker,
        "steps": [{"step": step.name, "text": step.text} for step in reading.trace.steps],
        "looked_up": reading.trace.keys,
        "unreadable": reading.trace.lost,
        "odd": reading.trace.note,
        "met": [{"vendor": item.vendor, **evidence(item)} for item in reading.met],
        "met_in_vain": [{"vendor": item.vendor, "expected": item.expected, "why": item.why} for item in reading.refused],
        "suggestions": [{"vendor": item.vendor, "expected": item.expected, "alike": item.alike, "why": item.why} for item in reading.near],
    }


def _weighed(weighed: Weighed) -> Fields:
    return {
        "vendor": weighed.vendor,
        "vendor_name": weighed.vendor_name,
        "relation": weighed.standing.relation,
        "grade": weighed.standing.grade,
        "why": weighed.standing.why,
        "no_entry": weighed.unlisted,
        "entries": [_finding(finding) for finding in weighed.findings],
    }


def _finding(finding: Finding) -> Fields:
    return {
        "rule": finding.rule,
        "level": finding.level,
        "why_level": finding.why_level,
        "list": finding.list_id,
        "entry": finding.entry,
        "entry_title": finding.entry_title,
        "documents": [document(item) for item in finding.documents],
        "remedy": finding.remedy,
        "waiver": waived(finding),
        "fingerprint": finding.fingerprint,
    }
