"""One pass over all distinct values that leaves only those that can meet a vendor: words, not vendors, are counted."""

from bisect import bisect_right
from itertools import accumulate

from sbomguard.matchers.index import TRUNCATED, Index
from sbomguard.names import split_humps

_WORDS = bytes(code if chr(code).isalnum() and code < 128 else 32 for code in range(256)).lower()
_ESCAPES = (b"%40", b"%2f", b"%2F", b"%3a", b"%3A", b"%2b", b"%2B")


def suspects(values: set[str], names: set[str], index: Index) -> set[str]:
    """Those of `values` (package URLs, URLs, CPEs, addresses) and `names` (component names) that hold a word of the index.

    A value that is not plain ASCII, or hides letters in percent escapes, is always left in.
    """
    plain = [value for value in values if value.isascii()]
    plain_names = [name for name in names if name.isascii()]
    left = {value for value in (*values, *names) if not value.isascii()}
    texts = [*plain, *map(_with_humps, plain_names)]
    originals = plain + plain_names
    blob = "\n".join(texts).encode("ascii")
    if b"%" in blob:
        left.update(value for value in plain if "%" in value and _hides_letters(value))
        for escape in _ESCAPES:
            blob = blob.replace(escape, b"   ")
    swept = blob.translate(_WORDS)
    hits = _hits(set(swept.split()), index)
    if hits:
        ends = list(accumulate(len(text) + 1 for text in texts))
        left.update(originals[number] for word in hits for number in _lines_with(word, swept, ends))
    return left


def _with_humps(name: str) -> str:
    split = split_humps(name)
    return name if split == name else f"{name} {split}"


def _hits(words: set[bytes], index: Index) -> set[bytes]:
    known = {word.encode() for word in index.words}
    stubs = {stub.encode() for stub in index.stubs}
    return (words & known) | {word for word in words if word[:TRUNCATED] in stubs}


def _lines_with(word: bytes, swept: bytes, ends: list[int]) -> set[int]:
    found = set()
    at = swept.find(word)
    while at >= 0:
        line = bisect_right(ends, at)
        found.add(line)
        at = swept.find(word, ends[line])
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
