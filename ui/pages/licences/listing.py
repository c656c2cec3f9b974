"""The table of positions, with what narrows it: words, and verdicts with their counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu

from app.licences.draft_differences import differences_in_words
from app.licences.position_order import VERDICTS, PositionKey, key_of, ranked, urgency
from app.preferences import is_compact
from cmdb.licences import labels
from cmdb.licences.labels import label
from cmdb.model.formats import money, number
from cmdb.model.messages import Message, tr
from ui.context import Context
from ui.pages.licences import words
from ui.pages.licences.chips import Chip, Chips
from ui.pages.licences.columns import ColumnChoice
from ui.text_size import set_sizes
from ui.widgets.buttons import Button, MenuButton
from ui.widgets.card import Card
from ui.widgets.labels import Text
from ui.widgets.layout import column, row
from ui.widgets.page_states import EmptyState, PageStates
from ui.widgets.search import SearchField
from ui.widgets.table import RowsModel, TableView, ViewColumn

if TYPE_CHECKING:
    from cmdb.licences.engine.results import Position, Positions

#: The columns' ids with their widths (pixels) at first.
_WIDTHS = {
    "product": 210, "publisher": 110, "edition": 110, "version": 74, "metric": 166, "entitled": 74, "needed": 108,
    "covered": 76, "short": 58, "spare": 60, "unit": 70, "true_up": 114, "today": 168,
    "verdict": 122,
}  # fmt: skip
#: Columns that are hidden at first: the product's name carries edition and version.
#: Covered is needed minus short, so it is the first column that a narrow window hides.
_HIDDEN = ("publisher", "edition", "version", "covered", "unit", "true_up")
#: The column that is shown while a draft is open.
_APART = ("today",)
#: Below this width (pixels), these columns give way to it.
_ROOM, _FOLDED = 928, ("metric", "spare")
#: The columns that say nothing when they are cut: the numbers and the verdict.
_WHOLE = (5, 6, 7, 8, 9, 10, 11, 13)
#: The width in pixels below which products' names can't be distinguished.
_LEAST = 190
#: The tooltips of a column's numbers.
_HINTS: Mapping[str, Callable[[Message], Message]] = {
    "entitled": lambda amount: Message("{amount} entitled", amount=amount),
    "covered": lambda amount: Message("{amount} covered", amount=amount),
    "short": lambda amount: Message("{amount} short", amount=amount),
    "spare": lambda amount: Message("{amount} spare", amount=amount),
}


def columns(today: Callable[[Position], str]) -> list[ViewColumn[Position]]:
    """The table's columns; ``today`` says how a position is without the open draft."""

    def figure(title: str, part: str, tone: str = "") -> ViewColumn[Position]:
        return ViewColumn(
            title,
            lambda p: words.owned(p) if part == "entitled" else number(getattr(p, part)),
            sort=lambda p: (p.unlimited and part == "entitled", getattr(p, part)),
            tone=lambda p: ("warning" if p.verdict == "unknown" else tone) if tone and getattr(p, part) else "",
            right=True,
            hint=lambda p: str(_HINTS[part](labels.amount(getattr(p, part), p.unit))),
        )

    return [
        ViewColumn(tr("Product"), lambda p: p.title, sort=lambda p: p.title.casefold(), hint=lambda p: p.title),
        ViewColumn(tr("Publisher"), lambda p: p.publisher, sort=lambda p: p.publisher.casefold()),
        ViewColumn(tr("Edition"), lambda p: p.edition, sort=lambda p: p.edition.casefold()),
        ViewColumn(tr("Version"), lambda p: p.version),
        ViewColumn(tr("Metric"), lambda p: label(labels.METRICS, p.metric) or "–",
                   hint=lambda p: label(labels.METRICS, p.metric)),
        figure(tr("Entitled"), "entitled"),
        ViewColumn(tr("Needed"), words.asked, sort=lambda p: p.needed, right=True, hint=words.asked_hint,
                   tone=lambda p: "warning" if p.verdict == "unknown" else ""),
        figure(tr("Covered"), "covered"),
        figure(tr("Short"), "short", "bad"),
        figure(tr("Spare"), "spare"),
        ViewColumn(tr("Unit"), lambda p: words.units(p.unit)),
        ViewColumn(tr("True-up cost"), lambda p: money(p.true_up, p.currency) if p.true_up is not None else "",
                   sort=lambda p: p.true_up or 0, right=True),
        ViewColumn(tr("Without the draft"), today, hint=today, tone=lambda p: "accent"),
        ViewColumn(tr("Verdict"), lambda p: label(labels.VERDICTS, p.verdict), sort=urgency,
                   tone=lambda p: VERDICTS[p.verdict]),
    ]  # fmt: skip


