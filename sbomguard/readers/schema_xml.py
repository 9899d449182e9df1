"""An XML tree held against an XML schema: the first fault, quickly. As much of XML Schema 1.0 as the schemas of CycloneDX use.

Each type becomes a few tables and a regular expression over the names of its elements, made when the first such element comes. It
decides nothing by itself: its answer is one note. `--strict` asks a whole validator.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from xml.etree.ElementTree import Element

from msgspec import Struct

XS = "{http://www.w3.org/2001/XMLSchema}"

LONGEST_MATCHED = 4096
"""Characters of a text that is held against a pattern; longer ones are left alone."""

Fault = tuple[str, str]
"""The path of an element, as in places of XML (`/bom/components/component[2]`), and what the schema has against it."""

Check = Callable[[str], str]
"""What is wrong with a text, as the end of a sentence; empty where nothing is."""

_BUILTIN = {
    "boolean": (r"\s*(?:true|false|1|0)\s*", "is neither true nor false"),
    "decimal": (r"(?a)\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)\s*", "is no number"),
    "integer": (r"(?a)\s*[+-]?\d+\s*", "is no whole number"),
    "nonNegativeInteger": (r"(?a)\s*(?:\+?\d+|-0+)\s*", "is no whole number from 0"),
    "positiveInteger": (r"(?a)\s*\+?0*[1-9]\d*\s*", "is no whole number from 1"),
    "dateTime": (r"(?a)\s*-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?\s*", "is no date and time"),
    "date": (r"(?a)\s*-?\d{4,}-\d\d-\d\d(?:Z|[+-]\d\d:\d\d)?\s*", "is no date"),
}
"""Types (XML Schema, part 2, clause 3) that not every text is of, as patterns that no valid text fails."""


class Particle(Struct, frozen=True, gc=False):
    """A piece of a content model: an element (`name`; `*` for any of another name space), or others in their order or as a choice, and how
    often it may be there (`most` -1: any number of times). `first` are the names that it may begin with.
    """

    name: str
    parts: "tuple[Particle, ...]"
    is_choice: bool
    least: int
    most: int
    first: frozenset[str]
    empty: bool

    def after(self, names: tuple[str, ...], at: int) -> int:
        """Where the names go on behind this, or -1 - N where name N may not be there.

        The next name decides by itself how a schema goes on (XML Schema, part 1, clause 3.8.6): no step back is ever needed.
        """
        count = 0
        while count != self.most and at < len(names) and names[at] in self.first:
            count += 1
            if self.name:
                at += 1
                continue
            for part in self.parts:
                if self.is_choice and names[at] not in part.first:
                    continue
                at = part.after(names, at)
                if at < 0:
                    return at
                if self.is_choice:
                    break
        return at if count >= self.least or self.empty else -1 - at


_NOTHING = Particle("", (), False, 1, 1, frozenset(), True)
"""The content of an element that holds none."""


class Kind:
    """What one type of element allows: attributes with their checks, a text, or elements in an order, each with its declaration."""

    __slots__ = ("attributes", "children", "content", "declared", "fitting", "mixed", "others", "required", "text")

    def __init__(self) -> None:
        self.others = False
        self.attributes: dict[str, Check | None] = {}
        self.required: tuple[str, ...] = ()
        self.text: Check | None = None
        self.mixed = True
        self.content: Particle | None = None
        self.fitting: set[tuple[str, ...]] = set()
        self.declared: dict[str, Element] = {}
        self.children: dict[str, Kind] = {}


class _Names(dict[str, str]):
    """The names of elements by their tags: that in the schema's name space, `*` for one of another."""

    def __init__(self, space: str) -> None:
        super().__init__()
        self._space = space

    def __missing__(self, tag: str) -> str:
        name = self[tag] = tag[len(self._space) :] if tag.startswith(self._space) else "*"
        return name


