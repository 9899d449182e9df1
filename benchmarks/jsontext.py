"""JSON written a piece at a time, in the layout of the tool that is imitated: a long array is an iterator and never stands in memory."""

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

Members = Iterable[tuple[str, object]]


class Layout(NamedTuple):
    """How a tool writes JSON: indentation, separators, escapes, order of members, end of file."""

    indent: int | None = None
    comma: str = ","
    colon: str = ":"
    ascii_only: bool = False
    sort_keys: bool = False
    end: str = "\n"

    def encoder(self) -> json.JSONEncoder:
        separators = (self.comma, self.colon)
        return json.JSONEncoder(indent=self.indent, separators=separators, ensure_ascii=self.ascii_only, sort_keys=self.sort_keys)

    def line(self, depth: int) -> str:
        """What stands before an item at this depth: a line break and the indentation, or nothing."""
        return "" if self.indent is None else "\n" + " " * (self.indent * depth)


def stream(layout: Layout, members: Members) -> Iterator[str]:
    """The text of a JSON object in pieces. A member whose value is an iterator becomes an array, an item at a time."""
    encoder = layout.encoder()
    before = "{" + layout.line(1)
    for key, value in sorted(members) if layout.sort_keys else members:
        yield f"{before}{encoder.encode(key)}{layout.colon}"
        yield from array(layout, encoder, value) if isinstance(value, Iterator) else [shifted(layout, encoder.encode(value), 1)]
        before = layout.comma + layout.line(1)
    yield layout.line(0) + "}" + layout.end


def array(layout: Layout, encoder: json.JSONEncoder, items: Iterator[object]) -> Iterator[str]:
    """The pieces of an array that stands in the outermost object."""
    before = "[" + layout.line(2)
    for item in items:
        yield before + shifted(layout, encoder.encode(item), 2)
        before = layout.comma + layout.line(2)
    yield "[]" if before[0] == "[" else layout.line(1) + "]"


def shifted(layout: Layout, text: str, depth: int) -> str:
    """The text of a value moved to its depth; a JSON string holds no line break, so every one is layout."""
    return text if layout.indent is None else text.replace("\n", layout.line(depth))
