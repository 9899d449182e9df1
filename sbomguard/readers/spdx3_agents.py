"""Who is named in an SPDX 3 document, by id or on the spot, as signals."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, TypeVar

from sbomguard.errors import DocumentError
from sbomguard.model import Signal
from sbomguard.readers import signals
from sbomguard.readers.spdx3_elements import Agent, Artifact, Identifier, Reading, Reference, Who, is_nobody, items, kind_of
from sbomguard.source import Source

T = TypeVar("T")

Told = tuple[tuple[str, ...], str]
"""The names of parties, and their addresses and ids in one text, a line each."""

NOTHING: Told = ((), "")
NOBODY: Told = (("NOASSERTION",), "")
"""A field that is filled and names nobody; as SPDX 2 writes it."""


class Agents:
    """The agents of one document; each is worked out once. `absent` collects ids that are named and that nothing in the document has,
    `unread` those of external identifiers and references; `nameless` are agents written on the spot that have neither name nor
    id, `bare` those without spdxId or creationInfo.
    """

    def __init__(self, source: Source, reading: Reading, by_id: dict[str, int]) -> None:
        self.source = source
        self.reading = reading
        self.by_id = by_id
        self.absent: set[str] = set()
        self.unread: set[str] = set()
        self.nameless: set[int] = set()
        self.bare: set[int] = set()
        self._known: dict[tuple[str, str, str], tuple[Signal, ...]] = {}
        self._told: dict[str, Told] = {}
        self._inline: dict[str, str | None] = {}

    def told(self, who: Who) -> Told:
        """What the signals of those who are named say; of the individuals that stand for nobody, that nothing is asserted."""
        if type(who) is str:
            known = self._told.get(who)
            if known is None:
                known = self._told[who] = NOBODY if is_nobody(who) else _told(self.signals(who, "", "", ""))
            return known
        found = _told(self.signals(who, "", "", ""))
        return (
            NOBODY
            if found == NOTHING and any(is_nobody(one if isinstance(one, str) else one.spdxId or one.at_id or "") for one in items(who))
            else found
        )

    def signals(self, who: Who, role: str, field: str, at: str) -> tuple[Signal, ...]:
        """The names, addresses and ids of those who are named; a Person is an author, whatever the property."""
        if isinstance(who, str):
            found = self._known.get((who, role, at))
            if found is None:
                found = self._known[who, role, at] = tuple(self._look_up(who, role, field, at))
            return found
        if isinstance(who, tuple):
            if len(who) == 1:
                return self.signals(who[0], role, field, f"{at}/0")
            return tuple(signal for number, one in enumerate(who) for signal in self.signals(one, role, field, f"{at}/{number}"))
        return tuple(self._on_the_spot(who, role, field, at)) if who else ()

    def identifiers(self, listed: Any) -> list[tuple[str, str, str]]:
        """Where, type and value of each external identifier, also of those that stand in the graph by themselves."""
        many = isinstance(listed, tuple)
        out = []
        for number, item in enumerate(items(listed)):
            found = self._in_graph(item, Identifier) if isinstance(item, str) else item
            if found is not None and found.identifier:
                out.append((f"/{number}" if many else "", found.externalIdentifierType or "", found.identifier))
        return out

    def references(self, listed: Any) -> list[tuple[str, Reference]]:
        """Where each external reference stands, and itself, also if it stands in the graph."""
        many = isinstance(listed, tuple)
        found = ((f"/{number}" if many else "", item) for number, item in enumerate(items(listed)))
        known = ((at, self._in_graph(item, Reference) if isinstance(item, str) else item) for at, item in found)
        return [(at, item) for at, item in known if item is not None]

    def _in_graph(self, ident: str, kind: type[T]) -> T | None:
        """The element of that kind with that id. If there is none, the id is noted."""
        number = self.by_id.get(ident)
        element = None if number is None else self.reading.elements[number]
        if isinstance(element, kind):
            return element
        self.unread.add(ident)
        return None

    def _look_up(self, ident: str, role: str, field: str, at: str) -> Iterator[Signal]:
        number = self.by_id.get(ident)
        if number is None:
            if not is_nobody(ident):
                self.absent.add(ident)
                yield from self._telling_id(ident, role, field, at)
            return
        agent = self.reading.elements[number]
        if isinstance(agent, Artifact):
            yield from self._describe(agent, self.reading.classes[number], ident, role, field, at)

    def _on_the_spot(self, agent: Agent, role: str, field: str, at: str) -> Iterator[Signal]:
        ident = agent.spdxId or agent.at_id or ""
        if agent.spdxId and agent.at_id and agent.spdxId != agent.at_id:
            raise DocumentError("names an agent with two ids", source=self.source.name, advice="spdxId and @id mean the same: keep one")
        kind = agent.type or agent.at_type or ""
        if not ident and not agent.name and agent.externalIdentifier is None:
            self.nameless.add(id(agent))
        if ident and not agent.name and not kind:
            yield from self.signals(ident, role, field, at)
            return
        if not agent.spdxId or agent.creationInfo is None:
            self.bare.add(id(agent))
        if ident in self.by_id:
            other = getattr(self.reading.elements[self.by_id[ident]], "name", None)
        else:
            other = self._inline.setdefault(ident, agent.name)
        if ident and other != agent.name:
            raise DocumentError(f"gives '{ident[:100]}' two names", source=self.source.name, advice="Give each agent an id of its own")
        yield from self._describe(agent, kind, ident, role, field, at)

    def _describe(self, agent: Agent | Artifact, kind: str, ident: str, role: str, field: str, at: str) -> Iterator[Signal]:
        role = "author" if kind == "Person" else role
        if agent.name:
            yield from signals.of_party(agent.name, role, f"{field}.name", f"{at}/name")
        else:
            yield from self._telling_id(ident, role, field, at)
        for where, kind_, value in self.identifiers(agent.externalIdentifier):
            place = f"{at}/externalIdentifier{where}/identifier"
            if kind_ == "email":
                yield Signal("email", role, f"{field}.externalIdentifier", place, value.removeprefix("mailto:"))
            elif "." in value:
                yield signals.of_url(value, "website" if role != "author" else role, f"{field}.externalIdentifier", place)

    def _telling_id(self, ident: str, role: str, field: str, at: str) -> Iterator[Signal]:
        """The id of an agent without a name, where it is an address that can tell who it is.

        One in a namespace of the document tells who wrote the document, not who the agent is.
        """
        if ident.startswith(("http://", "https://")) and "//spdx.org/" not in ident and not ident.startswith(self._own):
            yield signals.of_url(ident, role, field, at)

    @cached_property
    def _own(self) -> tuple[str, ...]:
        """The namespaces of the ids of the document's collections, packages and files; asked for only where an agent has no name."""
        rows = self.reading.by_class().items()
        numbers = [number for name, row in rows if kind_of(name) in ("collection", "package", "piece") for number in row]
        return tuple({space for number in numbers if (space := _namespace(self.reading.ids[number]))})


def _namespace(ident: str) -> str:
    """An id up to its last `#` or `/`; the whole id where nothing stands behind its host."""
    end = max(ident.rfind("#"), ident.rfind("/")) + 1
    return ident if ident[:end].endswith("://") else ident[:end]


def _told(found: tuple[Signal, ...]) -> Told:
    parties = tuple(signal.value for signal in found if signal.kind == "party")
    return parties, "\n".join(signal.value for signal in found if signal.kind != "party")
