"""Documents that refer to each other: what is met, what is missing, what is ambiguous, and ways that lead across documents."""

import hashlib
import json
from typing import Any

import pytest

from sbomguard import links
from sbomguard.check import check
from sbomguard.errors import DocumentError
from sbomguard.finding import Finding
from sbomguard.model import Component, Document, Edge, Link, Problem
from sbomguard.pack import Pack
from sbomguard.reports import Style, block
from sbomguard.source import Source
from sbomguard.verdict import Verdict

ONE, TWO = "3e671687-395b-41f5-a30f-a58921a69b79", "f08a6ccd-4dce-4759-bd84-c626675d60a7"
RADIO = {"type": "library", "bom-ref": "r/1", "name": "radio-sdk", "supplier": {"name": "Huawei Technologies Co., Ltd."}}
CLEAN = {"type": "library", "bom-ref": "z", "name": "zlib", "supplier": {"name": "Zlib Works GmbH"}}


def bom(serial: str = ONE, root: str = "", **top: Any) -> bytes:
    """A CycloneDX document of that serial number, its product of that ref."""
    metadata = {"component": {"type": "firmware", "bom-ref": root, "name": f"product-{root}"}} if root else {}
    head = {"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": f"urn:uuid:{serial}", "version": 1, "metadata": metadata}
    return json.dumps({**head, **top}).encode()


def referring(url: str, holder: dict[str, Any] = CLEAN, **reference: Any) -> dict[str, Any]:
    """The component with a reference of type bom to that URL."""
    return {**holder, "externalReferences": [{"type": "bom", "url": url, **reference}]}


def judged(pack: Pack, **documents: bytes) -> Verdict:
    """The verdict on those documents; `__` in a name stands for a slash."""
    sources = [Source(f"{name.replace('__', '/')}.cdx.json", raw) for name, raw in documents.items()]
    return check(sources, pack, today="2026-11-21")


def gaps(verdict: Verdict) -> list[str]:
    return [gap.message for document in verdict.documents for gap in document.gaps]


PART = bom(TWO, "board", components=[RADIO], dependencies=[{"ref": "board", "dependsOn": ["r/1"]}])


# ---- met and missing


@pytest.mark.parametrize(
    "url", [f"urn:cdx:{TWO}/1", f"urn:cdx:{TWO.upper()}/1", f"urn:cdx:{TWO}/1#r%2F1", f"urn:uuid:{TWO}", "part.cdx.json", "./part.cdx.json"]
)
def test_a_reference_is_met_by_the_document_that_it_names(pack: Pack, url: str) -> None:
    whole = bom(ONE, "box", components=[referring(url)], dependencies=[{"ref": "box", "dependsOn": ["z"]}])
    verdict = judged(pack, whole=whole, part=PART)
    assert gaps(verdict) == []
    (only,) = verdict.findings
    assert only.dependency_path[:2] == ("box", "z")
    assert only.dependency_path[-1] == "r/1"
    assert only.location.path == "part.cdx.json"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (f"urn:cdx:{TWO}/1", f"'zlib' refers to 'urn:cdx:{TWO}/1', which is not among the inputs: give that document too"),
        (f"urn:cdx:{TWO}/1#x%2Fy", f"'zlib' refers to 'x/y' of 'urn:cdx:{TWO}/1', which is not among the inputs: give that document too"),
        (f"urn:cdx:{ONE}/2", f"'zlib' refers to 'urn:cdx:{ONE}/2', which is not among the inputs: give that document too"),
        ("../parts/radio.json", "'zlib' refers to '../parts/radio.json', which is not among the inputs: give that document too"),
        ("file:///tmp/radio.json", "'zlib' refers to 'file:///tmp/radio.json', which is not among the inputs: give that document too"),
    ],
)
def test_a_reference_to_a_document_that_was_not_given_leaves_the_answer_open(pack: Pack, url: str, told: str) -> None:
    verdict = judged(pack, whole=bom(components=[referring(url)]))
    assert gaps(verdict) == [told]
    assert (verdict.outcome, verdict.exit_code) == ("incomplete", 3)


def test_an_address_on_the_web_is_a_note_and_no_gap(pack: Pack) -> None:
    parts = [referring("https://b.cd/b.json"), referring("https://b.cd/a.json", {**CLEAN, "bom-ref": "y"})]
    verdict = judged(pack, whole=bom(components=parts))
    assert (gaps(verdict), verdict.exit_code) == ([], 0)
    (note,) = verdict.documents[0].problems
    assert note.message == "it refers to SBOMs that are not among the inputs: 'https://b.cd/a.json' and 1 more"


