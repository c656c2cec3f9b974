"""Form fields: one per value type of the schema. A field shows a canonical value and returns one."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QMetaMethod, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from cmdb.model.currencies import places
from cmdb.model.errors import InvalidValue
from cmdb.model.formats import day, editable, has_decimal_comma, is_day_first, read_day
from cmdb.model.messages import tr
from cmdb.model.schema import Attribute
from cmdb.model.values import parse, removed, show
from ui.accessible import name_scroll_bars
from ui.plain_texts import plain_tip
from ui.text_size import set_sizes
from ui.theme import Theme
from ui.widgets.calendar import CalendarPopup
from ui.widgets.field_icons import EndIcon
from ui.widgets.labels import Text


class Field(QWidget):
    """A field for one attribute.

    ``edited`` fires while the person types, ``committed`` for Enter, a choice, or leaving the field after a change,
    ``reverted`` for Esc. An error is shown under it.
    """

    edited = Signal()
    committed = Signal()
    reverted = Signal()

    def __init__(self, attribute: Attribute, editor: QWidget) -> None:
        super().__init__()
        self.attribute = attribute
        self.editor = editor
        self._initial: Any = None
        self._error = Text("", "small", "bad", wrap=True)
        self._error.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(editor)
        layout.addWidget(self._error)
        editor.setAccessibleName(attribute.label)
        if attribute.help:
            editor.setToolTip(plain_tip(attribute.help))
        self.setFocusProxy(editor)
        editor.installEventFilter(self)
        self.edited.connect(self._say_what_is_left_out)

    # -- for subclasses ---------------------------------------------------------------------------------------------

    def raw(self) -> Any:
        """What stands in the editor."""
        raise NotImplementedError

    def fill(self, value: Any) -> None:
        """Puts a canonical value (None: absent) into the editor."""
        raise NotImplementedError

    # -- for users --------------------------------------------------------------------------------------------------

    def set_value(self, value: Any) -> None:
        """Shows a canonical value; it counts as unchanged."""
        self._initial = value
        self.complain("")
        self.fill(value)
        if isinstance(self.editor, QLineEdit):
            self.editor.setCursorPosition(0)  # what is too long shows its beginning

    def value(self) -> Any:
        """The canonical value, None for absent. Raises InvalidValue."""
        raw = self.raw()
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            return None
        if isinstance(raw, str) and raw == self._initial:
            return raw  # it stands in the register, though it may be taken no longer
        return parse(self.attribute, raw, day_first=is_day_first(), decimal_comma=has_decimal_comma())

    def checked(self) -> tuple[bool, Any]:
        """Whether the value is valid, and the value; otherwise the error is shown under the field."""
        try:
            value = self.value()
        except InvalidValue as error:
            self.complain(str(error))
            return False, None
        if value is None and self.attribute.required:
            self.complain(tr("{attribute} is needed.", attribute=self.attribute.label))
            return False, None
        self.complain("")
        if removed(self.raw()) is not None:
            self.fill(value)
        return True, value

    @property
    def dirty(self) -> bool:
        """Whether it differs from what was set."""
        try:
            return bool(self.value() != self._initial)
        except InvalidValue:
            return True

    def complain(self, text: str) -> None:
        """Shows an error under the field; "" takes it away."""
        self._error.setText(text)
        self._error.setVisible(bool(text))
        self.editor.setProperty("bad", bool(text))
        self.editor.style().unpolish(self.editor)
        self.editor.style().polish(self.editor)

    def _say_what_is_left_out(self) -> None:
        """Says at once, of what was pasted, what will not be kept."""
        if (text := removed(self.raw())) is not None:
            self.complain(str(text))

    def revert(self) -> None:
        """Back to what was set."""
        self.set_value(self._initial)
        self.reverted.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter commits, Esc reverts, leaving commits a change.

        In a sheet Esc with nothing to revert is the sheet's, and so is Ctrl+Enter after the value was committed.
        """
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                unchanged = not self.dirty
                self.revert()
                if unchanged:
                    self._pass_on(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._enter_commits(event):
                self.committed.emit()
                if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                    self._pass_on(event)
                return True
        elif isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
            inside = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
            if event.reason() not in inside and self.dirty:
                self.committed.emit()
        return super().eventFilter(watched, event)

    def _pass_on(self, event: QKeyEvent) -> None:
        """Gives a key to what the field stands in, unless the field is edited in its place and goes with the key."""
        around = self.parentWidget()
        if around is not None and not self.isSignalConnected(QMetaMethod.fromSignal(self.reverted)):
            QCoreApplication.sendEvent(around, QKeyEvent(event.type(), event.key(), event.modifiers()))

    def _enter_commits(self, event: QKeyEvent) -> bool:
        return True


class TextField(Field):
    """One line: text, e-mail, address of a page, UUID, time; and numbers, which a unit follows."""

    def __init__(self, attribute: Attribute) -> None:
        self._line = QLineEdit()
        super().__init__(attribute, self._line)
        if attribute.unit:
            self._line.setPlaceholderText(attribute.unit)
        self._line.textEdited.connect(lambda: self.edited.emit())

    def raw(self) -> Any:
        """The text."""
        return self._line.text()

    def fill(self, value: Any) -> None:
        """The value as plain text, a number with the locale's decimal mark."""
        if value is not None and self.attribute.type in ("integer", "number", "money"):
            self._line.setText(editable(value, places(value) if self.attribute.type == "money" else None))
        else:
            self._line.setText(show(self.attribute, value))


class LongTextField(Field):
    """Several lines; Ctrl+Enter commits."""

    def __init__(self, attribute: Attribute) -> None:
        self._text = QPlainTextEdit()
        self._text.setTabChangesFocus(True)
        set_sizes(self._text, height=84)
        super().__init__(attribute, self._text)
        name_scroll_bars(self._text)
        self._text.textChanged.connect(lambda: self.edited.emit())

    def raw(self) -> Any:
        """The text."""
        return self._text.toPlainText()

    def fill(self, value: Any) -> None:
        """The text, without announcing an edit."""
        self._text.blockSignals(True)
        self._text.setPlainText(value or "")
        self._text.blockSignals(False)

    def _enter_commits(self, event: QKeyEvent) -> bool:
        return bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)


