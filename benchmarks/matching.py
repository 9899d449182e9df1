"""Measures what matching costs: its share of a whole run, and whole runs with 300 vendor names against runs with 30,000, in alternation:

python benchmarks/matching.py --components 10000 --runs 5
"""

import os
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

HERE = Path(__file__).parent
FEW, MANY = 300, 30_000
NAMES_EACH = 30
"""Names of one made-up vendor."""

SHARE = """
import sys, time
from sbomguard import check, matchers, pack, policy, source, unread
from sbomguard.matchers import match_all
from sbomguard.reports import Style, render
from sbomguard.cli import commands
rules = pack.load(sys.argv[2], shipped=False) if sys.argv[2] else pack.load()
lists = sys.argv[3:] or policy.DEFAULT_LISTS
spent = 0.0
def timed(run):
    def wrapped(*given):
        global spent
        start = time.process_time()
        found = list(run(*given))
        spent += time.process_time() - start
        return found
    return wrapped
matchers.match_all = timed(match_all)
check.unread.find = timed(unread.find)
verdict = check.check([source.read_file(sys.argv[1])], rules, today="2026-11-21", lists=tuple(lists), digests=False)
render("text", verdict, Style(version="0"))
print(spent, time.process_time())
"""
VENDOR = """\
vendor: {vendor}
name: {name}
summary: A made-up vendor of the benchmark.
sources: {{web: {{title: none}}}}
identities:
  - {{signal: party, match: token, kind: legal, confidence: single, source: [web], values: [{parties}]}}
  - {{signal: domain, confidence: single, source: [web], values: [{domains}]}}
  - {{signal: forge, confidence: single, source: [web], values: [{forges}]}}
  - {{signal: word, match: token, strength: mention, relation: about, confidence: single, source: [web], values: [{words}]}}
examples:
  made-by: [{{name: part, supplier: {first}}}]
  clear: [{{name: part, supplier: Example Works}}]
"""
LIST = """\
list: made-up
title: Made-up list
authority: Nobody
legal_basis: none
addressee: nobody
jurisdiction: US
status: in-force
snapshot: {{number: none, date: "2026-01-01", url: "https://example.com/none"}}
meaning: A list for the benchmark, which says nothing of anybody.
entries:
{entries}"""
ENTRY = """\
  - entry: {vendor}
    title: {vendor}
    vendors: [{vendor}]
    since: "2020-01-01"
    covers: [software]
    otherwise: review
    documents: [{{number: none, date: "2020-01-01"}}]
    meaning: An entry of the benchmark, which says nothing of anybody.
    confidence: single
"""


def main() -> None:
    options = read_options()
    with TemporaryDirectory() as scratch:
        room = Path(scratch)
        document = room / "bom.json"
        make = [sys.executable, str(HERE / "make.py"), "--components", str(options.components), "--out", str(document)]
        subprocess.run([*make, "--format", options.format, "--style", options.style], check=True)
        folders = {number: write_pack(room / str(number), number) for number in (FEW, MANY)}
        environment = {**os.environ, "XDG_CACHE_HOME": str(room / "cache")}
        print(f"{options.components} components, {document.stat().st_size} bytes, {options.format} ({options.style})\n")
        print_shares(document, options.runs, environment)
        print_growth(document, folders, options.runs, environment)


def read_options() -> Namespace:
    parser = ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--components", type=int, default=10_000, metavar="N")
    parser.add_argument("--format", default="cyclonedx-json", help="as of make.py")
    parser.add_argument("--style", default="syft", help="as of make.py")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="measured runs of each; the median counts")
    return parser.parse_args()


def print_shares(document: Path, runs: int, environment: dict[str, str]) -> None:
    """The share of matching, the scan of all bytes included, in the CPU time of one process from its start."""
    shares = []
    for _ in range(runs + 1):  # the first run compiles and warms
        out = subprocess.run([sys.executable, "-c", SHARE, str(document), ""], check=True, capture_output=True, text=True, env=environment)
        spent, whole = map(float, out.stdout.split()[-2:])
        shares.append((spent / whole, spent, whole))
    share, spent, whole = sorted(shares[1:])[runs // 2]
    print("| shipped lists | CPU s |\n|---|--:|")
    print(f"| matching | {spent:.3f} |\n| whole run | {whole:.3f} |\n| share | {share:.1%} |\n")


def print_growth(document: Path, folders: dict[int, Path], runs: int, environment: dict[str, str]) -> None:
    """CPU seconds of whole runs with each pack, and the ratio round by round."""
    rows = [{number: cpu(document, folder, environment) for number, folder in folders.items()} for _ in range(runs + 1)][1:]
    print("| names | CPU s |\n|---|--:|")
    for number in folders:
        print(f"| {number} | {median(row[number] for row in rows):.3f} |")
    ratios = [row[MANY] / row[FEW] for row in rows]
    print(f"| ratio | {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}) |")


def cpu(document: Path, folder: Path, environment: dict[str, str]) -> float:
    """CPU seconds of one whole `sbomguard check`."""
    command = [sys.executable, "-m", "sbomguard", "check", str(document), "--policy", str(folder), "--list", "made-up"]
    out = subprocess.run(
        [sys.executable, str(HERE / "measure.py"), os.devnull, "0", *command], check=True, capture_output=True, text=True, env=environment
    )
    status, spent, *_ = out.stdout.split()
    if status not in ("0", "3"):
        raise SystemExit(f"the check ended with {status}")
    return float(spent)


# ---- made-up vendors


def write_pack(folder: Path, number: int) -> Path:
    """A policy folder with so many names of made-up vendors, each name also a domain, an account and a word."""
    (folder / "vendors").mkdir(parents=True)
    (folder / "lists").mkdir()
    words = made_up_words(Random(number))
    vendors = [f"made-{item}" for item in range(number // NAMES_EACH)]
    for vendor in vendors:
        names = [next(words) for _ in range(NAMES_EACH)]
        (folder / "vendors" / f"{vendor}.yaml").write_text(
            VENDOR.format(
                vendor=vendor, name=vendor.title(), first=names[0].title(),
                parties=", ".join(map(str.title, names)), domains=", ".join(f"{name}.example" for name in names),
                forges=", ".join(f"github.com/{name}" for name in names), words=", ".join(names),
            ),
            encoding="utf-8",
        )  # fmt: skip
    entries = "".join(ENTRY.format(vendor=vendor) for vendor in vendors)
    (folder / "lists" / "made-up.yaml").write_text(LIST.format(entries=entries), encoding="utf-8")
    return folder


def made_up_words(draw: Random) -> Iterator[str]:
    """Words of four syllables that no part of a made-up product has, each once."""
    seen: set[str] = set()
    while True:
        word = "".join(draw.choice("bdfgklmnprstvz") + draw.choice("aeiou") for _ in range(4)) + draw.choice("qx")
        if word not in seen:
            seen.add(word)
            yield word


if __name__ == "__main__":
    main()
