"""What is above records in a hierarchy, read for many at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, select

from cmdb.model.circles import circles
from cmdb.model.hierarchies import Hierarchy
from cmdb.model.schema import Schema
from cmdb.store.rows import tables
from cmdb.store.rows.codec import IN_CHUNK, chunks
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.roots import ROOTS, Root

Steps = dict[int, set[int]]
"""Record → what is directly above it, by inner ids."""


class HierarchyRows:
    """The present steps of one hierarchy."""

    def __init__(self, connection: Connection, hierarchy: Hierarchy) -> None:
        self._connection = connection
        self._hierarchy = hierarchy
        named = {name for names in hierarchy.attributes.values() for name in names}
        self._columns = {root: sorted(named & root.columns.keys()) for root in ROOTS}
        self._others = {root: sorted(named - root.columns.keys()) for root in ROOTS}

    def above(self, records: Collection[int]) -> Steps:
        """The steps from some records."""
        found: Steps = {}
        for batch in chunks(records, IN_CHUNK):
            for one, target in self._steps(batch):
                found.setdefault(one, set()).add(target)
        return found

    def reach(self, records: Iterable[int], known: Steps | None = None) -> Steps:
        """All steps upward from some records and from what is above them. Every record is read once, so it ends in a
        circle, too. ``known`` are steps that were read already.
        """
        found: Steps = {} if known is None else known
        frontier = set(records) - found.keys()
        while frontier:
            read = self.above(frontier)
            found.update((one, read.get(one, set())) for one in frontier)
            frontier = {target for targets in read.values() for target in targets} - found.keys()
        return found

    def targets(self) -> set[int]:
        """All records that are directly above others."""
        found: set[int] = set()
        for column in (root.table.c[name] for root, names in self._columns.items() for name in names):
            found.update(self._connection.execute(select(column).where(column.is_not(None)).distinct()).scalars())
        if others := {name for names in self._others.values() for name in names}:
            x = tables.extra_reference.c
            found.update(self._connection.execute(select(x.target).where(x.attribute.in_(others)).distinct()).scalars())
        if self._hierarchy.types:
            r = tables.relationship.c
            statement = select(r.target).where(r.type.in_(sorted(self._hierarchy.types))).distinct()
            found.update(self._connection.execute(statement).scalars())
        return found

    def _steps(self, batch: Collection[int]) -> Iterable[tuple[int, int]]:
        for root in ROOTS:
            yield from self._referred(root, batch)
        if self._hierarchy.types:
            r = tables.relationship.c
            links = select(r.source, r.target).where(in_values(r.source, batch))
            yield from (
                (row[0], row[1])
                for row in self._connection.execute(links.where(r.type.in_(sorted(self._hierarchy.types))))
            )

    def _referred(self, root: Root, batch: Collection[int]) -> Iterable[tuple[int, int]]:
        """The steps by attributes of a root's records."""
        attributes, c = self._hierarchy.attributes, root.table.c
        columns, others = self._columns[root], self._others[root]
        if columns:
            statement = select(c.id, c["class"], *(c[name] for name in columns))
            for one, cls, *targets in self._connection.execute(statement.where(in_values(c.id, batch))):
                own = attributes.get(cls, ())
                for name, target in zip(columns, targets, strict=True):
                    if target is not None and name in own:
                        yield one, target
        if others:
            x = tables.extra_reference.c
            extra = select(x.ci, x.attribute, x.target, c["class"]).join(root.table, c.id == x.ci)
            extra = extra.where(in_values(x.ci, batch), x.attribute.in_(others))
            for one, name, target, cls in self._connection.execute(extra):
                if name in attributes.get(cls, ()):
                    yield one, target


def all_circles(connection: Connection, schema: Schema) -> list[tuple[str, tuple[int, ...]]]:
    """(hierarchy, records by inner ids) of every circle that the estate holds, each once.

    All records of a circle are above others, so only those are read: places, hosts, managers.
    """
    found = []
    for name, hierarchy in schema.hierarchies.items():
        rows = HierarchyRows(connection, hierarchy)
        found += [(name, circle) for circle in circles(rows.above(rows.targets()))]
    return found


def names_of(connection: Connection, records: Collection[int]) -> dict[int, str]:
    """Inner id → name."""
    found: dict[int, str] = {}
    for c in (root.table.c for root in ROOTS):
        for batch in chunks(records, IN_CHUNK):
            rows = connection.execute(select(c.id, c.name, c.uid).where(in_values(c.id, batch)))
            found.update((row[0], row[1] or row[2]) for row in rows)
    return found
