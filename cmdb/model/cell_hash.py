"""The hash of a cell's value: exported sheets carry it in a hidden column, so that an import sees what was changed."""

from __future__ import annotations

from base64 import b32encode
from decimal import Decimal
from hashlib import blake2b

from cmdb.model.characters import in_xml
from cmdb.model.currencies import digits

HASH_LENGTH = 6


def cell_hash(value: object) -> str:
    """30 bits of a canonical value as six letters. A blank value's is that of "", a reference's that of its name.

    Numbers hash alike whether they are whole by type or by value, text without regard to its line ends and to what
    the XML of an exported sheet cannot hold.
    """
    if value is None:
        value = ""
    if isinstance(value, Decimal):
        value = digits(value)
    elif isinstance(value, float) and value.is_integer():
        value = int(value)
    text = value if isinstance(value, str) else repr(value)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    bits = blake2b(in_xml(text).strip().encode("utf-8"), digest_size=5).digest()
    return b32encode(bits)[:HASH_LENGTH].decode().lower()
