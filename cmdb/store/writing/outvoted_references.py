"""Claims that name a record though what everyone sees does not: another source's word stands.

Format 2 has no index of what claims refer to. Three things keep the search short: only some classes have attributes
that may name a record of its class; only where several sources speak of a record can one be outvoted; and no claim is
older than what it names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import Connection, func, select

from cmdb.model.schema import Schema
from cmdb.store.reading import checkpoints
from cmdb.store.rows import tables
from cmdb.store.rows.codec import IN_CHUNK, chunks, unpack
from cmdb.store.rows.in_values import in_values

FEW = 20
"""Up to how many records are looked for by their ids, as text; of more, all that is said is read."""
_SHARE = 4
"""Where no more than one in so many is of a class that may name a record, or as new as it, only those are read."""
_BATCH = 5_000


def outvoted_references(
    connection: Connection, schema: Schema, uids: Collection[str], inner: Sequence[int]
) -> set[str]:
    """The ids of CIs of which some source, besides others, says that they refer to one of these records.

    ``inner`` are the records' own numbers. What only one source says is left out: everyone sees it, and it is found by
    the columns. What a CI's class has no attribute for counts for nothing, and is left out, too.
    """
    names, classes = _referring(schema, _classes(connection, inner))
    if not names:
        return set()
    claims = _claims(connection, uids, classes, _oldest(connection, inner))
    found = {ci for ci, said in claims if any(pair[0] in uids for n, pair in unpack(said).items() if n in names)}
    named: set[str] = set()
    for batch in chunks(found, IN_CHUNK):
        statement = select(tables.ci.c.uid).where(in_values(tables.ci.c.id, batch))
        named.update(connection.execute(statement).scalars())
    return named


def _classes(connection: Connection, inner: Sequence[int]) -> set[str]:
    """The classes of some records."""
    found: set[str] = set()
    for batch in chunks(inner, IN_CHUNK):
        statement = select(tables.ci.c["class"]).where(in_values(tables.ci.c.id, batch)).distinct()
        found.update(connection.execute(statement).scalars())
    return found


def _referring(schema: Schema, targets: set[str]) -> tuple[set[str], set[str]]:
    """The attributes that may name records of some classes, and the classes that have them."""
    names: set[str] = set()
    classes: set[str] = set()
    for one in schema.concrete():
        for attribute in one.attributes.values():
            if attribute.type == "reference" and any(schema.is_a(cls, attribute.target) for cls in targets):
                names.add(attribute.name)
                classes.add(one.name)
    return names, classes


def _claims(
    connection: Connection, uids: Collection[str], classes: Collection[str], since: int
) -> Iterator[tuple[int, str]]:
    """CI and claims, not older than a revision, that may name one of the records."""
    sqlite = connection.dialect.name == "sqlite"
    mark = "?" if sqlite else "%s"
    among = f"class IN ({', '.join([mark] * len(classes))})"
    given: list[str] = []
    if _is_small(connection, f"ci WHERE {among}", *classes):
        sql = f"SELECT c.ci, c.said FROM ci JOIN claim AS c ON c.ci = ci.id WHERE ci.{among}"
        given.extend(classes)
    elif _is_small(connection, f"claim WHERE revision >= {int(since)}"):
        several = "SELECT 1 FROM claim AS o WHERE o.ci = c.ci AND o.source <> c.source"
        sql = f"SELECT c.ci, c.said FROM claim AS c WHERE c.revision >= {int(since)} AND EXISTS ({several})"
    else:
        several = "SELECT ci FROM claim GROUP BY ci HAVING count(*) > 1"
        sql = f"SELECT c.ci, c.said FROM claim AS c WHERE c.ci IN ({several})"
    if len(uids) <= FEW:
        one = "instr(c.said, ?) > 0" if sqlite else "strpos(c.said, %s) > 0"
        sql += f" AND ({' OR '.join([one] * len(uids))})"
        given.extend(uids)
    streamed = connection.exec_driver_sql(sql, tuple(given), execution_options={"stream_results": True})
    for part in streamed.partitions(_BATCH):
        yield from ((row[0], row[1]) for row in part)


def _is_small(connection: Connection, rows: str, *given: str) -> bool:
    """Whether such rows are few, seen against all CIs; it stops counting where they are not."""
    most = (connection.exec_driver_sql("SELECT max(id) FROM ci").scalar() or 0) // _SHARE
    sql = f"SELECT count(*) FROM (SELECT 1 FROM {rows} LIMIT {most + 1}) AS counted"
    return int(connection.exec_driver_sql(sql, given).scalar_one()) <= most


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
