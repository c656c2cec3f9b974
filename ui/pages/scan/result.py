"""What a scan found, in tabs under a verdict: the findings, what would change, and the state of each collector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.imports.proposal_details import ProposalDetails
from app.scans import ScanVerdict
from cmdb.model.formats import Plain, listing
from cmdb.model.messages import Message, tr, trn
from ui.context import Context
from ui.pages.scan.findings import name_of, sections
from ui.pages.scan.panels import Collectors, Findings, elevated_text
from ui.proposals.view import ProposalView
from ui.proposals.words import meanwhile, set_aside
from ui.widgets.card import Card
from ui.widgets.labels import ElidedText, Text, as_heading
from ui.widgets.layout import STRETCH, column, row
from ui.widgets.notice import InlineMessage
from ui.widgets.page_states import Skeleton
from ui.widgets.pill import Pill
from ui.widgets.shown_stack import ShownStack
from ui.widgets.tabs import Tabs

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.reconciliation.proposal import Proposal
    from importers.discovery import Inventory

_VERDICTS = {
    "new": (Message("new record"), "good"), "same": (Message("known"), "accent"),
    "doubt": (Message("in doubt"), "warning"), "refused": (Message("cannot be imported"), "bad"),
}  # fmt: skip


class ScanResult(QWidget):
    """Says of one scan what it found, what it would change, and then what it changed.

    ``trimmed`` fires when what is left out changes.
    """

    trimmed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        theme = context.theme
        self.findings = Findings(theme)
        self.view = ProposalView(theme, context.schema)
        self.view.trimmed.connect(self.trimmed)
        self._name, self._pill = ElidedText(""), Pill()
        as_heading(self._name, 2)
        self.why, self.drift = Text("", "muted", wrap=True), Text("", wrap=True)
        self.drift.hide()
        self.message = InlineMessage(theme)
        self._elevated = ""
        """What a scan as administrator would read besides."""
        self._compared = False
        self.tabs = Tabs(
            (("found", tr("What was found")), ("changes", tr("What would change")), ("course", tr("Collectors")))
        )
        self.tabs.chosen.connect(lambda _: self._show_tab())
        head = Card()
        head.add(row(self._name, self._pill, STRETCH))
        head.add(self.why)
        head.add(self.drift)
        head.add(self.message)
        self._wait = Card()
        self._wait.add(Skeleton(theme, 10))
        self._course = Card(tr("State of each collector"))
        self._stack = ShownStack()
        for widget in (self.findings, self.view, self._wait, self._course):
            self._stack.addWidget(widget)
        whole = column(head, self.tabs, self._stack, spacing=10)
        whole.setStretch(2, 1)
        self.setLayout(whole)

    @property
    def name(self) -> str:
        """The name of the computer."""
        return self._name.text()

    @property
    def left_out(self) -> frozenset[str]:
        """What of the changes the person leaves out."""
        return self.view.left_out

    def forget(self) -> None:
        """Forgets what was left out of the scan that was shown."""
        self.view.forget()

    def show_inventory(self, inventory: Inventory, collectors: Collectors) -> None:
        """Another scan, that is not compared yet."""
        self._course.add(collectors, 1)
        self.findings.show_sections(sections(inventory.document))
        self._name.setText(name_of(inventory.document))
        self._pill.show_status("", "neutral")
        self.why.setText(tr("Comparing with the register…"))
        self.drift.hide()
        self._elevated = elevated_text(inventory.elevate)
        self.say_elevated()
        self.tabs.choose("found")
        self.show_waiting()

    def say_elevated(self) -> None:
        """Says what a scan as administrator would read besides."""
        self.message.say(self._elevated, "warning")

    def show_waiting(self) -> None:
        """It is not known, or not any more, what the scan would change."""
        self._compared = False
        self._show_tab()

    def show_compared(
        self, prepared: ProposalDetails, verdict: ScanVerdict, refused: Message, *, may_trim: bool
    ) -> None:
        """What the scan would change. ``refused``: what others wrote meanwhile, where it was refused because of it."""
        self._compared = True
        self.view.may_trim = may_trim
        self.view.show_proposal(prepared)
        if said := meanwhile(refused, self.view.lost):
            self.message.say(said, "warning")
        word, tone = _VERDICTS[verdict.kind]
        self._name.setText(verdict.name or self.name)
        self._pill.show_status(str(word), tone)
        self.why.setText(" ".join((verdict.text, *_consequence(prepared.proposal, verdict))))
        self.drift.setText(verdict.drift_text)
        self.drift.setVisible(bool(verdict.drift))
        self._show_tab()

    def show_applied(self, applied: AppliedRevision, verdict: ScanVerdict | None) -> None:
        """What the scan changed in the register, or in the open draft."""
        self.view.set_may_trim(False)
        if not applied.number:
            self.why.setText(tr("The register already holds all of this."))
            return
        new, changed = len(applied.created), len(applied.updated)
        parts = [trn("{count} new", "{count} new", new)] if new else []
        parts += [trn("{count} changed", "{count} changed", changed)] if changed else []
        drifted = verdict.drift_text if verdict is not None else ""
        totals = listing(parts, "unit") if parts else drifted or tr("seen again")
        self.drift.setVisible(bool(parts and drifted))
        if applied.draft:
            self._pill.show_status(tr("in the draft"), "accent")
            self.why.setText(tr("{totals}. It is in the draft “{name}”.", totals=totals, name=applied.draft))
        else:
            self._pill.show_status(tr("in the register"), "good")
            number = Plain(applied.number)
            self.why.setText(tr("{totals}. Revision {number} in the history.", totals=totals, number=number))

    def _show_tab(self) -> None:
        changes = self.view if self._compared else self._wait
        widgets: dict[str, QWidget] = {"found": self.findings, "changes": changes, "course": self._course}
        self._stack.setCurrentWidget(widgets[self.tabs.current])


def _consequence(proposal: Proposal, verdict: ScanVerdict) -> list[str]:
    """What follows from the verdict, in sentences."""
    if verdict.kind == "doubt":
        return [tr("It is decided under Review once the rest is applied.")]
    sentences = [tr("{counts}.", counts=listing(parts, "unit"))] if (parts := set_aside(proposal)) else []
    if verdict.changed:
        sentences.insert(0, trn("{count} value would change.", "{count} values would change.", verdict.changed))
    if verdict.kind == "same" and not (sentences or verdict.drift):
        sentences = [tr("Nothing about it has changed.")]
    return sentences
