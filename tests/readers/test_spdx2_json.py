"""SPDX 2.2 and 2.3 JSON: what is read of packages and files, what says that parts are missing, and what becomes of odd packages."""

import json
from typing import Any

import msgspec
import pytest

from sbomguard import matchers, readers
from sbomguard.errors import DocumentError
from sbomguard.model import Component, Document, Edge
from sbomguard.pack import Pack
from sbomguard.policy import Policy
from sbomguard.readers import jsontext
from sbomguard.readers.signals import BINARY_ENDINGS, is_binary
from sbomguard.source import Source
from tests import made
from tests.readers.test_cyclonedx_json import resolve, signals

HUAWEI = "Huawei Technologies Co., Ltd."
HEAD = {"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "made"}


def read(**top: Any) -> Document:
    """An SPDX 2.3 document with those members, as read."""
    return readers.read(Source("made.spdx.json", json.dumps({**HEAD, **top}).encode()))


def package(**fields: Any) -> Component:
    """The only package of a document, as read."""
    (only,) = read(packages=[{"SPDXID": "SPDXRef-x", **fields}]).components
    return only


def counted(document: Document) -> list[str]:
    return [item.name for item in document.components if item.counted]


def reference(kind: str, locator: str, category: str = "OTHER") -> dict[str, str]:
    return {"referenceCategory": category, "referenceType": kind, "referenceLocator": locator}


# ---- what is one


@pytest.mark.parametrize("version", ["SPDX-2.2", "SPDX-2.3"])
def test_versions_that_are_read(version: str) -> None:
    document = read(spdxVersion=version, packages=[{"SPDXID": "SPDXRef-a", "name": "a"}])
    assert (document.format, document.version, document.serialisation) == ("SPDX", version.removeprefix("SPDX-"), "json")
    assert counted(document) == ["a"]


@pytest.mark.parametrize("version", ["SPDX-2.0", "SPDX-2.1", "SPDX-2.14", "SPDX-2.4", "2.3", "spdx-2.3", ""])
def test_other_versions_are_refused_by_name(version: str) -> None:
    with pytest.raises(DocumentError, match=r"made\.spdx\.json at /spdxVersion: ") as caught:
        read(spdxVersion=version)
    assert version in caught.value.problem


@pytest.mark.parametrize(
    ("top", "place"),
    [
        ({"spdxVersion": 2.3}, "/spdxVersion"),
        ({"spdxVersion": None}, "/spdxVersion"),
        ({"packages": {"SPDXRef-a": {"name": "a"}}}, "/packages"),
        ({"packages": "none"}, "/packages"),
        ({"files": {}}, "/files"),
        ({"relationships": {}}, "/relationships"),
        ({"documentDescribes": "SPDXRef-a"}, "/documentDescribes"),
        ({"SPDXID": 1}, "/SPDXID"),
        ({"creationInfo": []}, "/creationInfo"),
    ],
)
def test_a_document_that_is_not_what_it_claims_is_an_error_with_its_place(top: dict[str, Any], place: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read(**top)
    assert (caught.value.source, caught.value.pointer) == ("made.spdx.json", place)
    assert caught.value.problem


@pytest.mark.parametrize("text", ['[{"spdxVersion": "SPDX-2.3"}]', '["spdxVersion"]'])
def test_an_array_around_it_is_an_error(text: str) -> None:
    with pytest.raises(DocumentError):
        readers.read(Source("made.spdx.json", text.encode()))


# ---- what is counted


@pytest.mark.parametrize(
    ("top", "names", "others"),
    [
        ({}, [], []),
        ({"packages": []}, [], []),
        ({"packages": [{"name": "a"}, {"name": "b"}]}, ["a", "b"], []),
        ({"packages": [{"name": "a"}], "files": [{"fileName": "./README"}]}, ["a"], []),
        ({"packages": [{"name": "a"}], "files": [{"fileName": "./lib/libhisi.so.1"}]}, ["a"], ["./lib/libhisi.so.1"]),
        ({"files": [{"fileName": "main.c", "fileContributors": ["Organization: ZTE"]}]}, [], ["main.c"]),
    ],
)
def test_packages_are_counted_and_files_with_identity_are_read(top: dict[str, Any], names: list[str], others: list[str]) -> None:
    document = read(**top)
    assert counted(document) == names
    assert [item.name for item in document.components if not item.counted] == others


# ---- what is read of a package


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"name": "agent"}, [("name", "", "agent")]),
        ({"name": "libHCCore.so"}, [("name", "", "libHCCore.so"), ("file", "", "libHCCore.so")]),
        ({"supplier": f"Organization: {HUAWEI}"}, [("party", "supplier", HUAWEI)]),
        ({"supplier": HUAWEI}, [("party", "supplier", HUAWEI)]),
        ({"supplier": "Organization: Foo (China)"}, [("party", "supplier", "Foo (China)")]),
        (
            {"supplier": "Organization: Foo (info@foo.com)"},
            [("party", "supplier", "Foo"), ("email", "supplier", "info@foo.com")],
        ),
        ({"supplier": "Person: A B (a@zte.com.cn)"}, [("party", "author", "A B"), ("email", "author", "a@zte.com.cn")]),
        ({"originator": f"Organization: {HUAWEI}"}, [("party", "originator", HUAWEI)]),
        ({"downloadLocation": "git+https://gitee.com/a/b"}, [("url", "distribution", "git+https://gitee.com/a/b")]),
        ({"homepage": "https://huawei.com"}, [("url", "website", "https://huawei.com")]),
        ({"packageFileName": "pool/a.ko.xz"}, [("file", "", "pool/a.ko.xz")]),
        ({"sourceInfo": "acquired package info from: /usr/lib/a.so.2, /etc/b"}, [("file", "", "/usr/lib/a.so.2")]),
        *(
            ({"externalRefs": [reference("purl", "pkg:npm/a@1", category)]}, [("purl", "", "pkg:npm/a@1")])
            for category in ("PACKAGE-MANAGER", "PACKAGE_MANAGER", "OTHER")
        ),
        ({"externalRefs": [reference("cpe23Type", "cpe:2.3:a:zte:x:1:*:*:*:*:*:*:*")]}, [("cpe", "", "cpe:2.3:a:zte:x:1:*:*:*:*:*:*:*")]),
        ({"externalRefs": [reference("cpe22Type", "cpe:/a:zte:x:1")]}, [("cpe", "", "cpe:/a:zte:x:1")]),
        ({"externalRefs": [reference("vcs", "https://github.com/a/b")]}, [("url", "vcs", "https://github.com/a/b")]),
        ({"externalRefs": [reference("http://spdx.org/rdf/references/maven-central", "a.b:c:1")]}, [("url", "maven-central", "a.b:c:1")]),
        *(
            ({"annotations": [{"comment": text}]}, [("fcc-id", "", "QISX1")])
            for text in ("FCC ID: QISX1", "fcc-id=QISX1", "fcc_id QISX1", "tested; FCC ID QISX1", "fcc:id: FCC ID: QISX1")
        ),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, dict) else "",
)
def test_identity_bearing_fields_become_signals(fields: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    assert signals(package(**fields)) == sorted(expected)


@pytest.mark.parametrize(
    "fields",
    [
        {"supplier": "NOASSERTION", "originator": "NOASSERTION", "downloadLocation": "NOASSERTION"},
        {"supplier": "NONE", "originator": "NONE", "downloadLocation": "NONE", "homepage": "NONE"},
        {"supplier": "", "originator": "Organization: ", "homepage": ""},
        {"description": f"by {HUAWEI}", "summary": HUAWEI, "comment": HUAWEI, "copyrightText": f"(c) {HUAWEI}"},
        {"licenseDeclared": "LicenseRef-Huawei", "licenseComments": HUAWEI, "attributionTexts": [HUAWEI]},
        {"checksums": [{"algorithm": "MD5", "checksumValue": "0" * 32}]},
        {"annotations": [{"comment": "see the FCC rules"}, {"comment": HUAWEI}, {}]},
        {"packageFileName": "a.txt", "sourceInfo": "built by hand"},
        {"externalRefs": [{}, {"referenceType": "gitoid"}]},
    ],
)
def test_other_fields_are_no_identity(fields: dict[str, Any]) -> None:
    assert signals(package(**fields)) == []


@pytest.mark.parametrize(
    "top",
    [
        {"creationInfo": {"creators": [f"Organization: {HUAWEI}", "Person: A (a@huawei.com)", "Tool: x-1"]}},
        {"documentNamespace": "https://huawei.com/spdx/1"},
        {"annotations": [{"annotator": f"Organization: {HUAWEI}", "comment": "FCC ID: QISX1"}]},
        {"externalDocumentRefs": [{"externalDocumentId": "DocumentRef-h", "spdxDocument": "https://huawei.com/x"}]},
    ],
)
def test_who_made_the_sbom_made_no_package(top: dict[str, Any]) -> None:
    (only,) = [item for item in read(packages=[{"name": "a"}], **top).components if item.counted]
    assert signals(only) == [("name", "", "a")]


FULL = {
    "SPDXID": "SPDXRef-full", "name": "lib.so", "versionInfo": "1", "supplier": "Organization: S (s@b.cd)",
    "originator": "Person: O (o@b.cd)", "downloadLocation": "https://b.cd/d", "homepage": "https://b.cd", "packageFileName": "p.deb.so",
    "sourceInfo": "from /usr/lib/a.so.2",
    "externalRefs": [reference("purl", "pkg:npm/a@1"), reference("cpe23Type", "cpe:2.3:a:b:c"), reference("swid", "swid:b.cd/tag"),
                     reference("vcs", "https://b.cd/v"), {}, reference("purl", "pkg:npm/b@1")],
    "annotations": [{"comment": "none"}, {"comment": "FCC ID: QISX1 and more"}],
}  # fmt: skip


def test_every_signal_points_at_the_value_it_was_read_from() -> None:
    document = {
        **HEAD,
        "packages": [{"name": "first"}, FULL],
        "files": [{}, {"fileName": "./a.so", "fileContributors": ["n", "Person: C (c@b.cd)"]}],
    }
    components = readers.read(Source("made.json", json.dumps(document).encode())).components
    found = [(item, signal) for item in components for signal in item.signals]
    assert len(found) > 18
    for item, signal in found:
        assert signal.value in resolve(document, item.pointer + signal.at), signal


def test_the_first_purl_names_the_package() -> None:
    references = [reference("cpe23Type", "cpe:2.3:a:b:c"), reference("purl", "pkg:npm/a@1"), reference("purl", "pkg:npm/b@1")]
    assert package(externalRefs=references).purl == "pkg:npm/a@1"


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [
        ("LIBRARY", "software"),
        ("APPLICATION", "software"),
        ("FIRMWARE", "firmware"),
        ("OPERATING-SYSTEM", "operating-system"),
        ("OPERATING_SYSTEM", "operating-system"),
        ("DEVICE", "hardware"),
        ("NEVER-HEARD-OF", "software"),
        (None, "software"),
    ],
)
def test_the_purpose_decides_the_class(purpose: str | None, expected: str) -> None:
    assert package(primaryPackagePurpose=purpose).component_class == expected


