"""How the window looks, as the person wants it: theme, font, size of text, height of rows. All holds at once."""

from __future__ import annotations

from collections.abc import Callable

from app import preferences
from app.declared_settings import DeclaredSetting
from app.settings import Settings
from cmdb.model.messages import tr
from ui.theme import Mode, Theme


class Appearance:
    """Keeps what the person chooses and shows it. ``reload`` shows the pages anew, ``say`` tells what was chosen."""

    def __init__(
        self, theme: Theme, settings: Settings, reload: Callable[[], object], say: Callable[[str], object]
    ) -> None:
        self._theme, self._settings, self._reload, self._say = theme, settings, reload, say

    def set_look(self, mode: Mode) -> None:
        """Light, dark, or as the system."""
        preferences.keep(self._settings, preferences.LOOK, mode)
        self._theme.set_mode(mode)

    def step_text_size(self, step: int) -> None:
        """Larger or smaller text by so many pixels; 0 is the system's size again."""
        self._theme.set_text_size(self._theme.text_size + step if step else 0)
        preferences.keep(self._settings, preferences.TEXT_SIZE, self._theme.chosen_size)
        self._reload()
        self._say(tr("Text of {size} px", size=self._theme.text_size))

    def is_compact(self) -> bool:
        """Whether tables have low rows."""
        return preferences.is_compact(self._settings)

    def toggle_compact(self) -> None:
        """Low or comfortable table rows; pages take it up when they reload."""
        preferences.keep(self._settings, preferences.DENSITY, not self.is_compact())
        self._reload()

    def apply(self, setting: DeclaredSetting) -> None:
        """Shows what was chosen in the settings."""
        value = preferences.value_of(self._settings, setting)
        if setting is preferences.LOOK:
            self._theme.set_mode(preferences.look_of(self._settings))
        elif setting is preferences.FONT:
            self._theme.set_font(str(value))
        elif setting is preferences.TEXT_SIZE:
            self._theme.set_text_size(int(value))
        if setting in (preferences.FONT, preferences.TEXT_SIZE, preferences.DENSITY):
            self._reload()
