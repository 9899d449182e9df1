"""What both forms of CycloneDX share: the records that their components are decoded into, and what those say of a maker."""

from collections.abc import Iterator

from msgspec import Struct

from sbomguard.model import Signal
from sbomguard.names import split_humps
from sbomguard.readers import signals
from sbomguard.readers.jsontext import Text


class Contact(Struct, gc=False):
    name: str | None = None
    email: str | None = None


class Organisation(Struct, gc=False):
    name: Text | None = None
    url: list[str] | None = None
    contact: list[Contact] | None = None


class Reference(Struct, gc=False):
    url: str | None = None
    type: str | None = None


class Property(Struct, gc=False):
    name: str | None = None
    value: str | None = None


class Swid(Struct, gc=False):
    tagId: str | None = None
    url: str | None = None


class Occurrence(Struct, gc=False):
    location: str | None = None


class Evidence(Struct, gc=False):
    occurrences: list[Occurrence] | None = None


class Commit(Struct, gc=False):
    url: str | None = None


class Pedigree(Struct, gc=False):
    ancestors: "list[Record] | None" = None
    commits: list[Commit] | None = None


class Record(Struct, gc=False, rename={"ref": "bom-ref"}):
    """CycloneDX `component`; only what is read, and of type `Text` what tells its maker. A service has `provider` and no type.

    The order is that in which most generators write: a field that stands where it is expected is found at once.
    """

    ref: str | None = None
    type: str | None = None
    supplier: Organisation | None = None
    manufacturer: Organisation | None = None
    authors: list[Contact] | None = None
    author: Text | None = None
    publisher: Text | None = None
    group: Text | None = None
    name: Text | None = None
    version: str | None = None
    cpe: Text | None = None
    purl: Text | None = None
    swid: Swid | None = None
    pedigree: Pedigree | None = None
    externalReferences: list[Reference] | None = None
    properties: list[Property] | None = None
    components: "list[Record] | None" = None
    services: "list[Record] | None" = None
    evidence: Evidence | None = None
    provider: Organisation | None = None


def _kept(item: Record) -> int:
    """How many texts of type `Text` the component holds, with its ancestors; the components in it are counted by themselves."""
    texts = [item.name, item.purl, item.cpe, item.group, item.publisher, item.author]
    texts += [party.name for party in (item.supplier, item.manufacturer, item.provider) if party is not None]
    ancestors = (item.pedigree.ancestors if item.pedigree else None) or ()
    return len(texts) - texts.count(None) + sum(map(_kept_deep, ancestors))


def _kept_deep(item: Record) -> int:
    return _kept(item) + sum(map(_kept_deep, (*(item.components or ()), *(item.services or ()))))


def sketch(item: Record, guesses: bool) -> tuple[int, str, tuple[str, ...] | None]:
    """As `_kept`; all identity-bearing values but party names in one text; and the party texts. Rare parts are left to the signals."""
    if item.pedigree is not None or item.manufacturer is not None or item.provider is not None or item.swid is not None:
        return _kept(item), "", None
    name, purl, cpe, group, publisher, author, supplier = (
        item.name, item.purl, item.cpe, item.group, item.publisher, item.author, item.supplier,
    )  # fmt: skip
    kept = 6 - (name, purl, cpe, group, publisher, author).count(None)
    text = name or ""
    if purl:
        swept = signals.swept_purl(purl)
        text = swept if text in swept else f"{text}\n{swept}"
    if cpe and not guesses:
        text = f"{text}\n{cpe}"
    if group:
        text = f"{text}\n{group}\n{split_humps(group)}"
    parties: tuple[str, ...] = (publisher,) if publisher else ()
    if author:
        parties += (author,)
    if supplier is not None:
        kept += supplier.name is not None
        if supplier.contact or supplier.url:
            return kept, "", None
        if supplier.name:
            parties += (supplier.name,)
    if item.authors:
        parties += tuple([person.name for person in item.authors if person.name])
        text = "\n".join((text, *[person.email or "" for person in item.authors]))
    if item.externalReferences:
        text = "\n".join((text, *[reference.url or "" for reference in item.externalReferences]))
    if item.evidence is not None and item.evidence.occurrences:
        text = "\n".join((text, *[occurrence.location or "" for occurrence in item.evidence.occurrences]))
    if item.properties:
        telling = signals.telling(item.properties)
        if telling:
            text = "\n".join((text, *telling[0]))
            parties += tuple(telling[1])
    return kept, text, parties


