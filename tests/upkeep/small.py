"""A small policy folder that is right, to be changed by tests: one file of each kind, YAML as people write it."""

from collections.abc import Callable
from pathlib import Path

VENDOR = """\
vendor: acme
name: Acme Limited
summary: A maker of things that is in no list.
sources:
  web:
    title: Their site
    url: https://acme.example.com/
  book:
    title: A book about them
    url: https://books.example.com/acme
identities:
  - signal: party
    match: core
    confidence: confirmed
    source: [web, book]
    values: [Acme, Acmetron]
  - signal: domain
    confidence: single
    source: [web]
    values: [acme.example.com]
  - signal: word
    match: prefix
    confidence: unverified
    source: [book]
    values: [acmesdk]
false_friends:
  - signal: party
    values: [Acmetron Rentals]
    note: They rent out cars.
examples:
  made-by:
    - {name: part, supplier: Acme Ltd}
  clear:
    - {name: part, supplier: Acmetron Rentals}
"""

OTHER = """\
vendor: zeta
name: Zeta Limited
summary: Another maker of things, on the list as well.
sources:
  web:
    title: Their site
    url: https://zeta.example.com/
identities:
  - signal: party
    match: token
    confidence: confirmed
    source: [web]
    values: [Zetatron]
examples:
  made-by:
    - {supplier: Zetatron}
  clear:
    - {supplier: Zet}
"""

LIST = """\
list: home
title: A list of our own
authority: Ourselves
legal_basis: Our own rules
addressee: Our own suppliers
jurisdiction: US
status: in-force
snapshot:
  number: No. 2
  date: "2026-06-01"
meaning: Nothing made by Acme or Zeta comes into the house.
entries:
  - entry: acme
    title: Acme
    vendors: [acme]
    since: "2026-01-01"
    covers: [software]
    otherwise: review
    documents:
      - number: No. 1
        date: "2026-01-01"
    meaning: Nothing made by Acme comes into the house.
    confidence: confirmed
  - entry: zeta
    title: Zeta
    vendors: [zeta]
    since: "2026-02-01"
    until: "2026-03-01"
    covers: [hardware]
    otherwise: note
    documents:
      - number: No. 2
        date: "2026-02-01"
    meaning: Nothing made by Zeta comes into the house.
    confidence: unverified
  - entry: elsewhere
    title: Made elsewhere
    category: Routers made elsewhere
    since: "2026-02-01"
    covers: []
    otherwise: note
    sectors: [router]
    asks: ["Where was it made?"]
    exemptions:
      - {what: Spare parts, document: No. 2, until: "2026-12-31"}
    approvals:
      - {holder: Omega, products: All routers, document: No. 2, since: "2026-02-02", until: "2027-01-01", confidence: single}
    documents:
      - number: No. 2
        date: "2026-02-01"
    meaning: Routers that are made elsewhere do not come into the house.
    confidence: single
"""

PROFILE = """\
profile: us
title: Ourselves
who: Whoever works in this house.
lists: [home]
"""

FILES = {"vendors/acme.yaml": VENDOR, "vendors/zeta.yaml": OTHER, "lists/home.yaml": LIST, "profiles/us.yaml": PROFILE}

Change = Callable[[str], str]


def write(folder: Path, **changes: Change) -> Path:
    """The folder with each file changed as told, by its stem (`acme`, `zeta`, `home`, `us`)."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(changes.get(path.stem, str)(text), encoding="utf-8")
    return folder


def swap(old: str, new: str) -> Change:
    """The one place with that text replaced."""

    def change(text: str) -> str:
        assert text.count(old) == 1, old
        return text.replace(old, new)

    return change


def after(line: str, new: str) -> Change:
    """A line put after the first one that is this."""

    def change(text: str) -> str:
        lines = text.split("\n")
        number = lines.index(line)
        return "\n".join((*lines[: number + 1], new, *lines[number + 1 :]))

    return change
