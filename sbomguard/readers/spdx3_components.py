"""SPDX 3 packages, files and hardware as components: their signals, made when somebody looks, and a sketch of them for the sweep."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from msgspec.structs import replace

from sbomguard.model import Component, Signal, Signals, component_class
from sbomguard.readers import signals
from sbomguard.readers.spdx3_agents import Agents
from sbomguard.readers.spdx3_elements import Artifact, Property, Reading, items

_PURPOSES = {"operatingSystem": "operating-system", "deviceDriver": "device-driver", "model": "machine-learning-model"}
_DEFAULT_CLASSES = {"ai_AIPackage": "data", "dataset_DatasetPackage": "data", "service_SoftwareService": "service"}

_ROLES = {
    "altDownloadLocation": "distribution",
    "altWebPage": "website",
    "binaryArtifact": "distribution",
    "issueTracker": "issue-tracker",
    "mavenCentral": "maven-central",
    "securityAdvisory": "advisory",
    "securityFix": "fix",
    "sourceArtifact": "source-distribution",
}
"""ExternalRefType -> the word that CycloneDX or SPDX 2 has for it; the others keep their own."""

_PROPERTIES = {"group": ("name", "group"), "publisher": ("party", "publisher"), "author": ("party", "author")}
"""CycloneDX fields that converters carry over as properties."""

_ADDRESS = r"\b(?:git\+)?https?://[^\s,;\"'<>()]+"
_LAYER = r"(?i)\blayer\b\s*[:=]?\s*[\"']?([a-z][\w.+-]+)"


class Components:
    """Makes components of elements. `beside` holds signals that stand in other elements, by the id of the element they speak about.

    `guesses` tells that the generator's CPEs are guesses from names, which identify nobody.
    """

    def __init__(self, reading: Reading, agents: Agents, beside: dict[str, list[Signal]], *, guesses: bool) -> None:
        self.reading = reading
        self.agents = agents
        self.beside = beside
        self.guesses = guesses

    def make(self, number: int, *, counted: bool = True, malformed: str = "") -> Component:
        """The component that element N is."""
        item: Artifact = self.reading.elements[number]
        kind, ref, at = self.reading.classes[number], self.reading.ids[number], self.reading.pointer(number)
        klass = _class_of(kind, item.purpose)
        beside = self.beside.get(ref) if self.beside else None
        if klass in ("hardware", "firmware") and (beside or item.information) and signals.has_fcc_id(self._signals(number)):
            klass = "module"
        text, parties = self._sketch(item, beside)
        return Component(  # by position: keywords cost as much as the rest of this method
            ref,
            item.name or "",
            item.version or item.hardwareVersion or "",
            item.purpose or ("" if kind == "software_Package" else kind),
            klass,
            item.purl or (self._purl(item) if item.externalIdentifier is not None else ""),
            at,
            Signals(self._signals, number),
            malformed or self.reading.malformed.get(at, ""),
            counted,
            text,
            parties,
        )

    def telling(self, numbers: Iterable[int]) -> Iterator[Component]:
        """Components, not counted, of those of the elements that have a binary's name, or any value but a name."""
        elements = self.reading.elements
        for number in numbers:
            if signals.is_binary(elements[number].name or ""):
                yield self.make(number, counted=False)
            elif self.has_more(number):
                piece = self.make(number, counted=False)
                if any(signal.kind != "name" for signal in piece.signals):
                    yield piece

    def has_more(self, number: int) -> bool:
        """Whether an element has more than a name, a class and an id."""
        e: Artifact = self.reading.elements[number]
        if (
            e.suppliedBy or e.originatedBy or e.externalIdentifier or e.externalRef or e.productAgent or e.purl or e.downloadLocation
            or e.homePage or e.sourceInfo or e.extension or e.version
        ):  # fmt: skip
            return True
        return bool(self.beside) and self.reading.ids[number] in self.beside

    def _sketch(self, item: Artifact, beside: list[Signal] | None) -> tuple[str, tuple[str, ...] | None]:
        """All identity-bearing values but party names in one text, and the party texts. Rare parts are left to the signals."""
        lines = [item.name or ""]
        parties: tuple[str, ...] = ()
        for who in (item.suppliedBy, item.originatedBy, item.productAgent):
            if who is not None:
                names, rest = self.agents.told(who)
                parties += names
                lines.append(rest)
        if item.extension is not None or item.information is not None or item.partNumber or beside:
            return "", None
        if item.purl:
            lines.append(signals.swept_purl(item.purl))
        if item.downloadLocation:
            lines.append(item.downloadLocation)
        if item.homePage:
            lines.append(item.homePage)
        if item.sourceInfo:
            lines.append(item.sourceInfo)
        if item.externalIdentifier is not None:
            lines += self._identifier_texts(item)
        if item.externalRef is not None:
            lines += [locator for _, reference in self.agents.references(item.externalRef) for locator in items(reference.locator)]
        return "\n".join(lines), parties

    def _identifier_texts(self, item: Artifact) -> list[str]:
        found = self.agents.identifiers(item.externalIdentifier)
        return [value for _, kind, value in found if not (self.guesses and (kind.startswith("cpe2") or value.startswith("cpe:")))]

    def _purl(self, item: Artifact) -> str:
        found = self.agents.identifiers(item.externalIdentifier)
        return next((value for _, kind, value in found if kind in ("packageUrl", "purl") or value.startswith("pkg:")), "")

    # ---- signals

    def _signals(self, number: int) -> Iterator[Signal]:
        """The identity-bearing values of element N."""
        item: Artifact = self.reading.elements[number]
        if item.name:
            if self.reading.classes[number] != "software_File":
                yield Signal("name", "", "name", "/name", item.name)
            if signals.is_binary(item.name):
                yield Signal("file", "", "name", "/name", item.name)
        if item.suppliedBy is not None:
            yield from self.agents.signals(item.suppliedBy, "supplier", "suppliedBy", "/suppliedBy")
        if item.originatedBy is not None:
            yield from self.agents.signals(item.originatedBy, "originator", "originatedBy", "/originatedBy")
        if item.productAgent is not None:
            yield from self.agents.signals(item.productAgent, "manufacturer", "hardware_productAgent", "/hardware_productAgent")
        if item.downloadLocation and item.downloadLocation not in signals.NO_VALUE:
            yield signals.of_url(item.downloadLocation, "distribution", "software_downloadLocation", "/software_downloadLocation")
        if item.homePage and item.homePage not in signals.NO_VALUE:
            yield signals.of_url(item.homePage, "website", "software_homePage", "/software_homePage")
        if item.purl:
            yield Signal("purl", "", "software_packageUrl", "/software_packageUrl", item.purl)
        if item.builtTime or item.releaseTime:
            yield from signals.of_dates({"builtTime": item.builtTime, "releaseTime": item.releaseTime})
        yield from self._lists(item)
        if self.beside:
            yield from self.beside.get(self.reading.ids[number], ())

    def _lists(self, item: Artifact) -> Iterator[Signal]:
        if item.sourceInfo:
            yield from _of_source_info(item.sourceInfo, "software_sourceInfo", "/software_sourceInfo")
        if item.externalIdentifier is not None:
            yield from self._identifiers(item)
        if item.externalRef is not None:
            yield from self._references(item)
        if item.extension is not None:
            yield from _extensions(item)
        if item.partNumber:
            yield Signal("name", "part", "hardware_partNumber", "/hardware_partNumber", item.partNumber)
        if item.information is not None:
            yield from _information(item)

    def _references(self, item: Artifact) -> Iterator[Signal]:
        """URLs of external references (Core/ExternalRef)."""
        for step, reference in self.agents.references(item.externalRef):
            kind = reference.externalRefType or ""
            for place, locator in enumerate(items(reference.locator)):
                if "." in locator:
                    where = f"/externalRef{step}/locator{f'/{place}' if isinstance(reference.locator, tuple) else ''}"
                    yield signals.of_url(locator, _ROLES.get(kind, kind), f"externalRef.{kind}", where)

    def _identifiers(self, item: Artifact) -> Iterator[Signal]:
        """Package URLs, CPEs, e-mail addresses and tags (Core/ExternalIdentifier, whatever the type says)."""
        for where, kind, value in self.agents.identifiers(item.externalIdentifier):
            at, field = f"/externalIdentifier{where}/identifier", f"externalIdentifier.{kind}"
            if kind in ("packageUrl", "purl") or value.startswith("pkg:"):
                if value != item.purl:
                    yield Signal("purl", "", field, at, value)
            elif kind.startswith("cpe2") or value.startswith("cpe:"):
                if not self.guesses:
                    yield Signal("cpe", "", field, at, value)
            elif kind == "email":
                yield Signal("email", "contact", field, at, value.removeprefix("mailto:"))
            elif "." in value:
                yield signals.of_url(value.removeprefix("swid:"), kind, field, at)


