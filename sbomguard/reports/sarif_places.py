"""SARIF places: files as URIs, regions, JSON Pointers as logical locations."""

import re
from urllib.parse import quote

from sbomguard.model import Place
from sbomguard.reports.json import Fields
from sbomguard.verdict import Verdict


def location(path: str, pointer: str, place: Place | None = None) -> Fields:
    """A file with what is known of the place in it."""
    return {
        "physicalLocation": {"artifactLocation": {"uri": uri(path)}, "region": _region(place) if place else None},
        "logicalLocations": [{"fullyQualifiedName": pointer, "kind": "object"}] if pointer else None,
    }


def _region(place: Place) -> Fields:
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }


def uri(path: str) -> str:
    """A relative URI reference; an absolute path becomes a file URI, as its root is not known here."""
    relative = _relative(path)
    if relative.startswith("/") or re.match("[A-Za-z]:/", relative):
        return "file:///" + quote(_file_name(relative), safe="/:").lstrip("/")
    return quote(_file_name(relative))


def _relative(path: str) -> str:
    return path.replace("\\", "/").removeprefix("./") or "."


def _file_name(path: str) -> bytes:
    # A file name that is no UTF-8 reaches Python as lone surrogates that stand for its bytes; any other lone surrogate is made up.
    try:
        return path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return path.encode("utf-8", "surrogatepass")


def category(verdict: Verdict) -> str:
    """What GitHub tells uploads apart by: an upload replaces the earlier one of its category, so each single document is one."""
    paths = [document.path for document in verdict.documents]
    return f"sbomguard/{quote(_file_name(_relative(paths[0]).lstrip('/')))}/" if len(paths) == 1 else "sbomguard/"
