"""CPE names in both bindings: who and what they say, and what says nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sbomguard import cpe

NAMES = [
    ("cpe:2.3:o:acme:router_os:2.1:*:*:*:*:*:*:*", "o", "acme", "router_os", "2.1"),
    ("CPE:2.3:H:Acme:Router_OS:-:*:*:*:*:*:*:*", "h", "acme", "router_os", ""),
    ("  cpe:2.3:a:acme:widget:1.0:*:*:*:*:*:*:*\n", "a", "acme", "widget", "1.0"),
    ("cpe:2.3:a:acme:anti\\-virus:1.0:*:*:*:*:*:*:*", "a", "acme", "anti-virus", "1.0"),
    ("cpe:2.3:a:acme\\:labs:a\\\\b:1\\.0:*:*:*:*:*:*:*", "a", "acme:labs", "a\\b", "1.0"),
    ("cpe:2.3:a:acme", "a", "acme", "", ""),
    ("cpe:2.3:a", "a", "", "", ""),
    ("cpe:/o:acme:router_os:2.1", "o", "acme", "router_os", "2.1"),
    ("cpe:/a:acme:anti%2dvirus", "a", "acme", "anti-virus", ""),
    ("CPE:/A:%41cme:Widget", "a", "acme", "widget", ""),
    ("cpe:/a:acme%3alabs:widget:-", "a", "acme:labs", "widget", ""),
    ("cpe:/a:acme", "a", "acme", "", ""),
    ("cpe:/", "", "", "", ""),
]

NONE = ("", "acme", "cpe:", "cpe:2.2:a:acme:widget", "cpe:2.3", "pkg:npm/cpe", "xcpe:/a:acme:widget")

NOBODY = (
    "cpe:2.3:a:*:widget:1.0:*:*:*:*:*:*:*",
    "cpe:2.3:a:-:widget:1.0:*:*:*:*:*:*:*",
    "cpe:2.3:a::widget:1.0:*:*:*:*:*:*:*",
    "cpe:2.3:a:?:widget:1.0:*:*:*:*:*:*:*",
    "cpe:2.3:a:**:widget:1.0:*:*:*:*:*:*:*",
    "cpe:/a::widget:1.0",
    "cpe:/a:-:widget",
    "cpe:/a:%02:widget",
    "cpe:/a:%01%01:widget",
)


@pytest.mark.parametrize(("text", "part", "vendor", "product", "version"), NAMES)
def test_both_bindings_are_read(text: str, part: str, vendor: str, product: str, version: str) -> None:
    assert cpe.parse(text) == cpe.Cpe(part, vendor, product, version)


@pytest.mark.parametrize("text", NONE)
def test_other_text_is_no_cpe(text: str) -> None:
    assert cpe.parse(text) is None


@pytest.mark.parametrize("text", NOBODY)
def test_a_vendor_of_wildcards_is_nobody(text: str) -> None:
    """NISTIR 7695 clauses 5.3.2 and 6.1.2.1: `*`, `?`, and in a URI `%02` and `%01`, stand for any characters."""
    parsed = cpe.parse(text)
    assert parsed is not None
    assert parsed.vendor == ""


WORD = st.text(st.sampled_from("abcxyz019_.-:\\/!*?"), min_size=1, max_size=8).filter(lambda text: text.strip("*?-"))


@given(vendor=WORD, product=WORD)
def test_what_is_escaped_comes_back_as_it_was(vendor: str, product: str) -> None:
    """Every special character escaped by a backslash, as NISTIR 7695 clause 6.2 binds it."""
    bound = [word.translate({ord(special): f"\\{special}" for special in ".-:\\/!*?"}) for word in (vendor, product)]
    assert cpe.parse(f"cpe:2.3:a:{':'.join(bound)}:1:*:*:*:*:*:*:*") == cpe.Cpe("a", vendor, product, "1")


@given(st.text() | st.text(st.sampled_from("cpe:2.3/a*-\\%0 ")).map("cpe:2.3:".__add__))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    parsed = cpe.parse(text)
    assert parsed is None or parsed.vendor == parsed.vendor.lower()
