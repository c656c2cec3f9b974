"""Where the focus is in tabs and segments."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget

from ui.widgets.layout import column
from ui.widgets.tabs import Segments, Tabs


@pytest.mark.parametrize("made", [Tabs, Segments])
def test_tabs_give_the_focus_to_the_chosen_one(app: QApplication, made: type[Tabs] | type[Segments]) -> None:
    window = QWidget()
    tabs = made((("facts", "Details"), ("relations", "Relationships")))
    tabs.choose("relations")
    after = QLineEdit()
    window.setLayout(column(tabs, after))
    window.show()
    window.activateWindow()
    app.processEvents()
    tabs.setFocus()
    focused = window.focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused.text() == "Relationships"
    QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert window.focusWidget() is after
    window.deleteLater()


@pytest.mark.parametrize("made", [Tabs, Segments])
def test_the_tab_key_stops_at_the_chosen_one_alone(made: type[Tabs] | type[Segments]) -> None:
    tabs = made((("facts", "Details"), ("relations", "Relationships"), ("files", "Files")))
    for name, title in (("facts", "Details"), ("files", "Files"), ("relations", "Relationships")):
        tabs.choose(name)
        stops = [one for one in tabs.findChildren(QPushButton) if one.focusPolicy() & Qt.FocusPolicy.TabFocus]
        assert [one.text() for one in stops] == [title]


@pytest.mark.parametrize("made", [Tabs, Segments])
def test_the_focus_goes_along_when_another_is_chosen(app: QApplication, made: type[Tabs] | type[Segments]) -> None:
    window = QWidget()
    tabs, other = made((("facts", "Details"), ("relations", "Relationships"))), QLineEdit()
    window.setLayout(column(tabs, other))
    window.show()
    window.activateWindow()
    app.processEvents()
    tabs.setFocus()
    tabs.choose("relations")
    focused = window.focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused.text() == "Relationships"
    other.setFocus()
    tabs.choose("facts")
    assert window.focusWidget() is other
    window.deleteLater()
