"""Applying edits of the record kinds beside CIs: relationships, groups, installations, documents and so on.

A revision's edits are one change, so the order in which they come does not count: each *before* is compared with what
was there when the revision began (or with what an earlier edit of the same record has made of it). What follows from
them, and what they must fit together, is written and checked by ``finish``, when all of them have been taken.
"""

from __future__ import annotations

from collections import ChainMap, defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from cmdb.model.claims import STATED_BY
from cmdb.model.drafts import OPEN
from cmdb.model.errors import Conflict, InvalidValue, NotFound
from cmdb.model.messages import Message
from cmdb.model.new_records import NewRecords, NewSectionRows
from cmdb.model.record_kinds import field_of
from cmdb.model.revision import SECTION_NOW, Edit, Record
from cmdb.model.schema import Schema
from cmdb.store.rows import section_index, tables
from cmdb.store.rows.codec import IN_CHUNK, KIND_TABLES, Identities, RecordKind, chunks
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.journal import Journal
from cmdb.store.rows.kind_rows import KindRows
from cmdb.store.rows.record_names import called, described
from cmdb.store.rows.roots import ROOTS
from cmdb.store.writing.file_contents import FileContents
from cmdb.store.writing.hierarchies import HierarchyRules
from cmdb.store.writing.interned_values import InternedBodies, InternedReleases, Release
from cmdb.store.writing.memberships import MembershipRules
from cmdb.store.writing.new_rows import NewRows
from cmdb.store.writing.section_rules import SectionRules


