"""The hash by which an exported sheet remembers what each of its cells held."""

from __future__ import annotations

from base64 import b32encode
from hashlib import blake2b
from typing import Any


def base_hash(value: Any) -> str:
    """30 bits of a canonical value as six letters; a blank one's is that of "". References: of their names.

    Numbers hash alike whether they are whole by type or by value, text without regard to its line ends. It is the hash
    of exported sheets' hidden column (``importers.tables.cells.cell_hash``).
    """
    if value is None:
        value = ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = value if isinstance(value, str) else repr(value)
    text = "\n".join(text.splitlines()).strip()
    return b32encode(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=5).digest())[:6].decode().lower()
