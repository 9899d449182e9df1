"""Waivers: findings that a named person answers for, with a reason and a last day."""

from msgspec import Struct

from sbomguard.errors import WaiverError
from sbomguard.model import Component
from sbomguard.purl import unversioned

MAX_DAYS = 366
"""Longest a waiver may run from today, in days: no waiver is for ever."""


class Waiver(Struct, frozen=True, kw_only=True):
    """One waiver, bound to a rule (`list/entry`) and to a component by purl (exact, without version unless it has one) or by name.

    `version` narrows it to one version; `expires` (YYYY-MM-DD) is the last day on which it holds; `origin` says where it was read.
    """

    rule: str
    reason: str
    owner: str
    expires: str
    purl: str = ""
    name: str = ""
    version: str = ""
    origin: str = ""

    def covers(self, rule: str, component: Component) -> bool:
        """Whether this waiver is about that rule and component (whatever the day)."""
        return (
            rule == self.rule
            and (not self.purl or self.purl in (component.purl, unversioned(component.purl)))
            and (not self.name or self.name == component.name)
            and (not self.version or self.version == component.version)
        )


def load(path: str, today: str) -> tuple[Waiver, ...]:
    """Read a waiver file (YAML: `waivers:` a list). Every fault raises WaiverError with its place; nothing is skipped."""
    from sbomguard import yamlfile

    data = yamlfile.load(path, "waivers.schema.json", WaiverError)
    waivers = tuple(
        Waiver(**{str(key): str(value) for key, value in item.items()}, origin=f"{path}#/waivers/{number}")
        for number, item in enumerate(data["waivers"])
    )
    seen: dict[tuple[str, ...], str] = {}
    for waiver in waivers:
        key = (waiver.rule, waiver.purl, waiver.name, waiver.version)
        if key in seen:
            raise WaiverError("repeats an earlier waiver", source=waiver.origin, advice=f"Remove it or {seen[key]}")
        seen[key] = waiver.origin
        _check_days(waiver, today)
    return waivers


def _check_days(waiver: Waiver, today: str) -> None:
    from datetime import date, timedelta

    try:
        last = date.fromisoformat(waiver.expires)
    except ValueError:
        raise WaiverError(f"'expires: {waiver.expires}' is no day", source=waiver.origin, advice="Write YYYY-MM-DD") from None
    if last > date.fromisoformat(today) + timedelta(days=MAX_DAYS):
        raise WaiverError(
            f"'expires: {waiver.expires}' is more than {MAX_DAYS} days away", source=waiver.origin, advice="Give an earlier day"
        )
