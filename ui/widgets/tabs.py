"""Tabs and segments: one of a few views, chosen by click or with the arrow keys."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QSizePolicy

from ui.widgets.buttons import PushButton
from ui.widgets.labels import Hairline
from ui.widgets.layout import column


class _Tab(PushButton):
    def sizeHint(self) -> QSize:
        """Room for the words as they are when chosen, in bold: so nothing moves when another is chosen."""
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        more = QFontMetrics(bold).horizontalAdvance(self.text()) - self.fontMetrics().horizontalAdvance(self.text())
        hint = super().sizeHint()
        return QSize(hint.width() + max(0, more), hint.height())

    def minimumSizeHint(self) -> QSize:
        """As wide as its words."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows move to the neighbour."""
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        group = self.group()
        if step is None or group is None:
            super().keyPressEvent(event)
            return
        buttons = [b for b in group.buttons() if b.isVisible()]
        wanted = buttons[(buttons.index(self) + step) % len(buttons)]
        wanted.setFocus()
        wanted.click()


class _Choice(QFrame):
    """Buttons of which one is chosen; ``chosen`` fires with its name."""

    chosen = Signal(str)
    _kind = "tab"
    _spacing = 16

    def __init__(self, names: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout()
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(self._spacing)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        for name, title in names:
            button = _Tab(title)
            button.setCheckable(True)
            button.setProperty("kind", self._kind)
            button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _=False, name=name: self.chosen.emit(name))
            self._group.addButton(button)
            self._row.addWidget(button)
            self._buttons[name] = button
        if names:
            self._buttons[names[0][0]].setChecked(True)

    @property
    def current(self) -> str:
        """The chosen name."""
        return next((name for name, button in self._buttons.items() if button.isChecked()), "")

    def choose(self, name: str) -> None:
        """Chooses without firing ``chosen``."""
        self._buttons[name].setChecked(True)

    def set_title(self, name: str, title: str) -> None:
        """Another title ("Software 21")."""
        self._buttons[name].setText(title)

    def set_shown(self, name: str, shown: bool) -> None:
        """Shows or hides one."""
        self._buttons[name].setVisible(shown)


class Tabs(_Choice):
    """Words over a line, the chosen one underlined: ``Tabs((("details", "Details"), …))``."""

    def __init__(self, names: tuple[tuple[str, str], ...]) -> None:
        super().__init__(names)
        self._row.addStretch(1)
        self.setLayout(column(self._row, Hairline(), spacing=0))


class Segments(_Choice):
    """A small switch between views, drawn as one control."""

    _kind = "segment"
    _spacing = 2

    def __init__(self, names: tuple[tuple[str, str], ...]) -> None:
        super().__init__(names)
        self.setProperty("role", "segments")
        self._row.setContentsMargins(2, 2, 2, 2)
        self.setLayout(self._row)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
