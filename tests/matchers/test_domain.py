"""Domains of URLs and e-mail addresses: label boundaries, the longest listed domain, what a link or an author proves."""

import pytest

from sbomguard.matchers.index import Index
from tests import made
from tests.made import signal


@pytest.fixture(scope="module")
def index() -> Index:
    return made.index_of(
        {"signal": "domain", "values": ["acme.example", "acme.co.uk"]},
        {"signal": "domain", "relation": "about", "strength": "mention", "values": ["mirrors.acme.example"]},
        {"signal": "domain", "relation": "contributed", "values": ["labs.acme.example"]},
        friends={"domain": ["shop.acme.example"]},
    )


HITS = [
    ("url", "https://acme.example", "acme.example"),
    ("url", "https://www.acme.example/sdk", "acme.example"),
    ("url", "HTTP://WWW.ACME.EXAMPLE:443/x", "acme.example"),
    ("url", "https://acme.example./x", "acme.example"),
    ("url", "https://a.b.c.acme.example/x", "acme.example"),
    ("url", "https://user@acme.example/x", "acme.example"),
    ("url", "git@git.acme.example:team/widget.git", "acme.example"),
    ("url", "acme.example/sdk", "acme.example"),
    ("url", "https://dl.acme.co.uk/x", "acme.co.uk"),
    ("url", "https://www.ａｃｍｅ.example/", "acme.example"),
    ("url", "https://acme。example/", "acme.example"),
    ("url", "https://%61cme.example/", "acme.example"),
    ("email", "jane@acme.example", "acme.example"),
    ("email", "JANE@MAIL.ACME.EXAMPLE", "acme.example"),
    ("email", " jane@acme.example ", "acme.example"),
    ("email", "Jane Doe <jane@acme.example>", "acme.example"),
    ("email", "jane@home.example@acme.example", "acme.example"),
    ("email", "(jane@acme.example)", "acme.example"),
    ("purl", "pkg:generic/w@1?download_url=https://dl.acme.example/w.tgz", "acme.example"),
    ("purl", "pkg:generic/w@1?download_url=https%3A%2F%2Fdl.acme.example%2Fw.tgz", "acme.example"),
    ("purl", "pkg:npm/w@1?repository_url=https://npm.acme.example", "acme.example"),
    ("purl", "pkg:docker/registry.acme.example/team/w@1", "acme.example"),
    ("purl", "pkg:oci/registry.acme.example/team/w@1", "acme.example"),
    ("purl", "pkg:golang/git.acme.example/team/w@v1", "acme.example"),
    ("purl", "pkg:golang/git.acme.example%2Fteam%2Fw@v1", "acme.example"),
    ("purl", "pkg:swift/git.acme.example/team/w", "acme.example"),
    ("party", "Acme.example", "acme.example"),
    ("party", "www.acme.example/sdk", "acme.example"),
]

MISSES = [
    ("party", "notacme.example"),
    ("party", "seen at acme.example"),
    ("party", "seen at www2.acme.example"),
    ("party", "www2.evil.example/www2.acme.example"),
    ("url", "https://notacme.example"),
    ("url", "https://acme.example.evil.org"),
    ("url", "https://acme-example.org"),
    ("url", "https://acme.examples"),
    ("url", "https://acme.example@evil.org/x"),
    ("url", "https://evil.org/acme.example"),
    ("url", "https://evil.org#acme.example"),
    ("url", "https://co.uk"),
    ("url", "https://example"),
    ("url", "NOASSERTION"),
    ("email", "acme.example@evil.org"),
    ("email", "jane@notacme.example"),
    ("email", "acme.example.jane@mail.org"),
    ("purl", "pkg:generic/w@1?comment=https://acme.example"),
    ("purl", "pkg:generic/acme.example"),
    ("purl", "pkg:npm/acme.example/w"),
]


@pytest.mark.parametrize(("kind", "text", "expected"), HITS)
def test_a_host_in_the_vendors_domain_is_met(kind: str, text: str, expected: str, index: Index) -> None:
    assert made.met(index, signal(kind, text)) == {expected: "decisive"}


