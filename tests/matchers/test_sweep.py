"""The law of the sweep: it never drops what the matchers alone would find, however a value is spelled, read or ordered."""

import json
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import product
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sbomguard import matchers, policy, readers
from sbomguard.matchers.build import build
from sbomguard.matchers.evidence import evidence_of, hits, without_echoes
from sbomguard.matchers.index import Index
from sbomguard.matchers.sweep import Sweep
from sbomguard.model import Component, Signal
from sbomguard.policy import Identity
from sbomguard.source import Source
from tests import made

Fact = tuple[int, str, str, str, str, str]


@cache
def index() -> Index:
    """The shipped vendors without false friends: what is met is then exactly what the matchers yield."""
    files = policy.read_files(policy.builtin_folder())
    return build(replace(vendor, false_friends=()) for vendor in policy.parse(files).vendors.values())


def swept(components: tuple[Component, ...], against: Index | None = None) -> set[Fact]:
    """What `match` finds: number of the component, vendor, signal, place, value, relation; against the shipped vendors or others."""
    numbers = {id(item): number for number, item in enumerate(components)}
    return {
        (numbers[id(item)], fact.vendor, fact.signal, fact.at, fact.found, fact.relation)
        for item, evidence in matchers.match(components, against or index(), made.TODAY)
        for fact in evidence
    }


def suspects(components: Sequence[Component], against: Index) -> tuple[set[int], set[int]]:
    """The numbers of the components whose values, and of those whose parties, the sweep leaves to the matchers."""
    swept = Sweep(components)
    values, parties = swept.suspects(against)
    return values, swept.naming(parties)


def brute_force(components: tuple[Component, ...], against: Index | None = None) -> set[Fact]:
    """What every matcher finds in every signal."""
    known, found = against or index(), set[Fact]()
    for number, item in enumerate(components):
        facts = tuple(
            evidence_of(signal, hit, known, made.TODAY) for signal in item.signals for hit in hits(signal, item, known, made.TODAY)
        )
        found.update((number, fact.vendor, fact.signal, fact.at, fact.found, fact.relation) for fact in without_echoes(facts))
    return found


# ---- values made from what the vendor files hold

PARTY_FORMS = ("{}", "{} Co., Ltd.", "The {} Company", "Example Org ({})", "Example Org; {}", "Jane of {}", "www.{}.example")
WORD_FORMS = ("{}", "py{}", "lib{}2", "node-{}", "my-{}-driver", "group/{}", "{}SDK", "x{}", "{}bridge", "Open{}")
REPOSITORY_FORMS = ("https://github.com/jane/{}", "git@gitee.com:jane/my-{}.git")
ACCOUNT_FORMS = ("https://gitee.com/{}/part", "git@gitlab.com:{}-tech/part.git")
SUBPATH_FORMS = ("pkg:golang/example.org/x@v1#sub/{}", "pkg:github/jane/{}@1")
FILE_FORMS = ("{}.so", "/usr/lib/{}.so.1.2", "C:\\{}.dll", "lib/modules/5/extra/{}.ko.xz", "{}x.bin")
HOST_FORMS = ("https://{}/x", "https://www.{}:443/", "git@git.{}:team/part.git", "{}", "https://not{}/", "//a.b.{}?x=y")
FORGE_FORMS = ("https://{}/part", "git+ssh://git@{}/part.git", "scm:git:https://{}.git", "https://{}-x/part")
CPE_FORMS = ("cpe:2.3:o:{}:*:1:*:*:*:*:*:*:*", "cpe:/a:{}:x:1", "cpe:2.3:a:x{}:y")
PURL_FORMS = ("pkg:{}@1.0", "PKG:{}part?arch=x", "pkg:{}/part@2#sub", "pkg:generic/{}", "pkg:docker/{}/x")
URL_PURL_FORMS = ("pkg:generic/part@1?vcs_url=git%2Bhttps://{}/part", "pkg:golang/{}/part@v1", "pkg:npm/part?download_url=https%3A%2F%2F{}")
FORMS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "party": (("party", PARTY_FORMS), ("purl", ("pkg:docker/{}/x", "pkg:npm/%40{}/x", "pkg:conan/x@1?user={}")), ("url", ACCOUNT_FORMS)),
    "word": (("name", WORD_FORMS), ("url", REPOSITORY_FORMS), ("purl", SUBPATH_FORMS)),
    "domain": (("url", HOST_FORMS), ("email", ("jane@{}", "jane@mail.{}")), ("purl", URL_PURL_FORMS)),
    "forge": (("url", FORGE_FORMS), ("purl", URL_PURL_FORMS)),
    "cpe": (("cpe", CPE_FORMS),),
    "file": (("file", FILE_FORMS),),
    "fcc": (("fcc-id", ("{}AB12", "FCC ID: {}-AB12", "{}")),),
    "purl": (("purl", PURL_FORMS),),
    "hardware": (("hardware-id", ("{}", "0x{}", "{}:0001")),),
}


