"""What sources say otherwise than what stands, over all records: their values count less, or are held."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cmdb.model.claims import deviating
from cmdb.model.schema import Schema
from cmdb.model.values import Value
from cmdb.store.reading.reader import Reader
from cmdb.store.rows.disputed_records import disputed_records


class StoredDeviation(NamedTuple):
    """What a source says of an attribute of a record, and what stands there (None: nothing)."""

    uid: str
    cls: str
    name: str
    attribute: str
    stands: Value | None
    said: Value
    source: str
    observed: str
    held: bool


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
    for uid in uids:
        one = records[uid]
        orders = schema.source_orders(one.cls).of
        names = dict.fromkeys(name for own in said[uid].values() for name in own if name in orders)
        if len(said[uid]) == 1 and not schema.source_orders(one.cls).holds:
            continue
        for name in names:
            claims = {source: own[name] for source, own in said[uid].items() if name in own}
            for source in deviating(schema, one.cls, name, claims):
                value, observed = claims[source]
                if value is not None:
                    held = orders[name].rank(source) < 0
                    yield StoredDeviation(uid, one.cls, one.name, name, one.values.get(name), value, source,
                                          str(observed), held)  # fmt: skip
