"""Limits on what is read, so that no input can take a machine with it: one place for them, settable with `--limit NAME=VALUE`."""

import re

from msgspec import Struct
from msgspec.structs import replace

from sbomguard.errors import DocumentError, UsageError

_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}


class Limits(Struct, frozen=True, kw_only=True):
    """The most that is read of anything. What goes beyond is an error (exit code 2) and never a partial read."""

    bytes: int = 1 << 30
    """Of one input, as it came."""
    unpacked: int = 1 << 30
    """Bytes that one input comes to, over all layers of compression and all members together."""
    ratio: int = 100
    """How many times its size one input may come to; 32 MiB are free."""
    members: int = 10_000
    """Of one archive."""
    layers: int = 5
    """Wrappers in wrappers."""
    files: int = 100_000
    """Taken from one folder."""
    depth: int = 512
    """Levels of nesting. JSON is bound by its parser too, at some 900 levels."""
    string: int = 100_000
    """Characters of one value that may say who made a component: names, versions, addresses, identifiers."""
    digits: int = 4300
    """Characters of one number."""
    components: int = 1_000_000
    """Of one document."""
    yaml: int = 20_000_000
    """Bytes of one SPDX document in YAML."""
    xml: int = 64_000_000
    """Bytes of one SPDX document in XML or RDF/XML."""
    seconds: int = 300
    """Of one run."""


DEFAULTS = Limits()


def changed(settings: tuple[str, ...]) -> Limits:
    """The limits with settings such as `bytes=2G`: a whole number above 0; K, M and G are powers of 1024. Raises UsageError."""
    wanted: dict[str, int] = {}
    for text in settings:
        name, _, number = text.partition("=")
        if name not in Limits.__struct_fields__:
            raise UsageError(f"--limit is '{text}'", advice=f"Give NAME=VALUE; names: {', '.join(Limits.__struct_fields__)}")
        value = re.fullmatch(r"([1-9][0-9]{0,11})([KMG]?)", number)
        if value is None:
            raise UsageError(f"--limit is '{text}'", advice="The value is a whole number above 0, also with K, M or G behind it")
        wanted[name] = int(value.group(1)) * _UNITS[value.group(2)]
    return replace(DEFAULTS, **wanted)


def advice(name: str) -> str:
    """The sentence that ends an error about a limit."""
    return f"If you trust it, raise the limit: --limit {name}=N"


def may_hold_text(data: bytes, most: int, serialisation: str) -> bool:
    """Whether a document may hold a value of more than that many characters: some stretch half as long has nothing that ends one, a quote
    in JSON, a tag in XML, else the end of a line.

    It takes a look at each stretch only, and so costs next to nothing. A value of many lines is not seen: names have one.
    """
    step = max(most // 2, 1)
    stretches = range(0, len(data) - step, step)
    if "json" in serialisation:
        return any(not _ends_string(data, at, at + step) for at in stretches)
    end = b"<" if "xml" in serialisation else b"\n"
    return any(data.find(end, at, at + step) < 0 for at in stretches)


def _ends_string(data: bytes, start: int, end: int) -> bool:
    at = data.find(b'"', start, end)
    while at > 0 and data[at - 1] == 0x5C:  # a backslash: the quote may stand inside the string
        at = data.find(b'"', at + 1, end)
    return at >= 0


def may_hold_number(data: bytes, most: int) -> bool:
    """Whether a JSON text may hold a number of more than that many characters: such a one has a run of a third of them, but for signs,
    a full stop and an e, and that meets several steps one after the other."""
    run = max((most - 3) // 3, 1)
    step = max(run // 4, 1)
    number = min(run // step, 3)
    met = data[::step].translate(_DIGITS)
    at = met.find(b"1" * number)
    while at >= 0:
        if data[at * step : (at + number - 1) * step + 1].isdigit():
            return True
        at = met.find(b"1" * number, at + 1)
    return False


_DIGITS = bytes.maketrans(b"0123456789", b"1" * 10)


_NESTING = rb'(?s)"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]'


def check_depth(data: bytes, limits: Limits, name: str) -> None:
    """Refuse a JSON text that is nested deeper than somebody allowed. By default the parser's own bound does, at no cost."""
    if limits.depth >= DEFAULTS.depth:
        return
    depth = 0
    for token in re.finditer(_NESTING, data):
        mark = data[token.start()]
        depth += (mark in b"[{") - (mark in b"]}")
        if depth > limits.depth:
            raise DocumentError(f"is nested more than {limits.depth} levels deep", source=name, advice=advice("depth"))
