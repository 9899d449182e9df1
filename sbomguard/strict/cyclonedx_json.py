"""CycloneDX JSON held against the JSON schema of its version, which cyclonedx-python-lib ships, by jsonschema-rs.

Python's own jsonschema is no way: it compares every component with every other (`uniqueItems`), and needs minutes where this needs less
than a second.
"""

from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Any

import msgspec

from sbomguard.model import Document
from sbomguard.source import Source
from sbomguard.strict.violation import MOST, UNTOLD, Violation, load

_BASE = "http://cyclonedx.org/schema/"
_PARTS = ("spdx.SNAPSHOT.schema.json", "cryptography-defs.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json")
_MASK = "the value"
"""Stands in the validator's sentences for the value, which may be the whole document."""

_SHORT = 60
"""Longest value that is quoted, in characters."""

VERSIONS = ("1.2", "1.3", "1.4", "1.5", "1.6", "1.7")


def violations(source: Source, document: Document) -> Iterator[Violation]:
    """What the schema does not allow, formats (dates, URLs, ...) included. Of 1.2 and 1.3 it is the strict schema, as of all later ones."""
    if document.version not in VERSIONS:
        yield Violation("/specVersion", f"there is no JSON schema of CycloneDX {document.version}".rstrip())
        return
    for number, error in enumerate(_validator(document.version).iter_errors(msgspec.json.decode(source.data))):
        yield _violation(_innermost(error)) if number < MOST else UNTOLD


@lru_cache
def _validator(version: str) -> Any:
    engine = load("jsonschema_rs", "jsonschema-rs")
    strict = "-strict" if version in ("1.2", "1.3") else ""
    return engine.Draft7Validator(
        _schema(f"bom-{version}{strict}.SNAPSHOT.schema.json"),
        registry=engine.Registry([(_BASE + name, _schema(name)) for name in _PARTS], retriever=_fetch_nothing),
        retriever=_fetch_nothing,
        validate_formats=True,
        mask=_MASK,
    )


def _schema(name: str) -> Any:
    return msgspec.json.decode((files("cyclonedx.schema") / "_res" / name).read_bytes())


def _fetch_nothing(address: str) -> Any:
    raise LookupError(f"{address} is not among the schemas that are here")


def _innermost(error: Any) -> Any:
    """Where a value fits none of several forms: what keeps it from the form in which the mistake lies deepest. That is the one meant."""
    while branches := [branch for branch in getattr(error.kind, "context", None) or () if branch]:
        deepest = max(branches, key=lambda branch: (len(branch[0].instance_path), -len(branch)))[0]
        if len(deepest.instance_path) <= len(error.instance_path):
            break
        error = deepest
    return error


def _violation(error: Any) -> Violation:
    pointer = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in error.instance_path)
    return Violation(pointer, _sentence(error))


def _sentence(error: Any) -> str:
    """The validator's sentence, with the value in it if that is short."""
    said, value = str(error.message), error.instance
    if said.startswith(_MASK) and isinstance(value, str | int | float) and len(str(value)) <= _SHORT:
        return msgspec.json.encode(value).decode() + said[len(_MASK) :]
    return said