@cache
def seeds(wanted: str = "") -> tuple[Signal, ...]:
    """A signal for every value of every vendor file in every form; of one kind where it is told."""
    return tuple(
        Signal(kind, role, kind, f"/{kind}", form.format(plain(block, value)))
        for block in index().blocks
        for value in block.values
        for kind, forms in FORMS[block.signal]
        for form in forms
        for role in roles(kind, value)
        if wanted in ("", kind)
    )


def roles(kind: str, value: str) -> tuple[str, ...]:
    """The roles in which a reader gives a signal of that kind."""
    if kind == "hardware-id":
        return (value.partition(":")[0],)
    return ("supplier", "author") if kind in ("party", "email") else ("vcs",) if kind == "url" else ("",)


def plain(block: Identity, value: str) -> str:
    """The value as it stands in an SBOM: without `pkg:` or a bus, and without the marks of a prefix or namespace."""
    if block.signal == "hardware":
        return value.partition(":")[2]
    return value.removeprefix("pkg:").rstrip("*/") if block.signal == "purl" else value.rstrip("*")


def built(items: Iterable[Iterable[Signal]]) -> tuple[Component, ...]:
    """Components of those signals; the first name is the component's, any other that of an ancestor."""
    return tuple(made.component(*signals, name=next((s.value for s in signals if s.kind == "name"), "")) for signals in map(tuple, items))


def test_every_value_of_every_vendor_file_passes_the_sweep_in_every_form() -> None:
    components = built([[signal] for signal in seeds()])
    wanted = brute_force(components)
    assert len(wanted) > len(components) / 3
    assert not wanted - swept(components)


def percent(text: str, at: int) -> str:
    return f"{text[:at]}%{ord(text[at]):02X}{text[at + 1 :]}" if text[at].isascii() else text


MUTATIONS: dict[str, Callable[[str, int], str]] = {
    "percent": percent,
    "upper": lambda text, at: text[:at] + text[at].upper() + text[at + 1 :],
    "space": lambda text, at: f"{text[:at]} {text[at:]}",
    "dot": lambda text, at: f"{text[:at]}.{text[at:]}",
    "dash": lambda text, at: f"{text[:at]}-{text[at:]}",
    "backslash": lambda text, at: f"{text[:at]}\\{text[at:]}",
    "joiner": lambda text, at: f"{text[:at]}\u200d{text[at:]}",
    "accent": lambda text, at: f"{text[: at + 1]}\u0301{text[at + 1 :]}",
    "wide": lambda text, at: text[:at] + (chr(ord(text[at]) + 0xFEE0) if "!" <= text[at] <= "~" else text[at]) + text[at + 1 :],
    "look-alike": lambda text, at: text[:at] + text[at].translate(str.maketrans("aceopx", "асеорх")) + text[at + 1 :],
    "stroke": lambda text, at: text[:at] + text[at].translate(str.maketrans("olds", "øłđß")) + text[at + 1 :],
    "newline": lambda text, at: f"{text[:at]}\n{text[at:]}",
    "nul": lambda text, at: f"{text[:at]}\0{text[at:]}",
    "joined": lambda text, at: text.replace(" ", ""),
    "initials": lambda text, at: ".".join(text) + ".",
    "spaced": lambda text, at: " ".join(text),
}