@pytest.mark.parametrize(("kind", "text"), MISSES)
def test_hosts_of_others_are_not(kind: str, text: str, index: Index) -> None:
    assert made.met(index, signal(kind, text)) == {}


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("https://archive.example/web/2020/https://acme.example/w.tgz", "supporting"),
        ("https://archive.example/web/2020/https:/acme.example/w.tgz", "supporting"),
        ("https://proxy.example/https%3A%2F%2Fdl.acme.example%2Fw.tgz", "supporting"),
        ("https://proxy.example/?u=https://acme.example", "mention"),
        ("https://proxy.example/get?u=https%3a%2f%2facme.example", "mention"),
        ("https://proxy.example/#https://acme.example/", "mention"),
    ],
)
@pytest.mark.parametrize("form", ["{}", "pkg:generic/w@1?download_url={}"], ids=["url", "purl"])
def test_an_address_inside_another_counts_less(form: str, text: str, strength: str, index: Index) -> None:
    escaped = text.replace("%", "%25").replace("#", "%23").replace("?", "%3F") if "pkg" in form else text
    assert made.met(index, signal("purl" if "pkg" in form else "url", form.format(escaped))) == {"acme.example": strength}


@pytest.mark.parametrize("tag", ["acme.example-widget", "acme.example+widget-5.1", "ACME.example", "regid.2010-01.example.acme,widget"])
def test_the_creator_in_the_id_of_a_swid_tag_supports(tag: str, index: Index) -> None:
    assert made.met(index, signal("url", tag, "swid")) == {"acme.example": "supporting"}


@pytest.mark.parametrize("tag", ["notacme.example+widget", "widget-acme.example.org+x", "regid.2010-01.org.example.acme,x", "acme"])
def test_the_id_of_anothers_swid_tag_does_not(tag: str, index: Index) -> None:
    assert made.met(index, signal("url", tag, "swid")) == {}


def test_an_address_escaped_twice_is_read(index: Index) -> None:
    assert made.met(index, signal("purl", "pkg:generic/w@1?download_url=https%253A%252F%252Facme.example%252Fw.tgz"))


@pytest.mark.parametrize("host", ["mirrors.acme.example", "eu.mirrors.acme.example", "MIRRORS.ACME.EXAMPLE."])
def test_the_longest_listed_domain_decides(host: str, index: Index) -> None:
    (found,) = made.evidence(index, signal("url", f"https://{host}/debian"))
    assert (found.expected, found.relation) == ("mirrors.acme.example", "about")


def test_a_longer_name_beside_a_listed_domain_belongs_to_the_shorter_one(index: Index) -> None:
    assert made.met(index, signal("url", "https://my-mirrors.acme.example")) == {"acme.example": "decisive"}


@pytest.mark.parametrize("text", ["https://shop.acme.example/x", "https://eu.shop.acme.example/x"])
def test_a_false_friend_vetoes_its_domain_and_all_in_it(text: str, index: Index) -> None:
    assert made.met(index, signal("url", text)) == {}


@pytest.mark.parametrize(
    ("role", "strength"), [("supplier", "decisive"), ("manufacturer", "decisive"), ("publisher", "decisive"), ("author", "supporting")]
)
def test_one_authors_address_supports_only(role: str, strength: str, index: Index) -> None:
    assert made.met(index, signal("email", "jane@acme.example", role)) == {"acme.example": strength}


@pytest.mark.parametrize("role", ["website", "vcs", "distribution", "source-distribution", "issue-tracker", "support", "documentation"])
def test_a_link_to_the_components_own_home_decides(role: str, index: Index) -> None:
    assert made.met(index, signal("url", "https://acme.example/widget", role)) == {"acme.example": "decisive"}


@pytest.mark.parametrize("role", ["advisories", "license", "social", "chat", "mailing-list", "other", "security-contact"])
def test_any_other_link_supports_only(role: str, index: Index) -> None:
    assert made.met(index, signal("url", "https://acme.example/widget", role)) == {"acme.example": "supporting"}


@pytest.mark.parametrize(
    ("kind", "text", "role", "why"),
    [
        ("email", "jane@acme.example", "author", "one author's address"),
        ("email", "jane@acme.example", "supplier", ""),
        ("url", "https://acme.example/news", "social", "a link of type 'social'"),
        ("url", "https://acme.example/widget", "website", ""),
    ],
)
def test_what_only_supports_says_why(kind: str, text: str, role: str, why: str, index: Index) -> None:
    (found,) = made.evidence(index, signal(kind, text, role))
    assert found.explanation == why


def test_each_address_of_a_purl_is_looked_at(index: Index) -> None:
    places = "download_url=https://dl.acme.co.uk/w.tgz&vcs_url=https://labs.acme.example/w"
    assert set(made.met(index, signal("purl", f"pkg:generic/w@1?{places}"))) == {"acme.co.uk", "labs.acme.example"}
    assert made.met(index, signal("purl", "pkg:npm/w@https://git.acme.example/team/w.git")) == {"acme.example": "decisive"}
    assert made.met(index, signal("purl", "pkg:oci/w?repository_url=registry.acme.example/team/w")) == {"acme.example": "decisive"}
