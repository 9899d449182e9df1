"""Policy files in JSON: the same schema and strictness as in YAML, several vendors in one file, and a line for every fault."""

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from sbomguard import pack as packs
from sbomguard import policy, schema
from sbomguard.errors import PolicyError
from tests import made

VENDOR: dict[str, Any] = {
    "vendor": "acme",
    "name": "Acme Limited",
    "country": "CN",
    "summary": "A maker of things that is in no list.",
    "sources": {"web": {"title": "Their site", "url": "https://acme.example.com/"}},
    "identities": [
        {
            "signal": "party",
            "match": "core",
            "kind": "legal",
            "confidence": "confirmed",
            "source": ["web"],
            "values": ["Acme", "Acmetronic"],
        },
        {
            "signal": "domain",
            "since": "2020-01-01",
            "until": "2024-02-29",
            "confidence": "single",
            "source": ["web"],
            "values": ["a.example"],
        },
    ],
    "false_friends": [{"signal": "party", "values": ["Acme Bakery"], "note": "Bread."}],
    "examples": {"made-by": [{"supplier": "Acme Ltd"}], "clear": [{"supplier": "Ackme"}]},
}
OTHER = {**VENDOR, "vendor": "zeta", "name": "Zeta", "identities": [{**VENDOR["identities"][0], "values": ["Zetatronic"]}]}

LIST: dict[str, Any] = {
    **made.OUR_LIST,
    "entries": [
        {
            "entry": "acme",
            "title": "Acme",
            "vendors": ["acme"],
            "since": "2026-01-01",
            "covers": ["software"],
            "covers_in": {"uas": ["hardware"]},
            "otherwise": "review",
            "documents": [{"number": "No. 1", "classes": ["software"]}],
            "meaning": "Nothing made by Acme comes into the house.",
            "confidence": "confirmed",
        },
        {
            "entry": "elsewhere",
            "title": "Made elsewhere",
            "category": "Things made elsewhere",
            "sectors": ["router"],
            "asks": ["Where was it made?"],
            "exemptions": [{"what": "spare parts", "document": "No. 1"}],
            "approvals": [{"holder": "Us", "products": "All ours", "document": "No. 1", "since": "2026-01-01", "confidence": "single"}],
            "since": "2026-01-01",
            "covers": [],
            "otherwise": "note",
            "documents": [{"number": "No. 1"}],
            "meaning": "Nothing made elsewhere comes into the house.",
            "confidence": "confirmed",
        },
    ],
}
PROFILE: dict[str, Any] = {"profile": "us", "title": "Ourselves", "who": "Whoever works here.", "lists": ["home"]}

GOOD = {"vendor.schema.json": VENDOR, "list.schema.json": LIST, "profile.schema.json": PROFILE}


def write(folder: Path, vendors: Any = (VENDOR, OTHER), lists: Any = LIST, *, indent: int | None = 1) -> Path:
    for part, name, data in (("vendors", "many" if isinstance(vendors, tuple) else "acme", vendors), ("lists", "home", lists)):
        (folder / part).mkdir(parents=True, exist_ok=True)
        (folder / part / f"{name}.json").write_text(data if isinstance(data, str) else json.dumps(data, indent=indent), encoding="utf-8")
    return folder


def refused(folder: Path) -> PolicyError:
    with pytest.raises(PolicyError) as caught:
        packs.compile_files(policy.read_files(str(folder)), "key")
    assert len(str(caught.value).splitlines()) == 1
    return caught.value


def test_vendors_in_one_json_file_and_a_list_in_another_are_used(tmp_path: Path) -> None:
    verdict = made.verdict([{"supplier": "Acme Ltd"}, {"supplier": "Zetatronic"}], packs.load(str(write(tmp_path))), lists=("home",))
    assert [(item.rule, item.level) for item in verdict.findings] == [("home/acme", "prohibited")]


