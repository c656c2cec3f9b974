"""The list of names that installed software is reported by: what each is recognised as, and by how many carried."""

from __future__ import annotations

from collections import Counter

from app.preferences import is_compact
from app.recognition import DEPENDENCE, RecognisedName, recognised_names
from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.messages import Message, tr
from ui.context import Context
from ui.pages.licences.chips import Chip, Chips
from ui.pages.licences.columns import ColumnChoice
from ui.records.recognise_sheet import how_known, meaning_text, recognise_as
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.labels import Text
from ui.widgets.layout import column, row
from ui.widgets.page_states import EmptyState, PageStates
from ui.widgets.search import SearchField
from ui.widgets.table import RowsModel, TableView, ViewColumn

#: The names that are listed at once; a filter finds the others.
LISTED = 3_000
#: The columns' ids with their widths (pixels) at first.
_WIDTHS = {"name": 250, "publisher": 140, "version": 105, "computers": 90, "meaning": 160, "how": 165}
_STATES = {
    "unknown": Message("Not recognised"),
    "said": Message("Said by people"),
    "product": Message("Products"),
    "other": Message("No products"),
}


def _state(one: RecognisedName) -> str:
    if one.what.said:
        return "said"
    if not one.known:
        return "unknown"
    return "product" if one.what.kind == "product" else "other"


def _searched(one: RecognisedName) -> str:
    """The words of a name that the filter looks at."""
    return f"{one.reported.product} {one.reported.publisher} {meaning_text(one)}".casefold()


class Names(Card):
    """The list, with switches for what is known; Enter or a double click says what a name is."""

    def __init__(self, context: Context) -> None:
        super().__init__(margins=(0, 10, 0, 0))
        self._context, self._theme = context, context.theme
        self._all: list[RecognisedName] = []
        self._shown: tuple[int | None, str] | None = None
        self.chips = Chips(tr("What is known of names"))
        self.chips.choose({"unknown"})
        self.chips.changed.connect(self._filter)
        self.search = SearchField(self._theme, tr("Filter names"), lambda _: self._filter())
        self._count = Text("", "muted")
        columns: list[ViewColumn[RecognisedName]] = [
            ViewColumn(
                tr("Name as reported"), lambda n: n.reported.product, sort=lambda n: n.reported.product.casefold()
            ),
            ViewColumn(tr("Publisher"), lambda n: n.reported.publisher),
            ViewColumn(tr("Version"), lambda n: n.reported.version),
            ViewColumn(tr("Computers"), lambda n: str(n.reported.computers), sort=lambda n: n.reported.computers,
                       right=True),
            ViewColumn(tr("Recognised as"), meaning_text),
            ViewColumn(tr("Why"), how_known),
        ]  # fmt: skip
        self.model: RowsModel[RecognisedName] = RowsModel(self._theme, columns)
        self.table = TableView(
            self._theme, tr("Names of installed software"), compact=is_compact(context.workspace.settings)
        )
        self.table.setModel(self.model)
        self.table.setSortingEnabled(True)
        self.table.horizontalHeader().setSortIndicatorClearable(True)
        self.table.sortByColumn(-1, self.table.horizontalHeader().sortIndicatorOrder())
        self._choice = ColumnChoice(self.table, context, "licences.names", _WIDTHS)
        self.table.opened.connect(lambda _: self.recognise())
        self.table.typed.connect(self._typed)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._fit())
        self._change = Button(tr("Recognise as…"), self.recognise)
        self._states = PageStates(self._theme, self.table)
        tools = row(self.search, self._count, self._change, margins=(14, 0, 14, 0))
        tools.setStretch(0, 1)
        self.add(column(row(self.chips, margins=(14, 0, 14, 0)), tools, spacing=8, margins=(0, 0, 0, 8)))
        self.add(self._states, 1)
        self.setFocusProxy(self.search)
        self._fit()

    def refresh(self) -> None:
        """Reads the names, if others may be installed or mean something else than those shown."""
        if self._shown == self._context.shown:
            return
        self._shown = self._context.shown
        if not self._all:
            self._states.loading()

        def failed(error: Exception) -> None:
            self._shown = None
            self._states.failed(error, self.refresh)

        self._context.query(
            recognised_names, self._show, failed, key=("licences", "names"), owner=self, lane="slow"
        )  # fmt: skip

    def is_concerned(self, applied: AppliedRevision) -> bool:
        """Whether a revision may have changed what is listed."""
        return DEPENDENCE.is_concerned(applied)

    def forget(self) -> None:
        """What is listed is no longer true: it is read again when it is shown."""
        self._shown = None

    @property
    def can_recognise(self) -> bool:
        """Whether one name is chosen, and can be changed."""
        return self._context.editable and len(self.table.selectionModel().selectedRows()) == 1

    def recognise(self) -> None:
        """Asks what the chosen name is."""
        if self.can_recognise:
            chosen = self.table.selectionModel().selectedRows()[0].row()
            recognise_as(self._context, self.model.row_at(chosen).reported)

    def _show(self, found: list[RecognisedName]) -> None:
        self._all = found
        numbers = Counter(map(_state, found))
        self.chips.show_chips([Chip(name, str(words), numbers[name]) for name, words in _STATES.items()], len(found))
        self._filter()

    def _filter(self) -> None:
        wanted, chosen = self.search.text().casefold().split(), self.chips.chosen
        rows = [
            one for one in self._all
            if (not chosen or _state(one) in chosen)
            and all(word in _searched(one) for word in wanted)
        ]  # fmt: skip
        self.model.show_rows(rows[:LISTED])
        narrowed = tr("{shown} of {number}", shown=min(len(rows), LISTED), number=len(self._all))
        self._count.setText(narrowed if self.model.rowCount() < len(self._all) else "")
        self._fit()
        if rows:
            self._states.content()
        elif self._all:
            clear = Button(tr("Show all"), self._clear)
            title = tr("Every name is recognised") if chosen == {"unknown"} else tr("No name fits the filter")
            self._states.empty(EmptyState(self._theme, "filter", title, "", clear))
        else:
            text = tr("Scan computers, or import lists of their software.")
            self._states.empty(EmptyState(self._theme, "software", tr("No software is installed"), text))

    def _clear(self) -> None:
        self.search.setText("")
        self.chips.choose(set())
        self._filter()

    def _fit(self) -> None:
        self._change.setEnabled(self.can_recognise)

    def _typed(self, text: str) -> None:
        self.search.setFocus()
        self.search.insert(text)
