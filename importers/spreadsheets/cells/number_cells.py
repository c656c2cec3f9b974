"""Numbers in cells: counts, amounts and sizes as people write them, and as spreadsheets and programs store them."""

from __future__ import annotations

import re
from math import isfinite
from typing import Any

from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message
from cmdb.model.money import DECIMALS, exact
from cmdb.model.number_texts import read_decimal, read_number
from cmdb.model.raw_values import quoted
from cmdb.model.schema import Attribute
from cmdb.model.values import parse
from importers.spreadsheets.cells.cell_findings import CellError, CellNote, ColumnContext
from importers.spreadsheets.cells.decimal_marks import reads_two_ways
from importers.spreadsheets.cells.loose_numbers import loose_number
from importers.spreadsheets.cells.rack_units import units_in
from importers.spreadsheets.columns.transforms import in_unit


class NumberCells:
    """Reads the cells of one column as numbers. ``notes`` fills with what was seen, by cell.

    ``unit``: that of plain numbers in a column of sizes, if the column's header says it.
    """

    def __init__(
        self, attribute: Attribute, context: ColumnContext, notes: dict[Any, CellNote], unit: str = ""
    ) -> None:
        self._attribute = attribute
        self._context = context
        self._notes = notes
        self._unit = unit

    def number(self, cell: Any) -> Any:
        """A number; one among words that change nothing of it, or in thousands, with a note. Or why it is refused.

        Raises InvalidValue.
        """
        try:
            return self._plain_number(cell)
        except InvalidValue:
            exact_only = self._attribute.required or self._attribute.decisive or self._attribute.unit in SIZES
            loose = loose_number(cell) if isinstance(cell, str) and not exact_only else None
            if loose is None:
                raise
            text, factor = loose
            if (problem := self._marks(text)) is not None:
                return problem
            number = read_decimal(self._attribute, text, self._context.decimal_comma) * factor
            value = parse(self._attribute, number)
        message = Message("{attribute} “{value}” was read as {read}.", attribute=self._attribute.label, value=cell,
                          read=str(value))  # fmt: skip
        self._notes[cell] = CellNote(message, "number", "number.words")
        return value

    def _plain_number(self, cell: Any) -> Any:
        kind = self._attribute.type
        if self._attribute.unit in SIZES:
            return self._size(cell)
        if kind == "number" and type(cell) is float:
            return self._parse(cell)
        if isinstance(cell, str) and self._attribute.unit == "U":
            units = units_in(cell)
            if len(units) == 1 or (units and self._attribute.name == "rack_position"):
                return self._parse(self._lowest(cell, units))
        if isinstance(cell, str):
            if kind == "integer" and not self._attribute.unit and (counted := _COUNTED.fullmatch(cell)):
                cell = counted[1]
            problem = self._marks(cell)
            if problem is not None:
                return problem
            if self._context.decimal_comma and _GROUPED.search(cell):
                cell = cell.replace(".", "")
        return self._amount(cell) if kind == "money" else self._parse(cell)

    def _lowest(self, cell: str, units: tuple[int, ...]) -> str:
        """The lowest unit of a range, with a note."""
        if len(units) > 1:
            message = Message(
                "{attribute} “{value}” is a range of {count} units; the lowest one, {unit}, was taken.",
                attribute=self._attribute.label,
                value=cell,
                count=units[1] - units[0] + 1,
                unit=units[0],
            )
            self._notes[cell] = CellNote(message, "several", "rack.range")
        return str(units[0])

    def _marks(self, cell: str) -> CellError | None:
        """Notes a number such as 1.000 that nothing settles, or refuses it in a column of both kinds."""
        if (self._context.marks_sure and not self._context.both_marks) or not reads_two_ways(cell):
            return None
        label = self._attribute.label
        if self._context.both_marks:
            message = Message(
                "{attribute} {value} can be read two ways, and the column has numbers with decimal commas and with "
                "decimal points.",
                attribute=label,
                value=cell,
            )
            return CellError(message, "ambiguous-number", A_NUMBER, code="number.both-marks")
        comma = self._context.decimal_comma
        message = Message(
            "{attribute} {value} can be read two ways; nothing in the column settles it. Read as {number}.",
            attribute=label,
            value=cell,
            number=_digits(self._attribute, cell, comma),
        )
        self._notes[cell] = CellNote(message, "ambiguous-number", "number.two-ways")
        return None

    def _size(self, cell: Any) -> Any:
        """A size in the attribute's unit; whole ones are rounded, but never to nothing."""
        attribute, comma = self._attribute, self._context.decimal_comma
        problem = self._marks(cell) if isinstance(cell, str) else None
        if problem is not None:
            return problem
        unit = self._unit or self._context.unit or self._larger_unit(cell) or attribute.unit
        size = in_unit(cell, unit, attribute.unit, comma)
        if attribute.type != "integer" or not isinstance(size, float) or not isfinite(size):
            return self._parse(size)
        whole = round(size)
        if size and not whole:
            message = Message(
                "{attribute} {value} is less than 1 {unit}.", attribute=attribute.label, value=quoted(cell),
                unit=attribute.unit,
            )  # fmt: skip
            return CellError(message, "size", A_WHOLE_NUMBER, code="size.nothing")
        return self._parse(float(whole))

    def _larger_unit(self, cell: Any) -> str:
        """The unit of a plain number that is too small in the attribute's own, with a note; "" for any other."""
        least, unit = _LARGER_UNITS.get(self._attribute.name, (0, ""))
        text = str(cell).replace(",", ".")
        plain = None if self._context.own else _FEW.fullmatch(text)
        if plain is None or not 0 < int(plain[1] or 1) * float(plain[2]) < least:
            return ""
        message = Message(
            "{attribute} {value} is too small a number of {unit}; it was read as {read}.",
            attribute=self._attribute.label,
            value=quoted(cell),
            unit=self._attribute.unit,
            read=unit,
        )
        self._notes[cell] = CellNote(message, "unit", "unit.cell")
        return unit

    def _amount(self, cell: Any) -> Any:
        """An amount; more decimals than four, which a formula or a program made, are rounded with a note."""
        number = read_decimal(self._attribute, cell, self._context.decimal_comma)
        value = read_number(self._attribute, number)
        if value != number and value != exact(float(number)):
            message = Message(
                "{attribute} {value} was rounded: an amount has at most {count} decimals.",
                attribute=self._attribute.label,
                value=str(cell),
                count=DECIMALS,
            )
            self._notes[cell] = CellNote(message, "rounded")
        return value

    def _parse(self, cell: Any) -> Any:
        return parse(self._attribute, cell, decimal_comma=self._context.decimal_comma)


