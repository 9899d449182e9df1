"""Long lists, which are decoded in pieces: nothing of them is lost, and faults have their right numbers."""

import json
from typing import Any

import pytest
from msgspec import Raw, Struct

from sbomguard.errors import DocumentError
from sbomguard.readers import jsontext, read
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
    ("indent", "comma", "cut"),
    [(None, ",", True), (None, ", ", True), (0, ",", True), (2, ",", True), (2, " ,", False), (None, " ,  ", False)],  # as nobody writes
)
def test_pieces_of_a_list_hold_what_the_list_holds(indent: int | None, comma: str, cut: bool) -> None:
    data = json.dumps([element(number) for number in range(1500)], indent=indent, separators=(comma, ":")).encode()
    pieces = list(jsontext.in_pieces(Source("x", b""), Raw(data), Named, "/x"))
    assert [item.name for _, piece in pieces for item in piece or ()] == [f"{number}" for number in range(1500)]
    assert [item["name"] for text, _ in pieces for item in json.loads(bytes(text))] == [f"{number}" for number in range(1500)]
    assert (len(pieces) > 1) == cut


def test_a_piece_with_an_element_of_another_type_comes_as_its_text() -> None:
    items: list[Any] = [element(number) for number in range(1500)]
    items[700] = {"name": 7}
    pieces = list(jsontext.in_pieces(Source("x", b""), Raw(json.dumps(items).encode()), Named, "/x"))
    odd = [json.loads(bytes(text)) for text, piece in pieces if piece is None]
    assert [item for piece in odd for item in piece if item["name"] == 7] == [{"name": 7}]
    assert sum(len(piece) for piece in odd) + sum(len(piece) for _, piece in pieces if piece is not None) == 1500


def test_what_is_no_list_is_refused_however_long() -> None:
    for data in (b'{"name":"%b"}' % (b"x" * 100_000), b"7", b"null"):
        with pytest.raises(DocumentError, match="wrong type"):
            list(jsontext.in_pieces(Source("x", b""), Raw(data), Named, "/x"))
