"""SPDX 2.2 and 2.3 RDF/XML: statements gathered by subject, brought to the tree of the JSON form, and read as that.

No RDF library: rdflib needs time that grows with the square of the lines in a text, and the official SPDX library leaves the process
(`sys.exit`) for some documents and drops what it does not understand from others. It is the oracle of the tests.
"""

import re
from array import array
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from sbomguard.errors import DocumentError
from sbomguard.model import Document, Place
from sbomguard.readers import spdx2_tree
from sbomguard.readers.spdx2_items import Members, nearest
from sbomguard.readers.xmlnodes import Elements, Node, place_of, span_of
from sbomguard.source import Source

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SPDX = "http://spdx.org/rdf/terms#"
DOAP = "http://usefulinc.com/ns/doap#"
XML = "http://www.w3.org/XML/1998/namespace"
XSD = "http://www.w3.org/2001/XMLSchema#"

_MARK = re.compile(rb"""<(?:[\w.-]+:)?RDF[\s>]|["']http://www\.w3\.org/1999/02/22-rdf-syntax-ns#["']""")
_DATATYPES = frozenset(XSD + name for name in "string normalizedString token anyURI integer int long nonNegativeInteger positiveInteger "
                       "boolean dateTime".split())  # fmt: skip
_TWO_VALUES = "holds two values in one property element"
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Subject:
    """What statements are about: `said` are their predicates, values and the numbers of the elements that say it, all in the order of the
    document and in one list, for that is small; None of what is only a value so far. `kinds` are those of its types that are read, `number`
    is that of the first element that is it.
    """

    __slots__ = ("kinds", "name", "number", "said")

    def __init__(self, name: str) -> None:
        self.name = name
        self.kinds: tuple[str, ...] = ()
        self.number = -1
        self.said: list[Any] | None = None


Value = Subject | str
"""The object of a statement: another subject, or a text."""


def accepts(head: bytes) -> bool:
    """Whether the first (or last) bytes of a text look like this format."""
    return _MARK.search(head) is not None and b"spdx" in head.lower()


def read(source: Source) -> Document:
    """The document. Two values where one belongs, and what RDF/XML can say in ways that few tools read, are errors."""
    return spdx2_tree.read(Source(source.name, _Graph(source).text()), "rdf-xml")


def locate(source: Source) -> "Places":
    """Where the JSON Pointers of the tree stand in this source."""
    return Places(source)


def refs(source: Source) -> dict[str, str]:
    """The pointer in the tree of every package and file, by its ref."""
    graph = _Graph(source)
    elements = (("packages", graph.packages), ("files", graph.files))
    return {graph.id_of(item.name): f"/{key}/{number}" for key, items in elements for number, item in enumerate(items)}


@lru_cache(1000)  # few, and each stands on thousands of elements
def _iri(tag: tuple[str, str]) -> str:
    return "".join(tag)


# ---- from elements to statements (RDF 1.1 XML Syntax, clause 7.2)


class _Element(Node):
    """A node element is `about` the subject that its properties tell of; a property element has an `owner`, the subject that it tells
    of, and a `value` if that is another subject. One of parseType Resource is both.
    """

    __slots__ = ("about", "number", "owner", "value")

    def __init__(self, tag: tuple[str, str], attributes: Mapping[tuple[str, str], str], start: int) -> None:
        super().__init__(tag, attributes, start)
        self.about: Subject | None = None
        self.owner: Subject | None = None
        self.value: Subject | None = None
        self.number = -1


