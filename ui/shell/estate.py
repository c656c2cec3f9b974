"""Opening, making and closing estates, off the GUI thread; and hearing of what changes in the open one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.settings import Settings
from ui.tasks import Tasks

if TYPE_CHECKING:
    from app.workspace import Workspace

#: How often to look for what other processes have written (milliseconds).
POLL = 2000
RECENT = 8


class Estate(QObject):
    """The open estate, or none. ``opened``, ``failed`` (where, error) and ``closed`` say what happened.

    ``published`` fires on the GUI thread with each revision that was applied, here or by another process.
    """

    opening = Signal(str, str)
    opened = Signal(object)
    failed = Signal(str, object)
    closing = Signal()
    closed = Signal()
    published = Signal(object)

    def __init__(self, settings: Settings, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings, self._tasks = settings, tasks
        self.workspace: Workspace | None = None
        self._unsubscribe: Callable[[], None] = lambda: None
        self._poll = QTimer(self, interval=POLL)
        self._poll.timeout.connect(self._look)

    # -- opening ----------------------------------------------------------------------------------------------------

    def open(self, where: str, then: Callable[[], None] | None = None) -> None:
        """Opens a file or a database URL in a worker, where the store's libraries are first imported.

        ``then`` is called once it stands.
        """
        self._start(where, lambda: _open(where, self._settings), then)

    def create(self, where: str, then: Callable[[], None] | None = None) -> None:
        """Makes a new, empty estate and opens it; ``then`` is called once it stands."""
        self._start(where, lambda: _create(where, self._settings), then)

    def create_sample(self, where: str) -> None:
        """Makes the sample estate and opens it."""
        self._start(where, lambda: _create_sample(where, self._settings), text="Making the sample estate…")

    def _start(
        self, where: str, work: Callable[[], Workspace], then: Callable[[], None] | None = None, text: str = ""
    ) -> None:
        self.opening.emit(where, text)

        def done(workspace: Workspace) -> None:
            self._take(where, workspace)
            if then is not None:
                then()

        self._tasks.run(work, done, lambda error: self.failed.emit(where, error), key="estate")

    def _take(self, where: str, workspace: Workspace) -> None:
        self.close()
        self.workspace = workspace
        workspace.jobs.deliver = self._tasks.post
        self._unsubscribe = workspace.store.subscribe(lambda applied: self._tasks.post(self.published.emit, applied))
        self._remember(where)
        self._poll.start()
        self.opened.emit(workspace)

    def close(self) -> None:
        """Closes what is open: running jobs are stopped, pending edits finished."""
        if self.workspace is None:
            return
        self.closing.emit()
        self._poll.stop()
        self._unsubscribe()
        self._unsubscribe = lambda: None
        workspace, self.workspace = self.workspace, None
        self.closed.emit()
        self._tasks.finish()
        workspace.jobs.deliver = lambda call: None
        workspace.close()

    # -- remembering ------------------------------------------------------------------------------------------------

    def recent(self) -> list[str]:
        """Estates that were opened lately, the latest first."""
        kept: list[str] = self._settings.get("recent", [])
        return [str(where) for where in kept]

    def _remember(self, where: str) -> None:
        if "://" not in where:
            where = str(Path(where).absolute())
        self._settings.set("recent", [where, *(w for w in self.recent() if w != where)][:RECENT])

    def _look(self) -> None:
        workspace = self.workspace
        if workspace is not None:
            self._tasks.run(workspace.store.poll, failed=self._lost, key="poll")

    def _lost(self, error: Exception) -> None:
        self._poll.stop()
        self._tasks.problem.emit(error)


def _open(where: str, settings: Settings) -> Workspace:
    from app.workspace import Workspace

    return Workspace.open(where, settings)


def _create(where: str, settings: Settings) -> Workspace:
    from app.workspace import Workspace
    from cmdb.store import Store

    _make_folder(where)
    return Workspace(Store.create(where), settings)


def _create_sample(where: str, settings: Settings) -> Workspace:
    from app.sample import load
    from app.workspace import Workspace
    from cmdb.store import Store

    _make_folder(where)
    store = Store.create(where)
    try:
        load(store)
    except BaseException:
        store.close()
        for ending in ("", "-wal", "-shm"):
            Path(where + ending).unlink(missing_ok=True)
        raise
    return Workspace(store, settings)


def _make_folder(where: str) -> None:
    if "://" not in where:
        Path(where).absolute().parent.mkdir(parents=True, exist_ok=True)
