"""Reads an estate: a consistent view of the present or of a past revision."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from cmdb.graph.changes import GraphChange
from cmdb.model import clock
from cmdb.model.calendar_bounds import in_local_zone
from cmdb.model.control import Control
from cmdb.model.errors import NotFound, UserError
from cmdb.model.formats import Plain
from cmdb.model.journal import FieldChange, HistoryEntry, RevisionHeader
from cmdb.model.journal_head import JournalHead
from cmdb.model.messages import Message
from cmdb.model.revision import Content, Edit
from cmdb.model.schema import Schema
from cmdb.model.section_rows import RowChange, SectionRow
from cmdb.store.connection.cancellation import cancellable
from cmdb.store.reading import checkpoints, source_rows
from cmdb.store.reading import versions as past
from cmdb.store.reading.checkpoints import Checkpoint
from cmdb.store.reading.difference import RevisionDifference
from cmdb.store.reading.feed import ChangeFeed
from cmdb.store.reading.link_changes import difference
from cmdb.store.reading.relations import RelationView
from cmdb.store.reading.revision_contents import ItemChange, item_changes, record_counts
from cmdb.store.reading.revision_part import RevisionPart
from cmdb.store.reading.section_view import SectionRowView, Sections
from cmdb.store.reading.source_rows import KnownSource, SourceRows
from cmdb.store.rows import tables
from cmdb.store.rows.codec import IN_CHUNK, Codec, Identities, chunks

if TYPE_CHECKING:
    from cmdb.graph.edges import Edges
    from cmdb.model.field_points import RecordPoints
    from cmdb.store.reading.identifying_values import IdentifiedRecord


class Reader(RelationView):
    """A consistent view of the estate: its lists, the records related to each CI, the graph, and the journal."""

    def __init__(self, connection: Connection, schema: Schema, codec: Codec, at: int | None = None) -> None:
        if at is not None:
            checkpoints.require(connection, at)
        super().__init__(connection, schema, codec, at)
        self.draft = ""
        """With a draft: a name of what it holds, another one whenever that changes."""
        self.draft_name = ""
        """With a draft: what people call it."""

    @property
    def moment(self) -> tuple[int, str]:
        """What is shown, for what keeps answers: the revision, and the draft that is laid over it."""
        return self.number, self.draft

    # -- asking -----------------------------------------------------------------------------------------------------

    def cancellable(self, control: Control) -> AbstractContextManager[None]:
        """Queries in this context end when ``control`` is cancelled; in SQLite even in the middle of a statement.
        Raises Cancelled.
        """
        return cancellable(self._connection, control)

    def interrupt(self) -> None:
        """Ends the running statement, called from another thread.

        The thread that runs the statement gets an exception. Without a running statement nothing happens. The caller
        ensures that the reader is still open.
        """
        own = self._connection.connection.driver_connection
        if own is None:
            return
        if self._connection.dialect.name == "sqlite":
            own.interrupt()
        else:
            # A server is asked over another connection, which takes a network round trip.
            threading.Thread(target=own.cancel, daemon=True).start()

    # -- the graph and the journal ------------------------------------------------------------------------------------

    def edges(self, control: Control | None = None) -> Edges:
        """The CIs, links and groups of the graph; see ``cmdb.store.reading.links``. Raises Cancelled through
        ``control``.
        """
        from cmdb.store.reading.links import LinkLoader  # This imports NumPy, which no other read needs.

        pairs = (
            (tables.ci, tables.ci_version),
            (tables.relationship, tables.relationship_version),
            (tables.dependency_group, tables.dependency_group_version),
            (tables.membership, tables.membership_version),
        )
        sources = {current.name: self._moment(current, old) for current, old in pairs}
        loading = LinkLoader(self._connection, self.schema, self._ids, sources, control or Control())
        return loading.edges(past=self._at is not None)

    def changes_since(self, number: int) -> GraphChange | None:
        """What differs for the graph since another revision. None if it is too much, or no longer known."""
        return difference(self._connection, self.schema, Identities(self._connection, ever=True), number, self.number)

    def revisions(self, limit: int = 100, before: int | None = None, uid: str | None = None) -> list[RevisionHeader]:
        """Headers of revisions, the newest first; of one CI where ``uid`` is given."""
        numbers = past.numbers_of(self._connection, self._inner(uid), uid) if uid else None
        if numbers and (point := self.checkpoint()):
            numbers = {n for n in numbers if n > point.number}
        return past.headers(self._connection, self.number, limit, before, numbers)

    def changed_by_others(self, since: Mapping[str, int], who: str) -> dict[str, list[int]]:
        """Record → the revisions of others that touched it after a given one, in order; only records with some.

        It takes a few statements, however many records there are.
        """
        self._ids.want_inner(since)
        there = sorted((uid for uid in since if uid in self._ids.inner), key=lambda uid: since[uid])
        point = self.checkpoint()
        first = point.number if point is not None else 0
        found: dict[str, list[int]] = {}
        for batch in chunks(there, IN_CHUNK):
            records = {uid: self._ids.inner[uid] for uid in batch}
            for uid, number in past.touching(self._connection, records, max(first, since[batch[0]]), who):
                if max(first, since[uid]) < number <= self.number:
                    found.setdefault(uid, []).append(number)
        return {uid: sorted(set(numbers)) for uid, numbers in found.items()}

    def headers(self, numbers: Collection[int]) -> list[RevisionHeader]:
        """Headers of some revisions, the newest first."""
        return past.headers(self._connection, self.number, len(numbers), None, numbers) if numbers else []

    def notable(self, limit: int = 10) -> list[RevisionHeader]:
        """The latest imports, scans and large changes, the newest first. The estate before them can be shown."""
        point = self.checkpoint()
        numbers = past.notable(self._connection, point.number if point else 0, limit)
        return past.headers(self._connection, self.number, limit, None, numbers)

    def revision(self, number: int) -> RevisionHeader:
        """The header of one revision. Raises NotFound."""
        found = past.headers(self._connection, self.number, 1, number + 1, None)
        if not found or found[0].number != number:
            raise NotFound(
                Message(
                    "There is no revision {number}; the latest is {latest}.",
                    number=Plain(number),
                    latest=Plain(self.number),
                )
            )
        return found[0]

    def day_at(self, moment: str) -> date:
        """The local day of a moment T on the command line: the date itself, or the date of the revision."""
        found = checkpoints.moment(moment)
        if isinstance(found, datetime):
            return in_local_zone(found).date()
        number = self.revision_at(moment)
        return datetime.fromisoformat(self.recorded(number)).astimezone().date() if number else clock.today()

    def head(self) -> JournalHead:
        """The head of the journal at this view's moment; a draft is no part of the journal."""
        r = tables.revision.c
        number = self.number - 1 if self.draft else self.number
        found = self._connection.execute(select(r.hash).where(r.number == number)).scalar()
        return JournalHead(number, str(found or ""), self.draft_name)

    def recorded(self, number: int) -> str:
        """When a revision was recorded (ISO UTC). It may be later than this view's moment. Raises NotFound."""
        found = past.headers(self._connection, number, 1, number + 1, None)
        if not found or found[0].number != number:
            raise NotFound(Message("There is no revision {number}.", number=Plain(number)))
        return found[0].recorded

    def edits(self, number: int) -> list[Edit]:
        """What a revision changed in effective values, links and installations, without the underlying claims.

        Raises UserError if that is no longer kept, as ``statements`` and ``changed_values`` do.
        """
        checkpoints.require(self._connection, number - 1)
        return past.RowHistory(self._connection, self._codec).edits(number)

    def statements(self, number: int, *, of_created: bool = True) -> list[Edit]:
        """What a revision wrote: claims, whole records, links. Its inverse restores the estate.

        Without ``of_created``, the statements about the CIs that the revision created are left out.
        """
        checkpoints.require(self._connection, number - 1)
        return past.RowHistory(self._connection, self._codec).statements(number, of_created=of_created)

    def statements_about(self, number: int, uid: str) -> list[Edit]:
        """One record's part of what a revision wrote: its claims (also where the revision created it), its links and
        groups, and what its deletion took from others. Raises NotFound for a record that never was there.
        """
        checkpoints.require(self._connection, number - 1)
        return RevisionPart(self._connection, self._codec).part(number, uid, self._ever(uid))

    def is_referred_to(self, uid: str) -> bool:
        """Whether a record, or an installation as its user, refers to this one."""
        return RevisionPart(self._connection, self._codec).is_referred_to(self._inner(uid))

    def changed_values(self, number: int, uid: str = "") -> Iterator[Edit]:
        """The values that a revision changed, of CIs that were there before and after; of one of them."""
        checkpoints.require(self._connection, number - 1)
        if uid:
            return RevisionPart(self._connection, self._codec).values(number, self._ever(uid))
        return past.RowHistory(self._connection, self._codec).changed_values(number)

    def changes(self, since: int) -> Iterator[FieldChange]:
        """What was changed after a revision, a change for each field of an item, in the order of revisions; streamed.

        Raises UserError if that is no longer kept.
        """
        checkpoints.require(self._connection, since)
        return iter(ChangeFeed(self._connection, self._codec, since, self.number))

    def item_changes(self, numbers: Collection[int]) -> dict[int, list[ItemChange]]:
        """The items that small revisions changed, in brief. Empty for revisions whose history is no longer kept."""
        return item_changes(self._connection, self._kept(numbers))

    def record_counts(self, numbers: Collection[int]) -> dict[int, Counter[str]]:
        """The number of records that revisions changed, by kind, without items. Empty for revisions whose history is no
        longer kept.
        """
        return record_counts(self._connection, self._kept(numbers))

    def sources(self) -> list[KnownSource]:
        """All sources that say something at present, by key. It reads all claims."""
        return source_rows.known_sources(self._connection)

    def source_rows(self, source: str, among: Collection[int] | None = None) -> SourceRows:
        """What a source says and states at present; ``among``: of these records only (inner ids)."""
        return SourceRows(self._connection, self._ids, source, among)

    def _kept(self, numbers: Collection[int]) -> list[int]:
        point = self.checkpoint()
        return [number for number in numbers if point is None or number > point.number]

    # -- history -----------------------------------------------------------------------------------

    def checkpoint(self) -> Checkpoint | None:
        """The latest checkpoint, before which the history was deleted; None if all of it is kept."""
        return checkpoints.checkpoint(self._connection)

    def checkpoint_at(self, number: int, control: Control) -> Checkpoint:
        """The checkpoint of a revision, to be written; it reads all rows. Raises NotFound, Cancelled."""
        return Checkpoint(
            number,
            self.revision(number).recorded,
            checkpoints.state_hash(self._connection, number, control),
            checkpoints.headers_hash(self._connection, number),
        )

    def superseded(self, number: int) -> int:
        """How many rows ended at or before a revision."""
        return checkpoints.superseded(self._connection, number)

    def number_at(self, moment: datetime) -> int:
        """The last revision recorded at or before a moment, or 0."""
        return past.number_at(self._connection, moment)

    def as_of(self, number: int) -> Reader:
        """The same view of the estate as of another revision. Raises UserError where that is no longer kept."""
        return Reader(self._connection, self.schema, self._codec, number)

    def between(self, number: int, *, ordered: bool = False, stated: bool = False) -> RevisionDifference:
        """What differs between a revision and this moment; ``ordered``: in the same order from every database;
        ``stated``: with the sources that state records.

        Raises UserError where the past is no longer kept.
        """
        checkpoints.require(self._connection, number)
        return RevisionDifference(self._connection, self._codec, number, self.number, ordered=ordered, stated=stated)

    def versions(self, uid: str) -> list[HistoryEntry]:
        """An item's history as far as it is kept, the newest first."""
        point = self.checkpoint()
        since = point.number if point else 0
        return past.RowHistory(self._connection, self._codec).versions(uid, self._ever(uid), self.number, since)

    def sections(self, uid: str) -> dict[str, list[SectionRow]]:
        """Section → its rows of a record, by key, in the schema's order. Where several sources see a row of the same
        key, the one of the better, then the later source; it has the others ``also``. Raises NotFound.
        """
        self._inner(uid)
        return SectionRowView(self).of([uid])[uid]

    def section_names(self, uid: str) -> list[str]:
        """The sections of which rows of a record are known. Raises NotFound."""
        return SectionRowView(self).names(self._inner(uid))

    def section_numbers(self) -> dict[str, dict[str, int]]:
        """Section → record → the number of its rows, whichever source sees them."""
        return SectionRowView(self).numbers()

    def sections_of(self, uids: Iterable[str], sections: Sequence[str] | None = None) -> dict[str, Sections]:
        """Record → the same, of several records; only some ``sections``. Records that aren't there are left out."""
        return SectionRowView(self).of(list(uids), sections)

    def latest_values(self, uids: Iterable[str]) -> dict[tuple[str, str, str], tuple[str, Mapping[str, Content]]]:
        """(Record, section, source) → when the values without a history were seen, and these by the keys of rows."""
        return SectionRowView(self).latest(list(uids))

    def latest_rows(
        self, uids: Iterable[str], section: str
    ) -> dict[str, list[tuple[str, list[Mapping[str, Content]]]]]:
        """Record → of each source that sees rows of a volatile section: when it saw them, and the rows. None of a past
        moment.
        """
        return SectionRowView(self).latest_rows(list(uids), section)

    def section_history(self, uid: str, section: str) -> list[RowChange]:
        """The steps of the rows of a section of a record as far as they are kept, the newest first. Raises NotFound."""
        point = self.checkpoint()
        return SectionRowView(self).history(self._ever(uid), section, point.number if point else 0)

    def field_points(self, uids: Iterable[str], fields: Sequence[str]) -> dict[str, RecordPoints]:
        """When fields of records changed, as this view's moment knew it; also of records that are deleted. By id."""
        from cmdb.store.reading.field_points import FieldHistory  # Only those who state or ask when need it.

        ids = Identities(self._connection, ever=True)
        wanted = list(uids)
        ids.want_inner(wanted)
        point = self.checkpoint()
        history = FieldHistory(self._connection, fields, self.number, point.number if point else 0)
        return history.of({ids.inner[uid] for uid in wanted if uid in ids.inner})

    def holdings(self, uid: str) -> set[str]:
        """The records that a person, a team, a place or a thing had at any time, or that were there, as far as this
        view's moment knew; also deleted ones.
        """
        from cmdb.store.reading.holdings import held  # Only those who ask for custody need it.

        ids = Identities(self._connection, ever=True)
        return held(self._connection, ids, self._ever(uid), self.number)

    def people_behind(self) -> dict[str, str]:
        """Holder that is no person → the person at the end of the chain of holders, "" for none: of a laptop that a
        monitor is assigned to, who has the laptop.
        """
        from cmdb.store.reading.holdings import others

        if "person" not in self.schema.classes:
            return {}
        people = frozenset(self.schema.family("person"))
        named = self.outer(others(self._connection, self._ci, people))
        known = self.by_uid(uid for uid, _, _ in named.values())
        steps = {uid: (one.cls, one.text("assigned_to")) for uid, one in known.items()}
        while missing := {held for _, held in steps.values() if held and held not in steps}:
            steps.update((uid, (one.cls, one.text("assigned_to"))) for uid, one in self.by_uid(missing).items())
            steps.update((uid, ("", "")) for uid in missing if uid not in steps)
        return {uid: _end_of(uid, steps, people) for uid in known}

    def identified(self, wanted: Mapping[str, Collection[str]]) -> list[IdentifiedRecord]:
        """The present records that have one of the values of an attribute, or were called so: see
        ``identifying_values``. None of a past moment, whose indexes there are not.
        """
        from cmdb.store.reading.identifying_values import identified

        return identified(self._connection, self.schema, wanted) if self._at is None else []

    def find_ever(self, word: str) -> str:
        """The id of the record that a person means by ``word``; also of one that is deleted, by its id or last name.

        Raises NotFound, Ambiguous.
        """
        from cmdb.store.reading.holdings import deleted

        try:
            return self.find(word).uid
        except NotFound:
            found = deleted(self._connection, word)
            if len(found) != 1:
                raise
            return found[0]

    def last_recorded(self) -> str:
        """When the latest revision was recorded (ISO UTC); "" before the first."""
        r = tables.revision.c
        found = self._connection.execute(select(r.recorded).where(r.number == self.number)).scalar()
        return str(found or "")

    def _ever(self, uid: str) -> int:
        ids = Identities(self._connection, ever=True)
        ids.want_inner([uid])
        if uid not in ids.inner:
            raise self._gone(uid)
        return ids.inner[uid]

    def revision_at(self, moment: str) -> int:
        """The revision number that T of the command line means: a number, an ISO date (its end, local time), a time, or
        a baseline's name.

        Raises UserError.
        """
        found = checkpoints.moment(moment)
        if isinstance(found, int):
            if found > self.number:
                raise NotFound(
                    Message(
                        "There is no revision {number}; the latest is {latest}.",
                        number=Plain(found),
                        latest=Plain(self.number),
                    )
                )
            return found
        if found is not None:
            return self.number_at(found)
        wanted = " ".join(moment.split()).casefold()
        for fields in self.records("baseline").values():
            if str(fields["name"]).casefold() == wanted:
                return int(str(fields["number"]))
        raise UserError(Message("“{moment}” is neither a date, a time, a revision, nor a baseline.", moment=moment))


def _end_of(uid: str, steps: Mapping[str, tuple[str, str]], people: Collection[str]) -> str:
    """The person at the end of a chain of holders; "" where none is, also where an old chain runs in a circle."""
    seen: set[str] = set()
    while uid and uid not in seen:
        seen.add(uid)
        cls, held = steps[uid]
        if cls in people:
            return uid
        uid = held
    return ""
