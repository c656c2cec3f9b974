"""Ctrl-C in the terminal closes the window as its close button does: jobs stop, the estate is closed."""

from __future__ import annotations

import signal
from types import FrameType

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

#: Python handles signals only while Python code runs; this timer runs some (milliseconds).
_OFTEN = 250


def close_on_interrupt(application: QApplication) -> None:
    """Handles SIGINT and SIGTERM until the program ends. A second one ends it at once."""

    def close(number: int, frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        QTimer.singleShot(0, application.closeAllWindows)

    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, close)
    timer = QTimer(application)
    timer.timeout.connect(lambda: None)
    timer.start(_OFTEN)