def mutated(signal: Signal, changes: list[tuple[str, float]]) -> Signal:
    value = signal.value
    for name, where in changes:
        value = MUTATIONS[name](value, min(int(where * len(value)), len(value) - 1)) if value else value
    return replace(signal, value=value)


CHANGES = st.lists(st.tuples(st.sampled_from(sorted(MUTATIONS)), st.floats(0, 1, exclude_max=True)), max_size=3)


def signals(kind: str = "") -> st.SearchStrategy[Signal]:
    """Signals of vendor values, spelled oddly."""
    return st.builds(mutated, st.deferred(lambda: st.sampled_from(seeds(kind))), CHANGES)


SIGNALS = signals()
COMPONENTS = st.lists(st.lists(SIGNALS, max_size=4), min_size=1, max_size=5)


@settings(max_examples=300)
@given(COMPONENTS)
@example([[Signal("party", "supplier", "party", "/party", "D\u0301aotong Zhi\nneng Hangkong")]])
@example([[Signal("url", "vcs", "url", "/url", "https://gitee.com/DajiangInnovation/part")]])
def test_however_values_are_spelled_the_sweep_drops_nothing_that_a_matcher_finds(items: list[list[Signal]]) -> None:
    components = built(items)
    assert swept(components) == brute_force(components)


@pytest.mark.parametrize("name", sorted(MUTATIONS))
def test_each_way_of_spelling_is_found_wherever_it_touches_the_value(name: str) -> None:
    texts = (("party", "ZTE Corporation"), ("party", "Hikvision"), ("purl", "pkg:pypi/esdk-obs-python@3"), ("purl", "pkg:npm/%40hmscore/x"),
             ("cpe", "cpe:2.3:o:huawei:emui:1"), ("cpe", "cpe:/o:huawei:emui"), ("url", "https://gitee.com/openeuler/x"),
             ("url", "https://www.huaweicloud.com/x"), ("email", "j@huawei.com"), ("name", "hisilicon-osdrv-hi3516ev200"),
             ("file", "/usr/lib/libhi_msp.so"), ("fcc-id", "QISEM770W"), ("purl", "pkg:docker/hikvision/x"))  # fmt: skip
    components = tuple(
        made.component(mutated(made.signal(kind, text), [(name, at / len(text))]), name=text)
        for kind, text in texts
        for at in range(len(text))
    )
    assert brute_force(components)
    assert swept(components) == brute_force(components)


@given(COMPONENTS)
def test_components_are_found_alone_as_they_are_found_together(items: list[list[Signal]]) -> None:
    components = built(items)
    alone = {(number, *fact[1:]) for number, item in enumerate(components) for fact in swept((item,))}
    assert alone == swept(components)


@given(COMPONENTS, st.randoms(use_true_random=False))
def test_the_order_of_components_does_not_matter(items: list[list[Signal]], random: Any) -> None:
    components = list(built(items))
    facts = {(id(components[fact[0]]), *fact[1:]) for fact in swept(tuple(components))}
    random.shuffle(components)
    assert {(id(components[fact[0]]), *fact[1:]) for fact in swept(tuple(components))} == facts


@pytest.mark.parametrize("at", range(1, len("Zedtronic")))
@pytest.mark.parametrize("sign", [" ", "-", ". "])
def test_a_name_written_apart_anywhere_is_found_where_nothing_else_stands(at: int, sign: str) -> None:
    own = made.index_of({"signal": "party", "match": "core", "values": ["Zedtronic"]})
    apart = f"{'Zedtronic'[:at]}{sign}{'Zedtronic'[at:]}"
    assert made.met(own, made.signal("party", apart)) == {"Zedtronic": "supporting"}


