"""`sbomguard policy ...` without the option parser: folders read, reviewed, tried, compared and made, and the answers written."""

import os

from msgspec import Struct

from sbomguard import __version__, inputs, output, pack, policy
from sbomguard.cli import checking, surroundings, tell, tell_failure
from sbomguard.cli.checking import sources
from sbomguard.errors import PolicyError, UsageError
from sbomguard.policy import Layer, Policy
from sbomguard.reports import Style
from sbomguard.reports.escape import json_text
from sbomguard.schema import is_day, rules
from sbomguard.upkeep import answers, compare, intake, pages, review, screening, show, trials
from sbomguard.verdict import ERROR, FAIL, PASS


class Terms(Struct, frozen=True, kw_only=True):
    """What a command reads, as of which day (YYYY-MM-DD), and how it answers."""

    folders: tuple[str, ...] = ()
    alone: bool = False
    as_of: str | None = None
    form: str = "text"
    verbose: bool = False
    color: str = "auto"

    def day(self) -> str:
        """The day asked for, or today."""
        return self.as_of or surroundings.today()

    def policy(self) -> Policy:
        """The folders asked for upon each other, as their files have them: identities and examples included."""
        checking.refuse_idle(self.folders, self.alone)
        return _stacked(pack.read_layers(self.folders, not self.alone))

    def style(self) -> Style:
        """How text looks."""
        color = surroundings.wants_color(self.color)
        return Style(version=__version__, color=color, width=surroundings.width(), verbose=self.verbose)


def _stacked(layers: tuple[Layer, ...]) -> Policy:
    found: Policy | None = None
    for layer in layers:
        found = policy.parse(layer.files, found, layer.path)
    assert found is not None  # there is a first layer
    return found


def _is_shipped(folder: str) -> bool:
    return os.path.realpath(folder) == os.path.realpath(policy.builtin_folder())


def _write(form: str, data: object, text: str) -> int:
    output.write_stdout(json_text(data) if form == "json" else text)
    return PASS


def overview(terms: Terms) -> int:
    """All profiles, lists and vendors."""
    found = terms.policy()
    data = show.overview_data(found, terms.day()) if terms.form == "json" else {}
    return _write(terms.form, data, show.overview(found, terms.day(), terms.style()))


def show_one(wanted: str, terms: Terms) -> int:
    """What has that id."""
    if not wanted:
        raise UsageError("no id is given", advice="Give one that 'sbomguard policy list' shows")
    found = terms.policy()
    things = show.find(found, wanted)
    data = show.shown_data(things, terms.day()) if terms.form == "json" else {}
    return _write(terms.form, data, show.shown(things, found, terms.day(), terms.style()))


def page(name: str, terms: Terms) -> int:
    """All lists or vendors as Markdown."""
    found = terms.policy()
    output.write_stdout(pages.lists(found) if name == "lists" else pages.vendors(found))
    return PASS


def check(folders: tuple[str, ...], terms: Terms) -> int:
    """Tell what is wrong with each folder; 2 if anything is."""
    reviewed = [
        review.review(folder, terms.day(), None if _is_shipped(folder) else pack.load().policy)
        for folder in folders or (policy.builtin_folder(),)
    ]
    _write(terms.form, answers.review_data(reviewed), answers.review_text(reviewed, terms.verbose))
    return ERROR if any(fault.grade == review.ERROR for item in reviewed for fault in item.faults) else PASS


def test(folders: tuple[str, ...], terms: Terms) -> int:
    """Run the examples of each folder; 1 if one does not come out as it says."""
    outcomes = []
    for folder in folders or (policy.builtin_folder(),):
        if _is_shipped(folder):
            found, rules = _stacked(pack.read_layers((), True)), pack.load()
        else:
            name = pack.folder_name(folder)
            found = policy.part_of(policy.parse(policy.read_files(name), pack.load().policy, name), name)
            rules = pack.load(name)
        outcomes.append((folder, trials.run(found, rules.indexes[-1], terms.day())))
    _write(terms.form, answers.trials_data(outcomes), answers.trials_text(outcomes))
    return FAIL if any(outcome.failed for _, outcome in outcomes) else PASS


