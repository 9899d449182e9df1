"""Start: `python -m sbomguard` and the `sbomguard` command; the last word on the exit code."""

import os
import sys
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


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
    """Import msgspec with stand-ins for what it imports and no run uses. A version that they do not suit is imported plainly later on."""
    import typing

    reference = typing.ForwardRef
    put: dict[str, ModuleType | None] = {}
    try:
        put.update((name, module) for name, module in _stand_ins().items() if name not in sys.modules)
        sys.modules.update(put)  # type: ignore[arg-type]  # None is the import system's word for "not there"
        # msgspec makes one, to see what can be given to it; the first that is really made loads all of Python's syntax tree
        typing.ForwardRef = lambda *_, **__: None  # type: ignore[assignment, misc]
        import msgspec  # noqa: F401
    except Exception:
        return
    finally:
        typing.ForwardRef = reference  # type: ignore[misc]
        for name, module in put.items():
            if sys.modules.get(name, ...) is module:
                del sys.modules[name]


def _stand_ins() -> dict[str, ModuleType | None]:
    """What stands in for which module, with the names that msgspec takes from it at once. The real ones come when they are asked for."""
    import _datetime  # type: ignore[import-not-found]  # the type checker knows only datetime

    return {
        "__future__": _Later("__future__", annotations=None),
        "datetime": _datetime,  # the same classes, without their twins in Python
        "decimal": _Later("decimal", Decimal=_Never),
        "msgspec._json_schema": _Later("msgspec._json_schema", "schema", "schema_components"),
        "msgspec.inspect": _Later("msgspec.inspect"),
        "msgspec.toml": _Later("msgspec.toml"),
        "msgspec.yaml": _Later("msgspec.yaml"),
        "typing_extensions": None,  # adds nothing on our Pythons
        "uuid": _Later("uuid", UUID=_Never, SafeUUID=_Never),
    }


class _Later(ModuleType):
    """A module that is imported when something of it is asked for that was not put into it, or one of those functions is called."""

    def __init__(self, name: str, *functions: str, **put: object) -> None:
        super().__init__(name)
        vars(self).update(put | {function: self._later(function) for function in functions})

    def __getattr__(self, name: str) -> "Any":
        from importlib import import_module

        if name.startswith("__"):  # the import system looks for some, and takes none for an answer
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)

    def _later(self, function: str) -> "Callable[..., Any]":
        return lambda *given, **named: self.__getattr__(function)(*given, **named)


class _Never:
    """The type of no value: msgspec asks of each value whether it is a Decimal or a UUID, and no document, policy or report holds one."""

    unknown = None


def _last_word(error: BaseException) -> int:
    if isinstance(error, KeyboardInterrupt):
        text = "interrupted; nothing was checked to the end"
    elif isinstance(error, MemoryError):
        text = "out of memory; nothing was checked to the end"
    else:
        text = f"internal error: {type(error).__name__}: {error}"[:300]
    try:
        sys.stderr.write(f"sbomguard: error: {_shown(text)}\n")
    except BaseException:
        return 2
    return 2


def _shown(text: str) -> str:
    try:
        from sbomguard.reports.escape import terminal
    except Exception:  # an installation that lacks something
        return ascii(text)[1:-1]
    return terminal(text)


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
