"""A new attribute from a column that fits none: its name and type, proposed from header and values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from app.imports.draft import SheetDraft
from app.imports.targets import Target
from cmdb.model.revision import Edit, Record, Revision, new_id
from cmdb.model.schema import Schema, fold
from ui.pages.import_.flow import Flow
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.dialog import Dialog
from ui.widgets.labels import Text
from ui.widgets.layout import box, column

if TYPE_CHECKING:
    from cmdb.model.applied import Applied
    from cmdb.store.reading.reader import Reader

_TYPES = (("text", "Text"), ("long_text", "Long text"), ("integer", "Whole number"), ("number", "Number"),
          ("money", "Amount"), ("date", "Date"), ("boolean", "Yes or no"), ("email", "E-mail address"),
          ("url", "Web address"))  # fmt: skip


def attribute_name(schema: Schema, cls: str, label: str) -> str:
    """The schema's name for a label, free in the class and below it."""
    name = "_".join(word for word in fold(label).split() if word.isascii()) or "field"
    if name[0].isdigit():
        name = f"x_{name}"
    taken = {a for c in schema.family(cls) for a in schema.classes[c].attributes}
    taken |= schema.all_attributes().keys()
    number, wanted = 2, name
    while wanted in taken:
        wanted, number = f"{name}_{number}", number + 1
    return wanted


def new_attribute(schema: Schema, cls: str, label: str, kind: str, author: str) -> tuple[Revision, str]:
    """The revision that adds an attribute to a class of this estate, and the attribute's name."""
    name = attribute_name(schema, cls, label)
    entry = {"class": {cls: {"attributes": {name: {"label": label, "type": kind}}}}}
    record = Record("schema_entry", (new_id(),))
    edit = Edit(record, "", None, {"document": entry})
    return Revision([edit], author, reason=f"New attribute {label}"), name


def ask_new_attribute(flow: Flow, sheet: SheetDraft, line: int, parent: QWidget) -> None:
    """Asks for name and type, adds the attribute to the estate's schema, and maps the column to it."""
    use, cls = sheet.mapping.columns[line], sheet.mapping.cls
    schema = flow.context.schema
    label, kind = QLineEdit(use.header), QComboBox()
    label.setAccessibleName("Name")
    kind.setAccessibleName("Type")
    for value, title in _TYPES:
        kind.addItem(title, value)
    kind.setCurrentIndex(max(0, kind.findData(use.proposed_type or "text")))
    content = box(column(Text("Name", "small"), label, Text("Type", "small"), kind, spacing=4))
    text = f"{schema.classes[cls].label} gets a field of its own for it, in forms, tables, filters and exports."
    dialog = Dialog(flow.context.theme, parent, "New attribute", text, content, icon="plus")
    names: list[str] = []

    def make(reader: Reader) -> Revision:
        revision, name = new_attribute(
            reader.schema, cls, label.text().strip(), str(kind.currentData()), flow.context.author
        )
        names.append(name)
        return revision

    def done(_: Applied) -> None:
        attribute = flow.context.schema.attribute(cls, names[0])
        flow.change_column(sheet, line, Target(attribute.label, attribute.section, "attribute", attribute.name))

    def accept() -> None:
        if label.text().strip():
            dialog.accept()
            flow.context.edit(make, f"{label.text().strip()} added to {schema.classes[cls].label}", done)

    dialog.add_button(Button("Cancel", dialog.reject))
    dialog.add_button(PrimaryButton("Add", accept), default=True)
    dialog.open()
    label.setFocus()
