"""What a proposal does with rows of sections, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import TYPE_CHECKING

from app.history.section_changes import row_in_words, titles_of
from app.record_sections import section_label
from cmdb.model.claims import STATED_BY
from cmdb.model.revision import Edit, Record
from cmdb.model.schema import Schema

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

#: Rows beyond this number are not listed.
MOST_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class ProposedRow:
    """A row that would be added, changed or removed, in words: of which item and section, and what would change."""

    item: str
    section: str
    words: str


def proposed_rows(reader: Reader, edits: Iterable[Edit], names: Mapping[str, tuple[str, str]]) -> list[ProposedRow]:
    """The first rows, in the order of the revision. Volatile sections are left out: their rows have no history."""
    schema = reader.schema
    listed = list(islice(_by_row(schema, edits), MOST_ROWS))
    titles = titles_of(reader, (edit for _, its in listed for edit in its))
    return [
        ProposedRow(
            names.get(record.key[0], ("", "…"))[1],
            str(section_label(schema, record.key[1])),
            row_in_words(schema.sections[record.key[1]], record, its, titles),
        )
        for record, its in listed
    ]


def are_cut(rows: Sequence[ProposedRow]) -> bool:
    """Whether there may be more rows than these."""
    return len(rows) >= MOST_ROWS


def rows_referred(schema: Schema, edits: Iterable[Edit]) -> set[str]:
    """The records of the rows that are listed."""
    return {record.key[0] for record, _ in islice(_by_row(schema, edits), MOST_ROWS)}


def _by_row(schema: Schema, edits: Iterable[Edit]) -> Iterator[tuple[Record, list[Edit]]]:
    """The edits of each row that has a history; they follow each other."""
    kept = {name for name, section in schema.sections.items() if not section.volatile}
    rows = (
        one for one in edits if one.record.kind == "section" and one.field != STATED_BY and one.record.key[1] in kept
    )
    for record, its in groupby(rows, key=lambda edit: edit.record):
        yield record, list(its)
