"""Saved mappings: they are kept in the estate, and sheets with the same columns are recognised by them."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.imports.kept_names import names_to_keep
from cmdb.model.guards import KindGuard
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Record, Revision, new_id
from cmdb.reconciliation.doubles import SIMILAR
from importers.spreadsheets.cells.converters import is_identifier
from importers.spreadsheets.columns.mapping import KeptFormats
from importers.spreadsheets.sheets.workbook import cell_text

if TYPE_CHECKING:
    from app.imports.draft import SheetDraft
    from app.imports.new_records import Key
    from cmdb.model.schema import Schema
    from cmdb.store.reading.reader import Reader
    from importers.spreadsheets.columns.mapping import ColumnUse, Mapping, NameChoice

_NO_CHOICES: MappingOf[Key, NameChoice] = MappingProxyType({})


def recipe_of(draft: SheetDraft, schema: Schema, choices: MappingOf[Key, NameChoice] = _NO_CHOICES) -> Mapping:
    """A sheet's mapping with the corrections that hold for other sheets, too: of words that a column repeats.

    These are references, choices, texts that many things may share, words for classes, and words where a number or a
    date belongs, of which all cells alike were corrected in the same way. The correction of a single thing's number or
    name is none, unless a word is made blank. ``choices``: what was decided of new names.
    """
    said: dict[tuple[int, str], set[str]] = {}
    for (_, index), (as_read, text) in draft.mends.items():
        said.setdefault((index, cell_text(as_read)), set()).add(text)
    columns = []
    for one in draft.mapping.columns:
        own = {before: next(iter(after)) for (index, before), after in said.items()
               if index == one.index and before.strip() and len(after) == 1}  # fmt: skip
        own = {before: after for before, after in own.items() if _is_rule(one, draft, schema, before, after)}
        left = {cell_text(row[one.index]) for row in draft.sheet.body} if own else ()
        pairs = {**dict(one.replacements), **{before: after for before, after in own.items() if before not in left}}
        columns.append(replace(one, replacements=tuple(pairs.items())))
    names = draft.mapping.names
    if draft.reading is not None:
        names = names_to_keep(schema, draft.reading, names, choices)
    return replace(draft.mapping, columns=tuple(columns), names=names, formats=_formats(draft))


def _formats(draft: SheetDraft) -> KeptFormats:
    """How the sheet was read: its formats of dates and numbers, and what the person chose."""
    options, found, asked = draft.sheet.options, draft.detected, draft.file.asked
    return KeptFormats(
        found.day_first if options.day_first is None else options.day_first,
        found.decimal_comma if options.decimal_comma is None else options.decimal_comma,
        str(asked.get("encoding", "")),
        str(asked.get("delimiter", "")),
        options.header_row if draft.sheet.area is None else None,
    )


def _is_rule(one: ColumnUse, draft: SheetDraft, schema: Schema, before: str, after: str) -> bool:
    """Whether a correction in a column is one of a word, which holds for other sheets, too."""
    if one.role in ("class", "link", "seat"):
        return True
    if one.role != "attribute" or draft.mapping.kind != "class":
        return one.role in ("field", "mention")
    attribute = schema.all_attributes(draft.mapping.cls or "ci").get(one.name)
    if attribute is None:
        return False
    single = is_identifier(attribute) or attribute.name in SIMILAR
    if attribute.type == "reference" or (attribute.type in ("choice", "text") and not single):
        return True
    return not any(map(str.isdigit, before)) and (not single or not after.strip())


def keep_mapping(reader: Reader, mapping: Mapping, author: str) -> Revision:
    """The revision that saves a mapping under its name; it replaces one of the same name."""
    fields = mapping.to_dict()
    name = mapping.name
    known = reader.records("mapping").items()
    old = next((one for one in known if str(one[1].get("name", "")).casefold() == name.casefold()), None)
    if old is None:
        edits = [Edit(Record("mapping", (new_id(),)), "", None, fields)]
    else:
        record = Record("mapping", old[0])
        edits = [Edit(record, k, old[1].get(k), v) for k, v in fields.items() if old[1].get(k) != v]
    guards = (KindGuard("mapping"),)  # two of one name are made by nobody
    reason = Message("Mapping “{name}” saved", name=name)
    return Revision(edits, author, reason=reason, guards=guards, decided_at=reader.number)
