"""`sbomguard policy ...` as a user runs it: exit codes, what goes where, both forms."""

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from sbomguard import cli
from tests import made
from tests.upkeep.small import swap, write


class Ran(NamedTuple):
    """What a run left behind."""

    code: int
    out: str
    err: str


class Runner:
    """Runs the command line in a folder of the test's own."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str) -> Ran:
        code = cli.run(["policy", *arguments])
        return Ran(code, *self._capsys.readouterr())


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795219200")  # 2026-11-21
    write(tmp_path / "good")
    write(tmp_path / "bad", acme=swap("summary:", "sumary:"))
    write(tmp_path / "failing", zeta=swap("{supplier: Zet}", "{supplier: Zetatron}  "))
    (tmp_path / "names.txt").write_text("Omegatronic Optics\nDeltaworks Institute\n", encoding="utf-8")
    (tmp_path / "sbom.json").write_bytes(made.cyclonedx([{"supplier": "Zetatron"}, {"supplier": "Omegatronic Optics"}]))
    return Runner(capsys)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ("list --policy good", 0, "list: home"),
        ("list", 0, "fcc-covered-list"),
        ("show home --policy good", 0, "entry: home/zeta"),
        ("show home/zeta --policy good --as-of 2026-02-15", 0, "in force on 2026-02-15"),
        ("show acme --policy good", 0, "Acmetron"),
        ("show --markdown lists --policy good", 0, "## home"),
        ("show --markdown vendors --policy good", 0, "## acme"),
        ("check good", 0, "nothing is wrong"),
        ("check good bad", 2, "bad/vendors/acme.yaml:3: error:"),
        ("test good", 0, "all come out as they say"),
        ("test failing", 1, "comes out as made-by, not as clear"),
        ("diff good good", 0, "0 changes"),
        ("diff 2026-01-15 2026-02-15 --policy good", 0, "2 changes"),
        ("diff good failing --sbom sbom.json --list home --as-of 2026-02-15", 0, "1 findings stay"),
        ("import names.txt -o out --id ours", 0, "2 vendors with 2 names"),
    ],
)
def test_a_command_answers_on_standard_output(arguments: str, code: int, words: str, run: Runner) -> None:
    ran = run(*arguments.split())
    assert (ran.code, ran.err) == (code, "")
    assert words in ran.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("list --policy nowhere", "nowhere"),
        ("list --policy bad", "Did you mean 'summary'"),
        ("show", "no id"),
        ("show hone --policy good", "Did you mean 'home'"),
        ("show home --policy good --as-of yesterday", "--as-of"),
        ("check nowhere", "nowhere"),
        ("test bad", "acme.yaml"),
        ("test nowhere", "nowhere"),
        ("diff good", "Missing argument"),
        ("diff good 2026-02-30", "neither a day nor a folder"),
        ("diff good bad", "acme.yaml"),
        ("diff good good --sbom nowhere.json", "nowhere.json"),
        ("diff good good --sbom sbom.json --list hone", "Did you mean 'home'"),
        ("import nowhere.txt -o out", "nowhere.txt"),
        ("import names.txt -o good", "not empty"),
        ("import names.txt -o out --id Our", "--id"),
        ("import names.txt -o out --snapshot 2026", "--snapshot"),
        ("import names.txt", "--output"),
        ("import sbom.json -o out", "no screening list"),
    ],
)
def test_what_cannot_be_answered_is_one_line_and_exit_code_2(arguments: str, words: str, run: Runner, tmp_path: Path) -> None:
    ran = run(*arguments.split())
    assert ran.code == 2
    assert words in ran.err
    assert len(ran.err.splitlines()) == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments",
    ["list --policy good", "show home --policy good", "check bad", "test failing", "diff good failing --sbom sbom.json --list home",
     "import names.txt -o out"],
)  # fmt: skip
def test_json_is_json_and_the_same_each_time(arguments: str, run: Runner) -> None:
    first = run(*arguments.split(), "-f", "json")
    assert json.loads(first.out)["schema"].startswith("sbomguard.policy")
    again = [*arguments.split(), "-f", "json", *(["--force"] if arguments.startswith("import") else [])]
    assert run(*again).out == first.out


def test_an_sbom_that_cannot_be_read_is_an_error_beside_the_answer(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text('{"bomFormat": "CycloneDX", ', encoding="utf-8")
    ran = run("diff", "good", "good", "--sbom", "broken.json", "--sbom", "sbom.json", "--list", "home")
    assert ran.code == 2
    assert "broken.json" in ran.err
    assert "0 changes" in ran.out


def test_what_is_worth_knowing_is_told_when_asked_for(run: Runner, tmp_path: Path) -> None:
    write(tmp_path / "good", zeta=swap("    url: https://zeta.example.com/\n", ""))
    assert "no url" not in run("check", "good").out
    assert "no url" in run("check", "good", "-v").out


def test_an_import_can_be_checked_against_at_once(run: Runner, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("import", "names.txt", "-o", "out", "--id", "ours", "--covers", "software").code == 0
    assert cli.run(["check", "sbom.json", "--policy", "out", "--list", "ours"]) == 1
    assert "Omegatronic Optics" in capsys.readouterr().out


def test_a_folder_that_names_what_is_shipped_is_compared_upon_it(run: Runner, tmp_path: Path) -> None:
    write(tmp_path / "team", home=swap("vendors: [zeta]", "vendors: [zeta, huawei]"))
    (tmp_path / "huawei.json").write_bytes(made.cyclonedx([{"supplier": "Huawei Technologies Co., Ltd."}]))
    ran = run("diff", "good", "team", "--sbom", "huawei.json", "--list", "home", "--as-of", "2026-02-15")
    assert (ran.code, ran.err) == (0, "")
    assert "1 change between" in ran.out
    assert "also names huawei" in ran.out
    assert "home/zeta: " in ran.out


def test_what_overrides_is_told(run: Runner, tmp_path: Path) -> None:
    write(tmp_path / "again")
    for command in (("list",), ("show", "home"), ("show", "acme"), ("show", "us")):
        assert "overrides good/" in run(*command, "--policy", "good", "--policy", "again").out
        assert "overrides" not in run(*command, "--policy", "good").out


def test_a_folder_may_stand_for_itself(run: Runner) -> None:
    assert "fcc-covered-list" in run("list", "--policy", "good").out
    assert "fcc-covered-list" not in run("list", "--policy", "good", "--policy-alone").out


def test_rows_that_name_no_maker_are_told_on_standard_error(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("Omegatronic Optics\nCo., Ltd.\n", encoding="utf-8")
    ran = run("import", "names.txt", "-o", "out")
    assert ran.code == 0
    assert "note: 1 rows (2) name no maker" in ran.err
