"""The inverse of what a revision did to records other than items: relationships, redundancy groups, documents, …

Records that such a record names may have been deleted since: a relationship is restored without a deleted group, an
installation without its user. A group that other relationships have joined since stays, and so does a relationship
that has come into another group.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cmdb.model.applied_revision import UndoConflict
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Record
from cmdb.store.reading.reader import Reader
from cmdb.store.rows.codec import KIND_TABLES
from cmdb.store.writing.records import ends_problem

KIND_OWNERS = {kind.name: kind.owner for kind in KIND_TABLES.values() if kind.owner}
"""Kind → the field that names the item to which its records belong."""
_ENDS = {
    "relationship": (1, 2), "membership": (2, 3), "installation": (0,), "sighting": (0,), "assignment": (0, 1),
    "claim": (0,), "alias": (2,), "section": (0,), "result": (0,),
}  # fmt: skip
_CHANGED = Message("It was changed since, so it stays.")
_JOINED = Message("Other relationships belong to the redundancy group by now, so it stays.")
_WITHOUT_GROUP = Message("The redundancy group that it belonged to is gone.")
_WITHOUT_USER = Message("Who used it is gone.")
_FOR_NOBODY = Message("Whom it was for is gone.")

_Fields = dict[str, Any]
_Known = Mapping[tuple[str, ...], Mapping[str, Any]]


def uids_of(edit: Edit) -> tuple[str, ...]:
    """The items that an edit is about: an item itself, the ends of a link, the owner of a group."""
    kind, key = edit.record
    if kind == "ci":
        return (key[0],)
    if owner := KIND_OWNERS.get(kind):
        return tuple(dict.fromkeys(_owners(edit, owner)))
    return tuple(key[i] for i in _ENDS.get(kind, ()))


def _owners(edit: Edit, owner: str) -> Iterator[str]:
    for value in (edit.after, edit.before):
        whole: Any = {edit.field: value} if edit.field else value or {}
        if whole.get(owner):
            yield whole[owner]


@dataclass
class RecordInverse:
    """Computes the inverse of the edits of such records.

    ``present`` are the items that exist (id → class and name), ``restored`` those that the inverse restores (id →
    class), ``goes`` those that it deletes, and ``held`` those that the revision created and that stay.
    """

    reader: Reader
    present: Mapping[str, tuple[str, str]]
    restored: Mapping[str, str]
    goes: Collection[str]
    held: Collection[str]
    kept: list[UndoConflict] = field(default_factory=list)
    _now: dict[str, _Known] = field(default_factory=dict)
    _all: list[Edit] = field(default_factory=list)
    """All edits of the revision."""

    def edits(self, edits: list[Edit]) -> Iterator[Edit]:
        """The edits of the inverse, and in ``kept`` what stays as it is."""
        self._all = edits
        wanted = [edit for edit in edits if self._concerned(edit)]
        for kind in {edit.record.kind for edit in wanted}:
            self._now[kind] = self.reader.records_of(kind, {e.record for e in wanted if e.record.kind == kind})
        of: dict[str, list[Edit]] = defaultdict(list)
        for edit in wanted:
            of[edit.record.kind].append(edit)
        joined = self._know_relationships(of["relationship"], of["membership"])
        links = list(self._inverses(of["relationship"], joined))
        members = list(self._of_memberships(of["membership"], of["group"], links))
        yield from self._of_groups(of["group"], links, members)
        yield from links
        yield from members
        yield from self._inverses(e for e in wanted if e.record.kind not in ("group", "relationship", "membership"))

    def _concerned(self, edit: Edit) -> bool:
        """Whether the inverse has to say something of a record: it does not go, or stay, together with an item."""
        ends = set(uids_of(edit))
        if edit.field and edit.field == KIND_OWNERS.get(edit.record.kind):
            ends = {str(edit.before)}  # It goes with the owner that it gets back.
        if ends.intersection(self.goes) or (edit.before is None and ends.intersection(self.held)):
            return False
        return all(end in self.present or end in self.restored for end in ends)

    # -- redundancy groups ------------------------------------------------------------------------------------------

    def _know_relationships(self, links: list[Edit], members: list[Edit]) -> set[Record]:
        """The relationships that the revision created and that have come into other groups since."""
        created = {edit.record.key for edit in links if not edit.field and edit.before is None}
        mine = {edit.record.key for edit in members if edit.before is None}
        groups = self.reader.memberships(created)
        return {
            Record("relationship", key)
            for key, its in groups.items()
            if any((group, *key) not in mine for group in its)
        }

    def _of_memberships(self, edits: list[Edit], groups: list[Edit], links: list[Edit]) -> Iterator[Edit]:
        """The inverses of edits of memberships. One is restored where its group and its relationship are there."""
        named = {Record("group", edit.record.key[:1]) for edit in edits}
        present = {key[0] for key in self.reader.records_of("group", named)}
        present.update(edit.record.key[0] for edit in groups if not edit.field and edit.after is None)
        wanted = {Record("relationship", edit.record.key[1:]) for edit in edits}
        there = set(self.reader.records_of("relationship", wanted))
        ended = {key for key, edit in self._written("relationship").items() if edit.after is None}
        restored = {edit.record.key for edit in links if not edit.field and edit.before is None}
        for edit in self._inverses(edits):
            group, *key = edit.record.key
            relationship = tuple(key)
            if edit.field or edit.before is not None:
                yield edit
            elif relationship not in restored and (relationship in ended or relationship not in there):
                continue  # What is said of the relationship says it of its memberships.
            elif group not in present:
                self._keep(edit, _WITHOUT_GROUP)
            else:
                yield edit

    def _written(self, kind: str) -> dict[tuple[str, ...], Edit]:
        """The edits of whole records of a kind that the revision made, by key."""
        return {edit.record.key: edit for edit in self._all if edit.record.kind == kind and not edit.field}

    def _of_groups(self, edits: list[Edit], links: list[Edit], members: list[Edit]) -> Iterator[Edit]:
        """The inverses of edits of groups. A group that the revision created stays while relationships belong to it."""
        found = list(self._inverses(edits))
        going = {e.record.key[0] for e in found if not e.field and e.after is None}
        leaving = {e.record.key for e in members if not e.field and e.after is None}
        unlinked = {e.record.key for e in links if not e.field and e.after is None}
        joined = {
            key[0]
            for key in self.reader.members(going)
            if key not in leaving and key[1:] not in unlinked and not set(key[2:]).intersection(self.goes)
        }
        for edit in found:
            if edit.record.key[0] in joined and not edit.field and edit.after is None:
                self._keep(edit, _JOINED)
            else:
                yield edit

    # -- one edit each ----------------------------------------------------------------------------------------------

    def _inverses(self, edits: Iterable[Edit], stay: Collection[Record] = ()) -> Iterator[Edit]:
        """The inverses of edits. Records that ``stay`` are not deleted."""
        for edit in edits:
            if edit.record in stay and not edit.field and edit.before is None:
                self._keep(edit, _CHANGED)
                continue
            yield from self._inverse(edit, self._now[edit.record.kind].get(edit.record.key))

    def _inverse(self, edit: Edit, now: Mapping[str, Any] | None) -> Iterator[Edit]:
        if edit.field:
            if now is not None and now.get(edit.field) == edit.before:
                return  # It was taken back already.
            if now is None or now.get(edit.field) != edit.after:
                self._keep(edit, _CHANGED)
                return
            before = self._alive(edit, {edit.field: edit.before}).get(edit.field)
            if before != edit.after:
                yield Edit(edit.record, edit.field, edit.after, before)
        elif edit.before is None:
            if now == edit.after:
                yield Edit(edit.record, "", edit.after, None)
            elif now is not None:
                self._keep(edit, _CHANGED)
        elif edit.after is None and now is None:
            whole: Any = edit.before
            if problem := self._misfit(edit.record):
                self._keep(edit, problem)
            else:
                yield Edit(edit.record, "", None, self._alive(edit, whole))

    def _alive(self, edit: Edit, fields: _Fields) -> _Fields:
        """The earlier fields, without those that name deleted records."""
        kind = KIND_TABLES.get(edit.record.kind)
        for cleared in kind.cleared if kind is not None else ():
            named = fields.get(cleared)
            if named and named not in self.restored and not self.reader.names([named]):
                self._keep(edit, _WITHOUT_USER if cleared == "user" else _FOR_NOBODY)
                fields = {name: value for name, value in fields.items() if name != cleared}
        return fields

    def _misfit(self, record: Record) -> Message | None:
        """Why a relationship cannot be restored: the classes of its ends have changed. A row of a section cannot where
        the schema has no such section any more.
        """
        if record.kind == "section" and record.key[1] not in self.reader.schema.sections:
            return Message("Its section is gone.")
        if record.kind != "relationship":
            return None
        name, *ends = record.key
        source, target = (self.restored.get(end) or self.present[end][0] for end in ends)
        if name not in self.reader.schema.relationships:
            return Message("Its type is gone.")
        return ends_problem(self.reader.schema, name, source, target)

    def _keep(self, edit: Edit, why: Message) -> None:
        uid = next((uid for uid in uids_of(edit) if uid in self.present), "")
        name = self.present[uid][1] if uid else ""
        if edit.record.kind == "event":
            whole: Any = {edit.field: edit.after} if edit.field else edit.after or edit.before
            uid = str(whole.get("record") or self._now["event"].get(edit.record.key, {}).get("record", ""))
            name = self.reader.last_names([uid]).get(uid, ("", ""))[1]
        self.kept.append(UndoConflict(uid, name or self._own_name(edit), edit.record.kind, None, why))

    def _own_name(self, edit: Edit) -> str:
        """The name that a record of another kind has: that of a decision, a saved view or a mapping."""
        whole = edit.after if isinstance(edit.after, dict) else edit.before
        known = (
            whole
            if isinstance(whole, dict) and not edit.field
            else self._now.get(edit.record.kind, {}).get(edit.record.key)
        )
        return str((known or {}).get("name") or "")
