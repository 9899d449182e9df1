"""References between the documents of a run: which are met among the inputs, which are missing, and the ways that lead across documents.

Works from `Document.names` and `Document.links` alone, whatever the format. Nothing is fetched or opened: a reference is met by a document
that was given, or it is not.
"""

import hashlib
import os
import re
from array import array
from collections.abc import Iterator, Sequence
from zlib import crc32

from msgspec import Struct
from msgspec.structs import replace

from sbomguard.errors import DocumentError
from sbomguard.model import Component, Document, Link, Problem
from sbomguard.percent import unquote
from sbomguard.source import Source

Read = Sequence[tuple[Source, Document]]
Node = tuple[int, str]
"""The number of a document and a ref in it; an empty ref is the whole document."""


class Resolved(Struct, frozen=True):
    """The documents with the gaps that are left, and for each what its links that are met stand for, by the link's number."""

    documents: tuple[Document, ...]
    met: tuple[dict[int, Node], ...]


def resolve(read: Read) -> Resolved:
    """Meet each link among the documents.

    A link means a document by one of its names (`Document.names`), an element by its own URI (SPDX 3.0.1), or a file by its path from the
    document that refers. A needed link that is not met is a gap, one for each document meant; so is a met document whose bytes have another
    digest than the reference gives, and an element that the document does not have. What is not needed leaves a note at most: an external
    reference to an address on the web says where an SBOM is published, commonly that of a part which is described here too, and no
    document was left out of the set by that.

    A reference by a name that two different documents have is a DocumentError: it would mean either. Where none refers to them there is a
    note. The same document in two forms is one.
    """
    names = _by_name(read)
    finder = _Finder(read, names)
    met, documents = [], []
    for number, (_, document) in enumerate(read):
        found = {at: node for at, link in enumerate(document.links) if (node := finder.find(number, link)) is not None}
        lifted = {link.local for link in document.links} - {""}
        gaps = [gap for gap in document.gaps if gap.ref not in lifted]
        gaps += _missing(document, found)
        gaps += _changed(document, found, read)
        gaps += _absent(document, found, read)
        notes = (*_elsewhere(document, found), *_namesakes(number, names, read))
        documents.append(replace(document, gaps=tuple(gaps), problems=(*document.problems, *notes)))
        met.append(found)
    return Resolved(tuple(documents), tuple(met))


# ---- what a link means


def _by_name(read: Read) -> dict[str, list[int]]:
    """The documents of each name, each document once."""
    found: dict[str, list[int]] = {}
    for number, (_, document) in enumerate(read):
        for name in document.names:
            others = found.setdefault(name.rstrip("#"), [])
            if not any(_same(read[other], read[number]) for other in others):
                others.append(number)
    return found


def _same(one: tuple[Source, Document], other: tuple[Source, Document]) -> bool:
    """Whether two documents are one: the same bytes, or the same components in another serialisation."""
    if one[0].raw == other[0].raw:
        return True
    return one[1].serialisation != other[1].serialisation and _contents(one[1]) == _contents(other[1])


def _contents(document: Document) -> list[tuple[str, ...]]:
    return sorted((item.ref, item.name, item.version, item.purl) for item in document.components if item.counted)


class _Finder:
    """Finds what links mean; elements are indexed only when a link names one by its own URI."""

    def __init__(self, read: Read, names: dict[str, list[int]]) -> None:
        self.read = read
        self.names = names
        self._paths: dict[str, int] | None = None
        self._elements: dict[str, int] | None = None

    def find(self, number: int, link: Link) -> Node | None:
        """The document and the element in it that the link of a document means."""
        target = link.target.rstrip("#")
        if found := self.names.get(target):
            if len(found) > 1:
                first, second = (self.read[other][0].name for other in found[:2])
                raise DocumentError(
                    f"refers to '{target[:100]}', which is {first} and {second}", source=self.read[number][0].name, pointer=link.pointer,
                    advice="Give one of the two, or refer to it by its exact name",
                )  # fmt: skip
            return found[0], link.element
        if _is_path(target):
            at = self._by_path(self.read[number][0].name, target)
            return None if at is None else (at, link.element)
        at = self._by_element(target)
        return None if at is None else (at, link.element or target)

    def _by_path(self, referrer: str, target: str) -> int | None:
        """The input at a path that is relative to the document that refers; inside an archive, to the member's folder."""
        if self._paths is None:
            self._paths = {_normal(source.name): number for number, (source, _) in reversed(list(enumerate(self.read)))}
        return self._paths.get(_path_from(referrer, target))

    def _by_element(self, target: str) -> int | None:
        """The document that has an element of that URI, or whose name is the beginning of it."""
        if self._elements is None:
            self._elements = {}
            for number, (_, document) in enumerate(self.read):
                for ref in _elements(document):
                    self._elements.setdefault(ref, number)
        if target in self._elements:
            return self._elements[target]
        for head in _heads(target):
            if len(self.names.get(head, ())) == 1:
                return self.names[head][0]
        return None


