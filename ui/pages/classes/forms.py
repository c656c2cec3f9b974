"""The forms of the Classes page: an attribute, a class, the statuses of a class, a relationship type, a section."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QWidget,
)

from app.imports.attribute_types import TYPE_LABELS
from app.schema.attributes import AttributeForm, form_of
from app.schema.classes import WantedClass
from app.schema.conversion import CONVERTIBLE
from app.schema.outline import IMPACTS
from app.schema.relationships import RelationshipForm
from app.schema.values_in_use import values_in_use
from cmdb.model.messages import tr
from cmdb.model.schema import Attribute, CIClass, Impact, Schema
from ui.accessible import name_area
from ui.context import Context
from ui.pages.classes.choices_editor import ChoicesEditor
from ui.text_size import set_sizes
from ui.widgets.buttons import Button
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, Item, column

_NEW_TYPES = ("text", "long_text", "integer", "number", "money", "date", "time", "boolean", "choice", "reference",
              "email", "url")  # fmt: skip
"""The types that a new attribute can have, in the order in which they are offered."""


def labelled(title: str, editor: QWidget) -> list[Item]:
    """A field with its label above."""
    label = Text(title, "muted")
    label.setBuddy(editor)
    if isinstance(editor, QAbstractScrollArea):
        name_area(editor, title)
    else:
        editor.setAccessibleName(title)
    return [label, editor, 6]


class AttributeEditor(QWidget):
    """The properties of an attribute, new or present. ``built_in``: its type and its meaning stay."""

    def __init__(self, context: Context, cls: str, present: Attribute | None = None, *, built_in: bool = False) -> None:
        super().__init__()
        self._context, self._present = context, present
        start = form_of(present) if present is not None else AttributeForm("")
        self.label = QLineEdit(start.label)
        self.kind = QComboBox()
        kinds = _NEW_TYPES if present is None else _possible(present)
        for value in kinds:
            self.kind.addItem(str(TYPE_LABELS[value]), value)
        self.kind.setCurrentIndex(max(0, self.kind.findData(start.type)))
        self.kind.setEnabled(not built_in)
        self.unit = QLineEdit(start.unit or "")
        self.unit.setPlaceholderText(tr("such as kg or W"))
        self.unit.setEnabled(not built_in)
        self.choices = ChoicesEditor(context, start.choices or ())
        self.target = class_box(context.schema, start.target or "person")
        self.target.setEnabled(not built_in)
        self.required = QCheckBox(tr("Every record needs it"))
        self.unique = QCheckBox(tr("No two records have the same"))
        self.indexed = QCheckBox(tr("Indexed: fast to sort and filter by"))
        for box, on in ((self.required, start.required), (self.unique, start.unique), (self.indexed, start.indexed)):
            box.setChecked(bool(on))
        self.group = QComboBox()
        self.group.setEditable(True)
        names = dict.fromkeys(str(one.section) for one in context.schema.cls(cls).attributes.values())
        self.group.addItems(list(names))
        self.group.setCurrentText(start.section or tr("Details"))
        self.help = QPlainTextEdit(start.help or "")
        self.help.setTabChangesFocus(True)
        set_sizes(self.help, height=56)
        self.in_use = Button(tr("Fill with the values in use"), self._fill_choices, kind="link")
        if present is None:
            self.in_use.hide()
        self._unit, self._choices, self._target = QWidget(), QWidget(), QWidget()
        for holder, title, editor in (
            (self._unit, tr("Unit"), self.unit),
            (self._choices, tr("Choices"), self.choices),
            (self._target, tr("Refers to"), self.target),
        ):
            more = (self.in_use,) if editor is self.choices else ()
            holder.setLayout(column(*labelled(title, editor), *more, spacing=4))
        self.setLayout(
            column(
                *labelled(tr("Name"), self.label), *labelled(tr("Type"), self.kind), self._unit, self._choices,
                self._target, self.required, self.unique, self.indexed, 6,
                *labelled(tr("Group in forms"), self.group), *labelled(tr("What it means"), self.help), STRETCH,
                spacing=4,
            )
        )  # fmt: skip
        self.kind.currentIndexChanged.connect(lambda _: self._fit())
        self._fit()

    def _fill_choices(self) -> None:
        """Adds the values that records have to the choices."""
        if self._present is None:
            return
        name = self._present.name
        self._context.query(
            lambda reader: values_in_use(reader, name),
            self.choices.add_missing,
            key=("classes", "values"),
            owner=self,
            now=True,
            beside_draft=True,
        )

    def _fit(self) -> None:
        """Shows what belongs to the type."""
        kind = str(self.kind.currentData())
        self._unit.setVisible(kind in ("integer", "number"))
        self._choices.setVisible(kind == "choice")
        self._target.setVisible(kind == "reference")
        self.unique.setEnabled(kind in ("text", "uuid", "email", "url", "integer"))

    def form(self) -> AttributeForm:
        """The attribute as it is wanted."""
        kind, present = str(self.kind.currentData()), self._present
        return AttributeForm(
            self.label.text(),
            kind,
            self.unit.text().strip() if kind in ("integer", "number") else None,
            self.choices.choices() if kind == "choice" else None,
            str(self.target.currentData()) if kind == "reference" else None,
            self.required.isChecked(),
            self.unique.isChecked() and self.unique.isEnabled(),
            self.indexed.isChecked(),
            self.group.currentText().strip() or (str(present.section) if present is not None else tr("Details")),
            self.help.toPlainText().strip(),
        )


def _possible(present: Attribute) -> tuple[str, ...]:
    """The types that an attribute can become, its own first."""
    if present.type not in CONVERTIBLE:
        return (present.type,)
    return (present.type, *(one for one in CONVERTIBLE if one != present.type))


class ClassEditor(QWidget):
    """Name, plural and icon of a class. ``icons``: name → the class that it is known from."""

    def __init__(self, context: Context, icons: Mapping[str, str], present: CIClass | None, icon: str) -> None:
        super().__init__()
        self.label = QLineEdit(str(present.label) if present is not None else "")
        self.plural = QLineEdit(str(present.plural) if present is not None else "")
        self.plural.setPlaceholderText(tr("as lists are called, such as Forklifts"))
        self.icon = QComboBox()
        for name, words in icons.items():
            self.icon.addItem(context.theme.icon(name), words, name)
        self.icon.setCurrentIndex(max(0, self.icon.findData(icon)))
        fields = (
            *labelled(tr("Name"), self.label), *labelled(tr("Plural"), self.plural), *labelled(tr("Icon"), self.icon),
        )  # fmt: skip
        self.setLayout(column(*fields, STRETCH, spacing=4))

    def form(self) -> WantedClass:
        """The class as it is wanted."""
        return WantedClass(self.label.text(), self.plural.text(), str(self.icon.currentData() or ""))


class RelationshipEditor(QWidget):
    """Words in both directions, the classes at both ends, and what a failure does."""

    def __init__(self, context: Context, start: RelationshipForm, *, built_in: bool) -> None:
        super().__init__()
        self.label, self.inverse = QLineEdit(start.label), QLineEdit(start.inverse)
        self.label.setPlaceholderText(tr("as in “a service runs on a server”: runs on"))
        self.inverse.setPlaceholderText(tr("as in “a server runs a service”: runs"))
        self.subjects = ClassList(context.schema, start.subjects)
        self.objects = ClassList(context.schema, start.objects)
        self.impact = QComboBox()
        for name, words in IMPACTS.items():
            self.impact.addItem(str(words), name)
        self.impact.setCurrentIndex(max(0, self.impact.findData(start.impact)))
        self.soft = QCheckBox(tr("It only gets worse, it does not fail"))
        self.soft.setChecked(start.strength == "soft")
        for one in (self.subjects, self.objects, self.impact, self.soft):
            one.setEnabled(not built_in)
        fields = (
            *labelled(tr("Reads from the first record"), self.label),
            *labelled(tr("Reads from the second record"), self.inverse),
            *labelled(tr("What stands first"), self.subjects), *labelled(tr("What stands second"), self.objects),
            *labelled(tr("A failure"), self.impact), self.soft,
        )  # fmt: skip
        self.setLayout(column(*fields, STRETCH, spacing=4))

    def form(self) -> RelationshipForm:
        """The relationship type as it is wanted."""
        return RelationshipForm(
            self.label.text(),
            self.inverse.text(),
            self.subjects.chosen(),
            self.objects.chosen(),
            cast(Impact, str(self.impact.currentData())),
            "soft" if self.soft.isChecked() else "hard",
        )


class ClassList(QListWidget):
    """Classes to tick, in the order of the tree; a class stands for those below it, too."""

    def __init__(self, schema: Schema, chosen: tuple[str, ...]) -> None:
        super().__init__()
        for root in ("ci", "work"):
            for cls in schema.tree(root) if root in schema.classes else ():
                depth = len(schema.ancestors(cls.name)) - 1
                item = QListWidgetItem("    " * depth + cls.label)
                item.setData(Qt.ItemDataRole.UserRole, cls.name)
                item.setFlags(
                    Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
                )
                item.setCheckState(Qt.CheckState.Checked if cls.name in chosen else Qt.CheckState.Unchecked)
                self.addItem(item)
                if cls.name in chosen and self.currentRow() < 0:
                    self.setCurrentItem(item)
        set_sizes(self, height=120)

    def chosen(self) -> tuple[str, ...]:
        """The ticked classes."""
        items = (self.item(line) for line in range(self.count()))
        ticked = (one for one in items if one.checkState() == Qt.CheckState.Checked)
        return tuple(str(one.data(Qt.ItemDataRole.UserRole)) for one in ticked)


def class_box(schema: Schema, chosen: str, fits: Callable[[CIClass], bool] = lambda cls: True) -> QComboBox:
    """A box to choose a class from, in the order of the tree."""
    box = QComboBox()
    for cls in schema.tree():
        if fits(cls) and not cls.hidden:
            box.addItem(str(cls.label), cls.name)
    box.setCurrentIndex(max(0, box.findData(chosen)))
    return box
