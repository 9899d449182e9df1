"""One component or service of CycloneDX XML as the record that CycloneDX JSON is decoded into, so that both give the same signals."""

import re
from collections.abc import Iterator
from functools import lru_cache
from xml.etree.ElementTree import Element

from msgspec import Raw, json

from sbomguard.model import Signal
from sbomguard.readers import cyclonedx, signals, xmltext
from sbomguard.readers.cyclonedx_xml_elements import LISTS, TWICE, Elements

FIELDS = frozenset(
    "supplier manufacturer authors author publisher group name version versionRange description scope hashes licenses copyright "
    "patentAssertions cpe purl omniborId swhid swid modified pedigree externalReferences properties components evidence releaseNotes "
    "modelCard data cryptoProperties tags provider endpoints authenticated x-trust-boundary trustZone services".split()
)
"""Children of `component` and `service` (CycloneDX 1.0 to 1.7 XML, types component and service)."""

_PLAIN = frozenset("name version group purl cpe publisher author".split())
_RARE = frozenset("manufacturer provider authors swid evidence releaseNotes pedigree endpoints data modelCard cryptoProperties".split())
_REPEATED = frozenset("data omniborId swhid".split())
_OF_IDENTITY = "identity field confidence concludedValue methods method technique value tools tool".split()
_UNTOLD = cyclonedx.Identity()
"""Stands for an identity that tells no more than the component does."""

_ENOUGH = 3
_SILENT = cyclonedx.Property("")
"""Stands for every property whose name carries no identity, so that the others keep their number."""

Record = cyclonedx.Record


