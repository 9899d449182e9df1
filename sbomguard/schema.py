"""Whether data meets a JSON Schema of ours, fast enough for tens of thousands of vendors; jsonschema words what is wrong."""

import json
import re
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

SCHEMAS = Path(__file__).parent / "schemas"

Test = Callable[[Any], bool]

_TYPES: dict[str, type] = {"string": str, "array": list, "object": dict}
_SAID = frozenset(("$schema", "$defs", "title", "type"))
"""Keywords that say nothing of the value, or are read on the way."""


@cache
def rules(name: str) -> dict[str, Any]:
    """The schema `schemas/<name>`."""
    found: dict[str, Any] = json.loads((SCHEMAS / name).read_bytes())
    return found


@cache
def test_of(name: str) -> Test:
    """A test that is true of what `schemas/<name>` takes. A keyword that it does not know raises KeyError: it never passes over one."""
    root = rules(name)
    return _compile(root, root)


def _compile(schema: Any, root: dict[str, Any]) -> Test:
    if isinstance(schema, bool):
        return lambda value: schema
    if "$ref" in schema:
        return _compile(root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root)
    tests = [_KEYWORDS[word](schema, root) for word in schema if word not in _SAID and word not in ("then", "properties")]
    if "properties" in schema and "additionalProperties" not in schema:
        tests.append(_members(schema, root))
    kind = _TYPES[schema["type"]] if "type" in schema else object
    if len(tests) == 1:
        (only,) = tests
        return lambda value: isinstance(value, kind) and only(value)
    return lambda value: isinstance(value, kind) and all(test(value) for test in tests)


def _members(schema: dict[str, Any], root: dict[str, Any]) -> Test:
    """Known members by their own schema, others by `additionalProperties`; what is no object passes (Draft 2020-12, 10.3.2)."""
    known = {key: _compile(value, root) for key, value in schema.get("properties", {}).items()}
    other = _compile(schema.get("additionalProperties", True), root)
    return lambda value: not isinstance(value, dict) or all(known.get(key, other)(item) for key, item in value.items())


def _pattern(schema: dict[str, Any], root: dict[str, Any]) -> Test:
    search = re.compile(schema["pattern"]).search
    return lambda value: not isinstance(value, str) or search(value) is not None


def _items(schema: dict[str, Any], root: dict[str, Any]) -> Test:
    test = _compile(schema["items"], root)
    return lambda value: not isinstance(value, list) or all(test(item) for item in value)


def _names(schema: dict[str, Any], root: dict[str, Any]) -> Test:
    test = _compile(schema["propertyNames"], root)
    return lambda value: not isinstance(value, dict) or all(test(key) for key in value)


def _condition(schema: dict[str, Any], root: dict[str, Any]) -> Test:
    condition, then = _compile(schema["if"], root), _compile(schema["then"], root)
    return lambda value: not condition(value) or then(value)


def _length(word: str, kind: type[str] | type[list[Any]] | type[dict[str, Any]]) -> Callable[[dict[str, Any], dict[str, Any]], Test]:
    def keyword(schema: dict[str, Any], root: dict[str, Any]) -> Test:
        least = schema[word]
        return lambda value: not isinstance(value, kind) or len(value) >= least

    return keyword


def _required(schema: dict[str, Any], root: dict[str, Any]) -> Test:
    wanted = frozenset(schema["required"])
    return lambda value: not isinstance(value, dict) or wanted <= value.keys()


def _all_of(schema: dict[str, Any], root: dict[str, Any]) -> Test:
    tests = [_compile(part, root) for part in schema["allOf"]]
    return lambda value: all(test(value) for test in tests)


def _any_of(schema: dict[str, Any], root: dict[str, Any]) -> Test:
    tests = [_compile(part, root) for part in schema["anyOf"]]
    return lambda value: any(test(value) for test in tests)


def _one_of(schema: dict[str, Any], root: dict[str, Any]) -> Test:
    tests = [_compile(part, root) for part in schema["oneOf"]]
    return lambda value: sum([test(value) for test in tests]) == 1


def _not(schema: dict[str, Any], root: dict[str, Any]) -> Test:
    test = _compile(schema["not"], root)
    return lambda value: not test(value)


def _enum(schema: dict[str, Any], root: dict[str, Any]) -> Test:
    allowed = tuple(schema["enum"])
    return lambda value: value in allowed


def _const(schema: dict[str, Any], root: dict[str, Any]) -> Test:
    return lambda value: bool(value == schema["const"])


def _unique(schema: dict[str, Any], root: dict[str, Any]) -> Test:
    """No item twice, in whatever order its members stand."""
    return lambda value: not isinstance(value, list) or len({json.dumps(item, sort_keys=True) for item in value}) == len(value)


def _format(schema: dict[str, Any], root: dict[str, Any]) -> Test:
    return {"date": lambda value: not isinstance(value, str) or is_day(value)}[schema["format"]]


def is_day(text: str) -> bool:
    """Whether the text is a day of the calendar, YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


_KEYWORDS: dict[str, Callable[[dict[str, Any], dict[str, Any]], Test]] = {
    "additionalProperties": _members,
    "required": _required,
    "pattern": _pattern,
    "items": _items,
    "propertyNames": _names,
    "if": _condition,
    "allOf": _all_of,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "not": _not,
    "enum": _enum,
    "const": _const,
    "uniqueItems": _unique,
    "format": _format,
    "minLength": _length("minLength", str),
    "minItems": _length("minItems", list),
    "minProperties": _length("minProperties", dict),
}
