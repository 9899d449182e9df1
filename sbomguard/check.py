"""The whole way from sources to a verdict, on one screen."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from sbomguard import generators, identity, limits, matchers, policy, production, readers, relation, suppliers, unread
from sbomguard.errors import DocumentError, NotAnSbomError, SbomguardError
from sbomguard.finding import Evidence, Finding, Location, fingerprint, told_as_new
from sbomguard.model import ASIDES, Component, Document, Problem
from sbomguard.pack import Pack
from sbomguard.policy import Entry, List
from sbomguard.product import Places, Product
from sbomguard.readers.countries import countries
from sbomguard.source import FOUND, NAMED, Source
from sbomguard.verdict import Allowance, Failure, Read, Unidentified, Verdict, judge
from sbomguard.waiver import Waiver

if TYPE_CHECKING:
    from sbomguard.links import Way, Ways


def check(
    sources: Iterable[Source | SbomguardError],
    pack: Pack,
    *,
    today: str,
    as_of: str = "",
    lists: tuple[str, ...] | None = None,
    waivers: tuple[Waiver, ...] = (),
    fail_on: str = "review",
    allowance: Allowance | None = None,
    digests: bool = True,
    strict: bool = False,
    product: Product | None = None,
    max_age: int | None = None,
    last_pass: str = "",
) -> Verdict:
    """Hold every component of the sources against the lists as they stood on `as_of` (default `today`; YYYY-MM-DD both).

    Without `lists` those are the default ones with every list that a team brings (Policy.defaults).

    An input that cannot be read stands as its error: it is told with the findings of the others, and the outcome is `error`.
    `digests` computes each document's SHA-256, which every report but text quotes. `strict` also holds each document against the official
    schema or model of its format; what is wrong is told as failures, with the findings. `product` is what is declared of the product: its
    sector decides how far some entries reach, its origin what becomes of those that go by it. A list more than `max_age` days old makes
    the answer incomplete; findings by entries later than `last_pass` say that they are new. Raises SbomguardError for an unknown list.
    """
    day = as_of or today
    selected = pack.policy.select(pack.policy.defaults() if lists is None else lists)
    entries = policy.in_force(selected, day)
    sector = product.sector if product else ""
    read: list[Read] = []
    findings: list[Finding] = []
    unidentified: list[Unidentified] = []
    documents, met, failures = gather(sources)
    if strict:
        from sbomguard.strict import validate

        failures += tuple(failure for source, document in documents for failure in validate(source, document))
    ways = Lazily([document for _, document in documents], met)
    for number, (source, document) in enumerate(documents):
        generator = generators.detect(document, source.data)
        makerless = find_unidentified(document, suppliers.stamps(document) if generator and generator.stamps else frozenset())
        found = tuple(find(source, document, pack, entries, day, partial(ways.to, number), sector))
        findings.extend((*found, *unread.find(source, document, pack, entries, found)))
        unidentified.extend(makerless)
        read.append(describe(source, document, len(makerless), generator, digests, origins=product is not None))
    weighed = [(item, entry, production.weigh(item, entry, product, day)) for item, entry in policy.categories(selected, day)]
    if product:
        findings.extend(declared(product, pack, entries, day))
        findings.extend(produced(product, item, entry, answer) for item, entry, answer in weighed if answer.answer == production.COVERED)
    if last_pass:
        findings = [told_as_new(finding, last_pass) for finding in findings]
    return judge(
        findings, tuple(read), tuple(unidentified), failures,
        lists=tuple(policy.describe(item, day) for item in selected), waivers=waivers, as_of=day, today=today, fail_on=fail_on,
        allowance=allowance or Allowance(), product=product, categories=tuple(answer for _, _, answer in weighed),
        folders=pack.policy.folders, hints=policy.hints(pack.policy, day), max_age=max_age, last_pass=last_pass,
    )  # fmt: skip


Met = tuple[dict[int, tuple[int, str]], ...]
"""What links stand for, as in `links.Resolved`; empty where no document refers to another."""


def gather(sources: Iterable[Source | SbomguardError]) -> tuple[list[tuple[Source, Document]], Met, tuple[Failure, ...]]:
    """Every document in the sources, references between them resolved, and what could not be read."""
    documents: list[tuple[Source, Document]] = []
    failures: list[SbomguardError] = []
    met: Met = ()
    for source in sources:
        try:
            if isinstance(source, SbomguardError):
                raise source
            documents.extend(read_all(source))
        except SbomguardError as error:
            if isinstance(source, SbomguardError) or not is_other(source, error):
                failures.append(error)
    try:
        documents, met = join(documents)
    except DocumentError as error:
        failures.append(error)
    return (
        documents,
        met,
        tuple(Failure(path=error.source, pointer=error.pointer, problem=error.problem, advice=error.advice) for error in failures),
    )


def join(documents: list[tuple[Source, Document]]) -> tuple[list[tuple[Source, Document]], Met]:
    """The documents with references between them resolved. Raises DocumentError where a reference could mean two of them."""
    if any(document.links for _, document in documents) or sum(bool(document.names) for _, document in documents) > 1:
        from sbomguard import links

        resolved = links.resolve(documents)
        documents = [(source, document) for (source, _), document in zip(documents, resolved.documents, strict=True)]
        return documents, resolved.met
    return documents, ()


def read_all(source: Source) -> list[tuple[Source, Document]]:
    """The documents of one input: one, or those in the archive, stream or attestation that it is. Raises SbomguardError."""
    if readers.is_bare(source):
        return [(source, read_one(source))]
    from sbomguard.unpack import unpack

    documents = []
    for member in unpack(source.name, source.raw, source.limits):
        inner = source if member.data == source.raw else Source(member.name, member.data, source.claim, source, source.limits)
        document = read_one(inner)
        notes = tuple(Problem(pointer="", message=note) for note in member.notes)
        missing = tuple(
            Problem(pointer="", message=f"it says that this belongs to it, and it is not there: {name}") for name in member.missing
        )
        documents.append((inner, replace(document, problems=document.problems + notes, gaps=document.gaps + missing)))
    return documents


def read_one(source: Source) -> Document:
    """The document, if its refs are clear."""
    document = readers.read(source)
    refuse_excess(source, document)
    repeated = refuse_shadows(document)
    return replace(document, problems=document.problems + repeated) if repeated else document


def refuse_excess(source: Source, document: Document) -> None:
    """More components, or a longer identity value, than the limits allow are an error: a name of a book's length is there to be cut off."""
    if len(document.components) > source.limits.components:
        problem = f"lists more than {source.limits.components} components"
        raise DocumentError(problem, source=source.name, advice=limits.advice("components"))
    most = source.limits.string
    if len(source.data) <= most or not limits.may_hold_text(source.data, most, document.serialisation):
        return
    for component in document.components:
        if any(len(value) > most for value in _values(component, most)):
            problem = f"has a name or another identifying value of more than {most} characters"
            raise DocumentError(problem, source=source.name, pointer=component.pointer, advice=limits.advice("string"))