class Records:
    """Makes records from elements; `odd` gathers what is not as it should be with the one that is being made."""

    def __init__(self, elements: Elements) -> None:
        self.elements = elements
        self.odd: list[str] = []
        self._fields = {elements.tag(name): name for name in FIELDS}
        self._generations = 0
        self.leads = False
        self._licensing = elements.tag("licensing")
        self._url, self._technique, self._value = map(elements.tag, ("url", "technique", "value"))
        self._claim = {elements.tag(name): name for name in ("field", "concludedValue", "methods")}
        self._field, self._concluded = map(elements.tag, ("field", "concludedValue"))
        self._of_identity = frozenset(map(elements.tag, _OF_IDENTITY))
        self._name, self._email = map(elements.tag, ("name", "email"))
        self._blanks: set[str | None] = {None}
        self._silent: set[str | None] = set()
        self._telling: set[str | None] = set()

    def note(self, problem: str) -> None:
        """Remember something odd about the component; a few are enough."""
        if len(self.odd) < _ENOUGH and problem not in self.odd:
            self.odd.append(problem)

    def fields(self, element: Element) -> dict[str, Element]:
        """The children of a component or service by name."""
        known = self._fields
        try:
            found = {known[child.tag]: child for child in element}
        except KeyError:
            return self._odd_fields(element)
        return found if len(found) == len(element) else self._odd_fields(element)

    def _odd_fields(self, element: Element) -> dict[str, Element]:
        """The same where something is unknown or repeated."""
        found: dict[str, Element] = {}
        for child in element:
            name = self.elements.name_of(child)
            if name and name not in FIELDS:
                self.note(f"it has an element <{name[:40]}>, which CycloneDX does not know")
            elif name in found and name not in _REPEATED:
                self.elements.refuse(f"has <{name}> twice", TWICE)
            elif name:
                found[name] = child
        return found

    def record(self, element: Element, fields: dict[str, Element]) -> Record:
        """The component without what is nested in it; `fields` are its children by name."""
        item = Record(element.get("bom-ref"), element.get("type"))
        for name, child in fields.items():
            if name in _PLAIN:
                value = child.text
                setattr(item, name, value.strip() if value and not len(child) else self.elements.text(child))
        between = {element.text, *[child.tail for child in element]}
        if not self._blanks.issuperset(between):
            if not len(element) and not xmltext.is_blank(element.text):
                self.elements.refuse("is a text where a component belongs", "Make the SBOM again, or write its name as an element")
            self._look_between(between)
        if "supplier" in fields:
            item.supplier = self._organisation(fields["supplier"])
        if "externalReferences" in fields:
            item.externalReferences = self._references(fields["externalReferences"])
        if "properties" in fields and len(fields["properties"]):
            item.properties = self._properties(fields["properties"])
        if "licenses" in fields and len(fields["licenses"]):
            for choice in fields["licenses"]:
                if choice.find(self._licensing) is not None:
                    item.licenses = self._licences(fields["licenses"])
        if not _RARE.isdisjoint(fields):
            self._add_rare(item, element, fields)
        return item

    def _look_between(self, between: set[str | None]) -> None:
        """Note text between elements, and remember what is only white space."""
        blanks = {text for text in between if xmltext.is_blank(text)}
        self._blanks |= blanks
        if blanks != between:
            self.note("it has text between its elements")

    def _add_rare(self, item: Record, element: Element, fields: dict[str, Element]) -> None:
        if "manufacturer" in fields:
            item.manufacturer = self._organisation(fields["manufacturer"])
        if "provider" in fields:
            item.provider = self._organisation(fields["provider"])
        if "authors" in fields:
            item.authors = self._contacts(self.elements.children(fields["authors"], "author"))
        if "swid" in fields:
            swid = fields["swid"]
            item.swid = cyclonedx.Swid(tagId=swid.get("tagId"), name=swid.get("name"), url=self.elements.text_in(fields["swid"], "url"))
        if "evidence" in fields and len(fields["evidence"]):
            item.evidence = self._evidence(fields["evidence"], item)
        if "releaseNotes" in fields:
            item.releaseNotes = cyclonedx.ReleaseNotes(timestamp=self.elements.text_in(fields["releaseNotes"], "timestamp"))
        if "pedigree" in fields:
            item.pedigree = self._pedigree(fields["pedigree"])
        if "endpoints" in fields:
            item.endpoints = [self.elements.text(child) for child in self.elements.children(fields["endpoints"], "endpoint")]
        if "data" in fields:
            trees = [self.elements.tree(child) for child in self.elements.children(element, "data")]
            item.data = trees[0] if element.tag == self.elements.tag("service") else trees
        if "modelCard" in fields:
            item.modelCard = self.elements.tree(fields["modelCard"])
        if "cryptoProperties" in fields:
            item.cryptoProperties = self.elements.tree(fields["cryptoProperties"])

    def _licences(self, element: Element) -> list[cyclonedx.LicenceChoice]:
        """The licences, of which only the licensing is read."""
        found = [licence.find(self._licensing) for licence in self.elements.children(element, "license")]
        licensing = [None if part is None else self.elements.tree(part) for part in found]
        return [cyclonedx.LicenceChoice(cyclonedx.Licence(licensing=tree)) for tree in licensing]

    def _evidence(self, element: Element, item: Record) -> cyclonedx.Evidence:
        found = self.elements.grandchildren(element, "occurrences", "occurrence")
        occurrences = [cyclonedx.Occurrence(self.elements.text_in(occurrence, "location")) for occurrence in found]
        identities = [
            _UNTOLD if self._is_known(identity, item) else self._identity(identity)
            for identity in self.elements.children(element, "identity")
        ]
        told = any(identity is not _UNTOLD for identity in identities)
        return cyclonedx.Evidence(occurrences, identities if told else None)

    def _is_known(self, element: Element, item: Record) -> bool:
        """Whether an identity says what the component says of itself, by methods that found nothing else: most do."""
        parts = {part.tag: part for part in element.iter()}
        if not self._of_identity.issuperset(parts):
            return False
        if any(value.text and _may_tell(value.text.strip()) for value in element.iter(self._value)):
            return False
        if self._concluded not in parts or self._field not in parts:
            return self._concluded not in parts
        mine = {"purl": item.purl, "cpe": item.cpe, "name": item.name, "group": item.group}
        about = parts[self._field].text
        if about == "purl" and not (parts[self._concluded].text or "").lstrip().startswith("pkg:"):
            return True
        return about in mine and parts[self._concluded].text == mine[about] and len(element.findall(self._concluded)) == 1

    def _identity(self, element: Element) -> cyclonedx.Identity:
        """What an analysis took the component to be; of its methods, those that are read of JSON."""
        found = {self._claim[child.tag]: child for child in element if child.tag in self._claim}
        methods = [self._method(method) for method in (self.elements.children(found["methods"], "method") if "methods" in found else ())]
        field, value = found.get("field"), found.get("concludedValue")
        return cyclonedx.Identity(
            None if field is None else self.elements.text(field), None if value is None else self.elements.text(value), methods or None
        )

    def _method(self, element: Element) -> cyclonedx.Method:
        found = {child.tag: child for child in element}
        if len(found) != len(element) or self._value not in found:
            return cyclonedx.Method(self.elements.text_in(element, "technique") or None, self.elements.text_in(element, "value"))
        technique = found.get(self._technique)
        return cyclonedx.Method(None if technique is None else self.elements.text(technique), self.elements.text(found[self._value]))

    def _pedigree(self, element: Element) -> cyclonedx.Pedigree:
        self._generations += 1
        if 3 * self._generations > self.elements.source.limits.depth:
            raise xmltext.too_deep(self.elements.source)
        ancestors = self.elements.grandchildren(element, "ancestors", "component")
        commits = self.elements.grandchildren(element, "commits", "commit")
        patches = self.elements.grandchildren(element, "patches", "patch")
        pedigree = cyclonedx.Pedigree(
            ancestors=[self.record(ancestor, self.fields(ancestor)) for ancestor in ancestors],
            commits=[cyclonedx.Commit(self.elements.text_in(commit, "url")) for commit in commits],
            patches=[self._patch(patch) for patch in patches],
        )
        self._generations -= 1
        return pedigree

    def _patch(self, element: Element) -> cyclonedx.Patch:
        diffs = self.elements.children(element, "diff")
        return cyclonedx.Patch(cyclonedx.Commit(self.elements.text_in(diffs[0], "url")) if diffs else None)

    def relatives(self, pedigree: Element) -> Iterator[tuple[str, str, list[Element]]]:
        """The components of a pedigree that are no ancestors: their path from the component, how they stand to it, and they."""
        for name, aside in (("variants", "variant"), ("descendants", "descendant")):
            yield f"/pedigree/{name}", aside, self.elements.grandchildren(pedigree, name, "component")

    def _organisation(self, element: Element) -> cyclonedx.Organisation:
        """An organizationalEntity: name, then any number of url and contact. A plain text in its place is taken for the name."""
        name = self.elements.text_in(element, "name")
        if not xmltext.is_blank(element.text):
            self.note(f"its {self.elements.name_of(element)} has a text where an organisation belongs")
            name = "; ".join(filter(None, ((element.text or "").strip(), name)))
        return cyclonedx.Organisation(
            name=name,
            url=[self.elements.text(url) for url in self.elements.children(element, "url")],
            contact=self._contacts(self.elements.children(element, "contact")),
        )

    def _contacts(self, elements: list[Element]) -> list[cyclonedx.Contact]:
        """Each organizationalContact; the further addresses that CycloneDX 1.2 allows in one stand behind them all."""
        found, more = [], []
        for element in elements:
            parts = {part.tag: part for part in element}
            if len(parts) == len(element) and parts.keys() <= {self._name, self._email}:  # the usual form
                name, email = parts.get(self._name), parts.get(self._email)
                found.append(
                    cyclonedx.Contact(
                        "" if name is None else self.elements.text(name), None if email is None else self.elements.text(email)
                    )
                )
                continue
            emails = [self.elements.text(email) for email in self.elements.children(element, "email")]
            found.append(cyclonedx.Contact(self.elements.text_in(element, "name"), emails[0] if emails else None))
            more += [cyclonedx.Contact(email=email) for email in emails[1:]]
        return found + more

    def _references(self, element: Element) -> list[cyclonedx.Reference]:
        items = self.elements.children(element, "reference")
        return [self._reference(item) for item in items]

    def _reference(self, element: Element) -> cyclonedx.Reference:
        """One reference. Those that lead to another SBOM have hashes too; of those without url `leads` tells as well."""
        kind = element.get("type")
        if len(element) == 1 and kind != "bom":
            (url,) = element
            if url.tag == self._url and not len(url) and url.text:
                return cyclonedx.Reference(url.text.strip(), kind)
        url_text = self.elements.text_in(element, "url")
        missing = not url_text and element.find(self._url) is None
        self.leads = self.leads or missing or kind == "bom"
        return cyclonedx.Reference(None if missing else url_text, kind, self._hashes(element) if kind == "bom" else Raw())

    def _hashes(self, reference: Element) -> Raw:
        """The hashes of a reference as CycloneDX JSON has them."""
        found = self.elements.grandchildren(reference, "hashes", "hash")
        return as_hashes([(item.get("alg", ""), self.elements.text(item)) for item in found])

    def _properties(self, element: Element) -> list[cyclonedx.Property] | None:
        """The properties up to the last that carries identity, if any does; most do not, and are not looked at."""
        found = []
        silent, telling = self._silent, self._telling
        last = 0
        for number, item in enumerate(self.elements.children(element, "property"), 1):
            name = item.get("name")
            if name not in silent and (name in telling or self._tells(name)):
                found += [_SILENT] * (number - last - 1)
                found.append(cyclonedx.Property(name, self.elements.text(item)))
                last = number
        return found or None

    def _tells(self, name: str | None) -> bool:
        """Whether properties of that name carry identity."""
        tells = signals.telling([cyclonedx.Property(name, "any.so")]) is not None
        (self._telling if tells else self._silent).add(name)
        return tells


