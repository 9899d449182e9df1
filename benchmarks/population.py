"""Draws package names from lists, one name a line (the first column where there are more), and prints which of them give a finding:

python benchmarks/population.py pypi=NAMES.txt npm=OTHER.tsv.gz --draw 1000000 --today 2026-11-21

Each name becomes a package URL of its type. What is not the vendor's own among the findings is a false alarm, which a person has to tell.
"""

import gzip
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from urllib.parse import quote

from accuracy import print_names

from sbomguard import pack as packs
from sbomguard.policy import DEFAULT_LISTS


def main() -> None:
    options = read_options()
    pack = packs.load()
    chosen = DEFAULT_LISTS if options.default_lists else tuple(pack.policy.lists)
    purls = [purl for given in options.lists for purl in read_names(given)]
    purls = Random(options.seed).sample(purls, min(options.draw, len(purls)))
    print(f"lists: {', '.join(chosen)}")
    print_names(purls, pack, chosen, options.today)


def read_options() -> Namespace:
    parser = ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("lists", nargs="+", metavar="TYPE=FILE", help="a package URL type and a file of names, which may be gzipped")
    parser.add_argument("--draw", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--default-lists", action="store_true", help="hold against the lists that `check` takes, not against all there are")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--today", default=datetime.now(UTC).date().isoformat(), metavar="DATE")
    return parser.parse_args()


def read_names(given: str) -> Iterator[str]:
    """The package URLs of one list. Of npm a scope, of the others slashes stay what they are."""
    kind, _, path = given.partition("=")
    with gzip.open(path, "rt", encoding="utf-8") if path.endswith(".gz") else open(path, encoding="utf-8") as lines:
        for line in lines:
            if name := line.partition("\t")[0].strip():
                yield f"pkg:{kind}/{quote(name, safe='/')}"


if __name__ == "__main__":
    main()
