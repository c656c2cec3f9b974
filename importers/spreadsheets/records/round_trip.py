"""Reads an exported workbook: the record of each row, and the cells that were changed since the export."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from cmdb.model.formats import Plain
from cmdb.model.messages import Message
from cmdb.model.money import plain
from cmdb.model.observation import NamedReference, Observation
from cmdb.model.schema import Attribute
from importers.spreadsheets.cells.cell_findings import CellError
from importers.spreadsheets.cells.converters import Converter, is_identifier
from importers.spreadsheets.cells.table import SheetTable
from importers.spreadsheets.columns.mapping import ColumnUse
from importers.spreadsheets.sheets.workbook import cell_text
from importers.tables.cells import hasher, read_base_header, split_base, unescape


def _number(text: str) -> Decimal | None:
    """A number as it is stored."""
    try:
        return plain(Decimal(text).normalize())
    except (InvalidOperation, ValueError):
        return None


def _whole_number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"-?\d{1,15}", text) else None


_NUMBERS: dict[str, Callable[[str], Any]] = {"integer": _whole_number, "number": _number, "money": _number}
UID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""The id of a record, as it stands in the hidden column."""


def _changes(table: SheetTable, row: Observation) -> tuple[int, int]:
    """How much of what identifies a record a row says anew, and how much in all."""
    attributes = table.schema.classes[row.cls].attributes
    changed = {entry.partition("=")[0] for entry in row.evidence.get("base", ())}
    if "base" not in row.evidence and not row.untouched:
        changed = set(row.values)
    return sum(is_identifier(attributes[name]) for name in changed), len(changed)


@dataclass
class ExportColumns:
    """The hidden columns of an exported sheet."""

    id_column: int
    names: tuple[str, ...]
    bases: list[list[str]] = field(default_factory=list)
    """For each row the hashes of its cells as they were exported, in the order of ``names``; empty if it has none."""
    used: dict[str, list[int]] = field(default_factory=dict)
    """Record id → the rows that have it."""
    kept: set[tuple[str, int]] = field(default_factory=set)
    """(Attribute, row index) of texts and names that are as they were exported."""
    hash: Callable[[Any], str] = field(default_factory=hasher)

    @classmethod
    def of(cls, table: SheetTable) -> ExportColumns | None:
        """The hidden columns, if the sheet has them."""
        ids = [c.index for c in table.mapping.columns if c.role == "id"]
        if not ids:
            return None
        for one in table.mapping.columns:
            header = read_base_header(table.sheet.headers[one.index]) if one.role == "base" else None
            if header is not None:
                names = header[1]
                bases = [split_base(str(cell)) for cell in table.cells[one.index]]
                return cls(ids[0], names, [base if len(base) == len(names) else [] for base in bases])
        return cls(ids[0], ())

    def values(self, table: SheetTable, use: ColumnUse, attribute: Attribute, only: Sequence[int] | None) -> list[Any]:
        """As ``SheetTable.convert``. What nobody changed, and stands there as it is stored, is kept to the letter,
        whatever it looks like.
        """
        if attribute.type == "boolean" or attribute.name not in self.names:
            return table.convert(use, attribute, only)
        place, cells = self.names.index(attribute.name), table.cells[use.index]
        mention = Converter(attribute, schema=table.schema, mentions=table.mentions).mention
        number = _NUMBERS.get(attribute.type)
        value: Callable[[str], Any] = number or (mention if attribute.type == "reference" else str)
        kept: dict[int, Any] = {}
        rest: list[int] = []
        for index in range(len(cells)) if only is None else only:
            base = self.bases[index] if self.bases else []
            text = unescape(cell_text(cells[index])) if base and cells[index] != "" else ""
            found = value(text) if text else None
            if found is not None and self.hash(found if number else text) == base[place]:
                kept[index] = found
            else:
                rest.append(index)
        if not kept:
            return table.convert(use, attribute, only)
        self.kept.update((attribute.name, index) for index in kept)
        kept.update(zip(rest, table.convert(use, attribute, rest), strict=True))
        return [kept[index] for index in (range(len(cells)) if only is None else only)]

    def restore(self, table: SheetTable, index: int, observation: Observation, headers: dict[str, str]) -> bool:
        """Reduces a row of a known record to what was changed in the file. False for a row that was added there."""
        row = table.rows[index]
        uid = str(row[self.id_column]).strip().casefold()
        if not UID.fullmatch(uid):
            return False
        self.used.setdefault(uid, []).append(index)
        observation.add_evidence("record", [uid])
        base = self.bases[index] if self.bases else []
        if not base:
            return True
        self._keep_changes(table, index, observation, headers, dict(zip(self.names, base, strict=True)))
        return True

    def refuse_copies(self, table: SheetTable, found: Mapping[int, Observation]) -> None:
        """Rejects rows that were copied with their hidden id, wherever they stand: the record's own row is the one that
        says least that is new, first of what identifies it. Where that is no single row, all are rejected.
        """
        header = table.sheet.headers[self.id_column]
        for uid, indices in self.used.items():
            if len(indices) == 1:
                continue
            (least, own), (second, _), *_ = sorted((_changes(table, found[index]), index) for index in indices)
            rows = tuple(Plain(table.numbers[index]) for index in indices)
            several = Message(
                "Rows {rows} have the same hidden id and differ from what was exported. Delete the id, in the last "
                "columns, of those that are new.",
                rows=rows,
            )
            copied = Message(
                "The row is a copy of row {row} with the same hidden id. To make it a new record, show the last "
                "columns and delete its id.",
                row=Plain(table.numbers[own]),
            )
            doubtful = least == second and any(least)
            for index in indices:
                if doubtful or index != own:
                    table.refuse(index, header, uid, CellError(several if doubtful else copied, "copied-row"))

    def _keep_changes(
        self, table: SheetTable, index: int, observation: Observation, headers: dict[str, str], base: dict[str, str]
    ) -> None:
        cleared, was = [], []
        untouched: dict[str, Any] = {}
        for name, before in base.items():
            if name not in headers:
                continue
            value = observation.values.get(name)
            text = value.name if isinstance(value, NamedReference) else value
            if (name, index) in self.kept or self.hash(text) == before:
                if name in observation.values:
                    untouched[name] = observation.values.pop(name)
                continue
            was.append(f"{name}={before}")
            if value is None and index not in table.rejected:
                cleared.append(name)
        if untouched:
            observation.untouched = untouched
        attributes = table.schema.classes[observation.cls].attributes
        for name in cleared:
            if attributes[name].required:
                message = Message("{attribute} cannot be blank.", attribute=attributes[name].label)
                table.refuse(index, headers[name], "", CellError(message, "required", code="required.cleared"))
        observation.clears = tuple(n for n in cleared if not attributes[n].required)
        if was:
            observation.add_evidence("base", was)
