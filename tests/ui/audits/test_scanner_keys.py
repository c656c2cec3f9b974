"""What a scanner types comes to the scan field whole, wherever the focus is; what a person types stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from ui.pages.audits.scan_field import ScanField
from ui.pages.audits.scanner_keys import GAP, OWN, ScannerKeys
from ui.theme import Theme
from ui.widgets.side_sheet import SideSheet

Enter = Qt.Key.Key_Return


class ScannedPage(QWidget):
    """A page with the field, a filter and a button, and a search field outside of it; it keeps what was scanned."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.around = QWidget()
        self.search, self.filter, self.button = QLineEdit(), QLineEdit(), QPushButton("x")
        self.field = ScanField(theme)
        layout = QVBoxLayout(self)
        for widget in (self.field, self.filter, self.button):
            layout.addWidget(widget)
        outer = QVBoxLayout(self.around)
        outer.addWidget(self.search)
        outer.addWidget(self)
        self.sheet = SideSheet(theme, self.around)
        self.scanned: list[str] = []
        self.strayed: list[str] = []
        self.pressed: list[bool] = []
        self.keys = ScannerKeys(self.field, self)
        self.field.scanned.connect(self.scanned.append)
        self.keys.strayed.connect(self.strayed.append)
        self.button.clicked.connect(lambda: self.pressed.append(True))


@pytest.fixture
def page(app: QApplication, theme: Theme) -> Iterator[ScannedPage]:
    made = ScannedPage(theme)
    made.around.show()
    made.around.activateWindow()
    made.field.setFocus()
    app.processEvents()
    yield made
    made.around.close()
    made.around.deleteLater()


def burst(*codes: str) -> None:
    """Codes as a scanner types them, each key to what has the focus then."""
    for code in codes:
        for letter in code:
            QTest.keyClicks(focused(), letter)
        QTest.keyClick(focused(), Enter)


def focused() -> QWidget:
    found = QApplication.focusWidget() or QApplication.activeWindow()
    assert found is not None
    return found


def slowly(text: str, gap: int = 5 * GAP) -> None:
    """What a person types: keys with time between them, by their own clock."""
    for number, letter in enumerate(text):
        key = Enter if letter == "\n" else Qt.Key(ord(letter.upper()))
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, "\r" if letter == "\n" else letter)
            event.setTimestamp(1000 + number * gap)
            QApplication.sendEvent(focused(), event)


def test_a_hundred_codes_at_once_lose_no_character(page: ScannedPage) -> None:
    codes = [f"A{10_000 + n}" for n in range(100)]
    burst(*codes)
    assert page.scanned == codes
    assert not page.field.text()


def test_a_sheet_that_opens_in_the_middle_of_a_code_gets_none_of_it(page: ScannedPage) -> None:
    note = QLineEdit()
    page.field.scanned.connect(lambda code: page.sheet.open_sheet("Note", holder(note)) if code == "A1002" else None)
    QTest.keyClicks(focused(), "A10")
    page.sheet.open_sheet("Other", holder(QLineEdit()))
    assert focused() is not page.field
    for letter in "01":
        QTest.keyClicks(focused(), letter)
    QTest.keyClick(focused(), Enter)
    burst("A1002", "A1003", "A1004")
    assert page.scanned == ["A1001", "A1002", "A1003", "A1004"]
    assert focused() is note
    assert not note.text()


def test_a_sheet_that_closes_in_the_middle_of_a_code_loses_none_of_it(page: ScannedPage) -> None:
    field = QLineEdit("kept")
    page.sheet.open_sheet("Note", holder(field))
    for letter in "A20":
        QTest.keyClicks(focused(), letter)
    page.sheet.close_sheet()
    assert focused() is page.field
    burst("01")
    assert page.scanned == ["A2001"]


@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit])
def test_what_was_typed_in_a_sheet_before_stays(page: ScannedPage, kind: Callable[[str], QWidget]) -> None:
    field = kind("corner cracked")
    page.sheet.open_sheet("Note", holder(field))
    field.setFocus()
    burst("A1002")
    assert page.scanned == ["A1002"]
    assert (field.text() if isinstance(field, QLineEdit) else field.toPlainText()) == "corner cracked"  # type: ignore[attr-defined]


def test_a_dialog_is_not_answered_by_a_scanner(page: ScannedPage, app: QApplication) -> None:
    dialog = QDialog(page.around)
    go = QPushButton("Finish", dialog)
    answered: list[bool] = []
    go.clicked.connect(lambda: answered.append(True))
    go.setDefault(True)
    dialog.open()
    dialog.activateWindow()
    go.setFocus()
    app.processEvents()
    burst("A1002", "A1003")
    assert page.scanned == ["A1002", "A1003"]
    assert not answered
    QTest.keyClick(go, Qt.Key.Key_Space)
    assert answered
    dialog.close()


def test_a_button_of_the_page_gives_the_focus_back_and_still_answers_its_keys(page: ScannedPage) -> None:
    page.button.setFocus()
    QTest.keyClick(page.button, Qt.Key.Key_Space)
    assert page.pressed == [True]
    burst("A1002")
    assert page.scanned == ["A1002"]
    assert page.pressed == [True]
    assert focused() is page.field


@pytest.mark.parametrize("where", ["filter", "search"])
def test_a_code_in_a_field_for_something_else_is_noticed_and_offered(page: ScannedPage, where: str) -> None:
    field: QLineEdit = getattr(page, where)
    field.setText("Latitude")
    field.setFocus()
    told: list[str] = []
    field.returnPressed.connect(lambda: told.append(field.text()))
    burst("A1002")
    assert page.strayed == ["A1002"]
    assert not page.scanned
    assert not told
    assert field.text() == "Latitude"


@pytest.mark.parametrize("where", ["filter", "search"])
def test_what_a_person_types_stays_where_it_is(page: ScannedPage, where: str) -> None:
    field: QLineEdit = getattr(page, where)
    field.setFocus()
    told: list[str] = []
    field.returnPressed.connect(lambda: told.append(field.text()))
    slowly("dell\n")
    assert told == ["dell"]
    assert not page.strayed
    assert not page.scanned


def test_a_field_that_takes_codes_itself_keeps_them(page: ScannedPage) -> None:
    page.filter.setProperty(OWN, True)
    page.filter.setFocus()
    burst("A1002")
    assert page.filter.text() == "A1002"
    assert not page.scanned


def test_nothing_is_watched_while_the_page_is_hidden(page: ScannedPage) -> None:
    page.hide()
    page.search.setFocus()
    burst("A1002")
    assert page.search.text() == "A1002"
    assert not page.scanned


def holder(field: QWidget) -> QWidget:
    made = QWidget()
    QVBoxLayout(made).addWidget(field)
    return made
