"""What the index makes of vendor files: the names that alone mean a vendor, words that may stand apart, and values that cannot be."""

from typing import Any

import pytest

from sbomguard.errors import PolicyError
from sbomguard.matchers.build import NET_VENDORS, build
from sbomguard.model import FCC_MARK
from tests import made

Block = dict[str, Any]


def party(*values: str, match: str = "core", **more: Any) -> Block:
    return {"signal": "party", "match": match, "values": values, **more}


def alone(*blocks: Block) -> set[str]:
    """The names that mean the vendor of those blocks wherever they stand."""
    return set(made.index_of(*blocks).net)


@pytest.mark.parametrize("match", ["whole", "core", "token"])
@pytest.mark.parametrize("kind", ["", "legal", "native", "brand", "subsidiary"])
def test_names_of_today_alone_mean_a_vendor(match: str, kind: str) -> None:
    assert alone(party("Zedtronic", match=match, kind=kind)) == {"zedtronic"}


@pytest.mark.parametrize(
    "block",
    [
        party("Zedtronic", kind="misspelling"),
        party("Zedtronic", kind="former"),
        party("Zedtronic", until="2020-01-01"),
        party("Zedtronic", strength="supporting"),
        party("Zedtronic", strength="mention"),
        party("Zedtronic", relation="contributed"),
        party("Zedtronic", relation="about"),
        party("Ze"),
        party("Zedt", kind="subsidiary"),
        party("Zedtronic Works", kind="subsidiary", match="token"),
        party("Zedtronic Yonder Works", match="token"),
        party("泽德", match="whole"),
        {"signal": "word", "match": "token", "values": ["zedtronic"]},
    ],
    ids=str,
)
def test_other_names_do_not(block: Block) -> None:
    assert alone(block) == set()


def test_the_shortest_names_that_do() -> None:
    assert alone(party("Zed")) == {"zed"}
    assert alone(party("Zedtr", kind="subsidiary")) == {"zedtr"}
    assert alone(party("Zedtronic Yonder", match="token")) == {"zedtronic yonder"}
    assert alone(party("泽德", match="token")) == {"泽德"}


def test_a_name_that_holds_another_is_left_to_that() -> None:
    assert alone(party("Zed", "Zedtronic", "Zed Yonder", "Quzed", match="whole")) == {"zed", "quzed"}
    assert alone(party("泽德", "大泽德", "泽德科", "泽大德", match="token")) == {"泽德", "泽大德"}


def test_of_many_names_those_stand_alone_that_most_values_hold_and_of_other_scripts_twice_as_many() -> None:
    latin = party("Alpha", "Bravo", "Charlie")
    assert alone(latin) == {"alpha", "bravo"}
    domains = {"signal": "domain", "match": "", "values": ["charlie.example", "www.charlie.test", "bravo.example"]}
    assert alone(latin, domains) == {"bravo", "charlie"}
    native = party("甲乙", "丙丁", "戊己", "庚辛", "壬癸", match="token")
    assert len(alone(native)) == 4
    longer = party("壬癸有限", "庚辛有限", "戊己有限", "丙丁有限", match="whole")
    assert alone(latin, native, longer) == {"alpha", "bravo", "丙丁", "戊己", "庚辛", "壬癸"}
    greek = ("αλφα", "βητα", "γαμμα", "δελτα", "ωμεγα")
    assert alone(party(*greek, match="token"), party("Ωμεγα Αθηνα", match="whole")) == {"αλφα", "βητα", "γαμμα", "ωμεγα"}


def test_a_vendors_own_names_go_before_those_of_its_subsidiaries() -> None:
    subsidiaries = party("Alpha", "Bravo", kind="subsidiary")
    words = {"signal": "word", "match": "token", "values": ["alpha one", "alpha two", "bravo one", "bravo two"]}
    assert alone(subsidiaries, words) == {"alpha", "bravo"}
    assert alone(subsidiaries, words, party("Zed")) == {"zed", "alpha"}


def test_a_name_of_two_vendors_means_both() -> None:
    index = build([made.vendor(party("Zed", "Yonder"), name="zed"), made.vendor(party("Zed"), name="acme")])
    assert index.net == {"yonder": ("zed",), "zed": ("acme", "zed")}


@pytest.mark.parametrize(("more", "there"), [(0, True), (1, False)])
def test_names_of_too_many_vendors_mean_nobody_in_any_text(more: int, there: bool) -> None:
    index = build(made.vendor(party(f"Zed{number:03}"), name=f"v{number}") for number in range(NET_VENDORS + more))
    assert len(index.net) == NET_VENDORS * there


@pytest.mark.parametrize("text", ["Zedtronic", "Zedtronic Deutschland GmbH", "The Zedtronic Services Group"])
def test_of_a_core_its_own_words_count_and_not_those_that_firms_share(text: str) -> None:
    name = "Zedtronic Technologies"
    assert made.met(made.index_of(party(name)), made.signal("party", text)) == {name: "decisive"}
    assert made.met(made.index_of(party(name, match="whole")), made.signal("party", text)) == {}


