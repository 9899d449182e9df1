# ruff: noqa: T201
"""A table of the corpus beside the repository: formats and files, read, counted as the manifest counts, refused, noted, silent.

    python -m tests.accounting      (two minutes)

A file is invalid where the official validator of its format says so (cyclonedx-python-lib, spdx-tools), or where the manifest does, and
then it is refused (exit 2), noted (a problem, a gap or a malformed component), or passes in silence; the last are listed with the fault.
Files that are no SBOM, or are in a form that is not read, must be refused. Files in wrappers are counted as what is in them.
"""

import json
import logging
import warnings
from collections import Counter
from typing import Any, NamedTuple

from sbomguard import pack as packs
from sbomguard.check import check
from sbomguard.errors import SbomguardError
from sbomguard.source import Source
from tests import made
from tests.readers import test_corpus as corpus
from tests.readers import test_differential as differential

CAP = 400_000
"""Bytes up to which a document is given to the official validators."""

COLUMNS = ("files", "read", "as manifest", "otherwise", "not counted", "refused", "invalid", "of these refused", "noted", "silent")


class Line(NamedTuple):
    """One file: how it went."""

    row: dict[str, str]
    exit_code: int
    components: int
    told: tuple[str, ...]
    fault: str


def line_of(row: dict[str, str], pack: packs.Pack) -> Line:
    path = corpus.CORPUS / row["path"]
    try:
        source: Source | SbomguardError = Source(row["path"], path.read_bytes())
    except SbomguardError as error:
        source = error
    answer = check([source], pack, today=made.TODAY, digests=False)
    told = tuple(item.message for document in answer.documents for item in (*document.problems, *document.gaps))
    told += tuple(failure.problem for failure in answer.failures)
    return Line(row, answer.exit_code, sum(document.components for document in answer.documents), told, fault_of(row))


def fault_of(row: dict[str, str]) -> str:
    """What the official validator, or else the manifest, says is wrong with a file; empty for a valid one."""
    if int(row["bytes"]) <= CAP:
        try:
            if row["format"] == "CycloneDX" and row["serialisation"] in ("json", "xml"):
                return cyclonedx_fault(row)
            if row["format"] == "SPDX" and row["serialisation"] in differential.PARSERS:
                return spdx_fault(row)
        except (Exception, SystemExit) as error:  # validators abort on what is far from valid
            return f"{type(error).__name__}: {' '.join(str(error).split())[:160]}"
    return row["notes"].strip() if "invalid" in row["notes"] else ""


def cyclonedx_fault(row: dict[str, str]) -> str:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonValidator
    from cyclonedx.validation.xml import XmlValidator

    validator = JsonValidator if row["serialisation"] == "json" else XmlValidator
    found = validator(SchemaVersion.from_version(row["spec_version"])).validate_str(corpus.source_of(row).data.decode())
    detail: Any = found.data if found else None
    at = "/".join(map(str, getattr(detail, "absolute_path", ())))
    return f"{at} {getattr(detail, 'message', detail)}"[:200].strip() if found else ""


def spdx_fault(row: dict[str, str]) -> str:
    from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

    found = validate_full_spdx_document(differential.parsed(row))
    return found[0].validation_message[:200] if found else ""


def cells(lines: list[Line]) -> list[int]:
    read = [line for line in lines if line.exit_code != 2]
    same = [line for line in read if line.row["component_count"] == str(line.components)]
    uncounted = [line for line in read if not line.row["component_count"]]
    invalid = [line for line in lines if line.fault]
    return [
        len(lines), len(read), len(same), len(read) - len(same) - len(uncounted), len(uncounted), len(lines) - len(read), len(invalid),
        sum(line.exit_code == 2 for line in invalid), sum(line.exit_code != 2 and bool(line.told) for line in invalid),
        sum(not line.told for line in invalid),
    ]  # fmt: skip


def main() -> None:
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    pack = packs.load()
    lines = [line_of(row, pack) for row in corpus.manifest()]
    kinds = Counter((line.row["format"], line.row["serialisation"]) for line in lines)
    print("|", " | ".join(("format", "form", *COLUMNS)), "|")
    print("|", " | ".join(["---", "---", *["--:"] * len(COLUMNS)]), "|")
    for form, written in sorted(kinds):
        mine = [line for line in lines if (line.row["format"], line.row["serialisation"]) == (form, written)]
        print("|", " | ".join((form, written, *map(str, cells(mine)))), "|")
    print("|", " | ".join(("all", "", *map(str, cells(lines)))), "|")
    print("\nCounted otherwise than the manifest counts:")
    for line in lines:
        if line.exit_code != 2 and line.row["component_count"] not in ("", str(line.components)):
            print(f"- {line.row['path']}: {line.components}, manifest {line.row['component_count']}")
    print("\nInvalid and silent:")
    for line in lines:
        if line.fault and not line.told:
            print(f"- {line.row['path']} (exit {line.exit_code}): {json.dumps(line.fault, ensure_ascii=False)}")


if __name__ == "__main__":
    main()
