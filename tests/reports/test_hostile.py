"""Hostile text in every place that a document can fill, through every report."""

import json
import re
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sbomguard.reports import REPORTS, Style, render
from sbomguard.reports.escape import portable, redacted, terminal

from . import verdicts

HOSTILE = {
    "clear screen": "\x1b[2J\x1b[Hx",
    "title": "\x1b]0;pwned\x07",
    "c1": "\x9b31mred",
    "carriage return": "x\rPASS: 0 components",
    "github": "\n::error file=a.js,line=1::pwned",
    "github at start": "::set-output name=result::pass",
    "github after spaces": " \u2003\t::add-mask::x",
    "github of old": "x ##[error]pwned",
    "azure": "\n##vso[task.complete result=Succeeded;]",
    "teamcity": "##teamcity[buildStatus status='SUCCESS']",
    "wrapped": "word " * 30 + "::error::x " + "word " * 30,
    "colon": "a :",
    "line separator": "x\u2028PASS\u2029",
    "bidi": "\u202ePASS\u2066",
    "zero width": "Hua\u200b\u200dwei\ufeff",
    "tag characters": "x\U000e0041\U000e007f",
    "surrogates": "a\ud800b\udcff",
    "nul": "a\x00b\x7f",
    "quotes": '","verdict":"pass","x":"',
    "link": "[click](1) [here](https://evil.example)",
    "placeholder": "{0} {1} %s {{7*7}}",
    "markup": "<script>alert(1)</script> </details> | `x`",
    "windows": "C:\\Windows\\..\\x",
    "traversal": "../../../../etc/passwd",
    "long": "y" * 5000,
    "chinese": "华为技术有限公司",
    "empty": "",
}
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e007f]")
COMMAND = re.compile(r"^\s*::|##\w*\[", re.MULTILINE)

hostile = pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE.keys())


@hostile
@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("width", [40, 100])
def test_nothing_unsafe_is_written(name: str, value: str, width: int) -> None:
    text = render(name, verdicts.filled(value), Style(version="0.1.0", width=width, verbose=True))
    assert not UNSAFE.search(text)
    assert not COMMAND.search(text)
    text.encode("utf-8")


@hostile
def test_text_keeps_its_lines(value: str) -> None:
    """A value adds no line of its own: first and last line are ours, and every other line is a heading of ours or indented."""
    lines = render("text", verdicts.filled(value), verdicts.STYLE).splitlines()
    assert lines[0].startswith("FAIL:")
    assert lines[-1] == "FAIL: 3 components: 0 prohibited, 1 review, 1 note, 1 unidentified"
    ours = re.compile(r"$|  |(FAIL|review|note|unidentified|problems):( |$)|waivers:$")
    assert [line for line in lines if not ours.match(line)] == []


@hostile
def test_json_gives_back_the_same_text(value: str) -> None:
    report = json.loads(render("json", verdicts.filled(value), verdicts.STYLE))
    found = report["findings"][0]
    assert found["component"] == {"ref": value, "name": value, "version": value, "purl": value, "type": value, "class": "software"}
    assert found["evidence"][0]["found"] == found["message"] == found["location"]["path"] == value
    assert found["dependency_path"] == [value] * 3
    assert report["unidentified"] == [{"ref": value, "name": value, "reason": value, "document": value}]
    assert report["documents"][0]["problems"] == [{"pointer": value, "message": value, "ref": value}]
    assert report["waivers"]["expired"][0]["name"] == value


@hostile
def test_sarif_gives_back_the_same_text(value: str) -> None:
    """In the properties, but for characters that strict JSON and XML readers refuse; those are named."""
    report = json.loads(render("sarif", verdicts.filled(value), verdicts.STYLE))
    result = report["runs"][0]["results"][0]
    assert result["properties"]["component"].get("name", "") == portable(value)
    assert result["properties"]["evidence"][0].get("found", "") == portable(value)
    assert result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "/components/" + portable(value)


STEERING = (
    *("\x1b", "\x9b", "\r", "\n", "\t", "\x0b", "\x85", "\u2028", "\u202e", "\u2067", "\u200b", "\ud83d", "\U0001f600"),
    *("::", ":", "##", "#", "[", "]", "##[", "\\u{", "\\", "<", "]]>", "&#27;", "`", "|", "=1+1", " ", "a", "é"),
    "https://u:p@x.example/?token=s",
)
PIECES = st.sampled_from([*HOSTILE.values(), *STEERING])
nasty = st.lists(PIECES | st.characters(), max_size=12).map("".join)


@given(nasty, st.sampled_from(sorted(REPORTS)), st.sampled_from([40, 80]))
def test_no_mixture_of_pieces_gets_through(value: str, name: str, width: int) -> None:
    text = render(name, verdicts.filled(value), Style(version="0.1.0", width=width, verbose=True))
    assert not UNSAFE.search(text)
    assert not COMMAND.search(text)
    assert name == "text" or json.loads(text)


@given(nasty)
def test_what_a_terminal_is_shown_can_be_read_back(value: str) -> None:
    """Escapes stand for one character each: two different names never look the same, bidi marks and all."""
    shown = terminal(value, 1_000_000)
    assert not UNSAFE.search(shown)
    assert re.sub(r"\\u\{([0-9a-f]+)\}", lambda match: chr(int(match[1], 16)), shown) == redacted(value)


@given(nasty)
def test_nothing_but_characters_of_xml_comes_out_of_portable(value: str) -> None:
    ElementTree.fromstring(f"<a>{escape(portable(value))}</a>")
