"""Applies edits of CIs and of the claims about them: writes effective values and rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from cmdb.model.claims import differing_orders, effective, kept_words
from cmdb.model.control import Control
from cmdb.model.errors import NotFound
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Revision
from cmdb.model.schema import Schema
from cmdb.store.rows import tables
from cmdb.store.rows.codec import EVIDENCE, IN_CHUNK, Codec, Identities, chunks
from cmdb.store.rows.derived_rows import DerivedRows
from cmdb.store.rows.disputed_records import disputed_records
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.item_rows import item_rows
from cmdb.store.rows.journal import Journal
from cmdb.store.rows.outvoted_rows import OutvotedRows, outvoted
from cmdb.store.rows.record_names import called
from cmdb.store.rows.roots import ROOTS, Root, root_of
from cmdb.store.rows.statement_checks import Checkers
from cmdb.store.rows.stored_statements import pack, unpack
from cmdb.store.writing.hierarchies import HierarchyRules
from cmdb.store.writing.item_references import ItemReferences
from cmdb.store.writing.item_states import CIState, StateEdits
from cmdb.store.writing.new_items import NewItems
from cmdb.store.writing.phases import PhaseRules
from cmdb.store.writing.uniqueness import RevisionUniqueness
from cmdb.store.writing.work_rules import WorkRules


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
        self._checkers = Checkers(schema, clean=not revision.undoes)
        self._edits = StateEdits(connection, schema, codec, ids, revision, self._checkers)
        self._references = ItemReferences(connection, schema, ids, revision, self._checkers, self.classes, self.created)

    def apply(self, edits: Mapping[str, list[Edit]]) -> None:
        """Applies edits grouped by CI id. Deletions are not among them. Raises Conflict, InvalidValue, NotFound."""
        plain = {uid: its[0] for uid, its in edits.items() if self._is_plain(its)}
        self._create(list(plain.values()))
        rest = edits if not plain else {uid: its for uid, its in edits.items() if uid not in plain}
        if not rest:
            return
        existing = [uid for uid in rest if uid not in self.created and not _creates(rest[uid])]
        states = self.load(existing)
        for uid, its in rest.items():
            state = states.get(uid)
            if state is None:
                state = states[uid] = self._edits.begin(uid, its)
                self.created.add(uid)
            before = state.cls
            for edit in its:
                self._edits.take(state, edit)
            if state.cls_changed:
                self.of_classes.add(before)
        self.write(states.values())

    def _is_plain(self, edits: list[Edit]) -> bool:
        """Whether edits are one that creates a record with all of its values: nothing that they say is held."""
        if len(edits) > 1 or not _creates(edits):
            return False
        whole: Any = edits[0].after
        orders = self.schema.source_orders(whole.get("class", ""))
        return not (orders.holds and orders.held(self.revision.source, whole))

    def derive_again(self, before: Schema, leaving: Collection[str], control: Control) -> None:
        """Derives values from what sources say anew, where the schema has another order of sources than ``before``.

        What stands by the word of a source that becomes held is kept. ``leaving`` are records that go.
        """
        back = bool(self.revision.undoes)  # its own edits say what was kept before
        orders = differing_orders(before, self.schema)
        for uids in disputed_records(self.connection, before, self.schema, orders):
            control.check()
            states = self.load(uid for uid in uids if uid not in leaving)
            for state in states.values():
                differing = orders[state.cls]
                kept = {} if back else kept_words(before, self.schema, state.cls, state.said, differing)
                state.keep(kept)
                values = effective(self.schema, state.cls, state.said)
                state.derived = bool(kept) or any(values.get(name) != state.values.get(name) for name in differing)
            self.write(state for state in states.values() if state.derived)

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
            checker = self._checkers.of(cls)
            made.append(NewItems.of(cls, its, checker, self.work))
            made[-1].check(checker, self._phases, self.work)
        self._references.resolve(reference for new in made for reference in new.references(self._checkers.of(new.cls)))
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

    # -- writing ----------------------------------------------------------------------------------------------------

    def write(self, states: Iterable[CIState]) -> None:
        """Writes what changed in the states: claims, effective values, search and look-up rows."""
        changed = [s for s in states if s.changed or s.new or s.cls_changed or s.derived]
        self._void([s for s in changed if not s.new])
        for state in changed:
            if state.cls in self.work.governed and not state.derived:
                self._complete(state)
        outcomes = [(s, self._outcome(s)) for s in changed]
        differing = [_differing(state.values, values) for state, values in outcomes]
        self._references.resolve(
            (state.cls, values, names) for (state, values), names in zip(outcomes, differing, strict=True)
        )
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
            state.changed, state.referring, state.derived = set(), set(), False
            state.stored = frozenset(s for s, said in state.said.items() if said)

    def _disputed(self, outcomes: Iterable[tuple[CIState, Mapping[str, Any]]]) -> dict[int, list[tuple[str, str, str]]]:
        """What is outvoted of the references of those records of which several sources speak, or spoke."""
        return {
            state.id: outvoted(state.said, self._checkers.of(state.cls).references, values)
            for state, values in outcomes
            if len(state.said) > 1 or len(state.stored) > 1 or state.derived or self._holds(state.cls)
        }

    def _holds(self, cls: str) -> bool:
        return self.schema.source_orders(cls).holds

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
                for name in self._checkers.of(state.cls).references:
                    uid = own[name][0] if name in own else None
                    if uid is not None and uid not in self.ids.inner and (source, name) not in state.referring:
                        named[uid].append((state, source, name))
        self.ids.want_inner(named)
        for uid in named.keys() - self.ids.inner.keys():
            for state, source, name in named[uid]:
                del state.said[source][name]
                state.changed.add(source)

    def _outcome(self, state: CIState) -> dict[str, Any]:
        checker = self._checkers.of(state.cls)
        values = effective(self.schema, state.cls, state.said)
        if state.new or state.cls_changed:
            checker.check(values)
        else:
            checker.check({name: values[name] for name in _differing(state.values, values) if name in values})
        checker.check_complete(values)
        self._phases.check(state.cls, None if state.new else state.values.get("status"), values)
        self.work.check(state.cls, None if state.new else state.values, values)
        return values

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
