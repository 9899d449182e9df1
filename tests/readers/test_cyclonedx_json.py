"""CycloneDX JSON: what is read of a component, what is counted, what says that parts are missing, and what becomes of odd components."""

import json
from typing import Any

import pytest

from sbomguard import readers
from sbomguard.errors import DocumentError
from sbomguard.model import Component, Document
from sbomguard.source import Source
from tests import made

HUAWEI = "Huawei Technologies Co., Ltd."


def read(**top: Any) -> Document:
    """A CycloneDX 1.6 document with those members, as read."""
    return read_text(json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", **top}))


def read_text(text: str) -> Document:
    return readers.read(Source("made.cdx.json", text.encode()))


def answer(text: str) -> Document | DocumentError:
    """The document in that text, or why it is refused."""
    try:
        return read_text(text)
    except DocumentError as error:
        return error


def component(**fields: Any) -> Component:
    """The only component of a document, as read."""
    (only,) = read(components=[fields]).components
    return only


def counted(document: Document) -> list[str]:
    return [item.name for item in document.components if item.counted]


def signals(item: Component) -> list[tuple[str, str, str]]:
    """Kind, role and value of each signal, sorted."""
    return sorted((signal.kind, signal.role, signal.value) for signal in item.signals)


# ---- what is one


@pytest.mark.parametrize("version", ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"])
def test_versions_that_are_read(version: str) -> None:
    document = read(specVersion=version, components=[{"name": "a", "type": "library"}])
    assert (document.format, document.version, document.serialisation) == ("CycloneDX", version, "json")
    assert counted(document) == ["a"]


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.8", "2.0", "1.60", "", "latest", " 1.6"])
def test_other_versions_are_refused_by_name(version: str) -> None:
    with pytest.raises(DocumentError, match=r"made\.cdx\.json at /specVersion: is CycloneDX") as caught:
        read(specVersion=version)
    assert version in caught.value.problem


@pytest.mark.parametrize(
    ("top", "place"),
    [
        ({"specVersion": 1.6}, "/specVersion"),
        ({"specVersion": None}, "/specVersion"),
        ({"bomFormat": "cyclonedx"}, "/bomFormat"),
        ({"bomFormat": ["CycloneDX"]}, "/bomFormat"),
        ({"components": {"0": {"name": "a"}}}, "/components"),
        ({"components": "none"}, "/components"),
        ({"components": None}, "/components"),
        ({"services": 5}, "/services"),
        ({"metadata": []}, "/metadata"),
        ({"metadata": "syft"}, "/metadata"),
        ({"dependencies": {}}, "/dependencies"),
        ({"dependencies": [{"ref": "a", "dependsOn": "b"}]}, "/dependencies"),
        ({"compositions": [{"aggregate": 1}]}, "/compositions"),
    ],
)
def test_a_document_that_is_not_what_it_claims_is_an_error_with_its_place(top: dict[str, Any], place: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read(**top)
    assert (caught.value.source, caught.value.pointer) == ("made.cdx.json", place)
    assert caught.value.problem


@pytest.mark.parametrize("text", ['[{"bomFormat": "CycloneDX", "specVersion": "1.6"}]', '["bomFormat"]', '["CycloneDX", 1]'])
def test_an_array_around_it_is_an_error(text: str) -> None:
    with pytest.raises(DocumentError):
        read_text(text)


# ---- what is counted


@pytest.mark.parametrize(
    ("top", "names"),
    [
        ({}, []),
        ({"components": []}, []),
        ({"components": [{"name": "a"}, {"name": "b"}]}, ["a", "b"]),
        (
            {"components": [{"name": "a", "components": [{"name": "b", "components": [{"name": "c"}]}, {"name": "d"}]}]},
            ["a", "b", "c", "d"],
        ),
        ({"metadata": {"component": {"name": "product"}}, "components": [{"name": "a"}]}, ["a"]),
        ({"metadata": {"component": {"name": "product", "components": [{"name": "a"}]}}}, ["a"]),
        ({"services": [{"name": "cloud"}]}, []),
        ({"components": [{"name": "a", "services": [{"name": "cloud"}]}]}, ["a"]),
        ({"components": [{"name": "a", "pedigree": {"ancestors": [{"name": "b"}]}}]}, ["a"]),
        ({"metadata": {"tools": {"components": [{"name": "syft", "type": "application"}]}}}, []),
        ({"vulnerabilities": [{"id": "CVE-2026-1"}]}, []),
    ],
)
def test_components_are_counted_wherever_they_are_nested(top: dict[str, Any], names: list[str]) -> None:
    assert counted(read(**top)) == names


@pytest.mark.parametrize(
    ("top", "pointer"),
    [
        ({"metadata": {"component": {"name": "x"}}}, "/metadata/component"),
        ({"components": [{"name": "a"}, {"name": "x"}]}, "/components/1"),
        ({"components": [{"name": "a", "components": [{"name": "x"}]}]}, "/components/0/components/0"),
        ({"metadata": {"component": {"name": "p", "components": [{"name": "x"}]}}}, "/metadata/component/components/0"),
        ({"services": [{"name": "x"}]}, "/services/0"),
        ({"services": [{"name": "a", "services": [{"name": "x"}]}]}, "/services/0/services/0"),
        ({"components": [{"name": "a", "services": [{"name": "x"}]}]}, "/components/0/services/0"),
    ],
)
def test_everything_that_has_an_identity_is_read_with_its_place(top: dict[str, Any], pointer: str) -> None:
    assert [item.pointer for item in read(**top).components if item.name == "x"] == [pointer]


@pytest.mark.parametrize("top", [{"metadata": {"component": {"type": "firmware"}}}, {"components": [{"name": ""}]}, {"services": [{}]}])
def test_what_has_no_name_is_told(top: dict[str, Any]) -> None:
    assert "has no name" in [problem.message for problem in read(**top).problems]


@pytest.mark.parametrize("depth", [10, 100, 200, 260, 300, 340, 400, 500, 1000, 3000])
def test_nesting_is_read_to_the_bottom_or_refused(depth: int) -> None:
    inner = '{"name": "deepest", "supplier": {"name": "Huawei"}}'
    text = '{"name": "x", "components": [' * depth + inner + "]}" * depth
    found = answer(f'{{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{text}]}}')
    if isinstance(found, DocumentError):
        assert "deep" in found.problem
    else:
        assert len(counted(found)) == depth + 1
        assert found.components[-1].name == "deepest"


# ---- what is read of a component

ORGANISATION = {"name": HUAWEI, "url": ["https://huawei.com"], "contact": [{"name": "Desk", "email": "psirt@huawei.com"}]}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"name": "agent"}, [("name", "", "agent")]),
        ({"name": "libHCCore.so"}, [("name", "", "libHCCore.so"), ("file", "", "libHCCore.so")]),
        ({"group": "com.huawei"}, [("name", "group", "com.huawei")]),
        ({"purl": "pkg:npm/a@1"}, [("purl", "", "pkg:npm/a@1")]),
        ({"cpe": "cpe:2.3:a:huawei:x:1:*:*:*:*:*:*:*"}, [("cpe", "", "cpe:2.3:a:huawei:x:1:*:*:*:*:*:*:*")]),
        ({"publisher": HUAWEI}, [("party", "publisher", HUAWEI)]),
        ({"author": "A B <a.b@huawei.com>"}, [("party", "author", "A B"), ("email", "author", "a.b@huawei.com")]),
        *(
            (
                {key: ORGANISATION},
                [
                    ("party", role, HUAWEI),
                    ("url", "website", "https://huawei.com"),
                    ("party", "author", "Desk"),
                    ("email", role, "psirt@huawei.com"),
                ],
            )
            for key, role in (("supplier", "supplier"), ("manufacturer", "manufacturer"))
        ),
        (
            {"authors": [{"name": "A B", "email": "a@zte.com.cn"}, {"name": "C"}]},
            [("party", "author", "A B"), ("email", "author", "a@zte.com.cn"), ("party", "author", "C")],
        ),
        ({"externalReferences": [{"type": "vcs", "url": "git@github.com:a/b.git"}]}, [("url", "vcs", "git@github.com:a/b.git")]),
        ({"externalReferences": [{"type": "support", "url": "mailto:x@dji.com?subject=hi"}]}, [("email", "contact", "x@dji.com")]),
        ({"swid": {"tagId": "t", "name": "n", "url": "https://huawei.com/tag"}}, [("url", "swid", "https://huawei.com/tag")]),
        ({"evidence": {"occurrences": [{"location": "/lib/a.so.1"}, {"location": "/etc/passwd"}]}}, [("file", "", "/lib/a.so.1")]),
        ({"evidence": {"identity": {"field": "purl", "concludedValue": "pkg:npm/a@1"}}}, [("purl", "", "pkg:npm/a@1")]),
        ({"evidence": {"identity": [{"field": "cpe", "concludedValue": "cpe:/a:zte:x"}]}}, [("cpe", "", "cpe:/a:zte:x")]),
        (
            {"evidence": {"identity": [{"field": "name", "concludedValue": "libx.so"}, {"field": "group", "concludedValue": "g"}]}},
            [("name", "", "libx.so"), ("file", "", "libx.so"), ("name", "group", "g")],
        ),
        (
            {"evidence": {"identity": {"field": "name", "methods": [{"value": "/lib/b.so"}, {"value": "pkg:npm/b"}, {"value": "n"}]}}},
            [("file", "", "/lib/b.so"), ("purl", "", "pkg:npm/b")],
        ),
        ({"evidence": {"identity": {"methods": [{"technique": "filename", "value": "/lib/b.so"}]}}}, [("file", "", "/lib/b.so")]),
        ({"evidence": {"identity": {"methods": [{"technique": "binary-analysis", "value": "/bin/needs-it.so"}]}}}, []),
        (
            {"pedigree": {"patches": [{"type": "backport", "diff": {"url": "https://gitee.com/a/b.patch"}}]}},
            [("url", "patch", "https://gitee.com/a/b.patch")],
        ),
        (
            {
                "licenses": [
                    {
                        "license": {
                            "name": "x",
                            "licensing": {"licensor": {"organization": {"name": HUAWEI}}, "licensee": {"organization": {"name": "Buyer"}}},
                        }
                    }
                ]
            },
            [("party", "supplier", HUAWEI)],
        ),
        (
            {"data": [{"type": "dataset", "governance": {"custodians": [{"organization": {"name": HUAWEI}}]}}]},
            [("party", "supplier", HUAWEI)],
        ),
        (
            {"modelCard": {"modelParameters": {"datasets": [{"governance": {"owners": [{"contact": {"email": "a@huawei.com"}}]}}]}}},
            [("email", "author", "a@huawei.com")],
        ),
        (
            {"cryptoProperties": {"certificateProperties": {"subjectName": 'CN=box, O="Huawei, Ltd"', "issuerName": "C=CN;O=ZTE"}}},
            [("name", "certificate", "box"), ("name", "certificate", "Huawei, Ltd"), ("name", "certificate", "ZTE")],
        ),
        ({"properties": [{"name": "syft:metadata:vendor", "value": HUAWEI}]}, [("party", "supplier", HUAWEI)]),
        ({"properties": [{"name": "syft:location:0:path", "value": "/lib/a.ko"}]}, [("file", "", "/lib/a.ko")]),
        ({"properties": [{"name": "aquasecurity:trivy:FilePath", "value": "opt/a.jar"}]}, [("file", "", "opt/a.jar")]),
        ({"properties": [{"name": "cdx:device:vendor", "value": "DJI"}]}, [("party", "manufacturer", "DJI")]),
        *(
            ({"properties": [{"name": name, "value": "QIS-X"}]}, [("fcc-id", "", "QIS-X")])
            for name in ("fcc:id", "fccId", "FCC ID", "fcc_id", "vendor:fcc-id")
        ),
        ({"pedigree": {"commits": [{"uid": "1", "url": "https://gitee.com/a/b"}]}}, [("url", "vcs", "https://gitee.com/a/b")]),
        ({"pedigree": {"ancestors": [{"name": "a", "publisher": "ZTE"}]}}, [("name", "", "a"), ("party", "publisher", "ZTE")]),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, dict) else "",
)
def test_identity_bearing_fields_become_signals(fields: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    assert signals(component(**fields)) == sorted(expected)


@pytest.mark.parametrize(
    "fields",
    [
        {"description": f"by {HUAWEI}"},
        {"copyright": f"(c) {HUAWEI}"},
        {"licenses": [{"license": {"name": HUAWEI, "url": "https://huawei.com/l"}}]},
        {"hashes": [{"alg": "MD5", "content": "0" * 32}]},
        {"properties": [{"name": "comment", "value": HUAWEI}, {"name": "fcc:id"}, {"value": "x"}]},
        {"evidence": {"identity": {"field": "name"}, "copyright": [{"text": HUAWEI}]}},
        {"supplier": {"name": ""}, "publisher": "", "purl": "", "author": None},
    ],
)
def test_other_fields_are_no_identity(fields: dict[str, Any]) -> None:
    assert signals(component(**fields)) == []


@pytest.mark.parametrize("metadata", [{"supplier": ORGANISATION}, {"manufacture": ORGANISATION}])
def test_who_made_or_supplied_the_product_is_told_by_the_metadata_too(metadata: dict[str, Any]) -> None:
    """CycloneDX 1.2 to 1.7, clauses metadata/supplier and metadata/manufacture: of the component that the document describes."""
    whole = {"metadata": {"component": {"name": "camera", "version": "2", "type": "firmware"}, **metadata}, "components": [{"name": "a"}]}
    first, _, told = read(**whole).components
    assert signals(first) == [("name", "", "camera")]
    assert (told.name, told.version, told.component_class, told.aside, told.counted) == ("camera", "2", "firmware", "", False)
    assert ("party", *metadata, HUAWEI) in signals(told) or ("party", "manufacturer", HUAWEI) in signals(told)
    assert all(signal.value in resolve(whole, told.pointer + signal.at) for signal in told.signals)


@pytest.mark.parametrize(
    ("top", "aside"),
    [
        ({"metadata": {"manufacturer": ORGANISATION}}, "writer"),
        ({"metadata": {"authors": [{"name": "A", "email": "a@huawei.com"}]}}, "writer"),
        ({"metadata": {"tools": [{"vendor": HUAWEI, "name": "scanner"}]}}, "tool"),
        ({"metadata": {"tools": {"components": [{"name": "scanner", "supplier": ORGANISATION}]}}}, "tool"),
        ({"metadata": {"tools": {"services": [{"name": "scan", "provider": ORGANISATION}]}}}, "tool"),
        ({"formulation": [{"components": [{"name": "cc", "supplier": ORGANISATION}]}]}, "build"),
        ({"formulation": [{"services": [{"name": "ci", "provider": ORGANISATION}]}]}, "build"),
        ({"formulation": [{"workflows": [{"tasks": [{"steps": [{"components": [{"name": "x", "publisher": "ZTE"}]}]}]}]}]}, "build"),
        (
            {"formulation": [{"workflows": [{"inputs": [{"resource": {"externalReference": {"type": "vcs", "url": "https://b.cd/x"}}}]}]}]},
            "build",
        ),
        ({"formulation": {"components": [{"name": "cc", "publisher": "ZTE"}]}}, "build"),
        ({"annotations": [{"annotator": {"organization": ORGANISATION}}]}, "party"),
        ({"annotations": [{"annotator": {"individual": {"name": "A", "email": "a@zte.com.cn"}}}]}, "party"),
        ({"annotations": [{"annotator": {"component": {"name": "bot", "publisher": "ZTE"}}}]}, "tool"),
        ({"annotations": [{"text": "the radio is from ZTE"}]}, "party"),
        ({"declarations": {"assessors": [{"thirdParty": True, "organization": ORGANISATION}]}}, "party"),
        ({"declarations": {"affirmation": {"signatories": [{"name": "N", "organization": ORGANISATION}]}}}, "party"),
        ({"declarations": {"targets": {"organizations": [ORGANISATION]}}}, "party"),
        ({"declarations": {"targets": {"components": [{"name": "x", "supplier": ORGANISATION}]}}}, "target"),
        ({"definitions": {"standards": [{"name": "s", "owner": "ZTE"}]}}, "party"),
        ({"components": [{"name": "a", "pedigree": {"variants": [{"name": "b", "publisher": "ZTE"}]}}]}, "variant"),
        ({"components": [{"name": "a", "pedigree": {"descendants": [{"name": "b", "publisher": "ZTE"}]}}]}, "descendant"),
    ],
    ids=json.dumps,
)
def test_what_is_told_beside_the_parts_is_read_with_its_place_and_not_counted(top: dict[str, Any], aside: str) -> None:
    document = read(**top)
    told = [item for item in document.components if item.aside]
    assert {item.aside for item in told} == {aside}
    assert counted(document) == [item["name"] for item in top.get("components", ())]
    found = [(item.pointer + signal.at, signal.value) for item in told for signal in item.signals]
    assert found
    assert all(value in resolve(top, pointer) for pointer, value in found)
    assert all(signals(item) for item in told)


def test_a_service_says_where_it_is_and_who_owns_its_data() -> None:
    data = [{"flow": "outbound", "classification": "x", "governance": {"owners": [{"organization": ORGANISATION}]}}]
    top = {"services": [{"name": "cloud", "endpoints": ["https://api.huaweicloud.com/v1"], "data": data}]}
    (service,) = read(**top).components
    assert ("url", "endpoint", "https://api.huaweicloud.com/v1") in signals(service)
    assert ("party", "supplier", HUAWEI) in signals(service)


@pytest.mark.parametrize(
    "top",
    [
        {"licenses": [{"license": {"id": "MIT"}}]},
        {"lifecycles": [{"name": "huawei-build"}]},
        {"component": {"name": "p"}},
        {"tools": [], "authors": None, "supplier": {}, "properties": [{"name": "x", "value": "y"}]},
    ],
)
def test_metadata_that_names_nobody_adds_nothing(top: dict[str, Any]) -> None:
    document = read(metadata=top, components=[{"name": "a"}])
    assert [item.name for item in document.components if item.aside or not item.ref] == [*(["p"] if "component" in top else []), "a"]


def test_references_and_properties_of_the_document_are_of_the_product() -> None:
    top = {
        "metadata": {"component": {"name": "radio", "type": "device"}, "properties": [{"name": "fcc:id", "value": "QISX1"}]},
        "externalReferences": [{"type": "vcs", "url": "https://gitee.com/a/b"}],
    }
    _, told = read(**top).components
    assert (told.component_class, signals(told)) == ("module", [("fcc-id", "", "QISX1"), ("url", "vcs", "https://gitee.com/a/b")])


def test_an_fcc_id_in_an_annotation_is_that_of_its_subjects() -> None:
    top = {
        "components": [{"bom-ref": "r", "name": "radio", "type": "device"}],
        "annotations": [{"subjects": ["r", "gone"], "text": "FCC ID: QISWL-18"}],
    }
    told = [item for item in read(**top).components if item.component_class == "module"]
    assert [(item.name, item.aside, signals(item)) for item in told] == [("radio", "", [("fcc-id", "", "QISWL-18")])]


def test_who_made_the_product_is_read_from_its_component() -> None:
    (product,) = read(metadata={"component": {"name": "camera", "manufacturer": {"name": HUAWEI}}}).components
    assert signals(product) == [("name", "", "camera"), ("party", "manufacturer", HUAWEI)]
    assert not product.counted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Foo (China)", [("party", "supplier", "Foo (China)")]),
        ("Espressif Systems (Shanghai) Co., Ltd.", [("party", "supplier", "Espressif Systems (Shanghai) Co., Ltd.")]),
        ("Organization: Foo", [("party", "supplier", "Foo")]),
        ("Person: A B (a@foo.com)", [("party", "author", "A B"), ("email", "author", "a@foo.com")]),
        ("Foo <info@foo.com>", [("party", "supplier", "Foo"), ("email", "supplier", "info@foo.com")]),
    ],
)
def test_a_party_text_is_taken_apart(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert signals(component(supplier={"name": text})) == sorted(expected)


def test_a_service_is_read_by_its_provider_and_not_counted() -> None:
    (service,) = read(services=[{"name": "cloud", "provider": {"name": HUAWEI}}]).components
    assert signals(service) == [("name", "", "cloud"), ("party", "supplier", HUAWEI)]
    assert (service.type, service.component_class, service.counted) == ("service", "service", False)


FULL = {
    "bom-ref": "full", "type": "library", "name": "lib~a/b.so", "group": "g", "version": "1", "purl": "pkg:npm/a@1", "cpe": "cpe:/a:b:c",
    "publisher": "P", "author": "Au <a@b.cd>", "supplier": ORGANISATION, "manufacturer": ORGANISATION,
    "authors": [{"name": "N"}, {"name": "M", "email": "m@b.cd"}],
    "externalReferences": [{"type": "vcs"}, {"type": "website", "url": "https://b.cd"}, {"type": "support", "url": "mailto:s@b.cd"}],
    "properties": [{"name": "x"}, {"name": "fcc:id", "value": "QIS-1"}, {"name": "syft:location:0:path", "value": "/x.so"}],
    "evidence": {"occurrences": [{"location": "n"}, {"location": "/y.so"}],
                 "identity": [{"field": "purl", "concludedValue": "pkg:npm/b@2", "methods": [{"value": "m"}, {"value": "/z.so"}]}]},
    "swid": {"tagId": "t", "url": "https://b.cd/t"},
    "pedigree": {"ancestors": [{"name": "p"}, {"name": "q", "supplier": ORGANISATION, "pedigree": {"ancestors": [{"name": "r.so"}]}}],
                 "commits": [{"url": "https://b.cd/c"}], "patches": [{}, {"diff": {"url": "https://b.cd/d"}}]},
    "licenses": [{"license": {"id": "MIT"}}, {"license": {"name": "x", "licensing": {"licensor": {"organization": ORGANISATION}}}}],
    "data": [{"governance": {"owners": [{"organization": ORGANISATION, "contact": {"email": "c@b.cd"}}]}}],
    "modelCard": {"modelParameters": {"datasets": [{"governance": {"stewards": [{"organization": {"name": "S"}}]}}]}},
    "cryptoProperties": {"certificateProperties": {"issuerName": "C=CN, O=Issuer"}},
}  # fmt: skip


def test_every_signal_points_at_the_value_it_was_read_from() -> None:
    document = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"name": "first"}, {"name": "outer", "components": [FULL]}]}
    full = readers.read(Source("made.json", json.dumps(document).encode())).components[-1]
    found = list(full.signals)
    assert len(found) > 40
    for signal in found:
        assert signal.value in resolve(document, full.pointer + signal.at), signal


