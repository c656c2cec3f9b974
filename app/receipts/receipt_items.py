"""The items on a receipt as text: one in a line, and read again from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass

from cmdb.model.characters import one_line

_BETWEEN = " | "
_BAR = "|"
_IN_VALUES = "¦"
"""What stands for a bar within a value, as a bar divides the values."""


@dataclass(frozen=True, slots=True)
class ReceiptItem:
    """An item as it was when it was handed over or taken back."""

    name: str
    asset_tag: str = ""
    serial_number: str = ""
    condition: str = ""
    accessories: str = ""


def listed(items: Iterable[ReceiptItem]) -> str:
    """Items as text, one in a line."""
    return "\n".join(
        _BETWEEN.join(one_line(str(value)).replace(_BAR, _IN_VALUES) or "-" for value in astuple(one)) for one in items
    )


def items_in(text: str) -> list[ReceiptItem]:
    """The items that a text lists. A line that somebody wrote otherwise is a name."""
    found = []
    for line in text.splitlines():
        values = ["" if (value := part.strip()) == "-" else value for part in line.split(_BAR)]
        if any(values):
            found.append(ReceiptItem(*values) if len(values) == 5 else ReceiptItem(line.strip()))
    return found
