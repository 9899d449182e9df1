"""What reports say of a document as a whole: what it is, how much of it says who made what, and what is missing."""

from collections.abc import Iterable

from sbomguard import generators, identity, purl
from sbomguard.model import Component, Document, Problem
from sbomguard.source import Source
from sbomguard.suppliers import Suppliers, product_of
from sbomguard.verdict import Read


def find_makerless(document: Document, said: Suppliers, stamped: frozenset[str] = frozenset()) -> list[tuple[Component, str]]:
    """The counted components that do not say who made them, each with the reason; a party in `stamped` does not count."""
    return list(identity.unidentified(document.components, said.telling(stamped), stamped))


def describe(
    source: Source, document: Document, said: Suppliers, makerless: list[Component], generator: generators.Generator | None,
    digests: bool, origins: bool = False,
) -> Read:  # fmt: skip
    """The document as reports show it. A component that was read only in part is a gap: half-read must not look like a pass."""
    classes = said.count(packagers=generator is not None and generator.packagers)
    poor = sum(number for kind, number in classes if kind not in ("vendor", "self"))
    return Read(
        path=source.name,
        digest=source.digest if digests else "",
        format=document.format,
        version=document.version,
        serialisation=document.serialisation,
        generator=document.generator or (generator.name if generator else ""),
        components=said.answers.total(),
        unidentified=len(makerless),
        problems=document.problems,
        gaps=(*document.gaps, *_half_read(document), *_no_purls(makerless), *_alone(document, said.answers.total(), makerless)),
        suppliers=classes,
        countries=_countries(source) if origins else (),
        advice=(generator.advice if generator else generators.GENERAL) if makerless or poor else "",
    )


def _countries(source: Source) -> tuple[tuple[str, int], ...]:
    from sbomguard.readers.countries import countries  # for a product that declares its origin

    return countries(source.data)


def _half_read(document: Document) -> Iterable[Problem]:
    for component in document.components:
        if component.malformed:
            yield Problem(
                pointer=component.pointer, ref=component.ref,
                message=f"the component at {component.pointer} could not be read whole: {component.malformed}",
            )  # fmt: skip


def _alone(document: Document, counted: int, makerless: list[Component]) -> Iterable[Problem]:
    """The gap of a document of which only the product itself says who made it: who that is was never the question."""
    if counted - len(makerless) != 1 or not makerless:
        return
    silent = {component.pointer for component in makerless}
    (telling,) = (component for component in document.components if component.counted and component.pointer not in silent)
    if telling.ref and telling.ref == product_of(document):
        yield Problem(pointer=telling.pointer, ref=telling.ref, message="of its parts none says who made it, only the product itself does")


def _no_purls(makerless: list[Component]) -> Iterable[Problem]:
    """The gaps of components whose only identity is a package URL that is none."""
    for component in makerless:
        if component.purl and not component.malformed and purl.parse(component.purl) is None:
            yield Problem(
                pointer=component.pointer, ref=component.ref,
                message=f"{component.name or component.pointer} has a purl that is none: '{component.purl[:100]}'",
            )  # fmt: skip
