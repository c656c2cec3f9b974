"""Records as another tool's import takes them: its headers and its words, from the declarations that read its tables.

What the tool cannot hold is left out and counted, by attribute and by class.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any

from app.foreign_names import STEP, ForeignNames, path_of
from cmdb.model.errors import UserError
from cmdb.model.messages import Message, SchemaWord
from cmdb.model.schema import CIClass, Schema, fold
from importers.foreign_tables import ForeignColumn, ForeignTable, Tool, tools
from importers.tables import Column, Table

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.model.selection import Selection
    from cmdb.store.reading.reader import Reader

_CHUNK = 1_000
_NEVER_WRITTEN = frozenset({"name", "last_seen"})
"""Attributes whose absence is nothing to speak of: the name stands in other columns, and sightings are the scans'."""


@dataclass
class LeftOut:
    """What an export for a tool does not hold: records by class, and by attribute those whose value it lacks.

    It is complete once the tables have been written.
    """

    classes: Counter[str] = field(default_factory=Counter)
    attributes: Counter[str] = field(default_factory=Counter)
    needed: Counter[str] = field(default_factory=Counter)
    """Attributes without which the tool refuses a record, and how many written ones lack them."""

    def lines(self, schema: Schema, tool: str) -> Iterator[str]:
        """What is said to people."""
        if self.classes:
            what = tuple(
                Message("{count} {cls}", count=n, cls=schema.cls(c).label) for c, n in self.classes.most_common()
            )
            yield str(Message("Not written, as {tool} has no place for them: {what}.", tool=tool, what=what))
        if self.attributes:
            labels = {a.name: a.label for a in schema.every_attribute.values()}
            what = tuple(
                Message("{attribute} ({count})", attribute=labels.get(name, name), count=number)
                for name, number in self.attributes.most_common()
            )
            yield str(Message("Left out, as the import of {tool} has no place for it: {what}.", tool=tool, what=what))
        if self.needed:
            what = tuple(
                Message("{attribute} ({count})", attribute=schema.every_attribute[name].label, count=number)
                for name, number in self.needed.most_common()
            )
            yield str(Message("Written, but {tool} takes no record without it: {what}.", tool=tool, what=what))


def tool_named(word: str, others: Sequence[str] = ()) -> Tool:
    """The tool that an export may be for. Raises UserError with the tools there are, and ``others`` besides."""
    known = [tool for tool in tools() if tool.writes]
    for tool in known:
        if fold(word) in (fold(tool.key), fold(tool.name)):
            return tool
    names = (*(tool.key for tool in known), *others)
    raise UserError(Message("There is no export for “{tool}”. Tools: {tools}.", tool=word, tools=names))


def tables_for(reader: Reader, tool: Tool, classes: Sequence[str], where: str = "") -> tuple[list[Table], LeftOut]:
    """The tables of a tool's import with the records of ``classes`` and their subclasses, all by default.

    ``where`` filters in the query language. Raises QueryError, SchemaError.
    """
    from cmdb.model.selection import Selection

    left = LeftOut()
    made: list[Table] = []
    for table in tool.writes:
        if table.holds == "relationship":
            if not classes and not where and (links := _links(reader, tool, table, left)):
                made.append(links)
            continue
        held = [c for c in _classes(reader.schema, table, classes) if _table_of(reader.schema, tool, c) is table]
        tops = [c for c in held if not any(above in held for above in reader.schema.ancestors(c) if above != c)]
        selections = [
            Selection(cls, " and ".join(f"({query})" for query in (where, table.only) if query)) for cls in tops
        ]
        if table.only:
            for cls, selection in zip(tops, selections, strict=True):
                left.classes[cls] += reader.count(Selection(cls, where)) - reader.count(selection)
        if sum(map(reader.count, selections)):
            made.append(_RecordTable(reader, tool, table, left).table(_records(reader, selections, frozenset(held))))
    _count_others(reader, tool, classes, where, left)
    left.classes = +left.classes
    return made, left


def _records(reader: Reader, selections: Sequence[Selection], classes: frozenset[str]) -> Iterator[CI]:
    """The records that the selections leave, of these classes exactly."""
    return (record for selection in selections for record in reader.all(selection) if record.cls in classes)


def _classes(schema: Schema, table: ForeignTable, asked: Sequence[str]) -> list[str]:
    """The concrete classes that a table holds, of those that are asked for."""
    found = {c: None for root in table.of if root in schema.classes for c in schema.family(root)}
    return [
        c for c in found if not schema.classes[c].abstract and (not asked or any(schema.is_a(c, one) for one in asked))
    ]


