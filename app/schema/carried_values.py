"""The values that a change of an estate's schema carries over.

Each statement stays said by its source, at the time it was said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.schema.change import Answers, HomelessValue, SchemaChange
from app.schema.conversion import can_become, converted
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message, counted
from cmdb.model.revision import Edit, Record
from cmdb.model.schema import Attribute, Schema
from cmdb.model.values import Value, show
from cmdb.store.reading.stated_values import StatedValue, stated_values

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

NAMED = 3
"""How many records a question names."""
_STEP = 500
"""So many values without a place are looked at together."""


class CarriedValues:
    """The values that are carried over from a schema to a new one: their edits, what is said of them, and the values
    without a place.
    """

    def __init__(self, reader: Reader, change: SchemaChange, answers: Answers, old: Schema, new: Schema) -> None:
        self._reader, self._change, self._answers, self._old, self._new = reader, change, answers, old, new
        self.edits: dict[str, list[Edit]] = {}
        """Id → the edits of what is said of a record."""
        self.lines: list[Message] = []
        self.refusals: list[Message] = []
        self._homeless: dict[tuple[str, Value], HomelessValue] = {}
        self._having: dict[tuple[str, Value], dict[str, str]] = {}
        """A value without a place → id and name of the records that have it."""
        for name in self._differing_attributes():
            self._carry_over(name)

    def _differing_attributes(self) -> list[str]:
        """The attributes whose values may have no place, or another form, after the change."""
        found = {name: None for _, name in sorted(self._change.cleared)}
        found.update(dict.fromkeys(self._change.renamed))
        for cls, one in self._old.classes.items():
            after = self._new.classes.get(self._change.moved.get(cls, cls))
            for name, attribute in one.attributes.items():
                now = after.attributes.get(name) if after is not None else None
                if now is None or not _takes_all(attribute, now):
                    found[name] = None
        return list(found)

    def _carry_over(self, name: str) -> None:
        """Carries what is said of one attribute over to its new declaration."""
        old, new = self._old.every_attribute[name], self._new.every_attribute.get(name)
        if new is not None and not can_become(old.type, new.type):
            self.refusals.append(
                Message(
                    "{attribute}: its type cannot be changed, as it is or would be a reference or an amount of money. "
                    "Make a new attribute.",
                    attribute=old.label,
                )
            )
            return
        targets = self._classes_referred_to(name) if old.type == "reference" else {}
        cleared: set[str] = set()
        changed: set[str] = set()
        for said in stated_values(self._reader, name):
            if said.value is None:
                continue
            outcome = self._outcome(said, targets)
            if outcome == said.value and type(outcome) is type(said.value):
                continue
            (cleared if outcome is None else changed).add(said.uid)
            record = Record("claim", (said.uid, said.source))
            after = None if outcome is None else [outcome, said.observed]
            self.edits.setdefault(said.uid, []).append(Edit(record, name, [said.value, said.observed], after))
        if changed:
            self.lines.append(
                counted("{attribute}: the value of {count} record is changed.",
                        "{attribute}: the values of {count} records are changed.", len(changed), attribute=old.label)
            )  # fmt: skip
        if cleared:
            self.lines.append(
                counted("{attribute}: the value of {count} record is removed.",
                        "{attribute}: the values of {count} records are removed.", len(cleared), attribute=old.label)
            )  # fmt: skip

    def _classes_referred_to(self, name: str) -> dict[str, str]:
        values = {str(one.value) for one in stated_values(self._reader, name) if one.value is not None}
        return {uid: cls for uid, (cls, _) in self._reader.names(values).items()}

    def _outcome(self, said: StatedValue, targets: Mapping[str, str]) -> Value | None:
        """What a statement says after the change; None: it is taken back. A value without a place is noted."""
        name, value = said.attribute, said.value
        before = self._old.classes[said.cls].attributes.get(name)
        cls = self._change.moved.get(said.cls, said.cls)
        now = self._new.classes[cls].attributes.get(name) if cls in self._new.classes else None
        if any(name == one and self._old.is_a(said.cls, owner) for owner, one in self._change.cleared):
            return None
        if now is None:
            # Of a class that has no such attribute, sources may say what comes to light with another class.
            now = self._new.every_attribute.get(name)
            if now is None:
                return None if before is not None else self._kept(value)
            if before is None and now.type != self._old.every_attribute[name].type:
                return self._converted_or_none(self._old.every_attribute[name], now, value)
            return self._kept(value)
        renamed = self._change.renamed.get(name, {})
        asked = renamed.get(value, value) if isinstance(value, str) else value
        try:
            found = converted(before or self._old.every_attribute[name], now, asked)
            if now.type == "reference" and targets.get(str(value)) is not None:
                self._check_target(now, targets[str(value)])
            return found
        except InvalidValue as error:
            if self._answers.knows(name, value):
                answer = self._answers.of(name, value)
                if answer is not None or not now.required:
                    return answer
            self._ask(said, before or now, now, error.message)
            return self._kept(value)

    @staticmethod
    def _kept(value: Any) -> Value:
        found: Value = value
        return found

    @staticmethod
    def _converted_or_none(before: Attribute, now: Attribute, value: Any) -> Value | None:
        try:
            return converted(before, now, value)
        except InvalidValue:
            return None

    def _check_target(self, attribute: Attribute, cls: str) -> None:
        cls = self._change.moved.get(cls, cls)
        if not any(self._new.is_a(cls, target) for target in attribute.targets):
            raise InvalidValue(
                Message("{attribute} takes no {cls}.", attribute=attribute.label, cls=self._new.classes[cls].label)
            )

    def _ask(self, said: StatedValue, before: Attribute, now: Attribute, why: Message) -> None:
        key = (said.attribute, said.value)
        self._having.setdefault(key, {})[said.uid] = said.name
        if key in self._homeless:
            return
        shown = show(before, said.value)
        if before.type == "reference":
            shown = self._reader.names([str(said.value)]).get(str(said.value), ("", shown))[1]
        choices = tuple((one.value, str(one.label)) for one in now.choices) if now.type == "choice" else ()
        self._homeless[key] = HomelessValue(
            said.attribute, now.label, said.value, shown, 0, (), why, choices, clearable=not now.required
        )

    def homeless(self) -> Iterator[HomelessValue]:
        """The values that have no place after the change and of which nothing was answered, with who has them."""
        every = list(self._homeless.items())
        for first in range(0, len(every), _STEP):
            some = every[first : first + _STEP]
            shown = self._reader.by_uid({uid for key, _ in some for uid in self._having[key]})
            for key, one in some:
                having = self._having[key]
                names = [having[uid] for uid in having if shown[uid].values.get(one.attribute) == one.value]
                outvoted = len(having) - len(names)
                yield replace(one, records=len(names), names=tuple(names[:NAMED]), outvoted=outvoted)


def _takes_all(before: Attribute, now: Attribute) -> bool:
    """Whether the values of an attribute are values of its new declaration as they are."""
    if before.type != now.type or before.form != now.form:
        return False
    if now.type == "choice":
        return {one.value for one in before.choices} <= {one.value for one in now.choices}
    return now.type != "reference" or before.targets == now.targets
