"""JSON text: errors with their place, places of JSON Pointers, and the strict pass that refuses what two parsers would read differently."""

import re
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from sbomguard.errors import DocumentError
from sbomguard.limits import advice, may_hold_number
from sbomguard.model import Place
from sbomguard.readers.cursor import Cursor
from sbomguard.source import PIECE, Source

T = TypeVar("T")

STRICT_BELOW = 1 << 20
"""Texts smaller than this, in bytes, get the strict pass before they are read; of larger ones the keys that carry identity are counted."""

_BYTE = r"\(byte (\d+)\)"
_STRING = rb'(?s)"(?:[^"\\]|\\.)*+"'
_SPACE = b" \t\r\n"
_NEAR = 100
"""Bytes that most keys, and the white space between most values, are shorter than: no pattern is compiled for these."""


def decode(source: Source, kind: type[T]) -> T:
    """The text decoded into `kind`. A text that is no JSON raises DocumentError; a value of another shape msgspec.ValidationError."""
    try:
        return msgspec.json.decode(source.data, type=kind)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError as error:
        if "truncated" in str(error):
            check_strictly(source)  # msgspec says the same of half a surrogate pair
        raise _broken(source, str(error)) from None
    except RecursionError:
        raise too_deep(source) from None
    except UnicodeDecodeError as error:
        raise DocumentError("is not valid UTF-8", source=source.name, pointer=_at(source, error.start)) from None


def check_utf8(source: Source) -> None:
    """Refuse bytes that are no UTF-8, wherever they stand: parsers that replace them would read other names."""
    data, decoder = source.data, getincrementaldecoder("utf-8")()
    for start in source.foreign:  # in pieces: the text of a large file would be a large thing made for nothing
        end = start + PIECE
        try:
            decoder.decode(data[start:end], final=data[end : end + 1].isascii())  # a character ends before one of ASCII
        except UnicodeDecodeError as error:
            place = _at(source, start + error.start)
            raise DocumentError("is not valid UTF-8", source=source.name, pointer=place, advice="Write the SBOM as UTF-8") from None


def too_deep(source: Source) -> DocumentError:
    """The error for nesting beyond what is read."""
    return DocumentError(
        "is nested too deeply to be read safely", source=source.name, advice="No product is built some hundred levels deep"
    )


def _broken(source: Source, message: str) -> DocumentError:
    byte = re.search(_BYTE, message)
    problem = re.sub(_BYTE, "", message).removeprefix("JSON is malformed: ").strip()
    if not source.data.strip():
        return DocumentError("is empty", source=source.name)
    if "truncated" in message:
        return DocumentError(
            "is not whole: the JSON text ends too early", source=source.name, pointer=_at(source, len(source.data)), advice="Make it again"
        )
    return DocumentError(f"is not JSON: {problem}", source=source.name, pointer=_at(source, int(byte.group(1))) if byte else "")


def _at(source: Source, offset: int) -> str:
    line, column = Cursor(source.data).position(offset)
    return f"line {line} column {column}"


# ---- the strict pass


def is_plain(source: Source) -> bool:
    """Whether a quick look is enough to know that the strict pass would let the text through; no is no answer.

    Where a colon stands behind every key, `":` stands at least as often as there are keys: if no more keys are left in the values that the
    text comes to, none stood twice.
    """
    data = source.data
    if b"\\ud" in data or b"\\uD" in data or may_hold_number(data, source.limits.digits) or re.search(_PARTED, data):
        return False
    try:
        return data.count(b'":') == _keys_kept(msgspec.json.decode(data))
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return False


_PARTED = rb'"[ \t\r\n]+:'


def check_strictly(source: Source) -> None:
    """Parse the whole text and refuse duplicate keys (RFC 8259 clause 4: behaviour unpredictable), NaN, and lone surrogates."""
    import json

    try:
        text = source.data.decode("utf-8")
        small = _no_longer_than(source.limits.digits)
        json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=small, parse_float=small)
        if "\\ud" in text or "\\uD" in text:
            _refuse_half_pairs(json.loads(text, parse_int=small, parse_float=small))
    except _RefusedError as refused:
        raise DocumentError(refused.problem, source=source.name, pointer=_find(source, refused.mark), advice=refused.advice) from None
    except RecursionError:
        raise too_deep(source) from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise DocumentError(f"is not JSON: {error.msg[:1].lower()}{error.msg[1:]}", source=source.name, pointer=place) from None
    except ValueError as error:
        raise DocumentError(f"is not JSON: {error}", source=source.name) from None


