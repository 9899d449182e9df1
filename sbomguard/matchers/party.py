"""Names of organisations in party fields: whole names, short brands among places and business words, distinctive words anywhere."""

import re
from collections.abc import Iterator
from itertools import product

from sbomguard import names
from sbomguard.matchers.index import Index
from sbomguard.matchers.match import Match, Ref
from sbomguard.model import Signal
from sbomguard.policy import Identity

TABLES = ("party",)
"""Tables of the index that are asked, up to their first full stop."""

JOINED = "separators inside a name dropped"
"""The step of reading `Hik Vision` as `Hikvision`."""

PARTED = "words glued together at capital letters and numbers"
"""The step of reading `HuaweiTechLabs` as three words."""

_MEMO = 10_000

GUESSED = frozenset((JOINED, names.UNMASKED, PARTED, names.UNESCAPED))
"""Steps of readings that are tried only where a name as it is written meets nobody, and that only support."""

LONGEST = 9
"""Most words that a distinctive name is looked for in."""

LETTERS = 3
"""Fewest single letters in a row that are read as a word written apart."""

ACCOUNT_MARKS = str.maketrans(".'", "  ")
"""In an account's name they part words; they spell no initials."""

_BRACKETS = r"[(<\[（]([^()<>\[\]（）]+)[)>\]）]"
_NUMBER = r"(?<=[a-z])(?=[0-9]{2})|(?<=[0-9]{2})(?=[A-Z])"  # `Tech2012` is two words, `OS2` one
_LIST = r"(?i)\s*[;|/\n]\s*|\s+-\s+|,\s+(?![^,]{0,4}\b(?:co|ltd|inc|llc|corp|limited)\b)"


def match(signal: Signal, index: Index) -> Iterator[Match]:
    """Vendors that the party's name, or a name in a list of parties, stands for; one name is on many components."""
    person = signal.role == "author" and not names.has_business_word(signal.value)
    known = index.met.setdefault(person, {})
    if (found := known.get(signal.value)) is None:
        if len(known) >= _MEMO:
            known.clear()
        found = known[signal.value] = tuple(_of_name(signal.value, person, index))
    return iter(found)


def _of_name(text: str, person: bool, index: Index) -> Iterator[Match]:
    seen: set[Ref] = set()
    for reading, short in readings(text, index, person):
        if not GUESSED.isdisjoint(reading.folded) and any(index.blocks[ref.block].strength != "mention" for ref in seen):
            return  # what is met as it is written needs no guess
        for found in _meet(reading, index, person, short):
            if found.ref not in seen:
                seen.add(found.ref)
                yield found
    if not person:
        yield from _mentioned(text, index, {index.blocks[ref.block].vendor for ref in seen})


def _mentioned(text: str, index: Index, met: set[str]) -> Iterator[Match]:
    """The vendors by whose name alone they are known, with other words around it (`by ZTE`), unless met otherwise; no namesakes."""
    for name, in_brackets in _parts(names.split_humps(text)):
        for word in name.tokens if not names.is_person_called(name) else ():
            refs = index.look_up("party.core", word) or (index.look_up("party.whole", word) if word in index.net else ())
            if not in_brackets or len(word) > BRAND:
                yield from (
                    Match(ref, name.key, name.folded, "mention", CONTAINED) for ref in refs if _is_main(index.blocks[ref.block], met)
                )


def _is_main(block: Identity, met: set[str]) -> bool:
    """Whether it is a name by which the vendor itself goes, and the vendor has not been met."""
    known = block.relation == "made-by" and block.strength == "decisive" and not block.until
    return known and block.kind in ("", "legal", "native", "brand") and block.vendor not in met


def _parts(text: str) -> Iterator[tuple[names.Name, bool]]:
    """The names outside and inside brackets."""
    yield from ((name, False) for name in names.alternatives(re.sub(_BRACKETS, " ", text)))
    yield from ((name, True) for part in re.findall(_BRACKETS, text) for name in names.alternatives(part))


