"""The net under the fields: a vendor who is named where nobody reads is at least a note, and what was read is not told twice."""

import json
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

import pytest

from sbomguard.check import check
from sbomguard.finding import Finding
from sbomguard.matchers import net
from sbomguard.matchers.build import build
from sbomguard.pack import Pack
from sbomguard.source import Source
from sbomguard.verdict import Verdict
from tests import made

PART = {"bom-ref": "c0", "type": "library", "name": "zlib", "version": "1.3", "supplier": {"name": "Example Works"}}


def on(data: bytes, pack: Pack, **options: Any) -> Verdict:
    return check([Source("made", data)], pack, **{"today": made.TODAY, **options})


def cyclonedx(part: dict[str, Any], **top: Any) -> bytes:
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{**PART, **part}], **top}).encode()


HEAD = {"bomFormat": "CycloneDX", "specVersion": "1.6"}
TAGS = """SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: made
DocumentNamespace: https://example.com/made\nCreator: Tool: by-hand\nCreated: 2026-01-01T00:00:00Z
PackageName: zlib\nSPDXID: SPDXRef-a\nPackageDownloadLocation: NOASSERTION\n"""


def xml(text: str) -> bytes:
    return f"""<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components><component type="library"><name>zlib</name>
<description>{text}</description></component></components></bom>""".encode()


def all_escaped(text: str) -> bytes:
    return "".join(f"\\u{ord(letter):04x}" for letter in text).encode()


def notes(verdict: Verdict) -> list[Finding]:
    """The notes of documents, as against those of components."""
    assert all(item.level == "note" for item in verdict.findings if item.component.type == "document")
    return [item for item in verdict.findings if item.component.type == "document"]


def named(data: bytes, pack: Pack) -> set[str]:
    return {item.vendor for item in notes(on(data, pack))}


@pytest.mark.parametrize(
    "part",
    [
        {"description": "Driver for Huawei modems"},
        {"copyright": "(c) 2024 HISILICON LTD."},
        {"licenses": [{"license": {"name": "own", "text": {"content": "Granted by\nHuawei\nto all"}}}]},
        {"x-unknown": {"deep": ["ZTE", "Huawei"]}},
        {"version": "1.3-huawei2"},
        {"properties": [{"name": "note", "value": "/opt/libhuawei_agent/readme"}]},
        {"hashes": [], "swid": {"tagId": "x", "name": "华为"}},
    ],
    ids=lambda part: next(iter(part)),
)
def test_a_name_in_a_member_that_gives_no_value_is_a_note(part: dict[str, Any], pack: Pack) -> None:
    assert "huawei" in named(cyclonedx(part), pack)


@pytest.mark.parametrize(
    "data",
    [
        b'{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","name":"zlib","x":"\\u0048u\\u0061wei"}]}',
        b'{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","name":"zlib","x":"\\u534e\\u4e3a"}]}',
        b'{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","name":"zlib","x":"by\\nHuawei"}]}',
        b'<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components><component type="library"><name>zlib</name>'
        b"<description>by &#72;uawei</description></component></components></bom>",
        b'<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><!-- from Huawei --><components><component type="library"><name>zlib</name>'
        b"</component></components></bom>",
        b"SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: made\n# huawei\n"
        b"DocumentNamespace: https://example.com/made\nCreator: Tool: by-hand\nCreated: 2026-01-01T00:00:00Z\n"
        b"PackageName: zlib\nSPDXID: SPDXRef-a\nPackageDownloadLocation: NOASSERTION\n",
        json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "x": "来自华为"}, ensure_ascii=False).encode(),
    ],
    ids=["json letters", "json native", "json line", "xml reference", "xml comment", "tag-value comment", "native"],
)
def test_escapes_are_undone_and_comments_are_text(data: bytes, pack: Pack) -> None:
    assert named(data, pack) == {"huawei"}


@pytest.mark.parametrize(
    "text",
    [
        "aztec", "ZTEX", "ZTEq", "djinni", "PathVariableChangeEvent", "Aztec Labs", "szte", "madahua", "Copyright Dahua Lin", "", "huawe",
        "大华银行",
    ],
)  # fmt: skip
def test_a_part_of_another_word_and_a_namesake_are_no_mention(text: str, pack: Pack) -> None:
    data = cyclonedx({"description": f"see {text} here"})
    assert named(data, pack) == set()
    assert named(data.replace(json.dumps(text)[1:-1].encode(), all_escaped(text)), pack) == set()


