"""One SBOM in every format that is read: abstract parts written as CycloneDX JSON and XML, SPDX 2.3 in its five forms, and SPDX 3.0.1.

Each writer takes the tree that the JSON form has (`made.cyclonedx`, `made.spdx`), but for SPDX 3, and writes what all formats can say.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import yaml

from tests import made

Part = Mapping[str, Any]
"""A component as `made.Description` says it (without group and publisher, which not all formats have), and also: `website`, `vcs`;
`address`, an e-mail address of the supplier; `needs`, the numbers of the parts it depends on; `inside`, the number of the part that
holds it."""

Tree = dict[str, Any]

NAMESPACE = "https://acme.example/made"
SPDX2 = "http://spdx.org/rdf/terms#"
PRODUCT = "product"


# ---- trees


def cyclonedx_tree(parts: Sequence[Part]) -> Tree:
    """The CycloneDX document, parts nested in what holds them, and a product that needs all that nothing holds or needs."""
    tree: Tree = json.loads(made.cyclonedx(parts))
    listed = tree["components"]
    for item, part in zip(listed, parts, strict=True):
        if "address" in part:
            item["supplier"]["contact"] = [{"email": part["address"]}]
        for kind in ("website", "vcs"):
            if kind in part:
                item.setdefault("externalReferences", []).append({"type": kind, "url": part[kind]})
    for item, part in zip(listed, parts, strict=True):
        if "inside" in part:
            listed[part["inside"]].setdefault("components", []).append(item)
    tree["components"] = [item for item, part in zip(listed, parts, strict=True) if "inside" not in part]
    tree["metadata"] = {"component": {"bom-ref": PRODUCT, "type": "firmware", "name": "camera"}}
    needs = [(f"c{number}", part["needs"]) for number, part in enumerate(parts) if part.get("needs")]
    tree["dependencies"] = [
        {"ref": ref, "dependsOn": [f"c{number}" for number in numbers]} for ref, numbers in [(PRODUCT, tops(parts)), *needs] if numbers
    ]
    return tree


def spdx_tree(parts: Sequence[Part]) -> Tree:
    """The SPDX 2.3 document. It describes what nothing holds or needs."""
    tree: Tree = json.loads(made.spdx(parts, documentNamespace=NAMESPACE))
    for item, part in zip(tree["packages"], parts, strict=True):
        if "website" in part:
            item["homepage"] = part["website"]
        if "address" in part:
            item["supplier"] += f" ({part['address']})"
        if "vcs" in part:
            item["externalRefs"].append({"referenceCategory": "OTHER", "referenceType": "vcs", "referenceLocator": part["vcs"]})
    del tree["documentDescribes"]
    tree["relationships"] = [
        {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}
        for one, kind, other in relations(parts, "SPDXRef-DOCUMENT", "SPDXRef-c", ("DESCRIBES", "DEPENDS_ON", "CONTAINS"))
    ]
    return tree


def tops(parts: Sequence[Part]) -> list[int]:
    """The numbers of the parts that no other holds or needs."""
    below = {number for part in parts for number in part.get("needs", ())}
    return [number for number, part in enumerate(parts) if number not in below and "inside" not in part]


def relations(parts: Sequence[Part], root: str, prefix: str, kinds: tuple[str, str, str]) -> Iterator[tuple[str, str, str]]:
    """What the root describes, what needs what, and what holds what."""
    yield from ((root, kinds[0], f"{prefix}{number}") for number in tops(parts))
    for number, part in enumerate(parts):
        yield from ((f"{prefix}{number}", kinds[1], f"{prefix}{other}") for other in part.get("needs", ()))
        if "inside" in part:
            yield f"{prefix}{part['inside']}", kinds[2], f"{prefix}{number}"


# ---- CycloneDX


def cyclonedx_json(parts: Sequence[Part]) -> bytes:
    return json.dumps(cyclonedx_tree(parts), ensure_ascii=False, indent=2).encode()


def minified(parts: Sequence[Part]) -> bytes:
    return json.dumps(cyclonedx_tree(parts), separators=(",", ":")).encode()


def cyclonedx_xml(parts: Sequence[Part], indent: str = "") -> bytes:
    """The document with each element on a line of its own, indented, or all in one line."""
    tree = cyclonedx_tree(parts)
    needs = "".join(
        f"<dependency ref={quoteattr(item['ref'])}>{''.join(map(_needed, item['dependsOn']))}</dependency>" for item in tree["dependencies"]
    )
    text = (
        f'<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1"><metadata>{_component(tree["metadata"]["component"])}</metadata>'
        f"<components>{''.join(map(_component, tree['components']))}</components><dependencies>{needs}</dependencies></bom>"
    )
    return _indented(text, indent)


def _needed(ref: str) -> str:
    return f"<dependency ref={quoteattr(ref)}/>"


def _component(item: Tree) -> str:
    attributes = "".join(f" {name}={quoteattr(item[name])}" for name in ("type", "bom-ref") if name in item)
    inside = [_organisation(name, item[name]) for name in ("supplier", "manufacturer") if name in item]
    inside += [f"<{name}>{escape(item[name])}</{name}>" for name in ("author", "name", "version", "cpe", "purl") if name in item]
    references = item.get("externalReferences", ())
    listed = (f"<reference type={quoteattr(entry['type'])}><url>{escape(entry['url'])}</url></reference>" for entry in references)
    inside.append(_wrapped("externalReferences", listed))
    properties = (f"<property name={quoteattr(entry['name'])}>{escape(entry['value'])}</property>" for entry in item.get("properties", ()))
    inside.append(_wrapped("properties", properties))
    inside.append(_wrapped("components", map(_component, item.get("components", ()))))
    places = item.get("evidence", {}).get("occurrences", ())
    found = _wrapped("occurrences", (f"<occurrence><location>{escape(entry['location'])}</location></occurrence>" for entry in places))
    return f"<component{attributes}>{''.join(inside)}{_wrapped('evidence', [found])}</component>"


def _organisation(name: str, party: Tree) -> str:
    contacts = "".join(f"<contact><email>{escape(entry['email'])}</email></contact>" for entry in party.get("contact", ()))
    return f"<{name}><name>{escape(party['name'])}</name>{contacts}</{name}>"


def _wrapped(name: str, items: Iterable[str]) -> str:
    inside = "".join(items)
    return f"<{name}>{inside}</{name}>" if inside else ""


def _indented(text: str, indent: str) -> bytes:
    """XML with white space between elements only: none is added where there is text."""
    if not indent:
        return f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode()
    from xml.dom import minidom

    return minidom.parseString(text).toprettyxml(indent=indent, encoding="utf-8")


# ---- SPDX 2.3


def spdx_json(parts: Sequence[Part]) -> bytes:
    return json.dumps(spdx_tree(parts), ensure_ascii=False, indent=2).encode()


def spdx_yaml(parts: Sequence[Part]) -> bytes:
    return yaml.safe_dump(spdx_tree(parts), sort_keys=False, allow_unicode=True, encoding="utf-8")


def spdx_xml(parts: Sequence[Part], indent: str = "") -> bytes:
    return _indented(_element("Document", spdx_tree(parts)), indent)


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_element(name, item) for item in value)
    if isinstance(value, dict):
        return f"<{name}>{''.join(_element(key, item) for key, item in value.items())}</{name}>"
    return f"<{name}>{escape(str(value).lower() if isinstance(value, bool) else str(value))}</{name}>"


TAGS = {
    "name": "PackageName", "SPDXID": "SPDXID", "versionInfo": "PackageVersion", "packageFileName": "PackageFileName",
    "supplier": "PackageSupplier", "originator": "PackageOriginator", "downloadLocation": "PackageDownloadLocation",
    "homepage": "PackageHomePage", "primaryPackagePurpose": "PrimaryPackagePurpose",
}  # fmt: skip


def tag_value(parts: Sequence[Part]) -> bytes:
    return "".join(f"{line}\n" for line in _lines(spdx_tree(parts))).encode()


def _lines(tree: Tree) -> Iterator[str]:
    yield from (f"SPDXVersion: {tree['spdxVersion']}", "DataLicense: CC0-1.0", f"SPDXID: {tree['SPDXID']}", f"DocumentName: {tree['name']}")
    yield from (f"DocumentNamespace: {tree['documentNamespace']}", "Creator: Tool: by-hand", "Created: 2026-01-01T00:00:00Z")
    for item in tree["packages"]:
        yield from ("", *(f"{tag}: {item[name]}" for name, tag in TAGS.items() if name in item), "FilesAnalyzed: false")
        for entry in item["externalRefs"]:
            yield f"ExternalRef: {entry['referenceCategory']} {entry['referenceType']} {entry['referenceLocator']}"
        for entry in item.get("annotations", ()):
            yield from (f"Annotator: {entry['annotator']}", f"AnnotationDate: {entry['annotationDate']}", "AnnotationType: OTHER")
            yield from (f"SPDXREF: {item['SPDXID']}", f"AnnotationComment: <text>{entry['comment']}</text>")
    for item in tree["relationships"]:
        yield f"Relationship: {item['spdxElementId']} {item['relationshipType']} {item['relatedSpdxElement']}"


def rdf_xml(parts: Sequence[Part], indent: str = "") -> bytes:
    """RDF/XML as the official tools write it: values of vocabularies as resources, relationships in the element they begin at."""
    tree = spdx_tree(parts)
    info = "<spdx:creationInfo><spdx:CreationInfo><spdx:creator>Tool: by-hand</spdx:creator></spdx:CreationInfo></spdx:creationInfo>"
    inside = f"<spdx:specVersion>{tree['spdxVersion']}</spdx:specVersion>{info}{_related(tree, tree['SPDXID'])}"
    nodes = [f"<spdx:SpdxDocument rdf:about={_iri(tree['SPDXID'])}>{inside}</spdx:SpdxDocument>"]
    nodes += [_rdf_package(item, tree) for item in tree["packages"]]
    names = {"rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdfs": "http://www.w3.org/2000/01/rdf-schema#", "spdx": SPDX2,
             "doap": "http://usefulinc.com/ns/doap#"}  # fmt: skip
    spaces = "".join(f' xmlns:{prefix}="{iri}"' for prefix, iri in names.items())
    return _indented(f"<rdf:RDF{spaces}>{''.join(nodes)}</rdf:RDF>", indent)


def _rdf_package(item: Tree, tree: Tree) -> str:
    plain = ("name", "versionInfo", "packageFileName", "supplier", "originator")
    inside = [f"<spdx:{name}>{escape(item[name])}</spdx:{name}>" for name in plain if name in item]
    place = item["downloadLocation"]
    resource = f' rdf:resource="{SPDX2}noassertion"/>' if place == "NOASSERTION" else f">{escape(place)}</spdx:downloadLocation>"
    inside.append(f"<spdx:downloadLocation{resource}")
    inside += [f"<doap:homepage>{escape(item['homepage'])}</doap:homepage>"] if "homepage" in item else []
    inside.append(f'<spdx:primaryPackagePurpose rdf:resource="{SPDX2}purpose_{item["primaryPackagePurpose"].lower()}"/>')
    for entry in item["externalRefs"]:
        kind = f'<spdx:referenceType rdf:resource="http://spdx.org/rdf/references/{entry["referenceType"]}"/>'
        locator = f"<spdx:referenceLocator>{escape(entry['referenceLocator'])}</spdx:referenceLocator>"
        inside.append(f"<spdx:externalRef><spdx:ExternalRef>{kind}{locator}</spdx:ExternalRef></spdx:externalRef>")
    for entry in item.get("annotations", ()):
        comment = f"<rdfs:comment>{escape(entry['comment'])}</rdfs:comment>"
        inside.append(f"<spdx:annotation><spdx:Annotation>{comment}</spdx:Annotation></spdx:annotation>")
    return f"<spdx:Package rdf:about={_iri(item['SPDXID'])}>{''.join(inside)}{_related(tree, item['SPDXID'])}</spdx:Package>"


def _related(tree: Tree, ref: str) -> str:
    out = ""
    for item in tree["relationships"]:
        if item["spdxElementId"] == ref:
            head, *rest = item["relationshipType"].lower().split("_")
            kind = f'<spdx:relationshipType rdf:resource="{SPDX2}relationshipType_{head}{"".join(word.title() for word in rest)}"/>'
            end = f"<spdx:relatedSpdxElement rdf:resource={_iri(item['relatedSpdxElement'])}/>"
            out += f"<spdx:relationship><spdx:Relationship>{kind}{end}</spdx:Relationship></spdx:relationship>"
    return out


def _iri(ref: str) -> str:
    return quoteattr(f"{NAMESPACE}#{ref}")


# ---- SPDX 3.0.1


def spdx3(parts: Sequence[Part], indent: int | None = 2) -> bytes:
    """The graph; agents stand in it once for each time they are named, as most generators write them."""
    graph = list(_elements(parts))
    text = {"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": graph}
    return json.dumps(text, ensure_ascii=False, indent=indent, separators=None if indent else (",", ":")).encode()


def _elements(parts: Sequence[Part]) -> Iterator[Tree]:
    yield {"type": "CreationInfo", "@id": "_:made", "specVersion": "3.0.1", "created": "2026-01-01T00:00:00Z", "createdBy": [_id("maker")]}
    yield _new("Person", "maker", name="by hand")
    yield _new("SpdxDocument", "document", rootElement=[_id("sbom")], profileConformance=["core", "software"])
    yield _new("software_Sbom", "sbom", rootElement=[_id(f"c{number}") for number in tops(parts)])
    for number, part in enumerate(parts):
        yield from _package(number, part)
    kinds = ("describes", "dependsOn", "contains")
    for number, (one, kind, other) in enumerate(relations(parts, _id("sbom"), _id("c"), kinds)):
        yield _new("Relationship", f"r{number}", **{"from": one, "to": [other], "relationshipType": kind})


def _package(number: int, part: Part) -> Iterator[Tree]:
    """A package, the agents that it names, and the annotation on it."""
    kind = part.get("type", "library")
    fields: Tree = {"software_primaryPurpose": "operatingSystem" if kind == "operating-system" else kind}
    for name, field in (("name", "name"), ("version", "software_packageVersion"), ("purl", "software_packageUrl"),
                        ("url", "software_downloadLocation"), ("website", "software_homePage")):  # fmt: skip
        if name in part:
            fields[field] = part[name]
    if "cpe" in part:
        version = "cpe23" if part["cpe"].startswith("cpe:2.3:") else "cpe22"
        fields["externalIdentifier"] = [_identifier(version, part["cpe"])]
    if "vcs" in part:
        fields["externalRef"] = [{"type": "ExternalRef", "externalRefType": "vcs", "locator": [part["vcs"]]}]
    if "file" in part:
        fields["software_sourceInfo"] = f"read from /{part['file'].removeprefix('/')}"
    agents = list(_agents(number, part))
    for agent, field in agents:
        fields[field] = agent["spdxId"] if field == "suppliedBy" else [agent["spdxId"]]
    yield _new("software_Package", f"c{number}", **fields)
    yield from (agent for agent, _ in agents)
    if "fcc_id" in part:
        statement = f"FCC ID: {part['fcc_id']}"
        yield _new("Annotation", f"n{number}", annotationType="other", subject=_id(f"c{number}"), statement=statement)


def _agents(number: int, part: Part) -> Iterator[tuple[Tree, str]]:
    """As in SPDX 2: the maker before the author."""
    if "supplier" in part:
        yield _new("Organization", f"s{number}", name=part["supplier"], **_mails(part.get("address", ""))), "suppliedBy"
    if "manufacturer" in part:
        yield _new("Organization", f"m{number}", name=part["manufacturer"]), "originatedBy"
    elif "author" in part:
        name, _, address = part["author"].partition(" <")
        yield _new("Person", f"m{number}", name=name, **_mails(address.removesuffix(">"))), "originatedBy"


def _mails(address: str) -> Tree:
    return {"externalIdentifier": [_identifier("email", address)]} if address else {}


def _identifier(kind: str, value: str) -> Tree:
    return {"type": "ExternalIdentifier", "externalIdentifierType": kind, "identifier": value}


def _new(kind: str, ident: str, **fields: Any) -> Tree:
    return {"type": kind, "spdxId": _id(ident), "creationInfo": "_:made", **fields}


def _id(name: str) -> str:
    return f"{NAMESPACE}#{name}"


FORMATS: dict[str, Callable[[Sequence[Part]], bytes]] = {
    "cyclonedx-json": cyclonedx_json,
    "cyclonedx-json-minified": minified,
    "cyclonedx-xml": cyclonedx_xml,
    "cyclonedx-xml-pretty": lambda parts: cyclonedx_xml(parts, indent="  "),
    "spdx-json": spdx_json,
    "spdx-tag-value": tag_value,
    "spdx-yaml": spdx_yaml,
    "spdx-xml": spdx_xml,
    "spdx-rdf-xml": rdf_xml,
    "spdx3-jsonld": spdx3,
}
"""Every format in which a document is read, by a name for tests."""
