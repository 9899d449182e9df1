"""What the command line takes from around it: the day, the terminal, the colours."""

import os
import sys
import time

from sbomguard.errors import UsageError


def today() -> str:
    """Today in UTC (YYYY-MM-DD); SOURCE_DATE_EPOCH, seconds since 1970, stands in for the clock in reproducible builds."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return time.strftime("%Y-%m-%d", time.gmtime())
    if not epoch.isdecimal() or not epoch.isascii() or len(epoch) > 11:
        raise UsageError(f"SOURCE_DATE_EPOCH is '{epoch}'", advice="It is seconds since 1970-01-01, digits only")
    return time.strftime("%Y-%m-%d", time.gmtime(int(epoch)))


def wants_color(choice: str) -> bool:
    """NO_COLOR and FORCE_COLOR decide over the terminal (no-color.org, force-color.org), the option over both."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (sys.stdout is not None and sys.stdout.isatty() and os.environ.get("TERM") != "dumb")


def width() -> int:
    """Columns for prose: the terminal's, at most 120; 100 where there is none."""
    try:
        return min(os.get_terminal_size(sys.stdout.fileno()).columns, 120)
    except (OSError, ValueError, AttributeError):
        return 100
