"""The Reports page: all reports on the left, the chosen one's rows on the right."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QStackedWidget, QStyledItemDelegate

from app.licences.position_order import VERDICTS
from app.preferences import is_compact
from app.reports import FORMATS, Report, reports
from app.reports.report_run import ReportResult, run, save
from cmdb.model.control import Control
from cmdb.model.messages import Message, counted, tr
from ui.actions import Action, Handler, bind
from ui.context import Context
from ui.page import Page
from ui.pages.reports.actions import ACTIONS, report_actions
from ui.pages.reports.catalogue import ReportList
from ui.pages.reports.comparison_moment import ComparisonMomentButton
from ui.pages.reports.model import ReportModel
from ui.pages.reports.table_fit import PathDelegate, fit_columns, is_path
from ui.text_size import set_sizes
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.card import Card
from ui.widgets.cells import shown
from ui.widgets.file_dialog import ask_to_save
from ui.widgets.frozen_column import FrozenTable
from ui.widgets.kept_widths import KeptWidths
from ui.widgets.labels import Heading, Text
from ui.widgets.layout import STRETCH, column, row
from ui.widgets.page_states import PATIENCE, EmptyState, PageStates, Skeleton
from ui.widgets.pill import PillDelegate
from ui.widgets.report_pdf import on_paper
from ui.widgets.resize_watch import ResizeWatch
from ui.widgets.search import SearchField
from ui.widgets.splitter import Splitter
from ui.widgets.table import TableView
from ui.widgets.written_file import say_written

if TYPE_CHECKING:
    from app.reports.model import ReportRow
    from cmdb.model.applied_revision import AppliedRevision

#: Revisions within this time (milliseconds) are answered together; so are steps in the list.
PAUSE, STEP = 700, 120
#: The names of the formats in the file dialog.
_KINDS = {
    ".xlsx": Message("Excel workbook (*.xlsx)"),
    ".pdf": Message("PDF, to print (*.pdf)"),
    ".csv": Message("Comma-separated (*.csv)"),
    ".json": Message("JSON (*.json)"),
    ".html": Message("Web page, to print or mail (*.html)"),
    ".ods": Message("OpenDocument sheet (*.ods)"),
    ".tsv": Message("Tab-separated (*.tsv)"),
    ".ics": Message("Calendar (*.ics)"),
}
#: Rows that are shown; a list that is longer is for a file.
MOST = 5_000


class ReportsPage(Page):
    """Every report of the register: to read, filter, sort and export."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.report: Report | None = None
        self._shown: tuple[str, int | None, str] | None = None
        self._control = Control()
        self._reports = reports(context.workspace.plugins.reports())
        self.list = ReportList(context.theme)
        self.list.chosen.connect(self._chosen)
        self.setFocusProxy(self.list)
        self.model = ReportModel(context.theme)
        self.table = self._make_table()
        self.search = SearchField(context.theme, tr("Filter rows"), self._narrow)
        self._title, self._count = Heading(""), Text("", "muted")
        self._about = Text("", "muted", wrap=True)
        self._since = ComparisonMomentButton(context)
        self._since.chosen.connect(self.run)
        self._export = PrimaryButton(tr("Export…"), self.ask, icon="export", theme=context.theme)
        self._states = PageStates(context.theme, self.table, rows=14)
        self._skeleton = Skeleton(context.theme, 14)
        self._body = QStackedWidget()
        self._body.addWidget(self._states)
        self._body.addWidget(self._skeleton)
        self._late = QTimer(self, singleShot=True, interval=PATIENCE)
        self._late.timeout.connect(lambda: self._body.setCurrentWidget(self._skeleton))
        self._soon = QTimer(self, singleShot=True, interval=PAUSE)
        self._soon.timeout.connect(self.run)
        self._step = QTimer(self, singleShot=True, interval=STEP)
        self._step.timeout.connect(self.run)
        self._widths = KeptWidths(
            self.table,
            context.workspace.settings,
            lambda: f"reports.widths.{self._shown_name()}",
            lambda: [one.name for one in self.model.result.report.columns] if self.model.result is not None else [],
            self._older_widths,
        )
        self._lay_out()
        self.list.show_reports(self._reports.values())

    def _lay_out(self) -> None:
        left = Card(tr("Reports"), margins=(0, 12, 0, 0))
        left.header.setContentsMargins(16, 0, 12, 0)
        left.add(self.list, 1)
        right = Card(margins=(0, 12, 0, 0))
        head = row(self._title, self._count, STRETCH, self._since, self._export, margins=(16, 0, 12, 0))
        about = column(self._about, self.search, spacing=8, margins=(16, 0, 12, 8))
        right.add(column(head, about, spacing=4))
        right.add(self._body, 1)
        splitter = Splitter(tr("Reports and the chosen one"))
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setStretchFactor(1, 1)
        set_sizes(left, least_width=200)
        settings = self.context.workspace.settings
        splitter.setSizes([int(size) for size in settings.get("reports.splitter", [276, 920])])
        splitter.splitterMoved.connect(lambda *_: settings.set("reports.splitter", splitter.sizes()))
        self.setLayout(column(splitter, margins=(16, 14, 16, 16)))

    def _make_table(self) -> TableView:
        compact = is_compact(self.context.workspace.settings)
        table = FrozenTable(self.theme, tr("Rows of the report"), compact=compact)
        table.setModel(self.model)
        header = table.horizontalHeader()
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicatorClearable(True)
        header.sortIndicatorChanged.connect(self._sort)
        table.freeze(table.itemDelegate())
        table.opened.connect(self._open)
        table.typed.connect(self._typed)
        ResizeWatch(table, self._refit)
        return table

    # -- coming and going -------------------------------------------------------------------------------------------

    def opened(self, report: str = "", text: str = "", **_: Any) -> None:
        """Runs a report: the one named, else the last one."""
        self.table.set_compact(is_compact(self.context.workspace.settings))
        known = self._reports
        last = self.report.name if self.report else str(self.context.workspace.settings.get("reports.last", ""))
        name = next((n for n in (report, last, *self.list.names) if n in known), "")
        if text:
            self.search.setText(text)
            self._narrow(text)
        if not name:
            self._states.empty(EmptyState(self.theme, "reports", tr("There are no reports")))
            return
        self._take(known[name])
        self.list.blockSignals(True)
        self.list.choose(name)
        self.list.blockSignals(False)
        if self._shown != (name, *self.context.shown):
            self.run()

    def reload(self) -> None:
        """Another moment, or many revisions."""
        self._shown = None
        self.opened()

    def changed(self, applied: AppliedRevision) -> None:
        """Runs the report again; several revisions at once are taken together."""
        self._soon.start()

    def state(self) -> dict[str, Any]:
        """The report shown, and what it is narrowed to."""
        if self.report is None:
            return {}
        return {"report": self.report.name, "text": self.search.text()}

    def focus_search(self) -> None:
        """The filter over the rows."""
        self.search.setFocus()
        self.search.selectAll()

    def page_actions(self) -> Sequence[Action]:
        """Exporting, copying, running again, and one action per report."""
        shown = report_actions(self.context.workspace)
        handlers = {
            "reports.export": Handler(self.ask, self._ready),
            "reports.copy": Handler(self.table.copy, self._ready),
            "reports.run": Handler(self.run, lambda: self.report is not None),
            **{f"reports.show.{name}": Handler(partial(self.show_report, name)) for name in self._reports},
        }
        return bind([*ACTIONS, *shown], handlers, lambda: self.context.editable)

    # -- running ----------------------------------------------------------------------------------------------------

    def show_report(self, name: str) -> None:
        """Chooses a report."""
        self.list.choose(name)

    def _chosen(self, name: str) -> None:
        self._take(self._reports[name])
        self._step.start()

    def _take(self, report: Report) -> None:
        if self.report is not report:
            self.report = report
            self.search.setText("")
            self.model.narrow("")
            self._export.setEnabled(False)
        self._title.setText(str(report.title))
        self._about.setText(str(report.description))
        self._since.setVisible(report.between)
        self.context.workspace.settings.set("reports.last", report.name)

    def run(self) -> None:
        """Runs the report shown, off the GUI thread; one that still runs is stopped."""
        report = self.report
        if report is None:
            return
        self._soon.stop()
        self._step.stop()
        self._control.cancel()
        control = self._control = Control()
        if self.model.result is None or self.model.result.report is not report:
            self._count.setText("")
            self._wait()
        today, since = self.context.moment.day, self._since.number(report)
        self.context.query(
            lambda reader: run(reader, report, control, today, shown, since, MOST),
            self._show,
            self._failed,
            key=("reports", "run"),
            owner=self,
            lane="slow",
        )

    def _wait(self) -> None:
        """Another report is running: the rows of the previous one are removed."""
        if self._states.name == "loading":
            self._states.loading()
        else:
            self._late.start()

    def _arrived(self) -> None:
        self._late.stop()
        self._body.setCurrentWidget(self._states)

    def _show(self, result: ReportResult) -> None:
        self._arrived()
        same = self.model.result is not None and self.model.result.report is result.report
        scrolled, standing, current = self.table.verticalScrollBar().value(), self.table.standing, self._current()
        self.model.show_result(result, self._tones(), self._order(result.report))
        self._export.setEnabled(True)
        self._shown = (result.report.name, *self.context.shown)
        self._about.setText(str(result.described))
        if not same:
            fit_columns(self.table, self.model, self._widths.kept())
            self.table.scrollToTop()
            self.table.horizontalScrollBar().setValue(0)
        for place in range(self.model.columnCount()):
            self.table.setItemDelegateForColumn(place, self._delegate(result.report, place))  # type: ignore[arg-type]
        if same:
            self.table.verticalScrollBar().setValue(scrolled)
            if current is not None and (place := self.model.place_of(current)) >= 0:
                self.table.setCurrentIndex(self.model.index(place, 0))
                self.table.stand(standing)
        self._say()

    def _current(self) -> ReportRow | None:
        """The row under the cursor."""
        place = self.table.currentIndex().row()
        return self.model.row_at(place) if place >= 0 else None

    def _delegate(self, report: Report, place: int) -> QStyledItemDelegate | None:
        """How a column is drawn, where that is not as plain text."""
        if place in self.model.tones:
            return PillDelegate(self.theme, self.table)
        return PathDelegate(self.table) if is_path(report.columns[place]) else None

    def _say(self) -> None:
        """The count, and the state that fits it."""
        result = self.model.result
        if result is None or result.report is not self.report:
            return
        here, every = self.model.rowCount(), len(result.rows)
        rows = counted("{count} row", "{count} rows", every)
        if here < every:
            rows = Message("{shown} of {number}", shown=here, number=every)
        if result.more:
            rows = Message("{rows}, the first ones; the export has them all", rows=rows)
        self._count.setText(str(rows))
        self.search.setVisible(bool(every))
        if here:
            self._states.content()
        elif every:
            clear = Button(tr("Show all rows"), self._clear)
            self._states.empty(EmptyState(self.theme, "filter", tr("No row fits the filter"), "", clear))
        else:
            moment = self.context.moment
            text = (
                tr("Nothing that was recorded on {moment} belongs in it.", moment=moment.label)
                if moment.at is not None
                else tr("Nothing in the register belongs in it.")
            )
            self._states.empty(EmptyState(self.theme, "good", tr("Nothing to report"), text))

    def _failed(self, error: Exception) -> None:
        self._arrived()
        self._shown = None
        self._count.setText("")
        self._export.setEnabled(False)
        self._states.failed(error, self.run)

    # -- the table --------------------------------------------------------------------------------------------------

    def _tones(self) -> dict[str, dict[str, str]]:
        """Columns that are drawn as pills: verdicts, and the status as the schema colours it."""
        status = self.context.schema.all_attributes("hardware")["status"]
        verdicts = {str(verdict): tone for verdict, tone in VERDICTS.items()}
        return {"verdict": verdicts, "status": {choice.label: choice.tone for choice in status.choices}}

    def _order(self, report: Report) -> tuple[int, bool] | None:
        """The order kept for a report; the header shows it."""
        kept = self._kept(report).get("sort")
        names = [one.name for one in report.columns]
        header = self.table.horizontalHeader()
        order = (names.index(kept[0]), bool(kept[1])) if kept and kept[0] in names else None
        header.blockSignals(True)
        down = Qt.SortOrder.DescendingOrder if order and order[1] else Qt.SortOrder.AscendingOrder
        header.setSortIndicator(order[0] if order else -1, down)
        header.blockSignals(False)
        return order

    def _sort(self, place: int, order: Qt.SortOrder) -> None:
        self.model.sort(place, order)
        if self.model.result is not None:
            report = self.model.result.report
            name = report.columns[place].name if place >= 0 else ""
            self._keep_for(report, "sort", [name, order == Qt.SortOrder.DescendingOrder] if name else None)

    def _shown_name(self) -> str:
        """The name of the report whose rows are shown."""
        return self.model.result.report.name if self.model.result is not None else ""

    def _refit(self) -> None:
        """Columns that nobody has set a width for follow the window."""
        if self.model.result is not None and not self._widths.kept():
            fit_columns(self.table, self.model, self._widths.kept())

    def _older_widths(self) -> dict[str, int]:
        """What earlier versions kept beside the order of the rows."""
        result = self.model.result
        found: dict[str, int] | None = self._kept(result.report).get("widths") if result is not None else None
        return found or {}

    def _kept(self, report: Report) -> dict[str, Any]:
        kept: dict[str, Any] = self.context.workspace.settings.get(f"reports.table.{report.name}", {})
        return kept

    def _keep_for(self, report: Report, part: str, value: Any) -> None:
        self.context.workspace.settings.set(f"reports.table.{report.name}", {**self._kept(report), part: value})

    def _narrow(self, text: str) -> None:
        self.model.narrow(text)
        self._say()

    def _clear(self) -> None:
        self.search.setText("")
        self._narrow("")

    def _typed(self, text: str) -> None:
        self.search.setFocus()
        self.search.insert(text)
        self._narrow(self.search.text())

    def _open(self, place: int) -> None:
        uid = self.model.row_at(place).uid
        if uid:
            self.context.shell.open_ci(uid)

    # -- exporting --------------------------------------------------------------------------------------------------

    def _ready(self) -> bool:
        return self._export.isEnabled()

    def ask(self) -> None:
        """Asks where to, and writes the report in the format of the ending."""
        if self.report is None:
            return
        kinds = {ending: kind for ending, kind in _KINDS.items() if ending in (*FORMATS, ".pdf", *self.report.save)}
        settings, name = self.context.workspace.settings, self.context.file_name(str(self.report.title))
        path = ask_to_save(settings, self, "export", tr("Export report"), name, kinds)
        if path is not None:
            self.write(path)

    def write(self, path: Path) -> None:
        """Writes all of the report (not only what the filter shows), in a job with progress."""
        report, context = self.report, self.context
        if report is None:
            return

        def done(rows: int) -> None:
            say_written(context.shell, path, rows)

        context.workspace.jobs.start(
            Message("Writing {file}", file=path.name),
            save,
            context.workspace,
            report,
            path,
            context.moment.at,
            context.moment.day,
            on_paper(self.theme.family),
            self._since.number(report),
            done=done,
            failed=context.shell.problem,
        )