CLEAN = [
    made.component(
        made.signal("name", "libzedPlayer"),
        made.signal("purl", "pkg:deb/debian/zed-player@1.2.8?arch=amd64&distro=debian-12"),
        made.signal("cpe", "cpe:2.3:a:zed:zed-player:1.2.8:*:*:*:*:*:*:*"),
        made.signal("url", "https://zed.example/player.tar.gz"),
        made.signal("file", "/usr/lib/libzed.so.1"),
        made.signal("party", "Zed Aurora GmbH"),
        name="libzedPlayer",
    ),
    made.component(made.signal("purl", "pkg:npm/%40zed/player@1"), made.signal("party", "Jane A. Roe"), name="player"),
    made.component(made.signal("file", "/srv/zed%20player/a.bin"), made.signal("party", "Søren's Værk ApS"), name="a"),
]


def test_a_name_hides_none_that_looks_like_it_beside_it() -> None:
    names = ("Hikvision", "H1kv1s10n", "Hlkvlsl0n", "H1kvlsl0n")
    items = built([[Signal("party", "supplier", "supplier.name", "/supplier/name", name)] for name in names])
    assert swept(items) == brute_force(items)
    assert {number for number, *_ in swept(items)} == {0, 1, 2, 3}


def test_the_sweep_drops_what_holds_no_word_of_a_vendor() -> None:
    assert suspects(CLEAN, index()) == (set(), set())


def test_the_sweep_drops_what_holds_some_words_of_a_name_and_not_all() -> None:
    own = made.index_of({"signal": "party", "match": "whole", "values": ["Zed Aurora", "Zed Borealis", "Aurora Yonder Borealis"]})
    some = ("Zed", "Borealis", "Aurora Borealis", "Zed Yonder")
    every = ("Zed Aurora GmbH", "The Aurora of Zed", "Borealis, Zed", "Yonder Borealis Aurora")
    components = [made.component(made.signal("party", text)) for text in (*some, *every)]
    assert suspects(components, own) == (set(), {4, 5, 6, 7})


def test_the_sweep_drops_what_begins_as_a_name_written_apart_and_goes_on_otherwise() -> None:
    own = made.index_of({"signal": "party", "match": "core", "values": ["Zedtronic"]})
    texts = ("Zed Tronic", "Zed Aurora", "Tronic", "Aurora Zed", "The Zed-Tronic Works", "Tronic Zed")
    assert suspects([made.component(made.signal("party", text)) for text in texts], own) == (set(), {0, 4})


ODD = [
    made.signal("file", "/srv/z\x01ed/b.bin"),
    made.signal("file", "/srv/%7Aed/b.bin"),
    made.signal("file", "/srv/z\\ed/b.bin"),
    made.signal("file", "/srv/жed/b.bin"),
    made.signal("purl", "pkg:npm/player@1?supplier=Zed"),
    made.signal("cpe", "cpe:2.3:a:z*d:player:1"),
    made.signal("party", "Example Ж"),
    made.signal("party", "Z. E. D."),
    made.signal("party", "Z e d Works"),
]


@pytest.mark.parametrize("signal", ODD, ids=lambda signal: ascii(signal.value))
def test_the_sweep_keeps_a_value_that_may_hide_a_word_and_no_component_beside_it(signal: Signal) -> None:
    components = [*CLEAN * 4, made.component(signal), *CLEAN]
    itself = {4 * len(CLEAN)}
    assert suspects(components, index()) == ((set(), itself) if signal.kind == "party" else (itself, set()))


