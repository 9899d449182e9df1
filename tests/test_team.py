"""Folders of a team beside the shipped one: what they add, what they override, and that this is always told."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sbomguard import pack as packs
from sbomguard import policy
from sbomguard.errors import PolicyError
from sbomguard.pack import Pack
from sbomguard.policy import age
from sbomguard.reports import Style, render
from sbomguard.verdict import Verdict
from tests import made

VENDOR = """
vendor: {name}
name: {title}
summary: A made-up maker that stands here as an example.
sources:
  web: {{title: Their site}}
identities: {identities}
examples: {{made-by: [{{name: part, supplier: Acme Ltd}}], clear: [{{name: part, supplier: Other Ltd}}]}}
"""

LIST = """
list: {name}
title: What our products may not hold
authority: Product security
legal_basis: Purchasing rule 7
addressee: Our firmware teams
jurisdiction: DE
status: in-force
snapshot: {{number: Rule 7, date: "{date}"}}
meaning: Components that our purchasing rule does not allow in a product.
entries:
  - entry: rule
    title: Made by them
    vendors: [{vendor}]
    since: "{since}"
    covers: [software]
    otherwise: review
    documents: [{{number: Rule 7, date: "{since}"}}, {{number: Rule 8, date: "2026-10-01"}}]
    meaning: Nothing of theirs is used any more.
    confidence: confirmed
