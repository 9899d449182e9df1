"""Whom to ask at a supplier: held against the lists as an author is, and no answer to who made a part of an unknown supplier."""

import json
from typing import Any
from xml.sax.saxutils import escape

import pytest

from sbomguard import identity, readers
from sbomguard.check import check
from sbomguard.model import Document
from sbomguard.pack import Pack
from sbomguard.source import Source
from tests import made


def as_json(supplier: str, contact: str) -> str:
    part: dict[str, Any] = {"type": "library", "name": "netlib", "supplier": {"name": supplier, "contact": [{}, {"name": contact}]}}
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [part]})


def as_xml(supplier: str, contact: str) -> str:
    names = f"<name>{escape(supplier)}</name><contact/><contact><name>{escape(contact)}</name></contact>"
    part = f'<component type="library"><name>netlib</name><supplier>{names}</supplier></component>'
    return f'<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components>{part}</components></bom>'


def read(text: str) -> Document:
    return readers.read(Source("made", text.encode()))


every_form = pytest.mark.parametrize(("form", "at"), [(as_json, "/supplier/contact/1/name"), (as_xml, "/supplier/contact[2]/name")])


@every_form
def test_whom_to_ask_is_an_author(form: Any, at: str) -> None:
    (part,) = read(form("Norfolk Valves", "Huawei PSIRT")).components
    (contact,) = [signal for signal in part.signals if signal.field == "supplier.contact.name"]
    assert (contact.kind, contact.role, contact.at, contact.value) == ("party", "author", at, "Huawei PSIRT")


@every_form
@pytest.mark.parametrize(("contact", "outcome"), [("Huawei PSIRT", "fail"), ("Huawei Zhang", "pass"), ("Jane Doe", "pass")])
def test_whom_to_ask_is_held_against_the_lists(form: Any, at: str, contact: str, outcome: str, pack: Pack) -> None:
    source = Source("made", form("Norfolk Valves", contact).encode())
    assert check([source], pack, today=made.TODAY).outcome == outcome


@every_form
@pytest.mark.parametrize("supplier", ["", "Unknown", "NOASSERTION"])
def test_whom_to_ask_does_not_say_who_made_it(form: Any, at: str, supplier: str) -> None:
    (part,) = read(form(supplier, "Jane Doe")).components
    assert identity.why_unidentified(part)
