"""The hash of a cell's value in an exported sheet."""

from __future__ import annotations

from base64 import b32encode
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from cmdb.model.currencies import digits


def base_hash(value: Any) -> str:
    """30 bits of a canonical value's hash, as six letters.

    A blank value has the hash of "", a reference that of its name. Equal numbers have the same hash, whatever
    their type. Line ends of texts don't matter. It is the hash of exported sheets' hidden column
    (``importers.tables.cells.cell_hash``).
    """
    if value is None:
        value = ""
    if isinstance(value, Decimal):
        value = digits(value)
    elif isinstance(value, float) and value.is_integer():
        value = int(value)
    text = value if isinstance(value, str) else repr(value)
    text = "\n".join(text.splitlines()).strip()
    return b32encode(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=5).digest())[:6].decode().lower()
