"""CycloneDX JSON, 1.2 to 1.7: decoded straight into the few fields that carry identity, place and dependency."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import msgspec
from msgspec import Raw, Struct

from sbomguard.errors import DocumentError, NotAnSbomError
from sbomguard.model import CLASS_OF_TYPE, Component, Document, Edge, Problem, Signal, Signals
from sbomguard.readers import cyclonedx, jsontext, signals
from sbomguard.readers.cyclonedx import Record, signals_of, sketch
from sbomguard.source import Source

VERSIONS = ("1.2", "1.3", "1.4", "1.5", "1.6", "1.7")


class _Tool(Struct):
    name: str | None = None
    version: str | None = None


class _Tools(Struct):
    components: list[_Tool] | None = None


class _Dependency(Struct, gc=False):
    ref: str | None = None
    dependsOn: list[str] | None = None


class _Composition(Struct):
    aggregate: str | None = None


def accepts(head: bytes) -> bool:
    """Whether the first (or last) bytes of a JSON text look like this format."""
    return b'"bomFormat"' in head or b'"CycloneDX"' in head


def read(source: Source) -> Document:
    """The document. A component that does not fit is read as far as it goes and noted as malformed.

    The parts are decoded one at a time: an odd one spoils no other, and its memory serves the next.
    """
    try:
        bom = jsontext.members(source)
    except msgspec.ValidationError:
        raise NotAnSbomError("is no JSON object", source=source.name, advice="CycloneDX is one object") from None
    return _document(source, bom)


def locate(source: Source) -> jsontext.Places:
    """Where JSON Pointers stand in this source."""
    return jsontext.Places(source)


def _document(source: Source, bom: dict[str, Raw]) -> Document:
    version = _check_kind(source, bom)
    metadata = _metadata(source, bom)
    generator = _generator(metadata)
    walk = _Walk(source, guesses=signals.guesses_cpes(generator))
    root = walk.add_product(metadata["component"]) if "component" in metadata else ""
    walk.add_raw(bom, "components")
    walk.add_raw(bom, "services", service=True)
    walk.refuse_lost()
    dependencies = jsontext.part(source, bom, "dependencies", list[_Dependency]) or []
    compositions = jsontext.part(source, bom, "compositions", list[_Composition]) or []
    return Document(
        source=source.name,
        format="CycloneDX",
        version=version,
        serialisation="json",
        components=tuple(walk.found),
        edges=tuple(Edge(d.ref, tuple(d.dependsOn)) for d in dependencies if d.ref and d.dependsOn) + tuple(walk.edges),
        root=root,
        generator=generator,
        problems=tuple(Problem(pointer=at, message="has no name") for at in walk.nameless if at not in walk.malformed),
        gaps=(*_open_compositions(compositions), *_dangling(dependencies, walk.found)),
    )


def _check_kind(source: Source, bom: dict[str, Raw]) -> str:
    """The specification version, if the document is CycloneDX and nothing else."""
    if "bomFormat" not in bom:
        raise NotAnSbomError("does not say bomFormat", source=source.name, advice="This is no CycloneDX document")
    kind = jsontext.part(source, bom, "bomFormat", str) or ""
    version = jsontext.part(source, bom, "specVersion", str)
    if version is None:
        raise DocumentError("is missing", source=source.name, pointer="/specVersion", advice="This is no CycloneDX document")
    if kind != "CycloneDX":
        raise DocumentError(f"says bomFormat {kind[:40]!r}", source=source.name, pointer="/bomFormat", advice="It must say CycloneDX")
    if "spdxVersion" in bom or "@context" in bom:
        raise DocumentError(
            "is CycloneDX and SPDX in one object", source=source.name, advice="Tools differ on which they read; make one of the two"
        )
    if version not in VERSIONS:
        raise DocumentError(
            f"is CycloneDX {version[:40]!r}", source=source.name, pointer="/specVersion",
            advice=f"Versions {VERSIONS[0]} to {VERSIONS[-1]} are read as JSON",
        )  # fmt: skip
    return version


def _metadata(source: Source, bom: dict[str, Raw]) -> dict[str, Raw]:
    if "metadata" not in bom:
        return {}
    try:
        return jsontext.members(source, bytes(bom["metadata"]))
    except msgspec.ValidationError as error:
        raise DocumentError(f"has the wrong type: {error}", source=source.name, pointer="/metadata") from None


class _Walk:
    """Collects components depth first; `guesses` tells that the generator's CPEs are guesses from names, which identify nobody."""

    def __init__(self, source: Source, *, guesses: bool) -> None:
        self.found: list[Component] = []
        self.edges: list[Edge] = []
        self.nameless: list[str] = []
        self.source = source
        self.malformed: dict[str, str] = {}
        self.kept = 0
        self.tally = jsontext.Tally()
        self.decode = msgspec.json.Decoder(Record, dec_hook=self.tally.count).decode
        self.guesses = guesses
        self.make = partial(signals_of, guesses=guesses)
        self.make_again = partial(_signals_of_text, guesses=guesses)

    def add_product(self, raw: Raw) -> str:
        """Add what the document describes, which is no part of itself; its ref."""
        return self.add(self.read(raw, "/metadata/component"), "/metadata/component", counted=False)

    def add_raw(self, bom: dict[str, Raw], key: str, service: bool = False) -> None:
        """Add each of a raw list of components or services, one at a time."""
        for number, item in enumerate(jsontext.part(self.source, bom, key, list[Raw]) or ()):
            at = f"/{key}/{number}"
            self.add(self.read(item, at), at, not service, service, None if at in self.malformed else item)

    def read(self, raw: Raw, pointer: str) -> Record:
        """The component, or as much of it as can be read."""
        try:
            return self.decode(raw)
        except msgspec.ValidationError:
            return _component(raw, pointer, self.malformed)

    def refuse_lost(self) -> None:
        """Refuse the document if a key that tells a maker stood twice in a component: parsers differ on which of the two counts."""
        if self.malformed or self.kept != self.tally.met:
            jsontext.check_if_large(self.source)

    def add_all(self, items: list[Record], pointer: str, service: bool = False) -> list[str]:
        """Add each of a list of components or services and what is nested in them; their refs."""
        return [self.add(item, f"{pointer}/{number}", not service, service) for number, item in enumerate(items)]

    def add(self, item: Record, pointer: str, counted: bool = True, service: bool = False, raw: Raw | None = None) -> str:
        """Add one component and what is nested in it; its ref. If its text is given, that is kept for its signals in its stead."""
        kind = item.type or ("service" if service else "")
        klass = CLASS_OF_TYPE.get(kind, "software")
        if klass in ("hardware", "firmware") and item.properties and signals.has_fcc_id(self.make(item)):
            klass = "module"
        kept, text, parties = sketch(item, self.guesses)
        self.kept += kept
        ref = item.ref or ""
        if not item.name:
            self.nameless.append(pointer)
        self.found.append(
            Component(  # by position: keywords cost as much as the rest of this method
                ref,
                item.name or "",
                item.version or "",
                kind,
                klass,
                item.purl or "",
                pointer,
                Signals(self.make, item) if raw is None else Signals(self.make_again, raw),
                self.malformed.get(pointer, "") if self.malformed else "",
                counted,
                text,
                parties,
            )
        )
        if item.components or item.services:
            children = self.add_all(item.components or [], f"{pointer}/components")
            children += self.add_all(item.services or [], f"{pointer}/services", service=True)
            self.edges.append(Edge(ref, tuple(child for child in children if child)))
        return ref