def resolve(tree: Any, pointer: str) -> str:
    """The text at a JSON Pointer (RFC 6901)."""
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        tree = tree[int(key)] if isinstance(tree, list) else tree[key]
    assert isinstance(tree, str), pointer
    return tree


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("library", "software"),
        ("application", "software"),
        ("device-driver", "software"),
        ("firmware", "firmware"),
        ("operating-system", "operating-system"),
        ("device", "hardware"),
        ("machine-learning-model", "data"),
        ("never-heard-of", "software"),
        (None, "software"),
    ],
)
def test_the_type_decides_the_class(kind: str | None, expected: str) -> None:
    assert component(type=kind).component_class == expected


@pytest.mark.parametrize(("kind", "expected"), [("device", "module"), ("firmware", "module"), ("library", "software")])
def test_what_carries_an_fcc_id_is_a_radio_module(kind: str, expected: str) -> None:
    assert component(type=kind, properties=[{"name": "fcc:id", "value": "QISX1"}]).component_class == expected


@pytest.mark.parametrize(
    ("tools", "generator", "guesses"),
    [
        ([{"vendor": "anchore", "name": "syft", "version": "0.60"}], "syft 0.60", True),
        ({"components": [{"name": "syft", "version": "1.2", "type": "application"}]}, "syft 1.2", True),
        ({"components": [{"name": "cdxgen"}, {"name": "other", "version": "3"}]}, "cdxgen, other 3", False),
        ("syft", "", False),
        ([1, 2], "", False),
        (None, "", False),
    ],
)
def test_the_generator_is_named_and_a_cpe_that_it_guessed_is_no_identity(tools: Any, generator: str, guesses: bool) -> None:
    document = read(metadata={"tools": tools}, components=[{"cpe": "cpe:2.3:a:huawei:x:1:*:*:*:*:*:*:*"}])
    assert document.generator == generator
    assert [kind for kind, _, _ in signals(document.components[0])] == ([] if guesses else ["cpe"])