def _may_tell(value: str) -> bool:
    """Whether what a method looked at may be an identity of its own (cyclonedx.py decides)."""
    return value.startswith("pkg:") or signals.is_binary(value)


def as_hashes(given: list[tuple[str, str]]) -> Raw:
    """Algorithms and digests as CycloneDX JSON has them; nothing if there are none."""
    return Raw(json.encode([{"alg": alg, "content": content} for alg, content in given])) if given else Raw()


# ---- signals


def signals_of(item: Record, guesses: bool) -> Iterator[Signal]:
    """The signals of a record, with paths as XML has them."""
    for signal in cyclonedx.signals_of(item, guesses=guesses):
        at = signal.at
        path = element_path(at)
        yield signal if path == at else Signal(signal.kind, signal.role, signal.field, path, signal.value)


_INDEX = re.compile(r"(?:/(\w+))?/(\d+)(?=/|$)")


@lru_cache(10_000)
def element_path(pointer: str) -> str:
    """The path of an element for a JSON Pointer: `/properties/4/value` -> `/properties/property[5]`."""
    path = _INDEX.sub(_numbered, pointer)
    return re.sub(r"(/property\[\d+\])/value$|(/licenses/license\[\d+\])/license", r"\1\2", path)


def _numbered(match: re.Match[str]) -> str:
    name, number = match.group(1), int(match.group(2)) + 1
    return f"/{name}/{LISTS[name]}[{number}]" if name in LISTS else f"/{name}[{number}]"
