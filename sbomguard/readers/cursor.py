"""Lines and columns of byte offsets, counted on from the last one asked: many offsets in rising order cost one walk through the text."""

from sbomguard.model import Place


class Cursor:
    """A place in UTF-8 bytes that moves to where it is asked; lines end at LF, columns count characters, both from 1."""

    __slots__ = ("_ascii", "_column", "_data", "_line", "_offset")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._ascii = data.isascii()
        self._offset, self._line, self._column = 0, 1, 1

    def place(self, start: int, end: int) -> Place:
        """The place from one offset to another."""
        line, column = self.position(start)
        end_line, end_column = self.position(end)
        return Place(line=line, column=column, end_line=end_line, end_column=end_column)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        if offset < self._offset:
            self._offset, self._line, self._column = 0, 1, 1
        breaks = self._data.count(b"\n", self._offset, offset)
        if breaks:
            self._line += breaks
            self._column = 1
            self._offset = self._data.rfind(b"\n", self._offset, offset) + 1
        self._column += self._characters(self._offset, offset)
        self._offset = offset
        return self._line, self._column

    def _characters(self, start: int, end: int) -> int:
        return end - start if self._ascii else len(self._data[start:end].decode("utf-8", "replace"))
