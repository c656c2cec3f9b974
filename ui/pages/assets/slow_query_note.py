"""The note over a table that is long in coming: why, a way to stop it, and a way to have it fast the next time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame

from app.assets.indexed_attributes import slow_parts
from ui.context import Context
from ui.pages.assets.index_prompt import mark
from ui.widgets.buttons import Button
from ui.widgets.labels import Text
from ui.widgets.layout import row
from ui.widgets.page_states import Icon

if TYPE_CHECKING:
    from cmdb.model.schema import Attribute
    from cmdb.model.selection import Selection

#: What comes within so long (milliseconds) is not called slow.
PATIENCE = 600


class SlowQueryNote(QFrame):
    """Stands while a list is asked for that does not come at once; ``stopped`` is called where the person gives up."""

    def __init__(self, context: Context, stopped: Callable[[], None]) -> None:
        super().__init__()
        self._context, self._selection = context, None
        self._attribute: Attribute | None = None
        self.setProperty("role", "note")
        self.setProperty("tone", "neutral")
        self.text = Text("", wrap=True)
        self.mend = Button("Make it fast", self._mend, hint="An index is built in the background; reading goes on.")
        self.stop = Button("Stop", stopped)
        line = row(Icon(context.theme, "clock", "neutral", 18), self.text, self.mend, self.stop, spacing=8)
        line.setContentsMargins(12, 6, 8, 6)
        line.setStretch(1, 1)
        self.setLayout(line)
        self._late = QTimer(self, singleShot=True, interval=PATIENCE)
        self._late.timeout.connect(self.show)
        self.hide()

    def wait_for(self, selection: Selection) -> None:
        """A list is asked for."""
        self.text.setText(self._why(selection))
        able = self._context.editable and not self._context.workspace.read_only
        self.mend.setVisible(self._attribute is not None and able)
        if not self.isVisible():
            self._late.start()

    def done(self) -> None:
        """It is here, or will not come."""
        self._late.stop()
        self.hide()

    def _why(self, selection: Selection) -> str:
        self._attribute = None
        for what, attribute in slow_parts(self._context.schema, selection):
            self._attribute = attribute
            return f"{what} by {attribute.label}: this attribute is not indexed, so every item has to be looked at."
        if selection.where or selection.text:
            return "Looking through all items for what answers the filter."
        return "Putting the items in order."

    def _mend(self) -> None:
        if self._attribute is not None:
            mark(self._context, self._attribute)
