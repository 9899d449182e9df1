"""SPDX 3 elements as they are decoded: what is read of each class, what each class is to a product, and the elements of one document."""

from typing import Any

from msgspec import Struct

from sbomguard.readers.jsontext import Text

VERSIONS = ("3.0", "3.0.0", "3.0.1", "3.1", "3.1.0")
TERMS = "https://spdx.org/rdf/"
NOBODY = frozenset(("NoneElement", "NoAssertionElement", "NOASSERTION", "NONE"))
"""Individuals for no element, or no statement about one (SPDX 3.0.1 Core/Individuals), and what generators write for them."""

Ids = str | tuple[str, ...] | None
"""A property that names elements by id, written as one or as a list (JSON-LD does not tell the two apart)."""


class Identifier(Struct, gc=False):
    """SPDX 3.0.1 Core/ExternalIdentifier."""

    externalIdentifierType: str | None = None
    identifier: Text | None = None


class Reference(Struct, gc=False):
    """SPDX 3.0.1 Core/ExternalRef."""

    externalRefType: str | None = None
    locator: Ids = None


class Property(Struct, gc=False, rename={"name": "extension_cdxPropName", "value": "extension_cdxPropValue"}):
    """SPDX 3.0.1 Extension/CdxPropertyEntry."""

    name: Text | None = None
    value: Text | None = None


class Entry(Struct, gc=False):
    """SPDX 3.0.1 Core/DictionaryEntry."""

    key: str | None = None
    value: str | None = None


class Extension(Struct, gc=False, rename={"properties": "extension_cdxProperty"}):
    """SPDX 3.0.1 Extension/CdxPropertiesExtension; of other extensions nothing is read."""

    properties: tuple[Property, ...] | Property | None = None


class Hash(Struct, gc=False):
    """SPDX 3.0.1 Core/Hash."""

    algorithm: str | None = None
    hashValue: str | None = None


class ExternalMap(Struct, gc=False):
    """SPDX 3.0.1 Core/ExternalMap."""

    externalSpdxId: str | None = None
    locationHint: str | None = None
    definingArtifact: str | None = None
    verifiedUsing: tuple[Hash, ...] | Hash | None = None


class NamespaceMap(Struct, gc=False):
    """SPDX 3.0.1 Core/NamespaceMap."""

    prefix: str | None = None
    namespace: str | None = None


class Agent(Struct, gc=False, rename={"at_type": "@type", "at_id": "@id"}):
    """An agent that is written where it is named, not in the graph."""

    type: str | None = None
    at_type: str | None = None
    spdxId: str | None = None
    at_id: str | None = None
    name: str | None = None
    externalIdentifier: str | tuple[str | Identifier, ...] | Identifier | None = None
    creationInfo: Any = None


Who = str | tuple[str | Agent, ...] | Agent | None
"""A property that names agents, by id or on the spot."""

NAMES = {
    "spdxId": "spdxId",
    "productAgent": "hardware_productAgent",
    "hardwareVersion": "hardware_hardwareVersion",
    "partNumber": "hardware_partNumber",
    "information": "hardware_additionalInformation",
    "version": "software_packageVersion",
    "purl": "software_packageUrl",
    "downloadLocation": "software_downloadLocation",
    "homePage": "software_homePage",
    "sourceInfo": "software_sourceInfo",
    "purpose": "software_primaryPurpose",
    "from_": "from",
    "imports": "import",
}
"""Field -> property, where the two differ."""


