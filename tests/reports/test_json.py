"""The JSON report: the contract of its keys, their order, and values."""

import json
from typing import Any

from sbomguard.reports import render

from . import verdicts


def report() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(render("json", verdicts.failing(), verdicts.STYLE))
    return loaded


def test_top_level() -> None:
    top = report()
    assert list(top) == [
        "schema", "tool", "verdict", "exit_code", "reasons", "policy", "documents", "findings", "unidentified", "errors", "waivers",
        "product", "categories",
    ]  # fmt: skip
    assert top["schema"] == "sbomguard.report/1"
    assert top["tool"] == {"name": "sbomguard", "version": "0.1.0"}
    assert (top["verdict"], top["exit_code"]) == ("fail", 1)
    assert top["policy"]["as_of"] == "2026-11-21"
    assert top["policy"]["lists"][0].items() >= {"id": "fcc-covered-list", "snapshot": "2026-10-02", "sha256": verdicts.FCC.digest}.items()
    assert list(top["waivers"]) == ["used", "unused", "expired"]


def test_finding_has_every_promised_key() -> None:
    found = report()["findings"][0]
    promised = [
        "rule", "level", "relation", "vendor", "list", "component", "evidence", "location", "dependency_path", "documents", "message",
        "fingerprint", "waiver",
    ]  # fmt: skip
    assert list(found)[: len(promised)] == promised
    assert list(found["component"])[:3] == ["ref", "name", "version"]
    assert {"ref", "name", "version", "purl", "type"} <= set(found["component"])
    assert list(found["evidence"][0])[:5] == ["signal", "field", "found", "expected", "strength"]
    assert list(found["location"])[:4] == ["path", "pointer", "line", "column"]
    assert found["documents"] == ["DA 22-320"]
    assert found["waiver"] is None


def test_waived_finding_says_who_answers() -> None:
    assert report()["findings"][4]["waiver"] == {
        "reason": "host tool, not in the image",
        "owner": "jan@maker.example",
        "expires": "2027-01-31",
    }


def test_every_object_of_a_kind_has_the_same_keys() -> None:
    top = report()
    for kind in ("findings", "documents", "unidentified"):
        assert len({tuple(item) for item in top[kind]}) == 1


def test_document_and_unidentified() -> None:
    top = report()
    assert list(top["documents"][0])[:8] == [
        "path", "sha256", "format", "version", "serialisation", "components", "unidentified", "problems",
    ]  # fmt: skip
    assert list(top["unidentified"][0])[:3] == ["ref", "name", "reason"]
    assert len(top["unidentified"]) == 19
