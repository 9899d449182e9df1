"""SPDX 2.2 and 2.3 RDF/XML: statements gathered by subject, brought to the tree of the JSON form, and read as that.

No RDF library: rdflib needs time that grows with the square of the lines in a text, and the official SPDX library leaves the process
(`sys.exit`) for some documents and drops what it does not understand from others. It is the oracle of the tests.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

import msgspec

from sbomguard.errors import DocumentError
from sbomguard.model import Document
from sbomguard.readers import spdx2_tree
from sbomguard.readers.xmlnodes import Node, Places, parse, place_of
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
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Value(msgspec.Struct, frozen=True, gc=False):
    """The object of a statement: a text, or the name of another subject; `node` is where it stands."""

    text: str
    is_name: bool
    node: Node


Statements = dict[str, dict[str, list[Value]]]
"""Subject -> predicate -> objects, all in the order of the document."""


def accepts(head: bytes) -> bool:
    """Whether the first (or last) bytes of a text look like this format."""
    return _MARK.search(head) is not None and b"spdx" in head.lower()


def read(source: Source) -> Document:
    """The document. Two values where one belongs, and what RDF/XML can say in ways that few tools read, are errors."""
    text = msgspec.json.encode(_Graph(source).tree())
    return spdx2_tree.read(Source(source.name, text), "rdf-xml")


def locate(source: Source) -> Places:
    """Where the JSON Pointers of the tree stand in this source."""
    places: dict[str, Node] = {}
    _Graph(source, places).tree()
    return Places({pointer: place_of(node) for pointer, node in places.items()})


def refs(source: Source) -> dict[str, str]:
    """The pointer in the tree of every package and file, by its ref."""
    tree = _Graph(source).tree()
    return {item["SPDXID"]: f"/{kind}/{number}" for kind in ("packages", "files") for number, item in enumerate(tree[kind])}


@lru_cache(1000)  # few, and each stands on thousands of elements
def _iri(tag: tuple[str, str]) -> str:
    return "".join(tag)


# ---- from elements to statements (RDF 1.1 XML Syntax, clause 7.2)


class _Reader:
    """Walks node elements and property elements in turn."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.statements: Statements = {}
        self.nodes: dict[str, Node] = {}
        self.blanks = 0
        self.base = ""

    def read(self) -> Statements:
        root = parse(self.source)
        self.base = root.attributes.get((XML, "base"), "")
        for node in root.children if root.tag == (RDF, "RDF") else [root]:
            self._node(node)
        return self.statements

    def _node(self, node: Node) -> str:
        """A node element (clause 7.2.11); the name of its subject."""
        subject = self._subject(node)
        if node.tag != (RDF, "Description"):
            self._say(subject, RDF + "type", Value(_iri(node.tag), True, node))
        self._attributes(node, subject)
        for child in node.children:
            self._property(child, subject)
        return subject

    def _subject(self, node: Node) -> str:
        names = [key for key in ("about", "ID", "nodeID") if (RDF, key) in node.attributes]
        if len(names) > 1:
            raise self._error(node, "has two names")
        if not names:
            self.blanks += 1
            subject = f"_: {self.blanks}"  # the blank cannot stand in a name that a document gives
        else:
            subject = self._name(names[0], node.attributes[RDF, names[0]])
        self.statements.setdefault(subject, {})
        self.nodes.setdefault(subject, node)
        return subject

    def _name(self, kind: str, text: str) -> str:
        if kind == "nodeID":
            return f"_:{text}"
        text = f"#{text}" if kind == "ID" else text
        try:
            return urljoin(self.base, text) if self.base else text
        except ValueError:
            return text

    def _attributes(self, node: Node, subject: str) -> bool:
        """Property attributes (clause 7.2.11); whether there are any."""
        found = False
        for (namespace, name), text in node.attributes.items():
            if (namespace, name) == (RDF, "type"):
                self._say(subject, RDF + "type", Value(text, True, node))
            elif namespace not in (RDF, XML, ""):
                found = True
                self._say(subject, namespace + name, Value(text.strip(), False, node))
        return found

    def _property(self, node: Node, subject: str) -> None:
        """A property element (clause 7.2.14)."""
        predicate = _iri(node.tag)
        if (XML, "base") in node.attributes:
            raise self._error(node, "changes the base of names")
        parse_type = node.attributes.get((RDF, "parseType"))
        names = [key for key in ("resource", "nodeID") if (RDF, key) in node.attributes]
        if parse_type == "Resource":
            self.blanks += 1
            blank = f"_: {self.blanks}"
            self.statements[blank] = {}
            self.nodes[blank] = node
            self._say(subject, predicate, Value(blank, True, node))
            for child in node.children:
                self._property(child, blank)
        elif parse_type is not None:
            raise self._error(node, f"has a value of parseType {parse_type[:40]!r}")
        elif names:
            self._resource(node, subject, predicate, names)
        elif node.children:
            if len(node.children) > 1:
                raise self._error(node, "holds two values in one property element")
            self._say(subject, predicate, Value(self._node(node.children[0]), True, node))
        else:
            self._literal(node, subject, predicate)

    def _resource(self, node: Node, subject: str, predicate: str, names: list[str]) -> None:
        if len(names) > 1 or node.children or node.text:
            raise self._error(node, "holds two values in one property element")
        name = self._name(names[0], node.attributes[RDF, names[0]])
        self._attributes(node, name)
        self._say(subject, predicate, Value(name, True, node))

    def _literal(self, node: Node, subject: str, predicate: str) -> None:
        datatype = node.attributes.get((RDF, "datatype"))
        if datatype is not None and datatype not in _DATATYPES:
            raise self._error(node, f"has a value of the datatype {datatype[:80]}")
        blank = f"_: {self.blanks + 1}"
        if self._attributes(node, blank):
            if node.text:
                raise self._error(node, "holds two values in one property element")
            self.blanks += 1
            self.nodes[blank] = node
            self._say(subject, predicate, Value(blank, True, node))
        else:
            self._say(subject, predicate, Value(node.text, False, node))

    def _say(self, subject: str, predicate: str, value: Value) -> None:
        self.statements.setdefault(subject, {}).setdefault(predicate, []).append(value)

    def _error(self, node: Node, problem: str) -> DocumentError:
        advice = "Tools differ on what they read there; write the SBOM as JSON"
        return DocumentError(problem, source=self.source.name, pointer=node.where(), advice=advice)


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
_TERMS = {SPDX + "noassertion": "NOASSERTION", SPDX + "none": "NONE"}


