"""The command line end to end: exit codes, what goes to which stream, options, and runs that give the same bytes."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from sbomguard import __version__
from sbomguard.cli import run
from tests import made

HUAWEI = {"name": "agent", "version": "1.2", "supplier": "Huawei Technologies Co., Ltd."}
CLEAN = {"name": "zlib", "version": "1.3", "supplier": "Aurora GmbH"}
NAMELESS = {"name": "blob"}

FILES: dict[str, bytes] = {
    "fail.cdx.json": made.cyclonedx([HUAWEI, CLEAN]),
    "fail.spdx.json": made.spdx([HUAWEI, CLEAN]),
    "pass.cdx.json": made.cyclonedx([CLEAN]),
    "partly.cdx.json": made.cyclonedx([CLEAN, NAMELESS]),
    "empty.cdx.json": made.cyclonedx([]),
    "nameless.spdx.json": made.spdx([NAMELESS]),
    "broken.cdx.json": made.cyclonedx([HUAWEI])[:-20],
    "package.json": b'{"name": "app", "version": "1.0"}',
}

WAIVERS = """
waivers:
  - rule: fcc-covered-list/huawei
    name: agent
    reason: a host tool, not in the image
    owner: jan@maker.example
    expires: "2026-12-31"
"""


class Ran(NamedTuple):
    """What a run answered."""

    code: int
    out: str
    err: str

    def failed_plainly(self) -> bool:
        """Whether it ended in exit code 2 with one line on standard error, and nothing on standard output."""
        lines = self.err.splitlines()
        return self.code == 2 and not self.out and len(lines) == 1 and lines[0].startswith("sbomguard: error: ")


Runner = Callable[..., Ran]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of SBOMs as the current one, on a fixed day, without a terminal's wishes."""
    for name, raw in FILES.items():
        (tmp_path / name).write_bytes(raw)
    (tmp_path / "waivers.yaml").write_text(WAIVERS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795219200")  # 2026-11-21
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def cli(here: Path, capsys: pytest.CaptureFixture[str]) -> Runner:
    """Run the command line in this process."""

    def call(*arguments: str) -> Ran:
        code = run(list(arguments))
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return call


# ---- exit codes and streams


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        ("pass.cdx.json", 0, "PASS"),
        ("fail.cdx.json", 1, "FAIL"),
        ("fail.spdx.json", 1, "FAIL"),
        ("empty.cdx.json", 3, "INCOMPLETE"),
        ("nameless.spdx.json", 3, "INCOMPLETE"),
        ("pass.cdx.json fail.spdx.json", 1, "FAIL"),
        ("pass.cdx.json empty.cdx.json", 3, "INCOMPLETE"),
        ("fail.cdx.json empty.cdx.json", 1, "FAIL"),
        ("partly.cdx.json", 0, "PASS"),
        ("partly.cdx.json --max-unidentified 0", 3, "INCOMPLETE"),
        ("partly.cdx.json --max-unidentified 1", 0, "PASS"),
        ("partly.cdx.json --max-unidentified 49.9%", 3, "INCOMPLETE"),
        ("partly.cdx.json --max-unidentified 50%", 0, "PASS"),
        ("fail.cdx.json --fail-on prohibited", 0, "PASS"),
        ("fail.cdx.json --as-of 2021-03-11", 3, "INCOMPLETE"),
        ("fail.cdx.json --as-of 2021-03-12", 1, "FAIL"),
        ("fail.cdx.json --list us-commerce-kaspersky", 0, "PASS"),
        ("fail.cdx.json --list us-commerce-kaspersky --list fcc-covered-list", 1, "FAIL"),
        ("fail.cdx.json --waivers waivers.yaml", 0, "PASS"),
        ("fail.cdx.json --waivers waivers.yaml --fail-on note", 0, "PASS"),
        ("*.spdx.json", 1, "FAIL"),
    ],
)
def test_the_exit_code_says_the_verdict(cli: Runner, arguments: str, code: int, word: str) -> None:
    for form in ("text", "json", "sarif"):
        ran = cli("check", *arguments.split(), "-f", form)
        assert (ran.code, ran.err) == (code, "")
        assert form != "text" or ran.out.startswith(word)
        assert form != "json" or (json.loads(ran.out)["exit_code"], json.loads(ran.out)["verdict"]) == (code, word.lower())


