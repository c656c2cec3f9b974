"""The form of a verb in the side sheet: the records, the fields, and when it happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.kits import ASKED
from app.verb_offers import VerbOffers, offered_fields, offers
from app.verbs import Uids, VerbScope, make, scope
from cmdb.model import clock
from cmdb.model.errors import Cancelled, InvalidValue, UserError
from cmdb.model.messages import Message, chain, counted, tr, trn
from cmdb.model.schema import Attribute
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.field_types import field_for
from ui.widgets.fields import DateField, Field
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, Item, column
from ui.widgets.merged_values import MergedValues
from ui.widgets.offered_field import OfferedField
from ui.widgets.reference import ReferenceField
from ui.widgets.values import text_of
from ui.widgets.verb_preview import VerbPreviewList

if TYPE_CHECKING:
    from app.question import Ask
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.revision import Revision
    from cmdb.model.verb import FieldValue, Verb, VerbField
    from ui.context import Context


#: Reasons that a form shows for the records that are left out.
_REASONS = 3


def run_verb(context: Context, verb: Verb, uids: Uids, what: str, cls: str) -> None:
    """Asks for what a verb needs, then does it. ``what`` describes the records, ``cls`` is a class of all of them."""
    if verb.danger:
        _ask(context, verb, uids, what)
    else:
        VerbForm(context, verb, uids, what, cls).open_sheet()


def _ask(context: Context, verb: Verb, uids: Uids, what: str) -> None:
    """A question instead of a form, once the records are known."""
    author = context.author

    def ask(found: VerbScope) -> None:
        about = str(verb.about)
        said = str(verb.done(_only(found), found.number, {}))
        context.shell.confirm(
            tr("{verb} {records}?", verb=verb.title, records=what),
            tr("{scope} {about}", scope=described(found), about=about) if found.number > 1 else about,
            str(verb.title),
            lambda: _do(
                context, verb, lambda reader: make(reader, verb, uids(reader), {}, author, every=False), said, what
            ),
            danger=True,
        )

    context.query(lambda reader: scope(reader, verb, uids(reader)), ask, key="verb-scope")


def _do(
    context: Context,
    verb: Verb,
    decide: Ask[Revision],
    said: str,
    what: str,
    done: Callable[[AppliedRevision], None] | None = None,
    failed: Callable[[Exception], None] | None = None,
) -> None:
    context.edit(
        decide,
        said,
        done,
        failed,
        doing=Message("{verb}: {records}", verb=verb.title, records=what),
    )


def described(found: VerbScope) -> str:
    """On which records: "On 12 items: LT-1, LT-2, … and 7 more."."""
    more = found.number - len(found.names)
    if more:
        return trn(
            "On {count} item: {names} and {more} more.",
            "On {count} items: {names} and {more} more.",
            found.number,
            names=tuple(found.names),
            more=more,
        )
    return trn("On {count} item: {names}.", "On {count} items: {names}.", found.number, names=tuple(found.names))


def left_out(found: VerbScope) -> str:
    """Which records it can't be done with, and why."""
    shown = found.reasons[:_REASONS]
    parts = [
        Message("{reason}, and {more} more", reason=one.why, more=one.number - 1) if one.number > 1 else one.why
        for one in shown
    ]
    rest = found.left_out - sum(one.number for one in shown)
    if rest:
        parts.append(counted("and {count} for another reason", "and {count} for other reasons", rest))
    if not found.number:
        return tr("It can't be done: {reasons}.", reasons=chain(parts))
    return trn(
        "{count} item is left out: {reasons}.",
        "{count} items are left out: {reasons}.",
        found.left_out,
        reasons=chain(parts),
    )


def _only(found: VerbScope) -> str:
    """The name of the record, where it is done with one; else ""."""
    return found.names[0] if found.number == 1 else ""


