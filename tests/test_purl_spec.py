"""The purl specification's own tests, as data: what our layer makes of them, and where packageurl-python falls short of them.

Our layer reads package URLs and never writes one, so what the suite says of writing is held against it backwards: what is to be written
reads as the parts that it was written from, and two spellings of one package URL read as the same.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from packageurl import PackageURL

from sbomguard import purl
from sbomguard.matchers.forge import accounts
from tests.made import signal

SUITE = Path(__file__).parents[2] / "shared" / "suites" / "purl-spec" / "tests"

Case = dict[str, Any]
Parts = tuple[str, str, str, str, dict[str, str], str]


class Shortfall(NamedTuple):
    """What packageurl-python does that the specification does not want, in which cases, and what our layer does instead."""

    what: str
    ours: str
    holds: Callable[[Case], bool]


def _refused(*types: str) -> Callable[[Case], bool]:
    """Invalid package URLs of those types that do have a name; without one the library refuses them."""
    return lambda case: kind_of(case) in types and case["expected_failure"] and _has_name(case["input"])


def _has_name(given: Any) -> bool:
    return bool(given["name"]) if isinstance(given, dict) else purl.parse(given) is not None


SHORTFALLS = (
    Shortfall(
        "writes a slash in the value of a qualifier as it is, where the specification escapes it",
        "reads both spellings as one; writes none",
        lambda case: (
            case["test_type"] in ("build", "validate") and "%2F" in str(case.get("expected_output")).partition("?")[2].partition("#")[0]
        ),
    ),
    Shortfall(
        "takes all but the last segment for the namespace of the type git, where only the host is",
        "the host is the namespace, and the account is found behind it",
        lambda case: kind_of(case) == "git" and case["test_type"] == "parse" and not case["expected_failure"],
    ),
    Shortfall(
        "keeps capitals in names of the type brew, which are not case sensitive",
        "reads them in lower case",
        lambda case: kind_of(case) == "brew" and case["test_type"] == "parse" and re.search(r"[A-Z].*@", case["input"]) is not None,
    ),
    Shortfall(
        "does not refuse extension ids and versions that the browser's shop does not give",
        "reads them as they are: an id that no vendor has meets nobody",
        _refused("chrome-extension"),
    ),
    Shortfall(
        "does not refuse a module's name in the place of a distribution's",
        "reads it as it is: a misnamed package of a vendor is still the vendor's",
        lambda case: _refused("cpan")(case) and "::" in str(case["input"]),
    ),
    Shortfall(
        "does not miss a qualifier or namespace that the type requires",
        "reads what is there: the owner that is named counts, one that is not named identifies nobody",
        _refused("julia", "swift", "vscode-extension"),
    ),
    Shortfall(
        "does not refuse a namespace where the type has none",
        "reads it: whoever is named in an odd place is still named",
        _refused("otp", "vcpkg"),
    ),
    Shortfall(
        "does not refuse capitals in the keys of qualifiers",
        "reads keys in lower case",
        lambda case: _refused("gem", "rpm")(case) and re.search(r"[?&][A-Z]", str(case["input"])) is not None,
    ),
)


def kind_of(case: Case) -> str:
    """The type that a case is about."""
    given = case["input"]
    return str(given["type"] if isinstance(given, dict) else given.partition(":")[2].lstrip("/").partition("/")[0]).lower()


@cache
def suite() -> tuple[tuple[str, Case], ...]:
    """Every case with the name of its file."""
    return tuple((path.stem, case) for path in sorted(SUITE.glob("*/*.json")) for case in json.loads(path.read_bytes())["tests"])


def cases(*kinds: str, valid: bool | None = None) -> list[Any]:
    """The cases of those kinds of test, valid or not (None: both), each under a name of its own."""
    if not SUITE.is_dir():
        return [pytest.param({}, marks=pytest.mark.skip(reason="the purl specification's tests are not beside the repository"))]
    return [
        pytest.param(case, id=f"{name}-{case['test_type']}-{number}")
        for number, (name, case) in enumerate(suite())
        if case["test_type"] in kinds and valid in (None, not case["expected_failure"])
    ]


def required() -> Iterator[Any]:
    """The cases that the specification requires, those in which packageurl-python falls short marked with what it does."""
    for item in cases("parse", "build", "validate"):
        case = item.values[0]
        if not case:
            yield item
        elif case["test_group"] == "required":
            short = next((row for row in SHORTFALLS if row.holds(case)), None)
            yield pytest.param(case, id=item.id, marks=[pytest.mark.xfail(reason=short.what, strict=True)] if short else [])


def read(text: str) -> Parts:
    """What our layer reads, in the lower case in which names are matched."""
    parsed = purl.parse(text)
    assert parsed is not None
    return as_matched(parsed.type, parsed.namespace, parsed.name, parsed.version, dict(parsed.qualifiers), parsed.subpath)


def wanted(parts: Case) -> Parts:
    """Parts as the suite writes them, in the same form."""
    return as_matched(*(parts[key] for key in ("type", "namespace", "name", "version", "qualifiers", "subpath")))


def as_matched(
    kind: str, namespace: str | None, name: str, version: str | None, qualifiers: dict[str, str] | None, subpath: str | None
) -> Parts:
    return kind, _folded(kind, namespace), _folded(kind, name), version or "", qualifiers or {}, subpath or ""


def _folded(kind: str, text: str | None) -> str:
    """Without case, and for PyPI by PEP 503, of which the type's definition takes only `_`."""
    return re.sub(r"[-_.]+", "-", text or "").lower() if kind == "pypi" else (text or "").lower()


