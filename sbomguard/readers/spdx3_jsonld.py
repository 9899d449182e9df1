"""SPDX 3.0 and 3.1 JSON-LD: packages, and what else carries identity, with agents, identifiers and annotations linked by id."""

import re
import sys
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from sbomguard import party
from sbomguard.errors import DocumentError
from sbomguard.model import Component, Document, Edge, Place, Problem, Signal, component_class
from sbomguard.readers import jsontext, signals
from sbomguard.readers.cursor import Cursor
from sbomguard.source import Source

VERSIONS = ("3.0", "3.0.0", "3.0.1", "3.1", "3.1.0")

_TERMS = "https://spdx.org/rdf/"
_CONTEXT = r"https://spdx\.org/rdf/(3[0-9.]*)/spdx-context\.json(?:ld)?"
_NAME = r"[A-Za-z][\w.-]*"
_NAMESPACE = r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\"]+[/#]"
# Patterns are text where few documents need them: compiling all costs more than reading a small document.


class _Identifier(Struct, gc=False):
    """SPDX 3.0.1 Core/ExternalIdentifier."""

    externalIdentifierType: str | None = None
    identifier: str | None = None


class _Reference(Struct, gc=False):
    """SPDX 3.0.1 Core/ExternalRef."""

    externalRefType: str | None = None
    locator: str | list[str] | None = None


class _Property(Struct, gc=False, rename={"name": "extension_cdxPropName", "value": "extension_cdxPropValue"}):
    """SPDX 3.0.1 Extension/CdxPropertyEntry."""

    name: str | None = None
    value: str | None = None


class _Extension(Struct, gc=False, rename={"properties": "extension_cdxProperty"}):
    properties: list[_Property] | None = None


class _External(Struct, gc=False):
    """SPDX 3.0.1 Core/ExternalMap."""

    externalSpdxId: str | None = None


class _Agent(Struct, gc=False, rename={"at_type": "@type", "at_id": "@id"}):
    """An agent that is written where it is named, not in the graph."""

    type: str | None = None
    at_type: str | None = None
    spdxId: str | None = None
    at_id: str | None = None
    name: str | None = None
    externalIdentifier: str | list[str | _Identifier] | _Identifier | None = None


class _Element(
    Struct,
    gc=False,
    rename={
        "at_type": "@type",
        "at_id": "@id",
        "productAgent": "hardware_productAgent",
        "hardwareVersion": "hardware_hardwareVersion",
        "version": "software_packageVersion",
        "purl": "software_packageUrl",
        "downloadLocation": "software_downloadLocation",
        "homePage": "software_homePage",
        "sourceInfo": "software_sourceInfo",
        "purpose": "software_primaryPurpose",
        "from_": "from",
        "imports": "import",
    },
):
    """Any element of the graph; only what is read of packages, files, agents, relationships, annotations and documents."""

    type: str | None = None
    at_type: str | None = None
    spdxId: str | None = None
    at_id: str | None = None
    name: str | None = None
    suppliedBy: str | list[str | _Agent] | _Agent | None = None
    originatedBy: str | list[str | _Agent] | _Agent | None = None
    productAgent: str | list[str | _Agent] | _Agent | None = None
    version: str | None = None
    hardwareVersion: str | None = None
    purl: str | None = None
    downloadLocation: str | None = None
    homePage: str | None = None
    sourceInfo: str | None = None
    purpose: str | None = None
    externalIdentifier: str | list[str | _Identifier] | _Identifier | None = None
    externalRef: str | list[str | _Reference] | _Reference | None = None
    extension: list[_Extension] | _Extension | None = None
    from_: str | None = None
    to: str | list[str] | None = None
    relationshipType: str | None = None
    completeness: str | None = None
    element: str | list[str] | None = None
    rootElement: str | list[str] | None = None
    imports: list[_External] | _External | None = None
    subject: str | None = None
    statement: str | None = None
    createdUsing: str | list[str] | None = None
    createdBy: str | list[str] | None = None
    externalIdentifierType: str | None = None
    identifier: str | None = None


_ROOT = {"context": "@context", "graph": "@graph", "at_type": "@type", "at_id": "@id"}


class _Top(Struct, rename=_ROOT):
    """The outermost object without its graph: a context, and where there is no graph one element."""

    context: Raw = Raw()
    type: Raw = Raw()
    at_type: Raw = Raw()
    spdxId: Raw = Raw()
    at_id: Raw = Raw()
    bomFormat: Raw = Raw()
    spdxVersion: Raw = Raw()


