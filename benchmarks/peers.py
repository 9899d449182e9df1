"""Measures `sbomguard check` against what people would use instead, each with the same question on the same document:

python benchmarks/peers.py --components 10000 --covered 40 --runs 5

Is a component of a covered vendor in it? Peers are installed into a cache folder, each into a folder of its own, in exactly the version
that stands here; one that cannot be had is left out with a note.
"""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import syft
from parts import Product
from run import CRASHES, NO_RATIOS, Bench, Cost, medians, ratios, timed, write_table

WORDS = "huawei zte hytera hikvision dahua kaspersky"
"""What somebody writes down who has read the FCC's list: the words that its names begin with."""
PATTERN = rf"(?i)(^|[^a-z])({'|'.join(WORDS.split())})([^a-z]|$)"
FIELDS = ("name", "group", "publisher", "author", "purl", "cpe")
PARTIES = ("supplier", "manufacturer")

HIDDEN: tuple[dict[str, Any], ...] = (
    {"name": "net-agent", "supplier": {"name": "华为技术有限公司"}},
    {"name": "mpp-sdk", "publisher": "HiSilicon (Shanghai) Technologies Co., Ltd."},
    {"name": "libhcnetsdk.so"},
    {"name": "cloud-link", "supplier": {"name": "EZVIZ Network Co., Ltd."}},
    {"name": "isp-tuning", "author": "Li Wei <liwei@hisilicon.com>"},
    {"name": "modem-ctl", "supplier": {"name": "\u041d\u0443\u0430wei Technologies"}},
    {"name": "sdk-bundle", "components": [{"name": "nvr-core", "supplier": {"name": "Hangzhou Hikvision Digital Technology"}}]},
    {"name": "av-engine", "supplier": {"name": "Лаборатория Касперского"}},
    {"name": "obs-client", "purl": "pkg:npm/%40h%75awei/obs-client@3.0.0"},
    {"name": "ipc-lib", "externalReferences": [{"type": "website", "url": "https://www.dahuasecurity.com/support/sdk"}]},
)
"""Components of covered vendors that do not say so in the plainest way; `sdk-bundle` is none itself."""
NAMESAKES: tuple[dict[str, Any], ...] = (
    {"name": "aztec-code", "purl": "pkg:pypi/aztec-code@1"},
    {"name": "huawei-lte-api", "purl": "pkg:pypi/huawei-lte-api@1.9"},
    {"name": "mmvision", "author": "Dahua Lin"},
    {"name": "home-cameras", "purl": "pkg:github/aurora/hikvision-client@1", "supplier": {"name": "Aurora GmbH"}},
)
"""Components of others: a word inside a word, programs that talk to a vendor's devices, a person."""

