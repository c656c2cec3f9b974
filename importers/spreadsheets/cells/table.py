"""A sheet's records while they are being read: columns as converters see them, and the problems of rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from cmdb.model.control import Control
from cmdb.model.currencies import currency_named
from cmdb.model.messages import Message, counted
from cmdb.model.observation import NamedReference, Origin, Problem, Severity
from cmdb.model.schema import Attribute, Schema
from importers.spreadsheets.cells.cell_findings import CellError, CellNote, ColumnContext
from importers.spreadsheets.cells.column_format import column_context, date_context, lost_zeros
from importers.spreadsheets.cells.converters import Converter, is_identifier
from importers.spreadsheets.cells.decimal_marks import NumberEvidence, decimal_comma
from importers.spreadsheets.columns.fields import FIELDS
from importers.spreadsheets.columns.mapping import ColumnUse, Mapping
from importers.spreadsheets.sheets.options import ReadOptions
from importers.spreadsheets.sheets.row_kinds import RowGroup
from importers.spreadsheets.sheets.workbook import Sheet, cell_text

_POINTED = re.compile(r"\.0$", re.MULTILINE)
_WITH_FORMAT = ("date", "time", "number", "money", "integer")


@dataclass(frozen=True, slots=True)
class WaitingWord:
    """A word that tells no class, whose rows wait until a person says what they are. ``suggested`` as labels."""

    word: str
    suggested: tuple[str, ...]
    origins: list[Origin]


@dataclass
class SheetTable:
    """The records of one sheet. ``rejected`` maps a row's index to the reasons why it is not taken."""

    sheet: Sheet
    mapping: Mapping
    schema: Schema
    options: ReadOptions
    numbers: list[int]
    rows: list[list[Any]]
    problems: list[Problem] = field(default_factory=list)
    rejected: dict[int, list[Message]] = field(default_factory=dict)
    refused: set[tuple[int, str]] = field(default_factory=set)
    """Index and column of each cell that was refused."""
    left_out: set[tuple[int, str]] = field(default_factory=set)
    """Index and column of each cell that was left out of its row."""
    mentions: dict[NamedReference, NamedReference] = field(default_factory=dict)
    beside: list[list[Any]] = field(default_factory=list)
    """Rows that are not read again."""
    formats: dict[int, tuple[Attribute, ColumnContext]] = field(default_factory=dict)
    """Column → what it was read as, and in which format, of dates and numbers."""
    asks: bool = False
    """Whether rows of which only a person can tell the class wait instead of being rejected."""
    groups: Sequence[RowGroup] = ()
    """Rows that name what the records below them have in common."""
    waiting: list[WaitingWord] = field(default_factory=list)
    control: Control = field(default_factory=Control)
    """Asked before each column whether to stop."""

    @cached_property
    def cells(self) -> list[Sequence[Any]]:
        """The columns' cells, with a person's corrections."""
        columns: list[Sequence[Any]] = (
            list(zip(*self.rows, strict=True)) if self.rows else [()] * len(self.sheet.headers)
        )
        for use in self.mapping.columns:
            if use.replacements:
                columns[use.index] = _corrected(columns[use.index], dict(use.replacements))
        return columns

    @cached_property
    def distinct(self) -> list[set[Any]]:
        """Each column's different cells, of rows that are not read again, too: they show its format."""
        found = [set(column) for column in self.cells]
        for row in self.beside:
            for cells, cell in zip(found, row, strict=True):
                cells.add(cell)
        return found

    @cached_property
    def settled(self) -> ColumnContext:
        """The format of dates and numbers in all columns together, for columns that do not show it themselves.

        Only cells that can be read in only one way count, and only if they agree. Where none does, the format counts
        that a saved mapping keeps.
        """
        types = self._types()
        dates = [self._texts(c.index) for c in self.mapping.columns if types.get(c.name) in ("date", "time")]
        orders = [date_context(texts, self.options, ColumnContext(sure=False)) for texts in dates]
        order = {context.day_first for context in orders if context.sure}
        numbers = [
            self._texts(c.index) for c in self.mapping.columns if types.get(c.name) in ("number", "money", "integer")
        ]
        commas = {decimal_comma(texts) for texts in numbers} - {None}
        kept = self.mapping.formats
        comma = commas.pop() if len(commas) == 1 else None if commas else kept.decimal_comma
        if self.options.decimal_comma is not None:
            comma = self.options.decimal_comma
        if len(order) == 1:
            return ColumnContext(day_first=order.pop(), sure=True, decimal_comma=comma)
        if not order and kept.day_first is not None:
            return ColumnContext(day_first=kept.day_first, sure=True, decimal_comma=comma)
        return ColumnContext(day_first=True, sure=False, decimal_comma=comma)

    def _types(self) -> dict[str, str]:
        """The types of what columns may be used as, by name."""
        if self.mapping.kind == "class":
            return {a.name: a.type for a in self.schema.all_attributes(self.mapping.cls or "ci").values()}
        if self.mapping.kind == "section":
            return {column.name: column.type for column in self.schema.section(self.mapping.cls).columns.values()}
        return {a.name: a.type for a in FIELDS[self.mapping.kind]}

    def _texts(self, index: int) -> list[str]:
        return [c for c in self.distinct[index] if type(c) is str and len(c) < 30]

    def origin(self, index: int) -> Origin:
        """The place of a row."""
        return Origin(self.sheet.file, self.sheet.name, self.numbers[index], columns=self.sheet.columns)

    def convert(self, use: ColumnUse, attribute: Attribute, only: Sequence[int] | None = None) -> list[Any]:
        """A column's values as an attribute, None where blank or refused; ``only``: for these rows.

        Problems are added to ``problems``. Raises Cancelled.
        """
        self.control.check()
        if attribute.form and self.mapping.exported and self.mapping.kind == "section":
            attribute = replace(attribute, form="")  # the rows that nobody changed are known by what they were
        cells: Sequence[Any] = self.cells[use.index]
        own = bool(self.mapping.exported)
        unit_known = own or any(t.startswith("unit:") for t in use.transforms)
        distinct, settled = self.distinct[use.index], self.settled
        context = column_context(attribute, distinct, self._evidence(attribute), self.options, settled, unit_known)
        context = replace(context, own=own)
        if attribute.type in _WITH_FORMAT:
            self.formats[use.index] = (attribute, context)
        converter = Converter(attribute, context, use.transforms, self.schema, self.mentions)
        if only is not None:
            cells = list(map(cells.__getitem__, only))
        if attribute.type in ("text", "reference") and not own and not _of_versions(attribute):
            cells = self._without_points(use, cells)
        whole = cells is self.cells[use.index] and not self.beside
        values = converter.column(cells, distinct if whole else None)
        self._column_notes(use, attribute, context)
        self._cell_notes(use, cells, values, only, converter.notes, lost_zeros(attribute, values))
        # What a column says of something else that the row names, its model's number, identifies only that.
        of_another = use.role == "mention" and not self.options.strict
        return self.without_bad(use, values, cells, only, of_another or self.may_lack(attribute))

    def _without_points(self, use: ColumnUse, cells: Sequence[Any]) -> Sequence[Any]:
        """The cells of a column of whole numbers of which a program made decimals: 4711.0 is 4711, said once."""
        texts = [cell for cell in self.distinct[use.index] if type(cell) is str]
        if _POINTED.search("\n".join(texts)) is None:
            return cells
        pointed = {cell for cell in texts if cell[-2:] == ".0" and cell[:-2].isdecimal()}
        if not pointed or any(_is_number(cell) for cell in texts if cell not in pointed):
            return cells
        message = Message(
            "Its values are numbers with a decimal, such as {value}, which a program made of them; “.0” was left out.",
            value=min(pointed),
        )
        if not any(p.code == "text.decimals" and p.column == use.header for p in self.problems):
            self.warn(self.sheet.header_row, use.header, "", message, "text", "text.decimals")
        return [cell[:-2] if cell in pointed else cell for cell in cells]

    def may_lack(self, attribute: Attribute) -> bool:
        """Whether a row is imported without a cell of this column that can't be read."""
        if self.options.strict or self.mapping.exported or self.mapping.kind not in ("class", "installation"):
            return False
        return not (attribute.required or attribute.decisive or is_identifier(attribute))

    def _evidence(self, attribute: Attribute) -> NumberEvidence:
        """What says how a column's numbers are written, besides themselves."""
        currencies: frozenset[str] = frozenset()
        if attribute.currency:
            said = [c.index for c in self.mapping.columns if c.role == "attribute" and c.name == attribute.currency]
            cells = self.distinct[said[0]] if said else ()
            currencies = frozenset(filter(None, (currency_named(c) for c in cells if type(c) is str)))
        delimiter = self.sheet.options.delimiter
        return NumberEvidence(self.options.decimal_comma, self.settled.decimal_comma, delimiter, currencies)

    def without_bad(
        self,
        use: ColumnUse,
        values: list[Any],
        cells: Sequence[Any],
        only: Sequence[int] | None,
        may_lack: bool = False,
    ) -> list[Any]:
        """The values, with None for refused ones, whose rows are rejected unless they ``may_lack`` the cell."""
        if CellError not in set(map(type, values)):
            return values
        refuse = self.leave_out if may_lack else self.refuse
        for place, value in enumerate(values):
            if type(value) is CellError:
                refuse(place if only is None else only[place], use.header, cells[place], value)
        return [None if type(v) is CellError else v for v in values]

    def _column_notes(self, use: ColumnUse, attribute: Attribute, context: ColumnContext) -> None:
        if context.unit and not any(p.kind == "unit" and p.column == use.header for p in self.problems):
            message = Message(
                "The numbers can't be {unit}; they were read as {read}.",
                unit=attribute.unit,
                read=context.unit,
            )
            self.warn(self.sheet.header_row, use.header, "", message, "unit")

    def _cell_notes(
        self,
        use: ColumnUse,
        cells: Sequence[Any],
        values: Sequence[Any],
        only: Sequence[int] | None,
        by_cell: dict[Any, CellNote],
        by_value: dict[Any, CellNote],
    ) -> None:
        if not by_cell and not by_value:
            return
        for place, (cell, value) in enumerate(zip(cells, values, strict=True)):
            notes = [by_cell.get(cell), by_value.get(value) if isinstance(value, str) else None]
            for note in notes:
                if note is not None:
                    index = place if only is None else only[place]
                    self.warn(self.numbers[index], use.header, cell, note.message, note.kind, note.code)

    def check_order(
        self, attribute: Attribute, header: str, rows: Iterable[tuple[int, str, str | None]], other: Attribute
    ) -> None:
        """Warns of each date that comes before the ``other`` one, which it can't. ``rows``: index, date, other date."""
        for index, value, first in rows:
            if first is not None and value[:10] < first[:10]:
                message = Message(
                    "{attribute} {value} is before {other}, {first}.",
                    attribute=attribute.label, value=value[:10], other=other.label, first=first[:10],
                )  # fmt: skip
                self.warn(self.numbers[index], header, value, message, "implausible-date", "date.order")

    def warn(self, row: int, column: str, value: Any, message: Message, kind: str, code: str = "") -> None:
        """Notes a problem that rejects nothing."""
        file, sheet, written = self.sheet.file, self.sheet.name, cell_text(value)
        columns = self.sheet.columns
        self.problems.append(
            Problem(file, sheet, row, column, written, message, "warning", kind, code=code, columns=columns)
        )

    def refuse(self, index: int, column: str, value: Any, error: CellError) -> None:
        """Rejects a row (by its index), for a reason."""
        self.problems.append(self._problem(self.numbers[index], column, value, error))
        self.refused.add((index, column))
        self.rejected.setdefault(index, []).append(_reason(error))

    def refuse_alike(self, indices: Sequence[int], column: str, value: Any, error: CellError, row: int = 0) -> None:
        """Rejects rows for the same reason, which is told once, with their number: at the first, or at ``row``."""
        told = replace(error, message=_for_all(error.message, len(indices)))
        self.problems.append(self._problem(row or self.numbers[indices[0]], column, value, told))
        for index in indices:
            self.refused.add((index, column))
            self.rejected.setdefault(index, []).append(_reason(error))

    def leave_out(self, index: int, column: str, value: Any, error: CellError) -> None:
        """Takes a row (by its index) without one of its cells, for a reason."""
        self.problems.append(self._problem(self.numbers[index], column, value, error, "left-out"))
        self.left_out.add((index, column))

    def _problem(self, row: int, column: str, value: Any, error: CellError, severity: Severity = "error") -> Problem:
        return Problem(
            self.sheet.file, self.sheet.name, row, column, cell_text(value), error.message, severity, error.kind,
            error.accepted, error.suggested, error.code, self.sheet.columns,
        )  # fmt: skip


