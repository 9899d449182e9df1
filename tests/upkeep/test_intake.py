"""`policy import`: each row of a foreign list becomes a vendor or a category, nothing is lost in silence, nothing half-written stays."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from sbomguard import pack as packs
from sbomguard import policy
from sbomguard.errors import PolicyError
from sbomguard.policy import Policy
from sbomguard.upkeep import intake, review, screening
from sbomguard.upkeep.intake import Intake, Terms
from tests import made

ENTITY_LIST = "Entity List (EL) - Bureau of Industry and Security"
MEU = "Military End User (MEU) List - Bureau of Industry and Security"
SDN = "Specially Designated Nationals (SDN) - Treasury Department"

COLUMNS = (
    "_id source entity_number type programs name title addresses federal_register_notice start_date end_date standard_order "
    "license_requirement license_policy call_sign vessel_type gross_tonnage gross_registered_tonnage vessel_flag vessel_owner remarks "
    "source_list_url alt_names citizenships dates_of_birth nationalities places_of_birth source_information_url ids"
).split()


def row(name: str | None, source: str = ENTITY_LIST, **other: Any) -> dict[str, Any]:
    """A party as the JSON file of the Consolidated Screening List has it."""
    return {
        "id": "0" * 40, "source": source, "entity_number": None, "type": None, "programs": [], "name": name, "title": None,
        "alt_names": [], "addresses": [], "federal_register_notice": None, "start_date": None, "end_date": None, "remarks": None,
        "source_list_url": "https://example.com/list", "ids": [], **other,
    }  # fmt: skip


ROWS = [
    row("Omegatronic Co., Ltd.", alt_names=["Omegatronic", "OMT Semiconductors"], start_date="2019-05-21", end_date=None,
        federal_register_notice="84 FR 22961 5/21/2019", entity_number=77,
        addresses=[{"address": "1 Long Road", "city": "Shenzhen", "state": None, "postal_code": "518129", "country": "CN"}],
        license_requirement="For all items", license_policy="Presumption of denial"),
    row("Deltaworks Institute", start_date="2019-05-21", federal_register_notice="84 FR 22961 5/21/2019"),
    row("Omegatronic Co., Ltd.", MEU, start_date="2020-12-23"),
    row("Address 01", addresses=[{"address": "Unit 5, 7 Harbour Road", "city": "Hong Kong", "country": "HK"}], start_date="2024-06-12"),
    row("IVANOV, Ivan", SDN, type="Individual", entity_number=4711, programs=["CYBER2"]),
    row("SEA STAR", SDN, type="Vessel"),
    row("Gammasoft LLC", SDN, type="Entity", end_date="2025-03-31", start_date="2020-01-01"),
    row("Betacorp Trading", SDN, type="Entity", start_date="2025-01-01", end_date="2024-01-01"),
]  # fmt: skip


def as_json(rows: list[dict[str, Any]], **top: Any) -> bytes:
    sources = [{"source": ENTITY_LIST, "source_last_updated": "2026-11-02T05:00:00+00:00"}, {"source": SDN, "source_last_updated": None}]
    return json.dumps({"total": len(rows), "sources_used": sources, "results": rows, **top}).encode()


def as_csv(rows: list[dict[str, Any]]) -> bytes:
    """The same as the CSV file has it: several values parted by semicolons, an address in one text."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, extrasaction="ignore")
    writer.writeheader()
    for item in rows:
        addresses = [", ".join(str(part) for part in address.values() if part) for address in item["addresses"]]
        writer.writerow(
            {**item, "_id": item["id"], "alt_names": "; ".join(item["alt_names"]), "programs": "; ".join(item["programs"]),
             "addresses": "; ".join(addresses), "ids": ""}
        )  # fmt: skip
    return stream.getvalue().encode()


FORMS = {"csl-json": as_json, "csl-csv": as_csv}


def taken(raw: bytes, **terms: Any) -> Intake:
    return intake.take_in(screening.read(raw, "list"), Terms(**{"id": "csl", "day": "2026-11-02", "file": "list", **terms}))


def loaded(tmp_path: Path, raw: bytes, **terms: Any) -> Policy:
    intake.write(taken(raw, **terms).files, str(tmp_path / "made"))
    return policy.parse(policy.read_files(str(tmp_path / "made")))


