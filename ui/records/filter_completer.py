"""Completions under the filter field: attributes, operators and values while they are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from app.filter_completion import Completion, asks_register, known_completions, value_completions
from cmdb.model.characters import marked
from cmdb.model.messages import tr
from cmdb.model.query_completion import Expected, expected
from ui.accessible import name_area
from ui.text_size import px

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex

    from ui.context import Context

_COMPLETION = int(Qt.ItemDataRole.UserRole)
#: Rows that are shown without scrolling, and how many spare pixels a row has around its text.
_ROWS, _AROUND = 8, 10
#: How long (milliseconds) typing pauses before the register is asked.
_PAUSE = 120


class _HintDelegate(QStyledItemDelegate):
    """What is inserted, muted, at the right of what it is called."""

    def __init__(self, parent: QObject, context: Context) -> None:
        super().__init__(parent)
        self._context = context

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """One line of text with some room."""
        return QSize(120, option.fontMetrics.height() + _AROUND)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The label, and the hint as far as there is room."""
        super().paint(painter, option, index)
        one: Completion = index.data(_COMPLETION)
        room = option.rect.width() - option.fontMetrics.horizontalAdvance(marked(one.label)) - 36
        if not one.hint or room < 40:
            return
        painter.save()
        painter.setPen(self._context.theme.color("muted"))
        text = option.fontMetrics.elidedText(marked(one.hint), Qt.TextElideMode.ElideRight, room)
        box = option.rect.adjusted(0, 0, -10, 0)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text)
        painter.restore()


class FilterCompleter(QFrame):
    """A list under a field that keeps the focus. Down and Up move in it, Tab takes the first or the chosen one, Enter
    the chosen one, Esc closes it; Ctrl+Space opens it. ``cls`` is the class that is filtered.
    """

    def __init__(self, context: Context, line: QLineEdit) -> None:
        super().__init__(line.window(), Qt.WindowType.ToolTip)
        self._context, self._line = context, line
        self.cls = "ci"
        self.setProperty("role", "raised")
        self.list = QListWidget()
        name_area(self.list, tr("Completions"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(_HintDelegate(self.list, context))
        self.list.itemClicked.connect(self._take)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self.list)
        self._known: list[Completion] = []
        self._later = QTimer(self, singleShot=True, interval=_PAUSE)
        self._later.timeout.connect(self._ask)
        line.textEdited.connect(lambda _: self.complete())
        line.installEventFilter(self)

    def complete(self) -> None:
        """Offers what may stand at the cursor."""
        asked = self._expected()
        schema = self._context.schema
        self._context.tasks.forget(("completions", id(self)))
        self._known = known_completions(schema, self.cls, asked)
        self._offer(self._known)
        if asks_register(schema, self.cls, asked):
            self._later.start()
        else:
            self._later.stop()

    def _expected(self) -> Expected:
        return expected(self._line.text(), self._line.cursorPosition())

    def _ask(self) -> None:
        asked, cls = self._expected(), self.cls

        def done(found: list[Completion]) -> None:
            if asked == self._expected():
                self._offer([*self._known, *(one for one in found if one not in self._known)])

        self._context.query(
            lambda reader: value_completions(reader, cls, asked), done, lambda _: None,
            key=("completions", id(self)), owner=self, lane="slow",
        )  # fmt: skip

    def _offer(self, found: list[Completion]) -> None:
        self.list.clear()
        for one in found:
            item = QListWidgetItem(marked(one.label))
            item.setData(_COMPLETION, one)
            item.setData(int(Qt.ItemDataRole.AccessibleTextRole), tr("{label}: {hint}", label=one.label, hint=one.hint))
            self.list.addItem(item)
        line = self._line
        if not found or not (line.hasFocus() or not line.window().isActiveWindow()):
            self.hide()
            return
        height = line.fontMetrics().height() + _AROUND
        self.resize(min(max(line.width(), px(260)), px(480)), min(len(found), _ROWS) * height + 12)
        self.move(line.mapToGlobal(QPoint(0, line.height() + 2)))
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The field's keys, while the list is open; leaving the field closes it."""
        if event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide):
            self._close()
        elif event.type() == QEvent.Type.ShortcutOverride and self.isVisible() and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Escape):
                event.accept()
                return True
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Space and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.complete()
                return True
            if self.isVisible():
                return self._key(event.key())
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._close()  # nothing that is still being read is offered any more
            return False
        return super().eventFilter(watched, event)

    def _key(self, key: int) -> bool:
        here = self.list.currentRow()
        step = {int(Qt.Key.Key_Down): 1, int(Qt.Key.Key_Up): -1}.get(key)
        if step is not None:
            self.list.setCurrentRow(max(-1, min(self.list.count() - 1, here + step)))
        elif key == Qt.Key.Key_Tab or (key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and here >= 0):
            self._take(self.list.item(max(here, 0)))
        elif key == Qt.Key.Key_Escape:
            self._close()
        else:
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._close()
            return False
        return True

    def _close(self) -> None:
        self._later.stop()
        self._context.tasks.forget(("completions", id(self)))
        self.hide()

    def _take(self, item: QListWidgetItem) -> None:
        one: Completion = item.data(_COMPLETION)
        line = self._line
        rest = line.text()[line.cursorPosition() :]
        text = one.text.rstrip() if rest.startswith(" ") else one.text
        line.setSelection(one.start, line.cursorPosition() - one.start)
        line.insert(text)  # this is an edit: the list offers what comes next