PYTHON = f"""
import json, re, sys
words = re.compile({PATTERN!r})
def texts(item):
    yield from (item.get(key, "") for key in {FIELDS})
    yield from (item.get(key, {{}}).get("name", "") for key in {PARTIES})
def walk(items):
    for item in items:
        yield item
        yield from walk(item.get("components", []))
with open(sys.argv[1], "rb") as stream:
    found = [item["name"] for item in walk(json.load(stream)["components"]) if any(map(words.search, texts(item)))]
print("\\n".join(found))
sys.exit(bool(found))
"""
JQ = f"""
.components[] | recurse(.components[]?)
| select([{", ".join(f".{key}" for key in FIELDS)}, {", ".join(f".{key}.name?" for key in PARTIES)}]
         | any(strings | test({json.dumps(PATTERN)})))
| .name
"""
REGO = f"""
package main
import rego.v1
parts := array.concat(input.components, [inner | some outer in input.components; some inner in outer.components])
deny contains item.name if {{
    some item in parts
    some text in [item[key] | some key in {json.dumps(FIELDS)}]
    regex.match(`{PATTERN}`, text)
}}
deny contains item.name if {{
    some item in parts
    some key in {json.dumps(PARTIES)}
    regex.match(`{PATTERN}`, item[key].name)
}}
"""
REGORUS = """
import sys, hobofan_regorus as regorus
engine = regorus.Engine()
with open(sys.argv[1], encoding="utf-8") as policy, open(sys.argv[2], encoding="utf-8") as document:
    engine.add_policy(sys.argv[1], policy.read())
    engine.set_input_json(document.read())
found = engine.eval_rule("data.main.deny")
print("\\n".join(found))
sys.exit(bool(found))
"""
ANY_CASE = "|".join("".join(f"[{letter}{letter.upper()}]" for letter in word) for word in WORDS.split())
SCHEMA = json.dumps({
    "$schema": "http://json-schema.org/draft-07/schema#",
    "definitions": {
        "text": {"not": {"pattern": f"(^|[^A-Za-z])({ANY_CASE})([^A-Za-z]|$)"}},  # patterns of ECMA-262 have no (?i)
        "component": {
            "properties": {
                **{key: {"$ref": "#/definitions/text"} for key in FIELDS},
                **{key: {"properties": {"name": {"$ref": "#/definitions/text"}}} for key in PARTIES},
                "components": {"items": {"$ref": "#/definitions/component"}},
            }
        },
    },
    "properties": {"components": {"items": {"$ref": "#/definitions/component"}}},
})  # fmt: skip
PROFILE = json.dumps({
    "id": "covered", "name": "No component of a covered vendor", "version": "1",
    "sources": [{"name": "benchmark", "ref": "benchmark", "url": "https://example.com/"}],
    "rules": [
        {"id": f"covered-{field}", "scope": "component", "severity": "MUST", "category": "Provenance", "citation": "benchmark",
         "field": field, "validators": [{"name": "format_regex", "pattern": f"(?i)^(?!.*{PATTERN.removeprefix('(?i)')})"}]}
        for field in ("name", "supplier", "author", "publisher", "purl", "cpe")
    ],
})  # fmt: skip
BLACKLIST = json.dumps({
    "policy": [{
        "name": "covered", "type": "blacklist", "action": "fail",
        "rules": [{"field": field, "patterns": [PATTERN]} for field in ("name", "supplier", "author", "purl", "cpe")],
    }],
})  # fmt: skip
DENY = "[package]\n" + WORDS.replace(" ", "\n") + "\n"
FILES = {
    "deny.py": PYTHON, "deny.jq": JQ, "deny.rego": REGO, "regorus.py": REGORUS, "deny.schema.json": SCHEMA, "covered.yaml": PROFILE,
    "blacklist.yaml": BLACKLIST, "deny.txt": DENY,
}  # fmt: skip
"""What the peers are told, all of it made of WORDS."""


class Peer(NamedTuple):
    """A tool: who installs it (`pip`, `go`, `cargo`, or `path` for a program that is there already); the package with its options; the
    program; the command with {program}, {files} for the folder of FILES and {document}; the status with which it ends on this document
    (with another one it did not do what it is here for); what of its output names the components that it refuses; and the options it
    needs for such an output, if it is not the usual one."""

    title: str
    installer: str
    package: str
    program: str
    command: str
    status: int
    told: Callable[[str], str] = str
    telling: tuple[str, ...] = ()


def failed_rules(output: str) -> str:
    """What OSSBomer does not let pass, of its JSON report."""
    found = [finding for result in json.loads(output)["results"] for finding in result["findings"]]
    return "\n".join(
        item["path"] + item["message"] for item in found if item["rule_id"].startswith("covered-") and item["verdict"] != "PASS"
    )


def loud(output: str) -> str:
    """The components of findings that are no mere notes, of our JSON report."""
    return "\n".join(item["component"]["name"] for item in json.loads(output)["findings"] if item["level"] != "note")


def blacklisted(output: str) -> str:
    """The components that sbomqs refuses, of its JSON report, which holds every rule for every component."""
    checks = [check for policy in json.loads(output) for check in policy["policy_results"]]
    return "\n".join(check["component_name"] for check in checks if check["result"] == "fail")


