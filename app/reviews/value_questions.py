"""Values and rows of sections that wait for a person, and what an answer about them does."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cmdb.model.errors import NotFound, UserError
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Record, Revision
from cmdb.model.schema import Schema
from cmdb.reconciliation.asked_values import KEEP, KEPT, ROW, TAKE
from cmdb.register.taking_over import TakenOver, TakenRow, take_over, take_rows_over

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

VALUE_ANSWERS = {TAKE: Message("Take over"), KEEP: Message("Keep what stands")}
VALUE_CHOICES = (TAKE, KEEP)


def said_value(schema: Schema, cls: str, fields: Mapping[str, Any]) -> Any:
    """The value that waits, in its canonical form."""
    value = fields.get("said")
    attribute = schema.every_attribute.get(str(fields["attribute"]))
    numeric = attribute is not None and attribute.type in ("number", "money")
    return Decimal(value) if numeric and isinstance(value, int) else value


def decide_values(
    reader: Reader, asked: Mapping[str, Mapping[str, Any]], choice: str, author: str, reason: Message | str
) -> Revision:
    """The revision that gives questions about what waits one answer. ``asked``: decision → its fields.

    Questions whose record is gone are closed. Raises NotFound where the only one is gone, UserError for another choice.
    """
    if choice not in VALUE_CHOICES:
        raise UserError(
            Message("“{choice}” is not one of the choices: {choices}.", choice=choice, choices=VALUE_CHOICES)
        )
    there = reader.names({str(fields["record"]) for fields in asked.values()})
    if choice == TAKE and not there:
        raise NotFound(Message("A record is not there any more: it may have been deleted meanwhile."))
    edits: list[Edit] = []
    if choice == TAKE:
        waiting = [fields for fields in asked.values() if fields["record"] in there]
        rows = [one for one in waiting if one.get("kind") == ROW]
        values = [one for one in waiting if one.get("kind") != ROW]
        edits += take_over(reader, [_value(reader, one) for one in values])
        edits += take_rows_over(reader, [TakenRow(row_of(one), one.get("said")) for one in rows])
    for decision, fields in asked.items():
        record = Record("decision", (decision,))
        edits += [Edit(record, "state", "open", "done"), Edit(record, "outcome", fields.get("outcome"), choice)]
        if choice == KEEP:
            kept = list(fields.get(KEPT) or [])
            edits.append(Edit(record, KEPT, fields.get(KEPT), [*kept, fields.get("said")]))
    return Revision(edits, author, reason=reason, decided_at=reader.number)


def row_of(fields: Mapping[str, Any]) -> Record:
    """The row of a section that a question is about."""
    return Record("section", tuple(str(fields[name]) for name in ("record", "section", "source", "row")))


def _value(reader: Reader, fields: Mapping[str, Any]) -> TakenOver:
    statement = (said_value(reader.schema, str(fields.get("class", "")), fields), str(fields["asked"]))
    return TakenOver(str(fields["record"]), str(fields["attribute"]), str(fields["source"]), statement)
