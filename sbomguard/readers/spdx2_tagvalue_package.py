"""Packages, references to other documents and relationships of SPDX tag-value as the records that SPDX JSON is decoded into."""

import re
from collections.abc import Iterator
from functools import lru_cache

from sbomguard.readers.spdx2 import GUESSED, Package, Reference
from sbomguard.readers.spdx2_relations import Checksum, ExternalDocument, Relationship

NAMES = {
    "SPDXID": "SPDXID",
    "PackageName": "name",
    "PackageVersion": "versionInfo",
    "PackageSupplier": "supplier",
    "PackageOriginator": "originator",
    "PackageDownloadLocation": "downloadLocation",
    "PackageHomePage": "homepage",
    "PackageFileName": "packageFileName",
    "PackageSourceInfo": "sourceInfo",
    "PrimaryPackagePurpose": "primaryPackagePurpose",
}
"""Tags of a package and the names that its JSON form has for them; only what is read."""

_PARTIES = ("PackageSupplier", "PackageOriginator")
_PARTS = 3
_CPE = " SECURITY cpe23Type cpe:"
_KIND = r"\s*(\w+):\s"
_KINDS = frozenset("person organization organisation tool".split())


def package(fields: dict[str, str], references: list[str], guesses: bool) -> tuple[Package, str]:
    """A package from its fields by tag and the values of its ExternalRef tags; and what is odd about it, in words."""
    values = {name: fields[tag].strip() for tag, name in NAMES.items() if tag in fields}
    odd = ""
    try:
        if guesses:
            found = [GUESSED if value.startswith(_CPE) else _reference(value) for value in references]
        else:
            found = [_reference(value) for value in references]
    except ValueError:
        found, odd = _odd_references(references)
    item = Package(**values, externalRefs=found or None)  # type: ignore[arg-type]
    for tag in _PARTIES:
        if tag in fields and (why := _odd_party(fields[tag])):
            odd = odd or f"its {tag} {why}"
    return item, odd


def _reference(value: str) -> Reference:
    """An external reference (SPDX 2.3 clause 7.21). Raises ValueError where it is not three words."""
    _, kind, locator = value.split(None, 2)
    return Reference(kind, locator.rstrip())


def _odd_references(values: list[str]) -> tuple[list[Reference], str]:
    """References of which one at least is none, and the first such in words; of those that are none the last word is kept."""
    found, odd = [], ""
    for value in values:
        words = value.split(None, 2)
        found.append(Reference(words[1], words[2].rstrip()) if len(words) > 2 else Reference("", words[-1] if words else ""))
        if len(words) < 3 and not odd:
            odd = f"it has an ExternalRef that is not a category, a type and a locator: '{value.strip()[:60]}'"
    return found, odd


@lru_cache(100_000)
def _odd_party(text: str) -> str:
    kind = re.match(_KIND, text)
    if kind is None or kind.group(1).lower() in _KINDS:
        return ""
    return f"begins with '{kind.group().strip()[:40]}', which is neither a Person nor an Organization"


def external_document(value: str) -> ExternalDocument:
    """A reference to another document (SPDX 2.3 clause 6.6): its name here, its namespace and the checksum; empty where it is none."""
    parts = value.split(None, _PARTS - 1)
    if len(parts) < _PARTS - 1:
        return ExternalDocument()
    algorithm, _, digest = (parts[2] if len(parts) == _PARTS else "").partition(":")
    return ExternalDocument(parts[0], parts[1], Checksum(algorithm.strip(), digest.strip()))


class Relationships:
    """The values of Relationship tags and the numbers of their lines, taken apart only as far as somebody asks."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.values: list[str] = []

    def add(self, number: int, values: list[str]) -> None:
        """Take in the values of adjacent lines, from that number on."""
        self.numbers.extend(range(number, number + len(values)))
        self.values.extend(values)

    def at(self, index: int) -> str:
        """The pointer of a relationship."""
        return f"line {self.numbers[index]}"

    def __iter__(self) -> Iterator[Relationship]:
        """The relationships, an empty one for each value that is none."""
        return map(_relationship, self.values)

    def naming(self, ref: str) -> Iterator[Relationship]:
        """The relationships in which that text stands."""
        return map(_relationship, [value for value in self.values if ref in value])

    def scan(self) -> tuple[set[str], list[int]]:
        """All elements that stand in relationships, and the numbers of those values that are none."""
        ends: set[str] = set()
        odd: list[int] = []
        for start in range(0, len(self.values), _STRIDE):
            values = self.values[start : start + _STRIDE]
            words = _BETWEEN.join(values).split()
            if len(words) == 4 * len(values) - 1 and set(words[3::4]) <= {"\0"}:
                ends.update(words[0::4], words[2::4])
                continue
            for number, item in enumerate(map(_relationship, values), start):
                if item.relationshipType is None:
                    odd.append(number)
                else:
                    ends.update((item.spdxElementId or "", item.relatedSpdxElement or ""))
        return ends, odd


_STRIDE = 4096
_BETWEEN = " \0 "
"""Stands between relationships that are taken apart together. No text that is read holds it."""


def _relationship(value: str) -> Relationship:
    """SPDX 2.3 clause 11.1; generators of SPDX 2.1 write the type in small letters."""
    parts = value.split(None, _PARTS - 1)
    return Relationship(parts[0], parts[1].upper(), parts[2].rstrip()) if len(parts) == _PARTS else Relationship()
