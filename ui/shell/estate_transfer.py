"""Shared estates in the window: opening one, and moving the open estate to a server or to a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QProgressBar, QWidget

from app.places import ENDING
from app.settings import Settings, data_folder
from cmdb.model.control import Control
from cmdb.model.errors import Cancelled, UserError
from cmdb.model.messages import Message, counted, tr
from ui.shell.estate import OpenEstate
from ui.shell.servers import DatabaseAccess, ServerDialog, ServerFields
from ui.shell.services import Services
from ui.tasks import Tasks
from ui.theme import Theme
from ui.widgets.buttons import Button
from ui.widgets.dialog import Dialog
from ui.widgets.file_dialog import ask_to_save
from ui.widgets.labels import Text
from ui.widgets.layout import box, column, row
from ui.widgets.tabs import Segments

if TYPE_CHECKING:
    from app.estates import MovedEstate
    from app.workspace import Workspace

Target = DatabaseAccess | Path
Cancel = Callable[[], object]


class TransferActions:
    """Opens shared estates, and moves the open estate."""

    def __init__(
        self, theme: Theme, parent: QWidget, settings: Settings, estate: OpenEstate, tasks: Tasks, services: Services
    ) -> None:
        self._theme, self._parent, self._settings = theme, parent, settings
        self._estate, self._tasks, self._services = estate, tasks, services

    def open_shared(self) -> None:
        """Asks for a shared estate and opens it."""

        def answer(access: DatabaseAccess) -> None:
            self._tasks.run(access.url, self._estate.open, self._services.problem)

        ServerDialog(self._theme, self._parent, self._settings, answer).open()

    def ask(self) -> None:
        """Asks for the target of the open estate, and moves it."""
        workspace = self._estate.workspace
        if workspace is None:
            return
        post = self._tasks.post

        def begin(target: Target) -> Cancel:
            control = Control(lambda done, total, text: post(dialog.show_progress, done, total, text))
            self._tasks.run(
                lambda: _move(workspace, target, control), dialog.show_done, failed,
                key="move", owner=dialog, lane="slow", stop=control.cancel,
            )  # fmt: skip
            return control.cancel

        def failed(error: Exception) -> None:
            if isinstance(error, UserError | Cancelled):
                dialog.ask_again("" if isinstance(error, Cancelled) else str(error))
            else:
                dialog.ask_again(tr("It was not moved."))
                self._services.problem(error)

        dialog = MoveDialog(
            self._theme, self._parent, self._settings, workspace.name, begin, self._estate.open,
            encrypted=workspace.encrypted,
        )  # fmt: skip
        dialog.open()


class MoveDialog(Dialog):
    """Asks for the target, shows the progress, then offers to open the copy.

    ``begin`` gets the target and returns a function that cancels the work; ``opening`` gets the place of the copy.
    """

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        settings: Settings,
        name: str,
        begin: Callable[[Target], Cancel],
        opening: Callable[[str], object],
        *,
        encrypted: bool = False,
    ) -> None:
        self._begin, self._name, self._settings = begin, name, settings
        self._cancel: Cancel | None = None
        self._made = ""
        self.kind = Segments((("server", tr("To a server")), ("file", tr("To a file"))))
        self.fields = ServerFields(settings)
        moved = tr("{estate} moved", estate=name.removesuffix(ENDING))
        self.file = QLineEdit(str(data_folder() / (moved + ENDING)))
        self.file.setAccessibleName(tr("File"))
        self._where = box(row(self.file, Button(tr("Browse…"), self._browse)))
        self.hint = Text("", "small", wrap=True)
        self.problem = Text("", "small", "bad", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress"))
        self.doing = Text("", "small")
        content = column(
            self.kind, self.fields, self._where, self.hint, self.problem, self.bar, self.doing, spacing=8,
            margins=(0, 4, 0, 0),
        )  # fmt: skip
        text = tr(
            "The whole estate is copied as it is: its records, their history, the numbers of its revisions. "
            "{estate} stays where it is and as it is.",
            estate=name,
        )
        if encrypted:
            text = tr("{text} In a database it is not encrypted: whoever runs the server can read it.", text=text)
        super().__init__(theme, parent, tr("Move {estate}", estate=name), text, box(content), icon="move")
        self._leave = Button(tr("Cancel"), self.reject)
        self._go = Button(tr("Move"), self._start, kind="primary")
        self.add_button(self._leave)
        self.add_button(self._go, default=True)
        self.kind.chosen.connect(lambda _: self.ask_again(""))
        self.fields.changed.connect(self._look)
        self.file.textChanged.connect(self._look)
        self.accepted.connect(lambda: opening(self._made))
        self.ask_again("")
        self.fields.first().setFocus()

    @property
    def working(self) -> bool:
        """Whether the move is running."""
        return self._cancel is not None

    # -- asking -----------------------------------------------------------------------------------------------------

    def ask_again(self, problem: str) -> None:
        """Shows the question again, with an error."""
        self._cancel = None
        self.problem.setText(problem)
        self._go.setText(tr("Move"))
        self._leave.setText(tr("Cancel"))
        self._look()

    def _look(self) -> None:
        asking, to_server = not self.working and not self._made, self.kind.current == "server"
        self.kind.setVisible(asking)
        self.fields.setVisible(asking and to_server)
        self._where.setVisible(asking and not to_server)
        self.hint.setText(
            tr("The database has to exist and be empty. Your password is not kept.")
            if to_server
            else tr("A file that does not exist yet.")
        )
        self.hint.setVisible(asking)
        self.problem.setVisible(asking and bool(self.problem.text()))
        self.bar.setVisible(self.working)
        self.doing.setVisible(not asking)
        self._go.setVisible(not self.working)
        ready = self.fields.complete if to_server else bool(self.file.text().strip())
        self._go.setEnabled(bool(self._made) or ready)
        for _ in range(2):  # The second time, texts are wrapped at the width that the first made.
            if (layout := self.layout()) is not None:
                layout.activate()
            self.adjustSize()

    def _browse(self) -> None:
        kinds, present = {ENDING: Message("Terrier estates (*{ending})", ending=ENDING)}, Path(self.file.text())
        found = ask_to_save(
            self._settings, self, "estate", tr("Move to a file"), present.stem, kinds, otherwise=present.parent,
            asks_to_replace=False,
        )  # fmt: skip
        if found is not None:
            self.file.setText(str(found))

    # -- working ----------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        if self._made:
            self.accept()
            return
        target = self.fields.access() if self.kind.current == "server" else Path(self.file.text().strip())
        self.bar.setRange(0, 0)
        self.doing.setText(tr("Looking at what is there…"))
        self._cancel = self._begin(target)
        self._look()

    def show_progress(self, done: int, total: int, text: Message) -> None:
        """How far the work is."""
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(done)
        self.doing.setText(tr("{doing}…", doing=text))

    def show_done(self, moved: MovedEstate) -> None:
        """Shows the copy's name and size."""
        self._made = moved.where
        self._cancel = None
        self.doing.setText(
            tr(
                "{target} now has {records} and {revisions}. {estate} is as it was.",
                target=moved.name,
                records=counted("{count} record", "{count} records", moved.records),
                revisions=counted("{count} revision", "{count} revisions", moved.revisions),
                estate=self._name,
            )
        )
        self.doing.setWordWrap(True)
        self._go.setText(tr("Open it"))
        self._leave.setText(tr("Stay here"))
        self._look()
        self._go.setFocus()

    def reject(self) -> None:
        """Esc and Cancel: a running move is cancelled, and the question is shown again when it has stopped."""
        if self._cancel is not None:
            self._cancel()
            self.doing.setText(tr("Stopping…"))
        else:
            super().reject()


def _move(workspace: Workspace, target: Target, control: Control) -> MovedEstate:
    from app.estates import move

    return move(workspace, target.url() if isinstance(target, DatabaseAccess) else str(target), control)
