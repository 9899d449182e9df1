"""Values that stay encoded until one is asked for, so that a run pays for those that it looks at and not for those that there are."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, TypeVar
from zlib import crc32

import msgspec
from msgspec import Struct

T = TypeVar("T")

_BOUND = 4
"""Bytes of a number in `Packed.bounds`."""

_EACH = 16
"""Keys that are decoded together."""

_encoder = msgspec.msgpack.Encoder(order="deterministic")


class Packed(Struct, frozen=True):
    """Rows in MessagePack, one after the other. `bounds` are their beginnings and the end of the last, 32 bits each, little-endian;
    `count` is how many values they hold."""

    count: int
    bounds: memoryview
    data: memoryview

    def __reduce__(self) -> tuple[Any, ...]:
        """How it goes to another process."""
        return _unpickled, (self.count, bytes(self.bounds), bytes(self.data))


def _unpickled(count: int, bounds: bytes, data: bytes) -> Packed:
    return Packed(count, memoryview(bounds), memoryview(data))


def pack_rows(values: Iterable[Any]) -> Packed:
    """The values, each a row: what Rows reads."""
    rows = [_encoder.encode(value) for value in values]
    ends = [0]
    for row in rows:
        ends.append(ends[-1] + len(row))
    bounds = b"".join(end.to_bytes(_BOUND, "little") for end in ends)
    return Packed(len(rows), memoryview(bounds), memoryview(b"".join(rows)))


def pack_shelf(values: Mapping[str, Any]) -> Packed:
    """The values by key, several keys a row: what Shelf reads."""
    rows: list[dict[str, Any]] = [{} for _ in range(len(values) // _EACH + 1)]
    for key in values:
        rows[crc32(key.encode()) % len(rows)][key] = values[key]
    packed = pack_rows(rows)
    return Packed(len(values), packed.bounds, packed.data)


def pack_words(words: Iterable[str]) -> bytes:
    """Words without white space, in rising order, with a space between: one text costs nothing to load, and little to split."""
    return " ".join(sorted(words)).encode()


class Rows(Iterable[T]):
    """Values of one type by number, each decoded when it is first asked for."""

    def __init__(self, packed: Packed, kind: type[T]) -> None:
        self._packed = packed
        self._decode = msgspec.msgpack.Decoder(kind).decode
        self._known: dict[int, T] = {}

    def __len__(self) -> int:
        """How many values there are."""
        return self._packed.count

    def __iter__(self) -> Iterator[T]:
        """The values, in order."""
        return map(self.__getitem__, range(len(self)))

    def __getitem__(self, number: int) -> T:
        """The value of that number, from 0."""
        if number not in self._known:
            if not 0 <= number < len(self):
                raise IndexError(number)
            self._known[number] = self._decode(_row(self._packed, number))
        return self._known[number]


class Shelf(Mapping[str, T]):
    """Values of one type by key, decoded a few at a time when one of them is first asked for. The order is nobody's."""

    def __init__(self, packed: Packed, kind: type[T]) -> None:
        self._packed = packed
        self._kind = kind
        self._rows = len(packed.bounds) // _BOUND - 1
        self._known: dict[int, dict[str, T]] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        """How it goes to another process."""
        return Shelf, (self._packed, self._kind)

    @cached_property
    def _decode(self) -> Callable[[memoryview], dict[str, T]]:
        return msgspec.msgpack.Decoder(dict[str, self._kind]).decode  # type: ignore[name-defined]  # of many tables none is looked into

    def _row(self, number: int) -> dict[str, T]:
        if number not in self._known:
            self._known[number] = self._decode(_row(self._packed, number))
        return self._known[number]

    def __len__(self) -> int:
        """How many keys there are."""
        return self._packed.count

    def __iter__(self) -> Iterator[str]:
        """The keys."""
        return (key for number in range(self._rows) for key in self._row(number))

    def __getitem__(self, key: str) -> T:
        """The value under that key."""
        return self._row_of(key)[key]

    def get(self, key: str, default: Any = None) -> Any:
        """The value under that key, else the default; most keys that are asked for are not there."""
        return self._row_of(key).get(key, default)

    def __contains__(self, key: object) -> bool:
        """Whether there is such a key."""
        return isinstance(key, str) and key in self._row_of(key)

    def _row_of(self, key: str) -> dict[str, T]:
        number = crc32(key.encode("utf-8", "surrogatepass")) % self._rows
        row = self._known.get(number)
        return self._row(number) if row is None else row


def _row(packed: Packed, number: int) -> memoryview:
    at = _BOUND * number
    start, end = (int.from_bytes(packed.bounds[place : place + _BOUND], "little") for place in (at, at + _BOUND))
    return packed.data[start:end]
