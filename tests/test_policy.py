"""Lists on a day: which entries stand, and how a report names the list."""

import json
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sbomguard import pack, packfile, policy
from sbomguard.errors import PolicyError, UsageError
from sbomguard.policy import Entry, List, Named, Origin, Policy
from tests.test_convict import LIST, VENDOR

DAY = "2026-11-21"
PROFILE = {"profile": "mine", "title": "A profile", "who": "Whoever tries profiles.", "lists": ["home"]}


@pytest.fixture(scope="module")
def covered() -> List:
    return pack.load().policy.lists["fcc-covered-list"]


def statuses(item: List, day: str = DAY) -> set[str]:
    return {entry.status for entries in policy.in_force((item,), day).values() for _, entry in entries}


def with_entries(item: List, **fields: str) -> List:
    return replace(item, entries=tuple(replace(entry, **fields) for entry in item.entries))


def test_a_list_proposes_or_ends_all_its_entries(covered: List) -> None:
    assert statuses(covered) == {"in-force"}
    assert statuses(replace(covered, status="proposed")) == {"proposed"}
    assert statuses(replace(covered, status="ended")) == set()
    assert statuses(replace(with_entries(covered, until="2027-01-01"), status="ended")) == {"in-force"}
    assert statuses(replace(with_entries(covered, until="2026-01-01"), status="ended")) == set()
    assert statuses(with_entries(covered, status="proposed")) == {"proposed"}


def test_what_is_proposed_counts_for_no_entry_of_a_list(covered: List) -> None:
    told = policy.describe(covered, DAY)
    standing: list[Entry] = [entry for entry in covered.entries if entry.since <= DAY]
    assert told.entries == len(standing) > 5
    assert set(told.undecided) == {entry.title for entry in standing if entry.sectors} != set()
    proposed = policy.describe(replace(covered, status="proposed"), DAY)
    assert (proposed.entries, proposed.undecided) == (0, ())
    assert policy.describe(covered, "2000-01-01").entries == 0


def test_a_report_names_a_list_by_what_its_file_says(covered: List) -> None:
    told = policy.describe(covered, DAY)
    snapshot = covered.snapshot
    assert (told.id, told.title, told.authority, told.digest) == ("fcc-covered-list", covered.title, covered.authority, covered.digest)
    assert (told.snapshot, told.document, told.url) == (snapshot.date, snapshot.number, snapshot.url)
    assert all((told.title, told.authority, told.digest, told.snapshot, told.document, told.url))


def test_an_unknown_list_is_told_with_the_nearest_or_with_all() -> None:
    rules = pack.load().policy
    with pytest.raises(UsageError, match=r"^there is no list 'fcc-covered'\. Did you mean 'fcc-covered-list'\?$"):
        rules.select(("fcc-covered",))
    with pytest.raises(UsageError) as caught:
        rules.select(("zzz",))
    assert str(caught.value) == f"there is no list 'zzz'. Known: {', '.join(rules.lists)}"


# ---- profiles


def test_a_profile_is_a_bundle_of_lists() -> None:
    mine = PROFILE | {"lists": ["us-commerce-kaspersky", "fcc-covered-list"]}
    rules = policy.parse({"profiles/mine.json": json.dumps(mine).encode()}, pack.load().policy)
    assert rules.profile("mine").lists == ("us-commerce-kaspersky", "fcc-covered-list")
    assert rules.profile("mine").origin == "profiles/mine.json"
    with pytest.raises(UsageError, match=r"^there is no profile 'mein'\. Did you mean 'mine'\?$"):
        rules.profile("mein")
    with pytest.raises(UsageError, match=r"^there is no profile 'zzzzz'\. Known: .*fcc-applicant, .*mine"):
        rules.profile("zzzzz")


# ---- faults beyond the schema, in full: where they stand, what is wrong, what to do


def faults(files: dict[str, Any], folder: str = "", base: Policy | None = None) -> list[str]:
    """Everything that is wrong with those items of those files, whose schemas take them, with the text of the line for its number."""

    def quoted(fault: PolicyError) -> str:
        lines = raw[fault.source].decode().splitlines()
        place = lines[int(fault.pointer.removeprefix("line ")) - 1].strip(" ,")
        return str(fault).replace(fault.pointer, place)

    raw = {policy.named(folder, name): json.dumps(item, indent=1).encode() for name, item in files.items()}
    read = [(name, packfile.parse(data, name, policy.SCHEMAS[name.split("/")[-2]])) for name, data in raw.items()]
    return [quoted(fault) for fault in policy.assemble(raw, read, base, folder)[1]]


def entry_with(**fields: Any) -> dict[str, Any]:
    return {"lists/home.json": LIST | {"entries": [LIST["entries"][0] | fields]}, "vendors/acme.json": VENDOR}


def naming(**rule: str) -> dict[str, Any]:
    entry = {key: value for key, value in LIST["entries"][0].items() if key != "vendors"} | {"components": [rule]}
    return {"lists/home.json": LIST | {"entries": [entry]}, "vendors/acme.json": VENDOR}


