"""What a change of an estate's schema does to its records, worked out before it is applied, and the revision of it.

Values are carried over statement by statement: what a source said stays said by that source, at the time it said it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.schema.change import NO_ANSWERS, Answers, HomelessValue, MissingValue, PlanSummary, SchemaChange
from app.schema.conversion import can_become, converted
from app.schema.entries import KIND, Documents, entry_edits, laid
from app.schema.lost_verbs import verbs_without_status
from cmdb.model import query
from cmdb.model.errors import Conflict, InvalidValue, SchemaError
from cmdb.model.guards import KindGuard
from cmdb.model.messages import Message, counted
from cmdb.model.name_keys import unique_key
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.model.schema import ROOT_CLASSES, Attribute, Schema
from cmdb.model.selection import Selection
from cmdb.model.values import Value, show
from cmdb.store.reading.stated_values import StatedValue, linked_classes, stated_values

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.store.reading.reader import Reader

_NAMED = 3
"""How many records a question names."""
_STEP = 500
"""So many values without a place are looked at together."""


def plan(reader: Reader, change: SchemaChange, answers: Answers = NO_ANSWERS) -> PlanSummary:
    """What a change does to the records of the estate as it is."""
    return _Plan(reader, change, answers).summary()


def propose(reader: Reader, make: Callable[[Reader], SchemaChange]) -> PlanSummary:
    """What the change does that ``make`` makes of the estate as it is. Raises what that raises."""
    return plan(reader, make(reader))


def revise(reader: Reader, seen: PlanSummary, answers: Answers, author: str) -> Revision:
    """The revision of a change that a person has seen.

    Raises Conflict where the classes were changed since, or where records have got values that nothing was decided of.
    """
    made = _Plan(reader, seen.change, answers)
    now = made.summary()
    if now.basis != seen.basis:
        raise Conflict(Message("The classes were changed meanwhile: look at this change again before you apply it."))
    if not now.ready:
        raise Conflict(Message("Records were changed meanwhile: look at this change again before you apply it."))
    return Revision(
        made.edits(), author, reason=seen.change.title, guards=(KindGuard(KIND),), decided_at=reader.number
    )  # fmt: skip


def documents_of(reader: Reader) -> dict[str, Mapping[str, Any]]:
    """The documents of the estate's own schema, by the ids of their entries."""
    entries = reader.records(KIND)
    return {key[0]: _document(fields.get("document")) for key, fields in sorted(entries.items())}


def _document(content: object) -> Mapping[str, Any]:
    return content if isinstance(content, Mapping) else {}


