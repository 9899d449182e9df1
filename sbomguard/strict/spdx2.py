"""SPDX 2.2 and 2.3 held against the official model and its rules, by spdx-tools.

The library's own way through a whole document takes time that grows with the square of its elements: for each package it looks through
all relationships, and for each relationship it makes a list of all elements. Here its parsers and rules are asked about one element at a
time, and in place of the document they get one that holds no more than what the element refers to. So the answer is theirs, and the time
grows with the document.
"""

from collections.abc import Iterable, Iterator
from copy import copy
from typing import Any

from msgspec import Struct

from sbomguard.model import Document
from sbomguard.source import Source
from sbomguard.strict import spdx2_parse, spdx2_whole
from sbomguard.strict.spdx2_parse import Parsed
from sbomguard.strict.violation import Violation, load

VERSIONS = ("SPDX-2.2", "SPDX-2.3")

_RULES = "spdx_tools.spdx.validation."


def violations(source: Source, document: Document) -> Iterator[Violation]:
    """What the model cannot take; if it takes all, what breaks its rules."""
    parsed = (spdx2_whole if source.reader in ("spdx2_rdf", "spdx2_tagvalue") else spdx2_parse).parse(source)
    if parsed.violations or parsed.creation is None:
        yield from parsed.violations
        return
    version = parsed.creation.spdx_version
    if version not in VERSIONS:
        yield Violation("/spdxVersion", f"there is no official model of {version} here, only of {' and '.join(VERSIONS)}")
        return
    yield from _check_document(parsed, version)
    yield from _check_elements(parsed, version)


def _rules(module: str) -> Any:
    return load(f"{_RULES}{module}", "spdx-tools")


def _said(pointer: str, messages: Iterable[Any]) -> Iterator[Violation]:
    for message in messages:
        yield Violation(pointer, str(getattr(message, "validation_message", message)))


# ---- the document


def _check_document(parsed: Parsed, version: str) -> Iterator[Violation]:
    """The rules for the document as a whole (SPDX 2.3 clauses 6, 7.2 and 11.1)."""
    yield from _said("", _rules("creation_info_validator").validate_creation_info(parsed.creation, version))
    seen: set[str] = set()
    for pointer, element in parsed.elements:
        if element.spdx_id in seen or element.spdx_id == parsed.creation.spdx_id:
            yield Violation(pointer, f"the SPDXID '{element.spdx_id}' is that of another element too")
        seen.add(element.spdx_id)
    alone = len(parsed.packages) == 1 and len(parsed.elements) == 1
    if not alone and not any(_describes(relationship, parsed.creation.spdx_id) for _, relationship in parsed.relationships):
        missing = f"{parsed.creation.spdx_id} DESCRIBES ..."
        yield Violation("", f"nothing says what the document describes: a relationship '{missing}' is missing")


def _describes(relationship: Any, document: str) -> bool:
    ends = {"DESCRIBES": relationship.spdx_element_id, "DESCRIBED_BY": relationship.related_spdx_element_id}
    return bool(ends.get(relationship.relationship_type.name) == document)


# ---- its elements


class _Around(Struct, frozen=True):
    """What an element can refer to, by name."""

    parsed: Parsed
    document: Any
    licensing: Any
    elements: dict[str, tuple[str, Any]]
    licences: dict[str, Any]
    first_file: dict[str, Any]
    documents: dict[str, list[Any]]
    bare: Any

    def only(self, refs: Iterable[Any], expressions: Iterable[Any] = (), relationships: Iterable[Any] = ()) -> Any:
        """A document with no more in it than these elements, the licences that the expressions name, the relationships, and the
        references to other documents that all of these need."""
        held: dict[str, list[Any]] = {"packages": [], "files": [], "snippets": []}
        refs = tuple(refs)
        for ref in refs:
            kind, element = self.elements.get(ref, ("", None)) if isinstance(ref, str) else ("", None)
            if element is not None:
                held[kind].append(element)
        named = {
            key
            for expression in expressions
            if expression is not None and hasattr(expression, "symbols")
            for key in self.licensing.license_keys(expression)
        }
        licences = [self.licences[key] for key in sorted(named) if key in self.licences]
        others = {name.partition(":")[0] for name in (*refs, *named) if isinstance(name, str) and ":" in name}
        creation = self.bare
        if others:
            creation = copy(creation)
            creation.external_document_refs = [item for name in sorted(others) for item in self.documents.get(name, ())]
        return self.document(creation, relationships=list(relationships), extracted_licensing_info=licences, **held)


