"""The records that the import would create only because rows name them: each is created, matched, or left out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.imports.new_records import NewName
from app.item_search import matching
from cmdb.model.formats import number
from cmdb.model.messages import tr, trc, trn
from importers.spreadsheets.columns.mapping import NameChoice
from ui.context import Context
from ui.widgets.buttons import Button
from ui.widgets.labels import ElidedText, Text
from ui.widgets.layout import STRETCH, box, clear, column, row
from ui.widgets.page_states import EmptyState
from ui.widgets.reference import ReferencePicker
from ui.widgets.table import RowsModel, TableView, ViewColumn, set_widths

if TYPE_CHECKING:
    from cmdb.model.records import CI

#: The most records among which a suggested name is looked for.
_FOUND = 20


class NewNamesList(QWidget):
    """The new names, and what is decided of the selected ones. ``decided`` (names, choice or None) fires when the
    person decides, ``looked_at`` (name) when another one is selected.
    """

    decided = Signal(object, object)
    looked_at = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        theme = context.theme
        self._hint = Text("", "muted", wrap=True)
        columns: list[ViewColumn[NewName]] = [
            ViewColumn(
                tr("Name"), lambda n: n.name, icon=self._icon, bold=True, hint=self._tip,
                tone=lambda n: "neutral" if n.choice is not None else "",
            ),
            ViewColumn(tr("Rows"), lambda n: number(n.rows) if n.rows else "", lambda n: n.rows, right=True),
            ViewColumn(tr("Then"), _then, hint=_then, tone=lambda n: "" if n.choice is None else "accent"),
        ]  # fmt: skip
        self._model = RowsModel(theme, columns)
        self.table = TableView(theme, tr("Records that would be created"), compact=True)
        self.table.setModel(self._model)
        set_widths(self.table, (0, 50, 76), 96)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_selected())
        self.table.clicked.connect(lambda _: self.look())
        self.create_button = Button(
            trc("verb", "Create"), lambda: self._decide(None), hint=tr("Creates the selected ones")
        )
        self.leave_button = Button(
            tr("Leave out"),
            lambda: self._decide(NameChoice("", "")),
            hint=tr("The rows are imported without this name"),
        )
        self.picker = ReferencePicker(context, "ci", tr("It is: search"))
        self.picker.setAccessibleName(tr("The record that is meant"))
        self.picker.picked.connect(self._matched)
        self._meant = ElidedText("", "muted")
        self._offers = column(spacing=4)
        self._edit = box(
            column(
                self._meant, self.picker, self._offers, row(self.create_button, self.leave_button, STRETCH),
                spacing=6, margins=(0, 8, 0, 0),
            )
        )  # fmt: skip
        self._none = EmptyState(
            theme, "good", tr("No missing records"), tr("All that the rows name is in the register."), token="good"
        )
        whole = column(self._hint, self.table, self._edit, self._none, spacing=6)
        whole.setStretch(1, 1)
        whole.setStretch(3, 1)
        self.setLayout(whole)

    def show_names(self, names: Sequence[NewName]) -> None:
        """Shows other names; the selected line stays."""
        line = max(self.table.currentIndex().row(), 0)
        self._model.show_rows(names)
        created = sum(1 for one in names if one.choice is None)
        self._hint.setText(
            trn(
                "{count} record would be created because rows name it.",
                "{count} records would be created because rows name them.",
                created,
            )
        )
        for widget in (self._hint, self.table, self._edit):
            widget.setVisible(bool(names))
        self._none.setVisible(not names)
        if names:
            selection = self.table.selectionModel()
            selection.blockSignals(True)
            self.table.selectRow(min(line, len(names) - 1))
            selection.blockSignals(False)
        self._show_choice()

    def selected(self) -> list[NewName]:
        """The selected names."""
        return [self._model.row_at(index.row()) for index in self.table.selectionModel().selectedRows()]

    def _show_selected(self) -> None:
        self._show_choice()
        self.look()

    def look(self) -> None:
        """Tells which name is selected, where it is one."""
        names = self.selected()
        if len(names) == 1:
            self.looked_at.emit(names[0])

    def _show_choice(self) -> None:
        clear(self._offers)
        names = self.selected()
        one = names[0] if len(names) == 1 else None
        may = self._context.editable and bool(names)
        decidable = may and all(name.decidable for name in names)
        self.create_button.setEnabled(may and any(name.choice is not None for name in names))
        self.leave_button.setEnabled(decidable and any(not _left_out(name) for name in names))
        self.picker.setVisible(one is not None)
        self.picker.setEnabled(decidable)
        self._meant.setText(trn("{count} selected.", "{count} selected.", len(names)) if one is None else one.name)
        if one is None:
            return
        cls = self._context.schema.classes.get(one.cls)
        self.picker.cls = one.cls
        self.picker.setPlaceholderText(tr("It is: search {classes}", classes=cls.plural if cls is not None else ""))
        choice = one.choice
        self.picker.show_ci(choice.uid if choice else "", choice.name if choice else "")
        for word in one.suggested[:3]:
            offer = Button(tr("It is {name}", name=word), partial(self._find, word), kind="chip")
            self._offers.addLayout(row(offer, STRETCH))

    def _find(self, name: str) -> None:
        """Looks a known record up by its name, and takes the new name for it."""
        cls = self.picker.cls

        def found(records: list[CI]) -> None:
            one = next((record for record in records if record.name == name), None)
            if one is not None:
                self._decide(NameChoice("", "", one.uid, one.name))

        self._context.query(lambda reader: matching(reader, cls, name, _FOUND), found, owner=self)

    def _matched(self, uid: str) -> None:
        self._decide(NameChoice("", "", uid, self.picker.text()))

    def _decide(self, choice: NameChoice | None) -> None:
        names = self.selected()
        if names:
            self.decided.emit(names, choice)

    def _icon(self, name: NewName) -> str:
        cls = self._context.schema.classes.get(name.cls)
        return cls.icon if cls is not None else "box"

    def _tip(self, name: NewName) -> str:
        cls = self._context.schema.classes.get(name.cls)
        return f"{name.name}\n{cls.label if cls is not None else name.cls}"


def _left_out(name: NewName) -> bool:
    return name.choice is not None and not name.choice.uid


def _then(name: NewName) -> str:
    if name.choice is None:
        return tr("created")
    return f"= {name.choice.name}" if name.choice.uid else tr("left out")
