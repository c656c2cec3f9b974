"""The side sheet that gives many questions of one kind one answer, with what becomes of each."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QListWidget, QWidget

from app.reviews.bulk_decisions import bulk_answers, outcome_words
from app.reviews.inbox import ReviewQuestion
from cmdb.model.messages import tr, trn
from cmdb.model.schema import Schema
from ui.plain_texts import plain_tip
from ui.widgets.buttons import PrimaryButton
from ui.widgets.labels import SectionLabel, Text
from ui.widgets.layout import column


class BulkSheet(QWidget):
    """The answers, and a line per question. ``decide`` (questions, choice) is called once."""

    def __init__(
        self,
        schema: Schema,
        questions: tuple[ReviewQuestion, ...],
        decide: Callable[[tuple[ReviewQuestion, ...], str], object],
    ) -> None:
        super().__init__()
        self._questions = questions
        self.answers = QComboBox()
        self.answers.setAccessibleName(tr("Answer"))
        for choice, title in bulk_answers(schema, questions[0]):
            self.answers.addItem(str(title), choice)
        self.lines = QListWidget()
        self.lines.setAccessibleName(tr("What becomes of each"))
        self.lines.setWordWrap(True)
        self.button = PrimaryButton(
            trn("Decide {count} question", "Decide {count} questions", len(questions)),
            lambda: decide(questions, str(self.answers.currentData())),
        )
        self.button.setToolTip(plain_tip(tr("One change, which can be taken back as one")))
        question = Text(str(questions[0].question) if len({q.question for q in questions}) == 1 else "", wrap=True)
        if not question.text():
            question.hide()
        content = column(
            question,
            SectionLabel(tr("Answer")),
            self.answers,
            SectionLabel(tr("What becomes of each")),
            self.lines,
            spacing=8,
        )
        content.setStretch(content.count() - 1, 1)
        self.setLayout(content)
        self.answers.currentIndexChanged.connect(self._fill)
        self._fill()

    def _fill(self) -> None:
        choice = str(self.answers.currentData())
        self.lines.clear()
        self.lines.addItems([str(outcome_words(question, choice)) for question in self._questions])
