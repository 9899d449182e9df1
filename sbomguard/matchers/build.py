"""The tables of an index, made of vendors and of the rules that name components; a run that finds its policies compiled makes none."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from sbomguard import names
from sbomguard.errors import PolicyError
from sbomguard.matchers.index import SHORTEST, STUBS, Index, key_of, key_of_named, veto_key
from sbomguard.matchers.match import Ref
from sbomguard.matchers.net import BEGINNING, forms_of
from sbomguard.model import FCC_MARK
from sbomguard.packed import pack_rows, pack_shelf, pack_words
from sbomguard.policy import Entry, Identity, Named, Vendor

TRUNCATED = 7
"""Most letters of a cut word by which a prefix value is found in the first sweep."""


def build(vendors: Iterable[Vendor], rules: Iterable[tuple[str, Entry]] = ()) -> Index:
    """Index the vendors, and the rules (`list/entry`) whose entries name components.

    A value that normalises to nothing raises PolicyError: it would match nothing, or everything.
    """
    blocks: list[Identity] = []
    tables: dict[str, dict[str, list[Ref]]] = {}
    vetoes: dict[str, dict[str, list[str]]] = {}
    vendor_names: dict[str, str] = {}
    for vendor in vendors:
        vendor_names[vendor.vendor] = vendor.name
        for block in vendor.identities:
            for number, value in enumerate(block.values):
                place = f"{vendor.place}/identities/{vendor.identities.index(block)}/values/{number}".lstrip("/")
                table, key = key_of(block.signal, block.match, value, vendor.origin, place)
                rows = tables.setdefault(table, {})
                if block.signal != "hardware":  # looked for in the blocks themselves, once in a blue moon
                    rows.setdefault(key, []).append(Ref(len(blocks), number))
            blocks.append(block)
        for friend in vendor.false_friends:
            for value in friend.values:
                vetoes.setdefault(friend.signal, {}).setdefault(veto_key(friend.signal, value), []).append(vendor.vendor)
    named: dict[str, Named] = {}
    for rule, entry in rules:
        vendor_names[rule] = entry.title
        for item in entry.components:
            table, key = key_of_named(item)
            tables.setdefault(table, {}).setdefault(key, []).append(Ref(len(blocks), 0))
            named[str(len(blocks))] = item
            blocks.append(
                Identity(vendor=rule, signal="named", match=table, values=(item.told,), relation="named", confidence=entry.confidence)
            )
    words, stubs = _sweep_words(tables)
    party_keys = [key for table in _PARTY_TABLES for key in tables.get(table, ())]
    joinable = _joinable({key: _misspelt(refs, blocks) for table in _PARTY_TABLES for key, refs in tables.get(table, {}).items()})
    known = {word for table in tables.values() for key in table for word in key.split()} | names.BUSINESS_WORDS | names.PLACES
    masks = {mask: word for word in sorted(joinable) for mask in names.masks(word) if mask not in known}
    alike = names.shapes(word for key in party_keys for word in key.split())
    net = _net(tables, blocks)
    cut = {table: list(keys) for table, keys in tables.items() if "prefix" in table or table == "party.cjk"} | {STUBS: list(stubs)}
    return Index(
        identities=pack_rows(blocks),
        makers=pack_shelf(vendor_names),
        keys={table: pack_shelf(keys) for table, keys in tables.items()},
        lengths={table: lengths_of(keys) for table, keys in cut.items()},
        heads={table: _heads(keys) for table, keys in cut.items() if "prefix" in table},
        vetoes={signal: {key: tuple(ids) for key, ids in keys.items()} for signal, keys in vetoes.items()},
        sweep=pack_words(words),
        others=pack_shelf({word: others for word, others in words.items() if others != ((),) and word not in masks}),
        beginnings=pack_words(stubs),
        parted=pack_words(joinable),
        alike=pack_shelf(alike),
        looking=pack_words(alike),
        masking=pack_words(masks),
        masked=pack_shelf(masks),
        net=net,
        sought={word: _sought(word) for word in net},
        named=named,
    )


def _heads(keys: list[str]) -> frozenset[str]:
    """The beginnings of keys, cut to the shortest."""
    least = min(map(len, keys), default=0)
    return frozenset(key[:least] for key in keys)


def lengths_of(keys: Iterable[str]) -> tuple[int, ...]:
    """The lengths of keys, longest first."""
    return tuple(sorted({len(key) for key in keys}, reverse=True))


_PARTY_TABLES = ("party.whole", "party.core", "party.token")

JOINABLE = 5
"""Shortest word that is recognised when it is written apart."""


def _joinable(keys: dict[str, bool]) -> frozenset[str]:
    """Words that are a vendor's whole name, or part of several of its names; common words and wrong spellings (True) are left out."""
    counts = Counter(word for key in keys for word in key.split())
    known = {key for key, misspelt in keys.items() if not misspelt}
    common = names.BUSINESS_WORDS | names.PLACES | COMMON_WORDS
    return frozenset(
        word for word, count in counts.items()
        if len(word) >= JOINABLE and word.isascii() and word not in common and (word in known or count >= 6)
    )  # fmt: skip


