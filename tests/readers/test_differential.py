"""Real SBOMs read twice: by our readers and by the official libraries, which are the oracle.

What is compared, as multisets for each document: components (name, version, package URL), parties and addresses by role, and what holds
what. cyclonedx-python-lib reads CycloneDX JSON and XML, spdx-tools all forms of SPDX 2, spdx-python-model SPDX 3, where it is installed.
Both sides are brought to one picture (`Picture`); what the libraries mean differently is evened out where that is said. A library that
aborts on a document is no oracle for it: the test is skipped with the library's words, when names agree with a plain walk of the text.
"""

import contextlib
import io
import json
import logging
import re
import tarfile
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pytest
from packageurl import PackageURL

from sbomguard import party, readers
from sbomguard.errors import SbomguardError
from sbomguard.model import Component, Document
from sbomguard.readers import signals
from sbomguard.source import Source
from tests.readers.test_corpus import CORPUS, manifest, read, refuse_ambiguous, source_of, walked

in_the_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the repository")

CAP = 1_000_000
"""Bytes. The libraries need a second and more for larger documents; those of one generator differ in nothing but length."""


class Picture(NamedTuple):
    """What two readings of a document must agree on."""

    components: Counter[tuple[str, str, str]]
    parties: Counter[tuple[str, str, str]]
    edges: frozenset[tuple[str, str]]


def rows(form: str, *serialisations: str) -> list[Any]:
    """The documents of a format as test parameters."""
    wanted = (row for row in manifest() if row["format"] == form and row["serialisation"] in serialisations and int(row["bytes"]) <= CAP)
    return [pytest.param(row, id=row["path"]) for row in wanted]


def parties_of(text: str, role: str) -> list[tuple[str, str, str]]:
    """Role, kind and value of a party text. Both sides are taken apart by one function, which has its own tests: the libraries leave
    an address in the name, or drop it."""
    return [(item.role, item.kind, item.value) for item in signals.of_party(text, role, "", "")]


PARTY_FIELDS = (
    "supplier manufacturer provider publisher author authors originator fileContributors suppliedBy originatedBy hardware_productAgent"
).split()


def parties_in(components: Iterable[Component]) -> Counter[tuple[str, str, str]]:
    """Role, kind and value of the parties and addresses that stand in fields for parties, not in properties, annotations or ancestors."""
    found = (signal for component in components for signal in component.signals if signal.kind in ("party", "email"))
    return Counter((item.role, item.kind, item.value) for item in found if item.field.partition(".")[0] in PARTY_FIELDS)


def normal(purl: str) -> str:
    """A package URL as its reference implementation writes it; what is none as it stands."""
    try:
        return PackageURL.from_string(purl).to_string() if purl else ""
    except ValueError:
        return purl


def edges_of(document: Document) -> frozenset[tuple[str, str]]:
    return frozenset((edge.parent, child) for edge in document.edges for child in edge.children)


def refused_or(row: dict[str, str], faulty: bool) -> Document:
    """Our reading. What we refuse although the library reads it must be ambiguous as JSON, or wrong by the official validator."""
    answer = read(row)
    if isinstance(answer, Document):
        return answer
    if not faulty and row["serialisation"] == "json":
        try:
            refuse_ambiguous((CORPUS / row["path"]).read_text(encoding="utf-8-sig"))
        except ValueError:
            faulty = True
    assert faulty, answer
    pytest.skip(f"refused, and rightly: {answer.problem}")


def skip_aborted(row: dict[str, str], error: Exception) -> None:
    """Say that the library aborts, when what we read agrees with a plain walk of the document, or is refused by us too."""
    answer = read(row)
    told = f"the library aborts on it: {type(error).__name__} {' '.join(str(error).split())[:100]}"
    if isinstance(answer, SbomguardError):
        pytest.skip(f"{told}; we refuse it too")
    if row["serialisation"] == "json" and '"@context"' not in source_of(row).data.decode():
        named = (item.get("name") or "" for item in walked(json.loads(source_of(row).data)) if isinstance(item, dict))
        ours = Counter(item.name for item in answer.components if item.counted)
        assert Counter(name for name in named if isinstance(name, str) and name) <= ours
    pytest.skip(told)


# ---- CycloneDX


