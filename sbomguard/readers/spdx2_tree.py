"""SPDX 2 as a JSON tree, which is also what its YAML, XML and RDF/XML forms come to: decoded into the few fields that are read."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import msgspec
from msgspec import Raw, Struct

from sbomguard.errors import DocumentError, NotAnSbomError
from sbomguard.model import Component, Document, Edge, Edges, Problem, Signal, Signals
from sbomguard.readers import jsontext, signals, spdx2, spdx2_relations
from sbomguard.readers.jsonlists import Parted, Piece, Pieces, in_pieces
from sbomguard.readers.spdx2_relations import ExternalDocument, Named, Relationship
from sbomguard.source import Source

_EARLY = ("spdxVersion", "SPDXID", "documentNamespace", "creationInfo")
"""Members that tell how to read packages; every document has them."""


class _CreationInfo(Struct):
    creators: list[str] | None = None


class _Snippet(Struct, gc=False):
    """SPDX 2.3 clause 9; only what is read."""

    SPDXID: str | None = None


class _Holder(Struct, gc=False):
    """Which files a package holds (member `hasFiles` of the SPDX 2.3 JSON schema; SPDX 2.3 clause 8)."""

    SPDXID: str | None = None
    hasFiles: list[str] | None = None


class _Related(Struct, frozen=True):
    """What edges are made of when they are asked for: the document's text, what it describes, its own ref, and the refs of the files
    that are components."""

    source: Source
    described: tuple[str, ...]
    root: str
    files: frozenset[str]


def read(source: Source, serialisation: str = "json") -> Document:
    """The document. A package that does not fit is read as far as it goes and noted as malformed.

    The parts are decoded some at a time: their memory serves the next, and an odd one spoils no other.
    """
    try:
        return _document(source, Parted(source, "packages", _EARLY), serialisation)
    except msgspec.ValidationError:
        raise NotAnSbomError("is no JSON object", source=source.name, advice="SPDX 2 is one object") from None


def _document(source: Source, parted: Parted, serialisation: str) -> Document:
    parts = parted.members
    version = _check_kind(source, parts)
    creation = jsontext.part(source, parts, "creationInfo", _CreationInfo) or _CreationInfo()
    generator = spdx2.generator_of(creation.creators or ())
    root = jsontext.part(source, parts, "SPDXID", str) or spdx2.ROOT
    namespace = jsontext.part(source, parts, "documentNamespace", str) if _has(parts, "documentNamespace") else ""
    malformed: dict[str, str] = {}
    packages = _packages(
        source, parted.pieces(spdx2.Package), malformed, signals.guesses_cpes(generator), spdx2.is_android(namespace or "")
    )
    _check_kind(source, parts)  # now with the members behind the packages
    described = tuple(jsontext.part(source, parts, "documentDescribes", list[str]) or ())
    files, refs = _files(source, parts, malformed)
    refs += [item.SPDXID for item in _elements(source, parts, "snippets", _Snippet, malformed)]
    known = {root, spdx2.ROOT, "", *[item.ref for item in packages], *refs}
    survey = _survey(source, parts, known, root, malformed)
    missing = (Named(ref, root, "DESCRIBES", f"/documentDescribes/{at}") for at, ref in enumerate(described) if ref not in known)
    unknown = (*survey.unknown, *missing)
    documents = _elements(source, parts, "externalDocumentRefs", ExternalDocument, malformed)
    links = spdx2_relations.links(documents, unknown, "/externalDocumentRefs/{}".format)
    below = spdx2_relations.described(survey.own, described, root)
    problems = [Problem(pointer=at, message=why) for at, why in malformed.items() if not at.startswith("/packages/")]
    problems += spdx2.problems(packages, bool(below) or serialisation == "yaml", "/relationships")  # of YAML it is a gap
    problems += spdx2_relations.without_an_end(survey.odd)
    problems += spdx2_relations.of_unknown_type((at, item.relationshipType) for at, item in survey.odd)
    if malformed:
        jsontext.check_if_large(source)
    elif serialisation != "rdf-xml" and len(source.data) < jsontext.STRICT_BELOW:  # of RDF no more is in the tree than is read
        from sbomguard.readers import spdx2_parts

        tree = jsontext.plain(source, Raw(source.data))
        noted = [problem.pointer for problem in problems]
        problems += spdx2_parts.note(tree, version.removeprefix("SPDX-"), _pointer, noted)
    return Document(
        source=source.name,
        format="SPDX",
        version=version.removeprefix("SPDX-"),
        serialisation=serialisation,
        components=(*packages, *files, *spdx2_relations.others(links)),
        edges=Edges(_edges, _Related(source, described, root, frozenset(item.ref for item in files))),
        root=root,
        generator=generator,
        problems=tuple(problems),
        gaps=tuple(spdx2_relations.gaps(unknown, links)),
        names=(namespace,) if namespace else (),
        links=links,
        described=below,
    )


def _check_kind(source: Source, parts: dict[str, Raw]) -> str:
    """The value of spdxVersion, if the document is SPDX 2 and nothing else."""
    if "spdxVersion" not in parts:
        raise NotAnSbomError("does not say spdxVersion", source=source.name, advice="This is no SPDX 2 document")
    if "bomFormat" in parts or "@context" in parts:
        raise DocumentError(
            "is SPDX 2 and another format in one object", source=source.name, advice="Tools differ on which they read; make one of them"
        )
    version = jsontext.typed(source, parts["spdxVersion"], str, "/spdxVersion")
    if version not in spdx2.VERSIONS:
        raise DocumentError(
            f"says spdxVersion {version[:40]!r}", source=source.name, pointer="/spdxVersion", advice="SPDX-2.2 and SPDX-2.3 are read"
        )
    if len(parts) == 1:
        raise spdx2.stub(source)
    return version


def _pointer(key: str, number: int) -> str:
    return f"/{key}" if number < 0 else f"/{key}/{number}"


def _has(parts: dict[str, Raw], key: str) -> bool:
    """Whether a member is there and is not null, which some generators write for nothing."""
    return key in parts and bytes(memoryview(parts[key])[:4]) != b"null"


# ---- some elements at a time: an odd one spoils no other


def _packages(source: Source, pieces: Pieces[spdx2.Package], malformed: dict[str, str], guesses: bool, android: bool) -> list[Component]:
    """The packages. Raises DocumentError where a key that tells a maker stands twice in one: parsers differ on which of the two counts."""
    tally = jsontext.Tally()
    found: list[Component] = []
    kept = 0
    for piece, whole in pieces:
        items = whole if whole is not None else [_package(source, raw, at, malformed) for at, raw in enumerate(piece.raws(), len(found))]
        make = partial(_signals_in, piece, guesses=guesses, android=android)
        start = len(found)
        for number, item in enumerate(items):
            pointer = f"/packages/{start + number}"
            fault = malformed.get(pointer, "") if malformed else ""
            component, texts = spdx2.component(item, pointer, fault, guesses, android, None if fault else Signals(make, number))
            found.append(component)
            kept += texts
    if kept != tally.met:
        jsontext.check_if_large(source)
    return found


def _package(source: Source, raw: Raw, number: int, malformed: dict[str, str]) -> spdx2.Package:
    """One package of a piece with an odd one: as much of it as fits. What can be none is refused."""
    try:
        return msgspec.json.decode(raw, type=spdx2.Package)
    except msgspec.ValidationError:
        jsontext.refuse_no_object(source, raw, f"/packages/{number}", "package")
    return _one(raw, f"/packages/{number}", spdx2.Package, malformed)


def _signals_in(piece: Piece, number: int, *, guesses: bool, android: bool) -> Iterator[Signal]:
    item = msgspec.json.decode(piece.raws()[number], type=spdx2.Package)
    if guesses:
        spdx2.drop_guesses(item)
    return spdx2.signals_in_android(item) if android else spdx2.signals_of(item)


def _files(source: Source, parts: dict[str, Raw], malformed: dict[str, str]) -> tuple[list[Component], list[str | None]]:
    """The files that can tell a maker, and the refs of all."""
    found: list[Component] = []
    refs: list[str | None] = []
    for piece in _pieces(source, parts, "files", spdx2.File, malformed):
        found += [spdx2.file_component(item, f"/files/{number}") for number, item in enumerate(piece, len(refs)) if spdx2.is_telling(item)]
        refs += [item.SPDXID for item in piece]
    return found, refs


class _Survey(Struct):
    """What is of interest among all relationships, which most documents have more of than of all else: the elements named that are not
    known, those of the document itself, and with their pointers those that are whole but lack an end or are of an unknown type."""

    unknown: list[Named] = []
    own: list[Relationship] = []
    odd: list[tuple[str, Relationship]] = []


def _survey(source: Source, parts: dict[str, Raw], known: set[str | None], root: str, malformed: dict[str, str]) -> _Survey:
    found, start = _Survey(), 0
    parts_of_it = known - {root, "", None}
    for piece in _pieces(source, parts, "relationships", Relationship, malformed):
        if spdx2_relations.are_plain(piece, parts_of_it):
            start += len(piece)
            continue
        ends = spdx2_relations.ends(piece)
        if unknown := ends - known:
            found.unknown += spdx2_relations.named(enumerate(piece, start), "/relationships/{}".format, unknown)
        if root in ends:
            found.own += [item for item in piece if item.spdxElementId == root or item.relatedSpdxElement == root]
        if not ends.isdisjoint((None, "")) or not {item.relationshipType for item in piece} <= spdx2_relations.TYPES:
            numbered = ((f"/relationships/{number}", item) for number, item in enumerate(piece, start))
            found.odd += [(at, item) for at, item in numbered if at not in malformed and spdx2_relations.is_odd(item)]
        start += len(piece)
    return found


def _edges(related: _Related) -> Iterator[Edge]:
    parts = jsontext.members(related.source)
    relationships = _elements(related.source, parts, "relationships", Relationship, {})
    yield from spdx2_relations.edges(relationships, related.described, related.root)
    for package in _elements(related.source, parts, "packages", _Holder, {}) if related.files else ():
        held = tuple(ref for ref in package.hasFiles or () if ref in related.files)
        if package.SPDXID and held:
            yield Edge(package.SPDXID, held)


def _elements(source: Source, parts: dict[str, Raw], key: str, kind: type[jsontext.T], malformed: dict[str, str]) -> list[jsontext.T]:
    """The elements of a part, none where it is absent. Raises DocumentError where it is no list."""
    return [item for piece in _pieces(source, parts, key, kind, malformed) for item in piece]


def _pieces(
    source: Source, parts: dict[str, Raw], key: str, kind: type[jsontext.T], malformed: dict[str, str]
) -> Iterator[list[jsontext.T]]:
    """As `_elements`, some at a time; one by one if any of them does not fit."""
    raw, start = parts[key] if _has(parts, key) else Raw(b"[]"), 0
    for piece, whole in in_pieces(source, raw, kind, f"/{key}"):
        items = whole if whole is not None else [_one(one, f"/{key}/{at}", kind, malformed) for at, one in enumerate(piece.raws(), start)]
        start += len(items)
        yield items


def _one(raw: Raw, pointer: str, kind: type[jsontext.T], malformed: dict[str, str]) -> jsontext.T:
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        malformed[pointer] = str(error)
        return jsontext.salvage(kind, raw, _value)


def _value(field: msgspec.structs.FieldInfo, raw: Raw) -> Any:
    try:
        return jsontext.lenient(field, raw)
    except msgspec.ValidationError:
        return jsontext.as_text(field, msgspec.json.decode(raw))
