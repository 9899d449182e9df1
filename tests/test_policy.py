"""Lists on a day: which entries stand, and how a report names the list."""

import pytest
from msgspec.structs import replace

from sbomguard import pack, policy
from sbomguard.errors import PolicyError, UsageError
from sbomguard.policy import Entry, List

DAY = "2026-11-21"


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


def with_profile(lists: str, name: str = "mine") -> dict[str, bytes]:
    """The shipped policy files and one more profile."""
    text = f"profile: {name}\ntitle: A profile\nwho: Whoever tries profiles.\nlists:\n{lists}"
    return {**policy.read_files(policy.builtin_folder()), "profiles/mine.yaml": text.encode()}


def test_a_profile_is_a_bundle_of_lists() -> None:
    rules = policy.parse(with_profile("  - us-commerce-kaspersky\n  - fcc-covered-list\n"))
    assert rules.profile("mine").lists == ("us-commerce-kaspersky", "fcc-covered-list")
    assert rules.profile("mine").origin == "profiles/mine.yaml"
    with pytest.raises(UsageError, match=r"^there is no profile 'mein'\. Did you mean 'mine'\?$"):
        rules.profile("mein")
    with pytest.raises(UsageError, match=r"^there is no profile 'zzzzz'\. Known: .*fcc-applicant, .*mine"):
        rules.profile("zzzzz")


def test_a_profile_of_a_list_that_is_not_there_is_refused_with_its_line() -> None:
    with pytest.raises(PolicyError) as caught:
        policy.parse(with_profile("  - fcc-covered-list\n  - fcc-covered\n"))
    assert (
        str(caught.value)
        == "profiles/mine.yaml at line 6: names the list 'fcc-covered', which has no file. Did you mean 'fcc-covered-list'?"
    )


def test_a_profile_has_the_name_of_its_file() -> None:
    with pytest.raises(PolicyError, match=r"^profiles/mine\.yaml at line 1: says it is 'yours'"):
        policy.parse(with_profile("  - fcc-covered-list\n", "yours"))
