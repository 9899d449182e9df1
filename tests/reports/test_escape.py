"""Escaping: nothing that steers a terminal, CI log or viewer comes through, and what was there can be read back."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sbomguard.reports.escape import LIMIT, json_text, markdown, portable, redacted, sarif, shortened, terminal

ANY = st.text(st.characters(exclude_categories=()), max_size=LIMIT)
STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e007f]")
COMMAND = re.compile(r"^\s*::|##\w*\[", re.MULTILINE)


def unescaped(text: str) -> str:
    """What terminal() was given."""
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda match: chr(int(match[1], 16)), text)


@given(ANY)
def test_terminal_can_be_read_back(value: str) -> None:
    if redacted(value) == value:
        assert unescaped(terminal(value)) == value


@given(ANY)
def test_terminal_lets_nothing_steer(value: str) -> None:
    assert not STEERING.search(terminal(value))
    assert not COMMAND.search(terminal(value))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Hua\u200bwei", r"Hua\u{200b}wei"),
        ("\x1b[2Jx", r"\u{1b}[2Jx"),
        ("\n::error::x", r"\u{a}\u{3a}:error::x"),
        ("a ##vso[task.complete]", r"a \u{23}#vso[task.complete]"),
        ("###[error]", r"#\u{23}#[error]"),
        ("##teamcity[x]", r"\u{23}#teamcity[x]"),
        ("a\ud800", r"a\u{d800}"),
        (r"\u{1b}", r"\u{5c}u{1b}"),
        ("z\u0300\u0301\u0302", "z\u0300\u0301\\u{302}"),
        ("华为技术有限公司", "华为技术有限公司"),
        ("std::string", "std::string"),
        (r"C:\Windows", r"C:\Windows"),
    ],
)
def test_terminal_shows(value: str, shown: str) -> None:
    assert terminal(value) == shown


def test_long_values_end_in_a_digest() -> None:
    one, other = terminal("x" * 5000), terminal("x" * 4999 + "y")
    assert one.startswith("x" * LIMIT + "...(+4800 characters, sha256 ")
    assert len(one) == len(other) < LIMIT + 50
    assert one != other
    assert shortened("x" * LIMIT, LIMIT) == "x" * LIMIT


@given(ANY)
def test_sarif_message_has_no_link_and_no_placeholder(value: str) -> None:
    text = sarif(value)
    assert not STEERING.search(text)
    assert not re.search(r"(?<!\\)(\\\\)*\[", text)
    assert not re.search(r"(?<!\{)(\{\{)*\{(?!\{)", text)


def test_markdown_is_words_of_one_line() -> None:
    assert markdown("a\n# b [x](y) <b>`|*_") == r"a\<U+000A\>\# b \[x\](y) \<b\>\`\|\*\_"


@given(ANY)
def test_json_parses_to_the_same_text(value: str) -> None:
    text = json_text({"value": value, "list": (value,)})
    assert text.isascii()
    assert not STEERING.search(text.replace("\n", ""))
    assert not COMMAND.search(text)
    assert json.loads(text) == {"value": redacted(value), "list": [redacted(value)]}


def test_portable_keeps_what_xml_can_hold() -> None:
    assert portable("a\tb\u200b华\x00\ud800") == "a\tb\u200b华<U+0000><U+D800>"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("https://user:ghp_0123@github.com/huawei/x", "https://***@github.com/huawei/x"),
        ("https://ghp_0123@github.com/x", "https://***@github.com/x"),
        ("https://u:p@ss@github.com/x", "https://***@github.com/x"),
        ("git+ssh://git@gitee.com/x/y", "git+ssh://git@gitee.com/x/y"),
        (
            "pkg:generic/x?vcs_url=git%2Bhttps%3A%2F%2Fu%3Ap%40gitee.com%2Fx",
            "pkg:generic/x?vcs_url=git%2Bhttps%3A%2F%2F***%40gitee.com%2Fx",
        ),
        ("https://repo.example/x?X-Amz-Signature=dead&token=s3cr3t", "https://repo.example/x?X-Amz-Signature=***&token=***"),
        ("pkg:npm/%40kaspersky/hexa-ui@1.4.0?arch=x", "pkg:npm/%40kaspersky/hexa-ui@1.4.0?arch=x"),
        ("mail jan@huawei.com", "mail jan@huawei.com"),
    ],
)
def test_secrets_are_starred(value: str, shown: str) -> None:
    assert redacted(value) == shown
    assert redacted(shown) == shown


@pytest.mark.parametrize("value", ["://" * 20000, "%3a%2f%2f" * 20000, "##" * 20000, "?token=" * 20000, "[" * 20000, "a://" + "b" * 99999])
def test_long_values_take_no_time(value: str) -> None:
    redacted(value)
    terminal(value)
    sarif(value)
