"""Encrypted estates in the window: opened by a passphrase, encrypted, given another, and remembered."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from app import keys
from cmdb.store.connection import ciphers
from cmdb.store.connection.ciphers import is_encrypted, key_of, new_key
from cmdb.store.reading.first_look import ENCRYPTED, first_look
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.startup import create_estate
from tests.cmdb.store.conftest import Hand
from tests.keyring_double import Drawer
from ui.shell.passphrase import EncryptDialog, UnlockDialog
from ui.shell.start_page import FailedPage
from ui.shell.window import Window
from ui.widgets.dialog import Dialog

pytest.importorskip("sqlcipher3", reason="encrypted estates are an extra: make setup EXTRAS=encryption")

WORDS, OTHERS = "nine lives of a cat", "seven of them are left"
Settle = Callable[..., None]
D = TypeVar("D", bound=Dialog)


@pytest.fixture(autouse=True)
def _quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key takes as long as it must only where it protects something."""
    monkeypatch.setattr(ciphers, "ROUNDS", 1_000)


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    where = tmp_path / "harbour.terrier"
    store = create_estate(where)
    Hand(store).make("site", "Rotterdam")
    store.close()
    return where


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    where = tmp_path / "harbour.terrier"
    store = create_estate(where, key=new_key(WORDS))
    Hand(store).make("site", "Rotterdam")
    store.close()
    return where


def shown(app: QApplication, kind: type[D]) -> list[D]:
    return [w for w in app.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]


def ask(app: QApplication, settle: Settle, kind: type[D]) -> D:
    settle(lambda: bool(shown(app, kind)))
    return shown(app, kind)[0]


def press(dialog: Dialog, words: str) -> None:
    (button,) = (b for b in dialog.findChildren(QPushButton) if b.text() == words)
    button.click()


def texts(widget: Dialog | Window) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def is_open(window: Window) -> Callable[[], bool]:
    return lambda: window.estate.workspace is not None


def test_it_asks_until_the_passphrase_fits(app: QApplication, window: Window, locked: Path, settle: Settle) -> None:
    window.estate.open(str(locked))
    first = ask(app, settle, UnlockDialog)
    assert "harbour.terrier is encrypted" in texts(first)
    assert "does not open" not in texts(first)
    assert not first.remember.isVisible(), "there is no keyring"
    QTest.keyClicks(first.secret, "something else")
    QTest.keyClick(first.secret, Qt.Key.Key_Return)
    settle(lambda: any("does not open" in texts(one) for one in shown(app, UnlockDialog)))
    second = ask(app, settle, UnlockDialog)
    assert "does not open" in texts(second)
    QTest.keyClicks(second.secret, WORDS)
    QTest.keyClick(second.secret, Qt.Key.Key_Return)
    settle(is_open(window))
    settle(tasks=window.tasks)
    assert window.windowTitle() == "harbour.terrier – Terrier"


def test_without_the_passphrase_the_failed_page_is_shown(
    app: QApplication, window: Window, locked: Path, settle: Settle, tmp_path: Path
) -> None:
    window.estate.open(str(locked))
    ask(app, settle, UnlockDialog).reject()
    settle(lambda: isinstance(window.stack.currentWidget(), FailedPage))
    assert "is encrypted" in texts(window)
    other = tmp_path / "other.terrier"
    create_estate(other).close()
    window.estate.open(str(other))
    settle(is_open(window))
    window.estate.open(str(locked))
    ask(app, settle, UnlockDialog).reject()
    settle(tasks=window.tasks)
    assert window.windowTitle() == "other.terrier – Terrier"
    assert shown(app, Dialog) == []


def test_what_is_remembered_is_not_asked_again(
    app: QApplication,
    window: Window,
    locked: Path,
    settle: Settle,
    drawer: Drawer,
) -> None:
    window.estate.open(str(locked))
    dialog = ask(app, settle, UnlockDialog)
    assert dialog.remember.isVisible()
    dialog.remember.setChecked(True)
    dialog.secret.setText(WORDS)
    press(dialog, "Open")
    settle(is_open(window))
    settle(lambda: bool(drawer.kept))
    window.estate.close()
    window.estate.open(str(locked))
    settle(is_open(window))
    assert shown(app, Dialog) == []
    assert WORDS not in repr(drawer.kept)
    assert WORDS not in Path(os.environ["TERRIER_CONFIG"], "settings.json").read_text("utf-8")


