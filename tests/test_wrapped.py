"""Every format and wrapper through the whole check: the same parts give the same findings, and the digest is the file's."""

import base64
import gzip
import hashlib
import io
import json
import lzma
import tarfile
from hashlib import sha256

import pytest

from sbomguard.check import check
from sbomguard.pack import Pack
from sbomguard.source import FOUND, Source
from sbomguard.verdict import Verdict
from tests import made

PARTS = [
    {"name": "kav-sdk", "version": "8.3", "supplier": "AO Kaspersky Lab"},
    {"name": "zlib", "version": "1.3", "supplier": "Jean-loup Gailly and Mark Adler"},
]
JSON = made.cyclonedx(PARTS)
XML = b"""<?xml version="1.0"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1">
  <components>
    <component type="library"><supplier><name>AO Kaspersky Lab</name></supplier><name>kav-sdk</name><version>8.3</version></component>
    <component type="library"><supplier><name>Jean-loup Gailly and Mark Adler</name></supplier><name>zlib</name></component>
  </components>
</bom>
"""
TAG_VALUE = b"""SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: made
DocumentNamespace: https://example.com/made
Creator: Tool: by-hand
Created: 2026-01-01T00:00:00Z

PackageName: kav-sdk
SPDXID: SPDXRef-kav
PackageVersion: 8.3
PackageSupplier: Organization: AO Kaspersky Lab
PackageDownloadLocation: NOASSERTION

PackageName: zlib
SPDXID: SPDXRef-zlib
PackageSupplier: Organization: Jean-loup Gailly and Mark Adler
PackageDownloadLocation: NOASSERTION

Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-kav
Relationship: SPDXRef-kav CONTAINS SPDXRef-zlib
"""
YAML = b"""spdxVersion: "SPDX-2.3"
SPDXID: SPDXRef-DOCUMENT
name: made
documentDescribes: [SPDXRef-kav]
packages:
  - {SPDXID: SPDXRef-kav, name: kav-sdk, versionInfo: "8.3", supplier: "Organization: AO Kaspersky Lab"}
  - {SPDXID: SPDXRef-zlib, name: zlib, supplier: "Organization: Jean-loup Gailly and Mark Adler"}
"""
JSON_LD = json.dumps(
    {
        "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
        "@graph": [
            {"type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1", "created": "2026-01-01T00:00:00Z", "createdBy": ["urn:x:m"]},
            {"type": "SpdxDocument", "spdxId": "urn:x:d", "creationInfo": "_:c", "rootElement": ["urn:x:kav"]},
            {"type": "Organization", "spdxId": "urn:x:k", "creationInfo": "_:c", "name": "AO Kaspersky Lab"},
            {"type": "Organization", "spdxId": "urn:x:m", "creationInfo": "_:c", "name": "Jean-loup Gailly and Mark Adler"},
            {
                "type": "software_Package", "spdxId": "urn:x:kav", "creationInfo": "_:c", "name": "kav-sdk",
                "software_packageVersion": "8.3", "suppliedBy": "urn:x:k",
            },
            {"type": "software_Package", "spdxId": "urn:x:zlib", "creationInfo": "_:c", "name": "zlib", "suppliedBy": "urn:x:m"},
        ],
    }
).encode()  # fmt: skip