@pytest.mark.parametrize(
    ("name", "apart", "met"),
    [("Zedtr", "Zed Tr", True), ("Zedt", "Zed T", False), ("Cloud", "Clo Ud", False), ("Paris", "Pa Ris", False)],
)
def test_a_name_of_five_letters_that_is_no_common_word_may_stand_apart(name: str, apart: str, met: bool) -> None:
    index = made.index_of(party(name, match="whole"))
    assert made.met(index, made.signal("party", name)) == {name: "decisive"}
    assert made.met(index, made.signal("party", apart)) == ({name: "supporting"} if met else {})


@pytest.mark.parametrize(("number", "met"), [(5, False), (6, True)])
def test_a_word_of_six_names_may_stand_apart(number: int, met: bool) -> None:
    index = made.index_of(party(*(f"Zedtronic {chr(65 + each) * 3}" for each in range(number)), match="token"))
    assert made.met(index, made.signal("party", "Zed Tronic AAA")) == ({"Zedtronic AAA": "supporting"} if met else {})


@pytest.mark.parametrize(
    ("name", "alike", "met"),
    [
        ("zedlotronic", "zed1otronic", True),
        ("zedlotronic", "zedl0tronic", True),
        ("moblle", "moblie", True),
        ("moblle", "mobile", False),  # a word that company names share
        ("chlna", "china", False),
    ],
)
def test_a_letter_for_one_that_looks_like_it_is_the_vendors_unless_that_makes_a_common_word(name: str, alike: str, met: bool) -> None:
    index = made.index_of(party(name), {"signal": "word", "match": "token", "values": [name]})
    assert made.met(index, made.signal("name", f"{alike}-agent")) == ({name: "supporting"} if met else {})


def test_a_letter_for_one_that_looks_like_it_is_no_other_vendors_word() -> None:
    block = {"signal": "word", "match": "token", "values": ["zedlio"]}
    index = build([made.vendor(party("Zedlio"), block), made.vendor(party("Zedllo"), name="other")])
    assert made.met(index, made.signal("name", "zed1io-agent")) == {"zedlio": "supporting"}
    assert made.met(index, made.signal("name", "zedllo-agent")) == {}


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["Zed Cloud"], {"zed"}),
        (["2000 Zed"], {"zed"}),
        (["Cloud 20"], {"20"}),
        (["Zed Yonder", "Zed Aurora"], {"zed"}),
        (["Zed Yonder"], {"yonder"}),
    ],
)
def test_the_sweep_looks_for_a_name_by_the_word_that_fewest_other_values_hold(names: list[str], words: set[str]) -> None:
    index = made.index_of(party(*names, match="token"))
    assert set(map(bytes.decode, index.words)) == {*words, FCC_MARK}


def test_of_the_prefixes_that_a_text_begins_with_the_longest_is_first_and_each_is_there_once() -> None:
    index = made.index_of({"signal": "word", "match": "prefix", "values": ["zed", "zedtron", "zedlo"]})
    assert [key for key, _ in index.with_prefix("word.prefix", "zedtronic")] == ["zedtron", "zed"]
    assert [key for key, _ in index.with_prefix("word.prefix", "zed")] == ["zed"]
    assert [key for key, _ in index.with_prefix("word.prefix", "ze")] == []
    assert list(index.with_prefix("file.prefix", "zed")) == []


@pytest.mark.parametrize(
    ("signal", "match", "value"),
    [
        ("party", "core", "Ltd."),
        ("party", "whole", "..."),
        ("word", "token", "--"),
        ("purl", "", "pkg:/"),
        ("purl", "", "pkg:*"),
        ("file", "", "*"),
        ("file", "", "/*"),
        ("domain", "", "://"),
        ("forge", "", "/"),
        ("cpe", "", " "),
        ("fcc", "", ""),
    ],
)
def test_a_value_of_nothing_is_refused_where_it_stands(signal: str, match: str, value: str) -> None:
    sound = "pkg:npm/zedtronic" if signal == "purl" else "zedtronic.example"
    with pytest.raises(PolicyError) as caught:
        made.index_of(party("Zed"), {"signal": signal, "match": match, "values": [sound, value]})
    assert str(caught.value).endswith(f"the {signal} value '{value}' normalises to nothing. Remove it")
    assert (caught.value.source, caught.value.pointer) == ("vendors/acme.yaml", "identities/1/values/1")


@pytest.mark.parametrize("value", ["pkg:npm/ze*", "pkg:npm/lib-ze*"])
def test_a_prefix_of_two_letters_is_refused(value: str) -> None:
    with pytest.raises(PolicyError) as caught:
        made.index_of({"signal": "purl", "match": "", "values": [value]})
    assert str(caught.value) == "the prefix 'ze' is shorter than 3 letters. Write a longer one, or exact values"
    index = made.index_of({"signal": "purl", "match": "", "values": [value.replace("ze*", "zed*")]})
    assert made.met(index, made.signal("purl", value.replace("ze*", "zedtronic@1")))
