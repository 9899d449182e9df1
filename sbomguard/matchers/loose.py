"""Package URLs that are none, or of a type that nobody registered, read as whoever wrote them must mean them."""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from sbomguard import purl as package_url
from sbomguard.model import Signal
from sbomguard.percent import unquote

MEANT = "a package URL that is not well formed read as what it must mean"
"""The step of reading `pkg:python/x` as `pkg:pypi/x`, or `github.com/x/y` as an address."""

ALIASES = {
    "alpine": "apk", "crate": "cargo", "crates": "cargo", "debian": "deb", "dockerhub": "docker",
    "dotnet": "nuget", "dpkg": "deb", "github.com": "github", "gitlab.com": "gitlab", "go": "golang", "gomod": "golang",
    "gradle": "maven", "java": "maven", "node": "npm", "nodejs": "npm", "packagist": "composer", "php": "composer", "pip": "pypi",
    "pnpm": "npm", "python": "pypi", "redhat": "rpm", "ruby": "gem", "rubygems": "gem", "rust": "cargo", "yarn": "npm",
}  # fmt: skip
"""Words for an ecosystem that are no types, and the type that is meant."""

_KNOWN = package_url.OWNED_NAMES | package_url.OWNING_NAMESPACES | {"generic", "git"}
_BROKEN = "\ufffd"


def readings(signal: Signal) -> Iterator[Signal]:
    """What the value of a purl signal may mean other than what it says; none for what is well formed and says it all."""
    scheme, colon, rest = signal.value.strip().partition(":")
    if not colon or scheme.lower() != "pkg":
        yield replace(signal, kind="url", role="vcs")
        return
    kind, _, path = rest.lstrip("/").partition("/")
    kind = unquote(kind).lower().strip()
    kind = ALIASES.get(kind, kind)
    path = _whole(unquote(path).replace(_BROKEN, "") if _BROKEN in unquote(path) else path)
    if kind and kind not in _KNOWN:
        kind, path = "generic", f"{kind}/{path}"
    meant = f"pkg:{kind}/{path}"
    if meant != f"pkg:{rest.lstrip('/')}":
        yield replace(signal, value=meant)
    purl = package_url.parse(meant)
    if purl and purl.type == "pypi" and "-" in purl.name:
        yield replace(signal, value=f"pkg:pypi/{purl.name.replace('-', '')}")  # PyPI gives no two owners names that differ in this


def _whole(path: str) -> str:
    """The path with a name where it ends at a namespace: `huawei/@1` -> `huawei/unnamed@1`."""
    return re.sub(r"(?<=[^/])/+(?=[@?#]|\Z)", "/unnamed", path, count=1)
