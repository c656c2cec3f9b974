"""The sections of a record: rows of detail that sources see of it, with the last values of those without a history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select

from cmdb.model.declarations import RecordSection
from cmdb.model.section_rows import RowChange, SectionRow, row_key
from cmdb.model.source_orders import SourceOrder
from cmdb.store.reading.relations import RelationView
from cmdb.store.rows import tables
from cmdb.store.rows.codec import IN_CHUNK, KIND_TABLES, Identities, chunks, load
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.kind_rows import KindRows
from cmdb.store.rows.roots import ROOTS

_KIND = KIND_TABLES["section"]
_Part = tuple[int, str, str]
Sections = dict[str, list[SectionRow]]
"""Section → its rows, by key. Where several sources see a row of the same key, the one of the better source."""


class SectionRowView:
    """The rows of sections at a reader's moment. Values without a history are those of now; a past moment has none."""

    def __init__(self, reader: RelationView) -> None:
        self._reader = reader
        self._connection = reader._connection

    def of(self, uids: Sequence[str], sections: Sequence[str] | None = None) -> dict[str, Sections]:
        """Record → its sections, those without rows left out; only some ``sections``."""
        inner = self._reader.inner(uids)
        outer = {number: uid for uid, number in inner.items()}
        found: dict[str, Sections] = {uid: {} for uid in inner}
        for batch in chunks(outer, IN_CHUNK):
            for (record, section), rows in self._rows(batch, sections).items():
                found[outer[record]][section] = rows
        order = list(self._reader.schema.sections)
        places = {name: place for place, name in enumerate(order)}
        return {
            uid: dict(sorted(its.items(), key=lambda one: (places.get(one[0], len(order)), one[0])))
            for uid, its in found.items()
        }

    def names(self, inner: int) -> list[str]:
        """The sections of which rows of a record are known."""
        t = self._reader._moment(tables.section, tables.section_version).c
        found = self._connection.execute(select(t.section).where(t.record == inner).distinct()).scalars().all()
        # Of the past no rows of volatile sections are known.
        return [name for name in found if self._reader._at is None or self._volatile(name) is None]

    def numbers(self) -> dict[str, dict[str, int]]:
        """Section → record → the number of its rows, whichever source sees them."""
        t = self._reader._moment(tables.section, tables.section_version).c
        statement = select(t.section, t.record, func.count()).group_by(t.section, t.record)
        rows = self._connection.execute(statement).all()
        ids = self._reader._ids
        ids.want_outer({row[1] for row in rows})
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for section, record, number in rows:
            found[section][ids.outer[record]] = number
        return dict(found)

    def _rows(self, batch: list[int], sections: Sequence[str] | None) -> dict[tuple[int, str], list[SectionRow]]:
        t = self._reader._moment(tables.section, tables.section_version).c
        statement = select(*(t[name] for name in _KIND.read), t.revision).where(in_values(t.record, batch))
        if sections is not None:
            statement = statement.where(in_values(t.section, list(sections)))
        rows = self._connection.execute(statement).all()
        records = KindRows(self._connection, self._reader._ids)
        records.want_fields(_KIND, rows)
        seen, latest = self._sighted(batch), self._latest(batch)
        by_key: dict[tuple[int, str, str], list[SectionRow]] = defaultdict(list)
        for row in rows:
            part: _Part = (row[0], row[1], row[2])
            at, now = latest.get(part, ("", {}))
            if (volatile := self._volatile(row[1])) is not None:
                for number, values in now.items():
                    key = row_key(volatile, values)
                    one = SectionRow(row[1], key, row[2], {}, seen.get(part, ""), values, at, row.revision)
                    by_key[row[0], row[1], f"{key}\n{number}"].append(one)
                continue
            own = now.get(row[3], {})
            one = SectionRow(
                row[1], row[3], row[2], records.fields(_KIND, row), seen.get(part, ""), own, at if own else "",
                row.revision,
            )  # fmt: skip
            by_key[row[0], row[1], row[3]].append(one)
        found: dict[tuple[int, str], list[SectionRow]] = defaultdict(list)
        classes = self._classes(batch)
        for (record, section, _), its in sorted(by_key.items()):
            order = self._reader.schema.section_order(classes.get(record, ""), section)
            if self._volatile(section) is not None:
                found[record, section].extend(_shown([one], order) for one in its)
            else:
                found[record, section].append(_shown(its, order))
        return found

    def _classes(self, batch: list[int]) -> dict[int, str]:
        """The classes of records, where they matter: the rows of a section may have another order of sources there."""
        if not any(one.section_sources for one in self._reader.schema.classes.values()):
            return {}
        found: dict[int, str] = {}
        for root in ROOTS:
            c = self._reader._moment(root.table, root.past).c
            statement = select(c.id, c["class"]).where(in_values(c.id, batch))
            found.update((inner, cls) for inner, cls in self._connection.execute(statement))
        return found

    def _volatile(self, name: str) -> RecordSection | None:
        """The section of that name if it is volatile: its rows are latest values alone, each source's by itself."""
        found = self._reader.schema.sections.get(name)
        return found if found is not None and found.volatile else None

    def _sighted(self, batch: list[int]) -> dict[_Part, str]:
        t = self._reader._moment(tables.sighting, tables.sighting_version).c
        statement = select(t.ci, t.section, t.source, t.observed).where(in_values(t.ci, batch))
        return {(row[0], row[1], row[2]): row[3] or "" for row in self._connection.execute(statement)}

    def _latest(self, batch: list[int]) -> dict[_Part, tuple[str, Mapping[str, Any]]]:
        if self._reader._at is not None:
            return {}
        t = tables.section_now.c
        statement = select(t.record, t.section, t.source, t.observed, t.body).where(in_values(t.record, batch))
        return {(row[0], row[1], row[2]): (row[3], load(row[4])) for row in self._connection.execute(statement)}

    def latest(self, uids: Sequence[str]) -> dict[tuple[str, str, str], tuple[str, Mapping[str, Any]]]:
        """(Record, section, source) → when the values without a history were seen, and these by the keys of rows."""
        outer = {number: uid for uid, number in self._reader.inner(uids).items()}
        found: dict[tuple[str, str, str], tuple[str, Mapping[str, Any]]] = {}
        for batch in chunks(outer, IN_CHUNK):
            found.update(((outer[part[0]], *part[1:]), seen) for part, seen in self._latest(batch).items())
        return found

    def latest_rows(self, uids: Sequence[str], section: str) -> dict[str, list[tuple[str, list[Mapping[str, Any]]]]]:
        """Record → of each source that sees rows of a volatile section: when it saw them, and the rows."""
        outer = {number: uid for uid, number in self._reader.inner(uids).items()}
        found: dict[str, list[tuple[str, list[Mapping[str, Any]]]]] = defaultdict(list)
        now, kept = tables.section_now.c, tables.section.c
        same = (kept.record == now.record) & (kept.section == now.section) & (kept.source == now.source)
        statement = select(now.record, now.observed, now.body).join_from(tables.section_now, tables.section, same)
        statement = statement.where(now.section == section).order_by(now.record, now.source)
        for batch in chunks(outer, IN_CHUNK) if self._reader._at is None else ():
            for record, observed, body in self._connection.execute(statement.where(in_values(now.record, batch))):
                found[outer[record]].append((observed, list(load(body).values())))
        return dict(found)

    def history(self, inner: int, section: str, since: int) -> list[RowChange]:
        """The steps of all rows of a section of a record after a revision, the newest first."""
        connection, now, past = self._connection, tables.section.c, tables.section_version.c
        until = self._reader.number
        read = _KIND.read
        made = select(*(now[name] for name in read), now.revision, now.revision * 0).where(
            now.record == inner, now.section == section, now.revision <= until
        )
        ended = select(*(past[name] for name in read), past.revision, past.ended).where(
            past.record == inner, past.section == section, past.revision <= until
        )
        rows = [*connection.execute(made).all(), *connection.execute(ended).all()]
        records = KindRows(connection, Identities(connection, ever=True))
        records.want_fields(_KIND, rows)
        before: dict[tuple[int, str, str], Any] = {}
        after: dict[tuple[int, str, str], Any] = {}
        for row in rows:
            source, key, number, end = row[2], row[3], row[-2], row[-1]
            after[number, key, source] = records.fields(_KIND, row)
            if 0 < end <= until:
                before[end, key, source] = records.fields(_KIND, row)
        steps = sorted({step for step in (*before, *after) if step[0] > since}, key=lambda s: (-s[0], s[1], s[2]))
        return [RowChange(*step, before.get(step), after.get(step)) for step in steps]


def _shown(rows: list[SectionRow], order: SourceOrder) -> SectionRow:
    """The row of the better source, with the others beside it."""
    if order.holds:
        rows = [replace(one, held=order.rank(one.source) < 0) for one in rows]
    if len(rows) == 1:
        return rows[0]
    first, *others = sorted(rows, key=lambda one: (order.rank(one.source), one.observed, one.source), reverse=True)
    return replace(first, also=tuple(others))
