"""The first step, with files: how each sheet is read, above a preview of it; what an inventory lists; what failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QSizePolicy, QWidget

from app.imports.draft import FileDraft, SheetDraft
from cmdb.model.formats import listing
from cmdb.model.messages import Message, tr, trn
from cmdb.model.regular_files import name_as_text
from importers.spreadsheets.files.archive import column_letters
from importers.spreadsheets.sheets.workbook import Sheet, cell_text
from ui.context import Context
from ui.pages.import_.flow import ImportFlow
from ui.pages.import_.read_options import DELIMITERS, ENCODINGS, MARKS, ORDERS, in_doubt
from ui.pages.import_.sheet_grid_model import drawn_text
from ui.plain_texts import plain_tip
from ui.text_size import set_sizes
from ui.theme import Theme
from ui.widgets.buttons import LinkButton
from ui.widgets.card import Card
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import ElidedText, Text, as_heading
from ui.widgets.layout import STRETCH, box, column, row, scrolled
from ui.widgets.notice import InlineMessage
from ui.widgets.reading_order import focus_behind
from ui.widgets.spoken_cells import SPOKEN, spoken
from ui.widgets.table import TableView

_LINES = 60
#: The most merged ranges that are looked at.
_SPANS = 2_000
#: The files that could not be opened that are named, and those whose reasons are shown without scrolling.
_NAMED, _TOLD = 3, 6
#: The height of one.
_REASON = 20


class _Preview(QAbstractTableModel):
    """The first rows of a sheet as they are in the file, with row numbers and column letters."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._bold = theme.font(weight=QFont.Weight.DemiBold)
        self._rows: list[list[Any]] = []
        self._first, self._left = 1, 0
        self._hidden: frozenset[int] = frozenset()
        self._header = range(0)
        self._width = 0

    def show_sheet(self, sheet: Sheet) -> None:
        """Shows another sheet, from its first row on."""
        self.beginResetModel()
        self._first = sheet.first_row
        self._hidden = frozenset(sheet.hidden_rows)
        self._header = range(sheet.header_row - len(sheet.header_rows) + 1, sheet.header_row + 1)
        self._left = sheet.area.first_column if sheet.area is not None else 0
        self._rows = sheet.rows[self._first - 1 : _LINES + sheet.header_row]
        self._width = max((len(r) for r in self._rows), default=0)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Lines shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        """The row's number and the cells."""
        return 0 if parent.isValid() else self._width + 1

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Text; the rows of the header are bold, the rows above them and the row numbers are muted."""
        if role in SPOKEN:
            return spoken(index, role)
        line, cell = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return str(self._first + line) if not cell else drawn_text(cell_text(self._rows[line][cell - 1]))
        row = self._first + line
        if role == Qt.ItemDataRole.DecorationRole and not cell and row in self._hidden:
            return self._theme.icon("eye-off", "faint")
        if role == Qt.ItemDataRole.ToolTipRole and not cell and row in self._hidden:
            return plain_tip(tr("Hidden in the file"))
        if role == Qt.ItemDataRole.FontRole and row in self._header:
            return self._bold
        if role == Qt.ItemDataRole.ForegroundRole and (not cell or row < self._header.start):
            return self._theme.color("faint")
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """Column letters."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return "" if not section else column_letters(self._left + section - 1)
        return None


