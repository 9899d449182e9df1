"""What is fuzzed: bytes go the whole way to every report, and nothing but errors of ours may come out."""

import json
import os
import random
import re
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any

from sbomguard import cpe, names, pack, purl, waiver, weburl
from sbomguard.check import check
from sbomguard.errors import SbomguardError
from sbomguard.limits import Limits
from sbomguard.reports import REPORTS, Style, render
from sbomguard.source import FOUND, NAMED, PASSED, Source
from sbomguard.verdict import Verdict
from tests import made, writers

PARTS = (
    {"name": "agent", "version": "1.2", "supplier": "Huawei Technologies Co., Ltd.", "address": "a@huawei.com", "needs": [1],
     "purl": "pkg:npm/%40huawei/agent@1.2?vcs_url=git%2Bhttps://gitee.com/huawei/agent", "cpe": "cpe:2.3:a:huawei:agent:1.2:*:*:*:*:*:*:*"},
    {"name": "zlib", "version": "1.3", "supplier": "Aurora GmbH", "manufacturer": "Ω Labs", "website": "https://aurora.example/z"},
    {"name": "wifi", "version": "2", "author": "Jan <jan@hikvision.com>", "type": "firmware", "fcc_id": "QISABC-1", "file": "lib/hcnet.so"},
    {"name": "blob", "inside": 1, "vcs": "https://github.com/zte/blob", "url": "ftp://example.com/blob.tgz"},
)  # fmt: skip
BOUNDS = Limits(unpacked=1 << 22, components=5000)
UNSAFE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]|^\\s*::|##\\w*\\[", re.MULTILINE
)


def seeds(target: str) -> list[bytes]:
    """Small inputs to begin with, all of our making."""
    return SEEDS[target]()


rules = cache(pack.load)


def verdict(data: bytes) -> Verdict:
    """The verdict on one input."""
    source = Source("fuzzed", data, claim=(FOUND, PASSED, NAMED)[len(data) % 3], limits=BOUNDS)
    return check([source], rules(), today=made.TODAY)


def document(data: bytes) -> None:
    """An SBOM of any format or wrapper, to every report."""
    found = verdict(data)
    assert found.exit_code in (0, 1, 2, 3)
    assert found.exit_code != 0 or not found.failures
    assert found.documents or found.exit_code != 1
    for form in REPORTS:
        text = render(form, found, Style(version="0.1.0", width=80, verbose=True))
        assert not UNSAFE.search(text), form
        assert form == "text" or json.loads(text)


def value(data: bytes) -> None:
    """One value of a document: a package URL, a CPE name, an address, a name."""
    text = data.decode("utf-8", "replace")
    for look in (purl.parse, purl.complaint, cpe.parse, weburl.parse, names.normalise, names.words_of):
        look(text)
    document(made.cyclonedx([{"name": text, "supplier": text, "purl": text, "cpe": text, "url": text, "author": text, "file": text}]))


def waivers(data: bytes) -> None:
    """A waiver file."""
    with tempfile.NamedTemporaryFile(delete=False) as file:
        file.write(data)
    try:
        waiver.load(file.name, made.TODAY)
    finally:
        os.unlink(file.name)


def _documents(*forms: str) -> Callable[[], list[bytes]]:
    return lambda: [writers.FORMATS[form](PARTS) for form in forms]


def _wrapped() -> list[bytes]:
    import base64
    import bz2
    import gzip
    import io
    import lzma
    import tarfile

    inner = writers.minified(PARTS)
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name in ("a.cdx.json", "b" * 120 + ".json"):
            info = tarfile.TarInfo(name)
            info.size = len(inner)
            archive.addfile(info, io.BytesIO(inner))
    statement = {"_type": "x", "predicateType": "https://cyclonedx.org/bom", "predicate": json.loads(inner)}
    payload = base64.b64encode(json.dumps(statement).encode()).decode()
    envelope = {"payloadType": "application/vnd.in-toto+json", "signatures": [], "payload": payload}
    return [
        *(compress(inner) for compress in (gzip.compress, bz2.compress, lzma.compress)),
        file.getvalue(),
        json.dumps(envelope).encode(),
        json.dumps({"dsseEnvelope": envelope}).encode(),
        b'{"sbom":' + inner + b"}",
    ]


def _values() -> list[bytes]:
    texts = (
        "pkg:npm/%40huawei/agent@1?vcs_url=git%2Bhttps://gitee.com/h/a#sub/dir",
        "cpe:2.3:a:huawei:agent:1.2:*:*:*:*:*:*:*",
        "cpe:/a:zte:x",
        "https://user:pw@huawei.com:8443/a/b?token=x#y",
        "Jan <jan@hikvision.com>",
        "Shenzhen Hua\u200bwei (华为技术) Co., Ltd.",
        "FCC ID: QISABC-1",
        "usb:12d1:1506",
        "H-u-a-w-e-i | ZTE; Dahua, Inc.",
        "&#72;uawei %48uawei",
    )
    return [text.encode() for text in texts]


def _waivers() -> list[bytes]:
    return [b'waivers:\n  - rule: a/b\n    name: x\n    reason: long enough\n    owner: me\n    expires: "2026-12-31"\n', b"waivers: []\n"]


TARGETS: dict[str, Callable[[bytes], None]] = {
    "json": document, "xml": document, "tagvalue": document, "yaml": document, "rdf": document, "spdx3": document, "wrapped": document,
    "value": value, "waivers": waivers,
}  # fmt: skip
SEEDS: dict[str, Callable[[], list[bytes]]] = {
    "json": _documents("cyclonedx-json-minified", "spdx-json"), "xml": _documents("cyclonedx-xml", "spdx-xml"),
    "tagvalue": _documents("spdx-tag-value"), "yaml": _documents("spdx-yaml"), "rdf": _documents("spdx-rdf-xml"),
    "spdx3": _documents("spdx3-jsonld"), "wrapped": _wrapped, "value": _values, "waivers": _waivers,
}  # fmt: skip


def run(target: str, data: bytes) -> None:
    """One input. Whatever goes through is a fault."""
    with suppress(SbomguardError):
        TARGETS[target](data)


# ---- JSON changed as a tree, where bytes seldom stay JSON

ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1e300,
    "",
    "x",
    "\u0000",
    "\ud800",
    [],
    {},
    [[]],
    [None],
    {"": None},
    "Huawei",
    "pkg:",
    "NOASSERTION",
    "urn:cdx:",
)


def changed_json(data: bytes, chance: random.Random) -> bytes | None:
    """The JSON text with one to three members dropped, doubled, moved or replaced; None where it is no JSON."""
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError):
        return None
    for _ in range(chance.randint(1, 3)):
        nodes = list(_nodes(tree))
        if not nodes:
            return None
        holder, key = chance.choice(nodes)
        other, place = chance.choice(nodes)
        choice = chance.randrange(5)
        if choice == 0:
            holder[key] = chance.choice(ODD)
        elif choice == 1:
            holder[key] = json.loads(json.dumps(other[place]))
        elif choice == 2:
            del holder[key]
        elif choice == 3:
            holder[key] = [holder[key]] * 2
        elif isinstance(holder, dict):
            holder[str(place)] = holder.pop(key)
    return json.dumps(tree, ensure_ascii=bool(chance.randrange(2))).encode("utf-8", "surrogatepass")


def _nodes(tree: Any) -> list[tuple[Any, Any]]:
    found, left = [], [tree]
    for item in left:
        keys = list(item) if isinstance(item, dict) else range(len(item)) if isinstance(item, list) else ()
        found += [(item, key) for key in keys]
        left += [item[key] for key in keys]
    return found
