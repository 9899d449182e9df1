"""A whole run as a process, and what may go wrong around it: kills, interrupts, disks, vanished files, other runs, the network."""

import gzip
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import made

COVERED = made.cyclonedx([{"name": "agent", "version": "1", "supplier": "Huawei Technologies Co., Ltd."}, {"name": "zlib"}])
CLEAN = made.cyclonedx([{"name": "zlib", "version": "1", "supplier": "Aurora GmbH"}])

WATCHED = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may ignore it
STEPS = "open os.rename os.remove os.link".split()
wanted, what = int(sys.argv.pop(1)), sys.argv.pop(1)
met = 0
def watch(event, arguments):
    global met
    if event in STEPS and any("report.json" in str(argument) for argument in arguments):
        met += 1
        if met == wanted:
            if what == "fail":
                raise OSError(5, "Input/output error")
            os.kill(os.getpid(), getattr(signal, what))
from sbomguard.__main__ import main
sys.addaudithook(watch)
main()
"""
"""Runs the command line; at the n-th step that touches the report, a signal comes or the system fails."""


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "SOURCE_DATE_EPOCH": "1795219200", **more}


def python(folder: Path, *arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, *arguments], cwd=folder, env=environment(**env or {}), capture_output=True, check=False)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "covered.cdx.json").write_bytes(COVERED)
    (tmp_path / "clean.cdx.json").write_bytes(CLEAN)
    return tmp_path


def names(folder: Path) -> list[str]:
    return sorted(item.name for item in folder.iterdir())


def watched(folder: Path, step: int, what: str) -> subprocess.CompletedProcess[bytes]:
    return python(folder, "-c", WATCHED, str(step), what, "check", "covered.cdx.json", "-o", "json=report.json")


@pytest.mark.parametrize(("what", "old"), [("SIGKILL", "old\n"), ("SIGTERM", None), ("SIGINT", "old\n"), ("fail", "old\n"), ("fail", None)])
def test_a_run_that_ends_at_any_step_of_writing_leaves_a_whole_report_or_none(here: Path, what: str, old: str | None) -> None:
    report = here / "report.json"
    ended = 0
    for step in range(1, 5):
        report.unlink(missing_ok=True)
        if old is not None:
            report.write_text(old)
        done = watched(here, step, what)
        text = report.read_text() if report.exists() else None
        if done.returncode == 1:  # there is no such step, or there was another way
            assert text is not None
            assert json.loads(text)["verdict"] == "fail"
            continue
        ended += 1
        assert done.returncode == (-getattr(signal, what) if what in ("SIGKILL", "SIGTERM") else 2)
        assert text == old
        if done.returncode == 2:
            assert (done.stderr.count(b"\n"), b"Traceback" in done.stderr) == (1, False)
            assert [name for name in names(here) if name.endswith(".part")] == []
    assert ended


def test_what_a_killed_run_left_behind_is_in_nobodys_way(here: Path) -> None:
    for step in range(1, 5):
        watched(here, step, "SIGKILL")
    assert watched(here, 0, "").returncode == 1
    assert json.loads((here / "report.json").read_text())["verdict"] == "fail"


def test_an_archive_is_not_replaced_by_a_report(here: Path) -> None:
    packed = gzip.compress(COVERED)
    (here / "packed.gz").write_bytes(packed)
    done = python(here, "-m", "sbomguard", "check", "packed.gz", "-o", "json=packed.gz")
    assert (done.returncode, b"is an input of this run" in done.stderr) == (2, True)
    assert (here / "packed.gz").read_bytes() == packed


INTERRUPTED = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may ignore it
def watch(event, arguments):
    if event == "open" and str(arguments[0]).endswith("clean.cdx.json"):
        os.kill(os.getpid(), signal.SIGINT)
from sbomguard.__main__ import main
sys.addaudithook(watch)
main()
"""


def test_an_interrupt_is_one_line_and_no_report(here: Path) -> None:
    done = python(here, "-c", INTERRUPTED, "check", "clean.cdx.json", "-o", "json=report.json")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"sbomguard: error: interrupted; nothing was checked to the end\n"
    assert names(here) == ["clean.cdx.json", "covered.cdx.json"]


