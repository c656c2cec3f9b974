"""The side of the check: problems by kind and value, values that are nearly equal, and records that would be new."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QStackedWidget

from app.imports.near_values import NearValues
from app.imports.new_records import NewName
from app.imports.problem_places import AlikeProblems
from cmdb.model.formats import number
from cmdb.model.messages import tr, trn
from ui.context import Context
from ui.pages.import_.flow import ImportFlow
from ui.pages.import_.near_values_list import NearValuesList
from ui.pages.import_.new_names import NewNamesList
from ui.pages.import_.problem_list import ProblemList
from ui.pages.import_.rejects_export import fill_marked_copies
from ui.plain_texts import plain_tip
from ui.text_size import set_sizes
from ui.widgets.buttons import LinkButton, MenuButton
from ui.widgets.card import Card
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, box, column, row
from ui.widgets.page_states import EmptyState
from ui.widgets.tabs import Tabs

PROBLEMS, NEAR, NEW = "problems", "near", "new"
#: Its least and its greatest width beside a sheet, and more than any page has, in pixels.
_NARROW, _WIDE, _ANY = 300, 440, 100_000


class CheckSide(Card):
    """Lists that lead to cells. ``problems_chosen`` (problems that are alike), ``value_chosen`` (nearly equal values,
    one of them) and ``name_chosen`` (a new name) fire when the person chooses there, ``correct`` when they want to
    correct what is chosen.
    """

    problems_chosen = Signal(object)
    value_chosen = Signal(object, str)
    name_chosen = Signal(object)
    correct = Signal()

    def __init__(self, context: Context, flow: ImportFlow) -> None:
        super().__init__(margins=(12, 8, 12, 12))
        self._flow = flow
        theme = context.theme
        self.only = QCheckBox(tr("Only rows with problems"))
        self._titles = {PROBLEMS: tr("Problems"), NEAR: tr("Spellings"), NEW: tr("New")}
        self.tabs = Tabs(tuple(self._titles.items()))
        self.tabs.chosen.connect(self._choose)
        self.list = ProblemList(theme)
        self.list.chosen.connect(self._problems_chosen)
        self.list.opened.connect(self.correct)
        self.names = NewNamesList(context)
        self.names.decided.connect(flow.decide)
        self.names.looked_at.connect(self._name_chosen)
        self.near = NearValuesList(context)
        self.near.merged.connect(flow.merge)
        self.near.looked_at.connect(self._value_chosen)
        flow.near_found.connect(self._show_near)
        self.summary = Text("", "muted", wrap=True)
        self._fine = EmptyState(
            theme, "good", tr("Every row can be imported"), tr("The rows have no problems."), token="good"
        )
        self._asks = EmptyState(
            theme, "help", tr("No cell has a problem"), tr("What is in doubt is decided in Compare."), token="warning"
        )
        self.export = MenuButton(
            tr("Save for correction"), partial(fill_marked_copies, context, flow, self), icon="export", theme=theme
        )
        self.mended = LinkButton("", flow.forget_mends, hint=tr("Restores all cells as they are in the files"))
        self.strict = QCheckBox(tr("Any bad cell rejects its row"))
        self.strict.setToolTip(
            plain_tip(tr("Otherwise a row is imported without the cells that cannot be read, where it can do without"))
        )
        self.strict.toggled.connect(flow.set_strict)
        problems = column(
            self.summary,
            self.strict,
            self.only,
            self.list,
            self._fine,
            self._asks,
            row(self.export, STRETCH),
            spacing=6,
        )
        problems.setStretch(3, 1)
        problems.setStretch(4, 1)
        problems.setStretch(5, 1)
        self._stack = QStackedWidget()
        self._pages = {PROBLEMS: box(problems), NEAR: self.near, NEW: self.names}
        for page in self._pages.values():
            self._stack.addWidget(page)
        self.add(self.tabs)
        self.body.addSpacing(6)
        self.add(self._stack, 1)
        self.add(row(self.mended, STRETCH))
        set_sizes(self, least_width=_NARROW)
        self.let_grow(False)

    def let_grow(self, alone: bool) -> None:
        """Whether it has the page alone: there is neither a sheet nor a problem to show beside it."""
        set_sizes(self, most_width=_ANY if alone else _WIDE)

    def refresh(self, comparing: bool, choose: bool) -> None:
        """Shows the flow's problems and new names; ``comparing``: more may be found. ``choose``: goes to the first
        problem, where that of before is gone.
        """
        flow = self._flow
        self.strict.blockSignals(True)
        self.strict.setChecked(bool(flow.taken) and all(sheet.strict for sheet in flow.taken))
        self.strict.blockSignals(False)
        self.strict.setVisible(bool(flow.taken))
        self.only.setVisible(bool(flow.taken))
        self.list.show_problems(flow.places, choose)
        problems = bool(self.list.shown)
        self.list.setVisible(problems)
        self.names.show_names(flow.new_names)
        self._count(PROBLEMS, sum(len(group.problems) for group in self.list.shown))
        self._count(NEW, len(flow.new_names))
        self._say_counts()
        self.export.setEnabled(not comparing)

    def _show_near(self) -> None:
        self.near.show_groups(self._flow.near)
        self._count(NEAR, len(self._flow.near))

    def _count(self, tab: str, count: int) -> None:
        title = self._titles[tab]
        self.tabs.set_title(tab, f"{title} {number(count)}" if count else title, title)

    def show_mended(self, label: str) -> None:
        """Says how many cells are corrected; "" for none."""
        self.mended.setText(label)
        self.mended.setVisible(bool(label))

    def _say_counts(self) -> None:
        flow = self._flow
        read = sum(r.read for r in flow.readings())
        proposal = flow.prepared.proposal if flow.prepared is not None else None
        rejected = proposal.rejected if proposal is not None else sum(r.rejected for r in flow.readings())
        left_out = proposal.left_out if proposal is not None else 0
        doubts = len(proposal.review) if proposal is not None else 0
        sentences = [
            trn("{count} row read.", "{count} rows read.", read),
            trn("{count} row cannot be imported as it is.", "{count} rows cannot be imported as they are.", rejected)
            if rejected
            else tr("All can be imported.")
            if not doubts
            else "",
        ]
        if left_out:
            sentences.append(trn("{count} cell is left out.", "{count} cells are left out.", left_out))
        if doubts:
            sentences.append(trn("{count} question waits in Compare.", "{count} questions wait in Compare.", doubts))
        for state, shown in ((self._fine, not doubts), (self._asks, bool(doubts))):
            state.setVisible(shown and not self.list.shown)
        self.summary.setText(" ".join(filter(None, sentences)))
        self.export.setVisible(bool(rejected) or bool(flow.workbooks and self.list.shown))

    def _choose(self, name: str) -> None:
        self._stack.setCurrentWidget(self._pages[name])
        if name == NEAR:
            self.near.look()
        elif name == NEW:
            self.names.look()

    def _problems_chosen(self, alike: AlikeProblems) -> None:
        if self.tabs.current == PROBLEMS:
            self.problems_chosen.emit(alike)

    def _value_chosen(self, group: NearValues, text: str) -> None:
        if self.tabs.current == NEAR:
            self.value_chosen.emit(group, text)

    def _name_chosen(self, name: NewName) -> None:
        if self.tabs.current == NEW:
            self.name_chosen.emit(name)
