"""The sound of a scan: one for what is as expected, another for what is odd. It can be switched off."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QApplication

from app.audits.shown_audit import Verdict
from app.settings import Settings

SETTING = "audits.sound"
_CALM = (Verdict.FOUND, Verdict.PLACE, Verdict.NOTED)


class ScanSound:
    """Plays the system's sound: once for what is as expected, twice for what is odd. Whether it does is remembered."""

    def __init__(self, settings: Settings, beep: Callable[[], None] = QApplication.beep) -> None:
        self._settings, self._beep = settings, beep

    @property
    def on(self) -> bool:
        """Whether it sounds."""
        return bool(self._settings.get(SETTING, True))

    def switch(self) -> None:
        """On, or off."""
        self._settings.set(SETTING, None if not self.on else False)

    def play(self, verdict: Verdict) -> None:
        """The sound for a verdict."""
        if self.on:
            for _ in range(1 if verdict in _CALM else 2):
                self._beep()
