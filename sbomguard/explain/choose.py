"""Which components a person means by a ref, a package URL, a CPE name or a name."""

from collections.abc import Callable, Iterable
from difflib import get_close_matches

from sbomguard import purl as package_url
from sbomguard.errors import UsageError
from sbomguard.matchers.index import purl_path
from sbomguard.model import Component, Document
from sbomguard.source import Source

FEW = 5
"""Most components of one name that are explained at once; of more the refs are listed."""

_LISTED = 10
_COMPARED = 20_000

Chosen = tuple[Source, Document, tuple[Component, ...]]


def choose(documents: Iterable[tuple[Source, Document]], wanted: str) -> list[Chosen]:
    """The components meant, with their documents: those whose ref it is, else those whose package URL, and so on down to the name.

    Raises UsageError where none is meant, or more than FEW.
    """
    if not wanted.strip():
        raise UsageError("no component is named", advice="Give a ref, a package URL or a name as the document writes it")
    items = list(documents)
    for fits in _rules(wanted):
        chosen = [(source, document, tuple(filter(fits, document.components))) for source, document in items]
        chosen = [row for row in chosen if row[2]]
        number = sum(len(components) for *_, components in chosen)
        if number > FEW:
            raise UsageError(f"'{wanted}' fits {number} components", advice=f"Give the ref of one: {_refs(chosen)}")
        if chosen:
            return chosen
    raise UsageError(f"there is no component '{wanted}' in what was read", advice=_closest(items, wanted))


def _rules(wanted: str) -> tuple[Callable[[Component], bool], ...]:
    """The ways to mean a component, the most exact first."""
    name, _, version = wanted.rpartition("@")
    lower = wanted.lower()
    whole, bare = _purl_key(wanted), _purl_key(wanted, versioned=False)
    return (
        lambda item: item.ref == wanted,
        lambda item: item.purl == wanted or any(signal.kind in ("purl", "cpe") and signal.value == wanted for signal in item.signals),
        lambda item: whole is not None and bool(item.purl) and _purl_key(item.purl) == whole,
        lambda item: bare is not None and "@" not in wanted[1:] and bool(item.purl) and _purl_key(item.purl, versioned=False) == bare,
        lambda item: item.name == wanted,
        lambda item: bool(name) and (item.name, item.version) == (name, version),
        lambda item: item.name.lower() == lower,
        lambda item: item.name.lower().rpartition("/")[2] == lower,
        lambda item: item.pointer == wanted,
    )


def _purl_key(text: str, *, versioned: bool = True) -> tuple[str, str] | None:
    """What makes two package URLs the same package, or the same version of it; None for what is none."""
    parsed = package_url.parse(text) if text[:4].lower() == "pkg:" else None
    return (purl_path(parsed), parsed.version if versioned else "") if parsed else None


def _refs(chosen: list[Chosen]) -> str:
    refs = [item.ref or item.pointer for _, _, components in chosen for item in components]
    more = f", and {len(refs) - _LISTED} more" if len(refs) > _LISTED else ""
    return ", ".join(ref[:80] for ref in refs[:_LISTED]) + more


def _closest(documents: list[tuple[Source, Document]], wanted: str) -> str:
    """The names and refs that look most like what was asked for."""
    known = [text for _, document in documents for item in document.components[:_COMPARED] for text in (item.name, item.ref, item.purl)]
    likely = [text[:100] for text in dict.fromkeys(known[:_COMPARED]) if text and abs(len(text) - len(wanted)) < 12]
    close = get_close_matches(wanted[:100], likely, 3, 0.6)
    return f"Did you mean {' or '.join(close)}?" if close else "Give a ref, a package URL or a name as the document writes it"
