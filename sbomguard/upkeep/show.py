"""What a policy holds, told: every profile, list, entry and vendor with its days, documents, sources and confidence."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from sbomguard.errors import UsageError
from sbomguard.policy import Document, Entry, Identity, List, Policy, Profile, Vendor, nearest, origin_of, overridden
from sbomguard.reports import Style
from sbomguard.reports.escape import PROSE_LIMIT, terminal
from sbomguard.reports.layout import headed, row, rows
from sbomguard.reports.words import plural

Thing = Profile | List | tuple[List, Entry] | Vendor
"""What can be shown by its id; an entry comes with its list."""

SURENESS = {
    "confirmed": "confirmed by two sources, or by the authority's own text",
    "single": "read in one source",
    "unverified": "UNVERIFIED: known, but not read again for this file",
}


def standing(item: List, entry: Entry, day: str) -> str:
    """How the entry stands on that day: in force, proposed, not yet, or ended."""
    if entry.status == "proposed" or item.status == "proposed":
        return "proposed"
    if day < entry.since:
        return "not yet in force"
    ended = (entry.until and entry.until <= day) or (not entry.until and "ended" in (entry.status, item.status))
    return "ended" if ended else "in force"


def count_in_force(item: List, day: str) -> int:
    """How many of the list's entries stand on that day."""
    return sum(standing(item, entry, day) == "in force" for entry in item.entries)


# ---- all of it, in short


def overview(policy: Policy, day: str, style: Style) -> str:
    """Every profile and list, and how many vendors there are."""
    lines = []
    for profile in policy.profiles.values():
        lines += headed("profile", f"{terminal(profile.profile)}: {terminal(profile.title)}", style)
        lines += row("lists", ", ".join(map(terminal, profile.lists)), style)
        lines += _say("origin", origin_of(profile).told, style)
    for item in policy.lists.values():
        lines += headed("list", f"{terminal(item.list)}: {terminal(item.title)}", style)
        lines += row("status", f"{item.status}; {_snapshot(item)}", style)
        lines += row("entries", _entries_in_words(item, day), style)
        lines += row("profiles", ", ".join(_profiles_of(policy, item)), style)
        lines += _say("origin", origin_of(item).told, style)
    for vendor in policy.vendors.values():
        if vendor.overrides:
            lines += headed("vendor", f"{terminal(vendor.vendor)}: {terminal(vendor.name)}", style)
            lines += _say("origin", origin_of(vendor).told, style)
    values = sum(len(block.values) for vendor in policy.vendors.values() for block in vendor.identities)
    lines += ["", f"As of {day}: {plural(len(policy.lists), 'list')}, {plural(len(policy.vendors), 'vendor')}, {plural(values, 'value')}"]
    return "\n".join(lines) + "\n"


def overview_data(policy: Policy, day: str) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "schema": "sbomguard.policy/1",
        "as_of": day,
        "profiles": [
            {"id": item.profile, "title": item.title, "lists": list(item.lists), **_origin(item)} for item in policy.profiles.values()
        ],
        "lists": [
            {
                "id": item.list,
                "title": item.title,
                "authority": item.authority,
                "status": item.status,
                "snapshot": item.snapshot.date,
                "document": item.snapshot.number,
                "sha256": item.digest,
                "entries": len(item.entries),
                "in_force": count_in_force(item, day),
                "profiles": _profiles_of(policy, item),
                **_origin(item),
            }
            for item in policy.lists.values()
        ],
        "vendors": [{"id": item.vendor, "name": item.name, **_origin(item)} for item in policy.vendors.values()],
    }


def _origin(item: Profile | List | Vendor) -> dict[str, str]:
    return {"file": item.origin, "folder": item.folder, "overrides": item.overrides}


def _snapshot(item: List) -> str:
    day = f" of {item.snapshot.date}" if item.snapshot.date else ""
    return f"snapshot {terminal(item.snapshot.number, PROSE_LIMIT)}{day}"


def _entries_in_words(item: List, day: str) -> str:
    counts: dict[str, int] = {}
    for entry in item.entries:
        counts[standing(item, entry, day)] = counts.get(standing(item, entry, day), 0) + 1
    return ", ".join(f"{count} {word}" for word, count in counts.items())


def _profiles_of(policy: Policy, item: List) -> list[str]:
    return [profile.profile for profile in policy.profiles.values() if item.list in profile.lists]


# ---- one thing


