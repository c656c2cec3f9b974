"""What is expected, by room: counts that filter, a filter for words, and the list, with what is odd first."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu

from app.audits.shown_audit import WORDS, AuditShown, Verdict, tone
from cmdb.model.formats import number as number_text
from cmdb.model.messages import tr, trn
from ui.accessible import name_area
from ui.pages.audits.expected_lines import ExpectedLines, LineDelegate
from ui.theme import Theme
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.flow_layout import flow
from ui.widgets.labels import Heading, Text, retone
from ui.widgets.layout import STRETCH, column, row
from ui.widgets.page_states import EmptyState, PageStates
from ui.widgets.search import SearchField

COUNTED = (
    Verdict.FOUND, Verdict.ELSEWHERE, Verdict.MISSING, Verdict.EXCUSED, Verdict.OUTSIDE, Verdict.UNKNOWN,
    Verdict.SEVERAL, Verdict.RETIRED, Verdict.LOST, Verdict.DAMAGED, Verdict.NOT_YET,
)  # fmt: skip
"""The counts, in order."""


class CountPill(Button):
    """A count that filters the list."""

    def __init__(self, text: str, colour: str, clicked: object) -> None:
        super().__init__(text, kind="count")
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        retone(self, colour)


class RoomList(QListView):
    """Rows of rooms and items. Enter and a click open and close a room, and open an item's record."""

    acted = Signal(int)
    opened = Signal(int)

    def __init__(self, theme: Theme, model: ExpectedLines) -> None:
        super().__init__()
        name_area(self, tr("Expected"))
        self.setModel(model)
        self.setItemDelegate(LineDelegate(theme, self))
        self.setUniformItemSizes(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(lambda index: self.acted.emit(index.row()))
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter acts on the row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.acted.emit(self.currentIndex().row())
            self.opened.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)


class ExpectedList(Card):
    """The list at the side. ``opened`` fires with the id of a record."""

    opened = Signal(str)
    menu_wanted = Signal(object, object)
    """The row, and the menu to fill."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(margins=(0, 12, 0, 0))
        self._theme = theme
        self._title, self._number = Heading(tr("Expected"), 2), Text("", "muted")
        self._more = Text("", "muted")
        self.model = ExpectedLines()
        self.view = RoomList(theme, self.model)
        self.view.acted.connect(self._act)
        self.view.opened.connect(self._open)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._menu)
        self.pills: dict[Verdict | None, CountPill] = {}
        for verdict in (None, *COUNTED):
            pill = CountPill("", tone(verdict) if verdict is not None else "accent", None)
            pill.clicked.connect(partial(self.filter_by, verdict))
            self.pills[verdict] = pill
        self._pills = flow(*self.pills.values())
        self.search = SearchField(theme, tr("Filter by name, tag, model or person"), self.model.search)
        head = row(self._title, self._number, STRETCH, self._more)
        self._states = PageStates(theme, self.view)
        self._filter = column(self._pills, self.search, spacing=8)
        self.add(column(head, self._filter, margins=(14, 0, 14, 8), spacing=6))
        self.add(self._states, 1)
        self.model.emptied.connect(self._show_state)
        self._audit: AuditShown | None = None

    @property
    def chosen(self) -> Verdict | None:
        """What the list is filtered by; None for all."""
        return self.model.verdict

    def show_audit(self, audit: AuditShown) -> None:
        """Shows what an audit expects."""
        self._audit = audit
        blind = audit.blind
        self._number.setText("" if blind else number_text(audit.expected))
        more = 0 if blind else max(audit.more, 0)
        self._more.setText(trn("{count} more turned up", "{count} more turned up", more) if more else "")
        self._pills.setVisible(not blind)
        self.search.setVisible(not blind)
        for verdict, pill in self.pills.items():
            number = len(audit.rows) if verdict is None else audit.counts.get(verdict, 0)
            words = (
                tr("All {count}", count=number)
                if verdict is None
                else tr("{word} {count}", word=WORDS[verdict], count=number)
            )
            pill.setText(words)
            pill.setVisible(bool(number) or verdict is None or verdict is self.chosen)
            pill.setChecked(verdict is self.chosen)
        self.model.show_audit(audit)
        self._show_state()

    def _show_state(self) -> None:
        audit = self._audit
        if audit is None:
            return
        if audit.blind:
            text = tr("In a blind audit the list, its numbers and the results are hidden until it is finished.")
            self._states.empty(EmptyState(self._theme, "eye-off", tr("Hidden"), text))
        elif not audit.rows:
            text = tr("Nothing of this scope is in stock, live or leaving. What is scanned is kept all the same.")
            self._states.empty(EmptyState(self._theme, "audits", tr("Nothing is expected"), text))
        elif not self.model.rowCount():
            button = Button(tr("Show all"), self.show_all)
            self._states.empty(EmptyState(self._theme, "search", tr("Nothing answers the filter"), "", button))
        else:
            self._states.content()

    def show_all(self) -> None:
        """Takes the filters away."""
        self.search.setText("")
        self.model.search("")
        self.filter_by(None)

    def filter_by(self, verdict: Verdict | None, *_: object) -> None:
        """Shows what turned out so; the same one again, or None, shows all."""
        wanted = None if verdict is self.chosen else verdict
        self.model.filter_by(wanted)
        for one, pill in self.pills.items():
            pill.setChecked(one is wanted)
        self._show_state()

    def mark(self, key: str) -> None:
        """Marks the row of the last scan, and brings it into sight."""
        place = self.model.place_of(key)
        if place >= 0:
            index = self.model.index(place, 0)
            self.view.setCurrentIndex(index)
            self.view.scrollTo(index)
        else:
            self.view.setCurrentIndex(QModelIndex())

    def _act(self, place: int) -> None:
        self.model.toggle(place)

    def _menu(self, at: QPoint) -> None:
        index = self.view.indexAt(at)
        one = self.model.line(index.row()).row if index.isValid() else None
        if one is None:
            return
        menu = QMenu(self.view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.menu_wanted.emit(one, menu)
        if menu.actions():
            menu.popup(self.view.viewport().mapToGlobal(at))

    def _open(self, place: int) -> None:
        line = self.model.line(place)
        if line.row is not None and line.row.uid:
            self.opened.emit(line.row.uid)