# ---- how the parts hang together


def test_edges_come_from_dependencies_and_from_nesting() -> None:
    document = read(
        metadata={"component": {"bom-ref": "root", "name": "p"}},
        components=[{"bom-ref": "a", "name": "a", "components": [{"bom-ref": "b", "name": "b"}]}],
        dependencies=[{"ref": "root", "dependsOn": ["a"]}, {"ref": "b"}, {"ref": "a", "dependsOn": []}],
    )
    assert document.root == "root"
    assert {(edge.parent, child) for edge in document.edges for child in edge.children} == {("root", "a"), ("a", "b")}


@pytest.mark.parametrize("aggregate", ["incomplete", "incomplete_first_party_only", "incomplete_third_party_only", "unknown"])
def test_a_composition_that_is_not_complete_is_a_gap(aggregate: str) -> None:
    (gap,) = read(compositions=[{"aggregate": "complete"}, {"aggregate": aggregate}]).gaps
    assert gap.pointer == "/compositions/1"
    assert aggregate in gap.message


@pytest.mark.parametrize("aggregate", ["complete", "not_specified", None])
def test_other_compositions_are_none(aggregate: str | None) -> None:
    assert read(compositions=[{"aggregate": aggregate}]).gaps == ()


@pytest.mark.parametrize("aggregate", ["Complete", "partial", "incomplete_some"])
def test_a_composition_that_says_what_nobody_knows_is_a_gap(aggregate: str) -> None:
    (gap,) = read(compositions=[{"aggregate": aggregate}]).gaps
    assert (gap.pointer, aggregate in gap.message) == ("/compositions/0", True)


