"""Actions: one record of what a person can do feeds menus, context menus, the shortcut list and the palette."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

if TYPE_CHECKING:
    from ui.theme import Theme

#: The window's menus, in order.
MENUS = ("File", "Edit", "View", "Go", "Help")


def _always() -> bool:
    return True


@dataclass(frozen=True)
class Action:
    """Something a person can do. ``id`` is unique in the window ("edit.undo"); ``shortcut`` as in "Ctrl+Z".

    ``menus`` names the window's menus it stands in, and "context" for a page's context menu. ``enabled`` and
    ``checked`` are asked whenever it is about to be shown or run.
    """

    id: str
    title: str
    run: Callable[[], None]
    icon: str = ""
    shortcut: str = ""
    menus: tuple[str, ...] = ()
    enabled: Callable[[], bool] = _always
    checked: Callable[[], bool] | None = None
    hint: str = ""
    separator: bool = False
    """A line stands above it in menus."""

    @property
    def tooltip(self) -> str:
        """Title, hint and shortcut in one text."""
        keys = QKeySequence(self.shortcut).toString(QKeySequence.SequenceFormat.NativeText) if self.shortcut else ""
        title = self.hint or self.title.rstrip("…")
        return f"{title}  ({keys})" if keys else title


class ActionList:
    """Actions of the window, or of one page, by id. Raises ValueError where an id or a shortcut comes twice."""

    def __init__(self, actions: Iterable[Action] = ()) -> None:
        self._actions: dict[str, Action] = {}
        self._shortcuts: dict[str, str] = {}
        for action in actions:
            self.add(action)

    def add(self, action: Action) -> None:
        """Registers an action."""
        if action.id in self._actions:
            raise ValueError(f"two actions are called {action.id!r}")
        keys = QKeySequence(action.shortcut).toString() if action.shortcut else ""
        if action.shortcut and not keys:
            raise ValueError(f"{action.id!r} has no readable shortcut: {action.shortcut!r}")
        if keys in self._shortcuts:
            raise ValueError(f"{action.id!r} and {self._shortcuts[keys]!r} share the shortcut {keys}")
        if keys:
            self._shortcuts[keys] = action.id
        self._actions[action.id] = action

    def __iter__(self) -> Iterator[Action]:
        return iter(self._actions.values())

    def __getitem__(self, action_id: str) -> Action:
        return self._actions[action_id]

    def __contains__(self, action_id: str) -> bool:
        return action_id in self._actions

    def menu(self, name: str) -> list[Action]:
        """The actions of one menu, in order of registration."""
        return [action for action in self if name in action.menus]


def qaction(action: Action, parent: QWidget, theme: Theme, *, bound: bool = False) -> QAction:
    """A QAction of an action for a menu; or, ``bound`` to its parent, one that answers its keys.

    A window's keys work wherever the focus is in it, a page's while the focus is in the page.
    """
    made = QAction(action.title, parent)
    made.setObjectName(action.id)
    if action.icon and action.checked is None:
        # Beside an icon a menu has no room for the tick.
        made.setIcon(theme.icon(action.icon))
    if action.shortcut:
        made.setShortcut(QKeySequence(action.shortcut))
        scopes = Qt.ShortcutContext
        made.setShortcutContext(
            scopes.WindowShortcut if parent.isWindow() and bound else scopes.WidgetWithChildrenShortcut
        )
    if action.checked is not None:
        made.setCheckable(True)
        made.setChecked(action.checked())
    made.setToolTip(action.tooltip)
    made.setEnabled(bound or action.enabled())

    def trigger() -> None:
        if action.enabled():
            action.run()

    made.triggered.connect(trigger)
    return made


def fill_menu(menu: QMenu, actions: Iterable[Action], theme: Theme) -> QMenu:
    """Adds actions to a menu as they are now: enabled, checked, with their keys shown."""
    for action in actions:
        if action.separator and menu.actions():
            menu.addSeparator()
        menu.addAction(qaction(action, menu, theme))
    return menu


def bind_shortcuts(widget: QWidget, actions: Iterable[Action], theme: Theme) -> None:
    """Makes the actions' keys work: in all of a window, or within a page."""
    for action in actions:
        if action.shortcut:
            widget.addAction(qaction(action, widget, theme, bound=True))
