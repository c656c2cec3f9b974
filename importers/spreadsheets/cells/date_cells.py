"""Dates and times in cells: as people write them, and as spreadsheets and programs store them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from cmdb.model.clock import today
from cmdb.model.date_texts import latest_year, parse_date
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message
from cmdb.model.raw_values import quoted
from cmdb.model.schema import Attribute
from cmdb.model.values import parse
from importers.spreadsheets.cells.cell_findings import CellError, CellNote, ColumnContext
from importers.spreadsheets.cells.periods import NO_END_YEAR, names_no_end, period_of
from importers.spreadsheets.files.number_formats import ShownPeriod


class DateCells:
    """Reads the cells of one column as dates or times. ``notes`` fills with what was seen, by cell."""

    def __init__(self, attribute: Attribute, context: ColumnContext, notes: dict[Any, CellNote]) -> None:
        self._attribute = attribute
        self._context = context
        self._notes = notes
        self._latest, self._today = latest_year(attribute), today().isoformat()
        self._is_time = attribute.type == "time"
        self._ends = attribute.ends or attribute.name in _ENDS

    def date(self, cell: Any) -> Any:
        """The ISO date, None where the cell says that there is none, or why it is refused. Raises InvalidValue."""
        if _is_no_date(cell) and not (self._ends and names_no_end(cell)):
            return None
        if self._ends and not self._context.own:
            if names_no_end(cell):
                return self._no_end(cell)
            value = self._dated(cell)
            return self._no_end(cell) if isinstance(value, str) and int(value[:4]) >= NO_END_YEAR else value
        return self._dated(cell)

    def _no_end(self, cell: Any) -> None:
        message = Message("{attribute} “{value}” stands for no end; it was left blank.",
                          attribute=self._attribute.label, value=quoted(cell))  # fmt: skip
        self._notes[cell] = CellNote(message, "junk", "date.no-end")

    def _dated(self, cell: Any) -> Any:
        """A date; of a month, quarter or year its first day, or its last one for an end, with a note."""
        days = period_of(cell, self._latest) if isinstance(cell, ShownPeriod) else None
        try:
            if days is None:
                return self._day(cell)
        except InvalidValue:
            days = period_of(cell, self._latest) if not self._is_time else None
            if days is None:
                raise
        value = days[self._ends]
        message = Message("{attribute} “{value}” names no day. Read as {date}.", attribute=self._attribute.label,
                          value=_said(cell), date=value)  # fmt: skip
        self._plausible(cell, value)
        self._notes.setdefault(cell, CellNote(message, "date-without-day", "date.no-day"))
        return value

    def _day(self, cell: Any) -> Any:
        if self._context.year_first and isinstance(cell, str) and _SHORT_YEAR.fullmatch(cell):
            year = self._latest - (self._latest - int(cell.strip()[:2])) % 100
            return self._plausible(cell, parse_date(f"{year}{cell.strip()[2:]}", self._attribute.label))
        if isinstance(cell, str):
            order = _ORDERED.match(cell)
            if order and order[1] != order[2] and int(order[1]) <= 12 and int(order[2]) <= 12:
                if self._context.conflict:
                    message = Message(
                        "{attribute} {value} can be read two ways, and the column has dates of both orders.",
                        attribute=self._attribute.label,
                        value=cell,
                    )
                    return CellError(message, "ambiguous-date", A_DATE, code="date.both-orders")
                if not self._context.sure:
                    self._notes[cell] = CellNote(self._two_ways(cell), "ambiguous-date", "date.two-ways")
            if _DAY_NUMBER.fullmatch(cell):
                return self._day_number(cell, float(cell))
            if _EPOCH.fullmatch(cell):
                return self._since_1970(cell, int(cell))
        elif isinstance(cell, float):
            whole = str(int(cell)) if cell.is_integer() and cell > 0 else ""
            if _EPOCH.fullmatch(whole):
                return self._since_1970(cell, int(cell))
            if len(whole) == _WRITTEN_DAY:
                return self._plausible(cell, self._parsed_date(whole))
            return self._day_number(cell, cell)
        return self._plausible(cell, self._parsed_date(cell))

    def _parsed_date(self, cell: Any) -> str:
        return parse_date(cell, self._attribute.label, day_first=self._context.day_first, latest=self._latest)

    def _plausible(self, cell: Any, value: str) -> str:
        """The date or time, with a note where it is further from today than what its attribute is about."""
        attribute, day = self._attribute, value[:10]
        if _LONG_PAST <= day <= self._today:
            return value
        far = f"{int(self._today[:4]) + _FAR}{self._today[4:]}"
        if day < _LONG_PAST:
            message = Message("{attribute} {date} is long past.", attribute=attribute.label, date=day)
            code = "date.long-past"
        elif attribute.past and day > (date.fromisoformat(self._today) + timedelta(days=1)).isoformat():
            message = Message("{attribute} {date} is still to come.", attribute=attribute.label, date=day)
            code = "date.to-come"
        elif day > far:
            message = Message("{attribute} {date} is far ahead.", attribute=attribute.label, date=day)
            code = "date.far-ahead"
        else:
            return value
        self._notes.setdefault(cell, CellNote(message, "implausible-date", code))
        return value

    def _two_ways(self, cell: str) -> Message:
        return Message(
            "{attribute} {value} can be read two ways; nothing in the column settles it. Read as {date}.",
            attribute=self._attribute.label,
            value=cell,
            date=self._parsed_date(cell),
        )

    def _day_number(self, cell: Any, number: float) -> str:
        value = parse_date(number, self._attribute.label)
        message = Message(
            "{attribute} is a day number, {number}. Read as {date}.",
            attribute=self._attribute.label,
            number=f"{number:g}",
            date=value,
        )
        self._notes[cell] = CellNote(message, "date-number")
        return value

    def _since_1970(self, cell: Any, number: int) -> str:
        """The day of a number of seconds, or of milliseconds."""
        seconds = number // 1000 if number >= _MILLISECONDS else number
        moment = datetime.fromtimestamp(seconds, UTC)
        message = Message(
            "{attribute} is a number of seconds since 1970. Read as {date}.",
            attribute=self._attribute.label,
            date=moment.date().isoformat(),
        )
        self._notes[cell] = CellNote(message, "date-number", "date.seconds")
        return (
            moment.isoformat(timespec="seconds").replace("+00:00", "Z") if self._is_time else moment.date().isoformat()
        )

    def time(self, cell: Any) -> Any:
        """As ``date``, for a time."""
        if isinstance(cell, float) and cell.is_integer() and _EPOCH.fullmatch(str(int(cell))):
            return self._since_1970(cell, int(cell))
        if isinstance(cell, str) and _EPOCH.fullmatch(cell):
            return self._since_1970(cell, int(cell))
        if isinstance(cell, str) and _ORDERED.match(cell):
            day = self.date(cell)
            if day is None or isinstance(day, CellError):
                return day
            return self._parsed_time(cell) if ":" in cell else f"{day}T00:00:00Z"
        return None if _is_no_date(cell) else self._plausible(cell, self._parsed_time(cell))

    def _parsed_time(self, cell: Any) -> str:
        return str(parse(self._attribute, cell, day_first=self._context.day_first))


_ORDERED = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](?:\d{4}|\d{2})\b")
_SHORT_YEAR = re.compile(r"\s*\d{2}[-/.]\d{1,2}[-/.]\d{1,2}\s*")
_DAY_NUMBER = re.compile(r"[2-7]\d{4}(?:\.\d+)?")
_NO_DATE = re.compile(
    r"(?:0{2,4}[-/.]0{1,2}[-/.]0{1,4}|0{4}0{4}|0?1[/.]0[/.]1900|0?0[/.]0?1[/.]1900|1900-01-00|1899-12-3[01]|30[./]12[./]1899"
    r"|12/30/1899|0001-01-01|0?1[/.]0?1[/.]0001|(?:1601|1753|1900|1970)-01-01|0?1([/.])0?1\1(?:1601|1753|1900|1970)|0)"
    r"(?:[T ]0?0:00(?::00(?:\.0+)?)?Z?)?"
)
"""Day 0 of spreadsheets and databases, and the first days that programs can count."""
_NEVER = frozenset(("never", "not yet", "nie", "noch nie", "noch nicht", "jamais", "pas encore", "nunca"))
"""What has not happened; of an end they say that there is none."""
_FIRST_DAYS = ((1, 1, 1), (1601, 1, 1), (1753, 1, 1), (1899, 12, 30), (1899, 12, 31), (1900, 1, 1), (1970, 1, 1))
_LAST_FIRST_DAY = 1970
_EPOCH = re.compile(r"(?:9\d{8}|1\d{9}|20\d{8})(?:\d{3})?")
"""Seconds, or milliseconds, from 1998 to 2036."""
_ENDS = frozenset({"end"})
"""Dates that end something, though nobody is warned of them: when a person leaves."""
_MILLISECONDS = 10**11
_WRITTEN_DAY = 8
"""Digits of 20240403."""
_LONG_PAST = "1970-01-01"
_FAR = 50
"""Years ahead of today that are far for any date."""
A_DATE = Message("a date such as 2026-03-31")


def _said(cell: Any) -> str:
    """What a cell shows."""
    if isinstance(cell, ShownPeriod):
        return f"{cell:%Y-%m}" if cell.months == 1 else f"{cell:%Y}"
    return quoted(cell)


def _is_no_date(cell: Any) -> bool:
    """Whether a cell holds what programs write for no date: 0000-00-00, day 0 of a spreadsheet, the year 1."""
    if isinstance(cell, str):
        return _NO_DATE.fullmatch(cell) is not None or cell.casefold() in _NEVER
    if isinstance(cell, date):
        return cell.year <= _LAST_FIRST_DAY and (cell.year, cell.month, cell.day) in _FIRST_DAYS
    return isinstance(cell, float) and not cell