@pytest.mark.parametrize(
    ("root", "refs", "gaps", "taken"),
    [
        ("root", ["root", "a", "s"], [], "root"),
        ("root", ["root", "gone", "lost"], ["dependencies name components that are not in it: 'gone' and 1 more"], "root"),
        ("root", ["urn:cdx:12345678-1234-1234-1234-123456789012/1#x"], [], "root"),
        ("", ["product"], [], "product"),
        ("", ["product", "lost"], ["dependencies name components that are not in it: 'lost' and 1 more"], ""),
    ],
)
def test_dependencies_of_what_is_not_there_are_a_gap_but_for_those_of_a_product_without_ref(
    root: str, refs: list[str], gaps: list[str], taken: str
) -> None:
    document = read(
        metadata={"component": {**({"bom-ref": root} if root else {}), "name": "p", "type": "device"}},
        components=[{"bom-ref": "a", "name": "a", "type": "library"}],
        services=[{"bom-ref": "s", "name": "s"}],
        dependencies=[{"ref": ref, "dependsOn": ["a"]} for ref in refs],
    )
    assert [gap.message for gap in document.gaps] == gaps
    assert (document.root, document.problems) == (taken, ())


@pytest.mark.parametrize(
    ("depends_on", "missing"),
    [(["a", "s", "root"], ""), (["a", "gone"], "gone"), (["urn:cdx:12345678-1234-1234-1234-123456789012/1#x"], "")],
)
def test_a_dependency_on_what_is_not_there_is_a_gap(depends_on: list[str], missing: str) -> None:
    document = read(
        metadata={"component": {"bom-ref": "root", "name": "p"}},
        components=[{"bom-ref": "a", "name": "a"}],
        services=[{"bom-ref": "s", "name": "s"}],
        dependencies=[{"ref": "root", "dependsOn": depends_on}],
    )
    assert [gap.ref.startswith(missing) for gap in document.gaps] == [True] * bool(missing)


