"""Waivers: bound to a rule and a component, answered for by a named person, for a time; every fault in the file is an error."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from sbomguard import waiver
from sbomguard.errors import WaiverError
from sbomguard.waiver import Waiver
from tests import made

TODAY = "2026-11-21"
GOOD = {
    "rule": "fcc-covered-list/huawei",
    "name": "hisi-flash-tool",
    "reason": "a host tool, not in the image",
    "owner": "jan@maker.example",
    "expires": "2027-01-31",
}


def write(folder: Path, *items: dict[str, str]) -> str:
    """A waiver file with those items, every value in quotes."""
    lines = ["waivers:"]
    for item in items:
        lines += [f"  {'-' if number == 0 else ' '} {key}: {value!r}" for number, (key, value) in enumerate(item.items())]
    return write_text(folder, "\n".join(lines) + "\n")


def write_text(folder: Path, text: str) -> str:
    path = folder / "waivers.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def fault(path: str) -> WaiverError:
    """The error of that file."""
    with pytest.raises(WaiverError) as caught:
        waiver.load(path, TODAY)
    assert caught.value.source.startswith(path)
    assert "\n" not in str(caught.value)
    return caught.value


def test_a_waiver_is_read_with_its_place(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD, {**GOOD, "name": "other", "version": "1.0"})
    first, second = waiver.load(path, TODAY)
    assert first == Waiver(**GOOD, origin=f"{path}#/waivers/0")
    assert (second.version, second.origin) == ("1.0", f"{path}#/waivers/1")


def test_no_waivers_are_none(tmp_path: Path) -> None:
    assert waiver.load(write_text(tmp_path, "waivers: []\n"), TODAY) == ()


@pytest.mark.parametrize("field", ["rule", "reason", "owner", "expires", "name"])
def test_mandatory_fields(tmp_path: Path, field: str) -> None:
    error = fault(write(tmp_path, GOOD, {key: value for key, value in {**GOOD, "name": "x"}.items() if key != field}))
    assert "line " in error.pointer
    assert field == "name" or f"'{field}'" in error.problem


@pytest.mark.parametrize("field", ["purl", "name"])
def test_either_purl_or_name_binds_it_to_a_component(tmp_path: Path, field: str) -> None:
    item = {key: value for key, value in GOOD.items() if key != "name"} | {field: "pkg:npm/a"}
    (only,) = waiver.load(write(tmp_path, item), TODAY)
    assert getattr(only, field) == "pkg:npm/a"


@pytest.mark.parametrize(
    "change",
    [
        {"name": "*"},
        {"name": "hisi-*"},
        {"name": ""},
        {"name": "", "purl": "pkg:npm/a"},
        {"purl": "pkg:*"},
        {"purl": "pkg:npm/*"},
        {"purl": "pkg:npm/a@*"},
        {"purl": "npm/a"},
        {"purl": ""},
        {"version": "*"},
        {"version": "1.*"},
        {"version": ""},
        {"rule": "*"},
        {"rule": "fcc-covered-list/*"},
        {"rule": "fcc-covered-list"},
        {"rule": "FCC-Covered-List/huawei"},
        {"rule": ""},
    ],
    ids=str,
)
def test_wildcards_and_empty_conditions_are_refused(tmp_path: Path, change: dict[str, str]) -> None:
    assert fault(write(tmp_path, {**GOOD, **change})).pointer.startswith("line ")


@pytest.mark.parametrize(
    "change",
    [
        {"reason": ""},
        {"reason": "because"},
        {"reason": "            "},
        {"owner": ""},
        {"owner": "me"},
        {"owner": "     "},
    ],
    ids=str,
)
def test_nobody_answers_with_nothing(tmp_path: Path, change: dict[str, str]) -> None:
    fault(write(tmp_path, {**GOOD, **change}))


@pytest.mark.parametrize(
    ("day", "valid"),
    [
        ("2020-01-01", True),
        (TODAY, True),
        ("2027-11-22", True),
        ("2027-11-23", False),
        ("2099-01-01", False),
        ("9999-12-31", False),
        ("2026-02-29", False),
        ("2026-13-01", False),
        ("2026-00-10", False),
        ("0000-01-01", False),
        ("2026-1-1", False),
        ("20260101", False),
        ("01.02.2026", False),
        ("2026-01-01T00:00:00", False),
        ("2026-W01-1", False),
        ("２０２６-01-01", False),
        ("never", False),
        ("", False),
    ],
)
def test_a_waiver_ends_on_a_day_of_at_most_a_year_from_now(tmp_path: Path, day: str, valid: bool) -> None:
    path = write(tmp_path, {**GOOD, "expires": day})
    if valid:
        assert waiver.load(path, TODAY)[0].expires == day
    else:
        assert day in str(fault(path))


@pytest.mark.parametrize(
    ("key", "suggestion"),
    [("expire", "expires"), ("reasons", "reason"), ("Owner", "owner"), ("purls", "purl"), ("ref", "Known keys"), ("vendor", "Known keys")],
)
def test_an_unknown_key_is_refused_with_the_key_that_was_meant(tmp_path: Path, key: str, suggestion: str) -> None:
    error = fault(write(tmp_path, GOOD, {**GOOD, "name": "b", key: "x"}))
    assert key in error.problem
    assert suggestion in error.advice
    assert error.pointer.startswith("line 12")


@pytest.mark.parametrize(
    ("change", "valid"),
    [
        ({}, False),
        ({"reason": "quite another reason"}, False),
        ({"expires": "2026-12-31", "owner": "someone else"}, False),
        ({"version": "1.0"}, True),
        ({"name": "another"}, True),
        ({"rule": "fcc-covered-list/zte"}, True),
        ({"purl": "pkg:npm/a"}, True),
    ],
    ids=str,
)
def test_the_same_waiver_twice_is_refused(tmp_path: Path, change: dict[str, str], valid: bool) -> None:
    path = write(tmp_path, GOOD, {**GOOD, **change})
    if valid:
        assert len(waiver.load(path, TODAY)) == 2
    else:
        error = fault(path)
        assert error.source.endswith("#/waivers/1")
        assert "#/waivers/0" in error.advice


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "empty"),
        ("# only a comment\n", "empty"),
        ("[]", ""),
        ("waivers: {}\n", ""),
        ("waivers:\n", ""),
        ("waiver: []\n", "waiver"),
        ("waivers: []\nwaivers: []\n", "twice"),
        ("waivers:\n  - rule: a/b\n    rule: a/c\n", "twice"),
        ("waivers: [&a {rule: a/b}, *a]\n", "anchor"),
        ("waivers: !python/object/apply:os.system [id]\n", "tag"),
        ("waivers: !!python/object/apply:os.system [id]\n", ""),
        ("waivers: [\n", "YAML"),
        ("waivers: []\n---\nwaivers: []\n", "YAML"),
        ("waivers:\n  - just text\n", ""),
        ("waivers: []\nextra: 1\n", "extra"),
        ("waivers: " + "[" * 2000 + "]" * 2000, ""),
    ],
    ids=lambda value: "".join(filter(str.isalnum, value))[:40],  # ids that the command line takes back
)
def test_a_file_that_is_not_what_it_should_be_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    assert problem in fault(write_text(tmp_path, text)).problem


def test_a_file_that_is_no_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "waivers.yaml"
    path.write_bytes("waivers: []  # Müller".encode("latin-1"))
    assert "UTF-8" in fault(str(path)).problem


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    assert "cannot be read" in fault(str(tmp_path / "gone.yaml")).problem


PURL = "pkg:npm/%40huawei/agent@1.2?arch=arm64"
RULE = "fcc-covered-list/huawei"


@pytest.mark.parametrize(
    ("conditions", "covers"),
    [
        ({"name": "agent"}, True),
        ({"name": "Agent"}, False),
        ({"name": "agen"}, False),
        ({"name": "agent", "version": "1.2"}, True),
        ({"name": "agent", "version": "1.20"}, False),
        ({"purl": PURL}, True),
        ({"purl": "pkg:npm/%40huawei/agent"}, True),
        ({"purl": "pkg:npm/%40huawei/agent@1.3"}, False),
        ({"purl": "pkg:npm/%40huawei"}, False),
        ({"purl": "pkg:npm/%40huawei/agent", "version": "1.2"}, True),
        ({"purl": "pkg:npm/%40huawei/agent", "version": "1.3"}, False),
        ({"purl": PURL, "name": "agent"}, True),
        ({"purl": PURL, "name": "other"}, False),
        ({"rule": "fcc-covered-list/zte", "name": "agent"}, False),
        ({"rule": "us-ndaa-2019-889/huawei", "name": "agent"}, False),
    ],
    ids=str,
)
def test_a_waiver_covers_exactly_what_it_names(conditions: dict[str, Any], covers: bool) -> None:
    component = replace(made.component(made.signal("purl", PURL), name="agent"), version="1.2")
    fields = {"rule": RULE, "reason": "r", "owner": "o", "expires": TODAY} | conditions
    assert Waiver(**fields).covers(RULE, component) is covers


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-02-29", "'expires: 2026-02-29' is no day. Write YYYY-MM-DD"),
        ("2027-11-23", "'expires: 2027-11-23' is more than 366 days away. Give an earlier day"),
    ],
)
def test_a_wrong_day_is_told_with_its_place_and_what_to_write(tmp_path: Path, day: str, said: str) -> None:
    path = write(tmp_path, {**GOOD, "expires": day})
    assert str(fault(path)) == f"{path}#/waivers/0: {said}"


def test_a_repeated_waiver_names_the_first(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD, {**GOOD, "reason": "another long reason"})
    assert str(fault(path)) == f"{path}#/waivers/1: repeats an earlier waiver. Remove it or {path}#/waivers/0"
