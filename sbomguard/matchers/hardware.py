"""Numbers that registries give to one maker of hardware: USB and PCI vendor ids, and the first half of a MAC address (OUI)."""

import re
from collections.abc import Iterator

from sbomguard.matchers.index import Index
from sbomguard.matchers.match import Match, Ref
from sbomguard.model import Signal

TABLES = ("hardware",)
"""Tables of the index that are asked, up to their first full stop."""

_FORMS = {
    "usb": r"(?:usb\W)?(?:vid[_\W]*|0x|v)?([0-9a-f]{4})(?![0-9a-f])",
    "pci": r"(?:pci\W)?(?:v0000([0-9a-f]{4})d|(?:ven[_\W]*|0x)?([0-9a-f]{4})(?![0-9a-f]))",
    "oui": r"([0-9a-f]{2})[-:. ]?([0-9a-f]{2})[-:. ]?([0-9a-f]{2})(?![0-9a-f]{1,5}$)",
}
"""How the numbers are written: `12d1`, `0x12d1`, `12d1:1506`, `VID_12D1&PID_1506`, `usb:v12D1p1506`; `00-E0-FC`, `00e0.fc12.3456`."""


def match(signal: Signal, index: Index) -> Iterator[Match]:
    """Vendors to whom the number was given. These values stand in no table: hardly any component has such a signal."""
    key = number_of(signal.role, signal.value)
    for block, identity in enumerate(index.blocks):
        if key and identity.signal == "hardware" and key in identity.values:
            yield Match(Ref(block, identity.values.index(key)), key)


def number_of(role: str, text: str) -> str:
    """`usb:12d1`, `pci:19e5` or `oui:00e0fc` for a value of that role; empty for what is none."""
    form = _FORMS.get(role)
    found = re.match(form, text.strip().lower()) if form else None
    return f"{role}:{''.join(filter(None, found.groups()))}" if found else ""
