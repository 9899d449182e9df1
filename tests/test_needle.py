"""The planted needle: a covered vendor at any legal place of an SBOM of any format is never silent, whatever stands around it."""

import json
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sbomguard.check import check
from sbomguard.source import Source
from tests import made, writers
from tests.test_conversions import shipped

Tree = dict[str, Any]
Hay = list[dict[str, Any]]

NEEDLES = {
    "Huawei Technologies Co., Ltd.": "huawei", "HUAWEI": "huawei", "华为技术有限公司": "huawei", "HiSilicon": "huawei",
    "AO Kaspersky Lab": "kaspersky", "Лаборатория Касперского": "kaspersky", "Hikvision": "hikvision", "海康威视": "hikvision",
    "海能达": "hytera", "Hytera": "hytera", "ZTE Corporation": "zte", "Dahua Technology": "dahua",
}  # fmt: skip
"""Names of vendors of the default lists, in several scripts."""

PARTED = {
    "Autel Robotics": "autel-robotics", "China Mobile": "china-mobile", "China Unicom": "china-unicom",
    "Pacific Networks": "pacific-networks-comnet", "ЗТЕ Связьтехнологии": "zte",
}  # fmt: skip
"""Names of several words, of which none alone is the vendor's."""

BETWEEN = (" ", "  ", "\t", "\n", "\n    ", "\u00a0", "-", "\u2011", "_", ".", "/", "")
"""What may stand between them."""

UNREAD = {
    "description", "description in CDATA", "copyright", "licence text", "licence comment", "release notes", "pedigree notes", "comment",
    "summary", "file notice", "evidence copyright", "model card", "tags", "extension",
}  # fmt: skip
"""Places that give no value of a component and may hold more than one line."""

ENTITY = {"type": "library", "name": "part"}
PACKAGE = {"SPDXID": "SPDXRef-needle", "name": "part", "downloadLocation": "NOASSERTION", "filesAnalyzed": False}
ORDINARY = "2026-01-01T00:00:00Z"

# A place is a function from the name to what stands there: members of a component or package, or of the document.

CYCLONEDX_PART: dict[str, Callable[[str], Tree]] = {
    "supplier": lambda name: {"supplier": {"name": name}},
    "supplier contact": lambda name: {"supplier": {"name": "Aurora", "contact": [{"name": name}]}},
    "manufacturer": lambda name: {"manufacturer": {"name": name}},
    "author": lambda name: {"authors": [{"name": name}]},
    "publisher": lambda name: {"publisher": name},
    "group": lambda name: {"group": name},
    "version": lambda name: {"version": f"1 {name}"},
    "description": lambda name: {"description": f"made with {name}"},
    "copyright": lambda name: {"copyright": f"(c) 2024 {name}"},
    "purl": lambda name: {"purl": f"pkg:generic/{''.join(filter(str.isalnum, name))}/x@1"},
    "swid": lambda name: {"swid": {"tagId": "x", "name": name}},
    "licence": lambda name: {"licenses": [{"license": {"name": f"{name} licence"}}]},
    "licence text": lambda name: {"licenses": [{"license": {"name": "own", "text": {"content": f"Granted by\n{name}\nto all"}}}]},
    "licensor": lambda name: {"licenses": [{"license": {"name": "own", "licensing": {"licensor": {"organization": {"name": name}}}}}]},
    "property": lambda name: {"properties": [{"name": "note", "value": name}]},
    "property name": lambda name: {"properties": [{"name": f"{name}:x", "value": "1"}]},
    "reference": lambda name: {"externalReferences": [{"type": "other", "url": "https://example.com", "comment": name}]},
    "ancestor": lambda name: {"pedigree": {"ancestors": [{**ENTITY, "supplier": {"name": name}}]}},
    "descendant": lambda name: {"pedigree": {"descendants": [{**ENTITY, "supplier": {"name": name}}]}},
    "variant": lambda name: {"pedigree": {"variants": [{**ENTITY, "supplier": {"name": name}}]}},
    "commit": lambda name: {"pedigree": {"commits": [{"uid": "1", "author": {"name": name}}]}},
    "patch": lambda name: {"pedigree": {"patches": [{"type": "backport", "resolves": [{"type": "defect", "description": name}]}]}},
    "pedigree notes": lambda name: {"pedigree": {"notes": f"from {name}"}},
    "nested": lambda name: {"components": [{**ENTITY, "supplier": {"name": name}}]},
    "evidence": lambda name: {"evidence": {"identity": [{"field": "name", "concludedValue": name}]}},
    "evidence copyright": lambda name: {"evidence": {"copyright": [{"text": name}]}},
    "release notes": lambda name: {"releaseNotes": {"type": "major", "title": name}},
    "model card": lambda name: {"modelCard": {"considerations": {"users": [name]}}},
    "data owner": lambda name: {"data": [{"type": "dataset", "governance": {"owners": [{"organization": {"name": name}}]}}]},
    "certificate": lambda name: {"cryptoProperties": {"assetType": "certificate", "certificateProperties": {"issuerName": f"O={name}"}}},
    "signature": lambda name: {"signature": {"algorithm": "ES256", "value": "x", "keyId": name}},
    "tags": lambda name: {"tags": [name]},
}

