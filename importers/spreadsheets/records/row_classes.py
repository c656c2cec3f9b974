"""The class of each row: by the column that says it, in a tool's words, in ours, or in words that a person settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from cmdb.model.messages import Message, counted
from cmdb.model.schema import Schema, fold
from importers.foreign_tables import ForeignTable, table_named
from importers.spreadsheets.cells.cell_findings import CellError
from importers.spreadsheets.cells.suggestions import nearest_first
from importers.spreadsheets.cells.table import SheetTable, WaitingWord
from importers.spreadsheets.columns.classes import class_of_words
from importers.spreadsheets.columns.foreign_columns import class_column_of
from importers.spreadsheets.columns.mapping import LEFT_OUT, REST, Mapping, class_word
from importers.spreadsheets.sheets.workbook import Sheet, cell_text

_UNKNOWN = "class.unknown"
_ASKED = (_UNKNOWN, "class.abstract")
"""What a person can answer for all rows of a word."""


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """A word for a class that nobody has settled: how many rows say it, and the classes that it may mean."""

    word: str
    rows: int
    suggested: tuple[str, ...]


def unknown_words(sheet: Sheet, mapping: Mapping, schema: Schema) -> list[UnknownWord]:
    """The words of the class column that tell no class, the most frequent first; each is a question to the person."""
    column = class_column_of(mapping)
    if mapping.kind != "class" or column < 0:
        return []
    foreign = table_named(mapping.tool)
    said = Counter(cell_text(row[column]).strip() for row in sheet.body)
    found = []
    for word, count in said.most_common():
        if word and not (foreign is not None and foreign.class_of(word, "")):
            cls = class_of_row(schema, mapping, word)
            if isinstance(cls, CellError):
                found.append(UnknownWord(word, count, cls.suggested[:_PROPOSED]))
    return found


_PROPOSED = 5


def rows_by_class(table: SheetTable) -> dict[str, list[int]]:
    """Row indices by the class that their rows are of. Rows without a usable class are rejected.

    A word that tells no class is said once, with the number of its rows. If the table ``asks``, its rows wait instead.
    """
    column = class_column_of(table.mapping)
    if column < 0:
        return {table.mapping.cls: list(range(len(table.rows)))} if table.rows else {}
    foreign = table_named(table.mapping.tool)
    if foreign is None or not foreign.classes:
        said = _in_our_words(table, column)
    else:
        said = _in_tools_words(table, foreign, column)
    found: dict[str, list[int]] = {}
    unknown: dict[str, tuple[CellError, list[int]]] = {}
    for index, cls in enumerate(said):
        if not isinstance(cls, CellError):
            found.setdefault(cls, []).append(index)
        elif cls.code == _UNKNOWN or (table.asks and cls.code in _ASKED):
            word = fold(cell_text(table.cells[column][index]))
            unknown.setdefault(word, (cls, []))[1].append(index)
        else:
            table.refuse(index, table.sheet.column(column), table.cells[column][index], cls)
    _say_left_out(table, column, found.pop(LEFT_OUT, []))
    for error, indices in unknown.values():
        if table.asks:
            word = cell_text(table.cells[column][indices[0]]).strip()
            table.waiting.append(WaitingWord(word, error.suggested, [table.origin(index) for index in indices]))
            continue
        table.refuse_alike(indices, table.sheet.column(column), table.cells[column][indices[0]], error)
    return found


def _say_left_out(table: SheetTable, column: int, indices: Iterable[int]) -> None:
    """Says once for each word that its rows are left out."""
    rows: dict[str, list[int]] = {}
    for index in indices:
        rows.setdefault(fold(cell_text(table.cells[column][index])), []).append(index)
    for own in rows.values():
        word = cell_text(table.cells[column][own[0]]).strip()
        message = counted(
            "{count} row of “{word}” was left out, as was decided.",
            "{count} rows of “{word}” were left out, as was decided.",
            len(own),
            word=word,
        )
        table.warn(table.numbers[own[0]], table.sheet.column(column), word, message, "class", "class.left-out")


def _in_our_words(table: SheetTable, column: int) -> list[str | CellError]:
    known = {
        cell: class_of_row(table.schema, table.mapping, cell_text(cell).strip()) for cell in table.distinct[column]
    }
    return [known[cell] for cell in table.cells[column]]


def _in_tools_words(table: SheetTable, foreign: ForeignTable, column: int) -> list[str | CellError]:
    """The classes in the words of the tool whose table the sheet is, or else in ours."""
    base = table.mapping.cls
    rest = "" if not base or table.schema.classes[base].abstract else base
    model = next((c.index for c in table.mapping.columns if c.role == "attribute" and c.name == "model"), -1)
    cells, models = table.cells[column], table.cells[model] if model >= 0 else [""] * len(table.rows)
    known: dict[tuple[str, str], str | CellError] = {}
    found: list[str | CellError] = []
    for pair in zip(map(cell_text, cells), map(cell_text, models), strict=True):
        if pair not in known:
            mapping = replace(table.mapping, cls=foreign.base)
            settled = mapping.class_words.get(class_word(pair[0]), "")
            cls = settled or foreign.class_of(*pair) or class_of_row(table.schema, mapping, pair[0].strip())
            known[pair] = rest if isinstance(cls, CellError) and rest else cls
        found.append(known[pair])
    return found


def class_of_row(schema: Schema, mapping: Mapping, word: str) -> str | CellError:
    """The class of a row that says ``word``, or why it has none."""
    base = mapping.cls
    settled = mapping.class_words.get(class_word(word), "") if word else ""
    if settled in schema.classes or settled == LEFT_OUT:
        return settled
    cls = class_of_words(schema, word) if word else base
    if cls and base not in ("", "ci") and not _related(schema, cls, base):
        cls = ""
    rest = mapping.class_words.get(REST, "")
    if cls and schema.is_a(base, cls):
        cls = base
    if rest in schema.classes and (not cls or schema.classes[cls].abstract or schema.is_a(rest, cls)):
        return rest
    if cls and not schema.classes[cls].abstract:
        return cls
    within = cls or base or "ci"
    names = nearest_first(word, (c.label for c in schema.tree(within) if not c.abstract))
    if not word:
        return CellError(Message("The row does not say its class."), "class", suggested=names, code="class.missing")
    if cls:
        message = Message("“{cls}” stands for several classes.", cls=schema.classes[cls].label)
        return CellError(message, "class", suggested=names, code="class.abstract")
    return CellError(Message("There is no class “{name}”.", name=word), "class", suggested=names, code=_UNKNOWN)


def _related(schema: Schema, cls: str, base: str) -> bool:
    return schema.is_a(cls, base) or schema.is_a(base, cls) or schema.kin(cls) == schema.kin(base)
