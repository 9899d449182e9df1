"""What the supplier fields of a document are worth: the class of each component's best answer, and names that are stamped on everything."""

from collections import Counter
from collections.abc import Iterable

from sbomguard import party
from sbomguard.model import Document
from sbomguard.names import normalise

CLASSES = ("vendor", "self", "distributor", "url", "build-system", "template", "placeholder", "missing")
"""What a component's party fields may say of its maker, best first: a real vendor; the maker of the product itself; who packaged it for a
distribution; a web address for a name; the build system; an unfilled template; a word that fills the field; nothing."""

_RANKS = {kind: rank for rank, kind in enumerate(CLASSES)}


class Suppliers:
    """What the party fields of a document's components say, found out once.

    `answers` are the party texts of counted components and how many have the same; `makers` the keys of the names that the document gives
    for the maker of what it describes.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self.answers = Counter([component.party_texts() if (texts := component.parties) is None else texts
                                for component in document.components if component.counted])  # fmt: skip
        self.makers = _makers(document)
        self._classes = party.classes({text for texts in self.answers for text in texts})

    def count(self, packagers: bool = False) -> tuple[tuple[str, int], ...]:
        """How many counted components have each class, all of CLASSES in order; `packagers` as in generators.Generator."""
        classes = self._classes
        if self.makers:
            classes = {text: "self" if _key(text) in self.makers else kind for text, kind in classes.items()}
        totals = dict.fromkeys(CLASSES, 0)
        for texts, number in self.answers.items():
            totals[classes[texts[0]] if len(texts) == 1 else best([classes[text] for text in texts])] += number
        if packagers:
            totals["distributor"] += totals["vendor"]
            totals["vendor"] = 0
        return tuple(totals.items())

    def telling(self, stamped: frozenset[str] = frozenset()) -> set[tuple[str, ...]]:
        """The answers that name someone (party.names_someone); a party in `stamped` does not count."""
        names = {text for text, kind in self._classes.items() if kind == "vendor" or party.has_address(text)} - stamped
        return {texts for texts in self.answers if not names.isdisjoint(texts)}

    def stamps(self) -> frozenset[str]:
        """Party texts, and names in them, that are the product's maker: of a generator that writes it on every part they say nothing."""
        if not self.makers:
            return frozenset()
        product = product_of(self._document)
        texts = {text for component in self._document.components if component.ref != product for text in component.party_texts()}
        stamped = {text for text in texts if _key(text) in self.makers}
        return frozenset(stamped | {party.split(text)[0] for text in stamped})


def best(classes: Iterable[str]) -> str:
    """The best of the classes that a component's party texts have; `missing` where it has none."""
    return min(classes, key=_RANKS.__getitem__, default="missing")


def _makers(document: Document) -> frozenset[str]:
    product = product_of(document)
    texts = {text for component in document.components if component.ref == product for text in component.party_texts()} if product else ()
    return frozenset(_key(text) for text in texts if party.names_someone(text)) - {""}


def product_of(document: Document) -> str:
    """The ref of the component that the document describes: its root, or the one thing that an SPDX document describes."""
    if document.format != "SPDX":
        return document.root
    described = set(document.described)
    return described.pop() if len(described) == 1 else ""


def _key(text: str) -> str:
    return normalise(party.split(text)[0]).key
