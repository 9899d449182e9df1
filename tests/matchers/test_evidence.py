"""What evidence says: who a value stands for, why it only supports, how it was read, and which of several says it."""

from typing import Any

import pytest
from msgspec.structs import replace

from sbomguard import matchers
from sbomguard.finding import Evidence
from sbomguard.matchers.build import build
from sbomguard.matchers.evidence import without_echoes
from sbomguard.matchers.index import Index
from sbomguard.model import Component, Signal
from tests import made
from tests.made import signal

ZETA = {"signal": "party", "match": "core", "values": ["Zeta"]}
ZETA_WORD = {"signal": "word", "match": "token", "values": ["zeta"]}


def only(index: Index, *signals: Signal, day: str = made.TODAY) -> Evidence:
    (found,) = made.evidence(index, *signals, day=day)
    return found


def brand(**fields: Any) -> Index:
    return made.index_of(ZETA | fields)


def test_evidence_has_the_value_as_written_and_the_value_that_it_met() -> None:
    index = brand(values=["Omega", "Zeta"], strength="supporting", confidence="single", source=["web", "book"])
    assert only(index, signal("party", "ZETA Corp.", field="supplier.name")) == Evidence(
        vendor="acme", signal="party", field="supplier.name", at="/supplier.name", found="ZETA Corp.", expected="Zeta",
        strength="supporting", relation="made-by", confidence="single", sources=("web", "book"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "day", "relation", "explanation"),
    [
        ({}, made.TODAY, "made-by", ""),
        ({"kind": "brand"}, made.TODAY, "made-by", ""),
        ({"kind": "legal"}, made.TODAY, "made-by", "legal name of Acme"),
        ({"kind": "native"}, made.TODAY, "made-by", "native name of Acme"),
        ({"kind": "former"}, made.TODAY, "made-by", "former name of Acme"),
        ({"of": "Zeta Ltd"}, made.TODAY, "made-by", "Zeta Ltd"),
        ({"of": "Zeta Ltd", "kind": "subsidiary"}, made.TODAY, "made-by", "Zeta Ltd (subsidiary)"),
        ({"of": "Zeta Ltd", "until": "2026-11-22"}, made.TODAY, "made-by", "Zeta Ltd belonged to the group of Acme until 2026-11-22"),
        ({"of": "Zeta Ltd", "until": made.TODAY}, made.TODAY, "contributed", f"Zeta Ltd left the group of Acme on {made.TODAY}"),
        ({"until": "2020-01-01"}, made.TODAY, "contributed", "this business left the group of Acme on 2020-01-01"),
        ({"until": "2020-01-01", "relation": "about"}, made.TODAY, "about", "this business left the group of Acme on 2020-01-01"),
    ],
)
def test_evidence_says_who_the_value_stands_for(fields: dict[str, str], day: str, relation: str, explanation: str) -> None:
    found = only(brand(**fields), signal("party", "Zeta Corp."), day=day)
    assert (found.relation, found.explanation) == (relation, explanation)


@pytest.mark.parametrize(
    ("block", "kind", "value", "strength", "explanation"),
    [
        ({"signal": "forge", "values": ["github.com/acme"]}, "url", "https://gitlab.com/acme/x", "supporting",
         "an account of the same name on gitlab.com"),
        (ZETA, "url", "https://gitee.com/zeta-tech/x", "supporting",
         "an account on gitee.com named like it"),
        (ZETA, "purl", "pkg:docker/zeta/x", "supporting", "a namespace named like it"),
        (ZETA, "party", "Zeta Foods", "mention", "the name contains it among other words"),
        (ZETA_WORD, "url", "https://github.com/jane/zeta-x", "mention", "a word of the address"),
        (ZETA_WORD | {"kind": "former"}, "url", "https://github.com/jane/zeta-x", "mention",
         "former name of Acme; a word of the address"),
    ],
)  # fmt: skip
def test_evidence_says_why_it_is_no_more_than_it_is(block: dict[str, Any], kind: str, value: str, strength: str, explanation: str) -> None:
    found = only(made.index_of(block), signal(kind, value, "vcs" if kind == "url" else ""))
    assert (found.strength, found.explanation) == (strength, explanation)


def test_a_value_that_several_entries_of_a_file_meet_counts_once_at_its_strongest() -> None:
    blocks = [{"signal": "party", "match": match, "values": ["Zeta"], "strength": strength}
              for match, strength in (("token", "mention"), ("core", "decisive"), ("whole", "supporting"))]  # fmt: skip
    for index in (made.index_of(*blocks), made.index_of(*reversed(blocks))):
        assert only(index, signal("party", "Zeta")).strength == "decisive"
    about = {"signal": "party", "match": "token", "values": ["Zeta"], "relation": "about"}
    assert {item.relation for item in made.evidence(made.index_of(*blocks, about), signal("party", "Zeta"))} == {"made-by", "about"}


def test_the_same_value_in_two_places_is_two_facts() -> None:
    found = made.evidence(brand(), signal("party", "Zeta", field="supplier.name"), signal("party", "Zeta", field="publisher"))
    assert [item.at for item in found] == ["/supplier.name", "/publisher"]


