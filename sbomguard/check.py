"""The whole way from sources to a verdict, on one screen."""

from collections.abc import Iterable
from functools import partial

from sbomguard import generators, identity, policy, production, purl, suppliers, unread
from sbomguard.convict import declared, find, produced
from sbomguard.errors import SbomguardError
from sbomguard.finding import Finding, told_as_new
from sbomguard.gather import Lazily, gather
from sbomguard.model import Document, Problem
from sbomguard.pack import Pack
from sbomguard.product import Product
from sbomguard.readers.countries import countries
from sbomguard.source import Source
from sbomguard.verdict import Allowance, Read, Unidentified, Verdict, judge
from sbomguard.waiver import Waiver


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


def find_unidentified(document: Document, stamped: frozenset[str] = frozenset()) -> list[Unidentified]:
    """The counted components that do not say who made them; a party in `stamped` does not count."""
    return [
        Unidentified(document=document.source, ref=component.ref, name=component.name, reason=reason)
        for component in document.components
        if component.counted
        and (component.malformed or not purl.names_owner(component.purl))  # most have one that does
        and (reason := identity.why_unidentified(component, stamped))
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
