"""SPDX 2.2 and 2.3 YAML: brought strictly to the tree that the JSON form has, and read as that."""

import re
from collections.abc import Callable, Iterator
from sys import intern
from typing import Any

import msgspec

from sbomguard.errors import DocumentError
from sbomguard.limits import advice
from sbomguard.model import Document, Place, Problem
from sbomguard.readers import spdx2_tree
from sbomguard.source import Source

MAX_DEPTH = 64

_MARK = re.compile(rb"""^[ \t{]*["']?spdxVersion["']?[ \t]*:""", re.MULTILINE)
_BREAKS = re.compile("[\x85\u2028\u2029]")
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
    try:
        text = msgspec.json.encode(_mended(builder.build()))
    except ValueError:
        raise DocumentError("holds half a surrogate pair (\\ud800 to \\udfff)", source=source.name) from None
    document = spdx2_tree.read(Source(source.name, text), "yaml")
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


def _mended(tree: dict[str, Any]) -> dict[str, Any]:
    """The tree with creators that lack their quotes (`- Tool: x` is a mapping in YAML) made texts again."""
    info = tree.get("creationInfo")
    if isinstance(info, dict) and isinstance(info.get("creators"), list):
        info["creators"] = [_one_text(item) for item in info["creators"]]
    return tree


def _one_text(item: Any) -> Any:
    if isinstance(item, dict) and len(item) == 1:
        (key, value), *_ = item.items()
        return f"{key}: {value}" if isinstance(value, str) else key
    return item


class _Frame(msgspec.Struct):
    """A mapping or list that is being filled."""

    value: dict[str, Any] | list[Any]
    pointer: str
    start: int
    key: str | None = None

    def step(self) -> str:
        """The pointer of what comes next in it."""
        if isinstance(self.value, list):
            return f"{self.pointer}/{len(self.value)}"
        return f"{self.pointer}/{(self.key or '').replace('~', '~0').replace('/', '~1')}"