@pytest.mark.parametrize("at", [0, 1023, 1024, 2500])
def test_what_is_found_alone_is_found_among_thousands(at: int) -> None:
    """Texts are looked at a thousand at a time."""
    near = made.index_of({"signal": "party", "match": "whole", "values": ["Zed Aurora"]}, {"signal": "word", "values": ["Zedtronic"]})
    names = ("my-zedtronic", "ZedtronicPlayer", "Zed_Zed_Aurora", "x")
    signals = [*ODD, made.signal("party", "Zed Zed Aurora"), *(made.signal("name", name) for name in names)]
    special = [made.component(signal, name=signal.value if signal.kind == "name" else "x") for signal in signals]
    plain = [made.component(made.signal("name", f"part-{number}"), made.signal("party", f"Aurora {number}")) for number in range(2500)]
    alone = [suspects([item], near) for item in special]
    values, parties = suspects([*plain[:at], *special, *plain[at:]], near)
    assert values == {at + number for number, (found, _) in enumerate(alone) if found}
    assert parties == {at + number for number, (_, found) in enumerate(alone) if found}
    assert values
    assert parties


# ---- components as readers make them, with what they give the sweep in a hurry

CARRIERS = {"supplier": "party", "author": "party", "publisher": "party", "purl": "purl", "cpe": "cpe", "url": "url", "file": "file",
            "fcc_id": "fcc-id"}  # fmt: skip
DESCRIBED = st.fixed_dictionaries(
    {"name": st.sampled_from(("part", "HisiliconOsdrv", "pyhuawei", "hi3516.ko"))},
    optional={key: signals(kind).map(lambda signal: signal.value) for key, kind in CARRIERS.items()},
)


@given(st.lists(DESCRIBED, min_size=1, max_size=4), st.sampled_from(sorted(made.FORMATS)))
def test_what_a_reader_gives_the_sweep_holds_all_that_its_signals_hold(described: list[dict[str, str]], form: str) -> None:
    components = readers.read(Source("made.json", made.FORMATS[form](described))).components
    assert swept(components) == brute_force(components)


