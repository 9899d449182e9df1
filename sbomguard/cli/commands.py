"""The commands and their options, as `--help` shows them."""

import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from sbomguard import __version__, limits, waiver
from sbomguard.cli import checking, surroundings, tell
from sbomguard.errors import UsageError
from sbomguard.finding import LEVELS
from sbomguard.policy import CLASSES, DEFAULT_LISTS
from sbomguard.reports import COLORS, REPORTS
from sbomguard.verdict import Allowance

if TYPE_CHECKING:
    from sbomguard.cli.explaining import Question

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=_CONTEXT)
@click.version_option(__version__, message="sbomguard %(version)s")
def main() -> None:
    """Find components of covered vendors in the SBOMs of device firmware.

    Says who made each component, holds that against dated lists (the FCC Covered List first), and shows why. No network is used. This is
    not legal advice.
    """


_LISTS = click.option(
    "--list", "lists", multiple=True, metavar="ID",
    help=f"A list to check against; repeat for more. Default: {', '.join(DEFAULT_LISTS)}, and all lists of --policy folders.",
)  # fmt: skip
_PROFILE = click.option(
    "--profile", "profiles", multiple=True, metavar="ID", help="The lists of somebody in one position; repeat for more, or add --list."
)
_PRODUCT = click.option(
    "--product",
    "product_file",
    type=click.Path(),
    metavar="FILE",
    help="What is declared of the product: sector, origin, radio modules.",
)
_POLICY = click.option(
    "--policy", "folders", multiple=True, type=click.Path(), metavar="DIR",
    help="A folder with vendors/ and lists/ of your own, used with the shipped ones; what has the same id overrides. Repeat for more.",
)  # fmt: skip
_ALONE = click.option("--policy-alone", "alone", is_flag=True, help="Use the folders of --policy alone, without what is shipped.")
_AS_OF = click.option("--as-of", metavar="DATE", help="Use the lists as they stood on that day (YYYY-MM-DD). Default: today.")
_VERBOSE = click.option("-v", "--verbose", is_flag=True, help="List what is otherwise only counted.")
_WAIVERS = click.option(
    "--waivers", "waiver_file", type=click.Path(), metavar="FILE", help="Findings that a named person answers for (YAML)."
)
_COLOR = click.option("--color", type=click.Choice(COLORS), default="auto", show_default=True, help="Colour the text report.")


@main.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@_LISTS
@_PROFILE
@_PRODUCT
@_POLICY
@_ALONE
@click.option(
    "--policy-key", type=click.Path(), default="", metavar="FILE", help="Take --policy folders only as this public key signed them."
)
@click.option("--max-policy-age", type=click.IntRange(0), metavar="DAYS", help="Exit with 3 if a list is older.")
@_AS_OF
@click.option("--last-pass", metavar="DATE", help="Mark findings by entries that came after that day as new.")
@click.option("--fail-on", type=click.Choice(LEVELS), default="review", show_default=True, help="Lowest level that fails.")
@_WAIVERS
@click.option("--max-unidentified", metavar="N|N%", help="Exit with 3 if more components do not say who made them.")
@click.option(
    "-f", "--format", "form", type=click.Choice(tuple(REPORTS)), default="text", show_default=True, help="Report on standard output."
)
@click.option("-o", "--output", "outputs", multiple=True, metavar="FORMAT=PATH", help="Also write a report to a file; repeat for more.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 where findings or gaps would give 1 or 3; errors stay 2.")
@click.option("--hook", is_flag=True, help="For pre-commit: pass over files that are no SBOM.")
@click.option("--strict", is_flag=True, help="Also validate against the official schema or model of the format; exit with 2 if invalid.")
@click.option("--limit", "settings", multiple=True, metavar="NAME=N", help="Set a limit on what is read, e.g. bytes=2G; repeat for more.")
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="Processes that share the inputs. Default: as many as pay.")
@_VERBOSE
@_COLOR
def check(**asked: Any) -> int:
    """Check SBOMs: files, folders, patterns, or - for standard input.

    Exit codes: 0 pass; 1 a listed vendor's component at the level of --fail-on; 2 something could not be checked; 3 nothing failed, but the
    SBOM cannot answer the question (no components, no makers named, parts missing by its own words).
    """
    return checking.check(job_of(**asked))


