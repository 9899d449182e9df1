"""SPDX 2.2 and 2.3, whatever they are written in: packages and files as records, and what of them carries identity."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from msgspec import Struct

from sbomguard.errors import DocumentError
from sbomguard.model import CLASS_OF_TYPE, Component, Problem, Signal, Signals
from sbomguard.readers import signals
from sbomguard.readers.jsontext import Text
from sbomguard.source import Source

VERSIONS = ("SPDX-2.2", "SPDX-2.3")
ROOT = "SPDXRef-DOCUMENT"
"""The SPDXID that every document has (SPDX 2.3 clause 6.3)."""


class Reference(Struct, gc=False):
    """An external reference of a package (SPDX 2.3 clause 7.21)."""

    referenceType: str | None = None
    referenceLocator: Text | None = None


class Annotation(Struct, gc=False):
    """A comment on an element (SPDX 2.3 clause 12)."""

    comment: str | None = None


class Package(Struct, gc=False, rename={"elsewhere": "$ref"}):
    """SPDX 2.3 clause 7; only what is read. Its texts of type `Text` are those that tell its maker.

    The order is that in which most generators write: a field that stands where it is expected is found at once. No package has
    `elsewhere`: with a value it does not fit, and is then refused (jsontext.refuse_no_object).
    """

    name: Text | None = None
    SPDXID: str | None = None
    versionInfo: str | None = None
    packageFileName: str | None = None
    supplier: Text | None = None
    originator: Text | None = None
    downloadLocation: Text | None = None
    homepage: Text | None = None
    sourceInfo: str | None = None
    externalRefs: list[Reference] | None = None
    annotations: list[Annotation] | None = None
    primaryPackagePurpose: str | None = None
    builtDate: str | None = None
    releaseDate: str | None = None
    elsewhere: None = None


class File(Struct, gc=False):
    """SPDX 2.3 clause 8; only what is read."""

    fileName: str | None = None
    SPDXID: str | None = None
    fileContributors: list[str] | None = None


_ANDROID = "https://www.google.com/sbom/spdx/android"
_TREES = frozenset(("vendor", "device", "hardware"))
_NO_MAKERS = frozenset(
    "app apps bin common etc firmware framework generic interfaces lib lib64 libhardware libhardware_legacy overlay prebuilt prebuilts "
    "priv-app proprietary ril sample".split()
)
"""Directories of the Android source tree that stand where others have a maker's name, and name none."""

GUESSED = Reference()
"""Stands for every CPE of a generator that makes them up, so that the other references keep their number."""


def component(
    item: Package, pointer: str, malformed: str, guesses: bool, android: bool = False, again: Signals | None = None
) -> tuple[Component, int]:
    """A package, and how many texts of type `Text` its record holds. CPEs that the generator guessed are dropped from the record.

    `android` tells that the document is of the Android build (`is_android`); `again` makes the signals anew if the record is not kept.
    """
    kept, text, parties, purl, guessed = sketch(item, guesses)
    if guessed and again is None:
        drop_guesses(item)
    if android and (maker := maker_in_path(item.name or "")):
        parties = (*parties, maker)
    kind = item.primaryPackagePurpose or ""
    klass = CLASS_OF_TYPE.get(kind, "software")
    if item.annotations and klass in ("hardware", "firmware") and signals.has_fcc_id(signals_of(item)):
        klass = "module"
    return Component(  # by position: keywords cost as much as the rest of this function
        item.SPDXID or "",
        item.name or "",
        item.versionInfo or "",
        kind,
        klass,
        purl,
        pointer,
        again or Signals(signals_in_android if android else signals_of, item),
        malformed,
        True,
        text,
        parties,
    ), kept


