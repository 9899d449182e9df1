"""What spdx-tools says, in plain words: it nests complaints as texts of lists in each other, and speaks of its classes."""

import re
from ast import literal_eval
from typing import Any

_NESTED = re.compile(r"([\w ]*): (\[.*\])", re.DOTALL)
_TYPED = re.compile(r"(?:\w+: )?Method \S+ parameter (\w+)=(.*?) violates type hint (.*?), as .*", re.DOTALL)
LACKING = re.compile(r"(?:\w+: )?(\w+)\.__init__\(\) missing \d+ required positional arguments?: (.*)")
"""That an element lacks what it must have: its class, and the names of what is lacking, each in quotes."""

_MODULE = re.compile(r"\b(?:\w+\.)+(?=\w)")


def plain(message: Any) -> str:
    """One complaint in plain words."""
    text = str(message).removeprefix("SetterError ").removeprefix("Error while constructing ").removeprefix("Error while parsing ")
    if nested := _NESTED.fullmatch(text):
        try:
            return f"{nested.group(1)}: {'; '.join(map(plain, literal_eval(nested.group(2))))}"
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return text
    if typed := _TYPED.fullmatch(text):
        name, value, hint = typed.groups()
        return f"{name} is missing" if value in ('"None"', "None") else f"{name} is {value}, and must be {_MODULE.sub('', hint)}"
    lacking = LACKING.fullmatch(text)
    return f"{lacking.group(1)} lacks {lacking.group(2).replace(chr(39), '')}" if lacking else text
