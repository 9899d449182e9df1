"""SPDX 2.2 and 2.3 tag-value: lines gathered into packages, files, relationships and annotations."""

import re
from collections.abc import Callable, Iterator
from functools import partial

from msgspec.structs import replace

from sbomguard.errors import DocumentError
from sbomguard.model import Component, Document, Problem
from sbomguard.readers import jsontext, signals, spdx2_json, tagvalue, tagvalue_places
from sbomguard.readers import spdx2_tagvalue_package as package
from sbomguard.source import Source

VERSIONS = ("SPDX-2.1", *spdx2_json.VERSIONS)
"""SPDX 2.1 has fewer tags, and the same meaning for them."""

_MARK = re.compile(rb"^[ \t]*(?:SPDXVersion|DataLicense|DocumentNamespace|PackageName):", re.MULTILINE)

_MANY = frozenset("PackageChecksum PackageLicenseInfoFromFiles PackageAttributionText ExternalRefComment".split())
_PARTS = 3
_ENOUGH = 20


def accepts(head: bytes) -> bool:
    """Whether the first bytes of a text look like this format."""
    return head.lstrip()[:1] not in (b"{", b"[", b"<") and _MARK.search(head) is not None


def read(source: Source) -> Document:
    """The document. A package that is odd is noted as malformed; what tools read differently is an error."""
    reading = _Reading(source)
    try:
        reading.take()
    except UnicodeDecodeError:
        jsontext.check_utf8(source)
        raise
    return reading.document()


def locate(source: Source) -> tagvalue_places.Places:
    """Where the fields of elements stand in this source."""
    return tagvalue_places.Places(source)


_Related = tuple[int, spdx2_json._Relationship]
"""The line of a relationship, and the relationship."""


