"""SBOMs made from plain descriptions of components: the same component in CycloneDX and in SPDX."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from sbomguard import matchers, unread
from sbomguard import pack as packs
from sbomguard.check import check
from sbomguard.finding import Evidence, Finding
from sbomguard.matchers.build import build
from sbomguard.matchers.index import Index
from sbomguard.model import Component, Document, Problem, Signal
from sbomguard.policy import Vendor
from sbomguard.source import Source
from sbomguard.upkeep import trials
from sbomguard.verdict import Verdict

Description = Mapping[str, str]
"""A component as the examples of a vendor file describe it: name, version, group, type, supplier, manufacturer, publisher, author, purl,
cpe, url, file, fcc_id; all may be left out."""

TODAY = "2026-11-21"

OUR_LIST: dict[str, Any] = {
    "list": "home",
    "title": "A list of our own",
    "authority": "Ourselves",
    "legal_basis": "Our own rules",
    "addressee": "Our own suppliers",
    "jurisdiction": "US",
    "status": "in-force",
    "snapshot": {"number": "No. 1", "date": "2026-01-01"},
    "meaning": "Nothing made by Acme comes into the house.",
}
"""A list file but for its entries."""

_PURPOSES = {
    "library": "LIBRARY",
    "framework": "FRAMEWORK",
    "application": "APPLICATION",
    "firmware": "FIRMWARE",
    "device": "DEVICE",
    "file": "FILE",
    "operating-system": "OPERATING-SYSTEM",
}


def cyclonedx(components: Iterable[Description], **top: Any) -> bytes:
    """A CycloneDX 1.6 JSON document; the refs are c0, c1, ...; `top` adds or replaces members of the document."""
    listed = [trials.component(item, f"c{number}") for number, item in enumerate(components)]
    return _bytes({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": listed, **top})


def spdx(components: Iterable[Description], **top: Any) -> bytes:
    """An SPDX 2.3 JSON document; the SPDXIDs are SPDXRef-c0, SPDXRef-c1, ...; `top` adds or replaces members of the document."""
    listed = [_spdx_package(item, f"SPDXRef-c{number}") for number, item in enumerate(components)]
    head = {"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "made", "dataLicense": "CC0-1.0",
            "documentNamespace": "https://example.com/made",
            "creationInfo": {"created": "2026-01-01T00:00:00Z", "creators": ["Tool: by-hand"]}}  # fmt: skip
    return _bytes({**head, "packages": listed, "documentDescribes": [item["SPDXID"] for item in listed], **top})


FORMATS: dict[str, Callable[..., bytes]] = {"cyclonedx": cyclonedx, "spdx": spdx}
"""Everything that a component can be described in."""


def verdict(components: Iterable[Description], pack: packs.Pack, form: str = "cyclonedx", **options: Any) -> Verdict:
    """The verdict on one document of that form; `options` as of `check`, the day is TODAY unless told otherwise."""
    return check([Source(f"made.{form}.json", FORMATS[form](components))], pack, **{"today": TODAY, **options})


def findings(described: Description, pack: packs.Pack, form: str = "cyclonedx", **options: Any) -> tuple[Finding, ...]:
    """The findings of one component."""
    return verdict([described], pack, form, **options).findings


def notes(document: Document) -> tuple[Problem, ...]:
    """What is noted of a bare document of SPDX 2, but for the first rule that it breaks in parts that nobody reads."""
    return tuple(problem for problem in document.problems if "does not allow this" not in problem.message)


def of_parts(findings: Iterable[Finding]) -> list[Finding]:
    """The findings about components, without the notes on the text beside them."""
    return [item for item in findings if item.component.type != unread.KIND]


def number_of(ref: str) -> int:
    """The place of a component in its description, from its ref in either form."""
    return int(ref.removeprefix("SPDXRef-").removeprefix("c"))


def component(*signals: Signal, name: str = "part", kind: str = "library", component_class: str = "software") -> Component:
    """A component as a reader makes it, from its signals."""
    return Component(
        ref="ref", name=name, version="1.0", type=kind, component_class=component_class,
        purl=next((signal.value for signal in signals if signal.kind == "purl"), ""), pointer="/components/0", signals=signals,
    )  # fmt: skip


def signal(kind: str, value: str, role: str = "", field: str = "") -> Signal:
    """One signal; parties are suppliers unless told otherwise."""
    role = role or ("supplier" if kind in ("party", "email") else "website" if kind == "url" else "")
    return Signal(kind, role, field or f"{role or kind}", f"/{field or role or kind}", value)


def vendor(*identities: Mapping[str, Any], name: str = "acme", friends: Mapping[str, list[str]] | None = None) -> Vendor:
    """A vendor with those identity blocks; `friends` are false friends by signal."""
    blocks = [{"vendor": name, "confidence": "confirmed", "source": ["web"], **block} for block in identities]
    fields = {
        "vendor": name, "name": name.title(), "summary": "A maker of things that is in no list.",
        "sources": {"web": {"title": "Their site"}}, "identities": blocks, "examples": {}, "origin": f"vendors/{name}.yaml",
        "false_friends": [{"signal": kind, "values": values, "note": "others"} for kind, values in (friends or {}).items()],
    }  # fmt: skip
    return msgspec.convert(fields, Vendor)


def index_of(*identities: Mapping[str, Any], friends: Mapping[str, list[str]] | None = None) -> Index:
    """The index of one vendor with those identity blocks."""
    return build([vendor(*identities, friends=friends)])


def evidence(index: Index, *signals: Signal, day: str = TODAY) -> tuple[Evidence, ...]:
    """What ties a component of those signals to any vendor."""
    return tuple(item for _, found in matchers.match([component(*signals)], index, day) for item in found)


def met(index: Index, *signals: Signal) -> dict[str, str]:
    """The vendor-file values that the signals meet, with the strength of each."""
    return {item.expected: item.strength for item in evidence(index, *signals)}


def _bytes(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _spdx_package(item: Description, ref: str) -> dict[str, Any]:
    out: dict[str, Any] = {"SPDXID": ref, "downloadLocation": item.get("url", "NOASSERTION"), "filesAnalyzed": False}
    out["primaryPackagePurpose"] = _PURPOSES.get(item.get("type", "library"), "OTHER")
    if "name" in item:
        out["name"] = f"{item['group']}/{item['name']}" if "group" in item else item["name"]
    if "version" in item:
        out["versionInfo"] = item["version"]
    out.update(_spdx_parties(item))
    out["externalRefs"] = list(_spdx_references(item))
    if "file" in item:
        out["packageFileName"] = item["file"]
    if "fcc_id" in item:
        out["annotations"] = [{"annotationDate": "2026-01-01T00:00:00Z", "annotationType": "OTHER", "annotator": "Tool: by-hand",
                               "comment": f"FCC ID: {item['fcc_id']}"}]  # fmt: skip
    return out


def _spdx_parties(item: Description) -> dict[str, str]:
    """Supplier and originator (SPDX 2.3 clauses 7.5 and 7.6): the maker before the publisher before the author."""
    parties = {"supplier": f"Organization: {item['supplier']}"} if "supplier" in item else {}
    maker = item.get("manufacturer") or item.get("publisher")
    if maker:
        parties["originator"] = f"Organization: {maker}"
    elif "author" in item:
        parties["originator"] = "Person: " + re.sub(r"<([^<>]*)>", r"(\1)", item["author"])
    return parties


def _spdx_references(item: Description) -> Iterable[dict[str, str]]:
    if "purl" in item:
        yield {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": item["purl"]}
    if "cpe" in item:
        kind = "cpe23Type" if item["cpe"].startswith("cpe:2.3:") else "cpe22Type"
        yield {"referenceCategory": "SECURITY", "referenceType": kind, "referenceLocator": item["cpe"]}