class _Reader(Elements[_Element]):
    """Gathers statements from node elements and property elements. If `placed`, elements that say something have numbers and places.

    The fault that stands first is raised when all has been met: what is not even XML goes before it.
    """

    def __init__(self, source: Source, placed: bool = False) -> None:
        super().__init__(source, _Element, placed)
        self.subjects: list[Subject] = []
        self._named: dict[str, Subject] = {}
        self._spare, self._blanks = Subject("_: 1"), 1
        self._base = ""
        self._fault: tuple[int, str] | None = None
        self._starts, self._spans = array("Q"), array("I")
        self.meet()
        if self._fault:
            raise self._error(*self._fault)

    def place(self, number: int) -> Place:
        """The place of an element."""
        return place_of(*self._spans[4 * number : 4 * number + 4])

    def opened(self, node: _Element, around: _Element | None) -> None:
        if around is None:
            self._base = node.attributes.get((XML, "base"), "")
            if node.tag == (RDF, "RDF"):
                return
        if around is not None and around.about is not None:
            self._begin_property(node, around.about)
        else:
            self._begin_node(node, around)

    def closed(self, node: _Element) -> None:
        if node.owner is not None and node.about is None:
            self._end_property(node, node.owner)
        if node.number >= 0:
            self._spans[4 * node.number : 4 * node.number + 4] = array("I", span_of(node))

    def _begin_node(self, node: _Element, around: _Element | None) -> None:
        """A node element (clause 7.2.11), which may be the value of a property."""
        node.about = subject = self._subject(node)
        if around is not None and around.owner is not None:
            if around.value is not None:
                self._blame(around, _TWO_VALUES)
            around.value = subject
        if node.tag != (RDF, "Description"):
            self._say(subject, _TYPE, _iri(node.tag), node)
        self._attributes(node, subject)

    def _subject(self, node: _Element) -> Subject:
        names = [key for key in ("about", "ID", "nodeID") if (RDF, key) in node.attributes]
        if len(names) > 1:
            self._blame(node, "has two names")
        return self._is(node, self._called(names[0], node) if names else self._blank())

    def _called(self, kind: str, node: _Element) -> Subject:
        """The subject that an attribute of the namespace of RDF names."""
        text = node.attributes[RDF, kind]
        if kind == "nodeID":
            name = f"_:{text}"
        else:
            name = f"#{text}" if kind == "ID" else text
            with suppress(ValueError):
                name = urljoin(self._base, name) if self._base else name
        found = self._named.get(name)
        if found is None:
            found = self._named[name] = Subject(name)
        return found

    def _blank(self) -> Subject:
        """A subject without a name. What stands for one cannot stand in a name that a document gives: there is a blank in it."""
        subject = self._spare
        self._blanks += 1
        self._spare = Subject(f"_: {self._blanks}")
        return subject

    def _met(self, subject: Subject) -> list[Any]:
        """What is said of a subject that has statements, or an element of its own."""
        if subject.said is None:
            subject.said = []
            self.subjects.append(subject)
        return subject.said

    def _is(self, node: _Element, subject: Subject) -> Subject:
        """The subject of which this is an element."""
        self._met(subject)
        if subject.number < 0:
            subject.number = self._number(node)
        return subject

    def _attributes(self, node: _Element, subject: Subject) -> bool:
        """Property attributes (clause 7.2.11); whether there are any."""
        found = False
        for (namespace, name), text in node.attributes.items():
            if (namespace, name) == (RDF, "type"):
                self._say(subject, _TYPE, text, node)
            elif namespace not in (RDF, XML, ""):
                found = True
                self._say(subject, namespace + name, text.strip(), node)
        return found

    def _begin_property(self, node: _Element, owner: Subject) -> None:
        """A property element (clause 7.2.14)."""
        node.owner = owner
        if (XML, "base") in node.attributes:
            self._blame(node, "changes the base of names")
        parse_type = node.attributes.get((RDF, "parseType"))
        if parse_type == "Resource":
            node.about = self._is(node, self._blank())
            self._say(owner, _iri(node.tag), node.about, node)
        elif parse_type is not None:
            self._blame(node, f"has a value of parseType {parse_type[:40]!r}")
        elif names := _resources(node):
            node.value = self._called(names[0], node)
            if len(names) > 1:
                self._blame(node, _TWO_VALUES)

    def _end_property(self, node: _Element, owner: Subject) -> None:
        if node.value is not None and not node.parted:
            if node.texts:
                self._blame(node, _TWO_VALUES)
            self._attributes(node, node.value)
        self._say(owner, _iri(node.tag), self._literal(node) if node.value is None else node.value, node)

    def _literal(self, node: _Element) -> Value:
        datatype = node.attributes.get((RDF, "datatype"))
        if datatype is not None and datatype not in _DATATYPES:
            self._blame(node, f"has a value of the datatype {datatype[:80]}")
        if not self._attributes(node, self._spare):
            text = node.text
            return _shared(text) if len(text) < 100 else text
        if node.texts:
            self._blame(node, _TWO_VALUES)
        return self._is(node, self._blank())

    def _say(self, subject: Subject, predicate: str, value: Value, node: _Element) -> None:
        said = self._met(subject)
        if predicate in _READ:
            said += (predicate, value, self._number(node))
        elif predicate == _TYPE and (kind := text_of(value)) in _KINDS and kind not in subject.kinds:
            subject.kinds += (kind,)

    def _number(self, node: _Element) -> int:
        """The number of an element that says something."""
        if self.placed and node.number < 0:
            node.number = len(self._starts)
            self._starts.append(node.start)
            self._spans.extend((0, 0, 0, 0))
        return node.number

    def _blame(self, node: _Element, problem: str) -> None:
        if self._fault is None or node.start < self._fault[0]:
            self._fault = node.start, problem

    def _error(self, at: int, problem: str) -> DocumentError:
        return self.error(problem, at, "Tools differ on what they read there; write the SBOM as JSON")


