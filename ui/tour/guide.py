"""Controls the window in the tour: waits until it is idle, takes pictures, records which checks passed."""

from __future__ import annotations

import gc
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from PySide6.QtCore import QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from app.settings import Settings
from cmdb.store.reading.reader import Reader
from ui.context import Context
from ui.page import Page
from ui.run import application, make_window

W = TypeVar("W", bound=QWidget)

#: The longest time that anything may take (seconds).
SOON = 1000
"""Timers of a page with at most this delay (milliseconds) are waited for."""
PATIENCE = 120


class TourTimeout(Exception):
    """An expected state was not reached in time."""


class Guide:
    """A window with settings of its own, and the results of the tour. Use it with ``with``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.failures: list[str] = []
        self.checks = 0
        self.imported = 0
        """The revision of the tour's import."""
        self._stop = ""
        self._home = Path(tempfile.mkdtemp(prefix="terrier-tour-"))
        self._app = application()
        self._hook = sys.excepthook

    def __enter__(self) -> Guide:
        """Opens the window, empty."""
        sys.excepthook = self._crashed
        self.window = make_window(self._app, Settings(self._home))
        self.window.resize(1440, 900)
        self.window.services.problem = self._problem  # type: ignore[method-assign] # said aloud, not in a dialog
        self.window.tasks.problem.connect(self._problem)
        self.window.estate.failed.connect(lambda where, error: self._problem(error))
        self.window.show()
        self.rest()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes the window and throws its settings away."""
        self.window.close()
        self.rest()
        # Qt must be deleted before Python ends, because the interpreter deletes remaining objects in any order.
        self.window.deleteLater()
        del self.window
        self._turn(10)
        gc.collect()
        sys.excepthook = self._hook
        shutil.rmtree(self._home, ignore_errors=True)

    # -- the account ------------------------------------------------------------------------------------------------

    def say(self, text: str) -> None:
        """A line about what is being done."""
        print(text, flush=True)

    def check(self, holds: bool, what: str) -> None:
        """Records a check."""
        self.checks += 1
        if not holds:
            self.fail(what)

    def fail(self, what: str) -> None:
        """Records a failure."""
        self.failures.append(f"{self._stop}: {what}" if self._stop else what)
        self.say(f"  ✗ {what}")

    @contextmanager
    def stop(self, title: str) -> Iterator[None]:
        """One stop of the tour; what goes wrong at it is noted, and the tour goes on."""
        self._stop = title
        self.say(title)
        try:
            yield
        except Exception as error:
            self.fail(f"{type(error).__name__}: {error}")
            traceback.print_exc()
        finally:
            self._stop = ""

    def _problem(self, error: BaseException) -> None:
        traceback.print_exception(error)
        self.fail(f"the window reported: {error}")

    def _crashed(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        traceback.print_exception(kind, error, trace)
        self.fail(f"{kind.__name__} in the window: {error}")

    # -- the window -------------------------------------------------------------------------------------------------

    @property
    def context(self) -> Context:
        """What the pages work with. Raises TourTimeout while no estate is open."""
        if self.window.services.context is None:
            raise TourTimeout("no estate is open")
        return self.window.services.context

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """A view of the open estate, for checking."""
        with self.context.workspace.store.read() as reader:
            yield reader

    def page(self, name: str) -> Page:
        """Opens a page and waits until it rests."""
        self.window.services.go(name)
        self.rest()
        return self.window.stack.page(name)

    def child(self, parent: QWidget, kind: type[W], where: Callable[[W], bool]) -> W:
        """The visible widget of a kind below ``parent`` that answers. Raises TourTimeout."""
        for found in parent.findChildren(kind):
            if found.isVisible() and where(found):
                return found
        raise TourTimeout(f"there is no {kind.__name__} as expected on {type(parent).__name__}")

    def rest(self, quiet: int = 60, patience: float = PATIENCE) -> None:
        """Lets the window work until nothing is under way for ``quiet`` milliseconds. Raises TourTimeout."""
        end = time.monotonic() + patience
        calm = 0.0
        while calm * 1000 < quiet:
            before = time.monotonic()
            self._turn(10)
            calm = 0.0 if self._busy() else calm + time.monotonic() - before
            if time.monotonic() > end:
                raise TourTimeout("the window does not come to rest")

    def until(self, holds: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
        """Runs the window until a condition is true. Raises TourTimeout."""
        end = time.monotonic() + patience
        while not holds():
            self._turn(10)
            if time.monotonic() > end:
                raise TourTimeout(f"waited in vain for {what}")

    def picture(self, name: str) -> Path:
        """Saves what the window shows as ``name``.png."""
        self.rest()
        self.window.toast.hide()
        path = self.folder / f"{name}.png"
        image = self.window.grab().toImage()
        self.check(image.save(str(path)), f"{path} could not be written")
        colours = {image.pixel(x, y) for x in range(4, image.width(), 37) for y in range(4, image.height(), 29)}
        self.check(len(colours) > 4, f"{path.name} shows next to nothing")
        return path

    def look(self, mode: str) -> None:
        """Light or dark."""
        self.window.appearance.set_look("dark" if mode == "dark" else "light")
        self.rest()

    def _busy(self) -> bool:
        workspace = self.window.estate.workspace
        working = self.window.tasks.busy or (workspace is not None and workspace.jobs.busy)
        return working or any(
            timer.isActive() and timer.isSingleShot() and timer.interval() <= SOON
            for timer in self.window.findChildren(QTimer)
        )

    def _turn(self, milliseconds: int) -> None:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
