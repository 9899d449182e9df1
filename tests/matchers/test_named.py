"""Rules that name components themselves: by package URL, by name, and by version."""

from pathlib import Path
from typing import Any

import pytest

from sbomguard import pack as packs
from sbomguard.errors import PolicyError
from sbomguard.finding import Finding
from sbomguard.waiver import Waiver
from tests import made

LIST = """
list: our-own
title: What our products may not hold
authority: Product security
legal_basis: Purchasing rule 7
addressee: Our firmware teams
jurisdiction: DE
status: in-force
snapshot: {number: Rule 7, date: "2026-11-01"}
meaning: Components that our purchasing rule does not allow in a product.
entries:
  - entry: rule
    title: Parts that we took out
    components: COMPONENTS
    since: "2026-01-01"
    covers: [software]
    otherwise: note
    documents: [{number: Rule 7, date: "2026-01-01"}]
    meaning: These components are replaced in all products.
    confidence: confirmed
"""


def own(home: Path, components: str) -> packs.Pack:
    """A pack of a list that names those components (YAML flow style)."""
    (home / "own" / "lists").mkdir(parents=True, exist_ok=True)
    (home / "own" / "lists" / "our-own.yaml").write_text(LIST.replace("COMPONENTS", components), encoding="utf-8")
    return packs.load(str(home / "own"), shipped=False)


def found(home: Path, components: str, described: made.Description, form: str = "cyclonedx", **options: Any) -> tuple[Finding, ...]:
    return made.findings(described, own(home, components), form, **options)


PURLS = [
    ("pkg:npm/left-pad", "pkg:npm/left-pad@1.3.0", True),
    ("pkg:npm/left-pad", "pkg:npm/Left-Pad", True),
    ("pkg:npm/left-pad", "pkg:npm/left-pad2@1", False),
    ("pkg:npm/left-pad", "pkg:npm/%40acme/left-pad@1", False),
    ("pkg:npm/%40acme/pad", "pkg:npm/@acme/pad@1?arch=x#lib", True),
    ("pkg:pypi/acme-pad", "pkg:pypi/Acme.Pad@1", True),
    ("pkg:pypi/acme-pad", "pkg:pypi/%61cme_pad@1", True),
    ("pkg:pypi/acme-pad", "pkg:npm/acme-pad@1", False),
    ("pkg:golang/github.com/acme/pad", "pkg:golang/github.com/acme/pad@v1.0.0", True),
    ("pkg:golang/github.com/acme/pad", "pkg:golang/github.com/acme/pad/v2@v2.0.0", False),
    ("pkg:maven/com.acme/pad", "pkg:maven/com.acme/pad@1?type=jar", True),
    ("pkg:deb/debian/pad", "pkg:deb/ubuntu/pad@1", False),
    ("pkg:generic/q", "pkg:generic/q@1", True),
]


@pytest.mark.parametrize(("rule", "purl", "met"), PURLS)
@pytest.mark.parametrize("form", sorted(made.FORMATS))
def test_a_purl_names_the_package_in_every_spelling_and_version(rule: str, purl: str, met: bool, form: str, tmp_path: Path) -> None:
    findings = found(tmp_path, f"[{{purl: '{rule}'}}]", {"name": "part", "version": "9", "purl": purl}, form)
    assert [(item.rule, item.level, item.relation) for item in findings] == [("our-own/rule", "prohibited", "named")] * met
    if met:
        (evidence,) = findings[0].evidence
        assert (evidence.signal, evidence.expected, evidence.strength) == ("named", rule, "decisive")
        assert findings[0].location.place.line > 1
        assert findings[0].documents[0].number == "Rule 7"


NAMES = [
    ("pad", "pad", True),
    ("pad", "PAD", True),
    ("pad", "p\u200bad", True),
    ("pad", "left-pad", False),
    ("pad", "padding", False),
    ("left pad", "left-pad", False),
    ("++c", "++c", True),
    ("über", "ÜBER", True),
    ("模块", "模块", True),
]


@pytest.mark.parametrize(("rule", "name", "met"), NAMES)
@pytest.mark.parametrize("form", sorted(made.FORMATS))
def test_a_name_is_the_whole_name(rule: str, name: str, met: bool, form: str, tmp_path: Path) -> None:
    findings = found(tmp_path, f"[{{name: '{rule}'}}]", {"name": name, "purl": "pkg:npm/other@1"}, form)
    assert [item.rule for item in findings] == ["our-own/rule"] * met


def test_a_group_or_a_maker_of_that_name_is_not_the_component(tmp_path: Path) -> None:
    assert found(tmp_path, "[{name: pad}]", {"name": "other", "group": "pad", "supplier": "pad", "purl": "pkg:npm/pad@1"}) == ()


VERSIONS = [
    ("vers:npm/>=1.0|<2.0", "pkg:npm/pad@1.5.0", "", "prohibited"),
    ("vers:npm/>=1.0|<2.0", "pkg:npm/pad@2.0.0", "", ""),
    ("vers:npm/>=1.0|<2.0", "pkg:npm/pad@2.0.0", "1.5.0", ""),
    ("vers:npm/>=1.0|<2.0", "pkg:npm/pad", "1.5.0", "prohibited"),
    ("vers:npm/>=1.0|<2.0", "pkg:npm/pad", "3.0.0", ""),
    ("vers:npm/>=1.0|<2.0", "pkg:npm/pad", "", "review"),
    ("vers:npm/>=1.0|<2.0", "pkg:npm/pad@latest", "", "review"),
    ("vers:npm/>=1.0|<2.0", "pkg:npm/pad@" + "9" * 5000, "", "review"),
    ("vers:no-such-scheme/>=1.0|<2.0", "pkg:npm/pad@3.0.0", "", "review"),
    ("vers:npm/1.0.0|2.0.0", "pkg:npm/pad@2.0.0", "", "prohibited"),
    ("vers:npm/1.0.0|2.0.0", "pkg:npm/pad@1.5.0", "", ""),
]


