"""The inverse of what a revision did to records other than items: relationships, redundancy groups, documents, …

Records that such a record names may have been deleted since: a relationship is restored without a deleted group, an
installation without its user. A group that other relationships have joined since stays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cmdb.model.applied_revision import UndoConflict
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Record
from cmdb.store.reading.reader import Reader
from cmdb.store.writing.records import ends_problem

_ENDS = {"relationship": (1, 2), "installation": (0,), "sighting": (0,), "assignment": (0, 1), "claim": (0,)}
_CHANGED = Message("It was changed since, so it stays.")
_JOINED = Message("Other relationships belong to the redundancy group by now, so it stays.")
_WITHOUT_GROUP = Message("The redundancy group that it belonged to is gone.")
_WITHOUT_USER = Message("Who used it is gone.")

_Fields = dict[str, Any]
_Known = Mapping[tuple[str, ...], Mapping[str, Any]]


def uids_of(edit: Edit) -> tuple[str, ...]:
    """The items that an edit is about: an item itself, the ends of a link, the owner of a group."""
    kind, key = edit.record
    if kind == "ci":
        return (key[0],)
    if kind == "group":
        return tuple(dict.fromkeys(_owners(edit)))
    return tuple(key[i] for i in _ENDS.get(kind, ()))


def _owners(edit: Edit) -> Iterator[str]:
    for value in (edit.after, edit.before):
        whole: Any = {edit.field: value} if edit.field else value or {}
        if whole.get("owner"):
            yield whole["owner"]


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
    _groups: set[str] = field(default_factory=set)
    """Those of the groups that relationships would go back to that are there when the inverse has been applied."""

    def edits(self, edits: list[Edit]) -> Iterator[Edit]:
        """The edits of the inverse, and in ``kept`` what stays as it is."""
        wanted = [edit for edit in edits if self._concerned(edit)]
        for kind in {edit.record.kind for edit in wanted}:
            self._now[kind] = self.reader.records_of(kind, {e.record for e in wanted if e.record.kind == kind})
        groups = [edit for edit in wanted if edit.record.kind == "group"]
        links = [edit for edit in wanted if edit.record.kind == "relationship"]
        self._know_groups(links, groups)
        back = list(self._inverses(links))
        yield from self._of_groups(groups, back)
        yield from back
        yield from self._inverses(edit for edit in wanted if edit.record.kind not in ("group", "relationship"))

    def _concerned(self, edit: Edit) -> bool:
        """Whether the inverse has to say something of a record: it does not go, or stay, together with an item."""
        ends = set(uids_of(edit))
        if ends.intersection(self.goes) or (edit.before is None and ends.intersection(self.held)):
            return False
        return all(end in self.present or end in self.restored for end in ends)

    # -- redundancy groups ------------------------------------------------------------------------------------------

    def _know_groups(self, links: list[Edit], groups: list[Edit]) -> None:
        """Finds which groups of restored relationships will exist."""
        named = {Record("group", (group,)) for edit in links if (group := _group_of(edit, edit.before))}
        self._groups = {key[0] for key in self.reader.records_of("group", named)}
        self._groups.update(e.record.key[0] for e in groups if not e.field and e.after is None)

    def _of_groups(self, edits: list[Edit], links: list[Edit]) -> Iterator[Edit]:
        """The inverses of edits of groups. A group that the revision created stays while relationships belong to it."""
        found = list(self._inverses(edits))
        going: dict[str, Any] = {e.record.key[0]: e.before for e in found if not e.field and e.after is None}
        leaving = {e.record.key for e in links if e.after is None or e.field == "group"}
        joined = {
            group
            for key, group in self.reader.members(going, {fields["owner"] for fields in going.values()}).items()
            if key not in leaving and not {key[1], key[2]}.intersection(self.goes)
        }
        for edit in found:
            if edit.record.key[0] in joined and not edit.field and edit.after is None:
                self._keep(edit, _JOINED)
            else:
                yield edit

    # -- one edit each ----------------------------------------------------------------------------------------------

    def _inverses(self, edits: Iterable[Edit]) -> Iterator[Edit]:
        for edit in edits:
            yield from self._inverse(edit, self._now[edit.record.kind].get(edit.record.key))

    def _inverse(self, edit: Edit, now: Mapping[str, Any] | None) -> Iterator[Edit]:
        if edit.field:
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
        kind = edit.record.kind
        group, user = fields.get("group"), fields.get("user")
        if kind == "relationship" and group and group not in self._groups:
            self._keep(edit, _WITHOUT_GROUP)
            return {name: value for name, value in fields.items() if name != "group"}
        if kind == "installation" and user and user not in self.restored and not self.reader.names([user]):
            self._keep(edit, _WITHOUT_USER)
            return {name: value for name, value in fields.items() if name != "user"}
        return fields

    def _misfit(self, record: Record) -> Message | None:
        """Why a relationship cannot be restored: the classes of its ends have changed."""
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
        self.kept.append(UndoConflict(uid, name, edit.record.kind, None, why))


def _group_of(edit: Edit, fields: Any) -> str:
    """The group that a relationship is in by an edit's before or after; "" where it is in none."""
    found = fields if edit.field == "group" else fields.get("group") if fields and not edit.field else None
    return str(found or "")
