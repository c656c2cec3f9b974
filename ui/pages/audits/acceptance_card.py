"""What a finished audit would change in the register: each row is moved or left, and all is accepted as one change."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QFrame, QWidget

from app.audits.acceptance import accept
from app.audits.acceptance_view import AcceptanceShown, MovedRow, ProposedVerb, acceptance_shown
from app.verbs import known_verbs
from cmdb.model.audits import MOVE, SEEN
from cmdb.model.messages import tr, trn
from ui.context import Context
from ui.text_size import px
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.card import Card
from ui.widgets.flow_layout import flow
from ui.widgets.labels import ElidedText, Heading, SectionLabel, Text
from ui.widgets.layout import STRETCH, box, clear, column, row
from ui.widgets.page_states import PageStates
from ui.widgets.table import COMPACT, RowsModel, TableView, ViewColumn
from ui.widgets.verb_sheet import run_verb

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision

_HEADER = 34
"""The height of the header of the rows, in pixels."""
_PROPOSED = 12
"""Proposals that are listed; the others follow once these are settled."""


class AcceptanceCard(Card):
    """It stands in the place of the scans once an audit is finished."""

    def __init__(self, context: Context) -> None:
        super().__init__(margins=(0, 12, 0, 0))
        self._context = context
        self._uid = ""
        self._choices: dict[str, str] = {}
        self.found: AcceptanceShown | None = None
        self._sum = Text("", wrap=True)
        self.model = RowsModel(context.theme, self._columns())
        self.table = TableView(context.theme, tr("What was elsewhere"), compact=True)
        self.table.setModel(self.model)
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.pills(3)
        self.table.fit_to_rows(0, whole=(3,))
        self.table.opened.connect(lambda place: self.turn([place]))
        self.table.previewed.connect(lambda place: self.turn([place]))
        self.move_chosen = Button(tr("Move the chosen"), partial(self._choose, MOVE))
        self.leave_chosen = Button(tr("Leave the chosen"), partial(self._choose, SEEN))
        self.tasks = QCheckBox()
        self.tasks.setChecked(True)
        self.accept = PrimaryButton(tr("Accept"), self.save)
        self._elsewhere = box(
            column(SectionLabel(tr("What was elsewhere")), flow(self.move_chosen, self.leave_chosen), spacing=6)
        )
        self._proposals = column(spacing=2)
        self._proposed = box(column(SectionLabel(tr("Proposals")), self._proposals, spacing=4))
        rest = column(self._proposed, self.tasks, margins=(16, 8, 16, 8), spacing=8)
        content = column(column(self._elsewhere, margins=(16, 4, 16, 4)), self.table, rest, STRETCH, spacing=0)
        content.setStretch(1, 1000)
        self._states = PageStates(context.theme, box(content))
        head = row(Heading(tr("Accept the audit"), 2), STRETCH, self.accept)
        self.add(column(head, self._sum, margins=(16, 0, 16, 4), spacing=4))
        self.add(self._states, 1)

    @staticmethod
    def _columns() -> list[ViewColumn[MovedRow]]:
        def happens(one: MovedRow) -> str:
            return tr("Move") if one.moves else tr("Leave")

        return [
            ViewColumn(tr("Item"), lambda one: one.name, icon=lambda one: one.icon, bold=True),
            ViewColumn(tr("In the register"), lambda one: one.was),
            ViewColumn(tr("Scanned in"), lambda one: one.scanned),
            ViewColumn(tr("What happens"), happens, tone=lambda one: "accent" if one.moves else "neutral"),
        ]

    def show_of(self, uid: str) -> None:
        """Shows what accepting an audit would do."""
        if uid != self._uid:
            self._choices = {}
            self._states.restart()
        self._uid = uid
        choices = dict(self._choices)
        self._context.query(
            lambda reader: acceptance_shown(reader, uid, choices), self._show, self._failed,
            key=("audits", "acceptance"), owner=self,
        )  # fmt: skip

    def _failed(self, error: Exception) -> None:
        self._states.failed(error, lambda: self.show_of(self._uid))

    def _show(self, found: AcceptanceShown) -> None:
        self.found = found
        chosen = {index.row() for index in self.table.selectionModel().selectedRows()}
        self.model.show_rows(found.rows)
        self.table.setMaximumHeight(px(_HEADER) + px(COMPACT) * (len(found.rows) + 1))
        for place in chosen:
            if place < len(found.rows):
                self.table.selectRow(place)
        self._elsewhere.setVisible(bool(found.rows))
        self.table.setVisible(bool(found.rows))
        self._show_proposals(found)
        self.tasks.setVisible(bool(found.tasks))
        self.tasks.setText(
            trn("Make {count} task that lists what is missing, by holder or place",
                "Make {count} tasks that list what is missing, by holder or place", found.tasks)
        )  # fmt: skip
        parts = [
            trn("{count} item was seen.", "{count} items were seen.", found.seen),
            trn("{count} is moved.", "{count} are moved.", found.moved),
            trn("{count} is missing.", "{count} are missing.", found.missing),
            tr("Holders, home places and statuses stay as they are."),
        ]
        self._sum.setText(" ".join(parts))
        editable = self._context.editable
        self.accept.setEnabled(editable)
        for button in (self.move_chosen, self.leave_chosen):
            button.setEnabled(editable)
        self._states.content()

    def _show_proposals(self, found: AcceptanceShown) -> None:
        clear(self._proposals)
        self._proposed.setVisible(bool(found.proposals))
        for one in found.proposals[:_PROPOSED]:
            self._proposals.addWidget(self._proposal(one))

    def _proposal(self, one: ProposedVerb) -> QWidget:
        name, why = ElidedText(one.name).set_bold(), ElidedText(str(one.why), "muted")
        parts: list[QWidget] = [name, why]
        verb = known_verbs().get(one.verb)
        if verb is not None and one.uid:
            uid, cls = one.uid, one.cls
            button = Button(
                tr("{verb}…", verb=verb.title), lambda: run_verb(self._context, verb, lambda _: [uid], one.name, cls)
            )
            button.setEnabled(self._context.editable)
            parts.append(button)
        line = row(*parts)
        line.setStretch(1, 1)
        return box(line)

    # -- deciding ---------------------------------------------------------------------------------------------------

    def turn(self, places: list[int]) -> None:
        """Moves what was left, and leaves what was moved."""
        for place in places:
            one = self.model.row_at(place)
            self._choices[one.uid] = SEEN if one.moves else MOVE
        self.show_of(self._uid)

    def _choose(self, choice: str) -> None:
        """All chosen rows; without any, all rows."""
        places = {index.row() for index in self.table.selectionModel().selectedRows()} or range(len(self.model.rows))
        for place in places:
            self._choices[self.model.row_at(place).uid] = choice
        self.show_of(self._uid)

    def save(self) -> None:
        """Accepts it, as one change that can be undone."""
        uid, author, choices = self._uid, self._context.author, dict(self._choices)
        tasks = self.tasks.isChecked()
        self.accept.setEnabled(False)
        number = self.found.seen if self.found is not None else 0
        said = trn("Audit accepted: {count} item seen", "Audit accepted: {count} items seen", number)

        def done(_: AppliedRevision) -> None:
            self.accept.setEnabled(True)

        def failed(error: Exception) -> None:
            self.accept.setEnabled(True)
            self._context.shell.problem(error)

        self._context.edit(lambda reader: accept(reader, uid, author, choices=choices, tasks=tasks), said, done, failed)
