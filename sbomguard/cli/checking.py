"""`sbomguard check` without the options: inputs gathered, checked, and the reports written."""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from sbomguard import inputs, output, pack, readers, waiver
from sbomguard.check import check
from sbomguard.errors import DocumentError, NotAnSbomError, SbomguardError, UsageError
from sbomguard.reports import Style, render
from sbomguard.source import Source
from sbomguard.verdict import Allowance, Failure, Verdict


class Job(Struct, frozen=True, kw_only=True):
    """What to check and on which terms; days are YYYY-MM-DD."""

    paths: tuple[str, ...]
    lists: tuple[str, ...]
    folder: str | None
    waivers: str | None
    today: str
    as_of: str
    fail_on: str
    allowance: Allowance
    hook: bool
    digests: bool


def run(job: Job) -> Verdict | None:
    """The verdict; None where a hook passed nothing that is an SBOM."""
    waivers = waiver.load(job.waivers, job.today) if job.waivers else ()
    rules = pack.load(Path(job.folder) if job.folder else None)
    found = inputs.expand(job.paths) if job.paths or not job.hook else ()
    verdict = check(
        _sources(found, job.hook), rules,
        today=job.today, as_of=job.as_of, lists=job.lists, waivers=waivers, fail_on=job.fail_on, allowance=job.allowance,
        digests=job.digests,
    )  # fmt: skip
    if verdict.documents or verdict.failures:
        return verdict
    if job.hook:
        return None
    raise UsageError("there is no SBOM in what was named", source=" ".join(job.paths)[:200], advice="Name the SBOM files themselves")


def _sources(found: tuple[inputs.Input, ...], hook: bool) -> Iterator[Source | SbomguardError]:
    """The sources, errors in their places; what is clearly no SBOM is passed over where nobody said that it is one."""
    for item in found:
        try:
            source = item.read()
        except SbomguardError as error:
            yield error
            continue
        if not (hook or not item.named) or _is_meant(source, named=item.named):
            yield source


def _is_meant(source: Source, *, named: bool) -> bool:
    """Whether the bytes want to be an SBOM. A broken file that nobody named counts only if it bears the marks of one."""
    try:
        readers.reader_of(source)
    except NotAnSbomError:
        return False
    except DocumentError:
        return named or readers.has_marks(source)
    return True


def write(verdict: Verdict, form: str, files: tuple[tuple[str, str], ...], style: Style, job: Job) -> None:
    """Write every report: files first, so that a reader of standard output finds them there."""
    names = tuple(document.path for document in verdict.documents)
    plain = Style(version=style.version, width=100, verbose=style.verbose)
    for wanted, path in files:
        output.write_file(path, render(wanted, verdict, plain), names)
    if verdict.documents or form != "text":
        output.write_stdout(render(form, verdict, style))


def sentence(failure: Failure) -> str:
    """The error of an input as one line."""
    return str(SbomguardError(failure.problem, source=failure.path, pointer=failure.pointer, advice=failure.advice))
