"""What is known and what is listed: vendors with their identities, lists with their dated entries, and what is in force on a day."""

import os
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import chain
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from sbomguard.errors import PolicyError, UsageError

DEFAULT_LISTS = ("fcc-covered-list", "us-commerce-kaspersky")

CLASSES = ("software", "firmware", "operating-system", "hardware", "module", "service", "data")
"""Classes of components, of which an entry covers some."""


class Identity(Struct, frozen=True, kw_only=True):
    """Values by which a vendor shows itself in an SBOM, all with the same meaning and source (see docs/policies.md).

    `until` is the day on which a business left the vendor's group; `source` holds keys of the vendor's sources.
    """

    vendor: str
    signal: str
    values: tuple[str, ...]
    match: str = "whole"
    kind: str = ""
    of: str = ""
    relation: str = "made-by"
    strength: str = "decisive"
    since: str = ""
    until: str = ""
    confidence: str = "unverified"
    source: tuple[str, ...] = ()
    note: str = ""


class FalseFriend(Struct, frozen=True, kw_only=True):
    """Values that look like the vendor and are not: they veto a hit on exactly that value."""

    signal: str
    values: tuple[str, ...]
    note: str


class Cited(Struct, frozen=True, kw_only=True):
    """A source of a vendor file."""

    title: str
    url: str = ""


class Vendor(Struct, frozen=True, kw_only=True):
    """An organisation that a list may name; `origin` is its file, `place` its number there if it is one of several."""

    vendor: str
    name: str
    summary: str
    sources: dict[str, Cited]
    identities: tuple[Identity, ...]
    examples: dict[str, tuple[dict[str, str], ...]] = {}
    false_friends: tuple[FalseFriend, ...] = ()
    country: str = ""
    origin: str = ""
    place: str = ""


class Document(Struct, frozen=True, kw_only=True):
    """A published document of an authority. `classes` are the component classes that it speaks about; none: about all."""

    number: str
    title: str = ""
    date: str = ""
    url: str = ""
    classes: tuple[str, ...] = ()


class Exemption(Struct, frozen=True, kw_only=True):
    """What an entry spares: `what` in words, `until` the first day on which it is spared no longer, `document` the number."""

    what: str
    document: str
    until: str = ""


class Approval(Struct, frozen=True, kw_only=True):
    """A Conditional Approval: one holder's products that a category entry spares. It never clears a vendor.

    `since` is the day of the document, `until` the first day on which it no longer counts (empty: no end is stated).
    """

    holder: str
    products: str
    document: str
    since: str
    until: str = ""
    confidence: str = "single"


class Entry(Struct, frozen=True, kw_only=True):
    """One vendor or category on a list. `covers` are the component classes it prohibits as such; `otherwise` the level for a
    component of another class that the vendor made.

    `covers_in` adds classes for products of a sector. `reach` says in a phrase what is reached where that is no component at all.
    A category entry has the `sectors` of the products it may concern, the `origins` whose production it means (ISO 3166-1 alpha-2; none:
    every country but the list's own; with them another place clears nobody), and `asks`, the evidence that decides what an SBOM cannot.
    """

    entry: str
    title: str
    since: str
    covers: tuple[str, ...]
    otherwise: str
    documents: tuple[Document, ...]
    meaning: str
    confidence: str
    vendors: tuple[str, ...] = ()
    category: str = ""
    until: str = ""
    status: str = "in-force"
    limits: str = ""
    reach: str = ""
    covers_in: dict[str, tuple[str, ...]] = {}
    sectors: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    approvals: tuple[Approval, ...] = ()

    def covered(self, sector: str = "") -> tuple[str, ...]:
        """The component classes that it prohibits as such in a product of that sector (empty: of a sector that nobody told)."""
        return (*self.covers, *self.covers_in.get(sector, ()))

    def documents_on(self, day: str) -> tuple[Document, ...]:
        """Its documents that had been published on that day; the first one always."""
        return tuple(document for number, document in enumerate(self.documents) if not number or document.date <= day)

    def in_force(self, day: str) -> bool:
        """Whether the entry stood on that day (YYYY-MM-DD); `until` is the first day on which it no longer does.

        An entry that has ended without a known last day never stands.
        """
        return self.since <= day and (day < self.until if self.until else self.status != "ended")


class List(Struct, frozen=True, kw_only=True):
    """What one authority has published, as of its snapshot document; `digest` is the SHA-256 of the file it was read from."""

    list: str
    title: str
    authority: str
    legal_basis: str
    addressee: str
    jurisdiction: str
    status: str
    snapshot: Document
    meaning: str
    entries: tuple[Entry, ...]
    origin: str = ""
    digest: str = ""


class Profile(Struct, frozen=True, kw_only=True):
    """The lists that somebody in one position goes by: `profile` its id, `who` that position in words."""

    profile: str
    title: str
    who: str
    lists: tuple[str, ...]
    origin: str = ""