@lru_cache(1000)
def _class_of(kind: str, purpose: str | None) -> str:
    """The class of a component that is an element of that class and has that purpose."""
    word = purpose or _DEFAULT_CLASSES.get(kind, "")
    return "hardware" if kind.startswith("hardware_") else component_class(_PURPOSES.get(word, word))


def _of_source_info(text: str, field: str, at: str) -> Iterator[Signal]:
    """Where a package comes from, in a free text: paths of binaries, addresses, and the layer of a recipe, which has a maker's name."""
    for match in re.finditer(_ADDRESS, text):
        yield signals.of_url(match.group().rstrip("."), "vcs", field, at)
    yield from signals.of_paths(text, field, at)
    layer = re.search(_LAYER, text)
    if layer or re.fullmatch(r"[\w.+-]+", text):
        yield Signal("name", "group", field, at, layer.group(1) if layer else text)


def _extensions(item: Artifact) -> Iterator[Signal]:
    """Properties that a converter from CycloneDX carried over (Extension/CdxPropertiesExtension)."""
    many = isinstance(item.extension, tuple)
    for number, extension in enumerate(items(item.extension)):
        for place, prop in enumerate(items(extension.properties)):
            around = f"/extension{f'/{number}' if many else ''}/extension_cdxProperty"
            at = f"{around}{f'/{place}' if isinstance(extension.properties, tuple) else ''}/extension_cdxPropValue"
            kind, role = _PROPERTIES.get(prop.name or "", ("", ""))
            if kind == "party" and prop.value:
                yield from signals.of_party(prop.value, role, f"extension.{prop.name}", at)
            elif kind and prop.value:
                yield Signal(kind, role, f"extension.{prop.name}", at, prop.value)
            else:
                bare = Property((prop.name or "").removeprefix("properties."), prop.value)
                yield from (replace(signal, at=at) for signal in signals.of_properties([bare], "extension.", ""))


def _information(item: Artifact) -> Iterator[Signal]:
    """What is added to hardware under a name: an FCC ID, a vendor (Hardware/additionalInformation, Core/DictionaryEntry)."""
    many = isinstance(item.information, tuple)
    for number, entry in enumerate(items(item.information)):
        at = f"/hardware_additionalInformation{f'/{number}' if many else ''}/value"
        found = signals.of_properties([Property(entry.key, entry.value)], "hardware_additionalInformation.", "")
        yield from (replace(signal, at=at) for signal in found)
