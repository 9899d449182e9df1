"""CPE names: the vendor field as a whole, vendor and product together, never a wildcard."""

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
    "cpe:2.3:a:*:acme:1:*:*:*:*:*:*:*", "cpe:2.3:a:-:acme:1:*:*:*:*:*:*:*", "cpe:2.3:a::acme:1:*:*:*:*:*:*:*", "cpe:/a::acme",
    "cpe:2.3:a:?:acme:1:*:*:*:*:*:*:*", "cpe:2.3:a:other:acme:1:*:*:*:*:*:*:*", "cpe:2.3:a:acmes:x:1:*:*:*:*:*:*:*",
    "cpe:2.3:a:acme-robotics-club:x:1:*:*:*:*:*:*:*", "cpe:2.3:a:macme:x:1:*:*:*:*:*:*:*", "cpe:2.3:a:zeta:switch:1:*:*:*:*:*:*:*",
    "cpe:2.3:a:zeta:router_kit:1:*:*:*:*:*:*:*", "cpe:2.3:a:x:y:acme:*:*:*:*:*:*:*", "cpe:2.3:a:*:*:*:*:*:*:*:*:*:*", "acme", "",
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), HITS)
def test_the_vendor_field_is_met(text: str, expected: str, index: Index) -> None:
    assert made.met(index, signal("cpe", text)) == {expected: "decisive"}


@pytest.mark.parametrize("text", MISSES)
def test_other_vendors_and_wildcards_are_not(text: str, index: Index) -> None:
    assert made.met(index, signal("cpe", text)) == {}


def test_vendor_and_product_decide_over_the_vendor(index: Index) -> None:
    (found,) = made.evidence(index, signal("cpe", "cpe:2.3:a:acme:donated:1:*:*:*:*:*:*:*"))
    assert (found.expected, found.relation) == ("acme:donated", "contributed")


@pytest.mark.parametrize("text", ["cpe:2.3:a:acme:clone:1:*:*:*:*:*:*:*", "cpe:/a:acme:clone"])
def test_a_false_friend_vetoes_its_product(text: str, index: Index) -> None:
    assert made.met(index, signal("cpe", text)) == {}
