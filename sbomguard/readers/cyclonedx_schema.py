"""The first fault that the official schema finds in a small CycloneDX document, as a note: most faults lie in parts that nobody reads here.

The schemas are those that cyclonedx-python-lib ships. The library itself is not loaded: a file is read.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from sbomguard.model import Problem
from sbomguard.readers import jsontext
from sbomguard.source import Source

if TYPE_CHECKING:  # large documents, and those of the other form, do without
    from xml.etree.ElementTree import Element

    from sbomguard.readers import schema_json, schema_xml

_MORE = "(--strict lists all such faults)"


def of_json(source: Source, version: str, noted: Iterable[str]) -> Iterator[Problem]:
    """At most one note on a JSON document below the bound of the strict pass; none on a place that is `noted` already."""
    if len(source.data) < jsontext.STRICT_BELOW and (validator := _validator(version)):
        try:
            found = validator.fault(jsontext.plain(source, msgspec.Raw(source.data)))
        except RecursionError:
            found = "", "is nested too deeply to be held against it"
        yield from _note(found, version, noted)


def of_xml(source: Source, version: str, noted: Iterable[str]) -> Iterator[Problem]:
    """The same for an XML document that was read: it has no DTD."""
    if len(source.data) < jsontext.STRICT_BELOW and (validator := _xml_validator(version)):
        try:
            found = validator.fault(_tree(source.data))
        except RecursionError:
            found = "", "is nested too deeply to be held against it"
        yield from _note(found, version, noted)


def _tree(data: bytes) -> "Element":
    from xml.etree.ElementTree import XMLParser

    parser = XMLParser(encoding="utf-8")  # noqa: S314 what makes it unsafe is in a DTD, and none gets here
    parser.feed(data)
    root: Element = parser.close()
    return root


def _note(found: tuple[str, str] | None, version: str, noted: Iterable[str]) -> Iterator[Problem]:
    if found and not is_noted(found[0], noted):
        message = f"the schema of CycloneDX {version} does not allow this: it {found[1]} {_MORE}"
        yield Problem(pointer=found[0], message=message)


def is_noted(pointer: str, noted: Iterable[str]) -> bool:
    """Whether a place is noted already, or lies in an element that is. In a path of XML `[1]` says nothing."""
    pointer = pointer.replace("[1]", "")
    places = {place.replace("[1]", "") for place in noted}
    return pointer in places or any(pointer.startswith(f"{place}/") for place in places - {"", "/bom"})


@cache
def _validator(version: str) -> "schema_json.Validator | None":
    """The validator of one version, None where its schema is not there."""
    from sbomguard.readers import schema_json

    name = f"bom-{version}.SNAPSHOT.schema.json"
    return schema_json.Validator(name, _schema) if _read(name) else None


@cache
def _xml_validator(version: str) -> "schema_xml.Validator | None":
    from sbomguard.readers import schema_xml

    text = _read(f"bom-{version}.SNAPSHOT.xsd")
    return schema_xml.Validator(_tree(_without_notes(text)), f"http://cyclonedx.org/schema/bom/{version}", _licence_id) if text else None


def _without_notes(text: bytes) -> bytes:
    """A schema without its documentation and white space, which are most of it."""
    first, *rest = text.split(b"<xs:annotation>")
    return b" ".join(b"".join([first, *[part.partition(b"</xs:annotation>")[2] for part in rest]]).split())


def _licence_id(text: str) -> str:
    from sbomguard.readers import schema_xml

    return schema_xml.one_of(licence_ids(), text)


@cache
def licence_ids() -> frozenset[str]:
    """The licences and exceptions of SPDX's list that the schemas know; none where they are not there."""
    name = "spdx.SNAPSHOT.schema.json"
    return frozenset(_schema(name)["enum"]) if _read(name) else frozenset()


@cache
def _schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(_read(name))
    return found


def _read(name: str) -> bytes:
    """The bytes of a schema file; none where it is not there."""
    path = os.path.join(_folder(), name)
    if not os.path.isfile(path):
        return b""
    with open(path, "rb") as stream:
        return stream.read()


@cache
def _folder() -> str:
    """Where the library keeps its schemas. To import it, or what finds packages in a more civil way, takes longer than all that follows."""
    specs = (finder.find_spec("cyclonedx", None) for finder in sys.meta_path if hasattr(finder, "find_spec"))
    spec = next(filter(None, specs), None)
    return os.path.join(next(iter(spec.submodule_search_locations or ()), ""), "schema", "_res") if spec else ""