BETWEEN = {
    "blank": " ", "blanks": "  ", "tab": "\t", "line": "\n", "wrapped line": "\r\n      ", "no-break space": "\u00a0",
    "wide space": "\u3000", "hyphen": "-", "hyphens": "--", "no-break hyphen": "\u2011", "dash": "\u2013", "underscore": "_",
    "full stop": ".", "slash": "/", "backslash": "\\", "nothing": "",
}  # fmt: skip
"""What may stand between the words of a name."""

TEXTS: dict[str, Callable[[str], bytes]] = {
    "json": lambda text: cyclonedx({"description": f"see {text} here"}),
    "json, not escaped": lambda text: json.dumps({**HEAD, "x": f"see {text} here"}, ensure_ascii=False).encode(),
    "json, all escaped": lambda text: b'{"bomFormat":"CycloneDX","specVersion":"1.6","x":"%b"}' % all_escaped(f"see {text} here"),
    "json, slashes escaped": lambda text: cyclonedx({"description": f"see {text} here"}).replace(b"/", b"\\/"),
    "spdx json": lambda text: made.spdx([{"name": "zlib"}], comment=f"see {text} here"),
    "xml": lambda text: xml(escape(f"see {text} here")),
    "xml, all escaped": lambda text: xml("".join(f"&#{ord(sign)};" for sign in f"see {text} here")),
    "xml, blanks escaped": lambda text: xml("".join(f"&#x{ord(sign):x};" if sign.isspace() else sign for sign in f"see {text} here")),
    "tag-value": lambda text: f"{TAGS}PackageComment: <text>see {text} here</text>\n".encode(),
}


@pytest.mark.parametrize("form", TEXTS)
@pytest.mark.parametrize("between", BETWEEN)
@pytest.mark.parametrize(
    ("first", "second", "vendor"),
    [("AUTEL", "Robotics", "autel-robotics"), ("pacifiC", "networkS", "pacific-networks-comnet"), ("зТе", "связьТЕХнологии", "zte")],
)
def test_a_name_of_two_words_is_found_whatever_parts_them(
    first: str, second: str, vendor: str, between: str, form: str, pack: Pack
) -> None:
    data = TEXTS[form](f"{first}{BETWEEN[between]}{second}")
    found = notes(on(data, pack))
    assert {item.vendor for item in found} == {vendor}
    assert all(item.evidence[0].explanation == "named in a place that gives no value of a component" for item in found)
    assert all(item.evidence[0].expected in item.evidence[0].found for item in found)


@pytest.mark.parametrize("form", TEXTS)
@pytest.mark.parametrize(
    "text",
    [
        "Autel", "Robotics", "Robotics Autel", "Autel drone Robotics", "Autel, Robotics", "Autel. Robotics", "Autel: Robotics",
        "Autel (Robotics)", "Autel & Robotics", "Autel - Robotics", 'Autel" and "Robotics', "Autel </b> Robotics", "Autel Robot ics",
        "xAutel Robotics", "xAutelRobotics", "x-AutelxRobotics", "Indochina-Mobile", "in China. Mobile phones", "Asia-Pacific-Networks",
        "Asia-PacificNetworks", "зтесь связь", "ЗТЕ и Связьтехнологии",
    ],
)  # fmt: skip
def test_other_words_around_the_same_are_no_mention(text: str, form: str, pack: Pack) -> None:
    assert named(TEXTS[form](text), pack) == set()


@pytest.mark.parametrize(
    "data",
    [
        b'{"bomFormat":"CycloneDX","specVersion":"1.6","x":["Autel","Robotics"],"y":{"Autel":"Robotics"}}',
        xml("<x xmlns='urn:x'><y>Autel</y>\n<y>Robotics</y>Autel<br/>Robotics</x>"),
    ],
    ids=["json", "xml"],
)
def test_words_in_texts_of_their_own_are_no_name(data: bytes, pack: Pack) -> None:
    assert named(data, pack) == set()


@pytest.mark.parametrize(
    ("name", "text", "number"),
    [
        ("In Tele", "in-tele", 1), ("In Tele", "intele", 0),
        ("G Data", "G-Data, g_data and the G\nData", 3), ("G Data", "gdata, data and data-g", 0),
        ("Open Works", "Open-Works, THE/OPENWORKS and open  works", 3), ("Open Works", "open, works and works open", 0),
        ("Q I", "q i", 1), ("Q I", "qi and quick", 0),
    ],
)  # fmt: skip
def test_a_name_of_short_or_common_words_is_found_where_it_is_told_from_others(name: str, text: str, number: int) -> None:
    index = made.index_of({"signal": "party", "match": "token", "values": [name]})
    assert [item.number for item in net.mentions(json.dumps({"x": text}).encode(), (), index, {"acme"}, ())] == [number] * bool(number)


