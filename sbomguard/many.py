"""Many inputs looked at by several processes, an input at a time each; the answer is that of one process, byte for byte.

An input is looked at by itself. Those for which it may matter what other inputs there are (`links.tied`) are looked at again, together, by
the process that started the others. Processes are plain `multiprocessing` ones with a pipe each: it is known which input one died of, and
neither threads nor semaphores are needed: a time limit or an interrupt ends the whole at once, and a missing /dev/shm does not matter.
"""

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from sbomguard.check import Seen, Terms, look
from sbomguard.errors import SbomguardError, SourceError
from sbomguard.finding import Finding
from sbomguard.gather import gather
from sbomguard.inputs import Input
from sbomguard.links import Outline, outline, tied
from sbomguard.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

PAYS = 4 << 20
"""Bytes of all inputs from which on several processes take less time than one (benchmarks/many.py)."""
MOST = 8
"""Processes that are started unless a number is asked for: each takes memory for the document that it reads."""

Open = Callable[[Input], Source | SbomguardError]


class Part(Struct, frozen=True):
    """What one input shows by itself: what `look` tells of it, and the outlines of its documents."""

    seen: tuple[Seen, ...]
    outlines: tuple[Outline, ...]


def processes(found: Sequence[Input], wanted: int | None) -> int:
    """How many processes to look at those inputs with; `wanted` is what the user asks for, None what pays."""
    if wanted is None and (len(found) < 2 or sum(map(_size, found)) < PAYS):
        return 1
    return min(len(found), wanted or min(_cores(), MOST))


def _size(item: Input) -> int:
    try:
        return os.stat(item.path).st_size
    except OSError:  # standard input, or it cannot be read: who opens it will say so
        return 0


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def look_at(found: Sequence[Input], opening: Open, number: int, seconds: int, terms: Terms) -> Iterable[Seen]:
    """What each input shows, in their order, as `look` tells it, found by that many processes; by this one where they cannot be started.

    `opening` opens an input. No process lives longer than `seconds`. Raises what looking at the first input that failed so raised, and
    SourceError for the first whose process died. Standard input, which only this process has, is looked at before the others are started,
    and so is the smallest file: what is loaded for it need not be loaded by each of them.
    """
    kept = {number: opening(item) for number, item in enumerate(found) if item.path == "-"}

    def opened(number: int) -> Source | SbomguardError:
        return kept[number] if number in kept else opening(found[number])

    answers: dict[int, Part | BaseException] = {number: part(source, terms) for number, source in kept.items()}
    smallest = min((number for number in range(len(found)) if number not in kept), key=lambda number: _size(found[number]))
    with suppress(Exception):  # it is looked at again, and told in its turn
        answers[smallest] = part(opening(found[smallest]), terms)
    with _crew(number, opening, terms, seconds) as crew:
        if len(crew) < 2:
            return look(gather(map(opened, range(len(found)))), terms)
        _share(crew, found, answers)
    return joined([_sound(answers[number]) for number in sorted(answers)], opened, terms)


def joined(parts: Sequence[Part], opened: Callable[[int], Source | SbomguardError], terms: Terms) -> Iterable[Seen]:
    """What all inputs show, those that are tied looked at again, together: all of them where a reference could mean two documents."""
    everything = list(range(len(parts)))
    seen = [part.seen[0] for part in parts]
    again = everything if any(len(part.seen) > 1 for part in parts) else tied([part.outlines for part in parts])
    told = list(look(gather(map(opened, again)), terms)) if again else []
    if len(told) > len(again) < len(everything):
        again, told = everything, list(look(gather(map(opened, everything)), terms))
    for number, item in zip(again, told, strict=False):
        seen[number] = item
    return (*seen, *told[len(again) :])


# ---- processes


class _Worker(Struct, frozen=True):
    process: "BaseProcess"
    pipe: "Connection[Any, Any]"


@contextmanager
def _crew(number: int, opening: Open, terms: Terms, seconds: int) -> "Iterator[list[_Worker]]":
    """Processes that wait for inputs, ended at the end of the block whatever happened; fewer, or none, where the system gives no more."""
    crew: list[_Worker] = []
    try:
        _hire(crew, number, (opening, terms, seconds))
        yield crew
    finally:
        for worker in crew:
            worker.process.kill()
        for worker in crew:
            worker.process.join()
            worker.pipe.close()


