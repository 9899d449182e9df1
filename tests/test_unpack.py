"""Wrappers: what comes out of streams, archives and attestations, what is refused, and documents that refer to each other."""

import base64
import bz2
import contextlib
import gzip
import hashlib
import io
import json
import lzma
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sbomguard import readers, unpack
from sbomguard.errors import DocumentError, NotAnSbomError, SbomguardError
from sbomguard.limits import DEFAULTS, Limits
from sbomguard.source import Source
from tests import made

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
SBOM = made.cyclonedx([{"name": "zlib"}])
OTHER = made.cyclonedx([{"name": "curl"}])

FRAME = bytes.fromhex("28b52ffd")
SKIPPABLE = bytes.fromhex("502a4d18")


def contents(raw: bytes, name: str = "x") -> list[tuple[str, bytes]]:
    return [(member.name, member.data) for member in unpack.unpack(name, raw)]


def problem_of(raw: bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        unpack.unpack("x", raw)
    return str(caught.value)


def zstd(*texts: bytes) -> bytes:
    """Frames with the texts as they are, in blocks that are not compressed (RFC 8878 clauses 3.1.1.1 and 3.1.1.2)."""
    out = b""
    for text in texts:
        out += FRAME + b"\xa0" + len(text).to_bytes(4, "little")
        pieces = [text[at : at + 100_000] for at in range(0, len(text), 100_000)] or [b""]
        for number, piece in enumerate(pieces, 1):
            out += (len(piece) << 3 | (number == len(pieces))).to_bytes(3, "little") + piece
    return out


def _has_zstd() -> bool:
    try:
        return bool(contents(zstd(SBOM)))
    except DocumentError:
        return False


has_zstd = pytest.mark.skipif(not _has_zstd(), reason="this Python has no zstd, nor the package that carries it back")


# ---- streams

STREAMS: list[Any] = [
    pytest.param(gzip.compress, id="gzip"),
    pytest.param(lzma.compress, id="xz"),
    pytest.param(bz2.compress, id="bzip2"),
    pytest.param(zstd, id="zstd", marks=has_zstd),
]
every_stream = pytest.mark.parametrize("compress", STREAMS)
Compress = Callable[[bytes], bytes]


def test_what_is_in_no_wrapper_stays_as_it_is() -> None:
    for raw in (SBOM, b"", b"<bom/>", b"SPDXVersion: SPDX-2.3\n", b"\xff\xfe{\0", b"[1]", b"{", b"nonsense"):
        assert contents(raw) == [("x", raw)]


@every_stream
def test_a_stream_comes_out_whole(compress: Compress) -> None:
    large = json.dumps(
        {"bomFormat": "CycloneDX", "x": [hashlib.sha256(bytes((n & 255, n >> 8))).hexdigest() for n in range(5000)]}
    ).encode()
    assert contents(compress(large)) == [("x", large)]
    assert contents(compress(b"")) == [("x", b"")]


@every_stream
def test_every_member_or_frame_is_read(compress: Compress) -> None:
    assert contents(compress(SBOM[:50]) + compress(b"") + compress(SBOM[50:])) == [("x", SBOM)]


@every_stream
def test_a_cut_stream_is_refused_wherever_it_is_cut(compress: Compress) -> None:
    whole = compress(SBOM)
    for end in range(6, len(whole)):
        assert "is not whole" in problem_of(whole[:end])


@every_stream
@pytest.mark.parametrize("rest", [b"x", b"\0", SBOM, b"PK\x03\x04"])
def test_bytes_after_a_stream_are_refused(compress: Compress, rest: bytes) -> None:
    assert "has bytes after its" in problem_of(compress(SBOM) + rest)


def test_padding_of_xz_is_no_rest() -> None:
    assert contents(lzma.compress(SBOM) + bytes(8)) == [("x", SBOM)]


@pytest.mark.parametrize("compress", STREAMS[:3])
def test_a_changed_byte_is_found(compress: Compress) -> None:
    whole = bytearray(compress(SBOM))
    whole[-5] ^= 1
    assert "is not whole" in problem_of(bytes(whole))


@pytest.mark.parametrize("compress", STREAMS[:3])
def test_a_bomb_is_refused_before_it_goes_off(compress: Compress, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "FREE_BYTES", 1 << 20)
    assert "times its size" in problem_of(compress(bytes(8 << 20)))
    assert "times its size" in problem_of(compress(compress(bytes(8 << 20))))
    assert "times its size" in problem_of(tar(("a.spdx", compress(bytes(4 << 20)))))


def test_the_largest_size_holds_for_all_layers() -> None:
    small = Limits(unpacked=2000)
    assert unpack.unpack("x", gzip.compress(SBOM), small)
    for raw in (gzip.compress(bytes(2001)), gzip.compress(gzip.compress(bytes(1999))), tar(("a.spdx", gzip.compress(bytes(2001))))):
        with pytest.raises(DocumentError, match=r"more than 2000 bytes when unpacked.*--limit unpacked=N"):
            unpack.unpack("x", raw, small)


def test_wrappers_in_wrappers_end() -> None:
    raw = SBOM
    for _ in range(DEFAULTS.layers):
        raw = gzip.compress(raw)
    assert contents(raw) == [("x", SBOM)]
    assert "wrapped more than" in problem_of(gzip.compress(raw))


def test_zstd_without_a_reader_names_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("importlib.import_module", none)
    assert "Install sbomguard[zstd]" in problem_of(zstd(SBOM))


@has_zstd
def test_skippable_frames_are_skipped() -> None:
    skipped = SKIPPABLE + (4).to_bytes(4, "little") + b"note"
    assert contents(skipped + zstd(SBOM) + skipped) == [("x", SBOM)]


@pytest.mark.parametrize("magic", [b"PK\x03\x04", b"PK\x05\x06", b"7z\xbc\xaf\x27\x1c"])
def test_other_archives_are_refused_by_name(magic: bytes) -> None:
    assert "zip or 7z" in problem_of(magic + bytes(30))


# ---- archives


def tar(*members: tuple[str, bytes], form: int = tarfile.PAX_FORMAT, kind: bytes = tarfile.REGTYPE) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size, info.type = (len(data) if kind == tarfile.REGTYPE else 0), kind
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


LONG = "/".join(["a folder with a long name"] * 12) + "/x.json"


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
@pytest.mark.parametrize("name", ["x.json", "./x.json", ".x.json", "sub/x.json", "sbom ü.json", LONG])
def test_members_of_every_kind_of_tar_are_read(form: int, name: str) -> None:
    if form == tarfile.USTAR_FORMAT and name == LONG:
        pytest.skip("USTAR holds no such name")
    assert contents(tar((name, SBOM), form=form)) == [(f"x!{name.removeprefix('./')}", SBOM)]


@every_stream
def test_compressed_archives_and_members_are_read(compress: Compress) -> None:
    raw = compress(tar(("a.json", SBOM), ("b.json.z", compress(OTHER))))
    assert contents(raw) == [("x!a.json", SBOM), ("x!b.json.z", OTHER)]


def test_what_is_no_sbom_in_an_archive_is_told_and_not_read() -> None:
    members = unpack.unpack("x", tar(("README", b"hello"), ("a.json", SBOM), ("b.json", b"{}"), ("c.xml", OTHER.decode().encode("utf-16"))))
    assert [member.name for member in members] == ["x!a.json", "x!c.xml"]
    assert members[0].notes == ("not read, since no SBOM: README, b.json",)


def test_a_member_whose_name_promises_an_sbom_is_read_whatever_is_in_it() -> None:
    assert contents(tar(("a.spdx.json", b"cut"))) == [("x!a.spdx.json", b"cut")]


def test_an_archive_without_an_sbom_is_refused() -> None:
    assert "without an SBOM" in problem_of(tar(("README", b"hello")))


def test_documents_that_the_index_names_and_the_archive_lacks_are_told() -> None:
    index = json.dumps({"documents": [{"filename": "a.json"}, {"filename": "b.json"}, {"sha1": "0"}]}).encode()
    (member,) = unpack.unpack("x", tar(("index.json", index), ("a.json", SBOM)))
    assert member.missing == ("b.json",)


@pytest.mark.parametrize("name", ["../x.json", "/x.json", "a/../../x.json", "..", "\\x.json", "C:/x.json", "a\\..\\..\\x.json"])
def test_members_outside_of_the_archive_are_refused(name: str) -> None:
    assert "outside of it" in problem_of(tar((name, SBOM)))


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (tarfile.SYMTYPE, "link"),
        (tarfile.LNKTYPE, "hard link"),
        (tarfile.CHRTYPE, "device"),
        (tarfile.BLKTYPE, "device"),
        (tarfile.FIFOTYPE, "FIFO"),
    ],
)
def test_members_that_are_no_files_are_refused(kind: bytes, word: str) -> None:
    assert word in problem_of(tar(("x.json", SBOM), kind=kind))


