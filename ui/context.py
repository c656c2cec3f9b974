"""The context of a page: the open estate, the theme, worker threads, the window's services, and the moment shown."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.answer_cache import AnswerCache
from cmdb.model import clock
from cmdb.model.messages import Message, tr
from ui.tasks import Lane, Tasks
from ui.theme import Theme

if TYPE_CHECKING:
    from app.assets.views import NamedView
    from app.question import Ask
    from app.workspace import Workspace
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.control import Control
    from cmdb.model.revision import Revision
    from cmdb.model.schema import Schema

T = TypeVar("T")
SAVING = Message("Saving")


class Shell(Protocol):
    """The services of the window for its pages."""

    def go(self, page: str, **params: Any) -> None:
        """Opens another page; its ``opened(**params)`` is called."""

    def open_ci(self, uid: str, cls: str = "") -> None:
        """Shows a record: a CI in Assets, a task in Tasks. Without its class, Assets looks the record up."""

    def open_on_map(self, uid: str, impact: bool = False) -> None:
        """Shows a CI on the map, or what its failure does."""

    def open_list(self, cls: str, where: str = "", sort: str = "") -> None:
        """Shows the records of a class that answer a filter, on the page that lists them."""

    def open_made(self, title: Message, classes: Mapping[str, str]) -> None:
        """Shows items that were made or changed together (id → class) as a list in Assets."""

    def open_view(self, view: NamedView) -> None:
        """Shows a saved view on the page that lists its records."""

    def open_draft(self, name: str) -> None:
        """Opens a draft of that name or id: then all pages show the estate with it, and writing goes into it."""

    def new_draft(self) -> None:
        """Asks for the name of a new draft, and opens it."""

    def toast(self, text: str, *, undo: bool = False, tone: str = "neutral", file: Path | None = None) -> None:
        """A short message at the top; with ``undo``, a button undoes the last change. Of a ``file`` that was written it
        offers to open it, and to show its folder.
        """

    def problem(self, error: BaseException) -> None:
        """Shows an error: a UserError as its text, anything else as a bug."""

    def confirm(self, title: str, text: str, button: str, then: Callable[[], None], *, danger: bool = False) -> None:
        """Asks before an action that is hard to undo, then calls ``then``."""

    def sheet(self, title: str, content: QWidget, buttons: tuple[QWidget, ...] = ()) -> None:
        """Shows a form in the side sheet; ``close_sheet`` (or Esc) closes it."""

    def close_sheet(self) -> None:
        """Closes the side sheet."""

    def refresh_actions(self) -> None:
        """Announces that enabled actions have changed (undo, selection)."""


class ShownMoment(QObject):
    """The moment that is shown: now, or a past revision, when nothing can be edited."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.at: int | None = None
        self.label = ""
        self._day: date | None = None

    @property
    def day(self) -> date:
        """The day that is shown: today, or the past moment's. Due, stale and new are relative to it."""
        return self._day or clock.today()

    @property
    def today(self) -> date | None:
        """What "today" means in filters: the past moment's day; None for the present day."""
        return self._day if self.at is not None else None

    def set(self, at: int | None, label: str = "", day: date | None = None) -> None:
        """Shows the estate as of revision ``at`` (None: now); ``label`` and ``day`` say when that is."""
        if (at, label) != (self.at, self.label):
            self.at, self.label = at, label
            self._day = day if at is not None else None
            self.changed.emit()


@dataclass
class Context:
    """Passed to every page; one per open estate."""

    workspace: Workspace
    theme: Theme
    tasks: Tasks
    shell: Shell
    moment: ShownMoment = field(default_factory=ShownMoment)
    remembered: AnswerCache = field(default_factory=AnswerCache)

    @property
    def schema(self) -> Schema:
        """The estate's schema."""
        return self.workspace.schema

    @property
    def author(self) -> str:
        """The author of the person's revisions."""
        return self.workspace.author

    @property
    def editable(self) -> bool:
        """False while a past moment is shown."""
        return self.moment.at is None

    @property
    def shown(self) -> tuple[int | None, str]:
        """What is shown, for what keeps answers: the past revision (None: now) and the id of the open draft."""
        draft = self.workspace.draft
        return self.moment.at, draft.id if draft is not None else ""

    @property
    def can_set_up(self) -> bool:
        """Whether what no draft can hold may be changed: classes, baselines, the rule for old history."""
        return self.editable and self.workspace.draft is None

    def file_name(self, name: str) -> str:
        """A name for a file without its ending; one that is made with a draft has the draft's name in it."""
        draft = self.workspace.draft if self.editable else None
        if draft is None:
            return name
        return f"{name} – {''.join(c if c.isalnum() or c in ' -_.' else '-' for c in draft.name)}"

    def query(
        self,
        ask: Ask[T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
        *,
        key: Hashable = None,
        owner: QObject | None = None,
        lane: Lane = "read",
        now: bool = False,
        beside_draft: bool = False,
    ) -> None:
        """Calls ``ask`` with a view of the moment shown, in a worker, and ``done(value)`` on the GUI thread.

        With ``now`` it is a view of the present, whatever is shown; ``beside_draft`` of the estate without the open
        draft. The view is handed on to a function of ``app``;
        this module does not use it. See ``Tasks.run``.

        If its result is no longer needed, its statement is interrupted.
        """
        at, today = (None, None) if now else (self.moment.at, self.moment.today)
        question = self.workspace.question(ask, at, today, beside_draft=beside_draft)
        self.tasks.run(question.answer, done, failed, key=key, owner=owner, lane=lane, stop=question.stop)

    def edit(
        self,
        make: Ask[Revision],
        said: str = "",
        done: Callable[[AppliedRevision], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        *,
        doing: Message = SAVING,
        beside_draft: bool = False,
    ) -> None:
        """Creates a revision from a view of the present and applies it, off the GUI thread, one edit after the other.

        The job panel shows a long one as ``doing``, and it can be cancelled: then nothing is changed. ``said`` is shown
        with an Undo button when it is done ("Status set to In repair"). While a past moment is shown, nothing happens
        but a message. While a draft is open, it goes into the draft, unless it is written ``beside_draft``.
        """
        if not self.editable:
            self.shell.toast(tr("You are looking at the past. Go back to now to edit."), tone="warning")
            return

        # Where it goes is settled now: a draft may be opened or left before its turn comes.
        into = self.workspace.written_to(beside_draft=beside_draft)

        def write(control: Control) -> AppliedRevision:
            return self.workspace.edit(make, control, into)

        def work() -> AppliedRevision:
            return self.workspace.jobs.run(doing, write)

        def finished(applied: AppliedRevision) -> None:
            self.shell.refresh_actions()
            if applied.meanwhile and applied.number:
                told = "\n".join((*filter(None, (said,)), *map(str, applied.meanwhile)))
                self.shell.toast(told, undo=bool(said), tone="warning")
            elif said and applied.number:
                self.shell.toast(said, undo=True)
            elif said:
                self.shell.toast(tr("Nothing changed: it was so already."))
            if done is not None:
                done(applied)

        self.tasks.run(work, finished, failed, lane="write")
