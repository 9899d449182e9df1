"""`policy check`: each mistake that can be planted in a policy folder is found with one clear line, and a right folder has none."""

from pathlib import Path

import pytest

from sbomguard import pack, policy
from sbomguard.upkeep import review
from sbomguard.upkeep.review import ERROR, INFO, Fault
from tests import made
from tests.upkeep.small import Change, after, swap, write


def errors(folder: Path) -> list[Fault]:
    return [fault for fault in review.review(str(folder), made.TODAY).faults if fault.grade == ERROR]


def infos(folder: Path) -> list[Fault]:
    return [fault for fault in review.review(str(folder), made.TODAY).faults if fault.grade == INFO]


# what is planted, file it stands in, change to that file, the text of its line, words of the fault
MISTAKES: list[tuple[str, str, Change, str, str]] = [
    ("unknown key", "acme", swap("summary:", "sumary:"), "sumary", "Did you mean 'summary'"),
    ("unknown key of an entry", "home", swap("    vendors: [zeta]", "    vendor: [zeta]"), "vendor: [zeta]", "Did you mean 'vendors'"),
    ("word that is none of the allowed", "acme", swap("signal: domain", "signal: domains"), "domains", "Did you mean 'domain'"),
    ("key twice", "acme", after("name: Acme Limited", "name: Acme Again"), "Acme Again", "'name' twice"),
    ("no YAML", "us", swap("title: Ourselves", "title: Our: selves"), "Our: selves", "YAML"),
    ("match for a signal that has none", "acme", after("  - signal: domain", "    match: token"), "match: token", "no place"),
    ("file name against id", "acme", swap("vendor: acme", "vendor: acne"), "vendor: acne", "acne"),
    ("value twice in one vendor", "acme", swap("[acmesdk]", "[acmesdk, ACMESDK]"), "ACMESDK", "says the same as 'acmesdk'"),
    ("false friend that denies an own value", "acme", swap("[Acmetron Rentals]", "[Acmetron Rentals, Acmetron]"), ", Acmetron]", "denies"),
    ("false friend of nothing", "acme", after("false_friends:", '  - {signal: party, values: ["..."], note: Nobody}'),
     '"..."]', "normalises to nothing"),
    ("name that normalises to nothing", "acme", swap("[Acme, Acmetron]", "[Acme, Acmetron, Co. Ltd.]"), "Co. Ltd.", "to nothing"),
    ("prefix that is too short", "acme", swap("[acmesdk]", "[ac]"), "[ac]", "shorter than 3"),
    ("domain with a scheme", "acme", swap("[acme.example.com]", '["https://acme.com"]'), "https://acme.com", "normalises to nothing"),
    ("hardware number of another form", "acme", swap("signal: domain", "signal: hardware"), "[acme.example.com]", "never be met"),
    ("grantee code of another length", "acme", lambda text: text.replace("domain", "fcc").replace("[acme.example.com]", "[2ABCDEF]"),
     "2ABCDEF", "never be met"),
    ("example that is dead", "acme", swap("{name: part, supplier: Acme Ltd}", '{version: "1"}'), "version", "dead"),
    ("example twice", "acme", after("  clear:", "    - {name: part, supplier: Acmetron Rentals}"), "Rentals}", "already"),
    ("example that is not found", "acme", swap("supplier: Acme Ltd}", "supplier: Akme}"), "Akme", "comes out as clear"),
    ("example that is found", "zeta", swap("{supplier: Zet}", "{supplier: Zetatron Ltd}"), "Zetatron Ltd", "comes out as made-by"),
    ("no such day", "home", swap('since: "2026-01-01"', 'since: "2026-02-30"'), "2026-02-30", "2026-02-30"),
    ("end before the beginning", "home", swap('until: "2026-03-01"', 'until: "2026-01-01"'), 'until: "2026-01-01"', "before it begins"),
    ("identity that ends before it begins", "acme",
     after("    values: [acme.example.com]", '    since: "2020-01-01"\n    until: "2019-01-01"'), "until", "ends before it begins"),
    ("document after the snapshot", "home", swap('date: "2026-01-01"', 'date: "2026-07-01"'), 'date: "2026-07-01"', "after the snapshot"),
    ("approval that ends before it begins", "home", swap('until: "2027-01-01"', 'until: "2026-01-01"'), "Omega", "approval"),
    ("exemption that ends before the entry begins", "home", swap('until: "2026-12-31"', 'until: "2026-01-31"'), "Spare", "exemption"),
    ("ended without an end", "home", after('    since: "2026-01-01"', "    status: ended"), "status: ended", "no until"),
    ("proposed with an end", "home", after('    until: "2026-03-01"', "    status: proposed"), "until", "never began"),
    ("list that is used on no day", "home", lambda text: text.replace("in-force", "ended").replace('    until: "2026-03-01"\n', ""),
     "status: ended", "used on no day"),
    ("source that is missing", "acme", swap("source: [web, book]", "source: [web, boook]"), "boook", "Did you mean 'book'"),
    ("source that nothing uses", "acme", swap("  book:", "  unused:\n    title: Nobody\n  book:"), "unused", "used by nothing"),
    ("identity without a source", "zeta", swap("    source: [web]\n", ""), "signal", "'source' is a required"),
    ("entry without documents", "home", swap('    documents:\n      - number: No. 1\n        date: "2026-01-01"\n', ""),
     "entry: acme", "'documents' is a required"),
    ("entry without vendors or category", "home", swap("    vendors: [acme]\n", ""), "entry: acme", "'vendors' or 'category'"),
    ("vendor without a file", "home", swap("vendors: [acme]", "vendors: [acme, acmee]"), "acmee", "Did you mean 'acme'"),
    ("profile of an unknown list", "us", swap("[home]", "[home, hone]"), "hone", "Did you mean 'home'"),
    ("entry twice", "home", swap("entry: zeta", "entry: acme"), "entry: acme", "twice"),
]  # fmt: skip


