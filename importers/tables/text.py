"""Tables as text: csv, tsv and json."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, BinaryIO, TextIO

from cmdb.model.currencies import digits, minor_units
from cmdb.model.exact_json import written
from cmdb.model.messages import Message, SchemaWord, tr
from cmdb.model.money import in_minor_units
from cmdb.model.whole_files import as_text
from importers.tables.cells import escape, row_hasher
from importers.tables.model import Column, Table, currency_places, plain


def write_csv(file: BinaryIO, tables: Sequence[Table]) -> None:
    """Comma-separated UTF-8 with a byte order mark, by which spreadsheet programs know it. No hidden columns."""
    _write_delimited(file, tables, ",")


def write_tsv(file: BinaryIO, tables: Sequence[Table]) -> None:
    """As csv, with tabs."""
    _write_delimited(file, tables, "\t")


def _write_delimited(binary: BinaryIO, tables: Sequence[Table], delimiter: str) -> None:
    with as_text(binary, "utf-8-sig") as file:
        writer = csv.writer(file, delimiter=delimiter)
        if len(tables) == 1 and not tables[0].says_class:
            columns, lines = list(tables[0].columns), tables[0].lines()
        else:
            columns, lines = merge(tables)
        writer.writerow([escape(c.header) for c in columns])
        currencies = currency_places(columns)
        for line in lines:
            cells = enumerate(zip(columns, line, strict=False))
            writer.writerow([_cell(c, cell, line[currencies[n]] if n in currencies else "") for n, (c, cell) in cells])


def merge(tables: Sequence[Table]) -> tuple[list[Column], Iterator[list[Any]]]:
    """Several tables as one table with all columns. If none has the class, a first column contains their titles."""
    columns: dict[str, Column] = {}
    for table in tables:
        for column in table.columns:
            columns.setdefault(column.name, column)
    named = "class" in columns
    order = list(columns)

    def lines() -> Iterator[list[Any]]:
        for table in tables:
            places = {c.name: i for i, c in enumerate(table.columns)}
            for line in table.lines():
                cells = [line[places[name]] if name in places else None for name in order]
                yield cells if named else [table.title, *cells]

    merged = list(columns.values())
    return (merged if named else [Column("class", tr("Class")), *merged]), lines()


def _cell(column: Column, cell: Any, currency: Any) -> str:
    """A cell's text; an amount has at least the decimals of its currency."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return tr("Yes") if cell else tr("No")
    if isinstance(cell, float):
        return repr(cell)
    if isinstance(cell, int | Decimal):
        return digits(cell, minor_units(str(currency or "")) if column.type == "money" else 0)
    return escape(cell)


def write_json(binary: BinaryIO, tables: Sequence[Table]) -> None:
    """One document: ``tables``, each with ``title``, ``columns`` and ``rows`` (name → value, absent left out).

    Rows that can be edited and imported again have their ``id``, and as ``base`` the hashes of their cells.
    """
    with as_text(binary) as file:
        file.write('{"tables": [')
        for number, table in enumerate(tables):
            file.write(",\n" if number else "\n")
            _write_json_table(file, table)
        file.write("\n]}\n")


def _write_json_table(file: TextIO, table: Table) -> None:
    columns = [
        {k: v for k, v in (("name", c.name), ("label", str(c.label)), ("type", c.type), ("unit", c.unit)) if v}
        for c in table.columns
    ]
    note = {"note": table.note} if table.note else {}
    cls = {"class": table.cls} if table.cls else {}
    head = json.dumps({"title": str(table.title), **cls, **note, "columns": columns}, ensure_ascii=False)
    file.write(head[:-1] + ', "rows": [')
    ids = iter(table.ids) if table.ids is not None else None
    amounts = [c for c in table.columns if c.type == "money"]
    base = row_hasher()
    for row in table.rows:
        record: dict[str, Any] = {}
        if ids is not None:
            record = {"id": next(ids), "base": base([plain(cell) for cell in row])}
        record.update({c.name: _json(cell) for c, cell in zip(table.columns, row, strict=True) if cell is not None})
        for column in amounts:
            if record.get(column.name) is not None:
                record[column.name] = in_minor_units(record[column.name], str(record.get(column.currency) or ""))
        file.write((",\n" if table.written else "\n") + written(record))
        table.written += 1
    file.write("]}")


def _json(cell: Any) -> Any:
    if isinstance(cell, Message):
        return str(cell) if cell.values else cell.source()  # fixed words mean the same in every language
    if isinstance(cell, SchemaWord):
        return cell.declared
    if isinstance(cell, Mapping):
        return dict(cell)
    return list(cell) if isinstance(cell, set | frozenset | tuple) else cell
