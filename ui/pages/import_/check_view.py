"""The third step: every problem of every row, grouped by kind. Cells are corrected here and checked again at once."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit, QListWidget, QListWidgetItem, QWidget

from app.imports.draft import SheetDraft
from app.imports.problems import ProblemGroup, grouped, suggestions
from cmdb.model.formats import number
from cmdb.model.messages import tr, trn
from cmdb.model.observation import Origin, Problem
from ui.context import Context
from ui.pages.import_.flow import ImportFlow
from ui.plain_texts import plain_tip
from ui.proposals.words import origin_text, short_origin
from ui.widgets.buttons import Button, LinkButton
from ui.widgets.card import Card
from ui.widgets.labels import ElidedText, Heading, SectionLabel, Text
from ui.widgets.layout import STRETCH, box, clear, column, row
from ui.widgets.page_states import EmptyState
from ui.widgets.table import RowsModel, TableView, ViewColumn, set_widths

_GROUP = int(Qt.ItemDataRole.UserRole)


class CheckView(QWidget):
    """Kinds of problems on the left, the problems of one kind on the right, and below them the correction."""

    def __init__(self, context: Context, flow: ImportFlow) -> None:
        super().__init__()
        self._context = context
        self._flow = flow
        self._groups: list[ProblemGroup] = []
        theme = context.theme
        self.groups = QListWidget()
        self.groups.setAccessibleName(tr("Kinds of problems"))
        self.groups.setIconSize(QSize(16, 16))
        self.groups.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.groups.currentItemChanged.connect(lambda *_: self._show_group())
        self.mended = LinkButton("", flow.forget_mends, hint=tr("Restores all cells as they are in the files"))
        self.export = Button(tr("Export rejected rows…"), self._export, icon="export", theme=theme)
        self.summary = Text("", "muted", wrap=True)
        left = Card(tr("Problems"))
        left.add(self.summary)
        left.body.addSpacing(6)
        left.add(self.groups, 1)
        left.add(row(self.mended, STRETCH))
        left.add(row(self.export, STRETCH))
        left.setFixedWidth(268)
        self._title = ElidedText("")
        self._title.setFont(Heading("", 2).font())
        self._state = Text("", "muted")
        columns: list[ViewColumn[Problem]] = [
            ViewColumn(tr("Where"), lambda p: short_origin(_origin(p)), tone=lambda _: "neutral",
                   hint=lambda p: origin_text(_origin(p))),
            ViewColumn(tr("Column"), lambda p: p.column),
            ViewColumn(tr("Value"), lambda p: p.value, bold=True, hint=lambda p: p.value),
            ViewColumn(tr("What is wrong"), lambda p: str(p.message), hint=lambda p: str(p.message)),
        ]  # fmt: skip
        self._model = RowsModel(theme, columns)
        self.table = TableView(theme, tr("Problems"), compact=True)
        self.table.setModel(self._model)
        set_widths(self.table, (170, 120, 130, 0))
        self.table.selectionModel().selectionChanged.connect(lambda: self._show_mend())
        self.table.opened.connect(lambda _: self.field.setFocus())
        self._mend = self._mend_panel()
        self._right = Card()
        self._right.add(row(self._title, STRETCH, self._state))
        self._right.body.addSpacing(4)
        self._right.add(self.table, 1)
        self._right.add(self._mend)
        self._fine = Card()
        self._fine.add(
            EmptyState(theme, "good", tr("Every row can be imported"), tr("The rows have no problems."), token="good"),
            1,
        )
        line = row(left, spacing=12)
        line.addWidget(self._right, 1)
        line.addWidget(self._fine, 1)
        self.setLayout(line)

    def _mend_panel(self) -> QWidget:
        self.field = QLineEdit()
        self.field.setAccessibleName(tr("What to put instead"))
        self.field.returnPressed.connect(lambda: self.mend(True))
        self.one = Button("", lambda: self.mend(False), hint=tr("Corrects the selected cells only"))
        self.all = Button(
            "", lambda: self.mend(True), hint=tr("Corrects every cell of the column with this value  (Enter)")
        )
        self._label = SectionLabel(tr("Put instead"))
        self._accepted = ElidedText("", "muted")
        self._offers = row(spacing=6)
        line = row(self.field, self.one, self.all, spacing=8)
        line.setStretch(0, 1)
        said = row(self._label, self._accepted, spacing=12)
        said.setStretch(1, 1)
        return box(column(said, line, row(self._offers, STRETCH), spacing=6, margins=(0, 8, 0, 0)))

    # -- showing ----------------------------------------------------------------------------------------------------

    def refresh(self, comparing: bool) -> None:
        """Shows the flow's problems; ``comparing``: more may be found."""
        key = self.group.key if self.group is not None else None
        line = self.table.currentIndex().row()
        self._groups = grouped(self._flow.problems())
        self._fill_groups(key)
        read = sum(r.read for r in self._flow.readings())
        proposal = self._flow.prepared.proposal if self._flow.prepared is not None else None
        rejected = proposal.rejected if proposal is not None else sum(r.rejected for r in self._flow.readings())
        sentences = (
            trn("{count} row read.", "{count} rows read.", read),
            trn("{count} row cannot be imported as it is.", "{count} rows cannot be imported as they are.", rejected)
            if rejected
            else tr("All can be imported."),
        )
        self.summary.setText(" ".join(sentences))
        self._state.setText(tr("Comparing with the register…") if comparing else "")
        mended = self._flow.mended
        undo = trn("{count} cell corrected: undo", "{count} cells corrected: undo", mended)
        self.mended.setText(undo if mended else "")
        self.mended.setVisible(bool(mended))
        self.export.setVisible(bool(rejected))
        self.export.setEnabled(not comparing)
        self._right.setVisible(bool(self._groups))
        self._fine.setVisible(not self._groups)
        if self._groups and line > 0:
            self.table.selectRow(min(line, self._model.rowCount() - 1))

    def _fill_groups(self, key: tuple[str, str] | None) -> None:
        self.groups.blockSignals(True)
        self.groups.clear()
        severity = ""
        wanted: QListWidgetItem | None = None
        theme = self._context.theme
        for group in self._groups:
            if group.severity != severity:
                severity = group.severity
                heading = QListWidgetItem(self.groups)
                heading.setFlags(Qt.ItemFlag.NoItemFlags)
                label = SectionLabel(tr("Rows rejected") if severity == "error" else tr("Warnings"))
                label.setContentsMargins(2, 8, 0, 2)
                self.groups.setItemWidget(heading, label)
            icon = theme.icon("error" if severity == "error" else "info", "bad" if severity == "error" else "warning")
            item = QListWidgetItem(icon, f"{group.title}   {number(len(group.problems))}", self.groups)
            item.setToolTip(plain_tip(item.text()))
            item.setData(_GROUP, group)
            if wanted is None or group.key == key:
                wanted = item
        self.groups.blockSignals(False)
        if wanted is not None:
            self.groups.setCurrentItem(wanted)
        self._show_group()

    @property
    def group(self) -> ProblemGroup | None:
        """The kind that is shown."""
        row_number = self.groups.currentRow()
        found: ProblemGroup | None = self.groups.item(row_number).data(_GROUP) if row_number >= 0 else None
        return found

    def _show_group(self) -> None:
        group = self.group
        self._title.setText(group.title if group is not None else "")
        self._model.show_rows(group.problems if group is not None else [])
        if group is not None:
            self.table.selectRow(0)
        self._show_mend()

    # -- correcting -------------------------------------------------------------------------------------------------

    def _selected(self) -> list[Problem]:
        return [self._model.row_at(i.row()) for i in self.table.selectionModel().selectedRows()]

    def _place(self, problem: Problem) -> tuple[SheetDraft, int] | None:
        """The sheet and the column of a cell that can be corrected; None for other problems."""
        sheet = self._flow.sheet_of(problem)
        index = sheet.column_of(problem, self._context.schema) if sheet is not None else -1
        return (sheet, index) if sheet is not None and index >= 0 and problem.row > sheet.sheet.header_row else None

    def _show_mend(self) -> None:
        clear(self._offers)
        rows = self._selected()
        first = rows[0] if rows else None
        place = self._place(first) if first is not None else None
        self._mend.setVisible(place is not None)
        if place is None or first is None:
            return
        sheet, index = place
        text = sheet.cell(first.row, index)
        self.field.setText(text)
        alike = len(sheet.alike(index, text)) if text.strip() else 0
        self.all.setText(trn("The cell with this value", "All {count} like it", alike))
        self.all.setVisible(alike > 1)
        self.one.setText(trn("This cell", "These {count} cells", len(rows)))
        accepted = "" if suggestions(first) else first.accepted_text
        self._accepted.setText(tr("Accepted: {values}", values=accepted) if accepted else "")
        for word in suggestions(first, 6):
            self._offers.addWidget(Button(word, partial(self._offer, word), kind="chip"))

    def _offer(self, word: str) -> None:
        self.field.setText(word)
        self.mend(True)

    def mend(self, alike: bool) -> None:
        """Puts the field's text into the selected cells, or (``alike``) into every cell with the first one's value."""
        rows = self._selected()
        place = self._place(rows[0]) if rows else None
        if place is None:
            return
        sheet, index = place
        text = self.field.text()
        before = sheet.cell(rows[0].row, index)
        lines = sheet.alike(index, before) if alike and before.strip() and len(rows) == 1 else []
        if not lines:
            lines = [p.row for p in rows if self._place(p) == place]
        if text != before or len(rows) > 1:
            self._flow.mend(sheet, lines, index, text)
        self.table.setFocus()

    # -- rejects ----------------------------------------------------------------------------------------------------

    def _export(self) -> None:
        export_rejects(self._context, self._flow, self)


def export_rejects(context: Context, flow: ImportFlow, parent: QWidget) -> None:
    """Asks for a file, and writes the rejected rows to it."""
    name = tr("{file} rejected", file=flow.files[0].path.stem) if flow.files else tr("Rejected")
    start = str(flow.files[0].path.with_name(f"{name}.xlsx")) if flow.files else f"{name}.xlsx"
    kinds = tr("Spreadsheets (*.xlsx *.csv *.ods)")
    where, _ = QFileDialog.getSaveFileName(parent, tr("Export rejected rows"), start, kinds)
    if where:
        path = Path(where) if Path(where).suffix else Path(where + ".xlsx")

        def done(rows: int) -> None:
            written = trn("{count} row written to {file}", "{count} rows written to {file}", rows, file=path.name)
            context.shell.toast(written)

        flow.export_rejects(path, done)


def _origin(problem: Problem) -> Origin:
    return Origin(problem.file, problem.sheet, problem.row)
