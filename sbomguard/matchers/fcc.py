"""FCC IDs: the grantee code that the FCC gives to one applicant (47 CFR 2.926)."""

import re
from collections.abc import Iterator

from sbomguard.matchers.index import Index
from sbomguard.matchers.match import Match
from sbomguard.model import Signal

_LABEL = re.compile(r"\s*fcc\s*[-_:]?\s*id\s*[:=#]?\s*", re.IGNORECASE)


def match(signal: Signal, index: Index) -> Iterator[Match]:
    """Vendors with the grantee code of that FCC ID."""
    code = grantee_code(signal.value)
    for ref in index.look_up("fcc", code):
        yield Match(ref, code)


def grantee_code(text: str) -> str:
    """The first three characters of an ID that starts with a letter, five of one that starts with a digit (47 CFR 2.926(c)(1))."""
    plain = re.sub(r"[\s-]", "", _LABEL.sub("", text)).lower()
    if not plain.isalnum() or len(plain) < 4:
        return ""
    return plain[:5] if plain[0].isdigit() else plain[:3]
