"""Words of component names: whole names, tokens and prefixes at word boundaries, never inside a word."""

import pytest

from sbomguard.matchers import word
from sbomguard.matchers.index import Index
from tests import made
from tests.made import signal


@pytest.fixture(scope="module")
def index() -> Index:
    return made.index_of(
        {"signal": "word", "match": "whole", "values": ["acme-sdk-core", "Zeta"]},
        {"signal": "word", "match": "token", "strength": "supporting", "values": ["acmecam", "acme vision", "qv5"]},
        {"signal": "word", "match": "prefix", "relation": "about", "strength": "mention", "values": ["acmetron", "qv77"]},
        friends={"word": ["acmetronome", "acmecam-cover", "acmecamkit"]},
    )


HITS = [
    ("acme-sdk-core", "acme-sdk-core"),
    ("acme_sdk_core", "acme-sdk-core"),
    ("Acme SDK Core", "acme-sdk-core"),
    ("acme.sdk.core", "acme-sdk-core"),
    ("vendor/acme-sdk-core", "acme-sdk-core"),
    ("ZETA", "Zeta"),
    ("libs/zeta", "Zeta"),
    ("group/libs/zeta", "Zeta"),
    ("acme/sdk/core", "acme-sdk-core"),
    ("acmecam", "acmecam"),
    ("my-acmecam-driver", "acmecam"),
    ("node-red-contrib-AcmeCam", "acmecam"),
    ("@scope/acmecam", "acmecam"),
    ("driver_for_acmecam", "acmecam"),
    ("AcmeVisionKit", "acme vision"),
    ("acme-vision", "acme vision"),
    ("the acme vision thing", "acme vision"),
    ("qv5", "qv5"),
    ("boot-qv5.bin", "qv5"),
    ("acmetron", "acmetron"),
    ("acmetron-api", "acmetron"),
    ("AcmetronClient", "acmetron"),
    ("acmetronics", "acmetron"),
    ("home-assistant-acmetron", "acmetron"),
    ("pyacmetron", "acmetron"),
    ("libacmetron2", "acmetron"),
    ("node-acmetron", "acmetron"),
    ("qv7750", "qv77"),
    ("ａｃｍｅｃａｍ", "acmecam"),
    ("acme\u200bcam", "acmecam"),
    ("аcmecam", "acmecam"),
]

MISSES = [
    "acme-sdk", "acme-sdk-core-extras", "my-acme-sdk-core", "zeta-functions", "alzeta", "acmecams", "macmecam", "acmecamera",
    "acme cool vision", "vision acme", "acmevision", "qv55", "aqv5", "qv5x", "macmetron", "acme-tron", "pyqv7750", "xacmetron", "", "...",
    "-",
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), HITS)
def test_words_of_the_vendor_are_met(text: str, expected: str, index: Index) -> None:
    assert expected in made.met(index, signal("name", text))


@pytest.mark.parametrize("text", MISSES)
def test_words_that_only_contain_them_are_not(text: str, index: Index) -> None:
    assert made.met(index, signal("name", text)) == {}


@pytest.mark.parametrize("text", ["acmetronome", "pro-acmetronome", "AcmeTronome", "my-acmecamkit-2"])
def test_a_false_friend_vetoes_its_word(text: str, index: Index) -> None:
    assert made.met(index, signal("name", text)) == {}


def test_a_false_friend_of_several_words_vetoes_the_whole_name_only(index: Index) -> None:
    assert made.met(index, signal("name", "acmecam-cover")) == {}
    assert made.met(index, signal("name", "acmecam-cover-art"))


@pytest.mark.parametrize("text", ["acmecambridge", "Acmecamsdk", "my-acmecamclient", "qv5router"])
def test_a_brand_glued_to_a_trade_is_a_mention(text: str, index: Index) -> None:
    assert "mention" in made.met(index, signal("name", text)).values()


@pytest.mark.parametrize("text", ["acmecamping", "acmecamsdkz", "zetabridge", "acmesdk"])
def test_a_brand_glued_to_anything_else_is_not(text: str, index: Index) -> None:
    assert made.met(index, signal("name", text)) == {}


def test_the_subpath_of_a_purl_mentions_whom_it_is_about(index: Index) -> None:
    assert made.met(index, signal("purl", "pkg:golang/example.org/robots/v2@v2.4.0#platforms/acmecam/v1")) == {"acmecam": "mention"}
    assert made.met(index, signal("purl", "pkg:golang/example.org/robots/v2@v2.4.0#platforms/other")) == {}
    assert made.met(index, signal("purl", "pkg:generic/acmecam@2.4.0")) == {}
    (found,) = made.evidence(index, signal("purl", "pkg:golang/example.org/robots@v2.4.0#acmecam"))
    assert found.explanation == "a word of the address"


@pytest.mark.parametrize(
    ("name", "met"), [("acmecamfirmware", "acmecam"), ("acmecambridge", "acmecam"), ("acmecamx", None), ("firmware", None)]
)
def test_a_brand_that_goes_on_with_a_trade_is_a_mention(name: str, met: str | None, index: Index) -> None:
    found = made.met(index, signal("name", name))
    assert found == ({met: "mention"} if met else {})


def test_a_word_of_any_length_is_taken_apart_at_its_end_alone(index: Index) -> None:
    """Were every cut of the word looked at, this would take minutes."""
    assert list(word.match(signal("name", "a" * 1_000_000 + "firmware"), index)) == []
