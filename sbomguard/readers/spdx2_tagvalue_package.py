"""One package of SPDX tag-value as the record that SPDX JSON is decoded into, so that both give the same signals."""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from sbomguard.model import Component, Signal, Signals, component_class
from sbomguard.readers import signals, spdx2_json

NAMES = {
    "SPDXID": "SPDXID",
    "PackageName": "name",
    "PackageVersion": "versionInfo",
    "PackageSupplier": "supplier",
    "PackageOriginator": "originator",
    "PackageDownloadLocation": "downloadLocation",
    "PackageHomePage": "homepage",
    "PackageFileName": "packageFileName",
    "PackageSourceInfo": "sourceInfo",
    "PrimaryPackagePurpose": "primaryPackagePurpose",
}
"""Tags of a package and the names that its JSON form has for them; only what is read."""

_PARTIES = ("PackageSupplier", "PackageOriginator")
_TEXTS = ("PackageDownloadLocation", "PackageHomePage", "PackageFileName")
_BINARY = re.compile("|".join(map(re.escape, signals.BINARY_ENDINGS)), re.IGNORECASE)
_PARTS = 3
_KIND = re.compile(r"\s*(\w+):\s")
_KINDS = frozenset("person organization organisation tool".split())

_GUESS = spdx2_json._Reference()
"""Stands for every CPE of a generator that guesses them, so that the other references keep their number."""


class Raw(NamedTuple):
    """A package as its lines say it: where it begins, its fields by tag, and the values of its ExternalRef tags."""

    line: int
    fields: dict[str, str]
    references: list[str]


def component(raw: Raw, malformed: str, guesses: bool, make: Callable[[Any], Iterator[Signal]]) -> Component:
    """A package; its record and its signals are made when somebody looks at them."""
    field = raw.fields.get
    references = [value for value in raw.references if " cpe2" not in value] if guesses else raw.references
    likely = (_kind_of(value) for value in references if "pkg:" in value or "purl" in value)
    purl = next((locator for kind, locator in likely if kind == "purl" or locator.startswith("pkg:")), "")
    purpose = field("PrimaryPackagePurpose", "").strip()
    return Component(
        ref=field("SPDXID", ""),
        name=raw.fields["PackageName"],
        version=field("PackageVersion", "").strip(),
        type=purpose,
        component_class=component_class(purpose),
        purl=purl,
        pointer=f"line {raw.line}",
        signals=Signals(make, [raw]),
        malformed=malformed or _odd(raw),
        text="\n".join(_texts(raw.fields, references)),
        parties=tuple([value for tag in _PARTIES if (value := field(tag, "").strip()) not in signals.NO_VALUE]),
    )


def _texts(fields: dict[str, str], references: list[str]) -> list[str]:
    """Everything in a package that could meet a vendor, but the parties."""
    texts = [fields["PackageName"], *[fields[tag] for tag in _TEXTS if tag in fields]]
    if "PackageSourceInfo" in fields and _BINARY.search(fields["PackageSourceInfo"]):
        texts.append(fields["PackageSourceInfo"])
    locators = [value.rpartition(" ")[2] if value.count(" ") == _PARTS else value for value in references]
    return texts + [signals.swept_purl(value) if value.startswith("pkg:") and "?" in value else value for value in locators]


def signals_of(record: list[Any], guesses: bool) -> Iterator[Signal]:
    """The signals of the package that the record begins with, made once and kept behind it."""
    if len(record) == 1:
        found: list[Signal] = []
        spdx2_json._package_signals(_package(record[0], guesses), found, guesses)
        record.append(found)
    return iter(record[1])


def annotated(component: Component, raw: Raw, notes: list[spdx2_json._Annotation], guesses: bool) -> Component:
    """The package with what the comments on it say."""
    package = _package(raw, guesses)
    package.annotations = notes
    return spdx2_json._component(package, component.pointer, {component.pointer: component.malformed}, guesses)


def _package(raw: Raw, guesses: bool) -> spdx2_json._Package:
    """The record that SPDX JSON is decoded into (SPDX 2.3 clause 7). CPEs that the generator guessed only keep their place."""
    values: dict[str, Any] = {name: raw.fields[tag].strip() for tag, name in NAMES.items() if tag in raw.fields}
    kinds = map(_kind_of, raw.references)
    references = [_GUESS if guesses and kind.startswith("cpe2") else spdx2_json._Reference(kind, value) for kind, value in kinds]
    return spdx2_json._Package(**values, externalRefs=references)


def _kind_of(reference: str) -> tuple[str, str]:
    """Type and locator of an external reference."""
    parts = reference.split(None, _PARTS - 1)
    return (parts[1], parts[2].rstrip()) if len(parts) == _PARTS else ("", parts[-1] if parts else "")


def _odd(raw: Raw) -> str:
    """What is wrong with a package, in words."""
    for value in raw.references:
        if value.count(" ") < _PARTS and len(value.split(None, _PARTS - 1)) != _PARTS:
            return f"it has an ExternalRef that is not a category, a type and a locator: '{value.strip()[:60]}'"
    for tag in _PARTIES:
        kind = _KIND.match(raw.fields[tag]) if tag in raw.fields else None
        if kind and kind.group(1).lower() not in _KINDS:
            return f"its {tag} begins with '{kind.group().strip()[:40]}', which is neither a Person nor an Organization"
    return ""
