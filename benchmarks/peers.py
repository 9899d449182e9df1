"""Measures `sbomguard check` against what people would use instead, each with the same question on the same document:

python benchmarks/peers.py --components 10000 --covered 40 --runs 5

Is a component of a covered vendor in it? Peers are installed into a cache folder, each into an environment of its own, in exactly the
version that stands here; one that cannot be had is passed over with a note.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import syft
from parts import Product
from run import CRASHES, Bench, Cost, spread, timed

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
DENY = "[package]\n" + WORDS.replace(" ", "\n") + "\n"
FILES = {
    "deny.py": PYTHON, "deny.jq": JQ, "deny.rego": REGO, "regorus.py": REGORUS, "deny.schema.json": SCHEMA, "covered.yaml": PROFILE,
    "deny.txt": DENY,
}  # fmt: skip
"""What the peers are told, all of it made of WORDS."""


class Peer(NamedTuple):
    """A tool: who installs what (`pip`, `go`, `cargo`, or `path` for a program that is there already), its program, the command with
    {program}, {files} for the folder of FILES and {document}, and what of its output tells which components it refuses."""

    title: str
    installer: str
    package: str
    program: str
    command: str
    told: Callable[[str], str] = str


def failed_rules(output: str) -> str:
    """What OSSBomer does not let pass, of its JSON report."""
    found = [finding for result in json.loads(output)["results"] for finding in result["findings"]]
    return "\n".join(
        item["path"] + item["message"] for item in found if item["rule_id"].startswith("covered-") and item["verdict"] != "PASS"
    )


def loud(output: str) -> str:
    """The components of findings that are no mere notes, of our JSON report."""
    return "\n".join(item["component"]["name"] for item in json.loads(output)["findings"] if item["level"] != "note")


def refused(output: str) -> str:
    return "\n".join(line for line in output.splitlines() if "not allowed" in line)


CHECK = "`sbomguard check`"
PEERS = (
    Peer("15 lines of Python (`json`, `re`)", "path", "", sys.executable, "{program} {files}/deny.py {document}"),
    Peer("jq script", "path", "", "jq", "{program} -er -f {files}/deny.jq {document}"),
    Peer("conftest 0.71.1 (OPA, Rego)", "go", "github.com/open-policy-agent/conftest@v0.71.1", "conftest",
         "{program} test --no-color --policy {files}/deny.rego --parser json {document}"),
    Peer("regorus (hobofan-regorus 0.2.5, the same Rego)", "pip", "hobofan-regorus==0.2.5", "python",
         "{program} {files}/regorus.py {files}/deny.rego {document}"),
    Peer("sbom-tools 0.3.0, a query for each word", "cargo", "sbom-tools@0.3.0", "sbom-tools",
         f"sh -c 'for word in {WORDS}; do {{program}} query --offline --no-config -q -o csv $word {{document}}; done'"),
    Peer("cyclonedx-editor-validator 1.0.3, own JSON schema", "pip", "cyclonedx-editor-validator==1.0.3", "cdx-ev",
         "{program} validate --schema-path {files}/deny.schema.json {document}"),
    Peer("OSSBomer 2.4.2, own profile", "pip", "ossbomer==2.4.2", "ossbomer",
         "{program} validate --profile covered --profile-path {files} --format json --file {document}", failed_rules),
    Peer("sbomaudit 0.4.4 `--deny`", "pip", "sbomaudit==0.4.4", "sbomaudit",
         "{program} --offline --deny {files}/deny.txt -i {document}", refused),
)  # fmt: skip


def main() -> None:
    options = read_options()
    with TemporaryDirectory(prefix="sbomguard-bench-") as folder:
        bench = Bench(options.python, [], Path(folder), options.runs)
        document = Path(folder, "peers.cdx.json")
        planted = write(document, options.components, options.covered)
        for name, text in FILES.items():
            Path(folder, name).write_text(text, "utf-8")
        check = [options.python, "-m", "sbomguard", "check", str(document)]
        commands, told = {CHECK: check}, {CHECK: loud(output_of([*check, "-f", "json"], options.bound))}
        for peer in PEERS:
            program = installed(peer, options.cache)
            if program:
                commands[peer.title] = shlex.split(peer.command.format(program=program, files=folder, document=document))
        done = rounds(bench, commands, options.bound)
        for peer in PEERS:
            if peer.title in done:
                told[peer.title] = peer.told(output_of(commands[peer.title], options.bound))
        print(f"{options.components:,} components and {len(HIDDEN) + len(NAMESAKES)} more, {document.stat().st_size:,} bytes; "
              f"medians of {options.runs} rounds.\n\n{heading(len(planted))}")  # fmt: skip
        for name in commands:
            print(row(name, done, told.get(name, ""), planted) if name in done else f"| {name} | | > {options.bound} s |" + " |" * 8)


def read_options() -> Namespace:
    parser = ArgumentParser(description="Measures `sbomguard check` against what people would use instead.")
    parser.add_argument("--components", type=int, default=10_000, metavar="N")
    parser.add_argument("--covered", type=int, default=40, metavar="K", help="so many of them from listed vendors (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="rounds, after one to warm up (default: %(default)s)")
    parser.add_argument("--bound", type=int, default=60, metavar="SECONDS", help="a run that takes longer is ended (default: %(default)s)")
    parser.add_argument("--python", default=sys.executable, metavar="FILE", help="interpreter with sbomguard (default: this one)")
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    parser.add_argument("--cache", type=Path, default=home / "sbomguard-peers", metavar="DIR", help="where peers are installed")
    return parser.parse_args()


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


def hidden() -> Iterator[str]:
    for item in HIDDEN:
        yield from (inner["name"] for inner in item.get("components", (item,)))


# ---- the peers


def installed(peer: Peer, cache: Path) -> str:
    """The program of a peer, installed if it is not; empty, with a note, if it cannot be."""
    if peer.installer == "path":
        program = shutil.which(peer.program) or ""
    else:
        folder = cache / peer.package.replace("/", "-")
        program = str(folder / "bin" / peer.program)
        if not os.path.exists(program):
            print(f"installing {peer.package} ...", file=sys.stderr)
            try:
                for command, more in INSTALL[peer.installer](folder, peer.package):
                    subprocess.run(command, check=True, env={**os.environ, **more}, stdout=subprocess.DEVNULL)
            except (OSError, subprocess.CalledProcessError) as error:
                print(f"{peer.title} is left out: {error}", file=sys.stderr)
                return ""
    if not program:
        print(f"{peer.title} is left out: there is no {peer.program}", file=sys.stderr)
    return program


Steps = list[tuple[list[str], dict[str, str]]]
INSTALL: dict[str, Callable[[Path, str], Steps]] = {
    "pip": lambda folder, package: [
        ([sys.executable, "-m", "venv", str(folder)], {}),
        ([str(folder / "bin" / "python"), "-m", "pip", "install", "-q", package], {}),
    ],
    "go": lambda folder, package: [(["go", "install", package], {"GOBIN": str(folder / "bin")})],
    "cargo": lambda folder, package: [
        (["cargo", "install", "-q", "--locked", "--no-default-features", "--features", "cli", "--root", str(folder), package], {})
    ],
}


def output_of(command: list[str], bound: int) -> str:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=bound)
    return done.stdout


# ---- the table


def rounds(bench: Bench, commands: dict[str, list[str]], bound: int) -> dict[str, list[Cost]]:
    """The costs of each command, all of them in turn; the first round does not count. One that is too slow or crashes is left out."""
    done: dict[str, list[Cost]] = {name: [] for name in commands}
    for number in range(bench.runs + 1):
        for name in list(done):
            cost, said = timed(bench, commands[name], bound)
            if cost.status < 0 or any(sign in said for sign in CRASHES):
                print(f"{name}: ended with status {cost.status} after {cost.wall:.0f} s {said[-300:]}", file=sys.stderr)
                del done[name]
            elif number:
                done[name].append(cost)
    return done


def heading(planted: int) -> str:
    counts = f"missed of {planted} planted | of {len(list(hidden()))} hidden | false alarms of {len(NAMESAKES)}"
    return (
        f"| run | status | CPU s | wall s | peak MiB | × CPU of {CHECK} (range) | × wall | × peak | {counts} |\n"
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    )


def row(name: str, done: dict[str, list[Cost]], told: str, planted: list[str]) -> str:
    costs = done[name]
    cells = [name, str(costs[-1].status)]
    cells += [f"{median(cost.cpu for cost in costs):.2f}", f"{median(cost.wall for cost in costs):.2f}"]
    cells += [f"{median(cost.peak for cost in costs) / 2**20:.0f}"]
    pairs = list(zip(costs, done[CHECK], strict=True))
    cpu, wall = spread([one.cpu / two.cpu for one, two in pairs]), spread([one.wall / two.wall for one, two in pairs])
    peak = spread([one.peak / two.peak for one, two in pairs])
    cells += ["", "", ""] if name == CHECK else [" ".join(cpu), wall[0], peak[0]]
    cells += [str(sum(name not in told for name in names)) for names in (planted, hidden())]
    cells.append(str(sum(item["name"] in told for item in NAMESAKES)))
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
