"""`policy diff`: what changed between two days or two folders, and what that does to SBOMs."""

from pathlib import Path

import pytest

from sbomguard import pack as packs
from sbomguard import policy
from sbomguard.source import Source
from sbomguard.upkeep import compare
from sbomguard.upkeep.compare import Side
from tests import made
from tests.upkeep.small import Change, after, swap, write


def side(folder: Path, as_of: str = made.TODAY, /, **changes: Change) -> Side:
    home = str(write(folder, **changes))
    return Side(name=folder.name, policy=policy.parse(policy.read_files(home)), day=as_of)


def between(tmp_path: Path, **changes: Change) -> list[tuple[str, str]]:
    found = compare.compare(side(tmp_path / "old"), side(tmp_path / "new", made.TODAY, **changes))
    return [(change.kind, change.subject) for change in found]


def test_two_folders_that_say_the_same_differ_in_nothing(tmp_path: Path) -> None:
    assert between(tmp_path) == []


@pytest.mark.parametrize(
    ("stem", "change", "kind", "subject"),
    [
        ("home", swap("covers: [software]", "covers: [software, firmware]"), "entry-covers", "home/acme"),
        ("home", swap("    otherwise: review", "    otherwise: note"), "entry-otherwise", "home/acme"),
        ("home", swap("vendors: [acme]", "vendors: [acme, zeta]"), "entry-vendor-added", "home/acme"),
        ("home", swap("    meaning: Nothing made by Acme comes into the house.", "    meaning: All by Acme stays out of the house."),
         "entry-words", "home/acme"),
        ("home", after('    since: "2026-01-01"', '    until: "2026-09-01"'), "entry-ended", "home/acme"),
        ("home", swap("number: No. 1\n", "number: No. 1a\n"), "entry-document-added", "home/acme"),
        ("home", after("    covers: [software]", "    covers_in: {uas: [hardware]}"), "entry-covers-in", "home/acme"),
        ("home", swap("entry: zeta", "entry: zetatron"), "entry-added", "home/zetatron"),
        ("home", swap("entry: zeta", "entry: zetatron"), "entry-removed", "home/zeta"),
        ("home", swap("number: No. 2\n  date", "number: No. 3\n  date"), "list-snapshot", "home"),
        ("home", swap("status: in-force", "status: proposed"), "list-status", "home"),
        ("acme", swap("[Acme, Acmetron]", "[Acme, Acmetron, Acmetrix]"), "values-added", "acme"),
        ("acme", swap("[Acme, Acmetron]", "[Acme]"), "values-removed", "acme"),
        ("acme", swap("    match: prefix", "    match: prefix\n    strength: supporting"), "values-changed", "acme"),
        ("acme", swap("[Acmetron Rentals]", "[Acmetron Rentals, Acme Bakery]"), "false-friends", "acme"),
    ],
)  # fmt: skip
def test_a_change_of_a_file_is_told(stem: str, change: Change, kind: str, subject: str, tmp_path: Path) -> None:
    assert (kind, subject) in between(tmp_path, **{stem: change})


def test_a_list_and_a_vendor_that_come_or_go_are_told(tmp_path: Path) -> None:
    old = side(tmp_path / "old")
    folder = write(tmp_path / "new")
    (folder / "lists" / "home.yaml").rename(folder / "lists" / "house.yaml")
    (folder / "profiles" / "us.yaml").unlink()
    text = (folder / "lists" / "house.yaml").read_text(encoding="utf-8")
    (folder / "lists" / "house.yaml").write_text(text.replace("list: home", "list: house").replace("[zeta]", "[acme]"), encoding="utf-8")
    (folder / "vendors" / "zeta.yaml").unlink()
    new = Side(name="new", policy=policy.parse(policy.read_files(str(folder))), day=made.TODAY)
    assert [(change.kind, change.subject) for change in compare.compare(old, new)] == [
        ("list-removed", "home"), ("list-added", "house"), ("vendor-removed", "zeta"),
    ]  # fmt: skip


def test_two_days_of_one_folder_differ_in_what_began_and_ended_between(tmp_path: Path) -> None:
    old, new = side(tmp_path, "2026-01-15"), side(tmp_path, "2026-04-01")
    told = {change.subject: change for change in compare.compare(old, new) if change.kind in ("entry-began", "entry-ended")}
    assert told["home/zeta"].kind == "entry-ended"
    assert "2026-03-01" in told["home/zeta"].text
    assert told["home/elsewhere"].kind == "entry-began"
    assert "home/acme" not in told


def test_a_business_sold_between_two_days_is_told(tmp_path: Path) -> None:
    sold = swap("    values: [Zetatron]", '    until: "2026-02-01"\n    values: [Zetatron]')
    old, new = side(tmp_path, "2026-01-31", zeta=sold), side(tmp_path, "2026-02-01", zeta=sold)
    (change,) = [change for change in compare.compare(old, new) if change.kind == "values-changed"]
    assert "contributed" in change.text
    assert "Zetatron" in change.text


def test_what_it_does_to_sboms_is_told(tmp_path: Path) -> None:
    source = Source("made.json", made.cyclonedx([{"supplier": "Acme Ltd"}, {"supplier": "Zetatron"}, {"supplier": "Omega"}]))
    homes = (write(tmp_path / "old"), write(tmp_path / "new", home=swap("covers: [software]", "covers: [hardware]")))
    loaded = (packs.load(str(homes[0])), packs.load(str(homes[1])))
    effect = compare.effect([source], loaded, ("2026-02-15", "2026-04-15"), ("home", "nowhere"))
    assert effect.outcomes == ("fail", "fail")
    assert [(was.level, now.level) for was, now in effect.changed] == [("prohibited", "review")]
    assert [item.vendor for item in effect.gone] == ["zeta"]
    assert effect.new == ()


def test_two_folders_without_the_list_answer_nothing(tmp_path: Path) -> None:
    source = Source("made.json", made.cyclonedx([{"supplier": "Acme Ltd"}]))
    loaded = packs.load(str(write(tmp_path)))
    assert compare.effect([source], (loaded, loaded), (made.TODAY, made.TODAY), ("nowhere",)).outcomes == ("incomplete", "incomplete")
