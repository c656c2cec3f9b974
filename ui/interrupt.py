"""Ctrl-C in the terminal closes the window as its close button does: jobs stop, the estate is closed."""

from __future__ import annotations

import signal
from types import FrameType

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

#: Python sees a signal only when some of it runs; this often something does (milliseconds).
_OFTEN = 250


def close_on_interrupt(application: QApplication) -> None:
    """Takes SIGINT and SIGTERM over, until the program ends. A second one ends it at once."""

    def close(number: int, frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        QTimer.singleShot(0, application.closeAllWindows)

    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, close)
    timer = QTimer(application)
    timer.timeout.connect(lambda: None)
    timer.start(_OFTEN)
