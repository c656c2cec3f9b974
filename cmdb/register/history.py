"""Undo: the inverse of a revision, without what was changed since.

A record that the revision created is kept if it was edited or referenced since, together with what it refers to.
A field that was changed since keeps its later value. Both are listed in the result.

A part of a revision is what it wrote of one record, with its links, or of one attribute of it; the same rules hold.
The undo of a part is an edit like others: the revision can still be undone, for what is left of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from cmdb.model.applied_revision import AppliedRevision, UndoConflict
from cmdb.model.claims import Statement
from cmdb.model.control import Control
from cmdb.model.errors import InvalidValue, Irreversible, NotFound
from cmdb.model.formats import Plain
from cmdb.model.journal import RevisionHeader
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Record, Revision, ci
from cmdb.model.source_keys import kept_word
from cmdb.model.state_tables import STATE
from cmdb.model.values import check, is_same
from cmdb.register.later_records import came_since, kept_records
from cmdb.register.record_inverse import RecordInverse, uids_of
from cmdb.register.retention import SOURCE
from cmdb.register.revision_titles import redone_reason, titled, undone_reason
from cmdb.register.said_again import said_again
from cmdb.register.undone_steps import UndoneSteps
from cmdb.store.reading.lookup import StoreLookup
from cmdb.store.reading.reader import Reader
from cmdb.store.store import Store

_MIGRATION = "migration"
_FINAL = (SOURCE, _MIGRATION)
"""The sources of revisions that cannot be taken back."""
_IN_USE = Message("It was edited or referred to since, so it stays.")
_LATER_VALUE = Message("It was changed since, so the later value stays.")
_SAID_AGAIN = Message("Its source has said it again since, so what came of that stays.")
_REFERRED_TO = Message("Other records refer to it, so it stays.")


class Part(NamedTuple):
    """A part of a revision: what it wrote of one record, or of one attribute of it ("": of all)."""

    record: str
    attribute: str = ""


def undo(
    store: Store, number: int, author: str, control: Control | None = None, part: Part | None = None
) -> AppliedRevision:
    """Takes a revision back, or a part of it. The result lists what was kept. Raises NotFound, Irreversible."""
    with store.read() as reader:
        revision, kept = preview_undo(reader, number, author, part)
    applied = store.apply(revision, control)
    return replace(applied, kept=kept)


def latest_undoable(reader: Reader) -> int:
    """The latest revision that is neither an undo nor undone. Raises NotFound."""
    before: int | None = None
    while True:
        page = reader.revisions(100, before)
        for header in page:
            if not header.undoes and not header.undone_by and header.source not in _FINAL:
                return header.number
        if not page:
            raise NotFound(Message("There is nothing to undo."))
        before = page[-1].number


def undoable(reader: Reader, number: int) -> RevisionHeader:
    """The header of a revision that can be undone. Raises NotFound, Irreversible."""
    header = reader.revision(number)
    if header.undone_by:
        raise Irreversible(
            Message(
                "Revision {number} was taken back already, by revision {later}.",
                number=Plain(number),
                later=Plain(header.undone_by),
            )
        )
    if header.source == SOURCE:
        raise Irreversible(
            Message(
                "Revision {number} took old versions out of the history. They cannot come back.", number=Plain(number)
            )
        )
    if header.source == _MIGRATION:
        raise Irreversible(
            Message(
                "Revision {number} says that the estate was brought up to date. That cannot be taken back.",
                number=Plain(number),
            )
        )
    point = reader.checkpoint()
    if point is not None and number <= point.number:
        raise Irreversible(
            Message(
                "What revision {number} changed is no longer kept: the history before {day} is gone.",
                number=Plain(number),
                day=date.fromisoformat(point.day),
            )
        )
    return header


def preview_undo(
    reader: Reader, number: int, author: str, part: Part | None = None
) -> tuple[Revision, tuple[UndoConflict, ...]]:
    """The revision that would undo another one, or a part of it, and what it would keep.

    Raises NotFound, also where the revision did not change the part, and Irreversible.
    """
    header = undoable(reader, number)
    if part is not None:
        partial = _Inverse(reader, number, _written(reader, number, part), part)
        edits = partial.edits()
        return Revision(edits, author, reason=_partial_reason(reader, header, part)), tuple(partial.kept)
    inverse = _Inverse(reader, number, reader.statements(number, of_created=False))
    edits = inverse.edits()
    for uid in sorted(kept_records(inverse.written) & inverse.present.keys()):
        inverse.kept += came_since(reader, number, uid, edits, inverse.kept)
    return Revision(edits, author, reason=_reason(reader, header), undoes=number), tuple(inverse.kept)


def inverse(
    reader: Reader, number: int, written: list[Edit], part: Part
) -> tuple[list[Edit], tuple[UndoConflict, ...]]:
    """The inverse of some of the edits of a revision, all that are about a part of it, and what it would keep."""
    found = _Inverse(reader, number, written, part)
    edits = found.edits()
    return edits, tuple(found.kept)


def _written(reader: Reader, number: int, part: Part) -> list[Edit]:
    """What a revision wrote of its part. Raises NotFound where that is nothing."""
    written = reader.statements_about(number, part.record)
    if part.attribute:
        written = [one for edit in written for one in _of_attribute(edit, part)]
    if written:
        if part.attribute and part.record not in reader.names([part.record]):
            raise NotFound(
                Message("{name} is gone, so its values cannot be taken back one by one.", name=_last_name(reader, part))
            )
        return written
    name = _last_name(reader, part)
    if part.attribute:
        raise NotFound(
            Message(
                "Revision {number} did not change “{attribute}” of {name}.",
                number=Plain(number),
                attribute=_label(reader, part),
                name=name,
            )
        )
    raise NotFound(Message("Revision {number} did not change {name}.", number=Plain(number), name=name))


def _of_attribute(edit: Edit, part: Part) -> Iterator[Edit]:
    """What an edit says of one attribute of a record."""
    kind, key = edit.record
    if kind == "event" and not edit.field:
        whole: Any = edit.after or edit.before
        if whole.get("record") == part.record and whole.get("field") == part.attribute:
            yield edit
        return
    if key[0] != part.record or kind not in ("ci", "claim"):
        return
    if edit.field:
        if edit.field == part.attribute:
            yield edit
    elif kind == "claim":
        before: Any = edit.before or {}
        after: Any = edit.after or {}
        if part.attribute in before or part.attribute in after:
            yield Edit(edit.record, part.attribute, before.get(part.attribute), after.get(part.attribute))


def _partial_reason(reader: Reader, header: RevisionHeader, part: Part) -> Message:
    """The reason of an undo of a part."""
    what = titled(reader, [header])[0].title or header.reason
    name = _last_name(reader, part)
    if part.attribute:
        return Message("Undo for {attribute} of {name}: {what}", attribute=_label(reader, part), name=name, what=what)
    return Message("Undo for {name}: {what}", name=name, what=what)


def _last_name(reader: Reader, part: Part) -> str:
    return reader.last_names([part.record]).get(part.record, ("", ""))[1]


def _label(reader: Reader, part: Part) -> Message | str:
    if part.attribute == "class":
        return Message("Class")
    found = reader.schema.every_attribute.get(part.attribute)
    return found.label if found is not None else part.attribute


def _reason(reader: Reader, header: RevisionHeader) -> Message:
    """The reason of an undo: "Undo: Import of stock.xlsx"; of one that takes an undo back: "Redo: …"."""
    what = titled(reader, [header])[0].title or header.reason
    undone, again = (undone_reason(what), redone_reason(what)) if header.undoes else (None, None)
    if undone is not None:
        return Message("Redo: {what}", what=undone)
    return Message("Undo: {what}", what=what if again is None else again)


class _Inverse:
    """Works out the inverse of what one revision wrote, or of a ``part`` of it, against the present."""

    def __init__(self, reader: Reader, number: int, written: list[Edit], part: Part | None = None) -> None:
        self.reader = reader
        self.number = number
        self.written = written
        self.part = part
        self.kept: list[UndoConflict] = []
        self._changes_schema = any(edit.record.kind == "schema_entry" for edit in written)
        self._references = reader.schema.reference_names
        self.created = {e.record.key[0] for e in self.written if _is_creation(e)}
        self.present = reader.names({u for e in self.written for u in uids_of(e)})
        deleted: dict[str, Any] = {e.record.key[0]: e.before for e in self.written if _is_deletion(e)}
        self.restored = {uid: str(e["class"]) for uid, e in deleted.items() if uid not in self.present}
        self._yield_to_later()
        self._follow_merges()
        self.becoming: dict[str, str] = {}
        """Id → class, of the CIs that the inverse gives another class."""
        self.held = self._held()
        self.gone = self._gone()

    def edits(self) -> list[Edit]:
        """The edits of the inverse, in an order that can be applied."""
        found: list[Edit] = []
        claims = self._present_claims()
        for edit in self.written:
            if edit.record.kind == "ci":
                found.extend(self._ci(edit))
            elif edit.record.kind == "claim":
                found.extend(self._claim(edit, claims))
        found.sort(key=lambda e: e.record.key[0])  # all of one CI together, its creation first: sorting is stable
        others = [e for e in self.written if e.record.kind not in ("ci", "claim")]
        goes = (self.created & self.present.keys()) - self.held
        records = RecordInverse(self.reader, self.present, self.restored, goes, self.held)
        found.extend(records.edits(others))
        self.kept.extend(records.kept)
        found.extend(self._voided())
        self._note_values()
        steps = UndoneSteps(self.reader, self.present, {**self.restored, **self.becoming}, claims)
        found = steps.without_circles(found)
        self.kept.extend(steps.kept)
        return found

    def _yield_to_later(self) -> None:
        """Does not restore what a source has said again since."""
        said: dict[str, dict[str, Any]] = defaultdict(dict)
        for edit in self.written:
            if edit.record.kind == "claim" and edit.record.key[0] in self.restored and not edit.field:
                said[edit.record.key[0]][edit.record.key[1]] = edit.before or {}
        for uid, other in said_again(self.reader, self.number, self.restored, said).items():
            del self.restored[uid]
            name = self.reader.names([other])[other][1]
            self.kept.append(UndoConflict(other, name, "", None, _SAID_AGAIN))

    def _follow_merges(self) -> None:
        """Names the record that a referred one was merged into since: that is what is referred to now."""
        named: set[str] = set()
        claims = [e for e in self.written if e.record.kind == "claim" and e.record.key[0] not in self.created]
        for edit in claims:
            for value in (edit.before, edit.after):
                said: Any = {edit.field: value} if edit.field else value or {}
                named.update(said[n][0] for n in self._references & said.keys() if said[n] and said[n][0])
        missing = named - self.restored.keys() - self.reader.names(named).keys() if named else named
        merged = StoreLookup(self.reader).merged_into(sorted(missing)) if missing else {}
        if not merged:
            return

        own = {id(edit) for edit in claims}
        self.written = [_followed(e, self._references, merged) if id(e) in own else e for e in self.written]

    # -- what must stay ---------------------------------------------------------------------------------------------

    def _held(self) -> set[str]:
        """Created CIs that stay: edited or referenced since, and, in turn, what those refer to."""
        mine = self.created & self.present.keys()
        held = self.reader.touched_since(mine, self.number)
        frontier = set(held)
        linked: dict[str, set[str]] = defaultdict(set)
        for edit in self.written:
            if edit.record.kind == "relationship" and edit.before is None:
                _, source, target = edit.record.key
                linked[source].add(target)
                linked[target].add(source)
        while frontier:
            wanted: set[str] = set()
            for uid, values in self.reader.by_uid(frontier).items():
                wanted.update(v for v in values.values.values() if isinstance(v, str) and v in mine)
                wanted |= linked[uid]
            frontier = (wanted & mine) - held
            held |= frontier
        for uid in sorted(held):
            self.kept.append(UndoConflict(uid, self.present[uid][1], "", None, _IN_USE))
        if self.part is not None:  # others that the same revision wrote stay, and may refer to it
            for uid in sorted(mine - held):
                if self.reader.is_referred_to(uid):
                    held.add(uid)
                    self.kept.append(UndoConflict(uid, self.present[uid][1], "", None, _REFERRED_TO))
        return held

    def _voided(self) -> Iterator[Edit]:
        """The edits that make work void that stays though what it was made for is undone, where its class can be."""
        if self.part is not None:
            return
        for uid, one in self.reader.by_uid(self.held).items():
            line = self.reader.schema.cls(one.cls).transitions.get("void")
            if line is not None and one.values.get(STATE) in line.before:
                yield Edit(ci(uid), STATE, one.values.get(STATE), line.after)

    def _gone(self) -> set[str]:
        """CIs that were referred to before the revision, do not exist now, and are not created by the inverse."""
        wanted: set[str] = set()
        for edit in self.written:
            if edit.record.kind == "claim":
                before: Any = {edit.field: edit.before} if edit.field else edit.before or {}
                wanted.update(before[n][0] for n in self._references & before.keys() if before[n] and before[n][0])
        return wanted - self.restored.keys() - self.reader.names(wanted).keys()

    def _present_claims(self) -> dict[str, dict[str, dict[str, Statement]]]:
        spoken_of = {e.record.key[0] for e in self.written if e.record.kind == "claim"} - self.created
        return self.reader.said(spoken_of & self.present.keys())

    # -- one edit each ----------------------------------------------------------------------------------------------

    def _ci(self, edit: Edit) -> Iterable[Edit]:
        uid = edit.record.key[0]
        now = self.present.get(uid)
        if _is_creation(edit):
            if now is not None and uid not in self.held:
                yield Edit(edit.record, "", {}, None)
        elif _is_deletion(edit):
            if uid in self.restored:
                yield Edit(edit.record, "", None, edit.before)
        elif now is not None:
            if now[0] == edit.after:
                self.becoming[uid] = str(edit.before)
                yield Edit(edit.record, "class", edit.after, edit.before)
            elif now[0] != edit.before:
                self._keep(uid, "class", now[0])

    def _claim(self, edit: Edit, claims: dict[str, Any]) -> Iterable[Edit]:
        uid, source = edit.record.key
        if uid in self.created:
            return
        if uid in self.restored:
            whole: Any = edit.before or {}
            if alive := self._alive(uid, whole):
                yield Edit(edit.record, "", None, alive)
            return
        if uid not in self.present:
            return
        now = claims[uid].get(source, {})
        before: Any = {edit.field: edit.before} if edit.field else edit.before or {}
        after: Any = {edit.field: edit.after} if edit.field else edit.after or {}
        for name in dict.fromkeys((*before, *after)):
            kept = claims[uid].get(kept_word(source), {}).get(name)
            if kept is not None and is_same(kept, after.get(name)):  # What it said is kept since it is held.
                back = self._alive(uid, {name: before[name]}).get(name) if before.get(name) else None
                yield Edit(Record("claim", (uid, kept_word(source))), name, kept, back)
            if not is_same(now.get(name), after.get(name)):
                if not is_same(now.get(name), before.get(name)):  # else it was taken back already
                    self._keep(uid, name, (now.get(name) or [None])[0])
                continue
            back = self._alive(uid, {name: before[name]}).get(name) if before.get(name) else None
            if back is not None and not self._changes_schema and not self._fits(name, back[0]):
                self._keep(uid, name, (now.get(name) or [None])[0])
                continue
            yield Edit(edit.record, name, after.get(name), back)

    def _fits(self, name: str, value: Any) -> bool:
        """Whether an attribute still takes an earlier value: it may be of another type by now, or have other choices.

        What no class has an attribute for comes back as it was.
        """
        attribute = self.reader.schema.every_attribute.get(name)
        if attribute is None or value is None:
            return True
        try:
            check(attribute, value)
        except InvalidValue:
            return False
        return True

    def _alive(self, uid: str, said: dict[str, Any]) -> dict[str, Any]:
        """The statements without those that refer to CIs which were deleted since.

        What the CI's class has no attribute for counts for nothing, and comes back as it was.
        """
        lost = {n for n in self._references & said.keys() if said[n][0] in self.gone}
        if lost:
            cls = self.restored.get(uid) or self.becoming.get(uid) or self.present[uid][0]
            known = self.reader.schema.classes.get(cls)  # it comes back with the class, if the class is gone
            lost &= known.attributes.keys() if known is not None else set()
        return {n: pair for n, pair in said.items() if n not in lost} if lost else said

    # -- what is kept -----------------------------------------------------------------------------------------------

    def _keep(self, uid: str, field: str, value: Any) -> None:
        self.kept.append(UndoConflict(uid, self.present[uid][1], field, value, _LATER_VALUE))

    def _note_values(self) -> None:
        """Lists effective values that another source has changed since, beside the claims that were."""
        listed = {(k.uid, k.field) for k in self.kept}
        uid, attribute = self.part or Part("")
        changed = [e for e in self.reader.changed_values(self.number, uid) if e.record.key[0] in self.present]
        if attribute:
            changed = [e for e in changed if e.field == attribute]
        present = self.reader.by_uid({e.record.key[0] for e in changed})
        for edit in changed:
            one = present[edit.record.key[0]]
            now = one.values.get(edit.field) if edit.field != "class" else one.cls
            if now not in (edit.after, edit.before) and (one.uid, edit.field) not in listed:
                self._keep(one.uid, edit.field, now)


def _followed(edit: Edit, references: Collection[str], merged: Mapping[str, str]) -> Edit:
    """An edit of what is said, with the ids of the records into which those that it refers to were merged."""

    def _now(value: Any) -> Any:
        said: Any = {edit.field: value} if edit.field else value or {}
        said = {
            name: [merged[pair[0]], pair[1]] if name in references and pair and pair[0] in merged else pair
            for name, pair in said.items()
        }
        return said[edit.field] if edit.field else said or value

    return Edit(edit.record, edit.field, _now(edit.before), _now(edit.after))


def _is_creation(edit: Edit) -> bool:
    return edit.record.kind == "ci" and not edit.field and edit.before is None


def _is_deletion(edit: Edit) -> bool:
    return edit.record.kind == "ci" and not edit.field and edit.after is None