def _table_of(schema: Schema, tool: Tool, cls: str) -> ForeignTable | None:
    """The tool's table for a class: the one for its nearest ancestor."""
    for ancestor in schema.ancestors(cls):
        for table in tool.writes:
            if ancestor in table.of:
                return table
    return None


def _count_others(reader: Reader, tool: Tool, classes: Sequence[str], where: str, left: LeftOut) -> None:
    """Counts the records of the asked classes that no table of the tool holds."""
    if not classes:
        return
    from cmdb.model.selection import Selection

    others = {c for root in classes for c in reader.schema.family(root) if _table_of(reader.schema, tool, c) is None}
    if others:
        records = (record for root in classes for record in reader.all(Selection(root, where)))
        left.classes.update(record.cls for record in records if record.cls in others)


class _RecordTable:
    """The rows of one table of a tool."""

    def __init__(self, reader: Reader, tool: Tool, table: ForeignTable, left: LeftOut) -> None:
        self._reader = reader
        self._schema = reader.schema
        self._tool = tool
        self._declared = table
        self._left = left
        self._names = ForeignNames(reader)
        self._columns = [(header, self._meaning(header, column)) for header, column in table.writes]
        self._mentioned = {column.name.partition(".")[0] for _, column in self._columns if "." in column.name}
        self._with_site = any(column.name == "location.site" for _, column in self._columns)

    def _meaning(self, header: str, column: ForeignColumn | None) -> ForeignColumn:
        if column is not None:
            return column
        if fold(header) in self._declared.class_column:
            return ForeignColumn("class", "")
        for cls in (self._declared.base, *self._declared.of, *self._schema.family(self._declared.base)):
            attribute = self._schema.find_attribute(cls, header)
            if attribute is not None:
                return ForeignColumn("attribute", attribute.name)
        return ForeignColumn("", "")

    def table(self, records: Iterator[CI]) -> Table:
        """The table, whose rows are made while it is written."""
        columns = [self._column(header, column) for header, column in self._columns]
        return Table(self._declared.name, columns, self._rows(records), None)

    def _column(self, header: str, column: ForeignColumn) -> Column:
        attributes = self._schema.every_attribute
        plain = column.role == "attribute" and not column.transforms and column.name in attributes
        kind = attributes[column.name].type if plain else "text"
        return Column(fold(header).replace(" ", "_"), header, kind if kind in _TYPED else "text")

    def _rows(self, records: Iterator[CI]) -> Iterator[list[Any]]:
        while batch := list(islice(records, _CHUNK)):
            others = self._others(batch)
            for record in batch:
                row = self._row(record, others)
                if row is None:
                    self._left.classes[record.cls] += 1
                else:
                    yield row

    def _others(self, batch: Sequence[CI]) -> dict[str, CI]:
        """What the records refer to; of places all above them, too."""
        wanted = {
            record.text(a.name)
            for record in batch
            for a in self._schema.classes[record.cls].attributes.values()
            if a.type == "reference" and a.name in record.values
        }
        found: dict[str, CI] = {}
        while wanted:
            fresh = self._reader.by_uid(sorted(wanted))
            found.update(fresh)
            above = {one.text("location") for one in fresh.values() if self._schema.is_a(one.cls, "place")}
            if self._mentioned:
                above |= {one.text(name) for one in fresh.values() for name in _FURTHER if name in one.values}
            wanted = {uid for uid in above if uid and uid not in found}
        return found

    def _row(self, record: CI, others: Mapping[str, CI]) -> list[Any] | None:
        """A record's cells; None where the tool has no word for its class or status."""
        cells: list[Any] = []
        written: set[str] = set()
        for _, column in self._columns:
            if column.role == "class":
                word = self._class_word(self._schema.classes[record.cls])
                if not word:
                    return None
                cells.append(word)
                continue
            if column.role == "text":
                cells.append(column.name)
                continue
            cell = self._cell(record, column, others)
            if column.name == "status" and cell == "":
                return None
            cells.append(cell)
            if cell not in (None, ""):
                written.add(column.name.partition(".")[0])
        for name in record.values.keys() - written - _NEVER_WRITTEN:
            self._left.attributes[name] += 1
        for name in self._declared.needs:
            if name not in record.values:
                self._left.needed[name] += 1
        return cells

    def _class_word(self, cls: CIClass) -> str:
        words = self._tool.written.get("classes")
        if not words:
            return cls.label.declared if isinstance(cls.label, SchemaWord) else str(cls.label)
        return next((words[one] for one in self._schema.ancestors(cls.name) if one in words), "")

    def _cell(self, record: CI, column: ForeignColumn, others: Mapping[str, CI]) -> Any:
        name, _, detail = column.name.partition(".")
        value = record.values.get(name)
        attribute = self._schema.classes[record.cls].attributes.get(name)
        if value is None or attribute is None:
            return _slug(record.name) if "slug" in column.transforms else None
        if attribute.type == "reference":
            other = others.get(str(value))
            if other is None or not self._of_class(column, other):
                return None
            return self._of_reference(column, name, detail, other, others)
        return self._in_its_words(column, value, record)

    def _of_class(self, column: ForeignColumn, other: CI) -> bool:
        only = [t.removeprefix("of:") for t in column.transforms if t.startswith("of:")]
        return all(self._schema.is_a(other.cls, cls) for cls in only)

    def _of_reference(self, column: ForeignColumn, name: str, detail: str, other: CI, others: Mapping[str, CI]) -> Any:
        if detail == "class":
            words = self._list(column)
            return next((words[one] for one in self._schema.ancestors(other.cls) if one in words), "") or None
        if detail == "site":
            return path_of(other, others)[0]
        if not detail or detail == "name":
            return self._named(column, name, other, others)
        found = other.values.get(detail)
        target = self._schema.classes[other.cls].attributes.get(detail)
        if found is not None and target is not None and target.type == "reference":
            return others[str(found)].name if str(found) in others else None
        return found

    def _named(self, column: ForeignColumn, name: str, other: CI, others: Mapping[str, CI]) -> str | None:
        """What a record refers to, so that it is found again."""
        if name == "location" and self._with_site:
            return STEP.join(path_of(other, others)[1:]) or None
        if name == "rack" and self._declared.racks_by_place:
            return other.name
        mark = next((t.removeprefix("path:") for t in column.transforms if t.startswith("path:")), "")
        if mark and self._schema.is_a(other.cls, "place"):
            return f" {mark} ".join(path_of(other, others))
        if name in self._mentioned and self._schema.is_a(other.cls, "person"):
            return other.name  # other columns say who it is
        return self._names.word(other, others)

    def _in_its_words(self, column: ForeignColumn, value: Any, record: CI) -> Any:
        if column.name == "status":
            words = self._tool.written.get(self._declared.status_words.rpartition("/")[2] or "status", {})
            return words.get(str(value), str(value))
        if column.name == "class" or any(t.startswith("words:") for t in column.transforms):
            return self._list(column).get(str(value), str(value))
        for transform in column.transforms:
            if transform.startswith("months:"):
                return _months(record.values.get(transform.removeprefix("months:")), value)
        return _slug(str(value)) if "slug" in column.transforms else value

    def _list(self, column: ForeignColumn) -> Mapping[str, str]:
        """The tool's words for writing a column."""
        name = next((t.rpartition("/")[2] for t in column.transforms if t.startswith("words:")), "")
        return self._tool.written.get(name, {})


