"""A field of a verb that says what the verb does by itself, and offers what is there now, none, or another value."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any

from app.item_search import Names
from app.verb_offers import FieldOffer
from cmdb.model.formats import listing
from cmdb.model.messages import tr
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.fields import Field
from ui.widgets.values import text_of

if TYPE_CHECKING:
    from cmdb.model.values import Value
    from cmdb.model.verb import FieldValue


#: Different values that are named.
_MOST = 3


class OfferedChoice(Enum):
    """What becomes of a value."""

    BY_ITSELF = "by_itself"
    KEEP = "keep"
    CLEAR = "clear"
    OTHER = "other"


class OfferedField(Field):
    """A choice of what becomes of a value; ``field`` takes another one, and ``keep`` names what keeps it."""

    def __init__(self, field: Field, keep: str) -> None:
        self.choices = ChoiceBox(20)
        super().__init__(field.attribute, self.choices)
        self.field, self._keep = field, keep
        layout = self.layout()
        assert layout is not None
        layout.addWidget(field)
        field.hide()
        field.committed.connect(self.committed)
        field.edited.connect(self.edited)
        self.choices.activated.connect(self._chosen)
        self._fill_with({OfferedChoice.BY_ITSELF: tr("By default"), OfferedChoice.KEEP: tr("As it is now")})

    def offer(self, found: FieldOffer, names: Names) -> None:
        """Says what is offered. What was chosen stays chosen."""
        now = self._said(found.now, names)
        texts = {}
        if found.by_itself is None:
            texts[OfferedChoice.BY_ITSELF] = tr("Choose what it will be")
        elif found.stays:
            texts[OfferedChoice.BY_ITSELF] = tr("{value}, as now", value=now)
        elif found.holder:
            value = self._said(found.by_itself, names)
            texts[OfferedChoice.BY_ITSELF] = tr("{value}, as {holder}", value=value, holder=found.holder)
        else:
            texts[OfferedChoice.BY_ITSELF] = self._said(found.by_itself, names)
        if not found.stays:
            texts[OfferedChoice.KEEP] = tr("{value}, as now", value=now)
        if any(value is not None for value in (*found.now, *(found.by_itself or ()))):
            texts[OfferedChoice.CLEAR] = tr("None")
        if found.by_itself == (None,) or (found.stays and found.now == (None,)):
            texts.pop(OfferedChoice.CLEAR, None)
        self._fill_with(texts)

    def answers(self) -> Mapping[str, FieldValue]:
        """What a verb is given: nothing where it does what it does by itself. Raises InvalidValue."""
        choice = self.choices.currentData()
        if choice is OfferedChoice.KEEP:
            return {self._keep: True}
        if choice is OfferedChoice.CLEAR:
            return {self.attribute.name: None}
        value = self.field.value() if choice is OfferedChoice.OTHER else None
        return {} if value is None else {self.attribute.name: value}

    def choose(self, choice: OfferedChoice) -> None:
        """Chooses, as a person does."""
        self._select(choice)
        self._chosen()

    def raw(self) -> Any:
        """What stands in the field for another value, where that is chosen."""
        return self.field.raw() if self._takes_another else None

    def value(self) -> Any:
        """Another value, where that is chosen. Raises InvalidValue."""
        return self.field.value() if self._takes_another else None

    def checked(self) -> tuple[bool, Any]:
        """Whether another value, where that is chosen, is given and valid; the field says what is wrong."""
        if not self._takes_another:
            return True, None
        valid, value = self.field.checked()
        if valid and value is None:
            self.field.complain(tr("{attribute} is needed.", attribute=self.attribute.label))
        return valid and value is not None, value

    def fill(self, value: Any) -> None:
        """Shows another value; None for what the verb does by itself."""
        self.field.set_value(value)
        self._select(OfferedChoice.BY_ITSELF if value is None else OfferedChoice.OTHER)

    @property
    def dirty(self) -> bool:
        """Whether something else is chosen than what the verb does by itself."""
        return self.choices.currentData() is not OfferedChoice.BY_ITSELF

    def revert(self) -> None:
        """Back to what the verb does by itself."""
        super().revert()
        self.committed.emit()

    @property
    def _takes_another(self) -> bool:
        return self.choices.currentData() is OfferedChoice.OTHER

    def _said(self, values: tuple[Value | None, ...], names: Names) -> str:
        if len(values) > _MOST:
            return tr("different values")
        found = sorted(values, key=lambda value: value is None)
        return listing(text_of(self.attribute, value, names) or tr("none") for value in found)

    def _fill_with(self, texts: Mapping[OfferedChoice, str]) -> None:
        chosen = self.choices.currentData()
        self.choices.clear()
        for choice, text in (*texts.items(), (OfferedChoice.OTHER, tr("Another…"))):
            self.choices.addItem(text, choice)
        self._select(chosen)

    def _select(self, choice: OfferedChoice | None) -> None:
        self.choices.setCurrentIndex(max(self.choices.findData(choice), 0))
        self.field.setVisible(self._takes_another)

    def _chosen(self) -> None:
        self.field.setVisible(self._takes_another)
        if self._takes_another:
            self.field.setFocus()
        self.edited.emit()
        self.committed.emit()