def refused(output: str) -> str:
    """What sbomaudit denies, of its text."""
    return "\n".join(line for line in output.splitlines() if "not allowed" in line)


OURS = Peer("`sbomguard check`", "path", "", sys.executable, "{program} -m sbomguard check {document}", 1, loud, ("-f", "json"))
PEERS = (
    Peer("15 lines of Python (`json`, `re`)", "path", "", sys.executable, "{program} {files}/deny.py {document}", 1),
    Peer("jq script", "path", "", "jq", "{program} -er -f {files}/deny.jq {document}", 0),
    Peer("conftest 0.71.1 (OPA, Rego)", "go", "github.com/open-policy-agent/conftest@v0.71.1", "conftest",
         "{program} test --no-color --policy {files}/deny.rego --parser json {document}", 1),
    Peer("OPA 1.22.2, the same Rego", "go", "github.com/open-policy-agent/opa@v1.22.2", "opa",
         "{program} eval --fail-defined -f raw -d {files}/deny.rego -i {document} data.main.deny[_]", 1),
    Peer("regorus 0.14.1, the same Rego", "cargo", "regorus@0.14.1 --example regorus", "regorus",
         "{program} eval -d {files}/deny.rego -i {document} data.main.deny", 0),
    Peer("regorus (hobofan-regorus 0.2.5, the same Rego)", "pip", "hobofan-regorus==0.2.5", "python",
         "{program} {files}/regorus.py {files}/deny.rego {document}", 1),
    Peer("sbomqs 1.3.0, a policy of its own", "go", "github.com/interlynk-io/sbomqs@v1.3.0", "sbomqs",
         "{program} policy -f {files}/blacklist.yaml -o json {document}", 0, blacklisted),
    Peer("sbom-tools 0.3.0, a query for each word", "cargo", "sbom-tools@0.3.0 --no-default-features --features cli", "sbom-tools",
         f"sh -c 'for word in {WORDS}; do {{program}} query --offline --no-config -q -o csv $word {{document}}; done'", 0),
    Peer("cyclonedx-editor-validator 1.0.3, own JSON schema", "pip", "cyclonedx-editor-validator==1.0.3", "cdx-ev",
         "{program} validate --schema-path {files}/deny.schema.json {document}", 4),
    Peer("OSSBomer 2.4.2, own profile", "pip", "ossbomer==2.4.2", "ossbomer",
         "{program} validate --profile covered --profile-path {files} --format json --file {document}", 1, failed_rules),
    Peer("sbomaudit 0.4.4 `--deny`", "pip", "sbomaudit==0.4.4", "sbomaudit",
         "{program} --offline --deny {files}/deny.txt -i {document}", 0, refused),
)  # fmt: skip


class LeftOutError(Exception):
    """Why there is nothing to say of a peer."""


class SlowError(Exception):
    """A run took longer than it may."""


class Told(NamedTuple):
    """What a peer said: which of the planted and of the hidden components it found and which it missed, and its false alarms."""

    planted: tuple[list[str], list[str]]
    hidden: tuple[list[str], list[str]]
    false: list[str]


def main() -> None:
    options = read_options()
    with TemporaryDirectory(prefix="sbomguard-bench-") as folder:
        bench = Bench(options.python, [], Path(folder), options.runs)
        document = Path(folder, "peers.cdx.json")
        planted = write(document, options.components, options.covered)
        for name, text in FILES.items():
            Path(folder, name).write_text(text, "utf-8")
        commands: dict[Peer, list[str]] = {}
        told: dict[Peer, Told | None] = {}
        for peer in (OURS._replace(program=options.python), *PEERS):
            note(f"{peer.title} ...")
            try:
                program = installed(peer, options.cache)
                command = shlex.split(peer.command.format(program=program, files=folder, document=document))
                told[peer] = asked(bench, peer, command, options.bound, planted)
                commands[peer] = command
            except SlowError:
                told[peer] = None
            except LeftOutError as error:
                note(f"{peer.title} is left out: {error}")
        done = rounds(bench, commands, options.bound)
        count = f"{options.components:,} components and {len(hidden()) + len(NAMESAKES)} more, {document.stat().st_size:,} bytes"
    if OURS.title not in (peer.title for peer in done):
        sys.exit(f"{OURS.title} itself cannot be measured")
    text = "\n".join([f"{count}; medians of {options.runs} rounds.", "", heading(len(planted)), *rows(told, done, options.bound)])
    print(text)
    if options.names:
        print("", *(by_name(peer.title, each) for peer, each in told.items() if each), sep="\n")
    if options.write:
        write_table("peers", text)


