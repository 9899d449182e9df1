"""Sources: bytes decoded once, bounded, from regular files and standard input only."""

import io
import os
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from sbomguard.errors import SourceError, UsageError
from sbomguard.limits import Limits
from sbomguard.source import Source, read_file, read_stdin

TEXT = '{"ä": "Ω😀"}'


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        b"\xff\xfe" + TEXT.encode("utf-16-le"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        b"\xff\xfe\0\0" + TEXT.encode("utf-32-le"),
        b"\0\0\xfe\xff" + TEXT.encode("utf-32-be"),
    ],
)
def test_every_marked_encoding_becomes_utf_8(raw: bytes) -> None:
    source = Source("x", raw)
    assert source.data == TEXT.encode()
    assert source.raw == raw


@pytest.mark.parametrize("raw", [b"", b"\xff", b"\xfe", b"\xef\xbb", b"{\0}\0", b"M\xfcller"])
def test_unmarked_bytes_stay_as_they_are(raw: bytes) -> None:
    assert Source("x", raw).data == raw


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (b"\xff\xfe{", "UTF-16"),
        (b"\xfe\xff\xd8\x00", "UTF-16"),
        (b"\xff\xfe\x00\xdc", "UTF-16"),
        (b"\xff\xfe\0\0{", "UTF-32"),
        (b"\0\0\xfe\xff\x00\x11\x00\x00", "UTF-32"),
    ],
)
def test_bytes_that_are_not_what_their_mark_says_are_refused(raw: bytes, encoding: str) -> None:
    with pytest.raises(SourceError, match=f"^x: is marked as {encoding}"):
        Source("x", raw)


def test_the_digest_is_that_of_the_bytes_as_they_came() -> None:
    raw = b"\xff\xfe" + TEXT.encode("utf-16-le")
    assert Source("x", raw).digest == sha256(raw).hexdigest()


def test_a_regular_file_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"\0\xff" * 100_000)
    source = read_file(str(path))
    assert (source.name, source.raw) == (path.as_posix(), b"\0\xff" * 100_000)


@pytest.mark.parametrize(("size", "fits"), [(9, True), (10, True), (11, False), (1000, False)])
def test_what_is_larger_than_the_bound_is_an_error_and_no_partial_read(tmp_path: Path, size: int, fits: bool) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"x" * size)
    if fits:
        assert read_file(str(path), Limits(bytes=10)).raw == b"x" * size
    else:
        with pytest.raises(SourceError, match=r"a\.json: is larger than 10 bytes.*Nothing of it was checked.*--limit bytes=N"):
            read_file(str(path), Limits(bytes=10))


def test_a_link_to_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"{}")
    (tmp_path / "link.json").symlink_to("a.json")
    assert read_file(str(tmp_path / "link.json")).raw == b"{}"


def make_fifo(path: Path) -> None:
    os.mkfifo(path)


def make_loop(path: Path) -> None:
    path.symlink_to(path.name)


def make_dangling(path: Path) -> None:
    path.symlink_to("nowhere")


def make_nothing(path: Path) -> None:
    assert not path.exists()


@pytest.mark.parametrize("make", [make_fifo, make_loop, make_dangling, make_nothing, Path.mkdir])
def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path, make: object) -> None:
    path = tmp_path / "bom.json"
    assert callable(make)
    make(path)
    with pytest.raises(SourceError, match=r"bom\.json: (is not a regular file|cannot be opened)"):
        read_file(str(path))


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/full"])
def test_a_device_is_refused(device: str) -> None:
    if not Path(device).exists():
        pytest.skip(f"there is no {device} here")
    with pytest.raises(SourceError, match="is not a regular file"):
        read_file(device)


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bom.json"
    path.write_bytes(b"{}")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    with pytest.raises(SourceError, match=r"bom\.json: cannot be opened: Permission denied"):
        read_file(str(path))


def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be opened"):
        read_file(str(tmp_path / ("x" * 5000)))


def feed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_standard_input_is_read_as_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    feed(monkeypatch, b"\xff\xfe\r\n\0\0")
    source = read_stdin()
    assert (source.name, source.raw) == ("-", b"\xff\xfe\r\n\0\0")


def test_standard_input_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    feed(monkeypatch, b"x" * 11)
    with pytest.raises(SourceError, match="^-: is larger than 10 bytes"):
        read_stdin(Limits(bytes=10))


def test_closed_standard_input_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(SourceError, match="closed"):
        read_stdin()


def test_a_terminal_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    master, slave = os.openpty()
    try:
        with os.fdopen(slave) as terminal:
            monkeypatch.setattr(sys, "stdin", terminal)
            with pytest.raises(UsageError, match="terminal"):
                read_stdin()
    finally:
        os.close(master)
