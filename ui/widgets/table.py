"""Tables: the look and keys that all have in common, and a model of rows in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFont, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QTableView,
)

from cmdb.model.characters import marked
from cmdb.model.messages import tr
from cmdb.model.name_keys import name_key
from ui.accessible import name_area
from ui.plain_texts import plain_tip
from ui.text_size import BASE, px, set_sizes
from ui.theme import Theme
from ui.widgets.column_widths import (
    ICON,
    PILL,
    ColumnRoom,
    ColumnTexts,
    measured_room,
    shared_room,
    texts_of,
)
from ui.widgets.pill import TONE_ROLE, PillDelegate
from ui.widgets.spoken_cells import SPOKEN, spoken
from ui.widgets.title_header import TitleHeader
from ui.widgets.toned_cells import TonedCells

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex

COMFORTABLE, COMPACT = 34, 26
#: The least width of a column that takes the remaining space, in pixels: some words of a sentence.
_LEAST_FILL = 140


@dataclass(frozen=True, slots=True)
class _Fitted:
    """How columns are fitted to their rows: see ``TableView.fit_to_rows``."""

    name: int
    whole: tuple[int, ...]
    least: tuple[int, ...]
    least_of_name: int


class TableView(QTableView):
    """No grid, hairlines between rows, whole rows selected.

    ``opened`` fires with a row for Enter or a double click, ``previewed`` for Space, ``typed`` with the first letter
    when the person starts typing (to put it into a filter). Ctrl+Shift+C copies the selection with its headers.
    """

    opened = Signal(int)
    previewed = Signal(int)
    typed = Signal(str)
    dragged = Signal(int)
    """A person dragged the right edge of this column."""

    def __init__(self, theme: Theme, name: str, *, compact: bool = False) -> None:
        super().__init__()
        self._theme = theme
        name_area(self, name)
        if (corner := self.findChild(QAbstractButton)) is not None:
            corner.setAccessibleName(tr("Choose all rows"))
        set_sizes(self, text=BASE, icon=16)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = TitleHeader(self)
        self.setHorizontalHeader(header)
        header.setSectionsClickable(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setStretchLastSection(True)
        header.setMinimumSectionSize(48)
        set_sizes(header, height=32)
        self._filling: tuple[int, int] | None = None
        self._fitted: _Fitted | None = None
        self._fit_timer = QTimer(self, singleShot=True, interval=0)
        self._fit_timer.timeout.connect(self._fit_now)
        header.dragged.connect(self._keep_widths)
        header.dragged.connect(self.dragged)
        header.sectionResized.connect(lambda column, *_: self._fill(column))
        self.setItemDelegate(TonedCells(self))
        self.set_compact(compact)
        self.activated.connect(lambda index: self.opened.emit(index.row()))

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """The headers get a separate, always empty selection. Otherwise Qt checks at every change whether every
        selected row of every column is selectable, to draw a header that does not change. The selections of the
        previous model are deleted, because Qt does not delete them.
        """
        if (old := self.model()) is not None:
            old.modelReset.disconnect(self._fit_timer.start)
            old.layoutChanged.disconnect(self._fit_timer.start)
        headers = (self.horizontalHeader(), self.verticalHeader())
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        before = [one for view in (self, *headers) for one in view.findChildren(QItemSelectionModel, options=direct)]
        super().setModel(model)
        if model is not None:
            model.modelReset.connect(self._fit_timer.start)
            model.layoutChanged.connect(self._fit_timer.start)
            for header in headers:
                header.setSelectionModel(QItemSelectionModel(model, header))
        for one in before:
            one.deleteLater()

    @property
    def standing(self) -> tuple[int, int] | None:
        """How far it is scrolled, and how far the row under the cursor is from the top of what is seen, in pixels.

        None where that row is not seen.
        """
        index = self.currentIndex()
        top = self.rowViewportPosition(index.row()) if index.isValid() else -1
        if not index.isValid() or not -self.rowHeight(index.row()) < top < self.viewport().height():
            return None
        return self.verticalScrollBar().value(), top

    def stand(self, place: tuple[int, int] | None) -> None:
        """Scrolls so that the row under the cursor is as far from the top as before (``standing``).

        What was looked at from its top is not scrolled: there new rows come into sight.
        """
        index = self.currentIndex()
        if place is None or not index.isValid() or not place[0]:
            return
        self.doItemsLayout()  # the scroll bar reaches as far as the rows do now
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.rowViewportPosition(index.row()) - place[1])

    def set_compact(self, compact: bool) -> None:
        """Rows of 26 or 34 px."""
        set_sizes(self.verticalHeader(), rows=COMPACT if compact else COMFORTABLE)

    def fit_to_rows(
        self, name: int = 0, whole: Sequence[int] = (), least: Sequence[int] = (), least_of_name: int = _LEAST_FILL
    ) -> None:
        """From now on, columns are as wide as their headers and rows ask for, as far as there is room; what is left is
        shared by the one of the ``name`` and the others that have no given width. Those of ``whole`` are never cut;
        ``least`` has the widths (pixels at the normal size of text; 0: none is given) that the columns have even for
        short rows, and to which they shrink. The person's own widths stay.
        """
        self._fitted = _Fitted(name, tuple(whole), tuple(least), least_of_name)
        self._filling = None
        self.horizontalHeader().setStretchLastSection(False)
        self._fit_now()

    def fit_soon(self) -> None:
        """Other columns are shown: those that are fitted to their rows share the room anew."""
        self._fit_timer.start()

    def _keep_widths(self) -> None:
        """Ends the fitting once the person drags a column's edge, but for the name, which has what is left."""
        if self._fitted is not None:
            self._filling = (self._fitted.name, self._fitted.least_of_name)
            self._fitted = None

    def _fit_now(self) -> None:
        if self._fitted is None:
            return
        fitted, model = self._fitted, self.model()
        shown = [n for n in range(model.columnCount()) if not self.isColumnHidden(n)]
        given = {n for n, width in enumerate(fitted.least) if width and n != fitted.name}
        rooms = measured_room(self.font(), [self._texts(n, fitted) for n in shown])
        for place, n in enumerate(shown):
            if n in given:
                least = max(px(fitted.least[n]), self.horizontalHeader().sectionSizeHint(n))
                rooms[place] = ColumnRoom(least, max(least, rooms[place].natural))
        room, place = self.viewport().width(), shown.index(fitted.name) if fitted.name in shown else -1
        if place >= 0:  # a sentence is cut before others are scrolled out of sight
            natural = rooms[place].natural
            rooms[place] = ColumnRoom(min(px(fitted.least_of_name), natural), natural)
        widths = shared_room(rooms, room, place)
        spare = max(room - sum(widths), 0)
        others = [n for n in shown if n != fitted.name and n not in fitted.whole and n not in given]
        share = spare // (len(others) + 1)
        for column, width in zip(shown, widths, strict=True):
            more = spare - share * len(others) if column == fitted.name else share if column in others else 0
            self.setColumnWidth(column, width + more)
        self.updateGeometries()  # else the scroll bar of the widths before stays for a moment

    def _texts(self, column: int, fitted: _Fitted) -> ColumnTexts:
        """What is measured of a column."""
        first = self.model().index(0, column)
        font = first.data(Qt.ItemDataRole.FontRole)
        beside = ICON if first.data(Qt.ItemDataRole.DecorationRole) is not None else 0
        beside += PILL if isinstance(self.itemDelegateForColumn(column), PillDelegate) else 0
        return ColumnTexts(
            str(self.model().headerData(column, Qt.Orientation.Horizontal) or ""),
            texts_of(self, column),
            beside,
            column in fitted.whole,
            column == fitted.name,
            font if isinstance(font, QFont) else None,
        )

    def fill_with(self, column: int, least: int) -> None:
        """A column takes the width that the others leave, but never less than ``least`` (pixels at the normal size of
        text): then it scrolls.
        """
        self._filling = (column, least)
        self.horizontalHeader().setStretchLastSection(False)
        self._fill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The column that fills follows the width of the table."""
        super().resizeEvent(event)
        self._fit_timer.start()
        self._fill()

    def _fill(self, resized: int = -1) -> None:
        if self._filling is None or resized == self._filling[0]:
            return
        column, least = self._filling
        others = sum(self.columnWidth(i) for i in range(self.horizontalHeader().count()) if i != column)
        self.setColumnWidth(column, max(px(least), self.viewport().width() - others))

    def pills(self, column: int) -> None:
        """Draws a column as pills."""
        self.setItemDelegateForColumn(column, PillDelegate(self._theme, self))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Space previews, letters go to the filter, Ctrl+Shift+C copies. Ctrl+Enter is for what the table
        is in: it presses the button of a side sheet.
        """
        row, held = self.currentIndex().row(), event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if QKeySequence(event.keyCombination()) == QKeySequence("Ctrl+Shift+C"):
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row >= 0 and not held:
            self.opened.emit(row)
        elif event.key() == Qt.Key.Key_Space and row >= 0:
            self.previewed.emit(row)
        elif event.text().isalnum() and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """Puts the selected rows on the clipboard, tab-separated, with headers."""
        model: QAbstractItemModel | None = self.model()
        if model is None:
            return
        header = self.horizontalHeader()
        columns = [header.logicalIndex(v) for v in range(header.count())]
        columns = [c for c in columns if not self.isColumnHidden(c)]
        lines = [[str(model.headerData(c, Qt.Orientation.Horizontal) or "") for c in columns]]
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        lines += [[str(model.index(r, c).data() or "") for c in columns] for r in rows]
        QApplication.clipboard().setText(
            "\n".join("\t".join(cell.replace("\t", " ") for cell in line) for line in lines)
        )