@lru_cache(1000)
def _shared(text: str) -> str:
    """One object for a text that stands in many places."""
    return text


def _resources(node: _Element) -> list[str]:
    return [key for key in ("resource", "nodeID") if (RDF, key) in node.attributes]


def text_of(value: Value) -> str:
    """The text that a value is, or the name of the subject."""
    return value if isinstance(value, str) else value.name


# ---- from statements to the tree

_PACKAGE = (
    ("name", SPDX + "name"),
    ("versionInfo", SPDX + "versionInfo"),
    ("packageFileName", SPDX + "packageFileName"),
    ("supplier", SPDX + "supplier"),
    ("originator", SPDX + "originator"),
    ("downloadLocation", SPDX + "downloadLocation"),
    ("sourceInfo", SPDX + "sourceInfo"),
    ("homepage", DOAP + "homepage"),
    ("builtDate", SPDX + "builtDate"),
    ("releaseDate", SPDX + "releaseDate"),
)
_EXTERNAL = (("spdxDocument", SPDX + "spdxDocument"), ("externalDocumentId", SPDX + "externalDocumentId"))
_CHECKSUM = (("algorithm", SPDX + "algorithm"), ("checksumValue", SPDX + "checksumValue"))
_REFERENCE = (("referenceType", SPDX + "referenceType"), ("referenceLocator", SPDX + "referenceLocator"))
_COMMENT = ("comment", RDFS + "comment")
_FILE_NAME = ("fileName", SPDX + "fileName")
_VERSION = ("spdxVersion", SPDX + "specVersion")
_TERMS = {SPDX + "noassertion": "NOASSERTION", SPDX + "none": "NONE"}
_TYPE = RDF + "type"
_KINDS = frozenset(SPDX + kind for kind in ("SpdxDocument", "Package", "File"))
_TEXTS = (*_PACKAGE, *_EXTERNAL, *_CHECKSUM, *_REFERENCE, _COMMENT, _FILE_NAME, _VERSION)
_READ = frozenset(predicate for _, predicate in _TEXTS) | frozenset(SPDX + name for name in (
    "annotation checksum creationInfo creator describesPackage externalDocumentRef externalRef fileContributor hasFile "
    "primaryPackagePurpose relatedSpdxElement relationship relationshipType").split())  # fmt: skip
"""Predicates of statements that are kept."""

Said = dict[str, list[tuple[Value, int]]]
"""What is said of one subject: values by predicate, with the numbers of their elements."""


