"""Version ranges in the vers notation, held against versions by univers, which knows the order of versions in each ecosystem."""

import re
from functools import lru_cache
from typing import Any

LONGEST = 200
"""Most characters of a version that is compared: no real one has more, and what compares them is not ours."""

_FORM = r"vers:[a-z][a-z0-9.+-]*/[!-~]+"
_NATIVE = r"[\[\](),^\\\s]"
"""Signs of the ecosystems' own notations, which would be taken for a part of a version."""


def complaint(text: str) -> str:
    """What is wrong with a range, in words; empty where it can be used. An unknown scheme is not wrong: nobody can tell what is in it."""
    if not re.fullmatch(_FORM, text) or re.search(_NATIVE, text):
        return "is no version range; one reads vers:npm/>=1.0|<2.0"
    scheme, _, constraints = text.removeprefix("vers:").partition("/")
    if constraints == "*" or scheme in ("all", "none"):
        return "holds all versions or none; leave it out to name all"
    if not _knows(scheme):
        return ""
    try:
        _range(text)
    except Exception as error:  # whatever univers raises
        return f"is no version range of the scheme {scheme}: {error}"
    return ""


def holds(text: str, version: str) -> bool | None:
    """Whether a version is in a range; None where nobody can tell: no version, one that its scheme cannot read, an unknown scheme."""
    if not version or len(version) > LONGEST or not _knows(text.removeprefix("vers:").partition("/")[0]):
        return None
    try:
        known = _range(text)
        return bool(known.version_class(version) in known)
    except Exception:  # whatever univers raises for a version that it cannot read
        return None


def is_known(text: str) -> bool:
    """Whether the scheme of a range is one whose order of versions is known."""
    return _knows(text.removeprefix("vers:").partition("/")[0])


def _knows(scheme: str) -> bool:
    from univers.version_range import RANGE_CLASS_BY_SCHEMES

    return scheme in RANGE_CLASS_BY_SCHEMES


@lru_cache(1000)
def _range(text: str) -> Any:
    from univers.version_range import VersionRange

    read: Any = VersionRange.from_string  # it has no types
    return read(text, validate=True)
