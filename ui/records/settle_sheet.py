"""The sheet that settles what a leaver has: a line for each thing, then seats, and what names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QWidget
from shiboken6 import isValid

from app.leavers.remaining import PERSON, remaining
from app.leavers.settling import LineOutcome, SettledLine, Settlement, fields_of, settled_revision
from cmdb.model import clock
from cmdb.model.errors import Cancelled, UserError
from cmdb.model.messages import Message, tr, trn
from cmdb.model.schema import Attribute
from ui.plain_texts import plain_label
from ui.widgets.buttons import Button, LinkButton, PrimaryButton
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.field_types import field_for
from ui.widgets.fields import DateField, Field
from ui.widgets.labels import Hairline, SectionLabel, Text
from ui.widgets.layout import STRETCH, Item, box, clear, column, row
from ui.widgets.reference import ReferenceField, ReferencePicker

if TYPE_CHECKING:
    from app.leavers.remaining import HeldItem, RemainingThings
    from app.verbs import Uids
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.verb import FieldValue, VerbField
    from ui.context import Context

_WORDS = {
    LineOutcome.LATER: Message("Later"),
    LineOutcome.RETURNED: Message("Returned"),
    LineOutcome.MISSING: Message("Missing"),
    LineOutcome.KEPT: Message("They keep it"),
}


def open_settle_sheet(context: Context, uids: Uids, what: str) -> None:
    """Opens it for the first of some people."""
    SettleForm(context, uids, what).open_sheet()


class SettleForm(QWidget):
    """What a leaver has, each with what becomes of it. ``what`` is their name."""

    def __init__(self, context: Context, uids: Uids, what: str) -> None:
        super().__init__()
        self._context, self._uids, self._what = context, uids, what
        self.found: RemainingThings | None = None
        self.lines: list[SettledItemLine] = []
        self.handed: dict[str, ReferencePicker] = {}
        self.problem = Text("", "", "bad", wrap=True)
        self.problem.hide()
        self.last_day = DateField(context.theme, Attribute("on", tr("Last day"), "date", required=True))
        self.due = DateField(context.theme, Attribute("due", tr("Due"), "date"))
        self.seats = QCheckBox(tr("Seats end on the last day"))
        self.seats.setChecked(True)
        self.button = PrimaryButton(tr("Settle"), self.save)
        self.button.setEnabled(False)
        self._content = column(Text(tr("Looking for what they have…"), "muted"), STRETCH, spacing=4)
        self.setLayout(self._content)

    def open_sheet(self) -> None:
        """Shows it at the side of the window."""
        shell, uids = self._context.shell, self._uids
        title = tr("Settle what {name} has", name=self._what)
        shell.sheet(title, self, (Button(tr("Cancel"), shell.close_sheet), self.button))
        self._context.query(
            lambda reader: remaining(reader, uids(reader)[0]),
            self.show_found,
            self._failed,
            key=("settle",),
            owner=self,
        )

    def show_found(self, found: RemainingThings) -> None:
        """Lists it."""
        self.found = found
        clear(self._content)
        self.last_day.set_value(found.person.text("end") or clock.today().isoformat())
        items: list[Item] = [self.problem, *_labelled(self.last_day, tr("Last day *"))]
        items += [*self._things(found), *self._seats(found), *self._owned(found)]
        if found.items:
            about = tr("What is settled later stays with them; a task says so.")
            items += [8, Text(about, "muted", wrap=True), *_labelled(self.due, tr("The task is due"))]
        self._content.addWidget(box(column(*items, STRETCH, spacing=4)))
        self.button.setEnabled(True)

    def _things(self, found: RemainingThings) -> list[Item]:
        self.lines = [SettledItemLine(self._context, one) for one in found.items]
        if not self.lines:
            return [8, Text(tr("They have no things."), "muted")]
        head = trn("{count} thing", "{count} things", len(self.lines))
        every = LinkButton(tr("All returned"), self.return_all)
        return [8, row(SectionLabel(head), STRETCH, every), *(part for one in self.lines for part in (one, Hairline()))]

    def return_all(self) -> None:
        """Every thing was returned."""
        for one in self.lines:
            one.choose(LineOutcome.RETURNED)

    def _seats(self, found: RemainingThings) -> list[Item]:
        if not found.seats:
            return []
        names = [Text(one.name, wrap=True) for one in found.seats]
        head = trn("{count} seat", "{count} seats", len(names))
        return [8, SectionLabel(head), *names, self.seats]

    def _owned(self, found: RemainingThings) -> list[Item]:
        items: list[Item] = []
        for one in found.owned:
            number = len(one.records) + len(one.links)
            head = trn("{field}: {count} record", "{field}: {count} records", number, field=one.label)
            names = tr("{names}", names=tuple(record.name for record in one.records[:3])) if one.records else ""
            picker = ReferencePicker(self._context, PERSON, tr("Hand to…"))
            picker.setAccessibleName(tr("{field}: hand to", field=one.label))
            self.handed[one.attribute] = picker
            items += [4, Text(head, wrap=True), *([Text(names, "small", wrap=True)] if names else []), picker]
        return [8, SectionLabel(tr("Named in")), *items] if items else []

    def settlement(self) -> Settlement | None:
        """What was answered; None where a value is wrong, which is said under its field."""
        fields = [self.last_day, self.due, *(field for one in self.lines for field in one.asked())]
        wrong = [field for field in fields if not field.checked()[0]]
        unsettled = [picker for picker in self.handed.values() if picker.unsettled]
        if wrong or unsettled:
            (wrong or unsettled)[0].setFocus()
            return None
        handed = {attribute: picker.uid for attribute, picker in self.handed.items() if picker.uid}
        lines = {one.item.record.uid: one.answer() for one in self.lines}
        on, due = (str(field.value() or "") for field in (self.last_day, self.due))
        return Settlement(lines, on, handed, self.seats.isChecked(), due)

    def save(self) -> None:
        """Settles it, in one revision."""
        answered, found = self.settlement(), self.found
        if answered is None or found is None:
            return
        uid, author = found.person.uid, self._context.author
        self.problem.hide()
        self.button.setEnabled(False)
        said = tr("What {name} had is settled", name=found.person.name)
        self._context.edit(
            lambda reader: settled_revision(reader, uid, answered, author),
            said,
            self._done,
            self._failed,
            doing=Message("Settling what {name} has", name=found.person.name),
        )

    def _done(self, _: AppliedRevision) -> None:
        if isValid(self):
            self._context.shell.close_sheet()

    def _failed(self, error: Exception) -> None:
        """An error that the person can correct is shown here, beside the input."""
        if isValid(self) and isinstance(error, UserError) and not isinstance(error, Cancelled):
            self.problem.setText(" ".join((str(error), *error.details)))
            self.problem.show()
        else:
            self._context.shell.problem(error)
        if isValid(self):
            self.button.setEnabled(self.found is not None)


class SettledItemLine(QWidget):
    """A thing, what becomes of it, and what is asked then: place and condition, or the way and what was erased."""

    def __init__(self, context: Context, item: HeldItem) -> None:
        super().__init__()
        self._context, self.item = context, item
        cls = context.schema.cls(item.record.cls)
        tag = item.record.text("asset_tag") or item.record.text("serial_number")
        about = [cls.label, *([tag] if tag else [])]
        if item.with_item:
            about.append(tr("with {name}", name=item.with_item))
        self.choice = ChoiceBox(11)
        for outcome, word in _WORDS.items():
            self.choice.addItem(plain_label(str(word)), outcome)
        self.choice.setAccessibleName(tr("What becomes of {name}", name=item.record.name))
        self.choice.currentIndexChanged.connect(lambda _: self._show_fields())
        self._fields: dict[LineOutcome, dict[str, Field]] = {}
        self._parts: dict[LineOutcome, QWidget] = {}
        names = column(Text(item.record.name, wrap=True), Text(" · ".join(about), "small", wrap=True), spacing=1)
        self._layout = column(row(names, STRETCH, self.choice), spacing=4, margins=(0, 4, 0, 4))
        self.setLayout(self._layout)

    @property
    def outcome(self) -> LineOutcome:
        """What becomes of it."""
        found: LineOutcome = self.choice.currentData()
        return found

    def choose(self, outcome: LineOutcome) -> None:
        """Says what becomes of it."""
        self.choice.setCurrentIndex(list(_WORDS).index(outcome))

    def asked(self) -> list[Field]:
        """The fields that are shown."""
        return list(self._fields.get(self.outcome, {}).values())

    def answer(self) -> SettledLine:
        """What becomes of it, with the values that were given. Raises InvalidValue."""
        values: dict[str, FieldValue] = {}
        for name, field in self._fields.get(self.outcome, {}).items():
            if (value := field.value()) is not None:
                values[name] = value
        return SettledLine(self.outcome, values)

    def _show_fields(self) -> None:
        """Asks what this outcome needs; what was answered for another one stays."""
        outcome = self.outcome
        if outcome not in self._parts:
            self._fields[outcome] = made = {}
            items: list[Item] = []
            for one in fields_of(outcome):
                field = self._field(one)
                if field is not None:
                    made[one.name] = field
                    items += _labelled(field, field.attribute.label + (" *" if one.required else ""))
            self._parts[outcome] = box(column(*items, spacing=3, margins=(12, 0, 0, 0)))
            self._layout.addWidget(self._parts[outcome])
        for other, part in self._parts.items():
            part.setVisible(other is outcome)

    def _field(self, one: VerbField) -> Field | None:
        attribute = one.in_class(self._context.schema, self.item.record.cls)
        if attribute is None:
            return None
        if attribute.type == "reference":
            return ReferenceField(self._context, attribute, one.targets)
        made = field_for(self._context, attribute)
        made.set_value(None)
        return made


def _labelled(field: Field, text: str) -> list[Item]:
    label = Text(text, "muted")
    label.setBuddy(field.editor)
    return [label, field, 4]