def note(text: str) -> None:
    print(text, file=sys.stderr)


def read_options() -> Namespace:
    parser = ArgumentParser(description="Measures `sbomguard check` against what people would use instead.")
    parser.add_argument("--components", type=int, default=10_000, metavar="N")
    parser.add_argument("--covered", type=int, default=40, metavar="K", help="so many of them from listed vendors (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="rounds, after one to warm up (default: %(default)s)")
    parser.add_argument("--bound", type=int, default=60, metavar="SECONDS", help="a run that takes longer is ended (default: %(default)s)")
    parser.add_argument("--python", default=sys.executable, metavar="FILE", help="interpreter with sbomguard (default: this one)")
    parser.add_argument("--names", action="store_true", help="also print which of them each missed, and its false alarms")
    parser.add_argument("--write", action="store_true", help="put the table between the markers of benchmarks/README.md too")
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    parser.add_argument("--cache", type=Path, default=home / "sbomguard-peers", metavar="DIR", help="where peers are installed")
    options = parser.parse_args()
    if options.runs < 1:
        parser.error("--runs needs at least 1")
    return options


# ---- the document


def write(document: Path, components: int, covered: int) -> list[str]:
    """Write the document; the names of the planted components."""
    product = Product(components, covered)
    data = json.loads("".join(syft.cyclonedx(product)))
    planted = [item["name"] for number, item in enumerate(data["components"]) if product.is_listed(number)]
    data["components"].extend(map(whole, (*HIDDEN, *NAMESAKES)))
    document.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), "utf-8")
    return planted


def whole(item: dict[str, Any]) -> dict[str, Any]:
    """A component with what the format demands besides."""
    inner = {"components": list(map(whole, item["components"]))} if "components" in item else {}
    return {"type": "library", "bom-ref": item["name"], "version": "1.0", **item, **inner}


def hidden() -> list[str]:
    """The names of the hidden components."""
    return [inner["name"] for item in HIDDEN for inner in item.get("components", (item,))]


# ---- the peers


def installed(peer: Peer, cache: Path) -> str:
    """The program of a peer, which is installed if it is not. Raises LeftOutError."""
    if peer.installer == "path":
        program = shutil.which(peer.program)
        if not program:
            raise LeftOutError(f"there is no {peer.program}")
        return program
    package, *options = peer.package.split()
    folder = cache.absolute() / package.replace("/", "-")
    done = folder / "installed"
    if not done.exists():  # else an installation that was interrupted would stand as one
        note(f"installing {package} ...")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for command in INSTALL[peer.installer](folder, package, options):
            install_step(command, folder)
        done.touch()
    return str(folder / "bin" / peer.program)