def check_if_large(source: Source) -> None:
    """The strict pass for a text that is in doubt and too large to have had it before it was read."""
    if len(source.data) >= STRICT_BELOW:
        check_strictly(source)


def members(source: Source, raw: bytes = b"") -> dict[str, msgspec.Raw]:
    """The members of the outermost object, or of the object with that text, undecoded.

    A key that stands twice in it is refused in a text of any size. Raises msgspec.ValidationError for another value than an object.
    """
    found = msgspec.json.decode(raw, type=dict[str, msgspec.Raw]) if raw else decode(source, dict[str, msgspec.Raw])
    if not _each_once(raw or source.data, found):
        check_strictly(source)
    return found


def plain(source: Source, raw: msgspec.Raw) -> Any:
    """A part of a document as plain values. A key that stands twice in one object is refused in a text of any size."""
    try:
        value = msgspec.json.decode(raw)
    except msgspec.ValidationError:  # a number beyond all bounds
        import json

        value = json.loads(bytes(raw), parse_int=str, parse_float=str)
    if len(source.data) >= STRICT_BELOW and _lost_a_key(bytes(raw), _keys_kept(value)):
        check_strictly(source)
    return value


_KEY = rb'(?s)"(?:[^"\\]|\\.)*+"[ \t\r\n]*+(:?)'
_PARTED_COLONS = (b" :", b"\t:", b"\r:", b"\n:")


def _lost_a_key(raw: bytes, kept: int) -> bool:
    """Whether more keys are written in a text than are kept. Where a colon stands right behind each, there are no more than `":`."""
    if raw.count(b'":') == kept and not any(mark in raw for mark in _PARTED_COLONS):
        return False
    return re.findall(_KEY, raw).count(b":") != kept


def _keys_kept(value: Any) -> int:
    """How many keys the objects in a decoded value have together."""
    count, left = 0, [value]
    for item in left:
        if isinstance(item, dict):
            count += len(item)
            left.extend(item.values())
        elif isinstance(item, list):
            left.extend(item)
    return count


def _each_once(data: bytes, found: Mapping[str, msgspec.Raw]) -> bool:
    """Whether the object's text is made of these members, one after the other."""
    at = skip(data, 0) + 1
    for number in range(len(found)):
        key, end = read_key(data, skip(data, at))
        value = found.get(key)
        if not end or not value:
            return False
        at = skip(data, skip(data, end) + 1)
        if not data.startswith(value, at):
            return False
        at = skip(data, at + len(value))
        if data[at : at + 1] != (b"," if number < len(found) - 1 else b"}"):
            return False
        at += 1
    return True


def _spans(data: bytes, elements: list[msgspec.Raw], at: int) -> Iterator[tuple[int, int]]:
    """The span of each element of the list at an offset, up to the first that does not stand there. What parts one from the next is
    commonly the same: if so, nothing is searched for."""
    starts, end, gap, before = data.startswith, at, 1, b"["
    for raw in elements:
        start = end + gap
        if not starts(before, end) or not starts(raw, start):  # with another space between
            end = skip(data, end)
            start = skip(data, end + 1)
            gap = start - end
            if not starts(before, end) or not starts(raw, start):
                return
        end = start + len(raw)
        yield start, end
        before = b","


_is_text = lru_cache(maxsize=0)(str.__instancecheck__)  # which keeps nothing and counts how often it was asked, without a frame of Python

if TYPE_CHECKING:
    Text = str
else:

    class _Texts(type):
        __instancecheck__ = staticmethod(_is_text)

    class Text(metaclass=_Texts):
        """A text that is counted when a decoder meets it (`Tally`)."""


