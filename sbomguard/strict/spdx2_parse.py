"""SPDX 2.2 and 2.3 in any form, parsed by spdx-tools: elements with their pointers, and complaints with those of what they are about."""

import logging
import re
from ast import literal_eval
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import msgspec
from msgspec import Struct

from sbomguard.readers import spdx2_rdf, spdx2_xml, spdx2_yaml
from sbomguard.readers.tagvalue import Lines, with_line_feeds
from sbomguard.source import Source
from sbomguard.strict.violation import Violation, load

Placed = list[tuple[str, Any]]
"""Elements of the official model, each with the pointer of where it stands."""

_PARSER = "spdx_tools.spdx.parser."
_NESTED = re.compile(r"([\w ]*): (\[.*\])", re.DOTALL)
_TYPED = re.compile(r"(?:\w+: )?Method \S+ parameter (\w+)=(.*?) violates type hint (.*?), as .*", re.DOTALL)
_REFERENCES = "http://spdx.org/rdf/references/"
_LACKING = re.compile(r"(?:\w+: )?(\w+)\.__init__\(\) missing \d+ required positional arguments?: (.*)")
_MODULE = re.compile(r"\b(?:\w+\.)+(?=\w)")
_NAMED = re.compile(r"^[ \t]*(?:SPDXID|SnippetSPDXID|LicenseID):[ \t]*(\S+)", re.MULTILINE)
_VALUE = re.compile(r"(?:but is|license expression): ([^:;]+)")
_LINE = re.compile(r"\.? (?:Line:|in line) (\d+)")


class Parsed(Struct):
    """A document of the official model in its parts. `violations` are what the model could not take."""

    creation: Any = None
    packages: Placed = []
    files: Placed = []
    snippets: Placed = []
    annotations: Placed = []
    relationships: Placed = []
    licences: Placed = []
    violations: list[Violation] = []

    @property
    def elements(self) -> Placed:
        """What has an SPDXID."""
        return [*self.packages, *self.files, *self.snippets]


def parse(source: Source) -> Parsed:
    """The parts of the document in the source."""
    if source.reader == "spdx2_tagvalue":
        return _whole(_from_tag_value, source)
    if source.reader == "spdx2_rdf":
        return _whole(_from_rdf, source)
    return _Tree(_TREES[source.reader](source)).parse()


_TREES: dict[str, Callable[[Source], dict[str, Any]]] = {
    "spdx2_json": lambda source: msgspec.json.decode(source.data, type=dict[str, Any]),
    "spdx2_yaml": lambda source: spdx2_yaml.values(source),
    "spdx2_xml": lambda source: spdx2_xml.values(source),
}
"""How the tree of the JSON form comes out of the forms that have it."""


# ---- forms with a tree: element by element