def _around(parsed: Parsed) -> _Around:
    bare = copy(parsed.creation)
    bare.external_document_refs = []
    documents: dict[str, list[Any]] = {}
    for other in parsed.creation.external_document_refs:
        documents.setdefault(other.document_ref_id, []).append(other)
    elements = {element.spdx_id: (kind, element) for kind in ("packages", "files", "snippets") for _, element in getattr(parsed, kind)}
    files: dict[str, Any] = {}
    for _, relationship in parsed.relationships:
        for kind, whole, part in (
            ("CONTAINS", relationship.spdx_element_id, relationship.related_spdx_element_id),
            ("CONTAINED_BY", relationship.related_spdx_element_id, relationship.spdx_element_id),
        ):
            held = isinstance(part, str) and elements.get(part, ("",))[0] == "files"
            if relationship.relationship_type.name == kind and held and isinstance(whole, str):
                files.setdefault(whole, relationship)  # one is enough to break the rule for packages whose files were not analysed
    return _Around(
        parsed=parsed,
        document=load("spdx_tools.spdx.model", "spdx-tools").Document,
        licensing=load("spdx_tools.common.spdx_licensing", "spdx-tools").spdx_licensing,
        elements=elements,
        licences={info.license_id: info for _, info in parsed.licences},
        first_file=files,
        documents=documents,
        bare=bare,
    )


def _check_elements(parsed: Parsed, version: str) -> Iterator[Violation]:
    around = _around(parsed)
    package_rule = _rules("package_validator").validate_package_within_document
    for pointer, package in parsed.packages:
        sound, broken = _sound(package)
        yield from _said(pointer, (f"the locator {locator!r} has a line break in it" for locator in broken))
        yield from _said(pointer, package_rule(sound, version, _around_package(around, package)))
    file_rule = _rules("file_validator").validate_file_within_document
    for pointer, file in parsed.files:
        yield from _said(
            pointer, file_rule(file, version, around.only((file.spdx_id,), (file.license_concluded, *file.license_info_in_file)))
        )
    snippet_rule = _rules("snippet_validator").validate_snippet_within_document
    for pointer, snippet in parsed.snippets:
        context = around.only((snippet.spdx_id, snippet.file_spdx_id), (snippet.license_concluded, *snippet.license_info_in_snippet))
        yield from _said(pointer, snippet_rule(snippet, version, context))
    annotation_rule = _rules("annotation_validator").validate_annotation
    for pointer, annotation in parsed.annotations:
        yield from _said(pointer, annotation_rule(annotation, around.only((annotation.spdx_id,))))
    relationship_rule = _rules("relationship_validator").validate_relationship
    for pointer, relationship in parsed.relationships:
        context = around.only((relationship.spdx_element_id, relationship.related_spdx_element_id))
        yield from _said(pointer, relationship_rule(relationship, version, context))
    licence_rule = _rules("extracted_licensing_info_validator").validate_extracted_licensing_info
    for pointer, licence in parsed.licences:
        yield from _said(pointer, licence_rule(licence))


def _around_package(around: _Around, package: Any) -> Any:
    relationship = None if package.files_analyzed else around.first_file.get(package.spdx_id)
    refs = (relationship.spdx_element_id, relationship.related_spdx_element_id) if relationship is not None else ()
    expressions = (package.license_concluded, package.license_declared, *package.license_info_from_files)
    return around.only((package.spdx_id, *refs), expressions, () if relationship is None else (relationship,))


def _sound(package: Any) -> tuple[Any, list[str]]:
    """The package without external references whose locators have a line break, and these: the library's pattern for package URLs needs
    time that grows with a high power of their length."""
    broken = [reference.locator for reference in package.external_references if "\n" in reference.locator]
    if not broken:
        return package, []
    sound = copy(package)
    sound.external_references = [reference for reference in package.external_references if "\n" not in reference.locator]
    return sound, broken
