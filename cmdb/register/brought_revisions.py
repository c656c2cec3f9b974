"""A revision that was made in a pack, fitted to the estate: what goes in, and what is a conflict.

An edit goes in where the estate has what the edit saw, and is left out where the estate has what it says. What others
have changed to something else is a conflict: the estate's value stands, and the edit is kept until somebody decides.
Of what scans and imports say the later observation stays; that is no conflict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cmdb.model.claims import PERSON
from cmdb.model.packs import KIND
from cmdb.model.record_aliases import folded
from cmdb.model.records import CI
from cmdb.model.revision import Content, Edit, Record, Revision
from cmdb.reconciliation.keys import WEAK
from cmdb.store.drafts.rebasing import LAST_SEEN, restated, rows_of
from cmdb.store.reading.lookup import StoreLookup
from cmdb.store.reading.reader import Reader
from cmdb.store.rows.codec import EVIDENCE, KIND_TABLES
from cmdb.store.upkeep.several_revisions import numbers_given
from cmdb.store.writing.creation_guard import CreationCheck

Place = tuple[str, str]
"""What a conflict is about: the id of a record (or the key of one of another kind), and a field; "": all of it."""


@dataclass(slots=True)
class HeldEdits:
    """Edits about one field that do not fit. ``present`` is what the estate has."""

    edits: list[Edit] = field(default_factory=list)
    before: Content = None
    after: Content = None
    present: Content = None
    gone: bool = False
    """Whether the record is not in the estate any more."""


@dataclass(frozen=True, slots=True)
class FittedRevision:
    """What of a revision goes in, what is held, and which of its new records are one with a later one of the estate."""

    edits: list[Edit]
    held: Mapping[Place, HeldEdits]
    settled: frozenset[Place]
    """The open conflicts of the pack that are none any more: the pack says what the estate has."""
    doubles: Mapping[str, str]
    """New record → the record of the estate that goes into it."""


def fitted(reader: Reader, edits: Sequence[Edit], base: int, waiting: Mapping[Place, Content]) -> FittedRevision:
    """Fits what a revision of a pack wrote. ``base``: the estate's revision at which the pack was taken along.

    ``waiting``: the pack's open conflicts, with the value that each began with.
    """
    return _Fitting(reader, [one for one in edits if one.record.kind != KIND], base, waiting).run()


class _Fitting:
    def __init__(self, reader: Reader, edits: Sequence[Edit], base: int, waiting: Mapping[Place, Content]) -> None:
        self.reader = reader
        self.waiting = waiting
        self.base = base
        self.held: dict[Place, HeldEdits] = {}
        self.settled: set[Place] = set()
        self.doubles: dict[str, str] = {}
        self.more: list[Edit] = []
        self.created = {one.record.key[0] for one in edits if _creates(one)}
        self.edits = self._known(edits)
        self.present: Mapping[str, CI] = reader.by_uid(_named(self.edits))
        self.said = reader.said(self.present)
        self.rows = rows_of(reader, self.edits)

    def run(self) -> FittedRevision:
        """The result."""
        going: list[Edit] = []
        for edit in self.edits:
            going += self._claim(edit) if edit.record.kind == "claim" else self._other(edit)
        going = self._without_held_events(going)
        last: dict[str, list[Edit]] = {}
        for edit in going:
            owner = edit.record.key[0] if edit.record.kind in ("ci", "claim") else ""
            last.setdefault(owner, []).append(edit)
        found: list[Edit] = []
        for uid, its in last.items():
            found += its if uid in self.created else restated(its, self.said.get(uid, {}), self.rows)
        return FittedRevision(found + self.more, self.held, frozenset(self.settled), self.doubles)

    # -- records that are one ---------------------------------------------------------------------------------------

    def _known(self, edits: Sequence[Edit]) -> list[Edit]:
        """The edits with the ids of the records that those they name are now."""
        named = _named(edits) - self.created
        missing = named - self.reader.names(named).keys()
        into = dict(StoreLookup(self.reader).merged_into(sorted(missing))) if missing else {}
        if self.created:
            into |= self._same(edits)
            edits = self._numbered(edits)
        if not into:
            return list(edits)
        self.created -= into.keys()
        return [_renamed(edit, into) for edit in edits if not (_creates(edit) and edit.record.key[0] in into)]

    def _same(self, edits: Sequence[Edit]) -> dict[str, str]:
        """New records → the records of the estate that they are. The one with the lower id stays."""
        classes: dict[str, Any] = {one.record.key[0]: one.after for one in edits if _creates(one)}
        items = {uid for uid, its in classes.items() if self.reader.schema.root_of(str(its["class"])) == "ci"}
        items -= self.reader.names(items).keys()
        made = [one for one in edits if one.record.kind in ("ci", "claim") and one.record.key[0] in items]
        found: dict[str, str] = {}
        if not made:
            return found
        for uid, others in CreationCheck(self.reader, Revision(made, ""), self.base).pairs(WEAK).items():
            other = min(others)
            if other < uid:
                found[uid] = other
                alias = Record("alias", ("id", folded(uid), other))
                self.more.append(Edit(alias, "", None, {"spelling": uid}))
            else:
                self.doubles[uid] = other
        return found

    def _numbered(self, edits: Sequence[Edit]) -> list[Edit]:
        """New work whose number is given away already gets the next one; its old number still finds it."""
        numbers: dict[str, str] = {}
        for edit in edits:
            after: Any = edit.after
            is_new = edit.record.kind == "claim" and edit.record.key[0] in self.created and not edit.field
            if is_new and after and after.get("number"):
                numbers[str(after["number"][0])] = edit.record.key[0]
        taken = numbers_given(self.reader, numbers)
        if not taken:
            return list(edits)
        again = {numbers[one] for one in taken}
        for one in sorted(taken):
            alias = Record("alias", ("number", folded(one), numbers[one]))
            self.more.append(Edit(alias, "", None, {"spelling": one}))
        return [_without(edit, "number") if edit.record.key[0] in again else edit for edit in edits]

    # -- statements -------------------------------------------------------------------------------------------------

    def _claim(self, edit: Edit) -> Iterator[Edit]:
        """What goes in of what a source says."""
        uid, source = edit.record.key
        before: Any = {edit.field: edit.before} if edit.field else edit.before or {}
        after: Any = {edit.field: edit.after} if edit.field else edit.after or {}
        if uid in self.created:
            yield from self._of_new(edit, after)
            return
        if uid not in self.present:
            for name in dict.fromkeys((*before, *after)):
                one = Edit(edit.record, name, before.get(name), after.get(name))
                self._hold((uid, name), one, _first(one.before), _first(one.after), None, gone=True)
            return
        own = self.said.get(uid, {}).get(source, {})
        for name in dict.fromkeys((*before, *after)):
            one = Edit(edit.record, name, before.get(name), after.get(name))
            if name == LAST_SEEN or name.startswith(EVIDENCE) or source != PERSON:
                if _later(own.get(name), one.after):
                    yield one
            elif self._fits((uid, name), one, own.get(name)):
                yield one

    def _fits(self, place: Place, edit: Edit, present: Any) -> bool:
        """Whether a person's statement goes in; otherwise it is held, or says what stands already."""
        now, was, then = _first(present), _first(edit.before), _first(edit.after)
        missing = self._missing(place[1], then)
        if now == then and not missing:
            if place in self.waiting:
                self.settled.add(place)
            return False
        if place in self.waiting and then == self.waiting[place]:
            self.settled.add(place)  # It was taken back in the pack.
            return False
        if missing or place in self.waiting or now != was:
            self._hold(place, edit, was, then, now, gone=missing)
            return False
        return True

    def _of_new(self, edit: Edit, after: Mapping[str, Any]) -> Iterator[Edit]:
        """What a source says of a new record, without what names records that are gone or stays with its double."""
        uid = edit.record.key[0]
        missing = [name for name, pair in after.items() if self._missing(name, _first(pair))]
        for name in missing:
            one = Edit(edit.record, name, None, after[name])
            self._hold((uid, name), one, None, _first(after[name]), None, gone=True)
        left = {name: pair for name, pair in after.items() if name not in missing}
        if uid in self.doubles:
            unique = self.reader.schema.every_attribute
            left = {name: pair for name, pair in left.items() if name not in unique or not unique[name].unique}
        yield edit if len(left) == len(after) else Edit(edit.record, edit.field, edit.before, left)

    def _missing(self, name: str, value: Any) -> bool:
        """Whether a value names a record that is not in the estate."""
        if name not in self.reader.schema.reference_names or not isinstance(value, str):
            return False
        return value not in self.created and value not in self.present

    # -- records and what belongs to them ---------------------------------------------------------------------------

    def _other(self, edit: Edit) -> Iterator[Edit]:
        """What goes in of an edit of a record as a whole, or of one of another kind."""
        kind, key = edit.record
        if kind == "ci":
            yield from self._record(edit)
        elif kind in KIND_TABLES:
            gone = [uid for uid in _ends(edit) if uid not in self.created and uid not in self.present]
            place = (" ".join(key), f"{kind}.{edit.field}" if edit.field else kind)
            present = self.rows.get(edit.record)
            now: Any = present and (present.get(edit.field) if edit.field else dict(present))
            if gone and edit.after is not None:
                self._hold((gone[0], place[1]), edit, edit.before, edit.after, None, gone=True)
            elif kind in ("sighting", "section") or now == edit.before or now == edit.after:
                if now != edit.after and (present is not None or not edit.field):
                    yield edit
            else:
                self._hold(place, edit, edit.before, edit.after, now, gone=present is None)

    def _record(self, edit: Edit) -> Iterator[Edit]:
        uid = edit.record.key[0]
        if uid in self.created:
            yield edit
            return
        present = self.present.get(uid)
        if edit.field:
            if present is None or present.cls not in (edit.before, edit.after):
                now = present.cls if present else None
                self._hold((uid, edit.field), edit, edit.before, edit.after, now, gone=present is None)
            elif present.cls != edit.after:
                yield edit
        elif present is not None and self._changed(uid):
            self._hold((uid, ""), edit, edit.before, None, present.name)
        elif present is not None:
            yield edit

    def _changed(self, uid: str) -> bool:
        """Whether the estate has something else of a record than the pack did when it deleted it."""
        for edit in self.edits:
            if edit.record.kind == "claim" and edit.record.key == (uid, PERSON):
                before: Any = {edit.field: edit.before} if edit.field else edit.before or {}
                own = self.said[uid].get(PERSON, {})
                if any(_first(pair) != _first(own.get(name)) for name, pair in before.items() if name != LAST_SEEN):
                    return True
        return False

    def _without_held_events(self, going: list[Edit]) -> list[Edit]:
        """What happened to a field of which the value is held waits with it."""
        found: list[Edit] = []
        deleted = {place[0] for place in self.held if not place[1]}
        for edit in going:
            after: Any = edit.after
            place = (
                (str(after.get("record")), str(after.get("field"))) if edit.record.kind == "event" and after else None
            )
            if not edit.field and place is not None and place in self.held:
                self.held[place].edits.append(edit)
            elif edit.after is None and set(_named([edit])) & deleted:
                place = next((one, "") for one in deleted if one in _named([edit]))
                self.held[place].edits.append(edit)
            else:
                found.append(edit)
        return found

    def _hold(self, place: Place, edit: Edit, before: Any, after: Any, present: Any, *, gone: bool = False) -> None:
        one = self.held.setdefault(place, HeldEdits(before=before))
        one.edits.append(edit)
        one.after, one.present, one.gone = after, present, one.gone or gone


