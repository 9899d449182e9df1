"""The compiled form of the policies: the same answers as the files, made anew for any change, never trusted if foreign or broken."""

import os
import shutil
from pathlib import Path
from zlib import crc32

import pytest

from sbomguard import pack as packs
from sbomguard import policy
from sbomguard.pack import Pack
from tests import made

DESCRIBED = [
    {"name": "a", "supplier": "Huawei Technologies Co., Ltd."},
    {"name": "b", "purl": "pkg:npm/%40hmscore/push@1"},
    {"name": "c", "supplier": "Debian"},
    {"name": "d", "url": "https://github.com/huaweicloud/x"},
]

ONE_VENDOR = ("vendors/kaspersky.yaml", "lists/us-commerce-kaspersky.yaml")


def answer(pack: Pack) -> list[tuple[object, ...]]:
    """What a run with that pack tells of the components."""
    verdict = made.verdict(DESCRIBED, pack, lists=("fcc-covered-list", "us-ndaa-2019-889"))
    return [(item.rule, item.level, item.message, item.why_level, item.entry_meaning, item.evidence) for item in verdict.findings]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small policy folder: one vendor, one list."""
    for name in ONE_VENDOR:
        path = tmp_path / "policies" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(Path(policy.builtin_folder()) / name, path)
    return tmp_path / "policies"


def cached(home: Path) -> list[Path]:
    return sorted(home.rglob("*.pack")) if home.exists() else []


def altered(kept: Path) -> bytes:
    """A compiled form that says something else, and whose sum is right."""
    line, _, body = kept.read_bytes().partition(b"\n")
    body = body.replace(b"in-force", b"proposed")
    return b"%s %08x\n%s" % (line.partition(b" ")[0], crc32(body), body)


def load(folder: Path) -> Pack:
    return packs.load(str(folder), shipped=False)


def test_the_compiled_form_gives_the_same_answers_as_the_files(pack: Pack) -> None:
    compiled = packs.compile_files(policy.read_files(policy.builtin_folder()), pack.key)
    assert answer(pack) == answer(compiled)
    assert answer(pack)
    assert pack.policy == compiled.policy
    assert pack.index == compiled.index


def test_a_second_run_reads_what_the_first_compiled(folder: Path, home: Path) -> None:
    first = load(folder)
    (kept,) = cached(home)
    before = kept.stat().st_mtime_ns
    assert load(folder) == first
    assert cached(home) == [kept]
    assert kept.stat().st_mtime_ns == before


def test_the_compiled_form_is_the_same_bytes_each_time(folder: Path, home: Path) -> None:
    load(folder)
    (kept,) = cached(home)
    first = kept.read_bytes()
    kept.unlink()
    load(folder)
    assert kept.read_bytes() == first


def test_the_compiled_form_is_the_users_alone(folder: Path, home: Path) -> None:
    load(folder)
    (kept,) = cached(home)
    assert kept.stat().st_mode & 0o077 == 0
    assert kept.parent.stat().st_mode & 0o022 == 0


@pytest.mark.parametrize("name", ONE_VENDOR)
def test_any_change_of_any_file_is_another_key(name: str, folder: Path, home: Path) -> None:
    first = load(folder)
    path = folder / name
    path.write_bytes(path.read_bytes() + b"# a remark\n")
    second = load(folder)
    assert second.key != first.key
    assert len(cached(home)) == 2


def test_a_file_more_or_of_another_name_is_another_key(folder: Path, home: Path) -> None:
    keys = {load(folder).key}
    shutil.copy(Path(policy.builtin_folder()) / "vendors" / "digitalsystem.yaml", folder / "vendors")
    keys.add(load(folder).key)
    (folder / "vendors" / "digitalsystem.yaml").rename(folder / "vendors" / "zte.yaml")
    text = (folder / "vendors" / "zte.yaml").read_text(encoding="utf-8").replace("vendor: digitalsystem", "vendor: zte")
    (folder / "vendors" / "zte.yaml").write_text(text, encoding="utf-8")
    keys.add(load(folder).key)
    assert len(keys) == 3
    assert home.exists()


def test_the_same_bytes_under_another_division_are_another_key() -> None:
    assert policy.digest_of({"a": b"1", "b": b"2"}) != policy.digest_of({"a": b"1b", "": b"2"})
    assert policy.digest_of({"a": b"12", "b": b""}) != policy.digest_of({"a": b"1", "b": b"2"})
    divisions = ({"a": b"1", "b": b"2"}, {"a": b"1b", "": b"2"}, {"a": b"12", "b": b""}, {"a": b"1"})
    assert len({packs.key_for((policy.Layer("", files),)) for files in divisions}) == 4
    first, second = policy.Layer("x", {"a": b"1"}), policy.Layer("x", {"b": b"2"})
    assert packs.key_for((first, second)) != packs.key_for((policy.Layer("x", {"a": b"1", "b": b"2"}),))


def test_a_changed_policy_is_in_force_at_once(folder: Path, home: Path) -> None:
    lists = ("us-commerce-kaspersky",)
    described = [{"name": "part", "supplier": "Acmetronic Ltd"}]
    assert made.verdict(described, load(folder), lists=lists).findings == ()
    path = folder / "vendors" / "kaspersky.yaml"
    block = "identities:\n  - {signal: party, match: token, confidence: unverified, source: [common-knowledge], values: [Acmetronic]}\n"
    path.write_text(path.read_text(encoding="utf-8").replace("identities:\n", block, 1), encoding="utf-8")
    assert len(made.verdict(described, load(folder), lists=lists).findings) == 1
    assert len(cached(home)) == 2


def test_a_file_removed_is_gone_at_once(folder: Path, home: Path) -> None:
    shutil.copy(Path(policy.builtin_folder()) / "lists" / "us-ndaa-2018-1634.yaml", folder / "lists")
    assert "us-ndaa-2018-1634" in load(folder).policy.lists
    (folder / "lists" / "us-ndaa-2018-1634.yaml").unlink()
    assert "us-ndaa-2018-1634" not in load(folder).policy.lists
    assert home.exists()


@pytest.mark.parametrize("cut", [0, 1, 60, 1000, -1])
def test_a_cut_cache_is_ignored(cut: int, folder: Path, home: Path) -> None:
    good = load(folder)
    (kept,) = cached(home)
    kept.write_bytes(kept.read_bytes()[:cut])
    assert load(folder) == good


@pytest.mark.parametrize("text", [b"", b"null", b"[]", b"{}", b"\xff\xfe\x00", b'{"key":"', b"\x00" * 100])
@pytest.mark.parametrize("keyed", [False, True])
def test_a_broken_cache_is_ignored(text: bytes, keyed: bool, folder: Path, home: Path) -> None:
    good = load(folder)
    (kept,) = cached(home)
    kept.write_bytes(b'{"key":"' + good.key.encode() + b'"' + text if keyed else text)
    assert load(folder) == good


def test_a_cache_of_another_key_is_ignored(folder: Path, home: Path) -> None:
    good = load(folder)
    (kept,) = cached(home)
    kept.write_bytes(kept.read_bytes().replace(good.key.encode(), b"0" * len(good.key), 1))
    assert load(folder) == good


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give a file away")
def test_a_cache_of_another_user_is_ignored(folder: Path, home: Path) -> None:
    good = load(folder)
    (kept,) = cached(home)
    kept.write_bytes(altered(kept))
    assert load(folder) != good
    os.chown(kept, 12345, 12345)
    assert load(folder) == good


@pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="this system cannot tell links")
def test_a_link_for_a_cache_is_ignored(folder: Path, home: Path, tmp_path: Path) -> None:
    good = load(folder)
    (kept,) = cached(home)
    other = tmp_path / "other.json"
    other.write_bytes(altered(kept))
    kept.unlink()
    kept.symlink_to(other)
    assert load(folder) == good


def test_a_compiled_form_in_somebodys_policy_folder_does_not_speak_for_its_files(folder: Path, home: Path) -> None:
    """Who reviews a policy folder reads its YAML; a file beside it must not be able to say something else."""
    good = load(folder)
    (kept,) = cached(home)
    (folder / packs.SHIPPED).write_bytes(altered(kept))
    kept.unlink()
    assert load(folder) == good


def test_a_shipped_compiled_form_gives_the_same_pack(folder: Path, home: Path) -> None:
    good = load(folder)
    packs.write_shipped(str(folder))
    files = policy.read_files(str(folder))
    key = packs.key_for((policy.Layer("", files),))
    kept = packs._decoded((folder / packs.SHIPPED).read_bytes(), key)
    assert kept == packs.compile_files(files, key)
    assert kept is not None
    assert (kept.index, kept.policy.vendors.keys()) == (good.index, good.policy.vendors.keys())


@pytest.mark.parametrize("kind", ["a file", "a file above", "a link to nowhere", "not absolute", "empty"])
def test_a_cache_folder_that_cannot_be_used_is_no_error(kind: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "unusable"
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))
    monkeypatch.chdir(tmp_path)
    if kind.startswith("a file"):
        place.write_bytes(b"")
    elif kind == "a link to nowhere":
        place.symlink_to(tmp_path / "nowhere" / "deep")
    settings = {"a file above": str(place / "below"), "not absolute": "unusable", "empty": ""}
    monkeypatch.setenv("XDG_CACHE_HOME", settings.get(kind, str(place)))
    assert load(folder).policy.lists.keys() == {"us-commerce-kaspersky"}
    assert not (tmp_path / "unusable" / "sbomguard").exists()


@pytest.mark.skipif(hasattr(os, "getuid") and os.getuid() == 0, reason="nothing is read-only to root")
def test_a_read_only_cache_folder_is_no_error(folder: Path, home: Path) -> None:
    home.mkdir(mode=0o500)
    assert load(folder).policy.lists.keys() == {"us-commerce-kaspersky"}
    assert cached(home) == []


def test_what_a_killed_run_left_behind_is_no_error(folder: Path, home: Path) -> None:
    good = load(folder)
    (kept,) = cached(home)
    kept.with_name(f"{kept.name}.{os.getpid()}").write_bytes(b"half")
    kept.unlink()
    assert load(folder) == good
    assert load(folder) == good