class _Tree:
    """Parses a tree part by part, so that a complaint has the place of the part."""

    def __init__(self, tree: dict[str, Any]) -> None:
        self.tree = tree
        self.ref = tree.get("SPDXID")
        self.error = load(_PARSER + "error", "spdx-tools").SPDXParsingError
        self.violations: list[Violation] = []

    def parse(self) -> Parsed:
        base = _PARSER + "jsonlikedict."
        annotation = load(base + "annotation_parser", "spdx-tools").AnnotationParser()
        parts = Parsed(
            creation=self._take("", load(base + "creation_info_parser", "spdx-tools").CreationInfoParser().parse_creation_info, self.tree),
            packages=self._all("packages", partial(_package, load(base + "package_parser", "spdx-tools").PackageParser())),
            files=self._all("files", load(base + "file_parser", "spdx-tools").FileParser().parse_file),
            snippets=self._all("snippets", load(base + "snippet_parser", "spdx-tools").SnippetParser().parse_snippet),
            relationships=self._relationships(load(base + "relationship_parser", "spdx-tools").RelationshipParser()),
            annotations=self._annotations(annotation.parse_annotation),
            licences=self._all(
                "hasExtractedLicensingInfos",
                load(base + "extracted_licensing_info_parser", "spdx-tools").ExtractedLicensingInfoParser().parse_extracted_licensing_info,
            ),
        )
        parts.annotations += self._all("revieweds", lambda review: annotation.parse_review(review, self.ref))
        parts.violations = self.violations
        return parts

    def _take(self, pointer: str, parse: Callable[[Any], Any], value: Any) -> Any:
        """The value parsed; None, and a violation, if the parser does not take it."""
        try:
            return parse(value)
        except self.error as error:
            self.violations.extend(Violation(pointer, plain(message)) for message in error.get_messages())
        except (TypeError, ValueError, AttributeError, KeyError) as error:  # what the parsers trip over in a value of another type
            self.violations.append(Violation(pointer, f"is not of the type that it should have: {error}"))
        return None

    def _all(self, key: str, parse: Callable[[Any], Any], inside: tuple[str, Any] = ("", None)) -> Placed:
        """The items of a list that is a member of the tree, or of a part of it with that pointer."""
        at, part = inside
        values = (self.tree if part is None else part).get(key)
        if values is None:
            return []
        if not isinstance(values, list):
            self.violations.append(Violation(f"{at}/{key}", "is no list"))
            return []
        placed = ((f"{at}/{key}/{number}", value) for number, value in enumerate(values))
        return [(pointer, item) for pointer, value in placed if (item := self._take(pointer, parse, value)) is not None]

    def _parts(self, *keys: str) -> Iterator[tuple[str, dict[str, Any]]]:
        for key in keys:
            values = self.tree.get(key)
            for number, value in enumerate(values if isinstance(values, list) else ()):
                if isinstance(value, dict):
                    yield f"/{key}/{number}", value

    def _annotations(self, parse: Callable[..., Any]) -> Placed:
        found = self._all("annotations", lambda value: parse(value, self.ref))
        for pointer, part in self._parts("packages", "files", "snippets"):
            if part.get("annotations"):
                found += self._all("annotations", partial(parse, spdx_id=part.get("SPDXID")), (pointer, part))
        return found

    def _relationships(self, parser: Any) -> Placed:
        """Those that are written as such, and those that `documentDescribes` and `hasFiles` stand for."""
        found = self._all("relationships", parser.parse_relationship)
        found += self._all("documentDescribes", lambda ref: parser.parse_document_describes(self.ref, [ref], [])[0])
        for pointer, package in self._parts("packages"):
            if package.get("hasFiles"):
                found += self._all("hasFiles", partial(_has_file, parser, package.get("SPDXID")), (pointer, package))
        return found


def _package(parser: Any, package: Any) -> Any:
    """A package parsed. Types of external references may be written as IRIs (SPDX 2.2 and 2.3 clause 7.21; Yocto does); the library knows
    them by their last part only."""
    references = package.get("externalRefs") if isinstance(package, dict) else None
    if isinstance(references, list):
        for reference in references:
            if isinstance(reference, dict) and isinstance(kind := reference.get("referenceType"), str):
                reference["referenceType"] = kind.removeprefix(_REFERENCES)
    return parser.parse_package(package)


def _has_file(parser: Any, package: Any, ref: Any) -> Any:
    return parser.parse_has_files([{"SPDXID": package, "hasFiles": [ref]}], [])[0]


def plain(message: Any) -> str:
    """A complaint of spdx-tools, which nests complaints as texts of lists in each other and speaks of its classes, as plain words."""
    text = str(message).removeprefix("SetterError ").removeprefix("Error while constructing ").removeprefix("Error while parsing ")
    if nested := _NESTED.fullmatch(text):
        try:
            return f"{nested.group(1)}: {'; '.join(map(plain, literal_eval(nested.group(2))))}"
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return text
    if typed := _TYPED.fullmatch(text):
        name, value, hint = typed.groups()
        return f"{name} is missing" if value in ('"None"', "None") else f"{name} is {value}, and must be {_MODULE.sub('', hint)}"
    lacking = _LACKING.fullmatch(text)
    return f"{lacking.group(1)} lacks {lacking.group(2).replace(chr(39), '')}" if lacking else text


# ---- forms without: the library's own parser for the whole


def _whole(parse: Callable[[Source], Any], source: Source) -> Parsed:
    """The parts as the library's parser for that form gives them, with the places of their refs."""
    places = _lines_of(source) if source.reader == "spdx2_tagvalue" else spdx2_rdf.refs(source)
    try:
        official = parse(source)
    except load(_PARSER + "error", "spdx-tools").SPDXParsingError as error:
        text = _TagValue(source) if source.reader == "spdx2_tagvalue" else None
        return Parsed(violations=[_complaint(message, text) for message in error.get_messages()])
    except SystemExit:  # what the library does in the middle of an RDF document that it does not understand
        return Parsed(violations=[Violation("", "the official parser gives up: the namespace of the document cannot be found")])

    def placed(items: list[Any], ref: str = "spdx_id") -> Placed:
        return [(places.get(getattr(item, ref), ""), item) for item in items]

    return Parsed(
        creation=official.creation_info,
        packages=placed(official.packages),
        files=placed(official.files),
        snippets=placed(official.snippets),
        annotations=placed(official.annotations),
        relationships=placed(official.relationships, "spdx_element_id"),
        licences=placed(official.extracted_licensing_info, "license_id"),
    )


