"""How a component stands to a vendor, weighed from all its evidence, and the level that follows: the rules, in one place."""

import re

from msgspec import Struct

from sbomguard import party
from sbomguard.finding import LEVELS as FINDING_LEVELS
from sbomguard.finding import Evidence
from sbomguard.model import ASIDES, Component
from sbomguard.policy import Entry

KERNEL_MODULE = r"(?:^|[/\s])(?:usr/)?lib/modules/[^/]+/kernel/.*\.ko(?:\.[a-z]+)?$"
"""Where a distribution installs the modules of Linux itself; a vendor's own go to extra/, updates/ or elsewhere."""

COMMUNITY_NAMES = frozenset(("linux", "linux-kernel", "dpdk"))
"""Community projects to which every chip vendor sends code."""


class Standing(Struct, frozen=True, kw_only=True):
    """`relation` made-by, named, contributed or about; `grade` says how; `why` is the rule in words."""

    relation: str
    grade: str
    why: str


CERTAIN = Standing(relation="made-by", grade="certain", why="a value that only this vendor has")
TWICE = Standing(relation="made-by", grade="certain", why="two different values that each point to this vendor")
LIKELY = Standing(relation="made-by", grade="likely", why="one value that points to this vendor but is not its alone")
LED = Standing(relation="contributed", grade="led", why="the vendor started, leads or donated this project")
SOLD = Standing(relation="contributed", grade="sold", why="the business has left the vendor's group")
AUTHOR = Standing(relation="contributed", grade="author", why="only an author's address is the vendor's")
COMMUNITY = Standing(relation="contributed", grade="community", why="code of a community project to which the vendor's people contributed")
NAMED = Standing(relation="named", grade="named", why="the list names this component itself")
UNSURE = Standing(relation="named", grade="unsure", why="the list names this component, and whether in this version nobody can tell")
MENTION = Standing(relation="about", grade="mention", why="the vendor is only mentioned")
OTHERS = Standing(relation="about", grade="mention", why="the name points to the vendor, but another maker is named")

LEVELS: dict[tuple[str, bool], str] = {
    # (grade, does the entry cover this class of component): level; "otherwise" is the entry's own word
    ("certain", True): "prohibited",
    ("certain", False): "otherwise",
    ("named", True): "prohibited",
    ("named", False): "otherwise",
    ("unsure", True): "review",
    ("unsure", False): "otherwise",
    ("likely", True): "review",
    ("likely", False): "otherwise",
    ("led", True): "review",
    ("led", False): "otherwise",
    ("sold", True): "review",
    ("sold", False): "otherwise",
    ("author", True): "review",
    ("author", False): "otherwise",
    ("community", True): "note",
    ("community", False): "note",
    ("mention", True): "note",
    ("mention", False): "note",
}
"""The whole of how a level comes about: grade of the relation, and whether the entry covers the component's class."""


def level(standing: Standing, component: Component, entry: Entry, sector: str = "") -> str:
    """The level of a component of that standing under that entry, in a product of that sector. A proposed rule is never more than a note.

    What is no part of the product is never prohibited as one: model.ASIDES says how far it may go.
    """
    answer = LEVELS[standing.grade, component.component_class in entry.covered(sector)]
    if entry.status == "proposed":
        return "note"
    answer = entry.otherwise if answer == "otherwise" else answer
    return min(answer, ASIDES[component.aside][0], key=FINDING_LEVELS.index) if component.aside else answer


def weigh(component: Component, evidence: tuple[Evidence, ...]) -> Standing:
    """The standing that the evidence for one vendor amounts to, or for one rule that names components."""
    if evidence[0].relation == "named":
        return NAMED if any(item.strength == "decisive" for item in evidence) else UNSURE
    made = [item for item in evidence if item.relation == "made-by" and item.strength != "mention"]
    if made and all(item.signal == "word" for item in made) and _other_maker(component):
        return OTHERS
    people = [item for item in made if item.signal in ("party", "domain") and _is_authorship(item)]
    if made and len(people) == len(made) and is_community(component, people):
        return COMMUNITY
    if any(item.strength == "decisive" for item in made):
        return CERTAIN
    if len({item.signal for item in made if item not in people or item.signal == "party"}) > 1:
        return TWICE
    if made:
        return AUTHOR if all(item.signal == "domain" for item in people) and len(people) == len(made) else LIKELY
    return _contributed([item for item in evidence if item.relation == "contributed"])


def _contributed(fed: list[Evidence]) -> Standing:
    if any("left the group" in item.explanation for item in fed):
        return SOLD
    if any(item.strength == "decisive" for item in fed):
        return LED
    return COMMUNITY if fed else MENTION


def _is_authorship(item: Evidence) -> bool:
    return "@" in item.found or item.signal == "party"


def is_community(component: Component, people: list[Evidence]) -> bool:
    """Whether the component is code of an upstream community project, by its path, or by its name where only authors are the vendor's.

    Generators copy a kernel module's author into the supplier field, so a module's path outweighs whoever is named.
    """
    files = [s.value for s in component.signals if s.kind == "file" and "/" in s.value]
    if files and all(re.search(KERNEL_MODULE, file) for file in files):
        return True
    authored = {(s.field, s.value) for s in component.signals if s.role == "author"}
    return component.name.lower() in COMMUNITY_NAMES and all((item.field, item.found) in authored for item in people)


def _other_maker(component: Component) -> bool:
    """Whether a real maker is named: then a vendor's word in the name does not make it the vendor's."""
    return any(s.kind == "party" and s.role != "author" and party.supplier_class(s.value) == "vendor" for s in component.signals)