CYCLONEDX_TOP: dict[str, Callable[[str], Tree]] = {
    "tool": lambda name: {"metadata": {"tools": {"components": [{**ENTITY, "supplier": {"name": name}}]}}},
    "old tool": lambda name: {"metadata": {"tools": [{"vendor": name, "name": "x"}]}},
    "author of the document": lambda name: {"metadata": {"authors": [{"name": name}]}},
    "supplier of the product": lambda name: {"metadata": {"supplier": {"name": name}}},
    "product": lambda name: {"metadata": {"component": {**ENTITY, "supplier": {"name": name}}}},
    "lifecycle": lambda name: {"metadata": {"lifecycles": [{"name": name, "description": "x"}]}},
    "property of the document": lambda name: {"properties": [{"name": "note", "value": name}]},
    "service": lambda name: {"services": [{"name": "cloud", "provider": {"name": name}}]},
    "service data": lambda name: {"services": [{"name": "cloud", "data": [{"flow": "inbound", "classification": name}]}]},
    "annotation": lambda name: {"annotations": [{"subjects": [], "annotator": {"individual": {"name": "a"}}, "text": name}]},
    "annotator": lambda name: {"annotations": [{"subjects": [], "annotator": {"organization": {"name": name}}, "text": "x"}]},
    "formula": lambda name: {"formulation": [{"components": [{**ENTITY, "supplier": {"name": name}}]}]},
    "workflow": lambda name: {"formulation": [{"workflows": [{"bom-ref": "w", "uid": "w", "taskTypes": ["build"], "description": name}]}]},
    "vulnerability": lambda name: {"vulnerabilities": [{"id": "CVE-2024-1", "detail": f"found by {name}"}]},
    "credits": lambda name: {"vulnerabilities": [{"id": "CVE-2024-1", "credits": {"organizations": [{"name": name}]}}]},
    "assessor": lambda name: {"declarations": {"assessors": [{"organization": {"name": name}}]}},
    "standard": lambda name: {"definitions": {"standards": [{"name": "s", "owner": name}]}},
    "reference of the document": lambda name: {"externalReferences": [{"type": "other", "url": "https://example.com", "comment": name}]},
}

SPDX_PACKAGE: dict[str, Callable[[str], Tree]] = {
    "supplier": lambda name: {"supplier": f"Organization: {name}"},
    "originator": lambda name: {"originator": f"Person: {name}"},
    "version": lambda name: {"versionInfo": f"1 {name}"},
    "file name": lambda name: {"packageFileName": f"{name}.tar"},
    "source": lambda name: {"sourceInfo": f"from {name}"},
    "comment": lambda name: {"comment": name},
    "summary": lambda name: {"summary": name},
    "description": lambda name: {"description": f"made with {name}"},
    "copyright": lambda name: {"copyrightText": f"(c) 2024 {name}"},
    "licence comment": lambda name: {"licenseComments": name},
    "attribution": lambda name: {"attributionTexts": [name]},
    "reference": lambda name: {"externalRefs": [{"referenceCategory": "OTHER", "referenceType": "x", "referenceLocator": "y",
                                                 "comment": name}]},
    "annotation": lambda name: {"annotations": [{"annotationDate": ORDINARY, "annotationType": "OTHER",
                                                 "annotator": "Tool: x", "comment": name}]},
}  # fmt: skip

