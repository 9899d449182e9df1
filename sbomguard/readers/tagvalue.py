"""SPDX tag-value text: every line must be a tag that SPDX knows, a comment, blank, or inside <text>...</text>."""

import re
from collections.abc import Iterator
from io import StringIO

from sbomguard.errors import DocumentError
from sbomguard.source import Source

# Tags by the element they belong to (SPDX 2.3 clauses 6 to 12; ArtifactOf..., Reviewer and what follows it are SPDX 2.2).
DOCUMENT = frozenset(
    "SPDXVersion DataLicense DocumentName DocumentNamespace ExternalDocumentRef LicenseListVersion Creator Created CreatorComment "
    "DocumentComment".split()
)
PACKAGE = frozenset(
    "PackageName PackageVersion PackageFileName PackageSupplier PackageOriginator PackageDownloadLocation FilesAnalyzed "
    "PackageVerificationCode PackageChecksum PackageHomePage PackageSourceInfo PackageLicenseConcluded PackageLicenseInfoFromFiles "
    "PackageLicenseDeclared PackageLicenseComments PackageCopyrightText PackageSummary PackageDescription PackageComment "
    "PackageAttributionText PrimaryPackagePurpose ReleaseDate BuiltDate ValidUntilDate ExternalRef ExternalRefComment".split()
)
FILE = frozenset(
    "FileName FileType FileChecksum LicenseConcluded LicenseInfoInFile LicenseComments FileCopyrightText FileComment FileNotice "
    "FileContributor FileAttributionText FileDependency ArtifactOfProjectName ArtifactOfProjectHomePage ArtifactOfProjectURI".split()
)
SNIPPET = frozenset(
    "SnippetSPDXID SnippetFromFileSPDXID SnippetByteRange SnippetLineRange SnippetLicenseConcluded LicenseInfoInSnippet "
    "SnippetLicenseComments SnippetCopyrightText SnippetComment SnippetName SnippetAttributionText".split()
)
LICENCE = frozenset("LicenseID ExtractedText LicenseName LicenseCrossReference LicenseComment".split())
ANYWHERE = frozenset(
    "SPDXID Relationship RelationshipComment Annotator AnnotationDate AnnotationType SPDXREF AnnotationComment Reviewer ReviewDate "
    "ReviewComment".split()
)
TAGS = DOCUMENT | PACKAGE | FILE | SNIPPET | LICENCE | ANYWHERE

PIECE = 1 << 15
"""Bytes that are split into lines at a time."""

OPENING, CLOSING = "<text>", "</text>"

_SIGNS = "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_BREAKS = re.compile(f"[{_SIGNS}]")
"""What some readers end a line at; SPDX does not."""

_ODD = "\0"
"""Marks a line with such a character. No text that is read holds it."""

_ELEMENT = re.compile(r"^[ \t]*(?:SPDXVersion|PackageName|PackageSupplier|PackageOriginator)[ \t]*:", re.MULTILINE)


