"""The step of ``check`` that concerns statuses: it finds statuses without a meaning."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from cmdb.model import life_cycle
from cmdb.model.messages import Message, counted
from cmdb.store.rows import tables
from cmdb.store.upkeep.audits import AuditContext


def check_statuses(look: AuditContext) -> Iterator[Message]:
    """Statuses without a phase, in the schema and in records. They count as live."""
    schema = look.schema
    for one in schema.tree():
        inherited = set(life_cycle.without_phase(schema, one.parent)) if one.parent else set()
        for choice in life_cycle.without_phase(schema, one.name):
            if choice not in inherited:
                yield Message(
                    "{cls}: the status “{status}” has no phase in the schema; it counts as live.",
                    cls=one.label,
                    status=choice,
                )
    c = tables.ci.c
    statement = select(c["class"], c.status, func.count()).where(c.status.is_not(None)).group_by(c["class"], c.status)
    for cls, status, number in sorted(map(tuple, look.connection.execute(statement))):
        known = life_cycle.statuses_in(schema, cls, *life_cycle.Phase) if cls in schema.classes else ()
        if status not in known or status in life_cycle.without_phase(schema, cls):
            label = schema.cls(cls).label if cls in schema.classes else cls
            yield counted(
                "{cls}: {count} record with the status “{status}”, which has no phase: it counts as live.",
                "{cls}: {count} records with the status “{status}”, which has no phase: they count as live.",
                number,
                cls=label,
                status=status,
            )
