"""A search field announces whatever a person types, also what it announced before its text was set by the program."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from ui.theme import Theme
from ui.widgets.search import SearchField


def test_what_was_set_by_the_program_does_not_hide_what_is_typed(theme: Theme) -> None:
    heard: list[str] = []
    field = SearchField(theme, "Filter", heard.append)
    field.show()

    def type_(text: str) -> None:
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)

    type_("lost")
    assert heard == ["lost"]
    field.setText("")  # another list, which has no filter
    type_("lost")
    assert heard == ["lost", "lost"], "the same words, of another list"
    field.setText("in stock")  # a saved view
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert heard == ["lost", "lost", ""], "Esc takes the filter of the view away"
    field.setText("new")
    field._timer.start(0)
    QTest.qWait(20)
    assert heard[3:] == [], "what the program sets is its own affair"
    field.close()
    field.deleteLater()
