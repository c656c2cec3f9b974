"""Who the person is: asked calmly at the first start, and changed whenever they want."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from app import identity
from app.settings import Settings
from cmdb.model.actors import Actor
from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.errors import UserError
from cmdb.model.messages import Message, tr
from ui.context import Context
from ui.plain_texts import plain_label
from ui.shell.services import Services
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, column
from ui.widgets.reference import ReferencePicker

#: The first page is shown before the person is asked (milliseconds).
PAUSE = 400
_ABOUT = Message("Your changes carry this name. Everyone who has this estate sees it in the history.")
_RECORD = Message("With it, Terrier knows which tasks and equipment are yours.")


class IdentityActions(QObject):
    """Asks who the person is in the window's side sheet, and keeps the answer."""

    def __init__(self, settings: Settings, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._settings, self._services = settings, services

    def ask_at_first_start(self) -> None:
        """Asks when the first page is shown, unless the person was asked before."""
        if not identity.is_asked(self._settings):
            QTimer.singleShot(PAUSE, self, self._ask_first)

    def _ask_first(self) -> None:
        context = self._services.context
        if context is not None and not context.workspace.read_only:
            self._ask(tr("Later"), lambda: identity.ask_no_more(self._settings))

    def ask(self) -> None:
        """Shows who the person is, to be changed."""
        self._ask(tr("Cancel"), lambda: None)

    def _ask(self, leave: str, left: Callable[[], None]) -> None:
        context = self._services.context
        if context is None:
            return
        form = IdentityForm(context, identity.is_asked(self._settings))

        def close() -> None:
            left()
            self._services.close_sheet()

        save = PrimaryButton(tr("Save"), form.save)
        form.answered.connect(self._services.close_sheet)
        form.name.returnPressed.connect(form.save)
        self._services.sheet(tr("Who are you?"), form, (Button(leave, close), save))


class IdentityForm(QWidget):
    """Asks for the person's name and their record. ``answered`` fires when ``save`` has kept them."""

    answered = Signal()

    def __init__(self, context: Context, known: bool) -> None:
        super().__init__()
        self._context = context
        writer = context.workspace.writer
        self.name = QLineEdit(writer.name if known else identity.suggested_name())
        self.name.setMaxLength(identity.LONGEST_NAME)
        self.name.setAccessibleName(tr("Your name"))
        self.record = ReferencePicker(context, "person")
        self.record.setAccessibleName(tr("Your record in this estate"))
        self.new = QCheckBox(plain_label(tr("Make a record for me")))
        if context.workspace.read_only:
            self.new.hide()
        login = Text(tr("Your login is {login}.", login=writer.login), "small", wrap=True)
        if context.workspace.on_server:  # where it is the database's
            login.hide()
        self.problem = Text("", "small", "bad", wrap=True)
        self.problem.hide()
        self.record.picked.connect(lambda _: self._look())
        self.record.textChanged.connect(lambda _: self._look())
        self.setLayout(
            column(
                Text(str(_ABOUT), "muted", wrap=True), 4,
                Text(tr("Your name"), "muted"), self.name,
                login, 8,
                Text(tr("Your record in this estate"), "muted"), self.record, self.new,
                Text(str(_RECORD), "small", wrap=True), self.problem, STRETCH,
            )
        )  # fmt: skip
        self._fill(writer)

    def _fill(self, writer: Actor) -> None:
        """Shows the present record, or the one that is likely theirs."""
        suggested = Actor(self.name.text(), login=writer.login, person=writer.person)

        def show(found: tuple[str, str] | None) -> None:
            if found is not None and not self.record.text():
                self.record.show_ci(*found)

        self._context.query(lambda reader: identity.shown_person(reader, suggested), show, owner=self, now=True)

    def _look(self) -> None:
        empty = not self.record.text().strip()
        self.new.setEnabled(empty)
        if not empty:
            self.new.setChecked(False)

    def save(self) -> None:
        """Keeps what was said; with a record to be made, when that is done."""
        if self.record.unsettled:
            self._complain(tr("Choose your record from the list, or leave it empty."))
            self.record.setFocus()
            return
        workspace = self._context.workspace
        try:
            workspace.identify(self.name.text(), self.record.uid or None)
        except UserError as error:
            self._complain(str(error))
            self.name.setFocus()
            return
        identity.ask_no_more(workspace.settings)
        if self.new.isChecked():
            self._make()
        else:
            self._context.shell.toast(tr("Your changes are by {name} now.", name=workspace.author))
        self.answered.emit()

    def _make(self) -> None:
        workspace = self._context.workspace
        writer = workspace.writer

        def made(applied: AppliedRevision) -> None:
            for uid in applied.created:
                workspace.identify(writer.name, uid)

        self._context.edit(
            lambda reader: identity.new_person(reader, writer),
            tr("Your changes are by {name} now, and a record was made for you.", name=writer.name),
            made,
            beside_draft=True,
        )

    def _complain(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.show()
