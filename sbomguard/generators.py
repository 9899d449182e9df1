"""What each generator leaves out, and the one line that makes it say who made a component."""

ADVICE = (
    ("syft", "syft fills a maker only from package metadata: catalogue an installed system rather than loose files, and name vendor "
             "blobs with a purl or CPE of their own"),
    ("buildroot", "Buildroot 2026.05 and later write source URLs; set <PKG>_CPE_ID_VENDOR in the packages that have none"),
    ("openembedded", 'set SPDX_PACKAGE_SUPPLIER (5.1 and later) or SPDX_SUPPLIER (4.0, 5.0) in the distro or layer configuration'),
    ("yocto", 'set SPDX_PACKAGE_SUPPLIER (5.1 and later) or SPDX_SUPPLIER (4.0, 5.0) in the distro or layer configuration'),
    ("oe-spdx-creator", 'set SPDX_PACKAGE_SUPPLIER (5.1 and later) in the distro or layer configuration'),
    ("create-spdx", 'set SPDX_PACKAGE_SUPPLIER (5.1 and later) or SPDX_SUPPLIER (4.0, 5.0) in the distro or layer configuration'),
    ("openwrt", "set PKG_CPE_ID and PKG_MAINTAINER in the packages that have none"),
    ("zephyr", "use a west spdx of July 2026 or later, which writes supplier and purl; before that list the modules' URLs in west.yml"),
    ("esp-idf", "add supplier: to each component's sbom.yml"),
    ("trivy", "scan the image with its package database present; add blobs by hand with a supplier"),
    ("cdxgen", "run it with --profile generic and network access, so that it reads publishers from the registries"),
    ("cyclonedx-npm", "keep node_modules installed, so that authors are read from package.json"),
    ("cyclonedx-py", "run it on the installed environment, so that authors are read from the metadata"),
    ("conan", "set author and homepage in the recipes"),
)  # fmt: skip
"""Word in the generator's name, advice; the first that fits is used."""

GENERAL = "add supplier.name (CycloneDX) or PackageSupplier (SPDX), or a purl or CPE that names the maker"


def advice(generator: str) -> str:
    """One line for the generator that wrote the document."""
    lower = generator.lower()
    return next((text for word, text in ADVICE if word in lower), GENERAL)