def _hire(crew: list[_Worker], number: int, arguments: tuple[Open, Terms, int]) -> None:
    try:
        from multiprocessing import get_context

        forks = _may_fork()
        context: Any = get_context("fork" if forks else "spawn")
        while len(crew) < number > 1:
            mine, theirs = context.Pipe()
            # A forked process has copies of all ends that are here: while they are open, nobody sees that this process is gone.
            ends = (*(worker.pipe for worker in crew), mine) if forks else ()
            process = context.Process(target=_work, args=(theirs, ends, *arguments), daemon=True)
            with _uninterrupted():
                process.start()
                crew.append(_Worker(process, mine))
            theirs.close()
    except (ImportError, OSError):  # no such thing here, or too many processes or files
        return


@contextmanager
def _uninterrupted() -> "Iterator[None]":
    """Keep an interrupt back until the end of the block; what is started in it knows of none."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _may_fork() -> bool:
    """Whether a copy of this process would be whole: on Linux, if no library has a thread besides.

    A fork costs milliseconds and shares the memory of the policies. Elsewhere (system libraries of macOS do not bear it, Windows has none)
    a new interpreter is started, at the cost of a small run.
    """
    try:
        return sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1
    except OSError:
        return False


def _work(pipe: "Connection[Any, Any]", ends: "tuple[Connection[Any, Any], ...]", opening: Open, terms: Terms, seconds: int) -> None:
    """Look at the inputs that come through the pipe until it is closed; what is raised goes back through it too."""
    for end in ends:
        end.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started this one is interrupted too, and ends it
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)
    while True:
        try:
            item = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            answer: object = part(opening(item), terms)
        except BaseException as error:
            answer = error
        try:
            pipe.send(answer)
        except OSError:
            return
        except Exception:  # it cannot be sent as it is
            pipe.send(RuntimeError(f"{type(answer).__name__}: {answer}"[:300]))


def part(source: Source | SbomguardError, terms: Terms) -> Part:
    """What an input shows by itself."""
    gathered = gather((source,))
    seen = tuple(_plain(item) for item in look(gathered, terms))
    return Part(seen, tuple(outline(*read) for read in gathered.documents))


def _plain(seen: Seen) -> Seen:
    """The same without what only this process has: signals that are made when they are asked for."""
    return replace(seen, shown=tuple(replace(item, findings=tuple(map(_settled, item.findings))) for item in seen.shown))


def _settled(finding: Finding) -> Finding:
    return replace(finding, component=replace(finding.component, signals=tuple(finding.component.signals)))


# ---- work


def _share(crew: list[_Worker], found: Sequence[Input], answers: dict[int, Part | BaseException]) -> None:
    """Add what each input that has no answer yet shows by itself. The first error, in the order of the inputs, is always among them."""
    from multiprocessing.connection import wait

    waiting = deque(number for number in range(len(found)) if number not in answers)
    busy: dict[Any, tuple[_Worker, int]] = {}

    def assign(worker: _Worker) -> None:
        if waiting:
            busy[worker.pipe] = worker, waiting.popleft()
            with suppress(OSError):  # it has died, as its pipe will tell
                worker.pipe.send(found[busy[worker.pipe][1]])

    for worker in crew:
        assign(worker)
    while busy:
        for pipe in wait(list(busy)):
            worker, number = busy.pop(pipe)
            answers[number] = _answer(worker, found[number])
            if isinstance(answers[number], BaseException):
                waiting.clear()  # an error ends the run; inputs before this one are under way
            assign(worker)


def _answer(worker: _Worker, item: Input) -> Part | BaseException:
    try:
        answer: Part | BaseException = worker.pipe.recv()
    except (EOFError, OSError):
        worker.process.join()
        code = worker.process.exitcode or 0
        how = f"was ended by signal {-code}" if code < 0 else f"ended with status {code}"
        return SourceError(
            f"was not checked to the end: the process that read it {how}", source=item.name,
            advice="If memory ran out, allow more of it, or fewer processes: --jobs 1",
        )  # fmt: skip
    return answer


def _sound(answer: Part | BaseException) -> Part:
    if isinstance(answer, BaseException):
        raise answer
    return answer
