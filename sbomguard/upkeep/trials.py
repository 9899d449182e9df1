"""The examples of vendor files, run: each is made into a component, read, matched and weighed as `check` does it."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from sbomguard import gather, matchers, relation
from sbomguard.explain import Explanation, Terms, explain
from sbomguard.matchers.index import Index
from sbomguard.pack import Pack
from sbomguard.policy import Policy, Vendor
from sbomguard.source import Source

Example = Mapping[str, str]
"""name, version, group, type, supplier, manufacturer, publisher, author, purl, cpe, url, file, fcc_id; all may be left out."""


class Trial(Struct, frozen=True, kw_only=True):
    """An example that did not come out as it says: `said` is the kind under which it stands, at `number`; `found` the relations in which
    it was found, and `why` tells in sentences how they came about, or what was looked up in vain."""

    vendor: str
    origin: str
    place: str
    said: str
    number: int
    example: Example
    found: tuple[str, ...]
    why: tuple[str, ...]


class Outcome(Struct, frozen=True, kw_only=True):
    """How many examples of how many vendors were run, and those that failed; `without` names vendors that have none."""

    vendors: int
    examples: int
    failed: tuple[Trial, ...]
    without: tuple[str, ...]


def component(example: Example, ref: str) -> dict[str, Any]:
    """The example as a CycloneDX component."""
    made: dict[str, Any] = {"bom-ref": ref, "type": example.get("type", "library")}
    made.update({key: example[key] for key in ("name", "version", "group", "publisher", "author", "purl", "cpe") if key in example})
    made.update({key: {"name": example[key]} for key in ("supplier", "manufacturer") if key in example})
    if "url" in example:
        made["externalReferences"] = [{"type": "distribution", "url": example["url"]}]
    if "file" in example:
        made["evidence"] = {"occurrences": [{"location": example["file"]}]}
    if "fcc_id" in example:
        made["properties"] = [{"name": "fcc:id", "value": example["fcc_id"]}]
    return made


def cyclonedx(examples: Iterable[Example]) -> bytes:
    """A CycloneDX document of the examples."""
    listed = [component(example, f"c{number}") for number, example in enumerate(examples)]
    made = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": listed}
    return json.dumps(made, ensure_ascii=False, indent=1).encode()


def run(policy: Policy, index: Index, day: str, write: Callable[[list[Example]], bytes] = cyclonedx) -> Outcome:
    """Run the examples of every vendor as of that day (YYYY-MM-DD). `write` makes the document, the components in the order given."""
    failed = [trial for vendor in policy.vendors.values() for trial in run_vendor(vendor, policy, index, day, write)]
    return Outcome(
        vendors=len(policy.vendors),
        examples=sum(len(items) for vendor in policy.vendors.values() for items in vendor.examples.values()),
        failed=tuple(failed),
        without=tuple(name for name, vendor in policy.vendors.items() if not any(vendor.examples.values())),
    )


def run_vendor(
    vendor: Vendor, policy: Policy, index: Index, day: str, write: Callable[[list[Example]], bytes] = cyclonedx
) -> Iterator[Trial]:
    """The examples of one vendor that did not come out as they say."""
    told = [(said, number, example) for said, items in vendor.examples.items() for number, example in enumerate(items)]
    if not told:
        return
    source = Source(f"the examples of {vendor.vendor}", write([example for *_, example in told]))
    document = gather.read_one(source)
    relations: dict[str, set[str]] = {}
    for part, evidence in matchers.match(document.components, index, day):
        mine = tuple(item for item in evidence if item.vendor == vendor.vendor)
        if mine:
            relations.setdefault(part.ref, set()).add(relation.weigh(part, mine).relation)
    for (said, number, example), part in zip(told, (item for item in document.components if not item.aside), strict=True):
        found = relations.get(part.ref, set())
        if found != {said} - {"clear"}:
            terms = Terms(pack=Pack("", policy, index), lists=(), day=day)
            (explanation,) = explain(source, document, (part,), terms)
            yield Trial(
                vendor=vendor.vendor,
                origin=vendor.origin,
                place=vendor.place,
                said=said,
                number=number,
                example=example,
                found=tuple(sorted(found)),
                why=tuple(_why(explanation, vendor.vendor, index.vendor_names[vendor.vendor])),
            )


def _why(explanation: Explanation, vendor: str, name: str) -> Iterator[str]:
    """How the relation came about, value by value."""
    for reading in explanation.readings:
        field = f"{reading.signal.field} '{reading.signal.value}'"
        met = [item for item in reading.met if item.vendor == vendor]
        for item in met:
            note = f" ({item.explanation})" if item.explanation else ""
            yield f"{field} meets the {item.signal} value '{item.expected}': {item.relation}, {item.strength}{note}"
        for refused in reading.refused:
            if refused.vendor == name:
                yield f"{field} meets '{refused.expected}' in vain: {refused.why}"
        if not met:
            near = [item for item in reading.near if item.vendor == name]
            looked = ", ".join(f"'{key}'" for key in reading.trace.keys[:6])
            yield f"{field} meets none of its values" + (f"; looked up: {looked}" if looked else "")
            yield from (f"{field} is near '{item.expected}' ({item.why})" for item in near)
    for weighed in explanation.vendors:
        if weighed.vendor == vendor:
            yield f"together: {weighed.standing.relation}, {weighed.standing.grade}: {weighed.standing.why}"
