"""Backups and checking in the window."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton, QWidget

from cmdb.model.selection import Selection
from cmdb.store.connection.ciphers import new_key
from cmdb.store.upkeep.backups import BackupReason, back_up, kept
from cmdb.store.upkeep.startup import create_estate
from tests.cmdb.store.conftest import Hand
from ui.shell.window import Window
from ui.widgets.dialog import Dialog

Settle = Callable[..., None]


@pytest.fixture
def where(tmp_path: Path) -> Path:
    """An estate with a backup from before its second site."""
    path = tmp_path / "harbour.terrier"
    store = create_estate(path)
    Hand(store).make("site", "Rotterdam")
    back_up(path, BackupReason.IMPORT, moment=datetime(2026, 3, 4, 5, 6))
    Hand(store).make("site", "Ghent")
    store.close()
    return path


def opened(window: Window, where: Path, settle: Settle) -> None:
    window.settings.set("backups", False)
    window.estate.open(str(where))
    settle(lambda: window.estate.workspace is not None)
    settle(tasks=window.tasks)


def texts(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def dialogs(app: QApplication) -> list[Dialog]:
    return [w for w in app.topLevelWidgets() if isinstance(w, Dialog) and w.isVisible()]


def press(widget: QWidget, words: str) -> None:
    (button,) = (b for b in widget.findChildren(QPushButton) if b.text().strip() == words and b.isVisible())
    button.click()


def names(window: Window) -> list[str]:
    assert window.estate.workspace is not None
    with window.estate.workspace.store.read() as reader:
        return [c.name for c in reader.page(Selection("site"))]


def test_a_sound_estate_is_reported_as_sound(window: Window, where: Path, settle: Settle) -> None:
    opened(window, where, settle)
    window.actions_list["file.check"].run()
    settle(lambda: "no problems found" in texts(window.toast))


def test_problems_are_listed(app: QApplication, window: Window, where: Path, settle: Settle) -> None:
    with closing(sqlite3.connect(where)) as connection:
        connection.execute("UPDATE ci SET notes = 'forged' WHERE name = 'Ghent'")
        connection.commit()
    opened(window, where, settle)
    window.actions_list["file.check"].run()
    settle(lambda: bool(dialogs(app)))
    (dialog,) = dialogs(app)
    (field,) = dialog.findChildren(QPlainTextEdit)
    assert "'forged'" in field.toPlainText()
    assert "Nothing was repaired" in texts(dialog)
    press(dialog, "Copy")
    assert "'forged'" in QApplication.clipboard().text()
    dialog.accept()


def test_a_backup_is_put_back(app: QApplication, window: Window, where: Path, settle: Settle) -> None:
    opened(window, where, settle)
    assert names(window) == ["Ghent", "Rotterdam"]
    window.actions_list["file.backups"].run()
    settle(tasks=window.tasks)
    assert "4 Mar" in texts(window.sheet)
    assert "before import" in texts(window.sheet)
    press(window.sheet, "Restore…")
    (dialog,) = dialogs(app)
    press(dialog, "Restore")
    settle(lambda: "in place" in texts(window.toast))
    settle(tasks=window.tasks)
    assert names(window) == ["Rotterdam"]
    assert where.with_name("harbour.terrier.before-restore").exists()


def test_so_is_one_of_an_encrypted_estate(app: QApplication, window: Window, tmp_path: Path, settle: Settle) -> None:
    pytest.importorskip("sqlcipher3")
    path, key = tmp_path / "harbour.terrier", new_key("nine lives of a cat")
    store = create_estate(path, key=key)
    Hand(store).make("site", "Rotterdam")
    back_up(path, BackupReason.DAILY, key=key)
    Hand(store).make("site", "Ghent")
    store.close()
    window.settings.set("backups", False)
    window.estate.open(str(path))
    settle(lambda: bool(dialogs(app)))
    (dialog,) = dialogs(app)
    dialog.secret.setText("nine lives of a cat")  # type: ignore[attr-defined]
    dialog.accept()
    settle(lambda: window.estate.workspace is not None)
    settle(tasks=window.tasks)
    outcome: list[Exception | None] = []
    window.estate.restore(kept(path)[0].path, outcome.append)
    settle(lambda: bool(outcome))
    settle(tasks=window.tasks)
    assert outcome == [None]
    assert names(window) == ["Rotterdam"]


def test_a_damaged_backup_is_not_put_back(window: Window, where: Path, settle: Settle) -> None:
    opened(window, where, settle)
    backup = kept(where)[0].path
    backup.write_bytes(backup.read_bytes()[:9000])
    outcome: list[Exception | None] = []
    window.estate.restore(backup, outcome.append)
    settle(lambda: bool(outcome))
    settle(tasks=window.tasks)
    assert "damaged" in str(outcome[0])
    assert names(window) == ["Ghent", "Rotterdam"]


def test_without_one_it_says_so(window: Window, tmp_path: Path, settle: Settle) -> None:
    create_estate(tmp_path / "new.terrier").close()
    opened(window, tmp_path / "new.terrier", settle)
    window.actions_list["file.backups"].run()
    settle(tasks=window.tasks)
    assert "There is no backup yet." in texts(window.sheet)
