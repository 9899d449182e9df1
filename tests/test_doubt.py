"""Parts without a maker that speak of a listed vendor: nobody can tell, so the answer is incomplete; all else stays a note."""

import json
from base64 import b64encode
from typing import Any

import pytest

from sbomguard.check import check
from sbomguard.pack import Pack
from sbomguard.source import Source
from sbomguard.verdict import Verdict
from sbomguard.waiver import Waiver
from tests import made, writers

MADE = {"name": "zlib", "version": "1.3", "supplier": "Example Works"}
SPEAKING = {"name": "netlib", "version": "1.0+huawei.sdk"}


def on(data: bytes, pack: Pack, **options: Any) -> Verdict:
    return check([Source("made", data)], pack, **{"today": made.TODAY, **options})


def outcome(part: dict[str, Any], pack: Pack, **options: Any) -> str:
    """The outcome on a part of that kind beside one that says who made it."""
    maker = {"type": "library", "name": "zlib", "version": "1.3", "supplier": {"name": "Example Works"}}
    listed = [maker, {"type": "library", "bom-ref": "c1", "name": "netlib", **part}]
    return on(json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": listed}).encode(), pack, **options).outcome


@pytest.mark.parametrize("form", sorted(writers.FORMATS))
def test_a_text_that_names_a_vendor_leaves_a_part_without_maker_open_in_every_format(form: str, pack: Pack) -> None:
    assert on(writers.FORMATS[form]([MADE, SPEAKING]), pack).outcome == "incomplete"
    assert on(writers.FORMATS[form]([MADE, {**SPEAKING, "supplier": "Other Works"}]), pack).outcome == "pass"
    assert on(writers.FORMATS[form]([{**MADE, "version": "1+huawei"}, {"name": "netlib"}]), pack).outcome == "pass"


@pytest.mark.parametrize(
    "part",
    [
        {"description": "Huawei SDK"},
        {"description": "for drones of Autel-Robotics"},
        {"description": "AUTEL_ROBOTICS flight SDK"},
        {"copyright": "(c) Huawei Technologies"},
        {"licenses": [{"license": {"name": "LicenseRef-HiSilicon-EULA"}}]},
        {"properties": [{"name": "vendor", "value": "\u534e\u4e3a"}]},
        {"releaseNotes": {"type": "major", "title": "Hikvision sync"}},
        {"bom-ref": "huawei-liteos"},
        {"swid": {"tagId": "huawei.com+x", "name": "x"}},
        {"swid": {"tagId": "x", "name": "x", "text": {"encoding": "base64", "content": b64encode(b"<swid regid='huawei.com'/>").decode()}}},
        {"pedigree": {"descendants": [{"type": "library", "name": "x", "supplier": {"name": "Huawei Technologies"}}]}},
        {"supplier": {"name": "Not Huawei"}},
        {"publisher": "Never Huawei"},
        {"externalReferences": [{"type": "distribution", "url": "https://repo.huaweicloud.com/x.tgz"}]},
    ],
    ids=lambda part: next(iter(part)),
)
def test_what_only_mentions_a_vendor_names_no_maker(part: dict[str, Any], pack: Pack) -> None:
    assert outcome(part, pack) == "incomplete"
    assert outcome({**part, "manufacturer": {"name": "Other Works"}}, pack) == "pass"


@pytest.mark.parametrize(
    "part",
    [
        {"name": "huawei-lte", "version": "1-huawei"},
        {"name": "linux", "copyright": "(c) Huawei Technologies"},
        {"description": "China Telecom SDK"},
        {"properties": [{"name": "syft:location:0:path", "value": "/lib/modules/6.1/kernel/drivers/hisilicon/x.ko"}]},
        {"components": [{"type": "library", "name": "x", "description": "Huawei SDK", "supplier": {"name": "Other Works"}}]},
        {"description": "made with cotton candy"},
    ],
    ids=["its own name", "community code", "services only", "kernel module", "nested", "nothing"],
)
def test_no_doubt_where_the_vendor_would_be_no_more_than_a_note(part: dict[str, Any], pack: Pack) -> None:
    assert outcome(part, pack) == "pass"


def test_the_reason_names_the_part_the_vendor_and_the_text(pack: Pack) -> None:
    parts = [{"name": f"part{number}", "version": "1+huawei"} for number in range(3)]
    (reason,) = on(made.cyclonedx([MADE, *parts]), pack).reasons
    assert "part0" in reason
    assert "Huawei" in reason
    assert "2 more" in reason


def test_a_waiver_of_the_note_settles_the_doubt(pack: Pack) -> None:
    waiver = Waiver(rule="fcc-covered-list/huawei", reason="only the compiler", owner="me", expires="2999-01-01")
    assert outcome({"description": "Huawei SDK"}, pack, waivers=(waiver,)) == "pass"


def test_a_purl_that_is_none_leaves_its_part_open(pack: Pack) -> None:
    assert outcome({"purl": "pkg:"}, pack) == "incomplete"
    assert outcome({"purl": "pkg:", "publisher": "Other Works"}, pack) == "pass"
