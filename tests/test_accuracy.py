"""The benchmark of accuracy reads verdicts as labels mean them: tested on labels of our own."""

import json
import runpy
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "benchmarks" / "accuracy.py"

LABELS = [
    {"id": "a", "label": "made_by", "class": "purl", "vendor": "huawei", "accept": ["finding"],
     "component": {"name": "esdk-obs-nodejs", "purl": "pkg:npm/esdk-obs-nodejs@3.26.8"}},
    {"id": "b", "label": "made_by", "class": "party", "vendor": "zte", "accept": ["finding"],
     "component": {"name": "agent", "supplier": "Huawei Technologies Co., Ltd."}},
    {"id": "c", "label": "made_by", "class": "party", "vendor": "zte", "accept": ["finding", "review"],
     "component": {"name": "agent", "supplier": "Example Works"}},
    {"id": "d", "label": "contributed", "class": "forge", "accept": ["review"],
     "component": {"name": "iSulad", "external_references": [{"type": "vcs", "url": "https://gitee.com/openeuler/iSulad"}]}},
    {"id": "e", "label": "about", "class": "purl", "accept": ["note"],
     "component": {"name": "huawei-solar", "purl": "pkg:pypi/huawei-solar@2.3.0"}},
    {"id": "f", "label": "clean", "class": "fcc", "accept": ["silent"],
     "component": {"name": "m", "type": "device", "fcc_id": "QISEM770W"}},
]  # fmt: skip


def run(arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> list[str]:
    monkeypatch.setattr(sys, "argv", [str(SCRIPT), *arguments, "--today", "2026-11-21"])
    runpy.run_path(str(SCRIPT), run_name="__main__")
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("form", ["cyclonedx", "spdx"])
def test_answers_are_held_against_what_counts_as_right(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "labels.jsonl").write_text("\n".join(map(json.dumps, LABELS)), encoding="utf-8")
    lines = run([str(tmp_path / "labels.jsonl"), "--format", form], monkeypatch, capsys)
    assert "right: 3/6 = 0.5000" in lines
    assert "recall of made_by: 2/3 = 0.6667" in lines  # `b` is found, under another name
    assert "  clean: 0/1 = 0.0000, findings that are not accepted: 1" in lines
    assert [line[0] for line in lines if "right: [" in line] == ["b", "c", "f"]
    assert any("fcc 'QISEM770W' met 'QIS' (decisive)" in line for line in lines)


def test_names_with_findings_are_printed_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["pkg:npm/left-pad@1", "pkg:npm/%40huaweicloud/core@1", "pkg:pypi/huawei-solar@2"]
    (tmp_path / "names").write_text("\n".join(names), encoding="utf-8")
    lines = run([str(tmp_path / "names"), "--names"], monkeypatch, capsys)
    assert names[1] in lines
    assert names[2] not in lines
    assert lines[-1] == "names with findings: 1/3 = 0.3333"
