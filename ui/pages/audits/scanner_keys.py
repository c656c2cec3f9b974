"""Keys of a barcode scanner: they come in bursts that end with Enter, wherever the focus is, and belong to one field.

A scanner types like a keyboard, but no person types as fast. What it types outside of the scan field is brought there
whole; what a person types anywhere stays where it is.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from shiboken6 import isValid

from ui.pages.audits.scan_field import ScanField
from ui.widgets.side_sheet import SideSheet

GAP = 45
"""Milliseconds between two keys of a burst, at most: scanners need 2 to 30, fingers more than 60."""
LEAST = 4
"""Characters of the shortest burst: a person may roll over two keys and Enter as quickly."""
OWN = "takes_scans"
"""The property of a field that takes what is scanned into it itself."""

_MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta,
              Qt.Key.Key_CapsLock)  # fmt: skip
_HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ScannerKeys(QObject):
    """Watches the keys while the page is shown. ``strayed`` fires with a code that was scanned into a field for
    something else, which is left as it was before.
    """

    strayed = Signal(str)

    def __init__(self, field: ScanField, page: QWidget) -> None:
        super().__init__(page)
        self._field, self._page = field, page
        self._burst, self._last = "", 0
        self._begun: QWidget | None = None
        """Where the burst began."""
        self._before: tuple[str, int] | None = None
        """What stood there, and where its cursor was."""
        page.installEventFilter(self)
        self._watching = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys of a burst that are not in the scan field go there."""
        if watched is self._page and isinstance(event, QShowEvent | QHideEvent):
            self._watch(isinstance(event, QShowEvent))
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        focused = QApplication.focusWidget() or QApplication.activeWindow()
        if not self._watching or focused is None or watched is not focused or focused.property(OWN):
            return False
        return self._pressed(focused, event)

    def _watch(self, on: bool) -> None:
        app = QApplication.instance()
        if app is not None and on != self._watching:
            self._watching = on
            self._end()
            if on:
                app.installEventFilter(self)
            else:
                app.removeEventFilter(self)

    def _pressed(self, focused: QWidget, event: QKeyEvent) -> bool:
        """Whether the key was taken."""
        if event.key() in _MODIFIERS:
            return False
        quick = bool(self._burst) and event.timestamp() - self._last <= GAP
        self._last = event.timestamp()
        text = event.text()
        if event.key() in _ENTER:
            return self._entered(focused, quick)
        if not text or not text.isprintable() or event.modifiers() & _HELD or (text == " " and not quick):
            self._end()
            return False
        return self._typed(focused, text, quick)

    def _typed(self, focused: QWidget, text: str, quick: bool) -> bool:
        if not quick:
            self._burst, self._begun = "", focused
            self._before = _state(focused)
        self._burst += text
        if focused is self._field:
            if self._begun is not self._field:  # what it began in was closed meanwhile
                self._restore()
                self._field.insert(self._burst[: -len(text)])
                self._begun = self._field
            return False
        if self._begun is self._field:  # something else took the focus in the middle of the code
            self._field.insert(text)
            return True
        if _takes_text(focused):
            return False
        if self._page.isAncestorOf(focused) or focused is self._page:
            self._field.setFocus()
            self._field.insert(text)
            self._begun = self._field
        return True

    def _entered(self, focused: QWidget, quick: bool) -> bool:
        code, begun = self._burst, self._begun
        if focused is self._field or not quick:
            self._end()
            return False
        if begun is self._field:
            self._end()
            self._field.returnPressed.emit()
            return True
        if len(code) < LEAST:
            self._end()
            return False
        self._restore()
        self._end()
        if self._is_for_something_else(focused):
            self.strayed.emit(code)
        else:
            self._field.scanned.emit(code.strip())
        return True

    def _is_for_something_else(self, focused: QWidget) -> bool:
        """Whether one searches or filters with it: there a code may be meant as it stands."""
        if not _takes_text(focused) or focused.window() is not self._page.window():
            return False
        around: QWidget | None = focused
        while around is not None and not isinstance(around, SideSheet):
            around = around.parentWidget()
        return around is None

    def _restore(self) -> None:
        """What the burst began in is as it was before."""
        begun, before = self._begun, self._before
        if begun is None or before is None or not isValid(begun):
            return
        text, place = before
        if isinstance(begun, QLineEdit):
            begun.setText(text)
            begun.setCursorPosition(place)
            begun.textEdited.emit(text)
        elif isinstance(begun, QPlainTextEdit):
            begun.setPlainText(text)
            cursor = begun.textCursor()
            cursor.setPosition(place)
            begun.setTextCursor(cursor)

    def _end(self) -> None:
        self._burst, self._begun, self._before = "", None, None


def _takes_text(widget: QWidget) -> bool:
    return isinstance(widget, QLineEdit | QPlainTextEdit)


def _state(widget: QWidget) -> tuple[str, int] | None:
    if isinstance(widget, QLineEdit):
        return widget.text(), widget.cursorPosition()
    if isinstance(widget, QPlainTextEdit):
        return widget.toPlainText(), widget.textCursor().position()
    return None