def _is_path(target: str) -> bool:
    """Whether a link means a file, not a URI."""
    return not re.match(r"(?i)(?!file:)[a-z][a-z0-9+.-]*:", target)


def _path_from(referrer: str, target: str) -> str:
    """The file that is meant by a path in the document of that name; empty if it names none."""
    archive, mark, inner = referrer.rpartition("!")
    path = unquote(re.sub(r"(?i)^file:(?://(?:localhost)?(?=/))?", "", target).partition("#")[0])
    return _normal(f"{archive}{mark}{os.path.join(os.path.dirname(inner), path)}") if path else ""


def _elements(document: Document) -> Iterator[str]:
    """The refs in a document that may be URIs."""
    for ref in (*(item.ref for item in document.components), *(edge.parent for edge in document.edges)):
        if ":" in ref:
            yield ref


def _heads(target: str) -> tuple[str, str]:
    """The names that a document with an element of that URI may have."""
    return target.rpartition("#")[0], target.rpartition("/")[0]


def _normal(name: str) -> str:
    """A source's name with its path, or that inside the archive, in its plainest form."""
    archive, mark, inner = name.rpartition("!")
    return f"{archive}{mark}{os.path.normpath(inner)}"


# ---- which inputs belong together


class Outline(Struct, frozen=True):
    """What other inputs may need to know of a document: its plain path, its names, what its links may mean (also as a path if it could be
    one), and the checksums of those of its elements that may be URIs."""

    path: str
    names: tuple[str, ...]
    targets: frozenset[str]
    elements: "array[int]"


def outline(source: Source, document: Document) -> Outline:
    """The outline of a document that was read."""
    targets = {link.target.rstrip("#") for link in document.links}
    paths = {_path_from(source.name, target) for target in targets if _is_path(target)}
    return Outline(
        path=_normal(source.name),
        names=tuple(name.rstrip("#") for name in document.names),
        targets=frozenset(targets | paths),
        elements=array("I", map(_checksum, _elements(document))),
    )


def _checksum(ref: str) -> int:
    return crc32(ref.encode("utf-8", "surrogatepass"))


def tied(inputs: Sequence[Sequence[Outline]]) -> list[int]:
    """The numbers of the inputs, each given by its outlines, for which it may matter what other inputs there are.

    The others come out of `resolve` and `Ways` as they do alone. More may be named than need be: what is looked for is a document of the
    same name, and a document, path or element that a link may mean; elements are compared by their checksums.
    """
    owners: dict[str, set[int]] = {}
    elements: dict[int, set[int]] = {}
    wanted = {_checksum(target) for outlines in inputs for item in outlines for target in item.targets}
    for number, outlines in enumerate(inputs):
        for item in outlines:
            for name in (item.path, *item.names):
                owners.setdefault(name, set()).add(number)
            for element in wanted.intersection(item.elements):
                elements.setdefault(element, set()).add(number)
    found = {number for numbers in owners.values() if len(numbers) > 1 for number in numbers}
    for number, outlines in enumerate(inputs):
        for target in {target for item in outlines for target in item.targets}:
            meant = [owners.get(name, set()) for name in (target, *_heads(target))]
            others = elements.get(_checksum(target), set()).union(*meant)
            if others - {number}:
                found |= {number, *others}
    return sorted(found)


