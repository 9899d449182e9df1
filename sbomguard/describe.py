"""What reports say of a document as a whole: what it is, how much of it says who made what, and what is missing."""

from collections.abc import Iterable

from sbomguard import generators, identity, purl, suppliers
from sbomguard.model import Document, Problem
from sbomguard.readers.countries import countries
from sbomguard.source import Source
from sbomguard.verdict import Read, Unidentified


def find_unidentified(document: Document, stamped: frozenset[str] = frozenset()) -> list[Unidentified]:
    """The counted components that do not say who made them; a party in `stamped` does not count."""
    return [
        Unidentified(document=document.source, ref=component.ref, name=component.name, reason=reason)
        for component in document.components
        if component.counted
        and (component.malformed or not purl.names_owner(component.purl))  # most have one that does
        and (reason := identity.why_unidentified(component, stamped))
    ]


def describe(
    source: Source, document: Document, unidentified: int, generator: generators.Generator | None, digests: bool, origins: bool = False
) -> Read:
    """The document as reports show it. A component that was read only in part is a gap: half-read must not look like a pass."""
    classes = suppliers.count(document, packagers=generator is not None and generator.packagers)
    poor = sum(number for kind, number in classes if kind not in ("vendor", "self"))
    return Read(
        path=source.name,
        digest=source.digest if digests else "",
        format=document.format,
        version=document.version,
        serialisation=document.serialisation,
        generator=document.generator or (generator.name if generator else ""),
        components=sum(component.counted for component in document.components),
        unidentified=unidentified,
        problems=document.problems,
        gaps=(*document.gaps, *_half_read(document)),
        suppliers=classes,
        countries=countries(source.data) if origins else (),
        advice=(generator.advice if generator else generators.GENERAL) if unidentified or poor else "",
    )


def _half_read(document: Document) -> Iterable[Problem]:
    for component in document.components:
        if component.malformed:
            yield Problem(
                pointer=component.pointer, ref=component.ref,
                message=f"the component at {component.pointer} could not be read whole: {component.malformed}",
            )  # fmt: skip