@pytest.mark.parametrize(
    ("parts", "ref", "told"),
    [
        ([{"bom-ref": "a", "name": "a"}], "a", []),
        ([{"bom-ref": "a", "name": "a"}], "gone", ["vulnerabilities name components that are not in it: 'gone'"]),
        ([{"bom-ref": "a", "name": "a"}], "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#x", []),
        ([], "gone", []),
    ],
)
def test_a_vulnerability_of_what_is_not_there_is_a_gap_in_a_document_that_lists_parts(parts: list[Any], ref: str, told: list[str]) -> None:
    document = read(components=parts, vulnerabilities=[{"id": "CVE-2026-1", "affects": [{"ref": ref}]}, {"id": "CVE-2026-2"}])
    assert [gap.message for gap in document.gaps] == told


# ---- other documents

SERIAL = "3e671687-395b-41f5-a30f-a58921a69b79"


@pytest.mark.parametrize(
    ("top", "names"),
    [
        ({}, ()),
        ({"serialNumber": f"urn:uuid:{SERIAL}"}, (f"urn:cdx:{SERIAL}/1", f"urn:uuid:{SERIAL}")),
        ({"serialNumber": f"urn:uuid:{SERIAL.upper()}", "version": 12}, (f"urn:cdx:{SERIAL}/12", f"urn:uuid:{SERIAL}")),
        ({"serialNumber": "urn:uuid:3e671687"}, ()),
        ({"serialNumber": 5}, ()),
    ],
    ids=str,
)
def test_a_document_is_named_by_serial_number_and_version(top: dict[str, Any], names: tuple[str, ...]) -> None:
    assert read(**top).names == names


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ({"type": "bom", "url": f"urn:cdx:{SERIAL}/2"}, [(f"urn:cdx:{SERIAL}/2", "", True)]),
        ({"type": "bom", "url": f"urn:cdx:{SERIAL.upper()}/02#a%2Fb"}, [(f"urn:cdx:{SERIAL}/2", "a/b", True)]),
        ({"type": "bom", "url": "parts/radio.cdx.json"}, [("parts/radio.cdx.json", "", True)]),
        ({"type": "bom", "url": "https://b.cd/x.cdx.json"}, [("https://b.cd/x.cdx.json", "", False)]),
        ({"type": "bom", "url": ""}, []),
        ({"type": "vcs", "url": "https://b.cd/x"}, []),
    ],
    ids=str,
)
@pytest.mark.parametrize(
    ("place", "ref"),
    [("/components/0", "c"), ("/components/0/components/0", "c"), ("/metadata/component", "c"), ("/services/0", "c"), ("", "c")],
)
def test_a_reference_of_type_bom_is_a_link(reference: dict[str, str], expected: list[Any], place: str, ref: str) -> None:
    holder: dict[str, Any] = {"bom-ref": "c", "name": "x", "externalReferences": [{"type": "website", "url": "https://b.cd"}, reference]}
    places: dict[str, dict[str, Any]] = {
        "/components/0": {"components": [holder]},
        "/components/0/components/0": {"components": [{"name": "outer", "components": [holder]}]},
        "/metadata/component": {"metadata": {"component": holder}},
        "/services/0": {"services": [holder]},
        "": {"metadata": {"component": {"bom-ref": "c", "name": "x"}}, "externalReferences": holder["externalReferences"]},
    }
    links = read(**places[place]).links
    assert [(link.target, link.element, link.needed) for link in links] == expected
    assert all((link.ref, link.pointer) == (ref, f"{place}/externalReferences/1/url") for link in links)