class Tally:
    """Counts the texts that decoders meet. If they meet more than are kept, a key stood twice, and the first text was lost."""

    __slots__ = ("_before",)

    def __init__(self) -> None:
        self._before = _asked()

    @property
    def met(self) -> int:
        """How many texts there were so far."""
        return _asked() - self._before

    def forget(self) -> None:
        """Let the texts so far be none, for this and all that count."""
        global _forgotten  # what is asked is counted for the whole process too
        _forgotten += self.met


_forgotten = 0


def _asked() -> int:
    return _is_text.cache_info().misses - _forgotten


# ---- parts of another shape than they should have


def part(source: Source, parts: dict[str, msgspec.Raw], key: str, kind: type[T]) -> T | None:
    """One member of the outermost object, None where it is absent; one of another type raises DocumentError."""
    return typed(source, parts[key], kind, f"/{key}") if key in parts else None


def typed(source: Source, raw: bytes | msgspec.Raw, kind: type[T], pointer: str) -> T:
    """The value at the pointer; one of another type raises DocumentError."""
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        raise DocumentError(f"has the wrong type: {error}", source=source.name, pointer=pointer) from None


def salvage(kind: type[T], raw: msgspec.Raw, value: Callable[[msgspec.structs.FieldInfo, msgspec.Raw], Any]) -> T:
    """An element of which at least one field has the wrong type: `value` gives each field that is there."""
    item = kind()
    try:
        parts = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    except msgspec.ValidationError:
        return item
    for field in msgspec.structs.fields(kind):  # type: ignore[arg-type]
        if field.encode_name in parts:
            setattr(item, field.name, value(field, parts[field.encode_name]))
    return item


def lenient(field: msgspec.structs.FieldInfo, raw: msgspec.Raw) -> Any:
    """The value of a field. One thing by itself where a list of such belongs, as converters from XML write it, is the list of it.

    Raises msgspec.ValidationError for what is neither.
    """
    try:
        return msgspec.json.decode(raw, type=field.type)
    except msgspec.ValidationError:
        return msgspec.json.decode(b"[%b]" % bytes(raw), type=field.type)


def refuse_no_object(source: Source, raw: msgspec.Raw, pointer: str, what: str) -> None:
    """Refuse a document in which something stands where `what` belongs, a component or a package, that can be none.

    That is a value other than an object, and an object that refers to another (member `$ref` of JSON Reference, which no SBOM format has):
    a tool that follows it reads another component than one that does not. A null says nothing, and is borne as a component unread.
    """
    if bytes(raw) == b"null":
        return
    try:
        members = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    except msgspec.ValidationError as error:
        raise DocumentError(
            f"is no {what}: {str(error)[:1].lower()}{str(error)[1:]}", source=source.name, pointer=pointer,
            advice=f"Make the SBOM again, or write the {what} there as an object",
        ) from None  # fmt: skip
    if "$ref" in members:
        raise DocumentError(
            f"has a $ref in the place of a {what}", source=source.name, pointer=pointer,
            advice=f"References are not followed, and tools differ on them: write the {what} there",
        )  # fmt: skip


def as_text(field: msgspec.structs.FieldInfo, value: object) -> str | None:
    """For a field of text: every text in a decoded value of another shape, as one."""
    found = list(texts_in(value)) if field.type in (str | None, Text | None) else []
    return "; ".join(found) if found else None


