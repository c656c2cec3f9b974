"""A form for one condition: attribute, operator, value. The condition is added to the filter bar as text."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QActionEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMenu, QWidget, QWidgetAction

from app.filter_words import EMPTY, NOT_EMPTY, attribute_at, attributes_of, operator_words, operators_of
from cmdb.model import query
from cmdb.model.messages import tr
from cmdb.model.schema import Attribute, Schema
from ui.context import Context
from ui.text_size import set_sizes
from ui.widgets.buttons import Button
from ui.widgets.labels import SectionLabel
from ui.widgets.layout import STRETCH, column, row

_DEEPEST = 3
"""References that lead from one record to the next: "Assigned to", its "Department", of that the "Manager"."""


class ReferenceStep(QComboBox):
    """What a condition is about of the records that a reference refers to: the record itself, or an attribute of it."""

    def __init__(self, schema: Schema, reference: Attribute) -> None:
        super().__init__()
        self.attributes = attributes_of(schema, reference.target)
        self.setAccessibleName(tr("Attribute of “{attribute}”", attribute=reference.label))
        self.addItem(tr("the record itself"))
        for one in self.attributes:
            self.addItem(tr("its {attribute}", attribute=one.label))

    @property
    def chosen(self) -> Attribute | None:
        """The attribute; None for the record itself."""
        return self.attributes[self.currentIndex() - 1] if self.currentIndex() > 0 else None


class FilterForm(QWidget):
    """Emits ``added`` with a condition in the query language. Of a reference it offers the attributes of the record
    that it refers to.
    """

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
        self._steps: list[ReferenceStep] = []
        self._menu: tuple[QMenu, QWidgetAction] | None = None
        self._below = column(spacing=8)
        self._attribute.currentIndexChanged.connect(lambda _: self._follow(0))
        self._op.currentIndexChanged.connect(lambda _: self._fit_value())
        self._value.returnPressed.connect(self._add)
        for widget in (self._attribute, self._op, self._choice, self._value):
            set_sizes(widget, width=260)
        self._button = Button(tr("Add to the filter"), self._add)
        self.setFocusProxy(self._value)
        parts = (
            SectionLabel(tr("Show only items with")),
            self._attribute,
            self._below,
            self._op,
            self._choice,
            self._value,
            row(STRETCH, self._button),
        )
        self.setLayout(column(*parts, margins=(12, 10, 12, 12)))
        wanted = next((i for i, a in enumerate(self._attributes) if a.name in ("status", "state")), 0)
        self._attribute.setCurrentIndex(wanted)
        self._follow(0)

    def put_into(self, menu: QMenu) -> None:
        """Makes it the content of a menu."""
        action = QWidgetAction(menu)
        action.setDefaultWidget(self)
        menu.addAction(action)
        self._menu = menu, action

    def show_condition(self, leaf: query.Compare | query.Empty) -> bool:
        """Shows a condition to be changed; False where the form can't, as it has no place for it."""
        if not self._show_path(leaf.path):
            return False
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

    def _show_path(self, path: tuple[str, ...]) -> bool:
        """Chooses the attributes of a path of references; False where one of them is not offered."""
        for depth in range(len(path)):
            found = attribute_at(self._schema, self._cls, path[: depth + 1])
            step = self._steps[depth - 1] if 0 < depth <= len(self._steps) else None
            offered = self._attributes if depth == 0 else step.attributes if step is not None else []
            names = [one.name for one in offered]
            if found is None or found[1].name not in names:
                return False
            if step is None:
                self._attribute.setCurrentIndex(names.index(found[1].name))
            else:
                step.setCurrentIndex(names.index(found[1].name) + 1)
        return True

    @property
    def _path(self) -> list[Attribute]:
        """The chosen attribute, and before it the references that lead to its record."""
        first = self._attributes[max(self._attribute.currentIndex(), 0)]
        return [first, *(step.chosen for step in self._steps if step.chosen is not None)]

    @property
    def _chosen(self) -> Attribute:
        return self._path[-1]

    def _follow(self, depth: int) -> None:
        """Another attribute is chosen at a depth: of a reference, what its record has is offered next."""
        gone = self._steps[depth:]
        del self._steps[depth:]
        for step in gone:
            self._below.removeWidget(step)
            step.hide()
            step.deleteLater()
        path = self._path
        if len(path) == depth + 1 and path[-1].type == "reference" and depth < _DEEPEST:
            step = ReferenceStep(self._schema, path[-1])
            set_sizes(step, width=260)
            self._steps.append(step)
            self._below.addWidget(step)
            step.currentIndexChanged.connect(lambda _, depth=depth + 1: self._follow(depth))
            step.show()
        self._fit()
        if self._menu is not None:  # it grows and shrinks with the form
            menu, action = self._menu
            QApplication.sendEvent(menu, QActionEvent(QEvent.Type.ActionChanged, action))

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
        name = ".".join(one.name for one in self._path)
        if op.startswith("is "):
            self.added.emit(f"{name} {op}")
            return
        chosen = str(self._choice.currentData() or self._choice.currentText())
        value = chosen if self._choice.isVisibleTo(self) else self._value.text().strip()
        if value:
            self.added.emit(f"{name} {op} {query.quote(value)}")
