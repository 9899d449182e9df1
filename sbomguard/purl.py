"""Package URLs (ECMA-427) read tolerantly and fast for matching; packageurl-python is the oracle, and says what is wrong with odd ones."""

import re
from collections.abc import Callable
from functools import cache, lru_cache

from msgspec import Struct

from sbomguard.percent import unquote

OWNED_NAMES = frozenset(
    (
        "alpm bitnami cargo cocoapods composer conan conda cpan cran gem hackage hex julia luarocks npm nuget opam pub pypi "
        "swift vcpkg bower brew chrome-extension vscode-extension wordpress drupal clojars elm"
    ).split()
)
"""Types whose registry gives each name to one owner, so that the name alone says who publishes it."""

OWNING_NAMESPACES = frozenset(
    (
        "apk android bitbucket composer deb docker gitee gitlab github golang huggingface mlflow maven npm oci qpkg rpm swid swift yocto"
    ).split()
)
"""Types whose namespace is the owner, or the distribution that publishes it."""

_CASE_FOLDED = frozenset("bitbucket brew cocoapods composer conan docker gitee github gitlab npm nuget hex huggingface golang pypi".split())


URL_QUALIFIERS = ("vcs_url", "download_url", "repository_url")
"""Qualifiers that hold a URL (ECMA-427 clause 5.4)."""

PARTY_QUALIFIERS = ("supplier", "vendor", "manufacturer", "publisher", "maintainer", "author", "originator")
"""Qualifiers that some writers put a maker in, though no type of package URL knows them."""

ALIAS_QUALIFIERS = ("alias_of", "alias")
"""Qualifiers that name the package that is really meant."""

_CONTROLS = dict.fromkeys((*range(32), 127))  # to be dropped: no purl has any, and a name does not end at one
_PATHS = frozenset(("npm", "golang", "composer"))
_NO_OWNER = frozenset("@?#")


class Purl(Struct, frozen=True):
    """The parts, percent-decoded once. For matching, type and (where the type says so, or registries do) names are lower case."""

    type: str
    namespace: str
    name: str
    version: str
    qualifiers: tuple[tuple[str, str], ...]
    subpath: str = ""


def parse(text: str) -> Purl | None:
    """Read a purl from right to left (ECMA-427 clause 5.6); None for what is none. Odd ones are read as far as they go."""
    scheme, colon, rest = text.strip().partition(":")
    if not colon or scheme.lower() != "pkg":
        return None
    rest, _, subpath = rest.partition("#")
    rest, _, query = rest.partition("?")
    kind, _, path = rest.lstrip("/").partition("/")
    path, version = _split_version(path.lstrip("/"))
    kind = kind.lower()
    segments = [part for part in path.split("/") if part]
    is_nameless = len(segments) == 1 and segments[0].startswith("@")
    if kind in _PATHS and len(segments) == 1:
        segments = [part for part in unquote(segments[0]).split("/") if part]  # the slash of a scope, escaped
    if not kind or not segments or is_nameless:
        return None
    *owners, name = (_fold(kind, unquote(part)) for part in segments)
    if kind == "git" and owners:  # the type git takes the host alone for the namespace
        owners, name = owners[:1], "/".join((*owners[1:], name))
    version = unquote(version)
    return Purl(
        kind, "/".join(owners), name, version.lower() if kind == "huggingface" else version, _qualifiers(query), _subpath(subpath)
    )  # fmt: skip


@lru_cache(100)  # one component's matchers ask for the same few
def parse_folded(text: str) -> Purl | None:
    """As `parse`, for matching: namespace and name as they look in plain letters, a slash escaped in the name taken as one."""
    purl = parse(text)
    if purl is None:
        return None
    path = f"{purl.namespace}{purl.name}"
    if path.isascii() and path.isprintable() and (purl.namespace or "/" not in purl.name):
        return purl
    from sbomguard.names import fold

    namespace, _, name = fold(f"{purl.namespace}/{purl.name}".translate(_CONTROLS)).strip("/").rpartition("/")
    return Purl(purl.type, namespace, name, purl.version, purl.qualifiers, purl.subpath)


def complaint(text: str) -> str:
    """What packageurl-python has against the purl, in its words; empty where it takes it. Slow: for one purl that a person asks about."""
    from packageurl import PackageURL

    try:
        PackageURL.from_string(text)
    except ValueError as error:
        return str(error)
    return ""


def _split_version(path: str) -> tuple[str, str]:
    """Split at the last `@` that is not the first character of a path segment (an unescaped npm scope)."""
    at = path.rfind("@")
    if at <= 0 or path[at - 1] == "/":
        return path, ""
    return path[:at], path[at + 1 :]


def _subpath(text: str) -> str:
    """A subpath without slashes at its ends and without segments that are empty or dots (ECMA-427 clause 5.6)."""
    return "/".join(part for part in unquote(text).split("/") if part not in ("", ".", "..")) if text else ""


def _fold(kind: str, text: str) -> str:
    if kind == "pypi":  # PEP 503: runs of -, _ and . are one -
        return re.sub(r"[-_.]+", "-", text).lower()
    return text.lower() if kind in _CASE_FOLDED else text


def _qualifiers(query: str) -> tuple[tuple[str, str], ...]:
    pairs = (pair.partition("=") for pair in query.split("&") if "=" in pair)
    return tuple((key.lower(), unquote(value)) for key, _, value in pairs)


@cache
def _search_high_escape() -> Callable[[str], object]:
    """Searches for an escape of more than ASCII: only these can be no UTF-8."""
    return re.compile(r"%[89A-Fa-f]").search


def has_high_escape(text: str) -> bool:
    """Whether there is an escape of more than ASCII in a text."""
    return _search_high_escape()(text) is not None


def names_owner(text: str) -> bool:
    """Whether the purl by itself says who publishes the component: generic and unknown types do not."""
    if not text:
        return False
    head, _, tail = text.rpartition("/")
    if tail[:1].isalnum() and not ("%" in tail and has_high_escape(tail)):
        return _head_names_owner(head)  # behind a plain last part nothing decides
    return _names_owner(text)


@lru_cache(10_000)
def _head_names_owner(head: str) -> bool:
    return _names_owner(f"{head}/x")


def _names_owner(text: str) -> bool:
    if "%" in text and "\ufffd" in unquote(text):
        return False  # escapes of no UTF-8: nobody can tell who that is
    if not text.startswith("pkg:"):
        text = text.strip()
        if text[:4].lower() != "pkg:":
            return False
    kind, _, path = text[4:].lstrip("/").partition("/")
    owner, slash, rest = path.partition("/")
    if kind not in OWNED_NAMES and kind not in OWNING_NAMESPACES:
        kind = kind.lower()
    if kind in OWNED_NAMES and path[:1] not in ("", "?", "#"):
        return path[0] != "@" or (bool(slash) and len(owner) > 1)
    if not slash or not rest or not owner or rest[0] in "@?#" or not _NO_OWNER.isdisjoint(owner):
        return False
    return kind in OWNING_NAMESPACES or "." in owner  # a host, whatever the type


def unversioned(purl: str) -> str:
    """The purl without version, qualifiers and subpath: `pkg:npm/@a/b@1?x=y` -> `pkg:npm/@a/b`."""
    bare = purl.partition("?")[0].partition("#")[0]
    head, at, version = bare.rpartition("@")
    return head if at and "/" not in version and not head.endswith("/") else bare
