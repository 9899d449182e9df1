"""Letters that look alike (UTS #39): whichever letter of a vendor's name is swapped for one, the vendor is found or under review."""

import json
from collections import defaultdict
from functools import cache
from importlib.resources import files
from itertools import cycle, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sbomguard import lookalikes, matchers, names, relation
from sbomguard import pack as packs
from sbomguard.finding import Evidence
from sbomguard.model import Component
from sbomguard.policy import Policy, builtin_folder, read_files
from tests import made

TELLING = ("made-by", "contributed")
"""Relations that make a finding of review or prohibited (but for a community project, which no name alone shows)."""


@cache
def classes() -> dict[str, tuple[str, ...]]:
    """For each Latin letter the single characters that are confusable with it: those whose skeleton is the same (UTS #39, clause 4)."""
    pytest.importorskip("confusable_homoglyphs", reason="Unicode's confusables come with confusable-homoglyphs of the group dev")
    data = json.loads((files("confusable_homoglyphs") / "confusables.json").read_text(encoding="utf-8"))
    linked: dict[str, set[str]] = defaultdict(set)
    for character, others in data.items():
        for other in others:
            linked[character].add(other["c"])
            linked[other["c"]].add(character)
    return {letter: tuple(sorted(other for other in reached(letter, linked) if len(other) == 1)) for letter in map(chr, LATIN)}


LATIN = (*range(ord("A"), ord("Z") + 1), *range(ord("a"), ord("z") + 1))


def reached(start: str, linked: dict[str, set[str]]) -> set[str]:
    """All that is linked to the start, over any number of links, without itself."""
    seen, queue = {start}, [start]
    for item in queue:
        fresh = linked[item] - seen
        seen |= fresh
        queue += sorted(fresh)
    return seen - {start}


def swapped(name: str) -> list[tuple[str, str]]:
    """The name with one letter swapped, and with a space in its place: all confusables of a single word, of several words one for each
    letter, another each time."""
    out = []
    turn = cycle(range(len(name)))
    for place, letter in enumerate(name):
        others = classes().get(letter, ())
        if " " in name and others:
            others = tuple(islice(others, (next(turn) * 7) % len(others), None))[:1]
        out += [(name[:place] + other + name[place + 1 :], f"{name[:place]} {name[place + 1 :]}") for other in others]
    return out


def found(texts: list[str], pack: packs.Pack) -> dict[str, dict[str, tuple[Evidence, ...]]]:
    """For each supplier name the vendors that it convicts or puts under review, with the evidence."""
    numbered = {str(number): text for number, text in enumerate(texts)}
    components = [supplied_by(text, ref) for ref, text in numbered.items()]
    answers: dict[str, dict[str, tuple[Evidence, ...]]] = {text: {} for text in texts}
    for component, evidence in matchers.match(components, pack.index, made.TODAY):
        for vendor in {item.vendor for item in evidence}:
            mine = tuple(item for item in evidence if item.vendor == vendor)
            if relation.weigh(component, mine).relation in TELLING:
                answers[numbered[component.ref]][vendor] = mine
    return answers


def supplied_by(text: str, ref: str) -> Component:
    """A component that says no more than who supplied it."""
    return Component(
        ref=ref, name="", version="", type="library", component_class="software", purl="", pointer="",
        signals=(made.signal("party", text, field="supplier.name"),),
    )  # fmt: skip


def latin_names(vendor: str, shipped: Policy) -> list[str]:
    """The vendor's names in Latin letters, by which it is known as maker."""
    blocks = [b for b in shipped.vendors[vendor].identities if b.signal == "party" and b.relation == "made-by" and not b.until]
    return [value for block in blocks for value in block.values if value.isascii()]


VENDORS = sorted(
    name.removeprefix("vendors/").removesuffix(".yaml") for name in read_files(builtin_folder()) if name.startswith("vendors/")
)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_name_with_one_look_alike_is_found_or_under_review(vendor: str, shipped: Policy, pack: packs.Pack) -> None:
    known = latin_names(vendor, shipped)
    own = {names.normalise(name).key for name in known}
    pairs = [pair for name in known for pair in swapped(name)]
    assert pairs
    answers = found([text for pair in pairs for text in pair], pack)
    others = pack.index.vetoes.get("party", {})
    missed = [text for text, _ in pairs if vendor not in answers[text] and names.normalise(text).key not in others]
    assert not missed
    silent = [
        text for text, bare in pairs
        if vendor in answers[text] and vendor not in answers[bare] and "|" not in text  # a bar parts the names of a list
        and not (text.isascii() and names.normalise(text).key in own)  # a misspelling that the vendor's file has
        and not any(item.folded for item in answers[text][vendor])
    ]  # fmt: skip
    assert not silent


