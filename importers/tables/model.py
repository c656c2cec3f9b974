"""The tables to write, with typed columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from cmdb.model.formats import listing
from cmdb.model.messages import Message, tr
from cmdb.model.schema import Attribute, CIClass, Schema
from importers.tables.cells import ID_HEADER, base_header, row_hasher

LONGEST = 32_767
"""Spreadsheet programs hold no longer text in a cell, counted in units of UTF-16."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the attribute's name and label, its type (see ``cmdb.model.schema.TYPES``), and how wide it is drawn.

    ``width`` is in characters, 0 for a fitting one. ``choices`` make a drop-down, ``note`` a cell comment. ``labels``
    are the texts for stored values that are shown differently; an import takes either. Texts of a schema are worded
    already; labels of the program's own are texts.
    """

    name: str
    label: str | Message
    type: str = "text"
    unit: str = ""
    choices: tuple[str, ...] = ()
    width: int = 0
    note: str = ""
    labels: Mapping[str, str | Message] = field(default_factory=dict, hash=False)
    currency: str = ""
    """Amounts of money: the name of the column that has their currency."""

    @property
    def header(self) -> str:
        """The label with the unit, from which an import knows the unit again."""
        return f"{self.label} ({self.unit})" if self.unit else str(self.label)

    def worded(self, cell: Any) -> Any:
        """A cell in words, if the column has words for it or it is a text; else the cell."""
        if isinstance(cell, str):
            cell = self.labels.get(cell, cell)
        return str(cell) if isinstance(cell, Message) else cell


@dataclass
class Table:
    """Rows under columns. Cells are canonical values; a reference is a name, or a mapping that has ``name``.

    With ``ids`` (one per row) it can be edited and imported again: the file gets the ids and a hash of each cell, in
    hidden columns if the format has them. ``cls`` is the class of such rows (the common one where they differ).
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    ids: Iterable[str] | None = None
    cls: str = ""
    note: str = ""
    """What stands in the properties of a workbook, and in JSON: of which moment the rows are."""
    says_class: bool = False
    """Whether a text file says of each row what it is, also where this is its only table: nothing else would."""
    written: int = field(default=0, init=False)
    """Rows that were written."""

    def hidden(self) -> list[Column]:
        """The columns by which an import finds the records again."""
        if self.ids is None:
            return []
        return [Column("id", ID_HEADER), Column("base", base_header(self.cls, [c.name for c in self.columns]))]

    def lines(self, longest: int = 0) -> Iterator[list[Any]]:
        """The rows as plain cells, hidden columns included. Counts them in ``written``.

        The hashes are of stored values, so that a label may change between an export and the import of it. Texts of
        more than ``longest`` units of UTF-16 are cut, with a mark; the hash is of what is left.
        """
        hash_row = row_hasher()
        labelled = [(place, column) for place, column in enumerate(self.columns) if column.labels]
        ids = iter(self.ids) if self.ids is not None else None
        for row in self.rows:
            cells = [cell if cell is None or (type(cell) is str and cell) else plain(cell) for cell in row]
            if longest and 2 * max([len(cell) for cell in cells if type(cell) is str], default=0) > longest:
                cells = [_cut(cell, longest) if isinstance(cell, str) else cell for cell in cells]
            if ids is not None:
                base = hash_row(cells)
                cells += [next(ids), base]
            for place, column in labelled:
                cells[place] = column.worded(cells[place])
            self.written += 1
            yield cells


def currency_places(columns: Sequence[Column]) -> dict[int, int]:
    """Place of a column of amounts → the place of the column that has their currency."""
    places = {column.name: place for place, column in enumerate(columns)}
    return {n: places[c.currency] for n, c in enumerate(columns) if c.type == "money" and c.currency in places}


def plain(cell: Any) -> Any:
    """A cell as a str, number, bool or None: references by their names, lists joined."""
    if cell is None or isinstance(cell, int | float | Decimal):
        return None if isinstance(cell, float) and cell - cell != 0 else cell
    if isinstance(cell, Mapping):
        cell = cell.get("name", "")
    elif isinstance(cell, list | tuple | set | frozenset):
        cell = "; ".join(str(plain(one)) for one in cell)
    return str(cell) or None


def _cut(text: str, longest: int) -> str:
    """The text with at most ``longest`` units of UTF-16, with a mark where some was left out."""
    longest -= text.startswith("'")  # it may need one more: see ``cells.escape_typed``
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * longest:
        return text
    return units[: 2 * (longest - 1)].decode("utf-16-le", "ignore") + "…"


def columns_of(one: CIClass, names: Iterable[str] | None = None, schema: Schema | None = None) -> list[Column]:
    """The columns of a class: all its attributes, or those named; see ``column_of`` for ``schema``."""
    attributes = one.attributes.values() if names is None else [one.attributes[n] for n in names]
    return [column_of(a, schema) for a in attributes]


def column_of(attribute: Attribute, schema: Schema | None = None) -> Column:
    """The column of an attribute. With the schema a reference's note names the allowed classes."""
    choices = tuple(c.label for c in attribute.choices)
    labels = {c.value: c.label for c in attribute.choices if c.label != c.value}
    target = ""
    if schema is not None and attribute.type == "reference":
        target = listing((schema.cls(one).label for one in attribute.target.split("|")), "or")
    note = note_of(attribute, target)
    return Column(
        attribute.name, attribute.label, attribute.type, attribute.unit, choices, note=note, labels=labels,
        currency=attribute.currency,
    )  # fmt: skip


_KINDS = {
    "date": Message("A date, such as 2026-03-31."),
    "time": Message("A time, such as 2026-03-31T10:00Z."),
    "integer": Message("A whole number."),
    "number": Message("A number."),
    "money": Message("An amount, such as 1234.50."),
    "boolean": Message("Yes or no."),
    "uuid": Message("A UUID."),
    "email": Message("An address such as name@example.org."),
    "url": Message("A web address."),
}


def note_of(attribute: Attribute, target: str = "") -> str:
    """The note for filling in a column; ``target``: what a reference names."""
    parts = [tr("Required.") if attribute.required else "", attribute.help, str(_KINDS.get(attribute.type, ""))]
    if attribute.choices:
        parts.append(tr("One of: {choices}.", choices=tuple(c.label for c in attribute.choices)))
    if attribute.type == "reference":
        parts.append(tr("The name of: {classes}.", classes=target) if target else tr("The name of a record."))
    if attribute.unit:
        parts.append(tr("In {unit}.", unit=attribute.unit))
    if attribute.unique:
        parts.append(tr("No two may have the same."))
    return " ".join(p for p in parts if p)
