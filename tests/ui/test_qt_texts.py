"""Qt's own words are in the program's language: buttons, menus of fields, file dialogs, names of keys."""

from __future__ import annotations

from collections.abc import Iterator
from gettext import NullTranslations

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QLineEdit, QMessageBox, QWidget

from cmdb.model.language import Language
from tests.pseudo_locale import plain_words, spoken
from tests.ui.shown_texts import texts_of
from ui.qt_texts import QtTexts, speak

#: Columns and folders of the file dialog that the system names, and file systems.
_SYSTEM = frozenset({"Computer", "root", "tmp", "home"})


@pytest.fixture
def pseudo_qt(app: QApplication) -> Iterator[None]:
    with spoken():
        translator = QtTexts(app)
        app.installTranslator(translator)
        yield
        app.removeTranslator(translator)


def words(widget: QWidget) -> dict[str, list[str]]:
    return {text: found for _, text in texts_of(widget) if (found := plain_words(text, _SYSTEM))}


@pytest.mark.usefixtures("pseudo_qt")
def test_buttons_of_dialogs() -> None:
    box = QDialogButtonBox()
    for button in QDialogButtonBox.StandardButton:
        if button not in (QDialogButtonBox.StandardButton.NoButton,):
            box.addButton(button)
    assert len(box.buttons()) > 15
    assert words(box) == {}
    message = QMessageBox(QMessageBox.Icon.Question, "τ", "κ", QMessageBox.StandardButton.Yes)
    assert words(message) == {}
    message.deleteLater()
    box.deleteLater()


@pytest.mark.usefixtures("pseudo_qt")
def test_the_menu_of_a_field() -> None:
    field = QLineEdit("κείμενο")
    menu = field.createStandardContextMenu()
    assert len(menu.actions()) > 5
    assert words(menu) == {}
    field.deleteLater()


@pytest.mark.usefixtures("pseudo_qt")
def test_the_file_dialog() -> None:
    dialog = QFileDialog(None, "τ", "/")
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setNameFilter("ό (*.κ)")
    left = set(words(dialog))
    headers = {"Name", "Size", "Type", "Date Modified"}
    buttons = {"Cancel", "Open", "&Open", "&Cancel", "Look in:", "File &name:", "Files of type:"}
    assert not (headers | buttons) & left
    dialog.deleteLater()


@pytest.mark.usefixtures("pseudo_qt")
def test_names_of_keys_are_shown_in_the_language_and_still_understood() -> None:
    keys = QKeySequence("Ctrl+Shift+Del")
    assert not keys.isEmpty()
    assert keys == QKeySequence.fromString("Ctrl+Shift+Del", QKeySequence.SequenceFormat.PortableText)
    assert plain_words(keys.toString(QKeySequence.SequenceFormat.NativeText)) == []


def test_qt_s_own_catalogue_is_asked_for_what_ours_does_not_know(app: QApplication) -> None:
    class Nothing(NullTranslations):
        """A language that the program has no texts in."""

    with spoken(Language("de", "de", Nothing())):
        translator = QtTexts(app)
        assert translator.translate("QPlatformTheme", "Cancel") == "Abbrechen"
        assert translator.translate("QShortcut", "Ctrl") == "Strg"
        assert translator.translate("QShortcut", "No such word") is None


def test_qt_writes_as_the_program_s_locale_does(app: QApplication) -> None:
    before = QLocale()
    with spoken(Language("de", "en")):
        speak(app)
        assert QLocale().toString(1234.5) == "1.234,5"
        assert QLocale().firstDayOfWeek().value == 1
    QLocale.setDefault(before)
