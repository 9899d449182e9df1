"""Everything that is wrong with a policy folder, a line each: what the schemas say, and what no schema can."""

import os
import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from sbomguard import packfile, policy, versions
from sbomguard.errors import PolicyError
from sbomguard.matchers.build import build
from sbomguard.matchers.evidence import MATCHERS
from sbomguard.matchers.index import Index, key_of, key_of_named, named_key, veto_key
from sbomguard.model import Signal
from sbomguard.pack import folder_name
from sbomguard.policy import Entry, Identity, List, Policy, Vendor
from sbomguard.upkeep import trials

ERROR, INFO = "error", "info"
"""Grades: an error makes the folder wrong; an information does not."""


class Fault(Struct, frozen=True, kw_only=True):
    """What is wrong at a line (from 1, 0 where it is not known) of a file, and what to do."""

    grade: str
    file: str
    line: int
    problem: str
    advice: str = ""


class Reviewed(Struct, frozen=True, kw_only=True):
    """The faults of one folder in the order of files and lines, and how much was looked at. `unverified` counts values and entries that
    say so of themselves."""

    folder: str
    faults: tuple[Fault, ...]
    vendors: int
    values: int
    lists: int
    entries: int
    examples: int
    unverified: int


_Told = tuple[str, str, list[Any], str, str]
"""Grade, file, path in it, what is wrong, what to do."""


def review(folder: str, day: str, base: Policy | None = None) -> Reviewed:
    """Review a policy folder, which may name what is in `base`; its examples are run as of the day (YYYY-MM-DD).

    Raises PolicyError where there is nothing to read.
    """
    home = folder_name(folder) if base else ""
    files = {policy.named(home, name): data for name, data in policy.read_files(folder).items()}
    faults = list(_outside(folder))
    read = []  # without files that are wrong: what such a file names may be meant by others
    for name, data in files.items():
        rules = policy.SCHEMAS[_part(name)]
        items, wrong = packfile.review(data, name, rules)
        faults += map(_of_error, wrong)
        if not wrong:
            read.append((name, items))
    whole, more = policy.assemble(files, read, base, home)
    found = policy.part_of(whole, home)
    unread = {_part(name) for name in files.keys() - {name for name, _ in read}}
    faults += [_of_error(error) for error in more if not any(f"names the {part[:-1]} '" in error.problem for part in unread)]
    for grade, file, path, problem, advice in _told(found, day, _named_in(whole) if "lists" not in unread else None):
        line = packfile.line_of(files[file], path, file)
        faults.append(Fault(grade=grade, file=file, line=_number(line), problem=problem, advice=advice))
    return Reviewed(
        folder=folder,
        faults=tuple(
            sorted(
                {replace(fault, file=fault.file.removeprefix(f"{home}/")) for fault in faults},
                key=lambda fault: (fault.file, fault.line, fault.grade, fault.problem),
            )
        ),
        vendors=len(found.vendors),
        values=sum(len(block.values) for vendor in found.vendors.values() for block in vendor.identities),
        lists=len(found.lists),
        entries=sum(len(item.entries) for item in found.lists.values()),
        examples=sum(len(items) for vendor in found.vendors.values() for items in vendor.examples.values()),
        unverified=_unverified(found),
    )


def _part(name: str) -> str:
    """Which of the folders of a policy folder the file stands in."""
    return name.split("/")[-2]


def _unverified(found: Policy) -> int:
    blocks = (block for vendor in found.vendors.values() for block in vendor.identities)
    entries = (entry for item in found.lists.values() for entry in item.entries)
    values = sum(len(block.values) for block in blocks if block.confidence == "unverified")
    return values + sum(entry.confidence == "unverified" for entry in entries)


def _of_error(error: PolicyError) -> Fault:
    place = re.search(r"\(([^()]*)\)$", error.pointer)
    problem = f"{place[1]}: {error.problem}" if place else error.problem
    return Fault(grade=ERROR, file=error.source, line=_number(error.pointer), problem=problem, advice=error.advice)


def _number(pointer: str) -> int:
    met = re.match(r"line (\d+)", pointer)
    return int(met[1]) if met else 0


