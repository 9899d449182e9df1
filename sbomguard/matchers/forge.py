"""Owners on forges: GitHub, GitLab, Gitee and others, in package URLs, Go module paths and every spelling of a git URL."""

from collections.abc import Iterator

from sbomguard import purl as package_url
from sbomguard import weburl
from sbomguard.matchers import party, word
from sbomguard.matchers.domain import INNER, addresses, inner_urls, urls_of
from sbomguard.matchers.index import Index, veto_key
from sbomguard.matchers.match import Match, Ref
from sbomguard.model import Signal
from sbomguard.names import split_humps

TABLES = ("forge", "word", "party")
"""Tables of the index that are asked, up to their first full stop."""

FORGE_OF_TYPE = {
    "github": "github.com",
    "gitlab": "gitlab.com",
    "gitee": "gitee.com",
    "bitbucket": "bitbucket.org",
    "huggingface": "huggingface.co",
}
"""Package URL types whose namespace is an owner on that forge (ECMA-427 type definitions; gitee as generators write it)."""

FORGES = weburl.SIBLINGS | {"github.com", "atomgit.com", "huggingface.co"}
"""Hosts whose paths begin with an account."""

_ALIASES = {
    "raw.githubusercontent.com": "github.com",
    "codeload.github.com": "github.com",
    "api.github.com": "github.com",
    "ssh.github.com": "github.com",
    "hf.co": "huggingface.co",
    "gitcode.net": "gitcode.com",
}
_PAGES = {".github.io": "github.com", ".gitlab.io": "gitlab.com", ".gitee.io": "gitee.com"}
_NAMESPACES = {
    "io.github.": "github.com",
    "com.github.": "github.com",
    "io.gitee.": "gitee.com",
    "com.gitee.": "gitee.com",
    "io.gitlab.": "gitlab.com",
}


def match(signal: Signal, index: Index) -> Iterator[Match]:
    """Vendors who own the account, or the one repository, that the value points at; the repository is looked up first.

    An account that nobody knows may still be called like a vendor, and a repository may be about one. That a vendor's word is part of an
    account's name says nothing: people call themselves so.
    """
    for host, path in _accounts(signal):
        key, refs = _owned(host, path, index)
        yield from (Match(ref, key) for ref in refs)
        if path and not refs and host in FORGES:
            yield from _called_like(signal, host, path, index)
    for host, path, strength in _inner_accounts(signal):
        key, refs = _owned(host, path, index)
        yield from (Match(ref, key, weaken=strength, why=INNER) for ref in refs)


def _owned(host: str, path: tuple[str, ...], index: Index) -> tuple[str, tuple[Ref, ...]]:
    """The repository or else the account, as looked up, and whose it is."""
    for length in (2, 1):
        key = "/".join((host, *path[:length])).lower()
        if refs := index.look_up("forge", key):
            return key, refs
    return "", ()


def _called_like(signal: Signal, host: str, path: tuple[str, ...], index: Index) -> Iterator[Match]:
    strangers = _strangers(host, path, index)
    for found in (*_named_like(signal, host, path[0], index), *word.mentions("".join(path[1:2]), index)):
        if index.blocks[found.ref.block].vendor not in strangers:
            yield found


def _strangers(host: str, path: tuple[str, ...], index: Index) -> set[str]:
    """The vendors of whom a false friend says that they are not meant by this account, or by a word of the path."""
    addresses = {f"{host}/{path[0]}".lower(), "/".join((host, *path[:2])).lower()}
    friends = [index.vetoes.get("forge", {}).get(key, ()) for key in addresses]
    friends += [index.vetoes.get("word", {}).get(veto_key("word", part), ()) for part in path[:2]]
    return {vendor for vendors in friends for vendor in vendors}


def _named_like(signal: Signal, host: str, owner: str, index: Index) -> Iterator[Match]:
    """Vendors that the account is called like, on forges where nobody else takes such a name; not where everybody has an account."""
    if host not in weburl.SIBLINGS:
        return
    key = f"{host}/{owner}".lower()
    refs = index.look_up("forge", f"github.com/{owner}".lower())  # the forge where an account of that name is surest to be the vendor's
    yield from (Match(ref, key, weaken="supporting", why=f"an account of the same name on {host}") for ref in refs)
    named = Signal("party", "supplier", signal.field, signal.at, split_humps(owner.translate(party.ACCOUNT_MARKS)))
    for found in party.match(named, index) if not refs else ():
        if party.JOINED not in found.folded:
            yield Match(found.ref, key, found.folded, "supporting", f"an account on {host} named like it")


def accounts(signal: Signal) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every forge account that the value names, as host and path in lower case."""
    for host, path in _accounts(signal):
        yield host, tuple(part.lower() for part in path)


def _accounts(signal: Signal) -> Iterator[tuple[str, tuple[str, ...]]]:
    """As `accounts`, the path as it is written: its humps part words."""
    if signal.kind == "purl":
        yield from _of_purl(signal.value)
        for url in urls_of(signal.value):
            yield account(url)
    elif parsed := weburl.parse(signal.value):
        yield account(parsed)


def _inner_accounts(signal: Signal) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """The accounts in addresses that stand inside others, with the strength they have; a proxy may leave the scheme of one out."""
    for text in addresses(signal.value) if signal.kind == "purl" else (signal.value,):
        yield from ((*account(url), strength) for url, strength in inner_urls(text))
        if (outer := weburl.parse(text)) and outer.host not in FORGES and outer.path and outer.path[0].lower() in FORGES:
            yield *account(weburl.Url(outer.path[0].lower(), outer.path[1:])), "supporting"


def _of_purl(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    purl = package_url.parse_folded(text)
    if purl is None:
        return
    if purl.type in FORGE_OF_TYPE and purl.namespace:
        yield FORGE_OF_TYPE[purl.type], (*purl.namespace.split("/"), _repository(purl.name))
    elif purl.type in ("golang", "git"):  # pkg:git is no registered type; some generators write it
        host, *path = f"{purl.namespace}/{purl.name}".split("/")
        yield host.lower(), tuple(map(_repository, path))
    elif purl.type == "maven":  # Maven Central gives io.github.<owner> only to that owner
        namespace = purl.namespace.lower()
        for prefix, host in _NAMESPACES.items():
            if namespace.startswith(prefix):
                yield host, (namespace.removeprefix(prefix).partition(".")[0],)


def account(url: weburl.Url) -> tuple[str, tuple[str, ...]]:
    """Host and path of the forge that serves a URL, aliases and page hosts undone."""
    for suffix, host in _PAGES.items():
        if url.host.endswith(suffix):
            return host, (url.host.removesuffix(suffix), *url.path[:1])
    path = url.path[1:] if url.host == "api.github.com" else url.path
    return _ALIASES.get(url.host, url.host), tuple(_repository(part) for part in path[:2])


def _repository(name: str) -> str:
    """A repository's bare name, without `.git` and what a purl or pip puts after `@`."""
    bare = name.partition("@")[0]
    return bare[:-4] if bare.lower().endswith(".git") else bare
