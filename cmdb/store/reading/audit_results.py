"""The results of audits: of one audit, or of one record in all audits that have it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from cmdb.store.rows import tables
from cmdb.store.rows.codec import IN_CHUNK, KIND_TABLES, chunks
from cmdb.store.rows.in_values import in_values

if TYPE_CHECKING:
    from cmdb.model.revision import Content
    from cmdb.store.reading.reader import Reader

_KIND = "result"


def results_of(reader: Reader, audit: str) -> dict[str, dict[str, Content]]:
    """The results of an audit at the reader's moment: code → fields."""
    kind = KIND_TABLES[_KIND]
    t = reader._moment(kind.table, kind.past).c
    rows = reader._connection.execute(select(*(t[name] for name in kind.read)).where(t.audit == audit)).all()
    return {key[1]: fields for key, fields in reader.decoded(_KIND, rows).items()}


def results_about(
    reader: Reader, records: Collection[str], audit: str = ""
) -> Iterator[tuple[str, str, dict[str, Content]]]:
    """The results that name one of some records: audit, code and fields; of one audit or of all."""
    kind = KIND_TABLES[_KIND]
    t = reader._moment(kind.table, kind.past).c
    statement = select(*(t[name] for name in kind.read))
    for batch in chunks(reader.inner(records).values(), IN_CHUNK):
        rows = reader._connection.execute(statement.where(in_values(t.record, batch))).all()
        for (of, code), fields in reader.decoded(_KIND, rows).items():
            if not audit or of == audit:  # asked for in SQL, a database may read all rows of the audit
                yield of, code, fields


def number_of_results(reader: Reader, audit: str) -> int:
    """How many results an audit has."""
    t = reader._moment(tables.result, tables.result_version).c
    return int(reader._connection.execute(select(func.count()).where(t.audit == audit)).scalar_one())