def _creates(edit: Edit) -> bool:
    return edit.record.kind == "ci" and not edit.field and edit.before is None


def _ends(edit: Edit) -> list[str]:
    """The records that an edit of another kind needs: those in its key, and the one that it belongs to."""
    kind = KIND_TABLES[edit.record.kind]
    key = edit.record.key
    found = [part for (_, refers), part in zip(kind.parts[-len(key) :], key, strict=False) if refers]
    whole: Any = (edit.after or edit.before) if not edit.field else {}
    found += [str(whole[kind.owner])] if kind.owner and whole.get(kind.owner) else []
    found += [str(value) for name, value in whole.items() if name in kind.fields and kind.fields[name].refers and value]
    return found


def _named(edits: Iterable[Edit]) -> set[str]:
    """All that may be ids of records in edits."""
    found: set[str] = set()
    for edit in edits:
        if edit.record.kind == "ci":
            found.add(edit.record.key[0])
        elif edit.record.kind == "claim":
            found.add(edit.record.key[0])
            for said in (edit.before, edit.after):
                own: Any = {edit.field: said} if edit.field else said or {}
                found.update(
                    pair[0] for pair in own.values() if pair and isinstance(pair[0], str) and len(pair[0]) == 36
                )
        else:
            found.update(_ends(edit))
    return found


def _renamed(edit: Edit, into: Mapping[str, str]) -> Edit:
    def _now(value: Any) -> Any:
        if isinstance(value, str):
            return into.get(value, value)
        if isinstance(value, Mapping):
            return {name: _now(one) for name, one in value.items()}
        return [_now(one) for one in value] if isinstance(value, list | tuple) else value

    key = tuple(into.get(part, part) for part in edit.record.key)
    return Edit(Record(edit.record.kind, key), edit.field, _now(edit.before), _now(edit.after))


def _without(edit: Edit, name: str) -> Edit:
    after: Any = edit.after
    if edit.record.kind != "claim" or edit.field or not after:
        return edit
    return Edit(edit.record, "", edit.before, {one: pair for one, pair in after.items() if one != name})


def _first(pair: Any) -> Any:
    return pair[0] if pair else None


def _later(present: Any, after: Any) -> bool:
    """Whether what a source said in the pack is later than what it says now."""
    return not present or not after or (str(after[1]) >= str(present[1]) and list(after) != list(present))
