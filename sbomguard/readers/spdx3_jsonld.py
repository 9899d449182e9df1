"""SPDX 3.0 and 3.1 JSON-LD: packages, and what else carries identity, with agents, identifiers and annotations linked by id."""

from collections.abc import Collection as Group
from collections.abc import Iterator

import msgspec

from sbomguard import party
from sbomguard.errors import DocumentError
from sbomguard.model import Component, Document, Edge, Link, Place, Problem, Signal
from sbomguard.readers import jsontext, signals, spdx3_loose, spdx3_plain
from sbomguard.readers.spdx3_agents import Agents
from sbomguard.readers.spdx3_components import Components
from sbomguard.readers.spdx3_elements import Artifact, ExternalMap, Reading, is_nobody, items, kind_of
from sbomguard.source import Source

# Relationship types by which end holds or depends on the other (SPDX 3.0.1 Core/RelationshipType); Microsoft's tool has capitals.
_DOWN = frozenset(
    "contains dependsOn describes expandsTo hasDataFile hasDependencyManifest hasDistributionArtifact hasDynamicLink hasInput "
    "hasOptionalComponent hasOptionalDependency hasPrerequisite hasProvidedDependency hasRequirement hasStaticLink trainedOn "
    "usesTool CONTAINS DEPENDS_ON DESCRIBES".split()
)
_WHOLES = frozenset("contains dependsOn describes CONTAINS DEPENDS_ON DESCRIBES".split())
_UP = frozenset("generates hasOutput hasVariant packagedBy".split())


def accepts(head: bytes) -> bool:
    """Whether the first (or last) bytes of a JSON text look like this format."""
    return b'"spdxId"' in head or (b'"@context"' in head and (b"spdx.org/rdf/" in head or b'"@graph"' in head))


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


