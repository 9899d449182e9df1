"""Owners on forges: GitHub, GitLab, Gitee and others, in package URLs, Go module paths and every spelling of a git URL."""

from collections.abc import Iterator

from sbomguard import purl as package_url
from sbomguard import weburl
from sbomguard.matchers.domain import urls_of
from sbomguard.matchers.index import Index, Ref
from sbomguard.matchers.match import Match
from sbomguard.model import Signal

FORGE_OF_TYPE = {
    "github": "github.com",
    "gitlab": "gitlab.com",
    "gitee": "gitee.com",
    "bitbucket": "bitbucket.org",
    "huggingface": "huggingface.co",
}
"""Package URL types whose namespace is an owner on that forge (ECMA-427 type definitions; gitee as generators write it)."""

SIBLINGS = frozenset(("gitlab.com", "bitbucket.org", "gitee.com", "gitcode.com", "codeberg.org", "sourceforge.net"))
"""Forges where an account with the name of the vendor's account on github.com is probably, not surely, the vendor's."""

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
    """Vendors who own the account, or the one repository, that the value points at; the repository is looked up first."""
    for host, path in accounts(signal):
        refs: tuple[Ref, ...] = ()
        for key in ("/".join((host, *path[:2])), "/".join((host, *path[:1]))):
            refs = refs or index.look_up("forge", key)
            yield from (Match(ref, key) for ref in refs)
            if refs:
                break
        if not refs and host in SIBLINGS and path:
            key = f"{host}/{path[0]}"
            yield from (
                Match(ref, key, weaken="supporting", why=f"an account of the same name on {host}") for ref in index.owners.get(path[0], ())
            )


def accounts(signal: Signal) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every forge account that the value names, as host and path."""
    if signal.kind == "purl":
        yield from _of_purl(signal.value)
        for url in urls_of(signal.value):
            yield account(url)
    elif parsed := weburl.parse(signal.value):
        yield account(parsed)


def _of_purl(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    purl = package_url.parse_folded(text)
    if purl is None:
        return
    if purl.type in FORGE_OF_TYPE and purl.namespace:
        yield FORGE_OF_TYPE[purl.type], (*purl.namespace.lower().split("/"), _repository(purl.name))
    elif purl.type in ("golang", "git"):  # pkg:git is no registered type; some generators write it
        host, *path = f"{purl.namespace}/{purl.name}".lower().split("/")
        yield host, tuple(map(_repository, path))
    elif purl.type == "maven":  # Maven Central gives io.github.<owner> only to that owner
        for prefix, host in _NAMESPACES.items():
            if purl.namespace.lower().startswith(prefix):
                yield host, (purl.namespace.lower().removeprefix(prefix).partition(".")[0],)


def account(url: weburl.Url) -> tuple[str, tuple[str, ...]]:
    """Host and path of the forge that serves a URL, aliases and page hosts undone."""
    for suffix, host in _PAGES.items():
        if url.host.endswith(suffix):
            return host, (url.host.removesuffix(suffix), *(part.lower() for part in url.path[:1]))
    path = url.path[1:] if url.host == "api.github.com" else url.path
    return _ALIASES.get(url.host, url.host), tuple(_repository(part) for part in path[:2])


def _repository(name: str) -> str:
    """A repository's bare name: lower case, without `.git` and what a purl or pip puts after `@`."""
    return name.lower().partition("@")[0].removesuffix(".git")