@in_the_corpus
@pytest.mark.parametrize("row", rows("CycloneDX", "json", "xml"))
def test_cyclonedx_is_read_as_cyclonedx_python_lib_reads_it(row: dict[str, str]) -> None:
    model = pytest.importorskip("cyclonedx.model.bom")
    try:
        bom = official_bom(model, source_of(row).data)
    except Exception as error:  # of many kinds: it has none of its own
        skip_aborted(row, error)
    document = refused_or(row, not is_valid_cyclonedx(row))
    ours, official = our_cyclonedx(document), Picture(*official_cyclonedx(bom))
    assert ours.components == official.components
    assert ours.parties == official.parties
    assert ours.edges - provided(source_of(row).data) == official.edges


def official_bom(model: Any, raw: bytes) -> Any:
    """The document as the library reads it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if raw.lstrip()[:1] == b"<":
            return model.Bom.from_xml(filled(ElementTree.fromstring(raw)))
        return model.Bom.from_json(eased(json.loads(raw)))


def eased(tree: Any) -> Any:
    """The document without what the library aborts on though it is no part of what is compared."""
    for key in ("serialNumber", "vulnerabilities"):
        tree.pop(key, None)
    tree.get("metadata", {}).pop("timestamp", None)
    return tree


def filled(root: ElementTree.Element) -> ElementTree.Element:
    """The document with an empty text in empty elements: the library reads `<version/>` as the version 'None'."""
    for element in root.iter():
        element.text = element.text or ""
    return root


def is_valid_cyclonedx(row: dict[str, str]) -> bool:
    """Whether the official schema of its version accepts the document."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonValidator
    from cyclonedx.validation.xml import XmlValidator

    validator = JsonValidator if row["serialisation"] == "json" else XmlValidator
    try:
        return validator(SchemaVersion.from_version(row["spec_version"])).validate_str(source_of(row).data.decode()) is None
    except Exception:  # an unknown version, or a text that is no text
        return False


PARTS = re.compile(r"(?:/bom)?/(?:metadata/component|STEP)(?:/STEP)*".replace("STEP", r"(?:components|services)/(?:\w+\[)?\d+\]?"))
"""Pointers of what is a part of the product. Tools, formulas and the like may be read as components too, and are not compared."""


def our_cyclonedx(document: Document) -> Picture:
    """Our reading. The library keeps components in sets, so that two which are equal in all are one: so do we here."""
    parts = [item for item in document.components if PARTS.fullmatch(item.pointer)]
    known = {(item.ref, item.type, tuple(item.signals), item.pointer if item.ref else ""): item for item in parts}.values()
    beside = {item.ref for item in document.components} - {item.ref for item in parts}
    edges = frozenset(edge for edge in edges_of(document) if beside.isdisjoint(edge))
    return Picture(Counter((item.name, item.version, normal(item.purl)) for item in known), parties_in(known), edges)


def official_cyclonedx(bom: Any) -> Iterator[Any]:
    """The library's reading: components, parties and edges."""
    found: list[Any] = []
    edges = {(of(item.ref), of(child.ref)) for item in bom.dependencies for child in item.dependencies}
    queue = [*([bom.metadata.component] if bom.metadata.component else []), *bom.components, *bom.services]
    while queue:
        item = queue.pop()
        found.append(item)
        inner = [*getattr(item, "components", ()), *getattr(item, "services", ())]
        edges |= {(of(item.bom_ref), of(child.bom_ref)) for child in inner if of(child.bom_ref)}
        queue += inner
    yield Counter((item.name, item.version or "", normal(str(getattr(item, "purl", None) or ""))) for item in found)
    yield Counter(fact for item in found for fact in official_parties(item))
    yield frozenset(edges)


def provided(raw: bytes) -> frozenset[tuple[str, str]]:
    """What a component implements (`provides`, CycloneDX 1.6), as edges: the library does not keep it, and a reader may."""
    if raw.lstrip()[:1] == b"<":
        listed = (item for item in ElementTree.fromstring(raw).iter() if item.tag.endswith("}dependency"))
        return frozenset((item.get("ref", ""), end.get("ref", "")) for item in listed for end in item.iterfind("{*}provides"))
    tree = json.loads(raw)
    return frozenset((item.get("ref", ""), end) for item in tree.get("dependencies", ()) for end in item.get("provides", ()))


def of(ref: Any) -> str:
    return ref.value or ""