@pytest.mark.parametrize("second", ["x.json", "./x.json", "a/../x.json"])
def test_two_members_of_one_name_are_refused(second: str) -> None:
    assert "two members named 'x.json'" in problem_of(tar(("x.json", SBOM), (second, OTHER)))


def test_folders_are_passed_over() -> None:
    raw = tar(("sub", b""), kind=tarfile.DIRTYPE)[:512] + tar(("sub/x.json", SBOM))
    assert contents(raw) == [("x!sub/x.json", SBOM)]


def test_a_cut_archive_is_refused_wherever_it_is_cut() -> None:
    whole = tar(("a.json", SBOM), ("b.json", OTHER)).rstrip(b"\0")
    for end in range(512, len(whole), 64):
        assert "is not whole" in problem_of(whole[:end]) or "broken header" in problem_of(whole[:end])


def test_bytes_after_the_end_of_an_archive_are_refused() -> None:
    assert "after its end" in problem_of(tar(("a.json", SBOM)) + tar(("b.json", OTHER)))


def changed(raw: bytes, start: int, field: bytes) -> bytes:
    """The first header with a field changed, and its checksum made right."""
    header = bytearray(raw[:512])
    header[start : start + len(field)] = field
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + raw[512:]


@pytest.mark.parametrize(
    "size",
    [
        b"\xff" * 12,
        b"\x80" + bytes(3) + b"\xff" * 8,
        b"77777777777\0",
        b"-1\0".ljust(12, b"\0"),
        b"99999999999\0",
        b"\x80" + bytes(7) + b"\xff" * 4,
    ],
)
def test_impossible_sizes_are_refused(size: bytes) -> None:
    assert "is a tar archive that" in problem_of(changed(tar(("a.json", SBOM)), 124, size))