class _Builder:
    """Builds the tree from parser events, without recursion. Every scalar stays the text that it is; null is None.

    `odd` says of packages which identity field is no text in YAML; `spans` holds, if wanted, where each pointer stands in the text.
    """

    def __init__(self, source: Source, *, wants_spans: bool = False) -> None:
        self.source = source
        self.odd: dict[str, str] = {}
        self.spans: dict[str, tuple[int, int]] | None = {} if wants_spans else None
        self.frames: list[_Frame] = []
        self.root: Any = None
        self.documents = 0

    def build(self) -> dict[str, Any]:
        if len(self.source.data) > self.source.limits.yaml:
            problem = f"is YAML of more than {self.source.limits.yaml} bytes"
            raise DocumentError(problem, source=self.source.name, advice=f"Write the SBOM as JSON. {advice('yaml')}")
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
            text = self.source.data.decode("utf-8")
            if odd := _BREAKS.search(text):
                raise self._error("has a line break that only some readers of YAML know", odd.start())
            for event in yaml.parse(text, Loader=yaml.SafeLoader):  # the Python parser: what it takes does not depend on a C library
                if handle := handlers.get(type(event)):
                    handle(event)
        except UnicodeDecodeError:
            raise DocumentError("is not valid UTF-8", source=self.source.name, advice="Write the SBOM as UTF-8") from None
        except yaml.YAMLError as error:
            mark: Any = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or str(error)
            raise self._error(f"is not YAML: {problem}", mark.index if mark else -1, advice="Make it again") from None
        except (ValueError, OverflowError, IndexError, RecursionError) as error:  # what the parser itself trips over
            raise DocumentError(f"is not YAML: {error}", source=self.source.name) from None
        if not isinstance(self.root, dict):
            raise DocumentError("is empty" if self.root is None else "is YAML, but no mapping", source=self.source.name)
        return self.root

    def _document(self, event: Any) -> None:
        self.documents += 1
        if event.tags:
            raise self._error("uses a tag", event.start_mark.index)
        if self.documents > 1:
            raise self._error("holds a second document", event.start_mark.index)

    def _refuse(self, event: Any) -> None:
        """Refuse an alias, and what else names or retypes a value."""
        problem = "uses a tag" if getattr(event, "tag", None) else "uses an anchor or alias"
        raise self._error(problem, event.start_mark.index)

    def _open(self, event: Any, value: dict[str, Any] | list[Any]) -> None:
        if event.anchor or event.tag:
            self._refuse(event)
        at = event.start_mark.index
        self.frames.append(_Frame(value, self._place(value, at), at))
        most = min(MAX_DEPTH, self.source.limits.depth)
        if len(self.frames) > most:
            raise self._error(f"is nested more than {most} levels deep", at)

    def _close(self, event: Any) -> None:
        frame = self.frames.pop()
        self._span(frame.pointer, frame.start, event.end_mark.index)

    def _scalar(self, event: Any) -> None:
        if event.anchor or event.tag:
            self._refuse(event)
        at = event.start_mark.index
        kind = self.resolve(self.scalar, event.value, (True, False)) if event.style is None else "tag:yaml.org,2002:str"
        kind = kind.rpartition(":")[2]
        frame = self.frames[-1] if self.frames else None
        if frame is not None and isinstance(frame.value, dict) and frame.key is None:
            if kind != "str":
                raise self._error("has a key that is not text", at)
            if event.value in frame.value:
                raise self._error(f"says '{event.value[:80]}' twice in one mapping", at, advice="Tools differ on which they read; keep one")
            frame.key = intern(event.value)  # the same few, ten thousand times
            return
        pointer = self._place(None if kind == "null" else event.value, at)
        self._span(pointer, at, event.end_mark.index)
        found = _IDENTITY.fullmatch(pointer) if kind != "str" else None
        if found and (kind != "null" or pointer.endswith("/name")):
            field = pointer.rpartition("/")[2]
            what = "is empty" if kind == "null" else f"is {event.value[:80]!r}, which YAML reads as {kind} and not as text"
            self.odd.setdefault(found.group(1), f"{field} {what}; put it in quotes")

    def _place(self, value: Any, at: int) -> str:
        """Put a value where it belongs; its pointer."""
        if not self.frames:
            self.root = value
            return ""
        frame = self.frames[-1]
        pointer = frame.step()
        if isinstance(frame.value, list):
            frame.value.append(value)
        elif frame.key is None:
            raise self._error("has a key that is not text", at)
        else:
            frame.value[frame.key] = value
            frame.key = None
        return pointer

    def _span(self, pointer: str, start: int, end: int) -> None:
        if self.spans is not None:
            self.spans[pointer] = (start, end)

    def _error(self, problem: str, at: int, advice: str = _TREE_ONLY) -> DocumentError:
        line = f"line {_line_of(self.source.data.decode('utf-8', 'replace'), at)[0]}" if at >= 0 else ""
        return DocumentError(problem, source=self.source.name, pointer=line, advice=advice)


class Places:
    """Places in one YAML text, by the pointers of its tree."""

    def __init__(self, source: Source) -> None:
        builder = _Builder(source, wants_spans=True)
        builder.build()
        self._spans = builder.spans or {}
        self._text = source.data.decode("utf-8")

    def locate(self, pointer: str) -> Place:
        """The place of the value at a JSON Pointer, or of its nearest ancestor that is there."""
        while pointer and pointer not in self._spans:
            pointer = pointer.rpartition("/")[0]
        start, end = self._spans.get(pointer, (0, 0))
        line, column = _line_of(self._text, start)
        end_line, end_column = _line_of(self._text, end)
        return Place(line=line, column=column, end_line=end_line, end_column=end_column)


def _line_of(text: str, index: int) -> tuple[int, int]:
    """1-based line and column of a character."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)