BRAND = 4
"""Longest word that may abbreviate something else in brackets."""

CONTAINED = "the name contains it among other words"
"""Why a bare word in a longer name is no more than a mention."""


def readings(text: str, index: Index, person: bool) -> Iterator[tuple[names.Name, bool]]:
    """The whole text, the parts of a list in one string, what stands in brackets, words joined that are a vendor's word written
    apart, look-alikes in ASCII undone, words parted at capital letters, and escapes of other languages undone.

    The flag tells whether short brands may be met: not in brackets, where abbreviations of other things stand.
    """
    whole = names.alternatives(text)
    yield from ((name, True) for name in whole)
    bare = re.sub(_BRACKETS, " ", text)
    parts = [part for part in re.split(_LIST, bare) if part.strip()]
    if len(parts) > 1 or bare != text:
        yield from ((name, True) for part in parts for name in names.alternatives(part))
    yield from ((name, False) for part in re.findall(_BRACKETS, text) for name in names.alternatives(part))
    if not person:
        for name in whole:
            joined = join_spaced(name.tokens, index.joinable)
            if joined != name.tokens:
                yield names.Name(joined, (*name.folded, JOINED)), True
        unmasked = names.unmask(text, index.shapes)
        if all(unmasked.tokens != name.tokens for name in whole):
            yield unmasked, True
        for step, other in ((PARTED, re.sub(_NUMBER, " ", names.split_humps(text))), (names.UNESCAPED, names.unescape(text))):
            if other != text:
                name = names.normalise(other)
                yield names.Name(name.tokens, (*name.folded, step)), True


def _meet(name: names.Name, index: Index, person: bool, short: bool) -> Iterator[Match]:
    key = name.key
    for ref in index.look_up("party.whole", key) if short or " " in key or len(key) > 4 else ():
        yield Match(ref, key, name.folded)
    for ref in index.look_up("party.core", names.core(name)) if short else ():
        yield Match(ref, key, name.folded)
    for phrase in windows(name.tokens):
        if person and phrase != key and " " not in phrase:
            continue  # a given or family name of a person
        for ref in index.look_up("party.token", phrase):
            yield Match(ref, key, name.folded)
    for token in name.tokens:
        if not token.isascii() and names.is_cjk(token):
            yield from _cjk(token, name, index)


def _cjk(token: str, name: names.Name, index: Index) -> Iterator[Match]:
    for start, length in product(range(len(token)), index.lengths.get("party.cjk", ())):
        for ref in index.look_up("party.cjk", token[start : start + length]):
            yield Match(ref, name.key, name.folded)


def windows(tokens: tuple[str, ...]) -> Iterator[str]:
    """Every run of adjacent words, as one string."""
    for start in range(len(tokens)):
        for end in range(start + 1, min(len(tokens), start + LONGEST) + 1):
            yield " ".join(tokens[start:end])


def join_spaced(tokens: tuple[str, ...], known: frozenset[str]) -> tuple[str, ...]:
    """Adjacent pieces that together spell a known word, joined: ('hik', 'vision') -> ('hikvision',); single letters in any number.

    Three and more single letters are joined whatever they spell: ('d', 'j', 'i') -> ('dji',).
    """
    result: list[str] = []
    start = 0
    while start < len(tokens):
        end = _joined_end(tokens, start, known)
        result.append("".join(tokens[start:end]))
        start = end
    return tuple(result)


def _joined_end(tokens: tuple[str, ...], start: int, known: frozenset[str]) -> int:
    piece = tokens[start]
    for end in range(start + 1, min(len(tokens), start + 12)):
        piece += tokens[end]
        if piece in known:
            return end + 1
        if len(piece) > 24:
            break
    end = start
    while end < len(tokens) and len(tokens[end]) == 1 and tokens[end].isascii() and tokens[end].isalpha():
        end += 1
    return end if end - start >= LETTERS else start + 1
