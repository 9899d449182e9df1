"""What counts as unidentified: a component in which no value could name a maker, in whatever format."""

import json
from typing import Any

import pytest

from sbomguard import identity
from sbomguard.pack import Pack
from sbomguard.source import Source
from sbomguard.verdict import Allowance, Verdict
from tests import made
from tests.made import Description, component, signal

FILLERS = (
    "NOASSERTION", "NONE", "Unknown", "unknown", "N/A", "null", "TBD", "various", "third-party", "REDACTED", "-", "?", "...", " ", "\u200b",
    "\u00ad\u2060", "Ltd.", "Co., Ltd.", "有限公司", "OpenEmbedded", "OpenEmbedded ()", "Yocto", "Buildroot",
    "Debian", "Debian GNOME Maintainers", "Organization: Fedora Project", "OpenWrt",
    "123e4567-e89b-12d3-a456-426614174000", "d41d8cd98f00b204e9800998ecf8427e", "@VENDOR@", "${project.organization.name}",
)  # fmt: skip

WITHOUT_MAKER: dict[str, Description] = {
    "a bare name": {"name": "widget"},
    "a name and version": {"name": "widget", "version": "1.0"},
    "no name": {"version": "1.0"},
    "an empty name": {"name": ""},
    "a name of a UUID": {"name": "123e4567-e89b-12d3-a456-426614174000"},
    "a file name": {"name": "widget", "file": "/usr/lib/libwidget.so.1"},
    "a generic purl": {"name": "widget", "purl": "pkg:generic/widget@1.0"},
    "a generic purl with a namespace": {"name": "widget", "purl": "pkg:generic/acme/widget@1.0"},
    "a generic purl with a checksum": {"name": "widget", "purl": "pkg:generic/widget@1.0?checksum=sha256:00"},
    "a generic purl with an empty address": {"name": "widget", "purl": "pkg:generic/widget@1.0?download_url="},
    "a generic purl with an unsaid address": {"name": "widget", "purl": "pkg:generic/widget@1.0?download_url=NONE&file_name=a.tar.gz"},
    "a purl of an unheard-of type": {"name": "widget", "purl": "pkg:unheard-of/acme/widget@1.0"},
    "a distribution's purl without the distribution": {"name": "bash", "purl": "pkg:deb/bash@5.2?arch=amd64"},
    "the same with a slash elsewhere": {"name": "bash", "purl": "pkg:rpm/bash@5.2?upstream=bash/bash-5.2.src.rpm"},
    "a purl without a name": {"name": "widget", "purl": "pkg:npm/@1.0"},
    "text for a purl": {"name": "widget", "purl": "widget"},
    "a CPE of any vendor": {"name": "widget", "cpe": "cpe:2.3:a:*:widget:1.0:*:*:*:*:*:*:*"},
    "a CPE of no vendor": {"name": "widget", "cpe": "cpe:2.3:a:-:widget:1.0:*:*:*:*:*:*:*"},
    "a CPE of an empty vendor": {"name": "widget", "cpe": "cpe:/a::widget"},
    "text for a CPE": {"name": "widget", "cpe": "acme"},
    "an address without host": {"name": "widget", "url": "http://localhost/widget"},
    "an address by number": {"name": "widget", "url": "http://10.0.0.1/widget"},
    "a path for an address": {"name": "widget", "url": "file:///usr/src/widget"},
    "a supplier that is a web address without host": {"name": "widget", "supplier": "http://"},
}

WITH_MAKER: dict[str, Description] = {
    "a supplier": {"name": "widget", "supplier": "Acme Ltd"},
    "a supplier in another script": {"name": "widget", "supplier": "某某科技有限公司"},
    "a manufacturer beside an unsaid supplier": {"name": "widget", "manufacturer": "Acme", "supplier": "NOASSERTION"},
    "a publisher": {"name": "widget", "publisher": "Acme"},
    "an author": {"name": "widget", "author": "Jane Doe"},
    "a packager's address": {"name": "widget", "author": "Jane Doe <jane@debian.org>"},
    "an author's address": {"name": "widget", "author": "<jane@acme.example>"},
    "a supplier that is a web address": {"name": "widget", "supplier": "https://acme.example"},
    "a purl of a registry": {"name": "widget", "purl": "pkg:npm/widget@1.0"},
    "a purl with a namespace": {"name": "widget", "purl": "pkg:maven/com.acme/widget@1.0"},
    "a distribution's purl": {"name": "bash", "purl": "pkg:deb/debian/bash@5.2"},
    "a generic purl with a repository": {"name": "widget", "purl": "pkg:generic/widget@1?vcs_url=git%2Bhttps://git.acme.example/widget"},
    "a generic purl with a download": {"name": "widget", "purl": "pkg:generic/widget@1?download_url=https://acme.example/w.tgz"},
    "a CPE": {"name": "widget", "cpe": "cpe:2.3:a:acme:widget:1.0:*:*:*:*:*:*:*"},
    "an old CPE": {"name": "widget", "cpe": "cpe:/a:acme:widget"},
    "a download": {"name": "widget", "url": "https://downloads.acme.example/widget.tgz"},
    "a repository": {"name": "widget", "url": "git@git.acme.example:team/widget.git"},
    "an FCC ID": {"name": "radio", "type": "device", "fcc_id": "XYZWIDGET1"},
}


def unidentified(described: Description, pack: Pack, form: str, **options: Any) -> tuple[str, ...]:
    """The reasons why the component says not who made it: one or none."""
    return tuple(item.reason for item in made.verdict([described], pack, form, **options).unidentified)