@pytest.mark.parametrize(("purpose", "expected"), [("DEVICE", "module"), ("FIRMWARE", "module"), ("LIBRARY", "software")])
def test_what_carries_an_fcc_id_is_a_radio_module(purpose: str, expected: str) -> None:
    assert package(primaryPackagePurpose=purpose, annotations=[{"comment": "FCC ID: QISX1"}]).component_class == expected


@pytest.mark.parametrize(
    ("creators", "generator", "cpes"),
    [
        (["Tool: syft-1.2", "Organization: Anchore"], "syft-1.2", 0),
        (["Person: me", "tool: west spdx", "Tool: other"], "west spdx, other", 2),
        ([], "", 2),
    ],
)
def test_the_generator_is_named_and_a_cpe_that_it_guessed_is_no_identity(creators: list[str], generator: str, cpes: int) -> None:
    document = read(creationInfo={"creators": creators}, packages=[{"externalRefs": [reference("cpe23Type", "cpe:2.3:a:zte:x")] * 2}])
    assert document.generator == generator
    assert [kind for kind, _, _ in signals(document.components[0])] == ["cpe"] * cpes


# ---- how the parts hang together


def relation(one: str, kind: str, other: str) -> dict[str, str]:
    return {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}


PACKAGES = [{"SPDXID": "SPDXRef-a", "name": "a"}, {"SPDXID": "SPDXRef-b", "name": "b"}]