class Artifact(Struct, gc=False, rename=NAMES):
    """A package, file, piece of hardware or agent: whatever carries identity. Fields of type `Text` must not be lost unseen.

    First come the fields of files, of which there are most, as they are written: one that stands where it is expected is found at once.
    """

    spdxId: Text | None = None
    name: Text | None = None
    verifiedUsing: tuple[Hash, ...] | Hash | None = None
    purpose: str | None = None
    downloadLocation: Text | None = None
    homePage: Text | None = None
    version: str | None = None
    purl: Text | None = None
    suppliedBy: Who = None
    originatedBy: Who = None
    externalIdentifier: str | tuple[str | Identifier, ...] | Identifier | None = None
    externalRef: str | tuple[str | Reference, ...] | Reference | None = None
    sourceInfo: Text | None = None
    productAgent: Who = None
    hardwareVersion: str | None = None
    partNumber: str | None = None
    information: tuple[Entry, ...] | Entry | None = None
    extension: tuple[Extension, ...] | Extension | None = None
    builtTime: str | None = None
    releaseTime: str | None = None


class Relation(Struct, gc=False, rename=NAMES):
    """SPDX 3.0.1 Core/Relationship."""

    spdxId: str | None = None
    from_: str | None = None
    relationshipType: str | None = None
    to: Ids = None
    completeness: str | None = None


class Collection(Struct, gc=False, rename=NAMES):
    """SPDX 3.0.1 Core/ElementCollection: a document, a bill of materials or a bundle."""

    spdxId: str | None = None
    element: Ids = None
    rootElement: Ids = None
    imports: tuple[ExternalMap, ...] | ExternalMap | None = None
    namespaceMap: tuple[NamespaceMap, ...] | NamespaceMap | None = None


class Annotation(Struct, gc=False):
    """SPDX 3.0.1 Core/Annotation."""

    spdxId: str | None = None
    subject: Text | None = None
    statement: Text | None = None


class Creation(Struct, gc=False):
    """SPDX 3.0.1 Core/CreationInfo."""

    createdBy: Ids = None
    createdUsing: Ids = None


# What each class of element is to us (SPDX 3.0.1 and 3.1, annex "Class hierarchy"); classes not listed go by their profile.
KINDS = {
    **dict.fromkeys(("software_Package", "ai_AIPackage", "dataset_DatasetPackage"), "package"),
    **dict.fromkeys(("SpdxDocument", "software_Sbom", "Bom", "Bundle"), "collection"),
    **dict.fromkeys(
        "Relationship LifecycleScopedRelationship ContactPointRelationship SupportRelationship RoleRelationship".split(), "relationship"
    ),
    **dict.fromkeys(("software_File", "software_Snippet"), "piece"),
    "Annotation": "annotation",
    "CreationInfo": "creation",
    "ExternalIdentifier": "identifier",
    "ExternalRef": "reference",
    **dict.fromkeys(
        "Agent Organization Person SoftwareAgent Tool Element IndividualElement ExternalMap NamespaceMap "
        "Hash PackageVerificationCode DictionaryEntry AnyLicenseInfo Action DefinedProcess DefinedType Location Requirement "
        "Specification hardware_Taxonomy hardware_ProductSpecification hardware_Dimensions".split(),
        "silent",
    ),
}
NO_ELEMENTS = frozenset(
    "CreationInfo ExternalIdentifier ExternalRef ExternalMap NamespaceMap Hash PackageVerificationCode DictionaryEntry "
    "software_ContentIdentifier PositiveIntegerRange extension_CdxPropertyEntry extension_CdxPropertiesExtension "
    "ai_EnergyConsumption ai_EnergyConsumptionDescription".split()
)
"""Classes of what may stand in a graph and is no element (SPDX 3.0.1 Core/Element): it has no creationInfo."""

# Relationship types by which end holds or depends on the other (SPDX 3.0.1 Core/RelationshipType); Microsoft's tool has capitals.
DOWN = frozenset(
    "contains dependsOn describes expandsTo hasDataFile hasDependencyManifest hasDistributionArtifact hasDynamicLink hasInput "
    "hasOptionalComponent hasOptionalDependency hasPrerequisite hasProvidedDependency hasRequirement hasStaticLink trainedOn "
    "usesTool CONTAINS DEPENDS_ON DESCRIBES".split()
)
UP = frozenset("generates hasOutput hasVariant packagedBy".split())

