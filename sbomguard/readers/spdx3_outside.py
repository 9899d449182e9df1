"""What an SPDX 3 document refers to and does not have: imports, elements of others, parts that it does not tell."""

from collections.abc import Collection as Group
from collections.abc import Iterator
from itertools import chain, filterfalse

from msgspec.structs import replace

from sbomguard.model import Edge, Link, Problem
from sbomguard.readers.spdx3_elements import DOWN, UP, Artifact, ExternalMap, Reading, Relation, is_nobody, items

_WHOLES = frozenset("contains dependsOn describes CONTAINS DEPENDS_ON DESCRIBES".split())

_ALGORITHMS = {
    **{f"sha{bits}": f"SHA-{bits}" for bits in (1, 224, 256, 384, 512)},
    **{f"sha3_{bits}": f"SHA3-{bits}" for bits in (224, 256, 384, 512)},
    **{f"blake2b{bits}": f"BLAKE2b-{bits}" for bits in (256, 384, 512)},
}
"""Names of algorithms as all formats but SPDX write them (SPDX 3.0.1 Core/HashAlgorithm)."""

_MOST = 100
"""So many elements that are neither there nor imported are looked for in other documents; more are one gap, not so many."""


class Outside:
    """What is outside of one document; `collections` are the numbers of its collections, `relations` those of relationships by type.

    `agents` are the ids of agents that are named and that no element has.
    """

    def __init__(
        self, reading: Reading, by_id: dict[str, int], collections: list[int], relations: dict[str, list[int]], agents: Group[str],
        edges: tuple[Edge, ...],
    ) -> None:  # fmt: skip
        self.reading = reading
        self.by_id = by_id
        self.collections = collections
        self.relations = relations
        self.agents = agents
        named = chain(*[edge.children for edge in edges], *[items(reading.elements[number].element) for number in collections])
        self.absent = set(filterfalse(by_id.__contains__, named))
        self.nobody = set(filter(is_nobody, self.absent))
        self.imports = self._weighed([link for number in collections for link in self._imports(number)])
        self.lost = self.absent - self.nobody - {link.local for link in self.imports}

    def links(self) -> Iterator[Link]:
        """A link for each import, then for each element that is named, neither there nor imported, if these are few."""
        yield from self.imports
        left = set(self.lost) if len(self.lost) <= _MOST else set()
        for number, element in enumerate(self.reading.elements if left else ()):
            for field, end in _ends(element):
                if end in left:  # where it is named first
                    left.remove(end)
                    yield Link(target=end, ref=self.reading.ids[number], pointer=f"{self.reading.pointer(number)}/{field}", local=end)

    def gaps(self) -> Iterator[Problem]:
        """What the document itself says is missing: what it imports, what it names and does not have, and lists that it calls open."""
        needed = {link.local or link.target for link in self.imports if link.needed}
        if needed:
            yield _missing("it imports elements of other documents", needed)
        if self.lost:
            yield _missing("it names elements that are not in it", self.lost)
        if self.agents:
            gap = _missing("agents are named that are not in it", self.agents)
            yield replace(gap, ref="")  # no document that has the agent closes it: who made the component would still not be read
        yield from self._open({ident for ident in self.nobody if "assertion" in ident.lower()})

    def _imports(self, number: int) -> Iterator[Link]:
        """The imports of one collection (Core/ExternalMap), with the prefixes of its NamespaceMaps written out."""
        item, at = self.reading.elements[number], f"{self.reading.pointer(number)}/import"
        spaces = {space.prefix: space.namespace for space in items(item.namespaceMap) if space.prefix}
        for place, imported in enumerate(items(item.imports)):
            local = imported.externalSpdxId or ""
            prefix, _, rest = local.partition(":")
            space = "" if rest.startswith("//") else spaces.get(prefix)
            algorithm, digest = self._digest(imported)
            yield Link(
                target=(f"{space}{rest}" if space else local) or imported.locationHint or "",
                ref=self.reading.ids[number],
                pointer=f"{at}/{place}" if isinstance(item.imports, tuple) else at,
                local=local,
                algorithm=algorithm,
                digest=digest,
            )

    def _weighed(self, imports: list[Link]) -> list[Link]:
        """Imports are needed unless they only say who made something, on which terms, or what is known about it."""
        others = self._no_parts() if imports else set()
        return [replace(link, needed=link.local in self.absent or link.local not in others) for link in imports]

    def _digest(self, imported: ExternalMap) -> tuple[str, str]:
        """Algorithm and digest of the document that holds the element, from the reference or from the artifact that it names."""
        number = self.by_id.get(imported.definingArtifact or "")
        artifact = None if number is None else self.reading.elements[number]
        for sums in (imported.verifiedUsing, artifact.verifiedUsing if isinstance(artifact, Artifact) else None):
            found = [(one.algorithm, one.hashValue.lower()) for one in items(sums) if one.algorithm and one.hashValue]
            if found:
                name, digest = max(found, key=lambda one: (one[0].startswith("sha"), one[0] in _ALGORITHMS, len(one[1])))
                return _ALGORITHMS.get(name, name), digest
        return "", ""

    def _no_parts(self) -> set[str]:
        """The ids that only say who made an element, on which terms, or what is known about it."""
        elements = self.reading.elements
        ends = [elements[number] for kind, numbers in self.relations.items() if kind not in DOWN | UP for number in numbers]
        made = [elements[number] for number in self.reading.by_class().get("CreationInfo", ())]
        named = set[str]().union(*[items(item.to) for item in ends], *[items(item.createdBy) + items(item.createdUsing) for item in made])
        return named.union(self.agents)

    def _open(self, unsaid: set[str]) -> Iterator[Problem]:
        """Relationships that do not name all parts, or make no statement of them."""
        for kind in (kind for kind in self.relations if kind in _WHOLES):
            for number in self.relations[kind]:
                relation = self.reading.elements[number]
                if relation.completeness == "incomplete" or (unsaid and not unsaid.isdisjoint(items(relation.to))):
                    yield Problem(
                        pointer=self.reading.pointer(number), message=f"it does not say all that {relation.from_} {kind}",
                        ref=relation.from_ or "",
                    )  # fmt: skip


def _ends(element: object) -> Iterator[tuple[str, str]]:
    """Whom a relationship or collection names, each with the place in it."""
    fields = {"from": "from_", "to": "to"} if isinstance(element, Relation) else {"rootElement": "rootElement", "element": "element"}
    for name, field in fields.items():
        value = getattr(element, field, None)
        for number, end in enumerate(items(value)):
            yield f"{name}/{number}" if isinstance(value, tuple) else name, end


def _missing(what: str, absent: Group[str]) -> Problem:
    first = min(absent)
    more = f" and {len(absent) - 1} more" if len(absent) > 1 else ""
    return Problem(pointer="/@graph", message=f"{what}: '{first[:100]}'{more}", ref=first)
