"""XML as a tree of nodes that know their place; for formats whose documents are small."""

from xml.parsers import expat

from sbomguard.errors import DocumentError
from sbomguard.limits import advice
from sbomguard.model import Place
from sbomguard.readers.xmltext import check_prolog
from sbomguard.source import Source

MAX_DEPTH = 128


class Node:
    """An element: `tag` is (namespace, local name); `start` its place, `inside` that of its text, `end` where its end tag begins."""

    __slots__ = ("attributes", "children", "end", "inside", "start", "tag", "texts")

    def __init__(self, tag: tuple[str, str], attributes: dict[tuple[str, str], str], start: tuple[int, int]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.start = self.inside = self.end = start
        self.children: list[Node] = []
        self.texts: list[str] = []

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
            raise self.error(f"is not XML: {problem}", (error.lineno, error.offset), "Make it again") from None
        assert self.root is not None  # a text without a root element is an ExpatError
        return self.root

    def error(self, problem: str, at: tuple[int, int], advice: str) -> DocumentError:
        return DocumentError(problem, source=self.source.name, pointer=f"line {at[0]} column {at[1] + 1}", advice=advice)

    def _here(self) -> tuple[int, int]:
        return self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        node = Node(_split(name), {_split(key): value for key, value in attributes.items()}, self._here())
        most = min(MAX_DEPTH, self.source.limits.depth)
        if len(self.open) >= most:
            raise self.error(f"is nested more than {most} levels deep", self._here(), "Make it again")
        if self.open:
            self.open[-1].children.append(node)
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
        if node.inside is node.start and not text.isspace():
            line, column = self._here()
            node.inside = line, column + len(text) - len(text.lstrip())
        node.texts.append(text)

    def _doctype(self, *_: object) -> None:
        """What the look at the prolog missed, the parser's own word tells."""
        raise self.error("has a DOCTYPE", self._here(), "Entities can hide and multiply what is read; remove it")


def _split(name: str) -> tuple[str, str]:
    namespace, _, local = name.rpartition("\n")
    return namespace, local


def place_of(node: Node) -> Place:
    """The place of an element's text, or of the whole element where it has others in it."""
    start = node.start if node.children or not node.texts else node.inside
    return Place(line=start[0], column=start[1] + 1, end_line=node.end[0], end_column=node.end[1] + 1)


class Places:
    """Places by JSON Pointer."""

    def __init__(self, places: dict[str, Place]) -> None:
        self._places = places

    def locate(self, pointer: str) -> Place:
        """The place of the value at a pointer, or of its nearest ancestor that is there."""
        while pointer and pointer not in self._places:
            pointer = pointer.rpartition("/")[0]
        return self._places.get(pointer, Place(line=1, column=1, end_line=1, end_column=1))