@dataclass(frozen=True)
class ViewColumn(Generic[R]):
    """A column of a ``RowsModel``: how to get its text, what it sorts by (its text), its tone and its look."""

    title: str
    text: Callable[[R], str]
    sort: Callable[[R], Any] | None = None
    tone: Callable[[R], str] | None = None
    right: bool = False
    hint: Callable[[R], str] | None = None
    icon: Callable[[R], str] | None = None
    bold: bool = False


class RowsModel(QAbstractTableModel, Generic[R]):
    """A table model over rows in memory (a few thousand at most): sortable, replaced as a whole."""

    def __init__(self, theme: Theme, columns: Sequence[ViewColumn[R]]) -> None:
        super().__init__()
        self._theme = theme
        self._columns = list(columns)
        self._rows: list[R] = []
        self._sorted: tuple[int, Qt.SortOrder] | None = None

    def show_rows(self, rows: Sequence[R]) -> None:
        """Shows other rows, in the present sort order."""
        self.beginResetModel()
        self._rows = list(rows)
        self._order()
        self.endResetModel()

    def row_at(self, row: int) -> R:
        """The row at a position."""
        return self._rows[row]

    def set_titles(self, titles: Sequence[str]) -> None:
        """Calls the columns otherwise, as other rows need."""
        self._columns = [replace(one, title=title) for one, title in zip(self._columns, titles, strict=True)]
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._columns) - 1)

    @property
    def titles(self) -> list[str]:
        """The titles of the columns."""
        return [one.title for one in self._columns]

    @property
    def rows(self) -> list[R]:
        """All rows in the order shown."""
        return self._rows

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's signature
        """The number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's signature
        """The number of columns."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """A cell's text, tone, alignment, icon or hint."""
        if role in SPOKEN:
            return spoken(index, role)
        column = self._columns[index.column()]
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return marked(column.text(row))
        if role == TONE_ROLE:
            return column.tone(row) if column.tone else None
        if role == Qt.ItemDataRole.ForegroundRole and column.tone:
            tone = column.tone(row)
            return self._theme.tone(tone)[0] if tone else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.DecorationRole and column.icon:
            name = column.icon(row)
            return self._theme.icon(name) if name else None
        if role == Qt.ItemDataRole.ToolTipRole and column.hint:
            return plain_tip(column.hint(row))
        if role == Qt.ItemDataRole.FontRole and (column.bold or column.right):
            weight = QFont.Weight.DemiBold if column.bold else QFont.Weight.Normal
            return self._theme.font(weight=weight, tabular=column.right)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """A column's title."""
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return self._columns[section].title
            if role == Qt.ItemDataRole.TextAlignmentRole and self._columns[section].right:
                return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sorts by a column; a column below 0 keeps the order given."""
        self.layoutAboutToBeChanged.emit()
        self._sorted = (column, order) if column >= 0 else None
        self._order()
        self.layoutChanged.emit()

    def _order(self) -> None:
        if self._sorted is not None:
            column, order = self._sorted
            one = self._columns[column]
            self._rows.sort(
                key=one.sort or (lambda row: name_key(one.text(row))), reverse=order == Qt.SortOrder.DescendingOrder
            )


def set_widths(table: TableView, widths: tuple[int, ...], least: int = _LEAST_FILL) -> None:
    """Sets the least widths of a table's columns, in pixels at the normal size of text; the column with 0 takes the
    remaining space, and has at least ``least``.

    A column is wider where its heading or its rows need it and there is room.
    """
    table.fit_to_rows(widths.index(0), least=widths, least_of_name=least)
