"""The detail beside a proposal's table: one record with its old and new values, and where it was read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from cmdb.model.messages import Message, in_context, tr
from ui.plain_texts import plain_tip
from ui.proposals.words import NOT_ITS_VALUES, ProposalWords, origin_text
from ui.text_size import set_sizes
from ui.theme import Theme
from ui.widgets.buttons import Button
from ui.widgets.labels import BreakingText, ElidedText, SectionLabel, Text, as_heading
from ui.widgets.layout import STRETCH, clear, column, row, scrolled
from ui.widgets.page_states import Icon
from ui.widgets.pill import Pill

if TYPE_CHECKING:
    from cmdb.reconciliation.match_verdicts import MatchEvidence
    from cmdb.reconciliation.proposal import Change, Option, Review

_STATES = {
    "new": (Message("new"), "good"), "changed": (Message("changed"), "accent"),
    "unchanged": (Message("unchanged"), "neutral"),
}  # fmt: skip
_LEFT_OUT = (Message("left out"), "neutral")


#: The answers that name no record.
_ANSWERS = {
    "new": Message("A new record"), "together": Message("They are one record"),
    "separate": Message("Each is one of its own"), "ignore": in_context("verb", "Ignore"),
}  # fmt: skip


class ProposalDetail(QWidget):
    """Shows what is selected in the table. ``toggle`` leaves a record out, or includes it again.

    ``answered`` (question, choice) and ``mend_wanted`` (question) fire where questions can be decided here.
    """

    answered = Signal(object, str)
    mend_wanted = Signal(object)

    def __init__(self, theme: Theme, toggle: Callable[[], object]) -> None:
        super().__init__()
        self._theme = theme
        self._title = ElidedText("")
        as_heading(self._title, 2)
        self._title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._pill = Pill()
        self._under = Text("", "muted", wrap=True)
        self._body = QVBoxLayout()
        self._body.setSpacing(4)
        inner = QWidget()
        inner.setLayout(column(self._body, STRETCH, margins=(0, 8, 8, 0)))
        self._toggle = Button(tr("Leave out"), toggle, hint=tr("Not part of what is applied  (Del)"))
        self._toggle.hide()
        self.setLayout(
            column(
                row(self._title, self._pill),
                self._under,
                scrolled(inner, tr("Details")),
                row(self._toggle, STRETCH),
                spacing=2,
            )
        )

    def show_nothing(self, text: str) -> None:
        """Nothing is selected."""
        self._begin("", text)
        self._toggle.hide()

    def show_text(self, title: str, under: str, text: str) -> None:
        """Of something that is told in one sentence."""
        self._begin(title, under)
        self._toggle.hide()
        self._body.addWidget(Text(text, wrap=True))

    def show_change(self, words: ProposalWords, change: Change, out: bool, may_leave_out: bool) -> None:
        """A record of the proposal; ``out``: it is left out."""
        self._begin(change.name, f"{words.cls(change.cls)} · {_from(words, change)}".rstrip(" ·"))
        word, tone = _LEFT_OUT if out else _STATES[change.state]
        self._pill.show_status(str(word), tone)
        self._toggle.setText(tr("Include again") if out else tr("Leave out"))
        self._toggle.setVisible(may_leave_out)
        cells = change.cells
        if cells:
            self._grid(words, change)
        elif change.state != "changed":
            self._body.addWidget(Text(tr("All values are known already."), "muted", wrap=True))
        if change.state == "changed" and all(cell.attribute == "last_seen" for cell in cells):
            self._body.addWidget(Text(str(NOT_ITS_VALUES), "muted", wrap=True))
        if change.deviations:
            self._section(tr("Read, but not used"))
            for one in change.deviations:
                self._body.addWidget(Text(words.deviation(change.cls, one), "muted", wrap=True))
        if len(change.origins) > 1:
            self._section(tr("Read in"))
            for origin in change.origins[:12]:
                self._body.addWidget(ElidedText(origin_text(origin), "muted"))

    def show_reject(self, title: str, place: str, cells: list[tuple[str, str]], reasons: list[str]) -> None:
        """A rejected row: the reasons, and its cells."""
        self._begin(title, place)
        self._pill.show_status(tr("rejected"), "bad")
        self._toggle.hide()
        for reason in reasons:
            self._body.addWidget(Text(reason, tone="bad", wrap=True))
        if cells:
            self._section(tr("The row"))
            self._pairs(cells)

    def show_review(self, words: ProposalWords, review: Review, may_answer: bool = False) -> None:
        """A question that a person has to decide: here if they may, otherwise once the proposal is applied."""
        self._begin(review.name, words.cls(review.cls))
        self._pill.show_status(tr("in doubt"), "warning")
        self._toggle.hide()
        self._body.addWidget(Text(str(review.question), wrap=True))
        for option in review.options:
            if option.uid:
                self._section(f"{option.choice}  {option.name}")
                self._body.addWidget(EvidenceList(self._theme, option.evidence))
                self._answer_button(review, option, tr("It is this one"), may_answer)
            elif option.choice.isdigit():
                self._section(tr("Choice {number}", number=option.choice))
                self._body.addWidget(Text(str(option.text), wrap=True))
                self._answer_button(review, option, tr("This row is right"), may_answer)
        self._body.addSpacing(8)
        if not may_answer:
            self._body.addWidget(Text(tr("Decide it under Review once the rest is applied."), "muted", wrap=True))
            return
        self._section(tr("Otherwise"))
        for option in review.options:
            if not option.uid and not option.choice.isdigit():
                words_of = _ANSWERS.get(option.choice)
                self._answer_button(review, option, str(words_of or option.text), True)
        if any(origin.row for origin in review.origins):
            mend = Button(
                tr("Correct the rows…"), lambda: self.mend_wanted.emit(review), icon="edit", theme=self._theme
            )
            mend.setToolTip(plain_tip(tr("Shows them in Check: if a value is mended, each may be right")))
            self._body.addLayout(row(mend, STRETCH))

    def _answer_button(self, review: Review, option: Option, title: str, shown: bool) -> None:
        if shown:
            hint = str(option.text)
            button = Button(title, lambda: self.answered.emit(review, option.choice), hint=hint)
            self._body.addLayout(row(button, STRETCH))

    # -- parts ------------------------------------------------------------------------------------------------------

    def _begin(self, title: str, under: str) -> None:
        clear(self._body)
        self._title.setText(title)
        self._under.setText(under)
        self._pill.show_status("", "neutral")

    def _section(self, text: str) -> None:
        self._body.addSpacing(10)
        self._body.addWidget(SectionLabel(text))

    def _pairs(self, cells: list[tuple[str, str]]) -> None:
        grid = _grid()
        for number, (label, value) in enumerate(cells):
            grid.addWidget(_label(label), number, 0)
            grid.addWidget(_value(value), number, 1)
        self._body.addLayout(grid)

    def _grid(self, words: ProposalWords, change: Change) -> None:
        grid = _grid()
        line = 0
        for cell in change.cells:
            if cell.attribute in ("name",) and change.state == "new":
                continue
            grid.addWidget(_label(words.label(change.cls, cell.attribute)), line, 0)
            after = words.value(change.cls, cell.attribute, cell.after)
            if change.state == "new":
                grid.addWidget(_value(after), line, 1)
            else:
                before = words.value(change.cls, cell.attribute, cell.before)
                old = _value(before, "muted")
                grid.addWidget(old, line, 1)
                line += 1
                arrow = ElidedText(f"→ {after}", tone="accent")
                arrow.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
                grid.addWidget(arrow, line, 1)
            line += 1
        self._body.addLayout(grid)


class EvidenceList(QWidget):
    """The evidence for and against two things being the same."""

    def __init__(self, theme: Theme, lines: tuple[MatchEvidence, ...] | list[MatchEvidence]) -> None:
        super().__init__()
        parts = []
        for line in lines:
            icon = Icon(theme, "check" if line.agrees else "close", "good" if line.agrees else "bad", 16)
            text = BreakingText(str(line.text))
            text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            icon.setAccessibleName(tr("agrees") if line.agrees else tr("disagrees"))
            parts.append(row(icon, text, spacing=6))
        if not parts:
            parts.append(row(Text(tr("No evidence except the rows themselves."), "muted"), STRETCH))
        self.setLayout(column(*parts, spacing=4))


def _from(words: ProposalWords, change: Change) -> str:
    return origin_text(change.origins[0]) if change.origins else words.origin(change)


def _grid() -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(4)
    grid.setColumnMinimumWidth(0, 128)
    grid.setColumnStretch(1, 1)
    return grid


def _label(text: str) -> ElidedText:
    label = ElidedText(text, "muted")
    set_sizes(label, width=128)
    return label


def _value(text: str, role: str = "") -> ElidedText:
    value = ElidedText(text, role)
    value.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    value.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
    return value
