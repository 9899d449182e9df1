"""Measures `sbomguard check` of a folder of many SBOMs with one process and with as many as it takes by itself, in alternation:

python benchmarks/many.py --files 500 --runs 3
"""

import os
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import sleep

import syft
from parts import Product
from run import Bench, Cost, rounds, spread, surroundings

HEADING = """\
| run | wall s | CPU s | MB/s | components/s | times the throughput of `--jobs 1` (range) | peak MiB, all processes |
|---|--:|--:|--:|--:|--:|--:|"""


def main() -> None:
    options = read_options()
    with TemporaryDirectory(prefix="sbomguard-bench-") as folder:
        bench = Bench(options.python, [], Path(folder), options.runs)
        documents = Path(folder, "sboms")
        size = write(documents, options.files, options.components)
        check = [options.python, "-m", "sbomguard", "check", str(documents)]
        commands = {f"`--jobs {number}`": [*check, "--jobs", str(number)] for number in options.jobs} | {"default": check}
        about = f"{options.files} documents of {size / options.files / 1e6:.2f} MB, {os.cpu_count()} cores"
        print(f"{about}; medians of {options.runs} rounds.")
        print(f"\n{HEADING}")
        done = rounds(bench, commands, commands)
        first = [each[next(iter(commands))].wall for each in done]
        for name, command in commands.items():
            costs = [each[name] for each in done]
            print(row(name, costs, first, size, options.files * options.components, peak(bench, command)), flush=True)


def read_options() -> Namespace:
    parser = ArgumentParser(description="Measures `sbomguard check` of many SBOMs with one process and with several.")
    parser.add_argument("--files", type=int, default=500, metavar="N")
    parser.add_argument("--components", type=int, default=450, metavar="N", help="of each file (default: %(default)s, which is 1 MB)")
    parser.add_argument(
        "--jobs", type=numbers, default="1", metavar="N,...", help="besides the default; the first is what others are compared to"
    )
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="rounds, after one to warm up (default: %(default)s)")
    parser.add_argument("--python", default=sys.executable, metavar="FILE", help="interpreter with sbomguard (default: this one)")
    return parser.parse_args()


def numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def write(folder: Path, files: int, components: int) -> int:
    """Write that many different SBOMs, one in fifty with a covered component; their bytes together."""
    folder.mkdir()
    for number in range(files):
        product = Product(components, number % 50 == 0, seed=number + 1)
        with (folder / f"{number:05}.cdx.json").open("w", encoding="utf-8", newline="\n") as out:
            out.writelines(syft.cyclonedx(product))
    return sum(path.stat().st_size for path in folder.iterdir())


def row(name: str, costs: list[Cost], first: list[float], size: int, components: int, memory: str) -> str:
    wall = median(cost.wall for cost in costs)
    ratio = spread([one / cost.wall for one, cost in zip(first, costs, strict=True)])
    cpu = median(cost.cpu for cost in costs)
    return f"| {name} | {wall:.2f} | {cpu:.2f} | {size / wall / 1e6:.1f} | {components / wall:,.0f} | {' '.join(ratio)} | {memory} |"


def peak(bench: Bench, command: list[str]) -> str:
    """The largest memory of all processes of one more run, which is not timed. What they share counts once (PSS; Linux tells it)."""
    if not Path("/proc/self/smaps_rollup").exists():
        return ""
    most = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=surroundings(bench)) as run:
        while run.poll() is None:
            most = max(most, sum(map(memory_of, [run.pid, *children(run.pid)])))
            sleep(0.02)
    return f"{most / 1024:.0f}"


def children(pid: int) -> list[int]:
    try:
        return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
    except OSError:  # it has ended
        return []


def memory_of(pid: int) -> int:
    """KiB."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


if __name__ == "__main__":
    main()
