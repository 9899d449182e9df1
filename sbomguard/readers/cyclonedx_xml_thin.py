"""What of a large CycloneDX XML text need not go through the parser: elements in the usual form that nobody looks into.

Most of such a text is digests, licences, descriptions, properties that name no maker, and dependencies. Where they are written as
generators write them, one search passes over many at the speed of a copy, and the parser gets an empty element of that name instead. Only
whole elements are taken, none that holds a sign which could end something else, and an element stands for an element: so the text stays as
well-formed or ill-formed as it was, also where the element stands in a comment, a start tag or the value of an attribute.
"""

import os
import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from xml.etree.ElementTree import Element, fromstring

from sbomguard.errors import DocumentError
from sbomguard.model import Edge
from sbomguard.readers import signals
from sbomguard.source import Source

_SAMPLES, _SAMPLE, _NAMES = 8, 1 << 15, 48
"""How many parts of a text, of which size, are looked into for what it is made of, and how many names of properties are passed over."""

_SPACE = rb"[ \t\r\n]*+"
# What may stand in a text, all but the signs `<>` and controls, is said outright: `re` is twice as fast at that as at what may not.
_TEXT = rb"[\t\n\r -;=?-\xff]*+"
_VALUE = rb"[ !#-;=?-\xff]++"
_ENDINGS = b"|".join(sorted(re.escape(ending[1:]).encode() for ending in signals.BINARY_ENDINGS))
_UNDOTTED = rb"[\t\n\r -\-/-;=?-~]*+"
_NO_BINARY = rb"%b(?:\.(?!(?i:%b)(?![\w-]))%b)*+" % (_UNDOTTED, _ENDINGS, _UNDOTTED)
"""A text that is no path of a binary: in it nothing ends as one does. Only ASCII: there are letters beyond whose lower case is in it."""

_ESCAPE = re.compile(rb"&(?:amp|lt|gt|quot|apos);")
_NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
"""U+FFFE and U+FFFF, which no XML may hold (XML 1.0 clause 2.2)."""


def _leaves(names: str) -> bytes:
    """Pattern of an element of one of these names that holds only text."""
    return b"<(?:%b)" % b"|".join(rb"%b>%b</%b>" % (name, _TEXT, name) for name in names.encode().split())


def _leaf(name: bytes, text: bytes) -> bytes:
    return rb"<%b>%b</%b>" % (name, text, name)


_HASHES = rb'<hashes>%b(?:<hash alg="[\w-]*+">[0-9A-Fa-f]*+</hash>%b)*+</hashes>' % (_SPACE, _SPACE)
"""Digests of a component, where they stand behind a scope or the like: those of a reference to another SBOM are looked into."""


def _any(*items: bytes) -> bytes:
    """Pattern of any number of elements."""
    return rb"%b(?:(?:%b)%b)*+" % (_SPACE, b"|".join(items), _SPACE)


def _some(*items: bytes) -> bytes:
    """Pattern of elements in this order, of which each may be missing."""
    return _SPACE + b"".join(rb"(?:%b)?+%b" % (item, _SPACE) for item in items)


_METHOD = _leaf(b"method", _any(_leaves("technique confidence"), _leaf(b"value", rb"(?!\s*+pkg:)" + _NO_BINARY)))
_IDENTITY = rb"<identity>%b<field>purl</field>%b</identity>" % (
    _SPACE,
    _some(_leaf(b"confidence", _TEXT), _leaf(b"methods", _any(_METHOD)), _leaf(b"concludedValue", rb"(?!\s*+pkg:)" + _TEXT)),
)
"""An identity that tells no more than the component does: the file that was looked into stands in the place of a purl."""

_OCCURRENCE = _leaf(b"occurrence", _any(_leaf(b"location", _NO_BINARY), _leaves("line offset symbol additionalContext")))
_DEPENDENCY = rb'<dependency ref="(%b)"(?:/>|>(%b)</dependency>)' % (_VALUE, _any(rb'<dependency ref="%b"/>' % _VALUE))
_REF = rb'<dependency ref="([^"]++)"'


