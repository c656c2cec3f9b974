"""The sheet for a new record: from nothing or like another one, and one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.assets.item_edits import new_item
from app.assets.new_records import NewValues, alike, blank
from app.verbs import Uids
from cmdb.model.errors import Cancelled, UserError
from cmdb.model.messages import tr
from ui.plain_texts import plain_tip
from ui.widgets.buttons import Button, LinkButton, PrimaryButton
from ui.widgets.fields import Field
from ui.widgets.form import Form
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, column
from ui.widgets.notice import InlineMessage

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.schema import Attribute
    from ui.context import Context

_HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class NewRecordForm(QWidget):
    """The class, and the usual attributes of it. ``then`` gets the id of the record that was added last.

    With *Add and next* the sheet stays: what alike things share is kept, and the next number is filled in.
    """

    def __init__(self, context: Context, cls: str, then: Callable[[str], None]) -> None:
        super().__init__()
        self._context, self._then = context, then
        schema = context.schema
        self._classes = schema.offered(cls) or schema.offered()
        self.chooser = QComboBox()
        self.chooser.setAccessibleName(tr("Class"))
        for one in self._classes:
            self.chooser.addItem(context.theme.icon(one.icon), one.label, one.name)
        self._problem = InlineMessage(context.theme, "", "bad")
        self._holder = QVBoxLayout()
        self._holder.setSpacing(0)
        self.form = Form(context, ())
        self.free: dict[str, LinkButton] = {}
        """The buttons that fill in the next free value, by attribute."""
        self._free_values: dict[str, str] = {}
        label = Text(tr("Class"), "muted")
        label.setBuddy(self.chooser)
        self.setLayout(column(self._problem, label, self.chooser, 8, self._holder, STRETCH, spacing=4))
        several = len(self._classes) > 1
        label.setVisible(several)
        self.chooser.setVisible(several)
        self.add = PrimaryButton(tr("Add"), self.save)
        self.add_next = Button(tr("Add and next"), lambda: self.save(more=True))
        self.add_next.setToolTip(plain_tip(tr("Adds it and asks for the next one like it (Ctrl+Shift+Enter)")))
        self.chooser.currentIndexChanged.connect(lambda _: self._show_class())
        self._show_class()

    @property
    def cls(self) -> str:
        """The chosen class."""
        return str(self.chooser.currentData())

    def open_sheet(self) -> None:
        """Shows it in the side sheet."""
        only = self._classes[0].label if len(self._classes) == 1 else ""
        title = tr("New {cls}", cls=only) if only else tr("New item")
        shell = self._context.shell
        shell.sheet(title, self, (Button(tr("Cancel"), shell.close_sheet), self.add_next, self.add))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Shift+Enter adds and goes on, Ctrl+Shift+A fills in the next free numbers."""
        if event.modifiers() & _HELD != _HELD:
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.save(more=True)
        elif event.key() == Qt.Key.Key_A:
            self.fill_free()
        else:
            super().keyPressEvent(event)

    # -- what is asked ----------------------------------------------------------------------------------------------

    def _show_class(self) -> None:
        """The form of another class; which numbers are free is asked for."""
        cls = self.cls
        self._show_form(())
        self._context.query(lambda reader: blank(reader, cls), self._offer, key=("new", "free"), owner=self, now=True)

    def begin(self, found: NewValues) -> None:
        """Begins with values; those of attributes that the form lacks are asked for, too, so that all are seen."""
        self._show_form(found.values)
        for name, value in found.values.items():
            if name in self.form.fields:
                self.form.fields[name].set_value(value)
        self._offer(found)
        self._fill_free(lambda field, value: field.set_value(value))

    def _show_form(self, more: Iterable[str]) -> None:
        cls = self._context.schema.cls(self.cls)
        old, self.free = self.form, {}
        self.form = Form(
            self._context, usual(list(cls.shown_attributes.values()), (*cls.columns, *more)), sections=True
        )
        self.form.submitted.connect(self.save)
        self._context.tasks.forget(("new", "free"))
        self._holder.addWidget(self.form)
        if old is not self.form:
            old.hide()
            old.deleteLater()

    def _offer(self, found: NewValues) -> None:
        """A button under each field that has a next free value."""
        for button in self.free.values():
            button.hide()
            button.deleteLater()
        self.free = {}
        layout = self.form.layout()
        if found.cls != self.cls or not isinstance(layout, QVBoxLayout):
            return
        for name, value in found.free.items():
            field = self.form.fields.get(name)
            if field is None:
                continue
            button = LinkButton(tr("Next free: {value}", value=value), hint=tr("Fill it in (Ctrl+Shift+A)"))
            button.setProperty("tone", "accent")
            button.clicked.connect(partial(self._fill_one, name, value))
            layout.insertWidget(layout.indexOf(field) + 1, button)
            button.setVisible(field.raw() != value)
            QWidget.setTabOrder(field.editor, button)
            self.free[name] = button
        self._free_values = dict(found.free)

    def _fill_one(self, name: str, value: str, _: bool = False) -> None:
        """Fills in one of them, and shows that it was done by leaving its button out."""
        self.form.fields[name].fill(value)
        self.form.fields[name].setFocus()
        self.free[name].hide()

    def fill_free(self) -> None:
        """Fills in the next free values where nothing was given."""
        self._fill_free(lambda field, value: field.fill(value))

    def _fill_free(self, fill: Callable[[Field, str], None]) -> None:
        """What the sheet begins with is set and counts as unchanged: Esc has nothing to take back in it."""
        for name in self.free:
            field = self.form.fields[name]
            if not field.raw():
                fill(field, self._free_values[name])
            self.free[name].setVisible(field.raw() != self._free_values[name])

    # -- saving -----------------------------------------------------------------------------------------------------

    def save(self, *, more: bool = False) -> None:
        """Adds it; with ``more`` the next one like it is asked for."""
        if not self.add.isEnabled():
            return
        values = self.form.values()
        if values is None:
            return
        cls, author = self.cls, self._context.author
        self._problem.say("")
        self._enable(False)

        def done(applied: AppliedRevision) -> None:
            made = next(iter(applied.created), "")
            if more and isValid(self):
                self._next(made)
            elif isValid(self):
                self._context.shell.close_sheet()
            if made and not more:
                self._then(made)

        self._context.edit(
            lambda reader: new_item(reader, cls, values, author),
            tr("{name} added", name=str(values["name"])),
            done,
            self._failed,
        )

    def _next(self, made: str) -> None:
        """The next one: what alike things share stays, as the form has it."""
        kept = {name: field.raw() for name, field in self.form.fields.items() if field.raw()}

        def begin(found: NewValues) -> None:
            self._enable(True)
            self.begin(found)
            first = next((f for n, f in self.form.fields.items() if n in kept and not f.raw()), None)
            (first or self.form.fields["name"]).setFocus()

        self._context.query(lambda reader: alike(reader, made), begin, self._failed, owner=self, now=True)

    def _failed(self, error: Exception) -> None:
        """What the person can correct is said in the sheet, where their input still stands."""
        if not isValid(self) or not isinstance(error, UserError) or isinstance(error, Cancelled):
            self._context.shell.problem(error)
        else:
            self._problem.say(" ".join((str(error), *map(str, error.details))), "bad")
        if isValid(self):
            self._enable(True)

    def _enable(self, able: bool) -> None:
        self.add.setEnabled(able)
        self.add_next.setEnabled(able)


def open_new(context: Context, cls: str, then: Callable[[str], None]) -> None:
    """Asks for a new record of a class, or of one of its subclasses."""
    NewRecordForm(context, cls, then).open_sheet()


def open_alike(context: Context, uids: Uids, then: Callable[[str], None]) -> None:
    """Asks for a new record like another one."""

    def opened(found: NewValues) -> None:
        form = NewRecordForm(context, found.cls, then)
        place = form.chooser.findData(found.cls)
        if place < 0:
            label = context.schema.cls(found.cls).label
            context.shell.toast(tr("{cls} is hidden: no new ones are made.", cls=label), tone="warning")
            form.deleteLater()
            return
        form.chooser.setCurrentIndex(place)
        form.begin(found)
        form.open_sheet()

    context.query(lambda reader: alike(reader, uids(reader)[0]), opened, key=("new", "alike"), now=True)


def usual(attributes: Sequence[Attribute], columns: Sequence[str]) -> list[Attribute]:
    """The fields of a form for a new item: required and identifying attributes, and the table's columns.

    When a scan last saw it is for scans to say, not for people.
    """
    asked = (a for a in attributes if not (a.past and a.measured))
    return [a for a in asked if a.required or a.identifying or a.unique or a.name in columns]
