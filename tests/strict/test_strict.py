"""`check --strict` end to end: exit codes, reports, wrapped documents, missing packages, and nothing of it without the option."""

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sbomguard.check import check
from sbomguard.cli import run
from sbomguard.errors import UsageError
from sbomguard.pack import Pack
from sbomguard.source import Source
from sbomguard.strict import VALIDATORS, validate, violation
from tests.made import TODAY
from tests.strict.documents import cyclonedx, spdx2

HUAWEI = {"publisher": "Huawei Technologies Co., Ltd."}
FILES = {
    "valid.json": cyclonedx("1.6"),
    "covered.json": cyclonedx("1.6", HUAWEI),
    "invalid.json": cyclonedx("1.6", {**HUAWEI, "scope": "perhaps"}),
    "spdx.json": json.dumps(spdx2(dataLicense="MIT")),
}

pytest.importorskip("jsonschema_rs")

Runner = Callable[..., tuple[int, str, str]]


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795219200")
    monkeypatch.setenv("NO_COLOR", "1")

    def call(*arguments: str) -> tuple[int, str, str]:
        code = run(list(arguments))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.mark.parametrize("form", ["text", "json", "sarif"])
@pytest.mark.parametrize(("name", "code"), [("valid.json", 0), ("covered.json", 1)])
def test_a_valid_document_has_the_same_report_with_and_without(cli: Runner, name: str, code: int, form: str) -> None:
    plain = cli("check", name, "-f", form)
    assert plain[0] == code
    assert cli("check", name, "-f", form, "--strict") == plain


@pytest.mark.parametrize("form", ["text", "json", "sarif"])
def test_violations_outrank_findings_which_are_told_all_the_same(cli: Runner, form: str) -> None:
    code, out, err = cli("check", "invalid.json", "--strict", "-f", form)
    assert code == 2
    assert "Huawei Technologies" in out
    assert "is not one of" in out
    assert err == "sbomguard: error: invalid.json: does not meet the specification of its format; the report says where\n"
    assert cli("check", "invalid.json", "-f", form)[0] == 1


def test_the_text_report_gives_the_place(cli: Runner) -> None:
    _, out, _ = cli("check", "invalid.json", "spdx.json", "--strict")
    lines = FILES["invalid.json"].splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "perhaps" in text)
    column = lines[line - 1].index('"perhaps"') + 1
    assert f'invalid: invalid.json:{line}:{column} at /components/1/scope: "perhaps" is not one of' in out
    assert 'invalid: spdx.json: data_license must be "CC0-1.0", but is: MIT.' in out
    assert out.startswith("ERROR: 2 documents do not meet the specifications of their formats")


def test_the_json_report_has_the_place(cli: Runner) -> None:
    report = json.loads(cli("check", "invalid.json", "--strict", "-f", "json")[1])
    (error,) = report["errors"]
    assert {key: error[key] for key in ("path", "pointer", "kind", "advice")} == {
        "path": "invalid.json", "pointer": "/components/1/scope", "kind": "invalid", "advice": ""}  # fmt: skip
    assert error["line"] > 1
    assert error["column"] > 1
    assert (report["verdict"], report["exit_code"], len(report["findings"]), len(report["documents"])) == ("error", 2, 1, 1)


def test_the_sarif_report_has_the_place(cli: Runner) -> None:
    log = json.loads(cli("check", "invalid.json", "--strict", "-f", "sarif")[1])
    notices: list[dict[str, Any]] = log["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    (notice,) = [item for item in notices if item["descriptor"]["id"] == "sbomguard/invalid"]
    assert notice["locations"][0]["physicalLocation"]["region"]["startLine"] > 1
    assert notice["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "/components/1/scope"


def test_exit_zero_does_not_lift_violations(cli: Runner) -> None:
    assert cli("check", "invalid.json", "--strict", "--exit-zero")[0] == 2


def test_what_is_wrapped_is_validated(pack: Pack) -> None:
    source = Source("a.json.gz", gzip.compress(FILES["invalid.json"].encode()))
    verdict = check([source], pack, today=TODAY, strict=True)
    assert [failure.pointer for failure in verdict.failures] == ["/components/1/scope"]
    assert verdict.failures[0].path == verdict.documents[0].path
    assert verdict.exit_code == 2
    assert verdict.findings


def test_a_package_that_is_not_there_is_one_plain_line(cli: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    from sbomguard.strict import cyclonedx_json

    cyclonedx_json._validator.cache_clear()
    monkeypatch.setitem(sys.modules, "jsonschema_rs", None)
    code, out, err = cli("check", "valid.json", "--strict")
    assert (code, out) == (2, "")
    assert err == (
        "sbomguard: error: --strict needs the package jsonschema-rs, which is not installed. "
        "Install it with: pip install 'sbomguard[strict]'\n"
    )
    with pytest.raises(UsageError):
        violation.load("no_such_module", "no-such-package")


def test_a_format_without_a_validator_does_not_pass(pack: Pack) -> None:
    from sbomguard.gather import read_all

    ((source, document),) = read_all(Source("a.json", FILES["valid.json"].encode()))
    source.reader = "of_tomorrow"
    (failure,) = validate(source, document)
    assert failure.problem == "CycloneDX 1.6 cannot be validated: there is no official schema or model here"


def test_a_validator_that_breaks_has_not_said_that_the_document_is_valid() -> None:
    from sbomguard.gather import read_all

    ((source, document),) = read_all(Source("a.json", FILES["valid.json"].encode()))
    source.reader = "spdx3_jsonld"  # a validator that cannot make anything of such a document
    (failure,) = validate(source, document)
    assert failure.kind == "invalid"


def test_a_number_that_no_validator_takes_does_not_pass(pack: Pack) -> None:
    """Numbers beyond what a float holds are JSON (RFC 8259 clause 6), but the parsers of the validators refuse them."""
    text = cyclonedx("1.6", x=1).replace('"x": 1', '"x": 1e999')
    verdict = check([Source("a.json", text.encode())], pack, today=TODAY, strict=True)
    assert verdict.exit_code == 2
    assert [failure.problem for failure in verdict.failures if failure.problem.startswith("the validator gave up")]


def test_every_reader_has_a_validator() -> None:
    from sbomguard import readers

    assert {*readers.JSON_READERS, *readers.XML_READERS, *readers.TEXT_READERS} <= VALIDATORS.keys()


def test_without_the_option_nothing_of_it_is_imported(cli: Runner) -> None:
    heavy = ("jsonschema", "jsonschema_rs", "lxml", "spdx_tools", "spdx_python_model", "cyclonedx", "rdflib")
    script = (
        "import sys; from sbomguard.cli import run; code = run(['check', 'valid.json', '-f', 'json']); "
        f"print([name for name in sys.modules if name.startswith('sbomguard.strict') or name.split('.')[0] in {heavy}], file=sys.stderr); "
        "sys.exit(code)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "[]\n")
