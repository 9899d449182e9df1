"""The whole way from sources to a verdict, on one screen."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from msgspec import Struct

from sbomguard import generators, matchers, policy, production
from sbomguard.describe import describe, find_makerless
from sbomguard.errors import SbomguardError
from sbomguard.finding import Finding, told_as_new
from sbomguard.gather import Gathered, Lazily, gather
from sbomguard.marks import holds
from sbomguard.matchers import net
from sbomguard.model import Component, Document
from sbomguard.pack import Pack
from sbomguard.policy import Entry, List
from sbomguard.source import Source
from sbomguard.suppliers import Suppliers
from sbomguard.verdict import Allowance, Doubt, Failure, Read, Unidentified, Verdict, judge

if TYPE_CHECKING:
    from sbomguard.links import Way
    from sbomguard.product import Product
    from sbomguard.waiver import Waiver


class Terms(Struct, frozen=True, kw_only=True):
    """What each document is held against, and what is asked of it besides; the words are those of `check`.

    `sector` is that of the product, `origins` whether to tell the countries that a document states.
    """

    pack: Pack
    entries: dict[str, tuple[tuple[List, Entry], ...]]
    day: str
    sector: str
    digests: bool
    strict: bool
    origins: bool


class Shown(Struct, frozen=True, kw_only=True):
    """What one document shows; `invalid` is what breaks the specification of its format, if that was asked."""

    read: Read
    findings: tuple[Finding, ...]
    unidentified: tuple[Unidentified, ...]
    doubts: tuple[Doubt, ...]
    invalid: tuple[Failure, ...]


class Seen(Struct, frozen=True, kw_only=True):
    """What one input shows: its documents, or why it could not be read."""

    shown: tuple[Shown, ...] = ()
    failure: Failure | None = None


def check(
    sources: Iterable[Source | SbomguardError] | Callable[[Terms], Iterable[Seen]],
    pack: Pack,
    *,
    today: str,
    as_of: str = "",
    lists: tuple[str, ...] | None = None,
    waivers: "tuple[Waiver, ...]" = (),
    fail_on: str = "review",
    allowance: Allowance | None = None,
    digests: bool = True,
    strict: bool = False,
    product: "Product | None" = None,
    max_age: int | None = None,
    last_pass: str = "",
) -> Verdict:
    """Hold every component of the sources against the lists as they stood on `as_of` (default `today`; YYYY-MM-DD both).

    Without `lists` those are the default ones with every list that a team brings (Policy.defaults).

    A function for `sources` opens and looks at the inputs in a way of its own, and must tell what `look` does.

    An input that cannot be read stands as its error: it is told with the findings of the others, and the outcome is `error`.
    `digests` computes each document's SHA-256, which every report but text quotes. `strict` also holds each document against the official
    schema or model of its format; what is wrong is told as failures, with the findings. `product` is what is declared of the product: its
    sector decides how far some entries reach, its origin what becomes of those that go by it. A list more than `max_age` days old makes
    the answer incomplete; findings by entries later than `last_pass` say that they are new. Raises SbomguardError for an unknown list.
    """
    day = as_of or today
    selected = pack.policy.select(pack.policy.defaults() if lists is None else lists)
    entries = policy.in_force(selected, day)
    terms = Terms(
        pack=pack, entries=entries, day=day, sector=product.sector if product else "", digests=digests, strict=strict,
        origins=product is not None,
    )  # fmt: skip
    seen = tuple(sources(terms) if callable(sources) else look(gather(sources), terms))
    shown = tuple(document for item in seen for document in item.shown)
    failures = (*(item.failure for item in seen if item.failure), *(fault for document in shown for fault in document.invalid))
    findings = [finding for document in shown for finding in document.findings]
    weighed = [(item, entry, production.weigh(item, entry, product, day)) for item, entry in policy.categories(selected, day)]
    if product:
        from sbomguard import convict

        findings += convict.declared(product, pack, entries, day)
        findings += [
            convict.produced(product, item, entry, answer) for item, entry, answer in weighed if answer.answer == production.COVERED
        ]
    if last_pass:
        findings = [told_as_new(finding, last_pass) for finding in findings]
    unidentified = tuple(item for document in shown for item in document.unidentified)
    doubts = tuple(item for document in shown for item in document.doubts)
    return judge(
        findings, tuple(document.read for document in shown), unidentified, failures,
        lists=tuple(policy.describe(item, day) for item in selected), waivers=waivers, as_of=day, today=today, fail_on=fail_on,
        allowance=allowance or Allowance(), product=product, categories=tuple(answer for _, _, answer in weighed),
        folders=pack.policy.folders, hints=policy.hints(pack.policy, day), max_age=max_age, last_pass=last_pass, doubts=doubts,
    )  # fmt: skip


def look(gathered: Gathered, terms: Terms) -> Iterator[Seen]:
    """What each input shows, in their order; at last one more if a reference between them could mean two."""
    ways = Lazily([document for _, document in gathered.documents], gathered.met)
    numbered = enumerate(gathered.documents)
    for item in gathered.inputs:
        if isinstance(item, Failure):
            yield Seen(failure=item)
        else:
            yield Seen(shown=tuple(examine(*read, terms, partial(ways.to, number)) for number, read in islice(numbered, item)))
    if gathered.clash:
        yield Seen(failure=gathered.clash)


def examine(source: Source, document: Document, terms: Terms, way_to: "Callable[[str], Way]") -> Shown:
    """What one document shows; `way_to` gives the way from the product to a ref of it."""
    invalid: tuple[Failure, ...] = ()
    if terms.strict:
        from sbomguard.strict import validate

        invalid = tuple(validate(source, document))
    generator = generators.detect(document, source.data)
    said = Suppliers(document)
    stamped = said.stamps() if generator and generator.stamps else frozenset[str]()
    reasons = find_makerless(document, said, stamped)
    makerless = [part for part, _ in reasons]
    found = _of_components(source, document, terms, way_to)
    found += _of_text(source, document, terms, found)
    return Shown(
        read=describe(source, document, said, makerless, generator, terms.digests, terms.origins),
        findings=found,
        unidentified=tuple(Unidentified(document=document.source, ref=part.ref, name=part.name, reason=why) for part, why in reasons),
        doubts=_doubts(source, document, terms, found, makerless, stamped),
        invalid=invalid,
    )


# Most runs find nothing, and load no more than tells them so.


def _of_components(source: Source, document: Document, terms: Terms, way_to: "Callable[[str], Way]") -> tuple[Finding, ...]:
    met = tuple(matchers.match_all(document.components, terms.pack.indexes, terms.day))
    if not met:
        return ()
    from sbomguard import convict

    return tuple(convict.find(source, met, terms.pack, terms.entries, way_to, terms.sector))


def _of_text(source: Source, document: Document, terms: Terms, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Notes on vendors who are named where no value of a component is; `found` are the findings of components."""
    met = {(finding.component.pointer, finding.vendor) for finding in found}
    mentions = [
        item
        for index in terms.pack.indexes
        if index.net
        for item in net.mentions(
            source.data, document.components, index, terms.entries.keys(), met, source.foreign_pieces(), source.escaped
        )
    ]
    if not mentions:
        return ()
    from sbomguard import unread

    return tuple(unread.find(source, document, terms.pack, terms.entries, mentions))


def _doubts(
    source: Source, document: Document, terms: Terms, found: tuple[Finding, ...], makerless: list[Component], stamped: frozenset[str]
) -> tuple[Doubt, ...]:  # fmt: skip
    encoded = bool(makerless) and holds(source.data, b"base64")
    if not found and not encoded:
        return ()
    from sbomguard import doubt

    return tuple(doubt.find(source, document, terms.pack, terms.entries, found, makerless, encoded, stamped, terms.sector))
