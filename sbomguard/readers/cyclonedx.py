"""What both forms of CycloneDX share: the records that their components are decoded into, and what those say of a maker."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msgspec import Raw, Struct

from sbomguard import party
from sbomguard.model import Signal
from sbomguard.names import split_humps
from sbomguard.readers import signals
from sbomguard.readers.jsontext import Text


class Contact(Struct, gc=False):
    name: Text | None = None
    email: str | None = None


class Organisation(Struct, gc=False):
    name: Text | None = None
    url: list[str] | None = None
    contact: list[Contact] | None = None


class Reference(Struct, gc=False):
    url: str | None = None
    type: str | None = None
    hashes: Raw = Raw()


class Property(Struct, gc=False):
    name: str | None = None
    value: str | None = None


class Swid(Struct, gc=False):
    tagId: str | None = None
    name: str | None = None
    url: str | None = None


class Occurrence(Struct, gc=False):
    location: str | None = None


class Method(Struct, gc=False):
    technique: str | None = None
    value: str | None = None


class Identity(Struct, gc=False):
    """What an analysis took the component to be (CycloneDX 1.5 and later, clause componentIdentityEvidence)."""

    field: str | None = None
    concludedValue: Text | None = None
    methods: list[Method] | None = None


if TYPE_CHECKING:
    Tree = Any
else:

    class _Trees(type):
        def __instancecheck__(cls, value: object) -> bool:
            global _trees
            _trees += 1
            return isinstance(value, dict | list) and isinstance("", Text)  # counted as a text is

    class Tree(metaclass=_Trees):
        """Plain values that are counted as a text is. No kept text answers for them: a large document with any is read strictly."""


_trees = 0


def trees() -> int:
    """How many of type `Tree` decoders have met so far."""
    return _trees


class Licence(Struct, gc=False):
    id: str | None = None
    name: str | None = None
    licensing: Tree | None = None


class LicenceChoice(Struct, gc=False):
    """A licence or an expression (CycloneDX 1.7, clause licenseChoice)."""

    license: Licence | None = None
    expression: str | None = None


class Evidence(Struct, gc=False):
    occurrences: list[Occurrence] | None = None
    identity: list[Identity] | Identity | None = None


class ReleaseNotes(Struct, gc=False):
    timestamp: str | None = None


class Commit(Struct, gc=False):
    url: str | None = None


class Patch(Struct, gc=False):
    diff: Commit | None = None


class Pedigree(Struct, gc=False):
    ancestors: "list[Record] | None" = None
    descendants: "list[Record] | None" = None
    variants: "list[Record] | None" = None
    commits: list[Commit] | None = None
    patches: list[Patch] | None = None


class Record(Struct, gc=False, rename={"ref": "bom-ref", "elsewhere": "$ref"}):
    """CycloneDX `component`; only what is read, and of type `Text` what tells its maker. A service has `provider` and no type.

    The order is that in which most generators write: a field that stands where it is expected is found at once. The last fields are
    trees of plain values, of which only the parties, addresses and certificates are read.

    Unread, because they name no maker: description, copyright, hashes, licences but for their licensors, release notes but for their day,
    texts of SWID tags, call stacks, notes of pedigrees, comments on references, tags.

    No component has `elsewhere`: with a value it does not fit, and is then refused (jsontext.refuse_no_object).
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
    licenses: list[LicenceChoice] | None = None
    cpe: Text | None = None
    purl: Text | None = None
    swid: Swid | None = None
    pedigree: Pedigree | None = None
    externalReferences: list[Reference] | None = None
    properties: list[Property] | None = None
    components: "list[Record] | None" = None
    services: "list[Record] | None" = None
    evidence: Evidence | None = None
    releaseNotes: ReleaseNotes | None = None
    provider: Organisation | None = None
    endpoints: list[str] | None = None
    data: Tree | None = None
    modelCard: Tree | None = None
    cryptoProperties: Tree | None = None
    elsewhere: None = None


# As types too, since a decoder would compile the texts, and the first compilation loads all of Python's syntax tree.
Record.__annotations__.update(dict.fromkeys(("components", "services"), list[Record] | None))
Pedigree.__annotations__.update(dict.fromkeys(("ancestors", "descendants", "variants"), list[Record] | None))


