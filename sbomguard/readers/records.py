"""The bytes in which a component is written, from the place that its pointer has."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from sbomguard.source import Source

if TYPE_CHECKING:
    from sbomguard.readers import Places

_NEXT_ELEMENT = re.compile(rb"^[ \t]*(?:PackageName|FileName|SnippetSPDXID|LicenseID|Relationship|Annotator|Reviewer)[ \t]*:", re.MULTILINE)


_PIECE = 1 << 16


class Records:
    """The records of one source; asked for in the order of the document, all of them cost one walk through it."""

    def __init__(self, source: Source, places: "Places") -> None:
        self._data = source.data
        self._ascii = source.data.isascii()
        self._places = places
        self._at = (0, 1, 1)
        self._arrays: dict[str, list[msgspec.Raw]] = {}

    def of(self, pointer: str, nested: Sequence[str] = ()) -> bytes:
        """The bytes of the component at a pointer, without those from the first to the last of the components nested in it."""
        record = self._whole(pointer)
        if not nested:
            return record
        first, last = self._whole(nested[0]), self._whole(nested[-1])
        return record[: record.find(first)] + record[record.rfind(last) + len(last) :]

    def _whole(self, pointer: str) -> bytes:
        around, _, step = pointer.rpartition("/")
        if step.isdigit() and self._data[:1] in b"{[ \t\r\n":  # an element of an array in JSON
            if around not in self._arrays:
                self._arrays[around] = self._elements(around)
            if int(step) < len(self._arrays[around]):
                return bytes(self._arrays[around][int(step)])
        start, end = self._span(pointer)
        if pointer.startswith("line "):  # tag-value: the place is that of the first value, and the record goes on to the next element
            following = _NEXT_ELEMENT.search(self._data, end)
            end = following.start() if following else len(self._data)
        return self._data[start:end]

    def _elements(self, pointer: str) -> list[msgspec.Raw]:
        """The elements of the array at a pointer; none if that is something else."""
        start, end = self._span(pointer)
        if self._data[start : start + 1] != b"[":
            return []
        return msgspec.json.decode(memoryview(self._data)[start:end], type=list[msgspec.Raw])

    def _span(self, pointer: str) -> tuple[int, int]:
        place = self._places.locate(pointer)
        if (place.line, place.column) < self._at[1:]:
            self._at = (0, 1, 1)
        self._at = self._walk(self._at, place.line, place.column)
        return self._at[0], self._walk(self._at, place.end_line, place.end_column)[0]

    def _walk(self, at: tuple[int, int, int], line: int, column: int) -> tuple[int, int, int]:
        """From one offset, line and column on to those of another place."""
        offset, here, before = at
        while here < line and (feed := self._data.find(b"\n", offset)) >= 0:
            offset, here, before = feed + 1, here + 1, 1
        if self._ascii:
            return offset + column - before, line, column
        while before < column:
            most = min(column - before, _PIECE)
            text = self._data[offset : offset + 4 * most].decode("utf-8", "ignore")[:most]
            if not text:
                break
            offset, before = offset + len(text.encode()), before + len(text)
        return offset, line, column
