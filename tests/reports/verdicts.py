"""Verdicts made by hand, for rendering: one of each outcome, and one with a given text in every place."""

from hashlib import sha256

import msgspec

from sbomguard.finding import Evidence, Finding, Location, Waived, fingerprint
from sbomguard.model import Component, Place, Problem
from sbomguard.policy import Document, Folder, ListInForce, Origin
from sbomguard.reports import Style
from sbomguard.verdict import Read, Unidentified, Verdict
from sbomguard.waiver import Waiver

STYLE = Style(version="0.1.0")

FCC = ListInForce(
    id="fcc-covered-list",
    title="FCC Covered List",
    authority="Federal Communications Commission",
    snapshot="2026-10-02",
    document="DA 26-1063",
    digest=sha256(b"fcc").hexdigest(),
    age=50,
    origin=Origin(file="lists/fcc-covered-list.yaml"),
)
COMMERCE = ListInForce(
    id="us-commerce-kaspersky",
    title="Commerce determination on Kaspersky",
    authority="US Department of Commerce",
    snapshot="2024-06-24",
    document="89 FR 52434",
    digest=sha256(b"commerce").hexdigest(),
    age=880,
    origin=Origin(file="team/lists/us-commerce-kaspersky.yaml", folder="team", overrides="lists/us-commerce-kaspersky.yaml"),
)

FOLDERS = (
    Folder(path="", digest=sha256(b"shipped").hexdigest(), files=40),
    Folder(
        path="team", digest=sha256(b"team").hexdigest(), files=1, signed_by="",
        overrides=(("team/lists/us-commerce-kaspersky.yaml", "lists/us-commerce-kaspersky.yaml"),),
    ),
)  # fmt: skip

DA_21_309 = Document(number="DA 21-309", title="First publication of the Covered List", date="2021-03-12")
DA_22_320 = Document(number="DA 22-320", date="2022-03-25")
DA_24_712 = Document(
    number="DA 24-712", title="Kaspersky Lab, Inc. added", date="2024-07-23", url="https://docs.fcc.gov/public/attachments/DA-24-712A1.pdf"
)
FR_52434 = Document(number="89 FR 52434", title="Final determination: case no. ICTS-2021-002", date="2024-06-24")


def component(name: str, version: str = "", purl: str = "", number: int = 0, kind: str = "library") -> Component:
    """A component that stands at `/components/<number>`."""
    return Component(
        ref=f"ref-{name}",
        name=name,
        version=version,
        type=kind,
        component_class="software",
        purl=purl,
        pointer=f"/components/{number}",
        signals=(),
    )


def evidence(vendor: str, field: str, found: str, expected: str, **other: str) -> Evidence:
    """Decisive evidence from a party field unless told otherwise."""
    fields = {"signal": "party", "at": "/" + field.replace(".", "/"), "strength": "decisive", "relation": "made-by"} | other
    return msgspec.convert({"vendor": vendor, "field": field, "found": found, "expected": expected} | fields, Evidence)


def finding(
    rule: str,
    level: str,
    item: Component,
    facts: tuple[Evidence, ...],
    *,
    path: str = "build/bom.cdx.json",
    line: int = 10,
    waiver: Waived | None = None,
    documents: tuple[Document, ...] = (DA_21_309,),
    entry_title: str = "Huawei Technologies Company",
    vendor_name: str = "Huawei",
    why_level: str = "The entry covers equipment; this is software.",
    remedy: str = "Replace it, or waive it with a reason.",
    dependency_path: tuple[str, ...] = (),
) -> Finding:
    """A finding of `list/entry` that stands at `line`, column 5."""
    relation = facts[0].relation
    return Finding(
        rule=rule,
        level=level,
        relation=relation,
        vendor=facts[0].vendor,
        vendor_name=vendor_name,
        list_id=rule.partition("/")[0],
        entry=rule.partition("/")[2],
        entry_title=entry_title,
        entry_meaning="Equipment of this vendor cannot be authorized.",
        entry_limits="",
        component=item,
        evidence=facts,
        location=Location(path=path, pointer=item.pointer, place=Place(line=line, column=5, end_line=line, end_column=40)),
        dependency_path=dependency_path,
        documents=documents,
        message=f"{item.name} {item.version} is {relation} {vendor_name}, whom {rule} names",
        why_level=why_level,
        remedy=remedy,
        fingerprint=fingerprint(rule, item, path),
        waiver=waiver,
    )


