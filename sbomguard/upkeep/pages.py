"""The lists and vendors as pages of documentation, so that people can read and audit them without a tool."""

from collections.abc import Iterable, Iterator, Sequence

from sbomguard.policy import Document, Entry, Identity, List, Policy, Vendor, origin_of
from sbomguard.reports.escape import markdown
from sbomguard.upkeep import show

_HEAD = """\
# The lists

<!-- Made by `python -m sbomguard policy show --markdown lists`; change the files under policies/, then make it anew. -->

What every list holds: each entry with its days, what it covers, its documents with their addresses, and how surely we know it. The
data is that of [policies/](../policies); [policies.md](policies.md) says what the words mean. This is not legal advice: read the
documents.

How sure we are: **confirmed** means two independent sources, or the authority's own text; **single** one source; **unverified** known,
but not read again for this file.
"""

_VENDORS_HEAD = """\
# The vendors

<!-- Made by `python -m sbomguard policy show --markdown vendors`; change the files under policies/, then make it anew. -->

By which values an SBOM shows a vendor, and where each value is known from. [policies.md](policies.md) says how values meet and what
the words mean.
"""


def lists(policy: Policy) -> str:
    """docs/lists.md."""
    parts = [_HEAD, *_profiles(policy), *_contents(policy)]
    for item in policy.lists.values():
        parts += _list(item)
    return "\n".join(parts)


def vendors(policy: Policy) -> str:
    """docs/vendors.md."""
    parts = [_VENDORS_HEAD]
    for vendor in policy.vendors.values():
        parts += _vendor(vendor, policy)
    return "\n".join(parts)


def _text(value: str) -> str:
    return markdown(" ".join(value.split()), 20_000)


def _link(value: str, url: str) -> str:
    return f"[{_text(value)}](<{url}>)" if url and not set(url) & set("<> \n") else _text(value)


def _cell(texts: Iterable[str]) -> str:
    return "<br>".join(texts)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield "|" + "---|" * len(header)
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _profiles(policy: Policy) -> Iterator[str]:
    if policy.profiles:
        rows = (
            (f"`{item.profile}`", _text(item.who), ", ".join(f"[{name}](#{name})" for name in item.lists))
            for item in policy.profiles.values()
        )
        yield from _table(("profile", "for whom", "lists"), rows)


def _contents(policy: Policy) -> Iterator[str]:
    rows = (
        (f"[{item.list}](#{item.list})", _text(item.title), item.status, str(len(item.entries)), item.snapshot.date)
        for item in policy.lists.values()
    )
    yield from _table(("list", "title", "status", "entries", "snapshot"), rows)


def _list(item: List) -> Iterator[str]:
    yield f"## {item.list}\n"
    yield f"**{_text(item.title)}**. {_text(item.meaning)}\n"
    told = (
        ("authority", _text(item.authority)),
        ("legal basis", _text(item.legal_basis)),
        ("addressee", f"{_text(item.addressee)} ({item.jurisdiction})"),
        ("status", item.status),
        ("snapshot", _document(item.snapshot)),
        *((("checked", item.checked),) if item.checked else ()),
        *((("origin", _text(told)),) if (told := origin_of(item).told) else ()),
    )
    yield from _table(("", ""), told)
    for entry in item.entries:
        yield from _entry(item, entry)


def _entry(item: List, entry: Entry) -> Iterator[str]:
    yield f"### {item.list}/{entry.entry}\n"
    yield f"**{_text(entry.title)}**. {_text(entry.meaning)}\n"
    status = (
        ""
        if entry.status == "in-force" and item.status == "in-force"
        else f"; {item.status if item.status != 'in-force' else entry.status}"
    )
    told = (
        ("vendors", ", ".join(f"`{vendor}`" for vendor in entry.vendors)),
        ("category", _text(entry.category)),
        ("components", _cell(_text(rule.told) for rule in entry.components)),
        ("days", f"{show.days(entry)}{status}"),
        ("covers", show.covered(entry)),
        ("reaches", _text(entry.reach)),
        ("limits", _text(entry.limits)),
        ("sectors", ", ".join(entry.sectors)),
        ("origins", ", ".join(entry.origins)),
        ("asks for", _cell(map(_text, entry.asks))),
        ("spares", _cell(map(_text, show.exemptions(entry)))),
        ("approved", _cell(map(_text, show.approvals(entry)))),
        ("documents", _cell(map(_document, entry.documents))),
        ("confidence", entry.confidence),
    )
    yield from _table(("", ""), [row for row in told if row[1]])


def _document(document: Document) -> str:
    classes = f"about {', '.join(document.classes)}" if document.classes else ""
    rest = [_text(part) for part in (document.date, document.title, classes) if part]
    return ", ".join((_link(document.number, document.url), *rest))


def _vendor(vendor: Vendor, policy: Policy) -> Iterator[str]:
    yield f"## {vendor.vendor}\n"
    yield f"**{_text(vendor.name)}**. {_text(vendor.summary)}\n"
    listed = ", ".join(f"[{rule}](lists.md#{rule.replace('/', '')})" for rule in show.rules_of(vendor, policy))
    yield f"Listed: {listed or 'nowhere'}\n"
    yield from _table(("signal", "values", "says", "sources", "confidence"), map(_identity, vendor.identities))
    if vendor.false_friends:
        rows = ((item.signal, _cell(map(_text, item.values)), _text(item.note)) for item in vendor.false_friends)
        yield from _table(("false friend", "values", "who it is"), rows)
    yield from _table(("source", ""), ((f"`{key}`", _link(item.title, item.url)) for key, item in vendor.sources.items()))


def _identity(block: Identity) -> tuple[str, ...]:
    signal = f"{block.signal}, {block.match}" if block.signal in ("party", "word") else block.signal
    days = [f"{word} {day}" for word, day in (("since", block.since), ("until", block.until)) if day]
    says = ", ".join(part for part in (block.relation, block.strength, block.kind, block.of and f"of {_text(block.of)}", *days) if part)
    return signal, ", ".join(map(_text, block.values)), says, ", ".join(f"`{key}`" for key in block.source), block.confidence
