"""XML as a tree of nodes that know their place; for formats whose documents are small."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import TypeVar
from xml.parsers import expat

from sbomguard.errors import DocumentError
from sbomguard.limits import advice
from sbomguard.model import Place
from sbomguard.readers.xmltext import check_prolog
from sbomguard.source import Source

MAX_DEPTH = 128


class Node:
    """An element: `tag` is (namespace, local name); `start` its place, `inside` that of its text, `end` where its end tag begins.

    A place is one number of line and column, made by `_at`: there are hundreds of thousands of them.
    """

    __slots__ = ("attributes", "children", "end", "inside", "start", "tag", "texts")

    def __init__(self, tag: tuple[str, str], attributes: Mapping[tuple[str, str], str], start: int) -> None:
        self.tag = tag
        self.attributes = attributes
        self.start = self.inside = self.end = start
        self.children: Sequence[Node] = ()
        self.texts: Sequence[str] = ()

    def where(self) -> str:
        """Where the element begins, in words."""
        return _in_words(self.start)

    @property
    def text(self) -> str:
        """All text in it, also around comments and in CDATA sections, without the white space around it."""
        return "".join(self.texts).strip()


def parse(source: Source) -> Node:
    """The root element. A DOCTYPE, an encoding that is not the one in use and text among elements are errors; nothing is fetched."""
    check_prolog(source)
    if len(source.data) > source.limits.xml:
        problem = f"is XML of more than {source.limits.xml} bytes"
        raise DocumentError(problem, source=source.name, advice=f"Write the SBOM as JSON. {advice('xml')}")
    return _Builder(source).build()


class _Builder:
    """Builds nodes from parser events, without recursion."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.open: list[Node] = []
        self.root: Node | None = None
        self.parser = expat.ParserCreate("utf-8", "\n")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._doctype

    def build(self) -> Node:
        try:
            self.source.data.decode("utf-8")
            self.parser.Parse(self.source.data, True)
        except UnicodeDecodeError:
            raise DocumentError("is not valid UTF-8", source=self.source.name, advice="Write the SBOM as UTF-8") from None
        except expat.ExpatError as error:
            problem = expat.errors.messages.get(error.code, str(error))
            raise self.error(f"is not XML: {problem}", _at(error.lineno, error.offset), "Make it again") from None
        assert self.root is not None  # a text without a root element is an ExpatError
        return self.root

    def error(self, problem: str, at: int, advice: str) -> DocumentError:
        return DocumentError(problem, source=self.source.name, pointer=_in_words(at), advice=advice)

    def _here(self) -> int:
        return _at(self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        own = {_split(key): value for key, value in attributes.items()} if attributes else _NONE
        node = Node(_split(name), own, self._here())
        most = min(MAX_DEPTH, self.source.limits.depth)
        if len(self.open) >= most:
            raise self.error(f"is nested more than {most} levels deep", self._here(), "Make it again")
        if self.open:
            parent = self.open[-1]
            parent.children = _with(parent.children, node)
        else:
            self.root = node
        self.open.append(node)

    def _end(self, name: str) -> None:
        node = self.open.pop()
        node.end = self._here()
        if node.children and node.text:
            raise self.error("has text among elements", node.start, "Tools differ on whether they see it; remove it")

    def _characters(self, text: str) -> None:
        node = self.open[-1]
        if not node.texts:
            if text.isspace():
                return  # before a text, or between elements
            node.inside = self._here() + len(text) - len(text.lstrip())
        node.texts = _with(node.texts, text)

    def _doctype(self, *_: object) -> None:
        """What the look at the prolog missed, the parser's own word tells."""
        raise self.error("has a DOCTYPE", self._here(), "Entities can hide and multiply what is read; remove it")


_LINE = 1 << 32
_NONE: Mapping[tuple[str, str], str] = MappingProxyType({})
T = TypeVar("T")


def _at(line: int, column: int) -> int:
    return line * _LINE + column


def _in_words(at: int) -> str:
    line, column = divmod(at, _LINE)
    return f"line {line} column {column + 1}"


def _with(items: Sequence[T], item: T) -> Sequence[T]:
    """The items and one more: most have none or one, for which a tuple is small."""
    if isinstance(items, list):
        items.append(item)
        return items
    return [*items, item] if items else (item,)


@lru_cache(1000)  # a document has few names of elements
def _split(name: str) -> tuple[str, str]:
    namespace, _, local = name.rpartition("\n")
    return namespace, local


def place_of(node: Node) -> Place:
    """The place of an element's text, or of the whole element where it has others in it."""
    start = node.start if node.children or not node.texts else node.inside
    (line, column), (end_line, end_column) = divmod(start, _LINE), divmod(node.end, _LINE)
    return Place(line=line, column=column + 1, end_line=end_line, end_column=end_column + 1)


class Places:
    """Places by JSON Pointer."""

    def __init__(self, places: dict[str, Place]) -> None:
        self._places = places

    def locate(self, pointer: str) -> Place:
        """The place of the value at a pointer, or of its nearest ancestor that is there."""
        while pointer and pointer not in self._places:
            pointer = pointer.rpartition("/")[0]
        return self._places.get(pointer, Place(line=1, column=1, end_line=1, end_column=1))
