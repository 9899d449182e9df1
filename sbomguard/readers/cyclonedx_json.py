"""CycloneDX JSON, 1.2 to 1.7: decoded straight into the few fields that carry identity, place and dependency."""

import re
from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import Any

import msgspec
from msgspec import Raw, Struct

from sbomguard.errors import DocumentError, NotAnSbomError
from sbomguard.model import CLASS_OF_TYPE, Component, Document, Edge, Edges, Link, Problem, Signal, Signals
from sbomguard.readers import cyclonedx, cyclonedx_aside, cyclonedx_links, cyclonedx_notes, cyclonedx_schema, jsontext, signals
from sbomguard.readers.cyclonedx import Record, signals_of, sketch
from sbomguard.readers.jsonlists import Parted, Piece, Pieces, in_pieces
from sbomguard.source import Source

VERSIONS = ("1.2", "1.3", "1.4", "1.5", "1.6", "1.7")
_EARLY = ("bomFormat", "specVersion", "metadata")
"""Members that tell how to read components."""
_KINDS = {kind: (kind, klass) for kind, klass in CLASS_OF_TYPE.items()}
"""Types with their classes: one text for all components of a type."""


class _Tool(Struct):
    name: str | None = None
    version: str | None = None


class _Tools(Struct):
    components: list[_Tool] | None = None


class _Dependency(Struct, gc=False):
    ref: str | None = None
    dependsOn: tuple[str, ...] | None = None
    provides: tuple[str, ...] | None = None


class _Composition(Struct):
    aggregate: str | None = None
    assemblies: Raw = Raw()
    dependencies: Raw = Raw()


class _Affected(Struct, gc=False):
    ref: str | None = None


class _Vulnerability(Struct, gc=False):
    affects: list[_Affected] | None = None


def read(source: Source) -> Document:
    """The document. A component that does not fit is read as far as it goes and noted as malformed.

    The parts are decoded some at a time: their memory serves the next, and an odd one spoils no other.
    """
    try:
        return _document(source, Parted(source, "components", _EARLY))
    except msgspec.ValidationError:
        raise NotAnSbomError("is no JSON object", source=source.name, advice="CycloneDX is one object") from None


def locate(source: Source) -> jsontext.Places:
    """Where JSON Pointers stand in this source."""
    return jsontext.Places(source)


def _document(source: Source, parted: Parted) -> Document:
    bom = parted.members
    version = _check_kind(source, bom)
    metadata = _metadata(source, bom)
    generator, faults = _generator(metadata)
    walk = _Walk(source, guesses=signals.guesses_cpes(generator))
    root = walk.add_product(metadata["component"]) if "component" in metadata else ""
    product = walk.found[0] if walk.found else None
    walk.add_pieces(parted.pieces(Record), "/components")
    _check_kind(source, bom)  # now with the members behind the components
    if "services" in bom:
        walk.add_pieces(in_pieces(source, bom["services"], Record, "/services"), "/services", service=True)
    walk.add_asides(_asides(source, bom, metadata), product)
    walk.refuse_lost()
    names, odd = _names(source, bom, metadata)
    hanging = _hanging(source, bom, walk.found, root)
    problems = (*cyclonedx_notes.unknown_members(bom), *odd, *faults, *walk.notes(), *hanging.odd)
    noted = [*walk.malformed, *[item.pointer for item in (*problems, *hanging.gaps)]]
    return Document(
        source=source.name,
        format="CycloneDX",
        version=version,
        serialisation="json",
        components=tuple(walk.found),
        edges=Edges(_edges, (bom.get("dependencies", Raw(b"[]")), tuple(walk.edges))),
        root=root or hanging.product,
        generator=generator,
        problems=(*problems, *cyclonedx_notes.unchecked(bom), *cyclonedx_schema.of_json(source, version, noted)),
        gaps=hanging.gaps,
        names=names,
        links=(*walk.links, *_own_links(source, bom, root), *hanging.links),
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


def _asides(source: Source, bom: dict[str, Raw], metadata: dict[str, Raw]) -> dict[str, Any]:
    """What stands beside the components, as plain values."""
    found: dict[str, Any] = {key: jsontext.plain(source, bom[key]) for key in cyclonedx_aside.MEMBERS if key in bom}
    found["metadata"] = {key: jsontext.plain(source, raw) for key, raw in metadata.items() if key != "component"}
    return found


_DIGITS = dict.fromkeys(map(ord, "0123456789"), "0")
_PLAIN_TIMES = ("0000-00-00T00:00:00Z", "0000-00-00T00:00:00+00:00")
"""Times in the two forms that most generators write, each digit a 0."""

_TIME = r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:?\d\d)"


