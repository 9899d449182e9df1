"""SPDX 2.2 and 2.3 JSON: packages, and files and snippets where they carry identity."""

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Raw, Struct

from sbomguard.errors import DocumentError, NotAnSbomError
from sbomguard.model import Component, Document, Edge, Problem, Signal, component_class
from sbomguard.readers import jsontext, signals
from sbomguard.readers.jsontext import Text
from sbomguard.source import Source

VERSIONS = ("SPDX-2.2", "SPDX-2.3")


class _Reference(Struct, gc=False):
    referenceType: str | None = None
    referenceLocator: Text | None = None


class _Annotation(Struct, gc=False):
    comment: str | None = None


class _Package(Struct, gc=False):
    """SPDX 2.3 clause 7; only what is read. Its texts of type `Text` are those that tell its maker."""

    SPDXID: str | None = None
    name: Text | None = None
    versionInfo: str | None = None
    supplier: Text | None = None
    originator: Text | None = None
    downloadLocation: Text | None = None
    homepage: Text | None = None
    packageFileName: str | None = None
    sourceInfo: str | None = None
    primaryPackagePurpose: str | None = None
    externalRefs: list[_Reference] | None = None
    annotations: list[_Annotation] | None = None


class _File(Struct, gc=False):
    """SPDX 2.3 clause 8."""

    SPDXID: str | None = None
    fileName: str | None = None
    fileContributors: list[str] | None = None


class _Relationship(Struct, gc=False):
    spdxElementId: str | None = None
    relationshipType: str | None = None
    relatedSpdxElement: str | None = None


class _CreationInfo(Struct):
    creators: list[str] | None = None


class _Spdx(Struct):
    """The parts that are read."""

    spdxVersion: str
    SPDXID: str | None = None
    creationInfo: _CreationInfo | None = None
    packages: list[_Package] = []
    files: list[_File] = []
    relationships: list[_Relationship] = []
    documentDescribes: list[str] | None = None


# Relationship types and which end depends on or contains the other (SPDX 2.3 clause 11); True: the element holds the related one.
_DOWN = frozenset(
    ("CONTAINS DEPENDS_ON DESCRIBES HAS_PREREQUISITE STATIC_LINK DYNAMIC_LINK GENERATED_FROM VARIANT_OF EXPANDED_FROM_ARCHIVE").split()
)
_UP = frozenset(
    (
        "CONTAINED_BY DEPENDENCY_OF DESCRIBED_BY PREREQUISITE_FOR RUNTIME_DEPENDENCY_OF BUILD_DEPENDENCY_OF DEV_DEPENDENCY_OF "
        "OPTIONAL_DEPENDENCY_OF PROVIDED_DEPENDENCY_OF TEST_DEPENDENCY_OF DEPENDENCY_MANIFEST_OF BUILD_TOOL_OF DEV_TOOL_OF "
        "TEST_TOOL_OF PACKAGE_OF DATA_FILE_OF"
    ).split()
)


def accepts(head: bytes) -> bool:
    """Whether the first (or last) bytes of a JSON text look like this format."""
    return b'"spdxVersion"' in head


def read(source: Source) -> Document:
    """The document. A package that does not fit is read as far as it goes and noted as malformed."""
    try:
        parts = jsontext.members(source)
    except msgspec.ValidationError:
        raise NotAnSbomError("is no JSON object", source=source.name, advice="SPDX 2 is one object") from None
    version = _check_kind(source, parts)
    malformed: dict[str, str] = {}
    tally = jsontext.Tally()
    spdx = _Spdx(spdxVersion=version)
    spdx.packages = _elements(source, parts, "packages", _Package, malformed, tally)
    spdx.files = _elements(source, parts, "files", _File, malformed, tally)
    spdx.relationships = _elements(source, parts, "relationships", _Relationship, malformed, tally)
    spdx.SPDXID = jsontext.part(source, parts, "SPDXID", str)
    spdx.creationInfo = jsontext.part(source, parts, "creationInfo", _CreationInfo)
    spdx.documentDescribes = jsontext.part(source, parts, "documentDescribes", list[str])
    if malformed or tally.met != sum(map(_kept, spdx.packages)):
        jsontext.check_if_large(source)
    return _document(source, spdx, malformed)


