"""The actions of all pages, known before the pages are built. Choosing one opens its page and runs it there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from cmdb.model.messages import EMPTY, Message
from ui.actions import CLOSED, PAST, Action, ActionEntry
from ui.page import PageEntry
from ui.shell.page_stack import PageStack
from ui.shell.services import Services
from ui.tasks import Tasks

if TYPE_CHECKING:
    from app.workspace import Workspace

#: How often a page that still loads is asked whether it is ready for an action, and how often at most (milliseconds).
_STEP, _PATIENCE = 50, 5000
_KEY = "page-actions"


class PageActions(QObject):
    """The actions of all pages. An action of a page that is not shown opens that page first."""

    def __init__(self, entries: Iterable[PageEntry], stack: PageStack, services: Services, tasks: Tasks) -> None:
        super().__init__(stack)
        self._pages = {entry.id: entry for entry in entries}
        self._stack, self._services, self._tasks = stack, services, tasks
        self._entries = {page.id: page.actions for page in self._pages.values()}
        self._waiting: ActionEntry | None = None
        self._waited = 0
        self._timer = QTimer(self, interval=_STEP)
        self._timer.timeout.connect(self._try)

    def know(self, workspace: Workspace | None) -> None:
        """Adds the actions that depend on the estate: new items of its classes, its reports.

        They are determined in a worker, as it may import much; until then only the pages' own actions are known.
        """
        self._tasks.forget(_KEY)
        pages = list(self._pages.values())
        if workspace is None:
            self._entries = {page.id: page.actions for page in pages}
            return

        def ask() -> dict[str, tuple[ActionEntry, ...]]:
            return {page.id: page.all_actions(workspace) for page in pages}

        self._tasks.run(ask, self._know, key=_KEY, owner=self)

    def _know(self, found: dict[str, tuple[ActionEntry, ...]]) -> None:
        self._entries = found

    def titles(self) -> dict[str, str]:
        """The pages that have actions, by id, with their titles."""
        return {page.id: str(page.title) for page in self._pages.values() if self._entries[page.id]}

    def here(self) -> list[Action]:
        """The shown page's actions."""
        return self._stack.actions_of(self._stack.current)

    def of(self, page: str) -> list[Action]:
        """A page's actions: its own where it is shown, otherwise actions that open it first."""
        if page == self._stack.current:
            return self.here()
        return [self._leading(entry) for entry in self._entries.get(page, ())]

    def elsewhere(self) -> Iterator[Action]:
        """The actions of all pages but the shown one."""
        for page in self._pages:
            if page != self._stack.current:
                yield from self.of(page)

    def _leading(self, entry: ActionEntry) -> Action:
        refusal = partial(self._refusal, entry)
        return Action(
            entry.id,
            entry.title,
            partial(self.reach, entry),
            entry.icon,
            entry.shortcut,
            entry.menus,
            lambda: not refusal(),
            hint=entry.hint,
            separator=entry.separator,
            why_not=refusal,
        )

    def _refusal(self, entry: ActionEntry) -> Message:
        """Why an action can't be done, as far as that is known before its page is asked."""
        if self._services.context is None:
            return CLOSED
        return PAST if entry.edits and not self._services.context.editable else EMPTY

    def reach(self, entry: ActionEntry) -> None:
        """Opens the page of an action and runs the action once the page has loaded, or says what it needs.

        Where nobody has been on the page yet, its first row is marked, which nobody chose: an action that changes what
        is chosen is not done with it.
        """
        refusal = self._refusal(entry)
        if refusal:
            self._services.toast(str(refusal), tone="warning")
            return
        unseen = entry.page not in self._stack.visited
        self._services.go(entry.page)
        if unseen and entry.edits and entry.needs:
            self._services.toast(str(entry.refusal(editable=True)), tone="warning")
        elif self._stack.current == entry.page:
            self._waiting, self._waited = entry, 0
            self._timer.start()
            self._try()

    def _try(self) -> None:
        entry = self._waiting
        if entry is None or self._stack.current != entry.page:
            self._stop()
            return
        action = next((one for one in self.here() if one.id == entry.id), None)
        if action is not None and not action.refusal:
            self._stop()
            action.run()
            return
        self._waited += _STEP
        if self._waited > _PATIENCE or not self._loading():
            self._stop()
            refusal = action.refusal if action is not None else entry.refusal(editable=True)
            self._services.toast(str(refusal), tone="warning")

    def _loading(self) -> bool:
        """Whether the page is still loading: a task or a job is running."""
        context = self._services.context
        return self._tasks.busy or (context is not None and context.workspace.jobs.busy)

    def _stop(self) -> None:
        self._waiting = None
        self._timer.stop()


def run_or_say(action: Action, say: Callable[[str], None]) -> None:
    """Runs an action, or says why it can't be done now."""
    refusal = action.refusal
    if refusal:
        say(str(refusal))
    else:
        action.run()