SPDX_TOP: dict[str, Callable[[str], Tree]] = {
    "comment": lambda name: {"comment": name},
    "name": lambda name: {"name": f"firmware with {name}"},
    "creator": lambda name: {"creationInfo": {"created": ORDINARY, "creators": [f"Organization: {name}"]}},
    "licence": lambda name: {"hasExtractedLicensingInfos": [{"licenseId": "LicenseRef-x", "extractedText": f"by {name}"}]},
    "file": lambda name: {"files": [{"SPDXID": "SPDXRef-f", "fileName": "./x", "checksums": [], "fileContributors": [name]}]},
    "file notice": lambda name: {"files": [{"SPDXID": "SPDXRef-f", "fileName": "./x", "checksums": [], "noticeText": name}]},
    "snippet": lambda name: {"snippets": [{"SPDXID": "SPDXRef-s", "snippetFromFile": "SPDXRef-f", "comment": name, "ranges": []}]},
    "annotator": lambda name: {"annotations": [{"annotationDate": ORDINARY, "annotationType": "OTHER",
                                                "annotator": f"Organization: {name}", "comment": "x"}]},
    "reviewer": lambda name: {"revieweds": [{"reviewer": f"Organization: {name}", "reviewDate": ORDINARY}]},
}  # fmt: skip

XML_PART = {
    "supplier": "<supplier><name>{}</name></supplier>",
    "author": "<authors><author><name>{}</name></author></authors>",
    "publisher": "<publisher>{}</publisher>",
    "group": "<group>{}</group>",
    "version": "<version>1 {}</version>",
    "description": "<description>made with {}</description>",
    "description in CDATA": "<description><![CDATA[made with {}]]></description>",
    "licence": "<licenses><license><name>{} licence</name></license></licenses>",
    "licence text": "<licenses><license><name>own</name><text>Granted by\n{}\nto all</text></license></licenses>",
    "copyright": "<copyright>(c) 2024 {}</copyright>",
    "ancestor": '<pedigree><ancestors><component type="library"><publisher>{}</publisher><name>a</name></component></ancestors></pedigree>',
    "pedigree notes": "<pedigree><notes>from {}</notes></pedigree>",
    "reference": '<externalReferences><reference type="other"><url>https://example.com</url><comment>{}</comment></reference></externalReferences>',
    "property": '<properties><property name="note">{}</property></properties>',
    "nested": '<components><component type="library"><publisher>{}</publisher><name>a</name></component></components>',
    "evidence": "<evidence><copyright><text>{}</text></copyright></evidence>",
    "release notes": "<releaseNotes><type>major</type><title>{}</title></releaseNotes>",
    "extension": '<x:note xmlns:x="urn:x">{}</x:note>',
    "comment": "<!-- by {} -->",
}
XML_TOP = {
    "service": "<services><service><provider><name>{}</name></provider><name>cloud</name></service></services>",
    "property": '<properties><property name="note">{}</property></properties>',
    "annotation": "<annotations><annotation><subjects/><annotator><individual><name>a</name></individual></annotator>"
    "<timestamp>2026-01-01T00:00:00Z</timestamp><text>{}</text></annotation></annotations>",
    "formula": '<formulation><formula><components><component type="library"><publisher>{}</publisher><name>a</name></component>'
    "</components></formula></formulation>",
    "vulnerability": "<vulnerabilities><vulnerability><id>CVE-2024-1</id><detail>found by {}</detail></vulnerability></vulnerabilities>",
    "comment": "<!-- by {} -->",
}

