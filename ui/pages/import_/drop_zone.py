"""The first step, without files: an area to drop them on, and the formats that can be imported."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from app.imports.formats import Format
from cmdb.model.formats import listing
from cmdb.model.messages import Message, tr
from ui.text_size import set_sizes
from ui.theme import Theme
from ui.widgets.buttons import Button, LinkButton, PrimaryButton
from ui.widgets.labels import Heading, Text
from ui.widgets.layout import STRETCH, box, column, row, scrolled
from ui.widgets.page_states import Icon

_PROMISE = Message(
    "Spreadsheets, inventories and captures of machines, lists of software, and what other tools write. "
    "Nothing is written before you have seen what would change."
)


class DropZone(QFrame):
    """The area to drop files on while none is open."""

    def __init__(
        self, theme: Theme, choose: Callable[[], object], paste: Callable[[], object],
        show: Callable[[], object],
    ) -> None:  # fmt: skip
        super().__init__()
        self.setProperty("role", "drop")
        title = Heading(tr("Drop files here"), 2)
        words = Text(str(_PROMISE), "muted", wrap=True)
        for label in (title, words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_sizes(words, width=520)
        self.choose = PrimaryButton(tr("Choose files…"), choose, icon="open", theme=theme)
        hint = tr("From the clipboard  (Ctrl+V)")
        paste_button = Button(tr("Paste a table"), paste, icon="paste", theme=theme, hint=hint)
        self.formats = LinkButton(tr("All formats…"), show)
        self.setLayout(
            column(
                STRETCH, row(STRETCH, Icon(theme, "import", "accent", 40), STRETCH), title,
                row(STRETCH, words, STRETCH), row(STRETCH, self.formats, STRETCH), 6,
                row(STRETCH, self.choose, paste_button, STRETCH), STRETCH, spacing=10,
            )
        )  # fmt: skip

    def set_over(self, over: bool) -> None:
        """Whether files are held over it."""
        self.setProperty("over", "true" if over else "false")
        self.style().unpolish(self)
        self.style().polish(self)


class FormatList(QWidget):
    """The formats that can be imported: what their files hold, and their usual endings."""

    def __init__(self, known: Sequence[Format]) -> None:
        super().__init__()
        lines = column(spacing=14, margins=(0, 0, 8, 0))
        for one in known:
            endings = listing((ending.lstrip(".") for ending in one.endings), "unit")
            told = (Text(one.label).set_bold(), Text(one.help, wrap=True), Text(endings, "muted", wrap=True))
            lines.addWidget(box(column(*told, spacing=2)))
        lines.addStretch(1)
        self.area = scrolled(box(lines), tr("Formats"))
        self.setLayout(column(self.area))
        self.setFocusProxy(self.area)