def _corrected(cells: Sequence[Any], replacements: MappingOf[str, str]) -> list[Any]:
    """A column's cells with texts replaced; blanks around and between words don't count."""
    wanted = {" ".join(was.split()): text for was, text in replacements.items()}
    known: dict[str, Any] = {}
    found: list[Any] = []
    for cell in cells:
        text = cell if type(cell) is str else cell_text(cell)
        if text not in known:
            known[text] = wanted.get(" ".join(text.split()))
        found.append(cell if known[text] is None else known[text])
    return found


def _of_versions(attribute: Attribute) -> bool:
    """Whether 11.0 is a value of its own, as a version or a name is."""
    words = attribute.name.split("_")
    return attribute.name in ("name", "edition", "resolution") or "version" in words


def _is_number(cell: Any) -> bool:
    return type(cell) is str and cell.replace(".", "", 1).isdecimal()


def _for_all(message: Message, count: int) -> Message:
    if count == 1:
        return message
    return counted("{problem} ({count} row)", "{problem} ({count} rows)", count, problem=message)


def _reason(error: CellError) -> Message:
    """Why a row is rejected, with what would be accepted."""
    if not error.accepted and not error.suggested:
        return error.message
    accepted = error.accepted or error.suggested
    return Message("{problem} Accepted: {values}.", problem=error.message, values=accepted)