# ---- gaps and notes


def _missing(document: Document, met: dict[int, Node]) -> Iterator[Problem]:
    """A gap for each document that a needed link means and that was not given, in their order."""
    wanted: dict[str, list[Link]] = {}
    for at, link in enumerate(document.links):
        if link.needed and at not in met:
            wanted.setdefault(link.target, []).append(link)
    named = _names(document, {link.ref for links in wanted.values() for link in links}) if wanted else {}
    for target, links in sorted(wanted.items()):
        who = next((f"'{named[link.ref][:60]}'" for link in links if named.get(link.ref)), "it")
        elements = sorted({link.element for link in links if link.element})
        what = f"'{elements[0][:100]}' of " if elements else ""
        more = f" (and {len(elements) - 1} more of it)" if len(elements) > 1 else ""
        message = f"{who} refers to {what}'{target[:200]}'{more}, which is not among the inputs: give that document too"
        yield Problem(pointer=links[0].pointer, message=message, ref=links[0].local or links[0].ref or target)


def _names(document: Document, refs: set[str]) -> dict[str, str]:
    return {item.ref: item.name for item in document.components if item.ref in refs}


def _changed(document: Document, met: dict[int, Node], read: Read) -> Iterator[Problem]:
    """Documents that were given but are not, by the digest in the reference, those that were meant."""
    for at, (number, _) in met.items():
        link, source = document.links[at], read[number][0]
        if not link.digest:
            continue
        algorithm = _hashlib_name(link.algorithm)
        if algorithm not in hashlib.algorithms_available:
            message = f"it gives a digest of {source.name} that cannot be compared: '{link.algorithm[:40]}' is not known"
        elif hashlib.new(algorithm, source.raw, usedforsecurity=False).hexdigest() != link.digest:
            message = f"{source.name} is not the document that '{(link.local or link.target)[:100]}' means: its {link.algorithm} is another"
        else:
            continue
        yield Problem(pointer=link.pointer, message=message, ref=link.local or link.ref)


def _hashlib_name(algorithm: str) -> str:
    """`SHA-256`, `SHA256` and `sha256` -> `sha256`; `SHA3-256` and `sha3_256` -> `sha3_256`; `BLAKE2b-512` -> `blake2b`."""
    plain = algorithm.lower().replace("-", "_")
    if plain.startswith(("blake2b", "blake2s")):
        return {"blake2b_512": "blake2b", "blake2s_256": "blake2s"}.get(plain, plain)
    return plain if plain.startswith(("sha3_", "shake_")) else plain.replace("_", "")


def _absent(document: Document, met: dict[int, Node], read: Read) -> Iterator[Problem]:
    """Elements that are not in the document meant. Of CycloneDX alone: other readers leave out elements that carry no identity."""
    lost: dict[int, set[str]] = {}
    for number, element in met.values():
        if element and read[number][1].format == "CycloneDX":
            lost.setdefault(number, set()).add(element)
    for number, elements in sorted(lost.items()):
        source, other = read[number]
        missing = sorted(elements.difference(item.ref for item in other.components))
        if missing:
            more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
            message = f"it refers to components that {source.name} does not have: '{missing[0][:100]}'{more}"
            link = next(document.links[at] for at, node in met.items() if node == (number, missing[0]))
            yield Problem(pointer=link.pointer, message=message, ref=link.local or link.ref)


def _elsewhere(document: Document, met: dict[int, Node]) -> Iterator[Problem]:
    """The note that SBOMs are published elsewhere, which were not read."""
    links = [link for at, link in enumerate(document.links) if at not in met and not link.needed and not link.local]
    if links:
        targets = sorted({link.target for link in links})
        more = f" and {len(targets) - 1} more" if len(targets) > 1 else ""
        yield Problem(pointer=links[0].pointer, message=f"it refers to SBOMs that are not among the inputs: '{targets[0][:200]}'{more}")


