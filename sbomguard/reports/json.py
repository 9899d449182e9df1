"""The JSON report, schema `sbomguard.report/1`: every key always there, in one order; keys are only ever added."""

from sbomguard.finding import Evidence, Finding
from sbomguard.model import Component, Problem
from sbomguard.policy import Document, Folder, ListInForce, Origin
from sbomguard.product import Product
from sbomguard.production import Category
from sbomguard.reports import Style
from sbomguard.reports.escape import json_text
from sbomguard.verdict import Failure, Read, Unidentified, Verdict
from sbomguard.waiver import Waiver

SCHEMA = "sbomguard.report/1"

Fields = dict[str, object]


def render(verdict: Verdict, style: Style) -> str:
    """The verdict as JSON in plain ASCII."""
    return json_text(
        {
            "schema": SCHEMA,
            "tool": {"name": "sbomguard", "version": style.version},
            "verdict": verdict.outcome,
            "exit_code": verdict.exit_code,
            "reasons": verdict.reasons,
            "policy": policy(verdict),
            "documents": [_read(document) for document in verdict.documents],
            "findings": [_finding(finding) for finding in verdict.findings],
            "unidentified": [_unidentified(item) for item in verdict.unidentified],
            "errors": [_failure(item) for item in verdict.failures],
            "waivers": {
                "used": [_waiver(waiver) for waiver in verdict.waivers_used],
                "unused": [_waiver(waiver) for waiver in verdict.waivers_unused],
                "expired": [_waiver(waiver) for waiver in verdict.waivers_expired],
            },
            "product": _product(verdict.product),
            "categories": [_category(item) for item in verdict.categories],
        }
    )


def policy(verdict: Verdict) -> Fields:
    """What was in force: day, threshold, lists, and the folders that they came from."""
    return {
        "as_of": verdict.as_of,
        "fail_on": verdict.fail_on,
        "lists": [_list(item) for item in verdict.lists],
        "folders": [_folder(item) for item in verdict.folders],
        "hints": verdict.hints,
        "last_pass": verdict.last_pass,
    }


def component(item: Component) -> Fields:
    """A component, without its signals."""
    return {
        "ref": item.ref,
        "name": item.name,
        "version": item.version,
        "purl": item.purl,
        "type": item.type,
        "class": item.component_class,
    }


def evidence(item: Evidence) -> Fields:
    """One fact; `at` is the JSON Pointer from the component to the value."""
    return {
        "signal": item.signal,
        "field": item.field,
        "found": item.found,
        "expected": item.expected,
        "strength": item.strength,
        "at": item.at,
        "relation": item.relation,
        "folded": item.folded,
        "explanation": item.explanation,
        "confidence": item.confidence,
        "sources": item.sources,
    }


def document(item: Document) -> Fields:
    """A document of an authority."""
    return {"number": item.number, "title": item.title, "date": item.date, "url": item.url}


def _finding(finding: Finding) -> Fields:
    return {
        "rule": finding.rule,
        "level": finding.level,
        "relation": finding.relation,
        "vendor": finding.vendor,
        "list": finding.list_id,
        "component": component(finding.component),
        "evidence": [evidence(item) for item in finding.evidence],
        "location": _location(finding),
        "dependency_path": finding.dependency_path,
        "documents": [item.number for item in finding.documents],
        "message": finding.message,
        "fingerprint": finding.fingerprint,
        "waiver": waived(finding),
        "vendor_name": finding.vendor_name,
        "entry": finding.entry,
        "entry_title": finding.entry_title,
        "entry_meaning": finding.entry_meaning,
        "entry_limits": finding.entry_limits,
        "why_level": finding.why_level,
        "remedy": finding.remedy,
        "authority_documents": [document(item) for item in finding.documents],
        "entry_since": finding.since,
        "rule_origin": origin(finding.origin),
        "vendor_origin": origin(finding.vendor_origin),
        "new_since_last_pass": news(finding),
    }


def origin(item: Origin | None) -> Fields | None:
    """Which file a rule or a vendor comes from, and what that overrides."""
    return {"file": item.file, "folder": item.folder, "shipped": not item.folder, "overrides": item.overrides} if item else None


def news(finding: Finding) -> Fields | None:
    """Since when it is new; null for what is not, or where nobody asked."""
    return {"since": finding.new_since, "message": finding.news} if finding.new_since else None


def _location(finding: Finding) -> Fields:
    place = finding.location.place
    return {
        "path": finding.location.path,
        "pointer": finding.location.pointer,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
    }


def waived(finding: Finding) -> Fields | None:
    """Who waived it, why and until when; None where nobody did."""
    waiver = finding.waiver
    return {"reason": waiver.reason, "owner": waiver.owner, "expires": waiver.expires} if waiver else None


def _list(item: ListInForce) -> Fields:
    return {
        "id": item.id,
        "snapshot": item.snapshot,
        "sha256": item.digest,
        "title": item.title,
        "authority": item.authority,
        "document": item.document,
        "url": item.url,
        "entries": item.entries,
        "undecided": item.undecided,
        "age_days": item.age,
        "origin": origin(item.origin),
    }


def _folder(item: Folder) -> Fields:
    return {
        "path": item.path,
        "shipped": not item.path,
        "sha256": item.digest,
        "files": item.files,
        "overrides": [{"file": file, "overrides": other} for file, other in item.overrides],
        "signed_by": item.signed_by,
    }


def _read(item: Read) -> Fields:
    return {
        "path": item.path,
        "sha256": item.digest,
        "format": item.format,
        "version": item.version,
        "serialisation": item.serialisation,
        "components": item.components,
        "unidentified": item.unidentified,
        "problems": [_problem(problem) for problem in item.problems],
        "gaps": [_problem(problem) for problem in item.gaps],
        "generator": item.generator,
        "advice": item.advice,
        "suppliers": dict(item.suppliers),
        "countries": dict(item.countries),
    }


def _product(item: Product | None) -> Fields | None:
    """What was declared of the product; null where nothing was."""
    if item is None:
        return None
    modules = [{"name": module.name, "fcc_id": module.fcc_id, "manufacturer": module.manufacturer} for module in item.radio_modules]
    return {
        "name": item.name,
        "sector": item.sector,
        "produced_in": item.produced_in,
        "relies_on": item.relies_on,
        "radio_modules": modules,
        "path": item.origin,
    }


def _category(item: Category) -> Fields:
    return {
        "rule": item.rule,
        "title": item.title,
        "answer": item.answer,
        "why": item.why,
        "asks": item.asks,
        "exemptions": item.exemptions,
        "documents": item.documents,
        "status": item.status,
    }


def _problem(problem: Problem) -> Fields:
    return {"pointer": problem.pointer, "message": problem.message, "ref": problem.ref}


def _failure(item: Failure) -> Fields:
    return {
        "path": item.path,
        "pointer": item.pointer,
        "problem": item.problem,
        "advice": item.advice,
        "kind": item.kind,
        "line": item.line,
        "column": item.column,
    }


def _unidentified(item: Unidentified) -> Fields:
    return {"ref": item.ref, "name": item.name, "reason": item.reason, "document": item.document}


def _waiver(waiver: Waiver) -> Fields:
    return {
        "rule": waiver.rule,
        "purl": waiver.purl,
        "name": waiver.name,
        "version": waiver.version,
        "reason": waiver.reason,
        "owner": waiver.owner,
        "expires": waiver.expires,
        "origin": waiver.origin,
    }
