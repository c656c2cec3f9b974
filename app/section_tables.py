"""The rows of sections as tables for files: one for each section, to be edited and imported again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from app.record_sections import in_order, section_label
from importers.spreadsheets.columns.section_fields import exported_name
from importers.tables import Table
from importers.tables.section_columns import section_columns

if TYPE_CHECKING:
    from cmdb.model.declarations import RecordSection
    from cmdb.store.reading.reader import Reader

_AT_ONCE = 200
"""Records whose rows are read at once."""
_MOST = 1_000_000
"""Rows of one table; a section with more has several."""


def section_tables(
    reader: Reader, sections: Sequence[str] | None = None, among: Collection[str] | None = None, *, ids: bool = True
) -> list[Table]:
    """A table of each section that has rows, in the order of the schema: the record, its class, the columns.

    ``sections`` names those that are wanted, which are there even without rows; by default all but the volatile ones.
    ``among`` are the only records. With ``ids``, an import of the tables changes the rows of the same records.
    """
    schema = reader.schema
    numbers = reader.section_numbers()
    wanted = [name for name, one in schema.sections.items() if not one.volatile and name in numbers]
    made: list[Table] = []
    for name in wanted if sections is None else sections:
        section = schema.section(name)
        its = {uid: n for uid, n in numbers.get(name, {}).items() if among is None or uid in among}
        if its or sections is not None:
            made += [_table(reader, section, uids, ids=ids) for uids in _parts(reader, its)]
    return made


def _parts(reader: Reader, numbers: dict[str, int]) -> Iterator[list[tuple[str, str, str]]]:
    """Records (id, class, name), by class and name, so many at a time as a table has room for."""
    names = reader.names(numbers)
    order = sorted((cls, name.casefold(), name, uid) for uid, (cls, name) in names.items())
    part: list[tuple[str, str, str]] = []
    rows = 0
    for cls, _, name, uid in order:
        if part and rows + numbers[uid] > _MOST:
            yield part
            part, rows = [], 0
        part.append((uid, cls, name))
        rows += numbers[uid]
    yield part


def _table(reader: Reader, section: RecordSection, records: list[tuple[str, str, str]], *, ids: bool) -> Table:
    columns = section_columns(reader.schema, section)
    names = [column.name for column in columns[2:]]
    uids: list[str] = []

    def lines() -> Iterator[list[Any]]:
        for low in range(0, len(records), _AT_ONCE):
            batch = records[low : low + _AT_ONCE]
            found = reader.sections_of([uid for uid, _, _ in batch], [section.name])
            for uid, cls, name in batch:
                label = reader.schema.classes[cls].label if cls in reader.schema.classes else cls
                for row in in_order(section, found.get(uid, {}).get(section.name, [])):
                    uids.append(uid)
                    values = row.values()
                    yield [name, label, *(values.get(one) for one in names)]

    def following() -> Iterator[str]:
        while True:
            yield uids.pop()

    title = str(section_label(reader.schema, section.name))
    return Table(title, columns, lines(), following() if ids else None, exported_name(section))
