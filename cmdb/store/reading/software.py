"""Installed software in bulk, for the licence position: counts by release, and single installations on request."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, String, and_, cast, false, func, or_, select

from cmdb.model import life_cycle
from cmdb.model.control import Control
from cmdb.model.messages import Message
from cmdb.store.reading.attribute_columns import having
from cmdb.store.rows import tables
from cmdb.store.rows.codec import IN_CHUNK, chunks, load
from cmdb.store.rows.in_values import in_values

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cmdb.store.reading.reader import Reader

    Ids = NDArray[np.int64]

#: A release as it was found, with the source that found it: publisher, product, edition, version, origin.
Found = tuple[str, str, str, str, str]
ROWS = 2_000
#: If more than one in so many releases is asked for, all installations are scanned.
SCANNED = 20


class ReleaseInstallation(NamedTuple):
    """A release on a computer, by its inner id; computer and user by their ids, days as text."""

    computer: str
    release: int
    scope: str | None
    user: str
    environment: str | None
    installed_on: str | None
    last_used: str | None
    origin: str | None


class SoftwareInventory:
    """The installed software of a reader's moment, and the computers that carry it."""

    def __init__(self, reader: Reader, control: Control) -> None:
        self._reader = reader
        self._control = control
        self._ci: FromClause = reader._ci
        self._installed: FromClause = reader._moment(tables.installation, tables.installation_version)

    def exceeds(self, installations: int) -> bool:
        """Whether the estate has more installations than that."""
        few = select(self._installed.c.computer).limit(installations + 1).subquery()
        count = self._reader._connection.execute(select(func.count()).select_from(few)).scalar_one()
        return int(count) > installations

    def computers(self, cls: str) -> Ids:
        """The inner ids of a class and its subclasses, ascending."""
        return self._ids(select(self._ci.c.id).where(self._of(cls)))

    def left(self, cls: str) -> Ids:
        """The inner ids of the computers that have left the estate by their status."""
        return self._ids(select(self._ci.c.id).where(self._has_left(cls)))

    def looked_at(self, section: str) -> Ids:
        """The inner ids of the computers of which a source inspected a section."""
        t = self._reader._moment(tables.sighting, tables.sighting_version)
        return self._ids(select(t.c.ci).where(t.c.section == section).distinct())

    def systems(self, cls: str) -> list[str]:
        """The recorded operating systems."""
        c = self._ci.c
        rows = self._reader._connection.execute(select(c.operating_system).where(self._of(cls)).distinct())
        return [row[0] for row in rows if row[0]]

    def running(self, cls: str, systems: Sequence[str]) -> Ids:
        """The inner ids of the computers with one of these operating systems."""
        if not systems:
            return self._ids(select(self._ci.c.id).where(self._ci.c.id < 0))
        return self._ids(select(self._ci.c.id).where(self._of(cls), self._ci.c.operating_system.in_(systems)))

    def guests(self, hosts: Iterable[int]) -> Ids:
        """The inner ids of the computers whose host is one of ``hosts``."""
        return self._ids(*(select(self._ci.c.id).where(in_values(self._ci.c.host, b)) for b in chunks(hosts, IN_CHUNK)))

    def hosts(self, guests: Iterable[int]) -> Ids:
        """The inner ids of the hosts of some computers."""
        c = self._ci.c
        hosted = (select(c.host).where(in_values(c.id, b), c.host.is_not(None)) for b in chunks(guests, IN_CHUNK))
        return self._ids(*hosted)

    def referring(self, attribute: str) -> dict[int, int]:
        """The pairs (CI, target) of a reference attribute in the JSON column, by inner ids."""
        reader, e, c = self._reader, tables.extra_reference.c, self._ci.c
        if self._ci is tables.ci:
            rows = reader._connection.execute(select(e.ci, e.target).where(e.attribute == attribute))
            return {row[0]: row[1] for row in rows}
        said = select(c.id, c.extra).where(c.extra.contains(f'"{attribute}"'))
        named = {row[0]: load(row[1]).get(attribute, "") for row in reader._connection.execute(said)}
        inner = reader.inner(set(named.values()) - {""})
        return {ci: inner[uid] for ci, uid in named.items() if uid in inner}

    def headcount(self, cls: str, at: date) -> int:
        """People who belong to the organisation on a day; see ``cmdb.licences.engine.facts.Person.active``."""
        c, day = self._ci.c, at.isoformat()
        start, end = func.substr(c.start, 1, 10), func.substr(c.end, 1, 10)
        gone = and_(func.coalesce(self._has_left(cls), false()), or_(c.end.is_(None), c.end == ""))
        here = and_(or_(c.start.is_(None), c.start == "", start <= day), or_(c.end.is_(None), c.end == "", day <= end))
        statement = select(func.count()).select_from(self._ci).where(self._of(cls), here, ~gone)
        return int(self._reader._connection.execute(statement).scalar_one())

    # -- releases ---------------------------------------------------------------------------------------------------

    def found(self) -> dict[int, list[Found]]:
        """Number of a release → its names, one for every origin that found it."""
        t, r = self._installed.c, tables.release.c
        names = {row[0]: tuple(row[1:]) for row in self._reader._connection.execute(
            select(r.id, r.publisher, r.product, r.edition, r.version))}  # fmt: skip
        self._control.progress(0, 0, Message("Reading what is installed"))
        found: dict[int, list[Found]] = {}
        plain = t.release + 0  # Without the index: with it, every row would be fetched out of order.
        for release, origin in self._reader._connection.execute(select(plain, t.origin).distinct()):
            found.setdefault(release, []).append((*names[release], origin or ""))
        return found

    def pairs(self) -> Iterator[tuple[Ids, Ids]]:
        """Computer and release of every installation, grouped by computer, in order.

        Raises Cancelled. The database aggregates the releases of a computer: one row for each installation takes four
        times as long.
        """
        import numpy as np

        t = self._installed.c
        listed = func.aggregate_strings(cast(t.release, String), ",")
        statement = select(t.computer, func.count(), listed).group_by(t.computer).order_by(t.computer)
        result = self._reader._connection.execute(statement, execution_options={"yield_per": ROWS})
        done = 0
        for rows in result.partitions():
            computers = np.array([row[0] for row in rows], dtype=np.int64)
            counts = np.array([row[1] for row in rows], dtype=np.int64)
            releases = np.fromstring(",".join(row[2] for row in rows), dtype=np.int64, sep=",")
            yield np.repeat(computers, counts), releases
            done += len(releases)
            self._control.progress(done, 0, Message("Counting what is installed"))

    def of_releases(self, releases: Collection[int]) -> Iterator[ReleaseInstallation]:
        """The installations of some releases, in no particular order. Raises Cancelled."""
        reader, t = self._reader, self._installed.c
        known = reader._connection.execute(select(func.count()).select_from(tables.release)).scalar_one()
        # The index fetches each row separately: for many releases, scanning all rows is faster.
        release = t.release + 0 if len(releases) > known // SCANNED else t.release
        columns = (t.computer, t.release, t.scope, t.user, t.environment, t.installed_on, t.last_used, t.origin)
        done = 0
        for batch in chunks(releases, IN_CHUNK):
            statement = select(*columns).where(in_values(release, batch))
            result = reader._connection.execute(statement, execution_options={"yield_per": ROWS})
            for rows in result.partitions():
                reader._ids.want_outer({row[0] for row in rows} | {row[3] for row in rows if row[3] is not None})
                outer = reader._ids.outer
                for computer, number, scope, user, *rest in rows:
                    yield ReleaseInstallation(outer[computer], number, scope, outer.get(user, ""), *rest)
                done += len(rows)
                self._control.progress(done, 0, Message("Reading what is installed"))

    # -- inside -----------------------------------------------------------------------------------------------------

    def _of(self, cls: str) -> Any:
        return self._ci.c["class"].in_(sorted(self._reader.schema.family(cls)))

    def _has_left(self, cls: str) -> ColumnElement[bool]:
        schema = self._reader.schema
        return having(
            self._ci, self._ci.c.status, {name: life_cycle.statuses_left(schema, name) for name in schema.family(cls)}
        )

    def _ids(self, *statements: Any) -> Ids:
        import numpy as np

        parts = [np.empty(0, dtype=np.int64)]
        for statement in statements:
            result = self._reader._connection.execute(statement, execution_options={"yield_per": ROWS})
            for rows in result.partitions():
                parts.append(np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows)))
                self._control.check()
        return np.unique(np.concatenate(parts))
