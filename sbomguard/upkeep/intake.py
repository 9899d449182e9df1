"""Parties of a foreign list made into a policy folder: vendor and list files in JSON, written whole or not at all."""

import os
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from sbomguard import names
from sbomguard.errors import PolicyError
from sbomguard.schema import is_day
from sbomguard.upkeep.screening import Listing, Party

UNKNOWN_DAY = "1900-01-01"
"""First day of an entry to which the list gives none: it counts on every day, for a miss would look like a pass."""

NO_MAKERS = frozenset(("vessel", "aircraft"))
"""Kinds of parties that make nothing."""

_ADDRESS = r"(?i)address(?:\s+(?:no\.?\s*)?\d+)?(?:\W.*)?"
_SOURCE = r"(.*?)\s*\(([^()]+)\)(?:\s*List)?\s*(?:-\s*(.+))?"
_NOTICE_DAY = r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b"
_LONGEST = 600
"""Most characters of addresses or remarks that a summary quotes."""


class Terms(Struct, frozen=True, kw_only=True):
    """How a list is brought in: `id` begins every identifier, `day` is that of the snapshot, `covers` and `otherwise` as in an entry."""

    id: str
    day: str
    title: str = ""
    authority: str = ""
    covers: tuple[str, ...] = ()
    otherwise: str = "review"
    file: str = ""


class Intake(Struct, frozen=True, kw_only=True):
    """The files by path, and what was made of the rows, in numbers: `oddities` are sentences about rows that were not taken as they are."""

    files: dict[str, bytes]
    lists: tuple[str, ...]
    parties: int
    vendors: int
    names: int
    entries: int
    categories: int
    oddities: tuple[str, ...]


def take_in(listing: Listing, terms: Terms) -> Intake:
    """Make vendor and list files of a list. The same list gives the same bytes."""
    makers, others = _sort(listing.parties)
    vendors = _merge(makers, terms)
    shared = _shared_keys(vendors)
    files = {f"vendors/{terms.id}.json": _lines([_vendor(vendor, shared, terms) for vendor in vendors])} if vendors else {}
    lists = tuple(_lists(vendors, others, listing, terms))
    files |= {f"lists/{item['list']}.json": _pretty(item) for item in lists}
    title = terms.title or lists[0]["title"] if len(lists) == 1 else terms.title or "US Consolidated Screening List"
    profile = {
        "profile": terms.id, "title": title, "who": "Whoever goes by all lists of this import.", "lists": [item["list"] for item in lists],
    }  # fmt: skip
    files[f"profiles/{terms.id}.json"] = _pretty(profile)
    return Intake(
        files=files,
        lists=tuple(item["list"] for item in lists),
        parties=len(listing.parties),
        vendors=len(vendors),
        names=sum(len(vendor.keys) for vendor in vendors),
        entries=sum(len(item["entries"]) for item in lists),
        categories=len(others),
        oddities=tuple(_oddities(listing.parties, others, shared)),
    )


class _Maker:
    """A vendor in the making: rows of one primary name, and the spellings of its names by key."""

    __slots__ = ("id", "keys", "person", "rows")

    def __init__(self, identifier: str) -> None:
        self.id = identifier
        self.rows: list[Party] = []
        self.keys: dict[str, str] = {}
        self.person = True


def _sort(parties: Iterable[Party]) -> tuple[list[Party], list[Party]]:
    """Those that may make something and have a name to look for, and the others: addresses, ships, names of nothing."""
    makers: list[Party] = []
    others: list[Party] = []
    for party in parties:
        nobody = not party.names or re.fullmatch(_ADDRESS, party.names[0]) or party.kind.lower() in NO_MAKERS
        (others if nobody or not _keys(party) else makers).append(party)
    return makers, others


def _merge(parties: Iterable[Party], terms: Terms) -> list[_Maker]:
    """One vendor for each primary name, however many lists have it."""
    found: dict[str, _Maker] = {}
    taken: Counter[str] = Counter()
    for party in parties:
        spelled = _keys(party)
        first = next(iter(spelled))
        if first not in found:
            stem = slug(first) or "name"
            taken[stem] += 1
            found[first] = _Maker(f"{terms.id}-{stem}" + (f"-{taken[stem]}" if taken[stem] > 1 else ""))
        maker = found[first]
        maker.rows.append(party)
        maker.person = maker.person and party.kind.lower() == "individual"
        for key, name in spelled.items():
            maker.keys.setdefault(key, name)
    return list(found.values())


def _keys(party: Party) -> dict[str, str]:
    """The spellings by what they are looked up as; a name that normalises to nothing has none."""
    return {key: name for name in _spellings(party) if len(name) > 1 and (key := names.normalise(name).key)}


def _spellings(party: Party) -> Iterator[str]:
    """The names; of a person, whom such lists name as `LAST, First`, also the other way round."""
    for name in party.names:
        yield name
        last, comma, first = name.partition(", ")
        if comma and party.kind.lower() == "individual":
            yield f"{first} {last}"


