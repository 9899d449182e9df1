"""CPE names: the vendor field, or vendor and product together."""

import re
from collections.abc import Iterator

from sbomguard import cpe
from sbomguard.matchers import word
from sbomguard.matchers.index import Index
from sbomguard.matchers.match import Match
from sbomguard.model import Signal

TABLES = ("cpe", "word")
"""Tables of the index that are asked, up to their first full stop."""
LITERAL = 2
"""Fewest letters beside wildcards that mean anybody."""

_WILD = r"[*?]"


def match(signal: Signal, index: Index) -> Iterator[Match]:
    """Vendors with that CPE vendor string; vendor:product decides over vendor.

    Wildcards in the vendor meet whomever they could mean, and support only. A vendor that is all wildcard says nothing: then the product is
    read as a name, and as a vendor for the case that the fields have slipped.
    """
    for key in keys(signal.value):
        refs = index.look_up("cpe", key)
        for ref in refs:
            yield Match(ref, key)
        if refs:
            return
    name = cpe.parse(signal.value)
    if name and not name.vendor and name.product:
        for ref in index.look_up("cpe", name.product):
            yield Match(ref, name.product, weaken="supporting", why="it stands for the product, and no vendor is named")
        for found in word.match(Signal("name", "", signal.field, signal.at, name.product), index):
            yield Match(found.ref, found.key, found.folded, found.weaken or "supporting", "the product, of whatever vendor")
    elif name and len(re.sub(_WILD, "", name.vendor)) >= LITERAL and re.search(_WILD, name.vendor):
        pattern = re.compile("".join({"*": ".*", "?": "."}.get(part, re.escape(part)) for part in re.split(f"({_WILD})", name.vendor)))
        for key, refs in index.tables.get("cpe", {}).items():
            if pattern.fullmatch(key.partition(":")[0]):
                yield from (Match(ref, key, weaken="supporting", why="a wildcard that could mean it") for ref in refs)


def keys(text: str) -> tuple[str, ...]:
    """`vendor:product` and `vendor` of a CPE that names a vendor."""
    name = cpe.parse(text)
    return (f"{name.vendor}:{name.product}", name.vendor) if name and name.vendor else ()
