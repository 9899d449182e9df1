"""SPDX 2.2 and 2.3 XML: the tree of the JSON form, written as elements; read strictly and handed on as that."""

import re
from typing import Any

import msgspec

from sbomguard.errors import DocumentError
from sbomguard.model import Document
from sbomguard.readers import spdx2_tree
from sbomguard.readers.xmlnodes import Node, Places, parse, place_of
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
    root = parse(source)
    if root.tag[1] != "Document":
        raise DocumentError(f"is XML with the root '{root.tag[1][:60]}'", source=source.name, advice="SPDX 2 XML has the root Document")
    text = msgspec.json.encode(_tree(source, root, "", None))
    del root  # the tree is many times as large as the text
    return spdx2_tree.read(Source(source.name, text), "xml")


def values(source: Source) -> dict[str, Any]:
    """The whole tree of the JSON form; an empty element is None, all other values are texts."""
    tree = _tree(source, parse(source), "", None)
    return _with_none(tree) if isinstance(tree, dict) else {}


def _with_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_none(item) for key, item in value.items()}
    return [_with_none(item) for item in value] if isinstance(value, list) else value or None


def locate(source: Source) -> Places:
    """Where JSON Pointers stand in this source."""
    nodes: dict[str, Node] = {}
    _tree(source, parse(source), "", nodes)
    return Places({pointer: place_of(node) for pointer, node in nodes.items()})


def _tree(source: Source, node: Node, pointer: str, nodes: dict[str, Node] | None) -> dict[str, Any] | str:
    """The value that an element stands for, as in the JSON form; `nodes` takes in which pointer is which element.

    Without `nodes` nobody asks for places, and elements are given back as soon as they are read.
    """
    if nodes is not None:
        nodes[pointer] = node
    if not node.children:
        return node.text
    out: dict[str, Any] = {}
    children, node.children = node.children, node.children if nodes is not None else ()
    for child in children:
        name = child.tag[1]
        at = f"{pointer}/{name}" if nodes is not None else ""
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
    return DocumentError(problem, source=source.name, pointer=node.where(), advice="Tools differ on what they read there")