def test_a_link_carries_the_strongest_digest_that_its_reference_gives() -> None:
    hashes = [{"alg": "MD5", "content": "AA"}, {"alg": "SHA-256", "content": "BB"}, {"alg": "SHA-1", "content": "CC"}]
    top = {"components": [{"name": "a", "externalReferences": [{"type": "bom", "url": "x.json", "hashes": hashes}]}]}
    assert [(link.algorithm, link.digest) for link in read(**top).links] == [("SHA-256", "bb")]


def test_bom_links_in_the_place_of_refs_are_links() -> None:
    other, third = f"urn:cdx:{SERIAL}/1#radio", f"urn:cdx:{SERIAL}/1#cpu"
    document = read(
        components=[{"bom-ref": "a", "name": "a"}],
        dependencies=[{"ref": "a", "dependsOn": [other]}],
        compositions=[{"aggregate": "complete", "assemblies": ["a", third]}],
    )
    assert [(link.target, link.element, link.local, link.pointer, link.needed) for link in document.links] == [
        (f"urn:cdx:{SERIAL}/1", "cpu", third, "/compositions/0", True),
        (f"urn:cdx:{SERIAL}/1", "radio", other, "/dependencies", True),
    ]
    assert document.gaps == ()


# ---- faults that leave a note

ODD_LICENCES: tuple[dict[str, Any], ...] = (
    {},
    {"license": {}},
    {"license": {"id": "MIT", "name": "MIT"}},
    {"license": {"id": "GNU GPL"}},
    {"license": {"id": "MIT"}, "expression": "MIT"},
)


