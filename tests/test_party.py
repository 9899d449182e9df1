"""Party texts taken apart, and what each kind of answer in a supplier field is worth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sbomguard import party

SPLITS = [
    ("Acme", "Acme", (), False),
    ("Organization: Acme Ltd", "Acme Ltd", (), False),
    ("organization:Acme", "Acme", (), False),
    ("Organisation : Acme", "Acme", (), False),
    ("Tool: syft-1.2", "syft-1.2", (), False),
    ("Person: Jane Doe", "Jane Doe", (), True),
    ("PERSON: Jane Doe (jane@acme.example)", "Jane Doe", ("jane@acme.example",), True),
    ("Jane Doe <jane@acme.example>", "Jane Doe", ("jane@acme.example",), False),
    ("Jane Doe [jane@acme.example]", "Jane Doe", ("jane@acme.example",), False),
    ("Jane <jane@acme.example>, Joe <joe@b.example>", "Jane , Joe", ("jane@acme.example", "joe@b.example"), False),
    ("jane@acme.example", "", ("jane@acme.example",), False),
    ("<jane+sbom@mail.acme.co.uk>", "", ("jane+sbom@mail.acme.co.uk",), False),
    ("Organization: OpenEmbedded ()", "OpenEmbedded", (), False),
    ("Organization: Espressif Systems (Shanghai)", "Espressif Systems (Shanghai)", (), False),
    ("Acme (China) Co., Ltd. (info@acme.example)", "Acme (China) Co., Ltd.", ("info@acme.example",), False),
    ("Acme @ Home", "Acme @ Home", (), False),
    ("Personal: Acme", "Personal: Acme", (), False),
    ("", "", (), False),
    ("Organization: ", "", (), False),
]


@pytest.mark.parametrize(("text", "name", "addresses", "person"), SPLITS)
def test_a_party_is_a_name_its_addresses_and_whether_it_is_a_person(text: str, name: str, addresses: tuple[str, ...], person: bool) -> None:
    assert party.split(text) == (name, addresses, person)


@given(st.text())
def test_taking_a_party_apart_never_fails_and_leaves_no_padding(text: str) -> None:
    name, addresses, _ = party.split(text)
    assert name == name.strip(" \t\r\n,;")
    assert all("@" in address for address in addresses)


@pytest.mark.parametrize(
    ("text", "person"),
    [("Organization: Organization: Huawei", False), ("Organization: Person:Huawei", True), ("Person: TOOL : Huawei", False)],
)
def test_a_prefix_before_a_prefix_is_no_part_of_the_name_either(text: str, person: bool) -> None:
    assert party.split(text) == ("Huawei", (), person)


@given(st.text(st.characters(codec="ascii", categories=("L", "N"))).filter(bool))
def test_a_prefix_is_not_part_of_the_name(word: str) -> None:
    assert party.split(f"Organization: {word}")[:2] == (word, ())
    assert party.split(f"Person: {word}") == (word, (), True)


MISSING = ("", "  ", "\u200b", "...", "Ltd.", "Co., Ltd.", "有限公司")
PLACEHOLDERS = (
    "NOASSERTION", "noassertion", "NONE", "None", "none", "Unknown", "UNKNOWN", "N/A", "n/a", "N.A.", "null", "TBD", "various",
    "Third-Party", "third  party", "REDACTED", "[REDACTED]", "(unknown)", "<unknown>", "Not available", "no assertion", "-", "?",
    "unspecified", "ＮＯＡＳＳＥＲＴＩＯＮ", "NOASSER\u200bTION", "123e4567-e89b-12d3-a456-426614174000",
    "{123e4567-e89b-12d3-a456-426614174000}", "urn:uuid:123e4567-e89b-12d3-a456-426614174000", "d41d8cd98f00b204e9800998ecf8427e",
    "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709", "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
)  # fmt: skip
BUILD_SYSTEMS = ("OpenEmbedded", "OpenEmbedded ()", "openembedded", "Yocto Project", "Buildroot")
TEMPLATES = ("@VENDOR_NAME@", "${project.organization.name}", "{{ supplier }}", "${env.VENDOR} Inc")
VENDORS = (
    "Acme", "Acme Ltd", "华为", "Хуавэй", "Jane Doe", "None Such Software", "Unknown Worlds Entertainment", "Other Ocean", "Deadbeef",
    "Various Artists GmbH", "Private Internet Access", "Default Value Ltd", "Open Source Robotics Foundation", "Buildroot Associates",
)  # fmt: skip


@pytest.mark.parametrize("text", MISSING)
def test_a_name_of_nothing_is_missing(text: str) -> None:
    assert party.supplier_class(text) == "missing"


@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_a_word_that_fills_the_field_is_a_placeholder(text: str) -> None:
    assert party.supplier_class(text) == "placeholder"


@pytest.mark.parametrize("text", BUILD_SYSTEMS)
def test_the_stamp_of_a_build_system_is_no_maker(text: str) -> None:
    assert party.supplier_class(text) == "build-system"


@pytest.mark.parametrize("text", TEMPLATES)
def test_a_template_that_nobody_filled_is_no_maker(text: str) -> None:
    assert party.supplier_class(text) == "template"


@pytest.mark.parametrize("text", ["http://acme.example", "https://www.acme.example/about"])
def test_an_address_of_the_web_is_told_apart(text: str) -> None:
    assert party.supplier_class(text) == "url"


@pytest.mark.parametrize("text", VENDORS)
def test_a_real_name_is_a_vendor_even_if_a_filler_word_is_in_it(text: str) -> None:
    assert party.supplier_class(text) == "vendor"


@given(st.sampled_from(PLACEHOLDERS + BUILD_SYSTEMS), st.sampled_from(("", " ", "  ", "\t")), st.booleans())
def test_case_and_padding_do_not_make_a_filler_a_vendor(text: str, padding: str, upper: bool) -> None:
    assert party.supplier_class(padding + (text.upper() if upper else text) + padding) != "vendor"


PIECES = [
    "Person: ", "Organization: ", "Tool: ", "Acme", "Debian", "Unknown", "none", "Systems", "a@b.example", "(x@debian.org)",
    "(x@b.example)", "<y@z.example>", " ", "(", ")", "NOASSERTION", "Co.", "Ltd", "http://x.example", ":", "@", "${X}", "vendor",
    "OpenEmbedded ()", "Asa", "Li", "J.", "Jean-Luc", "Sébastien", "ＮＯＡＳＳＥＲＴＩＯＮ", "Third", "party", "Noel",
    "Dvořák", "Ünknown", "\n", "<@debian.org>", "<x@.debian.org>", " <x@lists.debian.org>",
]  # fmt: skip
WRITTEN = st.lists(st.sampled_from(PIECES), max_size=6).map("".join) | st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join)


@given(st.sets(WRITTEN))
def test_the_short_way_to_the_classes_of_many_leads_where_the_steps_lead(texts: set[str]) -> None:
    assert party.classes(texts) == {text: party.party_class(text) for text in texts}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Asa Lund <a@b.example>", "vendor"),
        ("ASA", "missing"),
        ("Asa Dvořák <a@b.example>", "vendor"),
        ("Łukasz Żak", "vendor"),
        ("Asa Ünknown", "placeholder"),
        ("Asa Unknown", "placeholder"),
        ("Jean-Luc Noel", "vendor"),
        ("D. Noel (d@lists.debian.org)", "distributor"),
        ("Li <li@b.example>", "vendor"),
        ("Third Party", "placeholder"),
        ("Unknown Worlds", "vendor"),
        ("Debian Noel", "distributor"),
        ("Debian Noel\nNOASSERTION", "distributor"),
    ],
)
def test_many_are_of_the_classes_that_each_is_of(text: str, expected: str) -> None:
    others = ("Acme", "NOASSERTION", "", "Jane Doe <jane@acme.example>")
    assert party.classes((*others, text)) == dict(
        zip((*others, text), ("vendor", "placeholder", "missing", "vendor", expected), strict=True)
    )
    assert party.classes((text,)) == {text: expected} == {text: party.party_class(text)}


def test_of_no_texts_there_are_no_classes() -> None:
    assert party.classes(()) == {}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Acme Ltd", True),
        ("Debian GNOME Maintainers", False),
        ("Debian GNOME Maintainers <pkg@lists.debian.org>", True),
        ("Maintainers (pkg@lists.debian.org)", True),
        ("<dev@acme.example>", True),
        ("Organization: ()", False),
        ("NOASSERTION", False),
    ],
)
def test_an_address_names_someone_even_where_the_name_does_not(text: str, answer: bool) -> None:
    assert party.names_someone(text) is answer


@pytest.mark.parametrize("host", ["lists.debian.org", "LISTS.Debian.ORG", "debian.org", "debian.org."])
@pytest.mark.parametrize("form", ["Jane Doe <jane@{}>", "Person: Jane Doe (jane@{})", "J (D) <jane@{}>", "3D <jane@{}>"])
def test_whoever_has_an_address_at_a_distribution_packages_for_it(form: str, host: str) -> None:
    assert party.party_class(form.format(host)) == "distributor"


@pytest.mark.parametrize("host", ["notdebian.org", "debian.org.example", "debian.example"])
def test_a_host_that_only_looks_like_that_of_a_distribution_is_none(host: str) -> None:
    assert party.party_class(f"Jane Doe <jane@{host}>") == "vendor"
