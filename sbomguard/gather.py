"""From sources to documents: what was unpacked and read, references between documents resolved, what is ambiguous refused."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from sbomguard import limits, readers
from sbomguard.errors import DocumentError, NotAnSbomError, SbomguardError
from sbomguard.model import Component, Document, Problem
from sbomguard.source import FOUND, NAMED, Source
from sbomguard.verdict import Failure

if TYPE_CHECKING:
    from sbomguard.links import Way, Ways

Met = tuple[dict[int, tuple[int, str]], ...]
"""What links stand for, as in `links.Resolved`; empty where no document refers to another."""


class Gathered(Struct, frozen=True, kw_only=True):
    """The documents of all inputs with their sources, references between them resolved.

    `inputs` gives for each input how many of the documents are from it, or why it could not be read. `clash` is why references were not
    resolved: one could mean two documents.
    """

    documents: list[tuple[Source, Document]]
    met: Met
    inputs: tuple[int | Failure, ...]
    clash: Failure | None = None

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Everything that went wrong."""
        return (*(item for item in self.inputs if isinstance(item, Failure)), *((self.clash,) if self.clash else ()))


def gather(sources: Iterable[Source | SbomguardError]) -> Gathered:
    """Every document in the sources, references between them resolved, and what could not be read."""
    documents: list[tuple[Source, Document]] = []
    inputs: list[int | Failure] = []
    for source in sources:
        try:
            if isinstance(source, SbomguardError):
                raise source
            read = read_all(source)
        except SbomguardError as error:
            told = isinstance(source, SbomguardError) or not is_other(source, error)
            inputs.append(_failure(error) if told else 0)
        else:
            documents.extend(read)
            inputs.append(len(read))
    try:
        joined, met = join(documents)
    except DocumentError as error:
        return Gathered(documents=documents, met=(), inputs=tuple(inputs), clash=_failure(error))
    return Gathered(documents=joined, met=met, inputs=tuple(inputs))


def _failure(error: SbomguardError) -> Failure:
    return Failure(path=error.source, pointer=error.pointer, problem=error.problem, advice=error.advice)


def join(documents: list[tuple[Source, Document]]) -> tuple[list[tuple[Source, Document]], Met]:
    """The documents with references between them resolved. Raises DocumentError where a reference could mean two of them."""
    if any(document.links for _, document in documents) or sum(bool(document.names) for _, document in documents) > 1:
        from sbomguard import links

        resolved = links.resolve(documents)
        documents = [(source, document) for (source, _), document in zip(documents, resolved.documents, strict=True)]
        return documents, resolved.met
    return documents, ()


def read_all(source: Source) -> list[tuple[Source, Document]]:
    """The documents of one input: one, or those in the archive, stream or attestation that it is. Raises SbomguardError."""
    if readers.is_bare(source):
        return [(source, read_one(source))]
    from sbomguard.unpack import unpack

    documents = []
    for member in unpack(source.name, source.raw, source.limits):
        inner = source if member.data == source.raw else Source(member.name, member.data, source.claim, source, source.limits)
        document = read_one(inner)
        notes = tuple(Problem(pointer="", message=note) for note in member.notes)
        missing = tuple(
            Problem(pointer="", message=f"it says that this belongs to it, and it is not there: {name}") for name in member.missing
        )
        documents.append((inner, replace(document, problems=document.problems + notes, gaps=document.gaps + missing)))
    return documents


def read_one(source: Source) -> Document:
    """The document, if its refs are clear."""
    document = readers.read(source)
    refuse_excess(source, document)
    repeated = refuse_shadows(document)
    return replace(document, problems=document.problems + repeated) if repeated else document


def refuse_excess(source: Source, document: Document) -> None:
    """More components, or a longer identity value, than the limits allow are an error: a name of a book's length is there to be cut off."""
    if len(document.components) > source.limits.components:
        problem = f"lists more than {source.limits.components} components"
        raise DocumentError(problem, source=source.name, advice=limits.advice("components"))
    most = source.limits.string
    if len(source.data) <= most or not limits.may_hold_text(source.data, most, document.serialisation):
        return
    for component in document.components:
        if any(len(value) > most for value in _values(component, most)):
            problem = f"has a name or another identifying value of more than {most} characters"
            raise DocumentError(problem, source=source.name, pointer=component.pointer, advice=limits.advice("string"))


def _values(component: Component, most: int) -> Iterable[str]:
    """Every identifying value, or in their place the one text that holds them and is no longer than that."""
    if component.parties is not None and component.text and len(component.text) <= most:
        return component.name, component.version, *component.parties
    return component.name, component.version, *(signal.value for signal in component.signals)


def is_other(source: Source, error: SbomguardError) -> bool:
    """Whether the error only says that an input is no SBOM, where nobody said that it is one. A broken SBOM is never passed over."""
    if source.claim == NAMED or not isinstance(error, DocumentError):
        return False
    other = isinstance(error, NotAnSbomError) or source.claim == FOUND
    return other and not readers.has_marks(source)


def refuse_shadows(document: Document) -> tuple[Problem, ...]:
    """Two components of one ref with different identity are an error: tools that look components up by ref see only one of them.

    Those of the same identity come to one note, if nothing is noted there yet. What is told beside the parts (a tool that is a part of
    the product too) may say it in other words.
    """
    refs = [component.ref for component in document.components]
    if len(set(refs)) == len(refs):
        return ()
    parts = [component for component in document.components if component.ref and not component.aside]
    seen: dict[str, Component] = {}
    repeated: list[Component] = []
    for component in parts:
        first = seen.setdefault(component.ref, component)
        if first is component:
            continue
        repeated.append(component)
        if _identity(first) != _identity(component):
            raise DocumentError(
                f"the ref '{component.ref[:100]}' belongs to two different components ({first.pointer} is the other)",
                source=document.source, pointer=component.pointer, advice="Give each component a ref of its own",
            )  # fmt: skip
    noted = {problem.pointer for problem in document.problems}
    if not repeated or any(component.pointer in noted for component in repeated):
        return ()
    last = repeated[0]
    more = f" and {len(repeated) - 1} more" if len(repeated) > 1 else ""
    message = f"the ref '{last.ref[:100]}' is that of two equal components ({seen[last.ref].pointer} is the other){more}"
    return (Problem(pointer=last.pointer, message=message, ref=last.ref),)


def _identity(component: Component) -> tuple[object, ...]:
    return component.name, component.version, component.purl, sorted((s.kind, s.role, s.value) for s in component.signals)


class Lazily:
    """Ways from the product to components, found when the first is asked for: most runs ask for none."""

    def __init__(self, documents: list[Document], met: Met) -> None:
        self._documents, self._met = documents, met
        self._ways: Ways | None = None

    def to(self, number: int, ref: str) -> "Way":
        """The way to a component of a document."""
        if self._ways is None:
            from sbomguard.links import Ways

            self._ways = Ways(self._documents, self._met)
        return self._ways.to(number, ref)
