"""Components that a list names itself: by package URL or by name, and by version where the rule has a range."""

from collections.abc import Iterator

from msgspec.structs import replace

from sbomguard import purl as package_url
from sbomguard import versions
from sbomguard.matchers.index import Index, named_key, purl_path
from sbomguard.matchers.match import Match
from sbomguard.model import Component, Signal

TABLES = ("named",)
"""Tables of the index that are asked, up to their first full stop."""


def match(signal: Signal, index: Index) -> Iterator[Match]:
    """Rules that name this package URL or this name, whatever the version."""
    if not index.named or (signal.kind == "name" and signal.role):
        return
    if signal.kind == "purl":
        purl = package_url.parse_folded(signal.value)
        table, key = "named.purl", purl_path(purl) if purl else ""
    else:
        table, key = "named.name", named_key(signal.value)
    for ref in index.look_up(table, key):
        yield Match(ref, key)


def held(found: Match, component: Component, signal: Signal, index: Index) -> Match | None:
    """The match if the whole rule holds for the component; None if it does not. A version that cannot be told counts as met, and less."""
    rule = index.named[str(found.ref.block)]
    if rule.name and rule.purl and named_key(rule.name) != named_key(component.name):
        return None
    if not rule.versions:
        return found
    version = version_of(component, signal)
    inside = versions.holds(rule.versions, version)
    if inside is None:
        what = f"nobody can tell whether its version '{version}' is in" if version else "it tells no version to hold against"
        return replace(found, weaken="supporting", why=f"{what} {rule.versions}, so the rule counts as met")
    return replace(found, why=f"its version {version} is in {rule.versions}") if inside else None


def version_of(component: Component, signal: Signal) -> str:
    """The version that a package URL carries, or the component's, unless the signal is about what the component was made from."""
    purl = package_url.parse(signal.value) if signal.kind == "purl" else None
    return (purl.version if purl else "") or ("" if "/pedigree/" in signal.at else component.version)