def _values(component: Component, most: int) -> Iterable[str]:
    """Every identifying value, or in their place the one text that holds them and is no longer than that."""
    if component.parties is not None and component.text and len(component.text) <= most:
        return component.name, component.version, *component.parties
    return component.name, component.version, *(signal.value for signal in component.signals)


def is_other(source: Source, error: SbomguardError) -> bool:
    """Whether the error only says that an input is no SBOM, where nobody said that it is one. A broken SBOM is never passed over."""
    if source.claim == NAMED or not isinstance(error, DocumentError):
        return False
    other = isinstance(error, NotAnSbomError) or source.claim == FOUND
    return other and not readers.has_marks(source)


def refuse_shadows(document: Document) -> tuple[Problem, ...]:
    """Two components of one ref with different identity are an error: tools that look components up by ref see only one of them.

    Those of the same identity come to one note, if nothing is noted there yet. What is told beside the parts (a tool that is a part of
    the product too) may say it in other words.
    """
    parts = [component for component in document.components if component.ref and not component.aside]
    if len({component.ref for component in parts}) == len(parts):
        return ()
    seen: dict[str, Component] = {}
    repeated: list[Component] = []
    for component in parts:
        first = seen.setdefault(component.ref, component)
        if first is component:
            continue
        repeated.append(component)
        if _identity(first) != _identity(component):
            raise DocumentError(
                f"the ref '{component.ref[:100]}' belongs to two different components ({first.pointer} is the other)",
                source=document.source, pointer=component.pointer, advice="Give each component a ref of its own",
            )  # fmt: skip
    noted = {problem.pointer for problem in document.problems}
    if any(component.pointer in noted for component in repeated):
        return ()
    last = repeated[0]
    more = f" and {len(repeated) - 1} more" if len(repeated) > 1 else ""
    message = f"the ref '{last.ref[:100]}' is that of two equal components ({seen[last.ref].pointer} is the other){more}"
    return (Problem(pointer=last.pointer, message=message, ref=last.ref),)


