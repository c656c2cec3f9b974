"""A new attribute from a column that fits none: its name and type, proposed from header and values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from app.imports.draft import SheetDraft
from app.imports.new_attribute import new_attribute
from app.imports.targets import ColumnTarget
from cmdb.model.revision import Revision
from ui.context import Context
from ui.pages.import_.flow import ImportFlow
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.dialog import Dialog
from ui.widgets.labels import Text
from ui.widgets.layout import box, column

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision

_TYPES = (("text", "Text"), ("long_text", "Long text"), ("integer", "Whole number"), ("number", "Number"),
          ("money", "Amount"), ("date", "Date"), ("boolean", "Yes or no"), ("email", "E-mail address"),
          ("url", "Web address"))  # fmt: skip


def ask_new_attribute(context: Context, flow: ImportFlow, sheet: SheetDraft, line: int, parent: QWidget) -> None:
    """Asks for name and type, adds the attribute to the estate's schema, and maps the column to it."""
    use, cls = sheet.mapping.columns[line], sheet.mapping.cls
    schema = context.schema
    label, kind = QLineEdit(use.header), QComboBox()
    label.setAccessibleName("Name")
    kind.setAccessibleName("Type")
    for value, title in _TYPES:
        kind.addItem(title, value)
    kind.setCurrentIndex(max(0, kind.findData(use.proposed_type or "text")))
    content = box(column(Text("Name", "small"), label, Text("Type", "small"), kind, spacing=4))
    text = f"{schema.classes[cls].label} gets a field of its own for it, in forms, tables, filters and exports."
    dialog = Dialog(context.theme, parent, "New attribute", text, content, icon="plus")
    names: list[str] = []

    def make(_reader: object) -> Revision:
        revision, name = new_attribute(
            context.schema, cls, label.text().strip(), str(kind.currentData()), context.author
        )
        names.append(name)
        return revision

    def done(_: AppliedRevision) -> None:
        attribute = context.schema.attribute(cls, names[0])
        flow.change_column(sheet, line, ColumnTarget(attribute.label, attribute.section, "attribute", attribute.name))

    def accept() -> None:
        if label.text().strip():
            dialog.accept()
            context.edit(make, f"{label.text().strip()} added to {schema.classes[cls].label}", done)

    dialog.add_button(Button("Cancel", dialog.reject))
    dialog.add_button(PrimaryButton("Add", accept), default=True)
    dialog.open()
    label.setFocus()
