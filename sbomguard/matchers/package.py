"""Package URLs: namespaces that a vendor owns in a registry, exact names, and name prefixes."""

import re
from collections.abc import Iterator
from operator import itemgetter

from msgspec.structs import replace

from sbomguard import purl as package_url
from sbomguard import weburl
from sbomguard.matchers import domain, party
from sbomguard.matchers.index import Index, purl_path
from sbomguard.matchers.match import Match
from sbomguard.model import Signal

TABLES = ("purl", "party", "domain")
"""Tables of the index that are asked, up to their first full stop."""

FREE_NAMESPACES = frozenset("alpm apk composer deb docker generic huggingface npm qpkg rpm yocto".split())
"""Types whose namespace is free: one named like a vendor is probably, not surely, the vendor's, or its distribution's."""

_VENDORED = r"(?i)(?:^|/)(?:third[_-]?party|3rd[_-]?party|vendors?|externals?|contrib)/([^/]+)"

DOCKER_HUB = frozenset(("docker.io", "index.docker.io", "registry-1.docker.io", "hub.docker.com"))


def match(signal: Signal, index: Index) -> Iterator[Match]:
    """Vendors whose package or namespace it is: the exact name decides over the prefix, the prefix over the namespace.

    Of names only a group is read: in reverse domain notation it says what the namespace of a package URL of type maven does.
    """
    if signal.kind == "name":
        yield from _of_group(signal.value, index) if signal.role == "group" else ()
        return
    purl = package_url.parse_folded(signal.value)
    if purl is None:
        return
    if purl.type == "oci":
        purl = _of_docker_hub(purl) or purl
    path = purl_path(purl)
    refs = (
        index.look_up("purl.name", path)
        or tuple(ref for _, ref in index.with_prefix("purl.prefix", path))
        or next((entries for key in namespaces(purl) if (entries := index.look_up("purl.namespace", key))), ())
    )
    for ref in refs:
        yield Match(ref, path)
    for owner, weaken, why in filter(itemgetter(0), _owners(purl)) if not refs else ():
        named = Signal("party", "supplier", signal.field, signal.at, owner.translate(party.ACCOUNT_MARKS))
        for found in party.match(named, index):
            if party.GUESSED.isdisjoint(found.folded):
                yield Match(found.ref, found.key, found.folded, found.weaken or weaken, why)
    for key, value in purl.qualifiers:
        if key in package_url.ALIAS_QUALIFIERS:
            meant = replace(signal, value=f"pkg:{value.removeprefix('pkg:').replace(':', '/', 1)}")
            yield from (Match(found.ref, found.key, found.folded, "supporting", f"the qualifier {key}") for found in match(meant, index))


def _owners(purl: package_url.Purl) -> Iterator[tuple[str, str, str]]:
    """The names of owners that the purl has where its type leaves them free, with the strength they have, and why no more."""
    if purl.type == "conan":
        yield dict(purl.qualifiers).get("user", ""), "supporting", "a namespace named like it"
    elif purl.type in FREE_NAMESPACES:
        yield purl.namespace.strip("@"), "supporting", "a namespace named like it"
    elif purl.type == "swid":  # ECMA-427, type swid: the creator of the software, and that of the tag
        yield purl.namespace.partition("/")[0], "", ""
    elif purl.type == "nuget":
        yield purl.name.partition(".")[0], "supporting", "the first part of its name, which is commonly its owner"
    yield from ((owner, "supporting", "a folder for what others made named like it") for owner in re.findall(_VENDORED, purl.subpath))
    yield from ((value, "supporting", f"the qualifier {key}") for key, value in purl.qualifiers if key in package_url.PARTY_QUALIFIERS)


def _of_group(group: str, index: Index) -> Iterator[Match]:
    """Vendors whose namespace or reversed domain the group is in; no registry vouches for it."""
    scope = package_url.Purl("npm" if group.startswith("@") else "maven", group, "", "", ())
    refs = next((entries for key in namespaces(scope) if (entries := index.look_up("purl.namespace", key))), ())
    if not refs and "." in group:
        host = ".".join(reversed(group.lower().split(".")))
        refs = next((entries for suffix in domain.suffixes(host) if (entries := index.look_up("domain", suffix))), ())
    yield from (Match(ref, group.lower(), weaken="supporting", why="a group named like it") for ref in refs)


def _of_docker_hub(purl: package_url.Purl) -> package_url.Purl | None:
    """The image as pkg:docker names it, if its repository_url is at Docker Hub (type oci: the registry with the namespace)."""
    url = weburl.parse(dict(purl.qualifiers).get("repository_url", ""))
    if url is None or url.host not in DOCKER_HUB or len(url.path) < 2:
        return None
    return package_url.Purl("docker", url.path[0].lower(), purl.name, purl.version, purl.qualifiers, purl.subpath)


def namespaces(purl: package_url.Purl) -> Iterator[str]:
    """`type/namespace`, then the namespaces it is in: at `/`, and for Maven at the dots of the reverse domain."""
    separator = "." if purl.type == "maven" else "/"
    namespace = purl.namespace.lower()
    while namespace:
        yield f"{purl.type}/{namespace}"
        namespace = namespace.rpartition(separator)[0]
