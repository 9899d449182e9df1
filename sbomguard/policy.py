"""What is known and what is listed: vendors with their identities, lists with their dated entries, and what is in force on a day."""

import os
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from sbomguard.errors import PolicyError, UsageError

DEFAULT_LISTS = ("fcc-covered-list", "us-commerce-kaspersky")


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
    """An organisation that a list may name."""

    vendor: str
    name: str
    summary: str
    sources: dict[str, Cited]
    identities: tuple[Identity, ...]
    examples: dict[str, tuple[dict[str, str], ...]]
    false_friends: tuple[FalseFriend, ...] = ()
    country: str = ""
    origin: str = ""


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
    every country but the list's own), and `asks`, the evidence that decides what an SBOM cannot.
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
                if name.endswith((".yml", ".json")):
                    raise PolicyError("is not read", source=os.path.join(home, name), advice="Policy files end in .yaml")
                if name.endswith(".yaml"):
                    with open(os.path.join(home, name), "rb") as stream:
                        files[f"{part}/{name}"] = stream.read()
        except OSError as error:
            raise PolicyError(f"cannot be read: {error.strerror}", source=str(error.filename or home)) from None
    if not files:
        raise PolicyError("holds no vendors/*.yaml or lists/*.yaml", source=folder)
    return files


def _sha256() -> "hashlib._Hash":
    """Python's own SHA-256: loading OpenSSL for it costs a twentieth of a small run."""
    try:
        from _sha2 import sha256
    except ImportError:
        try:
            from _sha256 import sha256  # Python 3.11
        except ImportError:
            from hashlib import sha256
    return sha256()


def digest_of(files: dict[str, bytes]) -> str:
    """One SHA-256 over names and contents."""
    total = _sha256()
    for name, data in files.items():
        total.update(f"{name}\0{len(data)}\0".encode())
        total.update(data)
    return total.hexdigest()


def parse(files: dict[str, bytes]) -> Policy:
    """Read policy files (slow: YAML and schema). Raises PolicyError with file, line and place for the first fault."""
    import msgspec

    from sbomguard import yamlfile

    vendors: dict[str, Vendor] = {}
    lists: dict[str, List] = {}
    profiles: dict[str, Profile] = {}
    for name, data in files.items():
        if name.startswith("profiles/"):
            fields = yamlfile.parse(data, name, "profile.schema.json", PolicyError)
            profile = msgspec.convert({**fields, "origin": name}, Profile)
            _check_stem(profile.profile, "profile", name, data)
            profiles[profile.profile] = profile
        elif name.startswith("vendors/"):
            fields = yamlfile.parse(data, name, "vendor.schema.json", PolicyError)
            fields["identities"] = [{"vendor": fields["vendor"], **block} for block in fields["identities"]]
            vendor = msgspec.convert({**fields, "origin": name}, Vendor)
            _check_vendor(vendor, data)
            vendors[vendor.vendor] = vendor
        else:
            fields = yamlfile.parse(data, name, "list.schema.json", PolicyError)
            digest = _sha256()
            digest.update(data)
            item = msgspec.convert({**fields, "origin": name, "digest": digest.hexdigest()}, List)
            _check_stem(item.list, "list", name, data)
            lists[item.list] = item
    for item in lists.values():
        _check_entries(item, vendors, files[item.origin])
    for profile in profiles.values():
        _check_profile(profile, lists, files[profile.origin])
    return Policy(vendors=vendors, lists=lists, digest=digest_of(files), profiles=profiles)


def _check_profile(profile: Profile, lists: dict[str, List], data: bytes) -> None:
    from sbomguard import yamlfile

    for place, name in enumerate(profile.lists):
        if name not in lists:
            line = yamlfile.line_of(data, ["lists", place])
            raise PolicyError(f"names the list '{name}', which has no file", source=profile.origin, pointer=line)


def _check_vendor(vendor: Vendor, data: bytes) -> None:
    from sbomguard import yamlfile

    _check_stem(vendor.vendor, "vendor", vendor.origin, data)
    for number, block in enumerate(vendor.identities):
        for place, source in enumerate(block.source):
            if source not in vendor.sources:
                line = yamlfile.line_of(data, ["identities", number, "source", place])
                raise PolicyError(f"source '{source}' is not among its sources", source=vendor.origin, pointer=line)
        if block.since and block.until and block.until <= block.since:
            line = yamlfile.line_of(data, ["identities", number, "until"])
            raise PolicyError("ends before it begins", source=vendor.origin, pointer=line)


def _check_stem(identifier: str, key: str, name: str, data: bytes) -> None:
    from sbomguard import yamlfile

    stem = name.rpartition("/")[2].removesuffix(".yaml")
    if identifier != stem:
        advice = f"Name the file {identifier}.yaml or the id {stem}"
        raise PolicyError(f"says it is '{identifier}'", source=name, pointer=yamlfile.line_of(data, [key]), advice=advice)


def _check_entries(item: List, vendors: dict[str, Vendor], data: bytes) -> None:
    from sbomguard import yamlfile

    seen = set()
    for number, entry in enumerate(item.entries):

        def fault(problem: str, *path: str | int, place: int = number) -> PolicyError:
            return PolicyError(problem, source=item.origin, pointer=yamlfile.line_of(data, ["entries", place, *path]))

        if entry.entry in seen:
            raise fault(f"has the entry '{entry.entry}' twice", "entry")
        seen.add(entry.entry)
        if entry.until and entry.until <= entry.since:
            raise fault(f"entry '{entry.entry}' ends on {entry.until}, before it begins", "until")
        for place, vendor in enumerate(entry.vendors):
            if vendor not in vendors:
                raise fault(f"entry '{entry.entry}' names the vendor '{vendor}', who has no file", "vendors", place)
