"""The net under the fields: vendors' names anywhere in the bytes of a document, held against the values that were read."""

import re
from collections.abc import Collection, Iterable, Iterator
from html import unescape

from ahocorasick_rs import BytesAhoCorasick, MatchKind
from msgspec import Struct

from sbomguard.matchers.index import Index
from sbomguard.model import Component

BRAND = 4
"""Longest word that must stand by itself: `zte` is inside aztec. One of BRAND + 1 letters may go on, a longer one may stand anywhere."""

_PIECE = 1 << 18
"""Bytes that are brought to lower case and scanned at a time: they stay in the processor's cache."""

_AROUND = 600
"""Most bytes to each side of a name that belong to the text it stands in."""

_SHOWN = 60
_TAGS = 4
_NO_TEXT = rb"[\"<>\x00-\x1f]"
_NO_RUN = r"[^\w.@+-]+"
_BETWEEN = r"[\W_]+"
_JSON_ESCAPE = r"\\u([0-9a-f]{4})"
_ESCAPES = (
    *(f"\\u{digits}".encode() for digits in "004 005 006 007 03 04 05 06 0e 3 4 5 6 7 8 9 a b c d".split()),  # letters that names have
    b"&#",
)


class Mention(Struct, frozen=True, kw_only=True):
    """A vendor's name where no field was read: `text` around the first one, its bytes from `start` to `end`, and how many there are."""

    vendor: str
    word: str
    text: str
    start: int
    end: int
    number: int


class _Hit(Struct, frozen=True, gc=False):
    """A name in the bytes from `start` to `end`; `text` is what it stands in, lower case, escapes undone, and `at` where in it."""

    word: str
    text: str
    at: int
    start: int
    end: int


def mentions(data: bytes, components: Iterable[Component], index: Index, vendors: Collection[str]) -> tuple[Mention, ...]:
    """The vendors, of those given, who are named in the bytes (UTF-8) where no value of a component was read.

    Escapes of JSON and XML are undone. A name is told by a value if it stands in the same text, or in the same longer word, as paths and
    refs repeat them. Sorted by vendor, one for each.
    """
    words = {word: owners for word, owners in index.net.items() if not set(owners).isdisjoint(vendors)}
    hits = [hit for hit in _find(data, words) if not _is_friend(hit, index)]
    told = _told({hit.word for hit in hits}, components) if hits else {}
    silent = [hit for hit in hits if not _is_told(hit, told[hit.word])]
    owners = {vendor for hit in silent for vendor in words[hit.word]}
    return tuple(_mention(vendor, [hit for hit in silent if vendor in words[hit.word]]) for vendor in sorted(owners.intersection(vendors)))


def _mention(vendor: str, hits: list[_Hit]) -> Mention:
    first = min(hits, key=lambda hit: hit.start)
    shown = first.text[max(0, first.at - _SHOWN) : first.at + _SHOWN].strip()
    return Mention(vendor=vendor, word=first.word, text=shown, start=first.start, end=first.end, number=len(hits))


# ---- names in bytes


def _find(data: bytes, words: Collection[str]) -> Iterator[_Hit]:
    """Every name that stands by itself, as far as its length asks for that."""
    plain = {word.encode(): word for word in words if word.isascii()}
    native = {} if data.isascii() else _native(data, words)
    seen: set[int] = set()
    for forms, start, end in _scan(data, [plain, native, dict.fromkeys(_ESCAPES if words else (), "")]):
        if word := forms.get(data[start:end].lower()):
            if hit := _plain_hit(word, data, start, end):
                yield hit
        else:
            yield from _escaped_hits(data, start, words, seen)


def _native(data: bytes, words: Collection[str]) -> dict[bytes, str]:
    """The spellings of names in other scripts; none of a script of which not even the first byte of a letter is there."""
    cased = {form.encode(): word for word in words if not word.isascii() for form in (word, word.capitalize(), word.upper())}
    there = {lead for lead in {form[:1] for form in cased} if lead in data}
    return {form: word for form, word in cased.items() if form[:1] in there}


def _scan(data: bytes, groups: list[dict[bytes, str]]) -> Iterator[tuple[dict[bytes, str], int, int]]:
    """Where the keys of each group stand in the bytes, in whatever case; groups of few keys are looked for fastest."""
    groups = [forms for forms in groups if forms]
    automata = [BytesAhoCorasick(list(forms), matchkind=MatchKind.LeftmostFirst) for forms in groups]  # this kind skips over bytes
    overlap = max((len(form) for forms in groups for form in forms), default=0)
    for base in range(0, len(data), _PIECE):
        piece = data[base : base + _PIECE + overlap].lower()
        for forms, automaton in zip(groups, automata, strict=True):
            for _, start, end in automaton.find_matches_as_indexes(piece):
                if start < _PIECE:
                    yield forms, base + start, base + end


