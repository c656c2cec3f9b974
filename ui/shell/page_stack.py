"""The stack of pages: created at the first visit, informed of changes; and the trail for Back and Forward."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from cmdb.model.messages import Message
from ui.actions import Action, ActionList, bind_shortcuts
from ui.context import Context
from ui.page import Page, PageEntry
from ui.widgets.shown_stack import ShownStack

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision

#: A hidden page that has missed changes of more items than this is reloaded instead.
MISSED = 20_000


class PageStack(ShownStack):
    """Shows one page at a time. ``shown`` fires with its id, ``failed`` with what went wrong in one."""

    shown = Signal(str)
    failed = Signal(object)

    def __init__(self, entries: list[PageEntry]) -> None:
        super().__init__()
        self.setProperty("role", "ground")
        self._entries = {entry.id: entry for entry in entries}
        self._context: Context | None = None
        self._pages: dict[str, Page] = {}
        self._actions: dict[str, ActionList] = {}
        self._missed: dict[str, AppliedRevision | None] = {}
        self.visited: set[str] = set()
        """The pages on which the person has been since the estate is open."""
        """What hidden pages have missed, as one; None where it is so much that they are reloaded."""
        self._trail: list[tuple[str, dict[str, Any]]] = []
        self._place = -1
        self._other: QWidget | None = None

    # -- estates ----------------------------------------------------------------------------------------------------

    def set_context(self, context: Context | None) -> None:
        """Another estate, or none: all pages are dropped. What one meant to ask a little later is not asked."""
        for page in self._pages.values():
            for timer in page.findChildren(QTimer):
                timer.stop()
            self.removeWidget(page)
            page.deleteLater()
        self._pages.clear()
        self._actions.clear()
        self._missed.clear()
        self.visited.clear()
        self._trail.clear()
        self._place = -1
        self._context = context
        if context is not None:
            context.moment.changed.connect(self.reload)

    def show_other(self, widget: QWidget) -> None:
        """Shows a widget that is not a page: the start page, the loading page, the failed page."""
        old, self._other = self._other, widget
        self.addWidget(widget)
        self.setCurrentWidget(widget)
        widget.setFocus()
        if old is not None:
            self.removeWidget(old)
            old.deleteLater()
        self.shown.emit("")

    # -- pages ------------------------------------------------------------------------------------------------------

    @property
    def current(self) -> str:
        """The shown page's id, "" where it is none."""
        widget = self.currentWidget()
        return next((name for name, page in self._pages.items() if page is widget), "")

    def names(self) -> list[str]:
        """Every page's id, in the navigation's order."""
        return list(self._entries)

    def title_of(self, name: str) -> Message | None:
        """A page's title; None where there is no such page."""
        entry = self._entries.get(name)
        return entry.title if entry is not None else None

    def page_of(self, root: str) -> str:
        """The page that lists the records of a root; "" where none does."""
        return next((entry.id for entry in self._entries.values() if entry.root == root), "")

    def page(self, name: str) -> Page:
        """The page; it is created at the first visit. Raises KeyError for a page that does not exist."""
        entry = self._entries[name]
        if self._context is None:
            raise RuntimeError("a page was asked for while no estate is open")
        if name not in self._pages:
            page, shell = entry.load()(self._context), self._context.shell
            self._pages[name] = page
            self._actions[name] = ActionList(page.page_actions())
            say = partial(shell.toast, tone="warning")
            bind_shortcuts(page, self._actions[name], self._context.theme, say)
            self.addWidget(page)
        return self._pages[name]

    def actions_of(self, name: str) -> list[Action]:
        """The actions of a page that was visited; none of any other."""
        return list(self._actions.get(name, ()))

    def go(self, name: str, **params: Any) -> bool:
        """Opens a page; False where the present one would not be left."""
        if self.current and self.current != name and not self._pages[self.current].leave():
            return False
        if self.current and self._place >= 0:
            self._trail[self._place] = (self.current, self._pages[self.current].state())
        if not self._open(name, params):
            return False
        del self._trail[self._place + 1 :]
        self._trail.append((name, params))
        self._place = len(self._trail) - 1
        return True

    def can_step(self, step: int) -> bool:
        """Whether there is a place to go back (-1) or forward (1) to."""
        return 0 <= self._place + step < len(self._trail)

    def step(self, step: int) -> None:
        """Goes back (-1) or forward (1)."""
        if self.can_step(step) and self._pages[self.current].leave():
            self._trail[self._place] = (self.current, self._pages[self.current].state())
            self._place += step
            self._open(*self._trail[self._place])

    def state(self) -> tuple[str, dict[str, Any]]:
        """Where the person is, to come back to at the next start."""
        return (self.current, self._pages[self.current].state()) if self.current else ("", {})

    def focus_search(self) -> None:
        """Ctrl+F on the shown page."""
        if self.current:
            self._pages[self.current].focus_search()

    # -- what changes -----------------------------------------------------------------------------------------------

    def publish(self, applied: AppliedRevision) -> None:
        """Tells the shown page of a revision, the hidden ones when they are next shown."""
        for name, page in self._pages.items():
            if not any(one.is_concerned(applied) for one in page.depends_on()):
                continue
            if page is self.currentWidget():
                self._guard(partial(page.changed, applied))
            else:
                before = self._missed.get(name, applied)
                self._missed[name] = applied if before is applied else _together(before, applied)

    def reload(self) -> None:
        """Everything may be different (another moment): the shown page reloads, the others when they are shown."""
        for name, page in self._pages.items():
            self._missed.pop(name, None)
            if page is self.currentWidget():
                self._guard(page.reload)

    def _open(self, name: str, params: dict[str, Any]) -> bool:
        first = name not in self._pages
        try:
            page = self.page(name)
        except Exception as error:
            self.failed.emit(error)
            return False
        self.setCurrentWidget(page)
        self.visited.add(name)
        focused = QApplication.focusWidget()
        # At the first visit Qt focuses whatever comes first in the page; later, what had the focus there before.
        if first or focused is None or not page.isAncestorOf(focused):
            page.setFocus()
        self.shown.emit(name)
        told = name not in self._missed
        missed = self._missed.pop(name, None)
        self._guard(lambda: page.opened(**params))
        if not told:
            self._guard(page.reload if missed is None else partial(page.changed, missed))
        return True

    def _guard(self, call: Callable[[], None]) -> None:
        try:
            call()
        except Exception as error:
            self.failed.emit(error)


def _together(missed: AppliedRevision | None, applied: AppliedRevision) -> AppliedRevision | None:
    """What was missed, with one more revision; None where it is too much to keep."""
    found = missed and missed.followed_by(applied)
    return found if found is not None and len(found.touched) <= MISSED else None
