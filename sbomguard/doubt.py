"""Parts that do not say who made them while a listed vendor is named in what they do say: nobody can tell whether it is theirs."""

import re
from binascii import Error, a2b_base64
from collections.abc import Iterator
from itertools import islice

from msgspec.structs import replace

from sbomguard import identity, names, readers, relation
from sbomguard.finding import Finding
from sbomguard.matchers import net
from sbomguard.model import Component, Document
from sbomguard.pack import Pack
from sbomguard.policy import Entry, List
from sbomguard.readers.records import Records
from sbomguard.source import Source
from sbomguard.verdict import Doubt

_ENCODED = rb"[A-Za-z0-9+/]{24,}={0,2}"


MOST = 100
"""So many doubts are told of a document; that there are more says nothing more."""


def find(
    source: Source, document: Document, pack: Pack, entries: dict[str, tuple[tuple[List, Entry], ...]], findings: tuple[Finding, ...],
    makerless: list[Component], encoded: bool, stamped: frozenset[str] = frozenset(), sector: str = "",
) -> Iterator[Doubt]:  # fmt: skip
    """The doubts of one document. `findings` are all of it, notes on its text included, `makerless` the components without a maker,
    `encoded` whether texts of theirs may be in Base64.

    A value that only mentions the vendor, such as a name with more words around it or a mirror of the vendor's, names no other maker
    either. A vendor in the component's own name is what the component is about. `stamped` as in identity.why_unidentified.
    """
    makers = {vendor for vendor in entries if any(_reaches(entry, sector) for _, entry in entries[vendor])}
    for item in findings:
        if item.vendor in makers and item.component.counted and (value := _only_mention(item, stamped)):
            yield _doubt(source, item.component, item.vendor, pack, value)
    named = makers if encoded else makers & {item.vendor for item in findings if not item.component.counted}
    if makerless and named:
        judged = {(item.component.pointer, item.vendor) for item in findings if item.relation != relation.MENTION.relation}
        yield from islice(_in_texts(source, document, pack, named, makerless, judged), MOST)


def _reaches(entry: Entry, sector: str) -> bool:
    """Whether a component of the vendor would be more than a note under the entry."""
    return entry.status != "proposed" and (bool(entry.covered(sector)) or entry.otherwise != "note")


def _only_mention(finding: Finding, stamped: frozenset[str]) -> str:
    """The first value of a party or an address that only mentions the vendor, where no other value names a maker; else empty."""
    if finding.relation != relation.MENTION.relation:
        return ""
    values = [item.found for item in finding.evidence if item.signal in ("party", "domain")]
    part = finding.component
    rest = replace(
        part, signals=tuple(signal for signal in part.signals if signal.value not in values), purl="" if part.purl in values else part.purl,
        parties=(),
    )  # fmt: skip
    return values[0] if values and identity.why_unidentified(rest, stamped) else ""


def _in_texts(
    source: Source, document: Document, pack: Pack, vendors: set[str], makerless: list[Component], judged: set[tuple[str, str]]
) -> Iterator[Doubt]:  # fmt: skip
    """Vendors in the texts of components without a maker, those in their names left out and those that they are known to stand to.

    What is nested in a component speaks for itself.
    """
    records = Records(source, readers.locate(source))
    nested: dict[str, list[str]] = {}
    for item in document.components:
        if item.counted:
            nested.setdefault(item.pointer.rpartition("/")[0].rpartition("/")[0], []).append(item.pointer)
    words = [{word: owners for word, owners in index.net.items() if not vendors.isdisjoint(owners)} for index in pack.indexes]
    keys = {index.sought[word].encode() for index, known in zip(pack.indexes, words, strict=True) for word in known if word.isascii()}
    signs = re.compile(b"|".join(map(re.escape, sorted(keys))) or rb"\Z", re.IGNORECASE)
    for part in makerless:
        if relation.is_community(part, []):  # of whom a vendor is one among many
            continue
        text = _readable(records.of(part.pointer, nested.get(part.pointer, ())))
        if text.isascii() and not signs.search(text) and b"\\u" not in text and b"&#" not in text:
            continue
        own = names.fold(part.name)
        for index, known in zip(pack.indexes, words, strict=True):
            others = vendors.difference(*(known[word] for word in known if word in own))
            for mention in net.mentions(text, (part,), index, others, ()) if others else ():
                if (part.pointer, mention.vendor) not in judged:
                    yield _doubt(source, part, mention.vendor, pack, mention.text)


def _readable(record: bytes) -> bytes:
    """The record with what is encoded in it as Base64 behind it, as far as that is text."""
    if b"base64" not in record:
        return record
    return b"\n".join((record, *map(_decoded, re.findall(_ENCODED, record))))


def _decoded(text: bytes) -> bytes:
    try:
        return a2b_base64(text + b"=" * (-len(text) % 4)).decode().encode()
    except (Error, UnicodeDecodeError):
        return b""


def _doubt(source: Source, part: Component, vendor: str, pack: Pack, found: str) -> Doubt:
    return Doubt(
        document=source.name, pointer=part.pointer, name=part.name or part.ref, vendor=vendor, vendor_name=pack.name_of(vendor), found=found
    )  # fmt: skip