def test_an_open_estate_is_encrypted_and_back(
    app: QApplication,
    window: Window,
    plain: Path,
    settle: Settle,
    drawer: Drawer,
) -> None:
    actions = window.actions_list
    assert not actions["file.encrypt"].enabled()
    window.estate.open(str(plain))
    settle(is_open(window))
    settle(tasks=window.tasks)
    assert (actions["file.encrypt"].enabled(), actions["file.passphrase"].enabled()) == (True, False)
    actions["file.encrypt"].run()
    dialog = ask(app, settle, EncryptDialog)
    assert "if you lose the passphrase" in texts(dialog)
    for first, second, problem in (("short", "short", "At least 8"), (WORDS, OTHERS, "not the same")):
        dialog.first.setText(first)
        dialog.second.setText(second)
        press(dialog, "Encrypt")
        assert problem in texts(dialog)
        assert window.estate.workspace is not None
    dialog.second.setText(WORDS)
    dialog.remember.setChecked(True)
    press(dialog, "Encrypt")
    settle(lambda: not shown(app, EncryptDialog) and window.estate.workspace is not None)
    settle(tasks=window.tasks)
    key = key_of(plain, WORDS)
    assert is_encrypted(plain)
    assert keys.is_remembered(key)
    assert window.estate.workspace is not None
    assert check_integrity(window.estate.workspace.store) == []
    assert (actions["file.encrypt"].enabled(), actions["file.passphrase"].enabled()) == (False, True)
    actions["file.passphrase"].run()
    dialog = ask(app, settle, EncryptDialog)
    assert dialog.remember.isChecked()
    press(dialog, "Take the encryption away")
    settle(lambda: not shown(app, EncryptDialog) and window.estate.workspace is not None)
    settle(tasks=window.tasks)
    assert not is_encrypted(plain)
    assert drawer.kept == {}
    assert check_integrity(window.estate.workspace.store) == []


def test_cancelled_or_failed_it_is_open_as_before(
    app: QApplication, window: Window, plain: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.estate.open(str(plain))
    settle(is_open(window))
    settle(tasks=window.tasks)
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 1000}))
    window.actions_list["file.encrypt"].run()
    dialog = ask(app, settle, EncryptDialog)
    dialog.first.setText(WORDS)
    dialog.second.setText(WORDS)
    press(dialog, "Encrypt")
    settle(lambda: not shown(app, EncryptDialog))
    (problem,) = shown(app, Dialog)
    assert "free" in texts(problem)
    problem.accept()
    monkeypatch.undo()
    settle(tasks=window.tasks)
    assert window.windowTitle() == "harbour.terrier – Terrier"
    window.actions_list["file.encrypt"].run()
    dialog = ask(app, settle, EncryptDialog)
    dialog.first.setText(WORDS)
    dialog.second.setText(WORDS)
    press(dialog, "Encrypt")
    press(dialog, "Cancel")
    settle(lambda: not shown(app, EncryptDialog))
    settle(tasks=window.tasks)
    assert window.estate.workspace is not None
    assert not is_encrypted(plain)
    assert window.estate.workspace.store.size() == 1


def test_opened_again_it_is_opened_once(window: Window, plain: Path, settle: Settle) -> None:
    """A file that a process has open twice loses its locks when one of the two is closed."""
    window.estate.open(str(plain))
    settle(is_open(window))
    settle(tasks=window.tasks)
    first = window.estate.workspace
    window.estate.open(str(plain))
    assert window.estate.workspace is None
    settle(is_open(window))
    assert window.estate.workspace is not first


def test_a_dropped_one_is_opened(app: QApplication, window: Window, locked: Path, settle: Settle) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(locked))])
    window.dropEvent(
        QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0))
    )
    ask(app, settle, UnlockDialog).reject()
    settle(tasks=window.tasks)


def test_the_first_look_knows_its_mark(locked: Path) -> None:
    assert ENCRYPTED == ciphers.MARK
    assert first_look(locked) is None


def test_an_estate_on_a_share_is_announced(
    window: Window, plain: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cmdb.store.connection.shares._mounts", lambda: [("/", "ext4"), (str(plain.parent), "cifs")])
    window.estate.open(str(plain))
    settle(is_open(window))
    settle(tasks=window.tasks)
    assert "is on a network share (cifs)" in texts(window)


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("mount"), reason="only root can mount a disk")
def test_a_read_only_disk_is_read(window: Window, plain: Path, settle: Settle, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", disk], capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        where = Path(shutil.copy(plain, disk))
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        found = first_look(where)
        assert found is not None
        assert found.count == 1
        window.estate.open(str(where))
        settle(is_open(window))
        settle(tasks=window.tasks)
        workspace = window.estate.workspace
        assert workspace is not None
        assert workspace.store.read_only
        assert check_integrity(workspace.store) == []
        assert not window.actions_list["file.encrypt"].enabled()
        window.estate.close()
        settle(tasks=window.tasks)
        assert os.listdir(disk) == [where.name]
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)