def _lines_of(source: Source) -> dict[str, str]:
    """The pointers of the lines in a tag-value text that give names to elements."""
    text = with_line_feeds(source.data).decode("utf-8")
    found: dict[str, str] = {}
    number, at = 1, 0
    for name in _NAMED.finditer(text):
        number, at = number + text.count("\n", at, name.start()), name.start()
        found.setdefault(name.group(1), f"line {number}")
    return found


def _complaint(message: str, text: "_TagValue | None") -> Violation:
    """A complaint about a whole document, with its line where the document is tag-value."""
    said = plain(message)
    number = text.line_of(message, said) if text else 0
    return Violation(f"line {number}" if number else "", _LINE.sub("", said))


_MANDATORY = {
    "PackageName": ("Package", {"SPDXID": "spdx_id", "PackageDownloadLocation": "download_location"}),
    "FileName": ("File", {"SPDXID": "spdx_id", "FileChecksum": "checksums"}),
    "SnippetSPDXID": ("Snippet", {"SnippetFromFileSPDXID": "file_spdx_id", "SnippetByteRange": "byte_range"}),
}
"""First tag of an element -> its class in the library, and the tags that it must have with the library's names for them."""


class _TagValue:
    """Lines of a tag-value text: those at which elements begin that lack mandatory tags, by class and what is lacking, and those of each
    value. The library tells the line of some complaints only; of what it complains about twice, the second is the next line."""

    def __init__(self, source: Source) -> None:
        self.lacking: dict[tuple[str, frozenset[str]], list[int]] = {}
        self.values: dict[str, list[int]] = {}
        kind, start = "", 0
        needed: dict[str, str] = {}
        lines = Lines(source)
        for number, line in lines.numbered:
            tag, _, value = (part.strip(" \t") for part in line.partition(":"))
            if tag in _MANDATORY:
                self.lacking.setdefault((kind, frozenset(needed.values())), []).append(start)
                (kind, tags), start = _MANDATORY[tag], number
                needed = dict(tags)
            needed.pop(tag, None)
            self.values.setdefault(lines.text(number, value), []).append(number)
        self.lacking.setdefault((kind, frozenset(needed.values())), []).append(start)

    def line_of(self, message: str, said: str) -> int:
        """The line of a complaint, 0 where it cannot be told."""
        if line := _LINE.search(said):
            return int(line.group(1))
        if lacks := _LACKING.search(message):
            found = self.lacking.get((lacks.group(1), frozenset(re.findall(r"'(\w+)'", lacks.group(2)))), [])
        else:
            value = _VALUE.search(said)
            found = self.values.get(value.group(1), []) if value else []
        return found.pop(0) if found else 0


def _from_tag_value(source: Source) -> Any:
    module = load(_PARSER + "tagvalue.parser", "spdx-tools")
    silent = load("ply.yacc", "ply").NullLogger()
    with _one_licensing(module):
        return module.Parser(write_tables=False, debug=False, errorlog=silent).parse(
            with_line_feeds(source.data).decode("utf-8").replace("\r\n", "\n")
        )


@contextmanager
def _one_licensing(module: Any) -> Iterator[None]:
    """While it lasts, the tag-value parser uses the list of licences that the library has. Else it makes one for each licence that it
    reads, at 40 ms each."""
    one = load("spdx_tools.common.spdx_licensing", "spdx-tools").spdx_licensing
    former = module.get_spdx_licensing
    module.get_spdx_licensing = lambda: one
    try:
        yield
    finally:
        module.get_spdx_licensing = former


def _from_rdf(source: Source) -> Any:
    rdflib = load("rdflib", "spdx-tools")
    logging.getLogger("rdflib").addHandler(logging.NullHandler())  # else its warnings go to standard error
    graph = rdflib.Graph()
    graph.parse(data=source.data, format="xml")
    return load(_PARSER + "rdf.rdf_parser", "spdx-tools").translate_graph_to_document(graph)
