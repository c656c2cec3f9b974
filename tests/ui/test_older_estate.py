"""An estate of an older format in the window: how it is brought up to date is shown, and can be stopped."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from cmdb.model.control import Control
from cmdb.store.rows.format import FORMAT
from cmdb.store.upkeep import migrations
from ui.shell.loading_page import LoadingPage, ProgressStrip
from ui.shell.start_page import FailedPage
from ui.shell.window import Window
from ui.widgets.dialog import Dialog
from ui.widgets.labels import Text

KEPT = Path(__file__).parents[1] / "cmdb" / "store" / "upkeep" / "kept" / "format-2.terrier.gz"
Settle = Callable[..., None]


@pytest.fixture
def older(tmp_path: Path) -> Path:
    where = tmp_path / "harbour.terrier"
    where.write_bytes(gzip.decompress(KEPT.read_bytes()))
    return where


def format_in(where: Path) -> int:
    with closing(sqlite3.connect(where)) as connection:
        return int(connection.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()[0])


def test_progress_is_shown_and_the_estate_opens(older: Path, window: Window, settle: Settle) -> None:
    said: list[str] = []
    window.estate.progressed.connect(lambda step: said.append(step.text))
    window.estate.open(str(older))
    settle(lambda: window.estate.workspace is not None)
    assert said
    assert format_in(older) == FORMAT


def test_it_can_be_stopped(older: Path, window: Window, settle: Settle, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade = migrations.upgrade

    def wait(*arguments: object, control: Control, **more: object) -> None:
        upgrade(*arguments, control=control, **more)  # type: ignore[arg-type]
        while True:  # It goes on until it is stopped.
            control.progress(1, 2)

    monkeypatch.setattr(migrations, "upgrade", wait)
    window.estate.open(str(older))

    def strip() -> ProgressStrip | None:
        page = window.stack.currentWidget()
        return page.findChild(ProgressStrip) if isinstance(page, LoadingPage) else None

    settle(lambda: (found := strip()) is not None and found.isVisible())
    shown = strip()
    assert shown is not None
    (stop,) = shown.findChildren(QPushButton)
    QTest.mouseClick(stop, Qt.MouseButton.LeftButton)
    settle(lambda: not isinstance(window.stack.currentWidget(), LoadingPage))
    assert window.estate.workspace is None
    assert not isinstance(window.stack.currentWidget(), FailedPage | LoadingPage)
    assert format_in(older) == 2


@pytest.fixture
def changed(older: Path) -> Path:
    """The same with a journal that another program has changed."""
    with closing(sqlite3.connect(older)) as connection, connection:
        connection.execute("UPDATE revision SET author = 'another' WHERE number IN (4, 6)")
    return older


@pytest.mark.parametrize("take", [False, True])
def test_a_changed_journal_is_a_decision(changed: Path, window: Window, settle: Settle, take: bool) -> None:
    window.estate.open(str(changed))
    settle(lambda: bool(window.findChildren(Dialog)))
    (dialog,) = window.findChildren(Dialog)
    said = " ".join(label.text() for label in dialog.findChildren(Text))
    assert "revisions 4 and 6 do not hold what was written" in said
    buttons = {button.text(): button for button in dialog.findChildren(QPushButton)}
    buttons["Take it over" if take else "Leave it as it is"].click()
    if take:
        settle(lambda: window.estate.workspace is not None)
    else:
        settle(lambda: isinstance(window.stack.currentWidget(), FailedPage))
    assert (format_in(changed) == FORMAT) is take