TAG_PART = {
    "supplier": "PackageSupplier: Organization: {}",
    "originator": "PackageOriginator: Person: {}",
    "version": "PackageVersion: 1 {}",
    "file name": "PackageFileName: {}.tar",
    "source": "PackageSourceInfo: <text>from {}</text>",
    "comment": "PackageComment: <text>of\n{}\nand others</text>",
    "summary": "PackageSummary: <text>{}</text>",
    "description": "PackageDescription: <text>made with {}</text>",
    "copyright": "PackageCopyrightText: <text>(c) 2024 {}</text>",
    "licence comment": "PackageLicenseComments: <text>{}</text>",
    "attribution": "PackageAttributionText: <text>{}</text>",
    "reference": "ExternalRef: OTHER x y\nExternalRefComment: <text>{}</text>",
    "file": "FileName: ./x\nSPDXID: SPDXRef-f\nFileContributor: {}",
    "file notice": "FileName: ./x\nSPDXID: SPDXRef-f\nFileNotice: <text>{}</text>",
    "annotation": "Annotator: Tool: x\nAnnotationDate: 2026-01-01T00:00:00Z\nAnnotationType: OTHER\nSPDXREF: SPDXRef-needle\n"
    "AnnotationComment: <text>{}</text>",
    "licence": "LicenseID: LicenseRef-x\nExtractedText: <text>by {}</text>",
    "remark": "# by {}",
}

SPDX3_PART: dict[str, Callable[[str], Tree]] = {
    "version": lambda name: {"software_packageVersion": f"1 {name}"},
    "source": lambda name: {"software_sourceInfo": f"from {name}"},
    "comment": lambda name: {"comment": name},
    "summary": lambda name: {"summary": name},
    "description": lambda name: {"description": f"made with {name}"},
    "copyright": lambda name: {"software_copyrightText": f"(c) 2024 {name}"},
    "attribution": lambda name: {"software_attributionText": [name]},
    "reference": lambda name: {"externalRef": [{"type": "ExternalRef", "externalRefType": "other", "locator": ["x"], "comment": name}]},
    "identifier": lambda name: {
        "externalIdentifier": [{"type": "ExternalIdentifier", "externalIdentifierType": "other", "identifier": name}]
    },
}
SPDX3_TOP: dict[str, Callable[[str], Tree]] = {
    "agent": lambda name: {"type": "Organization", "name": name},
    "annotation": lambda name: {"type": "Annotation", "annotationType": "other", "subject": "urn:needle", "statement": name},
    "tool": lambda name: {"type": "Tool", "name": name},
    "licence": lambda name: {"type": "simplelicensing_SimpleLicensingText", "simplelicensing_licenseText": f"by {name}"},
    "file": lambda name: {"type": "software_File", "name": "x", "software_copyrightText": name},
    "build": lambda name: {"type": "build_Build", "build_buildType": "urn:x", "comment": name},
}


# ---- how a form plants a name among parts, the needle behind the first `at` of them


def cyclonedx_json(hay: Hay, at: int, place: str, name: str) -> bytes:
    tree = writers.cyclonedx_tree(hay)
    if place in CYCLONEDX_TOP:
        planted = CYCLONEDX_TOP[place](name)
        tree |= {**planted, "metadata": {**tree["metadata"], **planted.get("metadata", {})}}
    else:
        tree["components"].insert(at, {**ENTITY, **CYCLONEDX_PART[place](name)})
    return json.dumps(tree, ensure_ascii=at % 2 == 0).encode()


def cyclonedx_xml(hay: Hay, at: int, place: str, name: str) -> bytes:
    text = writers.cyclonedx_xml(hay).decode()
    name = name if place == "description in CDATA" else escape(name)
    if place in XML_TOP and at % 2:
        return text.replace("</bom>", f"{XML_TOP[place].format(name)}</bom>").encode()
    planted = f'<component type="library"><name>part</name>{XML_PART.get(place, XML_PART["comment"]).format(name)}</component>'
    start, mark, rest = text.partition("</metadata><components>")
    return f"{start}{mark}{planted}{rest}".encode() if at else text.replace("</components><dep", f"{planted}</components><dep").encode()


def spdx_json(hay: Hay, at: int, place: str, name: str) -> bytes:
    tree = writers.spdx_tree(hay)
    if place in SPDX_TOP:
        tree |= SPDX_TOP[place](name)
    else:
        tree["packages"].insert(at, {**PACKAGE, **SPDX_PACKAGE[place](name)})
    return json.dumps(tree, ensure_ascii=at % 2 == 0).encode()


