"""The side sheet: its focus, and the keys that work in it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from shiboken6 import delete

from cmdb.model.schema import Attribute
from ui.theme import Theme
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.fields import TextField
from ui.widgets.layout import column
from ui.widgets.side_sheet import SideSheet


def test_escape_closes_the_sheet_and_the_first_field_has_the_focus(theme: Theme, app: QApplication) -> None:
    host = QWidget()
    host.resize(900, 600)
    sheet = SideSheet(theme, host)
    content, first = QWidget(), QLineEdit()
    content.setLayout(column(QLabel("Name"), first))
    host.show()
    closed: list[int] = []
    sheet.closed.connect(lambda: closed.append(1))
    sheet.open_sheet("Edit", content, (Button("Save"),))
    assert host.focusWidget() is first
    assert sheet.geometry().right() == 899
    assert sheet._title.wordWrap(), "a task's name may be long"
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert closed == [1]
    assert not sheet.isVisible()


def test_the_sheet_takes_the_focus_gives_it_back_and_ctrl_enter_submits(theme: Theme, app: QApplication) -> None:
    host = QWidget()
    host.resize(900, 600)
    behind = QLineEdit(host)
    sheet = SideSheet(theme, host)
    content, first = QWidget(), QLineEdit()
    content.setLayout(column(first))
    host.show()
    behind.setFocus()
    done: list[int] = []
    cancel, save = Button("Cancel", lambda: done.append(0)), PrimaryButton("Save", lambda: done.append(1))
    sheet.open_sheet("Edit", content, (cancel, save))
    QTest.keyClick(first, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert done == [1]
    sheet.close_sheet()
    assert host.focusWidget() is behind


def test_the_focus_stays_near_where_what_had_it_is_gone(theme: Theme, app: QApplication) -> None:
    host = QWidget()
    host.resize(900, 600)
    first, page = QLineEdit(), QWidget()
    host.setLayout(column(first, page))
    behind = QLineEdit(page)
    sheet = SideSheet(theme, host)
    host.show()
    behind.setFocus()
    sheet.open_sheet("Edit", QLineEdit())
    behind.setParent(None)
    delete(behind)
    sheet.close_sheet()
    assert host.focusWidget() is page


def test_a_content_has_the_width_that_it_asks_for_as_far_as_there_is_room(theme: Theme, app: QApplication) -> None:
    host = QWidget()
    host.resize(900, 600)
    sheet = SideSheet(theme, host)
    host.show()
    for asked, least, most in ((480, 480, 520), (2000, 900, 900)):
        content = QWidget()
        content.setLayout(column(QLabel("Name")))
        content.setMinimumWidth(asked)
        sheet.open_sheet("Edit", content)
        assert least <= sheet.width() <= most


def test_esc_and_ctrl_enter_reach_the_sheet_from_its_fields(theme: Theme, app: QApplication) -> None:
    host = QWidget()
    host.resize(900, 600)
    sheet = SideSheet(theme, host)
    host.show()
    content, one = QWidget(), TextField(Attribute("name", "Name"))
    content.setLayout(column(one))
    done: list[str] = []
    sheet.open_sheet("Edit", content, (PrimaryButton("Save", lambda: done.append(one.value())),))
    line = one.editor
    QTest.keyClicks(line, "x")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert done == []
    QTest.keyClick(line, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert done == ["x"]
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert (one.value(), sheet.isVisible()) == (None, True), "the first takes back what was typed"
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_a_field_that_is_not_shown_does_not_take_the_focus(theme: Theme, app: QApplication) -> None:
    host = QWidget()
    host.resize(900, 600)
    behind = QLineEdit(host)
    sheet = SideSheet(theme, host)
    content, hidden, grey, first = QWidget(), QLineEdit(), QLineEdit(), QLineEdit()
    content.setLayout(column(hidden, grey, first))
    hidden.hide()
    grey.setEnabled(False)
    host.show()
    behind.setFocus()
    sheet.open_sheet("New", content, (Button("Add"),))
    assert host.focusWidget() is first
