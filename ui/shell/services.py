"""The window's services for pages: navigation, messages, questions, the side sheet, undo, the moment shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.pasted_list import made_list
from cmdb.model.errors import Cancelled, UserError
from cmdb.model.messages import EMPTY, Message, tr, trn
from ui.page import OwnSteps
from ui.shell.page_stack import PageStack
from ui.shell.revision_steps import RevisionSteps
from ui.theme import Theme
from ui.widgets.dialog import confirm, show_problem
from ui.widgets.notice import Toast
from ui.widgets.side_sheet import SideSheet
from ui.widgets.written_file import open_file, show_folder

if TYPE_CHECKING:
    from app.assets.views import NamedView
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.control import Control
    from ui.context import Context


#: How long a message stays that nobody waits for (milliseconds).
REMAINS = 30_000


class Services(QObject):
    """Implements ``ui.context.Shell``. ``actions_changed`` says that other actions may be enabled now, ``draft_wanted``
    that a draft is to be opened, ``new_draft_wanted`` that a new one is to be made.
    """

    actions_changed = Signal()
    draft_wanted = Signal(str)
    new_draft_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget, stack: PageStack, toast: Toast, sheet: SideSheet) -> None:
        super().__init__(parent)
        self._theme, self._dialogs_over, self._stack = theme, parent, stack
        self._toast, self._sheet = toast, sheet
        self.context: Context | None = None
        self._showing = False
        self.steps = RevisionSteps(self, lambda: stack.current)
        self.steps.told.connect(self.refresh_actions)

    # -- going ------------------------------------------------------------------------------------------------------

    def go(self, page: str, **params: Any) -> None:
        """Opens a page, if an estate is open."""
        if self.context is not None:
            self.close_sheet()
            self._stack.go(page, **params)

    def open_ci(self, uid: str, cls: str = "") -> None:
        """Shows a record: a CI in Assets, a task in Tasks. Without its class, Assets looks the record up."""
        self.go(self._listing(cls), uid=uid)

    def open_on_map(self, uid: str, impact: bool = False) -> None:
        """Shows a CI on the map, or what its failure does."""
        self.go("map", uid=uid, impact=impact)

    def open_list(self, cls: str, where: str = "", sort: str = "") -> None:
        """Shows a class's records that answer a filter, on the page that lists them."""
        self.go(self._listing(cls), cls=cls, where=where, sort=sort)

    def open_made(self, title: Message, classes: Mapping[str, str]) -> None:
        """Shows items that were made or changed together (id → class) as a list in Assets."""
        if self.context is not None:
            cls, made = made_list(self.context.schema, title, classes)
            self.go("assets", cls=cls, made=made)

    def open_view(self, view: NamedView) -> None:
        """Shows a saved view on the page that lists its records."""
        self.go(self._listing(view.view.cls), **view.params())

    def _listing(self, cls: str) -> str:
        """The page that lists the records of a class."""
        classes = self.context.schema.classes if self.context is not None else {}
        root = self.context.schema.root_of(cls) if self.context is not None and cls in classes else "ci"
        return self._stack.page_of(root) or "assets"

    def open_draft(self, name: str) -> None:
        """Opens a draft."""
        self.draft_wanted.emit(name)

    def new_draft(self) -> None:
        """Asks for a new draft."""
        self.new_draft_wanted.emit()

    # -- saying -----------------------------------------------------------------------------------------------------

    def toast(self, text: str, *, undo: bool = False, tone: str = "neutral", file: Path | None = None) -> None:
        """A short message at the top; with ``undo``, a button undoes the last change. A draft's is not undone.

        Of a ``file`` that was written it offers to open it, and to show its folder; then it stays longer.
        """
        if file is not None:
            folder = (tr("Show in folder"), lambda: show_folder(file))
            self._toast.say(text, tone, tr("Open"), lambda: open_file(file), REMAINS, folder)
            return
        button, then = (tr("Undo"), self._undo_revision) if undo and self._revision_to_undo() else ("", None)
        self._toast.say(text, "good" if undo and tone == "neutral" else tone, button, then)

    def remind(self, text: str, button: str, then: Callable[[], object]) -> None:
        """A message that may be read later: it stays for a while, with a button that leads to what it is about."""
        self._toast.say(text, "accent", button, then, REMAINS)

    def problem(self, error: BaseException) -> None:
        """Shows an error. A bug's trace is saved to a file; a cancelled job only gets a short message."""
        if isinstance(error, Cancelled):
            self.toast(str(error))
            return
        saved = ""
        if not isinstance(error, UserError):
            from app.faults import save_trace

            saved = str(save_trace(error) or "")
        if self._showing:
            self.toast(str(error) or type(error).__name__, tone="bad")
            return
        self._showing = True
        dialog = show_problem(self._theme, self._dialogs_over, error, saved)
        dialog.finished.connect(self._shown)

    def _shown(self) -> None:
        self._showing = False

    def confirm(self, title: str, text: str, button: str, then: Callable[[], None], *, danger: bool = False) -> None:
        """Asks before an action that is hard to undo, then calls ``then``."""
        confirm(self._theme, self._dialogs_over, title, text, button, then, danger=danger)

    def sheet(self, title: str, content: QWidget, buttons: tuple[QWidget, ...] = ()) -> None:
        """Opens the side sheet."""
        self._sheet.open_sheet(title, content, buttons)

    def close_sheet(self) -> None:
        """Closes the side sheet."""
        self._sheet.close_sheet()

    def refresh_actions(self) -> None:
        """What is enabled has changed."""
        self.actions_changed.emit()

    # -- undo and time ----------------------------------------------------------------------------------------------

    def _own_steps(self, *, redo: bool = False) -> OwnSteps | None:
        """The steps of the page shown, where it has its own: to undo, or to redo."""
        if self.context is None or not self._stack.current:
            return None
        own = self._stack.page(self._stack.current).own_steps()
        if own is not None and own.before_revisions and not (own.redone if redo else own.undone):
            return None
        return own

    def can_undo(self) -> bool:
        """Whether a step of the page shown can be undone; or a revision, while the present is shown."""
        own = self._own_steps()
        return bool(own.undone) if own is not None else self._revision_to_undo()

    def can_redo(self) -> bool:
        """Whether a step of the page shown can be redone; or a revision, while the present is shown."""
        own = self._own_steps(redo=True)
        if own is not None:
            return bool(own.redone)
        return self.context is not None and self.context.editable and self.context.workspace.undo_stack.can_redo

    def undo_words(self) -> Message:
        """What Undo would take back, as far as it is known."""
        own = self._own_steps()
        if own is not None or self.context is None:
            return own.undone if own is not None else EMPTY
        return self.steps.title(self.context.workspace.undo_stack.next_undo)

    def redo_words(self) -> Message:
        """What Redo would do again, as far as it is known."""
        own = self._own_steps(redo=True)
        if own is not None or self.context is None:
            return own.redone if own is not None else EMPTY
        return self.steps.title(self.context.workspace.undo_stack.next_redo)

    def undo(self) -> None:
        """Undoes the last step of the page shown, or the last change of this session."""
        own = self._own_steps()
        if own is not None:
            own.undo()
            self.refresh_actions()
        else:
            self._undo_revision()

    def redo(self) -> None:
        """Redoes what was undone."""
        own = self._own_steps(redo=True)
        if own is not None:
            own.redo()
            self.refresh_actions()
        elif self.context is not None and self.can_redo():
            workspace = self.context.workspace
            self._elsewhere(
                workspace.undo_stack.next_redo,
                Message("Doing it again"),
                workspace.undo_stack.redo,
                Message("Done again"),
                Message("Do again"),
            )

    def _revision_to_undo(self) -> bool:
        return self.context is not None and self.context.editable and self.context.workspace.undo_stack.can_undo

    def _undo_revision(self) -> None:
        if self.context is not None and self._revision_to_undo():
            workspace = self.context.workspace
            self._elsewhere(
                workspace.undo_stack.next_undo,
                Message("Taking back the last change"),
                workspace.undo_stack.undo,
                Message("Taken back"),
                Message("Take back"),
            )

    def _elsewhere(
        self,
        number: int | None,
        doing: Message,
        step: Callable[[Control], AppliedRevision | None],
        said: Message,
        button: Message,
    ) -> None:
        """Takes a step of the register, and says what it was; see ``_say_and_take``."""
        self.steps.when_known(number, lambda: self._say_and_take(number, doing, step, said, button))

    def _say_and_take(
        self,
        number: int | None,
        doing: Message,
        step: Callable[[Control], AppliedRevision | None],
        said: Message,
        button: Message,
    ) -> None:
        """Takes a step; asks first if it was made on a page that is not the one on the screen."""
        title, page = self.steps.title(number), self.steps.page(number)
        done = Message("{done}: {title}", done=said, title=title) if title else Message("{done}.", done=said)

        def run() -> None:
            self._step(step, doing, done, number)

        where = self._stack.title_of(page) if page and page != self._stack.current else None
        if where is None:
            run()
            return
        text = tr("This was changed on the page {page}, which is not shown now.", page=where)
        question = tr("{verb}: {title}?", verb=button, title=title) if title else tr("{verb}?", verb=button)
        self.confirm(question, text, str(button), run)

    def _step(
        self, step: Callable[[Control], AppliedRevision | None], doing: Message, said: Message, number: int | None
    ) -> None:
        assert self.context is not None
        workspace = self.context.workspace
        jobs = workspace.jobs

        def done(applied: AppliedRevision | None) -> None:
            if number is not None:
                self.steps.took(workspace, number)
            self.refresh_actions()
            if applied is None or not applied.number:
                self.toast(tr("There was nothing left of it to take back."))
            elif applied.kept:
                kept = trn(
                    "{done} – {count} record that changed since stays as it is.",
                    "{done} – {count} records that changed since stay as they are.",
                    len(applied.kept),
                    done=said,
                )
                self.toast(kept, tone="warning")
            else:
                self.toast(str(said))

        self.context.tasks.run(lambda: jobs.run(doing, step), done, lane="write")

    def may_leave(self) -> bool:
        """Whether the shown page lets all that it shows change: it may hold what is not saved."""
        return not self._stack.current or self._stack.page(self._stack.current).leave()

    def in_the_past(self) -> bool:
        """Whether a past moment is shown."""
        return self.context is not None and not self.context.editable

    def back_to_now(self) -> None:
        """Shows now."""
        if self.context is not None:
            self.context.tasks.forget("moment")
            self.context.moment.set(None)
