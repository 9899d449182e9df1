"""SPDX 2 JSON, YAML and XML, parsed part by part by spdx-tools: each part with its pointer, each complaint with that of its part."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import msgspec
from msgspec import Struct

from sbomguard.readers import spdx2_xml, spdx2_yaml
from sbomguard.source import Source
from sbomguard.strict.spdx2_words import plain
from sbomguard.strict.violation import Violation, load

Placed = list[tuple[str, Any]]
"""Elements of the official model, each with the pointer of where it stands."""

PARSER = "spdx_tools.spdx.parser."
LONGEST_ACTOR = 2000
"""Characters of a person or organisation that the library is given: its time for them grows with the square."""

_REFERENCES = "http://spdx.org/rdf/references/"


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
    return _Tree(_TREES[source.reader](source)).parse()


_TREES: dict[str, Callable[[Source], dict[str, Any]]] = {
    "spdx2_json": lambda source: msgspec.json.decode(source.data, type=dict[str, Any]),
    "spdx2_yaml": lambda source: spdx2_yaml.values(source),
    "spdx2_xml": lambda source: spdx2_xml.values(source),
}
"""How the tree of the JSON form comes out of the forms that have it."""


class _Tree:
    """Parses a tree part by part, so that a complaint has the place of the part."""

    def __init__(self, tree: dict[str, Any]) -> None:
        self.tree = tree
        self.ref = tree.get("SPDXID")
        self.error = load(PARSER + "error", "spdx-tools").SPDXParsingError
        self.violations: list[Violation] = []

    def parse(self) -> Parsed:
        base = PARSER + "jsonlikedict."
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
        if long := next(_long_actors(value), ""):
            self.violations.append(Violation(pointer, f"{long} has more than {LONGEST_ACTOR} characters"))
            return None
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


def _long_actors(value: Any) -> Iterator[str]:
    """Which members of a part name a person or organisation with a text of impossible length."""
    if isinstance(value, dict):
        texts = [(key, value.get(key)) for key in ("supplier", "originator", "annotator", "reviewer")]
        info = value.get("creationInfo")
        creators = info.get("creators") if isinstance(info, dict) else None
        texts += [("creators", item) for item in creators] if isinstance(creators, list) else []
        yield from (key for key, text in texts if isinstance(text, str) and len(text) > LONGEST_ACTOR)


def _has_file(parser: Any, package: Any, ref: Any) -> Any:
    return parser.parse_has_files([{"SPDXID": package, "hasFiles": [ref]}], [])[0]
