"""Cards: the white sheets on the quiet ground; and tiles that carry one figure."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.text_size import set_sizes
from ui.widgets.buttons import PushButton
from ui.widgets.labels import ElidedText, Heading, Text, as_heading
from ui.widgets.layout import column


class Card(QFrame):
    """A framed surface with an optional title; ``body`` is the layout to fill, ``header`` the row of the title."""

    def __init__(self, title: str = "", *, margins: tuple[int, int, int, int] = (16, 12, 16, 12)) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.header = QHBoxLayout()
        self.header.setSpacing(8)
        self.title = ElidedText(title)
        as_heading(self.title, 2)
        self.body = QVBoxLayout()
        self.body.setSpacing(4)
        if title:
            set_sizes(self.title, least_height=22)
            self.header.addWidget(self.title)
            self.header.addStretch(1)
            self.setAccessibleName(title)
        outer = column(self.header, self.body, spacing=8 if title else 0, margins=margins)
        outer.setStretch(1, 1)
        self.setLayout(outer)

    def add(self, item: QWidget | QLayout, stretch: int = 0) -> None:
        """Adds to the body."""
        if isinstance(item, QLayout):
            self.body.addLayout(item, stretch)
        else:
            self.body.addWidget(item, stretch)


class Tile(PushButton):
    """A figure with its title and a note; a click leads to what it counts."""

    def __init__(self, title: str, clicked: Callable[[], object] | None = None) -> None:
        super().__init__()
        self.setProperty("kind", "tile")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._title = Heading(title, 2)
        self._figure = Heading("–", 0)
        self._note = ElidedText("", "muted")
        layout = column(self._title, self._figure, self._note, spacing=6, margins=(16, 14, 16, 14))
        self.setLayout(layout)
        self.setAccessibleName(title)
        if clicked is not None:
            self.clicked.connect(lambda: clicked())

    def sizeHint(self) -> QSize:
        """As its contents need."""
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """As its contents need."""
        layout = self.layout()
        return layout.minimumSize() if layout is not None else super().minimumSizeHint()

    def show_title(self, title: str) -> None:
        """Sets another title."""
        self._title.setText(title)
        self.setAccessibleName(title)

    def show_figure(self, figure: str, note: str = "", tone: str = "") -> None:
        """Sets figure and note; ``tone`` colours the note."""
        self._figure.setText(figure)
        self._note.setText(note)
        self._note.set_tone(tone)
        self.setAccessibleDescription(f"{figure} {note}")


def page_header(title: Text, *right: QWidget) -> QHBoxLayout:
    """A page's title with its buttons on the right."""
    layout = QHBoxLayout()
    layout.setSpacing(8)
    layout.addWidget(title)
    layout.addStretch(1)
    for widget in right:
        layout.addWidget(widget)
    return layout
