"""The net under the fields: vendors' names anywhere in the bytes of a document, held against the values that were read."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from itertools import product

from msgspec import Struct

from sbomguard.marks import automaton, holds
from sbomguard.matchers.index import AFFIXES, Index
from sbomguard.model import Component

MOST = 1000
"""So many mentions of a vendor are counted; that there are more says nothing more."""

BRAND = 4
"""Longest word that must stand by itself."""

PIECE = 1 << 18
"""Bytes that are brought to lower case and scanned at a time: they stay in the processor's cache."""

_AROUND = 400
"""Most bytes to each side of a name that belong to the text it stands in."""

_SHOWN = 60
_TAGS = 4
BEGINNING = 4
"""Bytes at the beginning of keys by which the search skips over others; shorter ones are looked for apart."""

_JOINED = 8
"""Shortest name of several words that is known with nothing between them: other words look like shorter ones."""

_REACH = 100
"""Most bytes to each side of its key that a name takes, blanks and escapes included."""

_WORDS = 8
"""Words of a value to each side of the name, itself included, by which it is known where it is part of a text."""

_BORDERS = (b'"', b"<", b">", b"\n", b"\t", b"\r", b"\0")
_NO_TEXT = rb"\\u[0-9A-Fa-f]{4}|\\.|[\"\\<>\x00-\x1f]"
_RUN = r"[\w.@+-]*"
_NO_RUN = r"[^\w.@+-]+"
_BETWEEN = r"[\W_]+"
_BLANKS = "(?:\u00a0|\u3000|" r"\s|\\+[fnrt]|\\u(?:000[9acd]|0020|00a0|3000)){1,50}"
_MARKS = r"[-_]+|[./]|\\+/?|\\u(?:002[def]|201[0-5])|" + "|".join(map(chr, range(0x2010, 0x2016)))
_JSON_ESCAPE = r"\\u([0-9a-fA-F]{4})"
_LETTERS = tuple(f"\\u00{digit}".encode() for digit in "4567")
_REFERENCES = (b"&#",)


class Mention(Struct, frozen=True, kw_only=True):
    """A vendor's name where no field was read: `text` around the first one, its bytes from `start` to `end`, and how many
    there are, up to MOST."""

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


def mentions(
    data: bytes, components: Iterable[Component], index: Index, vendors: Collection[str], met: Collection[tuple[str, str]],
    foreign: Iterable[bytes] | None = None, escaped: bool | None = None,
) -> tuple[Mention, ...]:  # fmt: skip
    """The vendors, of those given, who are named in the bytes (UTF-8) where no value of a component was read and judged.

    `foreign` are the pieces of the bytes that are not all ASCII, `escaped` whether JSON has escapes, if that is known. Escapes of JSON and
    XML are undone. Judged are all values of components in `met` (pointer, vendor), and names and parties of others. A name is told by a
    value if it stands in the same text, or in the same longer word, as paths and refs repeat them. Sorted by vendor, one for each.
    """
    words = _distinct({word: owners for word, owners in index.net.items() if any(owner in vendors for owner in owners)})
    sought = {word: index.sought[word] for word in words}
    found = list(_find(data, sought, (data,) if foreign is None else foreign, escaped))
    told = _told({word: words[word] for word, *_ in found}, components, met) if found else {}
    vetoes = {key for signal in ("party", "word") for key in index.vetoes.get(signal, {})}
    friends = {word: [key for key in vetoes if word in key] for word in told}
    first: dict[str, _Hit] = {}
    numbers: Counter[str] = Counter()
    for word, start, end in found:
        owners = [vendor for vendor in words[word] if vendor in vendors and numbers[vendor] < MOST]
        hit = _hit(word, data, start, end) if owners else None
        if hit and not _is_friend(hit, friends[word]) and not _is_told(hit, told[word]):
            for vendor in owners:
                first[vendor] = min(first.get(vendor, hit), hit, key=lambda item: item.start)
                numbers[vendor] += 1
    return tuple(_mention(vendor, first[vendor], numbers[vendor]) for vendor in sorted(first))


def _mention(vendor: str, first: _Hit, number: int) -> Mention:
    shown = first.text[max(0, first.at - _SHOWN) : first.at + _SHOWN].strip()
    return Mention(vendor=vendor, word=first.word, text=shown, start=first.start, end=first.end, number=number)


# ---- names in bytes


