"""The shipped policies keep their promises, and a wrong policy file is refused with one line that says where."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from sbomguard import pack as packs
from sbomguard import policy
from sbomguard.errors import PolicyError, UsageError
from sbomguard.pack import Pack
from sbomguard.policy import Entry, Identity, Policy
from sbomguard.schema import SCHEMAS
from sbomguard.upkeep import trials
from sbomguard.upkeep.review import met, plainly
from tests import made
from tests.made import Description

FOLDER = Path(policy.builtin_folder())
VENDORS = sorted(path.stem for path in (FOLDER / "vendors").glob("*.yaml"))
LISTS = sorted(path.stem for path in (FOLDER / "lists").glob("*.yaml"))

KNOWN_VENDORS = frozenset(
    (
        "huawei zte hytera hikvision dahua kaspersky china-mobile china-telecom china-unicom pacific-networks-comnet digitalsystem dji "
        "autel-robotics smic cxmt ymtc acronis bytedance tencent quectel tp-link qihoo-360 hesai"
    ).split()
)
KNOWN_LISTS = frozenset(
    (
        "fcc-covered-list us-commerce-kaspersky us-ndaa-2018-1634 us-bod-17-01 us-eo-13873 us-ndaa-2019-889 us-ndaa-2023-5949 us-fascsa "
        "us-ndaa-2025-1709 us-far-bytedance-2023 us-dod-1260h us-bis-entity-list us-bis-connected-vehicles us-bis-zte-denial-2018 "
        "uk-ncsc-zte-2018 uk-tsa-huawei au-5g-2018 au-pspf-kaspersky-2025 ca-telecom-2022 ca-mobile-kaspersky-2023 de-bsi-kaspersky-2022 "
        "eu-5g-toolbox eu-csa-2026"
    ).split()
)
"""Identifiers that others rely on: a file under another name would break their waivers and scripts."""


# ---- what is shipped


@pytest.mark.parametrize("form", made.FORMATS)
@pytest.mark.parametrize("vendor", VENDORS)
def test_every_example_of_a_vendor_file_comes_out_as_it_says(vendor: str, form: str, shipped: Policy, pack: Pack) -> None:
    failed = trials.run_vendor(shipped.vendors[vendor], shipped, pack.index, made.TODAY, made.FORMATS[form])
    assert [(trial.said, trial.example, trial.found) for trial in failed] == []


NO_CODE = {("digitalsystem", "contributed")}
"""A carrier without a domain that any public code was seen from."""


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_vendor_file_has_examples_of_every_kind(vendor: str, shipped: Policy) -> None:
    missing = {"made-by", "contributed", "about", "clear"} - set(shipped.vendors[vendor].examples)
    assert {(vendor, kind) for kind in missing} <= NO_CODE


def test_hardware_numbers_are_written_as_they_are_looked_up(pack: Pack) -> None:
    values = [value for block in pack.index.blocks if block.signal == "hardware" for value in block.values]
    assert values
    assert not [value for value in values if not re.fullmatch(r"(?:usb|pci):[0-9a-f]{4}|oui:[0-9a-f]{6}", value)]


def test_who_stands_on_the_defence_list_alone_is_a_note(pack: Pack) -> None:
    covered = {vendor for entry in pack.policy.lists["fcc-covered-list"].entries for vendor in entry.vendors}
    levels = {vendor: entry.otherwise for entry in pack.policy.lists["us-dod-1260h"].entries for vendor in entry.vendors}
    assert {vendor for vendor, level in levels.items() if level == "review"} == covered & set(levels)
    (found,) = made.findings({"name": "modem firmware", "supplier": "Quectel Wireless Solutions Co., Ltd."}, pack, lists=("us-dod-1260h",))
    assert (found.level, found.relation) == ("note", "made-by")


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_source_of_a_vendor_file_is_used(vendor: str, shipped: Policy) -> None:
    file = shipped.vendors[vendor]
    assert set(file.sources) == {source for block in file.identities for source in block.source}


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_value_of_a_vendor_file_can_be_met(vendor: str, shipped: Policy, pack: Pack) -> None:
    blocks = [(block, value) for block in shipped.vendors[vendor].identities for value in block.values]
    unmet = [(block, value) for block, value in blocks if (vendor, value) not in met(plainly(block, value), pack.index)]
    assert [(block.signal, block.match, value) for block, value in unmet] == []


def test_no_value_convicts_for_two_vendors(pack: Pack) -> None:
    shared = [
        (table, key)
        for table, keys in pack.index.tables.items()
        for key, refs in keys.items()
        if len({pack.index.blocks[ref.block].vendor for ref in refs if convicts(pack.index.blocks[ref.block])}) > 1
    ]
    assert not shared


def convicts(block: Identity) -> bool:
    return block.relation == "made-by" and block.strength == "decisive"


def test_every_vendor_is_on_a_list_and_every_listed_vendor_has_a_file(pack: Pack) -> None:
    listed = {vendor for item in pack.policy.lists.values() for entry in item.entries for vendor in entry.vendors}
    assert listed == set(pack.policy.vendors)


def test_identifiers_are_those_that_others_rely_on(pack: Pack) -> None:
    assert set(pack.policy.vendors) == set(VENDORS)
    assert set(VENDORS) <= KNOWN_VENDORS
    assert set(LISTS) <= KNOWN_LISTS
    assert set(policy.DEFAULT_LISTS) <= set(LISTS)


def test_the_covered_list_names_every_producer_and_the_categories_that_name_none(pack: Pack) -> None:
    entries = pack.policy.lists["fcc-covered-list"].entries
    producers = (
        "huawei zte hytera hikvision dahua kaspersky china-mobile china-telecom china-unicom pacific-networks-comnet dji autel-robotics"
    )
    assert {vendor for entry in entries for vendor in entry.vendors} >= set(producers.split())
    assert any(entry.category for entry in entries)


@pytest.mark.parametrize("name", LISTS)
def test_the_days_of_a_list_are_days_and_in_order(name: str, pack: Pack) -> None:
    item = pack.policy.lists[name]
    assert item.snapshot.number
    for entry in item.entries:
        assert date.fromisoformat(entry.since) < date.fromisoformat(entry.until or "9999-12-31")
        for document in (item.snapshot, *entry.documents):
            assert not document.date or date.fromisoformat(document.date) <= date.fromisoformat(item.snapshot.date or made.TODAY)


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_days_of_an_identity_are_days_and_in_order(vendor: str, shipped: Policy) -> None:
    for block in shipped.vendors[vendor].identities:
        assert date.fromisoformat(block.since or "0001-01-01") < date.fromisoformat(block.until or "9999-12-31")


@pytest.mark.parametrize("vendor", VENDORS)
def test_no_false_friend_denies_a_value_of_the_same_file(vendor: str, shipped: Policy) -> None:
    file = shipped.vendors[vendor]
    denied = {(friend.signal, value.lower()) for friend in file.false_friends for value in friend.values}
    assert not denied & {(block.signal, value.lower()) for block in file.identities for value in block.values}


# ---- the days on which an entry stands


def entry(**other: Any) -> Entry:
    return Entry(
        **{"entry": "acme", "title": "Acme", "since": "2020-01-01", "covers": (), "otherwise": "review", "documents": (), "meaning": "",
           "confidence": "confirmed", **other}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "day", "stands"),
    [
        ({}, "2019-12-31", False),
        ({}, "2020-01-01", True),
        ({}, "2999-01-01", True),
        ({"until": "2022-01-01"}, "2021-12-31", True),
        ({"until": "2022-01-01"}, "2022-01-01", False),
        ({"until": "2022-01-01", "status": "ended"}, "2021-12-31", True),
        ({"until": "2022-01-01", "status": "ended"}, "2022-01-01", False),
        ({"status": "ended"}, "2026-01-01", False),
        ({"status": "proposed"}, "2021-01-01", True),
    ],
)
def test_an_entry_stands_from_its_first_day_until_the_day_it_ends(fields: dict[str, str], day: str, stands: bool) -> None:
    assert entry(**fields).in_force(day) == stands


@pytest.mark.parametrize(("day", "fails"), [("2021-03-11", False), ("2021-03-12", True), (made.TODAY, True)])
def test_lists_are_used_as_they_stood_on_the_day_asked_for(day: str, fails: bool, pack: Pack) -> None:
    described: list[Description] = [{"name": "part", "supplier": "Huawei Technologies Co., Ltd."}]
    assert (made.verdict(described, pack, as_of=day, lists=("fcc-covered-list",)).outcome == "fail") == fails


def test_only_the_lists_asked_for_count(pack: Pack) -> None:
    described: list[Description] = [{"name": "part", "supplier": "Huawei Technologies Co., Ltd."}]
    assert made.verdict(described, pack, lists=("us-commerce-kaspersky",)).outcome == "pass"


def test_an_unknown_list_is_an_error_that_names_the_nearest(pack: Pack) -> None:
    with pytest.raises(UsageError, match="Did you mean 'fcc-covered-list'"):
        made.verdict([{"name": "part"}], pack, lists=("fcc-coverd-list",))


# ---- policy files that are wrong

VENDOR = """\
vendor: acme
name: Acme Limited
summary: A maker of things that is in no list.
sources:
  web:
    title: Their site
