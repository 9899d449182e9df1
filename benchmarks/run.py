"""Measures whole runs of `sbomguard check` against named yardsticks in alternation, and prints a Markdown table:

python benchmarks/run.py --sizes 100,1000,10000 --runs 5
"""

import os
import shlex
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

HERE = Path(__file__).parent
README = HERE / "README.md"
CHECK = "sbomguard check"
ORJSON = "import sys, orjson; orjson.loads(open(sys.argv[1], 'rb').read())"
LXML = "import sys, lxml.etree; lxml.etree.parse(sys.argv[1])"
YARDSTICKS = {
    "reading the bytes": "import sys; open(sys.argv[1], 'rb').read()",
    "`python -c pass`": "pass",
}
PACKAGES = ("sbomguard", "orjson", "lxml", "msgspec", "click", "PyYAML")
FACTS = """
import platform, sys
from importlib.metadata import PackageNotFoundError, version
print(platform.python_implementation(), platform.python_version())
for name in sys.argv[1:]:
    try:
        print(name, version(name))
    except PackageNotFoundError:
        pass
"""
# Python ends with 1 after these, as a check that found something does.
CRASHES = ("Traceback (most recent call last)", ": No module named ")
HEADING = """\
| document | components | bytes | run | status | CPU s | wall s | peak MiB | ÷ CPU (range) | ÷ wall | ÷ peak |
|---|--:|--:|---|--:|--:|--:|--:|--:|--:|--:|"""
NOTE = """\
The times come from a shared machine: only the ratios count. Each is {check} ÷ the yardstick of the same round; median of {runs} rounds."""


class Kind(NamedTuple):
    """A kind of document: its format and style in make.py, the parser that is its yardstick, and the format that this reads if another."""

    form: str
    style: str
    parser: str = "`orjson.loads`"
    code: str = ORJSON
    twin: str = ""


KINDS = {
    "CycloneDX JSON": Kind("cyclonedx-json", "syft"),
    "SPDX JSON": Kind("spdx-json", "syft"),
    "CycloneDX XML": Kind("cyclonedx-xml", "syft", "`lxml.etree.parse`", LXML),
    "CycloneDX XML, cdxgen": Kind("cyclonedx-xml", "cdxgen", "`lxml.etree.parse`", LXML),
    "CycloneDX XML, Yocto": Kind("cyclonedx-xml", "yocto", "`lxml.etree.parse`", LXML),
    "SPDX tag-value": Kind("spdx-tagvalue", "syft", "`orjson.loads` of its JSON twin", twin="spdx-json"),
    "SPDX 3 JSON-LD": Kind("spdx3-jsonld", "yocto"),
}
"""What is measured. A further document is one line here."""


class Cost(NamedTuple):
    """What one run cost; times in seconds, memory in bytes."""

    status: int
    cpu: float
    wall: float
    peak: float


Round = dict[str, Cost]
MEASURES: tuple[Callable[[Cost], float], ...] = (lambda cost: cost.cpu, lambda cost: cost.wall, lambda cost: cost.peak)
NO_RATIOS = ["", "", ""]
"""In the line of what the others are compared with."""


class Bench(NamedTuple):
    """Where and with what the runs happen."""

    python: str
    command: list[str]
    folder: Path
    runs: int

    @property
    def check(self) -> str:
        """The name of the command that is measured, without the place of its program."""
        return f"`{shlex.join([Path(self.command[0]).name, *self.command[1:]])}`" if self.command else f"`{CHECK}`"

    def commands(self, kind: Kind, document: Path, parsed: Path) -> dict[str, list[str]]:
        check = self.command or [self.python, "-m", *CHECK.split()]
        yardsticks = {name: [self.python, "-c", code, str(document)] for name, code in YARDSTICKS.items()}
        return {self.check: [*check, str(document)], kind.parser: [self.python, "-c", kind.code, str(parsed)], **yardsticks}


def main() -> None:
    options = read_options()
    with TemporaryDirectory(prefix="sbomguard-bench-") as folder:
        bench = Bench(options.python, shlex.split(options.command), Path(folder), options.runs)
        text = report(bench, options.documents, options.sizes)
    print(text)
    if options.write:
        write_table("table", text)


def report(bench: Bench, titles: list[str], counts: list[int]) -> str:
    """The facts, the table and how to take it."""
    note = NOTE.format(runs=bench.runs, check=bench.check)
    return "\n".join([facts(bench), "", HEADING, *rows(bench, titles, counts), "", note])


def read_options() -> Namespace:
    parser = ArgumentParser(description="Measures whole runs of `sbomguard check` against named yardsticks.")
    parser.add_argument("--sizes", type=sizes, default="100,1000,10000", metavar="N,...", help="components (default: %(default)s)")
    parser.add_argument(
        "--document", action="append", choices=KINDS, dest="documents", help="measure only this kind of document; may be repeated"
    )
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="rounds, after one to warm up (default: %(default)s)")
    parser.add_argument(
        "--python", default=sys.executable, metavar="FILE", help="interpreter with sbomguard, orjson and lxml (default: this one)"
    )
    parser.add_argument("--command", default="", help="measure this instead of `python -m sbomguard check`; the file is put behind it")
    parser.add_argument("--write", action="store_true", help="put the table between the markers of benchmarks/README.md too")
    options = parser.parse_args()
    if options.runs < 1:
        parser.error("--runs needs at least 1")
    options.documents = options.documents or list(KINDS)
    return options


