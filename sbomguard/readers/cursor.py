"""Lines and columns of byte offsets, counted on from the nearest one asked before: many offsets cost one walk through the text."""

from bisect import bisect_right

from sbomguard.model import Place
from sbomguard.source import PIECE

FOLLOWING = bytes(range(0x80, 0xC0))
"""The bytes of a character in UTF-8 behind its first (RFC 3629 clause 3)."""


class Cursor:
    """Places in UTF-8 bytes; lines end at LF, columns count characters, both from 1."""

    __slots__ = ("_ascii", "_data", "_known", "_offsets")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._ascii = data.isascii()
        self._offsets, self._known = [0], [(1, 1)]

    def place(self, start: int, end: int) -> Place:
        """The place from one offset to another."""
        line, column = self.position(start)
        end_line, end_column = self.position(end)
        return Place(line=line, column=column, end_line=end_line, end_column=end_column)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        nearest = bisect_right(self._offsets, offset) - 1
        start, (line, column) = self._offsets[nearest], self._known[nearest]
        breaks = self._data.count(b"\n", start, offset)
        if breaks:
            line += breaks
            column = 1
            start = self._data.rfind(b"\n", start, offset) + 1
        column += self._characters(start, offset)
        if self._offsets[nearest] != offset:
            self._offsets.insert(nearest + 1, offset)
            self._known.insert(nearest + 1, (line, column))
        return line, column

    def _characters(self, start: int, end: int) -> int:
        if self._ascii:
            return end - start
        pieces = (self._data[at : min(at + PIECE, end)] for at in range(start, end, PIECE))
        return sum(len(piece if piece.isascii() else piece.translate(None, FOLLOWING)) for piece in pieces)