identities:
  - signal: party
    match: core
    confidence: confirmed
    source: [web]
    values: [Acme, Acmetronic]
examples:
  made-by:
    - {name: part, supplier: Acme Ltd}
  clear:
    - {name: part, supplier: Ackme}
"""

LIST = """\
list: home
title: A list of our own
authority: Ourselves
legal_basis: Our own rules
addressee: Our own suppliers
jurisdiction: US
status: in-force
snapshot:
  number: "1"
  date: "2026-01-01"
meaning: Nothing made by Acme comes into the house.
entries:
  - entry: acme
    title: Acme
    vendors: [acme]
    since: "2026-01-01"
    covers: [software]
    otherwise: review
    documents:
      - number: "1"
    meaning: Nothing made by Acme comes into the house.
    confidence: confirmed
""".replace('"1"', '"No. 1"')


def write(folder: Path, vendor: str = VENDOR, entries: str = LIST) -> Path:
    for part, name, text in (("vendors", "acme", vendor), ("lists", "home", entries)):
        (folder / part).mkdir(parents=True, exist_ok=True)
        (folder / part / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def refused(folder: Path) -> PolicyError:
    with pytest.raises(PolicyError) as caught:
        policy.parse(policy.read_files(str(folder)))
    assert len(str(caught.value).splitlines()) == 1
    assert len(str(caught.value)) < 500
    return caught.value


def test_a_policy_of_ones_own_is_used(tmp_path: Path) -> None:
    own = packs.load(str(write(tmp_path)), shipped=False)
    verdict = made.verdict([{"name": "part", "supplier": "Acme Ltd"}], own, lists=("home",))
    assert [(item.rule, item.level) for item in verdict.findings] == [("home/acme", "prohibited")]


Change = Callable[[str], str]


def swap(old: str, new: str) -> Change:
    def change(text: str) -> str:
        assert text.count(old) == 1
        return text.replace(old, new)

    return change


def insert(line: int, new: str) -> Change:
    """A line put before the given one (1-based)."""
    return lambda text: "\n".join((*text.split("\n")[: line - 1], new, *text.split("\n")[line - 1 :]))


# what is wrong, change to the vendor file, line of the fault, words that the error must hold
VENDOR_FAULTS: list[tuple[str, Change, int, str]] = [
    ("unknown key", swap("summary:", "sumary:"), 3, "Did you mean 'summary'"),
    ("unknown key in a block", swap("    match: core", "    mach: core"), 9, "Did you mean 'match'"),
    ("key twice", insert(4, "name: Acme Again"), 4, "'name' twice"),
    ("key twice in a block", insert(10, "    match: token"), 10, "'match' twice"),
    ("anchor", swap("[web]", "&s [web]"), 11, "anchor"),
    ("alias", swap("name: Acme Limited", "name: *x"), 2, "alias|anchor|undefined"),
    ("tag", swap("name: Acme Limited", "name: !!python/name:os.system"), 2, "tag"),
    ("own tag", swap("name: Acme Limited", "name: !include /etc/passwd"), 2, "tag"),
    ("standard tag", swap("name: Acme Limited", "name: !!binary QWNtZQ=="), 2, "tag"),
    ("merge key", swap("    match: core", "    <<: {match: core}"), 9, "<<"),
    ("list for a text", swap("name: Acme Limited", "name: [Acme Limited]"), 2, "string"),
    ("text for a list", swap("values: [Acme, Acmetronic]", "values: Acme"), 12, "array"),
    ("text for a mapping", swap("    title: Their site", "    Their site"), 6, "object"),
    ("nothing for a list", swap("[Acme, Acmetronic]", ""), 12, "array"),
    ("empty list", swap("[Acme, Acmetronic]", "[]"), 12, "non-empty|short|empty"),
    ("word that is none of the allowed", swap("signal: party", "signal: supplier"), 8, "one of"),
    ("value twice", swap("[Acme, Acmetronic]", "[Acme, Acme]"), 12, "unique"),
    ("no day", insert(12, "    until: never"), 12, "never"),
    ("no such day", insert(12, "    until: 2026-02-30"), 12, "2026-02-30"),
    ("no YAML", swap("name: Acme Limited", "name: Acme: Limited"), 2, "YAML"),
    ("tabs", swap("  web:", "\tweb:"), 5, "YAML"),
    ("two documents", lambda text: f"{text}---\n{VENDOR}", 18, "document"),
    ("a source that is not there", swap("[web]", "[webb]"), 11, "webb"),
    ("another name than the file", swap("vendor: acme", "vendor: acne"), 1, "acne"),
    ("value of nothing", swap("[Acme, Acmetronic]", "[Acme, Ltd.]"), 12, "normalises to nothing"),
]

LIST_FAULTS: list[tuple[str, Change, int, str]] = [
    ("unknown key", swap("    covers:", "    cover:"), 17, "Did you mean 'covers'"),
    ("key twice", insert(17, '    since: "2020-01-01"'), 17, "'since' twice"),
    ("unknown class", swap("covers: [software]", "covers: [softwares]"), 17, "softwares"),
    ("unknown level", swap("otherwise: review", "otherwise: off"), 18, "off"),
    ("no day", swap('    since: "2026-01-01"', "    since: 2026"), 16, "2026"),
    ("no such day", swap('    since: "2026-01-01"', '    since: "2026-13-01"'), 16, "2026-13-01"),
    ("end before the beginning", insert(17, '    until: "2025-01-01"'), 17, "2025-01-01"),
    ("entry without vendor or category", swap("    vendors: [acme]\n", ""), 13, "vendors|category|valid"),
    ("vendor without file", swap("vendors: [acme]", "vendors: [acme, zeta]"), 15, "'zeta', who has no file"),
    ("another name than the file", swap("list: home", "list: hone"), 1, "hone"),
    ("no entries", lambda text: f"{text.partition('entries:')[0]}entries: []\n", 12, "non-empty|short|empty"),
    ("cut short", lambda text: text.partition("legal_basis")[0], 1, "required"),
]


@pytest.mark.parametrize(("change", "line", "words"), [pytest.param(*row, id=why) for why, *row in VENDOR_FAULTS])
def test_a_wrong_vendor_file_is_refused_with_file_line_and_fault(change: Change, line: int, words: str, tmp_path: Path) -> None:
    write(tmp_path, vendor=change(VENDOR))
    with pytest.raises(PolicyError) as caught:
        packs.compile_files(policy.read_files(str(tmp_path)), "key")
    check_sentence(str(caught.value), "vendors/acme.yaml", line, words)


@pytest.mark.parametrize(("change", "line", "words"), [pytest.param(*row, id=why) for why, *row in LIST_FAULTS])
def test_a_wrong_list_file_is_refused_with_file_line_and_fault(change: Change, line: int, words: str, tmp_path: Path) -> None:
    check_sentence(str(refused(write(tmp_path, entries=change(LIST)))), "lists/home.yaml", line, words)


def check_sentence(text: str, file: str, line: int, words: str) -> None:
    assert len(text.splitlines()) == 1
    assert file in text
    assert re.search(words, text)
    assert re.search(rf"\bline {line}\b", text)


def test_two_entries_of_one_name_are_refused(tmp_path: Path) -> None:
    again = LIST[LIST.index("  - entry: acme") :]
    assert "'acme' twice" in str(refused(write(tmp_path, entries=LIST + again)))


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert "vendors/acme.yaml" in str(refused(write(tmp_path, vendor="")))


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "vendors" / "acme.yaml").write_bytes(b"vendor: \xff\xfe")
    assert "UTF-8" in str(refused(tmp_path))


@pytest.mark.parametrize("text", ["[" * 100_000, "a: " * 50_000, "- " * 5_000 + "x"], ids=["brackets", "colons", "dashes"])
def test_a_file_nested_without_end_is_refused(text: str, tmp_path: Path) -> None:
    assert "vendors/acme.yaml" in str(refused(write(tmp_path, vendor=text)))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "vendors" / "zeta.yaml").symlink_to(tmp_path / "nowhere.yaml")
    assert "zeta.yaml" in str(refused(tmp_path))


@pytest.mark.parametrize("name", ["", "vendors", "nowhere"])
def test_a_folder_without_policy_files_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "vendors").mkdir()
    error = refused(tmp_path / name)
    assert str(tmp_path / name) in str(error)


def test_a_vendor_file_of_another_ending_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    name = "zeta.yml"
    write(tmp_path)
    (tmp_path / "vendors" / name).write_text(VENDOR.replace("acme", "zeta"), encoding="utf-8")
    assert str(refused(tmp_path)) == f"{tmp_path}/vendors/{name}: is not read. Policy files end in .yaml or .json"


def test_scalars_are_the_text_that_they_are(tmp_path: Path) -> None:
    """YAML 1.1 would read a country code NO, a number or a day as something else than its letters."""
    text = VENDOR.replace("[Acme, Acmetronic]", "[NO, 360, 1.10, 12:30:45, 2026-01-01, ~Acme]").replace("summary:", "country: NO\nsummary:")
    (vendor,) = policy.parse(policy.read_files(str(write(tmp_path, vendor=text)))).vendors.values()
    assert vendor.country == "NO"
    assert vendor.identities[0].values == ("NO", "360", "1.10", "12:30:45", "2026-01-01", "~Acme")


@pytest.mark.parametrize(("folder", "schema"), [("vendors", "vendor.schema.json"), ("lists", "list.schema.json")])
def test_the_shipped_files_are_valid_json_schema_instances_under_another_yaml_reader(folder: str, schema: str) -> None:
    """What a person's editor, which reads YAML as usual and the schema file, would say."""
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(yaml.safe_load((SCHEMAS / schema).read_bytes()))
    for path in sorted((FOLDER / folder).glob("*.yaml")):
        assert not list(validator.iter_errors(yaml.safe_load(path.read_bytes()))), path.name