def oracle(case: Case) -> bool:
    """Whether packageurl-python does what the case wants."""
    given, answer = case["input"], case.get("expected_output")
    try:
        if case["test_type"] == "build":
            found: Any = PackageURL(**given).to_string()
        elif case["test_type"] == "validate":
            found = PackageURL.from_string(given).to_string()
        else:
            found = {key: value or None for key, value in PackageURL.from_string(given).to_dict().items()}
            answer = answer and {key: value or None for key, value in answer.items()}
    except ValueError:
        return bool(case["expected_failure"])
    return not case["expected_failure"] and bool(found == answer)


@pytest.mark.parametrize("case", cases("parse", valid=True))
def test_a_package_url_is_read_as_the_specification_says(case: Case) -> None:
    assert read(case["input"]) == wanted(case["expected_output"])


@pytest.mark.parametrize("case", cases("build", valid=True))
def test_what_is_to_be_written_reads_as_the_parts_that_it_was_written_from(case: Case) -> None:
    parts = wanted(case["input"])
    assert read(case["expected_output"]) == (*parts[:4], {key.lower(): value for key, value in parts[4].items() if value}, parts[5])


@pytest.mark.parametrize("case", cases("validate", valid=True))
def test_two_spellings_of_one_package_url_read_as_the_same(case: Case) -> None:
    assert read(case["input"]) == read(case["expected_output"])


@pytest.mark.parametrize("case", cases("parse", valid=False))
def test_what_the_specification_refuses_is_read_only_as_far_as_it_goes(case: Case) -> None:
    parsed = purl.parse(case["input"])
    assert parsed is None or (case["input"].startswith("pkg:") and parsed.type and parsed.name)


@pytest.mark.parametrize("case", list(required()))
def test_the_reference_library_does_what_is_required(case: Case) -> None:
    assert oracle(case)


@pytest.mark.skipif(not SUITE.is_dir(), reason="the purl specification's tests are not beside the repository")
@pytest.mark.parametrize("row", SHORTFALLS, ids=lambda row: row.what)
def test_every_shortfall_in_the_table_is_one_that_a_case_shows(row: Shortfall) -> None:
    assert any(row.holds(case) for _, case in suite() if case["test_group"] == "required")


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("pkg:git/github.com/acme/widget@a72d2c0", ("github.com", ("acme", "widget"))),
        ("pkg:git/github.com/Acme/Widget.git", ("github.com", ("acme", "widget"))),
        ("pkg:golang/github.com/acme/widget/v2@v2.0.1", ("github.com", ("acme", "widget", "v2"))),
    ],
)
def test_the_account_behind_a_host_is_found_wherever_the_type_draws_the_line(text: str, account: tuple[str, tuple[str, ...]]) -> None:
    assert account in list(accounts(signal("purl", text)))
