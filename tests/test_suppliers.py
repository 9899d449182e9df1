"""What supplier fields are worth, document by document, and what the report says of it."""

import json
from typing import Any

import pytest

from sbomguard import party, suppliers
from sbomguard.check import check
from sbomguard.pack import Pack
from sbomguard.reports import Style
from sbomguard.reports.text import render
from sbomguard.source import Source
from sbomguard.verdict import Read, Verdict
from tests import made

CLASSES = (
    ("Acme Ltd", "vendor"),
    ("Jane Doe <jane@acme.example>", "vendor"),
    ("<jane@acme.example>", "vendor"),
    ("Debian GNOME Maintainers <pkg-gnome@lists.debian.org>", "distributor"),
    ("Person: Jane Doe (jane@debian.org)", "distributor"),
    ("Ubuntu Developers", "distributor"),
    ("Fedora Project", "distributor"),
    ("Arch Linux", "distributor"),
    ("Debianex GmbH", "vendor"),
    ("Archer Linux Systems", "vendor"),
    ("https://zlib.net", "url"),
    ("Organization: OpenEmbedded ()", "build-system"),
    ("@VENDOR@", "template"),
    ("Acme @VENDOR@", "template"),
    ("Acme <${MAIL}>", "template"),
    ("Jane Doe <jane@acme.example>, Joe <joe@debian.org>", "distributor"),
    ("Unknown <nobody@acme.example>", "placeholder"),
    ("NOASSERTION", "placeholder"),
    ("", "missing"),
)


@pytest.mark.parametrize(("text", "expected"), CLASSES)
def test_a_party_text_has_a_class(text: str, expected: str) -> None:
    assert suppliers.best([party.party_class(text)]) == expected


def test_the_best_answer_of_a_component_counts() -> None:
    assert suppliers.best(map(party.party_class, ["NOASSERTION", "https://zlib.net", "Acme"])) == "vendor"
    assert suppliers.best(map(party.party_class, ["NOASSERTION", "https://zlib.net"])) == "url"
    assert suppliers.best([]) == "missing"


def of(verdict: Verdict) -> tuple[dict[str, int], Read]:
    """The classes that occur in the only document, and the document."""
    (document,) = verdict.documents
    assert tuple(kind for kind, _ in document.suppliers) == suppliers.CLASSES
    return {kind: number for kind, number in document.suppliers if number}, document


def verdict(name: str, data: bytes, pack: Pack) -> Verdict:
    return check([Source(name, data)], pack, today=made.TODAY)


PRODUCT = {"component": {"type": "firmware", "name": "camera", "bom-ref": "root", "supplier": {"name": "Acme Cameras Ltd."}}}


def test_every_counted_component_is_in_one_class(pack: Pack) -> None:
    parts = [
        {"name": "a", "supplier": "Acme Cameras"}, {"name": "b", "supplier": "Norfolk Ltd"}, {"name": "c", "supplier": "OpenEmbedded ()"},
        {"name": "d"}, {"name": "e", "author": "Debian Install System Team"}, {"name": "f", "supplier": "https://zlib.net"},
    ]  # fmt: skip
    counts, document = of(verdict("a.json", made.cyclonedx(parts, metadata=PRODUCT), pack))
    assert counts == {"vendor": 1, "self": 1, "distributor": 1, "url": 1, "build-system": 1, "missing": 1}
    assert document.components == 6
    assert document.advice.startswith("Add supplier.name")


def test_no_advice_where_every_supplier_is_a_vendor(pack: Pack) -> None:
    counts, document = of(verdict("a.json", made.cyclonedx([{"name": "a", "supplier": "Norfolk Valves Inc"}]), pack))
    assert counts == {"vendor": 1}
    assert not document.advice


def tool(name: str) -> dict[str, Any]:
    return {"tools": {"components": [{"type": "application", "name": name}]}, **PRODUCT}


def test_the_products_maker_identifies_its_own_parts(pack: Pack) -> None:
    data = made.cyclonedx([{"name": "a", "supplier": "Acme Cameras"}], metadata=tool("some-tool"))
    assert of(verdict("a.json", data, pack))[1].unidentified == 0


def test_a_name_that_the_generator_stamps_on_every_part_identifies_nothing(pack: Pack) -> None:
    parts = [{"name": "a", "supplier": "Acme Cameras"}, {"name": "b", "supplier": "Norfolk Valves Inc"}]
    result = verdict("a.json", made.cyclonedx(parts, metadata=tool("syft")), pack)
    counts, document = of(result)
    assert counts == {"vendor": 1, "self": 1}
    assert document.unidentified == 1
    assert "the product's own maker" in result.unidentified[0].reason


def test_a_stamped_name_of_a_listed_vendor_still_convicts(pack: Pack) -> None:
    """Any class may convict; only a real vendor may clear."""
    product = {"type": "firmware", "name": "camera", "bom-ref": "root", "supplier": {"name": "Huawei Technologies Co., Ltd."}}
    data = made.cyclonedx([{"name": "a", "supplier": "Huawei Technologies Co., Ltd."}], metadata={**tool("syft"), "component": product})
    assert any(finding.component.name == "a" for finding in verdict("a.json", data, pack).findings)


