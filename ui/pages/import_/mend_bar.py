"""What is wrong with the current cell, and what is put instead: into this cell, the selected ones, or all like it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.imports.problems import suggestions
from cmdb.model.messages import tr, trn
from cmdb.model.observation import Problem
from ui.theme import Theme
from ui.widgets.buttons import Button
from ui.widgets.labels import ElidedText, Text
from ui.widgets.layout import STRETCH, box, clear, column, row
from ui.widgets.page_states import Icon
from ui.widgets.suggesting_field import SuggestingField

#: The most values that are offered as buttons.
_CHIPS = 5
#: The most characters that are shown above the field.
_SAID = 400


class MendBar(QWidget):
    """The current cell's problem and its correction. ``mended`` (text, all alike) fires when the person decides."""

    mended = Signal(str, bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._icon = Icon(theme, "error", "bad", 16)
        self._cell = Text("", "muted")
        self._message = Text("", wrap=True)
        self._message.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._message.setMinimumHeight(2 * self._message.fontMetrics().lineSpacing())
        self.field = SuggestingField(theme)
        self.field.setAccessibleName(tr("What to put instead"))
        self.field.setPlaceholderText(tr("What to put instead"))
        self.field.returnPressed.connect(lambda: self._decide(self.field.text(), True))
        self.one = Button(
            "", lambda: self._decide(self.field.text(), False), hint=tr("Corrects the selected cells only")
        )
        self.all = Button(
            "",
            lambda: self._decide(self.field.text(), True),
            hint=tr("Corrects every cell of the column with this value  (Enter)"),
        )
        self._accepted = ElidedText("", "muted")
        self._offers = row(spacing=6)
        line = row(self.field, self.one, self.all, spacing=8)
        line.setStretch(0, 1)
        said = row(self._icon, self._cell, self._message, spacing=8)
        said.setStretch(2, 1)
        for widget in (self._icon, self._cell):
            said.setAlignment(widget, Qt.AlignmentFlag.AlignTop)
        offers = row(self._accepted, self._offers, STRETCH, spacing=8)
        self._edit = box(column(line, offers, spacing=6))
        self.setLayout(column(said, self._edit, spacing=6, margins=(0, 8, 0, 0)))

    def show_cell(
        self, name: str, text: str, problems: Sequence[Problem], words: Sequence[str], selected: int, editable: bool
    ) -> None:
        """Shows a cell: its name ("C5"), text and problems, the ``words`` that it may hold instead, and how many cells
        are selected in its column.
        """
        clear(self._offers)
        first = next((one for one in problems if one.severity != "warning"), problems[0] if problems else None)
        error = first is not None and first.severity != "warning"
        self._icon.setVisible(first is not None)
        self._icon.set_icon("error" if error else "info", "bad" if error else "warning")
        self._cell.setText(name)
        said = "  ".join(str(one.message) for one in problems)
        self._message.setText(_short(said or text))
        self._edit.setVisible(editable)
        suggested = list(dict.fromkeys(word for one in problems for word in suggestions(one, _CHIPS)))
        self.field.setText(text)
        self.field.suggest(words)
        accepted = first.accepted_text if first is not None and not words else ""
        self._accepted.setText(tr("Accepted: {values}", values=accepted) if accepted else "")
        self._accepted.setVisible(bool(accepted))
        for word in suggested[:_CHIPS]:
            self._offers.addWidget(Button(word, partial(self._decide, word, True), kind="chip"))
        self.one.setText(trn("This cell", "These {count} cells", max(selected, 1)))
        self.show_alike(0)

    def show_alike(self, count: int) -> None:
        """How many cells of the column hold the same text."""
        self.all.setText(trn("The cell with this value", "All {count} like it", count))
        self.all.setVisible(count > 1)

    def _decide(self, text: str, alike: bool) -> None:
        self.field.setText(text)
        self.mended.emit(text, alike)


def _short(text: str) -> str:
    line = " ".join(text[: _SAID + 1].split())
    return line if len(text) <= _SAID else line[:_SAID] + "…"
