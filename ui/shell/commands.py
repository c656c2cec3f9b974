"""The window's actions: the one list that its menus, keys, shortcut list and palette are made from."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ui.actions import Action, ActionList
from ui.page import PageEntry

if TYPE_CHECKING:
    from ui.shell.window import Window

PALETTE_KEYS = "Ctrl+K"


def window_actions(window: Window, entries: list[PageEntry]) -> ActionList:
    """Every action that does not belong to one page."""
    actions = ActionList()
    for group in (_file, _edit, _view):
        for action in group(window):
            actions.add(action)
    for action in _go(window, entries):
        actions.add(action)
    for action in _help(window):
        actions.add(action)
    return actions


def _file(window: Window) -> list[Action]:
    keeping = window.keeping
    files, locking, moving, menu = window.files, window.locking, window.moving, ("File",)
    return [
        Action("file.new", "New estate…", files.new, "new", menus=menu),
        Action("file.open", "Open…", files.open, "open", "Ctrl+O", menu),
        Action("file.server", "Open a shared estate…", moving.open_shared, "database", menus=menu),
        Action("file.sample", "Open the sample estate", files.sample, "terrier", menus=menu),
        Action("file.copy", "Save a copy…", files.copy, "save", "Ctrl+Shift+S", menu, window.is_open, separator=True),
        Action("file.move", "Move to a server or a file…", moving.ask, "move", menus=menu, enabled=window.is_open),
        Action("file.backups", "Backups…", keeping.show_backups, "history", menus=menu, enabled=keeping.is_file),
        Action("file.check", "Check the estate", keeping.check, "check", menus=menu, enabled=window.is_open),
        Action("file.encrypt", "Encrypt…", locking.change, "lock", menus=menu, enabled=locking.can_encrypt),
        Action("file.passphrase", "Passphrase…", locking.change, "lock", menus=menu, enabled=locking.can_change),
        Action("file.close", "Close the estate", files.close, "close", menus=menu, enabled=window.is_open),
        Action("file.quit", "Quit", lambda: _close(window), "quit", "Ctrl+Q", menu, separator=True),
    ]


def _close(window: Window) -> None:
    window.close()


def _edit(window: Window) -> list[Action]:
    menu, services = ("Edit",), window.services
    return [
        Action("edit.undo", "Undo", services.undo, "undo", "Ctrl+Z", menu, services.can_undo),
        Action("edit.redo", "Redo", services.redo, "redo", "Ctrl+Shift+Z", menu, services.can_redo),
        Action("edit.find", "Find on this page", window.stack.focus_search, "search", "Ctrl+F", menu, window.is_open,
               separator=True),
    ]  # fmt: skip


def _view(window: Window) -> list[Action]:
    menu, theme = ("View",), window.theme
    looks: tuple[tuple[str, str, str, Callable[[], None]], ...] = (
        ("system", "Look: as the system", "theme", lambda: window.set_look("system")),
        ("light", "Look: light", "sun", lambda: window.set_look("light")),
        ("dark", "Look: dark", "moon", lambda: window.set_look("dark")),
    )
    found = [
        Action(f"view.{mode}", title, run, icon, menus=menu, checked=lambda mode=mode: theme.mode == mode)  # type: ignore[misc]
        for mode, title, icon, run in looks
    ]
    services = window.services
    return [
        *found,
        Action("view.compact", "Compact table rows", window.toggle_compact, "list", menus=menu, separator=True,
               checked=window.is_compact),
        Action("view.navigation", "Show the navigation", window.toggle_navigation, "columns", "Ctrl+B", menu,
               checked=window.navigation.isVisible),
        Action("view.time", "Look at another moment…", window.choose_moment, "clock", "Ctrl+T", menu, window.is_open,
               separator=True),
        Action("view.now", "Back to now", services.back_to_now, "clock", menus=menu, enabled=services.in_the_past),
    ]  # fmt: skip


def _go(window: Window, entries: list[PageEntry]) -> list[Action]:
    menu, stack = ("Go",), window.stack
    found = [
        Action("go.palette", "Search and commands", window.open_palette, "search", PALETTE_KEYS, menu),
        Action("go.back", "Back", lambda: stack.step(-1), "arrow-left", "Alt+Left", menu, lambda: stack.can_step(-1)),
        Action("go.forward", "Forward", lambda: stack.step(1), "arrow-right", "Alt+Right", menu,
               lambda: stack.can_step(1)),
    ]  # fmt: skip
    for number, entry in enumerate(entries, 1):
        found.append(
            Action(
                f"go.{entry.id}",
                entry.title,
                lambda page=entry.id: window.services.go(page),  # type: ignore[misc]
                entry.icon,
                f"Ctrl+{number}" if number < 10 else "",
                menu,
                window.is_open,
                hint=entry.hint,
                separator=number == 1,
            )
        )
    return found


def _help(window: Window) -> list[Action]:
    menu = ("Help",)
    return [
        Action("help.shortcuts", "Keyboard shortcuts", window.show_shortcuts, "keyboard", "F1", menu),
        Action("help.about", "About Terrier", window.show_about, "info", menus=menu),
    ]
