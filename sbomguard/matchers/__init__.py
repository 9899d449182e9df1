"""From components to those that are tied to a vendor, with what ties them; `evidence` judges one, modules beside it read a signal each."""

from collections.abc import Iterable, Iterator, Sequence

from sbomguard.finding import Evidence
from sbomguard.matchers.index import Index
from sbomguard.matchers.sweep import NAMES_ALONE, Sweep
from sbomguard.model import Component


def match(components: Iterable[Component], index: Index, day: str) -> Iterator[tuple[Component, tuple[Evidence, ...]]]:
    """Each component that anything ties to a vendor, with all evidence; `day` (YYYY-MM-DD) decides whose a sold business was, where the
    component does not say of when it is."""
    return match_all(components, (index,), day)


def match_all(
    components: Iterable[Component], indexes: Sequence[Index], day: str
) -> Iterator[tuple[Component, tuple[Evidence, ...]]]:  # fmt: skip
    """As `match`, against several indexes, in the order of the components. No index knows of another, so none hides what another meets."""
    items = tuple(components)
    swept = Sweep(items)
    found: dict[int, tuple[Evidence, ...]] = {}
    for index in indexes:
        values, makers = swept.suspects(index)
        if not values and not makers:
            continue
        from sbomguard.matchers import evidence  # and with it all matchers, of which most runs need none

        parties = swept.naming(evidence.meeting(makers, index) if index.kinds <= NAMES_ALONE else makers)
        for number in sorted(values | parties):
            told = evidence.of_component(items[number], index, day, values=number in values, parties=number in parties)
            if told:
                found[number] = found.get(number, ()) + told
    yield from ((items[number], found[number]) for number in sorted(found))
