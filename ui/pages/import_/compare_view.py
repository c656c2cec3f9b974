"""The fourth step: the proposal, with what it would create, and the choices that concern all of it."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from app.imports.proposal_details import ProposalDetails
from cmdb.model.schema import Schema
from ui.context import Context
from ui.pages.import_.flow import ImportFlow
from ui.proposals.view import ProposalView
from ui.widgets.buttons import LinkButton
from ui.widgets.dates import count, plural
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, box, column, row
from ui.widgets.notice import InlineMessage
from ui.widgets.page_states import EmptyState, Icon
from ui.widgets.tabs import Segments


class CompareView(QWidget):
    """What would change, tab by tab. ``changed`` fires when what would be applied is another."""

    changed = Signal()

    def __init__(self, context: Context, flow: ImportFlow) -> None:
        super().__init__()
        self._context = context
        self._flow = flow
        theme = context.theme
        self.view = ProposalView(theme, context.schema)
        self.view.trimmed.connect(self.changed)
        self.creates = Text("")
        self.show_created = LinkButton("Show them", self.view.show_references)
        self.creating = QCheckBox("Create what is only named")
        self.creating.setChecked(True)
        self.creating.setToolTip("Models, people and places that the rows name and the register lacks")
        self.creating.toggled.connect(self._create)
        self.blanks = Segments((("keep", "Blank cells keep"), ("clear", "Blank cells clear")))
        self.blanks.chosen.connect(self._clear_blanks)
        self.all = QCheckBox("All rows or nothing")
        self.all.setToolTip("Applies nothing while any row is rejected")
        self.all.toggled.connect(self._all_or_nothing)
        self._icon = Icon(theme, "plus", "accent", 16)
        self._named = box(row(self._icon, self.creates, self.show_created, spacing=6))
        options = row(self._named, STRETCH, self.creating, self.blanks, self.all, spacing=16)
        self._message = InlineMessage(theme)
        self._nothing = EmptyState(
            theme, "good", "Nothing would change", "The register says all of this already.", token="good"
        )
        whole = column(options, self._message, self.view, self._nothing, spacing=10)
        whole.setStretch(2, 1)
        whole.setStretch(3, 1)
        self.setLayout(whole)

    def refresh(self) -> None:
        """Shows the flow's proposal."""
        prepared = self._flow.prepared
        if prepared is None:
            return
        self.view.may_trim = self._context.editable
        self.view.show_proposal(prepared, self._flow.rejects())
        text = created(self._context.schema, prepared)
        self.creates.setText(f"Creates {text}" if text else "All that the rows name is known")
        self._icon.set_icon("plus" if text else "check", "accent" if text else "good")
        self.show_created.setVisible(bool(text))
        rejected = prepared.proposal.rejected
        idle = prepared.empty and not rejected
        self.view.setVisible(not idle)
        self._nothing.setVisible(idle)
        if self._flow.all_or_nothing and rejected:
            self._message.say(f"{plural(rejected, 'row')} rejected: mend them first, or take the good rows.", "warning")
        else:
            self._message.say("")

    def totals(self) -> str:
        """What would be applied, for the button and the result: "53 new, 139 changed"."""
        counts = self.view.counts()
        parts = [f"{count(counts[state])} {state}" for state in ("new", "changed") if counts[state]]
        links = len(self._flow.prepared.links) if self._flow.prepared is not None else 0
        return ", ".join(parts) or (plural(links, "link") if links else "")

    def _create(self, on: bool) -> None:
        self._flow.create_references = on
        self._flow.compare()

    def _clear_blanks(self, name: str) -> None:
        self._flow.set_clear_blanks(name == "clear")
        self._flow.check()

    def _all_or_nothing(self, on: bool) -> None:
        self._flow.all_or_nothing = on
        self.refresh()
        self.changed.emit()


def created(schema: Schema, prepared: ProposalDetails) -> str:
    """What is created only because rows name it, counted: "3 models, 12 people"."""
    found = Counter(cls for cls, _ in prepared.proposal.created_references)
    parts = []
    for cls, number in found.most_common():
        one = schema.classes.get(cls)
        word = (one.label if number == 1 else one.plural).lower() if one is not None else cls
        parts.append(f"{count(number)} {word}")
    return ", ".join(parts)
