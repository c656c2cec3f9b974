"""Opening, making and closing estates, off the GUI thread; and hearing of what changes in the open one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.settings import Settings
from cmdb.model.errors import Cancelled, Locked, UserError
from ui.tasks import Tasks

if TYPE_CHECKING:
    from app.workspace import Workspace
    from cmdb.model.control import Control
    from cmdb.model.glance import Glance
    from cmdb.model.schema import Schema
    from cmdb.store.connection.ciphers import Key
    from cmdb.store.store import Store
    from cmdb.store.upkeep.rekeying import Recast

#: How often to look for what other processes have written (milliseconds).
POLL = 2000
RECENT = 8
#: How long a first look may take to be painted before the store is imported (milliseconds).
BREATH = 30


@dataclass(frozen=True)
class Question:
    """An encrypted estate is being opened: ``answer`` takes the passphrase and whether to remember it."""

    where: str
    wrong: bool
    can_remember: bool
    answer: Callable[[str, bool], None]
    leave: Callable[[], None]


class Estate(QObject):
    """The open estate, or none. ``opened``, ``failed`` (how to try again, error) and ``closed`` say what happened;
    ``glanced`` brings a first look at a file that is being opened.

    ``locked`` brings the question for the passphrase of an encrypted one. ``published`` fires on the GUI thread with
    each revision that was applied, here or by another process.
    """

    opening = Signal(str, str)
    glanced = Signal(object, object)
    opened = Signal(object)
    failed = Signal(object, object)
    closing = Signal()
    closed = Signal()
    published = Signal(object)
    locked = Signal(object)

    def __init__(self, settings: Settings, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings, self._tasks = settings, tasks
        self.workspace: Workspace | None = None
        self._unsubscribe: Callable[[], None] = lambda: None
        self._deaf = False
        self._poll = QTimer(self, interval=POLL)
        self._poll.timeout.connect(self.hear)

    # -- opening ----------------------------------------------------------------------------------------------------

    def open(self, where: str, then: Callable[[], None] | None = None) -> None:
        """Opens a file or a database URL in a worker; ``then`` is called once it stands.

        A first look at a file comes before the store's libraries are imported (in the worker, after the look is shown).
        """
        if self.workspace is not None and _known(str(self.workspace.store.where)) == _known(where):
            self.close()  # one process opens a file once: closing it a second time would give up the first one's locks
        self.opening.emit(where, "")

        def looked(found: tuple[Glance, Schema] | None) -> None:
            if found is not None:
                self.glanced.emit(*found)
            # The look is painted first: while the import has the interpreter, everything else waits its turn.
            QTimer.singleShot(BREATH if found else 0, self, load)

        def load() -> None:
            self._load(where, lambda: _open(where, self._settings), then, again)

        def again() -> None:
            self.open(where, then)

        cls = str(self.place(where)[1].get("cls", ""))
        self._tasks.run(lambda: _look(where, cls), looked, lambda error: self.failed.emit(again, error), key="estate")

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
        self._load(where, work, then, lambda: self._start(where, work, then, text))

    def _load(
        self, where: str, work: Callable[[], Workspace], then: Callable[[], None] | None, again: Callable[[], None]
    ) -> None:
        def done(workspace: Workspace) -> None:
            self._take(where, workspace)
            if then is not None:
                then()

        def failed(error: Exception) -> None:
            if isinstance(error, Locked):
                self._ask(where, error, then, again)
            else:
                self.failed.emit(again, error)

        self._tasks.run(work, done, failed, key="estate")

    def _ask(self, where: str, error: Locked, then: Callable[[], None] | None, again: Callable[[], None]) -> None:
        """Has the person asked for a passphrase, and opens the estate with it."""

        def answer(passphrase: str, remember: bool) -> None:
            def kept() -> None:
                if remember and self.workspace is not None and self.workspace.store.key is not None:
                    self._tasks.run(partial(_remember_key, self.workspace.store.key))
                if then is not None:
                    then()

            self.opening.emit(where, "")
            self._load(where, lambda: _unlock(where, passphrase, self._settings), kept, again)

        def leave() -> None:
            self.failed.emit(again, error if self.workspace is None else Cancelled())

        def ask(can_remember: bool) -> None:
            self.locked.emit(Question(where, error.wrong, can_remember, answer, leave))

        self._tasks.run(_can_remember, ask, key="estate")

    def recast(
        self,
        passphrase: str | None,
        remember: bool,
        control: Control,
        ended: Callable[[Recast | None, Exception | None], None],
    ) -> None:
        """Encrypts the open estate, gives it another passphrase, or (None) takes the encryption away.

        It is closed meanwhile, and open again before ``ended`` is called with what was done, or why it was not.
        """
        workspace = self.workspace
        if workspace is None:
            return
        where, old = str(workspace.store.where), workspace.store.key
        self.close()
        self.opening.emit(where, "")
        outcome: list[tuple[Recast | None, Exception | None]] = []

        def work() -> Workspace:
            opened, done, error = _recast(where, old, passphrase, remember, control, self._settings)
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
        """Puts a backup in the place of the open estate, and opens that; ``ended`` hears what went wrong, if anything.

        What could not be restored is open as it was.
        """
        workspace = self.workspace
        if workspace is None:
            return
        where, key = str(workspace.store.where), workspace.store.key
        self.close()
        self.opening.emit(where, "Putting the backup back…")
        outcome: list[Exception | None] = []

        def work() -> Workspace:
            opened, error = _restore(copy, where, key, self._settings)
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

    def place(self, where: str) -> tuple[str, dict[str, Any]]:
        """The page where the person was last in an estate, with its parameters; "" where they never were."""
        kept: dict[str, Any] = self._settings.get("place", {})
        params = kept.get("params")
        if kept.get("estate") != _known(where) or not isinstance(params, dict):
            return "", {}
        return str(kept.get("page", "")), params

    def keep_place(self, page: str, params: dict[str, Any]) -> None:
        """Remembers where the person is in the open estate."""
        if page and self.workspace is not None:
            where = _known(str(self.workspace.store.where))
            self._settings.set("place", {"estate": where, "page": page, "params": params})

    def _remember(self, where: str) -> None:
        where = _known(where)
        self._settings.set("recent", [where, *(w for w in self.recent() if w != where)][:RECENT])

    def hear(self) -> None:
        """Publishes what other processes have written since, and notices where the file is gone."""
        workspace = self.workspace
        if workspace is not None:
            self._tasks.run(lambda: _listen(workspace.store), self._heard, self._lost, key="poll")

    def _heard(self, _: None) -> None:
        self._deaf = False

    def _lost(self, error: Exception) -> None:
        """Said once; it goes on listening, for the file or the server may come back."""
        if not self._deaf:
            self._deaf = True
            self._tasks.problem.emit(error)


def _known(where: str) -> str:
    """A file by its full path, a database by its URL without the password: this is kept among the settings."""
    return re.sub(r"://([^:/@]*):[^@/]*@", r"://\1@", where) if "://" in where else str(Path(where).absolute())


def _look(where: str, cls: str) -> tuple[Glance, Schema] | None:
    """A first look, and the shipped schema to show it by."""
    from cmdb.model.schema import Schema
    from cmdb.store.reading.first_look import glance

    found = None if "://" in where else glance(Path(where), cls)
    return None if found is None else (found, Schema.load())


def _listen(store: Store) -> None:
    """Publishes what others wrote. Raises StoreProblem where the file is gone: an open file outlives its name, and
    what is written to it then is lost.
    """
    where = str(store.where)
    if "://" not in where and not Path(where).exists():
        from cmdb.model.errors import StoreProblem

        raise StoreProblem(
            f"{Path(where).name} was moved or deleted while it was open.",
            ("What you change now will be lost. Put the file back, or close the estate and open it where it is now.",),
        )
    store.poll()


def _open(where: str, settings: Settings) -> Workspace:
    from app import keys
    from app.workspace import Workspace

    return Workspace.open(where, settings, keys.find(where))


def _unlock(where: str, passphrase: str, settings: Settings) -> Workspace:
    from app.workspace import Workspace
    from cmdb.store.connection.ciphers import key_of

    return Workspace.open(where, settings, key_of(Path(where), passphrase))


def _can_remember() -> bool:
    from app import keys

    return keys.can_remember()


def _remember_key(key: Key) -> None:
    from app import keys

    keys.remember(key)


def _recast(
    where: str, old: Key | None, passphrase: str | None, remember: bool, control: Control, settings: Settings
) -> tuple[Workspace, Recast | None, Exception | None]:
    """Writes the estate anew and opens it again, the old one where that failed."""
    from app import keys
    from app.workspace import Workspace
    from cmdb.store.connection.ciphers import new_key
    from cmdb.store.upkeep.rekeying import recast

    try:
        new = new_key(passphrase) if passphrase else None
        done = recast(Path(where), old, new, control)
    except Exception as error:  # it is as it was, and opened again before this is said
        return Workspace.open(where, settings, old), None, error
    failed: Exception | None = None
    try:
        if old is not None:
            keys.forget(old)
        if new is not None and remember:
            keys.remember(new)
    except UserError as error:
        failed = error
    return Workspace.open(where, settings, new), done, failed


def _restore(copy: Path, where: str, key: Key | None, settings: Settings) -> tuple[Workspace, Exception | None]:
    """Puts a copy in an estate's place and opens it; what stops that, with the estate opened as it was."""
    from app.workspace import Workspace
    from cmdb.store.upkeep.copies import restore

    try:
        restore(copy, Path(where), key, key)
    except Exception as error:
        return Workspace.open(where, settings, key), error
    return Workspace.open(where, settings, key), None


def _create(where: str, settings: Settings) -> Workspace:
    from app.workspace import Workspace
    from cmdb.store.upkeep.opening import create_estate

    _make_folder(where)
    return Workspace(create_estate(where), settings)


def _create_sample(where: str, settings: Settings) -> Workspace:
    from app.sample import load
    from app.workspace import Workspace
    from cmdb.store.upkeep.opening import create_estate

    _make_folder(where)
    return Workspace(create_estate(where, load), settings)


def _make_folder(where: str) -> None:
    if "://" not in where:
        Path(where).absolute().parent.mkdir(parents=True, exist_ok=True)