PLACES: list[dict[str, Any]] = [
    {"purl": "pkg:conan/x@1?User=huawei"},
    {"purl": "pkg:conan/x@1?use\u0155=huawei"},
    {"purl": "pkg:conan/x@1?use%C5%95=huawei"},
    {"purl": "pkg:generic/x@1?VCS_URL=https://huawei.com/x"},
    {"purl": "pkg:generic/x@1?vcs_ur%C4%BA=https://huawei.com/x"},
    {"supplier": {"name": "Huawei Technologies"}},
    {"supplier": {"url": ["https://www.huawei.com"]}},
    {"supplier": {"contact": [{"email": "j@huawei.com"}]}},
    {"manufacturer": {"name": "Huawei Technologies", "url": ["https://www.huawei.com"]}},
    {"publisher": "Huawei Technologies"},
    {"author": "Jane <j@huawei.com>"},
    {"authors": [{"name": "Huawei Technologies", "email": "j@huawei.com"}]},
    {"group": "com.huawei.hms"},
    {"group": "OpenharmonySDK"},
    {"pedigree": {"ancestors": [{"name": "OpenharmonySDK"}]}},
    {"name": "eHuaweiAgent"},
    {"purl": "pkg:npm/%40hmscore/x"},
    {"purl": "pkg:npm/@hmscore/x"},
    {"purl": "pkg:npm/part@1#OpenharmonySDK"},
    {"purl": "pkg:npm/part@1?supplier=Huawei"},
    {"purl": "pkg:npm/part@1?arch=x&VENDOR=Huawei"},
    {"purl": "pkg:npm/part@1?supplier=Huawei&note=why?"},
    {"purl": "pkg:npm/part@1?alias_of=pkg:npm/%40hmscore/x"},
    {"purl": "pkg:generic/part@1?arch=x&download_url=https://www.huawei.com/part.zip"},
    {"purl": "pkg:generic/part@1?vcs_url=git%2Bhttps://gitee.com/openeuler/x"},
    {"purl": "pkg:conan/part@1?user=huawei"},
    {"purl": "pkg:generic/part@https://www.huawei.com/part"},
    {"purl": "pkg:generic/part@https:%2F%2Fwww.huawei.com%2Fpart"},
    {"name": "huawei", "purl": "pkg:generic/nothuaweiatall"},
    {"name": "pkg:npm/%40hmscore/x", "evidence": {"identity": {"field": "purl", "concludedValue": "pkg:npm/%40hmscore/x"}}},
    {"cpe": "cpe:2.3:o:huawei:emui:1"},
    {"externalReferences": [{"type": "vcs", "url": "https://gitee.com/openeuler/x"}]},
    {"externalReferences": [{"type": "support", "url": "mailto:j@huawei.com"}]},
    {"properties": [{"name": "fcc:id", "value": "QISEM770W"}]},
    {"properties": [{"name": "syft:metadata:author", "value": "Huawei Technologies"}]},
    {"properties": [{"name": "syft:location:0:path", "value": "/usr/lib/libhi_msp.so"}]},
    {"evidence": {"occurrences": [{"location": "/usr/lib/libhi_msp.so"}]}},
    {"pedigree": {"ancestors": [{"name": "x", "supplier": {"name": "Huawei Technologies"}}]}},
    {"pedigree": {"ancestors": [{"name": "x", "purl": "pkg:npm/%40hmscore/x"}]}},
    {"pedigree": {"ancestors": [{"name": "x", "pedigree": {"ancestors": [{"cpe": "cpe:2.3:o:huawei:emui:1"}]}}]}},
    {"pedigree": {"commits": [{"url": "https://gitee.com/openeuler/x/commit/1"}]}},
    {"swid": {"tagId": "x", "url": "https://www.huawei.com/swid"}},
    {"components": [{"type": "library", "name": "inner", "supplier": {"name": "Huawei Technologies"}}]},
    {"evidence": {"identity": {"field": "purl", "concludedValue": "pkg:npm/%40hmscore/x"}}},
    {"evidence": {"identity": [{"field": "name", "concludedValue": "OpenharmonySDK"}]}},
    {"evidence": {"identity": [{"field": "name", "methods": [{"value": "/usr/lib/libhi_msp.so"}]}]}},
    {"pedigree": {"patches": [{"diff": {"url": "https://gitee.com/openeuler/x.patch"}}]}},
    {"pedigree": {"variants": [{"name": "x", "supplier": {"name": "Huawei Technologies"}}]}},
    {"licenses": [{"license": {"name": "x", "licensing": {"licensor": {"organization": {"name": "Huawei Technologies"}}}}}]},
    {"endpoints": ["https://api.huaweicloud.com"]},
    {"data": [{"governance": {"owners": [{"organization": {"name": "Huawei Technologies"}}]}}]},
    {"modelCard": {"modelParameters": {"datasets": [{"governance": {"owners": [{"organization": {"name": "Huawei Technologies"}}]}}]}}},
    {"cryptoProperties": {"certificateProperties": {"issuerName": "O=Huawei Technologies"}}},
]


@pytest.mark.parametrize(("place", "where"), list(product(PLACES, ("components", "services", "metadata"))), ids=str)
def test_no_place_in_cyclonedx_is_read_and_then_not_swept(place: dict[str, Any], where: str) -> None:
    item = {"type": "library", "name": "part", "bom-ref": "part", **place}
    body: dict[str, Any] = {"metadata": {"component": item}} if where == "metadata" else {where: [item]}
    document = readers.read(Source("made.json", json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", **body}).encode()))
    assert brute_force(document.components)
    assert swept(document.components) == brute_force(document.components)


SPDX_PLACES: list[dict[str, Any]] = [
    {"name": "OpenharmonySDK"},
    {"name": "huawei", "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:generic/nothuaweiatall"}]},
    {"supplier": "Organization: Huawei Technologies"},
    {"originator": "Person: Jane (j@huawei.com)"},
    {"homepage": "https://www.huawei.com"},
    {"downloadLocation": "git+https://gitee.com/openeuler/x.git@abc"},
    {"packageFileName": "usr/lib/libhi_msp.so"},
    {"sourceInfo": "acquired package info from: /usr/lib/libhi_msp.so"},
    {"externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:npm/%40hmscore/x"}]},
    {"externalRefs": [{"referenceCategory": "PACKAGE_MANAGER", "referenceType": "purl", "referenceLocator": "pkg:npm/%40hmscore/x"}]},
    {"externalRefs": [{"referenceCategory": "SECURITY", "referenceType": "cpe23Type", "referenceLocator": "cpe:2.3:o:huawei:emui:1"}]},
    {"externalRefs": [{"referenceCategory": "SECURITY", "referenceType": "cpe22Type", "referenceLocator": "cpe:/o:huawei:emui"}]},
    {"externalRefs": [{"referenceCategory": "OTHER", "referenceType": "website", "referenceLocator": "https://www.huawei.com/x"}]},
    {"annotations": [{"annotationType": "OTHER", "annotator": "Tool: x", "comment": "FCC ID: QISEM770W"}]},
]


