"""Sheets of a section: each row is a row of the section of one record, which the first columns name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cmdb.model.errors import FileProblem, SchemaError
from cmdb.model.messages import Message, tr
from cmdb.model.observation import Observation, Reading
from cmdb.model.schema import Attribute, RecordSection, Schema, fold
from importers.spreadsheets.cells.cell_findings import CellError
from importers.spreadsheets.cells.suggestions import nearest_first
from importers.spreadsheets.cells.table import SheetTable
from importers.spreadsheets.columns.classes import find_class, spellings
from importers.spreadsheets.columns.header_units import SIZES
from importers.spreadsheets.columns.mapping import ColumnUse, Mapping
from importers.spreadsheets.columns.section_fields import EXPORTED, RECORD, RECORD_CLASS, fields_of_section
from importers.spreadsheets.records.round_trip import UID
from importers.spreadsheets.sheets.header import is_reason
from importers.spreadsheets.sheets.workbook import Sheet
from importers.tables.cells import ID_HEADER, hasher, read_base_header, split_base

_RECORD_WORDS = (
    "record", "item", "item name", "asset", "asset name", "computer", "computer name", "host", "host name", "hostname",
    "device", "device name", "machine", "machine name", "server", "pc", "rechner", "gerät", "ordinateur",
)  # fmt: skip
_CLASS_WORDS = ("record class", "class", "item class", "asset class", "klasse", "classe")
_NAME = "name"
"""The header that is the record's, too, where the section has no column of that name."""


def section_of_sheet(sheet: Sheet, schema: Schema, cls: str = "") -> RecordSection | None:
    """The section of which a sheet has rows: that an export names, the one that is asked for, or that of its name.

    A template that was given another name is known by its columns. A class of the same name comes first. Raises
    FileProblem where a sheet that is asked for has no column that says the record.
    """
    for header in sheet.headers:
        exported = read_base_header(header)
        if exported is not None and exported[0].startswith(EXPORTED):
            return schema.sections.get(exported[0].removeprefix(EXPORTED))
    word = cls or sheet.title or (sheet.file.rpartition(".")[0] if sheet.text else sheet.name)
    if not word or _is_class(schema, word):
        return None
    section = schema.find_section(word)
    if section is None:
        return None if cls else _section_of_template(sheet, schema)
    names = {use.name for use in _uses(section, sheet)}
    if RECORD in names and len(names - {RECORD, RECORD_CLASS, ""}) > 0:
        return section
    if not cls:
        return None
    raise FileProblem(
        Message(
            "{file}, {sheet} is no sheet of the section “{section}”: it needs a column “{record}” and at least one of: "
            "{columns}.",
            file=sheet.file,
            sheet=sheet.name,
            section=section.plural or section.label,
            record=tr("Record"),
            columns=tuple(one.label for one in section.columns.values()),
        )
    )


def _section_of_template(sheet: Sheet, schema: Schema) -> RecordSection | None:
    """The section that has all columns of a sheet, and the fewest besides, if it begins as templates do."""
    headers = [fold(header) for header in sheet.headers if header]
    if not {fold(tr("Record")), fold(tr("Record class"))} < set(headers):
        return None
    fitting = [
        section
        for section in schema.sections.values()
        if all(use.name or use.role == "ignored" for use in _uses(section, sheet))
    ]
    fewest = min((len(section.columns) for section in fitting), default=0)
    closest = [section for section in fitting if len(section.columns) == fewest]
    return closest[0] if len(closest) == 1 else None


def _is_class(schema: Schema, word: str) -> bool:
    try:
        schema.find_class(word)
    except SchemaError:
        return False
    return True


def section_mapping(section: RecordSection, sheet: Sheet) -> Mapping:
    """What the columns of such a sheet mean."""
    return Mapping("section", section.name, tuple(_uses(section, sheet)))


def _uses(section: RecordSection, sheet: Sheet) -> list[ColumnUse]:
    found: list[ColumnUse] = []
    taken: dict[str, str] = {}
    known = _known(section)
    for index, header in enumerate(sheet.headers):
        if header == ID_HEADER:
            found.append(ColumnUse(index, header, "id", how="label"))
            continue
        if read_base_header(header) is not None:
            found.append(ColumnUse(index, header, "base", how="label"))
            continue
        if not header or is_reason(header):
            filled = not header and any(row[index] != "" for row in sheet.body)
            found.append(ColumnUse(index, sheet.column(index), "unmapped" if filled else "ignored"))
            continue
        named = [(known[fold(word)], unit) for _, word, unit in spellings(header) if fold(word) in known]
        attribute, unit = named[0] if named else (None, "")
        if attribute is None:
            found.append(ColumnUse(index, header))
        elif attribute.name in taken:
            note = Message("The column {column} says it.", column=taken[attribute.name])
            found.append(ColumnUse(index, header, note=note))
        else:
            taken[attribute.name] = header
            how = "label" if fold(header) == fold(attribute.label) else "synonym"
            transforms = (f"unit:{unit}",) if unit in SIZES and attribute.unit in ("MiB", "GiB") else ()
            found.append(ColumnUse(index, header, "field", attribute.name, transforms=transforms, how=how))
    return found


def _known(section: RecordSection) -> dict[str, Attribute]:
    """Folded header → what it means. The section's own columns come first."""
    record, record_class, *columns = fields_of_section(section)
    found = {fold(word): one for one in columns for word in (*one.synonyms, one.label, one.name)}
    for one, words in ((record, (*_RECORD_WORDS, _NAME)), (record_class, _CLASS_WORDS)):
        for word in words:
            found.setdefault(fold(word), one)
    for one in (record, record_class):
        found[fold(one.label)] = one
    return found