def _kept(item: Record) -> int:
    """How many texts of type `Text` the component holds, with its ancestors; the components in it are counted by themselves."""
    texts = [item.name, item.purl, item.cpe, item.group, item.publisher, item.author]
    organisations = [one for one in (item.supplier, item.manufacturer, item.provider) if one is not None]
    people = [*(item.authors or ()), *(person for one in organisations for person in one.contact or ())]
    texts += [one.name for one in (*organisations, *people)]
    if item.evidence is not None:
        texts += [identity.concludedValue for _, identity in _identities(item.evidence)]
    return len(texts) - texts.count(None) + sum(_kept_deep(one) for one in (_relatives(item.pedigree) if item.pedigree else ()))


def _relatives(pedigree: Pedigree) -> tuple[Record, ...]:
    return *(pedigree.ancestors or ()), *(pedigree.descendants or ()), *(pedigree.variants or ())


def _identities(evidence: Evidence) -> Iterator[tuple[str, Identity]]:
    """Each identity with its step: CycloneDX 1.5 has one, later versions have a list."""
    if isinstance(evidence.identity, Identity):
        yield "identity", evidence.identity
    for number, identity in enumerate(evidence.identity if isinstance(evidence.identity, list) else ()):
        yield f"identity/{number}", identity


def _kept_deep(item: Record) -> int:
    return _kept(item) + sum(map(_kept_deep, (*(item.components or ()), *(item.services or ()))))


def sketch(item: Record, guesses: bool) -> tuple[int, str, tuple[str, ...] | None]:
    """As `_kept`; all identity-bearing values but party names in one text; and the party texts. Rare parts are left to the signals."""
    if (
        item.pedigree is not None or item.manufacturer is not None or item.provider is not None or item.swid is not None
        or item.endpoints is not None or item.data is not None or item.modelCard is not None or item.cryptoProperties is not None
    ):  # fmt: skip
        return _kept(item), "", None
    name, purl, cpe, group, publisher, author, supplier = (
        item.name, item.purl, item.cpe, item.group, item.publisher, item.author, item.supplier,
    )  # fmt: skip
    kept = (
        (name is not None) + (purl is not None) + (cpe is not None) + (group is not None) + (publisher is not None) + (author is not None)
    )  # twice as fast as to count
    text = name or ""
    if purl:
        swept = signals.swept_purl(purl)
        text = swept if swept.endswith(f"/{text}") else f"{text}\n{swept}"  # inside another word the name would be lost
    if cpe and not guesses:
        text = f"{text}\n{cpe}"
    if group:
        text = f"{text}\n{group}\n{split_humps(group)}"
    parties: tuple[str, ...] = (publisher,) if publisher else ()
    if author:
        parties += (author,)
    if supplier is not None:
        if supplier.contact or supplier.url:
            return _kept(item), "", None
        kept += supplier.name is not None
        if supplier.name:
            parties += (supplier.name,)
    if item.authors:
        kept += len(item.authors) - [person.name for person in item.authors].count(None)
        parties += tuple([person.name for person in item.authors if person.name])
        text = "\n".join((text, *[person.email or "" for person in item.authors]))
    if item.externalReferences:
        text = "\n".join((text, *[reference.url or "" for reference in item.externalReferences]))
    if item.evidence is not None:
        more, found = _sketched(item, item.evidence, guesses)
        kept += more
        text += found
    if item.properties:
        telling = signals.telling(item.properties)
        if telling:
            text = "\n".join((text, *telling[0]))
            parties += tuple(telling[1])
    return kept, text, signals.shared(parties)


def _sketched(item: Record, evidence: Evidence, guesses: bool) -> tuple[int, str]:
    """As `sketch` for the evidence alone, each value behind a line feed."""
    places = [occurrence.location for occurrence in evidence.occurrences or ()]
    values = [place for place in places if place and signals.is_binary(place)]
    if evidence.identity is None:
        return 0, "".join([f"\n{value}" for value in values])
    values += [signals.swept(signal) for signal in _concluded(item, evidence, "", "", guesses)]
    return sum(one.concludedValue is not None for _, one in _identities(evidence)), "".join([f"\n{value}" for value in values])


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
    if item.releaseNotes is not None and not field:  # the day of an ancestor is not that of the component
        yield from signals.of_dates({"releaseNotes/timestamp": item.releaseNotes.timestamp}, at)
    yield from _lists(item, field, at, guesses)
    if item.pedigree is not None:
        yield from _pedigree(item.pedigree, field, at, guesses)


