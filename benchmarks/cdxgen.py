"""Documents as cdxgen writes them of a web interface's npm packages, with the facts of the registry and the places of use; one line."""

from collections.abc import Iterator

from jsontext import Layout, Members, stream
from parts import WHEN, Part, Product

LAYOUT = Layout(end="")
LOCKFILE = "web/package-lock.json"
MOST_NEEDS = 5
OWASP = "OWASP Foundation"
TOOL = {
    "group": "@cyclonedx",
    "name": "cdxgen",
    "version": "12.8.4",
    "purl": "pkg:npm/%40cyclonedx/cdxgen@12.8.4",
    "type": "application",
    "bom-ref": "pkg:npm/@cyclonedx/cdxgen@12.8.4",
    "publisher": OWASP,
    "authors": [{"name": OWASP}],
}


def cyclonedx(product: Product) -> Iterator[str]:
    """CycloneDX 1.7 JSON."""
    return stream(LAYOUT, cyclonedx_members(product))


def cyclonedx_members(product: Product) -> Members:
    root = f"pkg:npm/{product.name}@{product.version}"
    metadata = {
        "timestamp": WHEN,
        "tools": {"components": [TOOL]},
        "authors": [{"name": OWASP}],
        "lifecycles": [{"phase": "build"}],
        "component": {"name": product.name, "group": "", "version": product.version, "purl": root, "bom-ref": root, "type": "application"},
        "properties": [{"name": "cdx:bom:componentTypes", "value": "npm"}, {"name": "cdx:bom:componentSrcFiles", "value": LOCKFILE}],
    }
    note = f"This Software Bill-of-Materials (SBOM) document describes an application named '{product.name}'."
    annotation = {"bom-ref": "metadata-annotations", "subjects": [root], "annotator": {"component": TOOL}, "timestamp": WHEN, "text": note}
    return [
        ("bomFormat", "CycloneDX"),
        ("specVersion", "1.7"),
        ("serialNumber", f"urn:uuid:{product.uuid('serial')}"),
        ("version", 1),
        ("metadata", metadata),
        ("components", map(component, product.parts())),
        ("dependencies", dependencies(product, root)),
        ("annotations", [annotation]),
    ]


def component(part: Part) -> dict[str, object]:
    scope, home = group(part), f"https://github.com/{part.maker.handle}/{part.name}"
    members: dict[str, object] = {
        "authors": [{"name": part.person, "email": f"dev@{part.maker.domain}"}],
        "publisher": part.maker.name if part.listed or part.number % 20 == 0 else "",
        "group": scope,
        "name": part.name,
        "version": part.version,
        "description": part.summary,
        "scope": part.dice("scope").pick(("required", "optional")),
        "hashes": [{"alg": "SHA-512", "content": part.digest("tarball", 64)}],
        "licenses": list(map(licence, part.licences)),
        "purl": reference(part).replace("/@", "/%40"),
        "externalReferences": [{"type": "website", "url": f"{home}#readme"}, {"type": "vcs", "url": f"git+{home}.git"}],
        "type": "library",
        "bom-ref": reference(part),
        "properties": properties(part),
        "evidence": evidence(part),
        "tags": part.name.split("-")[1:2],
    }
    return {name: value for name, value in members.items() if value or name == "group"}


def group(part: Part) -> str:
    return f"@{part.maker.handle}" if part.listed or part.number % 3 == 0 else ""


def reference(part: Part) -> str:
    return f"pkg:npm/{f'{group(part)}/{part.name}'.lstrip('/')}@{part.version}"


def licence(name: str) -> dict[str, object]:
    category = "Copyleft" if "GPL" in name else "Permissive"
    facts = {"category": category, "foss": "true", "osiApproved": "true", "fsfLibre": "true", "deprecated": "false"}
    properties = [{"name": f"cdx:license:{fact}", "value": value} for fact, value in facts.items()]
    return {"license": {"id": name, "url": f"https://opensource.org/licenses/{name}", "properties": properties}}


def properties(part: Part) -> list[dict[str, str]]:
    values = {
        "SrcFile": LOCKFILE,
        "LocalNodeModulesPath": f"node_modules/{f'{group(part)}/{part.name}'.lstrip('/')}",
        "cdx:npm:package_json_registry": "https://registry.npms.test",
        "cdx:license:category": "Permissive",
    }
    return [{"name": name, "value": value} for name, value in values.items()]


def evidence(part: Part) -> dict[str, object]:
    """How sure the tool is of the purl, and the lines of source that import the package."""
    dice = part.dice("evidence")
    method = {"technique": "manifest-analysis", "confidence": 1, "value": LOCKFILE}
    lines = sorted({(dice.below(40), dice.below(900) + 1) for _ in range(dice.below(6))})
    return {
        "identity": [{"field": "purl", "confidence": 1, "methods": [method], "concludedValue": LOCKFILE}],
        "occurrences": [{"location": f"web/src/pages/view{page}.ts#{line}"} for page, line in lines],
    }


def dependencies(product: Product, root: str) -> Iterator[dict[str, object]]:
    yield {"ref": root, "dependsOn": [reference(product.part(index)) for index in range(min(product.size, 60))]}
    for part in product.parts():
        yield {"ref": reference(part), "dependsOn": [reference(product.part(index)) for index in product.needs(part.number, MOST_NEEDS)]}
