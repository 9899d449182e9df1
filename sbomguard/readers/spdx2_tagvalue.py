"""SPDX 2.2 and 2.3 tag-value: lines gathered into packages, files, relationships and annotations."""

import re
from collections.abc import Callable, Iterator
from functools import partial

from msgspec.structs import replace

from sbomguard.errors import DocumentError
from sbomguard.model import Component, Document, Edge, Edges, Problem
from sbomguard.readers import jsontext, signals, spdx2, spdx2_relations, tagvalue, tagvalue_places
from sbomguard.readers import spdx2_tagvalue_package as package
from sbomguard.source import Source

VERSIONS = ("SPDX-2.1", *spdx2.VERSIONS)
"""SPDX 2.1 has fewer tags, and the same meaning for them."""

_MARK = re.compile(rb"^[ \t]*(?:SPDXVersion|DataLicense|DocumentNamespace|PackageName):", re.MULTILINE)

_MORE = re.compile(rb"(?:^|[\r\n])[ \t]*(?!SPDXVersion)[A-Za-z]+[ \t]*:")
"""A line of another tag than the version's."""

_MANY = frozenset("PackageChecksum PackageLicenseInfoFromFiles PackageAttributionText ExternalRefComment".split())
_ENOUGH = 20
_GUESS = "\nExternalRef: SECURITY cpe23Type cpe:"


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
    document = reading.document()
    if len(source.data) < jsontext.STRICT_BELOW and not any(item.malformed for item in document.components):
        from sbomguard.readers import spdx2_tagvalue_tree

        noted = [problem.pointer for problem in document.problems]
        return replace(document, problems=(*document.problems, *spdx2_tagvalue_tree.note(source, document.version, noted)))
    return document


def locate(source: Source) -> tagvalue_places.Places:
    """Where the fields of elements stand in this source."""
    return tagvalue_places.Places(source)


