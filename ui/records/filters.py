"""A form for one condition: attribute, operator, value. The condition is added to the filter bar as text."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from app.filter_words import EMPTY, NOT_EMPTY, attribute_at, attributes_of, operator_words, operators_of
from cmdb.model import query
from cmdb.model.messages import tr
from cmdb.model.schema import Attribute
from ui.context import Context
from ui.text_size import set_sizes
from ui.widgets.buttons import Button
from ui.widgets.labels import SectionLabel
from ui.widgets.layout import STRETCH, column, row


class FilterForm(QWidget):
    """Emits ``added`` with a condition in the query language."""

    added = Signal(str)

    def __init__(self, context: Context, cls: str) -> None:
        super().__init__()
        self._schema, self._cls = context.schema, cls
        self._attributes = attributes_of(context.schema, cls)
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
            set_sizes(widget, width=260)
        self._button = Button(tr("Add to the filter"), self._add)
        self.setFocusProxy(self._value)
        parts = (
            SectionLabel(tr("Show only items with")),
            self._attribute,
            self._op,
            self._choice,
            self._value,
            row(STRETCH, self._button),
        )
        self.setLayout(column(*parts, margins=(12, 10, 12, 12)))
        wanted = next((i for i, a in enumerate(self._attributes) if a.name in ("status", "state")), 0)
        self._attribute.setCurrentIndex(wanted)
        self._fit()

    def show_condition(self, leaf: query.Compare | query.Empty) -> bool:
        """Shows a condition to be changed; False where the form can't: it is about an attribute of another record."""
        names = [one.name for one in self._attributes]
        found = attribute_at(self._schema, self._cls, leaf.path) if len(leaf.path) == 1 else None
        if found is None or found[1].name not in names:
            return False
        self._attribute.setCurrentIndex(names.index(found[1].name))
        is_empty = isinstance(leaf, query.Empty)
        op = (NOT_EMPTY if leaf.negated else EMPTY) if isinstance(leaf, query.Empty) else leaf.op
        place = self._op.findData(op)
        value = "" if isinstance(leaf, query.Empty) else leaf.value
        if place < 0:
            return False
        self._op.setCurrentIndex(place)
        if self._choice.count() and not is_empty:
            words = [(self._choice.itemText(i), str(self._choice.itemData(i))) for i in range(self._choice.count())]
            place = next((i for i, both in enumerate(words) if value.casefold() in map(str.casefold, both)), -1)
            if place < 0:
                return False
            self._choice.setCurrentIndex(place)
        self._value.setText(value)
        self._button.setText(tr("Change the condition"))
        self.setFocusProxy(self._op if is_empty else self._choice if self._choice.count() else self._value)
        return True

    @property
    def _chosen(self) -> Attribute:
        return self._attributes[max(self._attribute.currentIndex(), 0)]

    def _fit(self) -> None:
        """The operators and values that the attribute takes."""
        kind = self._chosen.type
        self._op.clear()
        for op in operators_of(self._schema, self._chosen):
            self._op.addItem(operator_words(self._chosen, op), op)
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
