"""The sheet in which many items are edited together: what they have, what is set, and how many of them change."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QWidget

from app.assets.bulk_edits import PresentValue, number_changed, present_values
from app.assets.item_edits import set_values
from cmdb.model.characters import marked
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message, tr, trn
from ui.plain_texts import plain_label, plain_tip
from ui.text_size import px, set_sizes
from ui.widgets.buttons import Button, IconButton, PrimaryButton
from ui.widgets.field_types import field_for
from ui.widgets.labels import ElidedText, Text
from ui.widgets.layout import STRETCH, column, row
from ui.widgets.reference import ReferenceField
from ui.widgets.values import text_of

if TYPE_CHECKING:
    from app.verbs import Uids
    from cmdb.model.schema import Attribute
    from ui.context import Context

#: The width of a tick with its label, in pixels at the normal size of text.
_TICK = 150


class BulkEditForm(QWidget):
    """The same values for many items: only ticked fields are written, and a value is cleared by its own button only.

    ``what`` describes the items ("12 items"), ``cls`` is a class of all of them.
    """

    def __init__(self, context: Context, uids: Uids, what: str, cls: str) -> None:
        super().__init__()
        self._context, self._uids, self._what = context, uids, what
        known = context.schema.cls(cls).shown_attributes.values()
        attributes = [a for a in known if not (a.unique or a.identifying or a.name == "name")]
        self.rows = [TickedField(context, a) for a in attributes]
        for one in self.rows:
            one.changed.connect(self._count_soon)
            one.entered.connect(self.save)
        self._hint = Text(tr("Only ticked fields are set."), "muted", wrap=True)
        self.count = ElidedText("", "muted")
        self._button = PrimaryButton(tr("Apply"), self.save)
        self._later = QTimer(self, singleShot=True, interval=150)
        self._later.timeout.connect(self._count)
        self._changing: int | None = None
        parts = (self._hint, 8, *self.rows, STRETCH)
        self.setLayout(column(*parts, spacing=6))
        self._say_count()
        names = [a.name for a in attributes]
        context.query(
            lambda reader: (len(found := uids(reader)), present_values(reader, found, names)),
            self._show,
            key=("bulk", "present"),
            owner=self,
            lane="slow",
        )

    def open_sheet(self) -> None:
        """Shows it at the side of the window."""
        shell = self._context.shell
        title = tr("Edit {items}", items=self._what)
        shell.sheet(title, self, (self.count, Button(tr("Cancel"), shell.close_sheet), self._button))

    def _show(self, found: tuple[int, dict[str, PresentValue]]) -> None:
        number, present = found
        if number > 1:
            self._button.setText(tr("Apply to all"))
            self._hint.setText(tr("Each field shows what {items} have now. Only ticked fields are set.",
                                  items=self._what))  # fmt: skip
        for one in self.rows:
            one.show_present(present[one.field.attribute.name], alone=number == 1)

    # -- how many ---------------------------------------------------------------------------------------------------

    def _values(self) -> dict[str, Any]:
        """What is to be set. Raises InvalidValue."""
        return {one.field.attribute.name: one.value() for one in self.rows if one.ticked}

    def _count_soon(self) -> None:
        self._changing = None
        self._later.start()

    def _count(self) -> None:
        try:
            values = self._values()
        except InvalidValue:
            values = {}
        if not values:
            self._changing = None
            self._say_count()
            return

        def done(number: int) -> None:
            self._changing = number
            self._say_count()

        uids = self._uids
        self._context.query(
            lambda reader: number_changed(reader, uids(reader), values),
            done,
            key=("bulk", "count"),
            owner=self,
            lane="slow",
        )

    def _say_count(self) -> None:
        if self._changing is None:
            said = tr("Nothing is set yet.") if not any(one.ticked for one in self.rows) else ""
        elif self._changing:
            said = trn("{count} item will change.", "{count} items will change.", self._changing)
        else:
            said = tr("Nothing will change: all have these values already.")
        self.count.setText(said)

    # -- doing ------------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Sets the ticked fields, unless one of them has no valid value: then it says so under the field."""
        ticked = [one for one in self.rows if one.ticked]
        wrong = next((one for one in ticked if not one.check()), None)
        if wrong is not None:
            wrong.field.setFocus()
            return
        if not ticked:
            return
        values = self._values()
        labels = tuple(one.field.attribute.label for one in ticked)
        context, uids = self._context, self._uids
        author = context.author
        said = Message("{attributes} set for {items}", attributes=labels, items=self._what)
        context.shell.close_sheet()
        context.edit(
            lambda reader: set_values(reader, uids(reader), values, author, said),
            str(said),
            doing=Message("Editing {items}", items=self._what),
        )


