"""The result of an applied revision: what it changed, and what an undo did not change back."""

from __future__ import annotations

from dataclasses import dataclass

from cmdb.model.messages import Message
from cmdb.model.values import Value


@dataclass(frozen=True, slots=True)
class UndoConflict:
    """A field that an undo did not change back, because it was changed later."""

    uid: str
    name: str
    field: str
    value: Value | None
    reason: Message


@dataclass(frozen=True, slots=True)
class AppliedRevision:
    """What a revision changed: its number (0: nothing), the CIs, the attributes and the record kinds.

    ``fields`` are the changed attributes and the attributes of new CIs, with "class" if the class of a CI changed.
    ``classes`` are the classes of the CIs, before and after (None: any class).
    """

    number: int
    revision: str
    created: frozenset[str] = frozenset()
    updated: frozenset[str] = frozenset()
    deleted: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    kept: tuple[UndoConflict, ...] = ()
    classes: frozenset[str] | None = None
    meanwhile: tuple[Message, ...] = ()
    """What others wrote since it was decided, for which it was decided anew: "LT-1 was changed meanwhile: …"."""
    draft: str = ""
    """The name of the draft that it went into: then the estate is as it was, and the number is not given yet."""
    undoes: int = 0
    """The number of the revision that it takes back, or 0."""

    @property
    def touched(self) -> frozenset[str]:
        """Every CI it names."""
        return self.created | self.updated | self.deleted

    def followed_by(self, later: AppliedRevision) -> AppliedRevision:
        """Both revisions as one."""
        deleted = (self.deleted | later.deleted) - later.created
        created = (self.created - later.deleted) | (later.created - self.deleted)
        updated = self.updated | later.updated | (self.deleted & later.created)
        classes = None if self.classes is None or later.classes is None else self.classes | later.classes
        return AppliedRevision(
            later.number, later.revision, created, updated - created - deleted, deleted, self.fields | later.fields,
            self.kinds | later.kinds, later.kept, classes, self.meanwhile + later.meanwhile,
            self.draft or later.draft, later.undoes or self.undoes,
        )  # fmt: skip
