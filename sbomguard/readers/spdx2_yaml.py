"""SPDX 2.2 and 2.3 YAML: brought strictly to the tree that the JSON form has, and read as that."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from io import BytesIO, TextIOWrapper
from itertools import accumulate, islice
from sys import intern
from typing import Any

import msgspec

from sbomguard.errors import DocumentError
from sbomguard.limits import advice
from sbomguard.model import Document, Place, Problem
from sbomguard.readers import spdx2_tree
from sbomguard.readers.cursor import FOLLOWING, Cursor
from sbomguard.readers.jsontext import check_utf8
from sbomguard.readers.spdx2_items import Members, Span, Spans
from sbomguard.source import Source

MAX_DEPTH = 64

_MARK = re.compile(rb"""^[ \t{]*["']?spdxVersion["']?[ \t]*:""", re.MULTILINE)
_BREAKS = re.compile(rb"\xc2\x85|\xe2\x80[\xa8\xa9]")
_UNPRINTABLE = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]|\xef\xbf[\xbe\xbf]")
_IDENTITY = re.compile(
    r"(/packages/\d+)/(?:name|SPDXID|supplier|originator|downloadLocation|homepage|packageFileName|sourceInfo|primaryPackagePurpose"
    r"|externalRefs/\d+/referenceLocator|externalRefs/\d+/referenceType)"
)
_TREE_ONLY = "Write the SBOM as plain YAML, or as JSON"


def accepts(head: bytes) -> bool:
    """Whether the first (or last) bytes of a text look like this format. JSON, which is YAML too, is left to its own reader."""
    return head.lstrip()[:1] != b"{" and _MARK.search(head) is not None


def read(source: Source) -> Document:
    """The document. Aliases, anchors, tags, duplicate keys and a second document are errors: tools differ on what they stand for."""
    builder = _Builder(source)
    document = spdx2_tree.read(Source(source.name, builder.text()), "yaml")
    components = tuple(
        msgspec.structs.replace(component, malformed=component.malformed or builder.odd[component.pointer])
        if component.pointer in builder.odd
        else component
        for component in document.components
    )
    gaps = (*document.gaps, *_cut_short(document))
    return msgspec.structs.replace(document, components=components, gaps=gaps)


def _cut_short(document: Document) -> Iterator[Problem]:
    """A YAML text that was cut at the end of a line is still YAML: what SPDX 2.3 clause 11.1 asks for at its end is the only trace."""
    if document.components and not any(edge.parent == document.root for edge in document.edges):
        message = "it does not say what it describes: packages may be missing, as from a text that was cut short"
        yield Problem(pointer="/relationships", message=message)


def values(source: Source) -> dict[str, Any]:
    """The tree of a text that `read` has taken, with the types that YAML gives to plain scalars; dates stay texts, as in JSON."""
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # safe: `read` has bounded depth and size
        pass

    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in rows if tag != "tag:yaml.org,2002:timestamp"]
        for first, rows in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    tree = yaml.load(source.data, Loader=Loader)  # noqa: S506  a subclass of the safe loader
    return tree if isinstance(tree, dict) else {}


def locate(source: Source) -> "Places":
    """Where JSON Pointers stand in this source."""
    return Places(source)


def _mended(info: Any) -> Any:
    """The creationInfo with creators that lack their quotes (`- Tool: x` is a mapping in YAML) made texts again."""
    if isinstance(info, dict) and isinstance(info.get("creators"), list):
        info["creators"] = [_one_text(item) for item in info["creators"]]
    return info


def _one_text(item: Any) -> Any:
    if isinstance(item, dict) and len(item) == 1:
        (key, value), *_ = item.items()
        return f"{key}: {value}" if isinstance(value, str) else key
    return item


class _Frame(msgspec.Struct):
    """A mapping or list that is being filled; `count` values are in it."""

    value: dict[str, Any] | list[Any]
    pointer: str
    start: int
    key: str | None = None
    count: int = 0

    def step(self) -> str:
        """The pointer of what comes next in it."""
        if isinstance(self.value, list):
            return f"{self.pointer}/{self.count}"
        return f"{self.pointer}/{(self.key or '').replace('~', '~0').replace('/', '~1')}"


