"""Every vendor's identities in tables that a look-up answers at once, whatever their number."""

from collections.abc import Callable, Iterator
from functools import cached_property

from msgspec import Struct

from sbomguard import names, weburl
from sbomguard import purl as package_url
from sbomguard.errors import PolicyError
from sbomguard.matchers.match import Match, Ref
from sbomguard.packed import Packed, Rows, Shelf
from sbomguard.policy import Identity, Named

AFFIXES = ("py", "lib", "node", "go", "open", "aio")
"""What software puts before the name of what it is about: pyezviz, libhikvision."""

LONG = 5
"""Shortest word that is looked for behind such a prefix: `pydjinni` is not about DJI."""

SHORTEST = 3
"""Fewest letters of a cut word by which a prefix value is found in the first sweep."""

STUBS = "stubs"
"""Stands for those cut words among the names of tables."""


class Index(Struct, frozen=True, kw_only=True, dict=True):
    """What is known of vendors, by what it is looked up under; most of it stays encoded until it is asked for.

    `lengths` gives the key lengths of prefix tables, of `party.cjk` and of the stubs, longest first, and `heads` the beginnings of keys of
    prefix tables, cut to the shortest. `vetoes` holds `signal -> key -> vendors` that the key must not hit. `net` are the
    names that alone mean a vendor wherever they stand, with the vendors, and `sought` is what is looked for of each: the rest is compared.
    `named` are the rules that name components, by the number of their block. The rest is for the properties below.
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
    sought: dict[str, str]
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