@pytest.mark.parametrize("place", SPDX_PLACES, ids=str)
def test_no_place_in_an_spdx_package_is_read_and_then_not_swept(place: dict[str, Any]) -> None:
    check_spdx({"packages": [{"SPDXID": "SPDXRef-part", "name": "part", **place}]})


@pytest.mark.parametrize(
    "place", [{"fileName": "./usr/lib/libhi_msp.so"}, {"fileName": "x.c", "fileContributors": ["Huawei Technologies"]}], ids=str
)
def test_no_place_in_an_spdx_file_is_read_and_then_not_swept(place: dict[str, Any]) -> None:
    check_spdx({"files": [{"SPDXID": "SPDXRef-file", **place}]})


def check_spdx(body: dict[str, Any]) -> None:
    document = readers.read(Source("made.json", json.dumps({"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", **body}).encode()))
    assert brute_force(document.components)
    assert swept(document.components) == brute_force(document.components)


# ---- a folder of names alone

NOGAMASI = ["Nogamasi", "Nogamasi Kuge"]
NAMING = [
    ("purl", "pkg:generic/nogamasi/part@1"), ("purl", "pkg:npm/%40nogamasi/part@1"), ("purl", "pkg:deb/nogamasi/part"),
    ("purl", "pkg:nuget/Nogamasi.Core@1"), ("purl", "pkg:conan/part@1?user=nogamasi"),
    ("purl", "pkg:swid/Nogamasi%20Kuge/x.example/part?tag_id=1"),
    ("purl", "pkg:generic/part@1?supplier=Nogamasi"), ("purl", "pkg:generic/part#vendor/nogamasi/part"),
    ("purl", "pkg:generic/part?vcs_url=https://gitlab.com/nogamasi/part"), ("purl", "pkg:gitee/nogamasi/part"),
    ("purl", "pkg:oci/part?repository_url=docker.io/nogamasi/part"), ("purl", "pkg:generic/part?alias_of=npm:%40nogamasi/part"),
    ("purl", "pkg:bitbucket/nogamasi/part"), ("purl", "pkg:golang/gitlab.com/nogamasi/part"),
    ("url", "https://gitlab.com/nogamasi/part"), ("url", "git@gitee.com:nogamasi/part.git"), ("url", "https://nogamasi.gitlab.io/part"),
    ("party", "Nogamasi Kuge GmbH"), ("party", "Kuge"), ("party", "N. Other"), ("party", "NOGAMASI-KUGE, Inc."), ("party", "noga masi"),
    ("url", "https://gitee.com/NogamasiKuge/part"), ("purl", "pkg:generic/part?vcs_url=https://gitee.com/NogamasiKuge/part"),
    ("url", "https://codeberg.org/Nogamasi/part"), ("url", "https://example.com/gitlab.com/nogamasi/part"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value"), NAMING)
@pytest.mark.parametrize("beside", [(), (made.signal("purl", "pkg:npm/other@1"), made.signal("url", "https://example.com/nogamasi"))])
def test_names_alone_are_found_wherever_an_owner_stands(kind: str, value: str, beside: tuple[Signal, ...]) -> None:
    alone = made.index_of({"signal": "party", "match": "whole", "values": NOGAMASI})
    parts = (made.component(*beside, made.signal(kind, value)),)
    assert swept(parts, alone) == brute_force(parts, alone)