def diff(old: str, new: str, paths: tuple[str, ...], lists: tuple[str, ...], terms: Terms) -> int:
    """Tell what changed; 2 if an SBOM could not be read."""
    try:
        upon = False
        sides = (_side(old, terms, upon), _side(new, terms, upon))
    except PolicyError:  # they may name what is shipped
        upon = True
        sides = (_side(old, terms, upon), _side(new, terms, upon))
    changes = compare.compare(*sides)
    effect = None
    if paths:
        lists = lists or tuple(sorted({name for side in sides for name in side.policy.lists}))
        for name in lists:
            if not any(name in side.policy.lists for side in sides):
                sides[1].policy.select((name,))  # says what is near
        packs = tuple(_pack(name, terms, upon) for name in (old, new))
        held = sources(inputs.expand(paths), hook=False)
        effect = compare.effect(held, (packs[0], packs[1]), (sides[0].day, sides[1].day), lists)
        for failure in effect.failures:
            tell_failure(failure)
    _write(terms.form, answers.diff_data(sides, changes, effect), answers.diff_text(sides, changes, effect, terms.style()))
    return ERROR if effect is not None and effect.failures else PASS


def _side(name: str, terms: Terms, upon: bool) -> compare.Side:
    """One side; a folder for itself, or `upon` the shipped one."""
    if is_day(name):
        return compare.Side(name=name, policy=terms.policy(), day=name)
    if not os.path.isdir(name):
        raise UsageError(f"'{name}' is neither a day nor a folder", advice="Give YYYY-MM-DD, or a folder with vendors/ and lists/")
    return compare.Side(name=name, policy=_stacked(pack.read_layers((name,), upon)), day=terms.day())


def _pack(name: str, terms: Terms, upon: bool) -> pack.Pack:
    return checking.load(terms.folders, terms.alone) if is_day(name) else pack.load(name, shipped=upon)


class Request(Struct, frozen=True, kw_only=True):
    """What to import from where to where; `day` is that of the snapshot, empty where the file says it or it is today."""

    path: str
    folder: str
    id: str = ""
    kind: str = "auto"
    title: str = ""
    authority: str = ""
    day: str = ""
    covers: tuple[str, ...] = ()
    otherwise: str = "review"
    force: bool = False
    form: str = "text"


def take_in(request: Request) -> int:
    """Make a policy folder of a list."""
    name = os.path.basename(request.path)
    listing = screening.read(_bytes(request.path), request.path, request.kind)
    stem = intake.slug(name.rpartition(".")[0] or name) if listing.form == "names" else "csl"
    identifier = request.id or stem or "names"
    if not schema_id(identifier):
        raise UsageError(f"--id is '{identifier}'", advice="Give lower-case words with hyphens")
    terms = intake.Terms(
        id=identifier, day=request.day or listing.day or surroundings.today(), title=request.title, authority=request.authority,
        covers=request.covers, otherwise=request.otherwise, file=name,
    )  # fmt: skip
    made = intake.take_in(listing, terms)
    left = intake.write(made.files, request.folder, force=request.force)
    for oddity in made.oddities:
        tell(oddity, "note")
    for other in left:
        tell(f"{os.path.join(request.folder, other)} is not of this import, and was left as it was", "note")
    return _write(request.form, answers.intake_data(made, request.folder), answers.intake_text(made, request.folder))


def schema_id(text: str) -> bool:
    """Whether the text is an id as the schemas want it."""
    import re

    return re.search(rules("list.schema.json")["$defs"]["id"]["pattern"], text) is not None


def _bytes(path: str) -> bytes:
    try:
        with open(path, "rb") as stream:
            return stream.read(screening.MAX_BYTES + 1)
    except OSError as error:
        raise PolicyError(f"cannot be read: {error.strerror}", source=path) from None
