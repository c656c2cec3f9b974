"""The state of records while a revision is applied, and how edits change what sources say of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from cmdb.model.claims import Statement, effective, source_text
from cmdb.model.errors import Conflict, InvalidValue
from cmdb.model.messages import Message, tr
from cmdb.model.revision import Edit, Revision
from cmdb.model.schema import Schema
from cmdb.store.rows.codec import EVIDENCE, Codec, Identities, Said, dump
from cmdb.store.rows.record_names import called
from cmdb.store.rows.roots import root_of
from cmdb.store.rows.statement_checks import Checkers


@dataclass(slots=True)
class CIState:
    """One CI while a revision is applied: its values, its statements by source, and the changes."""

    id: int
    uid: str
    cls: str
    values: dict[str, Any]
    said: Said
    new: bool = False
    cls_changed: bool = False
    changed: set[str] = field(default_factory=set)
    """Sources whose statements change."""
    stored: frozenset[str] = frozenset()
    """Sources whose statements are stored."""
    referring: set[tuple[str, str]] = field(default_factory=set)
    """The references that the revision itself states: source and attribute."""
    derived: bool = False
    """Whether other values follow from what sources say, as another order of sources counts."""

    def keep(self, words: Mapping[tuple[str, str], Statement | None]) -> None:
        """Takes in what ``kept_words`` found."""
        for (source, name), statement in words.items():
            own = self.said.setdefault(source, {})
            own.pop(name, None)
            if statement is not None:
                own[name] = list(statement)
            self.changed.add(source)


class StateEdits:
    """Takes the edits of one revision into the states of records; each is checked against what it saw."""

    def __init__(
        self, connection: Connection, schema: Schema, codec: Codec, ids: Identities, revision: Revision,
        checkers: Checkers,
    ) -> None:  # fmt: skip
        self._connection, self._schema, self._codec, self._ids = connection, schema, codec, ids
        self._revision, self._checkers = revision, checkers

    def begin(self, uid: str, edits: list[Edit]) -> CIState:
        """The state of a new record. Raises Conflict where it is edited before it is created."""
        first = edits[0]
        if first.record.kind != "ci" or first.field or first.before is not None:
            record = called(self._connection, uid)
            raise Conflict(Message("The record {record} is edited before it is created.", record=record))
        whole: Any = first.after
        cls = whole.get("class", "")
        self._checkers.of(cls)
        return CIState(self._ids.inner[uid], uid, cls, {}, {}, new=True)

    def take(self, state: CIState, edit: Edit) -> None:
        """Takes one edit of the record, or of what a source says of it. Raises Conflict, InvalidValue."""
        if edit.record.kind == "claim":
            self._take_claim(state, edit)
        elif not edit.field:
            if not state.new or state.said:
                record = state.values.get("name") or called(self._connection, state.uid)
                raise Conflict(Message("The record {record} exists already.", record=record))
            whole: Any = edit.after
            own = {a: [v, self._revision.time] for a, v in whole.items() if a != "class"}
            self._checkers.of(state.cls).check_names(own)
            if own:
                state.said[self._revision.source] = own
                state.changed.add(self._revision.source)
        elif edit.field == "class":
            if state.cls != edit.before:
                raise self._conflict(state, "class", tr("Class"), edit.before, state.cls)
            cls = str(edit.after)
            if cls in self._schema.classes and self._schema.root_of(cls) != root_of(state.id).name:
                name = state.values.get("name", state.uid)
                label = self._schema.cls(cls).label
                raise InvalidValue(Message("{name} cannot become a record of class {cls}.", name=name, cls=label))
            self._checkers.of(cls)
            state.cls, state.cls_changed = cls, True
        else:
            self._take_value(state, edit)

    def _take_value(self, state: CIState, edit: Edit) -> None:
        present = (
            effective(self._schema, state.cls, state.said).get(edit.field)
            if state.changed
            else state.values.get(edit.field)
        )
        if present != edit.before:
            label = self._schema.attribute(state.cls, edit.field).label
            raise self._conflict(state, edit.field, label, edit.before, present)
        self._checkers.of(state.cls).check_names((edit.field,))
        source = self._revision.source
        own = state.said.setdefault(source, {})
        others = any(edit.field in said for name, said in state.said.items() if name != source)
        if edit.after is None and not others:
            own.pop(edit.field, None)
        else:
            own[edit.field] = [edit.after, self._revision.time]
            state.referring.add((source, edit.field))
        state.changed.add(source)

    def _take_claim(self, state: CIState, edit: Edit) -> None:
        source = edit.record.key[1]
        own = state.said.setdefault(source, {})
        before: Any = {edit.field: edit.before} if edit.field else edit.before
        after: Any = {edit.field: edit.after} if edit.field else edit.after
        if not edit.field and edit.before is None and own:
            raise Conflict(
                Message(
                    "{source} has stated something about {name} meanwhile.",
                    source=source_text(source),
                    name=state.values.get("name", state.uid),
                ),
                record=state.uid,
            )
        for name, pair in (before or {}).items():
            present = own.get(name)
            if (present and list(present)) != (pair and list(pair)):
                label = f"{self._label(name)} ({source_text(source)})"
                raise self._conflict(state, name, label, pair and pair[0], present and present[0])
            own.pop(name, None)
        after = after or {}
        for name in after.keys() - self._codec.types.keys():
            if not name.startswith(EVIDENCE):
                raise InvalidValue(Message("No class has an attribute “{name}”.", name=name))
        own.update(after if None not in after.values() else {n: pair for n, pair in after.items() if pair is not None})
        state.referring.update((source, name) for name in self._codec.references & after.keys())
        state.changed.add(source)

    def _label(self, attribute: str) -> str:
        found = self._schema.every_attribute.get(attribute)
        return attribute if found is None else found.label

    def _conflict(self, state: CIState, attribute: str, label: str, expected: Any, present: Any) -> Conflict:
        """What is said where a value is not what the edit saw; what an attribute refers to is named."""
        if self._codec.types.get(attribute) == "reference":
            expected, present = (v and called(self._connection, v) for v in (expected, present))
        name = state.values.get("name", state.uid)
        return Conflict(
            Message(
                "{name} was changed meanwhile: {label} is {present}, not {expected} as expected.",
                name=name,
                label=label,
                present=_quoted(present),
                expected=_quoted(expected),
            ),
            record=state.uid,
        )


def _quoted(value: Any) -> Message | str:
    if value is None:
        return Message("empty")
    if isinstance(value, Message | str):
        return Message("“{value}”", value=value)
    return dump(value).decode()
