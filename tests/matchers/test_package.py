"""Package URLs: namespaces at their boundaries, exact names, prefixes, and every way of hiding a letter."""

import pytest

from sbomguard.matchers.index import Index
from tests import made
from tests.made import signal

PURLS = [
    "pkg:npm/@acme/", "pkg:npm/acme-sdk", "pkg:maven/com.acme/", "pkg:maven/org.zeta/core", "pkg:pypi/acmesdk*", "pkg:pypi/acme-kit_core",
    "pkg:nuget/Acme.*", "pkg:golang/go.acme.example/", "pkg:rpm/acmelinux/", "pkg:cocoapods/AcmeUI", "pkg:composer/acme/",
    "pkg:docker/acme-io/",
]  # fmt: skip


@pytest.fixture(scope="module")
def index() -> Index:
    return made.index_of(
        {"signal": "purl", "values": PURLS},
        {"signal": "purl", "relation": "about", "strength": "mention", "values": ["pkg:npm/@acme/mirror", "pkg:pypi/acmesdk-fan*"]},
        {"signal": "party", "match": "token", "values": ["Acmetronic"]},
        friends={"purl": ["pkg:npm/@acme/clone", "pkg:pypi/acmesdkfake"]},
    )


HITS = [
    ("pkg:npm/%40acme/widget@1.0", "pkg:npm/@acme/"),
    ("pkg:npm/@acme/widget@1.0", "pkg:npm/@acme/"),
    ("pkg:npm/@ACME/Widget", "pkg:npm/@acme/"),
    ("PKG:NPM/%40acme/widget", "pkg:npm/@acme/"),
    ("pkg:npm/%40acme%2Fwidget@1.0", "pkg:npm/@acme/"),
    ("pkg:npm/%40acme%2fwidget", "pkg:npm/@acme/"),
    ("pkg://npm/%40acme/widget", "pkg:npm/@acme/"),
    ("pkg:npm/%40%61cme/widget", "pkg:npm/@acme/"),
    ("pkg:npm/%40a%63m%65/widget", "pkg:npm/@acme/"),
    ("pkg:npm//%40acme//widget", "pkg:npm/@acme/"),
    (" pkg:npm/%40acme/widget ", "pkg:npm/@acme/"),
    ("pkg:npm/%40acme/widget@1.0?arch=x#sub", "pkg:npm/@acme/"),
    ("pkg:npm/%40ａｃｍｅ/widget", "pkg:npm/@acme/"),
    ("pkg:npm/%40ac\u200bme/widget", "pkg:npm/@acme/"),
    ("pkg:npm/%40ac%E2%80%8Bme/widget", "pkg:npm/@acme/"),
    ("pkg:npm/%40аcme/widget", "pkg:npm/@acme/"),
    ("pkg:npm/acme-sdk@2", "pkg:npm/acme-sdk"),
    ("pkg:npm/acme%2Dsdk@2", "pkg:npm/acme-sdk"),
    ("pkg:npm/Acme-SDK", "pkg:npm/acme-sdk"),
    ("pkg:maven/com.acme/core@1", "pkg:maven/com.acme/"),
    ("pkg:maven/com.acme.sdk/core@1", "pkg:maven/com.acme/"),
    ("pkg:maven/com.acme.sdk.deep.down/core@1", "pkg:maven/com.acme/"),
    ("pkg:maven/COM.ACME/Core", "pkg:maven/com.acme/"),
    ("pkg:maven/com%2Eacme/core", "pkg:maven/com.acme/"),
    ("pkg:maven/org.zeta/core@1", "pkg:maven/org.zeta/core"),
    ("pkg:pypi/acmesdkcore@3", "pkg:pypi/acmesdk*"),
    ("pkg:pypi/AcmeSDK", "pkg:pypi/acmesdk*"),
    ("pkg:pypi/acmesdk-vision", "pkg:pypi/acmesdk*"),
    ("pkg:pypi/acme_kit.core", "pkg:pypi/acme-kit_core"),
    ("pkg:pypi/Acme-Kit--Core@1", "pkg:pypi/acme-kit_core"),
    ("pkg:pypi/acme%5Fkit%2Dcore", "pkg:pypi/acme-kit_core"),
    ("pkg:nuget/Acme.Vision@1", "pkg:nuget/Acme.*"),
    ("pkg:nuget/acme.vision.core", "pkg:nuget/Acme.*"),
    ("pkg:golang/go.acme.example/widget@v1", "pkg:golang/go.acme.example/"),
    ("pkg:golang/go.acme.example/team/widget/v2@v2", "pkg:golang/go.acme.example/"),
    ("pkg:golang/go.acme.example%2Fteam%2Fwidget@v2", "pkg:golang/go.acme.example/"),
    ("pkg:rpm/acmelinux/bash@5", "pkg:rpm/acmelinux/"),
    ("pkg:cocoapods/AcmeUI@1", "pkg:cocoapods/AcmeUI"),
    ("pkg:cocoapods/acmeui", "pkg:cocoapods/AcmeUI"),
    ("pkg:composer/Acme/widget", "pkg:composer/acme/"),
    ("pkg:docker/acme-io/camera@sha256:0", "pkg:docker/acme-io/"),
]

