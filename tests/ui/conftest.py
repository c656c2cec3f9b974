"""What window tests stand on: one offscreen application, a small estate, a context whose shell records its calls.

Any warning of Qt fails a test, and so does an error that reaches the shell unasked. What a test of a window leaves
behind is collected at once: a widget or an icon that is deleted wrongly crashes the test that made it, no later one.
"""

from __future__ import annotations

import gc
import shutil
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import pytest
from PySide6.QtCore import QEvent, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.assets.views import NamedView
from app.settings import Settings
from app.workspace import Workspace
from cmdb.model import clock
from cmdb.model.messages import Message
from cmdb.store.upkeep.startup import create_estate
from tests.app.small_estate import fill_small
from ui.context import Context
from ui.page import Page
from ui.records.detail.panel import DetailPanel
from ui.run import application, make_window
from ui.tasks import Tasks
from ui.theme import Theme
from ui.widgets.page_states import EmptyState

if TYPE_CHECKING:
    from ui.shell.window import Window

P = TypeVar("P", bound=Page)
_HERE = Path(__file__).parent

_OURS_NOT = (
    # The offscreen platform has neither a window manager nor these services; the message is about it, not about us.
    "This plugin does not support propagateSizeHints()",
    "This plugin does not support raise()",
    "This plugin does not support grabbing the keyboard",
)


@pytest.fixture(scope="session")
def app() -> QApplication:
    return application()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Generator[None, bool | None, bool | None]:
    """Collects after the last test of a file with windows, so that what Qt cannot let go crashes near to its maker.

    Only then: until a test is over pytest itself keeps its fixtures, and with them the widgets; and a collection walks
    all that the process holds. Pytest asks this of every test, those without windows too.
    """
    done = yield
    over = nextitem is None or nextitem.path != item.path
    if over and (item.path.is_relative_to(_HERE) or hasattr(getattr(item, "module", None), "Guide")):
        gc.collect()
    return done


@pytest.fixture(autouse=True)
def _no_qt_warnings(app: QApplication) -> Iterator[None]:
    said: list[str] = []

    def hear(kind: QtMsgType, place: object, text: str) -> None:
        if kind != QtMsgType.QtDebugMsg and not text.startswith(_OURS_NOT):
            said.append(text)

    before = qInstallMessageHandler(hear)
    standing = app.topLevelWidgets()  # a window of several tests
    yield
    if app.keyboardModifiers() != Qt.KeyboardModifier.NoModifier:
        # After Ctrl+Shift and a key, QTest leaves Shift down: a row that the next test selects would become a range.
        QTest.keyRelease(QWindow(), Qt.Key.Key_Shift)
    for widget in app.topLevelWidgets():
        if widget not in standing:
            widget.close()
            widget.deleteLater()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    app.processEvents()
    qInstallMessageHandler(before)
    assert not said, "Qt warned: " + "; ".join(said)


@pytest.fixture
def theme(app: QApplication) -> Iterator[Theme]:
    found = Theme(app, "light")
    yield found
    app.setStyleSheet("")  # it names files that go with the theme
    found.deleteLater()


@pytest.fixture
def settle(app: QApplication) -> Callable[..., None]:
    """Runs the event loop until ``until()`` holds, or (by default) until the tasks of all windows have answered.

    ``seconds`` ends a wait for what never comes. It is no measure: where much else runs, ten were too few.
    """

    def run(until: Callable[[], bool] | None = None, seconds: float = 60.0, tasks: Tasks | None = None) -> None:
        done = until or partial(_quiet, [tasks] if tasks else _tasks(app))
        end = time.monotonic() + seconds
        app.processEvents()
        while not done():
            assert time.monotonic() < end, "waited in vain"
            app.processEvents()
            time.sleep(0.002)
        app.processEvents()

    return run


def _quiet(found: list[Tasks]) -> bool:
    return not any(one.busy for one in found)


def _tasks(app: QApplication) -> list[Tasks]:
    found = [one for widget in app.topLevelWidgets() for one in widget.findChildren(Tasks)]
    return found + app.findChildren(Tasks)


@dataclass
class RecordingShell:
    """A shell for tests of single pages: it keeps what it was asked to do. An unasked-for error fails the test."""

    calls: list[tuple[Any, ...]] = field(default_factory=list)
    problems: list[BaseException] = field(default_factory=list)
    answer: bool = True

    def go(self, page: str, **params: Any) -> None:
        self.calls.append(("go", page, params))

    def open_ci(self, uid: str, cls: str = "") -> None:
        self.calls.append(("open_ci", uid))

    def open_on_map(self, uid: str, impact: bool = False) -> None:
        self.calls.append(("open_on_map", uid, impact))

    def open_list(self, cls: str, where: str = "", sort: str = "") -> None:
        self.calls.append(("open_list", cls, where, sort))

    def open_made(self, title: Message, classes: Mapping[str, str]) -> None:
        self.calls.append(("open_made", str(title), dict(classes)))

    def open_view(self, view: NamedView) -> None:
        self.calls.append(("open_view", view))

    def open_draft(self, name: str) -> None:
        self.calls.append(("open_draft", name))

    def new_draft(self) -> None:
        self.calls.append(("new_draft",))

    def toast(self, text: str, *, undo: bool = False, tone: str = "neutral", file: Path | None = None) -> None:
        self.calls.append(("toast", text))
        if file is not None:
            self.calls.append(("written", file))

    def problem(self, error: BaseException) -> None:
        self.problems.append(error)

    def confirm(self, title: str, text: str, button: str, then: Callable[[], None], *, danger: bool = False) -> None:
        self.calls.append(("confirm", title, button))
        if self.answer:
            then()

    def sheet(self, title: str, content: QWidget, buttons: tuple[QWidget, ...] = ()) -> None:
        self.calls.append(("sheet", title))
        self.content, self.buttons = content, buttons

    def close_sheet(self) -> None:
        self.calls.append(("close_sheet",))

    def refresh_actions(self) -> None:
        pass

    def said(self, kind: str) -> list[tuple[Any, ...]]:
        """The calls of one kind, without its name."""
        return [call[1:] for call in self.calls if call[0] == kind]