def _organisation(item: Organisation, role: str, field: str, at: str) -> Iterator[Signal]:
    """An organisation, its addresses and whom to ask there: of one that has no real name, whom to ask does not name the maker."""
    named = party.names_someone(item.name or "")
    if item.name:
        yield from signals.of_party(item.name, role, f"{field}.name", f"{at}/name")
    for number, url in enumerate(item.url or ()):
        yield signals.of_url(url, "website", f"{field}.url", f"{at}/url/{number}")
    for number, contact in enumerate(item.contact or ()):
        if contact.name and named:
            yield from signals.of_party(contact.name, "author", f"{field}.contact.name", f"{at}/contact/{number}/name")
        if contact.email:
            yield Signal("email", role, f"{field}.contact.email", f"{at}/contact/{number}/email", contact.email)


def _lists(item: Record, field: str, at: str, guesses: bool) -> Iterator[Signal]:
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
        yield from _concluded(item, item.evidence, field, at, guesses)
        for number, occurrence in enumerate(item.evidence.occurrences or ()):
            if occurrence.location and signals.is_binary(occurrence.location):
                where = f"{at}/evidence/occurrences/{number}/location"
                yield Signal("file", "", f"{field}evidence.occurrences", where, occurrence.location)
    if item.swid is not None and item.swid.url:
        yield signals.of_url(item.swid.url, "swid", f"{field}swid.url", f"{at}/swid/url")
    for number, url in enumerate(item.endpoints or ()):
        yield signals.of_url(url, "endpoint", f"{field}endpoints", f"{at}/endpoints/{number}")
    for number, choice in enumerate(item.licenses or ()):
        if choice.license is not None and choice.license.licensing:
            where = f"{at}/licenses/{number}/license/licensing"
            yield from of_tree(choice.license.licensing, f"{field}licenses.licensing", where)
    yield from of_tree(item.data, f"{field}data", f"{at}/data")
    yield from of_tree(item.modelCard, f"{field}modelCard", f"{at}/modelCard")
    yield from _certificate(item.cryptoProperties, field, at)


def _concluded(item: Record, evidence: Evidence, field: str, at: str, guesses: bool) -> Iterator[Signal]:
    """What analyses took the component to be, where that is not what it says of itself."""
    known = (("purl", item.purl), ("cpe", item.cpe), ("name", item.name), ("name", item.group), ("file", item.name))
    for step, identity in _identities(evidence):
        of, where = f"{field}evidence.identity", f"{at}/evidence/{step}"
        for signal in _claimed(identity.field or "", identity.concludedValue or "", f"{of}.concludedValue", f"{where}/concludedValue"):
            if (signal.kind, signal.value) not in known and not (guesses and signal.kind == "cpe"):
                yield signal
        for number, method in enumerate(identity.methods or ()):
            kind = _seen(method)
            if kind and method.value and (kind, method.value) not in known:
                yield Signal(kind, "", f"{of}.methods.value", f"{where}/methods/{number}/value", method.value)


def _seen(method: Method) -> str:
    """What a method found of the component itself. A path tells its file name only where the name was looked at: other techniques give
    the path of what they looked into, such as a program that is linked with it."""
    if not method.value:
        return ""
    if method.value.startswith("pkg:"):
        return "purl"
    return "file" if method.technique in (None, "filename") and signals.is_binary(method.value) else ""


def _claimed(about: str, value: str, field: str, at: str) -> Iterator[Signal]:
    kind = {"purl": "purl", "cpe": "cpe", "name": "name", "group": "name"}.get(about)
    if kind and value and (kind != "purl" or value.startswith("pkg:")):  # some generators conclude the file that they read
        yield Signal(kind, "group" if about == "group" else "", field, at, value)
        if about == "name" and signals.is_binary(value):
            yield Signal("file", "", field, at, value)


_HOLDER = r"(?i)(?:^|[,/;+])\s*(?:O|CN)\s*=\s*(\"[^\"]*\"|(?:\\.|[^,/;+\\])+)"


