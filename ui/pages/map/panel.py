"""The right panel: the chosen item, what happens and why, and the outline."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from app.impact.dependencies import Dependencies, ProposedGroup, RequiredGroup
from app.impact.next_losses import CriticalLoss
from app.map.answer import MapAnswer, MapEntry
from app.map.counts_in_words import counts_in_words
from cmdb.model.formats import listing
from cmdb.model.messages import counted, tr, trn
from ui.graph.state_styles import LOOKS
from ui.pages.map.outline import MapOutline
from ui.theme import Theme
from ui.widgets.buttons import Button, IconButton, LinkButton
from ui.widgets.card import Card
from ui.widgets.labels import Hairline, Heading, SectionLabel, Text
from ui.widgets.layout import STRETCH, box, clear, column, row, scrolled
from ui.widgets.pill import Pill
from ui.widgets.tabs import Tabs

#: How many CIs are explained one by one, and how many are listed; the outline has more.
EXPLAINED, LISTED = 24, 12


class MapPanel(Card):
    """The answer in words, beside the drawing. Signals carry uids; ``failed``: a CI is to fail, or to work again."""

    picked = Signal(str)
    failed = Signal(str)
    started = Signal(str)
    opened = Signal(str)
    offered = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(margins=(16, 4, 8, 12))
        self._theme = theme
        self.answer: MapAnswer | None = None
        self.outline = MapOutline(theme)
        self._tabs = Tabs((("why", tr("Why")), ("outline", tr("Outline"))))
        self._chosen, self._facts, self._story = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        self._losses = QVBoxLayout()
        for layout in (self._chosen, self._facts, self._story, self._losses):
            layout.setSpacing(4)
        words = column(self._chosen, self._facts, self._story, self._losses, STRETCH, spacing=4, margins=(0, 8, 8, 8))
        inner = box(words)
        inner.setStyleSheet('QPushButton[kind="link"] { padding: 0 3px 0 0; }')  # names stand in line with the text
        self._area = scrolled(inner)
        self._pages = QStackedLayout()
        self._pages.addWidget(self._area)
        self._pages.addWidget(self.outline)
        self.add(self._tabs)
        self.body.addLayout(self._pages, 1)
        self._tabs.chosen.connect(self.show_tab)

    def show_tab(self, name: str) -> None:
        """Shows "why" or "outline"."""
        self._tabs.choose(name)
        self._pages.setCurrentIndex(1 if name == "outline" else 0)

    # -- the answer -------------------------------------------------------------------------------------------------

    def show_answer(self, answer: MapAnswer) -> None:
        """Shows the consequences and reasons; nothing without a failure."""
        self.answer = answer
        self.outline.show_answer(answer)
        clear(self._story)
        clear(self._losses)
        if answer.fails:
            self._tell(answer)
        if answer.errors:
            self._story.addSpacing(8)
            self._story.addWidget(SectionLabel(tr("Data errors")))
            for text in answer.errors[:LISTED]:
                self._story.addWidget(Text(str(text), "muted", "warning", wrap=True))

    def _tell(self, answer: MapAnswer) -> None:
        self._story.addWidget(Heading(tr("What happens, and why"), 2))
        self._story.addSpacing(4)
        if answer.today is not None:
            self._compare(counts_in_words(answer.counts), counts_in_words(answer.today))
        entries = [e for e in answer.entries if e.state in ("down", "exhausted", "degraded")]
        if not any(answer.counts.get(state, 0) for state in LOOKS if state not in ("failed", "up")):
            self._story.addWidget(Text(tr("Nothing else is hit."), "muted", wrap=True))
        for entry in entries[:EXPLAINED]:
            self._explain(entry)
        told = sum(answer.counts.get(state, 0) for state in ("down", "exhausted", "degraded"))
        self._and_more(self._story, told - min(len(entries), EXPLAINED))
        risky = [entry for entry in answer.entries if entry.state == "at_risk"]
        if risky:
            self._story.addSpacing(8)
            self._story.addWidget(SectionLabel(tr("At risk")))
            for entry in risky[:LISTED]:
                link = self._link(entry.uid, entry.name)
                self._story.addLayout(row(link, Text(entry.label, "small"), STRETCH, spacing=4))
            self._and_more(self._story, answer.counts.get("at_risk", 0) - min(len(risky), LISTED))

    def _compare(self, drafted: str, today: str) -> None:
        """The counts with the open draft beside those without it."""
        same = drafted == today
        text = tr("The same with the draft and without it: {counts}.", counts=today)
        if not same:
            text = tr("With the draft: {drafted}. Today: {today}.", drafted=drafted, today=today)
        self._story.addWidget(Text(text, "", "" if same else "accent", wrap=True))
        self._story.addSpacing(6)

    def _explain(self, entry: MapEntry) -> None:
        look = LOOKS[entry.state]
        link = self._link(entry.uid, entry.name, bold=True)
        self._story.addLayout(row(link, Pill(str(look.word), look.tone), STRETCH, spacing=4))
        self._story.addWidget(Text(entry.why, "muted", wrap=True))
        self._story.addSpacing(6)

    def show_losses(self, losses: Sequence[CriticalLoss] | None, every: bool = True) -> None:
        """Shows the CIs that cannot be lost next, ``every`` one or those found in time; None during the search."""
        clear(self._losses)
        if self.answer is None or not self.answer.fails:
            return
        self._losses.addSpacing(8)
        self._losses.addWidget(SectionLabel(tr("Next critical failures")))
        if losses is None:
            self._losses.addWidget(Text(tr("Trying each …"), "faint"))
        elif not losses and every:
            self._losses.addWidget(
                Text(tr("No single further loss takes down more than it would anyway."), "muted", wrap=True)
            )
        for loss in losses or ():
            self._losses.addWidget(Text(_loss_text(loss), "", wrap=True))
            self._losses.addSpacing(4)
        if losses is not None and not every:
            self._losses.addWidget(Text(tr("There may be others: the search was cut short."), "faint", wrap=True))

    def _and_more(self, layout: QVBoxLayout, rest: int) -> None:
        if rest > 0:
            button = LinkButton(trn("and {count} more", "and {count} more", rest), lambda: self.show_tab("outline"))
            layout.addLayout(row(button, STRETCH))

    # -- the chosen item --------------------------------------------------------------------------------------------

    def show_chosen(self, ci: int | None) -> None:
        """The CI that is selected on the map, with its proof and its path."""
        clear(self._chosen)
        clear(self._facts)
        answer = self.answer
        if answer is None or ci is None or ci not in answer.uids:
            return
        uid, state = answer.uids[ci], answer.state(ci)
        look, node = LOOKS[state], answer.picture.nodes.get(ci)
        self._chosen.addLayout(
            row(Heading(answer.names[ci], 2), Pill(str(look.word) if answer.fails else "", look.tone), STRETCH)
        )
        if node is not None:
            self._chosen.addWidget(Text(node.detail, "muted", wrap=True))
        entry = next((e for e in answer.entries if e.id == ci), None)
        if entry is not None:
            self._chosen.addWidget(Text(entry.why, "", wrap=True))
            trail = answer.trail(ci)
            if len(trail) > 1:
                names = " → ".join(answer.names.get(step, "…") for step in trail)
                self._chosen.addWidget(Text(names, "muted", look.tone, wrap=True))
        fails = state == "failed"
        verb = tr("Works again") if fails else tr("Fail this")
        fail = Button(verb, lambda: self.failed.emit(uid), icon="power", theme=self._theme)
        self._chosen.addSpacing(4)
        start = Button(tr("Start here"), lambda: self.started.emit(uid))
        open_ = IconButton(self._theme, "open", tr("Open in Assets"), lambda: self.opened.emit(uid))
        self._chosen.addLayout(row(fail, start, open_, STRETCH, spacing=6))
        self._chosen.addSpacing(6)

    def show_dependencies(self, facts: Dependencies) -> None:
        """Shows the chosen CI's dependencies, dependents, and single points of failure."""
        clear(self._facts)
        for proposed in facts.proposed:
            self._facts.addLayout(self._offer(proposed))
        if facts.needs:
            self._facts.addWidget(SectionLabel(tr("Needs")))
            for need in facts.needs[:LISTED]:
                self._facts.addLayout(self._need(need))
            self._rest(facts.groups - min(LISTED, len(facts.needs)))
        self._facts.addSpacing(4)
        self._facts.addWidget(SectionLabel(tr("Needed by")))
        self._facts.addWidget(Text(_directly(facts.needed_by), "muted"))
        self._facts.addSpacing(4)
        self._facts.addWidget(SectionLabel(tr("Single points of failure")))
        if facts.single_points:
            for uid, name in facts.single_points[:LISTED]:
                self._facts.addLayout(row(self._link(uid, name), STRETCH))
            self._rest(facts.points - min(LISTED, len(facts.single_points)))
        else:
            self._facts.addWidget(Text(tr("No other single item takes it down."), "muted", wrap=True))
        if facts.pairs or not facts.pairs_complete:
            self._facts.addSpacing(4)
            self._facts.addWidget(SectionLabel(tr("Pairs that take it down")))
            for pair in facts.pairs[:LISTED]:
                self._facts.addWidget(Text(" + ".join(pair), "muted", wrap=True))
            self._rest(len(facts.pairs) - LISTED)
            if not facts.pairs_complete:
                self._facts.addWidget(Text(tr("There may be others: the search was cut short."), "faint", wrap=True))
        self._facts.addSpacing(4)
        self._facts.addWidget(Hairline())
        self._facts.addSpacing(6)

    def _need(self, need: RequiredGroup) -> QVBoxLayout:
        links = [row(self._link(uid, name), STRETCH) for uid, name in need.members]
        text = need.text if need.hard else tr("{group} (works without, but worse)", group=need.text)
        more = need.size - len(need.members)
        rest = [Text(trn("and {count} more", "and {count} more", more), "faint")] if more else []
        return column(Text(str(text), "muted", wrap=True), *links, *rest, spacing=0)

    def _offer(self, proposed: ProposedGroup) -> QVBoxLayout:
        text = Text(tr("These may replace each other: {group}", group=proposed.text), "muted", wrap=True)
        return column(text, row(Button(tr("Record it"), lambda: self.offered.emit(proposed)), STRETCH), 6, spacing=4)

    def _rest(self, rest: int) -> None:
        if rest > 0:
            self._facts.addWidget(Text(trn("and {count} more", "and {count} more", rest), "faint"))

    def _link(self, uid: str, name: str, *, bold: bool = False) -> QWidget:
        button = LinkButton(name, lambda: self.picked.emit(uid))
        if bold:
            button.setFont(self._theme.font(weight=QFont.Weight.DemiBold))
        return button


def _directly(number: int) -> str:
    return trn("{count} directly", "{count} directly", number) if number else tr("nothing")


def _loss_text(loss: CriticalLoss) -> str:
    """As in: host-a, sw-1 or PDU-A: each takes down Payroll, Mail and 7 more."""
    names = [name for _, name in loss.cis[:6]]
    rest, more = loss.several - len(names), loss.count - len(loss.takes_down[:3])
    lost: object = listing(loss.takes_down[:3])
    if more > 0:
        lost = counted("{names} and {count} more", "{names} and {count} more", more, names=loss.takes_down[:3])
    if len(loss.cis) == 1:
        return tr("{name}: takes down {lost}", name=names[0], lost=lost)
    each: object = listing(names, "or")
    if rest > 0:
        each = counted("{names} or {count} more", "{names} or {count} more", rest, names=tuple(names))
    return tr("{names}: each takes down {lost}", names=each, lost=lost)