def tar(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def statement(predicate: bytes) -> bytes:
    text = {
        "_type": "https://in-toto.io/Statement/v1", "subject": [], "predicateType": "https://cyclonedx.org/bom",
        "predicate": json.loads(predicate),
    }  # fmt: skip
    payload = base64.b64encode(json.dumps(text).encode()).decode()
    return json.dumps({"payloadType": "application/vnd.in-toto+json", "payload": payload, "signatures": [{"sig": "eA=="}]}).encode()


def verdict(raw: bytes, pack: Pack) -> Verdict:
    return check([Source("input", raw)], pack, today=made.TODAY)


@pytest.mark.parametrize(
    "raw",
    [
        JSON, made.spdx(PARTS), XML, TAG_VALUE, YAML, JSON_LD,
        gzip.compress(JSON), lzma.compress(XML), tar(("deploy/a.cdx.json", JSON)), gzip.compress(tar(("a.spdx", TAG_VALUE))),
        statement(JSON), json.dumps({"sbom": json.loads(made.spdx(PARTS))}).encode(), JSON.decode().encode("utf-16"),
    ],
    ids="json spdx xml tag-value yaml json-ld gzip xz tar tar-gz dsse export utf-16".split(),
)  # fmt: skip
def test_the_same_parts_give_the_same_findings(raw: bytes, pack: Pack) -> None:
    found = verdict(raw, pack)
    assert found.exit_code == 1, found.reasons
    assert {(item.component.name, item.component.version, item.vendor, item.level) for item in found.findings} == {
        ("kav-sdk", "8.3", "kaspersky", "prohibited")
    }
    (document,) = found.documents
    assert document.components == 2
    assert document.digest == sha256(raw).hexdigest()
    assert all(item.location.place.line >= 1 for item in found.findings)


@pytest.mark.parametrize("raw", [XML, TAG_VALUE, YAML, JSON_LD], ids="xml tag-value yaml json-ld".split())
def test_the_place_is_the_value_that_convicts(raw: bytes, pack: Pack) -> None:
    for finding in verdict(raw, pack).findings:
        place = finding.location.place
        line = raw.decode().split("\n")[place.line - 1]
        assert line[place.column - 1 : place.end_column - 1].strip('"').removeprefix("Organization: ") == finding.evidence[0].found


def test_an_unchecked_signature_is_told(pack: Pack) -> None:
    (document,) = verdict(statement(JSON), pack).documents
    assert any("signature" in problem.message for problem in document.problems)


def test_each_document_of_an_archive_is_checked_under_its_name(pack: Pack) -> None:
    found = verdict(tar(("a.cdx.json", JSON), ("b/c.spdx", TAG_VALUE)), pack)
    assert [document.path for document in found.documents] == ["input!a.cdx.json", "input!b/c.spdx"]
    assert len({item.location.path for item in found.findings}) == 2


@pytest.mark.parametrize(
    "raw",
    [gzip.compress(JSON)[:-9], tar(("a.cdx.json", JSON))[:700], statement(JSON)[:-40], gzip.compress(b"hello")],
    ids=["cut gzip", "cut tar", "cut envelope", "no sbom"],
)
def test_what_comes_out_broken_is_no_pass(raw: bytes, pack: Pack) -> None:
    assert verdict(raw, pack).exit_code == 2


def test_an_archive_without_an_sbom_in_a_folder_is_passed_over(pack: Pack) -> None:
    found = check([Source("x.json.gz", gzip.compress(b"{}"), FOUND)], pack, today=made.TODAY)
    assert not found.documents
    assert not found.failures


def referring(namespace: str, prefix: str, **top: object) -> bytes:
    return made.spdx([{"name": f"part-{prefix}", "supplier": "Example Works"}], documentNamespace=namespace, **top)


def test_a_document_that_another_refers_to_closes_its_gap(pack: Pack) -> None:
    recipe = referring("https://example.com/recipe", "r")
    image = referring(
        "https://example.com/image", "i",
        externalDocumentRefs=[
            {
                "externalDocumentId": "DocumentRef-recipe", "spdxDocument": "https://example.com/recipe",
                "checksum": {"algorithm": "SHA256", "checksumValue": hashlib.sha256(recipe).hexdigest()},
            }
        ],
        relationships=[
            {"spdxElementId": "SPDXRef-c0", "relationshipType": "CONTAINS", "relatedSpdxElement": "DocumentRef-recipe:SPDXRef-c0"}
        ],
    )  # fmt: skip
    alone = check([Source("image", image)], pack, today=made.TODAY)
    both = check([Source("image", image), Source("recipe", recipe)], pack, today=made.TODAY)
    assert (alone.exit_code, both.exit_code) == (3, 0)


def test_a_document_in_another_form_is_told_only_what_is_not_in_it(pack: Pack) -> None:
    lines = "FileName: ./README\nSPDXID: SPDXRef-readme\nRelationship: SPDXRef-zlib CONTAINS SPDXRef-readme\n"
    text = TAG_VALUE.decode() + f"{lines}Relationship: SPDXRef-zlib CONTAINS DocumentRef-other:SPDXRef-lib\n"
    (document,) = check([Source("made.spdx", text.encode())], pack, today=made.TODAY).documents
    (gap,) = document.gaps
    assert "'DocumentRef-other:SPDXRef-lib'" in gap.message
    assert "more" not in gap.message
