"""Text from documents made harmless for the place it goes to: one function for each of terminal, SARIF, Markdown and JSON."""

import re
from collections.abc import Callable

LIMIT = 200
"""Most characters shown of a value."""

PROSE_LIMIT = 1000
"""Most characters shown of a sentence, which may quote several values."""

# Characters that steer a terminal or show as nothing: C0, DEL, C1, spaces that are not a plain space, soft hyphen, joiners and
# fillers, bidi controls, line and paragraph separators, variation selectors, tags, lone surrogates. The ranges are written out because
# str.isprintable() answers differently from one Python version to the next.
_HIDDEN = (
    "\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800"
    "\u3000\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff"
)
_MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"

_SHOWN = rf"[{_HIDDEN}]|(?<={_MARK}{{2}}){_MARK}"
# Besides hidden characters and the third of a pile of combining marks: a backslash that would read as our own escape, and the first
# character of a CI command. GitHub reads `::name` after any white space at a line start and `##[` anywhere, Azure `##vso[` anywhere.
_COMMANDS = r"\\(?=u\{)|#(?=#\w*\[)|(?<!\S):(?=:|\Z)"
_TERMINAL = f"{_SHOWN}|{_COMMANDS}"
_NOT_XML = "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
_MARKDOWN = r"[\\`*_\[\]<>#|~!&]"

# `git@` and `hg@` are how SSH addresses are written; any other user part may be a token.
_USER = r"(?<=://)(?!(?:git|hg)@)[^/\s?#]*@|(?i:(?<=%3a%2f%2f)(?!git%40)(?:(?!%2f)[^\s/?&#])*?%40)"
_CREDENTIAL = (
    r"(?i)((?:[?&]|%3f|%26)(?:x-amz-(?:signature|credential|security-token)|(?:access|auth|private|job)?[-_]?token|api[-_]?key"
    r"|client_secret|secret|signature|sig|password|passwd|pwd)(?:=|%3d))(?:(?!%26)[^&#\s])+"
)


_STEERING = frozenset("\\#:%?&@=")
"""Characters that can begin a CI command, an escape of ours, or a secret; a printable text without them is shown as it is."""

_STARTS = (" :", "##", "\\u{")
"""How what _COMMANDS finds in printable ASCII begins, where a space stands before the text."""


def terminal(value: str, limit: int = LIMIT) -> str:
    r"""For a terminal or a CI log: hidden characters and the start of CI commands become `\u{200b}`, long values are cut.

    Reversible but for the cut and for secrets: every `\u{...}` in the answer stands for one character.
    """
    plain = value.isascii() and value.isprintable()
    if plain and len(value) <= limit and not _STEERING.intersection(value):
        return value
    text = shortened(redacted(value), limit)
    if plain and not any(start in f" {text}" for start in _STARTS):
        return text
    return re.sub(_COMMANDS if plain else _TERMINAL, lambda match: f"\\u{{{ord(match[0]):x}}}", text)


def sarif(value: str, limit: int = LIMIT) -> str:
    """For a SARIF message: hidden characters become `<U+200B>`, and nothing reads as a link or placeholder (2.1.0, 3.11.5 and 3.11.6)."""
    text = _named(shortened(redacted(value), limit))
    return re.sub(r"[\\\[\]]", r"\\\g<0>", text).replace("{", "{{").replace("}", "}}")


def markdown(value: str, limit: int = LIMIT) -> str:
    """For Markdown: as words of one line, without markup."""
    return re.sub(_MARKDOWN, r"\\\g<0>", _named(shortened(redacted(value), limit)))


def json_text(tree: object) -> str:
    """For JSON: plain ASCII without secrets, and no `##` for a CI log to read as a command; parses to the same strings."""
    import json

    text = json.dumps(mapped(tree, redacted), ensure_ascii=True, indent=2)
    return text.replace("\x7f", "\\u007f").replace("##", "\\u0023\\u0023") + "\n"


def portable(value: str) -> str:
    """For values that pass through strict JSON and XML readers: what XML 1.0 cannot hold becomes `<U+0000>`."""
    return re.sub(_NOT_XML, _name, value)


def shortened(value: str, limit: int) -> str:
    """At most `limit` characters, then how many more there are and the start of their SHA-256."""
    if len(value) <= limit:
        return value
    from hashlib import sha256

    rest = value[limit:]
    return f"{value[:limit]}...(+{len(rest)} characters, sha256 {sha256(rest.encode('utf-8', 'surrogatepass')).hexdigest()[:12]})"


def redacted(value: str) -> str:
    """Without the user part of an address and without the values of parameters that are secrets; `***` stands there."""
    if "://" not in value and "%" not in value and "?" not in value:
        return value
    return re.sub(_CREDENTIAL, r"\1***", re.sub(_USER, _starred, value))


def mapped(tree: object, change: Callable[[str], str]) -> object:
    """The tree of dicts and sequences with every string value changed."""
    if isinstance(tree, str):
        return change(tree)
    if isinstance(tree, dict):
        return {key: mapped(value, change) for key, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [mapped(value, change) for value in tree]
    return tree


def _starred(match: re.Match[str]) -> str:
    return "***@" if match[0].endswith("@") else "***%40"


def _named(value: str) -> str:
    return re.sub(_SHOWN, _name, value)


def _name(match: re.Match[str]) -> str:
    return f"<U+{ord(match[0]):04X}>"