class _Graph:
    """The elements by id and by what they are to us, and the document that is drawn from them."""

    def __init__(self, source: Source, reading: Reading) -> None:
        self.source = source
        self.reading = reading
        self.by_id = self._index()
        self.kinds: dict[str, list[int]] = {}
        for name, numbers in reading.by_class().items():
            self.kinds.setdefault(kind_of(name), []).extend(numbers)
        self.relations: dict[str, list[int]] = {}
        for number in self._all("relationship"):
            self.relations.setdefault(reading.elements[number].relationshipType or "", []).append(number)
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
        links = tuple(self._links(edges))
        return Document(
            source=self.source.name,
            format="SPDX",
            version=self.reading.version,
            serialisation="jsonld",
            components=components,
            edges=edges,
            root=names[0] if names else "",
            generator=self.generator,
            gaps=(*self._gaps(edges, links), *odd),
            names=names,
            links=links,
        )

    def _index(self) -> dict[str, int]:
        """The number of each element by its id. Two of one id that differ are an error: tools that look elements up by id see one."""
        ids = self.reading.ids
        by_id = dict(zip(ids, range(len(ids)), strict=True))
        if len(by_id) < len(ids) - max(ids.count("") - 1, 0):
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
        make, may_tell = self.components.make, self.components.may_tell
        for number in self._all("package"):
            yield make(number)
        silent = filter(self._has_maker, self._all("silent"))
        for number in (*filter(may_tell, self._all("piece")), *silent):
            piece = make(number, counted=False)
            if signals.is_binary(piece.name) or any(signal.kind != "name" for signal in piece.signals):
                yield piece
        for number in self._all("unknown"):
            if self.reading.version.startswith("3.0") or may_tell(number):
                yield make(number, malformed=f"'{self.reading.classes[number][:60]}' is no class of SPDX {self.reading.version}")

    def _has_maker(self, number: int) -> bool:
        item = self.reading.elements[number]
        return isinstance(item, Artifact) and bool(item.suppliedBy or item.originatedBy or item.purl)

    # ---- relationships

    def _edges(self) -> Iterator[Edge]:
        elements = self.reading.elements
        for number in self._all("collection"):
            if elements[number].rootElement:
                yield Edge(self.reading.ids[number], items(elements[number].rootElement))
        for kind, numbers in self.relations.items():
            if kind in _DOWN:
                ends = ((elements[number].from_, elements[number].to) for number in numbers)
                yield from (Edge(source, items(targets)) for source, targets in ends if source and targets)
            elif kind in _UP:
                for number in numbers:
                    source = elements[number].from_
                    yield from (Edge(target, (source,)) for target in items(elements[number].to) if source)

    # ---- what is not in the document

    def _links(self, edges: tuple[Edge, ...]) -> Iterator[Link]:
        """The elements of other documents that it imports (Core/ExternalMap), with the prefixes of its NamespaceMaps written out."""
        collections = [(number, self.reading.elements[number]) for number in self._all("collection")]
        spaces = {space.prefix: space.namespace for _, item in collections for space in items(item.namespaceMap) if space.prefix}
        parts, others = (self._absent(edges), self._no_parts()) if any(item.imports for _, item in collections) else (set(), set())
        for number, item in collections:
            at = f"{self.reading.pointer(number)}/import"
            for place, imported in enumerate(items(item.imports)):
                local = imported.externalSpdxId or ""
                prefix, colon, rest = local.partition(":")
                space = spaces.get(prefix) if colon and not rest.startswith("//") else None
                algorithm, digest = self._digest(imported)
                yield Link(
                    target=(f"{space}{rest}" if space else local) or imported.locationHint or "",
                    ref=self.reading.ids[number],
                    pointer=f"{at}/{place}" if isinstance(item.imports, tuple) else at,
                    local=local,
                    algorithm=algorithm,
                    digest=digest,
                    needed=local in parts or local not in others,
                )

    def _digest(self, imported: ExternalMap) -> tuple[str, str]:
        """Algorithm and digest of the document that holds the element, from the reference or from the artifact that it names."""
        number = self.by_id.get(imported.definingArtifact or "")
        artifact = None if number is None else self.reading.elements[number]
        for sums in (imported.verifiedUsing, artifact.verifiedUsing if isinstance(artifact, Artifact) else None):
            found = [(one.algorithm, one.hashValue.lower()) for one in items(sums) if one.algorithm and one.hashValue]
            if found:
                return max(found, key=lambda one: (one[0].startswith("sha"), len(one[1])))
        return "", ""

    def _absent(self, edges: tuple[Edge, ...]) -> set[str]:
        """The ids of what something holds or depends on and no element of the document has."""
        absent = {child for edge in edges for child in edge.children if child not in self.by_id}
        listed = (items(self.reading.elements[number].element) for number in self._all("collection"))
        return absent.union(*([ident for ident in idents if ident not in self.by_id] for idents in listed))

    def _no_parts(self) -> set[str]:
        """The ids that only say who made an element, on which terms, or what is known about it."""
        elements = self.reading.elements
        ends = [elements[number] for kind, numbers in self.relations.items() if kind not in _DOWN | _UP for number in numbers]
        made = [elements[number] for number in self._all("creation")]
        named = set[str]().union(*[items(item.to) for item in ends], *[items(item.createdBy) + items(item.createdUsing) for item in made])
        return named | self.agents.absent

    def _gaps(self, edges: tuple[Edge, ...], links: tuple[Link, ...]) -> Iterator[Problem]:
        """What the document itself says is missing: what it imports, what it names and does not have, and lists that it calls open."""
        needed = {link.local or link.target for link in links if link.needed}
        if needed:
            yield _missing("it imports elements of other documents", needed)
        absent = self._absent(edges)
        nobody = set(filter(is_nobody, absent))
        absent -= nobody | {link.local for link in links}
        if absent:
            yield _missing("it names elements that are not in it", absent)
        if self.agents.absent:
            yield _missing("agents are named that are not in it", self.agents.absent)
        yield from self._open({ident for ident in nobody if "assertion" in ident.lower()})

    def _open(self, unsaid: set[str]) -> Iterator[Problem]:
        """Relationships that do not name all parts, or make no statement of them."""
        for kind in _WHOLES & self.relations.keys():
            for number in self.relations[kind]:
                relation = self.reading.elements[number]
                if relation.completeness == "incomplete" or (unsaid and not unsaid.isdisjoint(items(relation.to))):
                    yield Problem(
                        pointer=self.reading.pointer(number), message=f"it does not say all that {relation.from_} {kind}",
                        ref=relation.from_ or "",
                    )  # fmt: skip


def _missing(what: str, absent: Group[str]) -> Problem:
    first = min(absent)
    more = f" and {len(absent) - 1} more" if len(absent) > 1 else ""
    return Problem(pointer="/@graph", message=f"{what}: '{first[:100]}'{more}", ref=first)


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
