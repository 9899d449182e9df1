"""From the signals of a component to evidence: which vendor a value stands for, and how surely."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Protocol

from msgspec.structs import replace

from sbomguard import names
from sbomguard import purl as package_url
from sbomguard.finding import Evidence
from sbomguard.matchers import domain, fcc, file, forge, hardware, loose, named, package, party, platform, word
from sbomguard.matchers.index import Index, veto_key
from sbomguard.matchers.match import Match
from sbomguard.model import Component, Signal
from sbomguard.party import split
from sbomguard.percent import unquote
from sbomguard.policy import Identity


class Matcher(Protocol):
    """A module with this function reads one kind of signal; `TABLES` are the kinds of values that it compares with."""

    @property
    def TABLES(self) -> tuple[str, ...]:  # noqa: N802  # a constant of the module
        """Tables of the index that are asked, up to their first full stop."""

    def match(self, signal: Signal, index: Index) -> Iterator[Match]:
        """The values of the index that the signal meets."""


MATCHERS: dict[str, tuple[Matcher, ...]] = {
    "party": (party, domain),
    "email": (domain,),
    "purl": (package, forge, domain, word, named),
    "cpe": (platform,),
    "url": (domain, forge),
    "name": (word, package, named),
    "file": (file,),
    "fcc-id": (fcc,),
    "hardware-id": (hardware,),
    "date": (),
}
"""The matchers of each kind of signal (model.Signal.kind)."""

_STRENGTHS = ("mention", "supporting", "decisive")


def of_component(component: Component, index: Index, day: str, *, values: bool, parties: bool) -> tuple[Evidence, ...]:
    """The evidence for each vendor; `values` and `parties` tell which of the signals could meet one (Sweep.suspects)."""
    signals = tuple(component.signals)  # they are made anew each time
    own = day_of(signals, day)
    kinds = _reach(index.kinds) & _kinds(values, parties)
    telling = (signal for signal in signals if signal.kind in kinds)
    return without_echoes(
        _best(evidence_of(signal, hit, index, own) for signal in telling for hit in hits(signal, component, index, own))
    )  # fmt: skip


def meeting(parties: Iterable[str], index: Index) -> set[str]:
    """Those of the party texts whose names meet a vendor: what a name does not meet as a company's, it does not as a person's."""
    names_in = {text: Signal("party", "supplier", "", "", split(text)[0]) for text in parties}
    return {text for text, signal in names_in.items() if any(True for _ in party.match(signal, index))}


@cache
def _reach(tables: frozenset[str]) -> frozenset[str]:
    """The kinds of signals that any matcher compares with one of those tables."""
    return frozenset(kind for kind, matchers in MATCHERS.items() if any(not tables.isdisjoint(matcher.TABLES) for matcher in matchers))


def _kinds(values: bool, parties: bool) -> frozenset[str]:
    """The kinds of signals that may meet a vendor where the values or the parties may."""
    return _EVERY if values and parties else _OF_VALUES if values else _OF_PARTIES


_EVERY = frozenset(MATCHERS)
_OF_VALUES = _EVERY - {"party"}
_OF_PARTIES = frozenset(("party", "email"))
"""Kinds of signals by where they stand; addresses of e-mail stand in both."""


def day_of(signals: Iterable[Signal], day: str) -> str:
    """The day that decides whose a sold business was: the first on which a component with those signals is said to have been built or
    released."""
    told = [signal.value[:10] for signal in signals if signal.kind == "date"]
    return min((date for date in told if re.fullmatch(r"\d{4}-\d\d-\d\d", date)), default=day)


def hits(signal: Signal, component: Component, index: Index, day: str) -> list[Match]:
    """What the signal of the component meets as it is, else what it meets with look-alike letters undone."""
    found = _met(signal, component, index, day) or disguised(signal, component, index, day)
    if signal.kind == "purl" and all(_is_mention(item, index) for item in found):
        found += meant(signal, component, index, day)
    return found


def meant(signal: Signal, component: Component, index: Index, day: str) -> list[Match]:
    """What a package URL that is not well formed would meet if it said what it must mean: supporting at most."""
    return [
        Match(item.ref, item.key, (*item.folded, loose.MEANT), item.weaken or "supporting", item.why)
        for reading in loose.readings(signal)
        for item in _met(reading, component, index, day)
        if not _is_mention(item, index)
    ]


def _is_mention(found: Match, index: Index) -> bool:
    return "mention" in (found.weaken, index.blocks[found.ref.block].strength)


def _met(signal: Signal, component: Component, index: Index, day: str) -> list[Match]:
    """What the signal meets and no false friend lifts."""
    return [
        found
        for matcher in MATCHERS[signal.kind]
        if not index.kinds.isdisjoint(matcher.TABLES)
        for found in _held(matcher.match(signal, index), component, signal, index)
        if index.blocks[found.ref.block].since <= day and not vetoed(signal, found, index)
    ]


def disguised(signal: Signal, component: Component, index: Index, day: str) -> list[Match]:
    """What a signal that meets nobody as it is would meet if letters that look alike were those of a vendor's name: supporting at most.

    Parties do that by themselves, with more ways to read a name.
    """
    text, steps = undisguise(signal, index)
    if text == signal.value:
        return []
    found = _met(replace(signal, value=text), component, index, day)
    return [Match(item.ref, item.key, steps, item.weaken or "supporting", item.why) for item in found]


def undisguise(signal: Signal, index: Index) -> tuple[str, tuple[str, ...]]:
    """The value with look-alikes of Latin letters, and of a letter of a vendor's name, undone, and the steps that this took."""
    if signal.kind == "party":
        return signal.value, ()
    text, steps = signal.value, _folded(signal)
    plain = unquote(text) if "%" in text and signal.kind in _ESCAPING else text
    if not plain.isascii():
        text = names.fold(names.by_shape(plain))
        steps = steps or (names.UNMASKED,)
    if index.mask_words.isdisjoint(re.findall(r"[a-z0-9]+", text.lower())):
        return text, steps
    bare = re.sub(r"[A-Za-z0-9]+", lambda match: index.masks.get(match.group().lower(), match.group()), text)
    return bare, (*steps, names.UNMASKED) if bare != text and names.UNMASKED not in steps else steps


