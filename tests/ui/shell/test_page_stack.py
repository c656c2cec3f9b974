"""Going from page to page, and what shown and hidden pages hear of revisions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from cmdb.model.revision import Edit, Revision, ci
from tests.ui.conftest import open_in_window
from tests.ui.shell.recording_page import RecordingPage, dialog, probe, rename, texts
from ui.context import Context
from ui.shell.window import Window

Settle = Callable[..., None]


def test_the_footer_counts_and_the_navigation_shows_badges(window: Window, estate: Path, settle: Settle) -> None:
    open_in_window(window, estate, settle)
    assert "7 items · saved" in texts(window.navigation)
    button = next(b for b in window.navigation.findChildren(QPushButton) if b.accessibleName() == "Second")
    assert button.accessibleDescription() == "7 waiting"
    context = window.services.context
    assert context is not None
    context.moment.set(1, "12 Mar 2026")
    settle(lambda: "7 items now" in texts(window.navigation))  # what is shown may be another number
    context.moment.set(None, "")
    settle(lambda: "7 items · saved" in texts(window.navigation))


def test_nothing_of_a_closed_estate_is_counted_or_shown(window: Window, estate: Path, settle: Settle) -> None:
    open_in_window(window, estate, settle)
    window.counts.recount()  # its answer is under way
    window.estate.close()
    settle()
    button = next(b for b in window.navigation.findChildren(QPushButton) if b.accessibleName() == "Second")
    assert button.accessibleDescription() == ""
    assert "7 items" not in texts(window.navigation)
    assert window.windowTitle() == "Terrier"


def test_going_back_and_forward_returns_to_the_state(window: Window, estate: Path, settle: Settle) -> None:
    open_in_window(window, estate, settle)
    window.services.go("second", cls="laptop")
    window.services.go("first")
    assert not window.stack.can_step(1)
    window.stack.step(-1)
    assert window.stack.current == "second"
    assert probe(window, "second").heard == [("opened", {"cls": "laptop"}), ("opened", {"seen": 1})]
    window.stack.step(1)
    assert window.stack.current == "first"


def test_keys_and_clicks_go_to_pages(window: Window, estate: Path, settle: Settle) -> None:
    open_in_window(window, estate, settle)
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.stack.current == "second"
    button = next(b for b in window.navigation.findChildren(QPushButton) if b.accessibleName() == "First")
    button.click()
    assert window.stack.current == "first"


def test_keys_work_with_the_focus_anywhere(window: Window, estate: Path, settle: Settle) -> None:
    open_in_window(window, estate, settle)
    window.activateWindow()
    for leave in (lambda: window.focusWidget().clearFocus(), lambda: window.top.field.setFocus()):
        leave()
        QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
        assert window.stack.current == "second"
        assert probe(window, "second").hasFocus(), "so that the page's own keys are heard"
        window.services.go("first")


def test_the_first_visit_focuses_the_page_not_its_first_button(window: Window, estate: Path, settle: Settle) -> None:
    open_in_window(window, estate, settle)
    window.activateWindow()
    probe(window, "first").setFocus()
    window.services.go("second")
    assert probe(window, "second").hasFocus()


def test_a_revision_reaches_the_shown_page_at_once_and_the_hidden_one_when_shown(
    window: Window, estate: Path, settle: Settle
) -> None:
    context = open_in_window(window, estate, settle)
    window.services.go("second")
    window.services.go("first")
    first, second = probe(window, "first"), probe(window, "second")
    rename(context, "host-a", "host-b")
    settle(lambda: ("changed", 3) in first.heard)
    assert ("changed", 3) not in second.heard
    window.services.go("second")
    assert second.heard[-1] == ("changed", 3)


def test_changes_for_a_hidden_page_are_combined(
    window: Window, estate: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = open_in_window(window, estate, settle)
    window.services.go("second")
    window.services.go("first")
    second = probe(window, "second")
    names = [f"host-{n}" for n in range(30)]
    for old, new in zip(["host-a", *names], names, strict=False):
        rename(context, old, new)
        settle()
    assert len(window.stack._missed) == 1, "however many there were"
    window.services.go("second")
    assert second.heard[-2:] == [("opened", {}), ("changed", 32)]
    window.services.go("first")
    monkeypatch.setattr("ui.shell.page_stack.MISSED", 0)
    for old, new in ((names[-1], "host-x"), ("host-x", "host-y")):
        rename(context, old, new)
        settle()
    window.services.go("second")
    assert second.heard[-1] == ("reload",), "of too much it is told nothing: it reads all anew"


def test_revisions_of_another_process_are_noticed(window: Window, estate: Path, settle: Settle) -> None:
    from cmdb.store.upkeep import startup

    context = open_in_window(window, estate, settle)
    with context.workspace.store.read() as reader:
        one = reader.find("host-a")
    other = startup.open_estate(estate)
    other.apply(Revision([Edit(ci(one.uid), "name", "host-a", "host-x")], "tom"))
    other.close()
    settle(lambda: ("changed", 3) in probe(window, "first").heard)


def test_a_page_that_cannot_be_built_is_an_error_not_a_crash(
    window: Window, estate: Path, settle: Settle, app: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_in_window(window, estate, settle)

    def broken(self: RecordingPage, context: Context) -> None:
        raise RuntimeError("no such thing")

    monkeypatch.setattr(RecordingPage, "__init__", broken)
    window.services.go("second")
    assert window.stack.current == "first"
    assert "RuntimeError" in texts(dialog(app))


def test_a_page_of_a_closed_estate_asks_nothing_more(
    window: Window, estate: Path, settle: Settle, app: QApplication
) -> None:
    open_in_window(window, estate, settle)
    window.services.go("second")
    asked: list[str] = []
    QTimer(probe(window, "second"), interval=0, timeout=lambda: asked.append("late")).start()
    window.estate.close()
    asked.clear()
    app.processEvents()
    app.processEvents()
    assert asked == []
