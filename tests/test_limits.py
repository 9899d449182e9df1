"""Limits: what goes beyond one is an error that names it, and never a partial read."""

import io
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sbomguard import gather, limits
from sbomguard.cli import deadline, run
from sbomguard.errors import DocumentError, UsageError
from sbomguard.limits import DEFAULTS, Limits
from sbomguard.source import Source
from tests import made


def nested_components(levels: int) -> bytes:
    """A CycloneDX document; each level of components takes two of JSON."""
    opening = b'{"type":"library","name":"x"'
    top = b'{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":['
    return top + b',"components":['.join([opening] * levels) + b"}" + b"]}" * levels


def xml(component: str) -> bytes:
    return f'<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1"><components>{component}</components></bom>'.encode()


def nested_xml(levels: int) -> bytes:
    opening = '<component type="library"><name>x</name><version>1</version>'
    return xml("<components>".join([opening] * levels) + "</component>" + "</components></component>" * (levels - 1))


def tag_value(supplier: str) -> bytes:
    return (
        "SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: made\nDocumentNamespace: https://example.com/m\n"
        "Creator: Tool: by-hand\nCreated: 2026-01-01T00:00:00Z\n"
        f"PackageName: zlib\nSPDXID: SPDXRef-a\nPackageDownloadLocation: NOASSERTION\nPackageSupplier: Organization: {supplier}\n"
    ).encode()


def supplied(name: str) -> bytes:
    return made.cyclonedx([{"name": "zlib", "supplier": name}])


def with_number(digits: str) -> bytes:
    return supplied("Aurora GmbH").replace(b'"version": 1', b'"version": ' + digits.encode())


CASES: dict[str, tuple[str, Callable[[int], bytes], int, int]] = {
    "components": ("components", lambda count: made.cyclonedx([{"name": f"n{number}"} for number in range(count)]), 3, 4),
    "JSON depth": ("depth", nested_components, 49, 50),
    "XML depth": ("depth", nested_xml, 49, 50),
    "JSON string": ("string", lambda size: supplied("x" * size), 50, 51),
    "JSON string of quotes": ("string", lambda size: supplied('"' * size), 50, 51),
    "JSON string of escaped backslashes": ("string", lambda size: supplied("\\" * size), 50, 51),
    "JSON string of wide characters": ("string", lambda size: supplied("\U0001f600" * size), 50, 51),
    "XML string": ("string", lambda size: xml(f'<component type="library"><name>{"x" * size}</name></component>'), 50, 51),
    "tag-value string": ("string", lambda size: tag_value("x" * (size - len("Organization: "))), 50, 51),
    "number": ("digits", lambda size: with_number("9" * size), 20, 21),
    "fraction": ("digits", lambda size: with_number("0." + "9" * (size - 2)), 20, 21),
}  # fmt: skip
"""Limit, a document of a size, the size that it may have, and one that it may not, where the limit is 100 for depth and the first size."""


def read(raw: bytes, bounds: Limits) -> None:
    gather.read_one(Source("made", raw, limits=bounds))


@pytest.mark.parametrize("case", CASES)
def test_what_is_at_the_limit_is_read_and_what_is_beyond_it_is_an_error_that_names_it(case: str) -> None:
    name, make, fits, beyond = CASES[case]
    bounds = limits.changed((f"{name}={100 if name == 'depth' else fits}",))
    read(make(fits), bounds)
    with pytest.raises(DocumentError, match=rf"made.*--limit {name}=N$") as caught:
        read(make(beyond), bounds)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("raw", [supplied("x" * 100_001), xml(f'<component type="library"><name>{"x" * 100_001}</name></component>'),
                                 tag_value("x" * 100_001), supplied("A" * 1_000_000 + "Huawei Technologies"), nested_components(300_000),
                                 nested_xml(600), with_number("9" * 4301)], ids=range(7))  # fmt: skip
def test_the_defaults_refuse_what_no_sbom_holds(raw: bytes) -> None:
    with pytest.raises(DocumentError):
        read(raw, DEFAULTS)


def test_a_number_is_bounded_in_a_large_document_too() -> None:
    filling = [{"name": f"n{number}", "supplier": "Aurora GmbH " * 8} for number in range(12_000)]
    large = made.cyclonedx(filling)
    assert len(large) > 1 << 20
    read(large, DEFAULTS)
    for digits in ("9" * 4301, "9" * 1500 + "." + "9" * 1500 + "e" + "9" * 1500):
        with pytest.raises(DocumentError, match="number of"):
            read(large.replace(b'"version": 1,', b'"version": ' + digits.encode() + b",", 1), DEFAULTS)