def _names(source: Source, bom: dict[str, Raw], metadata: dict[str, Raw]) -> tuple[tuple[str, ...], list[Problem]]:
    """The names of the document, and what is odd about them and its date: the official schema refuses that."""
    serial, number, time = (
        jsontext.plain(source, parts[key]) if key in parts else absent
        for parts, key, absent in ((bom, "serialNumber", ""), (bom, "version", 1), (metadata, "timestamp", ""))
    )
    odd = list(cyclonedx_links.odd_serial(str(serial), "/serialNumber")) if serial else []
    if not isinstance(number, int) or number < 1:
        odd.append(Problem(pointer="/version", message=f"its version is no number from 1: '{str(number)[:40]}'"))
        number = 1
    if time and not (isinstance(time, str) and (time.translate(_DIGITS) in _PLAIN_TIMES or re.fullmatch(_TIME, time))):
        odd.append(Problem(pointer="/metadata/timestamp", message=f"its timestamp is no date and time: '{str(time)[:40]}'"))
    return cyclonedx_links.names(str(serial), number), odd


def _own_links(source: Source, bom: dict[str, Raw], root: str) -> tuple[Link, ...]:
    """The references of the document as such."""
    try:
        references = jsontext.part(source, bom, "externalReferences", list[cyclonedx.Reference]) or []
    except DocumentError:
        return ()  # the addresses in it are read whatever its shape
    return tuple(cyclonedx_links.of_references(references, root, "/externalReferences"))


