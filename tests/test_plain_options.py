"""The short way to the options of `check`: it asks for what the option parser would, or leaves it to that."""

import subprocess
import sys
from itertools import chain
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sbomguard.cli import commands, plain
from sbomguard.cli.checking import Job
from sbomguard.errors import UsageError
from tests import made

COMMON = (
    ["--hook"], ["--strict"], ["--exit-zero"], ["-v"], ["--verbose"], ["--policy-alone"],
    ["--policy", "mine"], ["--policy=a=b"], ["--list", "x"], ["--list=y"], ["--profile", "p"],
    ["-f", "json"], ["--format=sarif"], ["--fail-on", "note"], ["--fail-on=prohibited"], ["--color", "never"],
    ["-o", "json=a.json"], ["--output=sarif=b.sarif"], ["--waivers", "w.yaml"], ["--product", "p.yaml"], ["--policy-key=k.pem"],
)  # fmt: skip
PATHS = (["a.json"], ["-"], ["b c/*.json"], ["="])
OTHER = (
    ["--limit", "bytes=2G"], ["--as-of", "2026-01-01"], ["--last-pass=2026-01-01"], ["--max-unidentified", "5%"], ["--jobs", "2"],
    ["--max-policy-age", "3"], ["--", "-x.json"], ["-ojson=a.json"], ["-vf", "json"],
)  # fmt: skip
WRONG = (
    ["--help"], ["-h"], ["--nothing"], ["--hook=1"], ["--fail-on", "never"], ["--format=yaml"], ["--color", "Never"], ["--policy"], ["-x"],
    ["--hoo"], ["--jobs", "0"], ["-f=json"], ["--list"],
)  # fmt: skip


def parsed(arguments: list[str]) -> Job:
    """What the option parser makes of them."""
    with (
        commands.main.make_context("sbomguard", ["check"]) as outer,
        commands.check.make_context("check", list(arguments), parent=outer) as context,
    ):
        return commands.job_of(**context.params)


@given(st.lists(st.sampled_from(COMMON + PATHS * 3), max_size=6).map(lambda parts: [*chain(*parts)]))
def test_common_options_ask_for_what_the_parser_makes_of_them(arguments: list[str]) -> None:
    short = plain.job_of(arguments)
    assert short == parsed(arguments) if any([text] in PATHS for text in arguments) else short is None


@given(st.lists(st.sampled_from(COMMON + PATHS), max_size=4), st.sampled_from(OTHER + WRONG), st.lists(st.sampled_from(COMMON + PATHS)))
def test_the_rest_is_left_to_the_parser(before: list[list[str]], other: list[str], behind: list[list[str]]) -> None:
    arguments = [*chain(*before, other, *behind)]
    short = plain.job_of(arguments)
    try:
        assert short in (None, parsed(arguments))  # an option without its value takes what follows
    except (click.ClickException, click.exceptions.Exit):
        assert short is None


@pytest.mark.parametrize("other", OTHER + WRONG, ids=" ".join)
def test_what_is_uncommon_or_wrong_is_left_to_the_parser(other: list[str]) -> None:
    assert plain.job_of(["a.json", *other]) is None


@pytest.mark.parametrize("text", ["json", "json=", "=a.json", "yaml=a.yaml"])
def test_an_output_that_is_none_is_an_error_on_both_ways(text: str) -> None:
    for way in (plain.job_of, parsed):
        with pytest.raises(UsageError, match="--output is"):
            way(["a.json", "-o", text])


def test_a_run_with_common_options_loads_no_option_parser(tmp_path: Path) -> None:
    (tmp_path / "a.cdx.json").write_bytes(made.cyclonedx([{"name": "zlib", "version": "1", "supplier": "Aurora GmbH"}]))
    script = "from sbomguard.cli import run; import sys; sys.exit(run(sys.argv[1:]) or 'click' in sys.modules)"
    command = [sys.executable, "-c", script, "check", "--hook", "--fail-on=note", "-o", "json=b.json", "a.cdx.json"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert (tmp_path / "b.json").is_file()
