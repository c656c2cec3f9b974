"""Why a search finds a record that does not have the words itself: a row of one of its sections has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from app.item_search import searched
from cmdb.model.messages import tr
from cmdb.model.section_words import row_title, shown_value

if TYPE_CHECKING:
    from cmdb.model.declarations import RecordSection
    from cmdb.model.records import CI
    from cmdb.model.section_rows import SectionRow
    from cmdb.store.reading.reader import Reader


class FoundRow(NamedTuple):
    """A row that has the words of a search: its section and key, and in words where it has them."""

    section: str
    key: str
    words: str


def found_with_rows(reader: Reader, text: str, most: int) -> tuple[list[CI], dict[str, FoundRow]]:
    """The ``most`` items that match the words best, and the rows by which some of them are found."""
    found = searched(reader, text, most)
    return found, found_rows(reader, found, text)


def why_found(reader: Reader, uid: str, text: str) -> FoundRow | None:
    """The row by which the words of a search find one record, if it is one. Raises NotFound."""
    return found_rows(reader, [reader.get(uid)], text).get(uid)


def found_rows(reader: Reader, records: Sequence[CI], text: str) -> dict[str, FoundRow]:
    """Record → the row by which the words of a search find it, of those that don't have all words themselves.

    The rows are those of the reader's moment. Every word must occur in the row or in the record, as in the search.
    """
    from cmdb.store.rows.search_index import terms
    from cmdb.store.rows.search_terms import fold
    from cmdb.store.rows.section_index import searched_columns

    wanted = [fold(one) for one in terms(text)]
    if not wanted:
        return {}
    own = {one.uid: fold(" ".join((one.name, *map(str, one.values.values())))) for one in records}
    lacking = {uid: [word for word in wanted if word not in said] for uid, said in own.items()}
    uids = [uid for uid, words in lacking.items() if words]
    if not uids:
        return {}
    schema, searched = reader.schema, searched_columns(reader.schema)
    found: dict[str, FoundRow] = {}
    for uid, sections in reader.sections_of(uids, sorted(searched)).items():
        rows = ((schema.sections[name], row) for name, rows in sections.items() for row in rows)
        for section, main in rows:
            says = next(filter(None, (_says(section, row, searched[section.name], lacking[uid]) for row in
                                      (main, *main.also))), "")  # fmt: skip
            if says:
                found[uid] = FoundRow(section.name, main.key, says)
                break
    return found


def _says(section: RecordSection, row: SectionRow, columns: frozenset[str], words: Sequence[str]) -> str:
    """The values of a row that have the words, with what the row is called; "" where it has not all of them."""
    from cmdb.store.rows.search_terms import fold

    said = {name: fold(str(row.columns[name])) for name in columns if name in row.columns}
    if not all(any(word in value for value in said.values()) for word in words):
        return ""
    hits = [name for name, value in said.items() if any(word in value for word in words)]
    told = [section.columns[name] for name in section.columns if name in hits]
    values = ", ".join(f"{one.label} {shown_value(one, row.columns[one.name])}" for one in told)
    title = row_title(section, row.key, row.columns)
    if all(str(row.columns[one.name]) in title for one in told):
        return tr("{section}: {changes}", section=section.label, changes=values)
    return tr("{section} {row}: {values}", section=section.label, row=title, values=values)
