"""The overview page: figures, what ends soon, licences, what needs care, what happened lately."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLocale, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.context import Context
from ui.page import Page
from ui.pages.overview.facts import DUE_DAYS, STALE_DAYS, Care, Facts, Month, Share, gather, worst_first
from ui.pages.overview.licences import LicenceCard
from ui.pages.overview.more import fragile, short_licences
from ui.pages.overview.rows import Rows, care_line, lately_line
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.card import Card, Tile, page_header
from ui.widgets.charts import Bar, Bars, ShareBars, StackedShare
from ui.widgets.dates import count, plural
from ui.widgets.labels import Heading, SectionLabel, Text
from ui.widgets.layout import STRETCH, column, row, scrolled
from ui.widgets.states import EmptyState, States

if TYPE_CHECKING:
    from cmdb.licences.results import Positions
    from cmdb.store import Applied, Reader

#: Top classes that are listed on the card.
CLASSES = 7
#: After an edit the figures are counted after PAUSE, licences and redundancy after CALM (milliseconds).
PAUSE, CALM = 150, 1500


class OverviewPage(Page):
    """Everything about the estate on one page; each part leads to the list behind it."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._facts: Facts | None = None
        self._computed: tuple[int | None, int] | None = None
        self._recount = QTimer(self, singleShot=True, interval=PAUSE)
        self._recount.timeout.connect(self.opened)
        self._compute = QTimer(self, singleShot=True)
        self._compute.timeout.connect(self._compute_rest)
        self._fragile: list[Care] = []
        self._short: list[Care] = []
        self._found: list[Care] = []
        self._title = Heading(_estate_name(context))
        shell = context.shell
        self._items = Tile("Items", lambda: shell.open_list("ci"))
        self._scanned = Tile(f"Scanned in {STALE_DAYS} days", self._open_stale)
        self._licensed = Tile("Licence positions", lambda: shell.go("licences"))
        self._needs = Tile("Needs care", self._open_care)
        self._ends = Bars(self.theme, "Ending in the next twelve months")
        self._ends.clicked.connect(self._open_month)
        self._classes = ShareBars(self.theme, "Items by class")
        self._statuses = StackedShare(self.theme, "Hardware by status")
        for chart in (self._classes, self._statuses):
            chart.clicked.connect(lambda share: shell.open_list(share.cls, share.where))
        self._licences = LicenceCard(context, self._count_licences)
        self._care, self._lately = Rows(), Rows()
        self._states = States(self.theme, self._content())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._states)

    def _content(self) -> QWidget:
        tiles = row(self._items, self._scanned, self._licensed, self._needs, spacing=12)
        ends, here = Card("Ending in the next 12 months"), Card("What is here")
        ends.add(self._ends, 1)
        here.add(self._classes)
        here.body.addSpacing(8)
        here.add(SectionLabel("Hardware by status"))
        here.body.addSpacing(2)
        here.add(self._statuses)
        here.body.addStretch(1)
        middle = row(spacing=12)
        for card, share in ((ends, 4), (here, 3), (self._licences, 4)):
            card.setMinimumHeight(300)
            middle.addWidget(card, share)
        care, lately = Card("Care first about"), Card("Lately")
        care.add(self._care, 1)
        lately.header.addWidget(Button("History", lambda: self.context.shell.go("history"), kind="link"))
        lately.add(self._lately, 1)
        bottom = row(spacing=12)
        for card in (care, lately):
            card.setMinimumHeight(190)
            bottom.addWidget(card, 1)
        content = QWidget()
        whole = column(page_header(self._title), tiles, spacing=12, margins=(20, 14, 16, 16))
        whole.addLayout(middle, 5)
        whole.addLayout(bottom, 4)
        content.setLayout(whole)
        return scrolled(content)

    # -- filling ----------------------------------------------------------------------------------------------------

    def opened(self, **params: Any) -> None:
        """Counts anew, off the GUI thread; what stands stays until the new figures are there."""
        self._states.loading()
        today = self.context.moment.day

        def ask(reader: Reader) -> Facts:
            return gather(reader, today)

        self.context.query(ask, self._show, self._failed, key="overview", owner=self)

    def changed(self, applied: Applied) -> None:
        """Counts anew, in place, once the edits pause."""
        self._recount.start()

    def reload(self) -> None:
        """Another moment, or another try."""
        self._computed = None
        self.opened()

    def _failed(self, error: Exception) -> None:
        self._states.failed(error, self.reload)

    def _show(self, facts: Facts) -> None:
        self._facts = facts
        if not facts.items:
            self._states.empty(_Welcome(self.context) if self.context.editable else _nothing_then(self.context))
            return
        self._show_tiles(facts)
        self._ends.show_bars(tuple(_month_bar(month, facts) for month in facts.months))
        self._show_here(facts)
        shell, editable = self.context.shell, self.context.editable
        self._show_care()
        self._lately.fill(
            [
                lately_line(h, lambda n=h.number: shell.go("history", revision=n, undo=True), editable)  # type: ignore[misc]
                for h in facts.lately
            ]
        )
        self._states.content()
        moment = (self.context.moment.at, facts.number)
        if moment != self._computed:
            # The costly part: not at every visit, and not while edits follow each other.
            self._computed = moment
            self._compute.start(0 if self._licences.blank else CALM)

    def _compute_rest(self) -> None:
        self._licences.refresh()
        self.context.query(fragile, self._show_fragile, key="overview fragile", owner=self)

    def _show_fragile(self, found: list[Care]) -> None:
        self._fragile = found
        self._show_care()

    def _show_care(self) -> None:
        """All findings in one list, the worst first. It grows as the graph and the licences are computed."""
        if self._facts is None:
            return
        go = self.context.shell.go
        self._found = worst_first((*self._facts.care, *self._fragile, *self._short))
        lines: list[QWidget] = [
            care_line(self.theme, care, lambda care=care: go(care.page, **care.params))  # type: ignore[misc]
            for care in self._found[:14]
        ]
        self._care.fill(lines or [Text("Nothing: all is well.", "muted")])
        bad = sum(1 for care in self._found if care.tone == "bad")
        note = f"{bad} with consequences" if bad else ("nothing urgent" if self._found else "all is well")
        self._needs.show_figure(count(len(self._found)), note, "warning" if bad else "")

    def _show_tiles(self, facts: Facts) -> None:
        self._items.show_figure(
            count(facts.items), f"+{count(facts.new)} this month" if facts.new else "none new this month"
        )
        seen = facts.computers - facts.stale
        share = f"{100 * seen // facts.computers} %" if facts.computers else "–"
        note = f"{plural(facts.stale, 'computer')} stale" if facts.stale else "every computer in use"
        self._scanned.show_figure(
            share, note if facts.computers else "no computers in use", "warning" if facts.stale else "good"
        )

    def _show_here(self, facts: Facts) -> None:
        shown = facts.classes[:CLASSES]
        self._classes.show_bars(
            tuple(Bar(s.label, s.count, count(s.count), "accent", key=s, whole=facts.items) for s in shown)
        )
        self._statuses.show_bars(tuple(_status_bar(share) for share in facts.statuses))

    def _count_licences(self, positions: Positions | None) -> None:
        self._short = short_licences(positions) if positions is not None else []
        self._show_care()
        if positions is None:
            self._licensed.show_figure("–", "cannot be counted", "warning")
            return
        verdicts = positions.verdicts()
        parts = [f"{verdicts[v]} {v}" for v in ("short", "unknown", "ineligible") if verdicts.get(v)]
        number = len(positions.positions)
        note = " · ".join(parts) or ("all covered" if number else "no licensed software yet")
        tone = "bad" if verdicts.get("short") or verdicts.get("ineligible") else "warning" if parts else "good"
        self._licensed.show_figure(count(number), note, tone if number else "")

    # -- going ------------------------------------------------------------------------------------------------------

    def _open_stale(self) -> None:
        if self._facts is not None:
            self.context.shell.open_list("computer", self._facts.stale_where if self._facts.stale else "")

    def _open_care(self) -> None:
        if self._found:
            self.context.shell.go(self._found[0].page, **self._found[0].params)

    def _open_month(self, month: Month) -> None:
        self.context.shell.open_list(month.cls, month.where)


