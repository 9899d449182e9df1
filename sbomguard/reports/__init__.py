"""Verdicts rendered: one module a format, one table that names them, loaded only when asked for."""

from importlib import import_module
from typing import TYPE_CHECKING, cast

from msgspec import Struct

from sbomguard.errors import UsageError

if TYPE_CHECKING:
    from typing import Protocol

    from sbomguard.verdict import Verdict

    class Report(Protocol):
        """What a report module offers: the whole report as text that ends with a line feed, a function of its arguments only."""

        def render(self, verdict: Verdict, style: "Style") -> str:
            """The verdict in this format."""


REPORTS = {
    "text": "sbomguard.reports.text",
    "json": "sbomguard.reports.json",
    "sarif": "sbomguard.reports.sarif",
}
"""Report name -> module. A new format is one module here that satisfies Report."""


COLORS = ("auto", "always", "never")
"""When the text report has colours."""


class Style(Struct, frozen=True, kw_only=True):
    """How to render: `version` is the tool's, `width` in columns for prose, `verbose` lists what is otherwise counted."""

    version: str
    color: bool = False
    width: int = 100
    verbose: bool = False


def render(name: str, verdict: "Verdict", style: Style) -> str:
    """The verdict in the format of that name. An unknown name raises UsageError."""
    if name not in REPORTS:
        raise UsageError(f"there is no report format '{name}'", advice=f"Known: {', '.join(REPORTS)}")
    return cast("Report", import_module(REPORTS[name])).render(verdict, style)
