"""The signature of a pack's journal: its head is signed after each revision, with the key of the copy that it is.

A chain of hashes can be computed anew by whoever may write. The key of a pack is made when it is taken along; the
estate knows its public part, and so tells whether what comes back is what was written there.
"""

from __future__ import annotations

from sqlalchemy import Connection, select

from cmdb.store.rows import tables

_KEY, _SIGNATURE = "pack_key", "pack_signature"
OF_PACKS = (_KEY, _SIGNATURE)
"""The keys of ``meta`` under which the private key and the signature of the head stand. No other copy gets them."""


def make_key(connection: Connection) -> str:
    """Gives an estate a key, in the connection's transaction. Returns its public part."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    connection.execute(tables.meta.insert(), {"key": _KEY, "value": key.private_bytes_raw().hex()})
    return key.public_key().public_bytes_raw().hex()


def sign_head(connection: Connection, number: int, link: str) -> None:
    """Signs the head of a journal that has a key; of others nothing is written."""
    m = tables.meta.c
    private = connection.execute(select(m.value).where(m.key == _KEY)).scalar()
    if private is None:
        return
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    signature = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(private)).sign(_signed(number, link)).hex()
    connection.execute(tables.meta.delete().where(m.key == _SIGNATURE))
    connection.execute(tables.meta.insert(), {"key": _SIGNATURE, "value": signature})


def is_signed(connection: Connection, public: str, number: int, link: str) -> bool:
    """Whether a head is signed with the key that a public one belongs to."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    m = tables.meta.c
    signature = connection.execute(select(m.value).where(m.key == _SIGNATURE)).scalar()
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(signature or ""), _signed(number, link))
    except (InvalidSignature, ValueError):
        return False
    return True


def _signed(number: int, link: str) -> bytes:
    return f"terrier pack {number} {link}".encode()
