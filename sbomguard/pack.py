"""Policy files with their index in one compiled form, so that a run parses no YAML that did not change.

The compiled form is JSON, keyed by a digest of every policy file and of this program's version: another file, or another version, is
another key. It ships inside the package; for other folders it is kept in a cache folder of the user's own.
"""

import os

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sbomguard import __version__, policy
from sbomguard.errors import PolicyError
from sbomguard.matchers.index import Index, build
from sbomguard.policy import Policy

SHIPPED = "compiled.json"
FORM = 14
"""Number of the compiled form; raise it when the index or the normalisation of names changes."""


class Pack(Struct, frozen=True):
    """A policy and the index of its vendors; `key` says which files and program they were compiled from.

    The vendors come without identities, which the index holds, and without examples, which only tests read.
    """

    key: str
    policy: Policy
    index: Index


def load(folder: str | None = None) -> Pack:
    """The pack of that folder, or the shipped one: compiled if that form is at hand and current, else parsed, checked and kept."""
    home = folder or policy.builtin_folder()
    files = policy.read_files(home)
    key = key_for(files)
    pack = (_read(os.path.join(home, SHIPPED), key, anyone=True) if not folder else None) or _read(_cache_path(key), key)
    if pack is not None:
        return pack
    pack = compile_files(files, key)
    _keep(pack, _cache_path(key))
    return pack


def key_for(files: dict[str, bytes]) -> str:
    """What the compiled form of those files is kept under."""
    return f"{__version__}-{FORM}-{policy.digest_of(files)}"


def compile_files(files: dict[str, bytes], key: str) -> Pack:
    """Parse, check and index policy files."""
    parsed = policy.parse(files)
    try:
        index = build(parsed.vendors.values())
    except PolicyError as error:
        raise _with_line(error, files) from None
    slim = {name: replace(vendor, identities=(), false_friends=(), examples={}) for name, vendor in parsed.vendors.items()}
    return Pack(key, replace(parsed, vendors=slim), index)


def _with_line(error: PolicyError, files: dict[str, bytes]) -> PolicyError:
    """The error with the line of its place, which the index does not know."""
    from sbomguard import packfile

    if error.source not in files or not error.pointer:
        return error
    path = [int(part) if part.isdigit() else part for part in error.pointer.split("/")]
    line = packfile.line_of(files[error.source], path, error.source)
    return PolicyError(error.problem, source=error.source, pointer=line, advice=error.advice)


def write_shipped(folder: str) -> None:
    """Write the compiled form beside the policy files of a package that is being built."""
    files = policy.read_files(folder)
    pack = compile_files(files, key_for(files))
    with open(os.path.join(folder, SHIPPED), "wb") as stream:
        stream.write(msgspec.json.encode(pack, order="deterministic"))


def _read(path: str, key: str, *, anyone: bool = False) -> Pack | None:
    """The compiled pack, unless it is missing, another user's, of another key, or broken: then the files are parsed again.

    `anyone` trusts whoever owns the file: what ships beside this code is as trustworthy as the code.
    """
    if not path:
        return None
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return None
    with os.fdopen(handle, "rb") as stream:
        if not anyone and hasattr(os, "getuid") and os.fstat(handle).st_uid != os.getuid():
            return None
        data = stream.read()
    if not data.startswith(b'{"key":"' + key.encode() + b'"'):
        return None
    try:
        return msgspec.json.decode(data, type=Pack)
    except msgspec.MsgspecError:
        return None


def _cache_path(key: str) -> str:
    """Where compiled packs of this user are kept; empty where there is no such place."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or os.path.expanduser("~/.cache")
    return os.path.join(base, "sbomguard", f"{key}.json") if os.path.isabs(base) else ""


def _keep(pack: Pack, path: str) -> None:
    """Keep the compiled pack for the next run; a folder that cannot be written is no error, only a slower start."""
    if not path:
        return
    scratch = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(msgspec.json.encode(pack, order="deterministic"))
        os.replace(scratch, path)
    except OSError:
        return
