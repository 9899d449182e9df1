"""How readers make signals: party texts taken apart, URLs and properties by what generators mean with them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from sbomguard import party
from sbomguard import purl as purls
from sbomguard.model import FCC_MARK, Signal
from sbomguard.names import split_humps

_MEMO = 100_000

NO_VALUE = frozenset(("NOASSERTION", "NONE", ""))
"""What SPDX writes for no value, or for no statement about one (SPDX 2.3 clause 7.5; SPDX 3.0.1 Core/Individuals)."""

# Patterns are text where few documents need them: compiling all costs more than reading a small document.
_FCC_ID = r"(?i)(?:\bfcc[\s_:-]?id\b\s*[:=#]?\s*)+([A-Za-z0-9][\w -]{3,24})"
_PATH = r"(?<![\w:])/[^\s,;\"']+"


@lru_cache(_MEMO)
def of_party(text: str, role: str, field: str, at: str) -> tuple[Signal, ...]:
    """The name and the e-mail addresses of a party text. `Person:` makes the role author, whatever the field."""
    name, addresses, person = party.split(text)
    role = "author" if person else role
    named = (Signal("party", role, field, at, name),) if name else ()
    return named + tuple(Signal("email", role, field, at, address) for address in addresses)


_shared: dict[tuple[str, ...], tuple[str, ...]] = {}


def shared(parties: tuple[str, ...]) -> tuple[str, ...]:
    """The parties, as one value for all components that have the same: their texts are kept once, and whoever looks at them again finds
    them at hand."""
    return _shared.setdefault(parties, parties) if len(_shared) < _MEMO else parties


def of_paths(text: str, field: str, at: str) -> Iterator[Signal]:
    """Paths of binaries in a free text, where generators tell which file they read a package from."""
    for match in re.finditer(_PATH, text):
        if is_binary(match.group()):
            yield Signal("file", "", field, at, match.group())


def of_comment(text: str, field: str, at: str) -> Iterator[Signal]:
    """The FCC IDs in a free text that are marked as such."""
    for match in re.finditer(_FCC_ID, text):
        yield Signal("fcc-id", "", field, at, match.group(1))


def of_dates(dates: Mapping[str, str | None], at: str = "") -> Iterator[Signal]:
    """The days on which a component was built or released, by field: whose a business was then decides whose the component is."""
    yield from (Signal("date", "", field, f"{at}/{field}", date) for field, date in dates.items() if date)


def of_url(url: str, role: str, field: str, at: str) -> Signal:
    """A URL, or the address of a `mailto:`."""
    if url[:7].lower() == "mailto:":
        return Signal("email", "contact", field, at, url[7:].partition("?")[0])
    return Signal("url", role, field, at, url)


BINARY_ENDINGS = (".so", ".ko", ".dll", ".sys", ".a", ".lib", ".bin", ".fw", ".img", ".exe", ".jar", ".aar", ".apk", ".dylib", ".framework",
                  ".ko.xz", ".ko.gz", ".ko.zst", ".xcframework")  # fmt: skip


_LAST = frozenset(ending.rpartition(".")[2] for ending in BINARY_ENDINGS)
"""What stands behind the last full stop: few names end so, and asking is cheaper than trying all endings."""

_ALONE = frozenset(ending[1:] for ending in BINARY_ENDINGS).intersection(_LAST)
"""Those that are a whole ending."""


def is_binary(path: str) -> bool:
    """Whether the path looks like a library, driver, program or blob, whose file name can tell its maker."""
    head, dot, ending = path.rpartition(".")
    if not dot:
        return False
    ending = ending.lower()
    if ending in _ALONE or (ending in _LAST and path.lower().endswith(BINARY_ENDINGS)):
        return True
    return "." in head and ".so." in path.lower()


# Property names that generators use for identity: exact name -> (kind, role). A `*` stands for one part between colons.
PROPERTIES = {
    "syft:metadata:author": ("party", "author"),
    "syft:metadata:authorEmail": ("party", "author"),
    "syft:metadata:maintainer": ("party", "author"),
    "syft:metadata:packager": ("party", "author"),
    "syft:metadata:vendor": ("party", "supplier"),
    "syft:metadata:homepage": ("url", "website"),
    "syft:metadata:url": ("url", "website"),
    "syft:metadata:path": ("file", ""),
    "syft:location:*:path": ("file", ""),
    "aquasecurity:trivy:FilePath": ("file", ""),
    "aquasecurity:trivy:Maintainer": ("party", "author"),
    "SrcFile": ("file", ""),
    "cdx:device:vendor": ("party", "manufacturer"),
    "emba:path": ("file", ""),
}

HARDWARE_IDS = {
    "usb": ("usbvid", "usbvendorid", "usbvendor", "usbidvendor", "usbid"),
    "pci": ("pcivid", "pcivendorid", "pcivendor", "pciidvendor", "pciid"),
    "oui": ("macaddress", "macaddr", "macprefix", "macoui", "ieeeoui"),
}
"""How the names of properties end that hold a number of a maker of hardware, in letters and digits only (`usb:vendor-id`)."""

NOTHING = ("", "")
_meanings: dict[str, tuple[str, str]] = {}
_boring: set[str | None] = set()


if TYPE_CHECKING:
    from typing import Protocol

    class Property(Protocol):
        """A name and a value, as formats write them."""

        name: str | None
        value: str | None


def of_properties(items: "Iterable[Property]", field: str, at: str) -> Iterator[Signal]:
    """The signals of a component's properties, in order; most properties carry none."""
    for number, item in enumerate(items):
        kind, role = _meaning(item.name or "")
        if kind and item.value and (kind != "file" or is_binary(item.value)):
            where = f"{at}/properties/{number}/value"
            if kind == "party":
                yield from of_party(item.value, role, f"{field}properties[{item.name}]", where)
            else:
                yield Signal(kind, role, f"{field}properties[{item.name}]", where, item.value)


