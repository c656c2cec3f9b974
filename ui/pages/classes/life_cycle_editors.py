"""The forms of a life cycle: what a record needs to enter a phase, and where a verb of a state table leads."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QPlainTextEdit, QWidget

from app.schema.life_cycles import RequirementForm, TransitionForm, read_alternatives, read_names, written
from app.schema.outline import phase_labels
from cmdb.model.messages import tr
from cmdb.model.schema import Schema
from ui.pages.classes.forms import labelled
from ui.text_size import set_sizes
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, column


class RequirementEditor(QWidget):
    """The name of a requirement, its phase, and its alternatives. ``labels`` are the attributes that can be added."""

    def __init__(self, start: RequirementForm, labels: Sequence[str]) -> None:
        super().__init__()
        self.label = QLineEdit(start.label)
        self.label.setPlaceholderText(tr("as messages name it, such as: a cost centre"))
        self.phase = QComboBox()
        for phase, label in phase_labels().items():
            self.phase.addItem(label, phase)
        self.phase.setCurrentIndex(max(0, self.phase.findData(start.phase)))
        self.alternatives = QPlainTextEdit("\n".join(map(written, start.alternatives)))
        self.alternatives.setTabChangesFocus(True)
        set_sizes(self.alternatives, height=120)
        self.more = QComboBox()
        self.more.addItem(tr("Add an attribute…"))
        self.more.addItems(list(labels))
        self.more.activated.connect(self._add)
        hint = tr("An alternative on each line, its attributes separated by commas. One of them must be complete.")
        fields = (
            *labelled(tr("What is needed"), self.label), *labelled(tr("To enter the phase"), self.phase),
            *labelled(tr("Alternatives"), self.alternatives), Text(hint, "small", wrap=True),
            *labelled(tr("Attributes"), self.more), STRETCH,
        )  # fmt: skip
        self.setLayout(column(*fields, spacing=4))

    def _add(self, place: int) -> None:
        """Puts an attribute at the end of the line that is edited."""
        if place <= 0:
            return
        cursor = self.alternatives.textCursor()
        cursor.movePosition(cursor.MoveOperation.EndOfLine)
        line = cursor.block().text().strip()
        separator = ", " if line and not line.endswith(",") else ""
        cursor.insertText(f"{separator}{self.more.itemText(place)}")
        self.more.setCurrentIndex(0)

    def form(self) -> RequirementForm:
        """The requirement as it is wanted."""
        alternatives = read_alternatives(self.alternatives.toPlainText())
        return RequirementForm(self.label.text(), str(self.phase.currentData()), alternatives)


class TransitionEditor(QWidget):
    """The states from which a verb leads, the one to which it leads, and what it needs."""

    def __init__(self, start: TransitionForm, states: Sequence[str]) -> None:
        super().__init__()
        self.before, self.needs = QLineEdit(written(start.before)), QLineEdit(written(start.needs))
        completer = QCompleter(list(states), self.before)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.before.setCompleter(completer)
        self.after = QComboBox()
        self.after.addItems(list(states))
        self.after.setCurrentIndex(max(0, self.after.findText(start.after)))
        hint = tr("States and attributes are separated by commas. There are: {states}.", states=tuple(states))
        fields = (
            *labelled(tr("From"), self.before), *labelled(tr("To"), self.after),
            *labelled(tr("Needs these attributes"), self.needs), Text(hint, "small", wrap=True), STRETCH,
        )  # fmt: skip
        self.setLayout(column(*fields, spacing=4))

    def form(self) -> TransitionForm:
        """The line as it is wanted."""
        return TransitionForm(read_names(self.before.text()), self.after.currentText(), read_names(self.needs.text()))


def labels_of(schema: Schema, cls: str) -> list[str]:
    """The labels of the attributes that a class shows."""
    return [str(one.label) for one in schema.cls(cls).shown_attributes.values()]


def states_of(schema: Schema, cls: str) -> list[str]:
    """The labels of the states of a class."""
    return [str(one.label) for one in schema.cls(cls).standing.choices]
