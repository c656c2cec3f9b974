"""The last step: what was written, the new items, and the undo of the import."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.imports.file_summaries import older_scans
from app.imports.proposal_details import ProposalDetails
from cmdb.model.formats import Plain, listing, number
from cmdb.model.messages import Message, tr, trn
from cmdb.model.record_kinds import life_cycles_counted
from ui.context import Context
from ui.pages.import_.compare_view import groups_changed
from ui.pages.import_.flow import ImportFlow
from ui.pages.import_.rejects_export import fill_marked_copies
from ui.plain_texts import plain_tip
from ui.proposals.deviations import DeviationSheet
from ui.proposals.review_button import ReviewButton
from ui.proposals.undo_preview import kept_lines, undo_revision
from ui.proposals.words import ProposalWords, set_aside
from ui.widgets.buttons import Button, MenuButton
from ui.widgets.card import Card
from ui.widgets.flow_layout import flow as in_lines
from ui.widgets.labels import Heading, Text
from ui.widgets.layout import column
from ui.widgets.page_states import Icon
from ui.widgets.table import RowsModel, TableView, ViewColumn, set_widths

if TYPE_CHECKING:
    from app.imports.file_summaries import FileSummary
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.reconciliation.proposal import Change


def _file_columns() -> list[ViewColumn[FileSummary]]:
    """What is said of each of several files."""

    def column_of(title: str, of: Callable[[FileSummary], int]) -> ViewColumn[FileSummary]:
        return ViewColumn(title, lambda one: number(of(one)) if of(one) else "", sort=of, right=True)

    return [
        ViewColumn(tr("File"), lambda one: one.file.name, bold=True, hint=lambda one: str(one.file.path)),
        column_of(tr("Read"), lambda one: one.file.read),
        column_of(tr("New"), lambda one: one.created),
        column_of(tr("Changed"), lambda one: one.updated),
        column_of(tr("Unchanged"), lambda one: one.unchanged),
        column_of(tr("Rejected"), lambda one: one.rejected),
        ViewColumn(tr("Problem"), lambda one: str(one.problem), hint=lambda one: str(one.problem)),
    ]


class ResultView(QWidget):
    """The applied import; ``Undo this import`` first shows what it would take back."""

    def __init__(self, context: Context, flow: ImportFlow) -> None:
        super().__init__()
        self._context = context
        self._flow = flow
        theme = context.theme
        self._words = ProposalWords(context.schema, {})
        self._taken_back = False
        self._latest = 0
        """The latest revision that took the import back, or brought it back."""
        self._shown: tuple[AppliedRevision, ProposalDetails, str, Collection[str]] | None = None
        self._icon = Icon(theme, "good", "good", 32)
        self._title = Heading("", 1)
        self._text = Text("", "muted", wrap=True)
        self.undo = Button(tr("Undo this import…"), self._undo, icon="undo", theme=theme)
        self.rejects = MenuButton(
            tr("Save a copy"), partial(fill_marked_copies, context, flow, self), icon="export", theme=theme
        )
        self.review = ReviewButton(context)
        self.review.counted.connect(lambda: self.review.setVisible(bool(self.review.waiting)))
        self.held = Button(tr("Deviations…"), self._show_held, icon="sort", theme=theme)
        self.held.setToolTip(plain_tip(tr("What sources say otherwise than what stands, to be taken over")))
        self._made: dict[str, str] = {}
        """The items that it made and changed, with their classes."""
        self.show_made = Button("", self._open_made, icon="assets", theme=theme)
        head = Card(margins=(20, 18, 20, 18))
        buttons = (self.show_made, self.undo, self.rejects, self.review, self.held)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(self._icon)
        top.addLayout(column(self._title, self._text, 4, in_lines(*buttons, spacing=8), spacing=6), 1)
        head.add(top)
        self._model = RowsModel(theme, self._columns())
        self.table = TableView(theme, tr("New items"), compact=True)
        self.table.setModel(self._model)
        set_widths(self.table, (220, 150, 0, 200))
        self.table.opened.connect(lambda line: context.shell.open_ci(self._model.row_at(line).uid))
        self._new = Card(tr("New items"))
        self._hint = Text(tr("Press Enter to open an item in Assets"), "muted")
        self._new.header.addWidget(self._hint)
        self._new.add(self.table, 1)
        self._files = Card(tr("Files"))
        self._files_model: RowsModel[FileSummary] = RowsModel(theme, _file_columns())
        self.files = TableView(theme, tr("Files"), compact=True)
        self.files.setModel(self._files_model)
        set_widths(self.files, (220, 70, 70, 80, 90, 80, 0))
        self._files.add(self.files, 1)
        self._named = Text("", "muted", wrap=True)
        self._files.add(self._named)
        head.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        whole = column(head, self._files, self._new, spacing=12)
        whole.setStretch(1, 1)
        whole.setStretch(2, 1)
        whole.addStretch(0)
        self.setLayout(whole)

    def _columns(self) -> list[ViewColumn[Change]]:
        """What is shown of a new item. The words change with each result."""
        return [
            ViewColumn(tr("Name"), lambda c: c.name, icon=lambda c: self._words.icon(c.cls), bold=True),
            ViewColumn(tr("Class"), lambda c: self._words.cls(c.cls)),
            ViewColumn(tr("Values"), lambda c: self._words.summary(c)),
            ViewColumn(tr("From"), lambda c: self._words.origin(c), tone=lambda _: "neutral"),
        ]

    def show_result(
        self, applied: AppliedRevision, prepared: ProposalDetails, totals: str, left_out: Collection[str] = ()
    ) -> None:
        """Shows what an import has done. Where records were left out, only what is counted without them is told."""
        self._shown = (applied, prepared, totals, left_out)
        proposal = prepared.proposal
        self._words = ProposalWords(self._context.schema, prepared.names)
        imported = tr("Imported into the draft “{name}”", name=applied.draft) if applied.draft else tr("Imported")
        self._title.setText(imported if applied.number else tr("Nothing to change"))
        rows = prepared.row_changes(left_out)
        counts = _counts(prepared, left_out, rows)
        if totals in (*(words for _, words in counts), trn("{count} row", "{count} rows", rows or 0)):
            totals = ""  # it is among the counts
        told = [*(words for number, words in counts if number), *(set_aside(proposal) if not left_out else ())]
        parts = [*([totals] if totals else []), *told]
        totals = listing(parts, "unit")
        sentences = [tr("{files}: {totals}.", files=self._flow.what, totals=totals)] if parts else []
        if len(self._flow.summaries) < 2:  # of several files the table says it
            sentences += map(str, older_scans(proposal).values())
        if applied.number and not applied.draft:
            sentences.append(tr("Revision {number} in the history.", number=Plain(applied.number)))
        self._text.setText(" ".join(sentences))
        self._icon.set_icon("good", "good")
        self.undo.setVisible(bool(applied.number) and not applied.draft)
        self.undo.setEnabled(True)
        self.rejects.setVisible(bool(proposal.rejected) or bool(self._flow.workbooks))
        written = (*(c for c in prepared.new if c.uid in applied.created),
                   *(c for c in prepared.changed if c.uid in applied.updated))  # fmt: skip
        root_of = self._context.schema.root_of
        self._made = {change.uid: change.cls for change in written if root_of(change.cls) == "ci"}
        made = len(self._made)
        self.show_made.setText(trn("Show this {count} in Assets", "Show these {count} in Assets", made))
        self.show_made.setVisible(bool(made))
        self._taken_back, self._latest = False, 0
        self.review.ask_about(question.id for question in proposal.review)
        self.held.setVisible(bool(proposal.held))
        new = [change for change in prepared.new if change.uid in applied.created]
        self._model.show_rows(new)
        self._new.title.setText(trn("{count} new item", "{count} new items", len(new)))
        self._new.setVisible(bool(new))
        if new:
            self.table.selectRow(0)
        several = len(self._flow.summaries) > 1  # the counts of one are those of the import
        self._files_model.show_rows(self._flow.summaries if several else [])
        named = sum(not change.origins for change in new) if several else 0
        self._named.setText(
            trn(
                "{count} more new item is in no file's number: rows only name it.",
                "{count} more new items are in no file's number: rows only name them.",
                named,
            )
        )
        self._named.setVisible(bool(named))
        self._files.setVisible(several)

    def recount(self) -> None:
        """A question may be decided, or its decision taken back: only those that wait are offered."""
        self.review.recount()

    def _show_held(self) -> None:
        DeviationSheet(self._context).show()

    def _open_made(self) -> None:
        self._context.shell.open_made(Message("Import of {files}", files=self._flow.what), self._made)

    def _undo(self) -> None:
        result = self._flow.result
        if result is not None:
            undo_revision(self._context, self, result.number, Message("this import"), self._undone)

    def follow_undo(self, applied: AppliedRevision) -> None:
        """Something was taken back, from wherever: says so if it is the import, or its undo, or the undo of that."""
        result, again = self._flow.result, self._taken_back
        if self._shown is None or result is None or applied.undoes not in (result.number, self._latest):
            return
        if again and applied.undoes == self._latest:
            self.show_result(*self._shown)
        else:
            self._undone(applied)
        self._latest = applied.number

    def _undone(self, undone: AppliedRevision) -> None:
        self._taken_back = True
        self._latest = undone.number
        self._title.setText(tr("Taken back"))
        lines = [tr("The import of {files} was undone. Press Ctrl+Z to import it again.", files=self._flow.what)]
        if undone.kept:
            count = len(undone.kept)
            lines.append(trn("{count} value changed since stays:", "{count} values changed since stay:", count))
            lines += kept_lines(undone.kept, self._context.schema)
        self._text.setText("\n".join(lines))
        self._icon.set_icon("undo", "muted")
        self.undo.setVisible(False)
        self.review.forget()
        self.held.setVisible(False)
        self.show_made.setVisible(False)
        self._new.setVisible(False)


def _counts(prepared: ProposalDetails, left_out: Collection[str], rows: int | None) -> tuple[tuple[int, str], ...]:
    """How many of what goes in, each with its words: of all kinds, or of those that are counted without the records
    that are left out. ``rows`` are those of sections, where they are counted.
    """
    proposal = prepared.proposal
    of_all = (
        (prepared.groups, groups_changed(prepared.groups)),
        (proposal.relationships, trn("{count} relationship", "{count} relationships", proposal.relationships)),
        (proposal.ended, trn("{count} relationship ended", "{count} relationships ended", proposal.ended)),
        (proposal.events, trn("{count} event", "{count} events", proposal.events)),
        (proposal.life_cycles, str(life_cycles_counted(proposal.life_cycles))),
        (proposal.assigned, trn("{count} assignment", "{count} assignments", proposal.assigned)),
    )
    installations = prepared.installations(left_out)
    return (
        *(of_all if not left_out else ()),
        *((count, str(words)) for count, words in (installations.in_words if installations is not None else ())),
        *([(rows, trn("{count} row of a section", "{count} rows of sections", rows))] if rows is not None else ()),
        (proposal.unchanged, trn("{count} unchanged", "{count} unchanged", proposal.unchanged)),
        (proposal.rejected, trn("{count} rejected", "{count} rejected", proposal.rejected)),
    )
