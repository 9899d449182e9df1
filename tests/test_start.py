"""What a run loads before it looks at anything: little, and never a stand-in where somebody asks for the real thing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import made

CYCLONEDX = made.cyclonedx([{"name": "zlib", "version": "1", "supplier": "Aurora GmbH"}])
SPDX = made.spdx([{"name": "zlib", "version": "1", "supplier": "Aurora GmbH"}])

LOADED = "from sbomguard.__main__ import _load_msgspec as load; load(); "


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A Python in that folder that finds modules there first."""
    path = os.pathsep.join((str(folder), str(Path(__file__).parents[1])))
    env = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": ""}
    return subprocess.run([sys.executable, *arguments], cwd=folder, env=env, capture_output=True, text=True, check=False)


def clean(folder: Path, document: bytes, then: str) -> str:
    """What a statement writes to standard error after a clean run. The first run compiles what is not compiled yet; it is the second."""
    (folder / "clean.json").write_bytes(document)
    for _ in range(2):
        run = python(folder, "-c", f"{LOADED}from sbomguard.cli import run; run(['check', 'clean.json']); import sys; {then}")
    assert run.stdout.startswith("PASS"), run
    return run.stderr


def test_a_clean_run_loads_nothing_that_it_does_not_use(tmp_path: Path) -> None:
    spared = "argparse ast decimal difflib hashlib inspect json logging pathlib platform signal subprocess textwrap uuid".split()
    spared += "click msgspec.inspect msgspec.toml msgspec.yaml msgspec._json_schema yaml jsonschema".split()
    loaded = clean(tmp_path, CYCLONEDX, "print(*sys.modules, file=sys.stderr)").split()
    assert {"msgspec._core", "sbomguard.reports.text"} <= set(loaded)
    assert not set(loaded) & set(spared)


@pytest.mark.parametrize(("document", "other"), [(CYCLONEDX, "spdx2_json"), (SPDX, "cyclonedx_json")], ids=["CycloneDX", "SPDX"])
def test_a_clean_run_loads_no_other_reader_and_nothing_that_convicts(tmp_path: Path, document: bytes, other: str) -> None:
    loaded = clean(tmp_path, document, "print(*sys.modules, file=sys.stderr)").split()
    assert {"sbomguard.readers", "sbomguard.check"} <= set(loaded)
    spared = "convict doubt links product relation strict unread waiver matchers.evidence matchers.party reports.block readers.records"
    assert not set(loaded) & {f"sbomguard.{name}" for name in (*spared.split(), f"readers.{other}")}


@pytest.mark.parametrize("document", [CYCLONEDX, SPDX], ids=["CycloneDX", "SPDX"])
def test_a_clean_run_makes_no_syntax_tree(tmp_path: Path, document: bytes) -> None:
    """The first text that is compiled loads all of the syntax tree, which takes as long as a hundred components."""
    kinds = "[kind for kind in object.__subclasses__() if kind.__module__ == 'ast']"
    assert clean(tmp_path, document, f"print({kinds}, file=sys.stderr)") == "[]\n"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("import uuid; print(uuid.UUID(int=1))", "00000000-0000-0000-0000-000000000001"),
        ("import decimal; print(decimal.Decimal(4).sqrt())", "2"),
        ("import datetime; print(hasattr(datetime, 'sys') or datetime.__file__.endswith('datetime.py'))", "True"),
        ("import typing_extensions; print(typing_extensions.get_type_hints.__name__)", "get_type_hints"),
        ("from __future__ import annotations; import __future__; print(__future__.annotations.mandatory)", "None"),
        ("import typing; print(typing.ForwardRef('int'))", "ForwardRef('int')"),
        ("import msgspec; print(msgspec.json.schema(int))", "{'type': 'integer'}"),
        ("import msgspec; print(msgspec.json.schema_components([int])[0])", "({'type': 'integer'},)"),
        ("import msgspec; print(msgspec.inspect.type_info(int).__class__.__name__)", "IntType"),
        ("import msgspec; print(msgspec.yaml.encode([1]))", "b'- 1\\n'"),
        ("import msgspec; print(msgspec.toml.decode('a = 1'))", "{'a': 1}"),
        ("import msgspec; print(msgspec.yaml.__name__ in __import__('sys').modules)", "False"),
        ("import msgspec, datetime; print(msgspec.json.decode(b'\"2026-01-02\"', type=datetime.date))", "2026-01-02"),
    ],
)
def test_whoever_asks_later_gets_the_real_thing(tmp_path: Path, asked: str, told: str) -> None:
    script = tmp_path / "asks.py"
    script.write_text(f"{asked}\n")
    run = python(tmp_path, "-c", f"{LOADED}import runpy; runpy.run_path('asks.py')")
    assert (run.stdout.strip(), run.stderr) == (told, "")


@pytest.mark.parametrize(
    ("package", "told"),
    [
        ("from uuid import NAMESPACE_DNS as it\nit = type(it).__name__", "UUID"),  # more of a module than is put into its stand-in
        ("from decimal import Decimal\nit = Decimal(4).sqrt()", "2"),  # what its stand-in cannot do
        ("import typing_extensions\nit = typing_extensions.__name__", "typing_extensions"),
    ],
)
def test_another_msgspec_than_ours_is_loaded_all_the_same(tmp_path: Path, package: str, told: str) -> None:
    (tmp_path / "msgspec.py").write_text(f"{package}\n")
    run = python(tmp_path, "-c", f"{LOADED}import msgspec; print(msgspec.it)")
    assert (run.stdout.strip(), run.stderr) == (told, "")


def test_a_python_without_what_stands_in_starts_all_the_same(tmp_path: Path) -> None:
    missing = f"import sys; sys.modules['_datetime'] = None; {LOADED}del sys.modules['_datetime']; "
    run = python(tmp_path, "-c", f"{missing}import msgspec; print(msgspec.json.decode(b'1'))")
    assert (run.stdout.strip(), run.stderr) == ("1", "")


def test_a_missing_msgspec_is_an_error_of_the_run(tmp_path: Path) -> None:
    (tmp_path / "msgspec.py").write_text("raise ImportError('no msgspec here')\n")
    run = python(tmp_path, "-m", "sbomguard", "check", "clean.cdx.json")
    assert run.returncode == 2
    assert "no msgspec here" in run.stderr
