"""`sbomguard check` without the option parser: inputs gathered, checked, and the reports written."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct

from sbomguard import __version__, inputs, output, pack
from sbomguard import check as checker
from sbomguard.cli import surroundings, tell, tell_failure
from sbomguard.cli.deadline import TimeIsUpError, within
from sbomguard.errors import SbomguardError, UsageError
from sbomguard.gather import Gathered, gather
from sbomguard.limits import DEFAULTS, Limits, advice
from sbomguard.policy import Policy
from sbomguard.reports import REPORTS, Style, render
from sbomguard.source import Source
from sbomguard.verdict import ERROR, FAIL, INCOMPLETE, INVALID, PASS, Allowance, Verdict

if TYPE_CHECKING:
    from sbomguard.product import Product
    from sbomguard.waiver import Waiver


class Job(Struct, frozen=True, kw_only=True):
    """What to check and on which terms; the defaults are the command's. Days are YYYY-MM-DD; `outputs` are (format, path).

    `jobs` is how many processes share the inputs, None as many as pay.
    """

    paths: tuple[str, ...]
    lists: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    product: str | None = None
    folders: tuple[str, ...] = ()
    alone: bool = False
    policy_key: str = ""
    max_policy_age: int | None = None
    last_pass: str = ""
    waivers: str | None = None
    as_of: str | None = None
    fail_on: str = "review"
    allowance: Allowance = Allowance()
    form: str = "text"
    outputs: tuple[tuple[str, str], ...] = ()
    exit_zero: bool = False
    hook: bool = False
    strict: bool = False
    verbose: bool = False
    color: str = "auto"
    limits: Limits = DEFAULTS
    jobs: int | None = None


def check(job: Job) -> int:
    """Check, write the reports, and tell errors; the exit code."""
    try:
        with within(job.limits.seconds):
            return _check(job)
    except TimeIsUpError:
        tell(f"the run took more than {job.limits.seconds} seconds; nothing was checked to the end. {advice('seconds')}")
        return ERROR


def _check(job: Job) -> int:
    found = inputs.expand(job.paths, job.limits) if job.paths or not job.hook else ()
    verdict = _verdict(job, found)
    if verdict is None:
        return PASS
    _write(verdict, job, tuple(item.path for item in found))
    for failure in verdict.failures:
        if failure.kind != INVALID:
            tell_failure(failure)
    for path in dict.fromkeys(failure.path for failure in verdict.failures if failure.kind == INVALID):
        tell(f"{path}: does not meet the specification of its format; the report says where")
    return PASS if job.exit_zero and verdict.exit_code in (FAIL, INCOMPLETE) else verdict.exit_code


def _verdict(job: Job, found: tuple[inputs.Input, ...]) -> Verdict | None:
    """The verdict; None where a hook passed nothing that is an SBOM."""
    today = surroundings.today()
    waivers = _waivers(job.waivers, today) if job.waivers else ()
    rules = load(job.folders, job.alone, job.policy_key)
    verdict = checker.check(
        _looker(found, job), rules,
        today=today, as_of=job.as_of or today, lists=chosen(rules.policy, job.profiles, job.lists), waivers=waivers,
        fail_on=job.fail_on, allowance=job.allowance, digests=bool(job.outputs) or job.form != "text", strict=job.strict,
        product=_product(job.product) if job.product else None, max_age=job.max_policy_age, last_pass=job.last_pass,
    )  # fmt: skip
    if verdict.documents or verdict.failures:
        return verdict
    if job.hook:
        return None
    raise UsageError("there is no SBOM in what was named", source=" ".join(job.paths)[:200], advice="Name the SBOM files themselves")


def _waivers(path: str, today: str) -> "tuple[Waiver, ...]":
    from sbomguard import waiver

    return waiver.load(path, today)


def _product(path: str) -> "Product":
    from sbomguard import product

    return product.load(path)


def load(folders: tuple[str, ...], alone: bool, key_file: str = "") -> pack.Pack:
    """The pack that the options name."""
    refuse_idle(folders, alone, key_file)
    return pack.load(*folders, shipped=not alone, key_file=key_file)


def refuse_idle(folders: tuple[str, ...], alone: bool, key_file: str = "") -> None:
    """Raise UsageError for an option that is about folders where none is named."""
    for option in ("--policy-alone",) * alone + ("--policy-key",) * bool(key_file):
        if not folders:
            raise UsageError(f"{option} is given without --policy", advice="Name the folder that it is about")


def output_of(text: str) -> tuple[str, str]:
    """The format and the path of a report, from FORMAT=PATH. Raises UsageError for anything else."""
    form, equals, path = text.partition("=")
    if not equals or not path or form not in REPORTS:
        raise UsageError(f"--output is '{text}'", advice=f"Give FORMAT=PATH; formats: {', '.join(REPORTS)}")
    return form, path


def chosen(policy: Policy, profiles: tuple[str, ...], lists: tuple[str, ...]) -> tuple[str, ...]:
    """The lists of the profiles and those named besides; without either the default ones. Raises UsageError for an unknown profile.

    What a team brings is left out only where lists are named.
    """
    named = (*(name for profile in profiles for name in policy.profile(profile).lists), *lists)
    return tuple(dict.fromkeys(named if lists else (*named, *policy.brought()) if profiles else policy.defaults()))


def sources(found: tuple[inputs.Input, ...], hook: bool, limits: Limits = DEFAULTS) -> Iterator[Source | SbomguardError]:
    """The sources, errors in their places."""
    return (item.open(hook=hook, limits=limits) for item in found)


def _looker(found: tuple[inputs.Input, ...], job: Job) -> Callable[[checker.Terms], Iterable[checker.Seen]]:
    """Who looks at the inputs: several processes where that pays."""
    if len(found) > 1:
        from sbomguard import many

        number = many.processes(found, job.jobs)
        if number > 1:
            return partial(many.look_at, found, partial(inputs.Input.open, hook=job.hook, limits=job.limits), number, job.limits.seconds)
    return partial(_look, sources(found, job.hook, job.limits))


_kept: list[Gathered] = []
"""What the last run read. The end of the process takes it back at once; to take a large document apart is a tenth of a run."""


def _look(opened: Iterable[Source | SbomguardError], terms: checker.Terms) -> Iterable[checker.Seen]:
    _kept[:] = [gather(opened)]
    return checker.look(_kept[0], terms)


def _write(verdict: Verdict, job: Job, paths: tuple[str, ...]) -> None:
    """Write every report: files first, so that a reader of standard output finds them there."""
    names = (*paths, *filter(None, (job.waivers, job.product)))
    plain = Style(version=__version__, width=100, verbose=job.verbose)
    for form, path in job.outputs:
        output.write_file(path, render(form, verdict, plain), names)
    if verdict.documents or job.form != "text":
        style = Style(version=__version__, color=surroundings.wants_color(job.color), width=surroundings.width(), verbose=job.verbose)
        output.write_stdout(render(job.form, verdict, style))
