"""Words of component names: the vendor's own product names, and mentions of the vendor."""

from collections.abc import Iterator

from sbomguard.matchers.index import AFFIXES, LONG, SHORTEST, Index
from sbomguard.matchers.match import Match, Ref
from sbomguard.matchers.party import windows
from sbomguard.model import Signal
from sbomguard.names import humps_of, words_of

TABLES = ("word",)
"""Tables of the index that are asked, up to their first full stop."""

TRADES = frozenset(
    (
        "agent alarm api app apps bot bridge cam camera cameras cams cgi cli client cloud connect connector control controller core data "
        "device discovery downloader drive driver drone event events exporter firmware gateway hub info integration iot ipc isapi kit lan "
        "lib link live lock log logger login manager mcp modem monitor mqtt net node notify nvr dvr onvif parser player plugin plus "
        "poller power proxy ptz push python reader recorder relay remote robot router rpc rtsp scan scanner sdk server service sms "
        "snapshot speaker storage stream streamer switch sync tool toolkit tools tracker util utils video viewer vto web webhook wifi "
        "wrapper"
    ).split()
)
"""What is glued to a brand to name what one does with it: `dahuabridge`, `ztemodem`."""

_LONGEST_TRADE = max(map(len, TRADES))


def match(signal: Signal, index: Index) -> Iterator[Match]:
    """Vendors whose words stand in the name. The file name of a path counts by itself too (`group/name`).

    Of a purl only the subpath is read: its name is the component's own (ECMA-427 clause 5.4).
    """
    return mentions(signal.value.partition("#")[2], index) if signal.kind == "purl" else _met(signal.value, index)


def _met(text: str, index: Index) -> Iterator[Match]:
    words = words_of(text)
    last = words_of(text.rpartition("/")[2])
    key = " ".join(words)
    for name in dict.fromkeys((key, " ".join(last))):
        for ref in index.look_up("word.whole", name):
            yield Match(ref, name)
    humps = humps_of(text)
    tokens = dict.fromkeys((*words, *humps))
    seen = set()
    for phrase in (*windows(words), *windows(humps)):  # single words among them
        for ref in index.look_up("word.token", phrase):
            if phrase not in seen:
                yield Match(ref, phrase)
        seen.add(phrase)
    for token in tokens:
        yield from _prefixes(token, index)
        yield from (Match(ref, token, weaken="mention") for ref in _compound(token, index))


ECHO = "a word of the address"
"""Why a word of an address counts, and no more than once where nothing else ties the component to the vendor."""


def mentions(text: str, index: Index) -> Iterator[Match]:
    """The vendors whose words stand in a part of an address: whoever they are, they do not own it."""
    for found in _met(text, index):
        yield Match(found.ref, found.key, found.folded, "mention", ECHO)


def _compound(token: str, index: Index) -> tuple[Ref, ...]:
    """The values of the brand at the beginning of a word that goes on with a trade."""
    cuts = range(max(SHORTEST, len(token) - _LONGEST_TRADE), len(token) - 1)
    return next((refs for cut in cuts if token[cut:] in TRADES and (refs := index.look_up("word.token", token[:cut]))), ())


def _prefixes(token: str, index: Index) -> Iterator[Match]:
    found = [ref for _, ref in index.with_prefix("word.prefix", token)]
    for affix in AFFIXES if not found else ():
        if token.startswith(affix):
            found += [ref for key, ref in index.with_prefix("word.prefix", token.removeprefix(affix)) if len(key) >= LONG]
    for ref in found:
        yield Match(ref, token)
