"""`python -m tests.fuzz TARGET --seconds N`: atheris over one target; the corpus grows in a folder, a crash ends the run with its input."""

import argparse
import random
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["sbomguard"]):
    from tests.fuzz import targets


def mutate(data: bytes, size: int, seed: int) -> bytes:
    """Every second time as a tree, if it is JSON, else as bytes."""
    if seed % 2 and (changed := targets.changed_json(data, random.Random(seed))) is not None and len(changed) <= size:
        return changed
    mutated: bytes = atheris.Mutate(data, size)
    return mutated


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=sorted(targets.TARGETS))
    parser.add_argument("--seconds", type=int, default=15)
    parser.add_argument("--corpus", type=Path, required=True, help="folder that keeps inputs; seeds are put into it")
    wanted = parser.parse_args()
    wanted.corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(targets.seeds(wanted.target)):
        (wanted.corpus / f"seed-{number}").write_bytes(seed)
    options = [f"-max_total_time={wanted.seconds}", "-timeout=20", "-rss_limit_mb=2048", "-max_len=8192", "-print_final_stats=1",
               f"-artifact_prefix={wanted.corpus.parent}/crash-{wanted.target}-"]  # fmt: skip
    atheris.Setup(
        [sys.argv[0], *options, str(wanted.corpus)],
        lambda data: targets.run(wanted.target, data),
        custom_mutator=mutate if wanted.target in ("json", "spdx3", "wrapped") else None,
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
