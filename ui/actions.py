"""Actions: one record of what a person can do feeds menus, context menus, the shortcut list and the palette.

A page declares its actions as data (``ActionEntry``), so that they are known before it is built; the page binds their
handlers when it is built (``bind``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from cmdb.model.formats import sentence_case
from cmdb.model.messages import EMPTY, Message, in_context
from ui.plain_texts import plain_label, plain_tip

if TYPE_CHECKING:
    from ui.theme import Theme

#: The window's menus, in order.
MENUS = ("file", "edit", "view", "go", "help")

MENU_TITLES = {
    "file": Message("File"),
    "edit": in_context("menu", "Edit"),
    "view": in_context("menu", "View"),
    "go": in_context("menu", "Go"),
    "help": in_context("menu", "Help"),
}


def _always() -> bool:
    return True


@dataclass(frozen=True)
class ActionEntry:
    """An action of a page: ``id`` begins with the page's ("assets.new"); the rest as in ``Action``.

    ``needs`` says what must be there for it, to be read behind "needs" ("a selection of items"). An action that
    ``edits`` can't be run while the past is shown.
    """

    id: str
    title: Message
    icon: str = ""
    shortcut: str = ""
    menus: tuple[str, ...] = ()
    needs: Message = EMPTY
    edits: bool = False
    hint: Message = EMPTY
    separator: bool = False

    @property
    def page(self) -> str:
        """The id of the page it belongs to."""
        return self.id.partition(".")[0]

    def refusal(self, *, editable: bool) -> Message:
        """Why it can't be done where it isn't ready, in a sentence."""
        if self.edits and not editable:
            return PAST
        if not self.needs:
            return NOT_NOW
        return Message("“{action}” needs {what}.", action=without_dots(self.title), what=self.needs)


PAST = Message("You are looking at the past, where nothing can be changed. Go back to now first.")
IN_DRAFT = Message("A draft cannot hold this: it is written at once. Leave the draft first.")
CLOSED = Message("No estate is open.")
NOT_NOW = Message("It can't be done now.")


def without_dots(title: Message) -> str:
    """A title inside a sentence: without the dots that announce a question."""
    return str(title).replace("…", "")


@dataclass(frozen=True)
class Handler:
    """The handler of an entry on its page.

    ``ready`` tells whether it can be run while the present is shown; ``why`` returns a more precise reason than the
    entry's ``needs``, or "". ``checked`` as in ``Action``.
    """

    run: Callable[[], None]
    ready: Callable[[], bool] = _always
    checked: Callable[[], bool] | None = None
    why: Callable[[], Message] | None = None


@dataclass(frozen=True)
class Action:
    """An action that a person can run. ``id`` is unique in the window ("edit.undo"); ``shortcut`` as in "Ctrl+Z".

    ``menus`` names the window's menus that contain it, and "context" for a page's context menu. ``enabled`` and
    ``checked`` are called before it is shown or run.
    """

    id: str
    title: Message
    run: Callable[[], None]
    icon: str = ""
    shortcut: str = ""
    menus: tuple[str, ...] = ()
    enabled: Callable[[], bool] = _always
    checked: Callable[[], bool] | None = None
    hint: Message = EMPTY
    separator: bool = False
    """A separator is above it in menus."""
    why_not: Callable[[], Message] | None = None
    """The reason why it can't be run, if it is not enabled."""
    what: Callable[[], Message] | None = None
    """What exactly it would do now ("Replace 3 values"), for its title in menus and its tooltip; empty for nothing."""

    @property
    def caption(self) -> Message:
        """The title, with what exactly it would do now."""
        now = self.what() if self.what is not None else EMPTY
        return Message("{action}: {what}", action=self.title, what=now) if now else self.title

    @property
    def refusal(self) -> Message:
        """Why it can't be done now, in a sentence; empty where it can."""
        if self.enabled():
            return EMPTY
        return self.why_not() if self.why_not is not None else NOT_NOW

    @property
    def tooltip(self) -> str:
        """Title, hint and shortcut in one text."""
        keys = QKeySequence(self.shortcut).toString(QKeySequence.SequenceFormat.NativeText) if self.shortcut else ""
        title = sentence_case(self.hint) or without_dots(self.caption)
        return f"{title}  ({keys})" if keys else title


class ActionList:
    """Actions of the window, or of one page, by id. Raises ValueError for a repeated id or shortcut."""

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


def qaction(
    action: Action, parent: QWidget, theme: Theme, *, bound: bool = False, say: Callable[[str], None] | None = None
) -> QAction:
    """A QAction of an action for a menu; or, ``bound`` to its parent, one that answers its keys.

    A window's keys work wherever the focus is in it, a page's while the focus is in the page. ``say`` gets the reason
    where the keys of an action are pressed that can't be done now.
    """
    made = QAction(plain_label(str(action.caption)), parent)
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
    refusal = EMPTY if bound else action.refusal
    made.setToolTip(plain_tip(str(refusal) or action.tooltip))
    made.setEnabled(not refusal)

    def trigger() -> None:
        if action.enabled():
            action.run()
        elif say is not None:
            say(str(action.refusal))

    made.triggered.connect(trigger)
    return made


def fill_menu(menu: QMenu, actions: Iterable[Action], theme: Theme) -> QMenu:
    """Adds actions to a menu as they are now: with their keys; checked; disabled, with the reason as a tip."""
    menu.setToolTipsVisible(True)
    for action in actions:
        if action.separator and menu.actions():
            menu.addSeparator()
        menu.addAction(qaction(action, menu, theme))
    return menu


def bind_shortcuts(
    widget: QWidget, actions: Iterable[Action], theme: Theme, say: Callable[[str], None] | None = None
) -> None:
    """Makes the actions' keys work: in all of a window, or within a page. ``say`` as in ``qaction``."""
    for action in actions:
        if action.shortcut:
            widget.addAction(qaction(action, widget, theme, bound=True, say=say))


def bind(entries: Sequence[ActionEntry], handlers: Mapping[str, Handler], editable: Callable[[], bool]) -> list[Action]:
    """The entries' actions, in their order. Raises ValueError for an entry without handler, or the reverse."""
    left_over = handlers.keys() ^ {entry.id for entry in entries}
    if left_over:
        raise ValueError(f"actions that are not declared and bound once each: {', '.join(sorted(left_over))}")
    return [_bound(entry, handlers[entry.id], editable) for entry in entries]


def _bound(entry: ActionEntry, handler: Handler, editable: Callable[[], bool]) -> Action:
    def why_not() -> Message:
        can_edit = editable()
        reason = handler.why() if handler.why is not None and (can_edit or not entry.edits) else EMPTY
        return reason or entry.refusal(editable=can_edit)

    return Action(
        entry.id,
        entry.title,
        handler.run,
        entry.icon,
        entry.shortcut,
        entry.menus,
        lambda: (editable() or not entry.edits) and handler.ready(),
        handler.checked,
        entry.hint,
        entry.separator,
        why_not,
    )