class _Root(_Top, rename=_ROOT):
    graph: list[_Element] | UnsetType = UNSET


class _LooseRoot(_Top, rename=_ROOT):
    graph: Raw | UnsetType = UNSET


# What each class of element is to us (SPDX 3.0.1 and 3.1, annex "Class hierarchy"); classes not listed go by their profile.
_PACKAGES = frozenset(("software_Package", "ai_AIPackage", "dataset_DatasetPackage"))
_KINDS = {
    **dict.fromkeys(_PACKAGES, "package"),
    **dict.fromkeys(("SpdxDocument", "software_Sbom", "Bom", "Bundle"), "collection"),
    **dict.fromkeys(("Relationship", "LifecycleScopedRelationship"), "relationship"),
    **dict.fromkeys(("software_File", "software_Snippet"), "piece"),
    "Annotation": "annotation",
    "CreationInfo": "creation",
    **dict.fromkeys(
        "Agent Organization Person SoftwareAgent Tool Element IndividualElement ExternalIdentifier ExternalRef ExternalMap NamespaceMap "
        "Hash PackageVerificationCode DictionaryEntry AnyLicenseInfo Action DefinedProcess DefinedType Location Requirement "
        "Specification".split(),
        "silent",
    ),
}
_PROFILES = (
    ("hardware_", "package"),
    ("service_", "piece"),
    *((f"{profile}_", "silent") for profile in "security simplelicensing expandedlicensing extension build supplychain supplyChain "
      "functionalsafety functionalSafety operations".split()),
)  # fmt: skip
_LISTED = rb'"@?type"\s*:\s*\[?\s*"(?:(?:software_|ai_AI|dataset_Dataset)Package|software_File|software_Snippet|hardware_\w*Hardware)"'

_PURPOSES = {"operatingSystem": "operating-system", "deviceDriver": "device-driver", "model": "machine-learning-model"}
_DEFAULT_CLASSES = {"ai_AIPackage": "data", "dataset_DatasetPackage": "data", "service_SoftwareService": "service"}

# Relationship types by which end holds or depends on the other (SPDX 3.0.1 Core/RelationshipType); Microsoft's tool has capitals.
_DOWN = frozenset(
    "contains dependsOn describes expandsTo hasDataFile hasDependencyManifest hasDistributionArtifact hasDynamicLink hasInput "
    "hasOptionalComponent hasOptionalDependency hasPrerequisite hasProvidedDependency hasRequirement hasStaticLink trainedOn "
    "usesTool CONTAINS DEPENDS_ON DESCRIBES".split()
)
_WHOLES = frozenset("contains dependsOn describes CONTAINS DEPENDS_ON DESCRIBES".split())
_UP = frozenset("generates hasOutput hasVariant packagedBy".split())

_ROLES = {
    "altDownloadLocation": "distribution",
    "altWebPage": "website",
    "binaryArtifact": "distribution",
    "issueTracker": "issue-tracker",
    "mavenCentral": "maven-central",
    "securityAdvisory": "advisory",
    "securityFix": "fix",
    "sourceArtifact": "source-distribution",
}
"""ExternalRefType -> the word that CycloneDX or SPDX 2 has for it; the others keep their own."""

_PROPERTIES = {"group": ("name", "group"), "publisher": ("party", "publisher"), "author": ("party", "author")}
"""CycloneDX fields that converters carry over as properties."""

_NOBODY = frozenset(("NoneElement", "NoAssertionElement", "NOASSERTION", "NONE"))
"""Individuals for no element, or no statement about one (SPDX 3.0.1 Core/Individuals), and what generators write for them."""

_KEYWORD = re.compile(rb'"(@[^"\\]*)"\s*:')
_MARKS = re.compile(rb'spdx(Id"\s*:|:[^"\\]*"\s*:|\.org/rdf/[^"\\]*"\s*:)')
_ESCAPED_KEY = rb'\\(?:u00[2-7][0-9a-fA-F]|[/"\\])[^"\\]*"\s*:'
_ESCAPED_TYPE = rb'"@?type"\s*:\s*\[?\s*"[^"\\]*\\'


def accepts(head: bytes) -> bool:
    """Whether the first (or last) bytes of a JSON text look like this format."""
    return b'"spdxId"' in head or (b'"@context"' in head and (b"spdx.org/rdf/" in head or b'"@graph"' in head))


