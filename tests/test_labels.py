"""The labelled identities: who made what is found, nobody else is accused, and the format does not matter."""

import json
import runpy
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sbomguard.check import check
from sbomguard.pack import Pack
from sbomguard.policy import DEFAULT_LISTS
from sbomguard.reports import Style, render
from sbomguard.source import Source
from tests import made

FOLDER = Path(__file__).parents[2] / "shared" / "labels"
FORMS = ("cyclonedx", "spdx")
SHARES = {"default lists": (0.97, 0.93), "all lists": (0.98, 0.985)}
"""Least share of right answers and least recall of makers. The FCC lists three carriers for their services only, so that under the default
lists their software is a note, where the labels ask for more; another list names them whatever they make.
"""

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the labelled identities are not beside the repository")

Label = dict[str, Any]


def tool(name: str, function: str) -> Callable[..., Any]:
    """A function of a script that lies beside the labels."""
    found: Callable[..., Any] = runpy.run_path(str(FOLDER / name))[function]
    return found


@cache
def labels() -> tuple[Label, ...]:
    lines = (FOLDER / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line) for line in lines if line.strip())


@pytest.fixture(scope="module")
def reports(pack: Pack) -> dict[str, Any]:
    """The JSON report on all labels under the default lists, in each form."""
    return {form: report(form, pack, DEFAULT_LISTS) for form in FORMS}


@pytest.fixture(scope="module")
def full_reports(pack: Pack) -> dict[str, Any]:
    """The JSON report on all labels under all lists, in each form."""
    return {form: report(form, pack, tuple(pack.policy.lists)) for form in FORMS}


def report(form: str, pack: Pack, lists: tuple[str, ...]) -> Any:
    document = tool("to_sbom.py", form)(labels())
    verdict = check([Source(f"labels.{form}.json", json.dumps(document).encode())], pack, today=made.TODAY, lists=lists)
    return json.loads(render("json", verdict, Style(version="0")))


def found(report: Any) -> dict[str, list[Any]]:
    """The findings by the label's id."""
    by_id: dict[str, list[Any]] = {label["id"]: [] for label in labels()}
    for item in filter(lambda item: item["component"]["ref"], report["findings"]):  # what has none is the document
        by_id[item["component"]["ref"].removeprefix("SPDXRef-")].append(item)
    return by_id


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("lists", SHARES)
def test_makers_are_found_and_nearly_all_answers_are_right(
    lists: str, form: str, reports: dict[str, Any], full_reports: dict[str, Any]
) -> None:
    result, wrong = tool("score.py", "score")(labels(), (full_reports if lists == "all lists" else reports)[form])
    right, recall = SHARES[lists]
    assert result["right"] >= right, wrong
    assert result["made_by_recall"] >= recall, [row for row in wrong if row[1] == "made_by"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", ["homonym", "clean"])
def test_nobody_else_is_accused(kind: str, form: str, reports: dict[str, Any]) -> None:
    answers = found(reports[form])
    meant = [label for label in labels() if label["label"] == kind and not {"finding", "review"} & set(label["accept"])]
    assert meant
    assert not [(label["id"], label["component"]) for label in meant if any(item["level"] != "note" for item in answers[label["id"]])]


@pytest.mark.parametrize("form", FORMS)
def test_no_finding_stands_where_only_less_is_accepted(form: str, reports: dict[str, Any], full_reports: dict[str, Any]) -> None:
    for report in (reports[form], full_reports[form]):
        result, wrong = tool("score.py", "score")(labels(), report)
        assert result["false_alarms"] == {}, wrong


def test_both_formats_give_the_same_findings(reports: dict[str, Any]) -> None:
    one, other = (facts(reports[form]) for form in FORMS)
    assert one
    assert one == other


def facts(report: Any) -> set[tuple[str, ...]]:
    return {(label, item["rule"], item["level"], item["relation"]) for label, items in found(report).items() for item in items}


def test_both_formats_leave_the_same_unidentified(reports: dict[str, Any]) -> None:
    one, other = ({item["ref"].removeprefix("SPDXRef-") for item in reports[form]["unidentified"]} for form in FORMS)
    assert one == other