class ListInForce(Struct, frozen=True, kw_only=True):
    """How a report names a list: id, title, authority, day, number and address of the snapshot, digest of our file.

    `entries` counts those in force on the day of the run, `undecided` titles those of them that go by the place of production: an SBOM
    cannot decide them.
    """

    id: str
    title: str
    authority: str
    snapshot: str
    document: str
    digest: str
    url: str = ""
    entries: int | None = None
    undecided: tuple[str, ...] = ()


class Policy(Struct, frozen=True, kw_only=True):
    """Vendors, lists and profiles for a run; `digest` covers every file they came from."""

    vendors: dict[str, Vendor]
    lists: dict[str, List]
    digest: str
    profiles: dict[str, Profile] = {}

    def select(self, ids: tuple[str, ...]) -> tuple[List, ...]:
        """The lists with those ids, in that order. An unknown id raises UsageError with the nearest known one."""
        return tuple(self._list(name) for name in dict.fromkeys(ids))

    def profile(self, name: str) -> Profile:
        """The profile of that id. An unknown one raises UsageError with the nearest known one."""
        if name in self.profiles:
            return self.profiles[name]
        raise _unknown("profile", name, self.profiles)

    def _list(self, name: str) -> List:
        if name in self.lists:
            return self.lists[name]
        raise _unknown("list", name, self.lists)


def _unknown(kind: str, name: str, known: Iterable[str]) -> UsageError:
    from difflib import get_close_matches

    close = get_close_matches(name, known, 1)
    return UsageError(f"there is no {kind} '{name}'", advice=f"Did you mean '{close[0]}'?" if close else f"Known: {', '.join(known)}")


def in_force(lists: tuple[List, ...], day: str) -> dict[str, tuple[tuple[List, Entry], ...]]:
    """For each vendor, the entries that name it on that day, in the order of the lists."""
    found: dict[str, list[tuple[List, Entry]]] = {}
    for item in lists:
        for entry in item.entries:
            if entry.in_force(day) and not (item.status == "ended" and not entry.until):
                for vendor in entry.vendors:
                    standing = replace(entry, status=_effective(item, entry), documents=entry.documents_on(day))
                    found.setdefault(vendor, []).append((item, standing))
    return {vendor: tuple(entries) for vendor, entries in found.items()}


def categories(lists: tuple[List, ...], day: str) -> tuple[tuple[List, Entry], ...]:
    """The entries in force that go by what a product is and where it is produced, in the order of the lists."""
    return tuple(
        (item, replace(entry, status=_effective(item, entry), documents=entry.documents_on(day)))
        for item in lists
        for entry in item.entries
        if entry.sectors and entry.in_force(day) and not (item.status == "ended" and not entry.until)
    )


def _effective(item: List, entry: Entry) -> str:
    """The status of an entry: a proposed list proposes all its entries."""
    return "proposed" if item.status == "proposed" else entry.status


def describe(item: List, day: str) -> ListInForce:
    """The list as a report on that day names it."""
    standing = [entry for entry in item.entries if entry.in_force(day) and _effective(item, entry) != "proposed"]
    return ListInForce(
        id=item.list, title=item.title, authority=item.authority, snapshot=item.snapshot.date, document=item.snapshot.number,
        digest=item.digest, url=item.snapshot.url,
        entries=len(standing), undecided=tuple(entry.title for entry in standing if entry.sectors),
    )  # fmt: skip


def builtin_folder() -> str:
    """Where the shipped policy files are: inside an installed package, or beside it in a checkout."""
    package = os.path.dirname(os.path.abspath(__file__))
    inside = os.path.join(package, "policies")
    return inside if os.path.isdir(inside) else os.path.join(os.path.dirname(package), "policies")


def read_files(folder: str) -> dict[str, bytes]:
    """The bytes of every policy file under `lists/`, `profiles/` and `vendors/`, by path from the folder, sorted."""
    files: dict[str, bytes] = {}
    for part in ("lists", "profiles", "vendors"):
        home = os.path.join(folder, part)
        try:
            for name in sorted(os.listdir(home)) if os.path.isdir(home) else ():
                if name.endswith(".yml"):
                    raise PolicyError("is not read", source=os.path.join(home, name), advice="Policy files end in .yaml or .json")
                if name.endswith((".yaml", ".json")):
                    with open(os.path.join(home, name), "rb") as stream:
                        files[f"{part}/{name}"] = stream.read()
        except OSError as error:
            raise PolicyError(f"cannot be read: {error.strerror}", source=str(error.filename or home)) from None
    if not files:
        raise PolicyError("holds no policy files in vendors/ or lists/", source=folder)
    return files


def digest_of(files: dict[str, bytes]) -> str:
    """One SHA-256 over names and contents."""
    total = sha256()
    for name, data in files.items():
        total.update(f"{name}\0{len(data)}\0".encode())
        total.update(data)
    return total.hexdigest()


SCHEMAS = {"vendors": "vendor.schema.json", "lists": "list.schema.json", "profiles": "profile.schema.json"}
"""What the files of each folder must look like."""


def parse(files: dict[str, bytes]) -> Policy:
    """Read policy files (slow: YAML and schema). Raises PolicyError with file, line and place for the first fault."""
    from sbomguard import packfile

    read = [(name, packfile.parse(data, name, SCHEMAS[name.partition("/")[0]])) for name, data in files.items()]
    found, faults = assemble(files, read)
    if fault := next(faults, None):
        raise fault
    return found