class _Welcome(EmptyState):
    """An estate without a single item: what to do first."""

    def __init__(self, context: Context) -> None:
        shell = context.shell
        super().__init__(
            context.theme,
            "terrier",
            "This estate is empty",
            "Scan this computer to have its first record, or import the spreadsheet you keep your assets in.",
            PrimaryButton("Scan this computer", lambda: shell.go("scan"), icon="scan", theme=context.theme),
            token="accent",
        )
        bring = Button("Import a spreadsheet", lambda: shell.go("import"), icon="import", theme=context.theme)
        self.body.addLayout(row(STRETCH, bring, STRETCH))


def _nothing_then(context: Context) -> EmptyState:
    """A moment before the first record."""
    back = Button("Back to now", lambda: context.moment.set(None), icon="clock", theme=context.theme)
    title = f"There was nothing here on {context.moment.label}"
    return EmptyState(context.theme, "clock", title, "The estate had no items yet.", back)


def _estate_name(context: Context) -> str:
    name = context.workspace.store.name
    return name.rsplit(".", 1)[0] if "://" not in name else name.rsplit("/", 1)[-1].split("?")[0]


def _month_bar(month: Month, facts: Facts) -> Bar:
    days, locale = (month.first - facts.today).days, QLocale()
    kinds = "\n".join(f"{count(number)} × {kind}" for kind, number in sorted(month.kinds.items()))
    return Bar(
        locale.standaloneMonthName(month.first.month, QLocale.FormatType.ShortFormat),
        month.count,
        count(month.count),
        "warning" if days < DUE_DAYS else "accent",
        f"{locale.standaloneMonthName(month.first.month)} {month.first.year}\n{kinds or 'nothing ends'}",
        month if month.count else None,
    )


def _status_bar(share: Share) -> Bar:
    return Bar(share.label, share.count, count(share.count), share.tone, key=share)
