"""Borders of areas: moved with keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.layout import STRETCH, column
from ui.widgets.splitter import Splitter, SplitterBorder, borders, focus_next_border


@pytest.fixture
def areas(qtbot: QtBot, app: QApplication) -> QWidget:
    """Two areas side by side, the second of two that are above each other."""
    made, outer, inner = QWidget(), Splitter("Outer"), Splitter("Inner", Qt.Orientation.Vertical)
    left = QWidget()
    left.setLayout(column(QLineEdit(), STRETCH))
    for splitter, areas in ((inner, (QWidget(), QWidget())), (outer, (left, inner))):
        for area in areas:
            splitter.addWidget(area)
        splitter.setSizes([200, 200])
    made.setLayout(column(outer))
    qtbot.addWidget(made)
    made.resize(600, 400)
    with qtbot.waitExposed(made):
        made.show()
    app.processEvents()
    return made


def test_keys_move_a_border_and_the_focus_goes_back(areas: QWidget) -> None:
    field = areas.findChild(QLineEdit)
    assert field is not None
    field.setFocus()
    across, down = borders(areas)
    focus_next_border(areas)
    assert areas.focusWidget() is across
    place = across.x()
    QTest.keyClick(across, Qt.Key.Key_Right)
    assert across.x() > place
    QTest.keyClick(across, Qt.Key.Key_Left)
    assert across.x() == place
    QTest.keyClick(across, Qt.Key.Key_Up)
    assert across.x() == place, "it goes the way that it can"
    QTest.keyClick(across, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert across.x() <= place - 80
    focus_next_border(areas)
    assert areas.focusWidget() is down
    place = down.y()
    QTest.keyClick(down, Qt.Key.Key_Down)
    assert down.y() > place
    QTest.keyClick(down, Qt.Key.Key_Escape)
    assert areas.focusWidget() is field
    for _ in range(3):
        focus_next_border(areas)
    assert areas.focusWidget() is field, "after the last border"


def test_tab_passes_borders_by(areas: QWidget) -> None:
    for _ in range(6):
        QTest.keyClick(areas.focusWidget() or areas, Qt.Key.Key_Tab)
        assert not isinstance(areas.focusWidget(), SplitterBorder)
