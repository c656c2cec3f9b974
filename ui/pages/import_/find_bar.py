"""Finding a text in the sheet's cells: the field, how many there are, the next one and the one before."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.imports.cell_search import find_cells
from app.imports.draft import SheetDraft
from cmdb.model.control import Control
from cmdb.model.errors import Cancelled
from cmdb.model.messages import tr
from ui.context import Context
from ui.widgets.buttons import IconButton
from ui.widgets.labels import Text
from ui.widgets.layout import row
from ui.widgets.search import SearchField

Cell = tuple[int, int]


class FindBar(QWidget):
    """Shown while the person searches. ``found`` (row as shown, column index) fires with a cell to go to, ``left``
    when the search is closed.
    """

    found = Signal(int, int)
    left = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._sheet: SheetDraft | None = None
        self._here: Cell = (0, 0)
        self._cells: list[Cell] = []
        theme = context.theme
        self.field = SearchField(theme, tr("Find in the sheet"), self._search)
        self.field.installEventFilter(self)
        self._said = Text("", "muted")
        self._previous = IconButton(theme, "chevron-up", tr("The one before  (Shift+Enter)"), lambda: self.step(False))
        self._next = IconButton(theme, "chevron-down", tr("The next one  (Enter)"), lambda: self.step(True))
        close = IconButton(theme, "close", tr("Close  (Esc)"), self.close_search)
        line = row(self.field, self._said, self._previous, self._next, close, spacing=6, margins=(0, 4, 0, 4))
        line.setStretch(0, 1)
        self.setLayout(line)
        self.hide()

    def open_search(self) -> None:
        """Shows it, ready to type."""
        self.show()
        self.field.setFocus()
        self.field.selectAll()
        if self.field.text():
            self._search(self.field.text())

    def close_search(self) -> None:
        """Hides it."""
        self._context.tasks.forget((id(self), "find"))
        self.hide()
        self.left.emit()

    def stand_at(self, sheet: SheetDraft | None, row_: int, index: int) -> None:
        """Another cell is the current one, of this sheet or of another one, which is searched then."""
        other = sheet is not self._sheet
        self._sheet, self._here = sheet, (row_, index)
        if other and self.isVisible():
            self._search(self.field.text())
        else:
            self._say()

    def search_again(self) -> None:
        """The cells were changed."""
        if self.isVisible():
            self._search(self.field.text(), go=False)

    def step(self, forward: bool) -> None:
        """Goes to the next cell found, or the one before; after the last comes the first."""
        if self._cells:
            find = bisect_right if forward else bisect_left
            at = find(self._cells, self._here) - (0 if forward else 1)
            self.found.emit(*self._cells[at % len(self._cells)])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the field, Enter goes on, Shift+Enter back, and Esc closes."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.field.told:
                self.step(not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.close_search()
                return True
        return super().eventFilter(watched, event)

    def _search(self, text: str, go: bool = True) -> None:
        sheet, control, key = self._sheet, Control(), (id(self), "find")
        if sheet is None or not text:
            self._context.tasks.forget(key)
            self._take([], False)
            return
        self._said.setText(tr("Searching…"))

        def failed(error: Exception) -> None:
            if not isinstance(error, Cancelled):
                self._context.shell.problem(error)

        self._context.tasks.run(
            lambda: find_cells(control, sheet, text), lambda cells: self._take(cells, go), failed,
            key=key, owner=self, stop=control.cancel,
        )  # fmt: skip

    def _take(self, cells: list[Cell], go: bool) -> None:
        self._cells = cells
        if go and cells and self._here not in cells[bisect_left(cells, self._here) :][:1]:
            self.step(True)
        self._say()

    def _say(self) -> None:
        count = len(self._cells)
        at = bisect_left(self._cells, self._here)
        if at < count and self._cells[at] == self._here:
            self._said.setText(tr("{number} of {count}", number=at + 1, count=count))
        else:
            self._said.setText(tr("{number} found", number=count) if self.field.text() else "")
        for button in (self._previous, self._next):
            button.setEnabled(bool(count))
