"""The base class of pages, which are shown right of the navigation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtWidgets import QWidget

from app.dependence import EVERYTHING, Dependence
from cmdb.model.messages import EMPTY, Message
from ui.actions import Action, ActionEntry

if TYPE_CHECKING:
    from app.question import Ask
    from app.workspace import Workspace
    from cmdb.model.applied_revision import AppliedRevision
    from ui.context import Context

Group = Literal["estate", "collect", "answer"]

#: The navigation's groups, in order, with their headings.
GROUPS: dict[Group, Message] = {"estate": EMPTY, "collect": Message("Collect"), "answer": Message("Answer")}


@dataclass(frozen=True)
class PageEntry:
    """A page's place in the navigation. ``load`` imports the page's class: it runs at the first visit, not before.

    ``badge`` counts what waits on the page (0: no badge); it is asked in a worker thread after each revision that
    concerns it: ``badge_of`` says what it is made of.
    """

    id: str
    title: Message
    icon: str
    group: Group
    order: int
    load: Callable[[], type[Page]]
    badge: Ask[int] | None = None
    hint: Message = EMPTY
    badge_of: Dependence = EVERYTHING
    actions: tuple[ActionEntry, ...] = ()
    """What can be done there, known before the page is built; the page binds it in ``page_actions``."""
    more_actions: Callable[[Workspace], Sequence[ActionEntry]] | None = None
    """What else can be done there, depending on the estate that is open (its classes, its reports)."""

    def all_actions(self, workspace: Workspace) -> tuple[ActionEntry, ...]:
        """Everything that can be done there with the estate that is open."""
        return (*self.actions, *(self.more_actions(workspace) if self.more_actions is not None else ()))


class Page(QWidget):
    """One page. Made at the first visit, kept until the estate is closed.

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
        """What the page's content depends on: it is informed of the revisions that concern it. By default all."""
        return (EVERYTHING,)

    def changed(self, applied: AppliedRevision) -> None:
        """A revision was published: called on the GUI thread, or when the page is next shown. By default reloads.

        What a hidden page missed comes as one, as if it had been one revision.
        """
        self.reload()

    def reload(self) -> None:
        """Everything may be different: another moment, or many revisions. By default opens the page anew."""
        self.opened()

    def page_actions(self) -> Sequence[Action]:
        """The page's entries bound to what they do (``ui.actions.bind``). Asked once, after construction."""
        return ()

    def focus_search(self) -> None:
        """Ctrl+F: puts the cursor into the page's own search or filter field. By default nothing."""

    def state(self) -> dict[str, Any]:
        """Parameters that lead back to where the person is now; for "back" and for the next start. JSON values."""
        return {}

    def leave(self) -> bool:
        """Asked before another page opens; False stays (unsaved input)."""
        return True
