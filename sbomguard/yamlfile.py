"""YAML that people write for us (policies, waivers), read strictly: plain text, no duplicate keys, aliases or tags, a closed schema."""

import json
from pathlib import Path
from typing import Any

import yaml

from sbomguard.errors import SbomguardError

MAX_BYTES = 5_000_000
MAX_DEPTH = 32
SCHEMAS = Path(__file__).parent / "schemas"


def load(path: str, schema: str, error: type[SbomguardError]) -> dict[str, Any]:
    """The mapping in the file, every scalar a string, valid against `schemas/<schema>`. Raises `error` with line and place."""
    return parse(read(path, error), path, schema, error)


def read(path: str, error: type[SbomguardError]) -> bytes:
    """The bytes of the file. Raises `error` where it cannot be read."""
    try:
        return Path(path).read_bytes()
    except OSError as problem:
        raise error(f"cannot be read: {problem.strerror}", source=path) from None


def parse(raw: bytes, path: str, schema: str, error: type[SbomguardError]) -> dict[str, Any]:
    """As `load`, for bytes already read."""
    if len(raw) > MAX_BYTES:
        raise error(f"is larger than {MAX_BYTES} bytes", source=path)
    root = _compose(raw, path, error)
    data = _plain(root, path, error)
    _validate(data, root, path, schema, error)
    assert isinstance(data, dict)  # the schema says so
    return data


def line_of(raw: bytes, path: list[Any]) -> str:
    """`line N` of the value at a path of keys and numbers, in bytes that have been parsed."""
    return _line(_find(_compose(raw, "", SbomguardError), path).start_mark)


def _compose(raw: bytes, path: str, error: type[SbomguardError]) -> yaml.Node:
    try:
        text = raw.decode("utf-8-sig")
        # The Python loader: the C one crashes on deep nesting.
        loader = yaml.BaseLoader(text)
        _check_events(text, path, error)
        node = loader.get_single_node()
    except UnicodeDecodeError:
        raise error("is not UTF-8", source=path) from None
    except RecursionError:
        raise error("is nested too deeply", source=path) from None
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        raise error(
            f"is not YAML: {getattr(problem, 'problem', None) or problem}", source=path, pointer=_line(mark) if mark else ""
        ) from None
    if node is None:
        raise error("is empty", source=path)
    return node


def _check_events(text: str, path: str, error: type[SbomguardError]) -> None:
    """Refuse anchors, aliases, tags and deep nesting as they come: the cost of scanning grows with the square of the depth."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        place = _line(event.start_mark)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise error("uses an anchor or alias", source=path, pointer=place, advice="Write the value out")
        if tag := getattr(event, "tag", None):
            raise error(f"uses the tag {tag}", source=path, pointer=place, advice="Remove the tag")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise error("is nested too deeply", source=path, pointer=place)


def _plain(node: yaml.Node, path: str, error: type[SbomguardError]) -> Any:
    """The node as dict, list or str; `null`, numbers and yes/no stay the text that they are."""
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, error)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, path, error) for item in node.value]
    return node.value


def _mapping(node: yaml.MappingNode, path: str, error: type[SbomguardError]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise error("has a key that is not text", source=path, pointer=_line(key.start_mark))
        if key.value in result:
            raise error(f"says '{key.value}' twice", source=path, pointer=_line(key.start_mark), advice="Keep one")
        result[key.value] = _plain(value, path, error)
    return result


def _validate(data: Any, root: yaml.Node, path: str, schema: str, error: type[SbomguardError]) -> None:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    rules = json.loads((SCHEMAS / schema).read_bytes())
    fault = best_match(Draft202012Validator(rules, format_checker=Draft202012Validator.FORMAT_CHECKER).iter_errors(data))
    if fault is None:
        return
    unknown = _unknown_key(fault)
    node = _find(root, list(fault.absolute_path))
    place = next((key for key, _ in node.value if key.value == unknown), node) if unknown else node
    pointer = "/".join(str(part) for part in fault.absolute_path)
    where = _line(place.start_mark) + (f" ({pointer})" if pointer else "")
    raise error(_sentence(fault), source=path, pointer=where, advice=_suggest(unknown, fault) if unknown else "")


def _sentence(fault: Any) -> str:
    if fault.validator in ("oneOf", "anyOf") and all("required" in choice for choice in fault.validator_value):
        choices = " or ".join("'" + "' and '".join(choice["required"]) + "'" for choice in fault.validator_value)
        return f"needs {choices}{', not both' if fault.validator == 'oneOf' else ''}"
    return fault.message if len(fault.message) <= 200 else f"{fault.message[:200]}..."


def _unknown_key(fault: Any) -> str:
    """The first key that the schema does not know, if that is the fault."""
    if fault.validator != "additionalProperties":
        return ""
    return next((key for key in fault.instance if key not in fault.schema.get("properties", ())), "")


def _suggest(key: str, fault: Any) -> str:
    """The known key that an unknown one was probably meant to be."""
    from difflib import get_close_matches

    known = list(fault.schema.get("properties", ()))
    close = get_close_matches(key, known, 1)
    return f"Did you mean '{close[0]}'?" if close else f"Known keys: {', '.join(known)}"


def _find(node: yaml.Node, path: list[Any]) -> yaml.Node:
    for part in path:
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part]
        elif isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == part), node)
    return node


def _line(mark: Any) -> str:
    return f"line {mark.line + 1}"
