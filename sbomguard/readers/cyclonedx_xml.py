"""CycloneDX XML, 1.0 to 1.7: read part by part while the text is parsed."""

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any
from xml.etree.ElementTree import Element

from msgspec.structs import replace

from sbomguard.errors import DocumentError, NotAnSbomError
from sbomguard.model import CLASS_OF_TYPE, Component, Document, Edge, Edges, Link, Problem, Signals
from sbomguard.readers import cyclonedx_links, cyclonedx_notes, cyclonedx_schema, signals, xmlplaces, xmltext
from sbomguard.readers.cyclonedx import Reference, sketch
from sbomguard.readers.cyclonedx_xml_aside import ASIDES, Asides
from sbomguard.readers.cyclonedx_xml_component import Record, Records, as_hashes, element_path, signals_of
from sbomguard.readers.cyclonedx_xml_elements import NAMESPACE, TWICE, Elements
from sbomguard.readers.cyclonedx_xml_thin import Thinner
from sbomguard.source import Source

VERSIONS = ("1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7")
PARTS = frozenset(
    "metadata components services externalReferences dependencies compositions vulnerabilities annotations formulation declarations "
    "definitions citations properties".split()
)
"""Children of `bom` (CycloneDX 1.7 XML, element bom)."""

_Item = tuple[Element, str, bool, bool]
"""A component or service: its element, its path, whether it is a service, whether it counts."""

_ROOT = re.compile(rb"<(?:[\w.-]+:)?bom[\s/>]", re.IGNORECASE)


def accepts(head: bytes) -> bool:
    """Whether the first bytes of an XML text look like this format."""
    return head.lstrip()[:1] == b"<" and _ROOT.search(head) is not None


def read(source: Source) -> Document:
    """The document. An odd component is read as far as it goes and noted as malformed; what tools read differently is an error."""
    if len(source.data) >= Thinner.MIN_BYTES:
        try:
            return _document(source, thin=True)
        except DocumentError:
            pass  # its place is not that in the whole text
    return _document(source, thin=False)


def _document(source: Source, *, thin: bool) -> Document:
    reading = _read(source, "", thin)
    if reading.guessed_wrong:
        reading = _read(source, reading.generator, thin)
    document = reading.document()
    noted = [problem.pointer for problem in (*document.problems, *document.gaps)]
    noted += [item.pointer for item in document.components if item.malformed]
    return replace(document, problems=(*document.problems, *cyclonedx_schema.of_xml(source, document.version, noted)))


def locate(source: Source) -> xmlplaces.Places:
    """Where element paths stand in this source."""
    return xmlplaces.Places(source)


def _read(source: Source, generator: str, thin: bool) -> "_Reading":
    thinner = Thinner(source) if thin else None
    pieces = xmltext.grow(source, thinner.thin if thinner else None)
    root, whole = next(pieces)
    reading = _Reading(source, _space(source, root), generator, thinner)
    reading.identify(root)
    reading.take(root, whole)
    for root, whole in pieces:
        reading.take(root, whole)
    return reading


def _space(source: Source, root: Element) -> str:
    """The namespace of a CycloneDX root, which says its version."""
    space, _, name = root.tag.removeprefix("{").rpartition("}")
    if name.lower() != "bom" and not space.startswith(NAMESPACE):
        raise NotAnSbomError("is XML, but no CycloneDX", source=source.name, advice="Give a document whose root is <bom>")
    if name != "bom" or not space.startswith(NAMESPACE) or space.removeprefix(NAMESPACE) not in VERSIONS:
        where = f"the namespace '{space[:80]}'" if space else "no namespace"
        raise DocumentError(
            f"has the root element <{name[:40]}> in {where}", source=source.name,
            advice=f"The root of CycloneDX XML is <bom> in {NAMESPACE}{VERSIONS[0]} to {VERSIONS[-1]}",
        )  # fmt: skip
    return space


