"""Two moments of the estate compared: counts by kind, a list that can be filtered, and all of it as a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QWidget

from app.history.comparison import ComparisonLines, compare, save
from app.moments import NOW, PointInTime, Resolve
from cmdb.model.control import Control
from cmdb.model.difference import KINDS, DifferenceFilter, DifferenceLine
from cmdb.model.formats import listing, percent
from cmdb.model.messages import Message, tr, trc, trn
from ui.context import Context
from ui.text_size import set_sizes
from ui.widgets.buttons import Button, IconButton, PrimaryButton
from ui.widgets.card import Card
from ui.widgets.file_dialog import ask_to_save
from ui.widgets.labels import Heading, Text
from ui.widgets.layout import STRETCH, column, row
from ui.widgets.notice import InlineMessage
from ui.widgets.page_states import EmptyState, PageStates
from ui.widgets.report_pdf import on_paper
from ui.widgets.search import SearchField
from ui.widgets.table import RowsModel, TableView, ViewColumn
from ui.widgets.tabs import Tabs
from ui.widgets.time_control import TimePopup, label_of
from ui.widgets.values import text_of
from ui.widgets.written_file import say_written

_CHANGES = {
    "created": (Message("Added"), "good"),
    "deleted": (Message("Removed"), "bad"),
    "changed": (Message("Changed"), "accent"),
}
_PLURALS = {
    "ci": Message("Items"),
    "relationship": Message("Relationships"),
    "group": Message("Groups"),
    "membership": Message("Group memberships"),
    "installation": Message("Installations"),
    "assignment": Message("Assignments"),
    "section": Message("Rows of sections"),
    "event": Message("Events"),
    "attachment": Message("Files"),
    "reservation": Message("Reservations"),
}
_ALL = "all"


_ENDINGS = {
    ".xlsx": Message("Excel workbook (*.xlsx)"),
    ".csv": Message("Comma-separated values (*.csv)"),
    ".html": Message("Web page (*.html)"),
    ".ods": Message("OpenDocument spreadsheet (*.ods)"),
}


class DifferenceView(QWidget):
    """The difference between two moments. ``closed`` fires when a person wants to go back."""

    closed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        theme = context.theme
        self.then, self.now = NOW, NOW
        self.found = ComparisonLines()
        """What was read last; ``whole`` what differs in all, whatever the filter."""
        self.whole = ComparisonLines()
        self._control = Control()
        self._from = Button("", lambda: self._choose(self._from, self._set_then), icon="clock", theme=theme)
        self._to = Button("", lambda: self._choose(self._to, self._set_now), icon="clock", theme=theme)
        swap = IconButton(theme, "refresh", tr("Swap the two moments"), self._swap)
        self._export = PrimaryButton(tr("Export…"), self.ask, icon="export", theme=theme)
        back = Button(tr("Back to the journal"), self.closed.emit, icon="arrow-left", theme=theme)
        self.kinds = Tabs(((_ALL, tr("All")), *((kind, str(title)) for kind, title in _PLURALS.items())))
        self.kinds.chosen.connect(lambda _: self._filter())
        self.classes = QComboBox()
        self.classes.setAccessibleName(tr("Class"))
        self.classes.currentIndexChanged.connect(lambda _: self._filter())
        self.search = SearchField(theme, tr("Filter the differences"), lambda _: self._filter())
        self._count, self._note = Text("", "muted"), InlineMessage(theme)
        self.model = RowsModel(theme, self._columns())
        self.table = TableView(theme, tr("Differences"))
        self.table.setModel(self.model)
        self.table.pills(0)
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        header = self.table.horizontalHeader()
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.sortIndicatorChanged.connect(self.model.sort)
        self.table.opened.connect(self._open)
        self.table.typed.connect(self._typed)
        self.table.fit_to_rows(1, whole=(0,))
        self._states = PageStates(theme, self.table, rows=14)
        card = Card(margins=(0, 12, 0, 0))
        moments = row(
            Text(trc("moments", "From"), "muted"),
            self._from,
            Text(trc("moments", "to"), "muted"),
            self._to,
            swap,
            STRETCH,
            spacing=8,
        )
        head = row(Heading(tr("Difference"), 1), self._count, STRETCH, back, self._export)
        set_sizes(self.search, least_width=220)
        filters = row(self.kinds, self.classes, self.search)
        filters.setStretch(0, 1)
        card.add(column(head, moments, filters, self._note, spacing=10, margins=(16, 0, 12, 8)))
        card.add(self._states, 1)
        self.setLayout(column(card))

    def _columns(self) -> list[ViewColumn[DifferenceLine]]:
        return [
            ViewColumn(tr("Change"), lambda d: str(_CHANGES[d.change][0]), tone=lambda d: _CHANGES[d.change][1]),
            ViewColumn(tr("Item"), lambda d: d.item, sort=lambda d: d.item.casefold(), icon=self._icon, bold=True,
                   hint=lambda d: self._label(d.cls)),
            ViewColumn(tr("What"), lambda d: d.what, hint=lambda d: str(KINDS[d.kind])),
            ViewColumn(tr("Then"), lambda d: d.then, hint=lambda d: d.then),
            ViewColumn(tr("Now"), lambda d: d.now, hint=lambda d: d.now),
        ]  # fmt: skip

    def _icon(self, line: DifferenceLine) -> str:
        known = self.context.schema.classes.get(line.cls)
        return known.icon if known else "box"

    def _label(self, cls: str) -> str:
        known = self.context.schema.classes.get(cls)
        return known.label if known else cls

    # -- which moments ----------------------------------------------------------------------------------------------

    def compare(self, then: PointInTime, now: PointInTime = NOW) -> None:
        """Compares two moments."""
        self.then, self.now = then, now
        for button, one in ((self._from, then), (self._to, now)):
            button.setText(label_of(one) if one.number is not None else tr("Now"))
        self.whole = ComparisonLines()
        self._fill_classes()
        self._run()

    def refresh(self) -> None:
        """Compares again: the present may have changed."""
        self.compare(self.then, self.now)

    def _fill_classes(self) -> None:
        chosen = self.classes.currentData()
        self.classes.blockSignals(True)
        self.classes.clear()
        self.classes.addItem(tr("All classes"), "")
        for one in self.context.schema.tree():
            if one.name != "ci":
                self.classes.addItem(self.context.theme.icon(one.icon), one.label, one.name)
        self.classes.setCurrentIndex(max(self.classes.findData(chosen), 0))
        self.classes.blockSignals(False)

    def _choose(self, button: Button, take: Callable[[PointInTime], None]) -> None:
        context = self.context

        def chosen(resolve: Resolve) -> None:
            context.query(resolve, take, key=("history", "moment"), owner=self, now=True)

        popup = TimePopup(context, button, chosen, tr("Compare with") if button is self._from else tr("Up to"))
        popup.pop_up(button)

    def _set_then(self, then: PointInTime) -> None:
        self.compare(then, self.now)

    def _set_now(self, now: PointInTime) -> None:
        self.compare(self.then, now)

    def _swap(self) -> None:
        self.compare(self.now, self.then)

    # -- reading ----------------------------------------------------------------------------------------------------

    def _wanted(self) -> DifferenceFilter:
        kind = self.kinds.current
        kinds = tuple(KINDS) if kind == _ALL else (kind,)
        return DifferenceFilter(kinds, str(self.classes.currentData() or ""), self.search.text())

    def _filter(self) -> None:
        """Filters the lines here where all of them are here; else it reads the differences again."""
        if self.whole.matched and self.whole.whole:
            wanted = self._wanted()
            lines = wanted.among(self.whole.lines, self.context.schema)
            self._show(ComparisonLines(lines, len(lines), self.whole.counts))
        else:
            self._run()

    def _run(self) -> None:
        wanted, unfiltered = self._wanted(), self._wanted() == DifferenceFilter()
        tasks, workspace, then, now = self.context.tasks, self.context.workspace, self.then.number, self.now.number
        self._control.cancel()
        control = self._control = Control(lambda done, total, _: tasks.post(self._progress, control, done, total))
        if not self.model.rows:
            self._states.loading()
        self._note.say("")
        self._count.setText(tr("Comparing…"))

        def first(found: ComparisonLines) -> None:
            tasks.post(self._show_first, control, found)

        def work() -> ComparisonLines:
            return compare(workspace, then, now, wanted, control, text_of, first)

        def done(found: ComparisonLines) -> None:
            if unfiltered:
                self.whole = found
            self._show(found)

        tasks.run(work, done, self._failed, key=("history", "compare"), owner=self, lane="slow", stop=control.cancel)

    def _progress(self, control: Control, done: int, total: int) -> None:
        if control is self._control and total and done < total:
            self._count.setText(tr("Comparing… {share}", share=percent(done / total)))

    def _show_first(self, control: Control, found: ComparisonLines) -> None:
        if control is self._control:
            self.model.show_rows(found.lines)
            self._states.content()

    def _failed(self, error: Exception) -> None:
        self._count.setText("")
        self.model.show_rows([])
        self._export.setEnabled(False)
        self._states.failed(error, self.refresh)

    def _show(self, found: ComparisonLines) -> None:
        self.found = found
        self._export.setEnabled(bool(self.whole.matched or found.matched))
        self.model.show_rows(found.lines)
        counts = self.whole.counts
        self.kinds.set_title(_ALL, _with_number(tr("All"), counts.total()))
        for kind, title in _PLURALS.items():
            number = sum(n for (k, _), n in counts.items() if k == kind)
            self.kinds.set_title(kind, _with_number(str(title), number), str(title))
            self.kinds.set_shown(kind, bool(number) or self.kinds.current == kind or kind == "ci")
        self._count.setText(self._in_words())
        if not found.whole:
            first = tr(
                "The first {listed} of {count} differences are listed. The export has all of them.",
                listed=len(found.lines),
                count=found.matched,
            )
            self._note.say(first, "accent")
        else:
            self._note.say("")
        if found.lines:
            self._states.content()
        elif self.whole.counts or self._wanted() != DifferenceFilter():
            clear, nothing = Button(tr("Show all differences"), self._clear), tr("No difference fits the filter")
            self._states.empty(EmptyState(self.context.theme, "filter", nothing, "", clear))
        else:
            text = tr("What was changed and changed back counts as no difference.")
            self._states.empty(EmptyState(self.context.theme, "good", tr("The two moments are equal"), text))

    def _in_words(self) -> str:
        """The numbers of added, removed and changed records."""
        totals = {name: sum(n for (_, c), n in self.whole.counts.items() if c == name) for name in _CHANGES}
        added, removed, changed = totals["created"], totals["deleted"], totals["changed"]
        parts = (
            trn("{count} added", "{count} added", added) if added else "",
            trn("{count} removed", "{count} removed", removed) if removed else "",
            trn("{count} changed", "{count} changed", changed) if changed else "",
        )
        return listing(filter(None, parts), "unit")

    def _clear(self) -> None:
        self.search.setText("")
        self.kinds.choose(_ALL)
        self.classes.setCurrentIndex(0)
        self._filter()

    def _typed(self, letter: str) -> None:
        self.search.setFocus()
        self.search.insert(letter)
        self._filter()

    def _open(self, place: int) -> None:
        line = self.model.row_at(place)
        if line.there:
            self.context.shell.open_ci(line.uid)
        else:
            gone = tr("{name} is no longer there. It was, as of {time}.", name=line.item, time=label_of(self.then))
            self.context.shell.toast(gone)

    # -- exporting --------------------------------------------------------------------------------------------------

    def ask(self) -> None:
        """Asks where to, and writes all that differs."""
        settings, name = self.context.workspace.settings, self.context.file_name(tr("Difference"))
        path = ask_to_save(settings, self, "export", tr("Export the difference"), name, _ENDINGS)
        if path is not None:
            self.write(path)

    def write(self, path: Path) -> None:
        """Writes all that differs (not only what is listed), in a job with progress."""
        context = self.context
        context.workspace.jobs.start(
            Message("Writing {file}", file=path.name),
            save,
            context.workspace,
            path,
            self.then.number,
            self.now.number,
            on_paper(context.theme.family),
            done=lambda rows: say_written(context.shell, path, rows),
            failed=context.shell.problem,
        )


def _with_number(title: str, number: int) -> str:
    """The title of a tab with the number of its lines, if there are any."""
    return tr("{title} {count}", title=title, count=number) if number else title
