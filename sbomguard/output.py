"""Reports written so that nobody ever reads half of one: a file is complete or it is not there."""

import os
import stat
import sys

from sbomguard.errors import ReportError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO


def write_file(path: str, text: str, inputs: tuple[str, ...] = ()) -> None:
    """Write a report beside its final name, then move it there. Refuses to replace an input, a link, or what is no regular file."""
    _refuse_target(path, inputs)
    folder, name = os.path.split(path)
    scratch = os.path.join(folder, f".{name}.{os.getpid()}-{os.urandom(4).hex()}.part")  # in a container a process id comes again
    data = text.encode("utf-8", "backslashreplace")
    try:
        if not _write_nameless(folder or ".", scratch, data):
            _write_named(scratch, data)
        os.replace(scratch, path)
    except BaseException as error:
        _remove(scratch)
        if isinstance(error, OSError):
            raise ReportError(f"cannot be written: {error.strerror}", source=path, advice="Nothing was left behind") from None
        raise


def _write_nameless(folder: str, scratch: str, data: bytes) -> bool:
    """Write a file that has no name until it is whole, so that a kill leaves nothing; False where the system has no such files (open(2),
    O_TMPFILE)."""
    if not hasattr(os, "O_TMPFILE"):
        return False
    try:
        handle = os.open(folder, os.O_TMPFILE | os.O_WRONLY | os.O_CLOEXEC, 0o644)
    except OSError:
        return False
    with os.fdopen(handle, "wb") as stream:
        _fill(stream, data)
        try:
            os.link(f"/proc/self/fd/{handle}", scratch, src_dir_fd=handle)  # with a descriptor Python follows the link in /proc
        except OSError:
            return False
    return True


def _write_named(scratch: str, data: bytes) -> None:
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o644)
    with os.fdopen(handle, "wb") as stream:
        _fill(stream, data)


def _fill(stream: "BinaryIO", data: bytes) -> None:
    stream.write(data)
    stream.flush()
    os.fsync(stream.fileno())


def _refuse_target(path: str, inputs: tuple[str, ...]) -> None:
    try:
        status = os.lstat(path)
    except OSError:
        return
    if stat.S_ISLNK(status.st_mode) or not stat.S_ISREG(status.st_mode):
        raise ReportError("is not a regular file", source=path, advice="Name a new file; '-f NAME' writes to standard output")
    for name in inputs:
        if name != "-" and os.path.exists(name) and os.path.samefile(path, name):
            raise ReportError("is an input of this run", source=path, advice="Give the report another name")


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return


def write_stdout(text: str) -> None:
    """Write a report to standard output as UTF-8, whole. A reader that closed the pipe, or a full disk, is a ReportError."""
    stream = sys.stdout
    if stream is None:
        raise ReportError("standard output is closed")
    try:
        data = text.encode("utf-8", "backslashreplace")
        if hasattr(stream, "buffer"):
            stream.buffer.write(data)
            stream.buffer.flush()
        else:
            stream.write(text)
            stream.flush()
    except OSError as error:
        import errno

        _silence_stdout()
        why = "its reader closed it" if error.errno in (errno.EPIPE, errno.EINVAL) else error.strerror
        raise ReportError(f"standard output cannot be written: {why}") from None


def _silence_stdout() -> None:
    """Point standard output at nothing, so that Python does not try to flush it again at exit."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    except OSError:
        return