def _plain_hit(word: str, data: bytes, start: int, end: int) -> _Hit | None:
    first, last = _text_around(data, start, end)
    before = data[first:start].decode("utf-8", "replace").lower()
    text = before + data[start:last].decode("utf-8", "replace").lower()
    return _Hit(word, text, len(before), start, end) if _stands(word, text, len(before)) else None


def _text_around(data: bytes, start: int, end: int) -> tuple[int, int]:
    """The span of the text that the bytes stand in: up to a quotation mark, an angle bracket or a control character."""
    left = data[max(0, start - _AROUND) : start]
    behind = max((match.end() for match in re.finditer(_NO_TEXT, left)), default=0)
    stop = re.compile(_NO_TEXT).search(data, end, end + _AROUND)
    return start - len(left) + behind, stop.start() if stop else min(len(data), end + _AROUND)


def _escaped_hits(data: bytes, at: int, words: Collection[str], seen: set[int]) -> Iterator[_Hit]:
    """The names in a text with an escape, once for each text; those that are there without the escapes too are found as they are."""
    start, end = _text_around(data, at, at + 1)
    if start in seen:
        return
    seen.add(start)
    raw = data[start:end].decode("utf-8", "replace").lower()
    text = unescape(re.sub(_JSON_ESCAPE, lambda match: chr(int(match.group(1), 16)), raw)).lower()
    for word in words:
        if word in text and word not in raw and _stands(word, text, text.find(word)):
            yield _Hit(word, text, text.find(word), start, end)


def _stands(word: str, text: str, at: int) -> bool:
    """Whether the word is one there, and no accidental part of another."""
    if not word.isascii() or len(word) > BRAND + 1:
        return True
    if text[at - 1 : at].isalnum():
        return False
    return len(word) > BRAND or not text[at + len(word) : at + len(word) + 1].isalnum()


def _is_friend(hit: _Hit, index: Index) -> bool:
    """Whether a false friend of the vendor's file stands there: somebody else of that name."""
    around = f" {' '.join(re.split(_BETWEEN, hit.text[max(0, hit.at - _SHOWN) : hit.at + _SHOWN]))} "
    friends = (key for signal in ("party", "word") for key in index.vetoes.get(signal, {}) if hit.word in key)
    return any(f" {key} " in around for key in friends)


# ---- what the fields told


def _told(words: Collection[str], components: Iterable[Component]) -> dict[str, frozenset[str]]:
    """For each word the values with it that were read, as `_plain` has them, and the longer words in them; with what repeats values:
    refs, and names with versions."""
    told: dict[str, set[str]] = {word: set() for word in words}
    for component in components:
        values = _values(component)
        for word in words if any(map(values.__contains__, words)) else ():
            read = [value for value in values.split("\n") if word in value]
            if read:
                repeated = (component.ref, component.purl, f"{component.name} {component.version}")
                told[word] |= {_plain(text) for text in (*read, *repeated) if word in text.lower()}
                told[word] |= {run for value in read for run in _runs(value, word)}
    return {word: frozenset(values) for word, values in told.items()}


def _values(component: Component) -> str:
    """All values that were read of a component, a line each, in lower case."""
    if component.text:
        return "\n".join((component.text, *component.party_texts())).lower()
    return "\n".join(signal.value for signal in component.signals).lower()


def _runs(text: str, word: str) -> set[str]:
    """The longer words that hold the word."""
    return {plain for run in re.split(_NO_RUN, text) if word in run and (plain := _plain(run)) != word}


def _is_told(hit: _Hit, told: frozenset[str]) -> bool:
    """Whether the name is all there is of its text, without a tag before it, and was read so; or is part of a longer value that was."""
    before = re.sub(_BETWEEN, " ", hit.text[: hit.at])
    text = f" {before.lstrip()}{re.sub(_BETWEEN, ' ', hit.text[hit.at :])} "
    at = 1 + len(before.lstrip())
    tags = [match.end() for match in re.finditer(r":\s*", hit.text[: hit.at])][:_TAGS]
    if any(_plain(hit.text[start:]) in told for start in (0, *tags)):
        return True
    return any(_covers(value, hit.word, text, at) for value in told if value != hit.word)


def _covers(value: str, word: str, text: str, at: int) -> bool:
    """Whether the value stands in the text with its word at that place, and nothing glued to it."""
    start = at - value.find(word)
    end = start + len(value)
    return text[start:end] == value and not text[start - 1].isalnum() and not text[end].isalnum()


def _plain(text: str) -> str:
    """Letters and digits in lower case, one space for all between."""
    return re.sub(_BETWEEN, " ", text.lower()).strip()
