"""Opens, creates and closes estates off the GUI thread, and publishes what changes in the open one."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from app import places
from app.settings import Settings
from cmdb.model.control import Control
from cmdb.model.errors import BrokenJournal, Cancelled, Locked
from cmdb.model.messages import Message, tr
from ui.tasks import Tasks

if TYPE_CHECKING:
    from app.estates import RekeyedEstate
    from app.workspace import Workspace
    from cmdb.model.first_look import FirstLook
    from cmdb.model.schema import Schema

#: How often to look for what other processes have written (milliseconds).
POLL = 2000
RECENT = 8
#: The time for painting the first look before the store is imported (milliseconds).
BREATH = 30
#: The least time between two messages of progress (seconds).
STEP = 0.05


#: Opens or makes an estate; whether to take over one whose journal was changed.
Work = Callable[[bool], "Workspace"]


@dataclass(frozen=True)
class PassphraseRequest:
    """An encrypted estate is being opened: ``answer`` takes the passphrase and whether to remember it."""

    where: str
    wrong: bool
    can_remember: bool
    answer: Callable[[str, bool], None]
    leave: Callable[[], None]


@dataclass(frozen=True)
class JournalQuestion:
    """An estate of an older format is being opened whose journal was changed from outside: is it taken over?

    ``numbers`` are the revisions that do not hold what was written, ``pruned`` as in ``BrokenJournal``.
    """

    where: str
    numbers: tuple[int, ...]
    pruned: int
    accept: Callable[[], None]
    leave: Callable[[], None]


@dataclass(frozen=True)
class OpeningProgress:
    """How far an estate that is being opened is brought up to date, and what stops that."""

    text: str
    done: int
    total: int
    stop: Callable[[], None]


class OpenEstate(QObject):
    """The open estate, or none. ``opened``, ``failed`` (how to try again, error) and ``closed`` say what happened;
    ``glanced`` brings a first look at a file that is being opened, ``progressed`` how far one of an older format is.

    ``locked`` brings the question for the passphrase of an encrypted one, ``broken`` whether to take over one of an
    older format whose journal was changed. ``published`` fires on the GUI thread with
    each revision that was applied, here or by another process.
    """

    opening = Signal(str, str)
    glanced = Signal(object, object)
    progressed = Signal(object)
    opened = Signal(object)
    failed = Signal(object, object)
    closing = Signal()
    closed = Signal()
    published = Signal(object)
    locked = Signal(object)
    broken = Signal(object)

    def __init__(self, settings: Settings, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings, self._tasks = settings, tasks
        self.workspace: Workspace | None = None
        self._unsubscribe: Callable[[], None] = lambda: None
        self._is_lost = False
        self._poll = QTimer(self, interval=POLL)
        self._poll.timeout.connect(self.hear)

    # -- opening ----------------------------------------------------------------------------------------------------

    def open(self, where: str, then: Callable[[], None] | None = None) -> None:
        """Opens a file or a database URL in a worker; ``then`` is called once it is open.

        A first look at a file comes before the store's libraries are imported (in the worker, after the look is shown).
        """
        if self._is_open(where):
            # A process opens a file once: closing a second connection would release the locks of the first.
            self.close()
        self.opening.emit(where, "")

        def looked(found: tuple[FirstLook, Schema] | None) -> None:
            if found is not None:
                self.glanced.emit(*found)
            # The look is painted first: while the import has the interpreter, everything else waits its turn.
            QTimer.singleShot(BREATH if found else 0, self, load)

        def load() -> None:
            control = self._control()
            self._load(where, lambda accept: _open(where, self._settings, control, accept), then, again)

        def again() -> None:
            self.open(where, then)

        place = self.place(where)[1]

        def failed(error: Exception) -> None:
            self.failed.emit(again, error)

        self._tasks.run(lambda: places.look_into(where, place), looked, failed, key="estate")

    def _control(self) -> Control:
        """Follows how an estate of an older format is brought up to date, and stops it."""
        shown = 0.0

        def report(done: int, total: int, text: Message) -> None:
            nonlocal shown
            if time.monotonic() - shown > STEP:
                shown = time.monotonic()
                self._tasks.post(self.progressed.emit, OpeningProgress(str(text), done, total, control.cancel))

        control = Control(report)
        return control

    def _is_open(self, where: str) -> bool:
        known = places.without_password
        return self.workspace is not None and known(str(self.workspace.where)) == known(where)

    def create(self, where: str, then: Callable[[], None] | None = None) -> None:
        """Makes a new, empty estate and opens it; ``then`` is called once it is open."""
        self._start(where, lambda _: _make(where, self._settings), then)

    def create_sample(self, where: str) -> None:
        """Makes the sample estate and opens it."""
        self._start(where, lambda _: _make(where, self._settings, sample=True), text=tr("Making the sample estate…"))

    def _start(self, where: str, work: Work, then: Callable[[], None] | None = None, text: str = "") -> None:
        self.opening.emit(where, text)
        self._load(where, work, then, lambda: self._start(where, work, then, text))

    def _load(
        self, where: str, work: Work, then: Callable[[], None] | None, again: Callable[[], None], accept: bool = False
    ) -> None:
        def done(workspace: Workspace) -> None:
            self._take(where, workspace)
            if then is not None:
                then()

        def failed(error: Exception) -> None:
            if isinstance(error, Locked):
                self._ask(where, error, then, again)
            elif isinstance(error, BrokenJournal):
                self._ask_to_accept(where, error, take_over, again)
            else:
                self.failed.emit(again, error)

        def take_over() -> None:
            self.opening.emit(where, "")
            self._load(where, work, then, again, accept=True)

        self._tasks.run(lambda: work(accept), done, failed, key="estate")

    def _ask_to_accept(
        self, where: str, error: BrokenJournal, accept: Callable[[], None], again: Callable[[], None]
    ) -> None:
        """Asks whether to take over an estate whose journal was changed."""

        def leave() -> None:
            self.failed.emit(again, error if self.workspace is None else Cancelled())

        self.broken.emit(JournalQuestion(where, error.numbers, error.pruned, accept, leave))

    def _ask(self, where: str, error: Locked, then: Callable[[], None] | None, again: Callable[[], None]) -> None:
        """Asks for a passphrase, and opens the estate with it."""

        def answer(passphrase: str, remember: bool) -> None:
            def kept() -> None:
                if remember and self.workspace is not None:
                    self._tasks.run(partial(_remember_key, self.workspace))
                if then is not None:
                    then()

            self.opening.emit(where, "")
            control = self._control()
            self._load(where, lambda accept: _unlock(where, passphrase, self._settings, control, accept), kept, again)

        def leave() -> None:
            self.failed.emit(again, error if self.workspace is None else Cancelled())

        def ask(can_remember: bool) -> None:
            self.locked.emit(PassphraseRequest(where, error.wrong, can_remember, answer, leave))

        self._tasks.run(_can_remember, ask, key="estate")

    def rekey(
        self,
        passphrase: str | None,
        remember: bool,
        control: Control,
        ended: Callable[[RekeyedEstate | None, Exception | None], None],
    ) -> None:
        """Encrypts the open estate, gives it another passphrase, or (None) takes the encryption away.

        It is closed meanwhile, and open again before ``ended`` is called with what was done, or why it was not.
        """
        workspace = self.workspace
        if workspace is None:
            return
        where = str(workspace.where)
        self.close()
        self.opening.emit(where, "")
        outcome: list[tuple[RekeyedEstate | None, Exception | None]] = []

        def work() -> Workspace:
            opened, done, error = _rekey(workspace, passphrase, remember, control)
            outcome.append((done, error))
            return opened

        def done(opened: Workspace) -> None:
            self._take(where, opened)
            ended(*outcome[0])

        def failed(error: Exception) -> None:
            self.failed.emit(lambda: self.open(where), error)
            ended(None, error)

        self._tasks.run(work, done, failed, key="estate")

    def restore(self, copy: Path, ended: Callable[[Exception | None], None]) -> None:
        """Restores a backup in place of the open estate, and opens it; ``ended`` gets the error, or None.

        If it fails, the estate is open as it was.
        """
        workspace = self.workspace
        if workspace is None:
            return
        where = str(workspace.where)
        self.close()
        self.opening.emit(where, tr("Putting the backup back…"))
        outcome: list[Exception | None] = []

        def work() -> Workspace:
            opened, error = _restore(workspace, copy)
            outcome.append(error)
            return opened

        def done(opened: Workspace) -> None:
            self._take(where, opened)
            ended(*outcome)

        def failed(error: Exception) -> None:
            self.failed.emit(lambda: self.open(where), error)

        self._tasks.run(work, done, failed, key="estate")

    def _take(self, where: str, workspace: Workspace) -> None:
        self.close()
        self.workspace = workspace
        workspace.jobs.deliver = self._tasks.post
        self._unsubscribe = workspace.subscribe(lambda applied: self._tasks.post(self.published.emit, applied))
        self._remember(where)
        self._poll.start()
        self.opened.emit(workspace)

    def close(self) -> None:
        """Closes the open estate: running jobs are stopped, pending edits are finished."""
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

    def place(self, where: str) -> tuple[str, dict[str, Any]]:
        """The page where the person was last in an estate, with its parameters; "" where there is none."""
        kept: dict[str, Any] = self._settings.get("place", {})
        params = kept.get("params")
        if kept.get("estate") != places.without_password(where) or not isinstance(params, dict):
            return "", {}
        return str(kept.get("page", "")), params

    def keep_place(self, page: str, params: dict[str, Any]) -> None:
        """Remembers where the person is in the open estate."""
        if page and self.workspace is not None:
            where = places.without_password(str(self.workspace.where))
            self._settings.set("place", {"estate": where, "page": page, "params": params})

    def _remember(self, where: str) -> None:
        where = places.without_password(where)
        self._settings.set("recent", [where, *(w for w in self.recent() if w != where)][:RECENT])

    def hear(self) -> None:
        """Publishes what other processes have written, and reports when the file or server is gone."""
        workspace = self.workspace
        if workspace is not None:
            self._tasks.run(lambda: _hear(workspace), self._heard, self._lost, key="poll")

    def _heard(self, _: None) -> None:
        self._is_lost = False

    def _lost(self, error: Exception) -> None:
        """Shows the error once; polling goes on, as the file or the server may come back."""
        if not self._is_lost:
            self._is_lost = True
            self._tasks.problem.emit(error)


def _open(where: str, settings: Settings, control: Control, accept: bool) -> Workspace:
    """Opens an estate. Called in a worker: the store's libraries are imported here."""
    from app.estates import open_workspace

    return open_workspace(where, settings, control, accept_broken=accept)


def _unlock(where: str, passphrase: str, settings: Settings, control: Control, accept: bool) -> Workspace:
    from app.estates import unlock_workspace

    return unlock_workspace(where, passphrase, settings, control, accept_broken=accept)


def _make(where: str, settings: Settings, *, sample: bool = False) -> Workspace:
    from app.estates import create_workspace

    return create_workspace(where, settings, sample=sample)


def _hear(workspace: Workspace) -> None:
    from app.estates import hear

    hear(workspace)


def _rekey(
    closed: Workspace, passphrase: str | None, remember: bool, control: Control
) -> tuple[Workspace, RekeyedEstate | None, Exception | None]:
    from app.estates import rekey_and_open

    return rekey_and_open(closed, passphrase, remember, control)


def _restore(closed: Workspace, copy: Path) -> tuple[Workspace, Exception | None]:
    from app.estates import restore_and_open

    return restore_and_open(closed, copy)


def _remember_key(workspace: Workspace) -> None:
    from app.estates import remember_key

    remember_key(workspace)


def _can_remember() -> bool:
    from app.keys import can_remember

    return can_remember()
