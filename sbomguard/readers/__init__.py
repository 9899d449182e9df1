"""From bytes to a document: which format it is, by what the bytes say, and the reader for it."""

import re
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from sbomguard import limits
from sbomguard.errors import DocumentError, NotAnSbomError
from sbomguard.marks import holds
from sbomguard.model import Document, Place
from sbomguard.readers import jsontext
from sbomguard.source import Source

HEAD = 4096


if TYPE_CHECKING:
    from typing import Protocol

    class Places(Protocol):
        """Where pointers stand in one source."""

        def locate(self, pointer: str) -> Place:
            """The place of the value at a pointer, or of its nearest ancestor that is there."""
            ...

    class Reader(Protocol):
        """A module with these functions reads one format; of JSON another function tells what it accepts (JSON_READERS)."""

        __name__: str
        accepts: Callable[[bytes], bool]
        read: Callable[[Source], Document]
        locate: Callable[[Source], Places]


JSON_READERS: dict[str, Callable[[bytes], bool]] = {
    "cyclonedx_json": lambda ends: b'"bomFormat"' in ends or b'"CycloneDX"' in ends,
    "spdx2_json": lambda ends: b'"spdxVersion"' in ends,
    "spdx3_jsonld": lambda ends: b'"spdxId"' in ends or (b'"@context"' in ends and (b"spdx.org/rdf/" in ends or b'"@graph"' in ends)),
}
"""Modules of this package, in the order in which they are asked, with what tells whether the ends of a JSON text look like their format:
nothing is loaded but what reads it."""

XML_READERS = ("cyclonedx_xml", "spdx2_rdf", "spdx2_xml")
TEXT_READERS = ("spdx2_tagvalue", "spdx2_yaml")
"""Modules of this package, in the order in which they are asked. A reader of another form of text goes into one of the three."""

FORMATS = "CycloneDX JSON or XML, or SPDX 2.2/2.3 or 3.0 in any of its forms"
_WRAPPERS = (b'"payload', b'"dsseEnvelope"', b'"predicate', b'"sbom"', b'"bom"', b'"report"')
_WRAPPER = rb'"(?:payload|payloadType|dsseEnvelope|predicate|predicateType|sbom|bom|report)"\s*:'
_TAR_MAGIC = slice(257, 262)


def is_bare(source: Source) -> bool:
    """Whether an input is, by its ends, a JSON SBOM in no wrapper. What is not may still be a bare SBOM: that takes a closer look."""
    raw = source.raw
    ends = raw[:HEAD] + b"\n" + raw[-HEAD:]
    marked = b'"bomFormat"' in ends or b'"spdxVersion"' in ends or (b'"@graph"' in ends and b'"https://spdx.org/rdf/' in ends)
    return marked and raw[:64].lstrip()[:1] == b"{" and raw[_TAR_MAGIC] != b"ustar" and not wraps(ends)


def wraps(ends: bytes) -> bool:
    """Whether the ends of a text have a member of an object that may hold an SBOM rather than be one."""
    return any(mark in ends for mark in _WRAPPERS) and re.search(_WRAPPER, ends) is not None


def read(source: Source) -> Document:
    """Read an SBOM. Raises NotAnSbomError for what is clearly none, DocumentError for all else that cannot be read."""
    try:
        head = _head(source)
        if not head:
            raise DocumentError("is empty", source=source.name)
        return _read_json(source, head) if head[:1] in (b"{", b"[") else _read_text(source, head)
    except RecursionError:
        raise jsontext.too_deep(source) from None
    except DocumentError:
        from sbomguard.readers import foreign

        foreign.refuse(source)
        raise


def _head(source: Source) -> bytes:
    """The first bytes behind white space; bytes that are no text are an error, or no SBOM if they bear no mark of one."""
    try:
        jsontext.check_utf8(source)
    except DocumentError as error:
        raise error if has_marks(source) else NotAnSbomError("is no text", source=source.name) from None
    return source.data[: 2 * HEAD].lstrip(b" \t\r\n")[:HEAD] or source.data.lstrip(b" \t\r\n")[:HEAD]