def _certificate(crypto: Any, field: str, at: str) -> Iterator[Signal]:
    """Organisations and names of those to and by whom a certificate was issued (a distinguished name, RFC 4514).

    They are mentions: a root certificate of a trust store makes nobody the maker of anything, and does not identify a component.
    """
    properties = crypto.get("certificateProperties") if isinstance(crypto, dict) else None
    for key in ("subjectName", "issuerName"):
        where = f"cryptoProperties.certificateProperties.{key}"
        value = properties.get(key) if isinstance(properties, dict) else None
        for name in re.findall(_HOLDER, value) if isinstance(value, str) else ():
            yield Signal("name", "certificate", f"{field}{where}", f"{at}/{where.replace('.', '/')}", name.strip(' "'))


def _pedigree(item: Pedigree, field: str, at: str, guesses: bool) -> Iterator[Signal]:
    for number, ancestor in enumerate(item.ancestors or ()):
        yield from signals_of(ancestor, f"{field}pedigree.ancestors.", f"{at}/pedigree/ancestors/{number}", guesses=guesses)
    for number, commit in enumerate(item.commits or ()):
        if commit.url:
            yield signals.of_url(commit.url, "vcs", f"{field}pedigree.commits.url", f"{at}/pedigree/commits/{number}/url")
    for number, patch in enumerate(item.patches or ()):
        if patch.diff is not None and patch.diff.url:
            where = f"{at}/pedigree/patches/{number}/diff/url"
            yield signals.of_url(patch.diff.url, "patch", f"{field}pedigree.patches.diff.url", where)


# ---- parties in parts that are read as trees of plain values

_ROLES = {
    "organization": "supplier",
    "organizations": "supplier",
    "supplier": "supplier",
    "provider": "supplier",
    "manufacturer": "manufacturer",
    "manufacture": "manufacturer",
    "licensor": "supplier",
    "vendor": "supplier",
    "owner": "supplier",
    "contact": "author",
    "individual": "author",
    "author": "author",
    "authors": "author",
    "reviewer": "author",
}
"""Members that hold a party or several, and the role that it plays there."""

_UNREAD = frozenset(("component", "components", "service", "services", "licensee", "purchaser"))
"""Members that are read as components, or that name who uses it rather than who made it."""


def of_tree(tree: Any, field: str, at: str) -> Iterator[Signal]:
    """The parties and addresses in a decoded part of a document, in order. Components and services in it are left to others."""
    left: list[tuple[Any, str, str, str]] = [(tree, "", field, at)]
    while left:
        value, role, field, at = left.pop()
        if isinstance(value, str):
            yield from signals.of_party(value, role, field, at) if role and value else ()
        elif isinstance(value, list):
            left.extend((item, role, field, f"{at}/{number}") for number, item in reversed(list(enumerate(value))))
        elif isinstance(value, dict):
            yield from _told(value, role, field, at)
            steps = [(key, item) for key, item in value.items() if isinstance(item, dict | list | str) and key not in _UNREAD]
            left.extend(
                (item, _ROLES.get(key, ""), f"{field}.{key}", f"{at}/{escaped(key)}")
                for key, item in reversed(steps)
                if not isinstance(item, str) or key in _ROLES
            )


def _told(value: dict[str, Any], role: str, field: str, at: str) -> Iterator[Signal]:
    """What one object says: the name and e-mail address of a party, and any address."""
    name, email, url = value.get("name"), value.get("email"), value.get("url")
    if role and isinstance(name, str) and name:
        yield from signals.of_party(name, role, f"{field}.name", f"{at}/name")
    if isinstance(email, str) and email:
        yield Signal("email", role or "author", f"{field}.email", f"{at}/email", email)
    kind = value.get("type")
    if isinstance(url, str) and url:
        yield signals.of_url(url, kind if isinstance(kind, str) else "website" if role else "link", f"{field}.url", f"{at}/url")
    for number, each in enumerate(url) if isinstance(url, list) else ():
        if isinstance(each, str) and each:
            yield signals.of_url(each, "website" if role else "link", f"{field}.url", f"{at}/url/{number}")


def escaped(key: str) -> str:
    """A key as a step of a JSON Pointer (RFC 6901 clause 3)."""
    return key.replace("~", "~0").replace("/", "~1")
