"""One file of a policy folder, in YAML as people write it or in JSON as programs do: the same schema and the same strictness for both."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec

from sbomguard import schema, yamlfile
from sbomguard.errors import PolicyError

MAX_BYTES = 200_000_000
"""Most bytes of a JSON file: a screening list of tens of thousands of names has some twenty million."""

ENDINGS = (".yaml", ".json")

Place = list[Any]
"""A path of keys and numbers in a file."""


def parse(raw: bytes, name: str, rules: str) -> list[tuple[Place, dict[str, Any]]]:
    """What the file holds, each item with its place in it: one mapping, or in JSON also an array of them. Every scalar is text.

    Raises PolicyError with line and place for the first item that `schemas/<rules>` does not take.
    """
    if not name.endswith(".json"):
        return [([], yamlfile.parse(raw, name, rules, PolicyError))]
    items = _items(raw, name)
    test = schema.test_of(rules)
    for place, item in items:
        if not test(item):
            raise next(iter(_words_for(raw, name, rules, place, item)))
    return items


def review(raw: bytes, name: str, rules: str) -> tuple[list[tuple[Place, dict[str, Any]]], list[PolicyError]]:
    """What the file holds, as `parse` gives it, and everything that the schema has against it, in order; or why it cannot be read."""
    if not name.endswith(".json"):
        data, faults = yamlfile.review(raw, name, rules, PolicyError)
        return [([], data)], faults
    try:
        items = _items(raw, name)
    except PolicyError as error:
        return [], [error]
    test = schema.test_of(rules)
    return items, [fault for place, item in items if not test(item) for fault in _words_for(raw, name, rules, place, item)]


def _items(raw: bytes, name: str) -> list[tuple[Place, dict[str, Any]]]:
    data = _plain(raw, name)
    if isinstance(data, list) and name.split("/")[-2] != "vendors":
        raise PolicyError("holds an array", source=name, advice="Only vendors may share a file")
    return [([number], item) for number, item in enumerate(data)] if isinstance(data, list) else [([], data)]


def _plain(raw: bytes, name: str) -> Any:
    """The JSON value, no key twice in one object (RFC 8259, 4: what others would make of it nobody can tell)."""
    if len(raw) > MAX_BYTES:
        raise PolicyError(f"is larger than {MAX_BYTES} bytes", source=name)
    try:
        text = raw.decode("utf-8")
        data = json.loads(
            text, object_pairs_hook=_unique, parse_int=_refuse_number, parse_float=_refuse_number, parse_constant=_refuse_number
        )
    except UnicodeDecodeError:
        raise PolicyError("is not UTF-8", source=name) from None
    except RecursionError:
        raise PolicyError("is nested too deeply", source=name) from None
    except json.JSONDecodeError as error:
        raise PolicyError(f"is not JSON: {error.msg[:1].lower()}{error.msg[1:]}", source=name, pointer=f"line {error.lineno}") from None
    except _RefusedError as refused:
        line = raw[: max(raw.rfind(refused.mark.encode("utf-8", "replace")), 0)].count(b"\n") + 1
        raise PolicyError(refused.problem, source=name, pointer=f"line {line}", advice=refused.advice) from None
    if "\\ud" in text or "\\uD" in text:
        _refuse_halves(data, name)
    if not data:
        raise PolicyError("is empty", source=name)
    return data


class _RefusedError(Exception):
    def __init__(self, problem: str, mark: str, advice: str) -> None:
        super().__init__(problem)
        self.problem, self.mark, self.advice = problem, mark, advice


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _RefusedError(f"says '{twice[:80]}' twice", json.dumps(twice, ensure_ascii=False), "Keep one")
    return found


def _refuse_number(text: str) -> Any:
    raise _RefusedError(f"holds the number {text[:40]}", text[:40], "Write it as text, in quotes")


def _refuse_halves(data: Any, name: str) -> None:
    try:
        msgspec.json.encode(data)
    except UnicodeEncodeError:
        raise PolicyError("holds half a surrogate pair (\\ud800 to \\udfff)", source=name) from None


def _words_for(raw: bytes, name: str, rules: str, place: Place, item: Any) -> Iterator[PolicyError]:
    """What jsonschema has against one item."""
    found = False
    for told in yamlfile.complaints(item, schema.rules(rules)):
        found = True
        path = [*place, *told.path, *([told.key] if told.key else [])]
        pointer = "/".join(map(str, path))
        where = line_of(raw, path, name) + (f" ({pointer})" if pointer else "")
        yield PolicyError(told.problem, source=name, pointer=where, advice=told.advice)
    if not found:
        yield PolicyError(f"does not meet {rules}", source=name, pointer=line_of(raw, place, name))


def line_of(raw: bytes, path: Place, name: str) -> str:
    """`line N` of the value at a place in a file that has been parsed."""
    if not name.endswith(".json"):
        return yamlfile.line_of(raw, path)
    start, part, rest = 0, raw, path
    if path and isinstance(path[0], int):
        start, part = _element(raw, path[0])
        rest = path[1:]
    before = raw[:start].count(b"\n")
    try:
        within = int(yamlfile.line_of(part, rest).removeprefix("line "))  # JSON as it is written here is YAML too
    except Exception:  # odd white space, which only JSON takes: the line on which the item begins is still right
        within = 1
    return f"line {before + within}"


def _element(raw: bytes, number: int) -> tuple[int, bytes]:
    """Where an element of the outermost array begins, and its text."""
    at = raw.index(b"[") + 1
    for count, element in enumerate(msgspec.json.decode(raw, type=list[msgspec.Raw])):
        text = bytes(element)
        at = raw.index(text, at)
        if count == number:
            return at, text
        at += len(text)
    return 0, b"null"
