"""The panel in which columns are chosen, searched and ordered. It stays open; the list follows each tick."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QListWidget,
    QListWidgetItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from app.assets.columns import ColumnGroup
from cmdb.model.characters import marked
from cmdb.model.declarations import fold
from cmdb.model.messages import tr
from cmdb.model.schema import Attribute
from ui.accessible import name_area
from ui.text_size import set_sizes
from ui.theme import Theme
from ui.widgets.buttons import Button, IconButton
from ui.widgets.labels import SectionLabel, Text
from ui.widgets.layout import STRETCH, box, column, row
from ui.widgets.search import SearchField

_NAME = int(Qt.ItemDataRole.UserRole)
_LINES, _MOST_LINES = 3, 9


class ColumnSheet(QWidget):
    """The columns that are shown, in order, and all that can be. ``chosen`` fires with the names after each change,
    ``reset`` to have those of the class again, ``fitted`` to have them share the width, ``compact`` with whether rows
    are low, ``grouped`` with the attribute by which rows are to be grouped ("" for none).

    Alt+Up and Alt+Down move the current column, Del hides it, Space ticks, dragging orders.
    """

    chosen = Signal(list)
    reset = Signal()
    fitted = Signal()
    compact = Signal(bool)
    grouped = Signal(str)

    def __init__(self, theme: Theme, groups: Sequence[ColumnGroup], shown: Sequence[str], *, compact: bool) -> None:
        super().__init__()
        self._labels = {one.name: one.label for group in groups for one in group.columns}
        self._search = SearchField(theme, tr("Search columns"))
        self._search.textChanged.connect(self._narrow)
        self._order = self._make_order()
        self._up = IconButton(theme, "chevron-up", tr("Further to the left"), lambda: self._move(-1))
        self._down = IconButton(theme, "chevron-down", tr("Further to the right"), lambda: self._move(1))
        self._hide = IconButton(theme, "close", tr("Hide the column"), self._hide_current)
        self._all = self._make_all(groups)
        self._by = QComboBox()
        self._by.setAccessibleName(tr("Group by"))
        self._by.setMaxVisibleItems(20)
        self._by.activated.connect(lambda _: self.grouped.emit(str(self._by.currentData())))
        rows = QCheckBox(tr("Compact rows"))
        rows.setChecked(compact)
        rows.toggled.connect(self.compact)
        head = row(SectionLabel(tr("Shown, in this order")), STRETCH, self._up, self._down, self._hide, spacing=2)
        more = row(
            Button(tr("Reset to default"), self.reset.emit), Button(tr("Fit to the width"), self.fitted.emit), STRETCH
        )
        self.setLayout(
            column(
                head, self._order, SectionLabel(tr("All columns")), self._search, self._all,
                row(Text(tr("Group by"), "muted"), self._by, STRETCH), box(column(more, rows)),
                spacing=8,
            )
        )  # fmt: skip
        self.setFocusProxy(self._search)
        self.show_columns(shown)

    def _make_order(self) -> QListWidget:
        order = QListWidget()
        name_area(order, tr("Shown columns, in their order"))
        order.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        order.setDefaultDropAction(Qt.DropAction.MoveAction)
        order.model().rowsMoved.connect(lambda *_: self._tell())
        order.currentRowChanged.connect(lambda _: self._offer())
        order.installEventFilter(self)
        return order

    def _make_all(self, groups: Sequence[ColumnGroup]) -> QTreeWidget:
        tree = QTreeWidget()
        name_area(tree, tr("All columns"))
        tree.setHeaderHidden(True)
        set_sizes(tree, indent=14)
        tree.setUniformRowHeights(True)
        for group in groups:
            parent: QTreeWidget | QTreeWidgetItem = tree
            if group.title:
                parent = QTreeWidgetItem(tree, [marked(group.title)])
                parent.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                parent.setExpanded(True)
            for one in group.columns:
                item = QTreeWidgetItem(parent, [marked(one.label)])
                item.setData(0, _NAME, one.name)
                item.setCheckState(0, Qt.CheckState.Unchecked)
        tree.itemChanged.connect(self._ticked)
        tree.setMinimumHeight(tree.fontMetrics().height() * 12)
        return tree

    def offer_groups(self, attributes: Sequence[Attribute], present: str) -> None:
        """The attributes by which rows can be grouped, and the present one ("" for none)."""
        self._by.clear()
        self._by.addItem(tr("Nothing"), "")
        for one in attributes:
            self._by.addItem(marked(one.label), one.name)
        self._by.setCurrentIndex(max(self._by.findData(present), 0))

    # -- showing ----------------------------------------------------------------------------------------------------

    @property
    def names(self) -> list[str]:
        """The columns that are shown, in order."""
        return [str(self._order.item(place).data(_NAME)) for place in range(self._order.count())]

    def show_columns(self, names: Sequence[str]) -> None:
        """Shows other columns as chosen."""
        if list(names) != self.names:
            with QSignalBlocker(self._order.model()):
                self._order.clear()
            for name in names:
                self._add(name)
        with QSignalBlocker(self._all):
            for item in self._items():
                on = item.data(0, _NAME) in names
                item.setCheckState(0, Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self._fit()

    def _add(self, name: str) -> None:
        item = QListWidgetItem(marked(self._labels.get(name, name)), self._order)
        item.setData(_NAME, name)

    def _items(self) -> list[QTreeWidgetItem]:
        found: list[QTreeWidgetItem] = []
        for top in self._tops():
            found += [top] if top.data(0, _NAME) else _children(top)
        return found

    def _tops(self) -> list[QTreeWidgetItem]:
        tops = (self._all.topLevelItem(place) for place in range(self._all.topLevelItemCount()))
        return [top for top in tops if top is not None]

    def _fit(self) -> None:
        """The list of the shown columns is as high as it needs to be, up to some lines; nothing moves for one more."""
        lines = min(max(self._order.count() + 1, _LINES), _MOST_LINES)
        height = max(self._order.sizeHintForRow(0), self._order.fontMetrics().height() + 6)
        self._order.setFixedHeight(lines * height + 2 * self._order.frameWidth())
        self._offer()

    def _offer(self) -> None:
        place, count = self._order.currentRow(), self._order.count()
        self._up.setEnabled(place > 0)
        self._down.setEnabled(0 <= place < count - 1)
        self._hide.setEnabled(place >= 0 and count > 1)

    def _narrow(self, text: str) -> None:
        """Only columns whose name, or whose class's name, has all the words."""
        words = fold(text).split()
        for top in self._tops():
            its, children = fold(top.text(0)), _children(top)
            for child in children:
                child.setHidden(not all(word in f"{fold(child.text(0))} {its}" for word in words))
            seen = any(not child.isHidden() for child in children)
            top.setHidden(not (seen if children else all(word in its for word in words)))

    # -- what the person does ---------------------------------------------------------------------------------------

    def _tell(self) -> None:
        self._fit()
        self.chosen.emit(self.names)

    def _ticked(self, item: QTreeWidgetItem) -> None:
        name, on = str(item.data(0, _NAME)), item.checkState(0) == Qt.CheckState.Checked
        names = self.names
        if on and name not in names:
            self._add(name)
        elif not on and name in names:
            if len(names) == 1:  # a list has at least one column
                with QSignalBlocker(self._all):
                    item.setCheckState(0, Qt.CheckState.Checked)
                return
            self._order.takeItem(names.index(name))
        self._tell()

    def _hide_current(self) -> None:
        place = self._order.currentRow()
        if place >= 0 and self._order.count() > 1:
            self._order.takeItem(place)
            self.show_columns(self.names)
            self._tell()

    def _move(self, by: int) -> None:
        place = self._order.currentRow()
        if place >= 0 and 0 <= place + by < self._order.count():
            item = self._order.takeItem(place)
            self._order.insertItem(place + by, item)
            self._order.setCurrentRow(place + by)
            self._tell()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys of the list of shown columns."""
        if watched is self._order and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            does: dict[tuple[int, bool], Callable[[], None]] = {
                (Qt.Key.Key_Up, True): lambda: self._move(-1),
                (Qt.Key.Key_Down, True): lambda: self._move(1),
                (Qt.Key.Key_Delete, False): self._hide_current,
            }
            run = does.get((event.key(), bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)))
            if run is not None:
                run()
                return True
        return super().eventFilter(watched, event)


def _children(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    return [child for place in range(item.childCount()) if (child := item.child(place)) is not None]