def sizes(text: str) -> list[int]:
    return [int(size) for size in text.split(",")]


def facts(bench: Bench) -> str:
    """The versions of what was run, one sentence."""
    lines = subprocess.run([bench.python, "-c", FACTS, *PACKAGES], check=True, capture_output=True, text=True).stdout.splitlines()
    for name in ("orjson", "lxml"):
        if not any(line.startswith(f"{name} ") for line in lines):
            sys.exit(f"the yardstick {name} is not installed for this interpreter: pip install {name}")
    return f"Measured with {', '.join(lines)}."


def rows(bench: Bench, titles: list[str], counts: list[int]) -> Iterator[str]:
    for title in titles:
        for count in counts:
            print(f"{title}, {count:,} components ...", file=sys.stderr)
            kind = KINDS[title]
            document = made(bench, kind.form, kind.style, count)
            parsed = made(bench, kind.twin, kind.style, count) if kind.twin else document
            done = rounds(bench, bench.commands(kind, document, parsed))
            for name in done[0]:
                yield row(f"{title} | {count:,} | {document.stat().st_size:,}", name, bench.check, done)
            for path in {document, parsed}:
                path.unlink()


def made(bench: Bench, form: str, style: str, count: int) -> Path:
    """A document of this many parts in the temporary folder."""
    document = bench.folder / f"{style}-{count}.{form}"
    options = ["--format", form, "--style", style, "--components", str(count), "--out", str(document)]
    subprocess.run([sys.executable, str(HERE / "make.py"), *options], check=True)
    return document


def rounds(bench: Bench, commands: dict[str, list[str]], checks: Collection[str] = ()) -> list[Round]:
    """Every command once a round, in turn; the first round warms the caches and does not count. `checks` are named as checks."""
    checks = checks or (bench.check,)
    return [{name: measured(bench, name, command, name in checks) for name, command in commands.items()} for _ in range(bench.runs + 1)][1:]


def measured(bench: Bench, name: str, command: list[str], checks: bool, environment: dict[str, str] | None = None) -> Cost:
    """The cost of one run. One that `checks` may pass, fail or be incomplete (0, 1, 3); anything else ends the benchmark."""
    cost, said = timed(bench, command, environment=environment)
    if cost.status not in ((0, 1, 3) if checks else (0,)) or any(sign in said for sign in CRASHES):
        sys.exit(f"{name} ended with status {cost.status}:\n{said}")
    return cost


def timed(
    bench: Bench, command: list[str], seconds: int = 0, output: str = os.devnull, environment: dict[str, str] | None = None
) -> tuple[Cost, str]:
    """The cost of one run, which is killed after that many seconds if they are not 0, and what it said on standard error."""
    errors = bench.folder / "stderr"
    probe = [sys.executable, "-I", "-S", str(HERE / "measure.py"), output, str(errors), str(seconds), *command]
    printed = subprocess.run(probe, check=True, capture_output=True, text=True, env=environment or surroundings(bench)).stdout
    status, cpu, wall, peak = printed.split()
    return Cost(int(status), float(cpu), float(wall), float(peak)), errors.read_text("utf-8", "replace")


def surroundings(bench: Bench) -> dict[str, str]:
    """The environment of a run: compiled modules are kept, as after an installation, but not in the source tree."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")}
    return {**kept, "PYTHONPYCACHEPREFIX": str(bench.folder / "bytecode")}


def row(document: str, name: str, check: str, done: list[Round]) -> str:
    """One line of the table: medians of one command, and the ratios of the check to it."""
    mine, other = [each[check] for each in done], [each[name] for each in done]
    cells = [document, name, str(other[-1].status), *medians(other), *(NO_RATIOS if name == check else ratios(mine, other))]
    return f"| {' | '.join(cells)} |"


def medians(costs: list[Cost]) -> list[str]:
    """CPU and wall seconds and MiB."""
    cpu, wall, peak = (median(measure(cost) for cost in costs) for measure in MEASURES)
    return [f"{cpu:.3f}", f"{wall:.3f}", f"{peak / 2**20:.1f}"]


def ratios(mine: list[Cost], other: list[Cost]) -> list[str]:
    """How many times the CPU (with the range), the wall time and the memory of the other, round by round."""
    cpu, wall, peak = (spread([measure(one) / measure(two) for one, two in zip(mine, other, strict=True)]) for measure in MEASURES)
    return [" ".join(cpu), wall[0], peak[0]]


def spread(ratios: list[float]) -> tuple[str, str]:
    """The median, and the smallest and largest in brackets."""
    return f"**{median(ratios):.2f}**", f"({min(ratios):.2f}-{max(ratios):.2f})"


def write_table(name: str, table: str) -> None:
    """Put a table between the markers of that name in the README."""
    readme = README.read_text("utf-8")
    marks = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, begin, rest = readme.partition(marks[0])
    _, end, after = rest.partition(marks[1])
    if not begin or not end:
        sys.exit(f"{README} has no markers {' and '.join(marks)}")
    README.write_text(f"{before}{begin}\n{table}\n{end}{after}", "utf-8")


if __name__ == "__main__":
    main()