class _Reading:
    """A document while its lines are read: what is complete, and the element that is open (of kind '' at the head)."""

    def __init__(self, source: Source) -> None:
        self.lines = tagvalue.Lines(source)
        self.version = ""
        self.namespace = ""
        self.tools: list[str] = []
        self.guesses = False
        self.packages: list[tuple[int, spdx2.Package, str]] = []
        self.files: list[tuple[int, spdx2.File]] = []
        self.held: list[Edge] = []
        self.refs: list[str] = [spdx2.ROOT]
        self.documents: list[tuple[int, str]] = []
        self.relationships = package.Relationships()
        self.annotations: list[tuple[str, str]] = []
        self.root = spdx2.ROOT
        self._cut = False
        self._tag = ""
        self._kind = ""
        self._line = 0
        self._package = ""
        self._fields: dict[str, str] = {}
        self._references: list[spdx2.Reference] = []
        self._odd = ""
        self._contributors: list[str] = []

    # ---- lines

    def take(self) -> None:
        """Read all lines, a piece at a time. Most lines of large documents are taken as they stand, where they are plain: CPEs that the
        generator made up, ten for each package, and thousands of relationships at the end.
        """
        while self.lines.open():
            plain, piece = self.lines.plain, self.lines.piece
            if plain and (count := self.relationships.add_all(self.lines.number, piece)):
                self.lines.number += count
                self._tag = "Relationship"
            elif plain and self.guesses:
                self._take_guesses(piece)
            else:
                self._take(piece)
        self._end()

    def _take_guesses(self, text: str) -> None:
        """Read the open piece of a document whose CPEs are made up: those are counted, and the lines between them read."""
        first, *parts = text.split(_GUESS)
        self._take(first)
        count = 0
        for part in parts:
            count += 1
            if "\n" in part:
                self._add_guesses(count)
                self._take(part.partition("\n")[2])
                count = 0
        if count:
            self._add_guesses(count)

    def _add_guesses(self, count: int) -> None:
        if self._kind != "PackageName":
            raise self._misplaced(self.lines.number, "ExternalRef")
        self._references += [spdx2.GUESSED] * count
        self.lines.number += count
        self._tag = "ExternalRef"

    def _take(self, text: str) -> None:
        """Read lines of the open piece. The frequent tags are dealt with on the spot."""
        fields, references, inside, tag = self._fields, self._references, self._kind == "PackageName", self._tag
        self.lines.split(text)
        numbered = None
        while numbered is not self.lines.numbered:  # a text may have opened the next piece
            numbered = self.lines.numbered
            texts = not self.lines.plain
            for number, line in numbered:
                word, colon, value = line.partition(": ")
                step = _STEPS.get(word)
                if step is None or not colon:
                    if not line or line[0] == "#" or not (word := self.lines.tag(number, line)):
                        continue
                    step, value = _STEPS[word], line.partition(":")[2]
                tag = word
                if texts and "<" in value and tagvalue.OPENING in value:  # one character is found at a tenth of the cost of six
                    value = self.lines.text(number, value)
                if step is _FIELD:
                    if tag in fields or not inside:
                        raise self._misplaced(number, tag)
                    fields[tag] = value
                elif step is _SKIP:
                    continue
                elif step is _REFERENCE:
                    if not inside:
                        raise self._misplaced(number, tag)
                    reference, odd = package.reference(value)
                    references.append(reference)
                    self._odd = self._odd or odd
                elif step is _RELATIONSHIP:
                    self.relationships.add(number, value)
                elif step is _ID:
                    if tag in fields:
                        raise self._misplaced(number, tag)
                    fields[tag] = value
                else:
                    step(self, number, tag, value.strip())
                    fields, references, inside = self._fields, self._references, self._kind == "PackageName"
        self._tag = tag

    def _end(self) -> None:
        self._cut = self._tag in tagvalue.PACKAGE and "PackageDownloadLocation" not in self._fields
        self._close()
        if not self.version:
            raise self.lines.error(1, "has no SPDXVersion", "Every SPDX 2 document begins with it")
        if self._tag == "SPDXVersion" and not _MORE.search(self.lines.source.data):
            raise spdx2.stub(self.lines.source)

    def _misplaced(self, number: int, tag: str) -> DocumentError:
        if tag in self._fields:
            return self.lines.error(number, f"says {tag} twice of one element", "Tools differ on which of the two they read; keep one")
        return self.lines.error(number, f"has {tag} outside a package", "A package begins with PackageName; tools differ on whose this is")

    def _add_contributor(self, _number: int, _tag: str, value: str) -> None:
        self._contributors.append(value)

    def _add_annotation(self, _number: int, tag: str, value: str) -> None:
        self.annotations.append((tag, value))

    def _add_document(self, number: int, _tag: str, value: str) -> None:
        self.documents.append((number, value))

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

    def _set_namespace(self, number: int, _tag: str, value: str) -> None:
        if self.namespace:
            raise self.lines.error(number, "has a second DocumentNamespace", "Other documents mean it by its namespace; keep one")
        self.namespace = value

    # ---- elements

    def _open(self, number: int, tag: str, value: str) -> None:
        if not self.version:
            raise self.lines.error(number, f"has {tag} before SPDXVersion", "Every SPDX 2 document begins with SPDXVersion")
        self._close()
        self._kind, self._line = tag, number
        self._fields = {tag: value}
        self._references = []
        self._odd = ""
        if self._contributors:
            self._contributors = []

    def _close(self) -> None:
        ref = self._fields.get("SPDXID", "").strip()
        self.refs.append(ref)
        if self._kind == "PackageName":
            item, odd = package.package(self._fields, self._references)
            cut = "the file ends in it, and it has no PackageDownloadLocation: the end may be cut off" if self._cut else ""
            self.packages.append((self._line, item, cut or self._odd or odd))
            self._package = ref
        elif self._kind == "FileName":
            name = self._fields["FileName"]
            if self._contributors or signals.is_binary(name):
                self.files.append((self._line, spdx2.File(name, ref, self._contributors)))
                if self._package and ref:
                    self.held.append(Edge(self._package, (ref,)))  # a file belongs to the package that it follows (SPDX 2.3 clause 8)
        elif self._kind == "SnippetSPDXID":
            self.refs.append(self._fields["SnippetSPDXID"])
        elif not self._kind:
            self.root = ref or spdx2.ROOT

    # ---- the document

    def document(self) -> Document:
        """The document, when all lines have been read."""
        unknown = self.relationships.ends.difference(self.refs)
        named = tuple(spdx2_relations.named(self.relationships.numbered(), "line {}".format, unknown)) if unknown else ()
        numbers = [number for number, _ in self.documents]
        documents = [package.external_document(value) for _, value in self.documents]
        links = spdx2_relations.links(documents, named, lambda index: f"line {numbers[index]}")
        components = tuple(self._components())
        below = spdx2_relations.described((item for _, item in self.relationships.numbered(self.root)), (), self.root)
        return Document(
            source=self.lines.source.name,
            format="SPDX",
            version=self.version.removeprefix("SPDX-"),
            serialisation="tag-value",
            components=(*components, *spdx2_relations.others(links)),
            edges=Edges(_edges, (self.relationships, self.root, tuple(self.held))),
            root=self.root,
            generator=", ".join(self.tools),
            problems=(
                *spdx2.problems(components[: len(self.packages)], bool(below), "line 1"),
                *self._odd_relationships(),
                *self._odd_types(),
                *self._odd_documents(),
            ),
            gaps=(*self._hidden(), *spdx2_relations.gaps(named, links)),
            names=(self.namespace,) if self.namespace else (),
            links=links,
            described=below,
        )

    def _components(self) -> Iterator[Component]:
        comments, android = self._comments(), spdx2.is_android(self.namespace)
        for line, item, malformed in self.packages:
            if comments and item.SPDXID in comments:
                item.annotations = comments[item.SPDXID]
            yield spdx2.component(item, f"line {line}", malformed, self.guesses, android)[0]
        for line, file in self.files:
            yield spdx2.file_component(file, f"line {line}")

    def _comments(self) -> dict[str, list[spdx2.Annotation]]:
        """The comments on each element; which one a comment is on may stand before or after it (SPDX 2.3 clause 12)."""
        found: dict[str, list[spdx2.Annotation]] = {}
        about = comment = ""
        for tag, value in [*self.annotations, ("Annotator", "")]:
            if tag == "SPDXREF":
                about = value
            elif tag == "AnnotationComment":
                comment = value
            else:
                if comment:
                    found.setdefault(about, []).append(spdx2.Annotation(comment))
                about = comment = ""
        return found

    def _odd_relationships(self) -> Iterator[Problem]:
        for number, value in self.relationships.odd[:_ENOUGH]:
            message = f"a relationship is not two elements and what is between them: '{value.strip()[:100]}'"
            yield Problem(pointer=f"line {number}", message=message)

    def _odd_types(self) -> Iterator[Problem]:
        if not self.relationships.kinds <= spdx2_relations.TYPES:
            yield from spdx2_relations.of_unknown_type((f"line {number}", kind) for number, kind in self.relationships.types())

    def _odd_documents(self) -> Iterator[Problem]:
        for number, value in self.documents:
            if not package.external_document(value).spdxDocument:
                yield Problem(pointer=f"line {number}", message=f"a reference to a document is not a name and a namespace: '{value[:100]}'")

    def _hidden(self) -> Iterator[Problem]:
        """Texts that a reader which overlooks <text> would take for packages."""
        hidden = self.lines.hidden
        if hidden:
            more = f" ({len(hidden) - 1} more do)" if len(hidden) > 1 else ""
            message = f"the text that begins here holds lines that look like a package{more}: other readers may see other packages"
            yield Problem(pointer=f"line {hidden[0]}", message=message)


