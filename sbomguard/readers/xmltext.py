"""XML text without DTDs: what stands before the root, the tree as it grows, and errors with their place."""

import re
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from sbomguard.errors import DocumentError
from sbomguard.limits import advice
from sbomguard.readers.cursor import Cursor
from sbomguard.source import Source

PIECE = 1 << 15
"""Bytes parsed between two looks at the tree."""

THINNED_PIECE = 1 << 17
"""The same of a text that is made shorter: what lies across the end of a piece is parsed as it is."""

_DECLARATION = re.compile(rb"<\?xml\s(.*?)\?>", re.DOTALL)
_MISC = re.compile(rb"(?:\s|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_ENCODING = re.compile(rb"""\sencoding\s*=\s*["']([^"']*)""")
_VERSION = re.compile(rb"""version\s*=\s*["']([^"']*)""")
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_CUT = frozenset((3, 5, 6, 20))
"""Error codes of expat for a text that ends too early: no element found, unclosed token, partial character, unclosed CDATA section."""


def grow(source: Source, thin: Callable[[bytes], bytes] | None = None) -> Iterator[tuple[Element, bool]]:
    """The root element after every piece of the text, and whether it is whole by now. `thin` makes pieces shorter before they are parsed.

    All but the last child of an element is complete and may be removed: so a large document costs the memory of its largest part.
    Text is what `Element.text` gives: comments and processing instructions inside it leave no trace.
    """
    check_prolog(source)
    builder = TreeBuilder()
    parser = XMLParser(target=builder, encoding="utf-8")  # noqa: S314 what makes it unsafe is in a DTD, and none gets here
    usual = THINNED_PIECE if thin else PIECE
    data, start, size, newest = source.data, 0, usual, None
    try:
        while start < len(data):
            end = data.rfind(b">", start, start + size) + 1 or start + size
            parser.feed(thin(data[start:end]) if thin else data[start:end])
            start = end
            root = builder.close()  # gives the root so far, and changes nothing
            if root is not None:
                _check_depth(source, root)
                yield root, False
            size, newest = (size * 2, newest) if newest is _newest(root) else (usual, _newest(root))
        parser.close()
    except ParseError as error:
        raise _broken(source, error) from None
    yield builder.close(), True


def _check_depth(source: Source, root: Element) -> None:
    """Refuse a text whose newest elements are nested too deeply, whether or not they are read."""
    element, depth = root, 1
    while len(element):
        element, depth = element[-1], depth + 1
        if depth > source.limits.depth:
            raise too_deep(source)


def _newest(root: Element | None) -> Element | None:
    """The last item of the last part. While it stays the same, pieces must become larger.

    expat before 2.6 scans a token that is longer than a piece from its start again at every piece.
    """
    part = root[-1] if root is not None and len(root) else root
    return part[-1] if part is not None and len(part) else part


def check_prolog(source: Source) -> None:
    """Refuse what a text must not say before its root: another encoding, another XML, a DOCTYPE (which can hide and multiply text)."""
    declaration = _DECLARATION.match(source.data)
    if declaration:
        _check_declaration(source, b" " + declaration.group(1))
    misc = _MISC.match(source.data)
    end = misc.end() if misc else 0
    if source.data.startswith(b"<!DOCTYPE", end):
        raise DocumentError(
            "has a DOCTYPE, which can hide or multiply text", source=source.name, pointer="line {} column {}".format(*_at(source, end)),
            advice="Remove it; no SBOM needs one",
        )  # fmt: skip


def _check_declaration(source: Source, declaration: bytes) -> None:
    said = (what.search(declaration) for what in (_VERSION, _ENCODING))
    version, encoding = (match.group(1).decode("utf-8", "replace") if match else "" for match in said)
    if version not in ("1.0", ""):
        raise DocumentError(f"is XML {version[:20]!r}", source=source.name, advice="XML 1.0 is read")
    known = {"", "utf-8", "utf8"}
    if source.raw.startswith(_UTF_16_MARKS):
        known |= {"utf-16", "utf-16le", "utf-16be"}
    if source.data.isascii():
        known |= {"us-ascii", "ascii"}
    if encoding.lower() not in known:
        raise DocumentError(f"says that its encoding is {encoding[:40]!r}", source=source.name, advice="Write the SBOM as UTF-8")


def _at(source: Source, offset: int) -> tuple[int, int]:
    return Cursor(source.data).position(offset)


def _broken(source: Source, error: ParseError) -> DocumentError:
    if not source.data.strip():
        return DocumentError("is empty", source=source.name)
    line, column = error.position
    place = f"line {line} column {column + 1}"
    if error.code in _CUT:
        return DocumentError("is not whole: the XML text ends too early", source=source.name, pointer=place, advice="Make it again")
    problem = str(error).rpartition(": line")[0]
    return DocumentError(f"is not XML: {problem}", source=source.name, pointer=place)


def too_deep(source: Source) -> DocumentError:
    """The error for nesting beyond what is read."""
    return DocumentError(f"is nested more than {source.limits.depth} levels deep", source=source.name, advice=advice("depth"))


def is_blank(text: str | None) -> bool:
    """Whether there is nothing but white space."""
    return not text or text.isspace()
