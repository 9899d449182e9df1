"""Parties: whole names, brands among places and business words, distinctive words anywhere; persons and other firms stay clear."""

import pytest

from sbomguard.matchers.index import Index
from sbomguard.pack import Pack
from tests import made
from tests.made import signal


@pytest.fixture(scope="module")
def index() -> Index:
    """`Zeta` is a short brand, `Acmetronic` a distinctive word, `Zenith Tools` a whole name, 阿克美 a native one."""
    return made.index_of(
        {"signal": "party", "match": "core", "values": ["Zeta"]},
        {"signal": "party", "match": "token", "values": ["Acmetronic", "Acme Devices", "阿克美", "Акметроник"]},
        {"signal": "party", "match": "whole", "values": ["Zenith Tools", "QRS"]},
        {"signal": "party", "match": "token", "strength": "supporting", "values": ["AcmeCam"]},
        friends={"party": ["Acmetronic Records", "Zeta Group"]},
    )


HITS = [
    ("Zeta", "Zeta"),
    ("ZETA Corporation", "Zeta"),
    ("Zeta (USA) Inc.", "Zeta"),
    ("Zeta Deutschland GmbH", "Zeta"),
    ("Zeta Technologies Co., Ltd.", "Zeta"),
    ("Shenzhen Zeta Communication Technology Co., Ltd", "Zeta"),
    ("Z.E.T.A. Ltd", "Zeta"),
    ("Zeta; Example Org", "Zeta"),
    ("Example Org / Zeta Corporation", "Zeta"),
    ("Example Org, Zeta Corporation", "Zeta"),
    ("Acmetronic", "Acmetronic"),
    ("ACMETRONIC Digital Technology Co., Ltd.", "Acmetronic"),
    ("Hangzhou Acmetronic Robots", "Acmetronic"),
    ("The software division of Acmetronic in Lyon", "Acmetronic"),
    ("Example Org (Acmetronic)", "Acmetronic"),
    ("Not Acmetronic", "Acmetronic"),
    ("Acme-tronic", "Acmetronic"),
    ("Acme Tronic Ltd", "Acmetronic"),
    ("A c m e t r o n i c", "Acmetronic"),
    ("A.c.m.e.t.r.o.n.i.c", "Acmetronic"),
    ("Аcmetronic", "Acmetronic"),
    ("Acmetrоniс Ltd", "Acmetronic"),
    ("Ａｃｍｅｔｒｏｎｉｃ", "Acmetronic"),
    ("Acme\u200btronic", "Acmetronic"),
    ("Acme\u00adtronic", "Acmetronic"),
    ("Ácmetrönic", "Acmetronic"),
    ("Acmetronic\u202e Inc", "Acmetronic"),
    ("Acmetronic™", "Acmetronic"),
    ("Acmetronic®", "Acmetronic"),
    ("https://www.acmetronic.example", "Acmetronic"),
    ("Acme Devices", "Acme Devices"),
    ("Acme  Devices\tInc", "Acme Devices"),
    ("阿克美", "阿克美"),
    ("深圳市阿克美技术有限公司", "阿克美"),
    ("北京阿克美", "阿克美"),
    ("阿克美（中国）有限公司", "阿克美"),
    ("ООО «Акметроник»", "Акметроник"),
    ("Zenith Tools, Inc.", "Zenith Tools"),
    ("ZENITH TOOLS", "Zenith Tools"),
    ("QRS Ltd", "QRS"),
    ("AcmeCam", "AcmeCam"),
]

MISSES = [
    "Alzeta", "Zetason", "Zeta Zhang", "Wang Zeta", "Acme", "Acmetronicon",
    "Macmetronic", "Acme Cloud Devices", "Devices Acme", "Zenith", "Zenith Tools Museum", "Zenith Power Tools", "QRS Records",
    "Example Org (QRS)", "Example Org (Zeta)", "克美", "阿克", "Acm etro Nicolas", "Ace Metronics", "", "...", "\u200b", "Ltd.",
]  # fmt: skip


MENTIONS = ["Zeta Medical", "Zeta Phi Beta", "Catherine Zeta Jones", "Delta Zeta Foods", "made by Zeta", "ExampleZetaDrivers"]


@pytest.mark.parametrize("text", MENTIONS)
def test_a_name_that_only_contains_the_vendors_mentions_it(text: str, index: Index) -> None:
    assert made.met(index, signal("party", text)) == {"Zeta": "mention"}
    assert made.met(index, signal("party", text, role="author")) == {}


