"""CycloneDX JSON, 1.2 to 1.7: decoded straight into the few fields that carry identity, place and dependency."""

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Raw, Struct

from sbomguard.errors import DocumentError
from sbomguard.model import Component, Document, Edge, Problem, Signal, component_class
from sbomguard.readers import jsontext, signals
from sbomguard.source import Source

VERSIONS = ("1.2", "1.3", "1.4", "1.5", "1.6", "1.7")


class _Contact(Struct, gc=False):
    name: str | None = None
    email: str | None = None


class _Organisation(Struct, gc=False):
    name: str | None = None
    url: list[str] | None = None
    contact: list[_Contact] | None = None


class _Reference(Struct, gc=False):
    url: str | None = None
    type: str | None = None


class _Property(Struct, gc=False):
    name: str | None = None
    value: str | None = None


class _Swid(Struct, gc=False):
    tagId: str | None = None
    url: str | None = None


class _Occurrence(Struct, gc=False):
    location: str | None = None


class _Evidence(Struct, gc=False):
    occurrences: list[_Occurrence] | None = None


class _Commit(Struct, gc=False):
    url: str | None = None


class _Pedigree(Struct, gc=False):
    ancestors: "list[_Component] | None" = None
    commits: list[_Commit] | None = None


class _Component(Struct, gc=False, rename={"ref": "bom-ref"}):
    """CycloneDX `component`; only what is read. A service has `provider` and no type."""

    name: str | None = None
    type: str | None = None
    version: str | None = None
    ref: str | None = None
    group: str | None = None
    purl: str | None = None
    cpe: str | None = None
    publisher: str | None = None
    author: str | None = None
    supplier: _Organisation | None = None
    manufacturer: _Organisation | None = None
    provider: _Organisation | None = None
    authors: list[_Contact] | None = None
    externalReferences: list[_Reference] | None = None
    properties: list[_Property] | None = None
    components: "list[_Component] | None" = None
    services: "list[_Component] | None" = None
    pedigree: _Pedigree | None = None
    evidence: _Evidence | None = None
    swid: _Swid | None = None


class _Tools(Struct):
    components: list[_Component] | None = None


class _Metadata(Struct):
    component: _Component | None = None
    tools: Raw = Raw()


class _Dependency(Struct, gc=False):
    ref: str | None = None
    dependsOn: list[str] | None = None


class _Composition(Struct):
    aggregate: str | None = None


class _Bom(Struct):
    bomFormat: str
    specVersion: str
    metadata: _Metadata | None = None
    components: list[_Component] = []
    services: list[_Component] = []
    dependencies: list[_Dependency] = []
    compositions: list[_Composition] = []
    spdxVersion: Raw = Raw()
    context: Raw = msgspec.field(default=Raw(), name="@context")


class _Loose(Struct):
    """The same, with everything that can be read on its own left raw."""

    bomFormat: Raw = Raw()
    specVersion: Raw = Raw()
    metadata: Raw = Raw()
    components: Raw = Raw()
    services: Raw = Raw()
    dependencies: Raw = Raw()
    compositions: Raw = Raw()
    spdxVersion: Raw = Raw()
    context: Raw = msgspec.field(default=Raw(), name="@context")


def accepts(head: bytes) -> bool:
    """Whether the first (or last) bytes of a JSON text look like this format."""
    return b'"bomFormat"' in head or b'"CycloneDX"' in head


def read(source: Source) -> Document:
    """The document. A component that does not fit is read as far as it goes and noted as malformed."""
    try:
        return _document(source, jsontext.decode(source, _Bom), {})
    except msgspec.ValidationError:
        return _document(source, *_loosely(source))


def locate(source: Source) -> jsontext.Places:
    """Where JSON Pointers stand in this source."""
    return jsontext.Places(source)


# ---- the typed document


