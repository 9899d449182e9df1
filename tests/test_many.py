"""Several processes that share the inputs of a run: the answer of one process, byte for byte, whatever becomes of the others."""

import gzip
import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sbomguard import check as checker
from sbomguard import inputs, many
from sbomguard.pack import Pack
from sbomguard.reports import Style, render
from sbomguard.source import Source
from tests import made

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that share what is open")

HUAWEI = {"name": "agent", "version": "1.2", "supplier": "Huawei Technologies Co., Ltd."}
CLEAN = {"name": "zlib", "version": "1.3", "supplier": "Aurora GmbH"}
NAMELESS = {"name": "blob"}
SERIAL = "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b7{}"
SPACE = "https://example.com/{}"


def tar(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, data in members.items():
            header = tarfile.TarInfo(name.replace("_", "."))
            header.size = len(data)
            archive.addfile(header, io.BytesIO(data))
    return packed.getvalue()


def referring(*targets: str, parts: Sequence[made.Description] = (), **top: Any) -> bytes:
    """A CycloneDX document that says where the SBOMs of parts are."""
    return made.cyclonedx(parts or [CLEAN], externalReferences=[{"type": "bom", "url": target} for target in targets], **top)


def holding(space: str, *others: str) -> bytes:
    """An SPDX document of that namespace whose part contains a part of each of the others."""
    return made.spdx(
        [CLEAN],
        documentNamespace=SPACE.format(space),
        externalDocumentRefs=[
            {"externalDocumentId": f"DocumentRef-{other}", "spdxDocument": SPACE.format(other),
             "checksum": {"algorithm": "SHA256", "checksumValue": "00" * 32}}
            for other in others
        ],
        relationships=[
            {"spdxElementId": "SPDXRef-c0", "relationshipType": "CONTAINS", "relatedSpdxElement": f"DocumentRef-{other}:SPDXRef-c0"}
            for other in others
        ],
    )  # fmt: skip


def refs_of(document: bytes, **refs: str) -> bytes:
    for old, new in refs.items():
        document = document.replace(f'"{old}"'.encode(), f'"{new}"'.encode())
    return document


PLAIN = {
    "a.cdx.json": made.cyclonedx([HUAWEI, CLEAN]),
    "b.spdx.json": made.spdx([CLEAN, HUAWEI] * 40),
    "broken.cdx.json": made.cyclonedx([HUAWEI])[:-20],
    "clean.cdx.json.gz": gzip.compress(made.cyclonedx([CLEAN] * 300)),
    "empty.cdx.json": made.cyclonedx([]),
    "few.cdx.json": made.cyclonedx([NAMELESS, CLEAN]),
    "invalid.cdx.json": made.cyclonedx([CLEAN], serialNumber="no serial number"),
    "package.json": b'{"name": "app", "version": "1.0"}',
    "whole.spdx.tar": tar(one_cdx_json=made.cyclonedx([HUAWEI]), two_cdx_json=made.cyclonedx([CLEAN])),
}
TIED = {
    "namesakes": {
        "a.cdx.json": made.cyclonedx([CLEAN], serialNumber=SERIAL.format(1)),
        "b.cdx.json": made.cyclonedx([HUAWEI], serialNumber=SERIAL.format(2)),
        "c.cdx.json": made.cyclonedx([HUAWEI], serialNumber=SERIAL.format(1)),
    },
    "a name": {
        "a.spdx.json": holding("a", "c"),
        "b.cdx.json": PLAIN["a.cdx.json"],
        "c.spdx.json": made.spdx([HUAWEI], documentNamespace=SPACE.format("c")),
    },
    "a name that nobody has": {"a.spdx.json": holding("a", "gone"), "b.cdx.json": PLAIN["a.cdx.json"]},
    "a path": {
        "a.cdx.json": referring("./c.cdx.json"),
        "b.cdx.json": PLAIN["a.cdx.json"],
        "c.cdx.json": refs_of(made.cyclonedx([HUAWEI]), c0="x"),
    },
    "an element": {
        "a.cdx.json": referring("https://example.com/part"),
        "b.cdx.json": PLAIN["a.cdx.json"],
        "c.cdx.json": refs_of(made.cyclonedx([HUAWEI]), c0="https://example.com/part"),
    },
    "the beginning of an element": {
        "a.cdx.json": referring(SPACE.format("c#part")),
        "c.spdx.json": made.spdx([HUAWEI], documentNamespace=SPACE.format("c")),
    },
    "a name that two have": {
        "a.spdx.json": holding("a", "c"),
        "b.spdx.json": holding("b", "gone"),
        "c.spdx.json": made.spdx([CLEAN], documentNamespace=SPACE.format("c")),
        "d.spdx.json": made.spdx([HUAWEI], documentNamespace=SPACE.format("c")),
        "e.spdx.json": made.spdx([HUAWEI], documentNamespace=SPACE.format("e")),
    },
    "an archive and what it refers to": {
        "a.spdx.tar": tar(one_spdx_json=holding("a", "b", "c"), two_spdx_json=made.spdx([HUAWEI], documentNamespace=SPACE.format("b"))),
        "c.spdx.json": made.spdx([HUAWEI], documentNamespace=SPACE.format("c")),
    },
}  # fmt: skip


class Ran(NamedTuple):
    code: int
    out: bytes
    err: bytes


def write(folder: Path, files: dict[str, bytes]) -> Path:
    for name, raw in files.items():
        (folder / name).write_bytes(raw)
    return folder


def python(folder: Path, *arguments: str, given: bytes = b"") -> Ran:
    """Run Python in the folder; it returns when every process that has the streams is gone."""
    surroundings = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "SOURCE_DATE_EPOCH": "1795219200"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=surroundings, input=given, capture_output=True, timeout=100, check=False
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def check(folder: Path, *arguments: str, given: bytes = b"") -> Ran:
    return python(folder, "-m", "sbomguard", "check", *arguments, given=given)


def watched(folder: Path, what: str, *arguments: str) -> Ran:
    """A check in which `what` happens when a process opens `b.cdx.json`; `first` is the one that the user started."""
    return python(folder, "-c", WATCHED.format(what=what), "check", *arguments)


WATCHED = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may ignore it
first = os.getpid()
def watch(event, arguments):
    if event == "open" and str(arguments[0]).endswith("b.cdx.json"):
        {what}
from sbomguard.__main__ import main
sys.addaudithook(watch)
main()
"""
COUNTED = """
import sys
def watch(event, arguments):
    if event == "os.fork":
        sys.stderr.write("fork ")
        {what}
from sbomguard.__main__ import main
sys.addaudithook(watch)
main()
"""


@pytest.mark.parametrize(
    "arguments", ["-f text -v", "-f json", "-f sarif", "-f json --strict", "-f json --hook", "-f json --limit bytes=3000"]
)
def test_the_number_of_processes_changes_no_byte(tmp_path: Path, arguments: str) -> None:
    write(tmp_path, PLAIN)
    named = ["package.json", "."] if "--hook" in arguments else ["gone.cdx.json", "."]
    first, *others = (check(tmp_path, *named, *arguments.split(), "--jobs", jobs) for jobs in ("1", "2", "4"))
    assert first.code == 2
    assert b"broken.cdx.json" in first.err
    assert others == [first, first]


@pytest.mark.parametrize("name", TIED)
def test_inputs_that_refer_to_others_come_out_as_in_one_process(tmp_path: Path, name: str) -> None:
    write(tmp_path, TIED[name])
    first, *others = (check(tmp_path, ".", "-f", "json", "--jobs", jobs) for jobs in ("1", "2", "4"))
    assert first.code == (2 if name == "a name that two have" else 1)
    assert others == [first, first]


NAMES = [SPACE.format(name) for name in ("a", "a#b", "b")]
TARGETS = [
    *NAMES,
    "./0.spdx.json",
    "1.cdx.json#x",
    "https://example.com/a/part",
    "https://example.com/part",
    SERIAL.format(1),
    "urn:cdx:x/1",
]


@st.composite
def documents(draw: st.DrawFn) -> dict[str, bytes]:
    """Documents that name, mean and hold each other, or nearly so."""
    found: dict[str, bytes] = {}
    for number in range(draw(st.integers(2, 5))):
        ref = draw(st.sampled_from(["x", "https://example.com/part", NAMES[0] + "/part"]))
        links = draw(st.lists(st.sampled_from(TARGETS), max_size=2, unique=True))
        if draw(st.booleans()):
            serial = {"serialNumber": SERIAL.format(draw(st.integers(1, 2)))} if draw(st.booleans()) else {}
            found[f"{number}.cdx.json"] = refs_of(referring(*links, parts=[HUAWEI], **serial), c0=ref)
        else:
            others = [link.rpartition("/")[2] for link in links if link in NAMES[::2]]
            found[f"{number}.spdx.json"] = holding(draw(st.sampled_from("abc")), *others)
    return found


@given(files=documents())
def test_documents_looked_at_apart_come_out_as_together(files: dict[str, bytes], pack: Pack) -> None:
    sources = [Source(name, raw) for name, raw in files.items()]
    apart = check_all(lambda terms: many.joined([many.part(item, terms) for item in sources], lambda number: sources[number], terms), pack)
    assert apart == check_all(sources, pack)


def check_all(sources: Any, pack: Pack) -> str:
    return render("json", checker.check(sources, pack, today=made.TODAY), Style(version="0"))


def test_documents_are_told_in_the_order_of_their_inputs(tmp_path: Path) -> None:
    names = [f"{number:02}.cdx.json" for number in range(12)]
    write(tmp_path, {name: made.cyclonedx([CLEAN] * (2000 if name.startswith("00") else 1)) for name in names})
    told = json.loads(check(tmp_path, *reversed(names), "-f", "json", "--jobs", "3").out)
    assert [document["path"] for document in told["documents"]] == list(reversed(names))


@pytest.mark.parametrize("files", [PLAIN, {"b.cdx.json": PLAIN["a.cdx.json"], "c.spdx.json": holding("c", "d")}])
def test_standard_input_may_be_among_the_inputs(tmp_path: Path, files: dict[str, bytes]) -> None:
    write(tmp_path, files)
    given = made.spdx([HUAWEI], documentNamespace=SPACE.format("d"))
    first, second = (check(tmp_path, ".", "-", "-f", "json", "--jobs", jobs, given=given) for jobs in ("1", "3"))
    assert '"path": "-"' in first.out.decode()
    assert second == first


PAIR = {"a.cdx.json": PLAIN["a.cdx.json"], "b.cdx.json": made.cyclonedx([CLEAN] * 9), "c.cdx.json": PLAIN["a.cdx.json"]}


@pytest.mark.parametrize("error", ["ValueError('odd')", "MemoryError", "SystemExit(0)", "KeyError(open)", "OSError(5, 'odd')"])
def test_what_goes_wrong_in_a_process_is_told_as_if_there_were_one(tmp_path: Path, error: str) -> None:
    write(tmp_path, PAIR)
    first, second = (watched(tmp_path, f"raise {error}", *PAIR, "--jobs", jobs) for jobs in ("1", "2"))
    assert (first.code, first.err.count(b"\n")) == (2, 1)
    assert second == first


def test_a_process_that_is_killed_is_an_error_that_names_the_input(tmp_path: Path) -> None:
    write(tmp_path, PAIR)
    killed = "os.getpid() == first or os.kill(os.getpid(), signal.SIGKILL)"
    done = watched(tmp_path, killed, *PAIR, "--jobs", "2")
    assert (done.code, done.out) == (2, b"")
    assert done.err == (
        b"sbomguard: error: b.cdx.json: was not checked to the end: the process that read it was ended by signal 9. "
        b"If memory ran out, allow more of it, or fewer processes: --jobs 1\n"
    )


def test_a_process_that_leaves_is_an_error_too(tmp_path: Path) -> None:
    write(tmp_path, PAIR)
    done = watched(tmp_path, "os.getpid() == first or os._exit(0)", ".", "--jobs", "2")
    assert (done.code, done.err.count(b"\n")) == (2, 1)
    assert b"b.cdx.json: was not checked to the end: the process that read it ended with status 0" in done.err


STUCK = "os.getpid() == first or ({}, signal.pause())"
"""The process does something and stays. Each test ends only when that process is gone."""


def test_an_interrupt_ends_every_process(tmp_path: Path) -> None:
    write(tmp_path, PAIR)
    done = watched(tmp_path, STUCK.format("os.kill(first, signal.SIGINT)"), ".", "--jobs", "2")
    assert done == (2, b"", b"sbomguard: error: interrupted; nothing was checked to the end\n")


def test_an_interrupt_from_a_terminal_reaches_all_processes_and_is_one_line(tmp_path: Path) -> None:
    write(tmp_path, PAIR)
    everybody = "os.getpid() == first or (os.kill(os.getpid(), signal.SIGINT), os.kill(first, signal.SIGINT), signal.pause())"
    done = watched(tmp_path, everybody, ".", "--jobs", "2")
    assert done == (2, b"", b"sbomguard: error: interrupted; nothing was checked to the end\n")


def test_the_end_of_the_time_ends_every_process(tmp_path: Path) -> None:
    write(tmp_path, PAIR)
    done = watched(tmp_path, STUCK.format("0"), ".", "--jobs", "2", "--limit", "seconds=1")
    assert (done.code, done.out) == (2, b"")
    assert done.err.startswith(b"sbomguard: error: the run took more than 1 seconds; nothing was checked to the end.")


def test_no_process_outlives_a_run_that_is_killed(tmp_path: Path) -> None:
    write(tmp_path, PAIR)
    done = watched(tmp_path, STUCK.format("os.kill(first, signal.SIGKILL)"), ".", "--jobs", "2", "--limit", "seconds=1")
    assert done == (-9, b"", b"")


@pytest.mark.parametrize("started", [0, 1, 2])
def test_where_no_process_can_be_started_the_answer_is_the_same(tmp_path: Path, started: int) -> None:
    write(tmp_path, PLAIN)
    plain = check(tmp_path, ".", "-f", "json", "--jobs", "1")
    refused = f"main.count = getattr(main, 'count', 0) + 1\n        if main.count > {started}: raise BlockingIOError(11, 'no more')"
    done = python(tmp_path, "-c", COUNTED.format(what=refused), "check", ".", "-f", "json", "--jobs", "4")
    assert done == (plain.code, plain.out, b"fork " * (started + 1) + plain.err)


def test_few_bytes_stay_in_one_process_and_many_are_shared(tmp_path: Path) -> None:
    few = [str(write(tmp_path, PAIR) / name) for name in PAIR]
    assert many.processes(inputs.expand(tuple(few)), None) == 1
    large = tmp_path / "large.cdx.json"
    large.write_bytes(b" " * many.PAYS)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    assert many.processes(inputs.expand((str(large),)), None) == 1
    assert many.processes(inputs.expand((*few, str(large))), None) == min(4, cores, many.MOST)
    assert many.processes(inputs.expand((*few, str(large))), 3) == 3
    assert many.processes(inputs.expand(tuple(few)), 9) == 3
    done = python(tmp_path, "-c", COUNTED.format(what="pass"), "check", *few)
    assert b"fork" not in done.err


THREADED = """
import sys, threading
def refuse(event, arguments):
    if event == "os.fork":
        sys.stderr.write("fork ")
if __name__ == "__main__":
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    from sbomguard.__main__ import main
    sys.addaudithook(refuse)
    main()
"""


def test_beside_another_thread_new_interpreters_are_started(tmp_path: Path) -> None:
    write(tmp_path, PLAIN)
    (tmp_path / "threaded.py").write_text(THREADED)
    plain = check(tmp_path, ".", "-f", "json", "--jobs", "1")
    assert python(tmp_path, "threaded.py", "check", ".", "-f", "json", "--jobs", "2") == plain
