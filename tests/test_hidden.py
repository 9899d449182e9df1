"""Ways to write a maker so that a careless reader misses it, through the whole check in both formats."""

import pytest

from sbomguard.pack import Pack
from tests import made


@pytest.mark.parametrize(
    "part",
    [
        {"purl": "pkg:github/hua\twei/liteos@5.1"},
        {"purl": "pkg:github/hua%00wei/liteos@5.1"},
        {"purl": "pkg:npm/part@git%2Bhttps%3A%2F%2Fgitee.com%2Fopenharmony%2Fpart"},
        {"purl": "pkg:npm/part@git+https://github.com/huawei/part.git"},
        {"supplier": "ʜᴜᴀᴡᴇɪ"},
        {"supplier": "Hua\u200bwei"},
        {"supplier": "H u a w e i Technologies"},
    ],
    ids=lambda part: ascii(next(iter(part.values()))).replace("\\", ""),  # ids that the command line takes back
)
@pytest.mark.parametrize("form", sorted(made.FORMATS))
def test_a_hidden_maker_is_found(part: dict[str, str], form: str, pack: Pack) -> None:
    assert {item.vendor for item in made.findings({"name": "part", **part}, pack, form)} == {"huawei"}


@pytest.mark.parametrize("purl", ["pkg:github/hua%FFwei/liteos@5.1", "pkg:npm/%C3%28/x@1"])
def test_a_purl_in_broken_escapes_names_nobody(purl: str, pack: Pack) -> None:
    found = made.verdict([{"name": "part", "purl": purl}, {"name": "zlib", "supplier": "Example Works"}], pack)
    assert [item.name for item in found.unidentified] == ["part"]


@pytest.mark.parametrize("purls", [("pkg:npm/a%FF@1", "pkg:npm/b@1"), ("pkg:npm/b@1", "pkg:npm/a%FF@1")], ids=["first", "last"])
def test_a_broken_purl_takes_no_other_with_it(purls: tuple[str, ...], pack: Pack) -> None:
    found = made.verdict([{"name": purl, "purl": purl} for purl in purls], pack)
    assert [item.name for item in found.unidentified] == ["pkg:npm/a%FF@1"]
