"""Package URLs: namespaces that a vendor owns in a registry, exact names, and name prefixes."""

from collections.abc import Iterator

from sbomguard import purl as package_url
from sbomguard import weburl
from sbomguard.matchers import party
from sbomguard.matchers.index import Index, purl_path
from sbomguard.matchers.match import Match
from sbomguard.model import Signal

TABLES = ("purl", "party")
"""Tables of the index that are asked, up to their first full stop."""

FREE_NAMESPACES = frozenset(("docker", "composer", "huggingface", "npm"))
"""Types in whose registry anyone may take a namespace: one named like a vendor is probably, not surely, the vendor's."""

DOCKER_HUB = frozenset(("docker.io", "index.docker.io", "registry-1.docker.io", "hub.docker.com"))


def match(signal: Signal, index: Index) -> Iterator[Match]:
    """Vendors whose package or namespace it is: the exact name decides over the prefix, the prefix over the namespace."""
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
    owner = (
        dict(purl.qualifiers).get("user", "") if purl.type == "conan" else purl.namespace.strip("@") if purl.type in FREE_NAMESPACES else ""
    )
    if owner and not refs:
        named = Signal("party", "supplier", signal.field, signal.at, owner.translate(party.ACCOUNT_MARKS))
        for found in party.match(named, index):
            if party.GUESSED.isdisjoint(found.folded):
                yield Match(found.ref, found.key, found.folded, "supporting", "a namespace named like it")


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
