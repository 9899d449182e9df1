"""The text report: grouping, what is summarised, colour, width."""

import re
from textwrap import TextWrapper

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sbomguard.finding import Finding
from sbomguard.reports import Style, layout, render
from sbomguard.verdict import Verdict

from . import verdicts

VERBOSE = Style(version="0.1.0", verbose=True)


def text(verdict: Verdict, style: Style = verdicts.STYLE) -> str:
    return render("text", verdict, style)


def blocks(report: str) -> list[str]:
    """The sections that show one component."""
    return [section for section in report.split("\n\n") if "\n  --> " in section]


def test_one_block_for_a_component_under_three_entries() -> None:
    first, second = blocks(text(verdicts.failing()))
    assert first.startswith("prohibited: kav-sdk 8.3.1 (library)\n  --> build/bom.cdx.json:310:5  /components/12\n")
    assert re.findall(r"^  prohibited  (\S+):", first, re.MULTILINE) == [
        "fcc-covered-list/kaspersky",
        "fcc-covered-list/kaspersky-us",
        "us-commerce-kaspersky/kaspersky",
    ]
    assert first.count("supplier.name is") == first.count("  do  ") == first.count("made by Kaspersky") == 1
    assert second.startswith("review: liteos-kernel")


def test_entries_that_share_a_reason_share_its_line() -> None:
    block = blocks(text(verdicts.failing()))[0]
    assert block.count("The entry covers software as such.") == 1
    assert block.index("(DA 24-712)") < block.index("The entry covers software as such.") < block.index("(89 FR 52434)")


def test_same_ref_in_two_documents_is_two_blocks() -> None:
    verdict = verdicts.failing()
    first = verdict.findings[0]
    other = replace(first, location=replace(first.location, path="other.json"))
    assert len(blocks(text(replace(verdict, findings=(first, other))))) == 2


def test_two_vendors_of_one_component_each_have_their_evidence() -> None:
    verdict = verdicts.failing()
    kaspersky, huawei = verdict.findings[0], verdict.findings[3]
    both = replace(huawei, component=kaspersky.component, location=kaspersky.location)
    (block,) = blocks(text(replace(verdict, findings=(kaspersky, both))))
    assert block.index("made by Huawei") < block.index("publisher is") < block.index("made by Kaspersky") < block.index("supplier.name is")


def test_waived_entry_beside_a_live_one_is_in_the_block() -> None:
    verdict = verdicts.failing()
    live, waived = verdict.findings[0], replace(verdict.findings[1], waiver=verdict.findings[4].waiver)
    (block,) = blocks(text(replace(verdict, findings=(live, waived))))
    assert "  waived      fcc-covered-list/kaspersky-us: Kaspersky Lab, Inc. (DA 24-712); prohibited, waived by" in block


def test_wholly_waived_component_has_no_block_but_is_counted() -> None:
    report = text(verdicts.failing())
    assert not any("hisi-flash-tool" in block for block in blocks(report))
    assert "1 waived" in report.splitlines()[-1]
    assert re.search(r"used +fcc-covered-list/huawei for hisi-flash-tool; lifts 1 finding, jan@maker.example", report)


def test_notes_are_a_line_each_and_cut() -> None:
    report = text(verdicts.failing())
    assert report.count("kmod-hns") == 10
    assert "  ... and 3 more (--verbose lists all)" in report
    assert text(verdicts.failing(), VERBOSE).count("kmod-hns") == 13


def test_one_note_is_told_as_one() -> None:
    verdict = verdicts.failing()
    notes = [finding for finding in verdict.findings if finding.level == "note"]
    assert "note: 13 components to know of, which do not fail this check" in text(verdict)
    assert "note: 1 component to know of, which does not fail this check" in text(replace(verdict, findings=tuple(notes[:1])))


def test_notes_that_fail_the_check_have_blocks() -> None:
    verdict = replace(verdicts.failing(), fail_on="note")
    assert len(blocks(text(verdict))) == 15


def test_unidentified_are_a_sentence_with_advice_and_some_names() -> None:
    report = text(verdicts.incomplete())
    words = " ".join(report.split())
    assert "57 of 57 components in images/rootfs.cdx.json do not say who made them: a pass would mean little. Buildroot 2026.05" in words
    assert report.count("package-") == 8
    assert "... and 49 more" in words
    assert text(verdicts.incomplete(), VERBOSE).count("package-") == 57


def test_gaps_are_told_once() -> None:
    assert text(verdicts.incomplete()).count("its parts are incomplete") == 1
    untold = replace(verdicts.incomplete(), reasons=("nothing",))
    assert "images/rootfs.cdx.json /compositions/0: the document says" in text(untold)


def test_long_dependency_path_shows_both_ends() -> None:
    first: Finding = replace(verdicts.failing().findings[0], dependency_path=tuple(f"n{number}" for number in range(20)))
    verdict = replace(verdicts.failing(), findings=(first,))
    assert "  path        n0 > n1 > n2 > (14 more) > n17 > n18 > n19\n" in text(verdict)
    assert "n9" in text(verdict, VERBOSE)
    alone = replace(verdict, findings=(replace(first, dependency_path=("n0",)),))
    assert "  path  " not in text(alone)


def test_first_and_last_line_stand_for_the_whole() -> None:
    for verdict in (verdicts.passing(), verdicts.failing(), verdicts.incomplete()):
        lines = text(verdict).splitlines()
        assert lines[0].startswith(verdict.outcome.upper() + ": ")
        assert lines[-1].startswith(verdict.outcome.upper() + ": ")


def test_says_what_it_was_held_against() -> None:
    report = text(verdicts.passing())
    assert "  lists       fcc-covered-list of 2026-10-02 (DA 26-1063), 50 days old, sha256 0d4bf5b068aa\n" in report
    assert "  as of       2026-11-21; review and above fails. Not legal advice.\n" in report


def test_colour_is_only_added_and_only_to_levels_and_outcomes() -> None:
    plain = text(verdicts.failing())
    coloured = text(verdicts.failing(), Style(version="0.1.0", color=True))
    assert "\x1b" not in plain
    assert re.sub("\x1b\\[[0-9]*m", "", coloured) == plain
    assert set(re.findall("\x1b\\[[1-9][0-9]*m([^\x1b]*)\x1b", coloured)) == {"FAIL", "prohibited", "review", "note"}


def test_prose_keeps_to_the_width() -> None:
    for width in (60, 80, 140):
        lines = text(verdicts.incomplete(), Style(version="0.1.0", width=width)).splitlines()
        assert max(map(len, lines)) <= width


@given(st.text("ab -,", max_size=200).map(str.strip).filter(bool), st.sampled_from(["", "    ", "  label     "]), st.integers(40, 100))
def test_lines_are_wrapped_as_the_standard_library_does(text: str, first: str, width: int) -> None:
    wrapper = TextWrapper(width=width, initial_indent=first, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    assert layout.wrap(text, Style(version="1", width=width), first, "  ") == wrapper.wrap(text)
