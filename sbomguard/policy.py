"""What is known and what is listed: vendors with their identities, lists with their dated entries, and what is in force on a day."""

import os
from collections.abc import Iterable, Iterator, Mapping
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
    folder: str = ""
    overrides: str = ""


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


class Named(Struct, frozen=True, kw_only=True):
    """Components that an entry names itself: all that is given must hold. `purl` has no version; `versions` is a vers range."""

    purl: str = ""
    name: str = ""
    versions: str = ""

    @property
    def told(self) -> str:
        """The rule as evidence quotes it."""
        return " ".join(part for part in (self.purl, self.name, self.versions) if part)


class Entry(Struct, frozen=True, kw_only=True):
    """One vendor or category on a list, or `components` that it names itself. `covers` are the component classes it prohibits as such;
    `otherwise` the level for a component of another class that the vendor made.

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
    components: tuple[Named, ...] = ()
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
    """What one authority has published, as of its snapshot document; `digest` is the SHA-256 of the file it was read from.

    `checked` is the last day on which the file was compared with what the authority publishes. `origin`, `folder` and `overrides` are
    those of `Origin`, here as in Vendor and Profile.
    """

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
    folder: str = ""
    overrides: str = ""
    checked: str = ""
    digest: str = ""


class Profile(Struct, frozen=True, kw_only=True):
    """The lists that somebody in one position goes by: `profile` its id, `who` that position in words."""

    profile: str
    title: str
    who: str
    lists: tuple[str, ...]
    origin: str = ""
    folder: str = ""
    overrides: str = ""


class Origin(Struct, frozen=True, kw_only=True):
    """Where a rule comes from: `file`, the path of its policy file; `folder`, as it was named, empty for the shipped one; `overrides`,
    the file of an earlier folder that it stands in for, empty if none."""

    file: str
    folder: str = ""
    overrides: str = ""

    @property
    def told(self) -> str:
        """In words, for whoever has to know that a rule is not the shipped one; empty for a shipped one."""
        if not self.folder:
            return ""
        return f"from {self.file}" + (f", overrides {overridden(self.overrides)}" if self.overrides else "")


def overridden(path: str) -> str:
    """A file of an earlier folder in words: `the shipped one`, or its path."""
    return "the shipped one" if is_shipped(path) else path


def is_shipped(path: str) -> bool:
    """Whether a file's path, as errors tell it, is that of a shipped one: it begins at `lists/` and the like, others at their folder."""
    return path.count("/") == 1


def origin_of(item: "List | Vendor | Profile") -> Origin:
    """Where the file of a list, vendor or profile stands."""
    return Origin(file=item.origin, folder=item.folder, overrides=item.overrides)


class Folder(Struct, frozen=True, kw_only=True):
    """A folder of policy files in use. `path` as it was named, empty for the shipped one; `digest` one SHA-256 over its files, `files` how
    many; `overrides` the pairs of a file in it and the file of an earlier folder that it stands in for; `signed_by` the id of the key
    with which its signature was verified, empty if nobody asked for that."""

    path: str
    digest: str
    files: int
    overrides: tuple[tuple[str, str], ...] = ()
    signed_by: str = ""


class ListInForce(Struct, frozen=True, kw_only=True):
    """How a report names a list: id, title, authority, day, number and address of the snapshot, digest of our file, and its origin.

    `age` counts the days from the snapshot, or from when it was last compared with the authority's, to the day of the run; None if undated.

    `entries` counts those in force on the day of the run, `naming` those of them that name makers or components, `undecided` titles those
    that go by the place of production: an SBOM cannot decide them.
    """

    id: str
    title: str
    authority: str
    snapshot: str
    document: str
    digest: str
    url: str = ""
    entries: int | None = None
    naming: int | None = None
    undecided: tuple[str, ...] = ()
    age: int | None = None
    origin: Origin | None = None


class Policy(Struct, frozen=True, kw_only=True):
    """Vendors, lists and profiles for a run."""

    vendors: Mapping[str, Vendor]
    lists: dict[str, List]
    profiles: dict[str, Profile] = {}
    folders: tuple[Folder, ...] = ()

    def defaults(self) -> tuple[str, ...]:
        """The lists of a run that names none: the default ones as far as they are there, and every list that a team brings."""
        return tuple(dict.fromkeys((*(name for name in DEFAULT_LISTS if name in self.lists), *self.brought())))

    def brought(self) -> tuple[str, ...]:
        """The lists of folders that are not the shipped one: nobody brings a list in order not to be held against it."""
        return tuple(name for name, item in self.lists.items() if item.folder)

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
    return UsageError(f"there is no {kind} '{name}'", advice=nearest(name, known) or f"Known: {', '.join(known)}")


def rule_of(item: List, entry: Entry) -> str:
    """`list/entry`, by which reports and waivers call a rule; it also stands for the components that the entry names itself."""
    return f"{item.list}/{entry.entry}"


def concerns(item: List, entry: Entry, vendor: str) -> bool:
    """Whether an entry is about a vendor, or is the rule of that name (`list/entry`) itself."""
    return vendor in entry.vendors or (bool(entry.components) and vendor == rule_of(item, entry))