def official_parties(item: Any) -> Iterator[tuple[str, str, str]]:
    for role, field in (("supplier", "supplier"), ("manufacturer", "manufacturer"), ("supplier", "provider")):
        organisation = getattr(item, field, None)
        if organisation is not None:
            yield from parties_of(organisation.name or "", role)
            for contact in organisation.contacts:
                yield from parties_of(contact.name or "", "author") if party.names_someone(organisation.name or "") else ()
                yield from [(role, "email", contact.email)] if contact.email else ()
    for role in ("publisher", "author"):
        yield from parties_of(getattr(item, role, None) or "", role)
    for author in getattr(item, "authors", ()):
        yield from parties_of(author.name or "", "author")
        yield from [("author", "email", author.email)] if author.email else ()


# ---- SPDX 2

PARSERS = {
    "json": "json.json_parser", "yaml": "yaml.yaml_parser", "xml": "xml.xml_parser", "tag-value": "tagvalue.tagvalue_parser",
    "rdf-xml": "rdf.rdf_parser",
}  # fmt: skip

HOLDS = frozenset("CONTAINS DEPENDS_ON DESCRIBES STATIC_LINK DYNAMIC_LINK HAS_PREREQUISITE contains dependsOn describes".split())
HELD = frozenset("CONTAINED_BY DEPENDENCY_OF DESCRIBED_BY RUNTIME_DEPENDENCY_OF BUILD_DEPENDENCY_OF DEV_DEPENDENCY_OF PACKAGE_OF".split())
"""Relationships of SPDX 2.3 clause 11.1 and SPDX 3.0.1 Core/RelationshipType of which it is plain which end holds or needs the other."""


@pytest.fixture(scope="module")
def known_licences() -> Iterator[None]:
    """Lets spdx-tools load the list of licences once, and not for each line of tag-value that names one: that is most of its time."""
    parser = pytest.importorskip("spdx_tools.spdx.parser.tagvalue.parser")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parser, "get_spdx_licensing", cache(parser.get_spdx_licensing))
        yield


@pytest.mark.usefixtures("known_licences")
@in_the_corpus
@pytest.mark.parametrize("row", rows("SPDX", *PARSERS))
def test_spdx_2_is_read_as_spdx_tools_reads_it(row: dict[str, str]) -> None:
    try:
        official = parsed(row)
    except (Exception, SystemExit) as error:  # of many kinds; the RDF parser leaves the process
        skip_aborted(row, error if isinstance(error, Exception) else RuntimeError("it leaves the process"))
    document = refused_or(row, is_faulty_spdx(official) if isinstance(read(row), SbomguardError) else False)
    counted = [item for item in document.components if item.counted]
    # Files are components only where their names or contributors tell something: of the others nothing is kept.
    ours = Counter((item.name, item.version, item.purl) for item in counted)
    assert ours == Counter((item.name, item.version or "", purl_of(item)) for item in official.packages)
    assert parties_in(document.components) == Counter(spdx_parties(official))
    assert_same_relations(document, official)


def parsed(row: dict[str, str]) -> Any:
    """The document as spdx-tools reads it. Its parsers want file names; what is JSON goes in without fractions of seconds, which it
    aborts on."""
    parser = pytest.importorskip(f"spdx_tools.spdx.parser.{PARSERS[row['serialisation']]}")
    logging.getLogger().setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if row["serialisation"] != "json":
            return parser.parse_from_file(str(CORPUS / row["path"]))
        tree = json.loads(source_of(row).data)
        tree["creationInfo"]["created"] = "2026-01-01T00:00:00Z"
        return parser.JsonLikeDictParser().parse(tree)


def is_faulty_spdx(official: Any) -> bool:
    from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

    return bool(validate_full_spdx_document(official))


def purl_of(package: Any) -> str:
    """The first package URL among the external references, whatever their category says."""
    locators = (item.locator for item in package.external_references if item.reference_type == "purl" or item.locator.startswith("pkg:"))
    return next(locators, "")


def spdx_parties(official: Any) -> Iterator[tuple[str, str, str]]:
    for package in official.packages:
        for role, actor in (("supplier", package.supplier), ("originator", package.originator)):
            if hasattr(actor, "actor_type"):
                yield from parties_of(actor.to_serialized_string(), role)
    for file in official.files:
        for contributor in file.contributors:
            yield from parties_of(contributor, "author")


def assert_same_relations(document: Document, official: Any) -> None:
    kinds = [(item.relationship_type.name, item.spdx_element_id, str(item.related_spdx_element_id)) for item in official.relationships]
    assert_edges(document, kinds)