@pytest.mark.parametrize(
    ("kind", "edge"),
    [
        ("CONTAINS", "ab"),
        ("DEPENDS_ON", "ab"),
        ("DESCRIBES", "ab"),
        ("STATIC_LINK", "ab"),
        ("DYNAMIC_LINK", "ab"),
        ("GENERATED_FROM", "ab"),
        ("CONTAINED_BY", "ba"),
        ("DEPENDENCY_OF", "ba"),
        ("BUILD_DEPENDENCY_OF", "ba"),
        ("RUNTIME_DEPENDENCY_OF", "ba"),
        ("PACKAGE_OF", "ba"),
        ("DESCRIBED_BY", "ba"),
        ("COPY_OF", ""),
        ("OTHER", ""),
        ("AMENDS", ""),
    ],
)
def test_relationships_become_edges_from_the_holder_to_what_it_holds(kind: str, edge: str) -> None:
    document = read(packages=PACKAGES, relationships=[relation("SPDXRef-a", kind, "SPDXRef-b")])
    assert [edge.parent[-1] + child[-1] for edge in document.edges for child in edge.children] == [edge] * bool(edge)


def test_the_document_is_the_root_and_describes_its_packages() -> None:
    document = read(packages=PACKAGES, documentDescribes=["SPDXRef-a"])
    assert document.root == "SPDXRef-DOCUMENT"
    assert [(edge.parent, edge.children) for edge in document.edges] == [("SPDXRef-DOCUMENT", ("SPDXRef-a",))]


