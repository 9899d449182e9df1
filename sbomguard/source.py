"""Bytes to be read: from a file or standard input, bounded, decoded once, with the digest that reports quote."""

import os
import stat
import sys
from collections.abc import Iterator
from typing import Any

from sbomguard.errors import SourceError, UsageError
from sbomguard.limits import DEFAULTS, Limits, advice
from sbomguard.marks import holds

_READ = 1 << 16

PIECE = 1 << 14
"""Bytes that are looked at together where a document is searched for what is not ASCII."""

NAMED, PASSED, FOUND = "named", "passed", "found"
"""Who says that an input is an SBOM: the user; a hook, which passes files by name; nobody, it was found in a folder."""


class Source:
    """One input: `name` as the user gave it (forward slashes), `data` its bytes as UTF-8 without a byte order mark, `raw` as they came.

    `reader` is the name of the reader that read it. `claim` is NAMED, PASSED or FOUND: what is clearly no SBOM is an error only
    where somebody named it. `wrapper` is the input that these bytes were in, such as an archive. `limits` hold for all that is read of it.
    """

    __slots__ = ("_digest", "_escaped", "_foreign", "_wrapper", "claim", "data", "limits", "name", "raw", "reader")

    def __init__(
        self, name: str, raw: bytes, claim: str = NAMED, wrapper: "Source | None" = None, limits: Limits = DEFAULTS
    ) -> None:  # fmt: skip
        self.name = name
        self.raw = raw
        self.claim = claim
        self.limits = limits
        self.reader = ""
        self.data = to_utf8(raw, name)
        self._digest = ""
        self._escaped: bool | None = None
        self._foreign: tuple[int, ...] | None = None
        self._wrapper = wrapper

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes as they came, of the whole file where they were in a wrapper; hexadecimal, computed when asked for."""
        if self._wrapper:
            return self._wrapper.digest
        if not self._digest:
            from hashlib import sha256

            self._digest = sha256(self.raw).hexdigest()
        return self._digest

    @property
    def foreign(self) -> tuple[int, ...]:
        """Where the pieces of `PIECE` bytes begin that are not all ASCII, found out once: in most documents those are few."""
        if self._foreign is None:
            data = self.data
            starts = range(0, 0 if data.isascii() else len(data), PIECE)
            self._foreign = tuple(start for start in starts if not data[start : start + PIECE].isascii())
        return self._foreign

    @property
    def escaped(self) -> bool:
        """Whether there are characters written by their number (RFC 8259 clause 7), found out once."""
        if self._escaped is None:
            self._escaped = holds(self.data, b"\\u")
        return self._escaped

    def foreign_pieces(self) -> Iterator[bytes]:
        """The pieces that are not all ASCII."""
        return (self.data[start : start + PIECE] for start in self.foreign)


def to_utf8(raw: bytes, name: str) -> bytes:
    """The bytes as UTF-8 without a mark. UTF-16 and UTF-32 are read only when a mark says so (RFC 8259 clause 8.1 wants UTF-8)."""
    if raw.startswith(b"\xef\xbb\xbf"):
        return raw[3:]
    if raw.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return _recode(raw, "utf-32", name)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _recode(raw, "utf-16", name)
    return raw


def _recode(raw: bytes, encoding: str, name: str) -> bytes:
    try:
        return raw.decode(encoding).encode("utf-8")
    except UnicodeError as error:
        raise SourceError(f"is marked as {encoding.upper()} but is not valid {encoding.upper()} ({error})", source=name) from None


def read_file(path: str, limits: Limits = DEFAULTS) -> Source:
    """Read a regular file whole. Raises SourceError for anything else (a FIFO or a device would block or never end)."""
    name = shown(path)
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise SourceError(f"cannot be opened: {error.strerror}", source=name) from None
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise SourceError("is not a regular file", source=name, advice="Give a file, a directory or '-'")
        if status.st_size > limits.bytes:
            raise _too_large(name, limits.bytes)
        with os.fdopen(handle, "rb", closefd=False, buffering=0) as stream:
            return Source(name, _read_whole(stream, status.st_size, name, limits.bytes), limits=limits)
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", source=name) from None
    finally:
        os.close(handle)


def shown(path: str) -> str:
    """A path as reports give it: forward slashes, its bytes read as UTF-8 whatever the locale."""
    text = path if path.isascii() else os.fsencode(path).decode("utf-8", "surrogateescape")
    return text.replace(os.sep, "/")


def read_stdin(limits: Limits = DEFAULTS) -> Source:
    """Read standard input whole."""
    if sys.stdin is None:
        raise SourceError("standard input is closed", source="-")
    if sys.stdin.isatty():
        raise UsageError("'-' reads standard input, which is a terminal", advice="Pipe an SBOM in, or name a file")
    return Source("-", _read_whole(sys.stdin.buffer, 0, "-", limits.bytes), limits=limits)


def _read_whole(stream: Any, expected: int, name: str, max_bytes: int) -> bytes:
    """All bytes of a stream, in one piece when it is as long as expected; never more than `max_bytes`."""
    parts = []
    total = 0
    while part := stream.read(max(expected + 1 - total, _READ)):
        parts.append(part)
        total += len(part)
        if total > max_bytes:
            raise _too_large(name, max_bytes)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _too_large(name: str, max_bytes: int) -> SourceError:
    return SourceError(f"is larger than {max_bytes} bytes", source=name, advice=f"Nothing of it was checked. {advice('bytes')}")
