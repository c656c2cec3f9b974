"""The navigation fits: it folds to icons in a narrow window, and scrolls in a low one. The first window fits."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QScreen
from PySide6.QtWidgets import QApplication, QPushButton

from app.settings import Settings
from ui.run import make_window
from ui.shell.navigation import FOLDED, WIDTH
from ui.shell.window import NARROW


def test_a_narrow_window_shows_icons_whose_titles_are_in_the_tooltips(app: QApplication, tmp_path: Path) -> None:
    window = make_window(app, Settings(tmp_path))
    window.resize(NARROW - 20, 700)
    window.show()
    navigation = window.navigation
    assert navigation.width() == FOLDED
    buttons = navigation.findChildren(QPushButton)
    navigation.show_count("review", 12, due=True)
    assert buttons
    assert all(button.accessibleName() and not button.text() for button in buttons)
    assert all(button.accessibleName() in button.toolTip() for button in buttons)
    assert all(button.width() <= FOLDED - 12 for button in buttons)
    window.resize(NARROW + 20, 700)
    app.processEvents()
    assert navigation.width() == WIDTH
    assert all(button.text().strip() for button in buttons)
    window.appearance.step_text_size(7)  # as wide as before, but not in letters
    assert navigation.width() > FOLDED
    assert all(not button.text() for button in buttons)
    window.appearance.step_text_size(0)
    window.close()


@pytest.mark.parametrize("size", [(1366, 768), (1024, 700), (2560, 1440)])
def test_the_first_window_fits_its_screen(
    app: QApplication, tmp_path: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QScreen, "availableGeometry", lambda _: QRect(0, 0, *size))
    monkeypatch.setattr(QScreen, "availableSize", lambda _: QRect(0, 0, *size).size())
    window = make_window(app, Settings(tmp_path))
    window.show_start()
    window.show()
    app.processEvents()
    assert window.width() <= size[0]
    assert window.height() <= size[1] - 30  # the title bar
    least = window.minimumSizeHint()
    assert least.width() <= 1008
    assert least.height() <= 652
    window.close()
