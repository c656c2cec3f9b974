"""Licences: from what was bought and what runs to a position that shows its arithmetic.

``position(facts, at)`` is the engine, pure and without a database; ``gather.gather(reader, at)`` fetches its facts.
"""

from __future__ import annotations

from cmdb.licences.engine.facts import Assignment, Device, Entitlement, Facts, Installation, Person, Session, Suite
from cmdb.licences.engine.position import position
from cmdb.licences.engine.results import Position, Positions

__all__ = [
    "Assignment", "Device", "Entitlement", "Facts", "Installation", "Person", "Position", "Positions", "Session",
    "Suite", "position",
]  # fmt: skip
