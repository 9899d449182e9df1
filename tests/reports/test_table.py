"""Every report in the table is a module that satisfies the protocol; the same verdict gives the same bytes."""

import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from inspect import signature

import pytest

from sbomguard.errors import UsageError
from sbomguard.reports import REPORTS, render
from sbomguard.verdict import Verdict

from . import golden, verdicts

VERDICTS = (verdicts.passing, verdicts.failing, verdicts.incomplete)
SUFFIX = {"text": "txt"}


@pytest.mark.parametrize("name", REPORTS)
def test_module_satisfies_protocol(name: str) -> None:
    module = import_module(REPORTS[name])
    assert module.__doc__
    assert list(signature(module.render).parameters) == ["verdict", "style"]


def test_unknown_name_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="xlsx.*text, json, sarif"):
        render("xlsx", verdicts.passing(), verdicts.STYLE)


def test_table_loads_no_report() -> None:
    code = "import sys, sbomguard.reports; print([name for name in sys.modules if name.startswith('sbomguard.reports.')])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


@pytest.mark.parametrize("make", VERDICTS)
@pytest.mark.parametrize("name", REPORTS)
def test_golden(name: str, make: Callable[[], Verdict]) -> None:
    golden.check(f"{make.__name__}.{SUFFIX.get(name, name)}", render(name, make(), verdicts.STYLE))


@pytest.mark.parametrize("make", VERDICTS)
@pytest.mark.parametrize("name", REPORTS)
def test_same_verdict_same_bytes(name: str, make: Callable[[], Verdict]) -> None:
    assert render(name, make(), verdicts.STYLE) == render(name, make(), verdicts.STYLE)


@pytest.mark.parametrize("name", REPORTS)
def test_ends_with_one_line_feed(name: str) -> None:
    text = render(name, verdicts.failing(), verdicts.STYLE)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "\r" not in text
