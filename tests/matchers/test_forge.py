"""Accounts on forges, in package URLs and in every spelling of a git URL."""

import pytest

from sbomguard.matchers import forge
from sbomguard.matchers.index import Index
from tests import made
from tests.made import signal
from tests.test_weburl import GIT_URLS


@pytest.fixture(scope="module")
def index() -> Index:
    return made.index_of(
        {"signal": "forge", "values": ["github.com/acme", "gitee.com/acme-robotics", "huggingface.co/acme"]},
        {"signal": "forge", "relation": "contributed", "values": ["github.com/acme/donated"]},
        {"signal": "forge", "values": ["github.com/fans/acme-driver"]},
        friends={"forge": ["github.com/acme/clone"]},
    )


OWNER = "github.com/acme"
HITS = [
    ("url", "https://github.com/acme", OWNER),
    ("url", "https://github.com/ACME/Widget", OWNER),
    ("url", "https://raw.githubusercontent.com/acme/widget/main/README", OWNER),
    ("url", "https://codeload.github.com/acme/widget/tar.gz/v1", OWNER),
    ("url", "https://api.github.com/repos/acme/widget/tarball/v1", OWNER),
    ("url", "https://github.com/acme/widget/releases/download/v1/widget.tgz", OWNER),
    ("url", "https://github.com/acme/widget/archive/refs/tags/v1.tar.gz", OWNER),
    ("url", "https://acme.github.io/widget", OWNER),
    ("url", "ssh://git@ssh.github.com:443/acme/widget.git", OWNER),
    ("url", "git+https://github.com/acme/widget.git@v1.0#egg=widget", OWNER),
    ("url", "git://github.com/acme/widget.git;protocol=https;branch=main", OWNER),
    ("url", "https://gitee.com/acme-robotics/arm.git", "gitee.com/acme-robotics"),
    ("url", "https://acme-robotics.gitee.io/arm", "gitee.com/acme-robotics"),
    ("url", "https://huggingface.co/acme/model/resolve/main/x.bin", "huggingface.co/acme"),
    ("url", "https://hf.co/acme/model", "huggingface.co/acme"),
    ("url", "https://github.com/fans/acme-driver", "github.com/fans/acme-driver"),
    ("url", "https://github.com/fans/acme-driver.git", "github.com/fans/acme-driver"),
    ("purl", "pkg:github/acme/widget@1", OWNER),
    ("purl", "PKG:GitHub/Acme/Widget@1", OWNER),
    ("purl", "pkg:github//acme//widget@1", OWNER),
    ("purl", "pkg:github/%61cme/widget", OWNER),
    ("purl", "pkg:github/acme%2Fwidget", OWNER),
    ("purl", "pkg:github/ａｃｍｅ/widget", OWNER),
    ("purl", "pkg:github/ac%E2%80%8Bme/widget", OWNER),
    ("purl", "pkg:gitee/acme-robotics/arm", "gitee.com/acme-robotics"),
    ("purl", "pkg:huggingface/acme/model@abc", "huggingface.co/acme"),
    ("purl", "pkg:golang/github.com/acme/widget@v1", OWNER),
    ("purl", "pkg:golang/github.com/acme/widget/v2@v2#cmd", OWNER),
    ("purl", "pkg:golang/github.com%2Facme%2Fwidget@v1", OWNER),
    ("purl", "pkg:golang/github.com/ACME/widget", OWNER),
    ("purl", "pkg:git/github.com/acme/widget@abc", OWNER),
    ("purl", "pkg:swift/github.com/acme/Widget@1", OWNER),
    ("purl", "pkg:maven/io.github.acme/widget@1", OWNER),
    ("purl", "pkg:maven/com.github.acme/widget@1", OWNER),
    ("purl", "pkg:maven/io.github.acme.sub/widget@1", OWNER),
    ("purl", "pkg:generic/widget@1?vcs_url=git%2Bhttps%3A%2F%2Fgithub.com%2Facme%2Fwidget.git%40abc", OWNER),
    ("purl", "pkg:generic/widget@1?vcs_url=git+https://github.com/acme/widget.git", OWNER),
    ("purl", "pkg:npm/widget@1?vcs_url=git%40github.com%3Aacme%2Fwidget.git", OWNER),
    ("purl", "pkg:generic/widget@1?download_url=https://github.com/acme/widget/archive/v1.zip", OWNER),
]

MISSES = [
    ("url", "https://github.com/acmes/widget"),
    ("url", "https://github.com/acme-labs/widget"),
    ("url", "https://github.com/macme/widget"),
    ("url", "https://github.com/other/acme"),
    ("url", "https://github.com/other/widget/tree/acme"),
    ("url", "https://github.com/other/acme/github.com/acme"),
    ("url", "https://github.com.evil.example/acme/widget"),
    ("url", "https://notgithub.com/acme/widget"),
    ("url", "https://github.com@evil.example/acme/widget"),
    ("url", "https://acme.github.com.evil.example/"),
    ("url", "https://acme-fans.github.io/acme"),
    ("url", "https://gitee.com/acme-robot/arm"),
    ("url", "https://github.com/fans/acme-driver-2"),
    ("url", "https://github.com/fans/other"),
    ("url", "https://github.com"),
    ("purl", "pkg:github/other/acme"),
    ("purl", "pkg:github/acme"),
    ("purl", "pkg:golang/github.com/other/acme"),
    ("purl", "pkg:golang/example.org/github.com/acme"),
    ("purl", "pkg:maven/io.github.acmes/widget"),
    ("purl", "pkg:maven/org.github.acme/widget"),
    ("purl", "pkg:generic/widget@1?comment=https://github.com/acme/widget"),
    ("purl", "pkg:generic/github.com/acme"),
]


