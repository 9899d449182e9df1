"""Made-up parts of a made-up product: the same for a seed and a number in every Python, whatever was asked before."""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import NamedTuple, TypeVar
from uuid import UUID

T = TypeVar("T")

WHEN = "2026-01-15T09:30:00Z"


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# fmt: off
STEMS = words(
    """alder amber aspen basalt beryl birch bramble brook cedar cinder clover cobalt copper coral cove dell
    ember fathom fennel fern flint garnet glade granite harbor hazel heron indigo juniper kelp lagoon larch
    linden lumen maple marble meadow moss nettle onyx opal otter pebble quartz quill rowan saffron tarn"""
)
TOPICS = words(
    """archive audio auth backup bitmap boot buffer cache camera cert clock cluster codec config crypto data
    debug device disk dns event file font frame graph http image json kernel locale log mail media metric
    mqtt net packet pipe power proxy queue radio schema sensor serial shell stream table"""
)
SORTS = words(
    """agent api base bin bridge cli client compat core daemon db demo devel doc driver ext filter format
    gateway glue hook index io kit lib lite loader locales mod monitor ng parser plugin policy pool reader
    runtime server shim spec store tests tools tui wrapper writer xml yaml"""
)
COMPANIES = (
    "Labs", "Systems GmbH", "Software, Inc.", "Devices Ltd.", "Networks B.V.", "Project", "Foundation", "Embedded AB",
    "Instruments S.A.", "Collective", "Works Pty Ltd", "Apparate AG",
)
FIRST_NAMES = words("Ada Bram Chidi Dora Emil Fatou Greta Hugo Ines Jonas Kofi Lucia Mira Noor Zoe Asa")
LAST_NAMES = words("Abara Berg Castel Dvořák Ekman Fontaine Green Hale Ivers Keller Lund Marten Oduya Sorley Tran Uwase Vidal Weiss")
VERBS = ("Reads and writes", "Watches", "Checks", "Packs and unpacks", "Sends and receives", "Translates", "Keeps", "Draws")
PLACES = (
    "for small devices", "with little memory", "over serial lines", "in plain C", "without allocation", "on a local bus",
    "for tests", "at start-up",
)
LICENCES = words(
    """MIT Apache-2.0 BSD-3-Clause GPL-2.0-only GPL-2.0-or-later LGPL-2.1-or-later ISC Zlib MPL-2.0
    GPL-3.0-or-later BSD-2-Clause CC0-1.0"""
)
# fmt: on


class Maker(NamedTuple):
    """Who makes a part: the full name, the short name used as an owner on forges and registries, the domain."""

    name: str
    handle: str
    domain: str


WELL_KNOWN = (
    Maker("The Apache Software Foundation", "apache", "apache.org"),
    Maker("Debian Install System Team", "debian", "lists.debian.org"),
    Maker("GNU Project", "gnu", "gnu.org"),
    Maker("The GNOME Project", "gnome", "gnome.org"),
    Maker("Eclipse Foundation", "eclipse", "eclipse.org"),
    Maker("Python Software Foundation", "python", "python.org"),
    Maker("The FreeBSD Foundation", "freebsd", "freebsd.org"),
    Maker("OpenSSL Software Foundation", "openssl", "openssl.org"),
)
LISTED = (
    Maker("Huawei Technologies Co., Ltd.", "huawei", "huawei.com"),
    Maker("ZTE Corporation", "zte", "zte.com.cn"),
    Maker("Hytera Communications Corporation Limited", "hytera", "hytera.com"),
    Maker("Hangzhou Hikvision Digital Technology Co., Ltd.", "hikvision", "hikvision.com"),
    Maker("Dahua Technology Co., Ltd.", "dahua", "dahuasecurity.com"),
    Maker("AO Kaspersky Lab", "kaspersky", "kaspersky.com"),
)


class Dice:
    """About 500 bits drawn from a label; equal labels draw equal values."""

    def __init__(self, label: str) -> None:
        self.left = int.from_bytes(blake2b(label.encode()).digest(), "big")

    def below(self, limit: int) -> int:
        self.left, drawn = divmod(self.left, limit)
        return drawn

    def pick(self, values: Sequence[T]) -> T:
        return values[self.below(len(values))]