"""

ACME = "[{signal: party, match: token, confidence: confirmed, source: [web], values: [Acmetronic]}]"


def write(home: Path, folder: str = "team", **other: str) -> str:
    """A folder with a vendor and a list that names it; the path."""
    fields = {"name": "acme", "title": "Acme", "identities": ACME, "list": "our-own", "vendor": "acme", "since": "2026-01-01",
              "date": "2026-11-01", **other}  # fmt: skip
    for part, name, text in (("vendors", fields["name"], VENDOR), ("lists", fields["list"], LIST)):
        path = home / folder / part / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(**{**fields, "name": name}), encoding="utf-8")
    return str(home / folder)


ACMETRONIC = {"name": "part", "supplier": "Acmetronic Ltd"}
KASPERSKY = {"name": "scan-sdk", "supplier": "AO Kaspersky Lab"}


def rules(verdict: Verdict) -> set[str]:
    return {finding.rule for finding in verdict.findings}


def told(verdict: Verdict, form: str = "text") -> str:
    return render(form, verdict, Style(version="0", width=1000))


def test_a_team_folder_adds_and_takes_nothing_away(tmp_path: Path) -> None:
    verdict = made.verdict([ACMETRONIC, KASPERSKY], packs.load(write(tmp_path)))
    assert rules(verdict) >= {"our-own/rule", "us-commerce-kaspersky/kaspersky"}
    own = next(finding for finding in verdict.findings if finding.rule == "our-own/rule")
    assert own.origin
    assert own.origin.told == f"from {tmp_path}/team/lists/our-own.yaml"
    assert own.vendor_origin
    assert own.vendor_origin.file == f"{tmp_path}/team/vendors/acme.yaml"
    assert f"rule        from {tmp_path}/team/lists/our-own.yaml; from {tmp_path}/team/vendors/acme.yaml" in told(verdict)
    report = json.loads(told(verdict, "json"))
    shipped = next(item for item in report["findings"] if item["rule"] == "us-commerce-kaspersky/kaspersky")
    assert shipped["rule_origin"] == {
        "file": "lists/us-commerce-kaspersky.yaml", "folder": "", "shipped": True, "overrides": "",
    }  # fmt: skip
    assert [item["path"] for item in report["policy"]["folders"]] == ["", f"{tmp_path}/team"]


def test_a_team_list_is_checked_unless_lists_are_named(tmp_path: Path) -> None:
    pack = packs.load(write(tmp_path))
    assert pack.policy.defaults() == (*policy.DEFAULT_LISTS, "our-own")
    assert rules(made.verdict([ACMETRONIC], pack, lists=policy.DEFAULT_LISTS)) == set()


def test_alone_it_is_all_there_is(tmp_path: Path) -> None:
    verdict = made.verdict([ACMETRONIC, KASPERSKY], packs.load(write(tmp_path), shipped=False))
    assert rules(verdict) == {"our-own/rule"}
    assert [item.id for item in verdict.lists] == ["our-own"]


def test_an_override_counts_and_is_told_even_where_it_finds_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path, list="us-commerce-kaspersky", name="kaspersky", vendor="kaspersky")
    verdict = made.verdict([KASPERSKY], packs.load(folder), lists=("us-commerce-kaspersky",))
    assert verdict.findings == ()
    for form in ("text", "json", "sarif"):
        for part in ("lists/us-commerce-kaspersky.yaml", "vendors/kaspersky.yaml"):
            assert f"{folder}/{part}" in told(verdict, form)
    assert f"{folder}/vendors/kaspersky.yaml overrides the shipped one" in told(verdict)
    found = made.verdict([ACMETRONIC], packs.load(folder), lists=("us-commerce-kaspersky",)).findings[0]
    assert found.origin
    assert found.origin.told == f"from {folder}/lists/us-commerce-kaspersky.yaml, overrides the shipped one"


def test_a_later_folder_overrides_an_earlier_one(tmp_path: Path) -> None:
    first = write(tmp_path, "first")
    second = write(tmp_path, "second", identities=ACME.replace("Acmetronic", "Acmesonic"))
    pack = packs.load(first, second)
    assert rules(made.verdict([ACMETRONIC], pack)) == set()
    assert rules(made.verdict([{"name": "part", "supplier": "Acmesonic Ltd"}], pack)) == {"our-own/rule"}
    assert pack.policy.folders[2].overrides == (
        (f"{second}/lists/our-own.yaml", f"{first}/lists/our-own.yaml"),
        (f"{second}/vendors/acme.yaml", f"{first}/vendors/acme.yaml"),
    )


def test_one_folder_named_twice_is_one(tmp_path: Path) -> None:
    folder = write(tmp_path)
    assert packs.load(folder, f"{folder}/") == packs.load(folder)


def test_a_changed_team_file_counts_at_once_and_the_order_of_folders_too(tmp_path: Path) -> None:
    first, second = write(tmp_path, "first"), write(tmp_path, "second", since="2025-01-01")
    keys = {packs.load(first, second).key, packs.load(second, first).key, packs.load(first).key}
    write(tmp_path, "first", since="2024-01-01")
    assert len({*keys, packs.load(first).key}) == 4


def test_a_fault_of_a_team_file_is_told_with_its_path(tmp_path: Path) -> None:
    folder = write(tmp_path, vendor="nobody")
    with pytest.raises(PolicyError) as caught:
        packs.load(folder)
    assert f"{folder}/lists/our-own.yaml" in str(caught.value)


def test_a_team_list_may_name_a_shipped_vendor(tmp_path: Path) -> None:
    shutil.rmtree(Path(write(tmp_path, vendor="huawei")) / "vendors")
    verdict = made.verdict([{"name": "part", "supplier": "Huawei"}], packs.load(str(tmp_path / "team")))
    assert "our-own/rule" in rules(verdict)
    own = next(item for item in verdict.findings if item.rule == "our-own/rule")
    assert own.vendor_origin
    assert not own.vendor_origin.folder


# ---- laws

SPECIFIC = """[
 {signal: party, match: token, confidence: confirmed, source: [web], values: [Huawei Cloud, Kaspersky Lab, Hik, HiSilicon Shanghai]},
 {signal: purl, confidence: confirmed, source: [web], values: ["pkg:npm/%40huawei/agent", "pkg:maven/com.huawei.hms/push"]},
 {signal: forge, confidence: confirmed, source: [web], values: [github.com/huawei/agent, gitee.com/openharmony/kernel]},
 {signal: domain, confidence: confirmed, source: [web], values: [www.huawei.com]},
 {signal: cpe, confidence: confirmed, source: [web], values: ["huawei:agent"]},
 {signal: file, confidence: confirmed, source: [web], values: [libHCNetSDK, "libhik*"]},
 {signal: word, match: whole, confidence: confirmed, source: [web], values: [kav-sdk]}]"""
"""Values that are more exact than the shipped ones, and would take their place if they stood in one index."""

described = st.fixed_dictionaries(
    {"name": st.sampled_from("agent zlib kav-sdk libHCNetSDK.so hisi-osdrv".split())},
    optional={
        "supplier": st.sampled_from(["Huawei Cloud Ltd", "Kaspersky Lab", "Hik Vision", "HiSilicon (Shanghai)", "Aurora", "H U A W E I"]),
        "purl": st.sampled_from(["pkg:npm/%40huawei/agent@1", "pkg:github/huawei/agent@2", "pkg:maven/com.huawei.hms/push@4"]),
        "cpe": st.sampled_from(["cpe:2.3:a:huawei:agent:1:*:*:*:*:*:*:*"]),
        "url": st.sampled_from(["https://www.huawei.com/x", "https://gitee.com/openharmony/kernel.git"]),
        "file": st.sampled_from(["usr/lib/libHCNetSDK.so", "usr/lib/libhikvision.so"]),
    },
)


def without_origin(verdict: Verdict) -> set[Any]:
    return {(item.rule, item.level, item.relation, item.evidence, item.component.ref) for item in verdict.findings}


@pytest.fixture(scope="module")
def exact(tmp_path_factory: pytest.TempPathFactory, pack: Pack) -> tuple[Pack, Pack]:
    """The shipped pack, and the same with a team's that is more exact."""
    return pack, packs.load(write(tmp_path_factory.mktemp("exact"), identities=SPECIFIC))


