"""FCC IDs: the grantee code that the FCC gives to one applicant (47 CFR 2.926)."""

import re
from collections.abc import Iterator

from sbomguard.matchers.index import Index
from sbomguard.matchers.match import Match
from sbomguard.model import Signal
from sbomguard.names import fold

TABLES = ("fcc",)
"""Tables of the index that are asked, up to their first full stop."""

_LABEL = re.compile(r"\A.*\bfcc[\s_:-]*id(?:entifier)?\b[\s:=#]*", re.DOTALL)
_LIST = re.compile(r"[,;/|\n]+|\band\b")


def match(signal: Signal, index: Index) -> Iterator[Match]:
    """Vendors with the grantee code of that FCC ID, or of one in a list of them."""
    for code in grantee_codes(signal.value):
        for ref in index.look_up("fcc", code):
            yield Match(ref, code)


def grantee_codes(text: str) -> tuple[str, ...]:
    """The code of each ID: three characters of one that starts with a letter, five of one with a digit (47 CFR 2.926(c)(1))."""
    plain = _LABEL.sub("", fold(text))
    ids = ("".join(filter(str.isalnum, part)) for part in _LIST.split(plain))
    return tuple(part[:5] if part[0].isdigit() else part[:3] for part in ids if len(part) > 3 and part.isascii())
