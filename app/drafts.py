"""Drafts: changes that are planned, seen as if they were made, and applied or dropped as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cmdb.model.drafts import Draft, DraftConflict
from cmdb.model.errors import NotFound
from cmdb.model.formats import listing
from cmdb.model.messages import Message, tr, trn
from cmdb.register import drafts

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.control import Control
    from cmdb.model.revision import Edit
    from cmdb.store.drafts.draft_store import DraftStore
    from cmdb.store.reading.reader import Reader
    from cmdb.store.store import Store


@dataclass(frozen=True, slots=True)
class DraftedRecord:
    """What a draft does with one record: ``change`` is created, changed, deleted, linked, attached (files), sections
    (only rows of them) or detailed (software and the like); fields before and after.
    """

    record: str
    cls: str
    name: str
    change: str
    fields: Mapping[str, tuple[Any, Any]]
    rows: tuple[str, ...] = ()
    """What it does with rows of its sections, in words."""


@dataclass(frozen=True, slots=True)
class DraftSummary:
    """A draft with all that it does, and what of it does not fit the estate any more."""

    draft: Draft
    records: tuple[DraftedRecord, ...]
    conflicts: tuple[DraftConflict, ...]
    others: Mapping[str, int] = field(default_factory=dict)
    """How many of each kind it changes of what is about no record: decisions of a review, names of software."""

    def count(self, change: str) -> int:
        """The number of records that are created, changed or deleted."""
        return sum(one.change == change for one in self.records)


_DETAILS = ("installation", "assignment", "sighting")
"""Kinds of what is said of a record beside its attributes."""
_OF_NO_RECORD = ("decision", "end_of_life", "mapping", "recognition", "saved_view")
SHORT = 32
"""Characters of a draft's name where it stands beside other things."""


def short_name(name: str) -> str:
    """A draft's name, cut with a mark where it is long."""
    return name if len(name) <= SHORT else f"{name[: SHORT - 1].rstrip()}…"


@dataclass(frozen=True, slots=True)
class DraftState:
    """What is said of the open draft at a glance: how many records it changes, and how many do not fit any more."""

    draft: Draft
    created: int
    changed: int
    deleted: int
    linked: int
    others: int
    """Changes of nothing that is a record: a decision of a review, a note of the evidence."""
    conflicts: int
    is_open: bool = True
    """False where somebody has applied or dropped it meanwhile."""

    @property
    def records(self) -> int:
        """The number of records and other changes that would be written."""
        return self.created + self.changed + self.deleted + self.linked + self.others

    def words(self) -> str:
        """What it does in words, without its conflicts (such as: 40 changed, 20 new)."""
        parts = [
            trn("{count} changed", "{count} changed", self.changed) if self.changed else "",
            trn("{count} new", "{count} new", self.created) if self.created else "",
            trn("{count} deleted", "{count} deleted", self.deleted) if self.deleted else "",
            trn("{count} in other details", "{count} in other details", self.linked) if self.linked else "",
            trn("{count} other change", "{count} other changes", self.others) if self.others else "",
        ]
        return listing(filter(None, parts), "unit") or tr("nothing yet")


def state(store: DraftStore) -> DraftState:
    """The open draft at a glance. Not for the GUI's thread."""
    with store.base.read() as reader:
        if store.draft.id not in {one.id for one in drafts.drafts(reader)}:
            return DraftState(store.draft, 0, 0, 0, 0, 0, 0, is_open=False)
    found = summary(store)
    created, changed, deleted = map(found.count, ("created", "changed", "deleted"))
    changed += found.count("sections")
    linked = len(found.records) - created - changed - deleted
    others = 0 if found.records else len(store.edits())
    return DraftState(store.draft, created, changed, deleted, linked, others, len(found.conflicts))


def list_drafts(reader: Reader) -> list[Draft]:
    """The open drafts, by name."""
    return drafts.drafts(reader)


def make_draft(store: Store, name: str, author: str) -> tuple[Draft, AppliedRevision]:
    """A new, empty draft. Raises InvalidValue for a name that is empty or taken."""
    with store.read() as reader:
        draft, revision = drafts.new_draft(reader, name, author)
    return draft, store.apply(revision)