def telling(items: "Iterable[Property]") -> tuple[list[str], list[str]] | None:
    """The values of properties that carry identity, party texts apart; None where there are none."""
    boring = _boring
    values: list[str] = []
    parties: list[str] = []
    for item in items:
        if item.name in boring:
            continue
        name, value = item.name or "", item.value
        kind, _ = _meanings.get(name) or _meaning(name)
        if kind == "file":
            if value and value not in values and is_binary(value):  # one file has several properties
                values.append(value)
        elif kind == "party":
            parties.append(value or "")
        elif kind in ("fcc-id", "hardware-id"):
            values.append(f"{FCC_MARK} {value}")
        elif kind and value:
            values.append(value)
    return (values, parties) if values or parties else None


def _meaning(name: str) -> tuple[str, str]:
    meaning = _meanings.get(name)
    if meaning is None:
        if len(_meanings) > _MEMO:
            _meanings.clear()
            _boring.clear()
        meaning = _meanings[name] = _look_up(name)
        if meaning is NOTHING:
            _boring.add(name)
    return meaning


def kind_of_property(name: str) -> str:
    """The kind of signal in properties of that name; empty where they tell no maker."""
    return _meaning(name)[0]


def _look_up(name: str) -> tuple[str, str]:
    """What a property of that name says: kind of signal and role. FCC IDs and hardware ids are known by any
    usual spelling (fcc:id, fccId, FCC ID).
    """
    if name in PROPERTIES:
        return PROPERTIES[name]
    parts = name.split(":")
    if len(parts) == 4 and ":".join((*parts[:2], "*", parts[3])) in PROPERTIES:
        return PROPERTIES[":".join((*parts[:2], "*", parts[3]))]
    letters = "".join(filter(str.isalnum, name.lower()))
    if letters.endswith(("fccid", "fccidentifier")):
        return "fcc-id", ""
    return next((("hardware-id", role) for role, ends in HARDWARE_IDS.items() if letters.endswith(ends)), NOTHING)


def swept_purl(purl: str) -> str:
    """What of a purl can meet a vendor: not its version, its qualifiers only where one holds a URL or a user, and its subpath."""
    if "\n" in purl:
        purl = purl.replace("\n", "")  # the values of a component are parted by line feeds
    head = purl
    if "?" in purl:
        head, _, rest = purl.partition("?")
        keys = rest.lower()
        if "url=" in keys or "user=" in keys or not rest.isascii() or ("%" in rest and purls.has_high_escape(rest)):
            return purl  # letters beyond ASCII may look like those of a key
    if "#" in purl:
        return purl
    bare, at, version = head.rpartition("@")
    if "/" in version or ("%" in version and "%2f%2f" in version.lower()):
        return head  # a version that is an address, or no version: the @ of an npm scope
    return bare if at else head


def swept(signal: Signal) -> str:
    """A signal as it stands in `Component.text`."""
    if signal.kind == "purl":
        return swept_purl(signal.value)
    return f"{signal.value}\n{split_humps(signal.value)}" if signal.kind == "name" else signal.value


def guesses_cpes(generator: str) -> bool:
    """Whether that generator makes up CPEs from package names, several for each: syft does (its `syft-generated` CPEs)."""
    return "syft" in generator.lower()


def has_fcc_id(signals: Iterable[Signal]) -> bool:
    """Whether an FCC ID is among the signals: what carries one is a radio device or module."""
    return any(signal.kind == "fcc-id" for signal in signals)
