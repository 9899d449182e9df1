"""The first rule of SPDX 2 that a small document breaks, as a note: most such faults lie in parts that nobody reads here.

The rules are those of the specification that spdx-tools holds documents to; where it is stricter than the text, so are they. They look at
the tree of the JSON form. `--strict` asks that library itself, and lists all.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property
from typing import Any

from sbomguard.model import Problem
from sbomguard.readers import cyclonedx_schema
from sbomguard.readers.spdx2 import ROOT

MORE = "(--strict lists all such faults)"

Fault = tuple[str, str]
"""The pointer of an element, and what is wrong with it, as the end of a sentence."""

At = Callable[[str, int], str]
"""Gives the pointer of element N of a list of the tree."""

_NOTHING = ("NONE", "NOASSERTION")
_ID = r"SPDXRef-[\dA-Za-z.-]+"
_ANY_ID = rf"(?:DocumentRef-[\dA-Za-z.+-]+:)?{_ID}"
_TIME = r"(?a)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
_ACTOR = r"(?:Tool|Person|Organization): *\S.*"
_PARTY = r"NOASSERTION|(?:Person|Organization): *\S.*"
# Whatever could be a host, with a scheme or without: wider than the library's pattern, so that no valid address fails it.
_ADDRESS = r"(?i)NONE|NOASSERTION|bzr\+lp:.*|(?:\w+\+)?(?:[a-z]+://)?(?:[^@/\s]+@)?[a-z0-9]+(?:[.-][a-z0-9]+)*\.[a-z]{2,5}.*"

_DIGITS = {
    "ADLER32": 8, "MD2": 32, "MD4": 32, "MD5": 32, "SHA1": 40, "SHA224": 56, "SHA256": 64, "SHA384": 96, "SHA512": 128,
    "SHA3-256": 64, "SHA3-384": 96, "SHA3-512": 128, "BLAKE2b-256": 64, "BLAKE2b-384": 96, "BLAKE2b-512": 128, "MD6": 0, "BLAKE3": 0,
}  # fmt: skip
"""Algorithms and the hexadecimal digits of their checksums (SPDX 2.3 clause 7.10); 0 for any number."""

_NEW = frozenset(("ADLER32", "SHA3-256", "SHA3-384", "SHA3-512", "BLAKE2b-256", "BLAKE2b-384", "BLAKE2b-512", "BLAKE3"))
"""Those that SPDX 2.2 does not have."""

_REFERENCES = {
    "SECURITY": {"cpe22Type": r"c[pP][eE]:/[AHOaho]?(?::[\w._~%-]*){0,6}", "cpe23Type": r"cpe:2\.3:[aho*-](?::(?:[\w.*?-]|\\[^\w\s])+){10}",
                 "advisory": ".+", "fix": ".+", "url": ".+", "swid": "swid.+"},
    "PACKAGE-MANAGER": {"maven-central": r"[^:]+:[^:]+(?::[^:]+)?", "npm": "[^@]+@[^@]+", "nuget": "[^/]+/[^/]+", "bower": "[^#]+#[^#]+",
                        "purl": "pkg:.+/.+"},
    "PERSISTENT-ID": {"swh": "swh:1:(?:snp|rel|rev|dir|cnt):[0-9a-fA-F]{40}",
                      "gitoid": "gitoid:(?:blob|tree|commit|tag):(?:sha1:[0-9a-fA-F]{40}|sha256:[0-9a-fA-F]{64})"},
}  # fmt: skip
"""Types of external references by category, with the form of their locators (SPDX 2.3 clause 7.21 and annex F)."""

_PURPOSES = frozenset(
    "APPLICATION FRAMEWORK LIBRARY CONTAINER OPERATING-SYSTEM OPERATING_SYSTEM DEVICE FIRMWARE SOURCE ARCHIVE FILE INSTALL OTHER".split()
)
_FILE_TYPES = frozenset("SOURCE BINARY ARCHIVE APPLICATION AUDIO IMAGE TEXT VIDEO DOCUMENTATION SPDX OTHER".split())


def note(tree: dict[str, Any], version: str, at: At, noted: Iterable[str]) -> Iterator[Problem]:
    """At most one note on a document of that version (`2.3`), of which `tree` is the JSON form; none on a place that is `noted` already."""
    found = next(_Rules(tree, version, at).faults(), None)
    if found and not cyclonedx_schema.is_noted(found[0], noted):
        message = f"SPDX {version} does not allow this: it {found[1]} {MORE}"
        yield Problem(pointer=found[0], message=message)


class _Rules:
    """One tree and what its elements can refer to."""

    def __init__(self, tree: dict[str, Any], version: str, at: At) -> None:
        self.tree = tree
        self.at = at
        self.old = version in ("2.1", "2.2")
        self.expressions: dict[str, str] = {}
        self.files = {ref for _, item in self._each("files") if isinstance(ref := item.get("SPDXID"), str)}
        self.own = {info.get("licenseId") for _, info in self._each("hasExtractedLicensingInfos")}

    def faults(self) -> Iterator[Fault]:
        """All faults, in the order in which they are looked for."""
        yield from self._document()
        yield from self._names()
        for at, item in self._each("packages"):
            yield from ((at, said) for said in self._package(item))
        for at, item in self._each("files"):
            yield from ((at, said) for said in self._file(item))
        for at, item in self._each("hasExtractedLicensingInfos"):
            if not re.fullmatch(r"LicenseRef-[\dA-Za-z.-]+", _text(item, "licenseId")):
                yield at, f"has a licenseId of another form: {_quoted(item.get('licenseId'))}"
            elif not item.get("extractedText"):
                yield at, "has a licenseId and no extractedText"
        yield from self._relationships()

    def _each(self, key: str) -> Iterator[tuple[str, dict[str, Any]]]:
        items = self.tree.get(key)
        for number, item in enumerate(items if isinstance(items, list) else ()):
            if isinstance(item, dict):
                yield self.at(key, number), item

    def _document(self) -> Iterator[Fault]:
        """SPDX 2.3 clause 6."""
        tree, info = self.tree, self.tree.get("creationInfo")
        if tree.get("dataLicense") != "CC0-1.0":
            yield self.at("dataLicense", -1), f"has a dataLicense other than CC0-1.0: {_quoted(tree.get('dataLicense'))}"
        if tree.get("SPDXID") != ROOT:
            yield self.at("SPDXID", -1), f"has a document SPDXID other than {ROOT}: {_quoted(tree.get('SPDXID'))}"
        if not tree.get("name"):
            yield self.at("name", -1), "has no document name"
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s#]+", _text(tree, "documentNamespace")):
            yield self.at("documentNamespace", -1), f"has a namespace that is no absolute address: {_quoted(tree.get('documentNamespace'))}"
        if not isinstance(info, dict):
            yield self.at("creationInfo", -1), "does not say who created it and when"
            return
        if not re.fullmatch(_TIME, _text(info, "created")):
            yield self.at("creationInfo", -1), f"has a date of creation that is not YYYY-MM-DDThh:mm:ssZ: {_quoted(info.get('created'))}"
        if info.get("licenseListVersion") and not re.fullmatch(r"(?a)\d+\.\d+", _text(info, "licenseListVersion")):
            yield self.at("creationInfo", -1), f"has a licenseListVersion that is none: {_quoted(info['licenseListVersion'])}"
        creators = info.get("creators")
        if not isinstance(creators, list) or not creators:
            yield self.at("creationInfo", -1), "names no creators"
            return
        for creator in creators:
            if not (isinstance(creator, str) and re.fullmatch(_ACTOR, creator)):
                yield self.at("creationInfo", -1), f"has a creator that is no Tool, Person or Organization: {_quoted(creator)}"

    def _names(self) -> Iterator[Fault]:
        """SPDXIDs of elements (clauses 7.2, 8.2, 9.1): their form, and that each is there once."""
        seen = {ROOT}
        for key in ("packages", "files", "snippets"):
            for at, item in self._each(key):
                ref = item.get("SPDXID")
                if not (isinstance(ref, str) and re.fullmatch(_ID, ref)):
                    yield at, f"has an SPDXID of another form than SPDXRef- with letters, digits, '.' and '-': {_quoted(ref)}"
                elif ref in seen:
                    yield at, f"has the SPDXID {_quoted(ref)}, which another element has too"
                seen.add(str(ref))
        self.refs = seen

    # ---- elements

    def _package(self, item: dict[str, Any]) -> Iterator[str]:
        """SPDX 2.3 clause 7."""
        for key in ("downloadLocation", "homepage"):
            value = item.get(key)
            if (value or key == "downloadLocation") and not (isinstance(value, str) and re.match(_ADDRESS, value)):
                yield f"has a {key} that is no address: {_quoted(value)}"
        for key in ("supplier", "originator"):
            if key in item and not re.fullmatch(_PARTY, _text(item, key)):
                yield f"has a {key} that is no Person or Organization: {_quoted(item[key])}"
        yield from self._checksums(item)
        for reference in _dicts(item, "externalRefs"):
            yield from self._reference(reference)
        if item.get("filesAnalyzed") in (False, "false"):
            yield from self._unanalysed(item)
        if "primaryPackagePurpose" in item and item["primaryPackagePurpose"] not in _PURPOSES:
            yield f"has a purpose that SPDX does not know: {_quoted(item['primaryPackagePurpose'])}"
        yield from self._licences(item, ("licenseConcluded", "licenseDeclared", "licenseInfoFromFiles"))
        if self.old:
            newer = next((key for key in ("primaryPackagePurpose", "builtDate", "releaseDate", "validUntilDate") if key in item), "")
            if newer:
                yield f"has {newer}, which this version does not know"
            yield from _lacking(item, ("licenseConcluded", "licenseDeclared", "copyrightText"))

    def _unanalysed(self, item: dict[str, Any]) -> Iterator[str]:
        """What a package has only where its files were analysed (clauses 7.8, 7.9 and 7.14)."""
        for key in ("packageVerificationCode", "licenseInfoFromFiles"):
            if item.get(key):
                yield f"has {key}, and says that its files were not analysed"
        held = item.get("hasFiles")
        if item.get("SPDXID") in self.holders or (isinstance(held, list) and held):
            yield "holds files, and says that its files were not analysed"

    @cached_property
    def holders(self) -> set[str]:
        """The packages that hold files, by relationships."""
        ends = {"CONTAINS": ("spdxElementId", "relatedSpdxElement"), "CONTAINED_BY": ("relatedSpdxElement", "spdxElementId")}
        found = ((item, ends.get(str(item.get("relationshipType")))) for _, item in self._each("relationships"))
        return {str(item.get(way[0])) for item, way in found if way and str(item.get(way[1])) in self.files}

    def _file(self, item: dict[str, Any]) -> Iterator[str]:
        """SPDX 2.3 clause 8."""
        if _text(item, "fileName").startswith("/"):
            yield f"has an absolute fileName: {_quoted(item['fileName'])}"
        if not item.get("fileName"):
            yield "has no fileName"
        if "SHA1" not in [each.get("algorithm") for each in _dicts(item, "checksums")]:
            yield "has no checksum of algorithm SHA1"
        yield from self._checksums(item)
        kinds = item.get("fileTypes")
        unknown = next((kind for kind in kinds if kind not in _FILE_TYPES), "") if isinstance(kinds, list) else ""
        if unknown:
            yield f"has a fileType that SPDX does not know: {_quoted(unknown)}"
        yield from self._licences(item, ("licenseConcluded", "licenseInfoInFiles"))
        if self.old:
            yield from _lacking(item, ("licenseConcluded", "licenseInfoInFiles", "copyrightText"))

    def _checksums(self, item: dict[str, Any]) -> Iterator[str]:
        for each in _dicts(item, "checksums"):
            name, value = _text(each, "algorithm"), _text(each, "checksumValue")
            digits = _DIGITS.get(name)
            if digits is None or (self.old and name in _NEW):
                yield f"has a checksum of an algorithm that this version does not know: {_quoted(name)}"
            elif not re.fullmatch("[0-9a-f]*", value) or (digits and len(value) != digits):
                yield f"has a checksum of {name} that is not {digits or 'some'} hexadecimal digits in small letters: {_quoted(value)}"

    def _reference(self, item: dict[str, Any]) -> Iterator[str]:
        """SPDX 2.3 clause 7.21. A type may be written as a whole IRI, as Yocto does."""
        category, locator = _text(item, "referenceCategory").replace("_", "-"), _text(item, "referenceLocator")
        kind = _text(item, "referenceType").removeprefix("http://spdx.org/rdf/references/")
        if category == "OTHER":
            if not kind or not locator or " " in locator:
                yield f"has an external reference without type, or with a locator that has a space in it: {_quoted(locator)}"
        elif category not in _REFERENCES:
            yield f"has an external reference of a category that SPDX does not know: {_quoted(item.get('referenceCategory'))}"
        elif kind not in _REFERENCES[category]:
            yield f"has an external reference of a type that is not of category {category}: {_quoted(kind)}"
        elif self.old and kind in ("advisory", "fix", "url", "swid"):
            yield f"has an external reference of a type that this version does not know: {_quoted(kind)}"
        elif len(locator) < 4096 and not re.fullmatch(_REFERENCES[category][kind], locator):
            yield f"has an external reference whose locator is no {kind}: {_quoted(locator)}"

    def _relationships(self) -> Iterator[Fault]:
        """SPDX 2.3 clause 11.1. Types that no version knows have a note of their own."""
        for at, item in self._each("relationships"):
            for key in ("spdxElementId", "relatedSpdxElement"):
                ref = item.get(key)
                if isinstance(ref, str) and ref not in self.refs and not (ref in _NOTHING and key == "relatedSpdxElement"):
                    if not re.fullmatch(_ANY_ID, ref):
                        yield at, f"names an element of an impossible SPDXID: {_quoted(ref)}"
                    elif ref.startswith("SPDXRef-"):
                        yield at, f"names an element that is not in it: {_quoted(ref)}"
            if self.old and item.get("relationshipType") in ("SPECIFICATION_FOR", "REQUIREMENT_DESCRIPTION_FOR"):
                yield at, f"has a relationship that this version does not know: {_quoted(item['relationshipType'])}"

    # ---- licences

    def _licences(self, item: dict[str, Any], keys: tuple[str, ...]) -> Iterator[str]:
        for key in keys:
            value = item.get(key)
            for text in value if isinstance(value, list) else (value,):
                if isinstance(text, str) and text not in _NOTHING and (said := self._expression(text)):
                    yield f"has a {key} that {said}"

    def _expression(self, text: str) -> str:
        """What is wrong with a licence expression (annex D); each text is looked at once."""
        if text not in self.expressions:
            self.expressions[text] = self._wrong_in(text)
        return self.expressions[text]

    def _wrong_in(self, text: str) -> str:
        words = text.replace("(", " ( ").replace(")", " ) ").split()
        depth, wants = 0, True
        for word in words:
            if word == "(" and wants:
                depth += 1
            elif word == ")" and depth and not wants:
                depth -= 1
            elif word.upper() in ("AND", "OR", "WITH") and not wants:
                wants = True
            elif word.upper() in ("(", ")", "AND", "OR", "WITH") or not wants:
                return f"is no licence expression: {_quoted(text)}"
            else:
                wants = False
                if not self._is_licence(word):
                    return f"names a licence that is neither in SPDX's list nor in the document: {_quoted(word)}"
        return f"is no licence expression: {_quoted(text)}" if depth or wants else ""

    def _is_licence(self, word: str) -> bool:
        if word in self.own or word.startswith("LicenseRef-scancode-"):  # the list of the library has these
            return True
        if word.startswith("DocumentRef-"):
            return word.count(":") == 1 and ":LicenseRef-" in word
        known = _listed()
        return not known or word.lower() in known or word.lower().removesuffix("+") in known


@cache
def _listed() -> frozenset[str]:
    """The licences and exceptions of SPDX's list, and some former names that the library takes, in small letters."""
    former = "bsd-2 gpl agpl-1.0 agpl-3.0 gfdl-1.1 gfdl-1.2 gfdl-1.3 assembly-exception verbatim-man-pages".split()
    names = frozenset(map(str.lower, cyclonedx_schema.licence_ids()))
    return names.union(former) if names else names


def _text(item: dict[str, Any], key: str) -> str:
    value = item.get(key)
    return value if isinstance(value, str) else ""


def _dicts(item: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = item.get(key)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _lacking(item: dict[str, Any], keys: tuple[str, ...]) -> Iterator[str]:
    for key in keys:
        if item.get(key) in (None, "", []):
            yield f"lacks {key}, which this version asks for"


def _quoted(value: Any) -> str:
    text = "nothing" if value is None else str(value)
    return f"'{text[:60]}'" + (" ..." if len(text) > 60 else "")