def _identity(component: Component) -> tuple[object, ...]:
    return component.name, component.version, component.purl, sorted((s.kind, s.role, s.value) for s in component.signals)


def find_unidentified(document: Document, stamped: frozenset[str] = frozenset()) -> list[Unidentified]:
    """The counted components that do not say who made them; a party in `stamped` does not count."""
    return [
        Unidentified(document=document.source, ref=component.ref, name=component.name, reason=reason)
        for component in document.components
        if component.counted and (reason := identity.why_unidentified(component, stamped))
    ]


def describe(
    source: Source, document: Document, unidentified: int, generator: generators.Generator | None, digests: bool, origins: bool = False
) -> Read:
    """The document as reports show it. A component that was read only in part is a gap: half-read must not look like a pass."""
    classes = suppliers.count(document, packagers=generator is not None and generator.packagers)
    poor = sum(number for kind, number in classes if kind not in ("vendor", "self"))
    return Read(
        path=source.name,
        digest=source.digest if digests else "",
        format=document.format,
        version=document.version,
        serialisation=document.serialisation,
        generator=document.generator or (generator.name if generator else ""),
        components=sum(component.counted for component in document.components),
        unidentified=unidentified,
        problems=document.problems,
        gaps=(*document.gaps, *_half_read(document)),
        suppliers=classes,
        countries=countries(source.data) if origins else (),
        advice=(generator.advice if generator else generators.GENERAL) if unidentified or poor else "",
    )


def _half_read(document: Document) -> Iterable[Problem]:
    for component in document.components:
        if component.malformed:
            yield Problem(
                pointer=component.pointer, ref=component.ref,
                message=f"the component at {component.pointer} could not be read whole: {component.malformed}",
            )  # fmt: skip


def find(
    source: Source, document: Document, pack: Pack, entries: dict[str, tuple[tuple[List, Entry], ...]], day: str,
    way_to: "Callable[[str], Way]", sector: str = "", locate: Callable[[Source], readers.Places] = readers.locate,
) -> Iterable[Finding]:  # fmt: skip
    """The findings of one document: evidence, weighed per vendor, held against each entry that names the vendor.

    `way_to` gives the way from the product to a ref of the document, `sector` is that of the product, `locate` knows where pointers stand.
    """
    places: readers.Places | None = None
    for component, evidence in matchers.match_all(document.components, pack.indexes, day):
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


def declared(
    product: Product, pack: Pack, entries: dict[str, tuple[tuple[List, Entry], ...]], day: str
) -> Iterable[Finding]:  # fmt: skip
    """The findings of the radio modules that are declared to be in the product."""
    from sbomguard.links import Way

    source = Source(product.origin, product.raw)
    return find(source, product.document(), pack, entries, day, lambda ref: Way((), ()), product.sector, lambda source: Places(source.data))


def produced(product: Product, listed: List, entry: Entry, answer: production.Category) -> Finding:
    """The finding that the product itself is, where a category entry reaches it as it is declared."""
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


def strongest_first(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Evidence in the order in which a person wants it: what convicts first, then as the document has it."""
    ranks = {"made-by": 0, "named": 0, "contributed": 1, "about": 2}
    order = ("decisive", "supporting", "mention")
    return tuple(sorted(evidence, key=lambda item: (ranks[item.relation], order.index(item.strength))))


class Lazily:
    """Ways from the product to components, found when the first is asked for: most runs ask for none."""

    def __init__(self, documents: list[Document], met: Met) -> None:
        self._documents, self._met = documents, met
        self._ways: Ways | None = None

    def to(self, number: int, ref: str) -> "Way":
        """The way to a component of a document."""
        if self._ways is None:
            from sbomguard.links import Ways

            self._ways = Ways(self._documents, self._met)
        return self._ways.to(number, ref)


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
