"""The fourth step: the proposal, and the choices that apply to all of it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from app.freeing import free_in_slices
from app.imports.proposal_details import ProposalDetails
from cmdb.model.formats import listing
from cmdb.model.messages import EMPTY, Message, tr, trn
from cmdb.model.record_kinds import life_cycles_counted
from cmdb.model.schema import Schema
from ui.context import Context
from ui.pages.import_.flow import ImportFlow
from ui.pages.import_.missing import all_or_nothing
from ui.plain_texts import plain_tip
from ui.proposals.view import ProposalView
from ui.proposals.words import meanwhile
from ui.widgets.buttons import LinkButton
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import ElidedText
from ui.widgets.layout import box, column, row
from ui.widgets.notice import InlineMessage
from ui.widgets.page_states import EmptyState, Icon
from ui.widgets.tabs import Segments


class CompareView(QWidget):
    """The changes, in tabs. ``changed`` fires when what would be applied changes, ``mend_wanted`` (a question)
    when its rows are to be corrected.
    """

    changed = Signal()
    mend_wanted = Signal(object)

    def __init__(self, context: Context, flow: ImportFlow) -> None:
        super().__init__()
        self._context = context
        self._flow = flow
        theme = context.theme
        self.view = ProposalView(theme, context.schema)
        self.view.trimmed.connect(self.changed)
        self.view.may_answer = True
        self.view.detail.answered.connect(flow.answer)
        self.view.detail.mend_wanted.connect(self.mend_wanted)
        flow.files_changed.connect(self.view.forget)
        self.creates = ElidedText("", least=180)
        self.show_created = LinkButton(tr("Show them"), self.view.show_references)
        self.creating = QCheckBox(tr("Create missing records"))
        self.creating.setChecked(True)
        self.creating.setToolTip(plain_tip(tr("Models, people and places that the rows name and the register lacks")))
        self.creating.toggled.connect(self._create)
        self.blanks = Segments((("keep", tr("Blank cells keep")), ("clear", tr("Blank cells clear"))))
        self.blanks.chosen.connect(self._clear_blanks)
        self.all = QCheckBox(tr("All rows or nothing"))
        self.all.setToolTip(plain_tip(tr("Applies nothing while any row is rejected")))
        self.all.toggled.connect(self._all_or_nothing)
        self._icon = Icon(theme, "plus", "accent", 16)
        self._named = box(row(self._icon, self.creates, self.show_created, spacing=6))
        options = QWidget()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        options.setSizePolicy(policy)
        line = FlowLayout(options, 16)
        line.right = 1
        for widget in (self._named, self.creating, self.blanks, self.all):
            line.addWidget(widget)
        self._message = InlineMessage(theme)
        self._nothing = EmptyState(
            theme, "good", tr("Nothing would change"), tr("The register already holds all of this."), token="good"
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
        held: list[Any] = [self.view.shown if self.view.shown is not prepared else None]
        self.view.show_proposal(prepared, self._flow.rejects())
        self._context.tasks.run(lambda: free_in_slices(held), lane="slow")
        text = created(self._context.schema, prepared)
        self.blanks.setVisible(bool(self._flow.taken))  # an inventory has no cells
        self.creates.setText(str(text) if text else tr("No missing records"))
        self._icon.set_icon("plus" if text else "check", "accent" if text else "good")
        self.show_created.setVisible(bool(text))
        rejected = prepared.proposal.rejected
        idle = prepared.empty and not rejected
        self.view.setVisible(not idle)
        self._nothing.setVisible(idle)
        if self._flow.all_or_nothing and rejected:
            self._message.say(str(all_or_nothing(rejected)), "warning")
        else:
            self._message.say(meanwhile(self._flow.meanwhile, self.view.lost), "warning")

    def totals(self) -> str:
        """A summary of the changes, for the button and the result: "53 new, 139 changed"."""
        counts = self.view.counts()
        parts = [trn("{count} new", "{count} new", counts["new"])] if counts["new"] else []
        parts += [trn("{count} changed", "{count} changed", counts["changed"])] if counts["changed"] else []
        prepared = self._flow.prepared
        groups = prepared.groups if prepared is not None else 0
        links = len(prepared.links) + len(prepared.software) - groups if prepared is not None else 0
        events = prepared.proposal.events if prepared is not None else 0
        if not parts and groups and not links:
            return groups_changed(groups)
        if not parts and events and not links:
            return trn("{count} event", "{count} events", events)
        cycles = prepared.proposal.life_cycles if prepared is not None else 0
        if not parts and cycles and not links:
            return str(life_cycles_counted(cycles))
        if not parts and links:
            return trn("{count} link", "{count} links", links)
        rows = prepared.row_changes() or 0 if prepared is not None else 0
        if not parts and rows:
            return trn("{count} row", "{count} rows", rows)
        return listing(parts, "unit") if parts else ""

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


def groups_changed(groups: int) -> str:
    """How many redundancy groups need another number of members."""
    return trn("{count} redundancy group changed", "{count} redundancy groups changed", groups)


def created(schema: Schema, prepared: ProposalDetails) -> Message:
    """The records that are created only because rows name them: "Creates Models (3), People (12)"; empty where nothing
    is.
    """
    found = Counter(cls for cls, _ in prepared.proposal.created_references)
    if not found:
        return EMPTY
    plurals = {cls: schema.classes[cls].plural if cls in schema.classes else cls for cls in found}
    classes = tuple(
        Message("{classes} ({count})", classes=plurals[cls], count=many) for cls, many in found.most_common()
    )
    return Message("Creates {classes}", classes=classes)
