"""CPE names: the vendor field, or vendor and product together."""

from collections.abc import Iterator

from sbomguard import cpe
from sbomguard.matchers.index import Index
from sbomguard.matchers.match import Match
from sbomguard.model import Signal

TABLES = ("cpe",)
"""Tables of the index that are asked, up to their first full stop."""


def match(signal: Signal, index: Index) -> Iterator[Match]:
    """Vendors with that CPE vendor string; vendor:product decides over vendor. A wildcard vendor meets nobody."""
    for key in keys(signal.value):
        refs = index.look_up("cpe", key)
        for ref in refs:
            yield Match(ref, key)
        if refs:
            return


def keys(text: str) -> tuple[str, ...]:
    """`vendor:product` and `vendor` of a CPE that names a vendor."""
    name = cpe.parse(text)
    return (f"{name.vendor}:{name.product}", name.vendor) if name and name.vendor else ()