def vendor_with(**block: Any) -> dict[str, Any]:
    return {"vendors/acme.json": VENDOR | {"identities": [VENDOR["identities"][0], VENDOR["identities"][1] | block]}}


FAULTS: list[tuple[dict[str, Any], list[str]]] = [
    (entry_with(), []),
    (entry_with(until="2026-02-04"), []),
    (entry_with(until="2026-02-03"), ['lists/home.json at "until": "2026-02-03": entry \'acme\' ends on 2026-02-03, before it begins']),
    (
        entry_with(vendors=["acme", "acne"]),
        ["lists/home.json at \"acne\": entry 'acme' names the vendor 'acne', who has no file. Did you mean 'acme'?"],
    ),
    (
        {"lists/home.json": LIST | {"entries": [LIST["entries"][0]] * 2}, "vendors/acme.json": VENDOR},
        ['lists/home.json at "entry": "acme": has the entry \'acme\' twice'],
    ),
    (
        {"lists/house.json": LIST, "vendors/acme.json": VENDOR},
        ['lists/house.json at "list": "home": says it is \'home\'. Name the file home.json or the id house'],
    ),
    ({"vendors/zeta.json": VENDOR}, ['vendors/zeta.json at "vendor": "acme": says it is \'acme\'. Name the file acme.json or the id zeta']),
    ({"vendors/acme.json": [VENDOR, VENDOR | {"vendor": "zeta"}]}, []),
    (vendor_with(since="2020-01-01", until="2020-01-02"), []),
    (vendor_with(since="2020-01-01", until="2020-01-01"), ['vendors/acme.json at "until": "2020-01-01": ends before it begins']),
    (
        vendor_with(source=["web", "wep"]),
        ["vendors/acme.json at \"wep\": source 'wep' is not among its sources. Did you mean 'web'?"],
    ),
    (
        {"vendors/acme.json": [VENDOR, vendor_with(source=["wiki"])["vendors/acme.json"] | {"vendor": "zeta"}]},
        ["vendors/acme.json at \"wiki\": source 'wiki' is not among its sources"],
    ),
    (
        {"vendors/acme.json": VENDOR, "vendors/more.json": [VENDOR]},
        ['vendors/more.json at "vendor": "acme": has the vendor \'acme\', which stands in another place too'],
    ),
    (naming(purl="pkg:npm/leftpad", versions="vers:npm/<2"), []),
    (
        naming(purl="pkg:npm/"),
        [
            "lists/home.json at \"purl\": \"pkg:npm/\": entry 'acme': 'pkg:npm/' is no package URL: "
            "purl is missing the required name component: 'pkg:npm/'"
        ],
    ),
    (
        naming(name="leftpad", versions="vers:npm/*"),
        [
            'lists/home.json at "versions": "vers:npm/*": '
            "entry 'acme': 'vers:npm/*' holds all versions or none; leave it out to name all"
        ],
    ),
    *(
        (
            naming(purl=purl),
            [
                f"lists/home.json at \"purl\": \"{purl}\": entry 'acme': '{purl}' has more than type, namespace and name; "
                "versions go under 'versions'"
            ],
        )
        for purl in ("pkg:npm/leftpad@1", "pkg:npm/leftpad?arch=x", "pkg:npm/leftpad#src")
    ),
    (naming(name="--"), ["lists/home.json at \"name\": \"--\": entry 'acme': the name '--' has no letter or digit"]),
    (
        {"profiles/mine.json": PROFILE | {"lists": ["home", "house"]}, "lists/home.json": LIST, "vendors/acme.json": VENDOR},
        ["profiles/mine.json at \"house\": names the list 'house', which has no file. Did you mean 'home'?"],
    ),
    (
        {"profiles/yours.json": PROFILE, "lists/home.json": LIST, "vendors/acme.json": VENDOR},
        ['profiles/yours.json at "profile": "mine": says it is \'mine\'. Name the file mine.json or the id yours'],
    ),
]


@pytest.mark.parametrize(("files", "told"), FAULTS)
def test_each_fault_is_told_with_its_place_and_what_to_do(files: dict[str, Any], told: list[str]) -> None:
    assert faults(files) == told
    assert faults(files, "team") == [text.replace(text.split()[0], f"team/{text.split()[0]}") for text in told]


def test_what_a_folder_is_laid_upon_is_not_checked_again() -> None:
    base = policy.parse({"vendors/acme.json": json.dumps(VENDOR).encode()})
    broken = replace(base, vendors={"acme": replace(base.vendors["acme"], sources={})})
    assert faults({"lists/home.json": LIST}, "team", broken) == []


# ---- where a rule comes from


def test_an_origin_is_told_of_what_is_not_shipped() -> None:
    assert Origin(file="lists/home.yaml").told == ""
    assert Origin(file="team/lists/home.yaml", folder="team").told == "from team/lists/home.yaml"
    over = {"file": "team/lists/home.yaml", "folder": "team"}
    assert Origin(**over, overrides="lists/home.yaml").told == "from team/lists/home.yaml, overrides the shipped one"
    assert Origin(**over, overrides="own/lists/home.yaml").told == "from team/lists/home.yaml, overrides own/lists/home.yaml"


