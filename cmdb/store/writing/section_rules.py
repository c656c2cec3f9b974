"""What writing rows of sections brings along: they fit the schema, and digests and latest values fit them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, select

from cmdb.model.errors import InvalidValue, NotFound
from cmdb.model.messages import Message
from cmdb.model.packed_rows import decode_row
from cmdb.model.revision import Edit, Record
from cmdb.model.schema import Schema
from cmdb.model.section_rows import plain_columns
from cmdb.model.values import MAX_TEXT, check
from cmdb.store.rows import bulk_writes, section_index, tables
from cmdb.store.rows.codec import IN_CHUNK, Identities, chunks, dump_sorted
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.journal import Journal

_MOST = 20_000
"""The number of rows of a section of which it is remembered that they fit, to limit memory."""
Part = tuple[int, str, str]
"""One source's rows of one section of a record: the record's inner id, the section, the source."""


class SectionRules:
    """Checks the rows of one revision, and finishes what follows from them."""

    def __init__(self, connection: Connection, schema: Schema, ids: Identities, journal: Journal) -> None:
        self._connection = connection
        self._schema = schema
        self._ids = ids
        self._journal = journal
        self._written: set[Part] = set()
        self._deleted: set[Part] = set()
        self._digested: set[Part] = set()
        """The parts of which the revision itself says which digest they have."""
        self._now: dict[Record, Edit] = {}
        self._plain: dict[str, Mapping[str, type]] = {}
        """Section → its ``plain_columns``."""
        self._fit: dict[str, set[bytes]] = {}
        """Section → rows that fit it."""

    def check(self, section: str, fields: Mapping[str, Any]) -> None:
        """Raises InvalidValue unless the columns of a row are the schema's and hold values of their types."""
        plain = self._plain.get(section)
        if plain is None:
            plain = self._plain[section] = plain_columns(self._schema.section(section))
        for name, value in fields.items():
            kind = plain.get(name)
            if kind is not type(value) or (type(value) is str and not 0 < len(value) <= MAX_TEXT):
                self._check(section, {name: value})

    def check_all(self, section: str, rows: Iterable[bytes]) -> None:
        """As ``check``, of rows of a section as ``encode_row`` makes them: many are the same."""
        fit = self._fit.setdefault(section, set())
        for row in set(rows) - fit:
            self.check(section, decode_row(row))
            fit.add(row)
        if len(fit) > _MOST:
            fit.clear()

    def _check(self, section: str, fields: Mapping[str, Any]) -> None:
        found = self._schema.section(section)
        for name, value in fields.items():
            column = found.columns.get(name)
            if column is None:
                raise InvalidValue(
                    Message("Rows of the section “{section}” have no column “{column}”.", section=section, column=name)
                )
            check(column, value)

    def note_row(self, key: tuple[Any, ...], *, deleted: bool) -> None:
        """Notes that a row was written; ``key`` is that of its table."""
        record, section, source = key[:3]
        self._written.add((record, section, source))
        if deleted:
            self._deleted.add((record, section, source))

    def note_new(self, part: Part) -> None:
        """Notes that rows were added to a part."""
        self._written.add(part)

    def note_sighting(
        self, key: tuple[Any, ...], before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
    ) -> None:
        """Notes that a sighting was written."""
        if before is None or after is None or before.get("digest") != after.get("digest"):
            record, source, section = key
            self._digested.add((record, section, source))

    def note_now(self, edit: Edit) -> None:
        """Notes what the values are that are kept without a history; the last of one part counts."""
        self._now[edit.record] = edit

    def finish(self) -> None:
        """Takes digests away that the rows no longer have, and latest values of parts that have no rows any more."""
        self._clear_digests(self._written - self._digested)
        searched = section_index.searched_columns(self._schema) if self._written else {}
        section_index.write(
            self._connection, self._schema, {record for record, name, _ in self._written if name in searched}
        )
        self._drop_now(self._deleted)

    def write_now(self) -> None:
        """Writes the latest values, where none that were observed later are there. Raises InvalidValue, NotFound."""
        self._ids.want_inner({record.key[0] for record in self._now})
        wanted: dict[Part, Edit] = {}
        for record, edit in self._now.items():
            uid, section, source = record.key
            if uid not in self._ids.inner:
                raise NotFound(Message("A section is of a record that does not exist."))
            wanted[self._ids.inner[uid], section, source] = edit
        rows = []
        for batch in chunks(wanted, IN_CHUNK):
            later = self._observed({part[0] for part in batch})
            there = self._there(batch)
            for part in batch:
                after: Any = wanted[part].after
                if part in there and later.get(part, "") <= after["observed"]:
                    for values in after["rows"].values():
                        self.check(part[1], values)
                    rows.append((*part, after["observed"], dump_sorted(after["rows"]).decode()))
        bulk_writes.delete(self._connection, tables.section_now, ("record", "section", "source"), [r[:3] for r in rows])
        bulk_writes.insert(self._connection, "section_now", ("record", "section", "source", "observed", "body"), rows)

    def _observed(self, records: set[int]) -> dict[Part, str]:
        t = tables.section_now.c
        statement = select(t.record, t.section, t.source, t.observed).where(in_values(t.record, records))
        return {(row[0], row[1], row[2]): row[3] for row in self._connection.execute(statement)}

    def _there(self, parts: list[Part]) -> set[Part]:
        """Those of some parts that have rows."""
        t = tables.section.c
        records = {part[0] for part in parts}
        statement = select(t.record, t.section, t.source).where(in_values(t.record, records)).distinct()
        return {(row[0], row[1], row[2]) for row in self._connection.execute(statement)}

    def _clear_digests(self, parts: set[Part]) -> None:
        t = tables.sighting.c
        for batch in chunks({part[0] for part in parts}, IN_CHUNK):
            statement = select(t.ci, t.source, t.section).where(in_values(t.ci, batch), t.digest.is_not(None))
            rows = [row for row in self._connection.execute(statement) if (row[0], row[2], row[1]) in parts]
            self._journal.supersede(tables.sighting, tables.sighting_version, [tuple(row) for row in rows])
            self._journal.update(tables.sighting, ("digest",), [(None, *row) for row in rows])

    def _drop_now(self, parts: set[Part]) -> None:
        for batch in chunks(parts, IN_CHUNK):
            gone = set(batch) - self._there(batch)
            bulk_writes.delete(self._connection, tables.section_now, ("record", "section", "source"), sorted(gone))
