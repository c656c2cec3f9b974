"""The settings in the window: what is chosen holds at once; an estate's name is shown everywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QMenu, QPushButton

from app.estate_settings import NAME, change
from app.preferences import folder_for
from app.settings import Settings
from app.signatures.signed_files import TrustedKeys, trusted_keys
from app.signatures.ssh_signature import fingerprint
from app.workspace import Workspace
from cmdb.model.errors import StoreProblem
from cmdb.model.messages import Message
from cmdb.store.store import Store
from tests.app.signatures.keys import ANNA, BEN, public
from tests.app.signatures.keys import line as line_of_key
from tests.ui.conftest import open_in_window
from ui.run import make_window
from ui.shell.settings_dialog import LinesField, SettingsDialog
from ui.shell.start_page import StartPage
from ui.shell.window import Window
from ui.widgets.file_dialog import FileDialog

Settle = Callable[..., None]


def opened(window: Window) -> SettingsDialog:
    window.preferences.open()
    return window.findChildren(SettingsDialog)[-1]


def choose(dialog: SettingsDialog, name: str, words: str) -> None:
    box = dialog.fields[name].editor
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findText(words))
    box.activated.emit(box.currentIndex())


def test_without_an_estate_a_person_s_settings_hold_at_once(
    app: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(tmp_path)
    window = make_window(app, settings)
    window.show()
    dialog = opened(window)
    assert set(dialog.fields) == {"look", "font", "text_size", "compact", "language", "locale", "folder", "backups"}
    assert all(field.editor.accessibleName() for field in dialog.fields.values())
    choose(dialog, "look", "Dark")
    choose(dialog, "text_size", "16 px")
    choose(dialog, "compact", "Compact")
    assert (window.theme.tokens.dark, app.font().pixelSize(), window.appearance.is_compact()) == (True, 16, True)
    choose(dialog, "font", "The system's")
    assert app.font().family() == window.theme.family != "Inter"
    again = Settings(tmp_path)
    assert [again.get(name, "") for name in ("look", "font")] == ["dark", "system"]
    assert (again.get("text_size", 0), again.get("compact", False)) == (16, True)
    choose(dialog, "font", "Inter")
    choose(dialog, "text_size", "As the system")
    choose(dialog, "look", "Light")
    assert dialog.minimumSizeHint().height() < 660
    monkeypatch.setattr(FileDialog, "folder", lambda *_: str(tmp_path))
    field = dialog.fields["folder"]
    field.findChildren(QPushButton)[0].click()
    assert isinstance(field.editor, QLineEdit)
    assert field.editor.text() == str(tmp_path) == str(folder_for(settings, "export"))
    dialog.close()
    window.close()


def test_the_name_of_an_estate_is_shown_everywhere(window: Window, estate: Path, settle: Settle) -> None:
    open_in_window(window, estate, settle)
    dialog = opened(window)
    settle(lambda: "name" in dialog.fields)
    line = dialog.fields["name"].editor
    assert isinstance(line, QLineEdit)
    assert dialog.focusWidget() is line, "the first field, though it was filled in later"
    QTest.keyClick(line, Qt.Key.Key_Tab)
    assert dialog.focusWidget() is dialog.fields["organisation"].editor
    line.setText("Harbour Works")
    QTest.keyClick(line, Qt.Key.Key_Return)
    settle(lambda: window.windowTitle() == "Harbour Works – Terrier")
    currency = dialog.fields["currency"]
    assert isinstance(currency.editor, QLineEdit)
    currency.editor.setText("shells")
    QTest.keyClick(currency.editor, Qt.Key.Key_Return)
    assert not currency.problem.isHidden()
    keys = dialog.fields["scan_keys"]
    assert isinstance(keys.editor, LinesField)
    keys.editor.setFocus()
    keys.editor.setPlainText("no key")
    QTest.keyClick(keys.editor, Qt.Key.Key_Tab)
    assert "no public key" in keys.problem.text()
    keys.editor.setFocus()
    keys.editor.setPlainText(f"\n{line_of_key(ANNA, 'Anna')}  \n\n{line_of_key(BEN)}")
    QTest.keyClick(keys.editor, Qt.Key.Key_Tab)
    assert keys.problem.isHidden()
    assert keys.editor.toPlainText() == f"{line_of_key(ANNA, 'Anna')}\n{line_of_key(BEN)}"
    choose(dialog, "only_signed", "Signed ones only")
    workspace = window.estate.workspace
    assert workspace is not None
    names = {public(ANNA): "Anna", public(BEN): fingerprint(public(BEN))}
    settle(lambda: workspace.question(trusted_keys).answer() == TrustedKeys(names, only_signed=True))
    dialog.close()
    menu = QMenu()
    window.recent.fill(menu)
    assert [action.text() for action in menu.actions()] == ["Harbour Works"]
    settle()
    window.estate.close()
    start = window.stack.currentWidget()
    assert isinstance(start, StartPage)
    assert "Harbour Works" in [button.text() for button in start.findChildren(QPushButton)]


def test_a_backup_can_be_made_now(
    window: Window, estate: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What says so leads to its folder; it is not offered to be opened, as it is an estate."""
    opened: list[Path] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(Path(url.toLocalFile())))
    open_in_window(window, estate, settle)
    folder = estate.with_name(f"{estate.name}.backups")
    before = set(folder.glob("[!.]*"))
    workspace = window.estate.workspace
    assert workspace is not None
    workspace.edit(lambda reader: change(reader, NAME, "Other", "Mia"))
    window.backups.back_up(window.backups.show_backups)
    settle(lambda: any("by hand" in label.text() for label in window.sheet.findChildren(QLabel)))
    assert set(folder.glob("[!.]*")) > before
    settle()
    buttons = [one for one in window.findChildren(QPushButton) if one.isVisible()]
    assert "Open" not in [one.text() for one in buttons]
    [show] = [one for one in buttons if one.text() == "Show in folder"]
    show.click()
    assert opened == [folder]


def test_what_could_not_be_written_is_said_at_its_field_and_can_be_given_again(
    window: Window, estate: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_in_window(window, estate, settle)
    dialog = opened(window)
    settle(lambda: "name" in dialog.fields)
    field = dialog.fields["name"]
    assert isinstance(field.editor, QLineEdit)
    full = StoreProblem(Message("The disk is full."))
    with monkeypatch.context() as patch:
        patch.setattr(Store, "apply", raises(full))
        field.editor.setText("Harbour Works")
        QTest.keyClick(field.editor, Qt.Key.Key_Return)
        settle(lambda: not field.problem.isHidden())
    assert field.problem.text() == "The disk is full."
    QTest.keyClick(field.editor, Qt.Key.Key_Return)
    settle(lambda: window.windowTitle() == "Harbour Works – Terrier")
    assert field.problem.isHidden()


def test_where_nothing_can_be_written_the_focus_is_on_what_can_be_set(
    window: Window, estate: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Workspace, "read_only", True)
    open_in_window(window, estate, settle)
    dialog = opened(window)
    settle(lambda: "name" in dialog.fields)
    assert not dialog.fields["name"].isEnabled()
    assert dialog.focusWidget() is dialog.fields["look"].editor
    dialog.close()


def raises(error: Exception) -> Callable[..., None]:
    def run(*_args: object, **_named: object) -> None:
        raise error

    return run