def _outside(folder: str) -> Iterator[Fault]:
    """Folders and files beside ours that look as if they were meant to be read."""
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        near = get_close_matches(name, policy.SCHEMAS, 1, 0.7)
        if os.path.isdir(path) and name not in policy.SCHEMAS and near:
            yield Fault(grade=ERROR, file=f"{name}/", line=0, problem="is not read", advice=f"Did you mean '{near[0]}/'?")
        elif name.endswith((".yaml", ".yml")) and os.path.isfile(path):
            yield Fault(grade=INFO, file=name, line=0, problem="is not read", advice=f"Policy files stand in {', '.join(policy.SCHEMAS)}")


def _told(found: Policy, day: str, listed: set[str] | None) -> Iterator[_Told]:
    """What no schema can say, of what was read; `listed` are the vendors that lists name, None where that is not known."""
    unmet = list(_unkeyed(found))
    yield from unmet
    if not found.vendors:
        yield from _of_lists(found)
        return
    broken = {(file, repr(path)) for _, file, path, *_ in unmet}
    index = build(_without(vendor, broken) for vendor in found.vendors.values())
    for vendor in found.vendors.values():
        yield from _of_vendor(vendor, index, broken)
    yield from _of_two(found.vendors.values())
    yield from _of_lists(found)
    yield from _of_examples(found, index, day)
    if listed is not None:
        yield from _unlisted(found, listed)


def _start(vendor: Vendor) -> list[Any]:
    return [int(vendor.place)] if vendor.place else []


# ---- values


def _unkeyed(found: Policy) -> Iterator[_Told]:
    """Values that normalise to nothing, and prefixes that would meet half of all names."""
    for vendor in found.vendors.values():
        for number, block in enumerate(vendor.identities):
            for place, value in enumerate(block.values):
                path = [*_start(vendor), "identities", number, "values", place]
                try:
                    table, _ = key_of(block.signal, block.match, value)
                except PolicyError as error:
                    yield ERROR, vendor.origin, path, error.problem, error.advice
                    continue
                try:
                    if "prefix" in table:
                        build([replace(vendor, identities=(replace(block, values=(value,)),))])
                except PolicyError as error:
                    yield ERROR, vendor.origin, path, error.problem, error.advice


_Place = tuple[str, str]
"""A file, and a path in it as text."""


def _place(vendor: Vendor, block: int, value: int) -> _Place:
    return vendor.origin, repr([*_start(vendor), "identities", block, "values", value])


def _without(vendor: Vendor, broken: set[_Place]) -> Vendor:
    """The vendor without values that cannot be indexed."""
    blocks = (
        replace(block, values=tuple(value for at, value in enumerate(block.values) if _place(vendor, number, at) not in broken))
        for number, block in enumerate(vendor.identities)
    )
    return replace(vendor, identities=tuple(block for block in blocks if block.values), false_friends=_friends(vendor))


def _friends(vendor: Vendor) -> tuple[policy.FalseFriend, ...]:
    friends = (
        replace(friend, values=tuple(value for value in friend.values if _veto(friend.signal, value))) for friend in vendor.false_friends
    )
    return tuple(friend for friend in friends if friend.values)


def _veto(signal: str, value: str) -> str:
    return veto_key(signal, value).strip("/* ")


def _of_vendor(vendor: Vendor, index: Index, broken: set[_Place]) -> Iterator[_Told]:
    start = _start(vendor)
    first: dict[tuple[str, str, str], str] = {}
    used = {source for block in vendor.identities for source in block.source}
    for source, cited in vendor.sources.items():
        if source not in used:
            yield ERROR, vendor.origin, [*start, "sources", source], f"source '{source}' is used by nothing", "Remove it, or name it"
        elif not cited.url:
            yield INFO, vendor.origin, [*start, "sources", source], f"source '{source}' has no url", "Give one where there is one"
    for number, block in enumerate(vendor.identities):
        for place, value in enumerate(block.values):
            path = [*start, "identities", number, "values", place]
            key = _key(block, value)
            if key is None or _place(vendor, number, place) in broken:
                continue
            told = f"the {block.signal} value '{value}'"
            here = (*key, block.relation)
            if here in first:
                yield ERROR, vendor.origin, path, f"{told} says the same as {first[here]}", "Keep one"
            first.setdefault(here, f"'{value}' in identities/{number}")
            if (vendor.vendor, value) not in met(plainly(block, value), index):
                denied = any(_veto(friend.signal, other) == key[1] for friend in vendor.false_friends for other in friend.values)
                if not denied:
                    yield ERROR, vendor.origin, path, f"{told} can never be met", _form_of(block.signal)
    yield from _of_friends(vendor, start)


