"""The fuzz targets on their seeds and on a few mutations of them, the same in every run: the long runs begin where this ends."""

import random

import pytest

from tests.fuzz import targets


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes with a stretch dropped, doubled, overwritten or moved."""
    start = chance.randrange(len(data) + 1)
    end = min(len(data), start + chance.choice((1, 1, 2, 4, 30, 300)))
    piece = chance.choice(
        (b"", data[start:end] * 2, bytes([chance.randrange(256)]), chance.choice((b'"', b"<", b"\n", b"\0", b"\xff", b"{}")))
    )
    return data[:start] + piece + data[end:]


@pytest.mark.parametrize("target", targets.TARGETS)
def test_nothing_but_our_errors_comes_out(target: str) -> None:
    chance = random.Random(1)
    for seed in targets.seeds(target):
        targets.run(target, seed)
        for _ in range(20):
            targets.run(target, mutated(seed, chance))
            if (changed := targets.changed_json(seed, chance)) is not None:
                targets.run(target, changed)


@pytest.mark.parametrize("target", ["json", "xml", "tagvalue", "yaml", "rdf", "spdx3", "wrapped"])
def test_every_seed_is_read(target: str) -> None:
    """A seed that is refused would leave most of its reader out of sight."""
    for seed in targets.seeds(target):
        assert targets.verdict(seed).documents