def sketch(item: Package, guesses: bool) -> tuple[int, str, tuple[str, ...], str, bool]:
    """How many texts of type `Text` it holds; all that carries identity but party names, in one text; the party texts; the first purl; and
    whether it has CPEs, if the generator makes them up.

    FCC IDs in annotations are rare, and left to the signals. NOASSERTION and NONE are party texts too: a field so filled is not missing.
    """
    name, supplier, originator, download, homepage = item.name, item.supplier, item.originator, item.downloadLocation, item.homepage
    kept = (name is not None) + (supplier is not None) + (originator is not None) + (download is not None) + (homepage is not None)
    text, purl, guessed = name or "", "", False
    if item.externalRefs:
        kept += len(item.externalRefs)
        for reference in item.externalRefs:
            value = reference.referenceLocator
            if value is None:
                kept -= 1
                continue
            if guesses and "cpe:" <= value < "cpe;" and reference.referenceType != "purl":  # a slice would be a text made
                guessed = True
                continue
            if not value:
                continue
            if reference.referenceType == "purl" or value.startswith("pkg:"):
                purl = purl or value
                value = signals.swept_purl(value)
            text = value if value.endswith(f"/{text}") else f"{text}\n{value}"
    if download is not None and download not in signals.NO_VALUE:
        text = f"{text}\n{download}"
    if homepage is not None and homepage not in signals.NO_VALUE:
        text = f"{text}\n{homepage}"
    if item.packageFileName:
        text = f"{text}\n{item.packageFileName}"
    if item.sourceInfo and _search_binary()(item.sourceInfo):
        text = f"{text}\n{item.sourceInfo[item.sourceInfo.find('/') :]}"  # what is read of it are paths
    if item.annotations and any("fcc" in (note.comment or "").lower() for note in item.annotations):
        text = ""
    parties = (supplier, originator) if supplier and originator else (supplier,) if supplier else (originator,) if originator else ()
    return kept, text, signals.shared(parties), purl, guessed


def drop_guesses(item: Package) -> None:
    """Take the CPEs out of the record of a package of a generator that makes them up."""
    item.externalRefs = [
        GUESSED if (each.referenceLocator or "")[:4] == "cpe:" and each.referenceType != "purl" else each
        for each in item.externalRefs or ()
    ]


@cache
def _search_binary() -> Callable[[str], object]:
    """Searches a free text for what could be the path of a library, driver, program or blob."""
    endings = "|".join(re.escape(ending[1:]) for ending in signals.BINARY_ENDINGS)
    first = "".join({ending[1] for ending in signals.BINARY_ENDINGS})  # asked before all endings are tried
    return re.compile(rf"\.(?=[{first}])(?:{endings})", re.IGNORECASE).search


def _is_purl(kind: str, value: str) -> bool:
    return kind == "purl" or value.startswith("pkg:")


def signals_of(item: Package) -> Iterator[Signal]:
    """The identity-bearing values of a package."""
    if item.name:
        yield Signal("name", "", "name", "/name", item.name)
        if signals.is_binary(item.name) or is_path(item.name):
            yield Signal("file", "", "name", "/name", item.name)
    for text, role in ((item.supplier, "supplier"), (item.originator, "originator")):
        if text and text not in signals.NO_VALUE:
            yield from signals.of_party(text, role, role, f"/{role}")
    for text, role, field in ((item.downloadLocation, "distribution", "downloadLocation"), (item.homepage, "website", "homepage")):
        if text and text not in signals.NO_VALUE:
            yield signals.of_url(text, role, field, f"/{field}")
    if item.packageFileName and signals.is_binary(item.packageFileName):
        yield Signal("file", "", "packageFileName", "/packageFileName", item.packageFileName)
    if item.sourceInfo:
        yield from signals.of_paths(item.sourceInfo, "sourceInfo", "/sourceInfo")
    yield from _of_references(item.externalRefs or ())
    yield from signals.of_dates({"builtDate": item.builtDate, "releaseDate": item.releaseDate})
    for number, annotation in enumerate(item.annotations or ()):
        yield from signals.of_comment(annotation.comment or "", "annotations.comment", f"/annotations/{number}/comment")


def is_android(namespace: str) -> bool:
    """Whether a document of that namespace is of the Android build, which names what it did not build by its path in the source tree."""
    return namespace.startswith(_ANDROID)


