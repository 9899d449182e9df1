"""The quick look at a JSON text never says that all is well where the strict pass finds a fault."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sbomguard.errors import DocumentError
from sbomguard.readers import jsontext
from sbomguard.source import Source

KEYS = st.sampled_from(["a", "b", "\\u0061", 'a\\":', ":", "", " :", 'c":'])
SPACES = st.sampled_from(["", "", "", " ", "\n", "\t "])
SCALARS = st.sampled_from(["1", "1e5", "null", '"x"', '"\\":"', '"a\\": 1"', '"\\ud800"', "1" * 400, "NaN", '" :"'])


def objects(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Objects as texts, in which a key may stand twice and white space anywhere."""
    pairs = st.tuples(KEYS, SPACES, SPACES, values).map(lambda item: f'"{item[0]}"{item[1]}:{item[2]}{item[3]}')
    return st.lists(pairs, max_size=4).map(lambda items: f"{{{', '.join(items)}}}")


TEXTS = st.recursive(SCALARS, lambda inner: objects(inner) | st.lists(inner, max_size=3).map(lambda items: f"[{','.join(items)}]"))


@given(TEXTS)
@example('{"a":1,"a":2,"b" :1}')
@example('{"a":1,"\\u0061":2}')
@example('{"a":{"b":1,"b":2}}')
def test_what_looks_plain_passes(text: str) -> None:
    source = Source("made", text.encode())
    if jsontext.is_plain(source):
        jsontext.check_strictly(source)


@pytest.mark.parametrize("value", [{}, {"a": [{"b": 1}, {"b": "x:y"}]}, [1.5, None, "ä"], {"name": "a", "text": "12: \\n"}], ids=repr)
@pytest.mark.parametrize("indent", [None, 2])
def test_what_most_writers_write_looks_plain(value: Any, indent: int | None) -> None:
    assert jsontext.is_plain(Source("made", json.dumps(value, indent=indent, ensure_ascii=False).encode()))


@pytest.mark.parametrize("text", ['{"a":1,"a":2}', '{"a":1,"\\u0061":2}', "[NaN]", '["\\udc00"]', "[" + "9" * 5000 + "]", '{"a":1', ""])
def test_what_the_strict_pass_refuses_does_not_look_plain(text: str) -> None:
    source = Source("made", text.encode())
    with pytest.raises(DocumentError):
        jsontext.check_strictly(source)
    assert not jsontext.is_plain(source)
