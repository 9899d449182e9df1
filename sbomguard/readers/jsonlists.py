"""Long lists in JSON texts, decoded some elements at a time, and documents that are mostly one such list, read in one pass."""

from collections.abc import Generator, Iterator
from functools import cache, lru_cache
from typing import Generic, TypeVar

import msgspec
from msgspec import Raw

from sbomguard.readers import jsontext
from sbomguard.readers.jsontext import skip
from sbomguard.source import Source

T = TypeVar("T")

_PIECE = 1 << 16
"""Bytes that are decoded together: so many stay in the processor's cache."""

_LONG = 1 << 17
"""Bytes of a text from which on it is not decoded as a whole."""

_FAILURES = 3
"""So often it may not be seen where to cut a list; then its elements are told apart one by one."""

_KEY = 100
"""Longest first key of an element by which it is known that another one begins."""

_HEAD = 1 << 20
"""Most bytes before a list that are looked at to find where it begins."""

_LISTS = 8
"""Most lists of that name that are looked at: others of it stand in what is before it."""

_BEHIND = "trailing characters (byte "


class Piece:
    """Elements of a list one after the other, as they stand in the text."""

    __slots__ = ("view",)

    def __init__(self, view: memoryview) -> None:
        self.view = view

    def raws(self) -> list[Raw]:
        """Each element undecoded."""
        return _raws(self)


@lru_cache(maxsize=1)
def _raws(piece: Piece) -> list[Raw]:
    return msgspec.json.decode(_listed(piece.view), type=list[Raw])


Pieces = Iterator[tuple[Piece, list[T] | None]]
"""The elements of a list in pieces; None for a piece with an element of another type."""


def in_pieces(source: Source, raw: Raw, kind: type[T], pointer: str) -> "Pieces[T]":
    """A list in pieces: what is decoded some at a time, and not kept, takes no memory. Raises DocumentError where it is no list."""
    view = memoryview(raw)
    if _mark(view, 0) != b"[":
        jsontext.typed(source, raw, list[Raw], pointer)
    yield from _pieces(view, 0, kind)


class Parted:
    """The outermost object of a document, and the list in it that is most of the document.

    `members` are the other members, undecoded. A long document is read in one pass if those that are needed `early` stand before the list:
    the others are among the members when the list was gone through. Raises msgspec.ValidationError for another value than an object.
    """

    def __init__(self, source: Source, listed: str, early: tuple[str, ...]) -> None:
        self._source, self._listed = source, listed
        self._at = _find_list(source, listed, early) if len(source.data) > _LONG else -1
        self.members = jsontext.members(source, source.data[: self._at + 1] + b"]}" if self._at >= 0 else b"")

    def pieces(self, kind: type[T]) -> "Pieces[T]":
        """The elements of the list. Raises DocumentError where it is none, or where what follows is no JSON."""
        if self._at >= 0:
            return self._streamed(kind)
        return in_pieces(self._source, self.members.get(self._listed, Raw(b"[]")), kind, f"/{self._listed}")

    def _streamed(self, kind: type[T]) -> "Pieces[T]":
        view = memoryview(self._source.data)
        try:
            end = yield from _pieces(view, self._at, kind)
            tail = list(_members(view, end))
        except msgspec.DecodeError:
            jsontext.decode(self._source, Raw)  # which tells what is wrong
            raise
        names = [*self.members, *(name for name, _ in tail)]
        if len(set(names)) < len(names):
            jsontext.check_strictly(self._source)
        self.members.update(tail)


def _find_list(source: Source, listed: str, early: tuple[str, ...]) -> int:
    """Where the list begins that is that member of the outermost object, if it is a list of objects, near the beginning, and behind those
    members; else -1."""
    data, key = source.data, b'"%b"' % listed.encode()
    behind, left = 0, _LISTS if _tells_what_is_behind() else 0
    while left and (named := data.find(key, behind, _HEAD)) >= 0:
        behind = named + len(key)
        at = _value_of_key(data, behind)
        if data[at : at + 1] != b"[":
            continue
        left -= 1
        try:
            found = msgspec.json.decode(data[: at + 1] + b"]}", type=dict[str, Raw])
        except msgspec.DecodeError:
            continue  # a member of an object in it
        return at if _beginning(data, at)[1] and found.keys() >= {listed, *early} else -1
    return -1


def _value_of_key(data: bytes, behind: int) -> int:
    """Where the value begins of a key that ends at an offset; the end of the text where that is no key."""
    colon = skip(data, behind)
    return skip(data, colon + 1) if data[colon : colon + 1] == b":" else len(data)


def _beginning(data: bytes | memoryview, at: int) -> tuple[bytes, bytes]:
    """Of a list of objects that begins at an offset the white space before the first, and how this begins, to the end of its first key;
    nothing twice of another list."""
    start = skip(data, at + 1)
    key, end = jsontext.read_key(data, skip(data, start + 1)) if data[start : start + 1] == b"{" else ("", 0)
    return (bytes(data[at + 1 : start]), bytes(data[start:end])) if 0 < len(key) <= _KEY else (b"", b"")