def _key(block: Identity, value: str) -> tuple[str, str] | None:
    try:
        return key_of(block.signal, block.match, value)
    except PolicyError:
        return None


def _of_friends(vendor: Vendor, start: list[Any]) -> Iterator[_Told]:
    own = {(block.signal, key[1]): value for block in vendor.identities for value in block.values if (key := _key(block, value))}
    for number, friend in enumerate(vendor.false_friends):
        for place, value in enumerate(friend.values):
            path = [*start, "false_friends", number, "values", place]
            denied = _veto(friend.signal, value)
            if not denied:
                yield ERROR, vendor.origin, path, f"the false friend '{value}' normalises to nothing", "Remove it"
            elif (friend.signal, denied) in own:
                told = f"the false friend '{value}' denies its own {friend.signal} value '{own[friend.signal, denied]}'"
                yield ERROR, vendor.origin, path, told, "Keep one of the two"


def _of_two(vendors: Iterable[Vendor]) -> Iterator[_Told]:
    """Values by which two vendors would be convicted: only one of them can have it."""
    owners: dict[tuple[str, str], tuple[str, str]] = {}
    for vendor in vendors:
        for number, block in enumerate(vendor.identities):
            if (block.relation, block.strength) != ("made-by", "decisive") or block.until:
                continue
            for place, value in enumerate(block.values):
                key = _key(block, value)
                if key is None:
                    continue
                other, written = owners.setdefault(key, (vendor.vendor, value))
                if other != vendor.vendor:
                    told = f"the {block.signal} value '{value}' is decisive for {vendor.vendor} and, as '{written}', for {other}"
                    path = [*_start(vendor), "identities", number, "values", place]
                    yield ERROR, vendor.origin, path, told, "Keep it with one, or make it supporting"


def met(signal: Signal, index: Index) -> set[tuple[str, str]]:
    """Every vendor and value that the matchers find in the signal, before the strongest is chosen."""
    refs = (hit.ref for matcher in MATCHERS[signal.kind] for hit in matcher.match(signal, index))
    return {(block.vendor, block.values[ref.value]) for ref in refs for block in (index.blocks[ref.block],)}


def plainly(block: Identity, value: str) -> Signal:
    """The value as an SBOM would hold it; what a prefix or namespace leaves open is filled."""
    full = f"{value.removesuffix('*')}zz" if value.endswith(("*", "/")) else value
    kind, role, text = {
        "party": ("party", "supplier", value),
        "word": ("name", "", value),
        "domain": ("url", "website", f"https://{value}/"),
        "purl": ("purl", "", full),
        "forge": ("url", "website", f"https://{value}"),
        "cpe": ("cpe", "", f"cpe:2.3:a:{value}"),
        "file": ("file", "", f"/usr/lib/{full}.so"),
        "fcc": ("fcc-id", "", f"{value}AB12"),
        "hardware": ("hardware-id", value.partition(":")[0], value.partition(":")[2]),
    }[block.signal]
    return Signal(kind, role, kind, f"/{kind}", text)


def _form_of(signal: str) -> str:
    """How a value of that signal is written."""
    return {
        "party": "Write the name as suppliers write it",
        "word": "Write words of component names",
        "domain": "Write a host: acme.example.com",
        "purl": "Write pkg:type/namespace/, pkg:type/name or pkg:type/name*",
        "forge": "Write github.com/acme or github.com/acme/repo",
        "cpe": "Write vendor or vendor:product, in lower case",
        "file": "Write the name without folders and ending",
        "fcc": "Write the grantee code: three characters, or five if the first is a digit",
        "hardware": "Write usb:, pci: and four, or oui: and six hexadecimal digits, in lower case",
    }[signal]


# ---- lists