class TickedField(QWidget):
    """A field with a tick before it, what is present under it, and a button that clears it for all.

    ``changed`` fires when other values are to be set, ``entered`` for Enter in the field.
    """

    changed = Signal()
    entered = Signal()

    def __init__(self, context: Context, attribute: Attribute) -> None:
        super().__init__()
        self.field = field_for(context, attribute)
        self.field.set_value(None)
        self._clears = False
        self._tick = QCheckBox()
        set_sizes(self._tick, width=_TICK)
        room = px(_TICK) - self._tick.sizeHint().width()
        elided = self._tick.fontMetrics().elidedText(marked(attribute.label), Qt.TextElideMode.ElideRight, room)
        self._tick.setText(plain_label(elided))
        self._tick.setToolTip(plain_tip(attribute.label))
        self._tick.setAccessibleName(attribute.label)
        self._present = ElidedText("", "small")
        self.clear = IconButton(
            context.theme, "trash", tr("Clear {attribute} for all", attribute=attribute.label), self._clear_all
        )
        self.clear.setCheckable(True)
        self.clear.setEnabled(not attribute.required)
        self.field.edited.connect(self._edited)
        self._tick.toggled.connect(self._toggled)
        self.field.editor.installEventFilter(self)
        line = row(self._tick, self.field, self.clear, spacing=8)
        line.setStretch(1, 1)
        self.setLayout(column(line, row(px(_TICK) + 8, self._present), spacing=0))

    @property
    def ticked(self) -> bool:
        """Whether the value is to be written."""
        return self._tick.isChecked()

    def value(self) -> Any:
        """What is to be written; None clears. Raises InvalidValue, also for an empty field."""
        if self._clears:
            return None
        value = self.field.value()
        if value is None:
            name = self.field.attribute.label
            raise InvalidValue(
                Message("{attribute} is empty. To clear it for all, press the button beside it.", attribute=name)
            )
        return value

    def check(self) -> bool:
        """Whether there is a value to write, or it is to be cleared; what is wrong is said under the field."""
        try:
            self.value()
        except InvalidValue as error:
            self.field.complain(str(error))
            return False
        self.field.complain("")
        return True

    def show_present(self, present: PresentValue, *, alone: bool = False) -> None:
        """What the items have: the value of all of them stands in the field, unless something was typed meanwhile.

        Of one item ``alone`` nothing more need be said.
        """
        self._present.setVisible(not alone)
        attribute = self.field.attribute
        if present.common is not None and not self.ticked:
            if isinstance(self.field, ReferenceField):
                self.field.show_ci(str(present.common), present.name)
            else:
                self.field.set_value(present.common)
        names = {str(present.common): ("", present.name)}
        if not present.different:
            said = tr("now: empty for all")
        elif present.common is not None:
            said = tr("now: {value} for all", value=text_of(attribute, present.common, names))
        else:
            said = trn("now: {count} value", "now: {count} different values", present.different)
            if present.empty:
                said = trn("{values}, {count} without", "{values}, {count} without", present.empty, values=said)
        self._present.setText(said)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter applies, where a field has one line and nothing is open over it."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier  # Ctrl+Enter is the sheet's
            if enter and plain and not isinstance(watched, QPlainTextEdit):
                # Afterwards: the field takes over first what is chosen or typed in it.
                QTimer.singleShot(0, self, partial(self._entered, self.field.raw()))
        return super().eventFilter(watched, event)

    def _entered(self, before: Any) -> None:
        """Enter was pressed in the field, unless it only chose what is now in it."""
        if self.field.raw() == before:
            self.entered.emit()

    def _edited(self) -> None:
        self._tick.setChecked(True)
        self.changed.emit()

    def _toggled(self, on: bool) -> None:
        if not on and self._clears:
            self.clear.setChecked(False)
            self._clear_all()
        self.field.complain("")
        self.changed.emit()

    def _clear_all(self) -> None:
        self._clears = self.clear.isChecked()
        self.field.setEnabled(not self._clears)
        if self._clears:
            self._tick.setChecked(True)
        self.field.complain(tr("Will be cleared for all.") if self._clears else "")
        self.changed.emit()
