"""Names: many spellings of one organisation come to one, other organisations stay others, nothing stays nothing."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sbomguard import names

ONE_NAME = (
    "Acme", "ACME", " acme ", "Acme, Inc.", "Acme Inc", "Acme Co., Ltd.", "Acme Co.,Ltd", "ACME CO LTD", "Acme Company",
    "Acme L.L.C.", "Acme GmbH & Co. KG", "Acme AG", "Acme S.A.", "Acme S.p.A.", "Acme S.r.l.", "Acme B.V.", "Acme K.K.", "Acme Kft.",
    "Acme d.o.o.", "Acme Oy", "Acme Pty Ltd", "Acme Pvt. Ltd.", "Acme Sdn. Bhd.", "PT Acme Tbk", "JSC Acme", "OOO Acme", "ООО «Acme»",
    "Acme 株式会社", "Acme有限公司", "Acme股份有限公司", "Acme集团有限公司", "Acme有限公司 Ltd", "A.C.M.E.", "A.C.M.E", "“Acme”", "Acme®",
    "[Acme]", "acme\u3000corp", "acme\u00a0corp", "Acme\r\nInc",
)  # fmt: skip

FOLDED = {
    "Ａｃｍｅ": "full width",
    "𝐀𝐜𝐦𝐞": "mathematical letters",
    "ⓐⓒⓜⓔ": "circled letters",
    "Ácmé": "accents",
    "A\u0336c\u0336m\u0336e": "struck through",
    "Аcme": "a Cyrillic letter",
    "Αcme": "a Greek letter",
    "Ac\u200bme": "zero-width space",
    "Ac\u200d\u200cme": "joiners",
    "Ac\u00adme": "soft hyphen",
    "Ac\u2060me": "word joiner",
    "\ufeffAcme": "byte order mark",
    "Ac\u034fme": "grapheme joiner",
    "Ac\ufe0fme": "variation selector",
    "\u202eAcme\u202c": "direction marks",
    "Ac\U000e0061me": "tag characters",
    "Ac\u3164me": "Hangul filler",
    "Ac\uffa0me": "half-width Hangul filler",
    "Acme™": "trade mark sign",
}

NOTHING = (
    "", " ", "\t\n", "...", "-", "--- / ---", "?", "()", "\u200b", "\u00ad\u2060", "\ufeff", "\ufe0f", "Ltd.", "Co., Ltd.", "Inc", "GmbH",
    "S.A.", "ООО", "株式会社", "有限公司", "股份有限公司", "有限公司 Ltd",
)  # fmt: skip

OTHER_NAMES = (
    ("Acme", "Acmeon"),
    ("Acme", "Acme Tools"),
    ("Acme", "Accme"),
    ("Zte", "Aztec"),
    ("Акме", "Acme"),
    ("DJI", "Djinn"),
)

PIECES = st.sampled_from(
    (*sorted(names.LEGAL_FORMS), *names.CJK_LEGAL_ENDS, "acme", "Acme", "华为", "海思", "ао", "А", "т", "е", "ﬁ", "İ", "ẞ", "™", "a.", "b.",
     ".", "'", "-", "_", "(", " ", " ", " ", "\u200b", "\u0301", "公司", "市", "1")
)  # fmt: skip
NAMES = st.text() | st.lists(PIECES, max_size=8).map("".join)


@pytest.mark.parametrize("text", ONE_NAME)
def test_legal_forms_case_and_punctuation_do_not_tell_names_apart(text: str) -> None:
    assert names.normalise(text).key == "acme"


@pytest.mark.parametrize("text", [pytest.param(text, id=why) for text, why in FOLDED.items()])
def test_disguised_letters_come_to_the_plain_name(text: str) -> None:
    assert names.normalise(text).key == "acme"


@pytest.mark.parametrize("text", [pytest.param(text, id=why) for text, why in FOLDED.items()])
def test_a_name_reached_only_by_folding_says_so(text: str) -> None:
    assert names.normalise(text).folded


@pytest.mark.parametrize("text", ["Acme Inc", "Acme株式会社", "华为", "Хуавэй"])
def test_a_plain_name_in_any_script_is_not_folded(text: str) -> None:
    assert not names.normalise(text).folded


@pytest.mark.parametrize("text", NOTHING)
def test_punctuation_invisible_characters_and_legal_forms_alone_are_no_name(text: str) -> None:
    assert names.normalise(text).tokens == ()
    assert names.core(names.normalise(text)) == ""


@pytest.mark.parametrize(("one", "other"), OTHER_NAMES)
def test_other_names_stay_others(one: str, other: str) -> None:
    assert names.normalise(one).key != names.normalise(other).key


@pytest.mark.parametrize("text", ["Хуавэй", "Αθήνα", "ООО Ромашка"])
def test_a_word_wholly_of_another_alphabet_is_not_made_latin(text: str) -> None:
    assert not any("a" <= letter <= "z" for letter in names.normalise(text).key)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Acme Technologies (Shenzhen) Co., Ltd.", "acme"),
        ("Acme USA Inc.", "acme"),
        ("Acme Deutschland GmbH", "acme"),
        ("Acme Research & Development", "acme"),
        ("Acme Digital Technology Holdings Limited", "acme"),
        ("Acme Poland Sp. z o.o.", "acme"),
        ("Acme Danmark A/S", "acme"),
        ("Acme do Brasil Ltda.", "acme"),
        ("Acme México S.A. de C.V.", "acme"),
        ("深圳市海思技术有限公司", "海思"),
        ("海思半导体有限公司", "海思"),
        ("Acme Medical", "acme medical"),
        ("Acme Food Systems", "acme food"),
    ],
)
def test_the_core_is_what_remains_without_places_and_business_words(text: str, key: str) -> None:
    assert names.core(names.normalise(text)) == key


@pytest.mark.parametrize("text", ["Shenzhen Technology Co., Ltd.", "Global Systems", "China Electronics Group"])
def test_a_name_of_places_and_business_words_has_no_core(text: str) -> None:
    assert names.core(names.normalise(text)) == ""


@given(NAMES)
@example("Acme有限公司集团公司")
@example("ao有限公司")
@example("有限公司")
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = names.normalise(text)
    assert names.normalise(once.key).tokens == once.tokens


@given(NAMES)
def test_case_and_unicode_form_do_not_matter(text: str) -> None:
    wanted = names.normalise(text).tokens
    assert names.normalise(unicodedata.normalize("NFD", text)).tokens == wanted
    assert names.normalise(unicodedata.normalize("NFC", text)).tokens == wanted


@given(st.text(st.characters(codec="ascii")))
def test_upper_and_lower_case_are_one(text: str) -> None:
    assert names.normalise(text.upper()) == names.normalise(text.lower())


@given(NAMES)
def test_words_are_never_empty_and_never_hold_space(text: str) -> None:
    for token in (*names.normalise(text).tokens, *names.words_of(text), *names.humps_of(text)):
        assert token
        assert not any(letter.isspace() for letter in token)


@given(NAMES)
def test_the_first_reading_of_a_name_is_its_normal_form(text: str) -> None:
    assert names.alternatives(text)[0] == names.normalise(text)


def test_a_cyrillic_u_is_read_by_shape_and_by_sound() -> None:
    assert {name.key for name in names.alternatives("Hуawei")} == {"hyawei", "huawei"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("DJISDKManager", ("djisdk", "manager")),
        ("HikvisionISAPI", ("hikvision", "isapi")),
        ("acme-camera_sdk.core", ("acme", "camera", "sdk", "core")),
        ("hi3516Driver", ("hi3516", "driver")),
        ("plain", ("plain",)),
        ("", ()),
    ],
)
def test_component_names_are_split_at_punctuation_and_humps(text: str, words: tuple[str, ...]) -> None:
    assert names.humps_of(text) == words


@pytest.mark.parametrize("text", ["Acme Ltd.", "Acme Technologies", "Acme S.A.", "某某公司", "ACME GmbH"])
def test_a_legal_form_or_business_word_marks_a_company(text: str) -> None:
    assert names.has_business_word(text)


@pytest.mark.parametrize("text", ["Dahua Lin", "Jane Doe", "王大华", "J. R. Hacker", ""])
def test_a_persons_name_marks_no_company(text: str) -> None:
    assert not names.has_business_word(text)


@pytest.mark.parametrize("space", ["\t", "\n", "\v", "\f", "\r", " ", "\u3000"])
def test_white_space_parts_words_with_and_without_accents(space: str) -> None:
    assert names.normalise(f"Zhi{space}néng").tokens == names.normalise(f"Zhi{space}neng").tokens == ("zhi", "neng")