def _shared_keys(vendors: Iterable[_Maker]) -> frozenset[str]:
    """Names that two vendors have: either may be meant."""
    counts = Counter(key for vendor in vendors for key in vendor.keys)
    return frozenset(key for key, count in counts.items() if count > 1)


def _vendor(vendor: _Maker, shared: frozenset[str], terms: Terms) -> dict[str, Any]:
    """A single word may be anybody's, a name of two vendors either's, and persons have namesakes: these do not convict alone."""
    blocks: dict[tuple[str, str], list[str]] = {}
    for key, name in vendor.keys.items():
        weak = key in shared or (" " not in key and not names.is_cjk(key))
        grade = ("about", "mention") if vendor.person else ("made-by", "supporting" if weak else "decisive")
        blocks.setdefault(grade, []).append(name)
    row = vendor.rows[0]
    source = {"title": f"{row.source or terms.title or terms.id}, as of {terms.day}"}
    if row.url.startswith(("http://", "https://")):
        source["url"] = row.url
    return {
        "vendor": vendor.id,
        "name": row.names[0] if len(row.names[0]) > 1 else next(iter(vendor.keys.values())),
        "summary": " ".join(_summary(party, terms) for party in vendor.rows),
        "sources": {terms.id: source},
        "identities": [
            {"signal": "party", "match": "whole", "relation": relation, "strength": strength, "confidence": "single", "source": [terms.id],
             "values": values}
            for (relation, strength), values in blocks.items()
        ],
    }  # fmt: skip


def _summary(party: Party, terms: Terms) -> str:
    """What the list says of the party, in the list's words."""
    number = f", entity number {party.number}" if party.number else ""
    parts = [f"Named by the list {party.source or terms.title or terms.id}{number}, as of {terms.day}."]
    told = (("Kind", party.kind), ("Programs", ", ".join(party.programs)), ("Addresses", "; ".join(party.addresses)),
            ("Terms", party.terms), ("Remarks", party.remarks))  # fmt: skip
    parts += [f"{label}: {_cut(text)}." for label, text in told if text]
    return " ".join(parts)


def _cut(text: str) -> str:
    text = text.rstrip(". ")
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ... ({len(text) - _LONGEST} more characters in the list)"


_Row = tuple[Party, str]
"""A row and the vendor that was made of it; none for a category."""


def _lists(vendors: list[_Maker], others: list[Party], listing: Listing, terms: Terms) -> Iterator[dict[str, Any]]:
    """One list for each list that the file was put together from."""
    rows: dict[str, list[_Row]] = {}
    for party, vendor in [*((row, maker.id) for maker in vendors for row in maker.rows), *((row, "") for row in others)]:
        rows.setdefault(party.source, []).append((party, vendor))
    taken: Counter[str] = Counter()
    for source in sorted(rows):
        title, short, authority = _parts_of_source(source, terms)
        identifier = f"{terms.id}-{short}" if source else terms.id
        taken[identifier] += 1
        identifier += f"-{taken[identifier]}" if taken[identifier] > 1 else ""
        yield {
            "list": identifier,
            "title": title,
            "authority": authority,
            "legal_basis": "As the list itself says; brought in by sbomguard policy import",
            "addressee": "Whoever the list addresses",
            "jurisdiction": "US" if listing.form != "names" else "ZZ",
            "status": "in-force",
            "snapshot": _snapshot(rows[source], title, terms),
            "meaning": (
                f"Names out of {terms.file or 'a list'}, as it stood on {terms.day}, compared as whole names. Whether a part made by "
                "one of them may be in a product the list does not say by itself: read its terms."
            ),
            "entries": list(_entries(rows[source], title, terms)),
        }


def _snapshot(rows: list[_Row], title: str, terms: Terms) -> dict[str, str]:
    url = next((party.url for party, _ in rows if party.url.startswith(("http://", "https://"))), "")
    return {"number": f"{title}, {terms.day}", "date": terms.day, **({"url": url} if url else {})}


def _parts_of_source(source: str, terms: Terms) -> tuple[str, str, str]:
    """Title, short name and authority out of `Entity List (EL) - Bureau of Industry and Security`."""
    if not source:
        title = terms.title or f"Names of {terms.id}"
        return title, "", terms.authority or "Ourselves"
    met = re.fullmatch(_SOURCE, source)
    title, short, authority = met.groups() if met else (source, source, "")
    return title if len(title) > 2 else source, slug(short) or "list", terms.authority or authority or "United States Government"


