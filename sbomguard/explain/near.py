"""Near misses: vendor values that a value would have met with a few letters changed. They suggest where to look and decide nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from msgspec import Struct

from sbomguard import names
from sbomguard.explain.trace import Trace
from sbomguard.matchers.index import Index
from sbomguard.matchers.match import Ref
from sbomguard.model import Signal

TABLES = {
    "party": ("party.whole", "party.core", "party.token"),
    "email": ("domain",),
    "url": ("domain", "forge"),
    "purl": ("purl.name", "purl.namespace", "purl.prefix", "forge", "domain"),
    "cpe": ("cpe",),
    "name": ("word.whole", "word.token", "word.prefix", "party.core"),
    "file": ("file", "file.prefix"),
}
"""Which tables of the index a kind of signal is compared with. FCC grantee codes are too short to be nearly anything."""

ALIKE = 0.8
"""Least share of letters in common (difflib's ratio) that makes two keys neighbours."""

SHORTEST, LONGEST = 4, 80
"""Letters of keys that are compared: of shorter ones any two are alike, of longer texts the beginning is enough."""

MOST = 3
_PARTS = 12
_COMPARED = 40


class Near(Struct, frozen=True, kw_only=True):
    """A vendor-file value that was nearly met: `alike` in percent, `why` in words."""

    vendor: str
    expected: str
    alike: int
    why: str


class Neighbours:
    """Keys of the index by pairs of adjacent letters: a look-up compares the few keys that share most pairs with a value."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._keys: dict[str, list[tuple[str, Ref]]] = {}
        self._pairs: dict[str, dict[str, list[int]]] = {}

    def of(self, signal: Signal, trace: Trace) -> tuple[Near, ...]:
        """The nearest values of vendors, best first; none for a kind of signal that has none."""
        if signal.kind not in TABLES:
            return ()
        best: dict[tuple[str, str], Near] = {}
        for part in _parts(signal, trace):
            for near in (*self._inside(signal.kind, part), *self._alike(signal.kind, part)):
                known = best.get((near.vendor, near.expected))
                if known is None or known.alike < near.alike:
                    best[near.vendor, near.expected] = near
        return _first(best.values())

    def _alike(self, kind: str, part: str) -> Iterator[Near]:
        keys, pairs = self._table(kind)
        shared = Counter(number for pair in set(_pairs(part)) for number in pairs.get(pair, ()))
        for number, common in shared.most_common(_COMPARED):
            key, ref = keys[number]
            if common * 3 < len(key) - 1 or key == part:
                continue
            ratio = SequenceMatcher(None, part, key, autojunk=False).ratio()
            if ratio >= ALIKE:
                yield self._near(ref, round(100 * ratio), f"'{part}' differs from '{key}'")

    def _inside(self, kind: str, part: str) -> Iterator[Near]:
        """Values that are whole words of the vendor's but stand inside a longer word here: `zte` in `aztec`."""
        if kind not in ("party", "name"):
            return
        for word in part.split():
            for end in range(3, len(word) + 1):
                for start in range(len(word) - end + 1):
                    inner = word[start : start + end]
                    refs = self._index.look_up("party.core", inner) if len(inner) < len(word) else ()
                    if refs:
                        yield self._near(refs[0], 0, f"'{inner}' stands inside the word '{word}', and only whole words count")

    def _near(self, ref: Ref, alike: int, why: str) -> Near:
        block = self._index.blocks[ref.block]
        return Near(vendor=self._index.vendor_names[block.vendor], expected=block.values[ref.value], alike=alike, why=why)

    def _table(self, kind: str) -> tuple[list[tuple[str, Ref]], dict[str, list[int]]]:
        """The keys of a kind, a package URL's and an account's without type and host, and for each pair of letters which keys hold it."""
        if kind not in self._keys:
            keys = [
                (short, refs[0])
                for table in TABLES[kind]
                for key, refs in self._index.tables.get(table, {}).items()
                if len(short := _short(table, key)) >= SHORTEST
            ]
            pairs: dict[str, list[int]] = {}
            for number, (key, _) in enumerate(keys):
                for pair in set(_pairs(key)):
                    pairs.setdefault(pair, []).append(number)
            self._keys[kind], self._pairs[kind] = keys, pairs
        return self._keys[kind], self._pairs[kind]


def nearest(all_neighbours: Iterable[Neighbours], signal: Signal, trace: Trace) -> tuple[Near, ...]:
    """The nearest values of vendors in any of several indexes, best first."""
    return _first(near for neighbours in all_neighbours for near in neighbours.of(signal, trace))


def _first(found: Iterable[Near]) -> tuple[Near, ...]:
    return tuple(sorted(found, key=lambda near: (-near.alike, near.vendor, near.expected))[:MOST])


def _short(table: str, key: str) -> str:
    return (key.partition("/")[2] if table.startswith(("purl", "forge")) else key)[:LONGEST]


def _pairs(text: str) -> list[str]:
    return [text[number : number + 2] for number in range(len(text) - 1)]


def _parts(signal: Signal, trace: Trace) -> tuple[str, ...]:
    """What of a value is compared: each key as a whole, and single words of names, parts of paths, domains without their subdomains."""
    parts: list[str] = []
    for key in trace.keys[:_PARTS]:
        if signal.kind == "party":
            parts += [key, *(word for word in key.split()[:_PARTS] if word not in names.BUSINESS_WORDS and word not in names.PLACES)]
        elif signal.kind == "name":
            parts += [key, *key.split()[:_PARTS]]
        elif signal.kind in ("url", "email"):
            host, *path = key.split("/")
            parts += [host, ".".join(host.split(".")[-2:]), *path[:1]]
        elif signal.kind == "purl":
            path = key.split("/")[1:]
            parts += ["/".join(path), *path[-1:], *path[:1]]
        else:
            parts.append(key)
    return tuple(part for part in dict.fromkeys(part[:LONGEST] for part in parts) if len(part) >= SHORTEST)