def read(source: Source) -> Document:
    """The document. An element that does not fit is read as far as it goes and noted as malformed; nothing is ever fetched."""
    try:
        reading = _decode(source)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:  # behind what did not fit, or in a value that is looked at late
        jsontext.check_utf8(source)
        jsontext.check_strictly(source)
        raise DocumentError(f"is not JSON: {error}", source=source.name) from None
    _refuse_games(source, reading)
    return _Graph(source, reading).document()


def locate(source: Source) -> "Places":
    """Where JSON Pointers stand in this source."""
    return Places(source)


# ---- from bytes to elements


class _Reading:
    """The elements and where they stand, before they are understood; `malformed` says at which pointer what could not be read."""

    def __init__(self) -> None:
        self.version = ""
        self.roots = self.graphs = 0
        self.elements: list[_Element] = []
        self.pointers: list[str] = []
        self.malformed: dict[str, str] = {}
        self.prefixes: dict[str, str] = {}


def _decode(source: Source) -> _Reading:
    """Decode the text: one object, or a list of objects with a context each. Where the types do not fit, element by element."""
    raws = {"": Raw(source.data)}
    if source.data.lstrip(b" \t\r\n")[:1] == b"[":
        raws = {f"/{number}": raw for number, raw in enumerate(jsontext.decode(source, list[Raw]))}
    reading = _Reading()
    for at, raw in raws.items():
        try:
            root: _Root | _LooseRoot = msgspec.json.decode(raw, type=_Root) if at else jsontext.decode(source, _Root)
        except msgspec.ValidationError:
            root = jsontext.typed(source, raw, _LooseRoot, at)
        _check_root(source, root, at, reading)
        _add(source, root, raw, at, reading)
    if not reading.elements:
        raise DocumentError("has no elements", source=source.name, pointer="/@graph", advice="Make it again")
    for prefix, iri in reading.prefixes.items():
        _expand(reading.elements, f"{prefix}:", iri)
    return reading


def _add(source: Source, root: _Root | _LooseRoot, raw: Raw, at: str, reading: _Reading) -> None:
    reading.roots += 1
    if root.graph is UNSET:
        reading.pointers.append(at)
        reading.elements.append(_salvage(source, raw, at, reading.malformed))
        return
    reading.graphs += 1
    if isinstance(root.graph, list):
        found = root.graph
    else:
        items = jsontext.typed(source, root.graph, list[Raw], f"{at}/@graph")
        found = [_salvage(source, item, f"{at}/@graph/{number}", reading.malformed) for number, item in enumerate(items)]
    reading.elements += found
    reading.pointers += [f"{at}/@graph/{number}" for number in range(len(found))]


def _check_root(source: Source, root: _Root | _LooseRoot, at: str, reading: _Reading) -> None:
    if memoryview(root.bomFormat) or memoryview(root.spdxVersion):
        raise DocumentError(
            "is SPDX 3 and another format in one object", source=source.name, advice="Tools differ on which they read; make one of them"
        )
    if root.graph is not UNSET and any(map(memoryview, (root.type, root.at_type, root.spdxId, root.at_id))):
        raise DocumentError("is a graph and an element in one", source=source.name, pointer=at, advice="Put the element into the graph")
    version, prefixes = _context(source, root.context, f"{at}/@context")
    reading.version = reading.version or version
    reading.prefixes.update(prefixes)


def _context(source: Source, raw: Raw, at: str) -> tuple[str, dict[str, str]]:
    """The version that the context stands for, and prefixes that only shorten ids. Any other context could rename what is read."""
    value = msgspec.json.decode(raw) if memoryview(raw) else None
    items: list[Any] = value if isinstance(value, list) else [value]
    found = re.fullmatch(_CONTEXT, items[0]) if items and isinstance(items[0], str) else None
    if found is None or found.group(1) not in VERSIONS or not all(isinstance(item, dict) for item in items[1:]):
        raise _foreign(source, at, "is no context of SPDX 3.0 or 3.1")
    prefixes = {name: iri for item in items[1:] for name, iri in item.items()}
    for name, iri in prefixes.items():
        if not _is_prefix(source, name, iri):
            raise _foreign(source, at, f"gives '{name[:40]}' a meaning of its own")
    return found.group(1), prefixes


def _foreign(source: Source, at: str, problem: str) -> DocumentError:
    advice = "Only https://spdx.org/rdf/3.0.1/spdx-context.jsonld and its like for 3.0 and 3.1 are read; contexts are never fetched"
    return DocumentError(problem, source=source.name, pointer=at, advice=advice)