@pytest.mark.parametrize(
    ("top", "gap"),
    [
        ({"relationships": [relation("SPDXRef-a", "CONTAINS", "SPDXRef-b")]}, ""),
        ({"relationships": [relation("SPDXRef-a", "DEPENDS_ON", "NONE")]}, ""),
        ({"relationships": [relation("SPDXRef-a", "OTHER", "NOASSERTION")]}, ""),
        ({"files": [{"SPDXID": "SPDXRef-f", "fileName": "f"}], "relationships": [relation("SPDXRef-a", "CONTAINS", "SPDXRef-f")]}, ""),
        ({"relationships": [relation("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-a")]}, ""),
        ({"documentDescribes": ["SPDXRef-a"]}, ""),
        ({"relationships": None, "files": None, "externalDocumentRefs": None, "documentNamespace": None}, ""),
        ({"snippets": [{"SPDXID": "SPDXRef-s"}], "relationships": [relation("SPDXRef-a", "CONTAINS", "SPDXRef-s")]}, ""),
        ({"relationships": [relation("SPDXRef-a", "CONTAINS", "NOASSERTION")]}, "SPDXRef-a CONTAINS"),
        ({"relationships": [relation("SPDXRef-a", "DEPENDS_ON", "NOASSERTION")]}, "SPDXRef-a DEPENDS_ON"),
        ({"relationships": [relation("SPDXRef-a", "CONTAINS", "SPDXRef-gone")]}, "SPDXRef-gone"),
        ({"relationships": [relation("SPDXRef-a", "DEPENDS_ON", "SPDXRef-gone")]}, "SPDXRef-gone"),
        ({"relationships": [relation("SPDXRef-gone", "DEPENDENCY_OF", "SPDXRef-a")]}, "SPDXRef-gone"),
        ({"relationships": [relation("SPDXRef-gone", "CONTAINED_BY", "SPDXRef-a")]}, "SPDXRef-gone"),
        ({"relationships": [relation("SPDXRef-a", "DEPENDS_ON", "DocumentRef-x:SPDXRef-b")]}, "DocumentRef-x:SPDXRef-b"),
        ({"relationships": [relation("DocumentRef-x:SPDXRef-b", "DEPENDENCY_OF", "SPDXRef-a")]}, "DocumentRef-x:SPDXRef-b"),
        ({"documentDescribes": ["SPDXRef-a", "SPDXRef-gone"]}, "SPDXRef-gone"),
    ],
    ids=str,
)
def test_what_the_document_itself_says_is_missing_is_a_gap(top: dict[str, Any], gap: str) -> None:
    messages = [problem.message for problem in read(packages=PACKAGES, **top).gaps]
    assert [gap in message for message in messages] == [True] * bool(gap)


