"""The filter over a list: its field, and the line under it that says what is applied, or what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu, QStackedLayout, QWidget

from app.filter_conditions import conditions_of
from cmdb.model.messages import tr
from ui.records.condition_chips import ConditionChips
from ui.records.filter_completer import FilterCompleter
from ui.records.filters import FilterForm
from ui.text_size import set_sizes
from ui.widgets.buttons import MenuButton
from ui.widgets.labels import ElidedText
from ui.widgets.layout import box, column, row
from ui.widgets.search import SearchField

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.asked_list import AskedList
    from ui.context import Context
    from ui.theme import Theme

#: How long (milliseconds) a pause in typing is before what is wrong with the filter is said.
PATIENCE = 900
#: The pause before a filter is applied to which something is offered: the beginning of an attribute is no word to find.
_WHILE_OFFERED = 600
#: The height of the line under the field, in pixels at the normal size of text: that of a chip.
_LINE = 26


class FilterField(SearchField):
    """The field of a filter. ``left`` fires for Down, and for Enter where its text is applied already; ``pasted`` with
    a text of several lines that is pasted: a list.
    """

    left = Signal()
    pasted = Signal(str)

    def __init__(self, theme: Theme, hint: str, searched: Callable[[str], object]) -> None:
        super().__init__(theme, hint, searched)
        set_sizes(self, least_width=160)

    def hold(self, milliseconds: int) -> None:
        """Announces what is typed after a longer pause than usual."""
        self._timer.start(milliseconds)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down leads to the rows, and so does Enter once the filter is applied."""
        if event.matches(QKeySequence.StandardKey.Paste) and self._paste_list():
            return
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.told
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and (event.key() == Qt.Key.Key_Down or enter):
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The usual menu, whose Paste knows lists, too."""
        menu = self.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in menu.actions():
            if action.objectName() == "edit-paste":
                action.triggered.disconnect()
                action.triggered.connect(self.take_clipboard)
        menu.popup(event.globalPos())

    def take_clipboard(self) -> None:
        """What was copied is the filter: several lines are a list, other text is put into the field."""
        if not self._paste_list():
            self.setFocus()
            self.paste()

    def _paste_list(self) -> bool:
        """Takes a list from the clipboard, if one is there: several lines."""
        text = QApplication.clipboard().text()
        several = sum(bool(line.strip()) for line in text.splitlines()) > 1
        if several:
            self.pasted.emit(text)
        return several


class FilterBar(QWidget):
    """The field with its form, over one line of a fixed height, so that the list below does not move.

    ``asked`` fires when the text of the field is to be applied, ``added`` with a condition to add, ``left`` when the
    person goes on to the rows, ``pasted`` with a pasted list, ``unpasted`` when it is taken out.
    What is wrong is said when typing pauses, or at once for Enter.
    """

    asked = Signal(str)
    added = Signal(str)
    left = Signal()
    pasted = Signal(str)
    unpasted = Signal()

    def __init__(self, context: Context, hint: str) -> None:
        super().__init__()
        self._context = context
        self.cls = "ci"
        self.applied = ""
        """The filter of the rows that stand."""
        self.field = FilterField(context.theme, hint, self.asked.emit)
        self.completer = FilterCompleter(context, self.field)
        self.field.left.connect(self.left.emit)
        self.field.pasted.connect(self.pasted.emit)
        self.field.textEdited.connect(lambda _: self._typing())
        self.field.returnPressed.connect(self._say)
        self._error = ""
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE)
        self._patience.timeout.connect(self._say)
        self.chips = ConditionChips(context)
        self.chips.setFocusProxy(self.field)
        self.chips.changed.connect(self._take)
        self.chips.written.connect(self._write)
        self.chips.unpasted.connect(self.unpasted.emit)
        self.error = ElidedText("", "", "warning")
        self._busy = ElidedText("", "muted")
        line = QWidget()
        set_sizes(line, height=_LINE)
        self._line = QStackedLayout(line)
        # A stack takes the focus from the page that it hides; the chips stand in for the field, so they are in a page.
        self._conditions = box(column(self.chips))
        for one in (self._conditions, self.error, self._busy):
            self._line.addWidget(one)
        form = MenuButton(tr("Filter"), self._fill, icon="filter", theme=context.theme)
        bar = row(self.field, form)
        bar.setStretch(0, 1)
        self.setLayout(column(bar, line, spacing=4))

    def ask_of(self, cls: str) -> None:
        """The class that is filtered."""
        self.cls = self.completer.cls = cls

    # -- what is applied --------------------------------------------------------------------------------------------

    def show_applied(self, shown: AskedList | None) -> None:
        """The filter of the rows that stand; None: there are none."""
        self.applied = shown.typed if shown is not None else ""
        conditions = conditions_of(self._context.schema, self.cls, self.applied)
        self.chips.show_conditions(self.cls, conditions, shown.pasted if shown is not None else None)

    def _take(self, text: str) -> None:
        """The person changed a condition: it is the filter now."""
        self.field.setText(text)
        self.asked.emit(text)

    def _write(self, condition: str) -> None:
        """A condition is to be changed in the field: it is selected there."""
        if not self.field.text().strip():
            self.field.setText(self.applied)
        place = self.field.text().find(condition)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        if place >= 0:
            self.field.setSelection(place, len(condition))
        else:
            self.field.selectAll()

    def say(self, text: str) -> None:
        """What is going on with the filter; "" for nothing: then the conditions stand there."""
        self._busy.setText(text)
        self._say()

    # -- what is wrong ----------------------------------------------------------------------------------------------

    def complain(self, text: str) -> None:
        """What was typed can't be applied: said now, or once the person stops typing."""
        self._error = text
        if not self._patience.isActive():
            self._say()

    def settle(self) -> None:
        """What stands in the field is applied."""
        self._error = ""
        self._say()

    @property
    def complaint(self) -> str:
        """What is wrong with the text of the field; "" where it is applied."""
        return self._error

    def _typing(self) -> None:
        self._error = ""
        self._patience.start()
        if self.completer.isVisible():
            self.field.hold(_WHILE_OFFERED)

    def _say(self) -> None:
        self._patience.stop()
        text = self._error
        if text and self.applied:
            text = tr("{problem} Still applied: {filter}", problem=text, filter=self.applied)
        self.error.setText(text)
        self.error.setAccessibleName(text)
        self._line.setCurrentWidget(self.error if text else self._busy if self._busy.text() else self._conditions)

    # -- the form ---------------------------------------------------------------------------------------------------

    def _fill(self, menu: QMenu) -> None:
        form = FilterForm(self._context, self.cls)

        def added(condition: str) -> None:
            menu.close()
            self.added.emit(condition)

        form.added.connect(added)
        form.put_into(menu)
