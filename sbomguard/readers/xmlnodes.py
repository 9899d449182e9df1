"""XML as elements that know their place, met one after the other; for formats whose documents are no larger than a limit."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Generic, TypeVar
from xml.parsers import expat

from sbomguard.errors import DocumentError
from sbomguard.limits import advice
from sbomguard.model import Place
from sbomguard.readers.jsontext import check_utf8
from sbomguard.readers.xmltext import check_prolog
from sbomguard.source import Source

MAX_DEPTH = 128


class Node:
    """An element: `tag` is (namespace, local name), `parted` whether there are elements in it; `start` is its place, `inside` that of its
    text, `end` where its end tag begins. A place is one number of line and column, made by `_at`.
    """

    __slots__ = ("attributes", "end", "inside", "parted", "start", "tag", "texts")

    def __init__(self, tag: tuple[str, str], attributes: Mapping[tuple[str, str], str], start: int) -> None:
        self.tag = tag
        self.attributes = attributes
        self.start = self.inside = self.end = start
        self.parted = False
        self.texts: list[str] = []

    @property
    def text(self) -> str:
        """All text in it, also around comments and in CDATA sections, without the white space around it."""
        return "".join(self.texts).strip()


N = TypeVar("N", bound=Node)


class Elements(Generic[N]):
    """Meets the elements of a text as they begin and end, without recursion. None is kept but those that are open: what else is to stay,
    `opened` and `closed` say. Without `placed` elements know where they begin, and no more.
    """

    def __init__(self, source: Source, node: type[N], placed: bool) -> None:
        self.source = source
        self.placed = placed
        self.open: list[N] = []
        self._node = node
        self._most = min(MAX_DEPTH, source.limits.depth)

    def meet(self) -> N:
        """Go through the whole text; the root element. A DOCTYPE, an encoding that is not the one in use and text among elements are
        errors; nothing is fetched.
        """
        source = self.source
        check_prolog(source)
        if len(source.data) > source.limits.xml:
            problem = f"is XML of more than {source.limits.xml} bytes"
            raise DocumentError(problem, source=source.name, advice=f"Write the SBOM as JSON. {advice('xml')}")
        check_utf8(source)
        self.parser = parser = expat.ParserCreate("utf-8", "\n")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._placed_characters if self.placed else self._characters
        parser.buffer_text = not self.placed  # a text in one piece has the place of what follows it
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            parser.Parse(source.data, True)
        except expat.ExpatError as error:
            problem = expat.errors.messages.get(error.code, str(error))
            raise self.error(f"is not XML: {problem}", _at(error.lineno, error.offset), "Make it again") from None
        finally:
            del self.parser  # it holds this object, which holds what was made of the text
        return self.root

    def opened(self, node: N, around: N | None) -> None:
        """An element begins, inside another unless it is the root."""

    def closed(self, node: N) -> None:
        """An element ends; all that is in it has been met."""

    def error(self, problem: str, at: int, advice: str) -> DocumentError:
        """The error for something that stands at a place."""
        return DocumentError(problem, source=self.source.name, pointer=in_words(at), advice=advice)

    def _here(self) -> int:
        return _at(self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        own = {_split(key): value for key, value in attributes.items()} if attributes else _NONE
        node = self._node(_split(name), own, self._here())
        if len(self.open) >= self._most:
            raise self.error(f"is nested more than {self._most} levels deep", node.start, "Make it again")
        around = self.open[-1] if self.open else None
        if around is None:
            self.root = node
        else:
            around.parted = True
        self.open.append(node)
        self.opened(node, around)

    def _end(self, name: str) -> None:
        node = self.open.pop()
        if self.placed:
            node.end = self._here()
        if node.parted and node.text:
            raise self.error("has text among elements", node.start, "Tools differ on whether they see it; remove it")
        self.closed(node)

    def _characters(self, text: str) -> None:
        texts = self.open[-1].texts
        if texts or not text.isspace():  # before a text, or between elements
            texts.append(text)

    def _placed_characters(self, text: str) -> None:
        node = self.open[-1]
        if not node.texts and not text.isspace():
            node.inside = self._here() + len(text) - len(text.lstrip())
        self._characters(text)

    def _doctype(self, *_: object) -> None:
        """What the look at the prolog missed, the parser's own word tells."""
        raise self.error("has a DOCTYPE", self._here(), "Entities can hide and multiply what is read; remove it")


_LINE = 1 << 32
_NONE: Mapping[tuple[str, str], str] = MappingProxyType({})


def _at(line: int, column: int) -> int:
    return line * _LINE + column


def in_words(at: int) -> str:
    """A place in words."""
    line, column = divmod(at, _LINE)
    return f"line {line} column {column + 1}"


@lru_cache(1000)  # a document has few names of elements
def _split(name: str) -> tuple[str, str]:
    namespace, _, local = name.rpartition("\n")
    return namespace, local


def span_of(node: Node) -> tuple[int, int, int, int]:
    """Line and column of where the text of an element begins, or the whole element where it has others in it, and of where it ends."""
    start = node.start if node.parted or not node.texts else node.inside
    return *divmod(start, _LINE), *divmod(node.end, _LINE)


def place_of(line: int, column: int, end_line: int, end_column: int) -> Place:
    """The place of a span."""
    return Place(line=line, column=column + 1, end_line=end_line, end_column=end_column + 1)