def _is_prefix(source: Source, name: str, iri: object) -> bool:
    """Whether a term of an inline context can only shorten ids: a namespace outside SPDX's own, under a name used for nothing else."""
    if not (re.fullmatch(_NAME, name) and isinstance(iri, str) and re.fullmatch(_NAMESPACE, iri)):
        return False
    return not (iri.startswith(_TERMS) or _TERMS.startswith(iri)) and source.data.count(f'"{name}"'.encode()) == 1


_LINKS = ("spdxId", "at_id", "suppliedBy", "originatedBy", "productAgent", "from_", "to", "element", "rootElement", "subject",
          "createdUsing", "createdBy", "externalIdentifier")  # fmt: skip


def _expand(elements: list[_Element], prefix: str, iri: str) -> None:
    """Write out the ids that a prefix shortens (JSON-LD 1.1 clause 4.1.5, compact IRIs)."""

    def whole(value: Any) -> Any:
        if isinstance(value, str):
            return iri + value[len(prefix) :] if value.startswith(prefix) and not value.startswith("//", len(prefix)) else value
        if isinstance(value, _Agent):
            value.spdxId, value.at_id = whole(value.spdxId), whole(value.at_id)
        return [whole(item) for item in value] if isinstance(value, list) else value

    for element in elements:
        for field in _LINKS:
            setattr(element, field, whole(getattr(element, field)))


def _salvage(source: Source, raw: Raw, at: str, malformed: dict[str, str]) -> _Element:
    """The element, or those of its fields that have the right type; what has not is noted under its pointer."""
    try:
        return msgspec.json.decode(raw, type=_Element)
    except msgspec.ValidationError as error:
        malformed[at] = str(error)
    return jsontext.salvage(_Element, raw, lambda field, part: _value(source, field, part, f"{at}/{field.encode_name}"))


def _value(source: Source, field: msgspec.structs.FieldInfo, raw: Raw, at: str) -> Any:
    try:
        return msgspec.json.decode(raw, type=field.type)
    except msgspec.ValidationError:
        value = msgspec.json.decode(raw)
    if field.name in ("from_", "subject"):
        return _reference(source, value, at)
    if field.name in ("to", "element", "rootElement"):
        return [_reference(source, item, at) for item in (value if isinstance(value, list) else [value])]
    return jsontext.as_text(field, value)


def _reference(source: Source, value: object, at: str) -> str:
    """The id in a node reference (JSON-LD 1.1 clause 3.3). A whole element in its place is one that other tools do not see."""
    if isinstance(value, dict):
        if not value.keys() <= {"@id", "spdxId"}:
            raise _nested(source, at)
        value = next(iter(value.values()), "")
    return value if isinstance(value, str) else ""


# ---- what plain JSON and JSON-LD would read differently


def _refuse_games(source: Source, reading: _Reading) -> None:
    """Refuse what a JSON-LD processor and a reader of plain JSON would understand differently."""
    data = source.data
    references = _keywords(source, reading)
    marks = _MARKS.findall(data)
    ids = sum(mark[:3] == b'Id"' for mark in marks)
    if ids != len(marks):
        raise _game(source, next(mark.start() for mark in _MARKS.finditer(data) if mark[1][:3] != b'Id"'), "writes a term as an IRI")
    if b"\\" in data and (escape := re.search(_ESCAPED_KEY, data) or re.search(_ESCAPED_TYPE, data)):
        raise _game(source, escape.start(), "has a key or class with escapes that it does not need")
    elements = reading.elements
    if (
        ids != sum(element.spdxId is not None for element in elements)
        or references != sum(element.at_id is not None for element in elements)
        or data.count(b'software_Package"') != sum(element.type == "software_Package" for element in elements)
    ):
        _refuse_nested(source, elements)


def _refuse_nested(source: Source, elements: list[_Element]) -> None:
    """Refuse packages, files and hardware that stand inside other elements."""
    listed = sum(bool(re.fullmatch(_LISTED, f'"type":"{element.type or element.at_type}"'.encode())) for element in elements)
    if len(re.findall(_LISTED, source.data)) > listed:
        raise _nested(source, "/@graph")


def _keywords(source: Source, reading: _Reading) -> int:
    """Refuse JSON-LD keywords but those that every SPDX 3 document has where it has them; how often `@id` stands in the text."""
    left = {b"@context": reading.roots, b"@graph": reading.graphs, b"@id": sys.maxsize, b"@type": sys.maxsize}
    for found in _KEYWORD.finditer(source.data):
        keyword = found.group(1)
        left[keyword] = left.get(keyword, 0) - 1
        if left[keyword] < 0:
            raise _game(source, found.start(), f"uses {keyword[:40].decode(errors='replace')} here")
    return sys.maxsize - left[b"@id"]


