"""Holds the verdict on labelled identities against their labels, and prints recall, shares of right answers, and every wrong line:

python benchmarks/accuracy.py LABELS.jsonl

A line of the file is a JSON object: `id`, `component`, `label` (made_by, contributed, about, homonym, clean), `accept` (answers that count
as right: finding, review, note, silent) and, where there is one, `vendor` and `class`. With --names the file holds one package URL a line,
and every finding is printed: what is not the vendor's own is a false alarm.
"""

import json
from argparse import ArgumentParser, Namespace
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sbomguard import pack as packs
from sbomguard.check import check
from sbomguard.finding import Finding
from sbomguard.pack import Pack
from sbomguard.policy import DEFAULT_LISTS
from sbomguard.source import Source

Label = dict[str, Any]
BATCH = 50_000
"""Components a document when names are measured."""


class Answer(NamedTuple):
    """What the check says of one labelled line, as readings that `accept` may hold, and whether that is right."""

    label: Label
    findings: tuple[Finding, ...]
    readings: frozenset[str]
    right: bool


class Share(NamedTuple):
    """How many of how many."""

    part: int
    whole: int

    def __str__(self) -> str:
        return f"{self.part}/{self.whole}" + (f" = {self.part / self.whole:.4f}" if self.whole else "")


def main() -> None:
    options = read_options()
    pack = packs.load(options.policy, shipped=False) if options.policy else packs.load()
    chosen = tuple(options.list) or (DEFAULT_LISTS if options.default_lists else tuple(pack.policy.lists))
    print(f"lists: {', '.join(chosen)}")
    if options.names:
        print_names(read_lines(options.file), pack, chosen, options.today)
        return
    answers = judge([json.loads(line) for line in read_lines(options.file)], pack, chosen, options.today, options.format)
    for line in summary(answers):
        print(line)
    for answer in answers:
        if not answer.right:
            print(explained(answer))


def read_options() -> Namespace:
    parser = ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("file", type=Path, help="labels as JSON lines, or package URLs with --names")
    parser.add_argument("--names", action="store_true", help="the file holds one package URL a line; print every finding")
    parser.add_argument("--list", action="append", default=[], metavar="ID", help="hold against that list (repeatable)")
    parser.add_argument("--default-lists", action="store_true", help="hold against the lists that `check` takes, not against all there are")
    parser.add_argument("--format", choices=("cyclonedx", "spdx"), default="cyclonedx", help="the SBOM to make")
    parser.add_argument("--policy", metavar="DIR", help="other vendor and list files")
    parser.add_argument("--today", default=datetime.now(UTC).date().isoformat(), metavar="DATE")
    return parser.parse_args()


def read_lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


# ---- answers


def judge(labels: list[Label], pack: Pack, lists: tuple[str, ...], today: str, form: str = "cyclonedx") -> list[Answer]:
    """The answers on all lines, in their order, from one SBOM."""
    document = {"cyclonedx": cyclonedx, "spdx": spdx}[form](label["component"] for label in labels)
    found = findings(document, pack, lists, today)
    return [answer(label, tuple(found[number])) for number, label in enumerate(labels)]


def findings(document: dict[str, Any], pack: Pack, lists: tuple[str, ...], today: str) -> dict[int, list[Finding]]:
    """The findings of a document by the number of the component."""
    verdict = check([Source("labels.json", json.dumps(document).encode())], pack, today=today, lists=lists)
    by_number: dict[int, list[Finding]] = defaultdict(list)
    for item in verdict.findings:
        if item.component.ref:  # what has none is the document, of which no line is
            by_number[int(item.component.ref.rpartition("-")[2])].append(item)
    return by_number


def answer(label: Label, found: tuple[Finding, ...]) -> Answer:
    readings = frozenset(reading for item in found for reading in readings_of(item))
    readings = (readings - {"note"} or readings) if found else frozenset({"silent"})
    right = not readings.isdisjoint(label["accept"])
    if right and label["label"] == "made_by" and found:
        right = label["vendor"] in {item.vendor for item in found}
    return Answer(label, found, readings, right)


def readings_of(item: Finding) -> tuple[str, ...]:
    """The answers that a finding amounts to: a maker's part for review is a finding and a review."""
    if item.level == "note":
        return ("note",)
    if item.relation != "made-by":
        return ("review",)
    return ("finding", "review") if item.level == "review" else ("finding",)


# ---- report


def summary(answers: list[Answer]) -> Iterator[str]:
    """Recall of made_by, false alarms, and shares of right answers by label and by class."""
    asked = [item for item in answers if item.label["label"] == "made_by" and "finding" in item.label["accept"]]
    yield f"right: {share(answers)}"
    yield f"recall of made_by: {Share(sum('finding' in item.readings or item.right for item in asked), len(asked))}"
    for label, group in grouped(answers, "label"):
        alarms = sum("finding" in item.readings and "finding" not in item.label["accept"] for item in group)
        yield f"  {label}: {share(group)}, findings that are not accepted: {alarms}"
    yield "classes with wrong answers:"
    for name, group in grouped(answers, "class"):
        if any(not item.right for item in group):
            yield f"  {name}: {share(group)}"


def share(answers: list[Answer]) -> Share:
    return Share(sum(item.right for item in answers), len(answers))


def grouped(answers: list[Answer], key: str) -> list[tuple[str, list[Answer]]]:
    groups: dict[str, list[Answer]] = defaultdict(list)
    for item in answers:
        groups[str(item.label.get(key, ""))].append(item)
    return sorted(groups.items())