_Items = list[tuple[list[Any], dict[str, Any]]]


def assemble(files: dict[str, bytes], read: list[tuple[str, _Items]]) -> tuple[Policy, Iterator[PolicyError]]:
    """The policy that the items of the files make, each of which its schema takes, and what is wrong with it beyond that."""
    import msgspec

    vendors: dict[str, Vendor] = {}
    lists: dict[str, List] = {}
    profiles: dict[str, Profile] = {}
    tables: dict[str, dict[str, Any]] = {"vendor": vendors, "list": lists, "profile": profiles}
    twice: list[PolicyError] = []
    for name, items in read:
        digest = sha256(files[name]).hexdigest() if name.startswith("lists/") else ""
        for place, fields in items:
            kind = next(key for key in ("vendor", "list", "profile") if key in fields)
            known = tables[kind]
            if fields[kind] in known:
                where = _line(files, name, [*place, kind])
                twice.append(PolicyError(f"has the {kind} '{fields[kind]}', which stands in another place too", source=name, pointer=where))
            elif kind == "vendor":
                blocks = [{"vendor": fields["vendor"], **block} for block in fields["identities"]]
                place_in = "/".join(map(str, place))
                vendors[fields[kind]] = msgspec.convert({**fields, "identities": blocks, "origin": name, "place": place_in}, Vendor)
            elif kind == "list":
                lists[fields[kind]] = msgspec.convert({**fields, "origin": name, "digest": digest}, List)
            else:
                profiles[fields[kind]] = msgspec.convert({**fields, "origin": name}, Profile)
    found = Policy(vendors=vendors, lists=lists, digest=digest_of(files), profiles=profiles)
    return found, chain(twice, _faults(found, files))


def _faults(found: Policy, files: dict[str, bytes]) -> Iterator[PolicyError]:
    """What is wrong with a policy whose files their schemas take."""

    def fault(origin: str, problem: str, path: list[Any], advice: str = "") -> PolicyError:
        return PolicyError(problem, source=origin, pointer=_line(files, origin, path), advice=advice)

    for vendor in found.vendors.values():
        start = [int(vendor.place)] if vendor.place else []
        yield from (fault(vendor.origin, problem, [*start, *path], advice) for problem, path, advice in _of_vendor(vendor))
    for item in found.lists.values():
        yield from (fault(item.origin, *told) for told in _of_list(item, found.vendors))
    for profile in found.profiles.values():
        yield from (fault(profile.origin, *told) for told in _of_profile(profile, found.lists))


_Told = tuple[str, list[Any], str]
"""What is wrong, the path from the item to the place, and what to do."""


def _line(files: dict[str, bytes], name: str, path: list[Any]) -> str:
    from sbomguard import packfile

    return packfile.line_of(files[name], path, name)


def _of_profile(profile: Profile, lists: dict[str, List]) -> Iterator[_Told]:
    yield from _of_stem(profile.profile, "profile", profile.origin)
    for place, name in enumerate(profile.lists):
        if name not in lists:
            yield f"names the list '{name}', which has no file", ["lists", place], nearest(name, lists)


def _of_vendor(vendor: Vendor) -> Iterator[_Told]:
    if not vendor.place:
        yield from _of_stem(vendor.vendor, "vendor", vendor.origin)
    for number, block in enumerate(vendor.identities):
        for place, source in enumerate(block.source):
            if source not in vendor.sources:
                path = ["identities", number, "source", place]
                yield f"source '{source}' is not among its sources", path, nearest(source, vendor.sources)
        if block.since and block.until and block.until <= block.since:
            yield "ends before it begins", ["identities", number, "until"], ""


def _of_stem(identifier: str, key: str, name: str) -> Iterator[_Told]:
    stem = name.rpartition("/")[2].rpartition(".")[0]
    if identifier != stem:
        yield f"says it is '{identifier}'", [key], f"Name the file {identifier}.{name.rpartition('.')[2]} or the id {stem}"


def _of_list(item: List, vendors: dict[str, Vendor]) -> Iterator[_Told]:
    yield from _of_stem(item.list, "list", item.origin)
    seen = set()
    for number, entry in enumerate(item.entries):
        if entry.entry in seen:
            yield f"has the entry '{entry.entry}' twice", ["entries", number, "entry"], ""
        seen.add(entry.entry)
        if entry.until and entry.until <= entry.since:
            yield f"entry '{entry.entry}' ends on {entry.until}, before it begins", ["entries", number, "until"], ""
        for place, vendor in enumerate(entry.vendors):
            if vendor not in vendors:
                problem = f"entry '{entry.entry}' names the vendor '{vendor}', who has no file"
                yield problem, ["entries", number, "vendors", place], nearest(vendor, vendors)


def nearest(name: str, known: Iterable[str]) -> str:
    """A suggestion for a name that is unknown; empty where none is near."""
    from difflib import get_close_matches

    close = get_close_matches(name, known, 1)
    return f"Did you mean '{close[0]}'?" if close else ""
