"""The middle of the page: heading with counts, filter bar, table, and what can be done with a selection."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QMenu, QWidget, QWidgetAction

from app.assets.columns import ABOUT
from app.assets.rows import HighlightedRows, HighlightRequest, Ranges, number_of
from app.assets.views import ShownList
from cmdb.model import query
from cmdb.model.errors import QueryError, UserError
from cmdb.model.formats import number
from cmdb.model.messages import Message, tr
from ui.context import Context
from ui.records.cell_painter import CellPainter
from ui.records.clipboard import copy_rows
from ui.records.columns import Columns
from ui.records.filters import FilterForm
from ui.records.model import RecordsModel
from ui.records.selection_bar import SelectionBar
from ui.records.slow_query_note import SlowQueryNote
from ui.records.views import ViewsMenu
from ui.widgets.buttons import Button, MenuButton, PrimaryButton
from ui.widgets.card import Card
from ui.widgets.frozen_column import FrozenTable
from ui.widgets.labels import Heading, Text
from ui.widgets.layout import STRETCH, column, row
from ui.widgets.notice import InlineMessage
from ui.widgets.page_states import EmptyState, PageStates
from ui.widgets.search import SearchField
from ui.widgets.table import TableView

if TYPE_CHECKING:
    from collections.abc import Callable

    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.selection import Selection


@dataclass(frozen=True, slots=True)
class ListKind:
    """What is particular to the list of a page: the page's id, its root, and its words."""

    page: str
    root: str
    every: Message
    """The title of the list of all records of the root."""
    rows: Message
    """What the rows are, for screen readers."""
    new: Message
    """The text of the button for a new record."""
    filter_hint: Message
    """What can be typed into the filter bar, with an example."""
    sort: str = "name"
    """How a list is sorted at first."""


#: The maximum number of selected rows of which the bar shows the total cost.
SUMMED = 2000


class RecordTable(FrozenTable):
    """A table whose rows are not all loaded: ``copied`` fires instead of copying the loaded rows."""

    copied = Signal()

    def copy(self) -> None:
        """Asks for the selected rows to be put on the clipboard."""
        self.copied.emit()


