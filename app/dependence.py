"""Dependences: only a revision that changed what a result depends on can change the result.

A view declares a ``Dependence``, and reads again when a revision concerns it.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from cmdb.model.applied_revision import AppliedRevision

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Dependence:
    """``fields``: attributes whose values matter. ``kinds``: kinds of records, other than items, that matter.
    ``classes``: classes for which it matters which items exist. None stands for all; the default is none of them.

    ``items``: the only items whose values and records matter (None: all).
    """

    fields: AbstractSet[str] | None = NOTHING
    kinds: AbstractSet[str] | None = NOTHING
    classes: AbstractSet[str] | None = NOTHING
    items: AbstractSet[str] | None = None

    def is_concerned(self, applied: AppliedRevision) -> bool:
        """Whether a revision may have changed the result."""
        if self._has_other_items(applied):
            return True
        if self.items is not None and applied.touched.isdisjoint(self.items):
            return False
        # Items that were created or deleted are no change of values: whether they matter is decided by ``classes``.
        fields = applied.fields if applied.updated else NOTHING
        return _meet(self.fields, fields) or _meet(self.kinds, applied.kinds - {"ci"})

    def _has_other_items(self, applied: AppliedRevision) -> bool:
        if not (applied.created or applied.deleted or "class" in applied.fields):
            return False
        return self.classes is None or (bool(self.classes) if applied.classes is None else self._of(applied.classes))

    def _of(self, classes: AbstractSet[str]) -> bool:
        return self.classes is not None and not self.classes.isdisjoint(classes)


EVERYTHING = Dependence(None, None, None)
"""Any revision may have changed the answer."""


def _meet(wanted: AbstractSet[str] | None, changed: AbstractSet[str]) -> bool:
    return bool(changed) if wanted is None else not wanted.isdisjoint(changed)