def _held(met: Iterable[Match], component: Component, signal: Signal, index: Index) -> Iterable[Match]:
    """What is met, without rules that name a component in other versions."""
    return (kept for found in met if (kept := held(found, component, signal, index))) if index.named else met


def held(found: Match, component: Component, signal: Signal, index: Index) -> Match | None:
    """What is met, unless it is a rule that names the component in other versions, or under another name."""
    return named.held(found, component, signal, index) if str(found.ref.block) in index.named else found


def without_echoes(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """The evidence without words of addresses where anything else ties the component to the vendor; else the first of them."""
    told = {item.vendor for item in evidence if not item.explanation.endswith(word.ECHO)}
    kept = []
    for item in evidence:
        if not item.explanation.endswith(word.ECHO):
            kept.append(item)
        elif item.vendor not in told:
            told.add(item.vendor)
            kept.append(item)
    return tuple(kept)


def _best(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """For each value and vendor the strongest evidence of its relation: one name in three spellings is one fact."""
    best: dict[tuple[str, str, str, str, str], Evidence] = {}
    for item in evidence:
        key = (item.vendor, item.signal, item.at, item.found, item.relation)
        if key not in best or _STRENGTHS.index(item.strength) > _STRENGTHS.index(best[key].strength):
            best[key] = item
    return tuple(best.values())


def evidence_of(signal: Signal, found: Match, index: Index, day: str) -> Evidence:
    """The evidence that a met value is. A business that had left the vendor's group by `day` counts as contributed.

    `day` is the component's own where it has one (day_of).
    """
    block = index.blocks[found.ref.block]
    sold = bool(block.until) and block.until <= day
    return Evidence(
        vendor=block.vendor,
        signal=block.signal,
        field=signal.field,
        at=signal.at,
        found=signal.value,
        expected=block.values[found.ref.value],
        strength=weakest(block.strength, found.weaken or "decisive", "supporting" if _guessed(found) else "decisive"),
        relation="contributed" if sold and block.relation == "made-by" else block.relation,
        folded=found.folded or _folded(signal),
        explanation="; ".join(part for part in (_who(block, index.vendor_names[block.vendor], sold), found.why) if part),
        confidence=block.confidence,
        sources=block.source,
    )


ESCAPED = "letters hidden in escapes undone"
"""The step of reading `%68uawei` or a CPE's `h\\uawei`: legal, and never needed."""

_ESCAPED_LETTER = r"%(?:3\d|[46][1-9A-Fa-f]|[57][0-9Aa])|\\[A-Za-z0-9]"


def _folded(signal: Signal) -> tuple[str, ...]:
    """The steps that a plain spelling of the value would not need; those of a party are told by its matcher."""
    if signal.kind == "party":
        return ()
    text = package_url.unversioned(signal.value) if signal.kind == "purl" and "url=" not in signal.value else signal.value
    escaped = (ESCAPED,) if ("%" in text or "\\" in text) and signal.kind in _ESCAPING and re.search(_ESCAPED_LETTER, text) else ()
    return (*escaped, *names.odd_steps(unquote(text) if signal.kind in _ESCAPING else text))


_ESCAPING = frozenset(("purl", "cpe", "url"))


def weakest(*strengths: str) -> str:
    """The least of the strengths."""
    return min(strengths, key=_STRENGTHS.index)


def _guessed(found: Match) -> bool:
    return not party.GUESSED.isdisjoint(found.folded)


def _who(block: Identity, vendor: str, sold: bool) -> str:
    """Who the value stands for, in words."""
    if sold:
        return f"{block.of or 'this business'} left the group of {vendor} on {block.until}"
    if block.until:
        return f"{block.of or 'this business'} belonged to the group of {vendor} until {block.until}"
    if block.of:
        return f"{block.of} ({block.kind})" if block.kind else block.of
    return f"{block.kind} name of {vendor}" if block.kind in ("legal", "native", "former") else ""


def vetoed(signal: Signal, found: Match, index: Index) -> bool:
    """Whether a false friend says that exactly this value is somebody else's."""
    block = index.blocks[found.ref.block]
    vetoes = index.vetoes.get(block.signal)
    if not vetoes:
        return False
    keys = {found.key, veto_key(block.signal, signal.value)}
    if block.signal == "domain":
        keys.update(domain.suffixes(found.key))
    if block.signal == "forge":
        keys.update(key for host, path in forge.accounts(signal) for key in ("/".join((host, *path[:2])), "/".join((host, *path[:1]))))
    if block.signal == "cpe":
        keys.update(platform.keys(signal.value))
    return any(block.vendor in vetoes.get(key, ()) for key in keys)
