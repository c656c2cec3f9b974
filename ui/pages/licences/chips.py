"""Switches with words and counts that narrow a list."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from cmdb.model.messages import tr
from ui.widgets.buttons import PushButton
from ui.widgets.flow_layout import FlowLayout


@dataclass(frozen=True, slots=True)
class Chip:
    """One switch: the id of its filter, its label, and the number of lines."""

    name: str
    label: str
    number: int


class Chips(QWidget):
    """Switches of which any number may be on; if none is on, all is shown. ``changed``: a person switched one."""

    changed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._row = FlowLayout(self)
        self._all = self._button(tr("All"))
        self._all.clicked.connect(lambda: self._only_all())
        self._buttons: dict[str, QPushButton] = {}
        self._on: set[str] = set()

    @property
    def chosen(self) -> set[str]:
        """The names that are on; empty: all."""
        return set(self._on)

    def choose(self, names: set[str]) -> None:
        """Switches on exactly these, without announcing it."""
        self._on = set(names)
        self._draw()

    def show_chips(self, chips: list[Chip], total: int) -> None:
        """Shows other words. A switch that no longer exists is switched off."""
        self._all.setText(tr("All {number}", number=total))
        wanted = [chip.name for chip in chips]
        if wanted != list(self._buttons):
            for button in self._buttons.values():
                self._row.removeWidget(button)
                button.deleteLater()
            self._buttons = {name: self._button(name) for name in wanted}
            for name, button in self._buttons.items():
                button.clicked.connect(lambda _=False, name=name: self._switch(name))
        for chip in chips:
            self._buttons[chip.name].setText(tr("{label} {number}", label=chip.label, number=chip.number))
        self._on &= set(wanted)
        self._draw()

    def _button(self, name: str) -> QPushButton:
        button = PushButton(name, self)
        button.setProperty("kind", "segment")
        button.setProperty("several", "true")  # what is on is told apart from what has the focus
        button.setCheckable(True)
        button.setAutoDefault(False)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._row.addWidget(button)
        button.show()  # or it would take no room as long as what is around it is hidden
        return button

    def _switch(self, name: str) -> None:
        self._on ^= {name}
        self._draw()
        self.changed.emit()

    def _only_all(self) -> None:
        was, self._on = self._on, set()
        self._draw()
        if was:
            self.changed.emit()

    def _draw(self) -> None:
        self._all.setChecked(not self._on)
        for name, button in self._buttons.items():
            button.setChecked(name in self._on)
