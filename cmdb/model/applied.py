"""What an applied revision changed, and what an undo left as it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Kept:
    """A field that an undo left as it is, because it was changed since."""

    uid: str
    name: str
    field: str
    value: Any
    reason: str


@dataclass(frozen=True, slots=True)
class Applied:
    """What a revision changed: its number (0: nothing to do), the CIs, the attributes and the record kinds."""

    number: int
    revision: str
    created: frozenset[str] = frozenset()
    updated: frozenset[str] = frozenset()
    deleted: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    kept: tuple[Kept, ...] = ()

    @property
    def touched(self) -> frozenset[str]:
        """Every CI it names."""
        return self.created | self.updated | self.deleted
