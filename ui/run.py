"""Starts the window. It paints before the store's libraries are imported and the estate is opened."""

from __future__ import annotations

import gc
import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app import places, preferences
from app.settings import Settings
from ui import interface_font
from ui.accessible import tell_roles
from ui.pages import entries
from ui.qt_texts import speak
from ui.shell.window import Window
from ui.theme import Theme


def application() -> QApplication:
    """The process's QApplication, made if there is none."""
    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    interface_font.prepare()
    made = QApplication(sys.argv[:1])
    made.setApplicationName("Terrier")
    made.setApplicationDisplayName("")
    made.setDesktopFileName("terrier")
    speak(made)
    tell_roles()
    return made


def make_window(app: QApplication, settings: Settings) -> Window:
    """The window, not shown yet and without an estate."""
    font, size = preferences.value_of(settings, preferences.FONT), preferences.value_of(settings, preferences.TEXT_SIZE)
    theme = Theme(app, preferences.look_of(settings), str(font), int(size))
    return Window(theme, settings, entries())


def begin(window: Window, where: str | None) -> None:
    """Opens the estate that was named, else the last one; without one, shows the start page."""
    if where is None:
        recent = window.estate.recent()
        default = places.default_estate()
        where = next((r for r in recent[:1] if places.is_there(r)), None)
        if where is None and default.exists():
            where = str(default)
    if where is None:
        window.show_start()
    else:
        window.estate.open(where)


def share_time() -> None:
    """Keeps the GUI thread quick while workers compute.

    A computing worker releases the interpreter only after the switch interval, and painting a table needs the
    interpreter some thousand times: the default of 5 ms would be noticeable. A long garbage collection, which stops
    every thread, would be noticeable, too: existing objects are frozen, and young ones are collected often and in small
    numbers.
    """
    sys.setswitchinterval(0.0005)
    gc.freeze()
    gc.set_threshold(5_000, 10, 1000)


def run(where: str | None) -> int:
    """Opens the window on an estate (a file or database URL; None: the last one) and returns the exit status."""
    app = application()
    window = make_window(app, Settings())
    sys.excepthook = lambda kind, error, trace: window.services.problem(error)
    window.show()
    window.estate.opened.connect(lambda _: share_time())
    window.estate.opened.connect(lambda _: window.identity.ask_at_first_start())
    # The timer fires after the first paint: until then nothing of the store is imported.
    QTimer.singleShot(0, lambda: begin(window, where))
    return app.exec()