class Validator:
    """One schema, of documents in the name space `space`, ready to be asked. `imported` checks texts of the types that it imports."""

    def __init__(self, schema: Element, space: str, imported: Check) -> None:
        self._names = _Names(f"{{{space}}}")
        self._imported = imported
        self._types = {item.get("name", ""): item for item in schema if item.tag in (f"{XS}complexType", f"{XS}simpleType")}
        self._groups = {item.get("name", ""): item for item in schema if item.tag == f"{XS}attributeGroup"}
        self._root = next(item for item in schema if item.tag == f"{XS}element")
        self._unique = self._root.find(f"{XS}unique") is not None
        self._kinds: dict[int | str, Kind] = {}
        self._checks: dict[str, Check | None] = {}

    def fault(self, root: Element) -> Fault | None:
        """The first fault in a document, by the order of its elements."""
        found = self._look(root, self._kind(self._root))
        if found is None and self._unique:
            return _repeated_ref(root)
        return (f"/{_local(root)}{found[0]}", found[1]) if found else None

    # ---- a document

    def _look(self, element: Element, kind: Kind) -> Fault | None:
        problem = self._attributes_fault(element, kind) if element.attrib or kind.required else ""
        problem = problem or self._content_fault(element, kind)
        if problem:
            return "", problem
        if not len(element):
            return None
        children = kind.children
        for number, child in enumerate(element):
            below = children.get(child.tag)
            if below is None:
                declared = kind.declared.get(self._names[child.tag])
                if declared is None or declared.tag == f"{XS}any":
                    continue  # of an extension, in a name space of its own
                below = children[child.tag] = self._kind(declared)
            found = self._look(child, below)
            if found is not None:
                return f"/{_step(element, number)}{found[0]}", found[1]
        return None

    def _attributes_fault(self, element: Element, kind: Kind) -> str:
        given = element.attrib
        for name in kind.required:
            if name not in given:
                return f"lacks the attribute '{name}'"
        for name, value in given.items():
            if name in kind.attributes:
                check = kind.attributes[name]
                if check is not None and (said := check(value)):
                    return f"has the attribute '{name}', which {said}"
            elif name[:1] != "{" and not kind.others:
                return f"has the attribute '{name[:40]}', which is not known there"
        return ""

    def _content_fault(self, element: Element, kind: Kind) -> str:
        if kind.content is None:
            if len(element):
                return "holds elements where a text belongs"
            return kind.text(element.text or "") if kind.text is not None else ""
        known = self._names
        names = tuple([known[child.tag] for child in element])
        if names not in kind.fitting:
            end = kind.content.after(names, 0)
            if end != len(names):
                return _why(names, end if end >= 0 else -1 - end, kind)
            kind.fitting.add(names)
        return "has text among its elements" if not kind.mixed and element.text and not element.text.isspace() else ""

    # ---- a schema

    def _kind(self, declared: Element) -> Kind:
        """The kind of a declared element; those of one named type share theirs."""
        name = declared.get("type", "")
        key: int | str = name or id(declared)
        kind = self._kinds.get(key)
        if kind is None:
            kind = self._kinds[key] = Kind()
            inner = self._types.get(name.partition(":")[2]) if name.startswith("bom:") else _one(declared, "complexType", "simpleType")
            if inner is not None and inner.tag == f"{XS}complexType":
                self._fill(kind, inner)
            else:
                kind.text = self._named(name) if name else self._simple(inner)
        return kind

    def _fill(self, kind: Kind, declared: Element) -> None:
        """What a complexType allows (XML Schema, part 1, clause 3.4)."""
        extension = declared.find(f"{XS}simpleContent/{XS}extension")
        holder = declared if extension is None else extension
        attributes = [*holder.iterfind(f"{XS}attribute")]
        for group in holder.iterfind(f"{XS}attributeGroup"):
            attributes += self._groups[group.get("ref", "").partition(":")[2]]
        for item in attributes:
            name = item.get("type", "")
            kind.attributes[item.get("name", "")] = self._named(name) if name else self._simple(_one(item, "simpleType"))
        kind.required = tuple(item.get("name", "") for item in attributes if item.get("use") == "required")
        kind.others = holder.find(f"{XS}anyAttribute[@namespace='##any']") is not None
        if extension is not None:
            kind.text = self._named(extension.get("base", ""))
            return
        kind.mixed = declared.get("mixed") == "true"
        model = _one(declared, "sequence", "choice")
        kind.content = _NOTHING if model is None else _particle(model, kind)

    def _named(self, name: str) -> Check | None:
        """The check of a simple type by its name, None where any text is of it."""
        if name not in self._checks:
            prefix, _, local = name.partition(":")
            if prefix == "xs":
                pattern, said = _BUILTIN.get(local, ("", ""))
                self._checks[name] = partial(_matching, re.compile(pattern).fullmatch, said) if pattern else None
            else:
                self._checks[name] = self._simple(self._types.get(local)) if prefix == "bom" else self._imported
        return self._checks[name]

    def _simple(self, declared: Element | None) -> Check | None:
        """The check of a simpleType (XML Schema, part 2, clauses 4.1 and 4.3)."""
        inner = None if declared is None else _one(declared, "restriction", "union")
        if inner is None:
            return None
        if inner.tag == f"{XS}union":
            members = [self._named(name) for name in inner.get("memberTypes", "").split()]
            return None if None in members else partial(_any_of, tuple(filter(None, members)))
        base = inner.get("base", "")
        checks = [*filter(None, (self._named(base),)), *_facets(inner)]
        if not checks:
            return None
        collapsed = base in ("xs:token", "xs:anyURI")
        return checks[0] if len(checks) == 1 and not collapsed else partial(_all_of, collapsed, tuple(checks))


