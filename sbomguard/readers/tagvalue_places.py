"""Places in SPDX tag-value: `line 40/supplier` is the value of that field in the element that begins at line 40."""

import re
from collections.abc import Iterator
from itertools import islice

from sbomguard.model import Place
from sbomguard.readers.tagvalue import CLOSING, OPENING, with_line_feeds
from sbomguard.source import Source

_POINTER = re.compile(r"line (\d+)(?:/(\w+)(?:/(\d+))?(?:/\w+)?)?")
_WORDS = re.compile(rb"\s*\S+\s+\S+\s+")

_TAGS = {
    "name": b"PackageName",
    "supplier": b"PackageSupplier",
    "originator": b"PackageOriginator",
    "downloadLocation": b"PackageDownloadLocation",
    "homepage": b"PackageHomePage",
    "packageFileName": b"PackageFileName",
    "sourceInfo": b"PackageSourceInfo",
    "builtDate": b"BuiltDate",
    "releaseDate": b"ReleaseDate",
    "externalRefs": b"ExternalRef",
    "fileName": b"FileName",
    "fileContributors": b"FileContributor",
    "annotations": b"AnnotationComment",
}
"""The fields of SPDX JSON that carry identity, and their tags."""

_STARTS = frozenset((b"PackageName", b"FileName", b"SnippetSPDXID", b"LicenseID"))
_OPENING, _CLOSING = OPENING.encode(), CLOSING.encode()


class Places:
    """Places in one text that is known to be tag-value."""

    def __init__(self, source: Source) -> None:
        self._lines = with_line_feeds(source.data).split(b"\n")

    def locate(self, pointer: str) -> Place:
        """The place of the value of a field, or of the element where there is none."""
        match = _POINTER.fullmatch(pointer)
        if match is None:
            return self._value(1)
        number, field, index = int(match.group(1)), match.group(2), int(match.group(3) or 0)
        if field not in _TAGS:
            return self._value(number)
        found = self._annotations(number) if field == "annotations" else self._fields(number, _TAGS[field])
        return self._value(next(islice(found, index, None), number))

    def _fields(self, number: int, tag: bytes) -> Iterator[int]:
        """The lines of a tag in the element that begins at a line."""
        for line, name in self._tags(number):
            if name in _STARTS and line > number:
                return
            if name == tag:
                yield line

    def _annotations(self, number: int) -> Iterator[int]:
        """The lines of the comments on the element that begins at a line: they stand anywhere, and name it."""
        ref = next((self._text(line) for line in self._fields(number, b"SPDXID")), "")
        comment, about = 0, ""
        for line, name in self._tags(1):
            if name == b"Annotator":
                if comment and about == ref:
                    yield comment
                comment, about = 0, ref if line > number else ""
            elif name == b"SPDXREF":
                about = self._text(line)
            elif name == b"AnnotationComment":
                comment = line
        if comment and about == ref:
            yield comment

    def _tags(self, number: int) -> Iterator[tuple[int, bytes]]:
        """The tags from a line on; what stands inside a text of several lines is none."""
        inside = False
        for line in range(number, len(self._lines) + 1):
            text = self._lines[line - 1]
            if inside:
                inside = _CLOSING not in text
                continue
            name, _, value = text.partition(b":")
            yield line, name.strip()
            inside = value.lstrip(b" \t").startswith(_OPENING) and _CLOSING not in value

    def _text(self, line: int) -> str:
        return self._lines[line - 1].partition(b":")[2].strip().decode("utf-8", "replace")

    def _value(self, line: int) -> Place:
        """The place of the value on a line; of an external reference only its locator (SPDX 2.3 clause 7.21)."""
        text = self._lines[line - 1]
        start = text.find(b":") + 1
        if words := _WORDS.match(text, start) if text.lstrip().startswith(b"ExternalRef:") else None:
            start = words.end()
        start += len(text[start:]) - len(text[start:].lstrip())
        last = line
        if text.startswith(_OPENING, start):
            start += len(_OPENING)
            while last < len(self._lines) and _CLOSING not in self._lines[last - 1]:
                last += 1
        end = self._lines[last - 1].find(_CLOSING) if last > line or _CLOSING in text[start:] else len(text.rstrip())
        return Place(line=line, column=self._column(line, start), end_line=last, end_column=self._column(last, end))

    def _column(self, line: int, offset: int) -> int:
        return len(self._lines[line - 1][:offset].decode("utf-8", "replace")) + 1
