"""The parts of the scan page: the collectors with their states, and the results in sections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from app.scans import READ, RUNNING
from cmdb.model.formats import listing, sentence_case
from cmdb.model.messages import Message, tr
from importers.discovery import collector
from importers.discovery.collector_words import collector_name, collector_state, counted_state, duration, elevated_part
from ui.pages.scan.findings import InventorySection
from ui.text_size import set_sizes
from ui.theme import Theme
from ui.widgets.card import Card
from ui.widgets.labels import ElidedText, Text
from ui.widgets.layout import STRETCH, box, clear, column, row, scrolled
from ui.widgets.notice import InlineMessage
from ui.widgets.page_states import Icon

if TYPE_CHECKING:
    from importers.discovery.collector import CollectorOutcome

_LOOKS = {
    collector.COLLECTED: ("check", "good"),
    READ: ("check", "good"),
    RUNNING: ("refresh", "accent"),
    collector.ABSENT: ("minus", "faint"),
    collector.TIMED_OUT: ("clock", "warning"),
    collector.NOT_PERMITTED: ("lock", "warning"),
    collector.FAILED: ("error", "bad"),
    "": ("minus", "line"),
}
_WORDS = {
    collector.ABSENT: Message("the machine has none"), READ: Message("done"), RUNNING: Message("reading…"),
    "": Message("waits"),
}  # fmt: skip


class Collectors(QWidget):
    """One line per collector, in two columns: its state, how long it took, and what prevented it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._lines: dict[str, tuple[Icon, ElidedText, Text]] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(6)
        self._elevate = InlineMessage(theme)
        self._summary = Text("", "muted")
        inner = QWidget()
        inner.setLayout(column(self._elevate, self._summary, 4, self._grid, STRETCH, spacing=8, margins=(0, 0, 8, 0)))
        self.setLayout(column(scrolled(inner)))

    def begin(self, names: Sequence[str]) -> None:
        """Shows all collectors as waiting."""
        clear(self._grid)
        self._lines = {}
        self._elevate.say("")
        self._summary.setText("")
        half = (len(names) + 1) // 2
        for number, name in enumerate(sorted(names, key=lambda name: str(collector_name(name)).casefold())):
            icon = Icon(self._theme, "minus", "line", 16)
            words = ElidedText(sentence_case(collector_name(name)))
            set_sizes(words, width=170)
            state = Text(tr("waits"), "muted", wrap=True)
            state.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            self._lines[name] = (icon, words, state)
            line = box(row(icon, words, state, spacing=10))
            set_sizes(line, least_height=24)
            self._grid.addWidget(line, number % half, number // half)

    def show_state(self, name: str, state: str, note: str = "") -> None:
        """Shows that a collector has begun or ended."""
        if name in self._lines:
            icon, _, words = self._lines[name]
            icon.set_icon(*_LOOKS.get(state, _LOOKS[""]))
            shown = str(_WORDS.get(state) or collector_state(state))
            words.setText(" · ".join(part for part in (shown, note) if part))
            tone = _LOOKS.get(state, ("", ""))[1]
            words.set_tone(tone if tone in ("warning", "bad") else "")

    def show_outcomes(self, outcomes: Sequence[CollectorOutcome], elevate: Sequence[str]) -> None:
        """Shows the final states of all collectors."""
        for one in outcomes:
            seconds = str(duration(one.seconds)) if one.state == collector.COLLECTED else ""
            parts = tuple(map(elevated_part, one.elevate))
            wanted = tr("run elevated to get {parts}", parts=parts) if parts else ""
            self.show_state(one.name, one.state, " · ".join(part for part in (seconds, str(one.note), wanted) if part))
        counts: dict[str, int] = {}
        for one in outcomes:
            counts[one.state] = counts.get(one.state, 0) + 1
        states = [counted_state(state, number) for state, number in counts.items()]
        self._summary.setText(listing(map(str, states), "unit"))
        self._elevate.say(elevated_text(elevate), "warning")

    def states(self) -> dict[str, str]:
        """Collector → the words beside it."""
        return {name: words.text() for name, (_, _, words) in self._lines.items()}


def elevated_text(parts: Sequence[str]) -> str:
    """What a scan as administrator would read besides, in a sentence; "" for nothing."""
    return tr("Run elevated to get: {parts}.", parts=tuple(map(elevated_part, parts))) if parts else ""


class Findings(QWidget):
    """The sections of an inventory as cards in two columns of similar height."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._left, self._right = QVBoxLayout(), QVBoxLayout()
        for one in (self._left, self._right):
            one.setSpacing(12)
        inner = QWidget()
        columns = row(spacing=12, margins=(0, 0, 8, 0))
        columns.addLayout(self._left, 1)
        columns.addLayout(self._right, 1)
        inner.setLayout(columns)
        self.setLayout(column(scrolled(inner)))

    def show_sections(self, sections: Sequence[InventorySection]) -> None:
        """Shows another inventory."""
        for one in (self._left, self._right):
            clear(one)
        heights = [0, 0]
        for section in sections:
            side = 0 if heights[0] <= heights[1] else 1
            heights[side] += len(section.lines) + 3
            (self._left, self._right)[side].addWidget(self._card(section))
        self._left.addStretch(1)
        self._right.addStretch(1)

    def _card(self, section: InventorySection) -> Card:
        card = Card()
        title = Text(section.title).set_bold()
        card.add(row(Icon(self._theme, section.icon, "muted", 18), title, STRETCH, Text(section.figure, "muted")))
        card.setAccessibleName(f"{section.title} {section.figure}".strip())
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnMinimumWidth(0, 120)
        grid.setColumnStretch(1, 1)
        for number, (label, value) in enumerate(section.lines):
            words = ElidedText(label, "muted")
            set_sizes(words, width=140)
            text = ElidedText(value)
            text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            grid.addWidget(words, number, 0)
            grid.addWidget(text, number, 1)
        if section.lines:
            card.body.addSpacing(4)
            card.add(grid)
        card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        return card