class _Graph(_Reader):
    """The statements, and the tree of the JSON form that they come to. `places` takes in which pointer is which element."""

    def __init__(self, source: Source, placed: bool = False) -> None:
        super().__init__(source, placed)
        self.places: dict[str, int] = {}
        documents = self._of_kind("SpdxDocument")
        if len(documents) != 1:
            problem = f"describes {len(documents)} SPDX documents" if documents else "describes no SPDX document"
            raise DocumentError(problem, source=self.source.name, advice="An SPDX 2 RDF/XML file holds one SpdxDocument")
        self._document = documents[0]
        self._namespace = self._document.name.partition("#")[0]
        self._external: dict[str, str] = {}
        self._references = list(self._references_out())
        self._external = {item["spdxDocument"]: item["externalDocumentId"] for item in self._references}
        self.packages, self.files = self._of_kind("Package"), self._of_kind("File")

    def text(self) -> bytes:
        """The text of the tree; the statements are given up."""
        members = Members()
        for key, value in self.head().items():
            members.put(key, value)
        members.put_list("packages", map(self.package, range(len(self.packages))))
        members.put_list("files", map(self.file, range(len(self.files))))
        members.put_list("relationships", self.relationships())
        described = self._said(self._document).get(SPDX + "describesPackage", ())
        members.put("documentDescribes", [self.id_of(text_of(value)) for value, _ in described])
        for subject in self.subjects:
            subject.said = None  # statements may go round in circles, which are not given back by themselves
        return members.text()

    def head(self) -> dict[str, Any]:
        """The members of the document that are no long lists."""
        said = self._said(self._document)
        head: dict[str, Any] = {"SPDXID": self.id_of(self._document.name), "documentNamespace": self._namespace}
        head.update(self._fields(self._document, said, "", (_VERSION, ("name", SPDX + "name"))))
        for info, _ in said.get(SPDX + "creationInfo", ()):
            creators = self._said(info).get(SPDX + "creator", ())
            head["creationInfo"] = {"creators": [text_of(value) for value, _ in creators]}
        return {**head, "externalDocumentRefs": self._references}

    def _of_kind(self, kind: str) -> list[Subject]:
        return [subject for subject in self.subjects if SPDX + kind in subject.kinds]

    def _subject_of(self, value: Value) -> Subject | None:
        return self._named.get(value) if isinstance(value, str) else value

    def _said(self, value: Value) -> Said:
        subject = self._subject_of(value)
        found: Said = {}
        entries = iter(subject.said or ()) if subject else iter(())
        for predicate, value, number in zip(entries, entries, entries, strict=True):
            found.setdefault(predicate, []).append((value, number))
        return found

    def _one(self, said: Said, predicate: str) -> tuple[Value, int] | None:
        """The value of a property that may have one. A second, different one makes tools differ (SPDX 2.3: cardinality 0..1)."""
        values = said.get(predicate)
        if values is None:
            return None
        if any(value != values[0][0] for value, _ in values):
            if not self.placed:
                _Graph(self.source, placed=True).text()  # meets the same, and knows its place
            raise self._error(self._starts[values[1][1]], f"gives a second value of '{predicate.rpartition('#')[2]}'")
        return values[0]

    def _place(self, pointer: str, value: Value) -> None:
        subject = self._subject_of(value)
        if self.placed and subject and subject.number >= 0:
            self.places[pointer] = subject.number

    def _fields(self, of: Value, said: Said, pointer: str, fields: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        self._place(pointer, of)
        for field, predicate in fields:
            found = self._one(said, predicate)
            if found is not None:
                value, number = found
                if self.placed:
                    self.places[f"{pointer}/{field}"] = number
                yield field, value if isinstance(value, str) else _TERMS.get(value.name, value.name)

    def package(self, number: int) -> dict[str, Any]:
        """A package of the tree."""
        subject, pointer = self.packages[number], f"/packages/{number}"
        said = self._said(subject)
        package: dict[str, Any] = dict(self._fields(subject, said, pointer, _PACKAGE))
        package["SPDXID"] = self.id_of(subject.name)
        purpose = self._one(said, SPDX + "primaryPackagePurpose")
        if purpose is not None:
            package["primaryPackagePurpose"] = text_of(purpose[0]).rpartition("purpose_")[2].upper()
        package["externalRefs"] = [
            self._reference(value, f"{pointer}/externalRefs/{number}")
            for number, (value, _) in enumerate(said.get(SPDX + "externalRef", ()))
        ]
        package["annotations"] = [
            dict(self._fields(value, self._said(value), f"{pointer}/annotations/{number}", (_COMMENT,)))
            for number, (value, _) in enumerate(said.get(SPDX + "annotation", ()))
        ]
        package["hasFiles"] = [self.id_of(text_of(value)) for value, _ in said.get(SPDX + "hasFile", ())]
        return package

    def _reference(self, value: Value, pointer: str) -> dict[str, str]:
        reference = dict(self._fields(value, self._said(value), pointer, _REFERENCE))
        kind = reference.get("referenceType", "")
        reference["referenceType"] = kind.rpartition("/")[2] if "/rdf/references/" in kind else kind
        return reference

    def file(self, number: int) -> dict[str, Any]:
        """A file of the tree."""
        subject, pointer = self.files[number], f"/files/{number}"
        said = self._said(subject)
        contributors = said.get(SPDX + "fileContributor", ())
        if self.placed:
            self.places.update((f"{pointer}/fileContributors/{position}", element) for position, (_, element) in enumerate(contributors))
        fields = dict(self._fields(subject, said, pointer, (_FILE_NAME,)))
        return {**fields, "SPDXID": self.id_of(subject.name), "fileContributors": [text_of(value) for value, _ in contributors]}

    def relationships(self) -> Iterator[dict[str, str]]:
        """The relationships of the tree."""
        number = 0
        for subject in self.subjects:
            for value, _ in self._said(subject).get(SPDX + "relationship", ()):
                said = self._said(value)
                kind, other = self._one(said, SPDX + "relationshipType"), self._one(said, SPDX + "relatedSpdxElement")
                word = _HUMP.sub("_", text_of(kind[0]).rpartition("relationshipType_")[2]).upper() if kind else ""
                self._place(f"/relationships/{number}", value)
                number += 1
                related = self._other_end(other[0]) if other else ""
                yield {"spdxElementId": self.id_of(subject.name), "relationshipType": word, "relatedSpdxElement": related}

    def _other_end(self, value: Value) -> str:
        return value if isinstance(value, str) else _TERMS.get(value.name) or self.id_of(value.name)

    def _references_out(self) -> Iterator[dict[str, Any]]:
        """The references to other documents, their checksums too (SPDX 2.3 clause 6.6)."""
        number = 0
        for value, _ in self._said(self._document).get(SPDX + "externalDocumentRef", ()):
            pointer, said = f"/externalDocumentRefs/{number}", self._said(value)
            item: dict[str, Any] = dict(self._fields(value, said, pointer, _EXTERNAL))
            for checksum, _ in said.get(SPDX + "checksum", ()):
                sum_of = dict(self._fields(checksum, self._said(checksum), f"{pointer}/checksum", _CHECKSUM))
                item["checksum"] = {**sum_of, "algorithm": sum_of.get("algorithm", "").rpartition("checksumAlgorithm_")[2].upper()}
            if "spdxDocument" in item and "externalDocumentId" in item:
                number += 1
                yield item

    def id_of(self, name: str) -> str:
        """The SPDXID in a name; of elements of another document with the document's reference before it (SPDX 2.3 clause 6.6)."""
        namespace, mark, ident = name.partition("#")
        if name.startswith("_:"):
            return ""
        if not mark:
            return name
        if namespace in self._external:
            return f"{self._external[namespace]}:{ident}"
        return ident if namespace in (self._namespace, "") else name


class Places:
    """Places in one text; an element of the tree is made again when something in it is asked for."""

    def __init__(self, source: Source) -> None:
        self._graph = _Graph(source, placed=True)
        self._graph.head()
        self._around, self._graph.places = self._graph.places, {}
        self._made = ""

    def locate(self, pointer: str) -> Place:
        """The place of the value at a JSON Pointer, or of its nearest ancestor that is there."""
        element = "/".join(pointer.split("/", 3)[:3])
        if element != self._made:
            self._made, self._graph.places = element, {}
            self._make(*element.partition("/")[2].partition("/")[::2])
        return self._graph.place(nearest(ChainMap(self._graph.places, self._around), pointer))

    def _make(self, key: str, step: str) -> None:
        """Make an element of one of the long lists, if that is what the steps lead to."""
        graph, number = self._graph, int(step) if step.isdecimal() else -1
        if key == "packages" and 0 <= number < len(graph.packages):
            graph.package(number)
        elif key == "files" and 0 <= number < len(graph.files):
            graph.file(number)
        elif key == "relationships" and number >= 0:
            next(islice(graph.relationships(), number, None), None)