MISSES = [
    "pkg:npm/acme/widget", "pkg:npm/%40acmes/widget", "pkg:npm/%40acme-labs/widget", "pkg:npm/%40other/acme", "pkg:npm/%40other/acme-sdk",
    "pkg:npm/acme-sdk-mock", "pkg:npm/my-acme-sdk", "pkg:pypi/acme-sdk", "pkg:npm/widget?vcs_url=acme", "pkg:npm/widget@acme-sdk",
    "pkg:npm/widget#acme-sdk", "pkg:npm/%2540acme/widget", "pkg:yarn/%40acme/widget",
    "pkg:maven/com.acmetools/core", "pkg:maven/com.acme-tools/core", "pkg:maven/org.com.acme/core", "pkg:maven/acme/core",
    "pkg:maven/com/acme", "pkg:maven/org.zeta/core-extras", "pkg:maven/org.zeta.core/core", "pkg:maven/io.org.zeta/core",
    "pkg:pypi/myacmesdk", "pkg:pypi/acme-kit", "pkg:pypi/acme-kit-core-extras", "pkg:nuget/AcmeVision", "pkg:nuget/Acme",
    "pkg:nuget/My.Acme.Core", "pkg:golang/acme.example/widget", "pkg:golang/go.acme.example.evil/widget", "pkg:golang/x/go.acme.example",
    "pkg:rpm/fedora/acmelinux", "pkg:deb/acmelinux/bash", "pkg:cocoapods/AcmeUIKit", "pkg:docker/library/acme-io", "pkg:", "acme-sdk", "",
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), HITS)
def test_the_vendors_packages_are_met_in_every_spelling(text: str, expected: str, index: Index) -> None:
    assert expected in made.met(index, signal("purl", text))


@pytest.mark.parametrize("text", MISSES)
def test_packages_of_others_are_not(text: str, index: Index) -> None:
    assert made.met(index, signal("purl", text)) == {}


@pytest.mark.parametrize("text", ["pkg:npm/%40acme/clone@1", "pkg:npm/%40acme%2Fclone", "pkg:pypi/AcmeSDKfake@1"])
def test_a_false_friend_vetoes_its_package(text: str, index: Index) -> None:
    assert made.met(index, signal("purl", text)) == {}


def test_a_false_friend_vetoes_no_longer_name(index: Index) -> None:
    assert made.met(index, signal("purl", "pkg:pypi/acmesdkfake-tools"))


def test_the_exact_name_decides_over_the_namespace(index: Index) -> None:
    assert made.met(index, signal("purl", "pkg:npm/%40acme/mirror@1")) == {"pkg:npm/@acme/mirror": "mention"}


@pytest.mark.parametrize(
    "text",
    ["pkg:docker/acmetronic/camera", "pkg:npm/%40acmetronic/x", "pkg:composer/acmetronic/x", "pkg:huggingface/acmetronic/model",
     "pkg:conan/camera@1?user=acmetronic&channel=stable", "pkg:docker/acmetronic-inc/camera"],
)  # fmt: skip
def test_a_namespace_that_anyone_may_take_supports_only(text: str, index: Index) -> None:
    assert set(made.met(index, signal("purl", text)).values()) == {"supporting"}


@pytest.mark.parametrize("text", ["pkg:maven/acmetronic/camera", "pkg:deb/acmetronic/camera", "pkg:npm/acmetronic"])
def test_a_namespace_of_another_kind_is_no_party(text: str, index: Index) -> None:
    assert made.met(index, signal("purl", text)) == {}


@pytest.mark.parametrize("host", ["docker.io", "index.docker.io", "registry-1.docker.io"])
def test_an_oci_image_at_docker_hub_is_its_owners(host: str, index: Index) -> None:
    assert made.met(index, signal("purl", f"pkg:oci/widget@sha256%3Aab?repository_url={host}/acme-io/widget")) == {
        "pkg:docker/acme-io/": "decisive"
    }


@pytest.mark.parametrize("place", ["docker.io/other/widget", "docker.io/acme-io", "registry.example.com/acme-io/widget"])
def test_an_oci_image_elsewhere_is_not(place: str, index: Index) -> None:
    assert made.met(index, signal("purl", f"pkg:oci/widget?repository_url={place}")) == {}