class _Reading:
    """A document while its lines are read: what is complete, and the element that is open (of kind '' at the head)."""

    def __init__(self, source: Source) -> None:
        self.lines = tagvalue.Lines(source)
        self.version = ""
        self.tools: list[str] = []
        self.guesses = False
        self.packages: list[package.Raw] = []
        self.files: list[tuple[spdx2_json._File, str]] = []
        self._relationships: list[tuple[int, str]] = []
        self.annotations: list[tuple[str, str]] = []
        self.cut = 0
        self.problems: list[Problem] = []
        self.own_id: str | None = None
        self._kind = ""
        self._line = 0
        self._fields: dict[str, str] = {}
        self._references: list[str] = []
        self._contributors: list[str] = []

    # ---- lines

    def take(self) -> None:
        """Read all lines. Every line goes through this loop, so the frequent tags are dealt with on the spot."""
        tag = ""
        fields, references, relationships, inside = self._fields, self._references, self._relationships, False
        for number, line in self.lines.numbered:
            tag, colon, value = line.partition(":")
            step = _STEPS.get(tag)
            if step is None or not colon:
                if not line or not (tag := self.lines.tag(number, line)):
                    continue
                step, value = _STEPS[tag], line.partition(":")[2]
            if "<text>" in value:
                value = self.lines.text(number, value)
            if step is _FIELD:
                if tag in fields or not inside:
                    raise self._misplaced(number, tag)
                fields[tag] = value
            elif step is _RELATIONSHIP:
                relationships.append((number, value))
            elif step is _UNREAD:
                if tag in fields or not inside:
                    raise self._misplaced(number, tag)
                fields[tag] = ""
            elif step is _REFERENCE:
                if not inside:
                    raise self._misplaced(number, tag)
                references.append(value)
            elif step is not _SKIP:
                step(self, number, tag, value.strip())
                fields, references, inside = self._fields, self._references, self._kind == "PackageName"
        self._end(tag)

    def _end(self, tag: str) -> None:
        if tag in tagvalue.PACKAGE and "PackageDownloadLocation" not in self._fields:
            self.cut = self._line
        self._close()
        if not self.version:
            raise self.lines.error(1, "has no SPDXVersion", "Every SPDX 2 document begins with it")

    def _misplaced(self, number: int, tag: str) -> DocumentError:
        if tag in self._fields:
            return self.lines.error(number, f"says {tag} twice of one element", "Tools differ on which of the two they read; keep one")
        return self.lines.error(number, f"has {tag} outside a package", "A package begins with PackageName; tools differ on whose this is")

    def _set_id(self, number: int, tag: str, value: str) -> None:
        if tag in self._fields:
            raise self._misplaced(number, tag)
        self._fields[tag] = value

    def _add_contributor(self, _number: int, _tag: str, value: str) -> None:
        self._contributors.append(value)

    def _add_annotation(self, _number: int, tag: str, value: str) -> None:
        self.annotations.append((tag, value))

    def _add_creator(self, _number: int, _tag: str, value: str) -> None:
        kind, _, name = value.partition(":")
        if kind.strip().lower() == "tool":
            self.tools.append(name.strip())
            self.guesses = signals.guesses_cpes(", ".join(self.tools))

    def _set_version(self, number: int, _tag: str, value: str) -> None:
        if self.version:
            raise self.lines.error(number, "has a second SPDXVersion", "Give each document a file of its own; tools read one of the two")
        if value not in VERSIONS:
            raise self.lines.error(number, f"says SPDXVersion {value[:40]!r}", "SPDX-2.2 and SPDX-2.3 are read")
        self.version = value

    # ---- elements

    def _open(self, number: int, tag: str, value: str) -> None:
        if not self.version:
            raise self.lines.error(number, f"has {tag} before SPDXVersion", "Every SPDX 2 document begins with SPDXVersion")
        self._close()
        self._kind, self._line = tag, number
        self._fields = {tag: value}
        self._references = []
        self._contributors = []

    def _close(self) -> None:
        fields = self._fields
        if self._kind == "PackageName":
            self.packages.append(package.Raw(self._line, fields, self._references))
        elif self._kind == "FileName":
            self.files.append((spdx2_json._File(fields.get("SPDXID"), fields["FileName"], self._contributors), f"line {self._line}"))
        elif not self._kind:
            self.own_id = fields.get("SPDXID")

    # ---- the document

    def document(self) -> Document:
        """The document, when all lines have been read."""
        components = tuple(self._components())
        related = list(self._related())
        spdx = spdx2_json._Spdx(spdxVersion=self.version, SPDXID=self.own_id, relationships=[item for _, item in related])
        return Document(
            source=self.lines.source.name,
            format="SPDX",
            version=self.version.removeprefix("SPDX-"),
            serialisation="tag-value",
            components=components,
            edges=spdx2_json._edges(spdx),
            root=self.own_id or "SPDXRef-DOCUMENT",
            generator=", ".join(self.tools),
            problems=tuple(self.problems),
            gaps=(*self._hidden(), *self._gaps(spdx, components, related)),
        )

    def _gaps(self, spdx: spdx2_json._Spdx, components: tuple[Component, ...], related: list[_Related]) -> Iterator[Problem]:
        """What the document itself says is missing. Only a relationship with an end that is not here can say it, and few are."""
        spdx.files = [file for file, _ in self.files]
        known = {self.own_id, "SPDXRef-DOCUMENT", *[item.ref for item in components], *[file.SPDXID for file in spdx.files]}
        open_ended = [pair for pair in related if pair[1].spdxElementId not in known or pair[1].relatedSpdxElement not in known]
        spdx.relationships = [item for _, item in open_ended]
        for gap in spdx2_json._gaps(spdx, components):
            index = gap.pointer.rpartition("/")[2]
            about = (number for number, item in open_ended if gap.ref in (item.spdxElementId, item.relatedSpdxElement))
            line = open_ended[int(index)][0] if index.isdigit() else next(about, 1)
            yield replace(gap, pointer=f"line {line}")

    def _components(self) -> Iterator[Component]:
        comments = self._comments()
        make = partial(package.signals_of, guesses=self.guesses)
        for raw in self.packages:
            malformed = "the file ends in it, and it has no PackageDownloadLocation: the end may be cut off" if raw.line == self.cut else ""
            component = package.component(raw, malformed, self.guesses, make)
            notes = comments.get(component.ref) if comments else None
            yield component if notes is None else package.annotated(component, raw, notes, self.guesses)
        for file, pointer in self.files:
            found = spdx2_json._file(file, pointer)
            if found is not None:
                yield found

    def _comments(self) -> dict[str, list[spdx2_json._Annotation]]:
        """The comments on each element; which one a comment is on may stand before or after it (SPDX 2.3 clause 12)."""
        found: dict[str, list[spdx2_json._Annotation]] = {}
        about = comment = ""
        for tag, value in [*self.annotations, ("Annotator", "")]:
            if tag == "SPDXREF":
                about = value
            elif tag == "AnnotationComment":
                comment = value
            else:
                if comment:
                    found.setdefault(about, []).append(spdx2_json._Annotation(comment))
                about = comment = ""
        return found

    def _related(self) -> Iterator[_Related]:
        """SPDX 2.3 clause 11.1; generators of SPDX 2.1 write the type in small letters."""
        for number, value in self._relationships:
            parts = value.split(None, 2)
            if len(parts) == _PARTS:
                yield number, spdx2_json._Relationship(parts[0], parts[1].upper(), parts[2].rstrip())
            elif len(self.problems) < _ENOUGH:
                message = f"a relationship is not two elements and what is between them: '{value.strip()[:100]}'"
                self.problems.append(Problem(pointer=f"line {number}", message=message))

    def _hidden(self) -> Iterator[Problem]:
        """Texts that a reader which overlooks <text> would take for packages."""
        hidden = self.lines.hidden
        if hidden:
            more = f" ({len(hidden) - 1} more do)" if len(hidden) > 1 else ""
            message = f"the text that begins here holds lines that look like a package{more}: other readers may see other packages"
            yield Problem(pointer=f"line {hidden[0]}", message=message)


def _no_step(_reading: _Reading, _number: int, _tag: str, _value: str) -> None:
    """Stands for what is dealt with on the spot."""


Step = Callable[[_Reading, int, str, str], None]

_FIELD: Step = partial(_no_step)
_UNREAD: Step = partial(_no_step)
_REFERENCE: Step = partial(_no_step)
_RELATIONSHIP: Step = partial(_no_step)
_SKIP: Step = partial(_no_step)

_STEPS: dict[str, Step] = {
    **dict.fromkeys(tagvalue.TAGS, _SKIP),
    **dict.fromkeys(tagvalue.PACKAGE - _MANY, _UNREAD),
    **dict.fromkeys(package.NAMES, _FIELD),
    **dict.fromkeys(("PackageName", "FileName", "SnippetSPDXID", "LicenseID"), _Reading._open),
    **dict.fromkeys(("Annotator", "SPDXREF", "AnnotationComment"), _Reading._add_annotation),
    "SPDXID": _Reading._set_id,
    "ExternalRef": _REFERENCE,
    "Relationship": _RELATIONSHIP,
    "FileContributor": _Reading._add_contributor,
    "SPDXVersion": _Reading._set_version,
    "Creator": _Reading._add_creator,
}
"""What is done with each tag."""
