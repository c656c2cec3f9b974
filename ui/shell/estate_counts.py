"""What the navigation says of the open estate: its name, how many items it has, and what waits on its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.dependence import Dependence
from app.navigation_counts import PageCount, waiting
from cmdb.model.messages import tr, trn

if TYPE_CHECKING:
    from app.workspace import Workspace
    from cmdb.model.applied_revision import AppliedRevision
    from ui.page import PageEntry
    from ui.shell.estate import OpenEstate
    from ui.shell.navigation import Navigation
    from ui.shell.recent_estates import RecentEstates
    from ui.tasks import Tasks

_ITEMS = Dependence(classes=None)
"""The dependence of the number of items."""


class EstateCounts(QObject):
    """Counts in a worker. The estate's name is in the title of the ``window``, too, and in the list of recent ones."""

    def __init__(
        self, window: QWidget, entries: list[PageEntry], navigation: Navigation, estate: OpenEstate,
        recent: RecentEstates, tasks: Tasks,
    ) -> None:  # fmt: skip
        super().__init__(window)
        self._window, self._entries, self._navigation = window, entries, navigation
        self._estate, self._recent, self._tasks = estate, recent, tasks
        self._past = False

    def follow(self, applied: AppliedRevision) -> None:
        """Counts again where a revision concerns what is counted, or the estate's name."""
        badges = (entry.badge_of for entry in self._entries if entry.badge is not None)
        if "setting" in applied.kinds or any(one.is_concerned(applied) for one in (_ITEMS, *badges)):
            self.count()

    def show_moment(self, past: bool) -> None:
        """Says that the number is of now while a past moment is shown."""
        self._past = past
        self.count()

    def count(self) -> None:
        """Counts the items and what waits on the pages."""
        workspace = self._estate.workspace
        if workspace is None:
            return
        badges = {entry.id: entry.badge for entry in self._entries if entry.badge is not None}

        def count() -> tuple[int, dict[str, PageCount]]:
            workspace.look_up_title()
            return waiting(workspace, badges)

        def show(found: tuple[int, dict[str, PageCount]]) -> None:
            items = trn("{count} item · saved", "{count} items · saved", found[0])
            if workspace.draft is not None:
                items = trn("{count} item · with a draft", "{count} items · with a draft", found[0])
            elif self._past:  # the pages show those of then
                items = trn("{count} item now", "{count} items now", found[0])
            self.show_title(workspace, items)
            for page, count in found[1].items():
                self._navigation.show_count(page, count.number, due=count.due)

        self._tasks.run(count, show, key="count", owner=self)

    def show_title(self, workspace: Workspace, items: str = "") -> None:
        """Shows the estate's name, and how many items it has."""
        self._window.setWindowTitle(tr("{estate} – Terrier", estate=workspace.title))
        self._navigation.show_estate(workspace.title, items)
        self._recent.remember(str(workspace.where), workspace.title)
