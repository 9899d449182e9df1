"""Package URLs read as packageurl-python reads them, and odd spellings besides."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from packageurl import PackageURL

from sbomguard import purl

PLAIN = (
    "pkg:npm/left-pad@1.3.0",
    "pkg:npm/%40acme/widget@12.3.1",
    "pkg:npm/@acme/widget@12.3.1",
    "pkg:maven/com.acme.sdk/core@1.2.3?type=pom&classifier=sources",
    "pkg:golang/github.com/acme/widget/v2@v2.0.1#cmd/tool",
    "pkg:github/acme/widget@244fd47e07d1004f0aed9c",
    "pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie",
    "pkg:rpm/fedora/curl@7.50.3-1.fc25?arch=i386&epoch=1",
    "pkg:docker/acme/widget@sha256%3A244fd47e07d1004f0aed9c?repository_url=gcr.io",
    "pkg:docker/acme/widget@sha256:244fd47e07d1004f0aed9c",
    "pkg:pypi/Django_allauth@12.23",
    "pkg:nuget/EnterpriseLibrary.Common@6.0.1304",
    "pkg:generic/openssl@1.1.10g?download_url=https://openssl.org/source/openssl-1.1.0g.tar.gz&checksum=sha256:de4d501267da",
    "pkg:swift/github.com/Alamofire/Alamofire@5.4.3",
    "pkg:composer/Acme/Widget@5.5.2",
    "pkg:cargo/rand@0.7.2",
    "pkg:gem/ruby-advisory-db-check@0.12.4",
    "pkg:conan/acme/widget@1.0?user=acme&channel=stable",
    "pkg:huggingface/acme/model@559062ad13d311b87b2c455e67dcd5f1c8f65111",
    "pkg:generic/100%25/a%20b@1%2B2",
    "pkg:type/n%C3%A4me/%E5%8D%8E%E4%B8%BA@1",
)

ODD = {
    "PKG:npm/%40acme/widget@1": "scheme in capitals",
    "pkg:NPM/%40acme/widget@1": "type in capitals",
    "pkg:npm/@acme/widget@1": "scope not escaped",
    "pkg:npm/@Acme/Widget@1": "scope in capitals",
    "pkg:npm/%40acme%2Fwidget@1": "slash escaped",
    "pkg:npm/%40acme%2fwidget": "slash escaped, no version",
    "pkg://npm/%40acme/widget@1": "two slashes before the type",
    "pkg:/npm/%40acme/widget@1": "one slash before the type",
    "  pkg:npm/%40acme/widget@1\n": "white space around it",
    "pkg:npm/%40acme/widget/": "slash behind it",
    "pkg:npm/%40%61cme/w%69dget@1": "letters escaped",
    "pkg:npm//%40acme//widget@1": "empty segments",
    "pkg:npm/%40acme/widget@1?x=a/b@c#d@e": "separators in qualifiers",
    "pkg:npm/%40acme/widget@1/2": "slash in the version",
}

NONE = (
    "",
    "npm/widget",
    "acme",
    "pkg:",
    "pkg:/",
    "pkg:npm",
    "pkg:npm/",
    "pkg%3Anpm/widget",
    "http://acme.example",
    "pkg:npm/@1.0",
    "pkg:npm/?a=b",
)


def who(text: str) -> tuple[str, str, str] | None:
    """Type, namespace and name, in the lower case in which they are matched."""
    parsed = purl.parse(text)
    return (parsed.type, parsed.namespace.lower(), parsed.name.lower()) if parsed else None


def parts(text: str) -> tuple[str, str, str, str] | None:
    parsed = purl.parse(text)
    return (
        (parsed.type, _folded(parsed.type, parsed.namespace), _folded(parsed.type, parsed.name), parsed.version.lower()) if parsed else None
    )


def expected(kind: str, namespace: str | None, name: str, version: str | None) -> tuple[str, str, str, str]:
    return kind, _folded(kind, namespace or ""), _folded(kind, name), (version or "").lower()


def _folded(kind: str, text: str) -> str:
    """As names are matched: without case, and for PyPI by PEP 503, which the purl type definition follows only for `_`."""
    return re.sub(r"[-_.]+", "-", text).lower() if kind == "pypi" else text.lower()


@pytest.mark.parametrize("text", PLAIN)
def test_plain_purls_are_read_as_the_reference_library_reads_them(text: str) -> None:
    oracle = PackageURL.from_string(text)
    assert parts(text) == expected(oracle.type, oracle.namespace, oracle.name, oracle.version)
    parsed = purl.parse(text)
    assert parsed is not None
    assert dict(parsed.qualifiers) == dict(oracle.qualifiers)
    assert parsed.subpath == (oracle.subpath or "")


TYPES = sorted((purl.OWNED_NAMES | purl.OWNING_NAMESPACES | {"generic", "x.y-z"}) - {"cpan", "swid", "julia", "otp", "vscode-extension"})
SEGMENT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Z"), exclude_characters="/"), min_size=1, max_size=12
).filter(lambda text: text not in (".", ".."))
VALUE = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Z")), min_size=1, max_size=12)


@given(
    kind=st.sampled_from(TYPES),
    namespace=st.lists(SEGMENT, max_size=3).map("/".join),
    name=SEGMENT,
    version=st.just("") | VALUE,
    qualifiers=st.dictionaries(st.sampled_from(("arch", "vcs_url", "download_url")), VALUE, max_size=2),
    subpath=st.just("") | SEGMENT,
)
@example(kind="generic", namespace="", name="0", version="1/", qualifiers={}, subpath="")
@example(kind="composer", namespace="", name="@", version="", qualifiers={}, subpath="")
def test_what_the_reference_library_writes_is_read_as_it_reads_it(
    kind: str, namespace: str, name: str, version: str, qualifiers: dict[str, str], subpath: str
) -> None:
    try:
        text = PackageURL(kind, namespace, name, version, qualifiers, subpath).to_string()
        oracle = PackageURL.from_string(text)
    except ValueError:
        return  # a rule of that type against this name
    assert parts(text) == expected(oracle.type, oracle.namespace, oracle.name, oracle.version)
    parsed = purl.parse(text)
    assert parsed is not None
    assert dict(parsed.qualifiers) == dict(oracle.qualifiers)


@pytest.mark.parametrize("text", [pytest.param(text, id=why) for text, why in ODD.items()])
def test_odd_spellings_lead_to_the_same_owner(text: str) -> None:
    assert who(text) == ("npm", "@acme", "widget")


def test_an_escaped_path_of_a_go_module_leads_to_the_same_owner() -> None:
    assert who("pkg:golang/github.com%2Facme%2Fwidget@v1") == ("golang", "github.com/acme", "widget")


def test_percent_escapes_are_undone_once() -> None:
    assert who("pkg:generic/a%2562") == ("generic", "", "a%62")


@pytest.mark.parametrize("text", NONE)
def test_what_has_no_type_or_no_name_is_no_purl(text: str) -> None:
    assert purl.parse(text) is None


@given(st.text() | st.text(st.sampled_from("pkg:npm/@%?#&=40 aA\u200b")).map("pkg:".__add__))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    parsed = purl.parse(text)
    assert parsed is None or (parsed.type and parsed.name)


@pytest.mark.parametrize("name", ["Acme_SDK.Core", "acme-sdk-core", "ACME__sdk..core", "acme.sdk-core"])
def test_python_names_are_one_under_pep_503(name: str) -> None:
    assert who(f"pkg:pypi/{name}@1") == ("pypi", "", "acme-sdk-core")


@pytest.mark.parametrize(
    "text",
    [
        "pkg:npm/widget", "pkg:pypi/widget@1", "pkg:cargo/widget", "pkg:gem/widget", "pkg:nuget/Acme.Widget", "PKG:npm/widget",
        "pkg://npm/widget", " pkg:npm/widget", "pkg:npm/%40acme/widget", "pkg:npm/@acme/widget@1", "pkg:maven/com.acme/widget@1",
        "pkg:golang/github.com/acme/widget", "pkg:github/acme/widget", "pkg:gitlab/acme/widget", "pkg:gitee/acme/widget",
        "pkg:deb/debian/bash@5", "pkg:rpm/fedora/bash", "pkg:apk/alpine/musl", "pkg:docker/acme/widget@1", "pkg:cocoapods/Widget",
        "pkg:git/github.com/acme/widget",
    ],
)  # fmt: skip
def test_a_purl_whose_type_carries_an_owner_names_one(text: str) -> None:
    assert purl.names_owner(text)


@pytest.mark.parametrize(
    "text",
    [
        "pkg:generic/widget@1", "pkg:generic/acme/widget@1", "pkg:unheard-of/acme/widget", "pkg:deb/bash@5", "pkg:rpm/bash@5",
        "pkg:maven/widget@1", "pkg:github/widget", "pkg:golang/widget", "pkg:deb/bash@5?distro=debian/12",
        "pkg:rpm/acl@2.3.1?upstream=acl/acl-2.3.src.rpm", "pkg:docker/nginx@1?repository_url=docker.io/library", "pkg:deb/bash#usr/bin",
        "pkg:rpm/bash@5/6", "pkg:deb//bash", "pkg:deb/bash/", "pkg:npm/", "pkg:npm/@1.0", "pkg:npm/?arch=x", "pkg:npm", "pkg:", "",
        "widget",
    ],
)  # fmt: skip
def test_a_purl_without_owner_names_none(text: str) -> None:
    assert not purl.names_owner(text)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("pkg:npm/%40a/b@1?x=y#z", "pkg:npm/%40a/b"),
        ("pkg:npm/@a/b@1?x=y", "pkg:npm/@a/b"),
        ("pkg:npm/@a/b", "pkg:npm/@a/b"),
        ("pkg:npm/b", "pkg:npm/b"),
        ("pkg:npm/b#x@y", "pkg:npm/b"),
        ("pkg:docker/a/b@sha256:0", "pkg:docker/a/b"),
        ("", ""),
    ],
)
def test_the_unversioned_purl_stays_one_package(text: str, bare: str) -> None:
    assert purl.unversioned(text) == bare


@given(st.sampled_from(PLAIN))
def test_a_version_never_changes_the_unversioned_purl(text: str) -> None:
    bare = purl.unversioned(text)
    assert purl.unversioned(bare) == bare
    assert purl.unversioned(f"{bare}@9.9?arch=x") == bare
