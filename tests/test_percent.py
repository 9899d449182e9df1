"""Percent-encoding: undone as the standard library does it."""

from urllib.parse import unquote as official

from hypothesis import example, given
from hypothesis import strategies as st

from sbomguard.percent import unquote

PIECES = ("%", "4", "1", "G", "é", "%C3", "%a9", "%c3%A9", "%25", "+", " ", "_1", "%zz", "%0", "% 4", "华", "%E5%8D%8E")


@given(st.lists(st.sampled_from(PIECES)).map("".join))
@example("%C3é%A9")
def test_as_the_standard_library(text: str) -> None:
    assert unquote(text) == official(text)
