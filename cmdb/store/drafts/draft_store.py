"""An estate with a draft: it is read with the draft's changes, and what is applied goes into the draft.

What a draft holds is checked and worked out by the one door that writes: its edits are applied in a transaction that is
rolled back, and the rows that they would leave are kept in staging. Whenever others have written, this is done anew,
and what no longer fits becomes a conflict.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.control import Control
from cmdb.model.drafts import APPLIED, OPEN, Draft, DraftConflict
from cmdb.model.errors import Conflict, InvalidValue, NotFound, StoreProblem, UserError
from cmdb.model.messages import EMPTY, Message
from cmdb.model.record_kinds import one_of
from cmdb.model.revision import Edit, Record, Revision, ci
from cmdb.store.connection import engine as engines
from cmdb.store.drafts import contents as held
from cmdb.store.drafts import overlay
from cmdb.store.drafts.capture import RevisionCapture
from cmdb.store.drafts.contents import DraftContents
from cmdb.store.drafts.rebasing import Rebase, last_document, restated, rows_of
from cmdb.store.reading.difference import RevisionDifference
from cmdb.store.reading.reader import Reader
from cmdb.store.rows import tables
from cmdb.store.rows.codec import KIND_TABLES, Codec
from cmdb.store.rows.interned_rows import drop_unnamed_contents
from cmdb.store.store import Store
from cmdb.store.writing.file_contents import FileContents
from cmdb.store.writing.revision_transaction import apply

REFUSED = frozenset({"schema_entry", "retention", "checkpoint", "migration", "baseline", "draft", "setting"})
"""The kinds of records that no draft changes: the estate's classes, its history, and drafts themselves."""
ATTEMPTS = 5
"""How often a reader tries to see the draft on the latest revision, while others write."""
TRIALS = 400
"""How often parts of a draft are tried to find what does not fit; what is not settled by then waits."""