@pytest.mark.parametrize(
    ("top", "pointer"),
    [
        ({"serialNumber": "urn:uuid:3e671687"}, "/serialNumber"),
        ({"serialNumber": 5}, "/serialNumber"),
        ({"version": 0}, "/version"),
        ({"version": "1"}, "/version"),
        ({"version": None}, "/version"),
        ({"metadata": {"timestamp": "yesterday"}}, "/metadata/timestamp"),
        ({"components": [{"name": "a"}]}, "/components/0"),
        ({"components": [{"type": "gadget", "name": "a"}]}, "/components/0"),
        ({"components": [{"type": "library", "name": "a", "swid": {"name": "a"}}]}, "/components/0/swid"),
        ({"components": [{"type": "library", "name": "a", "swid": {"tagId": "a"}}]}, "/components/0/swid"),
        ({"components": [{"type": "library", "name": "a", "externalReferences": [{"type": "vcs"}]}]}, "/components/0/externalReferences/0"),
        (
            {"components": [{"type": "library", "name": "a", "externalReferences": [{"type": "bom", "url": "x"}, {"comment": "x"}]}]},
            "/components/0/externalReferences/1",
        ),
        ({"dependencies": [{"dependsOn": []}]}, "/dependencies"),
        ({"dependencies": [{"ref": "", "dependsOn": []}]}, "/dependencies"),
        ({"compositions": [{"assemblies": []}]}, "/compositions/0"),
        ({"metadata": {"tools": "syft"}}, "/metadata/tools"),
        ({"metadata": {"tools": [["syft"]]}}, "/metadata/tools"),
        ({"Components": []}, "/Components"),
        ({"a/b~": []}, "/a~1b~0"),
        *(({"components": [{"type": "library", "name": "a", "licenses": [choice]}]}, "/components/0/licenses") for choice in ODD_LICENCES),
    ],
    ids=json.dumps,
)
def test_what_the_official_schema_refuses_leaves_a_note(top: dict[str, Any], pointer: str) -> None:
    assert [problem.pointer for problem in read(**top).problems] == [pointer]


def test_a_number_beyond_all_bounds_is_no_crash() -> None:
    text = '{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1e400, "annotations": [{"x": 1e999, "y": -1%s}]}'
    found = answer(text % ("0" * 400))
    assert isinstance(found, Document)
    assert [problem.pointer for problem in found.problems] == ["/version"]


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (["Components"], ["the member 'Components' (is 'components' meant?)"]),
        (["compnents", "zzz", "packages"], ["the member 'compnents' (is 'components' meant?) and 2 more"]),
        (["attestations"], ["the member 'attestations'"]),
        (["$schema", "signature", "citations", "x-acme"], []),
    ],
)
def test_members_that_nobody_reads_are_named(keys: list[str], told: list[str]) -> None:
    messages = [problem.message for problem in read(**{key: [] for key in keys}).problems]
    assert [message.partition(": ")[2] for message in messages if message.startswith("nobody reads")] == told


def test_a_signature_is_not_checked_and_the_document_says_so() -> None:
    (problem,) = read(signature={"algorithm": "ES256", "value": "x"}).problems
    assert (problem.pointer, problem.message) == ("/signature", "it is signed, and the signature is not checked here")


def test_a_sound_document_leaves_none() -> None:
    licenses = [{"license": {"id": "GPL-2.0+"}}, {"license": {"name": "own"}}]
    document = read(
        serialNumber=f"urn:uuid:{SERIAL}", version=3, metadata={"timestamp": "2026-11-01T00:00:00.5+01:00", "tools": {"services": []}},
        dependencies=[{"ref": "b"}], compositions=[{"aggregate": "complete"}],
        components=[{"type": "library", "name": "a", "licenses": licenses, "swid": {"tagId": "t", "name": "n"}},
                    {"type": "device", "name": "b", "bom-ref": "b", "externalReferences": [{"type": "vcs", "url": ""}],
                     "licenses": [{"expression": "MIT OR ISC"}]}],
        services=[{"name": "s"}],
    )  # fmt: skip
    assert document.problems == ()


@pytest.mark.parametrize(
    "part",
    [
        '"formulation": [{"components": [{"name": "x", "publisher": "Huawei", "publisher": "Good"}]}]',
        '"annotations": [{"annotator": {"organization": {"name": "Huawei", "name": "Good"}}}]',
        '"components": [{"name": "x", "licenses": [{"license": {"name": "y", "licensing": {"licensor": 1, "licensor": 2}}}]}]',
        '"components": [{"name": "x", "modelCard": {"a": 1, "a": 2}}]',
        '"components": [{"name": "x", "evidence": {"identity": {"field": "name", "concludedValue": "a", "concludedValue": "b"}}}]',
        '"components": [{"name": "x", "pedigree": {"variants": [{"name": "a", "name": "b"}]}}]',
        '"components": [{"name": "x", "authors": [{"name": "Huawei", "name": "Good"}]}]',
        '"components": [{"name": "x", "supplier": {"name": "A", "contact": [{"name": "Huawei", "name": "Good"}]}}]',
        '"components": [{"name": "x", "pedigree": {"ancestors": [{"authors": [{"name": "Huawei", "name": "Good"}]}]}}]',
    ],
)
def test_a_key_that_stands_twice_is_refused_beside_the_parts_too_in_a_text_of_any_size(part: str) -> None:
    text = f'{{"bomFormat": "CycloneDX", "specVersion": "1.6", {part}, "properties": [{{"name": "pad", "value": "{"x" * (1 << 20)}"}}]}}'
    with pytest.raises(DocumentError, match="twice"):
        read_text(text)


# ---- odd components

GOOD = {"name": "good", "supplier": {"name": "Good GmbH"}}


@pytest.mark.parametrize(
    "odd",
    [
        {"name": 5},
        {"name": ["a"]},
        {"name": "x", "supplier": "text"},
        {"name": "x", "supplier": [{"name": "y"}]},
        {"name": "x", "purl": {"type": "npm"}},
        {"name": "x", "purl": 1},
        {"name": "x", "bom-ref": 7},
        {"name": "x", "authors": "me"},
        {"name": "x", "externalReferences": {"url": "https://b.cd"}},
        {"name": "x", "externalReferences": [None]},
        {"name": "x", "properties": [{"name": "a", "value": 1}]},
        {"name": "x", "pedigree": []},
        {"name": "x", "evidence": []},
        {"name": "x", "swid": "tag"},
    ],
    ids=json.dumps,
)
def test_an_odd_component_is_noted_and_the_others_are_read(odd: Any) -> None:
    document = read(components=[GOOD, odd, GOOD])
    assert [bool(item.malformed) for item in document.components if item.pointer.count("/") == 2] == [False, True, False]
    assert [signals(item) for item in document.components[:: len(document.components) - 1]] == [signals(component(**GOOD))] * 2


