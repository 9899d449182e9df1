"""How the elements of SPDX 2 hang together: edges, what is named and not there, and references to other documents."""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set

from msgspec import Struct

from sbomguard.model import Component, Edge, Link, Problem, Signal

# Relationship types and which end depends on or contains the other (SPDX 2.3 clause 11); DOWN: the element holds the related one.
DOWN = frozenset(
    ("CONTAINS DEPENDS_ON DESCRIBES HAS_PREREQUISITE STATIC_LINK DYNAMIC_LINK GENERATED_FROM VARIANT_OF EXPANDED_FROM_ARCHIVE").split()
)
UP = frozenset(
    (
        "CONTAINED_BY DEPENDENCY_OF DESCRIBED_BY PREREQUISITE_FOR RUNTIME_DEPENDENCY_OF BUILD_DEPENDENCY_OF DEV_DEPENDENCY_OF "
        "OPTIONAL_DEPENDENCY_OF PROVIDED_DEPENDENCY_OF TEST_DEPENDENCY_OF DEPENDENCY_MANIFEST_OF BUILD_TOOL_OF DEV_TOOL_OF "
        "TEST_TOOL_OF PACKAGE_OF DATA_FILE_OF"
    ).split()
)

TYPES = frozenset(
    "AMENDS ANCESTOR_OF BUILD_DEPENDENCY_OF BUILD_TOOL_OF CONTAINED_BY CONTAINS COPY_OF DATA_FILE_OF DEPENDENCY_MANIFEST_OF DEPENDENCY_OF "
    "DEPENDS_ON DESCENDANT_OF DESCRIBED_BY DESCRIBES DEV_DEPENDENCY_OF DEV_TOOL_OF DISTRIBUTION_ARTIFACT DOCUMENTATION_OF DYNAMIC_LINK "
    "EXAMPLE_OF EXPANDED_FROM_ARCHIVE FILE_ADDED FILE_DELETED FILE_MODIFIED GENERATED_FROM GENERATES HAS_PREREQUISITE METAFILE_OF "
    "OPTIONAL_COMPONENT_OF OPTIONAL_DEPENDENCY_OF OTHER PACKAGE_OF PATCH_APPLIED PATCH_FOR PREREQUISITE_FOR PROVIDED_DEPENDENCY_OF "
    "REQUIREMENT_DESCRIPTION_FOR RUNTIME_DEPENDENCY_OF SPECIFICATION_FOR STATIC_LINK TEST_CASE_OF TEST_DEPENDENCY_OF TEST_OF TEST_TOOL_OF "
    "VARIANT_OF".split()
)
"""Relationship types (SPDX 2.3 clause 11.1, table 68)."""

_ELSEWHERE = "DocumentRef-"
_UNTOLD = frozenset(("CONTAINS", "DEPENDS_ON", "DESCRIBES"))


class Relationship(Struct, gc=False):
    """SPDX 2.3 clause 11.1."""

    spdxElementId: str | None = None
    relationshipType: str | None = None
    relatedSpdxElement: str | None = None


class Checksum(Struct, gc=False):
    """SPDX 2.3 clause 7.10; only what is read."""

    algorithm: str | None = None
    checksumValue: str | None = None


class ExternalDocument(Struct, gc=False):
    """A reference to another document (SPDX 2.3 clause 6.6): how this one calls it, its namespace, and the checksum of its bytes."""

    externalDocumentId: str | None = None
    spdxDocument: str | None = None
    checksum: Checksum | None = None


class Named(Struct, frozen=True, gc=False):
    """An element that something in the document names: `ref`, by which other element, with what relationship type, and where."""

    ref: str
    by: str
    kind: str
    pointer: str


def edges(relationships: Iterable[Relationship], described: Iterable[str], root: str) -> Iterator[Edge]:
    """What holds or depends on what; `described` is what the document describes."""
    for item in relationships:
        if item.spdxElementId and item.relatedSpdxElement:
            if item.relationshipType in DOWN:
                yield Edge(item.spdxElementId, (item.relatedSpdxElement,))
            elif item.relationshipType in UP:
                yield Edge(item.relatedSpdxElement, (item.spdxElementId,))
    if described := tuple(described):
        yield Edge(root, described)


def described(relationships: Iterable[Relationship], also: tuple[str, ...], root: str) -> tuple[str, ...]:
    """What the document itself holds: the refs below the root; `also` are those that it lists apart."""
    own = (item for item in relationships if item.spdxElementId == root or item.relatedSpdxElement == root)
    return tuple(dict.fromkeys(child for edge in edges(own, also, root) if edge.parent == root for child in edge.children))


def ends(relationships: Sequence[Relationship]) -> set[str | None]:
    """All elements that stand in relationships; None among them if an end is missing."""
    return {item.spdxElementId for item in relationships} | {item.relatedSpdxElement for item in relationships}


def are_plain(relationships: Sequence[Relationship], parts: set[str | None]) -> bool:
    """Whether all of them are of known types and lead from part to part: nothing is to be noted of those."""
    return (
        parts.issuperset([item.spdxElementId for item in relationships])
        and parts.issuperset([item.relatedSpdxElement for item in relationships])
        and TYPES.issuperset([item.relationshipType for item in relationships])
    )


