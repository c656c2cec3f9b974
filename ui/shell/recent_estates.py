"""The estates that were opened last, by the names that people gave them: for the menu and the start page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QMenu

from app import places
from app.settings import Settings
from cmdb.model.messages import tr
from ui.plain_texts import menu_label, plain_tip

_NAMES = "estate_names"
#: How many the menu and the start page show.
SHOWN = 6


class RecentEstates:
    """Keeps their names in the settings. ``recent`` lists their files and addresses, the latest first; ``open_estate``
    opens one.
    """

    def __init__(
        self, settings: Settings, recent: Callable[[], list[str]], open_estate: Callable[[str], object]
    ) -> None:
        self._settings, self._recent, self._open = settings, recent, open_estate

    def found(self) -> list[str]:
        """The files and addresses of those that are still there, the latest first."""
        return [where for where in self._recent() if places.is_there(where)][:SHOWN]

    def title(self, where: str) -> str:
        """The name of one, as it was when it was last open; that of its file or database where it has none."""
        names: dict[str, str] = self._settings.get(_NAMES, {})
        return str(names.get(where) or places.name_and_folder(where)[0])

    def remember(self, where: str, title: str) -> None:
        """Keeps the name of an open estate; those of estates that are no longer listed are forgotten."""
        where = places.without_password(where)
        names: dict[str, str] = self._settings.get(_NAMES, {})
        listed = {where, *self._recent()}
        self._settings.set(_NAMES, {**{one: name for one, name in names.items() if one in listed}, where: title})

    def fill(self, menu: QMenu, present: str = "") -> None:
        """Fills a menu with all but the one that is open."""
        menu.setToolTipsVisible(True)
        for where in self.found():
            if where != present:
                action = menu.addAction(menu_label(self.title(where)), partial(self._open, where))
                action.setToolTip(plain_tip(where))
        if menu.isEmpty():
            menu.addAction(tr("No other estate was opened yet.")).setEnabled(False)
