"""The note on a licence position: what somebody accepted or agreed, under the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPlainTextEdit

from app.licences.position_notes import PositionNote, keep_note, note_of
from app.licences.position_order import key_of
from cmdb.model.messages import tr
from cmdb.model.relative_times import ago
from ui.context import Context
from ui.text_size import set_sizes
from ui.widgets.buttons import Button, LinkButton
from ui.widgets.dialog import Dialog
from ui.widgets.labels import Text, retone

if TYPE_CHECKING:
    from cmdb.licences.engine.results import Position


class NoteLine(Text):
    """Shows the note; ``link`` writes one, or changes it."""

    def __init__(self, context: Context) -> None:
        super().__init__("", wrap=True)
        self._context = context
        self._position: Position | None = None
        self._note: PositionNote | None = None
        self.link = LinkButton(tr("Add a note…"), self.ask, hint=tr("What was accepted or agreed about this position"))
        retone(self.link, "accent")
        self.hide()

    def show_position(self, position: Position) -> None:
        """Reads the note on a position."""
        self._position, key = position, key_of(position)
        self._context.query(
            lambda reader: note_of(reader, key),
            lambda note: self._show(note) if position is self._position else None,
            key=("licences", "note"),
            owner=self,
        )

    def _show(self, note: PositionNote | None) -> None:
        self._note = note
        self.setVisible(note is not None)
        self.link.setText(tr("Add a note…") if note is None else tr("Change the note…"))
        self.link.setEnabled(self._context.editable)
        if note is not None:
            self.setText(tr("Note ({person}, {time}): {text}", person=note.by, time=ago(note.at), text=note.text))

    def ask(self) -> None:
        """Asks for the text; an empty one removes the note."""
        position = self._position
        if position is None or not self._context.editable:
            return
        field = QPlainTextEdit(self._note.text if self._note is not None else "")
        field.setAccessibleName(tr("Note"))
        field.setTabChangesFocus(True)
        set_sizes(field, height=120)
        about = tr("It stands beside the position, and in the workbook. An empty note is removed.")
        title = tr("Note on {title}", title=position.title)
        dialog = Dialog(self._context.theme, self, title, about, field, icon="edit")
        dialog.add_button(Button(tr("Cancel"), dialog.reject))
        dialog.add_button(Button(tr("Save"), dialog.accept, kind="primary"), default=True)
        dialog.accepted.connect(lambda: self.keep(field.toPlainText()))
        dialog.open()
        field.setFocus()

    def keep(self, text: str) -> None:
        """Writes the note on the position that is shown."""
        position, author = self._position, self._context.author
        if position is None:
            return
        key, title = key_of(position), position.title
        self._context.edit(
            lambda reader: keep_note(reader, key, title, text, author),
            tr("Note on {title} kept", title=title),
            lambda _: self.show_position(position) if position is self._position else None,
        )
