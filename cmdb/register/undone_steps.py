"""Keeps an undo from closing a circle: what was in a room may contain that room by now.

A field whose earlier value would close a circle keeps its present value, and the undo says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from cmdb.model.applied_revision import UndoConflict
from cmdb.model.circles import circles, in_circles, steps_to_be
from cmdb.model.claims import Statement, effective
from cmdb.model.hierarchies import refusal, steps_of
from cmdb.model.messages import Message
from cmdb.model.revision import Edit
from cmdb.store.reading.reader import Reader

_Said = Mapping[str, Mapping[str, Mapping[str, Statement]]]
_Above = dict[str, set[str]]


class _Step(NamedTuple):
    """A step upward that an undo would make: by an attribute, or by a relationship ("")."""

    hierarchy: str
    record: str
    target: str
    attribute: str


class UndoneSteps:
    """The steps of hierarchies that the edits of an inverse would make.

    ``present``: the items that exist (id → class and name); ``becoming``: the class of those that the inverse restores,
    or gives another class; ``claims``: what is said of the present ones.
    """

    def __init__(
        self, reader: Reader, present: Mapping[str, tuple[str, str]], becoming: Mapping[str, str], claims: _Said
    ) -> None:
        self._reader = reader
        self._known = reader.schema.hierarchies
        self._of_type = {kind: name for name, one in self._known.items() for kind in one.types}
        self._present = present
        self._becoming = becoming
        self._claims = claims
        self.kept: list[UndoConflict] = []

    def without_circles(self, edits: list[Edit]) -> list[Edit]:
        """The edits without those that would close a circle; ``kept`` lists these."""
        while edits:
            closing = self._closing(edits)
            left = _without(edits, {(s.record, s.attribute) for s in closing if s.attribute}, _links(closing))
            if not closing or left == edits:
                break
            edits = left
        return edits

    def _closing(self, edits: list[Edit]) -> list[_Step]:
        """The steps of circles that are left out: of items that are there, otherwise of those that are restored."""
        leaving: dict[str, _Above] = {}
        new: dict[str, list[_Step]] = {}
        for one in self._steps(edits, leaving):
            new.setdefault(one.hierarchy, []).append(one)
        found: list[_Step] = []
        for hierarchy, steps in new.items():
            upward = [(step.record, step.target) for step in steps]
            above = steps_to_be(upward, leaving.get(hierarchy, {}), partial(self._reader.above, hierarchy))
            pairs = [(one, target) for one, target in upward if one in above and target in above]
            closing = set(in_circles(above, pairs))
            mine = [s for s in steps if (s.record, s.target) in closing]
            there = [s for s in mine if s.record in self._present]
            for one in there or mine:
                found.append(one)
                self._keep(one, above)
        return found

    def _steps(self, edits: list[Edit], leaving: dict[str, _Above]) -> Iterator[_Step]:
        """The steps that are new after the edits. ``leaving`` gets the present ones that they replace."""
        said: dict[str, dict[str, dict[str, Any]]] = {}
        classes = self._reader.schema.classes  # a class that comes back with the undo has no steps before
        touched = {e.record.key[0] for e in edits if self._touches(e) and self._class(e.record.key[0]) in classes}
        for edit in edits:
            kind, key = edit.record
            if kind == "claim" and key[0] in touched:
                if key[0] not in said:
                    said[key[0]] = {source: dict(own) for source, own in self._claims.get(key[0], {}).items()}
                _take(said[key[0]].setdefault(key[1], {}), edit)
            elif kind == "relationship" and key[0] in self._of_type and not edit.field:
                if edit.after is not None:
                    yield _Step(self._of_type[key[0]], key[1], key[2], "")
                else:
                    leaving.setdefault(self._of_type[key[0]], {}).setdefault(key[1], set()).add(key[2])
        present = self._reader.by_uid(touched & self._present.keys())
        other = self._reader.said(present.keys() - said.keys() - self._claims.keys())
        for uid in sorted(touched):
            now = present[uid].values if uid in present else {}
            of_class = self._class(uid)
            after = effective(
                self._reader.schema, of_class, said.get(uid) or self._claims.get(uid) or other.get(uid, {})
            )
            before = dict(steps_of(self._known, present[uid].cls)) if uid in present else {}
            for attribute, hierarchy in steps_of(self._known, of_class):
                was = now.get(attribute) if attribute in before else None
                if was == after.get(attribute):
                    continue
                if was is not None:
                    leaving.setdefault(hierarchy, {}).setdefault(uid, set()).add(str(was))
                if after.get(attribute) is not None:
                    yield _Step(hierarchy, uid, str(after[attribute]), attribute)

    def _touches(self, edit: Edit) -> bool:
        """Whether an edit may make a step by an attribute."""
        if edit.record.kind == "ci":
            return edit.field == "class"
        if edit.record.kind != "claim":
            return False
        own = {attribute for attribute, _ in steps_of(self._known, self._class(edit.record.key[0]))}
        names: Any = (edit.field,) if edit.field else edit.after or ()
        return not own.isdisjoint(names)

    def _class(self, uid: str) -> str:
        return self._becoming.get(uid) or self._present[uid][0]

    def _keep(self, step: _Step, above: _Above) -> None:
        circle = circles(above, [(step.record, step.target)])[0]
        names = {**self._reader.last_names(circle), **{u: n for u, n in self._present.items() if u in circle}}
        why = refusal(step.hierarchy, [names[uid][1] if uid in names else uid for uid in circle])
        value = None
        if step.attribute and step.record in self._present:
            value = self._reader.get(step.record).values.get(step.attribute)
        message = Message("{problem} So it stays as it is.", problem=why)
        name = names[step.record][1] if step.record in names else ""
        self.kept.append(UndoConflict(step.record, name, step.attribute or "relationship", value, message))


def _take(own: dict[str, Any], edit: Edit) -> None:
    """Takes an edit of a claim into what a source says."""
    after: Any = {edit.field: edit.after} if edit.field else edit.after or {}
    before: Any = {edit.field: edit.before} if edit.field else edit.before or {}
    for name in before:
        own.pop(name, None)
    own.update({name: pair for name, pair in after.items() if pair is not None})


def _links(closing: list[_Step]) -> set[tuple[str, str]]:
    return {(s.record, s.target) for s in closing if not s.attribute}


def _without(edits: list[Edit], fields: set[tuple[str, str]], links: set[tuple[str, str]]) -> list[Edit]:
    """The edits without those of some fields of items, and without some new relationships."""
    found = []
    for edit in edits:
        kind, key = edit.record
        if kind == "claim" and edit.field and (key[0], edit.field) in fields:
            continue
        if kind == "claim" and not edit.field and isinstance(edit.after, Mapping):
            after = {name: pair for name, pair in edit.after.items() if (key[0], name) not in fields}
            if len(after) < len(edit.after):
                edit = edit._replace(after=after)
        if kind == "relationship" and not edit.field and edit.before is None and key[1:] in links:
            continue
        found.append(edit)
    return found
