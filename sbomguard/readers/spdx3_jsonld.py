"""SPDX 3.0 and 3.1 JSON-LD: packages, and what else carries identity, with agents, identifiers and annotations linked by id."""

from collections import defaultdict
from collections.abc import Iterator

import msgspec

from sbomguard import party
from sbomguard.errors import DocumentError
from sbomguard.model import Component, Document, Edge, Place, Problem, Signal
from sbomguard.readers import jsontext, signals, spdx3_loose, spdx3_plain
from sbomguard.readers.spdx3_agents import Agents
from sbomguard.readers.spdx3_components import Components
from sbomguard.readers.spdx3_elements import DOWN, NO_ELEMENTS, TYPES, UP, Artifact, Reading, items, kind_of
from sbomguard.readers.spdx3_outside import Outside
from sbomguard.source import Source


def read(source: Source) -> Document:
    """The document. An element that does not fit is read as far as it goes and noted as malformed; nothing is ever fetched."""
    return _Graph(source, _elements(source)).document()


def locate(source: Source) -> "Places":
    """Where JSON Pointers stand in this source."""
    return Places(source)


def _elements(source: Source) -> Reading:
    try:
        return spdx3_plain.read(source) or spdx3_loose.read(source)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:  # behind what did not fit, or in a value that is looked at late
        jsontext.check_utf8(source)
        jsontext.check_strictly(source)
        raise DocumentError(f"is not JSON: {error}", source=source.name) from None


def _described(root: str, components: tuple[Component, ...], edges: tuple[Edge, ...]) -> tuple[str, ...]:
    """The refs below the root: where that is a bill of materials, what it is of (SPDX 3.0.1 Software/Sbom)."""
    found = _below(root, edges)
    if len(found) == 1 and not any(component.ref in found for component in components):
        found = _below(found.pop(), edges)
    return tuple(sorted(found))


def _below(ref: str, edges: tuple[Edge, ...]) -> set[str]:
    return {child for edge in edges if edge.parent == ref for child in edge.children}


