"""File names: stems of SDK libraries, drivers and blobs."""

import re
from collections.abc import Iterator

from sbomguard.matchers.index import Index
from sbomguard.matchers.match import Match
from sbomguard.model import Signal

TABLES = ("file",)
"""Tables of the index that are asked, up to their first full stop."""

_ENDING = re.compile(
    r"\.(?:so(?:\.[\d.]+)?|ko(?:\.[xg]z|\.zst)?|dll|sys|a|lib|o|bin|fw|img|exe|jar|aar|apk|framework|xcframework|dylib|node|deb|rpm|ipk|zip|h)$"
)


def match(signal: Signal, index: Index) -> Iterator[Match]:
    """Vendors whose file stem it is; an exact stem decides over a prefix."""
    name = stem(signal.value)
    refs = index.look_up("file", name) or tuple(ref for _, ref in index.with_prefix("file.prefix", name))
    for ref in refs:
        yield Match(ref, name)


def stem(path: str) -> str:
    """The file's name, lower case, without folders and binary ending: `usr/lib/libHCCore.so.1` -> `libhccore`."""
    return _ENDING.sub("", path.replace("\\", "/").rstrip("/").rpartition("/")[2].lower())
