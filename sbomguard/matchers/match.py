"""What a matcher yields: which value of which vendor was met, and how."""

from msgspec import Struct


class Ref(Struct, frozen=True, array_like=True, gc=False):
    """Points at a value: number of the block in `Index.blocks`, number of the value in it."""

    block: int
    value: int


class Match(Struct, frozen=True):
    """`ref` points into the index, `key` is what the signal's value came to, `folded` the unusual normalisation steps it took.

    `weaken` lowers the strength of the identity: to `supporting` or `mention`, with the reason in `why`.
    """

    ref: Ref
    key: str
    folded: tuple[str, ...] = ()
    weaken: str = ""
    why: str = ""