class Lines:
    """The lines of a document, a piece at a time: `numbered` gives those that were asked for last, with their numbers, from 1.

    `piece` is the text that is open, without the LF at its end, `plain` whether it holds no <text> and no character at which some
    readers end a line, and `number` that of the first line which nobody asked for.

    Whoever meets a text reads it to its end with `text`, which may open further pieces. `hidden` gathers where texts begin that hold
    lines which would be a package or a supplier if they stood outside.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.hidden: list[int] = []
        data = with_line_feeds(source.data)
        if b"\0" in data:
            number = data.count(b"\n", 0, data.index(b"\0")) + 1
            raise self.error(number, "has a NUL character", "Tools differ on what follows it; remove it")
        self.number = 1
        self.piece = ""
        self.plain = True
        self.numbered: Iterator[tuple[int, str]] = iter(())
        self._odd = False
        self._pieces = _pieces(data)

    def open(self) -> bool:
        """Open the next piece; False where there is none."""
        raw = next(self._pieces, None)
        if raw is None:
            return False
        if b"\r" in raw:
            raw = raw.replace(b"\r\n", b"\n").removesuffix(b"\r")
        self.piece = piece = raw.decode("utf-8")
        self._odd = any(sign in piece for sign in _SIGNS)
        self.plain = not self._odd and not ("<" in piece and OPENING in piece)  # one character is found at a tenth of the cost of six
        return True

    def split(self, text: str) -> None:
        """Make lines of the next part of the open piece. Those with a character at which some readers end a line are marked."""
        lines = text.split("\n")
        if self._odd:
            lines = [_ODD + line if _BREAKS.search(line) else line for line in lines]
        self.numbered = enumerate(lines, self.number)
        self.number += len(lines)

    def __iter__(self) -> Iterator[tuple[int, str]]:
        """All lines with their numbers, for whoever is in no hurry."""
        while (numbered := self.next())[0]:
            yield numbered

    def next(self) -> tuple[int, str]:
        """The next line and its number; 0 behind the last."""
        number, line = next(self.numbered, (0, ""))
        if number or not self.open():
            return number, line
        self.split(self.piece)
        return self.next()

    def error(self, number: int, problem: str, advice: str) -> DocumentError:
        """The error for a line."""
        return DocumentError(problem, source=self.source.name, pointer=f"line {number}", advice=advice)

    def tag(self, number: int, line: str) -> str:
        """The tag of a line that does not begin with one: nothing for a comment, an indented tag, or an error."""
        word = line.partition(":")[0].strip(" \t")
        if not word or word[0] == "#":
            return ""
        if word in TAGS and line.lstrip(" \t").startswith(f"{word}:"):
            return word
        if word[0] == _ODD:
            raise self.error(number, "has a character at which some readers end a line, and others do not", "Remove it")
        raise self.error(number, f"has a line that is neither a tag of SPDX nor a comment: '{line.strip()[:60]}'", _likely(word))

    def text(self, number: int, value: str) -> str:
        """A value in which <text> stands; if that is how it begins, what stands between the marks, through as many lines as it takes."""
        rest = value.strip()
        if not rest.startswith(OPENING):
            return value
        if rest.endswith(CLOSING) and rest.count(CLOSING) == 1:
            return rest[len(OPENING) : -len(CLOSING)]
        parts, line, rest = StringIO(), number, rest[len(OPENING) :]
        while CLOSING not in rest:
            parts.write(f"{rest}\n")
            line, rest = self.next()
            if not line:
                raise self.error(number, f"has a {OPENING} that never ends", "Tools differ on what it swallows; close it")
        last, _, behind = rest.partition(CLOSING)
        if behind and not behind.isspace():
            raise self.error(line, f"has something behind {CLOSING}: '{behind.strip()[:60]}'", "Tools differ on where the text ends")
        text = (parts.getvalue() + last).replace(_ODD, "")
        if _ELEMENT.search(text):
            self.hidden.append(number)
        return text


def with_line_feeds(data: bytes) -> bytes:
    """The bytes with LF for line ends if their first line ends at CR alone, as some generators write them; else as they are."""
    first = data.find(b"\r")
    if first < 0 or data.startswith(b"\r\n", first) or b"\n" in data[:first]:
        return data
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _pieces(data: bytes) -> Iterator[bytes]:
    """The bytes in pieces of whole lines, without the LF at the end of each."""
    start = 0
    while start < len(data):
        end = data.rfind(b"\n", start, start + PIECE)
        if end < 0:
            end = data.find(b"\n", start + PIECE)
        if end < 0:
            end = len(data)
        yield data[start:end]
        start = end + 1


def _likely(word: str) -> str:
    """What is meant by a word that is no tag."""
    from difflib import get_close_matches

    letters = word.replace(" ", "").strip()[:60]
    same = [tag for tag in TAGS if tag.lower() == letters.lower()] or get_close_matches(letters, sorted(TAGS), 1)
    return f"{same[0]} is meant?" if same else f"A text of several lines stands between {OPENING} and {CLOSING}"
