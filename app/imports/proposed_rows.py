"""What a proposal does with rows of sections, row by row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, islice
from typing import TYPE_CHECKING, NamedTuple

from app.drift.drift_of_edits import is_told_as_software
from app.history.section_changes import row_in_words, rows_of_others, titles_of
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
    """A row that would be added, changed or removed, in words: of which item and section, and what would change.

    ``record`` is the item's id.
    """

    item: str
    section: str
    words: str
    record: str = ""


class ListedRows(NamedTuple):
    """The first rows that a proposal adds, changes or removes, each with its edits; ``cut``: there may be more."""

    rows: list[tuple[Record, list[Edit]]]
    cut: bool = False

    @property
    def records(self) -> set[str]:
        """The records whose rows they are."""
        return {record.key[0] for record, _ in self.rows}


def listed_rows(reader: Reader, edits: Iterable[Edit], computers: Collection[str]) -> ListedRows:
    """The rows in the order of the revision, by the rule of drift: volatile sections have no history, what another
    source has is no change, and what comes and goes with the software of ``computers`` is told as software.
    """
    first = list(islice(_by_row(reader.schema, edits), MOST_ROWS))
    others = rows_of_others(reader, [edit for _, its in first for edit in its])
    rows = [
        (record, its)
        for record, its in first
        if record not in others and not (record.key[0] in computers and is_told_as_software(its[0]))
    ]
    return ListedRows(rows, len(first) >= MOST_ROWS)


def rows_in_words(
    reader: Reader, rows: Iterable[tuple[Record, list[Edit]]], names: Mapping[str, tuple[str, str]]
) -> list[ProposedRow]:
    """Rows in words."""
    schema = reader.schema
    rows = list(rows)
    titles = titles_of(reader, (edit for _, its in rows for edit in its))
    return [
        ProposedRow(
            names.get(record.key[0], ("", "…"))[1],
            str(section_label(schema, record.key[1])),
            row_in_words(schema.sections[record.key[1]], record, its, titles),
            record.key[0],
        )
        for record, its in rows
    ]


def _by_row(schema: Schema, edits: Iterable[Edit]) -> Iterator[tuple[Record, list[Edit]]]:
    """The edits of each row that has a history; they follow each other."""
    kept = {name for name, section in schema.sections.items() if not section.volatile}
    rows = (
        one for one in edits if one.record.kind == "section" and one.field != STATED_BY and one.record.key[1] in kept
    )
    for record, its in groupby(rows, key=lambda edit: edit.record):
        yield record, list(its)
