"""Who comes to a page by a key goes on with keys: its list has the focus, and Tab passes over nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication

from app.settings import Settings
from ui.pages import entries
from ui.run import make_window
from ui.widgets.reading_order import in_reading_order


def test_the_list_of_a_page_has_the_focus(
    app: QApplication, estate: Path, tmp_path: Path, settle: Callable[..., None]
) -> None:
    window = make_window(app, Settings(tmp_path / "settings"))
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    window.estate.open(str(estate))
    settle(window.is_open)
    settle()
    for name in ("assets", "reports", "history", "classes"):
        window.services.go(name)
        settle()
        focused = window.focusWidget()
        assert isinstance(focused, QAbstractItemView), name
        assert window.stack.page(name).isAncestorOf(focused), name
    window.services.go("import")
    settle()
    focused = window.focusWidget()
    assert focused is not None
    assert focused.accessibleName() == "Choose files…"
    window.close()


def test_tab_passes_over_nothing_of_a_page(
    app: QApplication, estate: Path, tmp_path: Path, settle: Callable[..., None]
) -> None:
    """From what stands before a page the Tab key comes to what is read first, not to where who comes begins."""
    window = make_window(app, Settings(tmp_path / "settings"))
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    window.estate.open(str(estate))
    settle(window.is_open)
    settle()
    passed = {}
    for name in [entry.id for entry in entries() if entry.listed]:
        window.services.go(name)
        settle()
        page = window.stack.page(name)
        stops = list(in_reading_order(page))
        window.top.menu.setFocus()
        focused = window.focusWidget()
        while focused is not None and not page.isAncestorOf(focused):
            QTest.keyClick(window, Qt.Key.Key_Tab)
            focused = window.focusWidget()
        if focused is not stops[0]:
            passed[name] = (stops[0], focused)
    window.close()
    assert passed == {}