@pytest.mark.parametrize(("stem", "change", "text", "words"), [pytest.param(*row, id=why) for why, *row in MISTAKES])
def test_a_planted_mistake_is_found_with_one_clear_line(stem: str, change: Change, text: str, words: str, tmp_path: Path) -> None:
    folder = write(tmp_path, **{stem: change})
    (file,) = folder.rglob(f"{stem}.yaml")
    found = [fault for fault in errors(folder) if fault.file == file.relative_to(folder).as_posix()]
    assert found
    fault = next((fault for fault in found if words in f"{fault.problem}. {fault.advice}"), None)
    assert fault is not None, found
    assert text in file.read_text(encoding="utf-8").splitlines()[fault.line - 1]
    assert not {"\n"} & set(fault.problem + fault.advice)
    assert len(found) == 1, found


NAMING = """\
    components:
      - {purl: "pkg:npm/%40acme/recorder"}
      - {name: acme-agent, versions: "vers:npm/>=1.0"}
"""


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ('{purl: "pkg:npm/@ACME/recorder"}', "the same as by 'pkg:npm/%40acme/recorder'"),
        ('{name: ACME-agent, versions: "vers:npm/>=1.0"}', "the same as by 'acme-agent"),
        ('{purl: "pkg:npm/left@1.0"}', "versions go under"),
        ('{purl: "pkg:npm"}', "no package URL"),
        ('{name: "..."}', "no letter or digit"),
        ('{name: other, versions: "vers:npm/[1,2)"}', "no version range"),
        ('{versions: "vers:npm/>=1.0"}', "'purl' or 'name'"),
    ],
)
def test_a_mistake_in_a_rule_that_names_components_is_found_with_one_clear_line(rule: str, words: str, tmp_path: Path) -> None:
    folder = write(tmp_path, home=swap("    vendors: [acme]\n", f"{NAMING}      - {rule}\n"))
    (fault,) = errors(folder)
    assert words in fault.problem
    assert rule in (folder / fault.file).read_text(encoding="utf-8").splitlines()[fault.line - 1]