def test_gaps_are_one_for_each_document_that_is_missing_in_order(pack: Pack) -> None:
    refs = [f"urn:cdx:{TWO}/{version}#{ref}" for version, ref in ((2, "b"), (1, "a"), (2, "a"))]
    verdict = judged(pack, whole=bom(components=[CLEAN], dependencies=[{"ref": "z", "dependsOn": refs}]))
    assert gaps(verdict) == [
        f"it refers to 'a' of 'urn:cdx:{TWO}/1', which is not among the inputs: give that document too",
        f"it refers to 'a' of 'urn:cdx:{TWO}/2' (and 1 more of it), which is not among the inputs: give that document too",
    ]


def test_a_reference_of_a_document_to_itself_is_met(pack: Pack) -> None:
    verdict = judged(pack, whole=bom(components=[CLEAN], dependencies=[{"ref": "z", "dependsOn": [f"urn:cdx:{ONE}/1#z"]}]))
    assert (gaps(verdict), verdict.exit_code) == ([], 0)


def test_a_component_that_the_other_document_does_not_have_is_a_gap(pack: Pack) -> None:
    whole = bom(components=[CLEAN], dependencies=[{"ref": "z", "dependsOn": [f"urn:cdx:{TWO}/1#gone"]}])
    assert gaps(judged(pack, whole=whole, part=PART)) == ["it refers to components that part.cdx.json does not have: 'gone'"]


@pytest.mark.parametrize(
    ("digest", "changed"),
    [({"alg": "SHA-256", "content": hashlib.sha256(PART).hexdigest().upper()}, False), ({"alg": "SHA-256", "content": "0" * 64}, True),
     ({"alg": "MD5", "content": hashlib.md5(PART).hexdigest()}, False), ({"alg": "SHA3-256", "content": "0" * 64}, True)],
)  # fmt: skip
def test_a_document_with_another_digest_than_was_meant_is_a_gap(pack: Pack, digest: dict[str, str], changed: bool) -> None:
    whole = bom(components=[referring(f"urn:cdx:{TWO}/1", hashes=[digest])])
    told = f"part.cdx.json is not the document that 'urn:cdx:{TWO}/1' means: its {digest['alg']} is another"
    assert gaps(judged(pack, whole=whole, part=PART)) == [told] * changed


def test_paths_are_relative_to_the_document_that_refers_and_nothing_is_opened(pack: Pack) -> None:
    whole = bom(components=[referring("../parts/board.cdx.json")])
    assert gaps(judged(pack, a__whole=whole, parts__board=PART)) == []
    assert gaps(judged(pack, whole=whole, parts__board=PART)) != []
    assert gaps(judged(pack, whole=bom(components=[referring("/etc/passwd")]))) != []


# ---- ambiguity


def test_two_different_documents_of_one_name_are_noted(pack: Pack) -> None:
    verdict = judged(pack, one=bom(components=[CLEAN]), two=bom(components=[RADIO]))
    (problem,) = verdict.documents[1].problems
    assert problem.message.startswith(f"it has the name of one.cdx.json, 'urn:cdx:{ONE}/1'")
    assert [finding.component.name for finding in verdict.findings] == ["radio-sdk"]


def test_a_reference_that_means_either_of_two_documents_is_an_error(pack: Pack) -> None:
    whole = bom(TWO, components=[referring(f"urn:cdx:{ONE}/1")])
    verdict = judged(pack, one=bom(components=[CLEAN]), two=bom(components=[RADIO]), whole=whole)
    assert verdict.exit_code == 2
    (failure,) = verdict.failures
    assert (failure.path, failure.problem) == ("whole.cdx.json", f"refers to 'urn:cdx:{ONE}/1', which is one.cdx.json and two.cdx.json")
    assert [finding.component.name for finding in verdict.findings] == ["radio-sdk"]


def test_the_same_document_twice_or_in_two_forms_is_no_ambiguity(pack: Pack) -> None:
    xml = f"""<bom xmlns="http://cyclonedx.org/schema/bom/1.6" serialNumber="urn:uuid:{ONE}" version="1"><components>
      <component type="library" bom-ref="z"><supplier><name>Zlib Works GmbH</name></supplier><name>zlib</name></component>
      </components></bom>"""
    plain = bom(components=[CLEAN])
    assert judged(pack, one=plain, two=plain, three=xml.encode()).exit_code == 0


def test_a_serial_number_without_version_that_two_documents_have_is_ambiguous_where_it_is_used(pack: Pack) -> None:
    older, newer = bom(TWO, components=[CLEAN]), bom(TWO, components=[CLEAN], version=2)
    assert judged(pack, older=older, newer=newer).exit_code == 0
    verdict = judged(pack, older=older, newer=newer, whole=bom(components=[referring(f"urn:uuid:{TWO}")]))
    assert [failure.problem for failure in verdict.failures] == [f"refers to 'urn:uuid:{TWO}', which is older.cdx.json and newer.cdx.json"]


