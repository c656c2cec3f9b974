"""Opens the settings, and what they lead to."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.settings import Settings
from ui.shell.appearance import Appearance
from ui.shell.backups import BackupActions
from ui.shell.identity import IdentityActions
from ui.shell.page_stack import PageStack
from ui.shell.services import Services
from ui.theme import Theme
from ui.widgets.written_file import show_folder

#: The page of classes, attributes and states.
_CLASSES = "classes"


class SettingsOpener:
    """Makes the dialog of settings each time it is opened."""

    def __init__(
        self, theme: Theme, parent: QWidget, settings: Settings, services: Services, stack: PageStack,
        appearance: Appearance, identity: IdentityActions, backups: BackupActions,
    ) -> None:  # fmt: skip
        self._theme, self._parent, self._settings, self._services = theme, parent, settings, services
        self._stack, self._appearance, self._identity, self._backups = stack, appearance, identity, backups

    def open(self) -> None:
        """Shows the settings."""
        from ui.shell.settings_dialog import SettingsActions, SettingsDialog

        has_classes = _CLASSES in self._stack.names()
        actions = SettingsActions(
            self._appearance.apply,
            self._identity.ask,
            self._backups.show_backups,
            self._backups.back_up,
            show_folder,
            (lambda: self._services.go(_CLASSES)) if has_classes else None,
            (lambda name: self._services.go(_CLASSES, sources=name)) if has_classes else None,
        )
        SettingsDialog(self._theme, self._parent, self._settings, self._services.context, actions).open()
