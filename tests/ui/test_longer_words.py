"""Other languages have longer words: what has no room is cut with a mark, and nothing stands over anything else."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QWidget

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


def test_a_message_does_not_cover_the_sheet(app: QApplication, theme: Theme) -> None:
    host = QWidget()
    host.resize(1000, 600)
    sheet = QWidget(host)
    sheet.setGeometry(580, 0, 420, 600)
    host.show()
    toast = Toast(theme, host, sheet)
    toast.say("x" * 80, button="Undo")
    assert toast.geometry().right() < sheet.x()
    sheet.hide()
    toast.place()
    assert abs(toast.geometry().center().x() - 500) <= 1
    host.deleteLater()


def test_the_hint_of_the_search_field_keeps_clear_of_its_key(theme: Theme) -> None:
    field = PaletteField(theme, "Ctrl+K")
    assert field.textMargins().right() > field._cap.sizeHint().width()
    field.setText("lt")
    assert field.textMargins().right() == 0
