"""What the navigation says of the open estate: its name, how many items it has, and what waits on its pages."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from app.dependence import Dependence
from app.navigation_counts import LateBadge, PageCount, waiting
from cmdb.model.errors import Cancelled
from cmdb.model.messages import tr, trn

if TYPE_CHECKING:
    from app.workspace import Workspace
    from cmdb.model.applied_revision import AppliedRevision
    from ui.context import Context
    from ui.page import PageEntry
    from ui.shell.estate import OpenEstate
    from ui.shell.navigation import Navigation
    from ui.shell.recent_estates import RecentEstates
    from ui.tasks import Tasks

_ITEMS = Dependence(classes=None)
"""The dependence of the number of items."""
#: What takes long is counted once the edits pause so long (milliseconds), and so many times as long as it took.
CALM, REST = 1500, 4
#: After so long (milliseconds) a number that may have changed says so until it is counted again.
LATE = 10_000


class EstateCounts(QObject):
    """Counts in a worker. The estate's name is in the title of the ``window``, too, and in the list of recent ones.

    What takes long to count is counted after that, and is added; until then the number says that there may be more.
    """

    def __init__(
        self, window: QWidget, entries: list[PageEntry], navigation: Navigation, estate: OpenEstate,
        recent: RecentEstates, tasks: Tasks,
    ) -> None:  # fmt: skip
        super().__init__(window)
        self._window, self._entries, self._navigation = window, entries, navigation
        self._estate, self._recent, self._tasks = estate, recent, tasks
        self._past = False
        self._context: Context | None = None
        self._counted: dict[str, PageCount] = {}
        self._late: dict[str, int] = {}
        """What the late badges counted; a page whose badge is not counted, or is out of date, is not in it."""
        self._took = 0.0
        self._calm = QTimer(self, singleShot=True)
        self._calm.timeout.connect(self._count_late)

    def watch(self, context: Context) -> None:
        """Counts another estate."""
        self._context, self._took = context, 0.0
        self.show_title(context.workspace)
        self.recount()

    def forget(self) -> None:
        """The estate was closed: nothing of it is counted or shown any more, also what was being counted."""
        for key in (("count", "soon"), ("count", "late")):
            self._tasks.forget(key)
        self._calm.stop()
        for page in self._counted:
            self._navigation.show_count(page, 0, due=False)
        self._context = None
        self._counted.clear()
        self._late.clear()

    def follow(self, applied: AppliedRevision) -> None:
        """Counts again where a revision concerns what is counted, or the estate's name."""
        badges = (entry.badge_of for entry in self._entries if entry.badge is not None)
        if "setting" in applied.kinds or any(one.is_concerned(applied) for one in (_ITEMS, *badges)):
            self.count()
        if any(late.of.is_concerned(applied) for late in self._late_badges().values()):
            rest = max(CALM, int(self._took * REST * 1000))
            self._calm.start(rest)
            if rest > LATE:
                self._late.clear()  # it is not current for a while
                self._show_badges()

    def show_moment(self, past: bool) -> None:
        """Says that the number is of now while a past moment is shown."""
        self._past = past
        self.count()

    def recount(self) -> None:
        """Counts everything again: another estate or draft is open."""
        self._late.clear()
        self.count()
        self._calm.start(CALM)

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
            self._counted = found[1]
            self._show_badges()

        self._tasks.run(count, show, key=("count", "soon"), owner=self)

    def _late_badges(self) -> dict[str, LateBadge]:
        return {entry.id: entry.late_badge for entry in self._entries if entry.late_badge is not None}

    def _count_late(self) -> None:
        """Counts what takes long. Where a person stops it, it is counted again after a change."""
        context, badges = self._context, self._late_badges()
        if context is None or self._estate.workspace is not context.workspace or not badges:
            return
        remembered, jobs, began = context.remembered, context.workspace.jobs, time.monotonic()

        def done(found: dict[str, int]) -> None:
            self._late, self._took = found, time.monotonic() - began
            self._show_badges()

        def failed(error: Exception) -> None:
            if not isinstance(error, Cancelled):
                self._tasks.problem.emit(error)

        context.query(
            lambda reader: {page: late.count(remembered, reader, jobs) for page, late in badges.items()},
            done, failed, key=("count", "late"), owner=self, lane="slow", now=True,
        )  # fmt: skip

    def _show_badges(self) -> None:
        late = self._late_badges()
        for page, count in self._counted.items():
            number = count.number + self._late.get(page, 0)
            whole = page not in late or page in self._late
            self._navigation.show_count(page, number, due=count.due or self._late.get(page, 0) > 0, whole=whole)

    def show_title(self, workspace: Workspace, items: str = "") -> None:
        """Shows the estate's name, and how many items it has."""
        self._window.setWindowTitle(tr("{estate} – Terrier", estate=workspace.title))
        self._navigation.show_estate(workspace.title, items)
        self._recent.remember(str(workspace.where), workspace.title)