@pytest.mark.parametrize(
    ("text", "vendors"),
    [
        ("zedrobots, zed-robots", {"robots"}), ("zedro-inns", {"inns"}), ("zedroinns", {"inns"}), ("zed and zedro", set()),
        ("yonderworks", {"joined"}), ("Yonder-Works", {"parted"}), ("yonderworks yonder works", {"joined", "parted"}),
    ],
)  # fmt: skip
def test_names_that_begin_alike_are_told_apart(text: str, vendors: set[str]) -> None:
    names = {"robots": "Zed Robots", "inns": "Zedro Inns", "joined": "Yonderworks", "parted": "Yonder Works"}
    index = build(made.vendor({"signal": "party", "match": "token", "values": [name]}, name=vendor) for vendor, name in names.items())
    found = net.mentions(json.dumps({"x": text}).encode(), (), index, set(names), ())
    assert {item.vendor for item in found} == vendors


@pytest.mark.parametrize(
    "text", ["Касперского", "КАСПЕРСКОГО", "ЛАБОРАТОРИЯ Касперского", "лаборатория КасперскОГО", "кАСПЕРСКОГО", "КаСпЕрСкОгО"]
)
@pytest.mark.parametrize("form", TEXTS)
def test_a_name_in_another_script_is_found_in_any_case(text: str, form: str, pack: Pack) -> None:
    assert len(named(TEXTS[form](text), pack)) == 1


@pytest.mark.parametrize("text", ["касса", "Касперский", "акр"])
@pytest.mark.parametrize("form", TEXTS)
def test_a_word_that_begins_as_a_name_does_is_none(text: str, form: str, pack: Pack) -> None:
    assert named(TEXTS[form](text), pack) == set()


@pytest.mark.parametrize("spelt", ["autelrobotics", "autel-robotics", "autel.robotics", "autel_robotics"])
@pytest.mark.parametrize("again", ["autelrobotics", "autel-robotics", "autel.robotics", "autel_robotics"])
def test_a_longer_word_that_holds_a_name_is_told_in_every_spelling(spelt: str, again: str, pack: Pack) -> None:
    part = {"purl": f"pkg:maven/com.{spelt}.sdk/core@1", "supplier": {"name": "Autel Robotics Co., Ltd."}}
    assert named(cyclonedx({**part, "description": f"see com.{again}.sdk here"}), pack) == set()
    assert named(cyclonedx({**part, "description": f"see org.{again}.sdk here"}), pack) == {"autel-robotics"}


@pytest.mark.parametrize(
    "spelt", ["Autel Robotics", "autel-robotics", "AutelRobotics", "autel_robotics", "autel.robotics", "Autel  Robotics"]
)
@pytest.mark.parametrize("again", ["Autel Robotics", "autel-robotics", "AutelRobotics", "autel_robotics"])
def test_what_was_told_in_one_spelling_is_not_told_again_in_another(spelt: str, again: str, pack: Pack) -> None:
    part = {"name": f"{spelt}-sdk", "supplier": {"name": "Autel Robotics Co., Ltd."}}
    assert named(cyclonedx({**part, "description": f"{again}-sdk"}), pack) == set()
    assert named(cyclonedx({**part, "description": f"{again} drones"}), pack) == {"autel-robotics"}


@pytest.mark.parametrize("form", sorted(made.FORMATS))
@pytest.mark.parametrize(
    "part",
    [
        {"name": "agent", "supplier": "Huawei Technologies Co., Ltd.", "version": "2"},
        {"name": "huawei-lte-api", "purl": "pkg:pypi/huawei-lte-api@2.0", "supplier": "Example Works", "version": "2.0"},
        {"name": "sdk", "purl": "pkg:npm/%40huaweicloud/sdk@1", "version": "1"},
        {"name": "agent", "url": "https://www.huawei.com/agent", "supplier": "Example Works"},
    ],
    ids=["supplier", "name", "purl", "url"],
)
def test_what_a_component_told_is_not_told_again(part: dict[str, str], form: str, pack: Pack) -> None:
    verdict = made.verdict([part], pack, form)
    assert verdict.findings
    assert not notes(verdict)


def test_what_a_component_of_an_xml_document_told_is_not_told_again(pack: Pack) -> None:
    data = b"""<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components><component type="library">
<supplier><name>Huawei Technologies Co., Ltd.</name></supplier><name>huawei-agent</name><version>2</version>
<purl>pkg:npm/huawei-agent@2</purl></component></components></bom>"""
    assert made.of_parts(on(data, pack).findings)
    assert named(data, pack) == set()