@pytest.mark.parametrize("form", made.FORMATS)
@pytest.mark.parametrize("text", FILLERS)
def test_a_supplier_that_names_nobody_leaves_the_component_unidentified(text: str, form: str, pack: Pack) -> None:
    assert len(unidentified({"name": "widget", "supplier": text}, pack, form)) == 1


@pytest.mark.parametrize("form", made.FORMATS)
@pytest.mark.parametrize("why", WITHOUT_MAKER)
def test_what_names_no_maker_is_unidentified_with_a_reason(why: str, form: str, pack: Pack) -> None:
    reasons = unidentified(WITHOUT_MAKER[why], pack, form)
    assert len(reasons) == 1
    assert reasons[0]


@pytest.mark.parametrize("form", made.FORMATS)
@pytest.mark.parametrize("why", WITH_MAKER)
def test_what_could_name_a_maker_is_identified(why: str, form: str, pack: Pack) -> None:
    assert unidentified(WITH_MAKER[why], pack, form) == ()


@pytest.mark.parametrize("form", made.FORMATS)
def test_one_real_value_among_fillers_is_enough(form: str, pack: Pack) -> None:
    described = {"name": "widget", "supplier": "NOASSERTION", "purl": "pkg:generic/widget", "cpe": "cpe:2.3:a:acme:widget:1:*:*:*:*:*:*:*"}
    assert unidentified(described, pack, form) == ()


@pytest.mark.parametrize("form", made.FORMATS)
def test_the_reason_quotes_what_stood_in_the_field(form: str, pack: Pack) -> None:
    (reason,) = unidentified({"name": "widget", "supplier": "REDACTED"}, pack, form)
    assert "supplier" in reason
    assert "REDACTED" in reason


@pytest.mark.parametrize("form", made.FORMATS)
def test_a_bare_name_is_still_held_against_the_vendors(form: str, pack: Pack) -> None:
    verdict = made.verdict([{"name": "hisilicon-osdrv-hi3516ev200"}], pack, form)
    assert [finding.vendor for finding in verdict.findings] == ["huawei"]
    assert len(verdict.unidentified) == 1


MALFORMED = [
    {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"type": "library", "name": 5, "supplier": {"name": "Acme"}}]},
    {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"type": "library", "name": "w", "purl": ["pkg:npm/w"]}]},
    {"spdxVersion": "SPDX-2.3", "packages": [{"SPDXID": "SPDXRef-w", "name": "w", "supplier": {"name": "Acme"}}]},
    {"spdxVersion": "SPDX-2.3", "packages": [{"SPDXID": "SPDXRef-w", "name": "w", "externalRefs": "pkg:npm/w", "supplier": "Person: J"}]},
]


def verdict_on(document: dict[str, Any], pack: Pack) -> Verdict:
    from sbomguard.check import check

    return check([Source("made.json", json.dumps(document).encode())], pack, today=made.TODAY)


@pytest.mark.parametrize("document", MALFORMED)
def test_a_component_that_was_read_only_in_part_is_unidentified_and_no_pass(document: dict[str, Any], pack: Pack) -> None:
    verdict = verdict_on(document, pack)
    assert len(verdict.unidentified) == 1
    assert "could not be read" in verdict.unidentified[0].reason
    assert verdict.outcome == "incomplete"


@pytest.mark.parametrize("form", made.FORMATS)
def test_an_sbom_in_which_nothing_is_identified_is_incomplete(form: str, pack: Pack) -> None:
    verdict = made.verdict([{"name": "a"}, {"name": "b", "supplier": "NOASSERTION"}], pack, form)
    assert (verdict.outcome, len(verdict.unidentified)) == ("incomplete", 2)


@pytest.mark.parametrize("form", made.FORMATS)
@pytest.mark.parametrize(
    ("allowance", "outcome"),
    [
        (Allowance(), "pass"),
        (Allowance(count=0), "incomplete"),
        (Allowance(count=1), "pass"),
        (Allowance(percent=49.9), "incomplete"),
        (Allowance(percent=50), "pass"),
    ],
)
def test_the_allowance_decides_how_many_may_be_unidentified(allowance: Allowance, outcome: str, form: str, pack: Pack) -> None:
    described = [{"name": "a"}, {"name": "b", "supplier": "Acme"}]
    assert made.verdict(described, pack, form, allowance=allowance).outcome == outcome


@pytest.mark.parametrize("form", made.FORMATS)
def test_a_finding_outranks_the_unidentified(form: str, pack: Pack) -> None:
    described = [{"name": "a"}, {"name": "b", "supplier": "Huawei Technologies Co., Ltd."}]
    assert made.verdict(described, pack, form, allowance=Allowance(count=0)).outcome == "fail"


@pytest.mark.parametrize(
    ("kind", "value"),
    [("name", "Acme Widget"), ("file", "libacme.so"), ("party", "Unknown"), ("email", "root@localhost"), ("email", "nobody"), ("purl", "")],
)
def test_a_value_that_names_no_maker(kind: str, value: str) -> None:
    assert not identity.names_maker(signal(kind, value))
    assert identity.why_unidentified(component(signal(kind, value)))


@pytest.mark.parametrize(
    ("kind", "value"), [("party", "Acme"), ("email", "jane@acme.example"), ("url", "https://acme.example"), ("fcc-id", "XYZWIDGET1")]
)
def test_a_value_that_names_a_maker(kind: str, value: str) -> None:
    assert identity.names_maker(signal(kind, value))
    assert identity.why_unidentified(component(signal(kind, value))) == ""


def test_a_component_without_any_signal_has_no_name() -> None:
    assert identity.why_unidentified(component(name="")) == "it has no name"