def _document(source: Source, bom: _Bom, malformed: dict[str, str]) -> Document:
    _check_kind(source, bom)
    components: list[Component] = []
    generator = _generator(bom.metadata)
    walk = _Walk(components, malformed, guesses=signals.guesses_cpes(generator))
    root = ""
    if bom.metadata and bom.metadata.component:
        subject = bom.metadata.component
        root = subject.ref or ""
        walk.add(subject, "/metadata/component", counted=False)
    walk.add_all(bom.components, "/components")
    walk.add_all(bom.services, "/services", service=True)
    edges = tuple(Edge(d.ref, tuple(d.dependsOn)) for d in bom.dependencies if d.ref and d.dependsOn) + tuple(walk.edges)
    return Document(
        source=source.name,
        format="CycloneDX",
        version=bom.specVersion,
        serialisation="json",
        components=tuple(components),
        edges=edges,
        root=root,
        generator=generator,
        problems=tuple(
            Problem(pointer=at, message=why) for at, why in malformed.items() if not at.startswith(("/components/", "/services/"))
        ),
        gaps=(*_open_compositions(bom.compositions), *_dangling(bom.dependencies, components)),
    )


def _check_kind(source: Source, bom: _Bom) -> None:
    if bom.bomFormat != "CycloneDX":
        raise DocumentError(
            f"says bomFormat '{bom.bomFormat[:40]}'", source=source.name, pointer="/bomFormat", advice="CycloneDX is meant?"
        )
    if memoryview(bom.spdxVersion) or memoryview(bom.context):
        raise DocumentError(
            "is CycloneDX and SPDX in one object", source=source.name, advice="Tools differ on which they read; make one of the two"
        )
    if bom.specVersion not in VERSIONS:
        raise DocumentError(
            f"is CycloneDX {bom.specVersion[:40]!r}", source=source.name, pointer="/specVersion",
            advice=f"Versions {VERSIONS[0]} to {VERSIONS[-1]} are read as JSON",
        )  # fmt: skip


class _Walk:
    """Collects components depth first; `guesses` tells that the generator's CPEs are guesses from names, which identify nobody."""

    def __init__(self, found: list[Component], malformed: dict[str, str], *, guesses: bool) -> None:
        self.found = found
        self.malformed = malformed
        self.edges: list[Edge] = []
        self.guesses = guesses

    def add_all(self, items: list[_Component], pointer: str, service: bool = False) -> list[str]:
        """Add each of a list of components or services and what is nested in them; their refs. Empties the list: its memory is needed."""
        items.reverse()
        count = len(items)
        return [self.add(items.pop(), f"{pointer}/{number}", counted=not service, service=service) for number in range(count)]

    def add(self, item: _Component, pointer: str, counted: bool = True, service: bool = False) -> str:
        """Add one component and what is nested in it; its ref."""
        found: list[Signal] = []
        _own_signals(item, found, "", "", self.guesses)
        kind = item.type or ("service" if service else "")
        klass = component_class(kind)
        ref = item.ref or ""
        self.found.append(
            Component(
                ref=ref,
                name=item.name or "",
                version=item.version or "",
                type=kind,
                component_class="module" if klass in ("hardware", "firmware") and signals.has_fcc_id(found) else klass,
                purl=item.purl or "",
                pointer=pointer,
                signals=tuple(found),
                malformed=self.malformed.get(pointer, ""),
                counted=counted,
            )
        )
        if item.components or item.services:
            children = self.add_all(item.components or [], f"{pointer}/components")
            children += self.add_all(item.services or [], f"{pointer}/services", service=True)
            self.edges.append(Edge(ref, tuple(child for child in children if child)))
        return ref


