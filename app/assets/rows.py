"""Rows of a list: read with the names of what they refer to, and found in an order of a million."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.inherited import with_inherited
from app.item_search import Names, names_of
from app.work.about import NOTHING, AboutRecords, about_of

if TYPE_CHECKING:
    from app.assets.detail import ItemFacts
    from cmdb.model.records import CI
    from cmdb.model.selection import Selection
    from cmdb.store.reading.reader import Reader

Ranges = Sequence[tuple[int, int]]
"""Rows from a first to a last one, both included."""
EMPTY: array[int] = array("q")
_STEP = 20_000
"""The number of ids that are searched before another thread may run."""


@dataclass(frozen=True, slots=True)
class ListedItem:
    """A CI with the names of what it refers to; of work, what it is about."""

    ci: CI
    names: Names
    about: AboutRecords = NOTHING


Listed = dict[int, ListedItem]
"""Rows by inner id, in order."""


@dataclass(frozen=True)
class HighlightRequest:
    """The rows to highlight when the order is known: those of CIs (inner ids), and that of one CI (its id)."""

    kept: array[int] = field(default_factory=lambda: EMPTY)
    sought: str = ""


@dataclass(frozen=True)
class HighlightedRows:
    """The rows that were found: ranges, and one row (-1: it is not in the list)."""

    ranges: Ranges = ()
    row: int = -1


def first_rows(reader: Reader, selection: Selection, most: int) -> tuple[Listed, array[int] | None]:
    """The first ``most`` rows, and the whole order (inner ids) where it came with them, else None.

    Raises QueryError, SchemaError.
    """
    if reader.sorts_by_index(selection):
        page = listed(reader, reader.page(selection, most))
        return page, array("q", page) if len(page) < most else None
    ids = reader.ids(selection)  # all of it must be sorted anyway: once
    return rows_of(reader, ids[:most]), ids


def number_of(reader: Reader, selection: Selection) -> int:
    """The number of rows of a selection. Raises QueryError, SchemaError."""
    return reader.count(selection)


def ordered(
    reader: Reader, selection: Selection, marks: HighlightRequest, known: array[int] | None = None
) -> tuple[array[int], HighlightedRows]:
    """The order of all rows (``known`` where it is read already), and the rows to highlight."""
    ids = known if known is not None else reader.ids(selection)
    return ids, _find(reader, ids, marks)


def ordered_again(
    reader: Reader, selection: Selection, marks: HighlightRequest, top: int, most: int, known: frozenset[int]
) -> tuple[array[int], Listed, HighlightedRows]:
    """The order read again, with those of the ``most`` rows from row ``top`` on that are not ``known``."""
    ids = reader.ids(selection)
    missing = [i for i in ids[top : top + most] if i not in known]
    return ids, rows_of(reader, missing), _find(reader, ids, marks)


def rows_of(reader: Reader, ids: Sequence[int]) -> Listed:
    """Rows by their inner ids; missing ones are left out."""
    return listed(reader, reader.many(ids))


def listed(reader: Reader, cis: Sequence[CI]) -> Listed:
    """CIs as rows, with what they have by their models."""
    cis = with_inherited(reader, cis)
    references = reader.schema.reference_names
    wanted = {one.id: [str(v) for n, v in one.values.items() if n in references] for one in cis}
    names = names_of(reader, {uid for uids in wanted.values() for uid in uids})
    # A list is of one root.
    is_work = bool(cis) and reader.schema.root_of(cis[0].cls) == "work"
    about = about_of(reader, [one.id for one in cis]) if is_work else {}
    return {
        one.id: ListedItem(one, {uid: names[uid] for uid in wanted[one.id] if uid in names}, about.get(one.id, NOTHING))
        for one in cis
    }


def item_of(facts: ItemFacts) -> ListedItem:
    """The row of an item that was read already."""
    return ListedItem(
        facts.ci, {uid: facts.names[uid] for uid in map(str, facts.ci.values.values()) if uid in facts.names}
    )


def uids_in(reader: Reader, selection: Selection) -> list[str]:
    """The ids of a whole list, in its order."""
    return uids_of(reader, reader.ids(selection))


def uids_of(reader: Reader, ids: array[int]) -> list[str]:
    """The ids of rows, by their inner ids and in their order."""
    found = reader.outer(ids)
    return [found[one][0] for one in ids if one in found]


def place_of(ids: array[int], inner: int) -> int:
    """The row of a CI, or -1."""
    for low in range(0, len(ids), _STEP):
        part = ids[low : low + _STEP]
        if inner in part:
            return low + part.index(inner)
    return -1


def ranges_of(ids: array[int], wanted: Iterable[int]) -> list[tuple[int, int]]:
    """The rows of CIs, as ranges."""
    among = set(wanted)
    found: list[tuple[int, int]] = []
    if len(among) == 1:
        row = place_of(ids, among.pop())
        return [(row, row)] if row >= 0 else []
    if not among:
        return found
    for row, inner in enumerate(ids):
        if inner not in among:
            continue
        if found and found[-1][1] == row - 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return found


def _find(reader: Reader, ids: array[int], marks: HighlightRequest) -> HighlightedRows:
    row = -1
    if marks.sought:
        row = place_of(ids, reader.inner([marks.sought]).get(marks.sought, -1))
    return HighlightedRows(ranges_of(ids, marks.kept), row)