# ---- odd packages

GOOD = {"SPDXID": "SPDXRef-good", "name": "good", "supplier": "Organization: Good GmbH"}


@pytest.mark.parametrize(
    "odd",
    [
        {"name": 5},
        {"name": "x", "supplier": {"name": "y"}},
        {"name": "x", "supplier": ["Organization: y"]},
        {"name": "x", "originator": 1},
        {"name": "x", "externalRefs": {"referenceType": "purl"}},
        {"name": "x", "externalRefs": ["pkg:npm/a"]},
        {"name": "x", "externalRefs": [{"referenceType": "purl", "referenceLocator": 1}]},
        {"name": "x", "annotations": "FCC ID: QISX1"},
        {"name": "x", "SPDXID": 1},
        {"name": "x", "versionInfo": 1.0},
        {"name": "x", "downloadLocation": {"url": "https://b.cd"}},
    ],
    ids=json.dumps,
)
def test_an_odd_package_is_noted_and_the_others_are_read(odd: Any) -> None:
    document = read(packages=[GOOD, odd, GOOD])
    assert [bool(item.malformed) for item in document.components] == [False, True, False]
    assert [signals(item) for item in document.components[::2]] == [signals(package(**GOOD))] * 2


@pytest.mark.parametrize(
    ("odd", "expected"),
    [
        ({"supplier": [f"Organization: {HUAWEI}"]}, ("party", "supplier", HUAWEI)),
        ({"supplier": {"name": HUAWEI}}, ("party", "supplier", HUAWEI)),
        ({"name": 5, "originator": f"Organization: {HUAWEI}"}, ("party", "originator", HUAWEI)),
        ({"versionInfo": 5, "homepage": "https://zte.com.cn"}, ("url", "website", "https://zte.com.cn")),
        ({"homepage": ["https://zte.com.cn"]}, ("url", "website", "https://zte.com.cn")),
        ({"externalRefs": [reference("purl", "pkg:npm/a")], "name": {}}, ("purl", "", "pkg:npm/a")),
    ],
    ids=str,
)
def test_identity_in_an_odd_package_is_saved(odd: dict[str, Any], expected: tuple[str, str, str]) -> None:
    (item,) = read(packages=[odd]).components
    assert item.malformed
    assert any(kind == expected[0] and role == expected[1] and expected[2] in value for kind, role, value in signals(item)), signals(item)


