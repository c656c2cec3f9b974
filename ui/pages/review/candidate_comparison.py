"""The candidates of a question side by side: evidence, then each attribute with the differences marked.

Where rows contradict each other, a value can be chosen of each, and what must be unique can be changed, so that both
rows can be kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QFrame, QGridLayout, QSizePolicy, QWidget

from app.reviews.inbox import ReviewCandidate, ReviewInbox, ReviewQuestion, attributes, clashing, compared
from cmdb.model.messages import tr, trc
from cmdb.model.schema import fold
from cmdb.model.section_words import shown_value
from ui.context import Context
from ui.plain_texts import plain_tip
from ui.proposals.detail import EvidenceList
from ui.proposals.words import ProposalWords
from ui.text_size import set_sizes
from ui.theme import Theme
from ui.widgets.buttons import LinkButton
from ui.widgets.field_types import field_for
from ui.widgets.fields import Field
from ui.widgets.labels import ElidedText, Hairline, as_heading
from ui.widgets.layout import column, row
from ui.widgets.value_choices import ValueRadio, ValueTick

#: The least width of the labels, in letters of their font.
_LABEL = 16


class CandidateComparison(QWidget):
    """A grid: one column per side, the attributes' labels on the left. ``changed`` fires when a value was chosen."""

    changed = Signal()

    def __init__(
        self,
        context: Context,
        inbox: ReviewInbox,
        question: ReviewQuestion,
        show: Callable[[str], object],
        *,
        editable: bool,
    ) -> None:
        super().__init__()
        theme = context.theme
        self._context, self._question = context, question
        self._words = ProposalWords(context.schema, inbox.names)
        self._clashing = clashing(context.schema, question) if editable else ()
        self.fields: dict[str, list[Field]] = {}
        """Of each attribute that must be unique and is not: a field per side."""
        self.choices: dict[str, QButtonGroup] = {}
        """Of each attribute in which rows differ: whose value is right."""
        self.taken: dict[str, QCheckBox] = {}
        """Of each value that was read and that differs from the record's: whether it is taken."""
        self._takes = editable and question.kind == "identity" and sum(not side.choice for side in question.sides) == 1
        self._chooses = editable and question.rows_clash
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(0)
        self._room = max(116, self.fontMetrics().averageCharWidth() * _LABEL)
        grid.setColumnMinimumWidth(0, self._room)
        sides = question.sides
        for number, side in enumerate(sides, 1):
            grid.setColumnStretch(number, 1)
            grid.addWidget(self._head(theme, side, show), 0, number, Qt.AlignmentFlag.AlignTop)
            if side.lines:
                grid.addWidget(EvidenceList(theme, side.lines), 1, number, Qt.AlignmentFlag.AlignTop)
        span = len(sides) + 1
        grid.setRowMinimumHeight(2, 10)
        line = 3
        for name in attributes(context.schema, question):
            grid.addWidget(Hairline(), line, 0, 1, span)
            self._attribute(grid, line + 1, name, sides)
            line += 2
        grid.addWidget(Hairline(), line, 0, 1, span)
        grid.setRowStretch(line + 1, 1)
        self.setLayout(grid)

    # -- what was chosen --------------------------------------------------------------------------------------------

    def mixed(self) -> bool:
        """Whether values of several rows were chosen for one record."""
        return len({group.checkedId() for group in self.choices.values()} | {0}) > 1

    def mixture(self) -> dict[int, dict[str, Any]]:
        """What is to be corrected in the first row, for one record with the chosen values."""
        first, *_ = sides = self._question.sides
        chosen = {name: group.checkedId() for name, group in self.choices.items()}
        values = {name: _value(sides[number], name) for name, number in chosen.items()}
        return {1: {name: value for name, value in values.items() if value != _value(first, name)}}

    def corrected(self) -> dict[int, dict[str, Any]] | None:
        """The values that each row gets, for a record of each; None if a field holds no value or the values clash.

        The field then says so, and has the focus.
        """
        found: dict[int, dict[str, Any]] = {}
        for name, fields in self.fields.items():
            seen: set[str] = set()
            for number, field in enumerate(fields, 1):
                fine, value = field.checked()
                if fine and value is not None and fold(str(value)) in seen:
                    label = field.attribute.label
                    field.complain(tr("{attribute} must be one record’s only: change it here.", attribute=label))
                    fine = False
                if not fine:
                    field.setFocus(Qt.FocusReason.OtherFocusReason)
                    return None
                seen.add(fold(str(value)) if value is not None else "")
                if value != _value(self._question.sides[number - 1], name):
                    found.setdefault(number, {})[name] = value
        return found

    def left(self) -> dict[int, dict[str, Any]]:
        """The values that were read and are not to be taken."""
        gone = {name: None for name, box in self.taken.items() if not box.isChecked()}
        return {1: gone} if gone else {}

    # -- building ---------------------------------------------------------------------------------------------------

    def _head(self, theme: Theme, side: ReviewCandidate, show: Callable[[str], object]) -> QWidget:
        title = ElidedText(side.title)
        as_heading(title, 2)
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
        words = self._label(cls, name)
        label = ElidedText(words, "muted")
        label.setFixedWidth(self._room)
        set_sizes(label, least_height=26)
        grid.addWidget(label, line, 0)
        if name in self._clashing:
            self._unique(grid, line, name, sides)
            return
        texts = [self._text(s.cls or cls, name, s.values.get(name)) for s in sides]
        keys = [compared(s.values.get(name), t) if name in s.values else "" for s, t in zip(sides, texts, strict=True)]
        if self._chooses and len(set(keys)) > 1:
            self._rivals(grid, line, name, words, texts)
            return
        differs_anywhere = bool(keys[0]) and any(key and key != keys[0] for key in keys[1:])
        for number, (text, key) in enumerate(zip(texts, keys, strict=True), 1):
            differs = number > 1 and bool(key) and bool(keys[0]) and key != keys[0]
            agrees = number > 1 and bool(key) and key == keys[0]
            if number == 1 and self._takes and differs_anywhere and name not in ("class", "name"):
                self._take(grid, line, name, words, text)
                continue
            value = ElidedText(text, "" if key else "faint", "warning" if differs else "good" if agrees else "")
            set_sizes(value, least_height=26)
            value.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            value.setAccessibleDescription(tr("differs") if differs else tr("the same") if agrees else "")
            grid.addWidget(value, line, number)

    def _label(self, cls: str, name: str) -> str:
        """The label of an attribute, or of a column of the section that the question is about."""
        section = self._context.schema.sections.get(self._question.section)
        return self._words.label(cls, name) if section is None else str(section.columns[name].label)

    def _text(self, cls: str, name: str, value: Any) -> str:
        section = self._context.schema.sections.get(self._question.section)
        if section is None:
            return self._words.value(cls, name, value)
        return "–" if value is None else shown_value(section.columns[name], value)

    def _unique(self, grid: QGridLayout, line: int, name: str, sides: tuple[ReviewCandidate, ...]) -> None:
        """Fields for a value that several rows have and only one record may have."""
        attribute = self._context.schema.every_attribute[name]
        fields = self.fields[name] = []
        for number, side in enumerate(sides, 1):
            field = field_for(self._context, attribute)
            field.set_value(side.values.get(name))
            called = tr("{attribute} of {side}", attribute=attribute.label, side=side.title)
            field.editor.setAccessibleName(called)
            field.edited.connect(self.changed)
            fields.append(field)
            grid.addWidget(field, line, number)

    def _rivals(self, grid: QGridLayout, line: int, name: str, label: str, texts: list[str]) -> None:
        """A button for each row's value: the chosen ones make one record."""
        group = self.choices[name] = QButtonGroup(self)
        for number, text in enumerate(texts):
            button = ValueRadio(text)
            called = tr("{attribute} of {side}", attribute=label, side=self._question.sides[number].title)
            button.setAccessibleName(f"{called}: {text}")
            button.setAccessibleDescription(tr("differs"))
            set_sizes(button, least_height=26)
            button.setToolTip(plain_tip(text if len(text) > _LABEL else ""))
            button.setChecked(not number)
            group.addButton(button, number)
            grid.addWidget(button, line, number + 1)
        group.idToggled.connect(lambda *_: self.changed.emit())

    def _take(self, grid: QGridLayout, line: int, name: str, label: str, text: str) -> None:
        """A tick for a value that was read: without it, the record keeps its own."""
        box = self.taken[name] = ValueTick(text)
        box.setChecked(True)
        set_sizes(box, least_height=26)
        box.setAccessibleName(tr("Take {attribute}: {value}", attribute=label, value=text))
        kept = tr("Without the tick the record keeps its own value.")
        box.setToolTip(plain_tip(f"{text}\n{kept}" if len(text) > _LABEL else kept))
        box.toggled.connect(self.changed)
        grid.addWidget(box, line, 1)


def _value(side: ReviewCandidate, name: str) -> Any:
    return side.values.get(name)
