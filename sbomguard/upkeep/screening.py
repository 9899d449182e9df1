"""Names of parties from lists that others publish: the US Consolidated Screening List (JSON, CSV), or a plain list of names.

The fields are those of the list's own documentation (https://www.trade.gov/consolidated-screening-list). Several values of a field are
an array in JSON, and one text parted by `;` in CSV. Nothing is passed over in silence: a row of another shape is an error.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from sbomguard.errors import PolicyError
from sbomguard.schema import is_day

MAX_BYTES = 500_000_000

FORMS = ("auto", "csl-json", "csl-csv", "names")
"""What a file may be; `auto` decides by what the bytes say."""

_COLUMNS = frozenset(("source", "name"))
"""Columns without which a CSV file is no screening list."""


class Party(Struct, frozen=True, kw_only=True):
    """One row of a list: `names` with the primary one first, `kind` such as Individual or Vessel, `since` the first and `last` the last
    day (YYYY-MM-DD, empty where the list gives none), `notices` as the list cites them, `line` where the row stands (from 1)."""

    names: tuple[str, ...]
    source: str = ""
    number: str = ""
    kind: str = ""
    addresses: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    since: str = ""
    last: str = ""
    remarks: str = ""
    terms: str = ""
    url: str = ""
    line: int = 0


class Listing(Struct, frozen=True, kw_only=True):
    """What a file holds: `form` as in FORMS, `day` the newest day on which a source was updated by its own words (empty: it says none)."""

    form: str
    parties: tuple[Party, ...]
    day: str = ""


def read(raw: bytes, name: str, form: str = "auto") -> Listing:
    """The parties in a file. Raises PolicyError for one that is none of these, or of which a row cannot be read."""
    if len(raw) > MAX_BYTES:
        raise PolicyError(f"is larger than {MAX_BYTES} bytes", source=name)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise PolicyError("is not UTF-8", source=name, pointer=f"line {line}") from None
    form = _form_of(text) if form == "auto" else form
    found = {"csl-json": _of_json, "csl-csv": _of_csv, "names": _of_names}[form](text, name)
    if not found.parties:
        raise PolicyError("holds no name", source=name)
    return found


def _form_of(text: str) -> str:
    start = text.lstrip()
    if start[:1] in ("{", "["):
        return "csl-json"
    first = start.partition("\n")[0].lower().replace('"', "").split(",")
    return "csl-csv" if {column.strip() for column in first} >= _COLUMNS else "names"


def _of_names(text: str, name: str) -> Listing:
    """One name a line; empty lines and those that begin with # say nothing."""
    rows = ((number, line.strip()) for number, line in enumerate(text.splitlines(), 1))
    return Listing(form="names", parties=tuple(Party(names=(row,), line=number) for number, row in rows if row and not row.startswith("#")))


def _of_csv(text: str, name: str) -> Listing:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [column.strip().lower() for column in next(reader, [])]
        if not set(header) >= _COLUMNS or len(set(header)) < len(header):
            advice = "Its first line names the columns, source and name among them, each once"
            raise PolicyError("is no screening list", source=name, pointer="line 1", advice=advice)
        parties = []
        for row in reader:
            if not row or row == ["\x1a"]:
                continue
            if len(row) != len(header):
                problem = f"has {len(row)} values for {len(header)} columns"
                raise PolicyError(problem, source=name, pointer=f"line {reader.line_num}")
            parties.append(_party(dict(zip(header, row, strict=True)), name, f"line {reader.line_num}", reader.line_num))
    except csv.Error as error:
        raise PolicyError(f"is not CSV: {error}", source=name, pointer=f"line {reader.line_num}") from None
    return Listing(form="csl-csv", parties=tuple(parties))


class _TwiceError(Exception):
    """A key stands twice in one object."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _TwiceError(next(key for key in keys if keys.count(key) > 1))
    return found


def _of_json(text: str, name: str) -> Listing:
    try:
        data = json.loads(text, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        raise PolicyError(f"is not JSON: {error.msg[:1].lower()}{error.msg[1:]}", source=name, pointer=f"line {error.lineno}") from None
    except _TwiceError as error:
        raise PolicyError(f"says '{str(error)[:80]}' twice in one object", source=name) from None
    except (RecursionError, ValueError):
        raise PolicyError("is not JSON that can be read", source=name) from None
    rows = data.get("results") if isinstance(data, dict) else data
    if not isinstance(rows, list):
        raise PolicyError("is no screening list", source=name, advice="Its JSON holds the parties in an array, under 'results'")
    parties = tuple(_party(row, name, f"/results/{number}", number + 1) for number, row in enumerate(rows))
    total = data.get("total") if isinstance(data, dict) else None
    if isinstance(total, int) and total > len(parties):
        advice = "An answer of the search interface is one page of many; import the file with the whole list"
        raise PolicyError(f"holds {len(parties)} of {total} parties", source=name, advice=advice)
    return Listing(form="csl-json", parties=parties, day=_newest(data.get("sources_used") if isinstance(data, dict) else None))


def _newest(sources: Any) -> str:
    days = [str(item.get("source_last_updated") or "")[:10] for item in sources or () if isinstance(item, dict)]
    return max(filter(is_day, days), default="")


def _party(row: Any, name: str, place: str, line: int) -> Party:
    if not isinstance(row, dict) or not row.keys() >= _COLUMNS:
        raise PolicyError("is no party: it has no source and name", source=name, pointer=place)

    def one(key: str) -> str:
        return " ".join(_plain(row.get(key), name, place).split())

    names = (one("name"), *_several(row.get("alt_names"), name, place))
    return Party(
        names=tuple(dict.fromkeys(text for text in names if text)),
        source=one("source"),
        number=one("entity_number"),
        kind=one("type"),
        addresses=_several(row.get("addresses"), name, place),
        programs=_several(row.get("programs"), name, place),
        notices=_several(row.get("federal_register_notice"), name, place),
        since=one("start_date"),
        last=one("end_date"),
        remarks=one("remarks"),
        terms="; ".join(text for text in (one("license_requirement"), one("license_policy")) if text),
        url=one("source_list_url") or one("source_information_url"),
        line=line,
    )


def _several(value: Any, name: str, place: str) -> tuple[str, ...]:
    """Several values: the items of an array, or what `;` parts."""
    parts = [_plain(item, name, place) for item in value] if isinstance(value, list) else re.split(r"\s*;\s*", _plain(value, name, place))
    return tuple(dict.fromkeys(text for part in parts if (text := " ".join(part.split()))))


def _plain(value: Any, name: str, place: str) -> str:
    """A value as one text; the parts of an address in the order in which one writes it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, dict):
        return ", ".join(text for text in _parts_of_address(value, name, place) if text)
    raise PolicyError(f"holds a {type(value).__name__} where text stands", source=name, pointer=place)


def _parts_of_address(value: dict[str, Any], name: str, place: str) -> Iterator[str]:
    for key in ("address", "city", "state", "postal_code", "country"):
        inner = value.get(key)
        yield "" if inner is None or isinstance(inner, dict) else _plain(inner, name, place)