def assert_edges(document: Document, kinds: list[tuple[str, str, str]]) -> None:
    """Each of our edges is a relationship, whichever its end; and each relationship that plainly holds is an edge, in its direction."""
    ours = edges_of(document)
    assert ours <= {(one, other) for _, one, other in kinds} | {(other, one) for _, one, other in kinds}
    plain = {(one, other) for kind, one, other in kinds if kind in HOLDS} | {(other, one) for kind, one, other in kinds if kind in HELD}
    # Most files are no components here, as nothing could be found in them.
    known = {item.ref for item in document.components}
    assert {edge for edge in plain if edge[1] in known} <= ours


HEAD = (
    "SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: made\nDocumentNamespace: urn:x:made\n"
    "Creator: Tool: by-hand\nCreated: 2026-01-01T00:00:00Z\n"
)
HELD_FILES = {
    "json": json.dumps({
        "spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT",
        "packages": [{"SPDXID": "SPDXRef-p", "name": "kernel", "downloadLocation": "NONE", "hasFiles": ["SPDXRef-f"]}],
        "files": [{"SPDXID": "SPDXRef-f", "fileName": "./libkernel.a"}],
    }),
    "tag-value": f"{HEAD}\nPackageName: kernel\nSPDXID: SPDXRef-p\nPackageDownloadLocation: NONE\n\n"
                 "FileName: ./libkernel.a\nSPDXID: SPDXRef-f\nFileChecksum: SHA1: 0\n",
    "rdf-xml": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://spdx.org/rdf/terms#">'
               '<SpdxDocument rdf:about="urn:x#SPDXRef-DOCUMENT"><specVersion>SPDX-2.3</specVersion></SpdxDocument>'
               '<Package rdf:about="urn:x#SPDXRef-p"><name>kernel</name><hasFile rdf:resource="urn:x#SPDXRef-f"/></Package>'
               '<File rdf:about="urn:x#SPDXRef-f"><fileName>./libkernel.a</fileName></File></rdf:RDF>',
    "xml": "<Document><spdxVersion>SPDX-2.3</spdxVersion><SPDXID>SPDXRef-DOCUMENT</SPDXID>"
           "<packages><SPDXID>SPDXRef-p</SPDXID><name>kernel</name><hasFiles>SPDXRef-f</hasFiles><hasFiles>SPDXRef-g</hasFiles></packages>"
           "<files><SPDXID>SPDXRef-f</SPDXID><fileName>./libkernel.a</fileName></files>"
           "<files><SPDXID>SPDXRef-g</SPDXID><fileName>./README</fileName></files></Document>",
    "yaml": "spdxVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\npackages:\n- SPDXID: SPDXRef-p\n  name: kernel\n  hasFiles: [SPDXRef-f]\n"
            "files:\n- SPDXID: SPDXRef-f\n  fileName: ./libkernel.a\n",
}  # fmt: skip


@pytest.mark.parametrize("text", HELD_FILES.values(), ids=HELD_FILES)
def test_a_file_is_held_by_its_package(text: str) -> None:
    """SPDX 2.3 clause 8: a file belongs to the package that it follows, or that names it. spdx-tools reads it so."""
    document = readers.read(Source("made", text.encode()))
    assert "SPDXRef-f" in {item.ref for item in document.components}
    assert edges_of(document) == {("SPDXRef-p", "SPDXRef-f")}


def test_a_file_belongs_to_the_last_package_before_it() -> None:
    """SPDX 2.3 clause 8, in tag-value: one before all packages belongs to none, and a snippet between does not change the package."""
    package = "PackageName: {0}\nSPDXID: SPDXRef-{0}\nPackageDownloadLocation: NONE\n"
    file = "FileName: ./{0}.so\nSPDXID: SPDXRef-{0}\nFileChecksum: SHA1: 0\n"
    snippet = "SnippetSPDXID: SPDXRef-s\nSnippetFromFileSPDXID: SPDXRef-f1\nSnippetByteRange: 1:2\n"
    parts = (
        file.format("f0"),
        package.format("p1"),
        file.format("f1"),
        snippet,
        file.format("f2"),
        package.format("p2"),
        file.format("f3"),
    )
    document = readers.read(Source("made", "\n".join((HEAD, *parts)).encode()))
    assert edges_of(document) == {("SPDXRef-p1", "SPDXRef-f1"), ("SPDXRef-p1", "SPDXRef-f2"), ("SPDXRef-p2", "SPDXRef-f3")}


