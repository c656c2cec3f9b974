"""What an item's model says of it: shown under the item's own values, and changed at the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cmdb.model.messages import tr
from ui.records.detail.whole_text import WholeText
from ui.text_size import set_sizes
from ui.widgets.buttons import LinkButton
from ui.widgets.labels import SectionLabel, Text
from ui.widgets.layout import STRETCH, row
from ui.widgets.values import text_of

if TYPE_CHECKING:
    from app.assets.detail import ItemFacts
    from ui.context import Context

LABEL = 19
"""The width of a label, in letters."""
LINE = 22
"""The least height of a line, in pixels."""
INSET = 7
"""Pixels beside a value: it stands under those that can be edited, which have room for the field."""


class ModelValues(QWidget):
    """The values of an item's model, read only; nothing where the model says none."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._shown: object = None
        self.lines: list[tuple[str, str]] = []
        """The labels and values that are shown."""
        self._layout = QVBoxLayout(self)
        self._layout.setSpacing(0)
        self._layout.setContentsMargins(0, 0, 0, 0)

    def show_of(self, loaded: ItemFacts) -> None:
        """Shows what the model of an item says."""
        found = loaded.inherited
        model = found.model
        if model is None or not found.said:
            self.lines, self._shown = [], None
            self.hide()
            return
        currency = {one.name: model.text(one.currency) for one in found.said}
        lines = [
            (one.label, text_of(one, model.values[one.name], loaded.names, currency[one.name])) for one in found.said
        ]
        shown = (model.uid, model.name, lines)
        if shown != self._shown:
            self._fill(model.uid, model.cls, model.name, lines)
        self.lines, self._shown = lines, shown
        self.show()

    def _fill(self, uid: str, cls: str, name: str, lines: list[tuple[str, str]]) -> None:
        while (item := self._layout.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        title = SectionLabel(tr("From the model"))
        link = LinkButton(name, lambda: self._context.shell.open_ci(uid, cls))
        head = QWidget(self)
        head.setLayout(row(title, link, STRETCH, spacing=8, margins=(0, 10, 0, 3)))
        self._layout.addWidget(head)
        for label_text, value in lines:
            label, text = Text(label_text, "muted", wrap=True), WholeText(value)
            if self._context.editable:
                text.setContentsMargins(INSET, 0, INSET, 0)
            label.setFixedWidth(label.fontMetrics().averageCharWidth() * LABEL)
            text.setProperty("editable", False)
            for part in (label, text):
                set_sizes(part, least_height=LINE)
            text.setAccessibleName(tr("{attribute}: {value}", attribute=label_text, value=value))
            line = row(label, text, spacing=8, margins=(0, 2, 0, 2))
            line.setStretch(1, 1)
            holder = QWidget(self)
            holder.setLayout(line)
            self._layout.addWidget(holder)