@pytest.mark.parametrize(("text", "strength"), [("Example Org (Huawei)", "mention"), ("Huawei Zhang", None), ("S&P Indices (DJI)", None)])
def test_what_a_supplier_contains_is_a_mention_unless_it_is_a_namesake(text: str, strength: str | None, pack: Pack) -> None:
    assert set(made.met(pack.index, signal("party", text)).values()) == ({strength} if strength else set())


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("%5Aeta", "escapes undone"),
        ("Ze&shy;ta Ltd", "escapes undone"),
        ("Z&#101;ta", "escapes undone"),
        ("Ze\x1b[0mta", "escapes undone"),
        ("ZeX\x08ta", "escapes undone"),
        ("ZetaTechnologies", "words glued together at capital letters and numbers"),
        (r"\u005Aeta", "escapes undone"),
        (r"\x5aeta", "escapes undone"),
        ("Acrnetronic", "letters and digits that look alike"),
    ],
)
def test_what_hides_a_name_is_undone_and_only_supports(text: str, step: str, index: Index) -> None:
    (found,) = made.evidence(index, signal("party", text))
    assert found.strength == "supporting"
    assert step in found.folded


def test_a_number_in_the_middle_parts_words() -> None:
    index = made.index_of(
        {"signal": "party", "match": "core", "values": ["Zeta"]}, {"signal": "party", "match": "token", "values": ["Zeta Tech"]}
    )
    assert made.met(index, signal("party", "ZetaTech2012Labs")) == {"Zeta Tech": "supporting"}
    assert made.met(index, signal("party", "ZetaTech2Labs")) == {"Zeta": "mention"}


@pytest.mark.parametrize(("text", "expected"), HITS)
def test_a_spelling_of_the_vendors_name_is_met(text: str, expected: str, index: Index) -> None:
    assert expected in made.met(index, signal("party", text))


@pytest.mark.parametrize("role", ["manufacturer", "supplier", "publisher", "originator", "author"])
def test_every_role_is_looked_at(role: str, index: Index) -> None:
    (found,) = made.evidence(index, signal("party", "Acmetronic", role, f"{role}.name"))
    assert (found.vendor, found.signal, found.field, found.found) == ("acme", "party", f"{role}.name", "Acmetronic")


@pytest.mark.parametrize("text", MISSES)
def test_another_name_is_not(text: str, index: Index) -> None:
    assert made.met(index, signal("party", text)) == {}


@pytest.mark.parametrize("text", ["Acmetronic Records", "ACMETRONIC RECORDS, Inc.", "Zeta Group", "Zeta Group Ltd."])
def test_a_false_friend_vetoes_exactly_its_name(text: str, index: Index) -> None:
    assert made.met(index, signal("party", text)) == {}


@pytest.mark.parametrize("text", ["Acmetronic Records Division", "Acmetronic", "Zeta Group Holding Technology"])
def test_a_false_friend_vetoes_nothing_more(text: str, index: Index) -> None:
    assert made.met(index, signal("party", text))


@pytest.mark.parametrize("text", ["Acmetronic Wang", "Jane Acmetronic", "J. R. Acmetronic", "Acmetronic D. Li", "Wang Acmetronic"])
def test_an_author_whose_own_name_is_the_vendors_word_is_a_person(text: str, index: Index) -> None:
    assert made.met(index, signal("party", text, "author")) == {}


@pytest.mark.parametrize("text", ["Acmetronic", "Acmetronic Ltd", "Acme Devices", "Acmetronic Technologies", "深圳市阿克美技术有限公司"])
def test_an_author_that_is_a_company_is_met(text: str, index: Index) -> None:
    assert made.met(index, signal("party", text, "author"))


@pytest.mark.parametrize("text", ["Acme-tronic", "Acme Tronic Ltd", "Ａｃｍｅｔｒｏｎｉｃ", "Acme\u200btronic", "Аcmetronic"])
def test_what_is_met_only_by_folding_or_joining_says_so(text: str, index: Index) -> None:
    assert all(item.folded for item in made.evidence(index, signal("party", text)))


@pytest.mark.parametrize("text", ["Acmetronic", "ACMETRONIC, Inc.", "阿克美", "ООО Акметроник", "Zeta"])
def test_what_is_met_as_it_is_written_is_not_called_folded(text: str, index: Index) -> None:
    assert not any(item.folded for item in made.evidence(index, signal("party", text)))


@pytest.mark.parametrize(
    ("text", "strength"),
    [("Acmetronic", "decisive"), ("AcmeCam", "supporting"), ("Acme Tronic", "supporting"), ("ACMECAM SDK", "supporting")],
)
def test_joined_and_brand_names_are_weaker_than_the_name_itself(text: str, strength: str, index: Index) -> None:
    assert set(made.met(index, signal("party", text)).values()) == {strength}