def read_section_rows(table: SheetTable, reading: Reading) -> dict[int, list[int]]:
    """Adds an observation of each record with its rows; problems are noted in the table.

    Returns the rows of each record that has several, by the first of them.

    A sheet that was exported states only the rows that were changed or added in it; another one all that it says of a
    record, so that a row that is no longer in it goes, as far as the sheet itself said it.
    """
    section = table.schema.section(table.mapping.cls)
    attributes = {one.name: one for one in fields_of_section(section)}
    attributes[RECORD] = replace(attributes[RECORD], type="text", target="")
    columns = {
        use.name: table.convert(use, attributes[use.name])
        for use in table.mapping.columns
        if use.role == "field" and use.name in attributes
    }
    untouched = _Untouched(table, section)
    blank: Sequence[Any] = [None] * len(table.rows)
    names, classes = columns.pop(RECORD, blank), columns.pop(RECORD_CLASS, blank)
    common, said_of = _common(table.schema, section), _said_classes(table.schema, names, classes)
    found: dict[tuple[str, str, str], Observation] = {}
    rows_of: dict[int, list[int]] = {}
    doubtful: set[tuple[str, str, str]] = set()
    known = _known_records(untouched, names)
    for index in range(len(table.rows)):
        uid = untouched.uid(index) or known.get(fold_name(names[index]), "")
        row = {name: values[index] for name, values in columns.items() if values[index] is not None}
        cls = _class_of(table, index, said_of.get(fold_name(names[index]), common), classes[index])
        if names[index] is None and not uid:
            header = next((use.header for use in table.mapping.columns if use.name == RECORD), tr("Record"))
            if (index, header) not in table.refused:
                message = Message("{attribute} is missing.", attribute=attributes[RECORD].label)
                table.refuse(index, header, "", CellError(message, "required"))
        part = (uid, "" if uid else fold_name(names[index]), "" if uid else cls)
        if index in table.rejected:
            doubtful.add(part)
            continue
        if untouched.uid(index) and untouched.drop(index, row, names[index], classes[index]):
            continue
        if part not in found:
            values = {} if uid else {"name": str(names[index])}
            found[part] = Observation(cls, {**values}, table.origin(index), partial=True, details={section.name: []})
            if uid:
                found[part].add_evidence("record", [uid])
        found[part].details[section.name].append(row)
        rows_of.setdefault(found[part].origin.row, []).append(table.numbers[index])
    for part, one in found.items():
        if not table.mapping.exported and part not in doubtful:
            one.sections = (section.name,)
    reading.observations = list(found.values())
    return {first: rows for first, rows in rows_of.items() if len(rows) > 1}


def fold_name(name: str | None) -> str:
    """The form in which names of records are compared within a sheet."""
    return " ".join((name or "").casefold().split())


def _known_records(untouched: _Untouched, names: Sequence[Any]) -> dict[str, str]:
    """Name → the id of the record that an exported sheet gives it, where all rows agree: for rows that were added."""
    found: dict[str, str] = {}
    for index, name in enumerate(names):
        if uid := untouched.uid(index):
            key = fold_name(name)
            found[key] = uid if found.get(key, uid) == uid else ""
    return found


def _said_classes(schema: Schema, names: Sequence[Any], classes: Sequence[Any]) -> dict[str, str]:
    """Name → the class that rows give it, where all that give one agree: for rows that give none."""
    found: dict[str, set[str]] = {}
    for name, word in zip(names, classes, strict=True):
        if word and (cls := find_class(schema, word)):
            found.setdefault(fold_name(name), set()).add(cls)
    return {name: min(its) for name, its in found.items() if len(its) == 1}


def _class_of(table: SheetTable, index: int, otherwise: str, word: str | None) -> str:
    """The class of a row's record: the one that it says, or else the common one."""
    if not word:
        return otherwise
    cls = find_class(table.schema, word)
    if cls:
        return cls
    names = nearest_first(word, (one.label for one in table.schema.concrete()))
    message = Message("There is no class “{name}”.", name=word)
    header = next((use.header for use in table.mapping.columns if use.name == RECORD_CLASS), "")
    table.refuse(index, header, word, CellError(message, "class", suggested=names, code="class.unknown"))
    return ""


def _common(schema: Schema, section: RecordSection) -> str:
    """The narrowest class that all classes with the section are of."""
    first, *others = section.of
    while first and not all(schema.is_a(one, first) for one in others):
        first = schema.classes[first].parent
    return first or "ci"


class _Untouched:
    """The hidden columns of an exported sheet: the record of each row, and which cells nobody has changed."""

    def __init__(self, table: SheetTable, section: RecordSection) -> None:
        self._table, self._section, self._hash = table, section, hasher()
        uses = {use.role: use.index for use in table.mapping.columns if use.role in ("id", "base")}
        self._id, self._base = uses.get("id", -1), uses.get("base", -1)
        header = read_base_header(table.sheet.headers[self._base]) if self._base >= 0 else None
        self._names = header[1] if header is not None else ()

    def uid(self, index: int) -> str:
        """The id of a row's record; "" for a row that was added."""
        found = str(self._table.rows[index][self._id]).strip().casefold() if self._id >= 0 else ""
        return found if UID.fullmatch(found) else ""

    def drop(self, index: int, row: dict[str, Any], record: Any, cls: Any) -> bool:
        """Whether a row is as it was exported. Of one that is not, the volatile values that are leave ``row``."""
        base = split_base(str(self._table.rows[index][self._base])) if self._base >= 0 else []
        if len(base) != len(self._names):
            return False
        said = {**row, RECORD: record, RECORD_CLASS: cls}
        same = {name for name, before in zip(self._names, base, strict=True) if self._hash(said.get(name)) == before}
        for name in same:
            if name in row and self._section.is_volatile(name):
                del row[name]
        return same >= set(self._names)
