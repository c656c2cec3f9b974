"""Claims that name a record though what everyone sees does not: another source's word stands.

Format 2 has no index of what claims refer to. Two things keep the search short: only where several sources speak of a
record can one be outvoted, and no claim that is older than a record names it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import Connection, func, select

from cmdb.store.reading import checkpoints
from cmdb.store.rows import tables
from cmdb.store.rows.codec import IN_CHUNK, chunks, unpack
from cmdb.store.rows.in_values import in_values

FEW = 20
"""Up to how many records are looked for by their ids, as text; of more, all that is said is read."""
_BATCH = 5_000


def outvoted_references(
    connection: Connection, uids: Collection[str], inner: Sequence[int], references: Collection[str]
) -> set[str]:
    """The ids of CIs of which some source says that they refer to one of these records.

    ``inner`` are the records' own numbers, ``references`` the attributes that refer to CIs. What a source says of a CI
    that no other source speaks of is left out: everyone sees it, and it is found by the columns.
    """
    claims = _claims(connection, uids, _oldest(connection, inner))
    found = {ci for ci, said in claims if any(pair[0] in uids for n, pair in unpack(said).items() if n in references)}
    named: set[str] = set()
    for batch in chunks(found, IN_CHUNK):
        statement = select(tables.ci.c.uid).where(in_values(tables.ci.c.id, batch))
        named.update(connection.execute(statement).scalars())
    return named


def _claims(connection: Connection, uids: Collection[str], since: int) -> Iterator[tuple[int, str]]:
    """CI and claims, not older than a revision, that may name one of the records."""
    sqlite = connection.dialect.name == "sqlite"
    several = "SELECT ci FROM claim GROUP BY ci HAVING count(*) > 1"
    sql = f"SELECT ci, said FROM claim WHERE ci IN ({several})"
    if since > 1:
        sql = "SELECT c.ci, c.said FROM claim AS c WHERE c.revision >= {since} AND EXISTS ("
        sql += "SELECT 1 FROM claim AS o WHERE o.ci = c.ci AND o.source <> c.source)"
        sql = sql.format(since=int(since))
    wanted = list(uids) if len(uids) <= FEW else []
    if wanted:
        one = "instr(said, ?) > 0" if sqlite else "strpos(said, %s) > 0"
        sql += f" AND ({' OR '.join([one] * len(wanted))})"
    streamed = connection.exec_driver_sql(sql, tuple(wanted), execution_options={"yield_per": _BATCH})
    for part in streamed.partitions():
        yield from ((row[0], row[1]) for row in part)


def _oldest(connection: Connection, inner: Sequence[int]) -> int:
    """The first revision in which one of the records was there; 1 where that is no longer known."""
    found: list[int] = []
    for table in (tables.ci, tables.ci_version):
        for batch in chunks(inner, IN_CHUNK):
            statement = select(func.min(table.c.revision)).where(in_values(table.c.id, batch))
            found.extend(v for v in connection.execute(statement).scalars() if v is not None)
    point = checkpoints.checkpoint(connection)
    first = min(found, default=1)
    return first if point is None or first > point.number else 1
