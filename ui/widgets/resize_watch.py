"""Follows the size of a widget: what depends on it is worked out once the layout has settled."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget


class ResizeWatch(QObject):
    """Calls ``then`` after a widget was resized, also where it was hidden until then."""

    def __init__(self, watched: QWidget, then: Callable[[], object]) -> None:
        super().__init__(watched)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(then)
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Starts the timer at each resize."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._soon.start()
        return super().eventFilter(watched, event)
