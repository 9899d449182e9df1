"""URLs and git remotes in every usual spelling, down to host and path: who hosts it, and whose it is on a forge."""

import re
from collections.abc import Callable, Iterator
from functools import cache

from msgspec import Struct

from sbomguard.percent import unquote

SIBLINGS = frozenset(("gitlab.com", "bitbucket.org", "gitee.com", "gitcode.com", "codeberg.org", "sourceforge.net"))
"""Forges where an account with the name of the vendor's account on github.com is probably, not surely, the vendor's."""

# Patterns are compiled when first used: many runs meet no URL that matters.
_SCP_LIKE = r"(?:[\w.+-]+@)?([\w-]+(?:\.[\w-]+)+):(?!//|\d+/)(.+)"
_SCM = r"(?i)scm[:|][a-z]+[:|]"
_SCHEME = r"(?i)(?:git\+|hg\+|svn\+|bzr\+)*[a-z][a-z0-9+.-]*:/+"
_INNER = r"(?i)(?<=[/=?#&:])(?:https?|ftp)(?::|%3A)(?:/|%2F)+"
_HOST = r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)+"


_PLAIN = r"(?:git\+)?https?://(?!www\.[a-z]*(?:[/?#]|\Z))(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]+(?:[/?#]|\Z)"


class Url(Struct, frozen=True):
    """A host name, lower case without `www.` and port, and the path's segments, percent-decoded."""

    host: str
    path: tuple[str, ...]


def parse(text: str) -> Url | None:
    """Read a URL, `git+ssh://git@host/...`, `git@host:owner/repo.git` or `host/path`; None where there is no host."""
    text = re.sub(_SCM, "", text.strip().replace("\\", "/"), count=1)  # Maven writes scm:git:URL
    scheme = re.match(_SCHEME, text)
    if scheme and scheme.group().lower().startswith("file:"):
        return None
    if scheme:
        rest = text[scheme.end() :]
    elif scp := re.fullmatch(_SCP_LIKE, text):
        rest = f"{scp.group(1)}/{scp.group(2)}"
    else:
        rest = text.lstrip("/")
    authority, _, path = re.sub(r"[?#].*", "", rest, flags=re.DOTALL).partition("/")
    host = host_name(authority)
    return Url(host, tuple(unquote(part) for part in path.split("/") if part)) if host else None


def nested(text: str) -> Iterator[tuple[Url, bool]]:
    """The URLs that stand inside another, as archives and proxies write them, and whether only in its query or fragment."""
    path = re.match(r"[^?#]*", text)
    for inner in re.finditer(_INNER, text):
        start = inner.start()
        if start and (url := parse(unquote(text[start:]) if "%" in inner.group() else text[start:])):
            yield url, path is not None and start >= path.end()


def names_host(text: str) -> bool:
    """Whether `parse` finds a host; the usual spelling is told without taking it apart."""
    return _starts_plainly()(text) is not None or parse(text) is not None


@cache
def _starts_plainly() -> Callable[[str], re.Match[str] | None]:
    return re.compile(_PLAIN).match


def host_name(authority: str) -> str:
    """The host of `user:word@host:port`, folded: lower case, no trailing dot, no `www.`; empty where it is no name with a dot."""
    host = unquote(authority).strip().rpartition("@")[2].partition(":")[0]
    if not host.isascii():
        from unicodedata import normalize

        host = normalize("NFKC", host).replace("\u3002", ".")  # UTS #46: full-width letters, ideographic full stop
    host = host.rstrip(".").lower()
    host = host.removeprefix("www.")
    return host if re.fullmatch(_HOST, host) and not host.rpartition(".")[2].isdigit() else ""
