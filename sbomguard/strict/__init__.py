"""`--strict`: each document held against the official schema or model of its format, beside all that is checked anyway.

A validator here is a module with `violations(source, document)`. It is imported, with the packages of the extra `strict`, when a document
of its format is there.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Protocol

from sbomguard import readers
from sbomguard.errors import SbomguardError
from sbomguard.model import Document
from sbomguard.source import Source
from sbomguard.strict.violation import MOST, Violation, cut
from sbomguard.verdict import INVALID, Failure

VALIDATORS = {
    "cyclonedx_json": "cyclonedx_json",
    "cyclonedx_xml": "cyclonedx_xml",
    "spdx2_json": "spdx2",
    "spdx2_rdf": "spdx2",
    "spdx2_tagvalue": "spdx2",
    "spdx2_xml": "spdx2",
    "spdx2_yaml": "spdx2",
    "spdx3_jsonld": "spdx3",
}
"""Which module of this package validates what a reader has read."""


class Validator(Protocol):
    """A module with this function validates documents of one family of formats."""

    violations: Callable[[Source, Document], Iterator[Violation]]


def validate(source: Source, document: Document) -> tuple[Failure, ...]:
    """What is wrong with a document that was read from the source, by its format's official rules; nothing where it is valid.

    A document that no validator here knows, or at which one breaks, has not been validated, and that is a failure too. Raises UsageError
    where a package is not installed.
    """
    found: list[Violation] = []
    count = 0
    for violation in _violations(source, document):
        count += 1
        if count <= MOST or violation.last:
            found.append(violation)
    if not found:
        return ()
    places = readers.locate(source) if any(violation.pointer for violation in found) else None
    listed = sorted((_failure(source, places, violation) for violation in found), key=lambda item: (item.line, item.column))
    if count > len(found):
        listed.append(_failure(source, None, Violation("", f"and {count - len(found)} more violations of {_kind(document)}")))
    return tuple(listed)


def _violations(source: Source, document: Document) -> Iterator[Violation]:
    """What the validator says, and at the end that it broke if it did: then it has not said that the document is valid."""
    name = VALIDATORS.get(source.reader)
    if name is None:
        yield Violation("", f"{_kind(document)} cannot be validated: there is no official schema or model here")
        return
    validator: Validator = import_module(f"{__name__}.{name}")
    try:
        yield from validator.violations(source, document)
    except (SbomguardError, MemoryError):
        raise
    except (Exception, SystemExit) as error:
        yield Violation("", f"the validator gave up: {type(error).__name__} {error}".rstrip(), last=True)


def _kind(document: Document) -> str:
    return f"{document.format} {document.version}".strip()


def _failure(source: Source, places: "readers.Places | None", violation: Violation) -> Failure:
    line = column = 0
    if places and violation.pointer:
        place = places.locate(violation.pointer)
        line, column = place.line, place.column
    return Failure(
        path=source.name, pointer=violation.pointer, problem=cut(violation.problem), advice="", kind=INVALID, line=line, column=column
    )
