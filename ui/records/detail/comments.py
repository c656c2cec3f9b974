"""What people said of a record: comments, the oldest first, and a field for the next one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from app.comments import Comment, change, comments_of, delete, write
from cmdb.model.formats import moment
from cmdb.model.messages import tr
from cmdb.model.relative_times import ago
from ui.accessible import name_area
from ui.plain_texts import plain_tip
from ui.records.detail.past_tab import LaterTab
from ui.widgets.buttons import Button, LinkButton
from ui.widgets.labels import Hairline, Text
from ui.widgets.layout import box, column, row, scroll_other, scrolled

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from ui.context import Context

_LINES = 3
"""The height of the field for a comment, in lines."""


class CommentField(QPlainTextEdit):
    """A text of some lines; ``finished`` fires for Ctrl+Enter, ``left`` for Esc."""

    finished = Signal()
    left = Signal()

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setTabChangesFocus(True)
        name_area(self, tr("Comment"))
        self.setFixedHeight(self.fontMetrics().lineSpacing() * _LINES + 14)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter keeps it, Esc leaves it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.finished.emit()
                return
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)


class CommentLine(QWidget):
    """One comment: who, when, what; what can be done with it."""

    changed = Signal(str)
    removed = Signal()

    def __init__(self, comment: Comment, *, own: bool, editable: bool) -> None:
        super().__init__()
        self.comment = comment
        when = ago(comment.at) if comment.at else ""
        parts = [comment.by, when, tr("changed {time}", time=ago(comment.edited)) if comment.edited else ""]
        said = Text(" · ".join(part for part in parts if part), "small", wrap=True)
        said.setToolTip(plain_tip(moment(comment.at) if comment.at else ""))
        self.text = Text(comment.text, wrap=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.edit = LinkButton(tr("Change"), lambda: self.start(), hint=tr("Give it another text"))
        self.delete = LinkButton(tr("Delete"), self.removed.emit, hint=tr("Delete this comment"))
        for button in (self.edit, self.delete):
            button.setProperty("tone", "muted")
            button.setEnabled(editable)
        if not own:
            self.edit.hide()
        self.edit.setAccessibleName(tr("Change the comment of {name}", name=comment.by))
        self.delete.setAccessibleName(tr("Delete the comment of {name}", name=comment.by))
        head = row(said, self.edit, self.delete, spacing=4)
        head.setStretch(0, 1)
        self._field: CommentField | None = None
        self._body = column(head, self.text, spacing=2, margins=(0, 4, 0, 6))
        self.setLayout(self._body)

    @property
    def typed(self) -> str:
        """What the person has typed in place of the text; "" where they do not change it."""
        return self._field.toPlainText() if self._field is not None else ""

    def start(self, text: str = "") -> None:
        """Shows a field in place of the text, with the text or what the person typed before."""
        if self._field is not None:
            return
        field = self._field = CommentField(text or self.comment.text)
        field.finished.connect(lambda: self.changed.emit(field.toPlainText()))
        field.left.connect(self.leave)
        self.text.hide()
        self._body.insertWidget(1, field)
        field.show()
        field.setFocus()

    def take_focus(self, *, changing: bool) -> None:
        """Where work goes on: in the text that is being changed, at its button, or at the one that deletes it."""
        if self._field is not None:
            self._field.setFocus()
        else:
            (self.edit if changing and self.edit.isVisibleTo(self) else self.delete).setFocus()

    def leave(self) -> None:
        """Shows the text again."""
        field, self._field = self._field, None
        if field is not None:
            field.hide()
            field.deleteLater()
            self.text.show()
            self.edit.setFocus()


class CommentsTab(LaterTab):
    """The comments on one record; they are read when the tab is shown. What is not sent yet stays with its record."""

    def __init__(self, context: Context, page: str) -> None:
        self._area = scrolled(QWidget())
        self.field = CommentField()
        self.field.setPlaceholderText(tr("Say something about it"))
        self.send = Button(tr("Comment"), self._write)
        self.send.setToolTip(plain_tip(tr("Keep this comment with it (Ctrl+Enter)")))
        self._hint = Text(tr("Everyone who opens the estate can read it."), "small", wrap=True)
        foot = row(self._hint, self.send)
        foot.setStretch(0, 1)
        self._foot = box(column(self.field, foot, spacing=6, margins=(16, 4, 16, 8)))
        self._foot.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        inner = column(self._area, self._foot, spacing=0)
        inner.setStretch(0, 1)
        content = box(inner)
        content.setFocusProxy(self.field)
        super().__init__(context, page, "comments", content)
        self.lines: list[CommentLine] = []
        self._unsent: dict[str, str] = {}
        self.field.finished.connect(self._write)
        self.field.left.connect(lambda: self.send.setFocus())

    def show_of(self, ci: CI, *, now: bool) -> None:
        """Shows a record's comments; the text that was not sent yet is that of this record."""
        if self._ci is None or self._ci.uid != ci.uid:
            if self._ci is not None:
                self._unsent[self._ci.uid] = self.field.toPlainText()
            self.field.setPlainText(self._unsent.pop(ci.uid, ""))
        self._foot.setVisible(self._context.editable)
        super().show_of(ci, now=now)

    def _from_top(self) -> None:
        self._area.verticalScrollBar().setValue(0)

    def begin(self) -> None:
        """The field for the next comment gets the focus."""
        self.field.setFocus()

    def _ask(self, ci: CI) -> None:
        self._question(lambda reader: comments_of(reader, ci.uid), self._show)

    def _show(self, found: list[Comment]) -> None:
        author, editable = self._context.author, self._context.editable
        layout = QVBoxLayout()
        layout.setSpacing(0)
        layout.setContentsMargins(16, 8, 12, 8)
        held = self._line_with_focus()
        typed = {line.comment.id: line.typed for line in self.lines if line.typed not in ("", line.comment.text)}
        self.lines = []
        if not found:
            layout.addWidget(Text(tr("Nobody has said anything about it yet."), "muted", wrap=True))
        for comment in found:
            line = CommentLine(comment, own=comment.by == author, editable=editable)
            line.changed.connect(partial(self._change, comment))
            line.removed.connect(partial(self._delete, comment))
            self.lines.append(line)
            layout.addWidget(line)
            layout.addWidget(Hairline())
            if comment.id in typed and typed[comment.id] != comment.text:
                line.start(typed[comment.id])  # another comment came while the person changes this one
        layout.addStretch(1)
        scroll_other(self._area, layout)
        self._states.content()
        if held is not None:
            self._focus_after(*held)

    def _line_with_focus(self) -> tuple[str, int] | None:
        """The id and the place of the comment in which the focus is; None where it is in none."""
        focused: QWidget | None = self.window().focusWidget()
        places = enumerate(self.lines)
        return next(
            ((one.comment.id, place) for place, one in places if focused is not None and one.isAncestorOf(focused)),
            None,
        )

    def _focus_after(self, wanted: str, place: int) -> None:
        """The focus stays at a comment that was changed; where it was deleted, at the next one, or in the field."""
        same = next((one for one in self.lines if one.comment.id == wanted), None)
        line = same or (self.lines[min(place, len(self.lines) - 1)] if self.lines else None)
        if line is None:
            self.field.setFocus()
        else:
            line.take_focus(changing=same is not None)

    # -- writing ----------------------------------------------------------------------------------------------------

    def _write(self) -> None:
        ci, text, author = self._ci, self.field.toPlainText(), self._context.author
        if ci is None or not text.strip():
            self.field.setFocus()
            return

        def kept(_: object) -> None:
            if self._ci is not None and self._ci.uid == ci.uid and self.field.toPlainText() == text:
                self.field.clear()
                if self.window().focusWidget() is self.send:
                    self.field.setFocus()  # the next comment

        said = tr("Comment on {name} kept", name=ci.name)
        self._context.edit(lambda reader: write(reader, ci.uid, text, author), said, kept)

    def _change(self, comment: Comment, text: str) -> None:
        author = self._context.author
        self._context.edit(lambda reader: change(reader, comment, text, author), tr("Comment changed"))

    def _delete(self, comment: Comment) -> None:
        author = self._context.author
        self._context.edit(lambda reader: delete(reader, comment, author), tr("Comment deleted"))
