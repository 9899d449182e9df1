"""The tools and build systems that write SBOMs: how each is known, what it does with supplier fields, and the line that mends it."""

from collections.abc import Callable

from msgspec import Struct

from sbomguard.model import Document


class Generator(Struct, frozen=True):
    """A tool or build system that writes SBOMs.

    `words`: any of them in the name that it gives itself; `shows`: how a document of it is known that names no tool. `stamps` tells that it
    writes the maker of the product as supplier of parts that others made, so that this name says nothing about them; `packagers` that
    its supplier is who packaged a part for a distribution. `advice` is the one line that makes it say who made a component.
    """

    name: str
    words: tuple[str, ...]
    advice: str
    shows: Callable[[Document, bytes], bool] | None = None
    stamps: bool = False
    packagers: bool = False


def _is_openwrt(document: Document, data: bytes) -> bool:
    """OpenWrt's package-metadata.pl writes CycloneDX 1.4 without a tool, for a firmware image, with CPEs of the 2.2 URI form."""
    return document.format == "CycloneDX" and document.version == "1.4" and b'"firmware"' in data[:4096] and b'"cpe:/' in data


def _is_buildroot(document: Document, data: bytes) -> bool:
    """Buildroot's generate-cyclonedx marks each package as target or host in a property."""
    return document.format == "CycloneDX" and b'"BR_TYPE"' in data


def _is_android(document: Document, data: bytes) -> bool:
    """The namespace that the generate-sbom tools of the Android build give to their documents."""
    return document.format == "SPDX" and b"www.google.com/sbom/spdx/android" in data[:4096]


def _is_of_legal_info(document: Document, data: bytes) -> bool:
    """What cyclonedx-buildroot makes of `make legal-info`: each part is firmware, with the address of its source archive in the purl."""
    parts = [component for component in document.components if component.counted]
    archives = sum(part.type == "firmware" and part.purl.startswith("pkg:generic/") and "?download_url=" in part.purl for part in parts)
    return document.format == "CycloneDX" and archives > 1 and archives * 2 > len(parts)


GENERATORS = (
    Generator(
        "Yocto create-spdx 2.2", ("create-spdx",),
        "Set SPDX_SUPPLIER in the distro or layer configuration (Yocto 4.0 and 5.0), or move to a release that writes "
        "SPDX 3 and set SPDX_PACKAGE_SUPPLIER",
    ),
    Generator(
        "Yocto create-spdx 3.0", ("oe-spdx-creator",),
        "Set SPDX_PACKAGE_SUPPLIER in the recipes, and SPDX_IMAGE_SUPPLIER for the image; since 2026 the layer stands in "
        "the purl (pkg:yocto/<layer>/...)",
    ),
    Generator(
        "Yocto", ("openembedded", "yocto", "meta-cyclonedx"),
        "Set SPDX_PACKAGE_SUPPLIER (Yocto 5.1 and later) or SPDX_SUPPLIER (4.0, 5.0) in the distro or layer configuration",
    ),
    Generator(
        "Buildroot", ("buildroot",),
        "Buildroot 2026.05 and later write source URLs; set <PKG>_CPE_ID_VENDOR in the packages that have none",
        shows=_is_buildroot,
    ),
    Generator(
        "Buildroot legal-info", (),
        "What is made of `make legal-info` names no supplier: Buildroot's own utils/generate-cyclonedx writes CPEs and, "
        "since 2026.05, source URLs; set <PKG>_CPE_ID_VENDOR in the packages that have none",
        shows=_is_of_legal_info,
    ),
    Generator(
        "OpenWrt", ("openwrt",),
        "Set PKG_CPE_ID and PKG_MAINTAINER in the packages that have none",
        shows=_is_openwrt,
    ),
    Generator(
        "Zephyr west spdx", ("zephyr", "west spdx"),
        "Use a west spdx of July 2026 or later, which writes supplier and purl, and check app, zephyr, build and "
        "modules-deps.spdx together; binary blobs are in none of them: see `west blobs list`",
    ),
    Generator(
        "nRF Connect ncs-sbom", ("ncs-sbom",),
        "Give west ncs-sbom the option --package-supplier",
    ),
    Generator(
        "esp-idf-sbom", ("esp-idf",),
        "Add supplier: and originator: to the sbom.yml of each component",
    ),
    Generator(
        "AOSP", ("soong",),
        "m sbom writes the product's maker as supplier of prebuilt parts: add a METADATA file with the homepage to each, and "
        "check the vendor/<name>/ directories by name",
        shows=_is_android, stamps=True,
    ),
    Generator(
        "sbom-embedded", ("sbom-embedded",),
        "sbom-embedded fills no supplier: add supplier.name to the vendor packages after it",
    ),
    Generator(
        "debsbom", ("debsbom",),
        "debsbom gives the distribution's maintainer as supplier: vendor packages need a Homepage or Vcs field in their control "
        "file",
        packagers=True,
    ),
    Generator(
        "vcpkg", ("vcpkg",),
        "vcpkg names no supplier: what is read are the download addresses from the portfile",
    ),
    Generator(
        "EMBA", ("emba",),
        "EMBA writes the maker as author, from its vendor list: add the missing ones to config/vendor_list.cfg",
    ),
    Generator(
        "Surfactant", ("surfactant",),
        "Surfactant takes the supplier from the version information of a binary: one without any needs supplier.name by hand",
    ),
    Generator(
        "blint", ("blint",),
        "blint names no supplier of a binary: add supplier.name to the vendor blobs after it",
    ),
    Generator(
        "syft", ("syft",),
        "syft fills a maker only from package metadata: catalogue an installed system rather than loose files, and name "
        "vendor blobs with a purl or CPE of their own",
        stamps=True,
    ),
    Generator(
        "Trivy", ("trivy",),
        "Scan the image with its package database present; add blobs by hand with a supplier",
    ),
    Generator(
        "cdxgen", ("cdxgen", "cdx-hbom"),
        "cdxgen fills a supplier for few components: add supplier.name to the others after it",
    ),
    Generator(
        "cyclonedx-npm", ("cyclonedx-npm",),
        "Keep node_modules installed, so that authors are read from package.json",
    ),
    Generator(
        "cyclonedx-py", ("cyclonedx-py", "cyclonedx-bom"),
        "Run it on the installed environment, so that authors are read from the metadata",
    ),
    Generator(
        "Conan", ("conan",),
        "Set author and homepage in the recipes",
    ),
    Generator(
        "GitHub dependency graph", ("github.com-dependency-graph",),
        "GitHub's export names no suppliers: check the SBOM of the build instead",
    ),
)  # fmt: skip
"""The first that fits is meant."""

GENERAL = "Add supplier.name (CycloneDX) or PackageSupplier (SPDX), or a purl or CPE that names the maker"


def detect(document: Document, data: bytes) -> Generator | None:
    """The generator that wrote the document, by the name that it gives itself, else by what only it writes; None if it is not known."""
    named = document.generator.lower()
    if named:
        return next((item for item in GENERATORS if any(word in named for word in item.words)), None)
    return next((item for item in GENERATORS if item.shows and item.shows(document, data)), None)