INSTALL: dict[str, Callable[[Path, str, list[str]], list[list[str]]]] = {
    "pip": lambda folder, package, options: [
        [sys.executable, "-m", "venv", str(folder)],
        [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", *options, package],
    ],
    # For a module of its own that wants this one: `go install MODULE@VERSION` asks for the list of all versions, which not every proxy
    # has, and takes no module that replaces another.
    "go": lambda _, package, options: [
        ["go", "mod", "init", "peer"],
        ["go", "mod", "edit", "-require", package],
        ["go", "install", "-mod=mod", *options, package.partition("@")[0]],
    ],
    "cargo": lambda folder, package, options: [["cargo", "install", "-q", "--locked", "--root", str(folder), *options, package]],
}


def install_step(command: list[str], folder: Path) -> None:
    """Run one command of an installation in its folder. Raises LeftOutError with the end of what it said."""
    environment = {**os.environ, "GOBIN": str(folder / "bin")}
    try:
        subprocess.run(command, check=True, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    except OSError:
        raise LeftOutError(f"there is no {command[0]}") from None
    except subprocess.CalledProcessError as error:
        raise LeftOutError(f"`{shlex.join(command)}` ended with status {error.returncode}: {end_of(error.stderr)}") from None


def asked(bench: Bench, peer: Peer, command: list[str], bound: int, planted: list[str]) -> Told:
    """What it says, in a run that does not count and warms the caches. Raises LeftOutError or SlowError."""
    output = bench.folder / "output"
    run(bench, peer, [*command, *peer.telling], bound, str(output))
    text = peer.told(output.read_text("utf-8"))
    false, _ = parted([item["name"] for item in NAMESAKES], text)
    return Told(parted(planted, text), parted(hidden(), text), false)


def parted(names: list[str], text: str) -> tuple[list[str], list[str]]:
    """The names that stand in the text, and those that do not. A longer name that ends or begins with one is another."""
    found = [name for name in names if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)]
    return found, [name for name in names if name not in found]


def run(bench: Bench, peer: Peer, command: list[str], bound: int, output: str = os.devnull) -> Cost:
    """The cost of one run. Raises LeftOutError or SlowError."""
    cost, said = timed(bench, command, bound, output)
    if cost.status == -signal.SIGKILL and cost.wall >= bound:
        raise SlowError
    if cost.status != peer.status or any(sign in said for sign in CRASHES):
        raise LeftOutError(f"it ended with status {cost.status}, not {peer.status}: {end_of(said)}")
    return cost


def end_of(text: str) -> str:
    return text.strip()[-500:]


# ---- the table


def rounds(bench: Bench, commands: dict[Peer, list[str]], bound: int) -> dict[Peer, list[Cost]]:
    """The costs of each command, all of them in turn. A peer that is too slow once has none."""
    done: dict[Peer, list[Cost]] = {peer: [] for peer in commands}
    for number in range(bench.runs):
        note(f"round {number + 1} ...")
        for peer in list(done):
            try:
                done[peer].append(run(bench, peer, commands[peer], bound))
            except SlowError:
                del done[peer]
    return done


def heading(planted: int) -> str:
    counts = f"found + missed of {planted} planted | of {len(hidden())} hidden | false alarms of {len(NAMESAKES)}"
    return (
        f"| run | status | CPU s | wall s | peak MiB | × CPU of {OURS.title} (range) | × wall | × peak | {counts} |\n"
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    )


def rows(told: dict[Peer, Told | None], done: dict[Peer, list[Cost]], bound: int) -> Iterator[str]:
    """A line for each peer that was asked; the first one is what the others are compared with."""
    first = next(iter(done.values()))
    for peer, each in told.items():
        if each and peer in done:
            yield row(peer, done[peer], first, each)
        else:
            yield f"| {peer.title} | | | > {bound}, ended |" + " |" * 7


def row(peer: Peer, costs: list[Cost], first: list[Cost], told: Told) -> str:
    cells = [peer.title, str(peer.status), *medians(costs), *(NO_RATIOS if costs is first else ratios(costs, first))]
    cells += [" + ".join(str(len(names)) for names in pair) for pair in (told.planted, told.hidden)]
    return f"| {' | '.join([*cells, str(len(told.false))])} |"


def by_name(title: str, told: Told) -> str:
    """What a peer missed and its false alarms, by name."""
    missed = [*told.planted[1], *told.hidden[1]]
    return f"{title}\n  missed: {', '.join(missed) or 'none'}\n  false alarms: {', '.join(told.false) or 'none'}"


if __name__ == "__main__":
    main()
