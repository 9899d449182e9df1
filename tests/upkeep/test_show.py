"""`policy list` and `policy show`: everything that a file says is told, and the pages of documentation are those of the shipped files."""

from pathlib import Path

import pytest

from sbomguard import policy
from sbomguard.errors import UsageError
from sbomguard.policy import Policy
from sbomguard.reports import Style
from sbomguard.upkeep import pages, show
from tests import made
from tests.upkeep.small import after, write

STYLE = Style(version="1", width=100)
DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def small(tmp_path: Path) -> Policy:
    return policy.parse(policy.read_files(str(write(tmp_path))))


def shown(found: Policy, wanted: str, day: str = made.TODAY) -> str:
    return " ".join(show.shown(show.find(found, wanted), found, day, STYLE).split())


@pytest.mark.parametrize("page", ["lists", "vendors"])
def test_the_page_is_that_of_the_shipped_files(page: str, shipped: Policy) -> None:
    """Make it anew with: python -m sbomguard policy show --markdown lists > docs/lists.md (and the same for vendors)."""
    made_anew = pages.lists(shipped) if page == "lists" else pages.vendors(shipped)
    assert (DOCS / f"{page}.md").read_text(encoding="utf-8") == made_anew


def test_every_entry_and_identity_of_the_shipped_files_is_shown_with_its_confidence(shipped: Policy) -> None:
    for name, item in shipped.lists.items():
        text = shown(shipped, name)
        assert text.count("confidence ") >= len(item.entries)
        assert all(f"{name}/{entry.entry}" in text for entry in item.entries)
        assert text.count(show.SURENESS["unverified"]) == sum(entry.confidence == "unverified" for entry in item.entries)
    for name, vendor in shipped.vendors.items():
        text = shown(shipped, name)
        assert text.count(show.SURENESS["unverified"]) == sum(block.confidence == "unverified" for block in vendor.identities)
        assert all(source in text for source in vendor.sources)


@pytest.mark.parametrize(
    ("day", "standing"),
    [("2026-01-31", "not yet in force"), ("2026-02-01", "in force"), ("2026-02-28", "in force"), ("2026-03-01", "ended")],
)
def test_the_day_decides_how_an_entry_stands(day: str, standing: str, small: Policy) -> None:
    assert f"stands {standing} on {day}" in shown(small, "home/zeta", day)


def test_an_entry_is_shown_with_all_that_its_file_says(small: Policy) -> None:
    text = shown(small, "home/elsewhere")
    for words in ("Routers made elsewhere", "router", "Where was it made?", "Spare parts, until 2026-12-31 (No. 2)", "Omega: All routers"):
        assert words in text


def test_a_vendor_is_shown_with_sources_false_friends_and_the_entries_that_name_it(small: Policy) -> None:
    text = shown(small, "acme")
    for words in ("home/acme", "Acmetron Rentals", "They rent out cars.", "https://acme.example.com/", "1 made-by, 1 clear"):
        assert words in text


def test_a_profile_is_shown_with_its_lists(small: Policy) -> None:
    assert "home: A list of our own" in shown(small, "us")


@pytest.mark.parametrize(("wanted", "near"), [("hone", "home"), ("acmee", "acme"), ("home/acne", "acme"), ("qqqqq", "policy list")])
def test_an_unknown_id_is_an_error_with_the_nearest(wanted: str, near: str, small: Policy) -> None:
    with pytest.raises(UsageError) as caught:
        show.find(small, wanted)
    assert near in caught.value.advice


def test_the_overview_counts_what_stands_on_the_day(small: Policy) -> None:
    (item,) = show.overview_data(small, "2026-03-01")["lists"]
    assert (item["entries"], item["in_force"], item["profiles"]) == (3, 2, ["us"])
    assert "2 in force, 1 ended" in show.overview(small, "2026-03-01", STYLE)


def test_hostile_words_steer_no_page_and_no_terminal(tmp_path: Path) -> None:
    folder = write(tmp_path, home=after("    title: Acme", '    limits: "a | b\\n<script>[x](y)\\e[31m"'))
    found = policy.parse(policy.read_files(str(folder)))
    assert "<script>" not in pages.lists(found)
    assert "a | b" not in pages.lists(found)
    assert "\x1b" not in show.shown(show.find(found, "home"), found, made.TODAY, STYLE)