@pytest.mark.parametrize(
    ("text", "vendor"),
    [
        ("Huawei Technologies Co., Ltd.", "huawei"),
        ("Huawei Polska Sp. z o.o.", "huawei"),
        ("Huawei do Brasil Telecomunicações Ltda", "huawei"),
        ("Huawei Technologies (Thailand) Co., Ltd.", "huawei"),
        ("Huawei™", "huawei"),
        ("华为技术有限公司", "huawei"),
        ("ZTE Corporation", "zte"),
        ("ZTE (USA) Inc.", "zte"),
        ("ZTE Poland Sp. z o.o.", "zte"),
        ("ZTE Danmark A/S", "zte"),
        ("ZTE do Brasil Ltda.", "zte"),
        ("ZTE Corporation México S.A. de C.V.", "zte"),
        ("ZTE Czech s. r. o.", "zte"),
        ("https://www.zte.com.cn", "zte"),
        ("http://www.huawei.com/en/", "huawei"),
        ("中兴通讯股份有限公司", "zte"),
        ("Hangzhou Hikvision Digital Technology Co., Ltd.", "hikvision"),
        ("HIK VISION", "hikvision"),
        ("杭州海康威视数字技术股份有限公司", "hikvision"),
        ("Zhejiang Dahua Technology Co., Ltd.", "dahua"),
        ("Hytera Communications Corporation Limited", "hytera"),
        ("AO Kaspersky Lab", "kaspersky"),
        ("АО «Лаборатория Касперского»", "kaspersky"),
        ("SZ DJI Technology Co., Ltd.", "dji"),
        ("DJI Europe B.V.", "dji"),
        ("Autel Robotics USA LLC", "autel-robotics"),
        ("China Mobile International (USA) Inc.", "china-mobile"),
        ("China Telecom (Americas) Corporation", "china-telecom"),
        ("China Unicom (Americas) Operations Limited", "china-unicom"),
        ("Pacific Networks Corp.", "pacific-networks-comnet"),
    ],
)
def test_the_shipped_vendors_are_met_under_their_usual_names(text: str, vendor: str, pack: Pack) -> None:
    assert vendor in {item.vendor for item in made.evidence(pack.index, signal("party", text)) if item.relation == "made-by"}


@pytest.mark.parametrize(
    "text",
    [
        "Aztec Software", "Djinn Labs", "ZTEX GmbH", "ComNet Communication Networks LLC", "UNICOM Global", "Hikari Software",
        "Honor Electronics", "Taiwan Mobile", "Deutsche Telekom AG", "Pacific Gas and Electric", "Digital Systems Ltd",
        "Mobile Telecommunications Company", "Sinclair Research", "Hi-Tech Silicon Valley Bank", "Kasper Skarhoj", "Wei Hua", "Mozilla",
        "The Linux Foundation", "Red Hat, Inc.", "Debian Kernel Team", "Espressif Systems (Shanghai) Co., Ltd.", "Shanghai Slamtec",
        "北京大学", "上海思岚科技有限公司",
    ],
)  # fmt: skip
def test_other_firms_meet_no_shipped_vendor(text: str, pack: Pack) -> None:
    assert made.evidence(pack.index, signal("party", text)) == ()


@pytest.mark.parametrize("text", ["Huawei Zhang", "Dahua Lin", "Lin Dahua", "D. R. Dahua", "Huawei R. Wu", "Zhang Huawei", "Kasper Sky"])
def test_authors_who_bear_a_vendors_name_are_persons(text: str, pack: Pack) -> None:
    assert made.evidence(pack.index, signal("party", text, "author")) == ()


@pytest.mark.parametrize("text", ["Q R S", "Q R S Ltd.", "Q-R-S Inc", "q r s"])
def test_a_short_name_in_single_letters_supports(text: str, index: Index) -> None:
    (found,) = made.evidence(index, signal("party", text))
    assert (found.expected, found.strength) == ("QRS", "supporting")
    assert "separators inside a name dropped" in found.folded


@pytest.mark.parametrize("text", ["Q RS", "Q R S Partners", "Team Q R", "A Q R S", "Q R S T"])
def test_other_single_letters_are_not(text: str, index: Index) -> None:
    assert made.met(index, signal("party", text)) == {}


def test_wrong_spellings_are_not_looked_for_apart() -> None:
    index = made.index_of({"signal": "party", "match": "core", "kind": "misspelling", "values": ["Acmetornic"]})
    assert made.met(index, signal("party", "Acmetornic Ltd.")) == {"Acmetornic": "decisive"}
    assert made.met(index, signal("party", "Acme Tornic")) == {}
