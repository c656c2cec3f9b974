"""The middle of the page: heading with counts, filter bar, table, and what can be done with a selection."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QMenu, QWidget

from app.asked_list import AskedList, with_condition
from app.assets.columns import ABOUT
from app.assets.rows import HighlightedRows, HighlightRequest
from app.assets.views import ShownList
from app.pasted_list import PastedList
from cmdb.model.errors import QueryError, UserError
from cmdb.model.messages import Message, tr
from ui.context import Context
from ui.records.cell_painter import CellPainter
from ui.records.clipboard import copy_rows
from ui.records.columns import Columns
from ui.records.filter_bar import FilterBar
from ui.records.grouped_model import GroupedModel
from ui.records.grouping import GroupBar
from ui.records.list_count import ListCount
from ui.records.list_export import ask_and_export
from ui.records.list_selection import ListSelection
from ui.records.pasted_search import PastedSearch
from ui.records.record_table import RecordTable
from ui.records.selection_bar import SelectionBar
from ui.records.slow_query_note import SlowQueryNote
from ui.records.views import ViewsMenu
from ui.widgets.buttons import Button, IconButton, MenuButton, PrimaryButton
from ui.widgets.card import Card
from ui.widgets.flow_layout import flow
from ui.widgets.labels import Heading
from ui.widgets.layout import STRETCH, column, row
from ui.widgets.page_states import EmptyState, PageStates

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


class RecordListing(Card):
    """Shows one class's records.

    ``kind`` says what is particular to the page that has it; ``empty`` makes what is shown where a list without a
    filter has nothing, from its title. ``top`` stands over the filter; ``sheets`` fills a menu of what is done with
    spreadsheets.

    It owns what the list is: ``asked`` is the question, ``shown`` the question that the rows, the count and the
    selection answer. The filter field shows ``asked``, unless the person is still typing or what was typed is wrong:
    then the line under it says so. ``questioned`` fires when another question is asked, ``answered`` when its rows
    stand.
    """

    questioned = Signal()
    answered = Signal()
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
        self.asked = AskedList(kind.root, sort=kind.sort)
        self.shown: AskedList | None = None
        self._coming: Selection | None = None
        """What is being read; None: the rows answer what was asked."""
        self._moment = context.shown
        """The moment and the draft of the rows."""
        self.model = GroupedModel(context, kind.page)
        self.table = self._make_table()
        self.selected_rows = ListSelection(self.table, self.model, lambda: self._coming is not None)
        self.groups = GroupBar(self.model, self.group_by)
        self.columns = Columns(context, self.table, self.model, self.groups)
        self.columns.chosen.connect(self.show_columns)
        self.columns.sorted.connect(self.sort_by)
        self.views = ViewsMenu(
            context, self.view, self, page=kind.page, root=kind.root, left_out=lambda: self.asked.left_out()
        )
        self._keep_row = 0
        self._go_to = ""
        self.heading = Heading(self._title(), 1)
        self._count = ListCount(context, kind.page, self.model)
        self.filter = FilterBar(context, str(kind.filter_hint))
        self.filter.asked.connect(self._filtered)
        self.filter.left.connect(self.enter_rows)
        self.filter.added.connect(self.add_condition)
        self.filter.pasted.connect(self.find_pasted)
        self._pasted = PastedSearch(context, kind.page, self.filter)
        self._pasted.found.connect(self.show_pasted)
        self._pasted.failed.connect(self._failed)
        self.filter.unpasted.connect(lambda: self.show_pasted(None))
        self.search = self.filter.field
        self.slow = SlowQueryNote(context, self.stop)
        self._states = PageStates(context.theme, self.table)
        self._states.loading()
        self.setFocusProxy(self._states)
        self.views.changed.connect(self._follow_view)
        self._bar = SelectionBar(context, kind.page, self.selected_rows, self.wanted.emit, kind.root)
        self._room = QTimer(self, singleShot=True, interval=60)
        self._room.timeout.connect(self.columns.room_changed)
        for signal, slot in (
            (self.model.shown, self._shown),
            (self.model.counted, self._show_count),
            (self.model.ordered, self._ordered),
            (self.model.failed, self._failed),
        ):
            signal.connect(slot)
        self._moment_asked = context.shown
        self._view_shown: list[str] | None = None
        self._lay_out(top, sheets)

    def _lay_out(self, top: QWidget | None, sheets: Callable[[QMenu], object] | None) -> None:
        theme = self.context.theme
        views = MenuButton(tr("Views"), self.views.fill, icon="eye", theme=theme)
        columns = Button(tr("Columns"), self.columns.open_sheet, icon="columns", theme=theme)
        export = IconButton(theme, "export", tr("Export this list…"), self.export)
        self.new = PrimaryButton(str(self.kind.new), lambda: self.wanted.emit("new"), icon="plus", theme=theme)
        more = [MenuButton(tr("Sheets"), sheets, icon="sheet", theme=theme)] if sheets is not None else []
        parts = (self.heading, self._count, STRETCH, *more, export, views, columns, self.new)
        head = row(flow(*parts, spacing=8, giving=self.heading), margins=(16, 0, 12, 0))
        bar, note = row(self.filter, margins=(16, 0, 12, 0)), row(self.slow, margins=(16, 0, 12, 0))
        above = [row(top, margins=(16, 0, 12, 0))] if top is not None else []
        view = column(self.views.bar, self.groups, spacing=4, margins=(16, 0, 12, 0))
        self.add(column(head, view, *above, bar, spacing=8, margins=(0, 0, 0, 4)))
        self.add(self._states, 1)
        self.add(column(note))  # below, so that the rows stay where they are
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
        table.typed.connect(self._typed)
        table.copied.connect(self._copy)
        table.left.connect(self.enter_filter)
        table.pasted.connect(lambda: self.filter.field.take_clipboard())
        return table

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Distributes the width over the columns again."""
        super().resizeEvent(event)
        self._room.start()

    # -- what is shown ----------------------------------------------------------------------------------------------

    @property
    def cls(self) -> str:
        """The class that was asked for."""
        return self.asked.cls

    @property
    def sort(self) -> str:
        """The sort that was asked for."""
        return self.asked.sort

    def show_class(
        self,
        cls: str,
        where: str = "",
        sort: str = "",
        columns: list[str] | None = None,
        scope: str = "",
        pasted: PastedList | None = None,
    ) -> None:
        """Shows a class, with a filter and a sort; ``scope`` is a filter that holds besides what is typed.

        ``columns`` are those of a view: they are shown in place of the class's own, which stay as they are.
        """
        sort = sort or str(self.context.workspace.settings.get(f"assets.sort.{cls}", self.kind.sort))
        self.columns.show_class(cls, columns)
        self.search.setText(where)
        self._ask(AskedList(cls, where.strip(), sort, scope, self.views.group, pasted))
        self.views.leave()

    def refresh(self) -> None:
        """Asks for the list with what stands in the filter field."""
        self._ask(replace(self.asked, typed=self.search.text().strip()))

    def ask_again(self) -> None:
        """Asks the same question again, of another moment, say. What is being typed stays."""
        self._ask(self.asked)

    def _ask(self, asked: AskedList) -> None:
        """Asks a question; one that can't be read changes nothing but the line under the filter field."""
        asked = asked.fitting(self.context.schema, AskedList(self.kind.root, sort=self.kind.sort))
        if asked.cls != self.columns.cls:  # its class is gone
            self.columns.show_class(asked.cls)
            self.search.setText(asked.typed)
        try:
            selection = asked.selection()
        except QueryError as error:
            self.filter.complain(str(error))
            return
        if self.search.text().strip() == asked.typed:
            self.filter.settle()
        self._keep_row = self.table.verticalScrollBar().value()
        self.asked, self._coming = asked, selection
        self._pasted.forget()
        self.filter.ask_of(asked.cls)
        self._moment_asked = self.context.shown
        self.columns.follow_density()
        self.slow.wait_for(selection)
        self.selected_rows.forget_waiting()
        self.model.wish(asked.group)
        self.model.show_selection(selection, self.columns.attributes(), self._wanted())
        self._count.ask(self.asked)
        self.views.follow()
        self.questioned.emit()

    def show_columns(self) -> None:
        """Shows the columns as they are now chosen, of the same items."""
        self.views.follow()
        if self._coming is not None:
            self.ask_again()
            return
        ranges, self._keep_row = self.selected_rows.ranges(), self.table.verticalScrollBar().value()
        self.model.show_columns(self.columns.attributes())
        if ranges:
            self.selected_rows.select(ranges)

    def view(self) -> ShownList:
        """What is asked for, to be kept under a name."""
        asked = self.asked
        return ShownList(asked.cls, asked.kept_filter(), asked.sort, tuple(self.columns.names()), asked.group)

    def _follow_view(self) -> None:
        """The heading is the view's or the class's name, as soon as the rows are."""
        if self._coming is None:
            self.heading.setText(self._title(self.shown))

    def stop(self) -> None:
        """Stops waiting: the previous rows stay, or an empty page with a button to try again."""
        self.model.stop()
        self.setFocus(Qt.FocusReason.OtherFocusReason)  # the button that was pressed goes
        self.slow.done()
        self.selected_rows.forget_waiting()
        if self.shown is None or self._moment != self.context.shown:
            again = Button(tr("Show the list"), self.refresh)
            self._states.empty(
                EmptyState(self.context.theme, "clock", tr("Stopped"), tr("The list was not read."), again)
            )
            return
        self._stand()
        self.search.setText(self.asked.typed)
        self.filter.settle()
        self._show_sort()
        self._show_count()

    def _stand(self) -> None:
        """What is shown is what is asked, again: the question under way has no answer."""
        if self.shown is None:
            return
        self.columns.show_class(self.shown.cls, self._view_shown)
        self.asked, self._coming = self.shown, None
        self.filter.ask_of(self.asked.cls)
        self.questioned.emit()

    def _wanted(self) -> HighlightRequest:
        """The rows to find again in another order: the selected rows of the same class, and the requested one."""
        same = self.shown is not None and (self.shown.cls, self.shown.scope) == (self.asked.cls, self.asked.scope)
        kept = self.model.ids(self.selected_rows.ranges()) if same else array("q")
        return HighlightRequest(kept, self._go_to)

    def _title(self, asked: AskedList | None = None) -> str:
        if self.views.name:
            return self.views.name
        cls = (asked or self.asked).cls
        return str(self.kind.every) if cls == self.kind.root else self.context.schema.cls(cls).plural

    def selection(self) -> Selection | None:
        """The selection that is shown; None before the first rows stand."""
        return self.shown.selection() if self.shown is not None else None

    def go_to(self, uid: str) -> None:
        """Makes a CI the current row when the order of the rows is known."""
        self._go_to = uid

    def follow(self, applied: AppliedRevision, coming: str = "") -> None:
        """Takes in a published revision: rows it names are read again, the list only where it may be another.

        The row of the CI ``coming`` (its id) is brought by somebody else.
        """
        if "saved_view" in applied.kinds:
            self.views.look_again()
        if self._coming is not None or "schema_entry" in applied.kinds:
            self.ask_again()  # what is being read may be older than the revision, and columns may be gone
        elif self.model.follow(applied, coming):
            self._keep_row = self.table.verticalScrollBar().value()
            height = max(1, self.table.verticalHeader().defaultSectionSize())
            self.selected_rows.note_place()
            self.model.ask_again(max(0, self._keep_row // height - 10), self._wanted())
            self._count.ask(self.asked)

    def _show_count(self) -> None:
        self._count.show_of(self.shown)

    def _show_sort(self) -> None:
        names = [a.name for a in self.model.columns]
        word = self.sort.lstrip("-")
        order = Qt.SortOrder.DescendingOrder if self.sort.startswith("-") else Qt.SortOrder.AscendingOrder
        place = names.index(word) if word in names else -1
        self.table.horizontalHeader().setSortIndicator(place, order)

    def _shown(self) -> None:
        """The first page is shown, or the same list was read again."""
        self.slow.done()
        answers = self._coming is not None and self.model.selection is self._coming
        if answers:
            self.shown, self._coming, self._moment = self.asked, None, self._moment_asked
            self._view_shown = self.columns.of_view
            self.heading.setText(self._title(self.shown))
            self.filter.show_applied(self.shown)
        if self.model.rowCount():
            self._states.content()
        self.columns.lay_out()
        self._show_sort()
        if self.model.rowCount():
            self.table.verticalScrollBar().setValue(self._keep_row)
        else:
            self._states.empty(self._nothing())
        self._show_count()
        self.selected_rows.tell()
        if answers:
            self.answered.emit()

    def _nothing(self) -> EmptyState:
        theme, title = self.context.theme, self._title(self.shown)
        if self.shown is not None and self.shown.is_filtered:
            button = Button(tr("Clear the filter"), self.clear_filter)
            listed = self.shown.pasted
            name = str(listed.title) if listed is not None and listed.title else tr("The pasted list")
            typed = self.shown.typed or name  # what is in the field may be another one by now
            return EmptyState(theme, "filter", tr("{cls}: nothing matches the filter", cls=title), typed, button)
        return self._empty(title)

    def _ordered(self, found: HighlightedRows) -> None:
        going, self._go_to = bool(self._go_to), ""
        self.selected_rows.find_again(found, going=going)

    def _failed(self, error: Exception) -> None:
        """What was asked has no answer: the rows stay where they are of the same list and moment, and the field's text
        counts as wrong. Rows go whose own filter can't be read any more, as an attribute is gone: they answer nothing.
        """
        self.slow.done()
        self.selected_rows.forget_waiting()
        asked, shown = self.asked, self.shown
        if not isinstance(error, UserError) or not asked.typed:
            self._drop_rows()
            self._states.failed(error, self.refresh)
            return
        self.filter.complain(str(error))
        same = shown is not None and (shown.cls, shown.scope) == (asked.cls, asked.scope)
        stands = same and shown is not None and shown.typed != asked.typed
        if stands and self._moment == self.context.shown:
            self._stand()
        else:
            self._drop_rows()
            self._states.failed(error, self.clear_filter, tr("Clear the filter"))

    def _drop_rows(self) -> None:
        """Nothing is shown, so that nothing acts on rows that nobody sees."""
        self.shown, self._coming = None, None
        self.model.clear()
        self.heading.setText(self._title())
        self.filter.show_applied(None)
        self._show_count()
        self.selected_rows.tell()

    def export(self) -> None:
        """Asks for a file, and writes there what is shown."""
        selection = self.selection()
        if selection is not None and self.shown is not None:
            ask_and_export(self.context, self, selection, self.columns.attributes(), self.shown.group)

    def _copy(self) -> None:
        columns = list(self.model.columns)
        self.selected_rows.ids(lambda ids: copy_rows(self.context, ids, columns))

    # -- what the person does ---------------------------------------------------------------------------------------

    def selected_classes(self) -> frozenset[str]:
        """The classes of the selected, of many as the register says; none while they are not known."""
        return frozenset(one.cls for one in self.selected_rows.records()) or self._bar.classes

    def name_of(self, inner: int) -> str:
        """The name of a record by its inner id; "" where it is not in memory."""
        found = self.model.item(inner)
        return found.ci.name if found is not None else ""

    def _filtered(self, _text: str) -> None:
        self.refresh()
        self._keep_row = 0

    def _typed(self, letter: str) -> None:
        self.search.setFocus()
        self.search.end(False)
        self.search.insert(letter)

    def enter_rows(self) -> None:
        """Gives the focus to the rows: to the current one, or the first."""
        if not self.model.rowCount():
            return
        if not self.table.currentIndex().isValid():
            self.table.selectRow(0)
        elif not self.table.selectionModel().hasSelection():
            self.table.selectRow(self.table.currentIndex().row())
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def enter_filter(self) -> None:
        """Gives the focus to the filter field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def clear_filter(self) -> None:
        """Shows all of the class again."""
        self.search.setText("")
        self._ask(replace(self.asked, typed="", pasted=None))
        self.enter_filter()  # the button that was pressed goes

    def find_pasted(self, text: str, cls: str = "") -> None:
        """Shows those records only that the lines of a pasted list name, of a class or of the present one.

        The job panel says how far a long one is, and cancels it: then the list stays as it is.
        """
        if cls and cls != self.asked.cls:
            self.show_class(cls)
        self._pasted.find(text, self.asked.cls)

    def show_pasted(self, pasted: PastedList | None) -> None:
        """Shows the records of a pasted list only; None: of no list."""
        self._ask(replace(self.asked, pasted=pasted))

    def add_condition(self, condition: str) -> None:
        """Adds a condition to the filter that is asked for."""
        self.search.setText(with_condition(self.asked.typed, condition))
        self.refresh()

    def _sort_by(self, section: int) -> None:
        name = self.model.columns[section].name
        if name == ABOUT:
            return  # a record may be about several
        self.sort_by(f"-{name}" if self.sort == name else name)

    def group_by(self, attribute: str) -> None:
        """Groups the rows by an attribute; "" for none."""
        self._ask(replace(self.asked, group=attribute))

    def sort_by(self, sort: str) -> None:
        """Sorts by an attribute, "-" before it descends; kept for the class."""
        if not self.views.name:
            self.context.workspace.settings.set(f"assets.sort.{self.cls}", sort)
        self._ask(replace(self.asked, sort=sort))
        self._keep_row = 0
