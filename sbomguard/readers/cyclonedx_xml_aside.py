"""What CycloneDX XML tells beside the parts of the product, as the plain values that `cyclonedx_aside` reads."""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from msgspec.structs import replace

from sbomguard.model import Component, Signal
from sbomguard.readers import cyclonedx_aside
from sbomguard.readers.cyclonedx_xml_component import element_path
from sbomguard.readers.cyclonedx_xml_elements import Elements

ASIDES = {"tools": "tool", "annotations": "tool", "formulation": "build", "declarations": "target"}
"""How the components in these elements stand to the product."""

_ITEMS = {"annotations": "annotation", "formulation": "formula", "tools": "tool", "subjects": "subject"}
_LISTED = re.compile(r"/(annotations|formulation|tools)/(\d+)")


class Asides:
    """Gathers the elements beside the components while a document is parsed."""

    def __init__(self, elements: Elements) -> None:
        self.elements = elements
        self.parts: dict[str, Any] = {}

    def take(self, name: str, items: list[Element]) -> None:
        """Take the next children of a member of the document."""
        if name in ("declarations", "definitions"):
            part = self.parts.setdefault(name, {})
            part.update((self.elements.name_of(item), self._value(item)) for item in items if self.elements.name_of(item))
        elif name in cyclonedx_aside.MEMBERS:
            self.parts.setdefault(name, []).extend(self._value(item) for item in items if self.elements.name_of(item))

    def take_metadata(self, metadata: Element) -> None:
        """Take the metadata, less the component that the document describes."""
        found = self.parts["metadata"] = {}
        for child in metadata:
            name = self.elements.name_of(child)
            if name == "properties" or (name == "tools" and self.elements.children(child, "tool")):
                found[name] = [self._value(item) for item in child]
            elif name and name != "component":
                found[name] = self._value(child)

    def _value(self, element: Element) -> Any:
        """An element as plain values: its text, or its attributes and children by name, those that are repeated in a list."""
        found: dict[str, Any] = {}
        for child in element:
            name = self.elements.name_of(child)
            if name and name in found:
                found[name] = [*found[name], self._value(child)] if isinstance(found[name], list) else [found[name], self._value(child)]
            elif name:
                found[name] = self._value(child)
        text = (element.text or "").strip()
        if not found and not element.attrib:
            return text
        if "subject" in found:  # JSON has the refs alone
            subjects = found["subject"] if isinstance(found["subject"], list) else [found["subject"]]
            return [item.get("ref", "") for item in subjects if isinstance(item, dict)]
        return {**element.attrib, **({"value": text} if text else {}), **found}

    def nested(self, items: list[Element], path: str, taken: int = 0) -> Iterator[tuple[Element, str, bool]]:
        """Components and services at any depth in an element, not those in another of them: element, path, whether it is a service.

        `items` are the next children of the element at the path, of which `taken` came before them.
        """
        left = [(items, path)]
        counts = dict.fromkeys(_ITEMS.values(), taken)
        while left:
            children, path = left.pop()
            inner = []
            for child in children:
                name = self.elements.name_of(child)
                number = counts[name] = counts.get(name, 0) + 1
                if name:
                    inner.append((child, f"{path}/{name}[{number}]"))
            for child, place in inner:
                name = self.elements.name_of(child)
                if name in ("component", "service"):
                    yield child, place, name == "service"
            left.extend((child[:], at) for child, at in reversed(inner) if self.elements.name_of(child) not in ("component", "service"))
            counts = {}

    def parties(self, product: Component | None, known: dict[str, Component]) -> Iterator[Component]:
        """As `cyclonedx_aside.parties`, with the paths of elements."""
        for item in cyclonedx_aside.parties(self.parts, product, known):
            yield replace(item, pointer=f"/bom{_path(item.pointer)}", signals=tuple(map(_placed, item.signals)))


def _placed(signal: Signal) -> Signal:
    return replace(signal, at=_path(signal.at))


def _path(pointer: str) -> str:
    """The path of an element for a pointer into the plain values."""
    listed = _LISTED.sub(lambda match: f"/{match.group(1)}/{_ITEMS[match.group(1)]}[{int(match.group(2)) + 1}]", pointer)
    return element_path(listed)
