"""What is forgotten when a source is: how many records, claims and links go, and what stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cmdb.model.applied_revision import UndoConflict


@dataclass(frozen=True, slots=True)
class ForgottenSource:
    """What forgetting a source does.

    ``deleted`` records go: only it knew them. ``bare`` records keep their class, their name and what their class
    requires, because others refer to them. ``changed`` records lose what it said of them. ``gone`` counts the other
    records that go, by kind; ``left`` those that other sources state too.
    """

    source: str
    deleted: int = 0
    bare: int = 0
    changed: int = 0
    gone: Mapping[str, int] = field(default_factory=dict)
    left: int = 0
    kept: tuple[UndoConflict, ...] = ()
    """Values that stay, because without them something would stand in itself."""

    @property
    def records(self) -> int:
        """How many records it says something of."""
        return self.deleted + self.bare + self.changed

    def __bool__(self) -> bool:
        return bool(self.records or self.gone or self.left)
