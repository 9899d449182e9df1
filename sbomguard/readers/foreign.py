"""SBOMs in forms that are not read: what each is, and how to turn it into one that is. Looked at only when no reader takes the bytes."""

import re
from collections.abc import Callable

import msgspec
from msgspec import Struct

from sbomguard.errors import DocumentError
from sbomguard.source import Source


class Foreign(Struct, frozen=True):
    """A form of SBOM that is not read: what it is, what to do, and whether bytes are one."""

    what: str
    advice: str
    fits: Callable[[bytes], bool]


# CycloneDX 1.3 to 1.7, bom.proto: a Bom begins with spec_version (field 1, a text), then version (2, a number), serial_number (3, a text)
# or a message. A text of that message begins with the same fields by name.
_PROTOBUF = re.compile(rb"\n\x031\.[0-9][\x10\x1a\x22\x2a]")
_TEXT_PROTOBUF = re.compile(rb'(?:\s|#[^\n]*\n)*spec_version\s*:\s*"1\.[0-9]"')
_TURTLE = re.compile(rb"@(?:prefix|base)\b[^\n]*spdx\.org/(?:rdf|spdxdocs)")
_SWID = re.compile(rb"<(?:\w+:)?SoftwareIdentity\b")


def _has_keys(*keys: str) -> Callable[[bytes], bool]:
    """Whether bytes are a JSON object with all these members."""

    def fits(raw: bytes) -> bool:
        if raw[:64].lstrip()[:1] != b"{":
            return False
        try:
            return set(keys) <= set(msgspec.json.decode(raw, type=dict[str, msgspec.Raw]))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return False

    return fits


_CONVERT = "cyclonedx-cli converts it: cyclonedx convert --input-format protobuf --output-format json"

FOREIGN = (
    Foreign("CycloneDX as Protobuf", _CONVERT, lambda raw: _PROTOBUF.match(raw) is not None),
    Foreign(
        "CycloneDX as Protobuf text", f"Encode it with protoc and the schema of CycloneDX, then {_CONVERT}",
        lambda raw: _TEXT_PROTOBUF.match(raw[:4096]) is not None,
    ),
    Foreign("SPDX as Turtle", "Write it as JSON-LD or RDF/XML", lambda raw: _TURTLE.search(raw[:4096]) is not None),
    Foreign(
        "syft's own JSON", "Have syft write a standard form: syft convert FILE -o cyclonedx-json",
        _has_keys("artifacts", "descriptor", "schema"),
    ),
    Foreign(
        "Surfactant's own JSON (CyTRICS)", "Have Surfactant write a standard form: --output_format cyclonedx",
        _has_keys("software", "hardware", "relationships"),
    ),
    Foreign(
        "a snapshot for GitHub's dependency submission", "Have its tool write CycloneDX or SPDX",
        _has_keys("detector", "manifests", "job"),
    ),
    Foreign("a SWID tag", "uswid converts it: uswid --load FILE --save bom.cdx.json", lambda raw: _SWID.search(raw[:4096]) is not None),
)  # fmt: skip


def refuse(source: Source) -> None:
    """Raise DocumentError if the source is an SBOM of a form that is not read."""
    kind = find(source.raw)
    if kind:
        raise DocumentError(f"is {kind.what}, which is not read", source=source.name, advice=kind.advice)


def find(raw: bytes) -> Foreign | None:
    """Which of FOREIGN the bytes are."""
    return next((kind for kind in FOREIGN if kind.fits(raw)), None)
