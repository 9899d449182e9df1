"""Parties as documents write them: prefixes, e-mail addresses, and which kind of answer a supplier field really gives."""

import re
from collections.abc import Callable, Collection
from functools import cache, lru_cache

from sbomguard import names

# SPDX 2.3 clause 7.5: "Person: " | "Organization: ". Converters put one before a name that has one already; the last says what it is.
# Patterns are compiled when first used: most documents need few of them.
_PREFIX = r"(?i)\s*(?:(organization|organisation|person|tool)\s*:\s*)+"
_ADDRESS = r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"
_BRACKETS = r"\(\s*\)|<\s*>|\[\s*\]|\{\s*\}"
_MAYBE_ADDRESS = r"\(([^()]*@[^()]*)\)|<([^<>]*@[^<>]*)>"

PLACEHOLDERS = frozenset(
    (
        "noassertion none unknown na n/a nil null undefined unspecified unavailable anonymous tbd todo tba various third-party "
        "thirdparty redacted confidential proprietary private internal vendor supplier manufacturer example default other - . ? "
        "unlicensed"
    ).split()
) | {"third party", "not available", "not applicable", "not specified", "no assertion", "to be determined", "open source", "opensource"}
"""Words that fill a supplier field without naming anyone (lower case, white space collapsed)."""

BUILD_SYSTEMS = frozenset({"openembedded", "openembedded ()", "yocto", "yocto project", "buildroot", "openwrt builder"})
"""Names that build systems stamp on every component (Yocto 4.0 and 5.0 write `Organization: OpenEmbedded ()`)."""

DISTRIBUTIONS = frozenset(
    ("debian", "ubuntu", "alpine linux", "arch linux", "fedora project", "centos", "opensuse", "almalinux", "rocky", "gentoo", "openwrt")
)
"""Words with which the names of those begin who package software for a distribution (`Debian GNOME Maintainers`)."""

DISTRIBUTION_HOSTS = frozenset(
    ("debian.org", "debian.net", "ubuntu.com", "alpinelinux.org", "archlinux.org", "fedoraproject.org", "centos.org", "opensuse.org",
     "almalinux.org", "rockylinux.org", "gentoo.org", "openwrt.org")
)  # fmt: skip
"""Registrable domains of the e-mail addresses that packagers of a distribution have."""

_PLAIN = (
    r"(?m)^(?:Person: |Organization: )?(?:([A-Za-z]{2,29})|([^\s@${:\[(<]++))(?=[ <(]|$)"
    r"(?: ([^\W\d_]{3,29}(?= |$))?+[^@${:\[(<\n]*+)?+"
    r"(?:[<(][^@<>()\n]*+(?<=[\w.+%-])@([A-Za-z0-9-]++(?:\.[A-Za-z0-9-]++)++)[>)])?$|^.*$"
)
"""Lines of party texts. The first word of a name without signs of more in it than the name (a template, a prefix, a bracket), in the second
group if it is no plain word; the second word if it is letters; the host of the address behind them, if there is one. Or anything else."""

_TEMPLATE = r"@[A-Z][A-Z0-9_]+@|\$\{[^}]+\}|\{\{[^}]+\}\}"
_OPAQUE = r"(?i)(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32,128})"


def split(text: str) -> tuple[str, tuple[str, ...], bool]:
    """The name, the e-mail addresses, and whether the text says it is a person: `Person: A B (a@b.c)` -> ('A B', ('a@b.c',), True).

    A bracket without an address stays part of the name: `Espressif Systems (Shanghai)`.
    """
    said, name = _unprefixed(text)
    addresses: tuple[str, ...] = ()
    if "@" in name:
        addresses = tuple(dict.fromkeys(re.findall(_ADDRESS, name)))
        name = re.sub(_ADDRESS, "", re.sub(_MAYBE_ADDRESS, lambda m: re.sub(_ADDRESS, "", m.group()), name))
    if name.endswith((")", ">", "]", "}")):
        name = re.sub(_BRACKETS, "", name)
    return name.strip(" \t\r\n,;"), addresses, said == "person"


def _unprefixed(text: str) -> tuple[str, str]:
    """The last of the prefixes, in lower case (empty if there is none), and what stands behind it."""
    said, colon, name = text.partition(": ")
    if colon and ":" not in name and said in ("Organization", "Person"):  # as most documents write it
        return said.lower(), name.lstrip()
    prefix = re.match(_PREFIX, text) if ":" in text else None
    return (prefix[1].lower(), text[prefix.end() :]) if prefix else ("", text)


def without_addresses(text: str) -> str:
    """The text without e-mail addresses."""
    return re.sub(_ADDRESS, " ", text) if "@" in text else text


