"""The second step: what a sheet's rows are, and what each column is mapped to."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from app.imports.draft import SheetDraft
from app.imports.targets import LEAVE_OUT, ColumnTarget, attribute_target, class_targets, label_of, target_of, targets
from cmdb.model.formats import listing
from cmdb.model.messages import EMPTY, Message, tr, trc, trn, verbatim
from cmdb.model.schema import fold
from importers.spreadsheets.columns.mapping import OF_ROW, ColumnUse
from ui.context import Context
from ui.pages.import_.chooser import Chooser
from ui.pages.import_.class_words import ClassWords
from ui.pages.import_.flow import ImportFlow
from ui.pages.import_.missing import missing_class
from ui.pages.import_.new_attribute import ask_new_attribute
from ui.pages.import_.unsaid_values import UnsaidValues
from ui.plain_texts import plain_label, plain_tip
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.card import Card
from ui.widgets.dialog import Dialog
from ui.widgets.labels import ElidedText, Text, as_heading
from ui.widgets.layout import STRETCH, box, clear, column, row
from ui.widgets.notice import InlineMessage
from ui.widgets.table import RowsModel, TableView, ViewColumn, set_widths

_HOW = {
    "label": (Message("by its name"), "neutral"), "synonym": (Message("by a usual name"), "neutral"),
    "saved": (Message("saved"), "accent"), "chosen": (Message("chosen"), "accent"),
}  # fmt: skip
_NEW = ColumnTarget(
    Message("New attribute from this column…"),
    EMPTY,
    "unmapped",
    "?new",
    hint=Message("Adds a field to the class"),
)
_CHANGES = (
    (Message("Unchanged"), ""), (Message("In capitals"), "upper"), (Message("In small letters"), "lower"),
    (Message("First name only"), "first"), (Message("Last name only"), "last"),
    (Message("Blank cells as the cell above"), "fill_down"),
)  # fmt: skip
_WITH_TEXT = (
    (Message("Only the text before"), "before"), (Message("Only the text after"), "after"),
    (Message("Without the beginning"), "trim"), (Message("Without the end"), "trim_end"),
)  # fmt: skip
#: What other tools do to cells on the way out is undone without a word; ``of`` and ``slug`` are for the way back.
_SILENT = frozenset({"backtick", "entities", "of", "slug"})
#: What mappings call units of memory, and how they are written: all are of 1024.
_UNITS = {"MB": "MiB", "GB": "GiB", "TB": "TiB"}
_BECOMES, _CHANGE = 2, 3
#: Unused columns that are named, and the most characters of a name.
_NAMED, _HEADER = 4, 30


class MappingView(QWidget):
    """The columns of one sheet. Enter on a row chooses what it is mapped to; Del leaves the column out."""

    def __init__(self, context: Context, flow: ImportFlow) -> None:
        super().__init__()
        self._context = context
        self._flow = flow
        self._sheet: SheetDraft | None = None
        theme = context.theme
        self._title = ElidedText("")
        as_heading(self._title, 2)
        self._known = ElidedText("", tone="accent")
        self.classes = Button("", self._choose_class, icon="chevron-down", theme=theme, hint=tr("What the rows are"))
        self.save = Button(tr("Save mapping…"), self._save, icon="save", theme=theme)
        self._message = InlineMessage(theme)
        columns: list[ViewColumn[ColumnUse]] = [
            ViewColumn(tr("Column in the sheet"), lambda u: u.header, bold=True),
            ViewColumn(tr("For example"), self._samples, tone=lambda _: "neutral", hint=self._samples),
            ViewColumn(tr("Becomes"), self._becomes, icon=lambda _: "chevron-down", tone=self._becomes_tone),
            ViewColumn(tr("Changed"), _changes, tone=lambda u: "" if _shown(u) else "neutral"),
            ViewColumn(
                tr("Known"),
                lambda u: str(self._how(u)[0]),
                tone=lambda u: self._how(u)[1],
                hint=lambda u: str(u.note),
            ),
        ]
        self._model = RowsModel(theme, columns)
        self.table = TableView(theme, tr("Columns"), compact=False)
        self.table.setModel(self._model)
        set_widths(self.table, (180, 0, 190, 120, 130))
        self.table.opened.connect(self.choose)
        self.table.previewed.connect(self.choose)
        self.table.clicked.connect(lambda index: self._clicked(index.row(), index.column()))
        self.table.installEventFilter(self)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._menu)
        self.words = ClassWords(context)
        self.words.settled.connect(self._settle)
        self.unsaid = UnsaidValues(
            context, self.set_constant, lambda one: self._ask_value(attribute_target(one.attribute))
        )
        self._constants = row(spacing=6)
        self._add = Button(tr("Same for every row…"), self._ask_constant, kind="plain", icon="plus", theme=theme)
        card = Card()
        what = row(self._title, Text(tr("Its rows are"), "muted"), self.classes, self.save)
        what.setStretch(0, 1)
        card.add(what)
        card.add(self._known)
        card.add(self._message)
        card.add(self.unsaid)
        card.body.addSpacing(4)
        card.add(self.table, 1)
        card.add(self.words)
        card.body.addSpacing(4)
        card.add(row(self._add, self._constants, STRETCH))
        self.setLayout(column(card, spacing=0))

    # -- showing ----------------------------------------------------------------------------------------------------

    def show_sheet(self, sheet: SheetDraft) -> None:
        """Shows another sheet, or the same after a change."""
        same = self._sheet is sheet
        line = self.table.currentIndex().row() if same else 0
        self._sheet = sheet
        mapping, flow_schema = sheet.mapping, self._context.schema
        self._title.setText(sheet.name)
        saved = mapping.name if any(c.how in ("saved", "chosen") for c in mapping.columns) else ""
        known = tr("Mapping: {name}", name=saved) if saved else ""
        if not known and mapping.tool:
            tool, _, table = mapping.tool.partition("/")
            known = tr("{tool}: {table}", tool=tool, table=table)
        self._known.setText(known)
        self._known.setVisible(bool(known))
        self.classes.setText(str(label_of(flow_schema, mapping) or tr("Choose…")))
        self.save.setEnabled(not mapping.problem and self._context.editable)
        unused = [c for c in mapping.columns if c.role == "unmapped"]
        if missing := missing_class(flow_schema, mapping):
            self._message.say(str(missing), "warning")
        elif unused:
            headers = (c.header if len(c.header) <= _HEADER else c.header[:_HEADER] + "…" for c in unused[:_NAMED])
            names = listing(headers, "unit")
            rest = len(unused) - _NAMED
            if rest > 0:
                names = trn("{names} and {count} more", "{names} and {count} more", rest, names=names)
            text = trn(
                "{count} column not used: {names}.", "{count} columns not used: {names}.", len(unused), names=names
            )
            self._message.say(text, "neutral")
        else:
            self._message.say("")
        self._model.show_rows(mapping.columns)
        self.table.selectRow(max(0, min(line, len(mapping.columns) - 1)))
        self._show_constants()
        self.unsaid.show_sheet(sheet)
        self.words.show_sheet(sheet)

    def _settle(self, word: str, cls: str) -> None:
        if self._sheet is not None:
            self._flow.change_mapping(self._sheet, self._sheet.mapping.settle(word, cls))

    def _show_constants(self) -> None:
        clear(self._constants)
        if self._sheet is None:
            return
        attributes = self._context.schema.every_attribute
        for name, value in self._sheet.mapping.constants.items():
            label = attributes[name].label if name in attributes else name
            if isinstance(value, str) and value.startswith(OF_ROW):
                value = value.removeprefix(OF_ROW)
                value = tr("as {attribute}", attribute=attributes[value].label if value in attributes else value)
            chip = Button(f"{label}: {value}  ×", partial(self.remove_constant, name), kind="chip")
            chip.setToolTip(plain_tip(tr("Remove")))
            self._constants.addWidget(chip)
        self._add.setVisible(self._sheet.mapping.kind == "class" and bool(self._sheet.mapping.cls))

    def _samples(self, use: ColumnUse) -> str:
        return " · ".join(self._sheet.samples(use.index)) if self._sheet is not None else ""

    def _becomes(self, use: ColumnUse) -> str:
        if self._sheet is None:
            return ""
        if use.role in ("id", "base"):
            return tr("Kept from the export")
        found = target_of(self._context.schema, self._sheet.mapping, use)
        return "–" if found is LEAVE_OUT else str(found.title) if found is not None else use.name

    def _becomes_tone(self, use: ColumnUse) -> str:
        return "neutral" if use.role in ("unmapped", "ignored", "id", "base") else ""

    def _how(self, use: ColumnUse) -> tuple[Message, str]:
        if use.role == "unmapped" and use.how != "chosen":
            return (Message("not used"), "neutral") if use.note else (Message("not known"), "warning")
        return _HOW.get(use.how, (EMPTY, ""))

    # -- changing ---------------------------------------------------------------------------------------------------

    def _choose_class(self) -> None:
        sheet = self._sheet
        if sheet is None:
            return
        offers = class_targets(self._context.schema)
        current = next((t for t in offers if t.name == (sheet.mapping.cls or sheet.mapping.kind)), None)
        chooser = Chooser(
            self._context.theme, self, offers, current, lambda target: self._flow.change_class(sheet, target.name)
        )
        chooser.say(tr("What are the rows?"))
        chooser.pop_up(self.classes.mapToGlobal(self.classes.rect().bottomLeft()))

    def _clicked(self, line: int, column_number: int) -> None:
        if column_number == _BECOMES:
            self.choose(line)
        elif column_number == _CHANGE:
            self._menu(self.table.visualRect(self._model.index(line, _CHANGE)).bottomLeft())

    def choose(self, line: int) -> None:
        """Opens the list of what a column can be mapped to."""
        sheet, schema = self._sheet, self._context.schema
        if sheet is None or not 0 <= line < len(sheet.mapping.columns):
            return
        use = sheet.mapping.columns[line]
        if use.role in ("id", "base"):
            return
        offers = targets(schema, sheet.mapping, use)
        if sheet.mapping.kind == "class" and sheet.mapping.cls and self._context.can_set_up:
            offers.insert(1, _NEW)
        current = target_of(schema, sheet.mapping, use)
        chooser = Chooser(self._context.theme, self, offers, current, lambda target: self._take(line, target))
        corner = self.table.visualRect(self._model.index(line, _BECOMES)).bottomLeft()
        chooser.pop_up(self.table.viewport().mapToGlobal(corner))

    def _take(self, line: int, target: ColumnTarget) -> None:
        sheet = self._sheet
        if sheet is None:
            return
        if target is _NEW:
            ask_new_attribute(self._context, self._flow, sheet, line, self)
        else:
            self._flow.change_column(sheet, line, target)
        self.table.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Del leaves the column out."""
        if watched is self.table and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            line = self.table.currentIndex().row()
            if event.key() == Qt.Key.Key_Delete and self._sheet is not None and line >= 0:
                self._flow.change_column(self._sheet, line, LEAVE_OUT)
                return True
        return super().eventFilter(watched, event)

    def _menu(self, at: QPoint) -> None:
        line = self.table.rowAt(at.y() - 2)
        if self._sheet is None or line < 0:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for title, name in _CHANGES:
            menu.addAction(plain_label(str(title)), partial(self.change, line, (name,) if name else ()))
        for title, name in _WITH_TEXT:
            menu.addAction(plain_label(f"{title}…"), partial(self._ask_change, line, str(title), name))
        use = self._sheet.mapping.columns[line]
        attribute = self._context.schema.every_attribute.get(use.name) if use.role == "attribute" else None
        if attribute is not None and attribute.unit in ("MiB", "GiB"):
            for unit in _UNITS.values():
                title = Message("Plain numbers are {unit}", unit=unit)
                menu.addAction(plain_label(str(title)), partial(self.change, line, (f"unit:{unit}",)))
        menu.popup(self.table.viewport().mapToGlobal(at))

    def change(self, line: int, transforms: tuple[str, ...]) -> None:
        """Changes a column's cells before they are read."""
        if self._sheet is not None:
            self._flow.change_mapping(self._sheet, self._sheet.mapping.use(line, transforms=transforms))

    def _ask_change(self, line: int, title: str, name: str) -> None:
        self._ask(title, tr("Text"), trc("verb", "Use"), lambda text: self.change(line, (f"{name}:{text}",)))

    # -- constants and saving ---------------------------------------------------------------------------------------

    def _ask_constant(self) -> None:
        if self._sheet is None:
            return
        offers = [t for t in targets(self._context.schema, self._sheet.mapping) if t.role == "attribute"]
        chooser = Chooser(self._context.theme, self, offers, None, self._ask_value)
        chooser.say(tr("What is the same for every row?"))
        chooser.pop_up(self._add.mapToGlobal(QPoint(0, -Chooser.HEIGHT - 4)))

    def _ask_value(self, target: ColumnTarget) -> None:
        title = tr("{attribute}, for every row that has none", attribute=target.title)
        self._ask(title, str(target.title), trc("verb", "Use"), lambda text: self.set_constant(target.name, text))

    def set_constant(self, attribute: str, text: str) -> None:
        """A value for every row that has none of its own."""
        if self._sheet is not None:
            constants = {**self._sheet.mapping.constants, attribute: text}
            self._flow.change_mapping(self._sheet, replace(self._sheet.mapping, constants=constants))

    def remove_constant(self, attribute: str) -> None:
        """No value for every row any more."""
        if self._sheet is not None:
            constants = {k: v for k, v in self._sheet.mapping.constants.items() if k != attribute}
            self._flow.change_mapping(self._sheet, replace(self._sheet.mapping, constants=constants))

    def _save(self) -> None:
        sheet = self._sheet
        if sheet is not None:
            start = sheet.mapping.name or " ".join(w for w in fold(sheet.file.path.stem).split() if not w.isdigit())
            self._ask(
                tr("Save this mapping as"),
                tr("Name"),
                trc("verb", "Save"),
                lambda name: self._flow.saving.mapping(sheet, name, self._flow.choices),
                start.capitalize() if not sheet.mapping.name else start,
                tr("A file with the same columns is then recognised automatically."),
            )

    def _ask(self, title: str, name: str, button: str, then: Any, start: str = "", text: str = "") -> None:
        field = QLineEdit(start)
        field.setAccessibleName(name)
        dialog = Dialog(self._context.theme, self, title, text, box(row(field)), icon="edit")

        def accept() -> None:
            if field.text().strip():
                dialog.accept()
                then(field.text().strip())

        dialog.add_button(Button(tr("Cancel"), dialog.reject))
        dialog.add_button(PrimaryButton(button, accept), default=True)
        field.selectAll()
        dialog.open()
        field.setFocus()


