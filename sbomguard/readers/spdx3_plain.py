"""Large SPDX 3 documents in the plain form that generators write, decoded at one go; whatever is not plain is left to the thorough way.

Plain means that every element has a known class and only known members, each of the type that the specification gives it (SPDX 3.0.1,
annex "JSON-LD context"), and that nothing is written twice. In such a text a JSON-LD processor sees what a reader of JSON sees, so that
none of the searches for games is needed. A key with escapes is the key that it stands for.
"""

import re
from collections.abc import Iterator
from functools import cache, reduce
from operator import or_
from types import GenericAlias
from typing import Annotated, Any

import msgspec
from msgspec import Struct

from sbomguard.readers import jsontext
from sbomguard.readers.jsontext import Text
from sbomguard.readers.spdx3_elements import (
    NAMES,
    VERSIONS,
    Annotation,
    Artifact,
    Collection,
    Creation,
    Extension,
    ExternalMap,
    Hash,
    Identifier,
    Ids,
    NamespaceMap,
    Property,
    Reading,
    Reference,
    Relation,
    items,
)
from sbomguard.source import Source

FROM = 1 << 18
"""Texts of at least so many bytes are tried: for smaller ones, making the decoder costs more than it saves."""

_LISTED = rb'\s*\{\s*"@context"\s*:\s*\['
_CONTEXT = r"https://spdx\.org/rdf/(3[0-9.]*)/spdx-context\.jsonld"

_Texts = Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)]
"""A list of texts that are counted. If an empty one were among two under one key, nobody would see."""


class _Silent(Struct, gc=False):
    """An element that names no maker."""

    spdxId: str | None = None


