"""Policy files with their index in one compiled form, so that a run parses no YAML that did not change.

The compiled form is a line with its key, a digest of every policy file and of this program's version, and MessagePack behind it: another
file, or another version, is another key. What a run looks at only where something is found stays encoded until then. It ships inside the
package; for other folders it is kept in a cache folder of the user's own.
"""

import os
from typing import TYPE_CHECKING
from zlib import crc32

try:
    from _blake2 import blake2b  # that of hashlib without OpenSSL, which takes longer to load than the policies
except ImportError:
    from hashlib import blake2b

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sbomguard import __version__, policy
from sbomguard.errors import PolicyError
from sbomguard.matchers.index import Index
from sbomguard.packed import Packed, Shelf, pack_shelf
from sbomguard.policy import Folder, Layer, List, Policy, Profile, Vendor

if TYPE_CHECKING:
    from io import FileIO
    from mmap import mmap

SHIPPED = "compiled.pack"
FORM = 26
"""Number of the compiled form; raise it when the index or the normalisation of names changes."""


class Pack(Struct, frozen=True):
    """A policy and the index of its vendors; `key` says which files and program they were compiled from.

    `more` are the indexes of further folders: each folder has one of its own, so that what a team adds can hide nothing that the others
    meet. The vendors come without identities, which the indexes hold, and without examples, which only tests read.
    """

    key: str
    policy: Policy
    index: Index
    more: tuple[Index, ...] = ()

    @property
    def indexes(self) -> tuple[Index, ...]:
        """All indexes, in the order of the folders."""
        return (self.index, *self.more)

    def name_of(self, vendor: str) -> str:
        """The name of a vendor, or the title of the rule that names components, as the index of its folder has it."""
        return next(index.vendor_names[vendor] for index in self.indexes if vendor in index.vendor_names)


class _Kept(Struct, frozen=True):
    """A pack as it is kept: its policy in parts, for most runs need no vendor."""

    lists: dict[str, List]
    profiles: dict[str, Profile]
    folders: tuple[Folder, ...]
    vendors: Packed
    index: Index
    more: tuple[Index, ...]


def folder_name(path: str) -> str:
    """A folder as it is named in errors and reports: without slashes at its end, and never without a name."""
    name = path.rstrip("/") or "/."
    if not path or not name.isprintable():  # it stands in reports and in the compiled form
        raise PolicyError("is no plain text", source=ascii(path), advice="Name the folder by another path")
    return name


def load(*folders: str, shipped: bool = True, key_file: str = "") -> Pack:
    """The pack of the shipped folder with those folders upon it, a later one upon an earlier; without `shipped` of those alone.

    It is read in its compiled form if that is at hand and current, else parsed, checked and kept. With `key_file`, a public key in PEM,
    each of the folders must carry a signature by it; what was verified are the very bytes that are used. Raises PolicyError.
    """
    layers = read_layers(folders, shipped, key_file)
    home = policy.builtin_folder()
    form_key = key_for(layers)
    pack = (_read(os.path.join(home, SHIPPED), form_key, anyone=True) if not folders else None) or _read(_cache_path(form_key), form_key)
    if pack is None:
        pack = compile_layers(layers, form_key)
        _keep(pack, _cache_path(form_key))
    return pack


def read_layers(folders: tuple[str, ...], shipped: bool, key_file: str = "") -> tuple[Layer, ...]:
    """The folders as they are, the shipped one first."""
    layers = [Layer("", policy.read_files(policy.builtin_folder()))] if shipped else []
    for folder in dict.fromkeys(map(folder_name, folders)):
        files = policy.read_files(folder)
        layers.append(Layer(folder, files, _signer(folder, files, key_file) if key_file else ""))
    return tuple(layers)


def _signer(folder: str, files: dict[str, bytes], key_file: str) -> str:
    """The id of the pinned key, if the folder is signed by it."""
    from sbomguard import signing

    return signing.verify(files, signing.read_envelope(folder), signing.read_small(key_file), folder, key_file)


def key_for(layers: tuple[Layer, ...]) -> str:
    """What the compiled form of those folders is kept under: version, form, and a digest over the folders with all their files."""
    total = blake2b(digest_size=32)
    for layer in layers:
        total.update(f"{layer.path}\0{layer.signed_by}\0{len(layer.files)}\0".encode())
        for text in policy.to_digest(layer.files):
            total.update(text)
    return f"{__version__}-{FORM}-{total.hexdigest()}"


def compile_files(files: dict[str, bytes], key: str) -> Pack:
    """Parse, check and index the policy files of one folder that stands for itself."""
    return compile_layers((Layer("", files),), key)


