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
STRICT_BELOW = 1 << 20
"""Texts smaller than this, in bytes, always get the strict pass; it costs a tenth of a start-up at most."""


class Places(Protocol):
    """Where pointers stand in one source."""

    def locate(self, pointer: str) -> Place:
        """The place of the value at a pointer, or of its nearest ancestor that is there."""
        ...


class Reader(Protocol):
    """A module with these functions reads one format."""

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
    """Read an SBOM. Raises NotAnSbomError for well-formed JSON that is none, DocumentError for all else that cannot be read."""
    return reader_of(source).read(source)


def reader_of(source: Source) -> Reader:
    """The reader for what the bytes say; the file name has no say."""
    jsontext.check_utf8(source)
    text = source.data
    head = text.lstrip(b" \t\r\n")[:HEAD]
    if head[:1] not in (b"{", b"["):
        raise _unread(source, head)
    if len(text) < STRICT_BELOW:
        jsontext.check_strictly(source)
    for part in (head + b"\n" + text[-HEAD:], text):
        for name in READERS:
            reader: Reader = import_module(f"sbomguard.readers.{name}")
            if reader.accepts(part):
                return reader
    raise _other_json(source, head)


def has_marks(source: Source) -> bool:
    """Whether the bytes bear the marks of an SBOM format, readable or not."""
    text = source.data
    return any(mark in text for mark in (b'"bomFormat"', b'"spdxVersion"', b'"CycloneDX"')) or any(
        mark.search(text[:HEAD]) for mark, _ in _UNREAD
    )


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
