"""Why a component is, or is not, a finding: every signal that was read, what it came to, what it met, and what nearly met."""

from collections.abc import Callable, Iterator
from functools import partial

from msgspec import Struct

from sbomguard import convict, gather, identity, matchers, policy, readers, relation
from sbomguard.explain.near import Near, Neighbours, nearest
from sbomguard.explain.trace import Trace, trace
from sbomguard.finding import Evidence, Finding
from sbomguard.generators import detect
from sbomguard.links import Way
from sbomguard.matchers.evidence import MATCHERS, day_of, held, vetoed
from sbomguard.matchers.index import Index
from sbomguard.model import Component, Document, Place, Signal
from sbomguard.pack import Pack
from sbomguard.source import Source
from sbomguard.suppliers import Suppliers
from sbomguard.verdict import waive
from sbomguard.waiver import Waiver

SEARCHED = 60
"""Most values of one component for which near misses are looked for, so that one with thousands of references is explained as soon."""


class Refused(Struct, frozen=True, kw_only=True):
    """A vendor-file value that the signal met and that does not count, and why not."""

    vendor: str
    expected: str
    why: str


class Reading(Struct, frozen=True, kw_only=True):
    """One signal as it was taken: `trace` how it was normalised, `met` the evidence that it is, `refused` what it met in vain, `near` what
    it would have met with a few letters changed. `names_maker` tells whether it could name a maker at all, `place` where it stands."""

    signal: Signal
    pointer: str
    place: Place
    trace: Trace
    met: tuple[Evidence, ...]
    refused: tuple[Refused, ...]
    near: tuple[Near, ...]
    names_maker: bool


class Weighed(Struct, frozen=True, kw_only=True):
    """One vendor to whom anything ties the component: how it stands to them, the evidence strongest first, a finding for each entry
    in force on the chosen lists, and where there is none, `unlisted` says why."""

    vendor: str
    vendor_name: str
    standing: relation.Standing
    evidence: tuple[Evidence, ...]
    findings: tuple[Finding, ...]
    unlisted: str


