"""What changed between two days, or between two policy folders, in words; and what that changes for given SBOMs."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from msgspec import Struct

from sbomguard import check as checker
from sbomguard.errors import SbomguardError
from sbomguard.finding import LEVELS, Finding
from sbomguard.pack import Pack
from sbomguard.policy import Entry, Identity, List, Policy, Vendor
from sbomguard.source import Source
from sbomguard.upkeep.show import standing
from sbomguard.verdict import Failure, Verdict

T = TypeVar("T")

_SHOWN = 3
"""So many values are named as examples of many."""


class Side(Struct, frozen=True, kw_only=True):
    """One side: what the user called it, the policy with all identities, and the day (YYYY-MM-DD) as of which it is read."""

    name: str
    policy: Policy
    day: str


class Change(Struct, frozen=True, kw_only=True):
    """One difference: `kind` is what it concerns and what happened (`entry-ended`), `subject` an id (list, list/entry, vendor), `text`
    the sentence for people."""

    kind: str
    subject: str
    text: str


def compare(old: Side, new: Side) -> tuple[Change, ...]:
    """The differences, lists before vendors, in the order of ids."""
    return (*_lists(old, new), *_vendors(old, new))


def _pairs(old: Mapping[str, T], new: Mapping[str, T]) -> Iterator[tuple[str, T | None, T | None]]:
    for key in sorted({**old, **new}):
        yield key, old.get(key), new.get(key)


# ---- lists


def _lists(old: Side, new: Side) -> Iterator[Change]:
    for name, one, two in _pairs(old.policy.lists, new.policy.lists):
        if one is None and two is not None:
            yield Change(kind="list-added", subject=name, text=f"new list: {two.title}, {_count(len(two.entries), 'entry', 'entries')}")
        elif two is None and one is not None:
            yield Change(kind="list-removed", subject=name, text=f"the list is gone: {one.title}")
        elif one is not None and two is not None:
            yield from _list(one, two, old.day, new.day)


def _list(one: List, two: List, before: str, after: str) -> Iterator[Change]:
    if one.status != two.status:
        yield Change(kind="list-status", subject=two.list, text=f"the list is {two.status}; it was {one.status}")
    if one.snapshot != two.snapshot:
        text = f"read from {two.snapshot.number} of {two.snapshot.date}; before from {one.snapshot.number} of {one.snapshot.date}"
        yield Change(kind="list-snapshot", subject=two.list, text=text)
    entries = ({entry.entry: entry for entry in item.entries} for item in (one, two))
    for name, first, second in _pairs(*entries):
        rule = f"{two.list}/{name}"
        if first is None and second is not None:
            yield Change(
                kind="entry-added", subject=rule, text=f"new entry: {_in_short(second)}; {standing(two, second, after)} on {after}"
            )
        elif second is None and first is not None:
            yield Change(kind="entry-removed", subject=rule, text=f"the entry is gone: {first.title}")
        elif first is not None and second is not None:
            yield from _entry(rule, first, second, (standing(one, first, before), standing(two, second, after)), (before, after))


def _in_short(entry: Entry) -> str:
    named = entry.vendors or tuple(rule.told for rule in entry.components)
    who = f"for {', '.join(named[:5])}{' and others' if len(named) > 5 else ''}" if named else "a category"
    covers = f"covers {', '.join(entry.covers)}" if entry.covers else "covers no class of component by itself"
    return f"{entry.title}, {who}, since {entry.since}, {covers}, else {entry.otherwise}"


_STANDS = {
    "in force": ("entry-began", "is in force"),
    "ended": ("entry-ended", "has ended"),
    "proposed": ("entry-proposed", "is proposed"),
    "not yet in force": ("entry-later", "is not yet in force"),
}


def _entry(rule: str, one: Entry, two: Entry, stands: tuple[str, str], days: tuple[str, str]) -> Iterator[Change]:
    def change(kind: str, text: str) -> Change:
        return Change(kind=kind, subject=rule, text=text)

    if stands[0] != stands[1]:
        kind, word = _STANDS[stands[1]]
        day = two.until if stands[1] == "ended" and two.until else two.since if stands[1] == "in force" else ""
        yield change(kind, f"{word}{f' since {day}' if day else ''}; it was {stands[0]} ({two.title})")
    yield from (change(f"entry-{what}", text) for what, text in _values(one, two))
    yield from _documents(rule, one, two, days)
    for vendor in sorted(set(two.vendors) - set(one.vendors)):
        yield change("entry-vendor-added", f"also names {vendor}")
    for vendor in sorted(set(one.vendors) - set(two.vendors)):
        yield change("entry-vendor-removed", f"no longer names {vendor}")
    if (one.meaning, one.limits, one.title, one.reach) != (two.meaning, two.limits, two.title, two.reach):
        yield change("entry-words", "its words changed: title, meaning, limits or reach")


def _values(one: Entry, two: Entry) -> Iterator[tuple[str, str]]:
    """The fields that decide, each with what it was and is."""
    told: tuple[tuple[str, Callable[[Entry], str]], ...] = (
        ("covers", lambda entry: _words(entry.covers)),
        ("covers-in", lambda entry: "; ".join(f"{sector}: {_words(more)}" for sector, more in sorted(entry.covers_in.items()))),
        ("otherwise", lambda entry: entry.otherwise),
        ("since", lambda entry: entry.since),
        ("until", lambda entry: entry.until),
        ("status", lambda entry: entry.status),
        ("confidence", lambda entry: entry.confidence),
        ("category", lambda entry: entry.category),
        ("components", lambda entry: "; ".join(sorted(rule.told for rule in entry.components))),
        ("sectors", lambda entry: _words(entry.sectors)),
        ("origins", lambda entry: _words(entry.origins)),
        ("asks", lambda entry: "; ".join(entry.asks)),
        ("exemptions", lambda entry: "; ".join(f"{item.what} {item.until} {item.document}" for item in entry.exemptions)),
        ("approvals", lambda entry: "; ".join(f"{item.holder} {item.since} {item.until} {item.document}" for item in entry.approvals)),
    )
    for name, value in told:
        if value(one) != value(two):
            yield name, f"{name.replace('-', ' ')}: {value(two) or 'nothing'}; before {value(one) or 'nothing'}"


def _words(items: Iterable[str]) -> str:
    return ", ".join(sorted(items))


def _documents(rule: str, one: Entry, two: Entry, days: tuple[str, str]) -> Iterator[Change]:
    """Documents that were published, or written down, between the two."""
    known = {document.number for document in one.documents_on(days[0])}
    now = {document.number for document in two.documents_on(days[1])}
    for document in two.documents_on(days[1]):
        if document.number not in known:
            parts = ", ".join(part for part in (document.number, document.date, document.title) if part)
            yield Change(kind="entry-document-added", subject=rule, text=f"new document: {parts}")
    for number in sorted(known - now):
        yield Change(kind="entry-document-removed", subject=rule, text=f"no longer cites {number}")


# ---- vendors


_Key = tuple[str, str, str]


def _vendors(old: Side, new: Side) -> Iterator[Change]:
    for name, one, two in _pairs(old.policy.vendors, new.policy.vendors):
        if one is None and two is not None:
            text = f"new vendor: {two.name}, {_count(len(_told(two)), 'value')}{_examples(_told(two))}"
            yield Change(kind="vendor-added", subject=name, text=text)
        elif two is None and one is not None:
            yield Change(kind="vendor-removed", subject=name, text=f"the vendor is gone: {one.name}")
        elif one is not None and two is not None:
            yield from _vendor(one, two, old.day, new.day)


def _told(vendor: Vendor) -> dict[_Key, Identity]:
    return {(block.signal, block.match, value): block for block in vendor.identities for value in block.values}


def _vendor(one: Vendor, two: Vendor, before: str, after: str) -> Iterator[Change]:
    first, second = _told(one), _told(two)
    added = [key for key in second if key not in first]
    removed = [key for key in first if key not in second]
    if added:
        yield Change(kind="values-added", subject=two.vendor, text=f"{_count(len(added), 'new value')}{_examples(added)}")
    if removed:
        yield Change(kind="values-removed", subject=two.vendor, text=f"{_count(len(removed), 'value')} gone{_examples(removed)}")
    moved: dict[str, list[_Key]] = {}
    for key, block in second.items():
        was, now = (_effect(first[key], before), _effect(block, after)) if key in first else ("", "")
        if was != now:
            moved.setdefault(f"{now}; before {was}", []).append(key)
    for what, keys in moved.items():
        yield Change(kind="values-changed", subject=two.vendor, text=f"{_count(len(keys), 'value')} now {what}{_examples(keys)}")
    if one.false_friends != two.false_friends:
        friends = [{(item.signal, value) for item in vendor.false_friends for value in item.values} for vendor in (one, two)]
        text = f"false friends: {len(friends[1] - friends[0])} new, {len(friends[0] - friends[1])} gone"
        yield Change(kind="false-friends", subject=two.vendor, text=text)


def _effect(block: Identity, day: str) -> str:
    """What a hit on the block says on that day."""
    if block.since > day:
        return f"nothing yet (from {block.since} on)"
    sold = block.until and block.until <= day and block.relation == "made-by"
    return f"{'contributed' if sold else block.relation}, {block.strength}" + (f" (sold on {block.until})" if sold else "")


def _examples(keys: Iterable[_Key]) -> str:
    items = list(keys)
    named = ", ".join(f"{signal} '{value}'" for signal, _, value in items[:_SHOWN])
    return f": {named}{', ...' if len(items) > _SHOWN else ''}" if items else ""


def _count(number: int, noun: str, plural: str = "") -> str:
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"


# ---- what it changes for SBOMs


class Effect(Struct, frozen=True, kw_only=True):
    """What the change does to SBOMs: the outcomes of both sides, findings only one side has, and those of another level now."""

    outcomes: tuple[str, str]
    new: tuple[Finding, ...]
    gone: tuple[Finding, ...]
    changed: tuple[tuple[Finding, Finding], ...]
    same: int
    failures: tuple[Failure, ...]


def effect(sources: Iterable[Source | SbomguardError], packs: tuple[Pack, Pack], days: tuple[str, str], lists: tuple[str, ...]) -> Effect:
    """Check the same sources against both sides. A list that a side does not have is left out there."""
    held = tuple(sources)
    one, two = (_verdict(held, pack, day, lists) for pack, day in zip(packs, days, strict=True))
    first, second = ({_key(item): item for item in verdict.findings} for verdict in (one, two))
    both = [(first[key], item) for key, item in second.items() if key in first]
    return Effect(
        outcomes=(one.outcome, two.outcome),
        new=_sorted(item for key, item in second.items() if key not in first),
        gone=_sorted(item for key, item in first.items() if key not in second),
        changed=tuple((was, now) for was, now in both if (was.level, was.relation) != (now.level, now.relation)),
        same=sum((was.level, was.relation) == (now.level, now.relation) for was, now in both),
        failures=two.failures,
    )


def _verdict(sources: tuple[Source | SbomguardError, ...], pack: Pack, day: str, lists: tuple[str, ...]) -> Verdict:
    there = tuple(name for name in lists if name in pack.policy.lists)
    return checker.check(sources, pack, today=day, as_of=day, lists=there, digests=False)


def _key(finding: Finding) -> tuple[str, str, str, str]:
    return finding.rule, finding.vendor, finding.location.path, finding.location.pointer


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda item: (-LEVELS.index(item.level), *_key(item))))
