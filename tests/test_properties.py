"""Laws that hold for every SBOM: of names, readers, findings, waivers, formats and places."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from sbomguard import names, readers, weburl
from sbomguard import pack as packs
from sbomguard.check import check
from sbomguard.errors import SbomguardError
from sbomguard.matchers import party, word
from sbomguard.model import Document, Signal
from sbomguard.readers import jsontext
from sbomguard.source import Source
from sbomguard.verdict import Verdict
from sbomguard.waiver import Waiver
from tests import made
from tests.readers.test_jsontext import text_at

settings.register_profile("laws", deadline=None, database=None)
settings.load_profile("laws")

TODAY = date.fromisoformat(made.TODAY)


@cache
def shipped() -> packs.Pack:
    """The shipped policies, as no argument of a test: a failing example would print them whole."""
    return packs.load()


# ---- a small generator of SBOMs

VENDORS = ["Huawei Technologies Co., Ltd.", "HUAWEI", "华为技术有限公司", "ZTE Corporation", "AO Kaspersky Lab", "Лаборатория Касперского",
           "SZ DJI Technology", "Hangzhou Hikvision Digital Technology", "HiSilicon (Shanghai)", "Dahua", "China Mobile"]  # fmt: skip
OTHERS = ["Aurora GmbH", "Aztec Systems", "Huaweicious Foods", "Jane Kaspersky", "Debian Kernel Team", "OpenEmbedded ()"]
NOBODY = ["NOASSERTION", "unknown", "Ltd.", "---", "\u200b", "Co., Ltd.", "N/A", " "]

party_texts = st.sampled_from([*VENDORS, *OTHERS, *NOBODY])
component_names = st.sampled_from(
    (
        "agent zlib linux kav-sdk hisi-osdrv libhikvision pyezviz djinn blob.so libHCNetSDK.so mindspore openeuler-kernel huawei-lte-api"
    ).split()
)
purls = st.sampled_from(
    (
        "pkg:npm/%40huawei/agent@1 pkg:github/huawei/agent@2 pkg:gitee/openharmony/kernel@3 pkg:maven/com.huawei.hms/push@4 "
        "pkg:generic/blob@1 pkg:golang/github.com/dji-sdk/x@v1 pkg:pypi/zlib@1 pkg:deb/debian/zlib1g@1.2?arch=arm64 "
        "pkg:generic/x?download_url=https://huawei.com/x"
    ).split()
)
cpes = st.sampled_from(
    (
        "cpe:2.3:a:huawei:agent:1:*:*:*:*:*:*:* cpe:2.3:a:*:agent:1:*:*:*:*:*:*:* cpe:/o:zte:fw:1 "
        "cpe:2.3:h:dahuasecurity:cam:-:*:*:*:*:*:*:*"
    ).split()
)
urls = st.sampled_from(
    (
        "https://www.huawei.com/x git+https://gitee.com/openeuler/kernel.git https://github.com/madler/zlib https://nothuawei.com "
        "git@github.com:a/b.git"
    ).split()
)
components = st.fixed_dictionaries(
    {"name": component_names},
    optional={
        "version": st.sampled_from(["1", "2.0"]),
        "type": st.sampled_from(["library", "firmware", "device", "operating-system", "application"]),
        "supplier": party_texts,
        "manufacturer": party_texts,
        "purl": purls,
        "cpe": cpes,
        "url": urls,
        "fcc_id": st.sampled_from(["QISME909S-120", "2ABCB-RPI4B"]),
    },
)
parts = st.lists(components, max_size=6)
forms = st.sampled_from(sorted(made.FORMATS))


def found(verdict: Verdict, numbered: bool = True) -> Counter[tuple[Any, ...]]:
    """What each finding says, and of which component (by its number in the description, or by its name and version)."""
    return Counter(
        (
            made.number_of(item.component.ref) if numbered else (item.component.name, item.component.version, item.component.purl),
            item.rule, item.level, item.relation, item.vendor,
        )
        for item in made.of_parts(verdict.findings)
    )  # fmt: skip


def live(verdict: Verdict) -> Counter[str]:
    """Rule and component of the findings that nothing lifts."""
    return Counter(f"{item.rule} {item.component.ref}" for item in verdict.findings if item.waiver is None)


# ---- names

WORDS = st.sampled_from(
    [*VENDORS, *OTHERS, "Ltd", "公司", "有限公司", "GmbH", "e.V.", "S.A.", "A.B.C.", "Нuаwеi", "Ηuawei", "İstanbul", "ﬁ", "ｚｔｅ"]
)
TEXTS = st.one_of(
    st.text(), st.lists(st.one_of(WORDS, st.text(max_size=3), st.sampled_from(" .,-_/()'\u200b\u00ad")), max_size=6).map("".join)
)


@given(TEXTS)
@example("Huаwei/Ж")  # a Cyrillic letter in a Latin word, beside a Cyrillic one
@example("海思有限公司公司")
@settings(max_examples=500)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = names.normalise(text)
    assert names.normalise(once.key).tokens == once.tokens


@given(TEXTS)
def test_white_space_and_case_change_no_name(text: str) -> None:
    assert names.normalise(f"  {text}\t").tokens == names.normalise(text).tokens


@given(TEXTS)
def test_a_host_is_a_host_of_itself(text: str) -> None:
    once = weburl.host_name(text)
    assert weburl.host_name(once) == once


NOTHINGS = st.lists(
    st.sampled_from([*" .,-_/()'\"&+|;:!?*#\u200b\u00ad\ufeff\u0301", "Ltd", "GmbH", "Co.", "Inc", "LLC"]), max_size=12
).map("".join)


@given(text=NOTHINGS, role=st.sampled_from(["supplier", "manufacturer", "author", "originator"]))
@example(text="Co., Ltd.", role="supplier")
def test_a_name_that_normalises_to_nothing_matches_nothing(text: str, role: str) -> None:
    assume(not names.normalise(text).tokens)
    assert list(party.match(Signal("party", role, role, f"/{role}", text), shipped().index)) == []
    assert list(word.match(Signal("name", "", "name", "/name", "".join(c for c in text if not c.isalnum())), shipped().index)) == []


@given(text=NOTHINGS, form=forms)
def test_a_maker_that_normalises_to_nothing_is_no_maker(text: str, form: str) -> None:
    assume(not names.normalise(text).tokens)
    verdict = made.verdict([{"name": "blob", "supplier": text}], shipped(), form)
    assert (verdict.findings, len(verdict.unidentified), verdict.exit_code) == ((), 1, 3)


# ---- readers

leaves = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=8))
trees = st.recursive(leaves, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)))

KEYS = (
    "components services metadata component dependencies compositions bom-ref name version type purl cpe supplier manufacturer authors "
    "author publisher externalReferences url properties value pedigree ancestors evidence occurrences location swid tools packages files "
    "relationships SPDXID originator externalRefs referenceType referenceLocator annotations comment documentDescribes creationInfo "
    "creators spdxElementId relatedSpdxElement relationshipType fileName fileContributors ref dependsOn aggregate versionInfo contact email"
).split()
odd_trees = st.recursive(
    st.one_of(leaves, party_texts, purls, urls),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)),
    max_leaves=30,
)


def read(raw: bytes) -> Document | None:
    """The document; None where it is refused. Anything but our own errors goes through."""
    try:
        return readers.read(Source("made.json", raw))
    except SbomguardError:
        return None


@given(st.binary())
def test_readers_raise_only_our_errors_on_any_bytes(raw: bytes) -> None:
    read(raw)
    read(b'{"bomFormat":"CycloneDX",' + raw)
    read(b'{"spdxVersion":"SPDX-2.3",' + raw)


@given(st.dictionaries(st.sampled_from(KEYS), odd_trees, max_size=6), forms)
@settings(max_examples=300)
def test_readers_raise_only_our_errors_on_odd_documents(members: dict[str, Any], form: str) -> None:
    head = {"bomFormat": "CycloneDX", "specVersion": "1.6"} if form == "cyclonedx" else {"spdxVersion": "SPDX-2.3"}
    raw = json.dumps({**head, **members}).encode()
    read(raw)
    verdict = check([Source("made.json", raw)], shipped(), today=made.TODAY)
    assert verdict.exit_code in (0, 1, 2, 3)


@st.composite
def mutations(draw: st.DrawFn) -> bytes:
    """A valid document with a few bytes dropped, doubled, or replaced."""
    raw = made.FORMATS[draw(forms)](draw(parts))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(raw) - 1))
        end = draw(st.integers(start, min(len(raw), start + 40)))
        raw = raw[:start] + draw(st.one_of(st.just(b""), st.just(raw[start:end] * 2), st.binary(max_size=4))) + raw[end:]
        assume(raw)
    return raw


@given(mutations())
@settings(max_examples=300)
def test_readers_raise_only_our_errors_on_mutated_documents(raw: bytes) -> None:
    document = read(raw)
    if document is None:
        assert check([Source("made.json", raw)], shipped(), today=made.TODAY).exit_code == 2


@given(mutations())
def test_what_is_read_is_json(raw: bytes) -> None:
    if read(raw) is not None:
        assert isinstance(json.loads(raw), dict)


@given(parts, forms, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_white_space_and_escapes_change_no_component(
    described: list[dict[str, str]], form: str, indent: int | str | None, ascii_only: bool
) -> None:
    raw = made.FORMATS[form](described)
    other = json.dumps(json.loads(raw), indent=indent, ensure_ascii=ascii_only).encode()
    assert signals(readers.read(Source("made.json", raw))) == signals(readers.read(Source("made.json", other)))


def signals(document: Document) -> list[list[tuple[str, str, str]]]:
    return [[(item.kind, item.at, item.value) for item in component.signals] for component in document.components]


# ---- findings


@given(parts, components, forms)
def test_one_more_component_never_lifts_a_failure(described: list[dict[str, str]], extra: dict[str, str], form: str) -> None:
    fewer, more = (made.verdict(items, shipped(), form) for items in (described, [*described, extra]))
    assert found(fewer) <= found(more)
    assert more.exit_code == 1 or fewer.exit_code != 1


@given(parts.flatmap(lambda items: st.tuples(st.just(items), st.permutations(items))), forms)
def test_the_order_of_components_does_not_matter(orders: tuple[list[dict[str, str]], list[dict[str, str]]], form: str) -> None:
    one, other = (made.verdict(items, shipped(), form) for items in orders)
    assert found(one, numbered=False) == found(other, numbered=False)
    assert (one.outcome, len(one.unidentified)) == (other.outcome, len(other.unidentified))


@given(parts, forms)
def test_the_same_input_gives_the_same_verdict(described: list[dict[str, str]], form: str) -> None:
    one, other = made.verdict(described, shipped(), form), made.verdict(described, shipped(), form)
    assert [item.fingerprint for item in one.findings] == [item.fingerprint for item in other.findings]
    assert [item.evidence for item in one.findings] == [item.evidence for item in other.findings]


@given(parts, forms)
def test_every_finding_points_into_the_document_and_at_its_evidence(described: list[dict[str, str]], form: str) -> None:
    raw = made.FORMATS[form](described)
    for item in check([Source("made.json", raw)], shipped(), today=made.TODAY).findings:
        assert item.evidence[0].found in json.loads(text_at(raw.decode(), item.location.place))


# ---- waivers

RULES = ["fcc-covered-list/huawei", "fcc-covered-list/kaspersky", "fcc-covered-list/zte", "us-commerce-kaspersky/kaspersky", "x/y"]


def waivers(first: int, last: int) -> st.SearchStrategy[Waiver]:
    """Waivers whose last day is that many days from today."""
    return st.builds(
        Waiver,
        rule=st.sampled_from(RULES),
        name=component_names,
        purl=st.one_of(st.just(""), purls),
        version=st.sampled_from(["", "1", "2.0"]),
        reason=st.sampled_from(["one", "two"]),
        owner=st.just("jan"),
        expires=st.integers(first, last).map(lambda offset: (TODAY + timedelta(days=offset)).isoformat()),
    )


expired_waivers = waivers(-400, -1)
live_waivers = waivers(0, 366)


@given(parts, st.lists(st.one_of(expired_waivers, live_waivers), max_size=4), forms)
def test_a_waiver_never_adds_a_finding(described: list[dict[str, str]], lifted: list[Waiver], form: str) -> None:
    without, with_them = made.verdict(described, shipped(), form), made.verdict(described, shipped(), form, waivers=tuple(lifted))
    assert found(with_them) == found(without)
    assert live(with_them) <= live(without)
    assert with_them.unidentified == without.unidentified


@given(parts, live_waivers, forms, st.data())
def test_a_narrower_waiver_never_waives_more(described: list[dict[str, str]], narrow: Waiver, form: str, data: st.DataObject) -> None:
    fields = {name: getattr(narrow, name) for name in ("rule", "reason", "owner", "expires", "name", "purl", "version")}
    wide = Waiver(**fields | dict.fromkeys(data.draw(st.sets(st.sampled_from(["purl", "version"]))), ""))
    by_narrow, by_wide = (made.verdict(described, shipped(), form, waivers=(item,)) for item in (narrow, wide))
    assert live(by_wide) <= live(by_narrow)


@given(parts, st.lists(expired_waivers, max_size=3), st.lists(live_waivers, max_size=2), forms)
def test_an_expired_waiver_changes_nothing(described: list[dict[str, str]], expired: list[Waiver], others: list[Waiver], form: str) -> None:
    without = made.verdict(described, shipped(), form, waivers=tuple(others))
    with_them = made.verdict(described, shipped(), form, waivers=(*expired, *others))
    told, told_before = ([(item.fingerprint, item.level, item.waiver) for item in verdict.findings] for verdict in (with_them, without))
    assert told == told_before
    assert (with_them.outcome, with_them.reasons) == (without.outcome, without.reasons)
    assert with_them.waivers_expired == tuple(expired)


# ---- places


def leaves_of(tree: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Every value that holds no other, with its JSON Pointer."""
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in inner:
        yield from leaves_of(value, f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}")
    if not inner:
        yield pointer, tree


@pytest.mark.parametrize("indent", [None, 2], ids=["minified", "pretty"])
@given(tree=trees, ascii_only=st.booleans())
@example(tree={"": {"": ["\u2028", {"~/": "a\\"}]}}, ascii_only=False)
def test_every_leaf_is_found_at_exactly_its_place(tree: Any, ascii_only: bool, indent: int | None) -> None:
    text = json.dumps(tree, indent=indent, ensure_ascii=ascii_only, separators=None if indent else (",", ":"))
    places = jsontext.Places(Source("made.json", text.encode()))
    for pointer, leaf in leaves_of(tree):
        assert json.loads(text_at(text, places.locate(pointer))) == leaf
