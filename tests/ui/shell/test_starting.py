"""The window begins: without an estate, with the last one, with one that fails, or with what is dropped on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QPushButton

from app.places import default_estate
from app.settings import Settings
from tests.ui.conftest import open_in_window
from tests.ui.shell.recording_page import probe, texts
from ui.run import begin, make_window
from ui.shell.start_page import FailedPage, StartPage, StartTile
from ui.shell.window import Window

Settle = Callable[..., None]


def test_without_an_estate_there_are_three_ways_to_begin(window: Window) -> None:
    begin(window, None)
    page = window.stack.currentWidget()
    assert isinstance(page, StartPage)
    assert [o.accessibleName() for o in page.findChildren(StartTile)] == [
        "Scan this computer",
        "Import a spreadsheet",
        "Open the sample estate",
    ]
    assert not window.actions_list["go.first"].enabled()


def test_the_first_tile_scans_at_once(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr(window.files, "begin", lambda page, **params: begun.append((page, params)))
    begin(window, None)
    window.stack.currentWidget().findChildren(StartTile)[0].click()
    assert begun == [("scan", {"start": True})]


def test_a_first_action_creates_the_default_estate_and_opens_its_page(window: Window, settle: Settle) -> None:
    window.files.begin("second")
    settle(lambda: window.stack.current == "second")
    assert default_estate().exists()
    assert window.estate.recent() == [str(default_estate())]


def test_the_last_estate_and_place_are_come_back_to(
    window: Window, estate: Path, settle: Settle, app: QApplication
) -> None:
    open_in_window(window, estate, settle)
    window.services.go("second", a=1)
    window.close()
    again = make_window(app, Settings())
    begin(again, None)
    settle(lambda: again.stack.current == "second")
    assert probe(again, "second").heard == [("opened", {"seen": 1})]
    again.close()


def test_a_file_that_is_no_estate_is_reported_with_alternatives(window: Window, tmp_path: Path, settle: Settle) -> None:
    wrong = tmp_path / "notes.terrier"
    wrong.write_text("not an estate, just some words in a file, and rather many of them, so that it looks like one")
    window.estate.open(str(wrong))
    settle(lambda: isinstance(window.stack.currentWidget(), FailedPage))
    page = window.stack.currentWidget()
    assert "notes.terrier" in texts(page)
    back = next(b for b in page.findChildren(QPushButton) if "start" in b.text())
    back.click()
    assert isinstance(window.stack.currentWidget(), StartPage)


def test_a_failed_creation_can_be_repeated(window: Window, tmp_path: Path, settle: Settle) -> None:
    where = tmp_path / "taken"
    where.write_text("a file where a folder should be")
    window.estate.create(str(where / "new.terrier"))
    settle(lambda: isinstance(window.stack.currentWidget(), FailedPage))
    where.unlink()
    again = next(b for b in window.stack.currentWidget().findChildren(QPushButton) if "again" in b.text())
    again.click()
    settle(lambda: window.is_open())
    assert (where / "new.terrier").exists()


def drop(window: Window, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for kind in (QDragEnterEvent, QDropEvent):
        place = QPoint(400, 400) if kind is QDragEnterEvent else QPointF(400, 400)
        QApplication.sendEvent(window, kind(place, Qt.DropAction.CopyAction, data, left, none))


def test_an_estate_that_is_dropped_is_opened(window: Window, estate: Path, settle: Settle) -> None:
    drop(window, estate)
    settle(window.is_open)
    assert window.estate.recent() == [str(estate)]


def test_other_files_that_are_dropped_go_to_the_import(
    window: Window, tmp_path: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone: list[Any] = []
    monkeypatch.setattr(window.services, "go", lambda page, **params: gone.append((page, params)))
    sheets = [tmp_path / "a.csv", tmp_path / "b.xlsx"]
    for sheet in sheets:
        sheet.write_text("Name\nLT-1\n")
    drop(window, *sheets)
    settle(lambda: ("import", {"files": [str(s) for s in sheets]}) in gone)
    assert default_estate().exists()


def test_the_first_look_is_shown_before_the_store_is_loaded(window: Window, estate: Path, settle: Settle) -> None:
    window.settings.set("place", {"estate": str(estate), "page": "assets", "params": {"cls": "laptop"}})
    seen: list[Any] = []
    window.estate.glanced.connect(lambda found, schema: seen.append((window.is_open(), [i.name for i in found.items])))
    open_in_window(window, estate, settle)
    assert seen == [(False, ["LT-2041", "LT-2048", "LT-2055"])]


def test_closing_the_estate_returns_to_the_start(window: Window, estate: Path, settle: Settle) -> None:
    open_in_window(window, estate, settle)
    window.actions_list["file.close"].run()
    assert isinstance(window.stack.currentWidget(), StartPage)
    assert not window.is_open()
    assert "small.terrier" in "".join(b.text() for b in window.stack.currentWidget().findChildren(QPushButton))


def test_look_and_rows_are_kept(window: Window, app: QApplication) -> None:
    window.actions_list["view.dark"].run()
    window.actions_list["view.compact"].run()
    assert window.theme.tokens.dark
    again = make_window(app, Settings())
    assert again.theme.tokens.dark
    assert again.appearance.is_compact()
    window.actions_list["view.light"].run()
    again.close()
