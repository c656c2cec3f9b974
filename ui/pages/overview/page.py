"""The overview page: figures, what ends soon, licences, what needs attention, recent changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.assets.columns import column_names
from app.due import due
from app.due.model import DAYS, asked
from app.fact_rules import STALE_DAYS, expected_in_scans
from app.overview.attention import (
    ENDINGS,
    LEAVERS,
    endings,
    fragile,
    leaving,
    questions,
    records_of,
    remedied,
    short_licences,
)
from app.overview.figures import (
    DUE_DAYS,
    AttentionItem,
    ExpiryMonth,
    InventoryFigures,
    ItemShare,
    ScanCoverage,
    attention_items,
    base,
    months,
    parts_depend_on,
    scanned,
    statuses,
    worst_first,
)
from app.overview.licences import licence_summary
from app.positions import DEPENDENCE
from app.reviews.open_questions import DOUBLES
from app.verbs import known_verbs
from cmdb.model.errors import Cancelled
from cmdb.model.formats import month, month_name, number, percent
from cmdb.model.messages import tr, trn
from ui.context import Context
from ui.page import Page
from ui.pages.overview.licences import LicenceCard
from ui.pages.overview.rows import FittingRows, attention_line, change_line
from ui.plain_texts import plain_tip
from ui.records.task_sheet import make_task
from ui.records.verbs import Verbs
from ui.records.watched import WatchedCard
from ui.text_size import set_sizes
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.card import Card, Tile, page_header
from ui.widgets.charts import Bar, Bars, ShareBars, StackedShare
from ui.widgets.labels import Heading, SectionLabel, Text
from ui.widgets.layout import STRETCH, box, column, row, scrolled
from ui.widgets.page_states import EmptyState, PageStates

if TYPE_CHECKING:
    from app.question import Ask
    from cmdb.licences.engine.results import Positions
    from cmdb.model.applied_revision import AppliedRevision

T = TypeVar("T")

#: Top classes that are listed on the card.
CLASSES = 7
#: Findings that are kept ready on the card; as many as fit are shown, all are in the sheet.
MOST_LINES = 14
#: After an edit the figures are counted after PAUSE, licences and redundancy after CALM (milliseconds).
PAUSE, CALM = 150, 1500
_SLOW = {"licences": DEPENDENCE, "questions": DOUBLES, "endings": ENDINGS, "leavers": LEAVERS}
"""What takes long and is counted again only where a revision concerns it."""


class OverviewPage(Page):
    """Everything about the estate on one page; each part leads to the list behind it."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.base: InventoryFigures | None = None
        self.scanned: ScanCoverage | None = None
        self.months: tuple[ExpiryMonth, ...] = ()
        self.today = context.moment.day
        self._slow_old = set(_SLOW)
        """Of the parts that take long, those that are to be counted again."""
        self._old: set[str] = set()
        """The parts that an edit has made old."""
        self._counted_on: date | None = None
        """The day that the parts were counted for; None where all are to be counted again."""
        self._computed: tuple[int | None, str, int] | None = None
        self._recount = QTimer(self, singleShot=True, interval=PAUSE)
        self._recount.timeout.connect(self.opened)
        self._compute = QTimer(self, singleShot=True)
        self._compute.timeout.connect(self._compute_rest)
        self._parts = QTimer(self, singleShot=True)
        self._parts.timeout.connect(self._count_parts)
        self._coming: set[str] = set()
        self._by_part: dict[str, tuple[AttentionItem, ...]] = {}
        self._found: list[AttentionItem] = []
        self._title = Heading(_estate_name(context))
        shell = context.shell
        self._items = Tile(tr("Items"), lambda: shell.open_list("ci"))
        self._scanned = Tile(trn("Scanned in {count} day", "Scanned in {count} days", STALE_DAYS), self._open_stale)
        self._licensed = Tile(tr("Licence positions"), lambda: shell.go("licences"))
        self._needs = Tile(tr("Needs attention"), self._open_all)
        self._ends = Bars(self.theme, tr("Ending in the next twelve months"))
        self._ends.clicked.connect(self._open_month)
        self._due = Button(tr("Due"), lambda: shell.go("reports", report="due"), kind="link")
        self._due.setToolTip(
            plain_tip(tr("What ends, comes back, or is to be done within 30 days, and what is overdue"))
        )
        self._classes = ShareBars(self.theme, tr("Items by class"))
        self._statuses = StackedShare(self.theme, tr("Hardware by status"))
        for tile in (self._scanned, self._licensed, self._needs):
            tile.show_figure("…")
        for chart in (self._classes, self._statuses):
            chart.clicked.connect(lambda share: shell.open_list(share.cls, share.where))
        self._licences = LicenceCard(context, self._count_licences)
        self._attention, self._recent = FittingRows(), FittingRows()
        self._states = PageStates(self.theme, self._content())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._states)

    def _content(self) -> QWidget:
        tiles = row(self._items, self._scanned, self._licensed, self._needs, spacing=12)
        ends, inventory = Card(tr("Ending in 12 months")), Card(tr("Inventory"))
        ends.header.addWidget(self._due)
        ends.add(self._ends, 1)
        inventory.add(self._classes)
        inventory.body.addSpacing(8)
        inventory.add(SectionLabel(tr("Hardware by status")))
        inventory.body.addSpacing(2)
        inventory.add(self._statuses)
        inventory.body.addStretch(1)
        middle = row(spacing=12)
        for card, share in ((ends, 4), (inventory, 3), (self._licences, 4)):
            set_sizes(card, least_height=300)
            middle.addWidget(card, share)
        attention, recent = Card(tr("Needs attention")), Card(tr("Recent changes"))
        self._all = Button("", self._open_all, kind="link")
        self._all.hide()
        attention.header.addWidget(self._all)
        attention.add(self._attention, 1)
        recent.header.addWidget(Button(tr("History"), lambda: self.context.shell.go("history"), kind="link"))
        recent.add(self._recent, 1)
        bottom = row(spacing=12)
        self._watched = WatchedCard(self.context)
        for card in (attention, recent, self._watched):
            set_sizes(card, least_height=190)
            bottom.addWidget(card, 1)
        content = QWidget()
        whole = column(page_header(self._title), tiles, spacing=12, margins=(20, 14, 16, 16))
        whole.addLayout(middle, 5)
        whole.addLayout(bottom, 4)
        content.setLayout(whole)
        return scrolled(content)

    # -- filling ----------------------------------------------------------------------------------------------------

    def opened(self, **params: Any) -> None:
        """Counts again, off the GUI thread; the old figures are shown until the new ones are there."""
        self._states.loading()
        self._watched.ask()
        today = self.context.moment.day
        self.context.query(lambda r: base(r, today), self._show, self._failed, key=("overview", "base"), owner=self)

    def changed(self, applied: AppliedRevision) -> None:
        """Counts again, in place, once the edits pause."""
        self._slow_old.update(part for part, one in _SLOW.items() if one.is_concerned(applied))
        depends = parts_depend_on(self.context.schema)
        self._old.update(part for part, one in depends.items() if one.is_concerned(applied))
        self._recount.start()

    def reload(self) -> None:
        """Another moment, or another try: no figure of the one before stays."""
        self._computed, self._counted_on = None, None
        self._slow_old = set(_SLOW)
        self._by_part.clear()
        self._licences.forget()
        for tile in (self._items, self._scanned, self._licensed, self._needs):
            tile.show_figure("…")
        self.opened()

    def _failed(self, error: Exception) -> None:
        self._states.failed(error, self.reload)

    def _show(self, found: InventoryFigures) -> None:
        """Shows the first figures. The others are counted one by one, and each is shown when it is known."""
        self.base, self.today = found, self.context.moment.day
        if not found.items:
            self._states.empty(_Welcome(self.context) if self.context.editable else _nothing_then(self.context))
            return
        self._items.show_figure(
            number(found.items),
            tr("+{number} this month", number=found.new) if found.new else tr("none new this month"),
        )
        shown = found.classes[:CLASSES]
        self._classes.show_bars(
            tuple(Bar(s.label, s.count, number(s.count), "accent", key=s, whole=found.items) for s in shown)
        )
        shell, editable = self.context.shell, self.context.editable
        drafted = self.context.workspace.draft is not None  # the latest revision is then the draft
        self._recent.fill(
            [
                change_line(
                    h,
                    lambda n=h.number: shell.go("history", revision=n, undo=True),  # type: ignore[misc]
                    editable and not (drafted and h.number == found.number),
                )
                for h in found.recent
            ]
        )
        self._states.content()
        moment = (*self.context.shown, found.number)
        if moment != self._computed or self._old:
            # Not at every visit, and not while edits follow each other.
            first, self._computed = self._computed is None, moment
            self._parts.start(0 if first else PAUSE)
            self._compute.start(0 if self._licences.blank else CALM)

    def _count_parts(self) -> None:
        """Asks for the other figures, each by itself."""
        today = self.today
        every, self._counted_on = self._counted_on != today, today
        old, self._old = self._old | self._coming, set()
        if every:
            self._slow_old |= {"endings", "leavers"}

        def ask(part: str, question: Ask[T], show: Callable[[T], None]) -> None:
            def done(found: T) -> None:
                self._coming.discard(part)
                show(found)

            if not every and part not in old:
                return
            self._coming.add(part)
            self.context.query(question, done, self._failed, key=("overview", part), owner=self, lane="slow")

        ask("scanned", lambda reader: scanned(reader, today), self._show_scanned)
        ask("statuses", lambda reader: tuple(statuses(reader, today)), self._show_statuses)
        ask("months", lambda reader: tuple(months(reader, today)), self._show_months)
        listed = partial(self._show_attention, "lists")
        ask("attention", lambda reader: tuple(attention_items(reader, today)), listed)

    def _compute_rest(self) -> None:
        remembered, workspace, today = self.context.remembered, self.context.workspace, self.today
        jobs, (old, self._slow_old) = workspace.jobs, (self._slow_old, set())
        self._coming.add("fragile")  # asked for last: until then not all is counted
        if "questions" in old:
            self._ask_slowly("questions", lambda reader: questions(reader, remembered, jobs))
        if "endings" in old:
            self._ask_slowly("endings", lambda reader: endings(reader, today, jobs))
        if "leavers" in old:
            self._ask_slowly("leavers", lambda reader: leaving(reader, today, jobs))
        if "licences" in old or self._licences.blank:
            self._licences.refresh(self.base.items if self.base is not None else 0)
        self.context.query(
            lambda reader: len(due(asked(reader, DAYS, today))),
            lambda count: self._due.setText(tr("Due {number}", number=count)),
            self._failed,
            key=("overview", "due"),
            owner=self,
            lane="slow",
        )
        self._ask_slowly("fragile", lambda reader: fragile(reader, workspace))

    def _ask_slowly(self, part: str, question: Ask[list[AttentionItem]]) -> None:
        """Looks for findings in a job that a person may stop; then the next visit tries again."""
        self._coming.add(part)

        def done(found: list[AttentionItem]) -> None:
            self._coming.discard(part)
            self._show_attention(part, found)

        def failed(error: Exception) -> None:
            if not isinstance(error, Cancelled):
                self._failed(error)
                return
            self._computed = None
            self._slow_old.add(part)
            done([])

        self.context.query(question, done, failed, key=("overview", part), owner=self, lane="slow")

    def _show_months(self, found: tuple[ExpiryMonth, ...]) -> None:
        self.months = found
        self._ends.show_bars(tuple(_month_bar(month, self.today) for month in found))

    def _show_statuses(self, found: tuple[ItemShare, ...]) -> None:
        self._statuses.show_bars(tuple(_status_bar(share) for share in found))

    def _show_scanned(self, found: ScanCoverage) -> None:
        self.scanned = found
        self._scanned.show_title(trn("Scanned in {count} day", "Scanned in {count} days", found.days))
        seen = found.computers - found.stale
        share = percent(100 * seen // found.computers / 100) if found.computers else "–"
        note = (
            trn("{count} computer stale", "{count} computers stale", found.stale)
            if found.stale
            else tr("every computer in use")
        )
        self._scanned.show_figure(
            share, note if found.computers else tr("no computers in use"), "warning" if found.stale else "good"
        )
        self._show_attention("scanned", found.attention)

    def _show_attention(self, part: str, found: Sequence[AttentionItem]) -> None:
        """Shows all findings in one list, the worst first. It grows as the parts are counted."""
        self._by_part[part] = tuple(found)
        go = self.context.shell.go
        self._found = worst_first(one for several in self._by_part.values() for one in several)
        lines: list[QWidget] = self._attention_lines(go, MOST_LINES)
        nothing = tr("Still counting…") if self._coming else tr("Nothing: all is well.")
        self._attention.fill(lines or [Text(nothing, "muted")])
        bad = sum(1 for one in self._found if one.tone == "bad")
        if bad:
            note = trn("{count} urgent", "{count} urgent", bad)
        elif self._coming:
            note = tr("still counting…")
        else:
            note = tr("nothing urgent") if self._found else tr("all is well")
        self._needs.show_figure(number(len(self._found)), note, "warning" if bad else "")
        self._all.setText(tr("All {number}", number=len(self._found)))
        self._all.setVisible(bool(self._found))

    def _attention_lines(
        self, go: Callable[..., object], most: int | None = None, *, whole: bool = False
    ) -> list[QWidget]:
        """A line for each finding, the worst first."""
        may = self.context.editable and not self.context.workspace.read_only
        return [
            attention_line(
                self.theme,
                one,
                lambda one=one: go(one.page, **one.params),  # type: ignore[misc]
                partial(self._make_task, one) if may and one.page != "tasks" else None,
                self._remedy(one) if may else None,
                whole=whole,
            )
            for one in self._found[:most]
        ]

    def _remedy(self, item: AttentionItem) -> tuple[str, Callable[[], object]] | None:
        """The title of the verb that settles a finding, and what opens its sheet with all records of the list."""
        verb = known_verbs().get(item.remedy)
        if verb is None:
            return None

        def ask() -> None:
            cls = str(item.params["cls"])
            Verbs(self.context).run(verb.name, lambda reader: remedied(reader, item), str(item.subject), cls)

        return str(verb.title), ask

    def _count_licences(self, positions: Positions | None) -> None:
        self._show_attention("licences", short_licences(positions) if positions is not None else [])
        if positions is None:
            self._licensed.show_figure("–", tr("not counted"))
            return
        note, tone = licence_summary(positions)
        self._licensed.show_figure(number(len(positions.positions)), str(note), tone)

    def _make_task(self, item: AttentionItem) -> None:
        """Opens the sheet for a task about what needs attention."""
        title = tr("{subject}: {problem}", subject=item.subject, problem=item.text)

        def done(uids: list[str]) -> None:
            what = trn("{count} record", "{count} records", len(uids))
            about = (lambda _: uids) if uids else None
            make_task(self.context, {"name": title}, about, what)

        self.context.query(lambda reader: records_of(reader, item), done, key=("overview", "task"), owner=self)

    # -- going ------------------------------------------------------------------------------------------------------

    def _open_stale(self) -> None:
        """The computers that the note of the tile counts: the stale ones, or where none is, every one in use."""
        if self.scanned is not None:
            every = expected_in_scans(self.context.schema)
            self.context.shell.open_list("computer", self.scanned.where if self.scanned.stale else every)

    def _open_all(self) -> None:
        """All findings in the side sheet: as many as the number says."""
        shell = self.context.shell
        if not self._found:
            return

        def go(page: str, **params: Any) -> None:
            shell.close_sheet()
            shell.go(page, **params)

        content = QWidget()
        content.setLayout(column(*self._attention_lines(go, whole=True), STRETCH, spacing=10, margins=(0, 0, 8, 0)))
        whole = box(column(scrolled(content)))
        shell.sheet(tr("Needs attention: {number}", number=len(self._found)), whole)

    def _open_month(self, month: ExpiryMonth) -> None:
        """The records that end in a month, with the dates that do, the soonest first."""
        names = column_names(self.context.schema, month.cls)
        columns = list(dict.fromkeys((*names[:3], *month.attributes, *names[3:])))
        sort = month.attributes[0] if len(month.attributes) == 1 else ""
        self.context.shell.go("assets", cls=month.cls, where=month.where, sort=sort, columns=columns)


class _Welcome(EmptyState):
    """An estate without a single item: what to do first."""

    def __init__(self, context: Context) -> None:
        shell = context.shell
        super().__init__(
            context.theme,
            "terrier",
            tr("This estate is empty"),
            tr("Scan this computer to have its first record, or import the spreadsheet you keep your assets in."),
            PrimaryButton(tr("Scan this computer"), lambda: shell.go("scan"), icon="scan", theme=context.theme),
            token="accent",
        )
        bring = Button(tr("Import a spreadsheet"), lambda: shell.go("import"), icon="import", theme=context.theme)
        self.body.addLayout(row(STRETCH, bring, STRETCH))


def _nothing_then(context: Context) -> EmptyState:
    """A moment before the first record."""
    back = Button(tr("Back to now"), lambda: context.moment.set(None), icon="clock", theme=context.theme)
    title = tr("There was nothing here on {moment}", moment=context.moment.label)
    return EmptyState(context.theme, "clock", title, tr("The estate had no items yet."), back)


def _estate_name(context: Context) -> str:
    return context.workspace.title.removesuffix(".terrier")


def _month_bar(ends: ExpiryMonth, today: date) -> Bar:
    lines = [tr("{number} × {kind}", number=size, kind=kind) for kind, size in sorted(ends.kinds.items())]
    return Bar(
        month_name(ends.first),
        ends.count,
        number(ends.count),
        "warning" if (ends.first - today).days < DUE_DAYS else "accent",
        "\n".join((month(ends.first), *(lines or [tr("nothing ends")]))),
        ends if ends.count else None,
    )


def _status_bar(share: ItemShare) -> Bar:
    return Bar(share.label, share.count, number(share.count), share.tone, key=share)