# ---- ways


def test_a_way_leads_through_documents_from_the_one_that_no_other_refers_to(pack: Pack) -> None:
    whole = bom(ONE, "box", components=[CLEAN], dependencies=[{"ref": "box", "dependsOn": ["z"]},
                                                              {"ref": "z", "dependsOn": [f"urn:cdx:{TWO}/1#board"]}])  # fmt: skip
    (only,) = judged(pack, part=PART, whole=whole).findings
    assert only.dependency_path == ("box", "z", "board", "r/1")


def test_a_way_goes_on_with_the_parts_of_a_document_that_says_no_product(pack: Pack) -> None:
    part = bom(TWO, components=[RADIO])
    (only,) = judged(pack, whole=bom(ONE, "box", externalReferences=[{"type": "bom", "url": f"urn:cdx:{TWO}/1"}]), part=part).findings
    assert only.dependency_path == ("box", "r/1")


def test_documents_that_refer_to_each_other_end_no_walk(pack: Pack) -> None:
    one = bom(ONE, "box", components=[referring(f"urn:cdx:{TWO}/1")], dependencies=[{"ref": "box", "dependsOn": ["z"]}])
    two = bom(TWO, "board", components=[RADIO], dependencies=[{"ref": "board", "dependsOn": ["r/1", f"urn:cdx:{ONE}/1#box"]}])
    (only,) = judged(pack, one=one, two=two).findings
    assert only.dependency_path == ("box", "z", "board", "r/1")


@pytest.mark.parametrize(("ref", "shown"), [("pkg:npm/radio-sdk@2", "pkg:npm/radio-sdk@2"), (TWO, "radio-sdk 2"), ("17", "radio-sdk 2")])
def test_reports_for_people_show_names_where_refs_say_nothing(pack: Pack, ref: str, shown: str) -> None:
    radio = {**RADIO, "bom-ref": ref, "version": "2"}
    (only,) = judged(
        pack, whole=bom(ONE, "product-x", components=[radio], dependencies=[{"ref": "product-x", "dependsOn": [ref]}])
    ).findings
    assert only.dependency_path == ("product-x", ref)
    assert f"product-x > {shown}" in shown_block(only)


def shown_block(finding: Finding) -> str:
    return " ".join(" ".join(block.render([finding], Style(version="1"))).split())


# ---- any format: from names and links alone


def part(ref: str, name: str = "") -> Component:
    return Component(
        ref=ref, name=name or ref, version="", type="", component_class="software", purl="", pointer=f"/packages/{ref}", signals=()
    )


def document(name: str, *refs: str, edges: tuple[Edge, ...] = (), **more: Any) -> tuple[Source, Document]:
    """A document of that namespace, as an SPDX reader gives it."""
    read = Document(
        source=f"{name}.spdx", format="SPDX", version="2.3", serialisation="tag-value", components=tuple(map(part, refs)),
        edges=(Edge("SPDXRef-DOCUMENT", refs[:1]), *edges), root="SPDXRef-DOCUMENT", names=(f"https://b.cd/{name}",), **more,
    )  # fmt: skip
    return Source(f"{name}.spdx", name.encode()), read


def external(name: str, *elements: str, **more: Any) -> tuple[Link, ...]:
    """What an SPDX 2 reader makes of an external document reference and of the elements in it that relationships name."""
    whole = Link(target=f"https://b.cd/{name}", local=f"DocumentRef-{name}", pointer="/externalDocumentRefs/0", **more)
    return whole, *(
        Link(target=f"https://b.cd/{name}", element=item, local=f"DocumentRef-{name}:{item}", pointer="/relationships/0")
        for item in elements
    )


@pytest.mark.parametrize("listed", [("SPDXRef-r",), ()], ids=["element listed", "prefix alone"])
def test_spdx_documents_are_joined_by_their_namespaces(listed: tuple[str, ...]) -> None:
    image = document(
        "image", "SPDXRef-i", edges=(Edge("SPDXRef-i", ("DocumentRef-recipe:SPDXRef-r",)),), links=external("recipe", *listed),
        gaps=(Problem(pointer="/relationships", message="not in it", ref="DocumentRef-recipe:SPDXRef-r"),) if listed else (),
    )  # fmt: skip
    recipe = document("recipe", "SPDXRef-r", "SPDXRef-s", edges=(Edge("SPDXRef-r", ("SPDXRef-s",)),))
    resolved = links.resolve([image, recipe])
    assert [item.gaps for item in resolved.documents] == [(), ()]
    way = links.Ways(resolved.documents, resolved.met).to(1, "SPDXRef-s")
    assert way.refs == ("SPDXRef-DOCUMENT", "SPDXRef-i", "SPDXRef-r", "SPDXRef-s")
    (gap,) = links.resolve([image]).documents[0].gaps
    assert "'https://b.cd/recipe'" in gap.message