def in_force(lists: tuple[List, ...], day: str) -> dict[str, tuple[tuple[List, Entry], ...]]:
    """For each vendor, the entries that name it on that day, in the order of the lists; for a rule that names components, its entry."""
    found: dict[str, tuple[tuple[List, Entry], ...]] = {}
    for item in lists:
        for entry in item.entries:
            if entry.in_force(day) and not (item.status == "ended" and not entry.until):
                standing = ((item, replace(entry, status=_effective(item, entry), documents=entry.documents_on(day))),)
                named = dict.fromkeys((*entry.vendors, *((rule_of(item, entry),) if entry.components else ())), standing)
                found |= named | {vendor: found[vendor] + standing for vendor in found.keys() & named.keys()}
    return found


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
        entries=len(standing), naming=sum(bool(entry.vendors or entry.components) for entry in standing),
        undecided=tuple(entry.title for entry in standing if entry.sectors),
        age=age(item, day), origin=origin_of(item),
    )  # fmt: skip


STALE_DAYS = 90
"""Age of the newest shipped list from which on a report says that a newer sbomguard may know more."""


def age(item: List, day: str) -> int | None:
    """How many days old the list is on that day; 0 if it is younger than the day, None if it does not say of when it is."""
    return _days(_last(item), day)


def _last(item: List) -> str:
    """The day of which the list is; empty if it does not say."""
    return max(item.snapshot.date, item.checked)


def _days(last: str, day: str) -> int | None:
    return max(0, _number(day) - _number(last)) if last else None


def _number(day: str) -> int:
    """The number of a day (YYYY-MM-DD), so that differences are days; in the Gregorian calendar, years counted from March."""
    year, month, number = map(int, day.split("-"))
    year -= month < 3
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * ((month + 9) % 12) + 2) // 5 + number


def hints(policy: Policy, day: str) -> tuple[str, ...]:
    """What a person should know of the policy itself: that the shipped lists have become old."""
    days = _days(max((_last(item) for item in policy.lists.values() if not item.folder), default=""), day)
    if days is None or days <= STALE_DAYS:
        return ()
    return (f"the newest of the shipped lists is {days} days old: a newer sbomguard may know of entries that this one does not",)


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
                    with open(os.path.join(home, name), "rb", buffering=0) as stream:  # all at once: a buffer costs more than the bytes
                        files[f"{part}/{name}"] = stream.read()
        except OSError as error:
            raise PolicyError(f"cannot be read: {error.strerror}", source=str(error.filename or home)) from None
    if not files:
        raise PolicyError("holds no policy files in vendors/ or lists/", source=folder)
    return files


def part_of(found: "Policy", folder: str) -> "Policy":
    """What the files of one folder define."""
    return Policy(
        vendors={name: item for name, item in found.vendors.items() if item.folder == folder},
        lists={name: item for name, item in found.lists.items() if item.folder == folder},
        profiles={name: item for name, item in found.profiles.items() if item.folder == folder},
    )


class Layer(Struct, frozen=True):
    """One folder as read: `path` as it was named, empty for the shipped one; `files` by path from the folder."""

    path: str
    files: dict[str, bytes]
    signed_by: str = ""


def named(folder: str, file: str) -> str:
    """The path by which a person finds a file of a folder; that of a shipped one (folder empty) begins at its part."""
    return f"{folder}/{file}" if folder else file


def overrides_in(found: "Policy", folder: str) -> tuple[tuple[str, str], ...]:
    """The pairs of a file in the folder and the file of an earlier one that it stands in for, sorted."""
    items: tuple[List | Vendor | Profile, ...] = (*found.lists.values(), *found.profiles.values(), *found.vendors.values())
    return tuple(sorted({(item.origin, item.overrides) for item in items if item.folder == folder and item.overrides}))


def digest_of(files: dict[str, bytes]) -> str:
    """One SHA-256 over names and contents."""
    from hashlib import sha256  # no run needs it that finds its policies compiled

    total = sha256()
    for text in to_digest(files):
        total.update(text)
    return total.hexdigest()


def to_digest(files: dict[str, bytes]) -> Iterator[bytes]:
    """What a digest over the files is made of: names and contents, told apart."""
    for name, data in files.items():
        yield f"{name}\0{len(data)}\0".encode("utf-8", "surrogateescape")
        yield data


SCHEMAS = {"vendors": "vendor.schema.json", "lists": "list.schema.json", "profiles": "profile.schema.json"}
"""What the files of each folder must look like."""


def parse(files: dict[str, bytes], base: Policy | None = None, folder: str = "") -> Policy:
    """Read policy files (slow: YAML and schema). Raises PolicyError with file, line and place for the first fault.

    What the files of a `folder` define is added to `base`, which has been checked before; what has an id that is known there overrides it.
    """
    from sbomguard import packfile

    files = {named(folder, name): data for name, data in files.items()}
    read = [(name, packfile.parse(data, name, SCHEMAS[name.split("/")[-2]])) for name, data in files.items()]
    found, faults = assemble(files, read, base, folder)
    if fault := next(faults, None):
        raise fault
    return found


