"""SPDX 3 JSON-LD in any form, element by element: contexts, prefixes, odd values, and what other tools would read differently."""

import re
import sys
from typing import Any

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from sbomguard.errors import DocumentError
from sbomguard.readers import jsontext, spdx3_plain
from sbomguard.readers.cursor import Cursor
from sbomguard.readers.spdx3_elements import SHAPES, TERMS, VERSIONS, Agent, Artifact, Reading, items, kind_of
from sbomguard.source import Source

_CONTEXT = r"https://spdx\.org/rdf/(3[0-9.]*)/spdx-context\.json(?:ld)?"
_NAME = r"[A-Za-z][\w.-]*"
_NAMESPACE = r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\"]+[/#]"
# Patterns are text where few documents need them: compiling all costs more than reading a small document.

_ROOT = {"context": "@context", "graph": "@graph", "at_type": "@type", "at_id": "@id"}


class _Head(Struct, gc=False, rename=_ROOT):
    """What an element is called; `type` and `@type` mean the same, and so do `spdxId` and `@id`."""

    type: str | None = None
    spdxId: str | None = None
    at_id: str | None = None
    at_type: str | None = None


class _Top(Struct, rename=_ROOT):
    """The outermost object: a context, and a graph or else one element."""

    context: Raw = Raw()
    graph: Raw | UnsetType = UNSET
    type: Raw = Raw()
    at_type: Raw = Raw()
    spdxId: Raw = Raw()
    at_id: Raw = Raw()
    bomFormat: Raw = Raw()
    spdxVersion: Raw = Raw()


def read(source: Source) -> Reading:
    """The elements: those of one object, or of a list of objects with a context each. Raises DocumentError."""
    reading = _Loose(source).read()
    if not reading.elements:
        raise DocumentError("has no elements", source=source.name, pointer="/@graph", advice="Make it again")
    for prefix, iri in reading.prefixes.items():
        _expand(reading, f"{prefix}:", iri)
    return reading