def _searched(position: Position) -> str:
    """The words of a position that the filter looks at."""
    metric, verdict = label(labels.METRICS, position.metric), label(labels.VERDICTS, position.verdict)
    words_of = (position.title, position.publisher, position.metric, metric, position.verdict, verdict)
    return " ".join(words_of).casefold()


class PositionListing(Card):
    """Positions, what needs action first. ``current`` fires with the one under the cursor (None: none)."""

    current = Signal(object)
    opened = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(margins=(0, 10, 0, 0))
        self._theme = context.theme
        self._all: list[Position] = []
        self._today: dict[PositionKey, Position] | None = None
        self._key: PositionKey | None = None
        self.chips = Chips(tr("Verdicts"))
        self.chips.changed.connect(self._filter)
        self.search = SearchField(self._theme, tr("Filter positions"), lambda _: self._filter())
        set_sizes(self.search, least_width=130)
        self._count = Text("", "muted")
        self._difference = Text("", "", "accent", wrap=True)
        self._difference.hide()
        made = columns(self.today_of)
        self.model = RowsModel(self._theme, made)
        self.table = TableView(self._theme, tr("Licence positions"), compact=is_compact(context.workspace.settings))
        self.table.setModel(self.model)
        self.setFocusProxy(self.table)
        self.table.pills(len(made) - 1)
        self.table.setSortingEnabled(False)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # a version stands at the end of a name
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.choice = ColumnChoice(self.table, context, "licences", _WIDTHS, _HIDDEN, _APART)
        header = self.table.horizontalHeader()
        if self.choice.has_own_widths:
            self.table.fill_with(0, _LEAST)
        else:
            self.table.fit_to_rows(0, _WHOLE, least_of_name=_LEAST)
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
        more = MenuButton(tr("Columns"), self._fill_columns, icon="columns", theme=self._theme)
        bar = row(self.chips, margins=(14, 0, 14, 0))
        tools = row(self.search, self._count, more, margins=(14, 0, 12, 0))
        tools.setStretch(0, 1)
        said = row(self._difference, margins=(16, 0, 16, 0))
        self.add(column(bar, tools, said, spacing=8, margins=(0, 0, 0, 8)))
        self.add(self._states, 1)

    # -- what is shown ----------------------------------------------------------------------------------------------

    def show_positions(self, found: Positions) -> None:
        """Shows other positions; the cursor stays on the one it was on, or on its product."""
        self._all = ranked(found.positions)
        numbers = found.verdicts()
        chips = [Chip(v, label(labels.VERDICTS, v), numbers[v]) for v in VERDICTS if v in numbers]
        self.chips.show_chips(chips, len(self._all))
        key, standing = self._key, self.table.standing
        self._filter()
        if self.position is not None and key_of(self.position) == key:
            self.table.stand(standing)

    def show_today(self, today: Positions | None) -> None:
        """Shows beside each position how it is without the open draft; None: no draft is open."""
        self._today = None if today is None else {key_of(one): one for one in today.positions}
        self.table.setColumnHidden(list(_WIDTHS).index("today"), today is None)
        self._difference.setVisible(today is not None)
        if today is not None:
            self._difference.setText(differences_in_words(self._all, today.positions))
        self._fold()
        self.table.fit_soon()
        self.table.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """With a draft, a narrow table has no room for all columns."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        self.choice.fold(_FOLDED if self._today is not None and self.width() < _ROOM else ())

    def today_of(self, position: Position) -> str:
        """How a position is without the open draft: what differs; "" where nothing does, or where none is open."""
        return words.without_draft(position, self._today.get(key_of(position))) if self._today is not None else ""

    def select(self, key: PositionKey) -> None:
        """Makes a position the current one, now or when it is computed; filters that hide it are removed."""
        self._key = key
        if any(key_of(p) == key for p in self._all) and all(key_of(p) != key for p in self.model.rows):
            self.search.setText("")
            self.chips.choose(set())
            self._filter()
        self._restore()

    def narrow(self, verdict: str) -> None:
        """Shows the positions of one verdict, now or when they are computed."""
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
            and all(w in _searched(p) for w in wanted)
        ]  # fmt: skip
        keep = self._key
        self.model.show_rows(rows)
        self._key = keep
        narrowed = len(rows) < len(self._all)
        shown = tr("{shown} of {number}", shown=len(rows), number=len(self._all))
        self._count.setText(shown if narrowed else "")
        if rows:
            self._states.content()
            self._restore()
        else:
            clear = Button(tr("Show all"), self.clear_filter)
            self._states.empty(EmptyState(self._theme, "filter", tr("No position fits the filter"), "", clear))
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