def _entries(rows: list[_Row], title: str, terms: Terms) -> Iterator[dict[str, Any]]:
    """One entry for all names of the same days and notices, and one for each row that names nobody."""
    groups: dict[tuple[str, ...], list[_Row]] = {}
    for party, vendor in rows:
        since, until = _days(party)
        alone = () if vendor else (str(len(groups)),)
        groups.setdefault((since, until, *party.notices, *alone), []).append((party, vendor))
    taken: Counter[str] = Counter()
    for key in sorted(groups):
        since, until = key[:2]
        members = groups[key]
        party, vendor = members[0]
        said = party.notices if vendor else (_what(party),)
        stem = slug(" ".join(("names" if vendor else "other", since if since != UNKNOWN_DAY else "undated", *said)))
        taken[stem] += 1
        yield {
            "entry": stem + (f"-{taken[stem]}" if taken[stem] > 1 else ""),
            "title": f"{title}: " + ("names" if vendor else _cut(_what(party))),
            **({"vendors": sorted({vendor for _, vendor in members})} if vendor else {"category": _cut(_what(party))}),
            "since": since,
            **({"until": until} if until else {}),
            "covers": list(terms.covers),
            "otherwise": terms.otherwise,
            "reach": "dealings with whom the list names",
            "documents": [_document(notice) for notice in party.notices] or [{"number": title, "date": terms.day}],
            "meaning": _meaning(party, since, bool(vendor), terms),
            "confidence": "single",
        }


def slug(text: str) -> str:
    """Lower-case words with hyphens, as identifiers are written; empty for a text without Latin letters and digits."""
    return "-".join(re.findall(r"[a-z0-9]+", text.lower()))[:60].strip("-")


def _what(party: Party) -> str:
    """What a row says that names no maker."""
    said = [*party.names[:1], party.kind, *party.addresses]
    return ": ".join(part for part in said if part) or "a row without a name"


def _meaning(party: Party, since: str, named: bool, terms: Terms) -> str:
    first = "The list gives no first day, so it counts on every day." if since == UNKNOWN_DAY else f"Listed from {since} on."
    who = (
        "A component made by one of these names needs a person's decision."
        if named
        else f"It names no maker by whom a component could be told: {_cut(_what(party))}. A person has to look."
    )
    return f"{first} {who}"


def _days(party: Party) -> tuple[str, str]:
    """First day, and the first day on which it no longer counts; an end that is none, or before the beginning, is left out."""
    since = party.since if is_day(party.since) else UNKNOWN_DAY
    if not is_day(party.last) or party.last < since or party.last[:4] == "9999":
        return since, ""
    return since, (date.fromisoformat(party.last) + timedelta(days=1)).isoformat()


def _document(notice: str) -> dict[str, str]:
    """A notice as the list cites it (`84 F.R. 22961 5/21/2019`), with its day where it has one."""
    met = re.search(_NOTICE_DAY, notice)
    day = f"{met[3]}-{int(met[1]):02}-{int(met[2]):02}" if met else ""
    return {"number": notice if len(notice) > 1 else f"notice {notice}", **({"date": day} if is_day(day) else {})}


def _oddities(parties: Iterable[Party], others: list[Party], shared: frozenset[str]) -> Iterator[str]:
    rows = list(parties)
    if others:
        yield f"{_rows(others)} name no maker (addresses, vessels, no name): kept as category entries, which no component can meet"
    if odd := [row for row in rows if row.since and not is_day(row.since)]:
        yield f"{_rows(odd)} have a first day that is none: they count on every day"
    if odd := [row for row in rows if row.last and (not is_day(row.last) or row.last < row.since)]:
        yield f"{_rows(odd)} have an end that is none, or lies before the beginning: they count without end"
    if shared:
        yield f"{len(shared)} names belong to more than one party: they support, and do not convict"


def _rows(rows: list[Party]) -> str:
    some = ", ".join(str(row.line) for row in rows[:5])
    return f"{len(rows)} rows ({some}{', ...' if len(rows) > 5 else ''})"


def _lines(items: list[dict[str, Any]]) -> bytes:
    """An array with one item a line, so that two imports can be compared line by line."""
    return b"[\n" + b",\n".join(map(msgspec.json.encode, items)) + b"\n]\n"


def _pretty(item: dict[str, Any]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(item), indent=1) + b"\n"


def write(files: dict[str, bytes], folder: str, *, force: bool = False) -> tuple[str, ...]:
    """Write the files under a folder, which has to be new or empty unless forced; the files in it that are not of this import.

    A new folder appears whole. In one that has files each of ours is replaced whole, vendors first, so that no list names a missing one.
    """
    inside = _files_in(folder)
    if inside and not force:
        raise PolicyError("is not empty", source=folder, advice="Name a new folder, or replace the import's files in it with --force")
    scratch = f"{folder.rstrip('/')}.{os.getpid()}.part"
    try:
        for name, data in files.items():
            path = os.path.join(scratch, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "xb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
        if inside:
            for name in sorted(files, reverse=True):
                os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
                os.replace(os.path.join(scratch, name), os.path.join(folder, name))
        else:
            if os.path.isdir(folder):
                shutil.rmtree(folder)  # empty folders only
            os.rename(scratch, folder)
    except OSError as error:
        raise PolicyError(f"cannot be written: {error.strerror}", source=str(error.filename or folder)) from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return tuple(name for name in inside if name not in files)


def _files_in(folder: str) -> tuple[str, ...]:
    if os.path.lexists(folder) and not os.path.isdir(folder):
        raise PolicyError("is no folder", source=folder)
    return tuple(
        sorted(os.path.relpath(os.path.join(base, name), folder) for base, _, found in os.walk(folder) for name in found)
    )  # fmt: skip
