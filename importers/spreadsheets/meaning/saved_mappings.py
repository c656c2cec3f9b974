"""The saved mappings that were made for a sheet's columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cmdb.model.messages import EMPTY, Message
from cmdb.model.schema import Schema
from importers.spreadsheets.columns.mapping import Mapping, apply_mapping, fits
from importers.spreadsheets.meaning.mapping_checks import unknown_in
from importers.spreadsheets.sheets.workbook import Sheet


@dataclass(frozen=True, slots=True)
class SavedForSheet:
    """Mappings that mean different things. ``remark``: why one that was made for the columns is not among them."""

    usable: tuple[Mapping, ...] = ()
    problem: Message | None = None
    """That there are several, where there are."""
    remark: Message = EMPTY


def saved_for(sheet: Sheet, schema: Schema, saved: Iterable[Mapping]) -> SavedForSheet:
    """The mappings for exactly a sheet's columns, of those that mean the same the first."""
    usable: dict[str, Mapping] = {}
    remark = EMPTY
    for one in saved:
        if not fits(one, sheet):
            continue
        if unknown := unknown_in(one, schema):
            remark = Message("{problem} It was not used.", problem=unknown)
        else:
            usable.setdefault(repr(replace(apply_mapping(one, sheet), name="")), one)
    found = tuple(usable.values())
    if len(found) < 2:
        return SavedForSheet(found, None, EMPTY if found else remark)
    problem = Message(
        "{file}, {sheet} has the columns of several saved mappings: {names}. Name one ({option} on the command line).",
        file=sheet.file,
        sheet=sheet.name,
        names=tuple(one.name for one in found),
        option="--mapping",
    )
    return SavedForSheet(found, problem)


def latest_for(sheet: Sheet, schema: Schema, saved: Iterable[Mapping]) -> tuple[Mapping, ...]:
    """As a choice for a person who sees it: of several mappings that fit only the last."""
    known = tuple(saved)
    usable = saved_for(sheet, schema, known).usable
    return usable[-1:] or known
