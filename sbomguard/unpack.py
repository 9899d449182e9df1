"""Wrappers taken off: compressed streams, tar archives, attestations and JSON around an SBOM. In memory, bounded, nothing run or fetched.

What an input is its first bytes decide, not its name. Whatever could make another tool see other contents is an error: a cut or trailing
stream, a member that leaves the archive, two members of one name, a wrapper that is an SBOM as well.
"""

import binascii
import posixpath
import re
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import msgspec
from msgspec import Raw, Struct

from sbomguard.errors import DocumentError, NotAnSbomError
from sbomguard.limits import DEFAULTS, Limits, advice
from sbomguard.readers import HEAD, MARKS, foreign, jsontext, wraps
from sbomguard.source import Source

FREE_BYTES = 32 << 20
"""What an input may come to beyond `ratio` times its size, in bytes, over all layers together."""

_STEP = 1 << 16
_PIECE = 1 << 22


class Member(Struct, frozen=True):
    """Bytes to be read as one SBOM. `name` is the input's, and where the bytes were in it after `!`.

    `notes` tell what a person should know, `missing` what the wrapper says belongs here and is not there: parts that were not checked.
    """

    name: str
    data: bytes
    notes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def unpack(name: str, raw: bytes, limits: Limits = DEFAULTS) -> list[Member]:
    """What an input holds: itself where it is in no wrapper. Raises DocumentError; NotAnSbomError for a wrapper around something else."""
    return list(_Unpacking(raw, limits).take(name, raw, 0))


class _Unpacking:
    """One input and the bytes that may still come out of it."""

    def __init__(self, raw: bytes, limits: Limits) -> None:
        self.limits = limits
        by_ratio = limits.ratio * len(raw) + FREE_BYTES
        self.left = min(limits.unpacked, by_ratio)
        self.bound = "unpacked" if limits.unpacked < by_ratio else "ratio"

    def take(self, name: str, raw: bytes, layers: int) -> Iterator[Member]:
        if layers > self.limits.layers:
            raise DocumentError(f"is wrapped more than {self.limits.layers} times", source=name, advice=advice("layers"))
        stream = next((stream for magic, stream in _STREAMS.items() if raw.startswith(magic)), None)
        if stream is not None:
            kind, make = stream
            yield from self.take(name, self._inflate(name, kind, raw, make), layers + 1)
        elif _is_tar(raw):
            yield from self._archive(name, raw, layers)
        elif raw.startswith(_REFUSED):
            raise DocumentError(
                "is a zip or 7z archive, which is not read", source=name, advice="Unpack it and give what is in it, or a tar"
            )
        else:
            yield from self._document(name, raw, layers)

    # ---- compressed streams

    def _inflate(self, name: str, kind: str, raw: bytes, make: "Callable[[str], _Decompressor]") -> bytes:
        """Every member or frame of a stream (RFC 1952 clause 2.2, RFC 8878 clause 3.1). Each must be whole, and nothing may follow."""
        out: list[bytes] = []
        view, at = memoryview(raw), 0
        while at < len(raw):
            if not any(raw.startswith(magic, at) for magic, (other, _) in _STREAMS.items() if other == kind):
                if kind == "xz" and not len(raw[at:].strip(b"\0")) and (len(raw) - at) % 4 == 0:
                    break  # stream padding (the .xz format, clause 2.2)
                raise DocumentError(f"has bytes after its {kind} stream", source=name, advice="Tools differ on whether they read them")
            one = make(name)
            try:
                at = self._inflate_one(name, kind, one, view, at, out)
            except _errors() as error:
                raise DocumentError(f"is not whole {kind}: {error}", source=name, advice="Make it again") from None
        return b"".join(out)

    def _inflate_one(self, name: str, kind: str, one: "_Decompressor", view: memoryview, at: int, out: list[bytes]) -> int:
        while not one.eof:
            chunk = view[at : at + _STEP] if one.needs_input else b""
            if one.needs_input and not chunk:
                raise DocumentError(f"is not whole: its {kind} stream ends too early", source=name, advice="Make it again")
            piece = one.decompress(chunk, _PIECE)
            at += len(chunk)
            self.left -= len(piece)
            if self.left < 0:
                raise self._too_much(name)
            out.append(piece)
        return at - len(one.unused_data)

    def _too_much(self, name: str) -> DocumentError:
        said = f"{self.limits.unpacked} bytes" if self.bound == "unpacked" else f"{self.limits.ratio} times its size"
        return DocumentError(f"comes to more than {said} when unpacked", source=name, advice=advice(self.bound))

    # ---- archives

    def _archive(self, name: str, raw: bytes, layers: int) -> Iterator[Member]:
        members = list(_members(name, raw, self.limits))
        read: list[Member] = []
        others: list[str] = []
        for inner, data in members:
            try:
                if not (_is_wrapped(data) or _looks_like_an_sbom(inner, data)):
                    raise NotAnSbomError("is no SBOM")
                read.extend(self.take(f"{name}!{inner}", data, layers + 1))
            except NotAnSbomError:
                if not _is_index(inner, data):
                    others.append(inner)
        if not read:
            raise DocumentError("is an archive without an SBOM in it", source=name)
        notes = (f"not read, since no SBOM: {', '.join(others[:5])}{' ...' if len(others) > 5 else ''}",) if others else ()
        first, *rest = read
        yield msgspec.structs.replace(first, notes=first.notes + notes, missing=first.missing + tuple(_missing(members)))
        yield from rest

    # ---- JSON around an SBOM

    def _document(self, name: str, raw: bytes, layers: int) -> Iterator[Member]:
        if not _may_be_wrapped(raw):
            yield Member(name, raw)
            return
        source = Source(name, raw)
        lines = _json_lines(source.data)
        if len(lines) < 2:
            yield from self._object(source, layers)
            return
        read: list[Member] = []
        for number, line in enumerate(lines, 1):
            try:
                read.extend(self.take(f"{name}!line {number}", line, layers + 1))
            except NotAnSbomError:  # an attestation of something else beside that of the SBOM
                continue
        if not read:
            raise NotAnSbomError("holds attestations, but none of an SBOM", source=name)
        yield from read

    def _object(self, source: Source, layers: int) -> Iterator[Member]:
        try:
            wrapper = msgspec.json.decode(source.data, type=_Wrapper)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            yield Member(source.name, source.raw)  # the reader says what is wrong with it
            return
        found = [row for row in _WRAPPERS if row[1](wrapper)]
        if not found:
            yield Member(source.name, source.raw)
            return
        jsontext.check_utf8(source)
        jsontext.check_strictly(source)
        if len(found) > 1 or any(map(memoryview, (wrapper.bom_format, wrapper.spdx_version, wrapper.context))):
            problem = f"is {found[0][0]} and {found[1][0] if len(found) > 1 else 'an SBOM'} in one object"
            raise DocumentError(problem, source=source.name, advice="Tools differ on which they read; make one of them")
        kind, _, open_wrapper = found[0]
        inner, data, note = open_wrapper(source, wrapper)
        for member in self.take(f"{source.name}!{inner}", data, layers + 1):
            yield msgspec.structs.replace(member, notes=((note or f"taken from {kind}"), *member.notes))