def read(path: str = "build/bom.cdx.json", components: int = 412, unidentified: int = 0, **other: object) -> Read:
    """A CycloneDX 1.6 document from syft."""
    fields = {
        "path": path,
        "digest": sha256(path.encode("utf-8", "replace")).hexdigest(),
        "format": "CycloneDX",
        "version": "1.6",
        "serialisation": "json",
        "generator": "syft 1.18.0",
        "components": components,
        "unidentified": unidentified,
        "problems": (),
        "gaps": (),
        "suppliers": (("vendor", components - unidentified), ("self", 0), ("missing", unidentified)),
    }
    return Read(**(fields | other))  # type: ignore[arg-type]


def nameless(number: int, path: str = "build/bom.cdx.json") -> tuple[Unidentified, ...]:
    """That many components without a maker."""
    return tuple(
        Unidentified(document=path, ref=f"u-{n}", name=f"package-{n}", reason="names no party, purl, CPE or URL") for n in range(number)
    )


def passing() -> Verdict:
    """Nothing found, every component identified."""
    return Verdict(
        outcome="pass",
        reasons=(),
        as_of="2026-11-21",
        fail_on="review",
        lists=(FCC, COMMERCE),
        documents=(read(),),
        findings=(),
        unidentified=(),
    )


def incomplete() -> Verdict:
    """A Buildroot document in which nobody is named."""
    path = "images/rootfs.cdx.json"
    advice = "Buildroot 2026.05 and later write source URLs: update it, or set <PKG>_CPE_ID_VENDOR in the packages."
    gap = Problem(pointer="/compositions/0", message="the document says that its parts are incomplete")
    return Verdict(
        outcome="incomplete",
        reasons=(f"{path}: none of 57 components says who made it", f"{path}: {gap.message}"),
        as_of="2026-11-21",
        fail_on="review",
        lists=(FCC,),
        documents=(read(path, 57, 57, generator="buildroot 2025.02", advice=advice, gaps=(gap,)),),
        findings=(),
        unidentified=nameless(57, path),
    )