class _Graph:
    """The elements by id and by what they are to us, and the document that is drawn from them."""

    def __init__(self, source: Source, reading: Reading) -> None:
        self.source = source
        self.reading = reading
        self.by_id = self._index()
        self.kinds: dict[str, list[int]] = {}
        for name, numbers in reading.by_class().items():
            self.kinds.setdefault(kind_of(name), []).extend(numbers)
        for numbers in self.kinds.values():
            numbers.sort()  # classes of one kind, each in order: back to the order of the document
        self.relations: dict[str, list[int]] = defaultdict(list)
        for number in self._all("relationship"):
            self.relations[reading.elements[number].relationshipType or ""].append(number)
        self.generator = ", ".join(dict.fromkeys(self._tools()))
        self.agents = Agents(source, reading, self.by_id)
        self.components = Components(reading, self.agents, self._beside(), guesses=signals.guesses_cpes(self.generator))

    def document(self) -> Document:
        """The document that the elements make up."""
        components = tuple(self._components())
        edges = tuple(self._edges())
        read = {component.pointer for component in components if component.malformed}
        odd = (Problem(pointer=at, message=why) for at, why in self.reading.malformed.items() if at not in read)
        names = tuple(name for name in (self.reading.ids[number] for number in self._of("SpdxDocument")) if name)
        outside = Outside(self.reading, self.by_id, self._all("collection"), self.relations, self.agents.absent, edges)
        return Document(
            source=self.source.name,
            format="SPDX",
            version=self.reading.version,
            serialisation="jsonld",
            components=components,
            edges=edges,
            root=names[0] if names else "",
            generator=self.generator,
            problems=tuple(self._problems(components)),
            gaps=(*outside.gaps(), *odd),
            names=names,
            links=tuple(outside.links()),
            described=_described(names[0], components, edges) if names else (),
        )

    def _index(self) -> dict[str, int]:
        """The number of each element by its id. Two of one id that differ are an error: tools that look elements up by id see one."""
        ids = self.reading.ids
        by_id = dict(zip(ids, range(len(ids)), strict=True))
        if (repeated := len(ids) - len(by_id)) and repeated >= ids.count(""):
            self._drop_repeated()
            return self._index()
        by_id.pop("", None)
        return by_id

    def _drop_repeated(self) -> None:
        """Keep each element once that stands in the graph several times."""
        reading = self.reading
        first: dict[str, int] = {}
        for number, ident in enumerate(reading.ids):
            known = first.setdefault(ident, number) if ident else number
            same = reading.classes[known] == reading.classes[number] and reading.elements[known] == reading.elements[number]
            if not same:
                raise DocumentError(
                    f"has two different elements with the id '{ident[:100]}'", source=self.source.name, pointer=reading.pointer(number),
                    advice="Give each element an id of its own",
                )  # fmt: skip
        reading.keep([number for number, ident in enumerate(reading.ids) if not ident or first[ident] == number])

    def _of(self, name: str) -> list[int]:
        return [number for number in self.kinds.get(kind_of(name), ()) if self.reading.classes[number] == name]

    def _all(self, kind: str) -> list[int]:
        return self.kinds.get(kind, [])

    def _tools(self) -> Iterator[str]:
        """Names of the tools that made the document; where none is named, of agents that are no persons or organisations."""
        elements = self.reading.elements
        for using, by in dict.fromkeys([(elements[number].createdUsing, elements[number].createdBy) for number in self._all("creation")]):
            for ident in items(using):
                name = self._name_of(ident)
                yield party.split(name)[0] if name else ident
            for ident in items(by) if not using else ():
                if ident not in self.by_id or self.reading.classes[self.by_id[ident]] == "SoftwareAgent":
                    yield self._name_of(ident) or ident

    def _name_of(self, ident: str) -> str:
        number = self.by_id.get(ident)
        return "" if number is None else getattr(self.reading.elements[number], "name", None) or ""

    def _beside(self) -> dict[str, list[Signal]]:
        """Signals that stand in other elements, by id: FCC IDs in annotations, and additional suppliers (`availableFrom`)."""
        found: dict[str, list[Signal]] = {}
        for number in self._all("annotation"):
            note, at = self.reading.elements[number], self.reading.pointer(number)
            for signal in signals.of_comment(note.statement or "", "annotation.statement", f"/annotation{at}/statement"):
                found.setdefault(note.subject or "", []).append(signal)
        for number in self.relations.get("availableFrom", ()):
            relation, at = self.reading.elements[number], f"/relationship{self.reading.pointer(number)}/to"
            parties = self.agents.signals(relation.to, "supplier", "availableFrom", at)
            found.setdefault(relation.from_ or "", []).extend(parties)
        return found

    # ---- components

    def _components(self) -> Iterator[Component]:
        make = self.components.make
        yield from map(make, self._all("package"))
        yield from self.components.telling(self._all("piece"))
        yield from self.components.telling(filter(self._has_maker, self._all("silent")))
        for number in self._all("unknown"):
            name = self.reading.elements[number].name or ""
            if self.reading.version.startswith("3.0") or signals.is_binary(name) or self.components.has_more(number):
                yield make(number, malformed=f"'{self.reading.classes[number][:60]}' is no class of SPDX {self.reading.version}")

    def _has_maker(self, number: int) -> bool:
        item = self.reading.elements[number]
        return isinstance(item, Artifact) and bool(item.suppliedBy or item.originatedBy or item.purl)

    def _problems(self, components: tuple[Component, ...]) -> Iterator[Problem]:
        """What the elements leave unsaid: names of packages, who created an element and when, what stands behind an id."""
        nameless = [item.pointer for item in components if item.counted and not item.name]
        if nameless:
            what = "a package has no name" if len(nameless) == 1 else f"{len(nameless)} packages have no name"
            yield Problem(pointer=nameless[0], message=what)
        if missing := self._without_creation():
            what = "an element does" if missing == 1 else f"{missing} elements do"
            yield Problem(pointer="/@graph", message=f"{what} not say who created it and when (creationInfo)")
        yield from self._odd_types()
        if unnamed := len(self.agents.nameless):
            what = "a maker is named" if unnamed == 1 else f"{unnamed} makers are named"
            yield Problem(pointer="/@graph", message=f"{what} without a name and an id: nobody can tell who that is")
        if bare := self.agents.bare - self.agents.nameless:
            what = "a maker is written where it is named" if len(bare) == 1 else f"{len(bare)} makers are written where they are named"
            yield Problem(pointer="/@graph", message=f"{what}, without an spdxId or a creationInfo of its own")
        if unread := self.agents.unread:
            what = f"external identifiers or references are named by an id and were not found: '{min(unread)[:100]}'"
            yield Problem(pointer="/@graph", message=what + (f" and {len(unread) - 1} more" if len(unread) > 1 else ""))

    def _odd_types(self) -> Iterator[Problem]:
        """Relationships of types that SPDX 3.0 does not know. Later versions may have more."""
        odd = sorted(set(self.relations) - TYPES) if self.reading.version.startswith("3.0") else []
        if odd:
            numbers = [number for kind in odd for number in self.relations[kind]]
            more = f" and {len(numbers) - 1} more" if len(numbers) > 1 else ""
            said = f"of a type that SPDX does not know: '{odd[0][:40]}'" if odd[0] else "that does not say its type"
            message = f"it has a relationship {said}{more}: what holds what may not be told whole"
            yield Problem(pointer=self.reading.pointer(numbers[0]), message=message)

    def _without_creation(self) -> int:
        """How many elements have no creationInfo (Core/Element, cardinality 1). Of what is not plain, the keys are counted.

        In a plain document, which is large, only packages and collections are asked: the others are most of it, and asking costs.
        """
        if self.reading.pointers is None:
            few = (numbers for name, numbers in self.reading.by_class().items() if kind_of(name) in ("package", "collection"))
            return sum([self.reading.elements[number].creationInfo is None for numbers in few for number in numbers])
        elements = sum(len(numbers) for name, numbers in self.reading.by_class().items() if name not in NO_ELEMENTS)
        return max(elements - self.source.data.count(b'"creationInfo"'), 0)

    # ---- relationships

    def _edges(self) -> Iterator[Edge]:
        elements = self.reading.elements
        for number in self._all("collection"):
            if elements[number].rootElement:
                yield Edge(self.reading.ids[number], items(elements[number].rootElement))
        for kind, numbers in self.relations.items():
            if kind in DOWN:
                ends = ((elements[number].from_, elements[number].to) for number in numbers)
                yield from (Edge(source, items(targets)) for source, targets in ends if source and targets)
            elif kind in UP:
                for number in numbers:
                    source = elements[number].from_
                    yield from (Edge(target, (source,)) for target in items(elements[number].to) if source)


