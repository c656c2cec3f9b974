"""What differs for the graph between two revisions, read from the versions of rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Table, select

from cmdb.graph.changes import GraphChange, GraphLink, GroupRecord
from cmdb.model.schema import Schema
from cmdb.store.reading.checkpoints import checkpoint
from cmdb.store.rows import tables
from cmdb.store.rows.codec import REFERENCES, Identities, load

#: The number of changed rows from which on a graph is built anew instead of being updated.
FEW = 20_000


def difference(connection: Connection, schema: Schema, ids: Identities, old: int, new: int) -> GraphChange | None:
    """What differs for the graph between two revisions, in either direction.

    None if it is too much or unknown. ``ids`` must know deleted CIs, too.
    """
    low, high = min(old, new), max(old, new)
    known = checkpoint(connection)
    if known is not None and low < known.number:
        return None
    between = _Between(connection, schema, ids, low, high)
    found = between.change(back=new < old)
    return found


class _Between:
    def __init__(self, connection: Connection, schema: Schema, ids: Identities, low: int, high: int) -> None:
        self.connection, self.schema, self.ids = connection, schema, ids
        self.low, self.high = low, high
        self.left = FEW

    def change(self, *, back: bool) -> GraphChange | None:
        names = ("id", "class", *REFERENCES, "extra")
        cis = self._pair(tables.ci, tables.ci_version, names)
        ends = ("type", "source", "target")
        links = self._pair(tables.relationship, tables.relationship_version, (*ends, "alone"))
        members = self._pair(tables.membership, tables.membership_version, (*ends, "group_id"))
        columns = ("uid", "owner", "label", "needs", "strength")
        groups = self._pair(tables.dependency_group, tables.dependency_group_version, columns)
        links = ([row for row in links[0] if self.schema.joins_items(row[0])],
                 [row for row in links[1] if self.schema.joins_items(row[0])])  # fmt: skip
        if self.left < 0:
            return None
        (old_cis, cis_), (old_links, links_), (old_members, members_), (old_groups, groups_) = (
            (pair[1], pair[0]) if back else pair for pair in (cis, links, members, groups)
        )
        before, after = ({row[0]: row[1] for row in rows} for rows in (old_cis, cis_))
        was = Counter([*_standing(old_links), *old_members, *self._references(names, old_cis)])
        is_ = Counter([*_standing(links_), *members_, *self._references(names, cis_)])
        keys_before, keys = {row[0] for row in old_groups}, {row[0] for row in groups_}
        return GraphChange(
            gone=tuple(before.keys() - after.keys()),
            came=tuple((ci, cls) for ci, cls in after.items() if before.get(ci) != cls),
            unlinked=tuple(GraphLink(*one) for one in (was - is_).elements()),
            linked=tuple(GraphLink(*one) for one in (is_ - was).elements()),
            ungrouped=tuple(keys_before - keys),
            grouped=tuple(GroupRecord(row[0], row[1], *(text or "" for text in row[2:])) for row in groups_),
        )

    def _pair(self, table: Table, past: Table, names: tuple[str, ...]) -> tuple[list[Any], list[Any]]:
        """The rows that were valid at the earlier revision only, and those that were at the later one only."""
        gone = (past.c.revision <= self.low, past.c.ended > self.low, past.c.ended <= self.high)
        made = (table.c.revision > self.low, table.c.revision <= self.high)
        passed = (past.c.revision > self.low, past.c.revision <= self.high, past.c.ended > self.high)
        return self._some(past, names, gone), [*self._some(table, names, made), *self._some(past, names, passed)]

    def _some(self, table: Table, names: tuple[str, ...], conditions: tuple[Any, ...]) -> list[Any]:
        if self.left < 0:
            return []
        statement = select(*(table.c[name] for name in names)).where(*conditions).limit(self.left + 1)
        rows = self.connection.execute(statement).all()
        self.left -= len(rows)
        return [tuple(row) for row in rows]

    def _references(self, names: tuple[str, ...], rows: list[Any]) -> Iterator[tuple[str, int, int, None]]:
        """The references of rows as links."""
        wanted: list[tuple[str, int, str]] = []
        for row in rows:
            types = self.schema.reference_types(row[1]) if row[1] in self.schema.classes else {}
            for name, value in zip(names[2:-1], row[2:-1], strict=True):
                if value is not None and name in types:
                    yield types[name], row[0], value, None
            if row[-1] and any(f'"{name}"' in row[-1] for name in types):
                extra = load(row[-1])
                wanted += [(types[n], row[0], v) for n, v in extra.items() if n in types and n not in REFERENCES]
        self.ids.want_inner({uid for _, _, uid in wanted})
        for kind, inner, uid in wanted:
            if uid in self.ids.inner:
                yield kind, inner, self.ids.inner[uid], None


def _standing(rows: list[Any]) -> Iterator[tuple[str, int, int, None]]:
    """Those of some relationships that stand alone."""
    yield from ((*row[:3], None) for row in rows if row[3])
