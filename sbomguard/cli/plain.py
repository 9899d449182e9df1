"""`check` with its common options, read without the option parser, which takes as long to load as a thousand components to check."""

from typing import Any

from sbomguard.cli.checking import Job, output_of
from sbomguard.finding import LEVELS
from sbomguard.reports import COLORS, REPORTS

_FLAGS = {
    "--policy-alone": "alone", "--exit-zero": "exit_zero", "--hook": "hook", "--strict": "strict", "--verbose": "verbose", "-v": "verbose",
}  # fmt: skip
_REPEATED = {
    "--list": "lists", "--profile": "profiles", "--policy": "folders", "--output": "outputs", "-o": "outputs",
}  # fmt: skip
_SINGLE = {
    "--product": "product", "--policy-key": "policy_key", "--waivers": "waivers", "--fail-on": "fail_on", "--format": "form", "-f": "form",
    "--color": "color",
}  # fmt: skip
_CHOICES = {"fail_on": LEVELS, "form": REPORTS, "color": COLORS}


def job_of(arguments: list[str]) -> Job | None:
    """What `check` is asked to do by the arguments behind it. None where that takes the parser: for help, for any other option or spelling,
    and for what is wrong. Raises UsageError for an output that is none.
    """
    paths: list[str] = []
    asked: dict[str, Any] = {}
    left = iter(arguments)
    for text in left:
        name, equals, value = text.partition("=") if text.startswith("--") else (text, "", "")
        if not text.startswith("-") or text == "-":
            paths.append(text)
        elif name in _FLAGS and not equals:
            asked[_FLAGS[name]] = True
        else:
            field = _REPEATED.get(name) or _SINGLE.get(name, "")
            value = value if equals else next(left, "")
            if not field or not value or value.startswith("-") or value not in _CHOICES.get(field, (value,)):
                return None
            asked[field] = (*asked.get(field, ()), value) if name in _REPEATED else value
    asked["outputs"] = tuple(map(output_of, asked.get("outputs", ())))
    return Job(paths=tuple(paths), **asked) if paths else None
