"""Rows with the revisions between which they stood: sightings of records, and installations on computers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Table, func, literal, select

from cmdb.store.reading.reader import Reader
from cmdb.store.rows import tables
from cmdb.store.rows.codec import IN_CHUNK, Identities, chunks, load
from cmdb.store.rows.in_values import in_values


class SightingSpan(NamedTuple):
    """That a source looked at a section of a record at a time, as the register said from a revision on until another.

    ``ended`` is 0 where it still says so.
    """

    uid: str
    source: str
    section: str
    observed: str
    began: int
    ended: int


class InstallationSpan(NamedTuple):
    """An installation as the register had it from a revision on until another; ``ended`` is 0 where it still has it."""

    uid: str
    publisher: str
    product: str
    edition: str
    version: str
    scope: str
    origin: str
    stated_by: tuple[str, ...]
    began: int
    ended: int

    @property
    def release(self) -> tuple[str, ...]:
        """What is installed, and for whom: the key of an installation on a computer."""
        return self.scope, self.publisher, self.product, self.edition, self.version


def sighting_spans(reader: Reader, uids: Collection[str]) -> list[SightingSpan]:
    """All sightings of records as far as they are kept, as the reader's moment knew them, in the order of revisions."""
    current, past = tables.sighting, tables.sighting_version
    outer = _inner(reader, uids)
    rows = _rows(reader, current, past, "ci", ("source", "section", "observed"), outer)
    found = [SightingSpan(outer[row[0]], row[1], row[2], row[3] or "", row[4], row[5]) for row in rows]
    return sorted(found, key=lambda one: (one.began, one.source, one.section))


def last_looks(reader: Reader, uids: Collection[str]) -> dict[str, dict[str, str]]:
    """Record → source → when it last looked at it, at the reader's moment."""
    t = reader._moment(tables.sighting, tables.sighting_version).c
    outer = {number: uid for uid, number in reader.inner(uids).items()}
    found: dict[str, dict[str, str]] = {uid: {} for uid in uids}
    for batch in chunks(outer, IN_CHUNK):
        statement = select(t.ci, t.source, func.max(t.observed)).where(in_values(t.ci, batch))
        for inner, source, observed in reader._connection.execute(statement.group_by(t.ci, t.source)):
            found[outer[inner]][source] = observed or ""
    return found


def installation_spans(reader: Reader, uids: Collection[str]) -> list[InstallationSpan]:
    """All installations on computers, of now and then, in the order of revisions; as ``sighting_spans``."""
    current, past = tables.installation, tables.installation_version
    outer = _inner(reader, uids)
    rows = list(_rows(reader, current, past, "computer", ("release", "scope", "origin", "stated_by"), outer))
    releases = _releases(reader, {row[1] for row in rows})
    found = [
        InstallationSpan(
            outer[computer], *releases[release], scope or "", origin or "", tuple(load(by)) if by else (), began, ended
        )
        for computer, release, scope, origin, by, began, ended in rows
    ]
    return sorted(found, key=lambda one: (one.began, one.product.casefold(), one.release))


def changed_since(reader: Reader, number: int) -> set[str]:
    """The computers on which installations came, went or changed after a revision, until the reader's moment."""
    current, past = tables.installation.c, tables.installation_version.c
    made = (current.revision > number, current.revision <= reader.number)
    ended = (past.ended > number, past.ended <= reader.number)
    found: set[int] = set()
    for column, conditions in ((current.computer, made), (past.computer, ended)):
        found.update(reader._connection.execute(select(column).where(*conditions).distinct()).scalars())
    return {uid for uid, _, _ in reader.outer(found).values()}


def undoes(reader: Reader) -> dict[int, int]:
    """Revision that undoes another as a whole → the one that it undoes."""
    r = tables.revision.c
    rows = reader._connection.execute(select(r.number, r.undoes).where(r.undoes > 0, r.number <= reader.number))
    return {row[0]: row[1] for row in rows}


def _inner(reader: Reader, uids: Collection[str]) -> dict[int, str]:
    """Inner id → id, also of records that are deleted."""
    ids = Identities(reader._connection, ever=True)
    ids.want_inner(uids)
    return {ids.inner[uid]: uid for uid in uids if uid in ids.inner}


def _rows(
    reader: Reader, current: Table, past: Table, owner: str, columns: Collection[str], outer: Collection[int]
) -> Iterator[Any]:
    """Rows of now and then until the reader's moment: the owner, the columns, and between which revisions."""
    until = reader.number
    still: Callable[[int], int] = lambda ended: ended if ended <= until else 0  # noqa: E731
    for batch in chunks(outer, IN_CHUNK):
        for table, ended in ((current, literal(0)), (past, past.c.ended)):
            named = (table.c[name] for name in (owner, *columns, "revision"))
            statement = select(*named, ended).where(in_values(table.c[owner], batch), table.c.revision <= until)
            for row in reader._connection.execute(statement):
                yield (*row[:-1], still(row[-1]))


def _releases(reader: Reader, numbers: Collection[int]) -> dict[int, tuple[str, str, str, str]]:
    r = tables.release.c
    found: dict[int, tuple[str, str, str, str]] = {}
    for batch in chunks(numbers, IN_CHUNK):
        statement = select(r.id, r.publisher, r.product, r.edition, r.version).where(in_values(r.id, batch))
        for row in reader._connection.execute(statement):
            found[row[0]] = (row[1], row[2], row[3], row[4])
    return found
