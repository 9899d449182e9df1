"""USB and PCI vendor ids and MAC addresses: the maker's number in any usual spelling, from properties to the finding."""

import json

import pytest

from sbomguard import check
from sbomguard.matchers.index import Index
from sbomguard.pack import Pack
from sbomguard.source import Source
from tests import made
from tests.made import signal


@pytest.fixture(scope="module")
def index() -> Index:
    return made.index_of({"signal": "hardware", "values": ["usb:ab12", "pci:cd34", "oui:0a1b2c"]})


HITS = [
    ("usb", "ab12"), ("usb", "AB12"), ("usb", "0xAB12"), ("usb", "ab12:0001"), ("usb", "USB\\VID_AB12&PID_0001"), ("usb", "VID_AB12"),
    ("usb", "usb:vAB12p0001d0100"), ("usb", " ab12 "),
    ("pci", "cd34"), ("pci", "0xCD34"), ("pci", "cd34:5678"), ("pci", "PCI\\VEN_CD34&DEV_5678"), ("pci", "pci:v0000CD34d00005678"),
    ("oui", "0A:1B:2C:00:00:01"), ("oui", "0a-1b-2c-00-00-01"), ("oui", "0a1b.2c00.0001"), ("oui", "0A1B2C"), ("oui", "0a:1b:2c"),
    ("oui", "0A1B2C000001"),
]  # fmt: skip
MISSES = [
    ("usb", "cd34"), ("usb", "0001:ab12"), ("usb", "ab123"), ("usb", "ab1"), ("usb", ""), ("usb", "Acme"), ("pci", "ab12"),
    ("pci", "8086:cd34"), ("oui", "0b:1b:2c:00:00:01"), ("oui", "00:0a:1b:2c:00:00"), ("oui", "0a:1b"), ("oui", "none"),
]  # fmt: skip


@pytest.mark.parametrize(("bus", "text"), HITS)
def test_the_makers_number_is_met(bus: str, text: str, index: Index) -> None:
    assert set(made.met(index, signal("hardware-id", text, bus)).values()) == {"decisive"}


@pytest.mark.parametrize(("bus", "text"), MISSES)
def test_other_numbers_are_not(bus: str, text: str, index: Index) -> None:
    assert made.met(index, signal("hardware-id", text, bus)) == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("usb:vendorId", "0x12d1"),
        ("hw:usb_vid", "12D1"),
        ("PCI vendor ID", "19e5"),
        ("pci:id", "19e5:1822"),
        ("mac-address", "00:E0:FC:01:02:03"),
    ],
)
def test_a_device_is_found_by_a_property(name: str, value: str, pack: Pack) -> None:
    parts = [{"bom-ref": "d", "type": "device", "name": "modem", "properties": [{"name": name, "value": value}]}]
    document = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": parts}
    verdict = check.check([Source("made.json", json.dumps(document).encode())], pack, today=made.TODAY)
    assert [(item.vendor, item.relation, item.level) for item in verdict.findings] == [("huawei", "made-by", "prohibited")]
    assert verdict.findings[0].evidence[0].field == f"properties[{name}]"
