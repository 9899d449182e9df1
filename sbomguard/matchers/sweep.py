"""One pass over all values that leaves only the components that can meet a vendor: its cost grows with neither vendors nor aliases."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from unicodedata import normalize

from sbomguard.matchers.index import AFFIXES, Index
from sbomguard.model import FCC_MARK, Component, Signal
from sbomguard.names import APOSTROPHES, LONG_S, shape, split_humps, strip_signs

_WORDS = bytes(code if chr(code).isalnum() and code < 128 else 32 for code in range(256)).lower()
_MARKS = "[\u0300-\u036f]"
_LATIN = str.maketrans({"ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ß": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe"})
_HIDDEN = r"%(?:25|[01][0-9A-Fa-f]|3\d|[46][1-9A-Fa-f]|[57][0-9Aa]|[89A-Fa-f])|\\[A-Za-z0-9]"
"""A letter, digit or percent sign in percent-encoding, or a backslash before a letter: legal, never needed, and a way to hide a name."""

_PUNCTUATION = ("%2B", "%40", "%2F", "%3A")
"""Escapes that purls are full of; they hide no letter."""

_PIECE = 1 << 17
_ESCAPES = rb"%[0-9A-Fa-f]{2}"
_INITIALS = r"(?:\b[A-Za-z01]\.){3}"
_LETTERS = r"(?<![^\W_])[A-Za-z](?:[\W_]+[A-Za-z]){2}(?![^\W_])"
_LOWER = bytes(range(256)).lower()
_CONTROLS = bytes(code for code in (*range(1, 32), 127) if code != 10)  # texts are parted by NUL, values by line feeds
_NO_LETTER = bytes(code for code in range(1, 128) if not chr(code).isalnum())


def suspects(components: Iterable[Component], index: Index) -> list[Component]:
    """The components whose values could meet a vendor, in order: those that hold a word of the index, or a party that meets one.

    A component with a value that is not plain ASCII, or that hides letters in percent escapes, is always left in.
    """
    items = tuple(components)
    left = _holding(_with_humps([item.text or _text_of(item) for item in items], [item.name for item in items]), index)
    parties = [item.party_texts() for item in items]
    makers = _suspect_parties(list({text for texts in parties for text in texts}), index)
    if makers:
        left.update(number for number, texts in enumerate(parties) if not makers.isdisjoint(texts))
    return [items[number] for number in sorted(left)]


def _with_humps(texts: list[str], names: list[str]) -> list[str]:
    """The texts, each with its name's camel-case humps apart where it has any."""
    return [
        text if name.islower() or (humps := split_humps(name)) == name else f"{text}\n{humps}"
        for text, name in zip(texts, names, strict=True)
    ]


def _text_of(item: Component) -> str:
    return "\n".join(map(_line, (signal for signal in item.signals if signal.kind != "party")))


def _line(signal: Signal) -> str:
    if signal.kind in ("fcc-id", "hardware-id"):
        return f"{FCC_MARK} {signal.value}"
    if signal.kind == "purl":
        return signal.value.replace("\n", "")
    return f"{signal.value}\n{split_humps(signal.value)}" if signal.kind == "name" else signal.value


def _suspect_parties(texts: list[str], index: Index) -> set[str]:
    """The party texts that hold a word of the index, also apart (`H. I. K. Vision`), or are spelled in initials or single letters."""
    signs = any(map("".join(texts).__contains__, "'’`´"))
    plain, odd = _plain([text.translate(APOSTROPHES) for text in texts] if signs else texts)
    found = {texts[number] for number in odd | _holding(_with_humps(plain, plain), index)}
    blob = "\0".join(plain)
    pieces = _pieces(blob)
    apart = [word for word in index.joinable if _spelled(word, pieces)]
    rows = zip(texts, ("".join(filter(str.isalnum, text.lower())) for text in plain), strict=True) if apart else ()
    found.update(text for text, letters in rows if any(word in letters for word in apart))
    if re.search(_LETTERS, blob):
        found.update(text for text, spelled in zip(texts, plain, strict=True) if re.search(_LETTERS, spelled))
    found.update(text for text in texts if "|" in text or "&" in text)  # a bar may part names, or stand for an l; an & begin an escape
    if masked := {piece for piece in pieces if index.shapes.get(shape(piece), piece) != piece}:  # they only look like a word of a name
        found.update(text for text, spelled in zip(texts, plain, strict=True) if not masked.isdisjoint(_pieces(spelled)))
    dotted = ((text, spelled) for text, spelled in zip(texts, plain, strict=True) if spelled.count(".") > 2)
    return found.union(text for text, spelled in dotted if re.search(_INITIALS, spelled))