class _Walk:
    """Collects components depth first; `guesses` tells that the generator's CPEs are guesses from names, which identify nobody."""

    def __init__(self, source: Source, *, guesses: bool) -> None:
        self.found: list[Component] = []
        self.edges: list[Edge] = []
        self.links: list[Link] = []
        self.nameless: list[str] = []
        self.typeless: list[str] = []
        self.placeless: list[str] = []
        self.odd: list[Problem] = []
        self.small = len(source.data) < jsontext.STRICT_BELOW
        self.licensing = True  # whether licences may name licensors
        self.source = source
        self.malformed: dict[str, str] = {}
        self.kept = 0
        self.tally = jsontext.Tally()
        self.decode = msgspec.json.Decoder(Record).decode
        self.guesses = guesses
        self.make = partial(signals_of, guesses=guesses)

    def add_product(self, raw: Raw) -> str:
        """Add what the document describes, which is no part of itself; its ref."""
        return self.add(self.read(raw, "/metadata/component"), "/metadata/component", counted=False)

    def add_pieces(self, pieces: Pieces[Record], pointer: str, service: bool = False) -> None:
        """Add each of a list of components or services. What they say is not kept, but where it stands, to make their signals anew."""
        position, trees = 0, cyclonedx.trees()
        for piece, items in pieces:
            self.licensing = self.small or items is None or cyclonedx.trees() > trees
            make = partial(_signals_in, piece, guesses=self.guesses)
            found = items if items is not None else (self.read(raw, f"{pointer}/{at}") for at, raw in enumerate(piece.raws(), position))
            for number, item in enumerate(found):
                at = f"{pointer}/{position}"
                again = None if self.malformed and at in self.malformed else Signals(make, number)
                self.add(item, at, not service, service, again)
                position += 1
        self.licensing = True

    def add_asides(self, parts: dict[str, Any], product: Component | None) -> None:
        """Add what is told beside the parts of the product; nothing of it is counted."""
        for item in cyclonedx_aside.nested(parts):
            raw = Raw(msgspec.json.encode(item.tree))
            self.add(self.read(raw, item.pointer), item.pointer, False, item.service, aside=item.aside)
        known = {component.ref: component for component in self.found} if "annotations" in parts else {}
        self.found.extend(cyclonedx_aside.parties(parts, product, known))

    def notes(self) -> Iterator[Problem]:
        """What the official schema refuses in components, and what no tool needs."""
        yield from (Problem(pointer=at, message="has no name") for at in self.nameless if at not in self.malformed)
        yield from cyclonedx_notes.first_of(self.typeless, "has no type that CycloneDX knows")
        yield from cyclonedx_notes.first_of(self.placeless, "has an external reference without url")
        yield from self.odd

    def read(self, raw: Raw, pointer: str) -> Record:
        """The component, or as much of it as can be read."""
        try:
            return self.decode(raw)
        except msgspec.ValidationError:
            return _component(self.source, raw, pointer, self.malformed)

    def refuse_lost(self) -> None:
        """Refuse the document if a key that tells a maker stood twice in a component: parsers differ on which of the two counts."""
        if self.malformed or self.kept != self.tally.met:
            jsontext.check_if_large(self.source)

    def add_all(self, items: list[Record], pointer: str, service: bool = False, aside: str = "") -> list[str]:
        """Add each of a list of components or services and what is nested in them; their refs."""
        counted = not service and not aside
        return [self.add(item, f"{pointer}/{number}", counted, service, aside=aside) for number, item in enumerate(items)]

    def add(
        self, item: Record, pointer: str, counted: bool = True, service: bool = False, again: Signals | None = None, aside: str = ""
    ) -> str:  # fmt: skip
        """Add one component and what is nested in it; its ref. `again` makes the signals anew if the record is not kept."""
        kind, klass = _KINDS.get(item.type or ("service" if service else ""), ("", ""))
        if not klass:
            kind, klass = item.type or "", "software"
            self.typeless.append(pointer)
        elif klass in ("hardware", "firmware") and item.properties and signals.has_fcc_id(self.make(item)):
            klass = "module"
        kept, text, parties = sketch(item, self.guesses)
        self.kept += kept
        ref = item.ref or ""
        if item.licenses and self.licensing:
            licensed = False
            for choice in item.licenses:
                if choice.license is not None and choice.license.licensing:
                    text, parties, licensed = "", None, True
            if licensed or self.small:
                self._look_at(item.licenses, pointer)
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
                again or Signals(self.make, item),
                self.malformed.get(pointer, "") if self.malformed else "",
                counted,
                text,
                parties,
                aside,
            )
        )
        if item.externalReferences:
            for one in item.externalReferences:
                if one.type == "bom" or one.url is None:
                    self._refer(item.externalReferences, ref, f"{pointer}/externalReferences")
                    break
        if item.components or item.services:
            children = self.add_all(item.components or [], f"{pointer}/components", aside=aside)
            children += self.add_all(item.services or [], f"{pointer}/services", service=True, aside=aside)
            self.edges.append(Edge(ref, tuple(child for child in children if child)))
        if parties is None:
            self._add_rare(item, pointer)
        return ref

    def _refer(self, references: list[cyclonedx.Reference], ref: str, at: str) -> None:
        """Take the references of a component, of which one leads to another SBOM or nowhere."""
        if any(one.type == "bom" for one in references):
            self.links += cyclonedx_links.of_references(references, ref, at)
        self.placeless += [f"{at}/{number}" for number, one in enumerate(references) if one.url is None]

    def _add_rare(self, item: Record, pointer: str) -> None:
        """The relatives of a component that are not its origin, and the fault that the schema finds in a SWID tag."""
        if item.swid is not None and not (item.swid.tagId and item.swid.name):
            self.odd.append(Problem(pointer=f"{pointer}/swid", message="is a SWID tag without tagId or name", ref=item.ref or ""))
        kept = self.kept  # the texts of relatives are already counted with the component
        pedigree = item.pedigree or cyclonedx.Pedigree()
        self.add_all(pedigree.variants or [], f"{pointer}/pedigree/variants", aside="variant")
        self.add_all(pedigree.descendants or [], f"{pointer}/pedigree/descendants", aside="descendant")
        self.kept = kept

    def _look_at(self, licenses: list[cyclonedx.LicenceChoice], pointer: str) -> None:
        """Note what is odd about licences. In a large document that would cost more than it tells."""
        fault = licence_fault(licenses)
        if fault:
            self.odd.append(Problem(pointer=f"{pointer}/licenses", message=fault))


