"""OpenSSH's detached signatures (PROTOCOL.sshsig): what one says, and whether it is of a content.

Only Ed25519 is known: it is what ``ssh-keygen`` makes by default, and has no weak keys or parameters to look at.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import NamedTuple

from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message

ED25519 = "ssh-ed25519"
LARGEST = 16 << 10
"""Bytes: a signature of Ed25519 has 300."""
_MAGIC = b"SSHSIG"
_BEGIN = "-----BEGIN SSH SIGNATURE-----"
_END = "-----END SSH SIGNATURE-----"
_HASHES = ("sha256", "sha512")


class SshSignature(NamedTuple):
    """A signature: by which key (its 32 bytes), for which purpose, over which digest."""

    key: bytes
    namespace: str
    hash_name: str
    signature: bytes

    def signs(self, content: bytes) -> bool:
        """Whether it is of that content."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        parts = (self.namespace.encode(), b"", self.hash_name.encode(), hashlib.new(self.hash_name, content).digest())
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(self.signature, _MAGIC + b"".join(map(_string, parts)))
        except (InvalidSignature, ValueError):
            return False
        return True


def parsed(raw: bytes, name: str) -> SshSignature:
    """The signature in a file's bytes; ``name`` names the file. Raises FileProblem for one that is damaged, or is made
    with another kind of key.
    """
    damaged = FileProblem(Message("{file} is no signature that can be read.", file=name))
    try:
        lines = [line.strip() for line in raw[: LARGEST + 1].decode("ascii").strip().splitlines()]
        if len(raw) > LARGEST or len(lines) < 3 or lines[0] != _BEGIN or lines[-1] != _END:
            raise damaged
        blob = base64.b64decode("".join(lines[1:-1]), validate=True)
        if blob[:6] != _MAGIC or blob[6:10] != b"\0\0\0\1":
            raise damaged
        key, namespace, _, hash_name, signature = _strings(blob[10:], 5)
        kind, public = _strings(key, 2) if key.startswith(_string(ED25519.encode())) else (_strings(key)[0], b"")
        if kind != ED25519.encode():
            kind_name = kind.decode("ascii")
            message = Message(
                "{file} is made with a key of the kind {kind}; Ed25519 is needed.", file=name, kind=kind_name
            )
            raise FileProblem(message)
        signed_by, value = _strings(signature, 2)
        found = SshSignature(public, namespace.decode(), hash_name.decode(), value)
    except (UnicodeDecodeError, binascii.Error, ValueError, IndexError):
        raise damaged from None
    if signed_by != kind or len(public) != 32 or len(value) != 64 or found.hash_name not in _HASHES:
        raise damaged
    return found


def fingerprint(key: bytes) -> str:
    """How OpenSSH shows a public key: "SHA256:…"."""
    digest = hashlib.sha256(_string(ED25519.encode()) + _string(key)).digest()
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def public_key(line: str) -> tuple[bytes, str]:
    """The key and its comment of a line of a file KEY.pub. Raises ValueError where it is none of Ed25519."""
    words = line.split(None, 2)
    if len(words) < 2 or words[0] != ED25519:
        raise ValueError(line)
    kind, key = _strings(base64.b64decode(words[1], validate=True), 2)
    if kind != ED25519.encode() or len(key) != 32:
        raise ValueError(line)
    return key, words[2].strip() if len(words) > 2 else ""


def _string(value: bytes) -> bytes:
    return len(value).to_bytes(4, "big") + value


def _strings(blob: bytes, wanted: int | None = None) -> list[bytes]:
    """The strings of a blob, each behind its length. Raises ValueError where the blob does not hold as many."""
    found, at = [], 0
    while at < len(blob):
        length = int.from_bytes(blob[at : at + 4], "big")
        if at + 4 + length > len(blob):
            raise ValueError(at)
        found.append(blob[at + 4 : at + 4 + length])
        at += 4 + length
    if wanted is not None and len(found) != wanted:
        raise ValueError(len(found))
    return found