def _namesakes(number: int, names: dict[str, list[int]], read: Read) -> Iterator[Problem]:
    """The note that another document has the exact, first name of this one."""
    for name in read[number][1].names[:1]:
        others = names[name.rstrip("#")]
        if others[0] != number and number in others:
            message = (
                f"it has the name of {read[others[0]][0].name}, '{name[:100]}': give each document a serial number or namespace of its own"
            )
            yield Problem(pointer="", message=message)


# ---- ways


class Way(Struct, frozen=True):
    """From the product to a component: the refs, each as its document has it, and the same as a person reads them."""

    refs: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class Ways:
    """The shortest ways from the roots to components, across documents; one walk, however many are asked for.

    Roots are what the documents describe that no other refers to, and then those of the others. `met` is that of `Resolved`; without it
    each document stands for itself.
    """

    def __init__(self, documents: Sequence[Document], met: Sequence[dict[int, Node]] = ()) -> None:
        self._documents = documents
        self._met = met or [{} for _ in documents]
        self._children = [_children(document) for document in documents]
        self._local = [
            {document.links[at].local: node for at, node in met.items() if document.links[at].local}
            for document, met in zip(documents, self._met, strict=True)
        ]
        self._holds = self._holdings()
        self._labels: dict[int, dict[str, Component]] = {}
        self._parents: dict[Node, Node | None] = {}
        referred = {number for own, met in enumerate(self._met) for number, _ in met.values() if number != own}
        for number in sorted(range(len(documents)), key=lambda number: number in referred):
            if documents[number].root:
                self._walk((number, documents[number].root))

    def to(self, number: int, ref: str) -> Way:
        """The way to a component of a document; an empty one where no root reaches it."""
        node: Node | None = (number, ref)
        way: list[Node] = []
        while ref and node is not None and node in self._parents:
            way.append(node)
            node = self._parents[node]
        way.reverse()
        return Way(tuple(ref for _, ref in way), tuple(map(self._label, way)))

    def _walk(self, root: Node) -> None:
        if root in self._parents:
            return
        self._parents[root] = None
        queue = [root]
        for node in queue:
            for child in self._below(node):
                if child not in self._parents:
                    self._parents[child] = node
                    queue.append(child)

    def _below(self, node: Node) -> Iterator[Node]:
        number, ref = node
        local = self._local[number]
        for child in self._children[number].get(ref, ()):
            yield self._abroad(number, child) if local else (number, child)
        yield from self._holds.get(node, ())

    def _abroad(self, number: int, ref: str) -> Node:
        """What a ref in a document's relationships means: an element of its own, or of another document by `local` or `local:element`."""
        node = self._local[number].get(ref)
        if node is None and ":" in ref:
            head, _, element = ref.partition(":")
            around = self._local[number].get(head)
            node = (around[0], element) if around else None
        return node or (number, ref)

    def _holdings(self) -> dict[Node, list[Node]]:
        """What elements hold by references of their own: an element of another document, or what that document describes."""
        found: dict[Node, list[Node]] = {}
        for number, met in enumerate(self._met):
            document = self._documents[number]
            for at, (other, element) in met.items():
                link = document.links[at]
                if not link.local and other != number:
                    holder = (number, link.ref or document.root)
                    found.setdefault(holder, []).extend([(other, element)] if element else self._tops(other))
        return found

    def _tops(self, number: int) -> list[Node]:
        """What a document describes; where it does not say that, the components that nothing in it holds."""
        document = self._documents[number]
        if document.root:
            return [(number, document.root)]
        held = {child for edge in document.edges for child in edge.children}
        return [(number, item.ref) for item in document.components if item.counted and item.ref and item.ref not in held]

    def _label(self, node: Node) -> str:
        """The ref where it tells the name, the name and version where it does not (a UUID, a number)."""
        number, ref = node
        if number not in self._labels:
            self._labels[number] = {item.ref: item for item in self._documents[number].components}
        item = self._labels[number].get(ref)
        if item is None or not item.name or item.name.lower() in unquote(ref).lower():
            return ref
        return f"{item.name} {item.version}".strip()


def _children(document: Document) -> dict[str, list[str]]:
    children: dict[str, list[str]] = {}
    for edge in document.edges:
        children.setdefault(edge.parent, []).extend(edge.children)
    return children
