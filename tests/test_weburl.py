"""URLs and git remotes in every usual spelling come to one host and path; what has no host is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sbomguard import weburl

GIT_URLS = (
    "https://github.com/acme/widget",
    "https://github.com/acme/widget/",
    "HTTPS://GitHub.com/acme/widget",
    "http://github.com/acme/widget",
    "https://www.github.com/acme/widget",
    "https://github.com:443/acme/widget",
    "https://github.com./acme/widget",
    "https://user:word@github.com/acme/widget",
    "https://x-access-token:t0k3n@github.com/acme/widget",
    "https://github.com//acme//widget",
    "https:////github.com/acme/widget",
    "https:/github.com/acme/widget",
    "https:\\\\github.com\\acme\\widget",
    "https://github.com/acme/widget?ref=main",
    "https://github.com/acme/widget#readme",
    "  https://github.com/acme/widget\n",
    "git://github.com/acme/widget",
    "ssh://git@github.com/acme/widget",
    "ssh://git@github.com:22/acme/widget",
    "git+ssh://git@github.com/acme/widget",
    "git+https://github.com/acme/widget",
    "git+http://github.com/acme/widget",
    "git@github.com:acme/widget",
    "github.com:acme/widget",
    "git@github.com:/acme/widget",
    "scm:git:https://github.com/acme/widget",
    "scm:git:git@github.com:acme/widget",
    "scm:git:ssh://git@github.com/acme/widget",
    "scm:https://github.com/acme/widget",
    "scm:git|https://github.com/acme/widget",
    "git+git@github.com:acme/widget",
    "svn+https://github.com/acme/widget",
    "//github.com/acme/widget",
    "github.com/acme/widget",
    "www.github.com/acme/widget",
    "https://github.com/%61cme/widget",
    "https://github%2Ecom/acme/widget",
    "https://ｇｉｔｈｕｂ.com/acme/widget",
    "https://github。com/acme/widget",
)

NO_HOST = (
    "", " ", "NOASSERTION", "NONE", "none", "unknown", "widget", "acme/widget", "./widget", "../widget.tar", "/usr/lib/widget", "#readme",
    "http://", "https:///", "http://localhost/widget", "http://localhost:8080", "https://10.0.0.1/widget", "https://192.168.0.1:8443/",
    "http://[::1]/widget", "file:///usr/lib/libwidget.so", "file:///libwidget.so.gz", "file:widget.tar.gz", "http://.", "http://..",
    "http://-.com", "mailto:", "urn:uuid:123e4567-e89b-12d3-a456-426614174000", "data:text/plain,x.y", "C:\\Users\\me\\widget.dll", "a b.c",
)  # fmt: skip


@pytest.mark.parametrize("text", GIT_URLS)
def test_every_spelling_of_a_repository_comes_to_one(text: str) -> None:
    assert weburl.parse(text) == weburl.Url("github.com", ("acme", "widget"))


@pytest.mark.parametrize("text", NO_HOST)
def test_what_has_no_host_name_is_none(text: str) -> None:
    assert weburl.parse(text) is None


@pytest.mark.parametrize(
    ("text", "host", "path"),
    [
        ("https://a.b.acme.co.uk:8443/x/y.tgz?z=1", "a.b.acme.co.uk", ("x", "y.tgz")),
        ("ftp://ftp.acme.example/pub", "ftp.acme.example", ("pub",)),
        ("https://acme.example", "acme.example", ()),
        ("acme.example", "acme.example", ()),
        ("https://acme.example@evil.example/x", "evil.example", ("x",)),
        ("https://evil.example/https://acme.example", "evil.example", ("https:", "acme.example")),
        ("https://evil.example#acme.example", "evil.example", ()),
        ("https://evil.example?u=acme.example", "evil.example", ()),
        ("git@git.acme.example:2222/team/widget", "git.acme.example", ("team", "widget")),
        ("git@gitlab.acme.example:team/sub/widget", "gitlab.acme.example", ("team", "sub", "widget")),
        ("https://acme.example/a%20b/%E5%8D%8E", "acme.example", ("a b", "华")),
        ("https://xn--80ak6aa92e.example/", "xn--80ak6aa92e.example", ()),
    ],
)
def test_the_host_is_the_one_that_a_browser_or_git_would_ask(text: str, host: str, path: tuple[str, ...]) -> None:
    assert weburl.parse(text) == weburl.Url(host, path)


@pytest.mark.parametrize(
    ("authority", "host"),
    [
        ("Acme.Example", "acme.example"),
        ("www.acme.example", "acme.example"),
        ("user@acme.example:8080", "acme.example"),
        ("acme.example.", "acme.example"),
        (" acme.example ", "acme.example"),
        ("acme", ""),
        ("1.2.3.4", ""),
        ("", ""),
        ("www.com", ""),
        ("acme..example", ""),
        ("acme.example>", ""),
    ],
)
def test_a_host_name_is_folded(authority: str, host: str) -> None:
    assert weburl.host_name(authority) == host


@given(st.text() | st.text(st.sampled_from("htps:/@.ac1-%2[]\\ \n#?")))
def test_no_text_makes_the_reader_fail_and_hosts_are_plain(text: str) -> None:
    parsed = weburl.parse(text)
    if parsed:
        assert parsed.host == weburl.host_name(parsed.host)
        assert parsed.host.isascii()
        assert "." in parsed.host


LABEL = st.from_regex(r"[a-z][a-z0-9]{0,6}", fullmatch=True)


@given(
    host=st.lists(LABEL.filter(lambda label: label != "www"), min_size=2, max_size=4).map(".".join),
    path=st.lists(LABEL, min_size=1, max_size=4),
)
def test_scheme_user_and_port_do_not_matter(host: str, path: list[str]) -> None:
    tail = "/".join(path)
    spellings = (f"https://{host}/{tail}", f"git+ssh://git@{host}:22/{tail}", f"git@{host}:{tail}", f"//{host.upper()}/{tail}")
    assert {weburl.parse(text) for text in spellings} == {weburl.Url(host, tuple(path))}


@given(st.from_regex(r"https?://[a-z0-9.:@_-]{0,12}[/?#]?[a-z]{0,3}", fullmatch=True))
def test_a_host_is_named_where_one_is_found(text: str) -> None:
    assert weburl.names_host(text) == (weburl.parse(text) is not None)


@pytest.mark.parametrize(
    "text", ["https://www.x", "https://www.x/y", "https://www.x.org", "https://a..b", "https://1.2.3.4/", "https://-.x/"]
)
def test_odd_hosts_are_named_only_where_one_is_found(text: str) -> None:
    assert weburl.names_host(text) == (weburl.parse(text) is not None)
