"""YAML that people write for us (policies, waivers), read strictly: plain text, no duplicate keys, aliases or tags, a closed schema."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import yaml

from sbomguard import schema
from sbomguard.errors import SbomguardError

E = TypeVar("E", bound=SbomguardError)

MAX_BYTES = 5_000_000
MAX_DEPTH = 32


def load(path: str, rules: str, error: type[SbomguardError]) -> dict[str, Any]:
    """The mapping in the file, every scalar a string, valid against `schemas/<rules>`. Raises `error` with line and place."""
    return parse(read(path, error), path, rules, error)


def read(path: str, error: type[SbomguardError]) -> bytes:
    """The bytes of the file. Raises `error` where it cannot be read."""
    try:
        return Path(path).read_bytes()
    except OSError as problem:
        raise error(f"cannot be read: {problem.strerror}", source=path) from None


def parse(raw: bytes, path: str, rules: str, error: type[SbomguardError]) -> dict[str, Any]:
    """As `load`, for bytes already read."""
    if len(raw) > MAX_BYTES:
        raise error(f"is larger than {MAX_BYTES} bytes", source=path)
    root = _compose(raw, path, error)
    data = _plain(root, path, error)
    _validate(data, root, path, rules, error)
    assert isinstance(data, dict)  # the schema says so
    return data


def line_of(raw: bytes, path: list[Any]) -> str:
    """`line N` of the value at a path of keys and numbers, or of its key, in bytes that have been parsed."""
    around = _find(_compose(raw, "", SbomguardError), path[:-1])
    if isinstance(around, yaml.MappingNode) and path:
        return _line(next((key for key, _ in around.value if key.value == path[-1]), around).start_mark)
    return _line(_find(around, path[-1:]).start_mark)


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


def _validate(data: Any, root: yaml.Node, path: str, rules: str, error: type[SbomguardError]) -> None:
    from jsonschema.exceptions import best_match

    fault = best_match(_errors(data, schema.rules(rules)))
    if fault is not None:
        raise _located(next(_complaints(fault)), root, path, error)


def review(raw: bytes, path: str, rules: str, error: type[E]) -> tuple[Any, list[E]]:
    """The data as `parse` gives it, and everything that the schema has against it in the order of lines, or why it cannot be read."""
    try:
        if len(raw) > MAX_BYTES:
            raise error(f"is larger than {MAX_BYTES} bytes", source=path)
        root = _compose(raw, path, error)
        data = _plain(root, path, error)
    except error as problem:
        return None, [problem]
    found = [(_mark(root, item).line, _located(item, root, path, error)) for item in complaints(data, schema.rules(rules))]
    return data, [problem for _, problem in sorted(found, key=lambda pair: pair[0])]


class Complaint(NamedTuple):
    """What a schema has against a value: `path` leads to it, or to the mapping of which `key` is unknown."""

    problem: str
    path: list[Any]
    advice: str = ""
    key: str = ""


def complaints(data: Any, rules: dict[str, Any]) -> Iterator[Complaint]:
    """Everything that a schema has against the data. A key that is missing because it is written wrong is told once."""
    found = [item for fault in _errors(data, rules) for item in _complaints(fault)]
    meant = [(item.path, item.advice.removeprefix("Did you mean ").rstrip("?")) for item in found if item.key and item.advice[-1:] == "?"]
    yield from (item for item in found if item.key or not any(item.path == path and key in item.problem for path, key in meant))


def _errors(data: Any, rules: dict[str, Any]) -> Iterator[Any]:
    from jsonschema import Draft202012Validator

    return iter(Draft202012Validator(rules, format_checker=Draft202012Validator.FORMAT_CHECKER).iter_errors(data))


def _complaints(fault: Any) -> Iterator[Complaint]:
    path = list(fault.absolute_path)
    if fault.validator == "additionalProperties":
        for key in fault.instance:
            if key not in fault.schema.get("properties", ()):
                yield Complaint(_sentence(fault), path, _suggest(key, fault.schema.get("properties", ()), "Known keys"), key)
        return
    if fault.validator == "not":
        (key,) = fault.validator_value["required"]
        yield Complaint(f"says '{key}', which has no place here", path, "Remove it", key)
        return
    known = [str(word) for word in fault.validator_value] if fault.validator == "enum" else []
    yield Complaint(_sentence(fault), path, _suggest(str(fault.instance), known) if known and isinstance(fault.instance, str) else "")


def _located(item: Complaint, root: yaml.Node, path: str, error: type[E]) -> E:
    pointer = "/".join(map(str, item.path))
    where = _line(_mark(root, item)) + (f" ({pointer})" if pointer else "")
    return error(item.problem, source=path, pointer=where, advice=item.advice)


def _mark(root: yaml.Node, item: Complaint) -> Any:
    node = _find(root, item.path)
    return next((key for key, _ in node.value if key.value == item.key), node).start_mark if item.key else node.start_mark


def _sentence(fault: Any) -> str:
    if fault.validator in ("oneOf", "anyOf") and all("required" in choice for choice in fault.validator_value):
        choices = " or ".join("'" + "' and '".join(choice["required"]) + "'" for choice in fault.validator_value)
        return f"needs {choices}{', not both' if fault.validator == 'oneOf' else ''}"
    return fault.message if len(fault.message) <= 200 else f"{fault.message[:200]}..."


def _suggest(word: str, known: Iterable[str], what: str = "Known") -> str:
    """The known key or word that an unknown one was probably meant to be."""
    from difflib import get_close_matches

    close = get_close_matches(word, known, 1)
    return f"Did you mean '{close[0]}'?" if close else f"{what}: {', '.join(known)}"


def _find(node: yaml.Node, path: list[Any]) -> yaml.Node:
    for part in path:
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part]
        elif isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == part), node)
    return node


def _line(mark: Any) -> str:
    return f"line {mark.line + 1}"