def _edges(related: tuple[package.Relationships, str, tuple[Edge, ...]]) -> Iterator[Edge]:
    relationships, root, held = related
    yield from spdx2_relations.edges((item for _, item in relationships.numbered()), (), root)
    yield from held


def _no_step(_reading: _Reading, _number: int, _tag: str, _value: str) -> None:
    """Stands for what is dealt with on the spot."""


Step = Callable[[_Reading, int, str, str], None]

_FIELD: Step = partial(_no_step)
_ID: Step = partial(_no_step)
_REFERENCE: Step = partial(_no_step)
_RELATIONSHIP: Step = partial(_no_step)
_SKIP: Step = partial(_no_step)

_STEPS: dict[str, Step] = {
    **dict.fromkeys(tagvalue.TAGS, _SKIP),
    **dict.fromkeys(tagvalue.PACKAGE - _MANY, _FIELD),
    **dict.fromkeys(("PackageName", "FileName", "SnippetSPDXID", "LicenseID"), _Reading._open),
    **dict.fromkeys(("Annotator", "SPDXREF", "AnnotationComment"), _Reading._add_annotation),
    "SPDXID": _ID,
    "ExternalRef": _REFERENCE,
    "Relationship": _RELATIONSHIP,
    "FileContributor": _Reading._add_contributor,
    "SPDXVersion": _Reading._set_version,
    "DocumentNamespace": _Reading._set_namespace,
    "ExternalDocumentRef": _Reading._add_document,
    "Creator": _Reading._add_creator,
}
"""What is done with each tag."""
