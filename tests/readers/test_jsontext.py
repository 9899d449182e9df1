"""JSON texts: the places of pointers, the places of errors, and what the strict pass refuses."""

import msgspec
import pytest

from sbomguard.errors import DocumentError
from sbomguard.model import Place
from sbomguard.readers import jsontext
from sbomguard.source import Source

TEXT = """{
  "name": "caf\\u00e9 \\"x\\"",
  "ünïts": ["Ω", 12, {"a/b": null, "c~d": [ ]}],
  "a\\/b" : -1.5e3 ,
  "" : { "" : true }
}
"""


def place_of(text: str, pointer: str) -> Place:
    return jsontext.Places(Source("made.json", text.encode())).locate(pointer)


def text_at(text: str, place: Place) -> str:
    """What stands between the two ends of a place, in characters."""
    lines = text.split("\n")
    if place.line == place.end_line:
        return lines[place.line - 1][place.column - 1 : place.end_column - 1]
    middle = lines[place.line : place.end_line - 1]
    return "\n".join([lines[place.line - 1][place.column - 1 :], *middle, lines[place.end_line - 1][: place.end_column - 1]])


@pytest.mark.parametrize(
    ("pointer", "found"),
    [
        ("/name", '"caf\\u00e9 \\"x\\""'),
        ("/ünïts/0", '"Ω"'),
        ("/ünïts/1", "12"),
        ("/ünïts/2/a~1b", "null"),
        ("/ünïts/2/c~0d", "[ ]"),
        ("/ünïts/2", '{"a/b": null, "c~d": [ ]}'),
        ("/a~1b", "-1.5e3"),
        ("/", '{ "" : true }'),
        ("//", "true"),
        ("", TEXT.strip()),
    ],
)
def test_a_pointer_leads_to_exactly_its_value(pointer: str, found: str) -> None:
    assert text_at(TEXT, place_of(TEXT, pointer)) == found


@pytest.mark.parametrize(
    ("pointer", "nearest"),
    [
        ("/name/0", "/name"),
        ("/nowhere", ""),
        ("/nowhere/deeper/still", ""),
        ("/ünïts/3", "/ünïts"),
        ("/ünïts/-1", "/ünïts"),
        ("/ünïts/01", "/ünïts"),
        ("/ünïts/2/c~0d/0", "/ünïts/2/c~0d"),
    ],
)
def test_a_pointer_to_nothing_leads_to_the_nearest_ancestor(pointer: str, nearest: str) -> None:
    assert place_of(TEXT, pointer) == place_of(TEXT, nearest)


def test_columns_count_characters_and_not_bytes() -> None:
    assert place_of('{"Ωмега": "值", "b": 1}', "/b") == Place(line=1, column=21, end_line=1, end_column=22)


def test_a_value_over_several_lines_ends_where_it_ends() -> None:
    assert place_of('{\n "a": {\n  "b": [1,\n 2]\n }\n}', "/a") == Place(line=2, column=7, end_line=5, end_column=3)


def test_white_space_around_the_document_is_not_part_of_it() -> None:
    assert place_of('\n\n  {"a": 1}\n\n', "") == Place(line=3, column=3, end_line=3, end_column=11)


def test_a_second_question_gets_the_same_answer() -> None:
    places = jsontext.Places(Source("made.json", TEXT.encode()))
    first = [places.locate(pointer) for pointer in ("/ünïts/2/a~1b", "/name", "/ünïts/0")]
    assert [places.locate(pointer) for pointer in ("/ünïts/2/a~1b", "/name", "/ünïts/0")] == first


def error_of(raw: bytes) -> DocumentError:
    """The error that the strict pass or else the decoder raises."""
    with pytest.raises(DocumentError) as caught:
        strict_then_fast(Source("made.json", raw))
    return caught.value


def strict_then_fast(source: Source) -> None:
    jsontext.check_utf8(source)
    jsontext.check_strictly(source)
    fast(source)


def fast(source: Source) -> None:
    """What every text goes through, whatever its size."""
    jsontext.check_utf8(source)
    jsontext.decode(source, msgspec.Raw)


BROKEN = {
    "a missing comma": (b'{"a": 1\n "b": 2}', 2),
    "a trailing comma": (b'{\n"a": 1,}', 2),
    "a comment": (b'{\n// hello\n"a": 1}', 2),
    "single quotes": (b"{\n'a': 1}", 2),
    "an unquoted key": (b"{\n\na: 1}", 3),
    "a control character in a string": (b'{\n"a": "x\x01"}', 2),
    "a line feed in a string": (b'{"a":\n\n"x\ny"}', 3),
    "a bad escape": (b'{\n"a": "\\x41"}', 2),
    "a second document": (b'{}\n{"bomFormat": "CycloneDX"}', 2),
    "a NUL behind it": (b"{}\n\x00", 2),
    "a text that stops in a string": (b'{\n"a": "b', 2),
    "a text that stops in an object": (b'{\n"a": 1', 2),
    "a number with a leading zero": (b'{\n"a": 012}', 2),
    "Latin-1": (b'{\n"a": "M\xfcller"}', 2),
    "an overlong encoding": (b'{\n"a": "\xc0\xaf"}', 2),
    "an encoded surrogate": (b'{\n"a": "\xed\xa0\x80"}', 2),
    "a key twice": (b'{"a": 1,\n"a": 2}', 2),
    "NaN": (b'{\n"a": NaN}', 2),
    "Infinity": (b'{\n"a": -Infinity}', 2),
    "half a surrogate pair": (b'{\n"a": "\\ud800"}', 2),
}