def test_a_size_in_binary_is_read() -> None:
    raw = tar(("a.json", SBOM))
    assert contents(changed(raw, 124, b"\x80" + len(SBOM).to_bytes(11, "big"))) == [("x!a.json", SBOM)]


def test_a_broken_checksum_is_refused_in_every_header() -> None:
    raw = bytearray(tar(("a.json", SBOM), ("b.json", OTHER)))
    second = raw.index(b"b.json")
    for at in (0, second):
        broken = bytearray(raw)
        broken[at] ^= 1
        assert "broken header" in problem_of(bytes(broken))


def pax(**records: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("a.json")
        info.size, info.pax_headers = len(SBOM), records
        archive.addfile(info, io.BytesIO(SBOM))
    return out.getvalue()


def test_extended_headers_are_read() -> None:
    assert contents(pax(path="other.json", comment="x=y\n")) == [("x!other.json", SBOM)]


@pytest.mark.parametrize("records", [{"path": "../a.json"}, {"size": "3"}, {"GNU.sparse.major": "1"}, {"GNU.sparse.name": "x"}])
def test_extended_headers_that_tools_read_differently_are_refused(records: dict[str, str]) -> None:
    assert "is a tar archive that" in problem_of(pax(**records))


def test_too_many_members_are_refused() -> None:
    raw = tar(*((f"{number}.json", SBOM) for number in range(4)))
    assert len(unpack.unpack("x", raw, Limits(members=4))) == 4
    with pytest.raises(DocumentError, match=r"more than 3 members.*--limit members=N"):
        unpack.unpack("x", raw, Limits(members=3))


# ---- attestations and other JSON


def statement(predicate: Any, kind: str = "https://cyclonedx.org/bom") -> dict[str, Any]:
    return {"_type": "https://in-toto.io/Statement/v1", "subject": [], "predicateType": kind, "predicate": predicate}


def envelope(payload: Any, *, encode: Callable[[bytes], bytes] = base64.b64encode) -> dict[str, Any]:
    raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return {"payload": encode(raw).decode(), "payloadType": "application/vnd.in-toto+json", "signatures": [{"sig": "bm8="}]}


TREE = json.loads(SBOM)


@pytest.mark.parametrize(
    ("wrapped", "note"),
    [
        (statement(TREE), "taken from an in-toto statement without a signature"),
        (statement({"Data": json.dumps(TREE), "Timestamp": "x"}, "cosign.sigstore.dev/attestation/v1"), "taken from an in-toto statement"),
        (statement(json.dumps(TREE)), "taken from an in-toto statement"),
        (envelope(statement(TREE)), "taken from a DSSE envelope with 1 signature, not checked here"),
        (envelope(statement(TREE), encode=base64.urlsafe_b64encode), "taken from a DSSE envelope with 1 signature, not checked here"),
        (envelope(TREE), "taken from a DSSE envelope with 1 signature, not checked here"),
        ({"mediaType": "x", "verificationMaterial": {"x": "y" * 9000}, "dsseEnvelope": envelope(statement(TREE))},
         "taken from a Sigstore bundle with 1 signature, not checked here"),
        ({"sbom": TREE}, "taken from a dependency graph export"),
        ({"project": "p", "bom": base64.b64encode(SBOM).decode()}, "taken from an upload to Dependency-Track"),
        ({"kind": "SbomReport", "report": {"components": TREE}}, "taken from a report of Trivy's operator"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("indent", [None, 2])
def test_json_around_an_sbom_is_taken_off_and_told(wrapped: dict[str, Any], note: str, indent: int | None) -> None:
    (member,) = unpack.unpack("x", json.dumps(wrapped, indent=indent).encode())
    assert json.loads(member.data) == TREE
    assert member.notes[0].startswith(note)
    assert member.name.startswith("x!")


@pytest.mark.parametrize("wrapper", ["sbom", "predicate"])
def test_lines_and_columns_stay_those_of_the_file(wrapper: str) -> None:
    text = json.dumps({"name": "Ünïcode", **({"sbom": TREE} if wrapper == "sbom" else statement(TREE))}, indent=1, ensure_ascii=False)
    (member,) = unpack.unpack("x", text.encode())
    source = Source(member.name, member.data)
    readers.read(source)
    place = readers.locate(source).locate("/components/0/name")
    assert text.split("\n")[place.line - 1][place.column - 1 : place.end_column - 1] == '"zlib"'


def test_json_lines_are_attestations_one_by_one() -> None:
    lines = [
        envelope(statement({"builder": {}}, "https://slsa.dev/provenance/v1")),
        envelope(statement(TREE)),
        envelope(statement(json.loads(OTHER))),
    ]
    members = unpack.unpack("x", "\n".join(map(json.dumps, lines)).encode() + b"\n")
    assert [member.name for member in members] == ["x!line 2!payload!predicate", "x!line 3!payload!predicate"]


@pytest.mark.parametrize(
    "wrapped",
    [
        statement({"summary": 1}, "https://slsa.dev/provenance/v1"),
        envelope(statement({"x": 1}, "urn:x")),
        envelope(statement({"Data": "foo"}, "urn:x")),
    ],
)
def test_an_attestation_of_something_else_is_no_sbom(wrapped: dict[str, Any]) -> None:
    with pytest.raises(NotAnSbomError):
        unpack.unpack("x", json.dumps(wrapped).encode())
    with pytest.raises(NotAnSbomError):
        unpack.unpack("x", f"{json.dumps(wrapped)}\n{json.dumps(wrapped)}".encode())


@pytest.mark.parametrize(
    "wrapped",
    [
        json.dumps({**TREE, "sbom": TREE}),
        json.dumps({"spdxVersion": "SPDX-2.3", "sbom": TREE}),
        json.dumps({**envelope(TREE), "sbom": TREE}),
        json.dumps({**envelope(TREE), "dsseEnvelope": envelope(json.loads(OTHER))}),
        '{"sbom": {}, "sbom": ' + json.dumps(TREE) + "}",
        json.dumps({**envelope(TREE), "payload": "not base64"}),
        json.dumps({**envelope(TREE), "payload": "e30"}),
        json.dumps({**envelope(TREE), "payload": "é"}),
        json.dumps({"dsseEnvelope": {"payload": 7}}),
        json.dumps({"bom": "*", "project": "p"}),
    ],
)
def test_wrappers_that_tools_read_differently_are_refused(wrapped: str) -> None:
    assert problem_of(wrapped.encode())


def test_what_only_looks_like_a_wrapper_is_left_to_the_readers() -> None:
    for raw in (
        b'{"sbom": 7}',
        b'{"payload": "x"}',
        b'{"sbom": ',
        b'{"predicate": {}}',
        json.dumps({**TREE, "properties": [{"name": '"sbom":'}]}).encode(),
    ):
        assert contents(raw) == [("x", raw)]


@given(st.data())
def test_only_our_errors_come_out_whatever_is_done_to_the_bytes(data: st.DataObject) -> None:
    inner = json.dumps(envelope(statement(TREE))).encode()
    whole = data.draw(st.sampled_from([tar(("a.json", inner), (LONG, SBOM)), gzip.compress(tar(("a.json", SBOM))), inner, pax(comment="x"),
                                       lzma.compress(SBOM), zstd(SBOM), json.dumps({"sbom": TREE}).encode()]))  # fmt: skip
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 20)))
    with contextlib.suppress(SbomguardError):
        unpack.unpack("x", whole[:start] + data.draw(st.binary(max_size=6)) + whole[end:])


# ---- real wrappers


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the repository")
@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("wrapped/debsbom-rootfs.spdx.json.xz", 1),
        ("wrapped/dsse-cyclonedx.att.json", 1),
        ("wrapped/dsse-spdx-predicate-as-string.att.json", 1),
        ("wrapped/dsse-spdx.att.jsonl", 1),
        ("wrapped/intoto-statement-cyclonedx.json", 1),
        ("wrapped/dtrack-upload-body.json", 1),
        ("wrapped/trivy-operator-sbomreport.json", 1),
        ("wrapped/yocto-image.spdx.tar.gz", 2),
        ("trivy-tests/testdata__sigstore-bundle.json", 1),
        ("trivy-tests/sbom__centos-7-cyclonedx.intoto.jsonl", 1),
        ("malformed/spdx-github-export-wrapper.json", 1),
        ("malformed/cdx-gzip-with-json-name.json", 1),
        pytest.param("wrapped/syft-rootfs-arm64.spdx.json.zst", 1, marks=has_zstd),
        pytest.param("wrapped/trivy-rootfs-arm64.cdx.json.zst", 1, marks=has_zstd),
        pytest.param("wrapped/yocto-image.spdx.tar.zst", 2, marks=has_zstd),
    ],
)
def test_real_wrappers_hold_sboms_that_are_read(path: str, count: int) -> None:
    members = unpack.unpack(path, (CORPUS / path).read_bytes())
    assert len(members) == count
    for member in members:
        readers.read(Source(member.name, member.data))