class _Loose:
    """One text and the elements that were found in it. `odd` are the texts of those that are not plain, if only they need a search."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.reading = Reading()
        self.pointers: list[str] = []
        self.reading.pointers = self.pointers
        self.roots = self.graphs = self.with_id = self.with_at_id = 0
        self.listed: list[str] = []
        self.sieve: spdx3_plain.Sieve | None = None
        self.odd: list[bytes] = []

    def read(self) -> Reading:
        raws = {"": Raw(self.source.data)}
        if self.source.data.lstrip(b" \t\r\n")[:1] == b"[":
            raws = {f"/{number}": raw for number, raw in enumerate(jsontext.decode(self.source, list[Raw]))}
        for at, raw in raws.items():
            root = jsontext.typed(self.source, raw, _Top, at) if at else self._root()
            self._check_root(root, at)
            self.roots += 1
            if root.graph is UNSET:
                self._add(raw, at)
                continue
            self.graphs += 1
            for number, item in enumerate(jsontext.typed(self.source, root.graph, list[Raw], f"{at}/@graph")):
                self._add(item, f"{at}/@graph/{number}")
        self._refuse_games()
        return self.reading

    def _root(self) -> _Top:
        """The one outermost object. If it is large and has nothing but a context and a graph, plain elements are taken as such."""
        try:
            root = jsontext.decode(self.source, _Top)
            if len(self.source.data) >= spdx3_plain.FROM and jsontext.members(self.source).keys() == {"@context", "@graph"}:
                self.sieve = spdx3_plain.Sieve()
        except msgspec.ValidationError as error:
            raise DocumentError(f"has the wrong type: {error}", source=self.source.name) from None
        return root

    def _check_root(self, root: _Top, at: str) -> None:
        if memoryview(root.bomFormat) or memoryview(root.spdxVersion):
            raise DocumentError(
                "is SPDX 3 and another format in one object", source=self.source.name,
                advice="Tools differ on which they read; make one of them",
            )  # fmt: skip
        if root.graph is not UNSET and any(map(memoryview, (root.type, root.at_type, root.spdxId, root.at_id))):
            raise DocumentError(
                "is a graph and an element in one", source=self.source.name, pointer=at, advice="Put the element into the graph"
            )
        version, prefixes = _context(self.source, root.context, f"{at}/@context")
        self.reading.version = self.reading.version or version
        self.reading.prefixes.update(prefixes)

    def _add(self, raw: Raw, at: str) -> None:
        """Add one element in the shape of its class; of one that does not fit, what fits."""
        taken = self.sieve.take(raw) if self.sieve else None
        if taken is None:
            taken = self._read(raw, at)
            if self.sieve:
                self.odd.append(bytes(raw))
        name, ident, element = taken
        self.reading.classes.append(name)
        self.reading.ids.append(ident)
        self.reading.elements.append(element)
        self.pointers.append(at)

    def _read(self, raw: Raw, at: str) -> tuple[str, str, Any]:
        """Class, id and element of one that is not plain."""
        head = self._head(raw, at)
        shape = SHAPES.get(kind_of(head.type or ""), Artifact)
        try:
            element = msgspec.json.decode(raw, type=shape)
        except msgspec.ValidationError as error:
            self.reading.malformed[at] = str(error)
            element = jsontext.salvage(shape, raw, lambda field, part: self._value(field, part, f"{at}/{field.encode_name}"))
        self.with_id += head.spdxId is not None
        self.with_at_id += head.at_id is not None
        self.listed.append(head.type or "")
        return head.type or "", head.at_id or head.spdxId or "", element

    def _head(self, raw: Raw, at: str) -> _Head:
        """Class and id of an element, under either of their names."""
        try:
            head = msgspec.json.decode(raw, type=_Head)
        except msgspec.ValidationError as error:
            self.reading.malformed[at] = str(error)
            head = jsontext.salvage(_Head, raw, _as_text)
        classes = {head.type, head.at_type} - {None}
        idents = {head.spdxId, head.at_id} - {None}
        if len(classes) > 1 or (len(idents) > 1 and classes != {"CreationInfo"}):
            raise DocumentError(
                "has two ids or two classes", source=self.source.name, pointer=at,
                advice="spdxId and @id, type and @type are one; keep one",
            )  # fmt: skip
        head.type = next(iter(classes), None)
        return head

    def _value(self, field: msgspec.structs.FieldInfo, raw: Raw, at: str) -> Any:
        try:
            return msgspec.json.decode(raw, type=field.type)
        except msgspec.ValidationError:
            value = msgspec.json.decode(raw)
        if field.name in ("from_", "subject"):
            return _reference(self.source, value, at)
        if field.name in ("to", "element", "rootElement"):
            return tuple(_reference(self.source, item, at) for item in (value if isinstance(value, list) else [value]))
        return jsontext.as_text(field, value)

    # ---- what plain JSON and JSON-LD would read differently

    def _refuse_games(self) -> None:
        """Refuse what a JSON-LD processor and a reader of plain JSON would understand differently."""
        if self.sieve is None or self.sieve.lost():
            jsontext.check_if_large(self.source)  # a smaller one was checked before it was read
        texts = [self.source.data] if self.sieve is None else self.odd
        references = self._keywords(texts)
        ids = sum(map(self._marked_ids, texts))
        packages = sum(text.count(b'software_Package"') for text in texts)
        if ids != self.with_id or references != self.with_at_id or packages != self.listed.count("software_Package"):
            self._refuse_nested(texts)
        if self.sieve is not None:
            for text in texts:
                self._refuse_repeated(text)

    def _marked_ids(self, text: bytes) -> int:
        """How often a text gives an `spdxId`; terms that are written as IRIs and needless escapes are refused."""
        ids = 0
        for mark in re.finditer(rb'spdx(Id"\s*:|:[^"\\]*"\s*:|\.org/rdf/[^"\\]*"\s*:)', text):
            if mark[1][:3] != b'Id"':
                raise self._game(text, mark.start(), "writes a term as an IRI")
            ids += 1
        if b"\\" in text and (escape := re.search(_ESCAPED_KEY, text) or re.search(_ESCAPED_TYPE, text)):
            raise self._game(text, escape.start(), "has a key or class with escapes that it does not need")
        return ids

    def _refuse_nested(self, texts: list[bytes]) -> None:
        """Refuse packages, files and hardware that stand inside other elements."""
        listed = sum(bool(re.fullmatch(_LISTED, f'"type":"{name}"'.encode())) for name in self.listed)
        if sum(len(re.findall(_LISTED, text)) for text in texts) > listed:
            raise _nested(self.source, "/@graph")

    def _keywords(self, texts: list[bytes]) -> int:
        """Refuse JSON-LD keywords but those that every SPDX 3 document has where it has them; how often `@id` stands in the texts."""
        left = {b"@context": self.roots, b"@graph": self.graphs, b"@id": sys.maxsize, b"@type": sys.maxsize}
        if self.sieve is not None:
            left[b"@context"] = left[b"@graph"] = 0
        for text in texts:
            for found in re.finditer(rb'"(@[^"\\]*)"\s*:', text):
                keyword = found.group(1)
                left[keyword] = left.get(keyword, 0) - 1
                if left[keyword] < 0:
                    raise self._game(text, found.start(), f"uses {keyword[:40].decode(errors='replace')} here")
        return sys.maxsize - left[b"@id"]

    def _refuse_repeated(self, text: bytes) -> None:
        """Refuse one element in which a key stands twice, or that is JSON to some parsers only."""
        try:
            jsontext.check_strictly(Source(self.source.name, text))
        except DocumentError:
            jsontext.check_strictly(self.source)  # the same, with its place in the document
            raise

    def _game(self, text: bytes, offset: int, problem: str) -> DocumentError:
        line, column = Cursor(self.source.data).position(max(self.source.data.find(text), 0) + offset)
        return DocumentError(
            problem, source=self.source.name, pointer=f"line {line} column {column}",
            advice="Tools differ on what it means; write plain SPDX 3",
        )  # fmt: skip


_LISTED = rb'"@?type"\s*:\s*\[?\s*"(?:(?:software_|ai_AI|dataset_Dataset)Package|software_File|software_Snippet|hardware_\w*Hardware)"'
_ESCAPED_KEY = rb'\\(?:u00[2-7][0-9a-fA-F]|[/"\\])[^"\\]*"\s*:'
_ESCAPED_TYPE = rb'"@?type"\s*:\s*\[?\s*"[^"\\]*\\'


def _as_text(field: msgspec.structs.FieldInfo, raw: Raw) -> str | None:
    value = msgspec.json.decode(raw)
    return value if isinstance(value, str) else jsontext.as_text(field, value)


def _reference(source: Source, value: object, at: str) -> str:
    """The id in a node reference (JSON-LD 1.1 clause 3.3). A whole element in its place is one that other tools do not see."""
    if isinstance(value, dict):
        if not value.keys() <= {"@id", "spdxId"}:
            raise _nested(source, at)
        value = next(iter(value.values()), "")
    return value if isinstance(value, str) else ""


def _nested(source: Source, at: str) -> DocumentError:
    return DocumentError(
        "has an element inside another one", source=source.name, pointer=at, advice="Not every tool sees it there; put it into @graph"
    )


# ---- contexts and prefixes


def _context(source: Source, raw: Raw, at: str) -> tuple[str, dict[str, str]]:
    """The version that the context stands for, and prefixes that only shorten ids. Any other context could rename what is read."""
    value = msgspec.json.decode(raw) if memoryview(raw) else None
    terms: list[Any] = value if isinstance(value, list) else [value]
    found = re.fullmatch(_CONTEXT, terms[0]) if terms and isinstance(terms[0], str) else None
    if found is None or found.group(1) not in VERSIONS or not all(isinstance(item, dict) for item in terms[1:]):
        raise _foreign(source, at, "is no context of SPDX 3.0 or 3.1")
    prefixes = {name: iri for item in terms[1:] for name, iri in item.items()}
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
    return not (iri.startswith(TERMS) or TERMS.startswith(iri)) and source.data.count(f'"{name}"'.encode()) == 1


_LINKS = ("spdxId", "suppliedBy", "originatedBy", "productAgent", "externalIdentifier", "from_", "to", "element", "rootElement", "subject",
          "createdUsing", "createdBy")  # fmt: skip


def _expand(reading: Reading, prefix: str, iri: str) -> None:
    """Write out the ids that a prefix shortens (JSON-LD 1.1 clause 4.1.5, compact IRIs)."""

    def whole(value: Any) -> Any:
        if isinstance(value, str):
            return iri + value[len(prefix) :] if value.startswith(prefix) and not value.startswith("//", len(prefix)) else value
        if isinstance(value, Agent):
            value.spdxId, value.at_id = whole(value.spdxId), whole(value.at_id)
        return tuple(map(whole, value)) if isinstance(value, tuple) else value

    reading.ids = [whole(ident) for ident in reading.ids]
    for element in reading.elements:
        for field in _LINKS:
            if hasattr(element, field):
                setattr(element, field, whole(getattr(element, field)))
        for item in items(getattr(element, "imports", None)):
            item.externalSpdxId, item.definingArtifact = whole(item.externalSpdxId), whole(item.definingArtifact)
