"""What a validator says about one place in a document, and the packages that validators come in."""

from importlib import import_module
from typing import Any

from msgspec import Struct

from sbomguard.errors import UsageError

MOST = 20
"""Violations that are listed of one document; of the others their number is told."""

LONGEST = 300
"""Characters of a sentence that are kept: some validators quote whole elements."""


class Violation(Struct, frozen=True):
    """`pointer` is one that `readers.locate` knows for this document, empty for the whole; `problem` is a sentence without its end.

    From the one after MOST on they are only counted: a validator need not look for their places and words. The `last` one, that the
    validator broke, is always told.
    """

    pointer: str
    problem: str
    last: bool = False


UNTOLD = Violation("", "")
"""One that is only counted."""


def load(module: str, package: str) -> Any:
    """A module of a package that comes with an extra. Raises UsageError where it is not installed: nothing may be skipped in silence."""
    try:
        return import_module(module)
    except ImportError:
        raise UsageError(
            f"--strict needs the package {package}, which is not installed", advice="Install it with: pip install 'sbomguard[strict]'"
        ) from None


def cut(text: str) -> str:
    """The text on one line and no longer than LONGEST."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} ..."