def _nested(source: Source, at: str) -> DocumentError:
    return DocumentError(
        "has an element inside another one", source=source.name, pointer=at, advice="Not every tool sees it there; put it into @graph"
    )


def _game(source: Source, offset: int, problem: str) -> DocumentError:
    line, column = Cursor(source.data).position(offset)
    return DocumentError(
        problem, source=source.name, pointer=f"line {line} column {column}", advice="Tools differ on what it means; write plain SPDX 3"
    )


# ---- from elements to the document


_Located = tuple[_Element, str]


class _Graph:
    """The elements by id and by what they are to us, and the document that is drawn from them."""

    def __init__(self, source: Source, reading: _Reading) -> None:
        self.source = source
        self.reading = reading
        self.by_id: dict[str, _Element] = {}
        self.sorted: dict[str, list[_Located]] = {"silent": [], "unknown": [], "piece": [], **{kind: [] for kind in _KINDS.values()}}
        self.buckets = dict(_KINDS)
        self._sort()
        self.generator = ", ".join(dict.fromkeys(self._tools()))
        self.open: list[Problem] = []
        self.agents = _Agents(source, self.by_id)
        self.beside = self._beside()
        self.guesses = signals.guesses_cpes(self.generator)

    def _sort(self) -> None:
        """Each element once. Two of one id that differ are an error: tools that look elements up by id see one of them."""
        for element, at in zip(self.reading.elements, self.reading.pointers, strict=True):
            kind, ident = element.type, element.spdxId
            if kind is None or ident is None or element.at_id is not None or element.at_type is not None:
                kind, ident = self._named(element, at)
            known = self.by_id.setdefault(ident, element) if ident else element
            if known is element:
                self.sorted[self.buckets.get(kind) or self._bucket(kind)].append((element, at))
            elif known != element:
                raise DocumentError(
                    f"has two different elements with the id '{ident[:100]}'", source=self.source.name, pointer=at,
                    advice="Give each element an id of its own",
                )  # fmt: skip

    def _named(self, element: _Element, at: str) -> tuple[str, str]:
        """Class and id of an element, under either of their names."""
        kinds = {element.type, element.at_type} - {None}
        idents = {element.spdxId, element.at_id} - {None}
        if len(kinds) > 1 or (len(idents) > 1 and kinds != {"CreationInfo"}):
            raise DocumentError(
                "has two ids or two classes", source=self.source.name, pointer=at, advice="spdxId and @id, type and @type are one; keep one"
            )
        element.type, element.at_type = next(iter(kinds), ""), None
        ident = element.at_id or element.spdxId or ""
        return element.type or "", ident

    def _bucket(self, kind: str) -> str:
        bucket = next((bucket for prefix, bucket in _PROFILES if kind.startswith(prefix)), "unknown")
        self.buckets[kind] = bucket
        return bucket

    def _tools(self) -> Iterator[str]:
        """Names of the tools that made the document; where none is named, of agents that are no persons or organisations."""
        for element, _ in self.sorted["creation"]:
            for ident in _items(element.createdUsing):
                tool = self.by_id.get(ident)
                yield party.split(tool.name)[0] if tool and tool.name else ident
            for ident in _items(element.createdBy) if not element.createdUsing else ():
                agent = self.by_id.get(ident)
                if agent is None or agent.type == "SoftwareAgent":
                    yield (agent.name if agent else None) or ident

    def _beside(self) -> dict[str, list[Signal]]:
        """Signals that stand in other elements, by id: FCC IDs in annotations, and additional suppliers (`availableFrom`)."""
        found: dict[str, list[Signal]] = {}
        for element, at in self.sorted["annotation"]:
            for signal in signals.of_comment(element.statement or "", "annotation.statement", f"/annotation{at}/statement"):
                found.setdefault(element.subject or "", []).append(signal)
        for element, at in self.sorted["relationship"]:
            if element.relationshipType == "availableFrom":
                parties = self.agents.signals(element.to, "supplier", "availableFrom", f"/relationship{at}/to")
                found.setdefault(element.from_ or "", []).extend(parties)
        return found

    def document(self) -> Document:
        components = tuple(self._components())
        edges = tuple(self._edges())
        read = {component.pointer for component in components}
        odd = (Problem(pointer=at, message=why) for at, why in self.reading.malformed.items() if at not in read)
        return Document(
            source=self.source.name,
            format="SPDX",
            version=self.reading.version,
            serialisation="jsonld",
            components=components,
            edges=edges,
            root=next((element.spdxId or "" for element, _ in self.sorted["collection"] if element.type == "SpdxDocument"), ""),
            generator=self.generator,
            gaps=(*self._gaps(edges), *odd),
        )

    def _components(self) -> Iterator[Component]:
        for element, at in self.sorted["package"]:
            yield self._component(element, at)
        made = [
            (item, at) for item, at in self.sorted["silent"] if (item.suppliedBy or item.originatedBy or item.purl) and item.from_ is None
        ]
        for element, at in (*self.sorted["piece"], *made):
            if _may_tell(element) or element.spdxId in self.beside:
                piece = self._component(element, at, counted=False)
                if any(signal.kind != "name" for signal in piece.signals):
                    yield piece
        for element, at in self.sorted["unknown"]:
            if self.reading.version.startswith("3.0") or _may_tell(element):
                yield self._component(element, at, malformed=f"'{(element.type or '')[:60]}' is no class of SPDX {self.reading.version}")

    def _component(self, element: _Element, at: str, *, counted: bool = True, malformed: str = "") -> Component:
        found: list[Signal] = []
        purl = self._signals(element, found)
        kind = element.type or ""
        word = element.purpose or _DEFAULT_CLASSES.get(kind, "")
        klass = "hardware" if kind.startswith("hardware_") else component_class(_PURPOSES.get(word, word))
        return Component(
            ref=element.spdxId or element.at_id or "",
            name=element.name or "",
            version=element.version or element.hardwareVersion or "",
            type=element.purpose or ("" if kind == "software_Package" else kind),
            component_class="module" if klass in ("hardware", "firmware") and signals.has_fcc_id(found) else klass,
            purl=purl,
            pointer=at,
            signals=tuple(found),
            malformed=malformed or self.reading.malformed.get(at, ""),
            counted=counted,
        )

    def _signals(self, item: _Element, out: list[Signal]) -> str:
        """Append the identity-bearing values of an element; its purl."""
        if item.name:
            if item.type != "software_File":
                out.append(Signal("name", "", "name", "/name", item.name))
            if signals.is_binary(item.name):
                out.append(Signal("file", "", "name", "/name", item.name))
        if item.suppliedBy is not None:
            out.extend(self.agents.signals(item.suppliedBy, "supplier", "suppliedBy", "/suppliedBy"))
        if item.originatedBy is not None:
            out.extend(self.agents.signals(item.originatedBy, "originator", "originatedBy", "/originatedBy"))
        if item.productAgent is not None:
            out.extend(self.agents.signals(item.productAgent, "manufacturer", "hardware_productAgent", "/hardware_productAgent"))
        url = item.downloadLocation
        if url and url not in signals.NO_VALUE:
            out.append(signals.of_url(url, "distribution", "software_downloadLocation", "/software_downloadLocation"))
        url = item.homePage
        if url and url not in signals.NO_VALUE:
            out.append(signals.of_url(url, "website", "software_homePage", "/software_homePage"))
        return self._linked(item, out)

    def _linked(self, item: _Element, out: list[Signal]) -> str:
        """Append what stands in texts, in lists and in other elements; the purl."""
        if item.sourceInfo:
            out.extend(signals.of_paths(item.sourceInfo, "software_sourceInfo", "/software_sourceInfo"))
        if item.purl:
            out.append(Signal("purl", "", "software_packageUrl", "/software_packageUrl", item.purl))
        purl = self._identifiers(item, out) if item.externalIdentifier is not None else item.purl or ""
        if item.externalRef is not None:
            out.extend(_references(item))
        if item.extension is not None:
            out.extend(_extensions(item))
        if self.beside:
            out.extend(self.beside.get(item.spdxId or item.at_id or "", ()))
        return purl

    def _identifiers(self, item: _Element, out: list[Signal]) -> str:
        """Append package URLs, CPEs, e-mail addresses and tags (Core/ExternalIdentifier, whatever the type says); the purl."""
        purl = item.purl or ""
        for where, kind, value in _identifiers(item.externalIdentifier, self.by_id):
            at, field = f"/externalIdentifier{where}/identifier", f"externalIdentifier.{kind}"
            if kind in ("packageUrl", "purl") or value.startswith("pkg:"):
                if value != item.purl:
                    out.append(Signal("purl", "", field, at, value))
                purl = purl or value
            elif kind.startswith("cpe2") or value.startswith("cpe:"):
                if not self.guesses:
                    out.append(Signal("cpe", "", field, at, value))
            elif kind == "email":
                out.append(Signal("email", "contact", field, at, value))
            elif "." in value:
                out.append(signals.of_url(value.removeprefix("swid:"), kind, field, at))
        return purl

    def _edges(self) -> Iterator[Edge]:
        for element, _ in self.sorted["collection"]:
            if element.rootElement:
                yield Edge(element.spdxId or "", tuple(_items(element.rootElement)))
        for element, at in self.sorted["relationship"]:
            kind, source, targets = element.relationshipType, element.from_, element.to
            if source and targets:
                if kind in _DOWN:
                    yield Edge(source, tuple(_items(targets)))
                    if kind in _WHOLES and (
                        element.completeness == "incomplete" or (targets[-1] not in self.by_id and self._is_open(targets))
                    ):
                        self.open.append(Problem(pointer=at, message=f"it does not say all that {source} {kind}", ref=source))
                elif kind in _UP:
                    yield from (Edge(target, (source,)) for target in _items(targets))

    def _is_open(self, targets: str | list[str]) -> bool:
        """Whether a relationship says that it makes no statement of what is at its other end."""
        return any(end not in self.by_id and _is_nobody(end) and "assertion" in end.lower() for end in _items(targets))

    def _gaps(self, edges: tuple[Edge, ...]) -> Iterator[Problem]:
        """What the document itself says is missing: what it imports, what it names and does not have, and lists that it calls open."""
        imports = {item.externalSpdxId or "" for element, _ in self.sorted["collection"] for item in _items(element.imports)}
        if imports:
            yield _missing("it imports elements of other documents", imports)
        absent = {end for edge in edges for end in edge.children if end not in self.by_id}
        absent.update(end for element, _ in self.sorted["collection"] for end in _items(element.element) if end not in self.by_id)
        absent = {end for end in absent if end not in imports and not _is_nobody(end)}
        if absent:
            yield _missing("it names elements that are not in it", absent)
        if self.agents.absent:
            yield _missing("agents are named that are not in it", self.agents.absent)
        yield from self.open


