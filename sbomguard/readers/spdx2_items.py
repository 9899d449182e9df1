"""SPDX 2 in other forms than JSON, one element of a list at a time, so that a large document costs little more than its bytes: the text
of its JSON form, and where its values stand."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
Span = tuple[int, ...]
"""Where a value stands, in as many numbers as a reader needs."""

_encode = msgspec.json.Encoder().encode
_pack, _unpack = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(tuple[int, ...]).decode


class Members:
    """The members of the outermost object, in the order in which they come, written to one text as soon as they are there.

    Elements of a list that is no longer the last member are kept until the end, and put where they belong.
    """

    def __init__(self) -> None:
        self._text = BytesIO()
        self._keys: set[str] = set()
        self._counts: dict[str, int] = {}
        self._ends: dict[str, int] = {}
        self._late: dict[str, BytesIO] = {}
        self._open: str | None = None

    def __contains__(self, key: str) -> bool:
        return key in self._keys

    def put(self, key: str, value: Any) -> None:
        """Take in a member."""
        self._begin(key, _encode(value))

    def put_list(self, key: str, items: Iterable[Any]) -> None:
        """Take in a member that is a list; more elements may be added to it, also by this."""
        if key not in self._keys:
            self._begin(key, b"[")
            self._open, self._counts[key] = key, 0
        text = self._text if key == self._open else self._late.setdefault(key, BytesIO())
        for item in items:
            text.write(b"," + _encode(item) if self._counts[key] else _encode(item))
            self._counts[key] += 1

    def _begin(self, key: str, value: bytes) -> None:
        self._close()
        self._text.write(b"%b%b:%b" % (b"," if self._keys else b"{", _encode(key), value))
        self._keys.add(key)

    def _close(self) -> None:
        if self._open is not None:
            self._ends[self._open] = self._text.tell()
            self._text.write(b"]")
        self._open = None

    def text(self) -> bytes:
        """The text of the object."""
        self._close()
        self._text.write(b"}" if self._keys else b"{}")
        whole, at = self._text.getvalue(), 0
        if not self._late:
            return whole
        pieces: list[bytes] = []
        for key, end in self._ends.items():
            pieces += (whole[at:end], self._late[key].getvalue() if key in self._late else b"")
            at = end
        return b"".join((*pieces, whole[at:]))


class Spans:
    """Spans by JSON Pointer. Those in the elements of the outermost lists are packed: there may be a million."""

    def __init__(self) -> None:
        self._spans: dict[str, Span] = {}
        self._elements: dict[str, list[bytes]] = {}
        self._shapes: dict[tuple[str, ...], int] = {}
        self._pointers: list[tuple[str, ...]] = []

    def put(self, spans: dict[str, Span]) -> None:
        """Take in spans of values outside of those lists."""
        self._spans.update(spans)

    def add(self, key: str, spans: dict[str, Span]) -> None:
        """Take in the spans of the next element of a list, by the pointers in it; its own is empty."""
        pointers = tuple(spans)
        shape = self._shapes.setdefault(pointers, len(self._pointers))
        if shape == len(self._pointers):
            self._pointers.append(pointers)
        self._elements.setdefault(key, []).append(_pack((shape, *(number for span in spans.values() for number in span))))

    def find(self, pointer: str) -> Span:
        """The span of the value at a pointer, or of its nearest ancestor that is there."""
        key, _, rest = pointer[1:].partition("/")
        number, slash, inside = rest.partition("/")
        elements = self._elements.get(key, ())
        if number.isdecimal() and int(number) < len(elements):
            shape, *numbers = _unpack(elements[int(number)])
            pointers = self._pointers[shape]
            width = len(numbers) // len(pointers)
            spans = (tuple(numbers[at : at + width]) for at in range(0, len(numbers), width))
            return nearest(dict(zip(pointers, spans, strict=True)), slash + inside)
        return nearest(self._spans, pointer)


def nearest(found: Mapping[str, T], pointer: str) -> T:
    """What stands at a pointer, or at its nearest ancestor that is there; the outermost always is."""
    while pointer and pointer not in found:
        pointer = pointer.rpartition("/")[0]
    return found[pointer]
