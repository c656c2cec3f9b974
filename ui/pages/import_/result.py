"""The last step: what was written, what is new, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.imports.proposal_details import ProposalDetails
from ui.context import Context
from ui.pages.import_.check_view import export_rejects
from ui.pages.import_.flow import ImportFlow
from ui.proposals.undo_preview import undo_revision
from ui.proposals.view import set_widths
from ui.proposals.words import ProposalWords
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.dates import count, plural
from ui.widgets.labels import Heading, Text
from ui.widgets.layout import STRETCH, column, row
from ui.widgets.page_states import Icon
from ui.widgets.table import RowsModel, TableView, ViewColumn

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.reconciliation.proposal import Change


class ResultView(QWidget):
    """The applied import; ``Undo this import`` first shows what it would take back."""

    def __init__(self, context: Context, flow: ImportFlow) -> None:
        super().__init__()
        self._context = context
        self._flow = flow
        theme = context.theme
        self._words = ProposalWords(context.schema, {})
        self._icon = Icon(theme, "good", "good", 32)
        self._title = Heading("", 1)
        self._text = Text("", "muted", wrap=True)
        self.undo = Button("Undo this import…", self._undo, icon="undo", theme=theme)
        self.rejects = Button(
            "Export rejected rows…", lambda: export_rejects(context, flow, self), icon="export", theme=theme
        )
        self.review = Button("", lambda: context.shell.go("review"), icon="review", theme=theme)
        self._buttons = row(self.undo, self.rejects, self.review, STRETCH)
        head = Card(margins=(20, 18, 20, 18))
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(self._icon)
        top.addLayout(column(self._title, self._text, 4, self._buttons, spacing=6), 1)
        head.add(top)
        columns: list[ViewColumn[Change]] = [
            ViewColumn("Name", lambda c: c.name, icon=lambda c: self._words.icon(c.cls), bold=True),
            ViewColumn("Class", lambda c: self._words.cls(c.cls)),
            ViewColumn("What is said of it", lambda c: self._words.summary(c)),
            ViewColumn("From", lambda c: self._words.origin(c), tone=lambda _: "neutral"),
        ]
        self._model = RowsModel(theme, columns)
        self.table = TableView(theme, "New items", compact=True)
        self.table.setModel(self._model)
        set_widths(self.table, (220, 150, 0, 200))
        self.table.opened.connect(lambda line: context.shell.open_ci(self._model.row_at(line).uid))
        self._new = Card("New items")
        self._hint = Text("Enter opens one in Assets", "muted")
        self._new.header.addWidget(self._hint)
        self._new.add(self.table, 1)
        head.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        whole = column(head, self._new, spacing=12)
        whole.setStretch(1, 1)
        whole.addStretch(0)
        self.setLayout(whole)

    def show_result(self, applied: AppliedRevision, prepared: ProposalDetails, totals: str) -> None:
        """Shows what an import has done."""
        proposal = prepared.proposal
        self._words = ProposalWords(self._context.schema, prepared.names)
        self._title.setText("Imported" if applied.number else "Nothing to change")
        parts = [totals] if totals else []
        linked = (
            (proposal.relationships, "relationship"),
            (proposal.installed, "installation"),
            (proposal.assigned, "assignment"),
        )
        parts += [plural(number, word) for number, word in linked if number]
        parts += [f"{count(proposal.unchanged)} unchanged"] if proposal.unchanged else []
        parts += [f"{count(proposal.rejected)} rejected"] if proposal.rejected else []
        where = f" Revision {count(applied.number)} in the history." if applied.number else ""
        self._text.setText(f"{self._flow.what}: {', '.join(parts)}.{where}")
        self._icon.set_icon("good", "good")
        self.undo.setVisible(bool(applied.number))
        self.undo.setEnabled(True)
        self.rejects.setVisible(bool(proposal.rejected))
        waiting = len(proposal.review)
        self.review.setText(f"Review {plural(waiting, 'question')}")
        self.review.setVisible(bool(waiting))
        new = [change for change in prepared.new if change.uid in applied.created]
        self._model.show_rows(new)
        self._new.title.setText(f"{plural(len(new), 'new item')}")
        self._new.setVisible(bool(new))
        if new:
            self.table.selectRow(0)

    def _undo(self) -> None:
        result = self._flow.result
        if result is not None:
            undo_revision(self._context, self, result.number, "this import", self._undone)

    def _export(self) -> None:
        export_rejects(self._context, self._flow, self)

    def _undone(self, _: AppliedRevision) -> None:
        self._title.setText("Taken back")
        self._text.setText(f"{self._flow.what} is no longer in the register. Ctrl+Z brings it back.")
        self._icon.set_icon("undo", "muted")
        self.undo.setVisible(False)
        self.review.setVisible(False)
        self._new.setVisible(False)