class Explanation(Struct, frozen=True, kw_only=True):
    """All that is known of one component. `way` are the refs from the product to it, `way_names` the same as a
    person reads it; `unidentified` says why nothing in it could name a
    maker, and is empty where something could; `odd` is what the document's problems say of it."""

    source: str
    document: Document
    component: Component
    place: Place
    way: tuple[str, ...]
    way_names: tuple[str, ...]
    readings: tuple[Reading, ...]
    vendors: tuple[Weighed, ...]
    unidentified: str
    odd: tuple[str, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of all vendors."""
        return tuple(finding for weighed in self.vendors for finding in weighed.findings)


class Terms(Struct, frozen=True, kw_only=True):
    """What components are held against: the chosen lists as they stood on `day` (YYYY-MM-DD), in a product of `sector`, and `waivers` that
    hold today."""

    pack: Pack
    lists: tuple[policy.List, ...]
    day: str
    sector: str = ""
    waivers: tuple[Waiver, ...] = ()


def explain(
    source: Source, document: Document, components: tuple[Component, ...], terms: Terms, way_to: Callable[[str], Way] | None = None
) -> Iterator[Explanation]:
    """Explain components of a document that was read from the source, just as `check` decides on them.

    `way_to` leads from the product to a ref, across documents; without it the document stands for itself.
    """
    way_to = way_to or partial(gather.Lazily([document], ()).to, 0)
    places = readers.locate(source)
    neighbours = tuple(map(Neighbours, terms.pack.indexes))
    generator = detect(document, source.data)
    stamped = Suppliers(document).stamps() if generator and generator.stamps else frozenset[str]()
    for component in components:
        evidence = evidence_for(component, terms)
        way = way_to(component.ref)
        yield Explanation(
            source=source.name,
            document=document,
            component=component,
            place=places.locate(component.pointer),
            way=way.refs,
            way_names=way.names,
            readings=tuple(_read(component, evidence, places, neighbours, stamped, terms)),
            vendors=tuple(_weigh(source, component, evidence, terms, way_to)),
            unidentified=identity.why_unidentified(component, stamped) if component.counted else "",
            odd=tuple(problem.message for problem in document.problems if component.ref and problem.ref == component.ref),
        )


def evidence_for(component: Component, terms: Terms) -> tuple[Evidence, ...]:
    """All evidence of one component."""
    return next((evidence for _, evidence in matchers.match_all((component,), terms.pack.indexes, terms.day)), ())


def _read(
    component: Component,
    evidence: tuple[Evidence, ...],
    places: "readers.Places",
    neighbours: tuple[Neighbours, ...],
    stamped: frozenset[str],
    terms: Terms,
) -> Iterator[Reading]:
    searched, day = 0, day_of(component.signals, terms.day)
    for signal in dict.fromkeys(component.signals):
        met = tuple(item for item in evidence if (item.at, item.field, item.found) == (signal.at, signal.field, signal.value))
        met = tuple(item for item in met if (item.signal == "file") == (signal.kind == "file"))  # a name may be both, at one place
        traced = trace(signal, *terms.pack.indexes)
        searched += not met
        yield Reading(
            signal=signal,
            pointer=component.pointer + signal.at,
            place=places.locate(component.pointer + signal.at),
            trace=traced,
            met=convict.strongest_first(met),
            refused=tuple(dict.fromkeys(item for index in terms.pack.indexes for item in _refuse(component, signal, index, day))),
            near=nearest(neighbours, signal, traced) if not met and searched <= SEARCHED else (),
            names_maker=identity.names_maker(signal) and not (signal.kind == "party" and signal.value in stamped),
        )


def _refuse(component: Component, signal: Signal, index: Index, day: str) -> Iterator[Refused]:
    """What the signal meets in vain: a false friend, or a value that was not the vendor's yet."""
    for matcher in MATCHERS[signal.kind]:
        for found in matcher.match(signal, index):
            block = index.blocks[found.ref.block]
            why = ""
            if not held(found, component, signal, index):
                why = "the rule names other versions, or another name"
            elif vetoed(signal, found, index):
                why = "a false friend in the vendor's file: this very value is somebody else's"
            elif block.since > day:
                why = f"it is the vendor's only from {block.since} on"
            if why:
                yield Refused(vendor=index.vendor_names[block.vendor], expected=block.values[found.ref.value], why=why)


def _weigh(
    source: Source,
    component: Component,
    evidence: tuple[Evidence, ...],
    terms: Terms,
    way_to: Callable[[str], Way],
) -> Iterator[Weighed]:
    entries = policy.in_force(terms.lists, terms.day)
    findings = tuple(convict.find(source, ((component, evidence),), terms.pack, entries, way_to, terms.sector))
    for vendor in dict.fromkeys(item.vendor for item in evidence):
        mine = convict.strongest_first(item for item in evidence if item.vendor == vendor)
        found = tuple(waive(finding, terms.waivers) for finding in findings if vendor in (finding.vendor, finding.rule))
        yield Weighed(
            vendor=vendor,
            vendor_name=terms.pack.name_of(vendor),
            standing=relation.weigh(component, mine),
            evidence=mine,
            findings=found,
            unlisted="" if found else _why_unlisted(vendor, terms),
        )


def _why_unlisted(vendor: str, terms: Terms) -> str:
    """Why no finding follows: none of the chosen lists names the vendor, or the component, or not on that day."""
    chosen = ", ".join(item.list for item in terms.lists)
    dates = [entry.since for item in terms.lists for entry in item.entries if policy.concerns(item, entry, vendor)]
    others = [
        item.list
        for item in terms.pack.policy.lists.values()
        if any(policy.concerns(item, entry, vendor) for entry in item.entries)
    ]  # fmt: skip
    what = "it" if "/" in vendor else "this vendor"  # the rule of that name is about the component
    if dates:
        return f"no entry of {chosen} that names {what} was in force on {terms.day} (the first begins on {min(dates)})"
    return f"none of the chosen lists ({chosen}) names {what}" + (f"; {', '.join(others)} would (--list)" if others else "")