def _misspelt(refs: list[Ref], blocks: list[Identity]) -> bool:
    """Whether a key is only a wrong spelling: nobody writes that apart as well."""
    return all(blocks[ref.block].kind == "misspelling" for ref in refs)


def _net(tables: dict[str, dict[str, list[Ref]]], blocks: list[Identity]) -> dict[str, tuple[str, ...]]:
    """The names by which vendors go today that are theirs alone; of each vendor its own before those of its subsidiaries, and of these
    those that most of its values hold.

    Words in other scripts that mean the vendor only as a whole name are left out, and of names that hold another the longer. A folder of
    more than NET_VENDORS vendors has none: names of so many stand in any text.
    """
    own: set[tuple[str, str]] = set()
    found: dict[str, set[str]] = {}
    for table in (*_PARTY_TABLES, "party.cjk"):
        for key, refs in tables.get(table, {}).items():
            named = [blocks[ref.block] for ref in refs if _is_name(key, blocks[ref.block])]
            owners = {block.vendor for block in named}
            own.update((block.vendor, key) for block in named if block.kind != "subsidiary")
            if owners and (key.isascii() or table != "party.whole"):
                found.setdefault(key, set()).update(owners)
    by_vendor: defaultdict[str, list[str]] = defaultdict(list)
    for key, owners in found.items():
        for vendor in owners:
            by_vendor[vendor].append(key)
    counts = Counter((block.vendor, part) for block in blocks for value in block.values for part in re.split(r"[\W_]+", value.lower()))
    if len(by_vendor) > NET_VENDORS:
        return {}
    net: dict[str, set[str]] = {}
    for vendor, keys in sorted(by_vendor.items()):
        bare = [key for key in keys if not any(part != key and part in found for part in _parts_of_name(key))]
        text = "\n".join(value for block in blocks if block.vendor == vendor for value in block.values if not value.isascii()).lower()
        rank = {key: min(counts[vendor, part] for part in key.split()) if key.isascii() else text.count(key) for key in bare}
        for native, most in ((False, NET_MOST), (True, 2 * NET_MOST)):
            mine = [key for key in bare if key.isascii() != native]
            for *_, key in sorted(((vendor, key) not in own, -rank[key], key) for key in mine)[:most]:
                net.setdefault(key, set()).add(vendor)
    return {key: tuple(sorted(net[key])) for key in sorted(net)}


def _parts_of_name(key: str) -> Iterator[str]:
    """What another name that this one holds could be: beginnings of its words, and of names in other scripts any part."""
    for word in key.split():
        starts = range(1) if word.isascii() else range(len(word))
        yield from (word[start:end] for start in starts for end in range(start + 2, len(word) + 1))


def _sought(word: str) -> str:
    """What is looked for of a name in bytes: of several words the first that is long enough and that not all software shares, and of one
    with cases of letters beyond ASCII its beginning. Of a name of very short words all is looked for."""
    key = max(word.split(), key=lambda part: (min(len(part), BEGINNING), rarity(part)))
    if word.isascii():
        return key if len(key) >= SHORTEST else word
    cased = [at for at, sign in enumerate(key, start=1) if len(forms_of(sign)) > 1]
    return key[: cased[_CASED - 1]] if len(cased) > _CASED else key


