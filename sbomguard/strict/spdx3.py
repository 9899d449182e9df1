"""SPDX 3.0.1 JSON-LD held against the official model, by the bindings in spdx-python-model."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from sbomguard.model import Document
from sbomguard.source import Source
from sbomguard.strict.violation import Violation, load

VERSIONS = ("3.0.1",)

_ADDRESS = re.compile(r" \(\d{6,}\)")

_ERRORS = (TypeError, ValueError, KeyError, AttributeError, NotImplementedError, RecursionError)
"""What the bindings raise for an element that does not fit the model."""


def violations(source: Source, document: Document) -> Iterator[Violation]:
    """What the model does not allow: unknown classes and properties, values of a wrong type, form or number, references to a wrong class.

    Each element is read, written and linked by itself: reading checks what is there, writing what is missing, linking what is referred to.
    """
    if document.version not in VERSIONS:
        yield Violation("/@context", f"there is no official model of SPDX {document.version} here, only of {', '.join(VERSIONS)}")
        return
    model = load("spdx_python_model.bindings.v3_0_1", "spdx-python-model")
    elements: list[tuple[str, Any]] = []
    found = model.SHACLObjectSet()
    reading, writing = model.DecodeState(found), model.EncodeState(found)
    for pointer, data in _elements(msgspec.json.decode(source.data)):
        try:
            element = model.SHACLExtensibleObject.decode(model.JSONLDDecoder(data), reading)
            element.encode(model.JSONLDEncoder(), writing)
        except _ERRORS as error:
            yield Violation(pointer + _member(model, data, error), _sentence(error))
        else:
            elements.append((pointer, element))
    seen: set[Any] = set()
    for pointer, element in elements:
        try:
            element.link_helper(found, None, seen)
        except _ERRORS as error:
            yield Violation(pointer, _sentence(error))


def _elements(root: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The elements of the graph; where there is none, the outermost object is the only one."""
    if "@graph" not in root:
        yield "", {key: value for key, value in root.items() if key != "@context"}
        return
    graph = root["@graph"]
    if not isinstance(graph, list):
        yield "/@graph", graph
        return
    for number, element in enumerate(graph):
        yield f"/@graph/{number}", element


def _member(model: Any, data: Any, error: Exception) -> str:
    """The pointer, from the element, of the member that the bindings do not take: the first that gives the same error by itself."""
    if not isinstance(data, dict):
        return ""
    itself = {key: data[key] for key in ("type", "@type", "spdxId", "@id") if key in data}
    for key in (key for key in data if key not in itself):
        try:
            model.SHACLExtensibleObject.decode(model.JSONLDDecoder({**itself, key: data[key]}), model.DecodeState(model.SHACLObjectSet()))
        except _ERRORS as other:
            if _sentence(other) == _sentence(error):
                return f"/{key.replace('~', '~0').replace('/', '~1')}"
    return ""


def _sentence(error: Exception) -> str:
    """What the bindings say, without the addresses in memory that they mention."""
    said = str(error.args[0]) if error.args else ""
    return _ADDRESS.sub("", said) or type(error).__name__