def _shown(use: ColumnUse) -> list[str]:
    """The changes of a column's cells that people are told."""
    return [transform for transform in use.transforms if transform.partition(":")[0] not in _SILENT]


def _changes(use: ColumnUse) -> str:
    """How a column's cells are changed before they are read."""
    shown = _shown(use)
    if not shown:
        return "" if use.role in ("unmapped", "ignored", "id", "base") else tr("unchanged")
    return listing((str(_change(*transform.partition(":")[::2])) for transform in shown), "unit")


def _change(name: str, argument: str) -> Message:
    match name:
        case "upper":
            return Message("in capitals")
        case "lower":
            return Message("in small letters")
        case "first":
            return Message("first name only")
        case "last":
            return Message("last name only")
        case "before":
            return Message("only the text before “{text}”", text=argument)
        case "after":
            return Message("only the text after “{text}”", text=argument)
        case "trim":
            return Message("without “{text}” at the beginning", text=argument)
        case "trim_end":
            return Message("without “{text}” at the end", text=argument)
        case "unit":
            return Message("in {unit}", unit=_UNITS.get(argument, argument))
        case "words":
            return Message("in the words of {tool}", tool=argument.partition("/")[0])
        case "prefix":
            return Message("with “{text}” before it", text=argument)
        case "fill_down":
            return Message("blank cells as the cell above")
        case "parts":
            return Message("several, between “{text}”", text=argument)
    return verbatim(name)