class DateField(Field):
    """A date as the locale writes it, typed in any usual form, or picked from the calendar (Alt+Down)."""

    def __init__(self, theme: Theme, attribute: Attribute) -> None:
        self._line = QLineEdit()
        self._theme = theme
        super().__init__(attribute, self._line)
        self._line.setPlaceholderText(tr("{day} or {iso}", day=day("2026-03-31"), iso="2026-03-31"))
        self._shown = ("", "")
        EndIcon(self._line, theme, "calendar", tr("Pick a date"), self._open)
        self._line.textEdited.connect(lambda: self.edited.emit())

    def raw(self) -> Any:
        """The text."""
        return self._line.text()

    def value(self) -> Any:
        """The ISO date. Slashes are read in the locale's order. Raises InvalidValue."""
        text = self._line.text().strip()
        if not text:
            return None
        if text == self._shown[0]:
            return self._shown[1]
        written = read_day(text)
        return written.isoformat() if written else parse(self.attribute, text, day_first=is_day_first())

    def fill(self, value: Any) -> None:
        """As dates are shown everywhere: "31 Mar 2026"."""
        self._shown = (day(value), value) if value else ("", "")
        self._line.setText(self._shown[0])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Alt+Down opens the calendar."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Down
            and event.modifiers() & Qt.KeyboardModifier.AltModifier
        ):
            self._open()
            return True
        return super().eventFilter(watched, event)

    def _open(self) -> None:
        popup = CalendarPopup(self._theme, self)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        popup.picked.connect(self._picked)
        try:
            present = self.value()
        except InvalidValue:
            present = None
        popup.pop_up(self._line, present or "")

    def _picked(self, iso: str) -> None:
        self.fill(iso)
        self.edited.emit()
        self.committed.emit()


class ChoiceField(Field):
    """One of the schema's choices, or none."""

    def __init__(self, attribute: Attribute) -> None:
        self._combo = QComboBox()
        super().__init__(attribute, self._combo)
        if not attribute.required:
            self._combo.addItem("–", None)
        for choice in attribute.choices:
            self._combo.addItem(choice.label, choice.value)
        self._combo.setCurrentIndex(self._combo.findData(None))
        self._combo.activated.connect(self._chosen)

    def raw(self) -> Any:
        """The choice."""
        return self._combo.currentData()

    def fill(self, value: Any) -> None:
        """Selects the choice."""
        self._combo.setCurrentIndex(self._combo.findData(value))

    def _chosen(self) -> None:
        self.edited.emit()
        self.committed.emit()


class BooleanField(ChoiceField):
    """Yes, No, or not known."""

    def __init__(self, attribute: Attribute) -> None:
        super().__init__(attribute)
        self._combo.clear()
        for text, value in (("–", None), (tr("Yes"), True), (tr("No"), False)):
            self._combo.addItem(text, value)