def test_many_values_that_are_long_together_are_no_long_value() -> None:
    parts = [{"name": "zlib", "supplier": "x" * 40, "purl": "pkg:generic/" + "y" * 30, "url": "https://example.com/" + "z" * 30}]
    read(made.cyclonedx(parts), Limits(string=60))


@given(st.text(max_size=120), st.integers(2, 60), st.integers(0, 7))
def test_no_long_string_is_overlooked(text: str, most: int, before: int) -> None:
    data = b" " * before + json.dumps([text, text[: most // 2]], ensure_ascii=False).encode()
    assert len(text) <= most or limits.may_hold_text(data, most, "json")


@given(st.from_regex(r"-?[1-9][0-9]{0,60}(\.[0-9]{1,60})?([eE][+-]?[0-9]{1,60})?", fullmatch=True), st.integers(8, 90), st.integers(0, 40))
def test_no_long_number_is_overlooked(number: str, most: int, before: int) -> None:
    data = b" " * before + f'{{"a":{number}}}'.encode()
    assert len(number) <= most or limits.may_hold_number(data, most)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ([], DEFAULTS),
        (["bytes=10"], Limits(bytes=10)),
        (["bytes=2G", "unpacked=3M", "xml=1K"], Limits(bytes=2 << 30, unpacked=3 << 20, xml=1 << 10)),
        (["depth=3", "depth=4"], Limits(depth=4)),
    ],
)
def test_limits_are_set(settings: list[str], expected: Limits) -> None:
    assert limits.changed(tuple(settings)) == expected


@pytest.mark.parametrize("text", ["", "bytes", "bytes=", "bytes=0", "bytes=-1", "bytes=1.5", "bytes=1T", "bytes=٣", "size=1", "=1",
                                  "bytes=1\n", "bytes=9999999999999", "__class__=1", "bytes =1"])  # fmt: skip
def test_other_settings_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--limit is"):
        limits.changed((text,))


# ---- on the command line


def test_the_option_sets_a_limit_and_the_error_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.cdx.json"
    path.write_bytes(supplied("Aurora GmbH"))
    assert run(["check", str(path), "--limit", "bytes=100K", "--limit", "depth=50"]) == 0
    capsys.readouterr()
    assert run(["check", str(path), "--limit", "bytes=100"]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n"), "--limit bytes=N" in err) == ("", 1, True)


class LateStream(io.RawIOBase):
    """Standard input that has nothing until the time is up."""

    def readable(self) -> bool:
        return True

    def readinto(self, into: object) -> int:
        os.kill(os.getpid(), signal.SIGALRM)
        return 0


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the system has no timers")
def test_a_run_that_takes_too_long_ends_as_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(LateStream())))
    before = signal.getsignal(signal.SIGALRM)
    report = tmp_path / "report.json"
    assert run(["check", "-", "-o", f"json={report}"]) == 2
    out, err = capsys.readouterr()
    assert (out, err) == (
        "", "sbomguard: error: the run took more than 300 seconds; nothing was checked to the end. "
        "If you trust it, raise the limit: --limit seconds=N\n",
    )  # fmt: skip
    assert not list(tmp_path.iterdir())
    assert (signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)) == (before, (0.0, 0.0))


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the system has no timers")
def test_no_handler_of_exceptions_swallows_the_end_of_the_time() -> None:
    assert not issubclass(deadline.TimeIsUpError, Exception)
    with pytest.raises(deadline.TimeIsUpError), deadline.within(1000):
        os.kill(os.getpid(), signal.SIGALRM)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the system has no timers")
def test_where_no_timer_can_be_set_the_run_goes_on_without(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = []

    def in_another_thread() -> None:
        with deadline.within(1):
            ran.append(signal.getitimer(signal.ITIMER_REAL))

    thread = threading.Thread(target=in_another_thread)
    thread.start()
    thread.join()
    monkeypatch.delattr("_signal.setitimer")  # as on Windows
    with deadline.within(1):
        ran.append(signal.getitimer(signal.ITIMER_REAL))
    assert ran == [(0.0, 0.0)] * 2
