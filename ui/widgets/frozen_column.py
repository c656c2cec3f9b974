"""A column of a table that stays in sight at the left while the others are scrolled."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QHeaderView

from cmdb.model.messages import tr
from ui.theme import Theme
from ui.widgets.table import Index, TableView

#: A table of more columns than this has none.
_MOST = 500


class FrozenColumn(TableView):
    """Lies over the left of a table, and only while its column is scrolled out there."""

    def __init__(self, theme: Theme, table: TableView, delegate: QAbstractItemDelegate) -> None:
        super().__init__(theme, tr("Names of the rows"), compact=True)
        self.setParent(table)
        self._table = table
        self._column = -1
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionBehavior(table.selectionBehavior())
        self.setSelectionMode(table.selectionMode())
        self.setAutoScroll(False)
        self.setProperty("role", "frozen")
        self.setModel(table.model())
        self.setSelectionModel(table.selectionModel())
        self.setItemDelegate(delegate)
        header = self.horizontalHeader()
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.clicked.connect(lambda _: table.setFocus())
        self.setEditTriggers(table.editTriggers() & QAbstractItemView.EditTrigger.DoubleClicked)
        if self.editTriggers() == QAbstractItemView.EditTrigger.NoEditTriggers:
            self.opened.connect(table.opened)
        delegate.closeEditor.connect(lambda *_: table.setFocus())
        self._follow_menus()
        rows, columns = table.verticalScrollBar(), table.horizontalScrollBar()
        rows.valueChanged.connect(self.verticalScrollBar().setValue)
        self.verticalScrollBar().valueChanged.connect(rows.setValue)
        columns.valueChanged.connect(self._follow)
        columns.rangeChanged.connect(lambda *_: self._follow())
        table.horizontalHeader().sectionResized.connect(lambda *_: self._follow())
        table.viewport().installEventFilter(self)
        table.model().modelReset.connect(lambda: self.keep(self._column))
        self.hide()

    def _follow_menus(self) -> None:
        """A click and the menu on the header, and the menu on a row, are those of the table."""
        table, mine, its = self._table, self.horizontalHeader(), self._table.horizontalHeader()
        mine.sectionClicked.connect(its.sectionClicked)
        its.sortIndicatorChanged.connect(lambda *_: self._show_sort())
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(table.customContextMenuRequested)
        mine.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        mine.customContextMenuRequested.connect(
            lambda at: its.customContextMenuRequested.emit(
                QPoint(table.columnViewportPosition(self._column) + at.x(), at.y())
            )
        )

    def _show_sort(self) -> None:
        mine, its = self.horizontalHeader(), self._table.horizontalHeader()
        mine.setSortIndicatorShown(its.isSortIndicatorShown() and its.sortIndicatorSection() == self._column)
        if mine.isSortIndicatorShown():
            mine.blockSignals(True)
            mine.setSortIndicator(self._column, its.sortIndicatorOrder())
            mine.blockSignals(False)

    @property
    def column(self) -> int:
        """The column that is kept in sight; -1 for none."""
        return self._column

    @property
    def room(self) -> int:
        """The pixels that it covers at the left of the table's cells; 0 while it is not shown."""
        return self.width() if self.isVisibleTo(self._table) else 0

    def keep(self, column: int) -> None:
        """Keeps a column in sight; -1 for none."""
        count = self.model().columnCount()
        self._column = column if count <= _MOST else -1
        if self._column >= 0:
            for index in range(count):
                self.setColumnHidden(index, index != column)
            if (own := self._table.itemDelegateForColumn(column)) is not None:
                self.setItemDelegateForColumn(column, own)
        self._show_sort()
        self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follows the size of the table's cells."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._follow()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line at its right separates it from what is scrolled below."""
        super().paintEvent(event)
        cells = self.viewport().rect()
        with QPainter(self.viewport()) as painter:
            painter.fillRect(cells.right(), cells.top(), 1, cells.height(), self._theme.color("line"))

    def _follow(self) -> None:
        table, column = self._table, self._column
        shown = 0 <= column < self.model().columnCount() and table.columnViewportPosition(column) < 0
        if shown:
            cells, header = table.viewport().geometry(), table.horizontalHeader()
            width = min(table.columnWidth(column), max(cells.width() // 2, 1))
            self.verticalHeader().setDefaultSectionSize(table.verticalHeader().defaultSectionSize())
            self.setColumnWidth(column, width)
            self.setGeometry(cells.left(), header.y(), width, header.height() + cells.height())
            self.verticalScrollBar().setValue(table.verticalScrollBar().value())
        self.setVisible(shown)
        if shown:
            self.raise_()


class FrozenTable(TableView):
    """A table of which a column stays in sight at the left, once ``freeze`` was called."""

    _frozen: FrozenColumn | None = None

    def freeze(self, delegate: QAbstractItemDelegate, column: int = 0) -> FrozenColumn:
        """Keeps a column of the table's model in sight; ``delegate`` paints its cells."""
        if self._frozen is None:
            self._frozen = FrozenColumn(self._theme, self, delegate)
        self._frozen.keep(column)
        return self._frozen

    @property
    def covered(self) -> int:
        """The pixels at the left that the column that stays in sight covers."""
        return self._frozen.room if self._frozen is not None else 0

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """A cell is in sight where the column that stays does not cover it; a cell of that column is in sight there."""
        bar = self.horizontalScrollBar()
        before = bar.value()
        super().scrollTo(index, hint)
        if self._frozen is None:  # Qt asks before it is made, too
            return
        if index.column() != self._frozen.column:
            bar.setValue(bar.value() - max(self._frozen.room - self.columnViewportPosition(index.column()), 0))
        elif self.columnViewportPosition(index.column()) - (before - bar.value()) <= 0:
            bar.setValue(before)