def test_all_values_of_a_component_that_was_met_are_told_and_of_others_only_names() -> None:
    index = made.index_of({"signal": "party", "match": "token", "values": ["Zedtronic"]})
    part = made.component(made.signal("party", "Zedtronic GmbH"), made.signal("url", "https://zed.example/zedtronic/agent"), name="agent")
    data = b'{"x": "Zedtronic GmbH", "y": "https://zed.example/zedtronic/agent"}'
    assert net.mentions(data, [part], index, {"acme"}, {(part.pointer, "acme")}) == ()
    (found,) = net.mentions(data, [part], index, {"acme"}, ())
    assert (found.text, found.number) == ("https://zed.example/zedtronic/agent", 1)
    assert data[found.start : found.end] == b"zedtronic"
    (found,) = net.mentions(b'{"x": "Zedtronic GmbH Zedtronic"}', [part], index, {"acme"}, ())
    assert found.number == 1


def test_refs_and_paths_that_repeat_a_name_are_told(pack: Pack) -> None:
    part = {
        "bom-ref": "pkg:npm/huawei-agent@1?package-id=12", "name": "huawei-agent", "version": "1",
        "properties": [{"name": "path", "value": "/srv/huawei-agent/package.json"}],
    }  # fmt: skip
    edges = [{"ref": "c9", "dependsOn": ["pkg:npm/huawei-agent@1?package-id=12"]}]
    assert named(cyclonedx(part, dependencies=edges), pack) == set()
    assert named(cyclonedx(part, dependencies=edges, comment="of Huawei"), pack) == {"huawei"}


@pytest.mark.parametrize("text", ["{} wrote it", "{}", "(c) 2024 {}. All rights reserved.", "this was written by {}"])
def test_a_maker_is_told_wherever_a_text_repeats_the_whole_name(text: str, pack: Pack) -> None:
    maker = "Huawei Technologies Co., Ltd."
    assert named(cyclonedx({"supplier": {"name": maker}, "copyright": text.format(maker)}), pack) == set()
    assert named(cyclonedx({"supplier": {"name": maker}, "copyright": text.format("Huawei Cloud")}), pack) == {"huawei"}


def test_a_value_that_was_read_and_met_nobody_is_still_a_note(pack: Pack) -> None:
    assert named(cyclonedx({"purl": "pkg:nuget/My.Kaspersky.Sdk@1"}), pack) == {"kaspersky"}


def test_a_namesake_is_none_where_it_is_all_there_is_of_a_text(pack: Pack) -> None:
    assert named(cyclonedx({"copyright": "Dahua Lin"}), pack) == set()


def test_a_namesake_among_the_parties_stays_silent(pack: Pack) -> None:
    assert on(cyclonedx({"supplier": {"name": "Dahua Lin"}, "copyright": "Dahua Lin"}), pack).findings == ()


def test_there_is_one_note_for_a_vendor_with_the_first_place_and_the_number(pack: Pack) -> None:
    data = cyclonedx({"description": "of Huawei", "copyright": "Huawei, Hikvision", "x": "HUAWEI"})
    found = notes(on(data, pack))
    assert [(item.vendor, item.rule) for item in found] == [
        ("huawei", "fcc-covered-list/huawei"), ("hikvision", "fcc-covered-list/hikvision"),
    ]  # fmt: skip
    assert "in 3 places" in found[0].message
    place = found[0].location.place
    assert data.split(b"\n")[place.line - 1][place.column - 1 : place.end_column - 1] == b"Huawei"
    assert (found[0].relation, found[0].evidence[0].strength) == ("about", "mention")


def test_a_note_shows_the_text_around_the_name(pack: Pack) -> None:
    (found,) = notes(on(cyclonedx({"description": f"{'before ' * 20}by Huawei for us {'after ' * 20}"}), pack))
    shown = found.evidence[0].found
    assert "before by huawei for us after" in shown
    assert len(shown) < 140
    assert found.evidence[0].expected == "huawei"


@pytest.mark.parametrize("text", ["by Huawei", "by Huawei\nfor us", "Found\\by Huawei\tand", 'of "by Huawei"'])
def test_a_note_shows_no_more_than_the_text_that_the_name_stands_in(text: str, pack: Pack) -> None:
    (found,) = notes(on(cyclonedx({"description": text}), pack))
    assert found.evidence[0].found == "by huawei"


