"""Lines and columns of offsets: whatever order they are asked in, they are those that counting from the beginning gives."""

from hypothesis import given
from hypothesis import strategies as st

from sbomguard.readers.cursor import Cursor

TEXTS = st.text(st.sampled_from("ab\näß華\U0001f600\n"), max_size=60)


def counted(text: str, at: int) -> tuple[int, int]:
    before = text[:at]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


@given(TEXTS, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8))
def test_places_do_not_depend_on_what_was_asked_before(text: str, spans: list[tuple[int, int]]) -> None:
    cursor = Cursor(text.encode())
    for one, other in spans:
        start, end = sorted((min(one, len(text)), min(other, len(text))))
        place = cursor.place(len(text[:start].encode()), len(text[:end].encode()))
        assert ((place.line, place.column), (place.end_line, place.end_column)) == (counted(text, start), counted(text, end))
