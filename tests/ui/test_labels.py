"""Labels and menu buttons: how much room their words take."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from ui.theme import Theme
from ui.widgets.buttons import Button, MenuButton
from ui.widgets.labels import BreakingText, CentredText

SENTENCE = "The map shows what it is related to, and what breaks when it fails."


@pytest.mark.parametrize(("width", "lines"), [(380, 2), (900, 1), (180, 3)])
def test_lines_in_the_middle_are_about_equally_long(app: QApplication, theme: Theme, width: int, lines: int) -> None:
    label = CentredText(SENTENCE)
    label.resize(width, 200)
    whole = label.fontMetrics().horizontalAdvance(SENTENCE)
    found = label.balanced_width()
    assert found <= width
    assert whole / lines - 8 <= found <= whole / lines + 80, "no line is much shorter than the others"


def test_a_menu_button_keeps_room_for_its_arrow_alone(app: QApplication, theme: Theme) -> None:
    menu, plain = MenuButton("Views", lambda _: None), Button("Views")
    for button in (menu, plain):
        button.ensurePolished()
    assert 0 < menu.sizeHint().width() - plain.sizeHint().width() <= 16


def test_a_long_number_breaks_where_there_is_no_room_and_is_read_and_copied_whole(
    app: QApplication, theme: Theme
) -> None:
    number = "l1vmware-564d112233445566-778899aabbccddee"
    label = BreakingText(f"Same main board {number}")
    assert label.minimumSizeHint().width() < label.fontMetrics().horizontalAdvance(number) / 2
    assert label.heightForWidth(120) > label.heightForWidth(900)
    assert label.text() == label.accessibleName() == f"Same main board {number}"
