"""The command line: the only place that prints, reads the clock, and decides the exit code."""

import sys
from typing import TYPE_CHECKING

from sbomguard import __version__
from sbomguard.errors import SbomguardError
from sbomguard.verdict import ERROR, PASS, Failure

if TYPE_CHECKING:
    from sbomguard.cli.checking import Job


def run(arguments: list[str]) -> int:
    """Run the command line; the exit code. Nothing but --help, --version and a checked pass is 0."""
    if arguments == ["--version"]:
        sys.stdout.write(f"sbomguard {__version__}\n")
        return PASS
    if not arguments:
        tell("no command is given. See 'sbomguard --help'")
        return ERROR
    try:
        job = _plain_job(arguments)
        if job is None:
            return _parsed(arguments)
        from sbomguard.cli import checking

        return checking.check(job)
    except SbomguardError as error:
        tell(str(error))
    return ERROR


def _plain_job(arguments: list[str]) -> "Job | None":
    """What is to be checked, if it is `check` without options or with common ones: then the option parser, a fifth of a small run, is not
    loaded."""
    if arguments[0] != "check" or len(arguments) < 2:
        return None
    if not any(text.startswith("-") for text in arguments):
        from sbomguard.cli.checking import Job

        return Job(paths=tuple(arguments[1:]))
    from sbomguard.cli import plain

    return plain.job_of(arguments[1:])


def _parsed(arguments: list[str]) -> int:
    import click

    from sbomguard.cli.commands import main

    try:
        with main.make_context("sbomguard", list(arguments)) as context:  # main.main() would print a line of its own for Ctrl-C
            code = main.invoke(context)
    except click.exceptions.Exit as wanted:
        return wanted.exit_code
    except click.Abort:
        tell("interrupted; nothing was checked to the end")
        return ERROR
    except click.ClickException as error:
        command = getattr(getattr(error, "ctx", None), "command_path", "sbomguard")
        tell(f"{error.format_message()} See '{command} --help'")
        return ERROR
    return code if isinstance(code, int) else ERROR


def tell_failure(failure: Failure) -> None:
    """One line on standard error for an input that could not be checked."""
    tell(str(SbomguardError(failure.problem, source=failure.path, pointer=failure.pointer, advice=failure.advice)))


def tell(problem: str, kind: str = "error") -> None:
    """One line on standard error that says what is wrong, or odd; hostile characters in it are made visible."""
    from sbomguard.reports.escape import terminal

    if sys.stderr is not None:
        sys.stderr.write(f"sbomguard: {kind}: {terminal(problem, 1000)}\n")
