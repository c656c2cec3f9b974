"""What an answer is made of: only a revision that changed some of that can make it another answer.

Whoever shows something says with a ``Dependence`` what it hangs on, and asks again where a revision concerns that.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from cmdb.model.applied_revision import AppliedRevision

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Dependence:
    """``fields``: attributes whose values count; ``kinds``: kinds of records beside the items; ``classes``: those of
    which it counts what items there are. None stands for all of them, and nothing counts unless it is said.

    ``items``: the only items whose values and records count (None: all).
    """

    fields: AbstractSet[str] | None = NOTHING
    kinds: AbstractSet[str] | None = NOTHING
    classes: AbstractSet[str] | None = NOTHING
    items: AbstractSet[str] | None = None

    def is_concerned(self, applied: AppliedRevision) -> bool:
        """Whether a revision may have made it another answer."""
        if self._members(applied):
            return True
        if self.items is not None and applied.touched.isdisjoint(self.items):
            return False
        # What only came or went is no change of values: whether that counts is for the classes to say.
        fields = applied.fields if applied.updated else NOTHING
        return _meet(self.fields, fields) or _meet(self.kinds, applied.kinds - {"ci"})

    def _members(self, applied: AppliedRevision) -> bool:
        if not (applied.created or applied.deleted or "class" in applied.fields):
            return False
        return self.classes is None or (bool(self.classes) if applied.classes is None else self._of(applied.classes))

    def _of(self, classes: AbstractSet[str]) -> bool:
        return self.classes is not None and not self.classes.isdisjoint(classes)


EVERYTHING = Dependence(None, None, None)
"""Any revision may have made it another answer."""


def _meet(wanted: AbstractSet[str] | None, changed: AbstractSet[str]) -> bool:
    return bool(changed) if wanted is None else not wanted.isdisjoint(changed)