class _Builder:
    """Builds the tree from parser events, without recursion. Every scalar stays the text that it is; null is None.

    The members of the outermost mapping, and the elements of those that are lists, are brought to text as soon as they are whole. `odd`
    says of packages which identity field is no text in YAML. `spans`, if given, takes in where each pointer stands, in place of the text.
    """

    def __init__(self, source: Source, spans: Spans | None = None) -> None:
        self.source = source
        self.odd: dict[str, str] = {}
        self.spans = spans
        self.inside: dict[str, Span] = {}
        self.frames: list[_Frame] = []
        self.members = Members()
        self.root: Any = None
        self.no_text: ValueError | None = None
        self.documents = 0

    def text(self) -> bytes:
        """The text of the tree, as JSON."""
        self.build()
        try:
            if self.no_text:
                raise self.no_text
            return self.members.text()
        except ValueError:
            raise DocumentError("holds half a surrogate pair (\\ud800 to \\udfff)", source=self.source.name) from None

    def build(self) -> None:
        """Go through the whole text."""
        if len(self.source.data) > self.source.limits.yaml:
            problem = f"is YAML of more than {self.source.limits.yaml} bytes"
            raise DocumentError(problem, source=self.source.name, advice=f"Write the SBOM as JSON. {advice('yaml')}")
        check_utf8(self.source)
        if odd := _BREAKS.search(self.source.data):
            raise self._error("has a line break that only some readers of YAML know", odd.start())
        import yaml

        self.resolve: Callable[..., str] = yaml.resolver.Resolver().resolve
        self.scalar = yaml.ScalarNode
        handlers: dict[type[yaml.Event], Callable[[Any], None]] = {
            yaml.DocumentStartEvent: self._document,
            yaml.AliasEvent: self._refuse,
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: lambda event: self._open(event, {}),
            yaml.SequenceStartEvent: lambda event: self._open(event, []),
            yaml.MappingEndEvent: self._close,
            yaml.SequenceEndEvent: self._close,
        }
        try:
            if _UNPRINTABLE.search(self.source.data):  # of all faults the first to be told
                yaml.reader.Reader(self.source.data.decode())
            text = TextIOWrapper(BytesIO(self.source.data), "utf-8", newline="")  # in pieces: whole it may be 4 times as large
            for event in yaml.parse(text, Loader=yaml.SafeLoader):  # the Python parser: what it takes does not depend on a C library
                if handle := handlers.get(type(event)):
                    handle(event)
        except yaml.YAMLError as error:
            mark: Any = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or str(error)
            raise self._error(f"is not YAML: {problem}", self._offset(mark) if mark else -1, "Make it again") from None
        except (ValueError, OverflowError, IndexError, RecursionError) as error:  # what the parser itself trips over
            raise DocumentError(f"is not YAML: {error}", source=self.source.name) from None
        if not isinstance(self.root, dict):
            raise DocumentError("is empty" if self.root is None else "is YAML, but no mapping", source=self.source.name)

    def _document(self, event: Any) -> None:
        self.documents += 1
        if event.tags:
            raise self._fault("uses a tag", event)
        if self.documents > 1:
            raise self._fault("holds a second document", event)

    def _refuse(self, event: Any) -> None:
        """Refuse an alias, and what else names or retypes a value."""
        raise self._fault("uses a tag" if getattr(event, "tag", None) else "uses an anchor or alias", event)

    def _open(self, event: Any, value: dict[str, Any] | list[Any]) -> None:
        if event.anchor or event.tag:
            self._refuse(event)
        self.frames.append(_Frame(value, self._place(value, event), event.start_mark.index))
        most = min(MAX_DEPTH, self.source.limits.depth)
        if len(self.frames) > most:
            raise self._fault(f"is nested more than {most} levels deep", event)

    def _close(self, event: Any) -> None:
        frame = self.frames.pop()
        self._done(frame.value, frame.pointer, (frame.start, event.end_mark.index))

    def _scalar(self, event: Any) -> None:
        if event.anchor or event.tag:
            self._refuse(event)
        kind = self.resolve(self.scalar, event.value, (True, False)) if event.style is None else "tag:yaml.org,2002:str"
        kind = kind.rpartition(":")[2]
        frame = self.frames[-1] if self.frames else None
        if frame is not None and isinstance(frame.value, dict) and frame.key is None:
            if kind != "str":
                raise self._fault("has a key that is not text", event)
            if event.value in frame.value:
                raise self._fault(f"says '{event.value[:80]}' twice in one mapping", event, "Tools differ on which they read; keep one")
            frame.key = intern(event.value)  # the same few, ten thousand times
            return
        value = None if kind == "null" else event.value
        pointer = self._place(value, event)
        self._done(value, pointer, (event.start_mark.index, event.end_mark.index))
        found = _IDENTITY.fullmatch(pointer) if kind != "str" else None
        if found and (kind != "null" or pointer.endswith("/name")):
            field = pointer.rpartition("/")[2]
            what = "is empty" if kind == "null" else f"is {event.value[:80]!r}, which YAML reads as {kind} and not as text"
            self.odd.setdefault(found.group(1), f"{field} {what}; put it in quotes")

    def _place(self, value: Any, event: Any) -> str:
        """Put a value where it belongs; its pointer."""
        if not self.frames:
            self.root = value
            return ""
        frame = self.frames[-1]
        pointer = frame.step()
        if isinstance(frame.value, list):
            frame.count += 1
            if not self._is_long(frame):
                frame.value.append(value)
        elif frame.key is None:
            raise self._fault("has a key that is not text", event)
        else:
            frame.value[frame.key] = value
            frame.key = None
        return pointer

    def _is_long(self, frame: _Frame) -> bool:
        """Whether it is a list in the outermost mapping."""
        return len(self.frames) == 2 and isinstance(frame.value, list) and isinstance(self.root, dict)

    def _done(self, value: Any, pointer: str, span: Span) -> None:
        """Take in a value that is whole by now."""
        if self.spans is not None:
            self._span(self.spans, pointer, span)
        elif self.frames and isinstance(self.root, dict) and len(self.frames) <= 2:
            key = next(reversed(self.root))
            try:
                if len(self.frames) == 1:
                    self.root[key] = None
                    if isinstance(value, list):
                        self.members.put_list(key, ())
                    else:
                        self.members.put(key, _mended(value) if key == "creationInfo" else value)
                elif self._is_long(self.frames[1]):
                    self.members.put_list(key, (value,))
            except ValueError as fault:
                self.no_text = fault

    def _span(self, spans: Spans, pointer: str, span: Span) -> None:
        depth = len(self.frames)
        if depth < 2 or isinstance(self.frames[1].value, dict):
            spans.put({pointer: span})
            return
        head = pointer if depth == 2 else self.frames[2].pointer
        self.inside[pointer[len(head) :]] = span
        if depth == 2:
            spans.add(self.frames[1].pointer[1:], self.inside)
            self.inside = {}

    def _fault(self, problem: str, event: Any, advice: str = _TREE_ONLY) -> DocumentError:
        return self._error(problem, self._offset(event.start_mark), advice)

    def _offset(self, mark: Any) -> int:
        return Characters(self.source.data).offset(mark.index)

    def _error(self, problem: str, at: int, advice: str = _TREE_ONLY) -> DocumentError:
        line = f"line {Cursor(self.source.data).position(at)[0]}" if at >= 0 else ""
        return DocumentError(problem, source=self.source.name, pointer=line, advice=advice)


class Places:
    """Places in one YAML text, by the pointers of its tree."""

    def __init__(self, source: Source) -> None:
        self._spans = Spans()
        _Builder(source, self._spans).build()
        self._characters, self._cursor = Characters(source.data), Cursor(source.data)

    def locate(self, pointer: str) -> Place:
        """The place of the value at a JSON Pointer, or of its nearest ancestor that is there."""
        return self._cursor.place(*map(self._characters.offset, self._spans.find(pointer)))


class Characters:
    """The offsets of the characters of a text in UTF-8."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        pieces = () if data.isascii() else range(0, len(data), _PIECE)
        self._before = [0, *accumulate(len(data[at : at + _PIECE].translate(None, FOLLOWING)) for at in pieces)]

    def offset(self, index: int) -> int:
        """The offset of the character of that number, which is counted from 0."""
        if self._data.isascii():
            return index
        piece = bisect_right(self._before, index) - 1
        following = _FIRST.finditer(self._data, piece * _PIECE)
        found = next(islice(following, index - self._before[piece], None), None)
        return found.start() if found else len(self._data)


_PIECE = 1 << 12
_FIRST = re.compile(rb"[^\x80-\xbf]")
