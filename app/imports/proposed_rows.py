"""What a proposal does with rows of sections, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.record_sections import section_label
from cmdb.model.claims import STATED_BY
from cmdb.model.messages import tr
from cmdb.model.revision import Edit, Record
from cmdb.model.schema import Schema
from cmdb.model.section_rows import row_before_and_after
from cmdb.model.section_words import change_words, row_title

#: Rows beyond this number are not listed.
MOST_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class ProposedRow:
    """A row that would be added, changed or removed, in words: of which item and section, and what would change."""

    item: str
    section: str
    words: str


def proposed_rows(schema: Schema, edits: Iterable[Edit], names: Mapping[str, tuple[str, str]]) -> list[ProposedRow]:
    """The first rows, in the order of the revision. Volatile sections are left out: their rows have no history."""
    found: list[ProposedRow] = []
    for record, its in _by_row(edits):
        section = schema.sections.get(record.key[1])
        if section is None or section.volatile:
            continue
        if len(found) == MOST_ROWS:
            break
        item = names.get(record.key[0], ("", "…"))[1]
        found.append(ProposedRow(item, str(section_label(schema, section.name)), _words(schema, record, its)))
    return found


def are_cut(rows: Sequence[ProposedRow]) -> bool:
    """Whether there may be more rows than these."""
    return len(rows) >= MOST_ROWS


def rows_referred(edits: Iterable[Edit]) -> set[str]:
    """The records of the rows that are listed."""
    found: set[str] = set()
    for number, (record, _) in enumerate(_by_row(edits)):
        if number >= MOST_ROWS:
            break
        found.add(record.key[0])
    return found


def _by_row(edits: Iterable[Edit]) -> Iterator[tuple[Record, list[Edit]]]:
    """The edits of each row, which follow each other."""
    rows = (edit for edit in edits if edit.record.kind == "section" and edit.field != STATED_BY)
    for record, its in groupby(rows, key=lambda edit: edit.record):
        yield record, list(its)


def _words(schema: Schema, record: Record, its: list[Edit]) -> str:
    section, key = schema.sections[record.key[1]], record.key[3]
    before, after, whole = row_before_and_after(its)
    if whole:
        return change_words(section, key, before, after)
    row, changes = row_title(section, key), change_words(section, key, before, after)
    return tr("{row}: {changes}", row=row, changes=changes) if row else changes
