"""``apply``: one revision, validated and written in one transaction, or not at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, func, select

from cmdb.model.actors import Actor
from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.control import Control
from cmdb.model.errors import Conflict, InvalidValue, NotFound
from cmdb.model.gc_pause import gc_paused
from cmdb.model.messages import Message, tr
from cmdb.model.new_records import NewRecords, as_new
from cmdb.model.packed_edits import MANY, PackedEdits
from cmdb.model.revision import SECTION_NOW, Edit, Record, Revision
from cmdb.model.schema import Schema
from cmdb.model.state_tables import STATE, is_closed
from cmdb.model.stored_texts import stored
from cmdb.store.reading import checkpoints
from cmdb.store.reading.naming import shown_references
from cmdb.store.reading.outvoted_references import outvoted_references
from cmdb.store.rows import chain, indexes, search_index, tables
from cmdb.store.rows.codec import IN_CHUNK, KIND_TABLES, Codec, Identities, RecordKind, chunks
from cmdb.store.rows.derived_rows import index_attributes
from cmdb.store.rows.estate_copies import number_of_copy, present_copy
from cmdb.store.rows.head_signatures import sign_head
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.journal import Journal
from cmdb.store.rows.outvoted_rows import find_outvoted_again, reference_attributes
from cmdb.store.rows.record_names import called
from cmdb.store.rows.roots import BY_NAME, CI, ROOTS, Root
from cmdb.store.rows.schema_entries import check_change, read_schema
from cmdb.store.writing import dropped_indexes
from cmdb.store.writing.authorship import written_by
from cmdb.store.writing.file_contents import FileContents
from cmdb.store.writing.guards import check_guards, with_who
from cmdb.store.writing.items import CIWriter
from cmdb.store.writing.records import RecordWriter

LOADING = 5_000
"""The number of new CIs from which on a revision into an empty estate is a load."""
CHUNK = 5_000
"""The number of edits that are processed at once, to limit the memory of a large revision."""


def apply(
    connection: Connection, schema: Schema, revision: Revision, control: Control, clock: str, writer: Actor | None
) -> AppliedRevision:
    """Applies a revision in the connection's transaction; ``writer`` is who the estate was opened by, if that is known.

    Raises Conflict, Outdated where a guard does not hold, InvalidValue, NotFound: then roll back.
    """
    if connection.execute(select(tables.revision.c.number).where(tables.revision.c.uid == revision.id)).first():
        return AppliedRevision(0, revision.id)
    try:
        with gc_paused():
            return _Apply(connection, schema, revision, control, clock, writer).run()
    except Conflict as error:
        raise with_who(connection, schema, revision, error) from error


class _Apply:
    def __init__(
        self, connection: Connection, schema: Schema, revision: Revision, control: Control, clock: str,
        writer: Actor | None,
    ) -> None:  # fmt: skip
        self.connection = connection
        self.revision = revision
        self.schema = schema
        self.control = control
        self.writer = writer
        last = connection.execute(
            select(tables.revision.c.number, tables.revision.c.hash, tables.revision.c.recorded)
            .order_by(tables.revision.c.number.desc())
            .limit(1)
        ).first()
        self.number = (last.number if last else 0) + 1
        self.previous = last.hash if last else ""
        self.recorded = _after(last.recorded if last else "", clock)
        self.ids = Identities(connection)
        self.journal = Journal(connection, self.number, self.ids.outer)
        self._write_by(schema)
        self.deleting: dict[str, Edit] = {}
        self.creating: frozenset[str] = frozenset()
        """The CIs that the revision creates."""
        self.entries: list[Edit] = []
        """The edits of the estate's own schema: they come first, so that the values may follow it."""
        self.before = schema

    def _write_by(self, schema: Schema, once_searched: frozenset[str] = frozenset()) -> None:
        self.cis = CIWriter(
            self.connection, schema, Codec(schema), self.ids, self.journal, self.revision, once_searched
        )
        self.records = RecordWriter(
            self.connection, schema, self.ids, self.journal, self.cis.created, self.cis.classes, self.cis.hierarchies,
            FileContents(self.connection, self.revision.files, self.control),
        )  # fmt: skip

    def run(self) -> AppliedRevision:
        check_guards(self.connection, self.schema, self.revision, self.number - 1)
        total = self._survey()
        done = 0
        if self.entries:
            self._change_schema()
        loading = self._load_without_indexes()
        edits = self.revision.edits
        for batch in _batches(edits.single if isinstance(edits, PackedEdits) else edits):
            self._batch(batch)
            done += len(batch)
            self.control.progress(done, total, Message("Writing"))
        dropped = dropped_indexes.drop_for(self.connection, edits) if isinstance(edits, PackedEdits) else {}
        for new in edits.new if isinstance(edits, PackedEdits) else ():
            if new.owner in self.creating:
                self.records.create(new)
            else:
                self._batch(new.edits())
            done += len(new)
            self.control.progress(done, total, Message("Writing"))
        self.records.flush()
        dropped_indexes.make_again(self.connection, dropped)
        if self.entries:
            self.cis.derive_again(self.before, self.deleting, self.control)
        if loading:
            search_index.merge_again(self.connection)
            empty = indexes.put_off_where_empty(self.connection, self.schema, loading, self.cis.fields)
            for name in loading.keys() - empty:
                self.connection.exec_driver_sql(loading[name])
        indexes.make_put_off(self.connection, self.schema, self.cis.fields)
        if self.deleting:
            self._delete()
        self.records.finish()
        kinds = set(self.records.kinds)
        self.cis.unique.check()
        self.cis.work.finish()
        self.cis.hierarchies.check()
        if self.entries:
            kinds.add("schema_entry")
            check_change(self.connection, self.before, self.schema)
            self.cis.unique.check_new(self.before)
            self._follow_schema()
        if kinds & checkpoints.RULED:
            checkpoints.check_rules(self.connection, self.number)
        if not self.journal.wrote:
            return AppliedRevision(0, self.revision.id)
        self.records.sections.write_now()
        if any(table in self.journal.touched for table in (*BY_NAME, "claim")):
            kinds.add("ci")
        created, deleted = self.cis.created, frozenset(self.deleting)
        updated = frozenset((self.cis.updated | self.records.touched) - created - deleted)
        changed = (self.cis.updated | self.records.changed) - created - deleted
        self._header(len(created), len(changed), len(deleted))
        return AppliedRevision(
            self.number, self.revision.id, frozenset(created), updated, deleted, frozenset(self.cis.fields),
            frozenset(kinds), classes=self._classes(), undoes=self.revision.undoes,
        )  # fmt: skip

    def _change_schema(self) -> None:
        """Writes the edits of the estate's own schema; what else the revision writes is checked by the new one."""
        by_record: dict[Record, list[Edit]] = defaultdict(list)
        for edit in self.entries:
            by_record[edit.record].append(edit)
        self.records.apply(by_record)
        self.schema = read_schema(self.connection)
        indexes.drop_changed(self.connection, self.before, self.schema)
        classes = self.cis.classes
        self._write_by(self.schema, Codec(self.before).searched)
        self.cis.classes.update(classes)

    def _follow_schema(self) -> None:
        """A class that gets or loses a reference changes what of its claims is outvoted."""
        before, now = reference_attributes(self.before), reference_attributes(self.schema)
        if any(before[cls] != now[cls] for cls in before.keys() & now.keys()):
            find_outvoted_again(self.connection, self.schema, self.control)
        differing = Codec(self.before).searched ^ Codec(self.schema).searched
        index_attributes(self.connection, self.schema, differing - tables.COLUMNS.keys())

    def _classes(self) -> frozenset[str] | None:
        """The classes of the CIs that were created, changed and deleted; None where that would have to be asked."""
        before: list[Any] = [edit.before or {} for edit in self.deleting.values()]
        gone = {str(whole.get("class", "")) for whole in before}
        if "" in gone or self.records.touched - self.cis.updated - self.cis.created:
            return None
        return frozenset(self.cis.of_classes | gone)

    def _survey(self) -> int:
        """First pass: which CIs are created (they get ids, so that any edit may refer to them), and which go.

        Of which class CIs are when all is written is known from here on, so that the order of edits does not count.
        """
        edits = self.revision.edits
        leading = edits.leading if isinstance(edits, PackedEdits) else edits
        total = 0
        creating: list[str] = []
        becoming: dict[str, str] = {}
        for edit in leading:
            total += 1
            (kind, key), attribute, before, after = edit
            whole: Any = after
            if kind == "ci" and not attribute:
                if before is None:
                    creating.append(key[0])
                    self.cis.classes[key[0]] = whole.get("class", "")
                elif whole is None:
                    self.deleting[key[0]] = edit
            elif attribute == "class" and kind == "ci":
                becoming[key[0]] = str(whole)
            elif kind == "schema_entry":
                self.entries.append(edit)
        self.creating = frozenset(creating)
        if len(self.creating) < len(creating) or self.deleting.keys() & self.creating:
            raise InvalidValue(Message("A revision creates or deletes the same record twice."))
        for root in ROOTS:
            c = root.table.c
            some = self.connection.execute(select(c.id).limit(1)).first() is not None
            for batch in chunks(creating if some else (), IN_CHUNK):
                taken = self.connection.execute(select(c.uid, c.name).where(in_values(c.uid, batch))).first()
                if taken:
                    raise Conflict(Message("The record {name} exists already.", name=taken.name))
            for batch in chunks(becoming, IN_CHUNK):
                its = self.connection.execute(select(c.uid).where(in_values(c.uid, batch))).scalars()
                self.cis.classes.update((uid, becoming[uid]) for uid in its)
        of_root: dict[Root, list[str]] = {root: [] for root in ROOTS}
        for uid in creating:
            of_root[self._root(uid)].append(uid)
        for root, uids in of_root.items():
            self._allocate(root, uids)
        return len(edits) if isinstance(edits, PackedEdits) else total

    def _root(self, uid: str) -> Root:
        """The root of a record that is created; a class that does not exist is refused later."""
        cls = self.cis.classes[uid]
        return BY_NAME[self.schema.root_of(cls)] if cls in self.schema.classes else CI

    def _allocate(self, root: Root, creating: list[str]) -> None:
        """Inner ids for new records; one that existed before gets its old id back: its versions stay its own."""
        past = root.past.c
        if not creating:
            return
        highest = max(
            self.connection.execute(select(func.max(root.table.c.id))).scalar() or 0,
            self.connection.execute(select(func.max(past.id))).scalar() or 0,
            root.first_id,
        )
        if self.connection.execute(select(past.id).limit(1)).first():
            for batch in chunks(creating, IN_CHUNK):
                statement = select(past.uid, past.id).where(in_values(past.uid, batch)).distinct()
                for uid, inner in self.connection.execute(statement):
                    self.ids.add(uid, inner)
        for uid in creating:
            if uid not in self.ids.inner:
                highest += 1
                self.ids.add(uid, highest)

    def _load_without_indexes(self) -> dict[str, str]:
        """Into an empty estate much is loaded fastest without the indexes of CIs. Returns what makes them again: name
        → SQL.

        The unique index stays: look-ups by id go on while loading.
        """
        first = self.connection.execute(select(tables.ci.c.id).limit(1)).first()
        # A server would block all other users during that time.
        if first or self.connection.dialect.name != "sqlite" or len(self.ids.inner) < LOADING:
            return {}
        search_index.merge_later(self.connection)
        return dropped_indexes.drop(self.connection, CI.table)

    def _batch(self, batch: list[Edit]) -> None:
        cis: dict[str, list[Edit]] = defaultdict(list)
        others: dict[Record, list[Edit]] = defaultdict(list)
        deleting = self.deleting
        new = self._new_rows(batch)
        for edit in batch:
            record = edit[0]
            kind, key = record
            if new and kind in MANY and key[0] in self.creating:
                continue
            if kind in ("ci", "claim"):
                if key[0] not in deleting:
                    cis[key[0]].append(edit)
            elif kind != "schema_entry" and (kind != SECTION_NOW or key[0] not in deleting):
                others[record].append(edit)
        if cis:
            self.cis.apply(cis)
        if others:
            self.records.apply(others)
        for one in new:
            self.records.create(one)

    def _new_rows(self, batch: list[Edit]) -> list[NewRecords]:
        """What edits say of installations and rows of sections of new items, if there is one of each that makes it."""
        creating = self.creating
        edits = [edit for edit in batch if edit[0][0] in MANY and edit[0][1][0] in creating] if creating else []
        found: dict[Record, Any] = {edit[0]: edit[3] for edit in edits if not edit[1] and edit[2] is None}
        if len(found) < len(edits):
            return []
        return as_new(found) or []

    # -- deleting ---------------------------------------------------------------------------------------------------

    def _delete(self) -> None:
        """Deletes CIs with their links, and clears references to them."""
        self._check_deleted()
        inner = sorted(self.ids.inner[uid] for uid in self.deleting)
        for kind in KIND_TABLES.values():
            for column in _owners(kind):
                self.journal.delete_where(kind.table, kind.past, column, inner)
            if kind.document and kind.owner:
                self.journal.delete_where(kind.table, kind.past, kind.owner, sorted(self.deleting), kind.name)
            elif kind.part_of:
                self.journal.delete_where(kind.table, kind.past, kind.part_of, sorted(self.deleting))
        self._clear_named(inner)
        self.journal.delete_where(tables.claim, tables.claim_version, "ci", inner)
        for root in ROOTS:
            self._delete_of(root, [one for one in inner if root.first_id <= one <= root.last_id])
        self._clear_references(inner)
        for table in (tables.evidence, tables.extra_reference, tables.outvoted_reference, tables.section_now):
            whose = table.c["record" if table is tables.section_now else "ci"]
            for batch in chunks(inner, IN_CHUNK):
                self.connection.execute(table.delete().where(in_values(whose, batch)))

    def _delete_of(self, root: Root, inner: list[int]) -> None:
        """Deletes rows of a root. Where more go than stay, they go fastest without indexes."""
        if not inner:
            return
        rest = self.connection.execute(select(func.count()).select_from(root.table)).scalar_one() - len(inner)
        many = len(inner) >= LOADING and rest < len(inner) and self.connection.dialect.name == "sqlite"
        again = dropped_indexes.drop(self.connection, root.table) if many else {}
        self.journal.delete_where(root.table, root.past, "id", inner)
        dropped_indexes.make_again(self.connection, again)
        if many and not rest:
            search_index.clear(self.connection, root)
        else:
            search_index.remove(self.connection, inner, root)
            search_index.write_apart(self.connection, inner, {}, root)

    def _check_deleted(self) -> None:
        """Raises NotFound where one is gone already, Conflict where it is not what the edit saw."""
        self.ids.want_inner(self.deleting)
        for uid in self.deleting:
            if uid not in self.ids.inner:
                record = called(self.connection, uid)
                raise NotFound(
                    Message("There is no record {record}: it may have been deleted meanwhile.", record=record)
                )
        states = self.cis.load(uid for uid, edit in self.deleting.items() if edit.before)
        for uid, state in states.items():
            whole: Any = self.deleting[uid].before
            attributes = self.before.cls(state.cls).attributes
            for name, value in whole.items():
                present = state.cls if name == "class" else state.values.get(name)
                if present != value:
                    raise Conflict(
                        Message(
                            "{name} was changed meanwhile: {attribute}.",
                            name=state.values.get("name", uid),
                            attribute=attributes[name].label if name in attributes else tr("Class"),
                        ),
                        record=uid,
                    )

    def _clear_references(self, inner: list[int]) -> None:
        """Takes what refers to the CIs out of the claims of every source, whether it is what everyone sees or not."""
        referring = shown_references(self.connection, inner)
        referring |= outvoted_references(self.connection, inner)
        for part in chunks(referring - self.deleting.keys(), IN_CHUNK):
            states = self.cis.load(part)
            for state in states.values():
                if is_closed(self.schema, state.cls, state.values.get(STATE)):
                    continue  # What is over keeps whom it names.
                for source, said in state.said.items():
                    for name in [n for n in self.cis.codec.references & said.keys() if said[n][0] in self.deleting]:
                        del said[name]
                        state.changed.add(source)
            self.cis.write(states.values())

    def _clear_named(self, inner: list[int]) -> None:
        """An installation stays when its user is deleted, a reservation when the one is whom it is for."""
        cleared = [(kind, kind.fields[name].column) for kind in KIND_TABLES.values() for name in kind.cleared]
        for kind, column in cleared:
            for batch in chunks(inner, IN_CHUNK):
                key = (kind.table.c[part] for part, _ in kind.parts)
                statement = select(*key).where(in_values(kind.table.c[column], batch))
                rows = [tuple(r) for r in self.connection.execute(statement)]
                self.journal.supersede(kind.table, kind.past, rows)
                self.journal.update(kind.table, (column,), [(None, *r) for r in rows])

    def _header(self, created: int, updated: int, deleted: int) -> None:
        r = self.revision
        number, actor = written_by(self.connection, r, self.writer)
        header = {
            "number": self.number, "uid": r.id, "time": r.time, "recorded": self.recorded, "author": actor.name,
            "source": r.source, "reason": stored(r.reason), "undoes": r.undoes, "created": created,
            "updated": updated, "deleted": deleted, "version": chain.VERSION, "actor": number,
            "copy": number_of_copy(self.connection, r.origin.copy) if r.origin else present_copy(self.connection),
        }  # fmt: skip
        link = self.journal.digest(self.previous, header)
        self.connection.execute(tables.revision.insert(), {**header, "hash": link})
        sign_head(self.connection, self.number, link)


def _batches(edits: Iterable[Edit]) -> Iterator[list[Edit]]:
    """The edits in batches; what follows one another of one CI is never split, as it is valid only as a whole."""
    source = iter(edits)
    batch = list(islice(source, CHUNK))
    while batch:
        last = batch[-1].record.key[0]
        following: list[Edit] = []
        for edit in source:
            if edit.record.key[0] != last:
                following = [edit, *islice(source, CHUNK - 1)]
                break
            batch.append(edit)
        yield batch
        batch = following


def _owners(kind: RecordKind) -> list[str]:
    """The columns by which a kind's rows are deleted with a CI."""
    columns = [column for column, ref in kind.parts if ref]
    return [*columns, kind.owner] if kind.owner and not kind.document else columns


def _after(last: str, moment: str) -> str:
    """The recorded time: the clock's time, but never before the last one, even if the clock is set back."""
    if moment > last:
        return moment
    later = datetime.fromisoformat(last.replace("Z", "+00:00")) + timedelta(milliseconds=1)
    return later.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