class RecordListing(Card):
    """Shows one class's records. ``current`` fires with the record that is under the cursor (None: none).

    ``kind`` says what is particular to the page that has it; ``empty`` makes what is shown where a list without a
    filter has nothing, from its title. ``scope`` is a filter that holds besides what is typed; ``top`` stands over the
    filter; ``sheets`` fills a menu of what is done with spreadsheets.
    """

    current = Signal(object)
    selected = Signal(int)
    wanted = Signal(str)
    """An action on the selection that was asked for: new, edit, hand_over, take_back, move, retire, delete, map."""

    def __init__(
        self,
        context: Context,
        kind: ListKind,
        empty: Callable[[str], EmptyState],
        top: QWidget | None = None,
        sheets: Callable[[QMenu], object] | None = None,
    ) -> None:
        super().__init__(margins=(0, 12, 0, 0))
        self.context, self.kind, self._empty = context, kind, empty
        self.cls = kind.root
        self.sort = kind.sort
        self.scope = ""
        self.total = 0
        self._standing: tuple[str, str, str] | None = None
        self.model = RecordsModel(context, kind.page)
        self.table = self._make_table()
        self.columns = Columns(context, self.table, self.model)
        self.columns.chosen.connect(self.show_columns)
        self.columns.sorted.connect(self.sort_by)
        self.views = ViewsMenu(context, self.view, self, page=kind.page, root=kind.root)
        self._keep_row = 0
        self._go_to = ""
        self._waiting: list[Callable[[], None]] = []
        self.heading = Heading(self._title(), 1)
        self._count = Text("", "muted")
        self.search = SearchField(
            context.theme,
            str(kind.filter_hint),
            self._filtered,
        )
        self._error = InlineMessage(context.theme, "", "warning")
        self.slow = SlowQueryNote(context, self.stop)
        self._states = PageStates(context.theme, self.table)
        self._states.loading()
        self.setFocusProxy(self._states)
        self.views.changed.connect(lambda: self.heading.setText(self._title()))
        self._bar = SelectionBar(context, self.wanted.emit, kind.root)
        self._room = QTimer(self, singleShot=True, interval=60)
        self._room.timeout.connect(self.columns.room_changed)
        for signal, slot in (
            (self.model.shown, self._shown),
            (self.model.counted, self._show_count),
            (self.model.ordered, self._ordered),
            (self.model.failed, self._failed),
        ):
            signal.connect(slot)
        self._lay_out(top, sheets)

    def _lay_out(self, top: QWidget | None, sheets: Callable[[QMenu], object] | None) -> None:
        theme = self.context.theme
        views = MenuButton(tr("Views"), self.views.fill, icon="eye", theme=theme)
        filters = MenuButton(tr("Filter"), self._fill_filter, icon="filter", theme=theme)
        columns = Button(tr("Columns"), self.columns.open_sheet, icon="columns", theme=theme)
        self.new = PrimaryButton(str(self.kind.new), lambda: self.wanted.emit("new"), icon="plus", theme=theme)
        more = [MenuButton(tr("Sheets"), sheets, icon="sheet", theme=theme)] if sheets is not None else []
        head = row(self.heading, self._count, STRETCH, *more, views, columns, self.new, margins=(16, 0, 12, 0))
        self.search.setMinimumWidth(160)
        bar = row(self.search, filters, margins=(16, 0, 12, 0))
        bar.setStretch(0, 1)
        note = column(self._error, self.slow, margins=(16, 0, 12, 0))
        above = [row(top, margins=(16, 0, 12, 0))] if top is not None else []
        view = row(self.views.bar, margins=(16, 0, 12, 0))
        self.add(column(head, view, *above, bar, note, spacing=8, margins=(0, 0, 0, 8)))
        self.add(self._states, 1)
        self.add(self._bar)

    def _make_table(self) -> RecordTable:
        table = RecordTable(self.context.theme, str(self.kind.rows))
        table.setModel(self.model)
        table.setItemDelegate(CellPainter(self.context.theme, table))
        table.setFrameShape(QFrame.Shape.NoFrame)
        header = table.horizontalHeader()
        header.setSortIndicatorShown(True)
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self._sort_by)
        table.selectionModel().currentRowChanged.connect(lambda *_: self._moved())
        table.selectionModel().selectionChanged.connect(lambda *_: self._selection())
        table.typed.connect(self._typed)
        table.copied.connect(self._copy)
        return table

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Distributes the width over the columns again."""
        super().resizeEvent(event)
        self._room.start()

    # -- what is shown ----------------------------------------------------------------------------------------------

    def show_class(self, cls: str, where: str = "", sort: str = "", columns: list[str] | None = None) -> None:
        """Shows a class, with a filter and a sort."""
        self.cls = cls
        self.views.leave()
        self.columns.show_class(cls, columns)
        self.heading.setText(self._title())
        self.sort = sort or str(self.context.workspace.settings.get(f"assets.sort.{cls}", self.kind.sort))
        self.search.setText(where)
        self.refresh()

    def refresh(self) -> None:
        """Asks for the selection as it is now described."""
        self.views.follow()
        selection = self.selection()
        if selection is None:
            return
        self._keep_row = self.table.verticalScrollBar().value()
        self.columns.follow_density()
        self.slow.wait_for(selection)
        self._waiting.clear()
        self.model.show_selection(selection, self.columns.attributes(), self._wanted())
        self._count_all()

    def show_columns(self) -> None:
        """Shows the columns as they are now chosen, of the same items."""
        self.views.follow()
        ranges, self._keep_row = self.selected_ranges(), self.table.verticalScrollBar().value()
        self.model.show_columns(self.columns.attributes())
        if ranges:
            self._select(ranges)

    def view(self) -> ShownList:
        """What is shown, to be kept under a name."""
        typed = self.search.text().strip()
        where = _both(self.scope, typed) if not self.scope or not typed or _is_query(typed) else self.scope
        return ShownList(self.cls, where, self.sort, tuple(self.columns.names()))

    def stop(self) -> None:
        """Stops waiting: the previous rows stay, or an empty page with a button to try again."""
        self.model.stop()
        self.slow.done()
        if self._standing is None:
            again = Button(tr("Show the list"), self.refresh)
            self._states.empty(
                EmptyState(self.context.theme, "clock", tr("Stopped"), tr("The list was not read."), again)
            )
            return
        self.cls, self.sort, where = self._standing
        self.columns.show_class(self.cls)
        self.heading.setText(self._title())
        self.search.setText(where)
        self._error.say("")
        self._show_sort()
        self._show_count()

    def _wanted(self) -> HighlightRequest:
        """The rows to find again in another order: the selected rows, and the requested one."""
        kept = self.model.ids(self.selected_ranges()) if self.model.selection is not None else array("q")
        return HighlightRequest(kept, self._go_to)

    def _title(self) -> str:
        if self.views.name:
            return self.views.name
        return str(self.kind.every) if self.cls == self.kind.root else self.context.schema.cls(self.cls).plural

    def selection(self) -> Selection | None:
        """The requested selection; None if the filter is invalid (its error is shown)."""
        from cmdb.model.selection import Selection

        typed = self.search.text().strip()
        where, words = "", ""
        try:
            if _is_query(typed):
                query.parse(typed)
                where = typed
            else:
                words = typed
        except QueryError as error:
            self._error.say(str(error), "warning")
            return None
        self._error.say("")
        return Selection(self.cls, _both(self.scope, where), self.sort, words)

    def go_to(self, uid: str) -> None:
        """Makes a CI the current row when the order of the rows is known."""
        self._go_to = uid

    def follow(self, applied: AppliedRevision, coming: str = "") -> None:
        """Takes in a published revision: rows it names are read again, the list only where it may be another.

        The row of the CI ``coming`` (its id) is brought by somebody else.
        """
        if self.model.follow(applied, coming):
            self._keep_row = self.table.verticalScrollBar().value()
            height = max(1, self.table.verticalHeader().defaultSectionSize())
            self.model.ask_again(max(0, self._keep_row // height - 10), self._wanted())
            self._count_all()

    def _count_all(self) -> None:
        from cmdb.model.selection import Selection

        def done(total: int) -> None:
            self.total = total
            self._show_count()

        if self.search.text().strip():
            everything, key = Selection(self.cls, self.scope), (self.kind.page, "total")
            self.context.query(lambda reader: number_of(reader, everything), done, key=key, owner=self)

    def _show_count(self) -> None:
        if not self.model.exact:
            self._count.setText(tr("counting…") if self.model.rowCount() else "")
            return
        here = self.model.rowCount()
        filtered = self.search.text().strip() and self.total >= here
        self._count.setText(tr("{shown} of {total}", shown=here, total=self.total) if filtered else number(here))

    def _show_sort(self) -> None:
        names = [a.name for a in self.model.columns]
        word = self.sort.lstrip("-")
        order = Qt.SortOrder.DescendingOrder if self.sort.startswith("-") else Qt.SortOrder.AscendingOrder
        place = names.index(word) if word in names else -1
        self.table.horizontalHeader().setSortIndicator(place, order)

    def _shown(self) -> None:
        """The first page is shown, or the same list was read again."""
        self.slow.done()
        self._standing = (self.cls, self.sort, self.search.text())
        if self.model.rowCount():
            self._states.content()
        self.columns.lay_out()
        self._show_sort()
        if self.model.rowCount():
            self.table.verticalScrollBar().setValue(self._keep_row)
        else:
            self._states.empty(self._nothing())
        self._show_count()
        self._selection()

    def _nothing(self) -> EmptyState:
        theme, title = self.context.theme, self._title()
        if self.search.text().strip():
            button = Button(tr("Clear the filter"), self.clear_filter)
            return EmptyState(theme, "filter", tr("{cls}: nothing matches this filter", cls=title), "", button)
        return self._empty(title)

    def _ordered(self, found: HighlightedRows) -> None:
        """Every row can be reached now: selects the earlier selection again, and goes to the requested row."""
        if self._go_to:
            self._go_to = ""
            self._select([(found.row, found.row)] if found.row >= 0 else [], move=True)
        elif found.ranges and not self.table.selectionModel().hasSelection():
            self._select(found.ranges)
        waiting, self._waiting = self._waiting, []
        for then in waiting:
            then()

    def _select(self, ranges: Ranges, *, move: bool = False) -> None:
        if not ranges:
            self.current.emit(None) if move else None
            return
        chosen, last = QItemSelection(), self.model.columnCount() - 1
        for top, bottom in ranges:
            chosen.select(self.model.index(top, 0), self.model.index(bottom, last))
        self.table.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        index = self.model.index(ranges[0][0], 0)
        self.table.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        if move:
            self.table.scrollTo(index, TableView.ScrollHint.PositionAtCenter)

    def _failed(self, error: Exception) -> None:
        self.slow.done()
        if isinstance(error, UserError) and self.search.text().strip():
            self._error.say(str(error), "warning")
            self._states.content()
        else:
            self._states.failed(error, self.refresh)

    def _copy(self) -> None:
        columns = list(self.model.columns)
        self.selected_ids(lambda ids: copy_rows(self.context, ids, columns))

    # -- what the person does ---------------------------------------------------------------------------------------

    def selected_ids(self, then: Callable[[array[int]], None]) -> None:
        """Calls ``then`` with the inner ids of the selected CIs: at once, or as soon as every row can be reached."""
        if self.model.ready:
            then(self.model.ids(self.selected_ranges()))
        else:
            self._waiting.append(lambda: then(self.model.ids(self.selected_ranges())))

    def selected_ranges(self) -> Ranges:
        """The selected rows, as ranges from top to bottom."""
        return sorted((part.top(), part.bottom()) for part in self.table.selectionModel().selection().toList())

    def selected_number(self) -> int:
        """The number of selected rows."""
        return sum(bottom - top + 1 for top, bottom in self.selected_ranges())

    def _moved(self) -> None:
        index = self.table.currentIndex()
        self.current.emit(self.model.ci(index.row()) if index.isValid() else None)

    def _selection(self) -> None:
        number = self.selected_number()
        few = self.model.in_memory(self.selected_ranges(), SUMMED) if 1 < number <= SUMMED else []
        self._bar.show_selection(number, few)
        self.selected.emit(number)

    def _filtered(self, _text: str) -> None:
        self._keep_row = 0
        self.refresh()

    def _typed(self, letter: str) -> None:
        self.search.setFocus()
        self.search.setText(self.search.text() + letter)
        self.search.textEdited.emit(self.search.text())

    def clear_filter(self) -> None:
        """Shows all of the class again."""
        self.search.setText("")
        self.refresh()

    def add_condition(self, condition: str) -> None:
        """Adds a condition to the filter."""
        typed = self.search.text().strip()
        if typed and _is_query(typed):
            condition = f"({typed}) and {condition}" if " or " in typed else f"{typed} and {condition}"
        self.search.setText(condition)
        self.refresh()

    def _sort_by(self, section: int) -> None:
        name = self.model.columns[section].name
        if name == ABOUT:
            return  # a record may be about several
        self.sort_by(f"-{name}" if self.sort == name else name)

    def sort_by(self, sort: str) -> None:
        """Sorts by an attribute, "-" before it descends; kept for the class."""
        self.sort = sort
        self._keep_row = 0
        if not self.views.name:
            self.context.workspace.settings.set(f"assets.sort.{self.cls}", sort)
        self.refresh()

    def _fill_filter(self, menu: QMenu) -> None:
        form = FilterForm(self.context, self.cls)

        def added(condition: str) -> None:
            menu.close()
            self.add_condition(condition)

        form.added.connect(added)
        action = QWidgetAction(menu)
        action.setDefaultWidget(form)
        menu.addAction(action)


def _both(scope: str, typed: str) -> str:
    """Two filters as one."""
    return f"({scope}) and ({typed})" if scope and typed else scope or typed


_WORDS = ("is empty", "is not empty", query.WITHIN)
"""Operators that are words."""


def _is_query(text: str) -> bool:
    """Whether what was typed is meant as a query: it has an operator."""
    return any(sign in text for sign in "=<>~") or any(f" {word} " in f"{text} " for word in _WORDS)
