"""What is said of a document as a whole: that of all its parts none says who made it."""

import json
from typing import Any

import pytest

from sbomguard import describe, readers
from sbomguard.model import Problem
from sbomguard.source import Source
from sbomguard.suppliers import Suppliers

ALONE = "of its parts none says who made it, only the product itself does"
MAKER = {"supplier": "Organization: Acme Networks Inc."}


def gaps(text: str) -> tuple[Problem, ...]:
    source = Source("made", text.encode())
    document = readers.read(source)
    said = Suppliers(document)
    makerless = [part for part, _ in describe.find_makerless(document, said)]
    return describe.describe(source, document, said, makerless, None, digests=False).gaps


def spdx2(*packages: dict[str, Any], describes: tuple[str, ...] = ("SPDXRef-0",)) -> str:
    return json.dumps(
        {
            "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": "made",
            "documentNamespace": "https://acme.example/made", "documentDescribes": describes,
            "creationInfo": {"created": "2026-01-01T00:00:00Z", "creators": ["Tool: none"]},
            "packages": [
                {"SPDXID": f"SPDXRef-{number}", "name": f"part-{number}", "downloadLocation": "NOASSERTION", **package}
                for number, package in enumerate(packages)
            ],
        }
    )  # fmt: skip


def spdx3(*packages: dict[str, Any], of: str = "fw0") -> str:
    at = "https://acme.example/"
    elements: list[dict[str, Any]] = [
        {"type": "CreationInfo", "@id": "_:ci", "specVersion": "3.0.1", "created": "2026-01-01T00:00:00Z", "createdBy": [f"{at}acme"]},
        {"type": "Organization", "spdxId": f"{at}acme", "name": "Acme Networks Inc."},
        {"type": "SpdxDocument", "spdxId": f"{at}doc", "rootElement": [f"{at}sbom"]},
        {"type": "software_Sbom", "spdxId": f"{at}sbom", "rootElement": [f"{at}{of}"]},
        *(
            {"type": "software_Package", "spdxId": f"{at}fw{number}", "name": f"part-{number}", **item}
            for number, item in enumerate(packages)
        ),
    ]
    made = [item if item["type"] == "CreationInfo" else {**item, "creationInfo": "_:ci"} for item in elements]
    return json.dumps({"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": made})


SUPPLIED = {"suppliedBy": "https://acme.example/acme"}


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        (spdx2(MAKER, {}), "SPDXRef-0"),
        (spdx2({}, {}, MAKER, describes=("SPDXRef-2",)), "SPDXRef-2"),
        (spdx3(SUPPLIED, {}, {}), "https://acme.example/fw0"),
    ],
)
def test_a_document_of_which_only_the_product_says_who_made_it_does_not_answer(text: str, ref: str) -> None:
    assert [(gap.message, gap.ref) for gap in gaps(text)] == [(ALONE, ref)]


@pytest.mark.parametrize(
    "text",
    [
        spdx2(MAKER),
        spdx2(MAKER, MAKER),
        spdx2(MAKER, MAKER, {}),
        spdx2({}, MAKER),
        spdx2({}, {}),
        spdx2(MAKER, {}, describes=("SPDXRef-0", "SPDXRef-1")),
        spdx3(SUPPLIED),
        spdx3({}, SUPPLIED),
        spdx3(SUPPLIED, SUPPLIED, {}),
    ],
)
def test_a_part_that_says_who_made_it_is_an_answer_and_a_product_without_parts_has_none_to_ask(text: str) -> None:
    assert ALONE not in [gap.message for gap in gaps(text)]
