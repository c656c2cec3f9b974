"""The window's actions: the one list that its menus, keys, shortcut list and palette are made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from cmdb.model.messages import Message
from ui.actions import CLOSED, NOT_NOW, Action, ActionList
from ui.page import PageEntry
from ui.shell.appearance import Appearance
from ui.shell.backups import BackupActions
from ui.shell.drafts import DraftActions
from ui.shell.encryption import EncryptionActions
from ui.shell.estate_transfer import TransferActions
from ui.shell.files import Files
from ui.shell.identity import IdentityActions
from ui.shell.page_stack import PageStack
from ui.shell.services import Services
from ui.shell.settings_opener import SettingsOpener
from ui.theme import Theme
from ui.widgets.splitter import borders, focus_next_border

PALETTE_KEYS = "Ctrl+K"


class Frame(Protocol):
    """What the actions ask of the window itself."""

    def is_open(self) -> bool:
        """Whether an estate is open."""

    def has_navigation(self) -> bool:
        """Whether the navigation is shown."""

    def toggle_navigation(self) -> None:
        """Shows or hides the navigation."""

    def choose_moment(self) -> None:
        """Opens the time control."""

    def choose_draft(self) -> None:
        """Opens the list of drafts."""

    def open_palette(self) -> None:
        """Opens the palette."""

    def show_guide(self) -> None:
        """Opens the guide where it explains what is shown."""

    def show_shortcuts(self) -> None:
        """Shows the list of keys."""

    def show_about(self) -> None:
        """Shows what this is."""

    def leave(self) -> None:
        """Closes the window."""


@dataclass(frozen=True)
class WindowParts:
    """The parts of the window that its actions call."""

    theme: Theme
    frame: Frame
    appearance: Appearance
    preferences: SettingsOpener
    files: Files
    backups: BackupActions
    encryption: EncryptionActions
    transfers: TransferActions
    identity: IdentityActions
    drafts: DraftActions
    services: Services
    stack: PageStack


def window_actions(parts: WindowParts, entries: list[PageEntry]) -> ActionList:
    """Every action that does not belong to one page."""
    found = [*_file(parts), *_edit(parts), *_view(parts), *_drafts(parts), *_go(parts, entries), *_help(parts.frame)]
    return ActionList(_explained(action, parts) for action in found)


#: Why an action is not enabled while an estate is open.
_REASONS = {
    "file.backups": Message("Only an estate in a file keeps backups of itself."),
    "file.encrypt": Message("Only an estate in a file that isn't encrypted can be encrypted."),
    "file.passphrase": Message("The estate isn't encrypted."),
    "edit.undo": Message("There is nothing to take back."),
    "edit.redo": Message("There is nothing to do again."),
    "view.border": Message("This page has no border that could be moved."),
    "view.now": Message("Now is what you see."),
    "draft.new": Message("The estate can only be read."),
    "draft.open": Message("There is no draft that could be opened."),
    "draft.show": Message("There is no draft that could be shown."),
    "draft.apply": Message("The draft holds nothing that could be applied."),
    "go.back": Message("There is no page to go back to."),
    "go.forward": Message("There is no page to go forward to."),
}


#: Why an action is not enabled while a draft is open, and while none is.
_IN_DRAFT = Message("In a draft, a change is taken back on the draft's page: “Show” in the band, then “Take it out”.")
_WITHOUT_DRAFT = Message("No draft is open.")
_OF_DRAFT = ("draft.apply", "draft.drop", "draft.leave")


def _explained(action: Action, parts: WindowParts) -> Action:
    """The action with the reason for which it may not be enabled."""

    def why_not() -> Message:
        if not parts.frame.is_open():
            return CLOSED
        if action.id in _OF_DRAFT and not parts.drafts.is_open():
            return _WITHOUT_DRAFT
        if action.id in ("edit.undo", "edit.redo") and parts.drafts.is_open():
            return _IN_DRAFT
        return _REASONS.get(action.id, NOT_NOW)

    return replace(action, why_not=why_not)


def _file(parts: WindowParts) -> list[Action]:
    files, backups, encryption, transfers = parts.files, parts.backups, parts.encryption, parts.transfers
    frame, menu = parts.frame, ("file",)
    return [
        Action("file.new", Message("New estate…"), files.new, "new", menus=menu),
        Action("file.open", Message("Open…"), files.open, "open", "Ctrl+O", menu),
        Action("file.server", Message("Open a shared estate…"), transfers.open_shared, "database", menus=menu),
        Action("file.sample", Message("Open the sample estate"), files.sample, "terrier", menus=menu),
        Action(
            "file.copy",
            Message("Save a copy…"),
            files.copy,
            "save",
            "Ctrl+Shift+S",
            menu,
            frame.is_open,
            separator=True,
        ),
        Action(
            "file.move",
            Message("Move to a server or a file…"),
            transfers.ask,
            "move",
            menus=menu,
            enabled=frame.is_open,
        ),
        Action(
            "file.backups", Message("Backups…"), backups.show_backups, "history", menus=menu, enabled=backups.is_file
        ),
        Action("file.check", Message("Check the estate"), backups.check, "check", menus=menu, enabled=frame.is_open),
        Action(
            "file.encrypt", Message("Encrypt…"), encryption.change, "lock", menus=menu, enabled=encryption.can_encrypt
        ),
        Action(
            "file.passphrase",
            Message("Passphrase…"),
            encryption.change,
            "lock",
            menus=menu,
            enabled=encryption.can_change,
        ),
        Action(
            "file.identity",
            Message("Who you are…"),
            parts.identity.ask,
            "person",
            menus=menu,
            enabled=frame.is_open,
            separator=True,
        ),
        Action("file.settings", Message("Settings…"), parts.preferences.open, "settings", "Ctrl+,", menus=menu),
        Action("file.close", Message("Close the estate"), files.close, "close", menus=menu, enabled=frame.is_open),
        Action("file.quit", Message("Quit"), frame.leave, "quit", "Ctrl+Q", menu, separator=True),
    ]


def _edit(parts: WindowParts) -> list[Action]:
    menu, services, frame = ("edit",), parts.services, parts.frame
    return [
        Action(
            "edit.undo",
            Message("Undo"),
            services.undo,
            "undo",
            "Ctrl+Z",
            menu,
            services.can_undo,
            what=services.undo_words,
        ),
        Action(
            "edit.redo",
            Message("Redo"),
            services.redo,
            "redo",
            "Ctrl+Shift+Z",
            menu,
            services.can_redo,
            what=services.redo_words,
        ),
        Action(
            "edit.find",
            Message("Find on this page"),
            parts.stack.focus_search,
            "search",
            "Ctrl+F",
            menu,
            frame.is_open,
            separator=True,
        ),
    ]


def _view(parts: WindowParts) -> list[Action]:
    menu, theme, frame, appearance = ("view",), parts.theme, parts.frame, parts.appearance
    looks: tuple[tuple[str, Message, str, Callable[[], None]], ...] = (
        ("system", Message("Look: as the system"), "theme", lambda: appearance.set_look("system")),
        ("light", Message("Look: light"), "sun", lambda: appearance.set_look("light")),
        ("dark", Message("Look: dark"), "moon", lambda: appearance.set_look("dark")),
    )
    found = [
        Action(f"view.{mode}", title, run, icon, menus=menu, checked=lambda mode=mode: theme.mode == mode)  # type: ignore[misc]
        for mode, title, icon, run in looks
    ]
    services = parts.services
    larger, smaller, normal = (partial(appearance.step_text_size, step) for step in (1, -1, 0))
    return [
        *found,
        Action("view.larger", Message("Larger text"), larger, "zoom-in", "Ctrl++", menu, separator=True),
        Action("view.smaller", Message("Smaller text"), smaller, "zoom-out", "Ctrl+-", menu),
        Action("view.normal", Message("Text size of the system"), normal, "refresh", "Ctrl+0", menu),
        Action(
            "view.compact",
            Message("Compact table rows"),
            appearance.toggle_compact,
            "list",
            menus=menu,
            checked=appearance.is_compact,
        ),
        Action(
            "view.navigation",
            Message("Show the navigation"),
            frame.toggle_navigation,
            "columns",
            "Ctrl+B",
            menu,
            checked=frame.has_navigation,
        ),
        Action(
            "view.border",
            Message("Move a border of areas"),
            lambda: focus_next_border(parts.stack),
            "columns",
            "F6",
            menu,
            lambda: bool(borders(parts.stack)),
            hint=Message("To the next border: the arrow keys move it, Esc goes back"),
        ),
        Action(
            "view.time",
            Message("Look at another moment…"),
            frame.choose_moment,
            "clock",
            "Ctrl+T",
            menu,
            frame.is_open,
            separator=True,
        ),
        Action(
            "view.now", Message("Back to now"), services.back_to_now, "clock", menus=menu, enabled=services.in_the_past
        ),
    ]


def _drafts(parts: WindowParts) -> list[Action]:
    menu, drafts, frame = ("edit",), parts.drafts, parts.frame
    there, new, choose = drafts.is_open, drafts.ask_new, frame.choose_draft
    show = Message("Show what the draft does, or all drafts")
    return [
        Action("draft.new", Message("New draft…"), new, "draft", "", menu, drafts.can_make, separator=True),
        Action("draft.open", Message("Open a draft…"), choose, "draft", "Ctrl+Shift+T", menu, drafts.can_choose),
        Action("draft.show", show, drafts.show, "list", menus=menu, enabled=drafts.can_choose),
        Action("draft.apply", Message("Apply the draft…"), drafts.apply, "check", menus=menu, enabled=drafts.can_apply),
        Action("draft.drop", Message("Drop the draft…"), drafts.drop, "trash", menus=menu, enabled=there),
        Action("draft.leave", Message("Leave the draft"), drafts.leave, "close", menus=menu, enabled=there),
    ]


def _go(parts: WindowParts, entries: list[PageEntry]) -> list[Action]:
    menu, stack, frame = ("go",), parts.stack, parts.frame
    found = [
        Action("go.palette", Message("Search and commands"), frame.open_palette, "search", PALETTE_KEYS, menu),
        Action(
            "go.back",
            Message("Back"),
            lambda: stack.step(-1),
            "arrow-left",
            "Alt+Left",
            menu,
            lambda: stack.can_step(-1),
        ),
        Action(
            "go.forward",
            Message("Forward"),
            lambda: stack.step(1),
            "arrow-right",
            "Alt+Right",
            menu,
            lambda: stack.can_step(1),
        ),
    ]
    pages = [*(one for one in entries if one.listed), *(one for one in entries if one.in_menu and not one.listed)]
    for number, entry in enumerate(pages, 1):
        found.append(
            Action(
                f"go.{entry.id}",
                entry.title,
                lambda page=entry.id: parts.services.go(page),  # type: ignore[misc]
                entry.icon,
                f"Ctrl+{number}" if number < 10 and entry.listed else "",
                menu,
                frame.is_open,
                hint=entry.hint,
                separator=number == 1,
            )
        )
    return found


def _help(frame: Frame) -> list[Action]:
    menu = ("help",)
    return [
        Action("help.guide", Message("Guide to this page"), frame.show_guide, "help", "F1", menu),
        Action("help.shortcuts", Message("Keyboard shortcuts"), frame.show_shortcuts, "keyboard", "Shift+F1", menu),
        Action("help.about", Message("About Terrier"), frame.show_about, "info", menus=menu),
    ]
