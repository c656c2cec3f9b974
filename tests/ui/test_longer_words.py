"""Other languages have longer words: what has no room is cut with a mark, and nothing stands over anything else."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from cmdb.model.messages import Message
from ui.page import Page, PageEntry
from ui.shell.navigation import WIDTH, NavButton
from ui.shell.top_bar import PaletteField
from ui.theme import Theme
from ui.widgets.notice import Toast


def entry(title: str) -> PageEntry:
    return PageEntry("p", Message(title), "box", "estate", 1, lambda: Page, hint=Message("What it is"))


def test_a_page_s_title_is_cut_with_a_mark_beside_its_count(theme: Theme) -> None:
    short, long = NavButton(theme, entry("Review")), NavButton(theme, entry("Überprüfungsangelegenheiten"))
    for button in (short, long):
        button.resize(WIDTH - 20, 30)
        button.show_count(12)
        button.show()
    assert short.text().strip() == "Review"
    assert short.toolTip() == "What it is"
    assert long.text().endswith("…")
    assert long.toolTip() == "Überprüfungsangelegenheiten – What it is"
    assert long.accessibleName() == "Überprüfungsangelegenheiten"


@pytest.mark.parametrize("text", ["LT-2041 retired", "one of many words " * 7])
def test_a_message_covers_nothing_of_the_page(app: QApplication, theme: Theme, text: str) -> None:
    host = QWidget()
    host.resize(828, 652)
    bar = QWidget(host)
    bar.setGeometry(0, 0, 828, 48)
    host.show()
    toast = Toast(theme)
    toast.lie_over(bar, QLineEdit(bar))
    toast.say(text, button="Undo")
    assert bar.geometry().contains(toast.geometry())
    bar.resize(600, 48)
    app.processEvents()
    assert abs(toast.geometry().center().x() - 300) <= 1
    host.deleteLater()


def test_a_message_gives_way_to_who_types_in_the_bar(app: QApplication, theme: Theme) -> None:
    host = QWidget()
    host.resize(828, 652)
    bar = QWidget(host)
    field = QLineEdit(bar)
    toast = Toast(theme)
    toast.lie_over(bar, field)
    host.show()
    toast.say("Comment on vm kept", button="Undo")
    assert toast.isVisible()
    app.sendEvent(field, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.ShortcutFocusReason))
    assert not toast.isVisible()
    host.deleteLater()


def test_the_hint_of_the_search_field_keeps_clear_of_its_key(theme: Theme) -> None:
    field = PaletteField(theme, "Ctrl+K")
    assert field.textMargins().right() > field._cap.sizeHint().width()
    field.setText("lt")
    assert field.textMargins().right() == 0
