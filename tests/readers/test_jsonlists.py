"""Long lists, which are decoded in pieces: nothing of them is lost, and faults have their right numbers."""

import json
from typing import Any

import pytest
from msgspec import Raw, Struct

from sbomguard.errors import DocumentError
from sbomguard.readers import jsonlists, read
from sbomguard.source import Source

LENGTH = 200
NUMBER = 8000


def spdx(relationships: list[dict[str, object]]) -> bytes:
    packages = [{"SPDXID": f"SPDXRef-{name}", "name": name, "downloadLocation": "NONE"} for name in ("a", "b")]
    tree = {"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "x", "packages": packages, "relationships": relationships}
    return json.dumps(tree).encode()


def relationship(one: str, kind: str, other: object) -> dict[str, object]:
    return {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other, "comment": "-" * 100}


def test_relationships_in_pieces_tell_what_those_in_one_tell() -> None:
    plain = [relationship("SPDXRef-a", "CONTAINS", "SPDXRef-b")] * NUMBER
    plain[0] = relationship("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-a")
    plain[-1] = relationship("SPDXRef-b", "CONTAINS", "SPDXRef-gone")
    plain[5000] = relationship("SPDXRef-a", "HOLDS", "SPDXRef-b")
    plain[6000] = relationship("SPDXRef-a", "CONTAINS", ["SPDXRef-b"])
    data = spdx(plain)
    document = read(Source("x", data))
    assert document.described == ("SPDXRef-a",)
    assert [(gap.pointer, gap.ref) for gap in document.gaps] == [(f"/relationships/{NUMBER - 1}", "SPDXRef-gone")]
    assert [problem.pointer for problem in document.problems] == ["/relationships/6000", "/relationships/5000"]
    assert sum(edge.parent == "SPDXRef-a" for edge in document.edges) == NUMBER - 3  # of an unknown type is one, and two are of others


def test_dependencies_in_pieces_tell_what_those_in_one_tell() -> None:
    parts = [{"type": "library", "bom-ref": ref, "name": ref} for ref in ("a", "b")]
    plain: list[dict[str, object]] = [{"ref": "a", "dependsOn": ["b"], "x": "-" * LENGTH}] * NUMBER
    plain[-1] = {"ref": "b", "dependsOn": ["gone"]}

    def document() -> Source:
        tree = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": parts, "dependencies": plain}
        return Source("x", json.dumps(tree).encode())

    assert [gap.ref for gap in read(document()).gaps] == ["gone"]
    plain[7000] = {"ref": 1}
    with pytest.raises(DocumentError, match=r"\$\[7000\]\.ref"):
        read(document())


class Named(Struct):
    name: str | None = None


def element(number: int) -> dict[str, Any]:
    """Objects in it begin as it does itself, and texts in it look like the end of one; some are longer than a piece."""
    inner = [{"name": f'}},{{"name": {at}'} for at in range(number % 5)]
    return {"name": f"{number}", "value": '},{"name"', "inner": inner, "text": "x" * (200_000 if number % 97 == 50 else number % 300)}


@pytest.mark.parametrize(
    ("indent", "comma"), [(None, ","), (None, ", "), (0, ","), (2, ","), (2, " ,"), (None, " ,  ")]
)  # the last two as nobody writes
def test_pieces_of_a_list_hold_what_the_list_holds(indent: int | None, comma: str) -> None:
    data = json.dumps([element(number) for number in range(1500)], indent=indent, separators=(comma, ":")).encode()
    pieces = list(jsonlists.in_pieces(Source("x", b""), Raw(data), Named, "/x"))
    assert [item.name for _, items in pieces for item in items or ()] == [f"{number}" for number in range(1500)]
    assert [json.loads(bytes(raw))["name"] for piece, _ in pieces for raw in piece.raws()] == [f"{number}" for number in range(1500)]
    assert 5 < len(pieces) < 100


def test_a_piece_with_an_element_of_another_type_comes_as_its_text() -> None:
    items: list[Any] = [element(number) for number in range(1500)]
    items[700] = {"name": 7}
    pieces = list(jsonlists.in_pieces(Source("x", b""), Raw(json.dumps(items).encode()), Named, "/x"))
    odd = [[json.loads(bytes(raw)) for raw in piece.raws()] for piece, found in pieces if found is None]
    assert [item for found in odd for item in found if item["name"] == 7] == [{"name": 7}]
    assert sum(map(len, odd)) + sum(len(found) for _, found in pieces if found is not None) == 1500


def test_what_is_no_list_is_refused_however_long() -> None:
    for data in (b'{"name":"%b"}' % (b"x" * 100_000), b"7", b"null"):
        with pytest.raises(DocumentError, match="wrong type"):
            list(jsonlists.in_pieces(Source("x", b""), Raw(data), Named, "/x"))


# ---- documents that are mostly one list

LONG = "-" * 300  # so that the strict pass of shorter texts does not come first
COMPONENTS: list[dict[str, Any]] = [
    {
        "type": "library", "name": f"part-{number}", "bom-ref": f"{number}", "description": LONG,
        "components": [{"type": "library", "name": f"in-{number}"}] * (number % 3),
    }
    for number in range(3000)
]  # fmt: skip
CYCLONEDX: dict[str, Any] = {
    "bomFormat": "CycloneDX", "specVersion": "1.6",
    "metadata": {
        "tools": {"components": [{"type": "application", "name": "tool"}]},
        "component": {"type": "firmware", "name": "p", "bom-ref": "p"},
    },
    "components": COMPONENTS,
    "services": [{"name": "s", "bom-ref": "s"}],
    "dependencies": [{"ref": "p", "dependsOn": [f"{number}" for number in range(3000)]}],
}  # fmt: skip
PACKAGES: list[dict[str, Any]] = [
    {"name": f"part-{number}", "SPDXID": f"SPDXRef-{number}", "downloadLocation": "NONE", "comment": '},{"name"' + LONG}
    for number in range(3000)
]
SPDX: dict[str, Any] = {
    "spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "x", "documentNamespace": "https://x.test/x", "creationInfo": {},
    "packages": PACKAGES,
    "relationships": [relationship("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-1")],
}  # fmt: skip


def written(tree: dict[str, Any], last: tuple[str, ...] = (), first: tuple[str, ...] = (), **options: Any) -> bytes:
    """The text of a tree with some members at its beginning or end."""
    middle = [name for name in tree if name not in (*first, *last)]
    return json.dumps({name: tree[name] for name in (*first, *middle, *last)}, **options).encode()


def told(data: bytes) -> tuple[object, ...]:
    document = read(Source("x", data))
    parts = [(item.name, item.pointer, item.counted, [signal.value for signal in item.signals]) for item in document.components]
    return parts, document.root, document.described, document.generator, document.problems, document.gaps, sorted(document.edges, key=repr)


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize(
    ("tree", "listed", "early"), [(CYCLONEDX, "components", "metadata"), (SPDX, "packages", "creationInfo")], ids=["CycloneDX", "SPDX"]
)
def test_where_a_long_list_stands_changes_nothing(tree: dict[str, Any], listed: str, early: str, indent: int | None) -> None:
    expected = told(written(tree))
    for last, first in (((listed,), ()), ((), (listed,)), ((early,), ()), ((), (next(iter(tree)), listed))):
        assert told(written(tree, last, first, indent=indent)) == expected
    assert told(written(tree, separators=(" , ", " : "))) == expected


def test_many_lists_of_the_same_name_before_it_change_nothing() -> None:
    tools = {"components": [{"type": "application", "name": "tool", "components": []}] * 1000}
    tree = {**CYCLONEDX, "metadata": {**CYCLONEDX["metadata"], "tools": tools}}
    parts, plain = (read(Source("x", written(each))).components for each in (tree, CYCLONEDX))
    assert [part.name for part in parts if part.counted] == [part.name for part in plain if part.counted]


@pytest.mark.parametrize("tree", [CYCLONEDX, SPDX], ids=["CycloneDX", "SPDX"])
def test_a_text_that_ends_anywhere_is_refused(tree: dict[str, Any]) -> None:
    data = written(tree)
    for end in (140_000, len(data) // 2, len(data) - 200, len(data) - 2, len(data) - 1):
        with pytest.raises(DocumentError, match="is not (JSON|whole)"):
            read(Source("x", data[:end]))


@pytest.mark.parametrize(("old", "new"), [
    (b'{"type": "library", "name": "part-2999"', b'; {"type": "library", "name": "part-2999"'),
    (b', {"type": "library", "name": "part-1500"', b' {"type": "library", "name": "part-1500"'),
    (b'], "services"', b',], "services"'),
    (b'], "services"', b'}, "services"'),
    (b'], "services"', b'] "services"'),
    (b'"services": [', b'"services" ['),
    (b'"dependencies": [{', b'"dependencies": [{]'),
    (b'"dependencies": ', b'dependencies: '),
    (b'], "dependencies"', b'],, "dependencies"'),
])  # fmt: skip
def test_what_is_no_json_in_or_behind_a_long_list_is_refused(old: bytes, new: bytes) -> None:
    data = written(CYCLONEDX)
    assert data.count(old) == 1
    with pytest.raises(DocumentError, match="is not JSON"):
        read(Source("x", data.replace(old, new)))


@pytest.mark.parametrize("behind", [b",", b"}", b"]", b"0", b" x"])
def test_what_stands_behind_a_long_document_is_refused(behind: bytes) -> None:
    with pytest.raises(DocumentError, match="is not JSON"):
        read(Source("x", written(CYCLONEDX) + behind))


@pytest.mark.parametrize("twice", ["bomFormat", "components", "services", "dependencies"])
def test_a_member_on_both_sides_of_a_long_list_is_refused(twice: str) -> None:
    data = written(CYCLONEDX)[:-1] + b", " + json.dumps({twice: CYCLONEDX[twice] if twice == "bomFormat" else []}).encode()[1:]
    with pytest.raises(DocumentError, match=f"has the key '{twice}' twice"):
        read(Source("x", data))


@pytest.mark.parametrize(
    ("tree", "other"),
    [
        (CYCLONEDX, {"spdxVersion": "SPDX-2.3"}),
        (CYCLONEDX, {"@context": "x"}),
        (SPDX, {"bomFormat": "CycloneDX", "specVersion": "1.6"}),
        (SPDX, {"@context": "x"}),
    ],
)
def test_another_format_behind_a_long_list_is_refused(tree: dict[str, Any], other: dict[str, str]) -> None:
    with pytest.raises(DocumentError, match="in one object"):
        read(Source("x", written({**tree, **other})))


def test_a_package_of_another_type_is_told_with_its_number() -> None:
    packages = [*PACKAGES]
    packages[2000] = {**packages[2000], "name": ["part-2000"]}
    document = read(Source("x", written({**SPDX, "packages": packages})))
    assert [item.pointer for item in document.components if item.malformed] == ["/packages/2000"]
    assert [item.name for item in document.components] == [item["name"] for item in PACKAGES]
