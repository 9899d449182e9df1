"""Whether a component says who made it: what could name a maker, and what only fills a field."""

from functools import lru_cache

from sbomguard import cpe, party, purl, weburl
from sbomguard.model import Component, Signal


def why_unidentified(component: Component) -> str:
    """Why nothing in the component could name its maker, as a sentence; empty when something could.

    A party of a real class, a purl whose type or registry carries an owner, a CPE vendor, a host in a URL, an e-mail domain or an FCC ID
    identifies. A bare name or file name, or `pkg:generic` with nothing more, does not. A malformed component counts as unidentified.
    """
    if component.malformed:
        return f"it could not be read whole: {component.malformed}"
    if purl.names_owner(component.purl):
        return ""
    for text in component.parties or ():
        if party.names_someone(text):
            return ""
    return "" if any(map(names_maker, component.signals)) else _why(component)


def names_maker(signal: Signal) -> bool:
    """Whether the value could name a maker."""
    kind, value = signal.kind, signal.value
    if kind == "name" or kind == "file":
        return False
    if kind == "purl":
        return purl.names_owner(value) or ("url=" in value and any(True for _ in _urls(value)))
    return _is_worth(kind, value)


@lru_cache(200_000)
def _is_worth(kind: str, value: str) -> bool:
    if kind == "party":
        worth = party.supplier_class(value)
        return worth == "vendor" or (worth == "url" and weburl.parse(value) is not None)
    if kind == "cpe":
        parsed = cpe.parse(value)
        return parsed is not None and bool(parsed.vendor)
    if kind == "email":
        return bool(weburl.host_name(value.rpartition("@")[2]))
    return kind == "fcc-id" or weburl.parse(value) is not None


def _urls(value: str) -> list[weburl.Url]:
    parsed = purl.parse(value)
    return [url for key, text in (parsed.qualifiers if parsed else ()) if key in purl.URL_QUALIFIERS and (url := weburl.parse(text))]


def _why(component: Component) -> str:
    fillers = sorted({f"{s.field} is {party.supplier_class(s.value)} ('{s.value}')" for s in component.signals if s.kind == "party"})
    if fillers:
        return "; ".join(fillers)
    if any(signal.kind == "purl" for signal in component.signals):
        return f"its purl names no owner ('{component.purl}')"
    if any(signal.kind == "cpe" for signal in component.signals):
        return "its CPE names no vendor"
    return "it has a name only" if component.name else "it has no name"