class SheetView(QWidget):
    """How one sheet is read: the detected options, which can be changed, above a preview of the sheet."""

    def __init__(self, context: Context, flow: ImportFlow) -> None:
        super().__init__()
        self._context = context
        self._flow = flow
        self._sheet: SheetDraft | None = None
        theme = context.theme
        self._title = ElidedText("")
        as_heading(self._title, 2)
        self._note = ElidedText("", "muted")
        self._message = InlineMessage(theme)
        self._labels: dict[QComboBox, Text] = {}
        self._detected: dict[QComboBox, tuple[str, str]] = {}
        """Label → its words, and its words where the value was detected."""
        self.header = self._combo(tr("Column names"), tr("Column names · detected"), "header_row")
        self.encoding = self._combo(tr("Encoding"), tr("Encoding · detected"), "encoding")
        self.delimiter = self._combo(tr("Separator"), tr("Separator · detected"), "delimiter")
        self.dates = self._combo(tr("Dates"), tr("Dates · detected"), "day_first")
        self.decimals = self._combo(tr("Decimals"), tr("Decimals · detected"), "decimal_comma")
        self._fields = {combo: box(column(label, combo, spacing=3)) for combo, label in self._labels.items()}
        options = QWidget()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        options.setSizePolicy(policy)
        lines = FlowLayout(options, 12)
        for field in self._fields.values():
            lines.addWidget(field)
        self._model = _Preview(theme)
        self.table = TableView(theme, tr("Preview of the sheet"), compact=True)
        self.table.setModel(self._model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.table.horizontalHeader().setStretchLastSection(False)
        self.table.setColumnWidth(0, 48)
        self.table.opened.connect(self._header_here)
        self.table.setToolTip(plain_tip(tr("Enter or a double click on a row makes it the row of column names")))
        card = Card()
        card.add(row(self._title, self._note, STRETCH))
        card.add(self._message)
        card.body.addSpacing(4)
        card.add(options)
        card.body.addSpacing(8)
        card.add(self.table, 1)
        self.setLayout(column(card, spacing=0))

    def _combo(self, name: str, detected: str, option: str) -> QComboBox:
        combo = ChoiceBox(18 if option == "header_row" else 10)
        combo.setAccessibleName(name)
        self._labels[combo] = Text(name, "small")
        self._detected[combo] = (name, detected)
        combo.activated.connect(lambda: self._choose(combo, option))
        return combo

    def show_sheet(self, sheet: SheetDraft) -> None:
        """Shows another sheet."""
        self._sheet = sheet
        self._title.setText(sheet.name)
        kind = sheet.file.workbook.kind if sheet.file.workbook is not None else ""
        size = (
            trn("{count} row", "{count} rows", sheet.rows),
            trn("{count} column", "{count} columns", len(sheet.sheet.headers)),
        )
        kind = tr("text file") if kind == "text" else kind
        notes = [listing(size, "unit"), kind]
        hidden = len(sheet.sheet.hidden_rows)
        if hidden and sheet.sheet.details.filtered:
            notes.append(trn("{count} row hidden by a filter", "{count} rows hidden by a filter", hidden))
        elif hidden:
            notes.append(trn("{count} hidden row", "{count} hidden rows", hidden))
        self._note.setText(" · ".join(notes))
        workbook = sheet.file.workbook
        if sheet.sheet.empty:
            self._message.say(tr("This file is empty."), "warning")
        elif workbook is not None and workbook.encoding_doubtful:
            self._message.say(in_doubt(workbook.options.encoding, workbook.encoding_confidence), "warning")
        elif not sheet.taken:
            self._message.say(tr("This sheet is left out. Press Space in the list to import it."), "neutral")
        elif sheet.mapping.problem:
            self._message.say(tr("The columns do not show what the rows are. The next step asks."), "accent")
        else:
            self._message.say("")
        options = sheet.sheet.options
        for combo in (self.encoding, self.delimiter):
            self._fields[combo].setVisible(sheet.file.text)
        self._fill(self.header, _header_rows(sheet.sheet), sheet.sheet.header_row, options.header_row is None)
        asked = sheet.file.asked
        self._fill(self.encoding, ENCODINGS, options.encoding, "encoding" not in asked)
        self._fill(self.delimiter, DELIMITERS, options.delimiter, "delimiter" not in asked)
        found = sheet.detected
        day_first, comma = options.day_first, options.decimal_comma
        self._fill(self.dates, ORDERS, found.day_first if day_first is None else day_first, day_first is None)
        self._fill(self.decimals, MARKS, found.decimal_comma if comma is None else comma, comma is None)
        self._model.show_sheet(sheet.sheet)
        self._show_merged(sheet.sheet)
        for index in range(1, min(self._model.columnCount(), 40)):
            self.table.setColumnWidth(index, 130)
        self.table.scrollToTop()

    def _show_merged(self, sheet: Sheet) -> None:
        """Shows merged cells as one cell, as far as the preview goes."""
        self.table.clearSpans()
        lines, first = self._model.rowCount(), sheet.first_row - 1
        for (top, left), (bottom, right) in sheet.merged[:_SPANS]:
            if first <= top < first + lines and left < self._model.columnCount() - 1:
                height = min(bottom, first + lines - 1) - top + 1
                width = min(right, self._model.columnCount() - 2) - left + 1
                if height > 1 or width > 1:
                    self.table.setSpan(top - first, left + 1, height, width)

    def _fill(self, combo: QComboBox, choices: Sequence[tuple[Any, Message | str]], found: Any, detected: bool) -> None:
        """Fills a combo box; its label says whether the value was detected. ``None``: not found from the cells."""
        combo.clear()
        if found is None:
            combo.addItem(tr("By column"), None)
        elif found not in [value for value, _ in choices]:
            combo.addItem(str(found), found)
        for value, text in choices:
            combo.addItem(str(text), value)
        combo.setCurrentIndex(combo.findData(found))
        name, as_detected = self._detected[combo]
        self._labels[combo].setText(as_detected if detected and found is not None else name)

    def _choose(self, combo: QComboBox, option: str) -> None:
        if self._sheet is not None:
            self._flow.change_options(self._sheet, **{option: combo.currentData()})

    def _header_here(self, line: int) -> None:
        if self._sheet is not None:
            self._flow.change_options(self._sheet, header_row=self._sheet.sheet.first_row + line)


class InventoryView(QWidget):
    """An inventory file: which computers and how much software it lists."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._card = Card(tr("Inventory"))
        self._text = Text("", "muted", wrap=True)
        self._card.add(self._text)
        self._card.body.addStretch(1)
        self.setLayout(column(self._card, spacing=0))

    def show_file(self, file: FileDraft) -> None:
        """Shows another file."""
        self._card.title.setText(file.path.name)
        seen = [o for reading in file.readings for o in reading.observations]
        installed = sum(len(o.installed) for o in seen)
        lines = [tr("{format}. It needs no mapping: the next step checks it.", format=file.label)]
        classes = self._context.schema.classes
        lines += [
            f"{classes[o.cls].label if o.cls in classes else o.cls}  {o.values.get('name', '')}" for o in seen[:12]
        ]
        if installed:
            lines.append(trn("with {count} installed product", "with {count} installed products", installed))
        self._text.setText("\n".join(lines))


class Failures(QWidget):
    """The files that could not be opened, in one sentence; the reasons of several unfold."""

    def __init__(self, context: Context, flow: ImportFlow) -> None:
        super().__init__()
        self._context = context
        self._flow = flow
        self._layout = column(spacing=6)
        self._open = False
        self.setLayout(self._layout)
        flow.files_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Shows the flow's failures."""
        from ui.widgets.layout import clear

        clear(self._layout)
        reasons = [str(error) for _, error in self._flow.failures]
        self.setVisible(bool(reasons))
        if not reasons:
            return
        text = reasons[0]
        if len(reasons) > 1:
            names = listing((name_as_text(path) for path, _ in self._flow.failures[:_NAMED]), "unit")
            rest = len(reasons) - _NAMED
            if rest > 0:
                names = trn("{names} and {count} more", "{names} and {count} more", rest, names=names)
            text = trn("{count} file could not be opened: {names}.", "{count} files could not be opened: {names}.",
                       len(reasons), names=names)  # fmt: skip
        dismiss = LinkButton(tr("Dismiss"), self._dismiss)
        if len(reasons) == 1:
            self._layout.addWidget(InlineMessage(self._context.theme, text, "warning", dismiss))
            return
        fold = LinkButton(tr("Show the reasons"))
        self._layout.addWidget(InlineMessage(self._context.theme, text, "warning", box(row(fold, dismiss, spacing=12))))
        area = scrolled(Text("\n".join(reasons), "muted", wrap=True), tr("Reasons"))
        set_sizes(area, height=min(len(reasons), _TOLD) * _REASON)
        self._layout.addWidget(area)

        def show(shown: bool) -> None:
            self._open = shown
            area.setVisible(shown)
            fold.setText(tr("Hide the reasons") if shown else tr("Show the reasons"))

        fold.clicked.connect(lambda: show(not self._open))
        show(self._open)

    def _dismiss(self) -> None:
        focus_behind(self)
        self._open = False
        self._flow.failures = []
        self.refresh()


def _header_rows(sheet: Sheet) -> list[tuple[int, str]]:
    found = []
    above = sheet.first_row - 1
    for line, cells in enumerate(sheet.rows[above : above + 40], above + 1):
        words = [cell_text(cell).strip() for cell in cells if cell_text(cell).strip()]
        if words:
            shown = (*words[:4], "…") if len(words) > 4 else tuple(words)
            found.append((line, tr("Row {number}: {cells}", number=str(line), cells=shown)))
    return found
