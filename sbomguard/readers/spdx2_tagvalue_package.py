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
    found = [GUESSED if guesses and value.startswith(_CPE) else reference(value) for value in references]
    item = Package(**values, externalRefs=found or None)  # type: ignore[arg-type]
    odd = next((value for value, each in zip(references, found, strict=True) if each.referenceType == ""), None)
    if odd is not None:
        return item, f"it has an ExternalRef that is not a category, a type and a locator: '{odd.strip()[:60]}'"
    return item, next((f"its {tag} {why}" for tag in _PARTIES if tag in fields and (why := _odd_party(fields[tag]))), "")


def reference(value: str) -> Reference:
    """An external reference (SPDX 2.3 clause 7.21); of type '' where it is not three words."""
    parts = value.split(None, _PARTS - 1)
    return Reference(parts[1], parts[2].rstrip()) if len(parts) == _PARTS else Reference("", parts[-1] if parts else "")


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
