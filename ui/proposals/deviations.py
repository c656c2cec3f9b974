"""Deviations in the side sheet: what sources say otherwise than what stands, to be taken over, one or many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox

from app.deviations import DeviationFilter, FoundDeviations, find_deviations, take_over_deviations
from cmdb.model.claims import kind_text, source_text
from cmdb.model.formats import moment, sentence_case
from cmdb.model.messages import Message, tr, trn
from cmdb.model.source_keys import KINDS, PERSON
from ui.context import Context
from ui.proposals.words import ProposalWords
from ui.text_size import set_sizes
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.flow_layout import flow
from ui.widgets.labels import Text
from ui.widgets.layout import column
from ui.widgets.page_states import EmptyState
from ui.widgets.side_sheet import FollowingContent
from ui.widgets.table import RowsModel, TableView, ViewColumn, set_widths

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.records import StoredDeviation

_ABOUT = Message(
    "Here a source says another value than the one that stands, and counts less, or is held. What is taken over "
    "stands then; it is one revision, which can be undone."
)


class DeviationSheet:
    """Opens the sheet."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def show(self) -> None:
        """Looks for deviations, and lists them."""
        content = DeviationList(self.context)
        self.context.shell.sheet(tr("Deviations"), content, (content.all_button, content.take_button))
        content.ask()


class DeviationList(FollowingContent):
    """The deviations of a class, an attribute and a kind of source; those that are selected are taken over."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._words = ProposalWords(context.schema, {})
        self.cls, self.attribute, self.source = QComboBox(), QComboBox(), QComboBox()
        self._fill_boxes()
        self._state, self._from = Text("", "muted", wrap=True), Text("", "muted", wrap=True)
        columns: list[ViewColumn[StoredDeviation]] = [
            ViewColumn(
                tr("Item"), lambda d: d.name, icon=lambda d: self._words.icon(d.cls), bold=True, hint=self._hint
            ),
            ViewColumn(tr("Attribute"), lambda d: self._words.label(d.cls, d.attribute), hint=self._hint),
            ViewColumn(tr("Value"), lambda d: self._value(d, d.stands), hint=self._hint),
            ViewColumn(tr("Source says"), lambda d: self._value(d, d.said), hint=self._hint),
        ]
        self.rows = RowsModel(context.theme, columns)
        self.table = TableView(context.theme, tr("Deviations"), compact=True)
        self.table.setModel(self.rows)
        set_widths(self.table, (100, 100, 80, 0))
        set_sizes(self, least_width=480)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._offer())
        self.table.opened.connect(lambda _: self._open())
        self.take_button = PrimaryButton("", lambda: self.take_over(self.selected()))
        self.all_button = Button(tr("Select all"), self.table.selectAll)
        self._none = EmptyState(
            context.theme, "good", tr("No deviations"), tr("No source says anything else than what stands."),
            token="good",
        )  # fmt: skip
        boxes = flow(self.cls, self.attribute, self.source, spacing=6)
        about = Text(str(_ABOUT), "muted", wrap=True)
        whole = column(about, boxes, self._state, self.table, self._from, self._none, spacing=8)
        whole.setStretch(3, 1)
        whole.setStretch(5, 1)
        self.setLayout(whole)
        self._show(None)

    def _fill_boxes(self) -> None:
        schema = self._context.schema
        self.cls.setAccessibleName(tr("Class"))
        self.cls.addItem(tr("All classes"), "ci")
        for one in schema.tree():
            if one.parent and not one.hidden:
                self.cls.addItem(self._context.theme.icon(one.icon), str(one.label), one.name)
        self.attribute.setAccessibleName(tr("Attribute"))
        self._fill_attributes()
        self.source.setAccessibleName(tr("Source"))
        self.source.addItem(tr("All sources"), "")
        for kind in KINDS:
            if kind != PERSON:
                self.source.addItem(str(kind_text(kind)), kind)
        self.cls.activated.connect(lambda _: self._fill_attributes())
        for box in (self.cls, self.attribute, self.source):
            box.activated.connect(lambda _: self.ask())

    def _fill_attributes(self) -> None:
        """The attributes of the chosen class."""
        self.attribute.clear()
        self.attribute.addItem(tr("All attributes"), "")
        its = self._context.schema.shown_attributes(str(self.cls.currentData())).values()
        for one in sorted(its, key=lambda a: str(a.label).casefold()):
            self.attribute.addItem(str(one.label), one.name)

    # -- showing ----------------------------------------------------------------------------------------------------

    def ask(self) -> None:
        """Looks again."""
        cls, attribute, source = (str(box.currentData()) for box in (self.cls, self.attribute, self.source))
        wanted = DeviationFilter(cls, attribute, source)
        self._state.setText(tr("Looking for deviations…"))
        self._context.query(
            lambda reader: find_deviations(reader, wanted), self._show, key=("deviations", "list"), owner=self,
            lane="slow", now=True,
        )  # fmt: skip

    def _show(self, found: FoundDeviations | None) -> None:
        rows: Sequence[StoredDeviation] = found.rows if found is not None else ()
        if found is not None:
            self._words = ProposalWords(self._context.schema, found.names)
            said = trn("{count} deviation.", "{count} deviations.", found.number) if rows else ""
            if found.number > len(rows):
                said = tr("{said} The first {count} are listed: narrow them down.", said=said, count=len(rows))
            self._state.setText(said)
            if rows and list(rows) == list(self.rows.rows):
                return  # what is selected stays selected
        if not rows and self.table.hasFocus():
            self.cls.setFocus()
        self.rows.show_rows(rows)
        self.table.setVisible(bool(rows))
        self._none.setVisible(found is not None and not rows)
        if rows:
            self.table.selectRow(0)
        self._offer()

    def _value(self, one: StoredDeviation, value: object) -> str:
        return self._words.value(one.cls, one.attribute, value)

    def _hint(self, one: StoredDeviation) -> str:
        held = tr("Held, as the order of sources says.") if one.held else tr("It counts less than what stands.")
        return f"{sentence_case(source_text(one.source))} · {moment(one.observed)}. {held}"

    def selected(self) -> list[StoredDeviation]:
        """The selected deviations."""
        return [self.rows.row_at(index.row()) for index in self.table.selectionModel().selectedRows()]

    def _offer(self) -> None:
        its = self.selected()
        number = len(its)
        self._from.setText(self._hint(its[0]) if len(its) == 1 else "")
        self._from.setVisible(len(its) == 1)
        self.take_button.setText(trn("Take over {count}", "Take over {count}", number) if number else tr("Take over"))
        self.take_button.setEnabled(bool(number) and self._context.editable)
        self.all_button.setEnabled(bool(self.rows.rows))

    def _open(self) -> None:
        if its := self.selected():
            self._context.shell.open_ci(its[0].uid)

    # -- taking over ------------------------------------------------------------------------------------------------

    def take_over(self, chosen: Sequence[StoredDeviation]) -> None:
        """Takes deviations over as one revision."""
        if not chosen:
            return
        self.table.setFocus()  # or it would leave the sheet when the button is switched off
        author = self._context.author

        def done(_: AppliedRevision) -> None:
            self.ask()

        said = trn("{count} value taken over", "{count} values taken over", len(chosen))
        self._context.edit(lambda reader: take_over_deviations(reader, chosen, author), said, done)
