"""The list of exceptions: unknown, ineligible, not counted, unrecognised, …"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from app.licences.exceptions import QUIET, TONES, all_exceptions
from app.preferences import is_compact
from cmdb.licences.labels import EXCEPTIONS, FACTS, label
from cmdb.model.messages import tr
from ui.context import Context
from ui.pages.licences import words
from ui.pages.licences.chips import Chip, Chips
from ui.pages.licences.columns import ColumnChoice
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.labels import Text
from ui.widgets.layout import column, row
from ui.widgets.page_states import EmptyState, PageStates
from ui.widgets.search import SearchField
from ui.widgets.table import RowsModel, TableView, ViewColumn

if TYPE_CHECKING:
    from cmdb.licences.engine.results import ExceptionLine, Positions


#: The columns' ids with their widths (pixels) at first.
_WIDTHS = {"kind": 150, "product": 240, "subject": 200, "fact": 140, "text": 300}


def _searched(one: ExceptionLine) -> str:
    """The words of a line that the filter looks at."""
    kind = label(EXCEPTIONS, one.kind)
    return f"{one.kind} {kind} {one.product} {one.subject} {one.fact} {one.text}".casefold()


class Exceptions(Card):
    """The list, with its kinds as filters; Enter or a double click opens what a line is about."""

    def __init__(self, context: Context) -> None:
        super().__init__(margins=(0, 10, 0, 0))
        self._theme = context.theme
        self._all: list[ExceptionLine] = []
        self._shown_before = False
        self.chips = Chips(tr("Kinds of exceptions"))
        self.chips.changed.connect(self._filter)
        self.search = SearchField(self._theme, tr("Filter exceptions"), lambda _: self._filter())
        self._count = Text("", "muted")
        made: list[ViewColumn[ExceptionLine]] = [
            ViewColumn(tr("Kind"), lambda e: label(EXCEPTIONS, e.kind), tone=lambda e: TONES.get(e.kind, "neutral")),
            ViewColumn(tr("Product"), lambda e: e.product, sort=lambda e: e.product.casefold()),
            ViewColumn(tr("Of"), lambda e: str(e.subject), sort=lambda e: str(e.subject).casefold()),
            ViewColumn(tr("Fact"), lambda e: label(FACTS, e.fact)),
            ViewColumn(tr("What"), lambda e: words.title(e.text), hint=lambda e: str(e.text)),
        ]
        self.model = RowsModel(self._theme, made)
        self.table = TableView(self._theme, tr("Exceptions"), compact=is_compact(context.workspace.settings))
        self.table.setModel(self.model)
        self.table.pills(0)
        self.table.setSortingEnabled(True)
        self.table.horizontalHeader().setSortIndicatorClearable(True)
        self.table.sortByColumn(-1, self.table.horizontalHeader().sortIndicatorOrder())
        self._choice = ColumnChoice(self.table, context, "licences.exceptions", _WIDTHS)
        self.table.opened.connect(lambda place: self._open(context, place))
        self.table.typed.connect(self._typed)
        self._states = PageStates(self._theme, self.table)
        bar = row(self.chips, margins=(14, 0, 14, 0))
        tools = row(self.search, self._count, margins=(14, 0, 14, 0))
        tools.setStretch(0, 1)
        self.add(column(bar, tools, spacing=8, margins=(0, 0, 0, 8)))
        self.add(self._states, 1)

    def show_positions(self, found: Positions) -> None:
        """Shows the exceptions of other positions. At first, what only explains is left out."""
        self._all = all_exceptions(found)
        numbers = Counter(one.kind for one in self._all)
        kinds = sorted(numbers, key=lambda kind: (kind in QUIET, kind))
        self.chips.show_chips([Chip(kind, label(EXCEPTIONS, kind), numbers[kind]) for kind in kinds], len(self._all))
        if self._all and not self._shown_before:
            self._shown_before = True
            self.chips.choose({kind for kind in kinds if kind not in QUIET} if numbers.keys() & QUIET else set())
        self._filter()

    def show_product(self, product: str) -> None:
        """Narrows the list to a product, all kinds."""
        self.search.setText(product)
        self.chips.choose(set())
        self._filter()

    def _filter(self) -> None:
        wanted, chosen = self.search.text().casefold().split(), self.chips.chosen
        rows = [
            e for e in self._all
            if (not chosen or e.kind in chosen)
            and all(w in _searched(e) for w in wanted)
        ]  # fmt: skip
        self.model.show_rows(rows)
        narrowed = tr("{shown} of {number}", shown=len(rows), number=len(self._all))
        self._count.setText(narrowed if len(rows) < len(self._all) else "")
        if rows:
            self._states.content()
        elif self._all:
            clear = Button(tr("Show all"), self._clear)
            self._states.empty(EmptyState(self._theme, "filter", tr("No exception fits the filter"), "", clear))
        else:
            text = tr("Everything that is installed is recognised and counted, and every purchase counts.")
            self._states.empty(EmptyState(self._theme, "good", tr("No exceptions"), text))

    def _clear(self) -> None:
        self.search.setText("")
        self.chips.choose(set())
        self._filter()

    def _open(self, context: Context, place: int) -> None:
        uid = self.model.row_at(place).subject_id
        if uid:
            context.shell.open_ci(uid)

    def _typed(self, text: str) -> None:
        self.search.setFocus()
        self.search.insert(text)
