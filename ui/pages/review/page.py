"""The review inbox: the questions on the left, and the selected one with its candidates side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QMenu, QVBoxLayout, QWidget

from app.decision_kinds import CODE
from app.dependence import Dependence
from app.reviews.bulk_decisions import alike, bulk_answers, decide_all
from app.reviews.double_questions import DIFFERENT, MERGE, answer, double_questions
from app.reviews.found_pairs import found_doubles
from app.reviews.inbox import ReviewInbox, ReviewQuestion, clashing, gather
from app.reviews.open_questions import DECISIONS, DOUBLES
from app.verbs import known_verbs
from cmdb.model.errors import Cancelled, NotFound
from cmdb.model.formats import listing
from cmdb.model.messages import Message, chain, tr, trn
from cmdb.model.relative_times import ago
from ui.accessible import name_area
from ui.actions import Action, Handler, bind
from ui.context import Context
from ui.page import Page
from ui.pages.review.actions import ACTIONS
from ui.pages.review.bulk_sheet import BulkSheet
from ui.pages.review.candidate_comparison import CandidateComparison
from ui.pages.review.decided_text import decided_text
from ui.plain_texts import plain_label, plain_tip
from ui.proposals.clean_up import CleanUp
from ui.proposals.deviations import DeviationSheet
from ui.proposals.seen_dependencies import SeenDependencies
from ui.records.task_sheet import make_task
from ui.text_size import px, set_sizes
from ui.widgets.buttons import Button, LinkButton
from ui.widgets.card import Card, page_header
from ui.widgets.flow_layout import FlowLayout, flow
from ui.widgets.labels import BreakingText, ElidedText, Heading, Text
from ui.widgets.layout import STRETCH, clear, column, row, scrolled
from ui.widgets.page_states import EmptyState, PageStates
from ui.widgets.reference import ReferencePicker
from ui.widgets.verb_sheet import run_verb

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision

_ID = int(Qt.ItemDataRole.UserRole)
_MORE = "more"
_MIXED = "mixed"
_IGNORE = "ignore"
CALM = 1500
"""All records are searched for doubles again once the edits pause so long (milliseconds)."""


class ReviewPage(Page):
    """Decides one question after another. A decision is one revision, and can be undone like any other."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._inbox = ReviewInbox((), {})
        self._asked = ReviewInbox((), {})
        self._doubles = ReviewInbox((), {})
        """The questions of imports and scans, and those about records that look like one."""
        self._looking = False
        self._stopped = False
        """Whether pairs are still looked for, or a person stopped that: then there may be more questions."""
        self._calm = QTimer(self, singleShot=True, interval=CALM)
        self._calm.timeout.connect(self._look_for_doubles)
        self._shown = ""
        self._deciding: set[str] = set()
        self._refocus = False
        """Whether the next question gets the focus: the one that was answered had it."""
        self.list = QListWidget()
        name_area(self.list, tr("Questions"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.currentItemChanged.connect(lambda *_: self._look())
        self._count = Text("", "muted")
        self._question = Heading("", 2)
        self._later = LinkButton(tr("Make a task…"), self.make_task)
        self._alike = LinkButton("", self.decide_alike)
        self._about = BreakingText("", "muted")
        self._sides = QVBoxLayout()
        self._answers = flow(spacing=8)
        lines = self._answers.layout()
        assert isinstance(lines, FlowLayout)
        self._others = lines
        self.sides: CandidateComparison | None = None
        self.buttons: dict[str, Button] = {}
        self.known: ReferencePicker | None = None
        self._states = PageStates(self.theme, self._content())
        self.setFocusProxy(self._states)
        self.clean_up = CleanUp(context)
        tidy = Button(tr("Clean up names…"), self.clean_up.show, icon="merge", theme=self.theme)
        tidy.setToolTip(plain_tip(tr("Manufacturers, models, people and places of nearly equal names")))
        self.dependencies = SeenDependencies(context)
        seen = Button(tr("Dependencies…"), self.dependencies.show, icon="link", theme=self.theme)
        seen.setToolTip(plain_tip(tr("What scans saw of who uses what over the network")))
        self.deviations = DeviationSheet(context)
        deviating = Button(tr("Deviations…"), self.deviations.show, icon="sort", theme=self.theme)
        deviating.setToolTip(plain_tip(tr("What sources say otherwise than what stands, to be taken over")))
        head = page_header(Heading(tr("Review")), self._count, deviating, seen, tidy)
        whole = column(head, self._states, spacing=12, margins=(20, 14, 16, 16))
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def _content(self) -> QWidget:
        left = Card(margins=(8, 8, 8, 8))
        left.add(self.list, 1)
        set_sizes(left, width=280)
        right = Card()
        inner = QWidget()
        inner.setLayout(column(self._sides, STRETCH, margins=(0, 8, 8, 0)))
        right.add(row(self._question, STRETCH, self._alike, self._later))
        right.add(self._about)
        right.add(scrolled(inner), 1)
        right.add(self._answers)
        content = QWidget()
        content.setFocusProxy(self.list)
        line = row(left, spacing=12)
        line.addWidget(right, 1)
        content.setLayout(line)
        return content

    # -- the page ---------------------------------------------------------------------------------------------------

    def opened(self, **params: Any) -> None:
        """Loads the open questions, then looks for records that look like one; with ``id``, that one is selected."""
        self._shown = str(params.get("id", "")) or self._shown
        self._states.loading()
        self._look_for_doubles()
        self._ask()

    def _look_for_doubles(self) -> None:
        self._calm.stop()
        self._looking, self._stopped = True, False
        remembered, jobs = self.context.remembered, self.context.workspace.jobs
        self.context.query(
            lambda reader: double_questions(found_doubles(remembered, reader, jobs)),
            self._fill_doubles, self._not_looked, key="doubles", owner=self, lane="slow",
        )  # fmt: skip

    def _not_looked(self, error: Exception) -> None:
        """A search that a person stopped is made again at the next visit, or after a change."""
        if isinstance(error, Cancelled):
            self._looking, self._stopped = False, True
            self._show()
        else:
            self._failed(error)

    def _ask(self) -> None:
        self.context.query(gather, self._fill, self._failed, key="review", owner=self)

    def depends_on(self) -> tuple[Dependence, ...]:
        """Decisions, the records that they are about, and what makes records look like one."""
        shown = {side.uid for question in self._inbox.questions for side in question.sides}
        classes = frozenset(question.cls for question in self._inbox.questions)
        about = Dependence(fields=None, classes=classes, items=shown | self._inbox.names.keys())
        return DECISIONS, about, DOUBLES

    def changed(self, applied: AppliedRevision) -> None:
        """Loads the open questions again. All records are searched for doubles once the edits pause."""
        left = [q for q in self._doubles.questions if not applied.deleted.intersection(side.uid for side in q.sides)]
        self._doubles = replace(self._doubles, questions=tuple(left))
        if DOUBLES.is_concerned(applied):
            self._calm.start()
        self._ask()

    def state(self) -> dict[str, Any]:
        """The selected question."""
        return {"id": self._shown} if self._shown else {}

    def page_actions(self) -> Sequence[Action]:
        """The answers; their keys are their letters."""
        handlers = {
            f"review.same_{letter}": Handler(partial(self._answer, number), partial(self._has, number))
            for number, letter in enumerate("ABC")
        }
        for choice in ("new", "ignore"):
            handlers[f"review.{choice}"] = Handler(
                partial(self._other, choice),
                lambda choice=choice: choice in self.buttons,  # type: ignore[misc]
            )
        handlers["review.clean_up"] = Handler(self.clean_up.show)
        handlers["review.dependencies"] = Handler(self.dependencies.show)
        handlers["review.deviations"] = Handler(self.deviations.show)
        handlers["review.alike"] = Handler(self.decide_alike, lambda: len(self._like_shown()) > 1)
        handlers["review.task"] = Handler(self.make_task, lambda: self.question is not None)
        return bind(ACTIONS, handlers, lambda: self.context.editable)

    def _failed(self, error: Exception) -> None:
        self._states.failed(error, self.opened)

    # -- showing ----------------------------------------------------------------------------------------------------

    def _fill(self, inbox: ReviewInbox) -> None:
        self._asked = inbox
        self._show()

    def _fill_doubles(self, found: ReviewInbox) -> None:
        self._doubles, self._looking = found, False
        self._show()

    def _show(self) -> None:
        asked, doubles = self._asked, self._doubles
        waiting = (*asked.questions, *doubles.questions)
        self._inbox = ReviewInbox(waiting, {**asked.names, **doubles.names})
        self._count.setText(self._number(len(waiting), doubles.further))
        if not waiting and self._looking:
            self._shown = ""
            self._states.loading()
            return
        if not waiting and self._stopped:
            again = Button(tr("Look again"), self.opened)
            title = tr("The search for records that are one was stopped")
            self._states.empty(EmptyState(self.theme, "review", title, tr("Nothing else waits for a decision."), again))
            return
        if not waiting:
            self._shown = ""
            text = tr(
                "Questions that an import or a scan cannot decide, and pairs of records that may be the same thing, "
                "are shown here with the evidence for and against."
            )
            self._states.empty(EmptyState(self.theme, "good", tr("No open questions"), text, token="good"))
            return
        row_before = max(0, self.list.currentRow())
        self.list.blockSignals(True)
        self.list.clear()
        chosen = -1
        for number, question in enumerate(waiting):
            item = QListWidgetItem(self.list)
            item.setData(_ID, question.id)
            item.setSizeHint(QSize(200, px(58)))
            self.list.setItemWidget(item, self._item(question))
            if question.id == self._shown:
                chosen = number
        self.list.setCurrentRow(chosen if chosen >= 0 else min(row_before, len(waiting) - 1))
        self.list.blockSignals(False)
        self._look()
        self._states.content()
        if self._refocus and not self._deciding:
            self._refocus = False
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _number(self, listed: int, further: int) -> str:
        """How many questions are open, and whether there may be more."""
        number = listed + further
        said = trn("{count} question open", "{count} questions open", number) if number else ""
        if further and not self._looking:
            said = tr("{said}, the clearest {listed} are listed", said=said, listed=listed)
        if not said or not (self._looking or self._stopped):
            return said
        if self._stopped:
            return tr("{said}; the search for records that are one was stopped", said=said)
        return tr("{said}; still looking for records that are one", said=said)

    def _item(self, question: ReviewQuestion) -> QWidget:
        words = self.context.schema.classes.get(question.cls)
        name = ElidedText(question.name or str(question.question)).set_bold()
        asked = Text(ago(question.asked) if question.asked else "", "small")
        kind = ElidedText(f"{words.label if words is not None else ''} · {question.question}".strip(" ·"), "muted")
        holder = QWidget()
        top = row(name, asked)
        top.setStretch(0, 1)
        holder.setLayout(column(top, kind, spacing=2, margins=(10, 8, 10, 8)))
        holder.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        holder.setAccessibleName(f"{question.name}: {question.question}")
        return holder

    @property
    def question(self) -> ReviewQuestion | None:
        """The selected question."""
        row_number = self.list.currentRow()
        return self._inbox.questions[row_number] if 0 <= row_number < len(self._inbox.questions) else None

    def _look(self) -> None:
        question = self.question
        clear(self._sides)
        clear(self._others)
        self.buttons = {}
        self.known = None
        self.sides = None
        if question is None:
            return
        self._shown = question.id
        self._question.setText(str(question.question))
        origins = chain(question.origins[:3])
        sentences = [tr("Read in {origins}.", origins=origins)] if origins else []
        if question.reasons:
            sentences.append(tr("What speaks for and against: {reasons}.", reasons=chain(question.reasons)))
        if clashing(self.context.schema, question):
            sentences.append(tr("To keep each row, change what only one record may have, in the fields below."))
        self._about.setText(" ".join(sentences))
        may = self.context.editable and question.id not in self._deciding
        shell = self.context.shell
        self.sides = CandidateComparison(self.context, self._inbox, question, shell.open_ci, editable=may)
        self.sides.changed.connect(self._weigh)
        self._sides.addWidget(self.sides)
        for side in question.sides:
            if side.choice:
                keys = QKeySequence(f"Alt+{side.letter}").toString(QKeySequence.SequenceFormat.NativeText)
                self._offer(side.choice, str(side.button), keys)
        if self.sides.choices:
            self._offer(_MIXED, tr("Take the chosen values"), tr("One record, with the values that are chosen above"))
        for choice, title, meaning in question.others:
            if choice == "ignore" and question.more:
                self._offer_more(question.more, tr("What it is") if question.kind == CODE else tr("What the rows are"))
            if question.kind == CODE:
                self._offer_known()
            self._offer(choice, str(title), str(meaning), "plain" if choice == "ignore" else "")
        for button in self.buttons.values():
            button.setEnabled(may)
        self._later.setEnabled(self.context.editable)
        like = len(self._like_shown())
        self._alike.setVisible(like > 1 and self.context.editable)
        self._alike.setText(trn("All {count} like this…", "All {count} like this…", like))
        self._weigh()
        shell.refresh_actions()

    def _weigh(self) -> None:
        """The mixture is offered once it is one."""
        if self.sides is not None and _MIXED in self.buttons:
            self.buttons[_MIXED].setEnabled(self.buttons[_IGNORE].isEnabled() and self.sides.mixed())

    def _offer(self, choice: str, title: str, hint: str, kind: str = "") -> None:
        button = Button(title, partial(self.decide, choice), kind=kind, hint=hint)
        self.buttons[choice] = button
        self._others.addWidget(button)

    def _offer_known(self) -> None:
        """A field that finds the item that a code is of."""
        picker = ReferencePicker(self.context, "hardware", tr("It is a known item"))
        picker.setEnabled(self.context.editable)
        picker.picked.connect(self.decide)
        self.known = picker
        self._others.addWidget(picker)

    def _offer_more(self, answers: Sequence[tuple[str, Message]], hint: str) -> None:
        """A button with a menu of further answers."""
        button = Button(tr("Choose a class"), hint=hint)
        menu = QMenu(button)
        for choice, title in answers:
            menu.addAction(plain_label(str(title)), partial(self.decide, choice))
        button.setMenu(menu)
        self.buttons[_MORE] = button
        self._others.addWidget(button)

    def make_task(self) -> None:
        """Opens the sheet for a task about the records of the selected question."""
        question = self.question
        if question is not None and self.context.editable:
            sides = {side.uid: side.name for side in question.sides if side.uid}
            about = (lambda _: list(sides)) if sides else None
            title = tr("{subject}: {problem}", subject=question.name, problem=question.question)
            name = title if question.name else str(question.question)
            make_task(self.context, {"name": name}, about, listing(map(str, sides.values())))

    # -- deciding ---------------------------------------------------------------------------------------------------

    def decide(self, choice: str) -> None:
        """Carries out a decision; then the next question is selected."""
        question, author = self.question, self.context.author
        if question is None or question.id in self._deciding:
            return
        if choice == MERGE:
            self._merge(question)
            return
        if self.sides is None or (corrections := self._corrections(self.sides, question, choice)) is None:
            return
        said = decided_text(question, choice)
        choice = question.sides[0].choice if choice == _MIXED else choice
        self._deciding.add(question.id)
        self._refocus = True
        for button in self.buttons.values():
            button.setEnabled(False)

        def done(_: AppliedRevision) -> None:
            self._deciding.discard(question.id)

        def failed(error: Exception) -> None:
            self._deciding.discard(question.id)
            self._ask()
            if not isinstance(error, NotFound):
                self.context.shell.problem(error)

        if choice == DIFFERENT:
            left = tuple(one for one in self._doubles.questions if one.id != question.id)
            self._doubles = replace(self._doubles, questions=left)
        self.context.edit(
            lambda reader: answer(reader, question, choice, author, corrections),
            str(said),
            done,
            failed,
        )

    @staticmethod
    def _corrections(
        sides: CandidateComparison, question: ReviewQuestion, choice: str
    ) -> Mapping[int, Mapping[str, Any]] | None:
        """What is right in the rows of a question with an answer; None if a field has to be mended first."""
        if choice == _MIXED:
            return sides.mixture()
        if choice == "separate":
            return sides.corrected()
        return sides.left() if any(side.uid and side.choice == choice for side in question.sides) else {}

    # -- many at once -----------------------------------------------------------------------------------------------

    def _like_shown(self) -> tuple[ReviewQuestion, ...]:
        """The questions like the selected one, with itself."""
        question = self.question
        if question is None or not bulk_answers(self.context.schema, question):
            return ()
        return tuple(q for q in alike(self._inbox.questions, question) if q.id not in self._deciding)

    def decide_alike(self) -> None:
        """Opens the sheet that gives all questions like the selected one an answer."""
        questions = self._like_shown()
        if len(questions) > 1 and self.context.editable:
            sheet = BulkSheet(self.context.schema, questions, self._decide_all)
            title = trn("{count} question like this", "{count} questions like this", len(questions))
            self.context.shell.sheet(title, sheet, (sheet.button,))
            sheet.answers.setFocus()

    def _decide_all(self, questions: tuple[ReviewQuestion, ...], choice: str) -> None:
        author = self.context.author
        ids = {question.id for question in questions}
        self.context.shell.close_sheet()
        self._deciding |= ids

        def done(_: AppliedRevision) -> None:
            self._deciding -= ids
            left = tuple(one for one in self._doubles.questions if one.id not in ids)
            self._doubles = replace(self._doubles, questions=left)
            self._ask()

        def failed(error: Exception) -> None:
            self._deciding -= ids
            self._ask()
            self.context.shell.problem(error)

        self._refocus = True
        self.context.edit(
            lambda reader: decide_all(reader, questions, choice, author),
            trn("{count} question decided.", "{count} questions decided.", len(questions)),
            done,
            failed,
        )

    def _merge(self, question: ReviewQuestion) -> None:
        """Opens the sheet that makes one record of the two."""
        uids, cls = [side.uid for side in question.sides], question.cls
        what = listing(str(side.name) for side in question.sides)
        run_verb(self.context, known_verbs()["merge"], lambda _: uids, what, cls)

    def _answer(self, number: int) -> None:
        choices = self._choices()
        if number < len(choices):
            self.decide(choices[number])

    def _has(self, number: int) -> bool:
        return self.context.editable and number < len(self._choices())

    def _choices(self) -> list[str]:
        return [side.choice for side in self.question.sides if side.choice] if self.question is not None else []

    def _other(self, choice: str) -> None:
        if choice in self.buttons:
            self.decide(choice)