class Thinner:
    """Makes one text shorter. Runs of dependencies are left out of it too: an element with the attribute `mark` gives their number.

    No document can have that attribute: it is made up anew for every reading, and names know no escapes.
    """

    MIN_BYTES = 1 << 20
    """Shorter texts are parsed whole: making the pattern would cost more than it saves."""

    def __init__(self, source: Source) -> None:
        self.mark = f"_{os.urandom(8).hex()}"
        self._source = source
        self._taken: list[bytes] = []
        self._pattern = re.compile(_pattern(source.data))

    def thin(self, piece: bytes) -> bytes:
        """A piece of the text, up to the end of a tag, with short elements for those that nobody looks into.

        Raises DocumentError where the text has to be read as it is.
        """
        return self._pattern.sub(self._instead, piece)

    def dependencies(self, number: str) -> Iterator[Edge]:
        """The dependencies of a run that was left out, in order; those of nothing have no children."""
        run = self._taken[int(number)]
        for ref, inside in re.findall(_DEPENDENCY, run):
            yield Edge(_plain(ref), tuple(map(_plain, re.findall(_REF, inside))))

    def elements(self, number: str, space: str) -> list[Element]:
        """The same as elements of a namespace."""
        return list(fromstring(b'<x xmlns="%b">%b</x>' % (space.encode(), self._taken[int(number)])))  # noqa: S314 only what the pattern lets

    def refs(self, number: str) -> list[str]:
        """All refs in a run that was left out, as often as they stand there."""
        text = self._taken[int(number)].decode()
        found = text.split('"')[1::2]
        return list(map(unescape, found)) if "&" in text else found

    def _instead(self, found: re.Match[bytes]) -> bytes:
        kind, text = found.lastgroup or "", found.group()
        if kind == "cdata":
            raise DocumentError("has a CDATA section, in which elements are text", source=self._source.name)
        if (b"&" in text or not text.isascii()) and not _is_xml(text):
            return text
        if kind in _LISTED:  # those behind which comes one that is looked into keep their places
            end, ending, short = _LISTED[kind]
            return ending if text.endswith(ending) else short * text.count(end)
        if kind == "dependency":
            self._taken.append(text)
            return f'<dependency {self.mark}="{len(self._taken) - 1}"/>'.encode()
        short = text[: text.index(b">")] + b"/>"
        return short + b"".join([empty for start, empty in _BEHIND.items() if text.find(start, 1) > 0]) if kind == "leaf" else short


_BEHIND = {b"<scope>": b"<scope/>", b"<hashes>": b"<hashes/>", b"<licenses>": b"<licenses/>"}
"""What may stand behind the first of several elements that one search takes, in this order (CycloneDX XML, type component)."""

_LISTED = {
    "property": (b"</property>", b"</properties>", b"<property/>"),
    "occurrence": (b"</occurrence>", b"</occurrences>", b"<occurrence/>"),
}


def _is_xml(text: bytes) -> bool:
    """Whether there are only escapes that XML has without a DTD, and only characters of XML; the text is UTF-8."""
    return len(_ESCAPE.findall(text)) == text.count(b"&") and not any(character in text for character in _NO_CHARACTERS)


def _pattern(data: bytes) -> bytes:
    """Pattern of what may be left out of the text: as much as samples of it have."""
    sample = b"".join([data[start : start + _SAMPLE] for start in range(0, len(data), max(len(data) // _SAMPLES, 1))])
    silent, files = _names(sample)
    prop = rb'<property name="(?:(?:%b)">%b|(?:%b)">%b)</property>' % (silent, _TEXT, files, _NO_BINARY)
    licences = _leaf(b"licenses", _any(_licence(prop), _leaf(b"expression", _TEXT)))
    behind = _some(_leaf(b"scope", _TEXT), _HASHES, licences)
    kinds = {
        b"property": rb"%b%b(?:</properties>)?+" % (prop, _any(prop)),
        b"leaf": _leaves("description scope copyright") + behind,
        b"licenses": licences,
        b"evidence": _leaf(b"evidence", _some(_IDENTITY, _leaf(b"occurrences", _any(_OCCURRENCE)))),
        b"occurrence": rb"%b%b(?:</occurrences>)?+" % (_OCCURRENCE, _any(_OCCURRENCE)),
        b"tags": _leaf(b"tags", _any(_leaf(b"tag", _TEXT))),
        b"dependency": rb"%b%b" % (_ungrouped(_DEPENDENCY), _any(_ungrouped(_DEPENDENCY))),
    }
    there = [(kind, pattern) for kind, pattern in kinds.items() if kind == b"leaf" or b"<" + kind in sample]
    return b"<(?:%b)" % b"|".join(b"(?P<%b>%b)" % (kind, pattern.removeprefix(b"<")) for kind, pattern in (*there, _CDATA))


_CDATA = b"cdata", rb"<!\[CDATA\["


def _ungrouped(pattern: bytes) -> bytes:
    return re.sub(rb"\((?!\?)", b"(?:", pattern)


def _licence(prop: bytes) -> bytes:
    """Pattern of a licence without `licensing`, which tells of licensors."""
    start = rb'<license(?: bom-ref="%b")?+(?: acknowledgement="\w*+")?+>' % _VALUE
    return rb"%b%b</license>" % (start, _any(_leaves("id name url"), _leaf(b"properties", _any(prop))))


def _names(sample: bytes) -> tuple[bytes, bytes]:
    """Patterns of the names of properties that tell no maker, and of those that name a file, the commonest first."""
    kinds: dict[str, list[bytes]] = {"": [], "file": []}
    for name, _ in Counter(re.findall(rb'<property name="([\w:.-]++)">', sample)).most_common(_NAMES):
        kinds.get(signals.kind_of_property(name.decode()), []).append(re.escape(name))
    return b"|".join(kinds[""]) or b"(?!)", b"|".join(kinds["file"]) or b"(?!)"


def _plain(value: bytes) -> str:
    """A value as written, its escapes undone."""
    text = value.decode()
    return unescape(text) if "&" in text else text