_GROUPED = re.compile(r"^[^\d,]*\d{1,3}(?:\.\d{3})+(?![\d.,])")
SIZES = ("MiB", "GiB")
"""The units of sizes: of memory, of disks."""
_LARGER_UNITS = {"memory": (256, "GiB"), "disk_size": (4, "TiB")}
"""Attribute → the number below which no computer has so little today, and the unit that such a plain number is in."""
_FEW = re.compile(r"(?:(\d{1,2})\s*[x×*]\s*)?(\d{1,3}(?:\.\d{1,2})?)")
_COUNTED = re.compile(
    r"(\d[\d.,'’ ]*?)\s*(?:x|×|st(?:ü?c?k)?|pcs?|pieces?|units?|licen[cs]es?|lic|lizenz(?:en)?|seats?|users?|benutzer"
    r"|geräte?|devices?|cores?|cpus?|sockets?|ports?|postes?|unités?|pièces?|unidades?|uds?|/?(?:tcp|udp)(?:/udp)?)\.?",
    re.IGNORECASE,
)
"""A count with the word for what is counted: "10 Stück"."""
A_NUMBER = Message("a number")
A_WHOLE_NUMBER = Message("a whole number")


def _digits(attribute: Attribute, cell: str, comma: bool | None) -> str:
    """The number that a text is read as, without groups: 1000."""
    try:
        return str(read_decimal(attribute, cell, comma))
    except InvalidValue:
        return cell