def _find(data: bytes, words: dict[str, str], foreign: Iterable[bytes], escaped: bool | None) -> Iterator[tuple[str, int, int]]:
    """Every name and its span, in rising order of pieces; of a name that shows only when escapes are undone the span of its text. The names
    come with what is looked for of each."""
    known, cased = _by_key(tuple(words.items()))
    plain, short = ({key.encode(): key for key in known if key.isascii() and (len(key) < BEGINNING) is few} for few in (False, True))
    native = _present({form.encode(): key for form, key in cased.items()}, foreign)
    is_xml = data.lstrip()[:1] == b"<"
    is_coded = words and (is_xml or (holds(data, b"\\u") if escaped is None else escaped))
    by_number = {_escape(form): key for form, key in cased.items()} if is_coded and not is_xml else {}
    escapes = dict.fromkeys(_REFERENCES if is_xml else _LETTERS, "") if is_coded else {}
    undone = 0
    for forms, start, end in _scan(data, [plain, short, native, escapes], by_number):
        if key := forms.get(data[start:end].lower()):
            if found := _with_key(key, known[key], data, start, end):
                yield found
        elif start >= undone:  # one text may be full of escapes
            begin, undone = _span(data, start, start + 1)
            raw = data[begin:undone].decode("utf-8", "replace").lower()
            text = _undo(raw)
            yield from ((word, begin, undone) for word in words if _count(word, text) > _count(word, raw))


