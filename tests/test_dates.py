"""Whose a sold business was goes by the day of the component, where it tells one, in every format."""

import json

import pytest

from sbomguard import gather
from sbomguard.matchers import match
from sbomguard.matchers.evidence import day_of
from sbomguard.model import Signal
from sbomguard.pack import Pack
from sbomguard.source import Source
from tests import made

SOLD = "Honor Device Co., Ltd."
BEFORE, AFTER = "2019-05-01", "2023-05-01"

CYCLONEDX = {
    "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
    "components": [
        {"type": "library", "name": "part", "version": "1", "supplier": {"name": SOLD},
         "releaseNotes": {"type": "major", "timestamp": "DAYT10:00:00Z"}}
    ],
}  # fmt: skip
XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="1"><components><component type="library"><supplier><name>{SOLD}</name></supplier>
<name>part</name><version>1</version><releaseNotes><type>major</type><timestamp>DAYT10:00:00Z</timestamp></releaseNotes></component>
</components></bom>
"""
SPDX = {
    "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": "x",
    "documentNamespace": "https://example.com/x", "creationInfo": {"created": "2024-01-01T00:00:00Z", "creators": ["Tool: made"]},
    "packages": [{"SPDXID": "SPDXRef-a", "name": "part", "supplier": f"Organization: {SOLD}", "downloadLocation": "NOASSERTION",
                  "releaseDate": "DAYT10:00:00Z"}],
    "relationships": [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-a"}],
}  # fmt: skip
TAGS = f"""SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: x
DocumentNamespace: https://example.com/x
Creator: Tool: made
Created: 2024-01-01T00:00:00Z
PackageName: part
SPDXID: SPDXRef-a
PackageSupplier: Organization: {SOLD}
PackageDownloadLocation: NOASSERTION
BuiltDate: DAYT10:00:00Z
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-a
"""
SPDX3 = {
    "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
    "@graph": [
        {"type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1", "created": "2024-01-01T00:00:00Z", "createdBy": ["https://e.test/o"]},
        {"type": "Organization", "spdxId": "https://e.test/o", "creationInfo": "_:c", "name": SOLD},
        {"type": "software_Package", "spdxId": "https://e.test/p", "creationInfo": "_:c", "name": "part",
         "suppliedBy": "https://e.test/o", "builtTime": "DAYT10:00:00Z"},
    ],
}  # fmt: skip
FORMS = {
    "cyclonedx.json": json.dumps(CYCLONEDX), "cyclonedx.xml": XML, "spdx.json": json.dumps(SPDX), "x.spdx": TAGS,
    "spdx3.json": json.dumps(SPDX3),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize(("day", "relation"), [(BEFORE, "made-by"), (AFTER, "contributed")])
def test_a_sold_business_made_what_it_made_before(name: str, day: str, relation: str, pack: Pack) -> None:
    ((_, document),) = gather.read_all(Source(name, FORMS[name].replace("DAY", day).encode()))
    ((part, evidence),) = match([item for item in document.components if item.counted], pack.index, made.TODAY)
    assert part.name == "part"
    assert {item.relation for item in evidence if item.vendor == "huawei"} == {relation}
    told = "belonged to the group of Huawei" if relation == "made-by" else "left the group of Huawei"
    assert any(told in item.explanation for item in evidence)


def test_the_first_day_counts_and_what_is_none_does_not() -> None:
    dates = [Signal("date", "", "builtDate", "/builtDate", value) for value in ("2021-02-03T00:00:00Z", "2020-01-02", "soon", "")]
    assert day_of(made.component(*dates).signals, "2026-01-01") == "2020-01-02"
    assert day_of(made.component(*dates[2:]).signals, "2026-01-01") == "2026-01-01"