SPDX_HEAD = (
    b"SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: x\nDocumentNamespace: https://example.com/x\n"
)


def tag_value(creator: str, supplier: str, location: str = "NOASSERTION") -> bytes:
    """A tag-value document of one package."""
    lines = (
        f"Creator: Tool: {creator}\nCreated: 2026-01-01T00:00:00Z\n\nPackageName: part\nSPDXID: SPDXRef-part\nPackageSupplier: {supplier}\n"
    )
    return SPDX_HEAD + f"{lines}PackageDownloadLocation: {location}\n".encode()


def buildroot() -> bytes:
    """As Buildroot's generate-cyclonedx writes: no tool, a property that tells target from host."""
    part = {"bom-ref": "zlib", "type": "library", "name": "zlib", "version": "1.3", "properties": [{"name": "BR_TYPE", "value": "target"}]}
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": [part]}).encode()


def legal_info() -> bytes:
    """As tools write what `make legal-info` lists."""
    parts = [
        {
            "type": "firmware",
            "name": name,
            "version": "1",
            "purl": f"pkg:generic/{name}@1?download_url=https://{name}.example/{name}.tar.gz",
        }
        for name in ("one", "two", "three")
    ]
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": parts}).encode()


def openwrt() -> bytes:
    """As OpenWrt's package-metadata.pl writes: 1.4, no tool, a firmware, CPEs as 2.2 URIs."""
    part = {"type": "application", "name": "dropbear", "version": "2025.1", "cpe": "cpe:/a:matt_johnston:dropbear_ssh_server:2025.1"}
    head = {"bomFormat": "CycloneDX", "specVersion": "1.4", "version": 1, "metadata": {"component": {"type": "firmware", "name": "image"}}}
    return json.dumps({**head, "components": [part]}).encode()


def android() -> bytes:
    """As the Android build writes: the maker of the product as supplier of what it did not build."""
    maker = {"supplier": "Organization: Acme Phones"}
    packages = [
        {"SPDXID": "SPDXRef-PRODUCT", "name": "PRODUCT", "downloadLocation": "NONE", **maker},
        {"SPDXID": "SPDXRef-PREBUILT-x", "name": "vendor/other/blob", "downloadLocation": "NONE", **maker},
    ]
    head = {"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "acme/phone:16", "dataLicense": "CC0-1.0",
            "documentNamespace": "https://www.google.com/sbom/spdx/android/acme/phone:16", "documentDescribes": ["SPDXRef-PRODUCT"],
            "creationInfo": {"created": "2026-01-01T00:00:00Z", "creators": ["Organization: Acme Phones"]}}  # fmt: skip
    return json.dumps({**head, "packages": packages}).encode()


GENERATORS = (
    (tag_value("OpenEmbedded Core create-spdx.bbclass", "Organization: OpenEmbedded ()"), {"build-system": 1}, "SPDX_SUPPLIER"),
    (tag_value("Zephyr SPDX builder", "NOASSERTION"), {"placeholder": 1}, "modules-deps.spdx"),
    (tag_value("ESP-IDF SBOM builder", "Organization: Espressif Systems (Shanghai) CO LTD"), {"vendor": 1}, ""),
    (tag_value("ESP-IDF SBOM builder", "NOASSERTION"), {"placeholder": 1}, "sbom.yml"),
    (tag_value("debsbom-0.10.2", "Person: Jane Doe (jane@private.example)"), {"distributor": 1}, "Vcs"),
    (buildroot(), {"missing": 1}, "_CPE_ID_VENDOR"),
    (legal_info(), {"missing": 3}, "_CPE_ID_VENDOR"),
    (openwrt(), {"missing": 1}, "PKG_CPE_ID"),
    (android(), {"self": 2}, "METADATA"),
    (made.cyclonedx([{"name": "a"}], metadata=tool("syft")), {"missing": 1}, "catalogue"),
    (made.cyclonedx([{"name": "a"}], metadata=tool("EMBA binary analysis environment")), {"missing": 1}, "vendor_list.cfg"),
)


@pytest.mark.parametrize(("data", "counts", "advice"), GENERATORS)
def test_each_generator_is_known_and_gets_its_own_advice(data: bytes, counts: dict[str, int], advice: str, pack: Pack) -> None:
    found, document = of(verdict("x", data, pack))
    assert found == counts
    assert document.generator
    assert advice in document.advice
    assert bool(advice) == bool(document.advice)


def test_several_documents_of_one_generator_are_summed_and_its_advice_said_once(pack: Pack) -> None:
    documents = [Source(name, tag_value("Zephyr SPDX builder", "NOASSERTION").replace(b"example.com/x", name.encode())) for name in "ab"]
    text = render(check(documents, pack, today=made.TODAY), Style(version="0", width=1000))
    assert text.count("west blobs list") == 1
    assert "  suppliers   2 documents by Zephyr SPDX builder: 2 placeholder\n" in text


def test_the_fix_stands_in_the_report_though_everything_is_identified_otherwise(pack: Pack) -> None:
    text = render(verdict("a.json", legal_info(), pack), Style(version="0", width=1000))
    assert "  suppliers   a.json: 3 missing. What is made of `make legal-info`" in text
