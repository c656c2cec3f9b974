"""A column of a table that stays in sight at the left while the others are scrolled."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QHeaderView

from cmdb.model.messages import tr
from ui.theme import Theme
from ui.widgets.table import TableView

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
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
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
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        delegate.closeEditor.connect(lambda *_: table.setFocus())
        rows, columns = table.verticalScrollBar(), table.horizontalScrollBar()
        rows.valueChanged.connect(self.verticalScrollBar().setValue)
        self.verticalScrollBar().valueChanged.connect(rows.setValue)
        columns.valueChanged.connect(self._follow)
        table.horizontalHeader().sectionResized.connect(lambda *_: self._follow())
        table.viewport().installEventFilter(self)
        table.model().modelReset.connect(lambda: self.keep(self._column))
        self.hide()

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
        self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follows the size of the table's cells."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._follow()
        return super().eventFilter(watched, event)

    def _follow(self) -> None:
        table, column = self._table, self._column
        shown = 0 <= column < self.model().columnCount() and table.columnViewportPosition(column) < 0
        if shown:
            width, header = table.columnWidth(column), table.horizontalHeader()
            cells = table.viewport().geometry()
            self.setColumnWidth(column, width)
            self.setGeometry(cells.left(), header.y(), width, header.height() + cells.height())
            self.verticalScrollBar().setValue(table.verticalScrollBar().value())
        self.setVisible(shown)
        if shown:
            self.raise_()
