"""Every vendor's identities in tables that a look-up answers at once, whatever their number."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from msgspec import Struct

from sbomguard import names, weburl
from sbomguard import purl as package_url
from sbomguard.errors import PolicyError
from sbomguard.matchers.match import Match, Ref
from sbomguard.model import FCC_MARK
from sbomguard.packed import Packed, Rows, Shelf, pack_rows, pack_shelf, pack_words
from sbomguard.policy import Entry, Identity, Named, Vendor

AFFIXES = ("py", "lib", "node", "go", "open", "aio")
"""What software puts before the name of what it is about: pyezviz, libhikvision."""

LONG = 5
"""Shortest word that is looked for behind such a prefix: `pydjinni` is not about DJI."""

TRUNCATED = 7
SHORTEST = 3
"""Lengths of the cut words by which a prefix value is found in the first sweep: at most, at least."""


class Index(Struct, frozen=True, kw_only=True, dict=True):
    """What is known of vendors, by what it is looked up under; most of it stays encoded until it is asked for.

    `lengths` gives the key lengths of prefix tables, of `party.cjk` and of the stubs, longest first, and `heads` the beginnings of keys of
    prefix tables, cut to the shortest. `vetoes` holds `signal -> key -> vendors` that the key must not hit. `net` are the
    names that alone mean a vendor wherever they stand, with the vendors. `named` are the rules that name components, by the number of
    their block. The rest is for the properties below.
    """

    identities: Packed
    makers: Packed
    keys: dict[str, Packed]
    lengths: dict[str, tuple[int, ...]]
    heads: dict[str, frozenset[str]]
    vetoes: dict[str, dict[str, tuple[str, ...]]]
    sweep: bytes
    others: Packed
    beginnings: bytes
    parted: bytes
    alike: Packed
    looking: bytes
    masking: bytes
    masked: Packed
    net: dict[str, tuple[str, ...]]
    named: dict[str, Named] = {}

    @cached_property
    def blocks(self) -> Rows[Identity]:
        """All identities."""
        return Rows(self.identities, Identity)

    @cached_property
    def vendor_names(self) -> Shelf[str]:
        """The name of each vendor, or the title of a rule that names components, by id."""
        return Shelf(self.makers, str)

    @cached_property
    def tables(self) -> dict[str, Shelf[tuple[Ref, ...]]]:
        """The values by table name (`party.whole`, `domain`, ...) and key."""
        return {table: Shelf(packed, tuple[Ref, ...]) for table, packed in self.keys.items()}

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of values there are: names of tables up to their first full stop."""
        return frozenset(table.partition(".")[0] for table in self.keys)

    @cached_property
    def words(self) -> list[bytes]:
        """What the first sweep looks for: a value that meets a vendor has one of them, or a word that begins with a stub."""
        return self.sweep.split() + self.masking.split()

    @cached_property
    def companions(self) -> Shelf[tuple[tuple[str, ...], ...]]:
        """For each of `words` that does not suffice the sets of other words of which one must stand beside it."""
        return Shelf(self.others, tuple[tuple[str, ...], ...])

    @cached_property
    def stubs(self) -> frozenset[bytes]:
        """Beginnings of words that may meet a vendor."""
        return frozenset(self.beginnings.split())

    @cached_property
    def stub_heads(self) -> frozenset[bytes]:
        """The beginnings of stubs, cut to the shortest."""
        least = min(self.lengths.get(STUBS, ()), default=0)
        return frozenset(stub[:least] for stub in self.stubs)

    @cached_property
    def joinable(self) -> frozenset[str]:
        """The single words of party names, long enough to be recognised when written with spaces inside."""
        return frozenset(self.joinable_rising)

    @cached_property
    def joinable_rising(self) -> list[str]:
        """The same in the order of the alphabet."""
        return self.parted.decode().split()

    @cached_property
    def shapes(self) -> Shelf[str]:
        """Words of party names by how they look (names.shapes)."""
        return Shelf(self.alike, str)

    @cached_property
    def looks(self) -> frozenset[str]:
        """The keys of `shapes`."""
        return frozenset(self.looking.decode().split())

    @cached_property
    def masks(self) -> Shelf[str]:
        """Spellings of `joinable` words with one letter swapped for one that looks like it, with the word."""
        return Shelf(self.masked, str)

    @cached_property
    def mask_words(self) -> frozenset[str]:
        """The keys of `masks`."""
        return frozenset(self.masking.decode().split())

    @cached_property
    def met(self) -> dict[bool, dict[str, tuple[Match, ...]]]:
        """What names of persons (True) and of others have met: a memory of the matcher of parties, of as many as it likes."""
        return {}

    def look_up(self, table: str, key: str) -> tuple[Ref, ...]:
        """The values under that key; none for an empty key."""
        return self.tables[table].get(key, ()) if key and table in self.keys else ()

    def with_prefix(self, table: str, text: str) -> Iterator[tuple[str, Ref]]:
        """The values of a prefix table that the text starts with, longest first."""
        lengths = self.lengths.get(table, ())
        if not lengths or text[: lengths[-1]] not in self.heads[table]:
            return
        for length in lengths:
            for ref in self.look_up(table, text[:length]) if len(text) >= length else ():
                yield text[:length], ref


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
        net=_net(tables, blocks),
        named=named,
    )


STUBS = "stubs"
"""Stands for the stubs among the names of tables."""


def _heads(keys: list[str]) -> frozenset[str]:
    """The beginnings of keys, cut to the shortest."""
    least = min(map(len, keys), default=0)
    return frozenset(key[:least] for key in keys)