def _signals_of_text(raw: Raw, *, guesses: bool) -> Iterator[Signal]:
    return signals_of(msgspec.json.decode(raw, type=Record, dec_hook=jsontext.take), guesses=guesses)


def _generator(metadata: dict[str, Raw]) -> str:
    """Names and versions of the tools, in both shapes that the specification has had (1.2: a list; 1.5: an object)."""
    if "tools" not in metadata:
        return ""
    try:
        found = msgspec.json.decode(metadata["tools"], type=list[_Tool] | _Tools)
    except msgspec.ValidationError:
        return ""
    items = found if isinstance(found, list) else found.components or []
    return ", ".join(f"{tool.name} {tool.version or ''}".strip() for tool in items if tool.name)


def _open_compositions(compositions: list[_Composition]) -> Iterator[Problem]:
    for number, composition in enumerate(compositions):
        aggregate = composition.aggregate or ""
        if aggregate.startswith("incomplete") or aggregate == "unknown":
            yield Problem(pointer=f"/compositions/{number}", message=f"it says of itself that its parts list is '{aggregate}'")


def _dangling(dependencies: list[_Dependency], components: list[Component]) -> Iterator[Problem]:
    """Dependencies on refs that no component has: a part that is named and not described."""
    missing = set[str]().union(*(item.dependsOn for item in dependencies if item.dependsOn))
    missing.difference_update([component.ref for component in components])
    if missing:
        first = min(missing)
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        yield Problem(pointer="/dependencies", message=f"dependencies name components that are not in it: '{first[:100]}'{more}", ref=first)


# ---- a component that does not fit


def _each(raw: Raw, pointer: str, malformed: dict[str, str]) -> list[Record]:
    items = msgspec.json.decode(raw, type=list[Raw])
    return [_component(item, f"{pointer}/{number}", malformed) for number, item in enumerate(items)]


def _component(raw: Raw, pointer: str, malformed: dict[str, str]) -> Record:
    """The component, or as much of it as has the right type; what has not is noted under its pointer."""
    try:
        return msgspec.json.decode(raw, type=Record, dec_hook=jsontext.take)
    except msgspec.ValidationError as error:
        malformed[pointer] = str(error)
    return jsontext.salvage(Record, raw, lambda field, part: _salvage(field, part, pointer, malformed))


def _salvage(field: msgspec.structs.FieldInfo, raw: Raw, pointer: str, malformed: dict[str, str]) -> Any:
    try:
        if field.name in ("components", "services"):
            return _each(raw, f"{pointer}/{field.name}", malformed)
        return msgspec.json.decode(raw, type=field.type, dec_hook=jsontext.take)
    except msgspec.ValidationError:
        value = msgspec.json.decode(raw)
        return _as_organisation(value) if field.name in ("supplier", "manufacturer", "provider") else jsontext.as_text(field, value)


def _as_organisation(value: object) -> cyclonedx.Organisation | None:
    """A party written as a plain text or as a list, as some generators do: every text in it, as one name."""
    texts = list(jsontext.texts_in(value))
    return cyclonedx.Organisation(name="; ".join(texts)) if texts else None
