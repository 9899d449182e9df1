"""Measures the first run of `sbomguard check` after an installation against an interpreter that only starts and ends:

python benchmarks/first.py --runs 9

It installs sbomguard with pip, from this source tree unless told otherwise, into an environment that it removes at the end.
"""

import shutil
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from run import HERE, NO_RATIOS, YARDSTICKS, Bench, Cost, made, measured, medians, ratios, surroundings

PASS = "`python -c pass`"
LEAST_RUNS = 5
HEADING = f"""\
| run | CPU s | wall s | peak MiB | ÷ CPU of {PASS} (range) | ÷ wall | ÷ peak |
|---|--:|--:|--:|--:|--:|--:|"""


class Start(NamedTuple):
    """How a check begins: with a cache folder of earlier runs or an empty one, with compiled modules or without, installed or from here."""

    cache: bool = False
    modules: bool = True
    installed: bool = True


STARTS = {
    "**first run after `pip install`**": Start(),
    "first run with no compiled modules": Start(modules=False),
    "first run of the source tree": Start(installed=False),
    "later run": Start(cache=True),
}


class Place(NamedTuple):
    """An environment that sbomguard is installed into, and a document."""

    bench: Bench
    environment: Path
    document: Path

    def command(self, name: str) -> list[str]:
        if name == PASS:
            return [str(self.environment / "bin" / "python"), "-c", YARDSTICKS[PASS]]
        return [str(self.environment / "bin" / "sbomguard"), "check", str(self.document)]

    def surroundings(self, start: Start) -> dict[str, str]:
        """The variables of a run, with everything taken away that it must not find."""
        cache = self.bench.folder / ("cache" if start.cache else "empty")
        if not start.cache:
            shutil.rmtree(cache, ignore_errors=True)
        if not start.modules:
            for folder in [*self.environment.rglob("__pycache__")]:
                shutil.rmtree(folder)
        kept = {**surroundings(self.bench), "XDG_CACHE_HOME": str(cache)}
        if not start.installed:
            return {**kept, "PYTHONPATH": str(HERE.parent)}  # before the installed one; its compiled modules are kept elsewhere
        return {name: value for name, value in kept.items() if name not in ("PYTHONPATH", "PYTHONPYCACHEPREFIX")}


def main() -> None:
    options = read_options()
    with TemporaryDirectory(prefix="sbomguard-bench-") as folder:
        bench = Bench(options.python, [], Path(folder), options.runs)
        environment = Path(folder, "environment")
        subprocess.run([options.python, "-m", "venv", str(environment)], check=True)
        subprocess.run([str(environment / "bin" / "python"), "-m", "pip", "install", "-q", options.package], check=True)
        place = Place(bench, environment, made(bench, "cyclonedx-json", "syft", options.components))
        starts = {PASS: Start(), **STARTS}
        done = [{name: one(place, name, start) for name, start in starts.items()} for _ in range(options.runs + 1)][1:]
    print(f"{options.components:,} components of CycloneDX JSON; medians of {options.runs} rounds.\n\n{HEADING}")
    for name in starts:
        costs = [each[name] for each in done]
        print(f"| {' | '.join([name, *medians(costs), *(NO_RATIOS if name == PASS else ratios(costs, [each[PASS] for each in done]))])} |")


def read_options() -> Namespace:
    parser = ArgumentParser(description="Measures the first run of `sbomguard check` after an installation.")
    parser.add_argument("--components", type=int, default=100, metavar="N", help="of the document (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=9, metavar="N", help="rounds, after one to warm up (default: %(default)s)")
    parser.add_argument("--python", default=sys.executable, metavar="FILE", help="interpreter to install for (default: this one)")
    parser.add_argument(
        "--package", default=str(HERE.parent), metavar="NAME", help="what pip installs: this source tree (default), a wheel, sbomguard==X"
    )
    options = parser.parse_args()
    if options.runs < LEAST_RUNS:
        parser.error(f"--runs needs at least {LEAST_RUNS}")
    return options


def one(place: Place, name: str, start: Start) -> Cost:
    """The cost of one run, which ends the benchmark if it is no proper one."""
    return measured(place.bench, name, place.command(name), name != PASS, place.surroundings(start))


if __name__ == "__main__":
    main()
