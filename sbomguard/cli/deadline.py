"""The time that a run may take: when it is over, the run ends in exit code 2 and writes no report."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn


class TimeIsUpError(BaseException):
    """Not an Exception, so that no handler on the way takes it for the fault of one input."""


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Raise TimeIsUpError in the block after that many seconds, and each second from then on.

    It comes between two steps of Python: a C library that does not return is not stopped. No effect outside the main thread, and where
    the system has no timers (Windows).
    """
    try:
        import _signal as signal  # type: ignore[import-not-found]  # signal without enumerations, whose making takes longer
    except ImportError:
        import signal

    if not hasattr(signal, "setitimer"):
        yield
        return
    try:
        before = signal.signal(signal.SIGALRM, _end)
    except ValueError:  # not the main thread
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _end(*_: object) -> NoReturn:
    raise TimeIsUpError
