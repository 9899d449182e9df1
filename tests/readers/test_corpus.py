"""Real SBOMs beside the repository: each is read with the right number of components, or is refused in a sentence that helps.

What is compared: our count with a plain walk of the JSON (`components` in any depth, `packages`), and that walk with the count of the
manifest. Official validity is the schema's of cyclonedx-python-lib, and the validator's of spdx-tools, for files of at most CAP bytes
(both are slow on large ones). A document that they refuse must be refused by us or noted; one that they accept has no such note.
"""

import csv
import json
import logging
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sbomguard import readers
from sbomguard.errors import SbomguardError
from sbomguard.gather import refuse_shadows
from sbomguard.model import Document
from sbomguard.source import Source

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
CAP = 60_000

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the repository")

DISPUTED = "signature"
"""A member of CycloneDX documents in which the official validator finds a fault that is none: without the package that knows URIs it
takes `ES256` both for an algorithm and for a URI, of which only one may be. The validator of `--strict` knows URIs."""


@cache
def manifest() -> tuple[dict[str, str], ...]:
    """The rows of the manifest; none where the corpus is absent."""
    if not CORPUS.is_dir():
        return ()
    with (CORPUS / "manifest.tsv").open(encoding="utf-8", newline="") as stream:
        return tuple(row for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE) if (CORPUS / row["path"]).is_file())


def rows(form: str = "", most: int = 0) -> list[Any]:
    """The rows of plain JSON files of that format, of at most that many bytes (0: any), as test parameters."""
    wanted = (
        row for row in manifest()
        if (not form or (row["format"] == form and row["serialisation"] == "json")) and (not most or int(row["bytes"]) <= most)
    )  # fmt: skip
    return [pytest.param(row, id=row["path"]) for row in wanted]


def source_of(row: dict[str, str]) -> Source:
    return Source(row["path"], (CORPUS / row["path"]).read_bytes())


def read(row: dict[str, str]) -> Document | SbomguardError:
    """The document, or why it is none, as a run decides it."""
    try:  # bytes that are marked as UTF-16 and are not are refused at once
        document = readers.read(source_of(row))
        refuse_shadows(document)
    except SbomguardError as error:
        return error
    return document


def in_components(items: Any) -> Iterator[Any]:
    """Every entry of a `components` array and of those nested in it."""
    for item in items or ():
        yield item
        if isinstance(item, dict):
            yield from in_components(item.get("components"))


def walked(data: Any) -> list[Any]:
    """Every component or package of a decoded document, but for the product that it describes."""
    if "spdxVersion" in data:
        return list(data.get("packages", ()))
    product = (data.get("metadata") or {}).get("component") or {}
    return [*in_components(product.get("components")), *in_components(data.get("components"))]


def counted(document: Document) -> int:
    return sum(item.counted for item in document.components)


def noted(document: Document) -> bool:
    """Whether the report tells that the document is odd."""
    return bool(document.problems or document.gaps or any(item.malformed for item in document.components))


def assert_helpful(error: SbomguardError, path: str) -> None:
    """One line with file, place and problem; being empty, too deep or no SBOM at all is of the whole file."""
    text = str(error)
    assert text.startswith(path), text
    assert error.problem
    assert "\n" not in text
    assert error.pointer or any(word in text for word in ("line ", "empty", "deep", "no SBOM")), text


@pytest.mark.parametrize("row", [*rows("CycloneDX"), *rows("SPDX")])
def test_components_are_counted_or_the_error_helps(row: dict[str, str]) -> None:
    answer = read(row)
    if isinstance(answer, SbomguardError):
        assert_helpful(answer, row["path"])
        return
    found = walked(json.loads(source_of(row).data))
    assert counted(answer) == len(found)
    for item in answer.components:
        assert item.counted or not item.pointer.startswith("/packages/")


