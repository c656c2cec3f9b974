"""What Terrier is: the dialog says the same as the command line."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.version import VERSION, version_lines
from ui.shell.about_dialog import show_about
from ui.theme import Theme


def test_it_shows_the_versions(app: QApplication, qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(900, 600)
    parent.show()
    dialog = show_about(Theme(app, "light"), parent)
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    assert f"Terrier {VERSION}" in texts
    assert any("\n".join(version_lines()) in text for text in texts)
    dialog.accept()
