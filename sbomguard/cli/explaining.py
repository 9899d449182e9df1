"""`sbomguard explain` and `sbomguard identify` without the option parser: what is meant is found, explained and written."""

from functools import partial

from msgspec import Struct

from sbomguard import __version__, gather, inputs, output, waiver
from sbomguard.cli import surroundings, tell_failure
from sbomguard.cli.checking import chosen, load, sources
from sbomguard.errors import UsageError
from sbomguard.explain import Explanation, Terms, explain, json, text
from sbomguard.explain.choose import choose
from sbomguard.explain.value import LONGEST, identify
from sbomguard.product import load as load_product
from sbomguard.reports import Style
from sbomguard.verdict import ERROR, PASS


class Question(Struct, frozen=True, kw_only=True):
    """On which terms to explain and how to write it; the defaults are those of `check`. The day is YYYY-MM-DD."""

    lists: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    product: str | None = None
    folders: tuple[str, ...] = ()
    alone: bool = False
    waivers: str | None = None
    as_of: str | None = None
    form: str = "text"
    verbose: bool = False
    color: str = "auto"

    def terms(self) -> Terms:
        """The lists and the day."""
        rules = load(self.folders, self.alone)
        lists = rules.policy.select(chosen(rules.policy, self.profiles, self.lists))
        sector = load_product(self.product).sector if self.product else ""
        today = surroundings.today()
        live = tuple(item for item in waiver.load(self.waivers, today) if item.expires >= today) if self.waivers else ()
        return Terms(pack=rules, lists=lists, day=self.as_of or today, sector=sector, waivers=live)


def explain_component(path: str, wanted: str, question: Question) -> int:
    """Explain the components of an input that are meant; 2 where there is none, or where part of the input could not be read."""
    terms = question.terms()
    gathered = gather.gather(sources(inputs.expand((path,)), hook=False))
    documents, failures = gathered.documents, gathered.failures
    for failure in failures:
        tell_failure(failure)
    if not documents:
        if not failures:
            raise UsageError("there is no SBOM in what was named", source=path[:200], advice="Name the SBOM file itself")
        return ERROR
    chosen = choose(documents, wanted)
    ways = gather.Lazily([document for _, document in documents], gathered.met)
    numbers = {id(document): number for number, (_, document) in enumerate(documents)}
    items = [
        item
        for source, document, components in chosen
        for item in explain(source, document, components, terms, partial(ways.to, numbers[id(document)]))
    ]
    _write([("", "", item) for item in items], terms, question)
    return ERROR if failures else PASS


def identify_values(values: tuple[str, ...], kind: str, question: Question) -> int:
    """Explain what each value would count as."""
    terms = question.terms()
    for value in values:
        if len(value) > LONGEST:
            raise UsageError(f"a value is {len(value)} characters long", advice=f"At most {LONGEST} are taken")
    answers = [(value, role, item) for value in dict.fromkeys(values) for role, item in identify(value, terms, kind)]
    _write(answers, terms, question)
    return PASS


def _write(explanations: list[tuple[str, str, Explanation]], terms: Terms, question: Question) -> None:
    """Write explanations, each with the value that was given and the place in which it stands (both empty for a component)."""
    lists = tuple(item.list for item in terms.lists)
    if question.form == "json":
        output.write_stdout(
            json.render([({"given": value, "as": role}, item) for value, role, item in explanations], lists, terms.day, __version__)
        )
        return
    style = Style(
        version=__version__, color=surroundings.wants_color(question.color), width=surroundings.width(), verbose=question.verbose
    )  # fmt: skip
    titled = [(f'"{value}" as {role}' if role else "", item) for value, role, item in explanations]
    output.write_stdout(text.render(titled, text.terms_in_words(lists, terms.day, terms.pack.indexes), style))
