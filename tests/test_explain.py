"""Explanations: they say what `check` decided and why, for findings and for everything else, and leave nothing out."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sbomguard import gather, names
from sbomguard import pack as packs
from sbomguard.cli.explaining import Question
from sbomguard.errors import UsageError
from sbomguard.explain import Explanation, Terms, choose, explain, text, value
from sbomguard.explain import json as as_json
from sbomguard.explain.near import MOST, Neighbours
from sbomguard.explain.trace import TRACES, trace
from sbomguard.matchers.evidence import MATCHERS
from sbomguard.policy import DEFAULT_LISTS
from sbomguard.reports import Style
from sbomguard.source import Source
from tests import made
from tests.made import signal
from tests.reports.test_hostile import COMMAND, HOSTILE, UNSAFE
from tests.test_cli import Ran, Runner, cli, here  # noqa: F401

HUAWEI = {"name": "agent", "version": "1.2", "supplier": "Huawei Technologies Co., Ltd.", "purl": "pkg:generic/agent@1.2"}
MODULE = {"name": "erofs", "supplier": "Huawei Tech. Co., Ltd.", "file": "/lib/modules/6.1/kernel/fs/erofs/erofs.ko"}
CLEAN = {"name": "zlib", "version": "1.3", "supplier": "Aurora GmbH", "url": "https://zlib.net/z.tar.gz"}
NAMELESS = {"name": "blob"}
NEARLY = {"name": "part", "supplier": "Hikvizyon Digital"}
AZTEC = {"name": "aztec-code", "supplier": "Aztec Systems"}
ALL = (HUAWEI, MODULE, CLEAN, NAMELESS, NEARLY, AZTEC)


def terms(pack: packs.Pack, *lists: str, day: str = made.TODAY) -> Terms:
    return Terms(pack=pack, lists=pack.policy.select(lists or DEFAULT_LISTS), day=day)


def of(described: made.Description, pack: packs.Pack, form: str = "cyclonedx", **kwargs: Any) -> Explanation:
    """The explanation of one component."""
    source = Source("made.json", made.FORMATS[form]([described]))
    document = gather.read_one(source)
    return next(explain(source, document, document.components[-1:], terms(pack, **kwargs)))


def shown(item: Explanation, *, width: int = 100, verbose: bool = False) -> str:
    return text.render([("", item)], "today", Style(version="0", width=width, verbose=verbose))


# ---- the same answer as the check


@pytest.mark.parametrize("form", made.FORMATS)
@pytest.mark.parametrize("described", ALL, ids=lambda item: item["name"])
def test_an_explanation_says_what_the_check_decided(described: made.Description, form: str, pack: packs.Pack) -> None:
    item = of(described, pack, form)
    verdict = made.verdict([described], pack, form)
    decided = [(finding.rule, finding.level, finding.fingerprint[:0], finding.why_level) for finding in verdict.findings]
    assert [(f.rule, f.level, "", f.why_level) for f in item.findings] == decided
    assert [item.unidentified] == [other.reason for other in verdict.unidentified] or not (item.unidentified or verdict.unidentified)


def test_every_signal_is_shown_with_its_place(pack: packs.Pack) -> None:
    source = Source("made.json", made.cyclonedx([HUAWEI]))
    item = of(HUAWEI, pack)
    lines = source.data.decode().splitlines()
    assert [reading.signal for reading in item.readings] == list(dict.fromkeys(item.component.signals))
    for reading in item.readings:
        line = lines[reading.place.line - 1]
        assert json.loads(line[reading.place.column - 1 : reading.place.end_column - 1]) == reading.signal.value


def test_a_finding_is_traced_from_the_value_to_the_entry(pack: packs.Pack) -> None:
    item = of(HUAWEI, pack)
    reading = next(reading for reading in item.readings if reading.signal.kind == "party")
    assert reading.met[0].vendor == "huawei"
    assert reading.trace.steps[-1].text == "huawei"
    (weighed,) = item.vendors
    assert (weighed.standing.relation, weighed.standing.grade) == ("made-by", "certain")
    assert [finding.rule for finding in weighed.findings] == ["fcc-covered-list/huawei"]
    told = shown(item)
    for part in (
        "review: agent 1.2: made by Huawei",
        "legal forms dropped",
        "fcc-covered-list/huawei",
        "DA 21-309",
        "because",
        "identified",
    ):
        assert part in told


def test_a_component_that_meets_nobody_is_explained_too(pack: packs.Pack) -> None:
    item = of(CLEAN, pack)
    assert not item.vendors
    assert not item.unidentified
    assert all(not reading.met for reading in item.readings)
    assert shown(item).startswith("no finding: zlib 1.3")
    assert "supplier.name" in next(line for line in shown(item).splitlines() if line.startswith("  identified"))


def test_a_component_without_maker_is_told_as_such(pack: packs.Pack) -> None:
    told = shown(of(NAMELESS, pack))
    assert told.startswith("unidentified: blob")
    assert "it has a name only" in told


def test_a_kernel_module_says_which_rule_made_it_a_contribution(pack: packs.Pack) -> None:
    (weighed,) = of(MODULE, pack).vendors
    assert (weighed.standing.relation, weighed.standing.grade) == ("contributed", "community")
    assert {finding.level for finding in weighed.findings} == {"note"}


def test_a_vendor_on_no_chosen_list_is_told_with_the_lists_that_name_it(pack: packs.Pack) -> None:
    item = of(HUAWEI, pack, day="2020-01-01")
    assert not item.findings
    assert "begins on 2021-03-12" in item.vendors[0].unlisted
    source = Source("made.json", made.cyclonedx([HUAWEI]))
    document = gather.read_one(source)
    other = next(explain(source, document, document.components, terms(pack, "us-commerce-kaspersky")))
    assert "fcc-covered-list" in other.vendors[0].unlisted
    assert shown(other).startswith("no finding: agent 1.2: made by Huawei")


def test_the_way_from_the_product_is_told(pack: packs.Pack) -> None:
    document = made.cyclonedx(
        [HUAWEI, CLEAN],
        metadata={"component": {"type": "firmware", "name": "camera", "bom-ref": "camera"}},
        dependencies=[{"ref": "camera", "dependsOn": ["c1"]}, {"ref": "c1", "dependsOn": ["c0"]}],
    )
    source = Source("made.json", document)
    read = gather.read_one(source)
    items = {item.component.ref: item for item in explain(source, read, read.components, terms(pack))}
    assert items["c0"].way == ("camera", "c1", "c0")
    assert "camera > zlib 1.3 > agent 1.2" in shown(items["c0"])


def test_every_kind_of_signal_that_is_matched_can_be_traced() -> None:
    assert set(TRACES) == set(MATCHERS)


# ---- near misses


def test_a_near_miss_is_a_suggestion_and_no_finding(pack: packs.Pack) -> None:
    item = of(NEARLY, pack)
    assert not item.findings
    (reading,) = [reading for reading in item.readings if reading.near]
    assert {near.vendor for near in reading.near} == {pack.index.vendor_names["hikvision"]}
    assert len(reading.near) <= MOST
    assert "only a suggestion, never a finding" in " ".join(shown(item).split())


def test_a_vendors_word_inside_a_longer_word_is_told_as_the_near_miss(pack: packs.Pack) -> None:
    nears = [near for reading in of(AZTEC, pack).readings for near in reading.near]
    assert any("'zte' stands inside the word 'aztec'" in near.why for near in nears)


@pytest.mark.parametrize("kind", ["party", "email", "url", "purl", "cpe", "name", "file", "fcc-id", "hardware-id"])
@pytest.mark.parametrize("given_value", ["", " ", "x" * 100_000, "a/" * 20_000, "华为" * 5000, "pkg:npm/" + "@" * 500, "hik" * 9000])
def test_no_value_is_too_odd_or_too_long_to_be_explained(kind: str, given_value: str, pack: packs.Pack) -> None:
    odd = signal(kind, given_value)
    traced = trace(odd, pack.index)
    assert len(Neighbours(pack.index).of(odd, traced)) <= MOST


# ---- what a person means


def chosen(wanted: str, *described: made.Description, form: str = "cyclonedx") -> list[str]:
    source = Source("made.json", made.FORMATS[form](described))
    document = gather.read_one(source)
    return [item.ref for *_, items in choose.choose([(source, document)], wanted) for item in items]


SCOPED = {
    "name": "widget",
    "version": "2.0",
    "group": "@acme",
    "purl": "pkg:npm/%40acme/widget@2.0",
    "cpe": "cpe:2.3:a:acme:widget:2.0:*:*:*:*:*:*:*",
}


@pytest.mark.parametrize(
    "wanted",
    ["c1", "pkg:npm/%40acme/widget@2.0", "pkg:npm/@acme/widget@2.0", "PKG:npm/%40Acme/widget@2.0", "pkg:npm/%40acme/widget",
     "cpe:2.3:a:acme:widget:2.0:*:*:*:*:*:*:*", "WIDGET", "/components/1"],
)  # fmt: skip
def test_a_component_is_meant_by_ref_purl_cpe_or_name(wanted: str) -> None:
    assert chosen(wanted, CLEAN, SCOPED, HUAWEI) == ["c1"]


def test_a_version_tells_two_of_one_name_apart() -> None:
    old, new = ({"name": "zlib", "version": version} for version in ("1.2", "1.3"))
    assert chosen("zlib@1.3", old, new) == ["c1"]
    assert chosen("zlib", old, new) == ["c0", "c1"]


def test_a_ref_goes_before_a_name() -> None:
    assert chosen("c1", {"name": "c1"}, {"name": "other"}) == ["c1"]


def test_of_many_that_fit_the_refs_are_listed() -> None:
    with pytest.raises(UsageError, match="fits 6 components") as caught:
        chosen("zlib", *[CLEAN] * 6)
    assert "c0, c1, c2" in caught.value.advice


@pytest.mark.parametrize(("wanted", "advice"), [("zlip", "zlib"), ("", "Give a ref"), ("pkg:npm/none", "Give a ref"), ("q" * 9999, "Give")])
def test_what_is_not_there_is_told_with_what_looks_like_it(wanted: str, advice: str) -> None:
    with pytest.raises(UsageError) as caught:
        chosen(wanted, CLEAN, HUAWEI)
    assert advice in caught.value.advice


# ---- single values


@pytest.mark.parametrize(
    ("given_value", "role", "relation"),
    [
        ("Huawei", "a supplier", "made-by"),
        ("huawei-lte-api", "a component's name", "about"),
        ("pkg:gitee/openharmony/kernel@3", "a package URL", "contributed"),
        ("pkg:generic/x?download_url=https://huawei.com/x", "a package URL", "made-by"),
        ("cpe:2.3:h:dahuasecurity:cam:-:*:*:*:*:*:*:*", "a CPE name", "made-by"),
        ("cpe:/o:zte:fw:1", "a CPE name", "made-by"),
        ("git@github.com:huawei/x.git", "an address", "made-by"),
        ("https://www.hikvision.com/en", "an address", "made-by"),
        ("huawei.com", "an address", "made-by"),
        ("jan@huawei.com", "an author", "contributed"),
        ("Jan <jan@huawei.com>", "a supplier with an e-mail address", "made-by"),
        ("FCC ID: QISE8372", "an FCC ID", "made-by"),
        ("QISE8372", "an FCC ID", "made-by"),
        ("fcc:QISE8372", "an FCC ID", "made-by"),
        ("usb:12d1", "a USB vendor id", "made-by"),
        ("pci:19e5", "a PCI vendor id", "made-by"),
        ("oui:00e0fc", "the first half of a MAC address", "made-by"),
        ("00:e0:fc:12:34:56", "a MAC address", "made-by"),
        ("mac:00-E0-FC-12-34-56", "a MAC address", "made-by"),
        ("libhcnetsdk.so", "a file name", "made-by"),
        ("zlib", "a supplier", ""),
        ("Aztec", "a supplier", ""),
    ],
)
def test_a_value_is_explained_for_the_places_where_it_could_stand(given_value: str, role: str, relation: str, pack: packs.Pack) -> None:
    answers = dict(value.identify(given_value, terms(pack)))
    assert [weighed.standing.relation for weighed in answers[role].vendors] == ([relation] if relation else [])


def test_the_type_decides_what_an_entry_covers(pack: packs.Pack) -> None:
    levels = {
        kind: {f.level for role, item in value.identify("Huawei", terms(pack), kind) if role == "a supplier" for f in item.findings}
        for kind in ("library", "device")
    }
    assert levels == {"library": {"review"}, "device": {"prohibited"}}


@pytest.mark.parametrize("given_value", ["", "  ", "pkg:", "pkg:npm", "cpe:x", "\udcff"])
def test_a_value_that_is_nothing_is_an_error(given_value: str, pack: packs.Pack) -> None:
    with pytest.raises(UsageError):
        list(value.identify(given_value, terms(pack)))


# ---- steps


@given(st.text() | st.sampled_from(["Нuаwei Co., Ltd.", "H.I.K. Vision", "HUAWEl", "深圳市海思技术有限公司", "ﬁ Ltd", "İnc"]))
def test_the_last_step_of_a_name_is_its_key(name: str) -> None:
    steps = names.trace(name)
    assert (steps[-1].text if steps else name) == names.normalise(name).key


@given(st.text())
def test_every_step_changed_something(name: str) -> None:
    before = name
    for step in names.trace(name):
        assert step.text != before
        before = step.text


@given(st.text())
def test_a_step_that_a_plain_name_does_not_need_is_among_those_shown(name: str) -> None:
    assert set(names.normalise(name).folded) <= {step.name for step in names.trace(name)}


@pytest.mark.parametrize(
    ("kind", "given_value", "step"),
    [
        ("name", "hikvisiоn-sdk", "look-alike letters of another script"),
        ("name", "Dａhua-sdk", "compatibility forms (NFKC)"),
        ("purl", "pkg:github/huаwei/x", "look-alike letters of another script"),
        ("purl", "pkg:github/%68uawei/x", "letters hidden in escapes undone"),
        ("cpe", r"cpe:2.3:a:hua\wei:x:1:*:*:*:*:*:*:*", "letters hidden in escapes undone"),
        ("url", "https://www.ｈuawei.com/x", "compatibility forms (NFKC)"),
        ("party", "HUAWEl", "letters and digits that look alike"),
        ("party", "Hikvisi0n", "letters and digits that look alike"),
        ("party", "Hua\u200bwei", "invisible characters dropped"),
    ],
)
def test_evidence_says_that_folding_was_needed(kind: str, given_value: str, step: str, pack: packs.Pack) -> None:
    evidence = made.evidence(pack.index, signal(kind, given_value))
    assert evidence
    assert all(step in item.folded for item in evidence)


@pytest.mark.parametrize(
    ("kind", "given_value"),
    [("name", "hikvision-sdk"), ("purl", "pkg:npm/%40huawei/x@1.0%2B1"), ("purl", "pkg:github/huawei/x@1.0™"), ("url", "https://huawei.com/a%20b"),
     ("cpe", "cpe:2.3:a:huawei:x\\-y:1:*:*:*:*:*:*:*"), ("party", "华为技术有限公司"), ("file", "libhcnetsdk.so")],
)  # fmt: skip
def test_evidence_of_plain_values_says_nothing_of_folding(kind: str, given_value: str, pack: packs.Pack) -> None:
    evidence = made.evidence(pack.index, signal(kind, given_value))
    assert evidence
    assert not any(item.folded for item in evidence)


# ---- what is written


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("width", [40, 100])
def test_nothing_unsafe_is_written(hostile: str, width: int, pack: packs.Pack) -> None:
    clean = re.sub("[\ud800-\udfff]", "", hostile)
    described = dict.fromkeys(("name", "version", "supplier", "author", "purl", "cpe", "url", "file", "fcc_id", "group"), f"Huawei {clean}")
    item = of(described, pack)
    for told in (shown(item, width=width, verbose=True), as_json.render([({}, item)], ("list",), made.TODAY, "0")):
        assert not UNSAFE.search(told)
        assert not COMMAND.search(told)


def test_the_json_form_keeps_its_keys(pack: packs.Pack) -> None:
    told = json.loads(as_json.render([({"as": ""}, of(HUAWEI, pack))], DEFAULT_LISTS, made.TODAY, "0"))
    assert told["schema"] == "sbomguard.explanation/1"
    (item,) = told["explanations"]
    assert {
        "as",
        "path",
        "component",
        "level",
        "identified",
        "unidentified",
        "dependency_path",
        "signals",
        "vendors",
        "line",
        "column",
    } <= set(item)
    assert {"signal", "field", "value", "steps", "looked_up", "met", "met_in_vain", "suggestions", "names_maker"} <= set(item["signals"][0])
    assert item["vendors"][0]["entries"][0]["documents"][0]["number"] == "DA 21-309"


# ---- the commands


def test_explain_answers_for_findings_and_others(cli: Runner) -> None:  # noqa: F811
    for wanted, start in (("agent", "review: agent 1.2"), ("zlib", "no finding: zlib 1.3")):
        ran = cli("explain", "fail.cdx.json", wanted)
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.startswith(start)


@pytest.mark.parametrize(
    "arguments",
    ["fail.cdx.json gone", "gone.json zlib", "broken.cdx.json agent", "package.json app", "fail.cdx.json agent --list nothing",
     "fail.cdx.json agent --as-of tomorrow", "fail.cdx.json", "fail.cdx.json agent -f sarif"],
)  # fmt: skip
def test_what_cannot_be_explained_is_an_error(cli: Runner, arguments: str) -> None:  # noqa: F811
    assert cli("explain", *arguments.split()).failed_plainly()


def test_a_folder_with_a_broken_document_is_explained_and_still_an_error(cli: Runner) -> None:  # noqa: F811
    ran = cli("explain", ".", "zlib")
    assert ran.code == 2
    assert "no finding: zlib 1.3" in ran.out
    assert "broken.cdx.json" in ran.err


def test_identify_answers_for_each_value(cli: Runner) -> None:  # noqa: F811
    ran = cli("identify", "Huawei", "pkg:npm/left-pad@1")
    assert (ran.code, ran.err) == (0, "")
    assert '"Huawei" as a supplier' in ran.out
    assert '"pkg:npm/left-pad@1" as a package URL' in ran.out
    told = json.loads(cli("identify", "Huawei", "-f", "json").out)
    assert [(item["given"], item["as"]) for item in told["explanations"]] == [("Huawei", "a supplier"), ("Huawei", "a component's name")]


@pytest.mark.parametrize("arguments", [(), ("",), ("pkg:",), ("x" * 5000,), ("Huawei", "--list", "nothing")])
def test_what_cannot_be_identified_is_an_error(cli: Runner, arguments: tuple[str, ...]) -> None:  # noqa: F811
    assert cli("identify", *arguments).failed_plainly()


def test_a_check_does_not_load_what_explains(here: Path) -> None:  # noqa: F811
    code = "import sys; from sbomguard.cli import run; run(['check', 'fail.cdx.json']); print([m for m in sys.modules if 'explain' in m])"
    ran = subprocess.run([sys.executable, "-c", code], cwd=here, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"


def test_the_same_question_gets_the_same_bytes(cli: Runner) -> None:  # noqa: F811
    def ask() -> Ran:
        return cli("explain", "fail.spdx.json", "agent", "-f", "json")

    assert ask() == ask()


WAIVERS = """\
waivers:
  - rule: fcc-covered-list/huawei
    name: agent
    reason: Known, leaves with the next release.
    owner: Compliance
    expires: "EXPIRES"
"""


@pytest.mark.parametrize(("expires", "holds"), [("2027-01-01", True), ("2026-01-01", False)])
def test_a_waiver_that_holds_today_is_told_with_what_it_lifts(expires: str, holds: bool, tmp_path: Path, pack: packs.Pack) -> None:
    path = tmp_path / "waivers.yaml"
    path.write_text(WAIVERS.replace("EXPIRES", expires), encoding="utf-8")
    source = Source("made.json", made.cyclonedx([HUAWEI]))
    document = gather.read_one(source)
    held = replace(terms(pack), waivers=Question(waivers=str(path)).terms().waivers)
    item = next(explain(source, document, document.components, held))
    assert ("fcc-covered-list/huawei", holds) in [(finding.rule, finding.waiver is not None) for finding in item.findings]
    assert ("Known, leaves with the next release." in shown(item)) is holds
    assert ('"owner": "Compliance"' in as_json.render([({}, item)], (), made.TODAY, "0")) is holds