@given(parts=st.lists(described, max_size=4), form=st.sampled_from(sorted(made.FORMATS)))
@settings(max_examples=60)
def test_adding_a_folder_never_removes_a_finding_of_the_shipped_lists(
    exact: tuple[Pack, Pack], parts: list[dict[str, str]], form: str
) -> None:
    shipped, more = exact
    assert without_origin(made.verdict(parts, shipped, form)) <= without_origin(made.verdict(parts, more, form))


FILES = ["lists/a", "lists/b", "vendors/a", "vendors/v"]


def layer(number: int, names: set[str]) -> policy.Layer:
    """A folder with those files; each list names the vendor `v`, which the first folder has."""
    texts = {}
    for name in sorted(names):
        fields = {
            "name": name[-1],
            "title": f"{name} {number}",
            "identities": ACME,
            "vendor": "v",
            "since": "2026-01-01",
            "date": "2026-11-01",
        }
        texts[f"{name}.yaml"] = (LIST if name.startswith("lists") else VENDOR).format(**fields).encode()
    return policy.Layer(f"d{number}", texts)


@given(folders=st.lists(st.sets(st.sampled_from(FILES), min_size=1), min_size=1, max_size=3))
@settings(max_examples=25)
def test_an_override_is_always_told(folders: list[set[str]]) -> None:
    folders[0].add("vendors/v")
    layers = tuple(layer(number, names) for number, names in enumerate(folders))
    pack = packs.compile_layers(layers, "key")
    last: dict[str, str] = {}
    for number, (names, folder) in enumerate(zip(folders, pack.policy.folders, strict=True)):
        assert dict(folder.overrides) == {f"d{number}/{name}.yaml": last[name] for name in names if name in last}
        last.update({name: f"d{number}/{name}.yaml" for name in names})
    origins = [item.origin for item in pack.policy.lists.values()] + [item.origin for item in pack.policy.vendors.values()]
    assert set(origins) == set(last.values())


# ---- age, and what is new


