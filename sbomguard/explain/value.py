"""What a single value would count as: a document with one component is made for each place in which it could stand, and explained."""

import json
import re
from collections.abc import Iterator

from msgspec import Struct

from sbomguard import cpe, gather, weburl
from sbomguard import purl as package_url
from sbomguard.errors import UsageError
from sbomguard.explain import Explanation, Terms, explain
from sbomguard.source import Source

LONGEST = 4096
"""Most characters of a value that is asked about."""

_EMAIL = r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]+"
_ADDRESSED = rf".*(?:^|[\s<(]){_EMAIL}[>)]?\s*"
_FCC_LABEL = r"(?i)\s*fcc[\s_:-]*id\b.*"
_FCC_ID = r"(?:[A-Z][A-Z0-9]{2}|[0-9][A-Z0-9]{4})-?[A-Z0-9][A-Z0-9-]{1,13}"  # 47 CFR 2.926: grantee code and product code
_FCC_SHORT = rf"(?i)fcc:\s*({_FCC_ID})\s*"
_HARDWARE = r"(?i)(usb|pci|oui|mac)[:\s]\s*(\S+)\s*"
_MAC = r"(?i)[0-9a-f]{2}(?:[:-][0-9a-f]{2}){2,5}|[0-9a-f]{4}(?:\.[0-9a-f]{4}){2}"
_GIT = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+:(?!//)\S+"
_HOST = r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:/\S*)?"
_FILE = r"\S+\.(?:so(?:\.[\d.]+)?|ko|dll|sys|a|lib|o|bin|fw|img|exe|jar|aar|apk|dylib)"


class Role(Struct, frozen=True):
    """A place in which a value could stand: what a person calls it, and the CycloneDX component that has the value there."""

    name: str
    component: dict[str, object]


def identify(value: str, terms: Terms, kind: str = "library") -> Iterator[tuple[str, Explanation]]:
    """What the value would count as in each place where it could stand, on a component of that CycloneDX type.

    Raises UsageError for a value that is nothing: empty, no text, or a package URL or CPE name that cannot be read.
    """
    for role in roles(value):
        component = {"type": kind, "bom-ref": "given", "name": "", **role.component}
        made = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": [component]}
        source = Source(value, json.dumps(made).encode())
        document = gather.read_one(source)
        for explanation in explain(source, document, document.components, terms):
            if explanation.readings:  # what is read nowhere, such as a file name of no binary, counts as nothing there
                yield role.name, explanation


def roles(value: str) -> tuple[Role, ...]:
    """The places in which that value could stand, by what it looks like; a bare name could stand in several."""
    text = value.strip()
    if not text or not _is_text(text):
        raise UsageError(
            "a value is empty" if not text else "a value is no text", advice="Give names, package URLs, CPE names or addresses"
        )
    if text[:4].lower() == "pkg:":
        return (_purl(text),)
    if text[:4].lower() == "cpe:":
        if cpe.parse(text) is None:
            raise UsageError(f"'{text[:200]}' is no CPE name", advice="One begins with cpe:2.3: or cpe:/")
        return (Role("a CPE name", {"cpe": text}),)
    if re.fullmatch(_FCC_LABEL, text):
        return (_fcc(text),)
    if short := re.fullmatch(_FCC_SHORT, text):
        return (_fcc(short.group(1)),)
    if number := re.fullmatch(_HARDWARE, text):
        return (_hardware(number.group(1).lower(), number.group(2)),)
    if re.fullmatch(_MAC, text):
        return (_hardware("mac", text),)
    if re.fullmatch(_GIT, text) or "://" in text or text[:4].lower() in ("scm:", "www."):
        return (Role("an address", {"externalReferences": [{"type": "vcs", "url": text}]}),)
    if re.fullmatch(_ADDRESSED, text):
        return (Role("a supplier with an e-mail address", {"supplier": {"name": text}}), Role("an author", {"author": text}))
    return tuple(_of_name(text))


def _is_text(value: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _purl(text: str) -> Role:
    parsed = package_url.parse(text)
    if parsed is None:
        raise UsageError(
            f"'{text[:200]}' is no package URL", advice="One reads pkg:type/namespace/name@version; namespace and version may be left out"
        )
    return Role("a package URL", {"purl": text, "name": parsed.name})


def _fcc(text: str) -> Role:
    return Role("an FCC ID", {"properties": [{"name": "fcc:id", "value": text}]})


def _hardware(kind: str, number: str) -> Role:
    what, name = _NUMBERS[kind]
    return Role(what, {"properties": [{"name": name, "value": number}]})


_NUMBERS = {
    "usb": ("a USB vendor id", "usb:vendor-id"),
    "pci": ("a PCI vendor id", "pci:vendor-id"),
    "oui": ("the first half of a MAC address", "mac:oui"),
    "mac": ("a MAC address", "mac:address"),
}
"""What a person calls a maker's number, and the property that holds it."""


def _of_name(text: str) -> Iterator[Role]:
    """A bare name: of a supplier, of a component, and what else it looks like."""
    if re.fullmatch(_HOST, text.lower()) and weburl.parse(text) and not re.fullmatch(_FILE, text.lower()):
        yield Role("an address", {"externalReferences": [{"type": "website", "url": text}]})
    if "/" not in text and not re.fullmatch(_FILE, text.lower()):
        yield Role("a supplier", {"supplier": {"name": text}})
    yield Role("a component's name", {"name": text})
    if " " not in text:
        yield Role("a file name", {"evidence": {"occurrences": [{"location": text}]}})
    if re.fullmatch(_FCC_ID, text) and any(map(str.isdigit, text)):
        yield _fcc(text)