def maker_in_path(name: str) -> str:
    """Who made it, as the path of a prebuilt part tells: `acme` in `vendor/acme/libs/camera`; empty where it tells nobody."""
    tree, _, rest = name.partition("/")
    maker, slash, _ = rest.partition("/")
    return maker if slash and tree in _TREES and maker.lower() not in _NO_MAKERS else ""


def signals_in_android(item: Package) -> Iterator[Signal]:
    """As `signals_of`, for a package of the Android build."""
    yield from signals_of(item)
    if maker := maker_in_path(item.name or ""):
        yield Signal("party", "supplier", "name (vendor directory)", "/name", maker)


def is_path(name: str) -> bool:
    """Whether a package's name is the path of what it was built from (`vendor/acme/libs/camera`), as Android writes it of prebuilt parts.

    Names with an owner before a slash are none: of npm (`@acme/x`), of Go modules (`acme.example/x/y`), of images (`acme/x`).
    """
    first, slash, rest = name.partition("/")
    return bool(slash) and (first in ("", ".", "..") or ("/" in rest and first.replace("_", "").isalnum() and "://" not in name))


def _of_references(references: list[Reference] | tuple[()]) -> Iterator[Signal]:
    """Purls, CPEs, SWID tags and URLs (SPDX 2.3 clause 7.21, whatever the category says)."""
    for number, reference in enumerate(references):
        kind, value = reference.referenceType or "", reference.referenceLocator or ""
        at = f"/externalRefs/{number}/referenceLocator"
        if not value:
            continue
        if _is_purl(kind, value):
            yield Signal("purl", "", "externalRefs.purl", at, value)
        elif kind.startswith("cpe2") or value.startswith("cpe:"):
            yield Signal("cpe", "", f"externalRefs.{kind}", at, value)
        elif "." in value:
            yield signals.of_url(value.removeprefix("swid:"), kind.rpartition("/")[2], f"externalRefs.{kind}", at)


def is_telling(item: File) -> bool:
    """Whether the file's name or contributors can tell its maker; those of most files in an SBOM cannot."""
    return bool(item.fileContributors) or (item.fileName is not None and signals.is_binary(item.fileName))


def file_component(item: File, pointer: str) -> Component:
    """A telling file as a component."""
    name = item.fileName or ""
    contributors = tuple(item.fileContributors or ())
    return Component(
        item.SPDXID or "", name, "", "FILE", "software", "", pointer, Signals(_signals_of_file, item), "", False, name, contributors
    )


def _signals_of_file(item: File) -> Iterator[Signal]:
    if item.fileName and signals.is_binary(item.fileName):
        yield Signal("file", "", "fileName", "/fileName", item.fileName)
    for number, contributor in enumerate(item.fileContributors or ()):
        yield from signals.of_party(contributor, "author", "fileContributors", f"/fileContributors/{number}")


def stub(source: Source) -> DocumentError:
    """The error for a document that says nothing but its version: it has none of what each document has (SPDX 2.3 clauses 6.2 to 6.9)."""
    return DocumentError(
        "says which version of SPDX it is, and nothing else", source=source.name,
        advice="Every document says at least its name and namespace, and who created it when; make it again",
    )  # fmt: skip


def problems(packages: Sequence[Component], tells: bool, pointer: str) -> Iterator[Problem]:
    """What a document leaves unsaid: names of packages (SPDX 2.3 clause 7.1), and what it describes, where it has several packages
    (clause 11.1). `tells` is whether it says the second, `pointer` where that belongs.
    """
    nameless = [item.pointer for item in packages if not item.name]
    if nameless:
        what = "a package has no name" if len(nameless) == 1 else f"{len(nameless)} packages have no name"
        yield Problem(pointer=nameless[0], message=what)
    if len(packages) > 1 and not tells:
        message = f"it does not say which of its {len(packages)} packages it describes: no way leads from the product to its parts"
        yield Problem(pointer=pointer, message=message)


def generator_of(creators: list[str] | tuple[str, ...]) -> str:
    """The tools among the creators (SPDX 2.3 clause 6.8)."""
    return ", ".join(creator.partition(":")[2].strip() for creator in creators if creator.lower().startswith("tool:"))