class _Graph(_Reader):
    """The statements, and the tree of the JSON form that they come to; `places` takes in which pointer is which element."""

    def __init__(self, source: Source, places: dict[str, Node] | None = None) -> None:
        super().__init__(source)
        self.places = places

    def _place(self, pointer: str, node: Node) -> None:
        if self.places is not None:
            self.places[pointer] = node

    def tree(self) -> dict[str, Any]:
        self.read()
        documents = self._of_type("SpdxDocument")
        if len(documents) != 1:
            problem = f"describes {len(documents)} SPDX documents" if documents else "describes no SPDX document"
            raise DocumentError(problem, source=self.source.name, advice="An SPDX 2 RDF/XML file holds one SpdxDocument")
        document = documents[0]
        self.namespace = document.partition("#")[0]
        external = self._external(document)
        self.external = {item["spdxDocument"]: item["externalDocumentId"] for item in external}
        tree: dict[str, Any] = {"SPDXID": self._id(document), "documentNamespace": self.namespace}
        tree.update(self._fields(document, "", (("spdxVersion", SPDX + "specVersion"), ("name", SPDX + "name"))))
        for info in self._values(document, SPDX + "creationInfo"):
            tree["creationInfo"] = {"creators": [value.text for value in self._values(info.text, SPDX + "creator")]}
        tree["externalDocumentRefs"] = external
        tree["packages"] = [self._package(name, f"/packages/{number}") for number, name in enumerate(self._of_type("Package"))]
        tree["files"] = [self._file(name, f"/files/{number}") for number, name in enumerate(self._of_type("File"))]
        tree["relationships"] = list(self._relationships())
        tree["documentDescribes"] = [self._id(value.text) for value in self._values(document, SPDX + "describesPackage")]
        return tree

    def _of_type(self, kind: str) -> list[str]:
        found = (name for name, said in self.statements.items() if any(value.text == SPDX + kind for value in said.get(RDF + "type", ())))
        return list(found)

    def _values(self, subject: str, predicate: str) -> list[Value]:
        return self.statements.get(subject, {}).get(predicate, [])

    def _one(self, subject: str, predicate: str) -> Value | None:
        """The value of a property that may have one. A second, different one makes tools differ (SPDX 2.3: cardinality 0..1)."""
        values = self._values(subject, predicate)
        if any((value.text, value.is_name) != (values[0].text, values[0].is_name) for value in values[1:]):
            raise self._error(values[1].node, f"gives a second value of '{values[1].node.tag[1][:60]}'")
        return values[0] if values else None

    def _fields(self, subject: str, pointer: str, fields: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
        if subject in self.nodes:
            self._place(pointer, self.nodes[subject])
        for field, predicate in fields:
            value = self._one(subject, predicate)
            if value is not None:
                self._place(f"{pointer}/{field}", value.node)
                yield field, _TERMS.get(value.text, value.text) if value.is_name else value.text

    def _package(self, name: str, pointer: str) -> dict[str, Any]:
        package: dict[str, Any] = dict(self._fields(name, pointer, _PACKAGE))
        package["SPDXID"] = self._id(name)
        purpose = self._one(name, SPDX + "primaryPackagePurpose")
        if purpose is not None:
            package["primaryPackagePurpose"] = purpose.text.rpartition("purpose_")[2].upper()
        references = self._values(name, SPDX + "externalRef")
        package["externalRefs"] = [
            self._reference(value.text, f"{pointer}/externalRefs/{number}") for number, value in enumerate(references)
        ]
        annotations = self._values(name, SPDX + "annotation")
        comment = (("comment", RDFS + "comment"),)
        package["annotations"] = [
            dict(self._fields(value.text, f"{pointer}/annotations/{number}", comment)) for number, value in enumerate(annotations)
        ]
        package["hasFiles"] = [self._id(value.text) for value in self._values(name, SPDX + "hasFile")]
        return package

    def _reference(self, name: str, pointer: str) -> dict[str, str]:
        fields = (("referenceType", SPDX + "referenceType"), ("referenceLocator", SPDX + "referenceLocator"))
        reference = dict(self._fields(name, pointer, fields))
        kind = reference.get("referenceType", "")
        reference["referenceType"] = kind.rpartition("/")[2] if "/rdf/references/" in kind else kind
        return reference

    def _file(self, name: str, pointer: str) -> dict[str, Any]:
        contributors = self._values(name, SPDX + "fileContributor")
        for number, value in enumerate(contributors):
            self._place(f"{pointer}/fileContributors/{number}", value.node)
        fields = dict(self._fields(name, pointer, (("fileName", SPDX + "fileName"),)))
        return {**fields, "SPDXID": self._id(name), "fileContributors": [value.text for value in contributors]}

    def _relationships(self) -> Iterator[dict[str, str]]:
        number = 0
        for name, said in list(self.statements.items()):
            for value in said.get(SPDX + "relationship", ()):
                kind, other = self._one(value.text, SPDX + "relationshipType"), self._one(value.text, SPDX + "relatedSpdxElement")
                word = _HUMP.sub("_", kind.text.rpartition("relationshipType_")[2]).upper() if kind else ""
                related = (_TERMS.get(other.text) or (self._id(other.text) if other.is_name else other.text)) if other else ""
                if value.text in self.nodes:
                    self._place(f"/relationships/{number}", self.nodes[value.text])
                number += 1
                yield {"spdxElementId": self._id(name), "relationshipType": word, "relatedSpdxElement": related}

    def _external(self, document: str) -> list[dict[str, Any]]:
        """The references to other documents, their checksums too (SPDX 2.3 clause 6.6)."""
        found: list[dict[str, Any]] = []
        for value in self._values(document, SPDX + "externalDocumentRef"):
            pointer = f"/externalDocumentRefs/{len(found)}"
            item: dict[str, Any] = dict(self._fields(value.text, pointer, _EXTERNAL))
            for checksum in self._values(value.text, SPDX + "checksum"):
                said = dict(self._fields(checksum.text, f"{pointer}/checksum", _CHECKSUM))
                item["checksum"] = {**said, "algorithm": said.get("algorithm", "").rpartition("checksumAlgorithm_")[2].upper()}
            if "spdxDocument" in item and "externalDocumentId" in item:
                found.append(item)
        return found

    def _id(self, name: str) -> str:
        """The SPDXID in a name; of elements of another document with the document's reference before it (SPDX 2.3 clause 6.6)."""
        namespace, mark, ident = name.partition("#")
        if name.startswith("_:"):
            return ""
        if not mark:
            return name
        if namespace in self.external:
            return f"{self.external[namespace]}:{ident}"
        return ident if namespace in (self.namespace, "") else name
