"""`policy test`: examples are run as a check would, and one that does not come out as it says is told with the reason."""

from pathlib import Path

from sbomguard import pack as packs
from sbomguard import policy
from sbomguard.upkeep import trials
from sbomguard.upkeep.trials import Outcome
from tests import made
from tests.upkeep.small import Change, swap, write


def outcome(folder: Path, day: str = made.TODAY, **changes: Change) -> Outcome:
    home = str(write(folder, **changes))
    return trials.run(policy.parse(policy.read_files(home)), packs.load(home, shipped=False).index, day)


def test_examples_that_come_out_as_they_say_are_counted(tmp_path: Path) -> None:
    found = outcome(tmp_path)
    assert (found.vendors, found.examples, found.failed, found.without) == (2, 4, (), ())


def test_an_example_that_is_not_found_is_told_with_what_was_looked_up(tmp_path: Path) -> None:
    (trial,) = outcome(tmp_path, acme=swap("supplier: Acme Ltd}", "supplier: Akme Ltd}")).failed
    assert (trial.vendor, trial.said, trial.number, trial.found) == ("acme", "made-by", 0, ())
    assert any("looked up: 'akme'" in why for why in trial.why)


def test_an_example_that_is_found_against_its_word_is_told_with_what_it_met(tmp_path: Path) -> None:
    (trial,) = outcome(tmp_path, zeta=swap("{supplier: Zet}", "{supplier: Zetatron Ltd}")).failed
    assert (trial.said, trial.found) == ("clear", ("made-by",))
    assert any("meets the party value 'Zetatron'" in why for why in trial.why)


def test_a_false_friend_is_told_as_what_was_met_in_vain(tmp_path: Path) -> None:
    friend = "false_friends:\n  - {signal: party, values: [Zetatron Rentals], note: Cars.}\nexamples:"
    change = swap("{supplier: Zetatron}", "{supplier: Zetatron Rentals}")
    (trial,) = outcome(tmp_path, zeta=lambda text: change(text).replace("examples:", friend)).failed
    assert trial.found == ()
    assert any("in vain: a false friend" in why for why in trial.why)


def test_the_day_decides_whose_a_sold_business_is(tmp_path: Path) -> None:
    sold = swap("    values: [Zetatron]", '    until: "2025-01-01"\n    values: [Zetatron]')
    assert outcome(tmp_path, "2024-12-31", zeta=sold).failed == ()
    (trial,) = outcome(tmp_path, "2025-01-01", zeta=sold).failed
    assert trial.found == ("contributed",)


def test_a_vendor_without_examples_is_named(tmp_path: Path) -> None:
    found = outcome(tmp_path, zeta=lambda text: text.partition("examples:")[0])
    assert found.without == ("zeta",)
