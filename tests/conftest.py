"""What all tests share: a cache folder of the test run's own, and the shipped policies, compiled once."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from sbomguard import pack as packs
from sbomguard import policy

# No deadline: how fast a machine is proves nothing. No database: no run depends on an earlier one.
settings.register_profile("sbomguard", deadline=None, database=None, derandomize="CI" in os.environ)
settings.load_profile("sbomguard")


@pytest.fixture(scope="session", autouse=True)
def cache_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """XDG_CACHE_HOME for this run, its workers and its subprocesses: no test reads or writes the user's own cache."""
    base = tmp_path_factory.getbasetemp()
    home = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "cache"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(home))
        yield home


@pytest.fixture(scope="session")
def pack(cache_home: Path) -> packs.Pack:
    """The shipped policies with their index."""
    return packs.load()


@pytest.fixture(scope="session")
def shipped() -> policy.Policy:
    """The shipped policy files as they are written, with the identities and examples of each vendor."""
    return policy.parse(policy.read_files(policy.builtin_folder()))
