"""Places of element paths such as `/bom/components/component[3]/name` in XML text, found when asked for."""

import re
from collections.abc import Iterator
from functools import lru_cache
from xml.parsers import expat

from sbomguard.model import Place
from sbomguard.readers.cursor import Cursor
from sbomguard.source import Source

Span = tuple[int, int]

_STEP = re.compile(r"([^\[]*)\[\d+\]")
_NO_TAG = rb"!--.*?-->|!\[CDATA\[.*?\]\]>|\?.*?\?>"
_ATTRIBUTES = rb"""(?:[^>"']|"[^"]*"|'[^']*')*+"""
_MARKUP = re.compile(rb"<(?:%s|(/?)([^\s/>]+))" % _NO_TAG, re.DOTALL)
_TAG = re.compile(rb"<([^\s/>!?]+)(%s)>" % _ATTRIBUTES)
_ATTRIBUTE = re.compile(rb"""([^\s=]+)\s*=\s*("[^"]*"|'[^']*')""")


class Places:
    """Places in one text that is known to be well-formed and without a DTD; what was walked once is remembered.

    A step is a local name and a number from 1 among the siblings of that name, which may be left out if it is 1, as in XPath. Only elements
    in the namespace of the root element are meant: those of extensions may have the same local names.
    """

    def __init__(self, source: Source) -> None:
        self._data = source.data
        self._cursor = Cursor(source.data)
        self._spans: dict[str, Span] = {"": (0, len(source.data))}
        self._walked: set[str] = set()
        self._spaces: dict[str, dict[bytes, bytes]] = {"": {}}
        self._space: bytes | None = None

    def locate(self, pointer: str) -> Place:
        """The place of the text of an element that holds only text, else of the element, or of its nearest ancestor that is there."""
        path = "".join(f"/{step if _STEP.fullmatch(step) else f'{step}[1]'}" for step in pointer.split("/")[1:])
        return self._cursor.place(*_Text(self._data, self._span(path)).span)

    def _span(self, path: str) -> Span:
        if path not in self._spans:
            parent = path.rpartition("/")[0]
            around = self._span(parent)
            if parent not in self._walked:
                self._walked.add(parent)
                self._walk(parent, around)
            return self._spans.get(path, around)
        return self._spans[path]

    def _walk(self, path: str, span: Span) -> None:
        """Note where the elements directly inside another stand."""
        counts: dict[str, int] = {}
        itself = _TAG.match(self._data, span[0]) if path else None
        for prefix, name, inner in _children(self._data, itself.end() if itself else span[0], span[1]):
            spaces = _spaces(self._data, inner[0], self._spaces[path])
            space = spaces.get(prefix)
            if not path:
                self._space = space
            if space == self._space:
                number = counts[name] = counts.get(name, 0) + 1
                self._spans[f"{path}/{name}[{number}]"] = inner
                self._spaces[f"{path}/{name}[{number}]"] = spaces


def _spaces(data: bytes, start: int, around: dict[bytes, bytes]) -> dict[bytes, bytes]:
    """The namespaces by prefix in the element that begins at an offset (Namespaces in XML 1.0, clause 6.1)."""
    tag = _TAG.match(data, start)
    if tag is None or b"xmlns" not in tag.group(2):
        return around
    declared = {name: value[1:-1] for name, value in _ATTRIBUTE.findall(tag.group(2)) if name.startswith(b"xmlns")}
    return {**around, **{name.partition(b":")[2]: value for name, value in declared.items()}}


def _children(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, str, Span]]:
    """Prefixes, local names and spans of the elements between two offsets, from behind the start tag of what holds them."""
    at = start
    while (found := _MARKUP.search(data, at, end)) and found.group(1) != b"/":
        at = found.end()
        if found.group(2):
            at = _end(data, found.start(), found.group(2))
            prefix, _, name = found.group(2).rpartition(b":")
            yield prefix, name.decode(), (found.start(), at)


def _end(data: bytes, start: int, name: bytes) -> int:
    """Where the element of that name that begins at an offset ends. Only tags of that name are looked at on the way there."""
    depth = 0
    for tag in _tags(name).finditer(data, start):
        if tag.group(1) is not None:
            depth += -1 if tag.group(1) else 0 if tag.group().endswith(b"/>") else 1
            if not depth:
                return tag.end()
    return len(data)


@lru_cache(256)
def _tags(name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"<(?:%s|(/?)%s(?=[\s/>])%s>)" % (_NO_TAG, re.escape(name), _ATTRIBUTES), re.DOTALL)


class _Text:
    """Finds where the text of an element begins and ends, white space, comments and the like around it left out."""

    def __init__(self, data: bytes, span: Span) -> None:
        self._elements = 0
        self._first = self._last = 0
        self._inside = False
        self._parser = parser = expat.ParserCreate("UTF-8")
        parser.StartElementHandler = self._element
        parser.CharacterDataHandler = self._characters
        parser.EndElementHandler = parser.CommentHandler = parser.ProcessingInstructionHandler = self._mark
        parser.StartCdataSectionHandler = parser.EndCdataSectionHandler = self._mark
        parser.Parse(memoryview(data)[slice(*span)], True)
        start = span[0] + self._first
        text = data[start : span[0] + self._last].rstrip(b" \t\r\n")
        self.span = (start, start + len(text)) if text and self._elements == 1 else span

    def _element(self, *_: object) -> None:
        self._elements += 1

    def _characters(self, text: str) -> None:
        if not text.isspace():
            if not self._first:
                self._first = self._parser.CurrentByteIndex + len(text) - len(text.lstrip(" \t\r\n"))
            self._inside = True

    def _mark(self, *_: object) -> None:
        if self._inside:
            self._last = self._parser.CurrentByteIndex
        self._inside = False