def lengths_of(keys: Iterable[str]) -> tuple[int, ...]:
    """The lengths of keys, longest first."""
    return tuple(sorted({len(key) for key in keys}, reverse=True))


def named_key(name: str) -> str:
    """A component name as rules are held against it: letters folded, the whole name, no other change."""
    return names.fold(name).strip()


def key_of_named(item: Named) -> tuple[str, str]:
    """The table and key of a rule that names components: its package URL, or else its name."""
    parsed = package_url.parse_folded(item.purl) if item.purl else None
    return ("named.purl", purl_path(parsed)) if parsed else ("named.name", named_key(item.name))


def key_of(signal: str, match: str, value: str, origin: str = "", place: str = "") -> tuple[str, str]:
    """The table and key under which a value is found; `origin` and `place` (a path in it) are for the error."""
    table, key = _KEYS[signal](match, value)
    if not key.strip("/* "):
        raise PolicyError(f"the {signal} value '{value}' normalises to nothing", source=origin, pointer=place, advice="Remove it")
    return table, key


def veto_key(signal: str, value: str) -> str:
    """The key under which a false friend is looked up."""
    return _KEYS[signal]("whole", value)[1]


_PARTY_TABLES = ("party.whole", "party.core", "party.token")
JOINABLE = 5
"""Shortest word that is recognised when it is written apart."""


def _joinable(keys: dict[str, bool]) -> frozenset[str]:
    """Words that are a vendor's whole name, or part of several of its names; common words and wrong spellings (True) are left out."""
    counts = Counter(word for key in keys for word in key.split())
    known = {key for key, misspelt in keys.items() if not misspelt}
    common = names.BUSINESS_WORDS | names.PLACES | _COMMON_WORDS
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


def _party_key(match: str, value: str) -> tuple[str, str]:
    name = names.normalise(value)
    if match == "core":
        return "party.core", names.core(name) or name.key
    if match == "token" and len(name.tokens) == 1 and names.is_cjk(name.tokens[0]):
        return "party.cjk", name.key
    return f"party.{match}", name.key


def _word_key(match: str, value: str) -> tuple[str, str]:
    return f"word.{match}", " ".join(names.words_of(value))


def _purl_key(match: str, value: str) -> tuple[str, str]:
    """`pkg:type/namespace/` -> purl.namespace, `pkg:type/name*` -> purl.prefix, else purl.name; the key is `type/namespace/name`."""
    body = value.removeprefix("pkg:")
    if body.endswith("/"):
        parsed = package_url.parse(f"pkg:{body}x")
        return "purl.namespace", f"{parsed.type}/{parsed.namespace}".lower() if parsed else ""
    parsed = package_url.parse(f"pkg:{body.rstrip('*')}")
    key = purl_path(parsed) if parsed else ""
    return ("purl.prefix" if body.endswith("*") else "purl.name"), key


def purl_path(parsed: package_url.Purl) -> str:
    """`type/namespace/name` in lower case (registries do not tell names apart by case), the namespace left out where there is none."""
    return "/".join(part for part in (parsed.type, parsed.namespace, parsed.name) if part).lower()


def _file_key(match: str, value: str) -> tuple[str, str]:
    lower = value.lower()
    return ("file.prefix", lower.rstrip("*")) if lower.endswith("*") else ("file", lower)


_KeyMaker = Callable[[str, str], tuple[str, str]]


def _lower_key(table: str, strip: str = "") -> _KeyMaker:
    return lambda match, value: (table, value.strip(strip or None).lower())


_KEYS: dict[str, _KeyMaker] = {
    "party": _party_key,
    "word": _word_key,
    "purl": _purl_key,
    "file": _file_key,
    "domain": lambda match, value: ("domain", weburl.host_name(value)),
    "forge": _lower_key("forge", "/"),
    "cpe": _lower_key("cpe"),
    "fcc": _lower_key("fcc"),
    "hardware": _lower_key("hardware"),
}

_SWEPT = ("party", "word", "domain", "purl", "forge", "cpe", "file", "named")
_COMMON_WORDS = frozenset(
    (
        "agent android api apache audio aviation base camera cli client cloud cn com connect core cpp crypto dev device driver eclipse "
        "firmware git gitee github gitlab global http https image intelligent io ios java js kernel lib libs linux lite media metric "
        "micro net node open org pacific play plugin power python radio robotics sdk security semiconductor sensor server service "
        "chips console control digital engine group hub international labs libc memory new platform plat pro free sample services usa "
        "info mail project support team silicone smart start storage tech tools utils video watch web www"
    ).split()
)
"""Words of vendor values that thousands of other values hold too."""


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
        if cut and not set(whole) - _COMMON_WORDS:
            stubs.add(_stub(last))
        elif whole:
            if brand and len(whole) == 1 and len(last) >= SHORTEST:
                stubs.add(_stub(last))
            word = max(whole, key=lambda part: (rarity(part), counts[part], len(part)))
            words.setdefault(word, set()).add(tuple(part for part in whole if part != word))
    return {word: tuple(sorted(others)) for word, others in words.items()}, frozenset(stubs)


_SHARED = (_COMMON_WORDS | names.BUSINESS_WORDS | names.PLACES) - {"hi"}  # HiSilicon's files begin so


def rarity(part: str) -> int:
    """How few values of SBOMs hold the word: least those that software or companies share, then numbers."""
    return 0 if part in _SHARED else 1 if part.isdigit() else 2


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
