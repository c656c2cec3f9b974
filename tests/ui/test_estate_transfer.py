"""Shared estates in the window: one is opened, and the open one is moved to a server and to a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from app.settings import Settings
from cmdb.model.selection import Selection
from cmdb.store.upkeep.startup import create_estate
from tests.cmdb.estates import Hand
from tests.server import Server
from tests.ui.conftest import open_in_window
from ui.shell.estate_transfer import MoveDialog
from ui.shell.servers import ServerDialog, ServerFields
from ui.shell.window import Window
from ui.widgets.dialog import Dialog

Settle = Callable[..., None]


@pytest.fixture
def window(window: Window, settle: Settle, tmp_path: Path) -> Window:
    where = tmp_path / "harbour.terrier"
    store = create_estate(where)
    Hand(store).make("site", "Rotterdam")
    store.close()
    open_in_window(window, where, settle)
    return window


def press(dialog: MoveDialog | ServerDialog, text: str) -> None:
    (button,) = [b for b in dialog.findChildren(QPushButton) if b.text() == text and b.isVisible()]
    assert button.isEnabled()
    button.click()


def asked(app: QApplication, kind: type[MoveDialog] | type[ServerDialog]) -> MoveDialog | ServerDialog:
    (dialog,) = [w for w in app.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]
    return dialog


def fill(fields: ServerFields, server: Server, url: str) -> None:
    fields.server.setText(str(server.folder))
    fields.database.setText(url.rpartition("@/")[2].partition("?")[0])
    fields.user.setText("terrier")
    fields.password.setText("said once")


def run(window: Window, action: str) -> None:
    window.actions_list[action].run()


def test_it_goes_to_a_server_and_is_opened_there(
    app: QApplication, window: Window, settle: Settle, postgres_server: Server, postgres: Callable[[], str]
) -> None:
    run(window, "file.move")
    dialog = asked(app, MoveDialog)
    assert isinstance(dialog, MoveDialog)
    assert "stays where it is" in " ".join(text_of(dialog))
    fill(dialog.fields, postgres_server, postgres())
    press(dialog, "Move")
    settle(lambda: not dialog.working)
    assert any("1 record and 1 revision" in text for text in text_of(dialog))
    press(dialog, "Open it")
    settle(lambda: window.estate.workspace is not None and "://" in str(window.estate.workspace.store.where))
    settle(tasks=window.tasks)
    workspace = window.estate.workspace
    assert workspace is not None
    assert workspace.store.name.endswith(" on this computer")
    with workspace.store.read() as reader:
        assert [c.name for c in reader.page(Selection())] == ["Rotterdam"]
    kept = Settings()
    assert "said once" not in str([kept.get("recent", []), kept.get("server", {}), kept.get("place", {})])
    assert "said%20once" not in str(kept.get("recent", []))
    server: dict[str, str] = kept.get("server", {})
    assert server["user"] == "terrier"


def test_a_wrong_target_is_reported_and_can_be_corrected(
    app: QApplication, window: Window, settle: Settle, postgres_server: Server, postgres: Callable[[], str]
) -> None:
    run(window, "file.move")
    dialog = asked(app, MoveDialog)
    assert isinstance(dialog, MoveDialog)
    url = postgres()
    fill(dialog.fields, postgres_server, url)
    dialog.fields.user.setText("nobody_at_all")
    press(dialog, "Move")
    settle(lambda: not dialog.working)
    assert "refuses the user name or password" in dialog.problem.text()
    assert dialog.problem.isVisible()
    dialog.fields.user.setText("terrier")
    press(dialog, "Move")
    settle(lambda: not dialog.working)
    press(dialog, "Stay here")
    workspace = window.estate.workspace
    assert workspace is not None
    assert workspace.store.name == "harbour.terrier"
    run(window, "file.move")
    again = asked(app, MoveDialog)
    assert isinstance(again, MoveDialog)
    assert (again.fields.user.text(), again.fields.password.text()) == ("terrier", "")
    press(again, "Move")
    settle(lambda: not again.working)
    assert "already has tables" in again.problem.text()
    press(again, "Cancel")


def test_it_goes_to_a_file(app: QApplication, window: Window, settle: Settle, tmp_path: Path) -> None:
    run(window, "file.move")
    dialog = asked(app, MoveDialog)
    assert isinstance(dialog, MoveDialog)
    press(dialog, "To a file")
    dialog.file.setText(str(tmp_path / "copied.terrier"))
    press(dialog, "Move")
    settle(lambda: not dialog.working)
    press(dialog, "Open it")
    settle(lambda: window.estate.workspace is not None and window.estate.workspace.store.name == "copied.terrier")
    settle(tasks=window.tasks)


def test_cancelling_returns_to_the_question(app: QApplication, window: Window, settle: Settle, tmp_path: Path) -> None:
    run(window, "file.move")
    dialog = asked(app, MoveDialog)
    assert isinstance(dialog, MoveDialog)
    press(dialog, "To a file")
    dialog.file.setText(str(tmp_path / "copied.terrier"))
    press(dialog, "Move")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    settle(lambda: not dialog.working)
    settle(tasks=window.tasks)
    assert dialog.isVisible()
    assert not (tmp_path / "copied.terrier").exists()
    press(dialog, "Cancel")


def test_a_shared_estate_is_opened(
    app: QApplication, window: Window, settle: Settle, postgres_server: Server, postgres: Callable[[], str]
) -> None:
    url = postgres()
    run(window, "file.server")
    dialog = asked(app, ServerDialog)
    assert isinstance(dialog, ServerDialog)
    fill(dialog.fields, postgres_server, url)
    press(dialog, "Open")
    settle(lambda: bool(problems(app)))
    (problem,) = problems(app)
    assert any("not a Terrier estate" in text for text in text_of(problem))
    problem.close()
    create_estate(url).close()
    run(window, "file.server")
    dialog = asked(app, ServerDialog)
    assert isinstance(dialog, ServerDialog)
    assert dialog.fields.database.text() in url
    press(dialog, "Open")
    settle(lambda: window.estate.workspace is not None and "://" in str(window.estate.workspace.store.where))
    settle(tasks=window.tasks)


def problems(app: QApplication) -> list[Dialog]:
    return [w for w in app.topLevelWidgets() if type(w) is Dialog and w.isVisible()]


def text_of(dialog: Dialog) -> list[str]:
    return [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]