def licence_fault(licenses: list[cyclonedx.LicenceChoice]) -> str:
    """What is wrong with the licences of a component (CycloneDX 1.7, clause licenseChoice), as far as that can be told without a list."""
    for choice in licenses:
        licence = choice.license
        if (licence is None) == (choice.expression is None):
            return "hold both a licence and an expression" if licence else "hold neither a licence nor an expression"
        if licence is not None and (licence.id is None) == (licence.name is None):
            return "hold a licence of both an id and a name" if licence.id else "hold a licence without id and name"
        if licence is not None and licence.id is not None and not re.fullmatch(r"[A-Za-z0-9.+-]+", licence.id):
            return f"hold a licence whose id is none: '{licence.id[:40]}'"
    return ""


def _signals_in(piece: Piece, number: int, *, guesses: bool) -> Iterator[Signal]:
    return signals_of(msgspec.json.decode(piece.raws()[number], type=Record), guesses=guesses)


def _generator(metadata: dict[str, Raw]) -> tuple[str, tuple[Problem, ...]]:
    """Names and versions of the tools, in both shapes that the specification has had (1.2: a list; 1.5: an object).

    In another shape they name no tool: what one of them would have guessed then counts as said, so that nothing is passed over.
    """
    if "tools" not in metadata:
        return "", ()
    try:
        found = msgspec.json.decode(metadata["tools"], type=list[_Tool] | _Tools)
    except msgspec.ValidationError as error:
        return "", (Problem(pointer="/metadata/tools", message=f"has the wrong type: {error}"),)
    items = found if isinstance(found, list) else found.components or []
    return ", ".join(f"{tool.name} {tool.version or ''}".strip() for tool in items if tool.name), ()


class _Hanging(Struct, frozen=True):
    """How the parts hang together: references into other documents, what the document says is missing, and what is odd.

    `product` is the ref that dependencies use of a product that has none.
    """

    links: tuple[Link, ...]
    gaps: tuple[Problem, ...]
    odd: tuple[Problem, ...]
    product: str


def _hanging(source: Source, bom: dict[str, Raw], components: list[Component], root: str) -> _Hanging:
    compositions = jsontext.part(source, bom, "compositions", list[_Composition]) or []
    known = {component.ref for component in components}
    named = known - {""}
    missing, parents, refless = set[str](), set[str](), 0
    for piece in _dependencies(source, bom):
        refs = [item.ref for item in piece]
        held = [item.dependsOn for item in piece if item.dependsOn]
        if not named.issuperset(refs):
            parents.update(ref for ref in refs if ref and ref not in known)
            refless += len(refs) - sum(map(bool, refs))
        if not known.issuperset(chain.from_iterable(held)):
            missing.update(set(chain.from_iterable(held)) - known)
    abroad = {ref: cyclonedx_links.of_ref(ref, "/dependencies") for ref in missing if cyclonedx_links.is_link(ref)}
    if abroad:
        holders = {item.ref for piece in _dependencies(source, bom) for item in piece if item.ref and cyclonedx_links.is_link(item.ref)}
        abroad.update((ref, cyclonedx_links.of_ref(ref, "/dependencies")) for ref in holders)
    for number, composition in enumerate(compositions):
        for ref in _linked_in(composition):
            abroad.setdefault(ref, cyclonedx_links.of_ref(ref, f"/compositions/{number}"))
    parts, product = cyclonedx_notes.undescribed(parents, known, root)
    gaps: list[Problem] = []
    odd = list(cyclonedx_notes.refless(refless, "/dependencies"))
    for number, composition in enumerate(compositions):
        cyclonedx_notes.on_aggregate(composition.aggregate or "", f"/compositions/{number}", gaps, odd)
    return _Hanging(
        links=tuple(abroad[ref] for ref in sorted(abroad)),
        gaps=(
            *gaps,
            *cyclonedx_notes.dangling((missing | parts) - abroad.keys() - {product}, "/dependencies"),
            *cyclonedx_notes.dangling(_affected(bom, components) - known, "/vulnerabilities"),
        ),
        odd=tuple(odd),
        product=product,
    )


