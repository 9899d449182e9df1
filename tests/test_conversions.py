"""The same SBOM in every format gives the same findings, the same unidentified components and the same ways to the product.

The law is held for what all formats can say (see `writers.Part`): name, version and type; supplier, maker and author; package URL and
CPE; where it is from and its website; a file, an FCC ID; what needs and what holds what.
"""

import importlib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sbomguard import pack as packs
from sbomguard.check import check
from sbomguard.model import Document
from sbomguard.policy import Policy
from sbomguard.source import Source
from sbomguard.verdict import Verdict
from tests import made, writers
from tests.readers import test_differential as differential
from tests.readers.test_corpus import CORPUS, manifest, read, source_of
from tests.test_properties import component_names, cpes, party_texts, purls, urls

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), max_size=12).map(str.strip).filter(bool)
"""One line, without white space around it: what every format can carry. (Tag-value has no marks to keep it with.)"""

SPELLINGS = [
    "HUAWEI\u00a0TECHNOLOGIES", "Huawei  Technologies", "ＺＴＥ　Corporation", "Hik\u00advision", "ZTE (USA), Inc.", "Kaspersky Lab & Co",
    "<Huawei>", "'DJI'", '"Dahua"', "Huawei: a company", "# Huawei", "华为\u2009技术有限公司", "ᴢᴛᴇ",
]  # fmt: skip
"""What one format or another has to escape, or could lose."""

parties = st.one_of(party_texts.filter(str.strip), st.sampled_from(SPELLINGS), TEXTS)

AUTHORS = ["Jane Roe <jane@example.com>", "Li Wei <liwei@huawei.com>", "Jane Kaspersky", "Huawei Tech. Co., Ltd."]


@cache
def shipped() -> packs.Pack:
    """The shipped policies, as no argument of a test: a failing example would print them whole."""
    return packs.load()