class VerbForm(QWidget):
    """The form of a verb. Shows the number and names of the records, and the excluded ones."""

    def __init__(self, context: Context, verb: Verb, uids: Uids, what: str, cls: str) -> None:
        super().__init__()
        self._context, self._verb, self._uids, self._what = context, verb, uids, what
        self._scope: VerbScope | None = None
        self._of_kits: tuple[QWidget, ...] = ()
        """What asks whether a whole kit goes, with its label."""
        self._on_what = Text(tr("On {records}.", records=what), wrap=True)
        self._left = Text("", "", "warning", wrap=True)
        self._left.hide()
        self._problem = Text("", "", "bad", wrap=True)
        self._problem.hide()
        kept = offered_fields(verb)
        self.fields = {
            field.name: OfferedField(made, kept[field.name].name) if field.name in kept else made
            for field in verb.fields
            if not field.keeps and (made := self._field(field, cls)) is not None
        }
        self._date = DateField(context.theme, Attribute("at", tr("Date"), "date", required=True))
        self._date.set_value(clock.today().isoformat())
        self._button = PrimaryButton(str(verb.title), self.save)
        self.preview = VerbPreviewList(context, verb, uids)
        for made in (self._date, *self.fields.values()):
            made.committed.connect(self._show_preview)
        self.setLayout(column(*self._items(), STRETCH, spacing=4))
        context.query(
            lambda reader: scope(reader, verb, uids(reader)), self._show_scope, key=("verb", "scope"), owner=self
        )

    def open_sheet(self) -> None:
        """Shows it at the side of the window."""
        shell = self._context.shell
        title = tr("{verb} {records}", verb=self._verb.title, records=self._what)
        shell.sheet(title, self, (Button(tr("Cancel"), shell.close_sheet), self._button))

    def _field(self, field: VerbField, cls: str) -> Field | None:
        attribute = field.in_class(self._context.schema, cls)
        if attribute is None:
            return None
        if attribute.type == "reference":
            return ReferenceField(self._context, attribute, field.targets)
        made = field_for(self._context, attribute)
        made.set_value(None)
        return made

    def _items(self) -> list[Item]:
        """What it is about, then what must be given, then the date, then the rest."""
        about: list[Item] = [Text(str(self._verb.about), "muted", wrap=True), 4] if self._verb.about else []
        needed = [f for f in self.fields.values() if f.attribute.required]
        asked = [*needed, self._date]
        asked += [f for f in self.fields.values() if not f.attribute.required]
        items: list[Item] = [self._on_what, self._left, 4, *about, *self._first_items(), self._problem]
        kept = next((f.name for f in self._verb.fields if f.alike), "")
        for field in asked:
            name = field.attribute.label
            label = Text(tr("{field} *", field=name) if field in needed else name, "muted")
            label.setBuddy(field.editor)
            if field is self.fields.get(ASKED):  # until it is known that something belongs to a kit
                self._of_kits = (label, field)
                for part in self._of_kits:
                    part.hide()
            items += [label, field, 6]
            if field is self.fields.get(kept) and isinstance(field, ReferenceField):
                items += [MergedValues(self._context, self._uids, field), 6]
        items += [4, self.preview]
        return items

    def _first_items(self) -> list[Item]:
        """What stands before the fields."""
        return []

    def _missing(self) -> str:
        """What is missing besides values of fields, in a sentence; "" for nothing."""
        return ""

    def _decision(self, values: dict[str, FieldValue], at: str) -> Ask[Revision]:
        """What makes the revision of the verb, in a worker."""
        verb, uids, author = self._verb, self._uids, self._context.author
        return lambda reader: make(reader, verb, uids(reader), values, author, at, every=False)

    def _show_scope(self, found: VerbScope) -> None:
        self._scope = found
        self._on_what.setVisible(bool(found.number))
        self._on_what.setText(described(found))
        if found.left_out:
            self._left.setText(left_out(found))
            self._left.show()
        self._button.setEnabled(bool(found.number))
        for part in self._of_kits:
            part.setVisible(bool(found.kits))
        self._show_preview()

    def _show_preview(self) -> None:
        """What the verb will set, and what its fields offer, as soon as all that it needs is given."""
        try:
            values = self._values()
        except InvalidValue:
            return
        at = str(values.pop("at", ""))
        if all(values.get(name) is not None for name, field in self.fields.items() if field.attribute.required) and at:
            self.preview.show_for(values, at)
            self._ask_for_offers(values, at)

    def _values(self) -> dict[str, FieldValue]:
        """What was given, with the date as "at". Raises InvalidValue."""
        values: dict[str, FieldValue] = {}
        for name, field in (("at", self._date), *self.fields.items()):
            if isinstance(field, OfferedField):
                values.update(field.answers())
            elif (value := field.value()) is not None:
                values[name] = value
        return values

    def _ask_for_offers(self, values: dict[str, FieldValue], at: str) -> None:
        verb, uids, author = self._verb, self._uids, self._context.author
        if any(isinstance(field, OfferedField) for field in self.fields.values()):
            self._context.query(
                lambda reader: offers(reader, verb, uids(reader), values, author, at),
                self._show_offers,
                lambda _: None,  # the preview says why it can't be done
                key=("verb", "offers"),
                owner=self,
            )

    def _show_offers(self, found: VerbOffers) -> None:
        for name, offer in found.fields.items():
            field = self.fields.get(name)
            if isinstance(field, OfferedField):
                field.offer(offer, found.names)

    def save(self) -> None:
        """Runs the verb, unless a value is missing, which is reported under its field."""
        asked = [self._date, *self.fields.values()]
        wrong = [field for field in asked if not field.checked()[0]]
        if wrong:
            wrong[0].setFocus()
            return
        if missing := self._missing():
            self._problem.setText(missing)
            self._problem.show()
            return
        values = self._values()
        at = str(values.pop("at", ""))
        said = self._said({name: _text(field) for name, field in self.fields.items()})
        self._problem.hide()
        self._button.setEnabled(False)
        decide = self._decision(values, at)
        _do(self._context, self._verb, decide, said, self._what, self._done, self._failed)

    def _done(self, _: AppliedRevision) -> None:
        if isValid(self):
            self._context.shell.close_sheet()

    def _failed(self, error: Exception) -> None:
        """An error that the person can correct is shown here, beside the input."""
        if isValid(self) and isinstance(error, UserError) and not isinstance(error, Cancelled):
            self._problem.setText(" ".join((str(error), *error.details)))
            self._problem.show()
        else:
            self._context.shell.problem(error)
        if isValid(self):
            self._button.setEnabled(True)

    def _said(self, shown: Mapping[str, str]) -> str:
        """The message after the verb was run, for its records."""
        found = self._scope
        return str(
            self._verb.done(self._what, 1, shown)
            if found is None
            else self._verb.done(_only(found), found.number, shown)
        )


def _text(field: Field) -> str:
    """A field's value as it is shown."""
    if isinstance(field, OfferedField):
        return _text(field.field)
    return field.text() if isinstance(field, ReferenceField) else text_of(field.attribute, field.value(), {})