# ---- streams


class _Decompressor(Protocol):
    """What the decompressors of bz2, lzma and zstd have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: Any, max_length: int) -> bytes: ...


class _Gzip:
    """zlib's decompressor for one gzip member, with the manners of the others. It checks the member's CRC and size."""

    def __init__(self, name: str) -> None:
        import zlib

        self._inner = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: Any, max_length: int) -> bytes:
        return self._inner.decompress(data or self._inner.unconsumed_tail, max_length)


def _xz(name: str) -> _Decompressor:
    import lzma

    return lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=1 << 28)


def _bzip2(name: str) -> _Decompressor:
    import bz2

    return bz2.BZ2Decompressor()


def _zstd(name: str) -> _Decompressor:
    """Python 3.14 has zstd; before, the package that carries it back."""
    from importlib import import_module

    for module in ("compression.zstd", "backports.zstd"):
        try:
            made: _Decompressor = import_module(module).ZstdDecompressor()
            return made
        except ImportError:
            continue
    raise DocumentError("is zstd, which this Python cannot read", source=name, advice="Install sbomguard[zstd], or give it unpacked")


def _errors() -> tuple[type[Exception], ...]:
    """What the decompressors that are loaded raise."""
    import sys

    names = (("zlib", "error"), ("lzma", "LZMAError"), ("compression.zstd", "ZstdError"), ("backports.zstd", "ZstdError"))
    own = [getattr(sys.modules[module], kind) for module, kind in names if module in sys.modules]
    return OSError, EOFError, ValueError, MemoryError, *own


_STREAMS: dict[bytes, tuple[str, Callable[[str], _Decompressor]]] = {
    b"\x1f\x8b": ("gzip", _Gzip),
    b"\xfd7zXZ\x00": ("xz", _xz),
    b"BZh": ("bzip2", _bzip2),
    b"\x28\xb5\x2f\xfd": ("zstd", _zstd),
    **{bytes((0x50 + number, 0x2A, 0x4D, 0x18)): ("zstd", _zstd) for number in range(16)},  # skippable frames
}
_REFUSED = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"7z\xbc\xaf\x27\x1c")


# ---- tar (POSIX.1-2017, pax, "ustar Interchange Format")

_BLOCK = 512
_ZEROS = bytes(_BLOCK)
_PAX = re.compile(rb"(\d{1,9}) ([^=\n]+)=")
_KINDS = {b"1": "a hard link", b"2": "a link", b"3": "a device", b"4": "a device", b"6": "a FIFO", b"S": "a sparse file"}


def _is_tar(raw: bytes) -> bool:
    return raw[257:262] == b"ustar" and b"\0" in raw[:_BLOCK]


def _checksum_fits(header: bytes) -> bool:
    try:
        return sum(header[:148]) + 8 * 32 + sum(header[156:]) == int(header[148:156].strip(b" \0") or b"0", 8)
    except ValueError:
        return False


def _members(name: str, raw: bytes, limits: Limits) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each regular member. Own reader: `tarfile` ends in silence at a broken header and skips what it does not know."""
    seen: set[str] = set()
    at, count, long_name, pax = 0, 0, "", {}
    while True:
        header = raw[at : at + _BLOCK]
        if header == _ZEROS:
            break
        if len(header) < _BLOCK or not _checksum_fits(header):
            raise _broken(name, at, "is not whole" if len(header) < _BLOCK else "has a broken header")
        size, kind = _size(name, at, header), header[156:157]
        data = raw[at + _BLOCK : at + _BLOCK + size]
        if len(data) < size:
            raise _broken(name, at, "is not whole")
        count += 1
        if count > limits.members:
            raise DocumentError(f"holds more than {limits.members} members", source=name, advice=advice("members"))
        if kind == b"x":
            pax = _pax(name, at, data)
        elif kind == b"L":
            long_name = _text(name, at, data)
        elif kind != b"g" or _pax(name, at, data).keys() & {"path", "size"}:
            inner = _checked(name, at, pax.get("path") or long_name or _name(name, at, header), kind)
            if pax.get("size", str(size)) != str(size):
                raise _broken(name, at, "says two sizes of one member")
            if inner in seen and kind != b"5":
                raise _broken(name, at, f"has two members named '{inner[:100]}'")
            long_name, pax = "", {}
            if kind != b"5":
                seen.add(inner)
                yield inner, data
        at += _BLOCK + -(-size // _BLOCK) * _BLOCK
    if raw[at:].strip(b"\0"):
        raise _broken(name, at, "has bytes after its end")


def _size(name: str, at: int, header: bytes) -> int:
    field = header[124:136]
    try:
        # GNU writes sizes beyond eleven octal digits as a binary number under a mark; a negative one comes out huge here
        size = int.from_bytes(field, "big") - (0x80 << 88) if field[0] & 0x80 else int(field.strip(b" \0") or b"0", 8)
    except ValueError:
        size = -1
    if not 0 <= size < 1 << 63:
        raise _broken(name, at, "has a member of an impossible size")
    return size


def _name(name: str, at: int, header: bytes) -> str:
    prefix = header[345:500] if header[257:263] == b"ustar\0" else b""
    parts = [part.partition(b"\0")[0] for part in (prefix, header[:100])]
    return _text(name, at, b"/".join(part for part in parts if part))


def _text(name: str, at: int, data: bytes) -> str:
    try:
        return data.rstrip(b"\0").decode("utf-8")
    except UnicodeDecodeError:
        raise _broken(name, at, "has a name that is not UTF-8") from None


def _pax(name: str, at: int, data: bytes) -> dict[str, str]:
    """Records `length keyword=value` (clause "pax Extended Header"); the length counts the whole record."""
    found: dict[str, str] = {}
    start = 0
    while start < len(data):
        record = _PAX.match(data, start)
        end = start + int(record.group(1)) if record else 0
        if record is None or end <= record.end() or data[end - 1 : end] != b"\n":
            raise _broken(name, at, "has a broken header")
        key = _text(name, at, record.group(2))
        if key in found or key.startswith("GNU.sparse"):
            raise _broken(name, at, f"has a header with '{key[:60]}', which tools read differently")
        found[key] = _text(name, at, data[record.end() : end - 1])
        start = end
    return found


def _checked(name: str, at: int, inner: str, kind: bytes) -> str:
    """The member's path, if it is a plain file or folder inside the archive."""
    if kind not in (b"0", b"\0", b"7", b"5"):
        raise _broken(name, at, f"holds {_KINDS.get(kind, 'a member of an unknown kind')}: '{inner[:100]}'")
    path = posixpath.normpath(inner)
    if inner.startswith(("/", "\\")) or path.startswith("..") or "\0" in inner or re.match(r"[A-Za-z]:|.*(?:^|\\)\.\.(?:\\|$)", inner):
        raise _broken(name, at, f"has a member outside of it: '{inner[:100]}'")
    return path


def _broken(name: str, at: int, problem: str) -> DocumentError:
    return DocumentError(f"is a tar archive that {problem}", source=name, pointer=f"byte {at}", advice="Make the archive again")


def _missing(members: list[tuple[str, bytes]]) -> Iterator[str]:
    """Documents that an archive's index names and that are not in it (OpenEmbedded writes index.json beside SPDX 2 documents)."""
    present = {posixpath.basename(inner) for inner, _ in members}
    for inner, data in members:
        names = [item.filename for item in _listed(inner, data) if item.filename]
        yield from (name for name in names if posixpath.basename(name) not in present)


def _is_index(inner: str, data: bytes) -> bool:
    """Whether a member lists the documents of its archive."""
    return bool(_listed(inner, data))


def _listed(inner: str, data: bytes) -> "list[_Listed]":
    if not posixpath.basename(inner).endswith("index.json"):
        return []
    try:
        return msgspec.json.decode(data, type=_Index).documents
    except msgspec.DecodeError:
        return []


class _Listed(Struct):
    filename: str = ""


class _Index(Struct):
    documents: list[_Listed] = []


_MARKS = (*MARKS, b"CycloneDX", b"spdxId", b"payloadType", b"dsseEnvelope")
_NAMES = (".spdx", ".cdx", "bom.json", "bom.xml", *(f"{kind}.{form}" for kind in ("spdx", "spdx3", "cdx") for form in
          ("json", "xml", "yaml", "yml", "rdf", "jsonld")))  # fmt: skip


def _is_wrapped(data: bytes) -> bool:
    return _is_tar(data) or data.startswith((*_STREAMS, *_REFUSED))


def _looks_like_an_sbom(name: str, data: bytes) -> bool:
    """Whether a member of an archive is to be read: by its contents, or, where they say nothing, by a name that promises an SBOM."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.replace(b"\0", b"")
    return any(mark in data for mark in _MARKS) or name.lower().endswith(_NAMES) or foreign.find(data) is not None


# ---- JSON wrappers


class _Wrapper(Struct, rename={
    "payload_type": "payloadType", "dsse_envelope": "dsseEnvelope", "kind": "_type", "predicate_type": "predicateType",
    "bom_format": "bomFormat", "spdx_version": "spdxVersion", "context": "@context",
}):  # fmt: skip
    """Members of the outermost object that tell wrappers and SBOMs apart."""

    payload: Raw = Raw()
    payload_type: Raw = Raw()
    dsse_envelope: Raw = Raw()
    kind: Raw = Raw()
    predicate_type: Raw = Raw()
    predicate: Raw = Raw()
    sbom: Raw = Raw()
    bom: Raw = Raw()
    report: Raw = Raw()
    bom_format: Raw = Raw()
    spdx_version: Raw = Raw()
    context: Raw = Raw()


class _Envelope(Struct):
    """DSSE envelope, protocol 1.0."""

    payload: str
    signatures: list[Raw] = []


class _Report(Struct):
    components: Raw = Raw()


_SBOM_HEAD = re.compile(rb'"bomFormat"|"spdxVersion"|"@context"|"@graph"')


def _may_be_wrapped(raw: bytes) -> bool:
    """Whether to look closer: JSON that shows a wrapper's member near an end, or no SBOM's."""
    if raw[:64].lstrip(b" \t\r\n\xef\xbb\xbf\xff\xfe\0")[:1] != b"{" and raw[:HEAD].lstrip()[:1] != b"{":
        return False
    ends = raw[:HEAD] + b"\n" + raw[-HEAD:]
    return wraps(ends) or _SBOM_HEAD.search(ends) is None


def _json_lines(data: bytes) -> list[bytes]:
    """The lines of JSON Lines (an attestation a line); of any other JSON nothing."""
    head, _, rest = data.lstrip().partition(b"\n")
    if not (head.rstrip().endswith(b"}") and rest.lstrip()[:1] == b"{"):
        return []
    return [line for line in data.split(b"\n") if line.strip()]


def _of_envelope(source: Source, raw: Raw, what: str) -> tuple[str, bytes, str]:
    envelope = _decoded(source, raw, _Envelope, what)
    try:
        data = binascii.a2b_base64(envelope.payload.translate(_URL_SAFE).encode("ascii"), strict_mode=True)
    except ValueError as error:
        raise DocumentError(f"has a payload that is not base64: {error}", source=source.name, advice="Make it again") from None
    count = len(envelope.signatures)
    return "payload", data, f"taken from {what} with {count} signature{'' if count == 1 else 's'}, not checked here"


_URL_SAFE = str.maketrans("-_", "+/")  # DSSE, protocol 1.0: either alphabet


def _of_dsse(source: Source, wrapper: _Wrapper) -> tuple[str, bytes, str]:
    return _of_envelope(source, Raw(source.data), "a DSSE envelope")


def _of_bundle(source: Source, wrapper: _Wrapper) -> tuple[str, bytes, str]:
    return _of_envelope(source, wrapper.dsse_envelope, "a Sigstore bundle")


def _of_statement(source: Source, wrapper: _Wrapper) -> tuple[str, bytes, str]:
    """The predicate: an SBOM, or as cosign wrote it an object with the SBOM as text in `Data`, or that text itself."""
    kind = _decoded(source, wrapper.predicate_type, str, "an in-toto statement") if memoryview(wrapper.predicate_type) else ""
    value = msgspec.json.decode(wrapper.predicate) if memoryview(wrapper.predicate) else None
    text = value.get("Data") if isinstance(value, dict) and not _SBOM_HEAD.search(wrapper.predicate) else value
    data = text.encode() if isinstance(text, str) else bytes(wrapper.predicate)
    if not (_looks_like_an_sbom("", data) or "spdx" in kind.lower() or "cyclonedx" in kind.lower()):
        raise NotAnSbomError(f"is an in-toto statement of '{kind[:100]}', not of an SBOM", source=source.name)
    inner = data if isinstance(text, str) else _in_place(source.data, data)
    note = "taken from an in-toto statement"
    return "predicate", inner, note if source.name.endswith("!payload") else f"{note} without a signature"


def _of_sbom(source: Source, wrapper: _Wrapper) -> tuple[str, bytes, str]:
    return "sbom", _in_place(source.data, bytes(wrapper.sbom)), ""


def _of_upload(source: Source, wrapper: _Wrapper) -> tuple[str, bytes, str]:
    text = _decoded(source, wrapper.bom, str, "an upload")
    try:
        return "bom", binascii.a2b_base64(text.encode("ascii"), strict_mode=True), ""
    except ValueError as error:
        raise DocumentError(f"has a bom that is not base64: {error}", source=source.name, advice="Make it again") from None


def _of_report(source: Source, wrapper: _Wrapper) -> tuple[str, bytes, str]:
    report = _decoded(source, wrapper.report, _Report, "a report")
    return "report.components", _in_place(source.data, bytes(report.components)), ""


def _is_object(raw: Raw) -> bool:
    return bytes(memoryview(raw)[:1]) == b"{"


def _is_text(raw: Raw) -> bool:
    return bytes(memoryview(raw)[:1]) == b'"'


def _is_there(raw: Raw) -> bool:
    return bool(memoryview(raw))


_WRAPPERS: tuple[tuple[str, Callable[[_Wrapper], bool], Callable[[Source, _Wrapper], tuple[str, bytes, str]]], ...] = (
    ("a Sigstore bundle", lambda it: _is_there(it.dsse_envelope), _of_bundle),
    ("a DSSE envelope", lambda it: _is_text(it.payload) and _is_there(it.payload_type), _of_dsse),
    ("an in-toto statement", lambda it: _is_there(it.predicate) and (_is_there(it.predicate_type) or _is_there(it.kind)), _of_statement),
    ("a dependency graph export", lambda it: _is_object(it.sbom), _of_sbom),
    ("an upload to Dependency-Track", lambda it: _is_text(it.bom), _of_upload),
    ("a report of Trivy's operator", lambda it: _is_object(it.report) and b'"bomFormat"' in bytes(it.report), _of_report),
)
"""What it is, how it is recognised, and what takes it off."""


def _decoded(source: Source, raw: Raw, kind: type[jsontext.T], what: str) -> jsontext.T:
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        raise DocumentError(f"is not {what} as it should be: {error}", source=source.name, advice="Make it again") from None


def _in_place(outer: bytes, inner: bytes) -> bytes:
    """The inner text where it stood, with blanks before it, so that lines and columns stay those of the file."""
    before = outer[: outer.find(inner)].decode("utf-8", "replace")
    return re.sub(r"[^\n]", " ", before).encode() + inner