_CASED = 3
"""So many letters beyond ASCII are looked for in either case: each doubles the keys."""

NET_MOST = 2
"""So many names of a vendor in Latin letters are looked for in all bytes, and twice as many in its own script: a few dozen are found as
fast as one, more are not."""

NET_VENDORS = 100
"""Most vendors of a folder whose names are looked for in all bytes."""


def _is_name(key: str, block: Identity) -> bool:
    if block.relation != "made-by" or block.strength != "decisive" or block.until or block.kind not in _NAMES:
        return False
    if not key.isascii():
        return True
    return len(key) >= (JOINABLE if block.kind == "subsidiary" else SHORTEST) and key.count(" ") <= (block.kind != "subsidiary")


_NAMES = ("", "legal", "native", "brand", "subsidiary")
"""Kinds of names that are no misspellings, transliterations or names of the past."""

_SWEPT = ("party", "word", "domain", "purl", "forge", "cpe", "file", "named")


def _sweep_words(tables: dict[str, dict[str, list[Ref]]]) -> tuple[dict[str, tuple[tuple[str, ...], ...]], frozenset[str]]:
    """For each key one word that any value meeting it must hold, with the other words it must hold; for prefix keys their beginnings,
    and those of single words to which a trade may be glued.

    The word is the key's rarest in SBOMs: none that all software shares, and of the others the one that most keys have (a brand).
    An FCC ID is always looked up, by its mark.
    """
    split = [
        (_parts(table, key), "prefix" in table and key[-1:].isalnum(), table == "word.token")
        for table in tables
        if table.startswith(_SWEPT)
        for key in tables[table]
    ]
    counts = Counter(part for parts, *_ in split for part in parts)
    words: dict[str, set[tuple[str, ...]]] = {FCC_MARK: {()}}
    stubs: set[str] = set()
    for parts, cut, brand in split:
        if not parts:
            continue
        last = parts[-1]
        whole = parts[:-1] if cut else parts
        if cut and not set(whole) - COMMON_WORDS:
            stubs.add(_stub(last))
        elif whole:
            if brand and len(whole) == 1 and len(last) >= SHORTEST:
                stubs.add(_stub(last))
            word = max(whole, key=lambda part: (rarity(part), counts[part], len(part)))
            words.setdefault(word, set()).add(tuple(part for part in whole if part != word))
    return {word: tuple(sorted(others)) for word, others in words.items()}, frozenset(stubs)


def _parts(table: str, key: str) -> list[str]:
    """The words of a key; of one that is not plain ASCII none, for such values are always looked up."""
    lower = key.lower()
    if table.startswith(("purl", "forge", "named.purl")):
        lower = lower.partition("/")[2]  # the type or the host is in thousands of values
    return [part for part in re.split("[^a-z0-9]+", lower) if part] if lower.isascii() else []


def _stub(text: str) -> str:
    if len(text) < SHORTEST:
        raise PolicyError(f"the prefix '{text}' is shorter than {SHORTEST} letters", advice="Write a longer one, or exact values")
    return text[:TRUNCATED]


COMMON_WORDS = frozenset(
    (
        "agent android api apache audio aviation base camera cli client cloud cn com connect core cpp crypto dev device driver eclipse "
        "firmware git gitee github gitlab global http https image intelligent io ios java js kernel lib libs linux lite media metric "
        "micro net node open org pacific play plugin power python radio robotics sdk security semiconductor sensor server service "
        "chips console control digital engine group hub international labs libc memory new platform plat pro free sample services usa "
        "info mail project support team silicone smart start storage tech tools utils video watch web www"
    ).split()
)
"""Words of vendor values that thousands of other values hold too."""


_SHARED = (COMMON_WORDS | names.BUSINESS_WORDS | names.PLACES) - {"hi"}  # HiSilicon's files begin so


def rarity(part: str) -> int:
    """How few values of SBOMs hold the word: least those that software or companies share, then numbers."""
    return 0 if part in _SHARED else 1 if part.isdigit() else 2
