"""Several records side by side: their attributes in rows, and which of them differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.item_search import Names
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message, tr
from cmdb.model.schema import Attribute
from importers.tables import Table
from importers.tables import write as write_tables
from importers.tables.model import Column

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cmdb.model.control import Control
    from cmdb.model.records import CI
    from cmdb.store.reading.reader import Reader

FEWEST, MOST = 2, 6
"""So many records stand side by side."""


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One attribute and its value in each record, None where it has none."""

    attribute: Attribute
    values: tuple[Any, ...]

    @property
    def differs(self) -> bool:
        """Whether not all records have the same value."""
        return any(value != self.values[0] for value in self.values[1:])


@dataclass(frozen=True, slots=True)
class ComparedRecords:
    """Records in the order in which they were asked for, and what any of them has a value of, by section."""

    records: tuple[CI, ...]
    rows: tuple[ComparedRow, ...]
    names: Names

    @property
    def differing(self) -> int:
        """The number of attributes that differ."""
        return sum(row.differs for row in self.rows)


def comparison(reader: Reader, uids: Sequence[str]) -> ComparedRecords:
    """Two to six records side by side. Raises InvalidValue for fewer or more that are there."""
    found = reader.by_uid(uids)
    records = tuple(found[uid] for uid in dict.fromkeys(uids) if uid in found)
    if not FEWEST <= len(records) <= MOST:
        raise InvalidValue(Message("Choose {few} to {most} records to compare.", few=FEWEST, most=MOST))
    rows = [
        ComparedRow(attribute, tuple(one.values.get(attribute.name) for one in records))
        for attribute in _attributes(reader, records)
        if any(attribute.name in one.values for one in records)
    ]
    schema = reader.schema
    labels = [schema.cls(one.cls).label for one in records]
    rows.insert(min(1, len(rows)), ComparedRow(Attribute("class", tr("Class"), section=_section(rows)), tuple(labels)))
    references = {str(v) for row in rows if row.attribute.type == "reference" for v in row.values if v is not None}
    return ComparedRecords(records, tuple(rows), reader.last_names(references))


def _section(rows: Sequence[ComparedRow]) -> str:
    return rows[0].attribute.section if rows else ""


def _attributes(reader: Reader, records: Iterable[CI]) -> list[Attribute]:
    """The attributes of all their classes, those of a section together."""
    known: dict[str, Attribute] = {}
    for cls in dict.fromkeys(one.cls for one in records):
        known |= {name: one for name, one in reader.schema.cls(cls).shown_attributes.items() if name not in known}
    sections: dict[str, list[Attribute]] = {}
    for one in known.values():
        sections.setdefault(str(one.section), []).append(one)
    return [one for together in sections.values() for one in together]


def write_comparison(control: Control, titles: Sequence[str], lines: Sequence[Sequence[str]], path: Path) -> int:
    """Writes lines of texts under titles in the format of the path's ending; returns how many. Raises FileProblem."""
    control.check()
    columns = [Column(f"column_{place}", title) for place, title in enumerate(titles)]
    return write_tables(path, [Table(tr("Comparison"), columns, lines)])
