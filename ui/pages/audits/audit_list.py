"""All audits: those in progress first, with their numbers."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from app.audits.sheets import AuditSummary
from app.audits.words import OUTCOMES
from cmdb.model.audits import ACCEPTED, DROPPED, FINISHED, IN_PROGRESS, OF_EXPECTED, AuditOutcome
from cmdb.model.formats import moment, number
from cmdb.model.messages import Message, in_context, tr
from ui.context import Context
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.card import Card, page_header
from ui.widgets.labels import Heading
from ui.widgets.layout import column
from ui.widgets.page_states import EmptyState, PageStates
from ui.widgets.table import RowsModel, TableView, ViewColumn

_STATES: dict[str, tuple[Message, str]] = {
    IN_PROGRESS: (in_context("audit", "In progress"), "accent"),
    FINISHED: (in_context("audit", "Finished"), "warning"),
    ACCEPTED: (in_context("audit", "Accepted"), "good"),
    DROPPED: (in_context("audit", "Dropped"), "neutral"),
}
_NUMBERS = tuple((one, OUTCOMES[one]) for one in OF_EXPECTED)


def state_word(state: str) -> str:
    """What a state is called."""
    found = _STATES.get(state)
    return str(found[0]) if found is not None else state


class AuditList(Card):
    """The table of audits. ``opened`` fires with the id of one, ``wanted`` for a new one."""

    opened = Signal(str)
    wanted = Signal()
    stack_wanted = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(margins=(0, 12, 0, 0))
        self._context = context
        self.new = PrimaryButton(tr("New audit…"), self.wanted.emit, icon="plus", theme=context.theme)
        self.stack = Button(tr("Scan a stack…"), self.stack_wanted.emit, icon="barcode", theme=context.theme)
        self.model = RowsModel(context.theme, self._columns())
        self.table = TableView(context.theme, tr("Audits"))
        self.table.setModel(self.model)
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.table.pills(2)
        self.table.fit_to_rows(1, whole=(0, 2, 8))
        self.table.opened.connect(lambda place: self.opened.emit(self.model.row_at(place).audit.uid))
        self.table.clicked.connect(lambda index: self.opened.emit(self.model.row_at(index.row()).audit.uid))
        self.states = PageStates(context.theme, self.table)
        self.add(column(page_header(Heading(tr("Audits")), self.stack, self.new), margins=(16, 0, 16, 8)))
        self.add(self.states, 1)
        self.setFocusProxy(self.states)

    @staticmethod
    def _columns() -> list[ViewColumn[AuditSummary]]:
        def number_of(outcome: AuditOutcome) -> Callable[[AuditSummary], str]:
            def text(one: AuditSummary) -> str:
                if one.counts is None:
                    return "–"
                waits = outcome is AuditOutcome.MISSING and one.audit.running
                return "" if waits else number(one.counts[outcome])

            return text

        def checked(one: AuditSummary) -> str:
            if one.counts is None:
                return tr("hidden")
            return tr("{checked} of {expected}", checked=one.counts.checked, expected=one.counts.expected)

        return [
            ViewColumn(tr("Number"), lambda one: one.audit.number),
            ViewColumn(tr("Name"), lambda one: one.audit.name, bold=True, hint=lambda one: one.audit.name),
            ViewColumn(
                tr("State"), lambda one: state_word(one.audit.state),
                tone=lambda one: _STATES.get(one.audit.state, (None, "neutral"))[1],
            ),
            ViewColumn(tr("Checked"), checked, right=True),
            *(ViewColumn(str(word), number_of(outcome), right=True) for outcome, word in _NUMBERS),
            ViewColumn(tr("Started"), lambda one: moment(one.audit.started), sort=lambda one: one.audit.started),
        ]  # fmt: skip

    def show_audits(self, found: list[AuditSummary]) -> None:
        """Shows all audits; without any, what they are and how one begins."""
        self.model.show_rows(found)
        editable = self._context.editable
        self.new.setVisible(bool(found))
        self.new.setEnabled(editable)
        if found:
            self.states.content()
            return
        text = tr(
            "An audit looks for what should be in a place: scan the labels there, and what is found, elsewhere, "
            "missing or unknown is told at once."
        )
        begin = PrimaryButton(tr("New audit…"), self.wanted.emit) if editable else None
        self.states.empty(EmptyState(self._context.theme, "audits", tr("No audits yet"), text, begin))
