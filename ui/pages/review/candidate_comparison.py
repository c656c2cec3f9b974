"""The candidates of a question side by side: evidence, then each attribute with the differences marked."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QSizePolicy, QWidget

from app.reviews.inbox import ReviewCandidate, ReviewInbox, ReviewQuestion, attributes, compared
from cmdb.model.messages import tr, trc
from cmdb.model.schema import Schema
from ui.proposals.detail import EvidenceList
from ui.proposals.words import ProposalWords
from ui.theme import Theme
from ui.widgets.buttons import LinkButton
from ui.widgets.labels import ElidedText, Hairline, Heading
from ui.widgets.layout import column, row


class CandidateComparison(QWidget):
    """A grid: one column per side, the attributes' labels on the left."""

    def __init__(
        self,
        theme: Theme,
        schema: Schema,
        inbox: ReviewInbox,
        question: ReviewQuestion,
        show: Callable[[str], object],
    ) -> None:
        super().__init__()
        self._words = ProposalWords(schema, inbox.names)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(0)
        grid.setColumnMinimumWidth(0, 116)
        sides = question.sides
        for number, side in enumerate(sides, 1):
            grid.setColumnStretch(number, 1)
            grid.addWidget(self._head(theme, side, show), 0, number, Qt.AlignmentFlag.AlignTop)
            if side.lines:
                grid.addWidget(EvidenceList(theme, side.lines), 1, number, Qt.AlignmentFlag.AlignTop)
        span = len(sides) + 1
        grid.setRowMinimumHeight(2, 10)
        line = 3
        for name in attributes(schema, question):
            grid.addWidget(Hairline(), line, 0, 1, span)
            self._attribute(grid, line + 1, name, sides)
            line += 2
        grid.addWidget(Hairline(), line, 0, 1, span)
        grid.setRowStretch(line + 1, 1)
        self.setLayout(grid)

    def _head(self, theme: Theme, side: ReviewCandidate, show: Callable[[str], object]) -> QWidget:
        title = ElidedText(side.title)
        title.setFont(Heading("", 2).font())
        title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        under = ElidedText(str(side.under), "muted")
        under.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        parts = row(under)
        if side.uid and side.values:
            parts.addWidget(LinkButton(trc("verb", "Open"), lambda: show(side.uid), hint=tr("In Assets")))
        head = QFrame()
        head.setLayout(column(title, parts, 4, spacing=2))
        return head

    def _attribute(self, grid: QGridLayout, line: int, name: str, sides: tuple[ReviewCandidate, ...]) -> None:
        cls = next((s.cls for s in sides if s.cls), "")
        label = ElidedText(self._words.label(cls, name), "muted")
        label.setFixedSize(116, 26)
        grid.addWidget(label, line, 0)
        texts = [self._words.value(s.cls or cls, name, s.values.get(name)) for s in sides]
        keys = [compared(s.values.get(name), t) if name in s.values else "" for s, t in zip(sides, texts, strict=True)]
        for number, (text, key) in enumerate(zip(texts, keys, strict=True), 1):
            differs = number > 1 and bool(key) and bool(keys[0]) and key != keys[0]
            agrees = number > 1 and bool(key) and key == keys[0]
            value = ElidedText(text, "" if key else "faint", "warning" if differs else "good" if agrees else "")
            value.setFixedHeight(26)
            value.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            value.setAccessibleDescription(tr("differs") if differs else tr("the same") if agrees else "")
            grid.addWidget(value, line, number)
