"""Names of CycloneDX documents and their references to others (CycloneDX 1.7, clauses serialNumber, bom-link, externalReferences)."""

import re
from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from sbomguard.model import Link, Problem
from sbomguard.percent import unquote
from sbomguard.readers.cyclonedx import Reference

BOM_LINK = "urn:cdx:"

_HEX = dict.fromkeys(map(ord, "0123456789abcdefABCDEF"), "0")
_UUID = "00000000-0000-0000-0000-000000000000"
_DIGESTS = ("SHA-512", "SHA-384", "SHA-256", "SHA3-512", "SHA3-384", "SHA3-256", "SHA-1", "MD5")
"""Algorithms in the order in which one is taken."""


class Hash(Struct, gc=False):
    alg: str | None = None
    content: str | None = None


def names(serial: str, version: int) -> tuple[str, ...]:
    """The BOM-Link of a document and its serial number; none for a serial number that is no UUID."""
    if not _is_serial(serial):
        return ()
    return f"{BOM_LINK}{serial[9:].lower()}/{version}", serial.lower()


def odd_serial(serial: str, pointer: str) -> Iterator[Problem]:
    """The note on a serial number that is not as RFC 4122 wants it: no other document can refer to this one."""
    if not _is_serial(serial):
        yield Problem(pointer=pointer, message=f"its serialNumber is no urn:uuid: '{serial[:100]}'")


def _is_serial(text: str) -> bool:
    return text.startswith("urn:uuid:") and text[9:].translate(_HEX) == _UUID


def is_link(ref: str) -> bool:
    """Whether a ref means an element of another document."""
    return ref.startswith(BOM_LINK)


def of_ref(ref: str, pointer: str, *, needed: bool = True) -> Link:
    """The link that a BOM-Link in the place of a ref is."""
    target, element = _parted(ref)
    return Link(target=target, element=element, pointer=pointer, local=ref, needed=needed)


def of_references(references: Iterable[Reference], ref: str, at: str) -> Iterator[Link]:
    """The links of a component: its external references of type `bom`, and BOM-Links of any type.

    A reference with an address on the web tells where an SBOM is published: that need not be of other parts, and it is not `needed`.
    A BOM-Link or a relative path says that the parts are told in another document of the set.
    """
    for number, reference in enumerate(references):
        url = reference.url or ""
        if url and (reference.type == "bom" or is_link(url)):
            target, element = _parted(url) if is_link(url) else (url, "")
            algorithm, digest = _digest(reference)
            yield Link(
                target=target, element=element, ref=ref, pointer=f"{at}/{number}/url", algorithm=algorithm, digest=digest,
                needed=reference.type == "bom" and not re.match(r"(?i)(?!urn:cdx:|file:)[a-z][a-z0-9+.-]*:", url),
            )  # fmt: skip


def _parted(link: str) -> tuple[str, str]:
    """The document that a BOM-Link means and the ref in it: `urn:cdx:serial/version#ref`, the ref percent-encoded."""
    target, _, element = link.partition("#")
    serial, slash, version = target.removeprefix(BOM_LINK).partition("/")
    return f"{BOM_LINK}{serial.lower()}{slash}{version.lstrip('0') or version}", unquote(element)


def _digest(reference: Reference) -> tuple[str, str]:
    """Algorithm and digest of the strongest hash that the reference gives; an odd list gives none."""
    if not bytes(reference.hashes):
        return "", ""
    try:
        hashes = msgspec.json.decode(reference.hashes, type=list[Hash])
    except msgspec.ValidationError:
        return "", ""
    known = {item.alg: item.content.lower() for item in hashes if item.alg and item.content}
    best = next((name for name in _DIGESTS if name in known), "")
    return best, known.get(best, "")
