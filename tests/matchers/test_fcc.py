"""FCC IDs: the grantee code in any usual spelling (47 CFR 2.926)."""

import pytest

from sbomguard.matchers import fcc
from sbomguard.matchers.index import Index
from tests import made
from tests.made import signal


@pytest.fixture(scope="module")
def index() -> Index:
    return made.index_of({"signal": "fcc", "values": ["XYZ", "2ABCD"]})


LETTERS = [
    "XYZWIDGET1", "xyzwidget1", "XYZ-WIDGET1", "XYZ WIDGET1", "XYZ-WID-GET-1", " XYZWIDGET1 ", "FCC ID: XYZWIDGET1", "FCC ID XYZWIDGET1",
    "FCCID:XYZWIDGET1", "FCC-ID: XYZ-WIDGET1", "fcc_id=xyzwidget1", "FCC ID#XYZWIDGET1", "FCC ID: FCC ID: XYZWIDGET1",
    "Contains FCC ID: XYZWIDGET1", "Contains FCC ID XYZ-WIDGET1", "FCC ID：XYZWIDGET1", "ＸＹＺＷＩＤＧＥＴ１", "XYZ\u2011WIDGET1",
    "XYZ\u200bWIDGET1", "XYZWIDGET1, 3OTHERGADGET", "3OTHERGADGET / XYZWIDGET1",
]  # fmt: skip
DIGITS = ["2ABCDWIDGET1", "2abcd-widget1", "FCC ID: 2ABCD WIDGET1", "2AB CDWIDGET1"]
MISSES = [
    "XYWIDGET1", "AXYZWIDGET", "2ABCEWIDGET1", "2ABC-WIDGET1", "2XYZWIDGET1", "ABCD2WIDGET", "XYZ", "XY", "", "FCC ID", "FCC ID:", "none",
    "Part 15",
]  # fmt: skip


@pytest.mark.parametrize("text", LETTERS)
def test_three_characters_tell_the_grantee_where_the_first_is_a_letter(text: str, index: Index) -> None:
    assert made.met(index, signal("fcc-id", text)) == {"XYZ": "decisive"}


@pytest.mark.parametrize("text", DIGITS)
def test_five_characters_tell_the_grantee_where_the_first_is_a_digit(text: str, index: Index) -> None:
    assert made.met(index, signal("fcc-id", text)) == {"2ABCD": "decisive"}


@pytest.mark.parametrize("text", MISSES)
def test_ids_of_other_grantees_are_not_met(text: str, index: Index) -> None:
    assert made.met(index, signal("fcc-id", text)) == {}


@pytest.mark.parametrize("text", ["a" * 100_000, "fcc " * 25_000, "fcc id " * 15_000])
def test_the_longest_value_is_searched_for_its_label_once(text: str, index: Index) -> None:
    """Were each character tried as the beginning of a label, this would take minutes."""
    assert list(fcc.match(signal("fcc-id", text), index)) == []