def test_an_entry_concerns_its_vendors_and_its_own_rule() -> None:
    rules = policy.parse({name: json.dumps(item).encode() for name, item in naming(name="leftpad").items()})
    home = rules.lists["home"]
    (entry,) = home.entries
    assert [policy.concerns(home, entry, name) for name in ("acme", "home/acme", "home", "other")] == [False, True, False, False]
    assert not policy.concerns(home, replace(entry, components=()), "home/acme")
    assert policy.concerns(home, replace(entry, vendors=("acme",)), "acme")


def test_a_rule_that_names_components_is_quoted_whole() -> None:
    assert Named(purl="pkg:npm/a", name="a", versions="vers:npm/<2").told == "pkg:npm/a a vers:npm/<2"
    assert Named(name="a").told == "a"


# ---- days


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_the_age_of_a_list_is_the_days_between(snapshot: date, day: date) -> None:
    item = msgspec.convert(LIST | {"snapshot": {"number": "1", "date": str(snapshot)}}, List)
    assert policy.age(item, str(day)) == max(0, (day - snapshot).days)


@pytest.mark.parametrize("day", ["2024-02-29", "2000-02-29", "2023-12-31", "1999-12-31", "2100-02-28"])
def test_the_day_after_is_one_day_later(day: str) -> None:
    item = msgspec.convert(LIST | {"snapshot": {"number": "1", "date": day}}, List)
    assert policy.age(item, str(date.fromisoformat(day) + timedelta(days=1))) == 1


def test_old_shipped_lists_are_hinted_at_by_the_youngest() -> None:
    def rules(*days: str, folder: str = "") -> Policy:
        items = [msgspec.convert(LIST | {"list": day, "snapshot": {"number": "1", "date": day}, "folder": folder}, List) for day in days]
        return Policy(vendors={}, lists={item.list: item for item in items})

    hint = "the newest of the shipped lists is 91 days old: a newer sbomguard may know of entries that this one does not"
    assert policy.hints(rules("2026-01-01", "2025-01-01"), "2026-04-01") == ()
    assert policy.hints(rules("2026-01-01", "2025-01-01"), "2026-04-02") == (hint,)
    assert policy.hints(rules("2026-01-01", "2025-01-01", folder="team"), "2026-04-02") == ()
    assert policy.hints(rules(""), "2026-04-02") == ()


def test_categories_stand_as_entries_do() -> None:
    (home,) = policy.parse({"lists/home.json": json.dumps(LIST).encode(), "vendors/acme.json": json.dumps(VENDOR).encode()}).lists.values()
    aircraft = home.entries[1]
    assert policy.categories((home,), "2026-03-03") == ()
    assert policy.categories((home,), "2026-03-04") == ((home, aircraft),)
    for item, statuses in ((replace(home, status="proposed"), ["proposed"]), (replace(home, status="ended"), [])):
        assert [entry.status for _, entry in policy.categories((item,), "2026-03-04")] == statuses
    until = replace(home, status="ended", entries=(replace(aircraft, until="2027-01-01"),))
    assert [entry.status for _, entry in policy.categories((until,), "2026-03-04")] == ["in-force"]


def test_a_document_is_cited_from_its_day_and_the_first_always() -> None:
    documents = [{"number": "1", "date": "2030-01-01"}, {"number": "2", "date": "2026-05-01"}, {"number": "3", "date": "2026-05-02"}]
    entry = msgspec.convert(LIST["entries"][0] | {"documents": documents}, Entry)
    assert [item.number for item in entry.documents_on("2026-05-01")] == ["1", "2"]
    home = msgspec.convert(LIST | {"entries": [LIST["entries"][0] | {"documents": documents}]}, List)
    ((_, standing),) = policy.in_force((home,), "2026-05-01")["acme"]
    assert [item.number for item in standing.documents] == ["1", "2"]


def test_the_parts_of_a_folder_are_told_apart() -> None:
    files = {"lists/home.json": json.dumps(LIST).encode(), "vendors/acme.json": json.dumps(VENDOR).encode(),
             "profiles/mine.json": json.dumps(PROFILE).encode()}  # fmt: skip
    base = policy.parse(files)
    other = {"vendors/zeta.json": json.dumps(VENDOR | {"vendor": "zeta"}).encode()}
    both = policy.parse(other | {"profiles/mine.json": files["profiles/mine.json"]}, base, "team")
    theirs, shipped = policy.part_of(both, "team"), policy.part_of(both, "")
    assert (set(theirs.vendors), set(theirs.lists), set(theirs.profiles)) == ({"zeta"}, set(), {"mine"})
    assert (set(shipped.vendors), set(shipped.lists), set(shipped.profiles)) == ({"acme"}, {"home"}, set())
    assert policy.overrides_in(both, "team") == (("team/profiles/mine.json", "profiles/mine.json"),)
    assert both.vendors["zeta"].origin == "team/vendors/zeta.json"
    assert both.brought() == ()
