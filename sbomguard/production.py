"""Category entries, which go by what a product is and where it is produced: held against what is declared of the product.

No SBOM shows a place of production, so without a declaration such an entry stays open; with one the answer is as good as the words.
"""

from typing import TYPE_CHECKING

from msgspec import Struct

from sbomguard.policy import Entry, List

if TYPE_CHECKING:
    from sbomguard.product import Product

OPEN, ASKED, CLEAR, SPARED, COVERED = "open", "asked", "clear", "spared", "covered"
"""Answers: nobody declared the product; it is of the sector and its origin is not declared; the entry does not reach it as declared;
it would, but for the approval or exemption relied on; the entry reaches it as declared."""


class Category(Struct, frozen=True, kw_only=True):
    """One category entry in force and its answer (see above); `why` is the rule in words, `asks` the evidence that decides it."""

    rule: str
    title: str
    answer: str
    why: str
    asks: tuple[str, ...] = ()
    exemptions: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    status: str = "in-force"


def weigh(listed: List, entry: Entry, product: "Product | None", day: str) -> Category:
    """The answer of a category entry for the declared product on a day (YYYY-MM-DD)."""
    answer, why = _answer(listed, entry, product, day)
    return Category(
        rule=f"{listed.list}/{entry.entry}",
        title=entry.title,
        answer=answer,
        why=why,
        asks=entry.asks,
        exemptions=tuple(f"{item.what} ({item.document})" for item in entry.exemptions if not item.until or day < item.until),
        documents=tuple(document.number for document in entry.documents),
        status=entry.status,
    )


def _answer(listed: List, entry: Entry, product: "Product | None", day: str) -> tuple[str, str]:
    if product is None:
        return OPEN, "it goes by what the product is and where it is produced, which an SBOM does not show"
    if product.sector not in entry.sectors:
        return CLEAR, f"the product is declared to be {_a(product.sector)}, which the entry is not about"
    if not product.produced_in:
        return ASKED, f"the product is declared to be {_a(product.sector)}, and not where it is produced"
    reached = [place for place in product.produced_in if (place in entry.origins if entry.origins else place != listed.jurisdiction)]
    where = f"the product is declared to be {_a(product.sector)} produced in {', '.join(reached or product.produced_in)}"
    if not reached and not entry.origins:
        return CLEAR, f"{where} alone, at every major stage"
    if product.relies_on:
        return _spared(entry, product, where, day)
    if not reached:
        return ASKED, f"{where}; the entry goes by who owns or directs the makers of its parts, too, which no place shows"
    return COVERED, where


def _spared(entry: Entry, product: "Product", where: str, day: str) -> tuple[str, str]:
    """Whether the document that the declaration relies on still spares anything. A document that the list file does not know counts as
    declared: approvals are given faster than lists are read."""
    number = product.relies_on
    ends = [item.until for item in entry.approvals if item.document == number]
    ends += [item.until for item in entry.exemptions if item.document == number]
    if not ends:
        return SPARED, f"{where}; it relies on {number}, which the list file does not know: check the document yourself"
    if all(until and until <= day for until in ends):
        return COVERED, f"{where}; {number}, on which it relies, spares nothing since {max(ends)}"
    last = "" if "" in ends else f" until {max(ends)}"
    return SPARED, f"{where}; it relies on {number}, which spares certain products{last}: check that it names this one"


def _a(sector: str) -> str:
    if sector == "other":
        return "of none of the sectors that entries go by"
    return f"of the sector {sector}"
