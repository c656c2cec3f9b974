"""The receipts that nobody signed yet, with their age."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from cmdb.model.query import quote
from cmdb.model.selection import Selection
from cmdb.model.state_tables import STATE, first_state

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.model.schema import Schema
    from cmdb.store.reading.reader import Reader

RECEIPT = "receipt"
"""The class of receipts, and the field of a verb that asks for one."""


@dataclass(frozen=True, slots=True)
class UnsignedReceipt:
    """A receipt to be signed. ``age`` is the number of days since the hand over; None where its day isn't known."""

    record: CI
    age: int | None


def unsigned_filter(schema: Schema) -> str:
    """The filter of the receipts that are to be signed; "" where the estate has none."""
    if RECEIPT not in schema.classes:
        return ""
    return f"{STATE} = {quote(first_state(schema, RECEIPT))}"


def unsigned(reader: Reader, today: date) -> Iterator[UnsignedReceipt]:
    """The receipts to be signed, the oldest first."""
    where = unsigned_filter(reader.schema)
    for one in reader.all(Selection(RECEIPT, where, "done_on")) if where else ():
        day = one.text("done_on")
        yield UnsignedReceipt(one, (today - date.fromisoformat(day)).days if day else None)
