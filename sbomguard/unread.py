"""Notes on vendors whom a document names where no value of a component is read: comments, licence texts, members that nobody knows."""

from collections.abc import Iterable, Iterator

from sbomguard import policy
from sbomguard.finding import Evidence, Finding, Location, fingerprint
from sbomguard.matchers import net
from sbomguard.model import Component, Document
from sbomguard.pack import Pack
from sbomguard.policy import Entry, List
from sbomguard.readers.cursor import Cursor
from sbomguard.relation import MENTION
from sbomguard.source import Source

FIELD = "text of the document"
KIND = "document"
"""What reports call the field, and the type of what stands for the document among components."""


def find(
    source: Source, document: Document, pack: Pack, entries: dict[str, tuple[tuple[List, Entry], ...]], mentions: Iterable[net.Mention]
) -> Iterator[Finding]:
    """A note for each vendor that is mentioned, and each entry in force for it, at the first place; never more than a note."""
    cursor = Cursor(source.data)
    whole = _whole(document)
    for mention in sorted(mentions, key=lambda item: item.start):
        place = cursor.place(mention.start, mention.end)
        name = pack.name_of(mention.vendor)
        for listed, entry in entries[mention.vendor]:
            rule = policy.rule_of(listed, entry)
            yield Finding(
                rule=rule,
                level="note",
                relation=MENTION.relation,
                vendor=mention.vendor,
                vendor_name=name,
                list_id=listed.list,
                entry=entry.entry,
                entry_title=entry.title,
                entry_meaning=entry.meaning,
                entry_limits=entry.limits,
                component=whole,
                evidence=(_evidence(mention),),
                location=Location(path=source.name, pointer="", place=place),
                dependency_path=(),
                documents=entry.documents,
                message=f"{source.name} names {name} {_where(mention.number)}: '{mention.text}'",
                why_level="The vendor is named beside the components, in text that says of none who made it",
                remedy="Look whether a part belongs there that the SBOM should list; nothing to do for the build",
                fingerprint=fingerprint(rule, whole, source.name),
                since=entry.since,
                origin=policy.origin_of(listed),
                vendor_origin=policy.origin_of(pack.policy.vendors[mention.vendor]),
            )


def _whole(document: Document) -> Component:
    """What stands for the document where a finding wants a component."""
    return Component(
        ref="", name=document.source, version="", type=KIND, component_class="software", purl="", pointer="", signals=(), counted=False,
    )  # fmt: skip


def _evidence(mention: net.Mention) -> Evidence:
    return Evidence(
        vendor=mention.vendor, signal="text", field=FIELD, at="", found=mention.text, expected=mention.word,
        strength="mention", relation=MENTION.relation, explanation=f"named {_where(mention.number)}",
    )  # fmt: skip


def _where(number: int) -> str:
    return "in a place that gives no value of a component" if number == 1 else f"in {number} places that give no value of a component"