def signals_of(item: Record, field: str = "", at: str = "", *, guesses: bool) -> Iterator[Signal]:
    """The identity-bearing values of one component; `field` and `at` lead to it when it is an ancestor of another."""
    if item.purl:
        yield Signal("purl", "", f"{field}purl", f"{at}/purl", item.purl)
    if item.supplier is not None:
        yield from _organisation(item.supplier, "supplier", f"{field}supplier", f"{at}/supplier")
    if item.manufacturer is not None:
        yield from _organisation(item.manufacturer, "manufacturer", f"{field}manufacturer", f"{at}/manufacturer")
    if item.provider is not None:
        yield from _organisation(item.provider, "supplier", f"{field}provider", f"{at}/provider")
    if item.publisher:
        yield from signals.of_party(item.publisher, "publisher", f"{field}publisher", f"{at}/publisher")
    if item.author:
        yield from signals.of_party(item.author, "author", f"{field}author", f"{at}/author")
    if item.cpe and not guesses:
        yield Signal("cpe", "", f"{field}cpe", f"{at}/cpe", item.cpe)
    if item.name:
        yield Signal("name", "", f"{field}name", f"{at}/name", item.name)
        if signals.is_binary(item.name):
            yield Signal("file", "", f"{field}name", f"{at}/name", item.name)
    if item.group:
        yield Signal("name", "group", f"{field}group", f"{at}/group", item.group)
    yield from _lists(item, field, at)
    if item.pedigree is not None:
        yield from _pedigree(item.pedigree, field, at, guesses)


def _organisation(item: Organisation, role: str, field: str, at: str) -> Iterator[Signal]:
    if item.name:
        yield from signals.of_party(item.name, role, f"{field}.name", f"{at}/name")
    for number, url in enumerate(item.url or ()):
        yield signals.of_url(url, "website", f"{field}.url", f"{at}/url/{number}")
    for number, contact in enumerate(item.contact or ()):
        if contact.email:
            yield Signal("email", role, f"{field}.contact.email", f"{at}/contact/{number}/email", contact.email)


def _lists(item: Record, field: str, at: str) -> Iterator[Signal]:
    for number, author in enumerate(item.authors or ()):
        if author.name:
            yield from signals.of_party(author.name, "author", f"{field}authors.name", f"{at}/authors/{number}/name")
        if author.email:
            yield Signal("email", "author", f"{field}authors.email", f"{at}/authors/{number}/email", author.email)
    for number, reference in enumerate(item.externalReferences or ()):
        if reference.url:
            where = f"{at}/externalReferences/{number}/url"
            yield signals.of_url(reference.url, reference.type or "", f"{field}externalReferences", where)
    yield from signals.of_properties(item.properties or (), field, at)
    if item.evidence is not None:
        for number, occurrence in enumerate(item.evidence.occurrences or ()):
            if occurrence.location and signals.is_binary(occurrence.location):
                where = f"{at}/evidence/occurrences/{number}/location"
                yield Signal("file", "", f"{field}evidence.occurrences", where, occurrence.location)
    if item.swid is not None and item.swid.url:
        yield signals.of_url(item.swid.url, "swid", f"{field}swid.url", f"{at}/swid/url")


def _pedigree(item: Pedigree, field: str, at: str, guesses: bool) -> Iterator[Signal]:
    for number, ancestor in enumerate(item.ancestors or ()):
        yield from signals_of(ancestor, f"{field}pedigree.ancestors.", f"{at}/pedigree/ancestors/{number}", guesses=guesses)
    for number, commit in enumerate(item.commits or ()):
        if commit.url:
            yield signals.of_url(commit.url, "vcs", f"{field}pedigree.commits.url", f"{at}/pedigree/commits/{number}/url")