def test_the_same_policy_in_yaml_and_in_json_is_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "yaml"
    for part, data in (("vendors/acme", VENDOR), ("vendors/zeta", OTHER), ("lists/home", LIST), ("profiles/us", PROFILE)):
        (folder / part).parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{part}.yaml").write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    one, two = (policy.parse(policy.read_files(str(path))) for path in (folder, write(tmp_path / "json")))
    assert [vendor.identities for vendor in one.vendors.values()] == [vendor.identities for vendor in two.vendors.values()]
    assert [item.entries for item in one.lists.values()] == [item.entries for item in two.lists.values()]
    assert one.profiles["us"].lists == ("home",)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"name": "Zeta"', '"nam": "Zeta"', "nam"),
        ('"name": "Zeta"', '"vendor": "Zeta"', "'vendor' twice"),
        ('"name": "Zeta"', '"name": 7', "number 7"),
        ('"name": "Zeta"', '"name": null', "string"),
        ('"name": "Zeta"', '"name": "Ze', "not JSON"),
        ('"Zetatronic"', '"Ltd."', "normalises to nothing"),
        ('"vendor": "zeta"', '"vendor": "acme"', "another place"),
        ('"2024-02-29"', '"2023-02-29"', "2023-02-29"),
        ('"2024-02-29"', '"2019-02-28"', "before it begins"),
    ],
)
def test_a_fault_is_told_with_its_line(old: str, new: str, words: str, tmp_path: Path) -> None:
    folder = write(tmp_path)
    text = json.dumps([VENDOR, OTHER], indent=1)
    head, _, tail = text.rpartition(old)
    (folder / "vendors" / "many.json").write_text(head + new + tail, encoding="utf-8")
    error = str(refused(folder))
    assert "vendors/many.json" in error
    assert words in error
    assert f"line {head.count(chr(10)) + 1}" in error


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ("[]", "empty"),
        ("{}", "empty"),
        ("[1]", "number"),
        ("7", "number"),
        ('["acme"]', "object"),
        ("NaN", "NaN"),
        ("[" * 100_000, "deep|not JSON"),
        ('{"a":' * 100_000, "deep|not JSON"),
        ('{"vendor": "\\ud800"}', "surrogate"),
        (json.dumps(VENDOR) + json.dumps(OTHER), "not JSON"),
        ("// a remark\n" + json.dumps(VENDOR), "not JSON"),
    ],
)
def test_what_is_no_policy_is_refused(text: str, words: str, tmp_path: Path) -> None:
    assert re.search(words, str(refused(write(tmp_path, vendors=text))))


def test_bytes_that_are_no_utf8_are_refused(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "vendors" / "many.json").write_bytes(b'[{"vendor": "\xff"}]')
    assert "UTF-8" in str(refused(folder))


def test_lists_do_not_share_a_file(tmp_path: Path) -> None:
    assert "array" in str(refused(write(tmp_path, lists=json.dumps([LIST]))))


def test_a_vendor_in_two_files_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "vendors" / "acme.json").write_text(json.dumps(VENDOR), encoding="utf-8")
    assert "'acme'" in str(refused(folder))


@pytest.mark.parametrize("name", GOOD)
def test_what_the_schema_takes_is_taken(name: str) -> None:
    assert not list(Draft202012Validator(schema.rules(name)).iter_errors(GOOD[name]))
    assert schema.test_of(name)(GOOD[name])


ODD: st.SearchStrategy[Any] = st.sampled_from(
    ("", "x", "acme", "2024-02-30", "2024-2-3", "20240203", "http://x", "in-force", "party", "domain", "token", "US", "us", [], {}, None, 7,
     True, ["acme"], ["acme", "acme"], [""], {"a": "b"}, {"title": "abc"}, [{}], [[]], {"uas": ["software", "software"]}, "\n", "CN\n")
)  # fmt: skip


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value in the data."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(found for key, value in inner for found in places(value, (*path, key)))]


@given(st.data())
def test_the_fast_test_and_jsonschema_agree_on_every_change(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(GOOD)))
    changed: Any = [copy.deepcopy(GOOD[name])]
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from([path for path in places(changed) if path]))
        around = changed
        for step in path[:-1]:
            around = around[step]
        how = data.draw(st.sampled_from(("replace", "drop", "add")))
        if how == "drop" and len(path) > 1:
            around.pop(path[-1])
        elif how == "add" and isinstance(around, dict):
            around[data.draw(st.sampled_from(("x", "match", "vendors", "category", "until", "note", "url")))] = copy.deepcopy(
                data.draw(ODD)
            )
        else:
            around[path[-1]] = copy.deepcopy(data.draw(ODD))
        if not changed:
            changed = [None]
    validator = Draft202012Validator(schema.rules(name), format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert schema.test_of(name)(changed[0]) == validator.is_valid(changed[0]), changed[0]