@pytest.mark.parametrize("word", ["касперского", "Касперского", "КАСПЕРСКОГО", "зте связьтехнологии", "ЗТЕ СВЯЗЬТЕХНОЛОГИИ"])
@pytest.mark.parametrize("escaped", [True, False])
def test_names_in_other_scripts_are_found_in_either_case(word: str, escaped: bool, pack: Pack) -> None:
    data = json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "x": f"от {word}"}, ensure_ascii=escaped).encode()
    assert len(named(data, pack)) == 1


def test_of_escaped_words_that_hold_a_name_the_one_that_is_it_counts(pack: Pack) -> None:
    assert named(cyclonedx({"description": "X"}).replace(b'"X"', b'"\\u005aTE and a\\u007atec"'), pack) == {"zte"}


@pytest.mark.parametrize("text", ["xhuawei by \\u0048uawei", "x\\u0068uawei by \\u0048uawei", "Huawei and \\u0048uawei"])
def test_a_name_in_escapes_counts_beside_words_that_only_hold_it(text: str, pack: Pack) -> None:
    assert named(b'{"bomFormat":"CycloneDX","specVersion":"1.6","x":"%b"}' % text.encode(), pack) == {"huawei"}


def test_a_short_name_in_escapes_counts_beside_words_that_only_hold_it(pack: Pack) -> None:
    assert named(b'{"bomFormat":"CycloneDX","specVersion":"1.6","x":"a\\u007atec and \\u005aTE"}', pack) == {"zte"}


def test_names_of_letters_beyond_sixteen_bits_are_found_in_escapes() -> None:
    index = made.index_of({"signal": "party", "match": "token", "values": ["\U00020000\U00020001"]})
    data = json.dumps({"x": "by \U00020000\U00020001"}).encode()
    assert [item.vendor for item in net.mentions(data, (), index, {"acme"}, ())] == ["acme"]


@pytest.mark.parametrize("shift", range(4))
def test_a_name_amid_a_long_text_in_another_script_is_found(shift: int, pack: Pack) -> None:
    text = f"{'x' * shift}{'例' * 9000} 华为 Hikvision {'例' * 9000}"
    data = json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "x": text}, ensure_ascii=False).encode()
    assert named(data, pack) == {"huawei", "hikvision"}
    escaped = text.replace("Hikvision", "&#72;ikvision")
    data = f'<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components/><x xmlns="urn:x">{escaped}</x></bom>'.encode()
    assert named(data, pack) == {"huawei", "hikvision"}


def test_notes_change_the_outcome_only_where_notes_fail(pack: Pack) -> None:
    data = cyclonedx({"description": "of Huawei"})
    assert on(data, pack).outcome == "pass"
    assert on(data, pack, fail_on="note").outcome == "fail"


def test_only_vendors_of_the_chosen_lists_are_looked_for(pack: Pack) -> None:
    data = cyclonedx({"description": "of Huawei and Kaspersky"})
    assert {item.vendor for item in notes(on(data, pack, lists=("us-commerce-kaspersky",)))} == {"kaspersky"}


def test_a_name_of_two_vendors_is_a_mention_of_those_that_are_looked_for() -> None:
    block = {"signal": "party", "match": "core", "values": ["Zedtronic"]}
    index = build([made.vendor(block, name="acme"), made.vendor(block, name="other")])
    for wanted in ((), ("acme",), ("other",), ("acme", "other")):
        assert [item.vendor for item in net.mentions(b'{"x": "by Zedtronic"}', (), index, wanted, ())] == list(wanted)


def test_of_very_many_mentions_some_are_counted() -> None:
    index = made.index_of({"signal": "party", "match": "core", "values": ["Zedtronic"]})
    for there, counted in ((net.MOST - 1, net.MOST - 1), (net.MOST, net.MOST), (net.MOST + 2, net.MOST)):
        (found,) = net.mentions(b'{"x": [%b]}' % b",".join([b'"by Zedtronic"'] * there), (), index, {"acme"}, ())
        assert found.number == counted


@pytest.mark.parametrize("shift", range(-1, 8))
def test_a_name_at_the_seam_of_two_pieces_is_found_once(shift: int, pack: Pack) -> None:
    bare = cyclonedx({"description": " Huawei"})
    filler = "x" * (net.PIECE - shift - bare.index(b"Huawei"))
    data = cyclonedx({"description": f"{filler} Huawei"})
    assert data.index(b"Huawei") == net.PIECE - shift
    assert [item.evidence[0].explanation for item in notes(on(data, pack))] == ["named in a place that gives no value of a component"]