@pytest.mark.parametrize("text", [*GIT_URLS, *(f"{text}.git" for text in GIT_URLS if text.endswith("widget"))])
def test_every_spelling_of_a_git_url_leads_to_the_account(text: str, index: Index) -> None:
    assert made.met(index, signal("url", text, "vcs")) == {OWNER: "decisive"}


@pytest.mark.parametrize(("kind", "text", "expected"), HITS)
def test_the_vendors_account_is_met(kind: str, text: str, expected: str, index: Index) -> None:
    assert made.met(index, signal(kind, text)) == {expected: "decisive"}


@pytest.mark.parametrize(("kind", "text"), MISSES)
def test_accounts_of_others_are_not(kind: str, text: str, index: Index) -> None:
    assert made.met(index, signal(kind, text)) == {}


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("https://proxy.example/github.com/acme/widget/archive/v1.zip", "supporting"),
        ("https://proxy.example/https://github.com/acme/widget", "supporting"),
        ("https://proxy.example/?u=https://github.com/acme/widget", "mention"),
    ],
)
def test_an_account_in_the_address_of_a_proxy_counts_less(text: str, strength: str, index: Index) -> None:
    assert made.met(index, signal("url", text)) == {OWNER: strength}


@pytest.mark.parametrize(
    "text", ["https://github.com/acme/donated", "git@github.com:acme/donated.git", "https://github.com/Acme/Donated/tree/main"]
)
def test_one_repository_decides_over_its_account(text: str, index: Index) -> None:
    (found,) = made.evidence(index, signal("url", text))
    assert (found.expected, found.relation) == ("github.com/acme/donated", "contributed")


@pytest.mark.parametrize(("kind", "text"), [("url", "https://github.com/acme/clone.git"), ("purl", "pkg:github/acme/clone@1")])
def test_a_false_friend_vetoes_its_repository(kind: str, text: str, index: Index) -> None:
    assert made.met(index, signal(kind, text)) == {}


@pytest.mark.parametrize("host", ["gitlab.com", "bitbucket.org", "codeberg.org", "gitcode.com"])
def test_the_same_name_on_another_forge_supports_only(host: str, index: Index) -> None:
    assert set(made.met(index, signal("url", f"https://{host}/acme/widget")).values()) == {"supporting"}
    assert made.met(index, signal("url", f"https://{host}/acme-fans/widget")) == {}


@pytest.fixture(scope="module")
def named() -> Index:
    return made.index_of(
        {"signal": "party", "match": "core", "values": ["Acme"]},
        {"signal": "party", "match": "token", "values": ["Acme Robotics"]},
        {"signal": "word", "match": "token", "relation": "about", "strength": "mention", "values": ["acme"]},
        friends={"forge": ["gitee.com/acme-fans", "github.com/acme-fans"], "word": ["acme-poems"]},
    )


@pytest.mark.parametrize("owner", ["acme", "Acme-Tech", "AcmeTech", "ACME-ROBOTICS", "acme_robotics"])
@pytest.mark.parametrize("host", ["gitee.com", "gitlab.com", "gitcode.com", "bitbucket.org"])
def test_an_unknown_account_named_like_the_vendor_supports(host: str, owner: str, named: Index) -> None:
    assert "supporting" in made.met(named, signal("url", f"https://{host}/{owner}/widget.git", "vcs")).values()


@pytest.mark.parametrize("text", ["https://github.com/jane/acme-client", "https://gitee.com/jane/acme_cam"])
def test_a_word_of_the_path_is_a_mention(text: str, named: Index) -> None:
    assert set(made.met(named, signal("url", text, "vcs")).values()) == {"mention"}


@pytest.mark.parametrize(
    "text",
    [
        "https://gitee.com/acme-fans/widget",
        "https://github.com/acme-fans/acme",
        "https://github.com/jane/acme-poems",
        "https://gitee.com/macme/x",
        "https://github.com/acme-stuff/widget",
        "https://github.com/acme123/widget",
    ],
)
def test_a_false_friend_or_part_of_a_word_is_nothing(text: str, named: Index) -> None:
    assert made.met(named, signal("url", text, "vcs")) == {}


def test_a_word_of_an_address_is_told_once_and_only_where_nothing_else_is(named: Index) -> None:
    addresses = [signal("url", f"https://github.com/jane/acme-{part}", "vcs") for part in ("client", "server")]
    assert [item.found for item in made.evidence(named, *addresses)] == ["https://github.com/jane/acme-client"]
    assert [item.found for item in made.evidence(named, *addresses, signal("name", "acme-client"))] == ["acme-client"]


def test_a_repository_decides_under_a_go_module_of_several_parts_too(index: Index) -> None:
    (found,) = made.evidence(index, signal("purl", "pkg:golang/github.com/acme/donated/v2@v2.0.0"))
    assert (found.expected, found.relation) == ("github.com/acme/donated", "contributed")


@pytest.mark.parametrize("text", ["pkg:golang/github.com/jane/ac/me@v1.0.0", "pkg:golang/github.com/jane/tool/acme@v1.0.0"])
def test_only_owner_and_repository_are_read_for_words(text: str, named: Index) -> None:
    assert list(forge.match(signal("purl", text), named)) == []


def test_an_account_that_is_known_is_not_told_a_second_time_by_its_words() -> None:
    index = made.index_of(
        {"signal": "forge", "values": ["github.com/acme"]},
        {"signal": "word", "match": "token", "relation": "about", "strength": "mention", "values": ["acme"]},
    )
    assert [item.weaken for item in forge.match(signal("url", "https://github.com/acme/acme-client", "vcs"), index)] == [""]
    assert list(forge.match(signal("url", "https://github.com", "vcs"), index)) == []
