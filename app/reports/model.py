"""The type of reports: columns, rows, and the place in the list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from app.inherited import each_with_inherited
from cmdb.model import clock, life_cycle
from cmdb.model.control import Control
from cmdb.model.messages import Message, SchemaWord, tr
from cmdb.model.money import in_minor_units
from cmdb.model.selection import Selection
from cmdb.model.values import Value, show
from importers.tables import Column, Table
from importers.tables.model import currency_places

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.model.schema import Schema
    from cmdb.store.reading.reader import Reader


class ReportRow(NamedTuple):
    """A row of a report: canonical values in the order of the columns, and the id of the record it is about."""

    cells: tuple[Any, ...]
    uid: str = ""


@dataclass(slots=True)
class ReportContext:
    """The input of a report: a consistent view, its day, and the control of its job.

    ``since`` is the revision that a report about two moments compares with (None: as the report sees fit).
    """

    reader: Reader
    today: date = field(default_factory=clock.today)
    control: Control = field(default_factory=Control)
    since: int | None = None
    _names: dict[str, str] = field(default_factory=dict)

    @property
    def schema(self) -> Schema:
        """The estate's classes."""
        return self.reader.schema

    def all(self, cls: str, where: str = "", sort: str = "name") -> Iterable[CI]:
        """Records of a class and its subclasses, with what they have by their models, streamed; the job stops between
        them when it is cancelled.
        """
        if cls not in self.schema.classes:
            return
        for one in each_with_inherited(self.reader, self.reader.all(Selection(cls=cls, where=where, sort=sort))):
            self.control.check()
            yield one

    def name(self, uid: Value | None) -> str:
        """The name of the record that a reference means; "" for none."""
        if not uid:
            return ""
        word = str(uid)
        if word not in self._names:
            self._names[word] = self.reader.last_names([word]).get(word, ("", ""))[1]
        return self._names[word]

    def label(self, cls: str) -> str:
        """The label of a class."""
        return self.schema.cls(cls).label

    def left(self, one: CI) -> bool:
        """Whether a record has left the estate by its status: it is leaving, gone, or lost."""
        return life_cycle.has_left(self.schema, one.cls, one.values.get(life_cycle.STATUS))

    def phase(self, one: CI) -> life_cycle.Phase:
        """The phase of a record's status."""
        return life_cycle.phase_of(self.schema, one.cls, one.values.get(life_cycle.STATUS))

    def status(self, one: CI) -> str:
        """A record's status as it is shown; "" for none. What is declared of it, for JSON, is the stored value."""
        stored = one.values.get(life_cycle.STATUS)
        shown = show(self.schema.attribute(one.cls, life_cycle.STATUS), stored)
        return SchemaWord(shown, str(stored)) if shown else ""


Rows = Callable[[ReportContext], Iterable[ReportRow]]
Save = Callable[[ReportContext, Path], int]


@dataclass(frozen=True, slots=True)
class Report:
    """A report. ``save`` writes formats of its own, by ending; every other format is written from the rows.

    One about two moments (``between``) compares with the question's ``since``; ``about`` adds to its description what
    it was run over. Cells are canonical values, or texts.
    """

    name: str
    title: Message
    description: Message
    columns: tuple[Column, ...]
    rows: Rows
    group: Message = Message("Assets")
    save: Mapping[str, Save] = field(default_factory=dict)
    between: bool = False
    about: Callable[[ReportContext], Message] | None = None
    titled: Callable[[ReportContext], Message] | None = None
    """The name of its table (a sheet's name in a workbook), if it differs from the title."""

    subject: tuple[str, ...] = ()
    """The names of the columns that it is about: what must be seen of each row besides its first column."""

    @property
    def subjects(self) -> tuple[str, ...]:
        """``subject``; where none is stated, its dates with what is counted from them, and verdicts."""
        if self.subject:
            return self.subject
        found = []
        for before, one in zip((None, *self.columns), self.columns, strict=False):
            counts = one.type == "integer" and before is not None and before.type == "date"
            if one.type == "date" or counts or one.name == "verdict":
                found.append(one.name)
        return tuple(found)

    def described(self, question: ReportContext) -> Message:
        """The description, with what the report was run over."""
        if self.about is None:
            return self.description
        return Message("{description} {moments}", description=self.description, moments=self.about(question))

    def table(self, question: ReportContext) -> Table:
        """The report as a table to be written or shown."""
        title = self.titled(question) if self.titled else self.title
        note = tr("The journal's head: {head}", head=str(question.reader.head()))
        return Table(str(title), self.columns, (row.cells for row in self.rows(question)), note=note)

    def document(self, question: ReportContext) -> list[dict[str, Any]]:
        """The rows as JSON objects, keyed by the columns' names; absent is left out."""
        names = [column.name for column in self.columns]
        currencies = currency_places(self.columns)

        def cells(row: ReportRow) -> dict[str, Any]:
            found = list(row.cells)
            for place, beside in currencies.items():
                if found[place] is not None:
                    found[place] = in_minor_units(found[place], str(found[beside] or ""))
            pairs = zip(names, found, strict=True)
            return {name: _json(cell) for name, cell in pairs if cell is not None and cell != ""}

        return [cells(row) for row in self.rows(question)]


def column(
    label: Message, type: str = "text", unit: str = "", width: int = 0, labels: Mapping[str, Message] | None = None
) -> Column:
    """A column whose name is its English label in lower case with underscores; ``labels`` word its stored values.

    The currency of amounts is in the column “Currency”.
    """
    name = "_".join(label.template.casefold().replace("/", " ").split())
    currency = "currency" if type == "money" else ""
    return Column(name, label, type, unit, width=width, labels=labels or {}, currency=currency)


def _json(cell: object) -> object:
    if isinstance(cell, SchemaWord):
        return cell.declared
    if isinstance(cell, Message):
        return str(cell) if cell.values else cell.source()  # fixed words mean the same in every language
    return cell