class RecordWriter:
    """Applies edits of one revision to the kinds of ``KIND_TABLES``.

    ``created`` are the CIs that the revision has made so far; ``classes`` has the class and the name of those that it
    makes or gives another class. ``contents`` keeps what attachments name.
    """

    def __init__(
        self,
        connection: Connection,
        schema: Schema,
        ids: Identities,
        journal: Journal,
        created: set[str],
        classes: Mapping[str, str],
        hierarchies: HierarchyRules,
        contents: FileContents,
    ) -> None:
        self.connection = connection
        self.schema = schema
        self.ids = ids
        self._ever = Identities(connection, ever=True)
        """The records that were deleted, too, for the kinds that go on naming them."""
        self.journal = journal
        self.created = created
        self.classes = classes
        self.hierarchies = hierarchies
        self.contents = contents
        self.releases = InternedReleases(connection, journal)
        self.bodies = InternedBodies(connection, journal)
        self.sections = SectionRules(connection, schema, ids, journal)
        self._new = NewRows(ids, journal, self.releases, self.bodies, self.sections)
        self.kinds: set[str] = set()
        self.touched: set[str] = set()
        """CIs whose relationships, installations or the like were written."""
        self.changed: set[str] = set()
        """Those of them of which more was written than that a source saw them again."""
        self._ended: set[str] = set()
        self._updated: set[str] = set()
        """The kinds of which records were deleted, and changed."""
        self._with_files: set[str] = set()
        """Records whose files changed: they are found by the names of these."""
        self._dependent = False
        """Whether relationships were written that do not stand alone."""

    def create(self, new: NewRecords) -> None:
        """Writes installations, or rows of sections, of items that the revision creates.

        Raises Conflict, InvalidValue, NotFound.
        """
        if self._new.write(new):
            self.kinds.add("section" if isinstance(new, NewSectionRows) else "installation")
        else:
            self.apply({edit.record: [edit] for edit in new.edits()})

    def apply(self, edits: Mapping[Record, list[Edit]]) -> None:
        """Applies edits grouped by record. Raises Conflict, InvalidValue, NotFound."""
        self.flush()
        by_kind: dict[str, dict[Record, list[Edit]]] = defaultdict(dict)
        for record, its in edits.items():
            if record.kind == SECTION_NOW:
                self.sections.note_now(its[-1])
                continue
            if record.kind not in KIND_TABLES:
                raise InvalidValue(Message("There is no record kind “{kind}”.", kind=record.kind))
            by_kind[record.kind].setdefault(self._normal(record), []).extend(its)
        for name, its_edits in by_kind.items():
            self._apply_kind(KIND_TABLES[name], its_edits)
            self.kinds.add(name)

    def flush(self) -> None:
        """Writes what ``create`` has collected."""
        self._new.flush()

    def finish(self) -> None:
        """What follows from the edits when all of them have been taken, and what they must fit together.

        Raises InvalidValue where a relationship would be in a group that it cannot be in.
        """
        self.flush()
        memberships = MembershipRules(
            self.connection, self.journal, self._ended, self._updated, dependent=self._dependent
        )
        memberships.finish()
        if "draft" in self.kinds:
            self._check_drafts()
        self.sections.finish()
        if self._with_files:
            section_index.write(self.connection, self.schema, {self.ids.inner[uid] for uid in self._with_files})
        self.kinds |= memberships.kinds

    def _check_drafts(self) -> None:
        """Raises InvalidValue where two open drafts have one name: people and commands know them by it."""
        t = tables.draft.c
        seen: set[str] = set()
        for name in self.connection.execute(select(t.name).where(t.state == OPEN)).scalars():
            if name.casefold() in seen:
                raise InvalidValue(Message("There is a draft “{name}” already.", name=name))
            seen.add(name.casefold())

    def _normal(self, record: Record) -> Record:
        if record.kind not in ("relationship", "membership"):
            return record
        *group, kind, source, target = record.key
        if self.schema.relationship(kind).symmetric and source > target:
            return Record(record.kind, (*group, kind, target, source))
        return record

    def _apply_kind(self, kind: RecordKind, edits: dict[Record, list[Edit]]) -> None:
        inner = self._want_ids(kind, edits)
        keys = {record: self._key(kind, record) for record in edits}
        present = self._present(kind, keys)
        made: list[tuple[Record, tuple[Any, ...]]] = []
        updates: list[tuple[tuple[Any, ...], tuple[Any, ...]]] = []
        deletes: list[tuple[Any, ...]] = []
        for record, its in edits.items():
            before = present.get(keys[record])
            after = dict(before) if before is not None else None
            for edit in its:
                after = self._changed(record, after, edit)
            if after == before:
                continue
            if after is None:
                deletes.append(keys[record])
            else:
                self._check(kind, record, after)
                row = kind.encode(after, inner)
                if before is None:
                    made.append((record, row))
                else:
                    updates.append((row, keys[record]))
                if kind.interned:
                    self.sections.check(record.key[1], after)
            self._touch(kind, record, keys[record], before, after)
        if kind.name == "installation":
            # Only those of rows that are written: every release is named by a row.
            self.releases.want({record.key[2:] for record, _ in made}, create=True)  # type: ignore[misc]
        stored = self._interned if kind.interned else tuple
        if kind.interned:
            self.bodies.create([row[0].encode() for row in (*(row for _, row in made), *(row for row, _ in updates))])
        if kind.name == "installation":  # new releases have got their numbers since
            keys = {record: self._key(kind, record) for record, _ in made}
        inserts = [(*keys[record], *stored(row), self.journal.number) for record, row in made]
        if kind.name == "relationship":
            self._check_ends(inserts)
            self.hierarchies.note_relationships(inserts)
        columns = kind.written
        self.journal.insert(
            kind.table, [*(c.name for c in kind.table.primary_key.columns), *columns, "revision"], inserts
        )
        self.journal.supersede(kind.table, kind.past, [key for _, key in updates])
        self.journal.update(kind.table, columns, [(*stored(row), *key) for row, key in updates])
        self.journal.delete(kind.table, kind.past, deletes)
        self._ended |= {kind.name} if deletes else set()
        self._updated |= {kind.name} if updates else set()

    def _end_of(self, record: Record) -> str:
        """The id of an item that a record is of, or the source of a relationship; "" where there is none."""
        return next((part for part in record.key if part in self.ids.inner), "")

    def _conflict(self, record: Record, fields: Mapping[str, Any], field: str) -> Conflict:
        """What is said where a field is not what the edit saw."""
        named, what = described(self.connection, record, fields), field_of(field)
        text = Message("{record} was changed meanwhile.", record=named)
        if what is not None:
            text = Message("{record} was changed meanwhile: {field}.", record=named, field=what)
        return Conflict(text, record=self._end_of(record))

    def _interned(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        return (self.bodies[row[0].encode()],)

    def _changed(self, record: Record, fields: dict[str, Any] | None, edit: Edit) -> dict[str, Any] | None:
        """The fields of a record after an edit. Raises Conflict where they are not what the edit saw, NotFound."""
        if not edit.field:
            before: Any = edit.before
            after: Any = edit.after
            if edit.before is None and fields is not None:
                if edit.after == fields:
                    return fields  # the same link made twice is one
                text = Message("{record} exists already.", record=described(self.connection, record, fields))
                raise Conflict(text, record=self._end_of(record))
            if edit.before is not None and fields is None:
                text = Message("{record} is gone meanwhile.", record=described(self.connection, record, before))
                raise Conflict(text, record=self._end_of(record))
            for name, value in (before or {}).items():
                if fields is not None and fields.get(name) != value:
                    raise self._conflict(record, fields, name)
            return None if after is None else {k: v for k, v in after.items() if v is not None}
        if fields is None:
            raise NotFound(Message("{record} is gone meanwhile.", record=described(self.connection, record)))
        if fields.get(edit.field) != edit.before:
            raise self._conflict(record, fields, edit.field)
        fields = dict(fields)
        if edit.after is None:
            fields.pop(edit.field, None)
        else:
            fields[edit.field] = edit.after
        return fields

    def _touch(
        self,
        kind: RecordKind,
        record: Record,
        key: tuple[Any, ...],
        before: Mapping[str, Any] | None,
        after: Mapping[str, Any] | None,
    ) -> None:
        its: set[str] = set()
        if kind.name == "installation":
            its.add(record.key[0])
        else:
            its.update(p for p, (_, ref) in zip(record.key, kind.parts, strict=False) if ref)
        if kind.owner and kind.name != "watch":  # who watches a record changes nothing in it
            owners = {fields[kind.owner] for fields in (before, after) if fields is not None}
            its |= owners
            if kind.name == "attachment":
                self._with_files |= owners
        elif kind.part_of:
            its.update(part for part in record.key[:1] if part in self.ids.inner)
        elif kind.name == "event":
            named = {fields["record"] for fields in (before, after) if fields is not None}
            its.update(uid for uid in named if uid in self.ids.inner)
        elif kind.name == "relationship" and after is not None and after.get("alone") is False:
            self._dependent = True
        elif kind.interned:
            self.sections.note_row(key, deleted=after is None)
        elif kind.name == "sighting":
            self.sections.note_sighting(key, before, after)
        self.touched |= its
        if not _seen_again(kind, before, after):
            self.changed |= its

    # -- keys and rows ----------------------------------------------------------------------------------------------

    def _want_ids(self, kind: RecordKind, edits: Mapping[Record, list[Edit]]) -> Mapping[str, int]:
        """Looks up the records that edits name: id → inner id. Raises InvalidValue for a wrong key, NotFound."""
        wanted: set[str] = set()
        owners: set[str] = set()
        releases: set[Release] = set()
        refers = [field for field, held in kind.fields.items() if held.refers]
        owned = kind.document and bool(kind.owner)
        for record, its in edits.items():
            if len(record.key) != (6 if kind.name == "installation" else len(kind.parts) - kind.document):
                raise InvalidValue(
                    Message(
                        "{record} is not the key of a record of the kind “{kind}”.",
                        record=described(self.connection, record),
                        kind=kind.name,
                    )
                )
            if kind.part_of:
                owners.add(record.key[0])
            if kind.name == "installation":
                wanted.add(record.key[0])
                releases.add(record.key[2:])  # type: ignore[arg-type]
            elif not kind.document:
                wanted.update(p for p, (_, ref) in zip(record.key, kind.parts, strict=True) if ref)
            for edit in its if refers or owned else ():
                both: Any = (edit.before, edit.after)
                if owned:
                    wanted.update(_owner_named(kind.owner, edit))
                for field in refers:
                    values = both if edit.field == field else ()
                    whole = [w[field] for w in both if not edit.field and w and field in w]
                    wanted.update(v for v in (*values, *whole) if v)
        self.ids.want_inner(wanted | owners)
        if releases:
            self.releases.want(releases, create=False)
        known: Mapping[str, int] = self.ids.inner
        if kind.lasting:
            self._ever.want_inner(wanted - known.keys())
            known = ChainMap(self.ids.inner, self._ever.inner)
        for uid in (*owners, *wanted):
            if uid not in (self.ids.inner if uid in owners else known):
                raise NotFound(
                    Message(
                        "A record of the kind “{kind}” refers to {record}, which does not exist.",
                        kind=kind.name,
                        record=called(self.connection, uid),
                    )
                )
        return known

    def _key(self, kind: RecordKind, record: Record) -> tuple[Any, ...]:
        inner = self.ids.inner
        if kind.name == "installation":
            return (inner[record.key[0]], self.releases[record.key[2:]], record.key[1])  # type: ignore[index]
        if kind.document:
            return (kind.name, record.key[0])
        return tuple(inner[p] if ref else p for p, (_, ref) in zip(record.key, kind.parts, strict=True))

    def _present(
        self, kind: RecordKind, keys: Mapping[Record, tuple[Any, ...]]
    ) -> dict[tuple[Any, ...], dict[str, Any]]:
        """Current rows at those keys, by key. Rows of CIs that this revision itself creates cannot exist yet."""
        place, column = _leading(kind)
        wanted = {
            key[place]
            for record, key in keys.items()
            if not (self.created and kind.parts[place][1] and record.key[place] in self.created)
        }
        found: dict[tuple[Any, ...], dict[str, Any]] = {}
        size = len(kind.parts)
        exact = set(keys.values())
        records = KindRows(self.connection, self._ever if kind.lasting else self.ids)
        statement = select(*(kind.table.c[name] for name in kind.read))
        if kind.document:
            statement = statement.where(kind.table.c.kind == kind.name)
        among = {key[0] for key in exact} if kind.part_of else set()  # the code of one item is in every audit of it
        if among:
            statement = statement.where(in_values(kind.table.c[kind.part_of], among))
        for batch in chunks(wanted, IN_CHUNK):
            present = self.connection.execute(statement.where(in_values(kind.table.c[column], batch)))
            rows = [r for r in present if tuple(r[:size]) in exact]
            records.want_fields(kind, rows)
            found.update((tuple(row[:size]), records.fields(kind, row)) for row in rows)
        return found

    # -- rules ------------------------------------------------------------------------------------------------------

    def _check(self, kind: RecordKind, record: Record, fields: Mapping[str, Any]) -> None:
        unknown = set() if kind.open else fields.keys() - kind.fields.keys()
        if unknown:
            raise InvalidValue(
                Message(
                    "Records of the kind “{kind}” have no field “{field}”.", kind=kind.name, field=sorted(unknown)[0]
                )
            )
        if kind.name == "relationship":
            self._check_relationship(record)
        if kind.name == "group" and not ("owner" in fields and fields.get("needs")):
            raise InvalidValue(Message("A redundancy group needs an owner and a number (or percentage) of members."))
        if kind.name == "event" and not ("record" in fields and fields.get("what") and type(fields.get("at")) is int):
            raise InvalidValue(Message("An event needs the record that it is about, its time, and what happened."))
        if kind.name == "result" and type(fields.get("at")) is not int:
            raise InvalidValue(Message("A result of an audit needs its time."))
        if kind.name == "comment" and not (fields.get("owner") and fields.get("text")):
            raise InvalidValue(Message("A comment needs a text, and the record that it is about."))
        if kind.name == "watch" and not (fields.get("owner") and fields.get("by")):
            raise InvalidValue(Message("Who watches must be named, and the record that is watched."))
        if kind.name == "reservation":
            _check_reservation(fields)
        if kind.name == "attachment":
            if not (fields.get("record") and fields.get("name")):
                raise InvalidValue(Message("A file needs a name, and the record that it is kept with."))
            self.contents.keep(fields)

    def _check_relationship(self, record: Record) -> None:
        name, source, target = record.key
        found = self.schema.relationship(name)
        if source == target:
            raise InvalidValue(
                Message("A record cannot be linked to itself (“{relationship}”).", relationship=found.label)
            )

    def _check_ends(self, rows: list[tuple[Any, ...]]) -> None:
        """Raises InvalidValue where a type does not allow the classes of its ends, as the revision leaves them."""
        classes: dict[int, str] = {}
        for batch in chunks({end for row in rows for end in row[1:3]}, IN_CHUNK):
            for root in ROOTS:
                c = root.table.c
                its = [end for end in batch if root.first_id <= end <= root.last_id]
                found = self.connection.execute(select(c.id, c["class"]).where(in_values(c.id, its))) if its else ()
                classes.update((r[0], r[1]) for r in found)
            uids = ((inner, self.ids.outer[inner]) for inner in batch)
            classes.update((inner, self.classes[uid]) for inner, uid in uids if uid in self.classes)
        pairs = {(row[0], classes[row[1]], classes[row[2]]) for row in rows}
        for name, source, target in pairs:
            problem = ends_problem(self.schema, name, source, target)
            if problem:
                raise InvalidValue(problem)


def ends_problem(schema: Schema, type_name: str, source: str, target: str) -> Message | None:
    """Why a relationship type does not allow these classes at its ends; None where it does."""
    found = schema.relationship(type_name)
    fits = any(schema.is_a(source, c) for c in found.subjects) and any(schema.is_a(target, c) for c in found.objects)
    if found.symmetric and not fits:
        fits = any(schema.is_a(target, c) for c in found.subjects) and any(
            schema.is_a(source, c) for c in found.objects
        )
    if fits:
        return None
    return Message(
        "“{relationship}” cannot stand between a {source} and a {target}.",
        relationship=found.label,
        source=schema.cls(source).label,
        target=schema.cls(target).label,
    )


def _check_reservation(fields: Mapping[str, Any]) -> None:
    """Raises InvalidValue where it is of nothing, or of no time."""
    start, until, quantity = fields.get("from"), fields.get("until"), fields.get("quantity")
    if not (fields.get("subject") and isinstance(start, str) and start):
        raise InvalidValue(Message("A reservation needs what is reserved, and from when."))
    if until is not None and not (isinstance(until, str) and start < until):
        raise InvalidValue(Message("A reservation ends after it begins."))
    if quantity is not None and not (type(quantity) is int and quantity > 0):
        raise InvalidValue(Message("The quantity of a reservation is more than nothing."))


def _owner_named(owner: str, edit: Edit) -> set[str]:
    """The record that a document belongs to, where an edit writes it."""
    whole: Any = {edit.field: edit.after} if edit.field else edit.after or {}
    return {whole[owner]} if isinstance(whole.get(owner), str) else set()


def _leading(kind: RecordKind) -> tuple[int, str]:
    """The part of the key by which present rows are fetched."""
    place = {"relationship": 1, "alias": 2, "result": 1}.get(kind.name, 1 if kind.document else 0)
    return place, kind.parts[place][0]


def _seen_again(kind: RecordKind, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> bool:
    """Whether nothing is said but that a source looked, or that it says what stands already."""
    if kind.name == "sighting":
        return True
    if before is None or after is None or STATED_BY not in kind.fields:
        return False
    return all(before.get(name) == after.get(name) for name in kind.fields if name != STATED_BY)