def job_of(
    paths: tuple[str, ...],
    lists: tuple[str, ...],
    profiles: tuple[str, ...],
    product_file: str | None,
    folders: tuple[str, ...],
    alone: bool,
    policy_key: str,
    max_policy_age: int | None,
    as_of: str | None,
    last_pass: str | None,
    fail_on: str,
    waiver_file: str | None,
    max_unidentified: str | None,
    form: str,
    outputs: tuple[str, ...],
    exit_zero: bool,
    hook: bool,
    strict: bool,
    settings: tuple[str, ...],
    jobs: int | None,
    verbose: bool,
    color: str,
) -> checking.Job:
    """What those options of `check` ask for. Raises UsageError for a value that is none."""
    return checking.Job(
        paths=paths,
        lists=lists,
        profiles=profiles,
        product=product_file,
        folders=folders,
        alone=alone,
        policy_key=policy_key,
        max_policy_age=max_policy_age,
        last_pass=_day(last_pass, "--last-pass") if last_pass else "",
        waivers=waiver_file,
        as_of=_day(as_of) if as_of else None,
        fail_on=fail_on,
        allowance=_allowance(max_unidentified),
        form=form,
        outputs=tuple(map(checking.output_of, outputs)),
        exit_zero=exit_zero,
        hook=hook,
        strict=strict,
        verbose=verbose,
        color=color,
        limits=limits.changed(settings),
        jobs=jobs,
    )


_FORM = click.option(
    "-f", "--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True, help="How to write it."
)


def _asking(command: Callable[..., int]) -> Callable[..., int]:
    """The options that say what to hold a component against, and how to write the answer."""
    for option in (_COLOR, _VERBOSE, _FORM, _AS_OF, _WAIVERS, _ALONE, _POLICY, _PRODUCT, _PROFILE, _LISTS):
        command = option(command)
    return command


def _question(
    lists: tuple[str, ...], profiles: tuple[str, ...], product_file: str | None, folders: tuple[str, ...], alone: bool,
    waiver_file: str | None, as_of: str | None, form: str, verbose: bool, color: str,
) -> "Question":  # fmt: skip
    """What those options ask."""
    from sbomguard.cli.explaining import Question

    return Question(
        lists=lists, profiles=profiles, product=product_file, folders=folders, alone=alone, waivers=waiver_file,
        as_of=as_of and _day(as_of), form=form, verbose=verbose, color=color,
    )  # fmt: skip


@main.command()
@click.argument("path")
@click.argument("wanted", metavar="REF|PURL|NAME")
@_asking
def explain(path: str, wanted: str, **terms: Any) -> int:
    """Explain why a component of an SBOM is, or is not, a finding.

    Shows every value that was read of it, what it was brought to, what it met and what it nearly met, how the component stands to each
    vendor, which entries that concerns at which level, and the way from the product. Exit codes: 0 explained; 2 no such component, too
    many of that name, or something could not be read.
    """
    from sbomguard.cli import explaining

    return explaining.explain_component(path, wanted, _question(**terms))


@main.command()
@click.argument("values", nargs=-1, required=True, metavar="PURL|NAME...")
@click.option("--type", "kind", default="library", show_default=True, metavar="TYPE", help="CycloneDX type of the component it would be.")
@_asking
def identify(values: tuple[str, ...], kind: str, **terms: Any) -> int:
    """Say what values would count as in an SBOM: names, package URLs, CPE names, addresses, FCC IDs.

    A bare name is explained in each place in which it could stand. Exit codes: 0 explained; 2 a value that cannot be read.
    """
    from sbomguard.cli import explaining

    return explaining.identify_values(values, kind, _question(**terms))


@main.group()
def waivers() -> None:
    """Waivers: findings that a named person answers for."""


