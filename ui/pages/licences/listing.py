"""The table of positions, with what narrows it: words, and verdicts with their counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QMenu

from app.licences.position_order import VERDICTS, PositionKey, key_of, ranked, urgency
from ui.context import Context
from ui.pages.licences import words
from ui.pages.licences.chips import Chip, Chips
from ui.pages.licences.columns import ColumnChoice
from ui.widgets.buttons import Button, MenuButton
from ui.widgets.card import Card
from ui.widgets.dates import count
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, column, row
from ui.widgets.page_states import EmptyState, PageStates
from ui.widgets.search import SearchField
from ui.widgets.table import RowsModel, TableView, ViewColumn

if TYPE_CHECKING:
    from cmdb.licences.engine.results import Position, Positions

_WIDTHS = (210, 110, 110, 74, 138, 74, 108, 76, 58, 60, 70, 114, 114)
#: Columns that are shown only where somebody asks for them: the product's name carries edition and version.
_HIDDEN = ("Publisher", "Edition", "Version", "Unit", "True-up cost")


def columns() -> list[ViewColumn[Position]]:
    """The table's columns."""

    def number(title: str, part: str, tone: str = "") -> ViewColumn[Position]:
        return ViewColumn(
            title,
            lambda p: words.owned(p) if part == "entitled" else count(getattr(p, part)),
            sort=lambda p: (p.unlimited and part == "entitled", getattr(p, part)),
            tone=lambda p: ("warning" if p.verdict == "unknown" else tone) if tone and getattr(p, part) else "",
            right=True,
            hint=lambda p: f"{words.amount(getattr(p, part), p.unit)} {title.lower()}",
        )

    return [
        ViewColumn("Product", lambda p: p.title, sort=lambda p: p.title.casefold(), hint=lambda p: p.title),
        ViewColumn("Publisher", lambda p: p.publisher, sort=lambda p: p.publisher.casefold()),
        ViewColumn("Edition", lambda p: p.edition, sort=lambda p: p.edition.casefold()),
        ViewColumn("Version", lambda p: p.version),
        ViewColumn("Metric", lambda p: p.metric or "–", hint=lambda p: p.metric),
        number("Entitled", "entitled"),
        ViewColumn("Needed", words.asked, sort=lambda p: p.needed, right=True, hint=words.asked_hint,
               tone=lambda p: "warning" if p.verdict == "unknown" else ""),
        number("Covered", "covered"),
        number("Short", "short", "bad"),
        number("Spare", "spare"),
        ViewColumn("Unit", lambda p: words.units(p.unit)),
        ViewColumn("True-up cost", lambda p: words.money(p.true_up, p.currency) if p.true_up is not None else "",
               sort=lambda p: p.true_up or 0.0, right=True),
        ViewColumn("Verdict", lambda p: words.title(p.verdict), sort=urgency,
               tone=lambda p: VERDICTS[p.verdict]),
    ]  # fmt: skip


