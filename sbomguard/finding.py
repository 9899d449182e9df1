"""A finding: a component held against an entry, with the evidence that led to it."""

from msgspec import Struct
from msgspec.structs import replace

from sbomguard.model import Component, Place
from sbomguard.policy import Document as PolicyDocument
from sbomguard.policy import Origin
from sbomguard.purl import unversioned

LEVELS = ("note", "review", "prohibited")
"""Levels, least first."""


class Evidence(Struct, frozen=True, kw_only=True):
    """One fact that ties a component to a vendor.

    `signal` party, email, domain, forge, purl, cpe, word, file, fcc, hardware or text; `field` where it stood (`supplier.name`), `at` the
    JSON Pointer from the component; `found` the value as written, `expected` the vendor-file value it met; `strength` decisive,
    supporting or mention; `folded` the normalisation steps without which it would not have met; `explanation` who the value stands for.
    """

    vendor: str
    signal: str
    field: str
    at: str
    found: str
    expected: str
    strength: str
    relation: str
    folded: tuple[str, ...] = ()
    explanation: str = ""
    confidence: str = "unverified"
    sources: tuple[str, ...] = ()


class Location(Struct, frozen=True, kw_only=True):
    """Where a finding is shown: the file, the JSON Pointer of the component, and the place of the value that convicted."""

    path: str
    pointer: str
    place: Place


class Waived(Struct, frozen=True, kw_only=True):
    """The waiver that a finding fell under."""

    reason: str
    owner: str
    expires: str


class Finding(Struct, frozen=True, kw_only=True):
    """A component that an entry concerns. `rule` is `list/entry`; `documents` are the authority's; `message` says it in one sentence,
    `dependency_path` are the refs from the product to the component, `path_names` the same as a person reads it;
    `entry_meaning` and `entry_limits` are the list file's plain words, `why_level` why this level and not another, `remedy` what to do,
    `since` the first day of the entry. `origin` and `vendor_origin` say which files the rule and the vendor come from. `new_since` is the
    day since which it could not have been found earlier, `news` the same in words; both are empty for what is not new, or nobody asked."""

    rule: str
    level: str
    relation: str
    vendor: str
    vendor_name: str
    list_id: str
    entry: str
    entry_title: str
    entry_meaning: str
    entry_limits: str
    component: Component
    evidence: tuple[Evidence, ...]
    location: Location
    dependency_path: tuple[str, ...]
    documents: tuple[PolicyDocument, ...]
    message: str
    why_level: str
    remedy: str
    fingerprint: str
    waiver: Waived | None = None
    path_names: tuple[str, ...] = ()
    since: str = ""
    origin: Origin | None = None
    vendor_origin: Origin | None = None
    new_since: str = ""
    news: str = ""


def fingerprint(rule: str, component: Component, path: str) -> str:
    """A key that stays the same when the SBOM is made again: rule and component without version, never a line or a ref.

    Many generators write random refs and shift lines at each run; the file name stays, so that one component in two documents is two.
    """
    from hashlib import sha256  # only findings need it

    identity = unversioned(component.purl) or component.name
    return sha256("\x1f".join((rule, identity, component.name, path)).encode("utf-8", "surrogatepass")).hexdigest()


def told_as_new(finding: Finding, last_pass: str) -> Finding:
    """The finding, marked if its entry or a document of it is later than the last pass (YYYY-MM-DD)."""
    if finding.since > last_pass:
        return replace(finding, new_since=finding.since, news=f"new since your last pass: entry in force from {finding.since}")
    later = [document for document in finding.documents if document.date > last_pass]
    if not later:
        return finding
    last = max(later, key=lambda document: document.date)
    return replace(finding, new_since=last.date, news=f"new since your last pass: {last.number} of {last.date}")