def names_someone(text: str) -> bool:
    """Whether a party text, as written, gives an e-mail address or a name of a real class; that of a distribution is of none."""
    return party_class(text) == "vendor" or has_address(text)


def has_address(text: str) -> bool:
    """Whether there is an e-mail address in a text."""
    return "@" in text and re.search(_ADDRESS, text) is not None


def classes(texts: Collection[str]) -> dict[str, str]:
    """The class of each of many party texts, as `party_class` has it: nearly all are of two forms, which are looked for in all at once."""
    if not texts:
        return {}
    found = _plain_lines()("\n".join(texts))
    if len(found) != len(texts):
        lines = [text for text in texts if "\n" not in text]
        return classes(lines) | {text: party_class(text) for text in texts if "\n" in text}
    return {
        text: "distributor" if host and _is_distribution_host(host)
        else "vendor" if (first and first.lower() not in _ODD_FIRST) or _goes_on(first or other, second)
        else party_class(text)
        for text, (first, other, second, host) in zip(texts, found, strict=True)
    }  # fmt: skip


def _goes_on(first: str, second: str) -> bool:
    """Whether a name that begins with those words is a vendor's for what it has behind the first, whatever that looks like."""
    return second != "" and first.lower() not in _ODD and not _may_be_odd(second.lower())


def _may_be_odd(word: str) -> bool:
    """Whether a word in lower case is one of those that fill fields, or could be one with accents: of all its plain letters."""
    if word.isascii():
        return word in _ODD_WORDS
    letters = {letter for letter in word if letter.isascii()}
    return any(letters.issubset(odd) for odd in _ODD_WORDS)


@cache
def _plain_lines() -> Callable[[str], list[tuple[str, ...]]]:
    return re.compile(_PLAIN).findall


@lru_cache(100_000)
def party_class(text: str) -> str:
    """What a party text, as written, is worth: as `supplier_class` of its name, or `distributor`, which an address may tell too."""
    name, addresses, _ = split(text)
    if any(_is_distribution_host(address.rpartition("@")[2]) for address in addresses):
        return "distributor"
    kind = supplier_class(name)
    if kind == "vendor" and _is_distribution(name):
        return "distributor"
    return "vendor" if addresses and kind == "missing" else kind


def _is_distribution_host(host: str) -> bool:
    """Whether a host is that of a distribution, or in its domain."""
    return f".{host.lower().strip('.')}".endswith(_DOMAINS)


def _is_distribution(name: str) -> bool:
    words = name.lower().split()
    return words[:1] != [] and (words[0] in DISTRIBUTIONS or " ".join(words[:2]) in DISTRIBUTIONS)


@lru_cache(100_000)
def supplier_class(name: str) -> str:
    """What a party name is worth: `missing`, `placeholder`, `build-system`, `template`, `url` or `vendor` (a real answer)."""
    word = " ".join(name.lower().split())
    if word in PLACEHOLDERS:
        return "placeholder"
    if _is_plain(word.partition(" ")[0]) and _TEMPLATE_SIGNS.isdisjoint(word):
        return "vendor"
    key = names.normalise(name).key
    if word in BUILD_SYSTEMS or key in BUILD_SYSTEMS:
        return "build-system"
    if not _TEMPLATE_SIGNS.isdisjoint(name) and re.search(_TEMPLATE, name):
        return "template"
    if key in _PLACEHOLDER_KEYS or (len(word) >= 32 and _is_opaque(word)):
        return "placeholder"
    if not key:
        return "missing"
    return "url" if word.startswith(("http://", "https://")) else "vendor"


def _is_opaque(word: str) -> bool:
    """Whether it is nothing but the digits of a UUID or a digest."""
    return re.fullmatch(_OPAQUE, word.strip("{}[]()<>").rpartition(":")[2]) is not None


def _is_plain(first: str) -> bool:
    """Whether a name that begins with that word, in lower case, can be of no other class than a vendor, whatever follows."""
    return 2 < len(first) < 30 and first.isascii() and first.isalpha() and first not in _ODD_FIRST


_PLACEHOLDER_KEYS = frozenset(filter(None, (" ".join(names.words_of(text)) for text in PLACEHOLDERS))) | {"n a"}
_ODD_TEXTS = (*PLACEHOLDERS, *BUILD_SYSTEMS, *DISTRIBUTIONS)
_ODD = {text.split()[0] for text in _ODD_TEXTS}
_ODD_FIRST = names.LEGAL_FORMS | _ODD
_ODD_WORDS = _ODD_FIRST.union(*map(str.split, _ODD_TEXTS))
_TEMPLATE_SIGNS = frozenset("@${")
_DOMAINS = tuple(f".{host}" for host in sorted(DISTRIBUTION_HOSTS))