@pytest.mark.parametrize(
    ("top", "pointer"),
    [
        ({"files": [{"fileName": "a"}, {"fileName": 5}]}, "/files/1"),
        ({"files": [None]}, "/files/0"),
        ({"relationships": [{"spdxElementId": 1}]}, "/relationships/0"),
        ({"relationships": ["a CONTAINS b"]}, "/relationships/0"),
    ],
)
def test_odd_files_and_relationships_are_noted(top: dict[str, Any], pointer: str) -> None:
    document = read(packages=[GOOD], **top)
    assert [problem.pointer for problem in document.problems] == [pointer]
    assert counted(document) == ["good"]


def test_an_odd_file_that_shows_a_maker_is_still_read() -> None:
    (item,) = read(files=[{"fileName": "./libhisi.so", "fileContributors": [5]}]).components
    assert signals(item) == [("file", "", "./libhisi.so")]


def test_the_made_document_is_read_as_it_was_described() -> None:
    described = [{"name": "a", "version": "1", "purl": "pkg:npm/a@1"}, {"name": "b", "type": "firmware"}]
    document = readers.read(Source("made.json", made.spdx(described)))
    assert [(item.ref, item.name, item.version, item.purl, item.component_class) for item in document.components] == [
        ("SPDXRef-c0", "a", "1", "pkg:npm/a@1", "software"),
        ("SPDXRef-c1", "b", "", "", "firmware"),
    ]


# ---- the sketch that is swept, and the signals that are matched


def met(components: Any, pack: Pack) -> list[Any]:
    return [
        (item.ref, [(e.vendor, e.signal, e.field, e.found, e.strength) for e in evidence])
        for item, evidence in matchers.match(components, pack.index, made.TODAY)
    ]


def unsketched(components: Any) -> list[Component]:
    return [msgspec.structs.replace(item, text="", parties=None) for item in components]


def test_the_sketch_leaves_no_example_of_the_shipped_vendors_out(shipped: Policy, pack: Pack) -> None:
    for vendor in shipped.vendors.values():
        made_of = made.spdx([item for items in vendor.examples.values() for item in items])
        components = readers.read(Source("made.json", made_of)).components
        assert met(components, pack) == met(unsketched(components), pack)


@pytest.mark.parametrize(
    "fields",
    [
        FULL,
        {"name": "huawei", "externalRefs": [reference("purl", "pkg:generic/nothuaweiatall@1")]},
        {"name": "huawei", "externalRefs": [reference("purl", "pkg:generic/xhuawei@1")]},
        {"name": "huawei", "externalRefs": [reference("purl", "pkg:generic/huawei@1")]},
        {"name": "x", "externalRefs": [reference("cpe23Type", "pkg:npm/huawei@1")]},
        {"name": "x", "externalRefs": [reference("purl", "cpe:2.3:a:huawei:x:1:*:*:*:*:*:*:*")]},
        {"name": "x", "supplier": "NOASSERTION", "originator": f"Organization: {HUAWEI}"},
        {"name": "x", "supplier": "Person: A B (a@huawei.com)"},
        {"name": "x", "homepage": "https://www.huawei.com/x"},
        {"name": "x", "downloadLocation": "git+https://gitee.com/openharmony/x@ab"},
        {"name": "x", "packageFileName": "pool/libHCCore.so"},
        {"name": "x", "sourceInfo": "read from /usr/lib/libHCCore.SO.1"},
        {"name": "x", "sourceInfo": "read from huawei"},
        {"name": "x", "annotations": [{"comment": "isNative"}, {"comment": "fcc id QISX1"}], "primaryPackagePurpose": "DEVICE"},
        {"name": "HuaweiX", "annotations": [{"comment": "isNative"}]},
    ],
    ids=json.dumps,
)
@pytest.mark.parametrize("creator", ["Tool: x", "Tool: syft-1"])
def test_the_sketch_leaves_nothing_out_that_the_signals_meet(fields: dict[str, Any], creator: str, pack: Pack) -> None:
    components = read(packages=[fields], creationInfo={"creators": [creator]}).components
    assert met(components, pack) == met(unsketched(components), pack)


