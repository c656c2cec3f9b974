"""The values that records get when another order of sources counts: what ``apply`` makes of them, told beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import func, select

from cmdb.model.claims import differing_orders, effective
from cmdb.model.schema import Schema
from cmdb.model.values import Value
from cmdb.store.reading.reader import Reader
from cmdb.store.rows import tables
from cmdb.store.rows.disputed_records import disputed_records
from cmdb.store.rows.roots import ROOTS


class DerivedValue(NamedTuple):
    """A value of a record that follows from what sources say, before and after; None: there is none."""

    uid: str
    cls: str
    name: str
    attribute: str
    before: Value | None
    after: Value | None


def derived_values(reader: Reader, now: Schema) -> Iterator[DerivedValue]:
    """The values that would be others with the orders of sources of the schema ``now``, record by record."""
    orders = differing_orders(reader.schema, now)
    for uids in disputed_records(reader._connection, reader.schema, now, orders):
        said = reader.said(uids)
        for uid, one in reader.by_uid(uids).items():
            values = effective(now, one.cls, said[uid])
            for attribute in sorted(orders[one.cls]):
                before, after = one.values.get(attribute), values.get(attribute)
                if before != after:
                    yield DerivedValue(uid, one.cls, one.name, attribute, before, after)


class SeenRows(NamedTuple):
    """How many rows of a section a source sees, of all records of a class."""

    cls: str
    source: str
    rows: int


def section_sources(reader: Reader, section: str) -> Iterator[SeenRows]:
    """The sources of a section, class by class."""
    t = tables.section.c
    for root in ROOTS:
        c = root.table.c
        statement = (
            select(c["class"], t.source, func.count())
            .join_from(root.table, tables.section, t.record == c.id)
            .where(t.section == section)
            .group_by(c["class"], t.source)
            .order_by(c["class"], t.source)
        )
        for row in reader._connection.execute(statement):
            yield SeenRows(*row)