class _Plan:
    def __init__(self, reader: Reader, change: SchemaChange, answers: Answers) -> None:
        self._reader = reader
        self._change = change
        self._answers = answers
        self._documents = documents_of(reader)
        self._old = self._new = reader.schema
        self._refusals: list[Message] = []
        self._values: dict[str, list[Edit]] = {}
        """Id → the edits of a record and of what is said of it."""
        self._lines: list[Message] = []
        self._homeless: dict[tuple[str, Value], HomelessValue] = {}
        self._having: dict[tuple[str, Value], dict[str, str]] = {}
        """A value without a place → id and name of the records that have it."""
        self._missing: list[MissingValue] = []
        self._after = laid(self._documents, change.steps, _later_than(self._documents))
        try:
            self._new = Schema.load(extra=[self._after[key] for key in sorted(self._after)])
            self._new.sections  # noqa: B018  they are read when they are asked for, and must fit, too
        except SchemaError as error:
            self._refusals.append(error.message)
            return
        self._counts = {cls: n for root in ROOT_CLASSES for cls, n in reader.counts(root).items()}
        self._check_classes()
        self._check_links()
        self._move_records()
        for name in self._differing_attributes():
            self._carry_over(name)
        self._require()
        self._check_unique()
        self._lines += verbs_without_status(self._old, self._new)

    def edits(self) -> list[Edit]:
        """The edits of the entries, then those of each record."""
        of_records = [edit for uid in sorted(self._values) for edit in self._values[uid]]
        return [*entry_edits(self._documents, self._after), *of_records]

    def summary(self) -> PlanSummary:
        """What is shown of the plan."""
        concerned = [] if self._refusals else list(self._concerned())
        return PlanSummary(
            change=self._change,
            schema=self._new,
            classes=tuple(self._new.classes[name].label for name in concerned),
            records=sum(self._counts.get(name, 0) for name in concerned),
            rewritten=len(self._values),
            lines=tuple(self._lines),
            homeless=tuple(self._asked()),
            missing=tuple(self._missing),
            refusals=tuple(self._refusals),
            basis=hashlib.sha256(json.dumps(self._documents, sort_keys=True, default=str).encode()).hexdigest(),
        )

    def _concerned(self) -> Iterator[str]:
        """The classes that are otherwise after the change, and those whose records move."""
        for name, one in self._new.classes.items():
            if name in self._change.moved or self._old.classes.get(name) != one:
                yield name

    # -- what must not be lost --------------------------------------------------------------------------------------

    def _check_classes(self) -> None:
        for cls, number in self._counts.items():
            gone = cls not in self._new.classes or self._new.classes[cls].abstract
            if number and gone and cls not in self._change.moved:
                label = self._old.classes[cls].label
                self._refusals.append(
                    counted(
                        "{count} record is of the class {cls}: move it to another class first.",
                        "{count} records are of the class {cls}: move them to another class first.",
                        number,
                        cls=label,
                    )
                )

    def _check_links(self) -> None:
        """Relationships that would join records which their type does not allow."""
        moved = self._change.moved
        if not moved and self._old.relationships == self._new.relationships:
            return
        for link in linked_classes(self._reader):
            kind = self._new.relationships.get(link.type)
            ends = [moved.get(cls, cls) for cls in (link.subject, link.object)]
            if kind is not None and self._joins(ends[0], kind.subjects) and self._joins(ends[1], kind.objects):
                continue
            if kind is not None and kind.symmetric and self._joins(ends[1], kind.subjects):
                continue
            before = self._old.relationships[link.type]
            if not all(map(self._joins, (link.subject, link.object), (before.subjects, before.objects))):
                continue  # it did not fit before
            self._refusals.append(
                counted(
                    "{count} relationship “{type}” from {subject} to {object} would have no place.",
                    "{count} relationships “{type}” from {subject} to {object} would have no place.",
                    link.number,
                    type=before.label,
                    subject=self._old.classes[link.subject].label,
                    object=self._old.classes[link.object].label,
                )
            )

    def _joins(self, cls: str, ends: Iterable[str]) -> bool:
        schema = self._new if cls in self._new.classes else self._old
        return any(schema.is_a(cls, end) for end in ends)

    # -- records ----------------------------------------------------------------------------------------------------

    def _move_records(self) -> None:
        for before, after in self._change.moved.items():
            lost: dict[str, int] = {}
            number = 0
            known = self._new.classes[after].attributes
            for one in self._reader.all(Selection(before)):
                if one.cls != before:
                    continue
                number += 1
                self._values.setdefault(one.uid, []).append(Edit(ci(one.uid), "class", before, after))
                for name in one.values.keys() - known.keys():
                    lost[name] = lost.get(name, 0) + 1
            if number:
                self._lines.append(
                    counted("{count} record moves to {cls}.", "{count} records move to {cls}.", number,
                            cls=self._new.classes[after].label)
                )  # fmt: skip
            for name, records in sorted(lost.items()):
                label = self._old.classes[before].attributes[name].label
                self._refusals.append(
                    counted(
                        "{cls} has no “{attribute}”, which {count} record has: give the class that attribute first.",
                        "{cls} has no “{attribute}”, which {count} records have: give the class that attribute first.",
                        records,
                        cls=self._new.classes[after].label,
                        attribute=label,
                    )
                )
            self._check_referred(before, after)

    def _check_referred(self, before: str, after: str) -> None:
        """References to records that move, and that would refer to a class which they do not take."""
        moving = self._values.keys()
        for name in sorted(self._old.referring(before) - self._new.referring(after)):
            number = sum(1 for one in stated_values(self._reader, name) if one.value in moving)
            if number:
                self._refusals.append(
                    counted(
                        "{count} record refers to one of them as “{attribute}”, which takes no {cls}.",
                        "{count} records refer to some of them as “{attribute}”, which takes no {cls}.",
                        number,
                        attribute=self._old.every_attribute[name].label,
                        cls=self._new.classes[after].label,
                    )
                )

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
            self._refusals.append(
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
            self._values.setdefault(said.uid, []).append(Edit(record, name, [said.value, said.observed], after))
        if changed:
            self._lines.append(
                counted("{attribute}: the value of {count} record is changed.",
                        "{attribute}: the values of {count} records are changed.", len(changed), attribute=old.label)
            )  # fmt: skip
        if cleared:
            self._lines.append(
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

    def _asked(self) -> Iterator[HomelessValue]:
        every = list(self._homeless.items())
        for first in range(0, len(every), _STEP):
            some = every[first : first + _STEP]
            shown = self._reader.by_uid({uid for key, _ in some for uid in self._having[key]})
            for key, one in some:
                having = self._having[key]
                names = [having[uid] for uid in having if shown[uid].values.get(one.attribute) == one.value]
                outvoted = len(having) - len(names)
                yield replace(one, records=len(names), names=tuple(names[:_NAMED]), outvoted=outvoted)

    # -- what every record must have --------------------------------------------------------------------------------

    def _newly(self, what: str) -> Iterator[tuple[str, Attribute]]:
        """The topmost classes in which an attribute is required, or unique, that was not before."""
        for cls, one in self._new.classes.items():
            for name, attribute in one.attributes.items():
                above = self._new.classes[one.parent].attributes.get(name) if one.parent else None
                before = self._old.classes[cls].attributes.get(name) if cls in self._old.classes else None
                if getattr(attribute, what) and not getattr(before, what, False) and not getattr(above, what, False):
                    yield cls, attribute

    def _require(self) -> None:
        for cls, attribute in self._newly("required"):
            if attribute.hidden:
                text = Message("{attribute} is retired, so it cannot be required.", attribute=attribute.label)
                self._refusals.append(text)
                continue
            if cls not in self._old.classes:
                continue
            if attribute.name in self._old.every_attribute and attribute.name in self._old.all_attributes(cls):
                lacking = list(self._reader.all(Selection(cls, where=_empty(attribute))))
            else:
                lacking = list(self._reader.all(Selection(cls)))
            self._fill(attribute, [(one.uid, one.name) for one in lacking])

    def _fill(self, attribute: Attribute, lacking: list[tuple[str, str]]) -> None:
        if not lacking:
            return
        value = self._answers.fill.get(attribute.name)
        if value is None:
            names = tuple(name for _, name in lacking[:_NAMED])
            self._missing.append(MissingValue(attribute.name, attribute.label, len(lacking), names))
            return
        for uid, _ in lacking:
            self._values.setdefault(uid, []).append(Edit(ci(uid), attribute.name, None, value))
        self._lines.append(
            counted("{attribute}: {count} record gets “{value}”.", "{attribute}: {count} records get “{value}”.",
                    len(lacking), attribute=attribute.label, value=show(attribute, value))
        )  # fmt: skip

    def _check_unique(self) -> None:
        for cls, attribute in self._newly("unique"):
            if cls not in self._old.classes or attribute.name not in self._old.all_attributes(cls):
                continue
            having: dict[Value, list[CI]] = {}
            for one in self._reader.all(Selection(cls, where=_empty(attribute, negated=True))):
                having.setdefault(unique_key(attribute.name, one.values[attribute.name]), []).append(one)
            twice = [its for its in having.values() if len(its) > 1]
            for its in twice[:_NAMED]:
                self._refusals.append(
                    Message(
                        "{attribute} cannot be unique: {names} have the same, “{value}”.",
                        attribute=attribute.label,
                        names=tuple(one.name for one in its[:_NAMED]),
                        value=self._shown(attribute, its[0].values[attribute.name]),
                    )
                )
            if len(twice) > _NAMED:
                self._refusals.append(
                    counted("{count} more value stands twice.", "{count} more values stand twice.",
                            len(twice) - _NAMED)
                )  # fmt: skip

    def _shown(self, attribute: Attribute, value: Value) -> str:
        if attribute.type != "reference":
            return show(attribute, value)
        return self._reader.last_names([str(value)]).get(str(value), ("", ""))[1]


def _takes_all(before: Attribute, now: Attribute) -> bool:
    """Whether the values of an attribute are values of its new declaration as they are."""
    if before.type != now.type or before.form != now.form:
        return False
    if now.type == "choice":
        return {one.value for one in before.choices} <= {one.value for one in now.choices}
    return now.type != "reference" or before.targets == now.targets


def _empty(attribute: Attribute, *, negated: bool = False) -> str:
    return query.text(query.Empty((attribute.name,), negated))


def _later_than(documents: Documents) -> str:
    """An id for a new entry that is laid over all others."""
    made, last = new_id(), max(documents, default="")
    if made > last:
        return made
    digits = f"{int(last.replace('-', ''), 16) + 1:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
