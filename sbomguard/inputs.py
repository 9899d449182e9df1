"""From the paths on a command line to sources: files, folders, patterns and standard input."""

import os
from collections.abc import Iterator

from sbomguard.errors import SbomguardError, SourceError, UsageError
from sbomguard.limits import DEFAULTS, Limits, advice
from sbomguard.source import FOUND, NAMED, PASSED, Source, read_file, read_stdin, shown

ENDINGS = (
    *(".json", ".xml", ".spdx", ".cdx", ".jsonld", ".yaml", ".yml", ".rdf", ".bom", ".intoto"),
    *(".json.gz", ".json.zst", ".json.xz", ".xml.gz", ".xml.zst", ".xml.xz", ".spdx.gz", ".spdx.zst", ".spdx.xz", ".jsonl"),
    *(".spdx.tar.zst", ".spdx.tar.gz", ".spdx.tar.xz", ".spdx.tar", ".cdx.bin", ".cdx.pb", ".swidtag"),
)
"""Endings of files that a folder is searched for; whether one is an SBOM its bytes decide."""


class Input:
    """One file to check: `path`, and whether it was `named` (a file found in a folder may be something else than an SBOM)."""

    __slots__ = ("named", "path")

    def __init__(self, path: str, *, named: bool) -> None:
        self.path = path
        self.named = named

    @property
    def name(self) -> str:
        """The path as reports give it."""
        return shown(self.path)

    def read(self, limits: Limits = DEFAULTS) -> Source:
        """The bytes."""
        return read_stdin(limits) if self.path == "-" else read_file(self.path, limits)

    def open(self, *, hook: bool, limits: Limits = DEFAULTS) -> Source | SbomguardError:
        """The bytes and who says that they are an SBOM, a `hook` or who named them; or why they cannot be read."""
        try:
            source = self.read(limits)
        except SbomguardError as error:
            return error
        source.claim = PASSED if hook else NAMED if self.named else FOUND
        return source


def expand(paths: tuple[str, ...], limits: Limits = DEFAULTS) -> tuple[Input, ...]:
    """The inputs that paths stand for, sorted inside folders and patterns, each file once. A path that stands for nothing is an error."""
    if not paths:
        raise UsageError("no SBOM is named", advice="Give files, folders or '-'; see 'sbomguard check --help'")
    found: dict[str, Input] = {}
    for path in paths:
        for item in _expand(path, limits):
            found.setdefault(os.path.normpath(item.path) if item.path != "-" else "-", item)
    return tuple(found.values())


def _expand(path: str, limits: Limits) -> Iterator[Input]:
    if path == "-":
        yield Input("-", named=True)
    elif os.path.isdir(path):
        yield from (Input(name, named=False) for name in _files_in(path, limits))
    elif os.path.lexists(path) or not any(mark in path for mark in "*?["):
        yield Input(path, named=True)
    else:
        yield from _matching(path, limits)


def _matching(pattern: str, limits: Limits) -> Iterator[Input]:
    from glob import glob

    names = sorted(glob(pattern, recursive=True), key=os.fsencode)
    if not names:
        raise UsageError("matches no file", source=pattern)
    for name in names:
        if os.path.isdir(name):
            yield from (Input(inner, named=False) for inner in _files_in(name, limits))
        else:
            yield Input(name, named=True)


def _files_in(folder: str, limits: Limits) -> Iterator[str]:
    """Files with an SBOM's ending under a folder, in order; hidden folders and links to folders are not entered."""
    count = 0
    for base, folders, names in os.walk(folder, onerror=_refuse):
        folders[:] = sorted((name for name in folders if not name.startswith(".")), key=os.fsencode)
        for name in sorted(names, key=os.fsencode):
            if name.lower().endswith(ENDINGS) and os.path.isfile(os.path.join(base, name)):
                count += 1
                if count > limits.files:
                    raise SourceError(f"holds more than {limits.files} files", source=folder, advice=advice("files"))
                yield os.path.join(base, name)


def _refuse(error: OSError) -> None:
    raise SourceError(f"cannot be read: {error.strerror}", source=str(error.filename))
