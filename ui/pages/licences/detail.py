"""One position beside the table: its verdict in sentences, and the evidence for every number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.licences.exceptions import exceptions_about
from app.licences.position_order import VERDICTS, key_of
from cmdb.licences import labels
from cmdb.licences.labels import label
from cmdb.model.formats import number
from cmdb.model.messages import EMPTY, Message, tr, trn
from ui.context import Context
from ui.pages.licences import evidence, words
from ui.pages.licences.evidence_list import EvidenceLine, EvidenceLines
from ui.pages.licences.missing_facts import MissingTab
from ui.pages.licences.note_line import NoteLine
from ui.plain_texts import plain_tip
from ui.text_size import set_sizes
from ui.widgets.buttons import IconButton, LinkButton
from ui.widgets.card import Card
from ui.widgets.labels import ElidedText, Heading, SectionLabel, Text, retone
from ui.widgets.layout import STRETCH, box, clear, column, row, scrolled
from ui.widgets.page_states import EmptyState, PageStates
from ui.widgets.pill import Pill
from ui.widgets.tabs import Tabs

if TYPE_CHECKING:
    from cmdb.licences.engine.results import ExceptionLine, Position, Positions

#: A position with more lines of evidence has them sorted in a worker.
MANY = 2_000
TABS = (
    ("demand", Message("Demand")),
    ("supply", Message("Supply")),
    ("allocation", Message("Allocation")),
    ("missing", Message("Missing")),
    ("actions", Message("To do")),
)
#: Shown where a tab has no lines.
_NOTHING = {
    "demand": Message("Nothing that is counted needs it."),
    "supply": Message("Nothing of it was bought. Import the purchase, or add an entitlement in Assets."),
    "allocation": Message("Nothing is covered, so there is nothing to tell."),
    "actions": EMPTY,
}


#: The same of a position that needs no licence, though it may be installed.
_OF_EXEMPT = {
    "demand": Message("Where it is installed, it needs no licence: nothing is counted."),
    "supply": Message("Nothing of it has to be bought."),
    "allocation": Message("It needs no licence, so none is given to it."),
    "actions": EMPTY,
}


class PositionDetail(Card):
    """Shows one position. ``closed`` fires when it is closed."""

    closed = Signal()
    noted = Signal(str)
    """The exceptions about a product were requested."""

    def __init__(self, context: Context) -> None:
        super().__init__(margins=(0, 14, 0, 0))
        self._context = context
        self.position: Position | None = None
        self._name, self._verdict, self._line = Heading("", 1), Pill(), ElidedText("", "muted")
        self._name.setWordWrap(True)
        self.close_button = IconButton(context.theme, "close", tr("Close the details"), self.closed.emit, size=24)
        self.close_button.hide()
        self.setFocusProxy(self.close_button)
        self._figures = QHBoxLayout()
        self._figures.setSpacing(4)
        self._sentences = Text("", wrap=True)
        self._sum = Text("", "muted", wrap=True)
        for text in (self._sentences, self._sum):
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._whole = scrolled(box(column(self._sum, STRETCH)), tr("Calculation"))
        set_sizes(self._whole, height=220)
        self._whole.hide()
        self._today = Text("", "", "accent", wrap=True)
        self._today.hide()
        self._toggle = LinkButton(tr("Show the whole sum"), self._toggle_sum)
        self._notes = LinkButton("", self._open_notes, hint=tr("Show them in the list of exceptions"))
        self.note = NoteLine(context)
        for link in (self._toggle, self._notes):
            retone(link, "accent")
        self.tabs = Tabs(tuple((name, str(title)) for name, title in TABS))
        self.tabs.chosen.connect(self._choose)
        self.lists = {
            name: EvidenceLines(context.theme, str(title)) for name, title in TABS if name not in ("missing",)
        }
        for lines in self.lists.values():
            lines.opened.connect(context.shell.open_ci)
        self.missing = MissingTab(context)
        self.missing.left.connect(self.tabs.setFocus)
        self._head: dict[str, Text] = {}
        self._filled: set[str] = set()
        self._todo = QVBoxLayout()
        self._stack = QStackedWidget()
        self._pages: dict[str, QWidget] = {name: self._page(name) for name, _ in TABS}
        for page in self._pages.values():
            self._stack.addWidget(page)
        self._lay_out()
        self.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back to the list."""
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        head = row(self._name, self._verdict, self.close_button)
        head.setStretch(0, 1)
        links = row(self._toggle, self._notes, self.note.link, STRETCH, spacing=12)
        said = (self._today, self._sentences, self.note, links, self._whole)
        top = column(head, self._line, 4, self._figures, 4, *said, 2, self.tabs, spacing=4, margins=(16, 0, 16, 0))
        content = column(top, spacing=0)
        content.addWidget(self._stack, 1)
        self._states = PageStates(self._context.theme, box(content))
        self.add(self._states, 1)

    def _page(self, name: str) -> QWidget:
        if name == "missing":
            return self.missing
        head = self._head[name] = Text("", "muted", wrap=True)
        inner = column(spacing=0)
        if name == "actions":
            self._todo.setSpacing(8)
            inner.addLayout(column(self._todo, margins=(16, 10, 16, 0)))
        inner.addLayout(column(head, margins=(16, 8, 16, 4)))
        inner.addWidget(self.lists[name], 1000)
        inner.addStretch(1)
        return box(inner)

    # -- showing ----------------------------------------------------------------------------------------------------

    def clear(self) -> None:
        """Nothing is chosen."""
        self.position = None
        text = tr("Choose one in the table to see what needs it, what covers it, and why.")
        self._states.empty(EmptyState(self._context.theme, "licences", tr("No position chosen"), text))

    def show_position(self, position: Position, found: Positions) -> None:
        """Shows a position of the positions found."""
        same = self.position is not None and key_of(self.position) == key_of(position)
        if same and position == self.position:
            self.missing.show_position(position)
            return
        focused = QApplication.focusWidget()
        in_tabs = focused is not None and self.tabs.isAncestorOf(focused)
        self.position = position
        self._name.setText(position.title)
        self._verdict.show_status(label(labels.VERDICTS, position.verdict), VERDICTS[position.verdict])
        pack = str(labels.pack_size(position.pack, position.unit)) if position.pack > 1 else ""
        unit = tr("counted in {units}", units=words.units(position.unit)) if position.unit else ""
        metric = label(labels.METRICS, position.metric)
        self._line.setText(" · ".join(part for part in (position.publisher, metric, unit, pack) if part))
        self._show_figures(position)
        self._sentences.setText(" ".join(words.sentences(position)))
        counted = position.verdict != "exempt"
        self._sum.setText("\n".join(words.whole_sum(position)) if counted else "")
        self._toggle.setVisible(counted)
        self.note.show_position(position)
        if not same:
            self._whole.hide()
            self._toggle.setText(tr("Show the whole sum"))
        notes = exceptions_about(position, found.exceptions)
        self._fill(position, notes)
        self._choose_tab(position, same)
        if in_tabs:
            self.tabs.setFocus()  # the tab that had it may be gone: "Missing", once nothing is
        self._states.content()

    def show_today(self, figures: str) -> None:
        """Says how the position is without the open draft; "": the same, or no draft is open."""
        self._today.setText(tr("Without the draft: {figures}.", figures=figures) if figures else "")
        self._today.setVisible(bool(figures))

    def _show_figures(self, position: Position) -> None:
        clear(self._figures)
        shown = (
            (tr("Entitled"), words.owned(position), ""),
            (tr("Needed"), number(position.needed), "warning" if position.verdict == "unknown" else ""),
            (tr("Covered"), number(position.covered), ""),
            (tr("Short"), number(position.short), "bad" if position.short else ""),
            (tr("Spare"), number(position.spare), ""),
        )
        for title, figure, tone in shown if position.verdict != "exempt" else ():
            heading = Heading(figure, 2)
            heading.set_tone(tone)
            units = words.units(position.unit)
            heading.setToolTip(plain_tip(tr("{title}: {figure} {units}", title=title, figure=figure, units=units)))
            self._figures.addWidget(box(column(SectionLabel(title), heading, spacing=1)), 1)

    def _fill(self, position: Position, notes: list[ExceptionLine]) -> None:
        self._filled.clear()
        clear(self._todo)
        for action in position.actions:
            self._todo.addWidget(evidence.todo(self._context.theme, action))
        self.missing.show_position(position)
        numbers = {
            "demand": len(position.demand),
            "supply": len(position.supply),
            "allocation": len(position.allocation),
            "missing": len(position.missing),
            "actions": len(position.actions),
        }
        for name, title in TABS:
            counted = tr("{title} {number}", title=title, number=numbers[name])
            self.tabs.set_title(name, counted if numbers[name] else str(title), str(title))
        self.tabs.set_shown("missing", bool(position.missing))
        self._notes.setText(trn("{count} exception", "{count} exceptions", len(notes)))
        self._notes.setVisible(bool(notes))
        self.tabs.set_shown("actions", bool(position.actions))

    def _fill_list(self, name: str, position: Position) -> None:
        """The lines of one tab; created when it is first shown, because a position may have many lines."""
        make = {
            "demand": evidence.demand,
            "supply": evidence.supply,
            "allocation": evidence.allocation,
            "actions": evidence.harvest,
        }[name]
        self._filled.add(name)
        if len(position.demand) + len(position.allocation) <= MANY:
            self._show_list(name, position, make(position))
            return
        self._head[name].setText(tr("Sorting…"))
        self._head[name].show()
        self._context.tasks.run(
            lambda: make(position),
            lambda lines: self._show_list(name, position, lines) if position is self.position else None,
            key=("licences", name, id(self)),
            owner=self,
        )

    def _show_list(self, name: str, position: Position, lines: list[EvidenceLine]) -> None:
        self.lists[name].show_lines(lines)
        self.lists[name].setVisible(bool(lines))
        nothing = _OF_EXEMPT if position.verdict == "exempt" else _NOTHING
        said = evidence.heading(name, position) if lines else str(nothing[name])
        self._head[name].setText(said)
        self._head[name].setVisible(bool(self._head[name].text()))

    def _choose_tab(self, position: Position, same: bool) -> None:
        shown = {"missing": bool(position.missing), "actions": bool(position.actions)}
        wanted = self.tabs.current if same else ("missing" if position.verdict == "unknown" else self.tabs.current)
        if not same and wanted == "missing" and position.verdict != "unknown":
            wanted = "demand"
        if not shown.get(wanted, True):
            wanted = "demand"
        self.tabs.choose(wanted)
        self._choose(wanted)

    def _choose(self, name: str) -> None:
        if self.position is not None and name in self.lists and name not in self._filled:
            self._fill_list(name, self.position)
        self._stack.setCurrentWidget(self._pages[name])

    def _open_notes(self) -> None:
        if self.position is not None:
            self.noted.emit(self.position.product)

    def _toggle_sum(self) -> None:
        self._whole.setVisible(self._whole.isHidden())
        self._toggle.setText(tr("Show the whole sum") if self._whole.isHidden() else tr("Hide the whole sum"))
