"""Policy files with their index in one compiled form, so that a run parses no YAML that did not change.

The compiled form is JSON, keyed by a digest of every policy file and of this program's version: another file, or another version, is
another key. It ships inside the package; for other folders it is kept in a cache folder of the user's own.
"""

import os
from pathlib import Path

import msgspec
from msgspec import Struct

from sbomguard import __version__, policy
from sbomguard.matchers.index import Index, build
from sbomguard.policy import Policy

SHIPPED = "compiled.json"


class Pack(Struct, frozen=True):
    """A policy and the index of its vendors; `key` says which files and program they were compiled from."""

    key: str
    policy: Policy
    index: Index


def load(folder: Path | None = None) -> Pack:
    """The pack of that folder, or the shipped one: compiled if that form is at hand and current, else parsed, checked and kept."""
    folder = folder or policy.builtin_folder()
    files = policy.read_files(folder)
    key = f"{__version__}-{policy.digest_of(files)}"
    for path in (folder / SHIPPED, _cache_path(key)):
        pack = _read(path, key)
        if pack is not None:
            return pack
    pack = compile_files(files, key)
    _keep(pack, _cache_path(key))
    return pack


def compile_files(files: dict[str, bytes], key: str) -> Pack:
    """Parse, check and index policy files."""
    parsed = policy.parse(files)
    return Pack(key, parsed, build(parsed.vendors.values()))


def write_shipped(folder: Path) -> None:
    """Write the compiled form beside the policy files of a package that is being built."""
    files = policy.read_files(folder)
    pack = compile_files(files, f"{__version__}-{policy.digest_of(files)}")
    (folder / SHIPPED).write_bytes(msgspec.json.encode(pack, order="deterministic"))


def _read(path: Path | None, key: str) -> Pack | None:
    """The compiled pack, unless it is missing, somebody else's, of another key, or broken: then the files are parsed again."""
    if path is None:
        return None
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return None
    with os.fdopen(handle, "rb") as stream:
        if hasattr(os, "getuid") and os.fstat(handle).st_uid not in (0, os.getuid()):
            return None
        data = stream.read()
    if not data.startswith(b'{"key":"' + key.encode() + b'"'):
        return None
    try:
        return msgspec.json.decode(data, type=Pack)
    except msgspec.MsgspecError:
        return None


def _cache_path(key: str) -> Path | None:
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or os.path.expanduser("~/.cache")
    return Path(base, "sbomguard", f"{key}.json") if os.path.isabs(base) else None


def _keep(pack: Pack, path: Path | None) -> None:
    """Keep the compiled pack for the next run; a folder that cannot be written is no error, only a slower start."""
    if path is None:
        return
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        scratch = path.with_name(f"{path.name}.{os.getpid()}")
        handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(msgspec.json.encode(pack, order="deterministic"))
        os.replace(scratch, path)
    except OSError:
        return
