"""Plain JSON values held against a JSON schema: the first fault, quickly. As much of draft 7 as the schemas of SBOM formats use.

What a schema says becomes a chain of small functions, made when the first value comes to its part: of a schema of hundreds of kilobytes
a document needs a few kilobytes. It decides nothing by itself: its answer is one note. `--strict` asks a whole validator.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import msgspec

Fault = tuple[str, str]
"""The JSON Pointer of a value, and what the schema has against it, as the end of a sentence about it."""

Check = Callable[[Any], Fault | None]
"""The first fault in a value, None where it has none."""

Schemas = Callable[[str], dict[str, Any]]
"""Gives a schema by its file name."""

LONGEST_MATCHED = 4096
"""Characters of a text that is held against a pattern; longer ones are left alone."""

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "boolean": (bool,), "null": (type(None),), "integer": (int,),
    "number": (int, float),
}  # fmt: skip
_WORDS = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null", int: "a number", float: "a number"}
_FORMATS = {
    "date-time": (r"(?a)\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)", "is no date and time"),
    "date": (r"(?a)\d{4}-\d\d-\d\d", "is no date"),
    "uri": (r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*", "is no absolute address"),
    "iri-reference": (r"[^\x00-\x20<>\"{}|\\^`]*", "holds what no address may hold"),
    "idn-email": (r"[^@]*@.*", "is no e-mail address"),
}
"""Formats (JSON Schema draft 7, Validation, clause 7.3) as patterns that no valid text fails."""


class Validator:
    """One schema with those it refers to, ready to be asked about documents."""

    def __init__(self, name: str, schemas: Schemas) -> None:
        self._schemas = schemas
        self._made: dict[tuple[str, str], Check] = {}
        self._check = self._refer(name, "#")

    def fault(self, value: Any) -> Fault | None:
        """The first fault in a document of plain values."""
        return self._check(value)

    # ---- a schema

    def _refer(self, name: str, ref: str) -> Check:
        """What `$ref` leads to, from the schema of that name (draft 7, Core, clause 8.3). A way that leads back to itself waits."""
        file, _, path = ref.partition("#")
        key = (file or name, path)
        if key in self._made:
            return self._made[key]
        self._made[key] = lambda value: self._made[key](value)
        schema: Any = self._schemas(key[0])
        for step in filter(None, path.split("/")):
            schema = schema[step]
        made = self._made[key] = self._compile(key[0], schema)
        return made

    def _compile(self, name: str, schema: Any) -> Check:
        if not isinstance(schema, dict):
            return _pass if schema else _refuse
        if "$ref" in schema:
            return self._refer(name, schema["$ref"])
        checks = [*self._of_type(name, schema), *self._of_value(schema), *self._of_branches(name, schema)]
        if not checks:
            return _pass
        return checks[0] if len(checks) == 1 else partial(_first, tuple(checks))

    def _of_type(self, name: str, schema: dict[str, Any]) -> Iterator[Check]:
        if "type" in schema:
            named = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
            yield partial(_typed, tuple(kind for word in named for kind in _TYPES[word]), " or ".join(named))
        if "properties" in schema or "required" in schema or "additionalProperties" in schema:
            yield self._object(name, schema)
        if "items" in schema or "uniqueItems" in schema or "minItems" in schema or "maxItems" in schema:
            items = schema.get("items", True)
            bounds = schema.get("minItems", 0), schema.get("maxItems")
            if isinstance(items, list):
                yield partial(
                    _in_order, tuple(self._compile(name, item) for item in items), schema.get("additionalItems", True) is not False
                )
                items = True
            yield partial(_listed, self._compile(name, items), bool(schema.get("uniqueItems")), *bounds)

    def _object(self, name: str, schema: dict[str, Any]) -> Check:
        listed, others = schema.get("properties", {}), schema.get("additionalProperties", True)
        required = tuple(schema.get("required", ()))
        members: dict[str, tuple[type | None, Check | None]] = {}

        def check(value: Any) -> Fault | None:
            if type(value) is not dict:
                return None
            for key in required:
                if key not in value:
                    return "", f"lacks '{key}'"
            for key, item in value.items():
                try:
                    plain, test = members[key]
                except KeyError:
                    plain, test = self._member(name, listed.get(key, others))
                    if key in listed:
                        members[key] = plain, test
                if test is not None and type(item) is not plain:
                    found = test(item)
                    if found is not None:
                        return f"/{key.replace('~', '~0').replace('/', '~1')}{found[0]}", found[1]
            return None

        return check

    def _member(self, name: str, schema: Any) -> tuple[type | None, Check | None]:
        """The check of a member, None if it may be anything; and the type whose values all pass it, if there is one."""
        if schema is False:
            return None, _unknown
        check = self._compile(name, schema)
        kinds: tuple[type, ...] = check.args[0] if isinstance(check, partial) and check.func is _typed else ()
        return (kinds[0] if len(kinds) == 1 else None), (None if check is _pass else check)

    def _of_value(self, schema: dict[str, Any]) -> Iterator[Check]:
        if "enum" in schema or "const" in schema:
            yield partial(_one_of, frozenset(schema.get("enum", (schema.get("const"),))))
        if "pattern" in schema:
            yield partial(_matching, re.compile(schema["pattern"]).search, "is not of the form that it must have")
        if schema.get("format") in _FORMATS:
            pattern, said = _FORMATS[schema["format"]]
            yield partial(_matching, re.compile(pattern).fullmatch, said)
        if "minLength" in schema or "maxLength" in schema:
            yield partial(_long, schema.get("minLength", 0), schema.get("maxLength"))
        if "minimum" in schema or "maximum" in schema:
            yield partial(_bounded, schema.get("minimum"), schema.get("maximum"))

    def _of_branches(self, name: str, schema: dict[str, Any]) -> Iterator[Check]:
        for key in ("oneOf", "anyOf", "allOf"):
            if key in schema:
                branches = tuple(self._compile(name, branch) for branch in schema[key])
                yield partial(_first, branches) if key == "allOf" else partial(_fitting, branches, key == "oneOf")
        if "not" in schema:
            yield partial(_unlike, self._compile(name, schema["not"]))
        if "if" in schema:
            ways = (self._compile(name, schema.get(key, True)) for key in ("if", "then", "else"))
            yield partial(_either, *ways)


# ---- what is asked of one value


def _pass(value: Any) -> Fault | None:
    return None


def _refuse(value: Any) -> Fault | None:
    return "", "may not be there"


def _unknown(value: Any) -> Fault | None:
    return "", "is a member that is not known there"


def _first(checks: Iterable[Check], value: Any) -> Fault | None:
    for check in checks:
        found = check(value)
        if found is not None:
            return found
    return None


def _typed(kinds: tuple[type, ...], named: str, value: Any) -> Fault | None:
    kind = type(value)
    if kind in kinds or (kind is float and int in kinds and value.is_integer()):
        return None
    return "", f"is {_WORDS.get(kind, 'a value')}, and must be of type {named}"


def _listed(item: Check, unique: bool, fewest: int, most: int | None, value: Any) -> Fault | None:
    if type(value) is not list:
        return None
    if len(value) < fewest or (most is not None and len(value) > most):
        return "", f"has {len(value)} items"
    if item is not _pass:
        for number, each in enumerate(value):
            found = item(each)
            if found is not None:
                return f"/{number}{found[0]}", found[1]
    return _repeated(value) if unique and len(value) > 1 else None


def _in_order(checks: tuple[Check, ...], more: bool, value: Any) -> Fault | None:
    """A list whose items have a form each."""
    if type(value) is not list:
        return None
    for number, (check, each) in enumerate(zip(checks, value, strict=False)):
        found = check(each)
        if found is not None:
            return f"/{number}{found[0]}", found[1]
    return (f"/{len(checks)}", "is one item too many") if len(value) > len(checks) and not more else None


def _repeated(value: list[Any]) -> Fault | None:
    if len({each.get("bom-ref", ...) if type(each) is dict else ... for each in value} - {...}) == len(value):
        return None  # the common case, told at a tenth of the cost
    seen: set[bytes] = set()
    for number, each in enumerate(value):
        text = msgspec.json.encode(each, order="deterministic")
        if text in seen:
            return f"/{number}", "is there twice"
        seen.add(text)
    return None


def _one_of(values: frozenset[Any], value: Any) -> Fault | None:
    if type(value) not in (dict, list) and value in values:
        return None
    some = ", ".join(sorted(map(str, values))) if len(values) <= 12 else f"{len(values)} that are known"
    return "", f"is {_quoted(value)}, which is none of {some}"


def _matching(match: Callable[[str], object], said: str, value: Any) -> Fault | None:
    if type(value) is not str or len(value) > LONGEST_MATCHED or match(value):
        return None
    return "", f"{said}: {_quoted(value)}"


def _long(fewest: int, most: int | None, value: Any) -> Fault | None:
    if type(value) is not str or (len(value) >= fewest and (most is None or len(value) <= most)):
        return None
    return "", "is an empty text" if not value else f"is a text of {len(value)} characters"


def _bounded(least: float | None, most: float | None, value: Any) -> Fault | None:
    if type(value) not in (int, float) or ((least is None or value >= least) and (most is None or value <= most)):
        return None
    return "", f"is {value}, which is out of its bounds"


def _fitting(branches: tuple[Check, ...], only_one: bool, value: Any) -> Fault | None:
    """Any, or exactly one, of several forms. Where it fits none, the fault of that in which it lies deepest: that is the one meant."""
    deepest: Fault | None = None
    fits = 0
    for check in branches:
        found = check(value)
        if found is None:
            fits += 1
            if fits > 1 or not only_one:
                break
        elif deepest is None or found[0].count("/") > deepest[0].count("/"):
            deepest = found
    if not fits:
        return deepest
    return ("", "has members of two forms, of which only one may be there") if fits > 1 and only_one else None


def _unlike(check: Check, value: Any) -> Fault | None:
    return ("", "has what may not be there together") if check(value) is None else None


def _either(condition: Check, then: Check, otherwise: Check, value: Any) -> Fault | None:
    return (then if condition(value) is None else otherwise)(value)


def _quoted(value: Any) -> str:
    text = str(value)
    return f"'{text[:40]}'" + (" ..." if len(text) > 40 else "")
