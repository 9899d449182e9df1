"""What builds and publishes sbomguard: everything is pinned, and what is pinned is what the project asks for."""

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
PINNED = (ROOT / ".ci" / "requirements.txt").read_text()
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^A-Za-z0-9._-]", item, maxsplit=1)[0].lower().replace("_", "-").replace(".", "-") for item in requirements}


def test_everything_that_ci_installs_is_pinned_with_hashes() -> None:
    entries = re.split(r"\n(?=\S)", PINNED.strip())
    assert len(entries) > 30
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+==[^ ]+( ; [^\\]+)? \\\n( +--hash=sha256:[0-9a-f]{64}( \\\n|$))+", entry), entry
    groups = PROJECT["dependency-groups"]
    wanted = names([*PROJECT["project"]["dependencies"], *groups["dev"], *groups["ci"], *PROJECT["build-system"]["requires"]])
    assert wanted - names(entries) == set()


def test_what_is_pinned_meets_what_the_project_asks_for() -> None:
    assert "packaging" in packages_distributions(), "comes with pytest"
    from packaging.requirements import Requirement

    versions = dict(re.findall(r"^([a-z0-9._-]+)==([^ ]+)", PINNED, re.MULTILINE))
    for text in [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"], *PROJECT["dependency-groups"]["ci"]]:
        requirement = Requirement(text)
        assert requirement.specifier.contains(versions[requirement.name.lower().replace(".", "-").replace("_", "-")]), text


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_to_commits_and_no_job_may_do_more_than_it_needs(path: Path) -> None:
    text = path.read_text()
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {}
    assert "secrets." not in text
    for job in workflow["jobs"].values():
        assert set(job["permissions"]) <= {"contents", "id-token", "attestations"}
        assert job["permissions"].get("contents", "read") == "read"
    used = re.findall(r"uses: (.+)", text)
    assert used
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v[0-9.]+", item) for item in used)


ANSWERS = {
    "clean": ({"dependencies": [{"name": "a", "version": "1", "vulns": []}]}, 0),
    "vulnerable": (
        {"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "CVE-2026-1"}]}, {"name": "b", "skip_reason": "x"}]},
        1,
    ),
    "mirror": ({"dependencies": [{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "not found"}]}, 3),
    "nothing": ({"dependencies": []}, 3),
    "no answer": ("", 3),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_an_audit_of_nothing_is_not_clean(tmp_path: Path, case: str) -> None:
    """A stand-in for pip-audit, which needs a network: it says what that one says, and always exits with 0."""
    answer, code = ANSWERS[case]
    (tmp_path / "pip_audit.py").write_text(f"print({json.dumps(answer) if answer else ''!r})")
    command = [sys.executable, str(ROOT / ".ci" / "audit.py"), "requirements.txt"]
    done = subprocess.run(command, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    assert (done.stderr == "") == (code == 0)