def test_a_range_of_which_nobody_can_tell_what_is_in_it_is_worth_knowing(tmp_path: Path) -> None:
    folder = write(tmp_path, home=swap("    vendors: [acme]\n", NAMING.replace("vers:npm", "vers:ours")))
    assert errors(folder) == []
    assert any("scheme that is not known" in fault.problem for fault in infos(folder))


def test_a_folder_may_name_what_it_is_laid_upon(tmp_path: Path) -> None:
    folder = str(write(tmp_path, home=swap("vendors: [acme]", "vendors: [acme, huawei]")))
    alone, upon = (review.review(folder, made.TODAY, base) for base in (None, pack.load().policy))
    assert [fault.problem for fault in alone.faults if fault.grade == ERROR] == ["entry 'acme' names the vendor 'huawei', who has no file"]
    assert [fault for fault in upon.faults if fault.grade == ERROR] == []
    assert (upon.vendors, upon.lists, upon.examples) == (alone.vendors, alone.lists, alone.examples)


def test_faults_of_a_folder_that_is_laid_upon_another_are_named_from_the_folder(tmp_path: Path) -> None:
    folder = write(tmp_path, acme=swap("summary:", "sumary:"), zeta=swap("{supplier: Zet}", "{supplier: Zetatron}"))
    found = review.review(str(folder), made.TODAY, pack.load().policy)
    assert [(fault.file, fault.line) for fault in found.faults if fault.grade == ERROR] == [
        (fault.file, fault.line) for fault in errors(folder)
    ]


def test_a_folder_that_is_right_has_no_fault(tmp_path: Path) -> None:
    reviewed = review.review(str(write(tmp_path)), made.TODAY)
    assert reviewed.faults == ()
    assert (reviewed.vendors, reviewed.values, reviewed.lists, reviewed.entries, reviewed.examples) == (2, 5, 1, 3, 4)
    assert reviewed.unverified == 2


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        acme=lambda text: swap("summary:", "sumary:")(swap("signal: domain", "signal: domains")(text)),
        zeta=swap("{supplier: Zet}", "{supplier: Zetatron Ltd}"),
        us=swap("[home]", "[home, hone]"),
    )
    found = errors(folder)
    assert [(fault.file, fault.line) for fault in found] == sorted((fault.file, fault.line) for fault in found)
    assert [fault.file for fault in found].count("vendors/acme.yaml") == 2
    assert {fault.file for fault in found} == {"vendors/acme.yaml", "vendors/zeta.yaml", "profiles/us.yaml"}


def test_a_value_that_two_vendors_have_is_told(tmp_path: Path) -> None:
    change = swap("match: token", "match: core")
    folder = write(tmp_path, zeta=lambda text: change(text).replace("[Zetatron]", "[Zetatron, Acme]"))
    (fault,) = errors(folder)
    assert "acme" in fault.problem
    assert "zeta" in fault.problem


def test_a_vendor_that_no_list_names_is_worth_knowing_and_no_mistake(tmp_path: Path) -> None:
    folder = write(tmp_path, home=lambda text: text.replace("vendors: [zeta]", "vendors: [acme]"))
    assert [fault.problem for fault in infos(folder)] == ["no list names the vendor 'zeta': it is never a finding"]
    assert errors(folder) == []


def test_a_source_without_address_is_worth_knowing(tmp_path: Path) -> None:
    folder = write(tmp_path, zeta=swap("    url: https://zeta.example.com/\n", ""))
    assert ["no url" in fault.problem for fault in infos(folder)] == [True]
    assert errors(folder) == []


@pytest.mark.parametrize(("name", "near"), [("vendor", "vendors/"), ("list", "lists/"), ("profile", "profiles/")])
def test_a_folder_that_was_meant_to_be_read_is_told(name: str, near: str, tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / name).mkdir()
    (fault,) = errors(folder)
    assert (fault.file, fault.problem) == (f"{name}/", "is not read")
    assert near in fault.advice


def test_the_shipped_folder_is_right() -> None:
    assert errors(Path(policy.builtin_folder())) == []