def _one(holder: Element, *names: str) -> Element | None:
    return next((item for item in holder if item.tag[len(XS) :] in names), None)


def _particle(declared: Element, kind: Kind) -> Particle:
    """A content model (XML Schema, part 1, clause 3.8)."""
    what, name = declared.tag[len(XS) :], ""
    parts: tuple[Particle, ...] = ()
    first: frozenset[str] = frozenset()
    if what in ("element", "any"):
        name = declared.get("name", "*")
        kind.declared.setdefault(name, declared)
        first = frozenset((name,))
    else:
        parts = tuple(_particle(item, kind) for item in declared if item.tag != f"{XS}annotation")
        needed = next((number for number, part in enumerate(parts) if not part.empty and what == "sequence"), len(parts))
        first = first.union(*(part.first for part in parts[: needed + 1]))
    least, most = int(declared.get("minOccurs", "1")), declared.get("maxOccurs", "1")
    empty = not name and (any if what == "choice" else all)(part.empty for part in parts)
    return Particle(name, parts, what == "choice", least, -1 if most == "unbounded" else int(most), first, empty or least == 0)


def _facets(restriction: Element) -> Iterator[Check]:
    found: dict[str, list[str]] = {}
    for item in restriction:
        found.setdefault(item.tag[len(XS) :], []).append(item.get("value", ""))
    if "enumeration" in found:
        yield partial(one_of, frozenset(found["enumeration"]))
    if "pattern" in found:
        pattern = re.compile("|".join(f"(?:{pattern})" for pattern in found["pattern"]))
        yield partial(_matching, pattern.fullmatch, "is not of the form that it must have")
    if "minLength" in found or "maxLength" in found:
        yield partial(_long, int(found.get("minLength", ["0"])[0]), int(found.get("maxLength", ["-1"])[0]))
    if "minInclusive" in found or "maxInclusive" in found:
        yield partial(_bounded, float(found.get("minInclusive", ["-inf"])[0]), float(found.get("maxInclusive", ["inf"])[0]))


# ---- what is asked of one text


def one_of(values: frozenset[str], text: str) -> str:
    """Whether a text is one of these."""
    if text in values:
        return ""
    some = ", ".join(sorted(values)) if len(values) <= 12 else f"{len(values)} that are known"
    return f"is {_quoted(text)}, which is none of {some}"


def _matching(match: Callable[[str], object], said: str, text: str) -> str:
    return "" if len(text) > LONGEST_MATCHED or match(text) else f"{said}: {_quoted(text)}"


def _long(least: int, most: int, text: str) -> str:
    fits = len(text) >= least and (most < 0 or len(text) <= most)
    return "" if fits else f"is a text of {len(text)} characters" if text else "is an empty text"


def _bounded(least: float, most: float, text: str) -> str:
    fits = len(text) > LONGEST_MATCHED or least <= float(text) <= most
    return "" if fits else f"is {_quoted(text)}, which is out of its bounds"


def _any_of(checks: tuple[Check, ...], text: str) -> str:
    said = ""
    for check in checks:
        said = check(text)
        if not said:
            return ""
    return said


def _all_of(collapsed: bool, checks: tuple[Check, ...], text: str) -> str:
    value = " ".join(text.split()) if collapsed else text
    return next(filter(None, (check(value) for check in checks)), "")


def _quoted(text: str) -> str:
    return f"'{text[:40]}'" + (" ..." if len(text) > 40 else "")


# ---- places and words


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _step(parent: Element, number: int) -> str:
    """The step of a path to child N: its name, and which of that name it is if it is not the first."""
    name = _local(parent[number])
    place = sum(_local(other) == name for other in parent[: number + 1])
    return name if place == 1 else f"{name}[{place}]"


def _why(names: tuple[str, ...], at: int, kind: Kind) -> str:
    if at >= len(names):
        return f"lacks what must stand {f'behind <{names[-1][:40]}>' if names else 'in it'}"
    known = names[at] in kind.declared
    return f"holds <{names[at][:40]}>, which {'may not be there, not again, or not at that place' if known else 'is not known there'}"


def _repeated_ref(root: Element) -> Fault | None:
    """Two elements of one bom-ref (the one constraint `unique` that the schemas have)."""
    refs = [ref for element in root.iter() if (ref := element.get("bom-ref")) is not None]
    if len(set(refs)) == len(refs):
        return None
    seen: set[str] = set()
    left: list[tuple[Element, str]] = [(root, f"/{_local(root)}")]
    while left:
        element, path = left.pop()
        ref = element.get("bom-ref")
        if ref in seen:
            return path, f"has the bom-ref {_quoted(ref or '')}, which another has too"
        if ref is not None:
            seen.add(ref)
        left += [(child, f"{path}/{_step(element, number)}") for number, child in reversed(list(enumerate(element)))]
    return None
