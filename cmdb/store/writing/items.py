"""Applies edits of CIs and of the claims about them: takes statements, writes effective values and rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from cmdb.model.claims import effective, source_text
from cmdb.model.errors import Conflict, InvalidValue, NotFound
from cmdb.model.messages import Message, tr
from cmdb.model.revision import Edit, Revision
from cmdb.model.schema import Schema
from cmdb.store.rows import tables
from cmdb.store.rows.codec import EVIDENCE, IN_CHUNK, Codec, Identities, Said, chunks, dump
from cmdb.store.rows.derived_rows import DerivedRows
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.item_rows import item_rows
from cmdb.store.rows.journal import Journal
from cmdb.store.rows.outvoted_rows import OutvotedRows, outvoted
from cmdb.store.rows.record_names import called
from cmdb.store.rows.roots import ROOTS, Root, root_of
from cmdb.store.rows.statement_checks import Checker
from cmdb.store.rows.stored_statements import pack, unpack
from cmdb.store.writing.hierarchies import HierarchyRules
from cmdb.store.writing.new_items import NewItems
from cmdb.store.writing.phases import PhaseRules
from cmdb.store.writing.uniqueness import RevisionUniqueness
from cmdb.store.writing.work_rules import WorkRules


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


class CIWriter:
    """Applies the CI and claim edits of one revision, chunk by chunk, in one transaction."""

    def __init__(
        self,
        connection: Connection,
        schema: Schema,
        codec: Codec,
        ids: Identities,
        journal: Journal,
        revision: Revision,
        once_searched: frozenset[str] = frozenset(),
    ) -> None:
        self.connection = connection
        self.schema = schema
        self.codec = codec
        self.ids = ids
        self.journal = journal
        self.revision = revision
        self.created: set[str] = set()
        self.updated: set[str] = set()
        self.fields: set[str] = set()
        self.of_classes: set[str] = set()
        """The classes of what was created and updated, of what is of another class now the one before, too."""
        self.unique = RevisionUniqueness(connection, schema, journal.number, ids.inner)
        self.hierarchies = HierarchyRules(connection, schema)
        bound = not (revision.undoes or revision.stepwise)
        self._phases = PhaseRules(schema, bound=bound)
        self.work = WorkRules(connection, schema, bound=bound)
        self._derived = {root.name: DerivedRows(connection, codec.of(root), ids, once_searched) for root in ROOTS}
        self._outvoted = OutvotedRows(connection, ids)
        self.classes: dict[str, str] = {}
        """The class of the CIs that the revision creates, and of those it refers to."""
        self._checkers: dict[str, Checker] = {}

    def apply(self, edits: Mapping[str, list[Edit]]) -> None:
        """Applies edits grouped by CI id. Deletions are not among them. Raises Conflict, InvalidValue, NotFound."""
        plain = [its[0] for its in edits.values() if len(its) == 1 and _creates(its)]
        self._create(plain)
        rest = edits if not plain else {u: its for u, its in edits.items() if len(its) > 1 or not _creates(its)}
        if not rest:
            return
        existing = [uid for uid in rest if uid not in self.created and not _creates(rest[uid])]
        states = self.load(existing)
        for uid, its in rest.items():
            state = states.get(uid)
            if state is None:
                state = states[uid] = self._make(uid, its)
            for edit in its:
                self._take(state, edit)
        self.write(states.values())

    def load(self, uids: Iterable[str]) -> dict[str, CIState]:
        """The present state of CIs with all claims about them. Raises NotFound."""
        wanted = list(uids)
        states: dict[str, CIState] = {}
        for batch in chunks(wanted, IN_CHUNK):
            by_id: dict[int, CIState] = {}
            for root in ROOTS:
                known = {state.uid for state in by_id.values()}
                if missing := [uid for uid in batch if uid not in known]:
                    by_id.update((state.id, state) for state in self._load(root, missing))
            states.update((state.uid, state) for state in by_id.values())
            claims = select(tables.claim.c.ci, tables.claim.c.source, tables.claim.c.said)
            for inner, source, said in self.connection.execute(claims.where(in_values(tables.claim.c.ci, by_id))).all():
                by_id[inner].said[source] = unpack(said)
        for uid in wanted:
            if uid not in states:
                raise NotFound(
                    Message(
                        "There is no record {record}: it may have been deleted meanwhile.",
                        record=called(self.connection, uid),
                    )
                )
        for state in states.values():
            state.stored = frozenset(state.said)
        return states

    def _load(self, root: Root, uids: list[str]) -> Iterator[CIState]:
        """The values of those records that are of a root."""
        codec = self.codec.of(root)
        columns = [root.table.c[name] for name in root.row]
        rows = self.connection.execute(select(*columns).where(in_values(root.table.c.uid, uids))).all()
        self.ids.want_outer(codec.reference_ids(rows))
        for row in rows:
            self.ids.add(row.uid, row.id)
            yield CIState(row.id, row.uid, row[2], codec.decode(row, self.ids.outer), {})

    def _create(self, edits: Sequence[Edit]) -> None:
        """Writes new records that are described by one edit each, as nearly all rows of an import are."""
        by_class: dict[str, list[Edit]] = {}
        for edit in edits:
            whole: Any = edit.after
            by_class.setdefault(whole.get("class", ""), []).append(edit)
        made = []
        for cls, its in by_class.items():
            checker = self._checker(cls)
            made.append(NewItems.of(cls, its, checker, self.work))
            made[-1].check(checker, self._phases, self.work)
        self._resolve(reference for new in made for reference in new.references(self._checker(new.cls)))
        for new in made:
            self._insert(new)
        self._write_derived()

    def _insert(self, new: NewItems) -> None:
        """Writes the rows of new records of one class, whose references are known."""
        ids, number = self.ids.inner, self.journal.number
        inner = [ids[uid] for uid in new.uids]
        root = root_of(inner[0])
        derived = self._derived[root.name]
        names, rows = item_rows(root, inner, new.uids, new.cls, new.columns, ids, number)
        self.journal.insert(root.table, names, rows)
        claims = new.claims(inner, self.revision.source, self.revision.time, number)
        self.journal.insert(tables.claim, _CLAIM_COLUMNS, claims)
        derived.made_columns(inner, new.columns)
        derived.add_evidence(new.evidenced(inner))
        self.unique.note_columns(new.cls, new.columns)
        self.hierarchies.note_columns(inner, new.cls, new.columns, ids)
        self.fields.update(name for name, column in new.columns.items() if column.count(None) < len(column))
        self.of_classes.add(new.cls)
        self.created.update(new.uids)

    # -- taking edits -----------------------------------------------------------------------------------------------

    def _make(self, uid: str, edits: list[Edit]) -> CIState:
        first = edits[0]
        if first.record.kind != "ci" or first.field or first.before is not None:
            record = called(self.connection, uid)
            raise Conflict(Message("The record {record} is edited before it is created.", record=record))
        whole: Any = first.after
        cls = whole.get("class", "")
        self._checker(cls)
        self.created.add(uid)
        return CIState(self.ids.inner[uid], uid, cls, {}, {}, new=True)

    def _take(self, state: CIState, edit: Edit) -> None:
        if edit.record.kind == "claim":
            self._take_claim(state, edit)
        elif not edit.field:
            if not state.new or state.said:
                record = state.values.get("name") or called(self.connection, state.uid)
                raise Conflict(Message("The record {record} exists already.", record=record))
            whole: Any = edit.after
            own = {a: [v, self.revision.time] for a, v in whole.items() if a != "class"}
            self._checker(state.cls).check_names(own)
            if own:
                state.said[self.revision.source] = own
                state.changed.add(self.revision.source)
        elif edit.field == "class":
            if state.cls != edit.before:
                raise self._conflict(state, "class", tr("Class"), edit.before, state.cls)
            cls = str(edit.after)
            if cls in self.schema.classes and self.schema.root_of(cls) != root_of(state.id).name:
                name = state.values.get("name", state.uid)
                label = self.schema.cls(cls).label
                raise InvalidValue(Message("{name} cannot become a record of class {cls}.", name=name, cls=label))
            self._checker(cls)
            self.of_classes.add(state.cls)
            state.cls, state.cls_changed = cls, True
        else:
            self._take_value(state, edit)

    def _take_value(self, state: CIState, edit: Edit) -> None:
        present = (
            effective(self.schema, state.cls, state.said).get(edit.field)
            if state.changed
            else state.values.get(edit.field)
        )
        if present != edit.before:
            label = self.schema.attribute(state.cls, edit.field).label
            raise self._conflict(state, edit.field, label, edit.before, present)
        self._checker(state.cls).check_names((edit.field,))
        source = self.revision.source
        own = state.said.setdefault(source, {})
        others = any(edit.field in said for name, said in state.said.items() if name != source)
        if edit.after is None and not others:
            own.pop(edit.field, None)
        else:
            own[edit.field] = [edit.after, self.revision.time]
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
        for name in after.keys() - self.codec.types.keys():
            if not name.startswith(EVIDENCE):
                raise InvalidValue(Message("No class has an attribute “{name}”.", name=name))
        own.update(after if None not in after.values() else {n: pair for n, pair in after.items() if pair is not None})
        state.referring.update((source, name) for name in self.codec.references & after.keys())
        state.changed.add(source)

    def _label(self, attribute: str) -> str:
        found = self.schema.every_attribute.get(attribute)
        return attribute if found is None else found.label

    def _conflict(self, state: CIState, attribute: str, label: str, expected: Any, present: Any) -> Conflict:
        """What is said where a value is not what the edit saw; what an attribute refers to is named."""
        if self.codec.types.get(attribute) == "reference":
            expected, present = (v and called(self.connection, v) for v in (expected, present))
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

    # -- writing ----------------------------------------------------------------------------------------------------

    def write(self, states: Iterable[CIState]) -> None:
        """Writes what changed in the states: claims, effective values, search and look-up rows."""
        changed = [s for s in states if s.changed or s.new or s.cls_changed]
        self._void([s for s in changed if not s.new])
        for state in changed:
            if state.cls in self.work.governed:
                self._complete(state)
        outcomes = [(s, self._outcome(s)) for s in changed]
        differing = [_differing(state.values, values) for state, values in outcomes]
        self._resolve((state.cls, values, names) for (state, values), names in zip(outcomes, differing, strict=True))
        inserts: dict[Root, list[tuple[Any, ...]]] = defaultdict(list)
        updates: dict[tuple[Root, tuple[str, ...]], list[tuple[Any, ...]]] = defaultdict(list)
        for (state, values), names in zip(outcomes, differing, strict=True):
            if not (names or state.new or state.cls_changed):
                continue
            root = root_of(state.id)
            codec = self.codec.of(root)
            row = codec.encode(state.id, state.uid, state.cls, values, self.ids.inner, self.journal.number)
            if state.new:
                inserts[root].append(row)
                self._derived[root.name].made(state.id, values)
            else:
                columns = _columns(root, names, state.cls_changed)
                updates[root, columns].append((*(row[root.place[c]] for c in columns), state.id))
                self._derived[root.name].changed(state.id, values, names)
                self.updated.add(state.uid)
            new = None if state.cls_changed or state.new else names
            self.unique.note(state.cls, values, new)
            self.hierarchies.note(state.id, state.cls, values, self.ids.inner, new)
            self.fields |= names
            self.of_classes.add(state.cls)
            if state.cls_changed and not state.new:
                self.fields.add("class")
        for root, rows in inserts.items():
            self.journal.insert(root.table, root.row, rows)
        for (root, columns), rows in updates.items():
            self.journal.supersede(root.table, root.past, [(r[-1],) for r in rows])
            self.journal.update(root.table, columns, rows)
        self._write_claims(changed)
        self._outvoted.write(self._disputed(outcomes))
        self._write_derived()
        for state, values in outcomes:
            state.values, state.new, state.cls_changed = values, False, False
            state.changed, state.referring = set(), set()
            state.stored = frozenset(s for s, said in state.said.items() if said)

    def _disputed(self, outcomes: Iterable[tuple[CIState, Mapping[str, Any]]]) -> dict[int, list[tuple[str, str, str]]]:
        """What is outvoted of the references of those records of which several sources speak, or spoke."""
        return {
            state.id: outvoted(state.said, self._checker(state.cls).references, values)
            for state, values in outcomes
            if len(state.said) > 1 or len(state.stored) > 1
        }

    def _write_derived(self) -> None:
        for derived in self._derived.values():
            derived.write()

    def _complete(self, state: CIState) -> None:
        """States what new work lacks, and what follows from another state, in the name of the revision's source."""
        present: dict[str, Any] = dict(effective(self.schema, state.cls, state.said))
        if state.new:
            known = set(present)
            self.work.complete(state.cls, present)
            added = {name: present[name] for name in present.keys() - known}
        else:
            added = self.work.follow(state.cls, state.values, present, self.revision.time)
        if added:
            own = state.said.setdefault(self.revision.source, {})
            own.update({name: [value, self.revision.time] for name, value in added.items()})
            state.changed.add(self.revision.source)

    def _void(self, states: Iterable[CIState]) -> None:
        """Takes out of claims what names records that do not exist, where the class has such an attribute.

        Older programs left such claims behind; those about attributes that a class lacks come to light with the class.
        """
        named: dict[str, list[tuple[CIState, str, str]]] = defaultdict(list)
        for state in states:
            for source, own in state.said.items():
                for name in self._checker(state.cls).references:
                    uid = own[name][0] if name in own else None
                    if uid is not None and uid not in self.ids.inner and (source, name) not in state.referring:
                        named[uid].append((state, source, name))
        self.ids.want_inner(named)
        for uid in named.keys() - self.ids.inner.keys():
            for state, source, name in named[uid]:
                del state.said[source][name]
                state.changed.add(source)

    def _outcome(self, state: CIState) -> dict[str, Any]:
        checker = self._checker(state.cls)
        values = effective(self.schema, state.cls, state.said)
        if state.new or state.cls_changed:
            checker.check(values)
        else:
            checker.check({name: values[name] for name in _differing(state.values, values) if name in values})
        checker.check_complete(values)
        self._phases.check(state.cls, None if state.new else state.values.get("status"), values)
        self.work.check(state.cls, None if state.new else state.values, values)
        return values

    def _resolve(self, written: Iterable[tuple[str, Mapping[str, Any], Collection[str]]]) -> None:
        """Finds the inner ids of all targets of (class, values, new names).

        Raises InvalidValue for a new reference to a missing record, or to a record of a class that the attribute does
        not allow.
        """
        wanted: set[str] = set()
        fresh: dict[tuple[str, tuple[str, ...]], str] = {}
        for cls, values, names in written:
            checker = self._checker(cls)
            for name in checker.references:
                if name in values:
                    wanted.add(values[name])
                    if name in names:
                        fresh[values[name], checker.targets[name]] = checker.attributes[name].label
        self.ids.want_inner(wanted)
        self._want_classes(uid for uid, _ in fresh)
        for (uid, targets), label in fresh.items():
            if uid not in self.ids.inner:
                raise InvalidValue(
                    Message(
                        "{attribute} refers to {record}, which does not exist.",
                        attribute=label,
                        record=called(self.connection, uid),
                    )
                )
            cls = self.classes[uid]
            if not any(self.schema.is_a(cls, target) for target in targets):
                known = self.schema.cls(cls).label if cls in self.schema.classes else cls
                raise InvalidValue(
                    Message(
                        "{attribute} refers to {name} of class {cls}; it takes a record of class {wanted}.",
                        attribute=label,
                        name=self._name(uid),
                        cls=known,
                        wanted=tuple(self.schema.cls(target).label for target in targets),
                    )
                )

    def _want_classes(self, uids: Iterable[str]) -> None:
        wanted = set(uids)
        for root in ROOTS:
            c = root.table.c
            for batch in chunks([uid for uid in wanted if uid not in self.classes], IN_CHUNK):
                statement = select(c.uid, c["class"]).where(in_values(c.uid, batch))
                self.classes.update((row[0], row[1]) for row in self.connection.execute(statement))

    def _name(self, uid: str) -> str | Message:
        """What a record is called that is there, or that the revision creates."""
        for edit in self.revision.edits if uid in self.created else ():
            if edit.record.key == (uid,) and not edit.field and isinstance(edit.after, Mapping):
                return str(edit.after.get("name", uid))
        return called(self.connection, uid)

    def _write_claims(self, states: Iterable[CIState]) -> None:
        inserts: list[tuple[Any, ...]] = []
        updates: list[tuple[Any, ...]] = []
        deletes: list[tuple[Any, ...]] = []
        for state in states:
            touched = False
            for source in state.changed:
                said = state.said[source]
                touched = touched or source in state.stored or EVIDENCE in "".join(said)
                if not said:
                    if source in state.stored:
                        deletes.append((state.id, source))
                elif source in state.stored:
                    updates.append((pack(said), state.id, source))
                else:
                    inserts.append((state.id, source, pack(said), self.journal.number))
            if touched:
                known = [{name: pair[0] for name, pair in own.items()} for own in state.said.values()]
                self._derived[root_of(state.id).name].evidence(state.id, known, new=state.new)
        self.journal.insert(tables.claim, _CLAIM_COLUMNS, inserts)
        self.journal.supersede(tables.claim, tables.claim_version, [r[1:] for r in updates])
        self.journal.update(tables.claim, ("said",), updates)
        self.journal.delete(tables.claim, tables.claim_version, deletes)

    def _checker(self, cls: str) -> Checker:
        found = self._checkers.get(cls)
        if found is None:
            found = self._checkers[cls] = Checker(self.schema, cls, clean=not self.revision.undoes)
        return found


_CLAIM_COLUMNS = ("ci", "source", "said", "revision")


def _columns(root: Root, names: set[str], cls_changed: bool) -> tuple[str, ...]:
    """The columns that change with attributes, those that follow from them included."""
    columns = sorted(n for n in names if n in root.columns)
    extra = len(columns) < len(names)
    if "name" in names:
        columns.append("name_key")
    if "due" in names and "sort_due" in root.derived:
        columns.append("sort_due")
    if extra:
        columns.append("extra")
    if cls_changed:
        columns.append("class")
    return tuple(columns)


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """The attributes with another value. Yes is not the number 1: ``is_same``, written out, as each write asks it."""
    return {
        name
        for name in after.keys() | before.keys()
        if (new := after.get(name)) != (old := before.get(name))
        or (new.__class__ is bool) is not (old.__class__ is bool)
    }


def _creates(edits: list[Edit]) -> bool:
    return edits[0].record.kind == "ci" and not edits[0].field and edits[0].before is None


def _quoted(value: Any) -> Message | str:
    if value is None:
        return Message("empty")
    if isinstance(value, Message | str):
        return Message("“{value}”", value=value)
    return dump(value).decode()