def _dependencies(source: Source, bom: dict[str, Raw]) -> Iterator[list[_Dependency]]:
    """All dependencies, some at a time: kept, they would be half of a document. Raises DocumentError where one does not fit."""
    raw = bom.get("dependencies", Raw(b"[]"))
    for _, piece in in_pieces(source, raw, _Dependency, "/dependencies"):
        yield piece if piece is not None else jsontext.typed(source, raw, list[_Dependency], "/dependencies")  # which tells the number


def _edges(found: tuple[Raw, tuple[Edge, ...]]) -> Iterator[Edge]:
    """What depends on what, what provides what, and what holds what. Dependencies are decoded anew: kept, they would be half of it all."""
    raw, nesting = found
    dependencies = msgspec.json.decode(raw, type=list[_Dependency])
    yield from (Edge(item.ref, item.dependsOn) for item in dependencies if item.ref and item.dependsOn)
    yield from (Edge(item.ref, item.provides) for item in dependencies if item.ref and item.provides)
    yield from nesting


def _linked_in(composition: _Composition) -> Iterator[str]:
    """The BOM-Links in what a composition is about."""
    for raw in (composition.assemblies, composition.dependencies):
        if b"urn:cdx:" in bytes(raw):
            yield from (text for text in jsontext.texts_in(msgspec.json.decode(raw)) if cyclonedx_links.is_link(text))


def _affected(bom: dict[str, Raw], components: list[Component]) -> set[str]:
    """What vulnerabilities affect in this document. One that lists no part speaks of another, and BOM-Links do by themselves."""
    if "vulnerabilities" not in bom or not any(component.counted for component in components):
        return set()
    try:
        items = msgspec.json.decode(bom["vulnerabilities"], type=list[_Vulnerability])
    except msgspec.ValidationError:
        return set()
    refs = {affected.ref for item in items for affected in item.affects or () if affected.ref}
    return {ref for ref in refs if not cyclonedx_links.is_link(ref)}


# ---- a component that does not fit


def _each(source: Source, raw: Raw, pointer: str, malformed: dict[str, str]) -> list[Record]:
    items = [] if raw == Raw(b"null") else jsontext.typed(source, raw, list[Raw], pointer)
    return [_component(source, item, f"{pointer}/{number}", malformed) for number, item in enumerate(items)]


def _component(source: Source, raw: Raw, pointer: str, malformed: dict[str, str]) -> Record:
    """The component, or as much of it as has the right type; what has not is noted under its pointer. What is none is refused."""
    try:
        return msgspec.json.decode(raw, type=Record)
    except msgspec.ValidationError as error:
        jsontext.refuse_no_object(source, raw, pointer, "component")
        malformed[pointer] = str(error)
    return jsontext.salvage(Record, raw, lambda field, part: _salvage(source, field, part, pointer, malformed))


def _salvage(source: Source, field: msgspec.structs.FieldInfo, raw: Raw, pointer: str, malformed: dict[str, str]) -> Any:
    if field.name in ("components", "services"):
        return _each(source, raw, f"{pointer}/{field.name}", malformed)
    try:
        return jsontext.lenient(field, raw)
    except msgspec.ValidationError:
        value = msgspec.json.decode(raw)
        return _as_organisation(value) if field.name in ("supplier", "manufacturer", "provider") else jsontext.as_text(field, value)


def _as_organisation(value: object) -> cyclonedx.Organisation | None:
    """A party written as a plain text or as a list, as some generators do: every text in it, as one name."""
    texts = list(jsontext.texts_in(value))
    return cyclonedx.Organisation(name="; ".join(texts)) if texts else None
