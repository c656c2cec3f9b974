"""Dialogs for decisions: the title is a question, the text describes the consequences, buttons are named after their
actions.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QDialog, QPlainTextEdit, QWidget

from app.faults import trace_of
from cmdb.model.errors import UserError
from cmdb.model.messages import tr
from ui.accessible import name_area
from ui.text_size import set_sizes
from ui.theme import Theme
from ui.widgets.buttons import Button
from ui.widgets.labels import Heading, Text
from ui.widgets.layout import STRETCH, Item, column, row
from ui.widgets.page_states import Icon


class Dialog(QDialog):
    """A designed dialog: icon, title, text, an optional content, buttons. ``open()`` it; never ``exec``."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget | None,
        title: str,
        text: str = "",
        content: QWidget | None = None,
        *,
        icon: str = "help",
        token: str = "accent",
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        heading, words = Heading(title, 2), Text(text, "muted", wrap=True)
        heading.setWordWrap(True)
        set_sizes(heading, least_width=380)
        if not text:
            words.hide()
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        items: list[Item] = [heading, words]
        if content is not None:
            items.append(content)
        self._buttons = row(STRETCH)
        picture = column(Icon(theme, icon, token, 24), STRETCH)
        self.setLayout(row(picture, column(*items, 8, self._buttons, spacing=8), spacing=16, margins=(20, 20, 20, 16)))

    def event(self, event: QEvent) -> bool:
        """It grows where its lines need more height than it has."""
        if event.type() != QEvent.Type.LayoutRequest:
            return super().event(event)
        found, layout = super().event(event), self.layout()
        if layout is not None and layout.hasHeightForWidth():
            need = layout.totalMinimumHeightForWidth(self.width())
            if self.height() < need:
                self.resize(self.width(), need)
        return found

    def add_button(self, button: Button, *, default: bool = False) -> None:
        """Adds a button at the right; ``default`` answers Enter."""
        self._buttons.addWidget(button)
        button.setDefault(default)
        if default:
            button.setFocus()


def confirm(
    theme: Theme,
    parent: QWidget,
    title: str,
    text: str,
    button: str,
    then: Callable[[], object],
    *,
    danger: bool = False,
) -> Dialog:
    """Asks; ``button`` is the word for going ahead. Enter goes ahead unless it is a danger, Esc never does."""
    icon, token = ("warning", "bad") if danger else ("help", "accent")
    dialog = Dialog(theme, parent, title, text, icon=icon, token=token)
    cancel = Button(tr("Cancel"), dialog.reject)
    go = Button(button, dialog.accept, kind="danger" if danger else "primary")
    dialog.add_button(cancel, default=danger)
    dialog.add_button(go, default=not danger)
    dialog.accepted.connect(lambda: then())
    dialog.open()
    return dialog


def show_problem(theme: Theme, parent: QWidget, error: BaseException, saved: str = "") -> Dialog:
    """Shows an error: a UserError as its message with details; anything else as a bug, with its trace to copy.

    ``saved`` names the file that a bug's trace was written to.
    """
    if isinstance(error, UserError):
        dialog = Dialog(theme, parent, str(error), "\n".join(map(str, error.details)), icon="warning", token="warning")
        dialog.add_button(Button(tr("Close"), dialog.accept), default=True)
        dialog.open()
        return dialog
    trace = trace_of(error)
    field = QPlainTextEdit(trace)
    field.setReadOnly(True)
    set_sizes(field, least_width=560, least_height=180)
    name_area(field, tr("Trace"))
    text = tr("This is a bug in Terrier, not something you did. What you were doing may not have been done.")
    if saved:
        text = tr("{text} The trace was saved to {file}.", text=text, file=saved)
    title = tr("Terrier made a mistake: {kind}", kind=type(error).__name__)
    dialog = Dialog(theme, parent, title, text, field, icon="bug", token="bad")
    copy = Button(tr("Copy the trace"), lambda: QApplication.clipboard().setText(trace), icon="copy", theme=theme)
    dialog.add_button(copy)
    dialog.add_button(Button(tr("Close"), dialog.accept), default=True)
    dialog.open()
    return dialog
