"""Whether a component says who made it: what could name a maker, and what only fills a field."""

from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

from sbomguard import party, purl, weburl
from sbomguard.model import Component, Signal


def unidentified(
    components: Iterable[Component], telling: Collection[tuple[str, ...]], stamped: frozenset[str] = frozenset()
) -> Iterator[tuple[Component, str]]:
    """The counted components of which nothing could name a maker, each with the reason of `why_unidentified`; `telling` are the parties of
    those whose parties name one."""
    names_owner = purl.names_owner
    for item in components:
        if item.counted and (item.malformed or not (item.parties in telling or names_owner(item.purl))):
            reason = why_unidentified(item, stamped)
            if reason:
                yield item, reason


def why_unidentified(component: Component, stamped: frozenset[str] = frozenset()) -> str:
    """Why nothing in the component could name its maker, as a sentence; empty when something could.

    A party of a real class, a purl whose type or registry carries an owner, a CPE vendor, a host in a URL, an e-mail domain or an FCC ID
    identifies. A bare name or file name, or `pkg:generic` with nothing more, does not, nor does the bare name of a distribution, which
    packages what others make, nor a party in `stamped`, which the generator writes on every part. A malformed component counts as
    unidentified.
    """
    if component.malformed:
        return f"it could not be read whole: {component.malformed}"
    if component.purl and purl.names_owner(component.purl):
        return ""
    if component.parties and _names_someone(component.parties, stamped):
        return ""
    telling = component.signals
    if stamped:
        telling = [signal for signal in telling if signal.kind != "party" or signal.value not in stamped]
    return "" if any(map(names_maker, telling)) else _why(component, stamped)


def _names_someone(parties: tuple[str, ...], stamped: frozenset[str]) -> bool:
    return any(map(party.names_someone, [text for text in parties if text not in stamped] if stamped else parties))


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
        worth = party.party_class(value)
        return worth == "vendor" or (worth == "url" and weburl.parse(value) is not None)
    if kind == "cpe":
        from sbomguard import cpe  # most components have a maker to ask, or a package URL

        parsed = cpe.parse(value)
        return parsed is not None and bool(parsed.vendor)
    if kind == "email":
        return bool(weburl.host_name(value.rpartition("@")[2]))
    return kind == "fcc-id" or (kind != "hardware-id" and weburl.names_host(value))


def _urls(value: str) -> list[weburl.Url]:
    parsed = purl.parse(value)
    return [url for key, text in (parsed.qualifiers if parsed else ()) if key in purl.URL_QUALIFIERS and (url := weburl.parse(text))]


def _why(component: Component, stamped: frozenset[str]) -> str:
    fillers = sorted({_filler(signal, stamped) for signal in component.signals if signal.kind == "party"})
    if fillers:
        return "; ".join(fillers)
    if any(signal.kind == "purl" for signal in component.signals):
        return f"its purl names no owner ('{component.purl}')"
    if any(signal.kind == "cpe" for signal in component.signals):
        return "its CPE names no vendor"
    return "it has a name only" if component.name else "it has no name"


def _filler(signal: Signal, stamped: frozenset[str]) -> str:
    if signal.value in stamped:
        return f"{signal.field} is the product's own maker, which the generator writes on every part ('{signal.value}')"
    return f"{signal.field} is {party.party_class(signal.value)} ('{signal.value}')"