def locate(source: Source) -> jsontext.Places:
    """Where JSON Pointers stand in this source."""
    return jsontext.Places(source)


def _document(source: Source, spdx: _Spdx, malformed: dict[str, str]) -> Document:
    creators = (spdx.creationInfo.creators if spdx.creationInfo else None) or []
    generator = ", ".join(creator.partition(":")[2].strip() for creator in creators if creator.lower().startswith("tool:"))
    guesses = signals.guesses_cpes(generator)
    packages = (_component(item, f"/packages/{number}", malformed, guesses) for number, item in enumerate(spdx.packages))
    files = (_file(item, f"/files/{number}") for number, item in enumerate(spdx.files))
    components = (*packages, *(item for item in files if item is not None))
    edges = _edges(spdx)
    return Document(
        source=source.name,
        format="SPDX",
        version=spdx.spdxVersion.removeprefix("SPDX-"),
        serialisation="json",
        components=components,
        edges=edges,
        root=spdx.SPDXID or "SPDXRef-DOCUMENT",
        generator=generator,
        problems=tuple(Problem(pointer=at, message=why) for at, why in malformed.items() if not at.startswith("/packages/")),
        gaps=tuple(_gaps(spdx, components)),
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
    if version not in VERSIONS:
        raise DocumentError(
            f"says spdxVersion {version[:40]!r}", source=source.name, pointer="/spdxVersion", advice="SPDX-2.2 and SPDX-2.3 are read"
        )
    return version


def _component(item: _Package, pointer: str, malformed: dict[str, str], guesses: bool) -> Component:
    found: list[Signal] = []
    purl = _package_signals(item, found, guesses)
    klass = component_class(item.primaryPackagePurpose or "")
    return Component(
        ref=item.SPDXID or "",
        name=item.name or "",
        version=item.versionInfo or "",
        type=item.primaryPackagePurpose or "",
        component_class="module" if klass in ("hardware", "firmware") and signals.has_fcc_id(found) else klass,
        purl=purl,
        pointer=pointer,
        signals=tuple(found),
        malformed=malformed.get(pointer, ""),
    )


def _package_signals(item: _Package, out: list[Signal], guesses: bool) -> str:
    """Append the identity-bearing values of a package; its purl."""
    if item.name:
        out.append(Signal("name", "", "name", "/name", item.name))
        if signals.is_binary(item.name):
            out.append(Signal("file", "", "name", "/name", item.name))
    for text, role in ((item.supplier, "supplier"), (item.originator, "originator")):
        if text and text not in signals.NO_VALUE:
            out.extend(signals.of_party(text, role, role, f"/{role}"))
    for text, role, field in ((item.downloadLocation, "distribution", "downloadLocation"), (item.homepage, "website", "homepage")):
        if text and text not in signals.NO_VALUE:
            out.append(signals.of_url(text, role, field, f"/{field}"))
    if item.packageFileName and signals.is_binary(item.packageFileName):
        out.append(Signal("file", "", "packageFileName", "/packageFileName", item.packageFileName))
    if item.sourceInfo:
        out.extend(signals.of_paths(item.sourceInfo, "sourceInfo", "/sourceInfo"))
    purl = _references(item.externalRefs, out, guesses) if item.externalRefs else ""
    for number, annotation in enumerate(item.annotations or ()):
        out.extend(signals.of_comment(annotation.comment or "", "annotations.comment", f"/annotations/{number}/comment"))
    return purl


def _references(references: list[_Reference], out: list[Signal], guesses: bool) -> str:
    """Append purls, CPEs, SWID tags and URLs (SPDX 2.3 clause 7.21, whatever the category says); the first purl."""
    purl = ""
    for number, reference in enumerate(references):
        kind, value = reference.referenceType or "", reference.referenceLocator or ""
        at = f"/externalRefs/{number}/referenceLocator"
        if kind == "purl" or value.startswith("pkg:"):
            purl = purl or value
            out.append(Signal("purl", "", "externalRefs.purl", at, value))
        elif kind.startswith("cpe2") or value.startswith("cpe:"):
            if not guesses:
                out.append(Signal("cpe", "", f"externalRefs.{kind}", at, value))
        elif "." in value:
            out.append(signals.of_url(value.removeprefix("swid:"), kind.rpartition("/")[2], f"externalRefs.{kind}", at))
    return purl


def _file(item: _File, pointer: str) -> Component | None:
    """A file as a component, where its name or contributors can tell its maker; most files in an SBOM cannot."""
    found: list[Signal] = []
    if item.fileName and signals.is_binary(item.fileName):
        found.append(Signal("file", "", "fileName", "/fileName", item.fileName))
    for number, contributor in enumerate(item.fileContributors or ()):
        found.extend(signals.of_party(contributor, "author", "fileContributors", f"/fileContributors/{number}"))
    if not found:
        return None
    return Component(
        ref=item.SPDXID or "", name=item.fileName or "", version="", type="FILE", component_class="software", purl="", pointer=pointer,
        signals=tuple(found), counted=False,
    )  # fmt: skip


def _edges(spdx: _Spdx) -> tuple[Edge, ...]:
    edges = []
    for item in spdx.relationships:
        if item.spdxElementId and item.relatedSpdxElement:
            if item.relationshipType in _DOWN:
                edges.append(Edge(item.spdxElementId, (item.relatedSpdxElement,)))
            elif item.relationshipType in _UP:
                edges.append(Edge(item.relatedSpdxElement, (item.spdxElementId,)))
    if spdx.documentDescribes:
        edges.append(Edge(spdx.SPDXID or "SPDXRef-DOCUMENT", tuple(spdx.documentDescribes)))
    return tuple(edges)


def _gaps(spdx: _Spdx, components: tuple[Component, ...]) -> Iterator[Problem]:
    """What the document itself says is missing: contents not asserted, documents and elements that are not here."""
    known = {component.ref for component in components} | {item.SPDXID for item in spdx.files} | {spdx.SPDXID, "SPDXRef-DOCUMENT"}
    missing: set[str] = set()
    for number, item in enumerate(spdx.relationships):
        other = item.relatedSpdxElement or ""
        if other == "NOASSERTION" and item.relationshipType in ("CONTAINS", "DEPENDS_ON", "DESCRIBES"):
            yield Problem(pointer=f"/relationships/{number}", message=f"it does not say what {item.spdxElementId} {item.relationshipType}")
        missing.update(end for end in (item.spdxElementId or "", other) if end.startswith("DocumentRef-"))
        if item.relationshipType in _DOWN or item.relationshipType in _UP:
            missing.update(end for end in (item.spdxElementId or "", other) if _is_gone(end, known))
    missing.update(ref for ref in spdx.documentDescribes or () if _is_gone(ref, known))
    if missing:
        first = min(missing)
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        yield Problem(pointer="/relationships", message=f"relationships name elements that are not in it: '{first[:100]}'{more}", ref=first)


def _is_gone(ref: str, known: set[str | None]) -> bool:
    return ref.startswith("SPDXRef-") and ref not in known and "Snippet" not in ref


def _kept(item: _Package) -> int:
    """How many texts of type `Text` the package holds."""
    kept = (
        (item.name is not None) + (item.supplier is not None) + (item.originator is not None)
        + (item.downloadLocation is not None) + (item.homepage is not None)
    )  # fmt: skip
    return kept + sum(reference.referenceLocator is not None for reference in item.externalRefs or ())


# ---- one element at a time: an odd one spoils no other


def _elements(
    source: Source, parts: dict[str, Raw], key: str, kind: type[jsontext.T], malformed: dict[str, str], tally: jsontext.Tally
) -> list[jsontext.T]:
    """The elements of a part; none where the part is absent."""
    decode = msgspec.json.Decoder(kind, dec_hook=tally.count).decode
    found = []
    for number, raw in enumerate(jsontext.part(source, parts, key, list[Raw]) or ()):
        try:
            found.append(decode(raw))
        except msgspec.ValidationError as error:
            malformed[f"/{key}/{number}"] = str(error)
            found.append(jsontext.salvage(kind, raw, _value))
    return found


def _value(field: msgspec.structs.FieldInfo, raw: Raw) -> Any:
    try:
        return msgspec.json.decode(raw, type=field.type, dec_hook=jsontext.take)
    except msgspec.ValidationError:
        return jsontext.as_text(field, msgspec.json.decode(raw))
