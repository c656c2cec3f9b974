"""The currency of a column's amounts: as they name it ("€ 1.389"), a cell's format, or the header ("Cost (EUR)")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cmdb.model.currencies import SIGNS, currency_named
from cmdb.model.messages import Message
from cmdb.model.number_texts import currency_and_number
from cmdb.model.schema import Attribute
from importers.spreadsheets.cells.table import SheetTable
from importers.spreadsheets.columns.header_units import unit_of
from importers.spreadsheets.columns.mapping import ColumnUse


def currencies_of_amounts(
    table: SheetTable,
    attributes: Mapping[str, Attribute],
    columns: Mapping[str, Sequence[Any]],
    only: Sequence[int] | None,
) -> dict[str, list[str | None]]:
    """Attributes of currencies that no column says → the currency of each row, as amounts or headers name it."""
    found: dict[str, list[str | None]] = {}
    for use in table.mapping.columns:
        attribute = attributes.get(use.name) if use.role == "attribute" else None
        if attribute is None or attribute.type != "money" or not attribute.currency or attribute.currency in columns:
            continue
        if use.name not in columns:
            continue
        said = unit_of(use.header)
        of_all = said.currency if said is not None else ""
        named = _named(table.distinct[use.index], of_all)
        if named or of_all:
            rows: Iterable[int] = range(len(table.rows)) if only is None else only
            cells = [
                named.get(table.rows[row][use.index], of_all if amount is not None else "") or None
                for row, amount in zip(rows, columns[use.name], strict=True)
            ]
            _merge(table, use, found.setdefault(attribute.currency, [None] * len(cells)), cells, only)
    return found


def _named(cells: Iterable[Any], of_all: str) -> dict[Any, str]:
    """The amounts of a column that name a currency, with its code; "" where that may be several.

    ``of_all``: the currency that the header names. It settles a sign of several currencies, of which it is one.
    """
    texts = [cell for cell in cells if isinstance(cell, str) and cell and not cell.isspace()]
    written = {cell: currency_and_number(cell)[0] for cell in texts}
    return {cell: _meant(word, of_all) for cell, word in written.items() if word}


def _meant(word: str, of_all: str) -> str:
    return currency_named(word) or (of_all if of_all in SIGNS.get(word, ()) else "")


def _merge(
    table: SheetTable,
    use: ColumnUse,
    rows: list[str | None],
    cells: Sequence[str | None],
    only: Sequence[int] | None,
) -> None:
    """Takes over what a column says; where another amount of the row says otherwise, that is said and stays."""
    for place, currency in enumerate(cells):
        if currency is None:
            continue
        if rows[place] is None:
            rows[place] = currency
        elif rows[place] != currency:
            index = place if only is None else only[place]
            message = Message(
                "The amount is in {currency}, another one of the row in {other}; the record has one currency, {other}.",
                currency=currency,
                other=rows[place],
            )
            table.warn(
                table.numbers[index], use.header, table.rows[index][use.index], message, "currency", "currency.two"
            )