# ---- places


class Places(jsontext.Places):
    """Places in one graph. A step through a property that names an element by id leads into that element."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._source = source
        self._reading: Reading | None = None

    def locate(self, pointer: str) -> Place:
        """The place of the value at a pointer, which may cross from element to element, or of its nearest ancestor that is there."""
        return super().locate(self._follow(pointer))

    def _follow(self, pointer: str) -> str:
        at = ""
        steps = pointer.split("/")[1:]
        for number, step in enumerate(steps, 1):
            if step in ("annotation", "relationship"):
                at = ""  # what follows is the place of another element that speaks about this one
                continue
            at += f"/{step}"
            start, end = self._span(at)
            if number < len(steps) and self._data[start : start + 1] == b'"':
                at = self._element(msgspec.json.decode(self._data[start:end], type=str)) or at
        return at

    def _element(self, ident: str) -> str:
        if self._reading is None:
            self._reading = _elements(self._source)
            self._numbers = {name: number for number, name in reversed(list(enumerate(self._reading.ids)))}
        for prefix, iri in self._reading.prefixes.items():
            if ident.startswith(f"{prefix}:"):
                ident = iri + ident[len(prefix) + 1 :]
        number = self._numbers.get(ident)
        return "" if number is None else self._reading.pointer(number)