@pytest.mark.parametrize(("raw", "line"), BROKEN.values(), ids=BROKEN.keys())
def test_an_error_says_file_place_and_problem(raw: bytes, line: int) -> None:
    error = error_of(raw)
    assert error.source == "made.json"
    assert error.problem
    assert f"line {line} " in str(error)
    assert "\n" not in str(error)


@pytest.mark.parametrize("name", [name for name in BROKEN if name != "a key twice"])
def test_the_fast_path_alone_refuses_what_is_no_json(name: str) -> None:
    raw, line = BROKEN[name]
    with pytest.raises(DocumentError, match=rf"line {line} "):
        fast(Source("made.json", raw))


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 1}',
        '{"a": 1, "\\u0061": 2}',
        '{"é": 1, "\\u00e9": 2}',
        '{"a/b": 1, "a\\/b": 2}',
        '[[{"x": {"b": [], "c": 0, "b": []}}]]',
        '{"": 1, "": 2}',
        '{"\\ud83d\\ude00": 1, "😀": 2}',
        '{"a" : 1, "a"\t: 2, "b": "\\":"}',
        '{"a"\n:1,"a"\r: 2,"b":"x \\":\\": \\":"}',
    ],
)
def test_a_key_twice_is_refused_however_it_is_written(text: str) -> None:
    assert "twice in one object" in error_of(text.encode()).problem
    large = Source("made.json", text.encode() + b" " * jsontext.STRICT_BELOW)
    with pytest.raises(DocumentError, match="twice in one object"):
        jsontext.plain(large, msgspec.Raw(text.encode()))


@pytest.mark.parametrize(
    "text",
    [
        '{"a": {"a": {"a": 1}}}',
        '[{"a": 1}, {"a": 1}]',
        '{"a": 1, "A": 2, "\\u0391": 3}',
        '{"e\\u0301": 1, "é": 2}',
        '{"key": "key", "other": "\\"key\\": 1, \\"key\\": 2"}',
    ],
)
def test_keys_that_only_look_alike_are_not_the_same(text: str) -> None:
    jsontext.check_strictly(Source("made.json", text.encode()))
    large = Source("made.json", text.encode() + b" " * jsontext.STRICT_BELOW)
    assert jsontext.plain(large, msgspec.Raw(text.encode())) == msgspec.json.decode(text)


@pytest.mark.parametrize("length", [0, 1, 97, 98, 99, 100, 101, 500])
@pytest.mark.parametrize("end", ["", "\\n", "é", "\\u00e9", '\\"', "\\\\"])
def test_a_key_of_any_length_is_read_with_what_stands_behind_it(length: int, end: str) -> None:
    text = f'"{"k" * length}{end}"'.encode()
    for data in (b"x" + text, b"x" + text + b' : "y"', memoryview(b"x" + text + b'"')):
        assert jsontext.read_key(data, 1) == (msgspec.json.decode(text), 1 + len(text))


@pytest.mark.parametrize("text", [b"", b"x", b'"', b'"x', b'"\\"', b'"' + b"x" * 200, b"1", b"'x'"])
def test_what_is_no_string_is_no_key(text: bytes) -> None:
    assert jsontext.read_key(text, 0) == ("", 0)


@pytest.mark.parametrize("length", [0, 1, 99, 100, 101, 200, 1000])
def test_white_space_of_any_length_is_skipped(length: int) -> None:
    blanks = (b" \t\r\n" * length)[:length]
    for data in (b"{" + blanks + b"}", memoryview(b"{" + blanks + b"}")):
        assert jsontext.skip(data, 1) == 1 + length
    assert jsontext.skip(b"{" + blanks, 1) == 1 + length


@pytest.mark.parametrize(
    ("text", "well_formed"),
    [
        ('{"a": "\\ud83d\\ude00"}', True),
        ('{"a": "\\\\ud800"}', True),
        ('{"a": "\\ud83d"}', False),
        ('{"a": "\\ude00"}', False),
        ('{"a": "\\ude00\\ud83d"}', False),
        ('{"a": ["x", "\\uDFFF"]}', False),
        ('{"\\uD800": 1}', False),
        ('["\\ud800"]', False),
    ],
)
def test_surrogates_stand_in_pairs(text: str, well_formed: bool) -> None:
    if well_formed:
        strict_then_fast(Source("made.json", text.encode()))
    else:
        assert "surrogate" in error_of(text.encode()).problem


@pytest.mark.parametrize("depth", [20_000, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")], ids=["arrays", "objects"])
def test_what_is_nested_too_deep_is_refused(opening: str, closing: str, depth: int) -> None:
    error = error_of((opening * depth + "1" + closing * depth).encode())
    assert "deep" in error.problem


@pytest.mark.parametrize("text", ["1" * 5_000, "-" + "9" * 4_301, "1." + "3" * 5_000, "1e" + "5" * 5_000])
def test_endless_numbers_are_refused(text: str) -> None:
    with pytest.raises(DocumentError, match="number of 4|number of 5|characters"):
        jsontext.check_strictly(Source("made.json", f'{{"a": {text}}}'.encode()))


def test_another_shape_is_told_apart_from_broken_json() -> None:
    with pytest.raises(msgspec.ValidationError):
        jsontext.decode(Source("made.json", b"[1]"), dict[str, int])
