"""Inputs: which files the paths of a command line stand for."""

import os
from pathlib import Path

import pytest

from sbomguard import inputs
from sbomguard.errors import SourceError, UsageError
from sbomguard.limits import Limits

TREE = (
    "a.json b.XML c.txt d.spdx e.cdx f.jsonld g.yaml h.yml i.rdf j.bom README noending. sub/z.json sub/deep/y.json sub/x.json "
    ".hidden/n.json .visible.json a[1].json"
).split()


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of files, as the current one."""
    for name in TREE:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def expand(*paths: str) -> list[tuple[str, bool]]:
    """Path and whether it was named, of each input."""
    return [(item.path, item.named) for item in inputs.expand(paths)]


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["a.json"], [("a.json", True)]),
        (["c.txt", "a.json"], [("c.txt", True), ("a.json", True)]),
        (["-"], [("-", True)]),
        (["sub"], [("sub/x.json", False), ("sub/z.json", False), ("sub/deep/y.json", False)]),
        (["sub/*.json"], [("sub/x.json", True), ("sub/z.json", True)]),
        (["s*"], [("sub/x.json", False), ("sub/z.json", False), ("sub/deep/y.json", False)]),
        (["sub/**/y.json"], [("sub/deep/y.json", True)]),
        (["a[1].json"], [("a[1].json", True)]),
        (["missing.json"], [("missing.json", True)]),
        (["a.json", "./a.json", "sub/../a.json"], [("a.json", True)]),
        (["-", "a.json", "-"], [("-", True), ("a.json", True)]),
        (["sub/z.json", "sub"], [("sub/z.json", True), ("sub/x.json", False), ("sub/deep/y.json", False)]),
    ],
    ids=str,
)
def test_paths_stand_for_files(tree: Path, paths: list[str], expected: list[tuple[str, bool]]) -> None:
    assert expand(*paths) == expected


def test_a_folder_is_searched_for_the_endings_of_sboms(tree: Path) -> None:
    found = {path for path, _ in expand(str(tree))}
    shown = "a.json b.XML d.spdx e.cdx f.jsonld g.yaml h.yml i.rdf j.bom sub/z.json sub/deep/y.json sub/x.json .visible.json a[1].json"
    assert found == {str(tree / name) for name in shown.split()}


def test_a_folder_gives_the_same_order_every_time(tree: Path) -> None:
    assert expand(".") == expand(".")
    names = [os.path.basename(path) for path, _ in expand(".") if "/sub/" not in path]
    assert names == sorted(names)


def test_what_is_no_file_in_a_folder_is_left_out(tree: Path) -> None:
    os.mkfifo(tree / "sub" / "fifo.json")
    (tree / "sub" / "folder.json").mkdir()
    (tree / "sub" / "loop").symlink_to(".")
    assert len(expand("sub")) == 3


def test_a_link_to_a_file_in_a_folder_is_taken(tree: Path) -> None:
    (tree / "sub" / "link.json").symlink_to("../a.json")
    assert ("sub/link.json", False) in expand("sub")


def test_an_empty_folder_stands_for_nothing(tree: Path) -> None:
    (tree / "empty").mkdir()
    assert expand("empty") == []


def test_a_pattern_that_meets_nothing_is_an_error(tree: Path) -> None:
    with pytest.raises(UsageError, match=r"^nothing\*\.json: matches no file"):
        inputs.expand(("nothing*.json",))


def test_no_path_is_an_error() -> None:
    with pytest.raises(UsageError, match="no SBOM is named"):
        inputs.expand(())


def test_an_endless_folder_is_an_error(tree: Path) -> None:
    assert len(inputs.expand(("sub",), Limits(files=3))) == 3
    for path in ("sub", "s*"):
        with pytest.raises(SourceError, match=r"^sub: holds more than 2 files.*--limit files=N"):
            inputs.expand((path,), Limits(files=2))


def test_a_folder_that_may_not_be_read_is_an_error(tree: Path) -> None:
    (tree / "sub" / "deep").chmod(0)
    if os.access(tree / "sub" / "deep", os.R_OK):
        pytest.skip("this user may read everything")
    with pytest.raises(SourceError, match="sub/deep: cannot be read"):
        inputs.expand(("sub",))


def test_an_input_is_read_when_asked_for(tree: Path) -> None:
    (first,) = inputs.expand(("sub/x.json",))
    assert first.read().raw == b"sub/x.json"
    (missing,) = inputs.expand(("missing.json",))
    with pytest.raises(SourceError, match=r"^missing\.json: cannot be opened"):
        missing.read()