_Items = list[tuple[list[Any], dict[str, Any]]]


def assemble(
    files: dict[str, bytes], read: list[tuple[str, _Items]], base: Policy | None = None, folder: str = ""
) -> tuple[Policy, Iterator[PolicyError]]:
    """The policy that the items of the files make upon `base`, each of which its schema takes, and what is wrong with it beyond that."""
    import hashlib

    import msgspec

    base = base or Policy(vendors={}, lists={})
    vendors, lists, profiles = dict(base.vendors), dict(base.lists), dict(base.profiles)
    earlier: dict[str, Mapping[str, Any]] = {"vendor": base.vendors, "list": base.lists, "profile": base.profiles}
    seen: set[tuple[str, str]] = set()
    twice: list[PolicyError] = []
    for name, items in read:
        for place, fields in items:
            kind = next(key for key in ("vendor", "list", "profile") if key in fields)
            identifier = fields[kind]
            known = earlier[kind].get(identifier)
            whence = {"origin": name, "folder": folder, "overrides": known.origin if known else ""}
            if (kind, identifier) in seen:
                where = _line(files, name, [*place, kind])
                twice.append(PolicyError(f"has the {kind} '{identifier}', which stands in another place too", source=name, pointer=where))
            elif kind == "vendor":
                blocks = [{"vendor": identifier, **block} for block in fields["identities"]]
                place_in = "/".join(map(str, place))
                vendors[identifier] = msgspec.convert({**fields, **whence, "identities": blocks, "place": place_in}, Vendor)
            elif kind == "list":
                lists[identifier] = msgspec.convert({**fields, **whence, "digest": hashlib.sha256(files[name]).hexdigest()}, List)
            else:
                profiles[identifier] = msgspec.convert({**fields, **whence}, Profile)
            seen.add((kind, identifier))
    found = Policy(vendors=vendors, lists=lists, profiles=profiles)
    return found, chain(twice, _faults(found, files))


def _faults(found: Policy, files: dict[str, bytes]) -> Iterator[PolicyError]:
    """What is wrong with what these files define, whose schemas take it; what they are laid upon has been checked before."""

    def fault(origin: str, problem: str, path: list[Any], advice: str = "") -> PolicyError:
        return PolicyError(problem, source=origin, pointer=_line(files, origin, path), advice=advice)

    for vendor in found.vendors.values():
        start = [int(vendor.place)] if vendor.place else []
        told = _of_vendor(vendor) if vendor.origin in files else ()
        yield from (fault(vendor.origin, problem, [*start, *path], advice) for problem, path, advice in told)
    for item in found.lists.values():
        yield from (fault(item.origin, *told) for told in (_of_list(item, found.vendors) if item.origin in files else ()))
    for profile in found.profiles.values():
        yield from (fault(profile.origin, *told) for told in (_of_profile(profile, found.lists) if profile.origin in files else ()))


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


def _of_list(item: List, vendors: Mapping[str, Vendor]) -> Iterator[_Told]:
    yield from _of_stem(item.list, "list", item.origin)
    seen = set()
    for number, entry in enumerate(item.entries):
        if entry.entry in seen:
            yield f"has the entry '{entry.entry}' twice", ["entries", number, "entry"], ""
        seen.add(entry.entry)
        if entry.until and entry.until <= entry.since:
            yield f"entry '{entry.entry}' ends on {entry.until}, before it begins", ["entries", number, "until"], ""
        for place, rule in enumerate(entry.components):
            for key, problem in _of_named(rule):
                yield f"entry '{entry.entry}': {problem}", ["entries", number, "components", place, key], ""
        for place, vendor in enumerate(entry.vendors):
            if vendor not in vendors:
                problem = f"entry '{entry.entry}' names the vendor '{vendor}', who has no file"
                yield problem, ["entries", number, "vendors", place], nearest(vendor, vendors)


def _of_named(rule: Named) -> Iterator[tuple[str, str]]:
    """What is wrong with a rule that names components: the key at fault, and why."""
    from sbomguard import purl as package_url
    from sbomguard import versions

    if rule.purl:
        parsed = package_url.parse(rule.purl)
        wrong = package_url.complaint(rule.purl)
        if parsed is None or wrong:
            yield "purl", f"'{rule.purl}' is no package URL" + (f": {wrong}" if wrong else "")
        elif parsed.version or parsed.qualifiers or parsed.subpath:
            yield "purl", f"'{rule.purl}' has more than type, namespace and name; versions go under 'versions'"
    if rule.name and not any(map(str.isalnum, rule.name)):
        yield "name", f"the name '{rule.name}' has no letter or digit"
    if rule.versions and (wrong := versions.complaint(rule.versions)):
        yield "versions", f"'{rule.versions}' {wrong}"


def nearest(name: str, known: Iterable[str]) -> str:
    """A suggestion for a name that is unknown; empty where none is near."""
    from difflib import get_close_matches

    close = get_close_matches(name, known, 1)
    return f"Did you mean '{close[0]}'?" if close else ""
