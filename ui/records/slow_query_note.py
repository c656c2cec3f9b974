"""The note over a table that takes long to read: why, a button to stop, and a button to make it fast next time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame

from app.assets.indexed_attributes import slow_parts
from cmdb.model.messages import tr
from ui.context import Context
from ui.records.index_prompt import mark
from ui.widgets.buttons import Button
from ui.widgets.labels import Text
from ui.widgets.layout import row
from ui.widgets.page_states import Icon

if TYPE_CHECKING:
    from cmdb.model.schema import Attribute
    from cmdb.model.selection import Selection

#: The delay of the note in milliseconds.
PATIENCE = 600


class SlowQueryNote(QFrame):
    """Shown while a list is read that takes long; ``stopped`` is called when the person stops it."""

    def __init__(self, context: Context, stopped: Callable[[], None]) -> None:
        super().__init__()
        self._context, self._selection = context, None
        self._attribute: Attribute | None = None
        self.setProperty("role", "note")
        self.setProperty("tone", "neutral")
        self.text = Text("", wrap=True)
        self.mend = Button(
            tr("Make it fast"), self._mend, hint=tr("An index is built in the background; you can go on reading.")
        )
        self.stop = Button(tr("Stop"), stopped)
        line = row(Icon(context.theme, "clock", "neutral", 18), self.text, self.mend, self.stop, spacing=8)
        line.setContentsMargins(12, 6, 8, 6)
        line.setStretch(1, 1)
        self.setLayout(line)
        self._late = QTimer(self, singleShot=True, interval=PATIENCE)
        self._late.timeout.connect(self.show)
        self.hide()

    def wait_for(self, selection: Selection) -> None:
        """A list is requested."""
        self.text.setText(self._why(selection))
        able = self._context.can_set_up and not self._context.workspace.read_only
        self.mend.setVisible(self._attribute is not None and able)
        if not self.isVisible():
            self._late.start()

    def done(self) -> None:
        """The list was loaded, or loading was given up."""
        self._late.stop()
        self.hide()

    def _why(self, selection: Selection) -> str:
        self._attribute = None
        for what, attribute in slow_parts(self._context.schema, selection):
            self._attribute = attribute
            if what == "sort":
                return tr(
                    "Sorting by {attribute}: this attribute is not indexed, so every item has to be read.",
                    attribute=attribute.label,
                )
            return tr(
                "Filtering by {attribute}: this attribute is not indexed, so every item has to be read.",
                attribute=attribute.label,
            )
        if selection.where or selection.text:
            return tr("Searching all items for those that match the filter.")
        return tr("Sorting the items.")

    def _mend(self) -> None:
        if self._attribute is not None:
            mark(self._context, self._attribute)
