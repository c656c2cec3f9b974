"""The dialog for a new attribute from a column that fits none. Name and type are proposed from header and values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from app.imports.attribute_types import TYPE_LABELS
from app.imports.draft import SheetDraft
from app.imports.new_attribute import new_attribute
from app.imports.targets import attribute_target
from cmdb.model.messages import tr
from cmdb.model.revision import Revision
from ui.context import Context
from ui.pages.import_.flow import ImportFlow
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.dialog import Dialog
from ui.widgets.labels import Text
from ui.widgets.layout import box, column

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision

#: The types that can be chosen.
_TYPES = ("text", "long_text", "integer", "number", "money", "date", "boolean", "email", "url")


def ask_new_attribute(context: Context, flow: ImportFlow, sheet: SheetDraft, line: int, parent: QWidget) -> None:
    """Asks for name and type, adds the attribute to the estate's schema, and maps the column to it."""
    use, cls = sheet.mapping.columns[line], sheet.mapping.cls
    schema = context.schema
    label, kind = QLineEdit(use.header), QComboBox()
    label.setAccessibleName(tr("Name"))
    kind.setAccessibleName(tr("Type"))
    for value in _TYPES:
        kind.addItem(str(TYPE_LABELS[value]), value)
    kind.setCurrentIndex(max(0, kind.findData(use.proposed_type or "text")))
    content = box(column(Text(tr("Name"), "small"), label, Text(tr("Type"), "small"), kind, spacing=4))
    text = tr(
        "The class {cls} gets a new field for it, in forms, tables, filters and exports.", cls=schema.classes[cls].label
    )
    dialog = Dialog(context.theme, parent, tr("New attribute"), text, content, icon="plus")
    names: list[str] = []

    def named(made: tuple[Revision, str]) -> Revision:
        revision, name = made
        names.append(name)
        return revision

    def done(_: AppliedRevision) -> None:
        flow.change_column(sheet, line, attribute_target(context.schema.attribute(cls, names[-1])))

    def accept() -> None:
        wanted, chosen, author = label.text().strip(), str(kind.currentData()), context.author
        if wanted:
            dialog.accept()
            added = tr("{attribute} added to {cls}", attribute=wanted, cls=schema.classes[cls].label)
            context.edit(lambda reader: named(new_attribute(reader, cls, wanted, chosen, author)), added, done)

    dialog.add_button(Button(tr("Cancel"), dialog.reject))
    dialog.add_button(PrimaryButton(tr("Add"), accept), default=True)
    dialog.open()
    label.setFocus()
