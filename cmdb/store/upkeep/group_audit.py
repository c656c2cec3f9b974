"""Redundancy groups that can't be up: they need more members than they have. They are no damage, but worth a look."""

from __future__ import annotations

from sqlalchemy import func, select

from cmdb.model.messages import Message, counted
from cmdb.store.rows import tables
from cmdb.store.store import Store


def unreachable_groups(store: Store) -> list[Message]:
    """A line for each group that needs more members than it has."""
    g, m = tables.dependency_group.c, tables.membership.c
    with store.read() as reader:
        connection = reader._connection
        wanted = connection.execute(select(g.uid, g.label, g.needs).where(g.needs.not_in(("1", "100%"))))
        several = {uid: (label or uid, int(needs)) for uid, label, needs in wanted if needs and needs.isdecimal()}
        if not several:
            return []
        counts = connection.execute(select(m.group_id, func.count()).group_by(m.group_id))
        there: dict[str, int] = {row[0]: row[1] for row in counts}
    return [
        counted(
            "The redundancy group {group} needs {needs} members and has {count}: it can't be up.",
            "The redundancy group {group} needs {needs} members and has {count}: it can't be up.",
            there.get(uid, 0),
            group=label,
            needs=needs,
        )
        for uid, (label, needs) in sorted(several.items(), key=lambda one: (one[1][0].casefold(), one[0]))
        if there.get(uid, 0) < needs
    ]
