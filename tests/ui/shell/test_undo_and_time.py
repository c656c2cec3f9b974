"""Undo and redo, and the past, in the window."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from app.moments import on_day
from cmdb.model.selection import Selection
from tests.ui.conftest import open_in_window
from tests.ui.shell.recording_page import dialog, probe, rename, texts
from ui.context import Context
from ui.shell.window import Window
from ui.widgets.side_sheet import FollowingContent
from ui.widgets.time_control import TimePopup, show_moment

Settle = Callable[..., None]


def name_of_server(context: Context) -> str:
    with context.workspace.store.read() as reader:
        return reader.page(Selection("server"))[0].name


def test_undo_and_redo_of_the_last_change(window: Window, estate: Path, settle: Settle) -> None:
    context = open_in_window(window, estate, settle)
    undo, redo = window.actions_list["edit.undo"], window.actions_list["edit.redo"]
    assert not undo.enabled()
    rename(context, "host-a", "host-b")
    settle()
    assert "Renamed to host-b" in texts(window.toast)
    assert undo.enabled()
    asked: list[str] = []
    following = FollowingContent()
    following.ask = lambda: asked.append(name_of_server(context))  # type: ignore[method-assign]
    window.services.sheet("A list of the register", following)
    undo.run()
    settle()
    assert name_of_server(context) == "host-a"
    assert asked == ["host-a"], "what a side sheet lists follows the register"
    window.services.close_sheet()
    redo.run()
    settle()
    assert name_of_server(context) == "host-b"


def test_undo_says_what_it_takes_back_and_asks_before_it_leaves_the_page(
    window: Window, app: QApplication, estate: Path, settle: Settle
) -> None:
    context = open_in_window(window, estate, settle)
    rename(context, "host-a", "host-b")
    settle()
    undo = window.actions_list["edit.undo"]
    settle(lambda: str(undo.caption) == "Undo: Name of host-b changed")
    window.services.go("second")
    settle()
    undo.run()
    settle()
    assert name_of_server(context) == "host-b"
    asked = dialog(app)
    assert "Take back: Name of host-b changed?" in texts(asked)
    next(b for b in asked.findChildren(QPushButton) if b.text() == "Take back").click()
    settle()
    assert name_of_server(context) == "host-a"
    assert "Taken back: Name of host-b changed" in texts(window.toast)


def test_the_toast_s_button_takes_back(window: Window, estate: Path, settle: Settle) -> None:
    context = open_in_window(window, estate, settle)
    rename(context, "host-a", "host-b")
    settle()
    next(b for b in window.toast.findChildren(QPushButton) if b.text() == "Undo").click()
    settle()
    assert name_of_server(context) == "host-a"


def test_the_past_is_marked_and_cannot_be_edited(window: Window, estate: Path, settle: Settle) -> None:
    context = open_in_window(window, estate, settle)
    context.moment.set(1, "12 Mar 2026")
    assert window.band.isVisible()
    assert "12 Mar 2026" in texts(window.band)
    assert window.top.time.text().strip() == "12 Mar 2026"
    assert ("reload",) in probe(window, "first").heard
    rename(context, "host-a", "host-b")
    settle()
    assert name_of_server(context) == "host-a"
    assert "past" in texts(window.toast)
    window.services.back_to_now()
    assert not window.band.isVisible()
    assert context.editable


def test_a_date_before_the_first_record_shows_an_empty_estate(window: Window, estate: Path, settle: Settle) -> None:
    context = open_in_window(window, estate, settle)
    show_moment(context, on_day("2020-01-31"))
    settle()
    assert context.moment.at == 0
    assert window.band.isVisible()


def test_a_past_day_is_chosen_with_the_keyboard(window: Window, estate: Path, settle: Settle) -> None:
    open_in_window(window, estate, settle)
    window.choose_moment()
    (popup,) = window.findChildren(TimePopup)
    field = popup.focusWidget()
    assert field is not None, "the calendar has the focus"
    QTest.keyClick(field, Qt.Key.Key_PageUp)
    QTest.keyClick(field, Qt.Key.Key_Return)
    context = window.services.context
    assert context is not None
    settle(lambda: context.moment.at is not None)
    assert (date.today() - context.moment.day).days >= 28
    window.services.back_to_now()
    assert context.moment.day == date.today()
    window.close()
