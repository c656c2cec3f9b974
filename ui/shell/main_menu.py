"""The window's menu: what it can do, the estates that were opened last, and the actions of each page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from app.places import without_password
from cmdb.model.messages import tr
from ui.actions import MENU_TITLES, MENUS, fill_menu
from ui.plain_texts import plain_label
from ui.theme import Theme

if TYPE_CHECKING:
    from ui.actions import ActionList
    from ui.page import PageEntry
    from ui.shell.estate import OpenEstate
    from ui.shell.page_actions import PageActions
    from ui.shell.recent_estates import RecentEstates


class MainMenu:
    """Made anew each time it opens, of a window's ``actions`` and those of its ``pages``."""

    def __init__(
        self, theme: Theme, window: QWidget, actions: ActionList, pages: PageActions, entries: list[PageEntry],
        estate: OpenEstate, recent: RecentEstates,
    ) -> None:  # fmt: skip
        self._theme, self._window, self._actions, self._pages = theme, window, actions, pages
        self._entries, self._estate, self._recent = entries, estate, recent

    def open(self, below: QWidget) -> None:
        """Opens it below a button."""
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in MENUS:
            if name == MENUS[-1]:
                self.fill_pages(menu.addMenu(tr("Actions")))
            actions = [*self._actions.menu(name), *(a for a in self._pages.here() if name in a.menus)]
            made = menu.addMenu(plain_label(str(MENU_TITLES[name])))
            fill_menu(made, actions, self._theme)
            if name == "file":
                self._add_recent(made)
        menu.popup(below.mapToGlobal(below.rect().bottomLeft()))

    def fill_pages(self, menu: QMenu) -> None:
        """The actions of each page, one menu per page."""
        for entry in self._entries:
            found = [action for action in self._pages.of(entry.id) if action.menus]
            if found:
                below = menu.addMenu(self._theme.icon(entry.icon), plain_label(str(entry.title)))
                fill_menu(below, found, self._theme)

    def _add_recent(self, menu: QMenu) -> None:
        """The estates that were opened last, below the ways to open one."""
        workspace = self._estate.workspace
        recent = QMenu(tr("Recent estates"), menu)
        recent.setIcon(self._theme.icon("history"))
        self._recent.fill(recent, without_password(str(workspace.where)) if workspace is not None else "")
        menu.insertMenu(menu.actions()[4], recent)