class _Agents:
    """Who is named by id or on the spot, as signals; each is worked out once. `absent` collects ids that nothing in the document has."""

    def __init__(self, source: Source, by_id: dict[str, _Element]) -> None:
        self.source = source
        self.by_id = by_id
        self.absent: set[str] = set()
        self._known: dict[tuple[str, str, str], tuple[Signal, ...]] = {}
        self._inline: dict[str, str | None] = {}

    def signals(self, who: str | list[str] | list[str | _Agent] | _Agent | None, role: str, field: str, at: str) -> tuple[Signal, ...]:
        """The names, addresses and ids of those who are named; a Person is an author, whatever the property."""
        if isinstance(who, str):
            found = self._known.get((who, role, at))
            if found is None:
                found = self._known[who, role, at] = tuple(self._look_up(who, role, field, at))
            return found
        if isinstance(who, list):
            if len(who) == 1:
                return self.signals(who[0], role, field, f"{at}/0")
            return tuple(signal for number, one in enumerate(who) for signal in self.signals(one, role, field, f"{at}/{number}"))
        return tuple(self._on_the_spot(who, role, field, at)) if who else ()

    def _look_up(self, ident: str, role: str, field: str, at: str) -> Iterator[Signal]:
        agent = self.by_id.get(ident)
        if agent is not None:
            yield from self._describe(agent, ident, role, field, at)
        elif not _is_nobody(ident):
            self.absent.add(ident)
            yield from _telling_id(ident, role, field, at)

    def _on_the_spot(self, agent: _Agent, role: str, field: str, at: str) -> Iterator[Signal]:
        ident = agent.spdxId or agent.at_id or ""
        if agent.spdxId and agent.at_id and agent.spdxId != agent.at_id:
            raise DocumentError("names an agent with two ids", source=self.source.name, advice="spdxId and @id mean the same: keep one")
        if ident and not agent.name and not (agent.type or agent.at_type):
            yield from self.signals(ident, role, field, at)
            return
        other = self.by_id[ident].name if ident in self.by_id else self._inline.setdefault(ident, agent.name)
        if ident and other != agent.name:
            raise DocumentError(f"gives '{ident[:100]}' two names", source=self.source.name, advice="Give each agent an id of its own")
        yield from self._describe(agent, ident, role, field, at)

    def _describe(self, agent: _Agent | _Element, ident: str, role: str, field: str, at: str) -> Iterator[Signal]:
        role = "author" if (agent.type or agent.at_type) == "Person" else role
        if agent.name:
            yield from signals.of_party(agent.name, role, f"{field}.name", f"{at}/name")
        else:
            yield from _telling_id(ident, role, field, at)
        for where, kind, value in _identifiers(agent.externalIdentifier, self.by_id):
            place = f"{at}/externalIdentifier{where}/identifier"
            if kind == "email":
                yield Signal("email", role, f"{field}.externalIdentifier", place, value.removeprefix("mailto:"))
            elif "." in value:
                yield signals.of_url(value, "website" if role != "author" else role, f"{field}.externalIdentifier", place)