@pytest.mark.parametrize("form", ["text", "json", "sarif"])
def test_one_failing_input_keeps_the_findings_of_the_others(cli: Runner, form: str) -> None:
    ran = cli("check", "broken.cdx.json", "fail.cdx.json", "gone.json", "-f", form)
    assert ran.code == 2
    assert "Huawei Technologies" in ran.out
    assert [line.split(": ")[2].split(" ")[0] for line in ran.err.splitlines()] == ["broken.cdx.json", "gone.json"]
    assert all(line.startswith("sbomguard: error: ") for line in ran.err.splitlines())


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--bogus"],
        ["bogus"],
        ["check"],
        ["check", "--bogus", "pass.cdx.json"],
        ["check", "gone.json"],
        ["check", "gone/"],
        ["check", "nothing*.json"],
        ["check", "broken.cdx.json"],
        ["check", "package.json"],
        ["check", ""],
        ["check", "pass.cdx.json", "--list", "fcc"],
        ["check", "pass.cdx.json", "--list", ""],
        ["check", "pass.cdx.json", "--list"],
        ["check", "pass.cdx.json", "--fail-on", "everything"],
        ["check", "pass.cdx.json", "-f", "pdf"],
        ["check", "pass.cdx.json", "--color", "blue"],
        ["check", "pass.cdx.json", "--policy", "nowhere"],
        ["check", "pass.cdx.json", "--waivers", "nowhere.yaml"],
        ["check", "pass.cdx.json", "--waivers", "pass.cdx.json"],
        *(
            ["check", "pass.cdx.json", "-o", value]
            for value in ("json", "json=", "=x", "pdf=x", "json=.", "json=gone/x", "json=pass.cdx.json")
        ),
        *(
            ["check", "pass.cdx.json", "--as-of", value]
            for value in ("today", "2026-1-1", "2026-02-30", "20260101", "2026-01-01 ", "2026-01-01T00:00", "21-03-12", "２０２６-01-01")
        ),
        *(
            ["check", "pass.cdx.json", "--max-unidentified", value]
            for value in ("x", "-1", "1.5", "101%", "100.1%", "%", "1 %", "1e3", "", "nan", "inf%", "9999999999")
        ),
    ],
    ids=" ".join,
)
def test_what_cannot_be_checked_is_one_line_and_exit_code_2(cli: Runner, arguments: list[str]) -> None:
    ran = cli(*arguments)
    assert ran.failed_plainly(), ran
    assert "\\u{a}" not in ran.err


