"""Qt's own words (buttons of dialogs, menus of fields, names of keys) in the language that the program speaks."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from cmdb.model.language import current


class QtTexts(QTranslator):
    """Looks words up in the program's texts first, then in Qt's own catalogue of the language.

    Plural forms are looked up in Qt's catalogue only.
    """

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._qt = QTranslator(self)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        self._qt.load(QLocale(current().code), "qtbase", "_", folder)

    def isEmpty(self) -> bool:
        """Never: words may come from the program's texts."""
        return False

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str | None:
        """A text of Qt in this language; None where no catalogue has it."""
        if not text:
            return None
        own = current().template("", text) if n < 0 else text
        if own != text:
            return own
        return self._qt.translate(context, text, disambiguation or "", n) or None


def system_locale() -> str:
    """The locale that the operating system is set to: "de_DE". Qt knows the settings of macOS and Windows, too."""
    return QLocale.system().name()


def speak(application: QApplication) -> None:
    """Qt speaks the program's language, and writes numbers and dates as its locale does."""
    QLocale.setDefault(QLocale(current().locale))
    if not current().is_source:
        application.installTranslator(QtTexts(application))
