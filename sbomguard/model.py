"""The one picture of an SBOM that every reader draws and every matcher reads."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec import Struct

# Component classes: what a list entry can reach. Keys are CycloneDX `component.type` (1.7, clause component/type) and, upper case,
# SPDX 2.3 `primaryPackagePurpose` (clause 7.24). `module` (a radio module) is told apart by its FCC ID.
CLASS_OF_TYPE = {
    "application": "software",
    "framework": "software",
    "library": "software",
    "container": "software",
    "platform": "software",
    "file": "software",
    "operating-system": "operating-system",
    "device": "hardware",
    "device-driver": "software",
    "firmware": "firmware",
    "machine-learning-model": "data",
    "data": "data",
    "cryptographic-asset": "data",
    "service": "service",
    "APPLICATION": "software",
    "FRAMEWORK": "software",
    "LIBRARY": "software",
    "CONTAINER": "software",
    "OPERATING-SYSTEM": "operating-system",
    "OPERATING_SYSTEM": "operating-system",
    "DEVICE": "hardware",
    "FIRMWARE": "firmware",
    "SOURCE": "software",
    "ARCHIVE": "software",
    "FILE": "software",
    "INSTALL": "software",
    "OTHER": "software",
}


ASIDES = {
    "build": ("review", "it takes part in building the product and is not listed as a part of it"),
    "target": ("review", "declarations are made about it, and it is not listed as a part of the product"),
    "variant": ("review", "it is a variant of a part of the product, and which was made from which is not told"),
    "writer": ("review", "who writes the SBOM of a product is commonly its maker, and need not be"),
    "other": ("review", "it is another SBOM that this one refers to, and who wrote it need not have made what it describes"),
    "descendant": ("note", "it was made from a part of the product, not the other way round"),
    "tool": ("note", "it is a tool that had to do with the document, not with the product"),
    "party": ("note", "it is only named in the document: as annotator, assessor, owner of a standard or the like"),
}
"""How something stands to the product that is no part of it: the highest level of a finding about it, and why."""

FCC_MARK = "fccid"
"""Stands before FCC IDs and hardware ids in `Component.text`: they are too short to be looked for as words."""


class Signal(Struct, frozen=True, gc=False):
    """One identity-bearing value of a component.

    `kind`: name, party, email, purl, cpe, url, file, fcc-id, hardware-id, or date, the day on which it was built or released. `role` says
    what the value plays: for a party or e-mail manufacturer, supplier, publisher, originator or author; for a URL the reference type (vcs,
    website, distribution, ...); for a hardware id usb, pci or oui. `field` is the name a person knows (`supplier.name`), `at` the JSON
    Pointer from the component to the value.
    """

    kind: str
    role: str
    field: str
    at: str
    value: str


class Signals(Struct, frozen=True, gc=False):
    """Signals that are made when they are iterated: most components meet no vendor, and nobody looks at most of their signals."""

    make: Callable[[Any], Iterator[Signal]]
    record: Any

    def __iter__(self) -> Iterator[Signal]:
        """The signals, made anew."""
        return self.make(self.record)


class Component(Struct, frozen=True, gc=False):
    """A CycloneDX component or service, or an SPDX package, file or snippet that carries identity.

    `type` is the document's own word, `component_class` one of CLASS_OF_TYPE's values, `pointer` its JSON Pointer in the document,
    `malformed` why part of it could not be read (empty when it could). What is checked but is not itself a part of the product
    (the document's subject, a service, a tool) is not `counted`. A reader that is in a hurry also gives `text`, every identity-bearing
    value but party names, and `parties`, the party texts as written; without them both are made from the signals. `aside`, one of ASIDES,
    says how it stands to the product where it is told beside the parts; empty for a part.
    """

    ref: str
    name: str
    version: str
    type: str
    component_class: str
    purl: str
    pointer: str
    signals: Any  # Iterable[Signal]; msgspec would look into a narrower type
    malformed: str = ""
    counted: bool = True
    text: str = ""
    parties: tuple[str, ...] | None = None
    aside: str = ""

    def party_texts(self) -> tuple[str, ...]:
        """The party texts as written, where the reader gave them; else the names among the signals."""
        if self.parties is not None:
            return self.parties
        return tuple(signal.value for signal in self.signals if signal.kind == "party")


class Edge(Struct, frozen=True, gc=False):
    """`parent` depends on or contains each of `children` (refs)."""

    parent: str
    children: tuple[str, ...]


class Edges(Struct, frozen=True, gc=False):
    """Edges that are made when they are iterated: nobody looks at them unless there is a finding or a reference to another document."""

    make: Callable[[Any], Iterator[Edge]]
    record: Any

    def __iter__(self) -> Iterator[Edge]:
        """The edges, made anew."""
        return self.make(self.record)


class Problem(Struct, frozen=True, kw_only=True):
    """Something in a document that a person should know; `ref` names the component if there is one."""

    pointer: str
    message: str
    ref: str = ""


class Link(Struct, frozen=True, kw_only=True):
    """A reference to another document, or to one element of it.

    `target` is the URI of the document meant (a name of it, see `Document.names`) or of the element itself, `element` the element's ref
    in that document (empty for the whole), `ref` the component or element that refers, `pointer` where it does. `local` is the ref by
    which the document's own relationships mean the element (`DocumentRef-x:SPDXRef-y`, `urn:cdx:...#y`), empty if none does.
    `algorithm` and `digest` (hexadecimal, lower case) are those that the reference gives of the document's bytes, empty if none.
    `needed` tells that what is meant is a part of the product: while it is not among the inputs, the answer is incomplete.
    """

    target: str
    element: str = ""
    ref: str = ""
    pointer: str = ""
    local: str = ""
    algorithm: str = ""
    digest: str = ""
    needed: bool = True


class Document(Struct, frozen=True, kw_only=True):
    """One SBOM as read. `root` is the ref of what the document describes; `gaps` are the document's own words that parts are missing.

    `names` are the URIs by which other documents mean this one: a BOM-Link `urn:cdx:serial/version` and the serial number (CycloneDX
    1.7, clause bom-link), the document namespace (SPDX 2.3 clause 6.5), the IRI of the SpdxDocument (SPDX 3.0.1 Core). `links` are its
    references to others. `described` are the refs of what an SPDX document describes.
    """

    source: str
    format: str
    version: str
    serialisation: str
    components: tuple[Component, ...]
    edges: Iterable[Edge] = ()
    root: str = ""
    generator: str = ""
    problems: tuple[Problem, ...] = ()
    gaps: tuple[Problem, ...] = ()
    names: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    described: tuple[str, ...] = ()


class Place(Struct, frozen=True, kw_only=True):
    """Where a value stands: 1-based line and column (in characters), the end one past the last character."""

    line: int
    column: int
    end_line: int
    end_column: int


def component_class(kind: str, default: str = "software") -> str:
    """The class of a component of that CycloneDX type or SPDX purpose; unknown words count as `default`."""
    return CLASS_OF_TYPE.get(kind, default)
