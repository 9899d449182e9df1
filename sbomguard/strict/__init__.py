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
    name = VALIDATORS.get(source.reader)
    if name is None:
        return (_failure(source, Violation("", f"{_kind(document)} cannot be validated: there is no official schema or model here")),)
    validator: Validator = import_module(f"{__name__}.{name}")
    found: list[Violation] = []
    count = 0
    try:
        for violation in validator.violations(source, document):
            count += 1
            if len(found) < MOST:
                found.append(violation)
    except (SbomguardError, MemoryError):
        raise
    except (Exception, SystemExit) as error:  # a validator that breaks, or leaves the process, has not said that the document is valid
        count += 1
        found.append(Violation("", f"the validator gave up: {type(error).__name__} {error}".rstrip()))
    listed = sorted((_failure(source, violation) for violation in found), key=lambda item: (item.line, item.column))
    if count > len(found):
        listed.append(_failure(source, Violation("", f"and {count - len(found)} more violations of {_kind(document)}")))
    return tuple(listed)


def _kind(document: Document) -> str:
    return f"{document.format} {document.version}".strip()


def _failure(source: Source, violation: Violation) -> Failure:
    line = column = 0
    if violation.pointer:
        place = readers.locate(source).locate(violation.pointer)
        line, column = place.line, place.column
    return Failure(
        path=source.name, pointer=violation.pointer, problem=cut(violation.problem), advice="", kind=INVALID, line=line, column=column
    )