def _read_json(source: Source, head: bytes) -> Document:
    """Read JSON with the reader whose mark stands at the beginning or the end, else with the first that takes it."""
    limits.check_depth(source.data, source.limits, source.name)
    small = len(source.data) < jsontext.STRICT_BELOW
    if not jsontext.is_plain(source) if small else limits.may_hold_number(source.data, source.limits.digits):
        jsontext.check_strictly(source)
    _refuse_hooks(source)
    ends = head + b"\n" + source.data[-HEAD:]
    likely = next((name for name, accepts in JSON_READERS.items() if accepts(ends)), "")
    for name in sorted(JSON_READERS, key=lambda name: name != likely):
        if name != likely and name == "spdx3_jsonld" and b'"@graph"' not in source.data:
            continue  # it takes any JSON for a graph whose context is wrong
        try:
            return _read_as(name, source)
        except NotAnSbomError:
            continue
    import msgspec

    jsontext.decode(source, msgspec.Raw)
    raise NotAnSbomError("is JSON, but no SBOM", source=source.name, advice=f"Give {FORMATS}")


_HOOKS = (
    rb'"(?:_|\\u005[fF]){2}(?:proto|class|dict|init|new|bases?|mro|subclasses|globals|reduce(?:_ex)?|[sg]etstate|[sgd]e[tl](?:attr|item)'
    rb'|getattribute|(?:define|lookup)[GS]etter)(?:_|\\u005[fF]){2}"\s*:'
)
"""Members by which JavaScript and Python change what an object is, rather than what it holds."""


def _refuse_hooks(source: Source) -> None:
    """Refuse a document that would change the objects of a tool that takes its members as they come: such a tool reads something else."""
    possible = holds(source.data, b'"__') or (source.escaped and holds(source.data, b"\\u005"))
    if possible and (hook := re.search(_HOOKS, source.data)):
        line = source.data.count(b"\n", 0, hook.start()) + 1
        raise DocumentError(
            f"has the member {hook.group()[:-1].decode().strip()}", source=source.name, pointer=f"line {line}",
            advice="It changes objects of tools that copy it, and describes nothing; take it out",
        )  # fmt: skip


def _read_text(source: Source, head: bytes) -> Document:
    """Read another text with the first reader that accepts its beginning, or else all of it: writers that sort their keys, such as the
    YAML and XML writers of spdx-tools, put `spdxVersion` behind all that is long."""
    names = XML_READERS if head[:1] == b"<" else ("spdx2_yaml",) if _is_yaml(source.data, head) else TEXT_READERS
    for name in names:
        if _reader(name).accepts(head):
            return _read_as(name, source)
    for name in names if any(mark in source.data for mark in MARKS) else ():
        if _reader(name).accepts(source.data):
            return _read_as(name, source)
    raise NotAnSbomError("is no SBOM in a format that is read", source=source.name, advice=f"Give {FORMATS}")


def _is_yaml(data: bytes, head: bytes) -> bool:
    """Whether a text has the mark of SPDX YAML and not that of tag-value at the beginning of a line: a text inside YAML is indented."""
    return not re.search(_TAG_VALUE, head, re.MULTILINE) and b"spdxVersion" in data and not re.search(_TAG_VALUE, data, re.MULTILINE)


_TAG_VALUE = rb"^SPDXVersion[ \t]*:"


def _read_as(name: str, source: Source) -> Document:
    document = _reader(name).read(source)
    source.reader = name
    return document


def _reader(name: str) -> "Reader":
    return import_module(f"sbomguard.readers.{name}")


def locate(source: Source) -> "Places":
    """Where pointers stand in a source that was read."""
    return _reader(source.reader).locate(source)


MARKS = (b"bomFormat", b"spdxVersion", b"SPDXVersion:", b"cyclonedx.org/schema/bom", b"spdx.org/rdf")
"""What some SBOM of every form that is read has in its text; for forms that are not read see `foreign`."""

_KEYS = frozenset(("bomFormat", "specVersion", "spdxVersion", "SPDXID", "@graph"))


def has_marks(source: Source) -> bool:
    """Whether the bytes bear the marks of an SBOM, whole or broken. A JSON text bears them only as keys of its outermost object."""
    import msgspec

    from sbomguard.readers import foreign

    if foreign.find(source.raw):
        return True

    try:
        keys = msgspec.json.decode(source.data, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        raw = source.raw
        return any(mark in raw or b"\0".join(raw_byte.to_bytes() for raw_byte in mark) in raw for mark in MARKS)
    return not _KEYS.isdisjoint(keys)