def _of_lists(found: Policy) -> Iterator[_Told]:
    for item in found.lists.values():
        if not item.snapshot.date:
            yield INFO, item.origin, ["snapshot"], "the snapshot has no date, so nobody can tell how old the list is", ""
        if item.status == "ended" and not any(entry.until for entry in item.entries):
            told = "the list is ended and none of its entries says until when it counted: it is used on no day"
            yield ERROR, item.origin, ["status"], told, "Write until"
        for number, entry in enumerate(item.entries):
            for path, problem, advice in _of_entry(entry, item):
                yield ERROR, item.origin, ["entries", number, *path], f"entry '{entry.entry}' {problem}", advice
            for grade, path, problem, advice in _of_components(entry):
                yield grade, item.origin, ["entries", number, "components", *path], f"entry '{entry.entry}' {problem}", advice


def _of_components(entry: Entry) -> Iterator[tuple[str, list[Any], str, str]]:
    """Rules that say the same, and ranges of which nobody can tell what is in them."""
    seen: dict[tuple[str, str, str, str], str] = {}
    for number, rule in enumerate(entry.components):
        key = (*key_of_named(rule), named_key(rule.name), rule.versions)
        if key in seen:
            yield ERROR, [number], f"says by '{rule.told}' the same as by '{seen[key]}'", "Keep one"
        seen.setdefault(key, rule.told)
        if rule.versions and not versions.is_known(rule.versions):
            told = f"has versions in a scheme that is not known ('{rule.versions}'): every version counts as met, at most at level review"
            yield INFO, [number, "versions"], told, ""


def _of_entry(entry: Entry, item: List) -> Iterator[tuple[list[Any], str, str]]:
    last = item.snapshot.date or "9999-12-31"
    for number, document in enumerate(entry.documents):
        if document.date > last:
            problem = f"cites {document.number} of {document.date}, after the snapshot of {last}"
            yield ["documents", number, "date"], problem, "Renew the snapshot, or correct the day"
    if entry.status == "ended" and not entry.until:
        yield ["status"], "is ended and has no until: it is used on no day", "Write until and leave the status"
    if entry.status == "proposed" and entry.until:
        yield ["until"], "is proposed and has an end: it never began", "Leave one of the two"
    for number, exemption in enumerate(entry.exemptions):
        if exemption.until and exemption.until <= entry.since:
            yield ["exemptions", number, "until"], f"has an exemption that ends on {exemption.until}, before the entry begins", ""
    for number, approval in enumerate(entry.approvals):
        if approval.until and approval.until <= approval.since:
            yield ["approvals", number, "until"], f"has an approval that ends on {approval.until}, before it begins", ""


def _named_in(found: Policy) -> set[str]:
    return {vendor for item in found.lists.values() for entry in item.entries for vendor in entry.vendors}


def _unlisted(found: Policy, listed: set[str]) -> Iterator[_Told]:
    for vendor in found.vendors.values():
        if vendor.vendor not in listed:
            told = f"no list names the vendor '{vendor.vendor}': it is never a finding"
            yield INFO, vendor.origin, [*_start(vendor), "vendor"], told, ""


# ---- examples


def _of_examples(found: Policy, index: Index, day: str) -> Iterator[_Told]:
    for vendor in found.vendors.values():
        start = _start(vendor)
        dead = set()
        if not vendor.examples and not vendor.place:
            yield INFO, vendor.origin, [*start, "vendor"], "has no examples", "Give one at least of what it must find, and of what not"
        seen: dict[str, str] = {}
        for kind, items in vendor.examples.items():
            for number, example in enumerate(items):
                path = [*start, "examples", kind, number]
                same = repr(sorted(example.items()))
                if same in seen:
                    yield ERROR, vendor.origin, path, f"the {kind} example stands under {seen[same]} already", "Keep one"
                seen.setdefault(same, kind)
                if not example.keys() - {"version", "type"}:
                    dead.add((kind, number))
                    yield ERROR, vendor.origin, path, f"the {kind} example is dead: it has nothing to be known by", "Give it a name"
        for trial in trials.run_vendor(vendor, found, index, day):
            told = f"the {trial.said} example comes out as {' and '.join(trial.found) or 'clear'}"
            path = [*start, "examples", trial.said, trial.number]
            if (trial.said, trial.number) not in dead:
                yield ERROR, vendor.origin, path, told, "sbomguard policy test says why"
