"""The SBOM of sbomguard as it is installed here, in CycloneDX 1.6 and SPDX 2.3: what a release carries, and what CI checks with itself.

`python .ci/own_sbom.py FOLDER` writes sbomguard.cdx.json and sbomguard.spdx.json of the environment that runs it. SOURCE_DATE_EPOCH sets
the time in them.
"""

import os
import sys
import uuid
from datetime import UTC, datetime
from email.utils import getaddresses
from importlib.metadata import Distribution, distributions
from pathlib import Path

from cyclonedx.model import ExternalReference, ExternalReferenceType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.contact import OrganizationalContact
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from spdx_tools.spdx.model import (
    Actor,
    ActorType,
    CreationInfo,
    Document,
    ExternalPackageRef,
    ExternalPackageRefCategory,
    Package,
    Relationship,
    RelationshipType,
    SpdxNoAssertion,
)
from spdx_tools.spdx.writer.write_anything import write_file

TOOLS = frozenset(("pip", "setuptools", "wheel"))
ROOT = "sbomguard"


class Part:
    """A distribution as its own metadata describe it: name, version, authors, where its source is."""

    def __init__(self, installed: Distribution) -> None:
        said = installed.metadata
        self.name = said["Name"].lower().replace("_", "-").replace(".", "-")
        self.version = installed.version
        self.purl = PackageURL("pypi", name=self.name, version=self.version)
        named = [said[key] for key in ("Author", "Maintainer") if said[key]]
        mailed = [name for name, _ in getaddresses(said.get_all("Author-email", []) + said.get_all("Maintainer-email", [])) if name]
        self.authors = sorted({name.strip() for name in named + mailed})
        links = [link.split(", ", 1) for link in said.get_all("Project-URL", [])]
        pages = [address for _, address in links] + [said["Home-page"] or ""]
        self.source = next((page for page in pages if "://github.com/" in page), "")

    @property
    def ref(self) -> str:
        return f"SPDXRef-{self.name}"


def parts() -> list[Part]:
    """What is installed, without the tools that install, sorted by name."""
    found = {part.name: part for part in map(Part, distributions()) if part.name not in TOOLS}
    return [found[name] for name in sorted(found)]


def cyclonedx(found: list[Part], made: datetime, serial: uuid.UUID) -> str:
    bom = Bom(serial_number=serial)
    bom.metadata.timestamp = made
    components = {part.name: component(part) for part in found}
    bom.metadata.component = root = components.pop(ROOT)
    for item in components.values():
        bom.components.add(item)
    bom.register_dependency(root, components.values())
    return JsonV1Dot6(bom).output_as_string(indent=2)


def component(part: Part) -> Component:
    item = Component(name=part.name, version=part.version, type=ComponentType.LIBRARY, bom_ref=str(part.purl), purl=part.purl)
    for author in part.authors:
        item.authors.add(OrganizationalContact(name=author))
    if part.source:
        item.external_references.add(ExternalReference(type=ExternalReferenceType.VCS, url=XsUri(part.source)))
    return item


def spdx(found: list[Part], made: datetime, serial: uuid.UUID) -> Document:
    info = CreationInfo(
        spdx_version="SPDX-2.3", spdx_id="SPDXRef-DOCUMENT", name=ROOT, document_namespace=f"urn:uuid:{uuid.uuid5(serial, 'SPDX')}",
        creators=[Actor(ActorType.TOOL, ROOT)], created=made,
    )  # fmt: skip
    packages = [package(part) for part in found]
    described = [Relationship("SPDXRef-DOCUMENT", RelationshipType.DESCRIBES, f"SPDXRef-{ROOT}")]
    needs = [Relationship(f"SPDXRef-{ROOT}", RelationshipType.DEPENDS_ON, part.ref) for part in found if part.name != ROOT]
    return Document(info, packages=packages, relationships=described + needs)


def package(part: Part) -> Package:
    return Package(
        spdx_id=part.ref, name=part.name, version=part.version, download_location=part.source or SpdxNoAssertion(), files_analyzed=False,
        originator=Actor(ActorType.ORGANIZATION, "; ".join(part.authors)) if part.authors else SpdxNoAssertion(),
        external_references=[ExternalPackageRef(ExternalPackageRefCategory.PACKAGE_MANAGER, "purl", str(part.purl))],
    )  # fmt: skip


def main(folder: Path) -> None:
    made = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), UTC).replace(microsecond=0)
    found = parts()
    serial = uuid.uuid5(uuid.NAMESPACE_URL, " ".join(str(part.purl) for part in found))
    (folder / "sbomguard.cdx.json").write_text(cyclonedx(found, made, serial) + "\n", encoding="utf-8")
    write_file(spdx(found, made.replace(tzinfo=None), serial), str(folder / "sbomguard.spdx.json"), validate=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
