"""Lists of many megabytes, which are decoded in pieces: nothing of them is lost, and faults have their right numbers."""

import json

import pytest

from sbomguard.errors import DocumentError
from sbomguard.readers import jsontext, read
from sbomguard.source import Source

LENGTH = 200
NUMBER = jsontext.LONG // LENGTH + 1


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
    assert len(data) > jsontext.LONG
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
