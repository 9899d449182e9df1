"""The command line: the only place that prints, reads the clock, and decides the exit code."""

import sys

from sbomguard import __version__
from sbomguard.verdict import ERROR, PASS


def run(arguments: list[str]) -> int:
    """Run the command line; the exit code. Nothing but --help, --version and a checked pass is 0."""
    if arguments == ["--version"]:
        sys.stdout.write(f"sbomguard {__version__}\n")
        return PASS
    import click

    from sbomguard.cli.commands import main
    from sbomguard.errors import SbomguardError

    try:
        code = main.main(arguments, prog_name="sbomguard", standalone_mode=False)
    except click.exceptions.Exit as wanted:
        return wanted.exit_code
    except click.ClickException as error:
        tell(f"{error.format_message()} See 'sbomguard --help'")
    except click.Abort:
        tell("interrupted; nothing was checked to the end")
    except SbomguardError as error:
        tell(str(error))
    else:
        return code if isinstance(code, int) else ERROR
    return ERROR


def tell(problem: str) -> None:
    """One line on standard error that says what is wrong; hostile characters in it are made visible."""
    from sbomguard.reports.escape import terminal

    if sys.stderr is not None:
        sys.stderr.write(f"sbomguard: error: {terminal(problem, 1000)}\n")