def _distinct(words: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The names without those that are another one of the same vendors with nothing between its words."""
    joined = {_joined(word): owners for word, owners in words.items() if " " in word}
    return {word: owners for word, owners in words.items() if len(word) < _JOINED or joined.get(word) != owners}


def _joined(word: str) -> str:
    return word.replace(" ", "")


@lru_cache(maxsize=16)
def _by_key(words: tuple[tuple[str, str], ...]) -> tuple[dict[str, list[str]], dict[str, str]]:
    """The names by what is looked for, longer ones first; no key begins with another, which would hide it. And the keys beyond ASCII by
    all forms in which they are looked for."""
    keys = dict(sorted(words, key=lambda item: (-len(_joined(item[0])), " " in item[0])))
    all_keys = set(keys.values())
    known: dict[str, list[str]] = {}
    for word, key in keys.items():
        known.setdefault(next(key[:end] for end in range(1, len(key) + 1) if key[:end] in all_keys), []).append(word)
    return known, {form: key for key in known if not key.isascii() for form in map("".join, product(*map(forms_of, key)))}


def forms_of(sign: str) -> tuple[str, ...]:
    """A letter beyond ASCII in both cases if it has them; the search of bytes folds ASCII itself."""
    return (sign,) if sign.isascii() or sign == sign.upper() else (sign, sign.upper())


def _with_key(key: str, words: list[str], data: bytes, start: int, end: int) -> tuple[str, int, int] | None:
    """The first of those names, with its span, of which what stands there is the key."""
    if words == [key]:
        return key, start, end
    for word in words:
        spelling = _in_bytes(word)
        if word.startswith(key):
            match = spelling.match(data, start)
        else:
            around = spelling.finditer(data, max(0, start - _REACH), end + _REACH)
            match = next((match for match in around if match.start() <= start < match.end()), None)
        if match:
            return word, *match.span()
    return None


def _spelling(word: str) -> str:
    """A pattern of the name in any case, its letters beyond ASCII as they are or in escapes of JSON, with what may stand between its
    words."""
    between = f"(?:{_BLANKS}|{_MARKS}){'?' * (len(_joined(word)) >= _JOINED)}"
    return between.join("".join(map(_letter, part)) for part in word.split())


def _letter(sign: str) -> str:
    if sign.isascii():
        return re.escape(sign)
    return f"(?:{'|'.join(re.escape(text) for form in forms_of(sign) for text in (form, _escape(form).decode()))})"


@cache
def _in_text(word: str) -> re.Pattern[str]:
    return re.compile(_spelling(word), re.IGNORECASE)


@cache
def _in_bytes(word: str) -> re.Pattern[bytes]:
    return re.compile(_spelling(word).encode(), re.IGNORECASE)


def _in_one_spelling(word: str, text: str) -> str:
    """The text, lower case, with the name as it is looked up wherever it is spelt otherwise."""
    return _in_text(word).sub(word, text) if " " in word else text


def _count(word: str, text: str) -> int:
    return _in_one_spelling(word, text).count(word)


def _present(forms: dict[bytes, str], foreign: Iterable[bytes]) -> dict[bytes, str]:
    """The spellings of which at least the first byte is there: most documents hold no letter of most scripts, and few of any but Latin."""
    there, missing = set[bytes](), {form[:1] for form in forms}
    for piece in foreign:
        there.update([lead for lead in missing if lead in piece])
        missing -= there
    return {form: word for form, word in forms.items() if form[:1] in there}


def _scan(data: bytes, groups: list[dict[bytes, str]], rare: dict[bytes, str]) -> Iterator[tuple[dict[bytes, str], int, int]]:
    """Where the keys of each group stand in the bytes, in whatever case; groups of few keys are looked for fastest, and longer keys apart
    from short ones: the search goes by as many bytes as the shortest has. Those of `rare`, many that begin alike, are only looked for in
    pieces that have the beginning of one."""
    always = [(forms, automaton(forms)) for forms in groups if forms]
    sometimes = cache(lambda: [(rare, automaton(rare))])
    sign = automaton({form[:BEGINNING] for form in rare})
    overlap = max((len(form) for forms in (*groups, rare) for form in forms), default=0)
    for base in range(0, len(data), PIECE):
        piece = data[base : base + PIECE + overlap].lower()
        for forms, finder in (*always, *sometimes()) if rare and sign.find_matches_as_indexes(piece) else always:
            for _, start, end in finder.find_matches_as_indexes(piece):
                if start < PIECE:
                    yield forms, base + start, base + end


def _span(data: bytes, start: int, end: int) -> tuple[int, int]:
    """The span of the text that the bytes stand in: up to a quotation mark, an angle bracket or white space other than a blank."""
    first, last = max(0, start - _AROUND), min(len(data), end + _AROUND)
    stops = [at for at in (data.find(border, end, last) for border in _BORDERS) if at >= 0]
    return max(first, *(data.rfind(border, first, start) + 1 for border in _BORDERS)), min(stops, default=last)


def _text_around(data: bytes, start: int, end: int) -> tuple[int, int]:
    """As `_span`, and no further than an escape, which may stand for any of those."""
    first, last = _span(data, start, end)
    if b"\\" in data[first:last]:
        first += max((match.end() for match in re.finditer(_NO_TEXT, data[first:start])), default=0)
        last = next((match.start() for match in re.compile(_NO_TEXT).finditer(data, end, last)), last)
    return first, last


@cache
def _escape(text: str) -> bytes:
    """The text with all but ASCII in escapes of JSON (RFC 8259 clause 7), in lower case."""
    return "".join(sign if sign.isascii() else "".join(map("\\u{:04x}".format, _halves(ord(sign)))) for sign in text).encode()


def _halves(code: int) -> tuple[int, ...]:
    """A character beyond 16 bits as the two surrogates that JSON escapes write for it."""
    return (code,) if code < 0x10000 else (0xD7C0 + (code >> 10), 0xDC00 + (code & 0x3FF))


def _undo(text: str) -> str:
    """The text without the escapes of JSON and XML, in lower case."""
    from html import unescape

    plain = re.sub(_JSON_ESCAPE, lambda match: chr(int(match.group(1), 16)), text)
    if not plain.isascii():  # letters beyond 16 bits are written as two halves
        plain = plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return unescape(plain).lower()


def _hit(word: str, data: bytes, start: int, end: int) -> _Hit | None:
    """The name with the text around it, if it stands there by itself as far as its length asks for that."""
    found = data[start:end].decode("utf-8", "replace").lower()
    if found == word or _in_text(word).fullmatch(_undo(found)):
        first, last = _text_around(data, start, end)
        before = data[first:start].decode("utf-8", "replace").lower()
        text, at = before + word + data[end:last].decode("utf-8", "replace").lower(), len(before)
        return _Hit(word, text, at, start, end) if _stands(word, text, at) else None
    text = _in_one_spelling(word, _undo(found))
    places = (match.start() for match in re.finditer(re.escape(word), text))
    return next((_Hit(word, text, at, start, end) for at in places if _stands(word, text, at)), None)


def _stands(word: str, text: str, at: int) -> bool:
    """Whether the word begins there, also behind an affix, and goes on only if it is long: `zte` is inside aztec, `lechange` in
    VariableChange."""
    if not word.isascii():
        return True
    before = next(iter(re.findall(r"[^\W_]+$", text[:at])), "")
    if len(word) <= BRAND and text[at + len(word) : at + len(word) + 1].isalnum():
        return False
    return not before or before.isdigit() or (len(word) > BRAND and before in AFFIXES)


def _is_friend(hit: _Hit, friends: Collection[str]) -> bool:
    """Whether a false friend stands there: somebody else of that name."""
    if not friends:
        return False
    around = f" {_plain(hit.text[max(0, hit.at - _SHOWN) : hit.at + _SHOWN])} "
    return any(f" {key} " in around for key in friends)


# ---- what the fields told


def _told(
    words: Mapping[str, tuple[str, ...]], components: Iterable[Component], met: Collection[tuple[str, str]]
) -> dict[str, frozenset[str]]:
    """For each word the values with it that were judged, as `_plain` has them, and the longer words in them; with what repeats values:
    refs, and names with versions."""
    told: dict[str, set[str]] = {word: set() for word in words}
    pointers = {pointer for pointer, _ in met}
    for component in _naming(tuple(components), pointers, {word.partition(" ")[0] for word in words}):
        named = "\n".join((component.name, *component.party_texts())).lower()
        values = _values(component) if component.pointer in pointers else named
        for word in words:
            is_met = any((component.pointer, vendor) in met for vendor in words[word])
            read = [value for text in (values if is_met else named).split("\n") if word in (value := _in_one_spelling(word, text))]
            if read:
                texts = (component.ref, component.purl, f"{component.name} {component.version}")
                repeated = (_in_one_spelling(word, text.lower()) for text in texts)
                told[word] |= {_plain(text) for text in (*read, *repeated) if word in text}
                told[word] |= {run for value in read for run in _runs(value, word)}
    return {word: frozenset(values) for word, values in told.items()}


def _naming(components: tuple[Component, ...], met: Collection[str], words: Iterable[str]) -> Iterator[Component]:
    """The components of which a name or a party holds one of the words, and those at pointers in `met`."""
    search = re.compile("|".join(map(re.escape, words))).search
    parties = {component.party_texts() for component in components}
    telling = {texts for texts in parties if search("\n".join(texts).lower())}
    for component in components:
        if component.pointer in met or search(component.name.lower()) or component.party_texts() in telling:
            yield component


def _values(component: Component) -> str:
    """All values that were read of a component, a line each, in lower case."""
    if component.text:
        return "\n".join((component.text, *component.party_texts())).lower()
    return "\n".join(signal.value for signal in component.signals).lower()


def _runs(text: str, word: str) -> set[str]:
    """The longer words that hold the word."""
    one = word.replace(" ", "-")
    return {plain for run in re.split(_NO_RUN, text.replace(word, one)) if one in run and (plain := _plain(run)) != word}


def _is_told(hit: _Hit, told: frozenset[str]) -> bool:
    """Whether the name is all there is of its text, without a tag before it, and was judged so; or is part of a longer value that was."""
    run_on = _run_on()
    before, behind = run_on(hit.text[: hit.at][::-1]), run_on(hit.text, hit.at + len(hit.word))
    assert before is not None
    assert behind is not None
    if (run := _plain(before.group()[::-1] + hit.word + behind.group())) != hit.word and run in told:
        return True  # nearly always
    return any(value in told for value in _readings(hit))


@cache
def _run_on() -> Callable[..., re.Match[str] | None]:
    """Matches what goes on with a word, which may be nothing."""
    return re.compile(_RUN).match


def _readings(hit: _Hit) -> Iterator[str]:
    """The text as a value, also without tags before it, and every run of words around the name."""
    tags = [match.end() for match in re.finditer(r":\s*", hit.text[: hit.at])][:_TAGS]
    yield from (_plain(hit.text[start:]) for start in (0, *tags))
    before, behind = _plain(hit.text[: hit.at]).split(), _plain(hit.text[hit.at :]).split()
    if hit.at and hit.text[hit.at - 1].isalnum():
        behind[0] = before.pop() + behind[0]
    number = len(before)
    words = before + behind
    for start in range(number, max(-1, number - _WORDS), -1):
        for end in range(number + 1, min(len(words), number + _WORDS) + 1):
            if (value := " ".join(words[start:end])) != hit.word:
                yield value


def _plain(text: str) -> str:
    """Letters and digits in lower case, one space for all between."""
    return _between()(" ", text.lower()).strip()


@cache
def _between() -> Callable[[str, str], str]:
    return re.compile(_BETWEEN).sub
