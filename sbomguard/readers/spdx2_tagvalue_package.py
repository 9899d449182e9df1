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
    "BuiltDate": "builtDate",
    "ReleaseDate": "releaseDate",
}
"""Tags of a package and the names that its JSON form has for them; only what is read."""

_PARTIES = ("PackageSupplier", "PackageOriginator")
_PARTS = 3
_CPE = " SECURITY cpe23Type cpe:"
_KIND = r"\s*(\w+):(?:\s|$)"
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
    if kind is None:
        return ""
    if kind.group(1).lower() in _KINDS:
        return "" if text[kind.end() :].strip() else f"names nobody: '{text.strip()[:40]}'"
    return f"begins with '{kind.group().strip()[:40]}', which is neither a Person nor an Organization"


def external_document(value: str) -> ExternalDocument:
    """A reference to another document (SPDX 2.3 clause 6.6): its name here, its namespace and the checksum; empty where it is none."""
    parts = value.split(None, _PARTS - 1)
    if len(parts) < _PARTS - 1:
        return ExternalDocument()
    algorithm, _, digest = (parts[2] if len(parts) == _PARTS else "").partition(":")
    return ExternalDocument(parts[0], parts[1], Checksum(algorithm.strip(), digest.strip()))


RELATIONSHIP = "Relationship: "


class Relationships:
    """Relationships (SPDX 2.3 clause 11.1), taken apart only as far as somebody asks.

    `ends` are all elements that stand in them, `kinds` their types as written, `odd` the lines and values of those that are not two
    elements and what is between them.
    """

    def __init__(self) -> None:
        self.ends: set[str] = set()
        self.kinds: set[str] = set()
        self.odd: list[tuple[int, str]] = []
        self._runs: list[tuple[int, str]] = []  # lines with their tag, or one value behind a space

    def add(self, number: int, value: str) -> None:
        """Take in the value of a line."""
        item = _relationship(value)
        if item.relationshipType is None:
            self.odd.append((number, value))
        else:
            self.ends.update((item.spdxElementId or "", item.relatedSpdxElement or ""))
            self.kinds.add(value.split(None, 2)[1])
            self._runs.append((number, f" {value}"))

    def add_all(self, number: int, text: str) -> bool:
        """Take in adjacent lines that all begin with the tag, from that number on; False if any is not plainly one relationship."""
        words = text.split()
        lines = text.count("\n")
        if len(words) != 4 * lines or text.count(_TAG) != lines or words[0::4].count(_TAG) != lines:
            return False
        self.ends.update(words[1::4])
        self.ends.update(words[3::4])
        self.kinds.update(words[2::4])
        self._runs.append((number, text))
        return True

    def numbered(self, about: str = "") -> Iterator[tuple[int, Relationship]]:
        """The relationships with the numbers of their lines; those with `about` in them."""
        for number, text in self._runs:
            if about not in text:
                continue
            lines = text.split("\n")[:-1] if text.startswith(_TAG) else [text]
            for line, value in enumerate(lines, number):
                if about in value:
                    yield line, _relationship(value.removeprefix(_TAG))

    def types(self) -> Iterator[tuple[int, str]]:
        """The types of the relationships as written, with the numbers of their lines."""
        for number, text in self._runs:
            lines = text.split("\n")[:-1] if text.startswith(_TAG) else [text]
            yield from ((line, value.removeprefix(_TAG).split(None, 2)[1]) for line, value in enumerate(lines, number))


_TAG = RELATIONSHIP.strip()


def _relationship(value: str) -> Relationship:
    """The relationship, empty where it is none. Generators of SPDX 2.1 write its type in small letters."""
    parts = value.split(None, _PARTS - 1)
    return Relationship(parts[0], parts[1].upper(), parts[2].rstrip()) if len(parts) == _PARTS else Relationship()
