"""One pass over all values that leaves only the components that can meet a vendor: its cost grows with neither vendors nor aliases."""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from sbomguard import purl as package_url
from sbomguard.marks import automaton, holds, places
from sbomguard.matchers.index import AFFIXES, STUBS, Index
from sbomguard.model import FCC_MARK, Component, Signal
from sbomguard.names import APOSTROPHES, LONG_S, shape, split_humps, strip_signs
from sbomguard.party import without_addresses
from sbomguard.weburl import SIBLINGS


def _table(digits: bytes, upper: bytes, lower: bytes) -> bytes:
    """What each byte is brought to: the ten digits, the letters of either case, and all others to a space."""
    return b"".join((b" " * 48, digits, b" " * 7, upper, b" " * 6, lower, b" " * 133))


_LETTERS = b"abcdefghijklmnopqrstuvwxyz"
_WORDS = _table(b"0123456789", _LETTERS, _LETTERS)
_LATIN = {"ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ß": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe"}
_PLAIN = str.maketrans(_LATIN) | dict.fromkeys(range(0x300, 0x370))  # and without combining marks
_HIDDEN = r"%(?:25|[01][0-9A-Fa-f]|3\d|[46][1-9A-Fa-f]|[57][0-9Aa]|[89A-Fa-f])|\\[A-Za-z0-9]"
"""A letter, digit or percent sign in percent-encoding, or a backslash before a letter: legal, never needed, and a way to hide a name."""

_PARTING = rf"(?!{_HIDDEN})%[0-9A-Fa-f]{{2}}"
_PUNCTUATION = frozenset(("%2B", "%40", "%2F", "%3A"))
"""Escapes that purls are full of; they hide no letter, but part words."""

_PIECE = 1 << 17
_LINES = 1 << 10
"""Texts that are looked at together: they stay in the processor's cache."""

_TEXTS_OF_WORDS = b"\0" + _WORDS[1:]
_CASES = _table(b"1" * 10, b"A" * 26, b"a" * 26)
"""Kinds of characters: lower case, upper case, digits, and everything else."""

_HUMPS = (b"aA", b"1A", b"AAa")
_SIGNS = b"\0" + b" " * 45 + b"." + _table(b"a" * 10, b"a" * 26, b"a" * 26)[47:]
"""Kinds of characters: letters and digits, which may look alike, full stops, NUL, which parts texts, and everything else."""

_LONE = (b" a ", b" a.", b".a ", b".a.")
"""The letter in the middle, where three stand by themselves or are initials."""

_CONTROLS = bytes(code for code in (*range(1, 32), 127) if code != 10)  # texts are parted by NUL, values by line feeds


class Sweep:
    """The values of components, made ready once for any number of indexes."""

    def __init__(self, components: Sequence[Component]) -> None:
        self._purls = [item.purl for item in components]
        self._always = _oddly_qualified(self._purls)
        self._values = _Texts([item.text or _text_of(item) for item in components], [item.name for item in components])
        self._makers = [item.party_texts() for item in components]
        self._parties = _Parties(list({text for texts in self._makers for text in texts}))

    def suspects(self, index: Index) -> tuple[set[int], set[str]]:
        """The numbers of the components whose values could meet a vendor, and the party texts that could: they hold a word of the index.
        A component with a value that is not plain ASCII, or that hides letters in percent escapes, is always among them."""
        values = self._values.holding(index)
        if index.kinds <= NAMES_ALONE:
            values = self._with_owners(values, index)
        values.update(self._values.always, self._always)
        return values, self._parties.suspects(index)

    def naming(self, parties: set[str]) -> set[int]:
        """The numbers of the components that have one of those party texts."""
        return {number for number, texts in enumerate(self._makers if parties else ()) if not parties.isdisjoint(texts)}

    def _with_owners(self, numbers: Collection[int], index: Index) -> set[int]:
        """Those of the components that have a word of the index where an owner stands: in a package URL before the name, in an account."""
        owners = {number: set(re.findall("[a-z0-9]+", re.sub("%[0-9a-f]{2}", " ", self._owners_in(number)))) for number in numbers}
        known = set[str]().union(*owners.values()).intersection(map(bytes.decode, index.words))
        return {number for number, words in owners.items() if not known.isdisjoint(words)}

    def _owners_in(self, number: int) -> str:
        """What could name an owner, in lower case, and more: odd lines as a whole."""
        purl = self._purls[number].lower()
        head, _, name = purl.partition("?")[0].partition("#")[0].rpartition("/")
        own = f"{head}/{name.partition('@')[0]}"
        whole = [purl if "#" in purl or purl.startswith(_NAMED_BY_OWNERS) else head + purl.partition("?")[2]]
        for line in self._values.lines[number].lower().split("\n"):
            if any(host in line for host in _WITH_ACCOUNTS) or ("pkg:" in line and line != own):
                whole.append(line)
        return "\n".join(whole)


NAMES_ALONE = frozenset(("party",))
"""The kinds of values (Index.kinds) of an index of names alone: a value that is no party meets one only where it names an owner."""

_WITH_ACCOUNTS = tuple(sorted(host.partition(".")[0] for host in SIBLINGS))
_NAMED_BY_OWNERS = ("pkg:nuget/", "pkg:conan/", "pkg:swid/", "pkg:oci/")
"""Types of package URLs that name the owner elsewhere than before the name too."""

_UNSWEPT = (*package_url.PARTY_QUALIFIERS, *package_url.ALIAS_QUALIFIERS)
_WILDCARDS = r"cpe:(?:2\.3:|/)[^:\n\0]*:(?:[^:\n\0*?]+[*?]|[*?]+[^:\n\0*?])"


def _oddly_qualified(purls: list[str]) -> set[int]:
    """The numbers of those with a qualifier that can meet a vendor and stands in no text (signals.swept_purl)."""
    asking = "\0".join([purl for purl in purls if "?" in purl]).lower().encode()
    if not asking or not automaton([f"{name}=".encode() for name in _UNSWEPT]).find_matches_as_indexes(asking):
        return set()
    named = re.compile(f"(?i)[?&](?:{'|'.join(_UNSWEPT)})=").search
    return {number for number, purl in enumerate(purls) if "?" in purl and named(purl)}


def _with_wildcards(texts: list[str], blob: str) -> set[int]:
    """The numbers of the texts, which joined by NUL make the blob, with a CPE that can meet a vendor without any word of it."""
    if not holds(blob.encode("ascii", "replace"), b"cpe:"):
        return set()
    ends = _ends(texts)
    return {bisect_right(ends, match.start()) for match in re.finditer(_WILDCARDS, blob)}


def _with_humps(texts: list[str], blob: str, names: list[str]) -> list[str]:
    """The texts, which joined by NUL make the blob, each with the camel-case humps apart of the name in it, and of all of it where it has
    an address with an account in it, whose name may tell an owner."""
    found = texts
    for number in _lines_of(_HUMPS, texts, blob, _CASES):
        text, name = texts[number], names[number]
        lower = text.lower()
        part = text if any(host in lower for host in _WITH_ACCOUNTS) else name
        humps = split_humps(part)
        if humps != part:
            found = found if found is not texts else list(texts)
            found[number] = f"{text}\n{humps}"
    return found


def _lines_of(forms: Iterable[bytes], texts: list[str], blob: str, kinds_of: bytes) -> set[int]:
    """The numbers of the texts, which joined by NUL make the blob, that have one of the forms, which are made of kinds of characters."""
    kinds = blob.encode("ascii", "replace").translate(kinds_of)
    found = {at for form in forms for at in places(kinds, form)}
    ends = _ends(texts) if found else []
    return {bisect_right(ends, at) for at in found}


def _ends(texts: list[str]) -> list[int]:
    """Where each text ends when they are joined by one character, itself included."""
    return list(accumulate(map((1).__add__, map(len, texts))))


def _text_of(item: Component) -> str:
    return "\n".join(map(_line, (signal for signal in item.signals if signal.kind != "party")))


def _line(signal: Signal) -> str:
    if signal.kind in ("fcc-id", "hardware-id"):
        return f"{FCC_MARK} {signal.value}"
    if signal.kind == "purl":
        return signal.value.replace("\n", "")
    return f"{signal.value}\n{split_humps(signal.value)}" if signal.kind == "name" else signal.value


class _Parties:
    """Party texts, each once."""

    def __init__(self, texts: list[str]) -> None:
        plain, odd = _plain(_without_apostrophes(texts))
        self._texts = texts
        self._held = _Texts(plain, plain)
        self._plain = plain
        joined = b"\n".join(self._held.words).decode()
        pieces = joined.split("\n")
        self._pieces = frozenset(pieces)
        self._looks = list(zip(shape(joined).split("\n"), pieces, strict=True))
        lone = [number for number in _lines_of(_LONE, plain, "\0".join(plain), _SIGNS) if _spells(plain[number])]
        mixed = (number for number, text in enumerate(texts) if "|" in text or "&" in text)
        self._always = odd.union(lone, mixed)  # a bar may part names, or stand for an l; an & begin an escape

    @cached_property
    def _rows(self) -> list[list[str]]:
        """The words of each but for e-mail addresses: these are no names."""
        texts = without_addresses("\0".join(self._plain)).encode().translate(_TEXTS_OF_WORDS)
        return [text.split() for text in texts.decode().split("\0")]

    def suspects(self, index: Index) -> set[str]:
        """Those that hold a word of the index, also apart (`H. I. K. Vision`), or are spelled in initials or single letters."""
        numbers = self._always.union(self._held.holding(index), self._joining(index))
        looks, shapes = index.looks, index.shapes
        masked = {piece for look, piece in self._looks if look in looks and shapes[look] != piece}
        if masked:  # words that only look like one of a name
            numbers.update(number for number, row in enumerate(self._rows) if not masked.isdisjoint(row))
        return {self._texts[number] for number in numbers}

    def _joining(self, index: Index) -> Iterator[int]:
        """Those of which words next to each other make a word that is recognised when it is written apart."""
        apart = {
            word
            for piece in self._pieces
            for word in _longer(piece, index.joinable_rising)
            if _is_made_of(word[len(piece) :], self._pieces)
        }
        longest = max(map(len, apart), default=0)
        heads = {piece for piece in self._pieces if any(word.startswith(piece) for word in apart)} if apart else frozenset[str]()
        for number, row in enumerate(self._rows if apart else ()):
            if not heads.isdisjoint(row) and any(_joins(row[start:], apart, longest) for start, piece in enumerate(row) if piece in heads):
                yield number


def _spells(text: str) -> bool:
    """Whether three letters or digits stand by themselves one after the other, as initials do."""
    lengths = [len(word) for word in text.encode().translate(_WORDS).split()]
    return (1, 1, 1) in zip(lengths, lengths[1:], lengths[2:], strict=False)


def _without_apostrophes(texts: list[str]) -> list[str]:
    blob = "\0".join(texts)
    for sign in map(chr, APOSTROPHES):
        if sign in blob:
            texts = [text.replace(sign, "") for text in texts]
    return texts


def _joins(row: list[str], known: Collection[str], longest: int) -> bool:
    """Whether the first words of a row, two or more, make one of the known words, which are no longer than that."""
    joined = row[0]
    for word in row[1:]:
        joined += word
        if joined in known:
            return True
        if len(joined) >= longest:
            break
    return False


def _longer(piece: str, rising: list[str]) -> Iterator[str]:
    """Those of the words, in rising order, that begin with the piece and go on."""
    at = bisect_right(rising, piece)
    while at < len(rising) and rising[at].startswith(piece):
        yield rising[at]
        at += 1


def _is_made_of(text: str, pieces: Collection[str]) -> bool:
    """Whether the text is nothing but pieces, one after the other."""
    ends = [0]
    for start in ends:
        for end in range(start + 1, len(text) + 1):
            if text[start:end] in pieces and end not in ends:
                ends.append(end)
    return len(text) in ends


class _Texts:
    """Texts with the camel-case humps of the names in them apart, and their words in lower case."""

    def __init__(self, texts: list[str], names: list[str]) -> None:
        self.lines: list[str] = []
        self.always: set[int] = set()
        self.words: set[bytes] = set()
        self._plain: list[str] = []
        self._pieces: list[bytes] = []
        for start in range(0, len(texts), _LINES):
            self._take(texts[start : start + _LINES], names[start : start + _LINES], start)

    def _take(self, texts: list[str], names: list[str], start: int) -> None:
        blob = "\0".join(texts)
        always = _with_wildcards(texts, blob)
        lines = _with_humps(texts, blob, names)
        plain, odd = _plain(lines)
        swept, hidden = _sweep(plain)
        self.always.update([start + number for number in (*always, *odd, *hidden)])
        self.words.update(_words(swept))
        self.lines += lines
        self._plain += plain
        self._pieces.append(swept)

    def holding(self, index: Index) -> set[int]:
        """The numbers of the texts that hold a word of the index, or cannot be swept as plain words."""
        found = set(self.always)
        if hits := _hits(self.words, index):
            ends, swept = _ends(self._plain), b" ".join((b"", *self._pieces, b""))
            for word, others in hits:
                found |= _lines_with(word, others, swept, ends)
        return found


def _sweep(texts: list[str]) -> tuple[bytes, set[int]]:
    """The words of plain texts between spaces, and the numbers of those that hide letters, or hold control characters."""
    blob = "\0".join(texts)
    swept = blob.encode("ascii")
    found = set[int]()
    escapes = {f"%{part[:2]}" for part in blob.split("%")[1:]}
    if ("\\" in blob or not escapes <= _PUNCTUATION) and re.search(_HIDDEN, blob):
        found.update(number for number, text in enumerate(texts) if re.search(_HIDDEN, text))
    for escape in escapes:
        if escape in _PUNCTUATION or re.fullmatch(_PARTING, escape):
            swept = swept.replace(escape.encode(), b"   ")
    if len(swept.translate(None, _CONTROLS)) < len(swept):
        found.update(number for number, text in enumerate(texts) if not text.replace("\n", "").isprintable())
    return swept.translate(_WORDS), found


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
    from unicodedata import normalize  # most documents are plain

    folded = list(texts)
    odd = [number for number, text in enumerate(texts) if not text.isascii() or "\0" in text]
    joined = "\0".join(texts[number].replace("\0", "\N{SNOWMAN}") for number in odd)
    spread = normalize("NFKD", strip_signs(joined)).translate(_PLAIN).split("\0")
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
    found = []
    for word in words.intersection(index.words):
        groups = (tuple(map(str.encode, group)) for group in index.companions.get(word.decode(), ((),)))
        if there := tuple(group for group in groups if words.issuperset(group)):
            found.append((word, there))
    return found + [(word, ((),)) for word in _with_stub(words, index)]


def _with_stub(words: set[bytes], index: Index) -> set[bytes]:
    """The words that begin with a stub, also behind an affix."""
    lengths, heads = index.lengths.get(STUBS, ()), index.stub_heads
    least = lengths[-1] if lengths else 0
    affixes = tuple(map(str.encode, AFFIXES))
    rests = [(word, word) for word in words]
    affixed = [word for word in words if word.startswith(affixes)]
    rests += [(word, word[len(affix) :]) for affix in affixes for word in affixed if word.startswith(affix)]
    return {word for word, rest in rests if rest[:least] in heads and any(rest[:length] in index.stubs for length in lengths)}


def _lines_with(word: bytes, others: _Needed, swept: bytes, ends: list[int]) -> set[int]:
    """The numbers of the lines that hold the word and one of the sets of other words."""
    found, seen = set(), set()
    marks = [[b" %b " % other for other in group] for group in others]
    for at in _spaces_before(swept, word):
        line = bisect_right(ends, at)  # the space before the first line makes up for that before the word
        if line in seen:
            continue
        seen.add(line)
        text = swept[ends[line - 1] if line else 0 : ends[line] + 1]  # between two spaces
        if any(all(mark in text for mark in group) for group in marks):
            found.add(line)
    return found


def _spaces_before(swept: bytes, word: bytes) -> Iterator[int]:
    """Where a word stands between spaces: one space may be behind it and before it again."""
    mark = b" %b " % word
    for at in places(swept, mark):
        yield at
        at += len(mark) - 1
        while swept.startswith(mark, at):
            yield at
            at += len(mark) - 1
