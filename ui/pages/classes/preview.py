"""The preview of a change of the schema: what it does to which records, what it asks, and the button to apply it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from app.schema.change import Answers, HomelessValue, PlanSummary
from cmdb.model.formats import listing
from cmdb.model.messages import tr, trn
from cmdb.model.values import Value
from ui.context import Context
from ui.text_size import set_sizes
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.dialog import Dialog
from ui.widgets.field_types import field_for
from ui.widgets.fields import Field
from ui.widgets.labels import SectionLabel, Text
from ui.widgets.layout import Item, box, column, scrolled

MOST = 30
"""How many values without a place are asked about one by one; the others are cleared together."""
_OPEN, _CLEAR = "", "\0clear"


class PreviewDialog(Dialog):
    """What a change does. ``apply`` gets the answers."""

    def __init__(
        self, context: Context, parent: QWidget, summary: PlanSummary, apply: Callable[[Answers], None]
    ) -> None:
        self._context = context
        self._summary = summary
        self._apply = apply
        self.boxes: dict[tuple[str, Value], QComboBox] = {}
        self.fields: dict[str, Field] = {}
        self.clear_rest = QCheckBox(tr("Clear all values that have no place"))
        content = scrolled(box(column(*self._parts(), spacing=6, margins=(0, 4, 8, 4))), tr("What would change"))
        set_sizes(content, least_width=440, least_height=min(360, 96 + 40 * self._lines()))
        title = str(summary.change.title)
        super().__init__(context.theme, parent, title, "", content, icon="list")
        self.add_button(Button(tr("Cancel"), self.reject))
        self.go = PrimaryButton(tr("Apply"), self._go)
        self.add_button(self.go, default=True)
        self._judge()

    def _lines(self) -> int:
        found = self._summary
        return len(found.lines) + 2 * len(found.homeless[:MOST]) + 2 * len(found.missing) + len(found.refusals)

    def _parts(self) -> list[Item]:
        found = self._summary
        parts: list[Item] = [Text(text, wrap=True) for text in self._scope()]
        if found.refusals:
            parts.append(SectionLabel(tr("It cannot be applied")))
            parts += [Text(str(line), tone="bad", wrap=True) for line in found.refusals]
        if found.lines:
            parts.append(SectionLabel(tr("What happens to values")))
            parts += [Text(str(line), wrap=True) for line in found.lines]
        if found.homeless and not found.refusals:
            parts.append(SectionLabel(tr("Values that have no place")))
            for one in found.homeless[:MOST]:
                parts += self._question(one)
            if any(one.clearable for one in found.homeless) and len(found.homeless) > 1:
                self.clear_rest.toggled.connect(self._judge)
                parts.append(self.clear_rest)
        for missing in () if found.refusals else found.missing:
            attribute = next(
                cls.attributes[missing.attribute]
                for cls in found.schema.classes.values()
                if missing.attribute in cls.attributes
            )
            text = trn(
                "{count} record has no “{attribute}”: {names}. Fill it with:",
                "{count} records have no “{attribute}”: {names}. Fill them with:",
                missing.records,
                attribute=missing.label,
                names=_named(missing.names, missing.records),
            )
            field = field_for(self._context, attribute)
            field.edited.connect(self._judge)
            self.fields[missing.attribute] = field
            parts += [Text(text, wrap=True), field]
        return parts

    def _scope(self) -> list[str]:
        found = self._summary
        texts = []
        if found.classes:
            texts.append(tr("It concerns {classes}.", classes=_named(found.classes[:4], len(found.classes))))
            number = found.records
            texts.append(trn("{count} record is of these classes.", "{count} records are of these classes.", number))
        if not (found.lines or found.homeless or found.missing or found.refusals):
            texts.append(tr("No value is changed."))
        if found.change.note:
            texts.append(str(found.change.note))
        return texts

    def _question(self, one: HomelessValue) -> list[Item]:
        text = trn(
            "“{value}” of {count} record: {names}.",
            "“{value}” of {count} records: {names}.",
            one.records,
            value=one.shown,
            names=_named(one.names, one.records),
        )
        if not one.records:
            text = trn(
                "“{value}”, which an outvoted source says of {count} record.",
                "“{value}”, which outvoted sources say of {count} records.",
                one.outvoted,
                value=one.shown,
            )
        if not one.choices:
            text = tr("{statement} {why}", statement=text, why=str(one.why))
        choice = QComboBox()
        choice.setAccessibleName(tr("What becomes of “{value}”", value=one.shown))
        choice.addItem(tr("Choose what becomes of it…"), _OPEN)
        for value, label in one.choices:
            choice.addItem(tr("It becomes {label}", label=label), value)
        if one.clearable:
            choice.addItem(tr("It is cleared"), _CLEAR)
        choice.currentIndexChanged.connect(lambda _: self._judge())
        self.boxes[one.attribute, one.value] = choice
        return [Text(text, wrap=True), choice]

    def answers(self) -> Answers:
        """What was answered so far."""
        values: dict[tuple[str, Value], Value | None] = {}
        for key, choice in self.boxes.items():
            if choice.currentData() != _OPEN:
                values[key] = None if choice.currentData() == _CLEAR else str(choice.currentData())
        clear = {one.attribute for one in self._summary.homeless if one.clearable}
        fill: dict[str, Value] = {}
        for name, field in self.fields.items():
            good, value = field.checked()
            if good and value is not None:
                fill[name] = value
        return Answers(values, frozenset(clear if self.clear_rest.isChecked() else ()), fill)

    def _judge(self, *_: object) -> None:
        """Enables the button when everything is answered."""
        found, answers = self._summary, self.answers()
        open_still = [one for one in found.homeless if not answers.knows(one.attribute, one.value)]
        lacking = [one for one in found.missing if one.attribute not in answers.fill]
        self.go.setEnabled(not (found.refusals or open_still or lacking))

    def _go(self) -> None:
        answers = self.answers()
        self.accept()
        self._apply(answers)


def _named(names: tuple[str, ...], number: int) -> str:
    """Names in a sentence, and how many more there are."""
    if number > len(names):
        return trn("{names} and {count} more", "{names} and {count} more", number - len(names), names=names)
    return listing(names)
