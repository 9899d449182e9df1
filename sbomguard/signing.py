"""Signed policy folders: a DSSE envelope beside the files says which bytes each of them has, under an Ed25519 key that the user pins.

The payload is JSON: `schema` and `files`, the SHA-256 (hexadecimal) of every policy file by its path from the folder. What is signed is the
pre-authentication encoding of DSSE v1 (github.com/secure-systems-lab/dsse, protocol.md). No network, no certificates, no time: who pins the
key says whom to believe, and an old signed folder stays signed (--max-policy-age is for that).
"""

import base64
import binascii
import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sbomguard.errors import PolicyError, UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ENVELOPE = "policy.dsse.json"
"""Name of the envelope's file in the folder."""

PAYLOAD_TYPE = "application/vnd.sbomguard.policy-manifest+json"
SCHEMA = "sbomguard.policy-manifest/1"
_MOST = 5_000_000
"""Bytes of an envelope or a key file that are read."""

_INSTALL = "Install it: pip install 'sbomguard[sign]'"


def manifest(files: dict[str, bytes]) -> bytes:
    """The payload for those files, by path from the folder: the same bytes for the same files."""
    return json.dumps(
        {"files": {name: sha256(data).hexdigest() for name, data in sorted(files.items())}, "schema": SCHEMA}, sort_keys=True
    ).encode()


def encoding(payload: bytes) -> bytes:
    """What is signed: the pre-authentication encoding, which binds the type to the payload."""
    return b"DSSEv1 %d %s %d %s" % (len(PAYLOAD_TYPE), PAYLOAD_TYPE.encode(), len(payload), payload)


def sign(files: dict[str, bytes], private: bytes, source: str = "") -> bytes:
    """The envelope for those files, by a private key in PEM (PKCS 8, without password). `source` names the key's file in errors."""
    key = _private(private, source)
    payload = manifest(files)
    signature = {"keyid": _id(key.public_key()), "sig": base64.b64encode(key.sign(encoding(payload))).decode()}
    envelope = {"payload": base64.b64encode(payload).decode(), "payloadType": PAYLOAD_TYPE, "signatures": [signature]}
    return (json.dumps(envelope, indent=1, sort_keys=True) + "\n").encode()


def verify(files: dict[str, bytes], envelope: bytes, public: bytes, folder: str, source: str = "") -> str:
    """The id of the public key (PEM) if the envelope carries its signature over exactly those files; else PolicyError."""
    key = public_key(public, source)
    payload, signatures = _open(envelope, folder)
    if not any(_fits(key, payload, signature) for signature in signatures):
        raise PolicyError("is not signed by the key that was given", source=f"{folder}/{ENVELOPE}", advice=f"The key's id is {_id(key)}")
    signed = _files(payload, folder)
    now = {name: sha256(data).hexdigest() for name, data in files.items()}
    for name in sorted({*signed, *now}):
        if signed.get(name) != now.get(name):
            fault = "is not signed" if name not in signed else "is signed and missing" if name not in now else "was changed after signing"
            raise PolicyError(fault, source=f"{folder}/{name}", advice="Review the folder and sign it anew")
    return _id(key)


def read_envelope(folder: str) -> bytes:
    """The bytes of a folder's envelope. A folder without one raises PolicyError."""
    return read_small(f"{folder}/{ENVELOPE}", PolicyError("is not signed: it has no " + ENVELOPE, source=folder))


def read_small(path: str, missing: PolicyError | None = None) -> bytes:
    """The bytes of a key file or envelope; `missing` is raised where there is no file."""
    try:
        with open(path, "rb") as stream:
            data = stream.read(_MOST + 1)
    except FileNotFoundError:
        raise missing or PolicyError("is not there", source=path) from None
    except OSError as problem:
        raise PolicyError(f"cannot be read: {problem.strerror}", source=path) from None
    if len(data) > _MOST:
        raise PolicyError(f"is larger than {_MOST} bytes", source=path)
    return data


def public_key(data: bytes, source: str = "") -> Any:
    """The Ed25519PublicKey that the PEM is."""
    ed25519, serialization = _library()
    try:
        key = serialization.load_pem_public_key(data)
    except Exception:  # whatever the library raises for bytes that are no key
        key = None
    if not isinstance(key, ed25519.Ed25519PublicKey):
        raise PolicyError("is no Ed25519 public key in PEM", source=source, advice="openssl pkey -in team.key -pubout -out team.pub")
    return key


def _private(data: bytes, source: str) -> Any:
    ed25519, serialization = _library()
    try:
        key = serialization.load_pem_private_key(data, password=None)
    except Exception:  # as above, and TypeError for one with a password
        key = None
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise PolicyError(
            "is no Ed25519 private key in PEM without password", source=source, advice="openssl genpkey -algorithm ed25519 -out team.key"
        )
    return key


def _library() -> tuple[Any, Any]:
    """The two modules of cryptography that are used; it is an extra, for it is larger than all else together."""
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError:
        raise UsageError("signatures need the package cryptography", advice=_INSTALL) from None
    return ed25519, serialization


def _id(key: "Ed25519PublicKey") -> str:
    """SHA-256 over the 32 bytes of the public key."""
    return sha256(key.public_bytes_raw()).hexdigest()


def _fits(key: "Ed25519PublicKey", payload: bytes, signature: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature

    try:
        key.verify(signature, encoding(payload))
    except InvalidSignature:
        return False
    return True


def _open(envelope: bytes, folder: str) -> tuple[bytes, list[bytes]]:
    """Payload and signatures of the envelope. Anything that is not exactly one of ours raises PolicyError."""
    fields = _json(envelope, f"{folder}/{ENVELOPE}")
    try:
        if fields["payloadType"] != PAYLOAD_TYPE:
            raise ValueError
        payload = base64.b64decode(fields["payload"], validate=True)
        return payload, [base64.b64decode(item["sig"], validate=True) for item in fields["signatures"]]
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise PolicyError("is no signature of a policy folder", source=f"{folder}/{ENVELOPE}", advice="Sign the folder anew") from None


def _files(payload: bytes, folder: str) -> dict[str, str]:
    """The digests by path in a payload whose signature fits."""
    fields = _json(payload, f"{folder}/{ENVELOPE}")
    files = fields.get("files")
    if fields.get("schema") != SCHEMA or not isinstance(files, dict):
        raise PolicyError("has a signed manifest of another kind", source=f"{folder}/{ENVELOPE}", advice="Sign the folder anew")
    return files


def _json(data: bytes, source: str) -> dict[str, Any]:
    """A JSON object without duplicate keys."""
    try:
        fields = json.loads(data, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise PolicyError("is no JSON object, or says a key twice", source=source, advice="Sign the folder anew")
    return fields


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError("a key twice")
    return fields