def tag_value(hay: Hay, at: int, place: str, name: str) -> bytes:
    head, *blocks = writers.tag_value(hay).decode().split("\nPackageName:")
    planted = f" part\nSPDXID: SPDXRef-needle\nPackageDownloadLocation: NOASSERTION\nFilesAnalyzed: false\n{TAG_PART[place].format(name)}\n"
    return "\nPackageName:".join((head, *blocks[: min(at, len(blocks) - 1)], planted, *blocks[min(at, len(blocks) - 1) :])).encode()


def spdx3(hay: Hay, at: int, place: str, name: str) -> bytes:
    tree = json.loads(writers.spdx3(hay))
    package = {"type": "software_Package", "name": "part", **SPDX3_PART[place](name)} if place in SPDX3_PART else {}
    tree["@graph"].insert(at, {"spdxId": "urn:needle", "creationInfo": "_:made", **(package or SPDX3_TOP[place](name))})
    return json.dumps(tree, ensure_ascii=at % 2 == 0).encode()


PLACES: list[tuple[Callable[[Hay, int, str, str], bytes], str]] = [
    (form, place)
    for form, tables in (
        (cyclonedx_json, (CYCLONEDX_PART, CYCLONEDX_TOP)), (cyclonedx_xml, (XML_PART, XML_TOP)), (spdx_json, (SPDX_PACKAGE, SPDX_TOP)),
        (tag_value, (TAG_PART,)), (spdx3, (SPDX3_PART, SPDX3_TOP)),
    )
    for table in tables
    for place in table
]  # fmt: skip

hays = st.lists(
    st.fixed_dictionaries(
        {"name": st.sampled_from(["zlib", "fast-json", "Größe", "agent"])},
        optional={
            "version": st.sampled_from(["1", "2.0+git"]),
            "supplier": st.sampled_from(["Aurora GmbH", "NOASSERTION", "Debian Kernel Team"]),
            "purl": st.sampled_from(["pkg:pypi/zlib@1", "pkg:generic/x@1", "pkg:github/madler/zlib@1"]),
            "website": st.just("https://zlib.net"),
        },
    ),
    min_size=1,
    max_size=5,
)


def vendors(data: bytes) -> set[str]:
    """The vendors of whom anything is told; the document must be read."""
    answer = check([Source("made", data)], shipped(), today=made.TODAY)
    assert not answer.failures, answer.failures[0].problem
    return {finding.vendor for finding in answer.findings}


@pytest.mark.parametrize(("form", "place"), PLACES, ids=lambda value: getattr(value, "__name__", value))
def test_every_place_is_looked_at(form: Callable[..., bytes], place: str) -> None:
    hay = [{"name": "zlib", "supplier": "Aurora GmbH"}, {"name": "agent"}]
    assert vendors(form(hay, 1, place, "Huawei Technologies Co., Ltd.")) == {"huawei"}


@settings(max_examples=200)
@given(st.sampled_from(PLACES), st.sampled_from(sorted(NEEDLES)), st.sampled_from([str, str.upper, str.lower]), hays, st.integers(0, 3))
def test_a_covered_vendor_is_never_silent(
    where: tuple[Callable[[Hay, int, str, str], bytes], str], name: str, case: Callable[[str], str], hay: Hay, at: int
) -> None:
    form, place = where
    assert vendors(form(hay, at, place, case(name))) == {NEEDLES[name]}


@settings(max_examples=200)
@given(
    st.sampled_from([where for where in PLACES if where[1] in UNREAD]), st.sampled_from(sorted(PARTED)), st.sampled_from(BETWEEN),
    st.sampled_from([str, str.upper, str.lower, str.title, str.swapcase]), hays, st.integers(0, 3),
)  # fmt: skip
def test_a_name_of_several_words_is_never_silent_however_they_are_parted(
    where: tuple[Callable[[Hay, int, str, str], bytes], str], name: str, between: str, case: Callable[[str], str], hay: Hay, at: int
) -> None:
    form, place = where
    assert vendors(form(hay, at, place, case(name).replace(" ", between))) == {PARTED[name]}


@settings(max_examples=50)
@given(hays, st.sampled_from(sorted(writers.FORMATS)))
def test_hay_alone_is_silent(hay: Hay, form: str) -> None:
    assert not vendors(writers.FORMATS[form](hay))
