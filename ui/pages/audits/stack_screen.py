"""A stack: things are scanned one after the other, then all of them are handed over, taken back or moved at once."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from app.audits.scanned_stack import StackRow, stack_rows
from app.verbs import known_verbs
from cmdb.model.messages import tr, trn
from ui.context import Context
from ui.pages.audits.scan_field import ScanField
from ui.widgets.buttons import Button, IconButton, PrimaryButton
from ui.widgets.card import Card
from ui.widgets.flow_layout import flow
from ui.widgets.labels import Heading, Text
from ui.widgets.layout import STRETCH, column, row
from ui.widgets.notice import InlineMessage
from ui.widgets.page_states import EmptyState, PageStates
from ui.widgets.table import RowsModel, TableView, ViewColumn
from ui.widgets.verb_sheet import run_verb

VERBS = ("hand_over", "take_back", "move")
"""What is done with a stack."""


class StackScreen(QWidget):
    """The field, what was scanned so far, and the verbs. Nothing is written before one of these is chosen."""

    back_wanted = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._waiting: list[str] = []
        self._asked = False
        self.rows: list[StackRow] = []
        self.field = ScanField(context.theme)
        self.field.scanned.connect(self.read)
        self.said = InlineMessage(context.theme)
        self.count = Text("", "muted")
        self.model = RowsModel(context.theme, self._columns())
        self.table = TableView(context.theme, tr("The stack"), compact=True)
        self.table.setModel(self.model)
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.fit_to_rows(0)
        self.table.opened.connect(lambda place: context.shell.open_ci(self.model.row_at(place).uid))
        self.verbs: dict[str, Button] = {}
        for name in VERBS:
            kind = PrimaryButton if name == VERBS[0] else Button
            title = tr("{verb}…", verb=known_verbs()[name].title)
            self.verbs[name] = kind(title, partial(self.run, name))
        self.remove = Button(tr("Take off the stack"), self.take_off, kind="plain")
        self.empty = Button(tr("Empty the stack"), self.clear, kind="plain")
        self._states = PageStates(context.theme, self.table)
        self._lay_out()
        self.setFocusProxy(self.field)
        self._show()

    def _lay_out(self) -> None:
        back = IconButton(self._context.theme, "arrow-left", tr("All audits"), self.back_wanted.emit)
        head = row(back, Heading(tr("Scan a stack"), 1), self.count, STRETCH)
        line = Card(margins=(14, 10, 14, 12))
        line.add(
            Text(
                tr("Scan all that goes to somebody, or comes back. Then choose what is done with it."),
                "muted",
                wrap=True,
            )
        )
        line.add(self.field)
        line.add(self.said)
        card = Card(margins=(0, 10, 0, 0))
        card.add(column(flow(*self.verbs.values(), self.remove, self.empty), margins=(14, 0, 14, 8)))
        card.add(self._states, 1)
        whole = column(head, line, card, spacing=8)
        whole.setStretch(2, 1)
        self.setLayout(whole)

    @staticmethod
    def _columns() -> list[ViewColumn[StackRow]]:
        return [
            ViewColumn(tr("Item"), lambda one: one.name, icon=lambda one: one.icon, bold=True),
            ViewColumn(tr("Code"), lambda one: one.code),
            ViewColumn(tr("Status"), lambda one: one.status),
            ViewColumn(tr("Who has it"), lambda one: one.holder),
            ViewColumn(tr("Place"), lambda one: one.place),
        ]

    # -- scanning ---------------------------------------------------------------------------------------------------

    def read(self, code: str) -> None:
        """A code was scanned: it is looked up after those before it."""
        self._waiting.append(code)
        self._ask()

    def _ask(self) -> None:
        if self._asked or not self._waiting:
            return
        self._asked = True
        codes, self._waiting = self._waiting, []

        def failed(error: Exception) -> None:
            self._asked, self._waiting = False, codes + self._waiting
            self.said.say(str(error), "bad")

        self._context.query(lambda reader: stack_rows(reader, codes), self._found, failed, owner=self, now=True)

    def _found(self, found: list[StackRow]) -> None:
        self._asked = False
        known = {one.uid for one in self.rows}
        told = ""
        for one in found:
            if one.problem:
                told = tr("{code}: {problem}.", code=one.code[:80], problem=one.problem)
            elif one.uid in known:
                told = tr("{name} is on the stack already.", name=one.name)
            else:
                self.rows.insert(0, one)
                known.add(one.uid)
        self.said.say(told, "warning")
        self._show()
        self._ask()

    def _show(self) -> None:
        self.model.show_rows(self.rows)
        number = len(self.rows)
        self.count.setText(trn("{count} item", "{count} items", number) if number else "")
        editable = self._context.editable
        for button in self.verbs.values():
            button.setEnabled(bool(number) and editable)
        self.remove.setVisible(bool(number))
        self.empty.setVisible(bool(number))
        if number:
            self._states.content()
        else:
            text = tr("Each item that is scanned is listed here. Nothing is written before you choose what is done.")
            self._states.empty(EmptyState(self._context.theme, "barcode", tr("The stack is empty"), text))

    # -- what is done -----------------------------------------------------------------------------------------------

    def run(self, name: str) -> None:
        """Opens the sheet of a verb for all that is on the stack."""
        if not self.rows:
            return
        uids = [one.uid for one in self.rows]
        classes = {one.cls for one in self.rows}
        cls = classes.pop() if len(classes) == 1 else self._common(classes)
        what = self.rows[0].name if len(uids) == 1 else trn("{count} item", "{count} items", len(uids))
        run_verb(self._context, known_verbs()[name], lambda _: uids, what, cls)

    def _common(self, classes: set[str]) -> str:
        """A class of all of them."""
        schema = self._context.schema
        return "hardware" if all(schema.is_a(one, "hardware") for one in classes) else "ci"

    def take_off(self) -> None:
        """Takes the chosen ones off."""
        chosen = {self.model.row_at(index.row()).uid for index in self.table.selectionModel().selectedRows()}
        self.rows = [one for one in self.rows if one.uid not in chosen]
        self._show()
        self.field.setFocus()

    def clear(self) -> None:
        """An empty stack."""
        self.rows = []
        self.said.say("")
        self._show()
        self.field.setFocus()