def test_an_odd_nested_component_is_noted_where_it_stands() -> None:
    document = read(components=[{"name": "outer", "components": [{"name": "x", "purl": 1}, {"name": "y"}]}])
    noted = {item.pointer: bool(item.malformed) for item in document.components}
    assert noted["/components/0/components/0"]
    assert not noted["/components/0/components/1"]
    assert counted(document) == ["outer", "x", "y"]


@pytest.mark.parametrize(
    ("odd", "expected"),
    [
        ({"supplier": HUAWEI}, ("party", "supplier", HUAWEI)),
        ({"supplier": [{"name": HUAWEI}]}, ("party", "supplier", HUAWEI)),
        ({"supplier": {"name": [HUAWEI]}}, ("party", "supplier", HUAWEI)),
        ({"manufacturer": {"name": HUAWEI, "url": "https://huawei.com"}}, ("party", "manufacturer", HUAWEI)),
        ({"publisher": {"name": HUAWEI}}, ("party", "publisher", HUAWEI)),
        ({"publisher": [HUAWEI]}, ("party", "publisher", HUAWEI)),
        ({"author": [HUAWEI]}, ("party", "author", HUAWEI)),
        ({"name": ["hisi-sdk"]}, ("name", "", "hisi-sdk")),
        ({"name": 5, "purl": "pkg:npm/a@1"}, ("purl", "", "pkg:npm/a@1")),
        ({"purl": ["pkg:npm/a@1"]}, ("purl", "", "pkg:npm/a@1")),
        ({"version": 5, "publisher": HUAWEI}, ("party", "publisher", HUAWEI)),
        ({"properties": 5, "cpe": "cpe:/a:zte:x"}, ("cpe", "", "cpe:/a:zte:x")),
    ],
    ids=str,
)
def test_identity_in_an_odd_component_is_saved(odd: dict[str, Any], expected: tuple[str, str, str]) -> None:
    (item,) = read(components=[odd]).components
    assert item.malformed
    assert any(kind == expected[0] and role == expected[1] and expected[2] in value for kind, role, value in signals(item)), signals(item)


@pytest.mark.parametrize(
    "odd",
    [
        {"authors": {"name": HUAWEI}},
        {"authors": [{"name": HUAWEI, "email": 5}]},
        {"externalReferences": [{"type": "vcs", "url": "https://huawei.com/x"}, None]},
        {"properties": [{"name": "syft:metadata:vendor", "value": HUAWEI}, {"name": "x", "value": 5}]},
        {"pedigree": {"ancestors": [{"name": "x", "publisher": HUAWEI, "version": 1}]}},
        {"evidence": {"occurrences": [{"location": "/lib/libhccore.so", "line": 1}, {"location": 5}]}},
    ],
    ids=str,
)
def test_identity_that_cannot_be_saved_leaves_a_note(odd: dict[str, Any]) -> None:
    (item,) = read(components=[odd]).components
    assert item.malformed or signals(item)


def test_an_odd_product_component_is_noted() -> None:
    document = read(metadata={"component": {"name": "p", "supplier": "text"}}, components=[GOOD])
    assert {item.pointer: bool(item.malformed) for item in document.components} == {"/metadata/component": True, "/components/0": False}


def test_one_odd_component_changes_nothing_of_the_rest_of_the_document() -> None:
    top = {
        "metadata": {"component": {"bom-ref": "root", "name": "p"}, "tools": [{"name": "syft", "version": "1"}]},
        "services": [{"name": "s", "provider": {"name": "x"}}],
        "dependencies": [{"ref": "root", "dependsOn": ["gone"]}],
        "compositions": [{"aggregate": "incomplete"}],
    }
    fine, odd = read(components=[GOOD], **top), read(components=[GOOD, {"name": 5}], **top)
    assert (odd.root, odd.generator, odd.edges, odd.gaps) == (fine.root, fine.generator, fine.edges, fine.gaps)
    assert [(item.pointer, signals(item)) for item in odd.components if not item.malformed] == [
        (item.pointer, signals(item)) for item in fine.components
    ]


def test_the_made_document_is_read_as_it_was_described() -> None:
    described = [{"name": "a", "version": "1", "purl": "pkg:npm/a@1"}, {"name": "b", "type": "firmware"}]
    document = readers.read(Source("made.json", made.cyclonedx(described)))
    assert [(item.ref, item.name, item.version, item.purl, item.type) for item in document.components] == [
        ("c0", "a", "1", "pkg:npm/a@1", "library"),
        ("c1", "b", "", "", "firmware"),
    ]


@pytest.mark.parametrize("before", [0, 15, 16, 40])
def test_a_list_of_parts_that_stands_twice_is_refused_though_a_text_in_the_first_ends_like_the_second(before: int) -> None:
    same = ['{"type":"library","name":"same"}'] * before
    shown = '{"type":"library","name":"clean"}'
    hidden = '{"type":"library","name":"HUAWEI' + " " * 40
    hidden = hidden[: len(shown)] + ']}","supplier":{"name":"Huawei"}}'
    first, second = ",".join([*same, hidden]), ",".join([*same, shown])
    text = f'{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{first}],"components":[{second}]}}'
    with pytest.raises(DocumentError, match="twice"):
        read_text(text + " " * (1 << 20))