def compile_layers(layers: tuple[Layer, ...], key: str) -> Pack:
    """Parse and check the folders upon each other, and index the vendors of each.

    The shipped folder is taken from its own compiled form, unless another folder overrides what stands in its index.
    """
    base = load() if len(layers) > 1 and not layers[0].path else None
    pack = _lay(layers, key, base)
    return _lay(layers, key, None) if base and _reindexes(pack.policy, base.policy) else pack


def _lay(layers: tuple[Layer, ...], key: str, base: Pack | None) -> Pack:
    """The pack of the layers, the first of which is `base` if that is given."""
    parsed = base.policy if base else None
    folders = list(base.policy.folders) if base else []
    for layer in layers[1:] if base else layers:
        parsed = policy.parse(layer.files, parsed, layer.path)
        told = policy.overrides_in(parsed, layer.path)
        digest = policy.digest_of(layer.files)
        folders.append(Folder(path=layer.path, digest=digest, files=len(layer.files), overrides=told, signed_by=layer.signed_by))
    assert parsed is not None  # there is a first layer
    indexes = [base.index if base and not layer.path else _index(parsed, layer) for layer in layers]
    slim = {name: replace(vendor, identities=(), false_friends=(), examples={}) for name, vendor in parsed.vendors.items()}
    stacked = replace(parsed, vendors=slim, folders=tuple(folders))
    return Pack(key, stacked, indexes[0], tuple(indexes[1:]))


def _reindexes(now: Policy, shipped: Policy) -> bool:
    """Whether what stands in the index of the shipped folder is overridden: a vendor, or a list that names components."""
    lists = (name for name, item in shipped.lists.items() if any(entry.components for entry in item.entries))
    return any(now.vendors[name].folder for name in shipped.vendors) or any(now.lists[name].folder for name in lists)


def _index(parsed: Policy, layer: Layer) -> Index:
    """The index of the vendors and rules that the files of the layer define and no later layer overrides."""
    from sbomguard.matchers.build import build

    rules = (
        (policy.rule_of(item, entry), entry)
        for item in parsed.lists.values()
        if item.folder == layer.path
        for entry in item.entries
        if entry.components
    )
    try:
        return build((vendor for vendor in parsed.vendors.values() if vendor.folder == layer.path), rules)
    except PolicyError as error:
        raise _with_line(error, {policy.named(layer.path, name): data for name, data in layer.files.items()}) from None


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
    layers = (Layer("", policy.read_files(folder)),)
    pack = compile_layers(layers, key_for(layers))
    with open(os.path.join(folder, SHIPPED), "wb") as stream:
        stream.write(_encoded(pack))


def _encoded(pack: Pack) -> bytes:
    found = pack.policy
    kept = _Kept(found.lists, found.profiles, found.folders, pack_shelf(found.vendors), pack.index, pack.more)
    body = msgspec.msgpack.encode(kept, order="deterministic")
    return f"{pack.key} {crc32(body):08x}\n".encode() + body


def _decoded(data: "bytes | mmap", key: str) -> Pack | None:
    """The pack of that key; None if it is of another, or broken."""
    line, _, _ = data[: len(key) + 10].partition(b"\n")
    body = memoryview(data)[len(line) + 1 :]
    if line != f"{key} {crc32(body):08x}".encode():
        return None
    try:
        kept = msgspec.msgpack.decode(body, type=_Kept)
    except msgspec.MsgspecError:
        return None
    vendors = Shelf(kept.vendors, Vendor)
    return Pack(key, Policy(vendors=vendors, lists=kept.lists, profiles=kept.profiles, folders=kept.folders), kept.index, kept.more)


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
    with os.fdopen(handle, "rb", buffering=0) as stream:
        status = os.fstat(handle)
        if not anyone and hasattr(os, "getuid") and status.st_uid != os.getuid():
            return None
        return _decoded(_mapped(stream) if status.st_size >= _LARGE else stream.read(), key)


_LARGE = 1 << 20
"""Bytes from which on a pack, as of imported lists, is mapped and not read: a run looks at little of it."""


def _mapped(stream: "FileIO") -> "bytes | mmap":
    from mmap import ACCESS_READ, mmap

    try:
        return mmap(stream.fileno(), 0, access=ACCESS_READ)  # it is replaced, never written to
    except (OSError, ValueError):  # a file system that maps nothing
        return stream.read()


def _cache_path(key: str) -> str:
    """Where compiled packs of this user are kept; empty where there is no such place."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or os.path.expanduser("~/.cache")
    return os.path.join(base, "sbomguard", f"{key}.pack") if os.path.isabs(base) else ""


def _keep(pack: Pack, path: str) -> None:
    """Keep the compiled pack for the next run; a folder that cannot be written is no error, only a slower start."""
    if not path:
        return
    scratch = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(_encoded(pack))
        os.replace(scratch, path)
    except OSError:
        return