@pytest.mark.parametrize("form", FORMS)
def test_every_row_becomes_a_vendor_or_a_category(form: str, tmp_path: Path) -> None:
    found = loaded(tmp_path, FORMS[form](ROWS))
    assert sorted(found.vendors) == [
        "csl-betacorp-trading",
        "csl-deltaworks-institute",
        "csl-gammasoft",
        "csl-ivanov-ivan",
        "csl-omegatronic",
    ]
    assert sorted(found.lists) == ["csl-el", "csl-meu", "csl-sdn"]
    categories = [entry.category for item in found.lists.values() for entry in item.entries if entry.category]
    assert [text.partition(":")[0] for text in categories] == ["Address 01", "SEA STAR"]
    assert "7 Harbour Road" in categories[0]
    assert found.profiles["csl"].lists == ("csl-el", "csl-meu", "csl-sdn")


@pytest.mark.parametrize("form", FORMS)
def test_what_the_list_says_of_a_party_is_kept(form: str, tmp_path: Path) -> None:
    found = loaded(tmp_path, FORMS[form](ROWS))
    summary = found.vendors["csl-omegatronic"].summary
    for words in ("Entity List", "Military End User", "entity number 77", "1 Long Road, Shenzhen, 518129, CN", "Presumption of denial"):
        assert words in summary
    assert "CYBER2" in found.vendors["csl-ivanov-ivan"].summary
    entry = next(entry for entry in found.lists["csl-el"].entries if entry.vendors)
    assert (entry.vendors, entry.since) == (("csl-deltaworks-institute", "csl-omegatronic"), "2019-05-21")
    assert [(item.number, item.date) for item in entry.documents] == [("84 FR 22961 5/21/2019", "2019-05-21")]


def test_json_and_csv_of_the_same_list_give_the_same_files() -> None:
    assert taken(as_json(ROWS)).files == taken(as_csv(ROWS)).files


def test_the_same_list_gives_the_same_bytes() -> None:
    assert taken(as_json(ROWS)).files == taken(as_json(ROWS)).files


def test_days_are_those_of_the_list_and_a_missing_one_counts_always(tmp_path: Path) -> None:
    entries = loaded(tmp_path, as_json(ROWS)).lists["csl-sdn"].entries
    days = {entry.vendors[0]: (entry.since, entry.until) for entry in entries if entry.vendors}
    assert days["csl-gammasoft"] == ("2020-01-01", "2025-04-01")  # the last day is one on which it counts
    assert days["csl-betacorp-trading"] == ("2025-01-01", "")  # an end before the beginning is none
    assert days["csl-ivanov-ivan"] == (intake.UNKNOWN_DAY, "")


@pytest.mark.parametrize(
    ("supplier", "level", "relation"),
    [
        ("OMEGATRONIC Co. Ltd", "review", "made-by"),
        ("OMT Semiconductors", "review", "made-by"),
        ("Omegatronic Bakery", None, None),
        ("Deltaworks Institute", "review", "made-by"),
        ("Ivan Ivanov", "note", "about"),
        ("SEA STAR", None, None),
        ("Address 01", None, None),
    ],
)
def test_the_import_is_a_policy_that_a_check_can_use(supplier: str, level: str | None, relation: str | None, tmp_path: Path) -> None:
    folder = tmp_path / "made"
    intake.write(taken(as_json(ROWS)).files, str(folder))
    verdict = made.verdict([{"name": "part", "supplier": supplier}], packs.load(str(folder)), lists=("csl-el", "csl-sdn"))
    assert {(item.level, item.relation) for item in verdict.findings} == ({(level, relation)} if level else set())


def test_the_import_passes_its_own_review(tmp_path: Path) -> None:
    intake.write(taken(as_json(ROWS)).files, str(tmp_path / "made"))
    reviewed = review.review(str(tmp_path / "made"), made.TODAY)
    assert [fault for fault in reviewed.faults if fault.grade == "error"] == []
    assert (reviewed.vendors, reviewed.lists) == (5, 3)


def test_a_name_of_two_parties_does_not_convict_for_one(tmp_path: Path) -> None:
    rows = [row("Alphaworks Electronics", alt_names=["Common Trading House"]), row("Betaworks Optics", alt_names=["Common Trading House"])]
    found = loaded(tmp_path, as_json(rows))
    strengths = {value: block.strength for vendor in found.vendors.values() for block in vendor.identities for value in block.values}
    assert strengths == {"Alphaworks Electronics": "decisive", "Betaworks Optics": "decisive", "Common Trading House": "supporting"}
    assert any("1 names belong to more than one party" in text for text in taken(as_json(rows)).oddities)


def test_a_name_in_another_script_gets_an_id(tmp_path: Path) -> None:
    found = loaded(tmp_path, as_json([row("欧米伽电子有限公司"), row("Омега Электроник"), row("Омега Софт")]))
    assert sorted(found.vendors) == ["csl-name", "csl-name-2", "csl-name-3"]