@pytest.mark.parametrize("epoch", ["x", "-1", "1.5", "²", "１", "9" * 30])
def test_a_clock_that_makes_no_sense_is_an_error(cli: Runner, monkeypatch: pytest.MonkeyPatch, epoch: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    ran = cli("check", "pass.cdx.json")
    assert ran.failed_plainly(), ran
    assert "SOURCE_DATE_EPOCH" in ran.err


def test_the_clock_may_be_set_for_builds_that_must_repeat(cli: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1616112000")  # 2021-03-19, a week after the list began
    ran = cli("check", "fail.cdx.json", "-f", "json")
    assert (ran.code, json.loads(ran.out)["policy"]["as_of"]) == (1, "2021-03-19")


def test_an_error_names_the_nearest_that_exists(cli: Runner) -> None:
    assert "Did you mean 'fcc-covered-list'?" in cli("check", "pass.cdx.json", "--list", "fcc-covered").err
    assert "--waivers" in cli("check", "pass.cdx.json", "--waiver", "x").err


@pytest.mark.parametrize("name", ["a\nb.json", "a\x1b[31mb.json", "::error::b.json", "\u202eb.json"])
def test_a_hostile_file_name_stays_on_its_line(cli: Runner, here: Path, name: str) -> None:
    assert cli("check", name).failed_plainly()
    (here / name).write_bytes(FILES["fail.cdx.json"])
    ran = cli("check", name)
    assert (ran.code, ran.err) == (1, "")
    assert name not in ran.out


@pytest.mark.parametrize(
    "arguments", [["--help"], ["-h"], ["check", "--help"], ["check", "-h"], ["waivers", "--help"], ["waivers", "check", "--help"]]
)
def test_help_is_on_standard_output(cli: Runner, arguments: list[str]) -> None:
    ran = cli(*arguments)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Usage: sbomguard")


def test_help_of_check_tells_the_exit_codes_and_every_option(cli: Runner) -> None:
    text = cli("check", "--help").out
    for (
        word
    ) in "0 pass; 1 2 3 --list --policy --as-of --fail-on --waivers --max-unidentified --format --output --exit-zero --hook --jobs".split():
        assert word in text


def test_the_version_is_told(cli: Runner) -> None:
    assert cli("--version") == Ran(0, f"sbomguard {__version__}\n", "")


# ---- inputs


def feed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


@pytest.mark.parametrize(
    ("name", "code"), [("pass.cdx.json", 0), ("fail.spdx.json", 1), ("broken.cdx.json", 2), ("package.json", 2), ("empty.cdx.json", 3)]
)
def test_standard_input_is_checked_as_a_file_is(cli: Runner, monkeypatch: pytest.MonkeyPatch, name: str, code: int) -> None:
    feed(monkeypatch, FILES[name])
    assert cli("check", "-").code == code


def test_an_empty_standard_input_is_an_error(cli: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    feed(monkeypatch, b"")
    ran = cli("check", "-")
    assert ran.failed_plainly()
    assert ran.err == "sbomguard: error: -: is empty\n"


def test_a_folder_is_searched_and_what_is_no_sbom_is_passed_over(cli: Runner, here: Path) -> None:
    (here / "broken.cdx.json").unlink()
    ran = cli("check", ".", "-f", "json")
    paths = [document["path"] for document in json.loads(ran.out)["documents"]]
    assert sorted(paths) == sorted(f"./{name}" for name in FILES if name not in ("broken.cdx.json", "package.json"))
    assert (ran.code, ran.err) == (1, "")


SBOM = FILES["fail.cdx.json"]

HIDDEN: dict[str, bytes] = {
    "truncated": SBOM[:-20],
    "white space in front": b"\n\n" + SBOM,
    "a log line in front": b"WARN: slow\n" + SBOM,
    "two byte order marks": b"\xef\xbb\xbf\xef\xbb\xbf" + SBOM,
    "another document behind": SBOM + b"{}",
    "Latin-1": SBOM.replace(b"zlib", b"zl\xefb"),
    "UTF-16 without a mark": SBOM.decode().encode("utf-16-le"),
    "UTF-16 cut in half": b"\xff\xfe" + SBOM.decode().encode("utf-16-le")[:-1],
    "a key twice": SBOM.replace(b'"version": 1,', b'"version": 1, "version": 1,'),
    "XML": b'<bom xmlns="http://cyclonedx.org/schema/bom/1.4"><components/></bom>',
    "another version": SBOM.replace(b'"1.6"', b'"9.9"'),
}


@pytest.mark.parametrize("raw", HIDDEN.values(), ids=HIDDEN.keys())
def test_an_sbom_in_a_folder_is_never_passed_over(cli: Runner, here: Path, raw: bytes) -> None:
    (here / "sboms").mkdir()
    (here / "sboms" / "ok.json").write_bytes(FILES["pass.cdx.json"])
    (here / "sboms" / "odd.json").write_bytes(raw)
    assert cli("check", "sboms").code != 0


def test_a_folder_without_sboms_is_an_error(cli: Runner, here: Path) -> None:
    (here / "none").mkdir()
    (here / "none" / "package.json").write_bytes(FILES["package.json"])
    assert cli("check", "none").failed_plainly()


def test_a_fifo_is_refused_and_not_waited_for(cli: Runner, here: Path) -> None:
    os.mkfifo(here / "fifo.json")
    ran = cli("check", "fifo.json")
    assert ran.failed_plainly()
    assert "not a regular file" in ran.err


def test_a_file_that_may_not_be_read_is_an_error(cli: Runner, here: Path) -> None:
    (here / "pass.cdx.json").chmod(0)
    if os.access(here / "pass.cdx.json", os.R_OK):
        pytest.skip("this user may read everything")
    assert cli("check", "pass.cdx.json").failed_plainly()


def test_a_file_named_twice_is_checked_once(cli: Runner) -> None:
    ran = cli("check", "fail.cdx.json", "./fail.cdx.json", "fail.cdx*", "-f", "json")
    assert len(json.loads(ran.out)["documents"]) == 1


# ---- the hook

NO_SBOM: dict[str, bytes] = {
    "a manifest": FILES["package.json"],
    "a manifest that names a format": b'{"name": "app", "keywords": ["sbom", "CycloneDX", "SPDX"]}',
    "the schema of a format": b'{"properties": {"bomFormat": {"enum": ["CycloneDX"]}, "spdxVersion": {}}}',
    "a list": b"[1, 2]",
    "a picture": b"\x89PNG\r\n\x1a\n\xff\xd8",
    "Latin-1": "Müller".encode("latin-1"),
    "HTML": b"<html></html>",
    "YAML": b"a: b\n",
}


@pytest.mark.parametrize("raw", NO_SBOM.values(), ids=NO_SBOM.keys())
def test_the_hook_is_silent_on_what_is_no_sbom(cli: Runner, here: Path, raw: bytes) -> None:
    (here / "some.json").write_bytes(raw)
    assert cli("check", "--hook", "some.json", "package.json") == Ran(0, "", "")


def test_the_hook_is_silent_on_nothing(cli: Runner) -> None:
    assert cli("check", "--hook") == Ran(0, "", "")


@pytest.mark.parametrize(
    ("name", "code"),
    [("pass.cdx.json", 0), ("fail.cdx.json", 1), ("fail.spdx.json", 1), ("broken.cdx.json", 2), ("empty.cdx.json", 3), ("gone.json", 2)],
)
def test_the_hook_checks_what_is_an_sbom(cli: Runner, name: str, code: int) -> None:
    ran = cli("check", "--hook", "package.json", name)
    assert ran.code == code
    assert bool(ran.err) is (code == 2)


@pytest.mark.parametrize("raw", HIDDEN.values(), ids=HIDDEN.keys())
def test_the_hook_passes_over_no_sbom(cli: Runner, here: Path, raw: bytes) -> None:
    (here / "odd.cdx.json").write_bytes(raw)
    assert cli("check", "--hook", "odd.cdx.json").code != 0


# ---- options


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("pass.cdx.json", 0),
        ("fail.cdx.json", 0),
        ("empty.cdx.json", 0),
        ("partly.cdx.json --max-unidentified 0", 0),
        ("broken.cdx.json", 2),
        ("gone.json", 2),
        ("fail.cdx.json gone.json", 2),
        ("fail.cdx.json --list nothing", 2),
    ],
)
def test_exit_zero_forgives_findings_and_gaps_and_no_errors(cli: Runner, arguments: str, code: int) -> None:
    assert cli("check", "--exit-zero", *arguments.split()).code == code


def test_exit_zero_does_not_change_the_report(cli: Runner) -> None:
    assert cli("check", "fail.cdx.json", "--exit-zero").out == cli("check", "fail.cdx.json").out


def test_reports_go_to_as_many_files_as_are_named(cli: Runner, here: Path) -> None:
    ran = cli("check", "fail.cdx.json", "-o", "json=out.json", "-o", "sarif=out.sarif", "-o", "text=out.txt", "-o", "json=again.json")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.startswith("FAIL")
    assert (here / "out.json").read_text() == (here / "again.json").read_text() == cli("check", "fail.cdx.json", "-f", "json").out
    assert (here / "out.sarif").read_text() == cli("check", "fail.cdx.json", "-f", "sarif").out
    assert (here / "out.txt").read_text().startswith("FAIL")


def test_a_report_that_cannot_be_written_is_an_error_whatever_the_verdict(cli: Runner) -> None:
    for name in ("pass.cdx.json", "fail.cdx.json"):
        assert cli("check", name, "-o", "json=gone/out.json", "--exit-zero").code == 2


@pytest.mark.parametrize(
    ("arguments", "victim"),
    [
        ("fail.cdx.json -o json=fail.cdx.json", "fail.cdx.json"),
        ("pass.cdx.json fail.cdx.json -o text=./fail.cdx.json", "fail.cdx.json"),
        ("broken.cdx.json -o json=broken.cdx.json", "broken.cdx.json"),
        ("pass.cdx.json broken.cdx.json -o json=broken.cdx.json", "broken.cdx.json"),
        ("fail.cdx.json --waivers waivers.yaml -o json=waivers.yaml", "waivers.yaml"),
    ],
)
def test_a_report_never_replaces_what_was_read(cli: Runner, here: Path, arguments: str, victim: str) -> None:
    before = (here / victim).read_bytes()
    assert cli("check", *arguments.split()).code == 2
    assert (here / victim).read_bytes() == before


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_a_report_tells_an_error_too(cli: Runner, here: Path, form: str) -> None:
    ran = cli("check", "broken.cdx.json", "-f", form, "-o", f"{form}=out")
    assert ran.code == 2
    assert (here / "out").read_text() == ran.out
    assert "broken.cdx.json" in json.dumps(json.loads(ran.out))


@pytest.mark.parametrize(
    ("environment", "option", "coloured"),
    [
        ({}, "auto", False),
        ({"FORCE_COLOR": "1"}, "auto", True),
        ({"FORCE_COLOR": ""}, "auto", False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, "auto", False),
        ({"NO_COLOR": "", "FORCE_COLOR": "1"}, "auto", True),
        ({"NO_COLOR": "1"}, "always", True),
        ({"FORCE_COLOR": "1"}, "never", False),
    ],
    ids=str,
)
def test_colour_is_as_wished(
    cli: Runner, monkeypatch: pytest.MonkeyPatch, here: Path, environment: dict[str, str], option: str, coloured: bool
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    ran = cli("check", "fail.cdx.json", "--color", option, "-o", "text=out.txt")
    assert ("\x1b[" in ran.out) is coloured
    assert "\x1b" not in (here / "out.txt").read_text()
    assert "\x1b" not in cli("check", "fail.cdx.json", "--color", option, "-f", "json").out


@pytest.mark.parametrize(
    ("expires", "code", "kind"),
    [("2026-11-20", 1, "expired"), ("2026-11-21", 0, "used"), ("2026-12-31", 0, "used"), ("2028-01-01", 2, "")],
)
def test_a_waiver_file_is_weighed(cli: Runner, here: Path, expires: str, code: int, kind: str) -> None:
    (here / "waivers.yaml").write_text(WAIVERS.replace("2026-12-31", expires))
    ran = cli("check", "fail.cdx.json", "--waivers", "waivers.yaml", "-f", "json")
    assert ran.code == code
    if kind:
        assert [name for name, waivers in json.loads(ran.out)["waivers"].items() if waivers] == [kind]


def test_an_unused_waiver_is_told(cli: Runner) -> None:
    ran = cli("check", "pass.cdx.json", "--waivers", "waivers.yaml")
    assert ran.code == 0
    assert "unused" in ran.out


@pytest.mark.parametrize(("expires", "code"), [("2026-11-20", 2), ("2026-11-21", 0), ("2028-01-01", 2)])
def test_waiver_files_are_checked_by_themselves(cli: Runner, here: Path, expires: str, code: int) -> None:
    (here / "waivers.yaml").write_text(WAIVERS.replace("2026-12-31", expires))
    ran = cli("waivers", "check", "waivers.yaml")
    assert (ran.code, ran.out) == (code, "")
    assert len(ran.err.splitlines()) == (1 if code else 0)


def test_verbose_lists_what_else_is_counted(cli: Runner) -> None:
    assert len(cli("check", "partly.cdx.json", "-v").out) > len(cli("check", "partly.cdx.json").out)


# ---- processes of their own


def spawn(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """`python -m sbomguard` in a process of its own; `env` adds to the environment."""
    package = Path(__file__).parents[1]
    environment = {**os.environ, "PYTHONPATH": str(package), **options.pop("env", {})}
    command = [sys.executable, "-m", "sbomguard", *arguments]
    return subprocess.run(command, env=environment, check=False, **{"capture_output": "stdout" not in options, **options})


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_two_runs_give_the_same_bytes(here: Path, form: str) -> None:
    (here / "broken.cdx.json").unlink()
    names = sorted(FILES.keys() - {"broken.cdx.json", "package.json"})
    first, second = (
        spawn("check", *names, "-f", form, "--waivers", "waivers.yaml", env={"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"})
        for seed, zone in (("1", "Pacific/Kiritimati"), ("4242", "America/Adak"))
    )
    assert (first.returncode, first.stderr) == (second.returncode, second.stderr) == (3, b"")
    assert first.stdout == second.stdout
    assert json.loads(first.stdout)


def test_a_process_ends_with_the_exit_code_of_the_run(here: Path) -> None:
    done = spawn("check", "fail.cdx.json", "gone.json")
    assert done.returncode == 2
    assert done.stdout.startswith(b"ERROR")
    assert done.stderr.count(b"\n") == 1
    assert b"Traceback" not in done.stderr


def test_a_reader_that_leaves_turns_nothing_into_a_pass(here: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = spawn("check", "pass.cdx.json", stdout=writing, stderr=subprocess.PIPE)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)
    assert b"its reader closed it" in done.stderr


@pytest.mark.parametrize("arguments", ["check pass.cdx.json", "--version", "--help"])
def test_a_full_disk_turns_nothing_into_a_pass(here: Path, arguments: str) -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("there is no /dev/full here")
    with open("/dev/full", "wb") as full:
        done = spawn(*arguments.split(), stdout=full.fileno(), stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_standard_input_of_a_process_is_checked(here: Path) -> None:
    done = spawn("check", "-", "-f", "json", input=FILES["fail.cdx.json"])
    assert (done.returncode, json.loads(done.stdout)["documents"][0]["path"]) == (1, "-")
