"""SPDX 2.2 and 2.3 XML: the tree of the JSON form, written as elements; read strictly and handed on as that."""

import re
from typing import Any
from xml.parsers import expat

import msgspec

from sbomguard.errors import DocumentError
from sbomguard.model import Document, Place
from sbomguard.readers import spdx2_json
from sbomguard.source import Source

MAX_BYTES = 64_000_000
MAX_DEPTH = 128

_MARK = re.compile(rb"<(?:[\w.-]+:)?Document[\s>]")
_SPDX = re.compile(rb"<(?:[\w.-]+:)?spdxVersion\b")

# Members of the SPDX 2.3 JSON schema that are arrays; each of their items is an element of its own.
LISTS = frozenset(
    "annotations attributionTexts checksums creators crossRefs documentDescribes externalDocumentRefs externalRefs fileContributors "
    "fileDependencies fileTypes files hasExtractedLicensingInfos hasFiles licenseInfoFromFiles licenseInfoInFiles licenseInfoInSnippets "
    "packageVerificationCodeExcludedFiles packages ranges relationships revieweds seeAlsos snippets".split()
)


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
    if len(source.data) > MAX_BYTES:
        raise DocumentError(f"is XML of more than {MAX_BYTES} bytes", source=source.name, advice="Write the SBOM as JSON")
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
        self.parser.XmlDeclHandler = self._declaration

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
        if len(self.open) >= MAX_DEPTH:
            raise self.error(f"is nested more than {MAX_DEPTH} levels deep", self._here(), "Make it again")
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

    def _doctype(self, *_: Any) -> None:
        raise self.error("has a DOCTYPE", self._here(), "Entities can hide and multiply what is read; remove it")

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        known = {"utf-8", "us-ascii", "ascii"}
        if self.source.raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
            known |= {"utf-16", "utf-16le", "utf-16be"}  # the mark decides (RFC 7303 clause 3.3); converters leave the old name standing
        if encoding is not None and encoding.lower() not in known:
            raise self.error(f"says its encoding is {encoding[:40]!r}, which it is not", self._here(), "Write the SBOM as UTF-8")
        if version != "1.0":
            raise self.error(f"is XML {version[:20]!r}", self._here(), "Write XML 1.0")


def _split(name: str) -> tuple[str, str]:
    namespace, _, local = name.rpartition("\n")
    return namespace, local


# ---- the SPDX tree


def accepts(head: bytes) -> bool:
    """Whether the first (or last) bytes of a text look like this format."""
    return _MARK.search(head) is not None and _SPDX.search(head) is not None


def read(source: Source) -> Document:
    """The document. An element that stands twice where one belongs is an error: tools differ on which they read."""
    root = parse(source)
    if root.tag[1] != "Document":
        raise DocumentError(f"is XML with the root '{root.tag[1][:60]}'", source=source.name, advice="SPDX 2 XML has the root Document")
    text = msgspec.json.encode(_tree(source, root, "", {}))
    return msgspec.structs.replace(spdx2_json.read(Source(source.name, text)), serialisation="xml")


def values(source: Source) -> dict[str, Any]:
    """The whole tree of the JSON form; an empty element is None, all other values are texts."""
    tree = _tree(source, parse(source), "", {})
    return _with_none(tree) if isinstance(tree, dict) else {}


def _with_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_none(item) for key, item in value.items()}
    return [_with_none(item) for item in value] if isinstance(value, list) else value or None


def locate(source: Source) -> "Places":
    """Where JSON Pointers stand in this source."""
    nodes: dict[str, Node] = {}
    _tree(source, parse(source), "", nodes)
    return Places({pointer: place_of(node) for pointer, node in nodes.items()})


def _tree(source: Source, node: Node, pointer: str, nodes: dict[str, Node]) -> dict[str, Any] | str:
    """The value that an element stands for, as in the JSON form; `nodes` takes in which pointer is which element."""
    nodes[pointer] = node
    if not node.children:
        return node.text
    out: dict[str, Any] = {}
    for child in node.children:
        name = child.tag[1]
        at = f"{pointer}/{name}"
        if child.tag[0] != node.tag[0]:
            raise _odd(source, child, f"has '{name[:60]}' in another namespace")
        if name in LISTS:
            items = out.setdefault(name, [])
            if child.children or child.text:
                items.append(_tree(source, child, f"{at}/{len(items)}", nodes))
        elif name in out:
            raise _odd(source, child, f"says '{name[:60]}' twice in one element")
        else:
            out[name] = _tree(source, child, at, nodes)
    return out


def _odd(source: Source, node: Node, problem: str) -> DocumentError:
    line, column = node.start
    return DocumentError(
        problem, source=source.name, pointer=f"line {line} column {column + 1}", advice="Tools differ on what they read there"
    )


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
