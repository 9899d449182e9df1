"""Host names of URLs and of e-mail addresses: the longest listed domain that the host is in."""

from collections.abc import Iterator

from sbomguard import purl as package_url
from sbomguard import weburl
from sbomguard.matchers.index import Index
from sbomguard.matchers.match import Match
from sbomguard.model import Signal

TABLES = ("domain",)
"""Tables of the index that are asked, up to their first full stop."""

MAKERS_LINKS = frozenset(
    "website vcs distribution source-distribution distribution-intake issue-tracker support documentation bom download".split()
)
"""URL roles that point at the component's own home; any other only supports."""


def match(signal: Signal, index: Index) -> Iterator[Match]:
    """Vendors whose domain the value's host is in."""
    for host, weaken, why in _hosts(signal):
        for suffix in suffixes(host):
            refs = index.look_up("domain", suffix)
            for ref in refs:
                yield Match(ref, host, weaken=weaken, why=why)
            if refs:
                break


def _hosts(signal: Signal) -> Iterator[tuple[str, str, str]]:
    if signal.kind == "email":
        weaken = "supporting" if signal.role == "author" else ""
        host = weburl.host_name(signal.value.rpartition("@")[2].strip("<>() "))
        if host:
            yield host, weaken, "one author's address" if weaken else ""
    elif signal.kind == "purl":
        for url in urls_of(signal.value):
            yield url.host, "", ""
    elif signal.kind == "party" and "://" not in signal.value and not signal.value.lower().startswith("www."):
        if host := bare_host(signal.value):
            yield host, "", ""
    elif parsed := weburl.parse(signal.value):
        weaken = "" if signal.role in MAKERS_LINKS or signal.kind == "party" else "supporting"
        yield parsed.host, weaken, f"a link of type '{signal.role}'" if weaken else ""


def bare_host(name: str) -> str:
    """The host that stands for a name in a party field (`acme.com`), folded; empty where the name is none."""
    return weburl.host_name(name) if "." in name and " " not in name.strip() and "/" not in name else ""


def urls_of(text: str) -> Iterator[weburl.Url]:
    """The URLs that a purl carries in its qualifiers and version, and the host of a Go module or registry path."""
    purl = package_url.parse_folded(text)
    if purl is None:
        return
    for key, value in purl.qualifiers:
        if key in package_url.URL_QUALIFIERS and (parsed := weburl.parse(value)):
            yield parsed
    if "://" in purl.version and (parsed := weburl.parse(purl.version)):  # npm: a dependency on a repository
        yield parsed
    if (
        purl.type in ("golang", "swift", "oci", "docker")
        and "." in purl.namespace
        and (parsed := weburl.parse(f"{purl.namespace}/{purl.name}"))
    ):
        yield parsed


def suffixes(host: str) -> Iterator[str]:
    """The host and every domain it is in, longest first: a.b.c -> a.b.c, b.c, c."""
    yield host
    while "." in host:
        host = host.partition(".")[2]
        yield host