class ShowPage(Protocol):
    """Makes a page of a size and shows it; it hears every revision, until the test is over."""

    def __call__(self, kind: Callable[[Context], P], width: int = 1400, height: int = 800) -> P: ...


@pytest.fixture(scope="session")
def _small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("estate") / "small.terrier"
    store = create_estate(path)
    fill_small(store)
    store.close()
    return path


@pytest.fixture
def estate(_small: Path, tmp_path: Path) -> Path:
    """The file of a small estate: two people, a site, three laptops, a server; one revision, and one that edits."""
    return shutil.copy(_small, tmp_path / "small.terrier")


@pytest.fixture
def on_its_day(_small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands where the small estate was written: the tests may run on past midnight."""
    written = datetime.fromtimestamp(_small.stat().st_mtime, UTC)
    monkeypatch.setenv(clock.VARIABLE, written.isoformat())


@pytest.fixture
def workspace(estate: Path) -> Iterator[Workspace]:
    found = Workspace.open(estate, Settings())
    yield found
    found.close()


@pytest.fixture
def window(app: QApplication, settle: Callable[..., None]) -> Iterator[Window]:
    """The window; no estate is open in it. ``open_in_window`` opens one."""
    made = make_window(app, Settings())
    made.show()
    yield made
    made.close()
    settle(tasks=made.tasks)
    made.deleteLater()


def open_in_window(window: Window, where: Path, settle: Callable[..., None]) -> Context:
    """Opens an estate in the window, and waits until its first page has its answers."""
    window.estate.open(str(where))
    settle(lambda: window.services.context is not None)
    settle()
    assert window.services.context is not None
    return window.services.context


@pytest.fixture
def shell() -> RecordingShell:
    return RecordingShell()


@pytest.fixture
def context(
    app: QApplication, workspace: Workspace, theme: Theme, shell: RecordingShell, settle: Callable[..., None]
) -> Iterator[Context]:
    """A context over the small estate; revisions are not forwarded to pages unless a test subscribes."""
    tasks = Tasks(app)
    tasks.problem.connect(shell.problem)
    workspace.jobs.deliver = tasks.post
    yield Context(workspace, theme, tasks, shell)
    tasks.finish()
    settle(tasks=tasks)
    tasks.deleteLater()
    assert not shell.problems, shell.problems


@pytest.fixture
def rest(context: Context, settle: Callable[..., None]) -> Callable[[Callable[[], bool]], None]:
    """Waits until no task and no job is under way and nothing else is ``busy``, nor any that follows from answers."""

    def wait(busy: Callable[[], bool]) -> None:
        quiet = 0

        def still() -> bool:
            nonlocal quiet
            quiet = 0 if context.tasks.busy or busy() or context.workspace.jobs.active() else quiet + 1
            return quiet > 5

        settle(still)

    return wait


@pytest.fixture
def laptop_details(context: Context, settle: Callable[..., None]) -> Iterator[DetailPanel]:
    """The details of the laptop LT-2041, which hear every revision."""
    made = DetailPanel(context, "assets", lambda theme: EmptyState(theme, "assets", "Nothing"))
    context.workspace.store.subscribe(lambda applied: context.tasks.post(made.follow, applied))
    with context.workspace.read() as reader:
        made.show_ci(reader.find("LT-2041").uid)
    settle()
    yield made
    made.deleteLater()


@pytest.fixture
def show_page(context: Context, settle: Callable[..., None]) -> Iterator[ShowPage]:
    """Makes pages over the small estate, which are told of every revision."""
    made: list[tuple[Page, Callable[[], None]]] = []

    def make(kind: Callable[[Context], P], width: int = 1400, height: int = 800) -> P:
        page = kind(context)
        page.resize(width, height)
        page.show()
        told = context.workspace.store.subscribe(lambda a: context.tasks.post(lambda: page.changed(a)))
        made.append((page, told))
        return page

    yield make
    for _, unsubscribe in made:
        unsubscribe()
    settle()
    for page, _ in made:
        page.close()
        page.deleteLater()
        QApplication.sendPostedEvents(page, int(QEvent.Type.DeferredDelete.value))
