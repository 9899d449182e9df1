"""Package URLs: namespaces at their boundaries, exact names, prefixes, and every way of hiding a letter."""

import pytest

from sbomguard.matchers import loose
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
    "pkg:npm/acme-sdk-mock", "pkg:npm/my-acme-sdk", "pkg:npm/widget?vcs_url=acme", "pkg:npm/widget@acme-sdk",
    "pkg:npm/widget#acme-sdk", "pkg:npm/%2540acme/widget",
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
    ["pkg:docker/acmetronic/camera", "pkg:deb/acmetronic/camera", "pkg:generic/acmetronic+inc/camera", "pkg:nuget/Acmetronic.Camera",
     "pkg:npm/%40acmetronic/x", "pkg:composer/acmetronic/x", "pkg:huggingface/acmetronic/model",
     "pkg:conan/camera@1?user=acmetronic&channel=stable", "pkg:docker/acmetronic-inc/camera"],
)  # fmt: skip
def test_a_namespace_that_anyone_may_take_supports_only(text: str, index: Index) -> None:
    assert set(made.met(index, signal("purl", text)).values()) == {"supporting"}


@pytest.mark.parametrize("text", ["pkg:maven/acmetronic/camera", "pkg:npm/acmetronic", "pkg:nuget/My.Acmetronic"])
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


@pytest.mark.parametrize(
    "text",
    ["pkg:yarn/%40acme/widget", "pkg:python/acmesdkcore@3", "pkg:pypi/Acme_SDK.core", "pkg:n%70m/%40acme/widget", "pkg:composer/acme/",
     "pkg:npm/%40ac%FFme/widget", "pkg:acmetronic/widget", "pkg:npm/%40acme/?arch=x"],
)  # fmt: skip
def test_a_package_url_that_is_none_is_read_as_what_it_must_mean_and_supports_only(text: str, index: Index) -> None:
    found = made.evidence(index, signal("purl", text))
    assert {item.strength for item in found} == {"supporting"}
    assert all(loose.MEANT in item.folded for item in found)


@pytest.mark.parametrize(
    "text", ["pkg:yarn/%40other/acme", "pkg:python/acmes", "pkg:others/acmetronics-fans/x", "pkg:", "pkg:/", "acmetronic"]
)
def test_what_a_broken_package_url_must_mean_is_not_guessed_further(text: str, index: Index) -> None:
    assert made.met(index, signal("purl", text)) == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pkg:generic/widget@1?supplier=Acmetronic", "Acmetronic"),
        ("pkg:generic/widget@1?arch=x&vendor=Acmetronic%20Ltd", "Acmetronic"),
        ("pkg:npm/widget@1?alias_of=npm:%40acme/widget%401.0", "pkg:npm/@acme/"),
        ("pkg:npm/widget@1?alias_of=pkg:npm/%2540acme/widget", "pkg:npm/@acme/"),
    ],
)
def test_qualifiers_that_name_a_maker_or_another_package_support(text: str, expected: str, index: Index) -> None:
    assert made.met(index, signal("purl", text)) == {expected: "supporting"}


@pytest.mark.parametrize(
    ("text", "strengths"),
    [
        ("pkg:golang/example.org/mono@v1#third_party/acmetronic/os", {"supporting"}),
        ("pkg:generic/bsp@1#src/vendor/Acmetronic", {"supporting"}),
        ("pkg:generic/bsp@1#providers/dns/acmetronic", set()),
        ("pkg:generic/bsp@1#vendor/others/acmetronic", set()),
    ],
)
def test_a_folder_for_what_others_made_supports(text: str, strengths: set[str], index: Index) -> None:
    assert set(made.met(index, signal("purl", text)).values()) == strengths


@pytest.mark.parametrize("text", ["pkg:swid/Acmetronic/acme.example/widget@1?tag_id=x", "pkg:swid/Acmetronic%20Ltd/widget?tag_id=x"])
def test_the_creator_of_a_swid_tag_is_a_party(text: str, index: Index) -> None:
    assert made.met(index, signal("purl", text)) == {"Acmetronic": "decisive"}


@pytest.mark.parametrize("group", ["com.acme", "com.acme.sdk.core", "COM.ACME.SDK", "@acme"])
def test_a_group_in_the_vendors_namespace_supports(group: str, index: Index) -> None:
    assert set(made.met(index, signal("name", group, "group")).values()) == {"supporting"}


@pytest.mark.parametrize("group", ["com.acmetools", "org.com.acme", "acme.com.other", "acme", "com"])
def test_a_group_of_others_does_not(group: str, index: Index) -> None:
    assert made.met(index, signal("name", group, "group")) == {}


def test_a_group_is_met_by_the_domain_that_it_turns_round() -> None:
    index = made.index_of({"signal": "domain", "values": ["acme.example"]})
    assert made.met(index, signal("name", "example.acme.sdk", "group")) == {"acme.example": "supporting"}
