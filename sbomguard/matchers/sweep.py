"""One pass over all distinct values that leaves only those that can meet a vendor: words, not vendors, are counted."""

import re
from bisect import bisect_right
from itertools import accumulate

from sbomguard.matchers.index import AFFIXES, Index
from sbomguard.names import split_humps

_WORDS = bytes(code if chr(code).isalnum() and code < 128 else 32 for code in range(256)).lower()
_ESCAPES = re.compile(rb"%(?:40|2[fFbB]|3[aA])")


def suspects(values: set[str], names: set[str], index: Index) -> set[str]:
    """Those of `values` (package URLs, URLs, CPEs, addresses) and `names` (component names) that hold a word of the index.

    A value that is not plain ASCII, or hides letters in percent escapes, is always left in.
    """
    originals = [*values, *names]
    lines = "\n".join((*values, *_with_humps(names)))
    left: set[str] = set()
    if not lines.isascii() or lines.count("\n") != len(originals) - 1:
        left = {value for value in originals if not value.isascii() or "\n" in value}
        originals = [value for value in originals if value not in left]
        lines = "\n".join(split_humps(value) + " " + value for value in originals)
    blob = lines.encode("ascii")
    if b"%" in blob:
        left.update(value for value in values if "%" in value and _hides_letters(value))
        blob = _ESCAPES.sub(b"   ", blob)
    swept = blob.translate(_WORDS)
    hits = _hits(set(swept.split()), index)
    if hits:
        ends = list(accumulate(len(line) + 1 for line in lines.split("\n")))
        left.update(originals[number] for word, others in hits for number in _lines_with(word, others, swept, ends))
    return left


def _with_humps(texts: set[str]) -> list[str]:
    """Each text, and behind it the text with its camel-case humps apart where it has any."""
    lines = "\n".join(texts)
    split = split_humps(lines)
    if split == lines:
        return list(texts)
    return [text if text == apart else f"{text} {apart}" for text, apart in zip(texts, split.split("\n"), strict=True)]


_Needed = tuple[tuple[bytes, ...], ...]


def _hits(words: set[bytes], index: Index) -> list[tuple[bytes, _Needed]]:
    """The words that may begin a meeting, each with the sets of other words of which one must stand beside it."""
    known = {word.encode(): others for word, others in index.words.items()}
    found = [(word, tuple(tuple(map(str.encode, group)) for group in known[word])) for word in words & known.keys()]
    return found + [(word, ((),)) for word in _with_stub(words, index.stubs)]


def _with_stub(words: set[bytes], stubs: frozenset[str]) -> set[bytes]:
    known = {stub.encode() for stub in stubs}
    found: set[bytes] = set()
    for length in sorted(set(map(len, known))):
        found.update(word for word in words if word[:length] in known)
        for affix in map(str.encode, AFFIXES):
            start, end = len(affix), len(affix) + length
            found.update(word for word in words if word.startswith(affix) and word[start:end] in known)
    return found


def _lines_with(word: bytes, others: _Needed, swept: bytes, ends: list[int]) -> set[int]:
    """The numbers of the lines that hold the word and one of the sets of other words."""
    found = set()
    at = swept.find(word)
    while at >= 0:
        line = bisect_right(ends, at)
        end = ends[line]
        start = ends[line - 1] if line else 0
        if any(all(other in swept[start:end] for other in group) for group in others):
            found.add(line)
        at = swept.find(word, end)
    return found


def _hides_letters(value: str) -> bool:
    """Whether a letter or digit is percent-encoded: legal, never needed, and a way to hide a name."""
    return any(_is_alnum(part[:2]) for part in value.split("%")[1:])


def _is_alnum(code: str) -> bool:
    try:
        character = chr(int(code, 16))
    except ValueError:
        return False
    return character.isalnum() or character == "%"