def test_an_echo_is_told_once_for_each_vendor_and_only_where_nothing_else_is() -> None:
    def echo(vendor: str, found: str) -> Evidence:
        return replace(fact(vendor, found), explanation="a word of the address")

    def fact(vendor: str, found: str) -> Evidence:
        return Evidence(
            vendor=vendor, signal="word", field="url", at="/url", found=found, expected="z", strength="mention", relation="about"
        )

    evidence = (echo("a", "1"), fact("b", "2"), echo("a", "3"), echo("b", "4"), echo("c", "5"))
    assert without_echoes(evidence) == (evidence[0], evidence[1], evidence[4])
    assert without_echoes(()) == ()


# ---- false friends


def friends(block: dict[str, Any], kind: str, *values: str) -> Index:
    return made.index_of(block, friends={kind: list(values)})


@pytest.mark.parametrize(
    ("block", "friend", "kind", "value", "vetoed"),
    [
        (
            {"signal": "forge", "values": ["github.com/acme"]},
            "github.com/acme/clone",
            "url",
            "https://GitHub.com/Acme/Clone/tree/main",
            True,
        ),
        ({"signal": "forge", "values": ["github.com/acme"]}, "github.com/acme/clone", "url", "https://github.com/acme/clones", False),
        ({"signal": "forge", "values": ["github.com/acme/kit"]}, "github.com/acme", "url", "https://github.com/acme/kit", True),
        ({"signal": "cpe", "values": ["acme"]}, "acme:clone", "cpe", "cpe:2.3:a:acme:clone:1:*:*:*:*:*:*:*", True),
        ({"signal": "cpe", "values": ["acme"]}, "acme:clone", "cpe", "cpe:2.3:a:acme:clones:1:*:*:*:*:*:*:*", False),
        ({"signal": "domain", "values": ["acme.example"]}, "shop.acme.example", "url", "https://eu.shop.acme.example", True),
        ({"signal": "domain", "values": ["acme.example"]}, "shop.acme.example", "url", "https://myshop.acme.example", False),
    ],
)
def test_a_false_friend_lifts_its_value_and_no_other(block: dict[str, Any], friend: str, kind: str, value: str, vetoed: bool) -> None:
    assert (made.met(friends(block, block["signal"], friend), signal(kind, value)) == {}) is vetoed


def test_a_false_friend_of_one_vendor_lifts_nothing_of_another() -> None:
    block = {"signal": "party", "match": "token", "values": ["Zeta"]}
    index = build([made.vendor(block, friends={"party": ["Zeta Foods"]}), made.vendor(block, name="other")])
    assert {item.vendor for item in made.evidence(index, signal("party", "Zeta Foods"))} == {"other"}


# ---- letters that look alike


LOOK_ALIKE = "letters and digits that look alike"


@pytest.mark.parametrize(
    ("kind", "value", "folded", "strength"),
    [
        ("name", "acmecam", (), "decisive"),
        ("name", "аcmecam", ("look-alike letters of another script",), "decisive"),
        ("name", "acrnecam", (LOOK_ALIKE,), "supporting"),
        ("name", "ａcrnecam", ("compatibility forms (NFKC)", LOOK_ALIKE), "supporting"),
        ("purl", "pkg:github/%61cmecam/x", ("letters hidden in escapes undone",), "decisive"),
    ],
)
def test_letters_undone_are_told(kind: str, value: str, folded: tuple[str, ...], strength: str) -> None:
    index = made.index_of(
        {"signal": "word", "match": "token", "values": ["acmecam"]},
        {"signal": "forge", "values": ["github.com/acmecam"]},
        {"signal": "party", "match": "token", "values": ["acmecam"]},
    )
    found = only(index, signal(kind, value))
    assert (found.folded, found.strength) == (folded, strength)


@pytest.mark.parametrize(
    ("kind", "value", "strength", "explanation"),
    [
        ("name", "ACRNECAM-kit", "supporting", ""),
        ("url", "https://github.com/jane/acrnecam-kit", "mention", "a word of the address"),
    ],
)
def test_the_words_beside_one_that_was_undone_stay(kind: str, value: str, strength: str, explanation: str) -> None:
    index = made.index_of(
        {"signal": "word", "match": "whole", "values": ["acmecam-kit"]}, {"signal": "party", "match": "token", "values": ["acmecam"]}
    )
    found = only(index, signal(kind, value, "vcs" if kind == "url" else ""))
    assert (found.expected, found.strength, found.explanation) == ("acmecam-kit", strength, explanation)


# ---- several folders


def test_every_index_says_what_it_meets_in_the_order_of_the_components() -> None:
    parts = [part(name) for name in ("one", "two", "three")]
    first = made.index_of({"signal": "word", "match": "whole", "values": ["three", "one"]})
    second = made.index_of({"signal": "word", "match": "token", "values": ["two", "one"], "strength": "supporting"})
    found = list(matchers.match_all(parts, (first, second), made.TODAY))
    assert [(item.name, [fact.strength for fact in facts]) for item, facts in found] == [
        ("one", ["decisive", "supporting"]), ("two", ["supporting"]), ("three", ["decisive"]),
    ]  # fmt: skip
    assert [item.name for item, _ in matchers.match_all(iter(parts), (first,), made.TODAY)] == ["one", "three"]


def part(name: str) -> Component:
    return made.component(signal("name", name), name=name)