@pytest.mark.parametrize(("versions", "purl", "version", "level"), VERSIONS)
def test_a_version_range_decides_and_where_it_cannot_the_rule_is_met(
    versions: str, purl: str, version: str, level: str, tmp_path: Path
) -> None:
    described = {"name": "pad", "purl": purl, **({"version": version} if version else {})}
    findings = found(tmp_path, f"[{{purl: 'pkg:npm/pad', versions: '{versions}'}}]", described)
    assert [item.level for item in findings] == [level] * bool(level)
    if level == "review":
        assert "so the rule counts as met" in findings[0].evidence[0].explanation
        assert "nobody can tell" in findings[0].why_level
        assert findings[0].remedy.startswith("Find out its version")


def test_a_name_with_a_range_goes_by_the_components_version(tmp_path: Path) -> None:
    rule = "[{name: pad, versions: 'vers:generic/<2.0'}]"
    assert [item.level for item in found(tmp_path, rule, {"name": "pad", "version": "1.9"})] == ["prohibited"]
    assert found(tmp_path, rule, {"name": "pad", "version": "2.0"}) == ()
    assert [item.level for item in found(tmp_path, rule, {"name": "pad"})] == ["review"]


def test_purl_and_name_must_both_hold(tmp_path: Path) -> None:
    rule = "[{purl: 'pkg:npm/pad', name: Pad}]"
    assert len(found(tmp_path, rule, {"name": "pad", "purl": "pkg:npm/pad@1"})) == 1
    assert found(tmp_path, rule, {"name": "other", "purl": "pkg:npm/pad@1"}) == ()
    assert found(tmp_path, rule, {"name": "pad", "purl": "pkg:npm/other@1"}) == ()


def test_another_class_has_the_level_of_otherwise(tmp_path: Path) -> None:
    described = {"name": "pad", "type": "device", "purl": "pkg:generic/pad@1"}
    assert [item.level for item in found(tmp_path, "[{purl: 'pkg:generic/pad'}]", described)] == ["note"]


def test_a_rule_counts_from_its_day_on_and_where_its_list_is_chosen(tmp_path: Path) -> None:
    described = {"name": "pad", "purl": "pkg:npm/pad@1"}
    assert found(tmp_path, "[{purl: 'pkg:npm/pad'}]", described, as_of="2025-12-31") == ()
    own(tmp_path, "[{purl: 'pkg:npm/pad'}]")
    pack = packs.load(str(tmp_path / "own"))
    assert [item.rule for item in made.findings(described, pack)] == ["our-own/rule"]
    assert made.findings(described, pack, lists=("fcc-covered-list",)) == ()


def test_a_waiver_lifts_it(tmp_path: Path) -> None:
    waiver = Waiver(rule="our-own/rule", reason="Built without it", owner="A. Person", expires=made.TODAY, purl="pkg:npm/pad")
    verdict = made.verdict([{"name": "pad", "purl": "pkg:npm/pad@1"}], own(tmp_path, "[{purl: 'pkg:npm/pad'}]"), waivers=(waiver,))
    assert [item.waiver is not None for item in verdict.findings] == [True]
    assert verdict.outcome == "pass"


def test_the_fingerprint_outlives_the_version(tmp_path: Path) -> None:
    prints = {found(tmp_path, "[{name: pad}]", {"name": "pad", "version": version})[0].fingerprint for version in ("1", "2")}
    assert len(prints) == 1


def test_rules_are_found_among_thousands_of_components(tmp_path: Path) -> None:
    pack = own(tmp_path, "[{purl: 'pkg:npm/%40acme/pad'}, {name: q}, {name: 模块}]")
    many = [{"name": f"part{number}", "purl": f"pkg:npm/part{number}@1", "supplier": "Aurora GmbH"} for number in range(3000)]
    many[700]["purl"], many[1400]["name"], many[2100]["name"] = "pkg:npm/%40Acme/pad@7", "Q", "模块"
    findings = made.verdict(many, pack).findings
    assert sorted(made.number_of(item.component.ref) for item in findings) == [700, 1400, 2100]


FAULTS = [
    ("[{versions: 'vers:npm/1'}]", "purl' or 'name"),
    ("[{purl: 'pkg:npm/pad@1'}]", "more than type"),
    ("[{purl: 'pkg:npm/pad?arch=x'}]", "more than type"),
    ("[{purl: 'pkg:npm'}]", "is no package URL"),
    ("[{name: '++'}]", "has no letter or digit"),
    ("[{name: pad, versions: 'vers:npm/'}]", "is no version range"),
    ("[{name: pad, versions: 'vers:maven/[1,2]'}]", "is no version range"),
    ("[{name: pad, versions: 'vers:npm/>=1.0|>=2.0|<3'}]", "is no version range of the scheme npm"),
    ("[{name: pad, versions: 'vers:npm/>=abc'}]", "is no version range of the scheme npm"),
    ("[{name: pad, versions: 'vers:npm/*'}]", "leave it out"),
    ("[{name: pad, versions: 'vers:none/*'}]", "leave it out"),
    ("[{name: pad, version: '1'}]", "version"),
    ("[]", "non-empty"),
]


@pytest.mark.parametrize(("components", "words"), FAULTS)
def test_a_rule_that_cannot_be_right_is_refused(components: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        own(tmp_path, components)
    assert words in str(caught.value)
    assert f"{tmp_path}/own/lists/our-own.yaml" in str(caught.value)
    assert "line " in str(caught.value)
