"""The renewals: a chart of twelve months, and under it the list with the last days to cancel."""

from __future__ import annotations

from collections import Counter
from datetime import date

from app.licences.renewals import DUE, Renewal, renewals
from app.preferences import is_compact
from cmdb.model.formats import day, money, month_name
from cmdb.model.messages import Message, counted, tr
from cmdb.model.relative_times import until
from ui.context import Context
from ui.pages.licences.chips import Chip, Chips
from ui.pages.licences.columns import ColumnChoice
from ui.pages.licences.year import YearChart
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.labels import Text
from ui.widgets.layout import box, column, row
from ui.widgets.page_states import EmptyState, PageStates
from ui.widgets.table import RowsModel, TableView, ViewColumn

#: The columns' ids with their widths (pixels) at first.
_WIDTHS = {
    "act_by": 112, "until": 108, "name": 160, "kind": 120, "about": 160, "cancel_by": 150, "ends": 112, "renews": 76,
    "cost": 130,
}  # fmt: skip
#: The columns with what rows are called by and what they are about, and those that say nothing when they are cut.
_NAME, _ABOUT, _WHOLE = 2, 4, (0, 1, 3, 5, 6, 7, 8)
#: The least width of what they are about: it gives way to the name.
_LEAST = (0, 0, 0, 0, 120)


def columns() -> list[ViewColumn[Renewal]]:
    """The list's columns."""
    renews = {True: tr("Yes"), False: tr("No")}
    return [
        ViewColumn(tr("Act by"), lambda r: day(r.act_by), sort=lambda r: r.act_by, tone=lambda r: r.tone),
        ViewColumn("", lambda r: until(r.act_by, date.fromisoformat(r.today)), sort=lambda r: r.act_by,
                   tone=lambda r: r.tone),
        ViewColumn(tr("Name"), lambda r: r.name, sort=lambda r: r.name.casefold(), hint=lambda r: r.name),
        ViewColumn(tr("Kind"), lambda r: r.kind),
        ViewColumn(tr("About"), lambda r: r.about, sort=lambda r: r.about.casefold(), hint=lambda r: r.about),
        ViewColumn(tr("Cancel by"), _cancel, sort=lambda r: r.cancel_by or "9"),
        ViewColumn(tr("Ends"), lambda r: day(r.ends) if r.ends else "–", sort=lambda r: r.ends),
        ViewColumn(tr("Renews"), lambda r: renews[r.renews] if r.renews is not None else "–"),
        ViewColumn(tr("Cost"), lambda r: money(r.cost, r.currency) if r.cost is not None else "",
                   sort=lambda r: r.cost or 0, right=True),
    ]  # fmt: skip


def _cancel(one: Renewal) -> str:
    if not one.cancel_by:
        return "–"
    return tr("{day}, passed", day=day(one.cancel_by)) if one.too_late else day(one.cancel_by)


class Renewals(Card):
    """The next twelve months; a click on a month narrows the list, Enter or a double click opens a record."""

    def __init__(self, context: Context) -> None:
        super().__init__(margins=(0, 12, 0, 0))
        self._context = context
        self._theme = context.theme
        self._all: list[Renewal] = []
        self.year = YearChart(self._theme)
        self.year.clicked.connect(self._month)
        self.chips = Chips(tr("Kinds of renewals"))
        self.chips.changed.connect(self._filter)
        self._count = Text("", "muted")
        self._month_chip = Button("", lambda: self._month(self.year.chosen), kind="chip", hint=tr("Show all months"))
        self.model = RowsModel(self._theme, columns())
        self.table = TableView(self._theme, tr("Renewals"), compact=is_compact(context.workspace.settings))
        self.table.setModel(self.model)
        self.table.setSortingEnabled(True)
        self.table.horizontalHeader().setSortIndicatorClearable(True)
        self.table.sortByColumn(-1, self.table.horizontalHeader().sortIndicatorOrder())
        self._choice = ColumnChoice(self.table, context, "licences.renewals", _WIDTHS)
        if self._choice.has_own_widths:
            self.table.fill_with(_ABOUT, _WIDTHS["about"])
        else:
            self.table.fit_to_rows(_NAME, _WHOLE, _LEAST)
        self.table.opened.connect(lambda place: context.shell.open_ci(self.model.row_at(place).uid))
        bar = row(self.chips, self._month_chip, self._count, margins=(14, 0, 14, 0))
        inner = column(column(self.year, margins=(14, 0, 14, 0)), bar, spacing=12)
        inner.addWidget(self.table, 1)
        self._states = PageStates(self._theme, box(inner))
        self.add(self._states, 1)

    def refresh(self) -> None:
        """Reads what is due, off the GUI thread."""
        today = self._context.moment.day
        self._states.loading()
        self._context.query(
            lambda reader: renewals(reader, today),
            lambda found: self._show(found, today),
            self._failed,
            key=("licences", "renewals"),
            owner=self,
        )

    def _failed(self, error: Exception) -> None:
        self._states.failed(error, self.refresh)

    def _show(self, found: list[Renewal], today: date) -> None:
        self._all = found
        numbers = Counter(one.kind for one in found)
        self.chips.show_chips([Chip(kind, kind, numbers[kind]) for kind in sorted(numbers)], len(found))
        if not any(one.act_by.startswith(self.year.chosen) for one in found):
            self.year.chosen = ""
        if not found:
            text = tr("Subscriptions, maintenance, agreements and contracts appear here with the last day to cancel.")
            self._states.empty(EmptyState(self._theme, "calendar", tr("Nothing ends in the next twelve months"), text))
            return
        self._filter(today)
        self._states.content()

    def _month(self, month: str) -> None:
        self.year.chosen = "" if month == self.year.chosen else month
        self._filter()

    def _filter(self, today: date | None = None) -> None:
        chosen = self.chips.chosen
        kinds = [one for one in self._all if not chosen or one.kind in chosen]
        self.year.show_renewals(kinds, today or self._context.moment.day)
        month = self.year.chosen
        rows = [one for one in kinds if one.act_by.startswith(month)]
        self.model.show_rows(rows)
        self._month_chip.setVisible(bool(month))
        self._month_chip.setText(f"{_month_name(month)} ×" if month else "")
        due = sum(1 for one in rows if one.tone == "bad")
        shown = counted("{count} renewal", "{count} renewals", len(rows))
        if len(rows) < len(self._all):
            shown = Message("{shown} of {number}", shown=len(rows), number=len(self._all))
        if due:
            shown = counted(
                "{renewals}, {count} due within {days} days",
                "{renewals}, {count} due within {days} days",
                due,
                renewals=shown,
                days=DUE,
            )
        self._count.setText(str(shown))


def _month_name(month: str) -> str:
    return month_name(date.fromisoformat(f"{month}-01"), year=True)
