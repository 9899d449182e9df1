"""CPE names: the vendor field as a whole, vendor and product together; wildcards and slipped fields only support."""

import pytest

from sbomguard.matchers.index import Index
from tests import made
from tests.made import signal


@pytest.fixture(scope="module")
def index() -> Index:
    return made.index_of(
        {"signal": "cpe", "values": ["acme", "acme_robotics", "zeta:router"]},
        {"signal": "cpe", "relation": "contributed", "values": ["acme:donated"]},
        friends={"cpe": ["acme:clone"]},
    )


HITS = [
    ("cpe:2.3:o:acme:router_os:1.0:*:*:*:*:*:*:*", "acme"),
    ("cpe:2.3:h:ACME:Router:-:*:*:*:*:*:*:*", "acme"),
    ("CPE:2.3:A:Acme:x", "acme"),
    ("cpe:2.3:a:ac\\me:x:1:*:*:*:*:*:*:*", "acme"),
    ("cpe:2.3:a:acme_robotics:x:1:*:*:*:*:*:*:*", "acme_robotics"),
    ("cpe:2.3:a:acme\\_robotics:x:1:*:*:*:*:*:*:*", "acme_robotics"),
    ("cpe:/a:acme:x:1", "acme"),
    ("cpe:/a:%61cme:x", "acme"),
    ("cpe:/a:%41cme:x", "acme"),
    ("cpe:/a:acme%5frobotics:x", "acme_robotics"),
    ("cpe:2.3:o:zeta:router:1:*:*:*:*:*:*:*", "zeta:router"),
]

MISSES = [
    "cpe:2.3:a:other:acme:1:*:*:*:*:*:*:*", "cpe:2.3:a:acmes:x:1:*:*:*:*:*:*:*", "cpe:2.3:a:*:macme:1:*:*:*:*:*:*:*", "cpe:/a::acmes",
    "cpe:2.3:a:acme-robotics-club:x:1:*:*:*:*:*:*:*", "cpe:2.3:a:macme:x:1:*:*:*:*:*:*:*", "cpe:2.3:a:zeta:switch:1:*:*:*:*:*:*:*",
    "cpe:2.3:a:zeta:router_kit:1:*:*:*:*:*:*:*", "cpe:2.3:a:x:y:acme:*:*:*:*:*:*:*", "cpe:2.3:a:*:*:*:*:*:*:*:*:*:*", "acme", "",
    "cpe:2.3:a:b*:x:*:*:*:*:*:*:*:*", "cpe:2.3:a:a*:x:*:*:*:*:*:*:*:*", "cpe:2.3:a:*club:x:*:*:*:*:*:*:*:*",
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), HITS)
def test_the_vendor_field_is_met(text: str, expected: str, index: Index) -> None:
    assert made.met(index, signal("cpe", text)) == {expected: "decisive"}


@pytest.mark.parametrize("text", MISSES)
def test_other_vendors_and_wildcards_are_not(text: str, index: Index) -> None:
    assert made.met(index, signal("cpe", text)) == {}


@pytest.mark.parametrize(
    "text",
    ["cpe:2.3:a:ac*:x:1:*:*:*:*:*:*:*", "cpe:2.3:a:*cme:x:1:*:*:*:*:*:*:*", "cpe:2.3:a:ac?e:x:1:*:*:*:*:*:*:*", "cpe:/a:ac%02:x",
     "cpe:2.3:a:*:acme:1:*:*:*:*:*:*:*", "cpe:2.3:a:-:acme:1:*:*:*:*:*:*:*", "cpe:2.3:a::acme:1:*:*:*:*:*:*:*", "cpe:/a::acme"],
)  # fmt: skip
def test_a_wildcard_that_could_mean_the_vendor_and_a_slipped_field_support(text: str, index: Index) -> None:
    assert made.met(index, signal("cpe", text))["acme"] == "supporting"


def test_of_any_vendor_the_product_is_read_as_a_name() -> None:
    index = made.index_of({"signal": "word", "match": "token", "values": ["acmeos"]})
    assert made.met(index, signal("cpe", "cpe:2.3:o:*:acmeos:1:*:*:*:*:*:*:*")) == {"acmeos": "supporting"}


def test_vendor_and_product_decide_over_the_vendor(index: Index) -> None:
    (found,) = made.evidence(index, signal("cpe", "cpe:2.3:a:acme:donated:1:*:*:*:*:*:*:*"))
    assert (found.expected, found.relation) == ("acme:donated", "contributed")


@pytest.mark.parametrize("text", ["cpe:2.3:a:acme:clone:1:*:*:*:*:*:*:*", "cpe:/a:acme:clone"])
def test_a_false_friend_vetoes_its_product(text: str, index: Index) -> None:
    assert made.met(index, signal("cpe", text)) == {}