def open_draft(store: Store, name: str) -> DraftStore:
    """The estate with a draft: read with it, and written into it. Raises NotFound."""
    from cmdb.store.drafts.draft_store import DraftStore

    with store.read() as reader:
        draft = drafts.named(reader, name)
    return DraftStore(store, draft)


def drop_draft(store: Store, name: str, author: str) -> AppliedRevision:
    """Drops a draft. That is a revision, so it can be undone for some days. Raises NotFound."""
    with store.read() as reader:
        revision = drafts.dropped(reader, drafts.named(reader, name), author)
    return store.apply(revision)


def summary(store: DraftStore) -> DraftSummary:
    """All that a draft does."""
    conflicts = tuple(store.conflicts())
    with store.read() as reader:
        number = reader.number
        held = store.edits()
        edits = reader.edits(number) if held else []
        records = tuple(_records(reader, edits, number))
    others = Counter(record.kind for record in {edit.record for edit in held} if record.kind in _OF_NO_RECORD)
    return DraftSummary(store.draft, records, conflicts, dict(sorted(others.items())))


def apply_draft(
    store: DraftStore, author: str, control: Control | None = None, *, keep: str = "", record: str = ""
) -> AppliedRevision:
    """Applies a draft as one revision, all but its conflicts. Raises NotFound, and what ``Store.apply`` raises.

    ``keep`` settles the conflicts first, of one ``record`` or of all: for the "draft" or for the "estate".
    """
    if keep:
        found = [one for one in store.conflicts() if not record or record in (one.record, one.name)]
        if record and not found:
            raise NotFound(Message("The draft has no conflict about “{name}”.", name=record))
        if found:
            store.settle(*(one.record for one in found), keep_draft=keep == "draft")
    return store.commit(author, control)


def _records(reader: Reader, edits: list[Edit], number: int) -> list[DraftedRecord]:
    from app.history.section_changes import changes_in_words, titles_of

    found: dict[str, DraftedRecord] = {}
    changes = {"created": "created", "deleted": "deleted"}
    own: dict[str, dict[str, tuple[Any, Any]]] = {}
    kinds: dict[str, str] = {}
    for edit in edits:
        if edit.record.kind != "ci":
            continue
        uid = edit.record.key[0]
        if edit.field:
            own.setdefault(uid, {})[edit.field] = (edit.before, edit.after)
            kinds.setdefault(uid, "changed")
            continue
        before: Any = edit.before or {}
        after: Any = edit.after or {}
        kinds[uid] = changes["created" if edit.before is None else "deleted"]
        fields = own.setdefault(uid, {})
        fields.update({name: (before.get(name), after.get(name)) for name in dict.fromkeys((*before, *after))})
    linked = {
        end: None
        for edit in edits
        if edit.record.kind in ("relationship", "membership")
        for end in edit.record.key[-2:]
    }
    for uid in linked:
        if uid not in kinds:
            kinds[uid] = "linked"
            own[uid] = {}
    for edit in edits:
        whole: Any = edit.after or edit.before if edit.record.kind == "attachment" and not edit.field else {}
        if whole.get("record") and whole["record"] not in kinds:
            kinds[whole["record"]] = "attached"
            own[whole["record"]] = {}
        said: Any = edit.after or edit.before if edit.record.kind == "comment" and not edit.field else {}
        if said.get("owner") and said["owner"] not in kinds:
            kinds[said["owner"]] = "commented"
            own[said["owner"]] = {}
    rows: dict[str, list[Edit]] = {}
    for edit in edits:
        if edit.record.kind == "section":
            uid = edit.record.key[0]
            rows.setdefault(uid, []).append(edit)
            kinds.setdefault(uid, "sections")
            own.setdefault(uid, {})
    for edit in edits:
        if edit.record.kind in _DETAILS and edit.record.key[0] not in kinds:
            kinds[edit.record.key[0]] = "detailed"
            own[edit.record.key[0]] = {}
    names, titles = reader.last_names(kinds), titles_of(reader, (edit for its in rows.values() for edit in its))
    for uid, change in kinds.items():
        cls, name = names.get(uid, ("", ""))
        told = tuple(changes_in_words(reader.schema, rows[uid], titles)) if uid in rows else ()
        found[uid] = DraftedRecord(uid, cls, name, change, own[uid], told)
    return sorted(found.values(), key=lambda one: (one.name.casefold(), one.record))
