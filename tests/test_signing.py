"""Signed policy folders: every change is refused, and only the pinned key counts."""

import base64
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from sbomguard import cli, signing
from sbomguard import pack as packs
from sbomguard.errors import PolicyError, UsageError
from tests import made
from tests.test_team import write


class Keys:
    """A key pair in PEM, in files."""

    def __init__(self, home: Path, name: str, key: Any = None) -> None:
        key = key or ed25519.Ed25519PrivateKey.generate()
        self.private, self.public = str(home / f"{name}.key"), str(home / f"{name}.pub")
        pkcs8, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        Path(self.private).write_bytes(key.private_bytes(serialization.Encoding.PEM, pkcs8, plain))
        spki = serialization.PublicFormat.SubjectPublicKeyInfo
        Path(self.public).write_bytes(key.public_key().public_bytes(serialization.Encoding.PEM, spki))


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path, "team")


@pytest.fixture
def folder(tmp_path: Path, keys: Keys, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder that the key has signed."""
    home = Path(write(tmp_path))
    assert cli.run(["policy", "sign", str(home), "--key", keys.private]) == 0
    assert "2 files" in capsys.readouterr().out
    return home


def load(folder: Path, key_file: str) -> packs.Pack:
    return packs.load(str(folder), shipped=False, key_file=key_file)


def test_what_is_signed_is_used_and_the_report_names_the_key(folder: Path, keys: Keys) -> None:
    pack = load(folder, keys.public)
    raw = serialization.load_pem_public_key(Path(keys.public).read_bytes())
    assert isinstance(raw, ed25519.Ed25519PublicKey)
    assert pack.policy.folders[0].signed_by == signing._id(raw)
    assert made.verdict([{"name": "part", "supplier": "Acmetronic"}], pack).folders[0].signed_by == signing._id(raw)
    assert load(folder, keys.public) == pack


def test_the_envelope_is_dsse_over_the_digests_of_the_files(folder: Path, keys: Keys) -> None:
    envelope = json.loads((folder / signing.ENVELOPE).read_bytes())
    payload = base64.b64decode(envelope["payload"])
    encoded = b" ".join((b"DSSEv1", b"%d" % len(signing.PAYLOAD_TYPE), signing.PAYLOAD_TYPE.encode(), b"%d" % len(payload), payload))
    key = serialization.load_pem_public_key(Path(keys.public).read_bytes())
    assert isinstance(key, ed25519.Ed25519PublicKey)
    key.verify(base64.b64decode(envelope["signatures"][0]["sig"]), encoded)
    assert json.loads(payload)["files"].keys() == {"lists/our-own.yaml", "vendors/acme.yaml"}


def test_signing_twice_gives_the_same_bytes(folder: Path, keys: Keys) -> None:
    first = (folder / signing.ENVELOPE).read_bytes()
    assert cli.run(["policy", "sign", str(folder), "--key", keys.private]) == 0
    assert (folder / signing.ENVELOPE).read_bytes() == first


def change(name: str) -> Callable[[Path], int]:
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes() + b"# more\n")


def add(folder: Path) -> None:
    (folder / "lists" / "other.yaml").write_bytes((folder / "lists" / "our-own.yaml").read_bytes().replace(b"our-own", b"other"))


def resign(folder: Path, **other: str) -> None:
    """Another payload under the old signature."""
    path = folder / signing.ENVELOPE
    path.write_text(json.dumps({**json.loads(path.read_bytes()), **other}))


TAMPERING: list[tuple[str, Callable[[Path], Any], str]] = [
    ("a list changed", change("lists/our-own.yaml"), "was changed after signing"),
    ("a vendor changed", change("vendors/acme.yaml"), "was changed after signing"),
    ("a file added", add, "is not signed"),
    ("a file removed", lambda folder: (folder / "vendors" / "acme.yaml").unlink(), "is signed and missing"),
    ("the envelope gone", lambda folder: (folder / signing.ENVELOPE).unlink(), "is not signed"),
    ("no JSON", lambda folder: (folder / signing.ENVELOPE).write_bytes(b"{"), "is no JSON object"),
    ("a key twice", lambda folder: (folder / signing.ENVELOPE).write_bytes(b'{"payload": "", "payload": ""}'), "says a key twice"),
    ("nothing in it", lambda folder: (folder / signing.ENVELOPE).write_bytes(b"{}"), "is no signature"),
    ("no signature", lambda folder: resign(folder, signatures=[]), "is not signed by the key"),  # type: ignore[arg-type]
    ("another type", lambda folder: resign(folder, payloadType="text/plain"), "is no signature"),
    ("another payload", lambda folder: resign(folder, payload=base64.b64encode(b"{}").decode()), "is not signed by the key"),
    ("a payload that is no base64", lambda folder: resign(folder, payload="%%"), "is no signature"),
]


@pytest.mark.parametrize(("tamper", "words"), [pytest.param(*row, id=why) for why, *row in TAMPERING])
def test_every_change_is_refused(
    tamper: Callable[[Path], Any], words: str, folder: Path, keys: Keys, capsys: pytest.CaptureFixture[str]
) -> None:
    load(folder, keys.public)  # its compiled form is kept and must not speak for what was changed
    tamper(folder)
    with pytest.raises(PolicyError, match=words):
        load(folder, keys.public)
    assert cli.run(["policy", "verify", str(folder), "--key", keys.public]) == 2
    assert words in capsys.readouterr().err


def test_another_key_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="is not signed by the key"):
        load(folder, Keys(tmp_path, "other").public)


def test_every_folder_must_be_signed(folder: Path, keys: Keys, tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="is not signed"):
        packs.load(str(folder), write(tmp_path, "second"), shipped=False, key_file=keys.public)


@pytest.mark.parametrize("kind", ["no key", "a private key", "another algorithm", "nothing there"])
def test_a_key_file_that_is_no_public_key_is_refused(kind: str, folder: Path, keys: Keys, tmp_path: Path) -> None:
    other = Keys(tmp_path, "ec", ec.generate_private_key(ec.SECP256R1())).public
    (tmp_path / "text").write_text("hello")
    path = {"no key": str(tmp_path / "text"), "a private key": keys.private, "another algorithm": other}.get(kind, str(tmp_path / "none"))
    with pytest.raises(PolicyError):
        load(folder, path)


def test_check_refuses_what_is_not_signed_and_a_key_without_a_folder(
    folder: Path, keys: Keys, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sbom = tmp_path / "bom.cdx.json"
    sbom.write_bytes(made.cyclonedx([{"name": "part", "supplier": "Acmetronic"}]))
    run = ["check", str(sbom), "--policy", str(folder), "--policy-alone", "--policy-key", keys.public]
    assert cli.run(run) == 1
    assert "signed by" in capsys.readouterr().out
    change("lists/our-own.yaml")(folder)
    assert cli.run(run) == 2
    assert cli.run(["check", str(sbom), "--policy-key", keys.public]) == 2
    assert cli.run(["check", str(sbom), "--policy-alone"]) == 2


def test_without_the_extra_it_says_what_to_install(folder: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric", None)
    with pytest.raises(UsageError, match=r"pip install 'sbomguard\[sign\]'"):
        load(folder, keys.public)
