"""Who comes to a page by a key goes on with keys: its list has the focus, and Tab passes over nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView

from tests.ui.conftest import open_in_window
from ui.pages import entries
from ui.shell.window import Window
from ui.widgets.reading_order import in_reading_order

Settle = Callable[..., None]


@pytest.fixture
def opened(window: Window, estate: Path, settle: Settle) -> Window:
    """The window over the small estate, as it is in front."""
    window.resize(1366, 768)
    window.activateWindow()
    open_in_window(window, estate, settle)
    return window


def test_the_list_of_a_page_has_the_focus(opened: Window, settle: Settle) -> None:
    for name in ("assets", "reports", "history", "classes"):
        opened.services.go(name)
        settle()
        focused = opened.focusWidget()
        assert isinstance(focused, QAbstractItemView), name
        assert opened.stack.page(name).isAncestorOf(focused), name
    opened.services.go("import")
    settle()
    focused = opened.focusWidget()
    assert focused is not None
    assert focused.accessibleName() == "Choose files…"


def test_tab_passes_over_nothing_of_a_page(opened: Window, settle: Settle) -> None:
    """From what stands before a page the Tab key comes to what is read first, not to where who comes begins."""
    passed = {}
    for name in [entry.id for entry in entries() if entry.listed]:
        opened.services.go(name)
        settle()
        page = opened.stack.page(name)
        stops = list(in_reading_order(page))
        opened.top.menu.setFocus()
        focused = opened.focusWidget()
        while focused is not None and not page.isAncestorOf(focused):
            QTest.keyClick(opened, Qt.Key.Key_Tab)
            focused = opened.focusWidget()
        if focused is not stops[0]:
            passed[name] = (stops[0], focused)
    assert passed == {}
