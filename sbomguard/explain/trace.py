"""How the value of a signal is brought to what is looked up: the steps, in order, that changed it."""

from collections.abc import Callable

from msgspec import Struct

from sbomguard import cpe, names, weburl
from sbomguard import purl as package_url
from sbomguard.matchers import domain, fcc, file, forge, hardware, package, party, platform
from sbomguard.matchers.index import Index, purl_path
from sbomguard.model import Signal
from sbomguard.names import Step
from sbomguard.percent import unquote


class Trace(Struct, frozen=True):
    """`steps` that changed the value, each with what it left; `keys` all that was looked up for it, in the order of looking up. `lost`
    says why the value could not be taken for what its field promises, `note` what else is odd about it."""

    steps: tuple[Step, ...]
    keys: tuple[str, ...]
    lost: str = ""
    note: str = ""


def trace(signal: Signal, *indexes: Index) -> Trace:
    """How that signal is normalised. The steps are the same for every index; what is looked up may differ."""
    first, *others = (TRACES[signal.kind](signal, index) for index in indexes)
    return Trace(first.steps, tuple(dict.fromkeys(key for item in (first, *others) for key in item.keys)), first.lost, first.note)


def _party(signal: Signal, index: Index) -> Trace:
    steps = names.trace(signal.value)
    readings = list(dict.fromkeys(name for name, _ in party.readings(signal.value, index, signal.role == "author")))
    cores = [core for name in readings if (core := names.core(name)) and core != name.key]
    whole = readings[0]
    if (core := names.core(whole)) != whole.key:
        steps += (Step("places and business words dropped, for short brands", core),)
    keys = [*(name.key for name in readings), *cores, _host(signal.value)]
    return Trace(steps, _told(keys), "" if whole.key else "nothing is left to look up")


def _host(text: str) -> str:
    """The host of an address that a party field holds for a name."""
    url = weburl.parse(text) if "://" in text or text.lower().startswith("www.") else None
    return url.host if url else domain.bare_host(text)


def _email(signal: Signal, index: Index) -> Trace:
    host = weburl.host_name(signal.value.rpartition("@")[2].strip("<>() "))
    return Trace((Step("host of the address", host),) if host else (), _told([host]), "" if host else "it has no host name")


def _url(signal: Signal, index: Index) -> Trace:
    url = weburl.parse(signal.value)
    if url is None:
        return Trace((), (), "it is no address of a host")
    steps = [Step("host and path", "/".join((url.host, *url.path)))]
    keys = [url.host]
    for host, path in forge.accounts(signal):
        account = "/".join((host, *path))
        if path and account != steps[0].text:
            steps.append(Step("account on the host", account))
        keys.append(account)
    return Trace(_changing(signal.value, steps), _told(keys))


def _purl(signal: Signal, index: Index) -> Trace:
    parsed, folded = package_url.parse(signal.value), package_url.parse_folded(signal.value)
    if parsed is None or folded is None:
        return Trace((), (), "it is no package URL: a scheme, a type or a name is missing")
    plain = signal.value.partition("#")[0].partition("?")[0]
    steps = [Step("percent-escapes undone", unquote(plain))] if unquote(plain) != plain else []
    steps.append(
        Step("type, namespace and name, as the type folds them", "/".join(filter(None, (parsed.type, parsed.namespace, parsed.name))))
    )
    if (folded.namespace, folded.name) != (parsed.namespace, parsed.name):
        steps.append(Step("letters folded", "/".join(filter(None, (folded.type, folded.namespace, folded.name)))))
    steps.append(Step("lower case", purl_path(folded)))
    accounts = ["/".join((host, *path)) for host, path in forge.accounts(signal)]
    keys = [purl_path(folded), *package.namespaces(folded), *accounts, *(url.host for url in domain.urls_of(signal.value))]
    wrong = package_url.complaint(signal.value)
    return Trace(_changing(signal.value, steps), _told(keys), "", f"by its specification it is not valid: {wrong}" if wrong else "")


def _cpe(signal: Signal, index: Index) -> Trace:
    name = cpe.parse(signal.value)
    if name is None:
        return Trace((), (), "it is no CPE name of version 2.2 or 2.3")
    keys = platform.keys(signal.value)
    return Trace(
        (Step("vendor and product, unescaped, lower case", keys[0]),) if keys else (), keys, "" if keys else "its vendor is a wildcard"
    )


def _name(signal: Signal, index: Index) -> Trace:
    folded = names.fold(signal.value)
    words, humps = " ".join(names.words_of(signal.value)), " ".join(names.humps_of(signal.value))
    last = " ".join(names.words_of(signal.value.rpartition("/")[2]))
    steps = [Step("letters folded, lower case", folded), Step("words", words)]
    if humps != words:
        steps.append(Step("words, with camel-case humps apart", humps))
    return Trace(_changing(signal.value, steps), _told([words, last, humps]), "" if words else "nothing is left to look up")


def _file(signal: Signal, index: Index) -> Trace:
    stem = file.stem(signal.value)
    return Trace(_changing(signal.value, [Step("file name without folders and ending, lower case", stem)]), _told([stem]))


def _fcc(signal: Signal, index: Index) -> Trace:
    codes = fcc.grantee_codes(signal.value)
    steps = (Step("grantee code", ", ".join(codes)),) if codes else ()
    return Trace(steps, codes, "" if codes else "it is too short for an FCC ID")


def _hardware(signal: Signal, index: Index) -> Trace:
    number = hardware.number_of(signal.role, signal.value)
    steps = _changing(signal.value, [Step("number of the maker", number)]) if number else ()
    return Trace(steps, _told([number]), "" if number else f"it is no number of the kind {signal.role}")


TRACES: dict[str, Callable[[Signal, Index], Trace]] = {
    "party": _party,
    "email": _email,
    "url": _url,
    "purl": _purl,
    "cpe": _cpe,
    "name": _name,
    "file": _file,
    "fcc-id": _fcc,
    "hardware-id": _hardware,
    "date": lambda signal, index: Trace((), (), "it is the day that counts for whose a sold business was"),
}


def _changing(text: str, steps: list[Step]) -> tuple[Step, ...]:
    """The steps that changed something."""
    taken = []
    for step in steps:
        if step.text != text:
            taken.append(step)
        text = step.text
    return tuple(taken)


def _told(keys: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for key in keys if key))
