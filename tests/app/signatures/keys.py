"""Keys and signatures for tests, in the formats of OpenSSH."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ANNA = Ed25519PrivateKey.from_private_bytes(b"a" * 32)
BEN = Ed25519PrivateKey.from_private_bytes(b"b" * 32)


def string(value: bytes) -> bytes:
    """A string as OpenSSH writes it: behind its length."""
    return len(value).to_bytes(4, "big") + value


def public(key: Ed25519PrivateKey) -> bytes:
    """The 32 bytes of the public key."""
    return key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def line(key: Ed25519PrivateKey, name: str = "") -> str:
    """The public key as a line of a file KEY.pub."""
    blob = base64.b64encode(string(b"ssh-ed25519") + string(public(key))).decode()
    return f"ssh-ed25519 {blob} {name}".strip()


def private_file(key: Ed25519PrivateKey, path: Path) -> Path:
    """The private key as a file that ssh-keygen takes."""
    kinds = (serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption())
    path.write_bytes(key.private_bytes(*kinds))
    path.chmod(0o600)
    return path


def armoured(blob: bytes) -> bytes:
    """A signature as text."""
    text = base64.b64encode(blob).decode()
    lines = [text[at : at + 70] for at in range(0, len(text), 70)]
    return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""]).encode()


def signature(
    key: Ed25519PrivateKey, content: bytes, namespace: bytes = b"terrier-scan", hash_name: str = "sha512"
) -> bytes:
    """A file's signature."""
    parts = (namespace, b"", hash_name.encode())
    signed = b"SSHSIG" + b"".join(map(string, (*parts, hashlib.new(hash_name, content).digest())))
    known = string(b"ssh-ed25519") + string(public(key))
    made = string(b"ssh-ed25519") + string(key.sign(signed))
    return armoured(b"SSHSIG\0\0\0\1" + b"".join(map(string, (known, *parts, made))))