def named(relationships: Iterable[tuple[int, Relationship]], at: Callable[[int], str], which: Set[str | None]) -> Iterator[Named]:
    """Those ends of numbered relationships that are among `which`; `at` gives the pointer of a relationship by its number."""
    for number, item in relationships:
        one, other, kind = item.spdxElementId or "", item.relatedSpdxElement or "", item.relationshipType or ""
        if other in which:
            yield Named(other, one, kind, at(number))
        if one in which and one != "NOASSERTION":
            yield Named(one, other, kind, at(number))


def is_odd(item: Relationship) -> bool:
    """Whether a relationship lacks an end, or is of a type that SPDX does not know."""
    return not item.spdxElementId or not item.relatedSpdxElement or item.relationshipType not in TYPES


def without_an_end(relationships: Iterable[tuple[str, Relationship]]) -> Iterator[Problem]:
    """How many relationships, each with its pointer, lack an end (SPDX 2.3 clause 11.1), and where the first stands."""
    bad = [at for at, item in relationships if not (item.spdxElementId and item.relatedSpdxElement)]
    if bad:
        what = "a relationship does not name both its ends" if len(bad) == 1 else f"{len(bad)} relationships do not name both their ends"
        yield Problem(pointer=bad[0], message=f"{what}: what holds what is not told whole")


def of_unknown_type(relationships: Iterable[tuple[str, str | None]]) -> Iterator[Problem]:
    """How many relationships, each with its pointer and type, are of a type that SPDX does not know, and the first such."""
    bad = [(at, kind) for at, kind in relationships if kind not in TYPES]
    if bad:
        at, kind = bad[0]
        more = f" and {len(bad) - 1} more" if len(bad) > 1 else ""
        said = f"of a type that SPDX does not know: '{kind[:40]}'" if kind else "that does not say its type"
        yield Problem(pointer=at, message=f"it has a relationship {said}{more}: what holds what may not be told whole")


def gaps(unknown: Sequence[Named], linked: Iterable[Link]) -> Iterator[Problem]:
    """What the document itself says is missing: contents not asserted, elements that are nowhere.

    `unknown` are the named elements that are none of the document's own. Those that are `linked` may be among the other inputs.
    """
    missing: dict[str, str] = {}
    elsewhere = {link.local for link in linked}
    for item in unknown:
        if item.ref == "NOASSERTION" and item.kind in _UNTOLD:
            yield Problem(pointer=item.pointer, message=f"it does not say what {item.by} {item.kind}")
        holds = item.kind in DOWN or item.kind in UP
        lost = item.ref.startswith(_ELSEWHERE) or (holds and item.ref.startswith("SPDXRef-") and "Snippet" not in item.ref)
        if lost and item.ref not in elsewhere:
            missing.setdefault(item.ref, item.pointer)
    if missing:
        first = min(missing)
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        message = f"relationships name elements that are not in it: '{first[:100]}'{more}"
        yield Problem(pointer=missing[first], message=message, ref=first)


def links(documents: Sequence[ExternalDocument], unknown: Iterable[Named], at: Callable[[int], str]) -> tuple[Link, ...]:
    """A link for each reference to another document, then one for each element in it that is named, where it is named first.

    The first have no element; as `local` they have the document's name here, which stands before the `:` in those of its elements.
    They are needed if anything in the document is named. `at` gives the pointer of a reference by its number.
    """
    meant = {item.externalDocumentId: item for item in documents if item.externalDocumentId and item.spdxDocument}
    inside: dict[str, Link] = {}
    for name in unknown:
        local, _, element = name.ref.partition(":")
        if local in meant and name.ref not in inside:
            target = meant[local].spdxDocument or ""
            inside[name.ref] = Link(target=target, element=element, ref=name.by, pointer=name.pointer, local=name.ref)
    used = {ref.partition(":")[0] for ref in inside}
    whole = [_whole(item, at(number), used) for number, item in enumerate(documents) if item.spdxDocument]
    return (*whole, *inside.values())


def others(links: Iterable[Link]) -> Iterator[Component]:
    """Stand-ins for the other documents that this one refers to: the host of a namespace is that of who wrote the document (clause 6.5)."""
    for link in links:
        if not link.element:
            said = (Signal("url", "bom", "externalDocumentRefs.spdxDocument", "/spdxDocument", link.target),)
            yield Component(
                ref="", name=link.local, version="", type="", component_class="software", purl="", pointer=link.pointer, signals=said,
                counted=False, aside="other",
            )  # fmt: skip


def _whole(item: ExternalDocument, pointer: str, used: set[str]) -> Link:
    checksum = item.checksum or Checksum()
    local = item.externalDocumentId or ""
    return Link(
        target=item.spdxDocument or "",
        pointer=pointer,
        local=local,
        algorithm=_ALGORITHMS.get(checksum.algorithm or "", checksum.algorithm or "") if checksum.checksumValue else "",
        digest=(checksum.checksumValue or "").lower(),
        needed=local in used,
    )


_ALGORITHMS = {"SHA1": "SHA-1", "SHA224": "SHA-224", "SHA256": "SHA-256", "SHA384": "SHA-384", "SHA512": "SHA-512"}
"""Names of algorithms as all formats but SPDX write them."""
