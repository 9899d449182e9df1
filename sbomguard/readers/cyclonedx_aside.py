"""What a CycloneDX document tells beside the parts of the product: who made it, who wrote the document, how it was built, who vouches.

Works on parts of the document as plain values (JSON's members; an XML reader gives the same shape). What is told here of a vendor is
shown, but what it amounts to is decided by how far it is from the product: see `model.ASIDES`. Unread, because they name no maker:
lifecycles, licences of the document, signatures, citations, the texts of standards, claims and vulnerabilities.
"""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from sbomguard.model import Component, Signal
from sbomguard.readers import signals
from sbomguard.readers.cyclonedx import Property, escaped, of_tree

MEMBERS = ("externalReferences", "properties", "annotations", "formulation", "declarations", "definitions")
"""Members of the document (CycloneDX 1.7, clause bom) that are read here, besides `metadata`."""

PRODUCT = ("supplier", "manufacture")
"""Members of `metadata` that name who supplied and who made what the document describes (`manufacture`: until 1.5)."""

WRITERS = ("manufacturer", "authors")
"""Members of `metadata` that name who made the document (`manufacturer`: since 1.6)."""


class Nested(Struct, frozen=True):
    """A component or service beside the product's parts: where it stands, what it is as written, how it stands to the product."""

    pointer: str
    tree: dict[str, Any]
    aside: str
    service: bool


def nested(parts: dict[str, Any]) -> Iterator[Nested]:
    """Components and services in tools, formulation, annotators and targets of declarations."""
    for path, aside in (("metadata/tools", "tool"), ("annotations", "tool"), ("formulation", "build"), ("declarations", "target")):
        tree: Any = parts
        for step in path.split("/"):
            tree = tree.get(step) if isinstance(tree, dict) else None
        for pointer, item, service in _components_in(tree, f"/{path}"):
            yield Nested(pointer, item, aside, service)


def _components_in(tree: Any, pointer: str) -> Iterator[tuple[str, dict[str, Any], bool]]:
    """Components and services at any depth, in order, without those that are nested in another."""
    left = [(tree, pointer, "")]
    while left:
        value, pointer, key = left.pop()
        if isinstance(value, list):
            left.extend((item, f"{pointer}/{number}", key) for number, item in reversed(list(enumerate(value))))
        elif isinstance(value, dict) and key in ("component", "components", "service", "services"):
            yield pointer, value, key.startswith("service")
        elif isinstance(value, dict):
            left.extend((item, f"{pointer}/{escaped(key)}", key) for key, item in reversed(value.items()) if isinstance(item, dict | list))


def parties(parts: dict[str, Any], product: Component | None, known: dict[str, Component]) -> Iterator[Component]:
    """Stand-ins for what is told without a component: makers of the product, writers of the document, builders, annotators, assessors.

    `known` gives the components by ref, for the subjects of annotations.
    """
    metadata = parts.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    yield from _of("", _product(parts, metadata), product=product)
    yield from _of("/metadata", of_tree(_only(metadata, WRITERS), "metadata", ""), "writer", product=product)
    tools = metadata.get("tools")
    for number, tool in enumerate(tools if isinstance(tools, list) else ()):
        yield from _of(f"/metadata/tools/{number}", of_tree(tool, "metadata.tools", ""), "tool", _name(tool))
    for pointer, formula in _items(parts, "formulation"):
        yield from _of(pointer, of_tree(formula, "formulation", ""), "build", _name(formula) or "formulation")
    for pointer, annotation in _items(parts, "annotations"):
        yield from _annotation(annotation, pointer, known)
    for key in ("declarations", "definitions"):
        yield from _of(f"/{key}", of_tree(parts.get(key), key, ""), "party", key)


def _product(parts: dict[str, Any], metadata: dict[str, Any]) -> Iterator[Signal]:
    """What the document says of the product outside of its component."""
    yield from of_tree(_only(metadata, PRODUCT), "metadata", "/metadata")
    yield from signals.of_properties(_properties(metadata), "metadata.", "/metadata")
    yield from of_tree(parts.get("externalReferences"), "externalReferences", "/externalReferences")
    yield from signals.of_properties(_properties(parts), "", "")


def _annotation(annotation: Any, pointer: str, known: dict[str, Component]) -> Iterator[Component]:
    """Who annotated, what vendor the text mentions, and FCC IDs in it, which are those of its subjects."""
    if not isinstance(annotation, dict):
        return
    subjects = annotation.get("subjects")
    subjects = [known[ref] for ref in subjects if isinstance(ref, str) and ref in known] if isinstance(subjects, list) else []
    text = annotation.get("text")
    text = text if isinstance(text, str) else ""
    for subject in subjects:
        yield from _of(pointer, signals.of_comment(text, "annotations.text", "/text"), product=subject)
    said = [*of_tree(annotation.get("annotator"), "annotations.annotator", "/annotator")]
    said += [Signal("name", "text", "annotations.text", "/text", text)] if text else []
    yield from _of(pointer, iter(said), "party", subjects[0].name if subjects else "annotation")


def _of(pointer: str, said: Iterator[Signal], aside: str = "", name: str = "", product: Component | None = None) -> Iterator[Component]:
    """The stand-in for what was said, if anything was; for the product or another component if that is given."""
    found = tuple(said)
    if not found:
        return
    klass = product.component_class if product else "software"
    if klass in ("hardware", "firmware") and signals.has_fcc_id(found):
        klass = "module"
    yield Component(
        ref="", name=name or (product.name if product else ""), version=product.version if product else "",
        type=product.type if product else "", component_class=klass, purl=product.purl if product else "", pointer=pointer,
        signals=found, counted=False, aside=aside,
    )  # fmt: skip


def _only(tree: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: tree[key] for key in keys if key in tree}


def _items(parts: dict[str, Any], key: str) -> list[tuple[str, Any]]:
    """The items of a list with their pointers; one item that stands in the place of a list by itself."""
    value = parts.get(key)
    if isinstance(value, list):
        return [(f"/{key}/{number}", item) for number, item in enumerate(value)]
    return [(f"/{key}", value)] if isinstance(value, dict) else []


def _name(tree: Any) -> str:
    name = tree.get("name") if isinstance(tree, dict) else None
    return name if isinstance(name, str) else ""


def _properties(tree: dict[str, Any]) -> list[Property]:
    items = tree.get("properties")
    items = items if isinstance(items, list) else []
    texts = [(item.get("name"), item.get("value")) if isinstance(item, dict) else ("", "") for item in items]
    return [Property(name if isinstance(name, str) else "", value if isinstance(value, str) else "") for name, value in texts]
