"""From a document, or from what is declared of the product, to findings: evidence weighed and held against the entries in force."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from sbomguard import matchers, policy, production, readers, relation
from sbomguard.finding import Evidence, Finding, Location, fingerprint
from sbomguard.model import ASIDES, Component
from sbomguard.pack import Pack
from sbomguard.policy import Entry, List
from sbomguard.source import Source

if TYPE_CHECKING:
    from sbomguard.links import Way
    from sbomguard.product import Product


def find(
    source: Source, met: Iterable[tuple[Component, tuple[Evidence, ...]]], pack: Pack, entries: dict[str, tuple[tuple[List, Entry], ...]],
    way_to: "Callable[[str], Way]", sector: str = "", locate: "Callable[[Source], readers.Places]" = readers.locate,
) -> Iterable[Finding]:  # fmt: skip
    """The findings of one document: evidence, weighed per vendor, held against each entry that names the vendor.

    `met` are the components that anything ties to a vendor (matchers.match_all), `way_to` gives the way from the product to a ref of the
    document, `sector` is that of the product, `locate` knows where pointers stand.
    """
    places: readers.Places | None = None
    for component, evidence in met:
        for vendor in dict.fromkeys(item.vendor for item in evidence):
            mine = strongest_first(item for item in evidence if item.vendor == vendor)
            standing = relation.weigh(component, mine)
            for listed, entry in entries.get(vendor, ()):
                places = places or locate(source)
                way = way_to(component.ref)
                rule = policy.rule_of(listed, entry)
                level = relation.level(standing, component, entry, sector)
                yield Finding(
                    rule=rule,
                    level=level,
                    relation=standing.relation,
                    vendor="" if standing.relation == "named" else vendor,
                    vendor_name="" if standing.relation == "named" else pack.name_of(vendor),
                    list_id=listed.list,
                    entry=entry.entry,
                    entry_title=entry.title,
                    entry_meaning=entry.meaning,
                    entry_limits=entry.limits,
                    component=component,
                    evidence=mine,
                    location=Location(path=source.name, pointer=component.pointer, place=places.locate(component.pointer + mine[0].at)),
                    dependency_path=way.refs,
                    path_names=way.names,
                    documents=tuple(item for item in entry.documents if not item.classes or component.component_class in item.classes),
                    message=message(component, standing, pack.name_of(vendor), mine[0]),
                    why_level=why_level(standing, component, entry, sector),
                    remedy=remedy(level, standing, component),
                    fingerprint=fingerprint(rule, component, source.name),
                    since=entry.since,
                    origin=policy.origin_of(listed),
                    vendor_origin=policy.origin_of(pack.policy.vendors[vendor]) if vendor in pack.policy.vendors else None,
                )


def strongest_first(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Evidence in the order in which a person wants it: what convicts first, then as the document has it."""
    ranks = {"made-by": 0, "named": 0, "contributed": 1, "about": 2}
    order = ("decisive", "supporting", "mention")
    return tuple(sorted(evidence, key=lambda item: (ranks[item.relation], order.index(item.strength))))


def message(component: Component, standing: relation.Standing, vendor: str, evidence: Evidence) -> str:
    """What was found, in one sentence."""
    what = f"{component.name or component.ref or 'an unnamed component'} {component.version}".strip()
    verb = {"made-by": "is made by", "named": "is named by", "contributed": "has code of", "about": "mentions"}[standing.relation]
    if standing.grade == "likely":
        verb = "points to"
    return f"{what} {verb} {vendor}: {evidence.field} is '{evidence.found}'"


def why_level(standing: relation.Standing, component: Component, entry: Entry, sector: str = "") -> str:
    """Why this level: the rule met, and whether the entry reaches this class of component."""
    covered = entry.covered(sector)
    reach = "covers" if component.component_class in covered else "does not by itself cover"
    inside = f" in a product of the sector {sector}" if component.component_class in entry.covers_in.get(sector, ()) else ""
    why = standing.why
    if entry.status == "proposed":
        why += "; the rule is proposed and binds nobody yet"
    elif standing.relation in ("made-by", "named"):
        told = f"the entry {reach} {component.component_class}{inside}"
        why += f"; {told}" if covered else f"; the entry reaches {entry.reach or 'services of a carrier'} only"
    if component.aside:
        why += f"; {ASIDES[component.aside][1]}"
    return why[0].upper() + why[1:]


def remedy(level: str, standing: relation.Standing, component: Component) -> str:
    """What a person should do next."""
    if level == "note":
        return "Nothing to do for the build; know that the vendor is named here"
    if level == "prohibited":
        return "Remove or replace it: the entry covers this kind of component as it stands"
    if standing.grade == "unsure":
        return "Find out its version: set it in the SBOM in the notation of its ecosystem; then remove it or waive it with a reason"
    if standing.grade == "led":
        return "Decide whether a project that the vendor leads may be in the product, and waive it by name with a reason if so"
    if standing.grade in ("likely", "author", "sold"):
        return "Find out who made it: ask the supplier, or set supplier.name; then remove it or waive it with a reason"
    if standing.relation != "named" and component.component_class in ("software", "firmware", "operating-system", "data"):
        return (
            "Find out whether a part or a service of the vendor comes with it (the chip it drives, the cloud it talks to), then remove it "
            "or waive it with a reason"
        )
    return "Remove or replace the component, or waive it with a reason"


def declared(
    product: "Product", pack: Pack, entries: dict[str, tuple[tuple[List, Entry], ...]], day: str
) -> Iterable[Finding]:  # fmt: skip
    """The findings of the radio modules that are declared to be in the product."""
    from sbomguard.links import Way
    from sbomguard.product import Places

    source = Source(product.origin, product.raw)
    met = matchers.match_all(product.document().components, pack.indexes, day)
    return find(source, met, pack, entries, lambda ref: Way((), ()), product.sector, lambda source: Places(source.data))


def produced(product: "Product", listed: List, entry: Entry, answer: production.Category) -> Finding:
    """The finding that the product itself is, where a category entry reaches it as it is declared."""
    from sbomguard.product import Places

    itself = product.itself()
    evidence = Evidence(
        vendor="", signal="declared", field="produced_in", at="/produced_in", found=", ".join(product.produced_in),
        expected=entry.title, strength="decisive", relation="declared", explanation=f"sector {product.sector}", confidence=entry.confidence,
    )  # fmt: skip
    return Finding(
        rule=answer.rule,
        level="note" if entry.status == "proposed" else "prohibited",
        relation="declared",
        vendor="",
        vendor_name="",
        list_id=listed.list,
        entry=entry.entry,
        entry_title=entry.title,
        entry_meaning=entry.meaning,
        entry_limits=entry.limits,
        component=itself,
        evidence=(evidence,),
        location=Location(path=product.origin, pointer=itself.pointer, place=Places(product.raw).locate("/product/produced_in")),
        dependency_path=(),
        documents=entry.documents,
        message=f"{product.name} is covered by where it is produced: {answer.why}",
        why_level=answer.why[0].upper() + answer.why[1:],
        remedy="Keep the evidence that the entry asks for, or name the approval or exemption that the product has under relies_on",
        fingerprint=fingerprint(answer.rule, itself, product.origin),
        since=entry.since,
        origin=policy.origin_of(listed),
    )
