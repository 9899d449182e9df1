"""CycloneDX XML held against the XML schema of its version, which cyclonedx-python-lib ships, by lxml (libxml2)."""

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import as_file, files
from typing import Any

from sbomguard.model import Document
from sbomguard.source import Source
from sbomguard.strict.violation import MOST, UNTOLD, Violation, load

VERSIONS = ("1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7")

_NAMESPACE = re.compile(r"\{[^{}]*://[^{}]*\}")
_MANY = re.compile(r"(?<=the set )\{.{200,}\}")


def violations(source: Source, document: Document) -> Iterator[Violation]:
    """What the schema does not allow. No DTD gets here, entities stay what they are, and nothing is fetched."""
    if document.version not in VERSIONS:
        yield Violation("/bom", f"there is no XML schema of CycloneDX {document.version}".rstrip())
        return
    etree = load("lxml.etree", "lxml")
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    tree = etree.fromstring(source.data, parser).getroottree()
    schema = _schema(document.version)
    if not schema.validate(tree):
        for number, error in enumerate(schema.error_log):
            yield Violation(_pointer(tree, error.path), _sentence(error.message)) if number < MOST else UNTOLD


@lru_cache
def _schema(version: str) -> Any:
    etree = load("lxml.etree", "lxml")
    with as_file(files("cyclonedx.schema") / "_res") as folder:
        return etree.XMLSchema(file=str(folder / f"bom-{version}.SNAPSHOT.xsd"))


def _pointer(tree: Any, path: str | None) -> str:
    """The path `/bom/components/component[3]` of the element that the validator has found at `/*/*[2]/*[3]`."""
    found = tree.xpath(path) if path else []
    steps = []
    element = found[0] if found else tree.getroot()
    while element is not None:
        name = _local(element)
        number = 1 + sum(_local(other) == name for other in element.itersiblings("{*}*", preceding=True))
        steps.append(name if number == 1 else f"{name}[{number}]")
        element = element.getparent()
    return "".join(f"/{step}" for step in reversed(steps))


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _sentence(message: str) -> str:
    """The validator's sentence without namespaces, and without the hundreds of licences that it would list."""
    return _MANY.sub("that the schema lists", _NAMESPACE.sub("", message)).rstrip(".")