@st.composite
def sboms(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Up to six parts; each may need later ones, and stand in an earlier one."""
    count = draw(st.integers(1, 6))
    listed = []
    for number in range(count):
        part: dict[str, Any] = dict(draw(described))
        later = st.lists(st.integers(number + 1, count - 1), unique=True, max_size=2) if number + 1 < count else st.just([])
        part["needs"] = draw(later)
        if "manufacturer" in part:
            part.pop("author", None)  # SPDX 2 has one originator: the maker or the author
        if number and draw(st.integers(0, 3)) == 0:
            part["inside"] = draw(st.integers(0, number - 1))
        if "supplier" not in part:
            part.pop("address", None)
        listed.append(part)
    return listed


described = st.fixed_dictionaries(
    {"name": st.one_of(component_names, TEXTS)},
    optional={
        "version": st.one_of(st.sampled_from(["1", "2.0"]), TEXTS),
        "type": st.sampled_from(["library", "firmware", "device", "operating-system", "application"]),
        "supplier": parties,
        "manufacturer": parties,
        "author": st.sampled_from(AUTHORS),
        "purl": purls,
        "cpe": cpes,
        "url": urls,
        "website": urls,
        "vcs": urls,
        "address": st.sampled_from(["sales@huawei.com", "info@aurora.example", "x@mail.hikvision.com"]),
        "file": st.sampled_from(["/lib/libhikvision.so", "/usr/lib/libz.so", "/opt/libHCNetSDK.so"]),
        "fcc_id": st.sampled_from(["QISME909S-120", "2ABCB-RPI4B"]),
    },
)


def verdict(parts: list[dict[str, Any]], form: str) -> Verdict:
    return check([Source("made", writers.FORMATS[form](parts))], shipped(), today=made.TODAY)


def number_of(ref: str) -> int | None:
    """The number of a part, from its ref in any format; None for the product or the document."""
    name = ref.rpartition("#")[2].removeprefix("SPDXRef-")
    return int(name[1:]) if name[1:].isdigit() else None


ALONE = "of its parts none says who made it, only the product itself does"


def told(answer: Verdict) -> dict[str, Any]:
    """All that must not depend on the format. (Of several shortest ways to a part any may be shown: their length is compared.)"""
    assert not answer.failures
    return {
        "outcome": answer.outcome,
        "findings": Counter(
            (number_of(item.component.ref), item.component.name, item.component.version, item.rule, item.level, item.relation)
            for item in made.of_parts(answer.findings)
        ),
        "ways": {
            number_of(item.component.ref): sum(number_of(ref) is not None for ref in item.dependency_path)
            for item in made.of_parts(answer.findings)
        },
        "unidentified": sorted(number_of(item.ref) or 0 for item in answer.unidentified),
        "counted": [item.components for item in answer.documents],
        "odd": [problem.message for item in answer.documents for problem in (*item.problems, *item.gaps)],
    }


@given(sboms())
@settings(max_examples=30)
def test_the_same_sbom_in_every_format_gives_the_same_findings(parts: list[dict[str, Any]]) -> None:
    first, *others = writers.FORMATS
    want = told(verdict(parts, first))
    for form in others:
        got = told(verdict(parts, form))
        if ALONE in got["odd"]:  # what SPDX describes is a part here, and the product of CycloneDX stands beside the parts
            got["odd"].remove(ALONE)
            got["outcome"] = "pass" if (got["outcome"], want["outcome"]) == ("incomplete", "pass") else got["outcome"]
        assert {"format": form, **got} == {"format": form, **want}


def test_an_agent_without_a_name_names_nobody() -> None:
    """In every format but SPDX 3 a supplier without a name is none."""
    parts = [{"name": "part", "supplier": ""}]
    assert [form for form in writers.FORMATS if told(verdict(parts, form))["unidentified"] != [0]] == []


KEYS = frozenset("name version type supplier manufacturer author purl cpe url website vcs file fcc_id".split())


def can_be_said(item: made.Description) -> bool:
    """Whether all formats can say all of it."""
    return KEYS.issuperset(item) and bool(item.get("name")) and not {"manufacturer", "author"} <= item.keys()


@pytest.mark.parametrize("form", writers.FORMATS)
def test_every_example_of_a_vendor_file_is_the_same_in_every_format(form: str, shipped: Policy, pack: packs.Pack) -> None:
    """The examples that vendor files carry (covered, contributed, about, clear), where all formats can say them."""
    for vendor in shipped.vendors.values():
        examples = [item for items in vendor.examples.values() for item in items]
        parts = [item for item in examples if can_be_said(item)]
        one, other = (check([Source("made", writers.FORMATS[name](parts))], pack, today=made.TODAY) for name in (form, "cyclonedx-json"))
        assert told(one) == told(other), vendor.vendor


# ---- real documents, converted by the official libraries

CAP = 15_000
WRITERS = {"json": "json", "yaml": "yaml", "xml": "xml", "spdx": "tagvalue", "rdf.xml": "rdf"}
"""Ending -> writer of spdx-tools, in which the ending decides the form."""


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the repository")
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("form", ["CycloneDX", "SPDX"])
def test_real_documents_that_official_tools_convert_keep_their_findings(form: str, pack: packs.Pack, tmp_path: Path) -> None:
    compared = 0
    for row in manifest():
        if row["format"] != form or int(row["bytes"]) > CAP or not isinstance(read(row), Document):
            continue
        try:
            texts = by_cyclonedx(row) if form == "CycloneDX" else by_spdx_tools(row, tmp_path)
        except (Exception, SystemExit):  # the libraries abort on what is odd; some of what they read they cannot write
            continue
        first, *others = (told(check([Source("made", raw)], pack, today=made.TODAY)) for raw in texts.values())
        for answer in (first, *others):
            del answer["outcome"], answer["odd"]  # only YAML may have been cut short unseen, and says so
        assert others == [first] * len(others), row["path"]
        compared += 1
    assert compared >= 20


def by_cyclonedx(row: dict[str, str]) -> dict[str, bytes]:
    """The document as cyclonedx-python-lib writes it in both forms."""
    from cyclonedx.model import bom
    from cyclonedx.output import make_outputter
    from cyclonedx.schema import OutputFormat, SchemaVersion

    known = differential.official_bom(bom, source_of(row).data)
    return {
        form.name: make_outputter(known, form, SchemaVersion.V1_6).output_as_string().encode()
        for form in (OutputFormat.JSON, OutputFormat.XML)
    }


def by_spdx_tools(row: dict[str, str], folder: Path) -> dict[str, bytes]:
    """The document as spdx-tools writes it in all forms."""
    known = differential.parsed(row)
    for ending, name in WRITERS.items():
        writer = importlib.import_module(f"spdx_tools.spdx.writer.{name}.{name}_writer")
        writer.write_document_to_file(known, str(folder / f"made.{ending}"), validate=False)
    return {ending: (folder / f"made.{ending}").read_bytes() for ending in WRITERS}
