"""Measures what matching costs: its share of a whole run, whole runs with 300 vendor names against runs with 30,000, and with a list of
20,000 names that was imported against the shipped ones, in alternation:

python benchmarks/matching.py --components 10000 --runs 5
"""

import json
import os
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

HERE = Path(__file__).parent
FEW, MANY = 300, 30_000
IMPORTED = 20_000
NAMES_EACH = 30
"""Names of one made-up vendor."""

SHARE = """
import sys, time
from sbomguard import check, matchers, pack, source
from sbomguard.matchers import net
from sbomguard.reports import Style, render
spent = dict.fromkeys(("matching", "safety net"), 0.0)
def timed(run, what):
    def wrapped(*given):
        start = time.process_time()
        found = list(run(*given))
        spent[what] += time.process_time() - start
        return found
    return wrapped
matchers.match_all = timed(matchers.match_all, "matching")
net.mentions = timed(net.mentions, "safety net")
verdict = check.check([source.read_file(sys.argv[1])], pack.load(), today="2026-11-21", digests=False)
render("text", verdict, Style(version="0"))
print(*spent.values(), time.process_time())
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
        print_import(document, room, options.runs, environment)


def read_options() -> Namespace:
    parser = ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--components", type=int, default=10_000, metavar="N")
    parser.add_argument("--format", default="cyclonedx-json", help="as of make.py")
    parser.add_argument("--style", default="syft", help="as of make.py")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="measured runs of each; the median counts")
    return parser.parse_args()


def print_shares(document: Path, runs: int, environment: dict[str, str]) -> None:
    """The shares of matching, and of the scan of all bytes for vendors' names, in the CPU time of one process from its start."""
    rows = []
    for _ in range(runs + 1):  # the first run compiles and warms
        out = subprocess.run([sys.executable, "-c", SHARE, str(document)], check=True, capture_output=True, text=True, env=environment)
        rows.append(tuple(map(float, out.stdout.split()[-3:])))
    print("| shipped lists | CPU s | of the whole |\n|---|--:|--:|")
    matching, net, whole = ([row[number] for row in rows[1:]] for number in range(3))
    both = [sum(row[:2]) for row in rows[1:]]
    for what, spent in (("matching", matching), ("safety net", net), ("both", both), ("whole run", whole)):
        print(f"| {what} | {median(spent):.3f} | {median(a / b for a, b in zip(spent, whole, strict=True)):.1%} |")
    print()


def print_growth(document: Path, folders: dict[int, Path], runs: int, environment: dict[str, str]) -> None:
    """CPU seconds of whole runs with each pack, and the ratio round by round."""
    print_table({f"{number} names": ("--policy", str(folder), "--list", "made-up") for number, folder in folders.items()},
                document, runs, environment)  # fmt: skip


def print_import(document: Path, room: Path, runs: int, environment: dict[str, str]) -> None:
    """CPU seconds of an import of IMPORTED names, and of whole runs with what came of it, upon the shipped lists and alone."""
    names, folder = room / "names.txt", room / "imported"
    draw = Random(IMPORTED)
    made = list(dict.fromkeys(made_up_name(draw) for _ in range(2 * IMPORTED)))[:IMPORTED]
    names.write_text("".join(f"{name}\n" for name in made), encoding="utf-8")
    spent = cpu(("policy", "import", str(names), "-o", str(folder), "--id", "made"), environment)
    print(f"import of {IMPORTED} names: {spent:.2f} CPU s\n")
    mine = ("--policy", str(folder))
    print_table({"shipped lists": (), "imported upon them": mine, "imported alone": (*mine, "--policy-alone")}, document, runs, environment)


def print_table(kinds: dict[str, tuple[str, ...]], document: Path, runs: int, environment: dict[str, str]) -> None:
    """CPU seconds of a check with each of the options, in alternation, and what they are of those of the first, round by round."""
    rows = [{kind: cpu(("check", str(document), *options), environment) for kind, options in kinds.items()} for _ in range(runs + 1)][1:]
    first = next(iter(kinds))
    print("| check with | CPU s | of the first (range) |\n|---|--:|--:|")
    for kind in kinds:
        ratios = [row[kind] / row[first] for row in rows]
        print(f"| {kind} | {median(row[kind] for row in rows):.3f} | {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}) |")
    print()


def cpu(arguments: tuple[str, ...], environment: dict[str, str]) -> float:
    """CPU seconds of one whole run of `sbomguard`."""
    command = [sys.executable, str(HERE / "measure.py"), os.devnull, os.devnull, "0", sys.executable, "-m", "sbomguard", *arguments]
    out = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    status, spent, *_ = out.stdout.split()
    if status not in ("0", "1", "3"):
        raise SystemExit(f"sbomguard {' '.join(arguments)} ended with {status}")
    return float(spent)


# ---- made-up vendors


def write_pack(folder: Path, number: int) -> Path:
    """A policy folder with so many names of made-up vendors, each name also a domain, an account and a word."""
    words = made_up_words(Random(number))
    made = {f"made-{item}": [next(words) for _ in range(NAMES_EACH)] for item in range(number // NAMES_EACH)}
    for part, items in (("vendors", [vendor_of(name, held) for name, held in made.items()]), ("lists", list_of(list(made)))):
        (folder / part).mkdir(parents=True)
        (folder / part / "made-up.json").write_text(json.dumps(items), encoding="utf-8")
    return folder


def vendor_of(vendor: str, words: list[str]) -> dict[str, Any]:
    """A vendor of these names."""
    sourced = {"confidence": "single", "source": ["web"]}
    return {
        "vendor": vendor, "name": vendor.title(), "summary": "A made-up vendor of the benchmark.", "sources": {"web": {"title": "none"}},
        "identities": [
            {"signal": "party", "match": "token", "kind": "legal", **sourced, "values": [word.title() for word in words]},
            {"signal": "domain", **sourced, "values": [f"{word}.example" for word in words]},
            {"signal": "forge", **sourced, "values": [f"github.com/{word}" for word in words]},
            {"signal": "word", "match": "token", "strength": "mention", "relation": "about", **sourced, "values": words},
        ],
        "examples": {
            "made-by": [{"name": "part", "supplier": words[0].title()}], "clear": [{"name": "part", "supplier": "Example Works"}],
        },
    }  # fmt: skip


def list_of(vendors: list[str]) -> dict[str, Any]:
    """A list with an entry for each vendor."""
    meaning = "A list for the benchmark, which says nothing of anybody."
    document = {"number": "none", "date": "2026-01-01"}
    return {
        "list": "made-up", "title": "Made-up list", "authority": "Nobody", "legal_basis": "none", "addressee": "nobody",
        "jurisdiction": "US", "status": "in-force", "snapshot": {**document, "url": "https://example.com/none"}, "meaning": meaning,
        "entries": [
            {"entry": vendor, "title": vendor, "vendors": [vendor], "since": "2026-01-01", "covers": ["software"], "otherwise": "review",
             "documents": [document], "meaning": meaning, "confidence": "single"}
            for vendor in vendors
        ],
    }  # fmt: skip


def made_up_name(draw: Random) -> str:
    """One to three words and a legal form, as sanction lists write companies."""
    words = [
        "".join(draw.choice("bdfgklmnprstvz") + draw.choice("aeiou") for _ in range(draw.randint(2, 4))) for _ in range(draw.randint(1, 3))
    ]
    return f"{' '.join(words).title()} {draw.choice(('Co., Ltd.', 'GmbH', 'LLC', 'JSC', 'Technology Co., Ltd.', 'FZE', 'Ltd'))}"


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
