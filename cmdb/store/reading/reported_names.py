"""Names of installed software as they were reported, with the number of computers that carry them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from cmdb.store.rows import tables
from cmdb.store.rows.codec import IN_CHUNK, chunks
from cmdb.store.rows.in_values import in_values

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader


class ReportedName(NamedTuple):
    """A name as reported, with one of the editions, versions and origins that it came with."""

    product: str
    publisher: str
    edition: str
    version: str
    origin: str
    computers: int


class ReportedRelease(NamedTuple):
    """A release by its inner number, as reported."""

    number: int
    product: str
    publisher: str
    edition: str
    version: str


def reported_names(reader: Reader) -> list[ReportedName]:
    """Every name that is installed somewhere; what most computers carry comes first."""
    t, r = reader._moment(tables.installation, tables.installation_version), tables.release.c
    statement = (
        select(
            r.product, r.publisher, func.max(r.edition), func.max(r.version), func.max(func.coalesce(t.c.origin, "")),
            func.count(t.c.computer.distinct()),
        )
        .join_from(t, tables.release, t.c.release == r.id)
        .group_by(r.product, r.publisher)
    )  # fmt: skip
    rows = reader._connection.execute(statement)
    found = [ReportedName(row[0], row[1], row[2], row[3], row[4], row[5]) for row in rows]
    return sorted(found, key=lambda one: (-one.computers, one.product.casefold(), one))


def reported_releases(reader: Reader) -> list[ReportedRelease]:
    """Every release that was ever reported."""
    r = tables.release.c
    rows = reader._connection.execute(select(r.id, r.product, r.publisher, r.edition, r.version))
    return [ReportedRelease(row[0], row[1], row[2], row[3], row[4]) for row in rows]


def carried(reader: Reader, releases: Iterable[int]) -> tuple[int, int]:
    """The numbers of installations of some releases, and of the computers that carry them."""
    t = reader._moment(tables.installation, tables.installation_version).c
    installations, computers = 0, set[int]()
    for batch in chunks(releases, IN_CHUNK):
        rows = reader._connection.execute(select(t.computer).where(in_values(t.release, batch))).all()
        installations += len(rows)
        computers.update(row[0] for row in rows)
    return installations, len(computers)


def carriers(reader: Reader, releases: Iterable[int]) -> list[str]:
    """The ids of the computers that carry some of the releases."""
    t = reader._moment(tables.installation, tables.installation_version).c
    computers = set[int]()
    for batch in chunks(releases, IN_CHUNK):
        rows = reader._connection.execute(select(t.computer).where(in_values(t.release, batch)).distinct())
        computers.update(row[0] for row in rows)
    return sorted(uid for uid, *_ in reader.outer(computers).values())
