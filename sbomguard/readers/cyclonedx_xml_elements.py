"""Elements of CycloneDX XML by their names: what belongs to the format, what to an extension, and what only looks like it."""

from typing import Any, NoReturn
from xml.etree.ElementTree import Element

from sbomguard.errors import DocumentError
from sbomguard.source import Source

NAMESPACE = "http://cyclonedx.org/schema/bom/"
TWICE = "Tools differ on which of the two they read; keep one"


LISTS = {
    "ancestors": "component",
    "authors": "author",
    "commits": "commit",
    "components": "component",
    "custodians": "custodian",
    "datasets": "dataset",
    "descendants": "component",
    "endpoints": "endpoint",
    "externalReferences": "reference",
    "hashes": "hash",
    "licenses": "license",
    "methods": "method",
    "occurrences": "occurrence",
    "owners": "owner",
    "patches": "patch",
    "properties": "property",
    "services": "service",
    "stewards": "steward",
    "variants": "component",
}
"""Lists of CycloneDX JSON that are an element with one element for each item in XML; the others repeat the element itself."""


class Elements:
    """Elements in the namespace of one version; `pointer` says where errors are."""

    def __init__(self, source: Source, space: str) -> None:
        self.source = source
        self.space = space
        self.pointer = "/bom"
        self._prefix = f"{{{space}}}"

    def refuse(self, problem: str, advice: str = "") -> NoReturn:
        """Raise the error for what tools would read differently."""
        raise DocumentError(problem, source=self.source.name, pointer=self.pointer, advice=advice)

    def name_of(self, element: Element) -> str:
        """The local name, or nothing for an extension's element. What only looks like an element of the format is refused."""
        space, _, name = element.tag.removeprefix("{").rpartition("}")
        if space == self.space:
            return name
        if not space or space.startswith(NAMESPACE):
            where = f"the namespace '{space[:80]}'" if space else "no namespace"
            self.refuse(f"has an element <{name[:40]}> in {where}", f"Tools differ on whether they read it; '{self.space}' is meant?")
        return ""

    def tag(self, name: str) -> str:
        """The tag of elements of that local name."""
        return self._prefix + name

    def text(self, element: Element) -> str:
        """The text without white space around it; comments, processing instructions and CDATA marks are no part of it."""
        if len(element):
            self.refuse(f"has an element inside the text of <{self.name_of(element)[:40]}>", "Write plain text there")
        value = element.text
        return value.strip() if value else ""

    def children(self, element: Element, name: str) -> list[Element]:
        """The children of that local name, in order."""
        prefix = self._prefix
        found = element.findall(prefix + name)
        if len(found) != len(element):
            for child in element:
                if not child.tag.startswith(prefix):
                    self.name_of(child)
        return found

    def grandchildren(self, element: Element, name: str, inner: str) -> list[Element]:
        """The children of one local name in the children of another."""
        return [child for part in self.children(element, name) for child in self.children(part, inner)]

    def text_in(self, element: Element, name: str) -> str:
        """The text of the only child of that local name."""
        found = self.children(element, name)
        if len(found) > 1:
            self.refuse(f"has <{name}> twice", TWICE)
        return self.text(found[0]) if found else ""

    def tree(self, element: Element) -> Any:
        """An element as the plain values that CycloneDX JSON has in its place: a text, a list, or attributes and children by name."""
        item = LISTS.get(self.name_of(element))
        if item:
            return [self.tree(child) for child in self.children(element, item)]
        found: dict[str, Any] = {}
        for child in element:
            name = self.name_of(child)
            if name in found:
                known = found[name] if isinstance(found[name], list) else [found[name]]
                found[name] = [*known, self.tree(child)]
            elif name:
                found[name] = self.tree(child)
        text = (element.text or "").strip()
        return {**element.attrib, **({"value": text} if text else {}), **found} if found or element.attrib else text
