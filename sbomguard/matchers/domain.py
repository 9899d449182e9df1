"""Host names of URLs and of e-mail addresses: the longest listed domain that the host is in."""

import re
from collections.abc import Iterator

from sbomguard import purl as package_url
from sbomguard import weburl
from sbomguard.matchers.index import Index
from sbomguard.matchers.match import Match
from sbomguard.model import Signal
from sbomguard.percent import unquote

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
        yield from ((url.host, "", "") for url in urls_of(signal.value))
        yield from ((url.host, strength, INNER) for text in addresses(signal.value) for url, strength in inner_urls(text))
    elif signal.kind == "party" and "://" not in signal.value and not signal.value.lower().startswith("www."):
        if host := bare_host(signal.value):
            yield host, "", ""
    elif signal.role == "swid" and (host := _of_tag(signal.value)):
        yield host, "supporting", "the creator in the id of a SWID tag"
    elif parsed := weburl.parse(signal.value):
        weaken = "" if signal.role in MAKERS_LINKS or signal.kind == "party" else "supporting"
        yield parsed.host, weaken, f"a link of type '{signal.role}'" if weaken else ""
        yield from ((url.host, strength, INNER) for url, strength in inner_urls(signal.value))


def _of_tag(tag: str) -> str:
    """The host with which the id of a SWID tag begins (`acme.example+widget`), also turned round (`regid.2010-01.example.acme,widget`)."""
    match = re.match(r"(?i)(?:regid\.\d{4}-\d\d\.)?((?:[a-z0-9-]+\.)+[a-z]+)(?=[-+_,:]|\Z)", tag)
    if match is None:
        return ""
    return ".".join(reversed(match[1].lower().split("."))) if tag[:6].lower() == "regid." else match[1].lower()


INNER = "an address inside another"
"""Why an address counts less: who keeps a copy of something says where it is from."""


def inner_urls(text: str) -> Iterator[tuple[weburl.Url, str]]:
    """The URLs inside a URL, with the strength they have: in the path of an archive or a proxy they support."""
    yield from ((url, "mention" if asked else "supporting") for url, asked in weburl.nested(text))


def addresses(text: str) -> Iterator[str]:
    """The qualifiers of a purl that hold a URL, decoded once more where they were escaped twice."""
    purl = package_url.parse_folded(text)
    for key, value in purl.qualifiers if purl else ():
        if key in package_url.URL_QUALIFIERS:
            yield value if "%" not in value or weburl.parse(value) else unquote(value)


def bare_host(name: str) -> str:
    """The host that stands for a name in a party field (`acme.com`), folded; empty where the name is none."""
    return weburl.host_name(name) if "." in name and " " not in name.strip() and "/" not in name else ""


def urls_of(text: str) -> Iterator[weburl.Url]:
    """The URLs that a purl carries in its qualifiers and version, and the host of a Go module, registry path or creator of a SWID tag."""
    purl = package_url.parse_folded(text)
    if purl is None:
        return
    yield from filter(None, map(weburl.parse, addresses(text)))
    if "://" in purl.version and (parsed := weburl.parse(purl.version)):  # npm: a dependency on a repository
        yield parsed
    if purl.type == "swid" and (parsed := weburl.parse(purl.namespace.rpartition("/")[2])):
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
