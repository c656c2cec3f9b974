"""The sheet *Print labels*: which labels, what stands on them, where they begin; as a PDF or on a printer."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrintDialog, QPrinterInfo
from PySide6.QtWidgets import QDialog, QDoubleSpinBox, QLineEdit, QMenu, QSpinBox, QWidget

from app.assets.new_records import tagged
from app.labels.layouts import POINTS, LabelLayout, keep_layout, label_layouts
from app.labels.printer_offsets import MOST, keep_offset, offset_of
from app.labels.record_labels import (
    LabelPlan,
    PrintedHow,
    RecordLabels,
    drawn_labels,
    label_fields,
    test_page,
)
from app.printing.label_sheet import LabelSheet
from app.printing.symbols import SYMBOLOGIES
from cmdb.model.errors import UserError
from cmdb.model.messages import Message, tr, trn
from ui.context import Context
from ui.plain_texts import plain_label
from ui.printing.pdf import picture_of, write_pdf
from ui.printing.printer import print_document, printer_for
from ui.records.label_preview import LabelPreview
from ui.text_size import px
from ui.widgets.buttons import Button, MenuButton, PrimaryButton
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.file_dialog import ask_to_save
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, box, column, row
from ui.widgets.notice import InlineMessage
from ui.widgets.written_file import say_written

if TYPE_CHECKING:
    from pathlib import Path

    from app.verbs import Uids

_DPI = (0, 203, 300, 600)
_LAST = "label_layout"


class LabelPrinting(QWidget):
    """The content of the sheet for the records that ``uids`` reads, of the class ``cls``."""

    def __init__(self, context: Context, uids: Uids, cls: str) -> None:
        super().__init__()
        self._context, self._uids = context, uids
        self._known = label_fields(context.schema, cls)
        self._layouts: list[LabelLayout] = []
        self._found = RecordLabels(())
        self._read: tuple[str, ...] | None = None
        self._plan: LabelPlan | None = None
        self._fields: list[str] = []
        self._make_fields()
        self._lay_out()
        self._printer.currentIndexChanged.connect(lambda _: self._show_offset())
        self._show_offset()
        self._ask_layouts()

    def open_sheet(self) -> None:
        """Shows it at the side of the window."""
        shell = self._context.shell
        shell.sheet(tr("Print labels"), self, (Button(tr("Test page…"), self._test), self._pdf, self._print))

    def _make_fields(self) -> None:
        self._layout_box = ChoiceBox(14, px(260))
        self._symbol = ChoiceBox(9, px(140))
        for name, one in SYMBOLOGIES.items():
            self._symbol.addItem(str(one.label), name)
        self._shown = MenuButton(tr("Choose…"), self._fill_fields)
        self._points = _decimal(tr("Text size in points"), POINTS[0], POINTS[1], 0.5)
        self._start, self._copies = _number(tr("First label"), 1, 1), _number(tr("Copies of each"), 1, 100)
        self._dpi = ChoiceBox(10, px(140))
        for dpi in _DPI:
            self._dpi.addItem(tr("{dpi} dpi", dpi=dpi) if dpi else tr("As the labels"), dpi)
        self._printer = ChoiceBox(13, px(220))
        self._printer.addItem(tr("PDF file"), "")
        for name in QPrinterInfo.availablePrinterNames():
            self._printer.addItem(name, name)
        self._right = _decimal(tr("Millimetres to the right"), -MOST, MOST, 0.1)
        self._down = _decimal(tr("Millimetres down"), -MOST, MOST, 0.1)
        self._name = QLineEdit()
        self._name.setMaxLength(60)
        self._name.setPlaceholderText(tr("Name of the layout"))
        self._keep = Button(tr("Keep as a layout"), self._save_layout)
        self._preview = LabelPreview(self._context.theme)
        self._error, self._pages = InlineMessage(self._context.theme), Text("", "muted", wrap=True)
        self._give = Button(tr("Give them tags"), self._give_tags)
        self._untagged = InlineMessage(self._context.theme, button=self._give)
        self._pdf = Button(tr("Save as PDF…"), self._save)
        self._print = PrimaryButton(tr("Print…"), self._print_now)
        named = (
            (self._layout_box, tr("Labels")), (self._symbol, tr("Code")), (self._dpi, tr("Dots per inch")),
            (self._printer, tr("Printer")), (self._name, tr("Name of the layout")),
            (self._shown, tr("Beside the code")),
        )  # fmt: skip
        for widget, name in named:
            widget.setAccessibleName(name)
        self._enable(False)

    def _lay_out(self) -> None:
        self._layout_box.activated.connect(lambda _: self._use_layout())
        for choice in (self._symbol, self._dpi):
            choice.activated.connect(lambda _: self._replan())
        for spin in (self._start, self._copies):
            spin.valueChanged.connect(lambda _: self._replan())
        for decimal in (self._points, self._right, self._down):
            decimal.valueChanged.connect(lambda _: self._replan())
        self._preview.chosen.connect(self._start.setValue)
        said = tr("Click a label to begin with it. Print at 100 %, without fitting to the page.")
        self.setLayout(
            column(
                row(_named(tr("Labels"), self._layout_box), _named(tr("Code"), self._symbol)),
                row(_named(tr("Beside the code"), self._shown), _named(tr("Text size"), self._points), STRETCH),
                self._untagged, self._error, self._preview, self._pages, Text(said, "muted", wrap=True),
                row(_named(tr("First label"), self._start), _named(tr("Copies of each"), self._copies), STRETCH),
                row(_named(tr("Printer"), self._printer), _named(tr("Dots per inch"), self._dpi)),
                row(_named(tr("Right, mm"), self._right), _named(tr("Down, mm"), self._down), STRETCH),
                row(self._name, self._keep),
                STRETCH, spacing=8,
            )
        )  # fmt: skip

    # -- layouts ----------------------------------------------------------------------------------------------------

    def _ask_layouts(self, wanted: str = "") -> None:
        self._context.query(label_layouts, partial(self._show_layouts, wanted), key=("layouts", id(self)), owner=self)

    def _show_layouts(self, wanted: str, layouts: list[LabelLayout]) -> None:
        wanted = wanted or str(self._context.workspace.settings.get(_LAST, ""))
        self._layouts = layouts
        self._layout_box.clear()
        for one in layouts:
            self._layout_box.addItem(one.name)
        place = next((n for n, one in enumerate(layouts) if one.name == wanted), 0)
        self._layout_box.setCurrentIndex(place)
        self._use_layout()

    def _use_layout(self) -> None:
        layout = self._layouts[self._layout_box.currentIndex()]
        self._context.workspace.settings.set(_LAST, layout.name)
        self._symbol.setCurrentIndex(list(SYMBOLOGIES).index(layout.symbology))
        self._fields = list(layout.fields)
        self._name.setText(layout.name if layout.own else "")
        with QSignalBlocker(self._points), QSignalBlocker(self._start):
            self._points.setValue(layout.points)
            self._start.setRange(1, layout.stock.per_page)
            self._start.setValue(1)
        self._start.setEnabled(layout.stock.per_page > 1)
        self._replan()

    def _layout(self) -> LabelLayout:
        chosen = self._layouts[self._layout_box.currentIndex()]
        return replace(
            chosen, symbology=str(self._symbol.currentData()), fields=tuple(self._fields), points=self._points.value()
        )

    def _save_layout(self) -> None:
        name, author = self._name.text().strip(), self._context.author
        if not name:
            self._error.say(tr("Give the layout a name."), "warning")
            self._name.setFocus()
            return
        layout = replace(self._layout(), name=name)
        self._context.edit(
            lambda reader: keep_layout(reader, layout, author),
            tr("Layout of labels “{name}” saved", name=name),
            lambda _: self._ask_layouts(name),
        )

    def _fill_fields(self, menu: QMenu) -> None:
        """The attributes; those that are chosen stand first, in their order."""
        chosen = [one for name in self._fields for one in self._known if one.name == name]
        for one in [*chosen, *(one for one in self._known if one.name not in self._fields)]:
            action = menu.addAction(plain_label(one.label))
            action.setCheckable(True)
            action.setChecked(one.name in self._fields)
            action.triggered.connect(partial(self._toggle, one.name))

    def _toggle(self, name: str, on: bool) -> None:
        self._fields = [*self._fields, name] if on else [one for one in self._fields if one != name]
        self._replan()

    # -- what is printed --------------------------------------------------------------------------------------------

    def _replan(self) -> None:
        """Reads what stands on the labels, if other attributes are asked for, and shows the first page."""
        if not self._layouts:
            return
        layout, how, uids = self._layout(), self._how(), self._uids
        family, pixels = self._context.theme.family, self._preview.pixels(layout.stock)
        known = self._found if self._read == layout.fields else None

        self._context.query(
            lambda reader: drawn_labels(
                reader, uids, layout, how, known, lambda sheet: picture_of(sheet, 0, family, pixels)
            ),
            partial(self._show, layout.fields), self._refused, key=("labels", id(self)), owner=self, lane="slow",
        )  # fmt: skip

    def _how(self) -> PrintedHow:
        offset = self._right.value(), self._down.value()
        return PrintedHow(self._start.value(), self._copies.value(), int(self._dpi.currentData()), offset)

    def _show(self, fields: tuple[str, ...], answer: tuple[RecordLabels, LabelPlan, QImage]) -> None:
        self._found, self._plan, picture = answer
        self._read = fields
        sheet, without = self._plan.sheet, len(self._plan.untagged)
        self._preview.show_page(sheet, picture)
        labels = trn("{count} label", "{count} labels", len(sheet.labels))
        pages = trn("{count} page", "{count} pages", sheet.pages)
        self._pages.setText(tr("{labels} on {pages}", labels=labels, pages=pages))
        left = [str(one.label) for name in self._plan.left_out for one in self._known if one.name == name]
        self._error.say(tr("No room on the label for: {fields}.", fields=tuple(left)) if left else "", "warning")
        self._untagged.say(
            trn("{count} record has no tag: no label.", "{count} records have no tag: no labels.", without)
            if without else "",
            "warning",
        )  # fmt: skip
        self._give.setVisible(bool(without) and self._context.editable)
        self._enable(bool(sheet.labels))

    def _refused(self, error: Exception) -> None:
        self._plan = None
        self._enable(False)
        self._pages.setText("")
        if isinstance(error, UserError):
            self._error.say(str(error), "bad")
        else:
            self._context.shell.problem(error)

    def _enable(self, on: bool) -> None:
        for button in (self._pdf, self._print):
            button.setEnabled(on)

    def _give_tags(self) -> None:
        uids = [uid for uid, _ in self._found.untagged]
        author, self._read = self._context.author, None
        said = trn("Asset tag given to {count} item", "Asset tags given to {count} items", len(uids))
        self._context.edit(lambda reader: tagged(reader, uids, author), said, lambda _: self._replan())

    def _show_offset(self) -> None:
        offset = offset_of(self._context.workspace.settings, str(self._printer.currentData()))
        for spin, value in zip((self._right, self._down), offset, strict=True):
            spin.setValue(value)

    # -- out --------------------------------------------------------------------------------------------------------

    def _test(self) -> None:
        """A page of frames and rulers, as a PDF or on the chosen printer."""
        sheet = test_page(self._layout(), self._how()).sheet
        if self._printer.currentData():
            self._print_on(sheet)
        else:
            self._write(sheet, tr("Test page"))

    def _save(self) -> None:
        if self._plan is not None:
            self._write(self._plan.sheet, tr("Labels"))

    def _write(self, sheet: LabelSheet, name: str) -> None:
        self._keep_offset()
        settings, kinds = self._context.workspace.settings, {".pdf": Message("PDF (*.pdf)")}
        path = ask_to_save(settings, self, "labels", tr("Save the labels"), self._context.file_name(name), kinds)
        if path is None:
            return
        family, shell = self._context.theme.family, self._context.shell

        def write(control: object, path: Path) -> int:
            return write_pdf(sheet, path, family)

        self._context.workspace.jobs.start(
            Message("Writing {file}", file=path.name), write, path,
            done=lambda _: say_written(shell, path), failed=shell.problem,
        )  # fmt: skip

    def _print_now(self) -> None:
        if self._plan is not None:
            self._print_on(self._plan.sheet)

    def _print_on(self, sheet: LabelSheet) -> None:
        """Asks with the system's dialog; the pages go to the printer that is chosen there."""
        self._keep_offset()
        family, shell = self._context.theme.family, self._context.shell
        printer = printer_for(sheet, family, str(self._printer.currentData()))
        dialog = QPrintDialog(printer, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def go() -> None:
            try:
                print_document(sheet, printer, family)
            except UserError as error:
                shell.problem(error)

        dialog.accepted.connect(go)
        QDialog.open(dialog)  # QPrintDialog's own wants a slot's name

    def _keep_offset(self) -> None:
        offset = self._right.value(), self._down.value()
        settings, printer = self._context.workspace.settings, str(self._printer.currentData())
        if offset != offset_of(settings, printer):
            keep_offset(settings, printer, offset)


def _number(name: str, least: int, most: int) -> QSpinBox:
    spin = QSpinBox()
    spin.setRange(least, most)
    spin.setKeyboardTracking(False)
    spin.setAccessibleName(name)
    return spin


def _decimal(name: str, least: float, most: float, step: float) -> QDoubleSpinBox:
    spin = QDoubleSpinBox()
    spin.setRange(least, most)
    spin.setDecimals(1)
    spin.setSingleStep(step)
    spin.setKeyboardTracking(False)
    spin.setAccessibleName(name)
    return spin


def _named(text: str, field: QWidget) -> QWidget:
    label = Text(text, "muted")
    label.setBuddy(field)
    return box(column(label, field, spacing=2))
