"""Writes a realistic SBOM of made-up parts, the same bytes for the same options:

python benchmarks/make.py --format cyclonedx-json --style syft --components 1000 --out bom.json
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from pathlib import Path

import cdxgen
import cdxxml
import syft
import tagvalue
import yocto
import yocto3
from parts import Product

Writer = Callable[[Product], Iterator[str]]

# A further format or style is one function that gives the document's text in pieces, and one line here.
WRITERS: dict[tuple[str, str], Writer] = {
    ("cyclonedx-json", "syft"): syft.cyclonedx,
    ("cyclonedx-json", "yocto"): yocto.cyclonedx,
    ("cyclonedx-json", "cdxgen"): cdxgen.cyclonedx,
    ("cyclonedx-xml", "syft"): cdxxml.writer(cdxxml.Layout(), syft.cyclonedx_members),
    ("cyclonedx-xml", "yocto"): cdxxml.writer(cdxxml.Layout(indent=2), yocto.cyclonedx_members),
    ("cyclonedx-xml", "cdxgen"): cdxxml.writer(cdxxml.Layout(indent=4), cdxgen.cyclonedx_members),
    ("spdx-json", "syft"): syft.spdx,
    ("spdx-json", "yocto"): yocto.spdx,
    ("spdx-tagvalue", "syft"): tagvalue.writer(syft.spdx_members),
    ("spdx3-jsonld", "yocto"): yocto3.spdx,
}


def main() -> None:
    options = read_options()
    product = Product(options.components, options.covered, options.seed)
    with options.out.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(WRITERS[options.format, options.style](product))


def read_options() -> Namespace:
    formats, styles = (list(dict.fromkeys(names)) for names in zip(*WRITERS, strict=True))
    parser = ArgumentParser(description="Writes a realistic SBOM of made-up parts, the same bytes for the same options.")
    parser.add_argument("--format", choices=formats, default=formats[0])
    parser.add_argument("--style", choices=styles, default=styles[0], help="the tool whose way of writing is imitated")
    parser.add_argument("--components", type=int, default=1000, metavar="N")
    parser.add_argument("--covered", type=int, default=0, metavar="K", help="so many of them from listed vendors (default: none)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")
    options = parser.parse_args()
    if (options.format, options.style) not in WRITERS:
        parser.error(f"{options.style} does not write {options.format}; there is: " + ", ".join(" of ".join(pair) for pair in WRITERS))
    if not 0 <= options.covered <= options.components or options.components < 1:
        parser.error("--components needs at least 1, --covered a number from 0 to --components")
    return options


if __name__ == "__main__":
    main()