@waivers.command("check")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def check_waivers(files: tuple[str, ...]) -> int:
    """Check waiver files: nothing is printed for valid ones. Exit codes: 0 valid; 2 not.

    A waiver that has expired is told and counts as not valid: it no longer lifts anything.
    """
    today = surroundings.today()
    expired = [item for path in files for item in waiver.load(path, today) if item.expires < today]
    for item in expired:
        tell(f"{item.origin}: the waiver of {item.rule} for {item.purl or item.name} ended on {item.expires}. Renew or remove it")
    return 2 if expired else 0


@main.group()
def policy() -> None:
    """Vendor and list files: what stands in them, what is wrong with them, what has changed, and lists of others brought in."""


@policy.command("list")
@_POLICY
@_ALONE
@_AS_OF
@_FORM
@_COLOR
def list_policy(folders: tuple[str, ...], alone: bool, as_of: str | None, form: str, color: str) -> int:
    """List profiles, lists and vendors. Exit codes: 0 listed; 2 a folder cannot be read."""
    from sbomguard.cli import policies

    return policies.overview(policies.Terms(folders=folders, alone=alone, as_of=as_of and _day(as_of), form=form, color=color))


@policy.command("show")
@click.argument("wanted", metavar="[ID]", required=False)
@_POLICY
@_ALONE
@_AS_OF
@_FORM
@click.option("--markdown", "page", type=click.Choice(("lists", "vendors")), help="Write all lists, or all vendors, as a page of Markdown.")
@_VERBOSE
@_COLOR
def show_policy(
    wanted: str | None, folders: tuple[str, ...], alone: bool, as_of: str | None, form: str, page: str | None, verbose: bool, color: str
) -> int:  # fmt: skip
    """Show a profile, a list, an entry (LIST/ENTRY) or a vendor with all that its file says: days, documents, sources, confidence.

    Exit codes: 0 shown; 2 there is none of that id, or a folder cannot be read.
    """
    from sbomguard.cli import policies

    terms = policies.Terms(folders=folders, alone=alone, as_of=as_of and _day(as_of), form=form, verbose=verbose, color=color)
    return policies.page(page, terms) if page else policies.show_one(wanted or "", terms)


@policy.command("check")
@click.argument("folders", nargs=-1, metavar="[DIR]...")
@_AS_OF
@_FORM
@_VERBOSE
def check_policy(folders: tuple[str, ...], as_of: str | None, form: str, verbose: bool) -> int:
    """Check policy folders (default: the shipped one) and tell everything that is wrong with them, a line each, with file and line.

    They may name what is shipped, as with --policy.

    Beyond the schemas: values that normalise to nothing, are said twice, belong to two vendors or can never be met, false friends that
    deny an own value, days that run backwards, unused sources, and examples that do not come out as said. Exit codes: 0 nothing is
    wrong; 2 something is. What is told with 'info' is not wrong; -v tells each.
    """
    from sbomguard.cli import policies

    return policies.check(folders, policies.Terms(as_of=as_of and _day(as_of), form=form, verbose=verbose))


@policy.command("test")
@click.argument("folders", nargs=-1, metavar="[DIR]...")
@_AS_OF
@_FORM
def test_policy(folders: tuple[str, ...], as_of: str | None, form: str) -> int:
    """Run the examples of policy folders (default: the shipped one): each must come out under the relation under which it stands.

    Exit codes: 0 all do; 1 one does not, and why; 2 a folder is wrong or cannot be read.
    """
    from sbomguard.cli import policies

    return policies.test(folders, policies.Terms(as_of=as_of and _day(as_of), form=form))


@policy.command("diff")
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@click.option("--sbom", "paths", multiple=True, metavar="PATH", help="Also say what it changes for this SBOM; repeat for more.")
@click.option("--list", "lists", multiple=True, metavar="ID", help="A list to hold --sbom against; repeat for more. Default: all.")
@_POLICY
@_ALONE
@_AS_OF
@_FORM
@_VERBOSE
@_COLOR
def diff_policy(
    old: str, new: str, paths: tuple[str, ...], lists: tuple[str, ...], folders: tuple[str, ...], alone: bool, as_of: str | None,
    form: str, verbose: bool, color: str,
) -> int:  # fmt: skip
    """Say what changed from A to B: each is a day (YYYY-MM-DD) or a policy folder.

    A day is one of the shipped folder with those of --policy, a folder is read as of --as-of; where it names shipped vendors or lists, both
    sides stand upon the shipped folder. Exit codes: 0 compared, whatever changed; 2 something could not be read.
    """
    from sbomguard.cli import policies

    terms = policies.Terms(folders=folders, alone=alone, as_of=as_of and _day(as_of), form=form, verbose=verbose, color=color)
    return policies.diff(old, new, paths, lists, terms)