_FURTHER = ("department", "manager")
"""What is asked of what a record refers to, besides the places above its own."""
_TYPED = frozenset({"integer", "number", "money", "date", "boolean"})


def _months(start: Any, end: Any) -> int | None:
    """The whole months between two ISO dates; None if they are none, or not whole."""
    if start is None or end is None:
        return None
    first, last = date.fromisoformat(str(start)), date.fromisoformat(str(end))
    months = (last.year - first.year) * 12 + last.month - first.month
    return months if months > 0 and first.day == last.day else None


def _slug(text: str) -> str:
    """A name as a part of an address: letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _links(reader: Reader, tool: Tool, table: ForeignTable, left: LeftOut) -> Table | None:
    """The relationships that are records of their own, as the tool calls them."""
    found = sorted(reader.records("relationship"))
    words = tool.written.get("relationships", {})
    ends = reader.by_uid({uid for key in found for uid in key[1:]})
    names = ForeignNames(reader)
    alone: Mapping[str, CI] = {}  # a place goes by its name here: no import reads a path at the end of a relationship
    rows = [
        (names.word(ends[source], alone), words[kind], names.word(ends[target], alone))
        for kind, source, target in found
        if kind in words
    ]
    for kind, _, _ in found:
        if kind not in words:
            left.attributes[kind] += 1
    order = {"source": 0, "relationship": 1, "target": 2}
    places = [order[column.name] for _, column in table.writes if column is not None]
    columns = [Column(fold(header), header) for header, _ in table.writes]
    return Table(table.name, columns, [[row[place] for place in places] for row in sorted(rows)]) if rows else None


def csv_problem(tables: Iterable[Table], file: str) -> UserError:
    """What is wrong with writing several tables to a file that has room for one."""
    titles = tuple(str(table.title) for table in tables)
    return UserError(
        Message(
            "{file} has room for one table, and these are several: {titles}. Name the class, or write to .xlsx.",
            file=file,
            titles=titles,
        )
    )