def _telling_id(ident: str, role: str, field: str, at: str) -> Iterator[Signal]:
    """The id of an agent without a name, where it is an address that can tell who it is."""
    if ident.startswith(("http://", "https://")) and "//spdx.org/" not in ident:
        yield signals.of_url(ident, role, field, at)


def _may_tell(item: _Element) -> bool:
    """Whether an element has more than a plain name, a class and an id."""
    if item.name and signals.is_binary(item.name):
        return True
    return any((item.suppliedBy, item.originatedBy, item.productAgent, item.purl, item.externalIdentifier, item.externalRef,
                item.downloadLocation, item.homePage, item.sourceInfo, item.extension, item.version))  # fmt: skip


def _identifiers(listed: str | list[str | _Identifier] | _Identifier | None, by_id: dict[str, _Element]) -> list[tuple[str, str, str]]:
    """Where, type and value of each identifier, also of those that stand in the graph by themselves."""
    many = isinstance(listed, list)
    out = []
    for number, item in enumerate(_items(listed)):
        found = by_id.get(item) if isinstance(item, str) else item
        if found is not None and found.identifier:
            out.append((f"/{number}" if many else "", found.externalIdentifierType or "", found.identifier))
    return out


def _references(item: _Element) -> Iterator[Signal]:
    """URLs of external references (Core/ExternalRef)."""
    many = isinstance(item.externalRef, list)
    for number, reference in enumerate(_items(item.externalRef)):
        if isinstance(reference, str):
            continue
        kind = reference.externalRefType or ""
        at = f"/externalRef/{number}/locator" if many else "/externalRef/locator"
        for place, locator in enumerate(_items(reference.locator)):
            if "." in locator:
                where = f"{at}/{place}" if isinstance(reference.locator, list) else at
                yield signals.of_url(locator, _ROLES.get(kind, kind), f"externalRef.{kind}", where)