@policy.command("import")
@click.argument("path", metavar="FILE")
@click.option("-o", "--output", "folder", required=True, type=click.Path(), metavar="DIR", help="Folder for the files; new or empty.")
@click.option("--id", "identifier", metavar="ID", help="Begins the ids of lists and vendors. Default: csl, or the name of the file.")
@click.option("--form", "kind", type=click.Choice(("auto", "csl-json", "csl-csv", "names")), default="auto", show_default=True,
              help="What the file is: the Consolidated Screening List, or a name a line.")  # fmt: skip
@click.option("--title", default="", metavar="TEXT", help="What the list is called. Default: as the file says.")
@click.option("--authority", default="", metavar="TEXT", help="Who publishes it. Default: as the file says, or Ourselves.")
@click.option("--snapshot", metavar="DATE", help="The day of the file. Default: what it says itself, or today.")
@click.option("--covers", multiple=True, type=click.Choice(CLASSES), help="A class that the list prohibits as such; repeat for more.")
@click.option("--otherwise", type=click.Choice(("review", "note")), default="review", show_default=True, help="Level of any other class.")
@click.option("--force", is_flag=True, help="Replace files of the same names in a folder that is not empty.")
@_FORM
def import_policy(
    path: str, folder: str, identifier: str | None, kind: str, title: str, authority: str, snapshot: str | None, covers: tuple[str, ...],
    otherwise: str, force: bool, form: str,
) -> int:  # fmt: skip
    """Make vendor and list files of a list that somebody else publishes: FILE is the US Consolidated Screening List as JSON or CSV, or has
    one name a line.

    Names are compared whole; single words and names of two parties only support, names of persons are mentions. Rows that name no maker
    are kept as category entries. Exit codes: 0 written; 2 nothing was written.
    """
    from sbomguard.cli import policies

    request = policies.Request(
        path=path, folder=folder, id=identifier or "", kind=kind, title=title, authority=authority,
        day=_day(snapshot, "--snapshot") if snapshot else "", covers=covers, otherwise=otherwise, force=force, form=form,
    )  # fmt: skip
    return policies.take_in(request)


@policy.command("sign")
@click.argument("folder", metavar="DIR")
@click.option("--key", "key_file", type=click.Path(), required=True, metavar="FILE", help="Ed25519 private key in PEM.")
def sign_policy(folder: str, key_file: str) -> int:
    """Sign a policy folder (extra 'sign'), so that check --policy-key can tell whether it is unchanged.

    Exit codes: 0 signed; 2 not.
    """
    from sbomguard.cli import signing

    return signing.sign(folder, key_file)


@policy.command("verify")
@click.argument("folder", metavar="DIR")
@click.option("--key", "key_file", type=click.Path(), required=True, metavar="FILE", help="Ed25519 public key in PEM.")
def verify_policy(folder: str, key_file: str) -> int:
    """Say whether a policy folder is as that key signed it. Exit codes: 0 it is; 2 it is not."""
    from sbomguard.cli import signing

    return signing.verify(folder, key_file)


def _day(text: str, option: str = "--as-of") -> str:
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            time.strptime(text, "%Y-%m-%d")
            return text
    except ValueError:
        pass
    raise UsageError(f"{option} is '{text}'", advice="Give a day as YYYY-MM-DD")


def _allowance(text: str | None) -> Allowance:
    if text is None:
        return Allowance()
    number = re.fullmatch(r"([0-9]{1,9})(?:(\.[0-9]{1,3})?(%))?", text)
    if number is None or (number.group(3) and float(text[:-1]) > 100):
        raise UsageError(f"--max-unidentified is '{text}'", advice="Give a number such as 5, or a share such as 10%")
    return Allowance(percent=float(text[:-1])) if number.group(3) else Allowance(count=int(text))