def test_odd_lists_of_files_spoil_nothing() -> None:
    packages = [{"SPDXID": "SPDXRef-o", "name": "o", "hasFiles": 5}, {"SPDXID": "SPDXRef-p", "name": "p", "hasFiles": ["SPDXRef-f"]}]
    tree = {**json.loads(HELD_FILES["json"]), "packages": packages}
    assert edges_of(readers.read(Source("made", json.dumps(tree).encode()))) == {("SPDXRef-p", "SPDXRef-f")}


# ---- SPDX 3


@in_the_corpus
@pytest.mark.parametrize("row", rows("SPDX", "jsonld"))
def test_spdx_3_is_read_as_spdx_python_model_reads_it(row: dict[str, str]) -> None:
    model = pytest.importorskip("spdx_python_model").v3_0_1
    graph = model.SHACLObjectSet()
    try:
        model.JSONLDDeserializer().read(io.BytesIO(source_of(row).data), graph)
    except Exception as error:  # of many kinds: it has none of its own
        skip_aborted(row, error)
    packages = list(graph.foreach_type(model.software_Package))
    if not packages:
        pytest.skip("the library reads no package in it")
    document = refused_or(row, False)
    counted = [item for item in document.components if item.counted]
    names = Counter((item.name or "", item.software_packageVersion or "", purl_of_spdx3(item)) for item in packages)
    assert Counter((item.name, item.version, item.purl) for item in counted) == names
    assert parties_in(counted) == Counter(fact for item in packages for fact in spdx3_parties(model, item))
    related = [(item, end) for item in graph.foreach_type(model.Relationship) for end in item.to]
    kinds = [(item.relationshipType.rpartition("/")[2], ident(item.from_), ident(end)) for item, end in related]
    roots = [("describes", ident(item), ident(end)) for item in graph.foreach_type(model.ElementCollection) for end in item.rootElement]
    assert_edges(document, kinds + roots)


def ident(end: Any) -> str:
    """The id of an element, which the library gives as a text where it does not have the element."""
    return end if isinstance(end, str) else str(end._id)


def purl_of_spdx3(package: Any) -> str:
    """Its package URL, or the first that stands among its identifiers."""
    listed = [item.identifier for item in package.externalIdentifier if item.externalIdentifierType.endswith("/packageUrl")]
    return next(iter([*filter(None, [package.software_packageUrl]), *listed]), "")


def spdx3_parties(model: Any, item: Any) -> Iterator[tuple[str, str, str]]:
    for role, agents in (("supplier", [item.suppliedBy] if item.suppliedBy else []), ("originator", item.originatedBy)):
        for agent in agents:
            if not isinstance(agent, str):
                role_here = "author" if isinstance(agent, model.Person) else role
                yield from parties_of(agent.name or "", role_here)
                mails = (known.identifier for known in agent.externalIdentifier if known.externalIdentifierType.endswith("/email"))
                yield from ((role_here, "email", mail) for mail in mails)


# ---- the examples of the CycloneDX specification


@in_the_corpus
def test_every_valid_example_of_the_cyclonedx_specification_is_read_as_the_library_reads_it() -> None:
    """Some 460 small documents, of all versions, in both forms; none is refused or found odd."""
    zstd = pytest.importorskip("backports.zstd")
    model = pytest.importorskip("cyclonedx.model.bom")
    packed = (CORPUS / "cyclonedx-specification-test-resources.tar.zst").read_bytes()
    compared = 0
    with tarfile.open(fileobj=io.BytesIO(zstd.decompress(packed))) as archive:
        for member in archive:
            name = member.name.rpartition("/")[2]
            stream = archive.extractfile(member)
            if stream is None or not name.startswith("valid") or not name.endswith((".json", ".xml")):
                continue
            raw = stream.read()
            document = readers.read(Source(name, raw))
            assert not [item.malformed for item in document.components if item.malformed], name
            try:
                bom = official_bom(model, raw)
            except Exception:  # the library aborts on 16 of them
                continue
            compared += 1
            ours = our_cyclonedx(document)
            assert ours._replace(edges=ours.edges - provided(raw)) == Picture(*official_cyclonedx(bom)), name
    assert compared > 400


# ---- the comparison itself


@in_the_corpus
def test_most_documents_are_compared() -> None:
    """A library that aborts on everything would be no oracle, and nobody would see it."""
    compared = Counter[str]()
    for param in rows("SPDX", *PARSERS):
        row = param.values[0]
        with contextlib.suppress(Exception, SystemExit):
            if int(row["bytes"]) < 400_000:
                parsed(row)
                compared[row["serialisation"]] += 1
    assert compared.keys() == PARSERS.keys()
    assert compared["json"] >= 15
