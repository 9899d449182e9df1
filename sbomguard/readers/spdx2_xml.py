"""SPDX 2.2 and 2.3 XML: the tree of the JSON form, written as elements; read strictly and handed on as that."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from sbomguard.errors import DocumentError
from sbomguard.model import Document, Place
from sbomguard.readers import spdx2_tree
from sbomguard.readers.spdx2_items import Members, Span, Spans
from sbomguard.readers.xmlnodes import Elements, Node, place_of, span_of
from sbomguard.source import Source

_MARK = re.compile(rb"<(?:[\w.-]+:)?Document[\s>]")
_SPDX = re.compile(rb"<(?:[\w.-]+:)?spdxVersion\b")

# Members of the SPDX 2.3 JSON schema that are arrays; each of their items is an element of its own.
LISTS = frozenset(
    "annotations attributionTexts checksums creators crossRefs documentDescribes externalDocumentRefs externalRefs fileContributors "
    "fileDependencies fileTypes files hasExtractedLicensingInfos hasFiles licenseInfoFromFiles licenseInfoInFiles licenseInfoInSnippets "
    "packageVerificationCodeExcludedFiles packages ranges relationships revieweds seeAlsos snippets".split()
)


def accepts(head: bytes) -> bool:
    """Whether the first (or last) bytes of a text look like this format."""
    return _MARK.search(head) is not None and _SPDX.search(head) is not None


def read(source: Source) -> Document:
    """The document. An element that stands twice where one belongs is an error: tools differ on which they read."""
    return spdx2_tree.read(Source(source.name, _Tree(source).text()), "xml")


def values(source: Source) -> dict[str, Any]:
    """The whole tree of the JSON form; an empty element is None, all other values are texts."""
    tree = _with_none(msgspec.json.decode(_Tree(source).text()))
    return tree if isinstance(tree, dict) else {}


def _with_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_none(item) for key, item in value.items()}
    return [_with_none(item) for item in value] if isinstance(value, list) else value or None


def locate(source: Source) -> "Places":
    """Where JSON Pointers stand in this source."""
    return Places(source)


class _Node(Node):
    __slots__ = ("children",)

    def __init__(self, tag: tuple[str, str], attributes: Mapping[tuple[str, str], str], start: int) -> None:
        super().__init__(tag, attributes, start)
        self.children: list[_Node] = []


class _Tree(Elements[_Node]):
    """The tree of the JSON form; what the root holds is brought to it one after the other. `spans`, if given, takes in where
    values stand, in place of the text.

    What is wrong in the tree is raised when all has been met: what is not even XML goes before it.
    """

    def __init__(self, source: Source, spans: Spans | None = None) -> None:
        super().__init__(source, _Node, spans is not None)
        self._members = Members()
        self._spans = spans
        self._fault: DocumentError | None = None
        self._root = self.meet()
        if self._fault:
            raise self._fault
        if spans:
            spans.put({"": span_of(self._root)})

    def text(self) -> bytes:
        """The text of the tree."""
        return self._members.text() if self._root.parted else msgspec.json.encode(self._root.text)

    def opened(self, node: _Node, around: _Node | None) -> None:
        if around is None and node.tag[1] != "Document":
            problem = f"is XML with the root '{node.tag[1][:60]}'"
            self._fault = DocumentError(problem, source=self.source.name, advice="SPDX 2 XML has the root Document")
        if len(self.open) > 2 and around is not None:  # the root's own are given back when they have been read
            around.children.append(node)

    def closed(self, node: _Node) -> None:
        if len(self.open) == 1 and self._fault is None:
            try:
                self._take(node, node.tag[1])
            except DocumentError as fault:
                self._fault = fault

    def _take(self, node: _Node, name: str) -> None:
        """Take in a member of the root, or an element of one."""
        self._check_space(node, self.root)
        spans: dict[str, Span] = {}
        if name in LISTS:
            items = [self._value(node, "", spans)] if node.children or node.texts else []
            if not self._spans:
                self._members.put_list(name, items)
            elif items:
                self._spans.add(name, spans)
        elif name in self._members:
            raise self._twice(node)
        else:
            self._members.put(name, self._value(node, f"/{name}", spans))
            if self._spans:
                self._spans.put(spans)

    def _value(self, node: _Node, pointer: str, spans: dict[str, Span]) -> dict[str, Any] | str:
        """The value that an element stands for, as in the JSON form; `spans` takes in where each pointer stands, if anybody asks."""
        if self._spans:
            spans[pointer] = span_of(node)
        if not node.children:
            return node.text
        out: dict[str, Any] = {}
        for child in node.children:
            self._check_space(child, node)
            name = child.tag[1]
            at = f"{pointer}/{name}" if self.placed else ""
            if name in LISTS:
                items = out.setdefault(name, [])
                if child.children or child.texts:
                    items.append(self._value(child, f"{at}/{len(items)}", spans))
            elif name in out:
                raise self._twice(child)
            else:
                out[name] = self._value(child, at, spans)
        return out

    def _check_space(self, node: _Node, around: _Node) -> None:
        if node.tag[0] != around.tag[0]:
            raise self._odd(node, f"has '{node.tag[1][:60]}' in another namespace")

    def _twice(self, node: _Node) -> DocumentError:
        return self._odd(node, f"says '{node.tag[1][:60]}' twice in one element")

    def _odd(self, node: _Node, problem: str) -> DocumentError:
        return self.error(problem, node.start, "Tools differ on what they read there")


class Places:
    """Places in one text."""

    def __init__(self, source: Source) -> None:
        self._spans = Spans()
        _Tree(source, self._spans)

    def locate(self, pointer: str) -> Place:
        """The place of the value at a JSON Pointer, or of its nearest ancestor that is there."""
        return place_of(*self._spans.find(pointer))