def read(source: Source) -> Reading | None:
    """The elements; None where the text is not plain, or no JSON at all."""
    if len(source.data) < FROM:
        return None
    tally = jsontext.Tally()
    listed = re.match(_LISTED, source.data) is not None
    try:
        root = msgspec.json.Decoder(_root(listed)).decode(source.data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    contexts = items(root.context)
    version = re.fullmatch(_CONTEXT, contexts[0]) if len(contexts) == 1 else None
    if version is None or version.group(1) not in VERSIONS or not root.graph:
        return None
    reading = Reading(version.group(1))
    reading.elements = root.graph
    reading.classes = list(map(_tags().__getitem__, map(type, root.graph)))
    reading.ids = [element.spdxId or "" for element in root.graph]
    return reading if tally.met == _kept(reading) + 1 else None


class Sieve:
    """Takes the plain elements out of a document that is not plain as a whole."""

    def __init__(self) -> None:
        self.taken = Reading()
        self._met = 0
        self._decode = msgspec.json.Decoder(reduce(or_, _classes())).decode

    def take(self, raw: msgspec.Raw) -> tuple[str, str, Any] | None:
        """Class, id and element; None where it is not plain."""
        tally = jsontext.Tally()
        try:
            element = self._decode(raw)
        except msgspec.ValidationError:
            return None
        self._met += tally.met
        name = _tags()[type(element)]
        self.taken.classes.append(name)
        self.taken.elements.append(element)
        return name, element.spdxId or "", element

    def lost(self) -> bool:
        """Whether in any element that was taken a key stood twice."""
        return self._met != _kept(self.taken)


def _kept(reading: Reading) -> int:
    """How many counted texts the elements hold. If the decoder met more, a key stood twice, and a value was lost.

    Each element is looked at once: they lie all over the memory, and that is what takes time.
    """
    elements, rows, total = reading.elements, reading.by_class(), 0
    identifiers, references, extensions = list[Any](), list[Any](), list[Any]()
    for name in _SUPPLIED:
        for number in rows.get(name, ()):
            e = elements[number]
            if e.name is not None:
                total += 1
            if e.suppliedBy is not None:
                total += 1
            if e.originatedBy:
                total += len(e.originatedBy)
            if name not in _PIECES:
                total += 5 - (e.spdxId, e.downloadLocation, e.homePage, e.purl, e.sourceInfo).count(None)
            if e.externalIdentifier:
                identifiers += e.externalIdentifier
            if e.externalRef:
                references += e.externalRef
            if e.extension:
                extensions += e.extension
    total += sum([item.identifier is not None for item in identifiers]) + sum([len(item.locator or ()) for item in references])
    total += sum([(each.name is not None) + (each.value is not None) for item in extensions for each in item.properties or ()])
    notes = [elements[number] for number in rows.get("Annotation", ())]
    return total + sum([(e.subject is not None) + (e.statement is not None) for e in notes])


# ---- the closed form of each class


@cache
def _root(listed: bool) -> type[Any]:
    """The outermost object: a context, in a list or not, and a graph. Made when a large document comes: a small one is read before."""
    union = reduce(or_, _classes())
    return msgspec.defstruct(
        "Root", [("context", (_Texts if listed else Text) | None, None), ("graph", _many(union), ())],
        rename={"context": "@context", "graph": "@graph"}, forbid_unknown_fields=True,
    )  # fmt: skip


@cache
def _tags() -> dict[type, str]:
    """The class of each kind of record."""
    return {kind: kind.__struct_config__.tag for kind in _classes()}


class _Nothing(Struct, gc=False):
    """What is decoded only to be sure that it is plain."""


_MAKERS = ("Organization", "Person", "SoftwareAgent", "Agent", "Tool")
_PIECES = ("software_File", "software_Snippet")
_SUPPLIED = ("software_Package", *_PIECES, *_MAKERS)


def _many(kind: Any) -> Any:
    return GenericAlias(tuple, (kind, ...))


def _closed(name: str, base: type[Any], members: str = "", **others: Any) -> Any:
    """The records of one class: what is read of it, texts that are only known, and members of other types."""
    fields: list[tuple[str, Any, None]] = [(member, str | None, None) for member in members.split()]
    fields += [(member, kind if kind is None else kind | None, None) for member, kind in others.items()]
    rename = {**NAMES, "at_id": "@id", "properties": "extension_cdxProperty"}
    return msgspec.defstruct(name, fields, bases=(base,), tag=name, tag_field="type", rename=rename, forbid_unknown_fields=True, gc=False)


_ELEMENT = "creationInfo summary description comment "
_SOFTWARE = _ELEMENT + "validUntilTime software_copyrightText contentType software_contentType software_fileKind software_snippetFromFile "
_RELATION = _ELEMENT + "name startTime endTime scope "
_FLAW = _ELEMENT + "name security_publishedTime security_modifiedTime security_withdrawnTime "
_ASSESSMENT = (
    _RELATION + "suppliedBy security_assessedElement security_publishedTime security_modifiedTime security_withdrawnTime "
    "security_vexVersion security_statusNotes security_impactStatement security_impactStatementTime security_justificationType "
    "security_actionStatement security_actionStatementTime security_severity security_vectorString security_decisionType "
    "security_catalogType security_locator"
)
_BUILD = _ELEMENT + "name build_buildType build_buildId build_buildStartTime build_buildEndTime"
_ENTRY = "extension_cdxPropName extension_cdxPropValue"
_ASSESSED = ("CvssV2", "CvssV3", "CvssV4", "Epss", "Ssvc", "ExploitCatalog", "VexAffected", "VexFixed", "VexNotAffected",
             "VexUnderInvestigation")  # fmt: skip


@cache
def _classes() -> tuple[Any, ...]:
    licence = f"{_ELEMENT} name simplelicensing_licenseExpression simplelicensing_licenseListVersion simplelicensing_licenseText"
    entries = _many(_closed("DictionaryEntry", _Nothing, "key value"))
    return (
        *_artifacts(),
        *_relations(),
        *_collections(),
        _closed("build_Build", _Silent, _BUILD, build_parameter=entries, build_environment=entries, build_configSourceUri=Ids,
                build_configSourceEntrypoint=Ids, build_configSourceDigest=_hashes(), **_common(False)),
        _closed("security_Vulnerability", _Silent, _FLAW, **_common(False)),
        _closed("simplelicensing_LicenseExpression", _Silent, licence, simplelicensing_customIdToUri=entries),
        _closed("simplelicensing_SimpleLicensingText", _Silent, licence),
        _closed("Annotation", Annotation, f"{_ELEMENT} name annotationType contentType"),
        _closed("CreationInfo", _Info, "specVersion created comment"),
    )  # fmt: skip


def _artifacts() -> Iterator[Any]:
    """Packages, files and agents. Who made them is named by id; what a class does not have is None."""
    common = {**_common(True), **dict.fromkeys(("hardwareVersion", "partNumber", "information", "productAgent"))}
    gists = _many(_closed("software_ContentIdentifier", _Nothing, "software_contentIdentifierType software_contentIdentifierValue comment"))
    lists = dict.fromkeys(("standardName", "supportLevel", "software_additionalPurpose", "software_attributionText"), Ids)
    software = {**common, **lists, "suppliedBy": Text, "originatedBy": _Texts, "software_contentIdentifier": gists}
    of_packages = dict.fromkeys(("downloadLocation", "homePage", "version", "purl", "sourceInfo"))
    of_software = dict.fromkeys(("suppliedBy", "originatedBy", "builtTime", "releaseTime"))
    yield _closed("software_Package", Artifact, _SOFTWARE, **software)
    yield from (_closed(name, Artifact, _SOFTWARE, **{**software, **of_packages}, spdxId=str) for name in _PIECES)
    yield from (_closed(name, Artifact, _ELEMENT, **{**common, **of_software}) for name in _MAKERS)


def _relations() -> Iterator[Any]:
    """Relationships and assessments; of who supplied an assessment nothing is read."""
    scores = dict.fromkeys(("security_score", "security_probability", "security_percentile", "security_exploited"), float | str | bool)
    yield from (_closed(name, Relation, _RELATION) for name in ("Relationship", "LifecycleScopedRelationship"))
    yield from (_closed(f"security_{what}VulnAssessmentRelationship", Relation, _ASSESSMENT, **scores) for what in _ASSESSED)


def _collections() -> Iterator[Any]:
    maps = _many(_closed("ExternalMap", ExternalMap, verifiedUsing=_hashes()))
    spaces = _many(_closed("NamespaceMap", NamespaceMap))
    members = {**_common(False), "profileConformance": Ids, "software_sbomType": Ids, "imports": maps, "namespaceMap": spaces}
    for name in ("SpdxDocument", "software_Sbom", "Bom", "Bundle"):
        yield _closed(name, Collection, f"{_ELEMENT} name dataLicense context", **members)


@cache
def _hashes() -> Any:
    code = _closed("PackageVerificationCode", Hash, "comment", packageVerificationCodeExcludedFile=Ids)
    return _many(_closed("Hash", Hash, "comment") | code)


@cache
def _common(read: bool) -> dict[str, Any]:
    """What every element may have; of an element that names no maker nothing of it is read."""
    names = "comment issuingAuthority" + ("" if read else " externalIdentifierType identifier")
    about = "comment contentType" + ("" if read else " externalRefType")
    entries = _many(_closed("extension_CdxPropertyEntry", Property if read else _Nothing, "" if read else _ENTRY))
    extension = {"properties": entries}
    return {
        "verifiedUsing": _hashes(),
        "externalIdentifier": _many(_closed("ExternalIdentifier", Identifier if read else _Nothing, names, identifierLocator=Ids)),
        "externalRef": _many(_closed("ExternalRef", Reference if read else _Nothing, about, locator=_Texts if read else Ids)),
        "extension": _many(_closed("extension_CdxPropertiesExtension", Extension if read else _Nothing, **extension)),
    }


class _Info(Creation, gc=False, rename={"spdxId": "@id"}):
    """A CreationInfo, which is a blank node."""

    spdxId: str | None = None