VANISHING = """
import os, sys
def watch(event, arguments):
    if event == "open" and str(arguments[0]).endswith("clean.cdx.json") and os.path.exists("covered.cdx.json"):
        os.unlink("covered.cdx.json")
from sbomguard.__main__ import main
sys.addaudithook(watch)
main()
"""


def test_a_file_that_vanishes_during_the_run_is_an_error(here: Path) -> None:
    done = python(here, "-c", VANISHING, "check", ".")
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)
    assert b"covered.cdx.json: cannot be opened: No such file" in done.stderr


def test_runs_at_the_same_time_leave_one_whole_report(here: Path) -> None:
    command = [sys.executable, "-m", "sbomguard", "check", "covered.cdx.json", "-o", "json=report.json"]
    running = [subprocess.Popen(command, cwd=here, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(4)]
    assert [(process.communicate()[1], process.returncode) for process in running] == [(b"", 1)] * 4
    assert json.loads((here / "report.json").read_text())["verdict"] == "fail"
    assert names(here) == ["clean.cdx.json", "covered.cdx.json", "report.json"]


@pytest.mark.parametrize("form", ["text", "json", "sarif"])
def test_the_surroundings_change_no_byte(here: Path, form: str) -> None:
    (here / "Ω.cdx.json").write_bytes(CLEAN.replace(b"zlib", "Ωlib".encode()))
    first, *others = (
        python(here, "-m", "sbomguard", "check", ".", "-v", "-f", form, env=surroundings)
        for surroundings in (
            {"PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            {"PYTHONHASHSEED": "1", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "PYTHONCOERCECLOCALE": "0"},
            {"PYTHONHASHSEED": "4242", "TZ": "Pacific/Kiritimati", "HOME": "/nonexistent", "PYTHONOPTIMIZE": "2", "COLUMNS": "40"},
        )
    )
    assert (first.returncode, first.stderr) == (1, b"")
    assert {(done.returncode, done.stdout, done.stderr) for done in others} == {(1, first.stdout, b"")}


def test_a_closed_stream_turns_nothing_into_a_pass(here: Path) -> None:
    def shell(redirection: str, *arguments: str) -> int:
        line = f'exec "$@" {redirection}'
        command = ["/bin/sh", "-c", line, "sh", sys.executable, "-m", "sbomguard", *arguments]
        return subprocess.run(command, cwd=here, env=environment(), capture_output=True, check=False).returncode

    assert shell("", "check", "clean.cdx.json") == 0
    assert shell(">&-", "check", "clean.cdx.json") == 2
    assert shell("<&-", "check", "-") == 2
    assert shell("2>&-", "check", "covered.cdx.json") == 1
    assert shell("2>&-", "check", "gone.json") == 2
    assert shell(">&- 2>&-", "check", "clean.cdx.json") == 2


ALONE = """
import sys
REFUSED = ("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.fork", "urllib.", "http.", "ftplib.")
def watch(event, arguments):
    if event.startswith(REFUSED):
        sys.stderr.write(f"REACHED OUT: {event} {arguments}\\n")
        sys.stderr.flush()
        raise OSError(1, event)
sys.addaudithook(watch)
from sbomguard.__main__ import main
main()
"""

TEMPTING = made.cyclonedx(
    [{"name": "a", "supplier": "Huawei", "url": "https://huawei.com/a.tgz", "purl": "pkg:generic/a?download_url=https://huawei.com/a"}],
    **{"$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", "externalReferences": [{"type": "bom", "url": "https://example.com/b.json"}]},
)  # fmt: skip


@pytest.mark.parametrize(
    "arguments",
    [
        "check tempting.cdx.json",
        "check tempting.cdx.json -f json -o sarif=out.sarif",
        "check tempting.cdx.json --strict",
        "explain tempting.cdx.json a",
        "identify pkg:npm/%40huawei/widget https://huawei.com/x",
        "waivers check none.yaml",
        "--help",
    ],
)
def test_no_command_uses_the_network_or_starts_a_program(here: Path, arguments: str) -> None:
    (here / "tempting.cdx.json").write_bytes(TEMPTING)
    done = python(here, "-c", ALONE, *arguments.split())
    assert b"REACHED OUT" not in done.stderr, done.stderr
    assert b"internal error" not in done.stderr, done.stderr
    assert done.returncode in (0, 1, 2, 3)
