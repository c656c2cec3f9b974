"""A list to choose from by typing: what a column is mapped to, what rows are, an attribute for a constant."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QWidget

from app.imports.targets import OF_REFERENCES, ColumnTarget
from cmdb.model.messages import EMPTY, tr
from cmdb.model.schema import fold
from ui.accessible import name_area
from ui.plain_texts import plain_tip
from ui.text_size import px, set_sizes
from ui.theme import Theme
from ui.widgets.labels import SectionLabel
from ui.widgets.layout import column
from ui.widgets.search import SearchField

_TARGET = int(Qt.ItemDataRole.UserRole)
_ACTIONS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


class Chooser(QFrame):
    """A popup: a search field over the targets by section. Enter or a click chooses one, Esc closes."""

    WIDTH, HEIGHT = 340, 380

    def __init__(
        self, theme: Theme, parent: QWidget, targets: Sequence[ColumnTarget], current: ColumnTarget | None,
        taken: Callable[[ColumnTarget], object],
    ) -> None:  # fmt: skip
        super().__init__(parent, Qt.WindowType.Popup)
        self._parent = parent
        self.setProperty("role", "raised")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._theme, self._targets, self._current, self._taken = theme, list(targets), current, taken
        self.field = SearchField(theme, tr("What is this column?"))
        self.field.textChanged.connect(self._fill)
        self.field.installEventFilter(self)
        self.list = QListWidget()
        name_area(self.list, tr("Choices"))
        set_sizes(self.list, icon=16)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._take)
        self.setLayout(column(self.field, self.list, spacing=6, margins=(8, 8, 8, 8)))
        self.resize(self.WIDTH, self.HEIGHT)
        self._fill("")

    def say(self, question: str) -> None:
        """What is asked for: in the field, and to a screen reader."""
        self.field.setPlaceholderText(question)
        self.field.setAccessibleName(question)

    def pop_up(self, at: QPoint) -> None:
        """Shows it with its top left corner at a point of the screen, as far as there is room."""
        screen = self._parent.window().screen().availableGeometry()
        x = min(at.x(), screen.right() - self.WIDTH - 8)
        y = min(at.y(), screen.bottom() - self.HEIGHT - 8)
        self.move(max(screen.left(), x), max(screen.top(), y))
        self.show()
        self.field.setFocus()

    def eventFilter(self, watched: object, event: object) -> bool:
        """In the field, arrow keys move in the list and Enter chooses."""
        if isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress:
            step = _ACTIONS.get(Qt.Key(event.key()))
            if step is not None:
                self._move(step)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take(self.list.currentItem())
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.close()
                return True
        return super().eventFilter(watched, event)  # type: ignore[arg-type]

    def _fill(self, text: str) -> None:
        self.list.clear()
        wanted = fold(text)
        ranked = [t for t in self._targets if wanted in fold(f"{t.title} {t.name}")]
        if wanted:
            ranked.sort(key=lambda t: (not fold(str(t.title)).startswith(wanted), t.section == OF_REFERENCES))
        else:
            order = list(dict.fromkeys(t.section for t in ranked))
            ranked.sort(key=lambda t: order.index(t.section))
        section = EMPTY
        for target in ranked:
            if target.section != section and not wanted:
                section = target.section
                self._heading(str(section))
            item = QListWidgetItem(str(target.title), self.list)
            item.setData(_TARGET, target)
            item.setToolTip(plain_tip(str(target.hint)))
            item.setSizeHint(QSize(100, px(28)))
            if self._current is not None and target == self._current:
                item.setIcon(self._theme.icon("check", "accent"))
                self.list.setCurrentItem(item)
        if wanted or self.list.currentItem() is None:
            self._move(0)
        self.list.scrollToItem(self.list.currentItem())

    def _heading(self, text: str) -> None:
        item = QListWidgetItem(self.list)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        label = SectionLabel(text)
        label.setContentsMargins(6, 10, 0, 4)
        item.setSizeHint(QSize(100, px(30)))
        self.list.setItemWidget(item, label)

    def _move(self, step: int) -> None:
        choices = [i for i in range(self.list.count()) if self.list.item(i).data(_TARGET) is not None]
        if not choices:
            return
        row = self.list.currentRow()
        place = choices.index(row) if row in choices else 0
        self.list.setCurrentRow(choices[max(0, min(len(choices) - 1, place + step))])

    def _take(self, item: QListWidgetItem | None) -> None:
        target = item.data(_TARGET) if item is not None else None
        if target is not None:
            self.close()
            self._taken(target)
