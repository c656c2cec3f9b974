"""The values that records get when another order of sources counts: what ``apply`` makes of them, told beforehand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import func, select

from cmdb.model.claims import Statement, differing_orders, effective, kept_words
from cmdb.model.schema import Schema
from cmdb.model.values import Value
from cmdb.store.reading.reader import Reader
from cmdb.store.rows import tables
from cmdb.store.rows.disputed_records import disputed_records
from cmdb.store.rows.roots import ROOTS


class DerivedValue(NamedTuple):
    """A value of a record that follows from what sources say, before and after; None: there is none.

    ``kept``: it stays, though its source is held after the change.
    """

    uid: str
    cls: str
    name: str
    attribute: str
    before: Value | None
    after: Value | None
    kept: bool = False


def derived_values(reader: Reader, now: Schema) -> Iterator[DerivedValue]:
    """The values that would be others, or kept, with the orders of sources of the schema ``now``, record by record."""
    orders = differing_orders(reader.schema, now)
    for uids in disputed_records(reader._connection, reader.schema, now, orders):
        said = reader.said(uids)
        for uid, one in reader.by_uid(uids).items():
            differing = orders[one.cls]
            words = kept_words(reader.schema, now, one.cls, said[uid], differing)
            values = effective(now, one.cls, _with(said[uid], words))
            kept = {attribute for (_, attribute), statement in words.items() if statement is not None}
            for attribute in sorted(differing):
                before, after = one.values.get(attribute), values.get(attribute)
                if before != after or attribute in kept:
                    yield DerivedValue(uid, one.cls, one.name, attribute, before, after, attribute in kept)


def _with(
    said: Mapping[str, Mapping[str, Statement]], words: Mapping[tuple[str, str], Statement | None]
) -> Mapping[str, Mapping[str, Statement]]:
    """What is said of a record, with the words that are kept."""
    if not words:
        return said
    found = {source: dict(own) for source, own in said.items()}
    for (source, attribute), statement in words.items():
        own = found.setdefault(source, {})
        own.pop(attribute, None)
        if statement is not None:
            own[attribute] = statement
    return {source: own for source, own in found.items() if own}


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
