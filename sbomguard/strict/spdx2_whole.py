"""SPDX 2 tag-value and RDF/XML, parsed as a whole by spdx-tools: where its complaints and the elements are, it hardly tells."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sbomguard.readers import spdx2_rdf
from sbomguard.readers.tagvalue import Lines, with_line_feeds
from sbomguard.source import Source
from sbomguard.strict.spdx2_parse import LONGEST_ACTOR, PARSER, Parsed, Placed
from sbomguard.strict.spdx2_words import LACKING, plain
from sbomguard.strict.violation import Violation, load

_VALUE = re.compile(r"(?:but is|license expression): ([^:;]+)")
_LINE = re.compile(r"\.? (?:Line:|in line) (\d+)")
_NAMED = re.compile(r"^[ \t]*(?:SPDXID|SnippetSPDXID|LicenseID):[ \t]*(\S+)", re.MULTILINE)
_LONG_ACTOR = re.compile(rb"(?:Person|Organization|Tool): ?[^\r\n<]{%d}" % LONGEST_ACTOR)


def parse(source: Source) -> Parsed:
    """The parts of the document in the source."""
    return _whole(_from_rdf if source.reader == "spdx2_rdf" else _from_tag_value, source)


def _whole(parse: Callable[[Source], Any], source: Source) -> Parsed:
    """The parts as the library's parser for that form gives them, with the places of their refs."""
    if _LONG_ACTOR.search(source.data):
        return Parsed(violations=[Violation("", f"a person or organisation has more than {LONGEST_ACTOR} characters")])
    places = _lines_of(source) if source.reader == "spdx2_tagvalue" else spdx2_rdf.refs(source)
    try:
        official = parse(source)
    except load(PARSER + "error", "spdx-tools").SPDXParsingError as error:
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
        for number, line in lines:
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
        if lacks := LACKING.search(message):
            found = self.lacking.get((lacks.group(1), frozenset(re.findall(r"'(\w+)'", lacks.group(2)))), [])
        else:
            value = _VALUE.search(said)
            found = self.values.get(value.group(1), []) if value else []
        return found.pop(0) if found else 0


def _from_tag_value(source: Source) -> Any:
    module = load(PARSER + "tagvalue.parser", "spdx-tools")
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
    former = logging.root.manager.disable
    logging.disable(logging.CRITICAL)  # else both libraries write to standard error
    try:
        graph = rdflib.Graph()
        graph.parse(data=source.data, format="xml")
        return load(PARSER + "rdf.rdf_parser", "spdx-tools").translate_graph_to_document(graph)
    finally:
        logging.disable(former)
