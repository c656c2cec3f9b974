"""Rows of a log of what happened to things: hand-overs and returns become events with their times."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from msgspec import structs

from cmdb.model import clock
from cmdb.model.errors import InvalidValue
from cmdb.model.event_times import milliseconds, stated_moment
from cmdb.model.messages import Message, counted
from cmdb.model.observation import NamedReference, ObservedEvent
from cmdb.model.schema import Attribute, fold
from cmdb.model.values import parse
from importers.foreign_tables import tag_in
from importers.spreadsheets.cells.cell_findings import CellError
from importers.spreadsheets.cells.table import SheetTable

_OUT = frozenset(("hand over", "handed over", "checkout", "check out", "checked out", "assign", "assigned", "issued"))
_BACK = frozenset((
    "take back", "taken back", "checkin", "check in", "checked in", "checkin from", "check in from", "returned",
))  # fmt: skip
#: Columns with a date of their own each, of rows that tell a stay from its beginning to its end.
DATES = {"handed_over": "hand_over", "taken_back": "take_back"}
#: What such rows need not say.
DATED = frozenset(("happened", "action"))
_ZONE = re.compile(r"(?:Z|[+-]\d\d:?\d\d)$")
_WHEN = Attribute("happened", "Happened", "time")
_A_TIME = Message("a date or a time that is over, such as 2026-03-31 or 2026-03-31T10:00")


def moments_of(cells: Sequence[Any]) -> list[Any]:
    """Milliseconds since 1970 UTC for each cell, None for blank ones.

    Times without a zone are local; a date is its end.
    """
    known = {cell: _moment(cell) for cell in set(cells)}
    return [known[cell] for cell in cells]


def _moment(cell: Any) -> int | CellError | None:
    if cell == "" or (isinstance(cell, str) and not cell.strip()):
        return None
    try:
        at = _stated(cell)
    except InvalidValue as problem:
        return CellError(problem.message, "time", _A_TIME)
    if at > milliseconds(clock.now()):
        return CellError(Message("{when} is in the future.", when=str(cell)), "time", _A_TIME, code="time.future")
    return at


def _stated(cell: Any) -> int:
    if isinstance(cell, datetime):
        return milliseconds(cell)
    if isinstance(cell, date):
        text = cell.isoformat()
    else:
        text = str(parse(_WHEN, cell))
        if isinstance(cell, str) and not _ZONE.search(cell.strip()):
            text = text.removesuffix("Z")
        if isinstance(cell, str) and ":" not in cell:
            text = text[:10]
    return milliseconds(stated_moment(text) or clock.now())


def events_of(table: SheetTable, rows: Sequence[dict[str, Any]]) -> list[ObservedEvent]:
    """The hand-overs and returns of hardware. Rows of other actions and of other things are counted, and left out."""
    found: list[ObservedEvent] = []
    others: list[int] = []
    for index, row in enumerate(rows):
        if index in table.rejected:
            continue
        if DATES.keys() & row.keys():
            found += _stay(table, index, row)
            continue
        action = fold(str(row.get("action", "")))
        out = action in _OUT
        if (not out and action not in _BACK) or not _is_hardware(row):
            others.append(index)
            continue
        item = _item(row)
        if item is None:
            _refuse(table, index, Message("The row names no item."))
        elif out and _holder(row) is None:
            _refuse(table, index, Message("The row names no holder."))
        else:
            to = _holder(row) if out else None
            verb = "hand_over" if out else "take_back"
            found.append(ObservedEvent(item, row["happened"], verb, to, table.origin(index)))
    if others:
        message = counted(
            "{count} row is about something else than handing over hardware; it was left out.",
            "{count} rows are about something else than handing over hardware; they were left out.",
            len(others),
        )
        table.warn(table.numbers[others[0]], "", "", message, "event", "event.other")
    return found


def _is_hardware(row: dict[str, Any]) -> bool:
    kind = row.get("item_kind")
    return not kind or fold(str(kind)) in ("asset", "assets", "hardware", "device")


def _stay(table: SheetTable, index: int, row: dict[str, Any]) -> list[ObservedEvent]:
    """A stay with one holder: the hand-over, and the return if it is over."""
    item, holder = _item(row), _holder(row)
    if item is None:
        _refuse(table, index, Message("The row names no item."))
    elif holder is None and "handed_over" in row:
        _refuse(table, index, Message("The row names no holder."))
    else:
        times = {name: row[name] for name in DATES if name in row}
        if len(times) == len(DATES):
            if times["taken_back"] < times["handed_over"]:
                _refuse(table, index, Message("It was taken back before it was handed over."))
                return []
            times["handed_over"] = min(times["handed_over"], times["taken_back"] - 1)  # of one day, in order
        return [
            ObservedEvent(item, at, DATES[name], holder if name == "handed_over" else None, table.origin(index))
            for name, at in times.items()
        ]
    return []


def _refuse(table: SheetTable, index: int, message: Message) -> None:
    table.refuse(index, "", "", CellError(message, "required"))


def _holder(row: dict[str, Any]) -> NamedReference | None:
    """Who or what has it by the row, which does not say the kind; a thing is known by its tag."""
    if email := row.get("holder_email"):
        return NamedReference("", str(email))
    named: NamedReference | None = row.get("holder")
    if named is None:
        return None
    return structs.replace(named, cls="", name=tag_in(named.name, model_only=True) or named.name)


def _item(row: dict[str, Any]) -> NamedReference | None:
    """The thing, by its serial number or tag where the row has one, else by its name; "NB-1 (T1)" has its tag in it."""
    serial, named = row.get("item_serial"), row.get("item")
    if serial:
        return NamedReference("", str(serial))
    if named is None:
        return None
    return NamedReference("", tag_in(named.name) or named.name)