def _pieces(text: str) -> set[str]:
    """The words of a plain text."""
    return set(text.encode().translate(_WORDS).decode().split())


def _spelled(word: str, pieces: set[str]) -> bool:
    """Whether the word can be put together from pieces."""
    ends = [0]
    for end in range(1, len(word) + 1):
        if any(word[start:end] in pieces for start in ends):
            ends.append(end)
    return ends[-1] == len(word)


def _holding(texts: list[str], index: Index) -> set[int]:
    """The numbers of the texts that hold a word of the index, or cannot be swept as plain words."""
    texts, left = _plain(texts)
    blob = "\0".join(texts)
    for escape in _PUNCTUATION:
        blob = blob.replace(escape, "   ")
    swept = blob.encode("ascii")
    if "%" in blob or "\\" in blob:
        if re.search(_HIDDEN, blob):
            left.update(number for number, text in enumerate(texts) if re.search(_HIDDEN, text))
        swept = re.sub(_ESCAPES, b"   ", swept)
    if len(swept.translate(None, _CONTROLS)) < len(swept):
        left.update(number for number, text in enumerate(texts) if not text.replace("\n", "").isprintable())
    swept = b" %b " % swept.translate(_WORDS)  # so that each word stands between spaces
    hits = _hits(_words(swept), index)
    if hits:
        ends = list(accumulate(len(text) + 1 for text in texts))
        for word, others in hits:
            left |= _lines_with(word, others, swept, ends)
    return left


def _words(swept: bytes) -> set[bytes]:
    """The words of a text, piece by piece: a list of all words of a large document would be as large as the document."""
    words, start = set[bytes](), 0
    while start < len(swept):
        end = swept.find(b" ", start + _PIECE) % (len(swept) + 1)
        words.update(swept[start:end].split())
        start = end
    return words


def _plain(texts: list[str]) -> tuple[list[str], set[int]]:
    """The texts in plain ASCII, accents dropped, and the numbers of those that cannot be had so, which are blank."""
    blob = "\0".join(texts)
    if blob.isascii() and blob.count("\0") < max(len(texts), 1):
        return texts, set()
    folded = list(texts)
    odd = [number for number, text in enumerate(texts) if not text.isascii() or "\0" in text]
    joined = "\0".join(texts[number].replace("\0", "\N{SNOWMAN}") for number in odd)
    spread = re.sub(_MARKS, "", normalize("NFKD", strip_signs(joined)).translate(_LATIN)).split("\0")
    left = set()
    for number, text in zip(odd, spread, strict=True):
        certain = text.isascii() and LONG_S not in texts[number]
        folded[number] = text if certain else ""
        if not certain:
            left.add(number)
    return folded, left


_Needed = tuple[tuple[bytes, ...], ...]


def _hits(words: set[bytes], index: Index) -> list[tuple[bytes, _Needed]]:
    """The words that may begin a meeting, each with the sets of other words of which one must stand beside it."""
    known = {word.encode(): others for word, others in index.words.items()} | dict.fromkeys(map(str.encode, index.masks), ((),))
    found = []
    for word in words & known.keys():
        groups = (tuple(map(str.encode, group)) for group in known[word])
        if there := tuple(group for group in groups if words.issuperset(group)):
            found.append((word, there))
    return found + [(word, ((),)) for word in _with_stub(words, index.stubs)]


def _with_stub(words: set[bytes], stubs: frozenset[str]) -> set[bytes]:
    """The words that begin with a stub, also behind an affix."""
    known = {stub.encode() for stub in stubs}
    heads = {stub[:2] for stub in known}
    found = _beginning(((word, word) for word in words if word[:2] in heads), known)
    for affix in map(str.encode, AFFIXES):
        found |= _beginning(((word, word[len(affix) :]) for word in words if word.startswith(affix)), known)
    return found


def _beginning(words: Iterable[tuple[bytes, bytes]], stubs: set[bytes]) -> set[bytes]:
    lengths = sorted(set(map(len, stubs)))
    return {word for word, rest in words if any(rest[:length] in stubs for length in lengths)}


def _lines_with(word: bytes, others: _Needed, swept: bytes, ends: list[int]) -> set[int]:
    """The numbers of the lines that hold the word and one of the sets of other words."""
    found = set()
    whole = b" %b " % word
    at = swept.find(whole)
    while at >= 0:
        line = bisect_right(ends, at)  # the space before the first line makes up for that before the word
        end = ends[line]
        start = ends[line - 1] if line else 0
        if not others[0] or any(map(set(swept[start + 1 : end + 1].split()).issuperset, others)):
            found.add(line)
        at = swept.find(whole, end)
    return found