FIELDS = {
    "cpe": "cpe:2.3:o:{}:liteos:5.1:*:*:*:*:*:*:*",
    "purl": "pkg:npm/%40{}/part@1",
    "url": "https://www.{}.com/part",
    "email": "anyone@{}.com",
    "name": "{}-agent",
}
"""Values of the kinds of signals in which a vendor's word may stand."""


@pytest.mark.parametrize("kind", sorted(FIELDS))
@pytest.mark.parametrize("word", ["huawei", "hikvision", "kaspersky"])
def test_a_look_alike_in_any_field_is_met_as_the_letter_is(kind: str, word: str, pack: packs.Pack) -> None:
    plain = {item.vendor for item in met(kind, word, pack)}
    assert plain == {word}
    for swapped_word, _ in swapped(word):
        found = met(kind, swapped_word, pack)
        assert {item.vendor for item in found} == plain, swapped_word
        signs = swapped_word.isascii() or not swapped_word.isalnum()  # a sign may part words of which one is met as it stands
        assert signs or any(item.folded for item in found), swapped_word


def met(kind: str, word: str, pack: packs.Pack) -> tuple[Evidence, ...]:
    """The evidence in a field of that kind that holds the word."""
    return made.evidence(pack.index, made.signal(kind, FIELDS[kind].format(word)))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("purl", "pkg:github/huawe1/agent@1"),
        ("purl", "pkg:maven/com.hu\u03b1wei.agent/part@1"),
        ("url", "git@github.com:hu\u0430wei/agent.git"),
        ("cpe", "cpe:/o:hu\u0430wei:liteos"),
        ("name", "hikvisi0n-client"),
        ("name", "huavvei-client"),
        ("file", "/opt/lib/libhcnetsd\u043a.so"),
    ],
)
def test_the_evidence_says_that_letters_were_read_another_way(kind: str, value: str, pack: packs.Pack) -> None:
    found = made.evidence(pack.index, made.signal(kind, value))
    assert found
    assert all(item.folded and item.found == value for item in found)


@pytest.mark.parametrize("name", ["lcecast", "Modern-ui", "clocl", "oemu", "iogger", "0pen1", "harnmer", "acron1m"])
def test_words_that_are_nobodys_with_other_letters_stay_silent(name: str, pack: packs.Pack) -> None:
    assert made.evidence(pack.index, made.signal("name", name)) == ()


@pytest.mark.parametrize(
    "text", ["DJL", "djl", "Djl", "DJL Innovation", "Hlkia Vision", "Dahl", "Zte1a", "Hi 1000", "A|B|C", "Lite-On", "O2", "1010data"]
)
def test_names_of_letters_that_look_alike_are_still_other_names(text: str, pack: packs.Pack) -> None:
    assert found([text], pack)[text] == {}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Yazılım", "yazilim"),
        ("Søren", "søren"),
        ("Καφέ Acme", "καφε acme"),
        ("З.А.О. Acme", "acme"),
        ("Acme К", "acme k"),
        ("Акме К", "акме к"),
        ("Нокиа Corp", "нокиа"),
    ],
)
def test_only_words_that_mix_scripts_become_latin(text: str, key: str) -> None:
    assert names.normalise(text).key == key


@pytest.mark.parametrize("table", [lookalikes.LETTERS, lookalikes.SYMBOLS], ids=["letters", "symbols"])
def test_a_character_looks_like_one_letter(table: dict[str, str]) -> None:
    characters = [character for alikes in table.values() for character in alikes]
    assert len(characters) == len(set(characters))
    assert not any(character.isascii() for character in characters)
    assert all(character.isalnum() == (table is lookalikes.LETTERS) for character in characters)


@given(st.sampled_from([(latin, alike) for latin, alikes in lookalikes.LETTERS.items() for alike in alikes]))
def test_a_look_alike_inside_a_latin_word_is_the_letter(pair: tuple[str, str]) -> None:
    latin, alike = pair
    name = names.normalise(f"wid{alike}get")
    assert name.key == f"wid{latin}get"
    assert name.folded