def test_a_gap_that_is_no_link_stays() -> None:
    gap = Problem(pointer="/relationships", message="names an element that is not in it", ref="SPDXRef-nowhere")
    image = document("image", "SPDXRef-i", links=external("recipe"), gaps=(gap,))
    assert links.resolve([image, document("recipe", "SPDXRef-r")]).documents[0].gaps == (gap,)


@pytest.mark.parametrize(
    ("algorithm", "digest", "told"), [("SHA1", hashlib.sha1(b"recipe").hexdigest(), 0), ("SHA-1", "0" * 40, 1), ("ADLER32", "0", 1)]
)
def test_the_checksum_of_an_external_document_reference_is_held_to_the_bytes(algorithm: str, digest: str, told: int) -> None:
    image = document("image", "SPDXRef-i", links=external("recipe", algorithm=algorithm, digest=digest))
    assert len(links.resolve([image, document("recipe", "SPDXRef-r")]).documents[0].gaps) == told


@pytest.mark.parametrize("uri", ["https://b.cd/agents/acme", "https://b.cd/other#acme", "https://b.cd/other/acme"])
def test_an_element_is_met_by_its_own_uri_or_under_the_name_of_its_document(uri: str) -> None:
    image = document("image", "SPDXRef-i", links=(Link(target=uri, local=uri, pointer="/import/0"),))
    other = document("other", "https://b.cd/agents/acme")
    assert links.resolve([image, other]).met[0] == {0: (1, uri)}


def test_a_namespace_of_two_documents_is_refused_where_one_is_meant() -> None:
    twin = (Source("twin.spdx", b"changed"), document("recipe", "SPDXRef-j")[1])
    read = [document("recipe", "SPDXRef-r"), twin]
    assert [len(item.problems) for item in links.resolve(read).documents] == [0, 1]
    with pytest.raises(DocumentError, match=r"image\.spdx at .*: refers to 'https://b\.cd/recipe', which is recipe\.spdx and twin\.spdx"):
        links.resolve([*read, document("image", "SPDXRef-i", links=external("recipe"))])


def test_what_is_not_needed_is_no_gap() -> None:
    image = document("image", "SPDXRef-i", links=external("recipe", needed=False))
    assert links.resolve([image]).documents[0].gaps == ()


# ---- SPDX 2 through the whole check


def spdx(name: str, *related: str, refers: dict[str, bytes] | None = None) -> bytes:
    """An SPDX 2.3 document with one package that contains the related elements; `refers` maps names of other documents to their bytes."""
    listed = [{"spdxElementId": f"SPDXRef-{name}", "relationshipType": "CONTAINS", "relatedSpdxElement": ref} for ref in related]
    refs = [
        {"externalDocumentId": f"DocumentRef-{other}", "spdxDocument": f"https://b.cd/{other}",
         "checksum": {"algorithm": "SHA1", "checksumValue": hashlib.sha1(raw).hexdigest()}}
        for other, raw in (refers or {}).items()
    ]  # fmt: skip
    package = {"SPDXID": f"SPDXRef-{name}", "name": name, "supplier": "Organization: Good Works GmbH", "downloadLocation": "NONE"}
    return json.dumps({
        "spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": name, "documentNamespace": f"https://b.cd/{name}",
        "packages": [package], "documentDescribes": [f"SPDXRef-{name}"], "externalDocumentRefs": refs, "relationships": listed,
    }).encode()  # fmt: skip


def test_what_no_document_has_stays_a_gap_when_references_beside_it_are_met(pack: Pack) -> None:
    recipe = spdx("recipe")
    image = spdx("image", "DocumentRef-recipe:SPDXRef-recipe", refers={"recipe": recipe})
    torn = spdx("image", "DocumentRef-recipe:SPDXRef-recipe", "SPDXRef-nowhere", refers={"recipe": recipe})
    assert judged(pack, image=image, recipe=recipe).exit_code == 0
    assert judged(pack, image=image).exit_code == 3
    verdict = judged(pack, image=torn, recipe=recipe)
    assert verdict.exit_code == 3
    assert "SPDXRef-nowhere" in " ".join(gaps(verdict))
