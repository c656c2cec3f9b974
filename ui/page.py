"""The base class of pages, which are shown right of the navigation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtWidgets import QWidget

from app.dependence import EVERYTHING, Dependence
from cmdb.model.messages import EMPTY, Message
from ui.actions import Action, ActionEntry
from ui.widgets.reading_order import order_tabs

if TYPE_CHECKING:
    from app.navigation_counts import Badge, LateBadge
    from app.workspace import Workspace
    from cmdb.model.applied_revision import AppliedRevision
    from ui.context import Context

Group = Literal["estate", "collect", "work", "answer"]

#: The navigation's groups, in order, with their headings.
GROUPS: dict[Group, Message] = {
    "estate": EMPTY,
    "collect": Message("Collect"),
    "work": Message("Work"),
    "answer": Message("Answer"),
}


@dataclass(frozen=True)
class PageEntry:
    """A page's place in the navigation. ``load`` imports the page's class: it runs at the first visit, not before.

    ``badge`` counts what waits on the page for a person (0: no badge); it is computed in a worker thread after each
    revision that concerns it: ``badge_of`` is its dependence. ``late_badge`` is what is counted after that.
    """

    id: str
    title: Message
    icon: str
    group: Group
    order: int
    load: Callable[[], type[Page]]
    badge: Badge | None = None
    hint: Message = EMPTY
    badge_of: Dependence = EVERYTHING
    late_badge: LateBadge | None = None
    actions: tuple[ActionEntry, ...] = ()
    """The actions of the page, known before it is built; the page binds it in ``page_actions``."""
    more_actions: Callable[[Workspace], Sequence[ActionEntry]] | None = None
    """Further actions that depend on the open estate (its classes, its reports)."""
    listed: bool = True
    """Whether the navigation lists it; one that it does not is opened by what leads to it."""
    in_menu: bool = False
    """Whether the Go menu, and with it the palette, lists it though the navigation does not."""
    root: str = ""
    """The root whose records the page lists; "" for a page that is no such list."""

    def all_actions(self, workspace: Workspace) -> tuple[ActionEntry, ...]:
        """All actions of the page with the open estate."""
        return (*self.actions, *(self.more_actions(workspace) if self.more_actions is not None else ()))


@dataclass(frozen=True)
class OwnSteps:
    """Steps of a page that are not revisions (yet): what would be undone and redone, in words ("" for nothing)."""

    undo: Callable[[], None]
    redo: Callable[[], None]
    undone: Message
    redone: Message
    before_revisions: bool = False
    """Whether the register's changes are undone and redone where the page has no step of its own (left)."""


class Page(QWidget):
    """One page. Created at the first visit, kept until the estate is closed.

    Subclasses build their widgets in ``__init__`` and fill them in ``opened``.
    """

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.theme = context.theme
        self.setProperty("role", "ground")

    def opened(self, **params: Any) -> None:
        """The page is shown; ``params`` are those of ``shell.go``. Called at each visit."""

    def depends_on(self) -> Sequence[Dependence]:
        """The dependence of the page's content: it is informed of the revisions that concern it. By default all."""
        return (EVERYTHING,)

    def changed(self, applied: AppliedRevision) -> None:
        """A revision was published: called on the GUI thread, or when the page is next shown. By default reloads.

        Revisions during which a page was hidden are combined into one.
        """
        self.reload()

    def reload(self) -> None:
        """Everything may be different: another moment, or many revisions. By default opens the page anew."""
        self.opened()

    def page_actions(self) -> Sequence[Action]:
        """The page's entries bound to what they do (``ui.actions.bind``). Called once, after construction."""
        return ()

    def own_steps(self) -> OwnSteps | None:
        """What Undo and Redo do while the page is shown as it is now. None: the register's revisions, as everywhere."""
        return None

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab and Shift+Tab go through the page as it is read."""
        order_tabs(self)
        return super().focusNextPrevChild(forward)

    def focus_search(self) -> None:
        """Ctrl+F: focuses the page's own search or filter field. By default nothing."""

    def state(self) -> dict[str, Any]:
        """Parameters that lead back to where the person is now; for "back" and for the next start. JSON values."""
        return {}

    def leave(self) -> bool:
        """Called before another page opens; False stays (unsaved input)."""
        return True
