"""Drafts in the window: choosing one beside the time control, making, applying, dropping and leaving it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit, QMenu

from app import drafts
from cmdb.model.messages import Message, tr, trn
from ui.actions import Action
from ui.plain_texts import menu_label, plain_label
from ui.shell.draft_band import DraftBand
from ui.shell.services import Services
from ui.theme import Theme
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, box, column

if TYPE_CHECKING:
    from app.workspace import Workspace
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.control import Control
    from cmdb.model.drafts import Draft
    from ui.context import Context

_ABOUT = Message(
    "A draft keeps changes that are planned. While it is open, you see the estate with it, and what you edit, import "
    "or scan goes into it. Nothing of the estate changes until you apply it."
)
_LATEST = 12
"""The number of drafts that the menu lists; all of them are on the draft's page, while none is open."""


class DraftActions(QObject):
    """What can be done with drafts. ``changed`` fires when another draft is open, or none, or it holds something else:
    all that is shown may be different then.
    """

    changed = Signal()
    counted = Signal()
    """What the open draft holds, or which drafts there are, is known anew."""

    def __init__(self, theme: Theme, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        services.draft_wanted.connect(self.open)
        services.new_draft_wanted.connect(self.ask_new)
        self.known: list[Draft] = []
        """The open drafts of the estate, by name."""
        self.state: drafts.DraftState | None = None
        """What the chosen draft holds; None until it is counted."""
        self.band = DraftBand(theme, show=self.show, apply=self.apply, drop=self.drop, leave=self.leave)

    # -- what is open -----------------------------------------------------------------------------------------------

    @property
    def _context(self) -> Context | None:
        return self._services.context

    @property
    def _workspace(self) -> Workspace | None:
        return self._context.workspace if self._context is not None else None

    @property
    def draft(self) -> Draft | None:
        """The open draft."""
        return self._workspace.draft if self._workspace is not None else None

    def is_open(self) -> bool:
        """Whether a draft is open."""
        return self.draft is not None

    def can_make(self) -> bool:
        """Whether an estate is open that can be written to."""
        return self._workspace is not None and not self._workspace.read_only

    def can_choose(self) -> bool:
        """Whether there is a draft to open, or to leave."""
        return bool(self.known)

    def can_apply(self) -> bool:
        """Whether the open draft holds something that can be applied."""
        return self.is_open() and self.state is not None and bool(self.state.records or self.state.conflicts)

    def watch(self, workspace: Workspace) -> None:
        """Follows the drafts of an estate that has just been opened."""
        tasks = self._services.context.tasks if self._services.context is not None else None
        if tasks is not None:
            workspace.on_draft_changed(lambda: tasks.post(self._switched))
        self.known, self.state = [], None
        self._list()
        self._say()

    def forget(self) -> None:
        """No estate is open any more."""
        self.known, self.state = [], None
        self._say()

    def heard(self, applied: AppliedRevision) -> None:
        """A revision was written, or something went into the draft."""
        if "draft" in applied.kinds:
            self._list()
        if self.is_open():
            self._count()

    def past_shown(self) -> None:
        """A past moment is shown: the draft is left."""
        workspace, draft = self._workspace, self.draft
        if workspace is not None and draft is not None:
            workspace.close_draft()
            text = tr("The draft “{name}” is left: the past is shown without it.", name=draft.name)
            self._services.toast(text, tone="warning")

    # -- asking and doing -------------------------------------------------------------------------------------------

    def fill(self, menu: QMenu, more: list[Action]) -> None:
        """The drafts that can be chosen, and what else can be done."""
        chosen = self.draft
        none = menu.addAction(tr("No draft"), self.leave)
        none.setCheckable(True)
        none.setChecked(chosen is None)
        for one in self.known[:_LATEST]:
            entry = menu.addAction(menu_label(one.name), partial(self.open, one.id))
            entry.setCheckable(True)
            entry.setChecked(chosen is not None and chosen.id == one.id)
        menu.addSeparator()
        for action in more:
            made = menu.addAction(plain_label(str(action.title)), action.run)
            made.setEnabled(action.enabled())

    def open(self, name: str) -> None:
        """Opens a draft of that name or id."""
        context = self._context
        if context is None or not self._leaves_page():
            return
        workspace = context.workspace

        def done(_: Draft) -> None:
            context.moment.set(None)

        context.tasks.run(lambda: workspace.open_draft(name), done, key="draft", lane="write")

    def leave(self) -> None:
        """Shows the estate without the draft."""
        if self._workspace is not None and self._leaves_page():
            self._workspace.close_draft()

    def show(self) -> None:
        """What the draft does, or which drafts there are."""
        self._services.go("drafts")

    def ask_new(self) -> None:
        """Asks for the name of a new draft."""
        context = self._context
        if context is None:
            return
        name = QLineEdit()
        name.setPlaceholderText(tr("Summer"))
        name.setAccessibleName(tr("The draft's name"))
        problem = Text("", "small", "bad", wrap=True)
        problem.hide()

        def make() -> None:
            if name.text().strip():
                self._make(name.text(), problem)
            else:
                name.setFocus()

        name.returnPressed.connect(make)
        content = box(
            column(Text(str(_ABOUT), "muted", wrap=True), 8, Text(tr("Name"), "muted"), name, problem, STRETCH)
        )
        buttons = (Button(tr("Cancel"), self._services.close_sheet), PrimaryButton(tr("Make the draft"), make))
        self._services.sheet(tr("New draft"), content, buttons)

    def _make(self, name: str, problem: Text) -> None:
        context = self._context
        if context is None:
            return
        workspace = context.workspace

        def done(draft: Draft) -> None:
            self._services.close_sheet()
            context.moment.set(None)
            self._services.toast(tr("The draft “{name}” is open. What you change now goes into it.", name=draft.name))

        def failed(error: Exception) -> None:
            problem.setText(str(error))
            problem.show()

        context.tasks.run(lambda: workspace.make_draft(name), done, failed, owner=problem, lane="write")

    def apply(self) -> None:
        """Asks, then applies the draft as one revision."""
        draft, state = self.draft, self.state
        if draft is None or state is None:
            return
        if not state.records:
            self.show()  # there are only conflicts: they are settled first
            return
        text = tr(
            "In the estate: {changes}. It becomes one revision, which can be undone as one.", changes=state.words()
        )
        if state.conflicts:
            text += "\n\n" + trn(
                "{count} record was changed meanwhile. It stays in the draft until you settle it.",
                "{count} records were changed meanwhile. They stay in the draft until you settle them.",
                state.conflicts,
            )
        title = tr("Apply the draft “{name}”?", name=draft.name)
        self._services.confirm(title, text, tr("Apply"), self._apply)

    def _apply(self) -> None:
        context, draft = self._context, self.draft
        if context is None or draft is None:
            return
        workspace = context.workspace

        def write(control: Control) -> tuple[AppliedRevision, int]:
            return workspace.apply_draft(control)

        def done(found: tuple[AppliedRevision, int]) -> None:
            applied, left = found
            self._services.refresh_actions()
            if not applied.number:
                self._services.toast(tr("Nothing was applied: it was so already."), tone="warning")
            elif left:
                text = trn(
                    "Applied; {count} conflict is left in the draft “{name}”.",
                    "Applied; {count} conflicts are left in the draft “{name}”.",
                    left,
                    name=draft.name,
                )
                self._services.toast(text, tone="warning")
            else:
                self._services.toast(tr("The draft “{name}” is applied.", name=draft.name), undo=True)

        doing = Message("Applying the draft “{name}”", name=draft.name)
        context.tasks.run(lambda: workspace.jobs.run(doing, write), done, lane="write")

    def drop(self) -> None:
        """Asks, then drops the draft."""
        draft = self.draft
        if draft is None:
            return
        title = tr("Drop the draft “{name}”?", name=draft.name)
        text = tr("What it holds is given up; nothing of the estate changes. For seven days, Undo brings it back.")
        self._services.confirm(title, text, tr("Drop"), self._drop, danger=True)

    def _drop(self) -> None:
        context, draft = self._context, self.draft
        if context is None or draft is None:
            return

        def done(_: AppliedRevision) -> None:
            self._services.toast(tr("The draft “{name}” is dropped.", name=draft.name), undo=True)

        context.tasks.run(context.workspace.drop_draft, done, lane="write")

    def _leaves_page(self) -> bool:
        """Whether the shown page lets what it shows be changed (it may hold what is not saved)."""
        return self._services.may_leave()

    # -- following --------------------------------------------------------------------------------------------------

    def _switched(self) -> None:
        self.state = None
        self._services.close_sheet()
        self._say()
        if self.is_open():
            self._count()
        self.changed.emit()

    def _list(self) -> None:
        context = self._context
        if context is None:
            return

        def done(found: list[Draft]) -> None:
            self.known = found
            self.counted.emit()

        context.query(
            drafts.list_drafts, done, lambda _: None, key=("draft", "list"), owner=self, now=True, beside_draft=True
        )

    def _count(self) -> None:
        context = self._context
        if context is None:
            return
        workspace = context.workspace

        def done(found: drafts.DraftState) -> None:
            if self.draft is None or found.draft.id != self.draft.id:
                return
            if not found.is_open:
                workspace.close_draft()
                text = tr("The draft “{name}” was applied or dropped meanwhile.", name=found.draft.name)
                self._services.toast(text, tone="warning")
                return
            self.state = found
            self._say()

        store = workspace.drafted
        context.tasks.run(lambda: drafts.state(store), done, key=("draft", "count"), owner=self, lane="slow")

    def _say(self) -> None:
        self.band.show_state(self.draft.name if self.draft is not None else "", self.state)
        self.counted.emit()
