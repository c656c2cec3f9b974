"""What sources say otherwise than what stands, over all records: their values count less, or are held.

What a source said before the standing value was stated, and has not said since, is no deviation: it is only older. A
scan says again what it said with every look at the record.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from cmdb.model.claims import deviating, winner
from cmdb.model.records import StoredDeviation
from cmdb.model.schema import Schema
from cmdb.store.reading.reader import Reader
from cmdb.store.rows import tables
from cmdb.store.rows.codec import IN_CHUNK, chunks
from cmdb.store.rows.disputed_records import disputed_records
from cmdb.store.rows.in_values import in_values


def deviations(reader: Reader, cls: str = "ci") -> Iterator[StoredDeviation]:
    """All deviations of records of a class and the classes below it, record by record."""
    schema = reader.schema
    for uids in disputed_records(reader._connection, schema, schema, schema.family(cls)):
        yield from deviations_of(reader, uids)


def deviations_of(reader: Reader, uids: list[str]) -> Iterator[StoredDeviation]:
    """The deviations of some records; what names a record that is gone is none."""
    schema: Schema = reader.schema
    said = reader.said(uids)
    records = reader.by_uid(uids)
    seen = _last_looks(reader, uids)
    for uid in uids:
        one = records[uid]
        orders = schema.source_orders(one.cls).of
        names = dict.fromkeys(name for own in said[uid].values() for name in own if name in orders)
        if len(said[uid]) == 1 and not schema.source_orders(one.cls).holds:
            continue
        for name in names:
            claims = {source: own[name] for source, own in said[uid].items() if name in own}
            wins = winner(schema, one.cls, name, claims)
            since = str(claims[wins][1]) if wins else ""
            for source in deviating(schema, one.cls, name, claims):
                value, first = claims[source]
                observed = max(str(first), seen.get((uid, source), ""))
                if value is not None and observed > since:
                    held, begun = orders[name].rank(source) < 0, max(str(first), since)
                    yield StoredDeviation(uid, one.cls, one.name, name, one.values.get(name), value, source,
                                          observed, held, begun)  # fmt: skip


def _last_looks(reader: Reader, uids: list[str]) -> dict[tuple[str, str], str]:
    """Record and source → when the source last looked at any section of it."""
    t = tables.sighting.c
    inner = reader.inner(uids)
    outer = {number: uid for uid, number in inner.items()}
    found: dict[tuple[str, str], str] = {}
    for batch in chunks(outer, IN_CHUNK):
        statement = select(t.ci, t.source, func.max(t.observed)).where(in_values(t.ci, batch)).group_by(t.ci, t.source)
        for number, source, observed in reader._connection.execute(statement):
            found[outer[number], source] = observed or ""
    return found