@pytest.mark.parametrize(
    ("kind", "value", "guessed"),
    [
        ("cpe23Type", "cpe:2.3:a:b:c", True),
        ("swid", "cpe:", True),
        ("purl", "cpe:2.3:a:b:c", False),
        ("cpe23Type", "cpe", False),
        ("cpe23Type", "cpe9x", False),
        ("cpe23Type", "cpe;x", False),
        ("cpe23Type", "cpf:x", False),
        ("cpe23Type", "CPE:x", False),
    ],
)
def test_the_sketch_leaves_out_what_a_generator_guesses_and_nothing_like_it(kind: str, value: str, guessed: bool) -> None:
    document = {"packages": [{"name": "x", "externalRefs": [{}, reference(kind, value), reference("swid", "last")]}]}
    (guess,) = read(**document, creationInfo={"creators": ["Tool: syft-1"]}).components
    (other,) = read(**document).components
    assert other.text.split("\n") == ["x", value, "last"]
    assert guess.text == ("x\nlast" if guessed else other.text)


@pytest.mark.parametrize("ending", [*BINARY_ENDINGS, ".\N{KELVIN SIGN}o"])
def test_the_sketch_has_the_source_of_every_kind_of_binary(ending: str) -> None:
    assert is_binary(f"/v1.0/a{ending}")
    for path in (f"/v1.0/a{ending}", f"/v1.0/a{ending.upper()}, /b"):
        assert package(name="x", sourceInfo=f"from: {path}").text == f"x\n{path}"


@pytest.mark.parametrize(
    "fields", [{"fileName": "lib/libHCCore.so"}, {"fileName": "a.c", "fileContributors": ["", HUAWEI]}, {"fileName": "a.so"}]
)
def test_the_sketch_of_a_file_leaves_nothing_out(fields: dict[str, Any], pack: Pack) -> None:
    components = read(files=[fields]).components
    assert met(components, pack) == met(unsketched(components), pack)


@pytest.mark.parametrize("top", [{}, {"relationships": None}, {"relationships": []}])
def test_no_relationships_are_no_edges(top: dict[str, Any]) -> None:
    assert tuple(read(packages=PACKAGES, **top).edges) == ()


def test_edges_are_made_anew_each_time() -> None:
    edges = read(packages=PACKAGES, relationships=[relation("SPDXRef-a", "CONTAINS", "SPDXRef-b"), 5, {"relationshipType": 5}]).edges
    assert tuple(edges) == tuple(edges) == (Edge("SPDXRef-a", ("SPDXRef-b",)),)


@pytest.mark.parametrize("field", ["name", "supplier", "originator", "downloadLocation", "homepage", "externalRefs"])
@pytest.mark.parametrize("creator", ["Tool: x", "Tool: syft-1"])
def test_a_key_that_stands_twice_is_refused_in_a_large_document_too(field: str, creator: str) -> None:
    package = (
        {"name": "a", field: "b"} if field != "externalRefs" else {"name": "a", "externalRefs": [reference("cpe23Type", "cpe:/a:b:c")]}
    )
    text = json.dumps({**HEAD, "creationInfo": {"creators": [creator]}, "packages": [package], "comment": "x" * jsontext.STRICT_BELOW})
    readers.read(Source("made.json", text.encode()))
    key = "referenceLocator" if field == "externalRefs" else field
    before, mark, behind = text.partition('"packages"')
    twice = before + mark + behind.replace(f'"{key}": ', f'"{key}": "Huawei", "\\u00{ord(key[0]):x}{key[1:]}": ', 1)
    assert json.loads(twice) == json.loads(text)
    with pytest.raises(DocumentError, match="twice in one object"):
        readers.read(Source("made.json", twice.encode()))