def explained(answer: Answer) -> str:
    """A wrong line: what it is, what was said and what is right, and the evidence for it."""
    label = answer.label
    head = f"{label['id']} {label['label']} {label.get('class', '')}: {sorted(answer.readings)}, right: {label['accept']}"
    return "\n".join([head, f"    {json.dumps(label['component'], ensure_ascii=False)}", *map(evidence, answer.findings)])


def evidence(item: Finding) -> str:
    facts = "; ".join(f"{fact.signal} '{fact.found}' met '{fact.expected}' ({fact.strength})" for fact in item.evidence)
    return f"    {item.level} {item.relation} {item.rule}: {facts}"


def print_names(purls: list[str], pack: Pack, lists: tuple[str, ...], today: str) -> None:
    levels: Counter[str] = Counter()
    for start in range(0, len(purls), BATCH):
        batch = purls[start : start + BATCH]
        document = cyclonedx({"name": purl.partition("@")[0].rpartition("/")[2], "purl": purl} for purl in batch)
        for number, found in sorted(findings(document, pack, lists, today).items()):
            loud = [item for item in found if item.level != "note"]
            levels["finding" if loud else "note"] += 1
            for item in loud:
                print(f"{batch[number]}\n{evidence(item)}")
    print(f"names with notes only: {Share(levels['note'], len(purls))}")
    print(f"names with findings: {Share(levels['finding'], len(purls))}")


# ---- SBOMs


def cyclonedx(components: Iterable[Label]) -> dict[str, Any]:
    """A CycloneDX 1.6 document; the refs are l-0, l-1, ..."""
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": list(map(_component, components, _refs("l")))}


def _refs(prefix: str) -> Iterator[str]:
    number = 0
    while True:
        yield f"{prefix}-{number}"
        number += 1


def _component(item: Label, ref: str) -> dict[str, Any]:
    out = {"bom-ref": ref, "type": item.get("type", "library"), "name": item["name"]}
    out.update({key: item[key] for key in ("version", "group", "publisher", "author", "purl", "cpe") if item.get(key)})
    out.update({key: {"name": item[key]} for key in ("supplier", "manufacturer") if item.get(key)})
    if item.get("external_references"):
        out["externalReferences"] = item["external_references"]
    if item.get("file_name"):
        out["evidence"] = {"occurrences": [{"location": item["file_name"]}]}
    properties = [*item.get("properties", ()), *([{"name": "fcc:id", "value": item["fcc_id"]}] if item.get("fcc_id") else ())]
    return {**out, "properties": properties} if properties else out


def spdx(components: Iterable[Label]) -> dict[str, Any]:
    """An SPDX 2.3 document; the ids are SPDXRef-l-0, SPDXRef-l-1, ..."""
    packages = list(map(_package, components, _refs("SPDXRef-l")))
    return {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": "labels", "packages": packages,
        "documentNamespace": "https://example.com/labels", "documentDescribes": [item["SPDXID"] for item in packages],
        "creationInfo": {"created": "2026-01-01T00:00:00Z", "creators": ["Organization: Example"]},
    }  # fmt: skip


PURPOSES = ("library", "framework", "application", "firmware", "device", "file", "operating-system")


def _package(item: Label, ref: str) -> dict[str, Any]:
    kind = item.get("type", "library")
    out: dict[str, Any] = {"SPDXID": ref, "name": f"{item['group']}/{item['name']}" if item.get("group") else item["name"]}
    out.update(downloadLocation="NOASSERTION", filesAnalyzed=False, primaryPackagePurpose=kind.upper() if kind in PURPOSES else "OTHER")
    out.update({there: item[here] for here, there in (("version", "versionInfo"), ("file_name", "packageFileName")) if item.get(here)})
    out.update(_parties(item))
    for reference in item.get("external_references", ()):
        out["homepage" if reference.get("type") == "website" else "downloadLocation"] = reference["url"]
    refs = [("PACKAGE-MANAGER", "purl", item.get("purl"))]
    refs.append(("SECURITY", "cpe23Type" if str(item.get("cpe")).startswith("cpe:2.3:") else "cpe22Type", item.get("cpe")))
    out["externalRefs"] = [
        {"referenceCategory": kind, "referenceType": form, "referenceLocator": value} for kind, form, value in refs if value
    ]
    if item.get("fcc_id"):
        out["annotations"] = [{"annotationDate": "2026-01-01T00:00:00Z", "annotationType": "OTHER", "annotator": "Organization: Example",
                               "comment": f"FCC ID: {item['fcc_id']}"}]  # fmt: skip
    return out


def _parties(item: Label) -> dict[str, str]:
    """Supplier and originator (SPDX 2.3 clauses 7.5 and 7.6); an author is a person."""
    parties = {"supplier": _prefixed(item["supplier"], "Organization")} if item.get("supplier") else {}
    maker = item.get("manufacturer") or item.get("publisher")
    if maker:
        parties["originator"] = _prefixed(maker, "Organization")
    elif item.get("author"):
        parties["originator"] = _prefixed(item["author"].replace("<", "(").replace(">", ")"), "Person")
    return parties


def _prefixed(text: str, kind: str) -> str:
    return text if text.startswith(("Organization:", "Person:", "Tool:")) else f"{kind}: {text}"


if __name__ == "__main__":
    main()