def _pieces(view: memoryview, at: int, kind: type[T]) -> Generator[tuple[Piece, list[T] | None], None, int]:
    """The list that begins at an offset, in pieces; at last what is behind it. Raises msgspec.DecodeError for what is no JSON."""
    cutter = _Cutter(view, at, kind)
    end = skip(view, at + 1)
    while _mark(view, end) != b"]":
        start = end
        end, items = cutter.cut(start)
        yield Piece(view[start:end]), items
        end = skip(view, end)
        if _mark(view, end) == b",":
            end = skip(view, end + 1)
            if _mark(view, end) == b"]":
                raise msgspec.DecodeError
        elif _mark(view, end) != b"]":
            raise msgspec.DecodeError
    return end + 1


class _Cutter(Generic[T]):
    """Cuts a list where it looks as if an element began as the first one does. Was that inside an element, or behind the list, then what is
    cut off is no JSON: what begins where an element does, and is a list between brackets, is elements of this one.
    """

    def __init__(self, view: memoryview, at: int, kind: type[T]) -> None:
        self._view = view
        self._decode = msgspec.json.Decoder(list[kind]).decode  # type: ignore[valid-type]
        self._parting = _parting(view, at)
        self._failures = 0 if self._parting else _FAILURES

    def cut(self, at: int) -> tuple[int, list[T] | None]:
        """Where some elements end that begin at an offset, and these, or None if one is of another type."""
        if self._failures < _FAILURES:
            if end := self._last_parting(at):
                try:
                    return end, self._fitting(at, end)
                except msgspec.DecodeError:
                    pass
            self._failures += 1
            end = self._end(at, 1)
        else:
            end = self._end(at, _PIECE)
        return end, self._fitting(at, end)

    def _last_parting(self, at: int) -> int:
        """Where an element seems to end last within a piece that begins at an offset; 0 if none does."""
        for start in (at + _PIECE - _PIECE // 8, at):  # mostly near its end: the less is looked at
            found = bytes(self._view[start : at + _PIECE]).rfind(self._parting)
            if found >= 0:
                return start + found + 1
        return 0

    def _end(self, at: int, least: int) -> int:
        """Where the first elements end that take so many bytes, one at least."""
        end = _behind(self._view, at)
        while end - at < least and _mark(self._view, end) == b",":
            end = _behind(self._view, skip(self._view, end + 1))
        return end

    def _fitting(self, start: int, end: int) -> list[T] | None:
        text = _listed(self._view[start:end])
        tally = jsontext.Tally()
        try:
            return self._decode(text)
        except msgspec.ValidationError:
            msgspec.json.decode(text, type=list[Raw])
            return None
        except msgspec.DecodeError:
            tally.forget()  # they will be met again
            raise


def _parting(view: memoryview, at: int) -> bytes:
    """The end of an element and the beginning of the next, if they are seen at the beginning of a list; else nothing."""
    blank, first = _beginning(view, at)
    forms = (b"}," + between + first for between in (blank, b" ") if first)  # on one line a blank may stand behind commas alone
    window = bytes(view[at : at + _PIECE])
    return next((form for form in forms if form in window), b"")


def _listed(view: memoryview) -> bytes:
    """Elements as a list, with no more than one copy of them."""
    return b"".join((b"[", view, b"]"))


def _behind(view: memoryview, at: int) -> int:
    """What stands behind the value at an offset: it is found by what the decoder says of it."""
    try:
        msgspec.json.decode(view[at:], type=Raw)
    except msgspec.DecodeError as error:
        _, told, number = str(error).rstrip(")").rpartition(_BEHIND)
        if not told or not number.isdecimal():
            raise
        return at + int(number) - 1
    return len(view)


@cache
def _tells_what_is_behind() -> bool:
    """Whether the decoder still says it in these words."""
    try:
        return _behind(memoryview(b"0 ,1"), 0) == 2
    except msgspec.DecodeError:
        return False


def _members(view: memoryview, at: int) -> Iterator[tuple[str, Raw]]:
    """The members from an offset in an object to its end, which is that of the text. Raises msgspec.DecodeError for what is no JSON."""
    at = skip(view, at)
    while _mark(view, at) == b",":
        key, end = jsontext.read_key(view, skip(view, at + 1))
        colon = skip(view, end)
        if not end or _mark(view, colon) != b":":
            raise msgspec.DecodeError
        start = skip(view, colon + 1)
        at = _behind(view, start)
        yield key, Raw(view[start:at])
    if _mark(view, at) != b"}" or skip(view, at + 1) < len(view):
        raise msgspec.DecodeError


def _mark(view: memoryview, at: int) -> bytes:
    return bytes(view[at : at + 1])