@pytest.mark.parametrize("row", [*rows("CycloneDX"), *rows("SPDX")])
def test_the_manifest_counts_as_the_plain_walk_does(row: dict[str, str]) -> None:
    """The manifest counts objects, and leaves out what is nested in the product."""
    if not row["component_count"] or isinstance(read(row), SbomguardError):
        pytest.skip("not counted, or not read")
    data = json.loads(source_of(row).data)
    found = walked(data if "spdxVersion" in data else {"components": data.get("components")})
    assert sum(isinstance(item, dict) for item in found) == int(row["component_count"])


@pytest.mark.parametrize("row", rows())
def test_no_file_of_any_format_is_a_crash(row: dict[str, str]) -> None:
    """Nor may a file of another format pass for a document without components."""
    answer = read(row)
    if isinstance(answer, SbomguardError):
        assert answer.source == row["path"]
        assert answer.problem
    elif row["format"] in ("CycloneDX", "SPDX"):
        assert row["format"] == answer.format
    else:
        assert counted(answer) > 0


# ---- held against the official libraries


def schema_fault(row: dict[str, str]) -> str | None:
    """Where the official schema of its version finds a CycloneDX document wrong: the path of the first fault; None where it does not.

    A text that parsers read differently is refused before a schema sees it.
    """
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonValidator

    text = (CORPUS / row["path"]).read_text(encoding="utf-8-sig")
    refuse_ambiguous(text)
    fault = JsonValidator(SchemaVersion.from_version(row["spec_version"])).validate_str(text)
    if fault is None:
        return None
    return "/".join(map(str, fault.data.absolute_path))


def refuse_ambiguous(text: str) -> None:
    """Raise ValueError for a key twice in one object and for half a surrogate pair, which a schema cannot see."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError("a key twice")
        return dict(pairs)

    json.dumps(json.loads(text, object_pairs_hook=unique), ensure_ascii=False).encode()


READ_VERSIONS = ("1.2", "1.3", "1.4", "1.5", "1.6", "1.7")


@pytest.mark.parametrize("row", [row for row in rows("CycloneDX", CAP) if row.values[0]["spec_version"] in READ_VERSIONS])
def test_what_the_cyclonedx_schema_accepts_is_read_and_what_it_refuses_is_told(row: dict[str, str]) -> None:
    answer = read(row)
    try:
        fault = schema_fault(row)
    except (ValueError, RecursionError):
        fault = "no JSON"
    if fault is None:
        assert isinstance(answer, Document), answer
        assert not any(item.malformed for item in answer.components)
        assert not answer.problems
    elif isinstance(answer, Document):
        assert noted(answer) or DISPUTED in fault.split("/"), fault


@pytest.mark.parametrize("row", rows("SPDX", CAP))
def test_what_spdx_tools_accepts_is_read_with_as_many_packages_and_what_it_refuses_is_told(row: dict[str, str]) -> None:
    packages, answer = official_packages(row), read(row)
    if packages is None:
        assert isinstance(answer, SbomguardError) or noted(answer)
        return
    assert isinstance(answer, Document), answer
    assert not any(problem.message.startswith("SPDX ") for problem in answer.problems)
    assert counted(answer) == packages
    assert not any(item.malformed for item in answer.components)


def official_packages(row: dict[str, str]) -> int | None:
    """How many packages spdx-tools reads; None where it refuses the document, or fails on it."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from spdx_tools.spdx.parser.error import SPDXParsingError
        from spdx_tools.spdx.parser.jsonlikedict.json_like_dict_parser import JsonLikeDictParser
        from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

        logging.getLogger().setLevel(logging.CRITICAL)
        try:
            document = JsonLikeDictParser().parse(  # type: ignore[no-untyped-call]
                json.loads(source_of(row).data.replace(b"http://spdx.org/rdf/references/", b""))  # the library knows types by their names
            )
            return None if validate_full_spdx_document(document) else len(document.packages)
        except (SPDXParsingError, TypeError, AttributeError, ValueError):
            return None


def test_the_comparison_compares_something() -> None:
    accepted = [row for row in rows("SPDX", CAP) if official_packages(row.values[0]) is not None]
    assert len(accepted) >= 8
    assert len(rows("CycloneDX", CAP)) > 100