def failing() -> Verdict:
    """A bit of everything: a component under three entries, a review, notes, waived ones, unidentified ones, problems, waivers."""
    sdk = component("kav-sdk", "8.3.1", "pkg:generic/kaspersky/kav-sdk@8.3.1", 12)
    maker = evidence(
        "kaspersky", "supplier.name", "AO Kaspersky Lab", "AO Kaspersky Lab", confidence="confirmed", explanation="legal name of Kaspersky"
    )
    package = evidence("kaspersky", "purl", sdk.purl, "generic/kaspersky", signal="purl", strength="supporting")
    covers = "The entry covers software as such."
    path = ("camera-firmware@2.1", "cloud-agent", "ref-kav-sdk")
    remove = "Remove it: the FCC bars equipment with this software integrated, and a waiver does not change the law."
    kaspersky = {"vendor_name": "Kaspersky", "dependency_path": path, "line": 310}
    huawei = evidence("huawei", "publisher", "HUAWEI Technologies", "Huawei Technologies Co., Ltd.", confidence="confirmed")
    author = evidence(
        "huawei", "author", "Jan Xu <jan@huawei.com>", "huawei.com", signal="domain", strength="supporting", relation="contributed"
    )
    waived = Waived(reason="host tool, not in the image", owner="jan@maker.example", expires="2027-01-31")
    lite = component("liteos-kernel", "5.1.0", "pkg:gitee/openharmony/kernel_liteos_a@5.1.0", 40, "operating-system")
    findings = [
        finding("fcc-covered-list/kaspersky", "prohibited", sdk, (maker, package), documents=(DA_22_320,), entry_title="AO Kaspersky Lab",
                why_level=covers, remedy=remove, **kaspersky),  # type: ignore[arg-type]
        finding("fcc-covered-list/kaspersky-us", "prohibited", sdk, (maker,), documents=(DA_24_712,), entry_title="Kaspersky Lab, Inc.",
                why_level=covers, remedy=remove, **kaspersky),  # type: ignore[arg-type]
        finding("us-commerce-kaspersky/kaspersky", "prohibited", sdk, (maker,), documents=(FR_52434,), entry_title="Kaspersky Lab, Inc.",
                why_level="Integrating it is a barred transaction since 29 September 2024.", remedy=remove, **kaspersky),  # type: ignore[arg-type]
        finding("fcc-covered-list/huawei", "review", lite, (huawei,), line=1210, documents=(DA_21_309, DA_22_320)),
        finding("fcc-covered-list/huawei", "review", component("hisi-flash-tool", "1.2", number=41), (huawei,), line=1300, waiver=waived),
        *(
            finding("fcc-covered-list/huawei", "note", component(f"kmod-hns{n}", "6.6.30", number=50 + n), (author,), line=1400 + n)
            for n in range(13)
        ),
    ]  # fmt: skip
    problem = Problem(pointer="/components/77/supplier", message="is a text, not an object", ref="ref-77")
    return Verdict(
        outcome="fail",
        reasons=("2 components of listed vendors at level review or above",),
        as_of="2026-11-21",
        fail_on="review",
        lists=(FCC, COMMERCE),
        folders=FOLDERS,
        hints=("the newest of the shipped lists is 120 days old",),
        documents=(read(unidentified=19, advice="Run syft 1.20 or later with --enrich.", problems=(problem,)),),
        findings=tuple(findings),
        unidentified=nameless(19),
        waivers_used=(_waiver("hisi-flash-tool", "2027-01-31"),),
        waivers_unused=(_waiver("gone", "2027-01-31"),),
        waivers_expired=(_waiver("liteos-kernel", "2026-10-31"),),
    )


def _waiver(name: str, expires: str) -> Waiver:
    return Waiver(
        rule="fcc-covered-list/huawei",
        reason="host tool, not in the image",
        owner="jan@maker.example",
        expires=expires,
        name=name,
        origin=f"waivers.yaml#/waivers/{name}",
    )


def filled(text: str) -> Verdict:
    """A verdict with that text in every place that a document, a waiver file or a file name can fill."""
    part = component(text, text, text, 1, text)
    part = msgspec.structs.replace(part, ref=text, pointer="/components/" + text)
    fact = evidence("huawei", text, text, text + "x", explanation=text)
    fact = msgspec.structs.replace(fact, at=text, folded=(text,))
    waived = Waived(reason=text, owner=text, expires="2027-01-31")
    bad = finding(
        "fcc-covered-list/huawei",
        "review",
        part,
        (fact,),
        path=text,
        why_level=text,
        remedy=text,
        entry_title=text,
        vendor_name=text,
        dependency_path=(text, text, text),
    )
    bad = msgspec.structs.replace(bad, message=text)
    seen = msgspec.structs.replace(bad, level="note", location=msgspec.structs.replace(bad.location, pointer="/x" + text))
    lifted = msgspec.structs.replace(bad, waiver=waived)
    problem = Problem(pointer=text, message=text, ref=text)
    waiver = Waiver(rule="fcc-covered-list/huawei", reason=text, owner=text, expires="2027-01-31", purl=text, version=text, origin=text)
    other = Waiver(rule="fcc-covered-list/huawei", reason=text, owner=text, expires="2026-01-31", name=text, version=text, origin=text)
    document = read(text, 3, 1, generator=text, advice=text, problems=(problem,), gaps=(problem,), version=text, format=text)
    return Verdict(
        outcome="fail",
        reasons=(text, text),
        as_of="2026-11-21",
        fail_on="review",
        lists=(FCC,),
        documents=(document,),
        findings=(bad, lifted, seen),
        unidentified=(Unidentified(document=text, ref=text, name=text, reason=text),),
        waivers_used=(waiver,),
        waivers_unused=(waiver,),
        waivers_expired=(other,),
    )
