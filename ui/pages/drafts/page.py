"""The page of the open draft: its changes from before to after, and its conflicts, which are settled here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame

from app.drafted_changes import ConflictLine, DraftedChanges, drafted_changes
from app.drafts import list_drafts, short_name
from app.history.revisions import ChangeLine
from app.impact.drafted_losses import DraftedLosses, drafted_losses
from app.map.counts_in_words import counts_in_words
from cmdb.graph.results import State
from cmdb.model.drafts import Draft
from cmdb.model.formats import moment
from cmdb.model.messages import Message, tr, trn
from ui.context import Context
from ui.page import Page
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.flow_layout import flow
from ui.widgets.labels import Heading, Text
from ui.widgets.layout import STRETCH, column, row
from ui.widgets.page_states import EmptyState, PageStates
from ui.widgets.splitter import Splitter
from ui.widgets.table import COMPACT, RowsModel, TableView, ViewColumn
from ui.widgets.values import text_of

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision

_LISTED = 30
"""The number of drafts that are listed while none is open."""
_ABOVE = 158
"""The height of what stands over the rows of the conflicts, their header included (pixels)."""
_HIT: tuple[State, ...] = ("down", "exhausted", "degraded", "at_risk")
_FAILING = 50
"""The number of items that the map lets fail at once."""


class ConflictCard(Card):
    """The records that others have changed meanwhile: before, in the draft and now; settled one by one or all."""

    def __init__(self, context: Context) -> None:
        super().__init__(margins=(0, 12, 0, 0))
        self._context = context
        self._title = Heading("", 2)
        about = tr("Until a record is settled, the draft leaves it as it is now.")
        self.model = RowsModel(context.theme, self._columns())
        self.table = TableView(context.theme, tr("Conflicts"), compact=True)
        self.table.setModel(self.model)
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.fit_to_rows()
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._offer())
        self.table.opened.connect(lambda place: context.shell.open_ci(self.model.row_at(place).record))
        self.take = Button(tr("Take the draft's"), lambda: self._settle(keep_draft=True))
        self.keep = Button(tr("Keep what is there"), lambda: self._settle(keep_draft=False))
        self.take_all = Button(
            tr("Take all the draft's"), lambda: self._settle(keep_draft=True, every=True), kind="plain"
        )
        self.keep_all = Button(
            tr("Keep all that is there"), lambda: self._settle(keep_draft=False, every=True), kind="plain"
        )
        buttons = flow(self.take, self.keep, self.take_all, self.keep_all)
        self.add(column(self._title, Text(about, "muted", wrap=True), buttons, margins=(16, 0, 16, 8)))
        self.add(self.table, 1)

    @staticmethod
    def _columns() -> list[ViewColumn[ConflictLine]]:
        def hint(line: ConflictLine) -> str:
            return f"{line.item}: {line.reason}"

        return [
            ViewColumn(tr("Item"), lambda c: c.item, icon=lambda c: c.icon, hint=hint, bold=True),
            ViewColumn(tr("What"), lambda c: c.what or c.reason, hint=hint),
            ViewColumn(tr("Before"), lambda c: c.before, hint=lambda c: c.before),
            ViewColumn(tr("In the draft"), lambda c: c.drafted, hint=lambda c: c.drafted, tone=lambda c: "accent"),
            ViewColumn(tr("Now"), lambda c: c.present, hint=lambda c: c.present, tone=lambda c: "bad"),
        ]

    def show_lines(self, lines: tuple[ConflictLine, ...]) -> None:
        """Shows the conflicts; without any it hides."""
        records = len({one.record for one in lines})
        self._title.setText(
            trn("{count} record was changed meanwhile", "{count} records were changed meanwhile", records)
        )
        self.model.show_rows(lines)
        self.setVisible(bool(lines))
        self.setMaximumHeight(_ABOVE + COMPACT * (len(lines) + 1))
        if lines:
            self.table.selectRow(0)
        self._offer()

    def _chosen(self) -> list[str]:
        places = {index.row() for index in self.table.selectionModel().selectedRows()}
        return list(dict.fromkeys(self.model.row_at(place).record for place in sorted(places)))

    def _offer(self) -> None:
        chosen = bool(self._chosen()) and self._context.editable
        self.take.setEnabled(chosen)
        self.keep.setEnabled(chosen)
        more = len({one.record for one in self.model.rows}) > 1
        self.take_all.setVisible(more)
        self.keep_all.setVisible(more)

    def _settle(self, *, keep_draft: bool, every: bool = False) -> None:
        context, records = self._context, [] if every else self._chosen()
        workspace = context.workspace
        number = len({one.record for one in self.model.rows}) if every else len(records)

        def work() -> None:
            workspace.settle(records or None, keep_draft=keep_draft)

        def done(_: None) -> None:
            if keep_draft:
                text = trn("{count} record is as the draft says.", "{count} records are as the draft says.", number)
            else:
                text = trn("{count} record stays as it is.", "{count} records stay as they are.", number)
            context.shell.toast(text)

        context.tasks.run(work, done, owner=self, lane="write")


class LossNote(QFrame):
    """What depends on the items that the draft takes out of service: with the draft, and today."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._losses: DraftedLosses | None = None
        self._text = Text("", wrap=True)
        self._button = Button(tr("Show on the map"), self._show, icon="map", theme=context.theme)
        line = row(self._text, self._button, margins=(0, 0, 0, 0))
        line.setStretch(0, 1)
        self.setLayout(line)
        self.hide()

    def refresh(self) -> None:
        """Computes it anew: as a job where the relationships of a large estate are read."""
        context = self._context
        workspace = context.workspace
        store = workspace.drafted

        def work() -> DraftedLosses | None:
            title = Message("What the draft takes out of service")
            return workspace.jobs.run(title, lambda control: drafted_losses(store, workspace.graphs, control))

        context.tasks.run(
            work, self.show_losses, lambda _: self.hide(), key=("drafts", "losses"), owner=self, lane="slow"
        )

    def show_losses(self, found: DraftedLosses | None) -> None:
        """Says it; nothing is shown where the draft takes nothing out of service."""
        self._losses = found
        self.setVisible(found is not None)
        if found is None:
            return
        self._button.setVisible(bool(found.retired))
        hit = any(found.drafted.get(state) or found.today.get(state) for state in _HIT)
        alone = trn(
            "{count} item goes out of service; nothing depends on it.",
            "{count} items go out of service; nothing depends on them.",
            found.number,
        )
        text = trn(
            "{count} item goes out of service. What it hits with the draft: {drafted}. Today: {today}.",
            "{count} items go out of service. What they hit with the draft: {drafted}. Today: {today}.",
            found.number,
            drafted=counts_in_words(found.drafted),
            today=counts_in_words(found.today),
        )
        if not hit:
            text = alone
        elif found.deleted:
            text = f"{text} " + trn(
                "{count} is deleted, with its relationships: nothing is counted for it with the draft.",
                "{count} are deleted, with their relationships: nothing is counted for them with the draft.",
                len(found.deleted),
            )
        self._text.setText(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the height that the text needs."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        layout = self.layout()
        if layout is not None:
            self.setMinimumHeight(max(layout.heightForWidth(self.width()), 0))

    def _show(self) -> None:
        if self._losses is not None and self._losses.retired:
            failed = self._losses.retired[:_FAILING]
            self._context.shell.go("map", start=failed[0], failed=list(failed))


class DraftPage(Page):
    """What the open draft does."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._title, self._line = Heading("", 1), Text("", "muted", wrap=True)
        self._title.setWordWrap(True)
        self.model = RowsModel(context.theme, self._columns())
        self.table = TableView(context.theme, tr("Changes of the draft"), compact=True)
        self.table.setModel(self.model)
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.fit_to_rows()
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.table.opened.connect(self._open)
        self._number = 0
        self.conflicts = ConflictCard(context)
        self.conflicts.hide()
        changes = Card(margins=(0, 12, 0, 0))
        self._rest = Text("", "muted", wrap=True)
        self._states = PageStates(context.theme, self.table)
        self.losses = LossNote(context)
        self.take_out = Button(
            tr("Take it out"), lambda: self._take_out(), icon="undo", theme=context.theme,
            hint=tr("Takes all that the draft does with the chosen item out of the draft"),
        )  # fmt: skip
        self.take_value = Button(
            tr("Take this value out"), lambda: self._take_out(value=True),
            hint=tr("Takes the chosen change alone out of the draft"),
        )  # fmt: skip
        buttons = flow(self.take_out, self.take_value)
        changes.add(column(self._title, self._line, self.losses, buttons, margins=(16, 0, 16, 8), spacing=6))
        changes.add(self._states, 1)
        changes.add(column(self._rest, margins=(16, 6, 16, 12)))
        splitter = Splitter(tr("Conflicts and changes"), Qt.Orientation.Vertical)
        splitter.addWidget(self.conflicts)
        splitter.addWidget(changes)
        splitter.setSizes([300, 400])
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._offer())
        self._offer()
        self.setLayout(column(splitter, margins=(16, 14, 16, 16)))

    @staticmethod
    def _columns() -> list[ViewColumn[ChangeLine]]:
        return [
            ViewColumn(
                tr("Item"), lambda c: c.item, sort=lambda c: c.item.casefold(), icon=lambda c: c.icon, bold=True
            ),
            ViewColumn(tr("What"), lambda c: c.what),
            ViewColumn(tr("Before"), lambda c: c.before, hint=lambda c: c.before),
            ViewColumn(tr("After"), lambda c: c.after, hint=lambda c: c.after),
        ]

    def opened(self, **_: Any) -> None:
        """Shows what the draft holds."""
        workspace = self.context.workspace
        if workspace.draft is None:
            self._title.setText(tr("Draft"))
            self._line.setText("")
            self._rest.hide()
            self.conflicts.show_lines(())
            self.losses.show_losses(None)
            self.model.show_rows([])
            self._offer()
            self._show_none([])
            self.context.query(list_drafts, self._show_none, key=("drafts", "page"), owner=self, now=True)
            return
        if self._title.text() != self._named():
            self._states.loading()
        self._title.setText(self._named())
        store = workspace.drafted
        self.losses.refresh()
        self.context.tasks.run(
            lambda: drafted_changes(store, text_of),
            self._show,
            lambda e: self._states.failed(e, self.opened),
            key=("drafts", "page"),
            owner=self,
        )

    def _show_none(self, found: list[Draft]) -> None:
        """No draft is open: those that could be."""
        if self.context.workspace.draft is not None:
            return
        text = tr("Choose one at the top, beside the time, or make one: it keeps changes that are planned.")
        if found:
            text = tr("A draft keeps changes that are planned. These can be opened:")
        writable = not self.context.workspace.read_only
        make = (
            Button(tr("New draft…"), self.context.shell.new_draft, icon="plus", theme=self.theme) if writable else None
        )
        state = EmptyState(self.theme, "draft", tr("No draft is open"), text, None if found else make)
        for one in found[:_LISTED]:
            open_ = Button(short_name(one.name), partial(self.context.shell.open_draft, one.id), hint=one.name)
            made = tr("{author}, {moment}", author=one.author, moment=moment(one.made)) if one.made else one.author
            state.body.addLayout(row(STRETCH, open_, Text(made, "muted"), STRETCH))
        if found and make is not None:
            state.body.addLayout(row(STRETCH, make, STRETCH))
        self._states.empty(state)

    def _named(self) -> str:
        draft = self.context.workspace.draft
        return tr("Draft “{name}”", name=draft.name) if draft is not None else ""

    def _show(self, found: DraftedChanges) -> None:
        draft = found.draft
        made = tr("made on {moment} by {author}", moment=moment(draft.made), author=draft.author) if draft.made else ""
        self._line.setText(made)
        self._line.setVisible(bool(made))
        self._number = found.number
        self.model.show_rows(sorted(found.changes.lines, key=lambda line: line.item.casefold()))
        self.conflicts.show_lines(found.conflicts)
        self._offer()
        rest = found.changes.rest
        self._rest.setText(tr("and {changes}", changes=rest) if rest and found.changes.lines else str(rest))
        self._rest.setVisible(bool(rest))
        if found.changes:
            self._states.content()
        else:
            text = tr("What you edit, import or scan while the draft is open is listed here.")
            self._states.empty(EmptyState(self.theme, "draft", tr("The draft holds no change yet"), text))

    def _chosen(self) -> ChangeLine | None:
        rows = self.table.selectionModel().selectedRows()
        line = self.model.row_at(rows[0].row()) if rows and self.model.rows else None
        return line if line is not None and line.uid else None

    def _offer(self) -> None:
        line = self._chosen()
        there = self.context.workspace.draft is not None and bool(self.model.rows)
        for button in (self.take_out, self.take_value):
            button.setVisible(there)
        self.take_out.setEnabled(line is not None)
        self.take_value.setEnabled(line is not None and bool(line.attribute))

    def _take_out(self, *, value: bool = False) -> None:
        """Takes what the draft does with the chosen item, or the chosen value, out of the draft."""
        line = self._chosen()
        if line is None:
            return
        context, number, attribute = self.context, self._number, line.attribute if value else ""

        def done(_: AppliedRevision) -> None:
            context.shell.toast(tr("{item} is out of the draft.", item=line.item))

        context.tasks.run(
            lambda: context.workspace.undo_part(number, line.uid, attribute), done, owner=self, lane="write"
        )

    def _open(self, place: int) -> None:
        uid = self.model.row_at(place).uid
        if uid:
            self.context.shell.open_ci(uid)
