"""Packages, references to other documents and relationships of SPDX tag-value as the records that SPDX JSON is decoded into."""

import re
from collections.abc import Iterator
from functools import lru_cache

from sbomguard.readers.spdx2 import Package, Reference
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

_TAG_OF = {name: tag for tag, name in NAMES.items()}
_TAGS = tuple(_TAG_OF.get(name, "") for name in Package.__struct_fields__)
"""The tags of a package in the order of its record; empty for what no tag says."""

_PARTS = 3
_KIND = r"\s*(\w+):(?:\s|$)"
_KINDS = frozenset("person organization organisation tool".split())


def package(fields: dict[str, str], references: list[Reference]) -> tuple[Package, str]:
    """A package from its fields by tag and its external references; and which of its parties is odd, in words."""
    item = Package(*[None if value is None else value.strip() for value in map(fields.get, _TAGS)])  # type: ignore[arg-type]
    item.externalRefs = references or None
    odd = ""
    for tag, text in (("PackageSupplier", item.supplier), ("PackageOriginator", item.originator)):
        if text and (why := _odd_party(text)):
            odd = odd or f"its {tag} {why}"
    return item, odd


def reference(value: str) -> tuple[Reference, str]:
    """An external reference (SPDX 2.3 clause 7.21), and what is odd about it, in words; of one that is none the last word is kept."""
    words = value.split(None, _PARTS - 1)
    if len(words) == _PARTS:
        return Reference(words[1], words[2].rstrip()), ""
    odd = f"it has an ExternalRef that is not a category, a type and a locator: '{value.strip()[:60]}'"
    return Reference("", words[-1] if words else ""), odd


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

    def add_all(self, number: int, text: str) -> int:
        """Take in adjacent lines from that number on, and tell how many; none if any is not plainly one relationship behind its tag."""
        if not text.startswith(_PLAIN):
            return 0
        words = text.split()
        lines = text.count(f"\n{_PLAIN}") + 1
        if len(words) != 4 * lines or text.count("\n") != lines - 1 or not lines == words.count(_TAG) == words[0::4].count(_TAG):
            return 0
        self.ends.update(words[1::4])
        self.ends.update(words[3::4])
        self.kinds.update(words[2::4])
        self._runs.append((number, text))
        return lines

    def numbered(self, about: str = "") -> Iterator[tuple[int, Relationship]]:
        """The relationships with the numbers of their lines; those with `about` in them."""
        for number, text in self._runs:
            if about not in text:
                continue
            lines = text.split("\n") if text.startswith(_TAG) else [text]
            for line, value in enumerate(lines, number):
                if about in value:
                    yield line, _relationship(value.removeprefix(_TAG))

    def types(self) -> Iterator[tuple[int, str]]:
        """The types of the relationships as written, with the numbers of their lines."""
        for number, text in self._runs:
            lines = text.split("\n") if text.startswith(_TAG) else [text]
            yield from ((line, value.removeprefix(_TAG).split(None, 2)[1]) for line, value in enumerate(lines, number))


_TAG = "Relationship:"
_PLAIN = f"{_TAG} "


def _relationship(value: str) -> Relationship:
    """The relationship, empty where it is none. Generators of SPDX 2.1 write its type in small letters."""
    parts = value.split(None, _PARTS - 1)
    return Relationship(parts[0], parts[1].upper(), parts[2].rstrip()) if len(parts) == _PARTS else Relationship()
