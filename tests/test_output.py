"""Reports are written whole or not at all, and never over an input."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sbomguard import output
from sbomguard.errors import ReportError

TEXT = "Ω report\n" * 1000


def names(folder: Path) -> list[str]:
    return sorted(item.name for item in folder.iterdir())


@pytest.mark.parametrize("before", [None, "", "older and longer\n" * 5000])
def test_a_file_is_complete_and_alone(tmp_path: Path, before: str | None) -> None:
    path = tmp_path / "report.json"
    if before is not None:
        path.write_text(before)
    output.write_file(str(path), TEXT)
    assert path.read_bytes() == TEXT.encode()
    assert names(tmp_path) == ["report.json"]


def test_a_file_in_the_current_folder_needs_no_folder_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    output.write_file("report.json", TEXT)
    assert names(tmp_path) == ["report.json"]


def test_others_may_not_write_the_file(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    output.write_file(str(path), TEXT)
    assert path.stat().st_mode & 0o022 == 0


def test_what_utf_8_cannot_hold_is_made_visible(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    output.write_file(str(path), "a\ud800b")
    assert path.read_bytes() == b"a\\ud800b"


def link_to_a_file(path: Path) -> None:
    (path.parent / "victim").write_text("kept")
    path.symlink_to("victim")


def link_to_nothing(path: Path) -> None:
    path.symlink_to("nowhere")


def fifo(path: Path) -> None:
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("make", [link_to_a_file, link_to_nothing, fifo, folder])
def test_what_is_no_regular_file_is_not_replaced(tmp_path: Path, make: Callable[[Path], None]) -> None:
    path = tmp_path / "report.json"
    make(path)
    kind, before = path.lstat().st_mode, names(tmp_path)
    with pytest.raises(ReportError, match=r"report\.json: is not a regular file"):
        output.write_file(str(path), TEXT)
    assert (path.lstat().st_mode, names(tmp_path)) == (kind, before)
    if make is link_to_a_file:
        assert path.read_text() == "kept"


def the_same_name(path: Path) -> Path:
    return path


def another_spelling(path: Path) -> Path:
    (path.parent / "sub").mkdir()
    return path.parent / "sub" / ".." / path.name


def a_hard_link(path: Path) -> Path:
    os.link(path, path.parent / "other.json")
    return path.parent / "other.json"


@pytest.mark.parametrize("target", [the_same_name, another_spelling, a_hard_link])
def test_an_input_is_not_replaced(tmp_path: Path, target: Callable[[Path], Path]) -> None:
    path = tmp_path / "bom.json"
    path.write_text("the SBOM")
    with pytest.raises(ReportError, match="is an input of this run"):
        output.write_file(str(target(path)), TEXT, ("-", str(tmp_path / "gone.json"), str(path)))
    assert path.read_text() == "the SBOM"


@pytest.mark.parametrize("target", ["nowhere/report.json", "file/report.json", "x" * 300, "."])
def test_a_place_that_cannot_be_written_is_an_error(tmp_path: Path, target: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ReportError):
        output.write_file(str(tmp_path / target), TEXT)
    assert names(tmp_path) == ["file"]


@pytest.mark.parametrize("nameless", [True, False])
def test_a_planted_scratch_file_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nameless: bool) -> None:
    if not nameless:
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    monkeypatch.setattr(os, "urandom", bytes)
    (tmp_path / "victim").write_text("kept")
    (tmp_path / f".report.json.{os.getpid()}-00000000.part").symlink_to("victim")
    with pytest.raises(ReportError, match=r"report\.json: cannot be written"):
        output.write_file(str(tmp_path / "report.json"), TEXT)
    assert (tmp_path / "victim").read_text() == "kept"
    assert not (tmp_path / "report.json").exists()


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="this system has no files without a name")
def test_where_files_without_a_name_cannot_be_had_one_with_a_name_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "O_TMPFILE", os.O_DIRECTORY)  # opening a folder for writing fails, as where the system has none
    output.write_file(str(tmp_path / "report.json"), TEXT)
    assert (tmp_path / "report.json").read_bytes() == TEXT.encode()
    assert names(tmp_path) == ["report.json"]


def run(code: str, *arguments: str, stdout: int) -> subprocess.CompletedProcess[bytes]:
    """Python code in a process of its own, with that standard output."""
    return subprocess.run([sys.executable, "-c", code, *arguments], stdout=stdout, stderr=subprocess.PIPE, check=False)


def test_a_file_that_does_not_fit_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("old")
    code = (
        "import resource, sys; from sbomguard import errors, output; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try: output.write_file(sys.argv[1], 'x' * 100000)\n"
        "except errors.ReportError as error: sys.exit(str(error))"
    )
    done = run(code, str(path), stdout=subprocess.DEVNULL)
    assert (done.returncode, b"cannot be written: File too large" in done.stderr) == (1, True), done.stderr
    assert (path.read_text(), names(tmp_path)) == ("old", ["report.json"])


TO_STDOUT = """
import sys
from sbomguard import errors, output
try: output.write_stdout('x' * 1000000)
except errors.ReportError as error: sys.exit(str(error))
"""


def test_a_full_disk_behind_standard_output_is_an_error() -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("there is no /dev/full here")
    with open("/dev/full", "wb") as full:
        done = run(TO_STDOUT, stdout=full.fileno())
    assert done.returncode == 1
    assert done.stderr.decode().split("\n") == ["standard output cannot be written: No space left on device", ""]


def test_a_reader_that_closed_the_pipe_is_an_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = run(TO_STDOUT, stdout=writing)
    finally:
        os.close(writing)
    assert done.returncode == 1
    assert done.stderr.decode().split("\n") == ["standard output cannot be written: its reader closed it", ""]


def test_a_closed_standard_output_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(ReportError, match="closed"):
        output.write_stdout(TEXT)


def test_standard_output_gets_utf_8_whatever_its_encoding(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    output.write_stdout("Ω\n\ud800")
    assert raw.getvalue() == "Ω\n".encode() + b"\\ud800"


def test_standard_output_without_bytes_gets_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    output.write_stdout(TEXT)
    assert stream.getvalue() == TEXT
