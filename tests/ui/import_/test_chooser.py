"""The list that asks what a column or a row is."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QWidget

from ui.pages.import_.chooser import Chooser
from ui.theme import Theme


def test_a_screen_reader_hears_what_is_asked(app: QApplication, theme: Theme) -> None:
    parent = QWidget()
    chooser = Chooser(theme, parent, [], None, lambda _: None)
    chooser.say("What are the rows?")
    assert chooser.field.placeholderText() == chooser.field.accessibleName() == "What are the rows?"
    parent.deleteLater()
