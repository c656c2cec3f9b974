"""The open estate: the store, its open draft, the author, the settings, the background jobs."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from app import identity, renewal
from app.attachments.opened_files import OpenedFiles
from app.jobs import Jobs
from app.plugins import Plugins
from app.question import Ask, EstateQuestion
from app.settings import Settings
from app.undo_stack import UndoStack
from cmdb.model.actors import Actor
from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.control import Control
from cmdb.model.errors import UserError
from cmdb.model.messages import Message
from cmdb.model.revision import KINDS, Revision
from cmdb.model.schema import Schema
from cmdb.store.connection.ciphers import Key
from cmdb.store.connection.database_address import is_url
from cmdb.store.reading.reader import Reader
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import open_estate

if TYPE_CHECKING:
    from cmdb.model.drafts import Draft
    from cmdb.register.live_graph import LiveGraphs
    from cmdb.store.drafts.draft_store import DraftStore

T = TypeVar("T")
Listener = Callable[[AppliedRevision], None]


class Workspace:
    """One open estate. It is passed to the code that needs it; the store is accessible only through it."""

    def __init__(self, store: Store, settings: Settings, jobs: Jobs | None = None, author: str = "") -> None:
        self.base = store
        """The estate's own store, whatever draft is open."""
        self.settings = settings
        self.jobs = jobs or Jobs()
        self.plugins = Plugins(settings)
        self.writer = identity.writer_of(settings, store.where)
        """Who writes: the person of the settings."""
        if author:
            self.writer = replace(self.writer, name=author)
        store.writer = lambda: self.writer
        self.notice: Callable[[str], None] = lambda text: None
        """Called with what a person should know but need not act on; from any thread. The window sets its own."""
        self.opened_files = OpenedFiles(encrypted=store.key is not None)
        """The copies of attached files that other programs have open."""
        self._graphs: LiveGraphs | None = None
        self._title = ""
        self._drafted: DraftStore | None = None
        self._subscriptions: dict[Listener, Callable[[], None]] = {}
        self._draft_listeners: list[Callable[[], None]] = []
        self._draft_seen: str | None = None
        """What the open draft held at the last look, as ``Reader.draft``; None after a write of this session."""
        self.undo_stack = UndoStack(store, lambda: self.author, lambda: self._drafted is not None)
        """What this session wrote to the estate, to be undone and redone."""
        self._identity_listeners: list[Callable[[], None]] = []

    @classmethod
    def open(
        cls, where: str | Path, settings: Settings, key: Key | None = None, control: Control | None = None,
        *, accept_broken: bool = False,
    ) -> Workspace:  # fmt: skip
        """Opens an estate; ``key`` is what an encrypted one needs. Raises StoreProblem, Locked, Cancelled.

        ``control`` follows and stops how one of an older format is brought up to date. ``accept_broken`` takes one over
        whose journal was changed from outside (BrokenJournal).
        """

        def writer() -> Actor:
            return identity.writer_of(settings, where)

        return cls(open_estate(where, key=key, control=control, accept_broken=accept_broken, writer=writer), settings)

    @property
    def author(self) -> str:
        """The name of who writes."""
        return self.writer.name

    def identify(self, name: str, person: str | None) -> None:
        """Says who the person is: the name that their changes carry, and their record in this estate.

        Raises UserError for a name that is empty or too long.
        """
        identity.keep(self.settings, self.where, name, person)
        self.writer = identity.writer_of(self.settings, self.where)
        for listener in list(self._identity_listeners):
            listener()

    def on_identified(self, listener: Callable[[], None]) -> None:
        """Calls ``listener`` whenever the person says who they are."""
        self._identity_listeners.append(listener)

    @property
    def store(self) -> Store:
        """What is read and written: the estate, or, while a draft is open, the estate with the draft."""
        return self._drafted or self.base

    def written_to(self, *, beside_draft: bool = False) -> Store:
        """Where work that begins now will write, handed on to ``apply`` and ``edit``: a draft may be left meanwhile."""
        return self.base if beside_draft else self.store

    @property
    def schema(self) -> Schema:
        """The estate's classes and relationship types."""
        return self.base.schema

    @property
    def where(self) -> str | Path:
        """The estate's file, or its database's address."""
        return self.base.where

    @property
    def name(self) -> str:
        """The estate's name: the name of its file, or of its database and server."""
        return self.base.name

    @property
    def title(self) -> str:
        """The name that people gave to the estate, as ``look_up_title`` found it; else that of its file or database."""
        return self._title or self.name

    def look_up_title(self) -> str:
        """Reads the name that people gave to the estate; returns ``title``. Not for the GUI's thread."""
        from app.estate_settings import NAME, estate_settings

        with self.base.read() as reader:
            self._title = estate_settings(reader)[NAME.name]
        return self.title

    @property
    def on_server(self) -> bool:
        """Whether the estate is a shared database, not a file."""
        return is_url(self.base.where)

    @property
    def read_only(self) -> bool:
        """Whether the estate can only be read."""
        return self.base.read_only

    @property
    def encrypted(self) -> bool:
        """Whether the estate's file needs a key."""
        return self.base.key is not None

    @property
    def remark(self) -> str:
        """A remark for the person who opens the estate, or ""."""
        return str(self.base.remark)

    @property
    def graphs(self) -> LiveGraphs:
        """The estate's relationships as arrays, kept current. For worker threads."""
        from cmdb.register.live_graph import LiveGraphs

        if self._graphs is None:
            self._graphs = LiveGraphs()
        return self._graphs

    # -- reading ----------------------------------------------------------------------------------------------------

    def read(self, at: int | None = None, today: date | None = None) -> AbstractContextManager[Reader]:
        """A view of the estate, now or as of a revision; on one thread at a time. See ``Store.read``."""
        return self.store.read(at, today)

    def question(
        self, ask: Ask[T], at: int | None = None, today: date | None = None, *, beside_draft: bool = False
    ) -> EstateQuestion[T]:
        """A question to be answered in a worker thread, now or as of a revision; ``today``: the date taken as today.

        ``beside_draft``: about the estate itself, whatever draft is open.
        """
        return EstateQuestion(self.base if beside_draft else self.store, ask, at, today)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Calls ``listener`` with every revision, on the writer's thread, and with what goes into the open draft.

        Returns the unsubscriber.
        """
        self._subscriptions[listener] = self.store.subscribe(listener)

        def end() -> None:
            if listener in self._subscriptions:
                self._subscriptions.pop(listener)()

        return end

    def poll(self) -> None:
        """Publishes what other processes have written since, into the open draft, too. Raises StoreProblem."""
        self.base.poll()
        drafted = self._drafted
        if drafted is None:
            return
        with drafted.read() as reader:
            number, seen = reader.number, reader.draft
        before, self._draft_seen = self._draft_seen, seen
        if before is not None and before != seen and drafted is self._drafted:
            every = frozenset(self.schema.every_attribute)
            applied = AppliedRevision(number, "", fields=every, kinds=frozenset(KINDS), draft=drafted.draft.name)
            for listener in list(self._subscriptions):
                listener(applied)

    def data_version(self) -> int:
        """A number that changes when any process commits. Raises StoreProblem."""
        return self.store.data_version()

    def missing_indexes(self) -> list[str]:
        """The indexes that the schema needs and that do not exist yet."""
        return self.base.missing_indexes()

    def build_index(self, name: str, control: Control | None = None) -> None:
        """Builds one of the ``missing_indexes``. Raises Cancelled, StoreProblem."""
        self.base.build_index(name, control)

    # -- writing ----------------------------------------------------------------------------------------------------

    def apply(
        self, revision: Revision, control: Control | None = None, into: Store | None = None
    ) -> AppliedRevision:  # fmt: skip
        """Applies a revision and remembers it for undo. Raises what ``Store.apply`` raises.

        While a draft is open, the revision goes into the draft. ``into``: what was open when the work began, for work
        during which a draft may be opened or left.
        """
        return self._noted((into or self.store).apply(revision, control))

    def edit(
        self, make: Ask[Revision], control: Control | None = None, into: Store | None = None
    ) -> AppliedRevision:  # fmt: skip
        """Creates a revision from a view of the present and applies it. Raises what the two raise.

        If what it rests on has changed meanwhile, it is made anew. ``into`` as for ``apply``; with ``base`` it is
        written into the estate itself even while a draft is open (a saved view, who the person is).
        """
        store = into or self.store

        def write(revision: Revision) -> AppliedRevision:
            if control is not None:
                control.check()
            return self.apply(revision, control, store)

        return renewal.edit(store, make, write)

    def _noted(self, applied: AppliedRevision) -> AppliedRevision:
        """Remembers a revision of the estate for undo; what went into a draft is none."""
        if applied.draft:
            self._draft_seen = None
        if applied.number and not applied.draft:
            self.undo_stack.add(applied.number)
        return applied

    # -- the draft --------------------------------------------------------------------------------------------------

    @property
    def draft(self) -> Draft | None:
        """The open draft. All that is read shows the estate with it, and all that is written goes into it."""
        return self._drafted.draft if self._drafted is not None else None

    @property
    def drafted(self) -> DraftStore:
        """The estate with the open draft. Raises UserError where none is open."""
        if self._drafted is None:
            raise UserError(Message("No draft is open."))
        return self._drafted

    def open_draft(self, name: str) -> Draft:
        """Opens a draft of that name or id; not for the GUI's thread. Raises NotFound, StoreProblem."""
        from app.drafts import open_draft

        opened = open_draft(self.base, name)
        with opened.read():  # what it shows is worked out before anybody waits for it
            pass
        self._show(opened)
        return opened.draft

    def make_draft(self, name: str) -> Draft:
        """Makes a new draft and opens it. Raises InvalidValue for a name that is empty, long or taken."""
        from app.drafts import make_draft

        return self.open_draft(make_draft(self.base, name, self.author)[0].id)

    def close_draft(self) -> None:
        """Leaves the open draft: the estate is read and written again. What the draft holds is kept."""
        if self._drafted is not None:
            self._show(None)

    def apply_draft(
        self, control: Control | None = None, *, keep: str = "", record: str = ""
    ) -> tuple[AppliedRevision, int]:
        """Applies the open draft as one revision, and leaves it unless conflicts remain; their number is returned too.

        ``keep`` and ``record`` settle conflicts first, as in ``app.drafts.apply_draft``. Raises what that raises.
        """
        from app.drafts import apply_draft

        opened = self.drafted
        applied = self._noted(apply_draft(opened, self.author, control, keep=keep, record=record))
        left = len(opened.conflicts())
        self._show(opened if left or not applied.number else None)
        return applied, left

    def settle(self, records: Collection[str] | None = None, *, keep_draft: bool) -> None:
        """Settles the open draft's conflicts about some records (None: all): for the draft, or for what is there."""
        opened = self.drafted
        found = [one.record for one in opened.conflicts() if records is None or one.record in records]
        if found:
            opened.settle(*found, keep_draft=keep_draft)
        self._show(opened)

    def drop_draft(self) -> AppliedRevision:
        """Drops the open draft; that can be undone for some days. Raises NotFound."""
        from app.drafts import drop_draft

        applied = self._noted(drop_draft(self.base, self.drafted.draft.id, self.author))
        self.close_draft()
        return applied

    def on_draft_changed(self, listener: Callable[[], None]) -> None:
        """Calls ``listener`` when a draft is opened or left, and when its conflicts are settled, on the thread that
        does it.
        """
        self._draft_listeners.append(listener)

    def _show(self, drafted: DraftStore | None) -> None:
        before, self._drafted, self._draft_seen = self._drafted, drafted, None
        if before is not drafted:
            for listener, end in list(self._subscriptions.items()):
                self._subscriptions[listener] = self.store.subscribe(listener)
                end()
        for told in list(self._draft_listeners):
            told()
        self.undo_stack.tell()

    # -- taking back ----------------------------------------------------------------------------------------------

    def undo_revision(self, number: int, control: Control | None = None) -> AppliedRevision:
        """Takes back any revision of the journal; that, too, can be undone. Raises NotFound, UserError.

        While a draft is open, the draft takes it back; the draft itself is dropped, not taken back.
        """
        if self._drafted is not None:
            self._refuse_draft(number)
        applied = renewal.undo(self.store, number, self.author, control)
        if not applied.draft:
            self.undo_stack.remove(number)
        return self._noted(applied)

    def _refuse_draft(self, number: int) -> None:
        with self.store.read() as reader:
            if reader.draft and number == reader.number:
                raise UserError(
                    Message("That would take back all of the draft."),
                    (Message("Drop the draft, or take single changes out of it on its page."),),
                )

    def undo_part(
        self, number: int, record: str, attribute: str = "", control: Control | None = None
    ) -> AppliedRevision:
        """Takes back what a revision wrote of one record, or of one attribute of it. As ``undo_revision``; the revision
        itself can still be undone.
        """
        return self._noted(renewal.undo(self.store, number, self.author, control, record=record, attribute=attribute))

    def forget(self, source: str, where: str = "", control: Control | None = None) -> AppliedRevision:
        """Forgets what a source said (of the records that match), to be undone like any edit. Raises UserError."""
        from app.sources import forget

        def write(revision: Revision) -> AppliedRevision:
            return self.apply(revision, control)

        return forget(self.store, source, self.author, where, control, write)[1]

    def close(self) -> None:
        """Stops the jobs and closes the store; copies of attached files that were opened go."""
        self.jobs.close()
        self.opened_files.close()
        self.base.close()
