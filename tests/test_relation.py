"""From evidence to relation and level: the tables row by row, and the traps that ordinary SBOMs set."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from sbomguard import relation
from sbomguard.finding import LEVELS, Evidence
from sbomguard.model import ASIDES
from sbomguard.pack import Pack
from sbomguard.policy import Entry
from sbomguard.relation import Standing
from tests import made
from tests.made import Description, component, signal

# grade, level where the entry covers the class of the component, level where it does not ("otherwise": the entry's own word)
TABLE = [
    (relation.CERTAIN, "made-by", "prohibited", "otherwise"),
    (relation.TWICE, "made-by", "prohibited", "otherwise"),
    (relation.LIKELY, "made-by", "review", "otherwise"),
    (relation.NAMED, "named", "prohibited", "otherwise"),
    (relation.UNSURE, "named", "review", "otherwise"),
    (relation.LED, "contributed", "review", "otherwise"),
    (relation.SOLD, "contributed", "review", "otherwise"),
    (relation.AUTHOR, "contributed", "review", "otherwise"),
    (relation.COMMUNITY, "contributed", "note", "note"),
    (relation.MENTION, "about", "note", "note"),
    (relation.OTHERS, "about", "note", "note"),
]


def entry(covers: str = "software", otherwise: str = "review", **other: str) -> Entry:
    fields: dict[str, Any] = {
        "entry": "acme", "title": "Acme", "since": "2020-01-01", "covers": covers.split(), "otherwise": otherwise, "vendors": ["acme"],
        "documents": [{"number": "1"}], "meaning": "Nothing made by Acme.", "confidence": "confirmed", **other,
    }  # fmt: skip
    return msgspec.convert(fields, Entry)


def fact(
    kind: str, strength: str = "decisive", stands: str = "made-by", *, field: str = "", found: str = "Acme", why: str = ""
) -> Evidence:
    return Evidence(
        vendor="acme", signal=kind, field=field or kind, at=f"/{kind}", found=found, expected="acme", strength=strength, relation=stands,
        explanation=why,
    )  # fmt: skip


@pytest.mark.parametrize(("standing", "stands", "covered", "other"), TABLE)
@pytest.mark.parametrize("otherwise", ["review", "note"])
def test_the_level_follows_from_grade_and_reach(standing: Standing, stands: str, covered: str, other: str, otherwise: str) -> None:
    item = component()
    assert standing.relation == stands
    assert relation.level(standing, item, entry("software", otherwise)) == covered
    assert relation.level(standing, item, entry("hardware module", otherwise)) == (otherwise if other == "otherwise" else other)
    assert relation.level(standing, item, entry("", otherwise)) == (otherwise if other == "otherwise" else other)


def test_the_table_has_a_row_for_every_grade() -> None:
    grades = {value.grade for value in vars(relation).values() if isinstance(value, Standing)}
    assert {grade for grade, _ in relation.LEVELS} == grades
    assert {standing.grade for standing, *_ in TABLE} == grades
    assert set(relation.LEVELS.values()) <= {*LEVELS, "otherwise"}


@pytest.mark.parametrize("standing", [row[0] for row in TABLE])
@pytest.mark.parametrize("covers", ["software", "hardware"])
def test_a_proposed_rule_is_never_more_than_a_note(standing: Standing, covers: str) -> None:
    assert relation.level(standing, component(), entry(covers, status="proposed")) == "note"


@pytest.mark.parametrize("standing", [row[0] for row in TABLE])
def test_reaching_further_never_lowers_the_level(standing: Standing) -> None:
    item = component()
    levels = [LEVELS.index(relation.level(standing, item, entry(covers, otherwise))) for covers, otherwise in
              (("", "note"), ("", "review"), ("software", "review"))]  # fmt: skip
    assert levels == sorted(levels)


@pytest.mark.parametrize("standing", [row[0] for row in TABLE])
@pytest.mark.parametrize("aside", ASIDES)
@pytest.mark.parametrize("covers", ["software", "hardware"])
def test_what_is_no_part_of_the_product_goes_no_further_than_its_kind(standing: Standing, aside: str, covers: str) -> None:
    part = LEVELS.index(relation.level(standing, component(), entry(covers)))
    beside = LEVELS.index(relation.level(standing, replace(component(), aside=aside), entry(covers)))
    assert beside == min(part, LEVELS.index(ASIDES[aside][0]))


KERNEL = signal("file", "/usr/lib/modules/6.1.0-18-arm64/kernel/fs/acmefs/acmefs.ko")

WEIGHED = [
    ("one decisive value", (), [fact("party")], relation.CERTAIN),
    ("one decisive purl", (), [fact("purl")], relation.CERTAIN),
    ("one supporting value", (), [fact("party", "supporting")], relation.LIKELY),
    ("one supporting file", (), [fact("file", "supporting")], relation.LIKELY),
    ("two supporting values of two kinds", (), [fact("party", "supporting"), fact("file", "supporting")], relation.TWICE),
    ("two supporting values of one kind", (), [fact("file", "supporting"), fact("file", "supporting", found="b")], relation.LIKELY),
    ("one supporting value and a mention", (), [fact("file", "supporting"), fact("word", "mention")], relation.LIKELY),
    ("a decisive value beside mentions", (), [fact("word", "mention"), fact("cpe")], relation.CERTAIN),
    ("only mentions", (), [fact("word", "mention"), fact("purl", "mention")], relation.MENTION),
    ("about", (), [fact("word", "mention", "about")], relation.MENTION),
    ("decisively about", (), [fact("forge", "decisive", "about")], relation.MENTION),
    ("a project that the vendor leads", (), [fact("forge", "decisive", "contributed")], relation.LED),
    ("a driver upstream", (), [fact("file", "mention", "contributed")], relation.COMMUNITY),
    ("made-by outranks contributed", (), [fact("forge", "decisive", "contributed"), fact("party")], relation.CERTAIN),
    ("contributed outranks about", (), [fact("word", "mention", "about"), fact("forge", "decisive", "contributed")], relation.LED),
    ("only an author's address", (), [fact("domain", "supporting", found="j@acme.example")], relation.AUTHOR),
    ("an author's address, a brand", (), [fact("domain", "supporting", found="j@a.example"), fact("file", "supporting")], relation.LIKELY),
    ("the supplier's address", (), [fact("domain", found="j@acme.example")], relation.CERTAIN),
    ("a business that was sold", (), [fact("party", stands="contributed", why="Zeta left the group of Acme on 2020-01-01")], relation.SOLD),
    ("a word, and nobody named", (), [fact("word")], relation.CERTAIN),
    ("a word, and another maker named", (signal("party", "Zeta Ltd"),), [fact("word")], relation.OTHERS),
    ("a word, and a filler for a maker", (signal("party", "NOASSERTION"),), [fact("word")], relation.CERTAIN),
    ("a word, and only an author named", (signal("party", "Jane Doe", "author"),), [fact("word")], relation.CERTAIN),
    ("a word and a purl, and another maker named", (signal("party", "Zeta Ltd"),), [fact("word"), fact("purl")], relation.CERTAIN),
    ("a module of Linux with the vendor as supplier", (KERNEL,), [fact("party")], relation.COMMUNITY),
    ("a module of Linux with the vendor's address", (KERNEL,), [fact("domain", found="j@acme.example")], relation.COMMUNITY),
    ("a module of Linux with the vendor's own package", (KERNEL,), [fact("party"), fact("purl")], relation.CERTAIN),
    ("a module of Linux with the vendor's own package in a version", (KERNEL,), [fact("party"), fact("purl", found="pkg:deb/acme@1")],
     relation.CERTAIN),
    ("a module of Linux that has an address", (KERNEL, signal("url", "https://kernel.example/git")), [fact("party")], relation.COMMUNITY),
    ("named by the list", (), [fact("word", stands="named")], relation.NAMED),
    ("named by the list, perhaps in another version", (), [fact("word", "supporting", "named")], relation.UNSURE),
    ("named by the list twice", (), [fact("word", "supporting", "named"), fact("purl", stands="named")], relation.NAMED),
    ("a module of Linux with the vendor's own file name", (KERNEL,), [fact("file")], relation.CERTAIN),
]  # fmt: skip


@pytest.mark.parametrize(("signals", "facts", "standing"), [pytest.param(*row, id=why) for why, *row in WEIGHED])
def test_evidence_weighs_as_the_design_says(signals: tuple[Any, ...], facts: list[Evidence], standing: Standing) -> None:
    assert relation.weigh(component(*signals), tuple(facts)) == standing


@pytest.mark.parametrize(("signals", "facts", "standing"), [pytest.param(*row, id=why) for why, *row in WEIGHED])
def test_the_order_of_evidence_does_not_matter(signals: tuple[Any, ...], facts: list[Evidence], standing: Standing) -> None:
    assert relation.weigh(component(*signals), tuple(reversed(facts))) == standing


@pytest.mark.parametrize(
    ("name", "role", "standing"),
    [
        ("linux", "author", relation.COMMUNITY),
        ("Linux-Kernel", "author", relation.COMMUNITY),
        ("dpdk", "author", relation.COMMUNITY),
        ("linux", "supplier", relation.CERTAIN),
        ("linux-firmware-acme", "author", relation.CERTAIN),
        ("widget", "author", relation.CERTAIN),
    ],
)
def test_only_authors_of_a_community_project_are_contributors_by_its_name(name: str, role: str, standing: Standing) -> None:
    item = component(signal("party", "Acme", role, role), name=name)
    assert relation.weigh(item, (fact("party", field=role),)) == standing


PATHS = [
    ("/lib/modules/6.1.0-18-arm64/kernel/fs/erofs/erofs.ko", "note"),
    ("/usr/lib/modules/6.6.8/kernel/drivers/crypto/virtio/virtio_crypto.ko.xz", "note"),
    ("lib/modules/5.15.0/kernel/drivers/net/ethernet/hisilicon/hns3/hnae3.ko.zst", "note"),
    ("/lib/modules/4.9.37/extra/agent.ko", "review"),
    ("/lib/modules/4.9.37/updates/dkms/agent.ko", "review"),
    ("/opt/vendor/kernel/agent.ko", "review"),
    ("/usr/lib/libagent.so.1", "review"),
    ("/lib/modules/4.9.37/kernel/libagent.so", "review"),
]


@pytest.mark.parametrize("form", made.FORMATS)
@pytest.mark.parametrize(("path", "level"), PATHS)
def test_a_module_of_linux_is_not_made_by_the_author_that_stands_as_its_supplier(path: str, level: str, form: str, pack: Pack) -> None:
    described = {"name": "part", "supplier": "Huawei Tech. Co., Ltd.", "file": path}
    (found,) = made.findings(described, pack, form)
    assert (found.level, found.relation) == (level, "contributed" if level == "note" else "made-by")


CASES: list[tuple[str, Description, list[tuple[str, str, str]]]] = [
    (
        "software of a maker whose software is listed",
        {"name": "kav-sdk", "supplier": "AO Kaspersky Lab"},
        [("fcc-covered-list", "prohibited", "made-by"), ("us-commerce-kaspersky", "prohibited", "made-by")],
    ),
    (
        "software of a maker whose equipment is listed",
        {"name": "libisp", "supplier": "HiSilicon (Shanghai) Technologies Co., Ltd."},
        [("fcc-covered-list", "review", "made-by")],
    ),
    (
        "a chip of a maker whose equipment is listed",
        {"name": "Hi3516", "type": "device", "manufacturer": "HiSilicon"},
        [("fcc-covered-list", "prohibited", "made-by")],
    ),
    (
        "a radio module known by its FCC ID",
        {"name": "radio", "type": "device", "fcc_id": "QISEM770W"},
        [("fcc-covered-list", "prohibited", "made-by")],
    ),
    (
        "firmware of a maker whose equipment is listed",
        {"name": "camera-fw", "type": "firmware", "supplier": "Hangzhou Hikvision Digital Technology Co., Ltd."},
        [("fcc-covered-list", "review", "made-by")],
    ),
    (
        "software of a maker of whom only services are listed",
        {"name": "agent", "supplier": "China Mobile International Limited"},
        [("fcc-covered-list", "note", "made-by")],
    ),
    (
        "a third party's package about a vendor",
        {"name": "huawei-lte-api", "purl": "pkg:pypi/huawei-lte-api@1.10"},
        [("fcc-covered-list", "note", "about")],
    ),
    (
        "a vendor's product name from another supplier",
        {"name": "hisilicon-osdrv-hi3516ev200", "supplier": "Example Camera Project"},
        [("fcc-covered-list", "note", "about")],
    ),
    (
        "a vendor's product name from nobody",
        {"name": "hisilicon-osdrv-hi3516ev200", "supplier": "NOASSERTION"},
        [("fcc-covered-list", "review", "made-by")],
    ),
    (
        "a project that a vendor gave to a foundation",
        {"name": "mindspore", "purl": "pkg:pypi/mindspore@2.4.0"},
        [("fcc-covered-list", "review", "contributed")],
    ),
]


@pytest.mark.parametrize("form", made.FORMATS)
@pytest.mark.parametrize(("described", "expected"), [pytest.param(*row, id=why) for why, *row in CASES])
def test_the_shipped_lists_give_the_levels_of_the_design(
    described: Description, expected: list[tuple[str, str, str]], form: str, pack: Pack
) -> None:
    found = {(item.list_id, item.level, item.relation) for item in made.findings(described, pack, form)}
    assert found == set(expected)


@pytest.mark.parametrize("form", made.FORMATS)
def test_two_vendors_in_one_component_are_both_reported(form: str, pack: Pack) -> None:
    described = {"name": "part", "supplier": "Dahua Technology", "manufacturer": "HiSilicon"}
    assert {item.vendor for item in made.findings(described, pack, form)} == {"dahua", "huawei"}


@pytest.mark.parametrize("form", made.FORMATS)
@pytest.mark.parametrize(
    ("supplier", "day", "stands"),
    [
        ("Honor Device Co., Ltd.", "2020-11-16", "made-by"),
        ("Honor Device Co., Ltd.", "2020-11-17", "contributed"),
        ("Honor Device Co., Ltd.", made.TODAY, "contributed"),
        ("xFusion Digital Technologies Co., Ltd.", "2021-11-04", "made-by"),
        ("xFusion Digital Technologies Co., Ltd.", "2021-11-05", "contributed"),
    ],
)
def test_a_sold_business_counts_as_the_vendors_until_the_day_it_left(supplier: str, day: str, stands: str, form: str, pack: Pack) -> None:
    found = made.findings({"name": "part", "supplier": supplier}, pack, form, as_of=day, lists=("us-ndaa-2019-889",))
    assert {item.relation for item in found} == {stands}


BOUGHT = made.index_of({"signal": "party", "values": ["Zeta"], "since": "2018-02-01", "until": "2022-02-01"})


@pytest.mark.parametrize(
    ("day", "made_by"), [("2018-01-31", False), ("2018-02-01", True), ("2022-01-31", True), ("2022-02-01", False), ("2026-11-21", False)]
)
def test_a_bought_business_counts_as_the_vendors_from_the_day_it_came_to_the_day_it_left(day: str, made_by: bool) -> None:
    found = made.evidence(BOUGHT, signal("party", "Zeta Ltd"), day=day)
    assert any(item.relation == "made-by" for item in found) == made_by
