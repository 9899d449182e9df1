"""From bytes to a document: which format it is, by what the bytes say, and the reader for it."""

import re
from collections.abc import Callable
from importlib import import_module
from typing import Protocol

from sbomguard.errors import DocumentError, NotAnSbomError
from sbomguard.model import Document, Place
from sbomguard.readers import jsontext
from sbomguard.source import Source

HEAD = 4096


class Places(Protocol):
    """Where pointers stand in one source."""

    def locate(self, pointer: str) -> Place:
        """The place of the value at a pointer, or of its nearest ancestor that is there."""
        ...


class Reader(Protocol):
    """A module with these functions reads one format."""

    __name__: str
    accepts: Callable[[bytes], bool]
    read: Callable[[Source], Document]
    locate: Callable[[Source], Places]


READERS = ("cyclonedx_json", "spdx2_json")
"""Modules of this package, in the order in which they are asked."""

_UNREAD = (
    (re.compile(rb"<(?:\w+:)?bom\b[^>]*cyclonedx", re.IGNORECASE), "CycloneDX XML"),
    (re.compile(rb"<rdf:RDF|<(?:\w+:)?SpdxDocument\b"), "SPDX RDF/XML"),
    (re.compile(rb"^\s*SPDXVersion:", re.MULTILINE), "SPDX tag-value"),
    (re.compile(rb"^\s*spdxVersion:", re.MULTILINE), "SPDX YAML"),
    (re.compile(rb'"@context"\s*:\s*"https://spdx\.org/rdf/3|"@graph"'), "SPDX 3 JSON-LD"),
)
"""SBOM formats that are recognised so that they can be refused by name."""


def read(source: Source) -> Document:
    """Read an SBOM. Raises NotAnSbomError for what is clearly none, DocumentError for all else that cannot be read."""
    head = _head(source)
    if head[:1] not in (b"{", b"["):
        raise _unread(source, head)
    if len(source.data) < jsontext.STRICT_BELOW:
        jsontext.check_strictly(source)
    try:
        return _read_json(source, head)
    except RecursionError:
        raise jsontext.too_deep(source) from None


def _head(source: Source) -> bytes:
    """The first bytes behind white space; bytes that are no text are an error, or no SBOM if they bear no mark of one."""
    try:
        jsontext.check_utf8(source)
    except DocumentError as error:
        raise error if has_marks(source) else NotAnSbomError("is no text", source=source.name) from None
    return source.data[: 2 * HEAD].lstrip(b" \t\r\n")[:HEAD] or source.data.lstrip(b" \t\r\n")[:HEAD]


def _read_json(source: Source, head: bytes) -> Document:
    """Read JSON with the reader whose mark stands at the beginning or the end, else with the first that takes it."""
    ends = head + b"\n" + source.data[-HEAD:]
    readers = [_reader(name) for name in READERS]
    for reader in sorted(readers, key=lambda reader: not reader.accepts(ends)):
        try:
            document = reader.read(source)
        except NotAnSbomError:
            continue
        source.reader = reader.__name__
        return document
    raise _other_json(source, head)


def _reader(name: str) -> Reader:
    return import_module(f"sbomguard.readers.{name}")


def locate(source: Source) -> Places:
    """Where pointers stand in a source that was read."""
    return _reader(source.reader.rpartition(".")[2]).locate(source)


_MARKS = (b"bomFormat", b"spdxVersion", b"SPDXVersion:", b"cyclonedx.org/schema/bom", b"spdx.org/rdf")


def has_marks(source: Source) -> bool:
    """Whether the bytes bear the marks of an SBOM, whole or broken. A JSON text bears them only as keys of its outermost object."""
    import msgspec

    try:
        keys = msgspec.json.decode(source.data, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        raw = source.raw
        return any(mark in raw or b"\0".join(raw_byte.to_bytes() for raw_byte in mark) in raw for mark in _MARKS)
    return not {"bomFormat", "specVersion", "spdxVersion", "SPDXID", "@graph"}.isdisjoint(keys)


def _unread(source: Source, head: bytes) -> DocumentError:
    for mark, name in _UNREAD:
        if mark.search(head):
            return DocumentError(
                f"is {name}, which is not read yet", source=source.name, advice="Convert it to CycloneDX JSON or SPDX 2.3 JSON"
            )
    if not head:
        return DocumentError("is empty", source=source.name)
    return NotAnSbomError("is no SBOM in a format that is read", source=source.name, advice="Give CycloneDX JSON or SPDX 2.2/2.3 JSON")


def _other_json(source: Source, head: bytes) -> DocumentError:
    """What to say of JSON without the marks of a format: broken, an SBOM of another kind, or no SBOM at all."""
    import msgspec

    if any(mark.search(head) for mark, _ in _UNREAD):
        return _unread(source, head)
    jsontext.decode(source, msgspec.Raw)
    return NotAnSbomError("is JSON, but no SBOM", source=source.name, advice="Give CycloneDX JSON or SPDX 2.2/2.3 JSON")