def _edges(found: tuple[Thinner | None, list[Edge | str], list[Edge]]) -> Iterator[Edge]:
    """The dependencies, those that were left out of the text in their places, and what holds what."""
    thinner, dependencies, nesting = found
    for item in dependencies:
        if isinstance(item, Edge):
            yield item
        elif thinner is not None:
            yield from (edge for edge in thinner.dependencies(item) if edge.children)
    yield from nesting


def _placed(link: Link) -> Link:
    """The link with the path of its element."""
    return replace(link, pointer=element_path(link.pointer))


def _reference(tree: Any) -> Reference:
    """A reference of the document as such, of plain values."""
    if not isinstance(tree, dict):
        return Reference()
    hashes = tree.get("hashes")
    items = hashes.get("hash") if isinstance(hashes, dict) else None
    listed = [item for item in (items if isinstance(items, list) else [items]) if isinstance(item, dict)]
    url = tree.get("url")
    given = as_hashes([(item.get("alg", ""), item.get("value", "")) for item in listed])
    return Reference(url if isinstance(url, str) else None, tree.get("type"), given)


class _Reading:
    """A document while it is parsed: what has been read so far, and which part is open."""

    def __init__(self, source: Source, space: str, generator: str, thinner: Thinner | None) -> None:
        self.source = source
        self.thinner = thinner
        self.elements = Elements(source, space)
        self.records = Records(self.elements)
        self.generator = generator
        self.guesses = signals.guesses_cpes(generator)
        self.guessed_wrong = False
        self.make = partial(signals_of, guesses=self.guesses)
        self.found: dict[str, list[Component]] = {"metadata": [], "components": [], "services": []}
        self.dependencies: list[Edge | str] = []
        self.needed: set[str] = set()
        self.left_out: set[str] = set()
        self.nesting: list[Edge] = []
        self.gaps: list[Problem] = []
        self.asides = Asides(self.elements)
        self.beside: list[Component] = []
        self.links: list[Link] = []
        self.names: tuple[str, ...] = ()
        self.odd: list[Problem] = []
        self.typeless: list[str] = []
        self.nameless: list[str] = []
        self.placeless: list[str] = []
        self.parents: set[str] = set()
        self.refless = 0
        self.composed: dict[str, str] = {}
        self._part: Element | None = None
        self._seen: set[str] = set()
        self._count = 0

    def document(self) -> Document:
        """The document, when all of it has been taken."""
        subject = self.found["metadata"]
        parts = (*subject, *self.found["components"], *self.found["services"])
        told = self.asides.parties(subject[0] if subject else None, {item.ref: item for item in parts})
        components = (*parts, *self.beside, *told)
        root = subject[0].ref if subject else ""
        known = {item.ref for item in components}
        self._look_into(known)
        parents, product = cyclonedx_notes.undescribed(self.parents, known, root)
        self.odd += cyclonedx_notes.refless(self.refless, "/bom/dependencies")
        gaps = self._dangling(known, parents, product)
        return Document(
            source=self.source.name,
            format="CycloneDX",
            version=self.elements.space.removeprefix(NAMESPACE),
            serialisation="xml",
            components=components,
            edges=Edges(_edges, (self.thinner, self.dependencies, self.nesting)),
            root=root or product,
            generator=self.generator,
            problems=(*self.odd, *self._notes()),
            gaps=(*self.gaps, *gaps),
            names=self.names,
            links=(*self.links, *self._abroad(known), *self._own_links(root)),
        )

    def identify(self, root: Element) -> None:
        """Take the names of the document from its root."""
        serial, version = root.get("serialNumber", ""), root.get("version", "1")
        number = int(version) if re.fullmatch("[1-9][0-9]{0,9}", version) else 0
        if serial:
            self.names = cyclonedx_links.names(serial, number or 1)
            self.odd += cyclonedx_links.odd_serial(serial, "/bom")
        if not number:
            self.odd.append(Problem(pointer="/bom", message=f"its version is no number from 1: '{version[:40]}'"))

    def _notes(self) -> Iterator[Problem]:
        yield from (Problem(pointer=at, message="has no name") for at in self.nameless)
        yield from cyclonedx_notes.first_of(self.typeless, "has no type that CycloneDX knows")
        yield from cyclonedx_notes.first_of(self.placeless, "has an external reference without url")

    def _own_links(self, root: str) -> Iterator[Link]:
        """The references of the document as such."""
        found = [_reference(item) for item in self.asides.parts.get("externalReferences", ())]
        yield from map(_placed, cyclonedx_links.of_references(found, root, "/bom/externalReferences"))

    def _abroad(self, known: set[str]) -> Iterator[Link]:
        """The BOM-Links in the place of refs, where no component has them."""
        refs = set(filter(cyclonedx_links.is_link, self.needed - known))
        if refs:
            refs |= {ref for ref in self.parents if cyclonedx_links.is_link(ref)}
        places = {**self.composed, **dict.fromkeys(refs, "/bom/dependencies")}
        yield from (cyclonedx_links.of_ref(ref, places[ref]) for ref in sorted(places))

    # ---- parts of the document

    def take(self, root: Element, whole: bool) -> None:
        """Read and remove what is complete below the root."""
        while len(root):
            part = root[0]
            complete = whole or len(root) > 1
            self.elements.pointer = "/bom"
            name = self.elements.name_of(part)
            self.elements.pointer = f"/bom/{name}"
            if part is not self._part:
                self._begin(part, name)
            self._take_part(part, name, complete)
            if not complete:
                return
            self._refuse_text(part.text if name else "", part.tail)
            del root[0]
        self.elements.pointer = "/bom"
        self._refuse_text(root.text)

    def _begin(self, part: Element, name: str) -> None:
        if name and name not in PARTS:
            self.elements.refuse("is an element that CycloneDX does not know", "Tools may differ on what it holds")
        if name in self._seen:
            self.elements.refuse("is there twice", TWICE)
        self._part, self._count = part, 0
        self._seen |= {name} - {""}

    def _take_part(self, part: Element, name: str, complete: bool) -> None:
        if name == "metadata":
            if complete:
                self._take_metadata(part)
            return
        items = part[:] if complete else part[:-1]
        if name in ("components", "services"):
            self._add_all(self._listed(items, f"/bom/{name}", self._count), self.found[name])
        elif name == "dependencies":
            self._depend(items)
        elif name == "compositions":
            self._compose(items)
        else:
            self.asides.take(name, items)
            if name in ASIDES:
                self._add_beside(items, f"/bom/{name}", ASIDES[name], self._count)
        self._count += len(items)
        del part[: len(items)]

    def _refuse_text(self, *texts: str | None) -> None:
        if not all(map(xmltext.is_blank, texts)):
            self.elements.refuse("has text between elements", "Tools differ on whether they read it; remove it")

    def _take_metadata(self, metadata: Element) -> None:
        self.generator = self._tools(metadata)
        guesses = signals.guesses_cpes(self.generator)
        self.guessed_wrong = guesses != self.guesses and bool(self.found["components"] or self.found["services"])
        self.guesses = guesses
        self.make = partial(signals_of, guesses=guesses)
        subjects = self.elements.children(metadata, "component")
        if len(subjects) > 1:
            self.elements.refuse("has <component> twice", TWICE)
        self._add_all([(subject, "/bom/metadata/component", False, False) for subject in subjects], self.found["metadata"])
        self.asides.take_metadata(metadata)
        for tools in self.elements.children(metadata, "tools"):
            if not xmltext.is_blank(tools.text):
                self.odd.append(Problem(pointer="/bom/metadata/tools", message="has a text where tools belong"))
            self._add_beside(tools[:], "/bom/metadata/tools", "tool")

    def _add_beside(self, items: list[Element], path: str, aside: str, count: int = 0) -> None:
        """Add the components in the next items of a part beside the product's, of which `count` have been taken already."""
        found: list[Component] = []
        for element, place, service in self.asides.nested(items, path, count):
            self._add_all([(element, place, service, False)], found)
        self.beside += [replace(item, aside=aside, counted=False) for item in found]

    def _tools(self, metadata: Element) -> str:
        """Names and versions of the tools, in both shapes that the specification has had (1.2: tool; 1.5: components)."""
        tools = self.elements.grandchildren(metadata, "tools", "tool")
        for components in self.elements.grandchildren(metadata, "tools", "components"):
            tools += self.elements.children(components, "component")
        names = ((self.elements.text_in(tool, "name"), self.elements.text_in(tool, "version")) for tool in tools)
        return ", ".join(f"{name} {version}".strip() for name, version in names if name)

    def _depend(self, items: list[Element]) -> None:
        """What depends on what; the schema lets a dependency hold its own dependencies, to any depth."""
        tag = self.elements.tag("dependency")
        queue = [item for item in items if item.tag == tag or self.elements.name_of(item) == "dependency"]
        for element in queue:
            if self.thinner and (run := element.get(self.thinner.mark)):
                self._depend_as(run, self.thinner)
                continue
            ref = element.get("ref", "")
            self.parents.add(ref)
            self.refless += not ref
            if not len(element):
                continue
            children = self._inside(element)
            refs = tuple(filter(None, [child.get("ref") for child in children]))
            if refs and ref:
                self.dependencies.append(Edge(ref, refs))
                self.needed.update(refs)
            if ref:
                provided = tuple([child.get("ref", "") for child in self.elements.children(element, "provides")])
                self.nesting += [Edge(ref, provided)] if provided else []
            if any(map(len, children)):
                queue += children
            else:
                self.refless += len(children) - len(refs)

    def _depend_as(self, run: str, thinner: Thinner) -> None:
        """Take a run of dependencies that was left out of the text."""
        self.dependencies.append(run)
        self.left_out.update(thinner.refs(run))

    def _look_into(self, known: set[str]) -> None:
        """Tell apart, in what was left out of the text, what depends and what is needed, if a ref in it is no component's."""
        if not (self.left_out <= known and self.needed <= known):
            runs = [item for item in self.dependencies if isinstance(item, str)]
            for edge in (edge for run in runs if self.thinner for edge in self.thinner.dependencies(run)):
                self.parents.add(edge.parent)
                self.needed.update(edge.children)

    def _inside(self, element: Element) -> list[Element]:
        """The dependencies directly inside another, also those that were left out of the text."""
        found = self.elements.children(element, "dependency")
        if self.thinner is None:
            return found
        runs = [(child, child.get(self.thinner.mark)) for child in found]
        return [one for child, run in runs for one in (self.thinner.elements(run, self.elements.space) if run else (child,))]

    def _compose(self, items: list[Element]) -> None:
        for number, item in enumerate(items, self._count + 1):
            if self.elements.name_of(item):
                place = f"/bom/compositions/composition[{number}]"
                cyclonedx_notes.on_aggregate(self.elements.text_in(item, "aggregate"), place, self.gaps, self.odd)
                for name, inner in (("assemblies", "assembly"), ("dependencies", "dependency")):
                    refs = [part.get("ref", "") for part in self.elements.grandchildren(item, name, inner)]
                    self.composed.update((ref, place) for ref in refs if cyclonedx_links.is_link(ref) and ref not in self.composed)

    def _dangling(self, known: set[str], parents: set[str], product: str) -> Iterator[Problem]:
        """Dependencies of and on refs that no component has: a part that is named and not described."""
        missing = {ref for ref in self.needed - known if not cyclonedx_links.is_link(ref)}
        yield from cyclonedx_notes.dangling((missing | parents) - {product}, "/bom/dependencies")

    # ---- components

    def _add_all(self, items: Iterable[_Item], out: list[Component]) -> None:
        """Add components or services and what is nested in them, each before what it holds."""
        levels: list[tuple[str, Iterator[_Item], list[str]]] = [("", iter(items), [])]
        while levels:
            holder, rest, refs = levels[-1]
            for element, pointer, service, counted in rest:
                ref, nested = self._add(element, pointer, out, counted=counted, service=service)
                refs.append(ref)
                if nested:
                    levels.append((ref, self._items(nested, pointer), []))
                    break
            else:
                levels.pop()
                if levels:
                    self.nesting.append(Edge(holder, tuple(filter(None, refs))))
            if 2 * len(levels) > self.source.limits.depth:
                raise xmltext.too_deep(self.source)

    def _items(self, parts: list[Element], pointer: str) -> Iterator[_Item]:
        """The components and services in the lists that are nested in the component at a path."""
        for part in parts:
            path = f"{pointer}/{self.elements.name_of(part)}"
            yield from self._listed(part, path)
            self.elements.pointer = path
            self._refuse_text(part.text)

    def _listed(self, items: Iterable[Element], path: str, start: int = 0) -> Iterator[_Item]:
        """The items of a list with their paths; anything else in it is refused, but for what belongs to an extension."""
        service = path.endswith("/services")
        step = "service" if service else "component"
        tag = self.elements.tag(step)
        for number, item in enumerate(items, start + 1):
            if item.tag == tag:
                yield item, f"{path}/{step}[{number}]", service, not service
            self.elements.pointer = path
            if item.tag != tag and self.elements.name_of(item):
                self.elements.refuse(f"has an element <{self.elements.name_of(item)[:40]}> among its {step}s", "Tools may differ on it")
            if item.tail and not item.tail.isspace():
                self._refuse_text(item.tail)

    def _add(self, element: Element, pointer: str, out: list[Component], *, counted: bool, service: bool) -> tuple[str, list[Element]]:
        """Add one component; its ref, and the lists nested in it."""
        self.elements.pointer, self.records.odd, self.records.leads = pointer, [], False
        fields = self.records.fields(element)
        item = self.records.record(element, fields)
        out.append(self._component(item, pointer, counted, service))
        if item.pedigree is not None:
            for path, aside, relatives in self.records.relatives(fields["pedigree"]):
                self._add_relatives(relatives, pointer + path, aside)
        nested = [fields[name] for name in ("components", "services") if name in fields]
        return item.ref or "", [part for part in nested if len(part) or not xmltext.is_blank(part.text)]

    def _add_relatives(self, elements: list[Element], path: str, aside: str) -> None:
        """Add the relatives of a component that are not its origin."""
        found: list[Component] = []
        self._add_all([(element, f"{path}/component[{number}]", False, False) for number, element in enumerate(elements, 1)], found)
        self.beside += [replace(item, aside=aside, counted=False) for item in found]

    def _component(self, item: Record, pointer: str, counted: bool, service: bool) -> Component:
        kind = item.type or ("service" if service else "")
        klass = CLASS_OF_TYPE.get(kind, "")
        if not klass:
            klass = "software"
            self.typeless.append(pointer)
        elif klass in ("hardware", "firmware") and item.properties and signals.has_fcc_id(signals_of(item, self.guesses)):
            klass = "module"
        if not item.name:
            self.nameless.append(pointer)
        if self.records.leads and item.externalReferences:
            self._refer(item.externalReferences, item.ref or "", f"{pointer}/externalReferences")
        if item.swid is not None and not (item.swid.tagId and item.swid.name):
            self.odd.append(Problem(pointer=f"{pointer}/swid", message="is a SWID tag without tagId or name", ref=item.ref or ""))
        _, text, parties = sketch(item, self.guesses)
        if item.licenses:
            text, parties = "", None
        return Component(  # by position: keywords cost as much as the rest of this method
            item.ref or "",
            item.name or "",
            item.version or "",
            kind,
            klass,
            item.purl or "",
            pointer,
            Signals(self.make, item),
            "; ".join(self.records.odd),
            counted,
            text,
            parties,
        )

    def _refer(self, references: list[Reference], ref: str, at: str) -> None:
        """Take the references of a component, of which one leads to another SBOM or nowhere."""
        if any(one.type == "bom" for one in references):
            self.links += map(_placed, cyclonedx_links.of_references(references, ref, at))
        self.placeless += [f"{at}/reference[{number}]" for number, one in enumerate(references, 1) if one.url is None]