TYPES = frozenset(
    "affects amendedBy ancestorOf availableFrom configures contains coordinatedBy copiedTo delegatedTo dependsOn descendantOf "
    "describes doesNotAffect expandsTo exploitCreatedBy fixedBy fixedIn foundBy generates hasAddedFile hasAssessmentFor "
    "hasAssociatedVulnerability hasConcludedLicense hasDataFile hasDeclaredLicense hasDeletedFile hasDependencyManifest "
    "hasDistributionArtifact hasDocumentation hasDynamicLink hasEvidence hasExample hasHost hasInput hasMetadata "
    "hasOptionalComponent hasOptionalDependency hasOutput hasPrerequisite hasProvidedDependency hasRequirement hasSpecification "
    "hasStaticLink hasTest hasTestCase hasVariant invokedBy modifiedBy other packagedBy patchedBy publishedBy reportedBy "
    "republishedBy serializedInArtifact testedOn trainedOn underInvestigationFor usesTool".split()
)
"""Relationship types of SPDX 3.0.1 (Core/RelationshipType)."""

_PROFILES = (
    ("hardware_", "package"),
    ("service_", "piece"),
    *((f"{profile}_", "silent") for profile in "security simplelicensing expandedlicensing extension build supplychain supplyChain "
      "functionalsafety functionalSafety operations".split()),
)  # fmt: skip
SHAPES: dict[str, type[Any]] = {
    "collection": Collection,
    "relationship": Relation,
    "annotation": Annotation,
    "creation": Creation,
    "identifier": Identifier,
    "reference": Reference,
}
"""What is read of elements of each kind; of the others it is `Artifact`."""


def kind_of(name: str) -> str:
    """What a class is to us: package, piece, relationship, collection, annotation, creation, identifier, reference, silent or unknown."""
    known = KINDS.get(name)
    if known is None:
        known = next((kind for prefix, kind in _PROFILES if name.startswith(prefix)), "unknown")
        if known == "silent" and name.endswith("Relationship"):
            known = "relationship"
    return known


class Reading:
    """The elements of a document in its order, before they are understood, as columns: class, id (empty if it has none), element, place.

    `pointers` is None where element N stands at `/@graph/N`. `malformed` says at which pointer what could not be read, `prefixes` what
    the context shortens.
    """

    def __init__(self, version: str = "") -> None:
        self.version = version
        self.classes: list[str] = []
        self.ids: list[str] = []
        self.elements: list[Any] = []
        self.pointers: list[str] | None = None
        self.malformed: dict[str, str] = {}
        self.prefixes: dict[str, str] = {}
        self._rows: dict[str, list[int]] = {}

    def pointer(self, number: int) -> str:
        """The JSON Pointer of element N."""
        return f"/@graph/{number}" if self.pointers is None else self.pointers[number]

    def by_class(self) -> dict[str, list[int]]:
        """The numbers of the elements of each class, in order; worked out once."""
        if not self._rows:
            rows = self._rows = {name: [] for name in dict.fromkeys(self.classes)}
            for number, name in enumerate(self.classes):
                rows[name].append(number)
        return self._rows

    def keep(self, numbers: list[int]) -> None:
        """Leave out all elements but those."""
        self.pointers = [self.pointer(number) for number in numbers]
        self.classes = [self.classes[number] for number in numbers]
        self.ids = [self.ids[number] for number in numbers]
        self.elements = [self.elements[number] for number in numbers]
        self._rows = {}


def items(value: Any) -> tuple[Any, ...]:
    """A property's values, written as a list or as one."""
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def is_nobody(ident: str) -> bool:
    """Whether an id says that there is no element, or that nothing is said about one."""
    return ident in NOBODY or (ident.startswith((TERMS, "spdx:")) and ident.rpartition("/")[2] in NOBODY)