def find(policy: Policy, wanted: str) -> tuple[Thing, ...]:
    """What has that id: a profile, list or vendor, or an entry as `list/entry`. Raises UsageError with the nearest id for none."""
    listed, slash, name = wanted.partition("/")
    if slash and listed in policy.lists:
        entries = tuple((policy.lists[listed], entry) for entry in policy.lists[listed].entries if entry.entry == name)
        if entries:
            return entries
        raise UsageError(
            f"the list '{listed}' has no entry '{name}'", advice=nearest(name, [entry.entry for entry in policy.lists[listed].entries])
        )
    tables: tuple[Mapping[str, Any], ...] = (policy.profiles, policy.lists, policy.vendors)
    found = tuple(table[wanted] for table in tables if wanted in table)
    if not found:
        known = [*policy.profiles, *policy.lists, *policy.vendors]
        raise UsageError(f"there is no profile, list or vendor '{wanted}'", advice=nearest(wanted, known) or "See 'sbomguard policy list'")
    return found


def shown(things: Iterable[Thing], policy: Policy, day: str, style: Style) -> str:
    """The things for a person."""
    return "\n\n".join("\n".join(_lines(thing, policy, day, style)) for thing in things) + "\n"


def shown_data(things: Iterable[Thing], day: str) -> dict[str, Any]:
    """The things as plain data, with all that their files say."""
    return {"schema": "sbomguard.policy/1", "as_of": day, "found": [_data(thing, day) for thing in things]}


def _data(thing: Thing, day: str) -> dict[str, Any]:
    if isinstance(thing, tuple):
        item, entry = thing
        return {"kind": "entry", "rule": f"{item.list}/{entry.entry}", "standing": standing(item, entry, day), **_plain(entry)}
    plain = _plain(thing)
    if isinstance(thing, List):
        plain["entries"] = [{**_plain(entry), "standing": standing(thing, entry, day)} for entry in thing.entries]
    return {"kind": type(thing).__name__.lower(), **plain}


def _plain(thing: Any) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(thing)
    return found


def _lines(thing: Thing, policy: Policy, day: str, style: Style) -> list[str]:
    if isinstance(thing, Profile):
        return _of_profile(thing, policy, day, style)
    if isinstance(thing, List):
        return _of_list(thing, policy, day, style)
    if isinstance(thing, Vendor):
        return _of_vendor(thing, policy, style)
    return _of_entry(*thing, day, style)


def _say(label: str, text: str, style: Style) -> list[str]:
    return row(label, terminal(text, 20_000), style)


def _file(item: Profile | List | Vendor, style: Style, more: str = "") -> list[str]:
    """The file it stands in, and the one that this overrides."""
    instead = f", overrides {overridden(item.overrides)}" if item.overrides else ""
    return _say("file", f"{item.origin}{instead}{more}", style)


def _of_profile(profile: Profile, policy: Policy, day: str, style: Style) -> list[str]:
    lists = [policy.lists[name] for name in profile.lists]
    told = [f"{terminal(item.list)}: {terminal(item.title)} ({_entries_in_words(item, day)})" for item in lists]
    return [
        *headed("profile", f"{terminal(profile.profile)}: {terminal(profile.title)}", style),
        *_say("who", profile.who, style),
        *rows("lists", told, style),
        *_file(profile, style),
    ]


def _of_list(item: List, policy: Policy, day: str, style: Style) -> list[str]:
    lines = [
        *headed("list", f"{terminal(item.list)}: {terminal(item.title)}", style),
        *_say("authority", item.authority, style),
        *_say("basis", item.legal_basis, style),
        *_say("addressee", f"{item.addressee} ({item.jurisdiction})", style),
        *_say("status", item.status, style),
        *rows("snapshot", [_cited(item.snapshot)], style),
        *_say("means", item.meaning, style),
        *row("profiles", ", ".join(_profiles_of(policy, item)), style),
        *_file(item, style, f", SHA-256 {item.digest}"),
    ]
    for entry in item.entries:
        lines += ["", *_of_entry(item, entry, day, style)]
    return lines


