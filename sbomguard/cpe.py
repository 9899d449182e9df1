"""CPE names, 2.2 URIs and 2.3 formatted strings, down to the four parts that say who and what (NISTIR 7695)."""

import re

from msgspec import Struct

from sbomguard.percent import unquote

_URI_WILDCARDS = {1: "?", 2: "*"}
_FIELD = r"(?s)((?:\\.|[^:\\])*)(?::|$)"


class Cpe(Struct, frozen=True):
    """Part (a, o, h), vendor, product and version: lower case, unescaped; empty where the CPE says ANY (`*`) or NA (`-`)."""

    part: str
    vendor: str
    product: str
    version: str


def parse(text: str) -> Cpe | None:
    """Read either binding; None for what is neither. Escapes are undone (`anti\\-virus`, `%2f`), case is folded."""
    text = text.strip()
    if text[:8].lower() == "cpe:2.3:":
        fields = [_plain(field) for field in re.findall(_FIELD, text[8:])]
    elif text[:5].lower() == "cpe:/":  # NISTIR 7695 clause 6.1: URI binding
        fields = [_plain(unquote(field)) for field in text[5:].split(":")]
    else:
        return None
    fields += [""] * 4
    return Cpe(fields[0], fields[1], fields[2], fields[3])


def _plain(field: str) -> str:
    """The field unescaped and in lower case, wildcards of URIs (%01, %02) as `?` and `*`; nothing where it is NA or only wildcards."""
    field = field.translate(_URI_WILDCARDS)
    if field == "-" or not field.strip("*?"):
        return ""
    return re.sub(r"\\(.)", r"\1", field, flags=re.DOTALL).lower()
