"""Escapes text cells that spreadsheet programs would run as formulas, and computes the hashes of exported cells.

A cell that begins with = + - @ tab or CR is a formula to some program. It is written behind an apostrophe and comes
back without it. So does a cell in which a person or a program put one before digits, to keep their zeros: '0042 is
0042. A cell that really begins with apostrophes before such a character gets one more, so nothing is ambiguous.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from cmdb.model.cell_hash import HASH_LENGTH, cell_hash
from cmdb.model.money import exact

ID_HEADER = "Terrier id"
RECORD_HEADER = "Terrier record"
"""The column for ids in a person's own workbook: it says which record a row is, and nothing else of the row."""
_BASE_PREFIX = "terrier:1:"
_REMEMBERED = 50_000
"""How many values' hashes are remembered, to limit memory."""

_DANGEROUS = re.compile(r"'*[=+\-@\t\r]|'+[0-9]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r0-9]")


def escape(text: str) -> str:
    """The text in a form that is safe in a file without cell types, such as csv."""
    return "'" + text if _DANGEROUS.match(text) else text


def escape_typed(text: str) -> str:
    """The text for a file whose cells have types: only text that ``unescape`` would shorten is changed."""
    return "'" + text if text[:1] == "'" and _ESCAPED.match(text) else text


def unescape(text: str) -> str:
    """The original text for a result of ``escape`` or ``escape_typed``."""
    return text[1:] if text.startswith("'") and _ESCAPED.match(text) else text


def fits_number_cell(number: int | float | Decimal) -> bool:
    """Whether a spreadsheet program's cell holds a number exactly: its cells are doubles."""
    return not isinstance(number, Decimal) or exact(float(number)) == number


def base_header(cls: str, names: Sequence[str]) -> str:
    """The header of the hidden column of base hashes: which class and which attributes they are of, in order."""
    return f"{_BASE_PREFIX}{cls}:{','.join(names)}"


def read_base_header(header: str) -> tuple[str, tuple[str, ...]] | None:
    """Class and attribute names from such a header; None for any other."""
    if not header.startswith(_BASE_PREFIX):
        return None
    cls, _, names = header.removeprefix(_BASE_PREFIX).partition(":")
    return cls, tuple(n for n in names.split(",") if n)


def hasher() -> Callable[[Any], str]:
    """``cell_hash`` with a memory, since columns repeat themselves."""
    known: dict[tuple[type, Any], str] = {}

    def one(value: Any) -> str:
        key = (type(value), value)
        found = known.get(key)
        if found is None:
            if len(known) >= _REMEMBERED:
                known.clear()
            found = known[key] = cell_hash(value)
        return found

    return one


def row_hasher() -> Callable[[Sequence[Any]], str]:
    """A function from a row's values to its base cell."""
    one = hasher()
    blank = one(None)
    return lambda values: "h" + "".join([blank if value is None else one(value) for value in values])


def split_base(cell: str) -> list[str]:
    """The cells' hashes from a row's base cell; empty if it is none."""
    if not cell.startswith("h") or (len(cell) - 1) % HASH_LENGTH:
        return []
    return [cell[i : i + HASH_LENGTH] for i in range(1, len(cell), HASH_LENGTH)]