def _of_entry(item: List, entry: Entry, day: str, style: Style) -> list[str]:
    names = (
        entry.vendors
        if style.verbose or len(entry.vendors) <= _MOST
        else (*entry.vendors[:_MOST], f"and {len(entry.vendors) - _MOST} more")
    )
    return [
        *headed("entry", f"{terminal(item.list)}/{terminal(entry.entry)}: {terminal(entry.title, PROSE_LIMIT)}", style),
        *_say("stands", f"{standing(item, entry, day)} on {day}; {days(entry)}", style),
        *_say("vendors", ", ".join(names), style),
        *_say("category", entry.category, style),
        *rows("components", [terminal(rule.told, PROSE_LIMIT) for rule in entry.components], style),
        *_say("covers", covered(entry), style),
        *_say("reaches", entry.reach, style),
        *_say("limits", entry.limits, style),
        *_say("sectors", ", ".join(entry.sectors), style),
        *_say("origins", ", ".join(entry.origins), style),
        *rows("asks", [terminal(text, PROSE_LIMIT) for text in entry.asks], style),
        *rows("exempt", [terminal(text, PROSE_LIMIT) for text in exemptions(entry)], style),
        *rows("approved", [terminal(text, PROSE_LIMIT) for text in approvals(entry)], style),
        *rows("documents", [_cited(document) for document in entry.documents], style),
        *_say("means", entry.meaning, style),
        *_say("confidence", SURENESS[entry.confidence], style),
    ]


_MOST = 12


def days(entry: Entry) -> str:
    """From when until when it counts."""
    return f"since {entry.since}" + (f", until {entry.until} (that day no longer)" if entry.until else "")


def covered(entry: Entry) -> str:
    """What it prohibits as such, and the level of what else the vendor made."""
    classes = ", ".join(entry.covers) or "no class of component by itself"
    more = "".join(f"; in a product of the sector {sector} also {', '.join(extra)}" for sector, extra in entry.covers_in.items())
    return f"{classes}{more}; anything else: {entry.otherwise}" if entry.vendors or entry.components else f"{classes}{more}"


def exemptions(entry: Entry) -> Iterator[str]:
    """What it spares, in words."""
    for item in entry.exemptions:
        yield f"{item.what}" + (f", until {item.until}" if item.until else "") + f" ({item.document})"


def approvals(entry: Entry) -> Iterator[str]:
    """Conditional Approvals, in words."""
    for item in entry.approvals:
        until = f" until {item.until}" if item.until else ""
        yield f"{item.holder}: {item.products}, since {item.since}{until} ({item.document}; {item.confidence})"


def _cited(document: Document) -> str:
    classes = f"about {', '.join(document.classes)}" if document.classes else ""
    parts = (document.number, document.date, document.title, classes, document.url)
    return terminal(", ".join(part for part in parts if part), PROSE_LIMIT)


def _of_vendor(vendor: Vendor, policy: Policy, style: Style) -> list[str]:
    lines = [
        *headed("vendor", f"{terminal(vendor.vendor)}: {terminal(vendor.name)}", style),
        *_say("is", vendor.summary, style),
        *_say("country", vendor.country, style),
        *row("listed", ", ".join(rules_of(vendor, policy)) or "on no list", style),
    ]
    for block in vendor.identities:
        lines += ["", *headed(block.signal, "; ".join(_traits(block)), style)]
        lines += rows("values", _wrapped(block.values), style)
        lines += _say("of", block.of, style) + _say("note", block.note, style)
        lines += row("sources", ", ".join(terminal(source) for source in block.source) + f": {SURENESS[block.confidence]}", style)
    for friend in vendor.false_friends:
        lines += [
            "",
            *headed("not", f"{friend.signal}: {', '.join(map(terminal, friend.values))}", style),
            *_say("note", friend.note, style),
        ]
    cited = [terminal(f"{key}: {item.title}" + (f", {item.url}" if item.url else ""), PROSE_LIMIT) for key, item in vendor.sources.items()]
    counts = ", ".join(f"{len(items)} {kind}" for kind, items in vendor.examples.items())
    return [*lines, "", *rows("cited", cited, style), *_say("examples", counts, style), *_file(vendor, style)]


def rules_of(vendor: Vendor, policy: Policy) -> list[str]:
    """The entries that name the vendor, as `list/entry`."""
    return [f"{item.list}/{entry.entry}" for item in policy.lists.values() for entry in item.entries if vendor.vendor in entry.vendors]


def _traits(block: Identity) -> Iterator[str]:
    if block.signal in ("party", "word"):
        yield f"match {block.match}"
    yield from (text for text in (block.kind, block.relation, block.strength, block.confidence) if text)
    if block.since:
        yield f"since {block.since}"
    if block.until:
        yield f"until {block.until}"


def _wrapped(values: Iterable[str]) -> list[str]:
    return [", ".join(terminal(value) for value in values)]
