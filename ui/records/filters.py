"""A form for one condition: attribute, operator, value. The condition is added to the filter bar as text."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from cmdb.model import query
from cmdb.model.life_cycle import PHASE
from cmdb.model.messages import Message, in_context, tr
from cmdb.model.schema import Attribute
from cmdb.model.schema_languages import worded
from ui.context import Context
from ui.widgets.buttons import Button
from ui.widgets.labels import SectionLabel
from ui.widgets.layout import STRETCH, column, row

_WORDS = {
    "=": Message("is"),
    "!=": Message("is not"),
    "~": Message("contains"),
    "<": Message("less than"),
    "<=": Message("at most"),
    ">": Message("more than"),
    ">=": Message("at least"),
    "is empty": Message("is empty"),
    "is not empty": Message("is not empty"),
}
_DATES = {
    "<": in_context("date", "before"),
    "<=": in_context("date", "until"),
    ">": in_context("date", "after"),
    ">=": in_context("date", "from"),
}


class FilterForm(QWidget):
    """Emits ``added`` with a condition in the query language."""

    added = Signal(str)

    def __init__(self, context: Context, cls: str) -> None:
        super().__init__()
        phases = [worded(PHASE)] if context.schema.root_of(cls) == "ci" else []
        self._attributes = [*context.schema.all_attributes(cls).values(), *phases]
        self._attribute, self._op = QComboBox(), QComboBox()
        self._attribute.setAccessibleName(tr("Attribute"))
        self._op.setAccessibleName(tr("Condition"))
        for one in self._attributes:
            self._attribute.addItem(one.label)
        self._choice, self._value = QComboBox(), QLineEdit()
        self._choice.setAccessibleName(tr("Value"))
        self._value.setAccessibleName(tr("Value"))
        self._attribute.currentIndexChanged.connect(lambda _: self._fit())
        self._op.currentIndexChanged.connect(lambda _: self._fit_value())
        self._value.returnPressed.connect(self._add)
        for widget in (self._attribute, self._op, self._choice, self._value):
            widget.setFixedWidth(260)
        add = Button(tr("Add to the filter"), self._add)
        parts = (
            SectionLabel(tr("Show only items with")),
            self._attribute,
            self._op,
            self._choice,
            self._value,
            row(STRETCH, add),
        )
        self.setLayout(column(*parts, margins=(12, 10, 12, 12)))
        wanted = next((i for i, a in enumerate(self._attributes) if a.name in ("status", "state")), 0)
        self._attribute.setCurrentIndex(wanted)
        self._fit()

    @property
    def _chosen(self) -> Attribute:
        return self._attributes[max(self._attribute.currentIndex(), 0)]

    def _fit(self) -> None:
        """The operators and values that the attribute takes."""
        kind = self._chosen.type
        if kind in ("choice", "boolean"):
            ops = ["=", "!="]
        elif kind in ("date", "time", "integer", "number", "money"):
            ops = ["<", "<=", ">", ">=", "=", "!="]
        elif kind == "reference":
            ops = ["=", "~", "!="]
        else:
            ops = ["~", "=", "!="]
        words = {**_WORDS, **(_DATES if kind in ("date", "time") else {})}
        self._op.clear()
        for op in (*ops, "is empty", "is not empty"):
            self._op.addItem(str(words[op]), op)
        self._choice.clear()
        for choice in self._chosen.choices or ():
            self._choice.addItem(choice.label, choice.value)  # the stored value means the same in every language
        if kind == "boolean":
            self._choice.addItem(tr("Yes"), "yes")
            self._choice.addItem(tr("No"), "no")
        hints = {
            "date": "2026-12-31, today+90d",
            "time": "2026-12-31, today-30d",
            "reference": tr("Name"),
            "money": "1000 EUR",
        }
        self._value.setPlaceholderText(hints.get(kind, self._chosen.unit or tr("Value")))
        self._fit_value()

    def _fit_value(self) -> None:
        needs = not str(self._op.currentData() or "").startswith("is ")
        chooses = self._chosen.type in ("choice", "boolean")
        self._choice.setVisible(needs and chooses)
        self._value.setVisible(needs and not chooses)

    def _add(self) -> None:
        op = str(self._op.currentData())
        name = self._chosen.name
        if op.startswith("is "):
            self.added.emit(f"{name} {op}")
            return
        chosen = str(self._choice.currentData() or self._choice.currentText())
        value = chosen if self._choice.isVisibleTo(self) else self._value.text().strip()
        if value:
            self.added.emit(f"{name} {op} {query.quote(value)}")
