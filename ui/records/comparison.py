"""Several records side by side, in a window of their own beside the list: what differs is marked and can be copied."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QStyledItemDelegate, QWidget

from app.assets.comparison import MOST, ComparedRecords, ComparedRow, comparison, write_comparison
from cmdb.model.messages import Message, tr, trn
from ui.widgets.buttons import Button
from ui.widgets.file_dialog import ask_to_save
from ui.widgets.frozen_column import FrozenTable
from ui.widgets.labels import Heading, Text
from ui.widgets.layout import STRETCH, column, row
from ui.widgets.page_states import EmptyState, PageStates
from ui.widgets.table import RowsModel, ViewColumn
from ui.widgets.values import text_of
from ui.widgets.written_file import say_written

if TYPE_CHECKING:
    from app.verbs import Uids
    from ui.context import Context

_ENDINGS = {
    ".xlsx": Message("Excel workbook (*.xlsx)"), ".csv": Message("Comma-separated values (*.csv)"),
    ".ods": Message("OpenDocument spreadsheet (*.ods)"),
}  # fmt: skip
_MARK = "≠"
_LETTERS, _WIDEST = 16, 34
"""The least and the greatest width of a column, in letters."""


class ComparisonWindow(QDialog):
    """A table: attributes in rows, marked where they differ; a column for each record."""

    def __init__(self, context: Context, over: QWidget, uids: Uids) -> None:
        super().__init__(over.window())
        self._context = context
        self.setWindowTitle(tr("Compare"))
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.found: ComparedRecords | None = None
        self._heading, self._said = Heading(tr("Compare"), 1), Text("", "muted", wrap=True)
        self.only = QCheckBox(tr("Only what differs"))
        self.only.toggled.connect(lambda _: self._fill())
        self.table = FrozenTable(context.theme, tr("Comparison"), compact=True)
        self.table.opened.connect(self._open)
        self._states = PageStates(context.theme, self.table)
        copy = Button(tr("Copy"), self.copy, icon="copy", theme=context.theme)
        export = Button(tr("Export…"), self._ask_export, icon="export", theme=context.theme)
        close = Button(tr("Close"), self.close)
        self._buttons = (self.only, copy, export)
        head = row(column(self._heading, self._said, spacing=2), STRETCH)
        head.setStretch(0, 1)
        foot = row(self.only, STRETCH, copy, export, close)
        self.setLayout(column(head, self._states, foot, spacing=10, margins=(20, 16, 20, 14)))
        QShortcut(QKeySequence("Ctrl+Shift+C"), self).activated.connect(self.copy)
        window = over.window()
        self.resize(min(1080, window.width() - 80), min(680, window.height() - 80))
        self._enable(False)
        context.query(lambda reader: comparison(reader, uids(reader)), self._show, self._failed, owner=self)

    def _enable(self, able: bool) -> None:
        for one in self._buttons:
            one.setEnabled(able)

    def _failed(self, error: Exception) -> None:
        self._states.failed(error)

    def _show(self, found: ComparedRecords) -> None:
        self.found = found
        self._heading.setText(trn("{count} record side by side", "{count} records side by side", len(found.records)))
        number = found.differing
        self._said.setText(
            trn("{count} attribute differs: {mark}", "{count} attributes differ: {mark}", number, mark=_MARK)
            if number
            else tr("They differ in nothing.")
        )
        columns: list[ViewColumn[ComparedRow]] = [
            ViewColumn(
                tr("Attribute"),
                lambda line: f"{line.attribute.label} {_MARK}" if line.differs else str(line.attribute.label),
                hint=lambda line: tr("They differ.") if line.differs else "",
                bold=True,
            )
        ]
        for place, one in enumerate(found.records):
            columns.append(ViewColumn(one.name, partial(self._text, place), hint=partial(self._text, place)))
        self._model = RowsModel(self._context.theme, columns)
        self.table.setModel(self._model)
        self.table.freeze(QStyledItemDelegate(self.table))
        self._fill()
        self._enable(True)
        self.table.setFocus()

    def _text(self, place: int, line: ComparedRow) -> str:
        """The value of one record as a person reads it."""
        assert self.found is not None
        one = self.found.records[place]
        return text_of(line.attribute, line.values[place], self.found.names, one.text(line.attribute.currency)) or "–"

    def _fill(self) -> None:
        if self.found is None:
            return
        only = self.only.isChecked()
        rows = [line for line in self.found.rows if line.differs or not only]
        self._model.show_rows(rows)
        if not rows:
            self._states.empty(EmptyState(self._context.theme, "check", tr("They differ in nothing.")))
            return
        letter = self.table.fontMetrics().averageCharWidth()
        self.table.resizeColumnsToContents()
        for place in range(self._model.columnCount()):
            self.table.setColumnWidth(
                place, max(_LETTERS * letter, min(self.table.columnWidth(place), _WIDEST * letter))
            )
        self._states.content()

    def _open(self, _: int) -> None:
        """Enter: the record of the column, in its list."""
        place = self.table.currentIndex().column() - 1
        if self.found is not None and 0 <= place < len(self.found.records):
            one = self.found.records[place]
            self._context.shell.open_ci(one.uid, one.cls)

    # -- taking it along --------------------------------------------------------------------------------------------

    def lines(self) -> tuple[list[str], list[list[str]]]:
        """The titles and the rows that are shown, as texts."""
        rows = [self._model.row_at(place) for place in range(self._model.rowCount())]
        shown = range(self._model.columnCount())
        return self._model.titles, [[str(self._model.index(y, x).data()) for x in shown] for y in range(len(rows))]

    def copy(self) -> None:
        """Puts what is shown on the clipboard, tab-separated, with headers."""
        if self.found is None:
            return
        titles, lines = self.lines()
        table = [titles, *lines]
        QApplication.clipboard().setText("\n".join("\t".join(c.replace("\t", " ") for c in one) for one in table))
        self._said.setText(trn("{count} row copied.", "{count} rows copied.", len(lines)))

    def _ask_export(self) -> None:
        name = self._context.file_name(tr("Comparison"))
        settings = self._context.workspace.settings
        path = ask_to_save(settings, self, "export", tr("Export the comparison"), name, _ENDINGS)
        if path is not None:
            self.export(path)

    def export(self, path: Path) -> None:
        """Writes what is shown in a job."""
        titles, lines = self.lines()

        def done(rows: int) -> None:
            say_written(self._context.shell, path, rows)

        self._context.workspace.jobs.start(
            Message("Writing {file}", file=path.name), write_comparison, titles, lines, path,
            done=done, failed=self._context.shell.problem,
        )  # fmt: skip


def compare(context: Context, over: QWidget, uids: Uids, number: int) -> None:
    """Opens the window for 2 to 6 records; says so where there are more."""
    if number > MOST:
        said = trn("{count} is too many: choose {most} at most.", "{count} are too many: choose {most} at most.",
                   number, most=MOST)  # fmt: skip
        context.shell.toast(said, tone="warning")
        return
    window = ComparisonWindow(context, over, uids)
    window.show()
    window.activateWindow()
