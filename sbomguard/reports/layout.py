"""Lines of the text report: wrapped prose, labelled rows, long lists cut to a count, colour for levels."""

from collections.abc import Sequence

from sbomguard.reports import Style

INDENT = "  "
LABEL = 12
"""Columns of a label and the space after it: the longest is `prohibited`."""

MOST = 10
"""Lines of a list before the rest is only counted."""

_COLORS = {"prohibited": "31", "review": "33", "note": "36", "fail": "31", "error": "31", "incomplete": "33", "pass": "32"}
_NARROWEST = 40


def paint(word: str, style: Style) -> str:
    """The word, coloured if it is a level or an outcome and colour is wanted."""
    color = _COLORS.get(word.lower())
    return f"\x1b[{color}m{word}\x1b[0m" if style.color and color else word


def headed(word: str, text: str, style: Style) -> list[str]:
    """`word: text` wrapped, further lines indented, the word painted."""
    lines = wrap(f"{word}: {text}", style, "", INDENT)
    return [paint(word, style) + lines[0][len(word) :], *lines[1:]]


def row(label: str, text: str, style: Style) -> list[str]:
    """A label and prose beside it, wrapped under itself; an empty label continues the row above. No text, no row."""
    margin = INDENT + " " * LABEL
    lines = wrap(text, style, margin, margin) if text else []
    if lines and label:
        lines[0] = INDENT + paint(label, style) + " " * (LABEL - len(label)) + lines[0].lstrip(" ")
    return lines


def rows(label: str, texts: Sequence[str], style: Style) -> list[str]:
    """One row with several texts, each on a line of its own."""
    return [line for number, text in enumerate(texts) for line in row("" if number else label, text, style)]


def limited(items: Sequence[str], style: Style, most: int = MOST) -> list[str]:
    """The items, or the first `most` and how many more there are; all of them if verbose."""
    if style.verbose or len(items) <= most:
        return list(items)
    return [*items[:most], f"... and {len(items) - most} more (--verbose lists all)"]


def wrap(text: str, style: Style, first: str, rest: str) -> list[str]:
    """Lines that begin with `first` and `rest`, as textwrap makes them, which costs as much to load as to read a small document.

    Values stay whole, however long, so that they can be copied; so a line can only start where a word starts.
    """
    width = max(style.width, _NARROWEST)
    lines, line, words = [], first, 0
    for word in text.split(" "):
        if words and len(line) + 1 + len(word) > width:
            lines.append(line.rstrip(" "))
            line, words = rest, 0
        if words or word or not lines:
            line, words = f"{line} {word}" if words else line + word, words + 1
    return [*lines, line.rstrip(" ")] if words else lines
