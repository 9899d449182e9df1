"""What a matcher yields: which value of which vendor was met, and how."""

from msgspec import Struct

from sbomguard.matchers.index import Ref


class Match(Struct, frozen=True):
    """`ref` points into the index, `key` is what the signal's value came to, `folded` the unusual normalisation steps it took.

    `weaken` lowers the strength of the identity: to `supporting` or `mention`, with the reason in `why`.
    """

    ref: Ref
    key: str
    folded: tuple[str, ...] = ()
    weaken: str = ""
    why: str = ""
