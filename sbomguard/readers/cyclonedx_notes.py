"""What is odd in a CycloneDX document of either form, and what it says is missing: the notes and gaps that its readers leave."""

from collections.abc import Iterable, Iterator

from sbomguard.model import Problem
from sbomguard.readers.cyclonedx_links import is_link

MEMBERS = frozenset(
    "$schema bomFormat specVersion serialNumber version metadata components services externalReferences dependencies compositions "
    "vulnerabilities annotations formulation declarations definitions properties citations signature".split()
)
"""Members of the outermost object (CycloneDX 1.7 JSON, object bom)."""

AGGREGATES = frozenset(
    "complete incomplete incomplete_first_party_only incomplete_first_party_proprietary_only incomplete_first_party_opensource_only "
    "incomplete_third_party_only incomplete_third_party_proprietary_only incomplete_third_party_opensource_only unknown "
    "not_specified".split()
)
"""What a composition can say (CycloneDX 1.7, clause compositions/aggregate)."""


def unchecked(members: Iterable[str]) -> Iterator[Problem]:
    """That nobody looks at the signature of a document (CycloneDX 1.7, member signature: JSON Signature Format)."""
    if "signature" in members:
        yield Problem(pointer="/signature", message="it is signed, and the signature is not checked here")


def unknown_members(keys: Iterable[str]) -> Iterator[Problem]:
    """One note on members of the outermost object that CycloneDX does not have: a slip of the pen there hides every component."""
    odd = sorted(key for key in set(keys) - MEMBERS if not key.startswith("x-"))
    if odd:
        from difflib import get_close_matches

        like = get_close_matches(odd[0].lower(), MEMBERS, 1, 0.75)
        meant = f" (is '{like[0]}' meant?)" if like else ""
        message = f"nobody reads what CycloneDX does not know: the member '{odd[0][:80]}'{meant}{_more(odd)}"
        yield Problem(pointer=f"/{odd[0][:80].replace('~', '~0').replace('/', '~1')}", message=message)


def on_aggregate(aggregate: str, pointer: str, gaps: list[Problem], odd: list[Problem]) -> None:
    """Note what one composition says of its parts. A word that CycloneDX does not know says as little as `unknown`."""
    if not aggregate:
        odd.append(Problem(pointer=pointer, message="does not say whether its parts list is complete"))
    elif aggregate not in AGGREGATES:
        message = f"it says of its parts list that it is '{aggregate[:40]}', which CycloneDX does not know"
        gaps.append(Problem(pointer=pointer, message=message))
    elif aggregate == "unknown" or aggregate.startswith("incomplete"):
        gaps.append(Problem(pointer=pointer, message=f"it says of itself that its parts list is '{aggregate}'"))


def dangling(missing: set[str], pointer: str) -> Iterator[Problem]:
    """The gap of refs that no component has: a part that is named and not described."""
    if missing:
        first, key = min(missing), pointer.rpartition("/")[2]
        message = f"{key} name components that are not in it: '{first[:100]}'{_more(missing)}"
        yield Problem(pointer=pointer, message=message, ref=first)


def undescribed(parents: set[str], known: set[str], root: str) -> tuple[set[str], str]:
    """The refs that have dependencies and no component; told apart, the one by which a product without ref can only be meant."""
    missing = {ref for ref in parents - known if ref and not is_link(ref)}
    if len(missing) == 1 and not root:
        return set(), missing.pop()
    return missing, ""


def refless(count: int, pointer: str) -> Iterator[Problem]:
    """The note on dependencies of nothing: the ways through them to the product are lost."""
    if count:
        yield Problem(pointer=pointer, message=f"does not say what depends on what: {count} without ref")


def first_of(pointers: list[str], fault: str) -> Iterator[Problem]:
    """One note on a fault that stands in several places."""
    if pointers:
        more = f", and {len(pointers) - 1} more" if len(pointers) > 1 else ""
        yield Problem(pointer=pointers[0], message=f"{fault}{more}")


def _more(items: list[str] | set[str]) -> str:
    return f" and {len(items) - 1} more" if len(items) > 1 else ""