class PositionListing(Card):
    """Positions, what needs action first. ``current`` fires with the one under the cursor (None: none)."""

    current = Signal(object)
    opened = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(margins=(0, 10, 0, 0))
        self._theme = context.theme
        self._all: list[Position] = []
        self._key: PositionKey | None = None
        self.chips = Chips("Verdicts")
        self.chips.changed.connect(self._filter)
        self.search = SearchField(self._theme, "Filter positions", lambda _: self._filter())
        self.search.setMinimumWidth(130)
        self._count = Text("", "muted")
        made = columns()
        self.model = RowsModel(self._theme, made)
        self.table = TableView(self._theme, "Licence positions", compact=_compact(context))
        self.table.setModel(self.model)
        self.table.pills(len(made) - 1)
        self.table.setSortingEnabled(False)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # a version stands at the end of a name
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.choice = ColumnChoice(self.table, context, "licences", _WIDTHS, _HIDDEN)
        header = self.table.horizontalHeader()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, header.sortIndicatorOrder())
        header.sortIndicatorChanged.connect(self.model.sort)
        self.model.layoutChanged.connect(self._sorted)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._moved())
        self.table.opened.connect(lambda _: self.opened.emit())
        self.table.clicked.connect(lambda _: self.opened.emit())
        self.table.previewed.connect(lambda _: self.opened.emit())
        self.table.typed.connect(self._typed)
        self._states = PageStates(self._theme, self.table)
        more = MenuButton("Columns", self._fill_columns, icon="columns", theme=self._theme)
        bar = row(self.chips, STRETCH, self._count, margins=(14, 0, 14, 0))
        tools = row(self.search, more, margins=(14, 0, 12, 0))
        tools.setStretch(0, 1)
        self.add(column(bar, tools, spacing=8, margins=(0, 0, 0, 8)))
        self.add(self._states, 1)

    # -- what is shown ----------------------------------------------------------------------------------------------

    def show_positions(self, found: Positions) -> None:
        """Shows other positions; the cursor stays on the one it was on, or on its product."""
        self._all = ranked(found.positions)
        numbers = found.verdicts()
        chips = [Chip(v, words.title(v), numbers[v]) for v in VERDICTS if v in numbers]
        self.chips.show_chips(chips, len(self._all))
        self._filter()

    def select(self, key: PositionKey) -> None:
        """Puts the cursor on a position, now or as soon as it is counted; filters that hide it are put away."""
        self._key = key
        if any(key_of(p) == key for p in self._all) and all(key_of(p) != key for p in self.model.rows):
            self.search.setText("")
            self.chips.choose(set())
            self._filter()
        self._restore()

    def narrow(self, verdict: str) -> None:
        """Shows the positions of one verdict, now or as soon as they are counted."""
        self.search.setText("")
        self.chips.choose({verdict})
        if self._all:
            self._filter()

    @property
    def position(self) -> Position | None:
        """The position under the cursor."""
        place = self.table.currentIndex().row()
        return self.model.row_at(place) if 0 <= place < len(self.model.rows) else None

    def set_compact(self, compact: bool) -> None:
        """Rows of 26 or 34 px."""
        self.table.set_compact(compact)

    def _filter(self) -> None:
        wanted, chosen = self.search.text().casefold().split(), self.chips.chosen
        rows = [
            p for p in self._all
            if (not chosen or p.verdict in chosen)
            and all(w in f"{p.title} {p.publisher} {p.metric} {p.verdict}".casefold() for w in wanted)
        ]  # fmt: skip
        keep = self._key
        self.model.show_rows(rows)
        self._key = keep
        narrowed = len(rows) < len(self._all)
        self._count.setText(f"{count(len(rows))} of {count(len(self._all))}" if narrowed else "")
        if rows:
            self._states.content()
            self._restore()
        else:
            clear = Button("Show all", self.clear_filter)
            self._states.empty(EmptyState(self._theme, "filter", "No position fits the filter", "", clear))
            self.current.emit(None)

    def clear_filter(self) -> None:
        """All positions again."""
        self.search.setText("")
        self.chips.choose(set())
        self._filter()

    def _restore(self) -> None:
        """The cursor back to where it was; else to the first position of that product; else to the first of all."""
        rows = self.model.rows
        places = [i for i, p in enumerate(rows) if key_of(p) == self._key]
        places += [i for i, p in enumerate(rows) if self._key is not None and p.product == self._key[0]]
        place = places[0] if places else 0
        if rows:
            index = self.model.index(place, 0)
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.table.selectionModel().setCurrentIndex(index, flags)
            self.table.scrollTo(index)
            self.current.emit(rows[place])

    def _sorted(self) -> None:
        self._restore()

    def _moved(self) -> None:
        found = self.position
        if found is not None:
            self._key = key_of(found)
            self.current.emit(found)

    def _typed(self, text: str) -> None:
        self.search.setFocus()
        self.search.insert(text)

    def _fill_columns(self, menu: QMenu) -> None:
        self.choice.fill(menu)


def _compact(context: Context) -> bool:
    return bool(context.workspace.settings.get("compact", False))
