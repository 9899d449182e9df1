"""What real generators of SPDX 2 write where, and what is read of it; the documents are made after their ways of writing."""

import json
from typing import Any

import pytest

from sbomguard import identity, readers
from sbomguard.matchers import forge
from sbomguard.model import Component, Document
from sbomguard.readers import spdx2
from sbomguard.source import Source
from tests.readers.test_cyclonedx_json import signals


def read(text: str) -> Document:
    return readers.read(Source("made", text.encode()))


def as_json(*packages: dict[str, Any], **top: Any) -> str:
    return json.dumps({"spdxVersion": "SPDX-2.2", "SPDXID": "SPDXRef-DOCUMENT", **top, "packages": packages})


def named(document: Document, name: str) -> Component:
    return next(item for item in document.components if item.name == name)


def owners(component: Component) -> set[str]:
    """The forge accounts that its values name."""
    return {
        f"{host}/{path[0]}"
        for signal in component.signals
        if signal.kind in ("url", "purl")
        for host, path in forge.accounts(signal)
        if path
    }


ZEPHYR = """\
SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: modules-deps
DocumentNamespace: https://acme.example/zephyr/modules-deps
Creator: Tool: Zephyr SPDX builder
Created: 2026-01-01T00:00:00Z

Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-hal-acme-deps

##### Package: hal_acme-deps

PackageName: hal_acme-deps
SPDXID: SPDXRef-hal-acme-deps
PackageDownloadLocation: git+https://github.com/acme-silicon/hal_acme@0123456789abcdef0123456789abcdef01234567
FilesAnalyzed: false
PrimaryPackagePurpose: SOURCE
PackageVersion: 1.2
PackageComment: Utility target; no files
"""


def test_zephyr_tells_the_owner_by_where_a_module_is_fetched_from() -> None:
    (module,) = read(ZEPHYR).components
    assert owners(module) == {"github.com/acme-silicon"}
    assert identity.why_unidentified(module) == ""


ESP_IDF = """\
# an application and its parts
SPDXVersion: SPDX-2.2
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: app
DocumentNamespace: http://spdx.org/spdxdocs/app
Creator: Tool: ESP-IDF SBOM builder
Created: 2026-01-01T00:00:00Z
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-PROJECT-app

# component
PackageName: widget
SPDXID: SPDXRef-COMPONENT-widget
PackageVersion: 1.0
PackageSupplier: Person: A. Maker, B. Maker (b@acme.example)
PackageOriginator: Organization: Acme Silicon (Shanghai) CO LTD
PackageDownloadLocation: NOASSERTION
FilesAnalyzed: false
PackageLicenseConcluded: NOASSERTION
PackageCopyrightText: NOASSERTION
ExternalRef: SECURITY cpe23Type cpe:2.3:a:acme:widget:1.0:*:*:*:*:*:*:*
Relationship: SPDXRef-PROJECT-app DEPENDS_ON SPDXRef-COMPONENT-widget
"""


def test_esp_idf_tells_the_originator_and_several_people_in_one_field() -> None:
    widget = named(read(ESP_IDF), "widget")
    assert {("party", "originator", "Acme Silicon (Shanghai) CO LTD"), ("email", "author", "b@acme.example")} <= set(signals(widget))
    assert [value for kind, role, value in signals(widget) if (kind, role) == ("party", "author")] == ["A. Maker, B. Maker"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("vendor/acme/proprietary/camera", True),
        ("vendor/acme/libs/libcam.so", True),
        ("/vendor/lib64/hw/audio", True),
        ("./blobs/fw", True),
        ("hardware_acme/a/b", True),
        ("@acme/widget", False),
        ("@acme/widget/sub", False),
        ("acme.example/widget/v2", False),
        ("acme/widget", False),
        ("virtual/kernel", False),
        ("widget", False),
        ("", False),
        ("https://acme.example/a", False),
        ("git+https://acme.example/a", False),
    ],
)
def test_a_name_that_is_a_path_is_a_file_too(name: str, expected: bool) -> None:
    assert spdx2.is_path(name) == expected
    (found,) = read(as_json({"SPDXID": "SPDXRef-a", "name": name})).components
    assert (("file", "", name) in signals(found)) == expected


def test_yocto_tells_the_maker_on_what_was_fetched_and_not_on_what_was_built() -> None:
    stamped = {"supplier": "Organization: OpenEmbedded ()"}
    document = read(
        as_json(
            {"SPDXID": "SPDXRef-Recipe-widget", "name": "widget", "downloadLocation": "NOASSERTION", **stamped},
            {"SPDXID": "SPDXRef-Download-widget-1", "name": "widget-source-1", "downloadLocation": "git+https://gitee.com/acme/widget@ab"},
            {"SPDXID": "SPDXRef-Package-widget", "name": "widget-bin", "annotations": [{"comment": "isNative"}], **stamped},
            relationships=[
                {"spdxElementId": "SPDXRef-Download-widget-1", "relationshipType": "BUILD_DEPENDENCY_OF",
                 "relatedSpdxElement": "SPDXRef-Recipe-widget"},
                {"spdxElementId": "SPDXRef-Package-widget", "relationshipType": "GENERATED_FROM",
                 "relatedSpdxElement": "SPDXRef-Recipe-widget"},
            ],
        )
    )  # fmt: skip
    assert owners(named(document, "widget-source-1")) == {"gitee.com/acme"}
    assert [bool(identity.why_unidentified(item)) for item in document.components] == [True, False, True]
    assert {(edge.parent, *edge.children) for edge in document.edges} == {
        ("SPDXRef-Recipe-widget", "SPDXRef-Download-widget-1"),
        ("SPDXRef-Package-widget", "SPDXRef-Recipe-widget"),
    }


def test_vcpkg_tells_the_owner_on_the_resource_of_a_port() -> None:
    document = read(
        as_json(
            {"SPDXID": "SPDXRef-port", "name": "widget", "versionInfo": "1.0", "downloadLocation": "git+https://github.com/ports/reg@ab"},
            {"SPDXID": "SPDXRef-binary", "name": "widget:x64-linux", "downloadLocation": "NONE"},
            {"SPDXID": "SPDXRef-resource-0", "name": "acme/widget", "downloadLocation": "git+https://github.com/acme/widget@v1.0"},
            documentNamespace="https://spdx.org/spdxdocs/widget-x64-linux-1.0#1-ab",
            files=[{"SPDXID": "SPDXRef-file-0", "fileName": "./portfile.cmake"}],
        )
    )
    assert owners(named(document, "acme/widget")) == {"github.com/acme"}
    assert document.names == ("https://spdx.org/spdxdocs/widget-x64-linux-1.0#1-ab",)
    assert [item.counted for item in document.components] == [True, True, True]


def test_surfactant_tells_the_vendor_that_a_program_names_and_its_file() -> None:
    fields = {"supplier": "Organization: Acme Corp.", "packageFileName": "acme.dll", "versionInfo": "1, 0"}
    (found,) = read(as_json({"SPDXID": "SPDXRef-1", "name": "acme.dll", **fields})).components
    assert {("party", "supplier", "Acme Corp."), ("file", "", "acme.dll")} <= set(signals(found))