def _extensions(item: _Element) -> Iterator[Signal]:
    """Properties that a converter from CycloneDX carried over (Extension/CdxPropertiesExtension)."""
    many = isinstance(item.extension, list)
    for number, extension in enumerate(_items(item.extension)):
        for place, prop in enumerate(extension.properties or ()):
            at = f"/extension{f'/{number}' if many else ''}/extension_cdxProperty/{place}/extension_cdxPropValue"
            kind, role = _PROPERTIES.get(prop.name or "", ("", ""))
            if kind == "party" and prop.value:
                yield from signals.of_party(prop.value, role, f"extension.{prop.name}", at)
            elif kind and prop.value:
                yield Signal(kind, role, f"extension.{prop.name}", at, prop.value)
            else:
                bare = _Property((prop.name or "").removeprefix("properties."), prop.value)
                yield from (msgspec.structs.replace(signal, at=at) for signal in signals.of_properties([bare], "extension.", ""))


def _items(value: Any) -> Iterable[Any]:
    """A property's values, written as a list or as one (JSON-LD does not tell the two apart)."""
    if value is None:
        return ()
    return value if isinstance(value, list) else (value,)


def _is_nobody(ident: str) -> bool:
    return ident in _NOBODY or (ident.startswith((_TERMS, "spdx:")) and ident.rpartition("/")[2] in _NOBODY)


def _missing(what: str, absent: Collection[str]) -> Problem:
    first = min(absent)
    more = f" and {len(absent) - 1} more" if len(absent) > 1 else ""
    return Problem(pointer="/@graph", message=f"{what}: '{first[:100]}'{more}", ref=first)


# ---- places


class Places(jsontext.Places):
    """Places in one graph. A step through a property that names an element by id leads into that element."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._source = source
        self._reading: _Reading | None = None

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
            self._reading = _decode(self._source)
            elements = zip(self._reading.elements, self._reading.pointers, strict=True)
            self._pointers = {element.spdxId or element.at_id or "": at for element, at in elements}
        for prefix, iri in self._reading.prefixes.items():
            if ident.startswith(f"{prefix}:"):
                ident = iri + ident[len(prefix) + 1 :]
        return self._pointers.get(ident, "")