@pytest.mark.parametrize(
    ("date", "day", "days"),
    [("2026-11-01", "2026-11-21", 20), ("2024-02-28", "2024-03-01", 2), ("2025-12-31", "2026-01-01", 1), ("2026-11-21", "2020-01-01", 0)],
)
def test_age_is_in_days(date: str, day: str, days: int, pack: Pack) -> None:
    listed = pack.policy.lists["fcc-covered-list"]
    snapshot = policy.Document(number="1", date=date)
    assert age(replace(listed, snapshot=snapshot, checked=""), day) == days
    assert age(replace(listed, snapshot=policy.Document(number="1"), checked=""), day) is None
    assert age(replace(listed, snapshot=snapshot, checked=day), day) == 0


def test_a_list_that_is_too_old_makes_the_answer_incomplete(tmp_path: Path) -> None:
    pack = packs.load(write(tmp_path, date="2026-11-01"), shipped=False)
    part = [{"name": "zlib", "supplier": "Example Works GmbH"}]
    assert made.verdict(part, pack, max_age=20).exit_code == 0
    late = made.verdict(part, pack, max_age=19)
    assert (late.exit_code, late.reasons) == (3, ("our-own is 20 days old, more than the 19 allowed",))
    assert made.verdict([ACMETRONIC], pack, max_age=19).exit_code == 1


def test_old_shipped_lists_are_hinted_at(pack: Pack, tmp_path: Path) -> None:
    newest = max(max(item.snapshot.date, item.checked) for item in pack.policy.lists.values())
    assert made.verdict([KASPERSKY], pack, as_of=newest).hints == ()
    assert "a newer sbomguard" in made.verdict([KASPERSKY], pack, as_of=f"{int(newest[:4]) + 1}{newest[4:]}").hints[0]
    alone = packs.load(write(tmp_path, date="2001-01-01"), shipped=False)
    assert made.verdict([ACMETRONIC], alone).hints == ()


def test_every_report_names_list_snapshot_digest_and_age(tmp_path: Path) -> None:
    pack = packs.load(write(tmp_path), shipped=False)
    digest = pack.policy.lists["our-own"].digest
    verdict = made.verdict([ACMETRONIC], pack)
    assert f"our-own of 2026-11-01 (Rule 7), 20 days old, sha256 {digest[:12]}, from {tmp_path}/team/lists/our-own.yaml\n" in told(verdict)
    assert f"20 days old, sha256 {digest}" in render("text", verdict, Style(version="0", width=1000, verbose=True))
    listed = {"id": "our-own", "snapshot": "2026-11-01", "sha256": digest, "age_days": 20}
    for where in (json.loads(told(verdict, "json")), json.loads(told(verdict, "sarif"))["runs"][0]["properties"]):
        assert listed.items() <= where["policy"]["lists"][0].items()


NEWS = [
    ("2025-12-31", "2026-01-01", "new since your last pass: entry in force from 2026-01-01"),
    ("2026-01-01", "2026-10-01", "new since your last pass: Rule 8 of 2026-10-01"),
    ("2026-10-01", "", ""),
    ("", "", ""),
]


@pytest.mark.parametrize(("last_pass", "since", "words"), NEWS)
def test_a_finding_says_if_its_entry_came_after_the_last_pass(last_pass: str, since: str, words: str, tmp_path: Path) -> None:
    verdict = made.verdict([ACMETRONIC], packs.load(write(tmp_path), shipped=False), last_pass=last_pass)
    (finding,) = json.loads(told(verdict, "json"))["findings"]
    assert finding["new_since_last_pass"] == ({"since": since, "message": words} if words else None)
    assert finding["entry_since"] == "2026-01-01"
    assert bool(words) == ("since your last pass" in told(verdict))
    result = json.loads(told(verdict, "sarif"))["runs"][0]["results"][0]
    assert bool(words) == ("since your last pass" in result["message"]["text"]) == ("new_since_last_pass" in result["properties"])
