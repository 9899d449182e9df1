"""CycloneDX XML made of the members of a CycloneDX JSON document, an item at a time, as converters between the two write it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from jsontext import Members
from parts import Product

# fmt: off
ORDER = (
    "supplier manufacturer authors author publisher group name version description scope hashes licenses copyright cpe purl swid "
    "pedigree externalReferences properties components evidence tags"
).split()
"""Children of a component in the order of the schema."""

ITEMS = {
    "annotations": "annotation", "authors": "author", "components": "component", "dependencies": "dependency",
    "externalReferences": "reference", "hashes": "hash", "licenses": "license", "lifecycles": "lifecycle", "methods": "method",
    "occurrences": "occurrence", "properties": "property", "subjects": "subject", "tags": "tag",
}
"""Lists that are one element with an element for each item. In any other list the element repeats."""

ATTRIBUTES = {
    "component": ("type", "bom-ref"), "license": ("acknowledgement",), "reference": ("type",), "hash": ("alg",), "property": ("name",),
    "annotation": ("bom-ref",), "subject": ("ref",), "dependency": ("ref",),
}
TEXTS = {"hash": "content", "property": "value"}
# fmt: on


class Layout(NamedTuple):
    """How a tool writes XML: spaces a level, or one line; end of file."""

    indent: int | None = None
    end: str = "\n"

    def line(self, depth: int) -> str:
        return "" if self.indent is None else "\n" + " " * (self.indent * depth)


def writer(layout: Layout, members: Callable[[Product], Members]) -> Callable[[Product], Iterator[str]]:
    """The writer for the XML of what a style writes as JSON."""
    return lambda product: stream(layout, members(product))


def stream(layout: Layout, members: Members) -> Iterator[str]:
    """The document in pieces; an iterator's items are made one at a time."""
    known: dict[str, Any] = dict(members)
    space = f"http://cyclonedx.org/schema/bom/{known['specVersion']}"
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<bom xmlns="{space}" serialNumber="{known["serialNumber"]}" version="{known["version"]}">'
    for name in ("metadata", "components", "dependencies", "annotations"):
        if name in known:
            yield layout.line(1) + f"<{name}>"
            yield from (element(layout, 2, *child) for child in children(name, known[name]))
            yield layout.line(1) + f"</{name}>"
    yield layout.line(0) + f"</bom>{layout.end}"


def element(layout: Layout, depth: int, name: str, value: Any) -> str:
    """One element with what is in it."""
    before = layout.line(depth) + f"<{name}"
    if not isinstance(value, dict | list):
        return f"{before}>{escape(str(value))}</{name}>"
    members = value if isinstance(value, dict) else {}
    before += "".join(f" {key}={quoteattr(members[key])}" for key in ATTRIBUTES.get(name, ()) if key in members)
    if name in TEXTS:
        return f"{before}>{escape(members[TEXTS[name]])}</{name}>"
    inside = "".join(element(layout, depth + 1, *child) for child in children(name, value))
    return f"{before}>{inside}{layout.line(depth)}</{name}>" if inside else f"{before}/>"


def children(name: str, value: Any) -> Iterable[tuple[str, Any]]:
    """Names and values of the elements in an element."""
    if name in ITEMS:
        return ((ITEMS[name], item_of(name, item)) for item in value)
    if name == "dependency":
        return (("dependency", {"ref": ref}) for ref in value.get("dependsOn", ()))
    members = [(key, part) for key, part in value.items() if key not in ATTRIBUTES.get(name, ())]
    if name == "component":
        members.sort(key=lambda member: ORDER.index(member[0]))
    return ((key, item) for key, part in members for item in (part if isinstance(part, list) and key not in ITEMS else [part]))


def item_of(name: str, item: Any) -> Any:
    """The item of a list without what only JSON puts around it."""
    return item["license"] if name == "licenses" else {"ref": item} if name == "subjects" else item
