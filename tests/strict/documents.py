"""Valid documents of every format that `--strict` validates, as texts to break in one place."""

import json
from collections.abc import Mapping
from typing import Any

from sbomguard import gather
from sbomguard.source import Source
from sbomguard.strict import validate
from sbomguard.verdict import INVALID, Failure

CYCLONEDX_JSON = ("1.2", "1.3", "1.4", "1.5", "1.6", "1.7")
CYCLONEDX_XML = ("1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7")


def violations(name: str, text: str | bytes) -> tuple[Failure, ...]:
    """What `--strict` finds in a text, over all documents in it."""
    raw = text.encode() if isinstance(text, str) else text
    found = tuple(item for source, document in gather.read_all(Source(name, raw)) for item in validate(source, document))
    assert all(item.kind == INVALID and item.path.startswith(name) for item in found)
    return found


def told(found: tuple[Failure, ...]) -> list[tuple[str, str]]:
    """Pointer and problem of each."""
    return [(item.pointer, item.problem) for item in found]


def quoted(text: str, failure: Failure) -> str:
    """What stands in the text at the place of a violation, to the end of the line."""
    return text.splitlines()[failure.line - 1][failure.column - 1 :]


def cyclonedx(version: str, component: Mapping[str, Any] | None = None, **top: Any) -> str:
    """CycloneDX JSON with two components; `component` adds members to the second."""
    first = {"type": "library", "bom-ref": "a", "name": "zlib", "version": "1.3", "purl": "pkg:generic/zlib@1.3"}
    second = {"type": "library", "bom-ref": "b", "name": "agent", "version": "2", "publisher": "Aurora GmbH", **(component or {})}
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": version, "version": 1, "components": [first, second], **top}, indent=1)


def cyclonedx_xml(version: str, name: str = "<name>agent</name>") -> str:
    """CycloneDX XML with two components; `name` stands where the second has its name."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<bom xmlns="http://cyclonedx.org/schema/bom/{version}" version="1">
  <components>
    <component type="library"><name>zlib</name><version>1.3</version><modified>false</modified></component>
    <component type="library">
      {name}
      <version>2</version>
      <modified>false</modified>
    </component>
  </components>
</bom>
"""


def spdx2(**top: Any) -> dict[str, Any]:
    """The tree of an SPDX 2.3 document: two packages, a file in the first, a snippet of it, an annotation, a licence of its own."""
    package = {
        "SPDXID": "SPDXRef-a", "name": "zlib", "versionInfo": "1.3", "downloadLocation": "https://zlib.example/zlib-1.3.tar.gz",
        "filesAnalyzed": True, "packageVerificationCode": {"packageVerificationCodeValue": "d6a770ba38583ed4bb4525bd96e50461655d2758"},
        "licenseConcluded": "Zlib", "licenseDeclared": "Zlib AND LicenseRef-own", "copyrightText": "NOASSERTION",
        "supplier": "Organization: Aurora GmbH",
    }  # fmt: skip
    agent = {
        "SPDXID": "SPDXRef-b", "name": "agent", "versionInfo": "2", "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION", "licenseDeclared": "NONE", "copyrightText": "NONE",
        "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:pypi/agent@2"}],
    }  # fmt: skip
    file = {
        "SPDXID": "SPDXRef-f", "fileName": "./inflate.c", "licenseConcluded": "Zlib", "licenseInfoInFiles": ["Zlib"],
        "copyrightText": "NOASSERTION",
        "checksums": [{"algorithm": "SHA1", "checksumValue": "d6a770ba38583ed4bb4525bd96e50461655d2758"}],
        "annotations": [{"annotationDate": "2026-01-01T00:00:00Z", "annotationType": "OTHER", "annotator": "Tool: by-hand",
                         "comment": "read"}],
    }  # fmt: skip
    snippet = {
        "SPDXID": "SPDXRef-s", "snippetFromFile": "SPDXRef-f", "licenseConcluded": "Zlib", "licenseInfoInSnippets": ["Zlib"],
        "copyrightText": "NOASSERTION",
        "ranges": [{"startPointer": {"offset": 1, "reference": "SPDXRef-f"}, "endPointer": {"offset": 9, "reference": "SPDXRef-f"}},
                   {"startPointer": {"lineNumber": 1, "reference": "SPDXRef-f"},
                    "endPointer": {"lineNumber": 2, "reference": "SPDXRef-f"}}],
    }  # fmt: skip
    return {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": "made",
        "documentNamespace": "https://made.example/1",
        "creationInfo": {"created": "2026-01-01T00:00:00Z", "creators": ["Tool: by-hand"]},
        "packages": [package, agent], "files": [file], "snippets": [snippet],
        "hasExtractedLicensingInfos": [{"licenseId": "LicenseRef-own", "extractedText": "do as you like"}],
        "relationships": [
            {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-a"},
            {"spdxElementId": "SPDXRef-a", "relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-f"},
            {"spdxElementId": "SPDXRef-a", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "SPDXRef-b"},
        ],
        **top,
    }  # fmt: skip


def spdx3(*more: Mapping[str, Any], **package: Any) -> dict[str, Any]:
    """The graph of an SPDX 3.0.1 document with one package; `package` adds members to it, `more` elements behind it."""
    base = "https://made.example/"
    info = "_:creation"
    return {
        "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
        "@graph": [
            {"type": "CreationInfo", "@id": info, "specVersion": "3.0.1", "created": "2026-01-01T00:00:00Z", "createdBy": [base + "maker"]},
            {"type": "Organization", "spdxId": base + "maker", "creationInfo": info, "name": "Aurora GmbH"},
            {"type": "SpdxDocument", "spdxId": base + "doc", "creationInfo": info, "rootElement": [base + "a"],
             "profileConformance": ["core", "software"]},
            {"type": "software_Package", "spdxId": base + "a", "creationInfo": info, "name": "zlib", "software_packageVersion": "1.3",
             "suppliedBy": base + "maker", **package},
            *more,
        ],
    }  # fmt: skip
