"""Start: `python -m sbomguard` and the `sbomguard` command; the last word on the exit code."""

import os
import sys
from types import ModuleType


def main() -> None:
    """Run the command line and exit: 0, 1 or 3 as the verdict says, 2 for everything else, whatever happened."""
    import gc

    gc.disable()  # a run builds values and ends; collecting costs more than half of a large run
    code = 2
    try:
        _load_msgspec()
        from sbomguard.cli import run

        code = run(sys.argv[1:])
    except BaseException as error:  # a crash must never look like findings (1) or a pass (0)
        code = _last_word(error)
    _leave(code)


def _load_msgspec() -> None:
    """Import msgspec without modules that it brings and no run needs: typing_extensions adds nothing on our Pythons, platform only tells
    `uuid` what the system is called, and textwrap is for the docstrings in JSON Schemas."""
    stand_ins = {"typing_extensions": None, "textwrap": _Later("textwrap"), "platform": _Later("platform")}
    if hasattr(os, "uname"):
        vars(stand_ins["platform"])["system"] = lambda: os.uname().sysname
    put = {name: module for name, module in stand_ins.items() if name not in sys.modules}
    sys.modules.update(put)  # type: ignore[arg-type]  # None is the import system's word for "not there"
    try:
        import msgspec  # noqa: F401
    finally:
        for name in put:
            del sys.modules[name]


class _Later(ModuleType):
    """A module that is imported when something of it is asked for that was not put into it."""

    def __getattr__(self, name: str) -> object:
        from importlib import import_module

        return getattr(import_module(self.__name__), name)


def _last_word(error: BaseException) -> int:
    if isinstance(error, KeyboardInterrupt):
        text = "interrupted; nothing was checked to the end"
    elif isinstance(error, MemoryError):
        text = "out of memory; nothing was checked to the end"
    else:
        text = f"internal error: {type(error).__name__}: {error}"[:300]
    try:
        from sbomguard.reports.escape import terminal

        sys.stderr.write(f"sbomguard: error: {terminal(text)}\n")
    except BaseException:
        return 2
    return 2


def _leave(code: int) -> None:
    """Flush and go without taking the heap apart."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            code = 2
    os._exit(code)


if __name__ == "__main__":
    main()