def _own_signals(item: _Component, out: list[Signal], field: str, at: str, guesses: bool) -> None:
    """Append the identity-bearing values of one component; `field` and `at` lead to it when it is an ancestor of another."""
    if item.name:
        out.append(Signal("name", "", f"{field}name", f"{at}/name", item.name) if field else Signal("name", "", "name", "/name", item.name))
        if signals.is_binary(item.name):
            out.append(Signal("file", "", f"{field}name", f"{at}/name", item.name))
    if item.purl:
        out.append(Signal("purl", "", f"{field}purl", f"{at}/purl", item.purl) if field else Signal("purl", "", "purl", "/purl", item.purl))
    if item.cpe and not guesses:
        out.append(Signal("cpe", "", f"{field}cpe", f"{at}/cpe", item.cpe))
    if item.group:
        out.append(Signal("name", "group", f"{field}group", f"{at}/group", item.group))
    if item.publisher:
        out.extend(signals.of_party(item.publisher, "publisher", f"{field}publisher", f"{at}/publisher"))
    if item.author:
        out.extend(signals.of_party(item.author, "author", f"{field}author", f"{at}/author"))
    if item.supplier is not None:
        _organisation(item.supplier, "supplier", out, f"{field}supplier", f"{at}/supplier")
    if item.manufacturer is not None:
        _organisation(item.manufacturer, "manufacturer", out, f"{field}manufacturer", f"{at}/manufacturer")
    if item.provider is not None:
        _organisation(item.provider, "supplier", out, f"{field}provider", f"{at}/provider")
    _lists(item, out, field, at)
    if item.pedigree is not None:
        _pedigree(item.pedigree, out, field, at, guesses)


def _organisation(item: _Organisation, role: str, out: list[Signal], field: str, at: str) -> None:
    if item.name:
        out.extend(signals.of_party(item.name, role, f"{field}.name", f"{at}/name"))
    for number, url in enumerate(item.url or ()):
        out.append(signals.of_url(url, "website", f"{field}.url", f"{at}/url/{number}"))
    for number, contact in enumerate(item.contact or ()):
        if contact.email:
            out.append(Signal("email", role, f"{field}.contact.email", f"{at}/contact/{number}/email", contact.email))


def _lists(item: _Component, out: list[Signal], field: str, at: str) -> None:
    if item.authors:
        _authors(item.authors, out, field, at)
    if item.externalReferences:
        name = f"{field}externalReferences"
        for number, reference in enumerate(item.externalReferences):
            if reference.url:
                out.append(signals.of_url(reference.url, reference.type or "", name, f"{at}/externalReferences/{number}/url"))
    if item.properties:
        out.extend(signals.of_properties(item.properties, field, at))
    if item.evidence is not None:
        for number, occurrence in enumerate(item.evidence.occurrences or ()):
            if occurrence.location and signals.is_binary(occurrence.location):
                where = f"{at}/evidence/occurrences/{number}/location"
                out.append(Signal("file", "", f"{field}evidence.occurrences", where, occurrence.location))
    if item.swid is not None and item.swid.url:
        out.append(signals.of_url(item.swid.url, "swid", f"{field}swid.url", f"{at}/swid/url"))


def _authors(items: list[_Contact], out: list[Signal], field: str, at: str) -> None:
    for number, author in enumerate(items):
        if author.name:
            out.extend(signals.of_party(author.name, "author", f"{field}authors.name", f"{at}/authors/{number}/name"))
        if author.email:
            out.append(Signal("email", "author", f"{field}authors.email", f"{at}/authors/{number}/email", author.email))


def _pedigree(item: _Pedigree, out: list[Signal], field: str, at: str, guesses: bool) -> None:
    for number, ancestor in enumerate(item.ancestors or ()):
        _own_signals(ancestor, out, f"{field}pedigree.ancestors.", f"{at}/pedigree/ancestors/{number}", guesses)
    for number, commit in enumerate(item.commits or ()):
        if commit.url:
            out.append(signals.of_url(commit.url, "vcs", f"{field}pedigree.commits.url", f"{at}/pedigree/commits/{number}/url"))


def _generator(metadata: _Metadata | None) -> str:
    """Names and versions of the tools, in both shapes that the specification has had (1.2: a list; 1.5: an object)."""
    tools = bytes(metadata.tools) if metadata else b""
    if not tools:
        return ""
    try:
        found = msgspec.json.decode(tools, type=list[_Component] | _Tools)
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
    known = {component.ref for component in components}
    missing = {ref for item in dependencies for ref in item.dependsOn or () if ref not in known}
    if missing:
        first = min(missing)
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        yield Problem(pointer="/dependencies", message=f"dependencies name components that are not in it: '{first[:100]}'{more}", ref=first)