def digest(label: str, size: int) -> str:
    """`size` bytes in hexadecimal, drawn from the label."""
    return blake2b(label.encode(), digest_size=size).hexdigest()


def uuid(label: str) -> str:
    return str(UUID(hex=digest(label, 16), version=4))


class Part(NamedTuple):
    """One made-up component, before a generator's style gives it fields. `label` seeds everything drawn for it."""

    number: int
    label: str
    name: str
    version: str
    maker: Maker
    person: str
    summary: str
    licences: tuple[str, ...]
    listed: bool

    def dice(self, use: str) -> Dice:
        return Dice(f"{self.label}/{use}")

    def digest(self, use: str, size: int) -> str:
        return digest(f"{self.label}/{use}", size)

    @property
    def contact(self) -> str:
        """The maker with an address, as package databases write it."""
        return f"{self.maker.name} <dev{self.number % 4 + 1}@{self.maker.domain}>"


class Product(NamedTuple):
    """A firmware image of `size` parts, `covered` of which, evenly spread, come from listed vendors."""

    size: int
    covered: int = 0
    seed: int = 1
    name: str = "example-gateway-firmware"
    version: str = "2.4.1"

    def uuid(self, use: str) -> str:
        return uuid(f"{self.seed}/{self.size}/{self.covered}/{use}")

    def part(self, number: int) -> Part:
        label = f"{self.seed}/{number}"
        dice = Dice(label)
        listed = self.is_listed(number)
        maker = dice.pick(LISTED) if listed else made_up(dice)
        name = f"{maker.handle}-{part_name(self.seed, number)}" if listed else part_name(self.seed, number)
        version = f"{dice.below(9)}.{dice.below(30)}.{dice.below(20)}"
        return Part(number, label, name, version, maker, person(maker, dice), summary(name, dice), licences(dice), listed)

    def parts(self) -> Iterator[Part]:
        return map(self.part, range(self.size))

    def is_listed(self, number: int) -> bool:
        """Every (size / covered)-th part: where the running share of listed parts passes a whole number."""
        return number * self.covered // self.size != (number + 1) * self.covered // self.size

    def needs(self, number: int, most: int) -> list[int]:
        """Numbers of the parts that this one depends on, at most `most`, all smaller: low numbers are the popular libraries."""
        if number == 0:
            return []
        rolls = (Dice(f"{self.seed}/{number}/needs/{turn}") for turn in range(Dice(f"{self.seed}/{number}/needs").below(most + 1)))
        return sorted({min(dice.below(number), dice.below(number)) for dice in rolls})


def made_up(dice: Dice) -> Maker:
    """One of 584 makers, none of them on any list; every fifteenth part has a well-known one."""
    if dice.below(15) == 0:
        return dice.pick(WELL_KNOWN)
    stem, company = dice.pick(STEMS), dice.pick(COMPANIES)
    handle = stem + company.split()[0].strip(",").lower()
    return Maker(f"{stem.capitalize()} {company}", handle, f"{handle}.test")


def part_name(seed: int, number: int) -> str:
    """A name of its own for each of the first 110,592 numbers, spread over the words; after that they repeat with a number."""
    every = len(STEMS) * len(TOPICS) * len(SORTS)
    place, again = (number * 40_009 + seed * 7_919) % every, number // every
    rest, stem = divmod(place, len(STEMS))
    name = f"{STEMS[stem]}-{TOPICS[rest % len(TOPICS)]}-{SORTS[rest // len(TOPICS)]}"
    return f"{name}{again + 1}" if again else name


def person(maker: Maker, dice: Dice) -> str:
    """One of a maker's four people: images name the same maintainers again and again, and few with letters outside ASCII."""
    who = Dice(f"{maker.handle}/{dice.below(4)}")
    return f"{who.pick(FIRST_NAMES)} {who.pick(LAST_NAMES)}"


def summary(name: str, dice: Dice) -> str:
    return f"{dice.pick(VERBS)} {dice.pick(TOPICS)} and {dice.pick(TOPICS)} data {dice.pick(PLACES)} and {dice.pick(PLACES)} ({name})"


def licences(dice: Dice) -> tuple[str, ...]:
    """One licence, or for every third part two."""
    return tuple(sorted({dice.pick(LICENCES), dice.pick(LICENCES)})) if dice.below(3) == 0 else (dice.pick(LICENCES),)
