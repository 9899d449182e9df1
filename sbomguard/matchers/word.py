"""Words of component names: the vendor's own product names, and mentions of the vendor."""

from collections.abc import Iterator

from sbomguard.matchers.index import AFFIXES, LONG, Index
from sbomguard.matchers.match import Match
from sbomguard.matchers.party import windows
from sbomguard.model import Signal
from sbomguard.names import humps_of, words_of


def match(signal: Signal, index: Index) -> Iterator[Match]:
    """Vendors whose words stand in the name. The file name of a path counts by itself too (`group/name`)."""
    words = words_of(signal.value)
    last = words_of(signal.value.rpartition("/")[2])
    key = " ".join(words)
    for name in dict.fromkeys((key, " ".join(last))):
        for ref in index.look_up("word.whole", name):
            yield Match(ref, name)
    humps = humps_of(signal.value)
    tokens = dict.fromkeys((*words, *humps))
    seen = set()
    for phrase in (*windows(words), *windows(humps)):  # single words among them
        for ref in index.look_up("word.token", phrase):
            if phrase not in seen:
                yield Match(ref, phrase)
        seen.add(phrase)
    for token in tokens:
        yield from _prefixes(token, index)


def _prefixes(token: str, index: Index) -> Iterator[Match]:
    found = [ref for _, ref in index.with_prefix("word.prefix", token)]
    for affix in AFFIXES if not found else ():
        if token.startswith(affix):
            found += [ref for key, ref in index.with_prefix("word.prefix", token.removeprefix(affix)) if len(key) >= LONG]
    for ref in found:
        yield Match(ref, token)