@pytest.mark.parametrize("name", [None, "", "Co., Ltd.", "...", "X"])
def test_a_row_that_names_nobody_is_kept_as_a_category(name: str | None, tmp_path: Path) -> None:
    rows = [row("Omegatronic"), row(name, addresses=[{"address": "5 Sea Street", "country": "HK"}])]
    result = taken(as_json(rows))
    assert (result.vendors, result.categories) == (1, 1)
    assert any("1 rows (2) name no maker" in text for text in result.oddities)
    entries = loaded(tmp_path, as_json(rows)).lists["csl-el"].entries
    assert any("5 Sea Street" in entry.category for entry in entries)


def test_a_list_of_addresses_alone_is_a_list(tmp_path: Path) -> None:
    found = loaded(tmp_path, as_json([row("Address 01", addresses=[{"address": "5 Sea Street", "country": "HK"}])]))
    assert found.vendors == {}
    assert len(found.lists["csl-el"].entries) == 1


def test_days_that_are_none_are_told(tmp_path: Path) -> None:
    rows = [row("Omegatronic Optics", start_date="2019-02-30"), row("Deltaworks Optics", start_date="2020-01-01", end_date="soon")]
    oddities = " ".join(taken(as_json(rows)).oddities)
    assert "first day that is none" in oddities
    assert "an end that is none" in oddities
    assert loaded(tmp_path, as_json(rows)).lists["csl-el"].entries[0].since == intake.UNKNOWN_DAY


def test_a_plain_list_is_one_list_of_names(tmp_path: Path) -> None:
    raw = "\ufeff# our own\nOmegatronic Optics\r\n\n  Deltaworks Institute \nOmegatronic Optics\n".encode()
    found = loaded(tmp_path, raw, id="ours", title="Our list", covers=("software",), otherwise="note")
    (item,) = found.lists.values()
    assert (item.list, item.title, item.authority) == ("ours", "Our list", "Ourselves")
    (entry,) = item.entries
    assert entry.vendors == ("ours-deltaworks-institute", "ours-omegatronic-optics")
    assert (entry.covers, entry.otherwise) == (("software",), "note")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "no name"),
        (b"# nothing\n\n", "no name"),
        (b"\xff\xfe", "UTF-8"),
        (b"{}", "no screening list"),
        (b'{"results": []}', "no name"),
        (b'{"results": [{}]}', "no party"),
        (b'{"results": [{"source": "EL", "name": "a"}, {"source": "EL"}]}', "no party"),
        (b'{"results": [{"source": "EL", "name": "a", "name": "b"}]}', "'name' twice"),
        (b'{"results": [{"source": "EL", "name": ["a"]}]}', "list where text stands"),
        (b'{"results": [{"source": "EL", "name": "a"}', "not JSON"),
        (b'{"total": 900, "results": [{"source": "EL", "name": "a"}]}', "1 of 900"),
        (b"[" * 100_000, "JSON"),
        (b"_id,source,name\n1,EL\n", "2 values for 3 columns"),
        (b"_id,source,name,name\n1,EL,a,b\n", "no screening list"),
        (b'_id,source,name\n1,EL,"Omega\n', "not CSV"),
    ],
)
def test_what_cannot_be_read_whole_is_refused(raw: bytes, words: str) -> None:
    with pytest.raises(PolicyError) as caught:
        screening.read(raw, "list")
    assert words in str(caught.value)


def test_the_day_of_the_file_is_the_newest_of_its_sources() -> None:
    assert screening.read(as_json(ROWS), "list").day == "2026-11-02"


def test_a_folder_that_holds_something_is_left_alone_unless_forced(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    (folder / "vendors").mkdir(parents=True)
    (folder / "vendors" / "mine.yaml").write_text("mine", encoding="utf-8")
    files = taken(as_json(ROWS)).files
    with pytest.raises(PolicyError, match="not empty"):
        intake.write(files, str(folder))
    assert [path.name for path in folder.rglob("*") if path.is_file()] == ["mine.yaml"]
    assert intake.write(files, str(folder), force=True) == ("vendors/mine.yaml",)
    assert (folder / "vendors" / "mine.yaml").read_text(encoding="utf-8") == "mine"
    assert intake.write(files, str(folder), force=True) == ("vendors/mine.yaml",)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["made"]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    assert intake.write(taken(as_json(ROWS)).files, str(tmp_path / "made")) == ()
    assert (tmp_path / "made" / "vendors" / "csl.json").is_file()


def test_nothing_is_left_behind_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(PolicyError):
        intake.write({"vendors/a.json": b"[]"}, str(tmp_path / "file" / "below"))
    with pytest.raises(PolicyError, match="no folder"):
        intake.write({"vendors/a.json": b"[]"}, str(tmp_path / "file"))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
