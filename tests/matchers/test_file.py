"""File names: exact stems and prefixes of libraries, drivers and blobs, wherever they lie."""

import pytest

from sbomguard.matchers.index import Index
from tests import made
from tests.made import signal


@pytest.fixture(scope="module")
def index() -> Index:
    return made.index_of(
        {"signal": "file", "values": ["libacmecore", "AcmeNetSDK", "acme_*", "wl18"]},
        {"signal": "file", "relation": "contributed", "values": ["acme_mainline"]},
        friends={"file": ["acme_test"]},
    )


HITS = [
    ("libacmecore.so", "libacmecore"),
    ("libacmecore.so.1.2.3", "libacmecore"),
    ("/usr/lib/aarch64/libAcmeCore.so.1", "libacmecore"),
    ("C:\\Program Files\\Acme\\AcmeNetSDK.dll", "AcmeNetSDK"),
    ("lib/ACMENETSDK.LIB", "AcmeNetSDK"),
    ("libacmecore.a", "libacmecore"),
    ("libacmecore.dylib", "libacmecore"),
    ("Frameworks/AcmeNetSDK.framework/", "AcmeNetSDK"),
    ("Frameworks/AcmeNetSDK.xcframework", "AcmeNetSDK"),
    ("libacmecore.jar", "libacmecore"),
    ("lib/modules/5.10/extra/acme_isp.ko", "acme_*"),
    ("acme_isp.ko.xz", "acme_*"),
    ("acme_isp.ko.gz", "acme_*"),
    ("acme_isp.ko.zst", "acme_*"),
    ("acme_.bin", "acme_*"),
    ("firmware/wl18.fw", "wl18"),
]

MISSES = [
    "libacmecore2.so", "libacmecores.so", "mylibacmecore.so", "libacme.so", "libacmecore.txt", "libacmecore.so.conf", "acmeisp.ko",
    "my_acme_isp.ko", "libacmecore.so/other.so", "acme/other.ko", "wl1837.fw", "", "/", ".so",
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), HITS)
def test_the_stem_is_met_in_any_folder_and_with_any_binary_ending(text: str, expected: str, index: Index) -> None:
    assert made.met(index, signal("file", text)) == {expected: "decisive"}


@pytest.mark.parametrize("text", MISSES)
def test_other_files_are_not(text: str, index: Index) -> None:
    assert made.met(index, signal("file", text)) == {}


def test_an_exact_stem_decides_over_a_prefix(index: Index) -> None:
    (found,) = made.evidence(index, signal("file", "/lib/modules/6.6/kernel/drivers/acme_mainline.ko"))
    assert (found.expected, found.relation) == ("acme_mainline", "contributed")


@pytest.mark.parametrize(("text", "hit"), [("acme_test.ko", False), ("/lib/acme_test.ko.xz", False), ("acme_tests.ko", True)])
def test_a_false_friend_vetoes_exactly_its_stem(text: str, hit: bool, index: Index) -> None:
    assert bool(made.met(index, signal("file", text))) == hit