# ---- the loose document: one component at a time


def _loosely(source: Source) -> tuple[_Bom, dict[str, str]]:
    """Decode part by part. What must be right for the document to be one is an error; an odd component is noted."""
    loose = jsontext.decode(source, _Loose)
    malformed: dict[str, str] = {}
    bom = _Bom(
        bomFormat=_required(source, loose.bomFormat, str, "/bomFormat"),
        specVersion=_required(source, loose.specVersion, str, "/specVersion"),
        spdxVersion=loose.spdxVersion,
        context=loose.context,
    )
    if memoryview(loose.metadata):
        bom.metadata = _metadata(source, loose.metadata, malformed)
    for name in ("components", "services"):
        raw = getattr(loose, name)
        if memoryview(raw):
            setattr(bom, name, _each(source, raw, f"/{name}", malformed))
    if memoryview(loose.dependencies):
        bom.dependencies = _required(source, loose.dependencies, list[_Dependency], "/dependencies")
    if memoryview(loose.compositions):
        bom.compositions = _required(source, loose.compositions, list[_Composition], "/compositions")
    return bom, malformed


def _required(source: Source, raw: Raw, kind: type[jsontext.T], pointer: str) -> jsontext.T:
    if not memoryview(raw):
        raise DocumentError("is missing", source=source.name, pointer=pointer, advice="This is no CycloneDX document")
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        raise DocumentError(f"has the wrong type: {error}", source=source.name, pointer=pointer) from None


def _metadata(source: Source, raw: Raw, malformed: dict[str, str]) -> _Metadata:
    try:
        return msgspec.json.decode(raw, type=_Metadata)
    except msgspec.ValidationError:
        parts = _required(source, raw, dict[str, Raw], "/metadata")
    metadata = _Metadata(tools=parts.get("tools", Raw()))
    if "component" in parts:
        metadata.component = _component(source, parts["component"], "/metadata/component", malformed)
    return metadata


def _each(source: Source, raw: Raw, pointer: str, malformed: dict[str, str]) -> list[_Component]:
    items = _required(source, raw, list[Raw], pointer)
    return [_component(source, item, f"{pointer}/{number}", malformed) for number, item in enumerate(items)]


def _component(source: Source, raw: Raw, pointer: str, malformed: dict[str, str]) -> _Component:
    """The component, or as much of it as has the right type; what has not is noted under its pointer."""
    try:
        return msgspec.json.decode(raw, type=_Component)
    except msgspec.ValidationError as error:
        malformed[pointer] = str(error)
    try:
        parts = msgspec.json.decode(raw, type=dict[str, Raw])
    except msgspec.ValidationError:
        return _Component()
    item = _Component()
    for field in msgspec.structs.fields(_Component):
        if field.encode_name in parts:
            setattr(item, field.name, _salvage(source, field, parts[field.encode_name], pointer, malformed))
    return item


def _salvage(source: Source, field: Any, raw: Raw, pointer: str, malformed: dict[str, str]) -> Any:
    if field.name in ("components", "services"):
        try:
            return _each(source, raw, f"{pointer}/{field.name}", malformed)
        except DocumentError:
            return None
    try:
        return msgspec.json.decode(raw, type=field.type)
    except msgspec.ValidationError:
        return _as_organisation(raw) if field.name in ("supplier", "manufacturer", "provider") else _as_text(field, raw)


def _as_organisation(raw: Raw) -> _Organisation | None:
    """A party written as a plain text or as a list, as some generators do: every text in it, as one name."""
    texts = list(signals.texts_in(msgspec.json.decode(raw)))
    return _Organisation(name="; ".join(texts)) if texts else None


def _as_text(field: Any, raw: Raw) -> str | None:
    texts = list(signals.texts_in(msgspec.json.decode(raw)))
    return "; ".join(texts) if texts and field.type == str | None else None
