"""A form made from attributes: labels above, fields below, checked together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from cmdb.model.schema import Attribute
from ui.context import Context
from ui.widgets.field_types import field_for
from ui.widgets.fields import Field
from ui.widgets.labels import SectionLabel, Text


class Form(QWidget):
    """Fields for attributes, in sections. ``submitted`` fires for Enter in a field."""

    submitted = Signal()

    def __init__(self, context: Context, attributes: Iterable[Attribute], *, sections: bool = False) -> None:
        super().__init__()
        self.fields: dict[str, Field] = {}
        layout = QVBoxLayout(self)
        layout.setSpacing(4)
        layout.setContentsMargins(0, 0, 0, 0)
        section = ""
        for attribute in _by_section(attributes) if sections else attributes:
            if sections and attribute.section != section:
                section = attribute.section
                layout.addSpacing(8)
                layout.addWidget(SectionLabel(section))
            field = field_for(context, attribute)
            label: QLabel = Text(attribute.label + (" *" if attribute.required else ""), "muted")
            label.setBuddy(field.editor)
            layout.addWidget(label)
            layout.addWidget(field)
            layout.addSpacing(6)
            self.fields[attribute.name] = field
        layout.addStretch(1)

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Shows canonical values; fields that are not named are emptied."""
        for name, field in self.fields.items():
            field.set_value(values.get(name))

    def values(self) -> dict[str, Any] | None:
        """The canonical values of all fields that are not empty; None where one is invalid (its error is shown)."""
        found: dict[str, Any] = {}
        first: Field | None = None
        for name, field in self.fields.items():
            good, value = field.checked()
            if not good:
                first = first or field
            elif value is not None:
                found[name] = value
        if first is not None:
            first.setFocus()
            return None
        return found

    def changes(self) -> dict[str, Any] | None:
        """The canonical values of the changed fields (None: emptied); None where one is invalid."""
        if self.values() is None:
            return None
        return {name: field.value() for name, field in self.fields.items() if field.dirty}


def _by_section(attributes: Iterable[Attribute]) -> list[Attribute]:
    """The attributes of each section together, so that its heading stands there once."""
    found: dict[str, list[Attribute]] = {}
    for one in attributes:
        found.setdefault(str(one.section), []).append(one)
    return [one for together in found.values() for one in together]
