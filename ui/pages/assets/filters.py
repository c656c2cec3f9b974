"""A condition put together by choosing: attribute, operator, value. It ends up as text in the filter bar."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from cmdb.model import query
from cmdb.model.life_cycle import PHASE
from cmdb.model.schema import Attribute
from ui.context import Context
from ui.widgets.buttons import Button
from ui.widgets.labels import SectionLabel
from ui.widgets.layout import STRETCH, column, row

_WORDS = {
    "=": "is",
    "!=": "is not",
    "~": "contains",
    "<": "less than",
    "<=": "at most",
    ">": "more than",
    ">=": "at least",
}
_DATES = {"<": "before", "<=": "until", ">": "after", ">=": "from"}


class FilterForm(QWidget):
    """Emits ``added`` with a condition in the query language."""

    added = Signal(str)

    def __init__(self, context: Context, cls: str) -> None:
        super().__init__()
        self._attributes = [*context.schema.all_attributes(cls).values(), PHASE]
        self._attribute, self._op = QComboBox(), QComboBox()
        self._attribute.setAccessibleName("Attribute")
        self._op.setAccessibleName("Condition")
        for one in self._attributes:
            self._attribute.addItem(one.label)
        self._choice, self._value = QComboBox(), QLineEdit()
        self._choice.setAccessibleName("Value")
        self._value.setAccessibleName("Value")
        self._attribute.currentIndexChanged.connect(lambda _: self._fit())
        self._op.currentIndexChanged.connect(lambda _: self._fit_value())
        self._value.returnPressed.connect(self._add)
        for widget in (self._attribute, self._op, self._choice, self._value):
            widget.setFixedWidth(260)
        add = Button("Add to the filter", self._add)
        parts = (
            SectionLabel("Show only what"),
            self._attribute,
            self._op,
            self._choice,
            self._value,
            row(STRETCH, add),
        )
        self.setLayout(column(*parts, margins=(12, 10, 12, 12)))
        wanted = next((i for i, a in enumerate(self._attributes) if a.name == "status"), 0)
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
        for op in ops:
            self._op.addItem(words[op], op)
        self._op.addItem("is empty", "is empty")
        self._op.addItem("is not empty", "is not empty")
        self._choice.clear()
        for choice in self._chosen.choices or ():
            self._choice.addItem(choice.label)
        if kind == "boolean":
            self._choice.addItems(["Yes", "No"])
        hints = {"date": "2026-12-31, today+90d", "time": "2026-12-31, today-30d", "reference": "Name"}
        self._value.setPlaceholderText(hints.get(kind, self._chosen.unit or "Value"))
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
        value = self._choice.currentText() if self._choice.isVisibleTo(self) else self._value.text().strip()
        if value:
            self.added.emit(f"{name} {op} {query.quote(value)}")