class DraftStore(Store):
    """The store of an estate with a draft; it shares the connections of the store that it is made from."""

    def __init__(self, base: Store, draft: Draft) -> None:
        self.base = base
        self.draft = draft
        self.where, self._engine, self.key, self.share = base.where, base._engine, base.key, base.share
        self.clock, self.writer = base.clock, base.writer
        self._writing = base._writing
        self._listeners = []
        self.schema, self._codec = base.schema, base._codec
        self._published = 0
        self._overlay: overlay.Overlay | None = None
        self._seen = ""
        """What the draft held when it was last read here."""

    def close(self) -> None:
        """Nothing: the connections belong to the estate's own store."""

    # -- reading ----------------------------------------------------------------------------------------------------

    @contextmanager
    def read(self, at: int | None = None, today: date | None = None) -> Iterator[Reader]:
        """As ``Store.read``, with the draft. A revision before the draft shows the estate as it was."""
        for _ in range(ATTEMPTS):
            with engines.in_words(self.where), self._engine.connect() as connection:
                if self._engine.dialect.name == "postgresql":
                    connection = connection.execution_options(isolation_level="REPEATABLE READ")
                with connection.begin():
                    said, head = overlay.header_and_head(connection, self.draft.id)
                    if said is not None and said["head"] == head:
                        yield self._reader(connection, said, at, today)
                        return
            self._refresh()
        raise StoreProblem(Message("The estate changes too fast for its draft to be shown. Try again."))

    def _reader(self, connection: Connection, said: Mapping[str, Any], at: int | None, today: date | None) -> Reader:
        """A reader of the estate with the draft. ``said``: what is kept with the draft's rows."""
        if self._overlay is None or self._overlay.tables != said["tables"]:
            self._overlay = overlay.Overlay(connection, self.draft.id, said["tables"])
        self._overlay.lay_over(connection)
        self.schema, self._codec = self.base.schema, self.base._codec
        reader = Reader(connection, self.schema, self._codec, at)
        reader.draft = str(said["token"]) if said["number"] and at is None else ""
        reader.draft_name = self.draft.name if reader.draft else ""
        self._seen = str(said["token"])
        reader.judge_by(today)
        return reader

    def _refresh(self) -> None:
        """Works the draft out again where others have written since."""
        with engines.in_words(self.where), self._engine.connect() as connection:
            said = overlay.header_of(connection, self.draft.id)
            if said is not None and said["head"] == _head(connection):
                return
        self._within(lambda connection: self._fitting(connection))

    def subscribe(self, listener: Callable[[AppliedRevision], None]) -> Callable[[], None]:
        """Calls ``listener`` with what goes into the draft, and with every revision of the estate."""
        own, others = super().subscribe(listener), self.base.subscribe(listener)

        def end() -> None:
            own()
            others()

        return end

    def data_version(self) -> int:
        """As ``Store.data_version``: the number that a reader with the draft shows."""
        with self._engine.connect() as connection:
            said = overlay.header_of(connection, self.draft.id)
            head = _head(connection)
            return head + 1 if said is not None and said["number"] else head

    def poll(self) -> None:
        """As ``Store.poll``."""
        self.base.poll()

    def conflicts(self) -> list[DraftConflict]:
        """What of the draft does not fit the estate any more."""
        self._refresh()
        with engines.in_words(self.where), self._engine.connect() as connection:
            found = held.read(connection, self.draft.id).conflicts if self._is_open(connection) else {}
            return list(found.values())

    def edits(self) -> list[Edit]:
        """What the draft would write."""
        self._refresh()
        with engines.in_words(self.where), self._engine.connect() as connection:
            found = held.read(connection, self.draft.id)
            return found.edits if found.number else []

    # -- writing into the draft -------------------------------------------------------------------------------------

    def apply(self, revision: Revision, control: Control | None = None) -> AppliedRevision:
        """Checks a revision as ``Store.apply`` does, and puts it into the draft. Nothing of the estate changes."""
        found: list[AppliedRevision] = []

        def add(connection: Connection) -> None:
            self._require_open(connection)
            contents = self._fitting(connection)
            known = revision.decided_at - (1 if contents.number else 0)
            asked = revision
            said = overlay.header_of(connection, self.draft.id)
            changed = said is None or said["token"] != self._seen
            if revision.decided_at and (known != contents.head or changed):
                # What others have put into the draft since counts as written later, as what they wrote does.
                asked = replace(revision, decided_at=min(known, contents.head))
            # What is tried is rolled back; the contents of files stay, for what staging names.
            FileContents(connection, revision.files, control or Control()).keep_all()
            with _tried(connection):
                if contents.edits:
                    self._try(connection, contents.edits)
                applied = apply(connection, self.schema, asked, control or Control(), self.clock(), self._who())
                if refused := applied.kinds & REFUSED:
                    named = tuple(one_of(kind) or EMPTY for kind in sorted(refused))
                    raise InvalidValue(
                        Message("A draft cannot hold this ({kinds}): leave the draft to write it.", kinds=named)
                    )
                found.append(replace(applied, draft=self.draft.name))
                if applied.number:
                    kinds = {edit.record.kind for edit in contents.edits} | applied.kinds
                    every = applied.deleted or any(map(_deletes, contents.edits))  # Links and the like go with an item.
                    net = _net(connection, self._codec, contents.head, applied.number, KIND_TABLES if every else kinds)
                    groups = held.by_record(net)  # What is about one record is never split in batches.
                    contents.edits = _flat(groups, groups)
                    contents.labels.update(_labels(connection, self.schema, contents.edits))
            if applied.number:
                self._keep(connection, contents)
            if revision.files or "attachment" in applied.kinds:
                drop_unnamed_contents(connection)

        with self._writing:
            self._within(add)
            for listener in list(self._listeners):
                listener(found[0])
        return found[0]

    def settle(self, *records: str, keep_draft: bool) -> None:
        """Settles the conflicts of records: the draft's changes of them, or the estate as it is. Raises NotFound.

        What the draft merges or splits is settled together.
        """

        def decide(connection: Connection) -> None:
            self._require_open(connection)
            contents = self._fitting(connection)
            if not contents.conflicts.keys() >= set(records):
                raise NotFound(Message("The draft has no conflict about that record."))
            every = [edit for its in contents.waiting.values() for edit in its]
            for uid in sorted(held.together(every, records) & contents.conflicts.keys()):
                waiting, conflict = contents.waiting.pop(uid, []), contents.conflicts.pop(uid)
                if keep_draft:
                    contents.edits += self._insisted(connection, uid, waiting, conflict)
            self._keep(connection, contents)

        with self._writing:
            self._within(decide)

    def commit(self, author: str, control: Control | None = None) -> AppliedRevision:
        """Applies the draft to the estate as one revision, all but its conflicts; those stay in the draft.

        Number 0: the draft holds nothing that could be applied. Raises what ``Store.apply`` raises.
        """

        def write(connection: Connection) -> AppliedRevision:
            self._require_open(connection)
            contents = self._fitting(connection)
            edits = list(contents.edits)
            if not edits:
                return AppliedRevision(0, "")
            if not contents.conflicts:
                edits.append(Edit(Record("draft", (self.draft.id,)), "state", OPEN, APPLIED))
            reason = Message("Draft “{name}”", name=self.draft.name)
            revision = Revision(edits, author, reason=reason, stepwise=True)
            applied = self.base.apply_within(connection, revision, control)
            if contents.conflicts:
                contents.edits = []
                contents.head = applied.number
                self._keep(connection, contents)
            return applied

        return self.base.write(write)

    # -- working out ------------------------------------------------------------------------------------------------

    def _within(self, work: Callable[[Connection], object]) -> None:
        """Runs ``work`` in a transaction that may write. What it leaves is in staging only."""
        with self._writing, engines.in_words(self.where), engines.writing(self._engine) as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("LOCK TABLE meta IN EXCLUSIVE MODE")
            work(connection)

    def _is_open(self, connection: Connection) -> bool:
        d = tables.draft.c
        return connection.execute(select(d.state).where(d.uid == self.draft.id)).scalar() == OPEN

    def _require_open(self, connection: Connection) -> None:
        """Raises Conflict where somebody has applied or dropped the draft meanwhile."""
        if not self._is_open(connection):
            raise Conflict(Message("The draft “{name}” was applied or dropped meanwhile.", name=self.draft.name))

    def _fitting(self, connection: Connection) -> DraftContents:
        """What the draft holds, fitted to the estate as it is now.

        What an applied draft held is left as it is until an undo opens the draft again; until then nothing is shown.
        """
        head = _head(connection)
        if not self._is_open(connection):
            overlay.write(connection, self.draft.id, {"head": head, "number": 0, "time": self.clock()}, ())
            return DraftContents(head)
        contents = held.read(connection, self.draft.id)
        if overlay.header_of(connection, self.draft.id) is not None and contents.head == head:
            return contents
        self.schema, self._codec = self.base.schema, self.base._codec
        if contents.edits:
            Rebase(connection, self.schema, contents).run()
        contents.head = head
        self._keep(connection, contents)
        return contents

    def _keep(self, connection: Connection, contents: DraftContents) -> None:
        """Works out the rows that the draft would make, and writes both. What cannot be applied becomes a conflict."""
        with _tried(connection):
            capture = RevisionCapture(connection)
            applied = self._settled_trial(connection, contents)
            changed = capture.changed(applied.number) if applied.number else []
        contents.number = applied.number
        time = self.clock()
        held.write(connection, self.draft.id, contents, time)
        shown = {"head": contents.head, "number": contents.number, "time": time}
        overlay.write(connection, self.draft.id, shown, changed)

    def _settled_trial(self, connection: Connection, contents: DraftContents) -> AppliedRevision:
        """Applies what can be applied; the records whose edits are refused wait."""
        for _ in range(ATTEMPTS):
            step = connection.begin_nested()
            try:
                applied = self._try(connection, contents.edits)
                step.commit()
                return applied
            except (Conflict, InvalidValue, NotFound):
                step.rollback()
                self._hold_refused(connection, contents)
        rest, contents.edits = held.by_record(contents.edits), []
        rebase = Rebase(connection, self.schema, contents)
        for uid in rest:
            rebase.hold(uid, _flat(rest, [uid]), Message("It does not fit any more."))
        return AppliedRevision(0, "")

    def _hold_refused(self, connection: Connection, contents: DraftContents) -> None:
        """Finds the records with which the edits are refused, by halving, and lets their edits wait.

        What is refused is tried again with all that was accepted: it may refer to a record that came after it.
        """
        groups = held.by_record(contents.edits)
        accepted: set[str] = set()
        refused: dict[str, UserError] = {}
        tries, rest = TRIALS, list(groups)
        while rest:
            known, refused, pending = len(accepted), {}, [rest]
            while pending:
                some = pending.pop()
                together = accepted.union(some)
                error = self._refusal(connection, _flat(groups, [uid for uid in groups if uid in together]))
                tries -= 1
                if error is None:
                    accepted = together
                elif len(some) == 1 or tries <= 0:
                    refused.update(dict.fromkeys(some, error))
                else:
                    pending += [some[len(some) // 2 :], some[: len(some) // 2]]
            rest = list(refused) if len(accepted) > known and tries > 0 else []
        contents.edits = _flat(groups, [uid for uid in groups if uid in accepted])
        rebase = Rebase(connection, self.schema, contents)
        for uid, error in refused.items():
            rebase.hold(uid, _flat(groups, [uid]), error.message)
        rebase.hold_together()

    def _refusal(self, connection: Connection, edits: list[Edit]) -> UserError | None:
        with _tried(connection):
            try:
                self._try(connection, edits)
            except (Conflict, InvalidValue, NotFound) as error:
                return error
        return None

    def _try(self, connection: Connection, edits: list[Edit]) -> AppliedRevision:
        """Applies edits in a transaction that will be rolled back."""
        reason = Message("Draft “{name}”", name=self.draft.name)
        revision = Revision(edits, self.draft.author, reason=reason, stepwise=True)
        return apply(connection, self.schema, revision, Control(), self.clock(), self._who())

    def _who(self) -> Any:
        return self.writer() if self.writer is not None else None

    def _insisted(
        self, connection: Connection, record: str, waiting: list[Edit], conflict: DraftConflict
    ) -> list[Edit]:
        """The edits of a conflict that is settled for the draft: on what there is now, or on the record made again."""
        now = Reader(connection, self.schema, self._codec)
        if not conflict.deleted or now.by_uid([record]):
            return list(restated(waiting, now.said([record])[record], rows_of(now, waiting)))
        if any(map(_deletes, waiting)):  # The draft merges it: what the other record gets stays.
            rest = [edit for edit in waiting if edit.record.kind not in ("ci", "claim")]
            return list(restated(rest, {}, rows_of(now, rest)))
        then = _last_state(connection, self.schema, record)
        if then is None and (again := list(_documents_again(connection, waiting))):
            return again
        if then is None:
            raise NotFound(Message("What the record held is no longer kept: it cannot be made again."))
        cls, said = then
        for edit in waiting:
            if edit.record.kind == "claim":
                own = said.setdefault(edit.record.key[1], {})
                after: Any = {edit.field: edit.after} if edit.field else (edit.after or {})
                own.update(after)
        made = [Edit(ci(record), "", None, {"class": cls})]
        made += [
            Edit(Record("claim", (record, source)), "", None, {n: pair for n, pair in own.items() if pair is not None})
            for source, own in said.items()
        ]
        return made + [edit for edit in waiting if edit.record.kind not in ("ci", "claim")]


@contextmanager
def _tried(connection: Connection) -> Iterator[None]:
    """What is written meanwhile is taken back at the end."""
    step = connection.begin_nested()
    try:
        yield
    finally:
        step.rollback()


def _head(connection: Connection) -> int:
    return int(connection.execute(select(func.max(tables.revision.c.number))).scalar() or 0)


def _flat(groups: dict[str, list[list[Edit]]], uids: Iterable[str]) -> list[Edit]:
    return [edit for uid in uids for group in groups[uid] for edit in group]


def _deletes(edit: Edit) -> bool:
    return edit.record.kind == "ci" and not edit.field and edit.after is None


def _net(connection: Connection, codec: Codec, before: int, after: int, kinds: Collection[str]) -> Iterator[Edit]:
    """What two or more revisions changed together, as edits that say whose statements they are."""
    difference = RevisionDifference(connection, codec, before, after, stated=True)
    for kind in ("ci", "claim", *(one for one in KIND_TABLES if one in kinds)):
        for batch in difference.of(kind):
            for one in batch:
                if kind != "ci":
                    yield from one.edits()
                    continue
                classes = [None if whole is None else {"class": whole["class"]} for whole in (one.before, one.after)]
                if classes[0] is None or classes[1] is None:
                    yield Edit(one.record, "", *classes)
                elif classes[0] != classes[1]:
                    yield Edit(one.record, "class", classes[0]["class"], classes[1]["class"])


def _labels(connection: Connection, schema: Any, edits: Iterable[Edit]) -> dict[str, tuple[str, str]]:
    """The class and name of the records that edits are about, by id."""
    return Reader(connection, schema, Codec(schema)).last_names(held.by_record(edits))


def _documents_again(connection: Connection, edits: Iterable[Edit]) -> Iterator[Edit]:
    """Makes documents that are gone, such as comments, as they were last, with a draft's changes of them."""
    wholes: dict[Record, dict[str, Any]] = {}
    for edit in edits:
        if edit.record.kind not in KIND_TABLES or not KIND_TABLES[edit.record.kind].document:
            continue
        whole = wholes.setdefault(edit.record, {**last_document(connection, edit.record)})
        after: Any = {edit.field: edit.after} if edit.field else edit.after
        whole.update(after or {})
    for record, whole in wholes.items():
        if fields := {name: value for name, value in whole.items() if value is not None}:
            yield Edit(record, "", None, fields)


def _last_state(connection: Connection, schema: Any, record: str) -> tuple[str, dict[str, dict[str, Any]]] | None:
    """The class of a record that was deleted, and what every source said of it, when it was last there."""
    past = tables.ci_version.c
    ended = connection.execute(select(func.max(past.ended)).where(past.uid == record)).scalar()
    if ended is None:
        past = tables.work_version.c
        ended = connection.execute(select(func.max(past.ended)).where(past.uid == record)).scalar()
    if ended is None:
        return None
    try:
        reader = Reader(connection, schema, Codec(schema), int(ended) - 1)
        found = reader.get(record)
    except UserError:
        return None
    return found.cls, {source: dict(own) for source, own in reader.said([record])[record].items()}