def texts_in(value: object) -> Iterator[str]:
    """Every text in a decoded JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts_in(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts_in(item)


class _RefusedError(Exception):
    def __init__(self, problem: str, mark: str = "", advice: str = "") -> None:
        super().__init__(problem)
        self.problem, self.mark, self.advice = problem, mark, advice


def _unique(pairs: list[tuple[str, Any]]) -> int:
    if len(dict(pairs)) != len(pairs):
        names = [key for key, _ in pairs]
        twice = next(key for key in names if names.count(key) > 1)
        advice = "Tools differ on which of the two they read; keep one"
        raise _RefusedError(f"has the key '{twice[:80]}' twice in one object", f'"{twice}"', advice)
    return 0


def _refuse_half_pairs(value: Any) -> None:
    """Refuse half a surrogate pair in any text (iterative: the nesting is the document's)."""
    left = [value]
    while left:
        item = left.pop()
        if isinstance(item, dict):
            left.extend(item)
            left.extend(item.values())
        elif isinstance(item, list):
            left.extend(item)
        elif isinstance(item, str) and not item.isascii() and any("\ud800" <= character <= "\udfff" for character in item):
            raise _RefusedError("holds half a surrogate pair (\\ud800 to \\udfff)", "\\ud")


def _no_constant(name: str) -> None:
    raise _RefusedError(f"is not JSON: {name} is no JSON number", name)


def _no_longer_than(most: int) -> Callable[[str], int]:
    def small(digits: str) -> int:
        if len(digits) > most:
            raise _RefusedError(f"holds a number of {len(digits)} characters", digits[:40], advice("digits"))
        return 0

    return small


def _find(source: Source, mark: str) -> str:
    offset = source.data.rfind(mark.encode("utf-8", "replace")) if mark else -1
    return _at(source, max(offset, 0))


# ---- places


class Places:
    """Places in one text; arrays that were walked once are remembered, so that many findings cost one walk."""

    def __init__(self, source: Source) -> None:
        self._data = source.data
        self._cursor = Cursor(source.data)
        self._objects: dict[str, dict[str, tuple[int, int]]] = {}
        self._arrays: dict[str, list[tuple[int, int]]] = {}
        self._root = skip(source.data, 0), _end(source.data)

    def locate(self, pointer: str) -> Place:
        """The place of the value at a JSON Pointer (RFC 6901), or of its nearest ancestor that is there."""
        return self._cursor.place(*self._span(pointer))

    def _span(self, pointer: str) -> tuple[int, int]:
        if not pointer:
            return self._root
        parent, _, step = pointer.rpartition("/")
        around = self._span(parent)
        opening = self._data[around[0] : around[0] + 1]
        if opening == b"[":
            if parent not in self._arrays:
                raws = msgspec.json.decode(memoryview(self._data)[slice(*around)], type=list[msgspec.Raw])
                self._arrays[parent] = list(_spans(self._data, raws, around[0]))
            spans, number = self._arrays[parent], int(step) if step.isdecimal() else -1
            return spans[number] if -1 < number < len(spans) and str(number) == step else around
        if opening == b"{":
            if parent not in self._objects:
                self._objects[parent] = dict(_members(self._data, *around))
            return self._objects[parent].get(step.replace("~1", "/").replace("~0", "~"), around)
        return around


def _members(data: bytes, start: int, end: int) -> Iterator[tuple[str, tuple[int, int]]]:
    at = skip(data, start + 1)
    for raw in msgspec.json.decode(memoryview(data)[start:end], type=dict[str, msgspec.Raw]).values():
        key, behind = read_key(data, at)
        if not behind:
            return
        at = skip(data, skip(data, behind) + 1)
        stop = at + len(memoryview(raw))
        yield key, (at, stop)
        at = skip(data, skip(data, stop) + 1)


def _end(data: bytes) -> int:
    """Where the text ends but for white space, found without a copy of it."""
    end = len(data)
    while end and data[end - 1] in b" \t\r\n":
        end -= 1
    return end


def skip(data: bytes | memoryview, at: int) -> int:
    """What stands behind white space at an offset."""
    while piece := bytes(data[at : at + _NEAR]):
        if rest := piece.lstrip(_SPACE):
            return at + len(piece) - len(rest)
        at += len(piece)
    return at


def read_key(data: bytes | memoryview, at: int) -> tuple[str, int]:
    """The string at an offset, and what stands behind it; no string, and 0, where none begins there."""
    head = bytes(data[at : at + _NEAR])
    end = head.find(b'"', 1) + 1 if head[:1] == b'"' else 0
    if end and b"\\" not in head[:end]:
        return head[1 : end - 1].decode(), at + end
    match = re.compile(_STRING).match(data, at)
    return (msgspec.json.decode(match.group(), type=str), match.end()) if match else ("", 0)
